"""One process per incident: it lets its hazard advance, hands it its inputs, records what changes.

The order is always: advance under the old inputs, let happen what was due, set the new inputs, ask for the next event.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.case import IncidentSpec
from sim.domain import events as ev
from sim.domain.hazards import Demand, Inputs, Scene
from sim.domain.people import SEARCH, Status
from sim.domain.places import Weather
from sim.engine import effects, workface
from sim.engine.clock import Bell, Story, Turn, grid, not_before
from sim.errors import InvariantBroken

if TYPE_CHECKING:
    from sim.engine.posts import Desk
    from sim.engine.simulation import Simulation
    from sim.engine.sorties import Sortie
    from sim.ports import Hazard

_FAR = 30 * 86400.0  # s: no reading is looked for further ahead
_MOST_AT_ONCE = 1000  # own events of one hazard within one instant: more is a loop in the model


class Incident:
    """A running incident: the hazard's state and who is on the spot."""

    def __init__(self, sim: Simulation, spec: IncidentSpec, model: Hazard) -> None:
        self.sim, self.spec, self.id, self.model = sim, spec, spec.id, model
        self.bell = Bell(sim.clock, Turn.HAZARD)
        self.present: dict[str, Sortie] = {}
        self.demands: tuple[Demand, ...] = ()
        self.inputs = Inputs({}, sim.weather_at(spec.site.county), sim.services.at(spec.site.town))
        self.over = ""
        self.leaves = False  # the dead stay where nobody reached them
        self.closed = False
        self.known_to: list[Desk] = []  # desks that a report of it has reached
        self.began = 0.0
        self.latest = -1  # seq of its latest own event
        self.roads: dict[str, None] = {}  # links it closed or slowed: whoever reports it reports them
        self.shut: dict[str, None] = {}  # links in its area that it closed or slowed, and may open again
        self.strikes: dict[str, int] = {}  # how often responders were hit, by what
        self.suspended = False  # those at the face have withdrawn to its edge
        self._passed: set[str] = set()  # limits of its formulas that were left
        self._due = math.inf
        self._due_name = ""
        self._mark = math.inf
        self._input_change = math.inf
        self._advanced = 0.0
        self._readings: dict[str, float] = {}

    def story(self, cause: int | None = None, parent: str = "") -> Story:
        """From the first moment until the hazard is over."""
        sim, spec, model = self.sim, self.spec, self.model
        clock = sim.clock
        self.began = self._advanced = clock.now
        self.latest = sim.record(
            ev.IncidentOccurred(
                0,
                clock.now,
                cause,
                spec.id,
                spec.nature,
                spec.cause,
                spec.site,
                spec.scope,
                spec.name_zh,
                spec.name_en,
                parent,
                spec.ordinary,
                spec.variant,
            )
        )
        weather = sim.weather_at(spec.site.county)
        scene = Scene(
            spec.id,
            spec.cause,
            spec.scope,
            spec.site,
            sim.case.calendar,
            clock.now,
            weather,
            sim.rain_of_month(spec.site.county),
            spec.around,
            spec.variant,
        )
        self.state, done = model.start(scene, sim.streams("hazard", spec.id))
        sim.cascades.begin(self)
        effects.apply(self, done)
        self._note("start")
        sim.reporter(self).begin(self.latest, parent)
        while not self.over:
            self._set_inputs()
            until = min(self._due, self._input_change, self._mark)
            yield self.bell.wait(until)
            self.bell.take()
            self._advance()
            if self._due <= clock.now:
                self._fire_due()
            elif self._mark <= clock.now:
                self._note("mark")
        for sortie in tuple(self.present.values()):
            sortie.nothing_left()

    def sight(self) -> object:
        """The hazard's state right now, for observers; the incident itself is brought up to date by it."""
        self._advance()
        return self.state

    def arrive(self, sortie: Sortie) -> None:
        """An element reports on the spot."""
        self.present[sortie.id] = sortie
        self.bell.ring()
        if self.over:
            sortie.nothing_left()

    @property
    def mode(self) -> str:
        """How its hazard goes: growing, steady, declining …"""
        return self.model.mode(self.state)

    def suspend(self, *, suspended: bool) -> None:
        """Those at the face withdraw to its edge, or go in again."""
        self.suspended = suspended
        self.bell.ring()

    def turn_to_search(self, cause: int) -> None:
        """The command has given up hope: whoever could not get out is missing, and with that the rescue is over."""
        self._advance()
        for patient in tuple(self.sim.care.ward(self).patients.values()):
            if patient.status is Status.TRAPPED:
                self.sim.care.change(patient.name, Status.MISSING, None, SEARCH, cause)
        self.sim.care.toll.over(self.id, cause, leaves=True)
        if not self.over:
            self.latest, self.over = cause, SEARCH
            self._due = self._mark = self._input_change = math.inf
            self._note(SEARCH)
            self.bell.ring()
        self.over = SEARCH  # for which the response is closed now, whatever ended the hazard before

    def leave(self, sortie: Sortie) -> None:
        """An element is no longer on the spot."""
        if self.present.pop(sortie.id, None) is not None:
            self.bell.ring()

    def wears(self, demand: str) -> bool:
        """Whether serving one of its demands tires people."""
        return any(d.wears for d in self.demands if d.id == demand)

    def serves(self, sortie: Sortie) -> bool:
        """Whether anything here, now, is for this element to do or to stand by for."""
        supplies = sortie.crew.supplies
        return any(supplies.get(d.capability, 0.0) > 0.0 for d in self.demands)

    # ── inside ──

    def _advance(self) -> None:
        now = self.sim.clock.now
        if now > self._advanced:
            if not self.over:
                self.state = self.model.advance(self.state, now - self._advanced, self.inputs)
            self._advanced = now

    def _fire_due(self) -> None:
        for _ in range(_MOST_AT_ONCE):
            name = self._due_name
            self.state, done = self.model.fire(self.state, name, self.inputs)
            effects.apply(self, done)
            self._note(name)
            if self.over:
                return
            span, self._due_name = self.model.next_event(self.state, self.inputs)
            if span > 0.0:
                return
        raise InvariantBroken(
            f"the model of {self.id} ({self.spec.nature}) repeats '{name}' without end at {self._advanced}"
        )

    def _note(self, what: str) -> None:
        """Record the state after an own event of the hazard, and the demands if they are new."""
        sim, now = self.sim, self.sim.clock.now
        self._readings = self.model.readings(self.state)
        self.latest = sim.record(
            ev.HazardChanged(
                0, now, self.latest, self.id, what, self.model.mode(self.state), self._readings, self.inputs.effort
            )
        )
        demands = () if self.over else tuple(self.model.demands(self.state))
        if demands != self.demands:
            if [d.id for d in demands] != [d.id for d in self.demands] or demands == ():
                sim.record(ev.DemandsChanged(0, now, self.latest, self.id, demands))
            self.demands = demands
        if self.spec.limits:
            self._check_limits()
        if self.over:
            self.latest = sim.record(ev.HazardOver(0, now, self.latest, self.id, self.over))
            sim.care.toll.over(self.id, self.latest, leaves=self.leaves)
            sim.cascades.over(self)
            sim.services.restore(self, self.latest)
            sim.reporter(self).over()
        else:
            if what not in ("inputs", "mark"):
                sim.cascades.struck(self, what, self._readings, self.latest)
            sim.cascades.changed(self)
            if what not in ("start", "inputs", "mark"):
                sim.reporter(self).hazard_changed()

    def _check_limits(self) -> None:
        """Say once of each figure that it has left the range in which the model's formulas are known to hold."""
        for limit in self.spec.limits:
            if limit.name in self._passed:
                continue
            value = self._readings.get(limit.of, self.spec.scope.get(limit.of, math.nan))
            if limit.of.startswith("weather."):
                value = _of_weather(self.inputs.weather, limit.of)
            if value < limit.low or value > limit.high:
                self._passed.add(limit.name)
                self.sim.record(
                    ev.LimitPassed(
                        0, self.sim.clock.now, self.latest, self.id, limit.name, limit.of, value, limit.low, limit.high
                    )
                )

    def _set_inputs(self) -> None:
        sim, now = self.sim, self.sim.clock.now
        crews = [s.crew for s in self.present.values() if s.can_work]
        if crews:
            demands = () if self.suspended else self.demands
            for crew, demand, effective in workface.assign(demands, crews, now):
                sim.fleet.sorties[crew.id].assigned(demand, grid(effective))
        efforts, self._input_change = workface.effort(self.demands, crews, now, sim.fatigue)
        self._input_change = not_before(self._input_change)
        efforts = sim.crowding.ease(self, efforts)
        weather, services = sim.weather_at(self.spec.site.county), sim.services.at(self.spec.site.town)
        around = weather is not self.inputs.weather or services != self.inputs.services
        if around or efforts != self.inputs.effort:
            changed = around or _working(efforts) != _working(self.inputs.effort)
            self.inputs = Inputs(efforts, weather, services)
            if changed:
                self.state = self.model.advance(self.state, 0.0, self.inputs)  # figures that follow the weather
                self._note("inputs")
        span, self._due_name = self.model.next_event(self.state, self.inputs)
        self._due = not_before(now + span)
        self._mark = self._next_mark(now)

    def _next_mark(self, now: float) -> float:
        """When a reading passes a level that somebody watches, before anything else happens; inf if none does.

        Exercise control waits for figures that are reached; conditions of cascades begin and cease at theirs.
        """
        waited = self.sim.director.marks(self.id) if self.sim.director.listens else []
        watched = [*self.sim.cascades.levels(self.id), *self.sim.director.levels(self.id)]
        if not waited and not watched:
            return math.inf
        model, state = self.model, self.state
        here = model.readings(state)
        span = min(self._due, self._input_change, now + _FAR) - now

        def figure(name: str, dt: float) -> float:
            return model.readings(model.advance(state, dt, self.inputs)).get(name, -math.inf)

        def reached(name: str, level: float) -> float:
            """The first instant of the grid at which it is."""
            low, high = 0.0, span
            while high - low > 0.5e-3:
                middle = (low + high) / 2
                low, high = (low, middle) if figure(name, middle) >= level else (middle, high)
            return not_before(now + high)

        def passed(name: str, level: float) -> float:
            """The first instant at which it lies on the other side; a reading on its level is on no side yet."""
            low, high, above = 0.0, span, figure(name, span) > level
            while high - low > 0.5e-3:
                middle = (low + high) / 2
                value = figure(name, middle)
                low, high = (low, middle) if (value > level if above else value < level) else (middle, high)
            return not_before(now + high)

        times = [
            reached(name, level)
            for name, level in waited
            if here.get(name, math.inf) < level and figure(name, span) >= level
        ]
        for name, level in watched:
            before, after = here.get(name, math.nan) - level, figure(name, span) - level
            if before * after < 0.0 or (before == 0.0 and after != 0.0):
                times.append(passed(name, level))
        return min(times, default=math.inf)


def _working(efforts: dict[str, float]) -> dict[str, float]:
    return {name: value for name, value in efforts.items() if value}


def _of_weather(weather: Weather, name: str) -> float:
    return float(getattr(weather, name.removeprefix("weather.")))
