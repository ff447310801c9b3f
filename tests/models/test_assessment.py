"""Severity by statute: each class begins at its figure, that figure included; the potential class counts the trapped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.assessment.by_statute import Assessor
from sim import catalog
from sim.domain.command import Criterion, Level, Severity
from sim.domain.hazards import Sighting

PLANS = {"default": {1: 4, 2: 3, 3: 2, 4: 1}, "inundation": {1: None, 2: 2, 3: 1, 4: 1}}
HECTARE = 1e4


@pytest.fixture(scope="module")
def assessor():
    return catalog.assessor(PLANS)


@pytest.mark.parametrize(
    ("scale", "sighting", "severity"),
    [
        # domain.md A1, Order 493 art. 3
        ("production", Sighting(), Severity.GENERAL),
        ("production", Sighting(dead=2), Severity.GENERAL),
        ("production", Sighting(dead=3), Severity.LARGER),
        ("production", Sighting(dead=9), Severity.LARGER),
        ("production", Sighting(dead=10), Severity.MAJOR),
        ("production", Sighting(dead=29), Severity.MAJOR),
        ("production", Sighting(dead=30), Severity.ESPECIALLY_MAJOR),
        ("production", Sighting(seriously_injured=9), Severity.GENERAL),
        ("production", Sighting(seriously_injured=10), Severity.LARGER),
        ("production", Sighting(seriously_injured=50), Severity.MAJOR),
        ("production", Sighting(dead=3, seriously_injured=100), Severity.ESPECIALLY_MAJOR),
        # A2
        ("forest_fire", Sighting(figures={"area": 0.99 * HECTARE}), Severity.GENERAL),
        ("forest_fire", Sighting(figures={"area": 1 * HECTARE}), Severity.LARGER),
        ("forest_fire", Sighting(figures={"area": 100 * HECTARE}), Severity.MAJOR),
        ("forest_fire", Sighting(figures={"area": 1000 * HECTARE}), Severity.ESPECIALLY_MAJOR),
        ("geological", Sighting(dead=10), Severity.MAJOR),
        ("earthquake", Sighting(dead=9), Severity.GENERAL),
        ("earthquake", Sighting(dead=10), Severity.LARGER),
        ("earthquake", Sighting(dead=40, trapped=10), Severity.MAJOR),  # the missing count among the dead
        ("earthquake", Sighting(dead=300), Severity.ESPECIALLY_MAJOR),
        ("environment", Sighting(figures={"evacuated": 4999}), Severity.GENERAL),
        ("environment", Sighting(figures={"evacuated": 10_000}), Severity.MAJOR),
        ("road_traffic", Sighting(dead=3), Severity.LARGER),
    ],
)
def test_confirmed_severity_is_that_of_the_statute(assessor, scale, sighting, severity):
    """What is certain decides the confirmed class; 以上 includes the figure."""
    assert assessor.severity(scale, sighting)[0] is severity


def test_the_trapped_count_for_what_may_come_of_it(assessor):
    """Nobody is known dead and eight are missing: confirmed 一般, potential 较大, and the criterion says so."""
    assert assessor.severity("production", Sighting(trapped=8)) == (
        Severity.GENERAL, Severity.LARGER, "production.dead 8 >= 3",
    )  # fmt: skip


def test_a_threat_is_only_potential(assessor):
    """A slope above 500 people who must move: nobody is hurt, but it may become 重大 (大型险情)."""
    confirmed, potential, basis = assessor.severity("geological", Sighting(figures={"threatened": 500.0}))

    assert (confirmed, potential, basis) == (Severity.GENERAL, Severity.MAJOR, "geological.threatened 500 >= 500")


def test_below_every_criterion_says_so(assessor):
    """一般 has no figure of its own that was reached."""
    assert assessor.severity("production", Sighting(dead=1))[2] == "production.below"


COUNTS = st.integers(0, 400)


@given(st.sampled_from(["production", "geological", "earthquake", "road_traffic"]), COUNTS, COUNTS, COUNTS, COUNTS)
def test_worse_news_never_lowers_the_class(scale, dead, trapped, injured, more):
    """More dead, trapped or hurt never make it milder, and what may come is never milder than what is certain."""
    grade = catalog.assessor(PLANS).severity
    confirmed, potential, _ = grade(scale, Sighting(dead=dead, trapped=trapped, seriously_injured=injured))

    assert potential >= confirmed
    for worse in (
        Sighting(dead=dead + more, trapped=trapped, seriously_injured=injured),
        Sighting(dead=dead, trapped=trapped + more, seriously_injured=injured),
        Sighting(dead=dead, trapped=trapped, seriously_injured=injured + more),
    ):
        now = grade(scale, worse)
        assert now[0] >= confirmed
        assert now[1] >= potential


def test_the_plan_of_a_nature_goes_before_the_default(assessor):
    """The response level is the city's decision, by nature; None where its plan starts none."""
    assert assessor.level(Severity.LARGER, "anything") is Level.III
    assert assessor.level(Severity.LARGER, "inundation") is Level.II
    assert assessor.level(Severity.GENERAL, "inundation") is None


def test_a_confirmed_class_is_potential_too():
    """A criterion that counts something only among what is certain cannot leave the potential class behind."""
    only_certain = Criterion("dead", ("dead",), (), ((Severity.LARGER, 3.0),))
    confirmed, potential, _ = Assessor({"s": (only_certain,)}, PLANS).severity("s", Sighting(dead=5))

    assert confirmed is potential is Severity.LARGER
