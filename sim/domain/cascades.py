"""What may follow what: the edges between natures of accidents, and the four forms of their probability."""

from __future__ import annotations

import enum
import math

import msgspec

from sim.domain.parameters import Spread, Standing


class Form(enum.Enum):
    """How an edge decides whether it comes true; its luck is drawn once, by its name, its parent's and its target's."""

    BRANCH = "branch"  # with a probability, at an event
    FRAGILITY = "fragility"  # Φ(ln(size / threshold) / spread), at a shock of that size
    CLOCK = "clock"  # at a rate while a condition holds: 1 − exp(−∫ rate dt)
    RACE = "race"  # once a condition has held for as long as the target bears it


class While(msgspec.Struct, frozen=True):
    """A condition that holds or not: a reading, or a service at the target, between two values; or the parent's mode."""

    reading: str = ""
    service: str = ""
    mode: str = ""
    above: float = -math.inf
    below: float = math.inf


class Where(msgspec.Struct, frozen=True):
    """Where the child begins: `here`, on the nearest `link`, in the shock's `town`, at a `facility`, or down the `river`."""

    kind: str = "here"
    category: str = ""  # of facilities
    within: float = math.inf  # m from the parent's site (facility); along the river at least (river)
    most: int = 1  # facilities, the nearest first


class Amount(msgspec.Struct, frozen=True):
    """A scale variable of the child: a value (SI), or `times` a value of the parent's note, shock or reading."""

    value: float = 0.0
    of: str = ""
    times: float = 1.0


class Edge(msgspec.Struct, frozen=True):
    """An accident of nature `source` may be followed by one of nature `to`."""

    id: str
    zh: str
    en: str
    source: str
    to: str
    form: Form
    standing: Standing
    reference: str
    on: str = ""  # event, note or shock of the parent (branch, fragility)
    holds: While | None = None  # (clock, race)
    chance: float = 0.0
    size: str = ""
    threshold: float = 1.0
    spread: float = 0.0
    rate: float = 0.0
    lasts: Spread | None = None
    after: Spread | None = None
    where: Where = Where()
    cause: str = ""
    variant: str = ""
    grade: int | None = None
    scope: dict[str, Amount] = {}
