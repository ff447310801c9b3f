"""Heat of burning liquids: pools, flames, fireballs, what they do to people and to tanks near by (hazards.md H05).

Plain functions, SI (heat flux in W/m²); the constants of the correlations stand in the cards of the hazards that use them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

_KILO = 1000.0  # the correlations are written in kW/m²


def pool_burning(most: float, extinction: float, diameter: float) -> float:
    """Burning rate (kg/m²/s) of a pool: m∞(1 − e^(−kβD)); `extinction` is kβ (1/m)."""
    return most * -math.expm1(-extinction * diameter)


def across(area: float) -> float:
    """Diameter (m) of a round pool of that area."""
    return 2 * math.sqrt(area / math.pi)


def flame_length(diameter: float, burning: float, density: float, gravity: float, scale: float, power: float) -> float:
    """Length (m) of a pool's flame by Thomas: scale·D·(m″/(ρ√(gD)))^power; `density` is the air's."""
    return float(scale * diameter * (burning / (density * math.sqrt(gravity * diameter))) ** power)


def point_source(radiated: float, heat: float, distance: float) -> float:
    """Flux (W/m²) at a distance from a fire that radiates the share `radiated` of its heat from one point: χQ/4πr²."""
    return radiated * heat / (2 * math.tau * distance * distance)


def point_reach(radiated: float, heat: float, flux: float) -> float:
    """Distance (m) at which the flux of a point source has fallen to `flux`."""
    return math.sqrt(radiated * heat / (2 * math.tau * flux))


@dataclass(frozen=True, slots=True)
class Fireball:
    """The fireball of a vessel that bursts: D = size·M^⅓, t = short·M^⅓ below `large` kilogrammes, else long·M^⅙."""

    size: float  # m/kg^⅓
    short: float  # s/kg^⅓
    long: float  # s/kg^⅙
    large: float  # kg
    emits: float  # W/m², at its surface

    def diameter(self, mass: float) -> float:
        """Largest diameter, m."""
        return self.size * math.cbrt(mass)

    def lasts(self, mass: float) -> float:
        """How long it radiates, s."""
        return self.short * math.cbrt(mass) if mass < self.large else float(self.long * mass ** (1 / 6))

    def flux(self, mass: float, distance: float) -> float:
        """Flux (W/m²) on the ground `distance` metres from the vessel; within the ball it is the surface's own."""
        across = self.diameter(mass)
        return self.emits * (view_factor(across, distance) if distance > across / 2 else 1.0)


def view_factor(diameter: float, distance: float) -> float:
    """Share of a fireball's surface emission that arrives at a ground distance: X(D/2)²/(X² + (D/2)²)^(3/2)."""
    radius = diameter / 2
    return float(distance * radius**2 / (distance**2 + radius**2) ** (3 / 2))


def dose(flux: float, seconds: float, power: float) -> float:
    """Thermal dose t·I^power in s·(kW/m²)^power; power is 4/3 in all the probits."""
    return float(seconds * (flux / _KILO) ** power)


def failure_time_atmospheric(flux: float, volume: float, slope: float, size: float, base: float) -> float:
    """Seconds until an atmospheric tank fails under `flux`: ln ttf = −slope·ln I − size·V + base (Landucci 2009)."""
    return math.exp(base - size * volume - slope * math.log(flux / _KILO)) if flux > 0.0 else math.inf


def failure_time_pressurised(flux: float, volume: float, slope: float, base: float, power: float) -> float:
    """Seconds until a pressure vessel fails under `flux`: ln ttf = −slope·ln I + base·V^power (Landucci 2009)."""
    return math.exp(base * float(volume**power) - slope * math.log(flux / _KILO)) if flux > 0.0 else math.inf
