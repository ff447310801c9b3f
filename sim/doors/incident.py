"""The five elements of an accident 性质、时间、地域、原因、范围, and the weather over it, as a case file writes them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AliasChoices,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
    model_validator,
)

from sim.domain.command import Severity
from sim.domain.parameters import Parameter
from sim.doors.common import Bilingual, Figure, Name, Quantity, SpreadEntry, a_moment, flag
from sim.doors.parameters import load_parameters
from sim.errors import suggest
from sim.reader import Entry, Loc, wrongs
from sim.units import UnitError, from_si, parse_quantity

GRADES = {
    "一般": 1, "较大": 2, "重大": 3, "特别重大": 4,
    "general": 1, "larger": 2, "major": 3, "especially_major": 4,
}  # fmt: skip
FIVE_ELEMENTS = {"nature": "性质", "time": "时间", "location": "地域", "cause": "原因", "scope": "范围"}
_ROUNDING = 1e-6  # of a limit: what is lost on the way to SI and back
_SIGNS = {"degC": "C"}  # units that people write otherwise
_DAYTIME = re.compile(r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?")


# ── 时间 time ──


def is_time_of_day(text: str) -> bool:
    """Whether a text is a clock time such as 14:40, not an offset such as +00:30."""
    return _DAYTIME.fullmatch(text) is not None


def _offset(text: str) -> str:
    if not is_time_of_day(text):
        try:
            parse_quantity(text, "time")
        except UnitError:
            try:
                a_moment(text)
            except ValueError:
                raise ValueError(
                    f"expected an offset such as '+00:30' or '90 min', a time of day such as '14:40', or a date and time, "
                    f"got '{text[:40]}'"
                ) from None
    return text


Offset = Annotated[
    str,
    AfterValidator(_offset),
    WithJsonSchema(
        {"type": ["string", "number"], "examples": ["+00:30", "14:40", "90 min", "2024-07-19T02:40:00+08:00"]}
    ),
]


# ── 地域 location ──


class Away(Entry):
    """So far from the named place, in this direction (0 north, 90 east)."""

    km: float = Field(ge=0, le=100, examples=["3"])
    bearing: Annotated[float, Quantity("angle", "deg")] = Field(examples=["120 deg"])


class LocationEntry(Entry):
    """Where it happens: exactly one of a town, a facility, a node, a link, or lon and lat."""

    town: str = Field("", description="Name or code of a township", examples=["东山镇"])
    county: str = Field("", description="Which county the town or facility is in, where two have the same name")
    facility: str = Field("", description="Name or id of a place in the city's register", examples=["P027"])
    node: str = Field("", description="Id of a node of the road network", examples=["N530325100"])
    link: str = Field("", description="Id of a road link", examples=["R0301"])
    at: Figure | None = Field(
        None, description="Where on the link: a share of it, or a length from its beginning", examples=["0.4", "3.2 km"]
    )
    lon: float | None = Field(None, ge=-180, le=180, description="Degrees east", examples=["104.31"])
    lat: float | None = Field(None, ge=-90, le=90, description="Degrees north", examples=["25.27"])
    offset: Away | None = Field(None, description="Away from the place named")

    @model_validator(mode="after")
    def _one_place(self) -> LocationEntry:
        told: list[tuple[str, str, Loc]] = []
        named = [k for k in ("town", "facility", "node", "link") if getattr(self, k)]
        named += ["lon and lat"] if self.lon is not None or self.lat is not None else []
        if len(named) != 1:
            what = f"more than one place: {', '.join(named)}" if named else "no place is given"
            told.append((what, "give exactly one of town, facility, node, link, or lon and lat", ()))
        if (self.lon is None) != (self.lat is None):
            told.append(("lon and lat go together", f"add '{'lat' if self.lat is None else 'lon'}: …'", ()))
        if self.at is not None and not self.link:
            told.append(
                ("'at' says where on a link, but no link is given", "add 'link: …', or leave 'at' out", ("at",))
            )
        if self.offset is not None and self.link:
            told.append(
                ("a place on a link is not away from it", "leave 'offset' out, or give lon and lat", ("offset",))
            )
        if told:
            raise wrongs(told)
        return self


# ── 范围 scope ──


def _grade(written: Any) -> Any:
    if not isinstance(written, str):
        return written
    if written.isdecimal() and 1 <= int(written) <= len(Severity):
        return int(written)
    if written not in GRADES:
        raise ValueError(f"'{written[:40]}' is no grade; {suggest(written, list(GRADES))}")
    return GRADES[written]


Grade = Annotated[int, BeforeValidator(_grade), Field(ge=1, le=4), WithJsonSchema({"enum": [*GRADES, 1, 2, 3, 4]})]


class ScopeEntry(Entry):
    """A grade, or the model's own scale variables, or a grade and what differs from it."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, SpreadEntry] = Field(init=False)

    grade: Grade | None = Field(
        None, validation_alias=AliasChoices("grade", "等级"), description="一般 … 特别重大", examples=["较大"]
    )


def _both_names(made: dict[str, Any]) -> None:
    """Editors accept either name of each of the five elements, and miss neither if one is there."""
    needed = [name for name in made.get("required", []) if name in FIVE_ELEMENTS]
    made["properties"] |= {zh: made["properties"][en] for en, zh in FIVE_ELEMENTS.items()}
    made["required"] = [name for name in made.get("required", []) if name not in FIVE_ELEMENTS]
    made["allOf"] = [{"anyOf": [{"required": [en]}, {"required": [FIVE_ELEMENTS[en]]}]} for en in needed]


def _either(name: str) -> AliasChoices:
    return AliasChoices(name, FIVE_ELEMENTS[name])


class IncidentEntry(Entry):
    """An accident by its five elements 性质、时间、地域、原因、范围, each of which may be written by its Chinese name."""

    model_config = ConfigDict(json_schema_extra=_both_names)

    id: Name = Field(examples=["F1"])
    name: Bilingual | None = Field(None, description="What people call it", examples=["What happened at Dongshan"])
    nature: str = Field(
        validation_alias=_either("nature"),
        description="性质: the accident model",
        examples=["staged"],
    )
    model: Name | None = Field(None, description="For nature: staged: the file beside this one that describes it")
    time: Offset = Field("+00:00", validation_alias=_either("time"), description="时间: when it begins")
    location: LocationEntry = Field(
        validation_alias=_either("location"),
        description="地域: where it happens",
        examples=[{"town": "东山镇"}],
    )
    cause: str | None = Field(
        None,
        validation_alias=_either("cause"),
        description="原因: one of the model's causes; unsaid, the first of its card",
    )
    variant: str | None = Field(
        None,
        validation_alias=AliasChoices("variant", "种类"),
        description="种类: the substance, building, disease … concerned, where the card has such; unsaid, its first",
    )
    scope: ScopeEntry | None = Field(
        None,
        validation_alias=_either("scope"),
        description="范围: how big it is; unsaid, 一般",
        examples=[{"grade": "较大"}],
    )
    parameters: dict[str, SpreadEntry] = Field(
        {}, description="Numbers of the model that are known or assumed for this case"
    )
    discovery: SpreadEntry | None = Field(None, description="How long until someone reports it", examples=["5 min"])


# ── weather ──


@cache
def _limits() -> dict[str, Parameter]:
    return load_parameters(Path(__file__).resolve().parents[2] / "models" / "weather" / "limits.yaml")


def _within(most: str, least: str = "") -> AfterValidator:
    """Beyond the worst weather anywhere (models/weather/limits.yaml) it is a slip: a wrong unit, a digit too many."""

    def judge(value: float) -> float:
        for name, sign, word in ((most, 1, "more"), (least, -1, "less")):
            if name and sign * (value - (end := _limits()[name]).value) > _ROUNDING * abs(end.value):
                said, there = (f"{from_si(v, end.unit):g} {_SIGNS.get(end.unit, end.unit)}" for v in (value, end.value))
                raise ValueError(f"{said} is {word} than {there}, the most there can be; correct the value or its unit")
        return value

    return AfterValidator(judge)


class WeatherEntry(Entry):
    """The weather; what is not said is the climate of the month, or stays as it was."""

    wind: Annotated[float, Quantity("speed"), _within("wind_most")] | None = Field(None, ge=0, examples=["3 m/s"])
    wind_from: Annotated[float, Quantity("angle", "deg")] | None = Field(
        None, ge=0, le=360, description="Where from", examples=["225 deg"]
    )
    temperature: Annotated[float, Quantity("temperature"), _within("heat_most", "cold_most")] | None = Field(
        None, examples=["15 C"]
    )
    humidity: Annotated[float, Quantity("ratio")] | None = Field(None, ge=0, le=1, examples=["60 %"])
    rain: Annotated[float, Quantity("intensity"), _within("rain_most")] | None = Field(None, ge=0, examples=["20 mm/h"])
    fog: Annotated[bool, flag] | None = Field(None, examples=["yes"])
    ice: Literal["none", "snow", "packed", "glaze"] | None = Field(None, examples=["glaze"])


class SegmentEntry(WeatherEntry):
    """The weather from a time on, in one county or everywhere; what is not said stays as it was."""

    at: Offset = Field(examples=["+06:00"])
    county: str = Field("", description="Name or code; everywhere if none is given")


def _series(written: Any) -> str:
    return "list" if isinstance(written, list) else "drawn"


Series = Annotated[
    Annotated[Literal["drawn"], Tag("drawn")] | Annotated[list[SegmentEntry], Field(min_length=1), Tag("list")],
    Discriminator(_series),
]


class WeatherTable(Entry):
    """The weather of the day by county name or code; `default` is everywhere else.

    With `series: drawn` it changes every three hours as drawn from the climate by the seed, and what is said here is pinned;
    a list of segments says what it becomes when.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, WeatherEntry] = Field(init=False)

    series: Series | None = Field(
        None,
        description="drawn, or what it becomes from when on",
        examples=["drawn", [{"at": "+06:00", "rain": "20 mm/h"}]],
    )
    default: WeatherEntry | None = Field(None, description="Everywhere where nothing else is said")
