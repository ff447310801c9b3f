"""Travel between the county seats of the real city agrees with the table of its SOURCES.md."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pytest

from sim.domain.places import Point
from sim.roads.network import Link, Network, Node, problems
from sim.roads.travel import Conditions, Router
from tests.roads_kit import ROOT, shipped

CITY = ROOT / "scenarios" / "cities" / "qujing"
SEATS = {
    "曲靖": "麒麟区",
    "沾益": "沾益区",
    "马龙": "马龙区",
    "陆良": "陆良县",
    "富源": "富源县",
    "宣威": "宣威市",
    "师宗": "师宗县",
    "罗平": "罗平县",
    "会泽": "会泽县",
}


def rows(name: str, folder: Path = CITY) -> list[dict[str, str]]:
    """A table of the city."""
    with (folder / name).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def network(*, unverified: bool) -> Network:
    """The road network, with or without the roads whose opening was not confirmed."""
    return Network.build(*read(unverified=unverified))


def read(*, unverified: bool) -> tuple[list[Node], list[Link]]:
    """Nodes and links of the city's files, as far as travel needs them."""
    nodes = [
        Node(
            row["node_id"],
            row["kind"],
            row["name_zh"],
            row["name_en"],
            Point(float(row["lon"]), float(row["lat"])),
            row["county_code"],
            row["town_code"],
            float(row["elevation_m"] or 0),
        )
        for row in rows("nodes.csv")
    ]
    links = [
        Link(
            row["road_id"],
            row["from_id"],
            row["to_id"],
            row["road_class"],
            round(float(row["length_km"]) * 1000, 3),
            row["terrain"],
            fast=row["road_class"] == "expressway",
        )
        for row in rows("roads.csv")
        if unverified or row["status"] != "unverified"
    ]
    return nodes, links


@cache
def seat(name: str) -> str:
    """The node of a place of the table: a county seat, or a city beyond the boundary."""
    nodes = network(unverified=False).nodes.values()
    if name in SEATS:
        return next(n.id for n in nodes if n.kind == "county_seat" and n.name_zh == SEATS[name])
    return next(n.id for n in nodes if n.name_zh.startswith(name) and n.kind not in ("township", "interchange"))


def table() -> dict[str, list[int]]:
    """Pair -> quickest km and min, shortest km, quickest km and min with the unverified roads, as SOURCES.md has them."""
    cells = r"\| (\S+-\S+) \| .* \| (\d+) \((\d+)\) \| (\d+) \| (\d+) \((\d+)\) \|"
    lines = re.findall(cells, (CITY / "SOURCES.md").read_text(encoding="utf-8"))
    return {pair: [int(figure) for figure in figures] for pair, *figures in lines}


def test_county_seats_are_as_far_apart_as_the_table_says():
    """Kilometres and minutes of the quickest way, kilometres of the shortest, with and without unverified roads."""
    travel = {unverified: Router(network(unverified=unverified), shipped()) for unverified in (False, True)}
    different = {}
    for pair, figures in table().items():
        a, b = map(seat, pair.split("-"))
        quickest, with_unverified = (
            router.route(Conditions(network(unverified=unverified)), "light", a, b)
            for unverified, router in travel.items()
        )
        found = [
            quickest.metres / 1000,
            quickest.seconds / 60,
            travel[False].metres(a, b, by="length") / 1000,
            with_unverified.metres / 1000,
            with_unverified.seconds / 60,
        ]
        if found != [pytest.approx(figure, abs=0.51) for figure in figures]:
            different[pair] = (figures, found)

    assert len(table()) == 18
    assert different == {}


@pytest.mark.parametrize("unverified", [False, True])
def test_the_city_s_roads_are_sound_and_connected(unverified):
    """No finding at all, with and without the unverified roads; all towns hang together."""
    nodes, links = read(unverified=unverified)

    assert problems(nodes, links) == []
    assert len(links) == 583 - (0 if unverified else 11)


def test_every_class_and_terrain_has_the_speed_the_city_s_data_assume():
    """Link by link, the shipped speeds of a light vehicle equal the column assumed_speed_kmh."""
    speeds = shipped()
    different = [
        row["road_id"]
        for row in rows("roads.csv")
        if abs(speeds.on_road("light", row["road_class"], row["terrain"]) * 3.6 - float(row["assumed_speed_kmh"]))
        > 1e-9
    ]

    assert different == []


def test_closing_every_expressway_costs_time_but_cuts_nobody_off():
    """All seats are still reached, most of them later, none in twice the longest time."""
    roads = network(unverified=False)
    travel, cond = Router(roads, shipped()), Conditions(roads)
    home = seat("曲靖")
    index = [roads.node_index[seat(name)] for name in SEATS]
    before = travel.times(cond, "heavy", home)[index]
    for id_ in roads.link_ids:
        if roads.links[id_].fast:
            cond.set_link(id_, 0.0)
    after = travel.times(cond, "heavy", home)[index]

    assert (after >= before).all()
    assert after.max() < 2 * before.max()
    assert (after > before).sum() >= 5
