"""A run as a workbook: what happened, who went, what became of people, what was due, the master event list; one sheet each."""

from __future__ import annotations

from collections.abc import Sequence

from sim.analysis import duties, msel, msel_view
from sim.analysis.lines import Timeline
from sim.analysis.owed import NOT_OWED, Party
from sim.analysis.telling import Teller, kind_of
from sim.analysis.words import clock, named, say
from sim.domain import events as ev
from sim.journal.cast import Cast
from sim.sheets import Column, Sheet, Value

_WIDE = ("told", "duty", "clause")


def sheets(events: Sequence[ev.Event], line: Timeline, cast: Cast, lang: str) -> list[Sheet]:
    """Every sheet that has a row."""
    teller = Teller(cast, lang)

    def at(t: float | None) -> Value:
        return None if t is None else clock(cast.starts_at, t)

    timeline: list[Sequence[Value]] = [
        [event.seq, event.t, at(event.t), kind_of(event), teller.tell(event), event.cause] for event in events
    ]
    teams: list[Sequence[Value]] = [
        [s.id, teller.team_name(s.team), s.element, s.people, teller.incident(s.incident), teller.capability(s.task),
         at(s.ordered), at(s.departed), at(s.arrived), at(s.returned)]
        for s in line.sorties.values()
    ]  # fmt: skip
    people: list[Sequence[Value]] = [
        [p.id, teller.incident(p.incident), teller.named("status", p.status),
         teller.named("triage", p.triage) if p.triage else "",
         teller.hospital(p.hospital) if p.hospital else None]
        for p in line.persons.values()
    ]  # fmt: skip
    made = [
        _sheet("timeline", ("seq", "t", "clock", "kind", "told", "cause"), timeline, lang),
        _sheet("teams", ("sortie", "team", "element", "persons", "incident", "task", "ordered", "departed", "arrived", "returned"),
               teams, lang),
        _sheet("people", ("person", "incident", "status", "triage", "hospital"), people, lang),
        _sheet("duties", ("duty", "incident", "debtor", "creditor", "clause", "arose", "due", "done", "outcome"),
               _duties(events, cast, teller, lang), lang),
        *msel_view.sheets(msel.inject_lines(events, cast), cast, lang),
    ]  # fmt: skip
    return [sheet for sheet in made if sheet.rows]


def _duties(events: Sequence[ev.Event], cast: Cast, teller: Teller, lang: str) -> list[Sequence[Value]]:
    """The ledger of the review, by law and by plan: whose it was, by when, when it was done."""

    def at(t: float | None) -> Value:
        return None if t is None else clock(cast.starts_at, t)

    def who(party: Party) -> Value:
        return party.name.of(lang) or None

    return [
        [o.title.of(lang), teller.incident(o.incident), who(o.debtor), who(o.creditor), o.clause.of(lang) or None,
         at(o.arose_at), at(o.due_at), at(o.done_at), named("outcome", o.outcome, lang)]
        for o in duties.ledger(events, cast) if o.outcome != NOT_OWED
    ]  # fmt: skip


def _sheet(title: str, heads: Sequence[str], rows: Sequence[Sequence[Value]], lang: str) -> Sheet:
    columns = [Column(say(f"workbook.{head}", lang), 60 if head in _WIDE else 15) for head in heads]
    return Sheet(say(f"workbook.{title}", lang), columns, rows)
