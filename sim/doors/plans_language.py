"""The language of plans: units, commands and groups; what all plans share; the overall plan and the special ones."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from sim.domain.command import Severity, Tier
from sim.domain.parameters import Standing
from sim.doors.city_language import SeverityName
from sim.doors.common import Bilingual, Day, Figure, Named, Span, SpreadEntry, flag
from sim.errors import suggest
from sim.reader import Entry, Loc, wrongs

TierName = Literal["township", "county", "city", "province"]
LevelName = Literal["I", "II", "III", "IV"]
Ground = Literal["dead_or_missing", "shortfall", "counties", "secondary", "sensitive"]
Flag = Annotated[bool, flag]

SEVERITIES: dict[str, int] = {severity.name.lower(): int(severity) for severity in Severity}
TIERS: dict[str, int] = {tier.name.lower(): int(tier) for tier in Tier}
LEVELS: dict[str, int] = {"I": 1, "II": 2, "III": 3, "IV": 4, "none": 0}
PLACES = ("county", "town", "site")  # what the name of a local office may carry
OURS = "参考配置 reference configuration"  # the source of what no law says


def _listed(written: Any) -> Any:
    return [written] if isinstance(written, (str, dict)) else written


def _key(text: str) -> str:
    if not text.isascii() or not text.replace("_", "").replace("-", "").isalnum():
        raise ValueError(f"'{text[:40]}' cannot be an id here; use the letters a-z, digits, '-' and '_'")
    return text


def _clause(text: str) -> str:
    if not all(part.isdigit() for part in text.split(".")):
        raise ValueError(f"'{text[:40]}' is no number of a clause; write it as in the plan, such as 4.2.1")
    return text


Key = Annotated[str, AfterValidator(_key), Field(min_length=1, max_length=40)]
ClauseNumber = Annotated[str, AfterValidator(_clause), Field(examples=["4.2.1"])]
Names = Annotated[list[str], BeforeValidator(_listed, json_schema_input_type=str | list[str])]
BySeverity = str | dict[SeverityName, str]
When = dict[str, Figure]
Whens = Annotated[list[When], BeforeValidator(_listed), WithJsonSchema({"type": ["object", "array"]})]


class UnitEntry(Named):
    """责任单位 · A department, office or enterprise; `platform`: it has a terminal of the command platform."""

    platform: Flag = Field(False, description="On the command platform (seconds), else by telephone (minutes)")
    tier: TierName = Field("city", description="Where such an office exists: once in every place of the tier")
    desk: Flag = Field(False, description="Somebody is awake at night")
    local: Bilingual | None = Field(
        None,
        description="What the one of a place is called",
        examples=[{"zh": "{county}人民政府", "en": "{county} Government"}],
    )

    local_ending: dict[str, Bilingual] = Field(
        {},
        description="The same where the township's name ends so",
        examples=[{"街道": {"zh": "{town}办事处", "en": "{town} Office"}}],
    )

    @model_validator(mode="after")
    def _places(self) -> Self:
        told: list[tuple[str, str, Loc]] = []
        named: list[tuple[Loc, Bilingual]] = [(("local",), self.local)] if self.local else []
        for loc, words in [*named, *((("local_ending", ending), w) for ending, w in self.local_ending.items())]:
            for lang in ("zh", "en"):
                for place in re.findall(r"\{([^}]*)\}", getattr(words, lang)):
                    if place not in PLACES:
                        told.append((f"there is no place '{place[:40]}'", suggest(place, PLACES), (*loc, lang)))
        if told:
            raise wrongs(told)
        return self


class CommandEntry(Named):
    """专项指挥部 · A special command; a standing one names the unit that is its office."""

    standing: Flag = False
    office: str | None = Field(None, description="The unit that is its office (办公室)", examples=["emergency"])


class GroupEntry(Named):
    """工作组 · A working group of a command and the unit that leads it; plans may name another in `leads`."""

    lead: str = Field(examples=["emergency"])


class UnitsFile(Entry):
    """`plans/units.yaml`: everybody who can owe something, the commands, the working groups, the chiefs."""

    standing: Standing
    source: str = Field(min_length=1)
    checked_on: Day | None = None
    units: dict[Key, UnitEntry] = Field(min_length=1)
    commands: dict[Key, CommandEntry] = Field(min_length=1)
    groups: dict[Key, GroupEntry] = Field(min_length=1)
    chiefs: dict[Key, Bilingual] = Field(min_length=1)


class MomentEntry(Entry):
    """An event of the journal: its kind, what its fields are, the tier of the post named in it."""

    event: str = Field(examples=["report_received"])
    where: dict[str, str] = Field({}, description="Fields as text; `>=1`: at least", examples=[{"level": "0"}])
    tier: Annotated[list[TierName], BeforeValidator(_listed)] = Field([], examples=["county"])


class TaskEntry(Entry):
    """任务 · Who owes what to whom by when, under which clause, with which evidence.

    It arises with the first of `since` and is done `takes` after its debtor heard of it, not before `once`. Both name
    moments of the plan, or `done.<task>`: when that task is done. In a special plan only what differs is written.
    """

    zh: str | None = None
    en: str | None = None
    phase: str | None = Field(None, description="One of the 22 of the closed loop", examples=["first_report"])
    clause: ClauseNumber | None = None
    debtor: BySeverity | None = Field(None, description="A unit, `lead`, or units by severity", examples=["lead"])
    creditor: BySeverity | None = None
    verifier: BySeverity | None = Field(None, description="Who checks it; never the debtor")
    group: str | None = None
    since: Names | None = Field(None, examples=["activated"])
    once: Names | None = None
    takes: SpreadEntry | None = None
    within: BySeverity | None = Field(None, examples=["30 min", "deadlines.first_report"])
    evidence: Bilingual | None = None
    level: Literal["I", "II", "III", "IV", "none"] | None = Field(
        None, description="From this response level up; none: whether there is a response or not"
    )
    severity: Annotated[list[SeverityName], BeforeValidator(_listed)] | None = Field(
        None, description="The confirmed severities it is for: one, or the first and the last"
    )
    source: str | None = Field(None, description="The law's article, or nothing for our reference configuration")
    standing: Standing | None = None
    natures: Names | None = Field(
        None, description="Kinds of accidents it is for, of the plan's own or supported ones; `all`: all of its own"
    )
    when: Whens | None = Field(
        None,
        description="What posts must have been told: at least so much, or `<` less; of several entries one must hold",
        examples=[{"dead": "1"}, [{"casualties": "1"}, {"potential": "larger"}], {"casualties": "<1"}],
    )
    scale: str | None = Field(None, description="The scale by which `severity` is read, on figures as told last")
    restates: Names | None = Field(None, description="Statutory duties that it repeats", examples=[["R2"]])
    each_county: Flag | None = Field(None, description="Owed in every county concerned, by the office there")


class LevelEntry(Entry):
    """响应级别 · Which severities start the level, who is chief, which groups work, who is told (with all lower levels')."""

    severity: Annotated[list[SeverityName], BeforeValidator(_listed)] = Field(
        [], description="Potential severities that start it"
    )
    chief: str | None = None
    clause: ClauseNumber | None = None
    groups: Names = Field([])
    notify: Names = Field([], description="Who is told from this level up, in order")


class RaiseEntry(Entry):
    """扩大响应 · On this ground the response is raised by so many levels, or to a level."""

    ground: Ground
    at_least: Figure = Field(description="People, a time, counties or a severity", examples=["10", "2 h", "larger"])
    clause: ClauseNumber | None = None
    by: Annotated[int, Field(ge=0, le=3)] = 0
    to: LevelName | None = None


class ClauseEntry(Named):
    """A clause by its number, and what it says in short."""

    clause: ClauseNumber


class SearchEntry(ClauseEntry):
    """救援转搜寻 · When nobody was found for so long, experts may find no hope, and the rescue becomes a search."""

    after: Span = Field(examples=["10 d"])


class SuspendEntry(ClauseEntry):
    """暂停救援 · What the rescuers are withdrawn for."""

    when_hit: Flag = Field(
        True,
        description="Whether the command withdraws them as soon as some of them were hit; not those who face an attack",
    )


class AcceptedEntry(Named):
    """A shortfall that is known: where, and what is done about it."""

    counties: list[str] = Field(min_length=1)


class NeedEntry(Entry):
    """What the plan relies on: so much of a capability within so long of the alarm, in every county.

    `accepted` names the counties where the roster falls short of it, and says why that is known.
    """

    amount: Figure
    within: Span
    counties: list[str] = Field([], description="Only here (codes); empty: everywhere")
    accepted: AcceptedEntry | None = None


class Shared(Entry):
    """What common.yaml and a plan may both say; the plan's word goes first."""

    standing: Standing
    source: str = Field(min_length=1)
    checked_on: Day | None = None
    moments: dict[Key, Annotated[list[MomentEntry], BeforeValidator(_listed)]] = Field({})
    levels: dict[LevelName, LevelEntry] = Field({})
    raises: list[RaiseEntry] | None = None
    start: ClauseEntry | None = None
    change: ClauseEntry | None = None
    suspend: SuspendEntry | None = None
    search: SearchEntry | None = None
    end: ClauseEntry | None = None
    handover: ClauseEntry | None = None
    quiet: Span | None = Field(
        None, description="How long after the hazard's end the response goes on", examples=["2 h"]
    )
    tasks: dict[Key, TaskEntry] = Field({})


class CommonFile(Shared):
    """`plans/common.yaml`: what all plans of the city share; `plans/common.<family>.yaml`: what a family of them does."""

    without: list[str] = Field([], description="Common tasks that this family of plans does not have")


class PlanFile(Shared):
    """`plans/<ID>.yaml`: the overall plan (without natures) or a special plan."""

    id: Key
    title: Bilingual
    version: Annotated[int, Field(ge=1)] = 1
    natures: list[str] = Field([], description="Kinds of accidents it is for; none: the overall plan")
    supports: list[str] = Field([], description="Kinds of accidents of other plans that it is started along with")
    ordinary: list[str] = Field([], description="Overall plan: everyday calls, for which no response is started")
    family: str | None = Field(None, description="Name of the family whose common file it follows, too")
    lead: str
    command: str
    no_response: list[SeverityName] = Field([], description="Severities that the counties handle alone")
    leads: dict[str, str] = Field({}, description="Units that lead groups by this plan, where not as usual")
    without: list[str] = Field([], description="Common tasks that this plan does not have")
    capabilities: dict[str, NeedEntry | None] = Field({}, description="What it relies on, by code")
    teams: list[str] = Field([], description="Categories of teams it relies on")
