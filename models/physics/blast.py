"""Blast: overpressure at a distance and back, what bursts and clouds are worth in TNT (hazards.md H05, H16).

Plain functions, SI; the constants of the correlations stand in the cards of the hazards that use them, with their passports.
Distances are not corrected for thin air (Sachs' factor on Z, some 7 % at 1 900 m): only the ambient pressure is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

_CLOSEST, _FARTHEST = 1e-3, 1e6  # m/kg^⅓ between which a scaled distance is looked for


@dataclass(frozen=True, slots=True)
class Curve:
    """Kinney and Graham's curve of free-air bursts: Δp/p0 = peak·[1+(Z/bend)²] / √([1+(Z/near)²][1+(Z/middle)²][1+(Z/far)²]).

    `peak` is a ratio, the others are scaled distances, m/kg^⅓.
    """

    peak: float
    bend: float
    near: float
    middle: float
    far: float

    def ratio(self, z: float) -> float:
        """Overpressure per ambient pressure at scaled distance `z` (m/kg^⅓); falls steadily with it."""
        spread = math.sqrt(_plus(z / self.near) * _plus(z / self.middle) * _plus(z / self.far))
        return self.peak * _plus(z / self.bend) / spread


def air_pressure(sea_level: float, scale: float, elevation: float) -> float:
    """Ambient pressure (Pa) at a height, falling by 1/e every `scale` metres."""
    return sea_level * math.exp(-elevation / scale)


def scaled_distance(distance: float, tnt: float) -> float:
    """Z = R/W^⅓ (m/kg^⅓); inf where nothing explodes."""
    return float(distance / math.cbrt(tnt)) if tnt > 0.0 else math.inf


def overpressure(curve: Curve, distance: float, tnt: float, ambient: float) -> float:
    """Side-on overpressure (Pa) `distance` metres from so many kilogrammes of TNT."""
    z = scaled_distance(distance, tnt)
    return ambient * curve.ratio(max(z, _CLOSEST)) if z < math.inf else 0.0


def scaled_distance_of(curve: Curve, pressure: float, ambient: float) -> float:
    """The scaled distance (m/kg^⅓) at which the overpressure has fallen to `pressure`, by bisection to the last bit."""
    wanted, low, high = pressure / ambient, _CLOSEST, _FARTHEST
    while low < (middle := math.sqrt(low * high)) < high:
        low, high = (middle, high) if curve.ratio(middle) > wanted else (low, middle)
    return middle


def reach(curve: Curve, pressure: float, tnt: float, ambient: float) -> float:
    """How far (m) an overpressure of `pressure` reaches; 0 where nothing explodes."""
    return scaled_distance_of(curve, pressure, ambient) * math.cbrt(tnt) if tnt > 0.0 else 0.0


def tnt_of(energy: float, per_kg: float) -> float:
    """Kilogrammes of TNT that release as much energy; `per_kg` is TNT's own (J/kg)."""
    return energy / per_kg


def cloud_tnt(mass: float, heat: float, efficiency: float, per_kg: float) -> float:
    """TNT equivalent (kg) of a vapour cloud of which the share `efficiency` of the heat goes into the blast."""
    return efficiency * mass * heat / per_kg


def burst_brode(pressure: float, ambient: float, volume: float, gamma: float) -> float:
    """Energy (J) of a bursting gas vessel by Brode, the upper bound: (p1 − p0)·V/(γ − 1); absolute pressures."""
    return max(0.0, pressure - ambient) * volume / (gamma - 1)


def burst_isentropic(pressure: float, ambient: float, volume: float, gamma: float) -> float:
    """Energy (J) of a bursting gas vessel by isentropic expansion, the lower bound: p1·V/(γ − 1)·[1 − (p0/p1)^((γ−1)/γ)]."""
    if pressure <= ambient:
        return 0.0
    return float(pressure * volume / (gamma - 1) * (1 - (ambient / pressure) ** ((gamma - 1) / gamma)))


def flash_fraction(enthalpy: float, boiling: float, latent: float) -> float:
    """Share of a superheated liquid that flashes: (h1 − h_f)/h_fg, between 0 and 1; h_f and h_fg at ambient pressure."""
    return min(1.0, max(0.0, (enthalpy - boiling) / latent))


def flashed_volume(space: float, liquid: float, flashing: float, ratio: float) -> float:
    """Vapour (m³) that expands when a vessel bursts: its vapour space and what of the liquid flashes at vessel pressure.

    `ratio` is liquid density over vapour density there.
    """
    return space + liquid * flashing * ratio


def _plus(x: float) -> float:
    return 1 + x * x
