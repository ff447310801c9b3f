"""What fails first, how much work it is to mend, and in which order crews go about it."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence

from models.hazards.blackout import flow
from models.hazards.blackout.grid import Grid, Kind
from models.hazards.blackout.parameters import Parameters
from models.hazards.blackout.state import Use, User
from models.physics import dc_flow
from sim.streams import Stream

_FREE = 1e-6  # crew·s: the cost of passing a sound element, so that the shorter of two ways wins


def keys(p: Parameters, grid: Grid, stream: Stream) -> tuple[float, ...]:
    """How soon each element fails, by luck and by how exposed its kind is to this cause; inf: it does not."""
    weight = {
        Kind.FEEDER: p.hit_feeder, Kind.RING: p.hit_bulk, Kind.CHAIN: p.hit_bulk, Kind.TIE: p.hit_bulk,
        Kind.TRANSFORMER: p.hit_transformer,
    }  # fmt: skip
    luck = [stream.exponential() for _ in grid.elements]
    return tuple(
        x / weight[e.kind] if weight[e.kind] > 0.0 else math.inf for x, e in zip(luck, grid.elements, strict=True)
    )


def fails(p: Parameters, grid: Grid, key: Sequence[float], goal: float) -> tuple[int, ...]:
    """The elements that fail first: one after another until the load lost at the peak is what the case says."""
    goal = min(goal, p.lost_most * grid.power)
    if goal <= 0.0:
        return ()
    failed: list[int] = []
    lost, skipped = 0.0, (math.inf, -1)
    for k in sorted((k for k, x in enumerate(key) if x < math.inf), key=lambda k: (key[k], k)):
        if lost >= goal * (1 - p.over):
            break
        after = math.fsum(grid.loads[i].power for i in unserved(grid, (*grid.ties, *failed, k)))
        if after <= goal * (1 + p.over):
            failed.append(k)
            lost = after
        else:
            skipped = min(skipped, (after, k))
    if lost < goal * (1 - p.over) and skipped[1] >= 0 and skipped[0] - goal < goal - lost:
        failed.append(skipped[1])
    return tuple(failed)


def cascade(p: Parameters, grid: Grid, key: Sequence[float], goal: float, factor: float) -> tuple[int, ...]:
    """Elements that trip, one by luck and then those it overloads at once, until the load lost is what the case says."""
    goal = min(goal, p.lost_most * grid.power * factor)
    up = [e.kind is not Kind.TIE for e in grid.elements]
    tripped: list[int] = []
    lost = 0.0
    for k in sorted((k for k, x in enumerate(key) if x < math.inf), key=lambda k: (key[k], k)):
        if lost >= goal * (1 - p.over) or not up[k]:
            continue
        before, count = lost, len(tripped)
        next_one: int | None = k
        while next_one is not None:
            up[next_one] = False
            tripped.append(next_one)
            found = flow.solve(p, grid, up, factor, 1.0, [False] * len(grid.loads), shed=False)
            hot = [(-ratio, i) for i, ratio in enumerate(found.loading) if ratio > p.trips_now]
            next_one = min(hot)[1] if hot else None
        lost = factor * math.fsum((1 - s) * load.power for s, load in zip(found.served, grid.loads, strict=True))
        if lost - goal > goal - before > goal * p.over:  # too much: rather too little
            for i in tripped[count:]:
                up[i] = True
            del tripped[count:]
            lost = before
    return tuple(tripped)


def unserved(grid: Grid, broken: Sequence[int]) -> list[int]:
    """Loads that no supply reaches without these elements."""
    out = set(broken)
    ends = [(e.a, e.b) for k, e in enumerate(grid.elements[: grid.bulk]) if k not in out]
    island = dc_flow.islands(grid.nodes, ends)
    alive = {island[node] for node, _ in grid.supplies}
    return [i for i, load in enumerate(grid.loads) if grid.bulk + i in out or island[load.station] not in alive]


def work(p: Parameters, grid: Grid, stream: Stream) -> tuple[float, ...]:
    """What it takes to mend each element if it is broken, crew·s."""
    base = {
        Kind.FEEDER: p.poles * p.pole_work, Kind.TRANSFORMER: p.transformer_work,
    }  # fmt: skip
    line = p.towers * p.tower_work
    return tuple(
        base.get(e.kind, line) * p.work_slower * math.exp(p.damage_spread * stream.normal()) for e in grid.elements
    )


def order(grid: Grid, broken: Sequence[int], work: Sequence[float], users: Sequence[User]) -> tuple[int, ...]:
    """Elements as crews take them: the way to hospitals first, mines, exchanges, waterworks, then most people for the work.

    The list is made once, over what failed first; what fails later, and what serves only as a reserve, comes at its end.
    """
    rank = {use: r for r, use in enumerate(Use)}
    urgent: dict[int, int] = {}
    for user in users:
        urgent[user.load] = min(rank[user.use], urgent.get(user.load, len(rank)))
    left, listed = set(broken), list[int]()
    waiting = unserved(grid, broken)
    while waiting:
        cost, way = _ways(grid, left, work)
        best: tuple[float, float, int] | None = None
        for i in waiting:
            total = cost[grid.loads[i].station] + (work[grid.bulk + i] if grid.bulk + i in left else 0.0)
            value = (float(urgent.get(i, len(rank))), -grid.loads[i].people / max(total, _FREE), i)
            best = value if best is None else min(best, value)
        assert best is not None, "somebody waits"
        load = grid.loads[best[2]]
        feeder = grid.bulk + best[2]
        path = [k for k in (*way[load.station], feeder) if k in left]
        listed += path
        left -= set(path)
        waiting = unserved(grid, tuple(left)) if path else [i for i in waiting if i != best[2]]
    listed += sorted(left, key=lambda k: (work[k], k))
    known = set(listed)
    return (*listed, *(k for k in range(len(grid.elements)) if k not in known))


def _ways(grid: Grid, broken: set[int], work: Sequence[float]) -> tuple[list[float], list[tuple[int, ...]]]:
    """For each station the least work that joins it to a supply, and the elements on that way, from the supply on."""
    near: dict[int, list[tuple[int, int]]] = {}
    for k, e in enumerate(grid.elements[: grid.bulk]):
        near.setdefault(e.a, []).append((e.b, k))
        near.setdefault(e.b, []).append((e.a, k))
    cost = [math.inf] * grid.nodes
    way: list[tuple[int, ...]] = [()] * grid.nodes
    heap: list[tuple[float, int]] = []
    for node, _ in grid.supplies:
        cost[node] = 0.0
        heapq.heappush(heap, (0.0, node))
    while heap:
        here, node = heapq.heappop(heap)
        if here > cost[node]:
            continue
        for other, k in near.get(node, ()):
            there = here + (work[k] if k in broken else _FREE)
            if there < cost[other]:
                cost[other], way[other] = there, (*way[node], k)
                heapq.heappush(heap, (there, other))
    return cost, way


def shares(p: Parameters, grid: Grid, broken: Sequence[int], crews: float) -> dict[int, float]:
    """Crews by element when so many work: down the list, as many at each as find room."""
    given = {}
    for k in broken:
        if crews <= 0.0:
            break
        given[k] = min(face(p, grid.elements[k].kind), crews)
        crews -= given[k]
    return given


def face(p: Parameters, kind: Kind) -> float:
    """Crews that find room at an element."""
    if kind is Kind.FEEDER:
        return p.face_feeder
    return p.face_transformer if kind is Kind.TRANSFORMER else p.face_line


def speed(p: Parameters, wind: float, *, night: bool) -> float:
    """How well crews work: hardly in a gale, slower by night."""
    return (p.gale_work if wind >= p.gale else 1.0) * (p.night_work if night else 1.0)
