"""The files of a city's plans, read and laid over one another: what a special plan does not say is as in common.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sim.domain.parameters import Parameter
from sim.domain.plans import PlanBook
from sim.doors.parameters import load_parameters
from sim.doors.plans_language import CommonFile, PlanFile, TaskEntry, UnitsFile
from sim.errors import InvalidInput, Problem, suggest
from sim.reader import Document, Entry, Loc, load
from sim.texts import shown, stands

FOLDER = "plans"  # in a city's folder
UNITS, COMMON = "units.yaml", "common.yaml"
_FAMILY = "common."  # and the family's name
NUMBERS = "deadlines"  # the file of models/rules whose numbers deadlines may name
PURPOSES = {
    UNITS: "it holds the units that can owe something, the commands, the working groups",
    COMMON: "it holds what all plans share: moments, levels, tasks",
}

E = TypeVar("E", bound=Entry)


@dataclass(frozen=True)
class At:
    """Something that was written, and where."""

    value: Any
    document: Document
    loc: Loc

    def problem(self, what: str, remedy: str = "", *, key: bool = False) -> Problem:
        """A mistake at this place."""
        return self.document.problem(self.loc, what, remedy, key=key)

    def unknown(self, noun: str, name: str, valid: Iterable[str], *, key: bool = False) -> Problem:
        """That a name written here is no name of its kind, with the nearest that is."""
        return self.problem(f"no {noun} '{name[:40]}'", suggest(name, sorted(valid)), key=key)

    def part(self, *steps: str | int) -> At:
        """A place within this one."""
        return At(None, self.document, (*self.loc, *steps))

    def items(self) -> Iterator[tuple[Any, At]]:
        """What stands in a list, each with its place; a single thing may be written without the list."""
        written: Any = self.document.data
        for step in self.loc:
            written = written[step]
        for i, item in enumerate(self.value):
            yield item, self.part(i) if isinstance(written, list) else self


@dataclass(frozen=True)
class Known:
    """The names that plans may use besides their own."""

    capabilities: Mapping[str, Any] = field(default_factory=dict)
    categories: tuple[str, ...] | None = ()  # None: no city is there that would say them
    counties: tuple[str, ...] | None = ()
    numbers: Mapping[str, Parameter] = field(default_factory=dict)
    phases: tuple[str, ...] = ()
    scales: tuple[str, ...] = ()  # of severity
    duties: tuple[str, ...] = ()  # of the statutes


@dataclass(frozen=True)
class Draft:
    """A plan's file with what it inherits: tasks, levels, grounds and clauses field by field, each with its place."""

    document: Document
    entry: PlanFile
    levels: Mapping[str, At]  # the common ones
    tasks: Mapping[str, Mapping[str, At]]
    moments: Mapping[str, At]
    clauses: Mapping[str, At]  # start, change, suspend, search, end, handover
    raises: tuple[At, ...]
    quiet: At | None

    def at(self, *loc: str | int) -> At:
        """A place in the plan's own file."""
        return At(None, self.document, loc)

    def task(self, name: str, part: str = "") -> At:
        """Where a task, or a part of it, is written; the task's name where the part is not."""
        fields = self.tasks[name]
        return fields.get(part) or fields[""]


@dataclass
class Plans:
    """What could be read of a city's plans; `book` is None where mistakes keep them from being plans."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)
    units: UnitsFile | None = None
    units_document: Document | None = None
    commons: dict[str, tuple[Document, CommonFile]] = field(default_factory=dict)  # "" for all plans, else by family
    drafts: dict[str, Draft] = field(default_factory=dict)
    unread: list[Path] = field(default_factory=list)  # files with mistakes of their own form
    book: PlanBook | None = None

    @property
    def whole(self) -> bool:
        """Whether what all plans share could be read; without it, nothing can be said of any."""
        return self.units is not None and "" in self.commons and not any(map(_is_common, self.unread))


def read_known(models: Path) -> Known:
    """The numbers that deadlines may name, phases of the closed loop, severity scales, statutory duties. Raises `InvalidInput`."""
    rules = models / "rules"
    numbers = load_parameters(rules / f"{NUMBERS}.yaml") if (rules / f"{NUMBERS}.yaml").is_file() else {}
    phases, scales, duties = (
        tuple(load(rules / f"{table}.yaml").data) if (rules / f"{table}.yaml").is_file() else ()
        for table in ("phases", "severity", "obligations")
    )
    numbers = {f"{NUMBERS}.{name}": number for name, number in numbers.items()}
    return Known(numbers=numbers, phases=phases, scales=scales, duties=duties)


def read_plan_files(folder: Path) -> Plans:
    """Every file of a folder of plans; mistakes and missing files are collected, not raised."""
    plans = Plans(folder)
    for name, purpose in PURPOSES.items():
        if not stands(folder / name):
            plans.problems.append(Problem(shown(folder / name), 1, 1, "", "the file is missing", purpose))
    plans.units_document, plans.units = _read(plans, folder / UNITS, UnitsFile)
    special = []
    for path in sorted(folder.glob("*.yaml")):
        if _is_common(path):
            document, common = _read(plans, path, CommonFile)
            if document is not None and common is not None:
                plans.commons[path.stem.removeprefix(_FAMILY)] = document, common
        elif path.name != UNITS:
            special.append(path)
    if "common" in plans.commons:
        plans.commons = {"": plans.commons.pop("common"), **plans.commons}
    for path in special:
        document, entry = _read(plans, path, PlanFile)
        if document is not None and entry is not None:
            _drafted(plans, path, document, entry)
    return plans


def _is_common(path: Path) -> bool:
    return path.name == COMMON or path.name.startswith(_FAMILY)


def _read(plans: Plans, path: Path, model: type[E]) -> tuple[Document | None, E | None]:
    if not stands(path):
        return None, None
    try:
        document = load(path)
    except InvalidInput as error:
        plans.problems += error.problems
        plans.unread.append(path)
        return None, None
    entry, problems = document.check(model)
    plans.problems += problems
    plans.unread += [path] if entry is None else []
    return document, entry


def _drafted(plans: Plans, path: Path, document: Document, entry: PlanFile) -> None:
    if path.stem != entry.id:
        what = f"the plan '{entry.id}' stands in {path.name}"
        plans.problems.append(document.problem(("id",), what, f"call the file {entry.id}.yaml"))
    if entry.id in plans.drafts:
        first = plans.drafts[entry.id].document.file
        plans.problems.append(document.problem(("id",), f"the plan '{entry.id}' stands in {first} too", "keep one"))
        return
    if entry.family is not None and entry.family not in plans.commons:
        families = [name for name in plans.commons if name]
        plans.problems.append(At(None, document, ("family",)).unknown("family of plans", entry.family, families))
    commons = [plans.commons[name] for name in ("", entry.family) if name in plans.commons]
    layers: list[tuple[Document, CommonFile | PlanFile]] = [*commons, (document, entry)]
    plans.drafts[entry.id] = Draft(
        document, entry, _levels(commons), _tasks(layers), dict(_moments(layers)), dict(_clauses(layers)), _raises(layers),
        next((At(e.quiet, d, ("quiet",)) for d, e in reversed(layers) if e.quiet is not None), None),
    )  # fmt: skip


def _levels(commons: list[tuple[Document, CommonFile]]) -> dict[str, At]:
    return {
        name: At(level, document, ("levels", name))
        for document, common in commons
        for name, level in common.levels.items()
    }


def _tasks(layers: list[tuple[Document, CommonFile | PlanFile]]) -> dict[str, dict[str, At]]:
    """Tasks field by field; "" is the task as a whole, where the last layer that has it names it."""
    found: dict[str, dict[str, At]] = {}
    for document, layer in layers:
        for name, task in layer.tasks.items():
            loc: Loc = ("tasks", name)
            laid = found.setdefault(name, {})
            laid[""] = At(name, document, loc)
            if "source" in task.model_fields_set:  # another source has a standing of its own
                laid.pop("standing", None)
            laid |= {part: At(getattr(task, part), document, (*loc, part)) for part in _given(task)}
    gone = {name for _, layer in layers for name in layer.without}
    return {name: fields for name, fields in found.items() if name not in gone}


def _given(task: TaskEntry) -> Iterator[str]:
    return (
        name
        for name in TaskEntry.model_fields
        if name in task.model_fields_set and getattr(task, name) not in (None, [], {})
    )


def _moments(layers: list[tuple[Document, CommonFile | PlanFile]]) -> Iterator[tuple[str, At]]:
    for document, layer in layers:
        for name, entries in layer.moments.items():
            yield name, At(entries, document, ("moments", name))


def _clauses(layers: list[tuple[Document, CommonFile | PlanFile]]) -> Iterator[tuple[str, At]]:
    for document, layer in layers:
        for name in ("start", "change", "suspend", "search", "end", "handover"):
            if (entry := getattr(layer, name)) is not None:
                yield name, At(entry, document, (name,))


def _raises(layers: list[tuple[Document, CommonFile | PlanFile]]) -> tuple[At, ...]:
    """Grounds for a raise; a plan's own replaces the common one of its kind."""
    found: dict[str, list[At]] = {}
    for document, layer in layers:
        own: dict[str, list[At]] = {}
        for i, entry in enumerate(layer.raises or ()):
            own.setdefault(entry.ground, []).append(At(entry, document, ("raises", i)))
        found |= own
    return tuple(at for entries in found.values() for at in entries)
