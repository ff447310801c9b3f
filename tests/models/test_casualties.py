"""What becomes of the hurt: printed survival, the tables behind the fits, and laws of care."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import kernels
from models.casualties import Curve, Latent, Model, Parameters
from sim.domain.people import Person, Status, Triage
from sim.errors import UnknownName
from sim.streams import Streams
from sim.units import to_si
from tests.models.passports import document, passports

HOUR, DAY = 3600.0, 86400.0
CARES = ("waiting", "buddy", "paramedic", "ambulance", "emergency", "definitive")
RED, YELLOW, GREEN, EXPECTANT = Triage.RED, Triage.YELLOW, Triage.GREEN, Triage.EXPECTANT

# Sacco et al. 2005 as restated: survival if care starts at score 0–12; the score after 1, 2, 4 h from score 5–12
SURVIVAL = (0.052, 0.089, 0.15, 0.23, 0.35, 0.49, 0.63, 0.75, 0.84, 0.90, 0.94, 0.97, 0.98)
SCORE_LATER = {
    12: (12, 11, 10),
    11: (11, 10, 7),
    10: (9, 8, 6),
    9: (8, 7, 3),
    8: (7, 5, 1),
    7: (5, 3, 0),
    6: (3, 1, 0),
    5: (2, 0, 0),
}
COLOURS = {GREEN: (11, 12), YELLOW: (9, 10), RED: (5, 6, 7, 8)}
PRINTED = {
    GREEN: (0.97, 0.95, 0.85),
    YELLOW: (0.89, 0.78, 0.44),
    RED: (0.40, 0.22, 0.07),
    EXPECTANT: (0.08, 0.06, 0.04),
}
TANGSHAN = {0.5: 0.993, 24: 0.810, 48: 0.537, 72: 0.367, 96: 0.190, 120: 0.074}  # extrication survival by hours trapped

colours = st.sampled_from(list(Triage))
hours = st.floats(0, 12)
kinds = st.integers(0, len(CARES) - 1)


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(Parameters(**passports("casualties/parameters.yaml")))


def hurt(colour: Triage, entrapment: str = "") -> Person:
    return Person("P1", Status.WAITING, triage=colour, entrapment=entrapment)


@pytest.mark.parametrize("colour", list(Triage))
def test_the_ill_bear_waiting_longer_than_the_injured_and_care_saves_no_fewer_but_the_hopeless(model, colour) -> None:
    """Illness has clocks of its own; half a day without care is not death to those who are lightly ill."""
    ill = Person("P1", Status.WAITING, triage=colour, harm="illness")
    luck = Latent(1.0, 1.0, 0.5)
    assert model.dies_in(ill, luck, 0.0, 0.0, "waiting") > model.dies_in(hurt(colour), luck, 0.0, 0.0, "waiting")
    assert model.used(ill, luck, 0.0, 0.0, 12 * HOUR, "waiting") < model.used(
        hurt(colour), luck, 0.0, 0.0, 12 * HOUR, "waiting"
    )
    if colour is not EXPECTANT:
        assert getattr(model.p, f"ill_{colour.value}_saved") > getattr(model.p, f"{colour.value}_saved")


def test_an_unknown_harm_is_named(model) -> None:
    """Not taken for an injury."""
    with pytest.raises(UnknownName):
        model.dies_in(
            Person("P1", Status.WAITING, triage=RED, harm="curse"), Latent(1.0, 1.0, 0.5), 0.0, 0.0, "waiting"
        )


def survival(model: Model, colour: Triage, after: float) -> float:
    """The share that lives if care begins `after` hours of waiting."""
    saved = getattr(model.p, f"{colour.value}_saved")
    return saved * math.exp(-model.used(hurt(colour), Latent(1, 1, 0.5), 0.0, 0.0, after * HOUR, "waiting"))


def wait(model: Model, person: Person, bears: float, stages: list[tuple[float, str]]) -> float:
    """When a person dies (s) who gets these cares one after another, the last for good."""
    latent, used, age = Latent(math.inf, bears, 0.0), 0.0, 0.0
    for span, care in stages:
        dies = model.dies_in(person, latent, used, age, care)
        if dies <= span:
            return age + dies
        used = model.used(person, latent, used, age, span, care)
        age += span
    return math.inf


# ── against what is printed ──


@pytest.mark.parametrize("colour", list(Triage))
def test_survival_of_each_colour_is_what_is_printed(model, colour):
    """The fitted survival after 1, 2 and 4 h of waiting, to the two digits printed."""
    assert tuple(round(survival(model, colour, h), 2) for h in (1, 2, 4)) == PRINTED[colour]


@pytest.mark.parametrize("colour", list(COLOURS))
def test_the_fits_follow_the_score_table(model, colour):
    """Mean survival over the scores of a colour, as the table lets them deteriorate, is met within a few percent."""
    for i, after in enumerate((1, 2, 4)):
        table = sum(SURVIVAL[SCORE_LATER[score][i]] for score in COLOURS[colour]) / len(COLOURS[colour])
        assert survival(model, colour, after) == pytest.approx(table, abs=0.07)
    at_once = sum(SURVIVAL[score] for score in COLOURS[colour]) / len(COLOURS[colour])
    assert survival(model, colour, 0) == pytest.approx(at_once, abs=1e-3)


def test_the_masonry_curve_fits_the_tangshan_data(model):
    """Root mean square distance .017, as printed."""
    person, latent = hurt(YELLOW, "masonry"), Latent(1, 1, 0.5)
    errors = [math.exp(-model.used(person, latent, 0, 0, h * HOUR, "trapped")) - s for h, s in TANGSHAN.items()]

    assert math.sqrt(sum(e * e for e in errors) / len(errors)) == pytest.approx(0.017, abs=1e-3)


def test_one_person_under_changing_care_dies_when_printed():
    """K8: 1.829 h untreated, 2.524 h with first aid from 1 h, 8.70 h with good care from 1.5 h."""
    curve = Curve(1.4, 3.0)
    first = curve.used(0, 1, 1.0)
    second = first + curve.used(1, 0.5, 0.5)

    assert curve.rings_in(0.5, 0, 1.0) == pytest.approx(1.829, rel=1e-3)
    assert 1 + curve.rings_in(0.5 - first, 1, 0.5) == pytest.approx(2.524, rel=1e-3)
    assert 1.5 + curve.rings_in(0.5 - second, 1.5, 0.05) == pytest.approx(8.70, rel=1e-3)


def test_a_hundred_trapped_take_six_hours_of_perfect_digging():
    """Hours by accessibility (4.2) give 10.5 person-hours a head and 5.83 h for 300 rescuers at 60 %."""
    mean = 0.50 * 1 + 0.30 * 5 + 0.15 * 30 + 0.05 * 80

    assert mean == pytest.approx(10.5)
    assert kernels.work_done_in(100 * mean, 300 * 0.6) == pytest.approx(5.83, rel=1e-3)


def test_sixteen_point_seven_ambulances_by_littles_law():
    """Forty reds in two hours and a cycle of fifty minutes keep 16.7 ambulances busy when each takes one."""
    most = passports("casualties/care.yaml")["ambulance_red"]

    assert 40 / most / 2 * 50 / 60 == pytest.approx(16.7, rel=2e-3)


# ── laws ──


@given(colour=colours, bears=st.floats(0.01, 5), at=hours, later=st.floats(0.01, 5), better=kinds, worse=kinds)
def test_earlier_or_better_care_never_brings_death_nearer(model, colour, bears, at, later, better, worse):
    """Less waiting, or a better kind of care, moves the death back or away."""
    better, worse = max(better, worse), min(better, worse)
    person = hurt(colour)
    early = wait(model, person, bears, [(at * HOUR, "waiting"), (math.inf, CARES[better])])

    assert early >= wait(model, person, bears, [((at + later) * HOUR, "waiting"), (math.inf, CARES[better])]) * (
        1 - 1e-9
    )
    assert early >= wait(model, person, bears, [(at * HOUR, "waiting"), (math.inf, CARES[worse])]) * (1 - 1e-9)


@given(colour=colours, bears=st.floats(0.01, 5), share=st.floats(0.01, 0.99))
def test_looking_in_between_changes_nothing(model, colour, bears, share):
    """A wait cut in two ends in death at the same moment."""
    person = hurt(colour)
    whole = wait(model, person, bears, [(math.inf, "waiting")])

    assert wait(model, person, bears, [(whole * share, "waiting"), (math.inf, "waiting")]) == pytest.approx(
        whole, rel=1e-9
    )


@given(colour=colours, used=st.floats(0, 10), age=st.floats(0, 1e6))
def test_nobody_dies_of_waiting_in_definitive_care(model, colour, used, age):
    """The clock stands still there."""
    latent = Latent(99.0, 99.0, 0.5)

    assert model.dies_in(hurt(colour), latent, used, age, "definitive") == math.inf
    assert model.used(hurt(colour), latent, used, age, 1e6, "definitive") == used


def test_care_only_ever_slows_the_clock(model):
    """The rates fall from waiting to definitive care."""
    rates = [model.rate_factor(care) for care in CARES]

    assert rates == sorted(rates, reverse=True)
    assert (rates[0], rates[-1]) == (1.0, 0.0)


@pytest.mark.parametrize("colour", list(Triage))
def test_care_at_once_saves_the_printed_share(model, colour):
    """Over many people the share who are not doomed is S0, within three standard errors."""
    streams, n, saved = Streams(7), 2000, getattr(model.p, f"{colour.value}_saved")
    lucky = sum(
        not model.doomed(hurt(colour), model.latent(hurt(colour), streams("casualty", f"P{i}"))) for i in range(n)
    )

    assert lucky / n == pytest.approx(saved, abs=3 * math.sqrt(saved * (1 - saved) / n))


def test_people_who_wait_die_as_the_curve_says(model):
    """The share of reds dead within 2 h of waiting is one less their survival, within three standard errors."""
    streams, n = Streams(8), 2000
    expected = 1 - survival(model, RED, 2) / model.p.red_saved
    lucks = (model.latent(hurt(RED), streams("casualty", f"P{i}")) for i in range(n))
    dead = sum(model.dies_in(hurt(RED), luck, 0.0, 0.0, "waiting") < 2 * HOUR for luck in lucks)

    assert dead / n == pytest.approx(expected, abs=3 * math.sqrt(expected * (1 - expected) / n))


# ── the trapped ──


def test_half_of_the_buried_die_at_once_and_the_rest_within_hours(model):
    """The burial curve starts with a jump; what is left is exponential with three hours."""
    buried = hurt(RED, "burial")

    assert model.dies_in(buried, Latent(math.log(2) * 0.999, 1, 0.5), 0, 0, "trapped") == 0.0
    assert model.dies_in(buried, Latent(math.log(2) + 1, 1, 0.5), 0, 0, "trapped") == pytest.approx(3 * HOUR)


def test_a_dry_refuge_holds_for_a_week(model):
    """No death before seven days, then a mean of seventy-two hours more."""
    miner = hurt(GREEN, "mine_dry")
    used = model.used(miner, Latent(1, 1, 0.5), 0, 0, 6 * DAY, "trapped")

    assert used == 0.0
    assert model.dies_in(miner, Latent(1, 1, 0.5), used, 6 * DAY, "trapped") == pytest.approx(DAY + 72 * HOUR)
    assert model.used(miner, Latent(1, 1, 0.5), 0, 0, 7 * DAY + 72 * HOUR, "trapped") == pytest.approx(1.0)


@pytest.mark.parametrize("entrapment", ["masonry", "burial", "mine_dry", "vehicle"])
def test_a_clock_uses_nothing_up_before_it_begins(model, entrapment):
    """Time before a person's present clock began does not count, whatever ran then."""
    assert model.used(hurt(RED, entrapment), Latent(1, 1, 0.5), 0.0, -HOUR, HOUR, "trapped") == 0.0


def test_the_cold_shortens_life_in_a_wreck(model):
    """The same injured person bears a shorter time in a wreck at below zero."""
    luck = Latent(0.5, 0.5, 0.5)
    mild = model.dies_in(hurt(RED, "vehicle"), luck, 0, 0, "trapped")

    assert mild == pytest.approx(model.dies_in(hurt(RED), luck, 0, 0, "waiting"))
    assert model.dies_in(hurt(RED, "vehicle_cold"), luck, 0, 0, "trapped") < mild


def test_an_unknown_entrapment_is_named_with_the_nearest_known(model):
    """A misspelt curve is a mistake of the hazard's author and says so."""
    with pytest.raises(UnknownName, match="did you mean 'masonry'"):
        model.dies_in(hurt(RED, "masonery"), Latent(1, 1, 0.5), 0, 0, "trapped")


def test_every_number_of_care_lies_in_its_range():
    """The times of care are complete and inside their own ranges."""
    care, written = passports("casualties/care.yaml"), document("casualties/care.yaml")

    assert set(care) == {
        "triage",
        "treat_setup",
        "first_aid_after",
        "mates_after",
        "load",
        "handover",
        "emergency_to_definitive",
        "doomed_after",
        "ambulance_red",
        "ambulance_yellow",
        "ambulance_green",
        "own_way_green",
        "own_way_yellow",
        "theatres",
        "operation",
        "power_needed",
        "generator_lasts",
        "places_dark",
    }
    for name, entry in written.items():
        low, high = entry["range"]
        assert 0 <= to_si(low, entry["unit"]) <= care[name] <= to_si(high, entry["unit"]), name
