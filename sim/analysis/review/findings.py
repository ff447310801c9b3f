"""Section 10: findings and measures – the gravest on a page, the two lists: who owes what under which clause, closed by what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.analysis.review.blocks import BAD, GOOD, WARN, Block, Finding, Section, Table, Text
from sim.analysis.review.ground import Ground
from sim.domain import events as ev
from sim.journal.cast import Words


def findings(g: Ground, found: Sequence[Finding]) -> Section:
    """The two lists; or that no fault was found."""
    if not found:
        blocks: list[Block] = [Text(g.say("findings.none"), GOOD)]
        if (listed := _listed(g)) is not None:
            blocks.append(listed)
        return Section("findings", g.say("findings"), tuple(blocks))
    page = found[: _page(g)]
    recorded = sum(f.measure is not None and not f.measure.acts for f in found)
    about = g.say(
        "findings.about", count=len(found), cases=sum(max(1, len(f.cases)) for f in found), shown=len(page),
        measures=sum(f.measure is not None for f in found), recorded=recorded,
    )  # fmt: skip
    blocks = [Text(about), problems(g, g.say("findings.problems"), page), measures(g, g.say("findings.measures"), page)]
    if (listed := _listed(g)) is not None:
        blocks.append(listed)
    return Section("findings", g.say("findings"), tuple(blocks))


def in_full(g: Ground, found: Sequence[Finding]) -> Iterator[Table]:
    """For the annex: all findings and measures where the chapter shows only the gravest, and every case of those with many."""
    if len(found) > _page(g):
        yield problems(g, g.say("findings.all_problems"), found)
        yield measures(g, g.say("findings.all_measures"), found)
    zh = g.lang == "zh"
    rows = tuple(
        (str(n), g.mark(case.incident), case.problem_zh if zh else case.problem_en, g.events_text(case.evidence))
        for n, f in enumerate(found, 1)
        if len(f.cases) > 1
        for case in f.cases[:_MOST]
    )
    if rows:
        left = sum(max(0, len(f.cases) - _MOST) for f in found)
        head = tuple(g.say(f"findings.{k}") for k in ("number", "incident", "problem", "event"))
        note = g.say("findings.more_cases", count=left) if left else ""
        yield Table(g.say("findings.cases"), head, rows, (0.8, 2.4, 8, 1.8), note=note)


_MOST = 40  # cases of one finding that the annex lists: the rest stand in review --to json


def problems(g: Ground, caption: str, found: Sequence[Finding]) -> Table:
    """The list of problems: what, of how many, what it cost, the events that show it."""
    zh = g.lang == "zh"
    rows = tuple(
        (
            str(n),
            f.problem_zh if zh else f.problem_en,
            g.say(f"matters.{f.matters}"),
            g.mark(f.incident),
            g.events_text(f.evidence),
            f.id,
        )
        for n, f in enumerate(found, 1)
    )
    head = tuple(g.say(f"findings.{k}") for k in ("number", "problem", "matters", "incident", "event", "id"))
    tones = tuple(WARN if f.by_drill else BAD for f in found)
    return Table(caption, head, rows, (0.7, 6.4, 1.2, 2, 1.6, 2.2), tones, 0)


def measures(g: Ground, caption: str, found: Sequence[Finding]) -> Table:
    """The list of measures; the same one asked for by several findings stands once, for all of them."""
    zh = g.lang == "zh"
    once: dict[tuple[str, ...], list[int]] = {}
    tones: dict[tuple[str, ...], str] = {}
    for n, f in enumerate(found, 1):
        if (m := f.measure) is None:
            continue
        row = (
            m.text_zh if zh else m.text_en,
            g.say(f"kind.{m.kind}"),
            m.unit_zh if zh else m.unit_en,
            g.pick(m.clause) or "–",
            m.due,
            g.pick(m.proof) or "–",
            g.pick(m.verifier) or "–",
            g.say("findings.acts" if m.acts else "findings.recorded"),
        )
        once.setdefault(row, []).append(n)
        tones[row] = GOOD if m.acts else WARN
    rows = tuple((g.listed(map(str, numbers)), *row) for row, numbers in once.items())
    head = tuple(
        g.say(f"findings.{k}")
        for k in ("against", "measure", "kind", "unit", "clause", "due", "proof", "verifier", "next")
    )
    widths = (0.9, 4.6, 1.4, 2.2, 1.5, 1.5, 2.6, 1.8, 1.6)
    return Table(caption, head, rows, widths, tuple(tones.values()), 8, g.say("findings.note"))


def _page(g: Ground) -> int:
    return round(g.terms.get("page", 12.0))


def _listed(g: Ground) -> Table | None:
    """What was entered in the two lists in the run itself, and struck off: on which clause, on what evidence, by whom verified."""
    closed = {e.item: e for e in g.of(ev.ItemClosed)}
    revised = {e.item: e for e in g.of(ev.PlanRevised)}
    entered = g.of(ev.ItemListed)
    rows, tones = [], []
    for e in entered[:_MOST_ITEMS]:
        end, plan = closed.get(e.item), revised.get(e.item)
        proof = "–" if end is None else Words(end.evidence, getattr(end, "evidence_en", "") or end.evidence).of(g.lang)
        who = getattr(end, "verifier", "") if end is not None else ""
        rows.append(
            (
                _short(g, e),
                g.teller.entered(e),
                g.teller.office(e.unit, e.incident),
                getattr(e, "clause", "") or "–",
                g.clock(e.due_at),
                g.clock(end.t) if end else g.say("findings.still"),
                proof,
                (g.teller.office(who, e.incident) if who in g.cast.units else g.unit(who)) if who else "–",
                g.events_text([x.seq for x in (e, end, plan) if x]),
            )
        )
        tones.append(GOOD if end is not None and end.t <= e.due_at else WARN if end is not None else BAD)
    head = tuple(
        g.say(f"findings.{k}") for k in ("id", "text", "unit", "clause", "due", "struck", "proof", "verifier", "event")
    )
    left = len(entered) - len(rows)
    note = g.say("findings.more_items", count=left) if left else ""
    widths = (1.4, 5, 2, 1.2, 1.6, 1.6, 2, 1.8, 1.2)
    return Table(g.say("findings.listed"), head, tuple(rows), widths, tuple(tones), 5, note) if rows else None


def _short(g: Ground, e: ev.ItemListed) -> str:
    """An item by the mark of its incident, where there are several: E1-15 P2."""
    own = e.item.removeprefix(e.incident).lstrip("-") or e.item
    return f"{g.mark(e.incident)} {own}" if len(g.line.incidents) > 1 else own


_MOST_ITEMS = 40  # of the two lists of a run that are shown
