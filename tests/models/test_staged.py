"""Accidents written in YAML: times worked by hand, laws over random stage graphs."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.hazards.staged import Model, State, compile_staged, known_capabilities
from sim.domain.hazards import Effect, Harm, Inputs, Involve, Note, Over, Road, Scene
from sim.domain.people import Status
from sim.domain.places import Calendar, Point, Site, Weather
from sim.doors.staged import staged_in
from sim.reader import parse
from sim.streams import Streams
from tests.models.staged_kit import BODY, CAPABILITIES, HEAD

HOUR, MINUTE = 3600.0, 60.0
SHIPPED = Path(__file__).parents[2] / "models" / "hazards" / "staged"
HOUSE_FIRE = Path(__file__).parent / "house_fire.yaml"  # an example of people, quantities and rates together
EXAMPLES = sorted([*SHIPPED.glob("*.yaml"), HOUSE_FIRE], key=lambda path: path.stem)


def built(text: str) -> Model:
    _, staged = staged_in(parse(HEAD + text), CAPABILITIES)
    return Model(staged, {"work": 600.0, "flow": 0.01, "share": 0.5})


def scene(people: float = 10.0, *, hour: float = 12.0, terrain: str = "hilly", **scope: float) -> Scene:
    site = Site(Point(103.8, 25.5), "n", "甲", "A", "c", "t", terrain=terrain, link="R1")
    return Scene(
        "F1", "plain", {"people": people, **scope}, site, Calendar(2026, 3, 14, 5, hour * HOUR), 0.0, Weather()
    )


class Course:
    """One accident under constant effort by demand, until it is over or `limit`."""

    def __init__(
        self, model: Model, at: Scene, effort: dict[str, float], *, seed: int = 1, limit: float = 1000 * HOUR
    ) -> None:
        state, effects = model.start(at, Streams(seed)("hazard", "F1"))
        self.told: list[tuple[float, str, Effect]] = [(0.0, "start", e) for e in effects]
        self.stages = [(0.0, model.staged.stages[state.stage].id)]
        t = 0.0
        while not state.over:
            inputs = Inputs({d.id: min(d.face, effort.get(d.id, 0.0)) for d in model.demands(state)}, Weather())
            span, name = model.next_event(state, inputs)
            if t + span > limit:
                state = model.advance(state, limit - t, inputs)
                break
            t += span
            state, effects = model.fire(model.advance(state, span, inputs), name, inputs)
            self.told += [(t, name, e) for e in effects]
            if name not in ("freed", "harmed"):
                self.stages.append((t, name))
        self.state, self.over = state, t if state.over else math.inf

    def at(self, stage: str) -> float:
        return next((t for t, name in self.stages if name == stage), math.inf)

    def freed(self) -> list[float]:
        return [t for t, name, _ in self.told if name == "freed"]

    def fates(self) -> dict[str, Status]:
        fates = {p.id: p.status for _, _, e in self.told if isinstance(e, Involve) for p in e.persons}
        for _, _, e in self.told:
            if isinstance(e, Harm):
                assert all(fates[who] in (Status.EXPOSED, Status.TRAPPED) for who in e.persons), "nobody leaves twice"
                fates |= dict.fromkeys(e.persons, e.status)
        return fates


def _file(name: str) -> Path:
    return next(path for path in EXAMPLES if path.stem == name)


def shipped(name: str, grade: int = 2, cause: str = "", **at: Any) -> tuple[Model, Scene]:
    card, make = compile_staged(_file(name), known_capabilities())
    cause = cause or next(iter(card.causes))
    model = make({parameter: card.spread(parameter, cause).median for parameter in card.parameters})
    return model, msgspec.structs.replace(scene(**at), scope={n: s.at_grade(grade) for n, s in card.scope.items()})


# ── times by hand ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_unanswered_the_water_rises_at_its_rate() -> None:
    """100 m³ and 36 m³/h reach 200 m³ after 100/36 h; three hours later the stage has lasted its span; nobody ends it."""
    course = Course(built(BODY), scene(), {}, limit=100 * HOUR)

    assert course.at("full") == pytest.approx(100 / 36 * HOUR)
    assert course.at("dry") == pytest.approx(100 / 36 * HOUR + 3 * HOUR)
    assert course.over == math.inf


def test_work_on_a_quantity_is_net_of_its_growth() -> None:
    """126 m³/h against 36 m³/h take the 90 m³ down to the threshold in one hour, and the state stands on it."""
    course = Course(built(BODY), scene(), {"clear": 126 / HOUR}, limit=1.5 * HOUR)

    assert course.at("dry") == pytest.approx(HOUR)
    assert course.state.amounts == (10.0,)


def test_people_come_out_one_after_another() -> None:
    """Ten crew-minutes each, four crews at most: one every 2.5 min, eight of ten after the dead; then half an hour of watch."""
    course = Course(built(BODY), scene(), {"rescue": 9.0, "clear": 1.0, "hold": 2.0})

    out = course.freed()
    assert out == pytest.approx([150.0 * (i + 1) for i in range(len(out))])
    assert len(out) == 10 - sum(s is Status.DEAD for s in course.fates().values())
    assert course.over == pytest.approx(out[-1] + 30 * MINUTE)


def test_a_rate_must_be_met_without_a_break() -> None:
    """Half the watchers never end the watch; a break starts the span afresh."""
    model = built(BODY)
    half = Course(model, scene(0), {"clear": 1.0, "hold": 1.0}, limit=10 * HOUR)
    state, met, short = half.state, Inputs({"hold": 2.0}, Weather()), Inputs({"hold": 1.9}, Weather())

    state = model.advance(state, 20 * MINUTE, met)
    left = model.next_event(state, met)[0]
    broken = model.advance(state, 1.0, short)

    assert half.over == math.inf
    assert left == pytest.approx(10 * MINUTE)
    assert model.next_event(broken, met)[0] == pytest.approx(30 * MINUTE)


GROWING_RATE = """\
quantities:
  fire: {zh: 火, en: Fire, unit: m2, initial: 40 m2, rate: 60 m2/h}
demands:
  water: {zh: 水, en: Water, kind: rate, capability: FIRE_WATER, works_off: fire, each: 0.1 L/s}
stages:
  - id: burning
    zh: 烧
    en: Burning
    mode: growing
    rates: {fire: %s}
    demands: [water]
    ends:
      - {rate_met: water, for: 20 min, to: over, reason: {name: out, zh: 灭, en: Out}}
"""


def test_a_rate_that_a_quantity_asks_for_is_crossed_exactly() -> None:
    """10 L/s hold 100 m², reached after an hour: the rate is met for 20 min at once, but not with 5 L/s, gone in 10 min."""
    model = built(GROWING_RATE % "60 m2/h")

    assert Course(model, scene(), {"water": 10e-3}).over == pytest.approx(20 * MINUTE)
    assert Course(model, scene(), {"water": 5e-3}).over == math.inf


def test_effort_that_grows_towards_a_falling_demand_is_met_when_they_cross() -> None:
    """A demand that falls by addition never: the span counts from the crossing of a changing demand, by hand."""
    text = GROWING_RATE.replace("rate: 60 m2/h", "rate: 0 m2/h") % "0 m2/h"
    text = text.replace(
        "demands:\n",
        "demands:\n  beat: {zh: 打, en: Beat, kind: work, capability: LABOR, works_off: fire, "
        "each: 1 crew-min, within: 1 h}\n",
        1,
    ).replace("demands: [water]", "demands: [water, beat]")
    model = built(text)

    course = Course(model, scene(), {"water": 3e-3, "beat": 0.5})

    assert course.over == pytest.approx(20 * MINUTE + 20 * MINUTE), "0.5 m²/min: 40 → 30 m² in 20 min, then the span"


def test_night_and_terrain_multiply() -> None:
    """{of: people, times: [share, 4], night: 1.5, by_terrain: {mountain: 2}} is people × 2, × 1.5 at 23:00, × 2 on a mountain."""
    text = BODY.replace(
        "count: people", "count: {of: people, times: [share, 4], night: 1.5, by_terrain: {mountain: 2}}"
    )
    model = built(text)

    def involved(**at: Any) -> int:
        return len(Course(model, scene(10, **at), {}, limit=0).fates())

    assert [involved(), involved(hour=23.0), involved(hour=3.0), involved(terrain="mountain")] == [20, 30, 30, 40]


def test_roads_and_notes_are_told_on_entering() -> None:
    """The link it lies on closes at once and opens, with its milestone, when the stage says so."""
    course = Course(built(BODY), scene(), {"clear": 126 / HOUR, "rescue": 1.0, "hold": 2.0})

    roads = [(t, e.factor, e.link) for t, _, e in course.told if isinstance(e, Road)]
    assert roads == [(0.0, 0.0, ""), (pytest.approx(HOUR), 1.0, "")]
    assert any(isinstance(e, Note) and e.name == "road_free" for _, _, e in course.told)
    assert isinstance(course.told[-1][2], Over)


# ── laws ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@st.composite
def graphs(draw: st.DrawFn) -> str:
    """A random chain of stages with side ways forward, random rates, demands, harms and ends: it can always end."""
    count = draw(st.integers(1, 5))
    lines = [BODY[: BODY.index("stages:")], "stages:"]
    for i in range(count):
        asked = (
            draw(st.lists(st.sampled_from(["rescue", "clear", "hold"]), unique=True))
            if i
            else ["rescue", "clear", "hold"]
        )
        after = [f"s{j}" for j in range(i + 1, count)] + ["over"]
        lines += [
            f"  - {{id: s{i}, zh: 段, en: Stage, mode: steady, demands: [{', '.join(asked)}],",
            f"     rates: {{water: {draw(st.integers(0, 50))} m3/h}},",
        ]
        if draw(st.booleans()):
            yellow = draw(st.sampled_from([0, 0.3]))
            lines.append(f"     on_enter: [{{people: {{group: inside, become: {{dead: 0.1, yellow: {yellow}}}}}}}],")
        if draw(st.booleans()):
            lines.append(
                f"     harms: [{{group: inside, rate: {draw(st.integers(0, 3))} /h, become: {{dead: 0.5, red: 0.5}}}}],"
            )
        kinds = [f"after: {draw(st.integers(1, 600))} min"]
        if "rescue" in asked:
            kinds.append("work_done: rescue")
        if "hold" in asked:
            kinds.append(f"rate_met: hold, for: {draw(st.integers(1, 90))} min")
        kinds.append(f"quantity: {{name: water, below: {draw(st.integers(0, 90))} m3}}")
        ends = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=3, unique=True))
        others = [draw(st.sampled_from(after)) for _ in ends[1:]]
        tos = [f"s{i + 1}" if i + 1 < count else "over", *others]
        texts = [
            f"{{{end}, to: {to}{', reason: {name: done, zh: 毕, en: Done}' if to == 'over' else ''}}}"
            for end, to in zip(ends, tos, strict=True)
        ]
        lines.append(f"     ends: [{', '.join(texts)}]}}")
    return "\n".join(lines) + "\n"


efforts = st.fixed_dictionaries({"rescue": st.floats(0, 6), "clear": st.floats(0, 0.1), "hold": st.floats(0, 4)})


@settings(max_examples=60, deadline=None)
@given(text=graphs(), effort=efforts, seed=st.integers(0, 5), share=st.floats(0.01, 0.99), people=st.integers(0, 12))
def test_any_graph_is_exact_under_splitting_and_loses_nobody(
    text: str, effort: dict[str, float], seed: int, share: float, people: int
) -> None:
    """At every event: two steps are one, the event is due where it was said; at the end everybody is accounted for."""
    model = built(text)
    state, effects = model.start(scene(people), Streams(seed)("hazard", "F1"))
    gone = sum(len(e.persons) for e in effects if isinstance(e, Harm))
    for _ in range(200):
        inputs = Inputs({d.id: min(d.face, effort[d.id]) for d in model.demands(state)}, Weather())
        span, name = model.next_event(state, inputs)
        if state.over or span == math.inf:
            break
        once = model.advance(state, span, inputs)
        twice = model.advance(model.advance(state, span * share, inputs), span * (1 - share), inputs)
        assert _numbers(twice) == pytest.approx(_numbers(once), rel=1e-9, abs=1e-6)
        assert model.next_event(once, inputs)[0] == pytest.approx(0.0, abs=1e-6)
        state, effects = model.fire(once, name, inputs)
        gone += sum(len(e.persons) for e in effects if isinstance(e, Harm) and e.status is not Status.TRAPPED)
        assert gone + sum(map(len, state.inside)) == people
    else:
        pytest.fail("a graph that runs forwards ends within two hundred events")
    assert not state.over or gone == people


def _numbers(state: State) -> list[float]:
    return [*state.amounts, *state.left, *state.hazards, state.since]


# ── the shipped ones ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", [p.stem for p in EXAMPLES])
def test_every_shipped_accident_ends_with_help_and_not_without(name: str) -> None:
    """Ample effort ends it with everybody accounted for; with none it does not come to its end by itself."""
    model, at = shipped(name)
    ample = {t.id: 50.0 for t in model.staged.tasks}

    helped, alone = Course(model, at, ample), Course(model, at, {}, limit=200 * HOUR)

    assert helped.over < 48 * HOUR
    assert set(helped.fates().values()) <= {Status.SAFE, Status.WAITING, Status.DEAD}
    assert alone.over == math.inf
    assert model.needs(model.observe(model.start(at, Streams(1)("a"))[0], Streams(1)("b")), at.site)


@pytest.mark.parametrize("name", [p.stem for p in EXAMPLES])
def test_cards_name_all_that_people_see(name: str) -> None:
    """Every reading, figure, demand and event has its words in both languages."""
    card, _ = compile_staged(_file(name), known_capabilities())
    model, at = shipped(name)
    state, _ = model.start(at, Streams(1)("a"))

    assert set(model.readings(state)) == set(card.readings)
    assert set(model.observe(state, Streams(1)("b")).figures) <= set(card.figures)
    assert {t.id for t in model.staged.tasks} == set(card.demands)
    assert {e.name for s in model.staged.stages for e in s.ends} | {"start"} <= set(card.events)


def test_the_small_incident_takes_its_minutes() -> None:
    """12 crew-minutes: 12 min by one helper, 6 by two; by night a fifth more."""
    model, at = shipped("small_incident", 1)
    _, by_night = shipped("small_incident", 1, hour=2.0)

    assert Course(model, at, {"first_aid": 1.0}).over == pytest.approx(12 * MINUTE)
    assert Course(model, at, {"first_aid": 2.0}).over == pytest.approx(6 * MINUTE)
    assert Course(model, by_night, {"first_aid": 1.0}).over == pytest.approx(1.2 * 12 * MINUTE)


def test_the_landslide_opens_its_road_when_cleared() -> None:
    """1 000 m³ and 24 that follow in four hours: 120 m³/h reach the passable 20 m³ after 1 004/120 h."""
    model, at = shipped("road_landslide")
    at = msgspec.structs.replace(at, scope={**at.scope, "people": 0.0})

    course = Course(model, at, {"clear": 120 / HOUR, "lookout": 1.0, "traffic": 2.0})

    assert course.at("reopened") == pytest.approx(1004 / 120 * HOUR)
    assert course.over == pytest.approx(1004 / 120 * HOUR + 6 * HOUR)


def test_causes_and_grades_change_a_staged_accident() -> None:
    """An earthquake sends more after; a higher grade is more debris; a gorge is worse than a basin."""
    effort = {"clear": 120 / HOUR, "dig": 4.0, "lookout": 1.0, "traffic": 2.0}

    def opened(**how: Any) -> float:
        return Course(*shipped("road_landslide", **how), effort).at("reopened")

    assert opened(cause="earthquake") > opened(cause="rain") > opened(cause="excavation")
    assert opened(grade=1) < opened(grade=2) < opened(grade=3)
    assert opened(terrain="basin") < opened() < opened(terrain="gorge")


@settings(max_examples=40, deadline=None)
@given(
    name=st.sampled_from(["small_incident", "road_landslide", "house_fire"]),
    grade=st.integers(1, 4),
    more=st.floats(1, 5),
    shares=st.lists(st.floats(0, 2), min_size=5, max_size=5),
    seed=st.integers(0, 9),
)
def test_more_effort_on_a_shipped_accident_never_ends_later_nor_loses_more(
    name: str, grade: int, more: float, shares: list[float], seed: int
) -> None:
    """With the same luck a greater force comes to each stage no later and loses no more people.

    (The end itself may come sooner where people die, because fewer are left to be brought out; so stages before it count.)
    """
    model, at = shipped(name, grade)
    scale = {"small_incident": 2.0, "road_landslide": 0.03, "house_fire": 0.05}[name]
    effort = {
        t.id: f * (scale if t.capability in ("ROAD_CLEAR", "FIRE_WATER") else 2.0)
        for t, f in zip(model.staged.tasks, shares, strict=False)
    }

    weak = Course(model, at, effort, seed=seed, limit=100 * HOUR)
    strong = Course(model, at, {k: v * more for k, v in effort.items()}, seed=seed, limit=100 * HOUR)

    turning = {"small_incident": "over", "road_landslide": "over", "house_fire": "damping"}[name]
    dead = [sum(s is Status.DEAD for s in course.fates().values()) for course in (weak, strong)]
    assert strong.at(turning) <= weak.at(turning) + 1e-6
    assert dead[1] <= dead[0]
