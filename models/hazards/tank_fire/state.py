"""A burning tank farm at a moment: vessels under heat, fires and leaks, people near by, work still to be done."""

from __future__ import annotations

import math
from enum import Enum

import msgspec

from sim.domain.places import Weather


class Kind(Enum):
    """What burns: what leaks out of a vessel (SPILL), an open tank or store (TANK), something beyond the fence (OUTSIDE)."""

    SPILL = "spill"
    TANK = "tank"
    OUTSIDE = "outside"


class Vessel(msgspec.Struct, frozen=True):
    """A tank, a pressure vessel or a store: what it holds (kg), the wall that must be cooled (m²), how much heat it bears."""

    id: str
    at: float  # m along the row, from the first
    volume: float
    mass: float
    across: float  # diameter, m
    wall: float
    endures: float  # luck: share of the correlation's time to failure that it really stands
    fragment: float  # luck: whether a neighbour's burst breaches it
    used: float = 0.0  # share of what it endures that heat has used up
    gone: bool = False  # burst, blown up, or itself alight


class Fire(msgspec.Struct, frozen=True):
    """A fire, or a leak that has not caught fire (`lit` no). `vessel` is whose content it feeds on."""

    id: str
    vessel: int  # -1: none of ours
    kind: Kind
    at: float  # m along the row
    area: float  # m²
    burns: float  # kg/s
    heat: float  # W
    isolate: float = math.inf  # pair·s until what feeds it is shut; inf: cannot be shut
    lit: bool = True
    spark: float = math.inf  # luck: what the clock of ignition must reach
    ticked: float = 0.0  # what it has reached
    cloud: float = 0.0  # kg of vapour in the air
    held: float = 0.0  # s that enough foam or water has been on it without a break
    gap: float = 0.0  # s that it has been broken off
    boiled: float = 0.0  # share of the way that the hot layer has sunk to the water at the bottom
    boils: float = math.inf  # s that it takes; inf: it does not boil over, or has done so
    full_at: float = math.inf  # s after the beginning when a rim fire covers the whole surface
    full_area: float = 0.0  # m² then


class Soul(msgspec.Struct, frozen=True):
    """Somebody near by: where, behind walls or not, and the luck that decides what heat and blast do to them."""

    id: str
    distance: float
    indoors: bool
    bears_heat: float  # standard normal
    bears_blast: float  # standard normal
    luck: float


class Group(msgspec.Struct, frozen=True):
    """People who leave together: `leaves` s after the beginning by themselves, sooner if they are fetched."""

    name: str
    people: tuple[Soul, ...]
    leaves: float
    resident: bool


class Lying(msgspec.Struct, frozen=True):
    """Somebody who cannot get away: `left` crew·s until they are out; `dies` s after the beginning if nobody comes."""

    id: str
    left: float
    dies: float = math.inf
    soul: Soul | None = None  # in the open near the fire: the next burst may still hit them


class State(msgspec.Struct, frozen=True):
    """The accident at a moment; SI."""

    vessels: tuple[Vessel, ...]
    fires: tuple[Fire, ...]
    groups: tuple[Group, ...]
    down: tuple[Lying, ...]  # near the fire
    buried: tuple[Lying, ...]  # in wrecked houses
    search: float  # crew·s; inf: done
    secure: float  # pair·s; inf: done
    dike: float  # people·s; inf: done
    row: float  # degrees: direction in which the row of vessels runs
    ambient: float  # Pa
    danger: float  # m within which a burst would hurt
    misjudged: float  # factor by which everybody misjudges how far a vessel has gone
    towns: tuple[tuple[str, float], ...]  # towns near by and their distance
    bund: float  # m³ that run-off may fill
    fixed_next: float  # s until the fixed cooling changes
    weather: Weather
    fixed_due: bool = False  # the fixed cooling will come on
    fixed: float = 0.0  # share of the walls that it cools now
    age: float = 0.0
    water: float = 0.0  # m³/s that runs off now
    cooling: float = 0.0  # m³/s on walls now
    agent: float = 0.0  # m³/s of foam or water on fires now
    runoff: float = 0.0  # m³
    escaped: bool = False  # run-off has left the site
    evac_left: float = 0.0  # people of the next group still to be moved, as evacuation counts
    withdrawn: bool = False
    lost: int = 0  # vessels burst or caught fire after the beginning
    on_road: bool = False
    around: float = 0.0  # residents within the danger radius, followed or not
    over: bool = False

    @property
    def lit(self) -> tuple[Fire, ...]:
        """What burns."""
        return tuple(fire for fire in self.fires if fire.lit)
