"""The command line: what it answers, and to whom."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from sim import errors
from sim.cli import running, terminal
from sim.cli.exits import Exit
from sim.cli.main import main
from sim.cli.terminal import Terminal, default_language
from sim.cli.words import WORDS

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = {"check", "export", "list", "msel", "new", "review", "run", "schema", "verify"}
HEAVY = ("simpy", "numpy", "scipy", "networkx", "matplotlib", "pydantic", "msgspec", "yaml", "rich")


def python(*words: str, cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own."""
    return subprocess.run(
        [sys.executable, *words], cwd=cwd, capture_output=True, encoding="utf-8", check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
    )  # fmt: skip


# ── help and usage ──


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["--version"], ["rnu"]])
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    """Whoever asks for help, or mistypes, gets an answer at once."""
    program = (
        f"import sys; from sim.cli.main import main; main({words!r}); print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    shown = python("-c", program)

    assert shown.returncode == 0 and shown.stdout.endswith("[]\n"), shown.stdout + shown.stderr


def test_help_lists_the_commands_there_are_and_no_others(capsys: pytest.CaptureFixture[str]) -> None:
    """What later versions will do is not promised."""
    assert main(["--help", "--lang", "en"]) == Exit.FINE
    listed = {
        line.split()[0] for line in capsys.readouterr().out.splitlines() if line.startswith("    ") and line[4] != " "
    }

    assert listed == COMMANDS


@pytest.mark.parametrize(("lang", "words"), [("zh", "运行案例或演练"), ("en", "run a case or drill")])
def test_help_is_in_the_readers_language(
    lang: str, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The environment chooses; `--lang` overrules it."""
    monkeypatch.setenv("LIANDONG_LANG", lang)
    main(["--help"])
    assert words in capsys.readouterr().out

    monkeypatch.setenv("LIANDONG_LANG", "en" if lang == "zh" else "zh")
    main(["run", "--help", f"--lang={lang}"])
    assert words in capsys.readouterr().out


def test_every_word_stands_in_both_languages() -> None:
    """Chinese has Chinese in it, English has none, and both speak of the same things."""
    for key, (zh, en) in WORDS.items():
        assert zh.count("{") == en.count("{") and en.replace("·", "").isascii(), key
        assert key == "mistake.input" or any("\u4e00" <= sign <= "\u9fff" for sign in zh), key


@pytest.mark.parametrize(
    ("env", "lang"),
    [({"LANG": "zh_CN.UTF-8"}, "zh"), ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"), ({"LANG": "de_DE"}, "en"),
     ({"LIANDONG_LANG": "zh", "LC_ALL": "en_US"}, "zh"), ({"LANG": ""}, "en")],
)  # fmt: skip
def test_the_language_is_the_systems_unless_told(
    env: dict[str, str], lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LIANDONG_LANG first, then the locale's variables in the order of POSIX."""
    monkeypatch.setattr(terminal.sys, "platform", "linux")

    assert default_language(env) == lang


@pytest.mark.parametrize(
    ("words", "hint"),
    [(["rnu"], "did you mean 'run'?"), (["run", "--sed", "3"], "--sed"), (["run", "--seed", "many"], "many"), (["check"], "PATH"),
     (["list", "horses"], "hazards"), (["export", "runs/x", "--to", "pdf"], "geojson"), (["new", "x"], "--hazard")],
)  # fmt: skip
def test_what_is_not_understood_is_usage(words: list[str], hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A line that makes no sense exits with 2, says what was meant, and puts nothing on stdout."""
    assert main(words) == Exit.USAGE
    said = capsys.readouterr()

    assert hint in said.err and said.out == "" and "Traceback" not in said.err


# ── mistakes become exit codes ──


@pytest.mark.parametrize(
    ("mistake", "code"),
    [
        (errors.UnknownName("strategy", "neerest", ["nearest"]), Exit.USAGE),
        (errors.InvalidInput([errors.Problem("a.yaml", 2, 3, "seed", "no number", "write 1")]), Exit.INVALID_INPUT),
        (errors.JournalRefused("j", 7, "torn"), Exit.INVALID_INPUT),
        (errors.FolderRefused("runs/x", "was not finished"), Exit.INVALID_INPUT),
        (errors.RunFailed("the disk is full"), Exit.RUN_FAILED),
        (errors.InvariantBroken("two places"), Exit.RUN_FAILED),
        (ZeroDivisionError("by zero"), Exit.RUN_FAILED),
        (KeyboardInterrupt(), Exit.INTERRUPTED),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_kind_of_mistake_has_its_exit_code(
    mistake: BaseException,
    code: Exit,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """Whatever goes wrong in a command ends in a sentence and a code, never in a traceback; `--json` still prints one document."""
    monkeypatch.setattr(running, "find", lambda _: (_ for _ in ()).throw(mistake))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert main(["run", "x"]) == code
    said = capsys.readouterr()
    assert said.out == "" and said.err.strip() and "Traceback" not in said.err

    if code != Exit.INTERRUPTED:
        assert main(["run", "x", "--json"]) == code
        assert json.loads(capsys.readouterr().out)["error"]["exit"] == code


def test_an_internal_error_leaves_a_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Our own mistake is one line, and a file with everything we need to mend it; `--debug` shows it at once."""
    monkeypatch.setattr(running, "find", lambda _: 1 / 0)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    main(["run", "案例"])
    (report,) = tmp_path.glob("liandong-*.txt")
    text = report.read_text(encoding="utf-8")

    assert str(report) in capsys.readouterr().err
    assert "ZeroDivisionError" in text and "案例" in text and "liandong 0." in text
    main(["run", "x", "--debug"])
    assert "Traceback" in capsys.readouterr().err


def test_a_console_without_chinese_is_no_reason_to_fail() -> None:
    """On a console that knows ASCII only, signs are replaced, and JSON is escaped instead."""
    shown = python("run_sim.py", "--help", "--lang", "zh", PYTHONIOENCODING="ascii")

    assert shown.returncode == 0 and "usage:" in shown.stdout
    terminal_ = "from sim.cli.terminal import *; prepare_streams(); Terminal('zh', as_json=True).document({'a': '城'})"
    assert json.loads(python("-c", terminal_, PYTHONIOENCODING="ascii").stdout) == {"a": "城"}


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
def test_a_reader_who_goes_away_is_no_mistake() -> None:
    """`… | head -1` ends quietly."""
    line = f"{shlex.quote(sys.executable)} run_sim.py schema case | head -1"
    shown = subprocess.run(line, shell=True, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)

    assert shown.stdout == "{\n" and shown.stderr == ""


def test_progress_is_shown_to_those_who_watch_only(capsys: pytest.CaptureFixture[str]) -> None:
    """Not into a pipe, not under `--quiet`."""
    progress = Terminal("en").progress()
    for t in range(1000):
        progress(float(t))
    progress.done()
    assert capsys.readouterr().err == ""

    class Watched:
        text = ""

        def write(self, text: str) -> None:
            self.text += text

        def flush(self) -> None: ...

    seen = Watched()
    progress = terminal.Progress(Terminal("en"), seen, shown=True)  # type: ignore[arg-type]
    for t in range(1000):
        progress(float(t))
    progress.done()
    assert "256 events" in seen.text and seen.text.endswith(("\x1b[K", "\r"))
