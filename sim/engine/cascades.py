"""What follows what: the edges of incidents under way, their luck drawn once by name, and the children they bring about.

An edge's luck belongs to its parent, its own name and the place where it would strike, never to the order of events: two
strategies meet the same. What help changes is whether a shock comes at all, and whether and for how long a condition holds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from statistics import NormalDist
from typing import TYPE_CHECKING

from sim.domain import events as ev
from sim.domain.cascades import Edge, Form, While
from sim.domain.places import Site
from sim.engine.clock import Turn, grid, not_before

if TYPE_CHECKING:
    from sim.engine.incidents import Incident
    from sim.engine.simulation import Simulation

_PHI = NormalDist().cdf
_AT_EVENTS = (Form.BRANCH, Form.FRAGILITY)


class _Watch:
    """A clock or a race of one edge at one place: how much of its threshold is used, and since when it runs."""

    __slots__ = ("done", "edge", "incident", "label", "since", "site", "threshold", "turn", "used")

    def __init__(self, edge: Edge, incident: Incident, label: str, site: Site, threshold: float) -> None:
        self.edge, self.incident, self.label, self.site, self.threshold = edge, incident, label, site, threshold
        self.used, self.since, self.turn, self.done = 0.0, -1.0, 0, False

    @property
    def speed(self) -> float:
        """How fast its threshold is used up while the condition holds."""
        return self.edge.rate if self.edge.form is Form.CLOCK else 1.0


class Cascades:
    """All edges that are armed in a run."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self._edges = sim.case.edges if sim.case.nursery is not None else {}
        self._watches: dict[str, list[_Watch]] = {}  # by parent
        self._fired: set[str] = set()  # children there are, or will be
        self._depth: dict[str, int] = {}
        self._count = 0

    # ── what the engine tells ──

    def begin(self, incident: Incident) -> None:
        """An incident begins: its clocks and races are armed, at every place where they would strike."""
        nursery = self.sim.case.nursery
        for edge in self._edges.get(incident.spec.nature, ()):
            if edge.form in _AT_EVENTS or nursery is None:
                continue
            for label, site in nursery.targets(edge, incident.spec):
                watch = _Watch(edge, incident, label, site, self._threshold(edge, incident.id, label))
                self._watches.setdefault(incident.id, []).append(watch)

    def struck(self, incident: Incident, name: str, values: Mapping[str, float], cause: int, town: str = "") -> None:
        """An event, a note or a shock of an incident: edges that look at it decide."""
        nursery = self.sim.case.nursery
        for edge in self._edges.get(incident.spec.nature, ()):
            if edge.on != name or nursery is None:
                continue
            for label, site in nursery.targets(edge, incident.spec, town):
                luck = self.sim.streams.uniform("cascade", incident.id, edge.id, label)
                if luck < _probability(edge, values):
                    self._fire(edge, incident, label, site, values, cause)

    def changed(self, incident: Incident) -> None:
        """An incident's readings, mode or end changed: conditions begin or cease to hold."""
        for watch in self._watches.get(incident.id, ()):
            self._look(watch)

    def services_changed(self) -> None:
        """Somewhere a service is cut or back."""
        for watches in tuple(self._watches.values()):
            for watch in watches:
                if watch.edge.holds is not None and watch.edge.holds.service:
                    self._look(watch)

    def over(self, incident: Incident) -> None:
        """An incident's hazard is over: nothing it holds up holds any more."""
        for watch in self._watches.pop(incident.id, ()):
            self._stop(watch)
            watch.done = True

    def levels(self, incident: str) -> Iterator[tuple[str, float]]:
        """Readings of an incident at which a condition of its edges begins or ceases to hold."""
        for watch in self._watches.get(incident, ()):
            holds = watch.edge.holds
            if not watch.done and holds is not None and holds.reading:
                yield from ((holds.reading, level) for level in (holds.above, holds.below) if math.isfinite(level))

    # ── clocks and races ──

    def _threshold(self, edge: Edge, parent: str, label: str) -> float:
        luck = self.sim.streams.uniform("cascade", parent, edge.id, label)
        if edge.form is Form.CLOCK:
            return -math.log(luck)
        assert edge.lasts is not None, "a race says how long its target lasts"
        return max(0.0, edge.lasts.at(luck))

    def _look(self, watch: _Watch) -> None:
        """Start or stop a clock as its condition begins or ceases to hold."""
        if watch.done or watch.edge.holds is None:
            return
        holds = self._holds(watch, watch.edge.holds)
        if holds and watch.since < 0.0:
            now = self.sim.clock.now
            watch.since = now
            watch.turn += 1
            left = watch.threshold - watch.used
            span = left / watch.speed if watch.speed > 0.0 else math.inf
            if span < math.inf:
                turn = watch.turn
                self.sim.clock.at(not_before(now + span), lambda _: self._ring(watch, turn), Turn.HAZARD)
        elif not holds:
            self._stop(watch)

    def _stop(self, watch: _Watch) -> None:
        if watch.since >= 0.0:
            watch.used += (self.sim.clock.now - watch.since) * watch.speed
            watch.since = -1.0
            watch.turn += 1

    def _holds(self, watch: _Watch, holds: While) -> bool:
        incident = watch.incident
        if incident.over:
            return False
        if holds.mode:
            return incident.model.mode(incident.state) == holds.mode
        if holds.service:
            value = self.sim.services.share(holds.service, watch.site.town)
        else:
            value = incident.model.readings(incident.state).get(holds.reading, math.nan)
        return holds.above <= value <= holds.below if holds.reading else holds.above <= value < holds.below

    def _ring(self, watch: _Watch, turn: int) -> None:
        if watch.done or watch.turn != turn:
            return
        watch.done = True
        incident = watch.incident
        values = {} if incident.over else incident.model.readings(incident.sight())
        self._fire(watch.edge, incident, watch.label, watch.site, values, incident.latest)

    # ── children ──

    def _fire(
        self, edge: Edge, parent: Incident, label: str, site: Site, values: Mapping[str, float], cause: int
    ) -> None:
        sim, nursery = self.sim, self.sim.case.nursery
        child = ".".join(filter(None, (parent.id, edge.id, label)))
        if child in self._fired or nursery is None:
            return
        self._fired.add(child)
        depth = self._depth.get(parent.id, 0) + 1
        if depth > sim.number("cascades.depth") or self._count >= sim.number("cascades.budget"):
            why = "budget" if depth <= sim.number("cascades.depth") else "depth"
            sim.record(ev.CascadeHeld(0, sim.clock.now, cause, parent.id, edge.id, why))
            return
        self._count += 1
        self._depth[child] = depth
        delay = 0.0 if edge.after is None else max(0.0, edge.after.at(sim.streams.uniform("cascade_after", child)))
        begins = grid(sim.clock.now + delay)
        seq = sim.record(ev.Cascaded(0, sim.clock.now, cause, parent.id, edge.id, edge.form.value, child, begins))
        born = nursery.child(edge, child, site, begins, values)
        sim.expect(born, begins, seq, parent.id)


def _probability(edge: Edge, values: Mapping[str, float]) -> float:
    if edge.form is Form.BRANCH:
        return edge.chance
    size = values.get(edge.size, 0.0)
    if size <= 0.0:
        return 0.0
    if edge.spread <= 0.0:
        return float(size >= edge.threshold)
    return _PHI(math.log(size / edge.threshold) / edge.spread)
