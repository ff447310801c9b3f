"""Requests for forces that others decide over: what was asked for which disaster, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.domain.forces import Force

NORMAL, URGENT = "normal", "urgent"
ASKED, APPROVED, REFUSED, CONFIRMED, STOOD_DOWN = "asked", "approved", "refused", "confirmed", "stood_down"


@dataclass
class Request:
    """One request for one force: what was asked for each place of a disaster, and what became of it."""

    id: str
    force: Force
    disaster: str  # the accident that it all goes back to
    post: str
    channel: str
    places: dict[str, dict[int, int]]  # incident -> row on the board -> elements asked for
    asked: int  # seq
    state: str = ASKED
    answered: int = -1  # seq
    idle_since: float = 0.0  # when the organ said yes, or the last of it came home
    tasks: set[tuple[str, str]] = field(default_factory=set)  # (incident, task) that it was given
    stood_down: dict[int, int] = field(default_factory=dict)  # row -> elements that need not come after all

    @property
    def rows(self) -> Mapping[int, int]:
        """Row on the board -> elements asked for, over all places."""
        found: dict[int, int] = {}
        for rows in self.places.values():
            for row, count in rows.items():
                found[row] = found.get(row, 0) + count
        return found

    def standing(self, row: int) -> int:
        """Elements of a row that were asked for and not stood down since."""
        return self.rows.get(row, 0) - self.stood_down.get(row, 0)


@dataclass
class Disaster:
    """An accident and all that followed from it, as far as forces are concerned: one request speaks for all its places."""

    id: str
    heard: float  # when the first report of it was in
    open: dict[str, None] = field(default_factory=dict)  # incidents that somebody leads, as they were heard of
    lacks: dict[str, dict[str, float]] = field(default_factory=dict)  # incident -> capability -> what its lead lacks
    levels: dict[tuple[str, str], int] = field(default_factory=dict)  # (incident, post) -> level it responds at
    requests: list[Request] = field(default_factory=list)
    allowed: dict[int, int] = field(default_factory=dict)  # row -> elements of it that may be there at a time
    out: dict[int, int] = field(default_factory=dict)  # row -> elements of it that are out for it
    out_at: dict[tuple[str, int], int] = field(default_factory=dict)  # (incident, row) -> the same, by place
    called: set[str] = field(default_factory=set)  # forces whose first party was called up

    def approved(self, force: str, row: int) -> Request | None:
        """The latest granted request for a force, one that asked for this row if there is one."""
        granted = [r for r in reversed(self.requests) if r.state == APPROVED and r.force.id == force]
        return next((r for r in granted if row in r.rows), granted[0] if granted else None)

    def meant(self, incident: str) -> dict[int, int]:
        """Elements by row that were asked for other places that lack something, and are not there yet."""
        quota: dict[tuple[str, int], int] = {}
        for request in self.requests:
            if request.state == APPROVED:
                for key, rows in request.places.items():
                    if key != incident and self.lacks.get(key):
                        for row, count in rows.items():
                            quota[key, row] = quota.get((key, row), 0) + count
        found: dict[int, int] = {}
        for (key, row), count in quota.items():
            found[row] = found.get(row, 0) + max(0, count - self.out_at.get((key, row), 0))
        return found

    def still(self, row: int) -> int:
        """Elements of a row that may go and are not out."""
        return max(0, self.allowed.get(row, 0) - self.out.get(row, 0))
