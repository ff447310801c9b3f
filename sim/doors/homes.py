"""Where the teams of a roster are at home: what the column `home` says, and what the column `kinds` makes of a split."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sim.doors.city_language import AreaEntry, CityFile, NodeRow, PlaceRow, TownRow
from sim.units import UnitError, parse_quantity

SEAT, SEATS, TOWNS = "seat", "seats", "towns"
WORDS = (SEAT, SEATS, TOWNS)


@dataclass(frozen=True)
class Homes:
    """What the column `home` can say: words, nodes, places and categories of places."""

    seats: tuple[str, ...]  # nodes of the counties' seats
    towns: Mapping[str, tuple[str, ...]]  # county -> township codes, ascending; "" -> all
    nodes: frozenset[str]
    places: frozenset[str]
    categories: Mapping[tuple[str, str], tuple[str, ...]]  # (category, county or "" for all) -> places, ascending

    @classmethod
    def of(
        cls, city: CityFile, nodes: Iterable[NodeRow], towns: Iterable[TownRow], places: Iterable[PlaceRow]
    ) -> Homes:
        """The homes a city offers."""
        places = tuple(places)
        by_county: dict[str, list[str]] = {}
        for town in sorted(towns, key=lambda t: t.code):
            for county in (town.county_code, ""):
                by_county.setdefault(county, []).append(town.code)
        by_category: dict[tuple[str, str], list[str]] = {}
        for place in sorted(places, key=lambda p: p.poi_id):
            for county in dict.fromkeys((place.county_code, "")):
                by_category.setdefault((place.category, county), []).append(place.poi_id)
        return cls(
            seats=tuple(sorted(area.seat for area in city.areas.values() if area.county)),
            towns={county: tuple(codes) for county, codes in by_county.items()},
            nodes=frozenset(n.node_id for n in nodes),
            places=frozenset(p.poi_id for p in places),
            categories={key: tuple(ids) for key, ids in by_category.items()},
        )

    def known(self) -> list[str]:
        """Everything that may stand in the column."""
        return sorted({*WORDS, *self.nodes, *self.places, *(category for category, _ in self.categories)})

    def of_team(self, home: str, area: AreaEntry) -> tuple[str, ...]:
        """The ids of nodes, townships or places over which a team of that area is spread; empty if there are none."""
        county = area.county or ""
        match home:
            case "seat":
                return (area.seat,)
            case "seats":
                return self.seats
            case "towns":
                return self.towns.get(county, ())
            case _ if home in self.nodes or home in self.places:
                return (home,)
            case _:
                return self.categories.get((home, county), ())


def weights_of(written: str, category: str, split: Mapping[str, float]) -> dict[str, float]:
    """The kinds of a team with their weights: `crew`, or `crew:2 section:1`; the category's split where nothing is said.

    Raises `ValueError` for what is no such list; whether the kinds are there is for the caller to see.
    """
    if not written:
        return dict(split)
    weights: dict[str, float] = {}
    for part in written.split():
        kind, colon, text = part.partition(":")
        try:
            weight = parse_quantity(text, "count") if colon else 1.0
        except UnitError:
            weight = 0.0
        if weight <= 0 or f"{category}.{kind}" in weights:
            raise ValueError(f"'{part}' is no kind with a weight, or comes twice; write 'crew' or 'crew:2 section:1'")
        weights[f"{category}.{kind}"] = weight
    return weights
