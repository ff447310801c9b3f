"""The compiler: each of the five elements changes the case, places are where they can be worked out, luck keeps its names."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from sim import catalog
from sim.case import Case
from sim.domain.places import Point
from sim.errors import InvalidInput, UnknownName
from sim.roads.network import PART
from sim.scenario.compile import check_case, load_case
from sim.scenario.places import moved
from tests.scenario.town import EAST, NORTH, a_city, settle

CASE = """\
name: {zh: 一日, en: A day}
city: town
starts_at: 2024-07-19T22:40
incidents:
  - id: F1
    nature: building_fire
    time: "+00:10"
    location: {town: 东镇}
    cause: electrical
    scope: {grade: 较大}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with the small city."""
    return settle(tmp_path, monkeypatch)


def compiled(folder: Path, text: str = CASE, *settings: str, **options: object) -> Case:
    """The case of a text, with settings."""
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    return load_case(folder / "case.yaml", data=folder, settings=settings, **options)  # type: ignore[arg-type]


def problems(folder: Path, text: str) -> list[str]:
    """What is said of a text."""
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    return [
        str(p).removeprefix((folder / "case.yaml").as_posix()) for p in check_case(folder / "case.yaml", data=folder)
    ]


def located(folder: Path, location: str) -> Case:
    """The case with its accident somewhere else."""
    return compiled(folder, CASE.replace("{town: 东镇}", location))


# ── the five elements ──


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("nature: building_fire", "nature: small_incident"),
        ('time: "+00:10"', 'time: "+00:20"'),
        ("{town: 东镇}", "{town: 北镇}"),
        ("cause: electrical", "cause: gas"),
        ("grade: 较大", "grade: 重大"),
    ],
)
def test_each_of_the_five_elements_changes_the_case(folder: Path, old: str, new: str) -> None:
    """Nature, time, place, cause and scope each make another case, by digest and by what the engine is given."""
    before = compiled(folder)
    text = CASE.replace(old, new)
    if old.startswith("nature"):
        text = text.replace("cause: electrical", f"cause: {next(iter(catalog.hazard('small_incident').card.causes))}")
    after = compiled(folder, text)

    assert after.digest != before.digest
    assert after.incidents != before.incidents or after.incident_parameters != before.incident_parameters


def test_the_five_elements_may_be_written_in_chinese(folder: Path) -> None:
    """性质 时间 地域 原因 范围 are the same keys; names of hazards, causes, grades and variables may be Chinese too."""
    text = CASE
    for english, chinese in [("nature: building_fire", "性质: 建筑火灾"), ("time:", "时间:"), ("location:", "地域:"),
                             ("cause: electrical", "原因: electrical"), ("scope: {grade", "范围: {等级")]:  # fmt: skip
        assert english in text
        text = text.replace(english, chinese)

    assert compiled(folder, text).digest == compiled(folder).digest
    assert problems(folder, text.replace("原因: electrical", "原因: electricall"))[0].startswith(
        ":9:9: incidents[0].原因: there is no cause"
    )


def test_a_grade_gives_every_scale_variable_and_figures_win_over_it(folder: Path) -> None:
    """较大 is the second column of the card; what the case says of one variable replaces only that."""
    by_grade = compiled(folder).incidents[0].scope
    mixed = compiled(folder, CASE, "incidents[F1].scope.people=12").incidents[0].scope

    assert mixed == {**by_grade, "people": 12.0} and by_grade["people"] == 30.0


# ── 时间 ──


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("+00:30", 1800.0), ("90 min", 5400.0), ("23:00", 1200.0), ("22:30", 86400.0 - 600), ("00:10", 5400.0), ("+1d 02:00", 93600.0),
     ("2024-07-20T01:40:00+08:00", 10800.0), ("2024-07-20T01:40", 10800.0), ("2024-07-19T17:40:00Z", 10800.0)],
)  # fmt: skip
def test_time_may_be_an_offset_a_clock_time_or_a_date(folder: Path, written: str, seconds: float) -> None:
    """An offset counts from the start at 22:40; a clock time is the next one; a date is local unless it says otherwise."""
    assert compiled(folder, CASE, f"incidents[0].time='{written}'").incidents[0].occurs_at == seconds


@pytest.mark.parametrize(
    "written", ["2024-07-19T22:40", "2024-07-19T22:40:00+08:00", "2024-07-19T14:40:00Z", "2024-07-19 22:40"]
)
def test_the_start_is_told_in_the_city_s_own_time(folder: Path, written: str) -> None:
    """However the moment is written, the calendar is local and the offset is there."""
    case = compiled(folder, CASE, f"starts_at={written}")

    assert case.starts_at == "2024-07-19T22:40:00+08:00"
    assert (case.calendar.month, case.calendar.weekday, case.calendar.second_of_day) == (7, 4, 22 * 3600 + 40 * 60)


def test_who_notices_it_depends_on_the_hour(folder: Path) -> None:
    """By night the card's night discovery holds, by day the other; the case may say its own."""
    night, day = compiled(folder), compiled(folder, CASE, "starts_at=2024-07-19T12:00")
    own = compiled(folder, CASE, "incidents[0].discovery=7 min")

    assert night.incidents[0].discovery.median > day.incidents[0].discovery.median
    assert own.incidents[0].discovery.figures == (420.0,)


# ── 地域 ──


def test_a_town_is_at_its_node(folder: Path) -> None:
    """No offset: the town's own node, on the road, with its people."""
    site = compiled(folder).incidents[0].site

    assert (site.node, site.access, site.last_mile, site.town, site.county) == ("D", "road", 0.0, "13", "1")
    assert (site.population, site.terrain, site.name_zh) == (3000.0, "hilly", "东镇")


def test_a_place_beside_the_road_lies_on_it(folder: Path) -> None:
    """2.5 km north of D the road R3 passes: the site is a new node a quarter of the way up it."""
    case = located(folder, "{town: 东镇, offset: {km: 2.5, bearing: 0}}")
    site = case.incidents[0].site
    parts = case.city.network.parts("R3")

    assert (site.node, site.access, site.link) == ("@F1", "road", "R3")
    assert [case.city.network.links[p].length for p in parts] == pytest.approx([7500, 2500], abs=15)
    assert parts[0] == f"R3{PART}1"


def test_a_place_off_the_road_is_reached_by_track_and_farther_off_on_foot(folder: Path) -> None:
    """5 km east of the middle of R3 a track leads there, 1.4 times as long; 12 km off one walks."""
    middle = 25 - NORTH / 2
    track = located(folder, f"{{lon: {104 + EAST / 2:.6f}, lat: {middle:.6f}}}").incidents[0].site
    foot = located(folder, f"{{lon: {104 - 1.2 * EAST:.6f}, lat: {25 - 2 * NORTH:.6f}}}").incidents[0].site

    assert track.access == "track" and track.link == ""
    assert track.last_mile == pytest.approx(1.4 * 5_000, rel=0.01)
    assert foot.access == "foot" and foot.node == "D"
    assert foot.last_mile == pytest.approx(1.4 * 10_000 * (1.2**2 + 1) ** 0.5, rel=0.02)


@pytest.mark.parametrize(("at", "share"), [("0.25", 0.25), ("25 %", 0.25), ("2.5 km", 0.25), ("2500 m", 0.25)])
def test_a_place_on_a_link_is_a_share_or_a_length_of_it(folder: Path, at: str, share: float) -> None:
    """Both ways of saying it give the same node on the link."""
    case = located(folder, f"{{link: R1, at: {at}}}")
    first, second = (case.city.network.links[p].length for p in case.city.network.parts("R1"))

    assert (first, second) == pytest.approx((10_000 * share, 10_000 * (1 - share)))
    assert case.incidents[0].site.link == "R1" and case.incidents[0].site.county == "1"


def test_two_accidents_on_one_link_are_both_on_it(folder: Path) -> None:
    """The link falls into three parts whose lengths sum to its own."""
    second = CASE[CASE.index("  - id: F1") :].replace("F1", "F2").replace("{town: 东镇}", "{link: R1, at: 0.7}")
    case = compiled(folder, CASE.replace("{town: 东镇}", "{link: R1, at: 0.2}") + second)
    lengths = [case.city.network.links[p].length for p in case.city.network.parts("R1")]

    assert lengths == pytest.approx([2000, 5000, 3000]) and sum(lengths) == 10_000


def test_a_town_that_is_there_twice_needs_its_county(folder: Path) -> None:
    """The name alone is refused with both; with the county, or as a code, it is one."""
    said = problems(folder, CASE.replace("东镇", "安镇"))
    by_county = located(folder, "{town: 安镇, county: 乙县}").incidents[0].site
    by_code = located(folder, "{town: '21'}").incidents[0].site

    assert len(said) == 1 and "甲县 (11), 乙县 (21)" in said[0]
    assert by_county == by_code and by_county.node == "C"


def test_moving_a_point_is_undone_by_moving_back() -> None:
    """The distance of the moved point is the distance asked for, in any direction."""
    start = Point(104.0, 25.0)
    for bearing in range(0, 360, 45):
        assert moved(start, 5000, bearing).distance(start) == pytest.approx(5000, rel=1e-9)
    assert moved(start, 10_000, 90).lon > 104 and moved(start, 10_000, 0).lat > 25


# ── luck ──


def test_a_spread_is_drawn_once_by_its_name(folder: Path) -> None:
    """The same seed draws the same; another seed or replication does not; another accident moves nobody's luck."""
    text = CASE.replace("scope: {grade: 较大}", "scope: {area: {uniform: [100 m2, 900 m2]}}")
    other = text + CASE[CASE.index("  - id: F1") :].replace("F1", "A0")
    area = compiled(folder, text).incidents[0].scope["area"]

    assert 100 < area < 900
    assert compiled(folder, text).incidents[0].scope["area"] == area
    assert compiled(folder, text, seed=2).incidents[0].scope["area"] != area
    assert compiled(folder, text, replication=1).incidents[0].scope["area"] != area
    assert compiled(folder, other).incidents[1].scope["area"] == area


def test_a_wider_spread_keeps_its_luck(folder: Path) -> None:
    """Luck is a quantile: the same seed lies equally far between the ends of any two spreads."""
    shares = []
    for low, high in ((100, 900), (200, 6200)):
        text = CASE.replace("scope: {grade: 较大}", f"scope: {{area: {{uniform: [{low} m2, {high} m2]}}}}")
        shares.append((compiled(folder, text).incidents[0].scope["area"] - low) / (high - low))

    assert shares[0] == pytest.approx(shares[1], rel=1e-12)


def test_people_come_in_whole_numbers(folder: Path) -> None:
    """Twelve and a half people are nobody's scope."""
    text = CASE.replace("scope: {grade: 较大}", "scope: {people: {uniform: [10, 20]}}")

    assert compiled(folder, text).incidents[0].scope["people"] == round(
        compiled(folder, text).incidents[0].scope["people"]
    )


# ── digest ──


def test_the_digest_is_of_what_is_said_not_of_how(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Comments, line ends, the order of keys and of the city's rows change nothing; nor do seed and strategy, told beside it."""
    digest = compiled(folder).digest
    rearranged = CASE.replace(
        "name: {zh: 一日, en: A day}\ncity: town\n", "# a comment\ncity: town\nname: {en: A day, zh: 一日}\n"
    )

    assert compiled(folder, rearranged).digest == digest
    assert compiled(folder, CASE.replace("\n", "\r\n")).digest == digest
    assert compiled(folder, CASE.replace("scope: {grade: 较大}", "scope: {people: 30, area: 300 m2}")).digest == digest
    assert compiled(folder, seed=5, strategy="jurisdiction_first").digest == digest
    settle(folder, monkeypatch, a_city(reverse=True))
    assert compiled(folder).digest == digest


@pytest.mark.parametrize(
    "setting",
    ["rules.reporting.intake=4 min", "horizon=50 h", "weather={default: {rain: 3 mm/h}}", "incidents[0].parameters.smoke=2 1/h",
     "incidents[0].scope.people=31", "starts_at=2024-07-19T22:41", "incidents[0].discovery=3 min",
     "expect=[{id: e, title: t, done: {event: arrived}, within: 1 h}]"],
)  # fmt: skip
def test_whatever_matters_changes_the_digest(folder: Path, setting: str) -> None:
    """Any fact of the case makes another case, even where no draw shows it."""
    assert compiled(folder, CASE, setting).digest != compiled(folder).digest


def test_every_file_read_has_its_digest(folder: Path) -> None:
    """Names are below the data folder, with forward slashes; line ends do not count."""
    case = compiled(folder)

    assert {"case.yaml", "cities/town/city.yaml", "models/reporting/delays.yaml"} <= set(case.files)
    assert case.sources == {"case.yaml": CASE.encode()}
    assert compiled(folder, CASE.replace("\n", "\r\n")).files == case.files


# ── settings ──


def test_a_setting_is_checked_like_the_file_and_named_in_its_problem(folder: Path) -> None:
    """What is wrong stands in the setting, not in the file."""
    for setting, said in [
        (
            "incidents[0].scope.people=many",
            "--set incidents[0].scope.people=many:1:27: incidents[0].scope.people: expected a count",
        ),
        ("incidents[0].cause=fog", "--set incidents[0].cause=fog:1:20: incidents[0].cause: there is no cause 'fog'"),
        (
            "incidents[3].cause=fog",
            "--set incidents[3].cause=fog:1:11: there is no entry [3]; entries are [0] to [0], or by id: F1",
        ),
        ("sed=3", "--set sed=3:1:1: sed: unknown key 'sed'; did you mean 'seed'?"),
        ("seed", "--set seed:1:1: expected PATH=VALUE"),
        ("rules.reporting.intak=1 min", "did you mean 'reporting.intake'?"),
        ("seed=[1", "--set seed=[1:1:6"),
    ]:
        with pytest.raises(InvalidInput) as refused:
            compiled(folder, CASE, setting)
        assert str(refused.value).startswith(said) or said in str(refused.value), str(refused.value)


def test_settings_reach_every_part_of_a_case(folder: Path) -> None:
    """By position, by id, into tables whose keys have dots, as whole mappings; the later wins."""
    case = compiled(
        folder, CASE, "seed=9", "incidents[0].location={town: 北镇}", "incidents[F1].cause=gas", "rules.reporting.intake=11 min",
        "seed=10",
    )  # fmt: skip

    assert (case.seed, case.incidents[0].site.node, case.incidents[0].cause) == (10, "B", "gas")
    assert case.rules["reporting.intake"].value == 660.0
    assert case.overrides[0] == "seed=9"


# ── weather, rules, injects ──


def test_what_is_not_said_of_the_weather_is_the_climate_of_the_month(folder: Path) -> None:
    """July in each county; the default says over it; a county of its own says over that."""
    case = compiled(folder, CASE, "weather={default: {rain: 4 mm/h}, 乙县: {wind: 36 km/h}}")

    assert (case.weather["1"].temperature, case.weather["1"].wind, case.weather["1"].rain) == (
        20.0,
        3.0,
        pytest.approx(4.0),
    )
    assert (case.weather["2"].temperature, case.weather["2"].wind, case.weather["2"].rain) == (
        12.0,
        pytest.approx(10.0),
        pytest.approx(4.0),
    )


def test_injects_name_roads_posts_and_accidents_as_people_do(folder: Path) -> None:
    """A road between two towns, a county's post, an accident that begins with the inject."""
    text = (
        CASE
        + """\
  - {id: L1, nature: road_landslide, location: {link: R2}, cause: rain, scope: {grade: 1}}
injects:
  - id: a
    title: {zh: 断路, en: Road cut}
    at: "+01:00"
    do:
      - {close_road: {from: 北镇, to: 东镇}, known_after: never}
      - {comms: down, post: 乙县}
      - {weather: {rain: 20 mm/h}, county: 甲县}
      - {incident: L1}
      - incident: {id: Z9, nature: building_fire, location: {town: 北镇}, cause: gas, scope: {grade: 一般}}
  - id: b
    title: 水位
    when: {event: hazard_changed, incident: L1, reading: debris, at_least: 1000 m3, after: 5 min}
    do: [{tell: 注意}]
"""
    )
    case = compiled(folder, text)
    first, second = case.injects

    assert [(a.do, a.link or a.post or a.county or a.incident) for a in first.actions] == [
        ("close_road", "R3"), ("comms", "P-2"), ("weather", "1"), ("incident", "L1"), ("incident", "Z9"),
    ]  # fmt: skip
    assert first.actions[0].known_after == float("inf") and first.actions[2].weather is not None
    assert first.actions[2].weather.rain == pytest.approx(20.0) and first.actions[2].weather.temperature == 20.0
    assert {i.id: i.on_inject for i in case.incidents} == {"F1": False, "L1": True, "Z9": True}
    assert second.when is not None and (second.when.reading, second.when.at_least, second.when.after) == (
        "debris",
        1000.0,
        300.0,
    )


def test_an_accident_may_be_described_beside_its_case(folder: Path) -> None:
    """nature: staged takes the file it names, counts it among the sources, and its mistakes among the problems."""
    staged = (Path(__file__).parents[1] / "mistakes" / "staged.yaml").read_text(encoding="utf-8")
    (folder / "leak.yaml").write_text(staged, encoding="utf-8")
    text = CASE.replace("nature: building_fire", "nature: staged\n    model: leak.yaml").replace("electrical", "wear")
    case = compiled(folder, text)

    assert case.incidents[0].nature == "leak" and sorted(case.sources) == ["case.yaml", "leak.yaml"]
    assert case.words["leak"].title.zh == "泄漏"
    (folder / "leak.yaml").write_text(staged.replace("works_off: pool", "works_off: pol"), encoding="utf-8")
    assert any("leak.yaml:16:72" in line and "did you mean 'pool'?" in line for line in problems(folder, text))
    assert (
        "there is no file 'leek.yaml' beside the case; did you mean 'leak.yaml'?"
        in problems(folder, text.replace("leak.yaml", "leek.yaml"))[0]
    )


def test_two_accidents_need_two_ids(folder: Path) -> None:
    """Both places are named; capitals make no difference, since ids become names of files."""
    said = problems(folder, CASE + CASE[CASE.index("  - id: F1") :].replace("id: F1", "id: f1"))

    assert (
        len(said) == 1
        and said[0].startswith(":11:9: incidents[1].id: 'f1' was already given at")
        and "case.yaml:5:9" in said[0]
    )


def test_a_strategy_asked_for_by_hand_must_exist(folder: Path) -> None:
    """The nearest name is told."""
    with pytest.raises(UnknownName, match="nearest_capable"):
        compiled(folder, strategy="nearest_capabel")


def test_a_case_is_the_same_wherever_it_is_compiled(folder: Path) -> None:
    """Every field that two compilations can compare is equal."""
    one, two = compiled(folder), compiled(folder)
    compared = {f.name for f in dataclasses.fields(Case)} - {
        "city",
        "hazards",
        "strategies",
        "assessor",
        "mortality",
        "nursery",
    }

    assert all(getattr(one, name) == getattr(two, name) for name in compared)
