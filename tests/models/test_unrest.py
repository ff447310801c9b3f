"""Unrest: growth, mood, the clock of outbreaks against an integrator, what police and talks are worth, the five elements."""

from __future__ import annotations

import math
from functools import cache
from statistics import mean
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad, solve_ivp

from models.hazards.unrest import Model, people
from sim import catalog
from sim.domain.hazards import Inputs, Need, Note, Road, Roads, Scene, Sighting, Strike
from sim.domain.people import Status
from sim.domain.places import Settlement, Surroundings, Weather
from sim.streams import Streams
from tests.models.walking import Walk, all_hands, differences, same, scene, walk

MINUTE, HOUR = 60.0, 3600.0
CARD = catalog.hazard("unrest").card
CAUSES, VARIANTS = list(CARD.causes), list(CARD.variants)
MANY = {"people": 2000.0, "anger": 0.5}
SURE = {"mood_spread": 0.0}

seeds = st.integers(0, 5_000)


def model(variant: str = "mass_incident", cause: str = "land", **changed: float) -> Model:
    return _built(variant, cause, tuple(sorted(changed.items())))


@cache
def _built(variant: str, cause: str, changed: tuple[tuple[str, float], ...]) -> Model:
    bounds = {name: passport.bounds for name, passport in CARD.parameters.items()}
    values = {n: min(max(CARD.spread(n, cause, variant).median, low), high) for n, (low, high) in bounds.items()}
    built = catalog.hazard("unrest").build({**values, **dict(changed)})
    assert isinstance(built, Model)
    return built


def place(
    variant: str = "mass_incident", cause: str = "land", scope: dict[str, float] | None = None, **where: Any
) -> Scene:
    return scene(MANY | (scope or {}), cause, variant=variant, **where)


def run(variant: str = "mass_incident", cause: str = "land", begins: float = math.inf, share: float = 1.0,
        without: tuple[str, ...] = (), seed: int = 1, until: float = 5 * 24 * HOUR, scope: dict[str, float] | None = None,
        changed: dict[str, float] | None = None, **where: Any) -> Walk:  # fmt: skip
    plan = {begins: all_hands(share, without)} if begins < math.inf else {}
    return walk(
        model(variant, cause, **(changed or {})), place(variant, cause, scope, **where), plan, seed=seed, until=until
    )


def lost(found: Walk) -> set[str]:
    return {who for who, person in found.people.items() if person.status is Status.DEAD}


# ── the equations ──


def test_the_crowd_grows_logistically():
    """Against an integrator, up to nearly all of them."""
    found = run(until=2.5 * HOUR, changed=SURE)
    p, most = model(**SURE).p, found.state.most
    right = solve_ivp(
        lambda _, x: p.growth * x * (1 - x / most), (0, 2.5 * HOUR), [p.begins * most], rtol=1e-10, atol=1e-8
    )

    assert found.state.crowd == pytest.approx(right.y[0, -1], rel=1e-7)


def test_a_crew_that_talks_lowers_the_mood_by_a_tenth_an_hour():
    """m' = provocation − talks; more crews than can talk add nothing."""
    hazard = model(**SURE)
    state, _ = hazard.start(place(), Streams(1)("hazard", "F1"))

    def change(crews: float) -> float:
        return hazard.advance(state, HOUR, Inputs({"mediate": crews}, Weather())).mood - state.mood

    assert change(0.0) == pytest.approx(hazard.p.provocation * HOUR)
    assert change(0.0) - change(1.0) == pytest.approx(0.1, rel=1e-9)
    assert change(3.0) == change(9.0)


def test_the_clock_of_violence_is_the_integral_of_anger_above_its_mark():
    """Through .6 and through 1, at any force."""
    hazard = model(mood_spread=0.0, violence=1e-9)
    found = walk(hazard, place(), until=12 * HOUR)
    p = hazard.p
    up, full = (p.violent_at - 0.5) / p.provocation, 0.5 / p.provocation
    total = quad(lambda t: p.violence * (0.5 + p.provocation * t - p.violent_at), up, full, epsabs=0.0)[0]
    total += p.violence * (1 - p.violent_at) * (12 * HOUR - full)

    assert found.when("turns_violent") == pytest.approx(up, rel=1e-9)
    assert found.when("boils_over") == pytest.approx(full, rel=1e-9)
    assert found.state.violence == pytest.approx(total, rel=1e-9)


def test_outbreaks_come_as_often_as_their_clock_says():
    """At full anger without police: 4/h · .4 of them an hour, on average."""
    number = [run(seed=s, scope={"anger": 0.6}, until=20 * HOUR).state for s in range(100)]

    assert mean(found.broken_out for found in number) == pytest.approx(mean(f.violence for f in number), rel=0.1)


def test_it_goes_home_to_a_tenth():
    """First order: from what it was to a tenth of its most."""
    found = run(begins=0.0, changed=SURE)
    hazard = model(**SURE)
    breaks = found.when("breaks_up")
    at = next(e.values["crowd"] for _, n, told in found.log if n == "breaks_up" for e in told)

    assert found.ended - breaks == pytest.approx(hazard.p.leaves * math.log(at / (0.1 * found.state.most)), rel=1e-6)
    assert found.state.crowd == pytest.approx(0.1 * found.state.most, rel=1e-9)


# ── what help is worth ──


def test_talks_end_it_and_police_alone_do_not():
    """Police slow violence down; only talks let people go home."""
    talked, policed = run(begins=HOUR), run(begins=HOUR, without=("NEGOTIATE",), until=3 * 24 * HOUR)

    assert talked.ended < 6 * HOUR and policed.ended == math.inf


def test_enough_police_keep_most_outbreaks_from_happening():
    """The clock runs at .3 of its pace with patrols, at .15 with riot police too."""
    hazard = model("riot", mood_spread=0.0)
    state, _ = hazard.start(place("riot"), Streams(1)("hazard", "F1"))
    needed = {d.id: d.amount for d in hazard.demands(state)}

    def pace(*served: str) -> float:
        after = hazard.advance(state, MINUTE, Inputs({name: needed[name] for name in served}, Weather()))
        return after.violence

    assert state.violent
    assert pace("order") == pytest.approx(0.3 * pace(), rel=1e-9)
    assert pace("order", "riot") == pytest.approx(0.15 * pace(), rel=1e-9)
    assert pace("order", "riot") < pace("riot") < pace()


def test_police_for_a_crowd_are_one_in_thirty_to_a_hundred():
    """Points of two officers: their number follows the crowd to be expected."""
    hazard = model()
    state, _ = hazard.start(place(), Streams(1)("hazard", "F1"))
    officers = 2 * next(d.amount for d in hazard.demands(state) if d.id == "order")

    assert 1 / 100 <= officers / state.most <= 1 / 30


@settings(max_examples=25, deadline=None)
@given(seed=seeds, begins=st.floats(0, 8 * HOUR), later=st.floats(0, 5 * HOUR), share=st.floats(0.3, 1.0),
       more=st.floats(1.0, 3.0), variant=st.sampled_from(VARIANTS), cause=st.sampled_from(CAUSES))  # fmt: skip
def test_more_or_earlier_help_never_hurts_more_nor_ends_later(seed, begins, later, share, more, variant, cause):
    """Person by person, and for the end."""
    plain = run(variant, cause, begins, share, seed=seed)
    much = run(variant, cause, begins, share * more, seed=seed)
    late = run(variant, cause, begins + later, share, seed=seed)

    assert set(much.people) <= set(plain.people) <= set(late.people)
    assert lost(much) <= lost(plain) <= lost(late)
    assert much.ended <= plain.ended + 1e-3 and plain.ended <= late.ended + 1e-3


@settings(max_examples=20, deadline=None)
@given(seed=seeds, cuts=st.lists(st.floats(0, 8 * HOUR), max_size=6), variant=st.sampled_from(VARIANTS))
def test_looking_in_between_changes_nothing(seed, cuts, variant):
    """However often the state is brought up to date, the course is the same."""
    hazard, where, plan = model(variant), place(variant), {2 * HOUR: all_hands(0.6)}
    whole = walk(hazard, where, plan, seed=seed, until=10 * HOUR)
    cut = walk(hazard, where, plan, seed=seed, until=10 * HOUR, cuts=sorted(cuts))

    assert differences(cut, whole) == []
    assert same(cut.state, whole.state)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("cause", CAUSES)
def test_every_cause_and_variant_ends_with_talks_and_not_without(variant, cause):
    """Everybody hurt is then reachable or dead; nobody else was ever in danger."""
    helped, alone = run(variant, cause, 30 * MINUTE), run(variant, cause, until=24 * HOUR)

    assert helped.ended < 24 * HOUR and alone.ended == math.inf
    assert {p.status for p in helped.people.values()} <= {Status.DEAD, Status.WAITING}


def test_a_mood_stands_exactly_on_its_mark():
    """.6 on the way up, .3 on the way down."""
    hazard, idle = model(**SURE), Inputs({}, Weather())
    state, _ = hazard.start(place(), Streams(1)("hazard", "F1"))
    met = {}
    for inputs in (idle, Inputs({"mediate": 3.0}, Weather())):
        while True:
            span, name = hazard.next_event(state, inputs)
            state, _ = hazard.fire(hazard.advance(state, span, inputs), name, inputs)
            met[name] = state.mood
            if name in ("turns_violent", "breaks_up"):
                break

    assert met["turns_violent"] == hazard.p.violent_at and met["breaks_up"] == hazard.p.calm_at


def test_nobody_is_no_error():
    """A crowd of none is gone at once."""
    found = run(scope={"people": 0.0})

    assert found.ended == 0.0 and not found.people


# ── roads, the five elements, what is seen ──


def test_the_road_is_blocked_and_opened_again():
    """Its own link, and the roads about where the crowd is large."""

    def told(number: float) -> list[tuple[type, float]]:
        found = run(begins=MINUTE, scope={"people": number})
        return [(type(e), e.factor) for _, _, effects in found.log for e in effects if isinstance(e, Road | Roads)]

    left = model().p.road_left
    assert told(100.0) == []
    assert told(1000.0) == [(Road, left), (Road, 1.0)]
    assert told(9000.0) == [(Road, left), (Roads, left), (Road, 1.0), (Roads, 1.0)]


def test_night_rain_cold_and_neighbours_change_it():
    """Time, weather, place."""
    p = model().p
    near = Surroundings(settlements=(Settlement("T1", 1000.0, 0.0, 100_000.0),))
    asleep = Surroundings(presence={"asleep": 0.9})

    assert people.most(p, place(around=near)) == pytest.approx(2200.0)
    assert people.most(p, place()) == pytest.approx(2000.0)
    assert people.most(p, place(weather=Weather(rain=5.0))) < people.most(p, place())
    assert people.most(p, place(weather=Weather(temperature=-3.0))) < people.most(p, place())
    assert people.growth(p, place(around=asleep)) < people.growth(p, place())


def test_a_strike_is_calmer_and_a_riot_worse():
    """Variant: hurt on average, with help after two hours."""
    hurt = {v: mean(len(run(v, begins=2 * HOUR, seed=s).people) for s in range(12)) for v in VARIANTS}

    assert hurt["strike"] < hurt["mass_incident"] < hurt["riot"]


def test_police_on_the_spot_are_hurt_lightly_with_each_outbreak():
    """Those who serve there, seldom gravely."""
    blows = [e for _, _, told in run("riot", until=6 * HOUR).log for e in told if isinstance(e, Strike)]

    assert blows and all(blow.green > blow.yellow > blow.red >= blow.dead for blow in blows)
    assert set(blows[0].demands) == {"order", "riot", "mediate"}


def test_needs_follow_what_is_believed():
    """Police by the count, riot police only if it is violent; nothing for nothing."""
    hazard, site = model(), place().site
    calm = {"crowd": 1000.0, "mood": 0.5, "violent": 0.0, "blocked": 0.0, "leaving": 0.0}

    def asked(**changed: float) -> dict[str, float]:
        needs: list[Need] = list(hazard.needs(Sighting(figures=calm | changed), site))
        return {need.capability: need.amount for need in needs}

    assert asked() == {"CORDON": 15.0, "NEGOTIATE": 3.0}
    assert asked(violent=1.0)["TACTICAL"] == 1.0
    assert asked(leaving=1.0) == {"CORDON": 10.0}
    assert asked(crowd=0.0) == {} and hazard.needs(Sighting(), site) == ()


def test_half_of_them_are_gone_when_half_of_those_who_came_are() -> None:
    """Talks that calm the crowd before it is complete: the half is of those who were there, not of all who might have come."""
    found = run(begins=5 * MINUTE, scope={"people": 5000.0, "anger": 0.3}, changed=SURE)
    there = next(
        e.values for _, name, effects in found.log if name == "breaks_up" for e in effects if isinstance(e, Note)
    )
    half = next(
        e.values for _, name, effects in found.log if name == "half_gone" for e in effects if isinstance(e, Note)
    )

    assert there["crowd"] < 0.5 * 5000.0, "the case asked for: they begin to go before half have come"
    assert half["crowd"] == pytest.approx(0.5 * there["crowd"])
    assert found.when("half_gone") > found.when("breaks_up")
