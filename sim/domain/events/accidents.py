"""What happens to the city: incidents, their hazards, the people in harm's way."""

from __future__ import annotations

from sim.domain.events.base import Event
from sim.domain.hazards import Demand
from sim.domain.people import Person, Status, Triage
from sim.domain.places import Site


class IncidentOccurred(Event):
    """An accident began; nobody need know yet."""

    incident: str
    nature: str
    origin: str  # the cause element of the five
    site: Site
    scope: dict[str, float]
    name_zh: str = ""
    name_en: str = ""
    parent: str = ""
    ordinary: bool = False  # below the statute: no grading, no reporting upward, no duties


class Discovered(Event):
    """Someone noticed the incident (`by`: a role, e.g. witness, crew, camera)."""

    incident: str
    by: str


class HazardChanged(Event):
    """The hazard moved to a new state: by its own event `what`, or because its inputs changed (`what` = "inputs")."""

    incident: str
    what: str
    mode: str
    readings: dict[str, float]
    effort: dict[str, float]  # by demand id, in the demand's unit, from now on


class DemandsChanged(Event):
    """What the incident needs, in truth, from now on."""

    incident: str
    demands: tuple[Demand, ...]


class Milestone(Event):
    """A moment worth telling that the hazard itself names."""

    incident: str
    name: str
    values: dict[str, float]


class HazardOver(Event):
    """The hazard came to its end, for this reason."""

    incident: str
    reason: str


class IncidentClosed(Event):
    """The post in the lead ended the response: the hazard over, everyone accounted for."""

    incident: str
    post: str
    reason: str


class PersonsInvolved(Event):
    """People came into harm's way."""

    incident: str
    persons: tuple[Person, ...]


class PersonChanged(Event):
    """A person's standing changed; `why` names the mechanism (drowned, waiting, freed, admitted …)."""

    incident: str
    person: str  # incident/person
    status: Status
    triage: Triage | None = None
    why: str = ""
    where: str = ""  # hospital id, sortie id or group


class CareChanged(Event):
    """The care that an injured person gets changed (none, buddy, paramedic, ambulance, emergency, definitive)."""

    incident: str
    person: str
    care: str
