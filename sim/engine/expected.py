"""Expected actions: watched for from when their time counts, until they are done or the run is over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from sim.case import Condition, Expectation, Several, When
from sim.domain import events as ev
from sim.engine.clock import Turn, grid
from sim.engine.conditions import Conditions, Watch

if TYPE_CHECKING:
    from sim.engine.simulation import Simulation


class Expected:
    """The evaluator's list: what is open, when it falls due, what became of it."""

    def __init__(self, sim: Simulation, conditions: Conditions) -> None:
        self.sim, self._conditions = sim, conditions
        self._open: dict[str, tuple[Expectation, float]] = {}  # under way: due time
        self._settled: set[str] = set()
        self._of_inject: dict[str, list[tuple[Expectation, Watch]]] = {}
        self._released: dict[str, int] = {}  # by expectation: the event that released its inject
        self._done_before: dict[str, int | None] = {}
        self._pending: set[str] = set()  # about to be settled, or an inject waits to see whether they are missed
        self._decides = {  # what some inject waits for
            when.where["expectation"]
            for inject in sim.case.injects
            for when in _events(inject.when)
            if when.kind == "expectation_overdue"
        }

    @property
    def idle(self) -> bool:
        """Whether nothing is about to be settled, and no inject waits for the time of an expected action to run out."""
        return not self._pending

    def begin(self) -> None:
        """Open the expectations that count from the start, wait for what the others count from."""
        for expectation in self.sim.case.expectations:
            if expectation.inject:
                watch = self._conditions.watch(expectation.done, self._done_after(expectation))
                self._of_inject.setdefault(expectation.inject, []).append((expectation, watch))
                if expectation.earlier:
                    watch.start()
                continue
            assert isinstance(expectation.done, When), "without an inject, one event is waited for"
            self._conditions.on(expectation.done, self._done(expectation))
            if expectation.since is None:
                self._begin(expectation, 0.0)
            else:
                self._conditions.on(expectation.since, self._since(expectation))

    def released(self, inject: str, cause: int) -> None:
        """An inject was released: the time for what it should lead to counts from now."""
        for expectation, watch in self._of_inject.get(inject, ()):
            self._released[expectation.id] = cause
            self._begin(expectation, self.sim.now)
            if not expectation.earlier:
                watch.start()
            elif expectation.id in self._done_before:
                self._done(expectation)(cause)

    def field_ends(self) -> None:
        """What fell due in the field and did not happen was missed; the rest may still be done at a desk."""
        for _, (expectation, due) in sorted(self._open.items()):
            if due <= self.sim.now:
                self._settle(expectation, "missed", due, None)

    def end(self) -> None:
        """The run is over: what was expected and did not happen was missed, if it fell due."""
        now = self.sim.now
        for name, (expectation, due) in sorted(self._open.items()):
            if due <= now or self.sim.settled:
                self._settle(expectation, "missed", due, None)
            self._settled.add(name)

    # ── inside ──

    def _begin(self, expectation: Expectation, now: float) -> None:
        due = grid(now + expectation.within)
        self._open[expectation.id] = (expectation, due)
        if not expectation.overdue:
            return
        if expectation.id in self._decides:
            self._pending.add(expectation.id)

        def up(_: object) -> None:
            self._pending.discard(expectation.id)
            if expectation.id in self._open:
                cause = self._released.get(expectation.id)
                self.sim.record(ev.ExpectationOverdue(0, self.sim.now, cause, expectation.id, expectation.inject, due))

        self.sim.clock.at(due, up, Turn.LAST)

    def _since(self, expectation: Expectation) -> Callable[[int], None]:
        def begin(_: int) -> None:
            if expectation.id not in self._settled:
                self._begin(expectation, self.sim.now)

        return begin

    def _done_after(self, expectation: Expectation) -> Callable[[int | None], None]:
        def act(cause: int | None) -> None:
            if expectation.id in self._released:
                self._done(expectation)(self._released[expectation.id] if cause is None else cause)
            else:
                self._done_before[expectation.id] = cause

        return act

    def _done(self, expectation: Expectation) -> Callable[[int], None]:
        def act(cause: int) -> None:
            if expectation.id in self._settled:
                return
            opened = self._open.pop(expectation.id, None)
            self._pending.discard(expectation.id)
            if expectation.inject:  # the run may be over in this very instant: not before it is settled
                self._pending.add(expectation.id)
            due = opened[1] if opened else grid(self.sim.now)
            outcome = "met" if self.sim.now <= due else "late"
            self.sim.clock.at(self.sim.now, lambda _: self._settle(expectation, outcome, due, cause), Turn.POST)

        return act

    def _settle(self, expectation: Expectation, outcome: str, due: float, cause: int | None) -> None:
        self._pending.discard(expectation.id)
        if expectation.id not in self._settled:
            self._settled.add(expectation.id)
            self.sim.record(ev.ExpectationSettled(0, self.sim.now, cause, expectation.id, outcome, due))


def _events(condition: Condition | None) -> Iterator[When]:
    """The events a condition waits for, however deep."""
    if isinstance(condition, When):
        yield condition
    elif isinstance(condition, Several):
        for part in condition.parts:
            yield from _events(part)
