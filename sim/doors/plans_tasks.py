"""The tasks of a plan made of their drafts: who owes what, from which event on, by when."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, get_args

from sim.domain import events as ev
from sim.domain.parameters import Spread, Standing
from sim.domain.plans import Circumstance, Moment, Task
from sim.doors.common import Misfit, spread_of
from sim.doors.plans_files import At, Draft, Known
from sim.doors.plans_language import LEVELS, OURS, SEVERITIES, TIERS, MomentEntry, UnitsFile
from sim.errors import Problem, suggest
from sim.units import UnitError, parse_quantity

LEAD = "lead"  # whoever leads the plan
DONE = "done."  # before a task's name: when that task is done
POTENTIAL, BELOW, ALL, NONE = "potential", "<", "all", "none"
FIGURES = "figures."  # before the name of a figure that a model's reports carry
TOLD = (
    "casualties",
    "counties",
    "dead",
    "injured",
    "missing",
    "people",
    POTENTIAL,
    "seriously_injured",
    "threatened",
    "trapped",
)  # what a task may depend on, by what posts were told
EVENTS: dict[str, Sequence[str]] = {
    str(e.__struct_config__.tag): e.__struct_fields__ for e in get_args(ev.AnyEvent)
}  # by kind, what each tells

_PEOPLE = ("debtor", "creditor", "verifier")
_BY_SEVERITY = (*_PEOPLE, "within")  # what may differ from severity to severity
_NEEDED = {
    "zh": "its name in Chinese is missing", "en": "its name in English is missing",
    "phase": "it belongs to no phase", "clause": "it stands under no clause", "debtor": "nobody owes it",
    "since": "it never arises", "takes": "how long it takes is missing",
}  # fmt: skip

Fields = Mapping[str, At]


class TaskMaker:
    """Makes the tasks of one plan; what is wrong goes to the problems."""

    def __init__(
        self,
        draft: Draft,
        units: UnitsFile,
        known: Known,
        problems: list[Problem],
        clause: Callable[[str, str, str], str],
    ) -> None:
        self._draft, self._units, self._known = draft, units, known
        self._problems, self._clause = problems, clause

    def tasks(self, name: str) -> Iterator[Task]:
        """One task, or one for each severity where its people or its deadline go by that."""
        fields = self._draft.tasks[name]
        wrong = len(self._problems)
        self._whole(name, fields)
        self._names(fields)
        takes = self._takes(fields.get("takes"))
        since, once = (tuple(self._moments(fields.get(part))) for part in ("since", "once"))
        low, high = self._severities(fields.get("severity"))
        self._gaps(fields, low, high)
        when = tuple(self._whens(fields.get("when")))
        split = suffixes(fields)
        deadlines = {s: self._within(fields.get("within"), s) for s in split or [""]}
        if len(self._problems) > wrong or takes is None:
            return
        value = {part: at.value for part, at in fields.items()}
        clause = self._clause(value["clause"], value["zh"], value["en"])
        evidence = value.get("evidence")
        for severity, (within, number) in deadlines.items():
            own = SEVERITIES.get(severity)
            if own is not None and not low <= own <= high:
                continue
            debtor, creditor, verifier = (self._person(value.get(part, ""), severity) for part in _PEOPLE)
            yield Task(
                id=f"{name}.{severity}" if severity else name, title_zh=value["zh"], title_en=value["en"],
                debtor=debtor, creditor=creditor, verifier=verifier, since=since, once=once, takes=takes, clause=clause,
                source=_source(fields), group=value.get("group", ""), phase=value["phase"],
                level=LEVELS[value.get("level", "IV")], severity=(own, own) if own else (low, high),
                within=within, deadline=number,
                evidence_zh=evidence.zh if evidence else "", evidence_en=evidence.en if evidence else "",
                natures=tuple(n for n in value.get("natures", ()) if n != ALL), when=when, scale=value.get("scale", ""),
                restates=tuple(d for d in value.get("restates", ()) if d != NONE), each_county=bool(value.get("each_county")),
            )  # fmt: skip

    def _gaps(self, fields: Fields, low: int, high: int) -> None:
        """What goes by severity is said for every one that the task is for."""
        for part in _BY_SEVERITY:
            if part in fields and not isinstance(fields[part].value, str):
                for severity, number in SEVERITIES.items():
                    if low <= number <= high and severity not in fields[part].value:
                        what, remedy = f"nothing is said for '{severity}'", "name it, or narrow 'severity'"
                        self._problems.append(fields[part].problem(what, remedy, key=True))

    # ── people and names ──

    def _whole(self, name: str, fields: Fields) -> None:
        for part, what in _NEEDED.items():
            if part not in fields:
                self._problems.append(self._draft.task(name).problem(what, f"write '{part}: …'", key=True))
        if "standing" in fields and "source" not in fields:
            self._problems.append(fields["standing"].problem("a standing without a source", "write 'source: …'"))

    def _names(self, fields: Fields) -> None:
        units = {*self._units.units, LEAD}
        for part in _PEOPLE:
            if part in fields:
                at = fields[part]
                by_severity = {} if isinstance(at.value, str) else at.value
                said = [(at.part(severity), unit) for severity, unit in by_severity.items()] or [(at, at.value)]
                self._problems += [here.unknown("unit", unit, units) for here, unit in said if unit not in units]
        for part, valid in (
            ("group", self._units.groups), ("phase", self._known.phases), ("scale", self._known.scales),
        ):  # fmt: skip
            if part in fields and valid and fields[part].value not in valid:
                self._problems.append(fields[part].unknown(part, fields[part].value, valid))
        duties = [NONE, *self._known.duties]
        for name, at in fields["restates"].items() if "restates" in fields and self._known.duties else ():
            if name not in duties:
                self._problems.append(at.unknown("duty", name, duties))

    # ── circumstances ──

    def _whens(self, at: At | None) -> Iterator[tuple[Circumstance, ...]]:
        """What must have been told, as figures."""
        for entry, place in at.items() if at else ():
            yield tuple(c for name, written in entry.items() for c in self._when(name, written, place.part(name)))

    def _when(self, name: str, written: str, at: At) -> Iterator[Circumstance]:
        if name not in TOLD and not name.startswith(FIGURES):
            self._problems.append(at.unknown("circumstance", name, TOLD, key=True))
        elif (figure := self._figure(name, written.removeprefix(BELOW).strip(), at)) is not None:
            below = written.startswith(BELOW)
            yield Circumstance(name, below=figure) if below else Circumstance(name, at_least=figure)

    def _figure(self, name: str, written: str, at: At) -> float | None:
        """A figure of a circumstance: a count, or a severity by its name."""
        if name == POTENTIAL:
            if written not in SEVERITIES:
                self._problems.append(at.unknown("severity", written, SEVERITIES))
            return float(SEVERITIES[written]) if written in SEVERITIES else None
        try:
            return parse_quantity(written, "count")
        except UnitError as error:
            what, _, remedy = str(error).partition("; ")
            self._problems.append(at.problem(what, remedy))
            return None

    def _person(self, said: str | Mapping[str, str], severity: str) -> str:
        unit = said if isinstance(said, str) else said[severity]
        return self._draft.entry.lead if unit == LEAD else unit

    # ── times ──

    def _takes(self, at: At | None) -> Spread | None:
        try:
            return spread_of(at.value, "time") if at else None
        except Misfit as misfit:
            assert at is not None, "what was read was written"
            what, remedy, where = misfit.told(at.loc)
            self._problems.append(at.document.problem(where, what, remedy))
            return None

    def _within(self, at: At | None, severity: str) -> tuple[float | None, str]:
        """(the deadline in seconds, or None; the number of the models that it is, or "")."""
        if at is not None and not isinstance(at.value, str):
            at = At(at.value.get(severity), at.document, (*at.loc, severity))
        if at is None or at.value is None:
            return None, ""
        if at.value[:1].isalpha():
            if number := self._known.numbers.get(at.value):
                return number.value, at.value
            self._problems.append(at.unknown("number", at.value, self._known.numbers))
            return None, ""
        try:
            return parse_quantity(at.value, "time"), ""
        except UnitError as error:
            what, _, remedy = str(error).partition("; ")
            self._problems.append(at.problem(what, remedy))
            return None, ""

    def _severities(self, at: At | None) -> tuple[int, int]:
        numbers = [SEVERITIES[name] for name in at.value] if at else [*SEVERITIES.values()]
        if at and (len(numbers) not in (1, 2) or numbers != sorted(numbers)):
            what = "expected one severity, or the lowest and the highest"
            self._problems.append(at.problem(what, "such as [larger, especially_major]"))
        return (numbers[0], numbers[-1]) if numbers else (0, 0)

    # ── moments ──

    def _moments(self, at: At | None) -> Iterator[Moment]:
        tasks, moments = self._draft.tasks, self._draft.moments
        for name, here in at.items() if at else ():
            task = name.removeprefix(DONE)
            if name in moments:
                for entry, place in moments[name].items():
                    yield from self._moment(entry, place)
            elif task not in tasks or name == task:
                noun, valid = (
                    ("task", tasks) if name != task else ("moment", {**moments, **dict.fromkeys(map(_done, tasks))})
                )
                self._problems.append(here.unknown(noun, task, valid))
            else:
                of = f"{self._draft.entry.id}/{task}"
                for severity in suffixes(tasks[task]) or [""]:
                    yield Moment("task_done", {"task": f"{of}.{severity}" if severity else of})

    def _moment(self, entry: MomentEntry, at: At) -> Iterator[Moment]:
        if entry.event not in EVENTS:
            self._problems.append(at.part("event").unknown("event", entry.event, EVENTS))
            return
        told = EVENTS[entry.event]
        for name in entry.where:
            if name not in told:
                what = f"the event {entry.event} has no '{name}'"
                self._problems.append(at.part("where", name).problem(what, suggest(name, told), key=True))
        if entry.tier and "post" not in told:
            self._problems.append(at.part("tier").problem(f"the event {entry.event} names no post", "leave 'tier' out"))
        yield Moment(entry.event, dict(entry.where), tuple(TIERS[name] for name in entry.tier))


def suffixes(fields: Fields) -> list[str]:
    """The severities for which a task stands apart, each with an id of its own; none if it is one for all."""
    split: list[dict[str, Any]] = [
        fields[part].value for part in _BY_SEVERITY if part in fields and not isinstance(fields[part].value, str)
    ]
    return [severity for severity in SEVERITIES if all(severity in said for said in split)] if split else []


def _done(task: str) -> str:
    return f"{DONE}{task}"


def _source(fields: Fields) -> str:
    """The source with its standing, as it is shown."""
    if "source" not in fields:
        return OURS
    standing = fields["standing"].value if "standing" in fields else Standing.CONFIG
    return str(fields["source"].value) + ("" if standing is Standing.CONFIG else f" ({standing.value})")
