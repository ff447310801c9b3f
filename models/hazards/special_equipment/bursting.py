"""How strong a vessel or boiler bursts, and how far its steam scalds."""

from __future__ import annotations

import math
from dataclasses import dataclass

from models.hazards.special_equipment.parameters import Parameters
from models.physics import blast

_KILO = 1000.0  # the fits to the steam table are in kJ/kg


@dataclass(frozen=True, slots=True)
class Burst:
    """TNT equivalent (kg), reach of scalding steam (m), share of the water that flashed, energy between its bounds (J)."""

    tnt: float
    steam: float
    flashed: float
    brode: float
    isentropic: float


def burst(p: Parameters, volume: float, ambient: float) -> Burst:
    """The gas above the water expands, and what of the water flashes; between Brode's bound and the isentropic one."""
    water = p.water_share * volume
    space = volume - water
    flashed, gas = 0.0, space
    if water > 0.0:
        flashed = flash(p, boiling_point(p, p.pressure), ambient)
        dense = p.pressure / (p.steam_constant * (boiling_point(p, p.pressure) + p.kelvin))
        gas = blast.flashed_volume(space, water, flashed, p.water_density / dense)
    upper = blast.burst_brode(p.pressure, ambient, gas, p.gamma)
    lower = blast.burst_isentropic(p.pressure, ambient, gas, p.gamma)
    energy = upper**p.brode_share * lower ** (1 - p.brode_share)
    reach = p.steam_reach * math.cbrt(gas) if p.steams else 0.0
    return Burst(blast.tnt_of(p.blast_share * energy, p.tnt), reach, flashed, upper, lower)


def boiling_point(p: Parameters, pressure: float) -> float:
    """Temperature (°C) at which water boils under that pressure (Antoine)."""
    return p.antoine_b / (p.antoine_a - math.log(pressure)) - p.antoine_c


def flash(p: Parameters, temperature: float, ambient: float) -> float:
    """Share of water of that temperature (°C) that flashes when it is let out."""
    boils = boiling_point(p, ambient)
    latent = _KILO * (p.latent_0 - p.latent_1 * boils)
    return blast.flash_fraction(_enthalpy(p, temperature), _enthalpy(p, boils), latent)


def _enthalpy(p: Parameters, t: float) -> float:
    return _KILO * t * (p.water_1 + t * (p.water_2 + t * p.water_3))
