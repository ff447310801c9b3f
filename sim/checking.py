"""Checking: any input of the program – a case, a drill, a city, a model's numbers – and all its problems at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sim import catalog, statute
from sim.doors.accounts import read_consequences, read_mechanisms, read_rubric
from sim.doors.case import CaseFile
from sim.doors.city import check_city, check_plans
from sim.doors.elements import load_capabilities, load_elements
from sim.doors.hazard import HazardCard, read_hazard
from sim.doors.law import read_plans, read_scales
from sim.doors.parameters import Passport, load_parameters
from sim.doors.plans_files import COMMON, UNITS
from sim.doors.plans_language import PlanFile
from sim.doors.staged_language import StagedPart
from sim.doors.stores import read_supplies
from sim.errors import InvalidInput, Problem
from sim.reader import load, shown
from sim.roads.speeds import Speeds
from sim.scenario.compile import check_case

_CITY = "city.yaml"
_CASCADES, _PHYSICS = "cascades", "physics"  # folders of edges, and of tables of coefficients
_SCORING = "scoring"  # folder of rubrics
_OF_A_CITY = ("nodes.csv", "roads.csv", "teams.csv")  # a folder with one of these is meant to be a city's
_YAML = (".yaml", ".yml")


def check(path: Path | str) -> list[Problem]:
    """Every problem of a file or folder, sorted by place; an empty list if there is none."""
    places = inputs_under(Path(path))
    if not places:
        what = "there is nothing here that could be checked"
        return [Problem(shown(Path(path)), 1, 1, "", what, "name a YAML file or a city's folder")]
    return sorted({problem for place in places for problem in _check_one(place)})


def inputs_under(path: Path) -> list[Path]:
    """What can be checked by itself at or beneath a path: YAML files, and the folders of cities as a whole."""
    if not path.is_dir():
        return [path.parent] if (path.parent / _CITY).exists() else [path]
    if any((path / name).exists() for name in (_CITY, *_OF_A_CITY)) or _holds_plans(path):
        return [path]
    children = sorted(child for child in path.iterdir() if not child.name.startswith("."))
    files = [child for child in children if child.suffix in _YAML]
    return [*files, *(place for child in children if child.is_dir() for place in inputs_under(child))]


def _holds_plans(folder: Path) -> bool:
    """Whether a folder is one of plans, which are checked together; one of the files that all share may be missing."""
    return any((folder / name).is_file() for name in (COMMON, UNITS))


def _check_one(place: Path) -> list[Problem]:
    if place.is_dir():
        return check_plans(place) if _holds_plans(place) else check_city(place)
    if _holds_plans(place.parent) and place.suffix in _YAML:
        return [problem for problem in check_plans(place.parent) if problem.file == shown(place)]
    try:
        if place.parent.name == _PHYSICS:
            catalog.coefficients(place)
        elif place.parent.name == _CASCADES:
            catalog.edges_in(place)
        elif (read_as := read_rubric if place.parent.name == _SCORING else _TABLES.get(place.stem)) is not None:
            read_as(place)
        else:
            return _check_by_content(place)
    except InvalidInput as mistakes:
        return list(mistakes.problems)
    return []


def _check_by_content(file: Path) -> list[Problem]:
    match _kind_of(load(file).data):
        case "case":
            return check_case(file)
        case "staged":
            assert catalog.HazardPlugin(file.stem, file, root=None).card, "reading it raises what is wrong"
        case "hazard":
            shipped = catalog.hazards().get(file.parent.name)
            assert shipped.card if shipped and shipped.file.samefile(file) else read_hazard(file), "likewise"
        case "numbers":
            load_parameters(file)
        case "plan":
            load(file).as_(PlanFile)
        case _:
            what = "this is no file of ours: neither a case or drill, nor an accident, nor numbers with passports"
            return [Problem(shown(file), 1, 1, "", what, "`schema case` shows what a case may hold")]
    return []


def _kind_of(data: Any) -> str:
    """The kind with which a file shares the most keys; passports have keys of their own, below any names."""
    if not isinstance(data, dict) or not data:
        return ""
    if all(isinstance(entry, dict) and _PASSPORT & set(entry) for entry in data.values()):
        return "numbers"
    shared = {kind: len(fields & set(data)) for kind, fields in _KEYS.items()}
    kind = max(shared, key=lambda kind: shared[kind])
    return kind if shared[kind] else ""


_PASSPORT = frozenset(Passport.model_fields) - {"description"}
_KEYS: Mapping[str, frozenset[str]] = {
    "case": frozenset(CaseFile.model_fields),
    "hazard": frozenset(HazardCard.model_fields),
    "plan": frozenset(PlanFile.model_fields),
    "staged": frozenset({*HazardCard.model_fields, *StagedPart.model_fields}),
}


# ── tables of the models that hold more than numbers ──


def _elements(file: Path) -> None:
    speeds = Speeds.from_parameters(load_parameters(catalog.models_root() / "travel" / "speeds.yaml"))
    load_elements(file, load_capabilities(file.with_name("capabilities.yaml")), speeds.vehicles)


_TABLES: Mapping[str, Callable[[Path], object]] = {
    "capabilities": load_capabilities,
    "supplies": read_supplies,
    "elements": _elements,
    "severity": read_scales,
    "obligations": lambda _: statute.obligations(catalog.rules(), {}),
    "plans": read_plans,
    "phases": lambda _: statute.phases(catalog.rules(), {}),
    "terms": lambda _: statute.terms(),
    "negative_list": lambda _: statute.law(catalog.rules(), {}),
    "consequences": read_consequences,
    "mechanisms": lambda file: read_mechanisms(file, {}),
}
