"""What `list` shows: rows of plain values, with names in both languages."""

from __future__ import annotations

import contextlib
from typing import Any

from sim import catalog
from sim.analysis.summary import KEYS
from sim.case import City
from sim.cli.cases import shipped
from sim.domain.command import Level, Severity
from sim.doors.case import CaseFile
from sim.doors.city import load_city
from sim.doors.elements import load_capabilities
from sim.errors import InvalidInput, UnknownName
from sim.reader import read

Rows = list[dict[str, Any]]


def listing(what: str, city: str | None = None) -> Rows:
    """The rows of one listing; `city` narrows teams and plans down. Raises `UnknownName` for a city that is not there."""
    if what in {"teams", "plans"}:
        return _teams(city) if what == "teams" else _plans(city)
    own = {"capabilities": _capabilities, "measures": _measures, "cases": _cases}
    return own[what]() if what in own else [*catalog.list_plugins(what)]


def _cities(only: str | None) -> dict[str, City]:
    """The cities that are there, or the one that is asked for."""
    files = sorted((catalog.scenarios_root() / "cities").glob("*/city.yaml"))
    cities = {file.parent.name: file.parent for file in files}
    if only is not None and only not in cities:
        raise UnknownName("city", only, cities)
    return {name: load_city(folder) for name, folder in cities.items() if only in {None, name}}


def _teams(only: str | None) -> Rows:
    return [
        {
            "city": name, "id": team.id, "name_zh": team.name_zh, "name_en": team.name_en, "category": team.category,
            "tier": team.tier, "area": team.area, "people": team.headcount,
        }
        for name, city in _cities(only).items()
        for team in city.teams.values()
    ]  # fmt: skip


def _plans(only: str | None) -> Rows:
    return [
        {
            "city": name, "id": plan.id, "version": plan.version, "title_zh": plan.title_zh, "title_en": plan.title_en,
            "lead_zh": book.units[plan.lead].name_zh, "lead_en": book.units[plan.lead].name_en,
            "command_zh": book.commands[plan.command].name_zh, "command_en": book.commands[plan.command].name_en,
            "natures": " ".join(plan.natures), "tasks": len(plan.tasks),
            "starts": {Level(level.level).name: [Severity(s).name.lower() for s in level.severities] for level in plan.levels},
            "relies_on": [*plan.capabilities],
        }
        for name, city in _cities(only).items() if (book := city.plans) is not None
        for plan in book.plans.values()
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
