"""What lies around a site: people, who of them is where now, the river below, slope, what is near – from the city's register.

Every share and radius is a number `surroundings.*` of the models. Distances and bearings are rounded, because sine and cosine
differ in the last digit between platforms, and a run must not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sim.case import City, Town
from sim.domain.parameters import Parameter
from sim.domain.places import EARTH_RADIUS, Basin, Calendar, Point, Settlement, Site, Surroundings
from sim.scenario.occupancy import Occupancy, day_of
from sim.scenario.rivers import Rivers

Floats = npt.NDArray[np.float64]
_TURN = 360.0


class Around:
    """Looks around any site of one city, for something that begins at a time of one scenario."""

    def __init__(self, city: City, rules: Mapping[str, Parameter], calendar: Calendar) -> None:
        self.city, self.calendar = city, calendar
        self._rules = rules
        self._towns: Sequence[Town] = tuple(city.towns.values())
        self._places = _Places([city.network.nodes[t.node].point for t in self._towns])
        self._facilities = tuple(city.facilities.values())
        self._marks = _Places([f.point for f in self._facilities])
        self._occupancy = Occupancy(rules)
        self._seen: dict[tuple[object, ...], Surroundings] = {}

    def __call__(self, site: Site, t: float) -> Surroundings:
        """The surroundings of a site at `t` seconds after the start; the same site in the same hour is looked at once."""
        today = day_of(self.calendar, t)
        key = (site.point, site.town, site.terrain, site.elevation, today, self.calendar.hour_at(t))
        found = self._seen.get(key)
        if found is None:
            course, reaches = self._rivers.below(site, today.month)
            found = self._seen[key] = Surroundings(
                density=self._density(site.town),
                settlements=self._settlements(site),
                presence=self._occupancy.presence(self.calendar, t, site.town),
                river=reaches,
                slope=self._number(f"slope_{site.terrain}"),
                near=self._near(site.point),
                stream=course,
                basins=self._basins(site.point),
            )
        return found

    @cached_property
    def _rivers(self) -> Rivers:
        return Rivers(self.city, self._number)

    # ── people ──

    def _settlements(self, site: Site) -> tuple[Settlement, ...]:
        """Towns within the radius, nearest first; the lower code wins a tie."""
        distances = self._places.distances(site.point)
        within = np.flatnonzero(distances <= self._number("radius"))
        order = sorted(within.tolist(), key=lambda i: (distances[i], self._towns[i].code))
        bearings = self._places.bearings(site.point)
        return tuple(
            Settlement(
                t.code, float(distances[i]), float(bearings[i]), t.population, round(t.elevation - site.elevation, 1)
            )
            for i in order
            if (t := self._towns[i])
        )

    def _density(self, town: str) -> float:
        """Residents a square metre where people of a town live: over the built-up part of its area."""
        area = self._areas.get(town, 0.0)
        home = self.city.towns.get(town)
        if home is None or area <= 0.0 or home.population <= 0.0:
            return self._number("density")
        return round(home.population / (area * self._built(home.kind)), 12)

    def _built(self, kind: str) -> float:
        name = f"built_{kind}"
        return self._number(name if f"surroundings.{name}" in self._rules else "built_other")

    @cached_property
    def _areas(self) -> dict[str, float]:
        """The area of each town, m²: as reported, else its part of what is left of the county's, by its committees."""
        found = {t.code: t.area for t in self._towns if t.area > 0.0}
        for county in self.city.counties.values():
            open_ = [t for t in self._towns if t.county == county.code and t.code not in found]
            left = county.area - math.fsum(found.get(t.code, 0.0) for t in self._towns if t.county == county.code)
            weights = [t.villages + self._number("community_area") * t.communities for t in open_]
            if left > 0.0 and (whole := math.fsum(weights)) > 0.0:
                found |= {t.code: left * weight / whole for t, weight in zip(open_, weights, strict=True)}
        return found

    # ── things ──

    def _near(self, point: Point) -> dict[str, float]:
        """Distance to the nearest facility of each category."""
        distances = self._marks.distances(point)
        nearest: dict[str, float] = {}
        for facility, metres in zip(self._facilities, distances.tolist(), strict=True):
            nearest[facility.category] = min(metres, nearest.get(facility.category, math.inf))
        return dict(sorted(nearest.items()))

    def _basins(self, point: Point) -> tuple[Basin, ...]:
        places = [(f, self.city.reservoirs.get(f.id)) for f in self._facilities if f.id in self.city.reservoirs]
        found = [
            Basin(
                f.id, round(point.distance(f.point), 1), r.volume, r.height, r.supplies,
                math.fsum(self.city.towns[code].population for code in r.supplies if code in self.city.towns),
            )
            for f, r in places
            if r is not None
        ]  # fmt: skip
        return tuple(
            sorted((b for b in found if b.distance <= self._number("radius")), key=lambda b: (b.distance, b.id))
        )

    def _number(self, name: str) -> float:
        return self._rules[f"surroundings.{name}"].value


class _Places:
    """Many points, for distance and bearing from another, along great circles."""

    def __init__(self, points: Sequence[Point]) -> None:
        self._at: Floats = np.radians(np.array([(p.lon, p.lat) for p in points], dtype=np.float64).reshape(-1, 2))

    def distances(self, point: Point) -> Floats:
        """Metres, to 0.1 m."""
        (lon, lat), here = self._at.T, np.radians((point.lon, point.lat))
        h = np.sin((lat - here[1]) / 2) ** 2 + np.cos(lat) * np.cos(here[1]) * np.sin((lon - here[0]) / 2) ** 2
        return np.asarray(np.round(2 * EARTH_RADIUS * np.arcsin(np.minimum(1.0, np.sqrt(h))), 1))

    def bearings(self, point: Point) -> Floats:
        """Degrees from north in which one sets out from the point, to 0.01°."""
        (lon, lat), here = self._at.T, np.radians((point.lon, point.lat))
        east = np.sin(lon - here[0]) * np.cos(lat)
        north = np.cos(here[1]) * np.sin(lat) - np.sin(here[1]) * np.cos(lat) * np.cos(lon - here[0])
        return np.asarray(np.round(np.degrees(np.arctan2(east, north)) % _TURN, 2) % _TURN)
