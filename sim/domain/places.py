"""Where things are: points, sites on and off the road network, weather over them."""

from __future__ import annotations

import math

import msgspec

EARTH_RADIUS = 6_371_008.8  # m, mean


class Point(msgspec.Struct, frozen=True):
    """A place on the earth, degrees WGS84."""

    lon: float
    lat: float

    def distance(self, other: Point) -> float:
        """Great-circle distance in metres."""
        a, b = math.radians(self.lat), math.radians(other.lat)
        h = (
            math.sin((b - a) / 2) ** 2
            + math.cos(a) * math.cos(b) * math.sin(math.radians(other.lon - self.lon) / 2) ** 2
        )
        return 2 * EARTH_RADIUS * math.asin(min(1.0, math.sqrt(h)))


class Site(msgspec.Struct, frozen=True):
    """Where an incident is, and how it is reached.

    `node` is the network node (possibly one made for this site on a link); `last_mile` metres beyond it are covered on a
    track by 4×4 (`track`) or on foot (`foot`); zero with access `road`. `county`, `town` are codes of the city.
    """

    point: Point
    node: str
    name_zh: str
    name_en: str
    county: str
    town: str
    last_mile: float = 0.0
    access: str = "road"  # road | track | foot
    elevation: float = 0.0  # m above sea
    terrain: str = "hilly"  # basin | hilly | mountain | gorge
    population: float = 0.0  # residents of the township
    link: str = ""  # the road link it lies on, if it does


class Weather(msgspec.Struct, frozen=True):
    """Weather over an area, constant until it changes."""

    wind: float = 2.0  # m/s
    wind_from: float = 225.0  # degrees, where it comes from
    temperature: float = 15.0  # °C
    humidity: float = 60.0  # % relative
    rain: float = 0.0  # mm/h
    fog: bool = False
    ice: str = "none"  # none | snow | packed | glaze


class Settlement(msgspec.Struct, frozen=True):
    """A place where people live, seen from a site: `bearing` is the direction from the site to it (0 north, 90 east)."""

    code: str  # township code
    distance: float  # m, great circle
    bearing: float  # degrees
    people: float  # residents
    elevation: float = 0.0  # m above the site; negative below it


class Reach(msgspec.Struct, frozen=True):
    """A place on the river below a site, `along` metres of river away."""

    name: str
    along: float
    drop: float = 0.0  # m that it lies below the site
    people: float = 0.0  # residents near the bank here
    intake: bool = False  # water is taken for towns here
    code: str = ""  # township code
    serves: tuple[str, ...] = ()  # codes of the towns that live on an intake; `people` are theirs then
    storage: float = 0.0  # s that those towns can live on stored water
    flow: float = 0.0  # m³/s that the river carries here this month; 0 if nobody said it


class Watercourse(msgspec.Struct, frozen=True):
    """The river that a site drains to: so many metres off, with its discharge (m³/s; 0 if nobody said it) there."""

    name: str
    distance: float
    mean: float = 0.0  # over the years
    flow: float = 0.0  # of this month


class Basin(msgspec.Struct, frozen=True):
    """A reservoir near a site; volume (m³) and dam height (m) are 0 where nobody said them."""

    id: str  # in the city's register
    distance: float  # m
    volume: float = 0.0
    height: float = 0.0
    supplies: tuple[str, ...] = ()  # codes of the towns that drink of it
    people: float = 0.0  # their residents


class Surroundings(msgspec.Struct, frozen=True):
    """What lies around a site: the people, who of them is where now, the river below, how steep, what is near.

    `presence` is by land use (dwelling, school, office, shop, market, hospital, road, outdoors) the share of its people who
    are there when the accident begins, and `asleep`, the share of those at home who sleep; `near` is the distance (m) to
    the nearest facility of a category of the city's register. Distances are great circles.
    """

    density: float = 400.0 / 1e6  # residents a m² where people live, around the site
    settlements: tuple[Settlement, ...] = ()  # nearest first
    presence: dict[str, float] = {}
    river: tuple[Reach, ...] = ()  # below the site, nearest first; empty where no river is near
    slope: float = 15.0  # degrees, typical of the terrain
    near: dict[str, float] = {}
    stream: Watercourse | None = None  # whose reaches `river` lists
    basins: tuple[Basin, ...] = ()  # reservoirs around, nearest first

    def share(self, use: str) -> float:
        """The share of people of a land use who are there; all of them where nothing is said."""
        return self.presence.get(use, 1.0)

    def residents(self, within: float) -> float:
        """Residents of the settlements within so many metres."""
        return math.fsum(s.people for s in self.settlements if s.distance <= within)


class Calendar(msgspec.Struct, frozen=True):
    """The local clock at the scenario's start, so that offsets become hours of the day and months."""

    year: int
    month: int
    day: int
    weekday: int  # Monday 0
    second_of_day: float

    def hour_at(self, t: float) -> float:
        """Local hour of the day (0–24) `t` seconds after the start."""
        return ((self.second_of_day + t) % 86400.0) / 3600.0
