"""A railway accident at a moment: who is caught, who must be borne out, who can walk; the cars, the track, the wire above."""

from __future__ import annotations

import enum

import msgspec

from sim.domain.people import Triage
from sim.domain.places import Weather


class Damage(enum.IntEnum):
    """What became of a car, the worst first."""

    CRUSHED = 0
    OVERTURNED = 1
    DERAILED = 2
    STANDING = 3


class Held(msgspec.Struct, frozen=True):
    """Somebody who cannot walk: `left` crew·s of cutting, or team·s of bearing, for the one that is at them."""

    id: str
    triage: Triage
    left: float


class Goods(msgspec.Struct, frozen=True):
    """What a wagon lets out: the note of it is called leaks_<kind>."""

    kind: str  # fuel, gas or toxic
    mass: float  # kg


class State(msgspec.Struct, frozen=True):
    """The site at a moment; SI. Nobody goes in before the wire above is known to be dead (`live`)."""

    cars: tuple[int, int, int, int]  # by damage
    energy: float  # J that the train had
    way: float  # m on foot to where ambulances stand
    curve: str  # of those who are caught or lie hurt
    cut: tuple[Held, ...]  # caught in the wreck, the worst hurt first
    bear: tuple[Held, ...]  # stretcher patients, the worst hurt first
    walking: tuple[str, ...]  # slightly hurt, who walk to the road
    unhurt: tuple[str, ...]  # who wait to be led to buses
    helpers: float  # bearers' worth of passengers who help with stretchers until all are at the road
    bodies: int
    search: float  # person·s, both times through all cars
    debris: float  # m³ on the line
    lift: float  # crane·s
    line: float  # crew·s
    live: float  # s until the wire is known to be dead; 0: it is
    walk: float  # s that the slightly hurt need to the road
    goods: tuple[Goods, ...]
    seen: float  # factor by which counts are misjudged
    dark: bool
    light_left: float  # s until dusk or dawn
    weather: Weather
    linked: bool = True  # the railway's telephones work
    led: float = 0.0  # people led away since the last bus
    over: bool = False

    @property
    def hit(self) -> int:
        """Cars that left the rails."""
        return sum(self.cars[: Damage.STANDING])

    @property
    def inside(self) -> bool:
        """Whether anybody must still be got out or led away."""
        return bool(self.cut or self.bear or self.walking or self.unhurt)
