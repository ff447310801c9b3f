"""Sorties: one element on one order at a time, its steps in order, each when the one before allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.analysis.laws.base import ROUNDING, TICK, Handler, Law
from sim.domain import events as ev
from sim.journal.cast import Cast

# From which states a step may be taken. A sortie is: ordered, alerted, moving (bound for somewhere), held, queued, present,
# resting, loaded, at_hospital, leaving, home.
_MAY = {
    "alerted": {"ordered"},
    "departed": {"alerted", "held", "queued", "loaded", "at_hospital", "leaving"},
    "route_changed": {"moving"},
    "held": {"moving"},
    "queued": {"moving"},
    "arrived": {"moving", "queued"},
    "assigned": {"present"},
    "resting": {"present"},
    "rested": {"resting"},
    "released": {"present", "resting", "at_hospital"},
    "loaded": {"present"},
    "handed_over": {"moving"},
    "returned": {"moving", "ordered", "alerted"},
}


@dataclass(slots=True)
class _Sortie:
    element: str
    team: str
    incident: str
    ordered: float
    state: str = "ordered"
    bound: str = "site"
    leaves: float = 0.0  # not before
    arrives: float = 0.0  # as announced
    people: int | None = None


class Sorties(Law):
    """The life of every sortie, and Little's law over all of them."""

    def __init__(self, cast: Cast | None) -> None:
        super().__init__(cast)
        self._open: dict[str, _Sortie] = {}
        self._busy: dict[str, str] = {}  # element -> its sortie
        self._ready: dict[str, float] = {}
        self._named: set[str] = set()
        self._away, self._there = _Population(), _Population()

    def hears(self) -> Mapping[type[ev.Event], Handler]:
        """Every step of a sortie."""
        return {
            ev.OrderGiven: self._ordered, ev.OrderRefused: self._refused, ev.Recalled: self._recalled,
            ev.Alerted: self._alerted, ev.Departed: self._departed, ev.RouteChanged: self._rerouted, ev.Held: self._held,
            ev.Queued: self._queued,
            ev.Arrived: self._arrived, ev.Assigned: self._assigned, ev.Resting: self._resting, ev.Rested: self._rested,
            ev.Released: self._released, ev.Loaded: self._loaded, ev.HandedOver: self._handed_over,
            ev.Returned: self._returned, ev.RunEnded: self._ended,
        }  # fmt: skip

    # ── orders ──

    def _ordered(self, e: ev.OrderGiven) -> None:
        self.hold(e.order not in self._named, e, "orders", f"{e.order} was given before")
        other = self._busy.get(e.element)
        self.hold(other is None, e, "one place", f"{e.element} is ordered out while on {other}")
        ready = self._ready.get(e.element, 0.0)
        self.hold(e.t >= ready, e, "rest", f"{e.element} is ordered out at {e.t} s, not ready before {ready} s")
        if self.cast and (known := self.cast.elements.get(e.element)):
            self.hold(known.team == e.team, e, "orders", f"{e.element} is of {known.team}, not {e.team}")
        self._open[e.order] = _Sortie(e.element, e.team, e.incident, e.t)
        self._busy[e.element] = e.order
        self._named.add(e.order)
        self._away.enters(e.order, e.t)

    def _refused(self, e: ev.OrderRefused) -> None:
        if e.order in self._open:
            self._gone(e.order, e.t)

    def _recalled(self, e: ev.Recalled) -> None:
        sortie = self._open.get(e.order)
        if not self.hold(sortie is not None, e, "orders", f"{e.order} is called back but is not out") or sortie is None:
            return
        if e.to:
            sortie.incident = e.to

    # ── steps ──

    def _step(self, e: ev.Event, name: str, step: str, after: str) -> _Sortie | None:
        """Take a step if the sortie may; None if it is not out at all."""
        sortie = self._open.get(name)
        if sortie is None:
            self.say(e, "steps", f"{name} {step} but is not out")
            return None
        if sortie.state not in _MAY[step]:
            self.say(e, "steps", f"{name} {step} while {sortie.state}")
        sortie.state = after
        return sortie

    def _alerted(self, e: ev.Alerted) -> None:
        if sortie := self._step(e, e.sortie, "alerted", "alerted"):
            sortie.leaves = e.t + e.turnout
            self.hold(e.turnout >= 0.0, e, "steps", f"{e.sortie} turns out in {e.turnout} s")

    def _departed(self, e: ev.Departed) -> None:
        if sortie := self._step(e, e.sortie, "departed", "moving"):
            self.hold(
                e.t >= sortie.leaves - TICK,
                e,
                "steps",
                f"{e.sortie} leaves before its turnout ends at {sortie.leaves} s",
            )
            self.hold(
                e.element == sortie.element and e.team == sortie.team, e, "steps", f"{e.sortie} is not {e.element}"
            )
            self.hold(
                sortie.people in (None, e.people), e, "crew", f"{e.sortie} left with {sortie.people}, has {e.people}"
            )
            if self.cast and (known := self.cast.elements.get(e.element)):
                self.hold(
                    known.people == e.people, e, "crew", f"{e.element} is {known.people} people, {e.people} leave"
                )
            sortie.people, sortie.bound, sortie.arrives = e.people, e.bound, e.arrives

    def _rerouted(self, e: ev.RouteChanged) -> None:
        if sortie := self._step(e, e.sortie, "route_changed", "moving"):
            sortie.bound, sortie.arrives = e.bound, e.arrives

    def _held(self, e: ev.Held) -> None:
        self._step(e, e.sortie, "held", "held")

    def _queued(self, e: ev.Queued) -> None:
        if sortie := self._step(e, e.sortie, "queued", "queued"):
            self._comes(e, e.sortie, sortie, "site")
            self.hold(e.admitted >= e.t, e, "arrival", f"{e.sortie} is let in at {e.admitted} s, before it came")
            sortie.arrives = e.admitted

    def _arrived(self, e: ev.Arrived) -> None:
        if sortie := self._step(e, e.sortie, "arrived", "present"):
            self._comes(e, e.sortie, sortie, "site")
            right = sortie.incident
            self.hold(e.incident == right, e, "steps", f"{e.sortie} arrives at {e.incident}, was sent to {right}")
            self._there.enters(e.sortie, e.t)

    def _comes(self, e: ev.Event, name: str, sortie: _Sortie, bound: str) -> None:
        self.hold(sortie.bound == bound, e, "steps", f"{name} is at its {bound} but was bound for {sortie.bound}")
        late = e.t - sortie.arrives
        self.hold(late >= -TICK, e, "arrival", f"{name} is there {-late:.3f} s before it can be")

    def _assigned(self, e: ev.Assigned) -> None:
        self._step(e, e.sortie, "assigned", "present")

    def _resting(self, e: ev.Resting) -> None:
        self._step(e, e.sortie, "resting", "resting")

    def _rested(self, e: ev.Rested) -> None:
        self._step(e, e.sortie, "rested", "present")

    def _released(self, e: ev.Released) -> None:
        known = self._open.get(e.sortie)
        at_hospital = known is not None and known.state == "at_hospital"
        if self._step(e, e.sortie, "released", "leaving") and not at_hospital:
            self._there.leaves(e.sortie, e.t)

    def _loaded(self, e: ev.Loaded) -> None:
        if self._step(e, e.sortie, "loaded", "loaded"):
            self._there.leaves(e.sortie, e.t)

    def _handed_over(self, e: ev.HandedOver) -> None:
        if sortie := self._step(e, e.sortie, "handed_over", "at_hospital"):
            self._comes(e, e.sortie, sortie, "hospital")

    def _returned(self, e: ev.Returned) -> None:
        sortie = self._open.get(e.sortie)
        if sortie is not None and sortie.state == "moving":
            self._comes(e, e.sortie, sortie, "home")
        if self._step(e, e.sortie, "returned", "home"):
            self.hold(e.ready >= e.t, e, "rest", f"{e.element} is ready at {e.ready} s, before it is home")
            self._ready[e.element] = e.ready
            self._gone(e.sortie, e.t)

    def _gone(self, name: str, t: float) -> None:
        self._busy.pop(self._open.pop(name).element, None)
        self._away.leaves(name, t)

    def _ended(self, e: ev.RunEnded) -> None:
        for what, population in (("away", self._away), ("on the spot", self._there)):
            if e.t > 0.0 and (gap := population.gap(e.t)) > ROUNDING:
                self.say(e, "Little", f"L = λW does not hold for those {what}: off by {gap:.2g} of L")


class _Population:
    """Counts those in a state and adds up their stays, each on its own: L·T must equal the sum of W."""

    def __init__(self) -> None:
        self._since: dict[str, float] = {}
        self._count, self._last, self._area, self._stays = 0, 0.0, 0.0, 0.0

    def enters(self, name: str, t: float) -> None:
        """One more, from `t` on."""
        self._tick(t)
        self._count += 1
        self._since[name] = t

    def leaves(self, name: str, t: float) -> None:
        """One less, from `t` on."""
        self._tick(t)
        self._count -= 1
        self._stays += t - self._since.pop(name, t)

    def gap(self, t: float) -> float:
        """By what share of L the two sides differ at time `t`."""
        self._tick(t)
        stays = self._stays + sum(t - since for since in self._since.values())
        return abs(self._area - stays) / max(1.0, abs(self._area), abs(stays))

    def _tick(self, t: float) -> None:
        self._area += self._count * (t - self._last)
        self._last = t
