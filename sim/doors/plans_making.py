"""A plan made of its draft: names resolved, levels filled up from the common ones, grounds to raise a response."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from sim.domain.plans import Clause, Plan, PlanLevel, Raise
from sim.doors.plans_files import At, Draft, Known, Plans
from sim.doors.plans_language import LEVELS, SEVERITIES, LevelEntry, RaiseEntry, UnitsFile
from sim.doors.plans_tasks import LEAD, TaskMaker
from sim.units import UnitError, parse_quantity

NUMERALS = {1: "Ⅰ", 2: "Ⅱ", 3: "Ⅲ", 4: "Ⅳ"}
_UPWARD = ("IV", "III", "II", "I")  # who is told and who works at a level is so at every higher one


class PlanMaker:
    """Makes one plan; what is wrong goes to the problems, what is right is made all the same."""

    def __init__(self, plans: Plans, draft: Draft, units: UnitsFile, known: Known) -> None:
        self.draft, self.entry, self.units, self.known = draft, draft.entry, units, known
        self.problems = plans.problems
        self.id = draft.entry.id
        self.clauses: dict[str, Clause] = {}
        self._common = draft.levels

    def plan(self) -> Plan:
        """The plan, as far as its draft can be read."""
        entry, quiet, search = self.entry, self.draft.quiet, self.draft.clauses.get("search")
        self._names()
        levels, tasks = tuple(self._levels()), TaskMaker(self.draft, self.units, self.known, self.problems, self.clause)
        texts = {
            name: self.clause(at.value.clause, at.value.zh, at.value.en) for name, at in self.draft.clauses.items()
        }
        return Plan(
            id=self.id, title_zh=entry.title.zh, title_en=entry.title.en, version=entry.version,
            natures=tuple(entry.natures), lead=entry.lead, command=entry.command, levels=levels,
            raises=tuple(ground for at in self.draft.raises for ground in self._raise(at)),
            tasks=tuple(task for name in self.draft.tasks for task in tasks.tasks(name)),
            start_clause=texts.get("start", ""), change_clause=texts.get("change", ""),
            suspend_clause=texts.get("suspend", ""), end_clause=texts.get("end", ""),
            handover_clause=texts.get("handover", ""), quiet=quiet.value if quiet else 0.0,
            capabilities=tuple(entry.capabilities), teams=tuple(entry.teams), supports=tuple(entry.supports),
            leads=dict(entry.leads), search_after=search.value.after if search else math.inf,
            search_clause=texts.get("search", ""),
            withdraws=suspend.value.when_hit if (suspend := self.draft.clauses.get("suspend")) else True,
        )  # fmt: skip

    def clause(self, number: str, zh: str, en: str) -> str:
        """A clause of this plan by its whole name, with what it says."""
        whole = f"{self.id} {number}"
        self.clauses.setdefault(whole, Clause(zh, en))
        return whole

    # ── names ──

    def _names(self) -> None:
        entry, at = self.entry, self.draft.at
        units, groups = self.units.units, self.units.groups
        self._name("unit", entry.lead, units, at("lead"))
        self._name("command", entry.command, self.units.commands, at("command"))
        for group, unit in entry.leads.items():
            self._name("group", group, groups, at("leads", group), key=True)
            self._name("unit", unit, units, at("leads", group))
        for i, category in enumerate(entry.teams):
            self._name("category of teams", category, self.known.categories, at("teams", i))
        for code, need in entry.capabilities.items():
            here = at("capabilities", code)
            self._name("capability", code, self.known.capabilities, here, key=True)
            for i, county in enumerate(need.counties if need else ()):
                self._name("county", county, self.known.counties, here.part("counties", i))
            for i, county in enumerate(need.accepted.counties if need and need.accepted else ()):
                self._name("county", county, self.known.counties, here.part("accepted", "counties", i))

    def _name(self, noun: str, name: str, valid: Any, at: At, *, key: bool = False) -> None:
        if valid is not None and name not in valid:
            self.problems.append(at.unknown(noun, name, valid, key=key))

    # ── levels ──

    def _levels(self) -> Iterator[PlanLevel]:
        """The levels, Ⅰ first; what the plan says of one goes before what common.yaml says."""
        own: dict[str, At] = {
            name: At(entry, self.draft.document, ("levels", name)) for name, entry in self.entry.levels.items()
        }
        mapped = own if any(at.value.severity for at in own.values()) else self._common
        self._mapping(mapped)
        notify: dict[str, None] = {}
        groups: set[str] = set()
        made = []
        for name in _UPWARD:
            layers = [table[name] for table in (own, self._common) if name in table]
            if not layers:
                continue
            for at in layers:
                self._level_names(at)
            for at in reversed(layers):
                notify |= dict.fromkeys(self.entry.lead if unit == LEAD else unit for unit in at.value.notify)
                groups |= {*at.value.groups}
            severities = tuple(SEVERITIES[s] for s in mapped[name].value.severity) if name in mapped else ()
            chief, clause = self._chief(name, layers)
            level = LEVELS[name]
            made.append(PlanLevel(
                level, *chief, clause, severities, tuple(g for g in self.units.groups if g in groups), tuple(notify),
            ))  # fmt: skip
        yield from reversed(made)

    def _mapping(self, mapped: Mapping[str, At]) -> None:
        """A severity starts one level."""
        first = dict.fromkeys(self.entry.no_response, "no_response")
        for name, at in mapped.items():
            for severity in at.value.severity:
                if severity in first:
                    what = f"the severity '{severity}' already starts {first[severity]}"
                    self.problems.append(at.problem(what, "a severity starts one level"))
                first.setdefault(severity, name)

    def _level_names(self, at: At) -> None:
        entry: LevelEntry = at.value
        for i, unit in enumerate(entry.notify):
            self._name("unit", unit, {*self.units.units, LEAD}, at.part("notify", i))
        for i, group in enumerate(entry.groups):
            self._name("group", group, self.units.groups, at.part("groups", i))
        if entry.chief is not None:
            self._name("chief", entry.chief, self.units.chiefs, at.part("chief"))

    def _chief(self, name: str, layers: list[At]) -> tuple[tuple[str, str], str]:
        """((the chief's office in both languages), the clause) of a level."""
        said = {part: next((v for at in layers if (v := getattr(at.value, part))), "") for part in ("chief", "clause")}
        for part, value in said.items():
            if not value:
                remedy = f"write '{part}: …' here or in common.yaml"
                self.problems.append(layers[0].problem(f"the level {name} has no {part}", remedy, key=True))
        words = self.units.chiefs.get(said["chief"])
        text = (f"{NUMERALS[LEVELS[name]]}级响应", f"Response level {name}")
        clause = self.clause(said["clause"], *text) if said["clause"] else ""
        return (words.zh, words.en) if words else ("", ""), clause

    # ── grounds ──

    def _raise(self, at: At) -> Iterator[Raise]:
        entry: RaiseEntry = at.value
        here = at.part("at_least")
        wrong = len(self.problems)
        figure = 0.0
        if (entry.by == 0) == (entry.to is None):
            self.problems.append(at.problem("exactly one of 'by' and 'to' must be given"))
        if entry.clause is None:
            self.problems.append(at.problem("it stands under no clause", "write 'clause: 4.7.1'"))
        if entry.ground == "secondary":
            self._name("severity", entry.at_least, SEVERITIES, here)
            figure = float(SEVERITIES.get(entry.at_least, 0))
        else:
            try:
                figure = parse_quantity(entry.at_least, "time" if entry.ground == "shortfall" else "count")
            except UnitError as error:
                what, _, remedy = str(error).partition("; ")
                self.problems.append(here.problem(what, remedy))
        if len(self.problems) == wrong and entry.clause is not None:
            clause = self.clause(entry.clause, "扩大响应", "Raising the response")
            yield Raise(entry.ground, figure, clause, entry.by, LEVELS[entry.to] if entry.to else 0)
