"""Carbon monoxide in shut rooms, where people burn something for heat: who is poisoned one after another, and how they are found.

Several hazards share this; each runs the clock by a rate of its own and has the shares in its own card.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from sim.domain.hazards import Effect, Harm, Involve
from sim.domain.people import Person, Status, Triage
from sim.streams import Stream


class Poisoned(msgspec.Struct, frozen=True):
    """Who is next to be poisoned: comes when the clock has used `due`; None is dead when found."""

    id: str
    due: float
    colour: Triage | None


def draw(number: int, dead: float, red: float, yellow: float, stream: Stream) -> tuple[Poisoned, ...]:
    """So many people, one after another, as the clock goes on; what is left of the shares is lightly poisoned."""
    found, due = [], 0.0
    for k in range(number):
        due += stream.exponential()
        luck = stream.uniform()
        colour: Triage | None = Triage.GREEN
        if luck < dead:
            colour = None
        elif luck < dead + red:
            colour = Triage.RED
        elif luck < dead + red + yellow:
            colour = Triage.YELLOW
        found.append(Poisoned(f"c{k + 1:03d}", due, colour))
    return tuple(found)


def found(who: Poisoned) -> Sequence[Effect]:
    """Somebody is found. Slight poisoning passes in fresh air and is nobody's casualty."""
    hurt = who.colour in (Triage.RED, Triage.YELLOW)
    person = Person(who.id, Status.WAITING if hurt else Status.EXPOSED, "home", who.colour if hurt else None)
    effects: list[Effect] = [Involve((person,))]
    if not hurt:
        effects.append(Harm((who.id,), Status.DEAD if who.colour is None else Status.SAFE, why="co_poisoned"))
    return effects
