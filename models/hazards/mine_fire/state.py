"""A mine fire at a moment: heat and what limits it, smoke and who is in it, seals and what they hold back.

Places are metres of way from the portal (`at`); moments are seconds since the fire was noticed (`age`).
"""

from __future__ import annotations

import msgspec

from models.physics.escape import Miner


class Region(msgspec.Struct, frozen=True):
    """What does not change: the ways of the region and where it burns."""

    void: float  # m³ of airways
    way_in: float  # m from the portal to the region
    length: float  # m of way through it
    seat: float  # m from the portal
    netted: float  # m of galleries downstream of the fire
    fan: float  # m³/s through the region with the fan on
    relief: float  # m between the portals
    elevation: float
    climb: float  # s more that the way out takes because it rises
    cage: float  # s between those who come up together
    people: int

    @property
    def end(self) -> float:
        """The downstream end of the region."""
        return self.way_in + self.length

    @property
    def section(self) -> float:
        """Open cross-section (m²) of all ways through the region together."""
        return self.void / self.length


class Sums(msgspec.Struct, frozen=True):
    """What somebody in the smoke without protection has taken up since age 0 (share of volume × s)."""

    breathed: float = 0.0
    stifled: float = 0.0  # smoke leaves enough oxygen to walk in


class State(msgspec.Struct, frozen=True):
    """The fire at a moment; SI."""

    region: Region
    heat: float  # W
    growth: float  # W/s², of a t² fire
    fuel_peak: float  # W that the fuel can give
    fuel: float  # J left; inf for a seam
    miners: tuple[Miner, ...]
    base: float  # squad·s until the way in is reconnoitred
    recon: float  # squad·s in clear air until all galleries in the smoke are
    seals: float  # squad·s until intake and return are sealed
    emission: float  # m³/s of methane in the region
    downhill: bool  # the air goes down where it burns: enough heat turns it
    own: float  # m³/s of water by those on the spot, as long as they can stay
    rings: tuple[float, ...] = ()  # what the clock must reach for each explosion that may come
    methane: float = 0.0
    explosive: bool = False  # methane in its range, with oxygen, at a fire
    clock: float = 0.0
    explosions: int = 0
    sums: Sums = Sums()
    limited: bool = False  # air or fuel lets it grow no more
    near: bool = True  # not too hot to fight it by hand
    backs: bool = False  # smoke runs back against the air
    reversed: bool = False
    out: bool = False
    damping: float = 0.0  # squad·s until nothing glows any more, once it is out
    sealed: bool = False
    monoxide: float = 0.0  # behind the seals
    oxygen: float = 1.0  # share of its usual oxygen left behind the seals
    bodies: int = 0
    bodies_work: float = 0.0
    flow: float = 0.0  # m³/s
    grid: float = 1.0  # share of its power that the area gets
    age: float = 0.0
    misjudged: float = 1.0
    over: bool = False

    @property
    def inside(self) -> int:
        """People alive who are not out."""
        return len(self.miners)
