"""The shared exact solutions against printed values, brute force and the laws they must obey."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models import kernels as k

FAST = 1055 / 150**2  # kW/s², a fast t² fire: 1055 kW in 150 s
L10, L5 = 9100.0, 4550.0  # kW that 10 and 5 L/s absorb at 35 %

amounts = st.floats(0, 1e5)
rates = st.floats(1e-3, 1e3)
spans = st.floats(0, 1e4)
shares = st.floats(0, 1)
losses = st.just(0.0) | st.floats(1e-9, 1)


def near(value: float, scale: float = 1.0) -> object:
    return pytest.approx(value, rel=1e-9, abs=1e-9 * max(1.0, scale))


# ── printed values ──


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (k.fire_out_in(4000, FAST, L10), 59.54),
        (k.fire_out_in(4000, FAST, L5), 243.1),
        (k.fire_reaches(6000, FAST, 0, 20_000), 295.4),
        (k.fire_reaches(6000, FAST, L5, 20_000), 550.1),
        (k.sink_level(0, 2000, 20, 50, 10), 16_239),
        (k.sink_level(k.sink_level(0, 2000, 20, 50, 10), 2000 * math.exp(-0.5), 20, 50 - 300, 20), 26_575),
        (k.sink_falls_to(26_574.79, 2000 * math.exp(-1.5), 20, 50 - 600, 0), 63.9),
        (k.clock_rings_in(0.5, 0, 1.4, 3, 1), 1.829),
        (k.sink_turning(2000, 20, 50 - 300), 41.59),
        (k.first_order_reaches(0.12, 0, 25 / 20_000 / (1 / 60), 0.01), 33.13),  # purging methane, min (H01)
        (k.first_order_reaches(0.008, 0.5 / 5000 * 60, 1.5 / 5000 * 60, 0.05), 7.68),  # fan off, min (H01)
    ],
)
def test_printed_values_are_met(value, printed):
    """Each value that the reference prints comes out to a part in a thousand."""
    assert value == pytest.approx(printed, rel=1e-3)


# ── exact under splitting ──


@given(x=amounts, gain=amounts, loss=losses, dt=spans, share=shares)
def test_first_order_may_be_split(x, gain, loss, dt, share):
    """a then b is a + b."""
    whole = k.first_order(x, gain, loss, dt)

    assert k.first_order(k.first_order(x, gain, loss, dt * share), gain, loss, dt * (1 - share)) == near(
        whole, x + gain * dt
    )


@given(x=amounts, gain=amounts, loss=losses, dt=spans, share=shares)
def test_what_is_taken_up_from_a_first_order_level_may_be_split(x, gain, loss, dt, share):
    """∫ over a then b is ∫ over a + b; it is what small steps add up to."""
    whole, cut = k.first_order_sum(x, gain, loss, dt), dt * share
    after = k.first_order(x, gain, loss, cut)
    parts = k.first_order_sum(x, gain, loss, cut) + k.first_order_sum(after, gain, loss, dt - cut)
    steps = [k.first_order(x, gain, loss, dt * (i + 0.5) / 400) * dt / 400 for i in range(400)]

    assert parts == near(whole, (x + gain * dt) * dt)
    assume(loss * dt < 20)
    assert whole == pytest.approx(math.fsum(steps), rel=2e-3, abs=1e-9)


@given(x=amounts, gain=amounts, loss=losses, share=st.floats(1e-6, 10))
def test_what_is_taken_up_stands_on_its_threshold(x, gain, loss, share):
    """At the reported time ∫ x is the total; inf only if it never comes to that."""
    assume(all(figure == 0.0 or figure > 1e-12 for figure in (x, gain)))
    total = share * (x * 100 + gain * 1000 + 1e-3)
    span = k.first_order_sum_reaches(x, gain, loss, total)

    if span < math.inf:
        assert k.first_order_sum(x, gain, loss, span) == pytest.approx(total, rel=1e-9)
    else:
        assert gain == 0.0 and k.first_order_sum(x, gain, loss, 1e12) <= total * (1 + 1e-9)


@given(heat=st.floats(10, 1e5), cooling=st.floats(0, 2e5), share=st.floats(1e-3, 3))
def test_the_heat_a_fire_releases_is_what_small_steps_add_up_to(heat, cooling, share):
    """Its integral is exact, also when water puts it out meanwhile, and the reported time meets its total."""
    assume(abs(cooling - heat) > 0.05 * heat)
    dt = share * min(400.0, k.fire_out_in(heat, FAST, cooling))
    steps = [k.fire_heat(heat, FAST, cooling, dt * (i + 0.5) / 500) * dt / 500 for i in range(500)]
    total = k.fire_released(heat, FAST, cooling, dt)

    assert total == pytest.approx(math.fsum(steps), rel=5e-3)
    span = k.fire_released_reaches(heat, FAST, cooling, 0.7 * total)
    assert k.fire_released(heat, FAST, cooling, span) == near(0.7 * total, cooling * dt)


@given(
    v=amounts, q=amounts, tau=st.floats(1, 1e5) | st.just(math.inf), steady=st.floats(-1e4, 1e4), dt=spans, share=shares
)
def test_the_sink_may_be_split(v, q, tau, steady, dt, share):
    """a then b is a + b, the source having decayed meanwhile."""
    cut = dt * share
    first = k.sink_level(v, q, tau, steady, cut)
    second = k.sink_level(first, q * math.exp(-cut / tau), tau, steady, dt - cut)

    assert second == near(k.sink_level(v, q, tau, steady, dt), v + (q + abs(steady)) * dt)


@given(heat=st.floats(10, 1e5), cooling=st.floats(0, 2e5), dt=st.floats(0, 500), share=shares)
def test_the_watered_fire_may_be_split(heat, cooling, dt, share):
    """a then b is a + b, growing or shrinking."""
    assume(abs(cooling - heat) > 1e-3 * heat)
    whole = k.fire_heat(heat, FAST, cooling, dt)
    first = k.fire_heat(heat, FAST, cooling, dt * share)
    assume(whole > 1.0)  # near extinction the square root loses what a split needs

    assert k.fire_heat(first, FAST, cooling, dt * (1 - share)) == pytest.approx(whole, rel=1e-6)


@given(x=st.floats(1e-3, 10), rate=st.floats(0, 1), most=st.floats(0.1, 100), dt=st.floats(0, 20), share=shares)
def test_logistic_growth_may_be_split(x, rate, most, dt, share):
    """a then b is a + b."""
    whole = k.logistic(x, rate, most, dt)

    assert k.logistic(k.logistic(x, rate, most, dt * share), rate, most, dt * (1 - share)) == near(whole)


@given(age=spans, dt=spans, share=shares, shape=st.floats(0.3, 3), tau=st.floats(10, 1e4), factor=shares)
def test_the_hazard_clock_may_be_split(age, dt, share, shape, tau, factor):
    """What is used up in two parts is what is used up in one."""
    whole = k.clock_used(age, dt, shape, tau, factor)
    parts = k.clock_used(age, dt * share, shape, tau, factor)
    parts += k.clock_used(age + dt * share, dt * (1 - share), shape, tau, factor)

    assert parts == near(whole, ((age + dt) / tau) ** shape)


# ── the state at the reported crossing is the threshold ──


@given(x=amounts, gain=amounts, loss=losses, target=amounts)
def test_first_order_stands_on_its_threshold(x, gain, loss, target):
    """At the reported time x is the target."""
    span = k.first_order_reaches(x, gain, loss, target)
    assume(span < math.inf)

    assert k.first_order(x, gain, loss, span) == near(target, max(x, target))


@given(v=amounts, q=amounts, tau=st.floats(1, 1e5) | st.just(math.inf), steady=st.floats(-1e4, 1e4), target=amounts)
def test_the_sink_stands_on_its_thresholds(v, q, tau, steady, target):
    """At both reported times the volume is the target, and it was not before on the way up."""
    up = k.sink_rises_to(v, q, tau, steady, target)
    down = k.sink_falls_to(v, q, tau, steady, target)

    for span in (up, down):
        if 0 < span < math.inf:
            scale = v + q * min(tau, span) + abs(steady) * span
            assert k.sink_level(v, q, tau, steady, span) == near(target, scale)
    if 0 < up < math.inf:
        assert k.sink_level(v, q, tau, steady, up / 2) < target * (1 + 1e-9)
        assert up <= k.sink_turning(q, tau, steady) * (1 + 1e-6)
    if 0 < down < math.inf:
        assert down >= k.sink_turning(q, tau, steady) * (1 - 1e-6)


@given(heat=st.floats(10, 1e5), cooling=st.floats(0, 2e5), target=st.floats(10, 1e5))
def test_the_watered_fire_stands_on_its_threshold(heat, cooling, target):
    """At the reported time it releases the target."""
    span = k.fire_reaches(heat, FAST, cooling, target)
    assume(span < 1e5)
    assume(abs(cooling - heat) > 1e-3 * heat)

    assert k.fire_heat(heat, FAST, cooling, span) == pytest.approx(target, rel=1e-7)


@given(x=st.floats(1e-2, 10), rate=st.floats(0.01, 1), most=st.floats(0.1, 100), target=st.floats(1e-2, 100))
def test_logistic_growth_stands_on_its_threshold(x, rate, most, target):
    """At the reported time x is the target."""
    span = k.logistic_reaches(x, rate, most, target)
    assume(span < math.inf)
    assume(abs(target - most) > 1e-6 * most and abs(x - most) > 1e-6 * most)

    assert k.logistic(x, rate, most, span) == pytest.approx(target, rel=1e-6)


@given(left=st.floats(0, 10), age=spans, shape=st.floats(0.3, 3), tau=st.floats(10, 1e4), factor=st.floats(0.05, 1))
def test_the_hazard_clock_rings_when_its_threshold_is_used_up(left, age, shape, tau, factor):
    """What is used up until it rings is what was left."""
    span = k.clock_rings_in(left, age, shape, tau, factor)

    assert k.clock_used(age, span, shape, tau, factor) == near(left, ((age + span) / tau) ** shape)


@given(dose=shares, level=st.floats(0.01, 100), n=st.floats(0.5, 3), threshold=st.floats(0, 1e3))
def test_the_dose_stands_on_its_threshold(dose, level, n, threshold):
    """At the reported time the dose is the threshold, or was above it."""
    span = k.dose_reaches(dose, level, n, threshold)

    assert k.dose_after(dose, level, n, span) == near(max(dose, threshold))


def test_the_probit_threshold_of_an_average_person_harms_half():
    """Tolerance zero is the median: the probit there is its base."""
    a, b = -6.35, 0.92

    assert a + b * math.log(k.dose_threshold(a, b, 0.0, 5.0)) == pytest.approx(5.0)
    assert k.dose_threshold(a, b, 1.0, 5.0) > k.dose_threshold(a, b, 0.0, 5.0)


# ── limits and directions ──


@given(work=rates, effort=rates, more=rates, growth=rates)
def test_more_effort_never_finishes_work_later(work, effort, more, growth):
    """Neither plain work nor a race against a growing edge."""
    assert k.work_done_in(work, effort + more, growth) <= k.work_done_in(work, effort, growth)
    assert k.front_race(work, effort + more, growth) <= k.front_race(work, effort, growth)


@given(v=rates, q=rates, tau=st.floats(1, 1e4), steady=st.floats(-100, 100), more=rates)
def test_more_pumps_never_empty_later_nor_fill_sooner(v, q, tau, steady, more):
    """The sink falls sooner and rises later with more taken out."""
    assert k.sink_falls_to(v, q, tau, steady - more, 0) <= k.sink_falls_to(v, q, tau, steady, 0) * (1 + 1e-9)
    assert k.sink_rises_to(v, q, tau, steady - more, 2 * v) >= k.sink_rises_to(v, q, tau, steady, 2 * v) * (1 - 1e-9)


@given(heat=st.floats(10, 1e5), cooling=st.floats(10, 1e5), more=rates)
def test_more_water_never_puts_a_fire_out_later(heat, cooling, more):
    """Extinction comes sooner the more the water absorbs."""
    assert k.fire_out_in(heat, FAST, cooling + more) <= k.fire_out_in(heat, FAST, cooling) * (1 + 1e-9)


def test_without_effort_nothing_ends_that_does_not_burn_out_by_itself():
    """Zero effort: work, water, fire and edge stay."""
    ends = [
        k.work_done_in(1, 0),
        k.sink_falls_to(1, 2, 20, 0, 0),
        k.fire_out_in(1, FAST, 0),
        k.front_race(1, 0, 1),
        k.clock_rings_in(1, 0, 1, 1, 0),
        k.dose_reaches(0, 0, 1, 1),
    ]

    assert ends == [math.inf] * len(ends)


def test_work_that_is_done_stays_done():
    """It does not fall below nothing, and takes no time when there is none."""
    assert k.work_left(10, 2, 6) == 0.0
    assert k.work_left(10, 2, 4) == 2.0
    assert k.work_done_in(10, 2) == 5.0
    assert k.work_done_in(0, 0) == 0.0


def test_too_little_water_only_delays():
    """A fire that out-releases the water grows, but slower than without."""
    dry, wet = k.fire_heat(6000, FAST, 0, 100), k.fire_heat(6000, FAST, L5, 100)

    assert 6000 < wet < dry
    assert k.fire_heat(5000, FAST, 5000, 100) == 5000


def test_a_line_round_a_circle_must_outrun_its_growth():
    """2πr0/(λ − 2πR), or never."""
    assert k.circle_race(10, 1, 0.1) == pytest.approx(2 * math.pi * 10 / (1 - 2 * math.pi * 0.1))
    assert k.circle_race(10, 0.6, 0.1) == math.inf


def test_a_reservoir_comes_to_rest_where_outflow_is_inflow():
    """Its store tends to inflow times lag, and passes a threshold between."""
    assert k.reservoir(0, 3, 10, 1e3) == pytest.approx(30)
    assert k.reservoir_reaches(0, 3, 10, 15) == pytest.approx(10 * math.log(2))
    assert k.reservoir_reaches(0, 3, 10, 31) == math.inf


@given(x=st.floats(0, 1e3), rate=st.floats(-10, 10), slope=st.floats(-0.5, 0.5), dt=st.floats(0, 30), share=shares)
def test_a_drift_may_be_split_and_stands_on_its_threshold(x, rate, slope, dt, share):
    """a then b is a + b, whether it comes to rest or runs away; at the reported time x is the target."""
    whole, part = k.drift(x, rate, slope, dt), k.drift(x, rate, slope, dt * share)
    scale = abs(x) + abs(whole) + abs(rate) * 30 * math.exp(15)

    assert k.drift(part, rate + slope * (part - x), slope, dt * (1 - share)) == near(whole, scale)
    span = k.drift_reaches(x, rate, slope, whole)
    assume(span < math.inf)
    assert k.drift(x, rate, slope, span) == near(whole, abs(x) + abs(whole))


def test_a_drift_that_comes_to_rest_before_never_arrives():
    """x' = 2 − 0.5 (x − 10) rests at 14; away from the target it never comes."""
    assert k.drift_reaches(10, 2, -0.5, 14) == math.inf
    assert k.drift_reaches(10, 2, -0.5, 13) == pytest.approx(math.log(4) / 0.5)
    assert k.drift_reaches(10, 2, -0.5, 9) == math.inf
    assert k.drift_reaches(10, 2, 0.0, 13) == 1.5


@given(left=st.floats(1e-3, 10), level=st.floats(-5, 5), slope=st.floats(-1, 1), dt=st.floats(0, 50), share=shares)
def test_a_clock_whose_rate_changes_steadily_rings_on_its_threshold(left, level, slope, dt, share):
    """Its integral may be split and never falls; what is used up until it rings is what was left."""
    assume(all(figure == 0.0 or abs(figure) > 1e-6 for figure in (level, slope)))
    whole, cut = k.ramp_used(level, slope, dt), dt * share
    parts = k.ramp_used(level, slope, cut) + k.ramp_used(level + slope * cut, slope, dt - cut)
    span = k.ramp_rings_in(left, level, slope)

    assert parts == near(whole, (abs(level) + abs(slope) * dt) * dt) and whole >= 0.0
    if span < math.inf:
        assert k.ramp_used(level, slope, span) == pytest.approx(left, rel=1e-6, abs=1e-7)
    else:
        assert (level <= 0.0 and slope <= 0.0) or k.ramp_used(level, slope, 1e9) < left * (1 + 1e-9)


@given(rate=st.floats(0, 5), tau=st.floats(0.1, 1e4), dt=spans, share=shares, left=st.floats(1e-6, 50))
def test_a_clock_whose_rate_dies_away_is_exact(rate, tau, dt, share, left):
    """Split it stays the same; it rings where its integral is the threshold, or never comes so far."""
    whole, cut = k.fading_used(rate, tau, dt), dt * share
    parts = k.fading_used(rate, tau, cut) + k.fading_used(rate * math.exp(-cut / tau), tau, dt - cut)
    span = k.fading_rings_in(left, rate, tau)

    assert parts == near(whole, rate * tau)
    if span < math.inf:
        assert k.fading_used(rate, tau, span) == pytest.approx(left, rel=1e-6)
    else:
        assert rate * tau <= left


@given(
    stores=st.lists(st.floats(0, 1e5), min_size=1, max_size=6), inflow=st.floats(0, 1e3), lag=st.floats(1.0, 1e4),
    dt=spans, share=shares,
)  # fmt: skip
def test_a_chain_of_reservoirs_passes_on_what_it_gets(stores, inflow, lag, dt, share):
    """Split it stays the same; what flows out is what flows in less what is stored; alone it is a single reservoir."""
    whole = k.reservoir_chain(tuple(stores), inflow, lag, dt)
    halves = k.reservoir_chain(k.reservoir_chain(tuple(stores), inflow, lag, share * dt), inflow, lag, (1 - share) * dt)
    scale = max(*stores, inflow * lag, 1.0)

    assert halves == pytest.approx(whole, rel=1e-9, abs=1e-9 * scale)
    assert whole[0] == near(k.reservoir(stores[0], inflow, lag, dt), scale)


def test_a_chain_of_reservoirs_is_solved():
    """Against an integrator: four reservoirs, the last one's outflow over an hour."""
    from scipy.integrate import solve_ivp

    def slope(_, s):
        return [5.0 - s[0] / 900, (s[0] - s[1]) / 900, (s[1] - s[2]) / 900, (s[2] - s[3]) / 900]

    found = solve_ivp(slope, (0, 3600), (0.0, 100.0, 0.0, 50.0), rtol=1e-10, atol=1e-8).y[:, -1]

    assert k.reservoir_chain((0.0, 100.0, 0.0, 50.0), 5.0, 900.0, 3600.0) == pytest.approx(tuple(found), rel=1e-7)
