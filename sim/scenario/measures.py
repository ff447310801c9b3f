"""Measures carried into a case: plans get a new version, units a terminal, depots and teams more, places are watched.

What people train or agree on is a number of the models that gets other (`with_practice`).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import msgspec

from sim.case import City
from sim.domain.monitors import System
from sim.domain.parameters import Parameter, Spread, Standing
from sim.domain.plans import Plan, PlanBook, PlanLevel, Task
from sim.domain.teams import Holding
from sim.doors.measures import MeasureEntry
from sim.errors import suggest
from sim.scenario.issues import Issues

_AT = "measures"


def with_measures(city: City, measures: Sequence[MeasureEntry], issues: Issues) -> City:
    """The city after its measures; what names nothing in it goes to `issues`. The same change asked for twice is one."""
    changed: dict[str, None] = {}
    done: set[tuple[object, ...]] = set()
    for n, m in _strongest_first(measures):
        what = _what(m)
        if what in done:
            continue
        done.add(what)
        if m.unit is not None or m.plans:
            city = _planned(city, m, n, issues, changed)
        if m.amount is not None:
            city = _stocked(city, m, n, issues)
        if m.team is not None:
            city = _teamed(city, m, n, issues)
        if m.coverage is not None:
            city = _watched(city, m, n, issues)
    if city.plans is None or not changed:
        return city
    plans = {
        k: msgspec.structs.replace(p, version=p.version + 1) if k in changed else p for k, p in city.plans.plans.items()
    }
    return replace(city, plans=msgspec.structs.replace(city.plans, plans=plans))


def with_practice(
    rules: Mapping[str, Parameter], measures: Sequence[MeasureEntry], issues: Issues
) -> dict[str, Parameter]:
    """The numbers of the models after what was trained and agreed; of several measures about one number the strongest holds."""
    times: dict[str, float] = {}
    for n, m in enumerate(measures):
        for i, name in enumerate(m.numbers if m is not None and m.times is not None else ()):
            if name not in rules:
                issues.say(
                    (_AT, n, "numbers", i),
                    f"there is no number '{name[:60]}' in the models",
                    suggest(name, sorted(rules)),
                )
                continue
            times[name] = max(m.times or 1.0, times.get(name, 1.0), key=lambda share: abs(math.log(share)))
    return {name: _practised(rule, times[name]) if name in times else rule for name, rule in rules.items()}


def _practised(rule: Parameter, share: float) -> Parameter:
    """A number that people have got better at, within its range."""
    middle = rule.spread.median
    if middle > 0.0:
        share = min(max(share, rule.low / middle), rule.high / middle)
    return msgspec.structs.replace(
        rule, spread=_scaled(rule.spread, share), source="an accepted measure", standing=Standing.CONFIG
    )


def _strongest_first(measures: Sequence[MeasureEntry]) -> list[tuple[int, MeasureEntry]]:
    """Measures with their places, those that speed a task up most first: a task is staffed anew only once."""
    acting = [(n, m) for n, m in enumerate(measures) if m is not None and m.changes]
    return sorted(acting, key=lambda entry: (entry[1].faster or 1.0, entry[0]))


def _what(m: MeasureEntry) -> tuple[object, ...]:
    """What a measure is about, by which two of them are the same."""
    if m.task is not None and m.faster is not None:
        return ("faster", *m.plans, m.task)
    if m.coverage is not None:
        return ("coverage", m.nature, m.county)
    if m.elements is not None:
        return ("elements", m.team, m.kind_of_element)
    return ("as it stands", m.model_dump_json(exclude=_LABELS))


_LABELS = {"id", "kind", "text", "by", "due", "source", "wait", "duty", "capability", "clause", "proof", "verifier"}


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
    for id_ in m.plans:
        if id_ not in book.plans:
            return _unknown(city, issues, n, "plan", id_, book.plans)
        plan = book.plans[id_]
        if m.task is not None and m.task not in (t.id for t in plan.tasks):
            return _unknown(city, issues, n, "task", m.task, [t.id for t in plan.tasks])
        book = _with_plan(book, _revised(plan, m))
        changed[id_] = None
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


def _teamed(city: City, m: MeasureEntry, n: int, issues: Issues) -> City:
    """A team moves, stands by, or gets more elements like those it has."""
    if m.team not in city.teams:
        return _unknown(city, issues, n, "team", str(m.team), city.teams)
    own = [h for h in city.holdings if h.team == m.team]
    alike = [h for h in own if m.kind_of_element in (None, h.kind)]
    if not alike:
        return _unknown(city, issues, n, "kind_of_element", str(m.kind_of_element), {h.kind: h for h in own})
    largest = max(alike, key=lambda h: (h.on_duty, len(h.elements), h.id))
    holdings = list(city.holdings)
    if m.home is not None:
        town, county = city.towns.get(m.home), city.counties.get(m.home)
        node = town.node if town else county.seat if county else m.home
        if node not in city.network.nodes:
            return _unknown(city, issues, n, "home", str(m.home), [*city.network.nodes, *city.towns])
        holdings = _stationed(holdings, own if m.elements is None else [largest], node, m.elements)
    elif m.elements is not None:
        holdings.append(_more_of(largest, m.elements))
    if m.standby:
        holdings = [msgspec.structs.replace(h, on_duty=True) if h.team == m.team else h for h in holdings]
    return replace(city, holdings=tuple(sorted(holdings, key=lambda h: h.id)))


def _stationed(holdings: Sequence[Holding], whose: Sequence[Holding], node: str, count: int | None) -> list[Holding]:
    """Holdings at home at another node: whole, or so many elements of the first, the others staying where they are."""
    found = []
    for h in holdings:
        if h not in whose:
            found.append(h)
        elif count is None or count >= len(h.elements):
            found.append(msgspec.structs.replace(h, node=node))
        else:
            found.append(msgspec.structs.replace(h, elements=h.elements[count:], people=h.people[count:]))
            found.append(
                msgspec.structs.replace(
                    h, id=f"{h.id}>", node=node, elements=h.elements[:count], people=h.people[:count]
                )
            )
    return found


def _more_of(like: Holding, count: int) -> Holding:
    """As many more elements like those of a holding."""
    names = tuple(f"{like.id}+{number:02d}" for number in range(1, count + 1))
    return msgspec.structs.replace(like, id=f"{like.id}+", elements=names, people=(like.people[0],) * count)


def _watched(city: City, m: MeasureEntry, n: int, issues: Issues) -> City:
    """More of the places are watched where the systems that see such accidents look."""
    known = city.monitors
    if known is None:
        issues.say((_AT, n), "the city has no monitoring: a measure about coverage changes nothing", "leave it out")
        return city
    natures = sorted({nature for system in known.systems.values() for nature in system.sees})
    if m.nature not in natures:
        return _unknown(city, issues, n, "nature", str(m.nature), natures)
    if m.county is not None and m.county not in city.counties:
        return _unknown(city, issues, n, "county", m.county, city.counties)
    systems = {k: _widened(s, m, city.counties) if m.nature in s.sees else s for k, s in known.systems.items()}
    return replace(city, monitors=msgspec.structs.replace(known, systems=systems))


def _widened(system: System, m: MeasureEntry, counties: Collection[str]) -> System:
    more, shares = m.coverage or 0.0, system.coverage
    if m.county is None:
        wider = {where: min(1.0, share + more) for where, share in shares.items()}
    else:
        now = shares.get(m.county, max((s for where, s in shares.items() if where not in counties), default=0.0))
        wider = {**shares, m.county: min(1.0, now + more)}
    return msgspec.structs.replace(system, coverage=wider)


def _unknown(
    city: City, issues: Issues, n: int, what: str, name: str, known: Mapping[str, object] | Sequence[str]
) -> City:
    issues.say((_AT, n, what), f"there is no {what} '{name[:60]}'", suggest(name, sorted(known)))
    return city


_CITY = 3  # the tier of a city's own depots, as posts are counted
