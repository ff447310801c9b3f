"""A spell of ice at a moment: its weather, roads by kind, people stranded, lines, trees, pipes, homes."""

from __future__ import annotations

import enum
import math

import msgspec

from models.physics.monoxide import Poisoned


class Surface(enum.IntEnum):
    """What lies on a road, from harmless to worst."""

    DRY = 0
    WET = 1
    SNOW = 2
    PACKED = 3
    GLAZE = 4

    @property
    def frozen(self) -> bool:
        """Whether it must be treated."""
        return self >= Surface.SNOW


class Phase(enum.IntEnum):
    """How far the spell itself has come."""

    FALLING = 0
    COLD = 1
    PAST = 2


class Road(msgspec.Struct, frozen=True):
    """All roads of a kind: bridges, main roads, others. `hold` runs from 0 (free) to 1 (frozen)."""

    name: str
    length: float  # m of lanes
    grade: float
    freezes_at: float  # °C
    lag: float  # s that it takes to freeze when wet
    flow: float  # vehicles/s by day
    surface: Surface = Surface.DRY
    hold: float = 0.0
    snowed: float = 0.0  # s under snow that is not packed yet
    treated: float = 0.0  # share of its length
    seen: float = 0.0  # that share at the last event: what is told of roads goes by it
    good: bool = False  # treated enough to be open
    closed: bool = False
    wrecks: int = 0
    risk: float = 0.0  # what the clock of crashes has used
    strikes: tuple[float, ...] = ()  # when crashes block it, on that clock

    @property
    def untreated(self) -> float:
        """Share of its length that is frozen and not treated."""
        return 1 - self.treated if self.surface.frozen else 0.0


class Frail(msgspec.Struct, frozen=True):
    """Somebody stranded who bears little: warm for `fuel` s, then so much of the clock of cold."""

    id: str
    fuel: float
    bears: float
    badly: bool
    cold: float = 0.0


class Batch(msgspec.Struct, frozen=True):
    """People stranded one after another: they are there when `last` have arrived, and away when `last` have left."""

    last: float
    frail: tuple[Frail, ...]
    there: bool = False
    waited: float = 0.0


class Line(msgspec.Struct, frozen=True):
    """A group of lines with what ice it bears."""

    strength: float  # m
    meltable: bool = False
    ice: float = 0.0
    down: bool = False


class State(msgspec.Struct, frozen=True):
    """The spell at a moment; SI, temperatures in °C."""

    phase: Phase
    phase_left: float  # s
    lingers: float
    rain: float  # m/s of water that the spell itself brings while it falls
    cold: float  # °C that it brings
    roads: tuple[Road, ...]
    batches: tuple[Batch, ...]
    lines: tuple[Line, ...]
    design: float
    poisoned: tuple[Poisoned, ...]
    people: float  # residents around
    day: bool
    part_left: float
    festival: float
    temperature: float = 0.0
    falls: float = 0.0  # m/s of water now
    wind: float = 0.0
    ice: float = 0.0  # m on what nobody melts
    snow: float = 0.0  # m
    melt: float = 0.0  # crew·s until the next group of lines is free
    trees: float = 0.0  # m³ fallen and not cleared
    trees_from: float = math.inf  # m of ice at which they break
    trees_fell: bool = False
    blocked: bool = False  # trees block roads
    wreck: float = 0.0  # crew·s on wrecks that block
    queue: tuple[int, ...] = ()  # the kinds of road on which they lie, the first crash first
    pipes: float = 0.0  # crew·s on burst pipes
    arrived: float = 0.0  # people stranded so far
    left: float = 0.0  # of them away again
    crowd: float = 0.0  # people stranded at the last event
    hypothermic: int = 0
    co: float = 0.0
    found: int = 0
    slowed: float = 1.0  # what roads were last told to be slowed to
    grid_told: bool = False
    age: float = 0.0
    over: bool = False

    @property
    def lanes(self) -> float:
        """All lanes, m."""
        return math.fsum(road.length for road in self.roads)

    @property
    def stranded(self) -> float:
        """People who are stuck now."""
        return max(0.0, self.arrived - self.left)

    @property
    def closed(self) -> bool:
        """Whether any kind of road is closed."""
        return any(road.closed for road in self.roads)

    @property
    def down(self) -> int:
        """Groups of lines that have failed."""
        return sum(line.down for line in self.lines)
