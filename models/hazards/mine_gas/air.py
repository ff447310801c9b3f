"""The air of the region: how much the fan or the draught moves, how gas mixes in it, what it does to those who breathe it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from msgspec.structs import replace

from models import kernels
from models.hazards.mine_gas.parameters import Parameters
from models.hazards.mine_gas.state import Air, Mine, Source, State, Zone
from models.physics import underground as ug
from sim.domain.hazards import Inputs
from sim.domain.places import Weather

Piece = tuple[Air, float, float, float]  # the air when it begins, how long it lasts, gain and loss of methane (K2)
INF = math.inf


# ── how much air ──


def natural(p: Parameters, mine: Mine, weather: Weather) -> float:
    """Airflow (m³/s) without a fan: by the difference in temperature and height; faces behind dead local fans get less."""
    density = ug.air_density(p.air_density, p.pressure_scale, mine.elevation)
    pressure = ug.draught(density, p.gravity, mine.relief, p.rock_temperature, weather.temperature)
    flow = ug.natural_flow(p.natural_flow, p.natural_draught, pressure, p.natural_least)
    return flow if mine.box >= mine.void else flow * p.draught_share


def supply(p: Parameters, state: State, inputs: Inputs) -> float:
    """The share of its power that the fan gets: from the grid, or from generators."""
    if inputs.service("power") >= p.power_needed and state.fan <= 0.0:
        return 1.0
    return min(1.0, inputs.effort.get("power", 0.0) / p.fan_power)


def flow(p: Parameters, state: State, inputs: Inputs) -> float:
    """Airflow (m³/s) through the region: what the fan gives if the circuit is whole, at least the natural draught."""
    drawn = natural(p, state.mine, inputs.weather)
    if state.doors > 0.0 or (state.fan_broken and state.fan > 0.0):
        return drawn
    return max(drawn, ug.fan_flow(state.mine.fan, supply(p, state, inputs)))


# ── how gas mixes ──


def course(p: Parameters, state: State, moved: float) -> Iterator[Piece]:
    """The air from now on in pieces of constant gain and loss; the last lasts for ever."""
    air, age = state.air, state.age
    while True:
        rate, lasts = release(p, state.source, age)
        gain, loss = rate / state.mine.box, (moved + rate) / state.mine.box
        yield air, lasts, gain, loss
        if lasts == INF:
            return
        air, age = step(p, air, gain, loss, lasts), age + lasts


def release(p: Parameters, source: Source, age: float) -> tuple[float, float]:
    """Methane (m³/s) given off at an age, and how long at that rate: an outburst dies away in steps that release it all."""
    if source.left <= 0.0:
        return source.steady, INF
    width = source.tau / p.source_steps
    number = math.floor(age / width * (1 + _HAIR) + _HAIR)
    if number >= round(p.source_steps * p.source_taus):
        return source.steady, INF
    total = -math.expm1(-p.source_taus)
    share = (math.exp(-number / p.source_steps) - math.exp(-(number + 1) / p.source_steps)) / total
    return source.steady + source.left * share / width, (number + 1) * width - age


def step(p: Parameters, air: Air, gain: float, loss: float, dt: float) -> Air:
    """The air `dt` seconds later within a piece."""
    return Air(
        kernels.first_order(air.methane, gain, loss, dt),
        kernels.first_order(air.monoxide, 0.0, loss, dt),
        air.breathed + kernels.first_order_sum(air.monoxide, 0.0, loss, dt),
        air.stifled + _stifling(p, air.methane, gain, loss, dt),
    )


def later(p: Parameters, state: State, moved: float, dt: float) -> Air:
    """The air `dt` seconds later."""
    for air, lasts, gain, loss in course(p, state, moved):
        if dt <= lasts:
            return step(p, air, gain, loss, dt)
        dt -= lasts
    raise AssertionError("the last piece lasts for ever")


def _stifling(p: Parameters, methane: float, gain: float, loss: float, dt: float) -> float:
    """∫ methane beyond the share that leaves enough oxygen."""
    above, drive = methane - p.stifles, gain - loss * p.stifles
    after = kernels.first_order(above, drive, loss, dt)
    if above <= 0.0 and after <= 0.0:
        return 0.0
    if above >= 0.0 and after >= 0.0:
        return kernels.first_order_sum(above, drive, loss, dt)
    turn = kernels.first_order_reaches(above, drive, loss, 0.0)
    if above < 0.0:
        return kernels.first_order_sum(0.0, drive, loss, dt - turn)
    return kernels.first_order_sum(above, drive, loss, turn)


# ── when it reaches what ──


def turns(p: Parameters, state: State, moved: float) -> tuple[float, str]:
    """When methane next passes a limit, and which: into the next zone up, or down."""
    limits = (p.methane_work, p.explosive_from, p.explosive_to)
    zone, begun = state.zone, 0.0
    for air, lasts, gain, loss in course(p, state, moved):
        rising = gain - loss * air.methane
        if rising > 0.0 and zone is not Zone.RICH:
            span = kernels.first_order_reaches(min(air.methane, limits[zone]), gain, loss, limits[zone])
            name = ("gas_over_limit", "explosive", "too_rich")[zone]
        elif rising < 0.0 and zone is not Zone.LEAN:
            span = kernels.first_order_reaches(max(air.methane, limits[zone - 1]), gain, loss, limits[zone - 1])
            name = ("gas_cleared", "below_explosive", "explosive_again")[zone - 1]
        else:
            span, name = INF, ""
        if span <= lasts and span < INF:
            return begun + span, name
        begun += lasts
    return INF, ""


def turned(p: Parameters, state: State, name: str) -> State:
    """Methane set onto the limit it passes, and its new zone."""
    zone, limit = {
        "gas_over_limit": (Zone.GASSY, p.methane_work),
        "explosive": (Zone.EXPLOSIVE, p.explosive_from),
        "too_rich": (Zone.RICH, p.explosive_to),
        "explosive_again": (Zone.EXPLOSIVE, p.explosive_to),
        "below_explosive": (Zone.GASSY, p.explosive_from),
        "gas_cleared": (Zone.LEAN, p.methane_work),
    }[name]
    return replace(state, zone=zone, air=replace(state.air, methane=limit))


def zone(p: Parameters, methane: float) -> Zone:
    """The zone of a share of methane."""
    return Zone(sum(methane > limit for limit in (p.methane_work, p.explosive_from, p.explosive_to)))


def clears(p: Parameters, state: State, moved: float) -> float:
    """When carbon monoxide has fallen to its limit."""
    begun = 0.0
    for air, lasts, _, loss in course(p, state, moved):
        span = kernels.first_order_reaches(max(air.monoxide, p.monoxide_work), 0.0, loss, p.monoxide_work)
        if span <= lasts:
            return begun + span
        begun += lasts
    return INF


def breathes(p: Parameters, state: State, moved: float, total: float) -> float:
    """When ∫ carbon monoxide has come to a total."""

    def within(air: Air, gain: float, loss: float) -> float:  # noqa: ARG001 - both sums are asked alike
        return kernels.first_order_sum_reaches(air.monoxide, 0.0, loss, total - air.breathed)

    return _first(p, state, moved, within)


def stifles(p: Parameters, state: State, moved: float, total: float) -> float:
    """When ∫ lack of oxygen has come to a total."""

    def within(air: Air, gain: float, loss: float) -> float:
        left, above, drive = total - air.stifled, air.methane - p.stifles, gain - loss * p.stifles
        if left <= 0.0:
            return 0.0
        if above >= 0.0:
            back = kernels.first_order_reaches(above, drive, loss, 0.0) if drive < 0.0 else INF
            if back < INF and kernels.first_order_sum(above, drive, loss, back) < left:
                return INF
            return kernels.first_order_sum_reaches(above, drive, loss, left)
        turn = kernels.first_order_reaches(above, drive, loss, 0.0)
        return turn + kernels.first_order_sum_reaches(0.0, drive, loss, left) if turn < INF else INF

    return _first(p, state, moved, within)


def _first(p: Parameters, state: State, moved: float, within: Callable[[Air, float, float], float]) -> float:
    begun = 0.0
    for air, lasts, gain, loss in course(p, state, moved):
        span = within(air, gain, loss)
        if span <= lasts:
            return begun + span
        begun += lasts
    return INF


_HAIR = 1e-12  # a look that ends on the edge of a step belongs to the next
