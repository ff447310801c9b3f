"""Accountability (知责明责 → 履责尽责 → 考责问责): each debtor's duties, what came of them, and what it may be asked about.

The negative list is predicates over the journal; what the law attaches to a breach stands beside it with its article. All of
this is reference (参考): nothing here finds anybody liable.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sim.analysis import duties, faults, judging
from sim.analysis.facts import Facts
from sim.analysis.owed import Account, Breach, Consequence, Fault, Obligation, Party, Veto
from sim.domain import events as ev
from sim.domain.hazards import Sighting
from sim.domain.people import Status
from sim.journal.cast import Cast, Words
from sim.journal.law import ConsequenceRow, NegativeEntry, VetoRow

_REPORTS, _PHASE, _PLAN = "reports", "phase:", "plan"
_SEEN_AS = {"missing": "trapped"}  # what a report calls it: those not accounted for


def accounts(events: Iterable[ev.Event], cast: Cast) -> list[Account]:
    """The account of everybody who owed something or broke something, those with breaches first."""
    facts = Facts(events, cast)
    owed = duties.ledger_of(facts)
    return accounts_of(facts, owed, faults.faults_of(facts, owed))


def accounts_of(facts: Facts, owed: Sequence[Obligation], found: Sequence[Fault]) -> list[Account]:
    """The same, of what was read already."""
    broken = breaches_of(facts, owed, found)
    vetoes = [veto for row in facts.cast.law.vetoes for veto in _vetoes(row, facts, found)]
    parties: dict[str, Party] = {}
    for party in (*(o.debtor for o in owed), *(b.party for b in broken), *(v.party for v in vetoes)):
        parties.setdefault(duties.key_of(party), party)
    made = [_account(key, party, owed, broken, found, vetoes, facts) for key, party in parties.items()]
    return sorted(made, key=lambda a: (-len(a.vetoes), -len(a.breaches), duties.key_of(a.party)))


def breaches_of(facts: Facts, owed: Sequence[Obligation], found: Sequence[Fault]) -> list[Breach]:
    """What of the negative list the journal shows, entry by entry."""
    return [breach for entry in facts.cast.law.negative_list for breach in _breaches(entry, facts, owed, found)]


def is_about(obligation: Obligation, names: Sequence[str]) -> bool:
    """Whether an obligation is one of those named: by id, `reports`, `plan`, `phase:<id>`."""
    return (
        (obligation.source == "law" and obligation.duty in names)
        or (_REPORTS in names and obligation.reports)
        or (_PLAN in names and obligation.source == "plan")
        or (bool(obligation.phase) and f"{_PHASE}{obligation.phase}" in names)
    )


def _account(
    key: str, party: Party, owed: Sequence[Obligation], broken: Sequence[Breach], found: Sequence[Fault],
    vetoes: Sequence[Veto], facts: Facts,
) -> Account:  # fmt: skip
    def own(whose: Party) -> bool:
        return duties.key_of(whose) == key

    charged = tuple(b for b in broken if own(b.party))

    def entries_in(row: ConsequenceRow) -> set[str]:
        """The entries broken in accidents that this law is about."""
        return {b.entry for b in charged if _is_under(row, b.incident, facts)}

    rows = (_consequence(row, entries_in(row), party) for row in facts.cast.law.consequences)
    return Account(
        party, tuple(o for o in owed if own(o.debtor)), charged, tuple(f for f in found if own(f.sender)),
        tuple(c for c in rows if c.for_entries), tuple(v for v in vetoes if own(v.party)),
    )  # fmt: skip


def _consequence(row: ConsequenceRow, entries: set[str], party: Party) -> Consequence:
    meant = (not row.parties or party.id in row.parties) and party.id not in row.not_parties
    called = tuple(e for e in row.entries if e in entries) if meant else ()
    return Consequence(row.id, row.subject, row.act, row.consequence, row.source, row.standing, called)


def _is_under(row: ConsequenceRow | VetoRow, incident: str, facts: Facts) -> bool:
    """Whether an accident is of the families and the legal class that a law is about."""
    families, classes = row.families, row.classes
    return (not families or facts.family(incident) in families) and (
        not classes or facts.legal_class(incident) in classes
    )


# ── the negative list ──


def _breaches(
    entry: NegativeEntry, facts: Facts, owed: Sequence[Obligation], found: Sequence[Fault]
) -> Iterator[Breach]:
    def breach(incident: str, party: Party, seqs: Iterable[int], duty: str = "") -> Breach:
        return Breach(entry.id, entry.title, incident, party, tuple(seqs), entry.standing, duty)

    for o in owed:
        if entry.duties and o.outcome in entry.outcomes and is_about(o, entry.duties):
            yield breach(o.incident, o.debtor, o.seqs, o.duty)
    if entry.rule is not None:
        for case in judging.cases([entry.rule], facts):
            if case.outcome in entry.outcomes:
                who = facts.value(case.since, entry.rule.debtor_is.partition(".")[2])
                witnesses = [e.seq for e in (case.since, case.done) if e is not None]
                yield breach(case.incident, facts.party(who), witnesses)
    if entry.signs:
        for event in facts.events:
            if facts.meets(event, entry.signs):
                who = facts.value(event, entry.party_is) if entry.party_is else ""
                yield breach(str(getattr(event, "incident", "")), facts.party(who), (event.seq,))
    for fault in found:
        if fault.kind in entry.faults:
            yield breach(fault.incident, fault.sender, fault.seqs, fault.duty)
    if entry.figures:
        for event, seqs in contradictions(facts, entry.figures, entry.grace):
            yield breach(event.incident, facts.party(event.post), seqs)


def contradictions(
    facts: Facts, figures: Sequence[str], grace: float
) -> Iterator[tuple[ev.Published, tuple[int, ...]]]:
    """What was published though no report that the post had or sent in the last `grace` s says so.

    The one that held when these began counts as well: a notice is drafted before it is read out. Of a disaster the figures of
    all its places together are meant, as its toll states them.
    """
    told = _Told(facts)
    for event in facts.events:
        if isinstance(event, ev.Published):
            for name in figures:
                held = told.held(event, name, grace) if name in event.figures else None
                if held is not None and not held.low <= event.figures[name] <= held.high:
                    yield event, (held.seq, event.seq)
                    break
        else:
            told.take(event)


@dataclass(frozen=True, slots=True)
class _Held:
    """Between which figures lies what a post could say at a moment, and the last event it had them from."""

    low: float
    high: float
    seq: int

    def also(self, other: _Held | None) -> _Held:
        if other is None:
            return self
        return _Held(min(self.low, other.low), max(self.high, other.high), max(self.seq, other.seq))


class _Told:
    """What posts were told and told others, by place; and the tolls they made of that."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._reports: dict[tuple[str, str], list[tuple[ev.Event, Any]]] = defaultdict(list)
        self._tolls: dict[tuple[str, str], list[tuple[ev.Event, Any]]] = defaultdict(list)
        self._places: dict[tuple[str, str], list[str]] = defaultdict(list)  # by first accident and post

    def take(self, event: ev.Event) -> None:
        match event:
            case ev.ReportReceived(report=report) if report in self.facts.reports:
                self._report(event.incident, event.post, event, self.facts.reports[report].sighting)
            case ev.ReportSent():
                self._report(event.incident, event.sender, event, event.sighting)
            case ev.CasualtiesCorrected(
                dead=dead, missing=missing
            ):  # whoever dies of it was counted as hurt, and stays so
                before = self._reports[event.incident, event.post]
                hurt = before[-1][1].injured if before else event.injured
                self._report(event.incident, event.post, event, Sighting(dead=dead, trapped=missing, injured=hurt))
            case ev.TollStated():
                self._tolls[event.incident, event.post].append((event, event))
            case _:
                pass

    def held(self, said: ev.Published, name: str, grace: float) -> _Held | None:
        """Between what the figure of this name lay; None where nobody had told the post anything."""
        seen_as = _SEEN_AS.get(name, name)
        places = self._places.get((said.incident, said.post), [said.incident])
        of_places = [
            _spread([(e, float(getattr(seen, seen_as))) for e, seen in fresh])
            for place in places if (fresh := _fresh(self._reports[place, said.post], said.t, grace))
        ]  # fmt: skip
        stated = [
            (e, float(getattr(toll, name))) for e, toll in _fresh(self._tolls[said.incident, said.post], said.t, grace)
        ]
        if not of_places:
            return _spread(stated) if stated else None
        total = _Held(sum(h.low for h in of_places), sum(h.high for h in of_places), max(h.seq for h in of_places))
        return total.also(_spread(stated) if stated else None)

    def _report(self, incident: str, post: str, event: ev.Event, seen: Sighting) -> None:
        if not self._reports[incident, post]:
            self._places[self.facts.root(incident), post].append(incident)
        self._reports[incident, post].append((event, seen))


def _fresh(told: Sequence[tuple[ev.Event, Any]], now: float, grace: float) -> list[tuple[ev.Event, Any]]:
    """What was told in the last `grace` s, and what held when these began."""
    old = [pair for pair in told if pair[0].t <= now - grace]
    return old[-1:] + [pair for pair in told if pair[0].t > now - grace]


def _spread(told: Sequence[tuple[ev.Event, float]]) -> _Held:
    return _Held(min(v for _, v in told), max(v for _, v in told), told[-1][0].seq)


# ── the one-vote veto ──


def _vetoes(row: VetoRow, facts: Facts, found: Sequence[Fault]) -> Iterator[Veto]:
    def veto(incident: str, party: Party, seqs: tuple[int, ...]) -> Veto:
        return Veto(row.id, row.title, incident, party, seqs, row.standing)

    for incident in facts.disasters:
        family = facts.family(incident)
        if not row.dead or not _is_under(row, incident, facts) or family in row.not_families:
            continue
        dead = sorted(seq for member in facts.members(incident) for seq in dead_of(facts, member))
        if len(dead) >= row.dead:
            post = facts.county_post(incident)
            yield veto(incident, facts.party(post, Words("属地政府", "The government of the place")), tuple(dead))
    for fault in found:
        if fault.kind in row.faults and fault.proven and _is_under(row, fault.incident, facts):
            yield veto(fault.incident, fault.sender, fault.seqs)


def dead_of(facts: Facts, incident: str) -> list[int]:
    """The events by which people of an incident died, those dead at once by the event that names them (once a person)."""
    found: list[int] = []
    for event in facts.of(incident):
        match event:
            case ev.PersonsInvolved(persons=persons):
                found += [event.seq for p in persons if p.status is Status.DEAD]
            case ev.PersonChanged(status=Status.DEAD):
                found.append(event.seq)
            case _:
                pass
    return found
