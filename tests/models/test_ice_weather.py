"""Low-temperature rain, snow and ice: printed values, conservation of people, laws of effort, the chain, the five elements."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.optimize import brentq
from scipy.stats import norm

from models.hazards.ice_weather import Model, Parameters, Surface, icing, roads
from sim.domain.hazards import Inputs, Note, Roads, Sighting
from sim.domain.people import Status
from sim.domain.places import Settlement, Surroundings, Weather
from sim.streams import Streams
from sim.units import from_si
from tests.models.passports import document, parameters
from tests.models.walking import DAY, Walk, all_hands, differences, same, scene, walk

PATH = "hazards/ice_weather/parameters.yaml"
HOUR = 3600.0
MM_H = 1e-3 / 3600.0
CAUSES = tuple(document(PATH)["causes"])
LARGER = {"ice": 0.006, "hours": 24 * HOUR}
MAJOR = {"ice": 0.012, "hours": 48 * HOUR}
WORST = {"ice": 0.020, "hours": 120 * HOUR}
PLAIN = Surroundings(
    settlements=tuple(Settlement(f"T{k:02d}", 2_500.0 * k, (k * 137.5) % 360, 25_000.0) for k in range(10)),
    near={"coal_area": 12_000.0},
)

seeds = st.integers(0, 10_000)


def model(cause: str = "freezing_rain", **changed: float) -> Model:
    return Model(parameters(Parameters, PATH, cause, **changed))


def run(scope: dict[str, float] = MAJOR, cause: str = "freezing_rain", begins: float | None = 4.0, share: float = 1.0,
        without: tuple[str, ...] = (), seed: int = 1, until: float = 20 * DAY, services: dict[str, float] | None = None,
        weathers: dict[float, Weather] | None = None, changed: dict[str, float] | None = None, **where: object,
        ) -> Walk:  # fmt: skip
    plan = {} if begins is None else {begins * HOUR: all_hands(share, without)}
    place = scene(scope, cause, **{"around": PLAIN, "month": 1} | where)
    return walk(
        model(cause, **changed or {}), place, plan, seed=seed, until=until, services=services, weathers=weathers
    )


def hurt(result: Walk) -> int:
    return result.count(Status.DEAD) + result.count(Status.WAITING)


def reading(result: Walk, name: str) -> float:
    return model().readings(result.state)[name]


# ── printed values ──


def test_ice_grows_as_is_printed():
    """2 mm/h of rain: 1.043 mm/h in 5 m/s of wind, 12.52 mm in 12 h; 8.49 mm in 12 h without wind."""
    p = parameters(Parameters, PATH)

    assert icing.growth(p, 2 * MM_H, 5.0) / MM_H == pytest.approx(1.043, rel=1e-3)
    assert icing.growth(p, 2 * MM_H, 5.0) * 12 * HOUR * 1e3 == pytest.approx(12.52, rel=1e-3)
    assert icing.growth(p, 2 * MM_H, 0.0) * 12 * HOUR * 1e3 == pytest.approx(8.49, rel=1e-3)


def test_rain_brings_the_printed_ice_onto_lines():
    """The same through the model: weather of 2 mm/h, 5 m/s at −2 °C for twelve hours."""
    sky = Weather(wind=5.0, rain=2.0, temperature=-2.0)
    result = run(
        {"ice": 1e-9, "hours": 12 * HOUR}, begins=None, until=12 * HOUR, weather=sky, changed={"snow_share": 0.0}
    )

    assert reading(result, "ice") * 1e3 == pytest.approx(12.52, rel=1e-3)


def test_a_conductor_carries_and_fails_as_is_printed():
    """12.52 mm on 24 mm: 1.293 kg/m; at a design of 15 mm one group in forty fails."""
    p = parameters(Parameters, PATH)

    assert icing.weight(p, 0.01252) == pytest.approx(1.293, rel=1e-3)
    assert icing.fails(p, 0.01252, 0.015) == pytest.approx(0.0253, rel=5e-3)
    assert icing.fails(p, 0.01252, 0.015) == pytest.approx(norm.cdf(math.log(12.52 / 22.5) / 0.3), rel=1e-9)


@pytest.mark.parametrize(("friction", "metres"), [("dry", 36.9), ("wet", 52.1), ("snow", 87.5), ("glaze", 158.0)])
def test_stopping_distances_are_those_printed(friction, metres):
    """At 60 km/h, one second of reaction included."""
    p = parameters(Parameters, PATH)

    assert roads.stopping(p, p.speed, getattr(p, f"friction_{friction}")) == pytest.approx(metres, rel=2e-3)


def test_four_ploughs_treat_the_road_in_the_printed_time():
    """120 lane-km, 4 ploughs at 35 km/h, two passes: 1.71 h if nothing falls on them meanwhile."""
    p = parameters(Parameters, PATH, holds=1e15, holds_after=1e15)
    _, state = icy(p)
    road = roads.replace(state.roads[1], length=120e3, treated=0.0)
    after = [roads.treated_after(p, road, state, 4 * 35 / 3.6, hours * HOUR) for hours in (0.857, 1.7142)]

    assert after[0] == pytest.approx(0.5, rel=1e-3)
    assert after[1] == pytest.approx(1.0, rel=1e-4)


def icy(p: Parameters, seed: int = 1):
    """A model with these numbers and its state once all roads are glazed."""
    hazard = Model(p)
    state, _ = hazard.start(scene(MAJOR, "freezing_rain", around=PLAIN, month=1), Streams(seed)("hazard", "F1"))
    inputs = Inputs({}, Weather())
    while not all(road.surface.frozen for road in state.roads):
        span, name = hazard.next_event(state, inputs)
        state, _ = hazard.fire(hazard.advance(state, span, inputs), name, inputs)
    return hazard, state


# ── formulas against other ways ──


@settings(max_examples=40, deadline=None)
@given(rate=st.floats(1e-3, 20), wind=st.floats(0, 25))
def test_the_rain_of_a_spell_is_that_which_makes_its_ice(rate, wind):
    """Found by halving; scipy finds the same."""
    p = parameters(Parameters, PATH)
    rain = icing.rain_for(p, rate * MM_H, wind)

    found = brentq(lambda x: icing.growth(p, x, wind) - rate * MM_H, 0.0, 4 * rate * MM_H, xtol=1e-18)

    assert icing.growth(p, rain, wind) == pytest.approx(rate * MM_H, rel=1e-9)
    assert rain == pytest.approx(found, rel=1e-6)


@settings(max_examples=15, deadline=None)
@given(start=st.floats(0, 0.99), ploughs=st.floats(0, 60), hours=st.floats(0.01, 12))
def test_treated_roads_follow_their_equation(start, ploughs, hours):
    """x' = E/(passes·L) − x/holds, never above 1, as scipy integrates it."""
    p = parameters(Parameters, PATH)
    _, state = icy(p)
    road = roads.replace(state.roads[1], treated=start)
    gain, loss = ploughs / (p.passes * road.length), roads.fading(p, state)
    found = solve_ivp(lambda t, x: [gain - loss * x[0] if x[0] < 1.0 or gain < loss else 0.0], (0, hours * HOUR), [start],
                      rtol=1e-8, atol=1e-10, max_step=300.0)  # fmt: skip

    assert roads.treated_after(p, road, state, ploughs, hours * HOUR) == pytest.approx(
        min(1.0, found.y[0, -1]), abs=2e-4
    )


def test_a_spell_brings_the_ice_that_the_case_says():
    """By its end as much as it says, on lines that nobody melts; the more by the spell's own cold, whatever the season."""
    for scope in (LARGER, MAJOR, WORST):
        result = run(scope, begins=None, until=scope["hours"] + 60.0, changed={"snow_share": 0.0})
        assert reading(result, "ice") == pytest.approx(scope["ice"], rel=1e-3)


def test_crashes_are_three_to_five_times_as_many_on_glaze():
    """By friction alone."""
    p = parameters(Parameters, PATH)

    assert 3 < roads.factor(p, p.friction_glaze) / roads.factor(p, p.friction_dry) < 5
    assert roads.factor(p, p.friction_dry) == 1.0 < roads.factor(p, p.friction_wet) < roads.factor(p, p.friction_snow)


# ── exactness, effort, people ──


@settings(max_examples=12, deadline=None)
@given(
    seed=seeds,
    share=st.floats(0.05, 1.0),
    cause=st.sampled_from(CAUSES),
    cuts=st.lists(st.floats(0, 60 * HOUR), max_size=6),
)
def test_looking_in_between_changes_nothing(seed, share, cause, cuts):
    """However often the state is brought up to date, the course is the same."""
    hazard, where, plan = model(cause), scene(MAJOR, cause, around=PLAIN, month=1), {3.3 * HOUR: all_hands(share)}
    whole = walk(hazard, where, plan, seed=seed, until=60 * HOUR)
    cut = walk(hazard, where, plan, seed=seed, until=60 * HOUR, cuts=sorted(cuts))

    assert differences(cut, whole) == []
    assert same(cut.state, whole.state)


@settings(max_examples=15, deadline=None)
@given(seed=seeds, share=st.floats(0.05, 1.0), more=st.floats(1.0, 3.0), cause=st.sampled_from(CAUSES))
def test_more_effort_hurts_nobody_and_ends_it_no_later(seed, share, more, cause):
    """All capabilities scaled up together; a crash that treated roads postponed may fall on other hours, and hold up some."""
    less, most = run(cause=cause, share=share, seed=seed), run(cause=cause, share=share * more, seed=seed)

    assert hurt(most) <= hurt(less)
    assert reading(most, "stranded_all") <= reading(less, "stranded_all") + 60
    assert most.ended <= less.ended + 2 * HOUR or less.ended == math.inf


@settings(max_examples=10, deadline=None)
@given(seed=seeds, hours=st.floats(0.5, 20), later=st.floats(0, 30))
def test_coming_earlier_hurts_nobody(seed, hours, later):
    """The same force some hours earlier: no more people in the cold."""
    assert hurt(run(begins=hours, seed=seed)) <= hurt(run(begins=hours + later, seed=seed))


@pytest.mark.parametrize("cause", CAUSES)
def test_people_are_conserved(cause):
    """Everybody stranded gets away or is hurt; as many have left as have come."""
    result = run(cause=cause, share=0.3)

    assert result.ended < math.inf
    assert result.state.stranded == 0.0
    assert result.count(Status.EXPOSED) == result.count(Status.TRAPPED) == 0


def test_closing_upstream_early_strands_fewer():
    """The decision: points held upstream from the beginning, six hours later, never."""
    others = ("SNOW", "EVAC", "CRANE")
    early, late, never = (
        run(begins=b, without=(*others, *w), until=DAY) for b, w in ((1.0, ()), (7.0, ()), (1.0, ("TRAFFIC",)))
    )

    assert reading(early, "stranded_all") < 0.1 * reading(late, "stranded_all")
    assert reading(late, "stranded_all") < 0.9 * reading(never, "stranded_all")


def test_treatment_must_be_held():
    """A road that is treated and left freezes again within hours while it goes on falling; ploughs that stay hold it."""
    hazard, state = icy(parameters(Parameters, PATH))
    ploughs = Inputs({"ploughing": 2500 / 3.6}, Weather())
    for _ in range(40):
        span, name = hazard.next_event(state, ploughs)
        if all(road.good for road in state.roads) or span > 12 * HOUR:
            break
        state, _ = hazard.fire(hazard.advance(state, span, ploughs), name, ploughs)
    left = hazard.advance(state, 6 * HOUR, Inputs({}, Weather()))
    held = hazard.advance(state, 6 * HOUR, ploughs)

    assert all(road.good for road in state.roads)
    assert hazard.readings(left)["treated"] < 0.4
    assert hazard.readings(held)["treated"] > 0.9


def test_one_kind_of_road_is_treated_after_the_other():
    """No lane is treated that no plough has passed: what is treated grows by ploughing over passes, no faster."""
    hazard, state = icy(parameters(Parameters, PATH))
    inputs = Inputs({"ploughing": 20.0}, Weather())
    done = sum(road.treated * road.length for road in state.roads)
    for _ in range(30):
        span, name = hazard.next_event(state, inputs)
        state, _ = hazard.fire(hazard.advance(state, span, inputs), name, inputs)
        after = sum(road.treated * road.length for road in state.roads)
        assert after - done <= 20.0 / hazard.p.passes * span + 1e-3
        done = after


def test_supplies_keep_the_stranded_from_the_cold():
    """Food, blankets and fuel for all: nobody suffers while they wait."""
    fed = run(begins=1.0, without=("EVAC", "SNOW", "TRAFFIC", "CRANE"), until=2 * DAY)
    bare = run(begins=1.0, without=("EVAC", "SNOW", "TRAFFIC", "CRANE", "SHELTER_STOCK"), until=2 * DAY)

    assert fed.state.hypothermic < 0.6 * bare.state.hypothermic


def test_melting_saves_lines():
    """Lines that are melted in time do not fail; those that nobody melts do, the weakest first."""
    worse = {"ice": 0.026, "hours": 120 * HOUR}
    saved, lost = run(worse, begins=4.0), run(worse, begins=4.0, without=("LINE_REPAIR",))

    assert not any(line.down for line in saved.state.lines if line.meltable)
    assert sum(line.down for line in saved.state.lines) < sum(line.down for line in lost.state.lines)
    failed = [line.strength for line in lost.state.lines if line.down]
    assert failed and max(failed) <= min(line.strength for line in lost.state.lines if not line.down)


def test_lines_fail_as_often_as_their_fragility_says():
    """Over many spells the share of groups down under 20 mm is Φ(ln(x/θ)/β)."""
    p, down, all_ = parameters(Parameters, PATH), 0, 0
    design = icing.design(p, 1900.0)
    for seed in range(150):
        state, _ = model().start(scene(WORST, "freezing_rain"), Streams(seed)("hazard", "F1"))
        down += sum(line.strength <= 0.020 for line in state.lines)
        all_ += len(state.lines)

    assert down / all_ == pytest.approx(icing.fails(p, 0.020, design), abs=0.03)


def test_it_does_not_end_while_power_is_out_or_it_freezes():
    """Thawed, treated and with power: all three."""
    assert run(begins=2.0, until=10 * DAY, services={"power": 0.5}).ended == math.inf
    assert run(begins=2.0, until=10 * DAY, weather=Weather(temperature=-3.0)).ended == math.inf
    frost = {0.0: Weather(temperature=-3.0), 5 * DAY: Weather(temperature=8.0)}
    assert 5 * DAY <= run(begins=2.0, weathers=frost).ended < 6 * DAY


def test_the_chain_of_an_ice_week_is_told():
    """Glaze to be watched, lines that fail with the load on them, trees on roads: what cascades look at."""
    result = run(WORST, begins=None, until=6 * DAY)
    notes = {e.name: e.values for _, _, effects in result.log for e in effects if isinstance(e, Note)}
    slowed = [e for _, _, effects in result.log for e in effects if isinstance(e, Roads)]

    assert notes["line_fails"]["load"] > 1e6 and notes["line_fails"]["customers"] > 1e3
    assert min(e.factor for e in slowed if not e.per_km) <= 0.3 and any(e.per_km and e.factor == 0.0 for e in slowed)
    assert max(reading(run(WORST, begins=None, until=h * HOUR), "glaze") for h in (6, 30)) == 1.0


def test_roads_are_opened_at_the_end():
    """Whatever it slowed or shut, it gives back."""
    result = run(WORST, share=0.5)
    last = [e for _, _, effects in result.log for e in effects if isinstance(e, Roads)][-1]

    assert result.ended < math.inf and last.factor == 1.0


# ── the five elements ──


def test_spring_festival_strands_more():
    """Time: twice the traffic in the weeks around it; fewer drive by night."""
    plain, festival = (run(begins=None, until=DAY, month=m) for m in (12, 1))
    noon, night = (run(begins=None, until=5 * HOUR, hour=h) for h in (10.0, 23.0))

    assert reading(festival, "stranded_all") > 1.5 * reading(plain, "stranded_all")
    assert reading(noon, "stranded_all") > 2 * reading(night, "stranded_all")


def test_mountains_close_sooner_and_are_built_for_more():
    """Place: steeper main roads close on glaze; lines high up bear more ice; it is colder there."""
    p = parameters(Parameters, PATH)
    hills, mountains = (run(begins=None, until=6 * HOUR, terrain=t) for t in ("basin", "mountain"))

    assert reading(mountains, "closed") > reading(hills, "closed")
    assert icing.design(p, 2600.0) == 2 * icing.design(p, 1200.0)
    site = scene(MAJOR, "freezing_rain", elevation=2600.0).site
    assert icing.coldness(p, site) < p.cold_to


def test_bridges_freeze_first():
    """Place and weather: sooner, and already just above zero."""
    result = run(begins=None, until=6 * HOUR)
    frozen = [[road.surface.frozen for road in result.state.roads]]
    mild = run({"ice": 1e-9, "hours": HOUR}, begins=None, until=9 * HOUR, weather=Weather(temperature=0.6, rain=1.0),
               changed={"lingers": 0.0})  # fmt: skip

    assert frozen == [[True, True, True]]
    first = next(effects for _, name, effects in result.log if name == "road_freezes")
    assert first[0].values["lanes"] == pytest.approx(result.state.roads[0].length)
    assert [road.surface.frozen for road in mild.state.roads] == [True, False, False]


@pytest.mark.parametrize("cause", CAUSES[1:])
def test_each_cause_has_its_own_course(cause):
    """Cause: none repeats freezing rain; snow lies where it is snow."""
    assert [(t, n) for t, n, _ in run(cause=cause).log] != [(t, n) for t, n, _ in run().log]
    assert (reading(run(cause="snowstorm", begins=None, until=DAY), "snow") > 0.05) and reading(
        run(cause="cold_wave", begins=None, until=DAY), "snow"
    ) < 0.02


def test_snow_is_packed_by_traffic_and_glaze_is_worse():
    """Surfaces in their order."""
    result = run(cause="snowstorm", begins=None, until=DAY)

    assert {road.surface for road in result.state.roads} == {Surface.PACKED}
    assert reading(result, "glaze") == 0.0


def test_scope_changes_the_course():
    """Scope: more ice brings more lines down; longer cold, more pipes."""
    mild, hard = (run(s, begins=None, until=130 * HOUR) for s in (MAJOR, WORST))
    assert reading(hard, "lines_down") > reading(mild, "lines_down")
    short, long = (run({"ice": 0.002, "hours": h * HOUR}, "cold_wave", begins=None, until=h * HOUR) for h in (12, 48))
    assert reading(long, "pipes") > 2 * reading(short, "pipes") > 0


def test_nobody_around_works():
    """No towns, no people: roads freeze and thaw all the same."""
    result = run({"ice": 0.0, "hours": 12 * HOUR}, around=Surroundings())

    assert result.ended < math.inf


# ── what people see ──


def test_needs_follow_what_is_believed():
    """Ploughs for what is frozen, points for what is closed, buses and supplies for the stranded; nothing on nothing seen."""
    hazard, where = model(), scene(MAJOR, "freezing_rain")
    p, empty = hazard.p, dict.fromkeys(document(PATH)["figures"], 0.0)
    figures = empty | {"frozen": 120e3, "untreated": 120e3, "closed": 2.0, "stranded": 900.0, "lines": 3.0}
    found = {n.capability: n.amount for n in hazard.needs(Sighting(figures=figures), where.site)}

    assert from_si(found["SNOW"], "km/h") == pytest.approx(2 * 120 * (1 / 6 + 1 / 4.5), rel=1e-9)
    assert (found["TRAFFIC"], found["SHELTER_STOCK"], found["LINE_REPAIR"]) == (2 * p.points, 3.0, 2.0)
    assert found["EVAC"] * HOUR == pytest.approx(900 / 8)
    assert list(hazard.needs(Sighting(figures=empty), where.site)) == list(hazard.needs(Sighting(), where.site)) == []


def test_every_event_demand_and_reading_has_a_name():
    """What the model does and shows is named in both languages in its file."""
    card, names, wanted = document(PATH), set(), set()
    for cause in CAUSES:
        for plan in ({}, {9 * HOUR: all_hands(0.5)}):
            for stop in (20 * HOUR, 8 * DAY):
                hazard = model(cause)
                result = walk(hazard, scene(WORST, cause, around=PLAIN, month=1), plan, until=stop)
                names |= (
                    {name for _, name, _ in result.log} | set(result.notes()) | {w for w in result.why.values() if w}
                )
                wanted |= {demand.id for demand in hazard.demands(result.state)}
                assert set(hazard.readings(result.state)) == set(card["readings"])
                assert set(hazard.observe(result.state, Streams(1)("s")).figures) == set(card["figures"])

    assert names <= set(card["events"])
    assert wanted <= set(card["demands"])
