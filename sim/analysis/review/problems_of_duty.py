"""Problems with duties: what was late or not done, whose it was, which step of its chain held it up, and what answers that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.analysis.owed import LATE, MISSED, Obligation, Step
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
    by_law: dict[tuple[str, str, float], Obligation] = {}
    failed = [o for o in m.g.settled.obligations if o.outcome in (LATE, MISSED) and not is_item(o)]
    for o in failed:
        if o.source == "law" and o.done_at is not None:
            by_law.setdefault((o.incident, o.debtor.name.zh, o.done_at), o)
    also: dict[int, list[Obligation]] = {}  # what a plan asks for too, by the same act: one finding, on both clauses
    for o in failed:
        act = (o.incident, o.debtor.name.zh, -1.0 if o.done_at is None else o.done_at)
        law = by_law.get(act) if o.source == "plan" else None
        also.setdefault(id(law or o), []).extend([o] if law is not None else [])
    for o in failed:
        if id(o) not in also or (o.reports and m.g.settled.faults):
            continue
        if o.outcome == MISSED or o.lateness >= least:  # less shows in the table of duties: no meeting speaks of it
            yield _duty(m, o, also[id(o)])
    yield from _items(m)


def _duty(m: Maker, o: Obligation, also: Sequence[Obligation]) -> Finding:
    after = _afterwards(m, o)
    facts = {
        "incident": m.incident(o.incident),
        "duty": o.title,
        "who": o.debtor.name if o.debtor.name.zh else m.lead(o.incident),
        "late": m.span(_late(m, o)),
        "due": m.clock(o.due_at if o.due_at is not None else o.arose_at),
        "clause": m.both(lambda g: g.listed(dict.fromkeys(clause(g, x) for x in (o, *also)))),
        "cause": m.both(lambda g: cause(g, o)),
    }
    say = f"duty_{o.outcome}" if o.held_by is None or o.outcome == MISSED else "duty_late_why"
    seqs = [*o.seqs, *([o.held_by.seq] if o.held_by else [])]
    return m.make(
        "after" if after else "duty", o.duty.rpartition("/")[2], o.incident, _late(m, o), seqs, facts, say,
        remedy(m, o, facts), _late(m, o) / _allowed(m, o), matters=LAW if after else HOURS, clause=facts["clause"],
        unfinished=o.outcome == MISSED, by_drill=_by_drill(m, o),
    )  # fmt: skip


def _by_drill(m: Maker, o: Obligation) -> bool:
    """Whether the drill wanted it so: what held it up was an inject, or a report that somebody was set to keep back."""
    if o.held_by is None:
        return False
    kept_back = any(e.incident == o.incident for e in m.g.of(ev.ReportWithheld))
    return o.held_by.why in _BY_DRILL or (o.held_by.why in ("reporting", "on_the_wire") and kept_back)


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
    """Whether it arose, or was due, when the response was over."""
    return max(o.arose_at, o.arose_at if o.due_at is None else o.due_at) >= _closed(m, o)


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
    if o.debtor.id in m.g.cast.above:  # nobody here staffs those above
        return Remedy("duty", "above", m.lead(o.incident), {"duty": o.duty}, {"above": who})
    found: Remedy | None = None
    if step is not None and not _by_drill(m, o):
        event = m.g.events[step.seq]
        plan, _, task = _task(o, event)
        if step.why in ("acknowledging", "never_acknowledged"):
            found = levers.told_sooner(m, str(getattr(event, "unit", o.debtor.id)), o.incident, who)
        elif step.why in ("telling", "never_told") and _told_late(m, o, step):
            found = Remedy(
                "plan_version",
                "plan_notify",
                who,
                {"plan": plan or o.duty.partition("/")[0], "unit": o.debtor.id, "notify": "first"},
            )
        elif step.why in ("at_work", "never_done") and plan:
            found = _faster(m, o, plan, task, step.waited, who)
        else:
            found = levers.of_step(m, event, who)
        found = found or _nearest(m, o)
    return found or Remedy("duty", "duty", who, {"duty": o.duty})


def _told_late(m: Maker, o: Obligation, step: Step) -> bool:
    """Whether a unit of the plans waited to be told, or never was; not what it simply left undone."""
    if o.source != "plan" or o.debtor.id not in m.g.cast.units:
        return False
    told = any((e.unit, e.incident) == (o.debtor.id, o.incident) for e in m.g.of(ev.UnitNotified))
    return told if step.why == "telling" else not told


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
    least = max(m.g.terms.get("late_from", 0.0), m.g.terms.get("worth", 0.0) * o.lateness)
    steps = sorted((s for s in o.chain if s.why not in _BY_DRILL), key=lambda s: (-s.waited, s.seq))[1:]
    for step in steps:
        if step.waited <= least:
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
