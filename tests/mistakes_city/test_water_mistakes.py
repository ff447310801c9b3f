"""The optional files of a city's waters: what they give when they are right, and how their mistakes are told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from sim.doors.city import check_city, load_city
from sim.errors import InvalidInput

TOYTOWN = Path(__file__).resolve().parents[2] / "scenarios" / "cities" / "toytown"
FEATURES = [
    ("river", "溪", [[0, 0.18], [0, 0]]),
    ("river", "河", [[-0.09, 0], [0.27, 0]]),
    ("railway", "铁路", [[0, 0], [1, 1]]),
]
RIVERS = "name_zh,name_en,mean_flow_m3s,into,standing\n溪,Brook,2,河,config\n河,River,20,,config\n"
INTAKES = "intake_id,name_zh,name_en,lon,lat,serves,storage_h,standing\nW1,取水口,Intake,0.1,0,0201 0203,8,config\n"
RESERVOIRS = "poi_id,volume_mm3,dam_height_m,supplies,standing\nP3,2.5,30,0203,config\n"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Toytown with a brook that joins a river."""
    folder = Path(shutil.copytree(TOYTOWN, tmp_path / "town"))
    features = [
        {"properties": {"kind": kind, "name_zh": name}, "geometry": {"type": "LineString", "coordinates": line}}
        for kind, name, line in FEATURES
    ]
    (folder / "lines.geojson").write_text(json.dumps({"features": features}), encoding="utf-8")
    for name, text in (("rivers.csv", RIVERS), ("intakes.csv", INTAKES), ("reservoirs.csv", RESERVOIRS)):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_waters_are_read_as_they_are_written(town):
    """Rivers and no railways; million m³ and hours become SI."""
    assert check_city(town) == []
    city = load_city(town)

    assert {r.id: (r.flow, r.into, len(r.line)) for r in city.rivers.values()} == {
        "溪": (2, "河", 2),
        "河": (20, "", 2),
    }
    assert (city.intakes["W1"].serves, city.intakes["W1"].storage) == (("0201", "0203"), 28_800)
    assert (city.reservoirs["P3"].volume, city.reservoirs["P3"].height) == (2.5e6, 30)


def test_a_river_of_which_nothing_is_said_is_still_a_river(town):
    """Without rivers.csv the line is there, its discharge unknown."""
    (town / "rivers.csv").unlink()

    assert check_city(town) == [] and load_city(town).rivers["溪"].flow == 0.0


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "words"),
    [
        ("rivers.csv", "河,River,20", "可,River,20", "3:1", "no river in lines.geojson '可'"),
        ("rivers.csv", "2,河,config", "2,何,config", "2:11", "no river in lines.geojson '何'"),
        ("rivers.csv", "河,River,20,,", "河,River,20,溪,", "2:11", "the water comes back to where it was"),
        ("rivers.csv", "河,River,20,", "河,River,-20,", "3:9", "at least 0"),
        ("rivers.csv", "20,,config", "20,,sure", "3:13", "'sure'"),
        ("intakes.csv", "0201 0203", "0201 0209", "2:21", "no township '0209'"),
        ("intakes.csv", "0201 0203", "", "2:21", "'serves' is missing"),
        ("reservoirs.csv", "P3,", "P9,", "2:1", "no place 'P9'"),
        ("reservoirs.csv", ",0203,", ",0999,", "2:11", "no township '0999'"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_waters_is_told_at_its_field(town, file, old, new, place, words):
    """File, line and column; what is wrong."""
    text = (town / file).read_text(encoding="utf-8")
    assert old in text
    (town / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    said = [str(p) for p in check_city(town)]

    assert any(f"{file}:{place}:" in line and words in line for line in said), said
    with pytest.raises(InvalidInput):
        load_city(town)


def test_an_outline_has_an_area(town):
    """0.2° by 0.1° at the equator: 22.26 × 11.13 km, less a hole of a quarter of it."""
    square = [[-0.05, -0.05], [0.15, -0.05], [0.15, 0.05], [-0.05, 0.05], [-0.05, -0.05]]
    hole = [[0, -0.025], [0.1, -0.025], [0.1, 0.025], [0, 0.025], [0, -0.025]]
    areas = {}
    for name, rings in (("whole", [square]), ("holed", [square, hole])):
        features = [
            {"properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": rings}}
            for code in ("01", "02")
        ]
        (town / "counties.geojson").write_text(json.dumps({"features": features}), encoding="utf-8")
        areas[name] = load_city(town).counties["01"].area

    assert areas["whole"] == pytest.approx(22.239e3 * 11.1195e3, rel=1e-3)
    assert areas["holed"] / areas["whole"] == pytest.approx(0.75, rel=1e-6)
