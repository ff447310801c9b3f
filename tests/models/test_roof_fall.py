"""Roof fall: printed values, one front, air behind the heap, roof that comes down again, the five elements."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from scipy.integrate import solve_ivp

from models.hazards.roof_fall import Behind, Model, Parameters, State, people, work
from sim.domain.hazards import Inputs, Strike
from sim.domain.people import Status
from sim.domain.places import Surroundings, Weather
from sim.streams import Streams
from tests.models.passports import document, parameters
from tests.models.walking import Walk, all_hands, differences, same, scene, walk

PATH = "hazards/roof_fall/parameters.yaml"
HOUR = 3600.0
CAUSES = tuple(document(PATH)["causes"])
MAJOR = {"people": 20.0, "length": 30.0}

seeds = st.integers(0, 10_000)
shares = st.floats(0.05, 1.0)


def model(cause: str = "poor_support", **changed: float) -> Model:
    return Model(parameters(Parameters, PATH, cause, **changed))


def run(cause: str = "poor_support", begins: float | None = 1.0, share: float = 1.0, seed: int = 1,
        scope: dict[str, float] = MAJOR, without: tuple[str, ...] = (), changed: dict[str, float] | None = None,
        **where: object) -> Walk:  # fmt: skip
    plan = {} if begins is None else {begins * HOUR: all_hands(share, without)}
    return walk(model(cause, **changed or {}), scene(scope, cause, **where), plan, seed=seed, until=30 * 24 * HOUR)


def lost(found: Walk) -> set[str]:
    gone = {Status.DEAD, Status.MISSING, Status.TRAPPED}
    return {who for who, person in found.people.items() if person.status in gone}


# ── printed values ──


def test_a_heading_by_hand_goes_as_fast_as_is_printed():
    """0.5 to 1.0 m/h: 20 m and nobody in the way take 40 or 20 h."""
    for without, hours in ((("LABOR",), 40.0), ((), 20.0)):
        found = run(scope={"people": 4.0, "length": 20.0}, begins=0.0, without=without,
                    changed={"share_under": 0.0, "gallery_beside": 0.0, "falls_most": 0.0, "leak": 1.0})  # fmt: skip
        assert found.when("through") / HOUR == pytest.approx(hours, rel=1e-3)


def test_air_behind_the_heap_lasts_as_long_as_is_printed():
    """Ten people in 300 m³ without a leak: 12 % of oxygen left after 148 h (H02)."""
    p = parameters(Parameters, PATH, emission=0.0)
    ten = tuple(Behind(f"m{i}", p.oxygen, 0.5) for i in range(10))
    state = State(10.0, 10.0, 100.0, (), ten, (), 300.0, 0.0, 0.0, 1.0, math.inf, math.inf)
    span, name = Model(p).next_event(state, Inputs({}, Weather()))

    assert name == "suffocated"
    assert span / HOUR == pytest.approx(0.089 * 300 / (10 * 0.018), rel=1e-3) == pytest.approx(148, abs=0.5)


def test_the_roof_comes_down_as_often_as_is_printed():
    """0.02 an hour while somebody works unpropped, a tenth of that propped, never while nobody works."""
    p = parameters(Parameters, PATH)
    state, _ = model().start(scene(MAJOR, "poor_support", rain=0.0), Streams(1)("x"))
    at_work = {"standby": 1.0, "guides": 2.0, "heading": 1.0}

    assert work.risk(p, state, at_work) * HOUR == pytest.approx(0.02)
    assert work.risk(p, state, {**at_work, "propping": 6.0}) * HOUR == pytest.approx(0.002)
    assert work.risk(p, state, {"propping": 6.0, "standby": 1.0}) == 0.0


# ── the air ──


@settings(max_examples=20, deadline=None)
@given(leak=st.floats(0, 0.01), emission=st.floats(0, 1e-3), n=st.integers(1, 30))
def test_the_air_is_what_a_solver_finds(leak, emission, n):
    """Oxygen missing and methane against scipy."""
    p = parameters(Parameters, PATH)
    crew = tuple(Behind(f"m{i}", 9.0, 0.5) for i in range(n))
    state = State(10.0, 10.0, 100.0, (), crew, (), 400.0, leak, emission, 1.0, math.inf, math.inf)

    def slope(t, y):
        return [people.uses(p, state) - leak / 400.0 * y[0], emission / 400.0 - leak / 400.0 * y[1]]

    truth = solve_ivp(slope, (0, 20 * HOUR), [0, 0], rtol=1e-10, atol=1e-14).y[:, -1]
    found = Model(p).advance(state, 20 * HOUR, Inputs({}, Weather()))

    assert (found.lack, found.methane) == pytest.approx(tuple(truth), rel=1e-6, abs=1e-12)


def test_a_pipe_or_a_borehole_keeps_those_behind_alive():
    """Where neither is, and help is slow, people suffocate; a rig saves them."""
    close = {"air_behind": 120.0, "leak": 0.0, "pipe_holds": 0.0, "gallery_beside": 0.0, "falls_most": 0.0}
    scope = {"people": 30.0, "length": 80.0}
    with_rig, without = (run(scope=scope, without=w, changed=close, seed=3) for w in ((), ("DRILL",)))

    assert with_rig.when("borehole_through") < math.inf
    assert "suffocated" in without.why.values()
    assert lost(with_rig) < lost(without)


# ── exactness, conservation ──


@settings(max_examples=15, deadline=None)
@given(seed=seeds, share=shares, cause=st.sampled_from(CAUSES), cuts=st.lists(st.floats(0, 60 * HOUR), max_size=6))
def test_looking_in_between_changes_nothing(seed, share, cause, cuts):
    """However often the state is brought up to date, the course is the same."""
    plan, where = {2 * HOUR: all_hands(share)}, scene(MAJOR, cause)
    whole = walk(model(cause), where, plan, seed=seed, until=60 * HOUR)
    cut = walk(model(cause), where, plan, seed=seed, until=60 * HOUR, cuts=sorted(cuts))

    assert differences(cut, whole) == []
    assert same(cut.state, whole.state)


@pytest.mark.parametrize("cause", CAUSES)
def test_everybody_is_accounted_for(cause):
    """Each is in the end out or dead, once; nobody makes no trouble."""
    for seed in range(4):
        found = run(cause, seed=seed)
        assert found.ended < math.inf and len(found.people) == 20
        assert Status.TRAPPED not in {person.status for person in found.people.values()}
    assert run(cause, scope={"people": 0.0, "length": 10.0}).ended == 0.0


def test_thresholds_are_met_exactly():
    """The heading stands on the person, the air on the limit."""
    mine = model(gallery_beside=0.0, pipe_holds=0.0, air_behind=60.0, leak=0.0)
    state, _ = mine.start(scene(MAJOR, "poor_support"), Streams(2)("hazard", "F1"))
    inputs, met = Inputs({"standby": 1.0, "guides": 2.0, "heading": 1.0}, Weather()), set()
    while True:
        span, name = mine.next_event(state, inputs)
        if span == math.inf or name == "accounted":
            break
        state = mine.advance(state, span, inputs)
        if name == "reached":
            assert state.front == pytest.approx(state.under[0].at, rel=1e-9)
        if name == "suffocated":
            assert state.lack == pytest.approx(min(who.breath for who in state.behind), rel=1e-9)
        met.add(name)
        state, _ = mine.fire(state, name, inputs)
    assert {"reached", "suffocated", "freed"} <= met


# ── effort ──


def test_one_heading_takes_one_squad():
    """Ten squads and a hundred hands at the front are no faster than one squad and those who find room."""
    state, _ = model().start(scene(MAJOR, "poor_support"), Streams(1)("x"))
    few = {"standby": 1.0, "guides": 2.0, "heading": 1.0, "hauling": 12.0, "propping": 6.0}
    many = {name: 10 * value for name, value in few.items()}

    assert (
        model().advance(state, HOUR, Inputs(many, Weather())).front
        == model().advance(state, HOUR, Inputs(few, Weather())).front
    )


def test_nobody_works_at_the_front_without_a_squad_standing_by():
    """With none in readiness the heading does not move."""

    def none_standing_by(demands):
        return {k: e for k, e in all_hands()(demands).items() if k != "standby"}

    found = walk(model(), scene(MAJOR, "poor_support"), {HOUR: none_standing_by}, until=48 * HOUR)

    assert found.when("reached") == math.inf and found.state.front == 0.0


def test_unpropped_work_is_struck_more_often():
    """Over many accidents; what falls refills the heading and hits those at the front."""
    counts = {}
    for without in ((), ("LABOR",)):
        strikes = 0
        for seed in range(25):
            found = run(seed=seed, without=without, changed={"fall_rate": 0.05 / HOUR})
            strikes += sum(isinstance(e, Strike) for _, _, effects in found.log for e in effects)
        counts[without] = strikes

    assert counts[("LABOR",)] > 3 * counts[()]


def test_a_fall_sets_the_heading_back():
    """The heading loses what falls, the person waits."""
    mine = model()
    state, _ = mine.start(scene(MAJOR, "poor_support"), Streams(1)("x"))
    state = replace(state, front=5.0)
    after, effects = mine.fire(state, "falls_again", Inputs({}, Weather()))

    assert after.front == pytest.approx(5.0 - effects[0].values["length"])
    assert after.fallen == 1 and isinstance(effects[1], Strike)


@settings(max_examples=15, deadline=None)
@given(seed=seeds, hours=st.floats(0.5, 20), later=st.floats(0, 60))
def test_coming_earlier_never_costs_lives(seed, hours, later):
    """The same force some hours earlier loses nobody it would have saved later."""
    close = {"air_behind": 150.0, "leak": 1e-5, "pipe_holds": 0.2}

    assert lost(run(begins=hours, seed=seed, changed=close)) <= lost(
        run(begins=hours + later, seed=seed, changed=close)
    )


@settings(max_examples=15, deadline=None)
@given(seed=seeds, share=shares, more=st.floats(1.0, 4.0))
def test_more_effort_never_costs_lives_nor_ends_it_later(seed, share, more):
    """All capabilities scaled up together."""
    less, most = run(share=share, seed=seed), run(share=min(1.0, share * more), seed=seed)

    assert lost(most) <= lost(less)
    assert most.ended <= less.ended + 1.0


def test_without_help_it_does_not_end():
    """Those under and behind stay there, but for the few whom workmates dig out."""
    found = run(begins=None)

    assert found.ended == math.inf and len(lost(found)) > 15


# ── the five elements ──


def test_night_and_season_change_the_course():
    """Time: fewer workmates at night; a wet roof comes down more often."""

    def helped(hour):
        return sum(list(run(begins=None, hour=hour, seed=s).why.values()).count("freed_by_mates") for s in range(25))

    dry, wet = (model().start(scene(MAJOR, "poor_support", rain=r), Streams(1)("x"))[0].wet for r in (0.0, 300.0))

    assert helped(2.0) < helped(10.0)
    assert (dry, wet) == (1.0, 1.5)


def test_steep_ground_lies_thicker_over_the_gallery():
    """Place: a borehole is deeper there."""
    flat, steep = (
        model(pipe_holds=0.0).start(scene(MAJOR, "poor_support", around=Surroundings(slope=s)), Streams(1)("x"))[0]
        for s in (5.0, 35.0)
    )

    assert steep.bore > 1.5 * flat.bore


def test_each_cause_and_kind_of_working_has_its_own_course():
    """Cause and variant: no two alike; nobody is cut off at a face open at both ends."""
    scope = {"people": 45.0, "length": 60.0}
    courses = {tuple(t for t, _, _ in run(cause, scope=scope, share=0.6).log) for cause in CAUSES}
    face = document(PATH)["variants"]["coal_face"]["values"]
    found = run(changed={name: float(value) for name, value in face.items()})

    assert len(courses) == len(CAUSES)
    assert not found.state.behind and found.when("through") == math.inf


def test_scope_changes_the_course():
    """Scope: more rock takes longer, more people lose more."""
    short, long = (run(scope={"people": 20.0, "length": ell}).ended for ell in (10.0, 60.0))

    assert long > short + 40 * HOUR
    assert len(lost(run(scope={"people": 45.0, "length": 60.0}))) > len(lost(run(scope={"people": 3.0, "length": 6.0})))


# ── what people see ──


def test_the_length_is_misjudged_alike_each_time():
    """Two looks at one accident agree better than two accidents."""
    mine, first, second = model(), [], []
    for seed in range(60):
        state, _ = mine.start(scene(MAJOR, "poor_support"), Streams(seed)("hazard", "F1"))
        looks = [mine.observe(state, Streams(seed)("look", str(i))).figures for i in (1, 2)]
        assert set(looks[0]) == set(document(PATH)["figures"])
        first.append(math.log(looks[0]["length"] / state.goal))
        second.append(math.log(looks[1]["length"] / state.goal))
    between = sum((a - b) ** 2 for a, b in zip(first, second, strict=True)) / 60

    assert between < 0.05 < sum(a * a for a in first) / 60
