"""Depots and supplies as people write them: `models/response/supplies.yaml`, and `depots.yaml` of a city."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from sim.case import County, Town
from sim.domain.command import Tier
from sim.domain.hazards import Sighting
from sim.domain.parameters import Standing
from sim.domain.stores import Depot, Item, Reserve, Stores, Want
from sim.doors.city_language import Id
from sim.doors.common import Bilingual, Day, Named, flag
from sim.errors import InvalidInput, Problem, suggest
from sim.reader import Document, Entry, Loc, load

_AREA = "{area}"
_FIGURES = "figures."
_PEOPLE = tuple(name for name in Sighting.__struct_fields__ if name != "figures")

Amount = Annotated[float, Field(ge=0, le=1e9)]


# ── models/response/supplies.yaml ──


class WantEntry(Entry):
    """So many for each one of a group."""

    of: str
    per: Annotated[float, Field(gt=0)]
    night: Annotated[bool, flag] = Field(False, description="Only by night")
    below: float = Field(math.inf, description="Only when it is colder, °C")


class ItemEntry(Named):
    """A kind of supplies."""

    unit: Bilingual
    truck: Annotated[float, Field(gt=0)] = Field(description="How many fill a lorry")
    price: Amount = Field(0.0, description="Yuan each")
    most: Annotated[float, Field(gt=0)] = Field(math.inf, description="All that one incident has a use for")
    basic: Annotated[bool, flag] = Field(False, description="Whether it is basic living aid")
    wants: list[WantEntry] = Field([])
    source: str = Field(min_length=1)


class SuppliesFile(Entry):
    """What there is, and what of a report asks for it."""

    standing: Standing
    source: str = Field(min_length=1)
    groups: dict[str, Named]
    believed: dict[str, dict[str, dict[str, float]]] = Field(description="By nature and group: fields and factors")
    items: dict[Id, ItemEntry]
    aid: dict[str, Annotated[float, Field(ge=0, le=1)]] = Field({}, description="Share of a group that gets public aid")
    unit_pays: list[str] = Field([], description="Severity scales of accidents that the unit at fault pays for")


def read_supplies(path: Path, *, root: Path | None = None) -> SuppliesFile:
    """The catalogue of supplies. Raises `InvalidInput` with every mistake."""
    document = load(path, root=root)
    file = document.as_(SuppliesFile)
    if problems := list(_misnamed(document, file)):
        raise InvalidInput(problems)
    return file


def _misnamed(document: Document, file: SuppliesFile) -> Iterator[Problem]:
    for name, item in file.items.items():
        for i, want in enumerate(item.wants):
            if want.of not in file.groups:
                at: Loc = ("items", name, "wants", i, "of")
                yield document.problem(at, f"there is no group '{want.of}'", suggest(want.of, sorted(file.groups)))
    for group in file.aid:
        if group not in file.groups:
            yield document.problem(("aid", group), f"there is no group '{group}'", suggest(group, sorted(file.groups)))
    for nature, groups in file.believed.items():
        for group, terms in groups.items():
            if group not in file.groups:
                at = ("believed", nature, group)
                yield document.problem(at, f"there is no group '{group}'", suggest(group, sorted(file.groups)))
            for term in terms:
                if not term.startswith(_FIGURES) and term not in _PEOPLE:
                    at = ("believed", nature, group, term)
                    what = f"a report has no '{term}'; its own figures are written figures.<name>"
                    yield document.problem(at, what, suggest(term, _PEOPLE))


# ── depots.yaml of a city ──


class DepotEntry(Entry):
    """One depot, or (without a node) one in every county or township, which share the stock by population."""

    name: Bilingual
    node: Id | None = Field(None, description="Where it is; depots of counties and townships are at their seats")
    docks: Annotated[int, Field(ge=1, le=100)] = Field(1, description="Convoys loaded at the same time")
    stock: dict[str, Amount]
    source: str = ""


class ReservesEntry(Entry):
    """What is left of each government's reserve for emergencies, yuan."""

    source: str = Field(min_length=1)
    province: Amount
    city: Amount
    county: Amount


class DepotsFile(Entry):
    """What a city stocks, and what its governments have in reserve."""

    standing: Standing
    source: str = Field(min_length=1)
    checked_on: Day | None = None
    vehicle: str = Field(description="Class of vehicle that carries supplies, as in the speeds")
    province: DepotEntry | None = None
    city: DepotEntry
    counties: DepotEntry | None = None
    townships: DepotEntry | None = None
    reserves: ReservesEntry


@dataclass(frozen=True)
class Written:
    """Both files, read and sound by themselves."""

    document: Document
    depots: DepotsFile
    supplies: SuppliesFile

    def mistakes(self, nodes: Iterable[str], vehicles: Sequence[str]) -> Iterator[Problem]:
        """Items nobody has heard of, depots that stand nowhere."""
        known, items = set(nodes), sorted(self.supplies.items)
        if vehicles and self.depots.vehicle not in vehicles:
            what = f"no vehicle class '{self.depots.vehicle}'"
            yield self.document.problem(("vehicle",), what, suggest(self.depots.vehicle, vehicles))
        for name in ("province", "city", "counties", "townships"):
            entry: DepotEntry | None = getattr(self.depots, name)
            if entry is None:
                continue
            for item in entry.stock:
                if item not in self.supplies.items:
                    yield self.document.problem(
                        (name, "stock", item), f"there is no item '{item}' in the catalogue", suggest(item, items)
                    )
            single = name in ("province", "city")
            if single and entry.node is None:
                yield self.document.problem((name,), "the node is missing", "say where the depot is: node: …")
            elif not single and entry.node is not None:
                remedy = "leave it out: there is one at every seat"
                yield self.document.problem((name, "node"), "these depots are many", remedy)
            elif entry.node is not None and entry.node not in known:
                what = f"no node '{entry.node}'"
                yield self.document.problem((name, "node"), what, suggest(entry.node, sorted(known)))


def read_depots(path: Path, supplies: Path) -> Written:
    """A city's depots with the catalogue. Raises `InvalidInput`."""
    document = load(path)
    return Written(document, document.as_(DepotsFile), read_supplies(supplies))


def stores_of(
    written: Written, counties: Mapping[str, County], towns: Mapping[str, Town], posts: Mapping[str, int]
) -> Stores:
    """The stores of a city; `posts` are the tiers of its posts by id."""
    file, supplies = written.depots, written.supplies
    ranked = [(name, _item(name, entry, i)) for i, (name, entry) in enumerate(supplies.items.items())]
    return Stores(
        items=dict(sorted(ranked, key=lambda pair: pair[0])),
        groups=supplies.believed,
        depots={depot.id: depot for depot in sorted(_depots(file, counties, towns), key=lambda depot: depot.id)},
        reserves={
            post: Reserve(post, getattr(file.reserves, Tier(tier).name.lower()))
            for post, tier in sorted(posts.items())
            if tier > Tier.TOWNSHIP
        },
        vehicle=file.vehicle,
        aid=dict(sorted(supplies.aid.items())),
        unit_pays=tuple(sorted(supplies.unit_pays)),
    )


def _item(name: str, entry: ItemEntry, rank: int) -> Item:
    wants = tuple(Want(w.of, w.per, w.night, w.below) for w in entry.wants)
    unit = entry.unit
    return Item(
        name, entry.zh, entry.en, unit.zh, unit.en, entry.truck, entry.price, entry.most, entry.basic, wants, rank
    )  # fmt: skip


def _depots(file: DepotsFile, counties: Mapping[str, County], towns: Mapping[str, Town]) -> Iterator[Depot]:
    for id_, entry, tier in (("D-PROVINCE", file.province, Tier.PROVINCE), ("D-CITY", file.city, Tier.CITY)):
        if entry is not None and entry.node is not None:
            name = entry.name
            yield Depot(
                id_, name.zh, name.en, int(tier), "", entry.node, dict(sorted(entry.stock.items())), entry.docks
            )
    people = {code: math.fsum(t.population for t in towns.values() if t.county == code) for code in counties}
    if file.counties is not None:
        seats = {code: (county.name_zh, county.name_en, county.seat) for code, county in counties.items()}
        yield from _shared(file.counties, Tier.COUNTY, people, seats)
    if file.townships is not None:
        points = {code: (town.name_zh, town.name_en, town.node) for code, town in towns.items()}
        yield from _shared(file.townships, Tier.TOWNSHIP, {c: t.population for c, t in towns.items()}, points)


def _shared(
    entry: DepotEntry, tier: Tier, weights: Mapping[str, float], places: Mapping[str, tuple[str, str, str]]
) -> Iterator[Depot]:
    """One depot in each area, with its share of the stock."""
    shares = {item: shared(amount, weights) for item, amount in sorted(entry.stock.items())}
    for code, (zh, en, node) in sorted(places.items()):
        stock = {item: parts[code] for item, parts in shares.items() if parts[code]}
        name = entry.name
        yield Depot(
            f"D-{code}", name.zh.replace(_AREA, zh), name.en.replace(_AREA, en), int(tier), code, node, stock, entry.docks
        )  # fmt: skip


def shared(amount: float, weights: Mapping[str, float]) -> dict[str, float]:
    """Whole units of an amount by weight; what is left over goes to the largest remainders, ties to the lower code."""
    whole = math.fsum(weights.values())
    exact = {code: amount * (weight / whole if whole else 1 / len(weights)) for code, weight in sorted(weights.items())}
    parts = {code: float(math.floor(share + 1e-9)) for code, share in exact.items()}
    left = round(amount - math.fsum(parts.values()))
    for code in sorted(parts, key=lambda code: (parts[code] - exact[code], code))[:left]:
        parts[code] += 1.0
    return parts
