"""What the engine must know of a hazard card: whole numbers where things are counted, and where formulas stop being valid."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sim.case import Limit
from sim.doors.hazard import HazardCard
from sim.units import UnitError, dimension_of, from_si

_WEATHER = {"weather.rain": "mm/h", "weather.humidity": "%"}  # units in which the weather is kept where it is not SI


def whole(sizes: Mapping[str, float], card: HazardCard) -> dict[str, float]:
    """Scale variables by name: people and things come in whole numbers."""
    counted = {name for name in sizes if is_count(card.scope[name].unit)}
    return {name: float(round(value)) if name in counted else value for name, value in sorted(sizes.items())}


def limits_of(card: HazardCard) -> tuple[Limit, ...]:
    """Where its formulas stop being valid, in the units in which readings, scope and weather are kept."""
    found = []
    for name, entry in sorted(card.limits.items()):
        low, high = (from_si(bound, _WEATHER[entry.of]) if entry.of in _WEATHER else bound for bound in entry.bounds)
        found.append(Limit(name, entry.of, low, high))
    return tuple(found)


def scenes_of(card: HazardCard, scope: Mapping[str, float]) -> float:
    """How many places of work with room of their own there are; inf where it is spread over an area."""
    return {"one": 1.0, "many": math.inf}.get(card.scenes) or scope[card.scenes]


def is_count(unit: str) -> bool:
    """Whether a unit is of people or things that come in whole numbers."""
    try:
        return unit != "1" and dimension_of(unit) == "count"
    except UnitError:
        return False
