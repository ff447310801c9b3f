"""Tailings-pond failure: released volume and runout as printed, the race before it, the valley after it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest
from msgspec.structs import replace

from models.hazards.tailings_failure import Model, Parameters, valley
from sim.domain.hazards import Inputs, Note, Road, Shock, Strike
from sim.domain.people import Status
from sim.domain.places import Reach, Surroundings, Weather
from sim.streams import Streams
from tests.models import passports
from tests.models.walking import DAY, Walk, all_hands, same, scene, walk

CARD = "hazards/tailings_failure/parameters.yaml"
HOUR = 3600.0
MILLION = 1e6
VALLEY = Surroundings(
    river=(Reach("村", 3_000.0, 60.0, 800.0, code="T1"), Reach("镇", 9_000.0, 120.0, 2_000.0, code="T2"),
           Reach("水厂", 9_500.0, 120.0, 9_000.0, True, "T2")),
    presence={"dwelling": 0.9, "asleep": 0.85}, slope=12.0,
)  # fmt: skip
NOON = Surroundings(river=VALLEY.river, presence={"dwelling": 0.35, "asleep": 0.03}, slope=12.0)


def parameters(cause: str = "seepage", **changed: float) -> Parameters:
    """The numbers of the card, as a cause changes them."""
    return passports.parameters(Parameters, CARD, cause, **changed)


def place(
    volume: float = 0.3, height: float = 20.0, people: float = 60.0, around: Surroundings = VALLEY, **changed: Any
) -> Any:
    """A pond of so many million m³ above a valley."""
    scope = {"volume": volume * MILLION, "height": height, "people": people}
    return scene(scope, changed.pop("cause", "seepage"), around=around, **changed)


def run(where: Any = None, plan: Mapping[float, Any] | None = None, **changed: Any) -> Walk:
    """A course with these numbers."""
    seed, until, cause = changed.pop("seed", 1), changed.pop("until", 40 * DAY), changed.pop("cause", "seepage")
    cuts, weathers = changed.pop("cuts", ()), changed.pop("weathers", None)
    model = Model(parameters(cause, **changed))
    return walk(model, where or place(), plan or {}, seed=seed, until=until, cuts=cuts, weathers=weathers)


def lost(found: Walk) -> set[str]:
    """The dead, and who is still in the mud."""
    return {who for who, p in found.people.items() if p.status in (Status.DEAD, Status.TRAPPED)}


# ── the printed values ──


def test_released_volume_and_runout():
    """1 Mm³ behind 30 m: 0.332 Mm³, 5.83 km (Larrauri and Lall); 0.354 Mm³, 7.66 km (Rico, the same function with his numbers)."""
    p = parameters()
    rico = parameters(release_factor=0.354, release_power=1.01, runout_factor=1.61, runout_share=0.0, runout_power=0.66)

    assert valley.released(p, MILLION) / MILLION == pytest.approx(0.332, rel=1e-3)
    assert valley.furthest(p, MILLION, 30.0) == pytest.approx(5830, rel=1e-3)
    assert valley.released(rico, MILLION) / MILLION == pytest.approx(0.354, rel=1e-3)
    assert valley.furthest(rico, MILLION, 30.0) == pytest.approx(7660, rel=1e-3)


def test_arrival_is_distance_by_speed():
    """8 m/s on the usual slope: the houses 700 m below after 87.5 s."""
    found = run()
    (first, *_), fails = [t for t, name, _ in found.log if name == "front_arrives"], found.when("fails")

    assert first - fails == pytest.approx(700 / 8)


def test_no_more_leaves_than_is_there_and_nothing_runs_beyond_the_valley():
    """Tiny ponds, and huge ones."""
    p = parameters(reach=1.0)

    assert valley.released(p, 1e-9) <= 1e-9
    assert valley.flow(p, place(volume=80.0, height=150.0)).runout == p.valley
    assert valley.flow(p, place(volume=0.0)).runout == 0.0


def test_a_steeper_valley_is_run_through_faster_within_bounds():
    """Speed grows with the root of the slope, 3 to 15 m/s."""
    speeds = [
        valley.flow(parameters(), place(around=Surroundings(slope=s))).speed for s in (0.1, 6.0, 12.0, 20.0, 45.0)
    ]

    assert speeds == sorted(speeds) and speeds[2] == pytest.approx(8.0) and (speeds[0], speeds[-1]) == (3.0, 15.0)


# ── before ──


def test_without_help_it_gives_way_when_its_threshold_is_used_up():
    """Weibull with shape 2: at creep · √E."""
    p = parameters()
    nerve = Model(p).start(place(), Streams(1)("hazard", "F1"))[0].nerve

    assert run().when("fails") == pytest.approx(p.creep * math.sqrt(nerve), abs=1e-3)


def test_warning_times_are_those_of_the_reference():
    """Over luck, most dams give warning of hours, nearly all of less than two days."""
    times = sorted(run(seed=s, until=10 * DAY).when("fails") / HOUR for s in range(60))

    assert 5 < times[30] < 24 and times[57] < 48


def test_lowering_and_weighting_keep_it_up():
    """With all hands it stands, is watched for twelve hours, and is averted; nobody is harmed."""
    found = run(plan={HOUR: all_hands()})

    assert found.notes().count("pond_lower") == 3 and "toe_weighted" in found.notes()
    assert found.log[-1][1] == "averted" and found.count(Status.SAFE) == len(found.people) > 0
    assert found.ended == pytest.approx(
        max(found.when("toe_weighted"), _last(found, "pond_lower")) + 12 * HOUR, abs=1e-3
    )


def _last(found: Walk, name: str) -> float:
    return max(t for t, what, _ in found.log if what == name)


def test_each_third_of_the_water_slows_its_clock():
    """The same dam, pumped only, lives longer; with its toe weighted only, too."""
    alone = run().when("fails")
    pumped = run(plan={0.0: all_hands(without=("LABOR", "EVAC"))}).when("fails")
    weighted = run(plan={0.0: all_hands(without=("DRAIN", "EVAC"))}).when("fails")

    assert pumped > alone and weighted > alone


def test_rain_fills_it_and_hastens_it():
    """10 mm/h: three times the clock, and water that pumps must also lift."""
    wet = {0.0: Weather(rain=10.0)}
    model = Model(parameters())
    state = model.advance(model.start(place(), Streams(1)("h"))[0], HOUR, Inputs({}, Weather(rain=10.0)))

    assert run(weathers=wet).when("fails") == pytest.approx(run().when("fails") / math.sqrt(3), abs=0.1)
    assert state.water - state.full == pytest.approx(0.1e6 * 0.6 * 0.01)


def test_people_are_led_out_nearest_first():
    """Half of the time needed: the houses below the dam are empty before the towns are."""
    found = run(plan={0.0: all_hands(0.02, without=("DRAIN", "LABOR"))}, until=2 * HOUR)
    houses, *towns = found.state.villages

    assert houses.out > 0 and (houses.inside == () or all(v.out == 0 for v in towns))


# ── after ──


def test_those_led_out_live_and_of_the_rest_most_in_the_path_die():
    """By night, nobody warned: some four fifths in the middle, three tenths at the margin."""
    alone = run(place(people=1500.0, around=Surroundings(presence={"dwelling": 1.0, "asleep": 1.0})), flee=10 * HOUR)
    cleared = run(plan={0.0: all_hands(without=("DRAIN", "LABOR"))})

    assert alone.count(Status.DEAD) / len(alone.people) == pytest.approx(0.6 * 0.8 + 0.4 * 0.3, abs=0.05)
    assert lost(cleared) == set()


def test_who_flees_in_time_is_safe():
    """87 s for the houses: few get away asleep, more awake; far down most do."""
    asleep, awake = (
        run(place(people=600.0, around=Surroundings(presence={"dwelling": 1.0, "asleep": a}))) for a in (1.0, 0.0)
    )

    assert asleep.count(Status.SAFE) < awake.count(Status.SAFE)


def test_the_caught_are_freed_one_by_one_and_the_quick_ones_first():
    """All that lie there, if crews come; none without."""
    crews = {0.0: all_hands(without=("DRAIN", "LABOR", "EVAC"))}
    big = place(people=900.0)
    helped, alone = run(big, crews), run(big)

    assert alone.count(Status.TRAPPED) > 5 and helped.count(Status.TRAPPED) == 0
    assert helped.why and sum(why == "freed" for why in helped.why.values()) == alone.count(Status.TRAPPED)


def test_it_ends_when_all_is_dug_and_the_run_off_is_held():
    """Not before either; without anybody never."""
    helped = run(plan={0.0: all_hands(without=("EVAC",))}, creep=0.1 * HOUR)

    assert helped.log[-1][1] == "accounted" and {"dug", "runoff_held"} <= set(helped.notes())
    assert run().ended == math.inf


def test_whoever_works_on_it_is_struck_less_with_a_lookout():
    """The strike's odds with and without someone watching."""

    def odds(*without: str) -> float:
        found = run(plan={0.0: all_hands(0.01, without=without)}, creep=1 * HOUR)
        return next(e.dead for _, _, effects in found.log for e in effects if isinstance(e, Strike))

    model = Model(parameters())
    state = model.start(place(), Streams(1)("h"))[0]
    _, effects = model.fire(state, "fails", Inputs({"watch": 1.0}, Weather()))
    assert odds("GEO_MON") == 0.15
    assert next(e.dead for e in effects if isinstance(e, Strike)) == pytest.approx(0.02)


def test_roads_shut_and_open_and_towns_below_are_shaken():
    """The own link at once; a shock for each town the mud comes to; open again at the end."""
    found = run(plan={0.0: all_hands()}, reach=0.9, creep=0.1 * HOUR)
    effects = [e for _, _, some in found.log for e in some]
    fails = next(e for e in effects if isinstance(e, Note) and e.name == "fails")

    assert [e.factor for e in effects if isinstance(e, Road)] == [0.0, 1.0]
    assert [e.town for e in effects if isinstance(e, Shock)] == [
        r.code for r in VALLEY.river[:2] if r.along <= fails.values["runout"]
    ]
    assert fails.values["toxic"] == pytest.approx(0.02 * fails.values["volume"])


# ── what response does; the five elements ──


def test_earlier_or_more_effort_never_loses_more():
    """Over luck: who is lost early is lost late, and without any."""
    for seed in range(6):
        by_time = [run(plan={t * HOUR: all_hands()}, seed=seed) for t in (1, 4, 10)] + [run(seed=seed)]
        by_share = [run(plan={2 * HOUR: all_hands(s)}, seed=seed) for s in (1.0, 0.3, 0.05)] + [run(seed=seed)]
        for runs in (by_time, by_share):
            assert all(lost(a) <= lost(b) for a, b in pairwise(runs))


def test_night_kills_more_than_noon():
    """More people are at home, and asleep."""
    night, noon = (sum(len(lost(run(place(people=300.0, around=a), seed=s))) for s in range(5)) for a in (VALLEY, NOON))

    assert night > 1.5 * noon


@pytest.mark.parametrize("cause", ["seepage", "overtopping", "blocked_drain", "earthquake", "slide"])
def test_every_cause_gives_its_own_warning(cause):
    """An earthquake none, a blocked drain most."""
    times = {c: run(cause=c).when("fails") for c in ("earthquake", "slide", "overtopping", "seepage", "blocked_drain")}

    assert times[cause] == run(cause=cause).when("fails")
    assert times["earthquake"] < 600 < times["slide"] < times["seepage"] < times["blocked_drain"]


def test_a_look_in_between_changes_nothing():
    """Splitting, before and after it fails."""
    cuts = [977.0 * i for i in range(1, 120)]
    plan = {4 * HOUR: all_hands(0.1)}

    assert same(run(plan=plan, until=3 * DAY).state, run(plan=plan, until=3 * DAY, cuts=cuts).state, 1e-9)


def test_everybody_is_accounted_for():
    """At the end each is safe, hurt or dead; nobody is caught or exposed."""
    for seed in range(4):
        found = run(place(people=400.0), {3 * HOUR: all_hands(0.3)}, seed=seed)
        assert {p.status for p in found.people.values()} <= {Status.SAFE, Status.WAITING, Status.DEAD}


def test_no_more_than_two_thousand_are_followed():
    """The towns below come after the houses, until the list is full."""
    crowded = Surroundings(river=tuple(Reach(f"R{k}", 2000.0 + k, 10.0, 9_000.0, code=f"T{k}") for k in range(5)))
    state = Model(parameters()).start(place(people=1500.0, around=crowded), Streams(1)("h"))[0]

    assert sum(len(v.people) for v in state.villages) == 2000


def test_nobody_below_is_nobody_harmed():
    """It still fails, and must still be held."""
    found = run(place(people=0.0, around=Surroundings()), {0.0: all_hands()}, creep=0.1 * HOUR)

    assert found.people == {} and found.log[-1][1] == "accounted"


def test_an_empty_pond_is_no_danger():
    """No water, nothing that could come down."""
    model = Model(parameters())
    state = model.start(place(volume=0.0, people=0.0, around=Surroundings()), Streams(1)("h"))[0]

    assert state.water == 0.0 and state.flow.volume == 0.0 and replace(state, toe=0.0).sound
