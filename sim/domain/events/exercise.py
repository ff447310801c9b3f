"""What exercise control does besides releasing injects."""

from __future__ import annotations

from sim.domain.events.base import Event


class InjectWithheld(Event):
    """Exercise control did not release an inject, because what it is to provoke had been done already."""

    inject: str
    title_zh: str
    title_en: str


class ExpectationOverdue(Event):
    """The time for an expected action ran out without it; it may still be done late."""

    expectation: str
    inject: str
    due: float
