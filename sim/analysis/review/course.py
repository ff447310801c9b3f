"""Section 1: what happened – the incidents, the hour's key moments, the pictures."""

from __future__ import annotations

from sim.analysis.lines import IncidentLine
from sim.analysis.moments import key_moments
from sim.analysis.review.blocks import Block, Figure, Section, Table, Text
from sim.analysis.review.ground import Ground
from sim.analysis.words import amount, either
from sim.domain import events as ev
from sim.journal.cast import Words

_MOST_MOMENTS = 48
_PLANNED: tuple[type[ev.Event], ...] = (
    ev.WarningIssued,
    ev.PlanActivated,
    ev.CommandFormed,
    ev.ResponseSuspended,
    ev.ResponseResumed,
    ev.RescueBecameSearch,
    ev.Published,
    ev.ForceAnswered,
    ev.FieldEnded,
    ev.PlanRevised,
    ev.PhaseReopened,
    ev.ConductExposed,
    ev.CasualtiesCorrected,
)


def course(g: Ground) -> Section:
    """What happened."""
    blocks: list[Block] = [incidents(g), moments(g)]
    pictures = [("map", False), ("timeline", True), ("curves", True)]
    if any(isinstance(e, ev.Cascaded) for e in g.events):
        pictures.append(("chain", True))
    blocks += [Figure(name, g.say(f"figure.{name}"), wide) for name, wide in pictures]
    return Section("course", g.say("course"), tuple(blocks))


def incidents(g: Ground) -> Table:
    """The incidents by their five elements, and their end."""
    rows = tuple(
        (
            g.incident(i.id),
            nature(g, i),
            scope(g, i),
            g.clock(i.occurred),
            _or_dash(g, i.discovered),
            _or_dash(g, i.received),
            _or_dash(g, i.over),
            _or_dash(g, i.closed),
        )
        for i in g.line.incidents.values()
    )
    head = tuple(
        g.say(f"course.{k}") for k in ("incident", "nature", "scope", "began", "noticed", "reported", "over", "closed")
    )
    return Table(g.say("course.incidents"), head, rows, (3, 2.6, 2.8, 1.5, 1.5, 1.5, 1.5, 1.5))


def nature(g: Ground, i: IncidentLine) -> str:
    """Nature, kind and cause of an incident."""
    card = g.teller.hazard(i.id)
    parts = [card.title.of(g.lang) or i.nature.replace("_", " ")]
    if i.variant:
        parts.append(either(card.variants, i.variant, g.lang))
    if i.origin:
        parts.append(either(card.causes, i.origin, g.lang))
    return " · ".join(parts)


def scope(g: Ground, i: IncidentLine) -> str:
    """Where it was, and how large."""
    card = g.teller.hazard(i.id)
    site = Words(i.site.name_zh, i.site.name_en).of(g.lang)
    sizes = [
        f"{card.scope[name].name.of(g.lang)} {amount(value, card.scope[name].unit, g.lang)}"
        for name, value in i.scope.items()
        if name in card.scope and value
    ]
    return " · ".join([*([site] if site else []), *sizes]) or "–"


def moments(g: Ground) -> Table:
    """The moments that a duty officer would tell."""
    found, left_out = key_moments(g.events, g.line, g.teller, _MOST_MOMENTS)
    rows = [(m.t, g.mark(m.incident) if m.incident else "–", m.text, m.order) for m in found]
    seen = {m.text for m in found}
    for event in g.events:
        if isinstance(event, _PLANNED) and (text := g.tell(event)) not in seen:
            seen.add(text)
            incident = str(getattr(event, "incident", ""))
            rows.append((event.t, g.mark(incident) if incident else "–", text, event.seq))
    rows.sort(key=lambda row: (row[0], row[3]))
    table = tuple((g.clock(t), who, text, f"#{int(seq)}" if seq < len(g.events) else "–") for t, who, text, seq in rows)
    head = tuple(g.say(f"course.{k}") for k in ("time", "incident", "what", "event"))
    note = g.say("course.left_out", count=left_out) if left_out else ""
    return Table(g.say("course.moments"), head, table, (1.6, 3, 8, 1), note=note)


def in_short(g: Ground) -> Text:
    """The course in a sentence or two, for whoever reads nothing else."""
    came = g.summary["first_arrival"]
    received = min((i.received for i in g.line.incidents.values() if i.received is not None), default=None)
    people = g.summary["casualties"]
    parts = [
        g.say("short.forces", teams=g.summary["teams_dispatched"], people=g.summary["people_dispatched"]),
        g.say(
            "short.first" if len(g.line.incidents) == len(g.disasters) else "short.first_any",
            span=g.span(came - received),
        )
        if came is not None and received is not None
        else g.say("short.nobody"),
    ]
    if people["involved"]:
        dead, missing, out = people["dead"]["total"], people["missing"], people["saved"] + people["safe"]
        parts.append(g.say("short.people", involved=people["involved"], out=out, dead=dead, missing=missing))
        if people["open"]:
            parts.append(g.say("short.open", count=people["open"]))
    return Text(("" if g.lang == "zh" else " ").join(parts))


def _or_dash(g: Ground, t: float | None) -> str:
    return "–" if t is None else g.clock(t)
