"""Sections 3 and 7: what was due from whom, and whether the loop is closed."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.analysis.review.blocks import BAD, GOOD, WARN, Block, Facts, Section, Table, Text
from sim.analysis.review.ground import Ground
from sim.analysis.review.owed import LATE, MET, MISSED, OPEN, Owed, judged, tasks
from sim.domain import events as ev

TONE = {MET: GOOD, LATE: WARN, MISSED: BAD, OPEN: ""}


def due(g: Ground) -> Section | None:
    """The duties, by law and by plan; None where the cast has none and no plan gave any."""
    law, planned = judged(g, g.cast.obligations), list(tasks(g))
    if not (law or planned):
        return None
    blocks: list[Block] = [Text(g.say("due.about")), Facts(tuple(_counts(g, label, owed) for label, owed in
                           (("due.law", law), ("due.plan", planned)) if owed))]  # fmt: skip
    if law:
        blocks.append(table(g, g.say("due.law_table"), law))
    if planned:
        blocks.append(by_unit(g, planned))
        blocks.append(table(g, g.say("due.plan_table"), planned))
    failed = [o for o in (*law, *planned) if o.cause]
    if failed:
        rows = tuple((o.title, g.incident(o.incident), g.named("outcome", o.outcome), o.cause) for o in failed)
        head = tuple(g.say(f"due.{k}") for k in ("duty", "incident", "outcome", "cause"))
        blocks.append(Table(g.say("due.causes"), head, rows, (3, 2.4, 1.2, 6), tuple(TONE[o.outcome] for o in failed), 2))
    return Section("due", g.say("due"), tuple(blocks))


def table(g: Ground, caption: str, owed: Sequence[Owed]) -> Table:
    """Duties as they fell due: what, whose, the clause, by when, when done, how it went."""
    order = sorted(owed, key=lambda o: (o.since, o.incident, o.duty))
    rows = tuple(
        (o.title, g.incident(o.incident), o.debtor or "–", o.source or "–", g.clock(o.since),
         g.clock(o.due) if math.isfinite(o.due) else g.say("due.none"), "–" if o.done is None else g.clock(o.done),
         outcome(g, o), g.events_text(o.evidence))
        for o in order
    )  # fmt: skip
    head = tuple(g.say(f"due.{k}") for k in ("duty", "incident", "debtor", "clause", "since", "by", "done", "outcome", "event"))
    return Table(caption, head, rows, (3, 2.2, 2.2, 2.4, 1.4, 1.4, 1.4, 1.6, 1.4), tuple(TONE[o.outcome] for o in order), 7)


def by_unit(g: Ground, owed: Sequence[Owed]) -> Table:
    """How the units of the plans did, each with its tasks counted."""
    units = dict.fromkeys(o.debtor for o in owed)
    rows, tones = [], []
    for unit in units:
        own = [o for o in owed if o.debtor == unit]
        count = {kind: sum(o.outcome == kind for o in own) for kind in TONE}
        rows.append((unit, str(len(own)), *(str(count[kind]) for kind in (MET, LATE, MISSED, OPEN))))
        tones.append(BAD if count[MISSED] else WARN if count[LATE] else "")
    head = (g.say("due.debtor"), g.say("due.tasks"), *(g.named("outcome", kind) for kind in (MET, LATE, MISSED, OPEN)))
    return Table(g.say("due.units"), head, tuple(rows), (5, 1.5, 1.5, 1.5, 1.5, 1.5), tuple(tones), 0)


def outcome(g: Ground, o: Owed) -> str:
    """met, late by so much, missed, open."""
    text = g.named("outcome", o.outcome)
    return f"{text} {g.span(o.late_by)}" if o.outcome == LATE else text


def loop(g: Ground) -> Section | None:
    """The phases of the closed loop, and whether each incident's loop is closed; None where the cast has none."""
    if not g.cast.phases:
        return None
    owed = judged(g, g.cast.phases)
    by_phase: dict[str, list[Owed]] = {}
    for o in owed:
        by_phase.setdefault(o.duty, []).append(o)
    rows, tones = [], []
    for number, phase in enumerate(g.cast.phases, 1):
        found = by_phase.get(phase.id)
        if not found:
            rows.append((str(number), g.pick(phase.title), "–", "–", "–", g.say("loop.never"), "–"))
            tones.append("")
        for o in found or ():
            closed = "loop.closed" if o.outcome in (MET, LATE) else "loop.waits" if o.outcome == OPEN else "loop.broken"
            late = f"（{outcome(g, o)}）" if g.lang == "zh" else f" ({outcome(g, o)})"
            rows.append((str(number), o.title, g.incident(o.incident), g.clock(o.since), "–" if o.done is None else g.clock(o.done),
                         g.say(closed) + (late if o.outcome == LATE else ""), g.events_text(o.evidence)))  # fmt: skip
            tones.append(TONE[o.outcome])
    head = tuple(g.say(f"loop.{k}") for k in ("number", "phase", "incident", "fell", "closed_at", "state", "event"))
    blocks: list[Block] = [*verdicts(g, owed), Table(g.say("loop.table"), head, tuple(rows), (0.8, 3, 3, 1.6, 1.6, 2.4, 1.6),
                                                     tuple(tones), 5, g.say("loop.note"))]  # fmt: skip
    reopened = tuple((g.clock(e.t), g.incident(e.incident), g.named("phase", e.phase), g.named("why", e.why), f"#{e.seq}")
                     for e in g.of(ev.PhaseReopened))  # fmt: skip
    if reopened:
        head = tuple(g.say(f"loop.{k}") for k in ("time", "incident", "phase", "why", "event"))
        blocks.append(Table(g.say("loop.reopened"), head, reopened, (1.6, 3, 3, 4, 1)))
    return Section("loop", g.say("loop"), tuple(blocks))


def verdicts(g: Ground, owed: Sequence[Owed]) -> list[Text]:
    """A sentence an incident: its loop is closed, still open, or broken, and where."""
    said = []
    for incident in dict.fromkeys(o.incident for o in owed):
        own = [o for o in owed if o.incident == incident]
        broken = [o.title for o in own if o.outcome == MISSED]
        waiting = [o.title for o in own if o.outcome == OPEN]
        never = len(g.cast.phases) - len({o.duty for o in own})
        facts = {"incident": g.incident(incident), "closed": sum(o.outcome in (MET, LATE) for o in own), "due": len(own), "never": never}
        if broken:
            said.append(Text(g.say("loop.is_broken", where=g.listed(broken), **facts), BAD))
        elif waiting:
            said.append(Text(g.say("loop.is_open", where=g.listed(waiting), **facts), WARN))
        else:
            said.append(Text(g.say("loop.is_closed", **facts), GOOD if not never else WARN))
    return said


def _counts(g: Ground, label: str, owed: Sequence[Owed]) -> tuple[str, str]:
    count = {kind: sum(o.outcome == kind for o in owed) for kind in TONE}
    return g.say(label), g.listed(f"{g.named('outcome', kind)} {n}" for kind, n in count.items() if n or kind == MET)
