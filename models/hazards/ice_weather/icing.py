"""Ice on lines: how fast it grows (Jones 1998), what it weighs, at how much a line fails; and the weather of the spell itself."""

from __future__ import annotations

import math

from models.chances import fragility
from models.hazards.ice_weather.parameters import Parameters
from sim.domain.places import Site
from sim.units import HOUR, to_si

_MM_H = to_si(1.0, "mm") / HOUR
_ENOUGH = 1e-12  # relative: the search for a rain rate stops here


def water_in_air(p: Parameters, rain: float) -> float:
    """Liquid water in the air (kg/m³) in rain of so much (m/s): W = factor · P^power, P in mm/h."""
    return float(p.water_factor * (rain / _MM_H) ** p.water_power)


def growth(p: Parameters, rain: float, wind: float) -> float:
    """Radial growth of glaze (m/s) by rain (m/s) and wind (m/s): √(P² + (V·W/ρw)²)/(ρi·π).

    Jones 1998 in one unit system: what falls and what the wind carries, caught by a round wire, spread over its circumference.
    """
    if rain <= 0.0:
        return 0.0
    blown = wind * water_in_air(p, rain) / p.water_density
    return math.hypot(rain, blown) / (p.ice_density * math.pi)


def rain_for(p: Parameters, rate: float, wind: float) -> float:
    """The rain (m/s) that makes ice grow at `rate` in that wind; growth rises with rain, so it is found by halving."""
    if rate <= 0.0:
        return 0.0
    low, high = 0.0, rate * p.ice_density * math.pi
    while high - low > _ENOUGH * high:
        middle = (low + high) / 2
        low, high = (middle, high) if growth(p, middle, wind) < rate else (low, middle)
    return (low + high) / 2


def freezes_on(p: Parameters, temperature: float) -> bool:
    """Whether rain freezes onto lines at that temperature."""
    return p.ice_cold < temperature < p.ice_warm


def weight(p: Parameters, ice: float) -> float:
    """Ice on a metre of conductor, kg: ρi · π · t · (d + t)."""
    return p.ice_density * p.water_density * math.pi * ice * (p.conductor + ice)


def design(p: Parameters, elevation: float) -> float:
    """The ice (m) that lines at that height are built for."""
    share = (elevation - p.design_from) / (p.design_until - p.design_from)
    return p.design_low + (p.design_high - p.design_low) * min(1.0, max(0.0, share))


def fails(p: Parameters, ice: float, design_ice: float) -> float:
    """Probability that a group of lines of that design has failed under so much ice."""
    return fragility(ice, p.reserve * design_ice, p.line_spread)


def strength(p: Parameters, design_ice: float, z: float) -> float:
    """The ice at which a group with that luck (standard normal) fails; `fails` is its distribution."""
    return p.reserve * design_ice * math.exp(p.line_spread * z)


def coldness(p: Parameters, site: Site) -> float:
    """Temperature (°C) that the spell brings to a site: colder higher up, but always a frost."""
    return min(p.cold_at_least, p.cold_to - p.lapse * (site.elevation - p.lapse_from) / p.lapse_over)
