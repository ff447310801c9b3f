"""Disasters: an accident and all that followed it, told as one – its toll as it was known, its places, who was there first.

*First on the spot of a disaster* means: the first element that reached any of its places. The first *where it began* is the
first that reached a place in the town, or at the node, of the accident that it goes back to. Whoever says one says which.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.analysis.lines import IncidentLine, PersonLine, Timeline, TollLine
from sim.analysis.words import clock, span
from sim.domain.people import Status

if TYPE_CHECKING:
    from sim.analysis.telling import Teller

_NOT_HARMED = frozenset({Status.EXPOSED, Status.SAFE})


@dataclass(frozen=True)
class Place:
    """One place of a disaster: its incident, and how many people there were ever shut in, hurt, dead or missing."""

    incident: IncidentLine
    harmed: int
    dead: int


@dataclass(frozen=True)
class Disaster:
    """One accident and what followed it, in the order in which they began."""

    root: IncidentLine
    members: tuple[IncidentLine, ...]
    places: tuple[Place, ...]  # in order of need: most people harmed first

    @property
    def id(self) -> str:
        """The accident it goes back to."""
        return self.root.id

    @property
    def followed(self) -> tuple[IncidentLine, ...]:
        """What followed."""
        return self.members[1:]

    @property
    def received(self) -> float | None:
        """When the first report of any of it reached a post."""
        return min((i.received for i in self.members if i.received is not None), default=None)

    @property
    def first(self) -> IncidentLine | None:
        """Where the first element was on the spot."""
        return _first(self.members)

    @property
    def first_at_origin(self) -> IncidentLine | None:
        """Where the first element was on the spot in the town, or at the node, where it all began."""
        here = self.root.site
        return _first(
            i for i in self.members
            if i.site.node == here.node or (here.town and i.site.town == here.town)
        )  # fmt: skip

    @property
    def toll(self) -> TollLine | None:
        """The last toll that the post in the lead stated; before anybody led, whoever stated one last."""
        return next(reversed(self.tolls), None)

    @property
    def tolls(self) -> Sequence[TollLine]:
        """The tolls that the post in the lead stated; where it stated none, everybody's."""
        tolls = self.root.tolls
        return [toll for toll in tolls if toll.post == self.root.lead] or tolls


def disasters(line: Timeline) -> tuple[Disaster, ...]:
    """The disasters of a run, in the order in which they began."""
    members: dict[str, list[IncidentLine]] = {}
    for incident in line.incidents.values():
        members.setdefault(incident.root, []).append(incident)
    harmed, dead = _counted(line.persons.values())
    found = []
    for root, all_of in members.items():
        places = [Place(i, harmed.get(i.id, 0), dead.get(i.id, 0)) for i in all_of]
        places.sort(key=lambda p: (-p.harmed, -p.dead))
        found.append(Disaster(line.incidents[root], tuple(all_of), tuple(places)))
    return tuple(found)


def kinds_of(incidents: Iterable[IncidentLine], teller: Teller) -> str:
    """How many of which kinds, the most frequent first."""
    counts: dict[str, int] = {}
    for incident in incidents:
        title = teller.hazard(incident.id).title.of(teller.lang) or incident.nature.replace("_", " ")
        counts[title] = counts.get(title, 0) + 1
    order = sorted(counts, key=lambda kind: -counts[kind])
    return teller.listed(teller.say("disaster.kind", kind=kind, count=counts[kind]) for kind in order)


def told_toll(toll: TollLine, teller: Teller) -> str:
    """A toll in a sentence: who had it, and when; of one place nothing is added up."""
    said = "disaster.toll_one" if toll.places == 1 else "disaster.toll"
    return teller.say(
        said, dead=toll.dead, missing=toll.missing, injured=toll.injured, places=toll.places,
        post=teller.post(toll.post), at=clock(teller.cast.starts_at, toll.t),
    )  # fmt: skip


def told_first(disaster: Disaster, teller: Teller) -> str:
    """Who was on the spot first, anywhere and where it began, in a sentence that says which."""
    anywhere, origin = disaster.first, disaster.first_at_origin
    if anywhere is None:
        return ""

    def when(incident: IncidentLine | None) -> str:
        if incident is None or incident.first_arrival is None:
            return teller.say("disaster.nobody")
        at = clock(teller.cast.starts_at, incident.first_arrival)
        after = incident.first_arrival - (disaster.received or 0.0)
        return at if disaster.received is None else teller.say("disaster.after", at=at, span=span(after, teller.lang))

    key = "disaster.first_one" if origin is anywhere else "disaster.first"
    return teller.say(key, any=when(anywhere), where=teller.marked(anywhere.id), origin=when(origin))


def roots_of(found: Iterable[Disaster]) -> Mapping[str, Disaster]:
    """By incident: the disaster that it is part of."""
    return {incident.id: disaster for disaster in found for incident in disaster.members}


def _first(incidents: Iterable[IncidentLine]) -> IncidentLine | None:
    came = [i for i in incidents if i.first_arrival is not None]
    return min(came, key=lambda i: i.first_arrival or 0.0) if came else None


def _counted(people: Iterable[PersonLine]) -> tuple[dict[str, int], dict[str, int]]:
    harmed: dict[str, int] = {}
    dead: dict[str, int] = {}
    for person in people:
        if any(status not in _NOT_HARMED for _, status, _ in person.statuses):
            harmed[person.incident] = harmed.get(person.incident, 0) + 1
        if person.status is Status.DEAD:
            dead[person.incident] = dead.get(person.incident, 0) + 1
    return harmed, dead
