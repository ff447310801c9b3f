"""Weather that changes: a series drawn from the climate of the month, or said segment by segment.

A drawn series is constant for three hours at a time. A day is drawn by county and date, so that it is the same day whatever the
case asks of it; counties have most of it in common, and a day takes after the two before it. The month's rain, temperature and
wind come out right on average; fog and ice follow from the rest. Every figure is a number `weather.*` of the models.
"""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import NormalDist

from sim.case import City, Climate
from sim.domain.parameters import Parameter
from sim.domain.places import Calendar, Weather
from sim.doors.incident import WeatherEntry
from sim.scenario.injects import weather_of
from sim.scenario.occupancy import day_of
from sim.streams import Streams
from sim.units import DAY, HOUR

Forecast = tuple[tuple[float, str, Weather], ...]  # (t, county code or "", what the weather then becomes), in order

BLOCK = 3.0  # h that the weather stays as it is
BLOCKS = 8  # of a day
_NORMAL = NormalDist()
_TURN = 360.0


@dataclass(frozen=True)
class _Day:
    """What is drawn for a day in a county."""

    wet: bool
    cold: bool  # of the cold season
    rain: tuple[float, ...]  # mm/h, by block
    temperature: float  # °C, mean of the day
    swing: float
    humidity: float  # ratio, mean of the day
    wind: float  # m/s, mean of the day
    wind_from: float


@dataclass(frozen=True)
class Segment:
    """The weather from a time on in a county ("" for everywhere), as a case says it: over what it was before."""

    t: float
    county: str
    said: WeatherEntry


def drawn(
    start: Mapping[str, Weather], over: Callable[[str, Weather], Weather], series: Drawn, counties: Iterable[str],
    calendar: Calendar, horizon: float,
) -> tuple[dict[str, Weather], Forecast]:  # fmt: skip
    """(weather at the start, what it becomes) with the series of each county; `over` puts over it what is said of that county."""
    first, then = dict(start), []
    for county in counties:
        last = None
        for t, weather in series.series(county, calendar, horizon):
            now = over(county, weather)
            if t == 0.0:
                first[county] = now
            elif now != last:
                then.append((t, county, now))
            last = now
    return first, tuple(sorted(then, key=lambda change: change[:2]))


def told(start: Mapping[str, Weather], segments: Sequence[Segment]) -> tuple[dict[str, Weather], Forecast]:
    """(weather at the start, what it becomes) of segments that say what changes; of one time, the later said wins."""
    first, then = dict(start), []
    now = dict(start)
    for segment in sorted(segments, key=lambda segment: segment.t):
        counties = [segment.county] if segment.county else sorted(now)  # "" comes first: it is for those not named
        for county in counties:
            now[county] = weather_of(segment.said, now.get(county, now[""]))
            if segment.t <= 0.0:
                first[county] = now[county]
            else:
                then.append((segment.t, county, now[county]))
    return first, tuple(then)


class Drawn:
    """Series of weather for the counties of a city, from the luck of one replication."""

    def __init__(self, city: City, rules: Mapping[str, Parameter], streams: Streams) -> None:
        self._climate, self._streams = city.climate, streams
        prefix = "weather."
        self._numbers = {name.removeprefix(prefix): p.value for name, p in rules.items() if name.startswith(prefix)}

    def series(self, county: str, calendar: Calendar, horizon: float) -> Iterator[tuple[float, Weather]]:
        """(t, weather) from the block that holds the start, with its t at 0, to the last that begins before the horizon."""
        ice = "none"
        first = day_of(calendar, 0.0)
        days = math.ceil((calendar.second_of_day + horizon) / DAY)
        for number in range(-1, days):  # a day before, so that the ice of last night is there
            today = first + timedelta(days=number)
            climate = self._climate[(county, today.month)]
            day = self._day(county, today, climate)
            for block in range(BLOCKS):
                weather = self._block(day, block, ice)
                ice = weather.ice
                begins = (number * 24.0 + block * BLOCK) * HOUR - calendar.second_of_day
                if begins + BLOCK * HOUR > 0.0 and begins < horizon:
                    yield max(0.0, begins), weather

    # ── a day ──

    def _day(self, county: str, today: date, climate: Climate) -> _Day:
        n = self._numbers
        cold = climate.temperature <= n["warm"]
        length = monthrange(today.year, today.month)[1]
        often = min(n["most_wet_days"], n["wet_days"] * math.sqrt(climate.rain) / length)
        wet = climate.rain > 0.0 and self._likely("wet", county, today, often)
        dry_more = often if not wet else often - 1.0  # keeps the mean of the month where wet and dry days differ
        colder = n["front_cooling"] if cold else n["wet_cooling"]
        moister = n["humidity_front"] if cold else n["humidity_wet_day"]
        sd = n["daily_sd_cold"] if cold else n["daily_sd_warm"]
        from_ = n["front_from"] if wet and cold else n["wind_from"]
        usual = n["humidity_high"] - (n["humidity_high"] - n["humidity_low"]) * math.exp(
            -climate.rain / n["humidity_rain"]
        )
        return _Day(
            wet=wet,
            cold=cold,
            rain=self._rain(county, today, climate.rain / (often * length), cold) if wet else (0.0,) * BLOCKS,
            temperature=climate.temperature + colder * dry_more + sd * self._lasting("temperature", county, today),
            swing=n["swing_wet"] if wet else n["swing_dry"],
            humidity=usual - moister * dry_more,
            wind=climate.wind * self._windy(county, today),
            wind_from=(from_ + n["wind_veer"] * self._common("from", county, today)) % _TURN,
        )

    def _rain(self, county: str, today: date, mean: float, cold: bool) -> tuple[float, ...]:
        """mm/h by block: one fall of rain within the day; `mean` is what a wet day brings on average, mm."""
        shape = self._numbers["rain_shape"]
        u = _NORMAL.cdf(self._common("amount", county, today))
        amount = mean / math.gamma(1.0 + 1.0 / shape) * (-math.log1p(-u)) ** (1.0 / shape)
        longest = round(self._numbers["long_rain" if cold else "short_rain"] / (BLOCK * HOUR))
        lasts = 1 + int(_NORMAL.cdf(self._common("lasts", county, today)) * longest)
        begins = int(_NORMAL.cdf(self._common("begins", county, today)) * (BLOCKS - lasts + 1))
        return tuple(amount / (lasts * BLOCK) if begins <= b < begins + lasts else 0.0 for b in range(BLOCKS))

    def _windy(self, county: str, today: date) -> float:
        """Wind of a day per mean wind of the month; 1 on average."""
        gusty, factor, sd = self._numbers["gusty"], self._numbers["gust_factor"], self._numbers["wind_sd"]
        if self._likely("gusty", county, today, gusty):
            return factor
        usual = max(0.0, 1.0 - gusty * factor) / (1.0 - gusty)
        return usual * math.exp(sd * self._common("wind", county, today) - sd * sd / 2)

    # ── three hours of it ──

    def _block(self, day: _Day, block: int, ice: str) -> Weather:
        n = self._numbers
        hour = (block + 1 / 2) * BLOCK
        warmth = math.cos(2 * math.pi * (hour - n["warmest_hour"] / HOUR) / 24.0)
        temperature = round(day.temperature + day.swing * warmth, 1)
        rain = round(day.rain[block], 3)
        wind = round(day.wind * (1.0 + n["wind_swing"] * warmth), 1)
        humidity = day.humidity - n["humidity_warmth"] * day.swing * warmth
        if rain > 0.0:
            humidity = max(humidity, n["humidity_in_rain"])
        humidity = min(1.0, max(0.0, humidity))
        calm = wind <= n["fog_wind"] and humidity >= n["fog_humidity"]
        return Weather(
            wind=wind, wind_from=round(day.wind_from), temperature=temperature, humidity=round(100 * humidity, 1), rain=rain,
            fog=calm and rain == 0.0 and block * BLOCK * HOUR < n["fog_until"],
            ice=self._ice(temperature, rain, ice),
        )  # fmt: skip

    def _ice(self, temperature: float, rain: float, before: str) -> str:
        """What lies on the roads: rain that freezes, snow, or what lay there before until it thaws."""
        if rain > 0.0 and temperature <= self._numbers["snow_below"]:
            return "snow" if before == "none" else before
        if rain > 0.0 and temperature <= self._numbers["freezing"]:
            return "glaze"
        return "none" if temperature > self._numbers["thaw"] else before

    # ── luck ──

    def _common(self, what: str, county: str, today: date) -> float:
        """Standard normal: the city's and the county's own, so that neighbours have most of it in common."""
        together = self._numbers["together"]
        shared = _NORMAL.inv_cdf(self._streams.uniform("weather", what, today.isoformat()))
        own = _NORMAL.inv_cdf(self._streams.uniform("weather", what, county, today.isoformat()))
        return math.sqrt(together) * shared + math.sqrt(1.0 - together) * own

    def _lasting(self, what: str, county: str, today: date) -> float:
        """Standard normal, and taking after the days before."""
        weight = self._numbers["persistence"]
        before = sum(self._common(what, county, today - timedelta(days=back)) for back in (1, 2))
        return (self._common(what, county, today) + weight * before) / math.sqrt(1.0 + 2 * weight * weight)

    def _likely(self, what: str, county: str, today: date, chance: float) -> bool:
        return _NORMAL.cdf(self._lasting(what, county, today)) < chance
