"""Attack: the printed number of victims, arrival as a race, luck that response does not change, a second device, hostages."""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise
from statistics import mean
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from models.hazards.attack import Model, people, victims
from sim import catalog
from sim.domain.hazards import Inputs, Road, Scene, Sighting, Strike
from sim.domain.people import Status, Triage
from sim.domain.places import Surroundings, Weather
from sim.streams import Streams
from tests.models.walking import Walk, all_hands, differences, same, scene, walk

MINUTE, HOUR = 60.0, 3600.0
CARD = catalog.hazard("attack").card
CAUSES, VARIANTS = list(CARD.causes), list(CARD.variants)
TOWN = Surroundings(density=3000 / 1e6, presence={"asleep": 0.0})
ALONE = {"attackers": 1.0, "people": 800.0, "charge": 5.0}
FEW = {"followed": 100.0, "onlookers_most": 1.0, "hostages_most": 1.0}  # draws that a test does not look at

seeds = st.integers(0, 5_000)


def model(variant: str = "knife", cause: str = "grievance", **changed: float) -> Model:
    return _built(variant, cause, tuple(sorted(changed.items())))


@cache
def _built(variant: str, cause: str, changed: tuple[tuple[str, float], ...]) -> Model:
    bounds = {name: passport.bounds for name, passport in CARD.parameters.items()}
    values = {n: min(max(CARD.spread(n, cause, variant).median, low), high) for n, (low, high) in bounds.items()}
    built = catalog.hazard("attack").build({**values, **dict(changed)})
    assert isinstance(built, Model)
    return built


def place(
    variant: str = "knife", cause: str = "grievance", scope: dict[str, float] | None = None, **where: Any
) -> Scene:
    return scene(ALONE | (scope or {}), cause, variant=variant, **{"around": TOWN} | where)


def run(variant: str = "knife", cause: str = "grievance", begins: float = math.inf, share: float = 1.0,
        without: tuple[str, ...] = (), seed: int = 1, until: float = 10 * 24 * HOUR, scope: dict[str, float] | None = None,
        changed: dict[str, float] | None = None, **where: Any) -> Walk:  # fmt: skip
    plan = {begins: all_hands(share, without)} if begins < math.inf else {}
    return walk(
        model(variant, cause, **(changed or {})), place(variant, cause, scope, **where), plan, seed=seed, until=until
    )


def lost(found: Walk) -> set[str]:
    return {who for who, person in found.people.items() if person.status is Status.DEAD}


# ── printed values ──


def test_an_attacker_hits_as_many_as_printed():
    """r0 2/min, τ 3 min, stopped after 8 min: 5.58; and it is the integral of the rate, at other inputs too."""
    assert victims(2 / MINUTE, 3 * MINUTE, 8 * MINUTE) == pytest.approx(5.58, rel=1e-3)
    assert victims(0.7, 11.0, 5.0) == pytest.approx(quad(lambda t: 0.7 * math.exp(-t / 11.0), 0, 5.0)[0], rel=1e-9)


def test_the_model_hits_as_many_on_average():
    """Many runs of eight minutes, nobody stops it: 5.58 on average, by the clock exactly."""
    runs = [run(seed=s, until=8 * MINUTE, changed=FEW | {"flees_after": 36_000.0}) for s in range(400)]

    assert mean(found.state.hit for found in runs) == pytest.approx(5.58, abs=0.35)
    stayed = next(found for found in runs if found.state.attackers)
    assert stayed.state.used == pytest.approx(victims(2 / MINUTE, 3 * MINUTE, 8 * MINUTE), rel=1e-9)


def test_a_vehicle_hits_ten_at_once():
    """Ten on average, nearly all within a minute."""
    runs = [run("vehicle", seed=s, until=80.0, changed=FEW) for s in range(200)]

    assert mean(found.state.hit for found in runs) == pytest.approx(10, abs=0.8)


def test_a_crew_that_talks_lowers_tension_by_a_tenth_an_hour():
    """By the equation; more crews than can talk add nothing."""
    hazard = model("hostage")
    state, _ = hazard.start(place("hostage"), Streams(1)("hazard", "F1"))

    def after(crews: float) -> float:
        return hazard.advance(state, HOUR, Inputs({"negotiate": crews}, Weather())).tension - state.tension

    assert after(0.0) - after(1.0) == pytest.approx(0.1, rel=1e-9)
    assert after(2.0) == after(7.0)


def test_a_second_device_lies_there_once_in_twenty():
    """Drawn once, for every plan alike."""
    hazard, where = model("bomb", **FEW | {"followed": 1.0}), place("bomb")
    lies = [hazard.start(where, Streams(s)("hazard", "F1"))[0].second_at < math.inf for s in range(2000)]

    assert mean(lies) == pytest.approx(0.05, abs=0.015)


# ── the race ──


def test_minutes_decide_how_many_are_hit():
    """Police after 2, 6 and 20 minutes: on average ever more are hit, and never fewer in any run."""
    hits = [[run(begins=m * MINUTE, seed=s, scope={"attackers": 4.0}).state.hit for s in range(20)] for m in (2, 6, 20)]

    assert mean(hits[0]) < mean(hits[1]) < mean(hits[2])
    assert all(a <= b <= c for a, b, c in zip(*hits, strict=True))


def test_the_hurt_are_reached_only_when_nobody_attacks_any_more():
    """Until then they lie where no medic can come."""
    found = run(begins=2 * MINUTE, scope={"attackers": 2.0}, changed={"flees_after": 36_000.0})
    last = max(t for t, name, _ in found.log if name == "neutralised")
    waiting = run(until=last - 1.0, begins=2 * MINUTE, scope={"attackers": 2.0}, changed={"flees_after": 36_000.0})

    assert all(name != "victim" for t, name, _ in found.log if t > last)
    assert waiting.count(Status.WAITING) == 0 < waiting.count(Status.TRAPPED)
    assert found.count(Status.WAITING) == found.state.hit - found.state.killed > 0 == found.count(Status.TRAPPED)


def test_police_who_only_shield_save_some():
    """Patrols between them and the people, no special police: fewer are hit than without anybody."""
    shielded = mean(run(begins=MINUTE, without=("TACTICAL",), seed=s, until=HOUR).state.hit for s in range(30))

    assert shielded < 0.8 * mean(run(seed=s, until=HOUR).state.hit for s in range(30))


def test_attackers_flee_and_are_found_or_not():
    """A ring and searchers find them; without searchers they are left to the inquiry after a day."""
    found, open_ = run(begins=2 * HOUR), run(begins=2 * HOUR, without=("SEARCH",))

    assert found.when("flees") < found.when("caught") <= found.ended and found.log[-1][1] == "suspects_held"
    assert open_.log[-1][1] == "handed_over"
    assert open_.ended - open_.when("flees") == pytest.approx(model().p.gone, abs=1.0)


def test_a_ring_makes_the_search_shorter():
    """Without it the area widens as people search."""
    assert run(begins=2 * HOUR).when("caught") < run(begins=2 * HOUR, without=("CORDON",)).when("caught")


# ── a device ──


def test_a_bigger_charge_reaches_farther_and_fragments_farther_than_blast():
    """1 kg against 10 kg; somebody whom blast leaves unhurt may be struck; a dense crowd stops fragments."""
    small, large = (run("bomb", scope={"charge": c}, until=1.0).state.hit for c in (1.0, 10.0))
    p = model("bomb").p

    def outcome(splinter: float, crowding: float = 0.0) -> object:
        return people.shatter(p, 8.0, 5.0, 81e3, crowding, people.Luck(3.0, 0.999, splinter))

    assert 0 < small < large < 400
    assert outcome(0.999) is None and outcome(0.0) is Status.DEAD
    assert outcome(0.1, crowding=4.0) is None


def test_a_second_device_strikes_whoever_stands_there():
    """Onlookers led away and the distance held: nobody; nobody led away: some, and responders too. Swept in time: none."""
    sure = {"second": 1.0, "second_least": 2 * HOUR, "walk_off": 0.0}
    near = run("bomb", changed=sure, until=24 * HOUR)
    away = run("bomb", begins=MINUTE, without=("TACTICAL",), changed=sure, until=24 * HOUR)
    swept = run("bomb", begins=MINUTE, changed=sure, until=24 * HOUR)

    def blow(found: Walk) -> Strike:
        return next(e for _, _, told in found.log for e in told if isinstance(e, Strike) and e.why == "second_device")

    assert "second_device" in near.why.values() and blow(near).dead == pytest.approx(model("bomb").p.second_dead)
    assert "second_device" not in away.why.values() and blow(away).dead == 0.0
    assert swept.when("device_found") < math.inf == swept.when("second_device")


# ── hostages ──


def test_negotiators_end_it_without_blood_and_nobody_ends_it_badly():
    """Talks from the first hour: he gives himself up; nobody comes: they are killed one by one."""
    talked = run("hostage", begins=HOUR, changed={"tension_spread": 0.0})
    alone = run("hostage", changed={"tension_spread": 0.0}, scope={"people": 200.0})

    assert talked.when("surrender") < 6 * HOUR and not lost(talked)
    assert lost(alone) == set(alone.people)


def test_it_is_stormed_when_one_is_killed_and_not_before():
    """Special police without negotiators: ready in good time, they go in at the moment the first is killed."""
    found = run("hostage", begins=HOUR, without=("NEGOTIATE",), seed=3)

    assert found.when("assault_ready") < found.when("hostage_killed") == found.when("assault") < math.inf
    assert {person.status for person in found.people.values()} <= {Status.DEAD, Status.WAITING, Status.SAFE}


def test_tension_and_killings_agree_with_an_integration():
    """The clock of killings is the integral of what is above its mark, through the moment at which tension is full."""
    hazard = model("hostage", tension_spread=0.0, kills=1e-6 / HOUR)
    found = walk(hazard, place("hostage"), until=15 * HOUR)
    p = hazard.p

    def rate(t: float) -> float:
        return p.kills * max(0.0, min(1.0, p.tension + p.tension_rise * t) - p.kills_from)

    kinks = [0.0, (p.kills_from - p.tension) / p.tension_rise, (1 - p.tension) / p.tension_rise, 15 * HOUR]
    total = sum(quad(rate, a, b, epsabs=0.0)[0] for a, b in pairwise(kinks))
    assert found.state.anger == pytest.approx(total, rel=1e-9)


# ── laws ──


@settings(max_examples=25, deadline=None)
@given(seed=seeds, begins=st.floats(MINUTE, 8 * HOUR), later=st.floats(0, 4 * HOUR), share=st.floats(0.2, 1.0),
       more=st.floats(1.0, 3.0), variant=st.sampled_from(["knife", "vehicle", "bomb"]), cause=st.sampled_from(CAUSES),
       number=st.integers(0, 8), second=st.sampled_from([0.05, 1.0]))  # fmt: skip
def test_more_or_earlier_help_never_costs_lives_nor_ends_later(
    seed, begins, later, share, more, variant, cause, number, second
):
    """Person by person, and for the end."""
    common: dict[str, Any] = {"seed": seed, "scope": {"attackers": float(number)}, "changed": {"second": second}}
    plain = run(variant, cause, begins, share, **common)
    much = run(variant, cause, begins, share * more, **common)
    late = run(variant, cause, begins + later, share, **common)

    assert lost(much) <= lost(plain) <= lost(late)
    assert set(much.people) <= set(plain.people) <= set(late.people)
    assert much.ended <= plain.ended + 1e-3 and plain.ended <= late.ended + 1e-3


@settings(max_examples=25, deadline=None)
@given(seed=seeds, begins=st.floats(MINUTE, 8 * HOUR), later=st.floats(0, 4 * HOUR), share=st.floats(0.3, 1.0))
def test_hostages_are_rather_killed_without_help(seed, begins, later, share):
    """More or earlier help: no more are dead than with less, or later; and never more than with none."""
    plain, late = (run("hostage", begins=t, share=share, seed=seed) for t in (begins, begins + later))
    much, never = run("hostage", begins=begins, seed=seed), run("hostage", seed=seed)

    assert len(lost(much)) <= len(lost(plain)) <= len(lost(late)) <= len(lost(never))


@settings(max_examples=20, deadline=None)
@given(seed=seeds, cuts=st.lists(st.floats(0, 6 * HOUR), max_size=6), variant=st.sampled_from(VARIANTS))
def test_looking_in_between_changes_nothing(seed, cuts, variant):
    """However often the state is brought up to date, the course is the same."""
    hazard, where, plan = model(variant), place(variant), {HOUR: all_hands(0.57)}
    whole = walk(hazard, where, plan, seed=seed, until=8 * HOUR)
    cut = walk(hazard, where, plan, seed=seed, until=8 * HOUR, cuts=sorted(cuts))

    assert differences(cut, whole) == []
    assert same(cut.state, whole.state)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("cause", CAUSES)
def test_every_cause_and_variant_comes_to_an_end_with_help_and_to_none_without(variant, cause):
    """Everybody is then killed, hurt and reachable, or safe."""
    helped, alone = run(variant, cause, 10 * MINUTE), run(variant, cause, until=3 * 24 * HOUR)

    assert helped.ended < 4 * 24 * HOUR and alone.ended == math.inf
    assert {p.status for p in helped.people.values()} <= {Status.DEAD, Status.WAITING, Status.SAFE}


def test_a_victim_falls_exactly_at_their_mark():
    """The clock stands on the mark, to a part in a thousand million."""
    hazard, idle = model(), Inputs({}, Weather())
    state, _ = hazard.start(place(), Streams(2)("hazard", "F1"))
    for _ in range(3):
        span, name = hazard.next_event(state, idle)
        assert name == "victim"
        state = hazard.advance(state, span, idle)
        assert state.used == pytest.approx(state.victims[state.hit].mark, rel=1e-9)
        state, _ = hazard.fire(state, name, idle)


@pytest.mark.parametrize("variant", VARIANTS)
def test_nobody_there_and_nobody_who_attacks_is_no_error(variant):
    """Zero people, zero attackers: it ends once the place is swept."""
    found = run(variant, begins=MINUTE, scope={"people": 0.0, "attackers": 0.0})

    assert found.ended < 5 * HOUR and not found.people


# ── the five elements, what is seen ──


def test_night_rain_and_a_lonely_place_change_it():
    """Time, weather, place: fewer people there, fewer hit; searching in the dark is more work."""
    night = run(hour=2.0, around=Surroundings(density=3000 / 1e6, presence={"asleep": 0.9}), until=HOUR)
    lonely = run(around=Surroundings(density=50 / 1e6, presence={"asleep": 0.0}), until=HOUR)
    noon = run(until=HOUR)

    assert night.state.rate < noon.state.rate > lonely.state.rate
    assert night.state.search_for > noon.state.search_for
    assert people.present(model().p, place(weather=Weather(rain=3.0))) < people.present(model().p, place())


def test_thin_air_carries_blast_less_far():
    """Place: the same device harms no more people high up than at the sea."""
    low, high = (run("bomb", elevation=e, until=1.0).state.hit for e in (0.0, 4000.0))

    assert low != high


def test_the_road_is_held_and_opened_again():
    """If it lies on one."""
    factors = [e.factor for _, _, told in run(begins=MINUTE).log for e in told if isinstance(e, Road)]

    assert factors == [model().p.road_left, 1.0]
    assert not [e for _, _, told in run(link="", begins=MINUTE).log for e in told if isinstance(e, Road)]


def test_needs_follow_what_is_believed():
    """Special police for attackers, negotiators for hostages, a wide cordon for a device; nothing for nothing."""

    def asked(variant: str) -> dict[str, float]:
        hazard = model(variant)
        state, _ = hazard.start(place(variant), Streams(1)("hazard", "F1"))
        sighting = hazard.observe(state, Streams(1)("s"))
        return {n.capability: n.amount for n in hazard.needs(sighting, place().site)}

    knife, bomb, hostage = asked("knife"), asked("bomb"), asked("hostage")
    assert knife["TACTICAL"] >= 1 and "NEGOTIATE" not in knife
    assert bomb["CORDON"] > knife["CORDON"] and bomb["EVAC"] > 0
    assert hostage["NEGOTIATE"] == 2
    assert model().needs(Sighting(), place().site) == ()


def test_wounds_follow_their_shares():
    """Killed .15; of the others three in ten badly hurt."""
    p = model().p
    found = [people.wound(p, (k + 0.5) / 10_000) for k in range(10_000)]

    assert found.count(None) / 10_000 == pytest.approx(p.dead, abs=1e-3)
    assert found.count(Triage.RED) / 10_000 == pytest.approx(0.85 * p.red, abs=1e-3)
