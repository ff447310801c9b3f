"""Patients: people hurt or shut in, each with a clock of their own, and the ward of an incident that they lie in."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from sim.domain.people import FINAL, Person, Status, Triage

if TYPE_CHECKING:
    from sim.engine.incidents import Incident
    from sim.engine.sorties import Sortie


class Patient:
    """A person with a clock that runs, faster or slower with the care they get."""

    __slots__ = (
        "age_from",
        "aided",
        "care",
        "claimed",
        "counted_serious",
        "incident",
        "latent",
        "name",
        "person",
        "since",
        "status",
        "triage",
        "turn",
        "used",
    )

    def __init__(self, name: str, incident: Incident, person: Person, now: float, latent: Any) -> None:
        self.name, self.incident, self.person, self.latent = name, incident, person, latent
        self.status, self.triage = person.status, person.triage
        self.care = ""
        self.aided = False  # by people beside them, before anybody came
        self.counted_serious: bool | None = None  # as what the ward counted them when they were hurt
        self.claimed = False  # an ambulance is loading them
        self.age_from = self.since = now  # when the present clock began; when `used` was last brought up to date
        self.used = 0.0
        self.turn = 0  # bumped whenever the clock is set anew: an older alarm is stale

    @property
    def is_serious(self) -> bool:
        """Red or expectant: needs a doctor first."""
        return self.triage in (Triage.RED, Triage.EXPECTANT)


@dataclass
class Ward:
    """The people of one incident, and what cares for them."""

    incident: Incident
    patients: dict[str, Patient] = field(default_factory=dict)
    counts: dict[Status, int] = field(default_factory=lambda: dict.fromkeys(Status, 0))
    ambulances: dict[str, Sortie] = field(default_factory=dict)  # on the spot and empty
    carers: dict[str, Sortie] = field(default_factory=dict)  # medical crews on the spot
    under_care: dict[str, None] = field(default_factory=dict)
    injured: int = 0  # ever, whatever became of them
    serious: int = 0
    helped_from: float = math.inf  # first aid by whoever is on the spot
    news: int = -1  # seq of what became of somebody last
    told: int = -1  # seq of what the reporter was told of last

    @property
    def unaccounted(self) -> int:
        """People not yet out of danger and care of this incident."""
        return sum(n for status, n in self.counts.items() if status not in FINAL and status is not Status.HOSPITAL)


def as_now(patient: Patient) -> Person:
    """The person with the triage colour they have now."""
    person = patient.person
    return person if person.triage is patient.triage else replace(person, status=patient.status, triage=patient.triage)
