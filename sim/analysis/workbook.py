"""A run as a workbook: what happened, who went, what became of people, what was due, the master event list; one sheet each."""

from __future__ import annotations

from collections.abc import Sequence

from sim.analysis import measures, msel, msel_view
from sim.analysis.lines import Timeline
from sim.analysis.telling import Teller, kind_of
from sim.analysis.words import clock, named, say
from sim.domain import events as ev
from sim.journal.cast import Cast
from sim.sheets import Column, Sheet, Value

_WIDE = ("told", "duty", "source")


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
    duties = _duties(events, line, cast, teller, lang)
    made = [
        _sheet("timeline", ("seq", "t", "clock", "kind", "told", "cause"), timeline, lang),
        _sheet("teams", ("sortie", "team", "element", "persons", "incident", "task", "ordered", "departed", "arrived", "returned"),
               teams, lang),
        _sheet("people", ("person", "incident", "status", "triage", "hospital"), people, lang),
        _sheet("duties", ("duty", "incident", "outcome", "source"), duties, lang),
        *msel_view.sheets(msel.inject_lines(events, cast), cast, lang),
    ]  # fmt: skip
    return [sheet for sheet in made if sheet.rows]


def _duties(events: Sequence[ev.Event], line: Timeline, cast: Cast, teller: Teller, lang: str) -> list[Sequence[Value]]:
    duties = {duty.id: duty for duty in (*cast.obligations, *cast.phases)}
    judged = measures.judge(tuple(duties.values()), events, line.ended)
    return [
        [duties[id_].title.of(lang), teller.incident(incident), named("outcome", outcome, lang), duties[id_].source]
        for (id_, incident), outcome in judged.items()
    ]


def _sheet(title: str, heads: Sequence[str], rows: Sequence[Sequence[Value]], lang: str) -> Sheet:
    columns = [Column(say(f"workbook.{head}", lang), 60 if head in _WIDE else 15) for head in heads]
    return Sheet(say(f"workbook.{title}", lang), columns, rows)
