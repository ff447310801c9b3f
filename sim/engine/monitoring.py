"""Monitoring: systems that may see an accident before anybody calls, or cry wolf, and warnings before weather that brings one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.domain import events as ev
from sim.domain.monitors import Monitors, Signal, System
from sim.domain.places import Weather
from sim.engine.clock import Turn, grid

if TYPE_CHECKING:
    from sim.engine.reporting import Reporter
    from sim.engine.simulation import Simulation

_DAY = 86400.0


class Monitoring:
    """The monitoring systems of the city at work; a city without any is watched by its people alone."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self._monitors = sim.case.city.monitors or Monitors({})
        self._warned: dict[tuple[str, str], int] = {}  # colour out, by signal and county

    def begin(self) -> None:
        """Warnings that are out when the scenario starts, and those that the forecast will bring."""
        case = self.sim.case
        for signal in self._monitors.signals:
            for county in sorted(case.weather):
                self._expect(signal, county, case.weather[county], 0.0)
            for t, county, weather in case.forecast:
                self._expect(signal, county, weather, t)
        if any(system.false_alarms > 0.0 for system in self._monitors.systems.values()):
            self._day()

    def watch(self, reporter: Reporter, cause: int) -> None:
        """An accident has begun: each system that looks there and works sees it after its lag."""
        incident = reporter.incident
        for _, system in sorted(self._monitors.systems.items()):
            if incident.spec.nature in system.sees and self._looks(system, incident.id):
                when = grid(self.sim.now + self._lag(system, incident.id))
                self.sim.clock.at(when, self._noticing(reporter, system, cause), Turn.POST)

    # ── inside ──

    def _looks(self, system: System, incident: str) -> bool:
        luck, site = self.sim.streams, self.sim.incidents[incident].spec.site
        return luck.uniform("monitor_covers", system.id, incident) < system.covers(site) and not self._out(system)

    def _out(self, system: System) -> bool:
        """Whether a system is out of order today: it sees nothing, and gives no alarms either."""
        return self.sim.streams.uniform("monitor_out", system.id, str(self._today())) < system.blind

    def _today(self) -> int:
        """Days since the midnight before the scenario's start."""
        return int((self.sim.case.calendar.second_of_day + self.sim.now) // _DAY)

    def _day(self) -> None:
        """The false alarms of the day that begins: each system's come as they come, on the days on which it works."""
        sim, today = self.sim, self._today()
        midnight = today * _DAY - sim.case.calendar.second_of_day
        counties = sorted(sim.case.city.counties)
        for id_, system in sorted(self._monitors.systems.items()):
            if system.false_alarms <= 0.0 or self._out(system):
                continue
            stream = sim.streams("false_alarm", id_, str(today))
            t = midnight + stream.exponential() * _DAY / system.false_alarms
            while t < midnight + _DAY:
                county = counties[stream.index([1.0] * len(counties))]
                if t >= sim.now:
                    sim.clock.at(grid(t), self._false(id_, county, f"{today}/{t - midnight:.0f}"), Turn.POST)
                t += stream.exponential() * _DAY / system.false_alarms
        sim.clock.at(grid(midnight + _DAY), lambda _: None if sim.settled else self._day(), Turn.POST)

    def _false(self, system: str, county: str, name: str) -> Callable[[object], None]:
        """An alarm behind which there is nothing: a duty desk is at it until it knows."""

        def come(_: object) -> None:
            sim = self.sim
            if sim.settled:
                return
            post = sim.county_post(county)
            raised = sim.record(ev.AlarmRaised(0, sim.now, None, system, county, post))
            took = grid(sim.draw("notices.check", system, name))

            def dismiss(_: object) -> None:
                sim.record(ev.AlarmDismissed(0, sim.now, raised, system, county, post, took))

            sim.clock.at(grid(sim.now + took), dismiss, Turn.STAFF)

        return come

    def _lag(self, system: System, incident: str) -> float:
        """Until its alarm is in the command system: by itself over the platform, by telephone where there is none."""
        sim, platform = self.sim, self.sim.case.platform
        lag = system.lag.at(sim.streams.uniform("monitor_lag", system.id, incident))
        if platform == "degraded":
            lag *= sim.number("headquarters.lag_degraded")
        return lag if platform == "on" else lag + sim.draw("notices.alarm", system.id, incident)

    def _noticing(self, reporter: Reporter, system: System, cause: int) -> Callable[[object], None]:
        return lambda _: None if self._out(system) else reporter.noticed(system.id, cause)

    def _expect(self, signal: Signal, county: str, weather: Weather, t: float) -> None:
        """A weather to come calls for a colour: the warning is issued some time before, or as late as the scenario starts."""
        colour = signal.colour(weather)
        name = (signal.id, county, f"{t:g}")
        lead = self.sim.draw("headquarters.lead", *name) if colour and t > 0.0 else 0.0
        if self.sim.case.platform != "on":
            lead -= self.sim.draw("notices.alarm", *name) if colour else 0.0
        when = max(0.0, t - lead)

        def issue(_: object) -> None:
            out = self._warned.get((signal.id, county), 0)
            self._warned[signal.id, county] = colour
            if colour and (not out or colour < out):
                self.sim.record(
                    ev.WarningIssued(
                        0, self.sim.now, None, signal.system, signal.id, county, colour, "", signal.natures, t
                    )
                )

        if when > 0.0:
            self.sim.clock.at(grid(when), issue)
        else:
            issue(None)
