"""Section 8: scores by indicator with the events that earned them, and what could not be evaluated, as gaps."""

from __future__ import annotations

from sim.analysis.owed import Item, Scorecard
from sim.analysis.review.blocks import BAD, GOOD, WARN, Block, Section, Table, Text
from sim.analysis.review.ground import Ground
from sim.analysis.telling import kind_of
from sim.analysis.words import amount, figure

# The headings of the national evaluation table as far as we know them (from memory), and the events that witness each.
HEADINGS: dict[str, tuple[str, ...]] = {
    "reporting": ("warning_issued", "discovered", "report_sent", "report_received"),
    "mobilisation": ("graded", "response_changed", "plan_activated", "unit_notified", "alerted"),
    "assessment": ("graded", "consulted", "needs_stated"),
    "command": ("lead_taken", "command_formed", "group_staffed", "order_given", "recalled"),
    "handling": ("assigned", "milestone", "hazard_over"),
    "resources": ("shortfall", "support_requested", "supply_asked", "supply_signed", "fund_approved", "force_asked"),
    "communication": ("channel_changed", "unit_acknowledged"),
    "publicity": ("published",),
    "protection": ("relief_due", "resting", "responders_hit", "response_suspended", "response_resumed"),
    "cordon": ("queued", "road_known"),
    "medical": ("loaded", "handed_over", "care_changed"),
    "recovery": ("incident_closed", "item_listed", "item_closed", "plan_revised"),
    "other": (),
}
_GOOD_SHARE, _FAIR_SHARE = 0.8, 0.6  # of an item's marks: only the colour it is shown in
_FIRST = 2  # events cited of a heading


def scores(g: Ground) -> Section:
    """The marks where a rubric was given, and the headings of the evaluation table with what witnesses them."""
    card = g.settled.scorecard
    blocks: list[Block] = [] if card is None else _marks(g, card)
    if card is None:
        blocks.append(Text(g.say("scores.no_rubric"), WARN))
    blocks.append(headings(g))
    if g.settled.unwitnessed:
        rows = tuple((g.pick(d.title), g.pick(d.clause) or "–", g.pick(d.unwitnessed)) for d in g.settled.unwitnessed)
        head = tuple(g.say(f"scores.{k}") for k in ("duty", "clause", "why"))
        blocks.append(Table(g.say("scores.unwitnessed"), head, rows, (4, 4, 5)))
    blocks.append(Text(g.say("scores.wording")))
    return Section("scores", g.say("scores"), tuple(blocks))


def _marks(g: Ground, card: Scorecard) -> list[Block]:
    blocks: list[Block] = [
        Text(
            g.say("scores.total", score=f"{card.score:.1f}", band=g.pick(card.band), gaps=len(card.gaps)),
            GOOD if not card.red_lines and not card.gaps else WARN,
        )
    ]
    if card.red_lines:
        red = tuple((g.pick(r.title), f"{r.cap:g}", g.events_text(r.seqs)) for r in card.red_lines)
        blocks.append(Text(g.say("scores.capped", uncapped=f"{card.uncapped:.1f}"), BAD))
        head = tuple(g.say(f"scores.{k}") for k in ("red_line", "cap", "event"))
        blocks.append(Table(g.say("scores.red_lines"), head, red, (7, 2, 3), tuple(BAD for _ in red), 0))
    missing = tuple(
        (g.pick(d.title), g.pick(i.title), f"{i.weight:g}", g.say("scores.gap_why"))
        for d in card.dimensions
        for i in d.items
        if i.state == "gap"
    )
    if missing:
        head = tuple(g.say(f"scores.{k}") for k in ("dimension", "indicator", "weight", "why"))
        blocks.append(Table(g.say("scores.gap_table"), head, missing, (3, 4, 1.2, 6), tuple(BAD for _ in missing), 1))
    rows: tuple[tuple[str, ...], ...] = tuple(
        (
            g.pick(d.title),
            f"{d.weight:g}",
            f"{d.out_of:g}",
            f"{d.marks:.1f}",
            f"{d.marks / d.out_of:.0%}" if d.out_of else "–",
            str(sum(i.state == "gap" for i in d.items)),
        )
        for d in card.dimensions
    )
    head = tuple(g.say(f"scores.{k}") for k in ("dimension", "weight", "called", "earned", "share", "gaps"))
    blocks.append(Table(g.say("scores.dimensions"), head, rows, (5, 1.5, 1.8, 1.5, 1.5, 1.5)))
    items = [(d, i) for d in card.dimensions for i in d.items]
    rows = tuple(
        (
            g.pick(d.title),
            g.pick(i.title),
            _value(g, i),
            _range(g, i),
            f"{i.marks:.1f} / {i.weight:g}",
            g.say(f"scores.{i.state}"),
            g.named("standing", i.standing),
            g.events_text(i.seqs),
        )
        for d, i in items
    )
    head = tuple(
        g.say(f"scores.{k}")
        for k in ("dimension", "indicator", "value", "range", "earned", "state", "standing", "event")
    )
    blocks.append(
        Table(
            g.say("scores.items"),
            head,
            rows,
            (2, 3.4, 1.7, 2, 1.5, 1.3, 1.2, 1.5),
            tuple(_tone(i) for _, i in items),
            4,
            g.say("scores.items_note"),
        )
    )
    return blocks


def headings(g: Ground) -> Table:
    """The headings of the evaluation table: how many events witness each, and which first; none is a gap."""
    seqs: dict[str, list[int]] = {}
    for event in g.events:
        seqs.setdefault(kind_of(event), []).append(event.seq)
    rows, tones = [], []
    for name, kinds in HEADINGS.items():
        found = sorted(n for kind in kinds for n in seqs.get(kind, ()))
        rows.append(
            (
                g.say(f"heading.{name}"),
                str(len(found)),
                g.say("scores.witnessed" if found else "scores.gap" if kinds else "scores.not_called"),
                g.events_text(found, _FIRST),
            )
        )
        tones.append(GOOD if found else BAD if kinds else "")
    head = tuple(g.say(f"scores.{k}") for k in ("heading", "events", "state", "event"))
    return Table(
        g.say("scores.headings"), head, tuple(rows), (5, 2, 3, 3), tuple(tones), 2, g.say("scores.headings_note")
    )


def _value(g: Ground, item: Item) -> str:
    return "–" if item.value is None else _unit(g, item.value, item.unit)


def _range(g: Ground, item: Item) -> str:
    return f"{_unit(g, item.full, item.unit)} … {_unit(g, item.none, item.unit)}"


def _unit(g: Ground, value: float, unit: str) -> str:
    if unit in ("s", "min", "h", "d"):
        return g.span(value)
    return f"{value:.0%}" if unit == "%" else amount(value, unit, g.lang) if unit else figure(value)


def _tone(item: Item) -> str:
    if item.state != "scored":
        return BAD if item.state == "gap" else ""
    share = item.marks / item.weight if item.weight else 1.0
    return GOOD if share >= _GOOD_SHARE else WARN if share >= _FAIR_SHARE else BAD
