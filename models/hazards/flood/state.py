"""A flood at a moment: the catchment, the river and its dike, a dam or a natural dam, the places and people below."""

from __future__ import annotations

import enum
import math

import msgspec

from sim.domain.places import Weather


class Channel(msgspec.Struct, frozen=True):
    """A trapezoidal river bed (Manning); `bank` is the flow above which it leaves its bed."""

    width: float
    slope: float
    bank: float


class Catchment(msgspec.Struct, frozen=True):
    """Rain on its way to the river: a chain of equal reservoirs, fed through a tick with a steady effective rain (m³/s)."""

    stores: tuple[float, ...]
    lag: float
    area: float
    base: float  # m³/s
    retention: float  # m, what the ground can hold (SCS)
    design: float  # m/s of rain while the storm lasts
    storm_left: float
    fallen: float = 0.0  # m
    gained: float = 0.0  # m³/s
    tick_left: float = 0.0
    ticking: bool = True


class River(msgspec.Struct, frozen=True):
    """The river at the site and its dike."""

    channel: Channel
    warn: float  # m³/s at which the warning stage is reached
    crest: float  # m above the bed; inf: no dike
    pipes_at: float  # hazard clock at which water works through the dike
    holds_for: float  # s that it stands being overtopped
    bags: float = 0.0
    piping: float = 0.0
    warned: bool = False
    over: bool = False  # above its banks
    crested: bool = False
    topped_at: float = math.inf  # age
    broken: bool = False
    pooled: float = 0.0  # m³ behind the broken dike
    highest: float = 0.0  # m³/s so far


class Dam(msgspec.Struct, frozen=True):
    """A reservoir or a natural lake. What changes in it is reckoned from where its rates last changed (`…0`, `since` s ago)."""

    natural: bool
    height: float  # m, of the crest
    full: float  # m³ at the crest
    inflow: float  # m³/s besides the catchment's
    luck: float  # factor on the peak of a breach
    stands: bool  # it would not fail when overtopped
    holds_for: float
    pipes_at: float
    spill: float  # m, of the spillway's sill
    spill_width: float  # m
    notch: float  # m³ to be dug for the deepest notch
    volume: float
    volume0: float
    stores0: tuple[float, ...] = ()
    since: float = 0.0
    rates: tuple[float, float, float] = (0.0, 0.0, 0.0)  # drained m³/s, dug m³/s, bags/s
    dug: float = 0.0
    dug0: float = 0.0
    bags: float = 0.0
    piping: float = 0.0
    topped_at: float = math.inf
    broken: bool = False
    empties_at: float = math.inf
    empty: bool = False
    safe: bool = False


class Dweller(msgspec.Struct, frozen=True):
    """Somebody near the water, with draws: when they leave once warned (unit clock), whether they heed, what they bear."""

    id: str
    door: int  # the how-many-th door it is that people knock at
    nerve: float
    heeds: float
    luck: float  # in the water
    bears: float  # on a roof (unit hazard)
    hurt: float


class Water(enum.IntEnum):
    """What has reached a place."""

    NONE = 0
    RISING = 1
    CRESTED = 2
    GONE = 3


class Place(msgspec.Struct, frozen=True):
    """People near the water in one place; moments are ages. `behind` the dike of the site, or `along` m of river below it."""

    name: str
    code: str
    along: float
    channel: Channel
    people: tuple[Dweller, ...]
    chunk: int = 1  # people who are told of together when they leave
    behind: bool = False
    serves: tuple[str, ...] = ()  # towns that drink here
    warned_at: float = math.inf
    own_at: float = math.inf  # when the next so many have left by themselves
    floods_at: float = math.inf
    crests_at: float = math.inf
    falls_at: float = math.inf
    flow: float = 0.0  # m³/s at its crest
    water: Water = Water.NONE
    depth: float = 0.0  # m over the ground at its worst
    roofs: tuple[Dweller, ...] = ()  # stranded
    cold: float = 0.0  # what the clock on the roofs has used
    wet: float = 0.0  # s since the water came
    load: float = 0.0  # boat·s until the next load is off


class Works(msgspec.Struct, frozen=True):
    """Work that a flood leaves behind."""

    roads: float = 0.0  # m³
    power: float = 0.0  # crew·s
    search: float = 0.0  # person·s


class State(msgspec.Struct, frozen=True):
    """The flood at a moment; SI. `age` counts from its beginning."""

    cause: str
    places: tuple[Place, ...]
    weather: Weather
    misjudged: float
    at_risk: float  # people near the water, also those not followed one by one
    sleeping: float  # share of those at home who sleep
    roof_scale: float  # s: clock of those on roofs
    period: float  # return period of the rain, years; 0 where no rain
    catchment: Catchment | None = None
    river: River | None = None
    dam: Dam | None = None
    works: Works = Works()
    moved: float = 0.0  # people fetched from their doors
    age: float = 0.0
    drowned: int = 0
    cut: tuple[str, ...] = ()  # towns without full power
    over: bool = False

    @property
    def stranded(self) -> int:
        """People on roofs."""
        return sum(len(place.roofs) for place in self.places)

    @property
    def exposed(self) -> int:
        """People still where water may come."""
        return sum(len(place.people) for place in self.places)
