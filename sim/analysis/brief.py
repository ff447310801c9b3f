"""Brief: what a duty officer wants to know first, on a page of eighty columns."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from sim.analysis import duties, phases, timeline
from sim.analysis.disasters import Disaster, disasters, kinds_of, told_first, told_toll
from sim.analysis.facts import Facts
from sim.analysis.lines import IncidentLine, SortieLine, Timeline
from sim.analysis.moments import key_moments
from sim.analysis.owed import LATE, MISSED, Obligation
from sim.analysis.summary import summarise
from sim.analysis.telling import Teller
from sim.analysis.words import amount, clock, either, figure, named, say, span
from sim.domain import events as ev
from sim.journal.cast import Cast, Words

WIDTH = 80
_NARROWEST = 40  # a terminal that claims less is wrong about itself
_MOST_DUTIES = 6
_MOST_PLACES = 6  # of one disaster
_MOST_MOMENTS, _MOMENTS_EACH, _MOST_TEAMS, _MOST_INCIDENTS, _MOST_SHORT = 60, 16, 12, 6, 8
_OUTCOME_STYLE = {"met": "green", "late": "yellow", "missed": "red"}


def text(events: Sequence[ev.Event], cast: Cast, lang: str) -> str:
    """The brief as plain text, eighty columns wide."""
    console = Console(file=io.StringIO(), width=WIDTH, color_system=None, legacy_windows=False)
    show(events, cast, lang, console)
    assert isinstance(console.file, io.StringIO), "the console was just made"
    return "\n".join(row.rstrip() for row in console.file.getvalue().splitlines()) + "\n"


def show(events: Sequence[ev.Event], cast: Cast, lang: str, console: Console) -> None:
    """Print the brief of a journal on a console, in Chinese (`zh`) or English (`en`)."""
    console.width = max(_NARROWEST, console.width)
    console.print(_Brief(events, cast, lang).page(), width=min(console.width, WIDTH), highlight=False)


@dataclass
class _Arrivals:
    """The sorties of one team that came to one incident."""

    team: str
    sorties: list[SortieLine]

    @property
    def first(self) -> float:
        return min(s.visits[0].arrived for s in self.sorties)

    @property
    def people(self) -> int:
        return sum({s.element: s.people for s in self.sorties}.values())


class _Brief:
    """Everything the page is made of."""

    def __init__(self, events: Sequence[ev.Event], cast: Cast, lang: str) -> None:
        self.events, self.cast, self.lang = events, cast, lang
        self.line: Timeline = timeline.build(events)
        self.disasters = disasters(self.line)
        self.facts = Facts(events, cast)
        self.summary = summarise(events, cast, "")
        self.teller = Teller(cast, lang)
        for event in events:
            self.teller.hear(event)

    def page(self) -> RenderableType:
        """The whole brief."""
        sections = (
            ("brief.course", self._course()),
            ("brief.forces", self._forces()),
            ("brief.people", self._people()),
            ("brief.short", self._short()),
            ("brief.expected", self._expected()),
        )
        parts: list[RenderableType] = [*self._headline()]
        for key, body in sections:
            if body is not None:
                parts += [Text(), Text(self._say(key), style="bold cyan"), Padding(body, (0, 0, 0, 2))]
        return Group(*parts, Text(), *self._honesty())

    # ── parts ──

    def _headline(self) -> Iterator[RenderableType]:
        start = self.line.started
        yield Rule(Text(f" {self.cast.case.of(self.lang)} ", style="bold"), style="dim")
        when = self.cast.starts_at[:16].replace("T", " ")
        about = [self.cast.city.of(self.lang), self._say("brief.start", date=when)]
        if start:
            strategy = self.teller.strategy(start.strategy)
            about.append(self._say("brief.run", strategy=strategy, seed=start.seed, number=start.replication + 1))
        yield Text(" · ".join(about), style="dim")
        rows = _grid(ratios=(0, 1))
        for disaster in self.disasters[:_MOST_INCIDENTS]:
            rows.add_row(Text(self._clock(disaster.root.occurred)), Text(self._incident(disaster.root)))
            for text in self._disaster(disaster):
                rows.add_row(Text(), Text(text))
        if self.line.incidents:
            yield rows
        yield Text(self._totals())
        still_open = [i for i in self.line.incidents.values() if i.closed is None]
        if self.line.end_reason == "horizon" and still_open:
            names = self.teller.listed(self.teller.marked(i.id) for i in still_open)
            until = self._clock(self.line.ended)
            yield Text(self._say("brief.cut_short", until=until, incidents=names), style="bold")

    def _disaster(self, disaster: Disaster) -> Iterator[str]:
        """What followed, the toll, who was there first, and the places in order of need."""
        followed = disaster.followed
        if followed:
            yield self._say("disaster.followed", count=len(followed), kinds=kinds_of(followed, self.teller))
        if disaster.toll is not None:
            yield self._say("disaster.toll_is", toll=told_toll(disaster.toll, self.teller))
        if not followed:
            return
        if first := told_first(disaster, self.teller):
            yield self._say("disaster.first_is", first=first)
        places = [place for place in disaster.places if place.harmed]
        for place in places[:_MOST_PLACES]:
            came = place.incident.first_arrival
            first = self._say("disaster.nobody") if came is None else self._say(
                "disaster.place_first", at=self._clock(came)
            )  # fmt: skip
            told = self._say("disaster.place", harmed=place.harmed, dead=place.dead, first=first)
            yield f"  {self.teller.marked(place.incident.id)} · {told}"
        if rest := places[_MOST_PLACES:]:
            yield "  " + self._say("disaster.more", count=len(rest), harmed=sum(p.harmed for p in rest))

    def _incident(self, incident: IncidentLine) -> str:
        """Name, nature, cause, place, scope."""
        card = self.teller.hazard(incident.id)
        scope = [
            f"{card.scope[name].name.of(self.lang)} {amount(value, card.scope[name].unit, self.lang)}"
            for name, value in incident.scope.items()
            if name in card.scope and value and incident.variant in (card.scope[name].variants or (incident.variant,))
        ]
        site = Words(incident.site.name_zh, incident.site.name_en).of(self.lang)
        cause = self._say("brief.cause", cause=either(card.causes, incident.origin, self.lang))
        nature = card.title.of(self.lang) or incident.nature
        if incident.variant:
            kind = either(card.variants, incident.variant, self.lang)
            nature += f"（{kind}）" if self.lang == "zh" else f" ({kind})"
        parts = [self.teller.marked(incident.id), nature, cause, site, *scope]
        return " · ".join(filter(None, parts))

    def _totals(self) -> str:
        received = min((i.received for i in self.line.incidents.values() if i.received is not None), default=0.0)
        came = [arrivals.first - received for arrivals in self._teams_that_came()]
        if not came:
            return self._say("brief.nobody_came")
        return self._say(
            "brief.totals", teams=self._value("teams_dispatched"), people=figure(self._value("people_dispatched")),
            arrived=figure(self._value("people_arrived")),
            first=span(came[0], self.lang), last=span(came[-1], self.lang),
            km=figure(self._value("km_travelled")), hours=figure(self._value("element_hours")),
        )  # fmt: skip

    def _course(self) -> RenderableType:
        most = min(_MOST_MOMENTS, _MOMENTS_EACH * (1 + len(self.disasters)))
        moments, left_out = key_moments(self.events, self.line, self.teller, most)
        marks = [self.teller.mark(m.incident).strip() for m in moments]
        rows = _grid(ratios=(0, 0, 0, 1) if any(marks) else (0, 0, 1), right=(0, 1))
        for m, mark in zip(moments, marks, strict=True):
            style = "" if m.weight == 1 else "dim"
            which = [Text(mark, style=style)] if any(marks) else []
            rows.add_row(
                Text(self._clock(m.t)), Text("+" + _elapsed(m.t), style="dim"), *which, Text(m.text, style=style)
            )
        if not left_out:
            return rows
        return Group(rows, Text(self._say("brief.more_moments", count=left_out), style="dim"))

    def _teams_that_came(self) -> list[_Arrivals]:
        """Teams of which somebody reached an incident, the first first."""
        teams: dict[str, _Arrivals] = {}
        for sortie in self.line.sorties.values():
            if sortie.visits:
                teams.setdefault(sortie.team, _Arrivals(sortie.team, [])).sorties.append(sortie)
        return sorted(teams.values(), key=lambda a: (a.first, a.team))

    def _forces(self) -> RenderableType:
        order = self._teams_that_came()
        if not order:
            return Text(self._say("brief.nobody_came"))
        rows = _grid(ratios=(0, 0, 4, 5, 0), right=(0, 4))
        for arrivals in order[:_MOST_TEAMS]:
            rows.add_row(
                Text(self._clock(arrivals.first)), Text(self._tier(arrivals.team), style="dim"),
                Text(self.teller.team_name(arrivals.team)), Text(self._elements(arrivals)),
                Text(self._say("brief.people_count", count=arrivals.people)),
            )  # fmt: skip
        rest = order[_MOST_TEAMS:]
        parts: list[RenderableType] = [rows]
        if rest:
            people, last = sum(a.people for a in rest), self._clock(max(a.first for a in rest))
            parts.append(Text(self._say("brief.more_teams", teams=len(rest), people=people, last=last), style="dim"))
        parts.append(Text(self._by_tier(order), style="dim"))
        return Group(*parts)

    def _tier(self, team: str) -> str:
        known = self.cast.teams.get(team)
        return named("tier", str(known.tier), self.lang) if known else ""

    def _elements(self, arrivals: _Arrivals) -> str:
        """How many elements of which kinds, and from where."""
        counts: dict[str, int] = {}
        homes: dict[str, None] = {}
        for name in dict.fromkeys(s.element for s in arrivals.sorties):
            element = self.cast.elements.get(name)
            if element is not None:
                known = self.cast.kinds.get(element.kind)
                kind = known.name.of(self.lang) if known else element.kind
                counts[kind] = counts.get(kind, 0) + 1
                homes[self.teller.node(element.node)] = None
        what = self.teller.listed(self._say("brief.elements", count=n, kind=kind) for kind, n in counts.items())
        places = self.teller.listed(list(homes)[:2]) + ("…" if len(homes) > 2 else "")
        return f"{what} ← {places}" if places else what

    def _by_tier(self, order: Sequence[_Arrivals]) -> str:
        tiers: dict[int, list[_Arrivals]] = {}
        for arrivals in order:
            known = self.cast.teams.get(arrivals.team)
            tiers.setdefault(known.tier if known else 0, []).append(arrivals)
        return " · ".join(
            self._say("brief.tiers", tier=named("tier", str(tier), self.lang), teams=len(group), people=_people(group))
            for tier, group in sorted(tiers.items()) if tier
        )  # fmt: skip

    def _people(self) -> RenderableType:
        value = self._value("casualties")
        if not value["involved"]:
            return Text(self._say("brief.nobody"))
        colon, comma = ("：", "，") if self.lang == "zh" else (": ", ", ")
        fates = [f"{named('status', key, self.lang)} {value[key]}" for key in ("saved", "safe")]
        fates.append(f"{named('status', 'dead', self.lang)} {value['dead']['total']}")
        fates.append(f"{named('status', 'missing', self.lang)} {value['missing']}")
        if value["open"]:
            fates.append(self._say("brief.open", count=value["open"]))
        rows = [Text(self._say("brief.involved", count=value["involved"]) + colon + comma.join(fates))]
        why = [f"{named('dead', key, self.lang)} {n}" for key, n in value["dead"].items() if key != "total" and n]
        if why:
            rows.append(Text(named("status", "dead", self.lang) + colon + comma.join(why)))
        return Group(*rows)

    def _short(self) -> RenderableType:
        shorts = self.line.shortfalls
        if not shorts:
            return Text(self._say("brief.no_short" if self._value("teams_dispatched") else "brief.nobody_sent"))
        rows = _grid(ratios=(3, 2, 0, 3))
        for short in sorted(shorts, key=lambda s: (s.start - s.end, s.capability))[:_MOST_SHORT]:
            until = self._say("brief.until_end") if short.end >= self.line.ended else self._clock(short.end)
            rows.add_row(
                Text(self.teller.mark(short.incident) + self.teller.capability(short.capability)),
                Text(self.teller.effort(short.capability, short.amount)),
                Text(f"{self._clock(short.start)} – {until}"), Text(named("short", short.reason, self.lang)),
            )  # fmt: skip
        return rows

    def _expected(self) -> RenderableType | None:
        rows = _grid(ratios=(0, 1, 0))
        for name, outcome, due, settled in self.line.expectations:
            title = self.cast.expectations[name].of(self.lang) if name in self.cast.expectations else name
            when = self._clock(settled) if outcome != "missed" else "–"
            mark = Text(named("outcome", outcome, self.lang), style=_OUTCOME_STYLE.get(outcome, ""))
            rows.add_row(
                mark, Text(title), Text(f"{when} ({self._say('brief.due', due=self._clock(due))})", style="dim")
            )
        parts: list[RenderableType] = [rows] if self.line.expectations else []
        if self.cast.obligations:
            parts.append(Text(self._say("brief.obligations", **self._value("obligations"))))
            owed = duties.ledger_of(self.facts)
            parts += self._undone((o.outcome, o.incident, self._title(o)) for o in owed)
        if self.cast.phases:
            closed, due = self._value("phases_closed"), self._value("phases_due")
            parts.append(Text(self._say("brief.phases", closed=closed, due=due)))
            lines = (p for loop in phases.loops_of(self.facts) for p in loop.phases if p.state != "not_due")
            parts += self._undone((p.outcome, p.incident, p.title.of(self.lang)) for p in lines)
        return Group(*parts) if parts else None

    def _undone(self, owed: Iterable[tuple[str, str, str]]) -> list[RenderableType]:
        """What was done late or not at all, by name: (outcome, incident, title)."""
        failed = [entry for entry in owed if entry[0] in (LATE, MISSED)]
        return [
            Text(
                f"  {named('outcome', outcome, self.lang)}  {self.teller.mark(incident)}{title}",
                style=_OUTCOME_STYLE.get(outcome, ""),
            )
            for outcome, incident, title in failed[:_MOST_DUTIES]
        ]

    def _title(self, owed: Obligation) -> str:
        """What was owed; of an item of the two lists its number, for its text is a paragraph."""
        _, is_item, number = owed.duty.partition(duties.ITEM)
        return self._say("brief.item", number=number) if is_item else owed.title.of(self.lang)

    def _honesty(self) -> Iterator[RenderableType]:
        start = self.line.started
        if start:
            yield Text(self._say("brief.honest", seed=start.seed, number=start.replication + 1), style="dim")
        if credit := self.cast.credit(self.lang):
            yield Text(credit, style="dim")

    # ── small words ──

    def _say(self, key: str, **facts: object) -> str:
        return say(key, self.lang, **facts)

    def _value(self, key: str) -> Any:
        return self.summary[key]["value"]

    def _clock(self, t: float) -> str:
        return clock(self.cast.starts_at, t)


def _people(group: Sequence[_Arrivals]) -> int:
    return sum(arrivals.people for arrivals in group)


def _elapsed(t: float) -> str:
    hours, minutes = divmod(int(t // 60.0), 60)  # as the clock beside it: whole minutes that have passed
    return f"{hours}:{minutes:02d}"


def _grid(ratios: Sequence[int], right: Sequence[int] = ()) -> Table:
    """Rows without lines: columns of ratio 0 are as wide as what they hold, the others share the rest."""
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    for i, ratio in enumerate(ratios):
        table.add_column(
            ratio=ratio or None, no_wrap=not ratio, overflow="fold", justify="right" if i in right else "left"
        )
    return table
