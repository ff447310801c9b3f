"""From rescue to search (救援转搜寻): when nobody has been found for as long as the plan says, the command gives up hope.

It goes by what the lead believes: how many it was told are still inside, and when that figure last changed. The experts take
a while to agree. Blind to signs of life: knocking, a voice, a telephone line do not prolong the span.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.domain import events as ev
from sim.engine.clock import Turn, grid
from sim.engine.tasks import Dossier

if TYPE_CHECKING:
    from sim.engine.headquarters import Headquarters


class Search:
    """Who is still inside by the lead's picture of each place, and since when that has not changed."""

    def __init__(self, headquarters: Headquarters) -> None:
        self.headquarters, self.sim = headquarters, headquarters.sim
        self._inside: dict[str, int] = {}
        self._turn: dict[str, int] = {}  # bumped whenever the figure changes: an older alarm is stale

    def received(self, dossier: Dossier, event: ev.ReportReceived) -> None:
        """A report reached the lead: whenever fewer or more are inside than before, the span begins anew."""
        place = event.incident
        if self.headquarters.response_of(place) != dossier.id:
            return
        if event.post != self.sim.leads.get(place) or dossier.plan.search_after == math.inf:
            return
        inside = self._believed(place)
        if inside != self._inside.get(place, 0):
            self._inside[place] = inside
            turn = self._turn[place] = self._turn.get(place, 0) + 1
            if inside:
                when = grid(self.sim.now + dossier.plan.search_after)
                self.sim.clock.at(when, lambda _: self._consult(dossier, place, turn), Turn.POST)

    # ── inside ──

    def _believed(self, place: str) -> int:
        desk = self.sim.desks.get(self.sim.leads.get(place, ""))  # nobody leads what is closed
        believed = desk.picture.incidents.get(place) if desk is not None else None
        return 0 if believed is None else believed.sighting.trapped

    def _settled(self, dossier: Dossier, place: str, turn: int) -> bool:
        """Whether there is nothing to decide: somebody was found meanwhile, or the response is over."""
        return self._turn[place] != turn or not dossier.levels or not self._believed(place)

    def _consult(self, dossier: Dossier, place: str, turn: int) -> None:
        if not self._settled(dossier, place, turn):
            after = self.sim.draw("headquarters.search", place, str(turn))
            self.sim.clock.at(grid(self.sim.now + after), lambda _: self._decide(dossier, place, turn), Turn.POST)

    def _decide(self, dossier: Dossier, place: str, turn: int) -> None:
        incident = self.sim.incidents.get(place)
        if incident is None or incident.closed or self._settled(dossier, place, turn):
            return
        missing, lead = self._believed(place), self.sim.leads[place]
        dossier.searched = True
        cause = self.sim.desk(lead).acts_on(place)
        clause = dossier.plan.search_clause
        seq = self.sim.record(ev.RescueBecameSearch(0, self.sim.now, cause, place, lead, missing, clause))
        self.headquarters.disasters.searched(lead, place, missing, seq)
        incident.turn_to_search(seq)
