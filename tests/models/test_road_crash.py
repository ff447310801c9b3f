"""Road crash: the printed queue, conservation of people, laws of effort, the five elements."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.hazards.road_crash import Blocked, Model, Parameters, traffic
from sim.domain.hazards import Inputs, Road, Sighting
from sim.domain.people import Status, Triage
from sim.domain.places import Weather
from sim.streams import Streams
from tests.models.passports import document, parameters
from tests.models.walking import Walk, all_hands, same, scene, walk

PATH = "hazards/road_crash/parameters.yaml"
MINUTE, HOUR = 60.0, 3600.0
CAUSES = ("speeding", "fog_or_ice", "overloaded_or_brakes", "fatigue", "landslide_hit")
MAJOR = {"vehicles": 20.0, "people": 60.0}
QUIET = {"second_risk": 0.0}

seeds = st.integers(0, 10_000)


def model(cause: str = "speeding", **changed: float) -> Model:
    return Model(parameters(Parameters, PATH, cause, **changed))


def run(scope: dict[str, float] = MAJOR, cause: str = "speeding", begins: float | None = 0.5, share: float = 1.0,
        without: tuple[str, ...] = (), seed: int = 1, until: float = 86400.0, **where: object) -> Walk:  # fmt: skip
    plan = {} if begins is None else {begins * HOUR: all_hands(share, without)}
    return walk(model(cause), scene(scope, cause, **where), plan, seed=seed, until=until)


def roads(result: Walk) -> list[float]:
    return [e.factor for _, _, effects in result.log for e in effects if isinstance(e, Road)]


# ── printed values ──


def queue_behind_a_lane(reopened: float) -> Walk:
    """3 000 veh/h on two lanes of 1 900, one of them blocked until `reopened`."""
    flow = 3000 / HOUR
    road = model(flow_peak=flow, flow_day=flow, flow_night=flow, left_one=0.0, shoulder_2=1.0, queue_most=1e9,
                 diverted=0.0, heavy_share=0.0, **QUIET)  # fmt: skip

    where = scene({"vehicles": 1, "people": 0}, "speeding", terrain="basin")
    return walk(road, where, {0.0: lambda demands: {"wrecks": road.p.lift_car / reopened}}, until=10 * HOUR)


def test_the_printed_queue_is_met():
    """1 670 vehicles on 6.26 km after one hour, gone 2.09 h later, 2 578 vehicle-hours of delay."""
    result = queue_behind_a_lane(HOUR)

    assert result.when("lanes_open") == pytest.approx(HOUR)
    assert result.when("queue_gone") / HOUR - 1 == pytest.approx(2.09, rel=2e-3)
    assert result.state.delay / HOUR == pytest.approx(2578, rel=1e-3)
    assert traffic.length(model().p, 1670) / 1000 == pytest.approx(6.26, rel=1e-3)


def test_half_an_hour_quicker_saves_what_is_printed():
    """1 934 vehicle-hours."""
    saved = queue_behind_a_lane(HOUR).state.delay - queue_behind_a_lane(HOUR / 2).state.delay

    assert saved / HOUR == pytest.approx(1934, rel=1e-3)


@pytest.mark.parametrize(("cause", "shares"), [
    ("overloaded_or_brakes", (0.05, 0.10, 0.25, 0.35)), ("fatigue", (0.075, 0.15, 0.375, 0.40)),
])  # fmt: skip
def test_injuries_fall_as_printed(cause, shares):
    """Over many people on a plain road, the shares killed and hurt are those of the kind of crash (1.5 times without belts)."""
    result = walk(model(cause, **QUIET), scene({"vehicles": 40.0, "people": 3000.0}, cause, terrain="basin"), until=1.0)
    people = list(result.people.values())
    found = [sum(p.status is Status.DEAD for p in people)]
    found += [sum(p.triage is colour for p in people) for colour in (Triage.RED, Triage.YELLOW, Triage.GREEN)]

    for number, share in zip(found, shares, strict=True):
        assert number / len(people) == pytest.approx(share, abs=3 * math.sqrt(share * (1 - share) / len(people)))


def test_a_quarter_of_the_hurt_are_caught_for_twenty_to_forty_five_minutes():
    """Entrapment share .25; each costs one crew 20–45 min, 60 in a heavy vehicle."""
    state, _ = model(**QUIET).start(
        scene({"vehicles": 40, "people": 4000}, "speeding", terrain="basin"), Streams(1)("x")
    )
    hurt = 4000 * (0.06 * 1.25 + 0.12 + 0.3)
    minutes = {round(held.left / MINUTE, 6) for held in state.cut}

    assert len(state.cut) / hurt == pytest.approx(0.25, abs=0.04)
    assert max(minutes) == 60 and min(minutes) >= 20
    assert max(minutes - {60}) <= 45


# ── exactness, conservation ──


@settings(max_examples=20, deadline=None)
@given(seed=seeds, cause=st.sampled_from(CAUSES), cuts=st.lists(st.floats(0, 9 * HOUR), max_size=6))
def test_looking_in_between_changes_nothing(seed, cause, cuts):
    """However often the state is brought up to date, the course is the same."""
    road, where, plan = model(cause), scene(MAJOR, cause, terrain="mountain"), {40 * MINUTE: all_hands(0.4)}
    whole = walk(road, where, plan, seed=seed, until=8.9 * HOUR)
    cut = walk(road, where, plan, seed=seed, until=8.9 * HOUR, cuts=sorted(cuts))

    assert [name for _, name, _ in cut.log] == [name for _, name, _ in whole.log]
    assert same(cut.state, whole.state)


@pytest.mark.parametrize("cause", CAUSES)
def test_a_clock_of_milliseconds_changes_nothing(cause):
    """Events answered a millisecond late leave everybody as they were."""
    road, where, plan = model(cause), scene(MAJOR, cause, terrain="basin", hour=8), {40 * MINUTE: all_hands(0.4)}
    exact, late = walk(road, where, plan, seed=5), walk(road, where, plan, seed=5, late=1e-3)

    assert late.why == exact.why
    assert late.ended == pytest.approx(exact.ended, abs=1.0)


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("scope", [{"vehicles": 1.0, "people": 0.0}, {"vehicles": 3.0, "people": 6.0}, MAJOR])
def test_people_are_conserved(cause, scope):
    """Everybody in the vehicles is dead, hurt or unhurt, and nobody is left in a wreck when the road is open."""
    result = run(scope, cause, terrain="mountain")
    first = {who: p for who, p in result.people.items() if who.startswith("p")}

    assert result.ended < math.inf
    assert len(first) == scope["people"]
    assert {p.status for p in result.people.values()} <= {Status.DEAD, Status.SAFE, Status.WAITING}
    assert all(p.triage for p in result.people.values() if p.status is Status.WAITING)


@settings(max_examples=20, deadline=None)
@given(seed=seeds, hour=st.floats(0, 24))
def test_vehicles_are_conserved(seed, hour):
    """The queue is what arrived less what got through: the reading agrees with brute force by the minute."""
    road, where = model(**QUIET), scene(MAJOR, "speeding", hour=hour)
    state, _ = road.start(where, Streams(seed)("hazard", "F1"))
    inputs, queue = Inputs({"traffic": 2.0}, where.weather), 0.0
    for _ in range(240):
        flow = traffic.parts(road.p)[state.part][1]
        arrive = flow * state.busy * (1 - road.p.diverted * 2 / road.p.points)
        queue = min(road.p.queue_most, max(0.0, queue + (arrive - traffic.capacity(road.p, state.blocked)) * MINUTE))
        state = road.advance(state, MINUTE, inputs)
        while road.next_event(state, inputs)[0] <= 0.0:
            state, _ = road.fire(state, road.next_event(state, inputs)[1], inputs)

    assert state.queue == pytest.approx(queue, abs=2 * road.p.flow_peak * MINUTE)


# ── effort ──


@settings(max_examples=25, deadline=None)
@given(seed=seeds, share=st.floats(0.1, 1), more=st.floats(1, 3), cause=st.sampled_from(CAUSES))
def test_more_effort_never_frees_anybody_later_nor_opens_the_road_later(seed, share, more, cause):
    """All capabilities scaled up together, without the luck of second crashes."""
    road, where = model(cause, **QUIET), scene(MAJOR, cause)
    less, most = (
        walk(road, where, {30 * MINUTE: all_hands(s)}, seed=seed, until=864000.0) for s in (share, share * more)
    )

    assert most.when("all_out") <= less.when("all_out") + 1e-6
    assert most.ended <= less.ended * (1 + 1e-9)


def test_without_effort_the_road_stays_shut():
    """Nobody is cut out, no lane opens, the queue grows until everybody turns away."""
    result = run(begins=None, terrain="basin")

    assert result.ended == math.inf
    assert result.state.blocked is Blocked.TWO_LANES
    assert result.state.queue == model().p.queue_most


def test_endless_effort_is_bounded_by_the_longest_task():
    """One crew finds room at one person: a hundred crews free them no sooner than the last one's own minutes."""
    road, where = model(**QUIET), scene(MAJOR, "speeding", terrain="basin")
    state, _ = road.start(where, Streams(1)("hazard", "F1"))
    result = walk(road, where, {0.0: lambda demands: {d.id: 1e3 for d in demands}})

    assert result.when("all_out") == pytest.approx(max(held.left for held in state.cut))


def test_wrecks_are_not_lifted_while_people_are_in_them():
    """No lane opens before the last one caught is out, however many cranes wait."""
    result = run(share=0.3, terrain="basin")

    assert result.when("all_out") < result.when("lane_open") < result.when("lanes_open") < result.when("cleared")


def test_the_worst_hurt_are_freed_first():
    """With one crew at a time reds come out before yellows, yellows before greens."""
    road, where = model(**QUIET), scene({"vehicles": 10, "people": 90}, "speeding", terrain="basin")
    one = walk(road, where, {0.0: lambda demands: {d.id: 1.0 for d in demands if d.id == "cutting"}})
    order = [one.people[effects[0].persons[0]].triage for _, name, effects in one.log if name == "freed"]

    assert order == sorted(order, key=[Triage.RED, Triage.YELLOW, Triage.GREEN].index)
    assert len(set(order)) > 1


def test_traffic_points_shorten_the_queue_and_get_rescuers_through():
    """Escort brings rescuers past at half speed instead of a sixteenth; diversion keeps the queue short."""
    held, left = (
        run(begins=0.2, without=w, until=3 * HOUR, terrain="basin") for w in (("CRANE",), ("CRANE", "TRAFFIC"))
    )

    assert held.state.queue < left.state.queue
    assert min(roads(left)) == pytest.approx(5 / 80)
    assert roads(held)[-1] == pytest.approx(40 / 80)


def test_warned_drivers_crash_less():
    """Traffic points lower the rate of the second-crash clock; it stands still without a queue."""
    road, where = model(), scene(MAJOR, "speeding", terrain="basin")
    state, _ = road.start(where, Streams(1)("x"))
    later = road.advance(state, HOUR, Inputs({}, where.weather))
    flow = road.p.flow_day
    rates = [traffic.risk(road.p, later, flow, Inputs({"traffic": t}, where.weather)) for t in (0.0, 2.0, 4.0)]

    assert rates[0] > rates[1] > rates[2] > 0


def test_no_road_effect_off_the_road_network():
    """A crash that lies on no link of the network changes none."""
    assert roads(run(begins=None, terrain="basin", link="")) == []


# ── the five elements ──


def test_the_hour_changes_the_queue():
    """Time: in the morning peak the queue grows faster than in the night."""
    peak, night = (run(begins=None, until=HOUR, hour=h).state.queue for h in (7.5, 2.0))

    assert peak > 3 * night


def test_fog_brings_second_crashes_and_cold_hardens_being_caught():
    """Time and place: fog triples the second-crash clock; below zero those caught have the cold curve."""
    road, where = model(), scene(MAJOR, "speeding", terrain="basin")
    later = walk(road, where, until=HOUR / 2).state
    clear, fog, glaze = (
        traffic.risk(road.p, later, road.p.flow_day, Inputs({}, weather))
        for weather in (Weather(), Weather(fog=True), Weather(ice="glaze"))
    )
    frozen = run(until=1.0, weather=Weather(temperature=-4.0, ice="glaze"))

    assert clear > 0
    assert fog == glaze == pytest.approx(3 * clear)
    assert {p.entrapment for p in frozen.people.values()} == {"vehicle_cold"}


def test_in_gorges_vehicles_leave_the_road():
    """Place: people down a slope must be hauled up there, on a plain they need not; and fewer vehicles queue."""
    plain, gorge = (run(begins=None, until=HOUR, terrain=t).state for t in ("basin", "gorge"))

    assert not plain.haul
    assert gorge.haul
    assert gorge.queue < plain.queue


@pytest.mark.parametrize("cause", CAUSES[1:])
def test_each_cause_has_its_own_course(cause):
    """Cause: no two kinds of crash leave the same people and wrecks."""
    plain, other = run(), run(cause=cause)

    assert (plain.why, plain.ended) != (other.why, other.ended)


def test_debris_of_a_landslide_must_be_cleared_first():
    """Cause: no lane opens under it."""
    result = run(cause="landslide_hit")

    assert result.when("debris_cleared") < result.when("lane_open") < math.inf
    assert run(cause="landslide_hit", without=("ROAD_CLEAR",)).when("lane_open") == math.inf


def test_scope_changes_the_course():
    """Scope: more vehicles block more lanes and take longer, more people leave more hurt."""
    small, large = run({"vehicles": 3.0, "people": 6.0}), run(MAJOR)

    assert small.ended < large.ended
    assert small.count(Status.WAITING) < large.count(Status.WAITING)


# ── what people see ──


def test_needs_follow_what_is_believed():
    """A crew for two who are caught, four traffic points and one more for half a kilometre of queue, a crane for five heavies."""
    road, where = model(), scene(MAJOR, "speeding")
    figures = {"caught": 7.0, "down_slope": 0.0, "vehicles": 20.0, "heavy": 6.0, "queue_length": 1000.0, "wrecks": 1.0,
               "debris": 0.0}  # fmt: skip
    needs = {n.capability: n.amount for n in road.needs(Sighting(figures=figures), where.site)}

    assert needs == {"RESCUE_CUT": 4, "TRAFFIC": 6, "CRANE": 2}
    assert road.needs(Sighting(), where.site) == ()


def test_every_event_demand_and_reading_has_a_name():
    """What the model does and shows is named in both languages in its file."""
    card, names, wanted = document(PATH), set(), set()
    for cause in CAUSES:
        for seed in range(3):
            road, where = model(cause), scene(MAJOR, cause, terrain="gorge", hour=8, weather=Weather(fog=True))
            for begins in (0.1, 3.0):
                result = walk(road, where, {begins * HOUR: all_hands(0.4)}, seed=seed)
                names |= {name for _, name, _ in result.log} | set(result.notes())
            state, _ = road.start(where, Streams(seed)("hazard", "F1"))
            wanted |= {demand.id for demand in road.demands(state)}
            assert set(road.readings(state)) == set(card["readings"])
            assert set(road.observe(state, Streams(1)("s")).figures) == set(card["figures"])

    assert names <= set(card["events"])
    assert wanted <= set(card["demands"])
