"""Crowd crush: printed values, Weidmann's curve, laws of effort, conservation, the five elements."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from models.hazards.crowd_crush import Model, Parameters, Pressed, flow
from models.hazards.crowd_crush import people as front
from models.hazards.crowd_crush.flow import Table
from sim.domain.hazards import Harm, Inputs, Involve, Sighting
from sim.domain.people import Status, Triage
from sim.domain.places import Surroundings, Weather
from sim.streams import Streams
from tests.models.passports import document, parameters
from tests.models.walking import Walk, all_hands, differences, same, scene, walk

PATH = "hazards/crowd_crush/parameters.yaml"
MINUTE = 60.0
CAUSES = tuple(document(PATH)["causes"])
LARGER = {"crowd": 5000.0, "area": 2000.0}

shares = st.floats(0.05, 1.0)


def model(cause: str = "passage_conflict", **changed: float) -> Model:
    return Model(parameters(Parameters, PATH, cause, **changed))


def run(scope: dict[str, float] = LARGER, cause: str = "passage_conflict", begins: float = 15.0, share: float = 1.0,
        without: tuple[str, ...] = (), seed: int = 1, **where: object) -> Walk:  # fmt: skip
    plan = {} if begins == math.inf else {begins * MINUTE: all_hands(share, without)}
    return walk(model(cause), scene(scope, cause, **where), plan, seed=seed)


def dead(result: Walk) -> int:
    return result.count(Status.DEAD)


# ── printed values ──


@pytest.mark.parametrize(("density", "speed"), [(1, 1.058), (2, 0.606), (3, 0.331), (4, 0.156)])
def test_walking_speeds_are_those_printed(density, speed):
    """Weidmann's curve at 1 to 4 people a square metre; nobody moves beyond 5.4."""
    p = parameters(Parameters, PATH)

    assert flow.walking_speed(p, density) == pytest.approx(speed, rel=2e-3)
    assert flow.walking_speed(p, 5.4) == flow.walking_speed(p, 9.0) == 0.0


def test_the_largest_flow_is_the_one_printed():
    """1.225 people a metre and second at 1.75/m²."""
    p = parameters(Parameters, PATH)

    assert flow.best_density(p) == pytest.approx(1.75, rel=5e-3)
    assert flow.specific_flow(p, flow.best_density(p)) == pytest.approx(1.225, rel=1e-3)


def test_the_printed_place_fills_in_the_printed_time():
    """60 m² with a way out of 3 m into which 4.0 people a second press: from 4 to 7/m² in 9.22 min."""
    table = Table(parameters(Parameters, PATH))

    assert table.fills_in(240, 420, 60, 4.0, 3.0) / MINUTE == pytest.approx(9.22, rel=1e-3)


def test_the_clock_of_the_pressed_has_the_printed_scales():
    """12 min at 8/m², 6 min at 10/m², between them in between, longer below."""
    p = parameters(Parameters, PATH)
    scales = [flow.suffocates_in(p, d) / MINUTE for d in (7, 8, 9, 10)]

    assert scales[1] == pytest.approx(12) and scales[3] == pytest.approx(6)
    assert scales == sorted(scales, reverse=True)


# ── exactness ──


@pytest.mark.parametrize(
    ("gain", "width", "begins", "ends"), [(4.0, 3.0, 30, 420), (5.0, 2.0, 108, 576), (0.0, 3.0, 560, 120)]
)
def test_the_table_is_as_good_as_the_curve(gain, width, begins, ends):
    """Filling and emptying take as long as by quadrature over the curve itself; half the step changes less than a hundredth."""
    p, area = parameters(Parameters, PATH), 60.0

    def slow(n: float) -> float:
        return 1 / (gain - width * flow.passes(p, n / area))

    kinks = [x for x in (flow.best_density(p) * area, 420.0) if min(begins, ends) < x < max(begins, ends)]
    span, _ = quad(slow, begins, ends, points=kinks, limit=400)
    table = Table(p).fills_in(begins, ends, area, gain, width)

    assert table == pytest.approx(span, rel=1e-3)
    assert Table(p, p.table_step / 2).fills_in(begins, ends, area, gain, width) == pytest.approx(table, rel=1e-2)


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 999),
    share=shares,
    cuts=st.lists(st.floats(0, 60 * MINUTE).filter(lambda t: t != 660.0), max_size=6),
)
def test_looking_in_between_changes_nothing(seed, share, cuts):
    """However often the state is brought up to date, the course is the same."""
    crowd, where, plan = model("rumour"), scene(LARGER, "rumour"), {11 * MINUTE: all_hands(share)}
    whole = walk(crowd, where, plan, seed=seed, until=3600.0)
    cut = walk(crowd, where, plan, seed=seed, until=3600.0, cuts=sorted(cuts))

    assert differences(cut, whole) == []
    assert same(cut.state, whole.state)


def test_marks_are_met_and_nobody_appears_or_vanishes():
    """At a mark the density is the mark; who is there is who came in less who went out."""
    crowd, where = model(), scene(LARGER, "passage_conflict")
    state, _ = crowd.start(where, Streams(1)("hazard", "F1"))
    inputs, stored, marks = Inputs({}, where.weather), state.people, {"unstable": 5.0, "crush": 7.0, "packed": 10.0}
    before = state.outside
    for _ in range(60):
        span, name = crowd.next_event(state, inputs)
        step = min(span, 20.0)
        middle = crowd.readings(crowd.advance(state, step / 2, inputs))
        state = crowd.advance(state, step, inputs)
        stored += (middle["inflow"] - middle["outflow"]) * step
        if step == span:
            state, _ = crowd.fire(state, name, inputs)
            if name in marks:
                assert crowd.readings(state)["density"] == pytest.approx(marks[name], rel=1e-9)

    assert state.people == pytest.approx(stored, rel=5e-3)
    assert 0.0 < state.outside < before


# ── people ──


def test_the_injured_are_of_the_printed_mix():
    """Red, yellow and green are .30, .20 and .50 of the hurt, within a tenth, when the pressure goes off half-way."""
    p = parameters(Parameters, PATH)
    crowd = front.draw(p, "x", 4000, Streams(5)("mix"))
    alive = [who for who in crowd if who.bears > 0.5]
    effects, lost, _ = front.come_out(p, alive, 0.5, 10_000, "pressure_off")
    hurt = {e.triage: len(e.persons) for e in effects if isinstance(e, Harm) and e.triage}

    assert lost == 0
    mix = [hurt[colour] / sum(hurt.values()) for colour in (Triage.RED, Triage.YELLOW, Triage.GREEN)]
    assert mix == pytest.approx([0.30, 0.20, 0.50], abs=0.1)


def test_whoever_has_no_pulse_lives_by_a_helper():
    """One helper a patient: of four without a pulse two helpers save two; a bystander may save another."""
    p = parameters(Parameters, PATH)
    four = tuple(Pressed(f"x{i}", 1.0, luck) for i, luck in enumerate((0.9, 0.9, 0.9, 0.01)))

    assert front.come_out(p, four, 0.95, 0, "out")[1] == 3
    assert front.come_out(p, four, 0.95, 2, "out")[1:] == (1, 2)
    assert front.come_out(p, four, 0.95, 4, "out")[1:] == (0, 4)


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("seed", [1, 2])
def test_everybody_is_accounted_for(cause, seed):
    """Whoever was in front is dead, hurt or safe at the end, which has a reason."""
    for begins in (10.0, 20.0, math.inf):
        result = run(cause=cause, begins=begins, seed=seed)
        ended = {Status.DEAD, Status.WAITING, Status.SAFE}

        assert result.ended < math.inf and result.log[-1][1] == "dispersed"
        assert all(person.status in ended for person in result.people.values())


def test_nobody_there_is_no_crush():
    """Without people nothing happens, and it ends."""
    result = run({"crowd": 0.0, "area": 2000.0})

    assert result.people == {} and result.ended < math.inf


# ── effort ──


@pytest.mark.parametrize("cause", CAUSES)
def test_minutes_decide(cause):
    """Help after ten minutes never loses more than after fifteen, twenty, thirty or without; at ten it saves most."""
    for seed in (1, 2, 3):
        lost = [dead(run(cause=cause, begins=begins, seed=seed)) for begins in (8.0, 15.0, 20.0, 30.0, math.inf)]

        assert lost == sorted(lost)
        assert lost[0] < lost[-1] / 2 or cause == "stair_fall"


def test_half_the_ways_in_held_is_not_half_the_help():
    """All ways in must be held at once: a quarter of the police only delays the crush."""
    all_of_it, quarter, none = (run(begins=5.0, share=share, without=("LABOR",))
                                for share in (1.0, 0.25, 1e-9))  # fmt: skip

    assert all_of_it.when("crush") == math.inf
    assert none.when("crush") < quarter.when("crush")


@settings(max_examples=12, deadline=None)
@given(share=shares, more=shares, seed=st.integers(0, 99))
def test_more_effort_never_loses_more(share, more, seed):
    """Nor does it end later."""
    little, much = sorted((share, more))
    a, b = (run(cause="gate_closed", begins=14.0, share=s, seed=seed) for s in (little, much))

    assert dead(b) <= dead(a)
    assert b.ended <= a.ended + 1.0


def test_a_crowd_that_hovers_at_a_mark_makes_no_loop():
    """Help that is withdrawn and given again does not let the density swing about a mark without time passing."""
    for seed, share in ((73, 0.3158246998943384), (69, 0.2927511252000795), (84, 0.31212201459266276)):
        assert len(run(cause="gate_closed", begins=14.0, share=share, seed=seed).log) < 200


@pytest.mark.parametrize("needed", ["CORDON", "FIRST_AID", "LABOR"])
def test_each_capability_counts(needed):
    """Without police, helpers or hands it is worse or slower."""
    cause = "stair_fall" if needed in ("LABOR", "FIRST_AID") else "passage_conflict"
    full = [run(cause=cause, begins=18.0, seed=seed) for seed in range(1, 9)]
    less = [run(cause=cause, begins=18.0, seed=seed, without=(needed,)) for seed in range(1, 9)]

    assert (sum(map(dead, full)), sum(w.ended for w in full)) < (sum(map(dead, less)), sum(w.ended for w in less))


# ── the five elements ──


def test_each_element_changes_the_course():
    """Hour, weather, slope, cause and scope."""
    stories = [
        run(cause="rumour", begins=12.0),
        run(cause="rumour", begins=12.0, hour=22.0, seed=2, around=Surroundings(slope=30.0)),
        run(cause="rumour", begins=12.0, weather=Weather(temperature=34.0)),
        run(cause="rumour", begins=12.0, around=Surroundings(slope=30.0)),
        run(cause="rain_rush", begins=12.0),
        run({"crowd": 20_000.0, "area": 5000.0}, cause="rumour", begins=12.0),
    ]
    told = [[(round(t, 2), name) for t, name, _ in story.log] for story in stories]

    assert all(a != b for i, a in enumerate(told) for b in told[i + 1 :])


def test_falls_come_sooner_in_the_dark_on_wet_slopes_and_later_in_good_order():
    """The clock of falls runs by light, weather, ground, power and police."""
    crowd = model()
    from models.hazards.crowd_crush import rates

    def rate(hour: float, rain: float, slope: float, effort: dict[str, float], power: float = 1.0) -> float:
        where = scene(LARGER, "passage_conflict", hour=hour, around=Surroundings(slope=slope))
        state, _ = crowd.start(where, Streams(1)("hazard", "F1"))
        return rates.falling(crowd.p, state, Inputs(effort, Weather(rain=rain), {"power": power}))

    day = rate(12.0, 0.0, 0.0, {})
    assert day == pytest.approx(0.05 / MINUTE)
    assert day < rate(12.0, 3.0, 0.0, {}) < rate(22.0, 3.0, 0.0, {}) < rate(22.0, 3.0, 0.0, {}, power=0.0)
    assert rate(12.0, 0.0, 20.0, {}) > day > rate(12.0, 0.0, 0.0, {"order": 1000.0})


# ── what people see ──


def test_needs_follow_what_is_seen():
    """A point for every way in and one for 120 people; hands only where somebody lies; nothing seen, nothing asked."""
    crowd, where = model(), scene(LARGER, "passage_conflict")
    state, _ = crowd.start(where, Streams(1)("hazard", "F1"))
    seen = crowd.observe(state, Streams(1)("see"))
    asked = {need.capability: need.amount for need in crowd.needs(seen, where.site)}

    assert crowd.needs(Sighting(), where.site) == ()
    assert 4 + 2 + 3 + 30 < asked["CORDON"] < 4 + 2 + 3 + 60
    assert "LABOR" not in asked and "FIRST_AID" not in asked
    fallen = Sighting(trapped=40, figures={**seen.figures, "fallen": 8.0})
    assert {"LABOR", "FIRST_AID"} <= {need.capability for need in crowd.needs(fallen, where.site)}


def test_those_followed_stay_within_bounds():
    """Even a hundred thousand people give no more persons than are followed."""
    result = run({"crowd": 500_000.0, "area": 200_000.0}, cause="rumour", begins=math.inf)
    involved = sum(len(e.persons) for _, _, effects in result.log for e in effects if isinstance(e, Involve))

    assert involved <= 2 * 850 + 3 * 8
