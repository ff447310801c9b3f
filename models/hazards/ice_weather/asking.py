"""What a spell of ice needs in truth, what people see of it, and what they ask for."""

from __future__ import annotations

import math
from collections.abc import Sequence

from models.hazards.ice_weather import homes, roads
from models.hazards.ice_weather.parameters import Parameters
from models.hazards.ice_weather.state import State
from sim.domain.hazards import Demand, DemandKind, Need, Sighting
from sim.streams import Stream

WORK, RATE, HOLD = DemandKind.WORK, DemandKind.RATE, DemandKind.HOLD
_SOME = 1.0  # fewer people than one are none


def demands(p: Parameters, state: State) -> Sequence[Demand]:
    """Most urgent first."""
    found = []
    if any(road.surface.frozen for road in state.roads):
        ploughs = roads.need(p, state)
        face = p.ploughs_face * p.passes * state.lanes * (1 / p.clear_within + roads.fading(p, state))
        found.append(Demand("ploughing", RATE, "SNOW", ploughs, face, p.plough_set_up, 2, wears=False))
    if shut := sum(road.closed for road in state.roads):
        found.append(Demand("closure", HOLD, "TRAFFIC", p.points * shut, p.points * shut, priority=1, wears=False))
    if state.stranded >= _SOME:
        away = state.stranded / p.away_within
        found.append(Demand("evacuation", RATE, "EVAC", away, max(away, p.evac_face), priority=2, wears=False))
        convoys = _convoys(p, state.stranded)
        found.append(Demand("supplies", HOLD, "SHELTER_STOCK", convoys, convoys, priority=1, wears=False))
    if any(road.wrecks for road in state.roads):
        found.append(Demand("wrecks", WORK, "CRANE", state.wreck, p.wreck_face, priority=2))
    if lines := _to_melt(p, state):
        found.append(Demand("melting", RATE, "LINE_REPAIR", min(lines, p.melt_face), p.melt_face, priority=3))
    if state.blocked:
        found.append(Demand("trees", WORK, "ROAD_CLEAR", state.trees, p.trees_face, priority=2))
    if state.pipes >= p.pipe_work:
        found.append(Demand("pipes", WORK, "WATER_REPAIR", state.pipes, p.pipe_face, priority=4))
    if wardens := _wardens(p, homes.cold_people(p, state)):
        found.append(Demand("wardens", HOLD, "WATCH", wardens, wardens, priority=4))
    return sorted(found, key=lambda d: (d.priority, d.id))


def seen(p: Parameters, state: State, stream: Stream) -> Sighting:
    """Ice is measured on a few lines, people are reckoned by the length of queues; the rest is counted."""
    measured = state.ice * math.exp(p.ice_error * stream.normal())
    people = state.stranded * math.exp(p.count_error * stream.normal())
    return Sighting(
        figures={
            "ice": measured,
            "frozen": math.fsum(road.length for road in state.roads if road.surface.frozen),
            "untreated": math.fsum(road.length * road.untreated for road in state.roads),
            "closed": float(sum(road.closed for road in state.roads)),
            "stranded": float(round(people)),
            "without_power": homes.customers_down(p, state),
            "wrecks": float(sum(road.wrecks for road in state.roads)),
            "lines": float(_to_melt(p, state)),
            "trees": state.trees,
            "pipes": state.pipes / p.pipe_work,
            "cold_people": homes.cold_people(p, state),
        }
    )


def needs(p: Parameters, sighting: Sighting) -> Sequence[Need]:
    """What a duty officer would ask for who believes this sighting."""
    figures = sighting.figures
    if not figures:
        return ()
    found = []
    if figures["frozen"]:
        ploughs = p.passes * (figures["untreated"] / p.clear_within + figures["frozen"] / p.holds)
        found.append(Need("SNOW", ploughs, 1))
    if figures["closed"]:
        found.append(Need("TRAFFIC", p.points * figures["closed"], 1))
    if figures["stranded"]:
        found.append(Need("EVAC", min(p.evac_face, figures["stranded"] / p.away_within), 2))
        found.append(Need("SHELTER_STOCK", _convoys(p, figures["stranded"]), 1))
    if figures["wrecks"]:
        found.append(Need("CRANE", min(p.wreck_face, figures["wrecks"]), 2))
    if figures["lines"]:
        found.append(Need("LINE_REPAIR", min(figures["lines"], p.melt_face), 3))
    if figures["trees"]:
        found.append(Need("ROAD_CLEAR", min(p.trees_face, figures["trees"] / p.clear_within), 2))
    if figures["pipes"] >= 1.0:
        crews = figures["pipes"] * p.pipe_work / p.clear_within
        found.append(Need("WATER_REPAIR", float(min(p.pipe_face, math.ceil(crews))), 4))
    if wardens := _wardens(p, figures["cold_people"]):
        found.append(Need("WATCH", wardens, 4))
    return found


def _to_melt(p: Parameters, state: State) -> int:
    """Groups of lines that carry enough ice to be melted, and stand."""
    return sum(line.meltable and not line.down and line.ice >= p.melt_from * state.design for line in state.lines)


def _convoys(p: Parameters, people: float) -> float:
    return min(p.convoys_most, float(math.ceil(people / p.convoy_feeds)))


def _wardens(p: Parameters, people: float) -> float:
    return min(p.wardens_most, float(math.ceil(people / p.warden_people)))
