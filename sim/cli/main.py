"""The door: reads the command line, hands it to a command, and turns what goes wrong into a sentence and an exit code."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import traceback
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from sim import errors
from sim.cli import looking, making, running
from sim.cli.exits import Exit
from sim.cli.parser import Misused, Parsers
from sim.cli.terminal import LANGUAGES, Terminal, default_language, prepare_streams, unknown_language
from sim.version import __version__

_MISTAKES: tuple[tuple[tuple[type[Exception], ...], str, Exit], ...] = (
    ((Misused, errors.UnknownName), "mistake.usage", Exit.USAGE),
    ((errors.InvalidInput, errors.JournalRefused, errors.FolderRefused), "mistake.input", Exit.INVALID_INPUT),
    ((errors.LiandongError,), "mistake.run", Exit.RUN_FAILED),
    ((OSError,), "mistake.files", Exit.RUN_FAILED),  # a full disk, a folder taken away: not ours to be blamed for
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code (`Exit`)."""
    prepare_streams()
    words = list(sys.argv[1:] if argv is None else argv)
    terminal = Terminal(_language(words), as_json="--json" in words, quiet="--quiet" in words)
    try:
        arguments = _parse(words, terminal)
        code = int(arguments.command(arguments, terminal))
        sys.stdout.flush()
    except SystemExit as shown:  # argparse has shown help or the version
        code = int(shown.code or 0)
    except BrokenPipeError:
        _give_up_stdout()
        code = Exit.PIPE_CLOSED
    except KeyboardInterrupt:
        terminal.complain(terminal.word("mistake.interrupted"))
        code = Exit.INTERRUPTED
    except Exception as error:  # whatever it is, people get a sentence
        if isinstance(error, OSError):
            _give_up_stdout()
        code = _explain(error, terminal, words)
    return int(code)


def _give_up_stdout() -> None:
    """What Python still holds for a stdout that cannot be written must not complain when the program ends."""
    with contextlib.suppress(OSError, ValueError):  # a stdout that is no file has nothing to hold
        sys.stdout.flush()
        return
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _language(words: Sequence[str]) -> str:
    """The language is needed before the line is understood: help is in it, too."""
    for before, word in zip(["", *words], words, strict=False):
        choice = word if before == "--lang" else word.removeprefix("--lang=")
        if choice in LANGUAGES and (before == "--lang" or word.startswith("--lang=")):
            return choice
    return default_language(os.environ)


def _parse(words: list[str], terminal: Terminal) -> Namespace:
    if (wish := unknown_language(os.environ)) and not any(word.startswith("--lang") for word in words):
        raise Misused(terminal.word("mistake.language", wish, " / ".join(LANGUAGES)))
    parsers = Parsers(terminal)
    for group in (running, looking, making):
        group.add_commands(parsers)
    if not words or (words[0].startswith("-") and words[0] not in {"-h", "--help", "--version"}):
        words = ["run", *words]
    if not words[0].startswith("-") and words[0] not in parsers.names:
        raise errors.UnknownName("command", words[0], parsers.names)
    return parsers.parse(words)


def _explain(error: Exception, terminal: Terminal, words: Sequence[str]) -> Exit:
    for kinds, label, code in _MISTAKES:
        if isinstance(error, kinds):
            told = terminal.word(label, terminal.mistake(error))
            return _answer(terminal, told, code, tuple(map(str, getattr(error, "problems", ()))))
    trace = "".join(traceback.format_exception(error))
    if "--debug" in words:
        terminal.complain(trace)
    report = _crash_report(trace, words)
    what = f"{type(error).__name__}: {error}".splitlines()[0]
    return _answer(terminal, terminal.word("mistake.crash", what, report), Exit.RUN_FAILED)


def _answer(terminal: Terminal, message: str, code: Exit, problems: Sequence[str] = ()) -> Exit:
    terminal.document({"error": {"exit": int(code), "message": message, "problems": list(problems)}})
    terminal.complain(message)
    return code


def _crash_report(trace: str, words: Sequence[str]) -> str:
    """Our own mistake: a file that can be sent to us."""
    handle, name = tempfile.mkstemp(prefix="liandong-", suffix=".txt")
    os.close(handle)
    about = f"liandong {__version__}, Python {sys.version}, {sys.platform}\narguments: {list(words)}\n\n"
    Path(name).write_text(about + trace, encoding="utf-8")
    return name
