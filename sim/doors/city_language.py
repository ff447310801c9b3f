"""The files of a city as people write them: `city.yaml`, and one row model for each table."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from sim.domain.command import Level, Severity
from sim.domain.parameters import Standing
from sim.doors.common import Bilingual, Day, Name
from sim.reader import Entry

NO_LEVEL = "none"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _id(text: str) -> str:
    if not re.fullmatch(r"\w[\w.-]*", text):
        raise ValueError(f"'{text[:40]}' cannot be an id; use letters, digits, '-', '_' and '.'")
    return text


Id = Annotated[str, AfterValidator(_id), Field(max_length=60)]
Line = Annotated[str, BeforeValidator(_one_line)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]


# ── city.yaml ──


class AreaEntry(Entry):
    """An area of the roster: a county if it has a county's code, else the whole city or a zone in it."""

    name: Bilingual
    seat: Id = Field(description="Node where its teams are at home")
    county: Id | None = Field(None, description="Code of the county it is")
    has_post: bool = Field(False, description="Whether an area that is no county has a post of its own all the same")


class PostEntry(Entry):
    """What the posts of a tier are called ({area} stands for the county's or township's name)."""

    name: Bilingual
    platform: bool = Field(
        description="Whether they are on the command platform (seconds), else by telephone (minutes)"
    )


class PostsEntry(Entry):
    """The four tiers of command."""

    standing: Standing
    source: str = Field(min_length=1)
    province: PostEntry
    city: PostEntry
    county: PostEntry
    township: PostEntry


SeverityName = Literal["general", "larger", "major", "especially_major"]
LevelName = Literal["I", "II", "III", "IV", "none"]


class LevelsEntry(Entry):
    """The response level that the city's plans attach to a severity, by nature of accident."""

    standing: Standing
    source: str = Field(min_length=1)
    checked_on: Day | None = None
    by_nature: dict[str, dict[SeverityName, LevelName]]

    def table(self) -> dict[str, dict[int, int | None]]:
        """Nature → severity → level, each nature filled up from `default`."""
        default = self.by_nature.get("default", {})
        return {nature: _numbers({**default, **said}) for nature, said in sorted(self.by_nature.items())}


def _numbers(said: dict[SeverityName, LevelName]) -> dict[int, int | None]:
    return {
        int(severity): None if (level := said.get(_name(severity), NO_LEVEL)) == NO_LEVEL else int(Level[level])
        for severity in Severity
    }


def _name(severity: Severity) -> SeverityName:
    names: dict[Severity, SeverityName] = {
        Severity.GENERAL: "general",
        Severity.LARGER: "larger",
        Severity.MAJOR: "major",
        Severity.ESPECIALLY_MAJOR: "especially_major",
    }
    return names[severity]


class HospitalsEntry(Entry):
    """How many casualties of one event each hospital takes at once, by its id in poi.csv."""

    standing: Standing
    source: str = Field(min_length=1)
    checked_on: Day | None = None
    range: tuple[int, int]
    own_way: bool = Field(
        default=False,
        description="Whether people find a doctor by themselves if nobody fetches them; not in made-up towns",
    )
    places: dict[str, Annotated[int, Field(gt=0)]] = Field(min_length=1)


class Expected(Entry):
    """Totals that the roster must come to."""

    teams: int
    people: int


class CityFile(Entry):
    """`city.yaml`: who the city is and what no table says."""

    id: Name
    name: Bilingual
    timezone: str = Field(examples=["Asia/Shanghai"])
    credits: Bilingual = Field(description="What must stand under a picture: 参考配置, licences of the data")
    expect: Expected | None = None
    unverified_roads: bool = Field(False, description="Whether roads of status `unverified` are there")
    limited_access: list[str] = Field([], description="Road classes that nobody joins between their ends")
    areas: dict[Id, AreaEntry] = Field(min_length=1)
    posts: PostsEntry
    levels: LevelsEntry | None = Field(None, description="Where the city has no plans/ that say them")
    hospitals: HospitalsEntry


# ── tables ──


class Row(Entry):
    """A row of a table; every table may have notes."""

    source: str = ""
    note: str = ""


class NodeRow(Row):
    """nodes.csv: where roads meet."""

    node_id: Id
    kind: Id
    name_zh: str
    name_en: str = ""
    lon: Longitude
    lat: Latitude
    county_code: str = ""
    town_code: str = ""
    elevation_m: float = 0.0
    coord_basis: str = ""
    coord_accuracy_km: str = ""


class RoadRow(Row):
    """roads.csv: two-way links between nodes."""

    road_id: Id
    from_id: str
    to_id: str
    from_zh: str = ""
    to_zh: str = ""
    road_class: str
    road_no: str = ""
    road_name: str = ""
    length_km: Annotated[float, Field(gt=0, le=1000)]
    terrain: Literal["basin", "hilly", "mountain", "gorge"] = "hilly"
    status: Literal["open", "unverified"] = "open"
    bridge: bool = False
    gc_km: str = ""
    sinuosity: str = ""
    length_basis: str = ""
    geometry_basis: str = ""
    assumed_speed_kmh: str = ""


class TownRow(Row):
    """townships.csv: township-level units."""

    code: Id
    name_zh: str
    name_en: str
    county_code: str
    lon: Longitude
    lat: Latitude
    type: str = ""
    county_zh: str = ""
    elevation_m: float = 0.0
    pop_est_2020: Annotated[float, Field(ge=0)] = 0.0
    coord_basis: str = ""
    coord_accuracy_km: str = ""
    elevation_basis: str = ""
    village_units: Annotated[float, Field(ge=0)] = 0.0
    community_units: Annotated[float, Field(ge=0)] = 0.0
    pop_reported: str = ""
    pop_reported_note: str = ""
    area_km2_reported: Annotated[float, Field(ge=0, le=1e6)] = 0.0
    road_km_to_county_seat_reported: str = ""


class PlaceRow(Row):
    """poi.csv: places of interest, hospitals among them."""

    poi_id: Id
    category: Id
    name_zh: str
    name_en: str
    lon: Longitude
    lat: Latitude
    county_code: str = ""
    nearest_town_code: str = ""
    accuracy_km: str = ""
    approximate: str = ""
    coord_basis: str = ""
    attributes: str = ""


class ClimateRow(Row):
    """climate.csv: an average month in a county."""

    county_code: str
    month: Annotated[int, Field(ge=1, le=12)]
    temp_mean_c: Annotated[float, Field(ge=-60, le=60)]
    rain_mm_adjusted: Annotated[float, Field(ge=0, le=3000)]
    wind_mean_ms: Annotated[float, Field(ge=0, le=60)]
    county_zh: str = ""
    temp_basis: str = ""
    rain_mm: str = ""
    rain_basis: str = ""
    adjust_basis: str = ""
    wind_basis: str = ""
    annual_temp_reported_c: str = ""
    annual_rain_reported_mm: str = ""


class RiverRow(Row):
    """rivers.csv: what is known of the rivers drawn in lines.geojson."""

    name_zh: Annotated[str, Field(min_length=1, description="As in lines.geojson")]
    name_en: str = ""
    mean_flow_m3s: Annotated[float, Field(ge=0, le=1e6, description="At the lower end of its line")] = 0.0
    into: Annotated[str, Field(description="The river it joins there")] = ""
    standing: Standing


class IntakeRow(Row):
    """intakes.csv: where water is taken for towns."""

    intake_id: Id
    name_zh: str
    name_en: str
    lon: Longitude
    lat: Latitude
    serves: Annotated[str, Field(min_length=1, description="Township codes, with spaces between")]
    storage_h: Annotated[float, Field(ge=0, le=2000)] = 0.0
    standing: Standing


class ReservoirRow(Row):
    """reservoirs.csv: how large the reservoirs of poi.csv are, and who drinks of them."""

    poi_id: Id
    volume_mm3: Annotated[float, Field(ge=0, le=1e5, description="Million m³")] = 0.0
    dam_height_m: Annotated[float, Field(ge=0, le=400)] = 0.0
    supplies: Annotated[str, Field(description="Township codes, with spaces between")] = ""
    standing: Standing


class TeamRow(Row):
    """teams.csv: the roster.

    `home` is a node, a place of poi.csv, `seat` (of the area), `seats` (spread over the counties), `towns` (spread over
    the area's townships) or a category of poi.csv (spread over such places in the area). `kinds` replaces the split of
    the category: one kind, or several with weights (`crew:2 section:1`).
    """

    team_id: Id
    tier: Literal["1", "2", "3"]
    category: str
    area: str
    name_zh: str
    name_en: str
    headcount: Annotated[int, Field(gt=0, le=100_000)]
    home: str
    kinds: str = ""
