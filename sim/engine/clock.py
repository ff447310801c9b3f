"""The clock: SimPy's environment with absolute times, and bells that wake just the processes concerned.

Times are whole milliseconds, so that a sum of spans is the same number on every platform. Within one instant the order is:
movements and injects first, hazards after their inputs are complete, posts after the hazards, the offices behind the posts
last (`Turn`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from enum import IntEnum
from heapq import heapify, heappop, heappush
from math import floor
from typing import Any

import simpy
from simpy.core import EmptySchedule
from simpy.events import Event


class Turn(IntEnum):
    """Who comes first within one instant; SimPy's own URGENT (0) is not used."""

    MOVE = 1
    HAZARD = 2
    PERSON = 3
    POST = 4
    STAFF = 5  # goes on after the field; so do hospitals
    LAST = 6


class Alarm(Event):
    """An event that comes at its time and cannot fail; whoever calls it off takes its callbacks away."""

    _ok = True
    _value = False

    def __init__(self, callbacks: list[Callable[[Event], None]]) -> None:
        self.callbacks = callbacks


Story = Generator[Alarm, bool, None]


class Clock(simpy.Environment):
    """A SimPy environment that schedules at absolute times."""

    now = 0.0  # as SimPy's, without a call for each look at it

    def __init__(self) -> None:
        super().__init__(initial_time=0.0)

    def play(self, horizon: float, done: Callable[[], bool]) -> bool:
        """Let everything happen until it is `done` or nothing more comes; False if it was not by the horizon."""
        queue, step = self._queue, self.step
        while queue and queue[0][0] <= horizon:
            if done():
                return True
            step()
        return not queue

    def keep(self, turn: int) -> None:
        """Of all that was to come, let only what has this turn still come."""
        self._queue[:] = [item for item in self._queue if item[1] == turn]
        heapify(self._queue)

    def step(self) -> None:
        """Let the next event happen. No event here can fail, so that whatever is raised comes straight through."""
        if not self._queue:
            raise EmptySchedule
        when, _, _, event = heappop(self._queue)
        self._now = self.now = when
        callbacks, event.callbacks = event.callbacks, None  # type: ignore[assignment]
        for call in callbacks:
            call(event)

    def begin(self, story: Story) -> None:
        """Let a story begin now; whenever an alarm comes that it waits for, it goes on."""
        send = story.send

        def go_on(alarm: Event) -> None:
            try:
                waits_for = send(alarm._value)
            except StopIteration:
                return
            waits_for.callbacks.append(go_on)

        next(story).callbacks.append(go_on)

    def at(self, when: float, call: Callable[[Event], None], turn: int = Turn.MOVE) -> Alarm:
        """Call `call` at time `when` (not before now), with the alarm returned."""
        alarm, now = Alarm([call]), self.now
        heappush(self._queue, (when if when > now else now, turn, next(self._eid), alarm))  # type: ignore[misc]
        return alarm

    def until(self, when: float, turn: int = Turn.MOVE) -> Alarm:
        """An alarm to yield that comes at time `when`."""
        alarm = Alarm([])
        self.put(when, turn, alarm)
        return alarm

    def put(self, when: float, turn: int, event: Event) -> None:
        """Let an event come at time `when` (not before now).

        On the queue itself rather than by `schedule(delay=)`: now + (when - now) need not be `when` again.
        """
        now = self.now
        heappush(self._queue, (when if when > now else now, turn, next(self._eid), event))  # type: ignore[misc]


class Bell:
    """One process waits at a bell, until a time or until somebody rings.

    Rings are answered once per instant and in the bell's turn: twenty arrivals at 08:00 wake their incident once. Whoever
    rings may leave `news`. A ring while nobody waits is kept.
    """

    __slots__ = ("_clock", "_event", "_rung", "_turn", "news")

    def __init__(self, clock: Clock, turn: int = Turn.MOVE) -> None:
        self._clock, self._turn = clock, turn
        self._event: Alarm | None = None  # what the process waits for
        self._rung = False  # a ring is already on its way, or kept
        self.news: list[Any] = []

    def wait(self, until: float = math.inf) -> Alarm:
        """An alarm to yield; its value is True if somebody rang, False if the time came."""
        event = self._event = Alarm([])
        if self._rung or self.news:
            self._rung = False
            self.ring()
        if until < math.inf:
            self._clock.put(until, self._turn, event)
        return event

    def move(self, until: float) -> None:
        """The waiting process is woken at `until` instead of the time it asked for."""
        event = self._event
        if event is not None:
            self._event, event.callbacks = Alarm(event.callbacks), []
            if until < math.inf:
                self._clock.put(until, self._turn, self._event)

    def ring(self, news: Any = None) -> None:
        """Wake the waiting process in this bell's turn of the present instant."""
        if news is not None:
            self.news.append(news)
        if not self._rung:
            self._rung = True
            if self._event is not None:
                self._clock.at(0.0, self._answer, self._turn)

    def take(self) -> list[Any]:
        """The news left so far, which then count as read."""
        self._rung = False
        news = self.news
        if news:
            self.news = []
        return news

    def _answer(self, _: Event) -> None:
        event = self._event
        if event is None or event.callbacks is None or not self._rung:
            return  # it woke by itself meanwhile
        self._event, self._rung = None, False
        callbacks, event.callbacks = event.callbacks, []
        event._value = True
        for callback in callbacks:
            callback(event)


def grid(t: float) -> float:
    """`t` on the clock's grid of milliseconds: `round(t, 3)` at a third of its price, but halves go up."""
    return floor(t * 1000.0 + 0.5) / 1000.0


def not_before(t: float) -> float:
    """The first instant of the grid that is not before `t`: a threshold is then surely reached."""
    if t == math.inf:
        return t
    rounded = grid(t)
    return rounded if rounded >= t else grid(rounded + 0.001)
