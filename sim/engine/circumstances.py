"""Circumstances: what posts were told of an accident and of what followed it, as far as tasks depend on it.

Only reports that reached a county or the city count, and corrections after the end; never the truth. What followed an accident
and has no response of its own counts with that one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from sim.domain import events as ev
from sim.domain.command import Tier
from sim.domain.hazards import Sighting
from sim.domain.plans import Circumstance
from sim.engine.clock import Turn

if TYPE_CHECKING:
    from sim.engine.simulation import Simulation
    from sim.engine.tasks import Dossier

_FIGURES = "figures."
_PEOPLE = ("trapped", "threatened", "dead", "injured")
_MOST = ("trapped", "threatened")  # what counts though it is over: the most that was ever told


class Circumstances:
    """The last word and the highest figures that reached a county or the city, incident by incident."""

    def __init__(self, sim: Simulation, dossiers: dict[str, Dossier], changed: Callable[[Dossier, int], None]) -> None:
        self.sim, self._dossiers, self._changed = sim, dossiers, changed
        self._sent: dict[str, Sighting] = {}  # by report
        self._last: dict[str, Sighting] = {}  # by incident
        self._most: dict[str, dict[str, float]] = {}
        sim.listeners.append(self.hear)

    def hear(self, event: ev.Event) -> None:
        """A report was sent, or reached a post; or figures were corrected."""
        match event:
            case ev.ReportSent(report=report, sighting=sighting):
                self._sent[report] = sighting
            case ev.ReportReceived(incident=incident, report=report, post=post) if report in self._sent:
                if self.sim.case.city.posts[post].tier in (Tier.COUNTY, Tier.CITY):
                    self._told(incident, self._sent[report], event.seq)
            case ev.CasualtiesCorrected(incident=incident, dead=dead, missing=missing, injured=injured):
                last = self._last.get(incident, Sighting())
                known = msgspec.structs.replace(last, dead=dead, trapped=missing, injured=injured)
                self._told(incident, known, event.seq)
            case _:
                pass

    def hold(self, dossier: Dossier, when: tuple[tuple[Circumstance, ...], ...]) -> bool:
        """Whether all of one of these were told."""
        return not when or any(all(self._holds(dossier, c) for c in every) for every in when)

    def _holds(self, dossier: Dossier, c: Circumstance) -> bool:
        figure = self.figure(dossier, c.of)
        return c.at_least <= figure and (c.below is None or figure < c.below)

    def severity(self, dossier: Dossier, scale: str) -> int:
        """The class on a severity scale, by casualties as told last and the highest of the other figures."""
        confirmed, _, _ = self.sim.case.assessor.severity(scale, self._seen(dossier))
        return int(confirmed)

    def figure(self, dossier: Dossier, of: str) -> float:
        """A figure of an accident and what followed it; 0 where nobody has said anything."""
        if of == "potential":
            return float(dossier.potential)
        if of == "counties":
            return float(len(self.counties(dossier)))
        own = tuple(self._own(dossier))
        if of in (*_MOST, "people") or of.startswith(_FIGURES):
            return sum(self._most.get(name, {}).get(of, 0.0) for name in own)
        seen = self._seen(dossier)
        if of == "casualties":
            return float(seen.dead + seen.injured + seen.trapped)
        return float(getattr(seen, "trapped" if of == "missing" else of))

    def counties(self, dossier: Dossier) -> list[str]:
        """The counties an accident lies in, its own first: where the same followed it, or people were told to be in need."""
        lie_in = [dossier.spec.site.county]
        for name in self._own(dossier):
            world = self.sim.world.incidents.get(name)
            if world is not None and (world.nature == dossier.spec.nature or self._most[name]["people"]):
                lie_in.append(world.site.county)
        return list(dict.fromkeys(county for county in lie_in if county))

    # ── inside ──

    def _told(self, incident: str, seen: Sighting, cause: int) -> None:
        most = self._most.setdefault(incident, {})
        before, known = (self._last.get(incident), dict(most)), seen
        self._last[incident] = known
        told = {name: float(getattr(known, name)) for name in _MOST} | {
            f"{_FIGURES}{name}": value for name, value in known.figures.items()
        }
        told["people"] = float(sum(getattr(known, name) for name in _PEOPLE))
        for name, value in told.items():
            most[name] = max(value, most.get(name, 0.0))
        if (known, most) == before:
            return
        for name in dict.fromkeys((self.sim.response_of(incident), self.sim.root_of(incident))):
            if (dossier := self._dossiers.get(name)) is not None:
                self.sim.clock.at(self.sim.clock.now, partial(self._look, dossier, cause), Turn.STAFF)

    def _look(self, dossier: Dossier, cause: int, _: object) -> None:
        self._changed(dossier, cause)

    def _own(self, dossier: Dossier) -> Iterator[str]:
        """What was told of all that a dossier is kept of: a disaster, or what of it is handled by a plan of its own."""
        return (name for name in self._last if dossier.id in (self.sim.response_of(name), self.sim.root_of(name)))

    def _seen(self, dossier: Dossier) -> Sighting:
        """The last word on all of them together, with the highest figures that were told."""
        total = Sighting()
        for name in self._own(dossier):
            seen = self._last[name]
            figures = dict(total.figures)
            for figure, value in self._most[name].items():
                if figure.startswith(_FIGURES):
                    plain = figure.removeprefix(_FIGURES)
                    figures[plain] = max(value, figures.get(plain, 0.0))
            counts = {f: getattr(total, f) + getattr(seen, f) for f in (*_PEOPLE, "seriously_injured")}
            total = msgspec.structs.replace(total, **counts, figures=figures)
        return total
