"""Toxic release: printed values, exact doses and marks, everybody accounted for, laws of effort, the five elements, SLAB."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from models.hazards.toxic_release import Model, Parameters, Where, cloud, doses, leak, tasks
from models.physics import plume, sources
from models.physics.plume import Ground, Stability
from sim import catalog
from sim.domain.hazards import Inputs, Note, Strike
from sim.domain.people import Status
from sim.domain.places import Settlement, Surroundings, Weather
from sim.streams import Streams
from tests.models.walking import Walk, all_hands, differences, same, scene, walk

MINUTE, HOUR = 60.0, 3600.0
ATMOSPHERE, GAS = 101_325.0, 8.314
CARD = catalog.hazard("toxic_release").card
CAUSES, SUBSTANCES = tuple(CARD.causes), tuple(CARD.variants)
STEADY = Weather(wind=3.0, wind_from=225.0, temperature=20.0, humidity=60.0)
NIGHT = Weather(wind=2.0, wind_from=225.0, temperature=10.0, humidity=60.0)
TOWN = Surroundings(
    density=3000.0 / 1e6,
    settlements=(Settlement("T1", 800.0, 45.0, 40_000.0), Settlement("T2", 5_000.0, 200.0, 20_000.0, -80.0)),
    presence={"dwelling": 0.6, "outdoors": 0.15, "asleep": 0.02},
)
ASLEEP = Surroundings(TOWN.density, TOWN.settlements, {"dwelling": 0.9, "outdoors": 0.02, "asleep": 0.9})
seeds = st.integers(0, 10_000)


def model(cause: str = "valve_leak", substance: str = "chlorine", **changed: float) -> Model:
    """The model with the typical values of its card."""
    values = {name: CARD.spread(name, cause, substance).median for name in CARD.parameters}
    return Model(Parameters(**{**values, **changed}))


def where(grade: int = 3, cause: str = "valve_leak", substance: str = "chlorine", **changed: Any) -> Any:
    """A scene of that grade."""
    scope = {name: entry.at_grade(grade) for name, entry in CARD.scope.items()} | changed.pop("scope", {})
    return scene(scope, cause, variant=substance, **{"around": TOWN, "weather": STEADY, "month": 5} | changed)


def run(begins: float | None = 30.0, share: float = 0.5, *, cause: str = "valve_leak", substance: str = "chlorine",
        seed: int = 1, without: tuple[str, ...] = (), night: bool = True, grade: int = 3, **changed: float) -> Walk:  # fmt: skip
    """With so large a share of what finds room from so many minutes on; by night, when most is at stake, unless said."""
    place = where(grade, cause, substance, **({"hour": 2.0, "weather": NIGHT, "around": ASLEEP} if night else {}))
    plan = {} if begins is None else {begins * MINUTE: all_hands(share, without)}
    return walk(model(cause, substance, **changed), place, plan, seed=seed)


def dead(found: Walk) -> set[str]:
    """Who died of the poison."""
    return {who for who, person in found.people.items() if person.status is Status.DEAD}


# ── printed values, by the model's own numbers ──


def test_holes_of_the_card_let_out_what_is_printed():
    """A 25 mm hole lets out 12.3 kg/s of liquid chlorine at 6 bar and 1.18 of gas at 7.8 bar(a), by the card's figures."""
    p = model().p
    area = sources.hole_area(0.025)
    assert sources.liquid_flow(p.liquid_discharge, area, p.liquid_density, 6e5) == pytest.approx(12.3, rel=2e-3)
    gas = sources.gas_flow(p.gas_discharge, area, 7.8e5, p.pressure, p.molar, p.gamma, 293.15, p.gas_constant)
    assert gas == pytest.approx(1.18, rel=1e-3)


@pytest.mark.parametrize(
    ("rate", "stability", "wind", "reach"), [(1, "D", 3, 761), (10, "D", 3, 3266), (1, "F", 2, 3070)]
)
def test_chlorine_reaches_as_far_as_printed(rate, stability, wind, reach):
    """20 ppm at sea level and 25 °C: 761 m, 3 266 m, 3.07 km (the passive plume of hazards.md H04)."""
    per_ppm = plume.parts_per_million(1.0, model().p.molar, 298.15, ATMOSPHERE, GAS)
    found = plume.plume(Ground.RURAL, Stability[stability], wind).reach(20.0 / per_ppm / rate, 10_000.0)

    assert found == pytest.approx(reach, rel=1e-3)


@pytest.mark.parametrize(("grade", "pairs"), list(enumerate((2, 4, 8, 12), start=1)))
def test_pairs_in_suits_are_of_the_printed_order(grade, pairs):
    """2/4/8/12 by grade, within a quarter."""
    p = model().p

    assert leak.wanted_pairs(p, CARD.scope["rate"].at_grade(grade)) == pytest.approx(pairs, rel=0.25)
    assert 0.02 <= leak.wanted_water(p, CARD.scope["rate"].at_grade(grade)) <= 0.08


@pytest.mark.oracle
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize(
    ("rate", "stability", "wind", "printed"), [(1.0, "D", 3.0, 871), (10.0, "D", 3.0, 3403), (1.0, "F", 2.0, 3940)]
)
def test_the_passive_plume_is_near_slab(rate, stability, wind, printed):
    """Against the heavy-gas model SLAB (an hour's mean, flat grass): what hazards.md printed, and our reach within a third."""
    pytest.importorskip("slabx")
    from slabx.core.plume import run_dispersion
    from slabx.core.source import EvaporatingPool
    from slabx.post.concentration import concentration_field
    from slabx.submodels.atmosphere import Atmosphere
    from slabx.thermo.base import LegacyThermo, Substance, water_backend

    chlorine = Substance(
        name="chlorine", mw=0.0709, cp_vapour=498.1, cp_liquid=926.3, dh_vap=287_840.0, T_boil=239.1, rho_liquid=1574.0
    )
    air = Atmosphere(u_ref=wind, z_ref=10.0, T=298.15, rh=50.0, z0=0.03, stability=stability)
    pool = EvaporatingPool(substance=chlorine, rate=rate, area=max(1.0, 10 * rate), duration=HOUR)
    course, _ = run_dispersion(pool, air, LegacyThermo(chlorine), water_backend(), x_max=12_000.0, n_puff_steps=60)
    slab = concentration_field(course, air, z=0.0, t_avg=HOUR, t_release=HOUR).distance_to(20e-6)
    per_ppm = plume.parts_per_million(1.0, 0.0709, 298.15, ATMOSPHERE, GAS)
    ours = plume.plume(Ground.RURAL, Stability[stability], wind).reach(20.0 / per_ppm / rate, 10_000.0)

    assert slab == pytest.approx(printed, rel=0.1)
    assert ours == pytest.approx(slab, rel=1 / 3)


# ── exactness, conservation ──


@settings(max_examples=12, deadline=None)
@given(seed=seeds, share=st.floats(0.05, 1.0), cuts=st.lists(st.floats(0, 3 * HOUR), max_size=6))
def test_looking_in_between_changes_nothing(seed, share, cuts):
    """However often the state is brought up to date, the course is the same – also with a wind that turns."""
    plan, skies = {20 * MINUTE: all_hands(share)}, {40 * MINUTE: Weather(wind=4.0, wind_from=150.0, temperature=16.0)}
    hazard, place = model("runaway_reaction"), where(3, "runaway_reaction")
    whole = walk(hazard, place, plan, seed=seed, until=3 * HOUR, weathers=skies)
    cut = walk(hazard, place, plan, seed=seed, until=3 * HOUR, weathers=skies, cuts=sorted(cuts))

    assert differences(cut, whole) == []
    assert same(cut.state, whole.state)


def test_marks_are_met_exactly():
    """When somebody collapses or dies, the dose stands on their threshold."""
    hazard, place = model(), where(4, hour=2.0, weather=NIGHT, around=ASLEEP)
    state, _ = hazard.start(place, Streams(2)("hazard", "F1"))
    inputs, met = Inputs({}, place.weather), 0
    while met < 20:
        span, name = hazard.next_event(state, inputs)
        state = hazard.advance(state, span, inputs)
        if name == "people_fall":
            group = min(state.groups, key=lambda g: g.due)
            _, dose = doses.now(state.place, group, state.age)
            assert dose == pytest.approx(doses.next_mark(hazard.p, group), rel=1e-9)
            met += 1
        state, _ = hazard.fire(state, name, inputs)


def test_the_dose_indoors_is_that_of_the_differential_equations():
    """Outdoor level, a room and Cⁿ integrated by brute force over an hour of the leak, a wind that drops in between."""
    hazard = model("pipe_break")
    place = where(3, "pipe_break", hour=2.0, weather=NIGHT, around=ASLEEP)
    found = walk(
        hazard, place, {}, until=HOUR, weathers={20 * MINUTE: Weather(wind=1.0, wind_from=225.0, temperature=10.0)}
    )
    state = found.state
    group = max((g for g in state.groups if g.where is not Where.OUTDOORS and g.alive), key=lambda g: g.unit)
    known = [(t, s) for t, s in _states(hazard, place, HOUR) if any(_cell(g) == _cell(group) for g in s.groups)]
    level = dose = 0.0
    for (t, s), (after, _) in zip(known, [*known[1:], (HOUR, state)], strict=True):
        g = next(g for g in s.groups if _cell(g) == _cell(group))
        course = solve_ivp(
            lambda _, y, g=g, n=s.place.n: [g.exchange * (g.outside - y[0]), max(0.0, y[0]) ** n],
            (0.0, max(after - t, 1e-9)), [level, dose], rtol=1e-9, atol=1e-9,
        )  # fmt: skip
        level, dose = course.y[0][-1], course.y[1][-1]

    assert doses.now(state.place, group, state.age) == pytest.approx((level, dose), rel=1e-4)


def _cell(group: Any) -> tuple[int, int, Where]:
    return group.ring, group.slot, group.where


def _states(hazard: Model, place: Any, until: float) -> list[tuple[float, Any]]:
    """The states after every event."""
    state, _ = hazard.start(place, Streams(1)("hazard", "F1"))
    inputs, now, states = Inputs({}, place.weather), 0.0, []
    later = Inputs({}, Weather(wind=1.0, wind_from=225.0, temperature=10.0))
    while now < until:
        span, name = hazard.next_event(state, inputs)
        turn = 20 * MINUTE - now if now < 20 * MINUTE else until - now
        if span < turn:
            state, _ = hazard.fire(hazard.advance(state, span, inputs), name, inputs)
            now += span
        else:
            state = hazard.advance(state, turn, inputs)
            now += turn
            inputs = later
            state = hazard.advance(state, 0.0, inputs)
        states.append((now, state))
    return states


@pytest.mark.parametrize("cause", CAUSES)
def test_mass_is_conserved(cause):
    """What was released and what is left are what there was; an untended leak lets out all of it."""
    found, untended = run(cause=cause, night=False), run(None, cause=cause, night=False)
    mass = CARD.scope["inventory"].at_grade(3)

    assert found.state.left + found.state.released == pytest.approx(mass, rel=1e-9)
    assert untended.state.released == pytest.approx(mass, rel=1e-9)


@pytest.mark.parametrize("substance", SUBSTANCES)
def test_everybody_is_accounted_for(substance):
    """In the end everybody who was in it is out, hurt or dead, once; the hurt have a colour."""
    found = run(substance=substance, grade=2)

    assert found.ended < math.inf
    standing = {person.status for person in found.people.values()}
    assert standing <= {Status.DEAD, Status.SAFE, Status.WAITING}
    assert all(person.triage for person in found.people.values() if person.status is Status.WAITING)


def test_no_more_people_are_followed_than_there_is_room_for():
    """The nearest first; the rest is counted, and the run is told."""
    found = run(None, grade=4, followed=50)

    assert len(found.people) == 50 and found.state.unfollowed > 100
    assert model().readings(found.state)["unfollowed"] == found.state.unfollowed


def test_halving_the_step_of_a_vessel_changes_no_dose_by_one_percent():
    """A vessel of gas empties by steps: what people have taken up is that of the exponential."""

    def taken_up(step: float) -> dict[tuple[int, int, Where], float]:
        hazard, place = model("runaway_reaction", gas_step=step), where(3, "runaway_reaction")
        state = walk(hazard, place, {}, until=40 * MINUTE).state
        return {
            _cell(g): doses.now(state.place, g, state.age)[1] for g in state.groups if g.where is not Where.OUTDOORS
        }

    step = model().p.gas_step
    coarse, fine = taken_up(step), taken_up(step / 2)
    both = sorted(set(coarse) & set(fine))
    assert len(both) >= 3
    assert [coarse[k] for k in both] == pytest.approx([fine[k] for k in both], rel=0.01)


# ── effort ──


@settings(max_examples=12, deadline=None)
@given(seed=seeds, share=st.floats(0.05, 0.6), more=st.floats(1.0, 3.0), cause=st.sampled_from(CAUSES))
def test_more_effort_loses_nobody_else(seed, share, more, cause):
    """Whoever dies with more help would have died with less; it ends no later."""
    less, most = run(15, share, cause=cause, seed=seed), run(15, share * more, cause=cause, seed=seed)

    assert dead(most) <= dead(less)
    assert most.ended <= less.ended + 1.0


@settings(max_examples=10, deadline=None)
@given(seed=seeds, begins=st.floats(5, 60), later=st.floats(0, 60))
def test_coming_earlier_loses_nobody_else(seed, begins, later):
    """The same force some minutes earlier."""
    assert dead(run(begins, seed=seed)) <= dead(run(begins + later, seed=seed))


def test_minutes_decide():
    """At night beside a town, help after ten minutes saves most of those whom an hour's delay kills."""
    soon, late, never = ([dead(run(begins, seed=s)) for s in range(4)] for begins in (10.0, 60.0, None))
    soon, late, never = (sum(map(len, each)) for each in (soon, late, never))

    assert soon < 0.7 * never and late <= never and never > 20


@pytest.mark.parametrize("capability", ["HAZMAT", "LEAK_STOP", "EVAC", "FIRE_WATER"])
def test_what_is_left_out_is_missed(capability):
    """Without suits, sealing, warning or water more people die, or the leak runs longer."""
    full, part = run(12, 0.3), run(12, 0.3, without=(capability,))
    worse = len(dead(part)) > len(dead(full)) or part.state.released > full.state.released * 1.01
    worse = worse or part.ended > full.ended or len(_hurt(part)) > len(_hurt(full))

    assert len(dead(part)) >= len(dead(full)) and worse


def _hurt(found: Walk) -> list[str]:
    return [who for who, person in found.people.items() if person.status in (Status.DEAD, Status.WAITING)]


def test_nobody_goes_to_the_leak_without_suits():
    """Leak crews alone do not stop it."""
    assert run(10, without=("HAZMAT",)).when("sealed") == math.inf
    assert run(10).when("sealed") < HOUR


def test_without_help_it_is_never_declared_clear():
    """Somebody must measure and wash; the leak itself empties."""
    found = run(None)

    assert found.when("emptied") < math.inf and found.ended == math.inf


def test_shut_windows_and_warning_spare_those_indoors():
    """Whoever is told to shut themselves in takes up less than whoever is not."""
    told, not_told = (
        run(5, 1.0, night=False, grade=4, without=("LEAK_STOP", "FIRE_WATER", *out)) for out in ((), ("EVAC",))
    )

    assert len(dead(told)) <= len(dead(not_told)) and len(_hurt(told)) < len(_hurt(not_told))


# ── the five elements, causes, substances ──


def test_night_reaches_farther_than_noon():
    """Stable air carries 3–5 times as far (hazards.md H04)."""
    hazard = model()

    def reach(hour: float, weather: Weather) -> float:
        state, _ = hazard.start(where(3, hour=hour, weather=weather), Streams(1)("hazard", "F1"))
        return hazard.readings(state)["reach"]

    same_wind = Weather(wind=2.5, wind_from=225.0, temperature=15.0, humidity=60.0)
    assert 2.5 < reach(2.0, same_wind) / reach(13.0, same_wind) < 12
    overcast = Weather(wind=2.5, wind_from=225.0, temperature=15.0, humidity=95.0)
    assert reach(2.0, overcast) == pytest.approx(reach(13.0, overcast))


def test_stability_changes_with_the_sun():
    """A leak that begins before dusk becomes more dangerous after it; the moment is an event of its own."""
    hazard, place = model(), where(3, hour=17.0, month=1, scope={"inventory": 1e5})
    found = walk(hazard, place, {}, until=3 * HOUR)

    assert found.when("sun_changes") < 3 * HOUR
    assert hazard.readings(found.state)["stability"] == 5.0  # 3 m/s, clear night


def test_wind_that_turns_brings_it_to_others_and_to_the_crews():
    """New people are in the cloud, unprotected responders are struck, those to be warned are counted anew."""
    hazard, place = model("pipe_break"), where(4, "pipe_break")
    turn = {25 * MINUTE: Weather(wind=3.0, wind_from=45.0, temperature=20.0)}
    found = walk(hazard, place, {20 * MINUTE: all_hands(0.2)}, until=HOUR, weathers=turn)
    strikes = [e for _, _, effects in found.log for e in effects if isinstance(e, Strike)]

    assert found.when("wind_turned") == pytest.approx(25 * MINUTE) and len(strikes) == 1
    towns = {who.split("-")[1] for who in found.people if who.startswith("r")}
    assert max(map(int, towns)) > 90 and min(map(int, towns)) < 45  # slots of 2° on both sides


def test_a_valley_leads_the_cloud_along_its_axis():
    """In a gorge the wind blows along it, by night in still air down it."""
    hazard = model()

    def towards(weather: Weather, hour: float) -> float:
        state, _ = hazard.start(where(3, terrain="gorge", hour=hour, weather=weather), Streams(1)("hazard", "F1"))
        return state.air.towards

    axis = TOWN.settlements[0].bearing
    assert towards(Weather(wind=3.0, wind_from=200.0), 13.0) == axis
    assert towards(Weather(wind=3.0, wind_from=80.0), 13.0) == axis + 180.0
    assert towards(Weather(wind=1.0, wind_from=80.0), 2.0) == axis  # the town lies no higher than the site


def test_rain_and_cold_weaken_it():
    """Rain washes ammonia out, cold contents press less."""
    hazard = model(substance="ammonia")

    def start(weather: Weather) -> dict[str, float]:
        state, _ = hazard.start(where(3, substance="ammonia", weather=weather), Streams(1)("hazard", "F1"))
        return hazard.readings(state)

    dry, wet, cold = (
        start(Weather(wind=6.5, humidity=95.0)),
        start(Weather(wind=6.5, rain=10.0)),
        start(Weather(wind=6.5, temperature=-8.0, humidity=95.0)),
    )
    assert wet["reach"] < dry["reach"] and wet["leak"] == dry["leak"]
    assert cold["leak"] < 0.8 * dry["leak"]


def test_altitude_makes_the_same_mass_more_parts_per_million():
    """At 1 900 m a cubic metre of air holds fewer molecules."""
    high, low = (model().start(where(3, elevation=e), Streams(1)("hazard", "F1"))[0].place.scale for e in (1900.0, 0.0))

    assert high / low == pytest.approx(math.exp(1900 / 8400), rel=1e-3)


@pytest.mark.parametrize("substance", SUBSTANCES)
@pytest.mark.parametrize("tno", [0.0, 1.0])
def test_every_substance_runs_by_either_probit(substance, tno):
    """Both sets, to a named end."""
    assert run(15, substance=substance, tno=tno, grade=2).ended < math.inf


def test_what_nobody_smells_is_left_only_when_somebody_tells():
    """Carbon monoxide gives no sign: without warning nobody but the workers walks out of it."""
    silent, told = (run(None if n else 5, substance="carbon_monoxide", grade=4, night=False) for n in (True, False))

    assert not any(why == "left_cloud" and who.startswith("r") for who, why in silent.why.items())
    assert "left_cloud" in told.why.values() or "led_out" in told.why.values()


def test_ammonia_in_the_water_is_told_and_hydrogen_sulphide_can_be_burnt():
    """Milestones that cascades look at; burning off takes the poison away."""
    ammonia = run(10, 1.0, substance="ammonia", grade=4, without=("LEAK_STOP",))
    notes = {e.name: e.values for _, _, effects in ammonia.log for e in effects if isinstance(e, Note)}
    assert notes["ammonia_runs_off"]["mass"] > 0.0

    burnt = run(10, 1.0, substance="hydrogen_sulphide", grade=4, without=("LEAK_STOP",))
    assert burnt.when("burnt_off") < HOUR
    assert len(dead(burnt)) <= len(dead(run(None, substance="hydrogen_sulphide", grade=4)))


def test_the_zone_holds_the_people_who_live_in_it():
    """People to be warned, by brute force over a fine grid."""
    hazard, place = model(), where(3)
    state, _ = hazard.start(place, Streams(1)("hazard", "F1"))
    step, found = 10.0, 0.0
    air, marks = state.air, cloud.edges(hazard.p)
    for i in range(1, 600):
        for j in range(-60, 61):
            x, y = i * step, j * step
            level = plume.plume(Ground.URBAN, Stability(air.stability), air.wind).concentration(x, y) * state.to_air
            if level >= state.place.harm and marks[0] <= x <= marks[-1]:
                bearing = air.towards + math.degrees(math.atan2(y, x))
                found += cloud.density(state.place, math.hypot(x, y), bearing) * state.place.present * step * step

    assert tasks.to_warn(state) == pytest.approx(found, rel=0.25)


def test_a_duty_officer_asks_for_what_teams_can_supply():
    """Pairs, one or two crews at the leak, some tens of litres a second, not every policeman of the city."""
    hazard, place = model(), where(4, hour=2.0, weather=NIGHT, around=ASLEEP)
    state, _ = hazard.start(place, Streams(1)("hazard", "F1"))
    asked = {
        need.capability: need.amount for need in hazard.needs(hazard.observe(state, Streams(1)("sight")), place.site)
    }

    assert 4 <= asked["HAZMAT"] <= 25 and asked["LEAK_STOP"] <= 2 and asked["FIRE_WATER"] <= 0.08
    assert asked["EVAC"] * HOUR <= 2400 and asked["CORDON"] <= 24
