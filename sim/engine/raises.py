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
        self.worst: dict[str, dict[str, tuple[int, float]]] = {}  # incident -> capability -> the most that was missing

    def clause(self, dossier: Dossier, event: ev.ResponseChanged) -> str:
        """The clause on which this change was decided; "" if severity alone asked for it."""
        return self._clauses.pop((dossier.id, event.level), "")

    def received(self, dossier: Dossier, event: ev.ReportReceived) -> None:
        """A report reached a post: how many dead or missing, how many counties?"""
        if self.sim.case.city.posts[event.post].tier is not Tier.CITY:
            return
        believed = self.sim.desk(event.post).picture.incidents.get(dossier.id)
        if believed is not None:
            seen = believed.sighting
            dossier.dead = seen.dead
            self._met(dossier, "dead_or_missing", float(seen.dead + seen.trapped), event.seq)
        self.counties(dossier.id, event.seq)
        if self.sim.case.sensitive:
            self._met(dossier, "sensitive", float("inf"), event.seq)

    def graded(self, dossier: Dossier, event: ev.Graded) -> None:
        """A secondary incident was graded: that may raise the response to the one it followed."""
        parent = self._parent(dossier)
        if parent is not None and event.potential >= parent.potential:
            self._met(parent, "secondary", float(event.potential), event.seq)

    def short(self, dossier: Dossier, event: ev.Shortfall) -> None:
        """Something is missing, or is not any more."""
        missing = self._short.setdefault(dossier.id, {})
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

    def counties(self, incident: str, cause: int) -> None:
        """How many counties an accident and what the city's post knows to have followed it lie in."""
        top = self._top(incident)
        if top not in self.headquarters.dossiers:
            return
        dossier = self.headquarters.dossiers[top]
        heard = self.sim.desk(self.headquarters.city).picture.incidents
        lie_in = {heard[name].site.county for name in self._family(top)}
        self._met(dossier, "counties", float(len(lie_in | {dossier.spec.site.county})), cause)

    # ── inside ──

    def _family(self, top: str) -> list[str]:
        """An accident and what followed it, as far as the city's post has heard of them and they go on."""
        heard = self.sim.desk(self.headquarters.city).picture.incidents
        return [name for name in heard if name in self.sim.incidents and self._top(name) == top]

    def _parent(self, dossier: Dossier) -> Dossier | None:
        return self.headquarters.dossiers.get(self.headquarters.followed.get(dossier.id, ""))

    def _top(self, incident: str) -> str:
        """The accident that an incident goes back to; itself, if it followed no other."""
        while incident in self.headquarters.followed:
            incident = self.headquarters.followed[incident]
        return incident

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
                    for name in self._family(self._top(dossier.id)):
                        desk.take_lead(name)

        return decide
