"""What a landslide asks for: demands in truth, what is seen of it, needs on the ground of what was seen."""

from __future__ import annotations

import math

from models.hazards.landslide import people, slope
from models.hazards.landslide.parameters import Parameters
from models.hazards.landslide.state import Phase, State
from sim.domain.hazards import Demand, DemandKind, Need, Sighting

WORK, HOLD, SERVICE = DemandKind.WORK, DemandKind.HOLD, DemandKind.SERVICE


def demands(p: Parameters, state: State) -> list[Demand]:
    """Move people; hands, dogs, machines and crews for the buried; a lookout and experts; cordon, road, fence."""
    works = state.works
    demands: list[Demand] = []
    if state.inside:
        demands.append(Demand("evacuate", SERVICE, "EVAC", float(state.inside), priority=1, wears=False))
    demands.append(Demand("judge", HOLD, "GEO_MON", p.experts, priority=2, wears=False))
    demands.append(Demand("cordon", HOLD, "CORDON", _points(p, slope.perimeter(p, state)), priority=4, wears=False))
    if state.phase is not Phase.LYING:
        return demands
    demands.append(Demand("lookout", HOLD, "WATCH", p.lookouts, priority=1, wears=False))
    if state.hands:
        face = len(state.hands) * p.hand_face
        demands.append(Demand("hands", SERVICE, "LABOR", float(len(state.hands)), face, priority=1))
    if state.found:
        left = math.fsum(held.left for held in state.found)
        demands.append(Demand("extricate", WORK, "USAR", left, float(len(state.found)), priority=1))
    if works.locate > 0.0:
        demands.append(Demand("locate", WORK, "SEARCH", works.locate, p.locate_face, priority=2))
    if works.dig > 0.0:
        face = _machines(p, state) * p.machine
        demands.append(Demand("dig", WORK, "ROAD_CLEAR", works.dig, face, p.dig_set_up, 2, wears=False))
    if works.road > 0.0:
        demands.append(Demand("road", WORK, "ROAD_CLEAR", works.road, p.road_face, p.dig_set_up, 3, wears=False))
    if works.fence > 0.0:
        demands.append(Demand("fence", WORK, "LABOR", works.fence, p.fence_face, priority=5))
    return sorted(demands, key=lambda d: (d.priority, d.id))


def sighting(p: Parameters, state: State) -> Sighting:
    """Doors are counted well, volumes badly and wrong alike each time."""
    works = state.works
    lies = state.phase is Phase.LYING
    wrong = state.misjudged
    return Sighting(
        figures={
            "threatened": float(state.inside),
            "volume": state.volume * wrong,
            "houses_hit": float(people.hits(state)),
            "over_houses": works.dig * wrong,
            "on_road": works.road * wrong,
            "to_locate": math.ceil(works.locate / p.locate_each),
            "missing": float(state.under),
            "reached": float(len(state.found)),
            "signs": float(not lies),
            "perimeter": slope.perimeter(p, state),
        }
    )


def needs(p: Parameters, seen_by: Sighting) -> list[Need]:
    """Wardens and experts at once; people moved within the hour; hands, crews and machines by who is under it."""
    seen = seen_by.figures
    if not seen:
        return []
    needs = [Need("GEO_MON", p.experts, 1), Need("CORDON", _points(p, seen["perimeter"]), 3)]
    if seen["threatened"]:
        needs.append(Need("EVAC", seen["threatened"] / p.move_within, 1))
    if seen["signs"]:
        return needs
    needs += [Need("WATCH", p.lookouts, 1), Need("LABOR", p.fence_face, 4)]
    if under := seen["missing"]:
        needs[-1] = Need("LABOR", min(p.hands_asked, max(p.fence_face, p.hands_per * under)), 1)
        crews = max(seen["reached"], math.ceil(under / p.crew_serves))
        needs.append(Need("USAR", min(p.crews_most, crews), 1))
    if seen["to_locate"]:
        needs.append(Need("SEARCH", min(p.locate_face, p.hands_per * seen["to_locate"]), 2))
    machines = min(p.machines_most, max(1.0, seen["houses_hit"])) * p.machine if seen["over_houses"] else 0.0
    clear = min(machines, seen["over_houses"] / p.careful / p.dig_within)
    clear += min(p.road_face, seen["on_road"] / p.clear_within)
    if clear > 0.0:
        needs.append(Need("ROAD_CLEAR", clear, 1 if under else 3))
    return needs


def _machines(p: Parameters, state: State) -> float:
    """Excavators that find room: one on so much deposit over houses, no more than the way in can take."""
    ground = max(1, people.hits(state)) * p.house_area * 2  # the house's plot and as much around it
    return min(p.machines_most, max(1.0, ground / p.machine_area))


def _points(p: Parameters, perimeter: float) -> float:
    return min(p.cordon_most, max(2.0, float(math.ceil(perimeter / p.cordon_every))))
