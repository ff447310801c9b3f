"""Power, telecom, water and gas in the city's towns: who cut what, what is left, and who lives on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from sim.domain import events as ev
from sim.domain.hazards import Cut
from sim.domain.places import Point
from sim.engine.clock import Turn, grid

if TYPE_CHECKING:
    from sim.engine.incidents import Incident
    from sim.engine.simulation import Simulation

POWER, TELECOM = "power", "telecom"


class Services:
    """What is left of each service in each town. Of several cuts the worst counts."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        city = sim.case.city
        self._points = {t.code: city.network.nodes[t.node].point for t in city.towns.values()}
        self._cuts: dict[tuple[str, str], dict[str, float]] = {}  # (service, town) -> incident -> share left
        self._left: dict[str, dict[str, float]] = {}  # town -> service -> share, where it is not 1
        self._hospitals = {h.id: self.town_near(city.network.nodes[h.node].point) for h in city.hospitals}
        self._dark: dict[str, int] = {}  # hospitals on their generators -> a number for this time

    def at(self, town: str) -> dict[str, float]:
        """What a town still gets of each service, where that is not all."""
        return self._left.get(town, _ALL)

    def share(self, service: str, town: str) -> float:
        """The share of a service that a town still gets."""
        return self._left.get(town, _ALL).get(service, 1.0)

    def town_near(self, point: Point) -> str:
        """The town nearest to a place."""
        return min(((point.distance(p), code) for code, p in self._points.items()), default=(0.0, ""))[1]

    def cut(self, incident: Incident, effect: Cut, cause: int) -> None:
        """An incident leaves this much of a service in an area, in place of what it left there before."""
        changed: dict[str, float] = {}
        for town in self._area(incident, effect):
            before = self.share(effect.service, town)
            cuts = self._cuts.setdefault((effect.service, town), {})
            if effect.share < 1.0:
                cuts[incident.id] = max(0.0, effect.share)
            else:
                cuts.pop(incident.id, None)
            after = min(cuts.values(), default=1.0)
            if after != before:
                changed[town] = after
        self._set(incident.id, effect.service, changed, effect.why, cause)

    def restore(self, incident: Incident, cause: int) -> None:
        """An incident is over: whatever it cut is there again."""
        services = {service for (service, _), cuts in self._cuts.items() if incident.id in cuts}
        for service in sorted(services):
            towns = tuple(town for (name, town), cuts in self._cuts.items() if name == service and incident.id in cuts)
            self.cut(incident, Cut(service, 1.0, towns=towns, why="over"), cause)

    # ── inside ──

    def _area(self, incident: Incident, effect: Cut) -> Iterable[str]:
        if effect.towns:
            return sorted(set(effect.towns) & self._points.keys())
        site = incident.spec.site
        if effect.radius > 0.0:
            return sorted(code for code, p in self._points.items() if site.point.distance(p) <= effect.radius)
        return (site.town,) if site.town in self._points else ()

    def _set(self, incident: str, service: str, changed: dict[str, float], why: str, cause: int) -> None:
        if not changed:
            return
        sim = self.sim
        for town, share in changed.items():
            left = dict(self._left.get(town, _ALL))
            left.pop(service, None)
            if share < 1.0:
                left[service] = share
            self._left[town] = left
        seq = sim.record(ev.ServiceChanged(0, sim.clock.now, cause, incident, service, changed, why))
        for other in sim.incidents.values():
            other.bell.ring()
        sim.cascades.services_changed()
        if service == POWER:
            self._hospitals_feel(changed, seq)

    def _hospitals_feel(self, changed: dict[str, float], cause: int) -> None:
        """A hospital without enough power runs on its generators, and takes fewer when their fuel is gone."""
        sim, needed = self.sim, self.sim.number("care.power_needed")
        for hospital, town in self._hospitals.items():
            if town not in changed:
                continue
            if changed[town] >= needed:
                if self._dark.pop(hospital, None) is not None:
                    sim.care.resize(hospital, 1.0, "power_back", cause)
            elif hospital not in self._dark:
                number = self._dark[hospital] = cause
                ends = grid(sim.clock.now + sim.draw("care.generator_lasts", hospital))
                sim.clock.at(ends, self._fuel(hospital, number), Turn.PERSON)

    def _fuel(self, hospital: str, number: int) -> Callable[[object], None]:
        def gone(_: object) -> None:
            if self._dark.get(hospital) == number:
                self.sim.care.resize(hospital, self.sim.number("care.places_dark"), "generators_empty", number)

        return gone


_ALL: dict[str, float] = {}
