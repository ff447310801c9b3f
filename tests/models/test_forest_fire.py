"""The forest fire against the values of its sources, its own laws, and what an expert would expect of the five elements."""

from __future__ import annotations

import math
from dataclasses import fields, replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from models.hazards.forest_fire import Model, Parameters, State, spread
from models.hazards.forest_fire.state import Edge
from models.kernels import circle_race, front_race
from sim.domain.hazards import Effect, Harm, Inputs, Involve, Note, Over, Scene
from sim.domain.people import Person, Status
from sim.domain.places import Calendar, Point, Site, Weather
from sim.doors.hazard import read_hazard
from sim.streams import Streams
from sim.units import to_si
from tests.models.passports import MODELS, document, parameters

HOUR, MINUTE = 3600.0, 60.0
CARD = "hazards/forest_fire/parameters.yaml"
P = parameters(Parameters, CARD, upslope=45.0)
CALM = replace(P, breach_rate=0.0, spot_rate=0.0, fuel_break=1e12)  # no embers, no fuel breaks: nothing but the race
DRY = Weather(wind=5.0, wind_from=225.0, temperature=24.0, humidity=40.0)
FORCE = {"line": 3000 / HOUR, "water": 0.02, "evacuation": 300 / HOUR, "mop_up": 200.0, "watch": 500.0}


def scene(
    hour: float = 13.0, terrain: str = "hilly", weather: Weather = DRY, *, area: float = 1e4, people: float = 90.0
) -> Scene:
    site = Site(Point(103.8, 25.5), "n", "甲", "A", "c", "t", terrain=terrain)
    calendar = Calendar(2026, 3, 14, 5, hour * HOUR)
    return Scene("F1", "field_burning", {"area": area, "people": people}, site, calendar, 0.0, weather)


class Course:
    """One fire with a constant force from the first moment, until it is over or `limit`."""

    def __init__(
        self,
        p: Parameters = P,
        at: Scene | None = None,
        force: dict[str, float] | None = None,
        *,
        seed: int = 1,
        limit: float = 200 * HOUR,
    ) -> None:
        model, at = Model(p), at or scene()
        self.state, effects = model.start(at, Streams(seed)("hazard", "F1"))
        self.effects: list[tuple[float, str, Effect]] = [(0.0, "start", e) for e in effects]
        t = 0.0
        while not self.state.over:
            inputs = Inputs({d.id: (force or {}).get(d.id, 0.0) for d in model.demands(self.state)}, at.weather)
            span, name = model.next_event(self.state, inputs)
            if t + span > limit:
                self.state = model.advance(self.state, limit - t, inputs)
                break
            self.state = model.advance(self.state, span, inputs)
            t += span
            self.state, effects = model.fire(self.state, name, inputs)
            self.effects += [(t, name, e) for e in effects]
        self.readings = model.readings(self.state)
        self.over = t if self.state.over else math.inf

    def noted(self, name: str) -> float:
        return max((t for t, _, e in self.effects if isinstance(e, Note) and e.name == name), default=math.inf)

    def fates(self) -> dict[str, Status]:
        fates = {p.id: p.status for _, _, e in self.effects if isinstance(e, Involve) for p in e.persons}
        for _, _, e in self.effects:
            if isinstance(e, Harm):
                assert all(fates[who] is Status.EXPOSED for who in e.persons), "nobody is harmed or saved twice"
                fates |= dict.fromkeys(e.persons, e.status)
        return fates


def near(value: float) -> object:
    return pytest.approx(value, rel=1e-3)


# ── the printed values ───────────────────────────────────────────────────────────────────────────────────────────────


def test_base_rate_is_wang_zhengfeis() -> None:
    """T 25 °C, Beaufort 4, 30 % humidity: 1.35 m/min, and 1.2615 with the variant's coefficients."""
    variant = replace(
        P, rate_temperature=0.0299 / 60, rate_wind=0.047 / 60, rate_dryness=0.009 / 60, rate_offset=0.304 / 60
    )

    assert spread.base_rate(P, 25, 4, 30) * MINUTE == near(1.35)
    assert spread.base_rate(variant, 25, 4, 30) * MINUTE == near(1.2615)


def test_wind_and_slope_factors_are_mao_xianmins() -> None:
    """K_w(5 m/s) 2.439; K_φ(20°) 2.859 up and .3497 down; with the base rate the head runs 9.41 m/min."""
    assert spread.wind_factor(P, 5, 0) == near(2.439)
    assert spread.slope_factor(P, 20) == near(2.859)
    assert spread.slope_factor(P, 20, 180) == near(0.3497)
    assert spread.base_rate(P, 25, 4, 30) * spread.wind_factor(P, 5, 0) * spread.slope_factor(P, 20) * MINUTE == near(
        9.41
    )


def test_the_head_of_the_ring_runs_at_the_product_of_the_factors() -> None:
    """A sector straight downwind and upslope spreads at R0·K_s·K_w·K_φ."""
    p = replace(P, fuel=1.0, upslope=45.0)
    wind = p.beaufort_scale * 4**p.beaufort_power
    weather = Weather(wind=wind, wind_from=225.0, temperature=25.0, humidity=30.0)

    rates = spread.rates(p, 20.0, weather, 1.0, (45.0, 225.0))

    assert rates[0] * MINUTE == near(1.35 * spread.wind_factor(p, wind, 0) * 2.859)
    assert rates[1] * MINUTE == near(1.35 * spread.wind_factor(p, wind, 180) * 0.3497)


def test_what_runs_away_is_clipped() -> None:
    """Wind counts up to 12 m/s, slope to 40°, the front to 80 m/min, the base rate down to .05."""
    assert spread.wind_factor(P, 30, 0) == spread.wind_factor(P, 12, 0)
    assert spread.slope_factor(P, 60) == spread.slope_factor(P, 40)
    assert max(spread.rates(P, 40.0, Weather(wind=30, temperature=40, humidity=5), 1.0, (45.0,))) * MINUTE == near(80)
    assert spread.base_rate(P, -10, 0, 100) * MINUTE == near(0.05)


def test_shape_is_alexanders_ellipse() -> None:
    """18 km/h: length to breadth 1.607; a head of 5 m/min makes 5.54 ha with 869 m of edge in an hour."""
    ratio = spread.length_to_breadth(P, 5.0)
    length = 300 * (1 + 1 / spread.head_to_back(ratio))
    area = math.pi / 4 * length * length / ratio

    assert ratio == near(1.607)
    assert area / 1e4 == near(5.54)
    assert spread.ellipse_perimeter(length, ratio) == near(869)
    assert spread.ellipse_length(area, ratio) == pytest.approx(length)


def test_intensity_and_flame_are_byrams() -> None:
    """1.2 kg/m² at 5 m/min: 1 800 kW/m and 2.44 m of flame; the limits of attack are 1.2 and 2.4 m."""
    power = spread.intensity(replace(P, load=1.2), 5 / MINUTE)

    assert power / 1e3 == near(1800)
    assert spread.flame_length(P, power) == pytest.approx(2.44, abs=0.005)  # as printed
    assert spread.flame_length(P, P.attack_hand) == pytest.approx(1.2, rel=0.06)
    assert spread.flame_length(P, P.attack_water) == pytest.approx(2.4, rel=0.06)


def test_the_race_is_the_kernels() -> None:
    """400 m of edge growing 120 m/h against 300 m/h: 133.3 min; a circle against 900 m/h: 36.04 min, 2.326 ha."""
    whole = circle_race(50, 900 / 60, 1)

    assert front_race(400, 300 / 60, 120 / 60) == near(133.3)
    assert whole == near(36.04)
    assert math.pi * (50 + whole) ** 2 / 1e4 == near(2.326)


def test_one_sector_after_the_other_is_worked_out_by_hand() -> None:
    """On flat ground without wind every sector closes when the line has caught what it has grown to since the start."""
    p = replace(CALM, slope_basin=0.0, sectors=16.0)
    weather = Weather(wind=0.0, temperature=20.0, humidity=60.0)
    rate = spread.rates(p, 0.0, weather, 1.0, (0.0,))[0]
    line = 6000 / HOUR
    effective = line * p.line_basin * p.line_share * p.line_fuel * p.beating
    growth, r0, t = 2 * math.pi / 16 * p.line_detour * rate, math.sqrt(1e4 / math.pi), 0.0
    for _ in range(16):
        t += 2 * math.pi / 16 * p.line_detour * (r0 + rate * t) / (effective - growth)

    course = Course(p, scene(11.0, "basin", weather), {"line": line}, limit=12 * HOUR)

    assert t < 7 * HOUR, "within one part of the day"
    assert course.noted("all_held") == pytest.approx(t, rel=1e-9)


# ── laws ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

efforts = st.fixed_dictionaries({name: st.floats(0, 3).map(lambda f, top=top: f * top) for name, top in FORCE.items()})


@settings(max_examples=40, deadline=None)
@given(
    force=efforts,
    share=st.floats(0.01, 0.99),
    seed=st.integers(1, 5),
    hour=st.floats(0, 23.9),
    steps=st.integers(0, 12),
)
def test_two_steps_are_one(force: dict[str, float], share: float, seed: int, hour: float, steps: int) -> None:
    """advance(a) then advance(b) is advance(a + b), anywhere on the way."""
    model, at = Model(P), scene(hour)
    state, _ = model.start(at, Streams(seed)("hazard", "F1"))
    inputs = Inputs(force, DRY)
    for _ in range(steps):
        span, name = model.next_event(state, inputs)
        state, _ = model.fire(model.advance(state, span, inputs), name, inputs)
        if state.over:
            return
    span, name = model.next_event(state, inputs)

    once = model.advance(state, span, inputs)
    twice = model.advance(model.advance(state, span * share, inputs), span * (1 - share), inputs)

    assert _numbers(twice) == pytest.approx(_numbers(once), rel=1e-9, abs=1e-6)
    assert model.next_event(once, inputs)[0] == pytest.approx(0.0, abs=1e-6), "at the event it is due"


def _numbers(state: State) -> list[float]:
    figures = [x for s in state.sectors for x in (s.radius, s.built, s.gusts, s.mop)]
    return [*figures, *(h.left for h in state.hamlets), state.part_left, state.rain, state.spots, state.watch_left]


@settings(max_examples=25, deadline=None)
@given(
    force=efforts,
    more=st.floats(1, 4),
    seed=st.integers(1, 20),
    hour=st.floats(0, 23.9),
    terrain=st.sampled_from(["basin", "hilly", "mountain", "gorge"]),
)
def test_more_effort_never_ends_later(
    force: dict[str, float], more: float, seed: int, hour: float, terrain: str
) -> None:
    """Without embers and fuel breaks a greater force of the same kind holds, cools and ends no later, and burns no more."""
    at = scene(hour, terrain)

    weak = Course(CALM, at, force, seed=seed, limit=120 * HOUR)
    strong = Course(CALM, at, {k: v * more for k, v in force.items()}, seed=seed, limit=120 * HOUR)

    late = 1e-6
    assert strong.over <= weak.over + late
    assert strong.readings["area"] <= weak.readings["area"] * (1 + 1e-9)


def test_with_embers_more_effort_ends_earlier_on_average() -> None:
    """Embers and fuel breaks are luck that a response can meet badly once; over twenty fires more effort pays."""
    weak = [Course(P, None, FORCE, seed=s).over for s in range(1, 21)]
    strong = [Course(P, None, {k: v * 3 for k, v in FORCE.items()}, seed=s).over for s in range(1, 21)]

    assert sum(strong) < sum(weak)


def test_without_response_it_burns_on() -> None:
    """Nobody comes: three days later it still burns, larger than with a response, and nothing is cold."""
    alone, fought = Course(limit=72 * HOUR), Course(force=FORCE, limit=72 * HOUR)

    assert alone.over == math.inf
    assert all(s.edge is not Edge.COLD for s in alone.state.sectors)
    assert alone.readings["area"] > 2 * fought.readings["area"]


@settings(max_examples=25, deadline=None)
@given(people=st.integers(0, 150), seed=st.integers(1, 50), evacuation=st.floats(0, 200), wind=st.floats(0, 14))
def test_everybody_is_accounted_for_once(people: int, seed: int, evacuation: float, wind: float) -> None:
    """Whoever was in the way is safe, hurt or dead at the end, and nobody twice."""
    at = scene(people=people, weather=structs.replace(DRY, wind=wind))

    course = Course(P, at, {**FORCE, "line": 3.0, "evacuation": evacuation / HOUR}, seed=seed, limit=1000 * HOUR)

    fates = course.fates()
    assert len(fates) == people
    if course.over < math.inf:
        assert set(fates.values()) <= {Status.SAFE, Status.WAITING, Status.DEAD}


def test_evacuation_saves_those_in_the_way() -> None:
    """Over twenty fires fewer people are burnt if they are moved in time, and none more in any single fire."""

    def burnt(seed: int, rate: float) -> int:
        course = Course(
            P, scene(terrain="mountain", people=200), {"evacuation": rate / HOUR}, seed=seed, limit=24 * HOUR
        )
        return sum(f in (Status.WAITING, Status.DEAD) for f in course.fates().values())

    pairs = [(burnt(seed, 0), burnt(seed, 300)) for seed in range(1, 21)]

    assert all(moved <= left for left, moved in pairs)
    assert sum(moved for _, moved in pairs) < sum(left for left, _ in pairs)


def test_the_watch_runs_only_with_watchers() -> None:
    """All cold, it is over 48 h of full watch later; half the watchers take twice as long, none never end it."""
    force = {**FORCE, "line": 5.0, "mop_up": 1000.0}

    full = Course(CALM, None, force)
    need = math.ceil(full.readings["perimeter"] / P.watch_spacing)
    half = Course(CALM, None, {**force, "watch": need / 2})
    none = Course(CALM, None, {**force, "watch": 0.0})

    assert full.over - full.noted("all_cold") == pytest.approx(48 * HOUR)
    assert half.over - half.noted("all_cold") == pytest.approx(96 * HOUR)
    assert none.over == math.inf


def test_embers_break_a_held_line_until_it_is_mopped_up() -> None:
    """A line that nobody mops up is crossed sooner or later; one that is mopped up at once is not."""
    p = replace(P, breach_rate=P.breach_rate * 20, fuel_break=1e12)

    left = Course(p, None, {**FORCE, "line": 5.0, "mop_up": 0.0}, limit=48 * HOUR)
    mopped = Course(p, None, {**FORCE, "line": 5.0, "mop_up": 1e6}, limit=48 * HOUR)

    assert left.noted("breach") < math.inf
    assert mopped.noted("breach") == math.inf


def test_a_mistaken_sighting_changes_needs_not_truth() -> None:
    """Two observers differ; the state is the same, and a bigger belief asks for more line."""
    model = Model(P)
    state, _ = model.start(scene(), Streams(1)("hazard", "F1"))
    eyes = [msgspec.structs.replace(state, misjudged=(z, z)) for z in (-1.0, 1.0)]
    seen = [model.observe(looked_at, Streams(1)("observer")) for looked_at in eyes]
    site = scene().site

    asked = [{n.capability: n.amount for n in model.needs(s, site)} for s in seen]

    assert seen[0] != seen[1]
    small, large = sorted(range(2), key=lambda i: seen[i].figures["area"] * seen[i].figures["head_rate"])
    assert asked[small]["FIRE_LINE"] < asked[large]["FIRE_LINE"]
    assert {"FIRE_LINE", "MOPUP"} <= set(asked[0])


# ── the five elements ────────────────────────────────────────────────────────────────────────────────────────────────


def after_three_hours(p: Parameters = CALM, at: Scene | None = None) -> float:
    return Course(p, at, {}, limit=3 * HOUR).readings["area"]


def test_by_night_it_spreads_slower() -> None:
    """Time: a fire at 02:00 covers less in three hours than one at 12:00, and the boundary of the day is an event."""
    assert after_three_hours(at=scene(2.0)) < 0.5 * after_three_hours(at=scene(12.0))
    model = Model(P)
    state, _ = model.start(scene(17.5), Streams(1)("hazard", "F1"))
    assert model.next_event(state, Inputs({}, DRY))[0] <= 0.5 * HOUR


def test_on_steeper_ground_it_spreads_faster_and_is_held_slower() -> None:
    """Place: basin, hills, mountain, gorge in this order."""
    areas = [after_three_hours(at=scene(terrain=t)) for t in ("basin", "hilly", "mountain", "gorge")]
    kept = [
        Model(P).start(scene(terrain=t), Streams(1)("a"))[0].line_factor
        for t in ("basin", "hilly", "mountain", "gorge")
    ]

    assert areas == sorted(areas)
    assert kept == sorted(kept, reverse=True)


def test_causes_change_the_course() -> None:
    """Cause: lightning and arson have several seats, grave grass burns fast, embers fly from lines, fields are easy to hold."""
    fires = {cause: parameters(Parameters, CARD, cause, upslope=45.0) for cause in document(CARD)["causes"]}
    seats = {
        cause: Model(p).readings(Model(p).start(scene(), Streams(1)("a"))[0])["area"] for cause, p in fires.items()
    }

    assert seats["lightning"] == pytest.approx(3e4)
    assert seats["arson"] == pytest.approx(4e4)
    assert min(
        map(after_three_hours, (fires["arson"], fires["lightning"], fires["grave_sweeping"]))
    ) > after_three_hours(P)
    assert fires["power_line"].breach_rate > P.breach_rate
    assert Course(fires["field_burning"], None, FORCE).noted("all_held") < Course(P, None, FORCE).noted("all_held")


def test_a_higher_grade_is_a_larger_fire() -> None:
    """Scope: each grade burns more and threatens more people than the one below."""
    scope = document(CARD)["scope"]
    grades = [{name: to_si(entry["by_grade"][i], entry["unit"]) for name, entry in scope.items()} for i in range(4)]

    areas = [after_three_hours(at=scene(**grade)) for grade in grades]

    assert areas == sorted(areas)
    assert [g["people"] for g in grades] == sorted(g["people"] for g in grades)


def test_weather_drives_it() -> None:
    """Wind, heat and drought speed it; wind turns the head; 5 mm of rain end it."""
    for change in ({"wind": 9.0}, {"temperature": 32.0}, {"humidity": 20.0}):
        assert after_three_hours(at=scene(weather=structs.replace(DRY, **change))) > after_three_hours()
    wet = Course(P, scene(weather=structs.replace(DRY, rain=2.0)), {})
    assert wet.over == pytest.approx(2.5 * HOUR)
    assert isinstance(wet.effects[-1][2], Over)
    assert set(wet.fates().values()) <= {Status.SAFE, Status.WAITING, Status.DEAD}


def test_a_turn_of_the_wind_changes_what_is_asked_without_a_jump() -> None:
    """The engine advances under the old wind, then sets the new: radii go on from where they were, the head elsewhere."""
    model = Model(CALM)
    state, _ = model.start(scene(terrain="basin"), Streams(1)("hazard", "F1"))
    state = model.advance(state, HOUR, Inputs({}, DRY))
    turned = structs.replace(DRY, wind_from=45.0)

    after = model.advance(state, HOUR, Inputs({}, turned))

    grown = [b.radius - a.radius for a, b in zip(state.sectors, after.sectors, strict=True)]
    before = [s.radius for s in state.sectors]
    assert before.index(max(before)) != grown.index(max(grown))
    assert all(g > 0 for g in grown)


def test_no_people_no_fire_line_without_a_need() -> None:
    """With nobody in the way nobody is asked to be moved; when over nothing is asked for in truth by mode."""
    course = Course(CALM, scene(people=0), {**FORCE, "line": 5.0})

    assert course.fates() == {}
    assert Model(CALM).mode(course.state) == "over"
    assert not any(isinstance(p, Person) for _, _, e in course.effects if isinstance(e, Involve) for p in e.persons)


def test_the_card_names_all_that_people_see() -> None:
    """The card is read without a mistake; parameters, readings, figures, demands and events are those of the model."""
    card = read_hazard(MODELS / CARD)
    course = Course(P, None, FORCE)
    model = Model(P)
    state, _ = model.start(scene(), Streams(1)("a"))

    assert list(card.parameters) == [f.name for f in fields(Parameters)]
    assert set(model.readings(state)) == set(card.readings)
    assert set(model.observe(state, Streams(1)("b")).figures) == set(card.figures)
    told = {name for _, name, _ in course.effects} | {e.name for _, _, e in course.effects if isinstance(e, Note)}
    assert told <= set(card.events)
    assert {d.id for d in model.demands(state)} <= set(card.demands)
