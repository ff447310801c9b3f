"""The master event list of a case file as a spreadsheet to fill in, and a spreadsheet as the part of a case file it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim import catalog
from sim.analysis.words import clock
from sim.doors.case import CaseFile
from sim.doors.city import load_city
from sim.doors.msel import flow, read_list, sheets, with_list
from sim.reader import load
from sim.scenario.clock import Clock
from sim.scenario.compile import load_case
from sim.scenario.issues import Issues
from sim.sheets import write_workbook

_KEYS = ("do", "expects")  # that have a line an entry


def write_list(case: Path, target: Path, lang: str) -> Path:
    """Write the list of a case into a spreadsheet; raises `InvalidInput` if the case has problems."""
    load_case(case)
    doc, _ = with_list(load(case), case.parent)
    file = doc.as_(CaseFile)
    issues = Issues(doc)
    offsets = Clock(file, issues)
    city = load_city(catalog.scenarios_root() / "cities" / file.city, month=offsets.month, models=catalog.models_root())
    offsets.settle(city.timezone)
    return write_workbook(target, sheets(doc.data, lang, lambda at: clock(offsets.text, offsets.offset((), at))))


def as_written(path: Path) -> str:
    """A spreadsheet's objectives and injects as they stand in a case file."""
    data = read_list(path, path.name).data
    return "\n".join(line for key in ("objectives", "injects") if data[key] for line in _entries(key, data[key])) + "\n"


def _entries(key: str, entries: list[Mapping[str, Any]]) -> Iterator[str]:
    yield f"{key}:"
    for entry in entries:
        for i, (name, value) in enumerate(entry.items()):
            lead = "  - " if i == 0 else "    "
            if name in _KEYS:
                yield f"{lead}{name}:"
                yield from (f"      - {{{flow(part)}}}" for part in value)
            else:
                yield f"{lead}{name}: {'{' + flow(value) + '}' if isinstance(value, dict) else flow(value)}"
