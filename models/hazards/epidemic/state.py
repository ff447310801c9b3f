"""Where an epidemic stands: plain numbers, SI. The first infections are followed one by one, a wide spread as a flow."""

from __future__ import annotations

import enum
import math

import msgspec


class Way(enum.IntEnum):
    """How an infection would come about."""

    SEED = 0  # brought in: nothing stops it
    CONTACT = 1
    WATER = 2  # shed into water, drunk later
    SOURCE = 3  # a common source: a well, a canteen, animals


class Course(msgspec.Struct, frozen=True):
    """What becomes of somebody who needs a bed, drawn once: for how long, how much danger they bear, how grave it is."""

    stay: float  # s
    doom: float  # of the clock of danger, exponential with mean 1
    grave: float  # uniform; small is grave


class Contact(msgspec.Struct, frozen=True):
    """An infection that would come about if nothing stopped it; `mark` (uniform) is the luck that measures must beat."""

    name: str  # of whoever would be infected: their infector's, and which contact of theirs
    parent: int  # the infector's place in the tree, -1 nobody
    way: Way
    shed: float  # s since the start: when the infector gives it off
    at: float  # when it is caught
    mark: float


class Node(msgspec.Struct, frozen=True):
    """Somebody who would be infected, and what would become of them."""

    contact: Contact
    infectious: float  # signs begin, and others can catch it
    recovers: float
    trace: float  # of the clock of tracing, exponential with mean 1; inf if nobody can find them
    severe: float = math.inf  # when a bed is needed; inf if never
    course: Course | None = None


class Tree(msgspec.Struct, frozen=True):
    """All infections of an unchecked course up to `until`, in the order in which they would come; `open` are the next."""

    nodes: tuple[Node, ...]
    until: float  # beyond it they were not drawn yet; inf if it would burn out by itself before
    open: tuple[Contact, ...]
    key: float
    source_until: float


class Due(msgspec.Struct, frozen=True):
    """Somebody infected who will need a bed."""

    at: float
    id: str
    course: Course


class Patient(msgspec.Struct, frozen=True):
    """Somebody who needs a bed, with or without one: `used` of their clock of danger, which runs at `rate`."""

    id: str
    since: float
    leaves: float
    rate: float
    doom: float
    grave: float
    used: float = 0.0
    referred: bool = False  # in a designated hospital


class Flow(msgspec.Struct, frozen=True):
    """A wide spread: how many stand where at the last node of the grid, and what measures came to since (∫ dt)."""

    node: float  # s since the start
    susceptible: float
    exposed: float
    infectious: float  # whom tracing can find
    hidden: float  # whom it cannot
    water: float  # the infectious, as the water remembers them
    infected: float  # so far, in this flow
    onsets: float
    falling: float  # will need a bed
    fallen: float  # have come to need one
    source: float = 0.0  # 1/s
    source_until: float = 0.0
    contact: float = 0.0
    treated: float = 0.0
    tracing: float = 0.0


class State(msgspec.Struct, frozen=True):
    """`ended` is by node when somebody ceases to infect (-1: not infected), `target` the clock of tracing that finds them."""

    people: float
    seeds: float
    r0: float
    beta: float  # infections a second and infectious person where all can catch it
    severe: float  # share of the infected who need a bed
    tree: Tree
    marks: tuple[float, ...]  # at these sums of a flow one more needs a bed
    courses: tuple[Course, ...]
    ended: tuple[float, ...]
    target: tuple[float, ...]
    beds: float
    inquiry: float  # crew·s
    testing: float
    source: float  # crew·s to shut a source and make water safe
    next_tick: float
    exposed: tuple[int, ...] = ()
    infectious: tuple[int, ...] = ()
    next: int = 0
    traced: float = 0.0  # the clock of tracing
    infected: float = 0.0
    onsets: float = 0.0
    isolated: float = 0.0
    flow: Flow | None = None
    spawned: int = 0  # of those whom the flow made need a bed
    crowd: float = 0.0  # beyond those who are followed one by one: in need of a bed now
    crowd_dead: float = 0.0
    due: tuple[Due, ...] = ()
    patients: tuple[Patient, ...] = ()
    fallen: int = 0  # of those followed, who came to need a bed
    recovered: int = 0
    dead: int = 0
    transferred: int = 0
    staff: float = 0.0  # community staff that watching over all neighbourhoods with cases takes
    known: float = 0.0  # cases at the last daily count
    today: float = 0.0  # of that day
    counts: tuple[float, ...] = ()  # cases at the counts of one incubation, the oldest first
    doses: float = 0.0  # of this day
    given: tuple[float, ...] = ()  # by day, the oldest first
    immune: float = 0.0  # share of people protected by now
    effort: tuple[tuple[str, float], ...] = ()
    last: float = 0.0  # the last onset
    age: float = 0.0
    beyond: float = 0.0  # of the flow, who came to need a bed beyond those followed
    clear: bool = False  # as of the last count: nobody is left who could infect
    over: bool = False
