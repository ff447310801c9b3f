"""Railway accident: energy, crushed cars, casualties as printed; the wire, bearers, the order of work, the five elements."""

from __future__ import annotations

import math

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from models.hazards.rail_accident import Damage, Model, Parameters, site, train
from sim.domain.hazards import Note, Sighting
from sim.domain.people import Status, Triage
from sim.domain.places import Weather
from sim.streams import Streams
from tests.models.passports import document, parameters
from tests.models.walking import Walk, all_hands, differences, same, scene, walk

PATH = "hazards/rail_accident/parameters.yaml"
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
CARD = document(PATH)
CAUSES, VARIANTS = tuple(CARD["causes"]), tuple(CARD["variants"])
LARGER = {"people": 300.0, "derailed": 3.0, "speed": 90 / 3.6}
MAJOR = {"people": 700.0, "derailed": 6.0, "speed": 130 / 3.6}

seeds = st.integers(0, 10_000)


def model(cause: str = "track_or_vehicle", variant: str = "passenger", **changed: float) -> Model:
    return Model(parameters(Parameters, PATH, cause, variant, **changed))


def run(scope: dict[str, float] = LARGER, cause: str = "track_or_vehicle", variant: str = "passenger",
        begins: float | None = 0.75, share: float = 1.0, without: tuple[str, ...] = (), seed: int = 1, until: float = 20 * DAY,
        telecom: float = 1.0, changed: dict[str, float] | None = None, **where: object) -> Walk:  # fmt: skip
    plan = {} if begins is None else {begins * HOUR: all_hands(share, without)}
    place = scene(scope, cause, variant=variant, **where)
    return walk(
        model(cause, variant, **(changed or {})), place, plan, seed=seed, until=until, services={"telecom": telecom}
    )


# ── printed values ──


@pytest.mark.parametrize(("tonnes", "kmh", "gigajoules"), [(900, 200, 1.389), (900, 100, 0.3472), (450, 300, 1.5625)])
def test_the_printed_energy_is_met(tonnes, kmh, gigajoules):
    """½ m v²: 900 t at 200 km/h are 1.389 GJ; the start reports it."""
    scope = {"people": 0.0, "derailed": 3.0, "speed": kmh / 3.6}
    _, effects = model(mass=tonnes * 1e3).start(scene(scope, "track_or_vehicle"), Streams(1)("x"))
    (note,) = [e for e in effects if isinstance(e, Note) and e.name == "at_rest"]

    assert train.energy(tonnes * 1e3, kmh / 3.6) == pytest.approx(gigajoules * 1e9, rel=1e-3)
    assert note.values["energy"] == train.energy(tonnes * 1e3, kmh / 3.6)


@pytest.mark.parametrize(("kmh", "numbers"), [(60, {1, 2}), (119, {1, 2}), (200, {2, 3, 4}), (300, {2, 3, 4})])
def test_as_many_cars_are_crushed_as_printed(kmh, numbers):
    """1–2 below 120 km/h, 2–4 above 200."""
    found = {train.crushed(model().p, kmh / 3.6, (k + 0.5) / 60) for k in range(60)}

    assert found == numbers


def test_casualties_are_expected_as_printed():
    """Σ cars × people × share: two crushed, three overturned, one upright, with 80 people each."""
    cars = (2, 3, 1, 4)
    dead, red, yellow, green = train.expected(model(standing_green=0.0).p, cars, 80.0)

    assert dead == pytest.approx(80 * (2 * 0.30 + 3 * 0.05 + 0.005))
    assert red == pytest.approx(80 * (2 * 0.25 + 3 * 0.12 + 0.03))
    assert yellow == pytest.approx(80 * (2 * 0.25 + 3 * 0.28 + 0.1))
    assert green == pytest.approx(80 * (2 * 0.15 + 3 * 0.4 + 0.3))


def test_casualties_fall_as_expected():
    """Over many people the shares found are those expected for the cars there are."""
    p = model(seats=1000.0).p
    where = scene({"people": 2000.0, "derailed": 6.0, "speed": 36.0}, "track_or_vehicle")
    state, effects = Model(p).start(where, Streams(2)("hazard", "F1"))
    result = Walk()
    result.take(effects)
    expected = train.expected(p, state.cars, 2000 / sum(state.cars))
    green = sum(who.triage is Triage.GREEN for who in state.cut) + len(state.walking)
    found = (
        result.count(Status.DEAD),
        *(sum(p.triage is c for p in result.people.values()) for c in (Triage.RED, Triage.YELLOW)),
        green,
    )

    for number, mean in zip(found, expected, strict=True):
        assert number == pytest.approx(mean, abs=4 * math.sqrt(mean))


@pytest.mark.parametrize(("metres", "hours"), [(500.0, 0.3), (2000.0, 1.0), (1250.0, 0.65)])
def test_bearing_takes_as_long_as_printed(metres, hours):
    """.3 h over half a kilometre, 1 h over two."""
    assert site.bearing(model().p, metres) == pytest.approx(hours * HOUR)


def test_nobody_goes_in_for_ten_to_twenty_minutes():
    """The wire is known to be dead then; three times as long without telephones, not at all where there is none."""
    times = [run(seed=seed, begins=0.0, until=3 * HOUR).when("wire_dead") for seed in range(20)]
    first = min(t for t, name, _ in run(begins=0.0).log if name in ("cut_free", "borne_out", "led_away"))

    assert all(10 * MINUTE <= t <= 20 * MINUTE for t in times)
    assert max(times) - min(times) > 5 * MINUTE
    assert first > run(begins=0.0).when("wire_dead")
    assert run(telecom=0.0).when("wire_dead") == pytest.approx(run().when("wire_dead") / 0.33)
    assert run(changed={"wired": 0.0}).when("wire_dead") == math.inf


def test_line_works_take_half_a_day_to_three_days():
    """With all hands, over grades and causes (the heavier of it after an earthquake)."""
    for scope in (
        {"people": 80.0, "derailed": 1.0, "speed": 50 / 3.6},
        LARGER,
        MAJOR,
        {"people": 1100.0, "derailed": 10.0, "speed": 220 / 3.6},
    ):
        result = run(scope, begins=0.0)

        assert 8 * HOUR < result.ended < 72 * HOUR


# ── the order of work ──


def test_cars_are_not_lifted_before_they_have_been_searched_twice():
    """Nobody is in them any more then; the line is mended last."""
    result = run()

    assert (
        max(result.when("searched"), result.when("all_out"))
        <= result.when("cars_lifted")
        < result.when("line_restored")
    )
    assert result.ended == result.when("line_restored")
    assert run(without=("SEARCH",)).when("cars_lifted") == math.inf


def test_stretchers_need_six_bearers_each():
    """Five do nothing more than five sixths; twelve bear two at once."""
    train_, where = model(help_share=0.0), scene(LARGER, "track_or_vehicle")
    state = walk(train_, where, {}, until=HOUR).state
    rates = [site.rates(train_.p, state, {"bearing": n})["bearing"] for n in (5.0, 6.0, 12.0)]

    assert rates == pytest.approx([5 / 6, 1.0, 2.0])


def test_passengers_help_to_bear():
    """Some of the unhurt carry, too, until the last stretcher is at the road: with nobody else there, a few an hour get out."""
    alone, helped = (run(begins=None, changed={"help_share": share}, until=DAY) for share in (0.0, 0.3))

    assert "borne_out" not in alone.why.values()
    assert "borne_out" in helped.why.values()


def test_who_is_cut_free_must_still_be_borne_out():
    """Nobody who was caught is at the road before both are done; the worst hurt first."""
    one = {HOUR: lambda demands: {d.id: {"bearing": 6.0}.get(d.id, 1.0) for d in demands}}
    result = walk(model(help_share=0.0), scene(MAJOR, "collision"), one, until=20 * DAY)
    cut = [t for t, name, _ in result.log if name == "cut_free"]
    order = [
        e.triage for _, name, effects in result.log if name == "borne_out" for e in effects if hasattr(e, "triage")
    ]

    assert cut
    assert order[: order.count(Triage.RED) // 2] == [Triage.RED] * (order.count(Triage.RED) // 2)
    assert "caught" not in result.why.values()


# ── exactness, conservation, effort ──


@settings(max_examples=15, deadline=None)
@given(
    seed=seeds,
    cause=st.sampled_from(CAUSES),
    variant=st.sampled_from(VARIANTS),
    cuts=st.lists(st.floats(0, 2 * DAY), max_size=6),
)
def test_looking_in_between_changes_nothing(seed, cause, variant, cuts):
    """However often the state is brought up to date, the course is the same."""
    rail, where, plan = model(cause, variant), scene(LARGER, cause, variant=variant, hour=16.0), {HOUR: all_hands(0.3)}
    whole = walk(rail, where, plan, seed=seed, until=1.9 * DAY)
    cut = walk(rail, where, plan, seed=seed, until=1.9 * DAY, cuts=sorted(cuts))

    assert differences(cut, whole) == []
    assert same(cut.state, whole.state)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("cause", CAUSES)
def test_everybody_aboard_is_accounted_for(cause, variant):
    """Dead, hurt or safe at the end, and nobody left at the train; with nobody aboard it ends, too."""
    for scope in (LARGER, LARGER | {"people": 0.0}):
        result = run(scope, cause, variant)

        assert result.ended < math.inf
        assert len(result.people) == scope["people"]
        assert {p.status for p in result.people.values()} <= {Status.DEAD, Status.WAITING, Status.SAFE}


@settings(max_examples=20, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(
    seed=seeds,
    share=st.floats(0.1, 1),
    more=st.floats(1, 4),
    cause=st.sampled_from(CAUSES),
    variant=st.sampled_from(VARIANTS),
)
def test_more_or_earlier_effort_gets_nobody_out_later(seed, share, more, cause, variant):
    """As many are at the road at any time with more, or with the same an hour sooner; the line opens no later.

    (Who is first among them may change: somebody badly hurt who is cut free sooner is borne before others.)
    """
    rail, where = model(cause, variant), scene(MAJOR, cause, variant=variant, hour=15.0)
    less, most, soon = (
        walk(rail, where, plan, seed=seed, until=60 * DAY)
        for plan in (
            {2 * HOUR: all_hands(share)},
            {2 * HOUR: all_hands(min(1.0, share * more))},
            {HOUR: all_hands(share)},
        )
    )

    for better in (most, soon):
        assert better.when("all_out") <= less.when("all_out") + 1e-3
        assert better.ended <= less.ended + 1e-3
        assert all(a <= b + 1e-3 for a, b in zip(reached(better), reached(less), strict=True))


def reached(result: Walk) -> list[float]:
    """When the first, the second … stretcher patient was at the road."""
    return sorted(t for t, name, _ in result.log if name == "borne_out")


def test_without_effort_it_never_ends():
    """The slightly hurt walk, the train's crew leads passengers away, who help to bear; nobody is cut free."""
    result = run(begins=None)

    assert result.ended == math.inf
    assert set(result.why.values()) <= {"crash", "caught", "lies_hurt", "walked_out", "led_away", "borne_out"}


# ── the five elements ──


def test_each_cause_has_its_own_course():
    """Cause: a collision crushes a car more, a landslide leaves debris, at a level crossing the road is near."""
    ways = {cause: run(cause=cause, begins=None, until=1.0, terrain="basin").state for cause in CAUSES}

    assert ways["collision"].cars[Damage.CRUSHED] == ways["track_or_vehicle"].cars[Damage.CRUSHED] + 1
    assert ways["level_crossing"].cars[Damage.CRUSHED] < ways["track_or_vehicle"].cars[Damage.CRUSHED]
    assert ways["landslide"].debris > 0 == ways["collision"].debris
    assert ways["earthquake"].live == pytest.approx(3 * ways["collision"].live, abs=3.0)


def test_a_gorge_is_a_longer_way():
    """Place: stretchers are borne farther; a site with a way of its own has that."""
    basin, gorge = (run(begins=None, until=1.0, terrain=t).state for t in ("basin", "gorge"))

    assert gorge.way > basin.way
    assert gorge.bear[0].left > basin.bear[0].left


def test_by_night_it_takes_light_and_in_frost_they_fare_worse():
    """Time: without light work goes at six tenths; below zero those who lie there run the cold curve."""
    lit, dark = (run(hour=21.0, without=w).when("all_out") for w in ((), ("POWER",)))

    assert lit < dark
    assert {p.entrapment for p in run(until=1.0, weather=Weather(temperature=-3.0)).people.values()} == {"vehicle_cold"}


def test_freight_wagons_leak_as_often_as_assumed():
    """Scope and variant: more wagons off the rails, more leaks; none in a passenger train."""
    p = model(variant="freight").p
    leaks = sum(len(train.wagons(p, 4, Streams(seed)("w"))) for seed in range(600)) / 600

    assert leaks == pytest.approx(4 * p.goods * p.leak, abs=0.05)
    assert train.wagons(model().p, 9, Streams(1)("w")) == ()


def test_what_is_asked_for_follows_what_is_seen():
    """A crew for two who are caught, six bearers a stretcher, buses for two hours; track crews when nobody is left."""
    rail, where = model(), scene(LARGER, "track_or_vehicle")
    nothing = dict.fromkeys(CARD["figures"], 0.0)
    busy = nothing | {
        "cars": 3.0,
        "caught": 9.0,
        "stretchers": 20.0,
        "unhurt": 200.0,
        "not_searched": HOUR,
        "lift": HOUR,
        "line": HOUR,
    }
    early = {n.capability: n.amount for n in rail.needs(Sighting(figures=busy), where.site)}
    late = {n.capability: n.amount for n in rail.needs(Sighting(figures=nothing | {"line": HOUR}), where.site)}

    assert early["RESCUE_CUT"] == 5
    assert early["LABOR"] == pytest.approx(6 * (20 + 4.5))
    assert early["EVAC"] == pytest.approx(200 / (2 * HOUR))
    assert early["RAIL"] == 1 and late == {"RAIL": 5.0}
