"""Errands: what units are at. A unit that is delayed does nothing meanwhile, and whatever it is at takes so much longer.

While a response lasts its duty staff work round the clock. What is over is dealt with in office hours: a paper that would be
ready at night or on a day off is signed on the next working day, the later in the day the later it was ready. What is due
within days does not wait for a working day: whoever is on duty at the weekend sees to it by day.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.engine.clock import Turn, grid

if TYPE_CHECKING:
    from sim.engine.simulation import Simulation

_DAY = 86400.0
_WEEK = 7  # days

Over = Callable[[], bool]  # whether the response that the errand belongs to has ended
Then = Callable[[int | None], None]  # called with the seq of the delay that pushed it back last, if any did


class _Errand:
    """One thing a unit is at."""

    __slots__ = ("daily", "delay", "due", "over", "then")

    def __init__(self, due: float, delay: int | None, then: Then, over: Over, daily: bool) -> None:
        self.due, self.delay, self.then, self.over, self.daily = due, delay, then, over, daily


class Errands:
    """What every unit is at."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self._under_way: dict[str, dict[_Errand, None]] = {}
        self._held: dict[str, tuple[float, int]] = {}  # unit -> until when it does nothing, and the seq of why

    def do(self, unit: str, span: float, then: Then, over: Over = lambda: False, *, daily: bool = False) -> None:
        """The unit sets to work on something that takes it so long; it is done in office hours once the response is over.

        `daily`: on days off as well.
        """
        start, delay = self.sim.now, None
        until, why = self._held.get(unit, (0.0, -1))
        if until > start:
            start, delay = until, why
        errand = _Errand(grid(start + span), delay, then, over, daily)
        self._under_way.setdefault(unit, {})[errand] = None
        self._wait(unit, errand)

    def in_office(self, t: float, *, daily: bool = False) -> float:
        """When something is signed that is ready at `t`: then, or as far into the next working day as the night was spent."""
        sim = self.sim
        calendar, workdays = sim.case.calendar, _WEEK if daily else round(sim.number("notices.workdays"))
        opens, closes = sim.number("notices.opens"), sim.number("notices.closes")
        here = calendar.second_of_day + t
        today = math.floor(here / _DAY)
        days = [d for d in range(today - _WEEK, today + _WEEK + 1) if (calendar.weekday + d) % _WEEK < workdays]
        if any(opens <= here - d * _DAY < closes for d in days):
            return t
        closed = max(d * _DAY + closes for d in days if d * _DAY + closes <= here)
        open_again = min(d * _DAY + opens for d in days if d * _DAY + opens > here)
        spent = (here - closed) / (open_again - closed)
        return grid(t + open_again - here + spent * (closes - opens))

    def delay(self, unit: str, by: float, cause: int) -> None:
        """For so long the unit does nothing."""
        begins = max(self.sim.now, self._held.get(unit, (0.0, -1))[0])
        self._held[unit] = (grid(begins + by), cause)
        for errand in self._under_way.get(unit, ()):
            errand.due, errand.delay = grid(errand.due + by), cause

    def _wait(self, unit: str, errand: _Errand) -> None:
        def come(_: object) -> None:
            if errand.due > self.sim.now:  # it was pushed back meanwhile
                self._wait(unit, errand)
                return
            if errand.over() and (signed := self.in_office(self.sim.now, daily=errand.daily)) > self.sim.now:
                errand.due = signed
                self._wait(unit, errand)
                return
            del self._under_way[unit][errand]
            errand.then(errand.delay)

        self.sim.clock.at(errand.due, come, Turn.STAFF)
