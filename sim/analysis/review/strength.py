"""Section 5, second half: forces that others decide over, what was not there when it was needed, how busy everybody was."""

from __future__ import annotations

from sim.analysis import forces as measures
from sim.analysis import strain
from sim.analysis.review.blocks import BAD, WARN, Table
from sim.analysis.review.ground import Ground
from sim.units import HOUR

_MOST_ROWS, _MOST_UNMET = 40, 16
_SHOWN = 5 * 60.0  # s: gaps shorter than that are no bottleneck


def outside(g: Ground) -> Table | None:
    """Forces that the city does not command: asked for, answered, there, what they did, how long they stood idle."""
    rows, tones = [], []
    for a in measures.requests(g.events, g.cast):
        rows.append(
            (
                f"{g.clock(a.asked_at)} {g.named('urgency', a.channel)}",
                g.force(a.force),
                str(sum(measures.strength(a).values())),
                _answer(g, a),
                _after(g, a.first_arrived_at, a.arrival_took),
                str(a.elements),
                g.listed(dict.fromkeys(g.teller.capability(task) for task in a.tasks)) or "–",
                f"{a.idle / HOUR:.1f}",
                _end(g, a),
                g.events_text(a.evidence),
            )
        )
        refused = a.answer != "approved" and not a.stood_down
        tones.append(BAD if refused else WARN if not a.ordered else "")
    if not rows:
        return None
    columns = ("asked", "force", "elements", "answer", "first_there", "there", "did", "idle", "end", "event")
    left = len(rows) - _MOST_ROWS
    return Table(
        g.say("means.outside"), tuple(g.say(f"means.{k}") for k in columns), tuple(rows[:_MOST_ROWS]),
        (1.7, 2.6, 0.9, 2, 1.9, 0.9, 2.6, 1, 2.6, 1.6), tuple(tones[:_MOST_ROWS]), 3,
        note=g.say("means.more_rows", count=left) if left > 0 else g.say("means.outside_note"),
    )  # fmt: skip


def _answer(g: Ground, a: measures.Asked) -> str:
    if a.answered_at is None:
        return g.say("means.no_answer")
    why = (
        f"（{g.named('barred', a.why)}）"
        if a.why and g.lang == "zh"
        else f" ({g.named('barred', a.why)})"
        if a.why
        else ""
    )
    return f"{g.named('agreed', a.answer)}{why} +{g.span(a.answer_took or 0.0)}"


def _after(g: Ground, at: float | None, took: float | None) -> str:
    return "–" if at is None or took is None else f"{g.clock(at)} +{g.span(took)}"


def _end(g: Ground, a: measures.Asked) -> str:
    said = []
    if a.stood_down_at is not None:
        why = g.named("stood_down", a.stood_down_why)
        said.append(g.say("means.stood_down", count=a.stood_down, time=g.clock(a.stood_down_at), why=why))
    if a.released_at is not None:
        said.append(g.say("means.let_go", time=g.clock(a.released_at)))
    return g.listed(said) or "–"


def waves(g: Ground) -> Table | None:
    """How help grew: people on the spot for the first time, by wave and kind of force."""
    if not g.cast.forces:
        return None
    found = measures.waves(g.events, g.cast)
    kinds = list(dict.fromkeys(kind for wave in found for kind in wave.people))
    if not kinds:
        return None
    names = {force.kind: g.pick(force.kind_name) for force in g.cast.forces.values()}
    head = (g.say("means.wave"), *(names.get(kind, g.say("means.own")) for kind in kinds))
    rows = tuple(
        (g.named("wave", wave.name), *(str(wave.people.get(kind, 0)) for kind in kinds))
        for wave in found if any(wave.people.values())
    )  # fmt: skip
    return Table(g.say("means.waves"), head, rows, (3, *(1.5 for _ in kinds))) if len(kinds) > 1 else None


def unmet(g: Ground) -> Table | None:
    """What was stated as needed and was not on the spot, the longest gap first: on the road is not there."""
    found = [u for u in strain.unmet(g.events, g.line.sorties, g.line.ended) if u.longest >= _SHOWN]
    found.sort(key=lambda u: (-u.longest, u.incident, u.capability))
    rows = tuple(
        (
            g.mark(u.incident),
            g.teller.capability(u.capability),
            g.teller.effort(u.capability, u.most),
            g.clock(u.stated_at),
            g.clock(u.there_at) if u.there_at is not None else g.say("means.never_all"),
            g.span(u.longest),
            f"{u.owed / HOUR / u.most:.1f}" if u.most else "–",
        )
        for u in found[:_MOST_UNMET]
    )
    if not rows:
        return None
    head = tuple(
        g.say(f"means.{k}")
        for k in ("incident", "capability", "needed", "stated", "all_there", "longest_gap", "full_hours")
    )
    left = len(found) - len(rows)
    note = g.say("means.more_rows", count=left) if left else ""
    return Table(g.say("means.unmet"), head, rows, (3, 3, 2, 1.6, 1.8, 1.8, 1.6), tuple(WARN for _ in rows), 5, note)


def load(g: Ground) -> Table | None:
    """How busy each tier was: sent of those there are, and where their hours went."""
    found = [one for one in strain.load(g.line.sorties, g.cast) if one.sent]
    if not found:
        return None
    rows = []
    for one in found:
        hours = [
            one.seconds.get(k, 0.0) / HOUR for k in (strain.ROAD, strain.QUEUE, strain.WORK, strain.RESERVE, "rest")
        ]
        busy = one.seconds.get(strain.WORK, 0.0) / one.away if one.away else 0.0
        share = f"{len(one.sent)} / {one.elements}（{len(one.sent) / one.elements:.0%}）"
        if g.lang != "zh":
            share = f"{len(one.sent)} / {one.elements} ({len(one.sent) / one.elements:.0%})"
        rows.append((g.named("tier", one.tier), share, *(f"{h:.0f}" for h in hours), f"{busy:.0%}"))
    columns = ("tier", "sent_of", "h_road", "h_queue", "h_work", "h_reserve", "h_rest", "busy")
    head = tuple(g.say(f"means.{k}") for k in columns)
    return Table(
        g.say("means.load"), head, tuple(rows), (1.6, 2.6, 1.6, 1.6, 1.6, 1.8, 1.6, 1.8), note=g.say("means.load_note")
    )
