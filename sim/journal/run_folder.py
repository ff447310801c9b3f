"""The run folder: header, inputs, cast, journal and summary of one run.

    header.json     what it takes to make this run again
    inputs/         the case file, and what lay beside it and was used
    cast.json       who and what the journal's names stand for
    journal.jsonl   what happened
    summary.json    the figures of the run, and the SHA-256 of the journal
    INCOMPLETE      only while the run is under way, or if it was broken off

A run is built in a folder of its own (`NAME.incomplete`) and takes its name when it is whole: what stands under a run's
name is always a finished run, and a run that fails does not cost the one before it. A folder in which somebody keeps
anything else gives way to no run.
"""

from __future__ import annotations

import platform
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from sim.domain.events import Event, RunStarted
from sim.errors import FolderRefused, RunFailed
from sim.journal import cast as cast_file
from sim.journal import journal
from sim.journal.cast import Cast
from sim.version import __version__

HEADER, INPUTS, CAST, JOURNAL, SUMMARY = "header.json", "inputs", "cast.json", "journal.jsonl", "summary.json"
INCOMPLETE = "INCOMPLETE"
_EXPORT = "export"  # made from a run afterwards
_PICTURES = ("map.png", "timeline.png", "curves.png", "chain.png", "tornado.png")
_SENSITIVITY = "sensitivity.json"
_REVIEWS = tuple(f"{name}.{form}" for name in ("review", "brief") for form in ("html", "docx", "md", "json"))
_PROGRAM = "liandong"
_T = TypeVar("_T")
_THAT_MATTER = ("simpy", "numpy", "scipy", "networkx", "msgspec", "pydantic")
_SENTENCE = (
    "本次运行尚未完成或已中断；journal.jsonl 中已有的内容可读，但没有汇总。\n"
    "This run is under way or was broken off: what journal.jsonl holds can be read, but there is no summary.\n"
)
_MOST_NAMED = 3  # of the files for which a folder is left alone
_PATIENCE = 8  # times a rename is tried: on Windows a virus scanner may hold a new file for a moment


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What it takes to make a run again. Digests are SHA-256; `files` names every input that was read."""

    program: str = _PROGRAM
    format: int = journal.FORMAT
    case: str
    case_file: str  # in inputs/
    case_digest: str
    city: str
    starts_at: str  # local, ISO 8601 with offset
    seed: int
    replication: int
    strategy: str
    overrides: tuple[str, ...]  # PATH=VALUE, in the order given
    files: dict[str, str]
    versions: dict[str, str]


def versions() -> dict[str, str]:
    """The versions of this program, of Python and of the packages on which results may depend."""
    found = {name: metadata.version(name) for name in _THAT_MATTER}
    return {_PROGRAM: __version__, "python": platform.python_version(), **found}


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class RunFolder:
    """The folder of a run under way; `path` is where it lies, `target` what it will be called."""

    def __init__(self, path: Path, target: Path) -> None:
        self.path, self.target = path, target

    @classmethod
    def create(cls, base: Path, name: str) -> RunFolder:
        """A new folder for a run that will be called `base/name`; FolderRefused if that is somebody else's folder."""
        target = base / name
        if Path(name).name != name or name in {"", ".", ".."}:
            raise FolderRefused(str(target), "a run folder needs a plain name")
        _refuse_foreign(target)
        try:
            base.mkdir(parents=True, exist_ok=True)
            path = _make_new(base, f"{name}.incomplete")
            (path / INCOMPLETE).write_text(_SENTENCE, encoding="utf-8", newline="\n")
        except OSError as error:
            raise _failed(base, error) from error
        return cls(path, target)

    def begin(self, header: Header, cast: Cast, inputs: Mapping[str, bytes]) -> journal.JournalWriter:
        """Write what is known before the run (`inputs` by file name), and open its journal."""
        self.write(HEADER, _pretty(header))
        self.write(CAST, cast_file.encode(cast))
        for name in sorted(inputs):
            self.write(f"{INPUTS}/{name}", inputs[name])
        return journal.JournalWriter(self.path / JOURNAL)

    def write(self, name: str, content: bytes) -> None:
        """Write one file of the folder."""
        file = self.path / name
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        except OSError as error:
            raise _failed(file, error) from error

    def finish(self, summary: Mapping[str, Any]) -> Path:
        """Write the summary, take away the mark of incompleteness and give the folder its name; an older run gives way."""
        self.write(SUMMARY, _pretty(summary))
        try:
            (self.path / INCOMPLETE).unlink()
            self._take_name()
        except OSError as error:
            raise _failed(self.path, error) from error
        self.path = self.target
        return self.path

    def _take_name(self) -> None:
        _refuse_foreign(self.target)  # again: the run may have taken long
        if not self.target.exists():
            _rename(self.path, self.target)
            return
        old = _make_new(self.target.parent, f"{self.target.name}.replaced")
        old.rmdir()
        _rename(self.target, old)
        try:
            _rename(self.path, self.target)
        except OSError:
            _rename(old, self.target)
            raise
        shutil.rmtree(old, ignore_errors=True)


def _refuse_foreign(target: Path) -> None:
    """Only nothing, an empty folder or a run of ours with nothing else in it may be replaced."""
    if target.is_symlink():
        raise FolderRefused(str(target), "is a link; name the folder itself, or choose another name")
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    why = "stands in the way and is no run folder of ours; it is left alone: choose another name"
    if not target.is_dir():
        raise FolderRefused(str(target), why)
    try:
        read_header(target)
    except FolderRefused as refused:
        raise FolderRefused(str(target), why) from refused
    foreign = sorted(entry.name for entry in target.iterdir() if not _is_ours(entry))
    if foreign:
        what = f"holds what no run writes ({', '.join(foreign[:_MOST_NAMED])}{', …' if foreign[_MOST_NAMED:] else ''})"
        raise FolderRefused(str(target), f"{what}; it is left alone: choose another name")


def _is_ours(entry: Path) -> bool:
    if entry.is_symlink():
        return False
    if entry.is_dir():
        return entry.name in {INPUTS, _EXPORT}
    return entry.name in {HEADER, CAST, JOURNAL, SUMMARY, INCOMPLETE, _SENSITIVITY, *_PICTURES, *_REVIEWS}


def _make_new(base: Path, name: str) -> Path:
    """A new folder `name`, or `name-2` … where runs of the same name are under way or were broken off."""
    for number in count(1):
        path = base / (name if number == 1 else f"{name}-{number}")
        try:
            path.mkdir()
        except FileExistsError:
            continue
        return path
    raise AssertionError("numbers do not end")


def _rename(source: Path, target: Path) -> None:
    if target.is_dir() and not any(target.iterdir()):
        target.rmdir()  # Windows renames onto nothing
    for patience in range(_PATIENCE):
        try:
            source.rename(target)
            return
        except PermissionError:
            if patience == _PATIENCE - 1:
                raise
            time.sleep(0.05 * 2**patience)


def _failed(path: Path, error: OSError) -> RunFailed:
    return RunFailed(f"{path} cannot be written: {(error.strerror or str(error)).lower()}")


def _pretty(content: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Recorded:
    """A run read back from its folder. `summary` is empty for a run that was broken off."""

    path: Path
    header: Header
    cast: Cast
    summary: dict[str, Any]
    events: list[Event]


def open_run(folder: Path, *, partial: bool = False) -> Recorded:
    """Read a run, after making sure that it is whole and as it was written.

    FolderRefused if it is none of ours, incomplete (unless `partial`) or damaged; JournalRefused with the line if its
    journal was changed.
    """
    header = read_header(folder)
    if not partial and is_broken_off(folder):
        raise FolderRefused(str(folder), "the run was not finished; run the case again")
    needed = (CAST, JOURNAL) if partial else (CAST, JOURNAL, SUMMARY)
    if missing := [name for name in needed if not (folder / name).exists()]:
        raise FolderRefused(str(folder), f"these files are missing: {', '.join(missing)}; run the case again")
    cast = _read(folder / CAST, Cast)
    summary: dict[str, Any] = (
        {} if partial and not (folder / SUMMARY).exists() else _read(folder / SUMMARY, dict[str, Any])
    )
    events = journal.read_journal(folder / JOURNAL, partial=partial)
    if events and not _is_of(header, events[0]):
        raise FolderRefused(str(folder), f"{HEADER} and {JOURNAL} are of different runs")
    if summary and _digest(summary) != journal.digest(folder / JOURNAL):
        raise FolderRefused(str(folder), f"{SUMMARY} and {JOURNAL} are of different runs: the digests differ")
    return Recorded(folder, header, cast, summary, events)


def is_broken_off(folder: Path) -> bool:
    """Whether a run folder bears the mark of a run that was not finished."""
    return (folder / INCOMPLETE).exists()


def read_header(folder: Path) -> Header:
    """The header of a run folder; FolderRefused if it is none of ours."""
    if not folder.is_dir():
        raise FolderRefused(
            str(folder), "is a file, not a run folder" if folder.exists() else "there is no such folder"
        )
    if not (folder / HEADER).is_file():
        raise FolderRefused(str(folder), f"is no run folder: it has no {HEADER}")
    header = _read(folder / HEADER, Header)
    if Path(header.case_file).name != header.case_file:
        raise FolderRefused(str(folder), f"{HEADER} names a case file outside the folder")
    if header.program != _PROGRAM:
        raise FolderRefused(str(folder), f"is no run folder: {HEADER} is of another program")
    if header.format != journal.FORMAT:
        raise FolderRefused(str(folder), f"was written in format {header.format}; this program reads {journal.FORMAT}")
    return header


def _read(file: Path, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(file.read_bytes(), type=kind)
    except OSError as error:
        raise FolderRefused(str(file), f"cannot be read: {(error.strerror or str(error)).lower()}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FolderRefused(str(file), f"is damaged: {error}") from error


def _is_of(header: Header, first: Event) -> bool:
    same = ("case", "case_digest", "seed", "replication", "strategy", "starts_at")
    return isinstance(first, RunStarted) and all(getattr(header, name) == getattr(first, name) for name in same)


def _digest(summary: Mapping[str, Any]) -> str:
    entry = summary.get("digest")
    return str(entry.get("value", "")) if isinstance(entry, dict) else ""
