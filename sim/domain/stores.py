"""Supplies and money: what is stocked where, who asks for how much of it, what a government has in reserve.

Amounts are counted in an item's own unit; money is in yuan, times are seconds. What a city stocks is the city's
(`scenarios/cities/<city>/depots.yaml`), what an item is for and how much of it a person needs are the models'.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import msgspec

from sim.domain.hazards import Sighting

_FIGURES = "figures."


class Want(msgspec.Struct, frozen=True):
    """So much of an item for each one of a group, perhaps only by night or only in the cold (below so many °C)."""

    group: str
    per: float
    night: bool = False
    below: float = math.inf


class Item(msgspec.Struct, frozen=True):
    """A kind of supplies. `truck` of it fill a lorry; `most` is all that one incident has a use for; loaded by `rank`."""

    id: str
    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    truck: float
    price: float = 0.0  # yuan each
    most: float = math.inf
    basic: bool = False  # basic living aid, for which there is a deadline
    wants: tuple[Want, ...] = ()
    rank: int = 0

    @property
    def serves(self) -> float:
        """How many of the people it is first of all for one of it serves."""
        return 1.0 / self.wants[0].per if self.wants else 1.0

    def wanted(self, believed: Mapping[str, float], *, night: bool, temperature: float) -> float:
        """What is needed of it, in whole units, for as many of each group as are believed to be in need."""
        found = math.fsum(
            want.per * believed.get(want.group, 0.0)
            for want in self.wants
            if temperature < want.below and (night or not want.night)
        )
        return float(math.ceil(min(found, self.most) - 1e-9))


class Depot(msgspec.Struct, frozen=True):
    """A place where supplies lie: of a tier as posts are (1 township … 4 province) and of the area of that post."""

    id: str
    name_zh: str
    name_en: str
    tier: int
    area: str  # county or township code; "" for the city and the province
    node: str
    stock: dict[str, float]
    docks: int = 1  # convoys that are loaded at the same time


class Reserve(msgspec.Struct, frozen=True):
    """What a government may spend on emergencies this year (预备费), by its post."""

    post: str
    amount: float  # yuan


class Stores(msgspec.Struct, frozen=True):
    """All depots and reserves of a city, and what of a report asks for supplies, by nature of the accident.

    `groups` says, by nature and group, which fields of a sighting (its figures as `figures.<name>`) are added up, each times
    its factor.
    """

    items: dict[str, Item]
    groups: dict[str, dict[str, dict[str, float]]]
    depots: dict[str, Depot]
    reserves: dict[str, Reserve]
    vehicle: str  # class of vehicle that carries them
    aid: dict[str, float] = {}  # share of each group that gets public living aid
    unit_pays: tuple[str, ...] = ()  # severity scales of accidents whose rescue the unit at fault pays for in the end

    def believed(self, nature: str, seen: Sighting) -> dict[str, float]:
        """How many of each group a report speaks of."""
        return {
            group: max(0.0, math.fsum(factor * _read(seen, name) for name, factor in sorted(terms.items())))
            for group, terms in self.groups.get(nature, {}).items()
        }


def _read(seen: Sighting, name: str) -> float:
    if name.startswith(_FIGURES):
        return seen.figures.get(name.removeprefix(_FIGURES), 0.0)
    return float(getattr(seen, name))
