"""Sections 3 and 7: what was due from whom, and whether the loop is closed."""

from __future__ import annotations

from collections.abc import Sequence

from sim.analysis.owed import LATE, MET, MISSED, OPEN, Breach, Loop, Obligation, PhaseLine
from sim.analysis.review.blocks import BAD, GOOD, WARN, Block, Facts, Section, Table, Text
from sim.analysis.review.ground import Ground
from sim.domain import events as ev

TONE = {MET: GOOD, LATE: WARN, MISSED: BAD, OPEN: ""}
_COUNTED = (MET, LATE, MISSED, OPEN)
_MOST_MET = 60  # rows of what a plan gave to do: what went wrong is shown whole, what went right up to so many


def due(g: Ground) -> Section | None:
    """The duties, by law and by plan; None where nothing fell due."""
    owed = [o for o in g.settled.obligations if o.outcome in TONE]
    law = [o for o in owed if o.source == "law"]
    planned = [o for o in owed if o.source == "plan" and not is_item(o)]
    if not owed:
        return None
    groups = (("due.law", law), ("due.plan", planned))
    blocks: list[Block] = [
        Text(g.say("due.about")),
        Facts(tuple(_counts(g, label, group) for label, group in groups if group)),
        by_debtor(g, owed),
    ]
    if law:
        blocks.append(table(g, g.say("due.law_table"), law))
    if planned:
        blocks.append(table(g, g.say("due.plan_table"), planned))
    blocks += [block for block in (causes(g, owed), faults(g), breaches(g), consequences(g), mechanisms(g)) if block]
    return Section("due", g.say("due"), tuple(blocks))


def table(g: Ground, caption: str, owed: Sequence[Obligation]) -> Table:
    """Duties as they fell due: what, whose, the clause, by when, when done, how it went."""
    order = sorted(owed, key=lambda o: (o.arose_at, o.incident, o.duty, o.round))
    if len(order) > _MOST_MET:
        order = [o for n, o in enumerate(order) if n < _MOST_MET or o.outcome in (LATE, MISSED)]
    rows = tuple(
        (
            title(g, o),
            g.mark(o.incident),
            " → ".join(dict.fromkeys(who for x in (o.debtor, o.creditor) if (who := party(g, x)) != "–")) or "–",
            clause(g, o),
            g.clock(o.arose_at),
            g.clock(o.due_at) if o.due_at is not None else g.say("due.none"),
            "–" if o.done_at is None else g.clock(o.done_at),
            outcome(g, o),
            g.events_text(o.seqs),
        )
        for o in order
    )
    head = tuple(
        g.say(f"due.{k}") for k in ("duty", "incident", "debtor", "clause", "since", "by", "done", "outcome", "event")
    )
    left = len(owed) - len(order)
    return Table(
        caption,
        head,
        rows,
        (3, 2.1, 2.6, 2.2, 1.4, 1.4, 1.4, 1.5, 1.3),
        tuple(TONE[o.outcome] for o in order),
        7,
        g.say("due.left_out", count=left) if left else "",
    )


def by_debtor(g: Ground, owed: Sequence[Obligation]) -> Table:
    """How each debtor did, its duties counted."""
    rows, tones = [], []
    for name in dict.fromkeys(party(g, o.debtor) for o in owed):
        own = [o for o in owed if party(g, o.debtor) == name]
        count = {kind: sum(o.outcome == kind for o in own) for kind in _COUNTED}
        rows.append((name, str(len(own)), *(str(count[kind]) for kind in _COUNTED)))
        tones.append(BAD if count[MISSED] else WARN if count[LATE] else GOOD)
    head = (g.say("due.debtor"), g.say("due.tasks"), *(g.named("outcome", kind) for kind in _COUNTED))
    return Table(g.say("due.units"), head, tuple(rows), (5, 1.5, 1.5, 1.5, 1.5, 1.5), tuple(tones), 0)


def causes(g: Ground, owed: Sequence[Obligation]) -> Table | None:
    """For what was late or missed: the step on which most of the time went."""
    failed = [o for o in owed if o.outcome in (LATE, MISSED) and o.held_by is not None and not is_item(o)]
    if not failed:
        return None
    rows = tuple((title(g, o), g.mark(o.incident), outcome(g, o), cause(g, o)) for o in failed)
    head = tuple(g.say(f"due.{k}") for k in ("duty", "incident", "outcome", "cause"))
    return Table(g.say("due.causes"), head, rows, (3, 2.4, 1.6, 6), tuple(TONE[o.outcome] for o in failed), 2)


def cause(g: Ground, o: Obligation) -> str:
    """The longest step of an obligation's chain, in words: how long, until what, and what kind of waiting that was."""
    step = o.held_by
    if step is None:
        return "–"
    event = g.events[step.seq]
    why = g.named("delay", step.why) if step.why else ""
    person = str(getattr(event, "person", ""))
    what = g.tell(event).replace(person, g.say("someone")) if person else g.tell(event)
    told = g.say("chain", span=g.span(step.waited), what=what, seq=f"#{step.seq}")
    return f"{why}{g.say('colon')}{told}" if why else told


def faults(g: Ground) -> Table | None:
    """Reports that were late, missed, false or concealed."""
    rows = tuple(
        (
            g.named("fault_kind", f.kind) + (g.say("due.suspected") if f.suspected else ""),
            g.mark(f.incident),
            party(g, f.sender),
            g.span(f.lateness)
            if f.lateness
            else g.listed(f"{g.named('count', n)} {v:+g}" for n, v in f.gap.items()) or "–",
            g.events_text(f.seqs),
        )
        for f in g.settled.faults
    )
    head = tuple(g.say(f"due.{k}") for k in ("fault", "incident", "debtor", "by_how_much", "event"))
    return Table(g.say("due.faults"), head, rows, (2.2, 3, 3.4, 3, 1.6), tuple(BAD for _ in rows), 0) if rows else None


def breaches(g: Ground) -> Table | None:
    """Entries of the negative list, and grounds for the veto."""
    once: dict[tuple[str, str, str], tuple[Breach, list[int]]] = {}
    for b in g.settled.breaches:
        once.setdefault((b.entry, b.incident, party(g, b.party)), (b, []))[1].extend(b.seqs)
    found = [(b.title, b.incident, b.party, b.standing, tuple(seqs), "due.negative") for b, seqs in once.values()]
    found += [(v.title, v.incident, v.party, v.standing, v.seqs, "due.veto") for v in g.settled.vetoes]
    rows = tuple(
        (
            g.say(kind),
            g.pick(title_),
            g.mark(incident),
            party(g, who),
            g.named("standing", standing),
            g.events_text(seqs),
        )
        for title_, incident, who, standing, seqs, kind in found
    )
    head = tuple(g.say(f"due.{k}") for k in ("list", "entry", "incident", "debtor", "standing", "event"))
    return (
        Table(g.say("due.breaches"), head, rows, (1.6, 4.4, 2.4, 2.6, 1.4, 1.4), tuple(BAD for _ in rows), 0)
        if rows
        else None
    )


def consequences(g: Ground) -> Table | None:
    """What the law attaches to such acts: no judgement."""
    rows = tuple(
        (g.pick(c.subject), g.pick(c.act), g.pick(c.consequence), c.source, g.named("standing", c.standing))
        for c in g.settled.consequences
    )
    head = tuple(g.say(f"due.{k}") for k in ("subject", "act", "consequence", "clause", "standing"))
    return (
        Table(g.say("due.consequences"), head, rows, (2.4, 3.4, 4, 2, 1.3), note=g.say("due.no_judgement"))
        if rows
        else None
    )


def mechanisms(g: Ground) -> Table | None:
    """The mechanisms of linkage, and what of each the journal shows."""
    rows, tones = [], []
    for m in g.settled.mechanisms:
        proofs = g.listed(f"{g.pick(e.title)} {g.events_text(e.seqs, 2)}" for e in m.evidence) or "–"
        rows.append((g.pick(m.title), g.named("mechanism", m.state), proofs, g.named("standing", m.standing)))
        tones.append({"shown": GOOD, "partly": WARN}.get(m.state, BAD))
    head = tuple(g.say(f"due.{k}") for k in ("mechanism", "state", "evidence", "standing"))
    return Table(g.say("due.mechanisms"), head, tuple(rows), (3, 1.6, 7, 1.4), tuple(tones), 1) if rows else None


def is_item(o: Obligation) -> bool:
    """Whether it is an entry of the two lists, which have a table of their own among the findings."""
    return o.duty.startswith("item/")


def title(g: Ground, o: Obligation) -> str:
    """An obligation's name, with its round where it comes back."""
    again = any(x.duty == o.duty and x.incident == o.incident and x.round > 1 for x in g.settled.obligations)
    return g.pick(o.title) + (g.say("due.round", count=o.round) if again else "")


def clause(g: Ground, o: Obligation) -> str:
    """The clause that says so; of a plan its number, for what it says is the duty's name."""
    text = g.pick(o.clause)
    return text.removesuffix(g.pick(o.title)).strip() or "–"


def outcome(g: Ground, o: Obligation) -> str:
    """met, late by so much, missed, open."""
    text = g.named("outcome", o.outcome)
    return f"{text} {g.span(o.lateness)}" if o.outcome == LATE else text


def party(g: Ground, who: object) -> str:
    """Who owes or is owed."""
    name = getattr(who, "name", None)
    return (g.pick(name) if name is not None else "") or "–"


# ── the closed loop ──


def loop(g: Ground) -> Section | None:
    """The phases of the closed loop, and whether each incident's loop is closed; None where the cast has none."""
    if not g.settled.loops:
        return None
    blocks: list[Block] = [Text(g.say("loop.about"))]
    for own in g.settled.loops:
        blocks += [verdict(g, own), phases(g, own)]
    reopened = tuple(
        (g.clock(e.t), g.mark(e.incident), _phase_name(g, e.phase), g.named("why", e.why), f"#{e.seq}")
        for e in g.of(ev.PhaseReopened)
    )
    if reopened:
        head = tuple(g.say(f"loop.{k}") for k in ("time", "incident", "phase", "why", "event"))
        blocks.append(Table(g.say("loop.reopened"), head, reopened, (1.6, 3, 3, 4, 1)))
    return Section("loop", g.say("loop"), tuple(blocks))


def phases(g: Ground, own: Loop) -> Table:
    """The phases of one incident's loop."""
    rows, tones = [], []
    for number, line in enumerate(own.phases, 1):
        tone = {"closed": WARN if line.outcome == LATE else GOOD, "broken": BAD}.get(line.state, "")
        seqs = [n for n in (line.since, line.done, *line.reopened) if n is not None]
        rows.append(
            (
                str(number),
                g.pick(line.title),
                g.pick(line.responsible) or "–",
                g.pick(line.evidence) or "–",
                _when(g, line.since_at),
                _when(g, line.due_at),
                _when(g, line.done_at),
                _state(g, line),
                g.events_text(seqs),
            )
        )
        tones.append(tone)
    head = tuple(
        g.say(f"loop.{k}")
        for k in ("number", "phase", "responsible", "evidence", "fell", "by", "closed_at", "state", "event")
    )
    return Table(
        g.say("loop.table", incident=g.incident(own.incident)),
        head,
        tuple(rows),
        (0.6, 2, 2.4, 2.6, 1.5, 1.5, 1.5, 1.9, 1.3),
        tuple(tones),
        7,
        g.say("loop.note"),
    )


def verdict(g: Ground, own: Loop) -> Text:
    """A sentence: the loop is closed, still open, or broken, and where first."""
    count = {state: sum(p.state == state for p in own.phases) for state in ("closed", "open", "broken", "not_due")}
    where = g.listed(g.pick(p.title) for p in own.phases if p.state == own.state) if own.state != "closed" else ""
    tone = {"broken": BAD, "open": WARN}.get(own.state, WARN if count["not_due"] else GOOD)
    return Text(g.say(f"loop.is_{own.state}", incident=g.incident(own.incident), where=where, **count), tone)


def _state(g: Ground, line: PhaseLine) -> str:
    if line.state == "broken" and line.why:
        return g.named("broken", line.why)
    if line.state == "closed" and line.outcome == LATE:
        return g.say("loop.closed_late")
    return g.say(f"loop.{line.state}")


def _phase_name(g: Ground, phase: str) -> str:
    return next((g.pick(p.title) for p in g.cast.phases if p.id == phase), phase)


def _when(g: Ground, t: float | None) -> str:
    return "–" if t is None else g.clock(t)


def _counts(g: Ground, label: str, owed: Sequence[Obligation]) -> tuple[str, str]:
    count = {kind: sum(o.outcome == kind for o in owed) for kind in _COUNTED}
    return g.say(label), g.listed(f"{g.named('outcome', kind)} {n}" for kind, n in count.items() if n or kind == MET)
