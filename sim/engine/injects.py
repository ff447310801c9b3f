"""Exercise control: injects at a time, on a condition or by the director's hand, that change the world or are just told."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.case import Action, Following, Inject, Staffing
from sim.domain import events as ev
from sim.domain.people import Person, Status, Triage
from sim.engine.clock import Turn, grid
from sim.engine.conditions import Conditions, Watch
from sim.engine.expected import Expected

if TYPE_CHECKING:
    from sim.engine.simulation import Simulation


class Director:
    """Exercise control (导调): releases injects, watches for what is expected. It hears every event."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self._conditions = Conditions(sim)
        self._expected = Expected(sim, self._conditions)
        self._waiting = 0  # injects that will be released by the clock
        self._guards: dict[str, Watch] = {}
        self._dismissed = False  # from its duty: the field is over
        self._specs = {spec.id: spec for spec in sim.case.incidents}
        self.listens = False
        self.hear, self.marks, self.levels = self._conditions.hear, self._conditions.marks, self._conditions.levels

    @property
    def idle(self) -> bool:
        """Whether nothing more is planned by the clock."""
        return self._waiting == 0 and self._conditions.waiting == 0 and self._expected.idle

    def begin(self) -> None:
        """Plan the timed injects, arm the conditions, open the expectations that count from the start."""
        for inject in self.sim.case.injects:
            if inject.unless is not None:
                guard = self._guards[inject.id] = self._conditions.watch(inject.unless, lambda _: None)
                guard.start()
            if inject.at is not None:
                self._waiting += 1
                self.sim.clock.at(grid(inject.at), self._timed(inject, None))
            elif inject.when is not None:
                self._conditions.watch(inject.when, self._met(inject)).start()
        self._expected.begin()
        self.listens = (
            bool(self.sim.case.expectations) or self._conditions.listens
        )  # what is expected may yet be waited for

    def field_ends(self) -> None:
        """The field is over: what fell due is settled; the world changes no more by what exercise control does."""
        self._dismissed = True
        self._expected.field_ends()

    def end(self) -> None:
        """The run is over: what is still expected is settled as far as it can be."""
        self._expected.end()

    # ── inside ──

    def _timed(self, inject: Inject, cause: int | None) -> Callable[[object], None]:
        def release(_: object) -> None:
            self._waiting -= 1
            self._release(inject, cause)

        return release

    def _met(self, inject: Inject) -> Callable[[int | None], None]:
        assert inject.when is not None, "a conditional inject has a condition"
        after = inject.when.after

        def met(cause: int | None) -> None:
            # Never inside the event that met the condition: the world must have taken that in first.
            if self._dismissed:
                return
            self._waiting += 1
            self.sim.clock.at(grid(self.sim.now + after), self._timed(inject, cause), Turn.MOVE)

        return met

    def _release(self, inject: Inject, cause: int | None) -> None:
        sim = self.sim
        if (guard := self._guards.get(inject.id)) is not None and guard.holds:
            sim.record(ev.InjectWithheld(0, sim.now, cause, inject.id, inject.title_zh, inject.title_en))
            return
        for number, action in enumerate(inject.actions):
            title_zh, title_en = action.text_zh or inject.title_zh, action.text_en or inject.title_en
            seq = sim.record(ev.InjectReleased(0, sim.now, cause, inject.id, action.do, title_zh, title_en))
            if number == 0:
                self._expected.released(inject.id, seq)
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
                parent = (
                    action.follows if isinstance(action, Following) and action.follows in sim.world.incidents else ""
                )
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
