"""What an inject does to the world, as a case file writes it: one verb an action."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from sim.doors.common import Bilingual, Span
from sim.doors.incident import IncidentEntry, WeatherEntry
from sim.doors.staffing import Delay, Suspend
from sim.errors import nearest
from sim.reader import Entry


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
