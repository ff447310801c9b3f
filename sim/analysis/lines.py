"""The lines of a timeline: incidents, sorties, people, reports – each a row of intervals and moments.

Times are seconds since the scenario's start; quantities are SI, effort is in the unit of its capability.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from sim.analysis.tracks import Trip
from sim.domain import events as ev
from sim.domain.hazards import Demand
from sim.domain.people import Status
from sim.domain.places import Site

STATES = (
    "ordered", "turnout", "travelling", "held", "queued", "setting_up", "working", "reserve", "resting", "carrying",
    "returning",
)  # fmt: skip
ON_THE_SPOT = frozenset({"setting_up", "working", "reserve", "resting"})
UNDER_WAY = frozenset({"travelling", "held", "queued", "carrying", "returning"})
Steps = list[tuple[float, float]]  # a quantity that changes in steps: (from when, value)


@dataclass(frozen=True, slots=True)
class Span:
    """Something that lasted."""

    what: str
    start: float
    end: float

    @property
    def seconds(self) -> float:
        """How long it lasted."""
        return self.end - self.start


@dataclass(slots=True)
class Visit:
    """A stay of a sortie on the spot of an incident."""

    incident: str
    arrived: float
    left: float = math.inf
    task: str = ""


@dataclass(slots=True)
class SortieLine:
    """One sortie: an element on one order, from the order to home again."""

    id: str
    element: str
    team: str
    incident: str
    task: str
    post: str
    supplies: float
    expected: float
    ordered: float
    people: int = 0
    alerted: float | None = None
    departed: float | None = None
    returned: float | None = None
    refused: str = ""
    spans: list[Span] = field(default_factory=list)
    trips: list[Trip] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    demands: list[tuple[float, str]] = field(default_factory=list)
    carried: int = 0
    state: str = ""  # the present one, and since when; "" when home
    since: float = 0.0

    @property
    def arrived(self) -> float | None:
        """When it first reached an incident, if it did."""
        return self.visits[0].arrived if self.visits else None

    def enters(self, state: str, t: float) -> None:
        """End the present span at `t` and begin another ("" ends it for good)."""
        name, start = self.state, self.since
        if t < start:  # a set-up that was broken off never became work
            name, start = self.spans[-1].what, self.spans.pop().start
        if name and t > start:
            self.spans.append(Span(name, start, t))
        self.state, self.since = state, t


@dataclass(slots=True)
class ReportLine:
    """One report from sending to receipt."""

    id: str
    incident: str
    sender: str
    receiver: str
    number: int
    sent: float
    channel: str
    due: float
    received: float | None = None


@dataclass(slots=True)
class ShortLine:
    """A need that was not covered for a while; `amount` is the most that was missing."""

    incident: str
    capability: str
    reason: str
    amount: float
    start: float
    end: float = math.inf


@dataclass(slots=True)
class PersonLine:
    """A person in harm's way: every status with its time and reason, every kind of care with its time."""

    id: str
    incident: str
    group: str
    triage: str
    statuses: list[tuple[float, Status, str]]
    cares: list[tuple[float, str]] = field(default_factory=list)
    hospital: str = ""

    @property
    def status(self) -> Status:
        """The last status known."""
        return self.statuses[-1][1]

    def at(self, t: float) -> Status | None:
        """The status at a time; None before the person was in harm's way."""
        return next((s for since, s, _ in reversed(self.statuses) if since <= t), None)

    def first(self, status: Status) -> float | None:
        """When the person first had this status."""
        return next((t for t, s, _ in self.statuses if s is status), None)


@dataclass(frozen=True, slots=True)
class TollLine:
    """The toll of a disaster as a post stated it: of an accident and all that followed it, in so many places."""

    t: float
    post: str
    dead: int
    missing: int
    injured: int
    places: int
    seq: int


@dataclass(slots=True)
class IncidentLine:
    """One incident from its first moment to the end of the response."""

    id: str
    nature: str
    origin: str
    name_zh: str
    name_en: str
    site: Site
    scope: dict[str, float]
    parent: str
    occurred: float
    variant: str = ""
    root: str = ""  # the first accident of its disaster
    discovered: float | None = None
    received: float | None = None  # the first report reached a post
    first_order: float | None = None
    first_arrival: float | None = None
    over: float | None = None
    over_why: str = ""
    closed: float | None = None
    lead: str = ""
    modes: list[Span] = field(default_factory=list)
    readings: list[tuple[float, dict[str, float]]] = field(default_factory=list)
    milestones: list[tuple[float, str]] = field(default_factory=list)
    grades: list[tuple[float, str, int, int, str]] = field(default_factory=list)  # t, post, confirmed, potential, basis
    levels: list[tuple[float, str, int]] = field(default_factory=list)
    demands: dict[str, Demand] = field(default_factory=dict)  # every demand it ever had, as last known
    efforts: list[tuple[float, dict[str, float]]] = field(default_factory=list)
    needed: dict[str, Steps] = field(default_factory=dict)  # by capability, in truth
    believed: dict[str, Steps] = field(default_factory=dict)  # by capability, as the lead states it
    cut_off: list[Span] = field(default_factory=list)
    tolls: list[TollLine] = field(default_factory=list)  # of the disaster that began with it

    @property
    def phases(self) -> list[Span]:
        """Undiscovered, reported, awaited, responding: the parts of its time up to the end of the response."""
        marks = [("undiscovered", self.discovered), ("reported", self.first_order), ("awaited", self.first_arrival),
                 ("responding", self.closed)]  # fmt: skip
        spans: list[Span] = []
        start = self.occurred
        for name, end in marks:
            if end is None:
                return [*spans, Span(name, start, math.inf)]
            if end > start:
                spans.append(Span(name, start, end))
            start = max(start, end)
        return spans


@dataclass(slots=True)
class Timeline:
    """A run told as intervals."""

    started: ev.RunStarted | None = None
    ended: float = 0.0  # the field
    closed: float = 0.0  # the journal: the same, or when the last of the aftermath was done
    end_reason: str = ""
    incidents: dict[str, IncidentLine] = field(default_factory=dict)
    sorties: dict[str, SortieLine] = field(default_factory=dict)
    persons: dict[str, PersonLine] = field(default_factory=dict)
    reports: list[ReportLine] = field(default_factory=list)
    shortfalls: list[ShortLine] = field(default_factory=list)
    nights: list[Span] = field(default_factory=list)
    closures: list[Span] = field(default_factory=list)  # what = link
    injects: list[tuple[float, str, str, str]] = field(default_factory=list)  # t, inject, title_zh, title_en
    expectations: list[tuple[str, str, float, float]] = field(default_factory=list)  # id, outcome, due, settled at

    @property
    def acted_until(self) -> float:
        """When the last sortie was home and the last response closed: from then on the journal follows only the hurt."""
        ends = [span.end for s in self.sorties.values() for span in s.spans[-1:]]
        ends += [i.closed if i.closed is not None else self.ended for i in self.incidents.values()]
        return max(ends, default=self.ended)

    def working(self, incident: str, capability: str) -> Steps:
        """Effort at work on an incident for a capability, in its unit, as the hazard felt it."""
        line = self.incidents[incident]
        wanted = {d.id for d in line.demands.values() if d.capability == capability}
        return steps_of((t, sum(effort.get(d, 0.0) for d in wanted)) for t, effort in line.efforts)

    def present(self, incident: str, capability: str) -> Steps:
        """What the sorties sent for a capability can supply of it while they are on the spot, in its unit."""
        stays = [
            (visit.arrived, min(visit.left, self.ended), sortie.supplies)
            for sortie in self.sorties.values()
            for visit in sortie.visits
            if visit.incident == incident and visit.task == capability
        ]
        return _sum_of(stays)

    def in_state(self, state: str) -> Steps:
        """How many sorties were in a state, over time."""
        spans = [span for sortie in self.sorties.values() for span in sortie.spans if span.what == state]
        return _sum_of((span.start, span.end, 1.0) for span in spans)


def value_at(steps: Steps, t: float) -> float:
    """A stepwise quantity at time `t`; 0 before its first step."""
    value = 0.0
    for when, here in steps:
        if when > t:
            break
        value = here
    return value


def steps_of(points: Iterable[tuple[float, float]]) -> Steps:
    """Of several values at one moment the last counts; steps that change nothing are left out."""
    steps: Steps = []
    for t, value in points:
        if steps and steps[-1][0] == t:
            steps[-1] = (t, value)
            if len(steps) > 1 and steps[-2][1] == value:
                steps.pop()
        elif not steps or steps[-1][1] != value:
            steps.append((t, value))
    return steps


def _sum_of(stays: Iterable[tuple[float, float, float]]) -> Steps:
    """The total over time of amounts that are there from one moment to another."""
    edges = sorted(edge for start, end, amount in stays for edge in ((start, amount), (end, -amount)))
    total, steps = 0.0, []
    for t, change in edges:
        total += change
        steps.append((t, round(total, 9)))
    return steps_of(steps)
