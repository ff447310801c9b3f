"""Jurisdiction first, widened step by step (属地优先，逐级扩大)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.dispatch._cover import Floats, Index, Ints, Take, asks, cover, missing
from sim.domain.command import Order, Send
from sim.domain.hazards import Need
from sim.ports import Picture
from sim.streams import Stream

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Parameters:
    """The numbers of `parameters.yaml` under this strategy's name, SI."""

    widen_beyond: float
    keep_per_county: float


class Area(NamedTuple):
    """A step of widening: its name, the elements that may be taken in it, and when they would arrive (inf: too late)."""

    name: str
    free: Ints
    eta: Floats


class Strategy:
    """Take what the own county can send in time, then the adjacent counties one by one, nearest first, then the whole city.

    Each step takes the soonest set for all it can cover of what is still missing. Own and adjacent counties count only with
    those who arrive within `widen_beyond`. A county that helps another keeps `keep_per_county` elements of each capability,
    those who would have arrived last; they are taken only if nobody else in the city can go.

    Blind to a nearer crew across the border: it comes later, or not at all if the own county's slower one will do. Blind to
    what steps cost together: the first takes what it can, even if one bigger element from the next would have done alone.
    """

    title_zh = "属地优先：本县、邻县、全市逐级扩大"
    title_en = "Jurisdiction first: own county, adjacent counties, whole city"

    def __init__(self, parameters: Parameters) -> None:
        self._within, self._keep = parameters.widen_beyond, int(parameters.keep_per_county)
        self._index: Index | None = None

    def decide(self, picture: Picture, incident: str, stream: Stream) -> Sequence[Order]:  # noqa: ARG002 - the port's
        """Orders that cover what is missing at the incident, step by step."""
        needs, forces = list(picture.unmet(incident)), picture.forces
        if not needs:
            return ()
        index = self._index
        if index is None or index.forces is not forces:
            index = self._index = Index(forces)
        site = picture.incidents[incident].site
        eta, left = picture.eta(site), forces.free.copy()
        orders: list[Order] = []
        for area in self._areas(picture, site.county, index, needs, left, eta):
            takes = cover(index, needs, area.free, area.eta)
            for take in takes:
                holding, task = forces.holdings[take.row].id, needs[take.need].capability
                orders.append(Send(holding, take.number, incident, task, f"{area.name} {take.minutes}"))
                left[take.row] -= take.number
            needs = _still(needs, takes, index)
            if not needs:
                return orders
        return [*orders, *asks(index, incident, needs, (), left, eta)]

    def _areas(
        self, picture: Picture, county: str, index: Index, needs: Sequence[Need], left: Ints, eta: Floats
    ) -> Iterator[Area]:
        """The steps; `left` are the elements that no step has taken so far."""
        forces = picture.forces
        soon = np.where(eta <= self._within, eta, np.inf)

        def of(code: str) -> Mask:
            held: Mask = forces.county_index == forces.county_row.get(code, -1)
            return held

        own = of(county)
        yield Area("own county", np.where(own, left, 0), soon)
        for other in picture.adjacent(county):
            there = of(other)
            lent = np.where(there, left - self._kept(index, needs, left, eta, there), 0)
            yield Area(f"adjacent county {other}", lent, soon)
        yield Area("whole city", left - self._kept(index, needs, left, eta, ~own), eta)
        yield Area("last reserve", left, eta)

    def _kept(self, index: Index, needs: Sequence[Need], left: Ints, eta: Floats, there: Mask) -> Ints:
        """The elements that counties keep of the capabilities needed: of each county those who would arrive last."""
        kept = np.zeros_like(left)
        for need in needs:
            rows = index.able(need.capability).rows
            rows = rows[there[rows] & (left[rows] > 0)]
            rows = rows[(-eta[rows]).argsort(kind="stable")]
            open_yet: dict[int, int] = {}
            for row, county in zip(rows.tolist(), index.forces.county_index[rows].tolist(), strict=True):
                keep = min(open_yet.get(county, self._keep), int(left[row]))
                kept[row] = max(kept[row], keep)
                open_yet[county] = open_yet.get(county, self._keep) - keep
        return kept


def _still(needs: Sequence[Need], takes: Sequence[Take], index: Index) -> list[Need]:
    left = missing(needs, takes, index.forces)
    return [Need(n.capability, short, n.priority) for n, short in zip(needs, left, strict=True) if short]
