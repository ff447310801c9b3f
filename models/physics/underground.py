"""What mines share: draught without a fan, flow by a fan, gas in air, tolerance of bad air, how squads may work inside.

Plain functions, SI; the numbers stand in the cards of the hazards that use them, with their passports.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.units import to_si

_KELVIN = 273.15  # 0 °C

# ── air ──


def air_density(sea_level: float, scale: float, elevation: float) -> float:
    """kg/m³ at a height, falling by 1/e every `scale` metres."""
    return sea_level * math.exp(-elevation / scale)


def draught(density: float, gravity: float, height: float, inside: float, outside: float) -> float:
    """Pressure (Pa) that drives air through a mine by itself: ρ g H |ΔT| / T; temperatures in °C."""
    return density * gravity * height * abs(inside - outside) / (_KELVIN + inside)


def natural_flow(usual: float, usual_draught: float, pressure: float, least: float) -> float:
    """Airflow (m³/s) under a draught: it goes with the square root; never quite still."""
    return max(least, usual * math.sqrt(pressure / usual_draught))


def fan_flow(full: float, supply: float) -> float:
    """Airflow (m³/s) of a fan that gets this share of its power: power goes with the cube of the flow."""
    return full * math.cbrt(min(1.0, max(0.0, supply)))


# ── gas ──


def stoichiometric(oxygen: float, air: float) -> float:
    """Volume share of fuel in air that just burns: `oxygen` moles a mole of fuel, `air` moles of air a mole of oxygen."""
    return 1 / (1 + oxygen * air)


def resting(emission: float, flow: float) -> float:
    """Share of gas at which air settles that a source of `emission` seeps into: q / (Q + q)."""
    return emission / (flow + emission) if emission > 0.0 else 0.0


def probit_dose(a: float, b: float, base: float, z: float) -> float:
    """Dose of carbon monoxide (share of volume × s) that kills somebody of tolerance `z`: a + b ln(ppm·min) = base + z."""
    return math.exp((base + z - a) / b) * to_si(1.0, "ppm") * to_si(1.0, "min")


# ── heat ──


def air_limited(density: float, flow: float, per_kg: float) -> float:
    """Most heat (W) that a flow of air can feed: `per_kg` J a kilogramme of air."""
    return density * flow * per_kg


@dataclass(frozen=True, slots=True)
class Gallery:
    """A gallery in which something burns; `froude` holds the factor of its grade, `capacity` is the heat air takes up (J/kg/K)."""

    area: float
    height: float
    froude: float
    gravity: float
    capacity: float

    @property
    def drive(self) -> float:
        """K³ g H."""
        return self.froude**3 * self.gravity * self.height

    def plume(self, heat: float, density: float) -> float:
        """q, m·K/s: what the convected heat would make of a metre a second of air."""
        return heat / (density * self.capacity * self.area)


def critical_velocity(gallery: Gallery, heat: float, density: float, outside: float) -> float:
    """Air speed (m/s) that just keeps the smoke of `heat` W (convected) from running back: V = K (g H q / T_f)^⅓ (Kennedy).

    With T_f = q/V + T and q = heat/(ρ c A) it is the root of T V³ + q V² = K³ g H q; by bisection to the last bit.
    """
    kelvin, q, drive = _KELVIN + outside, gallery.plume(heat, density), gallery.drive
    low, high = 0.0, math.sqrt(drive)
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if (kelvin * middle + q) * middle**2 < drive * q else (low, middle)
    return high


def heat_held(gallery: Gallery, air: float, density: float, outside: float) -> float:
    """The largest fire (W convected) whose smoke this air speed holds: the inverse of `critical_velocity`; inf if any."""
    if air <= 0.0:
        return 0.0
    if air**2 >= gallery.drive:
        return math.inf
    return air**3 * (_KELVIN + outside) / (gallery.drive - air**2) / gallery.plume(1.0, density)


# ── squads ──


def inside(effort: dict[str, float], unguided: float) -> float:
    """How well squads work inside: not at all with none standing by, slower without a guide."""
    if effort.get("standby", 0.0) <= 0.0:
        return 0.0
    return 1.0 if effort.get("guides", 0.0) > 0.0 else unguided


def squads_for(people: float, factor: float, power: float, least: float, most: float) -> float:
    """Squads that so many people missing take: factor · people^power, whole, between two bounds; none for nobody."""
    if people <= 0.0:
        return 0.0
    return min(most, max(least, float(round(factor * people**power))))
