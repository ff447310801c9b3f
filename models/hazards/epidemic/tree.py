"""The luck of an epidemic, drawn once: whom everybody would infect, and when, if nothing were done.

Measures cut branches off this tree and never move one: whoever is infected under better help is infected under worse help,
too, and at the same moment, so that earlier or stronger measures spare a superset. Marks beat by a factor are thinned by it.
"""

from __future__ import annotations

import math
from heapq import heapify, heappop, heappush

from models.hazards.epidemic.parameters import Parameters
from models.hazards.epidemic.state import Course, Node, Tree, Way
from sim.streams import Stream

_Contact = tuple[float, int, int, Way, float, float]  # caught at, number, infector, way, given off at, mark


def grow(p: Parameters, stream: Stream, seeds: int, beta: float, by_water: float, severe: float, most: int) -> Tree:
    """The first `most` infections of an unchecked course that begins with so many seeds, in the order of their time."""
    sourced = round(seeds * p.source_cases)
    open_: list[_Contact] = [(0.0, i, -1, Way.SEED, 0.0, 0.0) for i in range(seeds)]
    for i in range(sourced):
        at = p.source_lasts * stream.uniform()
        open_.append((at, seeds + i, -1, Way.SOURCE, at, stream.uniform()))
    heapify(open_)
    number, nodes = len(open_), list[Node]()
    while open_ and len(nodes) < most:
        at, _, parent, way, shed, mark = heappop(open_)
        node = _node(p, stream, severe, at, parent, way, shed, mark)
        t = node.infectious
        while beta > 0.0:
            t += stream.exponential() / beta
            if t >= node.recovers:
                break
            how = Way.WATER if stream.uniform() < by_water else Way.CONTACT
            delay = p.water_lasts * stream.exponential() if how is Way.WATER else 0.0
            heappush(open_, (t + delay, number, len(nodes), how, t, stream.uniform()))
            number += 1
        nodes.append(node)
    left = math.fsum(1.0 for contact in open_ if contact[3] is Way.SOURCE)
    until = nodes[-1].at if open_ else math.inf
    return Tree(tuple(nodes), until, left, p.source_lasts)


def courses(p: Parameters, stream: Stream, number: int) -> tuple[tuple[float, ...], tuple[Course, ...]]:
    """(sums of a flow at which one more of many needs a bed, what becomes of them)."""
    total, marks, fates = 0.0, [], []
    for _ in range(number):
        total += stream.exponential()
        marks.append(total)
        fates.append(_course(p, stream))
    return tuple(marks), tuple(fates)


def _node(
    p: Parameters, stream: Stream, severe: float, at: float, parent: int, way: Way, shed: float, mark: float
) -> Node:
    infectious = at + p.latent * stream.exponential()
    recovers = infectious + p.infectious * stream.exponential()
    trace, known, bad = stream.exponential(), stream.uniform() < p.traceable, stream.uniform()
    trace = trace if known else math.inf
    if bad >= severe:
        return Node(parent, way, shed, at, mark, infectious, recovers, trace)
    falls = max(at + p.tick, infectious) + p.severe_after * math.exp(p.severe_spread * stream.normal())
    return Node(parent, way, shed, at, mark, infectious, recovers, trace, falls, _course(p, stream))


def _course(p: Parameters, stream: Stream) -> Course:
    return Course(p.stay * math.exp(p.stay_spread * stream.normal()), stream.exponential(), stream.uniform())
