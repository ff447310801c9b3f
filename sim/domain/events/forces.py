"""Forces that a city does not command itself: asked for, allowed, tasked, let go."""

from __future__ import annotations

from sim.domain.events.base import Event


class ForceAsked(Event):
    """A post asked for a force through the normal or the urgent channel; the content is what the regulation demands.

    `incident` is the accident that it all goes back to: one request speaks for every place of a disaster.
    """

    request: str
    incident: str
    post: str
    force: str
    channel: str  # normal | urgent
    content: dict[str, str]  # kind, time, area (elements by place), danger, measures, strength


class ForceAnswered(Event):
    """The organ that decides answered; without this nobody moves."""

    request: str
    incident: str
    force: str
    by: str
    answer: str  # approved | refused | confirmed (an urgent move, afterwards)
    why: str = ""


class ForceTasked(Event):
    """The command gave the force a task; its own officer commands it."""

    request: str
    incident: str
    force: str
    task: str
    officer: str


class ForceSetOut(Event):
    """An element from outside is on its way to where its road enters the network, which it will reach at `due_at`."""

    sortie: str
    element: str
    incident: str
    force: str
    people: int
    due_at: float


class ForceReleased(Event):
    """The force was let go."""

    request: str
    incident: str
    force: str


class ForceStoodDown(Event):
    """A request was taken back, or so many of those who were allowed were told that they need not come."""

    request: str
    incident: str
    force: str
    elements: int
    why: (
        str  # covered (others do all that it could) | done (so is what it was sent for) | closed (the response is over)
    )
