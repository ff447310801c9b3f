"""Mistakes in `forces.yaml`: all at once, each at its line, with what would be right."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sim.doors.city import check_city, load_city

ROOT = Path(__file__).resolve().parents[2]
GOOD = """\
kinds:
  army: {name: {zh: 军, en: Army}}
organs:
  ORGAN: {zh: 机关, en: Organ}
forces:
  - id: ARMY
    name: {zh: 部队, en: Troops}
    kind: army
    organ: ORGAN
    officer: {zh: 队长, en: captain}
    asked_by: city
    elements: {ROAD.section: 2}
    home: E_530102
    beyond: 20/30/60 min
    standing: config
    source: our assumption
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real city in a folder of its own."""
    copy = tmp_path_factory.mktemp("city") / "qujing"
    shutil.copytree(ROOT / "scenarios" / "cities" / "qujing", copy)
    return copy


def problems(folder: Path, text: str) -> list[str]:
    """What `check` says of a city with this file."""
    (folder / "forces.yaml").write_text(text, encoding="utf-8")
    return [str(problem).partition("forces.yaml:")[2] for problem in check_city(folder)]


def test_the_file_from_which_the_mistakes_are_made_is_right(folder: Path) -> None:
    """Nothing is wrong with it, and a city comes of it: two elements outside the roster."""
    assert problems(folder, GOOD) == []

    book = load_city(folder).forces
    assert book is not None and [len(h.elements) for h in book.holdings] == [2]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("kind: army", "kind: armi", "8:11: forces[0].kind: no kind of force 'armi'; did you mean 'army'?"),
        ("organ: ORGAN", "organ: ORGAM", "9:12: forces[0].organ: no organ 'ORGAM'; did you mean 'ORGAN'?"),
        ("home: E_530102", "home: E_53010", "13:11: forces[0].home: no node 'E_53010'; did you mean 'E_530102'?"),
        ("ROAD.section: 2", "ROAD.sektion: 2", "no element kind 'ROAD.sektion'; did you mean 'ROAD.section'?"),
        ("ROAD.section: 2", "ROAD.section: 0", "12:30: forces[0].elements.ROAD.section"),
        ("    home: E_530102\n", "", "forces[0]: nobody knows where it comes from"),
        ("    elements: {ROAD.section: 2}\n", "", "forces[0]: a force is either teams of the roster or elements"),
        ("asked_by: city", "asked_by: town", "11:15: forces[0].asked_by"),
        ("20/30/60 min", "60/30/20 min", "14:13: forces[0].beyond"),
        ("    elements: {ROAD.section: 2}\n", "    teams: [T999]\n", "12:13: forces[0].teams[0]: no team 'T999'"),
        ("  army: {name", "  navy: {name", "2:3: kinds.navy: no delay in models/response/forces.yaml for kind 'navy'"),
        ("standing: config", "standing: sure", "15:15: forces[0].standing"),
        ("beyond:", "beyound:", "14:5: forces[0].beyound"),
    ],
)
def test_a_mistake_is_found_at_its_line(folder: Path, before: str, after: str, said: str) -> None:
    """File, line, column, what is wrong and the nearest that would be right."""
    found = problems(folder, GOOD.replace(before, after))

    assert any(said in problem for problem in found), found


def test_a_team_obeys_one_organ(folder: Path) -> None:
    """Two forces that both claim a team: the second is told who has it."""
    entry = GOOD[GOOD.index("  - id:") :].replace("    elements: {ROAD.section: 2}\n", "    teams: [T035]\n")
    text = GOOD[: GOOD.index("  - id:")] + entry + entry.replace("id: ARMY", "id: NAVY")

    assert any("T035 is already of ARMY" in problem for problem in problems(folder, text))
