"""Coal-mine gas: printed values, the air against a solver, people and squads, laws of effort, the five elements."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from models import kernels
from models.hazards.mine_gas import Model, Parameters, Zone, air, begin
from models.hazards.mine_gas.state import Air, Source
from models.physics import underground as ug
from sim.domain.hazards import Harm, Inputs, Sighting, Strike
from sim.domain.people import Status
from sim.domain.places import Surroundings, Weather
from sim.streams import Streams
from tests.models.passports import document, parameters
from tests.models.walking import Walk, all_hands, differences, same, scene, walk

PATH = "hazards/mine_gas/parameters.yaml"
HOUR, MINUTE = 3600.0, 60.0
CAUSES = tuple(document(PATH)["causes"])
LARGER = {"people": 15.0, "methane": 500.0, "coal": 300e3}
MAJOR = {"people": 40.0, "methane": 2000.0, "coal": 750e3}
WORST = {"people": 43.0, "methane": 300_000.0, "coal": 1.5e6}

seeds = st.integers(0, 10_000)
shares = st.floats(0.1, 1.0)


def model(cause: str = "gas_accumulation", **changed: float) -> Model:
    return Model(parameters(Parameters, PATH, cause, **changed))


@cache
def run(cause: str = "gas_accumulation", begins: float = 1.0, share: float = 1.0, seed: int = 1, grade: str = "MAJOR",
        without: tuple[str, ...] = ()) -> Walk:  # fmt: skip
    scope = {"LARGER": LARGER, "MAJOR": MAJOR, "WORST": WORST}[grade]
    plan = {} if math.isinf(begins) else {begins * HOUR: all_hands(share, without)}
    return walk(model(cause), scene(scope, cause), plan, seed=seed, until=60 * 24 * HOUR)


def lost(found: Walk) -> set[str]:
    """Who is dead, given up, or still inside."""
    gone = {Status.DEAD, Status.MISSING, Status.TRAPPED}
    return {who for who, person in found.people.items() if person.status in gone}


def started(cause: str = "gas_accumulation", scope: dict[str, float] = MAJOR, seed: int = 1, **changed: float):
    mine = model(cause, **changed)
    return mine, *mine.start(scene(scope, cause), Streams(seed)("hazard", "F1"))


# ── printed values ──


def test_the_stoichiometric_share_is_what_is_printed():
    """9.506 % of methane in air."""
    p = parameters(Parameters, PATH)

    assert ug.stoichiometric(p.oxygen_moles, p.air_moles) == pytest.approx(0.09506, rel=1e-3)


def _turning(state, methane: float, zone: Zone, void: float, flow: float, q: float) -> tuple[float, str]:
    from msgspec.structs import replace

    region = replace(state.mine, void=void, box=void)
    state = replace(state, mine=region, source=Source(q), air=Air(methane), zone=zone)
    return air.turns(parameters(Parameters, PATH), state, flow)


def test_purging_takes_as_long_as_is_printed():
    """20 000 m³ at 25 m³/s from 12 to 1 %: 33.13 min, through the lower explosive limit."""
    _, state, _ = started()
    first, name = _turning(state, 0.12, Zone.EXPLOSIVE, 20_000, 25, 0.0)
    second, end = _turning(state, 0.05, Zone.GASSY, 20_000, 25, 0.0)

    assert (name, end) == ("below_explosive", "gas_cleared")
    assert (first + second) / MINUTE == pytest.approx(33.13, rel=1e-3)


def test_gas_rises_behind_a_dead_fan_as_fast_as_is_printed():
    """5 000 m³, 1 m³/s of air, 0.5 m³/s of methane, from 0.8 to 5 %: 7.68 min."""
    _, state, _ = started()
    first, name = _turning(state, 0.008, Zone.LEAN, 5000, 1, 0.5)
    second, end = _turning(state, 0.01, Zone.GASSY, 5000, 1, 0.5)

    assert (name, end) == ("gas_over_limit", "explosive")
    assert (first + second) / MINUTE == pytest.approx(7.68, rel=1e-3)


@pytest.mark.parametrize(("minutes", "ppm"), [(30, 3696), (5, 22_176)])
def test_half_of_the_people_die_of_the_printed_carbon_monoxide(minutes, ppm):
    """LC50 by Lees' probit."""
    p = parameters(Parameters, PATH)
    dose = ug.probit_dose(p.probit_a, p.probit_b, p.probit_base, 0.0)

    assert dose / (minutes * MINUTE) * 1e6 == pytest.approx(ppm, rel=1e-3)


@pytest.mark.parametrize(("people", "squads"), [(5, 2), (15, 4), (40, 8), (100, 14), (0, 0)])
def test_squads_asked_for_are_those_printed(people, squads):
    """2, 4, 8, 14 by grade, and as many standing by."""
    mine = model()
    figures = dict.fromkeys(document(PATH)["figures"], 0.0) | {"unsafe": 1.0}
    asked = {
        n.capability: n.amount for n in mine.needs(Sighting(trapped=people, figures=figures), scene(MAJOR, "x").site)
    }

    assert asked["MINE_RESCUE"] == pytest.approx(2 * max(1, squads))


# ── the air ──


@pytest.mark.parametrize(
    ("left", "tau", "flow"), [(30_000.0, 3600.0, 1.5), (8000.0, 1800.0, 30.0), (0.0, math.inf, 2.0)]
)
def test_the_air_is_what_a_solver_finds(left, tau, flow):
    """Methane, carbon monoxide and both doses against scipy, with the outburst dying away smoothly: within 1 %."""
    from msgspec.structs import replace

    mine, state, _ = started("outburst", source_steps=24.0)
    state = replace(state, source=Source(0.2, left, tau), air=Air(0.05, 0.01), age=0.0)
    p, box = mine.p, state.mine.box
    rest = 1 - math.exp(-p.source_taus)

    def slope(t, y):
        q = 0.2 + (left / tau * math.exp(-t / tau) / rest if left and t < p.source_taus * tau else 0.0)
        return [(q - (flow + q) * y[0]) / box, -(flow + q) * y[1] / box, y[1], max(0.0, y[0] - p.stifles)]

    times = [600.0, 3600.0, 4 * HOUR]
    truth = solve_ivp(slope, (0, times[-1]), [0.05, 0.01, 0, 0], t_eval=times, rtol=1e-9, atol=1e-12, max_step=30.0).y.T
    for t, (methane, monoxide, breathed, stifled) in zip(times, truth, strict=True):
        found = air.later(p, state, flow, t)
        assert found.methane == pytest.approx(methane, rel=0.01)
        assert found.monoxide == pytest.approx(monoxide, rel=0.02)
        assert found.breathed == pytest.approx(breathed, rel=0.01)
        assert found.stifled == pytest.approx(stifled, rel=0.02, abs=1.0)


@settings(max_examples=40, deadline=None)
@given(left=st.floats(0, 3e5), tau=st.floats(600, 7200), flow=st.floats(0.5, 60), share=st.floats(0, 1))
def test_all_gas_of_an_outburst_comes_out_and_sums_meet_their_totals(left, tau, flow, share):
    """Steps release exactly what there is; the reported moment of a dose has that dose."""
    from msgspec.structs import replace

    mine, state, _ = started("outburst")
    p = mine.p
    source, age, given_off = Source(0.0, left, tau), 0.0, 0.0
    while (piece := air.release(p, source, age))[1] < math.inf:
        given_off += piece[0] * piece[1]
        age += piece[1]
    assert given_off == pytest.approx(left, rel=1e-9)

    state = replace(state, source=Source(0.1, left, tau), air=Air(0.3, 0.02), age=0.0)
    for reach, field in ((air.breathes, "breathed"), (air.stifles, "stifled")):
        total = share * getattr(air.later(p, state, flow, 6 * HOUR), field)
        span = reach(p, state, flow, total)
        assert span <= 6 * HOUR * (1 + 1e-9)
        assert getattr(air.later(p, state, flow, span), field) == pytest.approx(total, rel=1e-9, abs=1e-9)


def test_half_the_steps_change_nothing_to_speak_of():
    """Deaths stay, the end moves by less than 1 %."""
    coarse, fine = (
        walk(model("outburst", source_steps=n), scene(WORST, "outburst"), {HOUR: all_hands()}, until=60 * 24 * HOUR)
        for n in (12.0, 24.0)
    )

    assert len(lost(coarse)) == len(lost(fine))
    assert coarse.ended == pytest.approx(fine.ended, rel=0.01)
    assert coarse.when("ventilated") < math.inf


# ── exactness, conservation ──


@settings(max_examples=12, deadline=None)
@given(seed=seeds, share=shares, cause=st.sampled_from(CAUSES), cuts=st.lists(st.floats(0, 40 * HOUR), max_size=6))
def test_looking_in_between_changes_nothing(seed, share, cause, cuts):
    """However often the state is brought up to date, the course is the same."""
    plan, where = {2 * HOUR: all_hands(share)}, scene(MAJOR, cause)
    whole = walk(model(cause), where, plan, seed=seed, until=40 * HOUR)
    cut = walk(model(cause), where, plan, seed=seed, until=40 * HOUR, cuts=sorted(cuts))

    assert differences(cut, whole) == []
    assert same(cut.state, whole.state)


@pytest.mark.parametrize("cause", CAUSES)
def test_everybody_is_accounted_for(cause):
    """Who was inside is in the end out, hurt or dead, once; nobody makes no trouble."""
    for seed in range(3):
        found = run(cause, seed=seed)
        assert found.ended < math.inf and len(found.people) == 40
        assert not {Status.TRAPPED, Status.EXPOSED} & {person.status for person in found.people.values()}
        assert all(person.triage for person in found.people.values() if person.status is Status.WAITING)
    empty = walk(model(cause), scene({"people": 0.0, "methane": 300.0, "coal": 1e5}, cause), {HOUR: all_hands()})
    assert empty.ended < math.inf and not empty.people


def test_thresholds_are_met_exactly():
    """Before a mark is set, the air stands on it within a part in a thousand million."""
    mine, state, _ = started("power_lost")
    inputs, met = Inputs({}, Weather()), 0
    for _ in range(60):
        span, name = mine.next_event(state, inputs)
        if span == math.inf:
            break
        state = mine.advance(state, span, inputs)
        after, _ = mine.fire(state, name, inputs)
        if name in ("gas_over_limit", "explosive", "too_rich", "monoxide_cleared"):
            assert (state.air.methane, state.air.monoxide) == pytest.approx(
                (after.air.methane, after.air.monoxide), rel=1e-9
            )
            met += 1
        state = after
    assert met >= 2


# ── people ──


def test_a_self_rescuer_carries_people_as_far_as_it_lasts():
    """At 0.6 m/s for 30 to 45 min: 1.1 to 1.6 km of bad air; without one, or beyond, the dose decides."""
    mine, state, _ = started("gas_accumulation", {"people": 60.0, "methane": 50_000.0, "coal": 1e3}, refuge=0.0, flame_dead=0.0,
                             near_hurt=0.0, blast_red=0.0, blast_yellow=0.0, hurt_pace=1.0)  # fmt: skip
    p = mine.p
    least, most = p.walking_smoke * p.rescuer_least, p.walking_smoke * p.rescuer_most
    low = state.mine.way_in
    walkers = [who for who in state.miners if who.guard and not who.by_return]
    assert len(walkers) > 20
    for who in walkers:
        bad = who.at - low + p.walking_smoke * who.walks  # what they stand in before they set out counts
        if bad < least:
            assert who.bare == math.inf
        if bad > most:
            assert who.bare < who.fresh

    assert 1000 < least < most == pytest.approx(1620)


def test_bad_air_drifts_at_airflow_speed():
    """Who sits downstream is reached at distance over Q/A."""
    _, state, _ = started("gas_accumulation", {"people": 60.0, "methane": 600.0, "coal": 1e3}, near_hurt=1.0, blast_red=1.0,
                             flame_dead=0.0, share_near=0.0, seat_last=0.4)  # fmt: skip
    hurt = [who for who in state.miners if who.at > state.mine.seat and who.out == math.inf and not who.exposed]
    speed = state.flow / state.mine.section
    fronts = {round(who.at - speed * who.bare, 3) for who in hurt}

    assert len(hurt) >= 3 and len(fronts) == 1


def test_deaths_of_the_hurt_and_sheltered_depend_on_help():
    """Over some accidents an hour's wait is better than a day's, and that than none."""
    soon, late, never = (
        sum(len(lost(run("gas_accumulation", begins, seed=s))) for s in range(8)) for begins in (1.0, 110.0, math.inf)
    )

    assert soon < late <= never


# ── squads ──


def test_nobody_goes_in_without_a_squad_standing_by():
    """With all squads at work and none in readiness nothing moves inside."""

    def none_standing_by(demands):
        return {k: e for k, e in all_hands()(demands).items() if k != "standby"}

    found = walk(model(), scene(MAJOR, "gas_accumulation"), {HOUR: none_standing_by})

    assert found.when("base_set") == math.inf


def test_smoke_slows_reconnaissance():
    """150 instead of 400 m/h while carbon monoxide stands above its limit."""
    found = walk(model(), scene(MAJOR, "gas_accumulation"), {HOUR: all_hands(without=("ENV_MON",))}, until=3 * HOUR)
    mine, state = model(), found.state
    inputs = Inputs({"standby": 1.0, "guides": 2.0, "recon": 1.0}, Weather())
    assert not state.clear and state.base == 0.0
    done = state.recon - mine.advance(state, 60.0, inputs).recon

    assert done * mine.p.recon_rate == pytest.approx(150 / HOUR * 60.0)


def test_one_heading_is_one_front():
    """Ten times the hands clear the coal no sooner: 15 t/h by hand, 40 by machine."""

    def plenty(factor):
        return lambda demands: {
            d.id: factor * (d.amount if d.kind.value == "hold" else min(d.face, 1e7)) for d in demands
        }  # fmt: skip

    few, many = (
        walk(model("outburst"), scene(MAJOR, "outburst"), {HOUR: plenty(f)}, until=60 * 24 * HOUR).when("heap_cleared")
        for f in (1.0, 10.0)
    )
    coal = 750e3

    assert many >= HOUR + coal / model("outburst").p.clear_machine
    assert few - many < 6 * HOUR


def test_a_second_explosion_strikes_squads_and_only_those_inside():
    """Where something glows in gas that is let rise, it explodes again; those in the region are hit."""
    strikes = []
    for seed in range(12):
        mine = model("gob_ignition", doors_gas=1.0, gas_normal=0.009)
        found = walk(
            mine, scene(MAJOR, "gob_ignition"), {HOUR: all_hands(0.1, ("ENV_MON",))}, seed=seed, until=48 * HOUR
        )
        for t, name, effects in found.log:
            strikes += [(t, name, e) for e in effects if isinstance(e, Strike)]

    assert strikes and all(name == "explodes" and t > 0.0 for t, name, _ in strikes)
    inside = [e for _, _, e in strikes if "recon" in e.demands]
    beside = [e for _, _, e in strikes if "ventilation" in e.demands]
    assert len(inside) == len(beside) and all("standby" not in e.demands for _, _, e in strikes)
    assert all(0 < far.dead < near.dead < 1 for near, far in zip(inside, beside, strict=True))


def test_squads_stay_out_of_explosive_gas_once_nobody_is_left_to_be_found():
    """While people are looked for they go in; then only the air circuit is worked on, from its fresh side."""
    from msgspec.structs import replace

    mine, state, _ = started()
    state = replace(state, zone=Zone.EXPLOSIVE, air=replace(state.air, methane=0.08), heat=False, doors=3600.0)
    searched = replace(state, base=0.0, recon=0.0, miners=())
    here, then = ({d.id for d in mine.demands(s)} for s in (state, searched))
    inputs = Inputs({"standby": 1.0, "guides": 2.0, "ventilation": 1.0, "bodies": 1.0}, Weather())
    after = mine.advance(searched, 60.0, inputs)

    assert "recon" in here and not then & set(begin.INSIDE) and "ventilation" in then
    assert after.doors < searched.doors and after.bodies_work == searched.bodies_work


def test_squads_withdraw_where_it_glows_in_explosive_gas_and_seal_when_nobody_is_left():
    """Nothing inside is asked for then; seals end it."""
    from msgspec.structs import replace

    mine, state, _ = started("gob_ignition")
    state = replace(state, zone=Zone.EXPLOSIVE, air=replace(state.air, methane=0.08), heat=True, heat_known=True)
    with_people = {d.id for d in mine.demands(state)}
    alone = replace(state, miners=(), source=Source(2.0), doors=1e5)
    ids = {d.id for d in mine.demands(alone)}

    assert not with_people & set(begin.INSIDE) and "sealing" not in with_people
    assert "sealing" in ids and not ids & set(begin.INSIDE)
    inputs = Inputs({"standby": 1.0, "guides": 2.0, "sealing": 4.0}, Weather())
    for _ in range(60):
        span, name = mine.next_event(alone, inputs)
        alone, effects = mine.fire(mine.advance(alone, span, inputs), name, inputs)
        if name == "sealed":
            break
    assert alone.over and effects[-1].reason == "sealed"


# ── effort ──


@settings(max_examples=15, deadline=None)
@given(
    seed=seeds, hours=st.floats(0.5, 5), later=st.floats(0, 10), cause=st.sampled_from(("gas_accumulation", "outburst"))
)
def test_coming_earlier_loses_nobody_who_would_have_been_saved(seed, hours, later, cause):
    """Who is lost with early help is lost with late help too, unless gas explodes again meanwhile."""
    plans = ({h * HOUR: all_hands()} for h in (hours, hours + later))
    soon, late = (
        walk(model(cause, ignition=0.0, ignition_heat=0.0), scene(MAJOR, cause), plan, seed=seed) for plan in plans
    )

    assert lost(soon) <= lost(late)


@settings(max_examples=10, deadline=None)
@given(seed=seeds, share=shares, more=st.floats(1.0, 4.0))
def test_more_effort_never_costs_lives_nor_ends_it_later(seed, share, more):
    """All capabilities scaled up together."""
    less, most = (
        walk(model(ignition=0.0, ignition_heat=0.0), scene(LARGER, "gas_accumulation"), {HOUR: all_hands(s)}, seed=seed,
             until=60 * 24 * HOUR)
        for s in (share, share * more)
    )  # fmt: skip

    assert lost(most) <= lost(less)
    assert most.ended <= less.ended + 1.0


def test_without_help_it_does_not_end():
    """The dead lie inside and the doors stay broken."""
    assert run("gas_accumulation", math.inf).ended == math.inf
    assert run("power_lost", math.inf).ended == math.inf


# ── the five elements, services ──


def test_a_fan_without_power_lets_gas_rise_until_generators_come():
    """Below half of the area's power the fan stands, whatever the cause; generators bring back the cube root of their share."""
    mine, state, _ = started("power_lost")
    p, cut = mine.p, {"power": 0.2}
    dark = Inputs({}, Weather(), cut)
    half = Inputs({"power": p.fan_power / 8}, Weather(), cut)
    light = Inputs({}, Weather(), {"power": 0.9})
    fed = mine.fire(state, "fan_ready", light)[0]

    assert air.flow(p, fed, dark) < 1.0
    assert air.flow(p, fed, half) == pytest.approx(state.mine.fan / 2)
    assert air.flow(p, fed, light) == pytest.approx(state.mine.fan)
    out = walk(mine, scene(MAJOR, "power_lost"), {HOUR: all_hands(without=("POWER",))}, services=cut, until=48 * HOUR)
    with_generators = walk(mine, scene(MAJOR, "power_lost"), {HOUR: all_hands()}, services=cut, until=48 * HOUR)
    assert with_generators.when("gas_cleared") < out.when("gas_cleared") == math.inf
    assert "power" in {d.id for d in mine.demands(out.state)}


def test_power_that_stays_away_can_kill():
    """Gas rises into the explosive range; who has not come out by then may be caught by it."""
    mine = model("power_lost", alarm=90 * MINUTE, ignition=1.5)
    courses = [walk(mine, scene(MAJOR, "power_lost"), seed=seed, until=3 * HOUR) for seed in range(20)]

    assert any("explosion_killed" in found.why.values() for found in courses)


def test_draught_follows_season_and_ground():
    """Time and place: colder air and steeper ground move more; a level adit lets people out sooner."""
    p = parameters(Parameters, PATH)
    flat, steep = (
        model().start(scene(MAJOR, "gas_accumulation", around=Surroundings(slope=s)), Streams(1)("x"))[0]
        for s in (15.0, 30.0)
    )
    mild, cold = Weather(temperature=15.0), Weather(temperature=-5.0)

    assert air.natural(p, flat.mine, mild) == pytest.approx(1.5, rel=0.05)
    assert air.natural(p, flat.mine, cold) > air.natural(p, flat.mine, mild)
    assert air.natural(p, steep.mine, mild) > air.natural(p, flat.mine, mild)
    assert min(w.out for w in steep.miners) < min(w.out for w in flat.miners)


def test_night_sets_out_later():
    """Time: alarms take half as long again."""
    day, night = (
        model("power_lost").start(scene(MAJOR, "power_lost", hour=h), Streams(1)("x"))[0].miners for h in (10.0, 2.0)
    )

    assert all(n.walks == pytest.approx(1.5 * d.walks) for d, n in zip(day, night, strict=True))


def test_each_cause_and_class_of_gas_has_its_own_course():
    """Cause and variant."""
    courses = {cause: [t for t, _, _ in run(cause).log] for cause in CAUSES}
    assert len({tuple(c) for c in courses.values()}) == len(CAUSES)
    low = document(PATH)["variants"]["low_gas"]["factors"]["gas_normal"]
    p = parameters(Parameters, PATH)
    quiet = model("power_lost", gas_normal=p.gas_normal * low)
    found = walk(quiet, scene(MAJOR, "power_lost"), until=5 * 24 * HOUR)

    assert run("power_lost", math.inf).when("explosive") < math.inf
    assert kernels.first_order_reaches(0.001, 0.0, 1.0, 0.05) == math.inf
    assert found.when("explosive") > run("power_lost", math.inf).when("explosive")


def test_more_gas_and_more_people_cost_more_lives():
    """Scope."""
    assert len(lost(run(grade="MAJOR"))) > len(lost(run(grade="LARGER")))
    assert np.mean([len(lost(run("outburst", grade="WORST", seed=s))) for s in range(4)]) > np.mean(
        [len(lost(run("outburst", grade="MAJOR", seed=s))) for s in range(4)]
    )


def test_a_large_outburst_reverses_the_air_and_catches_people_upstream():
    """The first gas against what the fan moves meanwhile."""
    _, small, _ = started("outburst", {"people": 40.0, "methane": 100.0, "coal": 10e3})
    _, large, effects = started("outburst", WORST)

    assert small.doors == 0.0 and large.doors > 0.0
    assert any(getattr(e, "name", "") == "air_reversed" for e in effects)
    assert large.air.methane > 0.5 > small.air.methane


def test_what_is_seen_is_named_and_roughly_true():
    """Figures stand in the card; analysts sharpen them."""
    mine, state, effects = started()
    card = document(PATH)
    errors = {}
    for effort in ({}, {"analysis": 1.0}):
        now = mine.advance(state, 0.0, Inputs(effort, Weather()))
        seen = [mine.observe(now, Streams(i)("s")).figures for i in range(60)]
        assert set(seen[0]) == set(card["figures"])
        errors[len(effort)] = np.std([math.log(f["monoxide"] / state.air.monoxide) for f in seen])

    assert errors[1] < errors[0] / 3
    assert sum(len(e.persons) for e in effects if isinstance(e, Harm)) > 0
