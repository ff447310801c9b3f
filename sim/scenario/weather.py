"""The weather of a case: at the start, and what it becomes – the climate of the month, what the case says, or a drawn series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.case import City
from sim.domain.parameters import Parameter
from sim.domain.places import Weather
from sim.doors.case import CaseFile
from sim.doors.incident import SegmentEntry, WeatherEntry
from sim.scenario.clock import Clock
from sim.scenario.forecast import Drawn, Forecast, Segment, drawn, told
from sim.scenario.injects import weather_of
from sim.scenario.issues import Issues, Unknown
from sim.scenario.places import Gazetteer
from sim.streams import Streams


@dataclass(frozen=True)
class Skies:
    """The weather at the start by county ("" for the rest), what it becomes, and `facts` that no luck changes."""

    start: Mapping[str, Weather]
    forecast: Forecast
    facts: Any


def skies(
    file: CaseFile, city: City, names: Gazetteer, clock: Clock, rules: Mapping[str, Parameter], luck: Streams, issues: Issues,
) -> Skies:  # fmt: skip
    """The weather of a case. What the case does not say is the climate of the month; problems go to `issues`."""
    said = _said(file, names, issues)
    found = {"": _over(said, "", Weather())}
    for (county, month), climate in sorted(city.climate.items()):
        if month == clock.month:
            found[county] = _over(said, county, Weather(wind=climate.wind, temperature=climate.temperature))
    for county in said:
        if county not in found:
            found[county] = _over(said, county, found[""])
    series = file.weather.series if file.weather else None
    if isinstance(series, list):
        start, then = told(found, _segments(file, names, clock, issues))
        return Skies(_needed(start), then, [_needed(start), then])
    if series is None or not file.horizon:
        return Skies(_needed(found), (), _needed(found))
    counties = [c for c in sorted(city.counties) if all((c, month) in city.climate for month in range(1, 13))]
    luck_of = Drawn(city, rules, luck)
    start, then = drawn(
        found, lambda county, w: _over(said, county, w), luck_of, counties, clock.calendar, file.horizon
    )
    return Skies(
        _needed(start), then, [series, _needed(found), {c: e.model_dump(exclude_none=True) for c, e in said.items()}]
    )


def _said(file: CaseFile, names: Gazetteer, issues: Issues) -> dict[str, WeatherEntry]:
    """What the case says of the weather by county code; "" is everywhere else."""
    table = file.weather
    found = {"": table.default} if table and table.default is not None else {}
    for name, entry in ((table.model_extra or {}) if table else {}).items():
        try:
            found[names.county(name)] = entry
        except Unknown as error:
            what, _, remedy = str(error).partition("; ")
            issues.say(("weather", name), what, remedy, key=True)
    return found


def _segments(file: CaseFile, names: Gazetteer, clock: Clock, issues: Issues) -> list[Segment]:
    found = []
    for i, entry in enumerate(file.weather.series or ()):
        if not isinstance(entry, SegmentEntry):
            continue  # what the reader found wrong
        at = ("weather", "series", i)
        try:
            county = names.county(entry.county) if entry.county else ""
        except Unknown as error:
            issues.at((*at, "county"), error)
            continue
        found.append(Segment(clock.offset((*at, "at"), entry.at), county, entry))
    return found


def _over(said: Mapping[str, WeatherEntry], county: str, weather: Weather) -> Weather:
    """The weather with what is said of everywhere over it, and what is said of this county over that."""
    for key in dict.fromkeys(("", county)):
        if key in said:
            weather = weather_of(said[key], weather)
    return weather


def _needed(found: Mapping[str, Weather]) -> dict[str, Weather]:
    """Counties that differ from the rest."""
    return {county: weather for county, weather in sorted(found.items()) if county == "" or weather != found[""]}
