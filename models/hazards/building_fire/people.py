"""The people in a burning building: when each is in the stairs and outside, whom smoke cuts off, how they are brought out.

Time needed (notice, set out, walk, queue) runs against time available (flashover, smoke on the floor, smoke in the stairs).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from models import kernels
from models.hazards.building_fire import water
from models.hazards.building_fire.parameters import Parameters
from models.hazards.building_fire.state import Occupant, State
from sim.domain.hazards import Effect, Involve, Scene
from sim.domain.people import Person, Status, Triage
from sim.streams import Stream

SHAPE = 2  # of the smoke clock (hazards.md H06: k = 2)


def asleep(p: Parameters, scene: Scene) -> float:
    """The share of those inside who sleep; by the clock where the surroundings do not say, and only where people sleep."""
    if "asleep" in scene.around.presence:
        return p.sleeps * scene.around.presence["asleep"]
    hour = scene.calendar.hour_at(scene.begins) * 3600.0
    return 0.0 if p.day_begins <= hour < p.day_ends else p.sleeps


def flow(p: Parameters, density: float, k: float) -> float:
    """People a second and metre of width at a density (people/m²): (1 − aD)kD (Nelson and Mowrer)."""
    return (1 - p.crowd_slows * density) * k * density


def settle(
    p: Parameters, scene: Scene, seat: int, columns: int, storeys: int, rooms: Iterable[int], stream: Stream
) -> tuple[tuple[Occupant, ...], list[Effect]]:
    """Everybody inside, the first to be out first; `rooms` are the columns alight on the floor where it began."""
    sleepy, alight = asleep(p, scene), set(rooms)
    people = []
    for i in range(round(scene.scope["people"])):
        near, level, column, sleep, wait, way, shut, luck = (stream.uniform() for _ in range(8))
        floor = seat if near < p.near or storeys == 1 else 1 + int(level * storeys)
        room = int(column * columns)
        inside = floor == seat and room in alight
        premove = (p.asleep_least, p.asleep_most) if sleep < sleepy else (p.awake_least, p.awake_most)
        ready = premove[0] + (premove[1] - premove[0]) * wait
        sets_out = p.notice_room + p.sees_fire * ready if inside else p.notice + ready
        stairs = sets_out + p.way * way / p.walking
        people.append(
            Occupant(
                f"p{i + 1:04d}",
                floor,
                room,
                stairs,
                stairs + p.descent * (floor - 1),
                stream.exponential(),
                shut < p.doors,
                luck,
            )
        )
    people = _queued(p, people)
    persons = tuple(Person(who.id, Status.EXPOSED, f"floor-{who.floor}") for who in people)
    return tuple(people), [Involve(persons)] if persons else []


def _queued(p: Parameters, people: Iterable[Occupant]) -> list[Occupant]:
    """They come out one after another: the stairs let only so many through."""
    apart = 1 / (flow(p, p.crowd, p.stairs_flow) * p.stairs_width)
    free, queued = -math.inf, []
    for who in sorted(people, key=lambda who: (who.out, who.id)):
        out = max(who.out, free + apart) if who.floor > 1 else who.out
        free = max(free, out) if who.floor > 1 else free
        queued.append(replace(who, out=out))
    return sorted(queued, key=lambda who: (who.out, who.id))


# ── cut off ──


def caught(people: Iterable[Occupant], age: float, in_smoke: bool | None) -> list[Occupant]:
    """People who cannot get out from now on; None: in smoke unless they can shut a door."""
    return [
        replace(
            who, since=age, in_smoke=(not who.door) if in_smoke is None else in_smoke, stairs=math.inf, out=math.inf
        )
        for who in people
    ]


def in_order(people: Iterable[Occupant]) -> tuple[Occupant, ...]:
    """The order in which crews turn to them: those in smoke first, then from below."""
    return tuple(sorted(people, key=lambda who: (not who.in_smoke, who.floor, who.id)))


def speed(p: Parameters, who: Occupant, clear: bool) -> float:
    """How fast the smoke clock runs: slowly behind a door, not at all once the smoke is gone."""
    if clear:
        return 0.0
    return 1.0 if who.in_smoke else (p.smoke_door / p.smoke) ** SHAPE


def breathing(p: Parameters, who: Occupant, dt: float, age: float, clear: bool) -> Occupant:
    """Somebody cut off, `dt` seconds later."""
    used = kernels.clock_used(age - who.since, dt, SHAPE, 1 / p.smoke, speed(p, who, clear))
    return replace(who, used=who.used + used)


def dies_in(p: Parameters, who: Occupant, age: float, clear: bool) -> float:
    """Seconds until smoke has killed somebody whom nobody brings out."""
    return kernels.clock_rings_in(who.endures - who.used, age - who.since, SHAPE, 1 / p.smoke, speed(p, who, clear))


def colour(p: Parameters, who: Occupant) -> Triage:
    """How somebody comes out, by the share of what they bear."""
    share = who.used / who.endures
    if share >= p.smoke_red:
        return Triage.RED
    return Triage.YELLOW if share >= p.smoke_yellow else Triage.GREEN


# ── brought out ──


def rates(p: Parameters, state: State, effort: Mapping[str, float]) -> Iterator[tuple[int, float]]:
    """(index, share a second) by which those cut off are brought out: pairs from the front, ladders from the back."""
    covered = 1.0 if water.thrown(effort) >= p.stairs_line or state.out else p.uncovered
    pairs = min(effort.get("rescue", 0.0), p.rescue_face) * p.pairs * p.duty * covered
    ladders = min(effort.get("ladders", 0.0), p.ladder_face)
    found: dict[int, float] = {}
    for k, who in enumerate(state.trapped):
        if pairs <= 0.0:
            break
        found[k] = min(1.0, pairs) / (p.bring_out + p.climb * (who.floor - 1))
        pairs -= 1.0
    for k in reversed(laddered(p, state)):
        if ladders <= 0.0:
            break
        found[k] = found.get(k, 0.0) + min(1.0, ladders) / p.ladder
        ladders -= 1.0
    yield from sorted(found.items())


def laddered(p: Parameters, state: State) -> list[int]:
    """Those cut off whom a ladder reaches."""
    return [k for k, who in enumerate(state.trapped) if 1 < who.floor <= p.ladder_floors]


def due(p: Parameters, state: State, effort: Mapping[str, float]) -> Iterator[tuple[float, str, int]]:
    """When the next one gets out, is brought out, or dies of smoke: (seconds, name, index)."""
    for who in state.moving[:1]:
        yield who.out - state.age, "gets_out", 0
    for k, who in enumerate(state.trapped):
        yield dies_in(p, who, state.age, state.clear), "smoke_kills", k
    for k, rate in rates(p, state, effort):
        yield kernels.work_done_in(state.trapped[k].left, rate), "brought_out", k
