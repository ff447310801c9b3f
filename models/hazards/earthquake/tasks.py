"""What an earthquake asks for: demands in truth, what is known of it, needs on the ground of what is known."""

from __future__ import annotations

import math

from models.hazards.earthquake import shaking, towns
from models.hazards.earthquake.parameters import Parameters
from models.hazards.earthquake.state import State
from sim.domain.hazards import Demand, DemandKind, Need, Sighting
from sim.streams import Stream
from sim.units import DAY

WORK, RATE, HOLD = DemandKind.WORK, DemandKind.RATE, DemandKind.HOLD
_JOBS = (  # capability, urgency, whether it tires
    ("recon", "SEARCH", 2, True),
    ("roads", "ROAD_CLEAR", 2, False),
    ("inspect", "STRUCT", 3, True),
    ("telecom", "TEL_REPAIR", 3, True),
    ("power", "LINE_REPAIR", 4, True),
    ("shelter", "SHELTER_STOCK", 4, True),
    ("water", "WATER_REPAIR", 5, True),
)


def demands(p: Parameters, state: State) -> list[Demand]:
    """Towns to be looked at, roads, services, shelter; tremors watched, the command linked, ways kept clear, water and power."""
    found = [
        Demand(name, WORK, capability, job.left, job.room, priority=urgency, wears=tires)
        for name, capability, urgency, tires in _JOBS
        if (job := state.job(name)).parts
    ]
    found.append(Demand("tremors", HOLD, "GEO_MON", p.tremor_crews, priority=2, wears=False))
    badly = state.hit(round(p.badly))
    if state.job("telecom").parts:
        found.append(Demand("comms", HOLD, "COMMS", _sets(p, badly), priority=1, wears=False))
    if badly and state.job("roads").parts:
        found.append(Demand("traffic", HOLD, "TRAFFIC", _points(p, badly), priority=3))
    if badly and state.job("power").parts:
        found.append(Demand("generators", RATE, "POWER", _power(p, badly), priority=4, wears=False))
    if (water := _drinking(p, homeless(p, state))) > 0.0:
        found.append(Demand("drinking", RATE, "WATER_SUPPLY", water, priority=4, wears=False))
    return sorted(found, key=lambda d: (d.priority, d.id))


def homeless(p: Parameters, state: State) -> float:
    """People still without a roof."""
    return state.job("shelter").left * p.sheltered_each


def sighting(p: Parameters, state: State, stream: Stream) -> Sighting:
    """The magnitude is corrected soon; of the towns only those are known that can telephone or that somebody has reached."""
    looked = 1 - state.job("recon").left / state.recon_all if state.recon_all > 0.0 else 1.0
    known = p.seen_first + (1 - p.seen_first) * looked
    wrong = known * state.misjudged ** (1 - looked) * math.exp(p.seen_error * (1 - looked) * stream.normal())
    error = 0.0 if state.age >= p.revised_after else state.misread
    badly = state.hit(round(p.badly))
    return Sighting(
        figures={
            "magnitude": round(state.magnitude + error, 1),
            "intensity": float(round(shaking.epicentral(p, state.magnitude, state.term * looked))),
            "towns_hit": float(math.ceil(state.hit() * known)),
            "badly_hit": float(math.ceil(badly * known)),
            "homeless": homeless(p, state) * wrong,
            "road_debris": state.job("roads").left * wrong,
            "power_work": state.job("power").left * wrong,
            "telecom_work": state.job("telecom").left * wrong,
            "water_work": state.job("water").left * wrong,
            "inspect_work": state.job("inspect").left * wrong,
            "unseen": float(math.ceil(state.job("recon").left / p.recon_each)),
        }
    )


def needs(p: Parameters, seen: dict[str, float]) -> list[Need]:
    """People to look at every town within hours; machines and crews by the work that is known; stores by those without a roof."""
    if not seen:
        return []
    found = [Need("GEO_MON", p.tremor_crews, 2)]
    towns_hit, badly = max(1.0, seen["towns_hit"]), seen["badly_hit"]
    if seen["unseen"]:
        wanted = min(seen["unseen"] * p.recon_team, seen["unseen"] * p.recon_each / p.recon_within)
        found.append(Need("SEARCH", max(p.recon_team, wanted), 1))
    for name, capability, urgency, face in (
        ("power_work", "LINE_REPAIR", 3, p.repair_face), ("telecom_work", "TEL_REPAIR", 2, p.repair_face),
        ("water_work", "WATER_REPAIR", 4, p.repair_face),
    ):  # fmt: skip
        if seen[name] > 0.0:
            found.append(Need(capability, math.ceil(min(face * towns_hit, seen[name] / p.repair_within)), urgency))
    if seen["inspect_work"] > 0.0:
        found.append(Need("STRUCT", math.ceil(min(p.inspect_face, seen["inspect_work"] / p.repair_within)), 3))
    if seen["road_debris"] > 0.0:
        found.append(Need("ROAD_CLEAR", min(p.road_face * towns_hit, seen["road_debris"] / p.roads_within), 1))
    if seen["telecom_work"] > 0.0:
        found.append(Need("COMMS", _sets(p, round(badly)), 2))
    if badly:
        if seen["road_debris"] > 0.0:
            found.append(Need("TRAFFIC", _points(p, round(badly)), 3))
        if seen["power_work"] > 0.0:
            found.append(Need("POWER", _power(p, round(badly)), 3))
    if seen["homeless"] >= 1.0:
        crews = min(p.shelter_face * towns_hit, seen["homeless"] / p.sheltered_each / p.shelter_within)
        found.append(Need("SHELTER_STOCK", float(math.ceil(crews)), 3))
        found.append(Need("WATER_SUPPLY", _drinking(p, seen["homeless"]), 4))
    return found


def unserved(state: State) -> float:
    """Towns without full power."""
    return float(sum(len(part.towns) for part in state.job(towns.SERVICES[0]).parts))


def _sets(p: Parameters, badly: int) -> float:
    return min(p.comms_most, p.comms_least + badly)


def _points(p: Parameters, badly: int) -> float:
    return min(p.traffic_most, p.traffic_points * badly)


def _power(p: Parameters, badly: int) -> float:
    return min(p.generator_most, p.generator * badly)


def _drinking(p: Parameters, people: float) -> float:
    """Water (m³/s) brought to those without a roof."""
    return min(p.drinking_most, people * p.drinking_share * p.drinking / DAY)
