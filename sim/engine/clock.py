"""The clock: SimPy's environment with absolute times, and bells that wake just the processes concerned.

Times are whole milliseconds, so that a sum of spans is the same number on every platform. Within one instant the order is:
movements and injects first, hazards after their inputs are complete, posts after the hazards (`Turn`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import IntEnum
from heapq import heappush
from typing import Any, cast

import simpy
from simpy.events import Event


class Turn(IntEnum):
    """Who comes first within one instant; SimPy's URGENT (0) starts processes."""

    MOVE = 1
    HAZARD = 2
    PERSON = 3
    POST = 4


class Clock(simpy.Environment):
    """A SimPy environment that schedules at absolute times."""

    def __init__(self) -> None:
        super().__init__(initial_time=0.0)

    def at(self, when: float, call: Callable[[Event], None], turn: int = Turn.MOVE) -> None:
        """Call `call` at time `when` (not before now)."""
        event = Event(self)
        event._ok, event._value = True, None
        event.callbacks = [call]
        # The queue itself rather than `schedule(delay=)`: now + (when - now) need not be `when` again.
        self._put(when if when > self._now else self._now, turn, event)

    def _put(self, when: float, turn: int, event: Event) -> None:
        heappush(cast("list[tuple[float, int, int, Event]]", self._queue), (when, turn, next(self._eid), event))

    def until(self, when: float, turn: int = Turn.MOVE) -> Event:
        """An event to yield that comes at time `when`."""
        event = Event(self)
        event._ok, event._value = True, None
        self._put(when if when > self._now else self._now, turn, event)
        return event


class Bell:
    """One process waits at a bell, until a time or until somebody rings.

    Rings are answered once per instant and in the bell's turn: twenty arrivals at 08:00 wake their incident once. Whoever
    rings may leave `news`. A ring while nobody waits is kept.
    """

    __slots__ = ("_alarm", "_clock", "_event", "_turn", "_waits", "news")

    def __init__(self, clock: Clock, turn: int = Turn.MOVE) -> None:
        self._clock, self._turn = clock, turn
        self._event: Event | None = None
        self._waits = 0  # number of this wait: an alarm of an earlier one is stale
        self._alarm = False  # a ring is already on its way
        self.news: list[Any] = []

    def wait(self, until: float = math.inf) -> Event:
        """An event to yield; its value is True if somebody rang, False if the time came."""
        self._waits += 1
        event = self._event = Event(self._clock)
        if self.news or self._alarm:
            self._alarm = False
            self.ring()
        if until < math.inf:
            number = self._waits

            def come(_: Event) -> None:
                if self._waits == number and self._event is event:
                    self._wake(value=False)

            self._clock.at(until, come, self._turn)
        return event

    def ring(self, news: Any = None) -> None:
        """Wake the waiting process in this bell's turn of the present instant."""
        if news is not None:
            self.news.append(news)
        if self._alarm:
            return
        self._alarm = True
        if self._event is not None:
            self._clock.at(self._clock.now, self._answer, self._turn)

    def take(self) -> list[Any]:
        """The news left so far, which then count as read."""
        news, self.news = self.news, []
        return news

    def _answer(self, _: Event) -> None:
        if self._event is not None and self._alarm:
            self._wake(value=True)

    def _wake(self, *, value: bool) -> None:
        event, self._event = self._event, None
        assert event is not None, "only a waiting process is woken"
        rung = value or self._alarm
        self._alarm = False
        event._ok, event._value = True, rung
        callbacks, event.callbacks = event.callbacks, None  # type: ignore[assignment]
        for callback in callbacks:
            callback(event)


def grid(t: float) -> float:
    """`t` on the clock's grid of milliseconds."""
    return round(t, 3)


def not_before(t: float) -> float:
    """The first instant of the grid that is not before `t`: a threshold is then surely reached."""
    if t == math.inf:
        return t
    rounded = round(t, 3)
    return rounded if rounded >= t else round(rounded + 0.001, 3)
