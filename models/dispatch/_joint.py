"""Covering several needs that compete for the same elements: a small integer programme (HiGHS), made small beforehand.

Elements that supply the same are of one sort; of a sort the soonest go first, and never more than the needs could use.
Unknown is only how many of a sort serve each need; who goes, and when the last arrives, follows. So that solvers and
machines agree on ties, each way to use an element costs a little of its own, no two pairs of which have equal sums (Erdős
and Turán 1941): for certain where one or two elements change places, as good as for certain otherwise. The price: sums of
arrival times within a second or so of each other (some seconds with a hundred ways) count as equal.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from models.dispatch._cover import ROUNDING, Candidates, Floats, Take
from sim.domain.hazards import Need
from sim.errors import InvariantBroken

_MS = 1e-3  # s; the programme counts in seconds, arrival times are whole milliseconds
_SLACK = 1e-6  # share of a need that the solver may overlook
_LATER = 1e-4  # by how much less a need weighs for each that stands before it: tells equal sums of shares apart
_TELLING = 1e-4  # s; size of the weights that tell equal sums of arrival times apart
_INFEASIBLE = 2  # as scipy reports it

Figures = Sequence[float] | Floats | float


class Sort(NamedTuple):
    """Elements that supply the same: share of each need that one covers; row and milliseconds of each, soonest first."""

    share: tuple[float, ...]
    rows: list[int]
    ms: list[float]


def cover_jointly(needs: Sequence[Need], found: Sequence[Candidates], rank: Sequence[int]) -> list[Take]:
    """Who goes for which need, in order of the needs, the soonest first; see `cover`. `rank` orders the rows by id."""
    sorts = _sorts(needs, found, rank)
    numbers = _Programme(sorts, len(needs)).soonest([1.0 / n.priority - k * _LATER for k, n in enumerate(needs)])
    return sorted(_taken(sorts, numbers), key=lambda take: (take.need, take.ms, rank[take.row]))


def _sorts(needs: Sequence[Need], found: Sequence[Candidates], rank: Sequence[int]) -> list[Sort]:
    shares: dict[int, list[float]] = {}
    place: dict[int, tuple[float, int, int]] = {}  # of a row: milliseconds, rank of its id, elements
    for k, candidates in enumerate(found):
        for row, supply, count, ms in zip(*(column.tolist() for column in candidates), strict=True):
            shares.setdefault(row, [0.0] * len(needs))[k] = supply / needs[k].amount
            place[row] = (ms, rank[row], count)
    sorts: dict[tuple[float, ...], Sort] = {}
    for row in sorted(shares, key=place.__getitem__):
        share, (ms, _, count) = tuple(shares[row]), place[row]
        sort = sorts.setdefault(share, Sort(share, [], []))
        count = min(count, sum(map(_useful, share)) - len(sort.rows))
        sort.rows.extend([row] * count)
        sort.ms.extend([ms] * count)
    return list(sorts.values())


def _useful(share: float) -> int:
    """How many elements that each cover this share of a need it takes to cover the whole."""
    return math.ceil((1.0 - ROUNDING) / share) if share else 0


def _taken(sorts: Sequence[Sort], numbers: Mapping[tuple[int, int], int]) -> Iterator[Take]:
    """Of each sort the soonest, the more urgent need first."""
    gone = [0] * len(sorts)
    for (i, k), number in sorted(numbers.items(), key=lambda item: (item[0][1], item[0][0])):
        going = slice(gone[i], gone[i] + number)
        gone[i] += number
        rows = sorts[i].rows[going]
        for row, ms in dict(zip(rows, sorts[i].ms[going], strict=True)).items():
            yield Take(k, row, rows.count(row), ms)


class _Programme:
    """Columns: elements of sort i that serve need k; elements of sort i that go, by arrival time; share of need k covered."""

    def __init__(self, sorts: Sequence[Sort], needs: int) -> None:
        self._sorts, self._needs = sorts, needs
        self._pairs = [(i, k) for i, sort in enumerate(sorts) for k in range(needs) if sort.share[k]]
        going = [(i, ms) for i, sort in enumerate(sorts) for ms in sorted(set(sort.ms))]
        self._ms = np.array([ms for _, ms in going])
        self._elements = np.array([sorts[i].ms.count(ms) for i, ms in going], dtype=float)
        self._useful = np.array([min(_useful(sorts[i].share[k]), len(sorts[i].rows)) for i, k in self._pairs])
        serve, go = len(self._pairs), len(self._pairs) + len(going)
        self._blocks = slice(0, serve), slice(serve, go), slice(go, go + needs)
        self._whole = np.arange(go + needs) < serve
        rows = np.zeros((needs + len(sorts), go + needs))
        for column, (i, k) in enumerate(self._pairs):
            rows[k, column] = sorts[i].share[k]
            rows[needs + i, column] = 1.0
        for column, (i, _) in enumerate(going, serve):
            rows[needs + i, column] = -1.0
        rows[:needs, go:] = -np.eye(needs)
        least = np.array([-ROUNDING] * needs + [0.0] * len(sorts))
        self._top = [min(1.0, math.fsum(sort.share[k] * len(sort.rows) for sort in sorts)) for k in range(needs)]
        self._law = LinearConstraint(rows, least, np.where(least < 0.0, math.inf, 0.0))

    def soonest(self, weights: Sequence[float]) -> dict[tuple[int, int], int]:
        """How many of sort i serve need k, by (i, k): the largest weighted sum of shares, and for that the soonest."""
        costs = self._columns([weight * _TELLING for weight in _tellable(len(self._pairs))], self._ms * _MS)
        # often everything can be covered in the time that one of the needs takes by itself
        found = self._best(self._top, self._top, costs, self._alone(self._top))
        if found is None:
            shares = self._most(weights)
            alone = self._alone(shares)
            times = [ms for ms in sorted(set(self._ms.tolist())) if ms >= alone]
            last = bisect_left(times, True, key=lambda ms: self._best(shares, shares, last=ms) is not None)
            found = self._sure(self._best(shares, shares, costs, times[last]))
        return self._numbers(found)

    def _most(self, weights: Sequence[float]) -> list[float]:
        """The share of each need that can be covered, so that the weighted sum is largest."""
        if self._best(self._top, self._top) is not None:
            return self._top
        found = self._best([0.0] * self._needs, self._top, self._columns(shares=[-weight for weight in weights]))
        shares = [0.0] * self._needs
        for (i, k), number in self._numbers(self._sure(found)).items():
            shares[k] += self._sorts[i].share[k] * number
        return [max(0.0, min(1.0, share) - _SLACK) for share in shares]

    def _alone(self, shares: Sequence[float]) -> float:
        """The time (ms) before which one of these shares could not be covered even if it were the only one."""
        latest = 0.0
        for k, share in enumerate(shares):
            left = share - _SLACK
            for ms, covered in sorted((ms, sort.share[k]) for sort in self._sorts for ms in sort.ms if sort.share[k]):
                if left <= 0.0:
                    break
                left, latest = left - covered, max(latest, ms)
        return latest

    def _columns(self, serve: Figures = 0.0, go: Figures = 0.0, shares: Figures = 0.0) -> Floats:
        """One figure a column, by block."""
        columns = np.zeros(len(self._whole))
        for block, figures in zip(self._blocks, (serve, go, shares), strict=True):
            columns[block] = figures
        return columns

    def _best(
        self, least: Sequence[float], most: Sequence[float], costs: Floats | None = None, last: float = math.inf
    ) -> Floats | None:
        """The columns of least cost that cover the shares; None if there are none. Whoever arrives after `last` stays."""
        going = np.where(self._ms <= last, self._elements, 0.0)
        result = milp(
            self._columns() if costs is None else costs,
            constraints=self._law,
            bounds=Bounds(self._columns(shares=least), self._columns(self._useful, going, most)),
            integrality=self._whole,
            options={"mip_rel_gap": 0.0},
        )
        return None if result.status == _INFEASIBLE else self._sure(result.x)

    def _numbers(self, found: Floats) -> dict[tuple[int, int], int]:
        return {pair: round(x) for pair, x in zip(self._pairs, found.tolist(), strict=False) if round(x)}

    @staticmethod
    def _sure(found: Floats | None) -> Floats:
        if found is None:
            raise InvariantBroken("a way to cover several needs at once is known, but the solver does not find it")
        return found


def _tellable(count: int) -> list[float]:
    """So many ascending whole weights, all sums of two of which differ: 2pi + (i² mod p), p a prime not below their number."""
    p = max(count, 2)
    while any(p % d == 0 for d in range(2, math.isqrt(p) + 1)):
        p += 1
    return [2.0 * p * i + i * i % p for i in range(count)]
