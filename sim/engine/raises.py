"""Raising a response (扩大响应) on the grounds a plan names, beyond what the severity asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.domain import events as ev
from sim.domain.command import Level, Tier
from sim.domain.plans import Raise
from sim.engine.clock import Turn, grid
from sim.engine.tasks import Dossier

if TYPE_CHECKING:
    from sim.engine.headquarters import Headquarters


class Raises:
    """The grounds that are met, and what was decided on them. Each ground of a plan counts once an incident."""

    def __init__(self, headquarters: Headquarters) -> None:
        self.headquarters, self.sim = headquarters, headquarters.sim
        self._used: set[tuple[str, int]] = set()  # (incident, ground's place in the plan)
        self._clauses: dict[tuple[str, int], str] = {}  # (incident, level) -> clause on which it was raised to it
        self._short: dict[str, dict[str, int]] = {}  # incident -> capability -> seq since when it is missing
        self._lie_in: dict[str, set[str]] = {}  # disaster -> counties of the places that the city's post has heard of
        self.worst: dict[str, dict[str, tuple[int, float]]] = {}  # incident -> capability -> the most that was missing

    def clause(self, dossier: Dossier, event: ev.ResponseChanged) -> str:
        """The clause on which this change was decided; "" if severity alone asked for it."""
        return self._clauses.pop((dossier.id, event.level), "")

    def received(self, dossier: Dossier, event: ev.ReportReceived) -> None:
        """A report of any place reached a post: how many dead or missing in all, how many counties?"""
        if self.sim.case.city.posts[event.post].tier is not Tier.CITY:
            return
        if dossier.head:
            seen = self.sim.desk(event.post).picture.incidents.get(event.incident)
            if seen is not None:
                self._met(dossier, "dead_or_missing", float(seen.sighting.dead + seen.sighting.trapped), event.seq)
        else:
            dead, missing, _, _ = self.headquarters.disasters.figures(dossier.id, event.post)
            dossier.dead = dead
            self._met(dossier, "dead_or_missing", float(dead + missing), event.seq)
            self._counties(dossier, event)
        if self.sim.case.sensitive:
            self._met(dossier, "sensitive", float("inf"), event.seq)

    def graded(self, dossier: Dossier, event: ev.Graded) -> None:
        """What followed an accident has a response of its own: that may raise the response to the disaster."""
        if dossier.head:
            self._met(self.headquarters.dossiers[dossier.head], "secondary", float(event.potential), event.seq)

    def short(self, dossier: Dossier, event: ev.Shortfall) -> None:
        """Something is missing at a place, or is not any more."""
        if self.headquarters.response_of(event.incident) != dossier.id:
            return
        missing = self._short.setdefault(event.incident, {})
        if event.amount <= 0.0:
            missing.pop(event.capability, None)
            return
        worst = self.worst.setdefault(dossier.id, {})
        if event.amount > worst.get(event.capability, (0, 0.0))[1]:
            worst[event.capability] = (event.seq, event.amount)
        since = missing.setdefault(event.capability, event.seq)
        if since != event.seq:
            return  # known already
        for ground in dossier.plan.raises:
            if ground.ground == "shortfall":

                def look(_: object, ground: Raise = ground) -> None:
                    if missing.get(event.capability) == since and dossier.over is None:
                        self._met(dossier, ground.ground, ground.at_least, since)

                self.sim.clock.at(grid(self.sim.now + ground.at_least), look, Turn.STAFF)

    # ── inside ──

    def _counties(self, dossier: Dossier, event: ev.ReportReceived) -> None:
        """How many counties a disaster lies in, by the places that the city's post has heard of."""
        lie_in = self._lie_in.setdefault(dossier.id, {dossier.spec.site.county})
        believed = self.sim.desk(event.post).picture.incidents.get(event.incident)
        if believed is not None:
            lie_in.add(believed.site.county)
        self._met(dossier, "counties", float(len(lie_in)), event.seq)

    def _met(self, dossier: Dossier, name: str, figure: float, cause: int) -> None:
        """A figure for a ground is known: whoever decides takes a while."""
        for i, ground in enumerate(dossier.plan.raises):
            if ground.ground != name or figure < ground.at_least or (dossier.id, i) in self._used:
                continue
            self._used.add((dossier.id, i))
            wait = self.sim.draw("headquarters.raise", dossier.id, name)
            self.sim.clock.at(grid(self.sim.now + wait), self._decide(dossier, ground, cause), Turn.POST)

    def _decide(self, dossier: Dossier, ground: Raise, cause: int) -> Callable[[object], None]:
        def decide(_: object) -> None:
            if not dossier.level or dossier.id not in self.sim.incidents:
                return
            to = min(dossier.level, ground.to) if ground.to else dossier.level - ground.by
            to = max(to, int(Level.I))
            if to < dossier.level:
                self._clauses[dossier.id, to] = ground.clause
                desk = self.sim.desk(dossier.post)
                desk.raise_response(dossier.id, Level(to), ground.ground, cause)
                if ground.ground == "counties":
                    for name in self.sim.families.members(dossier.id):
                        desk.take_lead(name)

        return decide
