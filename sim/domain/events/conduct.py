"""What people do with the truth: withhold it, bend it, correct it, find it out. Posts do not see these events; reviews do."""

from __future__ import annotations

from sim.domain.events.base import Event


class ReportWithheld(Event):
    """Somebody who owed a report did not send it: out of negligence, or on purpose."""

    incident: str
    sender: str
    receiver: str
    why: str  # late | missed | concealed
    until: float | None


class ReportFalsified(Event):
    """A report said other figures than its sender believed."""

    report: str
    incident: str
    sender: str
    believed: dict[str, float]
    told: dict[str, float]
    why: str = "false"  # false | missed


class ConductExposed(Event):
    """A report that was withheld or false was found out, by whom and how."""

    incident: str
    sender: str
    by: str
    how: str


class CasualtiesCorrected(Event):
    """The figures of an incident were corrected after its end."""

    incident: str
    post: str
    dead: int
    missing: int
    injured: int
