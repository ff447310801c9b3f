"""Landslide: printed values, the trigger, conservation of people, laws of effort, the five elements."""

from __future__ import annotations

import math
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from models.hazards.landslide import Model, Phase, slope
from sim import catalog
from sim.domain.hazards import Found, Harm, Inputs, Note, Over, Road, Sighting, Strike
from sim.domain.people import Status
from sim.domain.places import Reach, Settlement, Surroundings, Weather
from sim.streams import Streams
from tests.models.passports import document
from tests.models.walking import DAY, Walk, all_hands, differences, same, scene, walk

PATH = "hazards/landslide/parameters.yaml"
HOUR = 3600.0
CARD = document(PATH)
CAUSES, VARIANTS = tuple(CARD["causes"]), tuple(CARD["variants"])
LARGE = {"volume": 50_000.0, "drop": 200.0, "people": 120.0}
RIVER = Surroundings(river=(Reach("下游", 4_000.0, 80.0, 500.0, code="T2"),), slope=30.0)

seeds = st.integers(0, 10_000)


@cache
def typical(cause: str, variant: str) -> dict[str, float]:
    card = catalog.hazard("landslide").card
    return {name: card.spread(name, cause, variant).median for name in card.parameters}


def model(cause: str = "rain", variant: str = "slide", **changed: float) -> Model:
    """The model with the typical values of its card for a cause and a variant."""
    return catalog.hazard("landslide").build(typical(cause, variant) | changed)


def run(begins: float | None = 1.0, share: float = 1.0, cause: str = "earthquake", seed: int = 1, without: tuple[str, ...] = (),
        scope: dict[str, float] = LARGE, until: float = 60 * DAY, **where: object) -> Walk:  # fmt: skip
    plan = {} if begins is None else {begins * HOUR: all_hands(share, without)}
    return walk(model(cause), scene(scope, cause, **where), plan, seed=seed, until=until)


def when_out(result: Walk) -> dict[str, float]:
    """When each of the buried was brought out."""
    return {
        who: t
        for t, _, effects in result.log
        for effect in effects
        if isinstance(effect, Harm) and effect.why in ("dug_out", "freed")
        for who in effect.persons
    }


# ── printed values ──


def test_reach_flow_speed_and_area_are_what_is_printed():
    """10⁴ m³ from 300 m: 943.5 (Rickenmann), 731.3 / 811.2 m (Corominas), 214.8 m³/s, 7.26 m/s at a gradient of 0.2, 9 283 m²."""
    p = model().p

    assert slope.reach(model(variant="debris_flow").p, 1e4, 300.0) == pytest.approx(943.5, rel=1e-3)
    assert slope.reach(p, 1e4, 300.0) == pytest.approx(731.3, rel=1e-3)
    assert slope.reach(model(variant="slope_flow").p, 1e4, 300.0) == pytest.approx(811.2, rel=1e-3)
    assert slope.peak_flow(p, 1e4) == pytest.approx(214.8, rel=1e-3)
    assert slope.flow_speed(p, slope.peak_flow(p, 1e4), 0.2) == pytest.approx(7.26, rel=1e-3)
    assert slope.area(p, 1e4) == pytest.approx(9283, rel=1e-3)


def test_rain_threshold_is_what_is_printed():
    """Caine: 7.37 mm/h over 6 h; over 24 h 103 mm."""
    p = model(threshold_local=1.0).p

    assert slope.critical_rain(p, 6 * HOUR) == pytest.approx(7.37, rel=1e-3)
    assert slope.critical_rain(p, 24 * HOUR) * 24 == pytest.approx(103, rel=1e-2)


def test_outburst_of_a_lake_is_what_is_printed():
    """5 Mm³ behind 40 m: 1 732 m³/s."""
    assert slope.outburst(model().p, 5e6, 40.0) == pytest.approx(1732, rel=1e-3)


# ── the trigger ──


@settings(max_examples=25, deadline=None)
@given(rain=st.floats(0.5, 60), rained=st.floats(0.1, 30), hours=st.floats(0.1, 20))
def test_rain_drives_the_clock_by_its_excess_over_the_threshold(rain, rained, hours):
    """The closed form is the integral of the rate; splitting and inversion agree with it."""
    p = model().p
    whole = slope.driven(p, rained * HOUR, rain, hours * HOUR)
    by_steps = quad(lambda t: slope.pace(p, rained * HOUR + t, rain), 0, hours * HOUR, limit=200, points=None)[0]
    half = hours * HOUR / 2
    halves = slope.driven(p, rained * HOUR, rain, half) + slope.driven(p, rained * HOUR + half, rain, half)

    assert whole == pytest.approx(by_steps, rel=1e-3)
    assert halves == pytest.approx(whole, rel=1e-9)
    assert slope.fails_in(p, whole, rained * HOUR, rain) == pytest.approx(hours * HOUR, rel=1e-9)


def test_rain_makes_it_fail_sooner():
    """Time and weather: the same slope under the same luck fails hours earlier in a downpour."""

    def fails(rain: float) -> float:
        return walk(model(signs=1.0), scene(LARGE, "rain", weather=Weather(rain=rain)), seed=4).when("slope_fails")

    assert fails(40.0) < fails(15.0) < fails(0.0) < math.inf


def test_further_slides_come_at_the_printed_rates():
    """.02/h in dry weather and .1/h in rain just after the first; fewer as the slope calms; solve_ivp agrees."""
    p = model().p
    dry, wet = Weather(), Weather(rain=5.0)

    assert slope.again(p, dry, 60.0, p.again_rest) * 60 == pytest.approx(0.02, rel=1e-3)
    assert slope.again(p, wet, 60.0, p.again_rest) * 60 == pytest.approx(0.1, rel=1e-3)
    rate = p.again_rain * quad(lambda t: math.exp(-(t - p.again_rest) / p.again_calms), 3 * HOUR, 30 * HOUR)[0]
    assert slope.again(p, wet, 27 * HOUR, 3 * HOUR) == pytest.approx(rate, rel=1e-6)
    assert slope.again_in(p, rate, wet, 3 * HOUR) == pytest.approx(27 * HOUR, rel=1e-6)
    assert slope.again(p, wet, HOUR, 0.0) == 0.0 and slope.again_in(p, 1e-9, wet, 0.0) > HOUR


# ── people ──


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("variant", VARIANTS)
def test_everybody_at_home_is_accounted_for(cause, variant):
    """Each is in the end safe, hurt, or dead, once."""
    result = walk(model(cause, variant), scene(LARGE, cause), {HOUR: all_hands()}, until=60 * DAY)

    assert result.ended < math.inf
    assert sum(result.count(s) for s in (Status.SAFE, Status.WAITING, Status.DEAD, Status.MISSING)) == LARGE["people"]


def test_of_those_in_wrecked_houses_the_printed_shares_die_or_are_buried():
    """.8 of the houses in the first two thirds, .3 beyond; .6 of the people in them killed, .3 buried."""
    result = run(None, scope={**LARGE, "people": 2000.0}, until=1 * HOUR)
    killed = sum(why == "killed" for why in result.why.values())
    buried = sum(p.entrapment == "burial" and p.status is Status.TRAPPED for p in result.people.values()) + len(
        when_out(result)
    )
    wrecked = 2000 * (0.8 * 2 / 3 + 0.3 / 3)

    assert killed == pytest.approx(0.6 * wrecked, rel=0.08)
    assert buried == pytest.approx(0.3 * wrecked, rel=0.12)


def test_signs_give_time_to_leave():
    """Moved out within the hour after the signs nobody is killed; left to themselves, some stay."""
    scope, soon = {**LARGE, "people": 60.0}, {0.2 * HOUR: lambda demands: {"evacuate": 80 / HOUR}}
    slow = model("mining", signs=1.0)
    saved = walk(slow, scene(scope, "mining"), soon, seed=3, until=60 * DAY)
    left = walk(slow, scene(scope, "mining"), None, seed=3, until=60 * DAY)

    assert saved.when("slope_fails") > saved.when("all_moved")
    assert saved.count(Status.DEAD) == 0
    assert left.count(Status.DEAD) > 0


def test_nobody_is_under_it_when_nobody_is_at_home():
    """Time: at noon on a working day most are out; by night all are in."""

    def killed(share: float) -> int:
        return run(None, until=HOUR, around=Surroundings(presence={"dwelling": share})).count(Status.DEAD)

    assert killed(0.0) == 0
    assert killed(0.3) < killed(0.95)


# ── effort ──


@settings(max_examples=12, deadline=None)
@given(seed=seeds, share=st.floats(0.3, 1.0), more=st.floats(1.0, 3.0))
def test_more_effort_brings_nobody_out_later(seed, share, more):
    """Person by person, with all capabilities scaled together and a lookout kept."""
    less, most = (when_out(run(1.0, s, seed=seed)) for s in (max(share, 1e-9), share * more))

    assert set(less) <= set(most)
    assert all(most[who] <= t + 1e-3 for who, t in less.items())


@settings(max_examples=12, deadline=None)
@given(seed=seeds, hours=st.floats(0.2, 8), later=st.floats(0, 12))
def test_coming_earlier_brings_nobody_out_later(seed, hours, later):
    """The same force, some hours earlier."""
    soon, late = when_out(run(hours, seed=seed)), when_out(run(hours + later, seed=seed))

    assert set(late) <= set(soon)
    assert all(soon[who] <= t + 1e-3 for who, t in late.items())


def test_without_help_the_deep_are_never_found():
    """Neighbours free those near the surface; it does not end by itself."""
    result = run(None)

    assert result.ended == math.inf
    assert 0 < len(when_out(result)) < len(when_out(run(1.0)))


def bodies(result: Walk) -> list[float]:
    """When each of those killed at once was come upon."""
    return [t for t, _, effects in result.log for e in effects if isinstance(e, Found) for _ in range(e.number)]


def killed(result: Walk) -> int:
    return sum(why == "killed" for why in result.why.values())


@pytest.mark.parametrize("seed", range(4))
def test_the_dead_are_found_as_the_debris_is_dug(seed):
    """One by one over the whole of the digging, all by its end; with half the machines half as many by then."""
    whole, half = run(1.0, seed=seed), run(1.0, 0.5, seed=seed)
    found, end = bodies(whole), whole.when("dug")

    assert len(found) == killed(whole) > 10
    assert len(set(found)) == len(found)
    assert found[0] < HOUR + (end - HOUR) / 3 < HOUR + 2 * (end - HOUR) / 3 < found[-1] <= end
    assert sum(t <= end for t in bodies(half)) < len(found)


def test_a_search_that_is_given_up_leaves_the_rest_of_the_dead_missing():
    """Found and left make up all who were killed; what is left stays where it is when all is over."""
    p = model().p
    digs = {HOUR: all_hands(), (HOUR + run(1.0).when("dug")) / 2: all_hands(1.0, ("ROAD_CLEAR",))}
    given_up = walk(model(), scene(LARGE, "earthquake", link=""), digs, until=p.give_up + 10 * DAY)
    over = [e for _, _, effects in given_up.log for e in effects if isinstance(e, Over)]

    assert given_up.when("given_up") < math.inf
    assert 0 < len(bodies(given_up)) < killed(given_up)
    assert len(given_up.state.bodies) == killed(given_up) - len(bodies(given_up))
    assert [e.leaves for e in over] == [True]
    assert [e.leaves for _, _, effects in run(1.0).log for e in effects if isinstance(e, Over)] == [False]


def test_machines_beyond_the_face_do_not_speed_it_up():
    """What the houses have room for bounds the digging."""
    p = model().p
    machines = model()
    state, _ = machines.start(scene(LARGE, "earthquake"), Streams(1)("hazard", "F1"))
    lying = run(None, until=HOUR).state
    dig = next(d for d in machines.demands(lying) if d.id == "dig")

    assert state.phase in (Phase.SIGNS, Phase.MOVING)
    assert dig.face <= p.machines_most * p.machine
    # no excavator is put where less than 300 m² of deposit lie over houses
    assert dig.face <= max(1, sum(h.hit for h in lying.houses)) * p.machine * (1 + 1e-9)


def test_listening_first_halves_the_digging():
    """With dogs the buried are found sooner than without."""
    with_dogs, without = run(1.0), run(1.0, without=("SEARCH",))

    assert with_dogs.when("dug") < without.when("dug")


def test_without_a_lookout_a_second_fall_hits_those_who_dig():
    """With wardens on the slope work stops for a while; without, rescuers are struck."""
    wet = Weather(rain=8.0)

    def strikes(**how: object) -> int:
        found = [run(1.0, seed=s, weather=wet, **how) for s in range(6)]
        return sum(isinstance(e, Strike) for r in found for _, _, effects in r.log for e in effects)

    assert strikes() == 0
    assert strikes(without=("WATCH",)) > 0


def test_who_was_struck_once_keeps_a_lookout_of_their_own():
    """Of the falls of one slope without wardens, only the first comes with the full chance to be killed."""
    p = model().p
    found = [run(1.0, seed=s, weather=Weather(rain=8.0), without=("WATCH",)) for s in range(12)]
    falls = [[e for _, _, effects in r.log for e in effects if isinstance(e, Strike)] for r in found]
    later = [e.dead for of in falls for e in of[1:]]

    assert later and all(e.dead <= p.struck_dead for of in falls for e in of)
    assert all(dead == pytest.approx(p.own_watch * p.struck_dead) for dead in later)


def test_experts_let_work_go_on_sooner():
    """Half an hour an alarm with them, longer without."""
    wet, p = Weather(rain=8.0), model().p

    def stopped(without: tuple[str, ...]) -> float:
        result = next(r for r in (run(0.1, seed=s, weather=wet, without=without) for s in range(20)) if "slide_again" in
                      [name for _, name, _ in r.log])  # fmt: skip
        return result.when("resumed") - result.when("slide_again")

    assert stopped(()) == pytest.approx(p.pause)
    assert stopped(("GEO_MON",)) == pytest.approx(p.pause_unjudged)


# ── exactness ──


@settings(max_examples=12, deadline=None)
@given(seed=seeds, cuts=st.lists(st.floats(0, 60 * HOUR), max_size=6), rain=st.floats(0, 30))
def test_looking_in_between_changes_nothing(seed, cuts, rain):
    """However often the state is brought up to date, the course is the same."""
    assume(3 * HOUR not in cuts)  # the walk does not look at its plan at a cut
    hazard, where, plan = model(signs=1.0), scene(LARGE, "rain", weather=Weather(rain=rain)), {3 * HOUR: all_hands(0.3)}
    whole = walk(hazard, where, plan, seed=seed, until=60 * HOUR)
    cut = walk(hazard, where, plan, seed=seed, until=60 * HOUR, cuts=sorted(cuts))

    assert differences(cut, whole) == []
    assert same(cut.state, whole.state)


def test_thresholds_are_met_exactly():
    """When the slope fails its clock stands on the luck that was drawn."""
    hazard, where = model(signs=1.0), scene(LARGE, "rain", weather=Weather(rain=12.0))
    state, _ = hazard.start(where, Streams(7)("hazard", "F1"))
    inputs = Inputs({}, where.weather)
    name = ""
    while name != "slope_fails":
        span, name = hazard.next_event(state, inputs)
        before = hazard.advance(state, span, inputs)
        state, _ = hazard.fire(before, name, inputs)

    assert before.clock == pytest.approx(state.fails, rel=1e-9)


# ── road, river ──


def test_a_road_is_shut_until_it_is_cleared():
    """Place: only where the site lies on one."""
    roads = [(t, e.factor) for t, _, effects in run(1.0).log for e in effects if isinstance(e, Road)]

    assert [factor for _, factor in roads] == [0.0, 1.0]
    assert not [e for _, _, effects in run(1.0, link="").log for e in effects if isinstance(e, Road)]


def test_a_big_mass_in_a_gorge_reaches_the_river():
    """Place and scope: a small one does not, nor one where there is none; the lake grows with the mass, and so fills later."""

    def lake(volume: float, **where: object) -> dict[str, float]:
        result = run(None, scope={**LARGE, "volume": volume}, until=HOUR, **where)
        found = [
            e.values
            for _, _, effects in result.log
            for e in effects
            if isinstance(e, Note) and e.name == "reached_river"
        ]
        return found[0] if found else {}

    big, bigger = (lake(v, terrain="gorge", around=RIVER) for v in (3e5, 1e6))
    assert not lake(500.0, terrain="gorge", around=RIVER)
    assert not lake(1e6, terrain="gorge")
    assert not lake(3e5, terrain="basin", around=RIVER)
    assert big["lake_volume"] < bigger["lake_volume"] and big["fills_in"] < bigger["fills_in"]
    assert big["fills_in"] == pytest.approx(big["lake_volume"] / big["inflow"])


# ── the five elements, what people see ──


def test_each_cause_and_variant_has_its_own_course():
    """No other repeats the first."""

    def told(cause: str = "rain", variant: str = "") -> list[float]:
        return [
            t
            for t, _, _ in walk(model(cause, variant), scene(LARGE, cause), {HOUR: all_hands(0.5)}, until=30 * DAY).log
        ]

    assert all(told(cause) != pytest.approx(told()) for cause in CAUSES[1:])
    assert all(told("rain", variant) != pytest.approx(told()) for variant in VARIANTS[1:])


def test_scope_and_slope_change_the_course():
    """A bigger mass covers more; on a steeper slope it comes faster."""
    p = model().p

    assert slope.speed(p, 5e4, 200.0, 40.0) > slope.speed(p, 5e4, 200.0, 28.0) >= p.speed_least
    small, large = (run(None, scope={**LARGE, "volume": v}, until=HOUR).state for v in (5e3, 5e5))
    assert small.works.dig < large.works.dig


def test_needs_follow_what_is_believed():
    """People moved on signs; more hands and crews for more people under it; never thousands."""
    hazard, where = model(), scene(LARGE, "rain")
    signs = hazard.observe(hazard.start(where, Streams(5)("hazard", "F1"))[0], Streams(1)("s"))
    lying = run(None, until=HOUR).state
    seen = hazard.observe(lying, Streams(1)("s"))
    few, many = (
        {n.capability: n.amount for n in hazard.needs(Sighting(figures=seen.figures | {"missing": k}), where.site)}
        for k in (2, 60)
    )

    assert {"GEO_MON", "CORDON", "EVAC"} >= {n.capability for n in hazard.needs(signs, where.site)}
    assert few["USAR"] < many["USAR"] <= hazard.p.crews_most
    assert few["LABOR"] < many["LABOR"] <= hazard.p.hands_asked
    assert hazard.needs(Sighting(), where.site) == []


def test_neighbours_come_from_nearby():
    """Place: where many live near, more hands dig at once."""
    near = Surroundings(settlements=(Settlement("T1", 500.0, 0.0, 5_000.0),))
    lonely, village = run(None), run(None, around=near)

    assert min(when_out(village).values()) < min(when_out(lonely).values())


def test_nobody_there_is_no_error():
    """Zero people: the road is cleared, the zone is fenced, and it is over."""
    assert run(1.0, scope={**LARGE, "people": 0.0}).ended < math.inf


def test_every_event_demand_and_reading_has_a_name():
    """What the model does and shows is named in both languages in its file."""
    names, wanted = set(), set()
    for cause in CAUSES:
        for seed in range(3):
            hazard, where = model(cause), scene(LARGE, cause, weather=Weather(rain=10), terrain="gorge", around=RIVER)
            result = walk(hazard, where, {HOUR: all_hands(0.3)}, seed=seed, until=40 * DAY)
            names |= {name for _, name, _ in result.log} | set(result.notes()) | set(result.why.values())
            half = walk(hazard, where, {}, seed=seed, until=30 * HOUR)
            wanted |= {demand.id for demand in hazard.demands(half.state)}
            assert set(hazard.readings(half.state)) == set(CARD["readings"])
            assert set(hazard.observe(half.state, Streams(1)("s")).figures) == set(CARD["figures"])

    assert names <= set(CARD["events"])
    assert wanted <= set(CARD["demands"])
