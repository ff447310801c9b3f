"""Telecom outage: printed values, rings, Erlang B against the sum, laws of effort, the five elements."""

from __future__ import annotations

import math

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaln
from scipy.stats import norm

from models.hazards.telecom_outage import Cell, Fibre, Model, Parameters, network, traffic
from sim.domain.hazards import Cut, Inputs, Sighting
from sim.domain.places import Settlement, Surroundings, Weather
from sim.streams import Streams
from tests.models.passports import document, parameters
from tests.models.walking import DAY, Walk, all_hands, differences, same, scene, walk

PATH = "hazards/telecom_outage/parameters.yaml"
HOUR = 3600.0
CAUSES = tuple(document(PATH)["causes"])
LARGER = {"stations": 400.0, "hit": 0.5}
MAJOR = {"stations": 1500.0, "hit": 0.7}
PLAIN = Surroundings(
    settlements=tuple(
        Settlement(f"T{k:02d}", 2_500.0 * k, (k * 137.5) % 360, 40_000.0 + 1_000.0 * k) for k in range(24)
    )
)

seeds = st.integers(0, 10_000)


def model(cause: str = "power_lost", **changed: float) -> Model:
    return Model(parameters(Parameters, PATH, cause, **changed))


def run(scope: dict[str, float] = LARGER, cause: str = "power_lost", begins: float | None = 2.0, share: float = 1.0,
        without: tuple[str, ...] = (), seed: int = 1, until: float = 20 * DAY, services: dict[str, float] | None = None,
        **where: object) -> Walk:  # fmt: skip
    plan = {} if begins is None else {begins * HOUR: all_hands(share, without)}
    return walk(
        model(cause), scene(scope, cause, **{"around": PLAIN} | where), plan, seed=seed, until=until, services=services
    )


def reading(result: Walk, name: str, cause: str = "power_lost") -> float:
    return model(cause).readings(result.state)[name]


# ── printed values ──


def test_a_battery_lasts_as_long_as_is_printed():
    """48 V, 300 Ah, 1.5 kW, 80 %: 7.68 h; aged, the mean of six hours."""
    p = parameters(Parameters, PATH)

    assert traffic.battery(p.volts, p.charge, p.depth, p.draw) / HOUR == pytest.approx(7.68, rel=1e-3)
    assert traffic.lasts(p) / HOUR == pytest.approx(6.0, rel=0.01)


def test_stations_alive_are_what_is_printed():
    """Seven hours after mains were lost, N(6 h, 1.5 h): .252; and as scipy has it."""
    assert traffic.alive(7 * HOUR, 6 * HOUR, 1.5 * HOUR) == pytest.approx(0.252, rel=2e-3)
    for t in (0.0, 3.0, 6.0, 9.3):
        assert traffic.alive(t, 6.0, 1.5) == pytest.approx(norm.sf(t, 6.0, 1.5), rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(trunks=st.integers(1, 120), offered=st.floats(0.01, 400))
def test_erlang_b_is_its_sum(trunks, offered):
    """The recursion agrees with A^N/N! over the sum of A^k/k!."""
    terms = [k * math.log(offered) - gammaln(k + 1) for k in range(trunks + 1)]
    top = max(terms)
    theory = math.exp(terms[-1] - top) / math.fsum(math.exp(t - top) for t in terms)

    assert traffic.erlang_b(trunks, offered) == pytest.approx(theory, rel=1e-9, abs=1e-300)


def test_ten_times_the_calls_leave_few_that_get_through():
    """What is carried never exceeds the trunks; a surge of five to ten is success near trunks over offered."""
    p = parameters(Parameters, PATH)
    usual = p.people_per_station * p.offered

    assert traffic.success(p, usual) > 0.999
    for surge in (5, 10):
        found = traffic.success(p, surge * usual)
        assert found <= p.trunks / (surge * usual)
        assert found == pytest.approx(p.trunks / (surge * usual), abs=0.07)


# ── rings ──


def ring(cuts: set[int], spur: bool = False) -> tuple[bool, ...]:
    towns = tuple(Cell(f"T{k}", 1.0, 1.0, 0, k, False) for k in range(5))
    fibres = [Fibre(0, k, cut=k in cuts) for k in range(6)]
    return network.joined(towns, [*fibres, Fibre(0, 2, 2, spur)])


def test_a_ring_survives_one_cut_and_loses_what_lies_between_two():
    """Whichever stretch it is; a town on a spur has but one way."""
    assert all(all(ring({k})) for k in range(6))
    assert ring({1, 3}) == (True, False, False, True, True)
    assert ring({0, 5}) == (False,) * 5
    assert ring(set(), spur=True) == (True, True, False, True, True)


@settings(max_examples=30, deadline=None)
@given(seed=seeds, share=st.floats(0.0, 1.0))
def test_cuts_take_about_the_share_that_the_case_says(seed, share):
    """Within half of the largest piece that hangs together."""
    p, stream = parameters(Parameters, PATH), Streams(seed)("x")
    cells = network.cells(p, scene(MAJOR, "fibre_cut", around=PLAIN), stream)
    fibres, soon = network.fibres(p, cells, stream)
    there = network.joined(cells, network.cut(cells, fibres, soon, share))
    off = sum(c.stations for c, on in zip(cells, there, strict=True) if not on) / sum(c.stations for c in cells)

    assert off == pytest.approx(share, abs=0.12)


def test_stations_are_those_of_the_towns_around():
    """As many as the case says, where enough people live; never more than serve the people there."""
    p = parameters(Parameters, PATH)
    for stations, around in ((400.0, PLAIN), (1500.0, PLAIN), (400.0, Surroundings())):
        cells = network.cells(p, scene({"stations": stations, "hit": 0.5}, "fibre_cut", around=around), Streams(1)("x"))
        assert sum(c.stations for c in cells) == pytest.approx(stations)
        assert sum(c.people for c in cells) == pytest.approx(stations * p.people_per_station)
    few = network.cells(
        p, scene(MAJOR, "fibre_cut", around=Surroundings(settlements=PLAIN.settlements[:2])), Streams(1)("x")
    )
    assert sum(c.stations for c in few) == pytest.approx(81_000 / p.people_per_station)


# ── exactness, effort ──


@settings(max_examples=12, deadline=None)
@given(
    seed=seeds,
    share=st.floats(0.05, 1.0),
    cause=st.sampled_from(CAUSES),
    cuts=st.lists(st.floats(0, 40 * HOUR), max_size=6),
)
def test_looking_in_between_changes_nothing(seed, share, cause, cuts):
    """However often the state is brought up to date, the course is the same."""
    hazard, where, plan = model(cause), scene(LARGER, cause, around=PLAIN), {1.3 * HOUR: all_hands(share)}
    whole = walk(hazard, where, plan, seed=seed, until=40 * HOUR)
    cut = walk(hazard, where, plan, seed=seed, until=40 * HOUR, cuts=sorted(cuts))

    assert differences(cut, whole) == []
    assert same(cut.state, whole.state)


@settings(max_examples=12, deadline=None)
@given(seed=seeds, share=st.floats(0.05, 1.0), more=st.floats(1.0, 3.0), cause=st.sampled_from(CAUSES))
def test_more_effort_never_ends_it_later(seed, share, more, cause):
    """All capabilities scaled up together; within one look at the network."""
    less, most = run(cause=cause, share=share, seed=seed), run(cause=cause, share=share * more, seed=seed)

    assert most.ended <= less.ended + 1800.0 or less.ended == math.inf


@pytest.mark.parametrize("cause", ["power_lost", "fibre_cut", "disaster", "core_failure"])
def test_what_needs_mending_does_not_end_by_itself(cause):
    """Without crews it goes on; with them it ends; the sooner they come, the sooner."""
    assert run(cause=cause, begins=None, until=10 * DAY).ended == math.inf
    assert run(cause=cause, begins=1.0).ended <= run(cause=cause, begins=9.0).ended < math.inf


def test_no_work_is_done_without_crews():
    """What is left goes down by crews times time, no faster; whoever is done is the one whose splice is done."""
    hazard, where = model("fibre_cut"), scene(LARGER, "fibre_cut", around=PLAIN)
    state, _ = hazard.start(where, Streams(3)("hazard", "F1"))
    inputs, left = Inputs({"splicing": 5.0}, Weather()), math.fsum(f.work for f in state.fibres)
    for _ in range(30):
        span, name = hazard.next_event(state, inputs)
        state, _ = hazard.fire(hazard.advance(state, span, inputs), name, inputs)
        now = math.fsum(f.work for f in state.fibres)
        assert left - now <= 5.0 * span + 1e-6
        left = now
    assert left == 0.0 or not state.over


def test_halving_the_tick_changes_little():
    """How often the network is looked at does not change what it is."""
    where, plan = scene(LARGER, "disaster", around=PLAIN), {2 * HOUR: all_hands(0.5)}
    coarse = walk(model("disaster"), where, plan)
    fine = walk(model("disaster", tick=900.0), where, plan)

    assert fine.ended == pytest.approx(coarse.ended, rel=0.01, abs=1800.0)


def test_generators_keep_stations_alive():
    """With all that they need from generators, no station without mains falls silent."""
    hazard, where = model(), scene(LARGER, "power_lost", around=PLAIN)
    powered = walk(hazard, where, {HOUR: all_hands(without=("LINE_REPAIR",))}, until=12 * HOUR)
    dead = walk(hazard, where, {HOUR: all_hands(without=("LINE_REPAIR", "POWER", "COMMS"))}, until=12 * HOUR)

    assert hazard.readings(powered.state)["lost"] < 1e-9
    assert hazard.readings(dead.state)["lost"] == pytest.approx(LARGER["hit"], rel=0.01)


def test_mobile_stations_cover_people_but_do_not_end_it():
    """A vehicle covers so many people; what is broken stays broken."""
    hazard, where = model("core_failure"), scene(LARGER, "core_failure", around=PLAIN)
    result = walk(hazard, where, {0.5 * HOUR: all_hands(without=("TEL_REPAIR",))}, until=DAY)
    bare = hazard.readings(msgspec.structs.replace(result.state, sets=0.0))["coverage"]
    covered = hazard.readings(result.state)["coverage"] - bare

    assert result.ended == math.inf
    assert covered * result.state.people == pytest.approx(result.state.sets * hazard.p.set_people)


def test_a_blackout_is_felt_while_the_town_has_no_power():
    """Mains follow the power that the place gets from outside; when it is back, so are the stations."""
    dark = run(MAJOR, "blackout", begins=None, until=12 * HOUR, services={"power": 0.1})
    lit = run(MAJOR, "blackout", begins=None, until=12 * HOUR)

    assert reading(dark, "lost", "blackout") == pytest.approx(0.9, abs=0.02)
    assert dark.ended == math.inf and lit.ended < 6 * HOUR


def test_towns_are_told_what_they_get():
    """Shares lie between nothing and all, and everybody who was cut is told that it is back."""
    result = run(LARGER, "fibre_cut")
    last: dict[str, float] = {}
    for _, _, effects in result.log:
        for effect in effects:
            if isinstance(effect, Cut):
                assert effect.service == "telecom" and 0.0 <= effect.share <= 1.0
                last |= dict.fromkeys(effect.towns, effect.share)

    assert result.ended < math.inf and last and set(last.values()) == {1.0}


# ── the five elements ──


def test_night_has_fewer_calls():
    """Time: the same surge blocks less by night."""
    noon, night = (run(cause="congestion", begins=None, until=60.0, hour=h) for h in (11.0, 2.0))

    assert reading(night, "success", "congestion") > reading(noon, "success", "congestion") < 0.4


def test_mountains_hang_on_spurs():
    """Place: more towns have but one fibre, so the same cuts hit more; and other towns are another network."""
    p = parameters(Parameters, PATH)
    flat, steep = (
        sum(
            cell.spur
            for s in range(8)
            for cell in network.cells(p, scene(MAJOR, "fibre_cut", around=PLAIN, terrain=t), Streams(s)("x"))
        )
        for t in ("basin", "gorge")
    )

    assert steep > 1.4 * flat


@pytest.mark.parametrize("cause", CAUSES[1:])
def test_each_cause_has_its_own_course(cause):
    """Cause: none repeats the loss of mains."""
    assert [(t, n) for t, n, _ in run(cause=cause).log] != [(t, n) for t, n, _ in run().log]


def test_scope_changes_the_course():
    """Scope: more stations are more work; a larger share hit is more silence."""
    assert reading(run(MAJOR, "disaster", begins=None, until=HOUR), "work", "disaster") > reading(
        run(LARGER, "disaster", begins=None, until=HOUR), "work", "disaster"
    )
    mild, hard = (run({"stations": 400.0, "hit": h}, begins=None, until=12 * HOUR) for h in (0.3, 0.6))
    assert reading(hard, "lost") == pytest.approx(2 * reading(mild, "lost"), rel=0.01)


def test_no_stations_are_no_outage():
    """Scope zero: over at the first look."""
    assert run({"stations": 0.0, "hit": 0.5}, begins=None).ended < HOUR
    assert run({"stations": 0.0, "hit": 0.5}, begins=None, around=Surroundings()).ended < HOUR


# ── what people see ──


def test_needs_follow_what_is_believed():
    """Crews that would be done in time, vehicles for who is uncovered, liaison; nothing on nothing seen."""
    hazard, where = model(), scene(LARGER, "power_lost")
    empty = dict.fromkeys(document(PATH)["figures"], 0.0)
    seen = Sighting(
        figures=empty | {"work": 80 * HOUR, "places": 30.0, "uncovered": 20_000.0, "mains": 40 * HOUR, "power": 2e5}
    )
    found = {need.capability: need.amount for need in hazard.needs(seen, where.site)}

    assert found == {"TEL_REPAIR": 10, "COMMS": 4 + hazard.p.runners, "LINE_REPAIR": 5, "POWER": 2e5}
    assert list(hazard.needs(Sighting(figures=empty), where.site)) == list(hazard.needs(Sighting(), where.site)) == []


def test_every_event_demand_and_reading_has_a_name():
    """What the model does and shows is named in both languages in its file."""
    card, names, wanted = document(PATH), set(), set()
    for cause in CAUSES:
        for plan in ({}, {9 * HOUR: all_hands(0.5)}):
            hazard = model(cause)
            state, _ = hazard.start(scene(LARGER, cause, around=PLAIN), Streams(1)("hazard", "F1"))
            wanted |= {demand.id for demand in hazard.demands(state)}
            result = walk(hazard, scene(LARGER, cause, around=PLAIN), plan, until=4 * DAY)
            names |= {name for _, name, _ in result.log} | set(result.notes())
            wanted |= {demand.id for demand in hazard.demands(result.state)}
            assert set(hazard.readings(result.state)) == set(card["readings"])
            assert set(hazard.observe(result.state, Streams(1)("s")).figures) == set(card["figures"])

    assert names <= set(card["events"])
    assert wanted <= set(card["demands"])
    assert Inputs({}, Weather()).service("power") == 1.0
