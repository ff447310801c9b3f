"""The height of the sun, and when it passes a mark: for how stable the air is, and for day and night (hazards.md 3.1)."""

from __future__ import annotations

import math

_DAYS, _EQUINOX = 365.0, 81.0  # of a year; the day of the year on which the sun crosses the equator
_TILT = 23.44  # degrees
_TURN, _HOURS = 360.0, 24.0
_MONTHS = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)  # days before each month


def day_of_year(month: int, day: int) -> float:
    """1 for the first of January; leap years do not matter here."""
    return float(_MONTHS[month - 1] + day)


def declination(day: float) -> float:
    """Degrees that the sun stands north of the equator."""
    return _TILT * math.sin(math.tau * (day - _EQUINOX) / _DAYS)


def solar_hour(clock: float, longitude: float, meridian: float) -> float:
    """The hour by the sun (0–24) where clocks show that of another meridian; the equation of time is left out."""
    return (clock + (longitude - meridian) / _TURN * _HOURS) % _HOURS


def height(latitude: float, day: float, hour: float) -> float:
    """Degrees above the horizon at an hour by the sun."""
    lat, decl = math.radians(latitude), math.radians(declination(day))
    angle = math.tau * (hour / _HOURS - 1 / 2)
    return math.degrees(math.asin(math.sin(lat) * math.sin(decl) + math.cos(lat) * math.cos(decl) * math.cos(angle)))


def passes(latitude: float, day: float, hour: float, marks: tuple[float, ...]) -> float:
    """Hours until the sun next passes any of these heights (degrees), rising or falling; inf if it never does on such a day."""
    lat, decl = math.radians(latitude), math.radians(declination(day))
    soonest = math.inf
    for mark in marks:
        cosine = (math.sin(math.radians(mark)) - math.sin(lat) * math.sin(decl)) / (math.cos(lat) * math.cos(decl))
        if abs(cosine) >= 1.0:
            continue
        half = math.acos(cosine) / math.tau * _HOURS
        for when in (_HOURS / 2 - half, _HOURS / 2 + half):
            soonest = min(soonest, (when - hour) % _HOURS or _HOURS)
    return soonest
