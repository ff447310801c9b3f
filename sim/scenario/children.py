"""Child incidents: what follows an accident by a cascade edge is made while a run is under way, from the same cards and luck."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sim import catalog
from sim.case import Child, City, IncidentSpec
from sim.domain.cascades import Edge
from sim.domain.parameters import Parameter, Spread
from sim.domain.places import Point, Site, Surroundings
from sim.doors.hazard import HazardCard
from sim.errors import InvariantBroken
from sim.scenario.cards import limits_of, scenes_of, whole
from sim.scenario.places import Places
from sim.streams import Streams

Around = Callable[[Site, float], Surroundings]  # what lies around a site, for something that begins then
IsNight = Callable[[float], bool]


@dataclass(frozen=True)
class Nursery:
    """Where child incidents come from; the case carries it, so that the engine need not know cards or the register."""

    city: City
    places: Places
    rules: Mapping[str, Parameter]
    streams: Streams
    around: Around
    is_night: IsNight

    def targets(self, edge: Edge, parent: IncidentSpec, town: str = "") -> tuple[tuple[str, Site], ...]:
        """(label, site) of every place where an edge may strike, in an order of its own; `town` is where a shock arrived."""
        where, site = edge.where, parent.site
        match where.kind:
            case "here":
                return (("", site),)
            case "town":
                known = self.city.towns.get(town or site.town)
                return ((known.code, self.places.at_town(known.code)),) if known else ()
            case "link":
                found = self.places.on_nearest_link(site)
                return ((found.link, found),) if found else ()
            case "river":
                below = (reach for reach in parent.around.river if reach.along >= where.within and reach.code)
                reach = next((reach for reach in below if reach.code in self.city.towns), None)
                return ((reach.code, self.places.at_town(reach.code)),) if reach else ()
            case "facility":
                return self._facilities(where.category, site.point, where.within, where.most)
        raise InvariantBroken(f"an edge strikes at '{where.kind}'")

    def _facilities(self, category: str, point: Point, within: float, most: int) -> tuple[tuple[str, Site], ...]:
        near = sorted(
            (point.distance(f.point), f.id) for f in self.city.facilities.values() if f.category == category and f.node
        )
        return tuple((name, self.places.at_facility(name)) for metres, name in near[:most] if metres <= within)

    def child(self, edge: Edge, id_: str, site: Site, t: float, values: Mapping[str, float]) -> Child:
        """The incident that an edge brings about at a site; `values` are the figures of what brought it about."""
        plugin = catalog.hazard(edge.to)
        card = plugin.card
        cause = edge.cause or next(iter(card.causes))
        variant = edge.variant or next(iter(card.variants), "")
        scope = self._scope(edge, card, values)

        def draw(name: str, spread: Spread) -> float:
            low, high = card.parameters[name].bounds
            return min(max(spread.at(self.streams.uniform("parameter", id_, name)), low), high)

        drawn = {name: draw(name, card.spread(name, cause, variant)) for name in card.parameters}
        passport = card.discovery.night if self.is_night(t) else card.discovery.day
        spec = IncidentSpec(
            id=id_, nature=edge.to, occurs_at=t, site=site, cause=cause, scope=whole(scope, card),
            name_zh=site.name_zh + _after(site.name_zh, card.title.zh),
            name_en=f"{card.title.en}, {site.name_en}", scale=card.severity_scale,
            discovery=passport.spread(), variant=variant, around=self.around(site, t),
            limits=limits_of(card), scenes=scenes_of(card, scope),
        )  # fmt: skip
        return Child(spec, plugin.build(drawn), drawn)

    def _scope(self, edge: Edge, card: HazardCard, values: Mapping[str, float]) -> dict[str, float]:
        scope = {}
        for name, entry in card.scope.items():
            low, high = entry.bounds
            amount = edge.scope.get(name)
            if amount is None:
                size = entry.at_grade(edge.grade or 1)
            else:
                size = amount.times * values.get(amount.of, 0.0) if amount.of else amount.value
            scope[name] = min(max(size, low), high)
        return scope


def _after(place: str, title: str) -> str:
    """A title as it stands after a place: what the place ends with is not said twice (…公路 + 公路塌方)."""
    twice = next((n for n in range(len(title), _WORD - 1, -1) if place.endswith(title[:n])), 0)
    return title[twice:]


_WORD = 2  # signs of the shortest word that may be said twice
