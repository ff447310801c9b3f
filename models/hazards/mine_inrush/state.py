"""A flooded mine at a moment: water in the workings, people walking out, pockets of air, work still to be done."""

from __future__ import annotations

import math

import msgspec

from sim.domain.people import Triage
from sim.domain.places import Weather


class Workings(msgspec.Struct, frozen=True):
    """The stage table of the open workings: `volumes` (m³) filled when the water stands at `levels` (m above the lowest floor)."""

    levels: tuple[float, ...]
    volumes: tuple[float, ...]

    @property
    def full(self) -> float:
        """All that the workings can hold, m³."""
        return self.volumes[-1]

    def volume(self, level: float) -> float:
        """Water stored (m³) when it stands at a level; linear between the entries of the table."""
        return _between(level, self.levels, self.volumes)

    def level(self, volume: float) -> float:
        """The level (m) of so much water."""
        return _between(volume, self.volumes, self.levels)


class Miner(msgspec.Struct, frozen=True):
    """Somebody underground. `breath` is the share of oxygen they can do without, `bears` the cold they endure (a hazard clock)."""

    id: str
    breath: float
    bears: float
    luck: float  # decides how hurt they come out


class Party(msgspec.Struct, frozen=True):
    """People who walk out together: past the low point of their way `passes` s, at the surface `out` s after the inrush."""

    people: tuple[Miner, ...]
    pocket: int  # the area they come from; -1: main roadways, from where the way rises all along
    passes: float
    out: float
    hurt: Triage | None = None


class Pocket(msgspec.Struct, frozen=True):
    """A rising dead end: the way to it is under water from `access` m³ in the workings, its people drown at `floods` m³."""

    id: str
    access: float
    floods: float
    air: float  # m³
    bore: float  # rig·s still to drill
    carry: float  # squad·s until the next person is out
    miners: tuple[Miner, ...] = ()
    cut: bool = False
    safe: bool = False  # a borehole brings air, food, warmth
    reached: bool = False
    spent: float = 0.0  # oxygen used, m³ per m³ of air
    cold: float = 0.0  # what the clock of cold and hunger has used
    waited: float = 0.0  # s cut off without supply


class State(msgspec.Struct, frozen=True):
    """The mine at a moment; SI. `age` counts from the inrush, `inflow` is the part of it that decays."""

    workings: Workings
    source: float  # m³ that came or will come from the source, except endless ones
    peak: float  # m³/s after the first surge
    tau: float  # s; inf: the source does not run dry
    recharge: float  # m³/s
    lowest: float  # m³ at which the lowest place can be searched
    misjudged: float  # factor by which everybody misjudges what is still to come
    parties: tuple[Party, ...]
    pockets: tuple[Pocket, ...]
    recon: float  # squad·s
    search: float  # squad·s
    grout: float  # rig·s; inf where there is no inlet to be sealed
    bodies: int
    inflow: float
    weather: Weather
    pumped: float = 0.0  # m³/s
    grid: float = 1.0  # share of its power that the area gets from outside
    surge_left: float = 0.0
    surging: bool = True
    volume: float = 0.0
    age: float = 0.0
    falling: bool = False
    low: bool = False  # the lowest place has come free of water
    over: bool = False

    @property
    def trapped(self) -> int:
        """People cut off and alive."""
        return sum(len(pocket.miners) for pocket in self.pockets)

    @property
    def decays_over(self) -> float:
        """The time constant now: the first surge is steady."""
        return math.inf if self.surging else self.tau


def _between(x: float, xs: tuple[float, ...], ys: tuple[float, ...]) -> float:
    for x0, x1, y0, y1 in zip(xs, xs[1:], ys, ys[1:], strict=False):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return ys[-1]
