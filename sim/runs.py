"""Runs: a case is run, recorded and summed up; a recorded run is read back, and made again to see that it is the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from sim.analysis.summary import summarise
from sim.case import Case
from sim.domain.events import Event
from sim.engine.simulation import simulate
from sim.journal.cast import Cast
from sim.journal.journal import FIRST_CHECK, digest, encode_line, encode_lines
from sim.journal.run_folder import (
    CAST,
    HEADER,
    INPUTS,
    JOURNAL,
    SUMMARY,
    Header,
    Recorded,
    RunFolder,
    open_run,
    versions,
)
from sim.scenario.cast import cast_of
from sim.scenario.compile import load_case

Watch = Callable[[float], None]  # told the scenario's time (s) of every event recorded


@dataclass(frozen=True)
class Run:
    """A finished run: its events in order, the names that stand in them, its figures, and its folder if it has one."""

    case: str
    events: Sequence[Event]
    cast: Cast
    summary: Mapping[str, Any]  # see sim.analysis.summary.KEYS: each {"value", "unit"}
    folder: Path | None = None


def run(case: Case | Path | str, out: Path | str | None = None, *, watch: Watch | None = None) -> Run:
    """Run a case (or the case file at a path) and sum it up; `out` is the run folder to write, if one is wanted."""
    compiled = case if isinstance(case, Case) else load_case(Path(case))
    if out is not None:
        target = Path(out).absolute()
        folder = RunFolder.create(target.parent, target.name)
        record(compiled, folder, watch).finish()
        return read_run(folder.path)
    events: list[Event] = []
    simulate(compiled, _watched(events.append, watch))
    cast = cast_of(compiled)
    return Run(compiled.id, events, cast, summarise(events, cast, _digest(events)))


@dataclass(frozen=True)
class Recording:
    """A run that is over but has not taken its name yet: figures may still be added to its folder."""

    folder: RunFolder
    run: Run

    def finish(self) -> Path:
        """Write the summary and give the folder its name."""
        return self.folder.finish(self.run.summary)


def record(case: Case, folder: RunFolder, watch: Watch | None = None) -> Recording:
    """Run a case into a folder. Whatever stops it, the events so far lie there readable, marked as incomplete."""
    cast = cast_of(case)
    events: list[Event] = []
    with folder.begin(header_of(case), cast, case.sources) as journal:

        def sink(event: Event) -> None:
            journal.append(event)
            events.append(event)

        simulate(case, _watched(sink, watch))
    return Recording(folder, Run(case.id, events, cast, summarise(events, cast, journal.digest), folder.path))


def read_run(folder: Path | str) -> Run:
    """Read a finished run, after making sure that it is whole; FolderRefused or JournalRefused if it is not."""
    recorded = open_run(Path(folder))
    return Run(recorded.header.case, recorded.events, recorded.cast, recorded.summary, recorded.path)


def header_of(case: Case) -> Header:
    """What it takes to make a run of this case again."""
    return Header(
        case=case.id,
        case_file=next(iter(case.sources), ""),
        case_digest=case.digest,
        city=case.city.id,
        starts_at=case.starts_at,
        seed=case.seed,
        replication=case.replication,
        strategy=case.strategy,
        overrides=tuple(case.overrides),
        files=dict(sorted(case.files.items())),
        versions=versions(),
    )


def _watched(sink: Callable[[Event], None], watch: Watch | None) -> Callable[[Event], None]:
    if watch is None:
        return sink

    def both(event: Event) -> None:
        sink(event)
        watch(event.t)

    return both


def _digest(events: Sequence[Event]) -> str:
    sha = sha256()
    for line in encode_lines(events):
        sha.update(line)
    return sha.hexdigest()


# ── making a run again ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Difference:
    """The first event that is not the same when a run is made again; None where one of the two has ended."""

    line: int  # of the journal, from 1
    recorded: Event | None
    again: Event | None
    because: tuple[Event, ...]  # what both have in common: the cause of the event, the cause of that … to the beginning

    @property
    def fields(self) -> tuple[str, ...]:
        """The facts in which the two differ; empty if they are different kinds of event."""
        if self.recorded is None or type(self.recorded) is not type(self.again):
            return ()
        one, other = msgspec.to_builtins(self.recorded), msgspec.to_builtins(self.again)
        return tuple(name for name in one if one[name] != other[name])


def changed_inputs(recorded: Recorded, case: Case) -> list[str]:
    """Names of the input files that are not as they were for the recorded run."""
    then, now = recorded.header.files, case.files
    return [name for name in sorted({*then, *now}) if then.get(name) != now.get(name)]


def altered_files(recorded: Recorded, case: Case) -> list[str]:
    """Names of the files beside the journal that are not what the journal and the case make them."""
    header, cast = recorded.header, cast_of(case)
    expected = {
        HEADER: msgspec.structs.replace(header_of(case), versions=header.versions, case_file=header.case_file)
        == header,
        CAST: cast == recorded.cast,
        SUMMARY: _as_read(summarise(recorded.events, cast, digest(recorded.path / JOURNAL))) == recorded.summary,
    }
    return [name for name, same in expected.items() if not same]


def _as_read(document: Mapping[str, Any]) -> Any:
    return msgspec.json.decode(msgspec.json.encode(document))


def load_again(recorded: Recorded) -> Case:
    """The case of a recorded run, compiled from the copy in its folder with the choices of its header."""
    header = recorded.header
    return load_case(
        recorded.path / INPUTS / header.case_file,
        strategy=header.strategy,
        seed=header.seed,
        replication=header.replication,
        settings=header.overrides,
    )


def first_difference(recorded: Recorded, case: Case, watch: Watch | None = None) -> Difference | None:
    """Run a case again beside its journal; stops at the first line that differs by a byte. None if none does."""
    with (recorded.path / JOURNAL).open("rb") as journal:
        lines = _Lines(journal)
        try:
            simulate(case, _watched(lines.compare, watch))
        except _Differs as found:
            return _difference(recorded.events, lines.count, found.event)
    return None if lines.count == len(recorded.events) else _difference(recorded.events, lines.count, None)


class _Lines:
    """The lines of a journal, compared with events one after the other."""

    def __init__(self, journal: Iterable[bytes]) -> None:
        self.count = 0
        self._journal = iter(journal)
        self._check = FIRST_CHECK

    def compare(self, event: Event) -> None:
        """_Differs unless the next line is that of the event."""
        line, self._check = encode_line(event, self._check)
        if line != next(self._journal, b""):
            raise _Differs(event)
        self.count += 1


class _Differs(Exception):
    def __init__(self, event: Event) -> None:
        self.event = event
        super().__init__(event)


def _difference(events: Sequence[Event], count: int, again: Event | None) -> Difference:
    recorded = events[count] if count < len(events) else None
    either = recorded or again
    return Difference(count + 1, recorded, again, tuple(_causes(either, events[:count])) if either else ())


def _causes(event: Event, before: Sequence[Event]) -> Iterator[Event]:
    while event.cause is not None and event.cause < len(before):
        event = before[event.cause]
        yield event
