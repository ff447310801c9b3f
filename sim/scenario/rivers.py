"""The river below a site: which one it drains to, what lies along it, how far down, and how much water it carries.

The lines are sketches (from source to mouth), so what is on a river is what lies within some kilometres of its line; lengths are
stretched by a winding. Where a river says what it flows into, the way goes on there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sim.case import City
from sim.domain.places import Point, Reach, Site, Watercourse
from sim.domain.waters import River
from sim.roads import geometry

MONTHS = 12


@dataclass(frozen=True)
class _Stretch:
    """A part of a river below a site: from `begins` metres of its line on; `before` metres of river lie between site and there."""

    river: River
    begins: float
    before: float


class Rivers:
    """The rivers of a city, ready to be asked from many sites; `number` gives the numbers `surroundings.*`."""

    def __init__(self, city: City, number: Callable[[str], float]) -> None:
        self.city, self._number = city, number
        self._lines = {id_: geometry.Lines([river.line]) for id_, river in sorted(city.rivers.items())}
        self._length = {id_: geometry.length(river.line) for id_, river in city.rivers.items()}
        self._on: dict[str, tuple[tuple[float, str, float], ...]] = {}

    def below(self, site: Site, month: int) -> tuple[Watercourse | None, tuple[Reach, ...]]:
        """The river that a site drains to and what lies on it below, nearest first; (None, ()) where no river is near."""
        nearest = self._nearest(site.point)
        if nearest is None:
            return None, ()
        river, share, metres = nearest
        mean, season = self._flow(river, share), self.season(site.county, month)
        course = Watercourse(river.id, round(metres, 1), mean, round(mean * season, 3))
        return course, self._reaches(site, _Stretch(river, share * self._length[river.id], 0.0), season)

    def season(self, county: str, month: int) -> float:
        """Discharge of a month per mean discharge: a base, and the rain of this month and the last."""
        rain = [c.rain if (c := self.city.climate.get((county, m))) else 0.0 for m in range(1, MONTHS + 1)]
        mean = math.fsum(rain) / MONTHS
        if mean <= 0.0:
            return 1.0
        base, now = self._number("base_flow"), self._number("rain_memory")
        return base + (1.0 - base) * (now * rain[month - 1] + (1.0 - now) * rain[month - 2]) / mean

    # ── inside ──

    def _nearest(self, point: Point) -> tuple[River, float, float] | None:
        """(river, share of its line above, metres) of the nearest river, if it is near enough."""
        found = []
        for id_, lines in self._lines.items():
            _, share, metres = lines.nearest(point)
            found.append((metres, id_, share))
        metres, id_, share = min(found, default=(math.inf, "", 0.0))
        return (self.city.rivers[id_], share, metres) if metres <= self._number("river_reach") else None

    def _flow(self, river: River, share: float) -> float:
        """Mean discharge where that share of the line lies above: it grows with the catchment, and that with the length."""
        return float(round(river.flow * share ** self._number("river_gauge"), 3))

    def _reaches(self, site: Site, first: _Stretch, season: float) -> tuple[Reach, ...]:
        found: list[Reach] = []
        deepest = 0.0
        for stretch in self._way(first):
            for at, code, elevation in self._beside(stretch.river):
                if at < stretch.begins:
                    continue
                along = stretch.before + (at - stretch.begins) * self._number("river_winding")
                deepest = max(
                    deepest, site.elevation - elevation
                )  # a river never climbs, whatever the heights of its towns
                flow = self._flow(stretch.river, at / self._length[stretch.river.id]) * season
                found.append(self._reach(code, round(along, 1), round(deepest, 1), round(flow, 3)))
        return tuple(sorted(found, key=lambda reach: (reach.along, not reach.intake, reach.name)))

    def _reach(self, code: str, along: float, drop: float, flow: float) -> Reach:
        if intake := self.city.intakes.get(code):
            towns = [self.city.towns[t] for t in intake.serves if t in self.city.towns]
            people = math.fsum(t.population for t in towns)
            return Reach(
                intake.name_zh, along, drop, people, True, intake.serves[0], intake.serves, intake.storage, flow
            )
        town = self.city.towns[code]
        return Reach(
            town.name_zh, along, drop, round(town.population * self._number("bank_share")), code=code, flow=flow
        )

    def _way(self, first: _Stretch) -> Iterator[_Stretch]:
        """The stretch a site drains to, then those it flows on into."""
        stretch: _Stretch | None = first
        seen: set[str] = set()
        while stretch is not None and stretch.river.id not in seen:
            seen.add(stretch.river.id)
            yield stretch
            river = stretch.river
            into = self.city.rivers.get(river.into)
            if into is None:
                return
            _, share, metres = self._lines[into.id].nearest(river.line[-1])
            rest = (self._length[river.id] - stretch.begins) * self._number("river_winding")
            stretch = _Stretch(into, share * self._length[into.id], stretch.before + rest + metres)

    def _beside(self, river: River) -> tuple[tuple[float, str, float], ...]:
        """(metres of its line above, code, elevation) of every town and intake on a river, from source to mouth."""
        if river.id not in self._on:
            nodes, reach = self.city.network.nodes, self._number("river_towns")
            places = {t.code: (nodes[t.node].point, t.elevation) for t in self.city.towns.values()}
            for intake in self.city.intakes.values():
                home = self.city.towns.get(intake.serves[0])
                places[intake.id] = (intake.point, home.elevation if home else math.inf)
            found = []
            for code, (point, elevation) in sorted(places.items()):
                _, share, metres = self._lines[river.id].nearest(point)
                if metres <= reach:
                    found.append((share * self._length[river.id], code, elevation))
            self._on[river.id] = tuple(sorted(found, key=lambda place: place[:2]))
        return self._on[river.id]
