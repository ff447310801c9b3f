"""Against: what a run was reviewed to need, looked for in a later run – closed, still open, better or worse."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from sim.analysis.review.blocks import BAD, GOOD, WARN, Block, Finding, Section, Table, Text
from sim.analysis.review.ground import Ground
from sim.analysis.words import figure
from sim.domain import events as ev

CLOSED, BETTER, WORSE, OPEN, UNTESTED = "closed", "better", "worse", "open", "untested"
_TONE = {CLOSED: GOOD, BETTER: WARN, WORSE: BAD, OPEN: BAD, UNTESTED: ""}
_SECONDS = frozenset(
    {"duty", "after", "rectify", "expect", "short", "crowding", "report"}
)  # kinds whose size is a time
_ENDED = ("settled",)  # how a run ends that came to its own end
_FIGURES = ("first_arrival", "last_arrival", "people_dispatched", "duration")


def against(
    g: Ground, then: Ground, before: Sequence[Finding], now: Sequence[Finding], accepted: Collection[str] | None
) -> Section:
    """The section of a later review (`g`, `now`) that answers an earlier one (`then`, `before`)."""
    asked = [f for f in before if accepted is None or f.id in accepted]
    found = {f.id: f for f in now}
    states = {f.id: state_of(g, f, found.get(f.id)) for f in asked}
    rows = [_row(g, f, found.get(f.id), states[f.id]) for f in asked]
    tones = [_TONE[states[f.id]] for f in asked]
    head = tuple(
        g.say(f"against.{k}") for k in ("id", "problem", "measure", "unit", "carried", "before", "after", "state")
    )
    count = {state: sum(s == state for s in states.values()) for state in _TONE}
    blocks: list[Block] = [Text(g.say("against.about", digest=then.origin.digest[:12] or "–", count=len(before)))]
    if accepted is not None:
        blocks.append(Text(g.say("against.accepted")))
    if rows:
        left = len(asked) - count[CLOSED] - count[UNTESTED]
        total = g.say("against.total", closed=count[CLOSED], open=left, untested=count[UNTESTED])
        blocks.append(Text(total, GOOD if not left else WARN))
        widths = (1.6, 4.6, 3.2, 1.6, 1.5, 1.3, 1.3, 1.5)
        blocks.append(Table(g.say("against.table"), head, tuple(rows), widths, tuple(tones), 7))
    blocks.append(figures(g, then))
    known = {f.id for f in before}
    new = [f for f in now if f.id not in known]
    if new:
        zh = g.lang == "zh"
        lines = tuple((f.problem_zh if zh else f.problem_en, g.events_text(f.evidence), f.id) for f in new)
        head = (g.say("findings.problem"), g.say("findings.event"), g.say("against.id"))
        blocks.append(Table(g.say("against.new"), head, lines, (8, 2, 2.6), tuple(BAD for _ in lines), 0))
    if _case(g) != _case(then):
        blocks.append(Text(g.say("against.no_figures"), WARN))
    blocks.append(Text(g.say("against.luck"), WARN))
    return Section("against", g.say("against"), tuple(blocks))


def _row(g: Ground, f: Finding, later: Finding | None, state: str) -> tuple[str, ...]:
    """One action of the last run: the problem, the measure, whose, whether this run went by it, how large then and now."""
    zh, m = g.lang == "zh", f.measure
    return (
        f.id,
        f.problem_zh if zh else f.problem_en,
        "–" if m is None else m.text_zh if zh else m.text_en,
        "–" if m is None else m.unit_zh if zh else m.unit_en,
        g.say(f"against.carried_{_carried(g, f)}"),
        size(g, f),
        size(g, later) if later else "–",
        g.say(f"against.{state}"),
    )


def _carried(g: Ground, f: Finding) -> str:
    """Whether this run went by the measure: yes, no, recorded (there is nothing to go by), or nobody knows."""
    if g.origin.carried is None:
        return "unknown"
    if f.id not in g.origin.carried:
        return "no"
    return "yes" if f.measure is not None and f.measure.acts else "recorded"


def state_of(g: Ground, before: Finding, now: Finding | None) -> str:
    """What became of a finding: gone, smaller, as large, larger – or not put to the test at all.

    What was never done has no length: it is worse than whatever was done late, and as bad as anything else that was never done.
    """
    if now is None:
        return CLOSED if tested(g, before) else UNTESTED
    old, new = _undone(before), _undone(now)
    if old != new:
        return BETTER if new < old else WORSE
    if old:
        return OPEN
    told = now.kind in _SECONDS and abs(now.total - before.total) < g.terms.get("late_from", 0.0)  # nobody would say so
    if now.total != before.total and not told:
        return BETTER if now.total < before.total else WORSE
    return OPEN


def _undone(f: Finding) -> int:
    """In how many places something was never done."""
    return sum(case.unfinished for case in f.cases) if f.cases else int(f.unfinished)


def tested(g: Ground, f: Finding) -> bool:
    """Whether a run could have shown a finding: its duty fell due, its expectation was judged, its accident happened."""
    name = f.id.split("/")[1] if "/" in f.id else ""
    match f.kind:
        case "duty" | "after":
            return any(
                name == o.duty.rpartition("/")[2] and g.facts.root(o.incident) == f.incident
                for o in g.settled.obligations
            )
        case "expect":
            return any(e.expectation == name for e in g.of(ev.ExpectationSettled))
        case "loop":
            return any(
                p.phase == name and p.state != "not_due"
                for loop in g.settled.loops
                if g.facts.root(loop.incident) == f.incident
                for p in loop.phases
            )
        case _:
            return not f.incident or f.incident in g.line.incidents


def size(g: Ground, f: Finding) -> str:
    """How large a finding is, as people read it: in how many places, and how bad in the worst of them."""
    worst = g.say("against.undone") if f.unfinished else g.span(f.size) if f.kind in _SECONDS else figure(f.size)
    return g.say("against.places", count=len(f.cases), worst=worst) if len(f.cases) > 1 else worst


def figures(g: Ground, then: Ground) -> Table:
    """The main figures of both runs."""
    rows: list[tuple[str, ...]] = []
    for key in _FIGURES:
        old, new = then.summary[key], g.summary[key]
        show = figure if key == "people_dispatched" else g.span
        both = [_shown(x, key, value, show) for x, value in ((then, old), (g, new))]
        rows.append((g.say(f"figure.{key}"), *both))
    old, new = then.summary["casualties"], g.summary["casualties"]
    rows.append((g.named("status", "dead"), str(old["dead"]["total"]), str(new["dead"]["total"])))
    rows.append((g.named("status", "saved"), str(old["saved"]), str(new["saved"])))
    for outcome in ("met", "late", "missed"):
        counts = [sum(o.outcome == outcome for o in x.settled.obligations) for x in (then, g)]
        rows.append((f"{g.say('brief.duties')} {g.named('outcome', outcome)}", *map(str, counts)))
    cards = [x.settled.scorecard for x in (then, g)]
    if all(cards):
        rows.append((g.say("brief.score"), *(f"{c.score:.1f}" for c in cards if c)))
    head = tuple(g.say(f"against.{k}") for k in ("figure", "then", "now"))
    return Table(g.say("against.figures"), head, tuple(rows), (6, 3, 3))


def _shown(g: Ground, key: str, value: Any, show: Callable[[Any], str]) -> str:
    """A figure of a run; how long it went on is no figure where it was broken off."""
    if value is None:
        return "–"
    ended = g.events[-1] if g.events else None
    broken_off = key == "duration" and not (isinstance(ended, ev.RunEnded) and ended.reason in _ENDED)
    return g.say("against.broken_off", span=show(value)) if broken_off else show(value)


def _case(g: Ground) -> str:
    return g.line.started.case if g.line.started else ""
