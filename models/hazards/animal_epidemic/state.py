"""Where an animal epidemic stands: plain numbers, SI."""

from __future__ import annotations

import enum

import msgspec

from models.hazards.animal_epidemic.spread import Contact


class Phase(enum.IntEnum):
    """What has become of a farm: free, incubating, shedding, found, culled with it or for precaution."""

    FREE = 0
    INCUBATING = 1
    SHEDDING = 2
    FOUND = 3
    CULLED = 4
    PRECAUTION = 5


HIDDEN = (Phase.INCUBATING, Phase.SHEDDING)  # it has it and nobody knows
KNOWN = (Phase.FOUND, Phase.CULLED)  # it is on the list of those that had it
ENDED = (Phase.CULLED, Phase.PRECAUTION)  # nothing goes from it any more


class Farm(msgspec.Struct, frozen=True):
    """A farm and its luck, drawn once; spans are seconds from when it begins to shed."""

    heads: float
    delay: float  # until its owner reports it, unless it is found before
    visit: float  # uniform: its turn in a round of visits
    passes: tuple[Contact, ...]
    ring: tuple[int, ...] = ()  # farms culled beside it for precaution


class Arrival(msgspec.Struct, frozen=True):
    """The disease on its way to a farm: it comes at `at` (s since the beginning) if `source` still sheds then."""

    at: float
    source: int
    what: Contact


class Job(msgspec.Struct, frozen=True):
    """Animals to be killed on a farm: crew·s left of `work`."""

    farm: int
    left: float
    work: float
    ring: bool  # for precaution, nothing found there


class Hand(msgspec.Struct, frozen=True):
    """Somebody who works on a farm and will catch it unless that ends in time; `red` and `dies` are their fate untreated."""

    id: str
    farm: int
    caught: float  # s from when the farm began to shed; from its infection on, since the beginning, as the next two
    ill: float
    ends: float  # death, or recovery at home
    red: bool
    dies: bool
    stage: int = 0  # 0 not yet caught, 1 incubating, 2 ill and not found


class State(msgspec.Struct, frozen=True):
    """`phases` and `marks` are by farm; a mark is the visits (crew·s, all farms together) at which a shedding farm is found."""

    farms: tuple[Farm, ...]
    phases: tuple[Phase, ...]
    marks: tuple[float, ...]
    since: tuple[float, ...]  # when each farm got it, s since the beginning; inf if it has not
    to_come: tuple[Arrival, ...]  # the soonest first
    all_heads: float
    near_rate: float  # infections a second by a usual farm through the neighbourhood, …
    moved_rate: float  # … and through movements
    sampling: float  # crew·s left until the samples are on their way
    reference: float  # s that the reference laboratory takes
    vaccinating: float  # crew·s left
    hands: tuple[Hand, ...] = ()  # on farms that have it
    at_risk: tuple[Hand, ...] = ()  # on those that have not
    staff: tuple[int, ...] = ()  # people who work on each farm, where the disease passes to people
    jobs: tuple[Job, ...] = ()
    sampled: bool = False
    confirmed: bool = False
    closed: bool = False  # points on the roads are manned
    immune_from: float = float("inf")
    condemned: float = 0.0  # m³ of all that is to be buried
    dug: float = 0.0
    filled: float = 0.0  # m³ of pits of which it was told that they suffice
    culled: float = 0.0  # heads
    culled_volume: float = 0.0
    cleaning: float = 0.0  # crew·s left
    cleaned: float = 0.0
    visited: float = 0.0  # crew·s of visits so far
    clear_from: float = float("inf")
    age: float = 0.0
    ill: int = 0
    crews: float = 0.0  # at the culling
    digging: float = 0.0  # m³/s
    held: float = 0.0  # share of the points that is manned
    over: bool = False
