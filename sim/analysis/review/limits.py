"""Section 9: where the models were left, what was left out, and every assumption that decides."""

from __future__ import annotations

from sim.analysis.review.blocks import WARN, Block, Bullets, Section, Table, Text
from sim.analysis.review.ground import Ground
from sim.analysis.words import amount
from sim.domain import events as ev

_MOST = 24


def limits(g: Ground) -> Section:
    """What the review cannot say, and on which numbers it stands."""
    blocks: list[Block] = [Text(g.say("limits.about", seed=_seed(g)))]
    blocks += [table for table in (passed(g), held(g), swings(g), assumed(g)) if table]
    if not g.origin.numbers_known:
        blocks.append(Text(g.say("limits.numbers_unknown"), WARN))
    if not g.origin.swings:
        blocks.append(Text(g.say("limits.not_varied"), WARN))
    blocks.append(Bullets(tuple(g.say(f"limits.{k}") for k in ("one_run", "wording", "no_judgement", "names"))))
    return Section("limits", g.say("limits"), tuple(blocks))


def passed(g: Ground) -> Table | None:
    """Figures that left the range in which the formulas hold."""
    rows = []
    for e in g.of(ev.LimitPassed):
        known = g.teller.hazard(e.incident).limits.get(e.limit)
        unit, name = (known.unit, known.name.of(g.lang)) if known else ("", e.limit.replace("_", " "))
        rows.append(
            (
                g.clock(e.t),
                g.mark(e.incident),
                name,
                amount(e.value, unit, g.lang),
                f"{amount(e.low, unit, g.lang)} – {amount(e.high, unit, g.lang)}",
                f"#{e.seq}",
            )
        )
    head = tuple(g.say(f"limits.{k}") for k in ("time", "incident", "figure", "value", "valid", "event"))
    return (
        Table(g.say("limits.passed"), head, tuple(rows), (1.7, 3, 3.6, 2, 3, 1), tuple(WARN for _ in rows), 3)
        if rows
        else None
    )


def held(g: Ground) -> Table | None:
    """What came true and was left out of the run."""
    rows = tuple((g.clock(e.t), g.mark(e.incident), g.tell(e), f"#{e.seq}") for e in g.of(ev.CascadeHeld))
    head = tuple(g.say(f"limits.{k}") for k in ("time", "incident", "left_out", "event"))
    return Table(g.say("limits.held"), head, rows[:_MOST], (1.7, 3, 8, 1)) if rows else None


def swings(g: Ground) -> Table | None:
    """The assumed numbers that were varied, the one that moves the deaths most first."""
    rows = tuple((g.mark(i), _name(g, i, name), f"{low:g} – {high:g}") for i, name, low, high in g.origin.swings)
    head = tuple(g.say(f"limits.{k}") for k in ("incident", "number", "moves"))
    return Table(g.say("limits.swings"), head, rows[:_MOST], (4, 6, 3)) if rows else None


def assumed(g: Ground) -> Table | None:
    """The numbers of the accident models that nobody has verified."""
    if not g.origin.numbers:
        return None
    rows = tuple(
        (g.mark(n.incident), n.what_zh if g.lang == "zh" else n.what_en, n.value, g.named("standing", n.standing))
        for n in g.origin.numbers[:_MOST]
    )
    head = tuple(g.say(f"limits.{k}") for k in ("incident", "number", "value", "standing"))
    left = len(g.origin.numbers) - len(rows)
    return Table(
        g.say("limits.assumed", count=len(g.origin.numbers)),
        head,
        rows,
        (2, 7, 2.4, 1.8),
        note=g.say("limits.more", count=left) if left else "",
    )


def _name(g: Ground, incident: str, name: str) -> str:
    return next(
        (
            n.what_zh if g.lang == "zh" else n.what_en
            for n in g.origin.numbers
            if n.name == name and n.incident == incident
        ),
        name.replace("_", " "),
    )


def _seed(g: Ground) -> int:
    return g.line.started.seed if g.line.started else 0
