"""Collapse: the printed rubble and hours, shares of the trapped, laws of effort, sites, trenches, the five elements."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from models.hazards.collapse import Model, Parameters, Reach, people, rubble
from sim.domain.hazards import Inputs, Note, Strike
from sim.domain.people import Status, Triage
from sim.domain.places import Surroundings, Weather
from sim.streams import Streams
from tests.models.passports import document, parameters
from tests.models.walking import Walk, all_hands, differences, same, scene, walk

PATH = "hazards/collapse/parameters.yaml"
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
CARD = document(PATH)
CAUSES, VARIANTS = tuple(CARD["causes"]), tuple(CARD["variants"])
MAJOR = {"people": 40.0, "volume": 2000.0, "sites": 1.0}
STANDS = {"second_risk": 0.0, "second_rain": 0.0, "second_shaken": 0.0}  # nothing comes down again
ALONE = {"neighbours_least": 0.0, "neighbours_able": 0.0}

seeds = st.integers(0, 10_000)


def model(cause: str = "overload", variant: str = "masonry", **changed: float) -> Model:
    return Model(parameters(Parameters, PATH, cause, variant, **changed))


def run(scope: dict[str, float] = MAJOR, cause: str = "overload", variant: str = "masonry", begins: float | None = 0.75,
        share: float = 1.0, without: tuple[str, ...] = (), seed: int = 1, until: float = 30 * DAY,
        changed: dict[str, float] | None = None, **where: object) -> Walk:  # fmt: skip
    plan = {} if begins is None else {begins * HOUR: all_hands(share, without)}
    return walk(
        model(cause, variant, **(changed or {})),
        scene(scope, cause, variant=variant, **where),
        plan,
        seed=seed,
        until=until,
    )


def settled(number: int = 4000, **changed: float) -> Walk:
    """The first moment of a collapse with many people in it."""
    return run({"people": float(number), "volume": 1e5, "sites": 1.0}, begins=None, until=1.0, changed=changed)


def lost(result: Walk) -> set[str]:
    ended = (Status.DEAD,) if result.ended < math.inf else (Status.DEAD, Status.TRAPPED)
    return {who for who, person in result.people.items() if person.status in ended}


# ── printed values ──


def test_the_printed_rubble_is_met():
    """Six floors of 300 m² and 3 m leave 1 890 m³; it is what the start reports."""
    state, _ = model().start(scene({"people": 0.0, "volume": 6 * 300 * 3.0, "sites": 1.0}, "overload"), Streams(1)("x"))

    assert rubble.fallen(model().p, 5400.0) == pytest.approx(1890.0)
    assert model().readings(state)["rubble"] == pytest.approx(1890.0)


def test_twenty_people_clear_two_hundred_cubic_metres_in_twenty_five_hours():
    """By hand at .4 m³ an hour each, by day or in light; the last of the dead lies at the bottom."""
    ruin = model(rubble_share=1.0, dead=1.0, trapped=0.0, flees=0.0, darkness=1.0, **STANDS)
    answer = lambda demands: {d.id: 20.0 for d in demands if d.id == "by_hand"}  # noqa: E731
    where = scene({"people": 500.0, "volume": 200.0, "sites": 1.0}, "overload")
    state, _ = ruin.start(where, Streams(1)("hazard", "F1"))
    found = [t for t, name, _ in walk(ruin, where, {0.0: answer}).log if name == "body_found"]

    assert found == pytest.approx([25 * HOUR * depth for depth in state.bodies])
    assert found[-1] == pytest.approx(25 * HOUR, rel=0.01)


def test_the_printed_lower_bound_of_a_hundred_trapped_is_met():
    """Mean 10.5 person-hours; 300 rescuers at 60 % need 5.83 h if the work could be divided at will."""
    p = model().p

    assert people.mean_toil(p) == pytest.approx(10.5 * HOUR)
    assert people.together(p, 100.0, 300.0) == pytest.approx(5.8333 * HOUR, rel=1e-4)


@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_no_plan_beats_the_lower_bound(seed):
    """However many there are, they are not done before the work at hand divided by all who find room."""
    ruin, where = model(**STANDS, **ALONE), scene(MAJOR, "overload")
    state, _ = ruin.start(where, Streams(seed)("hazard", "F1"))
    toil = math.fsum(who.left for who in (*state.easy, *state.deep))
    plan = {0.0: all_hands(1.0, ("ROAD_CLEAR",))}

    assert walk(ruin, where, plan, seed=seed).when("all_out") >= toil / (2 * 6.0 * state.faces)


@pytest.mark.parametrize(("variant", "dead", "trapped"), [
    ("masonry", 0.10, 0.45), ("earth", 0.10, 0.45), ("rc", 0.20, 0.60), ("light", 0.02, 0.15),
])  # fmt: skip
def test_killed_and_trapped_as_printed(variant, dead, trapped):
    """Per occupant, nobody having run out; the rest is hurt, .25/.35/.40."""
    scope = {"people": 4000.0, "volume": 1e5, "sites": 1.0}
    result = run(scope, variant=variant, begins=None, until=1.0, changed={"flees": 0.0})
    hurt = [p.triage for p in result.people.values() if p.status is Status.WAITING]
    close = lambda share: pytest.approx(share, abs=3.5 * math.sqrt(share * (1 - share) / 4000))  # noqa: E731

    assert result.count(Status.DEAD) / 4000 == close(dead)
    assert result.count(Status.TRAPPED) / 4000 == close(trapped)
    assert len(hurt) / 4000 == close(1 - dead - trapped)
    for colour, share in ((Triage.RED, 0.25), (Triage.YELLOW, 0.35), (Triage.GREEN, 0.40)):
        assert hurt.count(colour) / len(hurt) == pytest.approx(share, abs=0.06)


def test_the_trapped_lie_as_printed():
    """.50 at the surface, .30 light, .15 in voids, .05 entombed, at 1, 5, 30, 80 hours each on average."""
    state = settled(8000).state
    lying = (*state.easy, *state.deep)
    for reach, share, hours in zip(Reach, (0.5, 0.3, 0.15, 0.05), (1, 5, 30, 80), strict=True):
        some = [who for who in lying if who.reach is reach]

        assert len(some) / len(lying) == pytest.approx(share, abs=0.03)
        assert math.fsum(who.toil for who in some) / len(some) == pytest.approx(hours * HOUR, rel=0.06)


@pytest.mark.parametrize(
    ("rain", "cause", "rate"), [(0.0, "overload", 0.01), (5.0, "overload", 0.06), (0.0, "aftershock", 0.06)]
)
def test_what_stands_comes_down_at_the_printed_rate(rain, cause, rate):
    """.01 an hour, .05 more in rain or aftershocks."""
    assert rubble.risk(model(cause).p, Weather(rain=rain)) * HOUR == pytest.approx(rate)


def test_shoring_divides_what_is_left_of_the_clock_by_five():
    """Eight crew-hours; from then on the site's clock runs a fifth as fast."""
    ruin, where = model(), scene(MAJOR, "overload")
    state, _ = ruin.start(where, Streams(3)("hazard", "F1"))
    inputs = Inputs({"shoring": 1.0}, where.weather)
    later = ruin.advance(state, 8 * HOUR, inputs)
    shored, _ = ruin.fire(later, "shored", inputs)
    due = (state.standing[0].strikes - later.clock) / (0.01 / HOUR)

    assert later.standing[0].shoring == pytest.approx(0.0, abs=1e-6)
    assert (shored.standing[0].strikes - shored.clock) / (0.01 / HOUR) == pytest.approx(5 * due)
    assert ruin.readings(shored)["unshored"] == 0.0


def test_in_a_trench_half_of_those_covered_are_dead_in_six_minutes():
    """An exponential clock: against the integral of its density; with the head free they do not smother."""
    trench = model(variant="trench", head_covered=1.0, **ALONE)
    where = scene({"people": 2000.0, "volume": 500.0, "sites": 1.0}, "overload", variant="trench")
    result = walk(trench, where, until=6 * MINUTE)
    buried = sum(why in ("buried", "smothered") for why in result.why.values())
    share, _ = quad(lambda t: math.log(2) / 6 * math.exp(-math.log(2) / 6 * t), 0, 6)

    assert share == pytest.approx(0.5)
    assert list(result.why.values()).count("smothered") / buried == pytest.approx(share, abs=0.05)
    free = walk(model(variant="trench", head_covered=0.0), where, until=DAY)
    assert "smothered" not in free.why.values()


# ── faces and sites ──


def test_more_than_six_at_a_face_do_nothing():
    """Twice the people who find room at it free nobody sooner."""
    ruin, where = model(**STANDS), scene(MAJOR, "overload")
    once, twice = (walk(ruin, where, {HOUR: all_hands(share)}) for share in (1.0, 2.0))
    state = once.state

    assert rubble.faces(ruin.p, 700.0, 1) == 3
    assert rubble.faces(ruin.p, 1e6, 1) == 8
    assert rubble.faces(ruin.p, 100.0 * 30, 30) == 30
    crews = [k for k, _ in rubble.deep_rates(ruin.p, walk(ruin, where, {}, until=1.0).state, {"voids": 99.0})]
    assert len(crews) <= state.faces
    assert twice.when("all_out") >= once.when("all_out") * 0.45


def test_many_sites_are_worked_at_the_same_time():
    """The same people and rubble on ten sites instead of one offer more room and are done sooner with plenty of help."""
    one, ten = (
        run({"people": 60.0, "volume": 6000.0, "sites": sites}, changed=STANDS).when("all_out") for sites in (1.0, 10.0)
    )

    assert ten < one


def test_voids_are_not_entered_before_their_site_is_searched():
    """Nobody deep is got out while the search has not come to them."""
    result = run({"people": 300.0, "volume": 9000.0, "sites": 5.0}, without=("SEARCH",), until=5 * DAY)

    assert "got_out" not in [name for _, name, _ in result.log]
    assert result.ended == math.inf


def test_machines_need_an_engineer_while_people_may_be_alive():
    """Without one they wait until all who were trapped are out or given up."""
    free = {"dead": 0.3, "flees": 0.0}
    watched, blind = (
        run(without=("LABOR", "USAR", *w), changed=free | ALONE, until=6 * DAY) for w in ((), ("STRUCT",))
    )

    assert "uncovered" in [name for _, name, _ in watched.log]
    assert "body_found" not in [name for _, name, _ in blind.log]


def test_machines_are_careful_until_hope_is_over():
    """20 m³/h a site while anybody may be alive, 50 afterwards."""
    ruin, where = model(), scene(MAJOR, "overload")
    state, _ = ruin.start(where, Streams(1)("x"))
    found = ruin.fire(state, "site_searched", Inputs({}, where.weather))[0]
    given_up = ruin.fire(state, "hope_over", Inputs({}, where.weather))[0]

    assert rubble.machine_limit(ruin.p, state) == 0.0
    assert rubble.machine_limit(ruin.p, found) * HOUR == pytest.approx(20)
    assert rubble.machine_limit(ruin.p, given_up) * HOUR == pytest.approx(50)


def test_hope_is_over_when_two_in_a_hundred_would_live():
    """Seven days of the masonry curve of the casualty model."""
    survival = math.exp(-((model().p.hope / (68 * HOUR)) ** 1.5))

    assert survival == pytest.approx(0.02, rel=0.02)


def test_neighbours_free_most_of_those_at_the_surface_of_a_house():
    """With nobody else there: at the larger grade in a town, more than half of the surface cases before three hours."""
    town = Surroundings(density=4000 / 1e6, presence={"dwelling": 0.9, "asleep": 0.0})
    freed = surface = 0
    for seed in range(20):
        scope = {"people": 10.0, "volume": 500.0, "sites": 1.0}
        result = run(scope, begins=None, seed=seed, until=4 * HOUR, around=town)
        state, _ = model().start(scene(scope, "overload", around=town), Streams(seed)("hazard", "F1"))
        surface += sum(who.reach is Reach.SURFACE for who in state.easy)
        freed += min(
            sum(name == "dug_out" for _, name, _ in result.log), sum(who.reach is Reach.SURFACE for who in state.easy)
        )

    assert freed / surface > 0.5


# ── exactness, conservation ──


@settings(max_examples=15, deadline=None)
@given(seed=seeds, cause=st.sampled_from(CAUSES), variant=st.sampled_from(VARIANTS),
       cuts=st.lists(st.floats(0, 3 * DAY), max_size=6))  # fmt: skip
def test_looking_in_between_changes_nothing(seed, cause, variant, cuts):
    """However often the state is brought up to date, the course is the same."""
    scope = {"people": 60.0, "volume": 3000.0, "sites": 4.0}
    ruin, where, plan = model(cause, variant), scene(scope, cause, variant=variant), {2 * HOUR: all_hands(0.3)}
    whole = walk(ruin, where, plan, seed=seed, until=2.9 * DAY)
    cut = walk(ruin, where, plan, seed=seed, until=2.9 * DAY, cuts=sorted(cuts))

    assert differences(cut, whole) == []
    assert same(cut.state, whole.state)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("cause", CAUSES)
def test_everybody_is_accounted_for(cause, variant):
    """Whoever was inside is dead, hurt or safe at the end, and nobody is left under it."""
    for scope in (MAJOR, {"people": 0.0, "volume": 100.0, "sites": 1.0}):
        result = run(scope, cause, variant)

        assert result.ended < math.inf
        assert len(result.people) == scope["people"]
        assert {p.status for p in result.people.values()} <= {Status.DEAD, Status.WAITING, Status.SAFE}
        assert result.state.easy == result.state.deep == result.state.bodies == ()


# ── effort ──


@settings(max_examples=25, deadline=None)
@given(
    seed=seeds,
    share=st.floats(0.1, 1),
    more=st.floats(1, 3),
    cause=st.sampled_from(CAUSES),
    variant=st.sampled_from(VARIANTS),
)
def test_more_or_earlier_effort_loses_nobody(seed, share, more, cause, variant):
    """Whoever is lost with more, or with the same an hour sooner, is lost with less, too; it ends no later."""
    scope = {"people": 60.0, "volume": 3000.0, "sites": 5.0}
    ruin, where = model(cause, variant), scene(scope, cause, variant=variant)
    less, most, soon, none = (
        walk(ruin, where, plan, seed=seed, until=30 * DAY)
        for plan in (
            {3 * HOUR: all_hands(share)},
            {3 * HOUR: all_hands(min(1.0, share * more))},
            {2 * HOUR: all_hands(share)},
            {},
        )
    )

    assert lost(most) <= lost(less) <= lost(none)
    assert lost(soon) <= lost(less)
    assert most.ended <= less.ended + 1e-3 and soon.ended <= less.ended + 1e-3


def test_without_effort_it_never_ends():
    """Neighbours stop after three hours; those deep in it stay, and nobody knows whether all are found."""
    assert run(begins=None).ended == math.inf
    assert run({"people": 0.0, "volume": 100.0, "sites": 1.0}, begins=None).ended == math.inf


def test_a_site_comes_down_on_those_in_it_and_on_rescuers():
    """Secondary collapse strikes those at work; an engineer who watches lowers that."""
    shaky = {"second_risk": 1.0 / HOUR, "second_kills": 1.0}
    struck = {}
    for without in ((), ("STRUCT",)):
        result = run(begins=0.0, share=0.2, without=("ROAD_CLEAR", *without), changed=shaky)
        blows = [
            e for _, name, effects in result.log if name == "second_collapse" for e in effects if isinstance(e, Strike)
        ]
        struck[without] = blows[0].dead
        assert "struck_again" in result.why.values()

    assert struck[()] == pytest.approx(0.3 * struck[("STRUCT",)])


def test_long_crushed_limbs_come_out_red_unless_fluids_are_given():
    """After two hours a further share of those pinned is badly hurt."""
    scope = {"people": 400.0, "volume": 6000.0, "sites": 4.0}
    reds = {}
    for without in ((), ("FIRST_AID",)):
        result = run(scope, begins=3.0, without=without, changed=STANDS)
        freed = [who for who, why in result.why.items() if why in ("dug_out", "got_out", "uncovered")]
        reds[without] = sum(result.people[who].triage is Triage.RED for who in freed)

    assert reds[("FIRST_AID",)] > 1.3 * reds[()]


def test_concrete_hardens_under_formwork():
    """Between three and six hours; the work then left is threefold."""
    scope = {"people": 100.0, "volume": 2000.0, "sites": 1.0}
    result = run(scope, variant="scaffold", begins=None, changed={"trapped": 0.5} | ALONE | STANDS)

    assert 3 * HOUR <= result.when("hardened") <= 6 * HOUR
    assert all(who.left == pytest.approx(3 * who.toil) for who in result.state.deep)
    assert run(scope, begins=None).when("hardened") == math.inf


# ── the five elements ──


def test_by_night_more_are_caught_and_work_needs_light():
    """Time: nobody runs out asleep; without light six tenths of the work is done."""
    asleep = Surroundings(presence={"dwelling": 0.9, "asleep": 1.0})
    day, night = (settled(2000, flees=0.5), run({"people": 2000.0, "volume": 1e5, "sites": 1.0}, begins=None, until=1.0,
                                                hour=2.0, around=asleep, changed={"flees": 0.5}))  # fmt: skip
    lit, dark = (run(hour=21.0, without=w, changed=STANDS, until=20 * DAY).when("all_out") for w in ((), ("POWER",)))

    assert day.count(Status.SAFE) > 900 > night.count(Status.SAFE) == 0
    assert lit < dark


def test_frost_shortens_survival_and_rain_brings_down_more():
    """Weather: below the mark those trapped run the winter curve."""
    assert {p.entrapment for p in run(until=1.0, weather=Weather(temperature=-2.0)).people.values()} == {"mixed_winter"}
    assert {p.entrapment for p in run(until=1.0).people.values()} == {"masonry"}


def test_in_a_town_there_are_more_neighbours():
    """Place: more people live around and dig."""
    p = model().p
    dense, thin = (scene(MAJOR, "overload", around=Surroundings(density=d / 1e6)) for d in (6000.0, 100.0))

    assert people.diggers(p, dense) > 2 * people.diggers(p, thin) > 0


def test_crews_asked_for_follow_what_is_believed():
    """One or two at a house, some ten at a big building, dozens where a town has come down – never more than find room."""
    from msgspec.structs import replace

    asked = {}
    for name, scope in (("house", {"people": 3.0, "volume": 100.0, "sites": 1.0}),
                        ("block", {"people": 100.0, "volume": 6e3, "sites": 1.0}),
                        ("town", {"people": 1500.0, "volume": 1e5, "sites": 120.0})):  # fmt: skip
        ruin, where = model(), scene(scope, "overload")
        state, _ = ruin.start(where, Streams(1)("x"))
        sight = replace(ruin.observe(state, Streams(1)("s")), trapped=state.trapped)
        asked[name] = {n.capability: n.amount for n in ruin.needs(sight, where.site)}

    assert 1 <= asked["house"]["USAR"] <= 2
    assert 5 <= asked["block"]["USAR"] <= 12
    assert 40 <= asked["town"]["USAR"] <= 60
    assert asked["house"]["LABOR"] <= 12


def test_what_follows_knows_how_many_and_how_much():
    """The first note carries people, volume and sites for whatever looks at it."""
    _, effects = model().start(scene(MAJOR, "overload"), Streams(1)("x"))
    (note,) = [e for e in effects if isinstance(e, Note)]

    assert note.name == "collapsed"
    assert (note.values["people"], note.values["volume"], note.values["sites"]) == (40.0, 2000.0, 1.0)
