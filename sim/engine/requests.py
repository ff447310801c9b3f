"""Requests for forces that others decide over: what was asked, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.domain.forces import Force

NORMAL, URGENT = "normal", "urgent"
ASKED, APPROVED, REFUSED, CONFIRMED = "asked", "approved", "refused", "confirmed"


@dataclass
class Request:
    """One request for one force: what was asked, and what became of it."""

    id: str
    force: Force
    incident: str
    post: str
    channel: str
    rows: dict[int, int]  # row on the board -> elements asked for
    asked: int  # seq
    state: str = ASKED
    answered: int = -1  # seq
    tasks: set[str] = field(default_factory=set)
