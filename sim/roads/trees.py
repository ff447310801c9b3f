"""Quickest ways to a place from everywhere, kept as long as no change of the roads touches them.

Times are whole milliseconds in float64, so that sums are exact, equal ways are equal, and no order of adding matters.
Of equally quick ways a tree takes, at each node, the link with the lowest id; SciPy's own predecessors depend on the
order of its heap, so only its distances are used.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import numpy.typing as npt

from sim.roads.network import Network

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_NONE = -1  # no arc: at the destination, and where there is no way


class Arcs:
    """Both directions of every link as arrays, in ascending order of (tail, link)."""

    def __init__(self, network: Network) -> None:
        at, links = network.node_index, [network.links[id_] for id_ in network.link_ids]
        ends = [(at[x], i, at[y]) for i, link in enumerate(links) for x, y in ((link.a, link.b), (link.b, link.a))]
        table = np.array(sorted(ends), dtype=np.int64).reshape(-1, 3)
        self.tail, self.link, self.head = table.T.copy()
        self.nodes = len(network.nodes)
        self._inward = np.lexsort((self.tail, self.head))  # searches run from the goal outwards, against the traffic
        head, tail = self.head[self._inward], self.tail[self._inward]
        first = np.ones(len(head), dtype=bool)
        first[1:] = (head[1:] != head[:-1]) | (tail[1:] != tail[:-1])
        self._pairs = np.flatnonzero(first)  # parallel links lie side by side
        self._row, self._column = head[first], tail[first].astype(np.int32)

    def matrix(self, weights: Floats) -> csr_array:
        """The arcs as SciPy wants them: of parallel links the quickest, and none that takes for ever."""
        from scipy.sparse import csr_array  # here: half a second that only travel needs

        best = np.minimum.reduceat(weights[self._inward], self._pairs)
        there = np.isfinite(best)
        starts = np.concatenate(([0], np.cumsum(np.bincount(self._row[there], minlength=self.nodes))))
        return csr_array((best[there], self._column[there], starts.astype(np.int32)), shape=(self.nodes, self.nodes))

    def distances(self, matrix: csr_array, goal: int) -> Floats:
        """Distance of every node to the goal; inf where there is no way."""
        from scipy.sparse.csgraph import dijkstra

        return np.asarray(dijkstra(matrix, directed=True, indices=goal), dtype=np.float64)

    def onward(self, weights: Floats, distance: Floats) -> Ints:
        """For each node the arc by which a quickest way goes on: the tight one with the lowest link id."""
        here = distance[self.tail]
        tight = np.flatnonzero((weights + distance[self.head] == here) & np.isfinite(here))
        nodes, first = np.unique(self.tail[tight], return_index=True)
        chosen = np.full(self.nodes, _NONE, dtype=np.int64)
        chosen[nodes] = tight[first]
        return chosen


class Route(msgspec.Struct, frozen=True):
    """A way: its nodes, its links, the cumulative seconds at the end of each link, and its length in metres."""

    nodes: tuple[str, ...]
    links: tuple[str, ...]
    legs: tuple[float, ...]
    metres: float = 0.0

    @property
    def seconds(self) -> float:
        """Travel time from the first node to the last."""
        return self.legs[-1] if self.legs else 0.0


class Tree:
    """The quickest ways from everywhere to one node; `routes` are those already written out, by origin."""

    def __init__(self, ms: Floats, arcs: Arcs, weights: Floats) -> None:
        self.ms, self._arcs, self._weights = ms, arcs, weights
        self.seconds = ms / 1000.0
        self.seconds.setflags(write=False)
        self.routes: dict[str, Route | None] = {}

    @cached_property
    def arc(self) -> Ints:
        """For each node the arc by which its way goes on. Most trees are only asked for times."""
        return self._arcs.onward(self._weights, self.ms)


class Forest:
    """All trees grown so far under one state of the roads, for one way of travelling.

    `speed` is that on each link (m/s) when it is neither closed nor slowed, `open_ms` the time it takes as if it were not
    closed, `link_ms` as it is (inf closed). `barred` marks nodes that can be reached but not passed.
    """

    def __init__(self, arcs: Arcs, metres: Floats, speed: Floats, factor: Floats, barred: Flags) -> None:
        self._arcs, self._barred, self.speed = arcs, barred, speed
        self.open_ms = _whole_milli(metres / (speed * np.where(factor > 0, factor, 1.0)))
        self.link_ms = np.where(factor > 0, self.open_ms, np.inf)
        self._weights = np.where(barred[arcs.head], np.inf, self.link_ms[arcs.link])
        self._trees: dict[int, Tree] = {}

    def tree(self, goal: int) -> Tree:
        """The tree of that node, grown if it is not there yet."""
        tree = self._trees.get(goal)
        if tree is None:
            weights, matrix = self._weights, None
            if self._barred[goal]:  # a barred node lets in those bound for it
                weights = np.where(self._arcs.head == goal, self.link_ms[self._arcs.link], weights)
                matrix = self._arcs.matrix(weights)
            ms = self._arcs.distances(self._matrix if matrix is None else matrix, goal)
            tree = self._trees[goal] = Tree(ms, self._arcs, weights)
        return tree

    def inherit(self, other: Forest) -> None:
        """Take over the trees of another state of the roads that would grow here just the same.

        A link that became slower matters to the trees that use it; one that became quicker, to those in which it would
        be as quick as the way chosen. All others keep their distances, and their choice among equals.
        """
        goals = [g for g in other._trees if g not in self._trees and not (self._barred[g] or other._barred[g])]
        changed = np.flatnonzero(self._weights != other._weights)
        if not goals:
            return
        before, after = other._weights[changed], self._weights[changed]
        tail, head = self._arcs.tail[changed], self._arcs.head[changed]
        ms = np.array([other._trees[g].ms for g in goals])
        uses = np.array([other._trees[g].arc for g in goals])[:, tail] == changed
        reached = after + ms[:, head]
        as_quick = np.isfinite(reached) & (reached <= ms[:, tail])
        touched = ((uses & (after > before)) | (as_quick & (after < before))).any(axis=1)
        for goal, lost in zip(goals, touched.tolist(), strict=True):
            if not lost:
                self._trees[goal] = other._trees[goal]

    @cached_property
    def _matrix(self) -> csr_array:
        return self._arcs.matrix(self._weights)


def _whole_milli(figures: Floats) -> Floats:
    """Figures in whole thousandths, at least one: equal ways must come out equal, and no link takes no time."""
    return np.asarray(np.maximum(1.0, np.round(figures * 1000.0)))
