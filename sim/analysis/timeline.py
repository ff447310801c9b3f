"""Timeline: the journal told as intervals – who was doing what from when to when, and what was needed meanwhile.

A fold of events and of nothing else. What is not over when the journal ends, ends with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

from sim.analysis import tracks
from sim.analysis.lines import (
    IncidentLine,
    PersonLine,
    ReportLine,
    ShortLine,
    SortieLine,
    Span,
    Timeline,
    TollLine,
    Visit,
)
from sim.domain import events as ev
from sim.domain.hazards import Demand, DemandKind
from sim.domain.people import Status
from sim.journal.families import Families

_MOVING = {"site": "travelling", "hospital": "carrying", "home": "returning"}


def build(events: Iterable[ev.Event]) -> Timeline:
    """The timeline of a journal."""
    fold = _Fold()
    for event in events:
        fold.take(event)
    return fold.end()


class _Fold:
    """What the fold has to remember while it reads."""

    def __init__(self) -> None:
        self.line = Timeline()
        self.now = 0.0
        self._field: float | None = None  # when the field ended, if the journal goes on after it
        self._families = Families()
        self._mode: dict[str, tuple[str, float]] = {}
        self._night: float | None = None
        self._closed: dict[str, float] = {}
        self._reports: dict[str, ReportLine] = {}
        self._short: dict[tuple[str, str], ShortLine] = {}
        self._cut: dict[str, float] = {}
        self._take: dict[type[ev.Event], Callable[[Any], None]] = {
            ev.RunStarted: lambda e: setattr(self.line, "started", e),
            ev.RunEnded: lambda e: setattr(self.line, "end_reason", e.reason), ev.FieldEnded: self._field_ended,
            ev.IncidentOccurred: self._occurred, ev.Discovered: self._discovered,
            ev.HazardChanged: self._hazard, ev.DemandsChanged: self._demands, ev.Milestone: self._milestone,
            ev.HazardOver: self._over, ev.IncidentClosed: self._closed_incident,
            ev.PersonsInvolved: self._involved, ev.PersonChanged: self._person, ev.CareChanged: self._care,
            ev.ReportSent: self._sent, ev.ReportReceived: self._received, ev.Graded: self._graded,
            ev.ResponseChanged: self._response, ev.TollStated: self._toll, ev.LeadTaken: self._lead, ev.NeedsStated: self._needs,
            ev.Shortfall: self._shortfall, ev.CutOff: self._cut_off, ev.Reachable: self._reachable,
            ev.OrderGiven: self._ordered, ev.OrderRefused: self._refused, ev.Recalled: self._recalled,
            ev.Alerted: self._alerted, ev.ForceSetOut: self._set_out, ev.Departed: self._departed, ev.RouteChanged: self._rerouted,
            ev.Held: self._held, ev.Queued: self._queued, ev.Arrived: self._arrived, ev.Assigned: self._assigned,
            ev.Resting: self._resting, ev.Rested: self._rested,
            ev.Released: self._released, ev.Loaded: self._loaded, ev.Returned: self._returned,
            ev.RoadChanged: self._road, ev.Daylight: self._daylight,
            ev.InjectReleased: lambda e: self.line.injects.append((e.t, e.inject, e.title_zh, e.title_en)),
            ev.ExpectationSettled: lambda e: self.line.expectations.append((e.expectation, e.outcome, e.due, e.t)),
        }  # fmt: skip

    def take(self, event: ev.Event) -> None:
        """Read the next event; kinds that tell no interval are passed over."""
        self.now = event.t
        if (take := self._take.get(type(event))) is not None:
            take(event)

    def end(self) -> Timeline:
        """Close what is still open and return the timeline."""
        line, now = self.line, self.now if self._field is None else self._field
        line.ended, line.closed = now, self.now
        for sortie in line.sorties.values():
            if sortie.returned is None and not sortie.refused:
                sortie.enters("", now)
        for key, (mode, since) in self._mode.items():
            line.incidents[key].modes.append(Span(mode, since, now))
        for key, since in self._cut.items():
            line.incidents[key].cut_off.append(Span("cut_off", since, now))
        if self._night is not None:
            line.nights.append(Span("night", self._night, now))
        line.closures += [Span(link, since, now) for link, since in self._closed.items()]
        for short in self._short.values():
            short.end = now
        return line

    def _field_ended(self, e: ev.FieldEnded) -> None:
        self._field = e.t

    # ── incidents ──

    def _occurred(self, e: ev.IncidentOccurred) -> None:
        self._families.take(e)
        self.line.incidents[e.incident] = IncidentLine(
            e.incident,
            e.nature,
            e.origin,
            e.name_zh,
            e.name_en,
            e.site,
            e.scope,
            e.parent,
            e.t,
            e.variant,
            self._families.root(e.incident),
        )

    def _discovered(self, e: ev.Discovered) -> None:
        self.line.incidents[e.incident].discovered = e.t

    def _hazard(self, e: ev.HazardChanged) -> None:
        incident = self.line.incidents[e.incident]
        mode, since = self._mode.get(e.incident, ("", e.t))
        if mode != e.mode:
            if mode and e.t > since:
                incident.modes.append(Span(mode, since, e.t))
            self._mode[e.incident] = (e.mode, e.t)
        incident.readings.append((e.t, e.readings))
        incident.efforts.append((e.t, e.effort))

    def _demands(self, e: ev.DemandsChanged) -> None:
        incident = self.line.incidents[e.incident]
        incident.demands.update({d.id: d for d in e.demands})
        now = _by_capability((d.capability, useful(d)) for d in e.demands)
        for capability in sorted(now.keys() | incident.needed.keys()):
            incident.needed.setdefault(capability, []).append((e.t, now.get(capability, 0.0)))

    def _milestone(self, e: ev.Milestone) -> None:
        self.line.incidents[e.incident].milestones.append((e.t, e.name))

    def _over(self, e: ev.HazardOver) -> None:
        incident = self.line.incidents[e.incident]
        incident.over, incident.over_why = e.t, e.reason
        incident.efforts.append((e.t, {}))  # what is over feels no effort

    def _closed_incident(self, e: ev.IncidentClosed) -> None:
        self.line.incidents[e.incident].closed = e.t
        self._families.take(e)
        for key in [key for key in self._short if key[0] == e.incident]:  # nothing is wanted there any more
            self._short.pop(key).end = e.t

    # ── people ──

    def _involved(self, e: ev.PersonsInvolved) -> None:
        for p in e.persons:
            name = f"{e.incident}/{p.id}"
            triage = p.triage.value if p.triage else ""
            self.line.persons[name] = PersonLine(name, e.incident, p.group, triage, [(e.t, p.status, "involved")])

    def _person(self, e: ev.PersonChanged) -> None:
        person = self.line.persons[e.person]
        person.statuses.append((e.t, e.status, e.why))
        if e.triage:
            person.triage = e.triage.value
        if e.status is Status.HOSPITAL:
            person.hospital = e.where

    def _care(self, e: ev.CareChanged) -> None:
        self.line.persons[e.person].cares.append((e.t, e.care))

    # ── command ──

    def _sent(self, e: ev.ReportSent) -> None:
        report = ReportLine(e.report, e.incident, e.sender, e.receiver, e.number, e.t, e.channel, e.due_at)
        self._reports[e.report] = report
        self.line.reports.append(report)

    def _received(self, e: ev.ReportReceived) -> None:
        self._reports[e.report].received = e.t
        incident = self.line.incidents[e.incident]
        if incident.received is None:
            incident.received = e.t

    def _graded(self, e: ev.Graded) -> None:
        self.line.incidents[e.incident].grades.append((e.t, e.post, e.confirmed, e.potential, e.basis))

    def _response(self, e: ev.ResponseChanged) -> None:
        self.line.incidents[e.incident].levels.append((e.t, e.post, e.level))

    def _toll(self, e: ev.TollStated) -> None:
        toll = TollLine(e.t, e.post, e.dead, e.missing, e.injured, e.places, e.seq)
        self.line.incidents[e.incident].tolls.append(toll)

    def _lead(self, e: ev.LeadTaken) -> None:
        self.line.incidents[e.incident].lead = e.post

    def _needs(self, e: ev.NeedsStated) -> None:
        believed = self.line.incidents[e.incident].believed
        now = _by_capability((n.capability, n.amount) for n in e.needs)
        for capability in sorted(now.keys() | believed.keys()):
            believed.setdefault(capability, []).append((e.t, now.get(capability, 0.0)))

    def _shortfall(self, e: ev.Shortfall) -> None:
        key = (e.incident, e.capability)
        short = self._short.get(key)
        if e.amount <= 0.0:
            if short is not None:
                self._short.pop(key).end = e.t
        elif short is None:
            self._short[key] = short = ShortLine(e.incident, e.capability, e.reason, e.amount, e.t)
            self.line.shortfalls.append(short)
        else:
            short.amount = max(short.amount, e.amount)

    def _cut_off(self, e: ev.CutOff) -> None:
        self._cut.setdefault(e.incident, e.t)

    def _reachable(self, e: ev.Reachable) -> None:
        if e.incident in self._cut:
            self.line.incidents[e.incident].cut_off.append(Span("cut_off", self._cut.pop(e.incident), e.t))

    # ── sorties ──

    def _ordered(self, e: ev.OrderGiven) -> None:
        sortie = SortieLine(e.order, e.element, e.team, e.incident, e.task, e.post, e.supplies, e.expected, e.t)
        sortie.enters("ordered", e.t)
        self.line.sorties[e.order] = sortie
        incident = self.line.incidents[e.incident]
        if incident.first_order is None:
            incident.first_order = e.t

    def _refused(self, e: ev.OrderRefused) -> None:
        sortie = self.line.sorties[e.order]
        sortie.refused = e.reason
        sortie.enters("", e.t)

    def _recalled(self, e: ev.Recalled) -> None:
        if e.to:
            self.line.sorties[e.order].incident = e.to

    def _alerted(self, e: ev.Alerted) -> None:
        sortie = self.line.sorties[e.sortie]
        sortie.alerted = e.t
        sortie.enters("turnout", e.t)

    def _set_out(self, e: ev.ForceSetOut) -> None:
        sortie = self.line.sorties[e.sortie]
        sortie.departed, sortie.people = e.t, e.people
        sortie.enters("travelling", e.t)

    def _departed(self, e: ev.Departed) -> None:
        sortie = self.line.sorties[e.sortie]
        if sortie.departed is None:
            sortie.departed, sortie.people = e.t, e.people
        sortie.trips.append(tracks.departed(e))
        sortie.enters(_MOVING[e.bound], e.t)

    def _rerouted(self, e: ev.RouteChanged) -> None:
        sortie = self.line.sorties[e.sortie]
        if sortie.trips:
            tracks.rerouted(sortie.trips[-1], e)
        if sortie.state != _MOVING[e.bound]:
            sortie.enters(_MOVING[e.bound], e.t)

    def _held(self, e: ev.Held) -> None:
        self.line.sorties[e.sortie].enters("held", e.t)

    def _queued(self, e: ev.Queued) -> None:
        self.line.sorties[e.sortie].enters("queued", e.t)

    def _arrived(self, e: ev.Arrived) -> None:
        sortie, incident = self.line.sorties[e.sortie], self.line.incidents[e.incident]
        sortie.visits.append(Visit(e.incident, e.t, task=sortie.task))
        sortie.enters("reserve", e.t)
        if incident.first_arrival is None:
            incident.first_arrival = e.t

    def _assigned(self, e: ev.Assigned) -> None:
        sortie = self.line.sorties[e.sortie]
        sortie.demands.append((e.t, e.demand))
        if e.demand and e.effective > e.t:
            sortie.enters("setting_up", e.t)
            sortie.enters("working", e.effective)
        else:
            sortie.enters("working" if e.demand else "reserve", e.t)

    def _resting(self, e: ev.Resting) -> None:
        self.line.sorties[e.sortie].enters("resting", e.t)

    def _rested(self, e: ev.Rested) -> None:
        self.line.sorties[e.sortie].enters("reserve", e.t)

    def _released(self, e: ev.Released) -> None:
        self._left(self.line.sorties[e.sortie], e.t)

    def _loaded(self, e: ev.Loaded) -> None:
        sortie = self.line.sorties[e.sortie]
        sortie.carried += len(e.persons)
        self._left(sortie, e.t)

    def _left(self, sortie: SortieLine, t: float) -> None:
        if sortie.visits and sortie.visits[-1].left == math.inf:
            sortie.visits[-1].left = t

    def _returned(self, e: ev.Returned) -> None:
        sortie = self.line.sorties[e.sortie]
        sortie.returned = e.t
        sortie.enters("", e.t)

    # ── the world around ──

    def _road(self, e: ev.RoadChanged) -> None:
        if e.factor == 0.0:
            self._closed.setdefault(e.link, e.t)
        elif e.link in self._closed:
            self.line.closures.append(Span(e.link, self._closed.pop(e.link), e.t))

    def _daylight(self, e: ev.Daylight) -> None:
        if e.night and self._night is None:
            self._night = e.t
        elif not e.night and self._night is not None:
            self.line.nights.append(Span("night", self._night, e.t))
            self._night = None


def useful(demand: Demand) -> float:
    """Effort that a demand can use at once: what it needs at the same time, or what the place of work can take."""
    if demand.kind in (DemandKind.RATE, DemandKind.HOLD):
        return min(demand.amount, demand.face)
    return demand.face if math.isfinite(demand.face) else 0.0


def _by_capability(amounts: Iterable[tuple[str, float]]) -> dict[str, float]:
    total: dict[str, float] = {}
    for capability, amount in amounts:
        total[capability] = total.get(capability, 0.0) + amount
    return total
