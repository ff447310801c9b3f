"""Conditions: what has happened and how things stand, watched for by exercise control. They hear every event."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from sim.case import Condition, Several, State, When
from sim.domain import events as ev
from sim.domain.people import Status
from sim.engine.clock import Turn, grid

if TYPE_CHECKING:
    from sim.engine.simulation import Simulation

Act = Callable[[int | None], None]  # told the number of the event that made a condition hold, if it was an event
_HEARD: dict[str, tuple[str, ...]] = {
    "reading": ("hazard_changed",), "response": ("response_changed",), "dead": ("persons_involved", "person_changed"),
    "clock": (),
}  # fmt: skip


class Conditions:
    """All that is waited for: events from the `start` of a watch on; how things stand is followed from the beginning."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self.waiting = 0  # alarms that may still make a condition hold
        self._watches: dict[str, list[tuple[When, Callable[[int], None]]]] = {}  # by event kind
        self._states: dict[str, list[_Stands]] = {}  # by event kind

    @property
    def listens(self) -> bool:
        """Whether anything is waited for."""
        return bool(self._watches or self._states)

    def on(self, when: When, act: Callable[[int], None]) -> None:
        """Call `act` with the first event from now on that is the one waited for; its `after` is the caller's to keep."""
        self._watches.setdefault(when.kind, []).append((when, act))

    def watch(self, condition: Condition, act: Act) -> Watch:
        """What calls `act` once, as soon as the condition holds after `start`; the outermost `after` is the caller's to keep."""
        return Watch(self, condition, act)

    def follow(self, state: _Stands) -> None:
        """Let a state hear what it depends on."""
        for kind in _HEARD[state.state.of]:
            self._states.setdefault(kind, []).append(state)

    def hear(self, event: ev.Event) -> None:
        """Look whether an event is one that is waited for; each is met once."""
        kind = str(event.__struct_config__.tag)
        watches = self._watches.get(kind)
        if watches:
            for item in tuple(watches):
                when, act = item
                if matches(event, when):
                    watches.remove(item)
                    act(event.seq)
        for state in self._states.get(kind, ()):
            state.hear(event)

    def marks(self, incident: str) -> list[tuple[str, float]]:
        """The readings of an incident that an event is still waited for with: (name, at least)."""
        return [
            (when.reading, when.at_least)
            for when, _ in self._watches.get("hazard_changed", ())
            if when.reading and when.at_least is not None and when.where.get("incident", incident) == incident
        ]

    def levels(self, incident: str) -> Iterator[tuple[str, float]]:
        """The readings of an incident whose passing of a level, up or down, makes or breaks a state: (name, level)."""
        for followed in self._states.get("hazard_changed", ()):
            state = followed.state
            if state.incident in ("", incident):
                yield from ((state.name, bound) for bound in (state.low, state.high) if bound is not None)


class Watch:
    """One condition, with all its parts, that is waited for once."""

    def __init__(self, conditions: Conditions, condition: Condition, act: Act) -> None:
        self._act, self._started, self._over = act, False, False
        self._root = _part(conditions, condition, self._changed, outermost=True)

    @property
    def holds(self) -> bool:
        """Whether it holds now."""
        return self._root.holds

    def start(self) -> None:
        """Wait for it from now on; what stands already holds at once."""
        self._started = True
        self._root.start()
        self._changed(None)

    def _changed(self, cause: int | None) -> None:
        if self._started and not self._over and self._root.holds:
            self._over = True
            self._act(cause)


class _Happened:
    """Something has happened, and stays so."""

    def __init__(self, conditions: Conditions, when: When, changed: Act, *, outermost: bool) -> None:
        self._conditions, self._when, self._changed = conditions, when, changed
        self._after = 0.0 if outermost else when.after
        self.holds = False

    def start(self) -> None:
        self._conditions.on(self._when, self._met)

    def _met(self, cause: int) -> None:
        if self._after == 0.0:
            self._hold(cause)
            return
        sim = self._conditions.sim
        self._conditions.waiting += 1

        def later(_: object) -> None:
            self._conditions.waiting -= 1
            self._hold(cause)

        sim.clock.at(grid(sim.now + self._after), later, Turn.LAST)

    def _hold(self, cause: int) -> None:
        self.holds = True
        self._changed(cause)


class _Stands:
    """Things stand so, for as long as it takes; it may cease again."""

    def __init__(self, conditions: Conditions, state: State, changed: Act, *, outermost: bool) -> None:
        self._conditions, self.state, self._changed = conditions, state, changed
        self._takes = state.lasting + (0.0 if outermost else state.after)
        self.holds = False
        self._raw, self._turn = False, 0  # how it stands this moment, and how often that changed
        self._where: dict[str, bool] = {}  # by incident or post: whether it is so there
        self._dead: set[str] = set()
        conditions.follow(self)

    def start(self) -> None:
        state, sim = self.state, self._conditions.sim
        if state.of == "clock":
            assert state.low is not None, "a clock has a time"
            self._conditions.waiting += 1

            def come(_: object) -> None:
                self._conditions.waiting -= 1
                self._set(True, None)

            sim.clock.at(grid(state.low), come)

    def hear(self, event: ev.Event) -> None:
        """Take in what happened."""
        state = self.state
        match event:
            case ev.HazardChanged(incident=name, readings=readings) if state.incident in ("", name):
                value = readings.get(state.name, math.nan)
                low, high = state.low, state.high
                self._where[name] = (
                    (low is None or value >= low) and (high is None or value <= high) and not math.isnan(value)
                )
                self._set(any(self._where.values()), event.seq)
            case ev.ResponseChanged(post=post, incident=name, level=level):
                if state.incident in ("", name) and state.post in ("", post):
                    assert state.high is not None, "a response has a level"
                    self._where[f"{post}/{name}"] = 0 < level <= state.high
                    self._set(any(self._where.values()), event.seq)
            case ev.PersonChanged(incident=name, person=person, status=Status.DEAD) if state.incident in ("", name):
                self._count({person}, event.seq)
            case ev.PersonsInvolved(incident=name, persons=persons) if state.incident in ("", name):
                self._count({f"{name}/{p.id}" for p in persons if p.status is Status.DEAD}, event.seq)

    def _count(self, dead: set[str], cause: int) -> None:
        self._dead |= dead
        assert self.state.low is not None, "the dead have a number"
        self._set(len(self._dead) >= self.state.low, cause)

    def _set(self, raw: bool, cause: int | None) -> None:
        if raw is self._raw:
            return
        self._raw, self._turn = raw, self._turn + 1
        if not raw or self._takes == 0.0:
            self.holds = raw
            self._changed(cause)
            return
        turn, conditions = self._turn, self._conditions
        conditions.waiting += 1

        def lasted(_: object) -> None:
            conditions.waiting -= 1
            if turn == self._turn:  # it has not changed since
                self.holds = True
                self._changed(cause)

        conditions.sim.clock.at(grid(conditions.sim.now + self._takes), lasted, Turn.LAST)


class _Together:
    """So many of several parts hold."""

    def __init__(self, conditions: Conditions, several: Several, changed: Act) -> None:
        self._of = several.of
        self._parts = [_part(conditions, part, changed) for part in several.parts]

    @property
    def holds(self) -> bool:
        return sum(part.holds for part in self._parts) >= self._of

    def start(self) -> None:
        for part in self._parts:
            part.start()


def _part(
    conditions: Conditions, condition: Condition, changed: Act, *, outermost: bool = False
) -> _Happened | _Stands | _Together:
    match condition:
        case When():
            return _Happened(conditions, condition, changed, outermost=outermost)
        case State():
            return _Stands(conditions, condition, changed, outermost=outermost)
        case Several():
            return _Together(conditions, condition, changed)


def matches(event: ev.Event, when: When) -> bool:
    """Whether an event is the one a condition waits for."""
    for name, wanted in when.where.items():
        value: Any = getattr(event, name, None)
        if str(getattr(value, "value", value)) != wanted:
            return False
    if when.reading:
        values = getattr(event, "readings", None) or getattr(event, "values", None) or {}
        value = values.get(when.reading, -math.inf)
        return when.at_least is not None and value >= when.at_least
    return True
