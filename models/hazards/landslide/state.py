"""A landslide at a moment: the slope on its way down, houses in its way, people buried, debris to be dug."""

from __future__ import annotations

import enum
import math

import msgspec

from sim.domain.places import Weather


class Phase(enum.IntEnum):
    """Where the mass is."""

    SIGNS = 0  # still on the slope
    MOVING = 1
    LYING = 2


class Villager(msgspec.Struct, frozen=True):
    """Somebody at home in its way, with three draws: what happens in a wrecked house, how deep, how hard to free."""

    id: str
    fate: float
    depth: float
    toil: float


class House(msgspec.Struct, frozen=True):
    """A house at a share of the path. `luck` is one draw a slide; `nerve` when its people leave by themselves (a unit clock)."""

    at: float
    luck: tuple[float, ...]
    nerve: float
    heeds: float
    people: tuple[Villager, ...]
    door: float  # people behind the doors before it and its own: moved out once so many were fetched
    leaves: float = math.inf  # age
    empty: bool = False
    hit: bool = False


class Held(msgspec.Struct, frozen=True):
    """Somebody buried. `left` is the work until they are out (person·s by hand, crew·s once found), `depth` m³ yet to be dug."""

    who: Villager
    left: float
    depth: float = 0.0


class Works(msgspec.Struct, frozen=True):
    """Work still to be done."""

    locate: float = 0.0  # person·s
    dig: float = 0.0  # m³ over houses
    road: float = 0.0  # m³
    fence: float = 0.0  # person·s


class State(msgspec.Struct, frozen=True):
    """The slope at a moment; SI. `age` counts from the first sign, `since` from when it last came down."""

    volume: float
    reach: float  # m
    travel: float  # s from failure to the houses
    area: float  # m² of the deposit
    fails: float  # hazard clock at which it fails
    houses: tuple[House, ...]
    neighbours: float  # people who would come and dig
    slides: tuple[float, ...]  # hazard clock at which it comes down again
    beyond: float  # m of reach beyond the river's bank; −inf where there is no river
    valley: float  # m
    gradient: float
    flow: float  # m³/s of the river
    misjudged: float
    on_road: bool
    weather: Weather
    phase: Phase = Phase.SIGNS
    age: float = 0.0
    rained: float = 0.0  # s it has rained
    clock: float = 0.0  # used: towards failure, later towards the next slide
    since: float = 0.0  # s since it last came down
    moved: float = 0.0  # people fetched
    hands: tuple[Held, ...] = ()  # near the surface, the first served first
    deep: tuple[Held, ...] = ()  # by depth
    found: tuple[Held, ...] = ()
    bodies: tuple[float, ...] = ()  # m³ yet to be dug down to each of those killed at once, ascending
    works: Works = Works()
    left: float = 0.0  # s until the mass arrives, or work is resumed
    stopped: bool = False  # an alarm: nobody digs
    digging: bool = False  # neighbours have begun
    count: int = 0  # times it came down
    searched_from: float = math.inf  # age at which the search began
    judged: bool = False  # experts are there
    over: bool = False

    @property
    def inside(self) -> int:
        """People in houses that it may still hit."""
        return sum(len(house.people) for house in self.houses if not house.empty)

    @property
    def under(self) -> int:
        """People buried and not yet out."""
        return len(self.hands) + len(self.deep) + len(self.found)
