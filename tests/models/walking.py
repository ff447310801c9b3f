"""Lets a hazard run by itself, with efforts given by a plan: what the engine does, without clock, roads or people's clocks."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from sim.domain.hazards import Demand, DemandKind, Effect, Harm, Inputs, Involve, Note, Over, Scene
from sim.domain.people import Person, Status
from sim.domain.places import Calendar, Point, Site, Surroundings, Weather
from sim.ports import Hazard
from sim.streams import Streams

Answer = Callable[[Sequence[Demand]], Mapping[str, float]]
DAY = 86400.0
PLENTY = 1e7
HAIR = 1e-3
"""Seconds by which two courses may differ and still be the same: a thousand sums are added up in another order."""


@dataclass
class Walk:
    """What happened: when it ended (inf: not yet), events with their effects, everybody's last standing."""

    ended: float = math.inf
    state: Any = None
    log: list[tuple[float, str, Sequence[Effect]]] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)

    def count(self, status: Status) -> int:
        """How many people stand so at the end."""
        return sum(person.status is status for person in self.people.values())

    def when(self, name: str) -> float:
        """When an event or a milestone first came; inf if never."""
        return next((t for t, what, effects in self.log if name == what or name in _milestones(effects)), math.inf)

    def notes(self) -> list[str]:
        """The milestones in order."""
        return [name for _, _, effects in self.log for name in _milestones(effects)]

    def take(self, effects: Sequence[Effect]) -> None:
        """Keep the ledger of people; nobody is harmed who was not involved, nobody rises from the dead."""
        for effect in effects:
            if isinstance(effect, Involve):
                for person in effect.persons:
                    assert person.id not in self.people
                    self.people[person.id] = person
            elif isinstance(effect, Harm):
                for who in effect.persons:
                    assert self.people[who].status not in (Status.DEAD, Status.SAFE)
                    self.people[who] = msgspec.structs.replace(
                        self.people[who], status=effect.status, triage=effect.triage
                    )
                    self.why[who] = effect.why


def _milestones(effects: Sequence[Effect]) -> list[str]:
    return [effect.name for effect in effects if isinstance(effect, Note)]


def scene(scope: Mapping[str, float], cause: str, *, hour: float = 10.0, rain: float = 40.0, weather: Weather | None = None,
          elevation: float = 1900.0, terrain: str = "hilly", link: str = "L1", around: Surroundings | None = None,
          variant: str = "", month: int = 7, weekday: int = 4, population: float = 0.0) -> Scene:  # fmt: skip
    """An ordinary place and day, with everything unsaid ordinary."""
    site = Site(
        Point(104.0, 25.5), "N1", "某地", "A place", "C1", "T1", elevation=elevation, terrain=terrain, link=link,
        population=population,
    )  # fmt: skip
    calendar = Calendar(2024, month, 19, weekday, hour * 3600.0)
    return Scene(
        "F1", cause, dict(scope), site, calendar, 0.0, weather or Weather(), rain, around or Surroundings(), variant
    )


def walk(model: Hazard, where: Scene, plan: Mapping[float, Answer] | None = None, *, seed: int = 1, until: float = 12 * DAY,
         cuts: Sequence[float] = (), late: float = 0.0, services: Mapping[str, float] | None = None,
         weathers: Mapping[float, Weather] | None = None) -> Walk:  # fmt: skip
    """Run to the end; from each time of the plan on its answer decides the efforts. `cuts` are looks in between.

    `services` is what the site gets from outside all the time, `weathers` what the weather is from each of these times on.
    `late`: how many seconds after its moment an event is answered, as by a clock that counts whole milliseconds.
    """
    state, effects = model.start(where, Streams(seed)("hazard", "F1"))
    result, now = Walk(state=state), 0.0
    result.take(effects)
    result.log.append((0.0, "start", effects))
    answers, skies = sorted((plan or {}).items()), sorted((weathers or {}).items())
    given = dict(services or {})
    fresh, inputs = True, Inputs({}, where.weather, given)
    while now < until:
        if fresh:  # efforts change at events and at the times of the plan only
            current = [answer for begins, answer in answers if begins <= now]
            sky = [weather for begins, weather in skies if begins <= now]
            weather = sky[-1] if sky else where.weather
            turned = weather is not inputs.weather
            inputs = Inputs(dict(current[-1](model.demands(state))) if current else {}, weather, given)
            if turned:
                state = model.advance(state, 0.0, inputs)
        span, name = model.next_event(state, inputs)
        changes = [t for t, _ in (*answers, *skies) if t > now]
        stops = [*changes, *(t for t in cuts if t > now), until]
        # what falls on the end itself belongs to the course, on whichever side its last digit falls
        if now + span <= (until + HAIR if min(stops) == until else min(stops)):
            wait = span + late if span > 0.0 else span
            state = model.advance(state, wait, inputs)
            now += wait
            fresh = True
            state, effects = model.fire(state, name, inputs)
            result.take(effects)
            result.log.append((now, name, effects))
            if any(isinstance(effect, Over) for effect in effects):
                result.ended = now
                break
        else:
            state = model.advance(state, max(0.0, min(stops) - now), inputs)
            now = min(stops)
            fresh = now in changes or now not in cuts
    result.state = state
    return result


def all_hands(share: float = 1.0, without: Sequence[str] = ()) -> Answer:
    """As many as find room, times a share, whatever is asked for; nothing for the capabilities left out."""

    def answer(demands: Sequence[Demand]) -> dict[str, float]:
        return {
            d.id: share * (d.amount if d.kind is DemandKind.HOLD else min(d.face, PLENTY))
            for d in demands
            if d.capability not in without
        }

    return answer


def differences(one: Walk, other: Walk) -> list[str]:
    """What happened in one course and not, or at another time, in the other; what falls together may come in any order."""
    found = []
    for name in sorted({name for walk in (one, other) for _, name, _ in walk.log}):
        a, b = ([t for t, what, _ in walk.log if what == name] for walk in (one, other))
        if len(a) != len(b):
            found.append(f"{name}: {len(a)} times and {len(b)} times")
        found += [
            f"{name}: at {x} and at {y}"
            for x, y in zip(a, b, strict=False)
            if not math.isclose(x, y, rel_tol=1e-9, abs_tol=HAIR)
        ]
    return found


def same(a: Any, b: Any, tolerance: float = 1e-6) -> bool:
    """Whether two states agree, figure by figure."""
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance) or a == b
    if isinstance(a, msgspec.Struct):
        return all(same(getattr(a, name), getattr(b, name), tolerance) for name in a.__struct_fields__)
    if isinstance(a, tuple):
        return len(a) == len(b) and all(same(x, y, tolerance) for x, y in zip(a, b, strict=True))
    return bool(a == b)
