"""A roof fall at a moment: the heap and how far a heading is through it, who lies under it, who is cut off behind it."""

from __future__ import annotations

import math

import msgspec

from sim.domain.people import Triage


class Under(msgspec.Struct, frozen=True):
    """Somebody under the heap, `at` metres from its near end; `left` squad·s free them once the heading is there."""

    id: str
    at: float
    left: float
    alive: bool  # when it fell; their survival curve runs with the engine
    luck: float  # decides how hurt they come out
    mates: float = math.inf  # age at which workmates have dug them out, if nobody was quicker


class Behind(msgspec.Struct, frozen=True):
    """Somebody cut off behind the heap. `breath` is the share of oxygen they can do without."""

    id: str
    breath: float
    luck: float


class Carried(msgspec.Struct, frozen=True):
    """Somebody freed and on the way out; `left` squad·s until they are at the surface."""

    id: str
    colour: Triage
    left: float
    alive: bool


class Fall(msgspec.Struct, frozen=True):
    """The luck of a roof fall that may follow: what the clock must reach, how much (m) it brings down."""

    rings: float
    length: float


class State(msgspec.Struct, frozen=True):
    """The accident at a moment; SI. `age` counts from the fall."""

    length: float  # m of heap
    reach: float  # m of it that had to be cut at first
    depth: float  # m of ground over it
    under: tuple[Under, ...]  # nearest first
    behind: tuple[Behind, ...]
    falls: tuple[Fall, ...]
    volume: float  # m³ of air behind the heap
    leak: float  # m³/s of air that finds its way through
    emission: float  # m³/s of methane behind it
    wet: float  # by how much water in the roof makes it fall more
    bore: float  # rig·s left to bring air; inf where nobody needs it
    bypass: float  # m left of a heading round the heap; inf where there is no gallery to start from
    front: float = 0.0  # m
    carried: tuple[Carried, ...] = ()
    supplied: bool = False  # those behind have air: a pipe that held, or a borehole
    lack: float = 0.0  # share of oxygen missing behind
    methane: float = 0.0  # behind
    clock: float = 0.0  # of the next fall
    fallen: int = 0  # roof falls after the first
    refilled: float = 0.0  # m of heading that they filled again
    bodies: int = 0  # dead behind
    age: float = 0.0
    misjudged: float = 1.0
    over: bool = False

    @property
    def goal(self) -> float:
        """How far (m) the heading must go: to the last who lies under it, or through to those behind."""
        if self.behind or self.bodies:
            return self.length
        return max((who.at for who in self.under), default=0.0)
