"""The mass of a landslide: when the slope fails, how far and fast the mass comes, what it covers, what it does to a river."""

from __future__ import annotations

import math

from models import kernels
from models.hazards.landslide.parameters import Parameters
from models.hazards.landslide.state import State
from sim.domain.hazards import Scene
from sim.domain.places import Weather
from sim.units import HOUR

_MM = 1e-3  # m
_NEVER = 100.0  # e-fold of hours beyond all time

# ── failure: H' = (1 + hastens · (I/I_crit(D) − 1)+) / creep, D the time it has rained ──


def critical_rain(p: Parameters, rained: float) -> float:
    """Rain (mm/h) that starts slides once it has rained for so long (s): c·D^−n with a local factor."""
    return float(p.threshold_local * p.threshold * (rained / HOUR) ** -p.threshold_falls)


def driven(p: Parameters, rained: float, rain: float, dt: float) -> float:
    """By how much the clock of failure advances in `dt` of steady rain (mm/h): the excess over the threshold in closed form."""
    if rain <= 0.0 or dt <= 0.0:
        return dt / p.creep
    begins = max(rained, _exceeds_from(p, rain))
    excess = max(0.0, _excess(p, rain, rained + dt) - _excess(p, rain, begins)) if rained + dt > begins else 0.0
    return (dt + p.hastens * excess) / p.creep


def fails_in(p: Parameters, left: float, rained: float, rain: float) -> float:
    """Time until the clock of failure has used up what is `left`, by Newton from above: the clock is convex in time."""
    if left <= 0.0:
        return 0.0
    span = left * p.creep
    if rain <= 0.0:
        return span
    for _ in range(200):  # it stops moving long before
        rate = pace(p, rained + span, rain)
        nearer = span - (driven(p, rained, rain, span) - left) / rate
        if not nearer < span:
            break
        span = max(0.0, nearer)
    return span


def pace(p: Parameters, rained: float, rain: float) -> float:
    """How fast the clock of failure runs now."""
    if rain <= 0.0 or rained <= 0.0:
        return 1 / p.creep
    return (1 + p.hastens * max(0.0, rain / critical_rain(p, rained) - 1)) / p.creep


def _exceeds_from(p: Parameters, rain: float) -> float:
    """The duration (s) from which this rain is above the threshold; inf for a drizzle that never is."""
    power = math.log(p.threshold_local * p.threshold / rain) / p.threshold_falls
    return HOUR * math.exp(power) if power < _NEVER else math.inf


def _excess(p: Parameters, rain: float, rained: float) -> float:
    """∫ (I/I_crit − 1) dD up to a duration (s)."""
    hours, power = rained / HOUR, 1 + p.threshold_falls
    return float(HOUR * (rain * hours**power / (power * p.threshold_local * p.threshold) - hours))


# ── motion and deposit ──


def reach(p: Parameters, volume: float, drop: float) -> float:
    """How far it comes (m), by a regression on volume and drop."""
    return float(p.reach_factor * volume**p.reach_volume * drop**p.reach_drop)


def peak_flow(p: Parameters, volume: float) -> float:
    """Peak flow of a debris flow (m³/s)."""
    return float(p.peak_factor * volume**p.peak_power)


def flow_speed(p: Parameters, flow: float, gradient: float) -> float:
    """Speed of a debris flow (m/s) of that peak on that gradient (tangent)."""
    return float(p.speed_factor * flow**p.speed_power * gradient**p.speed_power)


def speed(p: Parameters, volume: float, drop: float, slope: float) -> float:
    """Mean speed (m/s): that of a debris flow, or half the top speed of a block that loses its drop over its reach by friction."""
    gradient = math.tan(math.radians(slope))
    if p.flows:
        return flow_speed(p, peak_flow(p, volume), gradient)
    lost = drop / reach(p, volume, drop) / gradient if gradient > 0.0 else 1.0
    return max(p.speed_least, math.sqrt(2 * p.gravity * drop * max(0.0, 1 - lost)) / 2)


def area(p: Parameters, volume: float) -> float:
    """Area of the deposit (m²)."""
    return float(p.area_factor * volume**p.area_power)


def depth_over(p: Parameters, state: State) -> float:
    """Depth over houses (m)."""
    return p.deep * state.volume / state.area


def across(p: Parameters, state: State) -> float:
    """Width of the deposit (m)."""
    return math.sqrt(state.area / p.width_ratio)


def perimeter(p: Parameters, state: State) -> float:
    """Length around the deposit (m)."""
    return 2 * across(p, state) * (1 + p.width_ratio)


def on_road(p: Parameters, state: State) -> float:
    """Debris (m³) on a road across the deposit."""
    return depth_over(p, state) * across(p, state) * p.road_width


# ── again ──


def again(p: Parameters, weather: Weather, dt: float, since: float) -> float:
    """By how much the clock of further slides advances in `dt`, `since` s after the last: nothing for a while, then at a rate that
    decays as the slope calms.

    The integral of a decaying rate is a first-order approach to its whole, which is what the kernel gives.
    """
    begins, ends = max(0.0, since - p.again_rest), since + dt - p.again_rest
    if ends <= begins:
        return 0.0
    fades = 1 / p.again_calms
    return _again_rate(p, weather) * kernels.first_order(0.0, math.exp(-begins * fades), fades, ends - begins)


def again_in(p: Parameters, left: float, weather: Weather, since: float) -> float:
    """Time until the next slide; inf if the slope calms before."""
    wait, begins, fades = max(0.0, p.again_rest - since), max(0.0, since - p.again_rest), 1 / p.again_calms
    if left <= 0.0:
        return 0.0
    return wait + kernels.first_order_reaches(0.0, _again_rate(p, weather) * math.exp(-begins * fades), fades, left)


def _again_rate(p: Parameters, weather: Weather) -> float:
    return p.again_rain if weather.rain >= p.again_wet else p.again_dry


# ── the river ──


def valley(p: Parameters, scene: Scene, length: float) -> tuple[float, float, float, float]:
    """(m of reach beyond the bank, width of the valley floor, gradient, flow); −inf beyond where there is no river.

    The river of the register is the one that is dammed where the site lies on it; else a brook of its catchment.
    """
    terrain, around = scene.site.terrain, scene.around
    width = getattr(p, f"valley_{terrain}")
    if not around.river:
        return -math.inf, width, p.gradient_least, 0.0
    first = next((reach for reach in around.river if reach.along > 0.0), None)
    fall = first.drop / first.along if first else p.gradient_least
    gradient = min(p.gradient_most, max(p.gradient_least, fall))
    flow = p.river_flow * (1 + scene.rain_month * _MM / p.river_rain)
    if around.stream is not None and around.stream.flow > 0.0 and around.stream.distance <= p.on_river:
        flow = around.stream.flow
    return length - getattr(p, f"to_river_{terrain}"), width, gradient, flow


def lake(p: Parameters, state: State) -> dict[str, float]:
    """What the mass makes of the river: height of its dam, of the lake, time to fill, outburst flow; {} if clear."""
    if state.beyond <= 0.0:
        return {}
    height = math.sqrt(p.in_valley * state.volume / (state.valley * p.dam_slope))
    if height < p.lake_least:
        return {}
    volume = height * height * state.valley / (2 * state.gradient)
    return {
        "dam_height": height,
        "lake_volume": volume,
        "inflow": state.flow,
        "fills_in": volume / state.flow,
        "outburst": outburst(p, volume, height),
    }


def outburst(p: Parameters, volume: float, height: float) -> float:
    """Peak flow (m³/s) when a natural dam bursts."""
    return float(p.outburst_factor * (p.water_weight * height * volume) ** p.outburst_power)
