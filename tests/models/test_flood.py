"""Flood: printed values, water conserved, the races at dikes and dams, people below, laws of effort, the five elements."""

from __future__ import annotations

import math
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from scipy.integrate import solve_ivp

from models.hazards.flood import Channel, Model, river, water
from models.hazards.flood import dam as dams
from sim import catalog
from sim.domain.hazards import Cut, Harm, Inputs, Note, Roads, Shock, Sighting
from sim.domain.people import Status
from sim.domain.places import Reach, Surroundings, Watercourse, Weather
from sim.streams import Streams
from tests.models.passports import document
from tests.models.walking import DAY, Walk, all_hands, differences, same, scene, walk

PATH = "hazards/flood/parameters.yaml"
HOUR, MINUTE = 3600.0, 60.0
CARD = document(PATH)
CAUSES = tuple(CARD["causes"])
AT_DAM = ("dam_overtopping", "dam_damaged", "dam_piping", "barrier_lake")
BIG = {"return_period": 50.0, "volume": 1e6, "height": 15.0, "inflow": 6.0, "people": 400.0}
RIVER = (
    Reach("桥头", 3_000.0, 40.0, 800.0, code="T2"), Reach("水厂", 6_000.0, 70.0, 30_000.0, intake=True, code="T3", serves=("T3",)),
    Reach("下村", 12_000.0, 120.0, 500.0, code="T4"),
)  # fmt: skip
BELOW = Surroundings(river=RIVER, presence={"dwelling": 0.9, "asleep": 0.0})
NIGHT = Surroundings(river=RIVER, presence={"dwelling": 0.9, "asleep": 0.95})

seeds = st.integers(0, 10_000)


@cache
def typical(cause: str) -> dict[str, float]:
    card = catalog.hazard("flood").card
    return {name: card.spread(name, cause).median for name in card.parameters}


def model(cause: str = "river_flood", **changed: float) -> Model:
    """The model with the typical values of its card for a cause."""
    return catalog.hazard("flood").build(typical(cause) | changed)


def run(
    cause: str = "river_flood", begins: float | None = 1.0, share: float = 1.0, seed: int = 1,
    without: tuple[str, ...] = (), scope: dict[str, float] = BIG, hazard: Model | None = None, until: float = 20 * DAY,
    weathers: object = None, **where: object,
) -> Walk:  # fmt: skip
    """With so large a share of what finds room from so many hours on (None: nobody comes)."""
    plan = {} if begins is None else {begins * HOUR: all_hands(share, without)}
    place = scene(scope, cause, **{"around": BELOW, "rain": 150.0} | where)
    return walk(hazard or model(cause), place, plan, seed=seed, until=until, weathers=weathers)


def lost(result: Walk) -> set[str]:
    """Who is dead, or still caught if it has not ended."""
    ended = {Status.DEAD} if result.ended < math.inf else {Status.DEAD, Status.TRAPPED}
    return {who for who, person in result.people.items() if person.status in ended}


def note(result: Walk, name: str) -> dict[str, float]:
    return next(e.values for _, _, effects in result.log for e in effects if isinstance(e, Note) and e.name == name)


# ── printed values ──


def test_runoff_is_what_is_printed():
    """6 in on CN 80: 3.78 in; 100 mm on 75: 41.14; 150 mm on 80: 93.88 mm; nothing below the initial abstraction."""
    p = model().p

    for rain, number, runoff in ((6 * 25.4, 80, 3.78 * 25.4), (100, 75, 41.14), (150, 80, 93.88)):
        assert water.runoff(p, rain / 1e3, water.retention(p, number)) * 1e3 == pytest.approx(runoff, rel=1e-3)
    assert water.runoff(p, 0.01, water.retention(p, 60)) == 0.0


def test_concentration_and_unit_peak_are_what_is_printed():
    """5 km at 0.02: 1.033 h; 20 mm in an hour on 25 km²: 92.9 m³/s."""
    p = model().p
    concentrates = water.concentration(p, 5000.0, 0.02)

    assert concentrates / HOUR == pytest.approx(1.033, rel=1e-3)
    assert water.unit_peak(p, 25e6, 0.020, water.time_to_peak(p, HOUR, concentrates)) == pytest.approx(92.9, rel=1e-3)


def test_a_channel_carries_what_is_printed():
    """20 m wide, sides 1:1, 3 m deep, n .035, slope .005: 251.4 m³/s at 3.64 m/s; its wave 5/3 as fast; turned round it is 3 m."""
    p, channel = model(roughness=0.035, side=1.0).p, Channel(20.0, 0.005, 100.0)

    assert water.carried(p, channel, 3.0) == pytest.approx(251.4, rel=1e-3)
    assert water.speed(p, channel, 3.0) == pytest.approx(3.64, abs=0.005)
    assert water.celerity(p, channel, 3.0) == pytest.approx(5 / 3 * water.speed(p, channel, 3.0))
    assert water.stage(p, channel, water.carried(p, channel, 3.0)) == pytest.approx(3.0, rel=1e-9)


def test_breaches_are_what_is_printed():
    """1 Mm³ at 15 m: 1 026.9 m³/s, 32.5 m wide, 22.4 min; 251.4 Mm³ at 76.2 m: 70.0 min, 156.6 m by piping; the natural dam."""
    p = model().p

    assert water.breach_peak(p, 1e6, 15.0) == pytest.approx(1026.9, rel=1e-3)
    assert water.breach_width(p, 1e6, 15.0, topped=True) == pytest.approx(32.5, rel=2e-3)
    assert water.breach_time(p, 1e6, 15.0) / MINUTE == pytest.approx(22.4, rel=2e-3)
    assert water.breach_time(p, 251.4e6, 76.2) / MINUTE == pytest.approx(70.0, rel=2e-3)
    assert water.breach_width(p, 251.4e6, 76.2, topped=False) == pytest.approx(156.6, rel=1e-3)
    assert water.natural_peak(p, 5e6, 40.0) == pytest.approx(1732, rel=1e-3)


def test_the_wave_down_the_river_is_what_is_printed():
    """That breach 5 and 20 km below, v 4, K 1.1: 473.9 and 181.2 m³/s."""
    peak = water.breach_peak(model().p, 1e6, 15.0)

    assert water.downstream(1e6, peak, 5e3, 4.0, 1.1) == pytest.approx(473.9, rel=1e-3)
    assert water.downstream(1e6, peak, 20e3, 4.0, 1.1) == pytest.approx(181.2, rel=1e-3)
    assert water.wave(model().p, 0.02) == (4.0, 1.1)


def test_drowning_is_what_is_printed():
    """Jonkman at 3 m: .0984 where it rises fast, .0090 elsewhere; all where 7 m²/s wreck houses."""
    p = model().p

    assert water.drowning(p, 3.0, 1.0 / HOUR, 0.5) == pytest.approx(0.0984, rel=1e-3)
    assert water.drowning(p, 3.0, 0.1 / HOUR, 0.5) == pytest.approx(0.0090, rel=5e-3)
    assert water.drowning(p, 3.0, 0.1 / HOUR, 2.5) == 1.0
    assert water.drowning(p, 0.0, 1.0, 0.0) == 0.0


def test_the_second_opinion_is_what_is_printed():
    """DeKay & McClelland, 1 000 people: 137.6 without warning, 8.0 after an hour, 1.7 where it has little force."""
    p = model().p

    assert water.loss_of_life(p, 1000, 0.0, 1.0) == pytest.approx(137.6, rel=1e-3)
    assert water.loss_of_life(p, 1000, 1.0, 1.0) == pytest.approx(8.0, rel=3e-3)
    assert water.loss_of_life(p, 1000, 1.0, 0.0) == pytest.approx(1.7, rel=2e-2)


def test_sandbags_are_what_is_printed():
    """Two feet (printed as 0.6 m) take 68.9 bags a metre; so many bags raise it by that much again."""
    p = model().p

    assert water.bags_per_metre(p, 2 * 0.3048) == pytest.approx(68.9, rel=1e-3)
    assert water.raised(p, 100 * water.bags_per_metre(p, 0.45), 100.0) == pytest.approx(0.45, rel=1e-9)


# ── rain and rivers ──


def test_what_rains_comes_down_the_river():
    """The runoff of the storm is the volume of its flood."""
    p = model().p
    c = river.rained_on(p, river.catchment(p, 100e6, 0.0, 0.5, 50.0), p.storm)
    ran_off = water.runoff(p, c.fallen, c.retention) * c.area
    c = replace(c, gained=0.0)
    flows = [river.flow_after(c, 60.0 * i) for i in range(24 * 60 * 10)]
    before = ran_off - sum(c.stores)  # what has passed already

    assert c.fallen == pytest.approx(water.rain_of(p, 50.0, p.storm, 100e6))
    assert before + sum(flows) * 60.0 == pytest.approx(ran_off, rel=2e-3)


def test_halving_the_tick_changes_little():
    """The crest and its time within 1 %."""

    def crest(tick: float) -> tuple[float, float]:
        result = run(begins=None, hazard=model(tick=tick), until=3 * DAY)
        return result.when("crest"), note(result, "crest")["flow"]

    (t1, q1), (t2, q2) = crest(1800.0), crest(900.0)
    assert t2 == pytest.approx(t1, rel=0.01)
    assert q2 == pytest.approx(q1, rel=0.01)


def test_the_chain_peaks_as_the_unit_hydrograph_does():
    """A short shower on the chain has the printed formula's peak."""
    p, area = model().p, 25e6
    concentrates = water.concentration(p, 5000.0, 0.02)
    lag = water.chain_lag(p, area, concentrates)
    state = (0.02 * area, 0.0, 0.0, 0.0)
    from models import kernels

    top = max(kernels.reservoir_chain(state, 0.0, lag, t)[-1] / lag for t in range(0, 20000, 20))
    unit = water.unit_peak(p, area, 0.02, water.time_to_peak(p, p.unit_share * concentrates, concentrates))
    assert top == pytest.approx(unit, rel=1e-3)


@pytest.mark.slow
def test_sandbags_and_stage_race():
    """With crews from early on the dike holds what it does not hold without; patrols keep water from working through."""
    scope = {**BIG, "return_period": 30.0}
    held = sum(run(seed=s, scope=scope).when("dike_breaks") == math.inf for s in range(6))
    bare = sum(run(seed=s, scope=scope, without=("FLOOD", "LABOR")).when("dike_breaks") == math.inf for s in range(6))
    piped = [sum(run(seed=s, without=w).when("dike_piped") < math.inf for s in range(12)) for w in ((), ("WATCH",))]

    assert held >= bare
    assert piped[0] < piped[1]


# ── dams ──


def test_a_reservoir_keeps_account_of_its_water():
    """What is stored is what came in less what spilt and was let out: by an integrator."""
    hazard = model("dam_overtopping")
    state, _ = hazard.start(scene(BIG, "dam_overtopping", around=BELOW), Streams(1)("hazard", "F1"))
    inputs, p, dam, c = Inputs({}, Weather()), hazard.p, state.dam, state.catchment
    rates = dams.rates_of(p, dam, inputs)

    def slope(t, v):
        head = max(0.0, dam.height * (v[0] / dam.full) ** (1 / p.lake_power) - dam.spill)
        gained = river.flow_after(c, t) - c.base + dam.inflow
        return [gained - rates[0] - p.weir * dam.spill_width * head**1.5]

    found = solve_ivp(slope, (0, c.tick_left), (dam.volume,), rtol=1e-9, atol=1e-3).y[0, -1]
    after = hazard.advance(state, c.tick_left, inputs)

    assert after.dam.volume == pytest.approx(found, rel=1e-5)


def test_a_lake_fills_in_its_volume_by_its_inflow():
    """No rain, no notch: the natural dam is topped after V/Q, exactly."""
    result = run("barrier_lake", None, scope={**BIG, "volume": 3.6e5, "inflow": 5.0})

    assert result.when("overtopped") == pytest.approx(3.6e5 / 5.0, rel=1e-9)


def test_a_notch_makes_the_outburst_smaller_and_sooner():
    """What was dug drains that much less at once."""
    scope = {**BIG, "volume": 2e6, "height": 20.0}
    bare, dug = run("barrier_lake", None, scope=scope, seed=3), run("barrier_lake", 1.0, scope=scope, seed=3)

    assert note(dug, "gives_way")["peak"] < 0.8 * note(bare, "gives_way")["peak"]
    assert dug.when("overtopped") < bare.when("overtopped")


def test_power_opens_the_gates():
    """Services: without power the outlets are wound by hand, and it takes longer to draw it down."""
    hazard, where = model("dam_damaged", dam_piping=0.0), scene(BIG, "dam_damaged", around=BELOW)
    times = [walk(hazard, where, {}, services=s, until=60 * DAY).when("lowered") for s in ({}, {"power": 0.0})]

    assert times[0] < times[1] < math.inf


def test_plugging_the_leak_keeps_dams():
    """Fewer of the damaged dams break where crews filter the leak and pumps draw them down."""
    broken = [
        sum(run("dam_damaged", seed=s, without=w, begins=b).when("dam_piped") < math.inf for s in range(12))
        for b, w in ((1.0, ()), (1.0, ("FLOOD",)), (None, ()))
    ]

    assert broken[0] < broken[1] < broken[2]


def test_a_bigger_dam_reaches_farther_and_kills_more():
    """Scope: at ten times the volume the wave is higher and more places are under it."""
    small, large = (
        run("dam_damaged", None, scope={**BIG, "volume": v, "height": h}, seed=4) for v, h in ((3e5, 10.0), (1e7, 30.0))
    )

    assert len(lost(large)) > len(lost(small))
    assert note(large, "dam_piped")["peak"] > note(small, "dam_piped")["peak"]


def test_the_wave_comes_later_farther_down():
    """Each place in its turn, by 1.4 of the wave's speed."""
    result = run("dam_damaged", None, scope={**BIG, "volume": 5e6, "height": 25.0})
    arrivals = [t for t, name, _ in result.log if name == "water_arrives"]
    p, broke = model("dam_damaged").p, result.when("dam_piped")

    assert arrivals[0] - broke == pytest.approx(3000.0 / (p.front * 4.0), rel=1e-9)
    assert arrivals == sorted(arrivals) and len(arrivals) >= 3


# ── people ──


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("people", [0.0, 400.0, 1e5])
def test_everybody_is_accounted_for(cause, people):
    """In the end safe, hurt or dead, once; at most so many are followed one by one."""
    result = run(cause, scope={**BIG, "people": people})

    assert result.ended < math.inf
    assert sum(result.count(s) for s in (Status.SAFE, Status.WAITING, Status.DEAD)) == len(result.people)
    assert len(result.people) <= model().p.followed + 10


def test_by_night_word_goes_round_slowly():
    """Time: of those asleep fewer leave a flash flood in time."""
    scope = {**BIG, "return_period": 200.0}
    numbers = [
        sum(len(e.persons) for _, _, effects in run("flash_flood", None, scope=scope, around=a).log for e in effects
            if isinstance(e, Harm) and e.why == "cut_off_by_water")
        for a in (BELOW, NIGHT)
    ]  # fmt: skip

    assert 0 < numbers[0] < numbers[1]


def test_in_the_cold_people_on_roofs_last_less_long():
    """Season: without boats more die in January than in July."""
    cold, warm = (len(lost(run(begins=None, weather=Weather(temperature=t), seed=2))) for t in (2.0, 22.0))

    assert cold > warm


def test_boats_bring_them_ashore():
    """With boats they come down before the water falls, and fewer die."""
    with_boats = run(begins=6.0, without=("EVAC",), weather=Weather(temperature=2.0))
    none = run(begins=6.0, without=("EVAC", "BOAT", "WATER_RESCUE"), weather=Weather(temperature=2.0))

    assert "boat_load" in {name for _, name, _ in with_boats.log}
    assert len(lost(with_boats)) < len(lost(none))


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(seed=seeds, share=st.floats(0.05, 1.0), more=st.floats(1.0, 4.0), hours=st.floats(0, 10),
       cause=st.sampled_from(("river_flood", "flash_flood", "dam_damaged", "dam_overtopping")))  # fmt: skip
def test_more_or_earlier_effort_never_costs_lives(seed, share, more, hours, cause):
    """The same people and luck: with more hands, or hours earlier, nobody more is lost."""
    base = lost(run(cause, 1.0 + hours, share, seed))

    assert len(lost(run(cause, 1.0 + hours, min(1.0, share * more), seed))) <= len(base)
    assert len(lost(run(cause, 1.0, share, seed))) <= len(base)


# ── effects ──


def test_a_flooded_town_is_told_and_loses_roads_and_power():
    """And gets them back when they are worked on."""
    effects = [e for _, _, found in run(begins=8.0).log for e in found]
    shocks = [e for e in effects if isinstance(e, Shock)]

    assert {e.town for e in shocks} >= {"T2"} and all(e.values["depth"] >= 0.5 for e in shocks)
    assert any(isinstance(e, Roads) and e.factor == 0.0 for e in effects) and any(
        isinstance(e, Roads) and e.factor == 1.0 for e in effects
    )
    shares = [e.share for e in effects if isinstance(e, Cut) and e.service == "power"]
    assert min(shares) < 1.0 and shares[-1] == 1.0


def test_a_flooded_intake_leaves_towns_without_water():
    """The towns that drink there, until the water has gone."""
    result = run("dam_damaged", None, scope={**BIG, "volume": 8e6, "height": 30.0})
    cuts = [e for _, _, found in result.log for e in found if isinstance(e, Cut) and e.service == "water"]

    assert [c.share for c in cuts] == [model().p.water_left, 1.0] and cuts[0].towns == ("T3",)


# ── exactness ──


@settings(max_examples=12, deadline=None)
@given(
    seed=seeds,
    cause=st.sampled_from(CAUSES),
    cuts=st.lists(st.floats(0, 40 * HOUR), max_size=6),
    rain=st.sampled_from((0.0, 6.0)),
)
def test_looking_in_between_changes_nothing(seed, cause, cuts, rain):
    """However often the state is brought up to date, the course is the same."""
    assume(3 * HOUR not in cuts)  # the walk does not look at its plan at a cut
    hazard, where = model(cause), scene(BIG, cause, around=BELOW, weather=Weather(rain=rain))
    plan = {3 * HOUR: all_hands(0.2)}
    whole = walk(hazard, where, plan, seed=seed, until=40 * HOUR)
    cut = walk(hazard, where, plan, seed=seed, until=40 * HOUR, cuts=sorted(cuts))

    assert differences(cut, whole) == []
    assert same(cut.state, whole.state)


def test_marks_are_met_exactly():
    """When the river leaves its bed its flow is that of its banks; when a dam is topped the water stands at its crest."""
    for cause, mark in (("river_flood", "over_banks"), ("barrier_lake", "overtopped")):
        hazard, where = model(cause), scene(BIG, cause, around=BELOW, rain=150.0)
        state, _ = hazard.start(where, Streams(2)("hazard", "F1"))
        inputs, name = Inputs({}, where.weather), ""
        while name != mark:
            span, name = hazard.next_event(state, inputs)
            before = hazard.advance(state, span, inputs)
            state, _ = hazard.fire(before, name, inputs)
        if cause == "river_flood":
            assert river.flow(before.catchment) == pytest.approx(before.river.channel.bank, rel=1e-9)
        else:
            assert dams.level(hazard.p, before.dam, before.dam.volume) == pytest.approx(BIG["height"], rel=1e-9)


@pytest.mark.parametrize("cause", CAUSES)
def test_a_clock_of_milliseconds_changes_nothing(cause):
    """Events answered a hair late come in the same order."""
    hazard, where, plan = model(cause), scene(BIG, cause, around=BELOW, rain=150.0), {2 * HOUR: all_hands(0.3)}
    exact, late = walk(hazard, where, plan, seed=5), walk(hazard, where, plan, seed=5, late=1e-3)

    assert late.ended == pytest.approx(exact.ended, rel=1e-4, abs=60.0)
    assert abs(len(lost(late)) - len(lost(exact))) <= 1


# ── the five elements, what people see ──


def test_season_makes_the_same_rain_a_bigger_flood():
    """Time: on wet ground more runs off."""
    dry, wet = (note(run(begins=None, rain=r), "crest")["flow"] for r in (10.0, 200.0))

    assert wet > 1.3 * dry


def test_later_rain_brings_the_river_up_again():
    """Weather: a second downpour raises it once more."""
    calm = run(begins=None)
    again = run(begins=None, weathers={12 * HOUR: Weather(rain=12.0), 30 * HOUR: Weather()})
    crests = [name for _, name, _ in again.log].count("crest")

    assert crests >= 2 > [name for _, name, _ in calm.log].count("crest")


def test_the_register_s_river_is_used_where_it_is_known():
    """Place: a bigger river has a bigger flood, in a bigger bed."""
    course = [Surroundings(river=RIVER, stream=Watercourse("江", 500.0, mean, mean)) for mean in (2.0, 10.0)]
    small, big = (note(run(begins=None, around=a), "crest")["flow"] for a in course)

    assert big > 2 * small


def test_every_cause_has_its_own_course():
    """No other repeats the first."""
    logs = {cause: [(round(t), name) for t, name, _ in run(cause).log] for cause in CAUSES}

    assert all(logs[cause] != logs["river_flood"] for cause in CAUSES[1:])


def test_needs_follow_what_is_believed():
    """People and bags by the gauge, boats by those seen on roofs, machines for a notch; nothing on an empty sighting."""
    hazard = model()
    rising = hazard.observe(run(begins=None, until=5 * HOUR).state, Streams(1)("s"))
    asked = {n.capability: n.amount for n in hazard.needs(rising, None)}
    caught = hazard.observe(run(begins=None, until=9 * HOUR).state, Streams(1)("s"))
    lake = model("barrier_lake")
    dug = {
        n.capability
        for n in lake.needs(lake.observe(run("barrier_lake", None, until=HOUR).state, Streams(1)("s")), None)
    }

    assert asked["EVAC"] <= hazard.p.evac_most and asked["FLOOD"] > 0
    assert {"BOAT", "WATER_RESCUE"} <= {n.capability for n in hazard.needs(caught, None)}
    assert {"ROAD_CLEAR", "GEO_MON"} <= dug and "DRAIN" not in dug
    assert hazard.needs(Sighting(), None) == []


def test_every_event_demand_and_reading_has_a_name():
    """What the model does and shows is named in both languages in its file."""
    names, wanted = set(), set()
    for cause in CAUSES:
        for begins, share in ((None, 0.0), (3.0, 0.2)):
            for seed in (1,):
                result = run(cause, begins, share, seed, weather=Weather(temperature=3.0))
                names |= {name for _, name, _ in result.log} | set(result.notes()) | set(result.why.values())
                names |= {e.why for _, _, effects in result.log for e in effects if isinstance(e, (Cut, Roads))}
        for hours in (0.5, 6.0, 10.0, 20.0):
            state = run(cause, None, until=hours * HOUR).state
            wanted |= {demand.id for demand in model(cause).demands(state)}
            assert set(model(cause).readings(state)) == set(CARD["readings"])
            assert set(model(cause).observe(state, Streams(1)("s")).figures) == set(CARD["figures"])

    assert names <= set(CARD["events"])
    assert wanted <= set(CARD["demands"])
