"""A road crash at a moment: who must be cut out or hauled up, wrecks on the lanes, the queue behind them."""

from __future__ import annotations

import enum

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
