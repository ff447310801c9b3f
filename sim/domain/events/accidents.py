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
    variant: str = ""  # the kind of thing concerned, where the model's card has such


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


class DeadFound(Event):
    """Dead who lay out of sight were reached (`why`: by what work); until then they were missing to everybody."""

    incident: str
    persons: tuple[str, ...]  # incident/person
    why: str = ""


class CareChanged(Event):
    """The care that an injured person gets changed (none, buddy, paramedic, ambulance, emergency, definitive)."""

    incident: str
    person: str
    care: str


class LimitPassed(Event):
    """A figure left the range in which the model's formulas are known to hold; the run goes on all the same."""

    incident: str
    limit: str
    of: str  # a reading, a scale variable or weather.<figure>
    value: float
    low: float
    high: float


class ShockFelt(Event):
    """Something reached a town at one blow: shaking, a wave, a blast."""

    incident: str
    name: str
    town: str
    values: dict[str, float]


class RespondersHit(Event):
    """The hazard hit people of an element at work: so many died, so many are hurt."""

    incident: str
    sortie: str
    element: str
    dead: int
    hurt: int
    why: str


class Cascaded(Event):
    """An accident was followed by another: by this edge, in this form; `child` begins at `begins`."""

    incident: str
    edge: str
    form: str
    child: str
    begins: float


class CascadeHeld(Event):
    """An edge came true, but what would follow is left out of the run: too deep, over the budget, or nowhere to be."""

    incident: str
    edge: str
    why: str  # depth, budget, nowhere
