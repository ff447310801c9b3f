"""Where a staged accident stands, and the people still in it."""

from __future__ import annotations

import msgspec


class Member(msgspec.Struct, frozen=True):
    """Someone still in harm's way, with all their luck drawn: how much of a clock they stand, which fates they meet."""

    id: str
    trapped: bool
    tolerance: float
    colour: float
    luck: tuple[float, ...]


class State(msgspec.Struct, frozen=True):
    """Where a staged accident stands.

    `values` are the incident's numbers; `left` is by task: work left (on the person in hand where it frees people), or
    seconds for which a rate has been met; `hazards` is what each group's harm clock has used.
    """

    values: tuple[float, ...]
    amounts: tuple[float, ...]
    left: tuple[float, ...]
    inside: tuple[tuple[Member, ...], ...]
    hazards: tuple[float, ...]
    stage: int = 0
    since: float = 0.0
    over: bool = False
    luck: tuple[float, ...] = ()  # of the accident itself, a draw for each end that has one
