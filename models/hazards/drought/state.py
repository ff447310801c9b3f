"""Where a drought stands: plain numbers, SI."""

from __future__ import annotations

import enum

import msgspec

from sim.domain.places import Weather


class Cut(enum.IntEnum):
    """Who goes without: nobody, farms, works too, homes too."""

    NONE = 0
    FARMS = 1
    WORKS = 2
    HOMES = 3


class State(msgspec.Struct, frozen=True):
    """`volume` is what the source still holds above its dead storage, `used` the hazard that those who drink bad water have run.

    `ills` are the levels of it at which one more falls ill, drawn once, the least first.
    """

    people: float
    volume: float
    full: float
    usual: float  # inflow in an ordinary year, m³/s
    dry: float  # share of it that comes while it is dry
    dry_left: float  # s until the rains return
    cut: Cut
    well: float  # work left on the well in hand, rig·s
    dug: int
    ills: tuple[float, ...]
    colours: tuple[float, ...]
    weather: Weather
    fallen: int = 0
    used: float = 0.0
    crops: float = 0.0  # share of the harvest that is lost
    age: float = 0.0
    tanked: float = 0.0  # m³/s brought by tanker
    pumped: float = 0.0  # m³/s brought over from elsewhere
    seeded: bool = False
    over: bool = False
