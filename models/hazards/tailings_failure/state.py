"""A tailings pond at a moment: what keeps the dam up, who lives below, and after it failed, where the mud is and who is in it."""

from __future__ import annotations

import math

import msgspec


class Villager(msgspec.Struct, frozen=True):
    """Somebody below who is at home. `flees` is how long they take to get out of its way once it comes; luck decides the rest."""

    id: str
    flees: float
    place: float  # in the middle of the path, or at its margin
    fate: float  # how badly it takes them
    badly: float  # how badly they are hurt, if they live
    dig: float  # crew·s to free them, if they are caught


class Village(msgspec.Struct, frozen=True):
    """People at one distance below; they are led out in the order of `people`, the first `out` of them are."""

    id: str
    x: float  # m below the dam
    code: str  # township, "" for the houses below the dam itself
    people: tuple[Villager, ...]
    out: int = 0
    reached: bool = False

    @property
    def inside(self) -> tuple[Villager, ...]:
        """Who is still there."""
        return self.people[self.out :]


class Flow(msgspec.Struct, frozen=True):
    """What comes down if it fails."""

    volume: float  # m³
    runout: float  # m
    speed: float  # m/s
    toxic: float  # kg


class State(msgspec.Struct, frozen=True):
    """The pond and the valley; SI. `age` counts from the first signs, `since` from the failure."""

    flow: Flow
    nerve: float  # the hazard at which the dam gives way (unit exponential)
    villages: tuple[Village, ...]
    water: float  # m³ of free water that makes it dangerous
    full: float  # … at the beginning
    toe: float  # person·s of weighting its toe
    runoff: float  # person·s of damming what runs on
    towns: tuple[str, ...]  # whose roads it reaches
    rain: float = 0.0  # m³/s that rain brings
    pumped: float = 0.0
    used: float = 0.0  # what the clock of the dam has used
    age: float = 0.0
    moved: float = 0.0  # people led out, as work
    thirds: int = 0  # of the water that are gone
    sound_for: float = 0.0  # s that it has stood with all done
    failed: bool = False
    since: float = 0.0
    caught: tuple[Villager, ...] = ()  # alive in the mud, in the order in which they are freed
    freeing: float = 0.0  # crew·s until the next is free
    debris: float = 0.0  # m³ over the houses
    dead: int = 0
    over: bool = False

    @property
    def exposed(self) -> int:
        """People still in its way."""
        return sum(len(village.inside) for village in self.villages if not village.reached)

    @property
    def sound(self) -> bool:
        """Whether all that could be done for the dam is done."""
        return not self.failed and self.water <= 0.0 and self.toe <= 0.0

    @property
    def way(self) -> float:
        """How far the front has come, m."""
        return min(self.flow.runout, self.flow.speed * self.since) if self.failed else 0.0

    @property
    def running(self) -> bool:
        """Whether the mud still moves."""
        return self.failed and self.since * self.flow.speed < self.flow.runout and not math.isinf(self.since)
