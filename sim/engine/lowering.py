"""Lowering a response (降级): the hazard is over and nobody is missing, but the quiet that the plan asks for has not passed yet.

Whoever started a response lowers it, to the level of the class it turned out to be of (domain.md A4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.domain import events as ev
from sim.domain.command import Severity, Tier
from sim.engine.clock import Turn, grid
from sim.engine.tasks import Dossier

if TYPE_CHECKING:
    from sim.engine.headquarters import Headquarters


class Lowering:
    """The responses that are lowered before they end; each once."""

    def __init__(self, headquarters: Headquarters) -> None:
        self.headquarters, self.sim = headquarters, headquarters.sim
        self._considered: set[str] = set()

    def consider(self, dossier: Dossier, cause: int) -> None:
        """The lead was told how it stands: with the hazard over and nobody inside, the experts are asked."""
        if dossier.over is None or not dossier.level or dossier.id in self._considered:
            return
        if self.headquarters.disasters.not_accounted_for(dossier.post, dossier.id):
            return
        self._considered.add(dossier.id)
        wait = self.sim.draw("headquarters.lower", dossier.id)
        self.sim.clock.at(grid(self.sim.now + wait), lambda _: self._decide(dossier, cause), Turn.STAFF)

    def _decide(self, dossier: Dossier, cause: int) -> None:
        sim, posts = self.sim, self.sim.case.city.posts
        if dossier.ends is not None and dossier.ends - sim.now < sim.number("headquarters.lower_worth"):
            return  # it ends so soon that nobody writes an order for the time between
        to = self.headquarters.level(dossier.spec.nature, Severity(max(1, dossier.severity)))
        if to is None:
            return
        for post, level in sorted(dossier.levels.items()):
            if 0 < level < to and posts[post].tier is not Tier.PROVINCE:
                believed = sim.desk(post).picture.incidents.get(dossier.id)
                if believed is not None:
                    believed.level = to
                basis = dossier.plan.change_clause or dossier.plan.end_clause
                sim.record(ev.ResponseChanged(0, sim.now, cause, post, dossier.id, int(to), basis))
