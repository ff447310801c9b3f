"""A road crash at a moment: who must be cut out or hauled up, wrecks on the lanes, the queue behind them, fire in a tunnel."""

from __future__ import annotations

import enum
import math

import msgspec

from sim.domain.people import Triage
from sim.domain.places import Weather


class Blocked(enum.IntEnum):
    """What the wrecks stand on."""

    NOTHING = 0
    SHOULDER = 1
    ONE_LANE = 2
    TWO_LANES = 3


class Access(enum.IntEnum):
    """How rescuers get through the queue to the wrecks."""

    FREE = 0
    ESCORTED = 1
    SHOULDER = 2
    STUCK = 3


class Held(msgspec.Struct, frozen=True):
    """Somebody who cannot get out: `left` crew·s of work for the one crew that finds room at them."""

    id: str
    triage: Triage
    left: float


class Occupant(msgspec.Struct, frozen=True):
    """Somebody in a crash, before it is known how they fared: where they sit, and three draws."""

    id: str
    vehicle: int
    fate: float
    caught: float
    toil: float


class Second(msgspec.Struct, frozen=True):
    """A crash that may yet happen at the end of the queue: at what reading of the clock, and who is in it."""

    strikes: float
    people: tuple[Occupant, ...]


class Walker(msgspec.Struct, frozen=True):
    """Somebody alive in a burning tunnel; moments are seconds of the fire's age.

    `out` is when they will have walked out (inf: they cannot walk, or are caught); `reached` when smoke comes to them;
    they bear `bears` seconds of it and had `breathed` seconds before it cleared the last time.
    """

    id: str
    upstream: bool
    at: float  # m from the fire
    starts: float
    out: float
    bears: float
    reached: float = math.inf
    breathed: float = 0.0
    burns: bool = False  # caught in the burning vehicle

    @property
    def dies(self) -> float:
        """When the smoke has overcome them, if it does not clear and nobody comes."""
        return self.reached + self.bears - self.breathed

    def dose(self, age: float) -> float:
        """The share of the smoke they bear that they have had."""
        return (self.breathed + max(0.0, age - self.reached)) / self.bears


class Fire(msgspec.Struct, frozen=True):
    """A vehicle that burns in a tunnel; SI."""

    tanker: bool
    growth: float  # W/s²
    peak: float  # W
    ends: float  # age at which the fuel is gone
    holds: float  # W up to which the tunnel's air keeps the smoke downstream
    air: float  # m/s
    running: float  # share of the fans that run
    grid: float  # share of their power that the grid gives
    density: float  # kg/m³ of that air
    heat: float  # W
    walkers: tuple[Walker, ...]  # everybody alive inside; the dead of the queues below are not among them
    up: tuple[Held, ...]  # upstream: who must be brought out, the first served first
    down: tuple[Held, ...]
    age: float = 0.0
    back: bool = False  # smoke runs upstream
    near: bool = True  # cool enough to work at the wrecks
    burnt: bool = False  # the vehicle's cabin
    out: bool = False

    @property
    def within_reach(self) -> tuple[Held, ...]:
        """Whom crews can get to: upstream while the smoke is held there, everybody where it is cool enough."""
        if self.near:
            return self.up + self.down
        return () if self.back else self.up


class Goods(msgspec.Struct, frozen=True):
    """A lorry with dangerous goods that cannot be lifted before it is empty; SI."""

    kind: str  # fuel, gas or toxic
    mass: float  # kg
    leaks: bool
    seal: float  # crew·s until the leak is stopped
    transfer: float  # crew·s until all is pumped over


class State(msgspec.Struct, frozen=True):
    """The road at a moment; SI, vehicles as plain numbers."""

    vehicles: int
    heavy: int
    cut: tuple[Held, ...]  # the worst hurt first
    haul: tuple[Held, ...]
    blocked: Blocked
    wrecks: float  # crane·s left
    wrecks_all: float  # crane·s there were
    debris: float  # m³
    busy: float  # traffic as a share of that in the plain
    on_road: bool
    entrapment: str
    seconds: tuple[Second, ...]
    weather: Weather
    part: int  # of the day's traffic
    part_left: float
    queue: float = 0.0  # vehicles
    delay: float = 0.0  # vehicle·s
    clock: float = 0.0  # of crashes at the end of the queue
    access: Access = Access.FREE
    over: bool = False
    fire: Fire | None = None  # in a tunnel
    goods: Goods | None = None
