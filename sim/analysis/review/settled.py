"""Settled: the accounts of a journal – obligations, loops, marks – as the ledger tells them, or read here where it is silent."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.analysis.measures import is_sign
from sim.analysis.owed import LATE, MET, MISSED, OPEN, Breach, Consequence, Fault, Loop, Mechanism, Obligation, Outcome, Party
from sim.analysis.owed import PhaseLine, Scorecard, Step, Veto
from sim.analysis.telling import kind_of
from sim.domain import events as ev
from sim.journal.cast import Cast, Duty, Words

_LONGEST = 24  # links of a chain of causes
_NOBODY = Party("", Words("", ""))


@dataclass(frozen=True)
class Settled:
    """All accounts of a run."""

    obligations: tuple[Obligation, ...]
    loops: tuple[Loop, ...]
    faults: tuple[Fault, ...] = ()
    breaches: tuple[Breach, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    mechanisms: tuple[Mechanism, ...] = ()
    scorecard: Scorecard | None = None


def settle(events: Sequence[ev.Event], cast: Cast) -> Settled:
    """The accounts of a journal."""
    law = judged(events, cast, cast.obligations)
    phases = judged(events, cast, cast.phases)
    return Settled((*law, *tasks(events, cast)), tuple(_loops(phases, cast)))


def judged(events: Sequence[ev.Event], cast: Cast, duties: Sequence[Duty]) -> list[Obligation]:
    """Duties judged once an incident each, as `measures.judge` counts them; ordinary incidents owe nothing."""
    kinds = {sign.kind for duty in duties for sign in (*duty.since, *duty.done)}
    since: dict[tuple[str, str], ev.Event] = {}
    done: dict[tuple[str, str], ev.Event] = {}
    ordinary: set[str] = set()
    for event in events:
        if isinstance(event, ev.IncidentOccurred) and event.ordinary:
            ordinary.add(event.incident)
        incident, kind = str(getattr(event, "incident", "")), kind_of(event)
        if kind not in kinds or incident in ordinary:
            continue
        for duty in duties:
            key = (duty.id, incident)
            if key not in since and is_sign(event, kind, duty.since):
                since[key] = event
            if key in since and key not in done and is_sign(event, kind, duty.done):
                done[key] = event
    return [
        _obligation(events, cast, duty, incident, start, done.get((name, incident)))
        for duty in duties for (name, incident), start in since.items() if name == duty.id
    ]  # fmt: skip


def tasks(events: Sequence[ev.Event], cast: Cast) -> list[Obligation]:
    """What plans gave units to do."""
    done = {(e.task, e.incident): e for e in events if isinstance(e, ev.TaskDone)}
    found = []
    for arose in events:
        if isinstance(arose, ev.TaskArose):
            end = done.get((arose.task, arose.incident))
            title = Words(arose.task, arose.task)
            found.append(Obligation(
                arose.task, 1, "plan", title, _party(cast, arose.unit), _party(cast, arose.creditor), Words(arose.clause, arose.clause),
                "config", arose.incident, arose.seq, arose.t, arose.due_at, end.seq if end else None, end.t if end else None,
                _outcome(arose.due_at, end, events[-1].t), (), arose.phase,
            ))  # fmt: skip
    return found


def _obligation(
    events: Sequence[ev.Event], cast: Cast, duty: Duty, incident: str, start: ev.Event, done: ev.Event | None
) -> Obligation:
    due = None if duty.within is None or math.isinf(duty.within) else start.t + duty.within
    outcome = _outcome(due, done, events[-1].t)
    steps = _chain(events, start, done) if outcome == LATE and done is not None else ()
    post = str(getattr(start, "post", "") or getattr(start, "receiver", ""))
    return Obligation(
        duty.id, 1, "law", duty.title, _party(cast, post), _NOBODY, Words(duty.source, duty.source), "", incident, start.seq, start.t,
        due, done.seq if done else None, done.t if done else None, outcome, steps,
    )  # fmt: skip


def _outcome(due: float | None, done: ev.Event | None, ended: float) -> Outcome:
    if done is not None:
        return MET if due is None or done.t <= due else LATE
    return OPEN if due is not None and due > ended else MISSED


def _chain(events: Sequence[ev.Event], start: ev.Event, done: ev.Event) -> tuple[Step, ...]:
    """The way of causes from what began a duty to what fulfilled it, with the time each step took."""
    way = [done]
    while way[-1].cause is not None and way[-1].seq > start.seq and len(way) < _LONGEST:
        way.append(events[way[-1].cause])
    way.reverse()
    return tuple(
        Step(later.seq, later.t, later.t - max(before.t, start.t)) for before, later in zip(way, way[1:], strict=False) if later.t > start.t
    )


def _loops(phases: Sequence[Obligation], cast: Cast) -> list[Loop]:
    titles = {phase.id: phase for phase in cast.phases}
    loops = []
    for incident in dict.fromkeys(o.incident for o in phases):
        own = {o.duty: o for o in phases if o.incident == incident}
        lines = tuple(_phase(incident, titles[name], own.get(name)) for name in titles)
        broken = next((line for line in lines if line.state == "broken"), None)
        waiting = next((line for line in lines if line.state == "open"), None)
        loops.append(Loop(incident, "broken" if broken else "open" if waiting else "closed", lines, broken or waiting))
    return loops


def _phase(incident: str, phase: Duty, o: Obligation | None) -> PhaseLine:
    nobody = Words("", "")
    if o is None:
        return PhaseLine(incident, phase.id, phase.title, nobody, nobody, "not_due", "not_owed")
    state = {MET: "closed", LATE: "closed", OPEN: "open"}.get(o.outcome, "broken")
    return PhaseLine(incident, phase.id, phase.title, nobody, nobody, state, o.outcome, o.arose, o.arose_at, o.due_at, o.done, o.done_at,  # type: ignore[arg-type]
                     why="" if state != "broken" else "not_done")  # fmt: skip


def _party(cast: Cast, name: str) -> Party:
    known = cast.posts.get(name)
    return Party(name, known.name if known else Words(name, name))
