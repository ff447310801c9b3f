"""Moments: the few events of a run that a duty officer would tell, in the order they happened."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sim.analysis.disasters import Disaster, disasters, kinds_of, told_toll
from sim.analysis.lines import PersonLine, Timeline
from sim.analysis.telling import Teller
from sim.domain import events as ev
from sim.domain.command import Level, Severity
from sim.domain.people import FINAL, Status
from sim.units import HOUR

_ROADS = frozenset({"closed", "slowed", "opened"})  # reasons for another course that are about roads
_ASIDE = 2  # the weight of what is told only beside nothing else
_AGAIN = 4  # the weight of a milestone that has been told before: it gives way first
_UNTOLD = 9  # the weight of what is no moment
_FEW = 4  # incidents of one disaster, each of which is told of for itself
_LAST = math.inf  # after whatever else happened in the same instant
_IN_DANGER = (Status.EXPOSED, Status.TRAPPED)


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """Something worth telling; `weight` 0 is always told, 1 before 2, 3 and 4 when there is no room for all."""

    t: float
    order: float
    weight: int
    incident: str
    text: str


def key_moments(events: Sequence[ev.Event], line: Timeline, teller: Teller, most: int) -> tuple[list[Moment], int]:
    """The moments to tell, at most `most` of them, in order of time; and how many were left out."""
    found_disasters = disasters(line)
    aside = {  # told of as one: what has a response of its own less so
        i.id: 1 if i.levels else _ASIDE + 1 for d in found_disasters if len(d.members) > _FEW for i in d.followed
    }
    many = {i.id for d in found_disasters if d.followed for i in d.members}
    single = (*_from_events(events, teller), *_from_sorties(events, teller, many), *_from_people(line, teller))
    all_told = (
        *(replace(m, weight=m.weight + aside.get(m.incident, 0)) for m in single),
        *_from_disasters(found_disasters, teller),
    )
    weightier = {m.t for m in all_told if m.weight < _ASIDE}
    # what is said aside is left unsaid where something weightier tells the same instant
    told = (m for m in all_told if m.weight not in (_ASIDE, _AGAIN) or m.t not in weightier)
    found = sorted({(m.t, m.text): m for m in told}.values())
    room = max(most, sum(m.weight == 0 for m in found))
    kept = sorted(sorted(found, key=lambda m: (m.weight, m))[:room])
    return kept, len(found) - len(kept)


def _from_disasters(found: Sequence[Disaster], teller: Teller) -> Iterator[Moment]:
    """What followed within the hour, in one line; the toll, whenever the dead are twice as many as were told of last."""
    for disaster in found:
        began = disaster.root.occurred
        soon = [i for i in disaster.followed if i.occurred <= began + HOUR]
        if len(disaster.members) > _FEW and soon:
            text = teller.say("moment.followed", count=len(soon), kinds=kinds_of(soon, teller))
            yield Moment(soon[-1].occurred, _LAST, 0, disaster.id, text)
        if disaster.followed:
            yield from _first_on_the_spot(disaster, teller)
        told = 0
        for toll in disaster.tolls:
            if toll.dead + toll.missing and toll.dead + toll.missing >= 2 * told:
                told = toll.dead + toll.missing
                yield Moment(
                    toll.t, toll.seq, 0, disaster.id, teller.say("disaster.toll_is", toll=told_toll(toll, teller))
                )
        if disaster.toll is not None and told:
            text = teller.say("disaster.toll_is", toll=told_toll(disaster.toll, teller))
            yield Moment(disaster.toll.t, disaster.toll.seq, 0, disaster.id, text)


def _first_on_the_spot(disaster: Disaster, teller: Teller) -> Iterator[Moment]:
    """The first at any place of a disaster, and the first where it began."""
    anywhere, origin = disaster.first, disaster.first_at_origin
    told = [("moment.first_anywhere", anywhere)] if origin is not anywhere else []
    for key, where in (*told, ("moment.first_at_origin", origin)):
        if where is not None and where.first_arrival is not None:
            text = teller.say(key, where=teller.marked(where.id))
            yield Moment(where.first_arrival, _LAST, 1, disaster.id, text)


# How much a kind of event weighs: always, or only the first time with the same values in these fields.
_ALWAYS: dict[type[ev.Event], int] = {
    ev.IncidentOccurred: 0, ev.Discovered: 1, ev.HazardOver: 0, ev.IncidentClosed: 0,
    ev.CutOff: 1, ev.Reachable: 1, ev.InjectReleased: 1, ev.RespondersHit: 1, ev.LimitPassed: 1, ev.HospitalChanged: 1,
    ev.ResponseSuspended: 0, ev.ResponseResumed: 0, ev.RescueBecameSearch: 0, ev.Published: 1,
}  # fmt: skip
_ONCE: dict[type[ev.Event], tuple[int, tuple[str, ...]]] = {
    ev.ReportReceived: (1, ("incident",)),
    ev.LeadTaken: (2, ("incident", "post")),
    ev.Graded: (2, ("incident", "potential")),
    ev.ResponseChanged: (2, ("incident", "post", "level")),
    ev.Milestone: (1, ("incident", "name")),
    ev.ShockFelt: (2, ("incident", "name")),
    ev.CascadeHeld: (2, ("incident", "why")),
    ev.ServiceChanged: (2, ("incident", "service", "why")),
    ev.RoadChanged: (2, ("link", "factor")),
    ev.RoadFound: (2, ("link",)),
    ev.Shortfall: (2, ("incident", "capability")),
    ev.SupportRequested: (3, ("incident", "to")),
}


def _from_events(events: Sequence[ev.Event], teller: Teller) -> Iterator[Moment]:
    """Moments that are one event."""
    told: set[tuple[object, ...]] = set()
    modes: dict[str, str] = {}
    peaks = _peaks(events)
    for event in events:
        teller.hear(event)
        kind = type(event)
        weight = _ALWAYS.get(kind, _UNTOLD)
        if kind in _ONCE and not _is_end(event):
            once, fields = _ONCE[kind]
            key = (kind, *(getattr(event, name) for name in fields))
            weight = once if key not in told else _AGAIN if kind is ev.Milestone else _UNTOLD
            if isinstance(event, ev.Graded | ev.ResponseChanged) and (kind, event.incident) not in told:
                weight = 1  # the first of these for an incident is a moment of its own
                told.add((kind, event.incident))
            weight = 0 if event.seq in peaks else weight
            told.add(key)
        elif isinstance(event, ev.HazardChanged):
            if (
                modes.get(event.incident, event.mode) != event.mode
                and event.what in teller.hazard(event.incident).events
            ):
                weight = 2
            modes[event.incident] = event.mode
        if weight < _UNTOLD:
            yield Moment(event.t, event.seq, weight, str(getattr(event, "incident", "")), teller.tell(event))


def _peaks(events: Sequence[ev.Event]) -> set[int]:
    """Numbers of the events that are told whatever the room: a post's first step to a higher level, the worst grading.

    The lowest level and the lowest grade are where every accident begins; they are told as other beginnings are.
    """
    levels: dict[tuple[str, str], int] = {}
    worst: dict[str, ev.Graded] = {}
    found: set[int] = set()
    for event in events:
        match event:
            case ev.ResponseChanged(incident=incident, post=post, level=level) if level:
                if level < levels.get((incident, post), max(Level)):  # Ⅰ is the highest
                    levels[incident, post] = level
                    found.add(event.seq)
            case ev.Graded(incident=incident):
                first = worst.setdefault(incident, event)
                if (event.potential, event.confirmed) > (first.potential, first.confirmed):
                    worst[incident] = event
            case _:
                pass
    return found | {event.seq for event in worst.values() if event.potential > Severity.GENERAL}


def _is_end(event: ev.Event) -> bool:
    """Whether an event only says that something is no more: the end of a response, a gap filled."""
    match event:
        case ev.ResponseChanged(level=0) | ev.Shortfall(amount=0.0):
            return True
        case _:
            return False


def _from_sorties(events: Sequence[ev.Event], teller: Teller, many: set[str]) -> Iterator[Moment]:
    """Moments that sum up what several sorties did: first orders, first arrival, ways round, first relief.

    Who was first on the spot of a disaster of `many` places is told of the disaster, not of each of them.
    """
    orders: dict[str, list[ev.OrderGiven]] = {}
    reroutes: dict[float, list[ev.RouteChanged]] = {}
    first: dict[tuple[str, str], Moment] = {}
    for event in events:
        teller.hear(event)
        match event:
            case ev.OrderGiven(incident=incident):
                given = orders.setdefault(incident, [])
                if not given or given[0].t == event.t:
                    given.append(event)
            case ev.Arrived(sortie=sortie, incident=incident) if incident not in many:
                text = teller.say("moment.first_arrival", team=teller.team(sortie))
                first.setdefault((incident, "arrival"), Moment(event.t, event.seq, 1, incident, text))
            case (
                ev.Resting(sortie=sortie, incident=incident)
                | ev.Released(sortie=sortie, incident=incident, why="relieved")
            ):
                text = teller.say("moment.relief", team=teller.team(sortie))
                first.setdefault((incident, "relief"), Moment(event.t, event.seq, 2, incident, text))
            case ev.RouteChanged(why=why) if why in _ROADS:
                reroutes.setdefault(event.t, []).append(event)
            case _:
                pass
    yield from first.values()
    for incident, given in orders.items():
        people = sum(e.people for o in given if (e := teller.cast.elements.get(o.element)))
        text = teller.say("moment.first_orders", teams=len({o.team for o in given}), elements=len(given), people=people)
        yield Moment(given[0].t, given[0].seq, 1, incident, text)
    for t, changes in reroutes.items():
        turned = sum(change.move == "turn" for change in changes)
        key = "moment.turned_round" if turned else "moment.rerouted"
        yield Moment(t, changes[0].seq, 2, "", teller.say(key, count=turned or len(changes)))


def _from_people(line: Timeline, teller: Teller) -> Iterator[Moment]:
    """When the last of the trapped was out, when the last of the hurt was saved, when everybody was home.

    Said only where it is so: nobody is left in there, nobody's fate is open, and somebody knew when they came out.
    """
    for incident in line.incidents.values():
        people = [p for p in line.persons.values() if p.incident == incident.id]
        known = math.inf if incident.discovered is None else incident.discovered
        out = [t for p in people for t in _brought_out(p) if t >= known]
        left_in = any(
            p.status in (Status.TRAPPED, Status.MISSING) and p.first(Status.TRAPPED) is not None for p in people
        )
        if out and not left_in:
            died = any(a is Status.TRAPPED and b is Status.DEAD for p in people for a, b in _steps(p))
            key = "moment.last_alive_out" if died else "moment.last_out"
            yield Moment(max(out), _LAST, 1, incident.id, teller.say(key))
        saved = [t for p in people if (t := p.first(Status.SAVED)) is not None]
        if saved and all(p.status in FINAL for p in people):
            yield Moment(max(saved), _LAST, 1, incident.id, teller.say("moment.last_saved"))
    home = [s.returned for s in line.sorties.values() if s.returned is not None]
    if home and len(home) == sum(not s.refused for s in line.sorties.values()):
        yield Moment(max(home), _LAST, 1, "", teller.say("moment.last_home"))


def _brought_out(person: PersonLine) -> Iterator[float]:
    """When a person who was trapped came out alive."""
    for (_, before, _), (t, after, _) in pairwise(person.statuses):
        if before is Status.TRAPPED and after not in (*_IN_DANGER, Status.DEAD, Status.MISSING):
            yield t


def _steps(person: PersonLine) -> Iterator[tuple[Status, Status]]:
    return ((before[1], after[1]) for before, after in pairwise(person.statuses))
