"""Mine fire: printed values, heat and dose against a solver, attack or seals, people in smoke, the five elements."""

from __future__ import annotations

import math
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from scipy.integrate import solve_ivp

from models.hazards.mine_fire import Model, Parameters, fire, rescue
from models.physics import underground as ug
from sim.domain.hazards import Inputs, Sighting, Strike
from sim.domain.people import Status
from sim.domain.places import Surroundings, Weather
from sim.streams import Streams
from tests.models.passports import document, parameters
from tests.models.walking import Walk, all_hands, differences, same, scene, walk

PATH = "hazards/mine_fire/parameters.yaml"
HOUR, MW = 3600.0, 1e6
CAUSES = tuple(document(PATH)["causes"])
MAJOR = {"people": 40.0, "heat": 3 * MW}
SMALL = {"people": 15.0, "heat": 0.3 * MW}
CALM = Inputs({}, Weather())

seeds = st.integers(0, 10_000)
shares = st.floats(0.1, 1.0)


def model(cause: str = "belt_friction", **changed: float) -> Model:
    return Model(parameters(Parameters, PATH, cause, **changed))


def started(cause: str = "belt_friction", scope: dict[str, float] = MAJOR, seed: int = 1, **changed: float):
    mine = model(cause, **changed)
    return mine, mine.start(scene(scope, cause), Streams(seed)("hazard", "F1"))[0]


@cache
def run(cause: str = "belt_friction", begins: float = 1.0, share: float = 1.0, seed: int = 1, small: bool = False,
        without: tuple[str, ...] = ()) -> Walk:  # fmt: skip
    plan = {} if math.isinf(begins) else {begins * HOUR: all_hands(share, without)}
    return walk(model(cause), scene(SMALL if small else MAJOR, cause), plan, seed=seed, until=30 * 24 * HOUR)


def lost(found: Walk) -> set[str]:
    gone = {Status.DEAD, Status.MISSING, Status.TRAPPED}
    return {who for who, person in found.people.items() if person.status in gone}


# ── printed values ──


def test_air_feeds_as_much_heat_as_is_printed():
    """20 m³/s at sea level: 72 MW; thinner air higher up feeds less."""
    p = parameters(Parameters, PATH)

    assert ug.air_limited(p.air_density, 20.0, p.air_energy) == pytest.approx(72 * MW, rel=1e-3)
    mine, state = started(gallery_air=1.0, fuel_peak=1e9)
    sea = replace(state, region=replace(state.region, elevation=0.0))
    assert fire.peak(mine.p, sea, 20.0) == pytest.approx(72 * MW, rel=1e-3)
    assert fire.peak(mine.p, state, 20.0) == pytest.approx(72 * MW * math.exp(-1900 / 8400), rel=1e-3)


def test_the_critical_velocity_is_what_is_printed():
    """30 MW, 70 % convected, 60 m², 6.8 m high: 2.16 m/s (H13); the heat held by that air is that fire."""
    p = parameters(Parameters, PATH)
    tunnel = ug.Gallery(60.0, 6.8, p.froude, p.gravity, p.air_heat)
    speed = ug.critical_velocity(tunnel, 0.7 * 30 * MW, 1.2, 20.0)

    assert speed == pytest.approx(2.16, rel=5e-3)
    assert ug.heat_held(tunnel, speed, 1.2, 20.0) == pytest.approx(0.7 * 30 * MW, rel=1e-6)


@pytest.mark.parametrize(("people", "squads"), [(15, 4), (40, 8), (100, 14)])
def test_squads_asked_for_follow_the_missing(people, squads):
    """As after explosions, with as many standing by."""
    figures = dict.fromkeys(document(PATH)["figures"], 0.0) | {"burning": 1.0, "heat": MW}
    asked = {
        n.capability: n.amount for n in model().needs(Sighting(trapped=people, figures=figures), scene(MAJOR, "x").site)
    }

    assert asked["MINE_RESCUE"] == 2 * squads
    assert model().needs(Sighting(figures=dict.fromkeys(figures, 0.0)), scene(MAJOR, "x").site) == ()


# ── the fire against a solver ──


@settings(max_examples=20, deadline=None)
@given(heat=st.floats(0.1, 1.8), water=st.floats(0, 2e-3), minutes=st.floats(1, 15))
def test_heat_and_dose_are_what_a_solver_finds(heat, water, minutes):
    """A fire below the limit of its air, with those on the spot at it: scipy's heat and ∫ CO."""
    mine, state = started(scope={"people": 40.0, "heat": heat * MW}, growth_time=1800.0)
    p = mine.p
    state = replace(state, own=water, near=True, backs=False)
    moved, taken = fire.flow(p, state, CALM), fire.cooling(p, state, CALM)
    dt = minutes * 60.0
    if taken >= heat * MW * 0.95 and taken <= heat * MW * 1.05:
        return
    after = fire.later(p, state, dt, CALM)
    root = math.sqrt(state.growth)

    def slope(t, y):
        s = max(y[0], 1.0)
        return [root * (1 - taken / (s * s)), s * s]

    def out(t, y):
        return y[0] - 30.0

    out.terminal = True
    found = solve_ivp(slope, (0, dt), [math.sqrt(state.heat), 0.0], rtol=1e-9, atol=1e-6, events=out, max_step=5.0)
    end, given_off = found.y[:, -1]
    if after.heat >= fire.peak(p, state, moved):
        return
    assert after.heat == pytest.approx(end**2 if after.heat else 0.0, rel=1e-4, abs=2000)
    assert after.sums.breathed == pytest.approx(fire.poison(p, state, moved) * given_off, rel=1e-3)


def test_the_limit_of_air_follows_the_fan():
    """Without power the fire shrinks to what the draught feeds; when it is back it grows again."""
    mine, state = started(fuel_peak=1e9)
    p, dark = mine.p, Inputs({}, Weather(), {"power": 0.0})
    state = replace(state, heat=25 * MW, limited=True)
    less = mine.advance(state, 0.0, dark)

    assert less.heat == pytest.approx(fire.peak(p, state, fire.flow(p, state, dark)))
    assert less.heat < 6 * MW and fire.flow(p, state, dark) == pytest.approx(1.5, rel=0.1)
    assert mine.next_event(less, CALM) == (0.0, "limit")
    assert "power" in {d.id for d in mine.demands(less)}


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
    """Each is in the end out or dead, once; nobody makes no trouble."""
    for seed in range(3):
        for small in (False, True):
            found = run(cause, seed=seed, small=small)
            assert found.ended < math.inf and len(found.people) == (15 if small else 40)
            assert Status.TRAPPED not in {person.status for person in found.people.values()}
    empty = walk(model(cause), scene({"people": 0.0, "heat": MW}, cause), {HOUR: all_hands()}, until=30 * 24 * HOUR)
    assert empty.ended < math.inf


def test_thresholds_are_met_exactly():
    """Before a mark is set, the heat stands on it."""
    mine, state = started(scope=SMALL)
    marks = {
        "too_hot": lambda s: mine.p.workable,
        "smoke_back": lambda s: fire.held(mine.p, s, s.flow),
        "limit": lambda s: fire.peak(mine.p, s, s.flow),
    }
    met = set()
    for _ in range(40):
        span, name = mine.next_event(state, CALM)
        if span == math.inf:
            break
        state = mine.advance(state, span, CALM)
        if name in marks:
            assert state.heat == pytest.approx(marks[name](state), rel=1e-9)
            met.add(name)
        state, _ = mine.fire(state, name, CALM)
    assert met == set(marks)


# ── squads ──


def test_it_is_never_sealed_with_anybody_alive_inside():
    """Seals close only after the last living is out, in every accident."""
    closed = 0
    for cause in CAUSES:
        for seed in range(8):
            found = run(cause, seed=seed)
            at = found.when("seals_closed")
            closed += at < math.inf
            out = [t for t, name, _ in found.log if name in ("walked_out", "carried_out", "poisoned")]
            assert max(out, default=0.0) <= at
    mine, state = started()
    hot = replace(state, near=False)

    assert closed > 10
    assert not rescue.sealable(hot) and rescue.sealable(replace(hot, miners=()))
    assert "sealing" not in {d.id for d in mine.demands(hot)}


def test_a_small_fire_is_fought_and_a_large_one_is_not():
    """Water only below 2 MW and while smoke does not run back."""
    mine, state = started(scope=SMALL)
    squads = Inputs({"standby": 1.0, "attack": 2.0}, Weather())

    assert fire.cooling(mine.p, state, squads) > 0.0
    for other in (replace(state, near=False), replace(state, backs=True), replace(state, out=True)):
        assert fire.cooling(mine.p, other, squads) == 0.0
    assert run("hot_work", small=True).when("fire_out") < run("hot_work", small=True).ended < 24 * HOUR
    assert run(seed=1).when("seals_closed") < math.inf


def test_a_dry_main_and_missing_standby_stop_the_water():
    """Services and doctrine: no water without pressure, nobody goes in without a squad in readiness."""
    mine, state = started(scope=SMALL, own_there=0.0)
    alone = Inputs({"attack": 2.0}, Weather())
    dry = Inputs({"standby": 1.0, "attack": 2.0}, Weather(), {"water": 0.0})

    assert fire.cooling(mine.p, state, alone) == fire.cooling(mine.p, state, dry) == 0.0


def test_the_main_is_the_bottleneck():
    """More squads than the main can feed bring no more water."""
    mine, state = started(scope=SMALL, attack_face=6.0, own_there=0.0)
    p = mine.p
    taken = [
        fire.cooling(p, state, Inputs({"standby": 1.0, "guides": 2.0, "attack": n}, Weather())) for n in (1.0, 3.0, 6.0)
    ]

    assert taken[0] == pytest.approx(5e-3 * 1000 * 2.6e6 * 0.35)
    assert taken[1] == taken[2] == pytest.approx(12e-3 * 1000 * 2.6e6 * 0.35)


def test_air_that_turns_catches_those_who_thought_they_were_safe():
    """In a gallery with downward air enough heat sends the smoke back over the people between fire and portal."""
    turned = caught = 0
    for seed in range(20):
        mine = model("electrical", downhill=1.0, downhill_height=120.0, alarm=3000.0, rescuers=0.0, seat_first=0.6)
        found = walk(mine, scene({"people": 60.0, "heat": 6 * MW}, "electrical"), seed=seed, until=5 * HOUR)
        if found.when("air_turned") < math.inf:
            turned += 1
            caught += next(
                e.values["people"] for _, _, es in found.log for e in es if getattr(e, "name", "") == "air_turned"
            )

    assert turned > 5 and caught > 0


def test_behind_seals_gas_rises_and_only_counts_where_there_is_oxygen():
    """Methane by first order towards q/(Q+q); once oxygen is below 12 % nothing explodes."""
    mine, state = started(gas_normal=0.009)
    state = fire.seal(mine.p, replace(state, miners=(), near=False), CALM)
    readings = [mine.readings(mine.advance(state, h * HOUR, CALM)) for h in (0.0, 1.0, 3.0, 30.0)]

    assert readings[1]["methane"] > readings[0]["methane"]
    assert readings[1]["explosive"] == readings[1]["methane"]
    assert readings[3]["methane"] > readings[2]["methane"] and readings[3]["explosive"] == 0.0


def test_a_dead_fan_lets_gas_explode_at_the_fire_and_squads_are_struck():
    """Services: with the power out gas rises through its range; a clock of one an hour; the seals are blown out."""
    strikes = 0
    for seed in range(10):
        mine = model("electrical", gas_normal=0.009, fan_power=1e9)
        found = walk(
            mine,
            scene(MAJOR, "electrical"),
            {2 * HOUR: all_hands(0.3)},
            seed=seed,
            services={"power": 0.0},
            until=60 * HOUR,
        )
        strikes += sum(isinstance(e, Strike) for _, _, effects in found.log for e in effects)
        for t, name, _ in found.log:
            assert name != "gas_explodes" or t > found.when("gas_explosive")
    mine, state = started(gas_normal=0.009)
    half = replace(state, seals=1.0, methane=0.08, explosive=True, near=False, miners=())
    after, effects = mine.fire(replace(half, clock=half.rings[0]), "gas_explodes", CALM)

    assert strikes > 3
    assert after.seals == mine.p.seals and after.methane == 0.0 and isinstance(effects[-1], Strike)


def test_gas_meets_the_ends_of_its_range_exactly():
    """Rising behind a dead fan through 5 and 16 %, and falling again when it runs."""
    mine, state = started(gas_normal=0.03, explosions_most=0.0, scope={"people": 0.0, "heat": 3 * MW})
    dark, seen = Inputs({}, Weather(), {"power": 0.0}), []
    for inputs, until in ((dark, "gas_safe"), (CALM, "gas_safe")):
        for _ in range(40):
            span, name = mine.next_event(state, inputs)
            state = mine.advance(state, span, inputs)
            if name in ("gas_explosive", "gas_safe"):
                seen.append((name, state.methane))
            state, _ = mine.fire(state, name, inputs)
            if name == until:
                break

    assert [name for name, _ in seen] == ["gas_explosive", "gas_safe"] * 2
    assert [c for _, c in seen] == pytest.approx([0.05, 0.16, 0.16, 0.05], rel=1e-9)


# ── effort ──


@settings(max_examples=12, deadline=None)
@given(seed=seeds, hours=st.floats(0.5, 5), later=st.floats(0, 30))
def test_coming_earlier_never_costs_lives(seed, hours, later):
    """The same force some hours earlier loses nobody it would have saved later."""
    soon, late = (
        walk(model(), scene(MAJOR, "belt_friction"), {h * HOUR: all_hands()}, seed=seed, until=30 * 24 * HOUR)
        for h in (hours, hours + later)
    )

    assert lost(soon) <= lost(late)


@settings(max_examples=10, deadline=None)
@given(seed=seeds, share=shares, more=st.floats(1.0, 4.0))
def test_more_effort_never_costs_lives(seed, share, more):
    """All capabilities scaled up together."""
    less, most = (
        walk(model(), scene(MAJOR, "belt_friction"), {HOUR: all_hands(min(1.0, s))}, seed=seed, until=30 * 24 * HOUR)
        for s in (share, share * more)
    )

    assert lost(most) <= lost(less)


def test_deaths_depend_on_help():
    """Whoever reached a refuge is lost without it."""
    assert sum(len(lost(run(seed=s))) for s in range(6)) < sum(
        len(lost(run(begins=math.inf, seed=s))) for s in range(6)
    )
    assert run(begins=math.inf).ended == math.inf


def test_a_vehicle_burns_out_by_itself():
    """Variant: its fuel is gone after a while; coal goes on."""
    mine = model(burns_out=1.0, fuel=2e10)
    found = walk(mine, scene({"people": 0.0, "heat": 3 * MW}, "belt_friction"), until=5 * 24 * HOUR)

    assert found.when("burnt_out") < 5 * HOUR
    assert run(begins=math.inf).when("burnt_out") == math.inf


# ── the five elements ──


def test_night_season_and_place_change_the_course():
    """Time and place: later news at night; cold air draws more through a dark mine; height thins it; an adit is quick."""
    mine = model()
    day, night = (mine.start(scene(MAJOR, "belt_friction", hour=h), Streams(1)("x"))[0] for h in (10.0, 2.0))
    flat, steep = (
        mine.start(scene(MAJOR, "belt_friction", around=Surroundings(slope=s), elevation=e), Streams(1)("x"))[0]
        for s, e in ((10.0, 500.0), (30.0, 2500.0))
    )
    dark = {"power": 0.0}

    assert all(n.walks >= d.walks for d, n in zip(day.miners, night.miners, strict=True))
    assert fire.flow(mine.p, day, Inputs({}, Weather(temperature=-5.0), dark)) > fire.flow(
        mine.p, day, Inputs({}, Weather(), dark)
    )
    assert fire.density(mine.p, steep.region) < fire.density(mine.p, flat.region)
    assert steep.region.cage < flat.region.cage


def test_each_cause_and_fuel_has_its_own_course():
    """Cause and variant."""
    courses = {tuple(round(t) for t, _, _ in run(cause, small=True).log) for cause in CAUSES}
    growth = {name: entry["factors"].get("growth_time", 1.0) for name, entry in document(PATH)["variants"].items()}

    assert len(courses) == len(CAUSES)
    assert growth["vehicle"] < growth["conveyor_belt"] < growth["coal_seam"]


def test_scope_changes_the_course():
    """Larger fires and more people cost more lives."""
    assert sum(len(lost(run(seed=s))) for s in range(8)) > sum(len(lost(run(seed=s, small=True))) for s in range(8))


def test_what_is_seen_is_named():
    """Figures stand in the card; the heat is misjudged alike each time."""
    ratios = []
    for seed in range(40):
        mine, state = started(seed=seed)
        looks = [mine.observe(state, Streams(seed)("s", str(i))).figures for i in (1, 2)]
        assert set(looks[0]) == set(document(PATH)["figures"])
        assert looks[0]["heat"] == looks[1]["heat"]
        ratios.append(math.log(looks[0]["heat"] / state.heat))

    assert 0.2 < math.sqrt(sum(r * r for r in ratios) / 40) < 0.9
