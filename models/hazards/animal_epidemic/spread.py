"""How a disease goes from farm to farm: the kernel of distance, what it adds up to, and what each farm would pass on.

Farm-to-farm chances are those of a day; between days they act as a constant force, so that a whole day gives the same chance.
"""

from __future__ import annotations

import bisect
import heapq
import itertools
import math
from collections.abc import Iterable, Sequence

import msgspec

from sim.units import DAY


class Place(msgspec.Struct, frozen=True):
    """A farm: where it lies (m from the first), and its animals."""

    x: float
    y: float
    heads: float


class Contact(msgspec.Struct, frozen=True):
    """What a farm passes on, `age` seconds after it began to shed, if it still sheds then: to whom, and how."""

    age: float
    target: int
    moved: bool  # by animals, people or goods on the road
    luck: float  # uniform: below what the measures stop, it does not arrive


class Pace(msgspec.Struct, frozen=True):
    """What the spread is made of: SI, rates a second."""

    near: float  # chance a day beside an infectious farm
    scale: float  # m
    power: float
    carried: float  # infections that one farm's movements make, were all others free
    latent: float  # s from infection until it sheds
    shedding: float  # s that it sheds, if nobody ends it
    usual_herd: float
    herd_power: float
    herd_least: float
    herd_most: float


def kernel(distance: float, near: float, scale: float, power: float) -> float:
    """The chance, a day, that an infectious farm infects another `distance` away: near / (1 + (d/scale)^power)."""
    return near / (1 + float((distance / scale) ** power))


def daily_chance(chances: Iterable[float]) -> float:
    """The chance, in a day, to be infected by any of several farms: 1 − Π(1 − p)."""
    return -math.expm1(-math.fsum(force(chance) for chance in chances) * DAY)


def force(chance: float) -> float:
    """The constant force (1/s) that has this chance in a day."""
    return -math.log1p(-chance) / DAY


def growth(reproduction: float, generation: float) -> float:
    """Rate (1/s) at which infected farms multiply: ln R / generation; negative where each leaves fewer than one."""
    return math.log(reproduction) / generation


def doubling(reproduction: float, generation: float) -> float:
    """How long until twice as many farms have it; inf where it does not grow."""
    rate = growth(reproduction, generation)
    return math.log(2) / rate if rate > 0.0 else math.inf


def throughput(waiting: float, stay: float) -> float:
    """What must leave a queue, per second, so that nobody stays in it longer than `stay` (Little's law)."""
    return waiting / stay


def weight(heads: float, pace: Pace) -> float:
    """How infectious a farm is beside a usual one: more animals, more of it, less than in proportion."""
    return min(pace.herd_most, max(pace.herd_least, float((heads / pace.usual_herd) ** pace.herd_power)))


def pressure(source: Place, target: Place, pace: Pace) -> float:
    """The force (1/s) that an infectious farm has on another through the neighbourhood."""
    chance = kernel(math.hypot(source.x - target.x, source.y - target.y), pace.near, pace.scale, pace.power)
    return force(min(1 - 1e-9, chance * weight(source.heads, pace)))


def contacts(
    source: int, places: Sequence[Place], pace: Pace, luck: Sequence[tuple[float, float, float]]
) -> tuple[Contact, ...]:
    """Everything that a farm passes on while it sheds: a Poisson process of its whole force, shared out by what each other gets.

    Each entry of `luck` is a step (exponential), a choice and a chance (uniform). To each other farm this is a constant force,
    independent of the others: after a day the chance of a first one is the kernel's.
    """
    here, others = places[source], range(len(places))
    near = [pressure(here, places[j], pace) if j != source else 0.0 for j in others]
    sums = list(itertools.accumulate(near))
    carried = pace.carried * (len(places) > 1)
    total, age, found = sums[-1] + carried, 0.0, []
    for step, choice, chance in luck:
        age += step / total if total > 0.0 else math.inf
        if age >= pace.shedding:
            break
        mark = choice * total
        if mark < sums[-1]:
            target, moved = bisect.bisect_right(sums, mark), False
        else:  # anybody else, alike
            k = min(len(places) - 2, int((mark - sums[-1]) / carried * (len(places) - 1)))
            target, moved = k + (k >= source), True
        found.append(Contact(age, target, moved, chance))
    return tuple(found)


def unseen(passes: Sequence[Sequence[Contact]], seeds: Sequence[float], latent: float, until: float) -> list[float]:
    """When each farm got it (inf: not yet) while nobody knew, from those that had it first, at `seeds`."""
    since = [*seeds, *[math.inf] * (len(passes) - len(seeds))]
    due = [(at + latent + c.age, c.target) for at, own in zip(seeds, passes, strict=False) for c in own]
    heapq.heapify(due)
    while due and due[0][0] <= until:
        at, j = heapq.heappop(due)
        if math.isinf(since[j]):
            since[j] = at
            for c in passes[j]:
                heapq.heappush(due, (at + latent + c.age, c.target))
    return since
