"""Sorties: what an element does on one order, from the alert to home again."""

from __future__ import annotations

from sim.domain.events.base import Event


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
    """A sortie reached its incident, to do what it was sent for (`task`, a capability)."""

    sortie: str
    element: str
    incident: str
    task: str = ""


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


class Queued(Event):
    """At the scene there is no room: it waits at the access road, and is let in at `admitted` at the earliest."""

    sortie: str
    element: str
    incident: str
    admitted: float
