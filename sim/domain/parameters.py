"""Numbers with a passport: value or spread, unit, source, standing, range."""

from __future__ import annotations

import enum
import math
from collections.abc import Callable
from functools import cached_property
from statistics import NormalDist

import msgspec

_NORMAL = NormalDist()
_Z90 = _NORMAL.inv_cdf(0.9)


class Standing(enum.Enum):
    """How well a number is known: `verified` in a source read, from `memory`, or our own `config` (参考配置)."""

    VERIFIED = "verified"
    MEMORY = "memory"
    CONFIG = "config"


class SpreadKind(enum.Enum):
    """The shape of a spread; `figures` are (a,), (low, high), (low, mode, high), (min, typical, p90), (mean, sd)."""

    FIXED = "fixed"
    UNIFORM = "uniform"
    TRIANGULAR = "triangular"
    THREE_POINT = "three_point"
    NORMAL = "normal"


class Spread(msgspec.Struct, frozen=True, dict=True):
    """A quantity that varies: one uniform number in, one value out, so that equal luck means an equal quantile.

    THREE_POINT (min / typical / p90) is a log-normal shifted to start at `min`, with its median at `typical` and its
    90th percentile at `p90`. NORMAL is cut at ±3 standard deviations.
    """

    kind: SpreadKind
    figures: tuple[float, ...]

    def at(self, u: float) -> float:
        """The quantile at `u` in (0, 1), in the unit of the figures."""
        return self.quantile(u)

    @cached_property
    def quantile(self) -> Callable[[float], float]:
        """`at` as a function, with all that does not depend on `u` worked out."""
        f = self.figures
        match self.kind:
            case SpreadKind.FIXED:
                return _constant(f[0])
            case SpreadKind.UNIFORM:
                low, span = f[0], f[1] - f[0]
                return lambda u: low + span * u
            case SpreadKind.TRIANGULAR:
                return _triangular(*f)
            case SpreadKind.THREE_POINT:
                return _three_point(*f)
            case SpreadKind.NORMAL:
                mean, sd = f
                return lambda u: mean + sd * min(3.0, max(-3.0, _NORMAL.inv_cdf(u)))

    @cached_property
    def median(self) -> float:
        """What someone who does not know the luck should reckon with."""
        return self.at(0.5)


def _constant(value: float) -> Callable[[float], float]:
    return lambda _: value


def _triangular(low: float, mode: float, high: float) -> Callable[[float], float]:
    if high <= low:
        return _constant(low)
    split = (mode - low) / (high - low)

    def quantile(u: float) -> float:
        if u <= split:
            return low + math.sqrt(u * (high - low) * (mode - low))
        return high - math.sqrt((1 - u) * (high - low) * (high - mode))

    return quantile


def _three_point(low: float, typical: float, p90: float) -> Callable[[float], float]:
    if typical <= low or p90 <= typical:
        return _constant(typical)
    scale, sigma = typical - low, math.log((p90 - low) / (typical - low)) / _Z90
    return lambda u: low + scale * math.exp(sigma * _NORMAL.inv_cdf(u))


def fixed(value: float) -> Spread:
    """A quantity that does not vary."""
    return Spread(SpreadKind.FIXED, (value,))


class Parameter(msgspec.Struct, frozen=True):
    """A number of the model with its passport; `spread` and `low`/`high` are in SI, `unit` is how people read it."""

    name: str
    spread: Spread
    unit: str
    source: str
    standing: Standing
    description: str = ""
    low: float = -math.inf
    high: float = math.inf
    checked_on: str = ""

    @property
    def value(self) -> float:
        """The typical value, SI."""
        return self.spread.median
