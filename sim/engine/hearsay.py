"""What offices may know of what happens on the spot: at once while somebody of ours is there, else with the next report.

Posts see reports; the offices behind them must not see more. What happens to people and to the accident itself is held back
until somebody could have told it, and what follows an accident until a post has heard of that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.domain import events as ev
from sim.domain.people import Status

if TYPE_CHECKING:
    from sim.engine.simulation import Simulation

_ON_THE_SPOT = (
    ev.PersonChanged, ev.PersonsInvolved, ev.CareChanged, ev.HazardChanged, ev.DemandsChanged, ev.Milestone, ev.ShockFelt,
    ev.ServiceChanged, ev.LimitPassed, ev.DeadFound,
)  # fmt: skip
_IN_HOSPITAL = ("emergency", "definitive")


class Hearsay:
    """Events that nobody could have told yet, by the incident whose next report brings them."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self._untold: dict[str, list[ev.Event]] = {}

    def told(self, event: ev.Event) -> list[ev.Event]:
        """What is known because of an event: itself and what it brings along, or nothing yet."""
        if isinstance(event, ev.ReportReceived):
            return [event, *self._untold.pop(event.incident, ())]
        incident = self._until(event)
        if incident:
            self._untold.setdefault(incident, []).append(event)
            return []
        return [] if isinstance(event, ev.HazardOver) else [event]  # the lead hears of that by a report, and says so

    def _until(self, event: ev.Event) -> str:
        """The incident of which a report must come first; "" if it is known at once."""
        if isinstance(event, ev.Cascaded):
            return event.child
        if not isinstance(event, _ON_THE_SPOT):
            return ""
        if isinstance(event, ev.CareChanged) and event.care in _IN_HOSPITAL:
            return ""
        if isinstance(event, ev.PersonChanged) and event.status is Status.HOSPITAL:
            return ""
        incident = self.sim.incidents.get(event.incident)
        return event.incident if incident is not None and not incident.present else ""
