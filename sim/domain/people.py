"""People in harm's way, one by one."""

from __future__ import annotations

import enum

import msgspec


class Status(enum.Enum):
    """Where a person stands on the way from danger to safety; the last four are final for the ledger."""

    EXPOSED = "exposed"  # in the danger area, unhurt
    TRAPPED = "trapped"  # cannot get out without help
    WAITING = "waiting"  # injured, reachable, not yet in transport
    CARRIED = "carried"  # in an ambulance
    HOSPITAL = "hospital"  # admitted, before definitive care
    SAVED = "saved"  # in definitive care, or at a doctor by their own way; will live
    SAFE = "safe"  # unhurt and out
    DEAD = "dead"
    MISSING = "missing"  # not found when the search ended


SEARCH = "search"  # why: the command turned the rescue into a search
FINAL = frozenset({Status.SAVED, Status.SAFE, Status.DEAD, Status.MISSING})


class Triage(enum.Enum):
    """Triage colour, in carrying order."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    EXPECTANT = "expectant"


class Person(msgspec.Struct, frozen=True):
    """A person as a hazard hands them over.

    `id` is unique in the incident; `entrapment` names the survival curve of models/casualties that runs while TRAPPED
    (empty: the hazard itself decides); `triage` is set where there is an injury; `group` is the place in the incident;
    `harm` names the clocks of models/casualties by which waiting kills (empty: those of the injured).
    """

    id: str
    status: Status
    group: str = ""
    triage: Triage | None = None
    entrapment: str = ""
    harm: str = ""
