"""What a river carries: how fast it flows, and what becomes of a substance in it. Shared by all that flows down a river.

A substance is followed against the odometer of the water, s = ∫ velocity dt, not against time: then a flow that changes at
events changes nothing of the form of the solution, for dispersion grows with the velocity. `dispersivity` (m) is dispersion per
velocity, `loss` (1/m) decay per metre of travel. All functions are exact for a uniform river; nothing here is a number of a model.
"""

from __future__ import annotations

import math

_ROOT_PI = math.sqrt(math.pi)
_HUGE = 25.0  # beyond it erfc is too small for a float, and three terms of its series are exact


# ── water ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def depth(flow: float, width: float, slope: float, roughness: float) -> float:
    """Depth (m) of a wide channel that carries `flow` (m³/s): Manning's equation turned round."""
    return float((flow * roughness / (width * math.sqrt(slope))) ** (3 / 5))


def dispersion(velocity: float, width: float, deep: float, slope: float, factor: float, gravity: float) -> float:
    """Longitudinal dispersion (m²/s) of a river: factor · U²W² / (h u*), u* = √(g h S) (Fischer 1979, factor 0.011)."""
    return factor * velocity**2 * width**2 / (deep * math.sqrt(gravity * deep * slope))


# ── a substance let in at once ───────────────────────────────────────────────────────────────────────────────────────


def line_density(x: float, s: float, dispersivity: float, loss: float) -> float:
    """Per metre of river (1/m) at `x` below, once the water has run `s` metres since a unit was let in at once."""
    if s <= 0.0:
        return 0.0
    spread = 4 * dispersivity * s
    return math.exp(-((x - s) ** 2) / spread - loss * s) / math.sqrt(math.pi * spread)


def peak_at(x: float, dispersivity: float, loss: float) -> float:
    """The odometer (m) at which that is greatest at `x`."""
    a = 1 + 4 * dispersivity * loss
    return x * x / (math.hypot(dispersivity, math.sqrt(a) * x) + dispersivity)


# ── a substance let in steadily ──────────────────────────────────────────────────────────────────────────────────────


def passed(x: float, s: float, dispersivity: float, loss: float) -> float:
    """∫ `line_density` over the odometer up to `s`: of a steady inflow of one a metre, what is in a metre of river at `x`."""
    if s <= 0.0:
        return 0.0
    gamma = math.sqrt(1 + 4 * loss * dispersivity)
    return (_near(x, s, dispersivity, gamma) - _far(x, s, dispersivity, gamma)) / (2 * gamma)


def passed_sum(x: float, s: float, dispersivity: float, loss: float) -> float:
    """∫ `passed` over the odometer up to `s`: s·passed − ∫ s'·line_density ds', the latter as its derivative by the loss."""
    if s <= 0.0:
        return 0.0
    gamma = math.sqrt(1 + 4 * loss * dispersivity)
    near, far = _near(x, s, dispersivity, gamma), _far(x, s, dispersivity, gamma)
    whole = (near - far) / (2 * gamma)
    bell = _bell(x, s, dispersivity, gamma) * math.sqrt(s / dispersivity) / _ROOT_PI
    by_gamma = -whole / gamma + (2 * bell - x / (2 * dispersivity) * (near + far)) / (2 * gamma)
    return s * whole + 2 * dispersivity / gamma * by_gamma


def _near(x: float, s: float, dispersivity: float, gamma: float) -> float:
    """e^((1−γ)x/2α) · erfc((x − γs) / 2√(αs))."""
    z = (x - gamma * s) / (2 * math.sqrt(dispersivity * s))
    return math.exp((1 - gamma) * x / (2 * dispersivity)) * math.erfc(z)


def _far(x: float, s: float, dispersivity: float, gamma: float) -> float:
    """e^((1+γ)x/2α) · erfc((x + γs) / 2√(αs)), written so that nothing overflows."""
    z = (x + gamma * s) / (2 * math.sqrt(dispersivity * s))
    return _bell(x, s, dispersivity, gamma) * scaled_erfc(z)


def _bell(x: float, s: float, dispersivity: float, gamma: float) -> float:
    """The exponential that both have in common: e^(x/2α − (x² + γ²s²)/4αs)."""
    return math.exp(-((x - gamma * s) ** 2) / (4 * dispersivity * s) + (1 - gamma) * x / (2 * dispersivity))


def scaled_erfc(z: float) -> float:
    """e^(z²) · erfc(z) for z ≥ 0."""
    if z < _HUGE:
        return math.exp(z * z) * math.erfc(z)
    w = 1 / (2 * z * z)
    return (1 - w * (1 - 3 * w * (1 - 5 * w))) / (z * _ROOT_PI)


# ── the leading edge of planning (Jobson 1997) ───────────────────────────────────────────────────────────────────────


def unit_peak(peak_after: float, relative_flow: float, height: float, power: float, flow_power: float) -> float:
    """Jobson's unit-peak concentration (1/s): height · T_p^(power · (Q/Qa)^flow_power), T_p in hours.

    Peak concentration is this times mass per discharge.
    """
    return float(height * peak_after ** (power * relative_flow**flow_power))
