"""A crowd that protests at a moment: how many, in what mood, whether it is violent, disperses, blocks the road."""

from __future__ import annotations

import msgspec

from sim.domain.people import Triage


class Hurt(msgspec.Struct, frozen=True):
    """Somebody hurt in an outbreak; no colour: killed."""

    id: str
    colour: Triage | None


class Outbreak(msgspec.Struct, frozen=True):
    """What an outbreak will do if it comes to it, drawn at the beginning: at that level of the clock."""

    mark: float
    hurt: tuple[Hurt, ...]
    fire: bool


class State(msgspec.Struct, frozen=True):
    """SI. `crowd` grows towards `most`, or shrinks once it disperses; `mood` is anger, 0 to 1."""

    crowd: float
    most: float
    growth: float  # 1/s
    mood: float
    provocation: float  # 1/s
    outbreaks: tuple[Outbreak, ...]
    violence: float = 0.0  # what its clock has used
    broken_out: int = 0
    harmed: int = 0
    violent: bool = False
    disperses: bool = False
    peak: float = 0.0  # how many there were when they began to go
    halved: bool = False
    blocks: bool = False
    on_road: bool = False
    age: float = 0.0
    over: bool = False
