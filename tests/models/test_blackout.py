"""Power-grid blackout: printed values, flows against theory and pandapower, laws of effort, people, the five elements."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from models.hazards.blackout import Condition, Model, Parameters, Use, damage, flow, logistic, users
from models.hazards.blackout import grid as grids
from models.physics import dc_flow
from sim.domain.hazards import Cut, Inputs, Note, Sighting
from sim.domain.people import Status
from sim.domain.places import Settlement, Surroundings, Weather
from sim.streams import Streams
from tests.models.passports import document, parameters
from tests.models.walking import DAY, Walk, all_hands, differences, same, scene, walk

PATH = "hazards/blackout/parameters.yaml"
HOUR = 3600.0
CAUSES = tuple(document(PATH)["causes"])
LARGER = {"load": 100e6, "customers": 5e4}
MAJOR = {"load": 300e6, "customers": 2e5}
COLD = Weather(temperature=1.0)
PLAIN = Surroundings(
    settlements=tuple(
        Settlement(f"T{k:02d}", 2_500.0 * k, (k * 137.5) % 360, 20_000.0 + 60_000.0 * (k % 5 == 0)) for k in range(16)
    ),
    near={"coal_area": 12_000.0, "power_plant": 20_000.0},
)

seeds = st.integers(0, 10_000)


def model(cause: str = "windstorm", **changed: float) -> Model:
    return Model(parameters(Parameters, PATH, cause, **changed))


def run(scope: dict[str, float] = MAJOR, cause: str = "windstorm", begins: float | None = 2.0, share: float = 1.0,
        without: tuple[str, ...] = (), seed: int = 1, until: float = 30 * DAY, **where: object) -> Walk:  # fmt: skip
    plan = {} if begins is None else {begins * HOUR: all_hands(share, without)}
    return walk(model(cause), scene(scope, cause, **{"around": PLAIN} | where), plan, seed=seed, until=until)


def start(scope: dict[str, float] = MAJOR, cause: str = "windstorm", seed: int = 1, **changed: float):
    hazard = model(cause, **changed)
    return hazard, hazard.start(scene(scope, cause, around=PLAIN), Streams(seed)("hazard", "F1"))[0]


def dead(result: Walk) -> int:
    return result.count(Status.DEAD)


# ── printed values ──


def test_three_buses_share_power_as_is_printed():
    """100 MW from 1 to 3 in an equal triangle: 66.67 direct and 33.33 round; without 1–3, 100 on 1–2."""
    whole = dc_flow.flows(3, [(0, 2), (0, 1), (1, 2)], [7.0, 7.0, 7.0], [100.0, 0.0, -100.0])
    less = dc_flow.flows(3, [(0, 1), (1, 2)], [7.0, 7.0], [100.0, 0.0, -100.0])

    assert whole.tolist() == pytest.approx([200 / 3, 100 / 3, 100 / 3], rel=1e-9)
    assert less.tolist() == pytest.approx([100.0, 100.0], rel=1e-9)


def test_experience_expects_back_what_is_printed():
    """Storm, half back after 8 h, .4 an hour: .832 after 12 h."""
    p = parameters(Parameters, PATH, "windstorm")

    assert logistic(12 * HOUR, p.half_back, p.back_steepness) == pytest.approx(0.832, rel=1e-3)


def test_diesel_lasts_as_long_as_is_printed():
    """500 kW, 2 000 L, 70 %: 21.2 h."""
    assert users.diesel(parameters(Parameters, PATH)) / HOUR == pytest.approx(21.16, rel=1e-3)


# ── flows ──


@settings(max_examples=25, deadline=None)
@given(seed=seeds, nodes=st.integers(3, 14), more=st.integers(0, 10))
def test_flows_obey_both_laws_of_kirchhoff(seed, nodes, more):
    """What a node puts in leaves it; around a loop the angles sum to nothing: flows follow from angles of the nodes."""
    rng = np.random.default_rng(seed)
    ends = [(int(rng.integers(0, k)), k) for k in range(1, nodes)]
    ends += [(a, b) for a, b in rng.integers(0, nodes, (more, 2)).tolist() if a != b]
    b = rng.uniform(0.5, 20.0, len(ends))
    injected = rng.normal(size=nodes)
    injected -= injected.mean()
    found = dc_flow.flows(nodes, ends, b.tolist(), injected.tolist())
    net = np.zeros(nodes)
    for (i, j), f in zip(ends, found, strict=True):
        net[i] += f
        net[j] -= f
    incidence = np.array([[(n == i) - (n == j) for n in range(nodes)] for i, j in ends], dtype=float)
    angles, *_ = np.linalg.lstsq(incidence, found / b, rcond=None)

    assert net == pytest.approx(injected, abs=1e-9)
    assert incidence @ angles == pytest.approx(found / b, abs=1e-9)


def test_flows_of_the_reference_grid_agree_with_pandapower():
    """The same grid in another's program: DC load flow line by line."""
    pandapower = pytest.importorskip("pandapower")
    _, state = start()
    g = state.grid
    net = pandapower.create_empty_network(sn_mva=1.0)
    for _ in range(g.nodes):
        pandapower.create_bus(net, vn_kv=1.0)
    for e in g.elements[: g.bulk]:
        pandapower.create_impedance(net, e.a, e.b, rft_pu=0.0, xft_pu=1e6 / e.susceptance, sn_mva=1.0)
    injected = [0.0] * g.nodes
    for load in g.loads:
        injected[load.station] -= load.power / 1e6
    pandapower.create_ext_grid(net, 0)
    for node, power in enumerate(injected):
        pandapower.create_load(net, node, -power)
    pandapower.rundcpp(net)
    injected[0] -= sum(injected)
    ours = dc_flow.flows(
        g.nodes, [(e.a, e.b) for e in g.elements[: g.bulk]], [e.susceptance for e in g.elements[: g.bulk]], injected
    )

    assert net.res_impedance.p_from_mw.tolist() == pytest.approx(ours.tolist(), rel=1e-6, abs=1e-6)


def test_the_whole_grid_serves_its_winter_peak_and_bears_any_one_outage():
    """N−1: with everything in nobody is shed; with any one line or transformer out that splits nothing, nobody either."""
    hazard, state = start()
    p, g = hazard.p, state.grid
    none = [False] * len(g.loads)
    up = [True] * len(g.elements)
    whole = flow.solve(p, g, up, p.winter, 1.0, none, shed=False)
    assert min(whole.served) == 1.0 and whole.worst <= 1.0 + 1e-9
    for k in range(g.bulk):
        out = [i != k for i in range(len(g.elements))]
        assert min(flow.solve(p, g, out, p.winter, 1.0, none, shed=True).served) == 1.0 or damage.unserved(g, (k,))


@pytest.mark.parametrize("seed", range(6))
def test_shedding_makes_it_feasible_and_is_not_far_from_the_least(seed):
    """No line above its rating, nobody above their demand; a linear program sheds at most a fifth of the load less."""
    hazard, state = start()
    p, g = hazard.p, state.grid
    rng = np.random.default_rng(seed)
    up = [True] * len(g.elements)
    for k in rng.choice(g.bulk, 4, replace=False):
        up[int(k)] = False
    tight = grids.Grid(g.nodes, tuple(
        grids.Element(e.kind, e.a, e.b, e.length, e.rating * 0.55, e.susceptance) for e in g.elements
    ), g.loads, g.supplies)  # fmt: skip
    found = flow.solve(p, tight, up, 1.0, 1.0, [False] * len(g.loads), shed=True)
    lines = [k for k in range(g.bulk) if up[k]]
    ends = [(g.elements[k].a, g.elements[k].b) for k in lines]
    island = dc_flow.islands(g.nodes, ends)
    per_load = flow._per_load(
        tight, island, 1.0, dc_flow.transfers(g.nodes, ends, [g.elements[k].susceptance for k in lines])
    )
    power = np.array([load.power for load in g.loads])
    alive = np.array(
        [
            s > 0 or island[load.station] in {island[n] for n, _ in g.supplies}
            for s, load in zip(found.served, g.loads, strict=True)
        ]
    )
    ratings = np.array([tight.elements[k].rating for k in lines])
    best = linprog(
        -power * alive, A_ub=np.vstack([per_load * power, -per_load * power]), b_ub=np.tile(ratings, 2), bounds=(0, 1)
    )

    served = float(power @ np.array(found.served))
    assert found.worst <= 1.0 + 1e-6
    assert 0.0 <= min(found.served) <= max(found.served) <= 1.0
    assert served >= -best.fun - 0.2 * power.sum()


@pytest.mark.parametrize("seed", range(5))
def test_a_line_that_is_overloaded_trips_after_a_while_or_at_once(seed):
    """Above 1.2 of its rating after 10–30 min, above 1.5 at once; the load goes over to others, which may follow."""
    hazard, state = start({"load": 400e6, "customers": 2e5}, "windstorm", seed)
    elements = tuple(msgspec.structs.replace(e, rating=0.5 * e.rating) for e in state.grid.elements)
    found = flow.solve(hazard.p, msgspec.structs.replace(state.grid, elements=elements), [True] * len(elements), 1.0, 1.0,
                       [False] * len(state.grid.loads), shed=False)  # fmt: skip
    hot = msgspec.structs.replace(
        state, grid=msgspec.structs.replace(state.grid, elements=elements), condition=(Condition.IN,) * len(elements),
        served=found.served, loading=found.loading, acts_left=math.inf, recloses_left=math.inf,
    )  # fmt: skip
    inputs, p, now = Inputs({}, Weather()), hazard.p, 0.0
    for _ in range(8):
        strained = [k for k, ratio in enumerate(hot.loading) if ratio > p.trips_at and hot.up(k)]
        at_once = any(hot.loading[k] > p.trips_now for k in strained)
        span, name = hazard.next_event(hot, inputs)
        if at_once:
            assert (span, name) == (0.0, "line_tripped")
        elif strained:
            assert span <= max(hot.bears[k] for k in strained)
        hot, now = hazard.advance(hot, span, inputs), now + span
        hot, _ = hazard.fire(hot, name, inputs)
        if name == "line_tripped":
            assert now < 3 * p.trips_after * 2
    assert max(hot.loading) >= 0.0


@pytest.mark.parametrize("scope", [LARGER, MAJOR])
def test_a_cascade_loses_about_what_the_case_says_and_is_not_over_until_dispatchers_act(scope):
    """Lines trip until so much is lost, or somewhat less where the next would lose far too much."""
    for seed in range(4):
        hazard, state = start(scope, "overload", seed)
        lost = hazard.readings(state)["load_lost"]
        assert 0.0 <= lost <= 2 * scope["load"] + 1.0
        assert not state.broken and state.condition.count(Condition.TRIPPED) >= 1


def test_an_island_without_supply_goes_black_and_one_with_too_little_sheds():
    """Frequency relays: what is lacking is dropped; below the least share the island is lost."""
    hazard, state = start()
    p, g = hazard.p, state.grid
    up = [True] * len(g.elements)
    none = [False] * len(g.loads)
    have = math.fsum(w for _, w in g.supplies) / g.power

    half = flow.solve(p, g, up, 1.0, 0.5 / have, none, shed=False)
    gone = flow.solve(p, g, up, 1.0, 0.9 * p.island_least / have, none, shed=False)

    assert sum(s * load.power for s, load in zip(half.served, g.loads, strict=True)) == pytest.approx(0.5 * g.power)
    assert max(gone.served) == 0.0


# ── what fails, and its repair ──


@pytest.mark.parametrize("cause", [c for c in CAUSES if c not in ("overload", "supply_lost")])
@pytest.mark.parametrize("scope", [LARGER, MAJOR])
def test_what_fails_first_takes_the_load_that_the_case_says(cause, scope):
    """Within the overshoot that is allowed, whatever the luck."""
    for seed in range(3):
        _, state = start(scope, cause, seed)
        lost = sum(state.grid.loads[i].power for i in damage.unserved(state.grid, (*state.grid.ties, *state.broken)))
        assert lost == pytest.approx(scope["load"], rel=0.35)


def test_supply_that_is_lost_is_what_the_case_says():
    """Power is short by the case's load at once, and nothing is broken."""
    hazard, state = start(LARGER, "supply_lost")

    assert hazard.readings(state)["load_lost"] == pytest.approx(100e6, rel=1e-6)
    assert hazard.readings(state)["damaged"] == 0.0


def test_crews_go_down_the_list_and_find_no_more_room_than_there_is():
    """The first on the list is full before the second gets one; what is beyond all faces does nothing."""
    hazard, state = start()
    p, g, broken = hazard.p, state.grid, state.broken
    some = damage.shares(p, g, broken, 4.0)
    all_ = damage.shares(p, g, broken, 1e9)

    assert sum(some.values()) == 4.0
    assert list(some) == list(broken[: len(some)])
    assert all(all_[k] == damage.face(p, g.elements[k].kind) for k in broken)


def test_hospitals_come_first():
    """The first load to be reached again of those cut off is the one with the hospital, where one is cut off."""
    for seed in range(8):
        _, state = start(MAJOR, "windstorm", seed)
        cut = damage.unserved(state.grid, state.broken)
        hospitals = {u.load for u in state.users if u.use is Use.HOSPITAL}
        if not hospitals & set(cut):
            continue
        left, now = set(state.broken), cut
        for k in state.broken:
            left.discard(k)
            after = damage.unserved(state.grid, tuple(left))
            if back := set(now) - set(after):
                assert back & hospitals
                break
            now = after


def test_nobody_climbs_in_a_gale():
    """From force 6 on work hardly goes on; by night slower than by day."""
    p = parameters(Parameters, PATH)

    assert damage.speed(p, 11.0, night=False) == p.gale_work
    assert damage.speed(p, 3.0, night=True) == p.night_work < damage.speed(p, 3.0, night=False) == 1.0


def test_a_storm_that_goes_on_brings_more_lines_down():
    """Wind beyond what a line bears breaks it; what has been mended stands."""
    calm = run(begins=None, until=2 * HOUR)
    storm = run(begins=None, until=2 * HOUR, weather=Weather(wind=40.0))

    assert len(storm.state.broken) > len(calm.state.broken)


# ── exactness, effort, people ──


@settings(max_examples=12, deadline=None)
@given(seed=seeds, share=st.floats(0.05, 1.0), cuts=st.lists(st.floats(0, 40 * HOUR), max_size=6))
def test_looking_in_between_changes_nothing(seed, share, cuts):
    """However often the state is brought up to date, the course is the same."""
    plan = {HOUR: all_hands(share)}
    hazard, where = model(), scene(MAJOR, "windstorm", around=PLAIN, month=1, weather=COLD)
    whole = walk(hazard, where, plan, seed=seed, until=40 * HOUR)
    cut = walk(hazard, where, plan, seed=seed, until=40 * HOUR, cuts=sorted(cuts))

    assert differences(cut, whole) == []
    assert same(cut.state, whole.state)


@settings(max_examples=12, deadline=None)
@given(seed=seeds, share=st.floats(0.05, 1.0), more=st.floats(1.0, 3.0), cause=st.sampled_from(CAUSES))
def test_more_effort_never_costs_lives_nor_ends_it_later(seed, share, more, cause):
    """So many crews, generators and convoys, or more of all of them, whatever is still broken."""
    where = scene(MAJOR, cause, around=PLAIN, month=1, weather=COLD)

    def force(times: float):
        amounts = {"patrol": 40.0, "repair": 40.0, "generators": 4e6, "water": 0.02, "warming": 4.0, "junctions": 8.0}
        return lambda demands: {d.id: min(d.face, times * amounts[d.id]) for d in demands}

    less, most = (
        walk(model(cause), where, {2 * HOUR: force(n)}, seed=seed, until=30 * DAY) for n in (share, share * more)
    )

    assert dead(most) <= dead(less)
    assert most.ended <= less.ended + 1.0 or less.ended == math.inf


@settings(max_examples=8, deadline=None)
@given(seed=seeds, hours=st.floats(0.5, 20), later=st.floats(0, 30))
def test_coming_earlier_never_costs_lives(seed, hours, later):
    """The same force some hours earlier saves as many or more, and has it done no later."""
    early, late = (run(begins=h, seed=seed, month=1, weather=COLD, share=0.5) for h in (hours, hours + later))

    assert dead(early) <= dead(late)
    assert early.ended <= late.ended + 1.0 or late.ended == math.inf


def test_what_is_broken_stays_broken_without_crews():
    """No effort: it does not end; poisonings and patients lost go on in the cold."""
    nobody, helped = (run(begins=b, month=1, weather=COLD, until=6 * DAY) for b in (None, 1.0))

    assert nobody.ended == math.inf
    assert dead(nobody) > dead(helped)
    assert len(nobody.people) > len(helped.people)


def test_generators_keep_hospitals_and_mines_going():
    """With all they need from generators, no hospital runs dry, no patient dies, mine fans run again."""
    without = run(begins=1.0, without=("LINE_REPAIR", "POWER"), until=4 * DAY)
    with_them = run(begins=1.0, without=("LINE_REPAIR",), until=4 * DAY)

    assert without.when("hospital_out") < math.inf
    assert with_them.when("hospital_out") == math.inf and with_them.when("mine_runs") < math.inf
    assert dead(without) > dead(with_them) == 0


def test_patients_are_accounted_for():
    """Everybody in danger is in the end out of it, hurt, or dead."""
    result = run(begins=30.0, share=0.3, month=1, weather=COLD)

    assert result.people and result.ended < math.inf
    assert {p.status for p in result.people.values()} <= {Status.DEAD, Status.SAFE, Status.WAITING}


def test_the_clock_of_poisoning_is_the_printed_rate():
    """.1 of 1 000 people and a day, from six hours in the dark and cold on; warm places prevent their share."""
    hazard, state = start(MAJOR)
    p = hazard.p
    state = hazard.advance(state, 7 * HOUR, Inputs({}, COLD))
    people = users.cold(p, state, 1.0)

    assert people > 10_000
    assert users.poisoning(p, state, 1.0, 0.0) * DAY == pytest.approx(1e-4 * people)
    assert users.poisoning(p, state, 1.0, 1e9) == pytest.approx((1 - p.warned) * users.poisoning(p, state, 1.0, 0.0))
    assert users.poisoning(p, state, 15.0, 0.0) == 0.0


def test_towns_are_told_what_they_get():
    """The shares of the towns' power follow who is served; at the end every town that was cut has been told that all is back."""
    result = run()
    last: dict[str, float] = {}
    for _, _, effects in result.log:
        for effect in effects:
            if isinstance(effect, Cut) and effect.service == "power":
                last |= dict.fromkeys(effect.towns, effect.share)

    assert result.ended < math.inf
    assert last and set(last.values()) == {1.0}


def test_water_towers_run_dry_after_hours_and_refill():
    """A town is dry some hours after its power is lost, and wet again once pumps run."""
    result = run(begins=12.0)

    assert 3 * HOUR < result.when("water_out") < 24 * HOUR
    assert result.when("water_back") < result.ended


# ── the five elements ──


def test_an_evening_in_winter_loads_the_grid_more_than_a_night_in_summer():
    """Time: the same damage loses more load at the peak."""
    summer, winter = (run(begins=None, until=60.0, hour=h, month=m) for h, m in ((2.0, 7), (19.0, 1)))
    p = parameters(Parameters, PATH)

    shed = [model().readings(walk_.state)["load_lost"] for walk_ in (summer, winter)]
    assert shed[1] / shed[0] == pytest.approx(p.winter / p.load_night, rel=0.2)


def test_the_place_makes_the_grid():
    """Place: loads follow the towns around; a mine stops only where there is coal; nobody known still makes a grid."""
    town, empty = run(begins=None, until=HOUR), run(begins=None, until=HOUR, around=Surroundings())

    assert {load.town for load in town.state.grid.loads} == {s.code for s in PLAIN.settlements}
    assert [u for u in town.state.users if u.use is Use.MINE] and not [
        u for u in empty.state.users if u.use is Use.MINE
    ]
    assert empty.state.share < 1.0


@pytest.mark.parametrize("cause", CAUSES[1:])
def test_each_cause_has_its_own_course(cause):
    """Cause: no cause repeats the windstorm."""
    assert [t for t, _, _ in run(cause=cause).log] != pytest.approx([t for t, _, _ in run().log])


def test_a_grid_that_only_tripped_is_back_without_crews():
    """Cause: lines that tripped are closed again within hours; supply comes back by itself; broken lines do not."""
    assert run(cause="overload", begins=None).ended < 4 * HOUR
    assert run(cause="supply_lost", begins=None).ended < DAY
    assert run(cause="windstorm", begins=None).ended == math.inf


def test_scope_changes_the_course():
    """Scope: more load lost is more to mend; more customers behind it, more people in the dark."""
    small, big = run(LARGER), run(MAJOR)
    few, many = (run({"load": 300e6, "customers": c}, begins=None, until=HOUR) for c in (1e5, 2e5))

    assert small.ended < big.ended
    assert model().readings(many.state)["customers_dark"] > model().readings(few.state)["customers_dark"]


def test_nothing_lost_is_no_blackout():
    """Scope zero: it is over as soon as dispatchers have looked."""
    result = run({"load": 0.0, "customers": 0.0}, begins=None)

    assert result.ended < HOUR and not result.people


# ── what people see ──


def test_damage_is_guessed_until_lines_are_patrolled():
    """Before, the work is wrong by a factor that stays the same; afterwards it is what it is."""
    hazard, state = start()
    truth = hazard.readings(state)["repair_left"]
    before = [hazard.observe(state, Streams(s)("x")).figures["work"] for s in (1, 2)]
    after, _ = hazard.fire(state, "patrolled", Inputs({}, Weather()))

    assert before[0] == before[1] == pytest.approx(truth * state.misjudged) and before[0] != pytest.approx(truth)
    assert hazard.observe(after, Streams(1)("x")).figures["work"] == pytest.approx(truth)


def test_needs_follow_what_is_believed():
    """Crews that would be done in time, power for critical users; nothing on nothing seen."""
    hazard, where = model(), scene(MAJOR, "windstorm")
    empty = dict.fromkeys(document(PATH)["figures"], 0.0)
    needs = hazard.needs(
        Sighting(figures=empty | {"work": 540 * HOUR, "places": 60.0, "critical": 2e6, "cold": 30_000.0}), where.site
    )
    found = {need.capability: need.amount for need in needs}

    assert found == {"LINE_REPAIR": 30, "POWER": 2e6, "SHELTER_STOCK": 2.0}
    assert hazard.needs(Sighting(figures=empty), where.site) == () == hazard.needs(Sighting(), where.site)


def test_every_event_demand_and_reading_has_a_name():
    """What the model does and shows is named in both languages in its file."""
    card, names, wanted = document(PATH), set(), set()
    for cause in CAUSES:
        for plan in ({}, {20 * HOUR: all_hands(0.5)}):
            hazard = model(cause)
            result = walk(hazard, scene(MAJOR, cause, around=PLAIN, month=1, weather=COLD), plan, until=4 * DAY)
            names |= {name for _, name, _ in result.log} | set(result.notes()) | {w for w in result.why.values() if w}
            wanted |= {demand.id for demand in hazard.demands(result.state)}
            assert set(hazard.readings(result.state)) == set(card["readings"])
            assert set(hazard.observe(result.state, Streams(1)("s")).figures) == set(card["figures"])
            assert all(
                isinstance(e.values, dict) for _, _, effects in result.log for e in effects if isinstance(e, Note)
            )

    assert names <= set(card["events"])
    assert wanted <= set(card["demands"])
    assert {c.name for c in Condition} == {"IN", "TRIPPED", "BROKEN"}
