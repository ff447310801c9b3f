"""Mistakes planted in a good city, file by file: each is told where it stands, with the rule and the way out."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.doors.city import check_city, load_city
from sim.errors import InvalidInput, Problem

TOYTOWN = Path(__file__).resolve().parents[2] / "scenarios" / "cities" / "toytown"
MARK = "§"  # in the new text: the problem must point here

CITY = [
    ("county: \"02\", seat: B", "county: \"02\", seat: §G", "no node 'G'", "valid are: A, B"),
    ("county: \"02\", seat: B", "§countty: \"02\", seat: B", "unknown key 'countty'", "did you mean 'county'?"),
    ("general: IV,", "general: §IIII,", "'IIII'", "did you mean 'III'?"),
    ("small_incident: {general", "§smal_incident: {general", "no accident model 'smal_incident'", "did you mean 'small_incident'?"),
    ("default: {general", "§defalt: {general", "the key 'default' is missing"),
    ("{P1: 2}", "{§P11: 2}", "no place 'P11'", "did you mean 'P1'?"),
    ("{P1: 2}", "{P1: §200}", "200 places cannot be meant", "1 to 10"),
    ("{P1: 2}", "{P1: §two}", "expected a whole number"),
    ("limited_access: [fast]", "limited_access: [§fats]", "no road class 'fats' with a speed", "did you mean 'fast'?"),
    ("timezone: UTC", "timezone: §Asia/Shangai", "no time zone 'Asia/Shangai'", "did you mean 'Asia/Shanghai'?"),
    ("{teams: 6, people: 102}", "{teams: 6, people: §120}", "120 people are expected, teams.csv has 102"),
    ("standing: config\n  source: made up\n  range", "standing: §confg\n  source: made up\n  range", "did you mean 'config'?"),
]  # fmt: skip
TABLES = [
    ("nodes.csv", "F,township", "§E,township", "'E' was already given at", "nodes.csv:6:1"),
    ("nodes.csv", "己村,Fir,0.225,0.09", "己村,Fir,§225,0.09", "expected at most 180"),
    ("nodes.csv", "0.225,0.09,02,0204", "0.225,0.09,§20,0204", "no county '20'", "did you mean '02'?"),
    ("nodes.csv", "0.225,0.09,02,0204", "0.225,0.09,02,§0224", "no township '0224'", "did you mean '020"),
    ("nodes.csv", "town_code,elevation_m", "town_code,§elevaton_m", "unknown column 'elevaton_m'", "did you mean 'elevation_m'?"),
    ("roads.csv", "R7,C,F", "R7,C,§FF", "no node 'FF'", "did you mean 'F'?"),
    ("roads.csv", "R7,C,F,village,己村路,5", "R7,C,§C,village,己村路,5", "both its ends are 'C'"),
    ("roads.csv", "R7,C,F,village", "R7,C,F,§vilage", "no road class with a speed 'vilage'", "did you mean 'village'?"),
    ("roads.csv", "己村路,5,basin", "己村路,§0,basin", "expected more than 0"),
    ("roads.csv", "己村路,5,basin", "己村路,§4,basin", "its ends lie 5004 m apart"),
    ("roads.csv", "己村路,5,basin", "己村路,5,§bassin", "'bassin'", "did you mean 'basin'?"),
    ("roads.csv", "己村路,5,basin,open", "己村路,5,basin,§closed", "'closed'", "open"),
    ("townships.csv", "0204,己村,Fir,02", "0204,己村,Fir,§03", "no county '03'", "did you mean '0"),
    ("townships.csv", "0204,己村,Fir", "§0203,己村,Fir", "'0203' was already given at"),
    ("poi.csv", "-0.01798641,02,0203", "-0.01798641,02,§0999", "no township '0999'"),
    ("poi.csv", "P3,quarry", "P3,§Elm quarry", "cannot be an id"),
    ("climate.csv", "02,12,15", "02,§13,15", "expected at most 12"),
    ("climate.csv", "02,12,15", "§02,11,15", "'02 11' was already given at", "climate.csv:24:1"),
    ("teams.csv", "T5,2", "§T4,2", "'T4' was already given at", "teams.csv:5:1"),
    ("teams.csv", "排水队,Cedar Pump Team,10,C", "排水队,Cedar Pump Team,10,§G", "no home 'G'"),
    ("teams.csv", "60,towns", "60,§town", "no home 'town'", "did you mean 'towns'?"),
    ("teams.csv", "10,C,", "10,§mill,", "no home 'mill'"),
    ("teams.csv", "10,C,", "10,§hospital,", "the area EAST has no 'hospital'", "name a node, a place or 'seat'"),
    ("teams.csv", "T5,2,PUMP", "T5,2,§PUMPS", "no category 'PUMPS'", "did you mean 'PUMP'?"),
    ("teams.csv", "T5,2,PUMP,EAST", "T5,2,PUMP,§EASTT", "no area 'EASTT'", "did you mean 'EAST'?"),
    ("teams.csv", "Cedar Pump Team,10", "Cedar Pump Team,§-10", "expected more than 0"),
    ("teams.csv", "Cedar Pump Team,10", "Cedar Pump Team,§ten", "expected a whole number"),
    ("teams.csv", "T5,2,PUMP,EAST,", "§T5,2,PUMP,EAST,x,", "10 fields, but the header names 9"),
    ("teams.csv", "T5,2,PUMP", "T5,§4,PUMP", "'4'"),
    ("teams.csv", "10,C,", "10,C,§pumps", "PUMP has no kind 'pumps'", "did you mean 'pump'?"),
    ("teams.csv", "10,C,", "10,C,§pump:0", "'pump:0' is no kind with a weight", "crew:2 section:1"),
]  # fmt: skip
RESPONSE = [
    ("elements.yaml", "{DRAIN: 300,", "{§DRIAN: 300, DRAIN: 300,", "no capability 'DRIAN'", "did you mean 'DRAIN'?"),
    ("elements.yaml", "{DRAIN: 300, DRAIN_UG: 300}", "{DRAIN: §300 kg, DRAIN_UG: 300}", "DRAIN is counted in m3/h"),
    ("elements.yaml", "{DRAIN: 300, DRAIN_UG: 300}", "{DRAIN: §0, DRAIN_UG: 300}", "DRAIN of 0 is nothing"),
    ("elements.yaml", "vehicle: ambulance", "vehicle: §ambulence", "no vehicle class 'ambulence'", "did you mean 'ambulance'?"),
    ("elements.yaml", "split: {pump: 1}", "split: {§pumps: 1}", "PUMP has no kind 'pumps'", "did you mean 'pump'?"),
    ("elements.yaml", "{day: 5 min, night: 5 min}", "{day: §5, night: 5 min}", "expected a time, got '5'", "1/2/5 min"),
    ("elements.yaml", "{day: 5 min, night: 5 min}", "{day: §5/4/9 min, night: 5 min}", "descend", "smallest first"),
    ("elements.yaml", "turnout: {day: 5 min,", "turnout: §{day: 90 min,", "90 min cannot be meant", "0 to 60 min"),
    ("elements.yaml", "on_duty: 0.5", "on_duty: §1.5", "a share of 1.5", "between 0 and 1"),
    ("elements.yaml", "on_duty: 0.5", "on_duty: {May-Okt: §0.5, else: 1}", "'May-Okt' is no season", "did you mean 'Oct'?"),
    ("elements.yaml", "on_duty: 0.5", "on_duty: §{May-Oct: 0.5}", "nothing is said for Jan", "add 'else'"),
    ("elements.yaml", "split: {pump: 1}", "split: {pump: 1}\n    exceptions: {§pomp.people: {standing: memory, source: x}}",
     "PUMP has no figure 'pomp.people'", "did you mean 'pump.people'?"),
    ("elements.yaml", "split: {pump: 1}", "split: {pump: 1}\n    exceptions: {people: §{standing: verified, source: x}}",
     "a verified number says when it was checked"),
    ("capabilities.yaml", "unit: cranes", "unit: §crains", "unknown unit 'crains'", "did you mean 'cranes'?"),
]  # fmt: skip


def plant(folder: Path, file: str, old: str, new: str) -> tuple[str, int, int]:
    """Toytown with one edit in a file; where the mark in the edit stands."""
    shutil.copytree(TOYTOWN, folder)
    path = folder / file
    good = path.read_text(encoding="utf-8")
    assert good.count(old) == 1, f"'{old}' stands once in {file}"
    bad = good.replace(old, new)
    before = bad[: bad.index(MARK)]
    path.write_text(bad.replace(MARK, ""), encoding="utf-8")
    return path.as_posix(), before.count("\n") + 1, len(before) - before.rfind("\n")


def told(problems: list[Problem], place: tuple[str, int, int], words: tuple[str, ...]) -> None:
    """Asserts that one problem stands at that place, and that it has those words and no jargon."""
    lines = "\n".join(map(str, problems))
    here = [str(p) for p in problems if (p.file, p.line, p.column) == place]
    assert len(here) == 1, f"expected at {place}:\n{lines}"
    assert all(word in here[0] for word in words), lines
    assert not any(jargon in lines for jargon in ("Input should", "pydantic", "https://", "type=", "validation error"))


@pytest.mark.parametrize(("old", "new", "words"), [(m[0], m[1], m[2:]) for m in CITY])
def test_a_mistake_in_city_yaml_is_told_at_its_place(tmp_path, old, new, words):
    """File, line and column; what is wrong; the nearest valid value."""
    place = plant(tmp_path / "town", "city.yaml", old, new)

    told(check_city(tmp_path / "town"), place, words)


@pytest.mark.parametrize(("file", "old", "new", "words"), [(m[0], m[1], m[2], m[3:]) for m in TABLES])
def test_a_mistake_in_a_table_is_told_at_its_field(tmp_path, file, old, new, words):
    """File, line and the character where the field begins."""
    place = plant(tmp_path / "town", file, old, new)

    told(check_city(tmp_path / "town"), place, words)


@pytest.mark.parametrize(("file", "old", "new", "words"), [(m[0], m[1], m[2], m[3:]) for m in RESPONSE])
def test_a_mistake_in_a_city_s_own_elements_is_told_at_its_place(tmp_path, file, old, new, words):
    """The files that replace those of the models are checked like them."""
    place = plant(tmp_path / "town", f"response/{file}", old, new)

    told(check_city(tmp_path / "town"), place, words)


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A copy of Toytown to spoil."""
    return Path(shutil.copytree(TOYTOWN, tmp_path / "town"))


def rewrite(path: Path, old: str, new: str) -> None:
    """Replaces the first `old` in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"'{old}' stands in {path.name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_folder_that_holds_nothing_is_told_what_it_lacks(tmp_path):
    """Eight files are needed; of each it is said what it is for."""
    problems = {Path(p.file).name: p for p in check_city(tmp_path)}

    assert sorted(problems) == sorted(
        ["city.yaml", "nodes.csv", "roads.csv", "townships.csv", "poi.csv", "climate.csv", "teams.csv", "SOURCES.md"]
    )
    assert "the roster" in problems["teams.csv"].remedy and "licences" in problems["SOURCES.md"].remedy


def test_a_folder_that_is_not_there_gets_the_nearest_name(tmp_path):
    """`cities/toytwn` is told of `toytown`."""
    (problem,) = check_city(TOYTOWN.parent / "toytwn")

    assert "no such folder" in problem.what and problem.remedy == "did you mean 'toytown'?"


def test_mistakes_of_all_files_are_told_at_once(town):
    """One mistake in each of six files makes six problems in one pass; loading raises them all."""
    rewrite(town / "city.yaml", "seat: B", "seat: Z")
    rewrite(town / "nodes.csv", "0.225,0.09,02,0204", "0.225,0.09,02,0209")
    rewrite(town / "roads.csv", "village", "lane")
    rewrite(town / "poi.csv", "-0.01798641", "-100")
    rewrite(town / "teams.csv", "PUMP", "PIMP")
    rewrite(town / "response/elements.yaml", "vehicle: 4x4", "vehicle: jeep")
    problems = check_city(town)

    assert {Path(p.file).name for p in problems} >= {"city.yaml", "nodes.csv", "roads.csv", "poi.csv", "elements.yaml"}
    with pytest.raises(InvalidInput) as refused:
        load_city(town)
    assert {str(p) for p in refused.value.problems} <= {str(p) for p in problems}


def test_what_cannot_be_read_does_not_hide_other_mistakes(town):
    """A table that is no table at all: the others are still judged, and nothing is blamed for it."""
    (town / "nodes.csv").write_text("", encoding="utf-8")
    rewrite(town / "teams.csv", "T5,2,PUMP,EAST", "T5,2,PUMP,EASTT")
    problems = check_city(town)

    assert [Path(p.file).name for p in problems] == ["nodes.csv", "teams.csv"]


def test_a_place_that_no_road_reaches_is_told(town):
    """Without R7 nobody gets to Fir, even with every road open."""
    rewrite(town / "roads.csv", "R7,C,F,village,己村路,5,basin,open\n", "")
    (problem,) = check_city(town)

    assert (Path(problem.file).name, problem.line, problem.column) == ("nodes.csv", 7, 1)
    assert "cut off from the rest" in problem.what


def test_a_habit_that_nobody_says_is_missed_at_its_kind(town):
    """Neither the category nor the kind says how long the recall takes."""
    path = town / "response" / "elements.yaml"
    text = path.read_text(encoding="utf-8")
    at = text.index("  PUMP:")
    path.write_text(text[:at] + text[at:].replace("    recall: 0 min\n", "", 1), encoding="utf-8")
    (problem,) = check_city(town)

    assert problem.path == "categories.PUMP.kinds.pump" and "the key 'recall' is missing" in problem.what


def test_a_capability_that_nobody_supplies_is_a_finding_and_no_mistake(town):
    """`check` says it, loading does not mind."""
    rewrite(town / "response/capabilities.yaml", "CRANE:", "BOAT: {zh: 舟艇, en: Boats, unit: boats}\nCRANE:")
    (problem,) = check_city(town)

    assert "nobody here supplies BOAT (舟艇 Boats)" in problem.what
    assert "BOAT" in load_city(town).capabilities


def test_months_without_weather_are_a_finding(town):
    """A county without a line for a month is named with the months."""
    rewrite(town / "climate.csv", "02,7,15,0,2\n", "")
    (problem,) = check_city(town)

    assert "'02' has no weather for month 7" in problem.what


def feature(properties: dict[str, str], kind: str, coordinates: list[Any]) -> str:
    """A GeoJSON file of one feature."""
    return json.dumps(
        {"features": [{"properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}]}
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"features": [', "not valid JSON"),
        (feature({}, "LineString", [[0, 0], [1, 1]]), "'road_id' is missing"),
        (feature({"road_id": "R1"}, "Point", [0, 0]), "not the GeoJSON"),
        (feature({"road_id": "R11"}, "LineString", [[0, 0], [1, 1]]), "no link 'R11' in roads.csv; did you mean 'R1'?"),
        (feature({"road_id": "R1"}, "LineString", [[0, 0.09], [0.09, 0.1]]), "its shape ends 1112 m from its node"),
        (feature({"road_id": "R1"}, "LineString", [[0, 0]]), "not the GeoJSON"),
        (feature({"road_id": "R1"}, "LineString", [[0, 91], [1, 1]]), "not the GeoJSON"),
    ],
)
def test_a_mistake_in_geojson_is_told(town, text, words):
    """What is no line, has no id, an unknown one, or does not end at its nodes."""
    (town / "roads.geojson").write_text(text, encoding="utf-8")
    (problem,) = check_city(town)

    assert Path(problem.file).name == "roads.geojson" and words in str(problem)


FILES = sorted(path.relative_to(TOYTOWN).as_posix() for path in TOYTOWN.rglob("*") if path.suffix in (".csv", ".yaml"))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(FILES), st.data())
def test_no_damage_to_a_file_is_worse_than_a_problem(file, data):
    """Any stretch of any file replaced by anything: problems or none, never another exception."""
    good = (TOYTOWN / file).read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, min(len(good), start + 12)))
    bad = (
        good[:start]
        + data.draw(st.text(max_size=8) | st.sampled_from([",", ": ", "{", '"', "\n", "0", "-1", "1e9"]))
        + good[end:]
    )
    with tempfile.TemporaryDirectory() as folder:
        town = Path(shutil.copytree(TOYTOWN, Path(folder) / "town"))
        (town / file).write_bytes(bad.encode("utf-8", "surrogatepass"))
        problems = check_city(town)
        if not problems:
            load_city(town)

    assert all(p.line >= 1 and p.column >= 1 and p.what for p in problems)


def test_an_outline_of_no_county_and_a_county_without_one_are_told(town):
    """Outlines, where they are given, are those of the counties."""
    square = [[[-0.05, -0.05], [0.05, -0.05], [0.05, 0.15], [-0.05, 0.15], [-0.05, -0.05]]]
    features = [
        {"properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": square}} for code in ("01", "03")
    ]
    (town / "counties.geojson").write_text(json.dumps({"features": features}), encoding="utf-8")

    assert [p.what for p in check_city(town)] == [
        "the county '02' has no outline", "the county '03' has no area in city.yaml",
    ]  # fmt: skip


@pytest.mark.parametrize(("east", "county"), [(0.05, "01"), (0.04, "")])
def test_links_lie_in_the_county_that_has_their_middle(town, east, county):
    """R1 and R4 cross the border at 0.045: West's if its outline reaches beyond; the others lie where both their ends do."""
    west = [[[-0.05, -0.05], [east, -0.05], [east, 0.15], [-0.05, 0.15], [-0.05, -0.05]]]
    feature = {"properties": {"code": "01"}, "geometry": {"type": "MultiPolygon", "coordinates": [west]}}
    (town / "counties.geojson").write_text(json.dumps({"features": [feature]}), encoding="utf-8")
    counties = [link.county for link in load_city(town).network.links.values()]

    assert counties == [county, "02", "01", county, "02", "02", "02"]
