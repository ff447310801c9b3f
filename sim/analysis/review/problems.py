"""Problems: what a journal shows to have gone wrong with people, reports and duties, with the measure that answers it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sim.analysis import measures
from sim.analysis.owed import LATE, MISSED, Obligation
from sim.analysis.review.blocks import Finding
from sim.analysis.review.due import cause, clause, is_item
from sim.analysis.review.ground import Ground
from sim.analysis.review.losses import BEFORE, parts_of
from sim.analysis.review.maker import Maker, number
from sim.analysis.review.problems_of_means import crowding, deliveries, public, roads, shortfalls
from sim.domain import events as ev
from sim.domain.people import Status
from sim.journal.cast import Words

_WEIGHT = {
    kind: n
    for n, kind in enumerate(
        (
            "responders",
            "waiting",
            "trapped",
            "report",
            "duty",
            "belief",
            "short",
            "expect",
            "loop",
            "public",
            "road",
            "crowding",
            "supply",
            "force",
            "fund",
            "after",
            "rectify",
        )
    )
}


def findings_of(zh: Ground, en: Ground) -> tuple[Finding, ...]:
    """All findings of a run, the weightiest first; both grounds are of the same journal, one a language."""
    maker = Maker(zh, en)
    found = [
        *people(maker),
        *reports(maker),
        *duties(maker),
        *beliefs(maker),
        *shortfalls(maker),
        *expectations(maker),
        *loops(maker),
        *roads(maker),
        *crowding(maker),
        *deliveries(maker),
        *public(maker),
    ]
    return tuple(sorted(found, key=lambda f: (_WEIGHT.get(f.kind, len(_WEIGHT)), -f.weight, f.id)))


def people(m: Maker) -> Iterator[Finding]:
    """Deaths that help came too late for, and responders lost."""
    for incident, people in m.g.people.items():
        dead = [p for p in people if p.status is Status.DEAD]
        for kind in ("waiting", "trapped"):
            lost = [p for p in dead if measures.cause_of_death(p) == kind]
            if not lost:
                continue
            spent: dict[str, float] = {}
            for p in lost:
                for name, seconds in parts_of(m.g, p, *BEFORE[kind]).items():
                    spent[name] = spent.get(name, 0.0) + seconds
            most = max(spent, key=lambda w: spent[w], default="unnoticed")
            facts = {
                "incident": m.incident(incident),
                "count": number(len(lost)),
                "wait": m.both(lambda g, m=most: g.say(f"wait.{m}")),
                "span": m.span(spent.get(most, 0.0) / len(lost)),
            }
            changed = "team_home" if most == "on_its_way" else "stock" if most in ("at_work", "no_room") else "duty"
            yield m.make(
                kind,
                "",
                incident,
                len(lost),
                _last(m, lost),
                facts,
                kind,
                (changed, f"{kind}_{changed}", m.lead(incident), {"wait": most}),
            )
        hit = [e for e in m.g.of(ev.RespondersHit) if e.incident == incident]
        if hit:
            ours = [p for p in people if p.group == measures.RESPONDERS]  # some of the hurt die later
            gone = sum(p.status is Status.DEAD for p in ours)
            facts = {"incident": m.incident(incident), "dead": number(gone), "hurt": number(len(ours) - gone)}
            yield m.make(
                "responders",
                "",
                incident,
                len(ours),
                [e.seq for e in hit],
                facts,
                "responders",
                ("plan_version", "responders", m.lead(incident), {"rule": "suspension"}),
            )


def reports(m: Maker) -> Iterator[Finding]:
    """Reports that were late, missed, false or concealed."""
    for f in m.g.settled.faults:
        facts = {
            "incident": m.incident(f.incident),
            "who": f.sender.name,
            "kind": m.both(lambda g, k=f.kind: g.named("fault_kind", k)),
        }
        yield m.make(
            "report",
            f"{f.kind}/{f.sender.id}/{f.duty}",
            f.incident,
            max(1.0, f.lateness),
            f.seqs,
            facts,
            "report",
            ("duty", "report", f.sender.name, {"duty": f.duty}),
        )


def duties(m: Maker) -> Iterator[Finding]:
    """What was late or not done; the debtor's own wait, or the step before it, says what has to change."""
    for o in m.g.settled.obligations:
        if o.outcome not in (LATE, MISSED) or (o.reports and m.g.settled.faults) or is_item(o):
            continue
        facts = {
            "incident": m.incident(o.incident),
            "duty": o.title,
            "who": o.debtor.name if o.debtor.name.zh else m.lead(o.incident),
            "late": m.span(_late(m, o)),
            "clause": m.both(lambda g, o=o: clause(g, o)),
            "cause": m.both(lambda g, o=o: cause(g, o)),
        }
        say = f"duty_{o.outcome}" if o.held_by is None or o.outcome == MISSED else "duty_late_why"
        name = o.duty if o.round <= 1 else f"{o.duty}.{o.round}"
        seqs = [*o.seqs, *([o.held_by.seq] if o.held_by else [])]
        yield m.make(
            "after" if _afterwards(m, o) else "duty",
            name,
            o.incident,
            _late(m, o),
            seqs,
            facts,
            say,
            _remedy(m, o, facts),
            _late(m, o) / _allowed(m, o),
        )
    yield from _items(
        m,
    )


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
        yield m.make(
            "rectify",
            "",
            incident,
            _late(m, worst),
            [n for o in found for n in o.seqs],
            facts,
            "rectify",
            ("duty", "rectify", worst.debtor.name, {"duty": "rectification"}),
        )


def _afterwards(m: Maker, o: Obligation) -> bool:
    """Whether it arose when the response was over."""
    line = m.g.line.incidents.get(o.incident)
    return o.arose_at >= (line.closed if line is not None and line.closed is not None else m.g.field_ended)


def _allowed(m: Maker, o: Obligation) -> float:
    return max(1.0, o.due_at - o.arose_at) if o.due_at is not None else max(1.0, m.g.events[-1].t - o.arose_at)


def _late(m: Maker, o: Obligation) -> float:
    return o.lateness if o.outcome == LATE else m.g.events[-1].t - (o.due_at if o.due_at is not None else o.arose_at)


def _remedy(m: Maker, o: Obligation, facts: dict[str, Words]) -> tuple[str, str, Words, dict[str, str]]:
    """What answers a late duty: it depends on the step of its chain that took longest."""
    step, who = o.held_by, facts["who"]
    plan, _, task = o.duty.partition("/")
    why = step.why if step is not None else ""
    if why in ("acknowledging", "never_acknowledged", "on_the_wire") and o.debtor.id in m.g.cast.units:
        told = [e for e in m.g.of(ev.UnitNotified) if (e.unit, e.incident) == (o.debtor.id, o.incident)]
        joined = bool(told) and told[0].channel == "platform"
        change = {"unit": o.debtor.id, "desk" if joined else "on_platform": "true"}
        return "plan_version", "desk" if joined else "platform", who, change
    if o.source == "plan" and why in ("telling", "never_told"):
        return "plan_version", "plan_notify", who, {"plan": plan, "unit": o.debtor.id, "notify": "first"}
    if o.source == "plan" and step is not None and why in ("at_work", "never_done"):
        needed = max(0.0, step.waited - o.lateness) / step.waited if o.outcome == LATE and step.waited else 0.0
        share = max(needed * m.g.terms.get("staffed", 1.0), m.g.terms.get("fastest", 0.0))
        return "plan_version", "plan_faster", who, {"plan": plan, "task": task, "faster": f"{share:.2f}"}
    return "duty", "duty", who, {"duty": o.duty}


def beliefs(m: Maker) -> Iterator[Finding]:
    """The first report said other figures than were true when it was sent."""
    for incident in m.g.people:
        told = sorted(
            (r for (_, i), rs in m.g.told.items() if i == incident for r in rs if r.event.sender not in m.g.cast.posts),
            key=lambda r: r.seq,
        )
        wrong = [
            (r, sum(abs(getattr(r.event.sighting, n) - true[n]) for n in ("trapped", "dead", "injured")))
            for r in told
            if (true := m.g.truth(incident, r.event.t))
        ]
        wrong = [(r, gap) for r, gap in wrong if gap]
        if wrong:
            first, gap = wrong[0]
            true = m.g.truth(incident, first.event.t)
            facts = {
                "incident": m.incident(incident),
                "count": number(len(wrong)),
                "of": number(len(told)),
                "told": m.both(lambda g, s=first.event.sighting: g.counts(s)),
                "true": m.both(lambda g, t=true: g.counts(t)),
            }
            yield m.make(
                "belief",
                "",
                incident,
                gap,
                [first.event.seq, first.seq],
                facts,
                "belief",
                ("duty", "belief", m.lead(incident), {"duty": "verification"}),
            )


def expectations(m: Maker) -> Iterator[Finding]:
    """Expected actions that were late or missed."""
    for e in m.g.of(ev.ExpectationSettled):
        if e.outcome in (LATE, MISSED):
            title = m.g.expectation(e.expectation)
            facts = {"title": title, "late": m.span(max(0.0, e.t - e.due))}
            yield m.make(
                "expect",
                e.expectation,
                "",
                max(1.0, e.t - e.due),
                [e.seq],
                facts,
                f"expect_{e.outcome}",
                ("deadline", "expect", m.lead(""), {"expectation": e.expectation}),
            )


def loops(m: Maker) -> Iterator[Finding]:
    """Where a loop is broken."""
    for loop in m.g.settled.loops:
        for p in loop.phases:
            if p.state == "broken":
                facts = {
                    "incident": m.incident(loop.incident),
                    "phase": p.title,
                    "why": m.both(lambda g, w=p.why: g.named("broken", w or "not_done")),
                }
                seqs = [n for n in (p.since, p.done, *p.reopened) if n is not None]
                who = p.responsible if p.responsible.zh or p.responsible.en else m.lead(loop.incident)
                yield m.make(
                    "loop",
                    p.phase,
                    loop.incident,
                    1.0,
                    seqs,
                    facts,
                    "loop",
                    ("duty", "loop", who, {"phase": p.phase}),
                )


def _last(m: Maker, people: Sequence[Any]) -> list[int]:
    names = {p.id for p in people}
    return [e.seq for e in m.g.of(ev.PersonChanged) if e.person in names and e.status is Status.DEAD]
