"""Formulas of rain, rivers and broken dams; the coefficients are those of the card."""

from __future__ import annotations

import math

from models.chances import normal_cdf
from models.hazards.flood.parameters import Parameters
from models.hazards.flood.state import Channel
from sim.units import HOUR, MINUTE

_MM, _KM2, _FOOT = 1e-3, 1e6, 0.3048
_BISECTIONS = 80

# ── rain and runoff ──


def retention(p: Parameters, curve_number: float) -> float:
    """What the ground can hold (m) by its curve number: 25 400/CN − 254 mm."""
    return (p.cn_scale / curve_number - p.cn_less) * _MM


def runoff(p: Parameters, rain: float, store: float) -> float:
    """Runoff (m) of so much rain (m): (P − 0.2 S)² / (P + 0.8 S)."""
    over = rain - p.abstracted * store
    return over * over / (rain + (1 - p.abstracted) * store) if over > 0.0 else 0.0


def rain_of(p: Parameters, period: float, duration: float, area: float) -> float:
    """Rain (m) of a storm of that return period (years) and duration (s) over an area (m²)."""
    daily = p.rain_10 * (1 + p.rain_growth * math.log10(period / p.rain_at))
    depth = daily * (duration / p.rain_day) ** p.rain_duration
    return float(depth * min(1.0, (area / p.rain_area) ** -p.rain_areal))


def concentration(p: Parameters, length: float, slope: float) -> float:
    """Time of concentration (s) of a channel so long (m) and steep: 0.0195 L^0.77 S^−0.385 min (Kirpich)."""
    return float(p.kirpich * length**p.kirpich_length * slope**-p.kirpich_slope * MINUTE)


def time_to_peak(p: Parameters, duration: float, concentrates: float) -> float:
    """From the beginning of the rain to the peak of the unit hydrograph (s): D/2 + 0.6 t_c."""
    return duration / 2 + p.lag_share * concentrates


def unit_peak(p: Parameters, area: float, depth: float, rises: float) -> float:
    """Peak flow (m³/s) of so much runoff (m) from an area (m²) that rises for so long (s): 0.208 A Q / T_p."""
    return p.peak_factor * (area / _KM2) * (depth / _MM) / (rises / HOUR)


def chain_lag(p: Parameters, area: float, concentrates: float) -> float:
    """Lag (s) of each reservoir of the chain, so that a short shower peaks as the unit hydrograph does."""
    short = p.unit_share * concentrates
    peak = unit_peak(p, area, 1.0, time_to_peak(p, short, concentrates))
    n = round(p.chain)
    shape = (n - 1) ** (n - 1) * math.exp(1 - n) / math.gamma(n) if n > 1 else 1.0
    return shape * area / peak


# ── rivers (Manning, trapezoid) ──


def carried(p: Parameters, channel: Channel, depth: float) -> float:
    """Flow (m³/s) at a depth."""
    area, wet = _section(p, channel.width, depth)
    return float(math.sqrt(channel.slope) / p.roughness * area * (area / wet) ** (2 / 3))


def speed(p: Parameters, channel: Channel, depth: float) -> float:
    """Mean velocity (m/s) at a depth."""
    return carried(p, channel, depth) / _section(p, channel.width, depth)[0] if depth > 0.0 else 0.0


def celerity(p: Parameters, channel: Channel, depth: float) -> float:
    """Speed (m/s) at which a rise travels: 5/3 of the velocity."""
    return p.celerity * speed(p, channel, depth)


def stage(p: Parameters, channel: Channel, flow: float) -> float:
    """Depth (m) at which it carries a flow."""
    low, high = 0.0, 1.0
    while carried(p, channel, high) < flow:
        low, high = high, 2 * high
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if carried(p, channel, middle) < flow else (low, middle)
    return (low + high) / 2


def over_ground(p: Parameters, channel: Channel, flow: float) -> float:
    """Depth (m) over the ground beside the river: what rises above its banks spreads."""
    if flow <= channel.bank:
        return 0.0
    return p.spreads * (stage(p, channel, flow) - stage(p, channel, channel.bank))


def bed(p: Parameters, mean: float, slope: float) -> Channel:
    """A river bed made by its flow: it carries some floods between its banks, its width goes with their root."""
    bank = p.bank_ratio * mean
    return Channel(max(p.width_least, p.regime * math.sqrt(bank)), min(p.slope_most, max(p.slope_least, slope)), bank)


def _section(p: Parameters, width: float, depth: float) -> tuple[float, float]:
    return (width + p.side * depth) * depth, width + 2 * depth * math.hypot(1.0, p.side)


# ── dikes ──


def bags_per_metre(p: Parameters, height: float) -> float:
    """Sandbags per metre of dike so high (m): ½(3H + 9H²)/0.3048, H in feet."""
    feet = height / _FOOT
    return (p.bags_linear * feet + p.bags_square * feet * feet) / (2 * _FOOT)


def bagging(p: Parameters, effort: dict[str, float]) -> float:
    """Sandbags placed a second: by crews with machines, and by hand."""
    return effort.get("sandbags", 0.0) * p.bags_rate + effort.get("bagging", 0.0) * p.bags_by_hand


def raised(p: Parameters, bags: float, length: float) -> float:
    """By how much (m) so many bags raise a dike so long (m)."""
    wanted = 2 * _FOOT * bags / length
    root = math.sqrt(p.bags_linear**2 + 2 * 2 * p.bags_square * wanted)
    return _FOOT * (root - p.bags_linear) / (2 * p.bags_square)


# ── broken dams ──


def breach_peak(p: Parameters, volume: float, height: float) -> float:
    """Peak flow (m³/s) of a breached dam: 0.607 V^0.295 h^1.24 (Froehlich 1995)."""
    return float(p.breach_peak * volume**p.breach_peak_volume * height**p.breach_peak_height)


def natural_peak(p: Parameters, volume: float, height: float) -> float:
    """Peak flow (m³/s) of a natural dam: 0.0158 (9 800 H V)^0.41 (Costa & Schuster 1988)."""
    return float(p.natural_peak * (p.water_weight * height * volume) ** p.natural_power)


def weir_peak(p: Parameters, width: float, breach: float, height: float) -> float:
    """Peak flow (m³/s) where part of a dam goes at once: (8/27) √g (B/b)^¼ b H^1.5 (Chinese practice)."""
    return float(
        p.weir_share * math.sqrt(p.gravity) * (width / breach) ** p.weir_power * breach * height**p.weir_height
    )


def breach_width(p: Parameters, volume: float, height: float, *, topped: bool) -> float:
    """Mean width (m) of a breach (Froehlich 2008)."""
    mode = p.breach_topped if topped else 1.0
    return float(p.breach_width * mode * volume**p.breach_width_volume * height**p.breach_width_height)


def breach_time(p: Parameters, volume: float, height: float) -> float:
    """How long (s) a breach takes to form: 63.2 √(V / g h²) (Froehlich 2008)."""
    return p.breach_time * math.sqrt(volume / (p.gravity * height * height))


def downstream(volume: float, peak: float, along: float, speed: float, shape: float) -> float:
    """Peak flow (m³/s) so far (m) below: V / (V/Q + x/(v K)) (Li Sitewan)."""
    return volume / (volume / peak + along / (speed * shape))


def wave(p: Parameters, slope: float) -> tuple[float, float]:
    """(speed v, shape K) of a wave in such a valley: mountain, hills, plain."""
    if slope >= p.mountain_from:
        return p.wave_mountain, p.shape_mountain
    return (p.wave_hill, p.shape_hill) if slope >= p.hill_from else (p.wave_plain, p.shape_plain)


# ── people in the water ──


def drowning(p: Parameters, depth: float, rise: float, velocity: float) -> float:
    """Share of the people in a place who drown (Jonkman 2008): where houses go, where it rises fast, elsewhere."""
    if depth <= 0.0:
        return 0.0
    if depth * velocity >= p.wrecks and velocity >= p.wrecks_speed:
        return 1.0
    fast = rise >= p.fast_rise and depth >= p.fast_depth
    mean, spread = (p.fast_mean, p.fast_spread) if fast else (p.slow_mean, p.slow_spread)
    return normal_cdf((math.log(depth) - mean) / spread)


def loss_of_life(p: Parameters, people: float, warned: float, force: float) -> float:
    """Deaths by people at risk, hours of warning and forcefulness 0–1 (DeKay & McClelland), as a second opinion."""
    if people <= 0.0:
        return 0.0
    power = p.dekay_warned * warned - p.dekay_force * force + p.dekay_both * warned * force
    return float(people / (1 + p.dekay_scale * people**p.dekay_power * math.exp(power)))
