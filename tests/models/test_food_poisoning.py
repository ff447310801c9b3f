"""Food poisoning: the published onset figures, the sample against the curve, and what stopping the meal is worth."""

from __future__ import annotations

import math

import pytest
from scipy.stats import lognorm

from models.hazards.food_poisoning import Model, Parameters, onset_share
from sim.domain.people import Triage
from tests.models.passports import parameters
from tests.models.walking import all_hands, scene, walk

HOUR = 3600.0
FILE = "hazards/food_poisoning/parameters.yaml"


def model(cause: str = "kept_warm", **changed: float) -> Model:
    return Model(parameters(Parameters, FILE, cause, **changed))


def test_onsets_of_the_card() -> None:
    """Staphylococcus by 12 h, norovirus by 12 h, and 200 eaters of whom 60 % fall ill between 3 and 4 h."""
    assert onset_share(12 * HOUR, 4 * HOUR, 1.6) == pytest.approx(0.990, rel=1e-3)
    assert onset_share(12 * HOUR, 29 * HOUR, 1.64) == pytest.approx(0.0372, rel=2e-3)
    between = onset_share(4 * HOUR, 4 * HOUR, 1.6) - onset_share(3 * HOUR, 4 * HOUR, 1.6)
    assert 200 * 0.6 * between == pytest.approx(27.6, abs=0.05)  # printed to a tenth


@pytest.mark.parametrize(("t", "median", "dispersion"), [(1.0, 3.0, 1.8), (30.0, 24.0, 1.8), (0.7, 0.75, 1.5)])
def test_the_share_is_the_log_normal(t: float, median: float, dispersion: float) -> None:
    """Against an independent library."""
    assert onset_share(t, median, dispersion) == pytest.approx(
        lognorm.cdf(t, math.log(dispersion), scale=median), rel=1e-9
    )


def test_the_sick_are_as_many_and_as_late_as_the_card_says() -> None:
    """1 500 eaters of whom six in ten fall ill: the count and the median onset lie within their scatter."""
    found = walk(model(serving=1.0), scene({"eaters": 1500.0}, "kept_warm"), {}, until=60 * HOUR)
    times = [t for t, name, _ in found.log if name == "falls_ill"]

    attack = 0.6 * (1 + 0.015 * 10)
    assert len(times) == pytest.approx(1500 * attack, abs=4 * math.sqrt(1500 * attack * (1 - attack)))
    assert times[len(times) // 2] == pytest.approx(4 * HOUR, rel=0.06)


@pytest.mark.parametrize("seed", range(3))
def test_stopping_the_meal_earlier_spares_more(seed: int) -> None:
    """Who falls ill with early closing falls ill with late closing, too; without any it never ends."""
    where = scene({"eaters": 400.0}, "infected_handler", terrain="mountain")
    soon, late, never = (
        walk(model("infected_handler"), where, plan, seed=seed, until=200 * HOUR)
        for plan in ({600.0: all_hands()}, {4 * HOUR: all_hands()}, {})
    )

    assert set(soon.people) <= set(late.people) <= set(never.people)
    assert len(soon.people) < len(never.people)
    assert soon.ended <= late.ended < never.ended == math.inf


def test_an_antidote_makes_later_onsets_milder() -> None:
    """Nitrite with and without methylene blue at hand: the same people, none of them red after it is there."""
    nitrite = {"median": 45 * 60.0, "dispersion": 1.5, "red": 0.3, "yellow": 0.4, "antidote_works": 1.0}
    where = scene({"eaters": 300.0}, "kept_warm")
    without, with_it = (
        walk(model(**nitrite), where, {0.0: all_hands(without=left_out)}, until=100 * HOUR)
        for left_out in (["TRIAGE"], [])
    )
    red = [sum(p.triage is Triage.RED for p in found.people.values()) for found in (without, with_it)]

    assert set(without.people) == set(with_it.people)
    assert red[1] < red[0] / 4
