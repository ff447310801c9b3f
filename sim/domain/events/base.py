"""What all events share, and the beginning and end of a run."""

from __future__ import annotations

import msgspec


def _snake(name: str) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


class Event(msgspec.Struct, tag_field="kind", tag=_snake):
    """What all events share."""

    seq: int
    t: float
    cause: int | None


class RunStarted(Event):
    """The simulation of a case began."""

    case: str
    case_digest: str
    seed: int
    replication: int
    strategy: str
    starts_at: str  # local time, ISO 8601
    format: int = 1


class RunEnded(Event):
    """Nothing more can happen (`settled`), or the horizon was reached (`horizon`)."""

    reason: str
