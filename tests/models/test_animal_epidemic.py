"""Animal epidemic: the published figures, spread against an integrator and a head count, works, people, and what help is worth."""

from __future__ import annotations

import math
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from scipy.integrate import quad
from scipy.optimize import brentq

from models.hazards.animal_epidemic import (
    Model,
    Parameters,
    Phase,
    State,
    contacts,
    culling,
    daily_chance,
    doubling,
    force,
    growth,
    kernel,
    throughput,
    unseen,
)
from models.hazards.animal_epidemic.spread import Pace, Place
from models.hazards.animal_epidemic.state import Farm, Job
from sim.domain.hazards import Demand, DemandKind, Inputs, Involve, Note, Over, Roads, Scene, Sighting
from sim.domain.people import Status, Triage
from sim.domain.places import Settlement, Surroundings, Weather
from sim.streams import Streams
from tests.models.passports import parameters
from tests.models.walking import DAY, Answer, Walk, all_hands, scene, walk

FILE = "hazards/animal_epidemic/parameters.yaml"
SCOPE = {"farms": 3.0, "heads": 800.0}
HOUR, FAR = 3600.0, 300 * DAY
PACE = Pace(0.02, 1000.0, 2.0, 0.0, 4 * DAY, 40 * DAY, 80.0, 0.3, 0.5, 3.0)
seeds = st.integers(0, 5_000)


def model(variant: str = "asf", cause: str = "transport", **changed: float) -> Model:
    return Model(parameters(Parameters, FILE, cause, variant, **changed))


def where(cause: str = "transport", **changed: object) -> Scene:
    scope = {**SCOPE, **{k: changed.pop(k) for k in ("farms", "heads") if k in changed}}
    return scene(scope, cause, **{"month": 4, **changed})  # type: ignore[arg-type]


def begun(hazard: Model, place: Scene | None = None, seed: int = 1) -> State:
    return hazard.start(place or where(), Streams(seed)("hazard", "F1"))[0]


def crews(vets: float, diggers: float = 100 / 3600, others: float = 3.0) -> Answer:
    """A city's few crews, the most urgent task first."""

    def answer(demands: list[Demand]) -> dict[str, float]:
        given_, left = {}, {"VET": vets, "ROAD_CLEAR": diggers}
        for demand in demands:
            room = demand.amount if demand.kind is DemandKind.HOLD else demand.face
            take = min(room, left.get(demand.capability, others if demand.kind is DemandKind.WORK else room))
            if demand.capability in left:
                left[demand.capability] -= take
            given_[demand.id] = take
        return given_

    return answer  # type: ignore[return-value]


@cache
def course(variant: str, begins: float, share: float, seed: int, cause: str = "transport") -> Walk:
    plan = {begins: all_hands(share)} if begins < math.inf else {}
    return walk(model(variant, cause), where(cause), plan, seed=seed, until=FAR)


def reached(found: Walk) -> set[int]:
    """The farms that got it."""
    state = found.state
    return {i for i, phase in enumerate(state.phases) if phase in (1, 2, 3) or phase is Phase.CULLED}


# ── the figures of the card ──


def test_farms_double_in_the_time_of_the_card() -> None:
    """R 1.8 and a generation of 5 d: 5.90 d; a chain that does not grow never doubles."""
    assert doubling(1.8, 5.0) == pytest.approx(5.896, rel=1e-3) and doubling(1.8, 5.0) == pytest.approx(5.90, rel=1e-3)
    assert growth(1.8, 5.0) == pytest.approx(brentq(lambda r: math.exp(r * 5.0) - 1.8, 0.0, 1.0))
    assert math.isinf(doubling(1.0, 5.0)) and math.isinf(doubling(0.4, 5.0))


def test_a_queue_of_forty_farms_wants_twenty_culled_a_day() -> None:
    """Little's law: 40 that wait, 2 d each."""
    assert throughput(40.0, 2.0) == pytest.approx(20.0, rel=1e-3)


def test_five_farms_at_three_kilometres_of_the_card() -> None:
    """.00996 a day, with k0 .02, r0 1 km and a 2 as the card has them."""
    p = model().p
    chance = kernel(3000.0, p.near, p.scale, p.power)

    assert daily_chance([chance] * 5) == pytest.approx(0.00996, rel=1e-3)
    assert daily_chance([chance] * 5) == pytest.approx(1 - (1 - 0.002) ** 5, rel=1e-12)


def test_what_farms_pass_on_in_a_day_is_that_chance() -> None:
    """The spread itself: in many draws, five neighbours at 3 km reach a farm within a day as often as the formula says."""
    near = 0.4  # more than the card's, so that a few thousand draws tell
    pace = replace(PACE, near=near)
    places = [Place(0.0, 0.0, 80.0)] + [
        Place(3000.0 * math.cos(a * math.tau / 5), 3000.0 * math.sin(a * math.tau / 5), 80.0) for a in range(5)
    ]
    stream, hits, tries = Streams(1)("luck"), 0, 4000
    for _ in range(tries):
        luck = [[(stream.exponential(), stream.uniform(), stream.uniform()) for _ in range(8)] for _ in range(5)]
        hits += any(
            c.target == 0 and c.age <= DAY for a in range(5) for c in contacts(a + 1, places, pace, luck[a])
        )  # fmt: skip
    want = daily_chance([kernel(3000.0, near, 1000.0, 2.0)] * 5)

    assert hits / tries == pytest.approx(want, abs=4 * math.sqrt(want / tries))


@given(st.floats(10.0, 50_000.0), st.floats(10.0, 50_000.0), st.floats(0.001, 0.4), st.floats(1.0, 4.0))
def test_the_kernel_falls_with_distance(a: float, b: float, near: float, power: float) -> None:
    """Never more far off than near by, half at the scale."""
    near_, far = sorted((a, b))
    assert kernel(near_, near, 1000.0, power) >= kernel(far, near, 1000.0, power) > 0.0
    assert kernel(1000.0, near, 1000.0, power) == pytest.approx(near / 2)
    assert force(near) * DAY == pytest.approx(-math.log(1 - near))


def test_infections_a_day_agree_with_the_integral_of_the_kernel() -> None:
    """What a usual farm does to all around it: the kernel integrated over a disc of farms of that density."""
    hazard = model(carried=0.0, density=0.9e-6, near=0.002, passes_most=1.0)
    rates = [begun(hazard, where(farms=1.0), seed).near_rate * DAY for seed in range(40)]
    p = hazard.p
    whole, _ = quad(lambda d: math.tau * d * p.density * kernel(d, p.near, p.scale, p.power), 0.0, p.area)

    assert math.fsum(rates) / len(rates) == pytest.approx(whole, rel=0.08)


# ── farm to farm ──


def several(seed: int, count: int, pace: Pace) -> list[tuple[object, ...]]:
    """What so many farms in a square would pass on."""
    stream = Streams(seed)("farms")
    places = [Place(9e3 * stream.uniform(), 9e3 * stream.uniform(), 200 * stream.uniform() + 1) for _ in range(count)]
    luck = [[(stream.exponential(), stream.uniform(), stream.uniform()) for _ in range(30)] for _ in range(count)]
    return [contacts(i, places, pace, luck[i]) for i in range(count)]


@settings(max_examples=30, deadline=None)
@given(seeds, st.integers(2, 40), st.floats(0.0, 0.3))
def test_a_farm_passes_on_in_order_to_others_while_it_sheds(seed: int, count: int, carried: float) -> None:
    """Never to itself, nothing after it has ceased to shed, nothing on the road where nothing is moved."""
    pace = replace(PACE, near=0.3, carried=carried / DAY, shedding=15 * DAY)
    for i, own in enumerate(several(seed, count, pace)):
        assert [c.age for c in own] == sorted(c.age for c in own)
        assert all(c.target != i and 0 <= c.target < count and 0.0 < c.age < pace.shedding for c in own)
        assert carried > 0.0 or not any(c.moved for c in own)


@settings(max_examples=30, deadline=None)
@given(seeds, st.integers(5, 40), st.integers(1, 4))
def test_unseen_every_farm_has_it_from_the_first_that_reaches_it(seed: int, count: int, first: int) -> None:
    """As a slow count over all chains, to a fixed point, finds it."""
    passes = several(seed, count, replace(PACE, near=0.3))
    begun_ = [-DAY * i for i in range(first)]
    since, slow = unseen(passes, begun_, PACE.latent, 20 * DAY), [*begun_, *[math.inf] * (count - first)]
    for _ in range(count):
        for i, own in enumerate(passes):
            for c in own:
                at = slow[i] + PACE.latent + c.age
                if at <= 20 * DAY and c.target >= first:
                    slow[c.target] = min(slow[c.target], at)

    assert since == pytest.approx(slow)


def test_as_much_is_moved_as_the_card_says() -> None:
    """Alone on wide land, farms give it to others by what is moved: so many a day, to anybody alike."""
    pace = replace(PACE, near=0.0, carried=0.1 / DAY, shedding=40 * DAY)
    passes = several(3, 200, pace)
    targets = [c.target for own in passes for c in own]

    assert len(targets) / 200 == pytest.approx(4.0, abs=4 * math.sqrt(4.0 / 200))
    assert math.fsum(targets) / len(targets) == pytest.approx(99.5, abs=4 * 58 / math.sqrt(len(targets)))


def test_zero_farms_to_infect_is_no_error() -> None:
    """One farm alone has nobody to give it to."""
    assert contacts(0, [Place(0.0, 0.0, 10.0)], PACE, [(1.0, 0.5, 0.5)]) == ()
    found = walk(model(density=0.0), where(farms=1.0), {HOUR: all_hands()}, until=FAR)
    assert found.ended < math.inf and len(found.state.farms) == 1


# ── works ──


def test_crews_go_where_it_was_found_first_and_no_farm_takes_more_than_its_face() -> None:
    """Seven crews, three a farm: 3, 3, 1, none."""
    jobs = [Job(i, 3600.0, 3600.0, ring=False) for i in range(4)]
    farms = [Farm(100.0, DAY, 0.5, ()) for _ in range(4)]

    assert culling.crews_at(jobs, 7.0, 3.0) == [3.0, 3.0, 1.0, 0.0]
    assert culling.next_done(jobs, 7.0, 3.0) == (1200.0, 0)
    assert culling.rate(jobs, 7.0, 3.0, farms) * 3600.0 == pytest.approx(700.0)


def test_a_farm_of_ten_thousand_pigs_takes_a_hundred_crew_hours() -> None:
    """100 pigs an hour and crew, and an hour to get in and out."""
    hazard = model(density=0.0)
    found = walk(hazard, where(farms=1.0, heads=10_000.0), {0.0: crews(3.0)}, until=FAR)
    confirmed, culled = found.when("confirmed"), found.when("farm_culled")

    assert culled - confirmed == pytest.approx(101 * HOUR / 3)
    assert found.state.culled == pytest.approx(10_000.0)
    assert found.state.condemned == pytest.approx(3000.0), ".3 m³ a pig"


@pytest.mark.parametrize("variant", ["asf", "fmd", "hpai"])
def test_every_animal_killed_is_counted_and_buried(variant: str) -> None:
    """Heads of the farms that were culled; their room in the pits; nothing left above ground."""
    found = course(variant, 6 * HOUR, 1.0, 4)
    state, hazard = found.state, model(variant)
    heads = math.fsum(
        farm.heads for farm, phase in zip(state.farms, state.phases, strict=True)
        if phase in (Phase.CULLED, Phase.PRECAUTION)
    )  # fmt: skip

    assert state.culled == pytest.approx(heads, rel=1e-9)
    assert state.dug == state.condemned == pytest.approx(heads * hazard.p.carcass / hazard.p.heads_times)
    assert hazard.readings(state)["carcasses"] == pytest.approx(0.0, abs=1e-6)


def test_rain_slows_the_diggers() -> None:
    """At the rain that halves it, pits take twice as long."""
    dry = walk(model(), where(), {0.0: all_hands()}, until=FAR)
    wet = walk(model(), where(weather=Weather(rain=10.0)), {0.0: all_hands()}, until=FAR)

    def took(found: Walk) -> float:
        return found.when("buried") - found.when("confirmed")

    assert took(wet) == pytest.approx(2 * took(dry), rel=0.02)


def test_splitting_is_exact() -> None:
    """In the middle of the culling, one span is two."""
    hazard = model()
    found = walk(hazard, where(), {HOUR: crews(4.0)}, until=2.2 * DAY)
    state, inputs = found.state, Inputs(crews(4.0)(hazard.demands(found.state)), Weather(rain=3.0))
    span = min(HOUR, hazard.next_event(state, inputs)[0])
    whole = hazard.advance(state, span, inputs)
    parts = hazard.advance(hazard.advance(state, 0.37 * span, inputs), 0.63 * span, inputs)

    assert whole.culled == pytest.approx(parts.culled, rel=1e-12)
    assert (whole.dug, whole.cleaning, whole.visited) == pytest.approx((parts.dug, parts.cleaning, parts.visited))


# ── how it ends, and what help is worth ──


@pytest.mark.parametrize("variant", ["asf", "fmd", "hpai"])
@pytest.mark.parametrize("seed", (0, 1, 2, 3, 7, 9))
def test_it_ends_after_the_quiet_time_of_the_rule(variant: str, seed: int) -> None:
    """42, 14 or 21 days after the last find, cull, pit and cleaning; and not before."""
    found, hazard = course(variant, 6 * HOUR, 1.0, seed), model(variant)
    last = max(t for t, name, _ in found.log if name not in ("released", "contact", "hand_caught", "vaccinated"))

    assert found.ended == pytest.approx(last + hazard.p.clear, abs=1.0)
    assert [e.reason for _, _, effects in found.log for e in effects if isinstance(e, Over)] == ["released"]
    assert not any(phase in (Phase.INCUBATING, Phase.SHEDDING, Phase.FOUND) for phase in found.state.phases)


@pytest.mark.parametrize("variant", ["asf", "hpai"])
def test_without_help_it_does_not_end_and_takes_nearly_all(variant: str) -> None:
    """Nobody confirms, nobody culls: it goes through the area and is never over."""
    found = course(variant, math.inf, 0.0, 2)
    hazard = model(variant)

    assert math.isinf(found.ended) and math.isinf(hazard.next_event(found.state, Inputs({}, Weather()))[0])
    assert hazard.readings(found.state)["attacked"] > 0.8 and found.state.culled == 0.0


@pytest.mark.parametrize("variant", ["asf", "fmd", "hpai"])
@pytest.mark.parametrize("seed", range(8))
def test_earlier_and_more_help_spares_farms_and_ends_it_no_later(variant: str, seed: int) -> None:
    """The farms reached with better help are among those reached with worse; the zone opens no later."""
    soon, late = course(variant, HOUR, 1.0, seed), course(variant, 30 * HOUR, 1.0, seed)
    little = course(variant, HOUR, 0.3, seed)

    assert reached(soon) <= reached(late) and reached(soon) <= reached(little)
    assert soon.ended <= late.ended + 1.0 and soon.ended <= little.ended + 1.0


@pytest.mark.parametrize(("left_out", "more"), [(("TRAFFIC",), 3), (("ROAD_CLEAR",), 0)])
def test_every_measure_counts(left_out: tuple[str, ...], more: int) -> None:
    """Without points on the roads it reaches more farms; without pits the zone is never opened."""
    with_, without = 0, 0
    for seed in range(6):
        full = walk(model("fmd"), where(), {HOUR: crews(6.0)}, seed=seed, until=60 * DAY)
        lacks = walk(model("fmd"), where(), {HOUR: all_hands(1.0, left_out)}, seed=seed, until=60 * DAY)
        best = walk(model("fmd"), where(), {HOUR: all_hands()}, seed=seed, until=60 * DAY)
        with_, without = with_ + len(reached(best)), without + len(reached(lacks))
        assert reached(best) <= reached(full)
        assert lacks.ended == math.inf if "ROAD_CLEAR" in left_out else True
    assert without >= with_ + more


def test_visits_find_farms_before_their_owners_do() -> None:
    """With crews going round, hidden farms are found sooner, and fewer follow."""
    looked = [walk(model(visitors=v), where(farms=8.0), {HOUR: all_hands()}, seed=3, until=FAR) for v in (0.0, 4.0)]

    def finds(found: Walk, name: str) -> int:
        return sum(what == name for _, what, _ in found.log)

    assert finds(looked[0], "found_by_visit") == 0 < finds(looked[1], "found_by_visit")
    assert len(reached(looked[1])) <= len(reached(looked[0]))


def test_vaccine_protects_once_it_works() -> None:
    """Foot-and-mouth with a vaccine that always works reaches nobody from a week after the last farm got it."""
    found = walk(model("fmd", vaccine=1.0), where(farms=8.0), {HOUR: all_hands()}, seed=5, until=FAR)
    from_ = found.when("vaccinated") + model("fmd").p.immune_after
    late = [t for t, _, effects in found.log for e in effects
            if isinstance(e, Note) and e.name == "farm_infected" and t >= from_]  # fmt: skip

    assert found.state.immune_from == pytest.approx(from_) and late == []


def test_roads_are_slow_while_points_are_manned_and_free_again_at_the_end() -> None:
    """0.7 of the speed within the ring; 1 when the zone is opened."""
    found = course("asf", 6 * HOUR, 1.0, 1)
    roads = [(e.factor, e.radius) for _, _, effects in found.log for e in effects if isinstance(e, Roads)]

    assert roads == [(0.7, 3000.0), (1.0, 3000.0)]


# ── people ──


def test_bird_flu_reaches_people_and_swine_fever_does_not() -> None:
    """With no help, everybody who would catch it falls ill once; some of them die; help spares a superset."""
    sure = {"catches": 0.2, "red": 0.5, "dies": 0.6}
    never = walk(model("hpai", **sure), where(), {}, seed=3, until=FAR)
    helped = walk(model("hpai", **sure), where(), {6 * HOUR: all_hands()}, seed=3, until=FAR)
    late = walk(model("hpai", **sure), where(), {5 * DAY: all_hands()}, seed=3, until=FAR)

    def dead(found: Walk) -> set[str]:
        return {who for who, person in found.people.items() if person.status is Status.DEAD}

    assert never.state.ill == len(never.people) > 10 and never.count(Status.EXPOSED) == 0
    assert 0 < len(dead(never)) < len(never.people)
    assert dead(helped) <= dead(late) <= dead(never) and len(dead(helped)) < len(dead(never))
    assert set(helped.people) <= set(late.people) <= set(never.people)
    assert course("asf", math.inf, 0.0, 3).people == {}


def test_whoever_is_watched_goes_to_hospital_as_one_who_is_ill() -> None:
    """Red or yellow, with the clocks of an illness; nobody green is sent."""
    sure = {"catches": 0.5, "exposed_within": 12 * DAY}
    found = walk(model("hpai", **sure), where(farms=8.0), {4 * DAY: all_hands()}, seed=6, until=FAR)
    waiting = [person for person in found.people.values() if person.status is Status.WAITING]

    assert waiting and {person.triage for person in waiting} <= {Triage.RED, Triage.YELLOW}
    assert {e.persons[0].harm for _, _, effects in found.log for e in effects if isinstance(e, Involve)} == {"illness"}
    assert {person.status for person in found.people.values()} <= {Status.WAITING, Status.DEAD, Status.SAFE}


# ── what is asked for ──


@given(st.floats(0.0, 2e6), st.integers(0, 80), st.floats(0.0, 2e4), st.floats(0.0, 4e5), st.booleans())
def test_nobody_asks_for_more_than_the_city_has(
    work: float, waiting: int, bury: float, clean: float, shot: bool
) -> None:
    """At most six of eight veterinary crews, four points, 250 m³/h of digging; whole crews."""
    figures = {"farms": 5.0, "confirmed": 1.0, "sampled": 1.0, "waiting": float(waiting), "work": work, "to_bury": bury,
               "to_clean": clean, "to_vaccinate": 3600.0 * shot, "doubling": 0.0, "watched": 30.0}  # fmt: skip
    needs = {need.capability: need.amount for need in model("hpai").needs(Sighting(figures=figures), where().site)}

    assert 2.0 <= needs["VET"] <= 6.0 and needs["VET"] == round(needs["VET"])
    assert needs["TRAFFIC"] == 4.0 and needs["EPI"] == 1.0
    assert needs.get("ROAD_CLEAR", 0.0) * 3600.0 <= 250.0 and needs.get("FARM_CLEAN", 0.0) <= 3.0


def test_before_it_is_confirmed_one_crew_takes_samples_and_nobody_kills() -> None:
    """The law of animal epidemics begins with the laboratory."""
    hazard = model()
    state = begun(hazard)
    seen = hazard.observe(state, Streams(1)("sight"))

    assert [(d.id, d.capability) for d in hazard.demands(state)] == [("sampling", "VET")]
    assert [(n.capability, n.amount) for n in hazard.needs(seen, where().site)] == [("VET", 1.0)]
    assert seen.figures["suspected"] >= 1.0 > seen.figures["farms"] and hazard.mode(state) == "latent"


# ── the five elements ──


def test_cold_the_festival_and_crowded_land_change_the_spread() -> None:
    """Colder is quicker; more is moved in December and January; a basin has more farms, a town's surroundings fewer."""
    hazard = model("hpai")

    def state(**changed: object) -> State:
        return begun(hazard, where(**changed))

    usual, cold = state(), state(weather=Weather(temperature=0.0))
    town = Surroundings(settlements=(Settlement("T1", 2000.0, 0.0, 900_000.0),))
    assert cold.near_rate > usual.near_rate and cold.moved_rate == usual.moved_rate
    assert state(month=1).moved_rate == pytest.approx(1.5 * state(month=3).moved_rate)
    assert len(state(terrain="basin").farms) > len(usual.farms) > len(state(terrain="gorge").farms)
    assert len(state(around=town).farms) < len(usual.farms)
    assert begun(hazard, where(farms=9.0)).since[5] <= 0.0


def test_kept_secret_it_has_gone_farther_when_it_is_suspected() -> None:
    """Summed over lucks, more farms have it on the first day than where it was reported at once."""

    def had(cause: str) -> int:
        states = [begun(model("asf", cause), where(cause), seed) for seed in range(8)]
        return sum(at <= 0.0 for state in states for at in state.since)

    assert had("concealed") > had("transport") > had("swill")


def test_luck_does_not_depend_on_the_scope() -> None:
    """A bigger first farm leaves the others where they are, and as large."""
    small, large = (begun(model(), where(heads=h)) for h in (100.0, 5000.0))
    assert [f.heads for f in small.farms[1:]] == [f.heads for f in large.farms[1:]]
    assert [(f.delay, f.visit, f.passes) for f in small.farms[1:]] == [
        (f.delay, f.visit, f.passes) for f in large.farms[1:]
    ]
