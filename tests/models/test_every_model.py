"""What holds for every model of an accident, by nature: found in the catalogue, so that none can be forgotten.

Help is worth what it does: none is never better than some, late never better than early, little never better than much.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import pytest

from sim import catalog
from sim.domain.hazards import Harm, Inputs, Over, Scene
from sim.domain.people import Status
from sim.domain.places import Reach, Settlement, Surroundings, Weather
from sim.ports import Hazard
from sim.streams import Streams
from tests.models.walking import DAY, Walk, all_hands, differences, same, scene, walk

HOUR = 3600.0
NATURES = sorted(catalog.hazards())
LARGER = 2
FAR = 120 * DAY
SEEDS = (1, 2)
TOWN = Surroundings(
    density=3000.0 / 1e6,
    settlements=(
        Settlement("T1", 0.0, 0.0, 60_000.0),
        Settlement("T2", 4_000.0, 70.0, 30_000.0, -20.0),
        Settlement("T3", 12_000.0, 200.0, 20_000.0, 50.0),
    ),
    presence={"dwelling": 0.35, "school": 0.95, "office": 0.9, "shop": 0.4, "market": 0.5, "hospital": 1.0, "road": 0.6,
              "outdoors": 0.2, "asleep": 0.02},
    river=(Reach("桥头", 3_000.0, 15.0, 4_000.0, code="T2"), Reach("水厂", 9_000.0, 40.0, 2_000.0, intake=True, code="T3")),
    slope=5.0,
    near={"hospital": 1_000.0, "coal_area": 8_000.0},
)  # fmt: skip
GORGE = Surroundings(
    density=60.0 / 1e6,
    settlements=(Settlement("T9", 500.0, 10.0, 4_000.0, 10.0), Settlement("T8", 15_000.0, 180.0, 3_000.0, -200.0)),
    presence={"dwelling": 0.9, "school": 0.0, "office": 0.02, "shop": 0.02, "market": 0.0, "hospital": 1.0, "road": 0.1,
              "outdoors": 0.02, "asleep": 0.9},
    river=(Reach("下游", 15_000.0, 200.0, 600.0, code="T8"),),
    slope=32.0,
    near={"hospital": 40_000.0},
)  # fmt: skip


def model(nature: str, cause: str = "", variant: str = "") -> Hazard:
    """The model with the typical values of its card."""
    plugin = catalog.hazard(nature)
    card = plugin.card
    cause, variant = cause or next(iter(card.causes)), variant or next(iter(card.variants), "")
    low_high = {name: passport.bounds for name, passport in card.parameters.items()}
    return plugin.build(
        {name: min(max(card.spread(name, cause, variant).median, low), high) for name, (low, high) in low_high.items()}
    )


def place(nature: str, cause: str = "", variant: str = "", grade: int = LARGER, **changed: Any) -> Scene:
    """An ordinary scene for it."""
    card = catalog.hazard(nature).card
    scope = {name: entry.at_grade(grade) for name, entry in card.scope.items()} | changed.pop("scope", {})
    return scene(
        scope, cause or next(iter(card.causes)), variant=variant or next(iter(card.variants), ""),
        **{"around": TOWN, "population": 60_000.0} | changed,
    )  # fmt: skip


@cache
def course(nature: str, begins: float = HOUR, share: float = 1.0, seed: int = 1, grade: int = LARGER) -> Walk:
    """With so large a share of what finds room, from so long after the beginning on (inf: nobody comes)."""
    plan = {begins: all_hands(share)} if begins < math.inf else {}
    return walk(model(nature), place(nature, grade=grade), plan, seed=seed, until=FAR)


def lost(found: Walk) -> set[str]:
    """Who is dead, given up, or still caught in it at the end."""
    ended = {Status.DEAD, Status.MISSING} if found.ended < math.inf else {Status.DEAD, Status.MISSING, Status.TRAPPED}
    return {who for who, person in found.people.items() if person.status in ended}


def story(found: Walk) -> list[Any]:
    """All that happened, for comparison."""
    people = sorted((who, person.status.value, person.group) for who, person in found.people.items())
    return [[(round(t, 3), name) for t, name, _ in found.log], people, round(min(found.ended, 1e9), 3)]


def reasons(found: Walk) -> list[str]:
    return [effect.reason for _, _, effects in found.log for effect in effects if isinstance(effect, Over)]


@pytest.mark.parametrize("nature", NATURES)
def test_every_word_stands_in_the_card(nature: str) -> None:
    """What a model says – events, milestones, reasons, what harms, demands, readings – has a name in both languages."""
    card, wanted, said = catalog.hazard(nature).card, set(), set()
    for cause in card.causes:
        hazard, where = model(nature, cause), place(nature, cause)
        state, _ = hazard.start(where, Streams(1)("hazard", "F1"))
        wanted |= {demand.id for demand in hazard.demands(state)}
        assert set(hazard.readings(state)) == set(card.readings), "readings are always the same"
        assert hazard.mode(state) in {"latent", "growing", "steady", "declining", "controlled", "over"}
        found = walk(hazard, where, {HOUR: all_hands(0.5)}, until=20 * DAY)
        wanted |= {demand.id for demand in hazard.demands(found.state)}
        said |= {name for _, name, _ in found.log} | set(found.notes()) | set(reasons(found))
        said |= {why for why in found.why.values() if why}
        assert set(hazard.readings(found.state)) == set(card.readings)

    staged = not catalog.hazard(nature).module
    assert wanted <= set(card.demands)
    assert staged or sorted(said - set(card.events)) == []


@pytest.mark.parametrize("nature", NATURES)
@pytest.mark.parametrize("seed", SEEDS)
def test_with_help_it_ends_for_a_reason_and_nobody_is_forgotten(nature: str, seed: int) -> None:
    """It comes to a named end; nobody is then still caught in it."""
    found = course(nature, seed=seed)

    assert found.ended < math.inf and reasons(found)[-1:] != [""]
    caught = {Status.TRAPPED, Status.EXPOSED}
    assert [who for who, person in found.people.items() if person.status in caught] == []


@pytest.mark.parametrize("nature", NATURES)
@pytest.mark.parametrize("seed", SEEDS)
def test_help_is_never_worse_than_none_and_early_never_worse_than_late(nature: str, seed: int) -> None:
    """Who is lost with early help is lost with late help too, and without any; it ends no later."""
    never, late, soon = (course(nature, begins, 1.0, seed) for begins in (math.inf, 6 * HOUR, HOUR))
    slack = 1.0  # s: clocks that begin with an arrival

    assert len(lost(soon)) <= len(lost(late)) <= len(lost(never))
    assert soon.ended <= late.ended + slack <= never.ended + 2 * slack


@pytest.mark.parametrize("nature", NATURES)
def test_much_help_is_never_worse_than_little(nature: str) -> None:
    """More effort at every place of work loses nobody and ends nothing later."""
    little, much = course(nature, HOUR, 0.25), course(nature, HOUR, 1.0)

    assert len(lost(much)) <= len(lost(little))
    assert much.ended <= little.ended + 1.0


@pytest.mark.parametrize("nature", NATURES)
def test_a_look_in_between_changes_nothing(nature: str) -> None:
    """advance(a) then advance(b) is advance(a + b): whoever looks at odd moments sees the same course."""
    cuts = [60.0 * i * (1 + 0.013 * i) for i in range(1, 60)]
    plain = walk(model(nature), place(nature), {2 * HOUR: all_hands(0.4)}, until=3 * DAY)
    cut = walk(model(nature), place(nature), {2 * HOUR: all_hands(0.4)}, until=3 * DAY, cuts=cuts)

    assert differences(cut, plain) == []
    assert same(cut.state, plain.state, 1e-6)


@pytest.mark.parametrize("nature", NATURES)
def test_a_clock_of_milliseconds_changes_nothing(nature: str) -> None:
    """Events that are answered a hair late lead to the same end."""
    late = walk(model(nature), place(nature), {HOUR: all_hands()}, until=FAR, late=0.0007)
    exact = course(nature)

    assert late.ended == pytest.approx(exact.ended, rel=1e-3, abs=120.0)
    assert abs(len(lost(late)) - len(lost(exact))) <= 1


@pytest.mark.parametrize("nature", NATURES)
def test_the_same_luck_gives_the_same_course_and_another_another(nature: str) -> None:
    """Luck belongs to the seed."""
    again = walk(model(nature), place(nature), {HOUR: all_hands()}, until=FAR)

    assert story(again) == story(course(nature))


@pytest.mark.parametrize("nature", NATURES)
def test_cause_and_scope_change_the_course(nature: str) -> None:
    """Every cause differs from the first; a bigger grade is another course."""
    card = catalog.hazard(nature).card

    def told(cause: str, grade: int = LARGER) -> list[Any]:
        gale = Weather(wind=10.0, temperature=28.0, humidity=20.0)  # what flies does not in still air
        return [_told(nature, cause, grade=grade), _told(nature, cause, grade=grade, weather=gale)]

    first = told(next(iter(card.causes)))
    same_as_first = [cause for cause in list(card.causes)[1:] if told(cause) == first]
    assert same_as_first == []
    assert told(next(iter(card.causes)), 3) != first


@pytest.mark.parametrize("nature", NATURES)
def test_variants_change_the_course(nature: str) -> None:
    """Every variant runs and differs from the first."""
    variants = list(catalog.hazard(nature).card.variants)
    courses = [_told(nature, variant=variant) for variant in variants]

    assert [v for v, found in zip(variants[1:], courses[1:], strict=True) if found == courses[0]] == []


@pytest.mark.parametrize("nature", NATURES)
def test_time_and_place_change_the_course(nature: str) -> None:
    """Night or winter is another course than a summer noon; so is a gorge another than a town."""
    noon = _told(nature)
    night = {**GORGE.presence}
    winter = Weather(wind=5.0, temperature=-4.0, humidity=95.0, rain=1.0, ice="glaze")
    dark = Surroundings(TOWN.density, TOWN.settlements, night, TOWN.river, TOWN.slope, TOWN.near)

    def at_night(luck: int) -> list[Any]:
        return _told(nature, luck=luck, hour=2.0, month=1, weekday=6, weather=winter, rain=10.0, around=dark)

    # what the dark changes may be a matter of luck: a fall that comes sooner
    assert any(at_night(luck) != _told(nature, luck=luck) for luck in (1, 2, 3)), "time"
    assert (
        _told(nature, terrain="gorge", elevation=1100.0, around=GORGE, population=4000.0, rain=150.0, link="") != noon
    ), "place"


@pytest.mark.parametrize("nature", NATURES)
def test_a_desert_around_it_is_no_error(nature: str) -> None:
    """With nobody near, nothing known of the surroundings and no road, it still runs."""
    found = walk(
        model(nature), place(nature, around=Surroundings(), link="", population=0.0), {HOUR: all_hands()}, until=FAR
    )

    assert found.ended < math.inf


@pytest.mark.parametrize("nature", NATURES)
def test_nobody_is_asked_for_on_an_empty_sighting(nature: str) -> None:
    """What a duty officer asks for follows from what is seen: nothing seen, nothing asked; what is seen is asked for in time."""
    from sim.domain.hazards import Sighting

    hazard, where = model(nature), place(nature)
    assert list(hazard.needs(Sighting(), where.site)) == []
    state, effects = hazard.start(where, Streams(1)("hazard", "F1"))
    harmed = sum(len(e.persons) for e in effects if isinstance(e, Harm))
    sighting = hazard.observe(hazard.advance(state, 0.0, Inputs({}, where.weather)), Streams(1)("sight"))
    needs = hazard.needs(sighting, where.site)
    assert all(need.amount > 0.0 and math.isfinite(need.amount) for need in needs), (needs, harmed)
    known = set(catalog_capabilities())
    assert {need.capability for need in needs} | {d.capability for d in hazard.demands(state)} <= known


@cache
def catalog_capabilities() -> tuple[str, ...]:
    from models.hazards.staged import known_capabilities

    return tuple(known_capabilities())


def _told(
    nature: str, cause: str = "", variant: str = "", grade: int = LARGER, luck: int = 1, **changed: Any
) -> list[Any]:
    """The course, and figures on the way, in plain values."""
    hazard, where = model(nature, cause, variant), place(nature, cause, variant, grade, **changed)
    found = walk(hazard, where, {HOUR: all_hands(0.3)}, seed=luck, until=15 * DAY)
    state, _ = hazard.start(where, Streams(1)("hazard", "F1"))
    inputs = Inputs({}, where.weather)
    span, _ = hazard.next_event(state, inputs)
    soon = hazard.readings(hazard.advance(state, min(span, 600.0), inputs))
    figures = sorted(hazard.observe(state, Streams(1)("sight")).figures.items())
    return [story(found), sorted(soon.items()), figures]
