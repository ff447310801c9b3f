"""What comes out of a hole: liquid, gas, both at once; how long a line or vessel lasts (hazards.md H04, H17).

Plain functions, SI, absolute pressures; the discharge coefficients stand in the cards. Steady flow through a sharp hole of given
area: no friction in the pipe behind it, no cooling of the contents.
"""

from __future__ import annotations

import math


def hole_area(diameter: float) -> float:
    """Area (m²) of a round hole."""
    return math.pi * diameter * diameter / 2 / 2


def liquid_flow(
    coefficient: float, area: float, density: float, over: float, head: float = 0.0, gravity: float = 0.0
) -> float:
    """kg/s of liquid through a hole under an overpressure and a head: C_d·A·√(2ρΔp + 2ρ²gh)."""
    return coefficient * area * math.sqrt(2 * density * max(0.0, over) + 2 * density * density * gravity * head)


def sonic_ratio(gamma: float) -> float:
    """Outer pressure per inner pressure below which gas leaves at the speed of sound."""
    return float((2 / (gamma + 1)) ** (gamma / (gamma - 1)))


def gas_flow(
    coefficient: float, area: float, pressure: float, ambient: float, molar: float, gamma: float, temperature: float, gas: float
) -> float:  # fmt: skip
    """kg/s of gas through a hole: choked where the pressure is high enough, else by isentropic expansion to ambient."""
    if pressure <= ambient:
        return 0.0
    ratio = ambient / pressure
    if ratio <= sonic_ratio(gamma):
        shape = gamma * float((2 / (gamma + 1)) ** ((gamma + 1) / (gamma - 1)))
    else:
        shape = 2 * gamma / (gamma - 1) * float(ratio ** (2 / gamma)) * (1 - float(ratio ** ((gamma - 1) / gamma)))
    return coefficient * area * pressure * math.sqrt(shape * molar / (gas * temperature))


def two_phase(liquid: float, vapour: float, weight: float) -> float:
    """kg/s where liquid and vapour leave together: between the two, their geometric mean at a weight of 1/2."""
    return float(liquid**weight * vapour ** (1 - weight)) if liquid > 0.0 and vapour > 0.0 else 0.0


def vapour_pressure(boiling: float, heat: float, temperature: float, normal: float, gas: float) -> float:
    """Pa over a liquid that boils at `boiling` K under `normal` Pa, by Clausius and Clapeyron; `heat` of vaporisation in J/mol."""
    return normal * math.exp(-heat / gas * (1 / temperature - 1 / boiling))


def gas_density(pressure: float, molar: float, temperature: float, gas: float) -> float:
    """kg/m³ of an ideal gas."""
    return pressure * molar / (gas * temperature)


def blow_down(mass: float, rate: float) -> float:
    """Seconds over which a closed line or vessel of gas empties to 1/e, while the flow is choked: τ = M/ṁ."""
    return mass / rate if rate > 0.0 else math.inf


def let_out(mass: float, tau: float, dt: float) -> float:
    """kg that leave a vessel of gas within `dt`."""
    return mass * -math.expm1(-dt / tau) if tau < math.inf else 0.0
