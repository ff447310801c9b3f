"""Order: lines are numbered, time never runs back, causes come first, incidents begin before they end."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sim.analysis.laws.base import Handler, Law
from sim.domain import events as ev
from sim.journal.cast import Cast


class Order(Law):
    """Numbers, times and causes; every event is heard."""

    def __init__(self, cast: Cast | None) -> None:
        super().__init__(cast)
        self._times: list[float] = []

    def hears(self) -> Mapping[type[ev.Event], Handler]:
        """Nothing by kind: the checker hands over every event."""
        return {}

    def every(self, e: ev.Event) -> None:
        """Judge the number, time and cause of an event."""
        times, t = self._times, e.t
        if e.seq != self.index:
            self.say(e, "numbering", f"number {e.seq} stands where {self.index} should")
        if not (t >= 0.0 and math.isfinite(t)) or (times and t < times[-1]):
            self.say(e, "clock", f"{t} s comes after {times[-1] if times else 0.0} s")
        cause = e.cause
        if cause is not None and not (0 <= cause < len(times) and times[cause] <= t):
            self.say(e, "cause", f"its cause is number {cause}, which has not happened yet")
        times.append(t)


class Incidents(Law):
    """An incident occurs, is discovered, ends – once each and in that order; reports arrive after they were sent."""

    def __init__(self, cast: Cast | None) -> None:
        super().__init__(cast)
        self._occurred: set[str] = set()
        self._discovered: set[str] = set()
        self._over: set[str] = set()
        self._closed: set[str] = set()
        self._reports: dict[str, float] = {}

    def hears(self) -> Mapping[type[ev.Event], Handler]:
        """All events that name an incident in a way that has an order."""
        return {
            ev.IncidentOccurred: self._occur, ev.Discovered: self._discover, ev.HazardChanged: self._hazard,
            ev.HazardOver: self._end, ev.IncidentClosed: self._close, ev.OrderGiven: self._order,
            ev.ReportSent: self._sent, ev.ReportReceived: self._received, ev.PersonsInvolved: self._open,
        }  # fmt: skip

    def _occur(self, e: ev.IncidentOccurred) -> None:
        self.hold(e.incident not in self._occurred, e, "incident", f"{e.incident} occurs a second time")
        self._occurred.add(e.incident)

    def _known(self, e: ev.Event, incident: str) -> bool:
        return self.hold(incident in self._occurred, e, "incident", f"{incident} has not occurred")

    def _open(self, e: ev.PersonsInvolved) -> None:
        self._known(e, e.incident)

    def _discover(self, e: ev.Discovered) -> None:
        self._known(e, e.incident)
        self.hold(e.incident not in self._discovered, e, "incident", f"{e.incident} is discovered a second time")
        self._discovered.add(e.incident)

    def _hazard(self, e: ev.HazardChanged) -> None:
        self._known(e, e.incident)
        self.hold(e.incident not in self._over, e, "incident", f"the hazard of {e.incident} changes after its end")
        for name, value in (*e.readings.items(), *e.effort.items()):
            if not math.isfinite(value):
                self.say(e, "figures", f"{name} is {value}")
        for demand, effort in e.effort.items():
            self.hold(effort >= 0.0, e, "figures", f"effort on {demand} is {effort}")

    def _end(self, e: ev.HazardOver) -> None:
        self._known(e, e.incident)
        self.hold(e.incident not in self._over, e, "incident", f"the hazard of {e.incident} ends a second time")
        self._over.add(e.incident)

    def _close(self, e: ev.IncidentClosed) -> None:
        self._known(e, e.incident)
        self.hold(e.incident not in self._closed, e, "incident", f"{e.incident} is closed a second time")
        self.hold(e.incident in self._over, e, "incident", f"{e.incident} is closed while its hazard goes on")
        self._closed.add(e.incident)

    def _order(self, e: ev.OrderGiven) -> None:
        self._known(e, e.incident)
        self.hold(e.incident not in self._closed, e, "incident", f"an order for {e.incident}, which is closed")

    def _sent(self, e: ev.ReportSent) -> None:
        self._known(e, e.incident)
        self.hold(e.incident in self._discovered, e, "reports", f"{e.incident} is reported before anyone noticed it")
        self._reports[e.report] = e.due_at

    def _received(self, e: ev.ReportReceived) -> None:
        due = self._reports.pop(e.report, None)
        if self.hold(due is not None, e, "reports", f"{e.report} arrives but was not under way") and due is not None:
            self.hold(e.t >= due, e, "reports", f"{e.report} arrives at {e.t} s, before it is due at {due} s")
