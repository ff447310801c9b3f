"""A collapsed building, trench or scaffold at a moment: who lies where, what work is left, what may come down again."""

from __future__ import annotations

import enum
import math

import msgspec

from sim.domain.places import Weather


class Reach(enum.IntEnum):
    """How hard it is to get at somebody, in the order in which rescuers turn to them."""

    SURFACE = 0
    LIGHT = 1
    VOID = 2
    ENTOMBED = 3


class Buried(msgspec.Struct, frozen=True):
    """Somebody under the rubble: `left` person·s of work, or until `depth` (share of the rubble) has been cleared away.

    `smothers` is the age at which they are dead for want of air; `luck` decides how hurt they come out, `blow` whether a
    secondary collapse kills them.
    """

    id: str
    site: int
    reach: Reach
    left: float
    toil: float  # person·s that it was
    depth: float
    luck: float
    blow: float
    smothers: float = math.inf


class Part(msgspec.Struct, frozen=True):
    """What still stands at a site: when it comes down by its clock (inf: it has), the shoring it takes, whether it holds."""

    strikes: float
    shoring: float  # crew·s
    shored: bool = False


class State(msgspec.Struct, frozen=True):
    """The sites at a moment; SI. `age` counts from the collapse; several sites share what comes to help."""

    sites: int
    faces: int  # places to work at, all sites together
    rubble: float  # m³ that came down
    easy: tuple[Buried, ...]  # seen or heard: surface, then lightly trapped
    deep: tuple[Buried, ...]  # in voids, then entombed
    bodies: tuple[float, ...]  # depth at which each of the dead lies, the shallowest first
    search: float  # person·s of search a site
    neighbours: float  # people on the spot who dig
    neighbours_from: float
    neighbours_until: float
    hardens: float  # age at which poured concrete sets
    hope: float  # age from which nobody is expected alive
    standing: tuple[Part, ...]  # by site
    misjudged: float  # factor by which everybody misjudges the rubble
    dark: bool
    light_left: float  # s until dusk or dawn
    weather: Weather
    age: float = 0.0
    helping: bool = False
    hard: bool = False
    given_up: bool = False
    cleared: float = 0.0  # m³
    searched: float = 0.0  # person·s
    sites_searched: int = 0
    clock: float = 0.0  # of secondary collapses
    over: bool = False

    @property
    def trapped(self) -> int:
        """People under the rubble who were not killed by it."""
        return len(self.easy) + len(self.deep)

    @property
    def active(self) -> tuple[int, ...]:
        """Sites where somebody is still trapped."""
        return tuple(sorted({who.site for who in self.easy} | {who.site for who in self.deep}))

    @property
    def unshored(self) -> tuple[int, ...]:
        """Those of them where it may come down at any time."""
        return tuple(site for site in self.active if not self.standing[site].shored)
