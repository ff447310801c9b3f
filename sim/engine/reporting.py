"""Reports on their way: what someone on the spot says, with delay and error, up the chain of posts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import msgspec
from simpy.events import Event

from sim.domain import events as ev
from sim.domain.command import Post, Severity, Tier
from sim.domain.hazards import Sighting
from sim.domain.people import Status
from sim.engine.clock import Turn, grid
from sim.engine.conduct import UNIT
from sim.engine.doctors import HOSPITAL

if TYPE_CHECKING:
    from sim.engine.incidents import Incident
    from sim.engine.simulation import Simulation


class Reporter:
    """Whoever reports from one incident: first a caller, then the first crew on the spot, then the command there."""

    def __init__(self, sim: Simulation, incident: Incident) -> None:
        self.sim, self.incident = sim, incident
        self.reports = 0
        self.discovered = False
        self._since = math.inf  # when somebody noticed
        self._mode = ""  # of the hazard, as it was told last
        self._sized_up = False
        self._last_sent = -math.inf
        self._news = -1  # seq of what the next report is about
        self._planned = math.inf
        self._alarm: Event | None = None  # of the report that is planned; an earlier one's is stale
        self._final = False
        self._silent = False  # who should report keeps it back
        self.voice = "caller"  # who tells of what a witness saw

    def begin(self, cause: int, parent: str = "") -> None:
        """The accident has begun: someone will notice after a while, crews beside it when they have looked round."""
        spec, sim = self.incident.spec, self.sim
        after = spec.discovery.at(sim.streams.uniform("discovery", spec.id)) * sim.wires.slower(spec.site.town)
        by, beside = "witness", sim.incidents.get(parent)
        if beside is not None and beside.present and beside.spec.site.node == spec.site.node:
            seen = sim.draw("reporting.size_up", spec.id)
            by, after = ("crew", seen) if seen < after else (by, after)
        sim.clock.at(grid(sim.clock.now + max(0.0, after)), lambda _: self._discover(cause, by), Turn.POST)
        sim.monitoring.watch(self, cause)

    def noticed(self, system: str, cause: int) -> None:
        """A monitoring system saw it, unless somebody has called already."""
        self._discover(cause, system)

    def arrived(self, cause: int) -> None:
        """The first crew is on the spot: it sizes up, then reports properly."""
        if self._sized_up:
            return
        self._sized_up = True
        self._discover(cause, "crew")
        self.sim.candour.seen(self.incident.id, "crew", cause)
        after = self.sim.draw("reporting.size_up", self.incident.id)
        self._plan(self.sim.clock.now + after)

    def hazard_changed(self) -> None:
        """The hazard did something of its own; with a crew on the spot that is news, but not the everyday of what is stable."""
        if self._sized_up and not (self._stable() and self.incident.mode == self._mode):
            self._plan(max(self.sim.clock.now, self._last_sent + self._pause()))

    def people_changed(self, cause: int) -> None:
        """Someone was freed, carried off, died; with a crew on the spot that is news."""
        self._news = max(self._news, cause)
        if self._sized_up:
            self._plan(max(self.sim.clock.now, self._last_sent + self._pause()))

    @property
    def answers(self) -> bool:
        """Whether somebody commands on the spot who answers a call."""
        return self._sized_up and not self._final

    def asked(self, cause: int) -> None:
        """The command has the scene on the line: whoever commands there says now how it stands."""
        self._news = max(self._news, cause)
        self._plan(self.sim.clock.now)

    def over(self) -> None:
        """The hazard is over: the command on the spot, or the caller where nobody came, says so."""
        if self.discovered:
            self._plan(self.sim.clock.now)

    # ── inside ──

    def _pause(self) -> float:
        return self.sim.number("reporting.situation")

    def _stable(self) -> bool:
        """Whether it goes on for days with nobody to be rescued: then a report a day is the rhythm."""
        sim = self.sim
        if sim.headquarters is None or sim.clock.now < self._since + sim.number("reporting.stable_after"):
            return False
        return not sim.care.awaited(self.incident.id)

    def _until_next(self) -> float:
        """Until the next report where nothing changes: what is graded above the lowest class is told of twice a day to its end."""
        believed = self.sim.desk_of(self.incident).picture.incidents.get(self.incident.id)
        daily = self._stable() and believed is not None and believed.severity <= Severity.GENERAL
        return self.sim.number("reporting.follow_up_stable" if daily else "reporting.follow_up")

    def _discover(self, cause: int, by: str) -> None:
        if self.discovered:
            return
        sim, incident = self.sim, self.incident
        self.discovered, self._since = True, sim.clock.now
        seen = sim.record(ev.Discovered(0, sim.clock.now, cause, incident.id, by))

        def tell(cause: int) -> None:
            self._silent = False
            sender = {"witness": self.voice, "crew": "crew"}.get(by, by)
            called = by in ("witness", "crew", HOSPITAL)
            latency = "reporting.intake" if called else "reporting.report_platform"
            self._send(sender, cause, latency)
            self._plan(sim.clock.now + self._until_next())

        receiver = sim.desk_of(incident).post.id
        self._silent = by == "witness" and sim.candour.withholds(incident.id, UNIT, receiver, seen, tell)
        if not self._silent:
            tell(seen)

    def _plan(self, when: float) -> None:
        """The next report from the spot goes out then, unless an earlier one is planned."""
        when = grid(max(when, self.sim.clock.now))
        if self._final or self._silent or when >= self._planned:
            return
        self._planned = when
        self._alarm = self.sim.clock.at(when, self._come, Turn.POST)

    def _come(self, alarm: Event) -> None:
        if alarm is self._alarm:
            self._planned, self._alarm = math.inf, None
            self._situation()

    def _situation(self) -> None:
        incident, sim = self.incident, self.sim
        if self._final or incident.closed:
            return
        self._send(
            "scene" if self._sized_up else "caller",
            max(incident.latest, self._news),
            "reporting.report_platform" if self._sized_up else "reporting.intake",
        )
        if incident.over and not sim.care.outstanding(incident.id):
            self._final = True
        else:
            self._plan(sim.clock.now + self._until_next())

    def _send(self, sender: str, cause: int, latency: str) -> None:
        """One report from the spot to the post that leads (before that, to the county's duty desk)."""
        incident, sim = self.incident, self.sim
        post = sim.desk_of(incident).post
        number = self.reports
        self.reports += 1
        self._last_sent, self._mode = sim.clock.now, incident.mode
        sighting = self._sighting(number)
        told = sim.candour.told(incident.id, UNIT, sighting) if sender == "caller" else sighting
        report = sim.wires.send_report(incident, sender, post, number, told, cause, latency, final=bool(incident.over))
        sim.candour.sent(incident.id, UNIT, report, sighting, told, cause)
        if sender == "scene":  # from a head-count, which shows what the unit has told
            sim.candour.checked(incident.id, UNIT, "crew", "head_count", cause)

    def _sighting(self, number: int) -> Sighting:
        """What is seen now: the model's figures, and the people counted with the errors of a first or a later report."""
        sim, incident = self.sim, self.incident
        stream = sim.streams("sighting", incident.id, str(number))
        seen = incident.model.observe(incident.sight(), stream)
        ward = sim.care.wards.get(incident.id)
        if ward is None:
            return seen
        counts = ward.counts
        on_spot = [p for p in ward.patients.values() if p.status is Status.WAITING]
        counted = msgspec.structs.replace(
            seen,
            trapped=counts[Status.TRAPPED],
            threatened=counts[Status.EXPOSED],
            dead=counts[Status.DEAD],
            injured=ward.injured,
            seriously_injured=ward.serious,
            waiting=len(on_spot),
            waiting_serious=sum(p.is_serious for p in on_spot),
            carried=counts[Status.CARRIED],
        )
        counted = sim.care.toll.told(incident.id, counted, seen=self._sized_up or bool(incident.over))
        if self._sized_up and number > 0:
            return counted  # later reports come from a head-count
        error = sim.rule("reporting.missing_error").at(sim.streams.uniform("missing_error", incident.id))
        return msgspec.structs.replace(counted, trapped=max(0, math.floor(counted.trapped * (1.0 + error) + 0.5)))


def upward(sim: Simulation, post: Post, severity: Severity) -> str:
    """The post above that must be told of an event of this severity; "" when it has gone far enough.

    一般 reaches the city, 较大 and worse the province (Order 493 art. 10).
    """
    if not post.parent:
        return ""
    above = sim.case.city.posts[post.parent]
    reach = Tier.CITY if severity <= Severity.GENERAL else Tier.PROVINCE
    return above.id if above.tier <= reach else ""
