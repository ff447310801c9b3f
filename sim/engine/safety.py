"""The rescuers' own safety: when some of them were hit, the lead withdraws those at the face, and lets them in again later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.domain import events as ev
from sim.engine.clock import Turn, grid
from sim.engine.tasks import Dossier

if TYPE_CHECKING:
    from sim.engine.headquarters import Headquarters

_ORDERED = "ordered"


class Safety:
    """Suspension (暂停救援) and resumption."""

    def __init__(self, headquarters: Headquarters) -> None:
        self.headquarters, self.sim = headquarters, headquarters.sim
        self._count: dict[str, int] = {}  # suspensions decided, by incident
        self._deciding: set[str] = set()

    def hit(self, dossier: Dossier, event: ev.RespondersHit) -> None:
        """Responders were hit: the lead decides to withdraw the rest."""
        name = event.incident
        incident = self.sim.incidents.get(name)
        if incident is None or incident.suspended or name in self._deciding or not dossier.plan.withdraws:
            return
        self._deciding.add(name)
        wait = self.sim.draw("headquarters.suspend", name, str(self._count.get(name, 0)))
        self.sim.clock.at(
            grid(self.sim.now + wait), lambda _: self._suspend(name, event.why, 0.0, event.seq), Turn.POST
        )

    def ordered(self, incident: str, span: float, cause: int) -> None:
        """Exercise control lets the lead withdraw them, for so long (0: until the experts allow)."""
        self.sim.clock.at(self.sim.now, lambda _: self._suspend(incident, _ORDERED, span, cause), Turn.POST)

    # ── inside ──

    def _suspend(self, name: str, why: str, span: float, cause: int) -> None:
        sim, incident = self.sim, self.sim.incidents.get(name)
        self._deciding.discard(name)
        dossier = self.headquarters.dossiers.get(self.headquarters.response_of(name))
        if incident is None or dossier is None or dossier.over is not None or incident.suspended:
            return
        post = sim.leads.get(name) or dossier.post
        if not post:
            return  # nobody leads a response that could be suspended: nobody knows of the accident yet
        number = self._count[name] = self._count.get(name, 0) + 1
        clause = dossier.plan.suspend_clause
        seq = sim.record(ev.ResponseSuspended(0, sim.now, cause, name, post, why, clause))
        incident.suspend(suspended=True)
        after = span or sim.draw("headquarters.resume", name, str(number))

        def resume(_: object) -> None:
            if sim.incidents.get(name) is incident and incident.suspended:
                post = sim.leads.get(name) or dossier.post
                sim.record(ev.ResponseResumed(0, sim.now, seq, name, post, clause))
                incident.suspend(suspended=False)

        sim.clock.at(grid(sim.now + after), resume, Turn.POST)
