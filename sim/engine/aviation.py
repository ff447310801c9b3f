"""What flies: how long it takes straight across country, and when weather or daylight forbid it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.domain.places import Site, Weather
from sim.engine.clock import grid

if TYPE_CHECKING:
    from sim.engine.simulation import Simulation

NIGHT = "night"
_HOURS = 3600.0


class Aviation:
    """Flights of elements of forces that fly."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim

    def span(self, node: str, site: Site) -> float:
        """Seconds of flight from a node to a site, as the crow flies."""
        distance = self.sim.case.city.network.nodes[node].point.distance(site.point)
        return grid(distance / self.sim.number("forces.air_speed"))

    def barred(self, row: int, site: Site) -> str:
        """Why a flight of this row of the board cannot go to a site now; "" if it can."""
        sim = self.sim
        if sim.night or self._daylight_left() < self._there_in(row, site) + sim.number("forces.air_daylight"):
            return NIGHT
        holding = sim.fleet.board.holdings[row]
        counties = dict.fromkeys((site.county, sim.case.city.network.nodes[holding.node].county))
        return next((why for county in counties if (why := self._weather(sim.weather_at(county)))), "")

    def _there_in(self, row: int, site: Site) -> float:
        return float(self.sim.fleet.eta(site)[row])

    def _daylight_left(self) -> float:
        sim = self.sim
        return max(0.0, sim.number("daylight.dusk") - sim.case.calendar.hour_at(sim.now) * _HOURS)

    def _weather(self, weather: Weather) -> str:
        number = self.sim.number
        if weather.fog:
            return "fog"
        if weather.wind > number("forces.air_wind"):
            return "wind"
        return "rain" if weather.rain > number("forces.air_rain") else ""
