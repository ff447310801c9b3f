"""Work: nobody works before arrival and set-up or beyond endurance, and the hazard feels no more than what is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.analysis.laws.base import ROUNDING, TICK, Handler, Law
from sim.domain import events as ev
from sim.journal.cast import Cast, CastKind


@dataclass(slots=True)
class _Stint:
    sortie: str
    demand: str
    effective: float
    wears: bool
    ended: float = float("inf")


class Work(Law):
    """Stints of work against demands, efforts and endurance."""

    def __init__(self, cast: Cast | None) -> None:
        super().__init__(cast)
        self._elements: dict[str, str] = {}  # sortie -> element
        self._capability: dict[tuple[str, str], str] = {}  # (incident, demand)
        self._set_up: dict[tuple[str, str], float] = {}
        self._wears: dict[tuple[str, str], bool] = {}
        self._stints: dict[str, dict[str, _Stint]] = {}  # incident -> sortie -> its stint
        self._until: dict[str, float] = {}  # sortie -> rests until

    def hears(self) -> Mapping[type[ev.Event], Handler]:
        """Orders, demands, assignments, and whatever ends them."""
        return {
            ev.OrderGiven: self._ordered, ev.DemandsChanged: self._demands, ev.Assigned: self._assigned,
            ev.Resting: self._resting, ev.Rested: self._rested, ev.Released: self._left, ev.Loaded: self._left,
            ev.HazardChanged: self._hazard,
        }  # fmt: skip

    def _ordered(self, e: ev.OrderGiven) -> None:
        self._elements[e.order] = e.element

    def _demands(self, e: ev.DemandsChanged) -> None:
        for demand in e.demands:
            self._capability[e.incident, demand.id] = demand.capability
            self._set_up[e.incident, demand.id] = demand.set_up
            self._wears[e.incident, demand.id] = demand.wears

    def _assigned(self, e: ev.Assigned) -> None:
        self._end(e, e.incident, e.sortie)
        if not e.demand:
            return
        ready = e.t + self._set_up.get((e.incident, e.demand), 0.0)
        self.hold(e.effective >= ready - TICK, e, "set-up",
                  f"{e.sortie} counts from {e.effective} s, its set-up ends at {ready} s")  # fmt: skip
        self._stints.setdefault(e.incident, {})[e.sortie] = _Stint(
            e.sortie, e.demand, e.effective, self._wears.get((e.incident, e.demand), True)
        )

    def _resting(self, e: ev.Resting) -> None:
        self._end(e, e.incident, e.sortie)
        self._until[e.sortie] = e.until
        if kind := self._kind(e.sortie):
            self.hold(
                e.until >= e.t + kind.rest - TICK, e, "rest", f"{e.sortie} rests {e.until - e.t} s of {kind.rest} s"
            )

    def _rested(self, e: ev.Rested) -> None:
        until = self._until.pop(e.sortie, 0.0)
        self.hold(e.t >= until - TICK, e, "rest", f"{e.sortie} is fit again at {e.t} s, rests until {until} s")

    def _left(self, e: ev.Released | ev.Loaded) -> None:
        self._end(e, e.incident, e.sortie)

    def _hazard(self, e: ev.HazardChanged) -> None:
        if self.cast is None:
            return
        # Whoever left in this very instant may still count: the hazard moves before it hears of it.
        stints = {name: s for name, s in self._stints.get(e.incident, {}).items() if s.ended >= e.t}
        self._stints[e.incident] = stints
        for demand, effort in e.effort.items():
            capability = self._capability.get((e.incident, demand))
            if effort <= 0.0 or capability is None:
                continue
            working = (s.sortie for s in stints.values() if s.demand == demand and s.effective <= e.t + TICK)
            there = sum(self._supplies(sortie, capability) for sortie in working)
            self.hold(effort <= there * (1.0 + ROUNDING) + ROUNDING, e, "effort",
                      f"the hazard of {e.incident} feels {effort:g} of {capability}, there is {there:g}")  # fmt: skip

    # ── inside ──

    def _end(self, e: ev.Event, incident: str, sortie: str) -> None:
        """A stint ends now; it may not have outlasted endurance."""
        stint = self._stints.get(incident, {}).get(sortie)
        if stint is None or stint.ended < float("inf"):
            return
        stint.ended = e.t
        if stint.wears and (kind := self._kind(sortie)):
            worked = e.t - stint.effective
            self.hold(worked <= kind.endurance + TICK, e, "endurance",
                      f"{sortie} worked {worked:.0f} s without relief, can for {kind.endurance:.0f} s")  # fmt: skip

    def _kind(self, sortie: str) -> CastKind | None:
        element = self.cast.elements.get(self._elements.get(sortie, "")) if self.cast else None
        return self.cast.kinds.get(element.kind) if self.cast and element else None

    def _supplies(self, sortie: str, capability: str) -> float:
        kind = self._kind(sortie)
        return kind.supplies.get(capability, 0.0) if kind else float("inf")
