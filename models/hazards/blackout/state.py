"""A grid at a moment: what is in, out and broken, who is served, what critical users still have, people at risk."""

from __future__ import annotations

import enum
import math

import msgspec

from models.hazards.blackout.grid import Grid
from models.physics.monoxide import Poisoned


class Condition(enum.IntEnum):
    """How an element stands."""

    IN = 0
    TRIPPED = 1  # sound, switched off: by its relay, or open in ordinary times
    BROKEN = 2


class Use(enum.Enum):
    """What a critical user is; the order is that in which generators go to them."""

    HOSPITAL = "hospital"
    MINE = "mine"
    HUB = "hub"  # a telephone exchange
    WATER = "water"


class Patient(msgspec.Struct, frozen=True):
    """Somebody on a ventilator: bears so much of the clock of hand ventilation."""

    id: str
    bears: float


class User(msgspec.Struct, frozen=True):
    """A critical user: `left` seconds of diesel, battery or stored water out of `full`; `out` once it is gone."""

    use: Use
    load: int  # index of the load point it hangs on
    power: float  # W from generators
    full: float  # s; 0 where nothing is stored
    left: float
    patients: tuple[Patient, ...] = ()
    involved: bool = False  # its patients have been in danger
    out: bool = False
    bagged: float = 0.0  # what the clock of hand ventilation has used
    bagging: float = 0.0  # s


class State(msgspec.Struct, frozen=True):
    """The grid at a moment; SI. Tuples by element follow `grid.elements`, by load `grid.loads`."""

    grid: Grid
    condition: tuple[Condition, ...]
    work: tuple[float, ...]  # crew·s left, by element
    repairs: tuple[float, ...]  # crew·s that an element takes if it breaks
    order: tuple[int, ...]  # elements in the order in which crews take them, whether broken or not
    strength: tuple[float, ...]  # wind (m/s) that brings an element down; inf once mended
    bears: tuple[float, ...]  # s of overload that an element bears
    strain: tuple[float, ...]  # s of it used up
    users: tuple[User, ...]
    poisoned: tuple[Poisoned, ...]  # those still to come, in order
    factor: float  # of the season and the day of the week
    part: int
    part_left: float
    patrol: float  # crew·s
    patrolled: bool
    misjudged: float
    acts_left: float
    recloses_left: float
    supply: float  # share of the supplies from above
    supply_left: float  # s until it is back; inf if nothing lacks
    temperature: float
    served: tuple[float, ...] = ()
    loading: tuple[float, ...] = ()
    dark: tuple[float, ...] = ()  # s without power, by load
    crews: float = 0.0
    managed: bool = False
    generators: float = 0.0  # W
    co: float = 0.0  # what the clock of poisoning has used
    secure: bool = False  # everybody can be served through the evening
    told: float = 1.0  # share served at the last word about it
    age: float = 0.0
    found: int = 0  # poisoned so far
    started: bool = False
    over: bool = False

    @property
    def broken(self) -> tuple[int, ...]:
        """Elements to be mended, in order."""
        return tuple(k for k in self.order if self.condition[k] is Condition.BROKEN)

    def up(self, k: int) -> bool:
        """Whether an element is in."""
        return self.condition[k] is Condition.IN

    @property
    def share(self) -> float:
        """Share of the load that is served."""
        whole = self.grid.power
        if whole <= 0.0:
            return 1.0
        return math.fsum(s * load.power for s, load in zip(self.served, self.grid.loads, strict=True)) / whole
