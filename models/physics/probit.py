"""Probits: from a dose to the share of people it kills, and back to the dose that somebody bears (hazards.md H04).

The coefficients stand in probits.yaml, two sets side by side. Doses are Cⁿ·t in the set's unit and minutes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from models import kernels
from models.chances import normal_cdf
from sim.domain.parameters import Standing
from sim.doors.common import Day
from sim.reader import Entry, read

TABLE = Path(__file__).parent / "probits.yaml"
MEDIAN = 5.0  # the probit of one half, by definition


@dataclass(frozen=True, slots=True)
class Probit:
    """Y = a + b·ln(Cⁿ·t), C in `unit`, t in minutes."""

    a: float
    b: float
    n: float
    unit: str = "ppm"

    def share(self, concentration: float, minutes: float) -> float:
        """The share of people killed by a constant concentration."""
        return self.share_of(float(concentration**self.n) * minutes)

    def share_of(self, dose: float) -> float:
        """The share killed by a dose Cⁿ·t."""
        return share(self.a, self.b, dose)

    def bears(self, z: float = 0.0) -> float:
        """The dose that kills a person of tolerance `z` (standard normal)."""
        return kernels.dose_threshold(self.a, self.b, z, MEDIAN)

    def level(self, z: float, minutes: float) -> float:
        """The constant concentration that kills a person of tolerance `z` after so many minutes."""
        return float((self.bears(z) / minutes) ** (1 / self.n))


def share(a: float, b: float, dose: float) -> float:
    """Φ(a + b·ln dose − 5): the share of people a dose kills, whatever the agent."""
    return normal_cdf(a + b * math.log(dose) - MEDIAN) if dose > 0.0 else 0.0


def toxic(kind: str, substance: str) -> Probit:
    """The probit of a substance in the set `lees` or `tno`."""
    table = getattr(_table(), kind)
    return Probit(**table.substances[substance].model_dump(), unit=table.unit)


class _Row(Entry):
    a: float
    b: float
    n: float


class _Set(Entry):
    unit: str
    standing: Standing
    source: str
    checked_on: Day | None = None
    substances: Mapping[str, _Row]


class _Probits(Entry):
    lees: _Set
    tno: _Set


@cache
def _table() -> _Probits:
    return read_table(TABLE)


def read_table(path: Path) -> _Probits:
    """The coefficients in the file at `path`. Raises `InvalidInput` with every mistake."""
    return read(path, _Probits)
