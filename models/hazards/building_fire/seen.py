"""What people see of a burning building, what it needs in truth, and what a duty officer asks for who believes what is seen."""

from __future__ import annotations

import math
from collections.abc import Iterator

from models.hazards.building_fire import burning, people, water
from models.hazards.building_fire.parameters import Parameters
from models.hazards.building_fire.state import Phase, State
from sim.domain.hazards import Demand, DemandKind, Need, Sighting
from sim.streams import Stream

WORK, RATE, HOLD, SERVICE = DemandKind.WORK, DemandKind.RATE, DemandKind.HOLD, DemandKind.SERVICE


def can_burn(state: State) -> float:
    """m² that can burn."""
    return math.fsum(room.area for room in state.rooms)


def demands(p: Parameters, state: State, threatens: bool) -> Iterator[Demand]:
    """What the fire needs now, in truth."""
    yield Demand("cordon", HOLD, "CORDON", p.cordon, priority=3, wears=False)
    if not state.out:
        alight = [state.rooms[k] for k in state.burning]
        area = math.fsum(burning.burning_area(p, room) for room in alight)
        heat = math.fsum(room.heat for room in alight)
        face = water.face(p, can_burn(state))
        line = p.stairs_line if state.trapped else 0.0
        flow = max(p.water_least, water.wanted(p, area, heat, water.inside(p, state)) + line)
        first = min(p.first_crew, face)
        yield Demand("first_line", RATE, "FIRE_WATER", min(first, flow), first, p.water_set_up, 1)
        if face > first:  # one more line at least, but only once crews are in
            more = max(p.stairs_line, flow - first)
            yield Demand("water", RATE, "FIRE_WATER", min(face - first, more), face - first, p.water_set_up, 2)
        if threatens:
            yield Demand("curtain", RATE, "FIRE_WATER", p.curtain, p.curtain, p.water_set_up, 2)
        if state.gas > 0.0:
            yield Demand("gas_off", WORK, "GAS_REPAIR", state.gas, 1.0, priority=3)
    if state.trapped:
        crews = min(p.rescue_face, math.ceil(len(state.trapped) / p.pairs))
        yield Demand("rescue", SERVICE, "USAR", float(len(state.trapped)), crews, p.rescue_set_up, 1)
        if up := people.laddered(p, state):
            face = min(p.ladder_face, float(len(up)))
            yield Demand("ladders", SERVICE, "AERIAL", float(len(up)), face, p.ladder_set_up, 1)
    if state.out:
        burnt = math.fsum(room.area for room in state.rooms if room.phase is not Phase.LATENT)
        if state.overhaul > 0.0:
            face = max(1.0, math.ceil(burnt / p.overhaul_place))
            yield Demand("overhaul", WORK, "USAR", state.overhaul, face, priority=4)
        if state.search > 0.0:
            face = max(p.search_least, can_burn(state) / p.search_place)
            yield Demand("search", WORK, "SEARCH", state.search, face, priority=2)


def sighting(p: Parameters, state: State, stream: Stream, threatens: bool) -> Sighting:
    """Area on fire as judged from outside, where it is, whether the next building is in danger."""
    area = math.fsum(burning.burning_area(p, state.rooms[k]) for k in state.burning)
    judged = area * state.misjudged * math.exp(p.seen_error / 2 * stream.normal())
    whole = can_burn(state)
    top = max((state.rooms[k].floor for k in state.burning if not state.rooms[k].next), default=state.seat)
    return Sighting(
        figures={
            "burning": judged,
            "can_burn": whole,
            "floor": float(top),
            "storeys": float(state.storeys),
            "out": float(state.out),
            "gas": float(state.gas > 0.0),
            "exposed": float(threatens),
            "overhaul": state.overhaul,
            "by_volume": water.by_volume(p, judged * p.height),
            "by_floor": water.by_floor(p, max(judged, 1.0), 1.0),
        }
    )


def needs(p: Parameters, sight: Sighting) -> Iterator[Need]:
    """Water for what will burn when it arrives, a crew for each three cut off, ladders up to where they reach."""
    seen = sight.figures
    if not seen:
        return
    yield Need("CORDON", p.cordon, 3)
    if not seen["out"]:
        area = min(seen["can_burn"], p.ahead * seen["burning"])
        flow = water.wanted(p, area, area * p.fuel_heat, area <= p.inside_most)
        curtain = p.curtain if seen["exposed"] else 0.0
        yield Need("FIRE_WATER", min(water.face(p, seen["can_burn"]), max(p.water_least, flow)) + curtain, 1)
        if seen["gas"]:
            yield Need("GAS_REPAIR", 1.0, 3)
    if sight.trapped or not seen["out"]:
        crews = math.ceil(sight.trapped / p.pair_serves / p.pairs)
        yield Need("USAR", min(p.rescue_face, max(1.0, crews)), 1)
        if sight.trapped and 1 < seen["floor"] <= p.ladder_floors:
            yield Need("AERIAL", 1.0 if sight.trapped <= p.ladder_serves else p.ladder_face, 1)
    elif seen["overhaul"] > 0.0:
        yield Need("USAR", min(p.rescue_face, max(1.0, math.ceil(seen["overhaul"] / p.overhaul_within))), 4)
        yield Need("SEARCH", p.search_least, 4)
