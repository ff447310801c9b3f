"""Section 10: findings and measures – the two lists, each finding with its events, each measure with who owes it and by when."""

from __future__ import annotations

from collections.abc import Sequence

from sim.analysis.review.blocks import BAD, Block, Finding, Section, Table, Text
from sim.analysis.review.ground import Ground
from sim.domain import events as ev
from sim.journal.cast import Words


def findings(g: Ground, found: Sequence[Finding]) -> Section:
    """The two lists; or that no fault was found."""
    if not found:
        return Section("findings", g.say("findings"), (Text(g.say("findings.none")),))
    zh = g.lang == "zh"
    problems = tuple(
        (str(n), f.problem_zh if zh else f.problem_en, g.mark(f.incident), g.events_text(f.evidence), f.id)
        for n, f in enumerate(found, 1)
    )
    wanted = [(n, f.measure) for n, f in enumerate(found, 1) if f.measure is not None]
    rows = tuple(
        (str(n), m.text_zh if zh else m.text_en, g.say(f"kind.{m.kind}"), m.unit_zh if zh else m.unit_en, m.due)
        for n, m in wanted
    )
    heads = [
        tuple(g.say(f"findings.{k}") for k in keys)
        for keys in (("number", "problem", "incident", "event", "id"), ("against", "measure", "kind", "unit", "due"))
    ]
    blocks: list[Block] = [
        Text(g.say("findings.about", count=len(found), measures=len(rows))),
        Table(
            g.say("findings.problems"), heads[0], problems, (0.7, 6.4, 2.4, 1.6, 2.6), tuple(BAD for _ in problems), 0
        ),
        Table(g.say("findings.measures"), heads[1], rows, (0.9, 6.6, 2, 3, 1.8), note=g.say("findings.note")),
    ]
    if (listed := _listed(g)) is not None:
        blocks.append(listed)
    return Section("findings", g.say("findings"), tuple(blocks))


def _listed(g: Ground) -> Table | None:
    """What was entered in the two lists in the run itself, and struck off."""
    closed = {e.item: e for e in g.of(ev.ItemClosed)}
    revised = {e.item: e for e in g.of(ev.PlanRevised)}
    rows = []
    for e in g.of(ev.ItemListed):
        end, plan = closed.get(e.item), revised.get(e.item)
        rows.append(
            (
                e.item,
                g.named("list", e.table),
                Words(e.text_zh, e.text_en).of(g.lang),
                g.unit(e.unit),
                g.clock(e.due_at),
                g.clock(end.t) if end else g.say("findings.still"),
                g.events_text([x.seq for x in (e, end, plan) if x]),
            )
        )
    head = tuple(g.say(f"findings.{k}") for k in ("id", "list", "text", "unit", "due", "struck", "event"))
    return Table(g.say("findings.listed"), head, tuple(rows), (1.6, 1.4, 5, 2.4, 1.8, 1.8, 1.4)) if rows else None
