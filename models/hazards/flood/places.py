"""Places near the water: who is there, who leaves in time, whom the water catches, who is fetched from the roofs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.flood import water
from models.hazards.flood.parameters import Parameters
from models.hazards.flood.state import Channel, Dweller, Place, State, Water
from sim.domain.hazards import Cut, Effect, Harm, Involve, Note, Roads, Scene, Shock
from sim.domain.people import Person, Status, Triage
from sim.domain.places import Reach
from sim.streams import Stream

Due = tuple[float, str, int]

# ── who is there ──


def found(p: Parameters, scene: Scene, mean: float, dike: bool) -> list[tuple[Place, float]]:
    """Places and how many live near the water there: at the site unless it is a dam, then down the river."""
    at_dam, people = p.at_dam > 0.0, scene.scope["people"]
    river = [reach for reach in scene.around.river if 0.0 < reach.along <= p.downstream]
    homes = [reach for reach in river if not reach.intake][: round(p.places_most)]
    places: list[tuple[Place, float]] = []
    channel = water.bed(p, mean, p.site_slope)
    if not at_dam:
        outer = p.outer if dike else 1.0
        places.append((_place("", scene.site.town, 0.0, channel), people * outer))
        if dike:
            places.append((replace(places[0][0], behind=True), people * (1 - outer)))
    for reach in homes:
        places.append((_below(p, reach, mean), reach.people))
    if at_dam and not homes:
        places.append((_place("", scene.site.town, p.fallback_along, channel), people))
    for reach in river:
        if reach.intake:
            places.append((replace(_below(p, reach, mean), serves=reach.serves), 0.0))
    return places


def peopled(
    p: Parameters, places: Sequence[tuple[Place, float]], scene: Scene, stream: Stream
) -> tuple[tuple[Place, ...], float, list[Effect]]:
    """The places with those who are there at this hour, one by one up to a limit; how many there are in truth."""
    home = scene.around.share("dwelling")
    here = home + (1 - home) * p.stays
    truth = math.fsum(number * here for _, number in places)
    told = min(1.0, p.followed / truth) if truth > 0.0 else 1.0
    full: list[Place] = []
    persons: list[Person] = []
    for place, number in places:
        count = round(number * here * told)
        dwellers = tuple(_dweller(p, len(persons) + i + 1, stream) for i in range(count))
        group = place.name or ("behind-the-dike" if place.behind else "by-the-river")
        full.append(replace(place, people=dwellers, chunk=max(1, math.ceil(count / p.told_in))))
        persons += [Person(who.id, Status.EXPOSED, group) for who in dwellers]
    return tuple(full), truth, [Involve(tuple(persons))] if persons else []


def warned(p: Parameters, state: State, at: float) -> State:
    """Word goes out to all places that have none yet."""
    places = tuple(
        _expecting(p, replace(x, warned_at=at), state.sleeping) if at < x.warned_at else x for x in state.places
    )
    return replace(state, places=places)


def _dweller(p: Parameters, door: int, stream: Stream) -> Dweller:
    """Somebody with all their luck; with an upper floor to go to they do not freeze on a roof."""
    nerve, heeds, luck = stream.exponential(), stream.uniform(), stream.uniform()
    bears, hurt, upstairs = stream.exponential(), stream.uniform(), stream.uniform() < p.upstairs
    return Dweller(f"p{door:04d}", door, nerve, heeds, luck, math.inf if upstairs else bears, hurt)


def _place(name: str, code: str, along: float, channel: Channel) -> Place:
    return Place(name, code, along, channel, ())


def _below(p: Parameters, reach: Reach, mean: float) -> Place:
    return _place(reach.name, reach.code, reach.along, water.bed(p, max(mean, reach.flow), reach.drop / reach.along))


# ── who leaves ──


def leaves(p: Parameters, place: Place, who: Dweller, asleep: float) -> float:
    """When somebody has left by themselves (age); inf for those who do not heed a warning."""
    if who.heeds >= p.heed:
        return math.inf
    slower = 1 + (p.asleep - 1) * asleep
    return place.warned_at + p.warn * slower * who.nerve + p.walk / p.walking


def gone(p: Parameters, state: State, place: Place) -> set[str]:
    """Those who have left a place, by themselves or fetched from their doors."""
    return {
        who.id for who in place.people if who.door <= state.moved or leaves(p, place, who, state.sleeping) <= state.age
    }


def leaving(state: State, fetched: float) -> Iterator[Due]:
    """When the next of those in a place have left, so many together, by themselves or fetched."""
    for k, place in enumerate(state.places):
        if place.people:
            yield place.own_at - state.age, "leave_by_themselves", k
            yield kernels.work_done_in(_next_door(place) - state.moved, fetched), "fetched", k


def left(p: Parameters, state: State, k: int, name: str) -> tuple[State, list[Effect]]:
    """Those who have left a place by now are safe."""
    place = state.places[k]
    if name == "fetched":
        state = replace(state, moved=max(state.moved, float(_next_door(place))))
    else:
        state = replace(state, age=max(state.age, place.own_at))
    away = gone(p, state, place)
    rest = replace(place, people=tuple(who for who in place.people if who.id not in away))
    effects: list[Effect] = [Harm(tuple(sorted(away)), Status.SAFE, why=name)] if away else []
    return replace(state, places=_with(state.places, k, _expecting(p, rest, state.sleeping))), effects


def _next_door(place: Place) -> int:
    return place.people[min(place.chunk, len(place.people)) - 1].door


def _expecting(p: Parameters, place: Place, asleep: float) -> Place:
    """The place, with the moment at which the next of its people have left by themselves."""
    own = sorted(t for who in place.people if (t := leaves(p, place, who, asleep)) < math.inf)
    return replace(place, own_at=own[min(place.chunk, len(own)) - 1] if own else math.inf)


# ── what the water does ──


def arriving(state: State) -> Iterator[Due]:
    """When water reaches, crests at and leaves each place."""
    for k, place in enumerate(state.places):
        if place.water is Water.NONE:
            yield place.floods_at - state.age, "water_arrives", k
        elif place.water is Water.RISING:
            yield place.crests_at - state.age, "water_crests", k
        elif place.water is Water.CRESTED:
            yield place.falls_at - state.age, "water_falls", k


def arrives(p: Parameters, state: State, k: int) -> tuple[State, list[Effect]]:
    """Water comes into a place: whoever has not left is caught, up on roofs as far as they get there."""
    place = state.places[k]
    escaped = gone(p, state, place)
    away = tuple(who.id for who in place.people if who.id in escaped)
    caught = tuple(who for who in place.people if who.id not in escaped)
    effects: list[Effect] = []
    if away:
        effects.append(Harm(away, Status.SAFE, why="left_in_time"))
    if caught:
        effects.append(Harm(tuple(who.id for who in caught), Status.TRAPPED, why="cut_off_by_water"))
    after = replace(place, people=(), roofs=caught, water=Water.RISING, load=p.boat_load_time)
    return replace(state, places=_with(state.places, k, after)), effects


def crests(p: Parameters, state: State, k: int, *, sudden: bool) -> tuple[State, list[Effect]]:
    """The water is at its highest in a place: by its depth, speed and rise some drown of those still in it."""
    place = state.places[k]
    depth = max(place.depth, water.over_ground(p, place.channel, place.flow))
    velocity = water.speed(p, place.channel, water.stage(p, place.channel, place.flow))
    if place.behind:
        velocity *= p.behind_speed
    span = max(p.rise_least, place.crests_at - place.floods_at)
    rise = math.inf if sudden else depth / span
    share = water.drowning(p, depth, rise, velocity * p.beside_speed)
    drowned = tuple(who.id for who in place.roofs if who.luck < share)
    roofs = tuple(who for who in place.roofs if who.luck >= share)
    effects: list[Effect] = [Harm(drowned, Status.DEAD, why="drowned", hidden=True)] if drowned else []
    walked: tuple[str, ...] = ()
    if depth < p.wade:  # shallow water is waded through
        walked, roofs = tuple(who.id for who in roofs), ()
        effects += [Harm(walked, Status.SAFE, why="waded_out")] if walked else []
    after = replace(place, water=Water.CRESTED, depth=depth, roofs=roofs)
    values = {"depth": depth, "velocity": velocity, "flow": place.flow, "share": share, "along": place.along}
    values |= {"people": float(len(drowned) + len(roofs) + len(walked)), "drowned": float(len(drowned))}
    effects.append(Note("water_crests", values))
    if place.code and depth >= p.wade:
        effects.append(Shock("flood_wave", place.code, values))
        effects.append(Cut("power", p.power_left, towns=(place.code,), why="flooded"))
        effects.append(Roads(0.0, towns=(place.code,), per_km=p.road_cut, why="flooded"))
    if place.serves and depth >= p.wade:
        effects.append(Cut("water", p.water_left, towns=place.serves, why="flooded"))
    return replace(state, places=_with(state.places, k, after), drowned=state.drowned + len(drowned)), effects


def falls(p: Parameters, state: State, k: int) -> tuple[State, list[Effect]]:
    """The water is gone from a place: those on roofs come down."""
    place = state.places[k]
    effects = ashore(p, place.roofs)
    if place.serves:
        effects.append(Cut("water", 1.0, towns=place.serves, why="water_falls"))
    after = replace(place, water=Water.GONE, roofs=(), falls_at=state.age)
    return replace(state, places=_with(state.places, k, after)), [*effects, Note("water_falls", {"along": place.along})]


# ── on the roofs ──


def later(p: Parameters, place: Place, dt: float, boats: float, scale: float) -> Place:
    """A place `dt` seconds later: cold on the roofs, boats under way."""
    if place.water in (Water.NONE, Water.GONE):
        return place
    used = kernels.clock_used(place.wet, dt, p.roof_shape, scale, 1.0) if place.roofs else 0.0
    return replace(
        place, wet=place.wet + dt, cold=place.cold + used,
        load=kernels.work_left(place.load, boats, dt) if place.roofs else place.load,
    )  # fmt: skip


def on_roofs(p: Parameters, state: State, boats: Sequence[float]) -> Iterator[Due]:
    """When a boat brings the next load ashore, and when somebody is at the end of their strength."""
    for k, place in enumerate(state.places):
        if place.roofs:
            yield kernels.work_done_in(place.load, boats[k]), "boat_load", k
            first = min(who.bears for who in place.roofs) - place.cold
            yield kernels.clock_rings_in(first, place.wet, p.roof_shape, state.roof_scale, 1.0), "exhausted", k


def afloat(effort: dict[str, float]) -> float:
    """Boats, and crews trained in moving water, who each bring one."""
    return effort.get("boats", 0.0) + effort.get("swift", 0.0)


def shares(p: Parameters, state: State, boats: float) -> list[float]:
    """How many boats work at each place: the first served first, each up to its room."""
    given = []
    for place in state.places:
        here = min(boats, room(p, place))
        given.append(here)
        boats -= here
    return given


def room(p: Parameters, place: Place) -> float:
    """Boats that find room at a place."""
    return min(p.boats_most, math.ceil(len(place.roofs) / p.boat_load)) if place.roofs else 0.0


def boated(p: Parameters, state: State, k: int) -> tuple[State, list[Effect]]:
    """A load is ashore: the first of those on the roofs."""
    place, load = state.places[k], round(p.boat_load)
    after = replace(place, roofs=place.roofs[load:], load=p.boat_load_time)
    return replace(state, places=_with(state.places, k, after)), ashore(p, place.roofs[:load])


def exhausted(state: State, k: int) -> tuple[State, list[Effect]]:
    """The one on the roofs who bears least dies of cold."""
    place = state.places[k]
    who = min(place.roofs, key=lambda one: (one.bears, one.id))
    after = replace(place, roofs=tuple(one for one in place.roofs if one.id != who.id), cold=max(place.cold, who.bears))
    lost = replace(state, places=_with(state.places, k, after), drowned=state.drowned + 1)
    return lost, [Harm((who.id,), Status.DEAD, why="exhausted")]


def ashore(p: Parameters, people: Sequence[Dweller]) -> list[Effect]:
    """How people come down from roofs: some hurt, most cold and wet only."""
    kinds: dict[Triage | None, list[str]] = {}
    for who in people:
        colour = (
            Triage.RED if who.hurt < p.roof_red else Triage.YELLOW if who.hurt < p.roof_red + p.roof_yellow else None
        )
        kinds.setdefault(colour, []).append(who.id)
    return [
        Harm(tuple(ids), Status.WAITING if colour else Status.SAFE, colour, "ashore") for colour, ids in kinds.items()
    ]


def _with(places: tuple[Place, ...], k: int, place: Place) -> tuple[Place, ...]:
    return (*places[:k], place, *places[k + 1 :])
