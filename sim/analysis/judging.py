"""Judging: where each duty arose, when it was due, what did it, and what that makes it – met, late, missed or open."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sim.analysis.facts import Facts
from sim.analysis.owed import LATE, MET, MISSED, NOT_OWED, OPEN, Outcome
from sim.domain import events as ev
from sim.journal.cast import Duty


@dataclass(frozen=True, slots=True)
class Case:
    """One duty of one incident (for one of its debtors, in one of its rounds) as the journal shows it."""

    duty: Duty
    incident: str
    round: int
    since: ev.Event
    arose_at: float
    due_at: float  # inf: no deadline
    done: ev.Event | None
    outcome: Outcome


def cases(duties: Sequence[Duty], facts: Facts) -> list[Case]:
    """Every case of the duties, in the order in which they arose: once a disaster, whatever followed in it."""
    found = [case for incident in facts.disasters for duty in duties for case in _of(duty, incident, facts)]
    return sorted(found, key=lambda c: (c.since.seq, c.duty.id, c.round))


def outcome_of(
    due: float, done: ev.Event | None, facts: Facts, incident: str = "", since: ev.Event | None = None
) -> Outcome:
    """What became of something that was due then and done by this (or not).

    What has no deadline and was not done is missed once the journal has ended. Of an accident that the horizon cut off in the
    middle of its work nobody knows what would have been done after it: only what was due before can have been missed.
    A task (`since`) that lapsed before it fell due is owed by nobody; one that was overdue by then was missed.
    """
    if done is not None:
        return MET if done.t <= due else LATE
    if since is not None and (lapsed := facts.lapsed.get(since.seq)) is not None:
        return NOT_OWED if lapsed.t <= due else MISSED
    if facts.field_ended is not None and due > facts.field_ended and facts.unfinished(incident):
        return OPEN
    return OPEN if due > facts.ended and (math.isfinite(due) or not facts.over) else MISSED


def _of(duty: Duty, incident: str, facts: Facts) -> Iterator[Case]:
    if not duty.since or not duty.done:
        return
    begun: set[object] = set()
    for event in facts.like_in_disaster(incident, duty.since):
        whose = facts.value(event, duty.per) if duty.per else None
        if whose in begun or not facts.owed(duty.owed, incident, event.seq) or _lapsed(event, facts):
            continue
        begun.add(whose)
        yield from _rounds(duty, incident, event, facts) if duty.every else _once(duty, incident, event, facts)
        if not duty.per:
            return


def _lapsed(event: ev.Event, facts: Facts) -> bool:
    """Whether it began nothing: a task that was owed by nobody any more before it fell due."""
    lapsed = facts.lapsed.get(event.seq)
    due = event.due_at if isinstance(event, ev.TaskArose) else None
    return lapsed is not None and (due is None or lapsed.t <= due)


def _once(duty: Duty, incident: str, since: ev.Event, facts: Facts) -> Iterator[Case]:
    within = math.inf if duty.within is None else duty.within
    counted = facts.first(incident, duty.counted_from) if duty.counted_from else since
    due = (counted or since).t + within
    done = (_all_done if duty.each else _first_done)(duty, incident, since, facts)
    if done is None and any(since.t <= e.t < due for e in facts.like(incident, duty.until)):
        yield Case(duty, incident, 1, since, since.t, due, done, NOT_OWED)  # it was over before it fell due
        return
    if duty.if_done and done is None:
        return
    if duty.lapses and since.t > due:
        yield Case(duty, incident, 1, since, since.t, due, done, NOT_OWED)
        return
    yield Case(duty, incident, 1, since, since.t, due, done, outcome_of(due, done, facts, incident))


def _dones(duty: Duty, incident: str, since: ev.Event, facts: Facts) -> Iterator[ev.Event]:
    """What does it, from the event that began it on (which may itself do it).

    Figures that were corrected upward (补报) are the report of what they made of the severity.
    """
    for event in facts.like_in_disaster(incident, duty.done):
        same = ((facts.value(event, own), facts.value(since, its)) for own, its in duty.same.items())
        told = isinstance(event, ev.CasualtiesCorrected) and event.seq == since.cause
        if (told or event.seq >= since.seq) and all(str(a) == str(b) for a, b in same):
            yield event


def _first_done(duty: Duty, incident: str, since: ev.Event, facts: Facts) -> ev.Event | None:
    return next(_dones(duty, incident, since, facts), None)


def _all_done(duty: Duty, incident: str, since: ev.Event, facts: Facts) -> ev.Event | None:
    """The event with which the last of the kinds has come."""
    wanted = {sign.kind for sign in duty.done}
    for event in _dones(duty, incident, since, facts):
        wanted.discard(str(event.__struct_config__.tag))
        if not wanted:
            return event
    return None


def _rounds(duty: Duty, incident: str, since: ev.Event, facts: Facts) -> Iterator[Case]:
    """A duty that falls due again and again: one case for each span of `every`, until an event of `until`.

    What comes in its span meets it; what comes in the span after is late for it (and meets that one, too); with neither it
    is missed. A span that is cut short by `until`, or by the end of the field, is owed by nobody.
    """
    every = duty.every or math.inf
    ends = [e.t for e in facts.like(incident, duty.until) if e.seq > since.seq]
    ends += [t for t in (facts.field_ended,) if t is not None]
    stop = min(ends, default=math.inf)
    done = [e for e in _dones(duty, incident, since, facts) if e.seq > since.seq]
    number, start = 1, since.t
    while start < stop and (number == 1 or start < facts.ended):
        due = start + every
        own = next((e for e in done if start < e.t <= due), None)
        late = next((e for e in done if due < e.t <= due + every), None)
        if due > stop and own is None:
            return
        answer = own or late
        yield Case(
            duty,
            incident,
            number,
            since,
            start,
            due,
            answer,
            outcome_of(due, answer, facts, incident),
        )
        number, start = number + 1, due


def tally(outcomes: Iterable[str]) -> dict[str, int]:
    """How many were met, met late, missed."""
    told = list(outcomes)
    return {kind: told.count(kind) for kind in (MET, LATE, MISSED)}
