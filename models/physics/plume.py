"""Plumes near the ground: how stable the air is, how wide a plume spreads, what one breathes there (hazards.md H04).

A steady Gaussian plume with reflection at the ground. It knows no heavy gas, no buildings, no calm: below 1 m/s the caller takes
1 m/s, beyond 10 km and 10 kg/s of heavy gas it overshoots. The tables stand in briggs.yaml.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sim.domain.parameters import Standing
from sim.doors.common import Day
from sim.reader import Entry, read

TABLE = Path(__file__).parent / "briggs.yaml"
_NEAREST = 1e-3  # m: where a centreline is looked at first


class Ground(enum.Enum):
    """What the wind blows over."""

    RURAL = "rural"
    URBAN = "urban"


class Stability(enum.IntEnum):
    """Pasquill's classes, from very unstable to stable."""

    A = 1
    B = 2
    C = 3
    D = 4
    E = 5
    F = 6


@dataclass(frozen=True, slots=True)
class Spread:
    """How σ (m) grows with the distance x (m): a·x·(1 + b·x)^p."""

    a: float
    b: float
    p: float

    def at(self, x: float) -> float:
        """σ at a distance, m."""
        return float(self.a * x * (1 + self.b * x) ** self.p)


@dataclass(frozen=True, slots=True)
class Plume:
    """A plume of 1 kg/s in this air: the wind (m/s), its spread across and upwards, the height of the source (m)."""

    wind: float
    across: Spread
    upwards: Spread
    height: float = 0.0

    def concentration(self, x: float, y: float = 0.0, z: float = 0.0) -> float:
        """kg/m³ per kg/s at `x` metres downwind, `y` beside the axis, `z` above the ground; nothing upwind."""
        if x <= 0.0:
            return 0.0
        sy, sz = self.across.at(x), self.upwards.at(x)
        below, above = (z - self.height) / sz, (z + self.height) / sz
        vertical = math.exp(-below * below / 2) + math.exp(-above * above / 2)
        return math.exp(-((y / sy) ** 2) / 2) * vertical / (math.tau * sy * sz * self.wind)

    def reach(self, level: float, most: float) -> float:
        """How far downwind (m) the axis at the ground still has `level` (kg/m³ per kg/s), `most` at most; for a low source.

        On the axis of a source at the ground the concentration falls steadily with distance.
        """
        if level <= 0.0 or self.concentration(most) >= level:
            return most
        low, high = _NEAREST, most
        if self.concentration(low) < level:
            return 0.0
        while low < (middle := math.sqrt(low * high)) < high:
            low, high = (middle, high) if self.concentration(middle) >= level else (low, middle)
        return high

    def half_width(self, x: float, level: float) -> float:
        """How far beside the axis (m) the ground still has `level` at `x` metres; 0 where the axis has less."""
        axis = self.concentration(x)
        return self.across.at(x) * math.sqrt(2 * math.log(axis / level)) if axis > level > 0.0 else 0.0


def plume(ground: Ground, stability: Stability, wind: float, height: float = 0.0) -> Plume:
    """The plume in this air by Briggs."""
    entry = (_table().spread.rural if ground is Ground.RURAL else _table().spread.urban)[stability.name]
    return Plume(wind, Spread(*entry.y), Spread(*entry.z), height)


def stability(wind: float, sun: float, *, overcast: bool) -> Stability:
    """Pasquill's class from the wind (m/s), the height of the sun (degrees, negative by night) and the sky."""
    table = _table().stability
    if overcast:
        return Stability[table.overcast]
    row = next(row for row in table.winds if row.below is None or wind < row.below)
    return Stability[row.by_sun[sum(sun < mark for mark in table.sun)]]


def sun_marks() -> tuple[float, ...]:
    """The heights of the sun (degrees) at which the class may change."""
    return _table().stability.sun


def parts_per_million(concentration: float, molar: float, temperature: float, pressure: float, gas: float) -> float:
    """kg/m³ as ppm by volume in air of that temperature (K) and pressure (Pa); `molar` in kg/mol, `gas` is R."""
    return concentration * gas * temperature / (molar * pressure) * 1e6


# ── the tables ──


class _Row(Entry):
    y: tuple[float, float, float]
    z: tuple[float, float, float]


class _Sourced(Entry):
    standing: Standing
    source: str
    checked_on: Day | None = None


class _Spreads(_Sourced):
    rural: Mapping[str, _Row]
    urban: Mapping[str, _Row]


class _Wind(Entry):
    below: float | None = None
    by_sun: tuple[str, str, str, str]


class _Stabilities(_Sourced):
    overcast: str
    sun: tuple[float, float, float]
    winds: tuple[_Wind, ...]


class _Briggs(Entry):
    spread: _Spreads
    stability: _Stabilities


@cache
def _table() -> _Briggs:
    return read_table(TABLE)


def read_table(path: Path) -> _Briggs:
    """The coefficients in the file at `path`. Raises `InvalidInput` with every mistake."""
    return read(path, _Briggs)
