"""The split of teams into elements: laws that hold for any roster, and how the files of elements are read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.domain.parameters import SpreadKind, fixed
from sim.domain.teams import Capability, ElementKind, Holding, Team
from sim.doors.elements import load_capabilities, load_elements
from sim.doors.homes import weights_of
from sim.doors.roster import Home, holdings_of, share_out

ELEMENTS = """
numbers:
  people: {description: people, unit: people, range: [1, 60]}
checked_on: 2026-11-24
categories:
  CREW:
    name: {zh: 队, en: Crew}
    standing: config
    source: made up
    on_duty: {Nov-Feb: 0.5, Jul: 25 %, else: 0}
    turnout: {day: 1/2/5 min, night: 90 s}
    recall: 30..60 min
    endurance: 8 h
    rest: 00:30
    split: {small: 1}
    kinds:
      small: {name: 小组, people: 4, vehicles: 1, vehicle: light, supplies: {PUMPING: 450, SEARCH: 4, EVAC: 60 people/h}}
      large: {name: 大组, people: 9, vehicles: 2, vehicle: light, on_duty: 1, rests: site, platform: yes, supplies: {SEARCH: 9}}
"""
CAPABILITIES = """
SEARCH: {zh: 搜索, en: Search, unit: people}
PUMPING: {zh: 排水, en: Pumping, unit: m3/h}
EVAC: {zh: 转移, en: Moving out, unit: people/h}
"""


def kind(code: str, people: int, share: float) -> ElementKind:
    """A kind of so many people with the same share on duty all year."""
    none = fixed(0.0)
    return ElementKind(code, code, code, people, 1, "light", {}, (share,) * 12, none, none, none, 1.0, 1.0, False)


@st.composite
def splits(draw: st.DrawFn) -> tuple[Team, dict[str, float], dict[str, ElementKind], list[Home]]:
    """Any team, split into one to three kinds, over one to nine homes."""
    people = draw(st.integers(1, 2000))
    codes = draw(st.lists(st.sampled_from(["X.a", "X.b", "X.c"]), min_size=1, max_size=3, unique=True))
    kinds = {c: kind(c, draw(st.integers(1, 40)), draw(st.floats(0, 1))) for c in codes}
    weights = {c: draw(st.floats(0.01, 10)) for c in codes}
    homes = [Home(f"N{i}", "01") for i in range(draw(st.integers(1, 9)))]
    return Team("T1", "队", "X", 1, "A", people), weights, kinds, homes


@settings(max_examples=300, deadline=None)
@given(splits())
def test_a_split_loses_nobody_and_is_even(split):
    """People add up; sizes within a kind differ by at most one; ids are dense; homes get shares that differ by at most one."""
    team, weights, kinds, homes = split
    holdings = holdings_of(team, weights, kinds, homes, month=1)
    elements = sorted(e for h in holdings for e in h.elements)
    of_kind = {c: [h for h in holdings if h.kind == c] for c in weights}

    assert sum(sum(h.people) for h in holdings) == team.headcount
    assert [int(e.removeprefix("T1/")) for e in elements] == list(range(1, len(elements) + 1))
    assert len({h.id for h in holdings}) == len(holdings)
    for own in of_kind.values():
        sizes = {p for h in own for p in h.people}
        at_home = [sum(len(h.elements) for h in own if h.node == home.node) for home in homes]
        assert not sizes or (min(sizes) >= 1 and max(sizes) - min(sizes) <= 1)
        assert max(at_home) - min(at_home) <= 1


@settings(max_examples=300, deadline=None)
@given(splits())
def test_those_on_duty_come_first_and_are_the_share_within_one_element(split):
    """The people ready differ from the kinds' shares by less than the largest element."""
    team, weights, kinds, homes = split
    holdings = holdings_of(team, weights, kinds, homes, month=1)
    expected = sum(kinds[h.kind].on_duty[0] * sum(h.people) for h in holdings)
    ready = sum(sum(h.people) for h in holdings if h.on_duty)
    first_off = min((e for h in holdings if not h.on_duty for e in h.elements), default="~")

    assert abs(expected - ready) <= max(p for h in holdings for p in h.people)
    assert all(e < first_off for h in holdings if h.on_duty for e in h.elements)


def test_a_split_by_hand():
    """25 people at 2:1 over crews of 4 and a squad of 9: four crews of 4, 4, 4, 5 and one squad of 8, half on duty."""
    kinds = {"X.crew": kind("X.crew", 4, 0.5), "X.squad": kind("X.squad", 9, 0.0)}
    homes = [Home("N1", "01"), Home("N2", "02")]
    holdings = holdings_of(Team("T7", "队", "X", 2, "A", 25), {"X.crew": 2, "X.squad": 1}, kinds, homes, month=5)

    assert holdings == [
        Holding("T7/X.crew@N1", "T7", "X.crew", 2, "A", "01", "N1", True, ("T7/01",), (4,)),
        Holding("T7/X.crew@N1/off", "T7", "X.crew", 2, "A", "01", "N1", False, ("T7/03",), (4,)),
        Holding("T7/X.crew@N2", "T7", "X.crew", 2, "A", "02", "N2", True, ("T7/02",), (4,)),
        Holding("T7/X.crew@N2/off", "T7", "X.crew", 2, "A", "02", "N2", False, ("T7/04",), (5,)),
        Holding("T7/X.squad@N1/off", "T7", "X.squad", 2, "A", "01", "N1", False, ("T7/05",), (8,)),
    ]


def test_too_few_for_half_an_element_join_the_weightiest_kind():
    """Three people are no squad of nine: they go with the crews."""
    assert share_out(30, {"squad": 1, "crew": 9}, {"squad": 9, "crew": 4}) == {"squad": 0, "crew": 30}
    assert share_out(50, {"squad": 1, "crew": 9}, {"squad": 9, "crew": 4}) == {"squad": 5, "crew": 45}


def test_a_roster_may_say_another_split():
    """Nothing said is the category's; one kind; several with weights."""
    split = {"X.crew": 1.0}

    assert weights_of("", "X", split) == split
    assert weights_of("squad", "X", split) == {"X.squad": 1.0}
    assert weights_of("crew:2 squad:1.5", "X", split) == {"X.crew": 2.0, "X.squad": 1.5}
    for wrong in ("crew:", "crew:-1", "crew crew", "crew:x"):
        with pytest.raises(ValueError, match="no kind with a weight"):
            weights_of(wrong, "X", split)


def test_elements_are_read_with_seasons_spreads_and_units(tmp_path: Path):
    """Winter wraps round the year; supplies come out in SI; a kind may differ from its category."""
    (tmp_path / "elements.yaml").write_text(ELEMENTS, encoding="utf-8")
    (tmp_path / "capabilities.yaml").write_text(CAPABILITIES, encoding="utf-8")
    capabilities = load_capabilities(tmp_path / "capabilities.yaml")
    elements = load_elements(tmp_path / "elements.yaml", capabilities, ["light"])
    small, large = elements.kinds["CREW.small"], elements.kinds["CREW.large"]

    assert capabilities["PUMPING"] == Capability("PUMPING", "排水", "Pumping", "m3/h")
    assert small.supplies == {"EVAC": pytest.approx(60 / 3600), "PUMPING": pytest.approx(0.125), "SEARCH": 4.0}
    assert small.on_duty == (0.5, 0.5, 0, 0, 0, 0, 0.25, 0, 0, 0, 0.5, 0.5)
    assert (small.turnout_day.kind, small.turnout_day.figures) == (SpreadKind.THREE_POINT, (60.0, 120.0, 300.0))
    assert small.turnout_night == fixed(90.0)
    assert (small.recall.kind, small.recall.figures) == (SpreadKind.UNIFORM, (1800.0, 3600.0))
    assert (small.endurance, small.rest, small.rests_on_site, small.platform) == (28800.0, 1800.0, False, False)
    assert (large.on_duty, large.rests_on_site, large.platform) == ((1.0,) * 12, True, True)
    assert elements.splits == {"CREW": {"CREW.small": 1.0}}
