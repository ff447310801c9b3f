"""Lines on the earth: how long they are, where a share of them ends, which of many is nearest to a point.

Figures are rounded (positions to 1e-7 degrees, shares to 1e-9, distances to 1 mm) because sine and cosine differ in the
last digit between platforms, and a run must not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sim.domain.places import EARTH_RADIUS, Point

Shape = tuple[Point, ...]
Floats = npt.NDArray[np.float64]


def length(shape: Sequence[Point]) -> float:
    """Length of a line in metres, along great circles."""
    return math.fsum(p.distance(q) for p, q in pairwise(shape))


def cut(shape: Shape, share: float) -> tuple[Shape, Shape]:
    """A line cut in two where `share` (0–1) of its length lies behind; both parts have the point of the cut."""
    left = share * length(shape)
    for i, (p, q) in enumerate(pairwise(shape)):
        step = p.distance(q)
        if left <= step or i == len(shape) - 2:
            part = min(1.0, left / step) if step else 0.0
            here = Point(round(p.lon + part * (q.lon - p.lon), 7), round(p.lat + part * (q.lat - p.lat), 7))
            return (*shape[: i + 1], here), (here, *shape[i + 1 :])
        left -= step
    raise AssertionError("a line has at least two points")


class Lines:
    """Many lines, ready to be asked which lies nearest to a point."""

    def __init__(self, shapes: Sequence[Shape]) -> None:
        steps = [(n, p, q) for n, shape in enumerate(shapes) for p, q in pairwise(shape)]
        self._line = np.array([n for n, _, _ in steps], dtype=np.int64)
        self._from = np.array([(p.lon, p.lat) for _, p, _ in steps], dtype=np.float64).reshape(-1, 2)
        self._to = np.array([(q.lon, q.lat) for _, _, q in steps], dtype=np.float64).reshape(-1, 2)
        self._step = np.array([p.distance(q) for _, p, q in steps], dtype=np.float64)
        total = np.bincount(self._line, weights=self._step, minlength=len(shapes))
        before = np.cumsum(self._step) - self._step
        first = np.searchsorted(self._line, self._line)  # where the line of each step begins
        self._behind = before - before[first]
        self._total = total[self._line]

    def nearest(self, point: Point) -> tuple[int, float, float]:
        """(line, share of it behind the nearest place on it, metres to that place); the first line wins a tie."""
        share, metres = self._steps_from(point)
        i = int(np.argmin(metres))
        total = float(self._total[i])
        behind = float((self._behind[i] + share[i] * self._step[i]) / total) if total else 0.0
        return int(self._line[i]), round(min(1.0, behind), 9), float(metres[i])

    def within(self, point: Point, radius: float) -> list[int]:
        """The lines that come within so many metres of a point, ascending."""
        _, metres = self._steps_from(point)
        return sorted(set(self._line[metres <= radius].tolist()))

    def _steps_from(self, point: Point) -> tuple[Floats, Floats]:
        """Of every step of every line: the share of it behind its place nearest to a point, and the metres to there."""
        a, b = _plane(self._from, point), _plane(self._to, point)
        along = b - a
        square = (along**2).sum(axis=1)
        share = np.clip(-(a * along).sum(axis=1) / np.where(square > 0, square, 1.0), 0.0, 1.0)
        return share, np.round(np.hypot(*(a + share[:, None] * along).T), 3)


def distances(places: Floats, point: Point) -> Floats:
    """Metres from a point to each of many near places (rows of lon, lat), on the plane that touches the earth there."""
    flat = _plane(places, point)
    return np.asarray(np.round(np.hypot(flat[:, 0], flat[:, 1]), 3))


def _plane(places: Floats, origin: Point) -> Floats:
    """Places as metres east and north of an origin; good to 0.1 % within a hundred kilometres."""
    scale = np.array([math.cos(math.radians(origin.lat)), 1.0]) * math.radians(EARTH_RADIUS)
    return np.asarray((places - np.array([origin.lon, origin.lat])) * scale)
