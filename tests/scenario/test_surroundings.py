"""What lies around a site: towns, people by the hour, the river below, reservoirs; by hand in a small city and in the real one."""

from __future__ import annotations

import dataclasses
import math
from datetime import date
from functools import cache
from pathlib import Path

import msgspec
import pytest

from sim import catalog
from sim.case import City
from sim.domain.places import Calendar, Point, Site, Surroundings
from sim.domain.waters import Intake, Reservoir, River
from sim.doors.city import load_city
from sim.scenario.compile import load_case
from sim.scenario.occupancy import Occupancy
from sim.scenario.surroundings import Around
from tests.scenario.town import EAST, NORTH, a_city, settle

ROOT = Path(__file__).resolve().parents[2]
NOON = Calendar(2024, 7, 17, 2, 12 * 3600.0)  # a Wednesday of the summer holidays


@cache
def rules() -> dict:
    """The numbers of the models."""
    return catalog.rules()


def ruled(**numbers: float) -> dict:
    """The numbers with some of `surroundings.*` or others changed: `surroundings__radius=5000.0`."""
    found = dict(rules())
    for name, value in numbers.items():
        key = name.replace("__", ".")
        spread = msgspec.structs.replace(found[key].spread, figures=(value,))
        found[key] = msgspec.structs.replace(found[key], spread=spread)
    return found


def wet_city() -> City:
    """The small city with a river from 10 km north of B down the meridian past D, and on in another eastwards."""
    towns = {
        code: msgspec.structs.replace(t, kind="town", villages=float(n), communities=0.0)
        for (code, t), n in zip(a_city().towns.items(), (1, 2, 3, 4), strict=True)
    }
    down = tuple(Point(104 + 0.001, 25 + north * NORTH) for north in (1, 0, -1, -2))
    east = (Point(104 - EAST, 25 - 2 * NORTH), Point(104, 25 - 2 * NORTH), Point(104 + 2 * EAST, 25 - 2 * NORTH))
    rivers = {
        "北河": River("北河", "North", down, 30.0, "南河"),
        "南河": River("南河", "South", east, 100.0),
    }
    intake = Intake("W1", "取水口", "Intake", Point(104 + EAST, 25 - 2 * NORTH), ("13", "21"), 3600.0)
    return dataclasses.replace(
        a_city(), towns=towns, rivers=rivers, intakes={"W1": intake}, reservoirs={"P1": Reservoir("P1", 2e6, 30.0, ("12",))},
        counties={c.code: msgspec.structs.replace(c, area=600e6) for c in a_city().counties.values()},
    )  # fmt: skip


def site(
    east: float = 0.0, north: float = 0.0, town: str = "12", terrain: str = "hilly", elevation: float = 1900.0
) -> Site:
    """A site so many 10 km east and north of B."""
    return Site(
        Point(104 + east * EAST, 25 + north * NORTH), "B", "x", "x", "1", town, elevation=elevation, terrain=terrain
    )


def around(
    at: Site, city: City | None = None, calendar: Calendar = NOON, t: float = 0.0, **numbers: float
) -> Surroundings:
    """The surroundings of a site in the small city."""
    return Around(city or wet_city(), ruled(**numbers), calendar)(at, t)


# ── people around ──


def test_towns_are_listed_nearest_first_with_distance_and_direction():
    """From 1 km north of B: B to the south, then A and C west and east, then D; the heights are those above the site."""
    found = around(site(north=0.1)).settlements

    assert [s.code for s in found] == ["12", "11", "21", "13"]  # A and C lie equally far: the lower code is first
    assert [s.distance for s in found] == pytest.approx([1000, 10_050, 10_050, 11_000], abs=20)
    assert [s.bearing for s in found] == pytest.approx([180, 264.3, 95.7, 180], abs=0.2)
    assert [(s.people, s.elevation) for s in found] == [(2000, 0), (1000, 0), (4000, 200), (3000, -100)]


def test_the_radius_is_a_number_of_the_models():
    """Within 5 km there is only B."""
    assert [s.code for s in around(site(), surroundings__radius=5000.0).settlements] == ["12"]


def test_density_is_people_over_the_built_part_of_a_towns_share_of_its_county():
    """County 1 has 600 km² and committees 1 : 2 : 3; town 12 has 200 km², 6 % of it built: 2 000 on 12 km²."""
    assert around(site()).density == pytest.approx(2000 / 12e6)
    assert around(site(), surroundings__built_town=0.12).density == pytest.approx(2000 / 24e6)


def test_a_reported_area_wins_and_the_rest_shares_what_is_left():
    """Town 12 reports 300 km²: 300 are left for 11 and 13."""
    city = wet_city()
    towns = {**city.towns, "12": msgspec.structs.replace(city.towns["12"], area=300e6)}
    city = dataclasses.replace(city, towns=towns)

    assert around(site(), city).density == pytest.approx(2000 / 18e6)
    assert around(site(town="13"), city).density == pytest.approx(3000 / (225e6 * 0.06))


def test_without_areas_there_is_a_number_for_the_density():
    """A city without outlines: 400 people a square kilometre, as the vocabulary has it."""
    assert around(site(), a_city()).density == pytest.approx(Surroundings().density)


@pytest.mark.parametrize(("terrain", "degrees"), [("basin", 3), ("hilly", 12), ("mountain", 25), ("gorge", 35)])
def test_the_slope_is_that_of_the_terrain(terrain, degrees):
    """Four classes, four slopes."""
    assert around(site(terrain=terrain)).slope == degrees


def test_what_is_near_is_the_nearest_of_each_category():
    """The pit lies 5 km south of B."""
    assert around(site()).near == {"site": pytest.approx(5000, abs=10)}


# ── the river ──


def test_the_river_below_is_followed_from_town_to_town_and_into_the_next():
    """From B: D after 10 km, the mouth after 20, the intake 10 km down the other river; lengths wind by 1.3."""
    found = around(site(), surroundings__river_towns=2000.0)
    along = [(r.name, r.along / 1.3) for r in found.river]

    assert [name for name, _ in along] == ["北镇", "东镇", "取水口"]
    assert [metres for _, metres in along] == pytest.approx([0, 10_000, 30_000], abs=150)


def test_a_river_is_not_followed_upstream():
    """From 3 km south of B, B does not lie below."""
    assert [r.name for r in around(site(north=-0.3), surroundings__river_towns=2000.0).river] == ["东镇", "取水口"]


def test_a_river_never_climbs():
    """D lies 100 m below the site, the intake's town 100 m above D: the drop stays."""
    city = wet_city()
    intake = msgspec.structs.replace(city.intakes["W1"], serves=("21", "13"))
    found = around(site(), dataclasses.replace(city, intakes={"W1": intake}), surroundings__river_towns=2000.0)

    assert [r.drop for r in found.river] == [0, 100, 100]
    assert around(site(elevation=1700.0), surroundings__river_towns=2000.0).river[1].drop == 0


def test_an_intake_has_all_whom_it_serves_and_a_town_those_near_the_bank():
    """15 % of D's 3 000; the intake's 7 000, an hour of stored water."""
    _, town, intake = around(site(), surroundings__river_towns=2000.0).river

    assert (town.people, town.intake, town.code) == (450, False, "13")
    assert (intake.people, intake.intake, intake.serves, intake.storage) == (7000, True, ("13", "21"), 3600.0)


def test_where_no_river_is_near_there_is_none():
    """20 km east of B, with 5 km as near."""
    found = around(site(east=2.0), surroundings__river_reach=5000.0)

    assert found.river == () and found.stream is None


def test_discharge_grows_down_the_river_and_with_the_rain_of_the_season():
    """A third of the way: 30 × (1/3)^1.67; July has all the rain there is, so its share is base + 0.6 × 12."""
    stream = around(site()).stream

    assert stream.mean == pytest.approx(30 * (1 / 3) ** 1.67, rel=0.01)
    assert stream.flow / stream.mean == pytest.approx(0.3 + 0.7 * 0.6 * 12, rel=1e-3)
    assert around(site(), calendar=Calendar(2024, 1, 17, 2, 0.0)).stream.flow / stream.mean == pytest.approx(
        0.3, rel=1e-2
    )


def test_reservoirs_are_listed_with_those_who_drink_of_them():
    """The pit serves as one: 2 Mm³, 30 m, the 2 000 of town 12."""
    (basin,) = around(site()).basins

    assert (basin.id, basin.volume, basin.height, basin.people) == ("P1", 2e6, 30.0, 2000)


# ── people by the hour ──


def present(use: str, year: int, month: int, day: int, hour: float, town: str = "12") -> float:
    """The share present of a land use at a local time."""
    weekday = date(year, month, day).weekday()
    return Occupancy(rules()).presence(Calendar(year, month, day, weekday, hour * 3600.0), 0.0, town)[use]


@pytest.mark.parametrize(
    ("use", "when", "share"),
    [
        ("dwelling", (2024, 5, 15, 2), 0.9), ("dwelling", (2024, 5, 15, 12), 0.35), ("dwelling", (2024, 5, 18, 12), 0.6),
        ("school", (2024, 5, 15, 10), 0.95), ("school", (2024, 5, 15, 2), 0.0), ("school", (2024, 5, 18, 10), 0.0),
        ("school", (2024, 7, 31, 10), 0.0), ("school", (2024, 2, 1, 10), 0.0), ("school", (2024, 9, 2, 10), 0.95),
        ("mine", (2024, 5, 15, 10), 1.0), ("mine", (2024, 5, 15, 3), 0.6), ("mine", (2024, 2, 11, 10), 0.15),
        ("office", (2024, 5, 15, 10), 0.85), ("office", (2024, 10, 2, 10), 0.15), ("office", (2024, 2, 12, 10), 0.15),
        ("road", (2024, 2, 5, 10), 0.7), ("road", (2024, 5, 15, 10), 0.35), ("asleep", (2024, 5, 15, 23), 0.85),
    ],
)  # fmt: skip
def test_presence_follows_hour_weekday_term_and_festival(use, when, share):
    """Dwelling and school as hazards.md 3.1 has them; the rest as occupancy.yaml says."""
    assert present(use, *when) == pytest.approx(share)


def test_the_hour_is_that_of_the_beginning_not_of_the_start():
    """A case that starts at noon, an accident fourteen hours later."""
    early, late = around(site()).presence, around(site(), t=14 * 3600.0).presence

    assert (early["dwelling"], late["dwelling"]) == (0.35, 0.9)


def test_each_town_has_its_market_day_once_in_a_cycle():
    """Within six days one and only one is the market day."""
    for town in ("11", "12", "13"):
        days = [present("market", 2024, 5, day, 10, town) for day in range(13, 19)]
        assert sorted(days)[-1] == 0.95 and sum(share == 0.95 for share in days) == 1


def test_every_share_is_a_share_at_every_hour_of_a_year():
    """Nothing above one or below nothing; nothing is forgotten."""
    for day in range(0, 365, 3):
        found = Occupancy(rules()).presence(Calendar(2025, 1, 1, 2, 0.0), day * 86400.0 + (day % 24) * 3600.0)
        assert all(0 <= share <= 1 for share in found.values())
        assert {"dwelling", "school", "office", "shop", "market", "hospital", "road", "outdoors", "asleep", "mine"} <= {
            *found
        }


# ── in a case ──

CASE = """\
{name: x, city: town, starts_at: 2024-07-19T22:40, incidents: [{id: F1, nature: building_fire, location: {town: 东镇}}]}
"""


def test_a_case_knows_its_surroundings_and_they_are_in_its_digest(tmp_path, monkeypatch):
    """The small city with a river, and without: another digest."""
    settle(tmp_path, monkeypatch, wet_city())
    (tmp_path / "case.yaml").write_text(CASE, encoding="utf-8")
    wet = load_case(tmp_path / "case.yaml", data=tmp_path)
    nearer = load_case(tmp_path / "case.yaml", data=tmp_path, settings=["rules.surroundings.radius=5 km"])
    settle(tmp_path, monkeypatch)
    dry = load_case(tmp_path / "case.yaml", data=tmp_path)

    assert wet.incidents[0].around.river and not dry.incidents[0].around.river
    assert wet.incidents[0].around.presence["dwelling"] == 0.9  # at 22:40
    assert len({wet.digest, nearer.digest, dry.digest}) == 3


def test_in_the_real_city_what_lies_below_lies_below():
    """From the Huashan works the Nanpan River leads past Zhanyi and Qilin to Luliang; areas add up to the outlines."""
    city = load_city(ROOT / "scenarios" / "cities" / "qujing", month=7)
    there = Around(city, rules(), NOON)
    found = there(Site(Point(103.888, 25.75), "", "x", "x", "530303", "530303004", elevation=2000.0), 0.0)
    along = [r.along for r in found.river]
    codes = [r.code[:6] for r in found.river]

    assert found.stream.name == "南盘江" and along == sorted(along) and min(along) >= 0
    assert (codes[0], codes[-1]) == ("530303", "530322")
    assert sum(r.intake for r in found.river) == 4
    assert sum(there._areas.values()) == pytest.approx(sum(c.area for c in city.counties.values()))
    assert 0.9 * 28_939e6 < sum(c.area for c in city.counties.values()) < 1.1 * 28_904e6


def test_two_towns_equally_far_are_in_order_of_their_codes():
    """Ties do not depend on the order of rows."""
    forward, backward = wet_city(), dataclasses.replace(wet_city(), towns=dict(reversed(wet_city().towns.items())))

    assert around(site(), forward) == around(site(), backward)
    assert math.isclose(around(site()).residents(1000.0), 2000)
