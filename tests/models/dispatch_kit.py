"""A board of forces and a picture for strategies to decide on, with everything unsaid ordinary."""

from __future__ import annotations

import numpy as np

from sim.domain.command import Believed
from sim.domain.hazards import Need, Sighting
from sim.domain.places import Point, Site
from sim.domain.teams import Holding
from sim.streams import Streams

STREAM = Streams(1)("decide")


def holding(name: str, county: str = "A", elements: int = 1) -> Holding:
    ids = tuple(f"{name}/{i + 1:02d}" for i in range(elements))
    return Holding(name, name, "KIND", 1, "AREA", county, "N1", True, ids, (6,) * elements)


class Board:
    """A board of forces: supplies by capability, one figure a holding."""

    def __init__(self, holdings, free, supplies):
        self.holdings = tuple(holdings)
        self.free = np.array(free, dtype=np.int64)
        counties = sorted({h.county for h in holdings})
        self.county_row = {county: i for i, county in enumerate(counties)}
        self.county_index = np.array([self.county_row[h.county] for h in holdings], dtype=np.int64)
        self._supplies = {c: np.array(column, dtype=np.float64) for c, column in supplies.items()}

    def supply(self, capability):
        if capability not in self._supplies:
            self._supplies[capability] = np.zeros(len(self.holdings))
        return self._supplies[capability]


class Picture:
    """What a post believes of one incident, F1, in one county."""

    post, now, night = "CITY", 0.0, False

    def __init__(self, forces, eta, needs, county="A", adjacent=()):
        site = Site(Point(104.0, 25.0), "N1", "地点", "Site", county, "T")
        self.forces, self.incidents = forces, {"F1": Believed("F1", "any", site, Sighting(), 0.0, needs=tuple(needs))}
        self._eta, self._adjacent = np.array(eta, dtype=np.float64), adjacent

    def eta(self, site):
        return self._eta

    def adjacent(self, county):
        return self._adjacent

    def unmet(self, incident):
        return self.incidents[incident].needs


def world(rows, needs, county="A", adjacent=()):
    """A picture from rows (id, minutes, free, {capability: supply}[, county]) and needs (capability, amount[, priority])."""
    rows = [(*row, "A")[:5] if len(row) == 4 else row for row in rows]
    names = sorted({c for row in rows for c in row[3]})
    board = Board(
        [holding(r[0], r[4], max(1, r[2])) for r in rows],
        [r[2] for r in rows],
        {c: [r[3].get(c, 0.0) for r in rows] for c in names},
    )
    return Picture(board, [r[1] * 60.0 for r in rows], [Need(*n) for n in needs], county, adjacent)


def sent(orders):
    """Orders to elements as {(holding, task): elements}."""
    return {(o.holding, o.task): o.count for o in orders if hasattr(o, "holding")}


def asked(orders):
    """Requests to the post above as {capability: (amount, reason)}."""
    return {o.capability: (o.amount, o.reason) for o in orders if hasattr(o, "reason")}
