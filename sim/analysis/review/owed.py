"""Owed: what was due, from whom, by when, and what became of it – by law, by plan, by the closed loop."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.analysis.measures import is_sign as meets
from sim.analysis.review.ground import Ground
from sim.analysis.telling import kind_of
from sim.domain import events as ev
from sim.journal.cast import Duty

MET, LATE, MISSED, OPEN = "met", "late", "missed", "open"
_LONGEST = 12  # links of a chain of causes that anybody would read


@dataclass(frozen=True)
class Owed:
    """An obligation that fell due."""

    duty: str  # its name, the same in every run
    title: str
    incident: str
    source: str
    since: float
    due: float  # inf: no deadline
    done: float | None
    outcome: str
    evidence: tuple[int, ...]
    debtor: str = ""
    creditor: str = ""
    level: str = ""
    phase: str = ""
    cause: str = ""

    @property
    def late_by(self) -> float:
        """Seconds beyond the deadline; 0 where it was met, or where there is none."""
        return max(0.0, self.done - self.due) if self.done is not None and math.isfinite(self.due) else 0.0


def judged(g: Ground, duties: Sequence[Duty]) -> list[Owed]:
    """The duties of a cast, once an incident each; ordinary incidents owe nothing."""
    kinds = {sign.kind for duty in duties for sign in (*duty.since, *duty.done)}
    since: dict[tuple[str, str], ev.Event] = {}
    done: dict[tuple[str, str], ev.Event] = {}
    ordinary: set[str] = set()
    for event in g.events:
        if isinstance(event, ev.IncidentOccurred) and event.ordinary:
            ordinary.add(event.incident)
        incident, kind = str(getattr(event, "incident", "")), kind_of(event)
        if kind not in kinds or incident in ordinary:
            continue
        for duty in duties:
            key = (duty.id, incident)
            if key not in since and meets(event, kind, duty.since):
                since[key] = event
            if key in since and key not in done and meets(event, kind, duty.done):
                done[key] = event
    return [
        _owed(g, duty, key[1], start, done.get(key))
        for duty in duties for key, start in since.items() if key[0] == duty.id
    ]  # fmt: skip


def _owed(g: Ground, duty: Duty, incident: str, start: ev.Event, done: ev.Event | None) -> Owed:
    due = start.t + (math.inf if duty.within is None else duty.within)
    ended = g.events[-1].t
    if done is not None:
        outcome = MET if done.t <= due else LATE
    else:
        outcome = OPEN if due > ended and math.isfinite(due) else MISSED
    evidence = (start.seq, *([done.seq] if done is not None else []))
    cause = chain(g, done, start) if outcome == LATE and done is not None else ""
    return Owed(duty.id, g.pick(duty.title), incident, duty.source, start.t, due, None if done is None else done.t,
                outcome, evidence, debtor=_who(g, start), cause=cause)  # fmt: skip


def _who(g: Ground, event: ev.Event) -> str:
    """The post an event names, as far as the journal tells whose turn it was."""
    post = getattr(event, "post", "") or getattr(event, "receiver", "")
    return g.teller.post(post) if post else ""


def chain(g: Ground, event: ev.Event, start: ev.Event) -> str:
    """What the time went on: the longest step on the way of causes between the event that was late and the one it counts from."""
    steps: list[ev.Event] = [event]
    while steps[-1].cause is not None and steps[-1].seq > start.seq and len(steps) < _LONGEST:
        steps.append(g.events[steps[-1].cause])
    gaps = [(later.t - max(before.t, start.t), before, later) for later, before in zip(steps, steps[1:], strict=False)]
    if not gaps:
        return ""
    seconds, before, later = max(gaps, key=lambda gap: gap[0])
    if seconds <= 0:
        return ""
    return g.say("chain", span=g.span(seconds), before=g.tell(before), after=g.tell(later), seq=f"#{before.seq} → #{later.seq}")


def tasks(g: Ground) -> Iterator[Owed]:
    """What plans gave units to do."""
    done = {(e.task, e.incident): e for e in g.of(ev.TaskDone)}
    ended = g.events[-1].t
    for arose in g.of(ev.TaskArose):
        end = done.get((arose.task, arose.incident))
        due = math.inf if arose.due_at is None else arose.due_at
        outcome = (MET if end.t <= due else LATE) if end else OPEN if due > ended else MISSED
        evidence = (arose.seq, *([end.seq] if end else []))
        yield Owed(arose.task, arose.task, arose.incident, arose.clause, arose.t, due, end.t if end else None, outcome,
                   evidence, debtor=arose.unit, creditor=arose.creditor, phase=arose.phase)  # fmt: skip
