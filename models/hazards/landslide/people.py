"""People under a slope: who is at home, who leaves, who is killed or buried when it comes down, who digs for them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models.hazards.landslide import slope
from models.hazards.landslide.parameters import Parameters
from models.hazards.landslide.state import Held, House, Phase, State, Villager
from sim.domain.hazards import Effect, Harm, Involve, Scene
from sim.domain.people import Person, Status, Triage
from sim.streams import Stream

CURVE = "burial"  # the survival curve of models/casualties


def houses(p: Parameters, residents: int, scene: Scene, stream: Stream) -> tuple[tuple[House, ...], list[Effect]]:
    """The houses in its way with those who are at home now; whoever is out is in no danger."""
    home = scene.around.share("dwelling")
    found: list[House] = []
    persons: list[Person] = []
    size = max(1, round(p.household))
    doors = 0
    for i in range(math.ceil(residents / size)):
        at, nerve, heeds = stream.uniform(), stream.exponential(), stream.uniform()
        luck = tuple(stream.uniform() for _ in range(round(p.again_most) + 1))
        members = []
        for k in range(min(size, residents - i * size)):
            present = stream.uniform() < home
            who = Villager(f"p{i * size + k + 1:04d}", stream.uniform(), stream.uniform(), stream.uniform())
            if present:
                members.append(who)
                persons.append(Person(who.id, Status.EXPOSED, f"house-{i + 1}", entrapment=CURVE))
        doors += len(members)
        found.append(House(at, luck, nerve, heeds, tuple(members), float(doors), empty=not members))
    return tuple(found), [Involve(tuple(persons))] if persons else []


def neighbours(p: Parameters, scene: Scene, residents: int) -> float:
    """People who would come and dig: a share of the residents near by."""
    near = max(scene.around.residents(p.neighbour_within), float(residents))
    return min(p.neighbours_most, p.neighbour_share * near)


# ── leaving ──


def warned(p: Parameters, found: Sequence[House], asleep: float) -> tuple[House, ...]:
    """When those who heed the signs leave by themselves: word goes from door to door, slower among sleepers."""
    scale = p.warn * (1 + (p.asleep - 1) * asleep)
    return tuple(replace(h, leaves=scale * h.nerve if h.heeds < p.heed else math.inf) for h in found)


def leaving(state: State) -> Iterator[tuple[float, str, int]]:
    """When the next household leaves by itself."""
    for k, house in enumerate(state.houses):
        if not house.empty and house.leaves < math.inf:
            yield house.leaves - state.age, "left_home", k


def next_fetched(state: State) -> int:
    """The first house in the order of the doors whose people are still in; −1 if none."""
    return next((k for k, house in enumerate(state.houses) if not house.empty), -1)


def left_home(state: State, k: int, why: str) -> tuple[State, tuple[Effect, ...]]:
    """A household is out of danger."""
    house = state.houses[k]
    after = replace(state, houses=_with(state.houses, k, replace(house, empty=True)))
    return after, (Harm(tuple(who.id for who in house.people), Status.SAFE, why=why),)


# ── when it comes down ──


def struck(p: Parameters, state: State) -> tuple[State, list[Effect]]:
    """The mass reaches the houses, for the first time or again (a smaller mass reaches fewer of them)."""
    slide, scale = state.count, 1.0 if state.count == 0 else p.again_size
    killed: list[str] = []
    caught: list[Held] = []
    bodies = list(state.bodies)
    buried_ids: list[str] = []
    hurt: dict[Triage, list[str]] = {Triage.RED: [], Triage.YELLOW: [], Triage.GREEN: []}
    after: list[House] = []
    dig, each = state.works.dig, slope.depth_over(p, state) * p.house_area
    for house in state.houses:
        share = p.destroyed_near if house.at < p.near else p.destroyed_far
        if house.empty or slide >= len(house.luck) or house.luck[slide] >= scale * share:
            after.append(replace(house, leaves=state.age + p.flee * house.nerve) if slide == 0 else house)
            continue
        lost = False
        for who in house.people:
            if who.fate < p.killed:
                killed.append(who.id)
                bodies.append(_lies(who, dig, each))
                lost = True
            elif who.fate < p.killed + p.buried:
                buried_ids.append(who.id)
                caught.append(_held(p, who, dig, each))
                lost = True
            else:
                hurt[_colour(p, (who.fate - p.killed - p.buried) / (1 - p.killed - p.buried))].append(who.id)
        dig += each if lost else 0.0
        after.append(replace(house, empty=True, hit=True))
    effects: list[Effect] = []
    if killed:
        effects.append(Harm(tuple(killed), Status.DEAD, why="killed", hidden=True))
    if buried_ids:
        effects.append(Harm(tuple(buried_ids), Status.TRAPPED, why="buried"))
    effects += [Harm(tuple(ids), Status.WAITING, colour, "hurt") for colour, ids in hurt.items() if ids]
    hands = tuple(held for held in caught if held.depth <= 0.0)
    deep = tuple(sorted((*state.deep, *(h for h in caught if h.depth > 0.0)), key=lambda h: (h.depth, h.who.id)))
    to_locate = state.works.locate + p.locate_each * sum(
        h.hit and not b.hit for h, b in zip(after, state.houses, strict=True)
    )
    works = replace(state.works, dig=dig, locate=to_locate)
    return replace(
        state,
        houses=tuple(after),
        hands=(*state.hands, *hands),
        deep=deep,
        bodies=tuple(sorted(bodies)),
        works=works,
    ), effects


def dug_out(p: Parameters, held: Held, why: str) -> Harm:
    """Somebody is out: hurt, as far as they still live."""
    return Harm((held.who.id,), Status.WAITING, _colour(p, held.who.toil), why)


def hits(state: State) -> int:
    """Houses hit so far."""
    return sum(house.hit for house in state.houses)


def _held(p: Parameters, who: Villager, before: float, each: float) -> Held:
    """How much work lies above somebody: by hand near the surface, else the debris dug before theirs and a part of it."""
    if who.depth < p.surface:
        return Held(who, p.hand_least + (p.hand_most - p.hand_least) * who.toil)
    return Held(who, p.extricate, _lies(who, before, each))


def _lies(who: Villager, before: float, each: float) -> float:
    """Debris (m³) to be dug down to somebody: what lies over the houses dug before theirs, and a part of their own."""
    return before + each * max(who.toil, math.ulp(1.0))


def _colour(p: Parameters, luck: float) -> Triage:
    if luck < p.red:
        return Triage.RED
    return Triage.YELLOW if luck < p.red + p.yellow else Triage.GREEN


def _with(found: tuple[House, ...], k: int, house: House) -> tuple[House, ...]:
    return (*found[:k], house, *found[k + 1 :])


def in_zone(state: State) -> bool:
    """Whether people are still in houses it may hit, once it has come down."""
    return state.phase is Phase.LYING and state.inside > 0
