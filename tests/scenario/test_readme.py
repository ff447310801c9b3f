"""The language by example is the language: what stands in scenarios/README.md is a case that compiles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim import catalog
from sim.scenario.compile import check_case, load_case
from tests.scenario.town import settle

NAMES = {"某镇": "东镇", "某县": "甲县", "toytown": "town", "R7": "R1", "R8": "R2", "R9": "R3"}
SECOND = "  - {id: L1, nature: road_landslide, location: {link: R2}, cause: rain, scope: {grade: 一般}}\n"


def test_the_examples_of_the_readme_are_a_valid_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All its blocks together, with names of the small city: no problem, and each part is there."""
    settle(tmp_path, monkeypatch)
    text = (catalog.scenarios_root() / "README.md").read_text(encoding="utf-8")
    elements, scope, rest, injects, conduct, expect, listed = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    details = "\n".join(line for line in scope.splitlines() if "scope:" not in line)
    for file, drill in (("readme", injects + conduct + expect), ("listed", listed)):
        case = elements + details + "\n" + SECOND + rest + drill
        for name, ours in NAMES.items():
            case = case.replace(name, ours)
        (tmp_path / f"{file}.yaml").write_text(case, encoding="utf-8")

    assert check_case(tmp_path / "readme.yaml", data=tmp_path) == []
    assert check_case(tmp_path / "listed.yaml", data=tmp_path) == []
    assert len(load_case(tmp_path / "listed.yaml", data=tmp_path).injects) == 7
    compiled = load_case(tmp_path / "readme.yaml", data=tmp_path)
    assert (
        [i.id for i in compiled.incidents] == ["F1", "L1"]
        and len(compiled.injects) == 2
        and len(compiled.expectations) == 1
    )
    assert [way.does for way in compiled.conduct] == ["false", "late", "missed", "concealed"]
    assert {action.do for action in compiled.injects[0].actions} == {
        "close_road", "slow_road", "open_road", "weather", "comms", "casualties", "incident", "tell",
    }  # fmt: skip


@pytest.mark.parametrize(
    "scope", ["grade: 较大, people: 12", "people: {min: 3, typical: 8, p90: 25}", "people: {triangular: [3, 5, 9]}"]
)
def test_every_way_to_say_how_big_it_is_is_understood(
    scope: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A grade with an exception, and spreads."""
    settle(tmp_path, monkeypatch)
    (tmp_path / "a.yaml").write_text(
        "{name: x, city: town, starts_at: 2024-07-19T02:40, incidents: [{id: F1, nature: building_fire, location: {town: 东镇}, "
        f"cause: gas, scope: {{{scope}}}}}]}}",
        encoding="utf-8",
    )

    assert 3 <= load_case(tmp_path / "a.yaml", data=tmp_path).incidents[0].scope["people"] <= 5000
