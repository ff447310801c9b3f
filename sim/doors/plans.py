"""Plans: a city's folder of plans → `PlanBook`; or everything that keeps it from being one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from sim.domain import events as ev
from sim.domain.parameters import Spread, Standing
from sim.domain.plans import Clause, Command, Group, Moment, Plan, PlanBook, PlanLevel, Raise, Task, Unit
from sim.doors.common import Misfit, spread_of
from sim.doors.plans_files import At, Draft, Known, Plans, read_plan_files
from sim.doors.plans_language import LEVELS, OURS, SEVERITIES, TIERS, MomentEntry, RaiseEntry, UnitsFile
from sim.errors import Problem, suggest
from sim.units import UnitError, parse_quantity

LEAD = "lead"  # whoever leads the plan
DONE = "done."  # before a task's name: when that task is done
EVENTS = {str(e.__struct_config__.tag): e.__struct_fields__ for e in get_args(ev.AnyEvent)}
NUMERALS = {1: "Ⅰ", 2: "Ⅱ", 3: "Ⅲ", 4: "Ⅳ"}
_NEEDED = {
    "zh": "its name in Chinese is missing", "en": "its name in English is missing",
    "clause": "it stands under no clause", "debtor": "nobody owes it", "since": "it never arises",
    "takes": "how long it takes is missing", "phase": "it belongs to no phase",
}  # fmt: skip


def read_plans_of(folder: Path, known: Known) -> Plans:
    """The plans in a folder; where nothing is wrong, with their book."""
    plans = read_plan_files(folder)
    if plans.units is not None and plans.drafts:
        book = _book(plans, plans.units, known)
        plans.book = None if plans.problems else book
    elif not plans.problems:
        what = "there is no plan in this folder"
        plans.problems.append(Problem(folder.as_posix(), 1, 1, "", what, "write the overall plan first"))
    plans.problems = sorted(set(plans.problems))
    return plans


def levels_of(plans: Plans) -> dict[str, dict[int, int | None]]:
    """Nature → severity → response level, as the assessor asks for it; `default` is the overall plan's."""
    assert plans.book is not None, "asked of plans without mistakes"
    table: dict[str, dict[int, int | None]] = {}
    for plan in plans.book.plans.values():
        of = {s: next((x.level for x in plan.levels if s in x.severities), None) for s in SEVERITIES.values()}
        entry = plans.drafts[plan.id].entry
        table |= dict.fromkeys(plan.natures or ("default",), of)
        table |= {nature: {**of, SEVERITIES["general"]: None} for nature in entry.ordinary}
    return dict(sorted(table.items()))


def _book(plans: Plans, units: UnitsFile, known: Known) -> PlanBook:
    document = plans.units_document
    assert document is not None, "what was read has a document"
    for name, command in units.commands.items():
        if command.office is not None and command.office not in units.units:
            at = At(None, document, ("commands", name, "office"))
            plans.problems.append(_no("unit", command.office, units.units, at))
    for name, group in units.groups.items():
        if group.lead not in units.units:
            plans.problems.append(_no("unit", group.lead, units.units, At(None, document, ("groups", name, "lead"))))
    if plans.common is not None and plans.common_document is not None:
        plans.problems += _unset(plans)
    overall = [draft for draft in plans.drafts.values() if not draft.entry.natures]
    if not overall:
        what = "no plan is for what no special plan covers"
        plans.problems.append(
            Problem(plans.folder.as_posix(), 1, 1, "", what, "leave `natures` out in one: the overall plan")
        )
    for draft in overall[1:]:
        what = f"it has no natures, but the overall plan is {overall[0].entry.id}"
        plans.problems.append(draft.at("id").problem(what, "name the kinds of accidents it is for"))
    plans.problems += _twice(plans)
    made = {id_: _PlanMaker(plans, draft, units, known) for id_, draft in sorted(plans.drafts.items())}
    return PlanBook(
        units={id_: Unit(id_, u.zh, u.en, u.platform, TIERS[u.tier], u.desk) for id_, u in sorted(units.units.items())},
        commands={
            id_: Command(id_, c.zh, c.en, c.standing, c.office or "") for id_, c in sorted(units.commands.items())
        },
        groups={id_: Group(id_, g.zh, g.en, g.lead) for id_, g in units.groups.items()},
        plans={id_: maker.plan() for id_, maker in made.items()},
        clauses={number: clause for maker in made.values() for number, clause in maker.clauses.items()},
    )


def _unset(plans: Plans) -> Iterator[Problem]:
    """Common tasks that a plan does without are there."""
    assert plans.common is not None, "asked where it was read"
    for draft in plans.drafts.values():
        for i, name in enumerate(draft.entry.without):
            if name not in plans.common.tasks:
                yield _no("common task", name, plans.common.tasks, draft.at("without", i))


def _twice(plans: Plans) -> Iterator[Problem]:
    """A nature is one plan's."""
    first: dict[str, At] = {}
    for draft in plans.drafts.values():
        for i, nature in enumerate(draft.entry.natures):
            at = draft.at("natures", i)
            if nature in first:
                mark = first[nature].document.mark(first[nature].loc)
                what = f"the nature '{nature}' is already that of {mark.file}:{mark.line}:{mark.column}"
                yield at.problem(what, "one plan leads; name it in `supports` of the other")
            first.setdefault(nature, at)


def _no(noun: str, name: str, valid: Any, at: At, *, key: bool = False) -> Problem:
    return at.problem(f"no {noun} '{name[:40]}'", suggest(name, sorted(valid)), key=key)


class _PlanMaker:
    """Makes one plan of its draft; what is wrong goes to the problems, what is right is made all the same."""

    def __init__(self, plans: Plans, draft: Draft, units: UnitsFile, known: Known) -> None:
        self.draft, self.entry, self.units, self.known = draft, draft.entry, units, known
        self.problems, self.common = plans.problems, plans.common
        self.common_document = plans.common_document
        self.id = draft.entry.id
        self.lead = draft.entry.lead
        self.clauses: dict[str, Clause] = {}

    def plan(self) -> Plan:
        entry = self.entry
        self._name("unit", entry.lead, self.units.units, self.draft.at("lead"))
        self._name("command", entry.command, self.units.commands, self.draft.at("command"))
        for group, unit in entry.leads.items():
            self._name("group", group, self.units.groups, self.draft.at("leads", group), key=True)
            self._name("unit", unit, self.units.units, self.draft.at("leads", group))
        for i, category in enumerate(entry.teams):
            self._name("category of teams", category, self.known.categories, self.draft.at("teams", i))
        for code, need in entry.capabilities.items():
            self._name("capability", code, self.known.capabilities, self.draft.at("capabilities", code), key=True)
            for i, county in enumerate(need.counties if need else ()):
                self._name("county", county, self.known.counties, self.draft.at("capabilities", code, "counties", i))
        texts = {
            name: self._clause(at.value.clause, at.value.zh, at.value.en) for name, at in self.draft.clauses.items()
        }
        quiet = self.draft.quiet
        return Plan(
            id=self.id, title_zh=entry.title.zh, title_en=entry.title.en, version=entry.version,
            natures=tuple(entry.natures), lead=entry.lead, command=entry.command, levels=tuple(self._levels()),
            raises=tuple(filter(None, (self._raise(at) for at in self.draft.raises))),
            tasks=tuple(task for name in self.draft.tasks for task in self._tasks(name)),
            start_clause=texts.get("start", ""), change_clause=texts.get("change", ""),
            suspend_clause=texts.get("suspend", ""), end_clause=texts.get("end", ""),
            handover_clause=texts.get("handover", ""), quiet=quiet.value if quiet else 0.0,
            capabilities=tuple(entry.capabilities), teams=tuple(entry.teams), supports=tuple(entry.supports),
            leads=dict(entry.leads),
        )  # fmt: skip

    def _name(self, noun: str, name: str, valid: Any, at: At, *, key: bool = False) -> None:
        if name not in valid:
            self.problems.append(_no(noun, name, valid, at, key=key))

    def _clause(self, number: str, zh: str, en: str) -> str:
        whole = f"{self.id} {number}"
        self.clauses.setdefault(whole, Clause(zh, en))
        return whole

    # ── levels and grounds ──

    def _levels(self) -> Iterator[PlanLevel]:
        common, own = (self.common.levels if self.common else {}), self.entry.levels
        mapped = own if any(level.severity for level in own.values()) else common
        first: dict[str, str] = {}
        notify: tuple[str, ...] = ()
        groups: tuple[str, ...] = ()
        made = []
        for name in ("IV", "III", "II", "I"):
            layers = [
                (x, doc)
                for x, doc in ((own.get(name), self.draft.document), (common.get(name), self.common_document))
                if x
            ]
            if not layers:
                continue
            at = self.draft.at("levels", name) if name in own else At(None, layers[-1][1], ("levels", name))  # type: ignore[arg-type]
            severities = mapped[name].severity if name in mapped else []
            for severity in severities:
                if severity in first or severity in self.entry.no_response:
                    other = first.get(severity, "no_response")
                    self.problems.append(
                        at.problem(
                            f"the severity '{severity}' is already that of {other}", "a severity starts one level"
                        )
                    )
                first.setdefault(severity, name)
            for x, doc in layers:
                for part, noun, valid in (
                    ("groups", "group", self.units.groups),
                    ("notify", "unit", {*self.units.units, LEAD}),
                ):
                    for i, item in enumerate(getattr(x, part)):
                        self._name(noun, item, valid, At(None, doc, ("levels", name, part, i)))  # type: ignore[arg-type]
                if x.chief is not None:
                    self._name("chief", x.chief, self.units.chiefs, At(None, doc, ("levels", name, "chief")))  # type: ignore[arg-type]
            chief = next((x.chief for x, _ in layers if x.chief), "")
            clause = next((x.clause for x, _ in layers if x.clause), "")
            for part, value in (("chief", chief), ("clause", clause)):
                if not value:
                    self.problems.append(
                        at.problem(
                            f"the level {name} has no {part}", f"write '{part}: …' here or in common.yaml", key=True
                        )
                    )
            groups = (*groups, *(group for x, _ in layers for group in x.groups))
            notify = tuple(dict.fromkeys((*notify, *(self._unit(u) for x, _ in reversed(layers) for u in x.notify))))
            words = self.units.chiefs.get(chief)
            level = LEVELS[name]
            text = self._clause(clause, f"{NUMERALS[level]}级响应", f"Response level {name}") if clause else ""
            made.append(PlanLevel(
                level, words.zh if words else "", words.en if words else "", text, tuple(SEVERITIES[s] for s in severities),
                tuple(group for group in self.units.groups if group in groups), notify,
            ))  # fmt: skip
        yield from reversed(made)

    def _raise(self, at: At) -> Raise | None:
        entry: RaiseEntry = at.value
        here = At(None, at.document, (*at.loc, "at_least"))
        if (entry.by == 0) == (entry.to is None):
            self.problems.append(at.problem("exactly one of 'by' and 'to' must be given"))
        if entry.clause is None:
            self.problems.append(at.problem("it stands under no clause", "write 'clause: 4.7.1'"))
            return None
        clause = self._clause(entry.clause, "扩大响应", "Raising the response")
        if entry.ground == "secondary":
            if entry.at_least not in SEVERITIES:
                self.problems.append(_no("severity", entry.at_least, SEVERITIES, here))
                return None
            figure = float(SEVERITIES[entry.at_least])
        else:
            try:
                figure = parse_quantity(entry.at_least, "time" if entry.ground == "shortfall" else "count")
            except UnitError as error:
                self.problems.append(here.problem(*_parts(error)))
                return None
        return Raise(entry.ground, figure, clause, entry.by, LEVELS[entry.to] if entry.to else 0)

    # ── tasks ──

    def _unit(self, name: str) -> str:
        return self.lead if name == LEAD else name

    def _tasks(self, name: str) -> Iterator[Task]:
        """One task, or one for each severity where its debtor or deadline goes by it."""
        fields = self.draft.tasks[name]
        missing = [part for part in _NEEDED if part not in fields]
        for part in missing:
            self.problems.append(self.draft.task(name).problem(_NEEDED[part], f"write '{part}: …'", key=True))
        wrong = len(self.problems)
        self._task_names(fields)
        takes = self._takes(fields.get("takes"))
        moments = {part: self._moments(fields.get(part), name) for part in ("since", "once")}
        whole = self._span_of_severity(fields.get("severity"))
        spread = [s for s, n in SEVERITIES.items() if whole[0] <= n <= whole[1]]
        split = [
            fields[p].value
            for p in ("debtor", "within", "verifier", "creditor")
            if p in fields and isinstance(fields[p].value, dict)
        ]
        deadlines = {s: self._within(fields.get("within"), s) for s in (spread if split else [""])}
        if "standing" in fields and "source" not in fields:
            self.problems.append(fields["standing"].problem("a standing without a source", "write 'source: …'"))
        if missing or len(self.problems) > wrong or takes is None:
            return
        for severity, (within, number) in deadlines.items():
            if any(severity not in said for said in split):
                continue
            who = {
                p: self._unit(_of(fields[p].value, severity)) if p in fields else ""
                for p in ("debtor", "creditor", "verifier")
            }
            evidence = fields["evidence"].value if "evidence" in fields else None
            yield Task(
                id=f"{name}.{severity}" if split else name, title_zh=fields["zh"].value, title_en=fields["en"].value,
                since=moments["since"], takes=takes, clause=self._clause(fields["clause"].value, fields["zh"].value, fields["en"].value),
                source=_source(fields), group=_text(fields, "group"), phase=_text(fields, "phase"),
                level=LEVELS[_text(fields, "level") or "IV"], severity=(SEVERITIES[severity],) * 2 if split else whole,
                once=moments["once"], within=within, deadline=number, evidence_zh=evidence.zh if evidence else "",
                evidence_en=evidence.en if evidence else "", **who,
            )  # fmt: skip

    def _task_names(self, fields: Mapping[str, At]) -> None:
        units = {*self.units.units, LEAD}
        for part in ("debtor", "creditor", "verifier"):
            if part in fields:
                value = fields[part].value
                said = value.items() if isinstance(value, dict) else [(None, value)]
                for severity, unit in said:
                    loc = (*fields[part].loc, *([severity] if severity else []))
                    self._name("unit", unit, units, At(None, fields[part].document, loc))
        if "group" in fields:
            self._name("group", fields["group"].value, self.units.groups, fields["group"])
        if "phase" in fields and self.known.phases:
            self._name("phase", fields["phase"].value, self.known.phases, fields["phase"])

    def _takes(self, at: At | None) -> Spread | None:
        if at is None:
            return None
        try:
            return spread_of(at.value, "time")
        except Misfit as misfit:
            what, remedy, where = misfit.told(at.loc)
            self.problems.append(at.document.problem(where, what, remedy))
            return None

    def _within(self, at: At | None, severity: str) -> tuple[float | None, str]:
        """(the deadline in seconds or None, the number of the models that it is)."""
        if at is None:
            return None, ""
        text = at.value
        if isinstance(text, dict):
            at, text = At(None, at.document, (*at.loc, severity)), text.get(severity)
        if text is None:
            return None, ""
        if text[:1].isalpha():
            if text not in self.known.numbers:
                self.problems.append(_no("number", text, self.known.numbers, at))
                return None, ""
            return self.known.numbers[text].value, text
        try:
            return parse_quantity(text, "time"), ""
        except UnitError as error:
            self.problems.append(at.problem(*_parts(error)))
            return None, ""

    def _span_of_severity(self, at: At | None) -> tuple[int, int]:
        if at is None:
            return 1, len(SEVERITIES)
        numbers = [SEVERITIES[name] for name in at.value]
        if len(numbers) not in (1, 2) or numbers != sorted(numbers):
            self.problems.append(
                at.problem("expected one severity, or the lowest and the highest", "[larger, especially_major]")
            )
        return numbers[0], numbers[-1]

    def _moments(self, at: At | None, task: str) -> tuple[Moment, ...]:
        found: list[Moment] = []
        for i, name in enumerate(at.value if at else ()):
            here = At(None, at.document, (*at.loc, i) if isinstance(_written(at), list) else at.loc)  # type: ignore[union-attr]
            if name.startswith(DONE):
                found += self._done(name.removeprefix(DONE), here)
            elif name in self.draft.moments:
                found += self._moment(self.draft.moments[name])
            else:
                self.problems.append(
                    _no("moment", name, [*self.draft.moments, *(DONE + t for t in self.draft.tasks)], here)
                )
        return tuple(found)

    def _done(self, task: str, at: At) -> Iterator[Moment]:
        if task not in self.draft.tasks:
            self.problems.append(_no("task", task, self.draft.tasks, at))
            return
        fields = self.draft.tasks[task]
        by = [
            fields[p].value
            for p in ("debtor", "within", "verifier", "creditor")
            if p in fields and isinstance(fields[p].value, dict)
        ]
        for suffix in [f".{s}" for s in SEVERITIES if all(s in said for said in by)] if by else [""]:
            yield Moment("task_done", {"task": f"{self.id}/{task}{suffix}"})

    def _moment(self, at: At) -> Iterator[Moment]:
        for i, entry in enumerate(at.value):
            loc = (*at.loc, i) if isinstance(_written(at), list) else at.loc
            yield from self._checked(entry, At(None, at.document, loc))

    def _checked(self, entry: MomentEntry, at: At) -> Iterator[Moment]:
        if entry.event not in EVENTS:
            self.problems.append(_no("event", entry.event, EVENTS, At(None, at.document, (*at.loc, "event"))))
            return
        fields: Sequence[str] = EVENTS[entry.event]
        for name in entry.where:
            if name not in fields:
                here = At(None, at.document, (*at.loc, "where", name))
                self.problems.append(
                    here.problem(f"the event {entry.event} has no '{name}'", suggest(name, fields), key=True)
                )
        if entry.tier and "post" not in fields:
            here = At(None, at.document, (*at.loc, "tier"))
            self.problems.append(here.problem(f"the event {entry.event} names no post", "leave 'tier' out"))
        yield Moment(entry.event, dict(entry.where), tuple(TIERS[name] for name in entry.tier))


def _written(at: At) -> Any:
    """What stands in the file at a place, before it was read."""
    value = at.document.data
    for step in at.loc:
        value = value[step]
    return value


def _of(value: str | Mapping[str, str], severity: str) -> str:
    return value if isinstance(value, str) else value[severity]


def _text(fields: Mapping[str, At], part: str) -> str:
    return str(fields[part].value) if part in fields else ""


def _source(fields: Mapping[str, At]) -> str:
    """The source with its standing, as it is shown."""
    if "source" not in fields:
        return OURS
    standing = fields["standing"].value if "standing" in fields else Standing.CONFIG
    return str(fields["source"].value) + ("" if standing is Standing.CONFIG else f" ({standing.value})")


def _parts(error: Exception) -> tuple[str, str]:
    what, _, remedy = str(error).partition("; ")
    return what, remedy
