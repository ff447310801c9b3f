"""Notices: a command tells units; those on the platform at once, the others one call after the other, at night out of bed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.domain import events as ev
from sim.domain.plans import Unit
from sim.engine.clock import grid
from sim.engine.errands import Errands
from sim.units import HOUR

if TYPE_CHECKING:
    from sim.engine.simulation import Simulation

Heard = Callable[[int], None]  # called with the seq of what the unit acts on


class Notices:
    """Who was told of which incident, and who has set to work."""

    def __init__(self, sim: Simulation, units: dict[str, Unit], work: Errands) -> None:
        self.sim, self._units, self._work = sim, units, work
        self._told: dict[tuple[str, str], list[Heard]] = {}  # (incident, unit) -> who waits for it to set to work
        self._awake: dict[tuple[str, str], int] = {}  # (incident, unit) -> seq of its acknowledgement
        self._free: dict[str, list[float]] = {}  # post -> when each of those who telephone is free again

    def awake(self, incident: str, unit: str) -> bool:
        """Whether a unit has set to work on an incident."""
        return (incident, unit) in self._awake

    def tell(self, incident: str, post: str, unit: str, cause: int) -> None:
        """A post tells a unit of an incident, once."""
        key = (incident, unit)
        if key in self._told:
            return
        self._told[key] = []
        sim, now = self.sim, self.sim.now
        channel = self._channel(post, unit)
        due = self._reach(channel, post, incident, unit)
        told = sim.record(ev.UnitNotified(0, now, cause, incident, post, unit, channel, due))

        def acknowledged(delay: int | None) -> None:
            seq = sim.record(ev.UnitAcknowledged(0, sim.now, told if delay is None else delay, incident, unit))
            self._awake[key] = seq
            for heard in self._told[key]:
                heard(seq)

        known = self._units.get(unit)
        way = "desk" if known is not None and known.desk else "home" if self._night(due) else "office"
        self._work.do(unit, due - now + sim.draw(f"notices.{way}", incident, unit), acknowledged)

    def when_awake(self, incident: str, unit: str, heard: Heard) -> None:
        """Call back as soon as a unit has set to work on an incident; at once if it has."""
        seq = self._awake.get((incident, unit))
        if seq is not None:
            heard(seq)
        else:
            self._told[incident, unit].append(heard)

    def instruct(self, incident: str, post: str, unit: str, what: str, cause: int, heard: Heard) -> None:
        """A unit is told what to do: with the notice that wakes it, or, once it is at work, by the next message."""
        if self.awake(incident, unit):
            name = "notices.joined" if self._channel(post, unit) == "platform" else "notices.apart"
            self._work.do(
                unit,
                self.sim.draw(name, incident, unit, what),
                lambda delay: heard(cause if delay is None else delay),
            )
            return
        self.tell(incident, post, unit, cause)
        self.when_awake(incident, unit, heard)

    # ── inside ──

    def _channel(self, post: str, unit: str) -> str:
        known, sim = self._units.get(unit), self.sim
        joined = known is not None and known.on_platform
        match sim.wires.state(post):
            case "down":
                return "satellite" if joined and sim.wires.has_satellite(post) else "courier"
            case "degraded":
                return "radio" if joined else "courier"
            case _:
                return "platform" if joined and sim.case.platform == "on" else "phone"

    def _reach(self, channel: str, post: str, incident: str, unit: str) -> float:
        """When a message that leaves now is there; calls follow one another."""
        sim, now = self.sim, self.sim.now
        if channel == "platform":
            return grid(now + sim.draw("notices.platform", incident, unit))
        span = sim.draw("notices.call", incident, unit)
        if channel == "courier":
            return grid(now + max(span, sim.draw("notices.courier", incident, unit)))
        if channel == "radio":
            span *= sim.number("reporting.degraded")
        elif channel == "satellite":
            span = max(span, sim.number("reporting.satellite"))
        lines = self._free.setdefault(post, [0.0] * max(1, round(sim.number("notices.callers"))))
        line = min(range(len(lines)), key=lambda i: (lines[i], i))
        lines[line] = grid(max(now, lines[line]) + span)
        return lines[line]

    def _night(self, t: float) -> bool:
        """Whether it is night then; after the field, too, when nobody records dusk any more."""
        hour = self.sim.case.calendar.hour_at(t) * HOUR
        return not self.sim.number("daylight.dawn") <= hour < self.sim.number("daylight.dusk")
