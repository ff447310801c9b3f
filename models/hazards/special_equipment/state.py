"""Special equipment after its accident: people held up car by car, people under it, what must still be made safe."""

from __future__ import annotations

import math

import msgspec

from sim.domain.people import Triage
from sim.domain.places import Weather


class Rider(msgspec.Struct, frozen=True):
    """Somebody held up, and what they endure of cold and of thirst (clock units); the hurt endure less."""

    id: str
    bears_cold: float
    bears_wear: float
    hurt: Triage | None = None


class Unit(msgspec.Struct, frozen=True):
    """A car, a cabin, a row of seats: `left` crew·s until it is emptied."""

    riders: tuple[Rider, ...]
    left: float


class Caught(msgspec.Struct, frozen=True):
    """Somebody pinned or buried: `left` crew·s until they are free, and how they come out."""

    id: str
    left: float
    triage: Triage


class State(msgspec.Struct, frozen=True):
    """The accident at a moment; SI."""

    units: tuple[Unit, ...]
    pinned: tuple[Caught, ...]
    buried: tuple[Caught, ...]
    drive: float  # crew·s until the auxiliary drive is tried; inf: there is none, or it has been
    drive_runs: bool  # luck: whether it then runs
    search: float  # crew·s; inf: done, or nothing to search
    isolate: float  # crew·s; inf: done
    isolate_all: float
    apart: float  # s between two units that come in once the drive runs
    dark: bool
    light_left: float  # s until it grows light or dark
    tnt: float
    wrecked: bool  # it burst or fell
    killed: int
    weather: Weather
    comes_in: float = math.inf  # s until the next unit comes in
    cold: float = 0.0  # what the clock of cold has used
    wear: float = 0.0  # what that of thirst and heat has used
    age: float = 0.0
    over: bool = False

    @property
    def riders(self) -> tuple[Rider, ...]:
        """Everybody held up."""
        return tuple(rider for unit in self.units for rider in unit.riders)
