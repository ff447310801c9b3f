"""Errands: what units are at. A unit that is delayed does nothing meanwhile, and whatever it is at takes so much longer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.engine.clock import Turn, grid

if TYPE_CHECKING:
    from sim.engine.simulation import Simulation

Then = Callable[[int | None], None]  # called with the seq of the delay that pushed it back last, if any did


class _Errand:
    """One thing a unit is at."""

    __slots__ = ("delay", "due", "then")

    def __init__(self, due: float, delay: int | None, then: Then) -> None:
        self.due, self.delay, self.then = due, delay, then


class Errands:
    """What every unit is at."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self._under_way: dict[str, dict[_Errand, None]] = {}
        self._held: dict[str, tuple[float, int]] = {}  # unit -> until when it does nothing, and the seq of why

    def do(self, unit: str, span: float, then: Then) -> None:
        """The unit sets to work on something that takes it so long."""
        start, delay = self.sim.now, None
        until, why = self._held.get(unit, (0.0, -1))
        if until > start:
            start, delay = until, why
        errand = _Errand(grid(start + span), delay, then)
        self._under_way.setdefault(unit, {})[errand] = None
        self._wait(unit, errand)

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
            del self._under_way[unit][errand]
            errand.then(errand.delay)

        self.sim.clock.at(errand.due, come, Turn.STAFF)
