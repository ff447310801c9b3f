"""Water-source pollution: the plume against theory and other solutions, the race at the intakes, what response can change."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from msgspec.structs import replace
from scipy.integrate import quad
from scipy.special import erfcx

from models.hazards.water_pollution import Model, Parameters, course, plume
from models.physics import rivers
from sim.domain.hazards import Cut, Demand, Inputs, Involve
from sim.domain.people import Status
from sim.domain.places import Reach, Surroundings, Watercourse, Weather
from sim.streams import Streams
from tests.models import passports
from tests.models.walking import DAY, Walk, all_hands, differences, same, scene, walk

CARD = "hazards/water_pollution/parameters.yaml"
HOUR = 3600.0
DRY, WET = Weather(), Weather(rain=10.0)
TOXIC = {"stop": 2e-4, "ill_dose": 60 * HOUR, "decay": 0.0}


def parameters(cause: str = "plant_leak", **changed: float) -> Parameters:
    """The numbers of the card, as a cause changes them."""
    return passports.parameters(Parameters, CARD, cause, **changed)


def river(
    *intakes: float, flow: float = 20.0, people: float = 50_000.0, drop: float = 5.0, storage: float = 0.0
) -> Surroundings:
    """A river with intakes so many metres below."""
    reaches = tuple(
        Reach(f"W{k}", x, drop * x / 1000, people, True, f"T{k}", (f"T{k}", f"U{k}"), storage, flow)
        for k, x in enumerate(intakes)
    )
    return Surroundings(river=reaches, stream=Watercourse("R", 100.0, flow, flow))


def place(
    *intakes: float, mass: float = 2000.0, cause: str = "plant_leak", around: Surroundings | None = None, **changed: Any
) -> Any:
    """A scene on such a river."""
    there = around or river(*(intakes or (20_000.0,)))
    return scene({"mass": mass, "people": 20_000.0}, cause, around=there, **changed)


def start(p: Parameters, where: Any) -> Any:
    """The state at the beginning."""
    return Model(p).start(where, Streams(1)("hazard", "F1"))[0]


def run(where: Any | None = None, plan: Mapping[float, Any] | None = None, **changed: Any) -> Walk:
    """A course with these numbers."""
    until, seed = changed.pop("until", 30 * DAY), changed.pop("seed", 1)
    cause = changed.pop("cause", "plant_leak")
    weathers, cuts = changed.pop("weathers", None), changed.pop("cuts", ())
    p = parameters(cause, **changed)
    return walk(Model(p), where or place(), plan or {}, seed=seed, until=until, weathers=weathers, cuts=cuts)


# ── the printed values ──


def test_a_ton_let_in_at_once():
    """1 t, A 50 m², D 30 m²/s, U 0.5 m/s, 20 km: 5.150 mg/L; above 0.5 mg/L from 9.38 to 13.08 h; leading edge 9.88 h."""
    alpha, x, area = 30 / 0.5, 20_000.0, 50.0

    assert 1000 / area * rivers.line_density(x, x, alpha, 0.0) * 1e3 == pytest.approx(5.150, rel=1e-3)
    assert rivers.peak_at(x, alpha, 0.0) / 0.5 / HOUR * 0.89 == pytest.approx(9.88, rel=3e-3)
    p = parameters(stop=0.5e-3)
    state = start(p, place(x))
    state = replace(
        state, river=replace(state.river, dispersivity=alpha, loss=0.0), at_once=1000.0, inflows=(), leaking=0.0, left=0.0,
        velocity=0.5, flow=0.5 * area, intakes=(replace(state.intakes[0], dilution=1.0),),
    )  # fmt: skip
    up = plume.rises_above(p, state, state.intakes[0], 1.0)
    down = plume.falls_below(p, replace(state, s=up), replace(state.intakes[0], above=True), 1.0)

    assert up / 0.5 / HOUR == pytest.approx(9.38, rel=1e-3) and down / 0.5 / HOUR == pytest.approx(13.08, rel=1e-3)
    assert plume.ratio(p, state, state.intakes[0], up) == pytest.approx(1.0, rel=1e-9)
    assert plume.ratio(p, state, state.intakes[0], down) == pytest.approx(1.0, rel=1e-9)


def test_fischer_and_jobson():
    """U 0.5, W 25, h 2, S 0.0005: 8.68 m²/s; Jobson for T_p 11.1 h and 25 m³/s: 5.50 mg/L."""
    assert rivers.dispersion(0.5, 25, 2, 0.0005, 0.011, 9.81) == pytest.approx(8.68, rel=1e-3)
    assert rivers.unit_peak(11.1, 1.0, 857e-6, -0.76, -0.079) * 1000 / 25 * 1e3 == pytest.approx(5.50, rel=1e-3)


def test_mass_is_kept_in_the_river():
    """∫ over the river of what was let in at once is the mass less what decayed; of a steady inflow all that ran in."""
    for s, loss in ((500.0, 0.0), (20_000.0, 0.0), (20_000.0, 2e-5)):
        spread = 12 * math.sqrt(120 * s) + 2000
        total = quad(
            lambda x, s=s, loss=loss: rivers.line_density(x, s, 60.0, loss), s - spread, s + spread, points=[s]
        )[0]
        assert total == pytest.approx(math.exp(-loss * s), rel=1e-9)
    steady = quad(lambda x: rivers.passed(abs(x), 9000.0, 60.0, 0.0) if x >= 0 else 0.0, 0, 20_000, limit=200)[0]
    upstream = 60.0  # a steady inflow also spreads a little against the stream: α in the long run
    assert steady == pytest.approx(9000.0, abs=1.2 * upstream)


@pytest.mark.parametrize(
    ("x", "s", "alpha", "loss"), [(20e3, 21e3, 60, 0), (20e3, 18e3, 60, 2e-5), (300, 900, 60, 1e-4), (9e3, 9e3, 5, 0)]
)
def test_steady_inflow_and_dose_are_the_integrals_they_say(x, s, alpha, loss):
    """`passed` and `passed_sum` against numerical integration."""

    def whole(f: Any) -> float:
        return float(quad(f, 0, s, points=[min(x, s * 0.999)], limit=500, epsabs=0, epsrel=1e-11)[0])

    assert rivers.passed(x, s, alpha, loss) == pytest.approx(
        whole(lambda t: rivers.line_density(x, t, alpha, loss)), rel=1e-8
    )
    assert rivers.passed_sum(x, s, alpha, loss) == pytest.approx(
        whole(lambda t: rivers.passed(x, t, alpha, loss)), rel=1e-8
    )


def test_the_scaled_error_function_is_that_of_others():
    """Against scipy, on both sides of where the series begins."""
    for z in (0.0, 0.3, 5.0, 24.9, 25.1, 80.0, 1e4):
        assert rivers.scaled_erfc(z) == pytest.approx(float(erfcx(z)), rel=1e-11)


def test_the_crest_is_where_the_density_is_greatest():
    """Zero slope there, with and without decay."""
    for x, loss in ((20_000.0, 0.0), (3_000.0, 1e-4)):
        s = rivers.peak_at(x, 60.0, loss)
        here = rivers.line_density(x, s, 60.0, loss)
        assert here >= rivers.line_density(x, s * 1.001, 60.0, loss) and here >= rivers.line_density(
            x, s * 0.999, 60.0, loss
        )


# ── the river ──


def test_a_fuller_river_is_faster_and_dilutes_more():
    """Rain of 10 mm/h: three times the water; U grows as Q^0.4; the peak at the intake falls."""
    p = parameters()
    state = start(p, place())
    flow, velocity = course.speed(p, state.river, WET)

    assert flow == pytest.approx(3 * state.flow) and velocity / state.velocity == pytest.approx(3**0.4, rel=1e-9)


def test_a_steady_leak_gives_the_plateau_that_mass_balance_asks_for():
    """Long after: C = leak / Q."""
    p = parameters(decay=0.0, sudden=0.0, leak_for=50 * DAY)
    model, where = Model(p), place(5_000.0, mass=50_000.0)
    state = model.advance(start(p, where), 5 * DAY, Inputs({}, DRY))

    assert model.readings(state)["worst"] * p.stop == pytest.approx(state.leaking / state.flow, rel=1e-3)


def test_weather_in_between_bends_the_course_and_splits_exactly():
    """Rain for six hours brings the edge earlier; looks in between change nothing."""
    rain = {3 * HOUR: WET, 9 * HOUR: DRY}
    cuts = [1000.0 * i for i in range(1, 60)]
    plain, cut = run(weathers=rain), run(weathers=rain, cuts=cuts)

    assert plain.when("edge_comes") < run().when("edge_comes")
    assert same(plain.state, cut.state, 1e-9)
    assert differences(cut, plain) == []


# ── the race ──


def test_the_edge_finds_open_whom_nobody_told():
    """Without help it gets into the pipes; told in time, it finds the intake shut two hours before."""
    alone, told = run(), run(plan={HOUR: all_hands()})

    assert "edge_at_open" in alone.notes() and "edge_at_shut" not in alone.notes()
    assert "edge_at_shut" in told.notes() and "edge_at_open" not in told.notes()
    assert told.when("edge_comes") - told.when("intake_shut") == pytest.approx(2 * HOUR, abs=1e-6)


def test_an_order_after_sampling_and_a_crew_at_the_intake_each_do():
    """Either way the intake is ready: by order half an hour after the substance is known, or by half a crew-hour of work."""
    by_order = run(plan={0.0: all_hands(without=("WATER_REPAIR",))})
    by_crew = run(plan={0.0: all_hands(without=("ENV_MON",))})

    assert by_order.when("ordered") - by_order.when("identified") == pytest.approx(1800.0)
    assert "edge_at_shut" in by_order.notes() and "edge_at_shut" in by_crew.notes()
    assert by_crew.when("warned") == pytest.approx(1800.0)


def test_a_late_warning_shuts_at_once_and_the_pipes_are_fouled():
    """Two hours after the edge."""
    edge = run().when("edge_comes")
    late = run(plan={edge + HOUR: all_hands()}, alarm_least=9 * HOUR)

    assert edge + HOUR < late.when("intake_shut") < edge + 2 * HOUR
    assert "edge_at_open" in late.notes()
    assert late.ended > run(plan={HOUR: all_hands()}).ended


def test_stored_water_lasts_as_long_as_it_does_then_taps_run_dry_until_it_opens():
    """Six hours after shutting the share falls to that of other sources; it comes back when the intake opens."""
    found = run(plan={HOUR: all_hands(without=("LEAK_STOP", "FLOOD", "LABOR"))})
    cuts = [(t, e) for t, _, effects in found.log for e in effects if isinstance(e, Cut)]

    assert [(e.service, e.share, e.towns) for _, e in cuts] == [
        ("water", 0.2, ("T0", "U0")),
        ("water", 1.0, ("T0", "U0")),
    ]
    assert cuts[0][0] - found.when("intake_shut") == pytest.approx(6 * HOUR)
    assert cuts[1][0] == found.when("intake_open") >= found.when("edge_past") + 8 * HOUR - 1e-6


def test_an_intake_with_storage_of_its_own_lives_on_it():
    """Three days of water: nobody is ever without."""
    found = run(place(around=river(20_000.0, storage=3 * DAY)), {HOUR: all_hands()})

    assert not any(isinstance(e, Cut) for _, _, effects in found.log for e in effects)


def test_tankers_bring_fifteen_litres_a_head():
    """50 000 without water ask for 750 m³ a day; half of it serves half of them."""
    p = parameters()
    model = Model(p)
    state = start(p, place())
    state = replace(state, intakes=tuple(replace(i, dry=True, shut=True) for i in state.intakes))
    (asked,) = (d for d in model.demands(state) if d.id == "tankers")
    served = model.advance(state, 1.0, Inputs({"tankers": asked.amount / 2}, DRY))

    assert asked.amount * DAY == pytest.approx(750.0)
    assert model.readings(served)["thirsty"] == pytest.approx(25_000.0)


def test_fouled_pipes_open_when_they_are_flushed():
    """Work for 50 000 people: 7.5 crew-hours; crews make it sooner than the waterworks alone."""
    slow = run(plan={}, alarm_least=0.5 * HOUR)
    fast = run(plan={20 * HOUR: all_hands()}, alarm_least=0.5 * HOUR)

    assert "noticed" in slow.notes() and slow.when("intake_open") >= slow.when("edge_past") + 4 * DAY - 1e-6
    assert fast.when("intake_open") < slow.when("intake_open")


# ── who falls ill ──


def ill(found: Walk) -> set[str]:
    """Everybody who fell ill."""
    return {p.id for _, _, effects in found.log for e in effects if isinstance(e, Involve) for p in e.persons}


def test_whoever_drinks_falls_ill_by_dose_and_nobody_of_a_shut_intake():
    """A toxic one, nobody told: people fall ill one by one, each at their own dose."""
    alone = run(**TOXIC, followed=200.0)
    told = run(plan={HOUR: all_hands()}, **TOXIC, followed=200.0)

    assert len(ill(alone)) > 20 and ill(told) == set()
    assert all(p.status is Status.WAITING and p.triage is not None for p in alone.people.values())
    assert alone.when("falls_ill") > alone.when("edge_comes")


def test_the_number_ill_is_that_of_the_dose_and_the_spread():
    """Of 30 000 who drink, Φ(ln(dose/median)/spread): within five standard errors, over seeds."""
    from statistics import NormalDist

    p = parameters(**TOXIC, followed=330.0, alarm=0.1 * HOUR, alarm_least=0.2 * HOUR, ill_spread=0.8)
    counts, expected = [], 0.0
    for seed in range(20):
        found = walk(Model(p), place(mass=300.0), {}, seed=seed, until=4 * DAY)
        taken = max(i.taken for i in found.state.intakes)
        counts.append(len(ill(found)))
        expected += min(330.0, 30_000 * NormalDist().cdf(math.log(taken / p.ill_dose) / 0.8))
    assert abs(sum(counts) - expected) < 5 * math.sqrt(expected)


def test_dose_is_the_integral_of_the_concentration():
    """What the model sums in pieces is what quadrature gives."""
    p = parameters()
    state = start(p, place())
    intake = state.intakes[0]
    direct = (
        quad(lambda s: plume.ratio(p, state, intake, s), 10_000, 24_000, limit=400, epsabs=0, epsrel=1e-9)[0]
        / state.velocity
    )
    halves = plume.dose_between(p, state, intake, 10_000, 15_000) + plume.dose_between(p, state, intake, 15_000, 24_000)

    assert halves == pytest.approx(direct, rel=1e-7)


# ── what response does ──


@pytest.mark.parametrize("without", ["LEAK_STOP", "FLOOD", "LABOR"])
def test_each_work_at_the_source_brings_the_worst_down(without):
    """Sealing, damming and carbon each take something off what flows past the intake."""

    def dose(*left_out: str) -> float:
        found = run(plan={0.0: all_hands(without=("WATER_REPAIR", "ENV_MON", *left_out))}, alarm_least=50 * HOUR)
        return max(i.taken for i in found.state.intakes)

    assert dose() < dose(without)


def test_carbon_takes_its_share_of_what_passes_the_dam():
    """Built before anything came by: half of the dose."""
    p = parameters(alarm_least=300 * HOUR)
    state = start(p, place())
    treated = replace(state, treated=(*state.treated, replace(state.treated[0], share=0.5)))
    end = 40_000.0

    assert plume.dose_between(p, treated, state.intakes[0], 0, end) == pytest.approx(
        0.5 * plume.dose_between(p, state, state.intakes[0], 0, end)
    )


def test_earlier_or_more_effort_never_makes_it_worse():
    """Fewer fall ill, and it is over sooner, the earlier and the more help comes."""
    by_time = [run(plan={t * HOUR: all_hands()}, **TOXIC) for t in (1, 4, 8, 12, 20)]
    by_share = [run(plan={2 * HOUR: all_hands(share)}, **TOXIC) for share in (1.0, 0.5, 0.2, 0.05)]
    for runs in (by_time, by_share):
        for sooner, later in zip(runs, [*runs[1:], run(**TOXIC)], strict=True):
            assert ill(sooner) <= ill(later)
            assert sooner.ended <= later.ended + 1e-3


def test_what_gets_in_and_what_is_kept_out_add_up():
    """Entered, caught and still to come are the mass, whatever is done."""
    for plan in ({}, {2 * HOUR: all_hands(0.3)}):
        found = run(plan=plan, until=5 * HOUR)
        sealed = "sealed" in found.notes()
        total = found.state.entered + found.state.caught + found.state.left
        assert total == pytest.approx(2000.0) or (sealed and total < 2000.0)


# ── the five elements, and the edges ──


@pytest.mark.parametrize("cause", ["tanker", "plant_leak", "fire_runoff", "tailings", "discharge"])
def test_every_cause_has_a_course_of_its_own(cause):
    """When the edge comes, how long it lasts, when it is over."""
    others = [run(place(cause=c), {3 * HOUR: all_hands(0.5)}, cause=c) for c in ("tanker", "discharge") if c != cause]
    own = run(place(cause=cause), {3 * HOUR: all_hands(0.5)}, cause=cause)

    assert own.ended < math.inf and all(own.ended != other.ended for other in others)


def test_a_dry_month_makes_it_slower_and_worse():
    """Where nobody said the discharge, the rain of the month says it."""
    unknown = Surroundings(river=(Reach("W", 20_000.0, 60.0, 9_000.0, True, "T"),))
    dry, wet = (start(parameters(), place(around=unknown, rain=rain)) for rain in (5.0, 250.0))

    assert dry.flow < wet.flow and dry.velocity < wet.velocity


def test_a_river_without_intakes_harms_nobody_and_ends():
    """Only the source is worked on."""
    found = run(place(around=Surroundings(river=(Reach("桥", 5_000.0, 10.0, 300.0),))), {HOUR: all_hands()})

    assert found.ended < 3 * DAY and found.notes()[-1] != "edge_comes"


def test_no_mass_is_no_pollution():
    """Nothing let in: over after the watch."""
    assert run(place(mass=0.0)).ended == pytest.approx(DAY)


def test_only_six_intakes_are_followed_nearest_first():
    """Of nine within reach."""
    state = start(parameters(), place(*(5_000.0 * k for k in range(9, 0, -1))))

    assert [i.x for i in state.intakes] == [5_000.0 * k for k in range(1, 7)]


def test_luck_of_an_intake_does_not_depend_on_the_others():
    """The same first intake, whether or not another lies below."""
    one, two = (start(parameters(), place(*xs)) for xs in ((20_000.0,), (20_000.0, 40_000.0)))

    assert one.intakes[0] == two.intakes[0]


def test_needs_follow_the_sighting():
    """While it runs leak and dike crews, afterwards none; tankers for those who are short."""
    model = Model(parameters())
    state = start(model.p, place())
    stream = Streams(1)("sight")
    early = {n.capability: n.amount for n in model.needs(model.observe(state, stream), place().site)}
    dry = replace(
        state, leaking=0.0, left=0.0, quiet=True, intakes=tuple(replace(i, dry=True, shut=True) for i in state.intakes)
    )
    late = {n.capability: n.amount for n in model.needs(model.observe(dry, stream), place().site)}

    assert {"LEAK_STOP", "FLOOD", "ENV_MON", "WATER_REPAIR", "LABOR"} <= set(early) and "WATER_SUPPLY" not in early
    assert "LEAK_STOP" not in late and late["WATER_SUPPLY"] * DAY == pytest.approx(750.0)


def asked(demands: Sequence[Demand]) -> set[str]:
    """Their names."""
    return {d.id for d in demands}


def test_what_is_asked_for_changes_as_it_goes():
    """First stop, sample, warn and dam; dosing once the dam stands; flushing only where it got in."""
    p = parameters()
    model, state = Model(p), start(p, place())

    assert {"seal", "contain", "sample", "dam", "warn_a"} <= asked(model.demands(state))
    built = replace(state, dam=0.0)
    assert "dosing" in asked(model.demands(built)) and "dam" not in asked(model.demands(built))
    fouled = replace(state, intakes=tuple(replace(i, fouled=True, shut=True, told=True) for i in state.intakes))
    assert "flush_a" in asked(model.demands(fouled)) and "warn_a" not in asked(model.demands(fouled))
