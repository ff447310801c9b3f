"""What a gas leak asks for: in truth, as people on the spot see it, and as a duty officer would order on the ground of that."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from models.hazards.gas_leak import flames
from models.hazards.gas_leak.parameters import Parameters
from models.hazards.gas_leak.state import Space, State
from sim.domain.hazards import Demand, DemandKind, Need
from sim.streams import Stream

WORK, RATE, HOLD, SERVICE = DemandKind.WORK, DemandKind.RATE, DemandKind.HOLD, DemandKind.SERVICE


def hidden(state: State) -> int:
    """Spaces that nobody has looked into yet."""
    return sum(not space.found for space in state.spaces)


def to_vent(p: Parameters, state: State) -> int | None:
    """The space that is vented next: the nearest of those found that hold gas; there is none once none of them does."""
    return next(
        (k for k, s in enumerate(state.spaces) if s.found and not (s.vented or s.gone) and s.gas > p.safe), None
    )


def to_clear(state: State) -> int | None:
    """The building that is cleared of people next: the nearest of those found."""
    return next((k for k, s in enumerate(state.spaces) if s.found and not (s.emptied or s.gone)), None)


def people_of(space: Space) -> float:
    """Everybody in its building."""
    return len(space.inside) + space.others


def to_move(p: Parameters, state: State) -> float:
    """People who must be led away: out of buildings that gas is known to be in, and from around a leak in the open."""
    buildings = math.fsum(people_of(s) for s in state.spaces if s.found and not (s.emptied or s.gone))
    zone = 0.0 if state.burning or state.dry else flames.in_danger(p, state)
    return max(0.0, buildings - state.led) + zone


def clean(p: Parameters, state: State) -> bool:
    """Whether no gas comes any more and none is left to speak of."""
    return state.is_shut and state.dry and not state.seeps and all(s.gas <= p.safe for s in state.spaces)


def water(p: Parameters, state: State) -> float:
    """Water (m³/s) to hold the cloud down, or to keep the houses around a fire from catching."""
    return min(p.water_most, max(p.water_least, p.water_per * state.rate))


def demands(p: Parameters, state: State) -> Iterator[Demand]:
    """Shutting the valves, finding and venting the spaces, clearing buildings, cordon, water, power off; last the repair."""
    if not state.is_shut:
        yield Demand("valve", WORK, "GAS_REPAIR", state.valve, p.valve_face, p.valve_set_up, 1)
    if not clean(p, state):
        yield Demand("cordon", HOLD, "CORDON", _cordon(p, state.line.radius), priority=2, wears=False)
        if state.sampling < math.inf:
            yield Demand("sampling", WORK, "GAS_REPAIR", state.sampling, p.sampling_face, p.valve_set_up, 2)
        if to_vent(p, state) is not None:
            yield Demand("venting", WORK, "HAZMAT", state.venting, p.venting_face, p.valve_set_up, 3)
        if not state.powerless and not state.burning:
            yield Demand("power_off", WORK, "LINE_REPAIR", state.dark, 1.0, p.valve_set_up, 3, wears=False)
    if not state.dry:
        flow = water(p, state)
        yield Demand("water", RATE, "FIRE_WATER", flow, flow, priority=3)
    if (people := to_move(p, state)) > 0.0:
        yield Demand("moving", SERVICE, "EVAC", people, p.move_face, priority=1)
    if clean(p, state):
        yield Demand("repair", WORK, "GAS_REPAIR", state.repair, p.repair_face, priority=4)


def readings(p: Parameters, state: State) -> dict[str, float]:
    """What people would plot."""
    return {
        "leak": state.rate,
        "released": state.released,
        "worst": max((s.gas for s in state.spaces), default=0.0),
        "explosive": float(sum(s.rich and not s.gone for s in state.spaces)),
        "hidden": float(hidden(state)),
        "inside": float(sum(len(s.inside) for s in state.spaces)),
        "to_move": to_move(p, state),
        "moved": state.moved + state.led + state.zone_led,
        "danger": flames.radius(state),
        "burning": float(state.burning),
        "without_gas": state.households if state.is_shut else 0.0,
    }


def seen(p: Parameters, state: State, stream: Stream) -> dict[str, float]:
    """Detectors show the spaces that somebody has looked into; how much leaks is judged from pressure and smell."""
    rough = math.exp(p.seen_error * stream.normal())
    return {
        "leak": state.rate * state.misjudged,
        "worst": max((s.gas for s in state.spaces if s.found), default=0.0) * rough,
        "hidden": float(hidden(state)),
        "to_vent": float(sum(s.found and not (s.vented or s.gone) and s.gas > p.safe for s in state.spaces)),
        "to_move": to_move(p, state) * rough,
        "danger": flames.radius(state) * rough,
        "burning": float(state.burning),
        "shut": float(state.is_shut),
        "powered": float(not (state.powerless or state.burning or clean(p, state))),
        "gas_about": float(not clean(p, state)),
        "repair": state.repair if clean(p, state) else 0.0,
        "without_gas": state.households if state.is_shut else 0.0,
    }


def needs(p: Parameters, figures: Mapping[str, float]) -> Iterator[Need]:
    """What a duty officer would order who believes these figures."""
    crews = min(p.crews_most, math.ceil(p.crews_least + p.crews_per * figures["hidden"]))
    if figures["gas_about"] or figures["repair"]:
        yield Need("GAS_REPAIR", crews, 1)
    if figures["gas_about"]:
        yield Need("CORDON", _cordon(p, figures["danger"]), 2)
        yield Need("HAZMAT", max(1.0, min(p.venting_face, figures["to_vent"])), 2)
    if figures["leak"] > 0.0:
        yield Need("FIRE_WATER", min(p.water_most, max(p.water_least, p.water_per * figures["leak"])), 1)
    if figures["to_move"] >= 1.0:
        yield Need("EVAC", min(p.people_most, max(p.move_walk, figures["to_move"] / p.move_within)), 1)
    if figures["powered"]:
        yield Need("LINE_REPAIR", 1.0, 3)


def _cordon(p: Parameters, radius: float) -> float:
    return min(p.cordon_most, math.ceil(p.cordon + radius / p.cordon_per))
