"""Road crash: the printed queue, conservation of people, laws of effort, the five elements."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import kernels
from models.hazards.road_crash import Blocked, Model, Parameters, traffic, tunnel
from sim.domain.hazards import Inputs, Road, Sighting
from sim.domain.people import Status, Triage
from sim.domain.places import Weather
from sim.streams import Streams
from tests.models.passports import document, parameters
from tests.models.walking import Walk, all_hands, differences, same, scene, walk

PATH = "hazards/road_crash/parameters.yaml"
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
CAUSES = ("speeding", "fog_or_ice", "overloaded_or_brakes", "fatigue", "landslide_hit", "tunnel_fire", "tanker")
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

    assert differences(cut, whole) == []
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
    first = {who: p for who, p in result.people.items() if who[0] in "ps"}  # vehicles in the crash, and stopped by it

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


# ── fire in a tunnel ──

LORRY = {"fire_bus": 0.0, "fire_heavy": 1.0, "fire_tanker": 0.0}


def burning(scope: dict[str, float] = MAJOR, plan: dict | None = None, seed: int = 1, grid: float = 1.0,
            until: float = 86400.0, **changed: float) -> Walk:  # fmt: skip
    road = model("tunnel_fire", **(LORRY | changed))
    return walk(road, scene(scope, "tunnel_fire"), plan or {}, seed=seed, until=until, services={"power": grid})


def dead(result: Walk) -> set[str]:
    return {who for who, person in result.people.items() if person.status is Status.DEAD}


@pytest.mark.parametrize(("downgrade", "speed"), [(0.0, 2.16), (0.03, 2.38)])
def test_the_printed_critical_velocity_is_met(downgrade, speed):
    """30 MW, 70 % of it convected, in 60 m² of 6.8 m height: 2.16 m/s, on a 3 % downgrade 2.38."""
    p = model("tunnel_fire", downgrade=downgrade).p

    assert tunnel.critical_velocity(p, 30e6, 1.2) == pytest.approx(speed, rel=2.5e-3)


@settings(max_examples=50, deadline=None)
@given(heat=st.floats(1e5, 3e8), density=st.floats(0.8, 1.3), downgrade=st.floats(0, 0.08))
def test_the_heat_held_is_the_inverse_of_the_critical_velocity(heat, density, downgrade):
    """And the velocity is the fixed point V = K₁K_g (g H q/T_f)^⅓ of the reference."""
    p = model("tunnel_fire", downgrade=downgrade).p
    speed = tunnel.critical_velocity(p, heat, density)
    q = p.convective * heat / (density * p.air_heat * p.tunnel_area)
    hot = q / speed + p.air_temperature + tunnel.ZERO_CELSIUS
    grade = 1 + p.grade_factor * (100 * downgrade) ** p.grade_power

    assert speed == pytest.approx(p.froude * grade * (p.gravity * p.tunnel_height * q / hot) ** (1 / 3), rel=1e-9)
    assert tunnel.heat_held(p, speed, density) == pytest.approx(heat, rel=1e-6)


def test_fans_keep_the_smoke_from_those_upstream():
    """With fans nobody upstream is in smoke; with the draught alone the smoke of a lorry runs back on them."""
    held, back = burning(air_fans=4.0, stopped=0.9), burning(fans=0.0, stopped=0.9)
    upstream = {who for who, person in held.people.items() if person.group == "upstream"}

    assert held.when("smoke_back") == math.inf
    assert back.when("smoke_back") < 10 * MINUTE
    assert not dead(held) & upstream
    assert dead(back) & upstream


def test_who_stands_downstream_fares_worse():
    """Over many people a larger share of those downstream dies, fans or not."""
    result = burning({"vehicles": 20.0, "people": 600.0}, stopped=1.0)
    groups = {
        group: [who for who, p in result.people.items() if p.group == group] for group in ("upstream", "downstream")
    }
    share = {group: len(dead(result) & set(people)) / len(people) for group, people in groups.items()}

    assert share["downstream"] > 0.1 > share["upstream"]


def test_without_power_the_fans_stop_and_generators_bring_them_back():
    """The air goes with the root of the power there is, never below the draught; smoke runs back until it holds again."""
    p = model("tunnel_fire").p
    dark = burning(grid=0.0, lasts_heavy=DAY)
    generators = burning(grid=0.0, plan={HOUR: lambda demands: {d.id: d.face for d in demands if d.id == "fans"}},
                         heat_heavy_most=30e6, lasts_heavy=DAY, air_fans=6.0)  # fmt: skip

    assert dark.state.fire.air == p.air_natural
    assert dark.when("smoke_back") < 10 * MINUTE
    assert generators.when("smoke_back") < HOUR
    assert generators.state.fire.air == pytest.approx(6.0)
    assert not generators.state.fire.back
    assert tunnel.air_speed(p, 0.5) == pytest.approx(p.air_fans / math.sqrt(2))


@settings(max_examples=15, deadline=None)
@given(seed=seeds, flow=st.floats(0.0, 0.12))
def test_too_little_water_does_not_put_it_out(seed, flow):
    """RATE: what takes less heat than the fire gives only delays, and what takes little more may be slower than its fuel."""
    p = model("tunnel_fire").p
    answer = lambda demands: {d.id: flow for d in demands if d.id == "water"}  # noqa: E731
    result = burning(plan={HOUR: answer}, seed=seed)
    fire, taken = result.state.fire, flow * p.water_used * p.water_takes * p.water_density
    out = HOUR + kernels.fire_out_in(fire.peak, fire.growth, taken)  # it has long been at its largest then

    if out < fire.ends:
        assert result.when("fire_out") == pytest.approx(out)
    else:
        assert result.when("fire_out") == math.inf
        assert result.when("burnt_out") == pytest.approx(fire.ends)


def test_foam_counts_on_a_burning_tanker():
    """A tanker of 200 MW asks for foam; water alone cannot take so much, water and foam can."""
    tanker = {"fire_bus": 0.0, "fire_heavy": 0.0, "fire_tanker": 1.0}
    water, both = (burning(plan={HOUR: all_hands(1.0, without)}, **tanker) for without in (("FOAM",), ()))

    assert water.when("fire_out") == math.inf
    assert both.when("fire_out") < 2 * HOUR


def test_help_saves_who_cannot_walk():
    """People who cannot walk are brought out alive where the smoke is held; with nobody there they stay inside."""
    crowd = {"vehicles": 20.0, "people": 300.0}
    helped, left = burning(crowd, {20 * MINUTE: all_hands()}, stopped=1.0), burning(crowd, stopped=1.0)

    assert dead(helped) <= dead(left)
    assert helped.state.fire.up == helped.state.fire.down == ()
    assert left.state.fire.up


# ── dangerous goods ──


def test_a_tanker_is_emptied_before_it_is_lifted():
    """No wreck is moved before five hours of pumping over (a full load, one crew); its leak is told with the mass."""
    sealed = {"goods_least": 30e3, "goods_fuel": 1.0, "leak": 1.0, "leak_tipped": 1.0}
    road, where = model("tanker", **QUIET, **sealed), scene({"vehicles": 3.0, "people": 3.0}, "tanker", terrain="basin")
    result = walk(road, where, {0.0: all_hands()})

    assert "leaks_fuel" in result.notes()
    assert result.when("sealed") == pytest.approx(1.5 * HOUR)
    assert result.when("transferred") == pytest.approx(6.5 * HOUR)
    assert result.when("lane_open") > result.when("transferred")


def test_nobody_works_at_it_unguarded():
    """Without pairs in protective suits a leak is not stopped."""
    road, where = model("tanker", **QUIET), scene(MAJOR, "tanker", terrain="basin")

    assert walk(road, where, {0.0: all_hands(1.0, ("HAZMAT",))}).ended == math.inf


@pytest.mark.parametrize(("cause", "share"), [("tanker", 0.4), ("speeding", 0.2)])
def test_tankers_leak_as_often_as_printed(cause, share):
    """F4: .2, rolled over .4."""
    road = model(cause, goods=1.0, heavy_share=1.0)
    found = [road.start(scene(MAJOR, cause, terrain="basin"), Streams(seed)("x"))[0].goods.leaks for seed in range(400)]

    assert sum(found) / 400 == pytest.approx(share, abs=0.07)


# ── what people see ──


def test_needs_follow_what_is_believed():
    """A crew for two who are caught, four traffic points and one more for half a kilometre of queue, a crane for five heavies."""
    road, where = model(), scene(MAJOR, "speeding")
    nothing = dict.fromkeys(document(PATH)["figures"], 0.0)
    figures = nothing | {"caught": 7.0, "down_slope": 0.0, "vehicles": 20.0, "heavy": 6.0, "queue_length": 1000.0, "wrecks": 1.0,
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
