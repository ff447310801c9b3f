"""Ground: what every section of a review stands on – the journal, its timeline, its names; the truth and the belief at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar

from sim.analysis import timeline
from sim.analysis.disasters import Disaster, disasters, roots_of
from sim.analysis.facts import Facts
from sim.analysis.lines import PersonLine, Timeline
from sim.analysis.review.blocks import NO_ORIGIN, Origin
from sim.analysis.review.settled import Settled, settle
from sim.analysis.review.words import WORDS
from sim.analysis.summary import summarise
from sim.analysis.telling import Teller, kind_of
from sim.analysis.words import TABLE, clock, in_the_singular, named, span
from sim.domain import events as ev
from sim.domain.hazards import Sighting
from sim.domain.people import Status
from sim.journal.cast import Cast, Words
from sim.units import DAY, MINUTE

E = TypeVar("E", bound=ev.Event)
_HURT = frozenset({Status.WAITING, Status.CARRIED, Status.HOSPITAL, Status.SAVED})
COUNTS = ("trapped", "threatened", "dead", "injured", "waiting")  # of a sighting, as the truth is counted here


@dataclass(frozen=True)
class Told:
    """A report as a post has it: what it said, when it was sent and when it came."""

    event: ev.ReportSent
    received: float
    seq: int


@dataclass
class Ground:
    """A journal in one language, with all that the sections ask of it."""

    events: Sequence[ev.Event]
    cast: Cast
    lang: str
    origin: Origin = NO_ORIGIN
    terms: Mapping[str, float] = field(default_factory=dict)  # models/rules/review.yaml, SI
    like: Ground | None = None  # the same journal in another language: what needs no words is read once

    def __post_init__(self) -> None:
        self.line: Timeline = timeline.build(self.events) if self.like is None else self.like.line
        self.teller = Teller(self.cast, self.lang)
        for event in self.events:
            self.teller.hear(event)

    # ── words ──

    def say(self, key: str, **facts: object) -> str:
        """The words of the review for a key."""
        text = WORDS[key][self.lang != "zh"].format(**facts)
        return text if self.lang == "zh" else in_the_singular(text)

    def pick(self, words: Words) -> str:
        """Words in the language of the review."""
        return words.of(self.lang)

    def named(self, family: str, name: object) -> str:
        """One of a family of names, of the review or of the program; else the name itself, in plain letters."""
        text = str(getattr(name, "value", name))
        found = named(family, text, self.lang)
        if found == text and (own := WORDS.get(f"{family}.{text}")) is not None:
            return own[self.lang != "zh"]
        return found.replace("_", " ") if found == text else found

    def clock(self, t: float) -> str:
        """The time on the case's clock; with its year where a journal runs on into another."""
        start = datetime.fromisoformat(self.cast.starts_at)
        moment = start + timedelta(seconds=t)
        return moment.strftime("%Y-%m-%d %H:%M") if moment.year != start.year else clock(self.cast.starts_at, t)

    def date(self, t: float, days: float = 0.0) -> date:
        """The day on the case's clock, so many days after a time."""
        return (datetime.fromisoformat(self.cast.starts_at) + timedelta(seconds=t, days=days)).date()

    def span(self, seconds: float) -> str:
        """A duration as people say it; weeks and more in days."""
        if 0.0 < seconds < MINUTE / 2:
            return self.say("under")
        if seconds >= 14 * DAY:
            return self.say("days", count=round(seconds / DAY))
        return span(seconds, self.lang)

    def listed(self, parts: Iterable[str]) -> str:
        """Parts in a row."""
        return self.teller.listed(parts)

    def incident(self, name: str) -> str:
        """The name of an incident, with its id where there are several; the whole day where none is named."""
        if not name:
            return self.say("whole")
        return self.teller.marked(name)

    def mark(self, name: str) -> str:
        """An incident as a row of a table names it: by its mark where there are several, which the first table explains."""
        if not name:
            return self.say("whole")
        return self.teller.mark(name).strip("[] ") or self.teller.incident(name)

    def unit(self, name: str) -> str:
        """A unit or post by its name."""
        known = self.cast.units.get(name) or self.cast.monitors.get(name)
        return self.pick(known) if known else self.teller.post(name)

    def item(self, name: str) -> str:
        """A kind of supplies by its name."""
        stores = getattr(self.cast, "stores", None)  # of a city that has any
        return (
            self.pick(stores.items[name].name)
            if stores is not None and name in stores.items
            else self.named("item", name)
        )

    def force(self, name: str) -> str:
        """A force from outside by its name."""
        forces = getattr(self.cast, "forces", {})
        return self.pick(forces[name].name) if name in forces else self.named("force", name)

    def expectation(self, name: str) -> Words:
        """The title of an expected action, of the drill or of one of its injects."""
        known = getattr(self.cast, "expected", {}).get(name)
        return self.cast.expectations.get(name) or (known.title if known is not None else Words(name, name))

    def events_text(self, seqs: Iterable[int], most: int = 3) -> str:
        """Numbers of events as they are cited."""
        all_of = list(dict.fromkeys(seqs))
        shown = " ".join(f"#{n}" for n in all_of[:most])  # a line ends between two of them, never within one
        return f"{shown} …" if len(all_of) > most else shown or "–"

    def tell(self, event: ev.Event) -> str:
        """One sentence for an event; its kind where there are no words for it yet."""
        if f"event.{kind_of(event)}" not in TABLE and not isinstance(event, ev.ResponseChanged | ev.Shortfall):
            return kind_of(event).replace("_", " ")
        return self.teller.tell(event)

    # ── what happened ──

    def of(self, kind: type[E]) -> list[E]:
        """All events of a kind, in order."""
        return self._by_kind.get(kind, [])

    @cached_property
    def _by_kind(self) -> dict[type[ev.Event], list[Any]]:
        found: dict[type[ev.Event], list[Any]] = {}
        for event in self.events:
            found.setdefault(type(event), []).append(event)
        return found

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The figures of the run."""
        if self.like is not None:
            return self.like.summary
        return {key: entry["value"] for key, entry in summarise(self.events, self.cast, "").items()}

    @cached_property
    def facts(self) -> Facts:
        """The journal read for duties and phases."""
        return Facts(self.events, self.cast) if self.like is None else self.like.facts

    @cached_property
    def settled(self) -> Settled:
        """Obligations, loops, marks."""
        return settle(self.facts) if self.like is None else self.like.settled

    @cached_property
    def field_ended(self) -> float:
        """When everybody was home: what follows is aftercare. The end of the journal where nothing follows."""
        return next((e.t for e in self.of(ev.FieldEnded)), self.line.ended)

    @cached_property
    def people(self) -> dict[str, list[PersonLine]]:
        """The people in harm's way, by incident."""
        found: dict[str, list[PersonLine]] = {}
        for person in self.line.persons.values():
            found.setdefault(person.incident, []).append(person)
        return found

    @cached_property
    def told(self) -> dict[tuple[str, str], list[Told]]:
        """By post and incident: the reports that reached it, in the order they came."""
        sent = {e.report: e for e in self.of(ev.ReportSent)}
        found: dict[tuple[str, str], list[Told]] = {}
        for e in self.of(ev.ReportReceived):
            if e.report in sent:
                found.setdefault((e.post, e.incident), []).append(Told(sent[e.report], e.t, e.seq))
        return found

    @cached_property
    def disasters(self) -> tuple[Disaster, ...]:
        """The disasters of the run: each accident with all that followed it."""
        return disasters(self.line)

    @cached_property
    def _families(self) -> Mapping[str, Disaster]:
        return roots_of(self.disasters)

    def joint_sight(self, incident: str, t: float) -> dict[str, int]:
        """The same as `sight` of all places of the disaster that an incident began."""
        return _summed([self.sight(place, t) for place in self._places(incident)])

    def joint_truth(self, incident: str, t: float) -> dict[str, int]:
        """The same as `truth` of all places of the disaster that an incident began."""
        return _summed([self.truth(place, t) for place in self._places(incident)])

    def _places(self, incident: str) -> list[str]:
        family = self._families.get(incident)
        return [i.id for i in family.members] if family is not None and family.id == incident else [incident]

    def sight(self, incident: str, t: float) -> dict[str, int]:
        """The truth as anybody on the spot could count it: the dead whom nobody has reached yet are missing to everybody."""
        true = self.truth(incident, t)
        unreached = sum(t < found and dead <= t for dead, found in self._reached.get(incident, ()))
        hidden = {"dead": -unreached, "trapped": unreached, "missing": unreached}
        return {name: value + hidden.get(name, 0) for name, value in true.items()}

    @cached_property
    def _reached(self) -> dict[str, list[tuple[float, float]]]:
        """By incident: when each of the dead who lay out of sight died, and was reached."""
        found: dict[str, list[tuple[float, float]]] = {}
        for e in self.of(ev.DeadFound):
            for name in e.persons:
                person = self.line.persons.get(name)
                if person is not None and (died := person.first(Status.DEAD)) is not None:
                    found.setdefault(e.incident, []).append((died, e.t))
        return found

    def known(self, post: str, incident: str, t: float) -> Told | None:
        """The latest report that a post had of an incident at a time."""
        return next((r for r in reversed(self.told.get((post, incident), [])) if r.received <= t), None)

    def truth(self, incident: str, t: float) -> dict[str, int]:
        """How many people of an incident were trapped, threatened, dead, hurt and waiting, in truth, at a time."""
        if (incident, t) not in self._truths:
            self._truths[incident, t] = self._counted(incident, t)
        return self._truths[incident, t]

    @cached_property
    def _truths(self) -> dict[tuple[str, float], dict[str, int]]:
        return {} if self.like is None else self.like._truths

    def _counted(self, incident: str, t: float) -> dict[str, int]:
        at = [(person, person.at(t)) for person in self.people.get(incident, [])]
        return {
            "trapped": sum(s is Status.TRAPPED for _, s in at),
            "threatened": sum(s is Status.EXPOSED for _, s in at),
            "dead": sum(s is Status.DEAD for _, s in at),
            "injured": sum(self._is_hurt(person, now, t) for person, now in at),
            "waiting": sum(s is Status.WAITING for _, s in at),
            "missing": sum(s in (Status.TRAPPED, Status.MISSING) for _, s in at),  # as a notice counts those not found
        }

    def _is_hurt(self, person: PersonLine, now: Status | None, t: float) -> bool:
        """Whether somebody counts as hurt: once is for ever, but where posts work by plans the dead are dead and no longer hurt."""
        if now is Status.DEAD and self.cast.platform:
            return False
        return any(when <= t and status in _HURT for when, status, _ in person.statuses)

    @cached_property
    def leads(self) -> dict[str, str]:
        """By incident: the post that led it last."""
        return {e.incident: e.post for e in self.of(ev.LeadTaken)}

    def counts(
        self, figures: Mapping[str, float] | Sighting, names: Sequence[str] = ("trapped", "dead", "injured")
    ) -> str:
        """Counts of people in a few words: trapped 6 · dead 1 · injured 2."""
        value = {n: getattr(figures, n) if isinstance(figures, Sighting) else figures.get(n, 0) for n in names}
        return " · ".join(f"{self.named('count', n)} {v:g}" for n, v in value.items())


def _summed(counts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    return {name: sum(count[name] for count in counts) for name in counts[0]}


def both(events: Sequence[ev.Event], cast: Cast, origin: Origin, terms: Mapping[str, float]) -> tuple[Ground, Ground]:
    """A journal in Chinese and in English."""
    zh = Ground(events, cast, "zh", origin, terms)
    return zh, Ground(events, cast, "en", origin, terms, zh)
