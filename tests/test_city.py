"""The real city: 171 teams and 35,223 people, split into what can be sent; its posts, places and roads."""

from __future__ import annotations

import csv
import random
import re
import shutil
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from sim.case import City
from sim.domain.command import Tier
from sim.doors.city import check_city, load_city
from sim.errors import InvalidInput
from sim.roads.travel import Conditions, Router
from sim.units import to_si

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "scenarios" / "cities" / "qujing"


@cache
def city(month: int = 1, *, unverified: bool | None = None) -> City:
    """The city in a month."""
    return load_city(FOLDER, month=month, unverified=unverified)


def on_duty(month: int, category: str, kind: str = "") -> int:
    """People ready at once, of a category or of one kind of it."""
    prefix = f"{category}.{kind}"
    return sum(sum(h.people) for h in city(month).holdings if h.on_duty and h.kind.startswith(prefix))


def roster() -> dict[str, dict[str, str]]:
    """teams.csv as it is written."""
    with (FOLDER / "teams.csv").open(encoding="utf-8", newline="") as lines:
        return {row["team_id"]: row for row in csv.DictReader(lines)}


def test_nothing_is_wrong_or_lacking():
    """`check` finds nothing in the shipped city."""
    assert check_city(FOLDER) == []


def test_the_roster_has_its_teams_and_people_in_three_tiers():
    """171 teams and 35,223 people; 62, 86 and 23 teams, 15,837, 12,158 and 7,228 people by tier (domain.md D2)."""
    teams = city().teams.values()

    assert (len(teams), sum(t.headcount for t in teams)) == (171, 35_223)
    assert Counter(t.tier for t in teams) == {1: 62, 2: 86, 3: 23}
    assert [sum(t.headcount for t in teams if t.tier == tier) for tier in (1, 2, 3)] == [15_837, 12_158, 7_228]


@pytest.mark.parametrize("month", [1, 7])
def test_elements_add_up_to_their_team_exactly(month):
    """No person is lost or counted twice in the split, whatever the season; elements of a kind differ by one at most."""
    people: Counter[str] = Counter()
    sizes: dict[tuple[str, str], set[int]] = {}
    for holding in city(month).holdings:
        people[holding.team] += sum(holding.people)
        sizes.setdefault((holding.team, holding.kind), set()).update(holding.people)

    assert people == {t.id: t.headcount for t in city().teams.values()}
    assert max(max(s) - min(s) for s in sizes.values()) <= 1


def test_elements_are_numbered_over_the_team_with_those_on_duty_first():
    """Ids are dense, ascending, unique; the lowest are on duty."""
    for team in city().teams:
        own = [(e, h.on_duty) for h in city().holdings if h.team == team for e in h.elements]
        own.sort()
        ready = [duty for _, duty in own]

        assert [int(e.removeprefix(f"{team}/")) for e, _ in own] == list(range(1, len(own) + 1))
        assert ready == sorted(ready, reverse=True)


@pytest.mark.parametrize(
    ("category", "kind", "people"),
    [("PSB", "", 1017), ("FIRE", "", 735), ("PAP", "", 232), ("EMS", "", 578), ("MINE", "duty", 233), ("HAZ", "", 72),
     ("EFD", "", 46), ("GAS", "", 30)],
)  # fmt: skip
def test_people_ready_at_once_are_those_of_the_reference(category, kind, people):
    """City-wide on duty as domain.md D2 has it: each team within one element, the sum within three in a hundred or one element."""
    kinds = [k for k in city().kinds.values() if k.code.startswith(f"{category}.{kind}")]

    assert abs(on_duty(1, category, kind) - people) <= max(0.03 * people, *(k.people for k in kinds))


@pytest.mark.parametrize("month", range(1, 13))
def test_each_team_has_its_share_on_duty_within_one_element(month):
    """The share of the kinds' people ready in a month is kept as well as whole elements allow."""
    c = city(month)
    expected: Counter[str] = Counter()
    ready: Counter[str] = Counter()
    largest: Counter[str] = Counter()
    for h in c.holdings:
        expected[h.team] += c.kinds[h.kind].on_duty[month - 1] * sum(h.people)
        ready[h.team] += sum(h.people) if h.on_duty else 0
        largest[h.team] = max(largest[h.team], *h.people)

    assert [t for t in c.teams if abs(expected[t] - ready[t]) > largest[t]] == []


def test_forest_crews_follow_the_season():
    """252 ready out of season and 588 in it, December to June (domain.md D2), within one squad a team."""
    assert on_duty(9, "FORC") == pytest.approx(252, abs=60)
    assert on_duty(4, "FORC") == pytest.approx(588, abs=60)
    assert [on_duty(m, "FORC") == on_duty(4, "FORC") for m in range(1, 13)] == [True] * 6 + [False] * 5 + [True]
    assert on_duty(7, "FLD") > 2 * on_duty(1, "FLD")


def test_teams_are_at_home_where_their_category_says():
    """Brigades at their seat, mine rescuers at coal areas (one at a metal mine), pools in every township of their county."""
    c = city()
    homes: dict[str, set[str]] = {}
    for h in c.holdings:
        homes.setdefault(h.team, set()).add(h.node)
    works = {f.node for f in c.facilities.values() if f.category in ("coal_area", "metal_mine")}
    seats = {area.seat: code for code, area in c.counties.items()}
    for team in c.teams.values():
        if team.category == "MINE":
            assert homes[team.id] <= works
        if team.category in ("TWN", "MILT"):
            county = seats_county(c, homes[team.id])
            assert homes[team.id] == {t.node for t in c.towns.values() if t.county == county}
        if team.category == "FIRE" and team.area not in ("SJ", "JK"):
            (node,) = homes[team.id]
            assert node in seats and c.network.nodes[node].county == seats[node]
        if team.category == "MINP":
            county = seats_county(c, homes[team.id])
            assert homes[team.id] == {
                f.node for f in c.facilities.values() if f.category == "coal_area" and f.county == county
            }


def seats_county(c: City, nodes: set[str]) -> str:
    """The one county that nodes lie in."""
    (county,) = {c.network.nodes[n].county for n in nodes}
    return county


def test_every_link_has_its_shape_and_county():
    """572 links, 583 with the unverified ones; all follow a line from end to end, links outside the city have no county."""
    plain, whole = city().network, city(unverified=True).network

    assert (len(plain.nodes), len(plain.links), len(whole.links)) == (291, 572, 583)
    for link in whole.links.values():
        ends = (whole.nodes[link.a], whole.nodes[link.b])
        assert [end.point for end in ends] == [link.shape[0], link.shape[-1]]
        if link.county == "":
            assert "" in {end.county for end in ends} or len({end.county for end in ends}) == 2
    assert {link.county for link in whole.links.values()} == {"", *city().counties}
    assert all(link.fast == (link.road_class == "expressway") for link in whole.links.values())


def test_unverified_roads_are_off_unless_asked_for():
    """Xuanwei to Huize takes 187 minutes, 111 if the unverified expressway is there (SOURCES.md)."""
    minutes = {}
    for unverified in (None, False, True):
        c = city(unverified=unverified)
        route = Router(c.network, c.speeds).route(Conditions(c.network), "light", "C530381", "C530326")
        assert route is not None
        minutes[unverified] = route.seconds / 60

    assert minutes[None] == minutes[False] == pytest.approx(187, abs=0.5)
    assert minutes[True] == pytest.approx(111, abs=0.5)


def test_counties_touch_both_ways_and_the_nearest_seat_comes_first():
    """Neighbourhood is mutual; Qilin borders on Zhanyi (nearest), Malong, Fuyuan, Luliang and Luoping, not on Huize."""
    counties = city().counties
    names = {code: [counties[other].name_zh for other in county.adjacent] for code, county in counties.items()}

    assert len(counties) == 9
    assert all(code in counties[other].adjacent for code, county in counties.items() for other in county.adjacent)
    assert names["530302"] == ["沾益区", "马龙区", "富源县", "陆良县", "罗平县"]
    assert set(names["530326"]) == {"沾益区", "宣威市"}


def test_posts_stand_in_four_tiers():
    """One province, one city, nine counties and the development zone, 137 townships; each has its parent above it."""
    posts = city().posts
    tiers = Counter(post.tier for post in posts.values())

    assert tiers == {Tier.PROVINCE: 1, Tier.CITY: 1, Tier.COUNTY: 10, Tier.TOWNSHIP: 137}
    for post in posts.values():
        assert not post.parent if post.tier is Tier.PROVINCE else posts[post.parent].tier == post.tier + 1
    assert {p.county for p in posts.values() if p.tier is Tier.COUNTY} == {*city().counties, "JK"}


def test_response_levels_fill_up_from_the_default():
    """A nature that says one thing keeps the default for the rest; the mapping is that of domain.md A3."""
    levels = city().levels

    assert levels["default"] == {1: 4, 2: 3, 3: 2, 4: 1}
    assert levels["small_incident"] == {1: None, 2: 3, 3: 2, 4: 1}


def test_the_data_are_those_of_the_data_set():
    """Facilities, hospitals, weather and population are there in full, at network nodes."""
    c = city()

    assert (len(c.towns), len(c.facilities), len(c.hospitals), len(c.climate)) == (137, 120, 13, 9 * 12)
    assert {t.node for t in c.towns.values()} == {n for n in c.network.nodes if n.startswith("T")}
    assert all(f.node in c.network.nodes for f in c.facilities.values())
    assert c.facilities["P027"].node == "T530325110"
    assert sum(t.population for t in c.towns.values()) == pytest.approx(5_765_775, rel=0.01)
    assert c.climate["530324", 7].rain > c.climate["530324", 1].rain


def test_everything_that_can_be_named_has_an_english_name():
    """No node, town, place, team, river or intake shows up in Chinese where people read English."""
    c = city()
    named = [
        *c.network.nodes.values(),
        *c.towns.values(),
        *c.facilities.values(),
        *c.teams.values(),
        *c.counties.values(),
    ]
    named += [*c.posts.values(), *c.rivers.values(), *c.intakes.values(), *c.hospitals]

    assert [x.name_zh for x in named if not x.name_en or re.search("[\u4e00-\u9fff]", x.name_en)] == []
    assert c.network.nodes["I004"].name_en == "G60 Fuyuan West"


def test_pictures_carry_the_credits_and_the_words_reference_configuration():
    """What must stand under a picture: 参考配置, both languages, the licences of SOURCES.md."""
    found = city()

    assert found.credits.startswith("参考配置") and found.credits_en.startswith("Reference configuration")
    for line in (found.credits, found.credits_en):
        assert all(words in line for words in ("CC BY 4.0", "ODbL 1.0", "OpenStreetMap"))


def test_capabilities_are_the_agreed_codes_and_each_is_supplied():
    """Every capability has a unit the program knows, names in two languages, and somebody in the city who supplies it."""
    c = city()
    supplied = {code for h in c.holdings for code in c.kinds[h.kind].supplies}

    assert supplied == set(c.capabilities)
    assert all(re.search("[一-鿿]", x.name_zh) and x.name_en.isascii() for x in c.capabilities.values())
    assert {x.unit for x in c.capabilities.values()} >= {"points", "people/h", "L/s", "m3/h", "kW", "squads", "slots"}
    assert [to_si(1.0, x.unit) > 0 for x in c.capabilities.values()] == [True] * len(c.capabilities)


def test_rates_are_in_si_and_those_of_the_catalogue():
    """A station crew of two engines has four hand lines of 6.5 L/s, a road section a loader of 60 and an excavator of 50 m3/h."""
    kinds = city().kinds

    assert kinds["FIRE.station"].supplies["FIRE_WATER"] == pytest.approx(4 * 6.5e-3)
    assert kinds["ROAD.section"].supplies["ROAD_CLEAR"] == pytest.approx(110 / 3600)
    assert kinds["PSB.patrol"].supplies["CORDON"] * 2 == kinds["PSB.patrol"].people
    assert kinds["EMS.team"].supplies["TREAT"] <= 2 * kinds["EMS.team"].people / 3
    assert kinds["FORC.squad"].supplies["FIRE_LINE"] == pytest.approx(18 / 3600 * kinds["FORC.squad"].people)
    assert kinds["MINE.duty"].supplies["MINE_RESCUE"] == 1


# domain.md D3: category (or kind) -> turnout in minutes by day and by night, min/typical/p90
TURNOUT = """
PSB 1/2/5 1/3/8, FIRE 0.7/1/2 1/1.3/3, TWN 5/10/20 8/15/35, PAP 5/10/20 8/15/25, MILA 15/30/60 30/45/90, MILT 20/40/90 30/60/120,
MILS 60/90/150 90/120/180, EMS 1/2/3 1.5/2.5/4, CDC 30/60/90 60/90/120, FORC 5/10/15 8/15/25, FORT 15/30/60 30/45/90,
FLD 20/30/60 30/45/90, GEOT 5/10/20 10/20/40, ROAD 20/30/60 30/50/90, MINE.duty 0.8/1/2 1/1.5/3, MINE.standby 10/15/30 15/25/40,
GEO 20/40/60 40/60/90, EQK 20/40/60 40/60/90, ENV 20/40/60 40/60/90, MET 20/40/60 40/60/90, HSG 20/40/60 40/60/90,
VET 20/40/60 40/60/90, SPE 20/40/60 40/60/90, LOG 30/60/120 60/90/150, MINP 10/20/40 15/30/60, PWR 10/20/45 20/30/60,
COM 20/30/60 30/45/90, GAS 3/10/20 5/12/25, WTR 15/30/45 20/40/60, RAIL 20/30/60 20/30/60, HAZ 2/5/10 3/6/12, EFD 1/2/5 1/3/6,
SOC 40/60/120 60/90/180
"""


def test_every_category_turns_out_as_the_reference_says():
    """The triples of domain.md D3, category by category; all 32 categories of the roster are among them."""
    said = {name: times for name, *times in (entry.split() for entry in TURNOUT.split(","))}
    kinds = city().kinds
    for name, times in said.items():
        own = [k for code, k in kinds.items() if code == name or code.startswith(f"{name}.")]
        found = [(k.turnout_day.figures, k.turnout_night.figures) for k in own]
        expected = tuple(tuple(float(m) * 60 for m in written.split("/")) for written in times)

        assert own and all(f == (pytest.approx(expected[0]), pytest.approx(expected[1])) for f in found), name
    forces = city().forces
    assert forces is not None
    outside = {team.category for team in forces.teams.values()}
    roster = {t.category for t in city().teams.values()}
    assert {name.partition(".")[0] for name in said} == roster
    assert set(city().categories) - roster <= outside  # what the roster has not, forces from outside have


def test_the_order_of_rows_does_not_matter(tmp_path):
    """The same rows in another order make the same city."""
    shuffled = tmp_path / "qujing"
    shutil.copytree(FOLDER, shuffled)
    for table in sorted(shuffled.glob("*.csv")):
        head, *rows = table.read_text(encoding="utf-8").splitlines()
        random.Random(7).shuffle(rows)
        table.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    other = load_city(shuffled, month=1)

    for part in (
        "holdings",
        "teams",
        "towns",
        "facilities",
        "hospitals",
        "counties",
        "posts",
        "climate",
        "kinds",
        "levels",
    ):
        mine, theirs = getattr(city(), part), getattr(other, part)
        assert mine == theirs and list(mine) == list(theirs), part
    assert dict(city().network.links) == dict(other.network.links)
    assert list(city().network.nodes) == list(other.network.nodes)


def test_an_unreadable_city_is_one_exception_with_every_problem(tmp_path):
    """Files missing and files wrong are told together."""
    (tmp_path / "nowhere").mkdir()
    with pytest.raises(InvalidInput) as caught:
        load_city(tmp_path / "nowhere")

    assert len(caught.value.problems) == 8
