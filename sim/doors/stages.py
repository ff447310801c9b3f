"""A staged accident as it stands after reading: names resolved to positions, units to SI, everything checked.

Numbers that depend on the incident (its scope, its drawn parameters, the hour, the terrain) are kept as `Amount`s in one
table; everything else refers to them by position and meets them as plain floats once the accident begins.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import msgspec

from sim.domain.hazards import DemandKind
from sim.domain.people import Status, Triage

NONE = -1  # a position that refers to nothing
OVER = -1  # the stage after the last


class Amount(msgspec.Struct, frozen=True):
    """A number that an incident settles: `value` × the named figures × `night` by night × the factor of the terrain."""

    value: float
    names: tuple[str, ...] = ()
    night: float = 1.0
    terrain: dict[str, float] = {}
    presence: str = ""  # a land use: times the share of its people who are there

    def settle(
        self, figures: Mapping[str, float], *, night: bool, terrain: str, presence: Callable[[str], float]
    ) -> float:
        """The number, SI."""
        value = self.value * self.terrain.get(terrain, 1.0)
        for name in self.names:
            value *= figures[name]
        if self.presence:
            value *= presence(self.presence)
        return value * self.night if night else value


class Fate(msgspec.Struct, frozen=True):
    """A share of people and what becomes of them; `status` TRAPPED keeps them in their group."""

    share: float
    status: Status
    triage: Triage | None = None


class Group(msgspec.Struct, frozen=True):
    """People in harm's way at the beginning; `entrapment` is the survival curve that runs for those who are trapped."""

    id: str
    count: int  # position of the number
    trapped: bool
    entrapment: str = ""


class Quantity(msgspec.Struct, frozen=True):
    """Something that grows or shrinks in proportion to time, and perhaps to itself; never below zero."""

    id: str
    initial: int
    rate: int
    loses: int = NONE  # share of it that goes by itself, a second


class Task(msgspec.Struct, frozen=True):
    """A demand as the file describes it.

    `amount` is the number of the demand, or of effort per unit of `quantity`, or of effort per person of `group`.
    """

    id: str
    kind: DemandKind
    capability: str
    amount: int
    quantity: int = NONE
    group: int = NONE
    gives: tuple[Fate, ...] = ()
    face: float = math.inf
    set_up: float = 0.0
    priority: int = 5
    within: float = 1.0  # s in which a commander wants it done


class Strike(msgspec.Struct, frozen=True):
    """On entering a stage: shares of a group meet these fates; `luck` says which of a person's draws decides."""

    group: int
    fates: tuple[Fate, ...]
    luck: int
    why: str


class Closure(msgspec.Struct, frozen=True):
    """On entering a stage: a link (its own if "") is closed, slowed or opened."""

    factor: float
    link: str = ""


class Told(msgspec.Struct, frozen=True):
    """On entering a stage: a moment worth telling."""

    name: str


class Addition(msgspec.Struct, frozen=True):
    """On entering a stage: so much more of a quantity."""

    quantity: int
    amount: int


class Severed(msgspec.Struct, frozen=True):
    """On entering a stage: of a service this share is left, within a radius or in the site's own town."""

    service: str
    share: int
    radius: int = NONE


class Area(msgspec.Struct, frozen=True):
    """On entering a stage: roads within a radius are closed, slowed or opened."""

    factor: float
    radius: int


class Blow(msgspec.Struct, frozen=True):
    """On entering a stage: responders at these demands are hit with these chances."""

    demands: tuple[str, ...]
    chances: dict[str, float]
    why: str


Entry = Strike | Closure | Told | Addition | Severed | Area | Blow


class Clock(msgspec.Struct, frozen=True):
    """While in a stage: whoever is still in a group is harmed at this rate per person, one by one."""

    group: int
    rate: int
    fates: tuple[Fate, ...]
    why: str


class Past(msgspec.Struct, frozen=True):
    """A figure from outside past a value: of the weather, or the share of a service."""

    name: str
    value: float  # in the unit in which the weather is kept
    above: bool


class End(msgspec.Struct, frozen=True):
    """What ends a stage: a span, a moment drawn once, work done, a rate held for a span, a figure past a threshold.

    `luck` says which draw of the accident decides its moment (`at_rate`) or whether it leads `to` there or `otherwise`.
    """

    to: int
    name: str  # of the event: the stage it leads to, or "over"
    reason: str
    after: int = NONE
    done: tuple[int, ...] = ()
    met: int = NONE
    span: int = NONE
    quantity: int = NONE
    threshold: int = NONE
    above: bool = False
    at_rate: int = NONE
    weather: Past | None = None
    service: Past | None = None
    chance: int = NONE
    otherwise: int = NONE
    luck: int = NONE


class Stage(msgspec.Struct, frozen=True):
    """A stage of the accident; `rates` holds the number of each quantity's rate in it."""

    id: str
    mode: str
    entries: tuple[Entry, ...]
    rates: tuple[int, ...]
    tasks: tuple[int, ...]
    clocks: tuple[Clock, ...]
    ends: tuple[End, ...]
    radius: int = NONE


class Staged(msgspec.Struct, frozen=True):
    """A whole staged accident. The first stage is where it begins."""

    numbers: tuple[Amount, ...]
    groups: tuple[Group, ...]
    quantities: tuple[Quantity, ...]
    tasks: tuple[Task, ...]
    stages: tuple[Stage, ...]
    strikes: int  # draws of luck a person needs for strikes
    draws: int  # … that the accident itself needs for its ends
    night_from: float  # local second of the day
    night_to: float
    seen_error: int = NONE
