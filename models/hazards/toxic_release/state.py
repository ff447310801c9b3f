"""A toxic release at a moment: what still leaks, the air it blows in, the people in the cloud by place, work still to be done."""

from __future__ import annotations

import enum
import math

import msgspec


class Where(enum.IntEnum):
    """Where the people of a group are when the cloud comes."""

    OUTDOORS = 0
    INDOORS = 1
    ASLEEP = 2


class Air(msgspec.Struct, frozen=True):
    """The air the cloud blows in, constant until wind, sky or sun change. `towards` is degrees from north."""

    wind: float  # m/s
    towards: float
    stability: int  # 1 (A) to 6 (F)
    urban: bool
    washed: float = 0.0  # share that the rain takes out
    warm: bool = False  # windows stand open


class Disc(msgspec.Struct, frozen=True):
    """Residents who live evenly over a disc; `east` and `north` are metres from the site."""

    east: float
    north: float
    radius: float
    density: float  # people a m²

    def covers(self, east: float, north: float) -> bool:
        """Whether a place lies on it."""
        return math.hypot(east - self.east, north - self.north) <= self.radius


class Luck(msgspec.Struct, frozen=True):
    """One entry of the pool of luck: tolerance (standard normal), where somebody is, how vulnerable, how quick."""

    tolerance: float
    place: float
    vulnerable: float
    quick: float


class Place(msgspec.Struct, frozen=True):
    """What does not change: the substance in figures, who lives where, the luck of every cell and person."""

    substance: str
    a: float  # probit
    b: float
    n: float
    scale: float  # probit's unit per kg/m³
    danger: float  # kg/m³ that endangers life
    harm: float  # kg/m³ that people must be spared
    discs: tuple[Disc, ...]
    present: float  # share of the residents who are near
    outdoors: float  # share of those
    asleep: float  # share of those indoors
    workers: tuple[float, ...]  # bearing of each worker near the leak, degrees
    valley: tuple[float, ...]  # bearings of its axis and in which it falls, degrees; empty in the open
    urban: bool
    latitude: float
    day: float  # of the year
    hour: float  # by the sun, at the beginning
    cells: tuple[float, ...]  # luck by ring and slot
    pool: tuple[Luck, ...]
    misjudged: float  # factor by which the size of the leak is misjudged
    on_road: bool


class Group(msgspec.Struct, frozen=True):
    """People of one cell who breathe the same air. Levels are in the probit's unit, doses in unitⁿ·s, times are ages (s).

    `bears` are their lethal doses, rising, by `names`; the first `dead` of them are dead, the first `down` have collapsed.
    """

    ring: int
    slot: int
    where: Where
    names: tuple[str, ...]
    bears: tuple[float, ...]
    unit: float  # level outside per kg/s in the present air
    since: float
    outside: float
    exchange: float  # 1/s; inf outdoors
    acts: float  # when they do something by themselves
    level: float = 0.0
    dose: float = 0.0
    down: int = 0
    dead: int = 0
    aware: bool = False
    warned: bool = False
    due: float = math.inf  # when the next of them collapses or dies

    @property
    def alive(self) -> int:
        """People of it who live."""
        return len(self.names) - self.dead

    @property
    def collapsed(self) -> int:
        """People of it who cannot get out."""
        return self.down - self.dead


class State(msgspec.Struct, frozen=True):
    """The release at a moment; SI. `age` counts from its beginning; `rate` leaks, `to_air` is what gets past the curtain."""

    place: Place
    air: Air
    left: float  # kg
    rate: float  # kg/s
    tau: float  # s over which a vessel of gas empties; inf: steady
    step_left: float  # s until the rate falls again
    floor: float  # kg below which the rest goes at once
    to_air: float
    sun: float  # degrees
    sky_left: float  # s until the sun passes a mark
    seal: float  # crew·s; inf: it cannot be sealed
    transfer: float  # crew·s
    alkali: float  # crew·s; inf: not for this substance
    burn: float  # pair·s; inf: it is not burnt off
    survey: float  # crew·s
    zone: tuple[float, ...] = ()  # people to be warned, by ring
    core: tuple[float, ...] = ()  # people to be moved, by ring
    groups: tuple[Group, ...] = ()
    age: float = 0.0
    since: float = 0.0  # age at which the present air began
    reached: int = 0  # rings that the cloud has reached in it
    farthest: int = 0  # most rings ever
    cleared: int = 0
    released: float = 0.0  # kg
    stopped: float = math.inf  # age at which nothing leaked any more
    warned: int = 0  # rings
    told: float = 0.0  # people told in the next one
    moved: int = 0
    led: float = 0.0  # people led out of the next one
    away: float = 0.0  # people moved, all told
    heard: float = 0.0  # people warned, all told
    carry: float = 0.0  # pair·s until the next of the collapsed is out
    washing: float = 0.0  # people who wait for decontamination
    water: float = 0.0  # m³ that the curtain has used
    caught: float = 0.0  # kg that it has washed out
    involved: int = 0
    met: frozenset[int] = frozenset()  # cells whose people have been followed, or were not there
    met_at: tuple[float, ...] = ()  # kg/s that blew when each ring was reached in this air
    unfollowed: float = 0.0  # people in danger beyond those who are followed
    sealed: bool = False
    burnt: bool = False
    turned: bool = False  # the wind has turned and nobody has been told
    ran_off: bool = False
    over: bool = False

    @property
    def leaks(self) -> bool:
        """Whether anything still comes out."""
        return self.stopped == math.inf

    @property
    def exposed(self) -> int:
        """People in the cloud or in rooms that hold it, alive."""
        return sum(group.alive for group in self.groups)

    @property
    def collapsed(self) -> int:
        """Of these, who cannot get out."""
        return sum(group.collapsed for group in self.groups)
