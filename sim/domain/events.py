"""Everything that can have happened, one class each: past tense, one fact, the number of its cause.

Every event carries `seq` (its number in the run, from 0), `t` (seconds since the scenario's start) and `cause` (the `seq` of
the event that led to it, or None). Quantities are SI. The journal holds nothing else, and nothing is shown, scored or
replayed but what stands here: if a measure needs a fact, it is added to an event.
"""

from __future__ import annotations

import msgspec

from sim.domain.hazards import Demand, Need, Sighting
from sim.domain.people import Person, Status, Triage
from sim.domain.places import Site, Weather


def _snake(name: str) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


class Event(msgspec.Struct, tag_field="kind", tag=_snake):
    """What all events share."""

    seq: int
    t: float
    cause: int | None


# ── the run ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class RunStarted(Event):
    """The simulation of a case began."""

    case: str
    case_digest: str
    seed: int
    replication: int
    strategy: str
    starts_at: str  # local time, ISO 8601
    format: int = 1


class RunEnded(Event):
    """Nothing more can happen (`settled`), or the horizon was reached (`horizon`)."""

    reason: str


# ── incidents ────────────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── command ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class ReportSent(Event):
    """A report left for a post. `number` 0 is the first (初报); what it says may be wrong."""

    report: str
    incident: str
    sender: str  # post id, or a role on the spot
    receiver: str
    number: int
    sighting: Sighting
    channel: str  # phone | platform | radio | courier
    due_at: float


class ReportReceived(Event):
    """A report reached its post."""

    report: str
    incident: str
    post: str


class Graded(Event):
    """A post graded the incident on what it believed; 1 一般 … 4 特别重大. `basis` names the criterion that decided."""

    post: str
    incident: str
    confirmed: int
    potential: int
    basis: str


class ResponseChanged(Event):
    """A post started or changed its response; `level` 1 (Ⅰ) … 4 (Ⅳ), 0 ended."""

    post: str
    incident: str
    level: int
    basis: str


class LeadTaken(Event):
    """A post took the lead of an incident."""

    post: str
    incident: str


class NeedsStated(Event):
    """What the lead post holds to be needed, on what it believes."""

    post: str
    incident: str
    needs: tuple[Need, ...]


class Shortfall(Event):
    """The strategy could not cover a need; `reason`: none_exists, none_free or none_reachable. Amount 0: covered again."""

    post: str
    incident: str
    capability: str
    amount: float
    reason: str


class SupportRequested(Event):
    """A post asked the post above."""

    post: str
    to: str
    incident: str
    capability: str
    amount: float


class OrderGiven(Event):
    """A post ordered an element out; `expected` is when it is believed to arrive."""

    order: str
    post: str
    element: str
    team: str
    incident: str
    task: str
    supplies: float
    grounds: str
    expected: float


class OrderRefused(Event):
    """An order that could not be carried out, and why."""

    order: str
    element: str
    reason: str


class Recalled(Event):
    """An element was told to break off and go home, or to go elsewhere (`to` names the incident)."""

    order: str
    post: str
    element: str
    to: str
    grounds: str


class CutOff(Event):
    """No road leads to the incident for those who are needed, as far as the post knows."""

    incident: str
    post: str


class Reachable(Event):
    """A way to an incident that was cut off is known again."""

    incident: str
    post: str


# ── sorties: one element on one order ────────────────────────────────────────────────────────────────────────────────


class Alerted(Event):
    """The order reached the element; it turns out after `turnout` seconds (drawn once)."""

    sortie: str
    element: str
    incident: str
    turnout: float


class Departed(Event):
    """Wheels rolling. `nodes` and `legs` (cumulative seconds from `t`, one a link) describe the way.

    `walk` is the last mile off the network: after the last node when bound for the site, before the first otherwise
    (the legs then start after it).
    """

    sortie: str
    element: str
    team: str
    people: int
    incident: str  # "" when bound for home or hospital
    bound: str  # site | hospital | home
    to: str  # node
    nodes: tuple[str, ...]
    links: tuple[str, ...]
    legs: tuple[float, ...]
    arrives: float
    walk: float = 0.0


class RouteChanged(Event):
    """A sortie under way took another course from where it was.

    `link` is the one it was on (`entered` at that node, `done` 0–1 of the way along it); "" at a node or off the network.
    `move`: `finish` (to the end of the link), `turn` (back to where it entered), `node` (it stood at a node). The way
    goes on from the node so reached: `lead` seconds from now to `nodes[0]`, then `legs` (cumulative from now).
    """

    sortie: str
    why: str
    move: str
    link: str
    entered: str
    done: float
    lead: float
    nodes: tuple[str, ...]
    links: tuple[str, ...]
    legs: tuple[float, ...]
    arrives: float
    incident: str
    bound: str
    to: str
    walk: float = 0.0


class Held(Event):
    """A sortie found no way on and waits at a node."""

    sortie: str
    node: str
    why: str


class RoadFound(Event):
    """A sortie found a link closed that it had not been told of."""

    sortie: str
    link: str


class Arrived(Event):
    """A sortie reached its incident."""

    sortie: str
    element: str
    incident: str


class Assigned(Event):
    """An element on the spot was given a demand to serve; its effort counts from `effective` on. "" is reserve."""

    sortie: str
    incident: str
    demand: str
    effective: float


class ReliefDue(Event):
    """An element asks for relief: it must stop at `ends`."""

    sortie: str
    incident: str
    capability: str
    ends: float


class Resting(Event):
    """An element stopped work at the end of its endurance and rests on the spot until `until`."""

    sortie: str
    incident: str
    until: float


class Rested(Event):
    """An element is fit for work again."""

    sortie: str
    incident: str


class Released(Event):
    """An element leaves its incident: `why` = done, relieved, recalled or closed."""

    sortie: str
    element: str
    incident: str
    why: str


class Loaded(Event):
    """An ambulance took casualties on board for a hospital."""

    sortie: str
    incident: str
    persons: tuple[str, ...]
    hospital: str


class HandedOver(Event):
    """An ambulance gave its casualties over to a hospital."""

    sortie: str
    incident: str
    persons: tuple[str, ...]
    hospital: str


class Returned(Event):
    """An element is home; it can be sent again from `ready` on."""

    sortie: str
    element: str
    ready: float


# ── the world around ─────────────────────────────────────────────────────────────────────────────────────────────────


class RoadChanged(Event):
    """A link closed (0), slowed (0–1) or opened (1) in truth; `at` a site on it: reached from both ends, but not passed."""

    link: str
    factor: float
    why: str
    at: str = ""


class RoadKnown(Event):
    """The command system learned the state of a link; routes are planned with it from now on."""

    link: str
    factor: float
    at: str = ""


class WeatherChanged(Event):
    """The weather over a county (or "" for all) became this."""

    county: str
    weather: Weather


class Daylight(Event):
    """Night fell or day broke."""

    night: bool


class ChannelChanged(Event):
    """Communications of a post (or "" for all) became up, degraded or down."""

    post: str
    state: str


class InjectReleased(Event):
    """Exercise control released an inject."""

    inject: str
    action: str
    title_zh: str
    title_en: str


class ExpectationSettled(Event):
    """An expected action was met (`met`), met late (`late`) or missed (`missed`) by its window."""

    expectation: str
    outcome: str
    due: float


AnyEvent = (
    RunStarted
    | RunEnded
    | IncidentOccurred
    | Discovered
    | HazardChanged
    | DemandsChanged
    | Milestone
    | HazardOver
    | IncidentClosed
    | PersonsInvolved
    | PersonChanged
    | CareChanged
    | ReportSent
    | ReportReceived
    | Graded
    | ResponseChanged
    | LeadTaken
    | NeedsStated
    | Shortfall
    | SupportRequested
    | OrderGiven
    | OrderRefused
    | Recalled
    | CutOff
    | Reachable
    | Alerted
    | Departed
    | RouteChanged
    | Held
    | RoadFound
    | Arrived
    | Assigned
    | ReliefDue
    | Resting
    | Rested
    | Released
    | Loaded
    | HandedOver
    | Returned
    | RoadChanged
    | RoadKnown
    | WeatherChanged
    | Daylight
    | ChannelChanged
    | InjectReleased
    | ExpectationSettled
)

# Adding an event: a class above, a line in AnyEvent, a method in `journal.world.World`; tests/test_events.py walks them all.
