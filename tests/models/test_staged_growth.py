"""What staged accidents can say besides stages and work: fading amounts, ends by chance, weather, services, the world around."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from models.hazards.staged import compile_staged
from sim import catalog
from sim.domain.hazards import Cut, Inputs, Roads, Strike
from sim.domain.places import Surroundings, Weather
from sim.doors.staged import staged_in
from sim.errors import InvalidInput
from sim.reader import parse
from sim.streams import Streams
from tests.models.staged_kit import CAPABILITIES, HEAD
from tests.models.test_staged import HOUR, built, scene

FADING = """\
quantities:
  gas: {zh: 气, en: Gas, unit: m3, initial: 100 m3, rate: 36 m3/h, loses: 0.5 1/h}
demands:
  vent: {zh: 排, en: Vent, kind: rate, capability: ROAD_CLEAR, works_off: gas, each: 1 m3/h}
stages:
  - id: leaking
    zh: 漏
    en: Leaking
    mode: growing
    demands: [vent]
    ends:
      - {quantity: {name: gas, below: 80 m3}, to: over, reason: {name: thin, zh: 稀, en: Thin}}
      - {rate_met: vent, for: 1 h, to: over, reason: {name: vented, zh: 排净, en: Vented}}
"""


def test_an_amount_that_loses_a_share_of_itself_follows_its_exponential() -> None:
    """100 m³, 36 in an hour, half of it lost an hour: towards 72, past 80 after 2·ln(28/8) hours."""
    model = built(FADING)
    state, _ = model.start(scene(), Streams(1)("hazard", "F1"))
    span, name = model.next_event(state, Inputs({}, Weather()))

    assert (span, name) == (pytest.approx(2 * HOUR * math.log(28 / 8)), "over")
    later = model.advance(state, HOUR, Inputs({}, Weather()))
    assert later.amounts[0] == pytest.approx(72 + 28 * math.exp(-0.5))
    cut = model.advance(model.advance(state, 0.3 * HOUR, Inputs({}, Weather())), 0.7 * HOUR, Inputs({}, Weather()))
    assert cut.amounts[0] == pytest.approx(later.amounts[0], rel=1e-12)


def test_a_rate_against_a_fading_amount_is_met_from_the_moment_it_suffices() -> None:
    """90 of capacity suffices once the gas has come down to 90; an hour after that it is over."""
    model = built(FADING)
    effort = Inputs({"vent": 90 / 3600.0}, Weather())
    state, _ = model.start(scene(), Streams(1)("hazard", "F1"))
    span, name = model.next_event(state, effort)

    assert name == "over" and span == pytest.approx(2 * HOUR * math.log(28 / 18) + HOUR, rel=1e-6)
    half = model.advance(state, 0.9 * HOUR, effort)
    assert model.next_event(half, effort)[0] == pytest.approx(span - 0.9 * HOUR, rel=1e-6)


STORM = """\
people:
  out: {zh: 外, en: Out, count: {of: people, presence: outdoors}}
demands:
  watch: {zh: 守, en: Watch, kind: hold, capability: CORDON, amount: 2}
stages:
  - id: storm
    zh: 暴雨
    en: Storm
    mode: growing
    on_enter:
      - cut: {service: power, share: 30 %, radius: 5 km}
      - roads: {state: closed, radius: 2 km}
      - responders: {demands: [watch], become: {dead: 0.1, red: 0.2}, why: lightning}
    demands: [watch]
    ends:
      - {weather: {figure: rain, below: 5 mm/h}, to: after, chance: share, otherwise: dark}
      - {at_rate: 0.1 1/h, to: dark}
  - id: dark
    zh: 停电
    en: Dark
    mode: steady
    demands: [watch]
    ends:
      - {service: {name: power, above: 90 %}, to: after}
  - id: after
    zh: 过后
    en: After
    mode: controlled
    demands: [watch]
    ends:
      - {after: 10 min, to: over, reason: {name: past, zh: 过去, en: Past}}
"""


def test_a_stage_ends_when_the_weather_or_a_service_says_so() -> None:
    """Rain holds the storm; when it ends, the accident's own luck says which way it goes; power ends the dark."""
    model, wet, dry = built(STORM), Weather(rain=20.0), Weather(rain=1.0)
    ways = set()
    for seed in range(12):
        state, _ = model.start(scene(0), Streams(seed)("hazard", "F1"))
        span, name = model.next_event(state, Inputs({}, wet))
        assert name == "dark" and span == pytest.approx(-math.log(state.luck[1]) / (0.1 / HOUR))
        span, name = model.next_event(state, Inputs({}, dry))
        assert span == 0.0 and name == ("after" if state.luck[0] < 0.5 else "dark")
        ways.add(name)
        state, _ = model.fire(state, name, Inputs({}, dry))
        assert model.staged.stages[state.stage].id == name
        if name == "dark":
            assert model.next_event(state, Inputs({}, dry, {"power": 0.3}))[0] == math.inf
            assert model.next_event(state, Inputs({}, dry)) == (0.0, "after")
    assert ways == {"after", "dark"}


def test_a_stage_touches_the_world_around() -> None:
    """Power, roads and responders, as the file says."""
    _, effects = built(STORM).start(scene(0), Streams(1)("hazard", "F1"))

    assert effects == [
        Cut("power", 0.3, 5000.0, why="storm"), Roads(0.0, 2000.0, why="storm"),
        Strike("lightning", ("watch",), dead=0.1, red=0.2),
    ]  # fmt: skip


def test_people_are_where_the_hour_says() -> None:
    """Of a hundred a fifth is out of doors."""
    import msgspec

    where = msgspec.structs.replace(scene(100), around=Surroundings(presence={"outdoors": 0.2}))
    state, _ = built(STORM).start(where, Streams(1)("hazard", "F1"))

    assert len(state.inside[0]) == 20


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("chance: share, ", "", "'chance' and 'otherwise' go together"),
        ("otherwise: dark", "otherwise: dusk", "no stage 'dusk'"),
        ("below: 5 mm/h", "below: 5 m", "expected an intensity"),
        ("{name: power, above: 90 %}", "{name: power}", "below or above what?"),
        ("[watch], become: {dead: 0.1, red: 0.2}", "[wach], become: {dead: 0.1}", "no demand 'wach'"),
        ("dead: 0.1, red: 0.2", "dead: 0.9, red: 0.2", "cannot add up to more than 1"),
        ("share: 30 %", "share: 30 m", "expected a ratio"),
        ("state: closed, radius: 2 km", "state: shut, radius: 2 km", "expected a ratio"),
        ("weather: {figure: rain, below: 5 mm/h}, ", "", "what ends the stage?"),
    ],
)
def test_mistakes_are_told_at_their_line(old: str, new: str, told: str) -> None:
    """File, line and what would be right, for the new words as for the old."""
    assert old in STORM
    with pytest.raises(InvalidInput) as found:
        staged_in(parse(HEAD + STORM.replace(old, new), "trial.yaml"), CAPABILITIES)

    (changed,) = [
        n
        for n, (a, b) in enumerate(zip(STORM.splitlines(), STORM.replace(old, new).splitlines(), strict=True))
        if a != b
    ]
    assert [p.line for p in found.value.problems if told in str(p)] == [HEAD.count("\n") + changed + 1]


def test_what_may_follow_a_staged_accident_stands_in_its_file() -> None:
    """Its edges are the catalogue's, with its own name as their source; a mistake in one is told with its place."""
    edges = catalog.hazard("ammonia_cold_store").edges

    assert [e.source for e in edges] == ["ammonia_cold_store"] and edges[0].to in catalog.hazards()


@pytest.mark.parametrize("name", ["ammonia_cold_store", "hailstorm", "cyber_attack"])
def test_the_examples_are_whole(name: str) -> None:
    """Each compiles, has several causes and says whose number is whose."""
    card, build = compile_staged(Path(__file__).parents[2] / "models" / "hazards" / "staged" / f"{name}.yaml")

    assert len(card.causes) >= 3 and card.plans
    assert build({key: p.spread().median for key, p in card.parameters.items()}).demands
