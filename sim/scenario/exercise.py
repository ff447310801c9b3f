"""The exercise of a case as a whole: its master event list and what is expected, with what ties its parts together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sim.case import City, Condition, Expectation, Inject, Objective, Several, When
from sim.domain.places import Weather
from sim.doors.case import CaseFile
from sim.doors.hazard import HazardCard
from sim.reader import Loc
from sim.scenario.clock import Clock
from sim.scenario.conditions import Resolver
from sim.scenario.incidents import Compiled
from sim.scenario.injects import Director, expected_id, repeated
from sim.scenario.issues import Issues
from sim.scenario.places import Gazetteer


@dataclass(frozen=True)
class Exercise:
    """What exercise control does, what is expected, and what for."""

    injects: list[Inject]
    expectations: list[Expectation]
    objectives: list[Objective]


def exercise(
    file: CaseFile, city: City, names: Gazetteer, cards: Mapping[str, HazardCard | None], weather: Mapping[str, Weather],
    made: Mapping[Loc, Compiled], clock: Clock, issues: Issues,
) -> Exercise:  # fmt: skip
    """The exercise of a case, resolved. Problems go to `issues`."""
    entries = [(("injects", i), entry) for i, entry in enumerate(file.events or ()) if entry]
    injects = [repeated(entry.id, k) for _, entry in entries for k in range(1, (entry.times or 1) + 1)]
    expected = [id_ for _, id_ in expected_ids(file, again=True)]
    conditions = Resolver(names, cards, injects, expected, issues, clock.offset)
    objectives = [entry for entry in file.objectives or () if entry]
    director = Director(
        city, names, weather, conditions, [entry.id for entry in objectives], _releases(file, clock, issues)
    )
    released = [i for loc, entry in entries for i in director.inject(loc, entry, _inline(made, int(loc[1])))]
    after = [x for loc, entry in entries for x in director.expected(loc, entry)]
    awaited = frozenset(_awaited(released, after))
    counted = [director.expectation(("expect", i), e, awaited) for i, e in enumerate(file.expect or ()) if e]
    _circles(file, released, issues)
    return Exercise(
        released, [*(e for e in counted if e), *after], [o for e in objectives if (o := director.objective(e))]
    )


def expected_ids(file: CaseFile, *, again: bool = False) -> Iterator[tuple[Loc, str]]:
    """Every expected action with its place in the file; with those of repeated injects if asked for."""
    for i, inject in enumerate(file.events or ()):
        for j, action in enumerate((inject.expects if inject else None) or ()):
            if inject and action:
                for k in range(1, (inject.times or 1) + 1 if again else 2):
                    yield ("injects", i, "expects", j), repeated(expected_id(inject, action, j), k)
    for i, entry in enumerate(file.expect or ()):
        if entry:
            yield ("expect", i), entry.id


def _releases(file: CaseFile, clock: Clock, issues: Issues) -> dict[str, float]:
    """When the director releases what is his to release."""
    manual = {entry.id for entry in file.events or () if entry and entry.manual and entry.id}
    found = {}
    for id_, when in (file.releases or {}).items():
        loc = ("releases", id_)
        if id_ not in manual:
            known = f"manual are: {', '.join(sorted(manual))}" if manual else "write 'manual: yes' there"
            issues.say(loc, f"'{id_[:40]}' is no inject that is released by hand", known, key=True)
        elif when:
            found[id_] = clock.offset(loc, when)
    return found


def _awaited(injects: list[Inject], expected: list[Expectation]) -> Iterator[str]:
    """The expected actions whose time running out somebody waits for."""
    for condition in [*(i.when for i in injects), *(i.unless for i in injects), *(x.done for x in expected)]:
        yield from (when.where["expectation"] for when in _events(condition) if when.kind == "expectation_overdue")


def _events(condition: Condition | None) -> Iterator[When]:
    if isinstance(condition, When):
        yield condition
    elif isinstance(condition, Several):
        for part in condition.parts:
            yield from _events(part)


def _circles(file: CaseFile, injects: list[Inject], issues: Issues) -> None:
    """Injects that wait for each other in a circle are never released."""
    waits: dict[str, str] = {}
    for inject in injects:
        chained = isinstance(inject.when, When) and inject.when.kind == "inject_released"
        waits.setdefault(inject.id, inject.when.where["inject"] if chained and isinstance(inject.when, When) else "")
    for number, entry in enumerate(file.events or ()):
        if entry is None or entry.after is None:
            continue
        way, here = [entry.id], waits.get(entry.id, "")
        while here and here not in way:
            way.append(here)
            here = waits.get(here, "")
        if here == entry.id and len(way) > 1:
            what = f"{' ← '.join([*way, entry.id])}: each waits for the other, none is ever released"
            issues.say(("injects", number, "after", "inject"), what, "let one of them come at a time")


def _inline(made: Mapping[Loc, Compiled], inject: int) -> dict[int, Compiled]:
    return {int(loc[3]): accident for loc, accident in made.items() if loc[:2] == ("injects", inject)}
