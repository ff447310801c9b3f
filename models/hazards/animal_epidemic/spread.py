"""How a disease goes from farm to farm: the kernel of distance, what it adds up to, and the course that nobody interferes with.

Farm-to-farm chances are those of a day; between days they act as a constant force, so that a whole day gives the same chance.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import msgspec

from sim.units import DAY


class Place(msgspec.Struct, frozen=True):
    """A farm before anything happens: where it lies (m from the first), its animals, and its luck, drawn once."""

    x: float
    y: float
    heads: float
    tolerance: float  # exponential: the force it takes until it is infected
    pick: float  # uniform: which of those that reach it then it has it from


class Infection(msgspec.Struct, frozen=True):
    """When a farm is infected if nobody interferes, from which other (itself: brought in), and whether by what was moved."""

    at: float
    source: int
    moved: bool


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


def free_course(places: Sequence[Place], seeds: Sequence[float], pace: Pace) -> list[Infection]:
    """Every farm's infection if nobody interferes: the first ones at `seeds`, each other when the force on it has added up.

    Exact: the force on a farm changes only when another begins or ends to shed. Who it is from is drawn by its share of the force.
    """
    n = len(places)
    found = [Infection(at, i, False) for i, at in enumerate([*seeds, *[math.inf] * (n - len(seeds))])]
    changes = sorted(
        [(at + pace.latent, i, True) for i, at in enumerate(seeds)]
        + [(at + pace.latent + pace.shedding, i, False) for i, at in enumerate(seeds)]
    )
    free = [j for j in range(n) if math.isinf(found[j].at)]
    near: dict[int, list[float]] = {}
    used, total = [0.0] * n, [0.0] * n
    carried = pace.carried / n
    active: list[int] = []
    now = changes[0][0] if changes else math.inf
    while changes and free:
        first, when = n, changes[0][0]
        for j in free:
            if total[j] > 0.0 and (at := now + (places[j].tolerance - used[j]) / total[j]) < when:
                first, when = j, max(now, at)
        for j in free:
            used[j] += total[j] * (when - now)
        now = when
        if first < n:
            found[first] = Infection(now, *_source(first, active, near, carried, places[first].pick))
            free.remove(first)
            changes.append((now + pace.latent, first, True))
            changes.append((now + pace.latent + pace.shedding, first, False))
            changes.sort()
            continue
        _, i, begins = changes.pop(0)
        if begins:
            near[i] = [pressure(places[i], places[j], pace) if j != i else 0.0 for j in range(n)]
            active.append(i)
            for j in free:
                total[j] += near[i][j] + carried
        else:
            active.remove(i)
            for j in free:  # anew from those that shed, so that nothing is left over when none does
                total[j] = math.fsum(near[k][j] + carried for k in active)
    return found


def _source(
    farm: int, active: Sequence[int], near: dict[int, list[float]], carried: float, pick: float
) -> tuple[int, bool]:
    """Whom a farm has it from, in proportion to what each does to it."""
    parts = [(near[i][farm], i, False) for i in active] + [(carried, i, True) for i in active]
    left = pick * math.fsum(part for part, _, _ in parts)
    for part, i, moved in parts:
        left -= part
        if left < 0.0:
            return i, moved
    return parts[-1][1], parts[-1][2]
