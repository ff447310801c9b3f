"""Gas leak: printed values, exactness, everybody accounted for, laws of effort, the five elements."""

from __future__ import annotations

import math
from statistics import fmean
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from scipy.integrate import solve_ivp

from models import kernels
from models.hazards.gas_leak import Model, Parameters, State, flames, rooms, tasks
from sim import catalog
from sim.domain.hazards import Cut, Inputs, Note, Strike
from sim.domain.people import Status
from sim.domain.places import Surroundings, Weather
from sim.streams import Streams
from tests.models.walking import Walk, all_hands, differences, same, scene, walk

MINUTE, HOUR = 60.0, 3600.0
CARD = catalog.hazard("gas_leak").card
CAUSES, VARIANTS = tuple(CARD.causes), tuple(CARD.variants)
NIGHT = Surroundings(3000.0 / 1e6, presence={"dwelling": 0.9, "shop": 0.05, "outdoors": 0.02, "asleep": 0.9})
DAY = Surroundings(3000.0 / 1e6, presence={"dwelling": 0.4, "shop": 0.6, "outdoors": 0.15, "asleep": 0.02})
COOL = Weather(temperature=8.0)
seeds = st.integers(0, 10_000)


def model(variant: str = "indoor", cause: str = "joint_failure", **changed: float) -> Model:
    """The model with the typical values of its card."""
    values = {name: CARD.spread(name, cause, variant).median for name in CARD.parameters}
    return Model(Parameters(**{**values, **changed}))


def where(variant: str = "indoor", cause: str = "joint_failure", grade: int = 2, **changed: Any) -> Any:
    """A scene of that grade."""
    scope = {name: entry.at_grade(grade) for name, entry in CARD.scope.items()} | changed.pop("scope", {})
    ordinary = {"around": NIGHT, "weather": COOL, "population": 60_000.0, "month": 1, "hour": 2.0}
    return scene(scope, cause, variant=variant, **ordinary | changed)


def run(variant: str = "indoor", begins: float | None = 30.0, share: float = 0.5, *, cause: str = "joint_failure", seed: int = 1,
        without: tuple[str, ...] = (), grade: int = 2, **changed: float) -> Walk:  # fmt: skip
    """With so large a share of what finds room from so many minutes on."""
    plan = {} if begins is None else {begins * MINUTE: all_hands(share, without)}
    return walk(model(variant, cause, **changed), where(variant, cause, grade), plan, seed=seed)


def hurt(found: Walk) -> int:
    return found.count(Status.DEAD) + found.count(Status.WAITING)


# ── printed values ──


def test_a_kitchen_fills_as_printed():
    """30 m³ at .5/h: .5 m³/h ends at 3.33 % and never explodes; 2.5 m³/h is at 5 % after 42.8 min."""
    hazard = model(spaces=1.0, near_share=1.0, volume=30.0, volume_spread=0.0)

    def after(flow: float, span: float) -> tuple[State, float]:
        state, _ = hazard.start(where(scope={"people": 0.0}), Streams(1)("hazard", "F1"))
        state = replace(state, line=replace(state.line, feed=flow / HOUR * state.line.density))
        inputs, passed = Inputs({}, COOL), math.inf
        while state.age < span:
            wait, name = hazard.next_event(state, inputs)
            state = hazard.advance(state, min(wait, span - state.age), inputs)
            if state.age < span:
                state, _ = hazard.fire(state, name, inputs)
                passed = state.age if name == "above_limit" else passed
        return state, passed

    little, never = after(0.5, 200 * HOUR)
    _, passed = after(2.5, HOUR)
    assert little.spaces[0].gas == pytest.approx(0.0333, rel=2e-3) and never == math.inf
    assert passed / MINUTE == pytest.approx(42.8, rel=1e-3)


@pytest.mark.parametrize(("inches", "psi", "feet"), [(30.0, 1000.0, 654.6)])
def test_a_rupture_is_deadly_as_far_as_printed(inches, psi, feet):
    """49 CFR 192.903: .69 d√p; 654.6 ft or 199.5 m for 30 in at 1 000 psig; at that radius 15.8 kW/m², at 3.3 of it some 1.4."""
    hazard = model("transmission", pressure=psi * 6894.757)
    found = rooms.fire_radius(hazard.p, inches * 0.0254)
    state, _ = hazard.start(where("transmission", grade=4), Streams(1)("hazard", "F1"))

    assert found == pytest.approx(feet * 0.3048, rel=1e-3) and found == pytest.approx(199.5, rel=1e-3)
    assert flames.flux(hazard.p, state, state.line.radius) == pytest.approx(15.8e3)
    assert flames.flux(hazard.p, state, hazard.p.clear_times * state.line.radius) == pytest.approx(1.4e3, rel=0.05)


def test_holes_and_lines_are_as_printed():
    """20 mm at 4 bar(g) let out .232 kg/s; DN300 over 10 km with a 100 mm hole empties with τ = 6.8 min."""
    at_sea = {"sea_level": 101_325.0}
    main = model("street_main", pressure=4e5, hole_times=1.0, **at_sea)
    long = model("transmission", hole_times=1.0)

    assert rooms.line(main.p, 0.02, 15.0, 101_325.0).full == pytest.approx(0.232, rel=5e-3)
    assert rooms.line(long.p, 0.1, 15.0, 101_325.0).tau / MINUTE == pytest.approx(6.8, rel=5e-3)


# ── exactness, conservation ──


@settings(max_examples=15, deadline=None)
@given(
    seed=seeds,
    variant=st.sampled_from(VARIANTS),
    share=st.floats(0.05, 1.0),
    cuts=st.lists(st.floats(0, 6 * HOUR), max_size=6),
)
def test_looking_in_between_changes_nothing(seed, variant, share, cuts):
    """However often the state is brought up to date, the course is the same."""
    hazard, place, plan = model(variant), where(variant, grade=3), {2 * HOUR: all_hands(share)}
    whole = walk(hazard, place, plan, seed=seed, until=6 * HOUR)
    cut = walk(hazard, place, plan, seed=seed, until=6 * HOUR, cuts=sorted(cuts))

    assert differences(cut, whole) == []
    assert same(cut.state, whole.state)


def test_gas_and_clocks_are_those_of_the_differential_equations():
    """A line that sinks to what feeds it and rooms that fill, by brute force until the valves are shut and after."""
    hazard = model("transmission", at_once=0.0, open_clock=0.0)
    state, _ = hazard.start(where("transmission", grade=4), Streams(1)("hazard", "F1"))
    inputs, line = Inputs({}, COOL), state.line
    later = hazard.advance(state, 900.0, inputs)
    course = solve_ivp(lambda _, m: [line.feed - m[0] / line.tau], (0.0, 900.0), [state.mass], rtol=1e-10, atol=1e-6)

    assert later.mass == pytest.approx(course.y[0][-1], rel=1e-7)
    assert later.released == pytest.approx(line.feed * 900.0 + state.mass - later.mass, rel=1e-9)

    flat = model("indoor")
    state, _ = flat.start(where(grade=3), Streams(1)("hazard", "F1"))
    room, later = state.spaces[0], flat.advance(state, 1800.0, inputs)
    gain = room.share * state.line.feed / state.line.density / room.volume
    course = solve_ivp(lambda _, c: [gain - flat.p.exchange * c[0]], (0.0, 1800.0), [0.0], rtol=1e-10, atol=1e-12)
    assert later.spaces[0].gas == pytest.approx(course.y[0][-1], rel=1e-7)


def test_marks_are_met_exactly():
    """Before a space is said to be above the limit or to explode, gas and clock stand on their marks."""
    hazard, place = model(), where(grade=4)
    state, _ = hazard.start(place, Streams(1)("hazard", "F1"))
    inputs, met = Inputs({}, COOL), set()
    for _ in range(40):
        span, name = hazard.next_event(state, inputs)
        if span == math.inf:
            break
        state = hazard.advance(state, span, inputs)
        if name == "above_limit":
            assert min(abs(s.gas / hazard.p.explosive - 1) for s in state.spaces) < 1e-9
            met.add(name)
        if name == "explodes":
            assert min(abs(s.used / s.bears - 1) for s in state.spaces) < 1e-9
            met.add(name)
        state, _ = hazard.fire(state, name, inputs)
    assert met == {"above_limit", "explodes"}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("cause", CAUSES)
def test_everybody_is_accounted_for_and_gas_comes_back(variant, cause):
    """Every cause of every kind: a named end, nobody left in danger, the supply restored, mass conserved."""
    found = run(variant, 60, cause=cause, grade=3)
    cuts = [e for _, _, effects in found.log for e in effects if isinstance(e, Cut)]

    assert found.ended < math.inf
    assert {person.status for person in found.people.values()} <= {Status.DEAD, Status.SAFE, Status.WAITING}
    assert len(cuts) == 2 and cuts[0].share < 1.0 and cuts[-1].share == 1.0
    line = found.state.line
    fed = found.when("shut_off") * line.feed
    assert found.state.released + found.state.mass == pytest.approx(fed + line.full * line.tau, rel=1e-6)


def test_zero_people_are_no_error():
    """An empty house, an empty street."""
    for variant in VARIANTS:
        found = walk(
            model(variant), where(variant, scope={"people": 0.0}, around=Surroundings(0.0)), {HOUR: all_hands()}
        )
        assert found.ended < math.inf and hurt(found) == 0


# ── effort ──


@pytest.mark.parametrize("variant", VARIANTS)
def test_without_help_it_goes_on(variant):
    """A leak does not close itself."""
    assert run(variant, None).ended == math.inf


@pytest.mark.parametrize("variant", ["indoor", "restaurant", "street_main"])
def test_earlier_and_more_help_hurts_fewer(variant):
    """Over many houses: soon, late, never; much, little."""

    def mean(begins: float | None, share: float = 0.5) -> float:
        return fmean(hurt(run(variant, begins, share, seed=s, grade=3)) for s in range(25))

    soon, late, never = mean(15.0), mean(240.0), mean(None)
    assert soon < late <= never and soon < 0.6 * never
    assert mean(30.0, 1.0) <= mean(30.0, 0.1)


@settings(max_examples=25, deadline=None)
@given(seed=seeds, variant=st.sampled_from(VARIANTS), share=st.floats(0.1, 0.5), more=st.floats(1.0, 2.0))
def test_more_effort_never_ends_it_later(seed, variant, share, more):
    """All capabilities scaled up together."""
    assert run(variant, 30, share * more, seed=seed).ended <= run(variant, 30, share, seed=seed).ended + 1.0


def test_detection_and_clearing_before_ignition_are_the_response():
    """Crews that look, vent and clear save people in cellars; shutting the valve alone leaves the gas in them."""

    def mean(without: tuple[str, ...]) -> float:
        return fmean(hurt(run("street_main", 60, seed=s, grade=4, without=without)) for s in range(25))

    assert mean(()) < mean(("HAZMAT", "EVAC"))


def test_power_off_and_cordon_slow_the_clocks():
    """Ignition above the limit is rarer without people and without power, in the open behind a cordon."""
    hazard = model("street_main")
    state, _ = hazard.start(where("street_main"), Streams(1)("hazard", "F1"))
    rich = replace(state.spaces[1], rich=True)
    people = rooms.ignition(hazard.p, state, rich)
    empty = rooms.ignition(hazard.p, state, replace(rich, inside=()))
    dark = rooms.ignition(hazard.p, replace(state, powerless=True), replace(rich, inside=()))
    assert people * HOUR == pytest.approx(3.0) and empty * HOUR == pytest.approx(0.5) and dark < empty

    alone, held = Inputs({}, COOL), Inputs({"cordon": 3.0, "water": 0.01}, COOL)
    assert hazard.next_event(state, held)[0] >= hazard.next_event(state, alone)[0]
    assert kernels.work_done_in(state.bears, hazard._open_clock(state, held)) > state.bears / hazard.p.open_clock


def test_crews_beside_it_are_struck():
    """Who looks or vents when a space explodes is in danger; those elsewhere are not."""
    found = [run("street_main", 30, 0.05, seed=s, grade=4, without=("EVAC",)) for s in range(30)]
    strikes = [e for w in found for _, _, effects in w.log for e in effects if isinstance(e, Strike)]

    assert strikes and all("valve" not in strike.demands and strike.demands for strike in strikes)


def test_cooling_keeps_houses_from_catching_fire():
    """A burning main spreads to houses unless there is water enough."""

    def alight(without: tuple[str, ...]) -> int:
        hazard, place = model("transmission", at_once=1.0, house_flux=1e9), where("transmission", grade=3, around=DAY)
        plan = {5 * MINUTE: all_hands(1.0, ("GAS_REPAIR", *without))}
        walks = [walk(hazard, place, plan, seed=s, until=3 * HOUR) for s in range(15)]
        return sum(w.when("houses_alight") < math.inf for w in walks)

    assert alight(()) < alight(("FIRE_WATER",))


# ── the five elements ──


def test_the_kind_of_place_decides_how_it_goes():
    """A flat is known at once, cellars must be found, a pipeline burns in the open."""
    flat, street, line = (
        model(v).start(where(v), Streams(1)("hazard", "F1"))[0] for v in ("indoor", "street_main", "transmission")
    )

    assert tasks.hidden(flat) == 0 and tasks.hidden(street) == 5 and not line.spaces
    assert min(s.arrives for s in street.spaces) >= HOUR and max(s.arrives for s in street.spaces) <= 8 * HOUR
    assert line.line.radius > 10.0 > street.line.radius


def test_night_finds_people_asleep_at_home_and_restaurants_empty():
    """By night more are in flats, and sleep through the smell; by day more are in shops."""

    def inside(variant: str, around: Surroundings) -> int:
        return len(
            model(variant).start(where(variant, around=around, grade=3), Streams(1)("hazard", "F1"))[0].spaces[0].inside
        )

    assert inside("restaurant", DAY) > inside("restaurant", NIGHT)
    gone = [sum(w.why.get(who) == "smelt" for who in w.people) for a in (DAY, NIGHT)
            for w in [walk(model(), where(around=a, grade=4), {}, until=3 * HOUR)]]  # fmt: skip
    assert gone[0] > gone[1]


def test_summer_airs_the_kitchen():
    """With open windows a leak that would explode in winter stays below the limit."""

    def passes(weather: Weather) -> float:
        return walk(model(), where(grade=1, weather=weather), {}, until=20 * HOUR).when("above_limit")

    assert passes(COOL) < math.inf and passes(Weather(temperature=26.0)) == math.inf


def test_a_cause_changes_hole_and_hiding_place():
    """A digger makes a big hole in the open, corrosion a small one that creeps through the ground."""
    dug, eaten = (
        model("street_main", c).start(where("street_main", c), Streams(1)("hazard", "F1"))[0]
        for c in ("third_party", "corrosion")
    )

    assert dug.line.full > 3 * eaten.line.full
    assert dug.spaces[1].share < eaten.spaces[1].share


def test_what_cascades_look_at_is_told_with_its_figures():
    """A building that comes down, a flash, a drain: with the people left in it and its volume."""
    notes: dict[str, dict[str, float]] = {}
    for variant in ("restaurant", "street_main", "indoor"):
        for s in range(40):
            found = run(variant, None, seed=s, grade=4)
            notes |= {e.name: e.values for _, _, effects in found.log for e in effects if isinstance(e, Note)}

    assert {"building_down", "flash", "drain_blows"} <= set(notes)
    assert notes["building_down"]["volume"] > 0.0 and notes["building_down"]["people"] >= 0.0
    assert notes["drain_blows"]["volume"] == 0.0


def test_a_duty_officer_asks_for_what_teams_can_supply():
    """Two to six gas crews, a line or two of water, some officers."""
    for variant in VARIANTS:
        hazard, place = model(variant), where(variant, grade=3)
        state, _ = hazard.start(place, Streams(1)("hazard", "F1"))
        asked = {n.capability: n.amount for n in hazard.needs(hazard.observe(state, Streams(1)("sight")), place.site)}
        assert 2 <= asked["GAS_REPAIR"] <= 6 and asked["FIRE_WATER"] <= 0.08 and asked["CORDON"] <= 20
