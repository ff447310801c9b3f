"""The numbers of the models as their files say them: typical values in SI, with a cause's factors applied."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from sim.domain.parameters import Spread, SpreadKind
from sim.units import dimension_of, parse_quantity, to_si

MODELS = Path(__file__).parents[2] / "models"
P = TypeVar("P")

_KINDS = {"uniform": SpreadKind.UNIFORM, "triangular": SpreadKind.TRIANGULAR}


@cache
def document(path: str) -> dict[str, Any]:
    """A YAML file of models/ as it is written."""
    loaded: dict[str, Any] = yaml.safe_load((MODELS / path).read_text(encoding="utf-8"))
    return loaded


def typical(entry: dict[str, Any]) -> float:
    """The typical value of a passport, SI."""
    value = entry["value"]
    if isinstance(value, dict):
        if "typical" in value:
            spread = Spread(SpreadKind.THREE_POINT, (value["min"], value["typical"], value["p90"]))
        else:
            ((kind, figures),) = value.items()
            spread = Spread(_KINDS[kind], tuple(figures))
        value = spread.median
    return to_si(float(value), entry["unit"])


def passports(path: str) -> dict[str, float]:
    """Typical values of a flat passport file of models/."""
    return {name: typical(entry) for name, entry in document(path).items()}


def parameters(cls: type[P], path: str, cause: str = "", variant: str = "", **changed: float) -> P:
    """The `Parameters` of a hazard card, as a variant, then a cause, then a case would change them."""
    card = document(path)
    values = {name: typical(entry) for name, entry in card["parameters"].items()}
    settings = ([card["variants"][variant]] if variant else []) + ([card["causes"][cause]] if cause else [])
    for entry in settings:
        for name, factor in entry.get("factors", {}).items():
            values[name] *= factor
        for name, value in entry.get("values", {}).items():
            unit = card["parameters"][name]["unit"]
            values[name] = parse_quantity(str(value), dimension_of(unit), unit)
    return cls(**{**values, **changed})
