"""A city of six nodes for the tests of the compiler, built in memory: every place and distance in it can be checked by hand.

A ──10 km── B ──10 km── C          one degree of latitude is 111.2 km; the roads lie on the parallel of 25° N
            │                      and on the meridian of 104° E
          10 km
            │
            D
"""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.case import City, Climate, County, Facility, Hospital, Town
from sim.domain.command import Post, Tier
from sim.domain.places import Point
from sim.roads.network import Link, Network, Node
from sim.scenario import compile as compiler

EAST = 10 / 100.7755  # degrees of longitude in 10 km on the parallel of 25° N
NORTH = 10 / 111.1951  # degrees of latitude in 10 km


def a_node(
    id_: str, zh: str, east: float, north: float, town: str = "", county: str = "1", elevation: float = 1900.0
) -> Node:
    """A node so many 10 km east and north of B."""
    return Node(id_, "town", zh, f"{id_}-town", Point(104 + east * EAST, 25 + north * NORTH), county, town, elevation)


def a_city(reverse: bool = False) -> City:
    """The city; `reverse` builds it of rows in the opposite order."""
    nodes = [
        a_node("A", "安镇", -1, 0, "11"), a_node("B", "北镇", 0, 0, "12"), a_node("C", "城镇", 1, 0, "21", "2", 2100.0),
        a_node("D", "东镇", 0, -1, "13"),
    ]  # fmt: skip
    links = [
        Link("R1", "A", "B", "national", 10_000.0, "basin", "1", "G1"),
        Link("R2", "B", "C", "county", 10_000.0, "mountain", "2"),
        Link("R3", "B", "D", "county", 10_000.0, "hilly", "1"),
    ]
    towns = [
        Town("11", "安镇", "Anzhen", "1", "A", 1000.0, 1900.0), Town("12", "北镇", "Beizhen", "1", "B", 2000.0, 1900.0),
        Town("13", "东镇", "Dongzhen", "1", "D", 3000.0, 1800.0), Town("21", "安镇", "Anzhen", "2", "C", 4000.0, 2100.0),
    ]  # fmt: skip
    if reverse:
        nodes, links, towns = nodes[::-1], links[::-1], towns[::-1]
    return City(
        id="town", name_zh="试验市", name_en="Testville", timezone="Asia/Shanghai",
        network=Network.build(nodes, links), speeds=None,  # type: ignore[arg-type] # no journey is made here
        counties={"1": County("1", "甲县", "Jia", "B", ("2",)), "2": County("2", "乙县", "Yi", "C", ("1",))},
        towns={t.code: t for t in towns},
        facilities={"P1": Facility("P1", "site", "老井", "Old Pit", Point(104.0, 25 - 0.5 * NORTH + 0), "1", "12", "B")},
        hospitals=(Hospital("H1", "县医院", "Hospital", "B", "1", 2),),
        climate={("1", 7): Climate(20.0, 180.0, 3.0), ("2", 7): Climate(12.0, 200.0, 5.0)},
        capabilities={}, kinds={}, teams={}, holdings=(),
        posts={
            "CITY": Post("CITY", "市指挥部", "City", Tier.CITY),
            "P-1": Post("P-1", "甲县指挥部", "Jia county", Tier.COUNTY, "CITY", "1"),
            "P-2": Post("P-2", "乙县指挥部", "Yi county", Tier.COUNTY, "CITY", "2"),
        },
        levels={"default": {1: 4, 2: 3, 3: 2, 4: 1}},
    )  # fmt: skip


def settle(folder: Path, monkeypatch: pytest.MonkeyPatch, city: City | None = None) -> Path:
    """Makes `folder` a data folder whose only city, town, is this one."""
    (folder / "cities" / "town").mkdir(parents=True, exist_ok=True)
    (folder / "cities" / "town" / "city.yaml").write_text("id: town\n", encoding="utf-8")
    there = city or a_city()
    monkeypatch.setattr(compiler, "load_city", lambda folder, **options: there)
    return folder
