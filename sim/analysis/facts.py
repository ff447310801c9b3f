"""Facts: a journal read once, so that duties and phases can ask it what an event was, and how things stood at that moment.

Some of what a sign may ask for stands in no field of the event itself but follows from the events before and after it; the
names of these are in `FOLLOWING`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sim.analysis.owed import Party
from sim.domain import events as ev
from sim.domain.people import Status
from sim.domain.places import Site
from sim.journal.cast import Cast, Sign, Words
from sim.journal.families import Families
from sim.journal.law import Owed

_AT_LEAST = ">="
_ITS_OWN = ("incident_occurred", "response_changed", "plan_activated", "hazard_over", "incident_closed")
_YES = "yes"
_CUT_OFF = "horizon"
_BY_PLAN = (ev.PlanActivated, ev.TaskArose, ev.FieldEnded)
_NO_CAST = Cast(Words("", ""), Words("", ""), "")


class Facts:
    """What a journal says, by incident, and how things stood at each of its events."""

    def __init__(self, events: Iterable[ev.Event], cast: Cast | None = None, ended: float | None = None) -> None:
        self.events: Sequence[ev.Event] = tuple(events)
        self.cast = cast or _NO_CAST
        self.by_seq = {event.seq: event for event in self.events}
        self.ended = ended if ended is not None else self.events[-1].t if self.events else 0.0
        # a run that was interrupted, or is still going on, has missed nothing that has no deadline
        self.over = ended is not None or any(isinstance(event, ev.RunEnded) for event in self.events[-1:])
        self.cut_off = False  # the field was at the end of its time, with work still going on
        self.planned = bool(self.cast.units) or any(isinstance(event, _BY_PLAN) for event in self.events)
        self.occurred: dict[str, ev.IncidentOccurred] = {}
        self.field_ended: float | None = None
        self.reports: dict[str, ev.ReportSent] = {}
        self._more: dict[int, dict[str, str | tuple[str, ...]]] = {}
        self._plans: dict[str, list[tuple[int, str]]] = {}
        self._grades: dict[str, list[ev.Graded]] = {}
        self._kinds: dict[tuple[str, str], list[ev.Event]] = {}
        self._incidents: dict[str, list[ev.Event]] = {}
        self._closed: set[str] = set()
        self._levels: dict[tuple[str, str], int] = {}
        self._items: dict[tuple[str, str], bool] = {}  # of the two lists; whether it was struck off
        self._waiting: dict[tuple[str, str, str], list[ev.TaskArose]] = {}
        self._members: dict[str, list[str]] | None = None
        self.arose: dict[int, ev.TaskArose] = {}  # what a TaskDone answers, by its seq
        self.answered: dict[int, ev.TaskDone] = {}  # the other way round
        self.lapsed: dict[int, ev.TaskLapsed] = {}  # what became pointless, by the seq of its TaskArose
        self._families = Families()
        self._read()

    # ── what happened ──

    @property
    def incidents(self) -> Iterator[str]:
        """The incidents above the statute, whether they owe something of their own or with what they followed."""
        return (i for i in self._incidents if i and not self.ordinary(i))

    @property
    def disasters(self) -> Iterator[str]:
        """The incidents that owe something: what followed one owes with it, unless it opened a response by another plan."""
        return (i for i in self.incidents if self.owner(i) == i)

    def owner(self, incident: str) -> str:
        """With which incident one owes: itself, or the one it followed and is handled with."""
        while self.root(incident) != incident:
            above = self.owner(self.occurred[incident].parent)
            if {plan for _, plan in self._plans.get(incident, ())} - {plan for _, plan in self._plans.get(above, ())}:
                break
            incident = above
        return incident

    def members(self, incident: str) -> list[str]:
        """An incident that owes something and those that owe with it."""
        if self._members is None:
            self._members = {}
            for name in self._incidents:
                if name:
                    self._members.setdefault(self.owner(name), []).append(name)
        return self._members.get(incident, [incident])

    def ordinary(self, incident: str) -> bool:
        """Whether an incident is below the statute."""
        begun = self.occurred.get(incident)
        return begun is not None and begun.ordinary

    def root(self, incident: str) -> str:
        """The first accident of the disaster that an incident is part of."""
        return self._families.root(incident)

    def of(self, incident: str) -> Sequence[ev.Event]:
        """The events of an incident, in order."""
        return self._incidents.get(incident, ())

    def value(self, event: ev.Event, field: str) -> Any:
        """A field of an event, or what follows for it from others (`FOLLOWING`)."""
        if field == "number" and isinstance(event, ev.ReportSent) and self.owner(event.incident) != event.incident:
            return event.number + 1  # what is first told of a consequence goes on with the reports of what caused it
        found = getattr(event, field, None)
        return self._more.get(event.seq, {}).get(field) if found is None else found

    def meets(self, event: ev.Event, signs: Sequence[Sign]) -> bool:
        """Whether an event is one of these signs."""
        kind = str(event.__struct_config__.tag)
        return any(
            sign.kind == kind and all(_is(self.value(event, name), wanted) for name, wanted in sign.where.items())
            for sign in signs
        )

    def like(self, incident: str, signs: Sequence[Sign]) -> Iterator[ev.Event]:
        """The events of an incident that are one of these signs, in order."""
        kinds = sorted({sign.kind for sign in signs})
        found = [event for kind in kinds for event in self._kinds.get((incident, kind), ())]
        if len(kinds) > 1:
            found.sort(key=lambda event: event.seq)
        return (event for event in found if self.meets(event, signs))

    def like_in_disaster(self, incident: str, signs: Sequence[Sign]) -> Iterator[ev.Event]:
        """The same, of the incident and of what owes with it; only how it began and ended is its own."""
        members = self.members(incident)
        if len(members) == 1:
            return self.like(incident, signs)
        apart = [sign for sign in signs if sign.kind not in _ITS_OWN]
        found = [*self.like(incident, signs), *(e for m in members if m != incident for e in self.like(m, apart))]
        return iter(sorted(found, key=lambda event: event.seq))

    def first(self, incident: str, signs: Sequence[Sign]) -> ev.Event | None:
        """The first event of an incident that is one of these signs."""
        return next(self.like(incident, signs), None)

    # ── how things stood ──

    def family(self, incident: str, seq: int | None = None) -> str:
        """The family of plans an incident belongs to: of the plan that was activated (by then), else of its hazard card.

        Of several plans at work the one that its card names first is its own; the others support it.
        """
        begun = self.occurred.get(incident)
        card = self.cast.hazards.get(begun.nature) if begun else None
        own = card.plans if card else ()
        activated = [plan for at, plan in self._plans.get(incident, ()) if seq is None or at <= seq]
        known = [plan for plan in activated if plan in self.cast.law.families or not self.cast.law.families]
        return next((plan for plan in own if plan in known), known[0] if known else own[0] if own else "")

    def legal_class(self, incident: str) -> str:
        """natural, accident, public_health or public_security; "" where the cast does not say."""
        return self.cast.law.families.get(self.family(incident), "")

    def severity(self, incident: str, seq: int | None = None, of: str = "confirmed") -> int:
        """The class as graded by whoever (by then): confirmed as last, potential at its highest; 0 before any grading.

        What an accident was once held to threaten makes it one of that class for reports and notices, come what may.
        """
        grades = [g for g in self._grades.get(incident, ()) if seq is None or g.seq <= seq]
        if of == "potential":
            return max((g.potential for g in grades), default=0)
        return grades[-1].confirmed if grades else 0

    def owed(self, owed: Owed, incident: str, seq: int) -> bool:
        """Whether a duty is owed at all for an incident, as things stood at an event."""
        if (owed.planned and not self.planned) or (owed.first and self.root(incident) != incident):
            return False
        family = self.family(incident, seq)
        if (owed.families and family not in owed.families) or family in owed.not_families:
            return False
        if owed.classes and self.legal_class(incident) not in owed.classes:
            return False
        return self._graded_and_told(owed, incident, seq)

    def _graded_and_told(self, owed: Owed, incident: str, seq: int) -> bool:
        """Whether severity, what was told and what came before are as a duty asks."""
        low, high = owed.severity
        if (low, high) != (1, 4) and not low <= max(1, self.severity(incident, seq, owed.of)) <= high:
            return False
        if owed.told and not self._told_of_casualties(incident, seq):
            return False
        if any(e.seq < seq for e in self.like(incident, owed.unless)):
            return False
        if not owed.after:
            return True
        first = self.first(incident, owed.after)
        return first is not None and first.seq <= seq

    def _told_of_casualties(self, incident: str, seq: int) -> bool:
        """Whether a county or the city was told of dead or injured by then."""
        told = False
        for member in self.members(incident):
            for event in self.of(member):
                match event:
                    case ev.ReportReceived(report=report) if report in self.reports and event.seq <= seq:
                        seen = self.reports[report].sighting
                        told = told or seen.dead + seen.injured > 0
                    case ev.CasualtiesCorrected(dead=dead, injured=injured):
                        told = told or dead + injured > 0
                    case _:
                        pass
        return told

    # ── who ──

    def party(self, name: Any, role: Words = Words("", ""), incident: str = "", county: str = "") -> Party:  # noqa: B008 - a frozen value
        """Who is meant by a name of the journal; by a role where there is none. Of an office every place has, the one there."""
        text = "" if name is None else str(name)
        post = self.cast.posts.get(text)
        unit = self.cast.units.get(text)
        if post is not None:
            return Party(text, post.name)
        if unit is not None:
            return Party(text, *self._there(text, unit, incident, county))
        return Party("", role) if role.zh or role.en else Party(text, Words(text, text))

    def _there(self, unit: str, name: Words, incident: str, county: str) -> tuple[Words, str]:
        """(what the office of the place of an incident is called, its place); as all of them where nobody says."""
        begun, local = self.occurred.get(incident), self.cast.local.get(unit)
        if begun is None or local is None:
            return name, ""
        return called(local, name, begun.site, self.cast, county)

    def county_post(self, incident: str) -> str:
        """The post of the county an incident lies in; "" where the cast has none by that code."""
        begun = self.occurred.get(incident)
        return begun.site.county if begun and begun.site.county in self.cast.posts else ""

    # ── reading ──

    def _read(self) -> None:
        take: dict[type[ev.Event], Callable[[Any], object]] = {
            ev.FieldEnded: self._field_ended,
            ev.IncidentOccurred: self._occurred,
            ev.PlanActivated: lambda e: self._plans.setdefault(e.incident, []).append((e.seq, e.plan)),
            ev.ReportSent: lambda e: self.reports.setdefault(e.report, e),
            ev.IncidentClosed: self._ended,
            ev.ReportReceived: self._received, ev.Graded: self._graded, ev.ResponseChanged: self._response,
            ev.PersonChanged: self._person, ev.ItemListed: self._listed, ev.ItemClosed: self._struck,
            ev.TaskArose: lambda e: self._waiting.setdefault((e.task, e.incident, e.county), []).append(e),
            ev.TaskDone: self._done, ev.TaskLapsed: self._lapsed,
        }  # fmt: skip
        for event in self.events:
            incident = getattr(event, "incident", None)
            if isinstance(incident, str):
                self._incidents.setdefault(incident, []).append(event)
                self._kinds.setdefault((incident, str(event.__struct_config__.tag)), []).append(event)
            if (follow := take.get(type(event))) is not None:
                follow(event)
        listed = {incident for incident, _ in self._items}
        for seq, arose in self.arose.items():
            self._add(self.by_seq[seq], items="some" if arose.incident in listed else "none")
        for event in self.events:
            if isinstance(event, ev.TaskArose):
                self._add(event, restates=self.cast.restates.get(event.task, ()))
        for incident in self._incidents:
            self._last_ones(incident)

    def _occurred(self, event: ev.IncidentOccurred) -> None:
        self._families.take(event)
        self.occurred.setdefault(event.incident, event)

    def _field_ended(self, event: ev.FieldEnded) -> None:
        self.field_ended, self.cut_off = event.t, event.reason == _CUT_OFF

    def unfinished(self, incident: str) -> bool:
        """Whether an incident was still going on when the time of the run was up: what waits for its end has not been missed."""
        return self.cut_off and not {incident, self.root(incident)} <= self._closed

    def _ended(self, event: ev.IncidentClosed) -> None:
        self._families.take(event)
        self._closed.add(event.incident)

    def _received(self, event: ev.ReportReceived) -> None:
        if (sent := self.reports.get(event.report)) is not None:
            self._add(event, sender=sent.sender, number=str(sent.number), channel=sent.channel)

    def _graded(self, event: ev.Graded) -> None:
        before = max((g.potential for g in self._of(event)), default=event.potential)
        self._add(event, risen=_said(event.potential > before))
        self._grades.setdefault(event.incident, []).append(event)

    def _response(self, event: ev.ResponseChanged) -> None:
        key = (event.incident, event.post)
        before = self._levels.get(key, event.level)
        self._add(event, changed=_said(bool(event.level) and before != event.level))
        self._levels[key] = event.level or before

    def _person(self, event: ev.PersonChanged) -> None:
        casualty = event.status in (Status.DEAD, Status.MISSING)
        self._add(event, casualty=_said(casualty), closed=_said(event.incident in self._closed))

    def _listed(self, event: ev.ItemListed) -> None:
        key = (event.incident, event.item)
        self._add(event, again=_said(self._items.get(key, False)))
        self._items[key] = False

    def _struck(self, event: ev.ItemClosed) -> None:
        self._items[event.incident, event.item] = True

    def _done(self, event: ev.TaskDone) -> None:
        self._add(event, restates=self.cast.restates.get(event.task, ()))
        if due := self._waiting.get((event.task, event.incident, event.county)):
            arose = due.pop(0)
            self.arose[event.seq], self.answered[arose.seq] = arose, event
            self._add(event, phase=arose.phase, post=arose.post, creditor=arose.creditor)

    def _lapsed(self, event: ev.TaskLapsed) -> None:
        if due := self._waiting.get((event.task, event.incident, event.county)):
            self.lapsed[due.pop(0).seq] = event

    def _of(self, event: ev.Graded) -> Iterator[ev.Graded]:
        return (g for g in self._grades.get(event.incident, ()) if g.post == event.post)

    def _add(self, event: ev.Event, **more: str | tuple[str, ...]) -> None:
        self._more.setdefault(event.seq, {}).update(more)

    def _last_ones(self, incident: str) -> None:
        """Which TaskDone (by phase) and which ItemClosed is the last of its round, nothing of it being open any more.

        A round ends where the phase is opened again. What arises later in the same round keeps the earlier ones from
        being the last.
        """
        open_now: dict[str, set[tuple[str, str]]] = {}
        last: dict[str, ev.Event] = {}
        items: dict[str, set[str]] = {}
        last_item: dict[str, ev.Event] = {}
        lapsed = {event.seq: self.by_seq[seq] for seq, event in self.lapsed.items()}

        def settle(phase: str) -> None:
            done = last.pop(phase, None)
            if done is not None and not open_now.get(phase):
                self._add(done, last=_YES)

        for event in self.of(incident):
            match event:
                case ev.TaskArose(phase=phase):
                    open_now.setdefault(phase, set()).add((event.task, str(event.seq)))
                case ev.TaskDone() if event.seq in self.arose:
                    arose = self.arose[event.seq]
                    open_now[arose.phase].discard((arose.task, str(arose.seq)))
                    last[arose.phase] = event
                case ev.TaskLapsed() if event.seq in lapsed:
                    was = lapsed[event.seq]
                    assert isinstance(was, ev.TaskArose), "only tasks lapse"
                    open_now[was.phase].discard((was.task, str(was.seq)))
                case ev.PhaseReopened(phase=phase):
                    settle(phase)
                case ev.ItemListed(table=table, item=item):
                    items.setdefault(table, set()).add(item)
                case ev.ItemClosed(item=item):
                    for table, names in items.items():
                        if item in names:
                            names.discard(item)
                            last_item[table] = event
                case _:
                    pass
        for phase in tuple(last):
            settle(phase)
        if last_item and not any(items.values()):
            self._add(max(last_item.values(), key=lambda e: e.seq), last=_YES)


# Event kind: what may be asked of it besides its own fields.
FOLLOWING: Mapping[str, tuple[str, ...]] = {
    "report_received": ("sender", "number", "channel"),
    "graded": ("risen",),
    "response_changed": ("changed",),
    "person_changed": ("casualty", "closed"),
    "task_arose": ("restates",),
    "task_done": ("phase", "post", "creditor", "last", "items", "restates"),
    "item_listed": ("again",),
    "item_closed": ("last",),
}


def _is(value: Any, wanted: str) -> bool:
    """Whether a fact is what a sign wants: the same text, or a figure of at least so much (`>=1`)."""
    if wanted.startswith(_AT_LEAST):
        try:
            return float(value) >= float(wanted.removeprefix(_AT_LEAST))
        except (TypeError, ValueError):
            return False
    if isinstance(value, tuple):
        return wanted in value
    return str(getattr(value, "value", value)) == wanted


def called(
    names: Mapping[str, Words], name: Words, site: Site, cast: Cast, county: str = ""
) -> tuple[Words, str]:  # fmt: skip
    """(what the office of a place is called, the place): by the site it answers for, or of a county besides.

    A site that is no place of its own but lies on a road goes by its township.
    """
    lie_in = cast.counties.get(county or site.county)
    town = cast.towns.get(site.town) if not county else None
    node = cast.nodes.get(site.node)
    places = {
        "county": lie_in.name if lie_in else None,
        "town": town,
        "site": Words(site.name_zh, site.name_en) if node and node.name.zh == site.name_zh else town,
    }
    ending = next((end for end in names if end and town and town.zh.endswith(end)), "")
    local = names.get(ending) or names.get("")
    if local is None:
        return name, ""
    used = [place for place in places if f"{{{place}}}" in local.zh]
    if any(places[place] is None for place in used):
        return name, ""
    zh, en = (local.of(lang).format(**{p: w.of(lang) for p, w in places.items() if w}) for lang in ("zh", "en"))
    return Words(zh, en), zh


def _said(true: bool) -> str:
    return _YES if true else "no"
