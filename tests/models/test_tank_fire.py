"""Tank fire: the race of heat against cooling, foam without a break, who is struck, printed values, the five elements."""

from __future__ import annotations

import math
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from models.hazards.tank_fire import Fire, Kind, Model, bursts, people, tanks
from models.hazards.tank_fire.state import Soul
from sim import catalog
from sim.domain.hazards import Harm, Inputs, Note, Road, Shock, Strike
from sim.domain.people import Status, Triage
from sim.domain.places import Settlement, Surroundings, Weather
from sim.streams import Streams
from tests.models.walking import Walk, all_hands, differences, same, scene, walk

MINUTE, HOUR = 60.0, 3600.0
CARD = catalog.hazard("tank_fire").card
CAUSES, VARIANTS = list(CARD.causes), list(CARD.variants)
TEN = {"mass": 10e3, "people": 15.0}
VILLAGE = Surroundings(density=1500e-6, settlements=(Settlement("T1", 150.0, 0.0, 9000.0),))

seeds = st.integers(0, 5_000)
times = st.floats(2 * MINUTE, 2 * HOUR)


def model(variant: str = "lpg_sphere", cause: str = "transfer", **changed: float) -> Model:
    return _built(variant, cause, tuple(sorted(changed.items())))


@cache
def _built(variant: str, cause: str, changed: tuple[tuple[str, float], ...]) -> Model:
    bounds = {name: passport.bounds for name, passport in CARD.parameters.items()}
    values = {n: min(max(CARD.spread(n, cause, variant).median, low), high) for n, (low, high) in bounds.items()}
    built = catalog.hazard("tank_fire").build({**values, **dict(changed)})
    assert isinstance(built, Model)
    return built


def place(variant: str = "lpg_sphere", cause: str = "transfer", scope: dict[str, float] = TEN, **where: object):
    return scene(scope, cause, variant=variant, **{"around": VILLAGE} | where)


def run(variant: str = "lpg_sphere", cause: str = "transfer", begins: float = math.inf, share: float = 1.0,
        without: tuple[str, ...] = (), seed: int = 1, scope: dict[str, float] = TEN, until: float = 20 * 24 * HOUR,
        changed: dict[str, float] | None = None, **where: object) -> Walk:  # fmt: skip
    plan = {begins: all_hands(share, without)} if begins < math.inf else {}
    return walk(
        model(variant, cause, **(changed or {})), place(variant, cause, scope, **where), plan, seed=seed, until=until
    )


def lost(found: Walk) -> set[str]:
    return {who for who, person in found.people.items() if person.status in (Status.DEAD, Status.MISSING)}


def effects(found: Walk, kind: type) -> list[object]:
    return [effect for _, _, told in found.log for effect in told if isinstance(effect, kind)]


# ── printed values, through what the model uses ──


def test_walls_stand_as_long_as_is_printed():
    """Landucci: an atmospheric tank of 1 000 m³ at 20 kW/m² 10.95 min, a sphere of 100 m³ at 60 kW/m² 9.69 min."""
    tank, sphere = model("gasoline").p, model().p
    vessel = tanks.vessels(tank, 1e3, Streams(1)("x"))[0]

    def stands(p, volume: float, flux: float) -> float:
        from msgspec.structs import replace

        return tanks.stands(p, replace(vessel, volume=volume, endures=1.0), flux) / MINUTE

    assert stands(tank, 1000.0, 20e3) == pytest.approx(10.95, rel=1e-3)
    assert stands(sphere, 100.0, 60e3) == pytest.approx(9.69, rel=1e-3)
    assert math.isinf(stands(sphere, 100.0, 5e3))


def test_foam_for_a_spill_is_what_is_printed():
    """500 m² at 6.5 L/min/m² for 15 min: 48.75 m³ of solution."""
    p = model("gasoline").p
    fire = Fire("spill_a", 0, Kind.SPILL, 0.0, 500.0, 1.0, 1.0)

    assert tanks.agent_wanted(p, fire) * tanks.agent_holds(p, fire) == pytest.approx(48.75, rel=1e-3)


def test_a_fireball_burns_as_is_printed():
    """11 957.7 kg: 89.1 kW/m² at 100 m for 10.3 s; Tsao and Perry's probit; 20 kW/m² for 20 s kill .538."""
    p = model().p
    burst = bursts.Burst(ball=11_957.7)
    taken = bursts._dose(p, burst, 100.0)

    assert taken == pytest.approx(10.29 * 89.1 ** (4 / 3), rel=2e-3)
    assert people.burns(p).chance(20 * 20 ** (4 / 3)) == pytest.approx(0.538, rel=1e-3)
    assert people.burns(p).deadly(0.0) == pytest.approx(math.exp(17.8 / 2.56), rel=1e-9)


def test_a_cloud_is_worth_what_is_printed():
    """20 t of LPG at 4 %: 7 923 kg of TNT."""
    cloud = Fire("spill_a", 0, Kind.SPILL, 0.0, 1.0, 1.0, 1.0, lit=False, cloud=20e3)

    assert bursts.of_cloud(model().p, cloud).tnt == pytest.approx(7923, rel=1e-3)


def test_pools_burn_as_babrauskas_measured():
    """Large pools: gasoline .055, methanol .017, LNG .078, crude .045 kg/m²/s."""
    for variant, rate in (("gasoline", 0.055), ("methanol", 0.017), ("lng", 0.078), ("crude", 0.045)):
        p = model(variant, "hot_work", vessel_most=5e7).p
        row = tanks.vessels(p, 5e6, Streams(1)("x"))
        assert tanks.tank(p, row, 0, 2000.0).burns == pytest.approx(2000 * rate, rel=1e-3)


# ── the race ──


def test_water_in_time_stops_the_clock_and_water_too_late_does_not():
    """Just before the mark at which crews are withdrawn nothing bursts; without water the vessel bursts at its own time."""
    changed = {"fixed_works": 0.0, "misjudged": 0.0, "endures_spread": 0.0, "neighbours": 0.0}
    never = run(changed=changed)
    bursts_at = never.when("bleve")
    p = model(**changed).p
    alone = run(begins=0.69 * bursts_at, changed=changed)
    late = run(begins=0.71 * bursts_at, changed=changed)

    vessel = tanks.vessels(p, 10e3, Streams(1)("x"))[0]
    assert bursts_at == pytest.approx(tanks.stands(p, vessel, p.impinging), rel=1e-9)
    assert alone.when("bleve") == math.inf and alone.ended < math.inf
    assert late.when("bleve") == pytest.approx(bursts_at, rel=1e-9)


def test_half_the_water_halves_the_pace():
    """Water on half of the wall takes half of the heat; the time to failure doubles."""
    changed = {"fixed_works": 0.0, "withdraws_at": 2.0, "neighbours": 0.0}
    where = place()
    dry = walk(model(**changed), where)
    need = tanks.wall_water(model(**changed).p, dry.state.vessels[0])
    water = model(**changed).p.own_water + (1 - model(**changed).p.own_water) * model(**changed).p.mains
    half = walk(model(**changed), where, {0.0: lambda demands: {"cool_a": need / 2 / water}})

    assert half.when("bleve") == pytest.approx(2 * dry.when("bleve"), rel=1e-9)


def test_the_clock_agrees_with_an_integration():
    """Heat used up under crews that come, go and come back: against solve_ivp."""
    changed = {"fixed_works": 0.0, "withdraws_at": 2.0, "neighbours": 0.0, "leak": 0.5}
    hazard, where = model(**changed), place()
    state, _ = hazard.start(where, Streams(3)("hazard", "F1"))
    need = tanks.wall_water(hazard.p, state.vessels[0])
    steps = [(200.0, 0.0), (150.0, 0.6 * need), (100.0, 0.1 * need)]
    used, now = 0.0, state
    for span, flow in steps:
        inputs = Inputs({"cool_a": flow}, where.weather)
        rate = tanks.heats(hazard.p, now, 0, inputs)
        used = solve_ivp(lambda _, y, r=rate: [r + 0 * y[0]], (0, span), [used], rtol=1e-10).y[0, -1]
        now = hazard.advance(now, span, inputs)

    assert now.vessels[0].used == pytest.approx(used, rel=1e-8)
    assert now.vessels[0].mass == pytest.approx(10e3 - 450 * hazard.p.leak, rel=1e-9)


def test_walls_cool_by_their_exponential_law():
    """After the fire is shut off, against solve_ivp; the mark is met to 1e-9."""
    hazard = model(fixed_works=0.0, withdraws_at=2.0)
    found = walk(hazard, place(), {4 * MINUTE: all_hands()}, until=3 * HOUR)
    shut = next(t for t, name, _ in found.log if name == "isolated")
    assert found.when("walls_cool") > shut
    p, state = hazard.p, walk(hazard, place(), {4 * MINUTE: all_hands()}, until=shut + 1.0).state
    idle = Inputs({}, Weather())
    span = next(t for t, name, _ in _due(hazard, state, idle) if name == "walls_cool")
    after = hazard.advance(state, span, idle)
    slow = solve_ivp(lambda _, y: -p.cools * y, (0, span), [state.vessels[0].used], rtol=1e-11, atol=1e-14).y[0, -1]

    assert min(abs(v.used - tanks.cool_enough(p, after)) for v in after.vessels) < 1e-9
    assert after.vessels[0].used == pytest.approx(slow, rel=1e-8)


def _due(hazard: Model, state, inputs: Inputs):
    return list(hazard._due(state, inputs))


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_heat_will_do_comes_at_its_mark(variant):
    """Whatever fails by itself is at 1 within a part in a thousand million when it does."""
    hazard, where, met = model(variant, "transfer", fixed_works=0.0), place(variant), 0
    state, _ = hazard.start(where, Streams(2)("hazard", "F1"))
    idle = Inputs({}, where.weather)
    for _ in range(200):
        span, name = hazard.next_event(state, idle)
        if span == math.inf:
            break
        state = hazard.advance(state, span, idle)
        if name in ("bleve", "domino", "store_explodes"):
            assert max(v.used for v in state.vessels if not v.gone) == pytest.approx(1.0, rel=1e-9)
            met += 1
        state, _ = hazard.fire(state, name, idle)
    assert met or variant == "methanol"


# ── foam ──


def _foam(times_on: list[tuple[float, float]], flow: float = 1.0):
    """A plan: foam at `flow` times the need between these times, nothing else but enough cooling throughout."""

    def on(demands):
        hands = {d.id: d.face for d in demands if d.id.startswith(("cool", "isolate"))}
        return hands | {d.id: flow * d.amount for d in demands if d.id.startswith("foam")}

    def off(demands):
        return {d.id: d.face for d in demands if d.id.startswith(("cool", "isolate"))}

    plan = {0.0: off}
    for begins, ends in times_on:
        plan |= {begins: on, ends: off}
    return plan


ALONE = {"neighbours": 0.0, "fixed_works": 0.0, "own_water": 1.0}


def test_foam_must_be_kept_on_without_a_break():
    """50 minutes put a tank out; a break of two minutes costs two, one of four begins anew; too little never does."""
    hazard, where = model("gasoline", "hot_work", **ALONE), place("gasoline", "hot_work", {"mass": 1e6, "people": 0.0})

    def out(*spans: tuple[float, float], flow: float = 1.0) -> float:
        plan = _foam([(a * MINUTE, b * MINUTE) for a, b in spans], flow)
        return walk(hazard, where, plan, until=6 * HOUR).when("extinguished") / MINUTE

    assert out((10, 200)) == pytest.approx(60, abs=1e-6)
    assert out((10, 40), (42, 200)) == pytest.approx(62, abs=1e-6)
    assert out((10, 40), (44, 200)) == pytest.approx(94, abs=1e-6)
    assert out((10, 59.9)) == math.inf
    assert out((10, 300), flow=0.99) == math.inf


def test_ten_crews_one_after_another_do_not_put_out_what_ten_together_would():
    """Foam is a rate: the same solution spread thinly does nothing."""
    hazard, where = model("crude", "hot_work", **ALONE), place("crude", "hot_work", {"mass": 1e6, "people": 0.0})
    thin = walk(hazard, where, _foam([(0.0, 5 * HOUR)], 0.5), until=6 * HOUR)
    thick = walk(hazard, where, _foam([(0.0, HOUR)], 1.0), until=6 * HOUR)

    assert thin.when("extinguished") == math.inf
    assert thick.when("extinguished") == pytest.approx(50 * MINUTE, abs=1e-6)


def test_burning_gas_is_shut_off_not_put_out():
    """No foam is asked for at an LPG leak; pairs beside a cooled vessel shut it sooner than beside a hot one."""
    hazard, where = model(fixed_works=0.0, withdraws_at=2.0), place()
    state, _ = hazard.start(where, Streams(1)("hazard", "F1"))
    names = {d.id.split("_")[0] for d in hazard.demands(state)}
    cooled = walk(hazard, where, {0.0: all_hands()}, until=10 * HOUR)
    hot = walk(model(fixed_works=0.0, withdraws_at=2.0, harmless=5e4), where, {0.0: all_hands(1.0, ("FIRE_WATER",))})

    assert "foam" not in names and {"cool", "isolate"} <= names
    assert cooled.when("isolated") < hot.when("isolated")


def test_without_mains_there_is_less_water():
    """Services: what the mains do not give comes from tanks and ponds only."""
    p = model().p
    dry, full = Inputs({}, Weather(), {"water": 0.0}), Inputs({}, Weather())

    assert tanks.supply(p, full) == 1.0 and tanks.supply(p, dry) == p.own_water


# ── withdrawal ──


def test_who_stays_is_struck_and_who_is_withdrawn_is_not():
    """With the order at seven tenths nobody is near when the vessel bursts; without it those at work are hit, most of them dead."""
    weak = {"fixed_works": 0.0, "misjudged": 0.0, "neighbours": 0.0, "cool_face": 1.0}

    def strikes(withdraws_at: float) -> list[Strike]:
        found = run(begins=2 * MINUTE, share=0.4, changed=weak | {"withdraws_at": withdraws_at})
        assert found.when("bleve") < math.inf
        return [s for s in effects(found, Strike) if isinstance(s, Strike)]

    (struck,) = strikes(2.0)
    assert strikes(0.7) == []
    assert "cool_a" in struck.demands and "evacuation" not in struck.demands
    assert struck.dead > 0.3 and 0 < struck.dead + struck.red + struck.yellow + struck.green <= 1.0


def test_crews_go_back_when_the_danger_is_past():
    """After the burst the place is worked on again, and it ends."""
    found = run(begins=10 * MINUTE, share=0.4, changed={"fixed_works": 0.0, "misjudged": 0.0})
    order = [name for _, name, _ in found.log if name in ("withdraw", "bleve", "back_to_work", "searched", "secured")]

    assert order[0] == "withdraw" and order[-1] == "secured"
    assert order.index("bleve") < order.index("searched")
    assert "back_to_work" in order


# ── effort ──


@settings(max_examples=30, deadline=None)
@given(seed=seeds, begins=times, share=st.floats(0.1, 1.0), more=st.floats(1.0, 3.0), later=st.floats(0, 2 * HOUR),
       variant=st.sampled_from(VARIANTS), cause=st.sampled_from(CAUSES))  # fmt: skip
def test_more_or_earlier_help_never_costs_lives(seed, begins, share, more, later, variant, cause):
    """The lost with more (or earlier) help are among those lost with less (or later), person by person."""
    plain = run(variant, cause, begins, share, seed=seed)

    assert len(lost(run(variant, cause, begins, share * more, seed=seed))) <= len(lost(plain))
    assert len(lost(plain)) <= len(lost(run(variant, cause, begins + later, share, seed=seed)))


@pytest.mark.parametrize("variant", VARIANTS)
def test_help_saves(variant):
    """Over ten runs fewer are lost with help after fifteen minutes than with none; nothing ends without any."""
    helped = [run(variant, begins=15 * MINUTE, seed=s) for s in range(10)]
    alone = [run(variant, seed=s, until=5 * 24 * HOUR) for s in range(10)]

    assert sum(len(lost(r)) for r in helped) < sum(len(lost(r)) for r in alone)
    assert all(r.ended < 3 * 24 * HOUR for r in helped)
    assert all(r.ended == math.inf for r in alone)


def test_moving_residents_saves_them_even_if_the_vessel_bursts():
    """Evacuation alone: the same burst finds fewer people."""
    changed = {"fixed_works": 0.0, "leaves": 60.0}
    scope = {"mass": 25e3, "people": 5.0}
    moved = [
        run(
            begins=3 * MINUTE,
            without=("FIRE_WATER", "HAZMAT", "USAR"),
            scope=scope,
            seed=s,
            changed=changed,
            until=4 * HOUR,
        )
        for s in range(6)
    ]
    stayed = [run(scope=scope, seed=s, changed=changed, until=4 * HOUR) for s in range(6)]

    def hurt(found: Walk) -> int:
        return sum(
            len(h.persons) for h in effects(found, Harm) if isinstance(h, Harm) and h.why in ("fireball", "blast")
        )

    assert [r.when("bleve") for r in moved] == pytest.approx([r.when("bleve") for r in stayed])
    assert sum(map(hurt, moved)) < sum(map(hurt, stayed))


@settings(max_examples=20, deadline=None)
@given(seed=seeds, begins=times, variant=st.sampled_from(VARIANTS), cause=st.sampled_from(CAUSES))
def test_people_are_conserved(seed, begins, variant, cause):
    """Everybody near is in the end out, hurt or dead."""
    found = run(variant, cause, begins, seed=seed)
    final = (Status.DEAD, Status.SAFE, Status.WAITING)

    assert found.ended < math.inf
    assert all(person.status in final for person in found.people.values())
    assert all(person.triage for person in found.people.values() if person.status is Status.WAITING)


@settings(max_examples=15, deadline=None)
@given(seed=seeds, cuts=st.lists(st.floats(0, 5 * HOUR), max_size=6), variant=st.sampled_from(VARIANTS),
       cause=st.sampled_from(CAUSES), share=st.floats(0.2, 1.0))  # fmt: skip
def test_looking_in_between_changes_nothing(seed, cuts, variant, cause, share):
    """However often the state is brought up to date, the course is the same."""
    plan = {20 * MINUTE: all_hands(share)}
    hazard, where = model(variant, cause), place(variant, cause)
    whole = walk(hazard, where, plan, seed=seed, until=6 * HOUR)
    cut = walk(hazard, where, plan, seed=seed, until=6 * HOUR, cuts=sorted(cuts))

    assert differences(cut, whole) == []
    assert same(cut.state, whole.state)


def test_water_that_runs_off_is_conserved():
    """Run-off is what was put on less what evaporates."""
    hazard = model("gasoline", "hot_work", **ALONE)
    where = place("gasoline", "hot_work", {"mass": 1e6, "people": 0.0})
    found = walk(hazard, where, _foam([(10 * MINUTE, 40 * MINUTE)]), until=40 * MINUTE)
    solution = tanks.agent_wanted(hazard.p, found.state.fires[0]) * 30 * MINUTE

    assert found.state.runoff == pytest.approx((1 - hazard.p.evaporates) * solution, rel=1e-9)


def test_nobody_there_is_no_error():
    """No people, no neighbours, a thimbleful."""
    found = run(scope={"mass": 50.0, "people": 0.0}, begins=10 * MINUTE, around=Surroundings(density=0.0), link="")

    assert found.ended < math.inf and not found.people


# ── what a burst does ──


def test_houses_shield_from_heat_and_fall_under_blast():
    """Indoors the bands of pressure decide; in the open the probits do."""
    p = model().p

    assert people.houses(p).outcome(40e3, 0.1) is Status.DEAD
    assert people.houses(p).outcome(40e3, 0.5) is Status.TRAPPED
    assert people.houses(p).outcome(10e3, 0.1) in (Triage.YELLOW, Triage.GREEN, Triage.RED)
    assert people.houses(p).outcome(1e3, 0.0) is None
    assert people.in_the_open(p).outcome(103e3, 3.0, 0.49) is Triage.YELLOW
    assert people.in_the_open(p).outcome(103e3, 3.0, 0.51) is None
    assert people.in_the_open(p).outcome(1e6, 0.0, 0.9) is Status.DEAD
    out, inside = (Soul("a", 80.0, indoors, 0.0, 5.0, 0.99) for indoors in (False, True))
    taken = bursts._dose(p, bursts.Burst(ball=10e3), 80.0)
    assert people.fate(p, out, 0.0, taken, in_cloud=False)[0] is Status.DEAD
    assert people.fate(p, inside, 0.0, taken, in_cloud=False)[0] is not Status.DEAD


def test_the_blast_reaches_towns_as_far_as_it_does():
    """A burst tells the town what pressure arrives there; one beyond reach is told nothing."""
    near = Surroundings(settlements=(Settlement("T1", 200.0, 0.0, 5000.0), Settlement("T2", 30_000.0, 0.0, 5000.0)))
    shocks = effects(run("fireworks", scope={"mass": 20e3, "people": 0.0}, around=near, until=5 * HOUR), Shock)

    assert shocks and {s.town for s in shocks if isinstance(s, Shock)} == {"T1"}


def test_fires_of_neighbours_cascade():
    """A tank that catches fire heats the next: without water, one after another is lost."""
    found = run(
        "gasoline", "hot_work", scope={"mass": 1e6, "people": 5.0}, changed={"fixed_works": 0.0}, until=24 * HOUR
    )

    assert found.state.lost == 2
    assert found.notes().count("domino") == 2


def test_a_crude_tank_boils_over_unless_it_is_put_out_before():
    """The hot layer sinks to the bottom: boil-over after depth over speed; foam in time prevents it."""
    changed = ALONE | {"endures_spread": 0.0, "filled": 0.85}
    scope = {"mass": 1e6, "people": 0.0}
    alone = run("crude", "hot_work", scope=scope, changed=changed, until=48 * HOUR)
    hazard = model("crude", "hot_work", **changed)
    vessel = tanks.vessels(hazard.p, 1e6, Streams(1)("x"))[0]
    depth = 1e6 / hazard.p.density / tanks.tank_area(vessel)

    assert alone.when("boil_over") == pytest.approx(depth / hazard.p.boil_wave, rel=1e-9)
    assert run("crude", "hot_work", HOUR, scope=scope, changed=changed).when("boil_over") == math.inf


# ── the five elements ──


def test_by_night_fewer_are_at_the_works_and_residents_leave_later():
    """Time."""
    asleep = Surroundings(density=1500e-6, presence={"dwelling": 0.95, "outdoors": 0.02, "asleep": 0.9})
    day, night = run(until=2 * MINUTE), run(until=2 * MINUTE, hour=2.0, around=asleep)

    def works(found: Walk) -> int:
        return sum(person.group == "works" for person in found.people.values())

    assert works(night) < works(day)
    assert sum(g.leaves for g in night.state.groups if g.resident) > sum(
        g.leaves for g in day.state.groups if g.resident
    )


def test_altitude_density_and_roads_matter():
    """Place: air pressure, people around, and the road if a tanker blocks it."""
    low, high = (run(until=60.0, elevation=h).state.ambient for h in (0.0, 1900.0))
    crowded, empty = (run(until=60.0, around=Surroundings(density=d)) for d in (3000e-6, 50e-6))
    road = effects(run(cause="tanker_crash", until=60.0), Road)

    assert high == pytest.approx(81e3, rel=5e-3) and low > high
    assert len(crowded.people) > 5 * len(empty.people)
    assert road and not effects(run(until=60.0), Road)


def test_wind_heats_what_lies_downwind():
    """Weather: a flame leans on its lee neighbour, and less vapour gathers."""
    p = model("gasoline", "hot_work").p
    state, _ = model("gasoline", "hot_work").start(place("gasoline", "hot_work"), Streams(1)("hazard", "F1"))
    lee, luff = (Weather(wind=5.0, wind_from=(state.row + turn) % 360) for turn in (180.0, 0.0))

    assert tanks.flux(p, state, 1, lee) == pytest.approx(1.3 * tanks.flux(p, state, 1, luff), rel=1e-6)


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_cause_and_variant_comes_to_an_end(cause, variant):
    """With help from twenty minutes on, in a day or two."""
    found = run(variant, cause, 20 * MINUTE)

    assert found.ended < 3 * 24 * HOUR


def test_more_of_it_reaches_farther():
    """Scope: a larger vessel endangers a wider area and stands longer."""
    small, large = (run(scope={"mass": m, "people": 5.0}, until=60.0).state for m in (1e3, 100e3))
    p = model().p

    assert large.danger > 2 * small.danger
    assert tanks.stands(p, large.vessels[0], p.impinging) > tanks.stands(p, small.vessels[0], p.impinging)


def test_what_is_seen_is_asked_for():
    """An engine or two for a small vessel, foam by area, pairs by leaks; nothing once all is done."""
    hazard, where = model("gasoline", "hot_work"), place("gasoline", "hot_work", {"mass": 1e6, "people": 10.0})
    state, _ = hazard.start(where, Streams(1)("hazard", "F1"))
    asked = {n.capability: n.amount for n in hazard.needs(hazard.observe(state, Streams(1)("s")), where.site)}
    done = run("gasoline", "hot_work", 20 * MINUTE).state

    assert 1 <= asked["FOAM"] <= 4 and asked["FIRE_WATER"] < 0.15
    assert hazard.needs(hazard.observe(done, Streams(1)("s")), where.site) == ()


def test_run_off_escapes_with_what_it_carries_unless_it_is_dammed():
    """Hours of foam overflow a bund; a note says how much pollutant left, for what lies downstream."""
    scope, changed = {"mass": 1e6, "people": 0.0}, ALONE | {"bund": 0.0, "dike": 5 * HOUR}
    found = run("methanol", "hot_work", 10 * MINUTE, without=("LABOR",), scope=scope, changed=changed)
    dammed = run("methanol", "hot_work", 10 * MINUTE, scope=scope, changed=changed)
    told = [n for n in effects(found, Note) if isinstance(n, Note) and n.name == "runoff_escapes"]

    assert told and told[0].values["mass"] > 0.0
    assert dammed.when("runoff_escapes") == math.inf
