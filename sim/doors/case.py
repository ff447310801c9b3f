"""The case file: one day of a city, its accidents by the five elements, what exercise control releases, what is expected.

The models are the language: the reader checks against them, editors and forms get their JSON Schema. Names of towns, causes,
scale variables … are text here; `sim.scenario` resolves them and says which are near.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from sim.doors.common import Bilingual, Moment, Name, Span, SpreadEntry, flag
from sim.doors.conduct import ConductEntry
from sim.doors.incident import IncidentEntry, Offset, WeatherTable
from sim.doors.injects import ExpectEntry, InjectEntry, Injects, ObjectiveEntry
from sim.doors.measures import MeasureEntry
from sim.reader import Entry


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
    objectives: list[ObjectiveEntry] = Field([], description="What the drill is to show")
    injects: Injects = Field([], description="The master event list, here or in a spreadsheet")
    releases: dict[str, Offset] = Field(
        {}, description="When the director releases manual injects, by their ids", examples=[{"press": "+02:00"}]
    )
    expect: list[ExpectEntry] = Field([])

    @property
    def events(self) -> Sequence[InjectEntry | None]:
        """The injects that are written here; None for one that cannot be read."""
        return self.injects if isinstance(self.injects, list) else ()
