"""The command platform, sensitive times, and what exercise control does to those who carry plans out, in a case file."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.case import Case, Staffing
from sim.doors.monitors import load_monitors
from sim.errors import InvalidInput
from sim.scenario.compile import check_case, load_case

CASE = """
name: a day
city: CITY
starts_at: 2024-07-19T02:40
incidents:
  - {id: F1, nature: small_incident, location: {town: TOWN}}
MORE
"""
QUJING, TOYTOWN = ("qujing", "老厂镇"), ("toytown", "东山镇")


def written(folder: Path, more: str, where: tuple[str, str] = QUJING) -> Path:
    """The case in a file."""
    path = folder / "day.yaml"
    text = CASE.replace("CITY", where[0]).replace("TOWN", where[1]).replace("MORE", more)
    path.write_text(text, encoding="utf-8")
    return path


def loaded(folder: Path, more: str, where: tuple[str, str] = QUJING) -> Case:
    """The case in it."""
    return load_case(written(folder, more, where))


@pytest.mark.parametrize("state", ["on", "off", "degraded"])
def test_the_platform_is_on_off_or_degraded(tmp_path: Path, state: str) -> None:
    """Each state of it is another case."""
    usual, case = loaded(tmp_path, ""), loaded(tmp_path, f"platform: {state}")

    assert (usual.platform, case.platform) == ("on", state)
    assert (usual.digest == case.digest) == (state == "on")


def test_what_exercise_control_does_to_offices_is_resolved(tmp_path: Path) -> None:
    """A unit goes by its name in the plans, in Chinese or by its id; a suspension names its incident."""
    more = """
sensitive: yes
injects:
  - {id: a, title: a, at: +01:00, do: [{delay: {unit: 市委宣传部, by: 2 h}}, {suspend: {incident: F1, lasting: 30 min}}]}
"""
    case = loaded(tmp_path, more)
    (inject,) = case.injects

    assert case.sensitive
    assert inject.actions == (
        Staffing("delay", unit="propaganda", by=7200.0),
        Staffing("suspend", incident="F1", by=1800.0),
    )


@pytest.mark.parametrize("name", ["陆良县公安局", "Luliang County Public Security Bureau", "county_police"])
def test_an_office_of_a_county_goes_by_the_name_a_review_gives_it(tmp_path: Path, name: str) -> None:
    """Whoever copies it out of a review is understood."""
    case = loaded(tmp_path, f'injects: [{{id: a, title: a, at: +01:00, do: [{{delay: {{unit: "{name}", by: 2 h}}}}]}}]')

    assert case.injects[0].actions == (Staffing("delay", unit="county_police", by=7200.0),)


@pytest.mark.parametrize(
    ("more", "where", "what"),
    [
        ("platform: broken", QUJING, "platform"),
        ("injects: [{id: a, title: a, at: +01:00, do: [{delay: {unit: propagand, by: 2 h}}]}]", QUJING, "propaganda"),
        ("injects: [{id: a, title: a, at: +01:00, do: [{suspend: {incident: F2}}]}]", QUJING, "F2"),
        ("injects: [{id: a, title: a, at: +01:00, do: [{delay: {unit: x, by: 2 h}}]}]", TOYTOWN, "has no plans"),
    ],
)
def test_mistakes_are_told_with_their_place(tmp_path: Path, more: str, where: tuple[str, str], what: str) -> None:
    """Unknown names are answered with near ones; a city without plans has nobody to delay."""
    problems = check_case(written(tmp_path, more, where))

    assert problems
    assert any(what in f"{p}" for p in problems)


def test_a_city_s_monitoring_is_read_with_every_mistake(tmp_path: Path) -> None:
    """Models, places, systems, lags and figures that do not exist are told together."""
    path = tmp_path / "monitoring.yaml"
    path.write_text(
        """
systems:
  eye: {zh: 眼, en: eye, sees: [floood], lag: 3 kg, coverage: {999999: 0.5}, standing: config, source: ours}
signals:
  storm: {zh: 雨, en: rain, system: ey, figure: rain, colours: {red: 3 kg}, natures: [floood], standing: config, source: ours}
""",
        encoding="utf-8",
    )
    with pytest.raises(InvalidInput) as raised:
        load_monitors(path, ["flood"], ["530302"])

    assert len(raised.value.problems) == 6


def test_the_seven_systems_of_the_city(tmp_path: Path) -> None:
    """Seven of them, each for accidents the models know; the signals of weather are all the weather service's."""
    monitors = loaded(tmp_path, "").city.monitors

    assert monitors is not None
    assert len(monitors.systems) == 7
    assert {signal.system for signal in monitors.signals} == {"weather"}
