"""Each command on the small city: what it writes, what it answers."""

from __future__ import annotations

import csv
import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sim.cli import running
from sim.cli.cases import find, shipped
from sim.cli.exits import Exit
from sim.cli.main import main
from sim.domain.events import Alerted, OrderGiven
from sim.errors import RunFailed
from sim.journal import journal
from sim.journal.run_folder import open_run

ROOT = Path(__file__).resolve().parents[2]
CASE = "toytown_detour"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small drill, run once; tests that change the folder copy it."""
    folder = tmp_path_factory.mktemp("ran") / CASE
    assert main(["run", CASE, "--out", str(folder), "--quiet", "--no-figures"]) in {Exit.FINE, Exit.TARGET_MISSED}
    return folder


@pytest.fixture
def run_folder(ran: Path, tmp_path: Path) -> Path:
    """A copy of the small drill's folder."""
    return Path(shutil.copytree(ran, tmp_path / "copy"))


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Commands work in a folder of their own, in English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIANDONG_LANG", "en")
    yield


# ── run ──


def test_run_prints_the_brief_and_writes_the_folder(capsys: pytest.CaptureFixture[str]) -> None:
    """The brief goes to stdout in the language asked for; the folder's name goes to stderr."""
    main(["run", CASE, "--lang", "zh", "--no-figures"])
    said = capsys.readouterr()

    assert "玩具城绕行" in said.out and f"runs/{CASE}" in said.err.replace("\\", "/")
    assert open_run(Path("runs", CASE)).summary["incidents"]["value"] == 1


def test_run_draws_its_figures() -> None:
    """Map, time line and curves lie in the folder unless they are not wanted."""
    main(["run", CASE, "--quiet"])

    assert {f.name for f in Path("runs", CASE).glob("*.png")} == {"map.png", "timeline.png", "curves.png"}


def test_run_json_is_one_document_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    """The summary is that of the folder, and a pipe reads nothing besides."""
    main(["run", CASE, "--json", "--no-figures"])
    document = json.loads(capsys.readouterr().out)

    assert document["summary"] == json.loads(Path("runs", CASE, "summary.json").read_text(encoding="utf-8"))


def test_the_same_run_twice_gives_the_same_bytes(ran: Path) -> None:
    """Header, inputs, cast, journal and summary do not depend on when and where the run was made."""
    main(["run", CASE, "--quiet", "--no-figures", "--out", "again"])
    files = sorted(p.relative_to(ran) for p in ran.rglob("*") if p.is_file())

    assert [p for p in files if (ran / p).read_bytes() != Path("again", p).read_bytes()] == []


def test_choices_of_the_line_win_over_the_file_and_stand_in_the_name() -> None:
    """Another strategy, seed or entry is another run beside the first."""
    chosen = ["--strategy", "jurisdiction_first", "--seed", "7", "--set", "incidents[0].scope.people=2"]
    main(["run", CASE, "--quiet", "--no-figures", *chosen])
    (folder,) = Path("runs").iterdir()
    header = open_run(folder).header

    assert folder.name.startswith(f"{CASE}-jurisdiction_first-seed7-")
    assert (header.strategy, header.seed, header.overrides) == (
        "jurisdiction_first",
        7,
        ("incidents[0].scope.people=2",),
    )


@pytest.mark.parametrize("words", [[], ["--no-figures"], ["run"]])
def test_without_arguments_the_flagship_runs(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """No command is `run`, and no case is the one that `scenarios/flagship` names."""
    asked = []

    def stop(word: str | None) -> Path:
        asked.append(word)
        raise RunFailed("far enough")

    monkeypatch.setattr(running, "find", stop)
    assert main(words) == Exit.RUN_FAILED and asked == [None]
    assert find(None) == shipped()[(ROOT / "scenarios" / "flagship").read_text(encoding="utf-8").strip()]


@pytest.mark.parametrize(("within", "code"), [("24 h", Exit.FINE), ("1 min", Exit.TARGET_MISSED)])
def test_a_missed_target_is_told_to_the_shell(within: str, code: Exit) -> None:
    """Exit 1 means: it ran, and something expected was not done in its time."""
    assert main(["run", CASE, "--quiet", "--no-figures", "--set", f"expect[0].within={within}"]) == code


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        (["toytown_detuor"], Exit.USAGE, "did you mean 'toytown_detour'?"),
        ([CASE, "--strategy", "nearest_capabel"], Exit.USAGE, "did you mean 'nearest_capable'?"),
        ([CASE, "--set", "incidents[0].scoop.people=2"], Exit.INVALID_INPUT, "scope"),
        ([CASE, "--out", "mine"], Exit.INVALID_INPUT, "choose another name"),
        (["broken.yaml"], Exit.INVALID_INPUT, "broken.yaml:2:"),
    ],
)
def test_a_mistake_is_named_before_anything_is_written(
    words: list[str], code: Exit, hint: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Whatever is wrong with the line or the file, there is a sentence with the way out and no half-written folder."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "broken.yaml").write_text("name: Broken\ncitty: toytown\n", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))

    assert main(["run", *words]) == code
    assert hint in capsys.readouterr().err and sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_leaves_a_readable_folder(tmp_path: Path) -> None:
    """Whoever interrupts is told where the incomplete folder is; what happened so far can be read there."""
    program = (
        "import sys, time; import sim.runs, sim.engine.simulation as engine\n"
        "whole = sim.runs.simulate\n"
        "def slow(case, sink):\n"
        "    def patient(event):\n"
        "        sink(event)\n"
        "        if event.seq == 20: print('under way', flush=True); time.sleep(60)\n"
        "    whole(case, patient)\n"
        "sim.runs.simulate = slow\n"
        "from sim.cli.main import main; sys.exit(main(['run', sys.argv[1], '--lang', 'en']))\n"
    )
    words = [sys.executable, "-c", program, CASE]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
    with subprocess.Popen(words, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, **pipes) as process:
        assert process.stdout is not None and process.stdout.readline() == "under way\n"
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)

    assert (
        process.returncode == Exit.INTERRUPTED
        and f"{CASE}.incomplete is incomplete" in said
        and "Traceback" not in said
    )
    partial = open_run(tmp_path / "runs" / f"{CASE}.incomplete", partial=True)
    assert len(partial.events) == 21 and not (tmp_path / "runs" / CASE).exists()


# ── verify ──


def test_a_recorded_run_is_verified(ran: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same inputs give the same journal again, and no law of it is broken."""
    assert main(["verify", str(ran), "--json"]) == Exit.FINE
    document = json.loads(capsys.readouterr().out)

    assert document["verified"] is True and document["events"] == len(open_run(ran).events)


def doctored(folder: Path, change: Any) -> int:
    """Rewrite a run's journal with one event changed – sealed and summed up again, as a forger would; returns its line."""
    events = open_run(folder).events
    line = change(events)
    with journal.JournalWriter(folder / "new") as writer:
        for event in events:
            writer.append(event)
    (folder / "new").replace(folder / "journal.jsonl")
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    summary["digest"]["value"] = writer.digest
    (folder / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    return int(line)


def test_verify_stops_at_the_first_event_that_differs(run_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A turnout a second shorter than it was drawn is found at its line, with both events and what led to them."""

    def hurry(events: list[Any]) -> int:
        alerted = next(event for event in events if isinstance(event, Alerted))
        events[alerted.seq] = msgspec.structs.replace(alerted, turnout=alerted.turnout - 1.0)
        return int(alerted.seq) + 1

    line = doctored(run_folder, hurry)
    assert main(["verify", str(run_folder)]) == Exit.TARGET_MISSED
    said = capsys.readouterr()

    assert f"the event of line {line} differs" in said.err and "they differ in: turnout" in said.err
    assert said.err.count('"kind":"alerted"') == 2 and '← {"kind":"order_given"' in said.err and said.out == ""


def test_verify_finds_a_run_that_ended_otherwise(run_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A journal with less in it than happens again differs where it ends."""

    def shorten(events: list[Any]) -> int:
        end = events.pop()
        events.pop()
        events.append(msgspec.structs.replace(end, seq=len(events)))
        return len(events)

    line = doctored(run_folder, shorten)
    assert main(["verify", str(run_folder), "--json"]) == Exit.TARGET_MISSED

    assert json.loads(capsys.readouterr().out)["differs_at_line"] == line


def test_verify_names_broken_laws(run_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot have happened is named even where the run cannot be made again as it was."""

    def backwards(events: list[Any]) -> int:
        events[-1].t = 0.0
        return len(events)

    doctored(run_folder, backwards)
    assert main(["verify", str(run_folder), "--json"]) == Exit.TARGET_MISSED

    assert json.loads(capsys.readouterr().out)["laws_broken"]


def test_verify_names_inputs_that_changed(run_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where an input is not what it was, there is nothing to compare: exit 3, with its name."""
    case = run_folder / "inputs" / f"{CASE}.yaml"
    case.write_text(case.read_text(encoding="utf-8").replace("people: 4", "people: 3"), encoding="utf-8")

    assert main(["verify", str(run_folder)]) == Exit.INVALID_INPUT
    assert f"{CASE}.yaml" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("summary.json", '"people_dispatched": {', '"people_dispatched": {"and": 1,'),
        ("cast.json", "Birch", "Beech"),
        ("header.json", '"city": "toytown"', '"city": "another"'),
    ],
)
def test_verify_names_a_file_that_was_altered(
    name: str, before: str, after: str, run_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not the journal alone: what is told of it, and by which names, must be what the run makes it."""
    text = (run_folder / name).read_text(encoding="utf-8")
    assert before in text
    (run_folder / name).write_text(text.replace(before, after), encoding="utf-8")

    assert main(["verify", str(run_folder)]) == Exit.TARGET_MISSED
    assert f"{name} was altered" in capsys.readouterr().err


@pytest.mark.parametrize("seed", ["-1", str(2**63), "seven"])
def test_a_seed_that_is_none_is_usage(seed: str) -> None:
    """The line takes the seeds that a case file takes."""
    assert main(["run", CASE, "--seed", seed]) == Exit.USAGE


def test_a_disk_that_is_full_is_no_crash(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """While pictures are drawn: a sentence, no report of an internal error, and the run is marked as incomplete."""
    from sim.analysis import figures

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(figures, "draw", full)

    assert main(["run", CASE, "--out", "full", "--quiet"]) == Exit.RUN_FAILED
    told = capsys.readouterr().err
    assert "No space left" in told and "internal error" not in told
    assert Path("full.incomplete", "INCOMPLETE").exists()


def test_a_terminal_without_width_still_shows_the_brief(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """COLUMNS=0 is a mistake about the terminal, not a wish for silence."""
    monkeypatch.setenv("COLUMNS", "0")
    main(["run", CASE, "--no-figures"])

    assert "What happened" in capsys.readouterr().out


def test_a_folder_meant_to_be_a_city_is_checked_as_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A city whose city.yaml is missing is not nothing."""
    town = Path(shutil.copytree(ROOT / "scenarios" / "cities" / "toytown", tmp_path / "town"))
    (town / "city.yaml").unlink()

    assert main(["check", str(town)]) == Exit.INVALID_INPUT
    assert "city.yaml" in capsys.readouterr().err


def test_verify_notes_other_versions(run_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Another Python is no mistake, but the first suspect if something differs."""
    header = json.loads((run_folder / "header.json").read_text(encoding="utf-8"))
    header["versions"]["python"] = "3.11.0rc1"
    (run_folder / "header.json").write_text(json.dumps(header), encoding="utf-8")

    assert main(["verify", str(run_folder)]) == Exit.FINE
    assert "python was 3.11.0rc1" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["verify"], ["export", "--to", "csv"]])
def test_what_is_no_run_is_refused(command: list[str], run_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Foreign, unfinished and edited folders are told apart by every command that reads one."""
    cases = {"nowhere": "there is no such folder", ".": "is no run folder"}
    for place, words in cases.items():
        assert main([command[0], place, *command[1:]]) == Exit.INVALID_INPUT
        assert words in capsys.readouterr().err
    text = (run_folder / "journal.jsonl").read_bytes()
    (run_folder / "journal.jsonl").write_bytes(text.replace(b'"t":0.0', b'"t":0.1', 2))
    assert main([command[0], str(run_folder), *command[1:]]) == Exit.INVALID_INPUT
    assert "journal.jsonl:1:1:" in capsys.readouterr().err
    (run_folder / "INCOMPLETE").write_text("", encoding="utf-8")
    assert main([command[0], str(run_folder), *command[1:]]) == Exit.INVALID_INPUT
    assert "was not finished" in capsys.readouterr().err


# ── check, list, schema, new, export ──


def test_check_tells_every_problem_of_every_file_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Problems of several files come in one pass, one a line, in the form editors jump to."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text("name: X\ncitty: toytown\nseed: many\nincidents: []\n", encoding="utf-8")
    assert main(["check", str(tmp_path), "--json"]) == Exit.INVALID_INPUT
    document = json.loads(capsys.readouterr().out)

    assert len(document["checked"]) == 2
    places = {(Path(p["file"]).name, p["line"]) for p in document["problems"]}
    assert {("a.yaml", 2), ("a.yaml", 3), ("b.yaml", 2), ("b.yaml", 3)} <= places


def test_all_that_ships_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    """Every model, city, case and drill of the program passes its own check."""
    assert main(["check", str(ROOT / "models"), str(ROOT / "scenarios")]) == Exit.FINE, capsys.readouterr().err


def test_check_of_nothing_is_a_problem(tmp_path: Path) -> None:
    """A missing file, an empty folder and a file of another kind are not passed over in silence."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "poem.yaml").write_text("roses: red\n", encoding="utf-8")

    assert [main(["check", p]) for p in ("nowhere.yaml", "empty", "poem.yaml")] == [Exit.INVALID_INPUT] * 3


@pytest.mark.parametrize(
    ("what", "key", "known"),
    [("hazards", "name", "road_crash"), ("strategies", "name", "nearest_capable"), ("capabilities", "code", "AMBULANCE"),
     ("measures", "key", "first_arrival"), ("cases", "name", CASE), ("teams", "id", "T1")],
)  # fmt: skip
def test_list_shows_what_there_is(what: str, key: str, known: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every listing has rows for people and the same for programs."""
    city = ["--city", "toytown"] if what == "teams" else []
    assert main(["list", what, *city, "--json"]) == Exit.FINE
    rows = json.loads(capsys.readouterr().out)
    main(["list", what, *city, "--lang", "zh"])
    shown = capsys.readouterr().out

    assert known in {row[key] for row in rows} and known in shown
    assert any("\u4e00" <= sign <= "\u9fff" for sign in shown)


def test_an_unknown_city_is_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """Its near name is suggested."""
    assert main(["list", "teams", "--city", "toytwon"]) == Exit.USAGE
    assert "did you mean 'toytown'?" in capsys.readouterr().err


@pytest.mark.parametrize("what", ["case", "drill", "city"])
def test_schema_is_a_json_schema(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An editor can read it: a document with a dialect and the file's keys."""
    assert main(["schema", what]) == Exit.FINE
    schema = json.loads(capsys.readouterr().out)

    assert schema["$schema"].startswith("https://json-schema.org/") and "properties" in schema


def test_a_new_case_is_sound_as_it_stands() -> None:
    """`new` writes a file that `check` accepts and `run` can run."""
    assert main(["new", "mine", "--hazard", "road_crash"]) == Exit.FINE
    assert main(["check", "mine.yaml"]) == Exit.FINE


def test_a_new_case_takes_chinese_titles_and_words_apart() -> None:
    """The title of a hazard is as good as its name, and a file may be called as people call it."""
    assert main(["new", "我 的 案例", "--hazard", "矿井透水"]) == Exit.FINE
    assert "nature: mine_inrush" in Path("我 的 案例.yaml").read_text(encoding="utf-8")
    assert main(["run", "我 的 案例.yaml", "--quiet", "--no-figures"]) in {Exit.FINE, Exit.TARGET_MISSED}


def test_a_folder_of_data_that_is_not_there_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty list would look as if nothing had been shipped."""
    monkeypatch.setenv("LIANDONG_DATA", "/nonexist")

    assert main(["list", "cases"]) == Exit.INVALID_INPUT
    assert "LIANDONG_DATA names no folder" in capsys.readouterr().err


def test_a_language_we_do_not_speak_is_usage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """LIANDONG_LANG=fr is answered with the languages there are; --lang wins over it."""
    monkeypatch.setenv("LIANDONG_LANG", "fr")

    assert main(["list", "strategies"]) == Exit.USAGE
    assert "zh / en" in capsys.readouterr().err
    assert main(["list", "strategies", "--lang", "en"]) == Exit.FINE


def test_what_a_seed_is_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """Not the name of our function."""
    assert main(["run", CASE, "--seed", "abc"]) == Exit.USAGE
    assert "expected a whole number from 0 to" in capsys.readouterr().err


def test_new_overwrites_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is already there stays as it is."""
    Path("mine.yaml").write_text("mine", encoding="utf-8")

    assert main(["new", "mine", "--hazard", "road_crash"]) == Exit.USAGE
    assert Path("mine.yaml").read_text(encoding="utf-8") == "mine" and "already there" in capsys.readouterr().err


def test_export_writes_tables_that_others_can_read(run_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The sorties of the run are rows of a CSV table."""
    assert main(["export", str(run_folder), "--to", "csv", "--json"]) == Exit.FINE
    written = [Path(name) for name in json.loads(capsys.readouterr().out)["written"]]
    (table,) = [file for file in written if file.name == "sorties.csv"]
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))

    assert len(rows) == sum(isinstance(event, OrderGiven) for event in open_run(run_folder).events) > 0


def test_cities_and_cases_of_ones_own_lie_where_one_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With LIANDONG_DATA, cases are named, run and verified from that folder and from nowhere else."""
    own = tmp_path / "own"
    shutil.copytree(ROOT / "scenarios" / "cities" / "toytown", own / "cities" / "toytown")
    (own / "drills").mkdir()
    shutil.copy(ROOT / "scenarios" / "drills" / f"{CASE}.yaml", own / "drills" / "ours.yaml")
    monkeypatch.setenv("LIANDONG_DATA", str(own))

    assert main(["list", "cases", "--json"]) == Exit.FINE
    assert [row["name"] for row in json.loads(capsys.readouterr().out)] == ["ours"]
    assert main(["run", "ours", "--out", "ours", "--quiet", "--no-figures"]) in {Exit.FINE, Exit.TARGET_MISSED}
    assert main(["verify", "ours", "--quiet"]) == Exit.FINE
    assert main(["run", CASE]) == Exit.USAGE


# ── the master event list ──


def test_a_list_goes_out_comes_back_and_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A shipped drill → spreadsheet → a new case with the same list; a run of it → its list as judged, and a workbook."""
    openpyxl = pytest.importorskip("openpyxl")
    monkeypatch.chdir(tmp_path)
    assert main(["msel", "toytown_detour", "--to", "xlsx", "--out", "list.xlsx", "--lang", "en"]) == 0
    assert main(["msel", "toytown_detour", "--to", "xlsx", "--out", "list.xlsx"]) == 2  # overwrites nothing
    assert openpyxl.load_workbook("list.xlsx").sheetnames == ["Events", "Expected", "Objectives", "Words"]
    assert main(["new", "mine", "--hazard", "road_crash", "--from-xlsx", "list.xlsx"]) == 0
    text = Path("mine.yaml").read_text(encoding="utf-8")
    assert "close_road: R2" in text and text.index("injects:") < text.index("expect:")

    main(["run", "toytown_detour", "--out", "run", "--no-figures", "--quiet"])
    capsys.readouterr()
    assert main(["msel", "run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(line["id"], line["released"]) for line in told["injects"]] == [("cut", 1200.0)]
    assert main(["export", "run", "--to", "xlsx", "--lang", "zh"]) == 0
    assert openpyxl.load_workbook("run/export/run.xlsx").sheetnames[0] == "时间线"


def test_the_director_releases_by_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--release` stands in the header, so that the run can be made again; what is no ID=TIME is a slip."""
    monkeypatch.chdir(tmp_path)
    text = Path(ROOT, "scenarios", "drills", "toytown_detour.yaml").read_text(encoding="utf-8")
    text = text.replace('    at: "+00:20"\n', "    manual: yes\n")
    Path("case.yaml").write_text(text, encoding="utf-8")

    main(["run", "case.yaml", "--out", "run", "--no-figures", "--quiet", "--release", "cut=10:25"])
    assert '"t":1500.0,"cause":null,"inject":"cut"' in Path("run/journal.jsonl").read_text(encoding="utf-8")
    assert main(["verify", "run"]) == 0
    assert main(["run", "case.yaml", "--out", "other", "--release", "cut"]) == 2
    assert main(["run", "case.yaml", "--out", "other", "--release", "cat=10:25"]) == 3
    assert "manual are: cut" in capsys.readouterr().err
