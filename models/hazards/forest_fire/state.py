"""What a forest fire is made of at a moment: sectors of its edge, hamlets in its way, luck drawn once."""

from __future__ import annotations

import enum
import math

import msgspec

from sim.domain.places import Weather

_WHOLE = 1e-9  # a person short by rounding only is a whole one


class Edge(enum.IntEnum):
    """How a sector stands: burning outwards, held by a line (or a fuel break), or cold."""

    OPEN = 0
    HELD = 1
    COLD = 2


class Sector(msgspec.Struct, frozen=True):
    """One sector of the edge. Lengths in metres; `gusts` is the ember clock and `next_gust` what it strikes at."""

    radius: float
    stops: float  # radius at which a fuel break ends it
    next_gust: float
    edge: Edge = Edge.OPEN
    built: float = 0.0  # m of line standing
    gusts: float = 0.0
    mop: float = 0.0  # person·s of mopping up left while HELD


class Hamlet(msgspec.Struct, frozen=True):
    """People `distance` metres from the seat, in the direction of `sector`.

    `luck` decides, person by person, what becomes of those whom the front catches.
    """

    sector: int
    distance: float
    people: tuple[str, ...]
    luck: tuple[float, ...]
    threatened: bool = False
    left: float = 0.0  # people under way or out, as the flow has it
    safe: int = 0  # of whom so many have been told of
    settled: bool = False  # all out, caught, or the danger is past

    @property
    def waits(self) -> bool:
        """Whether people here must still be moved."""
        return self.threatened and not self.settled

    @property
    def out(self) -> int:
        """People under way or out, in whole persons."""
        return min(len(self.people), math.floor(self.left + _WHOLE))


class State(msgspec.Struct, frozen=True):
    """A fire at a moment. Times in s, rain in m, `line_factor` the share of the open-ground line rate kept here."""

    sectors: tuple[Sector, ...]
    hamlets: tuple[Hamlet, ...]
    slope: float  # degrees
    line_factor: float
    next_spot: float
    weather: Weather
    part: int  # of the day
    part_left: float
    watch_left: float
    misjudged: tuple[float, float] = (0.0, 0.0)  # how those who look err in area and pace, in standard deviations
    rain: float = 0.0
    spots: float = 0.0  # the spot-fire clock
    over: bool = False
