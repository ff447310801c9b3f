"""What became of each item of supplies in a disaster: asked, given, out, in, signed, handed out – every unit once.

What was missing when it was counted is asked for again: such re-orders are told apart, so that nothing is wanted twice. And
what it meant for people: how many person-hours they waited from when the need was known until the goods were in their hands.
From the journal and the cast alone. Amounts are in the item's unit, times are seconds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from sim.domain import events as ev
from sim.journal.cast import Cast
from sim.journal.families import Families


@dataclass
class Flow:
    """One item in one disaster. In the end: asked = handed out + lying there + under way + missing + refused + still open."""

    disaster: str
    item: str
    asked: float = 0.0  # by the command, re-orders included; what was passed up is not asked for anew
    again: float = 0.0  # of it: asked for again because loads were short
    allotted: float = 0.0
    out: float = 0.0
    signed: float = 0.0
    missing: float = 0.0
    handed: float = 0.0
    refused: float = 0.0
    short: int = 0  # loads that were not complete
    astray: int = 0
    times: dict[str, tuple[float, float]] = field(default_factory=dict)  # step -> its first and its last moment
    waited: float = 0.0  # amount × seconds between known need and hands
    waited_night: float = 0.0  # of it by night
    evidence: list[int] = field(default_factory=list)

    @property
    def needed(self) -> float:
        """What was asked for, once."""
        return self.asked - self.again

    @property
    def unfilled(self) -> float:
        """What of the need was never signed for."""
        return max(0.0, self.needed - self.signed)

    def at(self, step: str, t: float) -> None:
        """A step was taken."""
        first, _ = self.times.get(step, (t, t))
        self.times[step] = (first, t)


def flows(events: Iterable[ev.Event]) -> list[Flow]:
    """Every item of every disaster, in the order in which they were first asked for."""
    fold = _Fold()
    for event in events:
        fold.hear(event)
    fold.end()
    return list(fold.flows.values())


def persons(flow: Flow, cast: Cast) -> float:
    """How many people one unit of an item is for."""
    known = cast.stores.items.get(flow.item) if cast.stores else None
    return known.serves if known else 1.0


class _Fold:
    def __init__(self) -> None:
        self.flows: dict[tuple[str, str], Flow] = {}
        self._families = Families()
        self._known: dict[int, float] = {}  # when each report came
        self._steps: dict[tuple[str, str], list[tuple[float, float]]] = {}  # changes of what is needed and not in hands
        self._nights: list[tuple[float, bool]] = []
        self._last = 0.0

    def hear(self, event: ev.Event) -> None:
        """One event more."""
        match event:
            case ev.IncidentOccurred() | ev.IncidentClosed():
                self._families.take(event)
            case ev.Daylight(t=t, night=night):
                self._nights.append((t, night))
            case ev.ReportReceived(seq=seq, t=t):
                self._known[seq] = t
            case ev.SupplyAsked(parent=""):
                self._asked(event)
            case ev.SupplyAllotted() if event.amount > 0.0:
                self._flow(event).allotted += event.amount
            case ev.SupplyLoaded():
                flow = self._flow(event)
                flow.out += event.amount
                flow.at("out", event.t)
            case ev.SupplySigned():
                self._signed(event)
            case ev.SupplyHandedOut():
                flow = self._flow(event)
                flow.handed += event.amount
                flow.at("handed", event.t)
                self._step(event, event.t, -event.amount)
            case ev.SupplyRefused():
                flow = self._flow(event)
                flow.refused += event.amount
                flow.evidence.append(event.seq)
            case _:
                pass
        self._last = event.t if not isinstance(event, ev.RunEnded) else self._last

    def _key(self, event: ev.Event) -> tuple[str, str]:
        incident, item = str(getattr(event, "incident", "")), str(getattr(event, "item", ""))
        return self._families.root(incident), item

    def _flow(self, event: ev.Event) -> Flow:
        key = self._key(event)
        return self.flows.setdefault(key, Flow(*key))

    def _step(self, event: ev.Event, t: float, change: float) -> None:
        self._steps.setdefault(self._key(event), []).append((t, change))

    def _asked(self, e: ev.SupplyAsked) -> None:
        flow = self._flow(e)
        flow.asked += e.amount
        flow.again += e.again
        flow.at("asked", e.t)
        flow.evidence.append(e.seq)
        since = self._known.get(-1 if e.cause is None else e.cause, e.t)
        self._step(e, since, e.amount - e.again)  # what is asked for again was needed all the time

    def _signed(self, e: ev.SupplySigned) -> None:
        flow = self._flow(e)
        flow.signed += e.amount
        flow.at("signed", e.t)
        if (short := e.sent - e.amount) > 0.0:
            flow.missing += short
        flow.short += e.why == "short"
        flow.astray += e.why == "wrong_address"
        if e.why:
            flow.evidence.append(e.seq)

    def end(self) -> None:
        """Add up the waiting: to the last hand-out, or to the end of the journal for what never came."""
        for key, steps in self._steps.items():
            flow = self.flows[key]
            handed = flow.times.get("handed", (0.0, 0.0))[1]
            until = max(handed, *(t for t, _ in steps)) if flow.handed >= flow.needed else self._end_of_field()
            for start, end, amount in _levels(sorted(steps), until):
                flow.waited += amount * (end - start)
                flow.waited_night += amount * sum(
                    max(0.0, min(end, to) - max(start, since)) for since, to in self._dark(until)
                )

    def _end_of_field(self) -> float:
        return max((t for steps in self._steps.values() for t, _ in steps), default=self._last)

    def _dark(self, until: float) -> list[tuple[float, float]]:
        """The nights of the journal."""
        marks = pairwise([*self._nights, (math.inf, False)])
        return [(t, min(then, until)) for (t, night), (then, _) in marks if night]


def _levels(steps: list[tuple[float, float]], until: float) -> Iterable[tuple[float, float, float]]:
    """(from, to, how much is needed and not in anybody's hands)."""
    amount, last = 0.0, steps[0][0] if steps else 0.0
    for t, change in [*steps, (until, 0.0)]:
        if t > last and amount > 0.0:
            yield last, t, amount
        amount += change
        last = max(last, t)
