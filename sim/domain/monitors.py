"""What watches over a city: monitoring systems that see accidents begin, and the signals of weather that warns of them."""

from __future__ import annotations

import msgspec

from sim.domain.parameters import Spread
from sim.domain.places import Site, Weather


class System(msgspec.Struct, frozen=True):
    """A monitoring system (监测系统): the natures it sees, how late (s), over which share of the places, how often it fails.

    `coverage` is by county code, then by terrain, then by `*` for the rest; `blind` is the share of days on which it is out;
    `false_alarms` are those a day that reach a duty desk and turn out to be nothing.
    """

    id: str
    name_zh: str
    name_en: str
    sees: tuple[str, ...]
    lag: Spread
    coverage: dict[str, float]
    blind: float = 0.0
    false_alarms: float = 0.0

    def covers(self, site: Site) -> float:
        """The chance that something at this site lies where the system looks."""
        shares = self.coverage
        return shares.get(site.county, shares.get(site.terrain, shares.get("*", 0.0)))


class Signal(msgspec.Struct, frozen=True):
    """A sign of weather that warns of accidents (预警信号): from which figure on in which colour (1 red … 4 blue)."""

    id: str
    name_zh: str
    name_en: str
    system: str
    figure: str  # of the weather: rain, wind, temperature, fog, ice
    colours: tuple[tuple[int, float], ...]
    natures: tuple[str, ...]
    below: bool = False  # the colour holds at the figure and below it

    def colour(self, weather: Weather) -> int:
        """The colour that this weather calls for; 0: none."""
        value = getattr(weather, self.figure)
        if isinstance(value, str):
            value = _ICE.index(value)
        reached = [c for c, level in self.colours if (value <= level if self.below else value >= level)]
        return min(reached, default=0)


class Monitors(msgspec.Struct, frozen=True):
    """All that watches over a city."""

    systems: dict[str, System]
    signals: tuple[Signal, ...] = ()


_ICE = ("none", "snow", "packed", "glaze")  # in order of how slippery it is
