"""Indicators of a scorecard: one function each, from a run as read to a figure (SI) and the events that are its evidence.

A measure answers three ways: a figure with its evidence; nothing, because the day never called for it (`NOT_CALLED`); or
nothing though it ought to be there (`GAP`). What was due and never came counts with the time it had taken when the journal
ended.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean, median

from sim.analysis import accountability, duties, faults, measures, phases, timeline
from sim.analysis.facts import Facts
from sim.analysis.lines import Timeline
from sim.analysis.owed import LATE, MET, MISSED, Fault, Loop, Obligation
from sim.domain import events as ev
from sim.domain.people import FINAL, Status


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure and its evidence; without a figure it was not called for, or it is a gap."""

    value: float | None
    seqs: tuple[int, ...] = ()
    called: bool = True


GAP = Measured(None)
NOT_CALLED = Measured(None, called=False)


@dataclass(frozen=True)
class Run:
    """A run as read: the journal, its timeline, its ledger, its loops and its faults."""

    facts: Facts

    @cached_property
    def line(self) -> Timeline:
        """The run as intervals."""
        return timeline.build(self.facts.events)

    @cached_property
    def owed(self) -> list[Obligation]:
        """The ledger."""
        return duties.ledger_of(self.facts)

    @cached_property
    def loops(self) -> list[Loop]:
        """The closed loops."""
        return phases.loops_of(self.facts)

    @cached_property
    def faults(self) -> list[Fault]:
        """Reports late, missed, false, concealed."""
        return faults.faults_of(self.facts, self.owed)


Of = Sequence[str]


def phase_time(run: Run, of: Of) -> Measured:
    """Mean time (s) from where these phases fell due to their evidence."""
    spans: list[float] = []
    seqs: list[int] = []
    for line in (p for loop in run.loops for p in loop.phases if p.phase in of and p.since_at is not None):
        done = line.done_at if line.done_at is not None else run.facts.ended
        spans.append(max(0.0, done - (line.since_at or 0.0)))
        seqs += [seq for seq in (line.since, line.done) if seq is not None]
    return Measured(fmean(spans), tuple(seqs)) if spans else NOT_CALLED


def share_met(run: Run, of: Of) -> Measured:
    """Share of these obligations that were met in time, of those whose time was up."""
    judged = [o for o in run.owed if accountability.is_about(o, of) and o.outcome in (MET, LATE, MISSED)]
    met = [o for o in judged if o.outcome == MET]
    return Measured(len(met) / len(judged), tuple(s for o in met for s in o.seqs)) if judged else NOT_CALLED


def truth_gap(run: Run, _: Of) -> Measured:
    """Mean relative error of the first reports: dead and missing as told against as they were at that moment."""
    errors: list[float] = []
    seqs: list[int] = []
    for incident in run.facts.incidents:
        people = [p for p in run.line.persons.values() if p.incident == incident]
        first = next((e for e in run.facts.of(incident) if isinstance(e, ev.ReportSent)), None)
        if not people or first is None:
            continue
        at = [p.at(first.t) for p in people]
        true = sum(s in (Status.DEAD, Status.MISSING, Status.TRAPPED) for s in at)
        told = first.sighting.dead + first.sighting.trapped
        errors.append(abs(told - true) / max(1, true))
        seqs.append(first.seq)
    return Measured(fmean(errors), tuple(seqs)) if errors else NOT_CALLED


def grading_right(run: Run, _: Of) -> Measured:
    """Share of incidents whose first grading named the potential class that the last one had."""
    first_last = [
        (g[0], g[-1]) for i in run.facts.incidents if (g := [e for e in run.facts.of(i) if isinstance(e, ev.Graded)])
    ]
    if not first_last:
        return NOT_CALLED
    right = [(a, b) for a, b in first_last if a.potential == max(b.potential, a.potential)]
    return Measured(len(right) / len(first_last), tuple(a.seq for a, _ in first_last))


def acknowledgement(run: Run, _: Of) -> Measured:
    """Median time (s) from a unit's being told to its acknowledgement; who never answered counts up to the end of the field."""
    end = run.facts.field_ended if run.facts.field_ended is not None else run.facts.ended
    told: dict[tuple[str, str], ev.UnitNotified] = {}
    spans: dict[tuple[str, str], tuple[float, tuple[int, ...]]] = {}
    for event in run.facts.events:
        if isinstance(event, ev.UnitNotified):
            key = (event.incident, event.unit)
            if told.setdefault(key, event) is event:
                spans[key] = (max(0.0, end - event.t), (event.seq,))
        elif isinstance(event, ev.UnitAcknowledged) and (key := (event.incident, event.unit)) in told:
            notice = told[key]
            if spans[key][1] == (notice.seq,):
                spans[key] = (event.t - notice.t, (notice.seq, event.seq))
    if not spans:
        return GAP if run.facts.planned else NOT_CALLED
    return Measured(median(s for s, _ in spans.values()), tuple(q for _, seqs in spans.values() for q in seqs))


def held(run: Run, of: Of) -> Measured:
    """Share of incidents of 较大 and above in which an event of this kind came at all."""
    facts = run.facts
    called = [i for i in facts.incidents if facts.planned and facts.severity(i, of="potential") > 1]
    if not called:
        return NOT_CALLED
    found = {i: [e.seq for e in facts.of(i) if str(e.__struct_config__.tag) in of] for i in called}
    share = sum(bool(seqs) for seqs in found.values()) / len(called)
    return Measured(share, tuple(seqs[0] for seqs in found.values() if seqs))


def first_arrival(run: Run, _: Of) -> Measured:
    """Mean time (s) from the first report's receipt to the first crew on the spot; incidents that called nobody apart."""
    spans: list[float] = []
    seqs: list[int] = []
    for incident in run.facts.incidents:
        line = run.line.incidents.get(incident)
        if line is None or line.received is None or line.first_order is None:
            continue
        came = next((e for e in run.facts.of(incident) if isinstance(e, ev.Arrived)), None)
        spans.append((came.t if came else run.line.ended) - line.received)
        seqs += [came.seq] if came else []
    return Measured(fmean(max(0.0, s) for s in spans), tuple(seqs)) if spans else NOT_CALLED


def capability_match(run: Run, _: Of) -> Measured:
    """Share of the capabilities the leads asked for of which at least one element came."""
    wanted: dict[tuple[str, str], int] = {}
    for event in run.facts.events:
        if isinstance(event, ev.NeedsStated) and not run.facts.ordinary(event.incident):
            for need in event.needs:
                if need.amount > 0.0:
                    wanted.setdefault((event.incident, need.capability), event.seq)
    came = {(visit.incident, visit.task) for s in run.line.sorties.values() for visit in s.visits}
    if not wanted:
        return NOT_CALLED
    return Measured(sum(key in came for key in wanted) / len(wanted), tuple(wanted.values()))


def shortfall_share(run: Run, _: Of) -> Measured:
    """Share of the capabilities asked for that ran short at some time."""
    wanted = {(e.incident, n.capability) for e in run.facts.events if isinstance(e, ev.NeedsStated) for n in e.needs}
    short: dict[tuple[str, str], int] = {}
    for e in run.facts.events:
        if isinstance(e, ev.Shortfall) and e.amount > 0.0:
            short.setdefault((e.incident, e.capability), e.seq)
    wanted |= short.keys()
    return Measured(len(short) / len(wanted), tuple(short.values())) if wanted else NOT_CALLED


def saved_share(run: Run, _: Of) -> Measured:
    """Share of the people in harm's way, those dead at once apart, who were saved or safe at the end."""
    people = [p for p in run.line.persons.values() if p.group != measures.RESPONDERS]
    could = [p for p in people if p.status is not Status.DEAD or measures.cause_of_death(p) != "at_once"]
    if not could:
        return NOT_CALLED
    lost = {p.id for p in could if p.status not in (Status.SAVED, Status.SAFE)}
    seqs = [
        e.seq for e in run.facts.events if isinstance(e, ev.PersonChanged) and e.person in lost and e.status in FINAL
    ]
    return Measured(1.0 - len(lost) / len(could), tuple(seqs))


def secondary(run: Run, _: Of) -> Measured:
    """How many incidents followed from others."""
    seqs = tuple(e.seq for e in run.facts.events if isinstance(e, ev.Cascaded))
    return Measured(float(len(seqs)), seqs)


def responders_hit(run: Run, _: Of) -> Measured:
    """How many responders were hurt or died."""
    hits = [e for e in run.facts.events if isinstance(e, ev.RespondersHit)]
    return Measured(float(sum(e.dead + e.hurt for e in hits)), tuple(e.seq for e in hits))


def care_time(run: Run, _: Of) -> Measured:
    """Mean time (s) from an injured person's being within reach to definitive care, those who never got it up to the end."""
    waiting: dict[str, float] = {}
    got: dict[str, tuple[float, int]] = {}
    for event in run.facts.events:
        if isinstance(event, ev.PersonChanged) and event.status is Status.WAITING:
            waiting.setdefault(event.person, event.t)
        elif isinstance(event, ev.CareChanged) and event.care == "definitive" and event.person in waiting:
            got.setdefault(event.person, (event.t, event.seq))
    if not waiting:
        return NOT_CALLED
    if not got:
        return GAP
    spans = [got[p][0] - waiting[p] for p in got]
    return Measured(fmean(spans), tuple(seq for _, seq in got.values()))


def supply_filled(run: Run, _: Of) -> Measured:
    """Share of what was asked for of supplies (the first request of each chain) that was signed for, item by item."""
    asked: dict[str, ev.SupplyAsked] = {}
    signed: dict[str, float] = {}
    seqs: list[int] = []
    for event in run.facts.events:
        if isinstance(event, ev.SupplyAsked):
            asked[event.request] = event
        elif isinstance(event, ev.SupplySigned):
            root = event.request
            while root in asked and asked[root].parent:
                root = asked[root].parent
            signed[root] = signed.get(root, 0.0) + event.amount
            seqs.append(event.seq)
    firsts = [a for a in asked.values() if not a.parent and a.amount > 0.0]
    if not firsts:
        return NOT_CALLED
    return Measured(fmean(min(1.0, signed.get(a.request, 0.0) / a.amount) for a in firsts), tuple(seqs))


def left_out(run: Run, _: Of) -> Measured:
    """Share of the reports that go from post to post in which a count that their sender had was left out (漏报).

    The counts of people are what a journal shows of a report; of the other elements it holds nothing.
    """
    sent = [e for e in run.facts.events if isinstance(e, ev.ReportSent) and e.sender in run.facts.cast.posts]
    bent = {e.report: e.seq for e in run.facts.events if isinstance(e, ev.ReportFalsified) and e.why == "missed"}
    if not sent:
        return NOT_CALLED
    missing = [e for e in sent if e.report in bent]
    return Measured(len(missing) / len(sent), tuple(bent[e.report] for e in missing) or (sent[0].seq,))


def orders_crossed(run: Run, _: Of) -> Measured:
    """Share of the orders to elements that could not be carried out, the element being under another order already."""
    given = [e for e in run.facts.events if isinstance(e, ev.OrderGiven)]
    refused = [e for e in run.facts.events if isinstance(e, ev.OrderRefused)]
    if not given:
        return NOT_CALLED
    return Measured(len(refused) / len(given), tuple(e.seq for e in refused) or (given[0].seq,))


def over_places(run: Run, _: Of) -> Measured:
    """Share of the patients brought to a hospital that had no place left for them; both as the journal has them."""
    places = {id_: hospital.places for id_, hospital in run.facts.cast.hospitals.items()}
    inside: dict[str, set[str]] = {}
    at: dict[str, str] = {}
    brought, over, first = 0, [], 0
    for event in run.facts.events:
        match event:
            case ev.HospitalChanged():
                places[event.hospital] = event.places
            case ev.HandedOver():
                for person in event.persons:
                    inside.setdefault(event.hospital, set()).add(person)
                    at[person] = event.hospital
                brought += len(event.persons)
                first = first or event.seq
                if len(inside[event.hospital]) > places.get(event.hospital, math.inf):
                    over += [event.seq] * min(len(event.persons), len(inside[event.hospital]) - places[event.hospital])
            case ev.PersonChanged() if event.status in FINAL and event.person in at:
                inside[at.pop(event.person)].discard(event.person)
            case _:
                pass
    return Measured(len(over) / brought, tuple(dict.fromkeys(over)) or (first,)) if brought else NOT_CALLED


def brought_away(run: Run, _: Of) -> Measured:
    """Share of those who were in danger, unhurt, when the first crew came to their incident, and came to no harm after."""
    unhurt, harmed, seqs = 0, 0, []
    for incident in run.facts.incidents:
        came = next((e for e in run.facts.of(incident) if isinstance(e, ev.Arrived)), None)
        if came is None:
            continue
        people = (p for p in run.line.persons.values() if p.incident == incident and p.group != measures.RESPONDERS)
        there = [p for p in people if p.at(came.t) is Status.EXPOSED]
        if there:
            unhurt += len(there)
            harmed += sum(p.status is not Status.SAFE for p in there)
            seqs.append(came.seq)
    return Measured(1.0 - harmed / unhurt, tuple(seqs)) if unhurt else NOT_CALLED


def unaccounted(run: Run, _: Of) -> Measured:
    """Share of the money paid that audits found no voucher for."""
    paid = math.fsum(e.amount for e in run.facts.events if isinstance(e, ev.FundPaid))
    audits = [e for e in run.facts.events if isinstance(e, ev.FundAudited)]
    if paid <= 0.0:
        return NOT_CALLED
    if not audits:
        return GAP
    return Measured(math.fsum(e.unaccounted for e in audits) / paid, tuple(e.seq for e in audits))


def breaches(run: Run, of: Of) -> Measured:
    """How often these entries of the negative list were broken; not called for where nothing of the kind was done."""
    if not any(isinstance(e, ev.Published) for e in run.facts.events):
        return NOT_CALLED
    found = [b for b in accountability.breaches_of(run.facts, run.owed, run.faults) if b.entry in of]
    return Measured(float(len(found)), tuple(s for b in found for s in b.seqs))


# ── red lines: the events that crossed them ──


def responder_dead(run: Run) -> tuple[int, ...]:
    """A responder died."""
    return tuple(e.seq for e in run.facts.events if isinstance(e, ev.RespondersHit) and e.dead)


def concealed(run: Run) -> tuple[int, ...]:
    """A concealed report was proven."""
    return tuple(s for f in run.faults if f.kind == "concealed" for s in f.seqs)


def unreconciled(run: Run) -> tuple[int, ...]:
    """People were still trapped or exposed when the response was ended, and nobody had declared them missing."""
    found: list[int] = []
    for event in run.facts.events:
        if isinstance(event, ev.IncidentClosed):
            people = [p.at(event.t) for p in run.line.persons.values() if p.incident == event.incident]
            if any(status in (Status.TRAPPED, Status.EXPOSED) for status in people):
                found.append(event.seq)
    return tuple(found)


MEASURES: Mapping[str, Callable[[Run, Of], Measured]] = {
    f.__name__: f
    for f in (
        phase_time, share_met, truth_gap, grading_right, acknowledgement, held, first_arrival,
        capability_match, shortfall_share, saved_share, secondary, responders_hit, care_time, supply_filled, unaccounted,
        breaches, left_out, orders_crossed, over_places, brought_away,
    )
}  # fmt: skip
RED_LINES: Mapping[str, Callable[[Run], tuple[int, ...]]] = {
    f.__name__: f for f in (responder_dead, concealed, unreconciled)
}
