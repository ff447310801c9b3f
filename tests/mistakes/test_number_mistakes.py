"""Mistakes planted in files of numbers, hazard cards and staged accidents: each is told where it stands, with the way out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from sim.domain.parameters import Spread, SpreadKind, fixed
from sim.doors.hazard import read_hazard
from sim.doors.parameters import load_parameters
from sim.doors.staged import read_staged
from sim.errors import InvalidInput, Problem
from tests.mistakes.kit import HERE, planted, told

NUMBERS = [
    ("unit: min", "unit: §mins", "unknown unit 'mins'", "did you mean 'min'?"),
    ("unit: min\n", "unit: min\n  §valeu: 3\n", "unknown key 'valeu'", "did you mean 'value'?"),
    ("typical: 3", "typical: §3 kg", "expected a time"),
    ("typical: 3", "typical: §three", "expected a time"),
    ("typical: 3", "§tipical: 3", "unknown key 'tipical'", "did you mean 'typical'?"),
    ("{min: 1, typical: 3, p90: 8}", "§{min: 1, typical: 9, p90: 8}", "must not descend"),
    ("{min: 1, typical: 3, p90: 8}", "§50", "outside its own range, 1 to 20 min"),
    ("{min: 1, typical: 3, p90: 8}", "{normal: {mean: 5, sd: §-1}}", "cannot be negative"),
    ("{min: 1, typical: 3, p90: 8}", "{uniform: §[1, 2, 3]}", "expected at most 2 entries"),
    ("  standing: config", "  standing: §confg", "did you mean 'config'?"),
    ("  source: our assumption\n", "  source: §''\n", "the text is empty"),
    ("range: [1, 20]", "range: §[20, 1]", "upside down"),
    ("2019-04-01: 0.5", "§2019-04-31: 0.5", "is no day of the calendar"),
    ("2019-04-01: 0.5", "§April: 0.5", "expected a date such as 2024-07-19"),
    ("  standing: verified\n  source: a decree\n  checked_on: 2026-11-24\n", "  standing: §verified\n  source: a decree\n",
     "a verified number says when it was checked"),
    ("first_report:\n  description: Head of the unit to the county\n  unit: h\n  values: {2007-06-01: 1, 2019-04-01: 0.5}",
     "first_report:\n  §description: Head of the unit to the county\n  unit: h", "exactly one of 'value' and 'values'"),
]  # fmt: skip
CARD = [
    ("factors: {decay: 0.5}", "factors: {decya: §0.5}", "there is no parameter 'decya'", "did you mean 'decay'?"),
    ("factors: {decay: 0.5}", "factors: {decay: §-0.5}", "expected at least 0"),
    ("inflow: 40 m3/h}", "inflow: §40 kg}", "expected a flow such as '450 m3/h'"),
    ("by_grade: [3, 8, 25, 150]", "by_grade: §[3, 8, 25]", "3 entries are too few here"),
    ("by_grade: [3, 8, 25, 150]", "by_grade: [3, 8, 25, §15000]", "outside its own range"),
    ("  wear: {", "  §Wear: {", "is not written as it must be here"),
    ("severity_scale: production\n", "severity_scale: production\n§severity: x\n", "unknown key 'severity'"),
    ("title: {zh: 某事故, en: Some accident}", "title: §[a]", "expected a mapping"),
    ("en: What it is}", "en: What, §it is}", "put text that contains a comma in quotes"),
    ("readings:\n  water", "readings:\n  §1water", "is not written as it must be here"),
    ("unit: m3}", "unit: §m4}", "unknown unit 'm4'", "did you mean 'm"),
]  # fmt: skip


def _problems(read: Callable[[Path], object], path: Path) -> list[Problem]:
    with pytest.raises(InvalidInput) as refused:
        read(path)
    return list(refused.value.problems)


@pytest.mark.parametrize(("old", "new", "words"), [(m[0], m[1], m[2:]) for m in NUMBERS])
def test_a_mistake_in_a_file_of_numbers_is_told_at_its_place(
    tmp_path: Path, old: str, new: str, words: tuple[str, ...]
) -> None:
    """One mistake, one problem, at its line and column."""
    text, place = planted("numbers.yaml", old, new)
    (tmp_path / "numbers.yaml").write_text(text, encoding="utf-8")

    told(_problems(load_parameters, tmp_path / "numbers.yaml"), place, words)


@pytest.mark.parametrize(("old", "new", "words"), [(m[0], m[1], m[2:]) for m in CARD])
def test_a_mistake_in_a_hazard_card_is_told_at_its_place(
    tmp_path: Path, old: str, new: str, words: tuple[str, ...]
) -> None:
    """One mistake, one problem, at its line and column."""
    text, place = planted("card.yaml", old, new)
    (tmp_path / "card.yaml").write_text(text, encoding="utf-8")

    told(_problems(read_hazard, tmp_path / "card.yaml"), place, words)


STAGED = [
    ("mode: growing", "mode: §growng", "did you mean 'growing'?"),
    ("works_off: pool", "works_off: §pol", "no quantity 'pol'", "did you mean 'pool'?"),
    ("after: 2 h", "after: §2 m3", "expected a time"),
    ("rates: {pool: 0 m3/h}", "rates: {poool: §0 m3/h}", "no quantity 'poool'", "did you mean 'pool'?"),
    ("work_done: drain", "work_done: §drian", "no demand 'drian'", "did you mean 'drain'?"),
    ("kind: work", "kind: §wrok", "did you mean 'work'?"),
    ("  - id: leaking\n    zh: 泄漏\n", "  - §id: leaking\n", "'zh' is missing"),
    ("severity_scale: production\n", "severity_scale: production\n§stage: x\n", "unknown key 'stage'", "did you mean 'stages'?"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "words"), [(m[0], m[1], m[2:]) for m in STAGED])
def test_a_mistake_in_a_staged_accident_is_told_at_its_place(
    tmp_path: Path, old: str, new: str, words: tuple[str, ...]
) -> None:
    """One mistake, one problem, at its line and column."""
    text, place = planted("staged.yaml", old, new)
    (tmp_path / "staged.yaml").write_text(text, encoding="utf-8")

    told(_problems(lambda path: read_staged(path, {"DRAIN": "m3/h"}), tmp_path / "staged.yaml"), place, words)


def test_the_good_files_have_no_problem() -> None:
    """Without a planted mistake each base file is read, its figures in SI."""
    numbers, card = load_parameters(HERE / "numbers.yaml"), read_hazard(HERE / "card.yaml")

    assert numbers["intake"].spread == Spread(SpreadKind.THREE_POINT, (60.0, 180.0, 480.0))
    assert (numbers["intake"].low, numbers["intake"].high) == (60.0, 1200.0)
    assert card.spread("decay", "wear") == fixed(10 * 3600.0)  # the factor of the cause
    assert card.spread("inflow", "wear") == fixed(40 / 3600)  # its value
    assert read_staged(HERE / "staged.yaml", {"DRAIN": "m3/h"})[0].title.en == "A leak"


@pytest.mark.parametrize(
    ("on", "hours"), [("2000-01-01", 1), ("2007-06-01", 1), ("2019-03-31", 1), ("2019-04-01", 0.5), (None, 0.5)]
)
def test_law_that_changed_is_taken_as_of_the_day(on: str | None, hours: float) -> None:
    """Of dated values the one in force that day holds; the first before all, the latest if no day is given."""
    numbers = load_parameters(HERE / "numbers.yaml", on=None if on is None else date.fromisoformat(on))

    assert numbers["first_report"].value == hours * 3600
