"""Shaking: isoseismal ellipses, the intensity at a place, peak acceleration, aftershocks drawn by inversion."""

from __future__ import annotations

import math

from models.hazards.earthquake.parameters import Parameters
from models.hazards.earthquake.state import Aftershock
from sim.streams import Stream
from sim.units import DAY

_KM = 1e3
_BISECTIONS = 60


def along(p: Parameters, magnitude: float, distance: float) -> float:
    """Intensity so far (m) from the epicentre along the strike."""
    return p.long_a + p.long_m * magnitude - p.long_c * math.log10((distance / p.shrink + p.long_r) / _KM)


def across(p: Parameters, magnitude: float, distance: float) -> float:
    """Intensity so far (m) from the epicentre across the strike."""
    return p.short_a + p.short_m * magnitude - p.short_c * math.log10((distance / p.shrink + p.short_r) / _KM)


def semi_axes(p: Parameters, magnitude: float, intensity: float) -> tuple[float, float]:
    """Half the length and width (m) of the ellipse inside which it is at least so strong; 0 where it nowhere is."""
    long = _KM * 10 ** ((p.long_a + p.long_m * magnitude - intensity) / p.long_c) - p.long_r
    short = _KM * 10 ** ((p.short_a + p.short_m * magnitude - intensity) / p.short_c) - p.short_r
    return p.shrink * max(0.0, long), p.shrink * max(0.0, short)


def zone_area(p: Parameters, magnitude: float, intensity: float) -> float:
    """Area (m²) of that ellipse."""
    long, short = semi_axes(p, magnitude, intensity)
    return math.pi * long * short


def epicentral(p: Parameters, magnitude: float, term: float = 0.0) -> float:
    """Intensity at the epicentre."""
    return min(along(p, magnitude, 0.0), across(p, magnitude, 0.0)) + p.lift + term


def intensity(p: Parameters, magnitude: float, distance: float, off_strike: float, term: float = 0.0) -> float:
    """Intensity at a place so far off (m) and so many degrees from the strike: that of the ellipse on which it lies."""
    if distance <= 0.0:
        return epicentral(p, magnitude, term)
    x, y = distance * math.cos(math.radians(off_strike)), distance * math.sin(math.radians(off_strike))
    low = min(along(p, magnitude, distance), across(p, magnitude, distance))
    high = max(low, min(along(p, magnitude, 0.0), across(p, magnitude, 0.0)))
    for _ in range(_BISECTIONS):  # ellipses shrink as the intensity rises
        middle = (low + high) / 2
        long, short = semi_axes(p, magnitude, middle)
        inside = long > 0.0 and short > 0.0 and (x / long) ** 2 + (y / short) ** 2 <= 1.0
        low, high = (middle, high) if inside else (low, middle)
    return (low + high) / 2 + p.lift + term


def acceleration(p: Parameters, at: float) -> float:
    """Peak acceleration (m/s²) that goes with an intensity."""
    return float(10 ** ((at - p.pga_at) / p.pga_slope))


# ── aftershocks: Reasenberg & Jones, N(≥ M) in (t1, t2) = 10^(a + b (Mm − M)) ∫ (t + c)^−p dt ──


def expected(p: Parameters, main: float, least: float, begins: float, ends: float) -> float:
    """How many of at least that magnitude are expected between two times (s) after the main shock."""
    return _productivity(p, main, least) * (_omori(p, ends) - _omori(p, begins))


def draw(p: Parameters, main: float, stream: Stream) -> tuple[Aftershock, ...]:
    """The aftershocks to come, by inversion: a unit clock each for the time, one draw each for size and term."""
    least = max(p.after_least, main - p.after_gap)
    rate, count = _productivity(p, main, least), 0.0
    found = []
    for _ in range(round(p.after_most)):
        count += stream.exponential()
        size, term = least - math.log10(stream.uniform()) / p.after_b, p.after_spread * stream.normal()
        if (at := _inverse(p, count / rate)) < math.inf:
            found.append(Aftershock(at, min(main, size), term))
    return tuple(found)


def _productivity(p: Parameters, main: float, least: float) -> float:
    return float(10 ** (p.after_a + p.after_b * (main - least)))


def _omori(p: Parameters, t: float) -> float:
    """∫ (t + c)^−p dt in days, up to a constant."""
    days, power = (t + p.after_c) / DAY, 1 - p.after_p
    return float(days**power / power) if power else math.log(days)


def _inverse(p: Parameters, count: float) -> float:
    """The time (s) by which the integral from 0 has come to `count`; inf if it never does."""
    value, power = _omori(p, 0.0) + count, 1 - p.after_p
    if power == 0.0:
        return DAY * math.exp(value) - p.after_c
    if value * power <= 0.0:
        return math.inf
    return float(DAY * (value * power) ** (1 / power)) - p.after_c
