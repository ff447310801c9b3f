"""The master event list (主事件清单) of a drill: objectives, what exercise control releases and when, what is then expected."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, Tag, WithJsonSchema, model_validator

from sim.doors.actions import ActionEntry
from sim.doors.common import Bilingual, Figure, Name, Quantity, Span, flag
from sim.doors.incident import Offset
from sim.errors import nearest
from sim.reader import Entry, Loc, wrongs

KINDS = {
    "info": "信息", "decision": "决策", "resource": "资源", "fault": "故障", "rumour": "谣言", "escalation": "升级",
}  # fmt: skip
CHANNELS = {
    "phone": "电话",
    "platform": "平台",
    "radio": "电台",
    "courier": "通信员",
    "fax": "传真",
    "note": "书面",
    "in_person": "当面",
}
LEVELS = {"Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "I": 1, "II": 2, "III": 3, "IV": 4}


# ── conditions ──


class WhenEntry(Entry):
    """A condition: the first event of a kind; any other key is a field of that event and the value it must have."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, str] = Field(init=False)

    event: str = Field(description="A kind of event", examples=["report_received"])
    reading: str = Field("", description="A reading of the accident that must also have been reached")
    at_least: Figure | None = Field(None, description="… this value", examples=["500 m3"])
    after: Span = Field(0.0, description="A further delay", examples=["10 min"])


class _State(Entry):
    """What all states share."""

    for_: Span = Field(0.0, alias="for", description="So long without a break", examples=["20 min"])
    after: Span = Field(0.0, description="A further delay", examples=["10 min"])


class ReadingEntry(_State):
    """A reading of an accident is at least, or at most, so much."""

    reading: str = Field(examples=["water"])
    incident: str = Field("", description="Of which accident; of any if not given")
    at_least: Figure | None = Field(None, examples=["500 m3"])
    at_most: Figure | None = Field(None, examples=["100 m3"])

    @model_validator(mode="after")
    def _one_bound(self) -> ReadingEntry:
        if (self.at_least is None) == (self.at_most is None):
            raise wrongs([("exactly one of 'at_least' and 'at_most' bounds a reading", "add 'at_least: …'", ())])
        return self


def _level(written: Any) -> Any:
    if isinstance(written, str):
        named = LEVELS.get(written.strip().removesuffix("级").upper())
        if named is None and not (written.isdecimal() and 1 <= int(written) <= len(set(LEVELS.values()))):
            raise ValueError(f"'{written[:40]}' is no response level; write Ⅰ, Ⅱ, Ⅲ, Ⅳ or 1 to 4")
        return named or int(written)
    return written


Level = Annotated[int, BeforeValidator(_level), Field(ge=1, le=4), WithJsonSchema({"enum": [*LEVELS, 1, 2, 3, 4]})]


class ResponseEntry(_State):
    """A response of this level, or a higher one, is under way."""

    response: Level = Field(examples=["II"])
    post: str = Field("", description="At which post; at any if not given")
    incident: str = Field("", description="To which accident; to any if not given")


class DeadEntry(_State):
    """At least so many are dead."""

    dead: int = Field(ge=1, le=100_000, examples=["3"])
    incident: str = Field("", description="Of which accident; of all if not given")


class ClockEntry(Entry):
    """A time of day, or a time since the start, has come."""

    clock: Offset = Field(examples=["06:30"])


class InjectEvent(Entry):
    """Another inject was released."""

    inject: str = Field(examples=["road_cut"])
    after: Span = Field(0.0, description="A further delay", examples=["10 min"])


class MetEntry(Entry):
    """An expected action was done, in time or late."""

    met: str = Field(examples=["first_crew"])
    after: Span = Field(0.0, description="A further delay", examples=["10 min"])


class MissedEntry(Entry):
    """The time for an expected action ran out without it."""

    missed: str = Field(examples=["first_crew"])
    after: Span = Field(0.0, description="A further delay", examples=["10 min"])


class AllOf(Entry):
    """All of these hold at one time; events hold from when they have happened."""

    all_: list[ConditionEntry] = Field(alias="all", min_length=1, max_length=20)
    after: Span = Field(0.0, description="A further delay", examples=["10 min"])


class AnyOf(Entry):
    """One of these holds, or `at_least` so many of them."""

    any_: list[ConditionEntry] = Field(alias="any", min_length=1, max_length=20)
    at_least: int = Field(1, ge=1, le=20, description="How many of them")
    after: Span = Field(0.0, description="A further delay", examples=["10 min"])


_SORTS = {
    "event": WhenEntry, "reading": ReadingEntry, "response": ResponseEntry, "dead": DeadEntry, "clock": ClockEntry,
    "inject": InjectEvent, "met": MetEntry, "missed": MissedEntry, "all": AllOf, "any": AnyOf,
}  # fmt: skip


def _sort(written: Any) -> str:
    """The condition that was meant: an event if one is named, else by the key that names one or looks most like one."""
    if not isinstance(written, dict):
        return type(written).__name__ if type(written) in _SORTS.values() else "WhenEntry"
    keys = [str(key) for key in written]
    meant = [key for key in _SORTS if key in keys] or [n for key in keys for n in nearest(key, _SORTS, 1)] or ["event"]
    return _SORTS[meant[0]].__name__


ConditionEntry = Annotated[
    Annotated[WhenEntry, Tag("WhenEntry")]
    | Annotated[ReadingEntry, Tag("ReadingEntry")]
    | Annotated[ResponseEntry, Tag("ResponseEntry")]
    | Annotated[DeadEntry, Tag("DeadEntry")]
    | Annotated[ClockEntry, Tag("ClockEntry")]
    | Annotated[InjectEvent, Tag("InjectEvent")]
    | Annotated[MetEntry, Tag("MetEntry")]
    | Annotated[MissedEntry, Tag("MissedEntry")]
    | Annotated[AllOf, Tag("AllOf")]
    | Annotated[AnyOf, Tag("AnyOf")],
    Discriminator(_sort),
]


# ── expected actions ──


class ExpectEntry(Entry):
    """An expected action (期望处置): what must have happened within a time."""

    id: Name = Field(examples=["first_crew"])
    title: Bilingual = Field(examples=["The first crew is on the spot within an hour"])
    since: WhenEntry | None = Field(None, description="From when the time counts; the start if not given")
    done: WhenEntry = Field(examples=[{"event": "arrived", "incident": "F1"}])
    within: Span = Field(examples=["60 min"])


class ResponseExpected(Entry):
    """An action expected of the players after an inject; its time counts from the release."""

    id: Name | None = Field(None, description="The inject's with a number if not given", examples=["road_closed"])
    title: Bilingual = Field(examples=["The command sends its crews round by the other road"])
    by: str = Field("", description="Of whom it is expected: a post or unit; of whom the inject went to if not given")
    done: ConditionEntry = Field(examples=[{"event": "arrived", "incident": "F1"}])
    within: Span = Field(examples=["30 min"])
    earlier: Annotated[bool, flag] = Field(
        False, description="Whether it also counts if it was done before the release"
    )
    late: Annotated[float, Quantity("ratio")] = Field(
        0.0, ge=0, le=1, description="The share of the points that it still earns when late", examples=["50 %"]
    )


# ── injects ──


def _word(names: dict[str, str]) -> BeforeValidator:
    """Takes the Chinese word for a name as well."""
    ours = {zh: name for name, zh in names.items()}
    return BeforeValidator(lambda written: ours.get(written, written) if isinstance(written, str) else written)


Kind = Annotated[
    Literal["info", "decision", "resource", "fault", "rumour", "escalation"],
    _word(KINDS),
    WithJsonSchema({"enum": [*KINDS, *KINDS.values()]}),
]
Channel = Annotated[
    Literal["phone", "platform", "radio", "courier", "fax", "note", "in_person"],
    _word(CHANNELS),
    WithJsonSchema({"enum": [*CHANNELS, *CHANNELS.values()]}),
]


class AfterEntry(Entry):
    """Released so long after another inject."""

    inject: str = Field(examples=["road_cut"])
    wait: Span = Field(0.0, examples=["20 min"])


def _many(written: Any) -> Any:
    return [written] if isinstance(written, str) else written


Receivers = Annotated[list[str], BeforeValidator(_many, json_schema_input_type=str | list[str])]
_RELEASES = ("at", "when", "after", "if_missed", "manual")


class InjectEntry(Entry):
    """What exercise control releases (情景注入): at a time, on a condition, after another inject, or by the director's hand."""

    model_config = ConfigDict(populate_by_name=True)

    id: Name = Field(examples=["road_cut"])
    title: Bilingual = Field(examples=["The road to the site is cut"])
    kind: Kind | None = Field(None, description="What it tries", examples=["info"])
    objective: str = Field("", description="The objective of the drill that it serves", examples=["O1"])
    weight: float = Field(0.0, ge=0, le=1000, description="The points that its expected actions earn", examples=["5"])
    from_: Bilingual | None = Field(
        None,
        alias="from",
        description="Whom the controller plays: a post or unit, or any role",
        examples=["The works on the spot"],
    )
    to: Receivers = Field([], description="The posts or units that get it", examples=["乙县"])
    channel: Channel | None = Field(None, description="By which means", examples=["phone"])
    at: Offset | None = Field(None, examples=["+01:30"])
    when: ConditionEntry | None = Field(None, examples=[{"event": "arrived", "incident": "F1"}])
    after: AfterEntry | None = Field(None, description="… or so long after another inject")
    if_missed: str | None = Field(
        None, description="… or when the time for an expected action ran out without it", examples=["first_crew"]
    )
    manual: Annotated[bool, flag] = Field(
        False, description="… or only by the director's hand: `releases:` or `run --release ID=TIME`"
    )
    unless: str | ConditionEntry | None = Field(
        None, description="Not released if this expected action was done, or this condition holds, by then"
    )
    every: Span | None = Field(None, description="Released again so often", examples=["30 min"])
    times: int | None = Field(None, ge=2, le=50, description="… so many times in all", examples=["3"])
    do: list[ActionEntry] = Field(min_length=1, examples=[[{"close_road": "R0301"}]])
    expects: list[ResponseExpected] = Field([], description="What the players should do then")

    @model_validator(mode="after")
    def _once(self) -> InjectEntry:
        told: list[tuple[str, str, Loc]] = []
        ways = [way for way in _RELEASES if getattr(self, way) not in (None, False)]
        if len(ways) != 1:
            which = f"; here are {', '.join(ways)}" if ways else ""
            what = f"exactly one of 'at' and 'when', 'after', 'if_missed', 'manual' says when it is released{which}"
            told.append((what, "add 'at: +01:30'", ()))
        if (self.every is None) != (self.times is None):
            missing = "times" if self.times is None else "every"
            told.append(("'every' and 'times' go together", f"add '{missing}: …'", ()))
        if self.every == 0.0:
            told.append(("repeated without any time between", "write a time such as '30 min'", ("every",)))
        if told:
            raise wrongs(told)
        return self


class ObjectiveEntry(Entry):
    """An objective of the drill (演练目标): who does what, under which condition, to what standard."""

    id: Name = Field(examples=["O1"])
    who: Bilingual = Field(examples=["The county's duty desk"])
    what: Bilingual = Field(examples=["reports to the city"])
    condition: Bilingual | None = Field(
        None, description="Under which condition", examples=["by night, with one line down"]
    )
    standard: Bilingual | None = Field(
        None, description="To what standard", examples=["within two hours, six items complete"]
    )


class ListFile(Entry):
    """The injects stand in a spreadsheet beside this file."""

    file: str = Field(description="Its name, in the same folder", examples=["list.xlsx"])


def _injects(written: Any) -> str:
    return "file" if isinstance(written, dict | ListFile) else "list"


Injects = Annotated[
    Annotated[list[InjectEntry], Tag("list")] | Annotated[ListFile, Tag("file")], Discriminator(_injects)
]
