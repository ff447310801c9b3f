"""Measures carried into a city: plans get a new version, units a terminal, depots more stock, teams another home."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import msgspec

from sim.case import City
from sim.domain.parameters import Spread
from sim.domain.plans import Plan, PlanBook, PlanLevel, Task
from sim.doors.measures import MeasureEntry
from sim.errors import suggest
from sim.scenario.issues import Issues

_AT = "measures"


def with_measures(city: City, measures: Sequence[MeasureEntry], issues: Issues) -> City:
    """The city after its measures; what names nothing in it goes to `issues`."""
    changed: dict[str, None] = {}
    for n, m in enumerate(measures):
        if m is None or not m.changes:
            continue
        if m.kind == "plan_version":
            city = _planned(city, m, n, issues, changed)
        elif m.amount is not None:
            city = _stocked(city, m, n, issues)
        elif m.home is not None:
            city = _moved(city, m, n, issues)
    if city.plans is None or not changed:
        return city
    plans = {
        k: msgspec.structs.replace(p, version=p.version + 1) if k in changed else p for k, p in city.plans.plans.items()
    }
    return replace(city, plans=msgspec.structs.replace(city.plans, plans=plans))


def _planned(city: City, m: MeasureEntry, n: int, issues: Issues, changed: dict[str, None]) -> City:
    book = city.plans
    if book is None:
        issues.say((_AT, n), "the city works by no plans: a measure about one changes nothing", "leave it out")
        return city
    if m.unit is not None and m.unit not in book.units:
        return _unknown(city, issues, n, "unit", m.unit, book.units)
    if m.unit is not None:
        unit = book.units[m.unit]
        joined = unit.on_platform if m.on_platform is None else m.on_platform
        awake = unit.desk if m.desk is None else m.desk
        units = {**book.units, m.unit: msgspec.structs.replace(unit, on_platform=joined, desk=awake)}
        book = msgspec.structs.replace(book, units=units)
    if m.plan is not None:
        if m.plan not in book.plans:
            return _unknown(city, issues, n, "plan", m.plan, book.plans)
        plan = book.plans[m.plan]
        if m.task is not None and m.task not in (t.id for t in plan.tasks):
            return _unknown(city, issues, n, "task", m.task, [t.id for t in plan.tasks])
        book = _with_plan(book, _revised(plan, m))
        changed[m.plan] = None
    return replace(city, plans=book)


def _revised(plan: Plan, m: MeasureEntry) -> Plan:
    tasks = tuple(_task(t, m) if t.id == m.task else t for t in plan.tasks)
    levels = tuple(_told_first(level, m.unit) for level in plan.levels) if m.notify and m.unit else plan.levels
    return msgspec.structs.replace(plan, tasks=tasks, levels=levels)


def _task(task: Task, m: MeasureEntry) -> Task:
    if m.takes is not None or m.faster is not None:
        middle = task.takes.median
        share = (1.0 if m.faster is None else m.faster) if m.takes is None else m.takes / middle if middle else 1.0
        task = msgspec.structs.replace(task, takes=_scaled(task.takes, share))
    if m.within is not None:
        task = msgspec.structs.replace(task, within=m.within)
    return task


def _scaled(spread: Spread, share: float) -> Spread:
    """A spread of the same form whose every figure is this share of what it was."""
    return msgspec.structs.replace(spread, figures=tuple(figure * share for figure in spread.figures))


def _told_first(level: PlanLevel, unit: str) -> PlanLevel:
    return msgspec.structs.replace(level, notify=(unit, *(u for u in level.notify if u != unit)))


def _with_plan(book: PlanBook, plan: Plan) -> PlanBook:
    return msgspec.structs.replace(book, plans={**book.plans, plan.id: plan})


def _stocked(city: City, m: MeasureEntry, n: int, issues: Issues) -> City:
    stores = getattr(city, "depots", None)  # of a city that has any
    if stores is None:
        issues.say((_AT, n), "the city has no depots: a measure about stock changes nothing", "leave it out")
        return city
    if m.item not in stores.items:
        return _unknown(city, issues, n, "item", str(m.item), stores.items)
    name = m.depot or max(
        stores.depots, key=lambda d: (stores.depots[d].tier == _CITY, stores.depots[d].stock.get(m.item or "", 0.0), d)
    )
    if name not in stores.depots:
        return _unknown(city, issues, n, "depot", name, stores.depots)
    depot = stores.depots[name]
    stock = {**depot.stock, m.item: depot.stock.get(m.item, 0.0) + (m.amount or 0.0)}
    depots = {**stores.depots, name: msgspec.structs.replace(depot, stock=stock)}
    return replace(city, depots=msgspec.structs.replace(stores, depots=depots))


def _moved(city: City, m: MeasureEntry, n: int, issues: Issues) -> City:
    if m.team not in city.teams:
        return _unknown(city, issues, n, "team", str(m.team), city.teams)
    if m.home not in city.network.nodes:
        return _unknown(city, issues, n, "home", str(m.home), list(city.network.nodes))
    holdings = tuple(msgspec.structs.replace(h, node=m.home) if h.team == m.team else h for h in city.holdings)
    return replace(city, holdings=holdings)


def _unknown(
    city: City, issues: Issues, n: int, what: str, name: str, known: Mapping[str, object] | Sequence[str]
) -> City:
    issues.say((_AT, n, what), f"there is no {what} '{name[:60]}'", suggest(name, sorted(known)))
    return city


_CITY = 3  # the tier of a city's own depots, as posts are counted
