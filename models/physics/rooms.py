"""Air in a room with a constant level outside: what one breathes there, and the dose ∫ Cⁿ dt for any n (hazards.md K9, H04).

x' = exchange · (outside − x), D' = xⁿ. Exact under splitting; times are from now. Units are the caller's, as long as they agree.
"""

from __future__ import annotations

import math

from models import kernels

_LAST_BIT = math.ulp(1.0)


def level_after(level: float, outside: float, exchange: float, dt: float) -> float:
    """The concentration inside after `dt` of air changes with a constant one outside; at once the same where they are infinite."""
    return outside if math.isinf(exchange) else outside + (level - outside) * math.exp(-exchange * dt)


def dose_after(level: float, outside: float, exchange: float, n: float, dt: float) -> float:
    """∫ xⁿ over the next `dt` for somebody inside, exactly for any n > 0 (incomplete beta functions, see `_taken_up`)."""
    if dt <= 0.0:
        return 0.0
    if math.isinf(exchange) or level == outside:
        return float(outside**n) * dt
    if exchange <= 0.0:
        return float(level**n) * dt
    if outside <= level * _LAST_BIT:
        return float(level**n) * -math.expm1(-n * exchange * dt) / (n * exchange)
    return float(outside**n) / exchange * _taken_up(level / outside, exchange * dt, n)


def dose_reaches(level: float, outside: float, exchange: float, n: float, dose: float) -> float:
    """Time until ∫ xⁿ is `dose`; inf if all that will come is less."""
    if dose <= 0.0:
        return 0.0
    if math.isinf(exchange) or exchange <= 0.0 or level == outside:
        steady = level if exchange <= 0.0 else outside
        return dose / float(steady**n) if steady > 0.0 else math.inf
    if outside <= level * _LAST_BIT:
        share = n * exchange * dose / float(level**n) if level > 0.0 else math.inf
        return -math.log1p(-share) / (n * exchange) if share < 1.0 else math.inf

    def step(t: float) -> float:
        slope = float(level_after(level, outside, exchange, t) ** n)
        return (dose - dose_after(level, outside, exchange, n, t)) / slope if slope else 0.0

    if level > outside:  # the level falls: the dose bends downwards, Newton comes from the left
        return kernels.newton(dose / float(level**n), step, up=True)
    late = dose / float(outside**n)  # too early; double until it is too late
    while dose_after(level, outside, exchange, n, late) < dose:
        late *= 2
    return kernels.newton(late, step, up=False)


def _taken_up(y: float, z: float, n: float) -> float:
    """∫ uⁿ/|1 − u| du from `y` on while |1 − u| falls by e^−z: the dose in units of outsideⁿ/exchange.

    u is the concentration per that outside. Three series, each where it converges fast: in u below 1/2, around u = 1, and in
    1/u above 3/2; the logarithm at u = 1 is z itself, so nothing cancels.
    """
    half, total, left = 1 / 2, 0.0, z
    if y < half:
        z_here = math.log((1 - y) / half)
        if left <= z_here:
            return _below(1 + (y - 1) * math.exp(-left), n) - _below(y, n)
        total, left, y = _below(half, n) - _below(y, n), left - z_here, half
    if y > 1 + half:
        z_here = math.log((y - 1) / half)
        if left <= z_here:
            return _above(y, n) - _above(1 + (y - 1) * math.exp(-left), n)
        total, left, y = _above(y, n) - _above(1 + half, n), left - z_here, 1 + half
    w = y - 1
    return total + left + _around(w, n) - _around(w * math.exp(-left), n)


def _below(y: float, n: float) -> float:
    """∫₀^y uⁿ/(1 − u) du for y ≤ 1/2: Σ y^(n+1+j)/(n+1+j)."""
    term, total, j = float(y ** (n + 1)), 0.0, n + 1
    while (part := term / j) > total * _LAST_BIT:
        total, term, j = total + part, term * y, j + 1
    return total


def _around(w: float, n: float) -> float:
    """∫₀^w ((1 + s)ⁿ − 1)/s ds for |w| ≤ 1/2: Σ C(n, j) wʲ/j."""
    term, total, j = n * w, 0.0, 1
    while abs(part := term / j) > abs(total) * _LAST_BIT:
        total += part
        term *= (n - j) / (j + 1) * w
        j += 1
    return total


def _above(y: float, n: float) -> float:
    """An antiderivative of uⁿ/(u − 1) for y ≥ 3/2: Σ y^(n−j)/(n − j), the logarithm where j is n."""
    term, total, j = float(y**n), 0.0, 0
    while True:
        part = term * math.log(y) if j == n else term / (n - j)
        if j > n and abs(part) <= abs(total) * _LAST_BIT:
            return total
        total, term, j = total + part, term / y, j + 1
