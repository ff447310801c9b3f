"""A city's folder read: every file by itself, what is missing said with what it is for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

from sim.domain.monitors import Monitors
from sim.domain.parameters import Parameter
from sim.domain.places import Point
from sim.domain.teams import Capability
from sim.doors.city_language import (
    CityFile,
    ClimateRow,
    IntakeRow,
    NodeRow,
    PlaceRow,
    ReservoirRow,
    RiverRow,
    RoadRow,
    TeamRow,
    TownRow,
)
from sim.doors.elements import Elements, load_capabilities, load_elements
from sim.doors.forces import FILE as FORCES
from sim.doors.forces import ForcesFile, force_numbers
from sim.doors.monitors import load_monitors
from sim.doors.outlines import Ring, Rings, read_lines, read_outlines
from sim.doors.parameters import load_parameters
from sim.doors.plan_around import natures_in
from sim.doors.plans import read_plans_of
from sim.doors.plans_files import FOLDER, Plans, read_known
from sim.doors.stores import Written, read_depots
from sim.errors import InvalidInput, Problem, UnknownName, suggest
from sim.reader import Document, Table, load, read_table
from sim.roads.network import Link, Node
from sim.roads.speeds import Speeds
from sim.texts import shown, stands

MODELS = Path(__file__).resolve().parents[2] / "models"

# What a folder must hold, and what each file is for. plans/ (who owes what by when), monitoring.yaml (what watches),
# roads.geojson (shapes of links), counties.geojson (outlines),
# lines.geojson (rivers from source to mouth), rivers.csv, intakes.csv, reservoirs.csv (what is known of waters), speeds.yaml
# and response/ (in place of those of the models), depots.yaml (supplies and reserves) may be left out.
NEEDED = {
    "city.yaml": "who the city is: names, areas, posts, response levels, hospital places",
    "nodes.csv": "where roads meet, one node a line",
    "roads.csv": "the road links between nodes, with class and length",
    "townships.csv": "the townships, by which places are named and county pools are spread",
    "poi.csv": "places of interest: hospitals, works, homes of teams",
    "climate.csv": "the average weather of each county and month",
    "teams.csv": "the roster: teams, their people and where they are at home",
    "SOURCES.md": "where the data come from, under which licences",
}

_DATA = (".yaml", ".csv", ".geojson")
T = TypeVar("T")


@dataclass
class Files:
    """What could be read of a city's folder; None where a file is missing or wrong, which `problems` tell."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)
    document: Document | None = None
    city: CityFile | None = None
    nodes: Table[NodeRow] | None = None
    roads: Table[RoadRow] | None = None
    towns: Table[TownRow] | None = None
    places: Table[PlaceRow] | None = None
    climate: Table[ClimateRow] | None = None
    teams: Table[TeamRow] | None = None
    rivers: Table[RiverRow] | None = None
    intakes: Table[IntakeRow] | None = None
    reservoirs: Table[ReservoirRow] | None = None
    shapes: dict[str, Ring] = field(default_factory=dict)
    river_lines: dict[str, Ring] = field(default_factory=dict)
    outlines: dict[str, Rings] = field(default_factory=dict)
    speeds: Speeds | None = None
    capabilities: dict[str, Capability] | None = None
    elements: Elements | None = None
    plans: Plans | None = None
    stores: Written | None = None
    forces_document: Document | None = None
    forces: ForcesFile | None = None
    force_numbers: dict[str, Parameter] = field(default_factory=dict)
    monitors: Monitors | None = None

    def named(self, name: str) -> str:
        """A file of the folder as problems show it."""
        return shown(self.folder / name)


def fingerprint(folder: Path) -> str:
    """A digest of what is in a folder: every name, and the content of data files. "" where something cannot be read."""
    digest = blake2b(digest_size=16)
    try:
        for path in sorted(folder.rglob("*")):
            content = path.read_bytes() if path.suffix in _DATA and path.is_file() else b""
            kind = "" if path.is_file() else "folder" if path.is_dir() else "other"
            digest.update(f"{path.relative_to(folder).as_posix()}\0{kind}\0{len(content)}\0".encode(errors="replace"))
            digest.update(content)
    except OSError:
        return ""
    return digest.hexdigest()


def read_files(folder: Path, models: Path) -> Files:
    """Every file of a city; mistakes and missing files are collected, not raised."""
    files = Files(folder)
    if not folder.is_dir():
        files.problems.append(Problem(shown(folder), 1, 1, "", "there is no such folder", _near_folder(folder)))
        return files
    for name, purpose in NEEDED.items():
        if not stands(folder / name):
            files.problems.append(Problem(files.named(name), 1, 1, "", "the file is missing", f"it holds {purpose}"))

    def get(name: str, reader: Callable[[Path], T]) -> T | None:
        return _read(files, folder / name, reader) if stands(folder / name) else None

    files.document = get("city.yaml", load)
    if files.document is not None:
        files.city, mistakes = files.document.check(CityFile)
        files.problems += mistakes
    files.nodes = get("nodes.csv", lambda path: read_table(path, NodeRow))
    files.roads = get("roads.csv", lambda path: read_table(path, RoadRow))
    files.towns = get("townships.csv", lambda path: read_table(path, TownRow))
    files.places = get("poi.csv", lambda path: read_table(path, PlaceRow))
    files.climate = get("climate.csv", lambda path: read_table(path, ClimateRow))
    files.teams = get("teams.csv", lambda path: read_table(path, TeamRow))
    files.rivers = get("rivers.csv", lambda path: read_table(path, RiverRow))
    files.intakes = get("intakes.csv", lambda path: read_table(path, IntakeRow))
    files.reservoirs = get("reservoirs.csv", lambda path: read_table(path, ReservoirRow))
    files.river_lines = get("lines.geojson", lambda path: read_lines(path, "name_zh", kind="river")) or {}
    files.shapes = get("roads.geojson", lambda path: read_lines(path, "road_id")) or {}
    files.outlines = get("counties.geojson", lambda path: read_outlines(path, "code")) or {}
    _read_response(files, folder, models)
    _read_plans(files, folder, models)
    files.stores = get("depots.yaml", lambda path: read_depots(path, models / "response" / "supplies.yaml"))
    _read_forces(files, folder, models)
    counties = [a.county for a in files.city.areas.values() if a.county] if files.city else []
    files.monitors = get("monitoring.yaml", lambda path: load_monitors(path, natures_in(models), counties))
    return files


def node_of(row: NodeRow) -> Node:
    """A node of the network; `name_en` falls back to the Chinese name."""
    at = Point(row.lon, row.lat)
    name_en = row.name_en or row.name_zh
    return Node(row.node_id, row.kind, row.name_zh, name_en, at, row.county_code, row.town_code, row.elevation_m)


def links_of(files: Files, *, unverified: bool) -> list[Link]:
    """The links of the network, those of status `unverified` only if wanted; without their counties."""
    assert files.city is not None and files.roads is not None, "links are made of files that could be read"
    return [
        Link(
            id=row.road_id, a=row.from_id, b=row.to_id, road_class=row.road_class, length=round(row.length_km * 1000, 3),
            terrain=row.terrain, road_no=row.road_no, name=row.road_name, shape=files.shapes.get(row.road_id, ()),
            bridge=row.bridge, fast=row.road_class in files.city.limited_access,
        )
        for row in files.roads.rows
        if unverified or row.status == "open"
    ]  # fmt: skip


def _read_response(files: Files, folder: Path, models: Path) -> None:
    """Speeds, capabilities and element kinds: the city's own where it has them, else those of the models."""

    def own(name: str, common: str) -> Path:
        return folder / name if stands(folder / name) else models / common

    path = own("speeds.yaml", "travel/speeds.yaml")
    parameters = _read(files, path, load_parameters)
    if parameters is not None:
        try:
            files.speeds = Speeds.from_parameters(parameters)
        except UnknownName as error:
            files.problems.append(
                Problem(shown(path), 1, 1, "", f"the speed '{error.name}' is missing", "every speed is needed")
            )
    files.capabilities = _read(
        files, own("response/capabilities.yaml", "response/capabilities.yaml"), load_capabilities
    )
    speeds, capabilities = files.speeds, files.capabilities
    if speeds is not None and capabilities is not None:
        elements = own("response/elements.yaml", "response/elements.yaml")
        files.elements = _read(files, elements, lambda path: load_elements(path, capabilities, speeds.vehicles))


def _read_plans(files: Files, folder: Path, models: Path) -> None:
    """The city's plans, where it has such a folder."""
    if not stands(folder / FOLDER):
        return
    if not (folder / FOLDER).is_dir():
        files.problems.append(Problem(files.named(FOLDER), 1, 1, "", "this is a file, not a folder of plans"))
        return
    try:
        known = read_known(models)
    except InvalidInput as error:
        files.problems += error.problems
        return
    areas = files.city.areas.values() if files.city else ()
    known = replace(
        known,
        capabilities=files.capabilities or {}, categories=tuple(files.elements.categories) if files.elements else (),
        counties=tuple(area.county for area in areas if area.county),
    )  # fmt: skip
    files.plans = read_plans_of(folder / FOLDER, known)
    files.problems += files.plans.problems


def _read_forces(files: Files, folder: Path, models: Path) -> None:
    """The forces that others decide over, where a city has any."""
    if not stands(folder / FORCES):
        return
    files.forces_document = _read(files, folder / FORCES, load)
    files.force_numbers = _read(files, models, force_numbers) or {}
    if files.forces_document is not None:
        files.forces, mistakes = files.forces_document.check(ForcesFile)
        files.problems += mistakes


def _read(files: Files, path: Path, reader: Callable[[Path], T]) -> T | None:
    try:
        return reader(path)
    except InvalidInput as error:
        files.problems += error.problems
        return None


def _near_folder(folder: Path) -> str:
    cities = sorted(p.parent.name for p in folder.parent.glob("*/city.yaml"))
    return suggest(folder.name, cities)
