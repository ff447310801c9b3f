"""An explosion of gas in a space: those inside, panes in the street, the building, crews beside it (hazards.md H17)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models.hazards.gas_leak import rooms, tasks
from models.hazards.gas_leak.parameters import Parameters
from models.hazards.gas_leak.state import Soul, Space, State
from sim.domain.hazards import Effect, Harm, Involve, Note, Road, Strike
from sim.domain.people import Person, Status

_NEAR = ("sampling", "venting", "moving")  # who stands beside a space that explodes


def explodes(p: Parameters, state: State, first: int) -> tuple[State, Sequence[Effect]]:
    """A space explodes, and with it those beside it that can; who is inside is hurt, the street is full of glass."""
    effects = list[Effect]()
    struck = [first] + [
        k for k, s in enumerate(state.spaces) if k != first and s.rich and not s.gone and s.chain < p.chain
    ]
    spaces = list(state.spaces)
    for n, k in enumerate(struck, start=state.blasts + 1):
        space, strong = spaces[k], rooms.destroys(p, spaces[k])
        figures = {"gas": space.gas * space.volume, "people": space.others, "volume": space.building}
        effects.append(Note("explodes", figures))
        effects += inside(p, space, strong=strong)
        effects += glass(p, state, space, n)
        effects.append(Note("drain_blows" if not space.building else "building_down" if strong else "flash", figures))
        if space.found:
            worse = p.crew_strong if strong else 1.0
            effects.append(Strike("explodes", _NEAR, p.crew_dead * worse, p.crew_red * worse, p.crew_yellow * worse))
        spaces[k] = replace(
            space, used=space.bears if k == first else space.used, gas=0.0, gone=True, rich=False, inside=(),
            others=0.0, emptied=True, found=True,
        )  # fmt: skip
    if state.on_road and not state.blasts:
        effects.append(Road(p.road_left, why="explodes"))
    led = 0.0 if tasks.to_clear(state) in struck else state.led
    state = replace(
        state,
        spaces=tuple(spaces),
        blasts=state.blasts + len(struck),
        led=led,
        repair=state.repair + p.repair_blast * len(struck),
    )
    if not tasks.hidden(state):
        state = replace(state, sampling=math.inf)
    return state, effects


def inside(p: Parameters, space: Space, *, strong: bool) -> Iterator[Effect]:
    """Who is in the space itself, each by their own luck."""
    shares = (
        (p.strong_dead, p.strong_red, p.strong_yellow, p.strong_green)
        if strong
        else (p.weak_dead, p.weak_red, p.weak_yellow, p.weak_green)
    )
    for (status, colour), names in rooms.fates(shares, space.inside):
        yield Harm(names, status, colour, "explodes" if status is not Status.SAFE else "unhurt")


def glass(p: Parameters, state: State, space: Space, n: int) -> Iterator[Effect]:
    """People in the street who are cut by panes; only those who are hurt are told of."""
    area = math.pi * rooms.glass_reach(p, space, state.line.ambient) ** 2
    shares = (0.0, 0.0, p.glass_yellow, p.glass_green)
    crowd = state.pool[: round(state.people_m2 * state.outdoors * area)]
    passers = [Soul(f"s{n}-{i + 1:03d}", luck.fate, 0.0, True) for i, luck in enumerate(crowd)]
    hurt = [(fate, names) for fate, names in rooms.fates(shares, passers) if fate[0] is not Status.SAFE]
    people = tuple(Person(name, Status.EXPOSED, "street") for _, names in hurt for name in names)
    if people:
        yield Involve(people)
    for (status, colour), names in hurt:
        yield Harm(names, status, colour, "glass")
