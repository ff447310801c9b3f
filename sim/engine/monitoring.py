"""Monitoring: systems that may see an accident before anybody calls, and warnings before the weather that brings one."""

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

    def watch(self, reporter: Reporter, cause: int) -> None:
        """An accident has begun: each system that looks there and works sees it after its lag."""
        incident = reporter.incident
        for id_, system in sorted(self._monitors.systems.items()):
            if incident.spec.nature in system.sees and self._looks(system, incident.id):
                when = grid(self.sim.now + self._lag(system, incident.id))
                self.sim.clock.at(when, self._noticing(reporter, id_, cause), Turn.POST)

    # ── inside ──

    def _looks(self, system: System, incident: str) -> bool:
        luck, site = self.sim.streams, self.sim.incidents[incident].spec.site
        covered = luck.uniform("monitor_covers", system.id, incident) < system.covers(site)
        return covered and luck.uniform("monitor_blind", system.id, incident) >= system.blind

    def _lag(self, system: System, incident: str) -> float:
        """Until its alarm is in the command system: by itself over the platform, by telephone where there is none."""
        sim, platform = self.sim, self.sim.case.platform
        lag = system.lag.at(sim.streams.uniform("monitor_lag", system.id, incident))
        if platform == "degraded":
            lag *= sim.number("headquarters.lag_degraded")
        return lag if platform == "on" else lag + sim.draw("notices.alarm", system.id, incident)

    @staticmethod
    def _noticing(reporter: Reporter, system: str, cause: int) -> Callable[[object], None]:
        return lambda _: reporter.noticed(system, cause)

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
