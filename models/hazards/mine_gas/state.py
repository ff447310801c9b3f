"""A mine after an explosion, an outburst or a dead fan: its air, the people still inside, what rescuers have done and found.

Places are metres of way from the portal (`at`): the intake first, then the region from its upstream to its downstream end.
Moments are seconds since the accident began (`age`).
"""

from __future__ import annotations

import enum
import math

import msgspec

from models.physics.escape import Miner


class Zone(enum.IntEnum):
    """Methane in the region."""

    LEAN = 0  # below the limit for people at work
    GASSY = 1
    EXPLOSIVE = 2
    RICH = 3  # too much to explode, until it is thinned


class Mine(msgspec.Struct, frozen=True):
    """What does not change: the affected airways and where the trouble sits."""

    void: float  # m³ of affected airways
    box: float  # m³ in which gas mixes
    way_in: float  # m from the portal to the region
    length: float  # m of way through the region
    seat: float  # m from the portal
    netted: float  # m of galleries in the region, side galleries included
    fan: float  # m³/s through the region with the fan on
    relief: float  # m between the portals
    elevation: float
    climb: float  # s more that the way out takes because it rises
    cage: float  # s between those who come up together
    people: int  # who were inside

    @property
    def section(self) -> float:
        """Open cross-section (m²) of all ways through the region together."""
        return self.void / self.length

    @property
    def end(self) -> float:
        """The downstream end of the region."""
        return self.way_in + self.length

    def along(self, at: float) -> float:
        """Metres of galleries that must be reconnoitred to come to a place."""
        return at if at <= self.way_in else self.way_in + (at - self.way_in) / self.length * self.netted


class Source(msgspec.Struct, frozen=True):
    """Gas that seeps in steadily, and what an outburst still gives off: `left` m³ at age 0, dying away over `tau`."""

    steady: float  # m³/s
    left: float = 0.0
    tau: float = math.inf


class Air(msgspec.Struct, frozen=True):
    """The air of the region, and what those in it without protection have taken up since age 0 (share of volume × s)."""

    methane: float
    monoxide: float = 0.0
    breathed: float = 0.0  # ∫ carbon monoxide
    stifled: float = 0.0  # ∫ methane beyond what leaves enough oxygen


class Later(msgspec.Struct, frozen=True):
    """The luck of an explosion that may come: what the clock must reach, and what it does."""

    rings: float
    heat: float
    roof: float
    doors: float
    fan: float
    yields: float  # carbon monoxide in what it leaves


class State(msgspec.Struct, frozen=True):
    """The accident at a moment; SI."""

    mine: Mine
    source: Source
    air: Air
    zone: Zone
    miners: tuple[Miner, ...]
    lucks: tuple[Later, ...]  # of explosions that may still come
    base: float  # squad·s until the way in is reconnoitred
    recon: float  # squad·s, in clear air, until the region is
    heap: float = 0.0  # kg of coal or rock on the way
    heap_all: float = 0.0
    heap_at: float = math.inf  # m: nobody passes there while it lies
    doors: float = 0.0  # squad·s until the air circuit is whole
    fan: float = 0.0  # crew·s until the fan can run
    heat: bool = False  # something glows or burns
    heat_known: bool = False
    cooling: float = 0.0  # squad·s until it is out
    sealing: float = 0.0  # squad·s until the region is sealed off
    bodies: int = 0  # dead who are still inside
    bodies_work: float = 0.0  # squad·s for the next of them
    explosions: int = 0
    clock: float = 0.0  # of the next explosion
    clear: bool = True  # carbon monoxide below its limit
    age: float = 0.0
    flow: float = 0.0  # m³/s
    supply: float = 1.0  # share of its power that the fan gets
    grid: float = 1.0  # share of its power that the area gets from outside
    fan_broken: bool = False  # by the blast: no power makes it run before it is repaired
    analysed: bool = False
    misjudged: float = 1.0
    over: bool = False
