"""What `list` shows: rows of plain values, with names in both languages."""

from __future__ import annotations

import contextlib
from typing import Any

from sim import catalog
from sim.analysis.summary import KEYS
from sim.cli.cases import shipped
from sim.doors.case import CaseFile
from sim.doors.city import load_city
from sim.doors.elements import load_capabilities
from sim.errors import InvalidInput, UnknownName
from sim.reader import read

Rows = list[dict[str, Any]]


def listing(what: str, city: str | None = None) -> Rows:
    """The rows of one listing; `city` narrows teams down. Raises `UnknownName` for a city that is not there."""
    if what == "teams":
        return _teams(city)
    own = {"capabilities": _capabilities, "measures": _measures, "cases": _cases}
    return own[what]() if what in own else [*catalog.list_plugins(what)]


def _teams(only: str | None) -> Rows:
    cities = {
        file.parent.name: file.parent for file in sorted((catalog.scenarios_root() / "cities").glob("*/city.yaml"))
    }
    if only is not None and only not in cities:
        raise UnknownName("city", only, cities)
    return [
        {
            "city": name, "id": team.id, "name_zh": team.name_zh, "name_en": team.name_en, "category": team.category,
            "tier": team.tier, "area": team.area, "people": team.headcount,
        }
        for name, folder in cities.items() if only in {None, name}
        for team in load_city(folder).teams.values()
    ]  # fmt: skip


def _capabilities() -> Rows:
    known = load_capabilities(catalog.models_root() / "response" / "capabilities.yaml")
    return [{"code": c.code, "name_zh": c.name_zh, "name_en": c.name_en, "unit": c.unit} for c in known.values()]


def _measures() -> Rows:
    return [{"key": key, "name_zh": words.zh, "name_en": words.en, "unit": unit} for key, (unit, words) in KEYS.items()]


def _cases() -> Rows:
    rows = []
    for name, file in shipped().items():
        row = {
            "name": name,
            "kind": "",
            "city": "",
            "title_zh": "（有误，见 check）",
            "title_en": "(has problems: see check)",
        }
        with contextlib.suppress(InvalidInput):
            case = read(file, CaseFile)
            kind = "drill" if case.injects or case.expect else "case"
            row |= {"kind": kind, "city": case.city, "title_zh": case.name.zh, "title_en": case.name.en}
        rows.append(row)
    return rows
