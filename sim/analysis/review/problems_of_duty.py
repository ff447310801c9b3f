"""Problems with duties: what was late or not done, whose it was, which step of its chain held it up, and what answers that."""

from __future__ import annotations

from collections.abc import Iterator

from sim.analysis.owed import LATE, MISSED, Obligation
from sim.analysis.review import levers
from sim.analysis.review.blocks import HOURS, LAW, Finding
from sim.analysis.review.due import cause, clause, is_item
from sim.analysis.review.maker import Maker, Remedy, number
from sim.domain import events as ev
from sim.journal.cast import Words

_BY_DRILL = ("inject", "withheld")  # what held a duty up because the drill wanted it so


def duties(m: Maker) -> Iterator[Finding]:
    """What was late or not done; the debtor's own wait, or the step before it, says what has to change."""
    least = m.g.terms.get("late_from", 0.0)
    for o in m.g.settled.obligations:
        if o.outcome not in (LATE, MISSED) or (o.reports and m.g.settled.faults) or is_item(o):
            continue
        if o.outcome == LATE and o.lateness < least:
            continue  # it shows in the table of duties, and is nothing that a meeting need speak of
        yield _duty(m, o)
    yield from _items(m)


def _duty(m: Maker, o: Obligation) -> Finding:
    after = _afterwards(m, o)
    facts = {
        "incident": m.incident(o.incident),
        "duty": o.title,
        "who": o.debtor.name if o.debtor.name.zh else m.lead(o.incident),
        "late": m.span(_late(m, o)),
        "due": m.clock(o.due_at if o.due_at is not None else o.arose_at),
        "clause": m.both(lambda g: clause(g, o)),
        "cause": m.both(lambda g: cause(g, o)),
    }
    say = f"duty_{o.outcome}" if o.held_by is None or o.outcome == MISSED else "duty_late_why"
    seqs = [*o.seqs, *([o.held_by.seq] if o.held_by else [])]
    return m.make(
        "after" if after else "duty", o.duty.rpartition("/")[2], o.incident, _late(m, o), seqs, facts, say,
        remedy(m, o, facts), _late(m, o) / _allowed(m, o), matters=LAW if after else HOURS, clause=facts["clause"],
        unfinished=o.outcome == MISSED, by_drill=o.held_by is not None and o.held_by.why in _BY_DRILL,
    )  # fmt: skip


def _items(m: Maker) -> Iterator[Finding]:
    """Items of the two lists that were struck off late or not at all, together."""
    overdue: dict[str, list[Obligation]] = {}
    for o in m.g.settled.obligations:
        if o.outcome in (LATE, MISSED) and is_item(o):
            overdue.setdefault(o.incident, []).append(o)
    for incident, found in overdue.items():
        worst = max(found, key=lambda o: _late(m, o))
        facts = {
            "incident": m.incident(incident),
            "count": number(len(found)),
            "who": worst.debtor.name,
            "late": m.span(_late(m, worst)),
        }
        who = m.lead(incident)
        then = levers.practice(m, "rectify", who, "followed_up", "aftermath.rectify", "aftermath.check_fails")
        yield m.make(
            "rectify", "", incident, _late(m, worst), [n for o in found for n in o.seqs], facts, "rectify",
            then or Remedy("duty", "rectify", who, {"duty": "rectification"}),
            unfinished=any(o.outcome == MISSED for o in found),
        )  # fmt: skip


def _afterwards(m: Maker, o: Obligation) -> bool:
    """Whether it arose when the response was over."""
    return o.arose_at >= _closed(m, o)


def _closed(m: Maker, o: Obligation) -> float:
    line = m.g.line.incidents.get(o.incident)
    return line.closed if line is not None and line.closed is not None else m.g.field_ended


def _allowed(m: Maker, o: Obligation) -> float:
    return max(1.0, o.due_at - o.arose_at) if o.due_at is not None else max(1.0, m.g.events[-1].t - o.arose_at)


def _late(m: Maker, o: Obligation) -> float:
    """How late it was; of what was never done, how long it was overdue when the response ended (when the journal does)."""
    if o.outcome == LATE:
        return o.lateness
    due, closed = o.due_at if o.due_at is not None else o.arose_at, _closed(m, o)
    return max(1.0, (closed if closed > due else m.g.events[-1].t) - due)


def remedy(m: Maker, o: Obligation, facts: dict[str, Words]) -> Remedy:
    """What answers a late duty: it depends on the step of its chain that took longest."""
    step, who = o.held_by, facts["who"]
    found: Remedy | None = None
    if step is not None and step.why not in _BY_DRILL:
        event = m.g.events[step.seq]
        plan, _, task = _task(o, event)
        if step.why in ("acknowledging", "never_acknowledged"):
            found = levers.told_sooner(m, str(getattr(event, "unit", o.debtor.id)), o.incident, who)
        elif step.why in ("telling", "never_told") and plan and o.debtor.id in m.g.cast.units:
            found = Remedy("plan_version", "plan_notify", who, {"plan": plan, "unit": o.debtor.id, "notify": "first"})
        elif step.why in ("at_work", "never_done") and plan:
            found = _faster(m, o, plan, task, step.waited, who)
        else:
            found = levers.of_step(m, event, who)
        found = found or _nearest(m, o)
    return found or Remedy("duty", "duty", who, {"duty": o.duty})


def _task(o: Obligation, event: ev.Event) -> tuple[str, str, str]:
    """The task of a plan that was at work: the one whose end was waited for, else the duty itself where a plan gives it."""
    name = event.task if isinstance(event, ev.TaskDone) else o.duty if o.source == "plan" else ""
    return name.partition("/") if "/" in name else ("", "", "")


def _faster(m: Maker, o: Obligation, plan: str, task: str, waited: float, who: Words) -> Remedy:
    """The plan names who does it and who stands in, so that it takes no longer than the deadline leaves (with a margin)."""
    needed = max(0.0, waited - o.lateness) / waited if o.outcome == LATE and waited else 0.0
    share = max(needed * m.g.terms.get("staffed", 1.0), m.g.terms.get("fastest", 0.0))
    words = "plan_stand_in" if share >= m.g.terms.get("stand_in", 1.0) else "plan_faster"
    name = m.g.cast.tasks.get(f"{plan}/{task}", o.title)
    return Remedy("plan_version", words, who, {"plan": plan, "task": task, "faster": f"{share:.2f}"}, {"duty": name})


def _nearest(m: Maker, o: Obligation) -> Remedy | None:
    """Where nothing shortens the longest step: what shortens the next longest, if it was worth anything."""
    least = m.g.terms.get("late_from", 0.0)
    steps = sorted((s for s in o.chain if s.why not in _BY_DRILL), key=lambda s: (-s.waited, s.seq))[1:]
    for step in steps:
        if step.waited <= max(least, m.g.terms.get("worth", 0.0) * o.lateness):
            return None
        event = m.g.events[step.seq]
        if step.why == "acknowledging" and isinstance(event, ev.UnitAcknowledged):
            found = levers.told_sooner(m, event.unit, o.incident, m.post(event.unit))
        elif step.why == "at_work" and isinstance(event, ev.TaskDone):
            plan, _, task = event.task.partition("/")
            found = _faster(m, o, plan, task, step.waited, m.post(event.unit)) if task else None
        else:
            found = levers.of_step(m, event, o.debtor.name)
        if found is not None:
            return found
    return None
