"""The case file: one day of a city, its accidents by the five elements, what exercise control releases, what is expected.

The models are the language: the reader checks against them, editors and forms get their JSON Schema. Names of towns, causes,
scale variables … are text here; `sim.scenario` resolves them and says which are near.
"""

from __future__ import annotations

import re
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
from sim.doors.common import Bilingual, Figure, Moment, Name, Quantity, Span, SpreadEntry, a_moment, flag
from sim.doors.measures import MeasureEntry
from sim.doors.staffing import Delay, Suspend
from sim.errors import nearest, suggest
from sim.reader import Entry, Loc, wrongs
from sim.units import UnitError, from_si, parse_quantity

GRADES = {
    "一般": 1, "较大": 2, "重大": 3, "特别重大": 4,
    "general": 1, "larger": 2, "major": 3, "especially_major": 4,
}  # fmt: skip
FIVE_ELEMENTS = {"nature": "性质", "time": "时间", "location": "地域", "cause": "原因", "scope": "范围"}
_ROUNDING = 1e-6  # of a unit: what is lost on the way to SI and back
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


def _at_most(most: float, unit: str) -> AfterValidator:
    """Beyond the worst weather anywhere it is a slip: a wrong unit, a digit too many."""

    def judge(value: float) -> float:
        if from_si(value, unit) > most + _ROUNDING:
            what = f"{from_si(value, unit):g} {unit} is more than {most:g} {unit}, the most there can be"
            raise ValueError(f"{what}; correct the value or its unit")
        return value

    return AfterValidator(judge)


class WeatherEntry(Entry):
    """The weather; what is not said is the climate of the month, or stays as it was."""

    wind: Annotated[float, Quantity("speed"), _at_most(75.0, "m/s")] | None = Field(None, ge=0, examples=["3 m/s"])
    wind_from: Annotated[float, Quantity("angle", "deg")] | None = Field(
        None, ge=0, le=360, description="Where from", examples=["225 deg"]
    )
    temperature: Annotated[float, Quantity("temperature")] | None = Field(None, ge=-90, le=60, examples=["15 C"])
    humidity: Annotated[float, Quantity("ratio")] | None = Field(None, ge=0, le=1, examples=["60 %"])
    rain: Annotated[float, Quantity("intensity"), _at_most(300.0, "mm/h")] | None = Field(
        None, ge=0, examples=["20 mm/h"]
    )
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


# ── injects ──


class WhenEntry(Entry):
    """A condition: the first event of a kind; any other key is a field of that event and the value it must have."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, str] = Field(init=False)

    event: str = Field(description="A kind of event", examples=["report_received"])
    reading: str = Field("", description="A reading of the accident that must also have been reached")
    at_least: Figure | None = Field(None, description="… this value", examples=["500 m3"])
    after: Span = Field(0.0, description="A further delay", examples=["10 min"])


class Between(Entry):
    """The road that joins two towns directly."""

    from_: str = Field(alias="from", examples=["西河镇"])
    to: str = Field(examples=["东山镇"])


KnownAfter = Span | Literal["never"]
_KNOWN = "How long until the command system learns of it; never: only when a crew finds out"


class CloseRoad(Entry):
    """A road closes."""

    close_road: str | Between = Field(examples=["R0301", {"from": "西河镇", "to": "东山镇"}])
    known_after: KnownAfter = Field(0.0, description=_KNOWN, examples=["10 min"])


class SlowRoad(Entry):
    """A road can only be driven at a share of its speed."""

    slow_road: str | Between = Field(examples=["R0301"])
    factor: float = Field(gt=0, lt=1, examples=["0.5"])
    known_after: KnownAfter = Field(0.0, description=_KNOWN, examples=["10 min"])


class OpenRoad(Entry):
    """A road is open again."""

    open_road: str | Between = Field(examples=["R0301"])
    known_after: KnownAfter = Field(0.0, description=_KNOWN, examples=["10 min"])


class ChangeWeather(Entry):
    """The weather changes, over one county or everywhere."""

    weather: WeatherEntry = Field(examples=[{"rain": "20 mm/h"}])
    county: str = Field("", description="Name or code; everywhere if none is given")


class Comms(Entry):
    """Communications of a post fail or come back."""

    comms: Literal["up", "degraded", "down"]
    post: str = Field("", description="A post, or the county or town whose post it is; all if none is given")


class Hurt(Entry):
    """People come into harm's way who were not there before."""

    incident: str = Field(examples=["F1"])
    count: int = Field(ge=1, le=10_000, examples=["3"])
    triage: Literal["red", "yellow", "green", "expectant"] | None = None
    status: Literal["exposed", "trapped", "waiting"] = "waiting"


class Casualties(Entry):
    """More casualties."""

    casualties: Hurt


class Begin(Entry):
    """Another accident begins: one of `incidents` by its id, or described here."""

    incident: str | IncidentEntry = Field(examples=["L1"])
    follows: str | None = Field(None, description="The accident that led to it, and whose response it belongs to")


class Tell(Entry):
    """Exercise control tells the players something."""

    tell: Bilingual


_VERBS = {
    "close_road": CloseRoad, "slow_road": SlowRoad, "open_road": OpenRoad, "weather": ChangeWeather, "comms": Comms,
    "casualties": Casualties, "incident": Begin, "tell": Tell, "delay": Delay, "suspend": Suspend,
}  # fmt: skip


def _verb(written: Any) -> str:
    """The action that was meant: by the key that names one, else by the key that looks most like one."""
    keys = [str(key) for key in written] if isinstance(written, dict) else []
    if not isinstance(written, dict):
        return type(written).__name__ if type(written) in _VERBS.values() else "CloseRoad"
    meant = [key for key in keys if key in _VERBS] or [n for key in keys for n in nearest(key, _VERBS, 1)] or [*_VERBS]
    return _VERBS[meant[0]].__name__


ActionEntry = Annotated[
    Annotated[CloseRoad, Tag("CloseRoad")]
    | Annotated[SlowRoad, Tag("SlowRoad")]
    | Annotated[OpenRoad, Tag("OpenRoad")]
    | Annotated[ChangeWeather, Tag("ChangeWeather")]
    | Annotated[Comms, Tag("Comms")]
    | Annotated[Casualties, Tag("Casualties")]
    | Annotated[Begin, Tag("Begin")]
    | Annotated[Tell, Tag("Tell")]
    | Annotated[Delay, Tag("Delay")]
    | Annotated[Suspend, Tag("Suspend")],
    Discriminator(_verb),
]


class InjectEntry(Entry):
    """What exercise control releases (情景注入): at a time or on a condition."""

    id: Name = Field(examples=["road_cut"])
    title: Bilingual = Field(examples=["The road to the site is cut"])
    at: Offset | None = Field(None, examples=["+01:30"])
    when: WhenEntry | None = Field(None, examples=[{"event": "arrived", "incident": "F1"}])
    do: list[ActionEntry] = Field(min_length=1, examples=[[{"close_road": "R0301"}]])

    @model_validator(mode="after")
    def _once(self) -> InjectEntry:
        if (self.at is None) == (self.when is None):
            raise wrongs([("exactly one of 'at' and 'when' says when it is released", "add 'at: +01:30'", ())])
        return self


class ExpectEntry(Entry):
    """An expected action (期望处置): what must have happened within a time."""

    id: Name = Field(examples=["first_crew"])
    title: Bilingual = Field(examples=["The first crew is on the spot within an hour"])
    since: WhenEntry | None = Field(None, description="From when the time counts; the start if not given")
    done: WhenEntry = Field(examples=[{"event": "arrived", "incident": "F1"}])
    within: Span = Field(examples=["60 min"])


# ── conduct ──

_COUNTS = Literal["dead", "trapped", "threatened", "injured", "seriously_injured"]


class ConductEntry(Entry):
    """Somebody who deals otherwise than they should with the reports they owe (迟报、漏报、谎报、瞒报)."""

    incident: str = Field(examples=["F1"])
    who: str = Field(
        description="unit: whoever it happened to; or a post, or the county or town whose post it is", examples=["unit"]
    )
    does: Literal["late", "missed", "false", "concealed"] = Field(examples=["late"])
    by: Span | None = Field(None, description="late: by how much", examples=["3 h"])
    until: Span | None = Field(None, description="concealed, false: after how long it comes out", examples=["14 h"])
    share: float | None = Field(
        None, ge=0, le=1, description="false: the share of the people told of", examples=["0.4"]
    )
    omits: list[_COUNTS] = Field([], description="missed: counts that are left out", examples=[["trapped"]])

    @model_validator(mode="after")
    def _fits(self) -> ConductEntry:
        fits = {"late": ("by",), "missed": ("omits", "until"), "false": ("share", "until"), "concealed": ("until",)}
        told: list[tuple[str, str, Loc]] = [
            (f"'{name}' is not for reports that are {self.does}", "leave it out", (name,))
            for name in ("by", "until", "share", "omits")
            if getattr(self, name) not in (None, []) and name not in fits[self.does]
        ]
        if self.does == "missed" and not self.omits:
            told.append(("'omits' says what is left out", "add 'omits: [trapped]'", ()))
        if told:
            raise wrongs(told)
        return self


# ── the file ──


def _switched(written: Any) -> Any:
    return {True: "on", False: "off"}.get(written, written) if isinstance(written, bool) else written


def _lasts(seconds: float) -> float:
    if seconds == 0.0:
        raise ValueError("a run of no length has nothing to show; write how long it may last, such as 72 h")
    return seconds


class CaseFile(Entry):
    """A case; with injects and expected actions, a drill."""

    name: Bilingual = Field(examples=["A night in the rainy season"])
    description: Bilingual | None = None
    city: Name = Field(description="A folder of scenarios/cities", examples=["toytown"])
    starts_at: Moment = Field(description="Local time; without an offset, the city's time zone")
    seed: int = Field(1, ge=0, le=2**63 - 1, description="The luck of the day")
    unverified_roads: Annotated[bool, flag] | None = Field(
        None, description="With the roads nobody has confirmed to be open; as the city has it if not given"
    )
    strategy: str = Field("nearest_capable", description="How elements are chosen")
    horizon: Annotated[Span, AfterValidator(_lasts)] = Field(
        "72 h", validate_default=True, description="When the run ends at the latest", examples=["72 h"]
    )
    weather: WeatherTable = Field(
        WeatherTable(series=None, default=None),
        description="By county name or code; `default` for the rest; `series` for what it becomes",
    )
    platform: Annotated[Literal["on", "off", "degraded"], BeforeValidator(_switched)] = Field(
        "on", description="指挥平台: there, never built, or degraded (power, network and radio partly lost)"
    )
    sensitive: Annotated[bool, flag] = Field(False, description="敏感时期: a time at which plans ask for more")
    cascades: Annotated[bool, flag] = Field(True, description="Whether an accident may be followed by others")
    rules: dict[str, SpreadEntry] = Field(
        {}, description="Numbers of the models that are other in this case", examples=[{"reporting.intake": "5 min"}]
    )
    measures: list[MeasureEntry] = Field(
        [],
        description="Measures accepted after an earlier run (review --accept), which this one goes by",
        examples=[[]],
    )
    incidents: list[IncidentEntry] = Field(min_length=1)
    conduct: list[ConductEntry] = Field([], description="Who deals with reports otherwise than they should")
    injects: list[InjectEntry] = Field([])
    expect: list[ExpectEntry] = Field([])
