"""The closed loop (全流程闭环): what became of each of its phases for each incident, and where the loop is broken.

A phase is closed by its evidence. Evidence that the doer checked himself closes nothing. What opens a phase again – the
journal says so, or an event that the table names – must be followed by what closes it again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sim.analysis import judging
from sim.analysis.facts import Facts
from sim.analysis.owed import LATE, MET, MISSED, NOT_OWED, OPEN, Loop, Outcome, PhaseLine, PhaseState
from sim.domain import events as ev
from sim.journal.cast import Cast, Duty, Sign
from sim.journal.law import NOBODY

NOT_DONE, OWN_VERIFIER, NOT_CLOSED_AGAIN = "not_done", "own_verifier", "not_closed_again"
_OTHER = "other"
_STATES: dict[Outcome, PhaseState] = {
    MET: "closed",
    LATE: "closed",
    MISSED: "broken",
    OPEN: "open",
    NOT_OWED: "not_due",
}


def loops(events: Iterable[ev.Event], cast: Cast) -> list[Loop]:
    """The closed loop of every incident that owes one, in order of their beginning."""
    return loops_of(Facts(events, cast))


def loops_of(facts: Facts) -> list[Loop]:
    """The same, of a journal that was read already."""
    found: dict[str, dict[str, PhaseLine]] = {incident: {} for incident in facts.disasters}
    for case in judging.cases(facts.cast.phases, facts):
        found[case.incident][case.duty.id] = _line(case, facts)
    return [_loop(incident, lines, facts) for incident, lines in found.items()]


def counted(loops: Iterable[Loop]) -> tuple[int, int]:
    """(phases closed, phases due) over all incidents; what is not yet due counts in neither."""
    lines = [line for loop in loops for line in loop.phases if line.state in ("closed", "broken")]
    return sum(line.state == "closed" for line in lines), len(lines)


def _loop(incident: str, lines: dict[str, PhaseLine], facts: Facts) -> Loop:
    phases = tuple(lines.get(duty.id) or _not_due(incident, duty) for duty in facts.cast.phases)
    for state in ("broken", "open"):
        first = next((line for line in phases if line.state == state), None)
        if first is not None:
            return Loop(incident, "broken" if state == "broken" else "open", phases, first)
    return Loop(incident, "closed", phases)


def _not_due(incident: str, duty: Duty) -> PhaseLine:
    return PhaseLine(incident, duty.id, duty.title, duty.responsible, duty.evidence, "not_due", "not_owed")


def _line(case: judging.Case, facts: Facts) -> PhaseLine:
    duty, done = case.duty, case.done
    line = PhaseLine(
        case.incident, duty.id, duty.title, duty.responsible, duty.evidence,
        state=_STATES[case.outcome],
        outcome=case.outcome, since=case.since.seq, since_at=case.arose_at,
        due_at=case.due_at if math.isfinite(case.due_at) else None,
        done=done.seq if done else None, done_at=done.t if done else None, verifier=duty.verifier,
        why=NOT_DONE if case.outcome == MISSED else "",
    )  # fmt: skip
    if isinstance(done, ev.TaskDone):
        line = _checked(line, done, duty, facts)
    if duty.by_tasks:
        line = _by_tasks(line, case, facts)
    return _again(line, case, facts)


def _by_tasks(line: PhaseLine, case: judging.Case, facts: Facts) -> PhaseLine:
    """The line as the duty table has it: begun with the first task of the phase, done with the last, late as the latest of them."""
    arose = [e for e in facts.of(case.incident) if isinstance(e, ev.TaskArose) and e.phase == case.duty.id]
    if not arose:
        return line
    last = Sign("task_done", {"phase": case.duty.id, "last": "yes"})
    done = facts.first(case.incident, (last,))
    dues = [math.inf if e.due_at is None else e.due_at for e in arose if done is None or e.seq < done.seq]
    tasks = [e for e in arose if done is None or e.seq < done.seq]
    found = {_of_task(e, due, done, case.incident, facts) for due, e in zip(dues, tasks, strict=True)}
    outcome = next(o for o in (MISSED, OPEN, LATE, MET, NOT_OWED) if o in found)
    dated = [due for due in dues if math.isfinite(due)]
    line = replace(
        line, since=arose[0].seq, since_at=arose[0].t, due_at=max(dated, default=None), outcome=outcome,
        state=_STATES[outcome],
        done=done.seq if done else None, done_at=done.t if done else None, why=NOT_DONE if outcome == MISSED else "",
    )  # fmt: skip
    if isinstance(done, ev.TaskDone):
        line = _checked(line, done, case.duty, facts)
    return line


def _of_task(task: ev.TaskArose, due: float, done: ev.Event | None, incident: str, facts: Facts) -> Outcome:
    """What a task makes of its phase: overdue when it lapsed, it makes it late, not broken, where what followed was done."""
    outcome = judging.outcome_of(due, facts.answered.get(task.seq), facts, incident, task)
    lapsed = facts.lapsed.get(task.seq)
    made_good = lapsed is not None and done is not None and done.seq > lapsed.seq
    return LATE if made_good and outcome == MISSED else outcome


def _checked(line: PhaseLine, done: ev.TaskDone, duty: Duty, facts: Facts) -> PhaseLine:
    """The line with who answers for it and who checked that; what the doer checked himself is broken.

    Whoever does the task that plans name as the phase answers for it: who delivers the report for the inquiry, not who assessed
    the response last of all. Where no such task was done it is who did the last.
    """
    named = [e for e in facts.of(done.incident) if isinstance(e, ev.TaskDone) and _names(e, duty) and e.seq <= done.seq]
    main = named[-1] if named else done
    by = facts.party(main.unit, NOBODY, main.incident, main.county).name
    verifier = facts.party(main.verifier, duty.verifier, main.incident, main.county).name
    line = replace(line, verifier=verifier, responsible=by)
    own = any(e.verifier == e.unit for e in (main, done))
    return replace(line, state="broken", why=OWN_VERIFIER) if own else line


def _names(done: ev.TaskDone, duty: Duty) -> bool:
    """Whether a task (plan/task, or plan/task.class) goes by the name of the phase."""
    return done.task.partition("/")[2].partition(".")[0] == duty.id


@dataclass(frozen=True, slots=True)
class _Opened:
    seq: int
    t: float


def _again(line: PhaseLine, case: judging.Case, facts: Facts) -> PhaseLine:
    """The line as it stands after everything that opened the phase again."""
    if line.done is None:
        return line
    opened = [o for o in _openings(case, facts) if o.seq > line.done]
    if not opened:
        return line
    last, before = opened[-1], line.done

    def answers(e: ev.Event) -> bool:
        """It came after, or in the same instant: the correction that opens a phase again may be what settles it."""
        return e.seq > last.seq or (e.t == last.t and e.seq > before)

    signs = case.duty.again or case.duty.done  # of any place: what is corrected of one closes the phase of the disaster
    closing = next((e for e in facts.like_in_disaster(case.incident, signs) if answers(e)), None)
    seqs = tuple(o.seq for o in opened)
    if closing is not None:
        return replace(line, reopened=seqs, done=closing.seq, done_at=closing.t)
    line = replace(line, reopened=seqs, done=None, done_at=None)
    if facts.over:
        return replace(line, state="broken", outcome=MISSED, why=NOT_CLOSED_AGAIN)
    return replace(line, state="open", outcome=OPEN)


def _openings(case: judging.Case, facts: Facts) -> Iterator[_Opened]:
    """What opened a phase again: the journal says so, or an event the table names came in its time. In order."""
    duty, incident = case.duty, case.incident
    found: dict[int, ev.Event] = {
        e.seq: e for e in facts.of(incident) if isinstance(e, ev.PhaseReopened) and e.phase == duty.id
    }
    if facts.planned and duty.reopens:
        begun = facts.occurred.get(incident)
        windows = duty.reopens_within
        within = windows.get(facts.family(incident), windows.get(_OTHER, math.inf))
        until = (begun.t if begun else 0.0) + within
        found |= {e.seq: e for e in facts.like(incident, duty.reopens) if e.t <= until}
    return (_Opened(seq, found[seq].t) for seq in sorted(found))
