"""Mistakes in accidents written in YAML: each planted one is told at its place, with the way out, and all at once."""

from __future__ import annotations

import pytest

from sim.doors.staged import staged_in
from sim.errors import InvalidInput, Problem
from sim.reader import parse
from tests.models.staged_kit import BODY, CAPABILITIES, HEAD

# what stands right -> what is written instead, a word of the place, what the problem says, what it proposes
MISTAKES = [
    ("to: full}", "to: ful}", "stages[0].ends[0].to", "no stage 'ful'", "did you mean 'full'?"),
    ("{after: 3 h, to: dry}", "{after: 3 h, to: full}", "stages[1].ends", "no way to 'over'", ""),
    (
        "      - {quantity: {name: water, above: 200 m3}, to: full}\n",
        "",
        "stages[1].id",
        "never reached",
        "lead some end",
    ),
    ("    ends:\n      - {work_done: rescue, to: watch}\n", "    ends: []\n", "stages[2]", "has no end", "add one"),
    ("work_done: rescue", "work_done: rescu", "work_done", "no demand 'rescu'", "did you mean 'rescue'?"),
    ("work_done: rescue", "work_done: clear", "work_done", "'clear' is not asked for in stage 'dry'", "add it"),
    ("work_done: rescue", "work_done: hold", "work_done", "'hold' is a hold demand", "rate_met"),
    ("rate_met: hold", "rate_met: rescue", "rate_met", "'rescue' is a work demand", "work_done"),
    (
        "capability: USAR",
        "capability: UASR",
        "demands.rescue.capability",
        "no capability 'UASR'",
        "did you mean 'USAR'?",
    ),
    (
        "capability: USAR",
        "capability: TREAT",
        "demands.rescue.capability",
        "sent for them by itself",
        "ask for FIRST_AID",
    ),
    ("initial: 100 m3", "initial: 100 kW", "quantities.water.initial", "expected a volume", ""),
    ("rate: flow}", "rate: share}", "quantities.water.rate", "expected a flow", ""),
    ("rates: {water: 0 m3/h}", "rates: {water: 0 m3}", "rates.water", "over a time", "5 m3/h"),
    ("rates: {water: 0 m3/h}", "rates: {watr: 0 m3/h}", "rates.watr", "no quantity 'watr'", "'water'"),
    (
        "each: work",
        "each: wrok",
        "demands.rescue.each",
        "no parameter or scope variable 'wrok'",
        "did you mean 'work'?",
    ),
    ("each: work,", "each: flow,", "demands.rescue.each", "expected a work, got flow", ""),
    (
        "frees: inside, each: work",
        "frees: insid, each: work",
        "demands.rescue.frees",
        "no group of people 'insid'",
        "'inside'",
    ),
    ("frees: inside, each: work", "frees: inside", "demands.rescue", "'each' is the work per person", "WORK needs it"),
    ("works_off: water,", "works_off: water, amount: 3 m3,", "demands.clear", "how much of it?", "exactly one of"),
    ("works_off: water, within: 2 h", "works_off: water", "demands.clear", "missing 'within'", "4 h"),
    ("gives: {red: 0.5, green: 0.5}", "gives: {red: 0.5, green: 0.6}", "demands.rescue.gives", "add up to 1.1", "to 1"),
    ("become: {dead: 0.2}", "become: {dead: 1.2}", "become", "add up to 1.2", "at most 1"),
    (
        "become: {dead: 0.5, yellow: 0.5}",
        "become: {dead: 0.5, trapped: 0.5}",
        "become.trapped",
        "nobody becomes trapped",
        "",
    ),
    ("group: inside, rate", "group: outside, rate", "harms[0].group", "no group of people 'outside'", "'inside'"),
    ("{name: water, above: 200 m3}", "{name: water}", "ends[0].quantity", "below or above what?", "exactly one"),
    ("{after: 3 h,", "{after: 3 h, work_done: rescue,", "stages[1].ends[0]", "what ends the stage?", "exactly one"),
    ("rate_met: hold, for: 30 min,", "rate_met: hold,", "stages[3].ends[0]", "missing 'for'", "20 min"),
    (", reason: {name: quiet, zh: 平静, en: Quiet}", "", "stages[3].ends[0]", "a reason belongs", "reason:"),
    ("id: watch", "id: dry", "stages[3].id", "'dry' is taken", "another name"),
    ("state: closed", "state: shut", "road.state", "expected a ratio", ""),
    ("state: closed", "state: 1.5", "road.state", "1.5 times as fast", "0 to 1"),
    (
        "road: {state: closed}",
        "road: {state: closed}\n        note: {name: n, zh: 一, en: n}",
        "on_enter[1]",
        "one thing",
        "",
    ),
    ("amount: 2,", "amount: 2 kW,", "demands.hold.amount", "expected a count", "points"),
    ("kind: hold, capability: CORDON", "kind: work, capability: POWER", "demands.hold", "adds up", "rate"),
    ("count: people", "count: {of: people, night: 1.5}", "people.inside.count.night", "when it is night", "night:"),
    ('begins: "22:00"', "begins: 25 h", "night.begins", "no time of day", "22:00"),
    ("initial: 100 m3", "initial: -100 m3", "quantities.water.initial", "negative", "0 up"),
    ("unit: m3, initial", "unit: m33, initial", "quantities.water.unit", "unknown unit 'm33'", "did you mean 'm3'?"),
    ("demands: [hold]", "demands: [hld]", "stages[3].demands[0]", "no demand 'hld'", "did you mean 'hold'?"),
    ("mode: steady", "mode: stedy", "stages[1].mode", "stedy", "did you mean 'steady'?"),
    ("kind: hold", "kind: holt", "demands.hold.kind", "holt", "did you mean 'hold'?"),
    ("stages:", "stagez:", "stagez", "unknown key 'stagez'", "did you mean 'stages'?"),
    ("status: trapped,", "status: trapped, colour: red,", "people.inside.colour", "unknown key 'colour'", ""),
]


def problems_in(text: str) -> tuple[Problem, ...]:
    with pytest.raises(InvalidInput) as refused:
        staged_in(parse(text, "trial.yaml"), CAPABILITIES)
    return refused.value.problems


@pytest.mark.parametrize(
    ("right", "instead", "place", "says", "proposes"), MISTAKES, ids=[f"{m[2]}: {m[3]}" for m in MISTAKES]
)
def test_a_planted_mistake_is_found_at_its_place(
    right: str, instead: str, place: str, says: str, proposes: str
) -> None:
    """One small change to a right file: the problem names the place, what is wrong and the way out, on the line changed."""
    body = BODY.replace('night: {begins: "22:00", ends: "06:00"}\n', "") if "when it is night" in says else BODY
    assert right in body
    before = (HEAD + body)[: (HEAD + body).index(right)]
    text = HEAD + body.replace(right, instead, 1)

    found = [p for p in problems_in(text) if place in p.path and says in p.what]

    assert found, [str(p) for p in problems_in(text)]
    assert proposes in found[0].remedy
    assert abs(found[0].line - before.count("\n") - 1) <= 3, "near the line that was changed"


def test_all_mistakes_are_told_at_once() -> None:
    """Five names misspelt in one file: five problems, sorted by place."""
    text = HEAD + BODY
    for right, instead in (
        ("USAR", "USA"),
        ("to: full}", "to: fll}"),
        ("works_off: water", "works_off: watr"),
        ("rate_met: hold", "rate_met: holt"),
        ("count: people", "count: peeple"),
    ):
        text = text.replace(right, instead, 1)

    found = problems_in(text)

    assert [p.line for p in found] == sorted(p.line for p in found)
    assert (
        len(
            {p.what for p in found}
            & {
                "no capability 'USA'",
                "no stage 'fll'",
                "no quantity 'watr'",
                "no demand 'holt'",
                "no parameter or scope variable 'peeple'",
            }
        )
        == 5
    )


def test_the_file_that_is_right_has_no_mistake() -> None:
    """The body that the mistakes are planted in compiles."""
    card, staged = staged_in(parse(HEAD + BODY), CAPABILITIES)

    assert [s.id for s in staged.stages] == ["rising", "full", "dry", "watch"]
    assert card.demands["rescue"].zh == "救"
