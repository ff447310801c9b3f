"""The cloud: the air it blows in, how far it is dangerous, what one breathes at a place per kg/s (hazards.md H04)."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise

from models.hazards.toxic_release.parameters import Parameters
from models.hazards.toxic_release.state import Air, Place
from models.physics import plume, sun
from models.physics.plume import Ground, Plume, Stability
from sim.domain.places import Site, Surroundings, Weather

_TURN, _HALF = 360.0, 180.0  # degrees
_HOUR = 3600.0
_VALLEYS = ("mountain", "gorge")
_SIDE = math.pi / 2  # what lies farther than this beside the wind is upwind


def air(p: Parameters, place: Place, weather: Weather, height: float) -> Air:
    """The air under this weather with the sun at a height (degrees); a valley leads the wind along its axis."""
    overcast = weather.rain > 0.0 or weather.fog or weather.humidity >= p.humid
    wind = max(p.least_wind, weather.wind)
    stability = plume.stability(wind, height, overcast=overcast)
    if weather.wind <= p.calm:
        stability = Stability.F
    return Air(
        wind,
        _towards(p, place, weather, dark=height < min(plume.sun_marks())),
        stability,
        place.urban,
        p.wash * min(1.0, weather.rain / p.wash_rain),
        weather.temperature >= p.open_above,
    )


def valley(p: Parameters, site: Site, around: Surroundings) -> tuple[float, ...]:
    """The bearing of the valley's axis and that in which it falls; towns lie along valleys. Nothing where there is none."""
    if site.terrain not in _VALLEYS:
        return ()
    along = next((s for s in around.settlements if s.distance >= p.valley_far), None)
    if along is None:
        return ()
    return along.bearing, along.bearing if along.elevation <= 0.0 else (along.bearing + _HALF) % _TURN


def height_until(place: Place, age: float) -> tuple[float, float]:
    """The height of the sun that stands for the time until it next passes a mark, and the seconds until then."""
    hour = (place.hour + age / _HOUR) % 24.0
    span = sun.passes(place.latitude, place.day, hour, plume.sun_marks())
    span = min(span, 24.0)
    middle = sun.height(place.latitude, place.day, (hour + span / 2) % 24.0)
    return middle, span * _HOUR


def edges(p: Parameters) -> tuple[float, ...]:
    """The distances (m) between which the rings of cells lie, each so many times the one before."""
    return _edges(p.nearest, p.farthest, round(p.rings))


def middles(p: Parameters) -> tuple[float, ...]:
    """The distance (m) that stands for each ring."""
    marks = edges(p)
    return tuple(math.sqrt(low * high) for low, high in pairwise(marks))


def per_rate(p: Parameters, now: Air, ring: int, bearing: float) -> float:
    """kg/m³ per kg/s on the ground in a ring at a bearing (degrees)."""
    off = math.radians((bearing - now.towards + _HALF) % _TURN - _HALF)
    if abs(off) >= _SIDE:
        return 0.0
    r = middles(p)[ring]
    return (1 - now.washed) * _plume(now).concentration(r * math.cos(off), r * math.sin(off))


def on_axis(p: Parameters, now: Air, ring: int) -> float:
    """kg/m³ per kg/s on the axis of a ring."""
    return (1 - now.washed) * _plume(now).concentration(middles(p)[ring])


def reach(p: Parameters, now: Air, rate: float, level: float) -> float:
    """How far downwind (m) the axis has that level (kg/m³); no farther than the formula holds."""
    airborne = rate * (1 - now.washed)
    return _plume(now).reach(level / airborne, p.farthest) if airborne > 0.0 else 0.0


def half_width(now: Air, rate: float, distance: float, level: float) -> float:
    """How far beside the axis (m) that level is met at a distance."""
    airborne = rate * (1 - now.washed)
    return _plume(now).half_width(distance, level / airborne) if airborne > 0.0 else 0.0


def inside(p: Parameters, place: Place, now: Air, rate: float, level: float) -> tuple[float, ...]:
    """People now near within the part of each ring that has that level."""
    marks, found = edges(p), []
    for k, r in enumerate(middles(p)):
        wide = 2 * half_width(now, rate, r, level)
        people = wide * (marks[k + 1] - marks[k]) * density(place, r, now.towards) if wide else 0.0
        found.append(people * place.present)
    return tuple(found)


def density(place: Place, distance: float, bearing: float) -> float:
    """Residents a m² at a place."""
    east, north = distance * math.sin(math.radians(bearing)), distance * math.cos(math.radians(bearing))
    return math.fsum(disc.density for disc in place.discs if disc.covers(east, north))


def _towards(p: Parameters, place: Place, weather: Weather, *, dark: bool) -> float:
    towards = (weather.wind_from + _HALF) % _TURN
    if not place.valley:
        return towards
    axis, downhill = place.valley
    if dark and weather.wind <= p.valley_drains:  # cold air runs down the valley
        return downhill
    off = (axis - towards) % _TURN
    return axis if min(off, _TURN - off) <= _HALF / 2 else (axis + _HALF) % _TURN


def _plume(now: Air) -> Plume:
    return _made(now.urban, now.stability, now.wind)


@lru_cache(maxsize=256)
def _made(urban: bool, stability: int, wind: float) -> Plume:
    return plume.plume(Ground.URBAN if urban else Ground.RURAL, Stability(stability), wind)


@lru_cache(maxsize=16)
def _edges(nearest: float, farthest: float, rings: int) -> tuple[float, ...]:
    return tuple(nearest * (farthest / nearest) ** (k / rings) for k in range(rings + 1))
