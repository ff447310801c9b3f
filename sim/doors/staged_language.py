"""The language of staged accidents: what may stand in a file of models/hazards/staged.

Besides what every hazard card has, a file names the people in harm's way, quantities that grow or shrink, the demands, and
the stages: what comes with a stage, what runs and what is asked for in it, what ends it. A number is written with its unit
(`90 min`, `40 m3/h`), or as the name of a parameter or scope variable, or as `{of: people, times: [share, 0.5], night: 1.5,
by_terrain: {mountain: 2}}`. `sim.doors.staging` turns a file into what runs.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from sim.doors.cascades import EdgeEntry
from sim.doors.common import Named
from sim.reader import Entry

Kind = Literal["work", "rate", "hold", "service"]
Mode = Literal["latent", "growing", "steady", "declining", "controlled"]
Use = Literal["dwelling", "school", "office", "shop", "market", "hospital", "road", "outdoors", "asleep"]
Outcome = Literal["dead", "red", "yellow", "green", "expectant", "trapped", "safe"]
Terrain = Literal["basin", "hilly", "mountain", "gorge"]


class Factors(Entry):
    """A number that the incident settles."""

    of: str = Field(
        description="A number with its unit, or the name of a parameter or scope variable", examples=["people"]
    )
    times: list[str] = Field(
        default_factory=list, description="Plain numbers, parameters or scope variables it is multiplied by"
    )
    night: float = Field(1.0, ge=0, description="Factor if the accident begins by night")
    presence: Use | None = Field(
        None, description="Times the share of people of this land use who are there at that hour"
    )
    by_terrain: dict[Terrain, float] = Field(default_factory=dict, description="Factor by the terrain of the site")


def _factors(written: Any) -> Any:
    return written if isinstance(written, dict | Factors) else {"of": written}


Number = Annotated[Factors, BeforeValidator(_factors)]
Shares = Annotated[dict[Outcome, float], Field(description="Shares of people by what becomes of them", min_length=1)]


class Milestone(Named):
    """A moment worth telling."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")


class GroupEntry(Named):
    """People in harm's way when it begins."""

    count: Number
    status: Literal["exposed", "trapped"] = "exposed"
    entrapment: str = Field("", description="Survival curve of models/casualties that runs for those who are trapped")


class QuantityEntry(Named):
    """Something that grows or shrinks steadily; never below zero."""

    unit: str = Field(examples=["m3"])
    initial: Number
    rate: Number | None = Field(None, description="Growth, as a unit over a time, unless a stage says otherwise")
    loses: Number | None = Field(None, description="Share of it that goes by itself in a time", examples=["0.5 1/h"])


class DemandEntry(Named):
    """Something the accident asks for; exactly one of `amount`, `works_off` and `frees` says how much of it."""

    kind: Kind
    capability: str = Field(examples=["USAR"])
    amount: Number | None = Field(None, description="WORK: effort × time; RATE, HOLD: effort; SERVICE: customers")
    works_off: str = Field("", description="A quantity: WORK takes it away, a RATE must match it")
    frees: str = Field("", description="A group of people: they come out one after another")
    each: Number | None = Field(None, description="Effort per unit of the quantity; work per person of the group")
    gives: Shares = Field({"safe": 1.0}, description="How people come out")
    face: str = Field("", description="Most effort that the place takes", examples=["120 m3/h"])
    set_up: str = Field("0 s", description="Time between an arrival and its effort", examples=["10 min"])
    priority: int = Field(5, ge=1, le=9)
    within: str = Field("", description="Time in which a duty officer wants WORK or SERVICE done", examples=["4 h"])


class StrikeEntry(Entry):
    """Shares of a group meet these fates at once; the rest stays as it was."""

    group: str
    become: Shares
    why: str = "struck"


class RoadEntry(Entry):
    """A road link: `closed`, `open`, or slowed to a share of its speed; its own link unless one is named."""

    state: str = Field(examples=["closed", "open", "0.5"])
    link: str = ""


class AdditionEntry(Entry):
    """So much more of a quantity."""

    quantity: str
    amount: Number


class CutEntry(Entry):
    """Of a service only a share is left: within a radius, or in the town of the site; it is back when the accident is over."""

    service: Literal["power", "telecom", "water", "gas"]
    share: Number
    radius: Number | None = None


class RoadsEntry(Entry):
    """Every road within a radius: `closed`, `open`, or slowed to a share of its speed."""

    state: str = Field(examples=["closed", "open", "0.5"])
    radius: Number


class BlowEntry(Entry):
    """Responders who serve one of these demands (all on the spot, if none is named) are hit; the shares are chances of each."""

    demands: list[str] = Field(default_factory=list)
    become: dict[Literal["dead", "red", "yellow", "green"], float] = Field(min_length=1)
    why: str = "struck"


class EffectEntry(Entry):
    """One thing that happens when the stage begins; exactly one key."""

    people: StrikeEntry | None = None
    road: RoadEntry | None = None
    roads: RoadsEntry | None = None
    cut: CutEntry | None = None
    responders: BlowEntry | None = None
    note: Milestone | None = None
    add: AdditionEntry | None = None


class HarmEntry(StrikeEntry):
    """While the stage lasts, whoever is still in the group is harmed at this rate per person."""

    rate: Number


class ThresholdEntry(Entry):
    """A quantity past a value, from either side."""

    name: str
    below: Number | None = None
    above: Number | None = None


def _listed(written: Any) -> Any:
    return written if isinstance(written, list | tuple) else [written]


Demands = Annotated[list[str], BeforeValidator(_listed)]


class WeatherEntry(Entry):
    """A figure of the weather past a value, from either side; exactly one figure and one side."""

    figure: Literal["wind", "temperature", "humidity", "rain"]
    below: str = Field("", examples=["5 mm/h"])
    above: str = ""


class ServiceEntry(Entry):
    """A service at the site past a share, from either side."""

    name: Literal["power", "telecom", "water", "gas"]
    below: str = Field("", examples=["50 %"])
    above: str = ""


class EndEntry(Entry):
    """What ends a stage, exactly one of it, and where it leads.

    `after` a span; `at_rate`, at a moment drawn once; `work_done`; `rate_met` (with `for`); a `quantity`, the `weather` or a
    `service` past a value. With `chance` it leads there only with that probability, drawn once, else to `otherwise`.
    """

    after: Number | None = None
    at_rate: Number | None = Field(None, description="It may come at any moment, at this rate", examples=["0.1 1/h"])
    weather: WeatherEntry | None = None
    service: ServiceEntry | None = None
    work_done: Demands = Field(default_factory=list, description="A demand, or several: all of them")
    rate_met: str = Field("", description="A RATE or HOLD demand met without a break")
    span: Number | None = Field(None, alias="for")
    quantity: ThresholdEntry | None = None
    to: str = Field(description="The stage that follows, or `over`")
    chance: Number | None = Field(None, description="Probability that it leads there", examples=["30 %"])
    otherwise: str = Field("", description="The stage that follows if it does not")
    reason: Milestone | None = Field(None, description="Why it is over, where it leads to `over`")


class StageEntry(Named):
    """A stage of the accident."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    mode: Mode
    radius: Number | None = Field(None, description="How far it is dangerous")
    on_enter: list[EffectEntry] = Field(default_factory=list)
    rates: dict[str, Number] = Field(default_factory=dict, description="Rates of quantities in this stage")
    demands: list[str] = Field(default_factory=list)
    harms: list[HarmEntry] = Field(default_factory=list)
    ends: list[EndEntry]


class NightEntry(Entry):
    """When it is night for the factors of that name, local clock."""

    begins: str = Field(examples=["22:00"])
    ends: str = Field(examples=["06:00"])


class StagedPart(Entry):
    """The keys that a staged accident has beyond those of every hazard card."""

    people: dict[str, GroupEntry] = Field(default_factory=dict)
    quantities: dict[str, QuantityEntry] = Field(default_factory=dict)
    demands: dict[str, DemandEntry] = Field(default_factory=dict)
    stages: list[StageEntry] = Field(min_length=1)
    night: NightEntry | None = None
    cascades: dict[str, EdgeEntry] = Field(
        default_factory=dict, description="What may follow it, as in models/cascades"
    )
    seen_error: Number | None = Field(None, description="Spread (log) of what observers say of amounts")
