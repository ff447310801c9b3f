"""What leaks: how much at this temperature, how a vessel of gas empties by steps, what a curtain of water holds back."""

from __future__ import annotations

import math

from msgspec.structs import replace

from models.hazards.toxic_release.parameters import Parameters
from models.hazards.toxic_release.state import State
from models.physics import sources


def ambient(p: Parameters, elevation: float) -> float:
    """Air pressure (Pa) at a height."""
    return p.pressure * math.exp(-elevation / p.pressure_scale)


def flux(p: Parameters, temperature: float, outside: float) -> float:
    """kg/s through a m² of hole at a temperature (K): liquid, gas, or both by `phase`."""
    if not p.liquefied:
        return _gas(p, p.pad + outside, outside, temperature)
    kept = sources.vapour_pressure(p.boiling, p.vaporisation, temperature, p.pressure, p.gas_constant)
    inner = max(p.pad + outside, kept)
    liquid = sources.liquid_flow(p.liquid_discharge, 1.0, p.liquid_density, inner - outside)
    return sources.two_phase(liquid, _gas(p, inner, outside, temperature), p.phase)


def rate_at(p: Parameters, rate: float, celsius: float, outside: float) -> float:
    """The leak (kg/s) of a hole that lets out `rate` at the reference temperature: cold contents press less."""
    return rate * flux(p, celsius + p.freezing, outside) / flux(p, p.reference + p.freezing, outside)


def stepped(p: Parameters, state: State) -> State:
    """The rate for the next span: of a vessel of gas, the mean of its exponential; the last rest goes at its last rate."""
    if state.tau == math.inf:
        return state
    span = p.gas_step * state.tau
    if state.left <= state.floor:
        return replace(state, rate=state.left / state.tau, step_left=math.inf)
    return replace(state, rate=sources.let_out(state.left, state.tau, span) / span, step_left=span)


def held_back(p: Parameters, state: State, water: float) -> float:
    """The share of the leak that a curtain of so much water (m³/s) holds back."""
    full = p.curtain_per * state.rate
    share = p.alkali_curtain if state.alkali <= 0.0 else p.curtain
    return share * min(1.0, water / full) if full > 0.0 else 0.0


def airborne(p: Parameters, state: State, water: float) -> float:
    """kg/s of poison that blow away past the curtain; what is burnt off does not count."""
    burnt = p.burn_removes if state.burnt else 0.0
    return state.rate * (1 - held_back(p, state, water)) * (1 - burnt)


def wanted_water(p: Parameters, rate: float) -> float:
    """Water (m³/s) for a curtain against such a leak."""
    return min(p.curtain_most, max(p.curtain_least, p.curtain_per * rate))


def wanted_pairs(p: Parameters, rate: float) -> float:
    """Pairs in protective suits for such a leak, half of them standing by."""
    grown = float((rate / p.entry_rate) ** p.entry_power)
    return min(p.entry_most, p.entry_pairs * max(1.0, grown))


def empties(p: Parameters) -> bool:
    """Whether the leak falls with the contents: only gas comes out."""
    return p.liquefied <= 0.0 or p.phase <= 0.0


def _gas(p: Parameters, inner: float, outside: float, temperature: float) -> float:
    return sources.gas_flow(p.gas_discharge, 1.0, inner, outside, p.molar, p.gamma, temperature, p.gas_constant)
