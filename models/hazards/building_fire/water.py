"""Water on the fire: how much there is, how much of it works, and how much would be needed."""

from __future__ import annotations

from collections.abc import Mapping

from models.hazards.building_fire.parameters import Parameters
from models.hazards.building_fire.state import State
from sim.domain.hazards import Inputs

_FOOT = 0.3048  # m
_GALLON = 3.785411784e-3  # m³
_MINUTE = 60.0
_MM = 1e-3  # m


def thrown(effort: Mapping[str, float]) -> float:
    """m³/s that crews throw: the first line and what follows."""
    return effort.get("first_line", 0.0) + effort.get("water", 0.0)


def usable(p: Parameters, state: State, inputs: Inputs) -> float:
    """m³/s that pumps can throw for long: what hydrants give, and what engines fetch with their own tanks."""
    flow = thrown(inputs.effort)
    trips = p.tank / (2 * p.fetch_way / p.fetch_speed + p.fetch_turn) / p.engine  # share of an engine's flow
    return min(flow, state.hydrants * inputs.service("water") + flow * min(1.0, trips))


def attack(p: Parameters, state: State, inputs: Inputs) -> float:
    """m³/s on the fire itself: the first line goes to the stairs while anybody is cut off."""
    line = p.stairs_line if state.trapped and not state.clear else 0.0
    return max(0.0, usable(p, state, inputs) - line)


def inside(p: Parameters, state: State) -> bool:
    """Whether crews fight it from inside: not when too much burns, nor once the structure has failed."""
    return not state.failed and sum(state.rooms[k].area for k in state.burning) <= p.inside_most


def cooling(p: Parameters, state: State, flow: float) -> dict[int, float]:
    """Heat (W) that water of that flow absorbs in each room that burns, shared out by how much they can give."""
    alight = state.burning
    whole = sum(state.rooms[k].cap for k in alight)
    total = (p.used_inside if inside(p, state) else p.used_outside) * p.takes * p.density * flow
    return {k: total * state.rooms[k].cap / whole for k in alight}


def steam(p: Parameters, temperature: float) -> float:
    """J that a kg of water of that temperature (°C) takes until it is steam at 100 °C."""
    return p.water_heat * (p.boils - temperature) + p.latent


def by_area(p: Parameters, area: float) -> float:
    """Flow (m³/s) wanted for an area on fire, of 50 to 600 m²: 5 L/min a m² (NFCC)."""
    return p.wanted_area * _MM * area


def by_heat(p: Parameters, heat: float, inside: bool) -> float:
    """Flow (m³/s) that absorbs a heat (W) with a margin."""
    return p.margin * heat / ((p.used_inside if inside else p.used_outside) * p.takes * p.density)


def by_volume(p: Parameters, volume: float) -> float:
    """Flow (m³/s) by the Iowa formula for a volume (m³): V · 4/3 L/min."""
    return p.iowa * volume


def by_floor(p: Parameters, area: float, share: float) -> float:
    """Flow (m³/s) by the National Fire Academy: square feet / 3 gallons a minute, for the share that burns."""
    return area / _FOOT**2 / p.academy * share * _GALLON / _MINUTE


def face(p: Parameters, area: float) -> float:
    """Most water (m³/s) that finds room around a building of which so much (m²) can burn."""
    return min(p.face_most, max(p.face_least, p.face_area * area))


def wanted(p: Parameters, area: float, heat: float, inside: bool) -> float:
    """Flow (m³/s) held to be needed: by the area on fire, or by its heat, whichever is more."""
    return max(by_area(p, area), by_heat(p, heat, inside))
