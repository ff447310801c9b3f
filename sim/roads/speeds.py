"""How fast one travels: road and terrain, vehicle, convoy, night, weather; on a track or on foot beyond the road."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from sim.domain.parameters import Parameter
from sim.domain.places import Site, Weather
from sim.errors import UnknownName
from sim.units import from_si

FOOT = "foot"
DRY = "dry"
STATES = ("wet", "rain_heavy", "fog", "snow", "packed", "glaze")  # of a road that is not simply dry
_STEEP = ("mountain", "gorge")
_NEEDED = (
    "night",
    "convoy",
    "convoy.from",
    "rain_heavy.from",
    "track.4x4",
    FOOT,
    f"{FOOT}.night",
    *(f"weather.{state}" for state in STATES),
    *(f"{FOOT}.{state}" for state in STATES),
)


class Profile(NamedTuple):
    """A way of travelling, as its key says: `heavy`, `heavy/convoy`, `4x4/off_road` …"""

    vehicle: str
    convoy: bool
    off_road: bool


@cache
def read_profile(key: str) -> Profile:
    """The profile of a key that `Speeds.profile` made."""
    vehicle, *marks = key.split("/")
    return Profile(vehicle, "convoy" in marks, "off_road" in marks)


class Speeds:
    """Speeds (m/s) and the factors on them, from `models/travel/speeds.yaml` or a city's own.

    A road's speed is `road.<class>`, in mountains and gorges `road.<class>.mountain` where that is given. The factors
    of vehicle, convoy and night multiply it, and that of the weather, of which only the worst feature counts: drivers
    slow down for the ice, not for the ice and again for the fog. Congestion is not in it: rescue vehicles pass.
    """

    def __init__(self, figures: Mapping[str, float]) -> None:
        self._figures = dict(figures)
        for name in _NEEDED:
            if name not in self._figures:
                raise UnknownName("speed", name, self._figures)

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Parameter]) -> Speeds:
        """Speeds from numbers with passports, by their typical values."""
        figures = {name: parameter.value for name, parameter in sorted(parameters.items())}
        if "rain_heavy.from" in figures:
            figures["rain_heavy.from"] = from_si(figures["rain_heavy.from"], "mm/h")  # weather speaks of rain in mm/h
        return cls(figures)

    @property
    def road_classes(self) -> tuple[str, ...]:
        """The road classes that have a speed, ascending."""
        names = [name.removeprefix("road.") for name in self._figures if name.startswith("road.")]
        return tuple(sorted(name for name in names if "." not in name))

    @property
    def vehicles(self) -> tuple[str, ...]:
        """The vehicle classes, ascending; `foot` is one."""
        names = [name.removeprefix("vehicle.") for name in self._figures if name.startswith("vehicle.")]
        return tuple(sorted([*names, FOOT]))

    def profile(self, vehicle: str, vehicles: int = 1, off_road: bool = False) -> str:
        """The key of a way of travelling, for `vehicles` vehicles together that can or cannot leave the road."""
        if vehicle not in self.vehicles:
            raise UnknownName("vehicle class", vehicle, self.vehicles)
        convoy = vehicle != FOOT and vehicles >= self._figures["convoy.from"]
        tracks = off_road or f"track.{vehicle}" in self._figures
        return vehicle + ("/convoy" if convoy else "") + ("/off_road" if tracks else "")

    def road_state(self, weather: Weather) -> str:
        """What the weather makes of a road: `dry`, or the one of `STATES` that slows driving most."""
        present = [weather.ice] if weather.ice != "none" else []
        if weather.fog:
            present.append("fog")
        if weather.rain > 0:
            present.append("rain_heavy" if weather.rain >= self._figures["rain_heavy.from"] else "wet")
        return min(present, key=lambda state: (self._figures[f"weather.{state}"], state), default=DRY)

    def on_road(self, profile: str, road_class: str, terrain: str, *, night: bool = False, state: str = DRY) -> float:
        """Speed on an open road, m/s."""
        vehicle, convoy, _ = read_profile(profile)
        if vehicle == FOOT:
            return self._on_foot(terrain, night, state)
        if f"road.{road_class}" not in self._figures:
            raise UnknownName("road class", road_class, self.road_classes)
        speed = self._figure(f"road.{road_class}", _variant(terrain)) * self._figures[f"vehicle.{vehicle}"]
        return speed * (self._figures["convoy"] if convoy else 1.0) * self._slowing(vehicle, night, state)

    def last_mile(self, site: Site, profile: str, night: bool, weather: Weather) -> float:
        """Seconds from the last node to a site off the network: on a track by those who can drive one, else on foot."""
        if site.last_mile <= 0.0:
            return 0.0
        vehicle, convoy, off_road = read_profile(profile)
        state = self.road_state(weather)
        if site.access == "track" and off_road:
            track = self._figures.get(f"track.{vehicle}", self._figures["track.4x4"])
            speed = track * (self._figures["convoy"] if convoy else 1.0)
            return site.last_mile / (speed * self._slowing(vehicle, night, state))
        return site.last_mile / self._on_foot(site.terrain, night, state)

    def _on_foot(self, terrain: str, night: bool, state: str) -> float:
        speed = self._figure(FOOT, _variant(terrain)) * (self._figures[f"{FOOT}.night"] if night else 1.0)
        return speed if state == DRY else speed * self._figures[f"{FOOT}.{state}"]

    def _slowing(self, vehicle: str, night: bool, state: str) -> float:
        weather = 1.0 if state == DRY else self._figure(f"weather.{state}", vehicle)
        return weather * (self._figures["night"] if night else 1.0)

    def _figure(self, name: str, variant: str) -> float:
        """`name.variant` where that is given, else `name`."""
        return self._figures.get(f"{name}.{variant}", self._figures[name])


def _variant(terrain: str) -> str:
    return "mountain" if terrain in _STEEP else terrain


def unknown_classes(speeds: Speeds, road_classes: Iterable[str]) -> tuple[str, ...]:
    """The road classes of a network that have no speed, ascending: for `check`."""
    return tuple(sorted(set(road_classes) - set(speeds.road_classes)))
