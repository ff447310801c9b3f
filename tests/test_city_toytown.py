"""Toytown: its README says every time, and the program finds the same."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from sim.case import City
from sim.domain.places import Site, Weather
from sim.doors.city import check_city, load_city
from sim.roads.travel import Conditions, Router

FOLDER = Path(__file__).resolve().parents[1] / "scenarios" / "cities" / "toytown"
README = (FOLDER / "README.md").read_text(encoding="utf-8")


@cache
def toytown(month: int = 1) -> City:
    """The toy city."""
    return load_city(FOLDER, month=month)


def minutes(a: str, b: str, *closed: str, profile: str = "heavy") -> float:
    """Minutes by road with some links closed."""
    roads = toytown().network
    cond = Conditions(roads)
    for link in closed:
        cond.set_link(link, 0.0)
    return float(Router(roads, toytown().speeds).times(cond, profile, b)[roads.node_index[a]]) / 60


def test_nothing_is_wrong_or_lacking():
    """`check` finds nothing."""
    assert check_city(FOLDER) == []


def test_times_by_road_are_those_of_the_readme():
    """All 36 cells of its table, to the second."""
    rows = re.findall(r"^\| ([A-F]) \|((?: \d+ \|){6})$", README, re.MULTILINE)
    table = {
        (a, b): float(cell) for a, cells in rows for b, cell in zip("ABCDEF", re.findall(r"\d+", cells), strict=True)
    }

    assert len(table) == 36
    assert {pair: round(minutes(*pair), 6) for pair in table} == table


@pytest.mark.parametrize("profile", ["light", "ambulance", "4x4", "heavy/convoy"])
def test_all_vehicles_are_as_fast_at_night_in_any_weather(profile):
    """Nothing changes a time but a closed road."""
    roads, speeds = toytown().network, toytown().speeds
    cond = Conditions(roads)
    cond.set_night(True)
    cond.set_weather("", Weather(rain=50.0, fog=True, ice="glaze"))

    assert Router(roads, speeds).times(cond, profile, "F")[roads.node_index["A"]] == 1800.0


def test_a_closure_matters_and_a_spur_can_be_cut_off():
    """R2 closed: A-C 28, B-C 18, A-F 38 minutes; R7 closed: nobody reaches F."""
    assert [minutes("A", "C", "R2"), minutes("B", "C", "R2"), minutes("A", "F", "R2")] == [28, 18, 38]
    assert minutes("C", "F", "R7") == float("inf")


def test_the_quarry_is_off_the_network():
    """Two kilometres from E by the straight line; 2.8 km of track are 14 minutes by 4×4 and 42 on foot."""
    town = toytown()
    quarry = town.facilities["P3"]
    snap = town.network.snap(quarry.point)
    site = Site(quarry.point, "E", "采石场", "quarry", "02", "0203", last_mile=2800.0, access="track", terrain="basin")
    last = {p: town.speeds.last_mile(site, p, True, Weather(rain=9.0)) / 60 for p in ("4x4/off_road", "heavy")}

    assert (quarry.node, snap.distance) == ("E", 2000.0)
    assert last == {"4x4/off_road": pytest.approx(14), "heavy": pytest.approx(42)}


@pytest.mark.parametrize("month", [1, 7])
def test_teams_are_those_of_the_readme(month):
    """Twelve elements at their places; fixed turnouts, the same by day and night; two places in hospital."""
    town = toytown(month)
    at = {e: h.node for h in town.holdings for e in h.elements}
    off = {e for h in town.holdings if not h.on_duty for e in h.elements}
    turnout = {k.code: k.turnout_day.median / 60 for k in town.kinds.values()}

    assert "".join(at[e] for e in sorted(at)) == "AADAAECC" + "ADBCEF"
    assert off == {"T1/02"} | {e for e in at if e.startswith("T6")}
    assert turnout == {
        "FIRE.crew": 1, "MEDIC.ambulance": 1, "POOL.helpers": 20, "PUMP.pump": 5, "ROAD.crew": 10, "SQUAD.squad": 2
    }  # fmt: skip
    assert all(k.turnout_day == k.turnout_night and len(k.turnout_day.figures) == 1 for k in town.kinds.values())
    assert [(h.node, h.places) for h in town.hospitals] == [("A", 2)]
    assert town.kinds["FIRE.crew"].recall.median == 1800.0


def test_there_is_one_squad_of_the_scarce_capability():
    """Mine rescue comes from Dogwood or not at all."""
    town = toytown()
    assert [h.id for h in town.holdings if "MINE_RESCUE" in town.kinds[h.kind].supplies] == ["T2/SQUAD.squad@D"]


def test_without_outlines_counties_are_neighbours_and_links_lie_where_their_ends_do():
    """Two counties, each the other's neighbour; the road out of West lies in West."""
    town = toytown()

    assert {c.code: c.adjacent for c in town.counties.values()} == {"01": ("02",), "02": ("01",)}
    assert {id_: link.county for id_, link in town.network.links.items()} == {
        "R1": "01", "R2": "02", "R3": "01", "R4": "01", "R5": "02", "R6": "02", "R7": "02"
    }  # fmt: skip
