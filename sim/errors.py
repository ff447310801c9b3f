"""Every exception of the simulator.

    LiandongError
    ├── InvalidInput          a file is wrong; carries every problem found, each with its place
    ├── UnknownName           no such strategy, hazard, city …; carries the nearest valid names
    ├── JournalRefused        a journal is truncated, edited or foreign; carries the line
    ├── FolderRefused         a folder is not the run folder it should be: foreign, incomplete or damaged
    └── RunFailed             the run could not go on
        └── InvariantBroken   should never happen: our mistake, not the user's

The command line turns them into exit codes (`sim.cli.exits`); nothing else prints them.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in one input: where it stands, what is wrong, what would be right."""

    file: str
    line: int
    column: int
    path: str
    what: str
    remedy: str = ""
    sheet: str = ""  # of a spreadsheet
    advice: bool = False  # something that an author should know, and for which no run stops

    def __str__(self) -> str:
        """`file:line:column: path: what is wrong; what would be right`, the form editors can jump to; `file:sheet!cell: …`."""
        where = place(self.file, self.line, self.column, self.sheet)
        subject = f"{self.path}: " if self.path else ""
        return f"{where}: {subject}{self.what}" + (f"; {self.remedy}" if self.remedy else "")


def place(file: str, line: int, column: int, sheet: str = "") -> str:
    """Where something stands: `file:line:column`, or the cell of a spreadsheet as `file:sheet!C7`."""
    return f"{file}:{sheet}!{letters(column)}{line}" if sheet else f"{file}:{line}:{column}"


def letters(column: int) -> str:
    """The name of a spreadsheet's column, from 1: A … Z, AA …"""
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, len(_ALPHABET))
        name = _ALPHABET[rest] + name
    return name


class LiandongError(Exception):
    """The root: catching it catches whatever this program raises on purpose."""


class InvalidInput(LiandongError):
    """One or more input files are wrong; `problems` holds them all, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


class UnknownName(LiandongError):
    """A name that stands for nothing; `near` holds the valid names closest to it."""

    def __init__(self, kind: str, name: str, valid: Iterable[str]) -> None:
        self.kind, self.name = kind, name
        self.valid = tuple(sorted(valid))
        self.near = nearest(name, self.valid)
        super().__init__(f"no {kind} '{name}'; {suggest(name, self.valid)}")


class JournalRefused(LiandongError):
    """A journal that cannot be trusted; `line` (from 1) is the first that is not what was written."""

    def __init__(self, path: str, line: int, why: str) -> None:
        self.path, self.line, self.why = path, line, why
        super().__init__(f"{path}:{line}:1: {why}")


class FolderRefused(LiandongError):
    """A folder that cannot be read as a run, or must not be replaced by one."""

    def __init__(self, path: str, why: str) -> None:
        self.path, self.why = path, why
        super().__init__(f"{path}: {why}")


class RunFailed(LiandongError):
    """The run could not be finished, for a reason outside the model (disk full, file vanished …)."""


class InvariantBroken(RunFailed):
    """A law of the simulated world was broken by our own code."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}. This should never happen; please report it with the journal.")


def nearest(name: str, valid: Iterable[str], count: int = 3) -> tuple[str, ...]:
    """The valid names that look most like `name`, best first; empty when none comes close."""
    return tuple(difflib.get_close_matches(name, list(valid), n=count, cutoff=0.5))


def suggest(name: str, valid: Sequence[str]) -> str:
    """The remedy for a misspelt name: the nearest valid one, else the list if it is short."""
    near = nearest(name, valid, 1)
    if near:
        return f"did you mean '{near[0]}'?"
    shown = ", ".join(valid[:12])
    return f"valid are: {shown}{' …' if len(valid) > 12 else ''}" if valid else "none is defined here"
