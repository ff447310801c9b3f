"""Those in front of the crowd: drawn once, pressed, fallen, revived or not, and how they come out of it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from models.hazards.crowd_crush.parameters import Parameters
from models.hazards.crowd_crush.state import Pressed
from sim.domain.hazards import Effect, Harm
from sim.domain.people import Status, Triage
from sim.streams import Stream

RED, YELLOW, GREEN = Triage.RED, Triage.YELLOW, Triage.GREEN
WAVES = "ab"  # the first crush and the second


def draw(p: Parameters, prefix: str, number: int, stream: Stream) -> tuple[Pressed, ...]:
    """So many people with their luck: a Weibull clock of shape k rings at a dose of E^(1/k), E exponential.

    How much of the pressure somebody gets differs by how far behind the front they stand – it fades row by row –, whom they
    stand against, and how strong they are.
    """
    return tuple(
        Pressed(
            f"{prefix}{i + 1:03d}", _bears(p, stream.exponential(), stream.normal(), stream.uniform()), stream.uniform()
        )
        for i in range(number)
    )


def _bears(p: Parameters, threshold: float, stands: float, behind: float) -> float:
    return float(threshold ** (1 / p.press_shape)) * math.exp(p.press_spread * stands + p.press_depth * behind)


def share_borne(who: Pressed, dose: float) -> float:
    """How much of what they bear somebody has had."""
    return (dose - who.joined) / (who.bears - who.joined)


def next_lost(front: Sequence[Pressed]) -> Pressed | None:
    """Whoever bears least of those under one dose."""
    return min(front, key=lambda who: (who.bears, who.id), default=None)


def come_out(
    p: Parameters, out: Sequence[Pressed], dose: float, helpers: int, why: str
) -> tuple[list[Effect], int, int]:
    """What becomes of people who come free: (effects, dead, helpers taken up).

    Whoever has nearly had what they bear has no pulse: without somebody who revives them at once they die.
    """
    found: dict[Triage | None, list[str]] = {RED: [], YELLOW: [], GREEN: [], None: []}
    lost: list[str] = []
    taken = 0
    for who in sorted(out, key=lambda who: who.id):
        share = share_borne(who, dose)
        if share >= p.arrest:
            if taken < helpers:
                taken += 1
            elif who.luck >= p.lay_help:
                lost.append(who.id)
                continue
        colour = RED if share >= p.red else YELLOW if share >= p.yellow else GREEN if share >= p.green else None
        found[colour].append(who.id)
    effects: list[Effect] = []
    for colour in (RED, YELLOW, GREEN):
        if found[colour]:
            effects.append(Harm(tuple(found[colour]), Status.WAITING, colour, why))
    if found[None]:
        effects.append(Harm(tuple(found[None]), Status.SAFE, why=why))
    if lost:
        effects.append(Harm(tuple(lost), Status.DEAD, why="not_revived", hidden=False))
    return effects, len(lost), taken


def helpers_wanted(p: Parameters, number: int) -> float:
    """People who can give first aid, for so many who are pressed or lie in a pile."""
    return float(min(p.helpers_most, math.ceil(p.helpers_share * number)))
