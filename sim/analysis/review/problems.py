"""Problems: what a journal shows to have gone wrong with people, reports and the loop, with the measure that answers it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sim.analysis import measures
from sim.analysis.owed import LATE, MISSED
from sim.analysis.review import levers
from sim.analysis.review.blocks import HOURS, LAW, PEOPLE, Finding
from sim.analysis.review.ground import Ground
from sim.analysis.review.losses import BEFORE, parts_of
from sim.analysis.review.maker import Maker, Remedy, number
from sim.analysis.review.problems_of_duty import duties
from sim.analysis.review.problems_of_means import crowding, deliveries, public, roads, shortfalls
from sim.analysis.review.together import ranked, together
from sim.domain import events as ev
from sim.domain.hazards import DemandKind
from sim.domain.people import Status
from sim.journal.law import NOBODY


def findings_of(zh: Ground, en: Ground) -> tuple[Finding, ...]:
    """All findings of a run, the gravest first; both grounds are of the same journal, one a language.

    What is the same in many places of one disaster is one finding.
    """
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
    return ranked(together(maker, found))


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
                "wait": m.both(lambda g, x=most: g.say(f"wait.{x}")),
                "span": m.span(spent.get(most, 0.0) / len(lost)),
            }
            then = _for_the_lost(m, incident, kind, most)
            yield m.make(kind, "", incident, len(lost), _last(m, lost), facts, kind, then, matters=PEOPLE)
        hit = [e for e in m.g.of(ev.RespondersHit) if e.incident == incident]
        if hit:
            ours = [p for p in people if p.group == measures.RESPONDERS]  # some of the hurt die later
            gone = sum(p.status is Status.DEAD for p in ours)
            facts = {"incident": m.incident(incident), "dead": number(gone), "hurt": number(len(ours) - gone)}
            say = "responders" if gone and len(ours) > gone else "responders_dead" if gone else "responders_hurt"
            then = Remedy("duty", "responders", m.lead(incident), {"rule": "suspension"})
            seqs = [e.seq for e in hit]
            yield m.make("responders", "", incident, len(ours), seqs, facts, say, then, gone, matters=PEOPLE)


def _for_the_lost(m: Maker, incident: str, kind: str, most: str) -> Remedy:
    """What would have helped those who died waiting, by what most of their time went on."""
    who = m.lead(incident)
    came = [s for s in m.g.line.sorties.values() if s.incident == incident]
    wanted = kind == "waiting"  # those who can carry them off; else those who can get them out
    came = [s for s in came if s.element in m.g.cast.elements and _carries(m, s.element) is wanted]
    here = sorted((s for s in came if s.visits), key=lambda s: (s.visits[0].arrived, s.id))
    found: Remedy | None = None
    match most:
        case "unnoticed":
            found = levers.watch(m, incident)
        case "unreported":
            found = levers.practice(m, "line", who, "line", "reporting.report_phone", "reporting.intake")
        case "no_order":
            found = levers.practice(m, "send_first", who, "trained", "reporting.verify", "reporting.intake")
        case "on_its_way":
            found = next((then for s in here if (then := levers.sooner(m, s)) is not None), None)
        case "no_room":
            found = levers.practice(m, "entry", who, "entry", *levers.ROOMS)
        case _ if kind == "waiting":
            found = levers.more_of(m, here)
        case _:
            capability, amount = _limiting(m, incident)
            found = levers.more_of(m, here, capability, amount) if capability else None
    kept = "team_home" if most == "on_its_way" else "stock" if most in ("at_work", "no_room") else "duty"
    return found or Remedy(kept, f"{kind}_{kept}", who, {"wait": most})


def _limiting(m: Maker, incident: str) -> tuple[str, float]:
    """The capability that the most urgent work of a rescue asks for, and how much of it was short; "" where nothing is known."""
    urgent: dict[str, int] = {}
    for e in m.g.of(ev.DemandsChanged):
        for d in e.demands if e.incident == incident else ():
            if d.kind is DemandKind.WORK:
                urgent[d.capability] = min(d.priority, urgent.get(d.capability, d.priority))
    first = sorted(code for code, priority in urgent.items() if priority == min(urgent.values()))
    short = [s for s in m.g.line.shortfalls if s.incident == incident and s.capability in first]
    if short:
        worst = max(short, key=lambda s: (s.end - s.start, s.capability))
        return worst.capability, worst.amount
    return (first[0] if first else ""), 0.0


def _carries(m: Maker, element: str) -> bool:
    return bool(m.g.cast.kinds[m.g.cast.elements[element].kind].carries)


def reports(m: Maker) -> Iterator[Finding]:
    """Reports that were late, missed, false or concealed."""
    for f in m.g.settled.faults:
        set_so = any(isinstance(m.g.facts.by_seq.get(n), ev.ReportWithheld | ev.ReportFalsified) for n in f.seqs)
        late = m.span(f.lateness)
        what = m.both(lambda g, d=f.duty: _duty_name(g, d))
        facts = {
            "incident": m.incident(f.incident),
            "who": f.sender.name,
            "kind": m.both(lambda g, k=f.kind: g.named("fault_kind", k)),
            "late": late,
            "duty": what,
            "gap": m.both(lambda g, x=f.gap: g.listed(f"{g.named('count', n)} {v:+g}" for n, v in x.items())),
        }
        say = "report_late" if f.lateness else "report_gap" if f.gap else "report_of" if what.zh else "report"
        law = next((d.clause for d in m.g.cast.obligations if d.id == f.duty), NOBODY)
        yield m.make(
            "report", "/".join(filter(None, (f.kind, f.duty))), f.incident, max(1.0, f.lateness), f.seqs, facts, say,
            Remedy("duty", "report", f.sender.name, {"duty": f.duty} if f.duty else {}), matters=HOURS if f.lateness else LAW,
            by_drill=set_so, clause=law,
        )  # fmt: skip


def _duty_name(g: Ground, duty: str) -> str:
    """What a duty is called: of the law, or of a plan; nothing for none."""
    law = next((g.pick(d.title) for d in g.cast.obligations if d.id == duty), "")
    task = g.cast.tasks.get(duty)
    return law or (g.pick(task) if task is not None else "")


def beliefs(m: Maker) -> Iterator[Finding]:
    """Reports from the spot miscounted people by more than the terms allow; a first count is never exact."""
    allowed = m.g.terms.get("miscounted", 0.0)
    for incident in m.g.people:
        told = sorted(
            (r for (_, i), rs in m.g.told.items() if i == incident for r in rs if r.event.sender not in m.g.cast.posts),
            key=lambda r: r.seq,
        )
        judged = []
        for r in told:
            true = m.g.knowable(incident, r.event.t)
            gap = sum(abs(getattr(r.event.sighting, n) - true[n]) for n in ("trapped", "dead", "injured"))
            if gap > allowed * max(1, sum(true[n] for n in ("trapped", "dead", "injured"))):
                judged.append((r, gap))
        if judged:
            worst, gap = max(judged, key=lambda pair: (pair[1], -pair[0].seq))
            true = m.g.knowable(incident, worst.event.t)
            facts = {
                "incident": m.incident(incident),
                "count": number(len(judged)),
                "of": number(len(told)),
                "told": m.both(lambda g, s=worst.event.sighting: g.counts(s)),
                "true": m.both(lambda g, t=true: g.counts(t)),
            }
            then = Remedy("duty", "belief", m.lead(incident), {"duty": "verification"})
            yield m.make("belief", "", incident, gap, [worst.event.seq, worst.seq], facts, "belief", then)


def expectations(m: Maker) -> Iterator[Finding]:
    """Expected actions that were late or missed."""
    for e in m.g.of(ev.ExpectationSettled):
        if e.outcome in (LATE, MISSED):
            title = m.g.expectation(e.expectation)
            over = max(1.0, (e.t if e.outcome == LATE else m.g.field_ended) - e.due)
            facts = {"title": title, "late": m.span(max(0.0, e.t - e.due))}
            then = Remedy("deadline", "expect", m.lead(""), {"expectation": e.expectation})
            yield m.make(
                "expect", e.expectation, "", over, [e.seq], facts, f"expect_{e.outcome}", then,
                matters=HOURS, unfinished=e.outcome == MISSED,
            )  # fmt: skip


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
                then = Remedy("duty", "loop", who, {"phase": p.phase})
                yield m.make("loop", p.phase, loop.incident, 1.0, seqs, facts, "loop", then)


def _last(m: Maker, people: Sequence[Any]) -> list[int]:
    names = {p.id for p in people}
    return [e.seq for e in m.g.of(ev.PersonChanged) if e.person in names and e.status is Status.DEAD]
