"""The door for staged accidents: a file of models/hazards/staged → its card and what runs, every mistake at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim import reader
from sim.domain.cascades import Edge
from sim.doors.cascades import edges_of
from sim.doors.hazard import HazardCard
from sim.doors.staged_language import DemandEntry, StagedPart
from sim.doors.stages import Staged
from sim.doors.staging import Staging
from sim.doors.staging_numbers import effort_of
from sim.errors import InvalidInput, suggest
from sim.units import DIMENSIONS, UnitError, dimension_of

_CARD = (
    "title", "severity_scale", "plans", "description", "causes", "variants", "scope", "limits", "scenes", "discovery", "parameters",
)  # fmt: skip
_WORDS = ("readings", "figures", "events", "demands")  # tables of the card that follow from the stages
_WORK_UNITS = {
    "flow": "m3",
    "speed": "m",
    "rate": "people",
    "count": "crew-h",
}  # of work, by the dimension of its effort
_PART = tuple(StagedPart.model_fields)


def read_staged(path: Path, capabilities: Mapping[str, str], *, root: Path | None = None) -> tuple[HazardCard, Staged]:
    """The accident in the file at `path`; `capabilities` are codes with their units. Raises `InvalidInput`."""
    return staged_in(reader.load(path, root=root), capabilities)


def staged_in(document: reader.Document, capabilities: Mapping[str, str]) -> tuple[HazardCard, Staged]:
    """The accident in a document. Raises `InvalidInput` with every mistake."""
    data = document.data if isinstance(document.data, dict) else {}
    problems = [
        document.problem((key,), f"unknown key '{key}'", suggest(key, sorted((*_CARD, *_PART))), key=True)
        for key in data
        if key not in _CARD and key not in _PART
    ]
    part, found = _piece(document, {k: v for k, v in data.items() if k in _PART}).check(StagedPart)
    problems += found
    words = _words(part, capabilities) if part is not None else {table: {} for table in _WORDS}
    card, found = _piece(document, {k: v for k, v in data.items() if k in _CARD} | words).check(HazardCard)
    problems += found
    if part is None:
        raise InvalidInput(problems)
    staging = Staging(part, _figures(data), capabilities)
    problems += [document.problem(loc, what, remedy) for loc, what, remedy in staging.mistakes]
    if problems or card is None:
        raise InvalidInput(problems)
    return card, staging.staged


def read_staged_edges(
    path: Path, card: HazardCard, cards: Mapping[str, HazardCard], *, root: Path | None = None
) -> tuple[Edge, ...]:
    """What may follow the accident in the file at `path`, whose card it is. Raises `InvalidInput` with every mistake."""
    document = reader.load(path, root=root)
    part = _piece(document, {k: v for k, v in document.data.items() if k in _PART}).as_(StagedPart)
    return edges_of(document, ("cascades",), part.cascades, path.stem, card, cards)


def _piece(document: reader.Document, data: Any) -> reader.Document:
    return reader.Document(document.file, data, document.values, document.keys)


def _figures(data: Mapping[str, Any]) -> dict[str, str]:
    """Scope variables and parameters with their dimensions, as far as they are written right."""
    figures = {}
    for section in ("scope", "parameters"):
        entries = data.get(section)
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            try:
                figures[name] = dimension_of(entry["unit"])
            except (UnitError, KeyError, TypeError):  # told by the card; here it must not be told twice
                figures[name] = "ratio"
    return figures


def _words(part: StagedPart, capabilities: Mapping[str, str]) -> dict[str, Any]:
    """The tables of the card that follow from the stages: what is read, seen, what happens, what is asked for."""
    events = {stage.id: _named(stage) for stage in part.stages}
    events["start"] = {"zh": "发生", "en": "It begins"}
    events["freed"] = {"zh": "救出一人", "en": "Someone is brought out"}
    events["harmed"] = {"zh": "有人受害", "en": "Someone is harmed"}
    events["over"] = {"zh": "结束", "en": "It is over"}
    for stage in part.stages:
        events |= {e.note.name: _named(e.note) for e in stage.on_enter if e.note is not None}
        events |= {e.reason.name: _named(e.reason) for e in stage.ends if e.reason is not None}
    readings = {name: {**_named(q), "unit": q.unit} for name, q in part.quantities.items()}
    readings |= {name: {**_named(g), "unit": "people"} for name, g in part.people.items()}
    figures = {name: {**_named(d), "unit": _seen_in(d, capabilities)} for name, d in part.demands.items()}
    return {
        "readings": readings,
        "figures": figures,
        "events": events,
        "demands": {name: _named(d) for name, d in part.demands.items()},
    }


def _seen_in(demand: DemandEntry, capabilities: Mapping[str, str]) -> str:
    """The unit in which people read how much a demand asks for."""
    if demand.kind == "service":
        return "people"
    effort = effort_of(capabilities.get(demand.capability, "1"))
    if demand.kind == "work":
        return _WORK_UNITS.get(effort.dimension, "1")
    return effort.unit if effort.unit in DIMENSIONS[effort.dimension] else "1"


def _named(entry: Any) -> dict[str, str]:
    return {"zh": entry.zh, "en": entry.en}
