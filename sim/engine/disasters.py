"""Disasters: an accident and all that followed it, and the one toll that each post makes of what it was told of them.

The law counts the dead of a disaster, not of a house: what every place reports is added up, by each post from its own reports.
What is closed keeps the figures it was last told with. A post knows no other figures than these.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from sim.domain import events as ev
from sim.domain.hazards import Sighting
from sim.engine.clock import Turn, grid

if TYPE_CHECKING:
    from sim.engine.simulation import Simulation

COUNTS = (
    "trapped", "threatened", "dead", "injured", "seriously_injured", "waiting", "waiting_serious", "carried",
)  # fmt: skip


@dataclass(eq=False)
class _Toll:
    """What one post was told of one disaster: the latest sighting of each place, and who is missing there since a search began."""

    seen: dict[str, Sighting] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)
    total: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    said: tuple[int, ...] = ()  # as last stated
    said_at: float = -1.0
    cause: int = -1
    waits: bool = False  # a statement is on the clock

    def take(self, incident: str, sighting: Sighting) -> None:
        before = self.seen.get(incident)
        for name in COUNTS:
            self.total[name] += getattr(sighting, name) - (0 if before is None else getattr(before, name))
        self.seen[incident] = sighting

    @property
    def missing(self) -> int:
        return self.total["trapped"] + sum(self.lost.values())

    @property
    def figures(self) -> tuple[int, int, int, int]:
        """Dead, missing, injured, places."""
        return self.total["dead"], self.missing, self.total["injured"], len(self.seen)


class Disasters:
    """Which incidents belong together, and what each post makes of them."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self._closed: set[str] = set()
        self._told: set[str] = set()  # of which some post has heard
        self._tolls: dict[tuple[str, str], _Toll] = {}  # by root and post
        self._lost: dict[str, int] = {}  # whom a search looks for, by incident

    # ── what belongs together ──

    def root(self, incident: str) -> str:
        """The accident an incident goes back to."""
        return self.sim.families.root(incident)

    def closed(self, incident: str) -> None:
        """A place is closed: its figures stay as they were told."""
        self._closed.add(incident)

    def going_on(self, root: str) -> Iterator[str]:
        """What followed it, is known of and not closed."""
        return (i for i in self.sim.families.members(root) if i != root and i in self._told and i not in self._closed)

    # ── the toll ──

    def told(self, post: str, incident: str, sighting: Sighting, cause: int) -> None:
        """A post was told of a place."""
        root = self.root(incident)
        self._told.add(incident)
        toll = self._tolls.setdefault((root, post), _Toll())
        toll.take(incident, sighting)
        if incident in self._lost:
            toll.lost[incident] = self._lost[incident]
        self._changed(root, post, toll, cause)

    def searched(self, post: str, incident: str, missing: int, cause: int) -> None:
        """A rescue became a search: who was inside is missing there from now on, first for the post that decided it."""
        self._lost[incident] = missing
        root = self.root(incident)
        toll = self._tolls.setdefault((root, post), _Toll())
        toll.take(incident, msgspec.structs.replace(toll.seen.get(incident, Sighting()), trapped=0))
        toll.lost[incident] = missing
        self._changed(root, post, toll, cause)

    def corrected(self, event: ev.CasualtiesCorrected) -> None:
        """The figures of a place were corrected after its end (补报): every post that has it takes them over."""
        root = self.root(event.incident)
        self._lost[event.incident] = event.missing
        for (of, post), toll in self._tolls.items():
            if of == root and event.incident in toll.seen:
                seen = toll.seen[event.incident]
                toll.take(
                    event.incident,
                    msgspec.structs.replace(seen, dead=event.dead, injured=event.injured, trapped=0),
                )
                toll.lost[event.incident] = event.missing
                self._changed(root, post, toll, event.seq)

    def not_accounted_for(self, post: str, root: str) -> int:
        """How many a post believes inside, or hurt and waiting, at all places of a disaster."""
        toll = self._tolls.get((root, post))
        return 0 if toll is None else toll.missing + toll.total["waiting"]

    def joint(self, post: str, incident: str, own: Sighting) -> Sighting:
        """What a post believes of a disaster as a whole, if the incident is its first one; else of the place alone."""
        if self.root(incident) != incident or (toll := self._tolls.get((incident, post))) is None:
            return own
        if len(toll.seen) == 1 and not toll.lost:
            return own
        return msgspec.structs.replace(own, **{**toll.total, "trapped": toll.missing})

    def figures(self, root: str, post: str) -> tuple[int, int, int, int]:
        """Dead, missing, injured and places, as a post has them now."""
        toll = self._tolls.get((root, post))
        return (0, 0, 0, 0) if toll is None else toll.figures

    def places(self, root: str, post: str) -> list[str]:
        """The places a post has heard of, closed ones included."""
        toll = self._tolls.get((root, post))
        return [] if toll is None else list(toll.seen)

    def lost(self, incident: str) -> int:
        """Whom a search looks for at a place."""
        return self._lost.get(incident, 0)

    # ── inside ──

    def _is_told(self, root: str, post: str) -> bool:
        """Whether reports still come to a post: they go to the one in the lead, and from there upward."""
        posts, lead = self.sim.case.city.posts, self.sim.leads.get(root, post)
        return posts[post].tier >= posts[lead].tier

    def _changed(self, root: str, post: str, toll: _Toll, cause: int) -> None:
        """State the toll if it is another one than was stated: at once, or as soon as it may be stated again."""
        toll.cause = cause
        if toll.waits or toll.figures == toll.said or not (toll.said or any(toll.figures[:3])):
            return
        again = toll.said_at + self.sim.number("headquarters.toll_every") if toll.said else self.sim.now
        toll.waits = True

        def state(_: object) -> None:
            toll.waits = False
            if toll.figures != toll.said and self._is_told(root, post):
                toll.said, toll.said_at = toll.figures, self.sim.now
                dead, missing, injured, places = toll.figures
                self.sim.record(ev.TollStated(0, self.sim.now, toll.cause, root, post, dead, missing, injured, places))

        self.sim.clock.at(grid(max(self.sim.now, again)), state, Turn.STAFF)
