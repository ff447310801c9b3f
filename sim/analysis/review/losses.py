"""Section 6: casualties by cause of delay – where people were lost, and what those who waited were waiting for."""

from __future__ import annotations

import math
from collections.abc import Iterable

from sim.analysis import measures
from sim.analysis.lines import IncidentLine, PersonLine
from sim.analysis.review.blocks import BAD, Block, Section, Table, Text
from sim.analysis.review.ground import Ground
from sim.domain.people import Status
from sim.units import HOUR

CAUSES = ("at_once", "trapped", "waiting", "in_care", measures.RESPONDERS)
WAITS = (
    "unnoticed",
    "unreported",
    "no_order",
    "on_its_way",
    "no_room",
    "at_work",
)  # in the order they follow each other
BEFORE = {
    "trapped": (Status.EXPOSED, Status.TRAPPED),
    "waiting": (Status.WAITING,),
}  # what someone was, by what they died of
_MOST = 40


def losses(g: Ground) -> Section | None:
    """Casualties; None where nobody was in harm's way."""
    if not g.line.persons:
        return None
    blocks: list[Block] = [Text(g.say("losses.about")), toll(g)]
    if (dead := deaths(g)) is not None:
        blocks.append(dead)
    blocks += [table for status in (Status.TRAPPED, Status.WAITING) if (table := waits(g, status))]
    return Section("losses", g.say("losses"), tuple(blocks))


def toll(g: Ground) -> Table:
    """Every incident's people and what became of them."""
    rows = []
    groups: list[tuple[str, list[PersonLine]]] = list(g.people.items())
    if len(groups) > 1:
        groups.append(("", list(g.line.persons.values())))
    for incident, people in groups:
        c = measures.casualties(people)
        rows.append(
            (
                g.mark(incident),
                str(c["involved"]),
                str(c["safe"]),
                str(c["saved"]),
                *(str(c["dead"][cause]) for cause in CAUSES),
                str(c["dead"]["total"]),
                str(c["missing"]),
                str(c["open"]),
            )
        )
    head = (
        g.say("losses.incident"),
        g.say("losses.involved"),
        g.named("status", "safe"),
        g.named("status", "saved"),
        *(g.named("dead", cause) for cause in CAUSES),
        g.say("losses.dead"),
        g.named("status", "missing"),
        g.say("losses.open"),
    )
    return Table(
        g.say("losses.toll"),
        head,
        tuple(rows),
        (3, 1, 1, 1, 1, 1.1, 1.1, 1.1, 1.1, 1, 1, 1),
        note=g.say("losses.toll_note"),
    )


def _called(g: Ground, p: PersonLine) -> str:
    """Somebody without a name, as a list calls them: the mark of the accident and their number in it."""
    number = p.id.rsplit("/", 1)[-1].lstrip("abcdefghijklmnopqrstuvwxyz_").lstrip("0")
    return g.say("losses.number", incident=g.mark(p.incident), number=number) if number else p.id


def deaths(g: Ground) -> Table | None:
    """Everyone who died, with when, of what, and what most of the time before went on."""
    dead = [p for p in g.line.persons.values() if p.status is Status.DEAD]
    if not dead:
        return None
    rows = []
    for p in sorted(dead, key=lambda p: (p.statuses[-1][0], p.id))[:_MOST]:
        cause = measures.cause_of_death(p)
        parts = parts_of(g, p, *BEFORE.get(cause, ()))
        longest = max(parts, key=lambda w: parts[w]) if parts and cause in ("trapped", "waiting") else ""
        spent = f"{g.say(f'wait.{longest}')} {g.span(parts[longest])}" if longest else "–"
        rows.append(
            (
                _called(g, p),
                g.named("triage", p.triage) if p.triage else "–",
                g.clock(p.statuses[0][0]),
                g.clock(p.statuses[-1][0]),
                g.named("dead", cause),
                spent,
                g.teller.hospital(p.hospital) if p.hospital else "–",
            )
        )
    head = tuple(g.say(f"losses.{k}") for k in ("person", "triage", "since", "died", "cause", "longest", "hospital"))
    left = len(dead) - len(rows)
    return Table(
        g.say("losses.deaths"),
        head,
        tuple(rows),
        (2, 1.1, 1.7, 1.7, 2.4, 4.2, 2.6),
        tuple(BAD for _ in rows),
        4,
        g.say("losses.more", count=left) if left else "",
    )


def waits(g: Ground, status: Status) -> Table | None:
    """What the trapped, or the hurt, waited for: person-hours by reason, of those who died and of those who lived."""
    rows = []
    for incident, people in g.people.items():
        for label, group in (
            ("died", [p for p in people if p.status is Status.DEAD]),
            ("lived", [p for p in people if p.status is not Status.DEAD]),
        ):
            spent = _sum(parts_of(g, p, status) for p in group)
            count = sum(bool(parts_of(g, p, status)) for p in group)
            if count:
                rows.append(
                    (
                        g.mark(incident),
                        g.say(f"losses.fate_{label}"),
                        str(count),
                        *(f"{spent.get(w, 0.0) / HOUR / count:.1f}" for w in WAITS),
                    )
                )
    if not rows:
        return None
    head = (g.say("losses.incident"), g.say("losses.fate"), g.say("losses.count"), *(g.say(f"wait.{w}") for w in WAITS))
    return Table(
        g.say(f"losses.waits_{status.value}"),
        head,
        tuple(rows),
        (3, 1.2, 1, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5),
        note=g.say("losses.waits_note"),
    )


def parts_of(g: Ground, p: PersonLine, *statuses: Status) -> dict[str, float]:
    """Seconds a person spent shut in, in danger or waiting, by what was being waited for."""
    if any(status is Status.TRAPPED for _, status, _ in p.statuses):  # nobody could free them before they were shut in
        statuses = tuple(status for status in statuses if status is not Status.EXPOSED)
    spans = []
    for (start, now, _), after in zip(p.statuses, [*(t for t, _, _ in p.statuses[1:]), g.field_ended], strict=True):
        if now in statuses and after > start:
            spans.append((start, after, now))
    return _sum(
        _divide(g, g.line.incidents[p.incident], start, end, now)
        for start, end, now in spans
        if p.incident in g.line.incidents
    )


def _divide(g: Ground, incident: IncidentLine, start: float, end: float, status: Status) -> dict[str, float]:
    """A wait cut at the moments at which what was waited for changed."""
    help_ = [
        s
        for s in g.line.sorties.values()
        if s.incident == incident.id and (status is not Status.WAITING or _carries(g, s.element))
    ]
    ordered = min((s.ordered for s in help_ if not s.refused), default=math.inf)
    arrived = min((s.visits[0].arrived for s in help_ if s.visits), default=math.inf)
    queued = [x for s in help_ for x in s.spans if x.what == "queued"]
    at_gate = min((x.start for x in queued), default=arrived)
    marks = [incident.discovered, incident.received, ordered, min(at_gate, arrived), arrived, math.inf]
    found: dict[str, float] = {}
    before = start
    for name, mark in zip(WAITS, marks, strict=True):
        until = min(end, math.inf if mark is None else mark)
        if until > before:
            found[name] = until - before
            before = until
    return found


def _carries(g: Ground, element: str) -> bool:
    known = g.cast.elements.get(element)
    kind = g.cast.kinds.get(known.kind) if known else None
    return bool(kind and kind.carries)


def _sum(parts: Iterable[dict[str, float]]) -> dict[str, float]:
    total: dict[str, float] = {}
    for part in parts:
        for name, seconds in part.items():
            total[name] = total.get(name, 0.0) + seconds
    return total
