"""Where a food poisoning stands: plain numbers, SI."""

from __future__ import annotations

import msgspec

from sim.domain.people import Triage


class Eater(msgspec.Struct, frozen=True):
    """Somebody who will fall ill if they eat: when they eat, when they fall ill, how badly."""

    id: str
    eats: float
    ill: float
    colour: Triage


class State(msgspec.Struct, frozen=True):
    """`eaters` are those still to fall ill, the soonest first; works are crew·s left."""

    eaters: tuple[Eater, ...]
    closing: float
    inquiry: float
    sampling: float
    last: float  # s until which onsets may come
    age: float = 0.0
    ill: int = 0
    serious: int = 0
    closed: float = float("inf")  # age at which nobody was served any more
    antidote: bool = False
    over: bool = False
