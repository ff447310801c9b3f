"""Balance: what is stored is what came in less what went out, and no work is done without effort."""

from __future__ import annotations

from collections.abc import Mapping

from sim.analysis.laws.base import Handler, Law
from sim.domain import events as ev
from sim.domain.hazards import Demand, DemandKind
from sim.journal.cast import Balance, Cast

_SLACK = 1e-6  # share of a stock or an amount of work by which long sums of floats may miss


class Balances(Law):
    """Stocks that a hazard's card declares, against their flows; amounts of WORK left, against the effort there was.

    Between two readings a flow lies between its values at both ends: hazards change by exact, monotone laws between events.
    """

    def __init__(self, cast: Cast | None) -> None:
        super().__init__(cast)
        self._balances: dict[str, tuple[Balance, ...]] = {}  # by incident
        self._last: dict[str, ev.HazardChanged] = {}
        self._done: dict[tuple[str, str], float] = {}  # effort × time since the amount was last told
        self._left: dict[tuple[str, str], float] = {}  # the amount then told

    def hears(self) -> Mapping[type[ev.Event], Handler]:
        """What each incident is, its readings and effort, its demands."""
        return {ev.IncidentOccurred: self._occurred, ev.HazardChanged: self._hazard, ev.DemandsChanged: self._demands}

    def _occurred(self, e: ev.IncidentOccurred) -> None:
        hazard = self.cast.hazards.get(e.nature) if self.cast else None
        self._balances[e.incident] = hazard.balances if hazard else ()

    def _hazard(self, e: ev.HazardChanged) -> None:
        before = self._last.get(e.incident)
        self._last[e.incident] = e
        if before is None:
            return
        span = e.t - before.t
        for demand, effort in before.effort.items():
            key = (e.incident, demand)
            self._done[key] = self._done.get(key, 0.0) + effort * span
        for balance in self._balances.get(e.incident, ()):
            self._judge(balance, before, e, span)

    def _judge(self, balance: Balance, before: ev.HazardChanged, e: ev.HazardChanged, span: float) -> None:
        was, now = before.readings, e.readings
        gained = now[balance.stock] - was[balance.stock]
        most = span * sum(max(was[name], now[name]) for name in balance.gains)
        least = span * sum(max(was[name], now[name]) for name in balance.losses)
        slack = _SLACK * (1.0 + abs(now[balance.stock]) + most + least)
        self.hold(
            -least - slack <= gained <= most + slack,
            e,
            "balance",
            f"{e.incident}: {balance.stock} changed by {gained:g} in {span:g} s; its flows allow {-least:g} to {most:g}",
        )

    def _demands(self, e: ev.DemandsChanged) -> None:
        for demand in e.demands:
            if demand.kind is DemandKind.WORK:
                self._told(e, demand)

    def _told(self, e: ev.DemandsChanged, demand: Demand) -> None:
        key = (e.incident, demand.id)
        done = self._done.pop(key, 0.0)
        if key in self._left:
            told = self._left[key]
            self.hold(
                demand.amount >= told - done - _SLACK * (1.0 + abs(told) + done),
                e,
                "work balance",
                f"{e.incident}: {demand.amount:g} of {demand.id} is left of {told:g}, effort has done {done:g} at most",
            )
        self._left[key] = demand.amount
