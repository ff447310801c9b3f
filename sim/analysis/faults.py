"""Reports late, missed, false or concealed (迟报、漏报、谎报、瞒报), told apart by the journal, for reference (参考).

Late: done after it was due. Missed: never done, or withheld without intent. False: told other figures than the sender believed.
Concealed: withheld on purpose, unreported past the deadline, and found out – before it is found out it is late or missed,
and `suspected`. A report that was honestly wrong is none of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sim.analysis import duties
from sim.analysis.facts import Facts
from sim.analysis.owed import LATE, MISSED, Fault, Obligation
from sim.domain import events as ev
from sim.journal.cast import Cast

_CONCEALED = "concealed"


def faults(events: Iterable[ev.Event], cast: Cast) -> list[Fault]:
    """The faults of a journal, in the order of their first event."""
    facts = Facts(events, cast)
    return faults_of(facts, duties.ledger_of(facts))


def faults_of(facts: Facts, owed: Sequence[Obligation]) -> list[Fault]:
    """The same, of a journal and a ledger that were read already."""
    withheld = [e for e in facts.events if isinstance(e, ev.ReportWithheld)]
    used: set[int] = set()
    found: list[Fault] = []
    for obligation in owed:
        if obligation.reports and obligation.outcome in (LATE, MISSED):
            held = [w for w in withheld if _about(w, obligation, facts)]
            used |= {w.seq for w in held}
            found.append(_fault(obligation, held, facts))
    found += (_unowed(w, facts) for w in withheld if w.seq not in used and _counts(w))
    found += _false(facts)
    return sorted(found, key=lambda f: (f.seqs, f.kind, f.duty))


def _about(withheld: ev.ReportWithheld, obligation: Obligation, facts: Facts) -> bool:
    """Whether what was withheld is the report that was owed: same incident, same sender, before it was made."""
    before = obligation.done is None or withheld.seq < obligation.done
    posts = facts.cast.posts
    debtor = obligation.debtor.id
    same = withheld.sender == debtor or (debtor not in posts and withheld.sender not in posts)
    owed_to = obligation.creditor.id
    return (
        withheld.incident == obligation.incident
        and before
        and same
        and (owed_to not in posts or withheld.receiver == owed_to)
    )


def _fault(obligation: Obligation, held: Sequence[ev.ReportWithheld], facts: Facts) -> Fault:
    hidden = [w for w in held if w.why == _CONCEALED]
    exposed = [e for w in hidden for e in _exposures(w.incident, w.sender, w.seq, facts)]
    kind = _CONCEALED if hidden and exposed else "late" if obligation.outcome == LATE else "missed"
    seqs = {*obligation.seqs, *(w.seq for w in held), *(e.seq for e in exposed)}
    return Fault(
        kind,  # type: ignore[arg-type]  # one of the four
        obligation.incident, obligation.debtor, tuple(sorted(seqs)), obligation.duty, obligation.round,
        obligation.lateness, proven=bool(exposed) or not hidden, suspected=bool(hidden) and not exposed,
    )  # fmt: skip


def _counts(withheld: ev.ReportWithheld) -> bool:
    """Whether a report that no deadline was set for is a fault: one that was never sent, or kept back on purpose."""
    return withheld.until is None or withheld.why == _CONCEALED


def _unowed(withheld: ev.ReportWithheld, facts: Facts) -> Fault:
    exposed = list(_exposures(withheld.incident, withheld.sender, withheld.seq, facts))
    hidden = withheld.why == _CONCEALED
    return Fault(
        "concealed" if hidden and exposed else "missed", withheld.incident, facts.party(withheld.sender),
        (withheld.seq, *(e.seq for e in exposed)), proven=bool(exposed), suspected=hidden and not exposed,
    )  # fmt: skip


def _false(facts: Facts) -> Iterator[Fault]:
    """One fault for all that somebody bent of an incident; the gap is the widest of each figure."""
    bent: dict[tuple[str, str, str], list[ev.ReportFalsified]] = {}
    for event in facts.events:
        if isinstance(event, ev.ReportFalsified):
            kind = "missed" if getattr(event, "why", "") == "missed" else "false"  # left out, not made up
            bent.setdefault((event.incident, event.sender, kind), []).append(event)
    for (incident, sender, kind), events in bent.items():
        exposed = tuple(e.seq for e in _exposures(incident, sender, events[0].seq, facts))
        gap: dict[str, float] = {}
        for event in events:
            for name in sorted(event.believed.keys() | event.told.keys()):
                less = event.told.get(name, 0.0) - event.believed.get(name, 0.0)
                if abs(less) > abs(gap.get(name, 0.0)):
                    gap[name] = less
        yield Fault(
            kind,  # type: ignore[arg-type]  # one of the four
            incident, facts.party(sender), (*(e.seq for e in events), *exposed),
            gap=gap, proven=bool(exposed), suspected=not exposed,
        )  # fmt: skip


def _exposures(incident: str, sender: str, after: int, facts: Facts) -> Iterator[ev.ConductExposed]:
    for event in facts.of(incident):
        if isinstance(event, ev.ConductExposed) and event.sender == sender and event.seq > after:
            yield event
