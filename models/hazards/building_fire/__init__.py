"""Building fire (建筑火灾): rooms that flash over one after another, smoke on floors and in stairs, people who are in time or not.

A room's fire follows t² until air or fuel limit it, passes on by partitions and fronts while it is flashed over, and dies of water
or want of fuel. People notice, set out, walk and queue; whom flashover or smoke forestalls is cut off and breathes until brought
out. Water races growth; the first line goes to the stairs. Cylinders burst, structures fail, the next building may catch fire.
Blind to lifts, to what people do for one another, to the plan of a real building, to fans. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.building_fire import building, burning, seen, smoke, water
from models.hazards.building_fire import people as crew
from models.hazards.building_fire.parameters import Parameters
from models.hazards.building_fire.state import Floor, Occupant, Phase, Room, State
from sim.domain.hazards import (
    Demand,
    DemandKind,
    Effect,
    Footprint,
    Found,
    Harm,
    Inputs,
    Need,
    Note,
    Over,
    Scene,
    Sighting,
    Strike,
)
from sim.domain.people import Status
from sim.domain.places import Site
from sim.streams import Stream

__all__ = ["Floor", "Model", "Occupant", "Parameters", "Phase", "Room", "State"]

Due = tuple[float, str, int]  # seconds from now, event, index of the room or person
Jump = tuple[State, Sequence[Effect]]

WORK, RATE, HOLD = DemandKind.WORK, DemandKind.RATE, DemandKind.HOLD
_ROOM = ("room_lost", "flashover", "fully_alight", "dies_down", "fuel_low", "room_out")
_PERSON = ("gets_out", "smoke_kills", "brought_out")


class Model:
    """A building fire; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> Jump:
        """The moment it catches fire: where in the building, who is where, what stands around."""
        p = self.p
        misjudged = math.exp(p.seen_error * stream.normal())
        door_held, tough = stream.uniform(), stream.uniform()
        bursts = (first := stream.exponential(), first + stream.exponential())
        rooms, floors, columns, seat, storeys = building.laid_out(p, scene, stream)
        alight = [room.column for room in rooms if room.burns]
        people, effects = crew.settle(p, scene, seat, columns, storeys, alight, stream)
        state = State(
            rooms, columns, seat, storeys, floors, people, (), building.beside(p, rooms, stream),
            stairs_delay=0.0 if door_held < p.stairs_open else p.stairs_leak,
            hydrants=building.hydrants(p, scene), bursts=bursts,
            stands=p.stands * (1 + p.stands_spread * (2 * tough - 1)),
            gap=burning.flames_across(p, building.gap(p, scene)), curtain=p.exposed_for, gas=p.gas,
            overhaul=0.0, search=0.0, misjudged=misjudged, weather=scene.weather,
        )  # fmt: skip
        return state, effects

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """The building `dt` seconds later."""
        p, effort = self.p, inputs.effort
        flow = water.attack(p, state, inputs)
        cooled = water.cooling(p, state, flow)
        lick = building.climbs(p, state.weather)
        rooms = list(state.rooms)
        for k in state.burning:
            rooms[k] = burning.later(p, rooms[k], dt, cooled[k], lick)
        trapped = [crew.breathing(p, who, dt, state.age, state.clear) for who in state.trapped]
        for k, rate in crew.rates(p, state, effort):
            trapped[k] = replace(trapped[k], left=kernels.work_left(trapped[k].left, rate, dt))
        work = state.out
        return replace(
            state,
            rooms=tuple(rooms),
            floors=smoke.later(state, dt),
            trapped=tuple(trapped),
            stairs=state.stairs + smoke.stairs_rate(state) * dt,
            burst=state.burst + self._burst_rate(state) * dt,
            exposed=state.exposed + self._exposure(state, effort) * dt,
            gas=kernels.work_left(state.gas, effort.get("gas_off", 0.0), dt),
            overhaul=kernels.work_left(state.overhaul, effort.get("overhaul", 0.0) * work, dt),
            search=kernels.work_left(state.search, effort.get("search", 0.0) * work, dt),
            age=state.age + dt,
            attack=flow,
            weather=inputs.weather,
        )

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The soonest of all that may happen by itself."""
        if state.over:
            return math.inf, ""
        due = min(self._due(state, inputs), default=(math.inf, "", 0))
        return max(0.0, due[0]), due[1]

    def fire(self, state: State, name: str, inputs: Inputs) -> Jump:
        """The jump at that event, in the room or to the person that is due."""
        k = min((due for due in self._due(state, inputs) if due[1] == name), default=(0.0, name, 0))[2]
        match name:
            case _ if name in _ROOM:
                jump = self._in_room(state, name, k)
            case _ if name in _PERSON:
                jump = self._to_person(state, name, k)
            case "spreads":
                jump = (
                    _with(state, k, burning.alight(self.p, state.rooms[k])),
                    (Note(name, _floor(state.rooms[k])),),
                )
            case "floor_lost" | "stairs_lost":
                jump = self._smoke(state, name, k)
            case "cylinder_bursts":
                jump = self._bursts(state)
            case "structure_fails":
                jump = self._fails(state, k)
            case "accounted":
                jump = replace(state, over=True), (Over(name),)
            case _:
                jump = self._goes_on(state, name)
        return jump

    def demands(self, state: State) -> Sequence[Demand]:
        """Water, crews and ladders for those cut off, gas shut off, a curtain; then overhaul and search."""
        return list(seen.demands(self.p, state, self._threatens(state)))

    def readings(self, state: State) -> dict[str, float]:
        """Heat and area on fire, water on it, floors lost to smoke, people inside and cut off."""
        alight = [state.rooms[k] for k in state.burning]
        return {
            "heat": math.fsum(room.heat for room in alight),
            "burning": math.fsum(burning.burning_area(self.p, room) for room in alight),
            "burnt": math.fsum(room.area for room in state.rooms if room.phase is not Phase.LATENT),
            "attack": 0.0 if state.out else state.attack,
            "floors_lost": float(sum(floor.lost for floor in state.floors)),
            "inside": float(len(state.moving) + len(state.trapped)),
            "cut_off": float(len(state.trapped)),
            "overhaul": state.overhaul,
        }

    def mode(self, state: State) -> str:
        """growing while rooms still catch fire or grow, steady at full blaze, declining under water, controlled when out, over."""
        if state.over:
            return "over"
        if state.out:
            return "controlled"
        alight = [state.rooms[k] for k in state.burning]
        cooled = water.cooling(self.p, state, state.attack)
        if all(cooled[k] >= state.rooms[k].heat or state.rooms[k].phase is Phase.DECAYING for k in state.burning):
            return "declining"
        return "growing" if any(room.phase is Phase.GROWING for room in alight) else "steady"

    def footprint(self, state: State) -> Footprint:
        """Falling glass and smoke around it."""
        return Footprint(0.0 if state.out else self.p.danger)

    def observe(self, state: State, stream: Stream) -> Sighting:
        """Flames are seen from outside; what burns within is judged too small or too large alike each time."""
        return seen.sighting(self.p, state, stream, self._threatens(state))

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's; what is seen decides
        """Water for twice what is seen to burn, crews for those cut off, ladders, gas; hands once it is out."""
        return tuple(seen.needs(self.p, sighting))

    # ── what is due ──

    def _due(self, state: State, inputs: Inputs) -> Iterator[Due]:
        """Everything that will happen by itself under these inputs: (seconds, name, index)."""
        p, effort = self.p, inputs.effort
        yield from self._fires(state, inputs)
        yield from smoke.due(state)
        if state.bursts:
            left = state.bursts[0] - state.burst
            yield kernels.work_done_in(left, self._burst_rate(state)), "cylinder_bursts", 0
        if not state.spread:
            left = state.curtain - state.exposed
            yield kernels.work_done_in(left, self._exposure(state, effort)), "neighbour_ignites", 0
        if state.gas > 0.0 and not state.out:
            yield kernels.work_done_in(state.gas, effort.get("gas_off", 0.0)), "gas_is_off", 0
        yield from crew.due(p, state, effort)
        if state.out:
            yield from self._afterwards(state, effort)
        elif not state.burning:
            yield 0.0, "fire_out", 0

    def _fires(self, state: State, inputs: Inputs) -> Iterator[Due]:
        """What the rooms that burn will do, and where fire passes from them."""
        p = self.p
        cooled = water.cooling(p, state, water.attack(p, state, inputs))
        lick = building.climbs(p, state.weather)
        for k in state.burning:
            room = state.rooms[k]
            yield from ((span, name, k) for span, name in burning.due(p, room, cooled[k]))
            if room.flashed:
                for other, left in building.next_to(state, k, lick):
                    yield left, "spreads", other
                if not (state.failed or room.next):
                    yield state.stands - room.hot, "structure_fails", k

    def _afterwards(self, state: State, effort: dict[str, float]) -> Iterator[Due]:
        """Nothing burns any more: smoke clears, embers are turned over, every room is searched."""
        if not state.clear:
            yield state.out_at + self.p.clears - state.age, "smoke_clears", 0
        if state.overhaul > 0.0:
            yield kernels.work_done_in(state.overhaul, effort.get("overhaul", 0.0)), "overhauled", 0
        if state.search > 0.0:
            yield kernels.work_done_in(state.search, effort.get("search", 0.0)), "searched", 0
        if not (state.moving or state.trapped or state.overhaul > 0.0 or state.search > 0.0):
            yield 0.0, "accounted", 0

    def _burst_rate(self, state: State) -> float:
        """Rate at which cylinders burst: by the rooms flashed over, less once the gas is off."""
        alight = sum(room.flashed for room in state.rooms)
        return self.p.bursts * alight * (1.0 if state.gas > 0.0 else self.p.gas_off) if state.bursts else 0.0

    def _threatens(self, state: State) -> bool:
        """Whether flames reach the next building."""
        return not state.spread and building.flames(state) >= state.gap

    def _exposure(self, state: State, effort: dict[str, float]) -> float:
        """How fast the next building comes to burn: not at all behind a curtain of water."""
        if not self._threatens(state) or effort.get("curtain", 0.0) >= self.p.curtain * (1 - 1e-9):
            return 0.0
        return building.climbs(self.p, state.weather)

    # ── jumps ──

    def _goes_on(self, state: State, name: str) -> Jump:
        """What changes the building as a whole; a threshold is set onto its mark."""
        effects: list[Effect] = [Note(name, {"burnt": self.readings(state)["burnt"]})]
        match name:
            case "fire_out":
                burnt = self.readings(state)["burnt"]
                inside = math.fsum(room.area for room in state.rooms)
                state = replace(
                    state, out_at=state.age, overhaul=self.p.overhaul * burnt, search=self.p.search * inside
                )
            case "smoke_clears":
                state = replace(state, clear=True)
            case "neighbour_ignites":
                first, *others = state.neighbour
                rooms = (*state.rooms, burning.alight(self.p, first), *others)
                state = replace(state, spread=True, exposed=state.curtain, rooms=rooms, neighbour=())
            case "gas_is_off":
                state = replace(state, gas=0.0)
            case "overhauled":
                state = replace(state, overhaul=0.0)
            case "searched":
                state = replace(state, search=0.0)
                effects.append(Found(name))
        return state, effects

    def _in_room(self, state: State, name: str, k: int) -> Jump:
        """A room's fire passes a mark; who is in it is cut off, and dies as it flashes over."""
        room = state.rooms[k]
        first = name == "flashover" and not room.gone
        state = _with(state, k, burning.happens(room, name))
        if room.next:
            return state, (Note(name, _floor(room)),) if name == "flashover" else ()
        here = [
            who
            for who in state.moving
            if who.floor == room.floor and who.room == room.column and who.stairs > state.age
        ]
        effects: list[Effect] = []
        if name == "room_lost" or first:
            state = replace(state, trapped=crew.in_order(smoke.fled(state, k)))
            state, effects = _cut_off(state, crew.caught(here, state.age, True), "room_lost")
            here = []
        if name == "flashover":
            inside = (*here, *(who for who in state.trapped if who.floor == room.floor and who.room == room.column))
            state, lost = _killed(state, inside, "flashed_over")
            effects += lost
            effects.append(Note(name, _floor(room)))
        return state, effects

    def _smoke(self, state: State, name: str, k: int) -> Jump:
        """A floor, or the stairs, cannot be passed any more."""
        if name == "stairs_lost":
            state = replace(state, stairs_lost=True, stairs=state.stairs_delay)
            above = [who for who in state.moving if who.floor > state.seat]
            under_way = crew.caught((who for who in above if who.stairs <= state.age), state.age, True)
            waiting = crew.caught((who for who in above if who.stairs > state.age), state.age, False)
            state, effects = _cut_off(state, [*under_way, *waiting], name)
        else:
            floor = state.floors[k]
            after = replace(floor, lost=True, clock=floor.delay)
            state = replace(state, floors=(*state.floors[:k], after, *state.floors[k + 1 :]))
            here = [who for who in state.moving if who.floor == floor.number and who.stairs > state.age]
            state, effects = _cut_off(state, crew.caught(here, state.age, None), name)
            state = replace(state, trapped=crew.in_order(smoke.reached(state, floor.number)))
        return state, [Note(name, {"people": float(len(state.trapped))}), *effects]

    def _to_person(self, state: State, name: str, k: int) -> Jump:
        """Somebody is out by themselves, brought out, or dead of smoke."""
        if name == "gets_out":
            who, *others = state.moving
            state = replace(state, moving=tuple(others))
            effects: list[Effect] = [Harm((who.id,), Status.SAFE, why=name)]
        elif name == "smoke_kills":
            state, effects = _killed(state, (state.trapped[k],), name)
        else:
            who = state.trapped[k]
            state = replace(state, trapped=state.trapped[:k] + state.trapped[k + 1 :])
            effects = [Harm((who.id,), Status.WAITING, crew.colour(self.p, who), name)]
        return state, effects if state.moving or state.trapped else [*effects, Note("all_out")]

    def _bursts(self, state: State) -> Jump:
        """A gas cylinder: the next room is alight, crews near it are hit."""
        p = self.p
        state = replace(state, burst=max(state.burst, state.bursts[0]), bursts=state.bursts[1:])
        flashed = [k for k, room in enumerate(state.rooms) if room.flashed]
        reached = sorted(other for k in flashed for other, _ in building.next_to(state, k, 1.0))
        if reached:
            state = _with(state, reached[0], burning.alight(p, state.rooms[reached[0]]))
        hit = Strike(
            "cylinder_bursts",
            ("first_line", "water", "rescue"),
            p.burst_dead,
            p.burst_red,
            p.burst_yellow,
            p.burst_green,
        )
        return state, (Note("cylinder_bursts", {"rooms": float(len(flashed))}), hit)

    def _fails(self, state: State, k: int) -> Jump:
        """Part of it comes down on those cut off there and above, and on crews inside; nobody fights it from inside any more."""
        p, room = self.p, state.rooms[k]
        inside = water.inside(p, state)
        state = replace(_with(state, k, replace(room, hot=max(room.hot, state.stands))), failed=True)
        under = [who for who in state.trapped if who.floor >= room.floor and who.luck < p.fail_kills]
        state, effects = _killed(state, under, "structure_fails")
        effects.insert(0, Note("structure_fails", {"burnt": self.readings(state)["burnt"], **_floor(room)}))
        demands = ("first_line", "water", "rescue") if inside else ("rescue",)
        effects.append(Strike("structure_fails", demands, p.fail_dead, p.fail_red, p.fail_yellow, p.fail_green))
        return state, effects


def _floor(room: Room) -> dict[str, float]:
    return {"floor": float(room.floor), "area": room.area}


def _with(state: State, k: int, room: Room) -> State:
    return replace(state, rooms=(*state.rooms[:k], room, *state.rooms[k + 1 :]))


def _cut_off(state: State, people: Sequence[Occupant], why: str) -> tuple[State, list[Effect]]:
    """These people cannot get out by themselves any more."""
    if not people:
        return state, []
    names = {who.id for who in people}
    state = replace(
        state,
        moving=tuple(who for who in state.moving if who.id not in names),
        trapped=crew.in_order((*state.trapped, *people)),
    )
    return state, [Harm(tuple(who.id for who in people), Status.TRAPPED, why=why)]


def _killed(state: State, people: Iterable[Occupant], why: str) -> tuple[State, list[Effect]]:
    """These people are dead."""
    names = tuple(who.id for who in people)
    if not names:
        return state, []
    state = replace(
        state,
        moving=tuple(who for who in state.moving if who.id not in names),
        trapped=tuple(who for who in state.trapped if who.id not in names),
    )
    return state, [Harm(names, Status.DEAD, why=why, hidden=True)]
