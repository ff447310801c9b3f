"""What is reported, believed, decided and ordered."""

from __future__ import annotations

from sim.domain.events.base import Event
from sim.domain.hazards import Need, Sighting


class ReportSent(Event):
    """A report left for a post. `number` 0 is the first (初报); what it says may be wrong."""

    report: str
    incident: str
    sender: str  # post id, or a role on the spot
    receiver: str
    number: int
    sighting: Sighting
    channel: str  # phone | platform | radio | satellite | courier
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
