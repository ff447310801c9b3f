"""What became of requests for forces: asked when and how, answered after how long, there when, in which wave.

From the journal and the cast alone. Times are seconds since the scenario's start, spans are seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sim.domain import events as ev
from sim.journal.cast import Cast
from sim.units import HOUR

# Waves in which help grows, hours since the beginning (domain.md 8.5): neighbours, county and city, province, nation.
WAVES: tuple[tuple[str, float], ...] = (("first", 1.0), ("second", 3.0), ("third", 8.0), ("fourth", 24.0))
LATER = "later"
OWN = ""  # forces that the city commands itself


@dataclass
class Asked:
    """One request for a force, from the question to the release."""

    request: str
    force: str
    kind: str
    incident: str  # the accident that it all goes back to
    post: str
    channel: str
    asked_at: float
    asked_seq: int
    content: dict[str, str]
    answered_at: float | None = None
    answered_by: str = ""
    answer: str = ""  # approved | refused; empty: no answer when the run ended
    why: str = ""
    confirmed_at: float | None = None
    first_order_at: float | None = None
    first_departed_at: float | None = None
    first_arrived_at: float | None = None
    expected_at: float | None = None  # when the first was reckoned to be there, as the first order said
    released_at: float | None = None
    stood_down_at: float | None = None  # the last time that some of it were told to stay at home
    stood_down: int = 0  # elements
    stood_down_why: str = ""
    granted: int = 0  # elements that might go once the organ had said yes
    ordered: int = 0  # elements that got an order on it, each counted once
    idle: float = (
        0.0  # element-seconds between the yes and an order, a stand-down or the end, nobody having sent for them
    )
    tasks: list[str] = field(default_factory=list)
    elements: int = 0  # that were there
    people: int = 0
    evidence: list[int] = field(default_factory=list)  # seq of the events that say so

    @property
    def answer_took(self) -> float | None:
        """Seconds from the question to the answer."""
        return None if self.answered_at is None else round(self.answered_at - self.asked_at, 3)

    @property
    def arrival_took(self) -> float | None:
        """Seconds from the question to the first on the spot."""
        return None if self.first_arrived_at is None else round(self.first_arrived_at - self.asked_at, 3)

    @property
    def moved_unconfirmed(self) -> bool:
        """Whether it moved on a direct request that its organ never confirmed in the run."""
        return self.channel == "urgent" and self.first_departed_at is not None and self.confirmed_at is None


@dataclass(frozen=True)
class Wave:
    """Who reached the incidents between two hours since the first of them began, each person counted once, by kind."""

    name: str
    until: float  # s; inf for what came later
    people: dict[str, int]
    elements: dict[str, int]


def requests(events: Iterable[ev.Event], cast: Cast) -> list[Asked]:
    """Every request, in the order in which they were made."""
    fold, last = _Fold(cast), 0.0
    for event in events:
        fold.hear(event)
        last = event.t
    fold.end(last)
    return list(fold.asked.values())


def waves(events: Iterable[ev.Event], cast: Cast) -> list[Wave]:
    """Arrivals by wave and kind of force (`""`: the city's own), from the beginning of the first incident."""
    force_of = {team: name for name, force in cast.forces.items() for team in force.teams}
    begun: float | None = None
    seen: set[str] = set()
    names = [name for name, _ in WAVES] + [LATER]
    people: dict[str, dict[str, int]] = {name: {} for name in names}
    elements: dict[str, dict[str, int]] = {name: {} for name in names}
    for event in events:
        if isinstance(event, ev.IncidentOccurred) and begun is None:
            begun = event.t
        elif isinstance(event, ev.Arrived) and event.element not in seen and begun is not None:
            known = cast.elements.get(event.element)
            if known is None:
                continue
            seen.add(event.element)
            hours = (event.t - begun) / HOUR
            wave = next((name for name, until in WAVES if hours <= until), LATER)
            force = force_of.get(known.team)
            kind = cast.forces[force].kind if force else OWN
            people[wave][kind] = people[wave].get(kind, 0) + known.people
            elements[wave][kind] = elements[wave].get(kind, 0) + 1
    ends = {name: until * HOUR for name, until in WAVES}
    return [
        Wave(
            name, ends.get(name, float("inf")), dict(sorted(people[name].items())), dict(sorted(elements[name].items()))
        )
        for name in names
    ]


class _Fold:
    """Requests as the journal tells of them; a sortie counts for the latest request that was granted before its order."""

    def __init__(self, cast: Cast) -> None:
        self.asked: dict[str, Asked] = {}
        self._cast = cast
        self._force_of = {team: name for name, force in cast.forces.items() for team in force.teams}
        self._granted: dict[tuple[str, str], list[str]] = {}  # (force, disaster) -> requests that stand
        self._root: dict[str, str] = {}  # incident -> the accident that it goes back to
        self._ordered_yet: set[tuple[str, str]] = set()  # (request, element)
        self._since: dict[str, float] = {}  # request -> until when its idle time is counted
        self._sorties: dict[str, str] = {}  # sortie -> request
        self._there: set[tuple[str, str]] = set()  # (request, element)

    def hear(self, event: ev.Event) -> None:
        """One event more."""
        match event:
            case ev.IncidentOccurred(incident=incident, parent=parent) if parent:
                self._root[incident] = self._root.get(parent, parent)
            case ev.ForceAsked():
                known = self._cast.forces.get(event.force)
                self.asked[event.request] = Asked(
                    event.request, event.force, known.kind if known else "", event.incident, event.post, event.channel,
                    event.t, event.seq, event.content, evidence=[event.seq],
                )  # fmt: skip
            case ev.ForceAnswered():
                self._answered(event)
            case ev.ForceTasked(request=request, task=task):
                self.asked[request].tasks.append(task)
                self.asked[request].evidence.append(event.seq)
            case ev.ForceReleased(request=request, t=t):
                self._wait(request, t)
                self.asked[request].released_at = t
                self.asked[request].evidence.append(event.seq)
            case ev.ForceStoodDown():
                self._stood_down(event)
            case ev.OrderGiven(team=team) if team in self._force_of:
                self._ordered(event)
            case ev.ForceSetOut(sortie=sortie, t=t) | ev.Departed(sortie=sortie, t=t):
                asked = self._of(sortie)
                if asked is not None and asked.first_departed_at is None:
                    asked.first_departed_at = t
            case ev.Arrived(sortie=sortie):
                self._arrived(event, self._of(sortie))
            case _:
                pass

    def _of(self, sortie: str) -> Asked | None:
        return self.asked.get(self._sorties.get(sortie, ""))

    def _answered(self, e: ev.ForceAnswered) -> None:
        asked = self.asked[e.request]
        asked.evidence.append(e.seq)
        if e.answer == "confirmed":
            asked.confirmed_at = e.t
            return
        asked.answered_at, asked.answered_by, asked.answer, asked.why = e.t, e.by, e.answer, e.why
        if e.answer == "approved":
            self._granted.setdefault((e.force, e.incident), []).append(e.request)
            asked.granted = sum(strength(asked).values())
            self._since[e.request] = e.t

    def _stood_down(self, e: ev.ForceStoodDown) -> None:
        self._wait(e.request, e.t)
        asked = self.asked[e.request]
        asked.stood_down += e.elements
        asked.stood_down_at, asked.stood_down_why = e.t, e.why
        asked.evidence.append(e.seq)

    def _wait(self, request: str, t: float) -> None:
        """Those who might go and were never sent for have waited until now."""
        asked = self.asked[request]
        since = self._since.get(request)
        if since is None or asked.released_at is not None:
            return
        asked.idle += max(0, asked.granted - asked.ordered - asked.stood_down) * (t - since)
        self._since[request] = t

    def end(self, t: float) -> None:
        """The journal is over."""
        for request in self.asked:
            self._wait(request, t)

    def _ordered(self, e: ev.OrderGiven) -> None:
        request = self._request(e)
        if request:
            self._sorties[e.order] = request
            asked = self.asked[request]
            if (request, e.element) not in self._ordered_yet:
                self._wait(request, e.t)
                self._ordered_yet.add((request, e.element))
                asked.ordered += 1
            if asked.first_order_at is None:
                asked.first_order_at, asked.expected_at = e.t, e.expected

    def _request(self, e: ev.OrderGiven) -> str:
        """The latest granted request of its disaster for its force, one that asked for its kind if there is one."""
        pair = (self._force_of[e.team], self._root.get(e.incident, e.incident))
        granted = self._granted.get(pair, [])[::-1]
        known = self._cast.elements.get(e.element)
        fits = (r for r in granted if known is not None and known.kind in strength(self.asked[r]))
        return next(fits, granted[0] if granted else "")

    def _arrived(self, e: ev.Arrived, asked: Asked | None) -> None:
        if asked is None:
            return
        if asked.first_arrived_at is None:
            asked.first_arrived_at = e.t
            asked.evidence.append(e.seq)
        if (asked.request, e.element) not in self._there:
            self._there.add((asked.request, e.element))
            asked.elements += 1
            asked.people += known.people if (known := self._cast.elements.get(e.element)) else 0


def strength(asked: Asked) -> dict[str, int]:
    """How many elements of each kind were asked for."""
    parts = (part.partition("=") for part in asked.content.get("strength", "").split())
    return {kind: int(count) for kind, _, count in parts}
