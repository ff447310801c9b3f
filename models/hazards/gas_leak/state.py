"""A gas leak at a moment: what the line gives, gas in spaces, whether it burns, who is inside, work still to be done."""

from __future__ import annotations

import math

import msgspec


class Soul(msgspec.Struct, frozen=True):
    """Somebody in a space that may fill, with all their luck."""

    id: str
    fate: float  # how an explosion treats them
    nose: float  # whether they go when they smell it
    awake: bool


class Space(msgspec.Struct, frozen=True):
    """A room, cellar or drain that gas gets into; `gas` is its volume fraction, `others` are people elsewhere in the building."""

    id: str
    distance: float  # m from the leak
    volume: float  # m³
    building: float  # m³ that may come down with it; 0 for a drain
    share: float  # of the leak that comes here
    arrives: float  # age at which the first of it is here
    bears: float  # ignition clock
    chain: float  # luck when another space explodes
    inside: tuple[Soul, ...] = ()
    others: float = 0.0
    gas: float = 0.0
    used: float = 0.0  # what the ignition clock has used
    there: bool = False  # gas has come as far as here
    smelt: bool = False
    rich: bool = False  # above the lower explosive limit
    found: bool = False
    vented: bool = False
    emptied: bool = False  # of people
    gone: bool = False  # exploded


class Luck(msgspec.Struct, frozen=True):
    """One entry of the pool of luck for people in the open: how far, how tolerant, under a roof or not."""

    distance: float
    tolerance: float
    place: float
    fate: float


class Line(msgspec.Struct, frozen=True):
    """The pipe: what flows out at first, what it is fed, over what time it empties; the radius of a fire at full flow."""

    full: float  # kg/s
    feed: float  # kg/s while its valves are open
    tau: float  # s
    density: float  # kg/m³ of the gas outside
    radius: float  # m within which a fire at full flow is deadly
    ambient: float  # Pa


class State(msgspec.Struct, frozen=True):
    """The leak at a moment; SI. `age` counts from its beginning; `mass` is what the line holds, so that mass/tau flows out."""

    line: Line
    spaces: tuple[Space, ...]
    pool: tuple[Luck, ...]
    mass: float  # kg
    people_m2: float  # people near in the open country or street, a m²
    outdoors: float  # share of them
    households: float
    share_left: float  # of the gas supply of the town, while the valves are shut
    at_once: bool  # it ignites at the very moment
    bears: float  # ignition clock in the open
    spares: float  # clock of houses near a fire
    misjudged: float
    valve: float  # crew·s
    sampling: float  # crew·s until the next space is found; inf: none left
    venting: float  # pair·s
    dark: float  # crew·s to cut the power
    repair: float  # crew·s
    age: float = 0.0
    used: float = 0.0
    warmed: float = 0.0  # what the clock of the houses has used
    released: float = 0.0
    shut: float = math.inf  # age at which the valves were shut
    dry: bool = False  # the line has run empty
    seeps: bool = True  # gas still comes through the ground
    burning: bool = False
    alight: bool = False  # houses have caught fire
    powerless: bool = False
    led: float = 0.0  # people led out of the building in hand
    zone_led: float = 0.0  # people led out of the danger area
    moved: float = 0.0  # people moved in all
    blasts: int = 0
    on_road: bool = False
    over: bool = False

    @property
    def rate(self) -> float:
        """kg/s that flow out now."""
        return 0.0 if self.dry else self.mass / self.line.tau

    @property
    def is_shut(self) -> bool:
        """Whether the valves are shut."""
        return self.shut < math.inf
