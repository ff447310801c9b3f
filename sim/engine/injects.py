"""Exercise control: injects at a time or on a condition that change the world, and expected actions that are watched for."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim.case import Action, Expectation, Following, Inject, Staffing, When
from sim.domain import events as ev
from sim.domain.people import Person, Status, Triage
from sim.engine.clock import Turn, grid

if TYPE_CHECKING:
    from sim.engine.simulation import Simulation


class Director:
    """Exercise control (导调): releases injects, watches for what is expected. It hears every event."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self._watches: dict[str, list[tuple[When, Callable[[int], None]]]] = {}  # by event kind
        self._waiting = 0  # timed injects not yet released
        self._open: dict[str, tuple[Expectation, float]] = {}  # expected actions under way: due time
        self._settled: set[str] = set()
        self._specs = {spec.id: spec for spec in sim.case.incidents}
        self._released = False  # from its duty: the field is over
        self.listens = False

    @property
    def idle(self) -> bool:
        """Whether nothing more is planned by the clock."""
        return self._waiting == 0

    def begin(self) -> None:
        """Plan the timed injects, arm the conditions, open the expectations that count from the start."""
        for inject in self.sim.case.injects:
            if inject.at is not None:
                self._waiting += 1
                self.sim.clock.at(grid(inject.at), self._timed(inject))
            elif inject.when is not None:
                self._watch(inject.when, self._conditional(inject))
        for expectation in self.sim.case.expectations:
            self._watch(expectation.done, self._done(expectation))
            if expectation.since is None:
                self._open[expectation.id] = (expectation, grid(expectation.within))
            else:
                self._watch(expectation.since, self._since(expectation))
        self.listens = bool(self._watches)

    def marks(self, incident: str) -> list[tuple[str, float]]:
        """The readings of an incident that a condition still waits for: (name, at least)."""
        return [
            (when.reading, when.at_least)
            for when, _ in self._watches.get("hazard_changed", ())
            if when.reading and when.at_least is not None and when.where.get("incident", incident) == incident
        ]

    def hear(self, event: ev.Event) -> None:
        """Look whether an event is one that is waited for; each condition is met once."""
        kind = str(event.__struct_config__.tag)
        watches = self._watches.get(kind)
        if not watches:
            return
        for item in tuple(watches):
            when, act = item
            if matches(event, when):
                watches.remove(item)
                act(event.seq)

    def field_ends(self) -> None:
        """The field is over: what fell due is settled; the world changes no more by what exercise control does."""
        self._released = True
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

    def _watch(self, when: When, act: Callable[[int], None]) -> None:
        self._watches.setdefault(when.kind, []).append((when, act))

    def _timed(self, inject: Inject) -> Callable[[object], None]:
        def release(_: object) -> None:
            self._waiting -= 1
            self._release(inject, None)

        return release

    def _conditional(self, inject: Inject) -> Callable[[int], None]:
        assert inject.when is not None, "a conditional inject has a condition"
        after = inject.when.after

        def met(cause: int) -> None:
            # Never inside the event that met the condition: the world must have taken that in first.
            if self._released:
                return
            self._waiting += 1

            def release(_: object) -> None:
                self._waiting -= 1
                self._release(inject, cause)

            self.sim.clock.at(grid(self.sim.now + after), release, Turn.MOVE)

        return met

    def _since(self, expectation: Expectation) -> Callable[[int], None]:
        def begin(_: int) -> None:
            if expectation.id not in self._settled:
                self._open[expectation.id] = (expectation, grid(self.sim.now + expectation.within))

        return begin

    def _done(self, expectation: Expectation) -> Callable[[int], None]:
        def act(cause: int) -> None:
            if expectation.id in self._settled:
                return
            opened = self._open.pop(expectation.id, None)
            due = opened[1] if opened else grid(self.sim.now)
            outcome = "met" if self.sim.now <= due else "late"
            self.sim.clock.at(self.sim.now, lambda _: self._settle(expectation, outcome, due, cause), Turn.POST)

        return act

    def _settle(self, expectation: Expectation, outcome: str, due: float, cause: int | None) -> None:
        if expectation.id not in self._settled:
            self._settled.add(expectation.id)
            self.sim.record(ev.ExpectationSettled(0, self.sim.now, cause, expectation.id, outcome, due))

    def _release(self, inject: Inject, cause: int | None) -> None:
        sim = self.sim
        for action in inject.actions:
            title_zh, title_en = action.text_zh or inject.title_zh, action.text_en or inject.title_en
            seq = sim.record(ev.InjectReleased(0, sim.now, cause, inject.id, action.do, title_zh, title_en))
            self._do(inject, action, seq)

    def _do(self, inject: Inject, action: Action, cause: int) -> None:
        sim = self.sim
        match action.do:
            case "close_road" | "slow_road" | "open_road":
                factor = {"close_road": 0.0, "open_road": 1.0}.get(action.do, action.factor)
                sim.traffic.change(action.link, factor, inject.id, cause, known_after=action.known_after)
            case "weather":
                assert action.weather is not None, "compiled weather injects carry the weather"
                sim.change_weather(action.county, action.weather, cause)
            case "comms":
                sim.record(ev.ChannelChanged(0, sim.now, cause, action.post, action.state))
            case "casualties":
                self._casualties(inject, action, cause)
            case "incident":
                parent = action.follows if isinstance(action, Following) and action.follows in sim.world.incidents else ""
                sim.occur(self._specs[action.incident], cause, parent)
            case "delay" | "suspend":
                self._staff(action, cause)
            case "tell":
                pass  # the record is the telling

    def _staff(self, action: Action, cause: int) -> None:
        """What only a headquarters feels."""
        if self.sim.headquarters is not None and isinstance(action, Staffing):
            if action.do == "delay":
                self.sim.headquarters.work.delay(action.unit, action.by, cause)
            else:
                self.sim.headquarters.safety.ordered(action.incident, action.by, cause)

    def _casualties(self, inject: Inject, action: Action, cause: int) -> None:
        sim = self.sim
        incident = sim.incidents.get(action.incident)
        if incident is None or incident.closed:
            return  # nobody is there any more; the inject stays in the journal
        triage = Triage(action.triage) if action.triage else None
        already = sum(p.person.group == inject.id for p in sim.care.ward(incident).patients.values())
        persons = tuple(
            Person(f"{inject.id}-{already + i + 1:02d}", Status(action.status or "waiting"), inject.id, triage)
            for i in range(action.persons)
        )
        sim.record(ev.PersonsInvolved(0, sim.now, cause, incident.id, persons))
        sim.care.involve(incident, persons, cause)


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
