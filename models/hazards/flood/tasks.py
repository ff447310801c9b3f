"""What a flood asks for: demands in truth, what is seen of it, needs on the ground of what was seen."""

from __future__ import annotations

import math

from models.hazards.flood import dam as dams
from models.hazards.flood import places, river, water
from models.hazards.flood.parameters import Parameters
from models.hazards.flood.state import State, Water
from sim.domain.hazards import Demand, DemandKind, Need, Sighting

WORK, RATE, HOLD, SERVICE = DemandKind.WORK, DemandKind.RATE, DemandKind.HOLD, DemandKind.SERVICE


def demands(p: Parameters, state: State) -> list[Demand]:
    """People moved and fetched by boat; sandbags, patrols, drawing down, digging; roads, power, search."""
    found: list[Demand] = []
    if state.exposed:
        found.append(Demand("evacuate", SERVICE, "EVAC", float(state.exposed), priority=1, wears=False))
    if rooms := math.fsum(places.room(p, place) for place in state.places):
        caught = float(state.stranded)
        found.append(Demand("boats", SERVICE, "BOAT", caught, rooms, p.boat_set_up, 1))
        found.append(Demand("swift", SERVICE, "WATER_RESCUE", caught, rooms, p.boat_set_up, 1))
    found += _barrier(p, state)
    if pooled(state) > 0.0:
        found.append(Demand("pumping", RATE, "DRAIN", pump_rate(p, state), p.pump_face, p.pump_set_up, 4, wears=False))
    works = state.works
    if works.search > 0.0:
        found.append(Demand("search", WORK, "SEARCH", works.search, p.search_face, priority=3))
    if works.roads > 0.0:
        found.append(Demand("roads", WORK, "ROAD_CLEAR", works.roads, p.road_face, priority=3, wears=False))
    if works.power > 0.0:
        found.append(Demand("power", WORK, "LINE_REPAIR", works.power, p.power_face, priority=4))
    if wet(state):
        found.append(Demand("cordon", HOLD, "CORDON", p.cordon, priority=4, wears=False))
    return sorted(found, key=lambda d: (d.priority, d.id))


def _barrier(p: Parameters, state: State) -> list[Demand]:
    """What is to be done at a dike or a dam."""
    found: list[Demand] = []
    if (r := state.river) is not None and r.crest < math.inf and not r.broken and (r.warned or r.over):
        found += _raising(p, bags_left(p, r.bags, p.dike_length))
        found.append(Demand("patrol", HOLD, "WATCH", p.patrol, priority=2))
    if (dam := state.dam) is None or dam.broken or dam.safe:
        return found
    if dam.dug < dam.notch:
        found.append(
            Demand("notch", WORK, "ROAD_CLEAR", dam.notch - dam.dug, p.notch_face, p.notch_set_up, 1, wears=False)
        )
    if not dam.natural:
        found.append(Demand("drain", RATE, "DRAIN", p.drain_wanted, p.drain_face, p.pump_set_up, 3, wears=False))
        if p.dam_piping > 0.0:
            found.append(Demand("plug", HOLD, "FLOOD", p.plug, priority=1))
        found += _raising(p, bags_left(p, dam.bags, p.crest_length))
    found.append(Demand("watch", HOLD, "GEO_MON", p.watch, priority=2, wears=False))
    return found


def _raising(p: Parameters, bags: float) -> list[Demand]:
    """Sandbags to be placed, by crews and by hand."""
    if bags <= 0.0:
        return []
    return [
        Demand("sandbags", SERVICE, "FLOOD", bags, p.bags_face, p.bags_set_up, 2),
        Demand("bagging", SERVICE, "LABOR", bags, p.hands, p.bags_set_up, 3),
    ]


def bags_left(p: Parameters, bags: float, length: float) -> float:
    """Sandbags until it is as high as it can be made."""
    return max(0.0, water.bags_per_metre(p, p.raise_most) * length - bags)


def pooled(state: State) -> float:
    """Water (m³) behind the broken dike."""
    return state.river.pooled if state.river is not None else 0.0


def pump_rate(p: Parameters, state: State) -> float:
    """Pumps (m³/s) that would empty it in time."""
    return min(p.pump_face, pooled(state) / p.pump_within)


def wet(state: State) -> bool:
    """Whether water stands somewhere."""
    return any(place.water in (Water.RISING, Water.CRESTED) and place.code for place in state.places)


def threatened(p: Parameters, state: State) -> float:
    """People still there, as many as there are in truth."""
    followed = sum(len(place.people) for place in state.places)
    return followed * max(1.0, state.at_risk / p.followed)


def sighting(p: Parameters, state: State) -> Sighting:
    """Gauges are read well; how many are still there, and what stands on roofs, is counted from the air, roughly."""
    wrong = state.misjudged
    dam, r = state.dam, state.river
    works, raises = state.works, 0.0
    if r is not None and r.crest < math.inf and not r.broken and (r.warned or r.over):
        raises = bags_left(p, r.bags, p.dike_length)
    live = dam is not None and not dam.broken and not dam.safe
    if dam is not None and live and not dam.natural:
        raises = bags_left(p, dam.bags, p.crest_length)
    return Sighting(
        figures={
            "return_period": state.period if r is not None and r.over else 0.0,
            "flow": river.flow(state.catchment) if state.catchment is not None else 0.0,
            "level": dams.level(p, dam, dam.volume) / dam.height if dam is not None and live else 0.0,
            "threatened": float(round(threatened(p, state) * wrong)),
            "stranded": float(round(state.stranded * wrong)) if state.stranded > 1 else float(state.stranded),
            "bags": raises,
            "dam_works": (dam.notch - dam.dug if dam is not None and live else 0.0) * wrong,
            "dam_live": float(live),
            "dam_seeps": float(live and p.dam_piping > 0.0),
            "pooled": pooled(state) * wrong,
            "road_mud": works.roads * wrong,
            "power_work": works.power,
            "search_work": works.search * wrong,
            "wet_places": float(sum(x.water in (Water.RISING, Water.CRESTED) for x in state.places if x.code)),
        }
    )


def needs(p: Parameters, sighting: Sighting) -> list[Need]:
    """People moved in time, boats for those on roofs, hands on the dike, machines and pumps at the dam, then roads and power."""
    seen = sighting.figures
    if not seen:
        return []
    found: list[Need] = []
    if seen["threatened"]:
        found.append(Need("EVAC", min(p.evac_most, seen["threatened"] / p.move_within), 1))
    if on_roofs := max(seen["stranded"], float(sighting.trapped)):
        boats = min(p.boats_asked, math.ceil(on_roofs * p.boat_load_time / p.boat_load / p.boat_within))
        found.append(Need("BOAT", float(max(1, boats)), 1))
        found.append(Need("WATER_RESCUE", float(max(1, math.ceil(boats / 2))), 1))
    if seen["bags"]:
        crews = min(p.bags_face, seen["bags"] / p.bags_rate / p.bags_within)
        found.append(Need("FLOOD", float(math.ceil(crews)), 1))
        found.append(Need("LABOR", p.hands, 2))
        found.append(Need("WATCH", p.patrol, 2))
    if seen["dam_live"]:
        found.append(Need("GEO_MON", p.watch, 1))
        if not p.natural:
            found.append(Need("DRAIN", p.drain_wanted, 2))
        if seen["dam_seeps"]:
            found = [
                Need("FLOOD", p.plug, 1) if need.capability == "FLOOD" and need.amount < p.plug else need
                for need in found
            ]
        if seen["dam_works"]:
            found.append(Need("ROAD_CLEAR", min(p.notch_face, seen["dam_works"] / p.notch_within), 1))
    if seen["pooled"]:
        found.append(Need("DRAIN", min(p.pump_face, seen["pooled"] / p.pump_within), 3))
    return _merged([*found, *_aftermath(p, seen)])


def _aftermath(p: Parameters, seen: dict[str, float]) -> list[Need]:
    """What is asked for where the water has been."""
    found: list[Need] = []
    if seen["wet_places"]:
        found.append(Need("CORDON", p.cordon, 3))
        found.append(Need("SHELTER_STOCK", min(p.shelter_most, seen["wet_places"]), 4))
    if seen["search_work"]:
        found.append(Need("SEARCH", min(p.search_face, max(p.search_least, seen["search_work"] / p.search_within)), 2))
    if seen["road_mud"]:
        found.append(Need("ROAD_CLEAR", min(p.road_face, seen["road_mud"] / p.road_within), 3))
    if seen["power_work"]:
        found.append(Need("LINE_REPAIR", float(math.ceil(min(p.power_face, seen["power_work"] / p.power_within))), 3))
    return found


def _merged(needs: list[Need]) -> list[Need]:
    """Of the needs for one capability the sum, as urgent as the most urgent."""
    merged: dict[str, Need] = {}
    for need in needs:
        before = merged.get(need.capability)
        amount = need.amount + (before.amount if before else 0.0)
        urgency = min(need.priority, before.priority) if before else need.priority
        merged[need.capability] = Need(need.capability, amount, urgency)
    return list(merged.values())
