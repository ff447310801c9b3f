"""The people in the way of a forest fire: who leaves in time, and what becomes of those whom the front catches."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec.structs import replace

from models.hazards.forest_fire.parameters import Parameters
from models.hazards.forest_fire.state import Edge, Hamlet, Sector
from sim.domain.hazards import Effect, Harm
from sim.domain.people import Status, Triage
from sim.streams import Stream


def settle(p: Parameters, people: int, beyond: float, stream: Stream) -> tuple[Hamlet, ...]:
    """The hamlets, nearest first: their place and each person's luck, drawn once; `beyond` metres is the edge now."""
    count = min(round(p.villages), people)
    nearest, spread = beyond + p.village_near, p.village_far - p.village_near
    places = sorted(
        (nearest + spread * stream.uniform(), int(stream.uniform() * round(p.sectors))) for _ in range(count)
    )
    hamlets = []
    for i, (distance, sector) in enumerate(places):
        size = people // count + (i < people % count)
        names = tuple(f"h{i + 1}-{n:03d}" for n in range(1, size + 1))
        hamlets.append(Hamlet(sector, distance, names, tuple(stream.uniform() for _ in names)))
    return tuple(hamlets)


def served(hamlets: Sequence[Hamlet]) -> int | None:
    """The hamlet that is being moved now: the nearest of those in danger."""
    return next((k for k, h in enumerate(hamlets) if h.waits and h.safe < len(h.people)), None)


def waiting(hamlets: Sequence[Hamlet]) -> float:
    """How many people must still be moved."""
    return float(sum(len(h.people) - h.out for h in hamlets if h.waits))


def leave(p: Parameters, hamlet: Hamlet) -> tuple[Hamlet, Sequence[Effect]]:
    """A group is away."""
    safe = min(hamlet.safe + round(p.evacuation_group), len(hamlet.people))
    gone = Harm(hamlet.people[hamlet.safe : safe], Status.SAFE, why="evacuated")
    return replace(hamlet, left=float(safe), safe=safe, settled=safe == len(hamlet.people)), (gone,)


def caught(p: Parameters, hamlet: Hamlet) -> tuple[Hamlet, Sequence[Effect]]:
    """The front is there: who is still in the hamlet meets it, each with their own luck."""
    fates = (
        (p.caught_dead, Status.DEAD, None),
        (p.caught_red, Status.WAITING, Triage.RED),
        (p.caught_yellow, Status.WAITING, Triage.YELLOW),
        (p.caught_green, Status.WAITING, Triage.GREEN),
        (1.0, Status.SAFE, None),
    )
    left: list[tuple[str, ...]] = [()] * len(fates)
    for who, luck in zip(hamlet.people[hamlet.out :], hamlet.luck[hamlet.out :], strict=True):
        total = 0.0
        for i, (share, _, _) in enumerate(fates):
            total += share
            if luck < total:
                left[i] += (who,)
                break
    effects = [Harm(hamlet.people[hamlet.safe : hamlet.out], Status.SAFE, why="evacuated")]
    effects += [
        Harm(who, status, triage, "burnt" if status is not Status.SAFE else "front_passed")
        for who, (_, status, triage) in zip(left, fates, strict=True)
    ]
    return replace(hamlet, settled=True), tuple(e for e in effects if e.persons)


def clear(
    hamlets: Sequence[Hamlet], sectors: Sequence[Sector], *, everywhere: bool
) -> tuple[tuple[Hamlet, ...], Sequence[Effect]]:
    """Whoever lives behind a cold edge (or `everywhere`) is out of danger."""
    after: list[Hamlet] = []
    freed: list[str] = []
    for h in hamlets:
        if not h.settled and (everywhere or sectors[h.sector].edge is Edge.COLD):
            freed += h.people[h.safe :]
            h = replace(h, settled=True)  # noqa: PLW2901 - the hamlet as it is from now on
        after.append(h)
    return tuple(after), (Harm(tuple(freed), Status.SAFE, why="danger_past"),) if freed else ()


def arrival(hamlet: Hamlet, sector: Sector, rate: float) -> float:
    """Seconds until the front is at the hamlet; inf while its sector does not burn outwards."""
    if hamlet.settled or sector.edge is not Edge.OPEN or rate <= 0.0:
        return math.inf
    return (hamlet.distance - sector.radius) / rate
