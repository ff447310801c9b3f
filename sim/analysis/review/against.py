"""Against: what a run was reviewed to need, looked for in a later run – closed, still open, better or worse."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sim.analysis.review.blocks import BAD, GOOD, WARN, Block, Finding, Section, Table, Text
from sim.analysis.review.ground import Ground
from sim.analysis.words import figure
from sim.domain import events as ev

CLOSED, BETTER, WORSE, OPEN, UNTESTED = "closed", "better", "worse", "open", "untested"
_TONE = {CLOSED: GOOD, BETTER: WARN, WORSE: BAD, OPEN: BAD, UNTESTED: ""}
_SECONDS = frozenset(
    {"duty", "after", "rectify", "expect", "short", "crowding", "report"}
)  # kinds whose size is a time
_FIGURES = ("first_arrival", "last_arrival", "people_dispatched", "duration")


def against(
    g: Ground, then: Ground, before: Sequence[Finding], now: Sequence[Finding], accepted: Collection[str] | None
) -> Section:
    """The section of a later review (`g`, `now`) that answers an earlier one (`then`, `before`)."""
    asked = [f for f in before if accepted is None or f.id in accepted]
    found = {f.id: f for f in now}
    zh = g.lang == "zh"
    rows: list[tuple[str, ...]] = []
    tones: list[str] = []
    for f in asked:
        later = found.get(f.id)
        state = state_of(g, f, later)
        measure = "–" if f.measure is None else f.measure.text_zh if zh else f.measure.text_en
        rows.append(
            (
                f.id,
                f.problem_zh if zh else f.problem_en,
                measure,
                size(g, f),
                size(g, later) if later else "–",
                g.say(f"against.{state}"),
            )
        )
        tones.append(_TONE[state])
    head = tuple(g.say(f"against.{k}") for k in ("id", "problem", "measure", "before", "after", "state"))
    blocks: list[Block] = [Text(g.say("against.about", digest=then.origin.digest[:12] or "–", count=len(before)))]
    if accepted is not None:
        blocks.append(Text(g.say("against.accepted")))
    if rows:
        blocks.append(Table(g.say("against.table"), head, tuple(rows), (2.2, 4.6, 3.6, 1.6, 1.6, 1.6), tuple(tones), 5))
    blocks.append(figures(g, then))
    known = {f.id for f in before}
    new = [f for f in now if f.id not in known]
    if new:
        rows = [(f.id, f.problem_zh if zh else f.problem_en, g.events_text(f.evidence)) for f in new]
        head = (g.say("against.id"), g.say("findings.problem"), g.say("findings.event"))
        blocks.append(Table(g.say("against.new"), head, tuple(rows), (2.6, 8, 2), tuple(BAD for _ in rows), 0))
    if _case(g) != _case(then):
        blocks.append(Text(g.say("against.no_figures"), WARN))
    blocks.append(Text(g.say("against.luck"), WARN))
    return Section("against", g.say("against"), tuple(blocks))


def state_of(g: Ground, before: Finding, now: Finding | None) -> str:
    """What became of a finding: gone, smaller, as large, larger – or not put to the test at all."""
    if now is None:
        return CLOSED if tested(g, before) else UNTESTED
    if now.size < before.size:
        return BETTER
    return WORSE if now.size > before.size else OPEN


def tested(g: Ground, f: Finding) -> bool:
    """Whether a run could have shown a finding: its duty fell due, its expectation was judged, its accident happened."""
    name = f.id.split("/")[1] if "/" in f.id else ""
    match f.kind:
        case "duty" | "after":
            own = f.id.removeprefix(f"{f.kind}/").removesuffix(f"/{f.incident}")
            return any(
                own in (o.duty, f"{o.duty}.{o.round}") and o.incident == f.incident for o in g.settled.obligations
            )
        case "expect":
            return any(e.expectation == name for e in g.of(ev.ExpectationSettled))
        case "loop":
            return any(
                p.phase == name and p.state != "not_due"
                for loop in g.settled.loops
                if loop.incident == f.incident
                for p in loop.phases
            )
        case _:
            return not f.incident or f.incident in g.line.incidents


def size(g: Ground, f: Finding) -> str:
    """How large a finding is, as people read it."""
    return g.span(f.size) if f.kind in _SECONDS else figure(f.size)


def figures(g: Ground, then: Ground) -> Table:
    """The main figures of both runs."""
    rows: list[tuple[str, ...]] = []
    for key in _FIGURES:
        old, new = then.summary[key], g.summary[key]
        show = figure if key == "people_dispatched" else g.span
        rows.append((g.say(f"figure.{key}"), "–" if old is None else show(old), "–" if new is None else show(new)))
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


def _case(g: Ground) -> str:
    return g.line.started.case if g.line.started else ""
