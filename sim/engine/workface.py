"""The work face: who on the spot works on what, and how much that adds up to.

More people do not beat the bottleneck: what a face cannot take waits in reserve, and relieves those who tire.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sim.domain.hazards import Demand, DemandKind

_ENOUGH = 1e-9  # effort shares below this are rounding


@dataclass(frozen=True, slots=True)
class Fatigue:
    """Effort falls by `loss` an hour after `grace` hours of a stint, stepwise each hour, not below `floor`."""

    grace: float  # h
    loss: float  # share an hour
    floor: float

    def factor(self, worked: float) -> float:
        """The share of full effort after `worked` seconds of a stint."""
        return max(self.floor, 1.0 - self.loss * max(0.0, worked // 3600.0 - self.grace))

    def next_step(self, worked: float) -> float:
        """Seconds of work until the factor next falls; inf if it will not."""
        if self.factor(worked) <= self.floor or self.loss <= 0.0:
            return float("inf")
        return max(self.grace + 1.0, worked // 3600.0 + 1.0) * 3600.0 - worked


class Crew:
    """What the work face must know of an element on the spot; sorties are crews."""

    __slots__ = ("demand", "effective", "id", "since", "supplies", "task")

    def __init__(self, id: str, task: str, supplies: Mapping[str, float]) -> None:  # noqa: A002 - the sortie's id
        self.id, self.task, self.supplies = id, task, supplies
        self.demand = ""  # demand id it serves; "" in reserve
        self.effective = 0.0  # its effort counts from here
        self.since = 0.0  # the stint began


def assign(demands: Sequence[Demand], crews: Iterable[Crew], now: float) -> list[tuple[Crew, str, float]]:
    """Who changes to what: (crew, demand id or "" for reserve, effective from).

    Crews stay with what they do while it is wanted; one lent to another task than it was sent for goes back to its own as
    soon as that lacks people and it can be spared. The free ones are taken for each demand in order of priority, those
    sent for just that first, then those who can do least else; only up to the amount (RATE, HOLD) or the face (WORK, SERVICE);
    what is left then goes where more still helps.
    """
    order = sorted(demands, key=lambda d: (d.priority, d.id))
    held = dict.fromkeys((d.id for d in order), 0.0)
    changes: list[tuple[Crew, str, float]] = []
    free = _not_kept(crews, order, held)
    if free:
        free.sort(key=lambda c: (len(c.supplies), c.id))
        for top in (False, True):
            for demand in order:
                limit = demand.face if top or demand.kind in (DemandKind.WORK, DemandKind.SERVICE) else demand.amount
                if top and demand.kind is DemandKind.HOLD:
                    continue
                for crew in _able(free, demand):
                    if held[demand.id] >= min(limit, demand.face) * (1 - _ENOUGH):
                        break
                    held[demand.id] += crew.supplies[demand.capability]
                    free.remove(crew)
                    if crew.demand != demand.id:
                        changes.append((crew, demand.id, now + demand.set_up))
        changes += [(crew, "", now) for crew in free if crew.demand]
    return changes


def effort(
    demands: Sequence[Demand], crews: Iterable[Crew], now: float, fatigue: Fatigue
) -> tuple[dict[str, float], float]:
    """(effort by demand id from now on, the next time it changes by itself: a set-up ends, fatigue grows)."""
    total = {d.id: 0.0 for d in demands}
    served = {d.id: d for d in demands}
    change = float("inf")
    for crew in crews:
        if crew.demand not in total:
            continue
        if crew.effective > now:
            change = min(change, crew.effective)
            continue
        demand = served[crew.demand]
        supply = crew.supplies[demand.capability]
        if demand.wears:
            worked = round(now - crew.since, 3)  # on the grid of the clock: a step may not come a hair late
            supply *= fatigue.factor(worked)
            change = min(change, now + fatigue.next_step(worked))
        total[crew.demand] += supply
    for demand in demands:
        total[demand.id] = min(total[demand.id], demand.face)
    return total, change


def _not_kept(crews: Iterable[Crew], order: Sequence[Demand], held: dict[str, float]) -> list[Crew]:
    """The crews that do not stay with what they do; what the others hold is added to `held`."""
    wanted = {d.id: d for d in order}
    free: list[Crew] = []
    lent: list[Crew] = []
    for crew in crews:
        demand = wanted.get(crew.demand)
        if demand is None:
            free.append(crew)
        elif demand.capability != crew.task:
            lent.append(crew)
        elif held[demand.id] < (demand.amount if demand.kind is DemandKind.HOLD else demand.face) * (1 - _ENOUGH):
            held[demand.id] += crew.supplies.get(demand.capability, 0.0)
        else:
            free.append(crew)
    stood_in: list[Crew] = []
    for crew in lent:
        demand = wanted[crew.demand]
        more_helps = demand.kind is DemandKind.RATE and held[demand.id] < demand.face
        if _lacks(demand, held) or (more_helps and not _is_missed(crew, order, held)):
            held[demand.id] += crew.supplies.get(demand.capability, 0.0)
            stood_in.append(crew)
        else:
            free.append(crew)
    idle = [crew.task for crew in free if crew.supplies.get(crew.task, 0.0) > 0.0]
    for crew in stood_in:
        demand = wanted[crew.demand]
        # what is held never ends by itself: where all of it is, whoever was sent for just that takes the place of who stood in
        full = demand.kind is DemandKind.HOLD and not _lacks(demand, held)
        if full and demand.capability in idle and _is_missed(crew, order, held):
            idle.remove(demand.capability)
            held[demand.id] -= crew.supplies.get(demand.capability, 0.0)
            free.append(crew)
    return free


def _is_missed(crew: Crew, order: Sequence[Demand], held: Mapping[str, float]) -> bool:
    """Whether what a crew was sent for lacks people."""
    return any(d.capability == crew.task and _lacks(d, held) for d in order)


def _lacks(demand: Demand, held: Mapping[str, float]) -> bool:
    """Whether a demand has less than it asks for."""
    goal = demand.amount if demand.kind in (DemandKind.RATE, DemandKind.HOLD) else demand.face
    return held[demand.id] < min(goal, demand.face) * (1 - _ENOUGH)


def _able(crews: list[Crew], demand: Demand) -> list[Crew]:
    able = [c for c in crews if c.supplies.get(demand.capability, 0.0) > 0.0]
    able.sort(key=lambda c: c.task != demand.capability)  # stable: keeps the order within both parts
    return able
