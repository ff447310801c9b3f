"""How a wildland fire spreads: rates, intensity, shape. Pure functions of the parameters and the weather.

Sources: Wang Zhengfei's base rate, Mao Xianmin's wind and slope factors, Byram's intensity, Alexander's ellipse; see
`parameters.yaml` for each number.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.domain.places import Weather

if TYPE_CHECKING:
    from models.hazards.forest_fire import Parameters

_SATURATED = 100.0  # % relative humidity


def beaufort(p: Parameters, wind: float) -> float:
    """The Beaufort number, not rounded, of a wind in m/s."""
    return float((wind / p.beaufort_scale) ** (1 / p.beaufort_power))


def base_rate(p: Parameters, temperature: float, force: float, humidity: float) -> float:
    """Wang Zhengfei's base rate, m/s, on flat ground without wind: °C, Beaufort, % relative humidity."""
    rate = (
        p.rate_temperature * temperature
        + p.rate_wind * force
        + p.rate_dryness * (_SATURATED - humidity)
        - p.rate_offset
    )
    return max(p.rate_floor, rate)


def wind_factor(p: Parameters, wind: float, angle: float) -> float:
    """K_w: by how much a wind (m/s) speeds a front that runs `angle` degrees off its direction."""
    return math.exp(p.wind_exponent * min(wind, p.wind_cap) * math.cos(math.radians(angle)))


def slope_factor(p: Parameters, slope: float, angle: float = 0.0) -> float:
    """K_φ: by how much a slope (degrees) speeds a front that runs `angle` degrees off straight up; below 1 downhill."""
    rise = math.tan(math.radians(min(slope, p.slope_cap))) * math.cos(math.radians(angle))
    return math.exp(math.copysign(p.slope_coefficient * abs(rise) ** p.slope_power, rise))


def rates(
    p: Parameters, slope: float, weather: Weather, daypart: float, bearings: tuple[float, ...]
) -> tuple[float, ...]:
    """Spread (m/s) towards each bearing, for this slope, weather and part of the day (a share of midday)."""
    force = beaufort(p, min(weather.wind, p.wind_cap))
    base = base_rate(p, weather.temperature, force, weather.humidity) * p.fuel * daypart
    if weather.rain / 3600.0 >= p.rain_wet:
        base *= p.rain_slows
    towards = weather.wind_from + 180.0
    return tuple(
        min(p.rate_cap, base * wind_factor(p, weather.wind, b - towards) * slope_factor(p, slope, b - p.upslope))
        for b in bearings
    )


def intensity(p: Parameters, rate: float) -> float:
    """Byram's fire-line intensity, W/m, of a front that spreads at `rate` m/s."""
    return p.heat * p.load * rate


def flame_length(p: Parameters, power: float) -> float:
    """Byram's flame length, m, of a fire line of `power` W/m."""
    return float(p.flame_coefficient * (power / 1e3) ** p.flame_power)


def length_to_breadth(p: Parameters, wind: float) -> float:
    """Length to breadth of a free-burning fire in a wind of `wind` m/s."""
    return float(1 + p.shape_coefficient * (wind * 3.6) ** p.shape_power)


def head_to_back(ratio: float) -> float:
    """How many times faster the head runs than the back, for an ellipse of that length to breadth lit at its focus."""
    root = math.sqrt(ratio * ratio - 1)
    return (ratio + root) / (ratio - root)


def ellipse_length(area: float, ratio: float) -> float:
    """The length, m, of an ellipse of `area` m² and length-to-breadth `ratio`."""
    return math.sqrt(4 * area * ratio / math.pi)


def ellipse_perimeter(length: float, ratio: float) -> float:
    """Ramanujan's perimeter, m, of an ellipse `length` m long; relative error below 1e-4 for ratios that fires have."""
    a, b = length / 2, length / ratio / 2
    return math.pi * (3 * (a + b) - math.sqrt((3 * a + b) * (a + 3 * b)))
