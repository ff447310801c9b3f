"""The luck of an epidemic: whom everybody would infect, and when, if nothing were done.

Everybody's luck is a function of a key drawn once at the start and of their own name – by whom they were infected, as which
contact –, never of the order of events. Measures cut branches off this tree and never move one: whoever is infected under better
help is infected under worse help, too, and at the same moment, so that earlier or stronger measures spare a superset.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterable
from heapq import heapify, heappop, heappush

from models.hazards.epidemic.parameters import Parameters
from models.hazards.epidemic.state import Contact, Course, Node, Tree, Way
from sim.streams import Stream

_Due = tuple[float, str, Contact]


def begin(p: Parameters, key: float, seeds: int, beta: float, by_water: float, severe: float) -> Tree:
    """The first infections of an unchecked course that begins with so many seeds, in the order of their time."""
    contacts = [Contact(f"s{i + 1}", -1, Way.SEED, 0.0, 0.0, 0.0) for i in range(seeds)]
    for i in range(round(seeds * p.source_cases)):
        luck = _stream(key, f"source{i + 1}")
        at = p.source_lasts * luck.uniform()
        contacts.append(Contact(f"w{i + 1}", -1, Way.SOURCE, at, at, luck.uniform()))
    return _grown(p, Tree((), math.inf, (), key, p.source_lasts), contacts, beta, by_water, severe)


def grow_on(
    p: Parameters, tree: Tree, lives: Callable[[Contact], bool], beta: float, by_water: float, severe: float
) -> Tree:
    """The tree beyond what was drawn so far, from those of its open contacts that may still come about."""
    return _grown(p, tree, (contact for contact in tree.open if lives(contact)), beta, by_water, severe)


def courses(p: Parameters, stream: Stream, number: int) -> tuple[tuple[float, ...], tuple[Course, ...]]:
    """(sums of a flow at which one more of many needs a bed, what becomes of them)."""
    total, marks, fates = 0.0, [], []
    for _ in range(number):
        total += stream.exponential()
        marks.append(total)
        fates.append(_course(p, stream))
    return tuple(marks), tuple(fates)


def _grown(p: Parameters, tree: Tree, contacts: Iterable[Contact], beta: float, by_water: float, severe: float) -> Tree:
    """So many more infections, with those of everybody in it that lie beyond left open."""
    open_: list[_Due] = [(contact.at, contact.name, contact) for contact in contacts]
    heapify(open_)
    nodes = list(tree.nodes)
    most = len(nodes) + round(p.drawn)
    while open_ and len(nodes) < most:
        contact = heappop(open_)[2]
        luck = _stream(tree.key, contact.name)
        node = _node(p, luck, severe, contact)
        t, child = node.infectious, 0
        while beta > 0.0:
            t += luck.exponential() / beta
            if t >= node.recovers:
                break
            child += 1
            way = Way.WATER if luck.uniform() < by_water else Way.CONTACT
            at = t + p.water_lasts * luck.exponential() if way is Way.WATER else t
            name = f"{contact.name}.{child}"
            heappush(open_, (at, name, Contact(name, len(nodes), way, t, at, luck.uniform())))
        nodes.append(node)
    left = tuple(due[2] for due in sorted(open_, key=lambda due: due[:2]))
    return Tree(tuple(nodes), nodes[-1].contact.at if left else math.inf, left, tree.key, tree.source_until)


def _stream(key: float, name: str) -> Stream:
    return Stream(struct.pack("<d", key), name)


def _node(p: Parameters, luck: Stream, severe: float, contact: Contact) -> Node:
    infectious = contact.at + p.latent * luck.exponential()
    recovers = infectious + p.infectious * luck.exponential()
    trace, known, bad = luck.exponential(), luck.uniform() < p.traceable, luck.uniform()
    falls = p.severe_after * math.exp(p.severe_spread * luck.normal())
    course = _course(p, luck)
    trace = trace if known else math.inf
    if bad >= severe:
        return Node(contact, infectious, recovers, trace)
    # known a count ahead: the next event may then be reckoned from those infected by now
    return Node(contact, infectious, recovers, trace, max(contact.at + p.tick, infectious) + falls, course)


def _course(p: Parameters, stream: Stream) -> Course:
    return Course(p.stay * math.exp(p.stay_spread * stream.normal()), stream.exponential(), stream.uniform())
