"""Who is served: islands, supply against load, flows against ratings, and what must be shed until all is feasible."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.hazards.blackout.grid import Grid
from models.hazards.blackout.parameters import Parameters
from models.physics import dc_flow

_FINE = 1e-9  # shares beyond this are rounding: sums differ in the last digit between machines
_TOUCH = 1e-6  # a load that moves less than this of itself onto a line does not help that line


@dataclass(frozen=True, slots=True)
class Found:
    """The grid solved: by load the share of its demand that is served, by bulk element how far it is loaded."""

    served: tuple[float, ...]
    loading: tuple[float, ...]

    @property
    def worst(self) -> float:
        """Loading of the worst element; 0 if nothing flows."""
        return max(self.loading, default=0.0)


def solve(
    p: Parameters, grid: Grid, up: Sequence[bool], factor: float, supply: float, first: Sequence[bool], *, shed: bool
) -> Found:
    """Served loads and flows when the elements `up` are in, loads are `factor` times their peak, supplies `supply` times theirs.

    What an island lacks is dropped at once by frequency relays; one with hardly any supply goes black. With `shed` the
    dispatchers drop what overloads a line; without, lines are left overloaded. Loads marked `first` are shed last.
    """
    bulk = grid.bulk
    lines = [k for k in range(bulk) if up[k]]
    ends = [(grid.elements[k].a, grid.elements[k].b) for k in lines]
    island = dc_flow.islands(grid.nodes, ends)
    wanted = [load.power * factor if up[bulk + i] else 0.0 for i, load in enumerate(grid.loads)]
    given: list[float] = list(wanted)
    for root in sorted(set(island)):
        members = [i for i, load in enumerate(grid.loads) if island[load.station] == root]
        have = math.fsum(w for node, w in grid.supplies if island[node] == root) * supply
        want = math.fsum(wanted[i] for i in members)
        if have < p.island_least * want or have <= 0.0:
            for i in members:
                given[i] = 0.0
        elif have < want:
            _drop(given, sorted(members, key=lambda i: (first[i], grid.loads[i].people, i)), want - have)
    shares = dc_flow.transfers(grid.nodes, ends, [grid.elements[k].susceptance for k in lines]) if lines else None
    ratings = np.array([grid.elements[k].rating for k in lines])
    loading = [0.0] * bulk
    if shares is not None:
        of_load = _per_load(grid, island, supply, shares)
        if shed:
            _relieve(given, of_load, ratings, first, island, grid)
        for k, ratio in zip(lines, (np.abs(of_load @ np.array(given)) / ratings).tolist(), strict=True):
            loading[k] = round(ratio, 9)
    served = tuple(
        min(1.0, round(g / (load.power * factor), 9)) if load.power * factor > 0.0 else 1.0
        for g, load in zip(given, grid.loads, strict=True)
    )
    return Found(served, tuple(loading))


def _per_load(grid: Grid, island: Sequence[int], supply: float, shares: dc_flow.Floats) -> dc_flow.Floats:
    """By line and load, what the line carries for each watt of that load, fed from the supplies of its island."""
    of_load = np.zeros((shares.shape[0], len(grid.loads)))
    for root in set(island):
        sources = [(node, w * supply) for node, w in grid.supplies if island[node] == root]
        whole = math.fsum(w for _, w in sources)
        if whole <= 0.0:
            continue
        fed = sum((shares[:, node] * (w / whole) for node, w in sources), start=np.zeros(shares.shape[0]))
        for i, load in enumerate(grid.loads):
            if island[load.station] == root:
                of_load[:, i] = fed - shares[:, load.station]
    return of_load


def _drop(given: list[float], order: Sequence[int], much: float) -> None:
    """Shed so much, load by load; the last one in part (some of its feeders)."""
    for i in order:
        if much <= 0.0:
            return
        less = min(given[i], much)
        given[i] -= less
        much -= less


def _relieve(
    given: list[float],
    of_load: dc_flow.Floats,
    ratings: dc_flow.Floats,
    first: Sequence[bool],
    island: Sequence[int],
    grid: Grid,
) -> None:
    """Shed the loads that weigh most on the worst line until it is not overloaded, line after line."""
    for _ in range(2 * len(ratings)):
        flows = of_load @ np.array(given)
        ratios = np.abs(flows) / ratings
        worst = int(np.argmax(np.round(ratios, 9)))
        if ratios[worst] <= 1.0 + _FINE:
            return
        sign = 1.0 if flows[worst] > 0.0 else -1.0
        weight = [round(float(w), 9) * sign for w in of_load[worst]]
        over = abs(float(flows[worst])) - float(ratings[worst])
        for i in sorted(range(len(given)), key=lambda i: (first[i], -weight[i], i)):
            if over <= 0.0:
                break
            if weight[i] <= _TOUCH or given[i] <= 0.0:
                continue
            less = min(given[i], over / weight[i])
            given[i] -= less
            over -= less * weight[i]
    flows = of_load @ np.array(
        given
    )  # shedding on one line loaded another, over and over: all of an island gives way alike
    worst_of: dict[int, float] = {}
    for k, ratio in enumerate((np.abs(flows) / ratings).tolist()):
        for i in np.flatnonzero(of_load[k]).tolist():
            root = island[grid.loads[i].station]
            worst_of[root] = max(worst_of.get(root, 1.0), ratio)
    for i, load in enumerate(grid.loads):
        given[i] /= worst_of.get(island[load.station], 1.0)
