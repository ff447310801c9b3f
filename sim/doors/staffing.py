"""What exercise control does to those who carry plans out: units that are held up, rescuers who withdraw."""

from __future__ import annotations

from pydantic import Field

from sim.doors.common import Span
from sim.reader import Entry


class DelayEntry(Entry):
    """Which unit of the plans does nothing, and for how long."""

    unit: str = Field(examples=["emergency"])
    by: Span = Field(examples=["2 h"])


class Delay(Entry):
    """A unit that owes something by a plan is held up: all it is at, and all it begins meanwhile, takes so much longer."""

    delay: DelayEntry


class SuspendEntry(Entry):
    """Where the rescuers withdraw from the face, and for how long."""

    incident: str = Field(examples=["F1"])
    lasting: Span = Field(0.0, description="For how long; unsaid, until experts allow it", examples=["2 h"])


class Suspend(Entry):
    """The lead suspends the work at the face for the rescuers' safety."""

    suspend: SuspendEntry
