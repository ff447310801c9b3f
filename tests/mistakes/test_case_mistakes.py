"""Mistakes planted in a case file, one at a time and all together: each is told where it stands, with the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.doors.incident import IncidentEntry, LocationEntry
from sim.errors import InvalidInput
from sim.reader import parse
from sim.scenario import compile as compiler
from sim.scenario.incidents import Natures
from sim.scenario.issues import Issues, Names, Unknown
from tests.mistakes.kit import HERE, planted, told
from tests.scenario.town import settle

# (what stands there, what is written instead with § where the problem is, words of the problem)
MISTAKES = [
    # the form
    ("seed: 7", "§sed: 7", "unknown key 'sed'", "did you mean 'seed'?"),
    ("seed: 7", "seed: §seven", "expected a whole number, got 'seven'"),
    ("seed: 7", "seed: §-1", "expected at least 0, got '-1'"),
    ("seed: 7", "seed: §1e999999", "larger or longer"),
    ("seed: 7", "seed: §" + "9" * 400, "larger or longer"),
    ("seed: 7", "seed: 7\n§seed: 8", "'seed' was already given at", "case.yaml:4:1"),
    ("seed: 7", "seed: §&a 7", "the anchor '&a' is not allowed"),
    ("seed: 7", "seed: §!!int 7", "tag", "not allowed"),
    ("seed: 7", "seed: §[7", "list or mapping in brackets is not closed"),
    ("city: town", "city: §../town", "cannot be a name here", "letters, digits"),
    ("city: town", "city: §twon", "there is no city 'twon'", "did you mean 'town'?"),
    ("city: town", "city: §CON", "cannot be a name here"),
    ("city: town\n", "city:§\n", "expected text, got nothing"),
    ("starts_at: 2024-07-19T02:40:00+08:00", "starts_at: §2024-07-39T02:40", "expected a date and time such as"),
    ("starts_at: 2024-07-19T02:40:00+08:00", "starts_at: §0001-01-01T00:00:00+23:59", "in no year that is meant"),
    (
        "strategy: nearest_capable",
        "strategy: §nearest_capabel",
        "no dispatch strategy",
        "did you mean 'nearest_capable'?",
    ),
    ("horizon: 48 h", "horizon: §48", "with its unit such as '90 min'"),
    ("horizon: 48 h", "horizon: §-48 h", "cannot be negative"),
    # weather, rules
    ("wind: 2 m/s", "wind: §2 kg", "expected a speed such as '40 km/h', got '2 kg'"),
    ("humidity: 80 %", "humidity: §180 %", "expected at most 1"),
    ("fog: no", "fog: §maybe", "expected yes or no, got 'maybe'"),
    ("ice: none", "ice: §glase", "did you mean 'glaze'?"),
    ("乙县: {", "§乙线: {", "there is no county '乙线'", "did you mean '乙县'?"),
    (
        "reporting.intake: 5 min",
        "§reporting.intak: 5 min",
        "no number 'reporting.intak'",
        "did you mean 'reporting.intake'?",
    ),
    ("reporting.intake: 5 min", "reporting.intake: §5 m", "expected a time such as '90 min', got '5 m'"),
    ("reporting.intake: 5 min", "reporting.intake: §500 d", "is outside", "the range of this number"),
    # the five elements
    (
        "    nature: building_fire\n",
        "    nature: §bilding_fire\n",
        "no hazard 'bilding_fire'",
        "did you mean 'building_fire'?",
    ),
    ("  - id: F1\n    nature: building_fire", "  - §id: F1", "'nature' is missing"),
    ("    nature: building_fire\n", "    nature: building_fire\n    §nautre: x\n", "unknown key 'nautre'"),
    ('time: "+00:10"', "time: §ten", "expected an offset such as '+00:30'"),
    ('time: "+00:10"', 'time: §"-00:10"', "lies before the start"),
    ('time: "+00:10"', "time: §2023-07-19T02:40", "lies before the start"),
    ("town: 东镇", "town: §东阵", "there is no town '东阵'", "did you mean '东镇'?"),
    ("town: 东镇", "town: §安镇", "there are 2 of the name '安镇'", "甲县 (11), 乙县 (21)", "add 'county"),
    ("{town: 东镇, offset: {km: 3, bearing: 120 deg}}", "§{offset: {km: 3, bearing: 120 deg}}", "no place is given"),
    ("{town: 东镇, offset: {km: 3, bearing: 120 deg}}", "§{town: 东镇, node: D}", "more than one place: town, node"),
    ("{town: 东镇, offset: {km: 3, bearing: 120 deg}}", "{lon: §104, lat: 35}", "km from the nearest road"),
    ("{town: 东镇, offset: {km: 3, bearing: 120 deg}}", "§{lon: 104}", "lon and lat go together"),
    ("{town: 东镇, offset: {km: 3, bearing: 120 deg}}", "{facility: §P2}", "no facility 'P2'", "did you mean 'P1'?"),
    ("bearing: 120 deg", "bearing: §120 km", "angle"),
    ("link: R2", "link: §R22", "there is no road link 'R22'", "did you mean 'R2'?"),
    ("at: 3.2 km", "at: §13.2 km", "is not on the link, which is 10 km long"),
    ("at: 3.2 km", "at: §here", "expected a share such as '0.4'"),
    ("cause: electrical", "cause: §electricall", "no cause 'electricall'", "did you mean 'electrical'?"),
    ("grade: 较大", "grade: §较高", "is no grade", "did you mean '较大'?"),
    ("people: 12", "§peopel: 12", "no scale variable 'peopel'", "did you mean 'people'?"),
    ("people: 12", "people: §12 km", "expected a count"),
    ("people: 12", "people: §-12", "is outside 0 to 2000 people"),
    ("people: 12", "people: §{min: 9, typical: 5, p90: 20}", "must not descend"),
    ("smoke: 1 1/h", "§smok: 1 1/h", "no parameter 'smok'", "did you mean 'smoke'?"),
    ("smoke: 1 1/h", "smoke: §1 h", "expected a rate"),
    ("{min: 1 min, typical: 5 min, p90: 20 min}", "{min: 1 min, typical: §5 kg, p90: 20 min}", "expected a time"),
    ("{min: 1 min, typical: 5 min, p90: 20 min}", "§{min: 1 min, typical: 5 min}", "'p90' is missing"),
    ("- id: high_water", "- id: §Cut", "'Cut' was already given at", "case.yaml:27:9"),
    (
        "nature: road_landslide\n",
        "nature: road_landslide\n    model: §x.yaml\n",
        "only an accident of the nature 'staged'",
    ),
    # injects and expected actions
    ("- id: cut\n", "- id: §a/b\n", "cannot be a name here"),
    ('at: "+01:30"\n    do', "at: §1 kg\n    do", "expected an offset such as '+00:30'"),
    (
        '  - id: cut\n    title: {zh: 断路, en: Road cut}\n    at: "+01:30"\n',
        "  - §id: cut\n    title: 断路\n",
        "exactly one of 'at' and 'when'",
    ),
    ('at: "+01:30"\n    do', "at: §'-01:30'\n    do", "lies before the start"),
    ("- slow_road: R1", "- §slow_raod: R1", "unknown key 'slow_raod'", "did you mean 'slow_road'?"),
    ("- slow_road: R1", "- slow_road: §R11", "there is no road link 'R11'", "did you mean 'R1'?"),
    ("factor: 0.5", "factor: §1.5", "expected less than 1"),
    ("{from: 北镇, to: 东镇}", "§{from: A, to: 东镇}", "no road joins 'A' and '东镇' directly", "roads lead to 北镇"),
    ("{from: 北镇, to: 东镇}", "{from: 北镇, §too: 东镇}", "unknown key 'too'", "did you mean 'to'?"),
    ("known_after: 10 min", "known_after: §soon", "soon"),
    ("rain: 20 mm/h", "rain: §20 mm", "intensity"),
    ("county: 甲县", "county: §丙县", "there is no county '丙县'"),
    ("comms: degraded", "comms: §degradet", "did you mean 'degraded'?"),
    ("post: 乙县", "post: §丁县指挥部", "there is no post '丁县指挥部'"),
    (
        "{incident: F1, count: 3, triage: red}",
        "{incident: §F9, count: 3, triage: red}",
        "no incident 'F9'",
        "did you mean 'F1'?",
    ),
    ("{incident: F1, count: 3, triage: red}", "§{incident: F1, count: 3}", "have a triage colour"),
    ("count: 3", "count: §0", "expected at least 1"),
    ("- incident: L1\n", "- incident: §L2\n", "no incident 'L2'", "did you mean 'L1'?"),
    ("event: hazard_changed", "event: §hazard_change", "no event 'hazard_change'", "did you mean 'hazard_changed'?"),
    ("reading: debris", "reading: §debri", "no reading 'debri'", "did you mean 'debris'?"),
    ("at_least: 300 m3", "at_least: §300 kg", "expected a volume"),
    (
        "done: {event: arrived, incident: F1}",
        "done: {event: arrived, §incdent: F1}",
        "has no field 'incdent'",
        "did you mean 'incident'?",
    ),
    ("within: 60 min", "within: §60", "with its unit"),
    ("wind: 2 m/s", "wind: §500 m/s", "500 m/s is more than 75 m/s"),
    ("temperature: 12 C", "temperature: §-95 C", "-95 C is less than -90 C"),
    ("temperature: 12 C", "temperature: §333.3 C", "333.3 C is more than 60 C"),
    ("rain: 4 mm/h", "rain: §400 mm/h", "400 mm/h is more than 300 mm/h", "or its unit"),
    ("horizon: 48 h", "horizon: §0 h", "a run of no length", "72 h"),
    ('time: "+00:10"', 'time: §"+50:00"', "beyond the horizon of", "a longer 'horizon'"),
    ("people: 12", "people: §3.7", "3.7 people is no whole number", "write 3 or 4"),
    ("{min: 1 min, typical: 5 min, p90: 20 min}", "§-5 min", "before it happens"),
    ("nature: building_fire", "nature: building_fire\n    §性质: building_fire", "'性质' is another name of 'nature'"),
    ("title: 到场\n", "title: {§cn: 到场, zh: 到, en: a}\n", "unknown key 'cn'"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder whose only city is the small one."""
    return settle(tmp_path, monkeypatch)


@pytest.mark.parametrize(("old", "new", "words"), [(m[0], m[1], m[2:]) for m in MISTAKES])
def test_a_planted_mistake_is_told_at_its_place(folder: Path, old: str, new: str, words: tuple[str, ...]) -> None:
    """One mistake gives one problem: its line and column, what is wrong, the nearest valid value."""
    text, place = planted("case.yaml", old, new)
    (folder / "case.yaml").write_text(text, encoding="utf-8")

    told(compiler.check_case(folder / "case.yaml", data=folder), place, words)


def test_mistakes_of_a_card_beside_a_case_stand_under_the_path_that_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever stands in a folder of the program can open what the problem names: the path is not one from elsewhere."""
    monkeypatch.chdir(HERE)
    issues = Issues(parse("a: b"))
    entry = IncidentEntry(id="F1", nature="staged", model="case.yaml", location=LocationEntry(town="东镇"))

    assert Natures(Path(), issues).plugin((), entry) is None
    assert {problem.file for problem in issues.problems} == {"case.yaml"}


def test_towns_that_may_be_meant_are_told_by_name() -> None:
    """Nobody knows a township by its code."""
    towns = Names("town", [("530325100", ("中安街道", "Zhong'an")), ("530325101", ("后所镇", "Housuo"))])

    with pytest.raises(Unknown, match="valid are: 中安街道, 后所镇"):
        towns.one("Xyzzy")


def test_the_good_case_has_no_problem(folder: Path) -> None:
    """Without a planted mistake the file compiles."""
    (folder / "case.yaml").write_text((HERE / "case.yaml").read_text(encoding="utf-8"), encoding="utf-8")

    assert compiler.check_case(folder / "case.yaml", data=folder) == []
    assert compiler.load_case(folder / "case.yaml", data=folder).seed == 7


def test_mistakes_of_every_kind_are_told_in_one_pass(folder: Path) -> None:
    """Form, names and numbers wrong in twelve places of one file: twelve problems at once, in the order of the lines."""
    edits = [
        ("seed: 7", "seed: seven"), ("strategy: nearest_capable", "strategy: nearest_capabel"), ("wind: 2 m/s", "wind: 2 kg"),
        ("reporting.intake", "reporting.intak"), ("nature: building_fire", "nature: bilding_fire"), ("town: 东镇", "town: 东阵"),
        ("at: 3.2 km", "at: 13.2 km"), ("cause: rain", "cause: rein"), ("- slow_road: R1", "- slow_raod: R1"),
        ("post: 乙县", "post: 丁县指挥部"), ("reading: debris", "reading: debri"), ("within: 60 min", "within: 60"),
    ]  # fmt: skip
    text = (HERE / "case.yaml").read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) == 1
        text = text.replace(old, new)
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    lines = [number for number, line in enumerate(text.splitlines(), 1) for _, new in edits if new in line]

    problems = compiler.check_case(folder / "case.yaml", data=folder)

    assert [p.line for p in problems] == sorted(lines)
    with pytest.raises(InvalidInput) as refused:
        compiler.load_case(folder / "case.yaml", data=folder)
    assert refused.value.problems == tuple(problems)
