"""No run begins in a city whose plans could not be worked by: every command says all that is wrong, and where."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from sim.cli.main import main
from sim.doors.city import check_city, load_city
from sim.errors import InvalidInput

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
CASE = "roof_fall_luoping"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real city in a folder of its own, with one case."""
    shutil.copytree(SCENARIOS / "cities" / "qujing", tmp_path / "data" / "cities" / "qujing")
    (tmp_path / "data" / "cases").mkdir()
    shutil.copy(SCENARIOS / "cases" / f"{CASE}.yaml", tmp_path / "data" / "cases")
    monkeypatch.setenv("LIANDONG_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "data" / "cities" / "qujing"


def edit(file: Path, old: str, new: str) -> None:
    """One edit in a file."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def refused(city: Path) -> list[str]:
    """What loading the city says."""
    with pytest.raises(InvalidInput) as told:
        load_city(city)
    return [str(problem) for problem in told.value.problems]


def test_a_kind_of_accident_in_no_plan_is_not_left_to_the_overall_plan(data):
    """Taken out of its plan, a nature would silently be answered by another; the run is refused instead."""
    edit(data / "plans" / "CM.yaml", "natures: [mine_inrush, mine_gas, ", "natures: [mine_inrush, ")
    assert any("the nature 'mine_gas' is in no plan" in said for said in refused(data))


def test_mistakes_of_several_files_are_told_together(data):
    """Mistakes of two files that have nothing to do with one another: one pass, each with its place."""
    edit(data / "plans" / "common.yaml", 'handover: {clause: "4.10"', 'x: {}\nhandover: {clause: "4.10"')
    (data / "monitoring.yaml").write_text("systems: [\n", encoding="utf-8")
    said = refused(data)
    assert any("monitoring.yaml:2:1" in line or "monitoring.yaml:1:10" in line for line in said)
    assert any("common.yaml" in line and "unknown key 'x'" in line for line in said)


def test_a_plan_that_is_gone_is_told_with_all_its_accidents(data):
    """The family has no plan, and none of its kinds of accidents is anybody's."""
    (data / "plans" / "CM.yaml").unlink()
    said = "\n".join(refused(data))
    for words in ("there is no plan CM", "'mine_inrush' is in no plan", "'roof_fall' is in no plan"):
        assert words in said


def test_advice_stops_no_run_and_is_said_to_be_advice(data, capsys):
    """A unit that owes nothing: an author should know; a run goes on."""
    edit(
        data / "plans" / "units.yaml",
        "  archives:   ",
        "  loners:  {zh: 市独行局, en: Bureau of Loners}\n  archives:   ",
    )
    assert [problem.advice for problem in check_city(data)] == [True]
    assert load_city(data).plans is not None
    assert main(["check", str(data), "--lang", "en"]) == 3
    assert "advice, for which no run stops:" in capsys.readouterr().err


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_command_refuses_it_with_the_same_words(data, capsys, lang):
    """`run`, `check`, `msel`: exit code 3, the place, what would be right; no traceback, no folder."""
    edit(data / "plans" / "CM.yaml", "natures: [mine_inrush, mine_gas, ", "natures: [mine_inrush, ")
    edit(data / "plans" / "FL.yaml", "lead: water", "lead: watr")
    for words in (
        ["run", CASE, "--out", "out"],
        ["check", f"data/cases/{CASE}.yaml"],
        ["msel", CASE],
        ["check", str(data)],
    ):
        assert main([*words, "--lang", lang]) == 3
        said = capsys.readouterr().err
        assert "FL.yaml:" in said and "Traceback" not in said
        assert ("没有单位“watr”" if lang == "zh" else "no unit 'watr'") in said
    assert not [*Path().glob("out*")]


def test_measures_are_not_accepted_for_plans_that_do_not_compile(data, capsys):
    """A review of the past can be read; what it proposes cannot be accepted for a city that could not run."""
    assert main(["run", CASE, "--out", "out", "--no-figures", "--quiet"]) in (0, 1)
    edit(data / "plans" / "CM.yaml", "natures: [mine_inrush, mine_gas, ", "natures: [mine_inrush, ")
    assert main(["review", "out", "--to", "json", "--lang", "en"]) == 0
    capsys.readouterr()
    assert main(["review", "out", "--accept", "--to", "md", "--lang", "en"]) == 3
    assert "the nature 'mine_gas' is in no plan" in capsys.readouterr().err
    assert not Path("out", "measures.yaml").exists() and not Path("out", "review.md").exists()


@pytest.mark.parametrize(
    "name", ["plans/CM.yaml", "depots.yaml", "forces.yaml", "monitoring.yaml", "rivers.csv", "roads.geojson"]
)
@pytest.mark.parametrize("what", ["folder", "loop", "nowhere", "pipe"])
def test_what_stands_in_a_file_s_place_is_told(data, name, what):
    """A folder, a link to itself or to nothing, a pipe: none of them is as if the file were left out."""
    path = data / name
    path.unlink()
    {"folder": path.mkdir, "loop": lambda: path.symlink_to(path.name), "nowhere": lambda: path.symlink_to("gone"),
     "pipe": lambda: os.mkfifo(path)}[what]()  # fmt: skip
    assert any(name in said for said in refused(data))


def test_a_month_without_weather_is_a_mistake(data):
    """A run would take the weather from nowhere."""
    edit(data / "climate.csv", [*(data / "climate.csv").read_text(encoding="utf-8").splitlines(keepends=True)][5], "")
    assert any("has no weather for month" in said for said in refused(data))


def test_a_city_that_was_read_is_read_anew_when_a_byte_of_it_changed(data):
    """The same bytes are the same city, wherever they stand; another byte in any file is looked at."""
    before = load_city(data)
    assert load_city(data) is before

    text = (data / "city.yaml").read_text(encoding="utf-8")
    (data / "city.yaml").write_text(text + "\n# a remark\n", encoding="utf-8")
    again = load_city(data)

    assert again is not before and again.id == before.id
    (data / "teams.csv").write_text("team_id\n", encoding="utf-8")
    assert refused(data)
