"""Covering needs with elements: the exact set that arrives soonest, for every strategy that sends the nearest who can.

An element serves one capability at a time (exclusive): whole numbers x[holding, need] with Σ over needs ≤ free and
Σ supply × x ≥ amount. Of all sets that cover the needs, the latest arrival is made as early as possible, then the sum of
arrival times as small as possible. Where not everything can be covered, it is the largest sum of covered shares, each
divided by its need's priority (1 counts whole, 2 half …; of equal sums the one that covers more of the need that stands
first), that comes before both.

Arrival times count in whole milliseconds, so that ties are ties on every machine; the lower holding id then goes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.domain.command import Ask
from sim.domain.hazards import Need
from sim.ports import Forces

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ROUNDING = 1e-9  # shares of a need below this are rounding, not need
_PER_SECOND = 1000.0  # milliseconds


class Able(NamedTuple):
    """The holdings that supply a capability, in order of their ids: row on the board, effort of one element; the least."""

    rows: Ints
    supply: Floats
    least: float


class Index:
    """Who can do what on a board of forces; made once a board, since holdings do not change."""

    def __init__(self, forces: Forces) -> None:
        self.forces = forces
        ids = [holding.id for holding in forces.holdings]
        self._order: Ints = np.array(sorted(range(len(ids)), key=ids.__getitem__), dtype=np.int64)
        self._able: dict[str, Able] = {}
        self.rank: list[int] = self._order.argsort().tolist()  # of each row: the place of its id among all

    def able(self, capability: str) -> Able:
        """The holdings that supply a capability."""
        found = self._able.get(capability)
        if found is None:
            supply = self.forces.supply(capability)[self._order]
            rows, supply = self._order[supply > 0.0], supply[supply > 0.0]
            found = self._able[capability] = Able(rows, supply, float(supply.min()) if supply.size else 0.0)
        return found


class Take(NamedTuple):
    """So many elements of a holding for a need (its place among the needs), arriving after so many milliseconds."""

    need: int
    row: int
    number: int
    ms: float

    @property
    def minutes(self) -> str:
        """When they arrive, as it stands in the grounds of an order."""
        return f"{self.ms / _PER_SECOND / 60.0:.1f} min"


class Candidates(NamedTuple):
    """Who can come for a need, the soonest first (then the lower id): row, effort of one, elements, milliseconds."""

    rows: Ints
    supply: Floats
    elements: Ints
    ms: Floats


def cover(index: Index, needs: Sequence[Need], free: Ints, eta: Floats) -> list[Take]:
    """Who goes for which need, in order of the needs, the soonest first; `free` elements may be taken, at `eta` seconds."""
    if len(needs) == 1:
        able = index.able(needs[0].capability)
        if needs[0].amount <= able.least * (1.0 + ROUNDING):
            return _any_one(able, free, eta)
    found = [_candidates(index.able(need.capability), free, eta) for need in needs]
    alone = [_nearest_first(k, found[k], need.amount) for k, need in enumerate(needs)]
    takes = [take for taken in alone if taken is not None for take in taken]
    if None not in alone and not _clash(takes, free):
        return takes  # each the best there is for its need, and nobody is wanted twice
    from models.dispatch._joint import cover_jointly  # only here is a solver needed, and its import takes a while

    return cover_jointly(needs, found, index.rank)


def missing(needs: Sequence[Need], takes: Sequence[Take], forces: Forces) -> list[float]:
    """What is still missing of each need after these are taken, in its unit; 0 where only rounding is."""
    left = [need.amount for need in needs]
    for take in takes:
        left[take.need] -= take.number * float(forces.supply(needs[take.need].capability)[take.row])
    return [short if short > ROUNDING * need.amount else 0.0 for short, need in zip(left, needs, strict=True)]


def asks(
    index: Index, incident: str, needs: Sequence[Need], takes: Sequence[Take], free: Ints, eta: Floats
) -> list[Ask]:
    """What the post above is asked for after these are taken from `free`, and why: none_exists, none_reachable, none_free."""
    asked = []
    for need, short in zip(needs, missing(needs, takes, index.forces), strict=True):
        if short:
            rows = index.able(need.capability).rows
            left = free[rows]
            for take in takes:
                left -= take.number * (rows == take.row)
            unreachable = bool(((left > 0) & ~np.isfinite(eta[rows])).any())
            reason = "none_exists" if not rows.size else "none_reachable" if unreachable else "none_free"
            asked.append(Ask(incident, need.capability, short, reason))
    return asked


def _any_one(able: Able, free: Ints, eta: Floats) -> list[Take]:
    """The nearest free element: all that is needed where any one will do."""
    ms = np.where(free[able.rows] > 0, eta[able.rows], math.inf)
    np.rint(ms * _PER_SECOND, out=ms)
    best = int(ms.argmin())
    soonest = float(ms[best])
    return [Take(0, int(able.rows[best]), 1, soonest)] if soonest < math.inf else []


def _candidates(able: Able, free: Ints, eta: Floats) -> Candidates:
    ms, count = np.rint(eta[able.rows] * _PER_SECOND), free[able.rows]
    here = np.flatnonzero((count > 0) & (ms < math.inf))
    here = here[ms[here].argsort(kind="stable")]
    return Candidates(able.rows[here], able.supply[here], count[here], ms[here])


def _nearest_first(need: int, found: Candidates, amount: float) -> list[Take] | None:
    """The nearest until the need is covered (everyone, if it cannot be); None where fewer elements might do instead.

    Exact: any other set that covers the need has at least as many elements, none of them nearer than these.
    """
    rows, supply, count, ms = found
    reached = (supply * count).cumsum()
    enough = amount * (1.0 - ROUNDING)
    last = int(reached.searchsorted(enough))
    if last == len(rows):
        return [Take(need, *one) for one in zip(rows.tolist(), count.tolist(), ms.tolist(), strict=True)]
    before = float(reached[last - 1]) if last else 0.0
    counts = [*count[:last].tolist(), math.ceil((enough - before) / float(supply[last]))]
    if sum(counts) > _fewest(supply, count, enough):
        return None
    return [Take(need, *one) for one in zip(rows[: last + 1].tolist(), counts, ms[: last + 1].tolist(), strict=True)]


def _fewest(supply: Floats, count: Ints, enough: float) -> int:
    """The least number of elements that can supply enough: the strongest first."""
    strongest = (-supply).argsort(kind="stable")
    reached = (supply[strongest] * count[strongest]).cumsum()
    last = int(reached.searchsorted(enough))
    before = float(reached[last - 1]) if last else 0.0
    return int(count[strongest[:last]].sum()) + math.ceil((enough - before) / float(supply[strongest[last]]))


def _clash(takes: Sequence[Take], free: Ints) -> bool:
    wanted: dict[int, int] = {}
    for take in takes:
        wanted[take.row] = wanted.get(take.row, 0) + take.number
    return any(count > free[row] for row, count in wanted.items())
