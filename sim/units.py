"""Quantities with units: SI inside, whatever people write at the door.

Inside the program a quantity is a `float` in the unit of its dimension below; the `NewType` names are for the reader
and the type checker. At the door `parse_quantity("450 m3/h", "flow")` gives 0.125; `show` writes it back.
"""

from __future__ import annotations

import math
import re
from typing import NewType

from sim.errors import suggest

Seconds = NewType("Seconds", float)
Metres = NewType("Metres", float)
MetresPerSecond = NewType("MetresPerSecond", float)

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0

# dimension -> {unit as written: size in the SI unit of the dimension}; the first unit is that SI unit
DIMENSIONS: dict[str, dict[str, float]] = {
    "time": {
        "s": 1,
        "sec": 1,
        "秒": 1,
        "min": 60,
        "分": 60,
        "分钟": 60,
        "h": 3600,
        "小时": 3600,
        "时": 3600,
        "d": 86400,
        "天": 86400,
        "日": 86400,
    },
    "length": {"m": 1, "米": 1, "mm": 1e-3, "cm": 1e-2, "km": 1e3, "公里": 1e3, "千米": 1e3},
    "area": {"m2": 1, "m²": 1, "ha": 1e4, "公顷": 1e4, "km2": 1e6, "km²": 1e6, "亩": 1e4 / 15},
    "volume": {"m3": 1, "m³": 1, "L": 1e-3, "方": 1, "万方": 1e4, "立方米": 1, "Mm3": 1e6, "百万方": 1e6},
    "flow": {
        "m3/s": 1,
        "m³/s": 1,
        "m3/h": 1 / 3600,
        "m³/h": 1 / 3600,
        "L/s": 1e-3,
        "L/min": 1e-3 / 60,
        "m3/d": 1 / 86400,
        "m³/d": 1 / 86400,
        "Mm3/d": 1e6 / 86400,
        "L/d": 1e-3 / 86400,
    },
    "speed": {"m/s": 1, "km/h": 1 / 3.6, "m/min": 1 / 60, "m/h": 1 / 3600, "mm/d": 1e-3 / 86400, "公里/小时": 1 / 3.6},
    "mass": {"kg": 1, "t": 1e3, "吨": 1e3, "千克": 1, "g": 1e-3, "mg": 1e-6},
    "discharge": {"kg/s": 1, "kg/h": 1 / 3600, "t/h": 1 / 3.6, "kg/d": 1 / 86400, "t/d": 1 / 86.4},
    "power": {"W": 1, "kW": 1e3, "MW": 1e6},
    "joule": {"J": 1, "kJ": 1e3, "MJ": 1e6, "GJ": 1e9, "kWh": 3.6e6, "MWh": 3.6e9},
    "work": {"crew-s": 1, "crew-min": 60, "crew-h": 3600, "队时": 3600, "rig-d": 86400},
    "traffic": {"veh/s": 1, "veh/h": 1 / 3600, "辆/小时": 1 / 3600},
    "rate": {
        "1/s": 1,
        "/s": 1,
        "1/min": 1 / 60,
        "/min": 1 / 60,
        "1/h": 1 / 3600,
        "/h": 1 / 3600,
        "1/d": 1 / 86400,
        "/d": 1 / 86400,
        "people/h": 1 / 3600,
        "people/min": 1 / 60,
        "people/d": 1 / 86400,
        "heads/h": 1 / 3600,
        "places/d": 1 / 86400,
        "人/小时": 1 / 3600,
    },
    "intensity": {"mm/s": 1, "mm/h": 1 / 3600, "L/min/m2": 1 / 60},
    "load": {"kg/m2": 1, "kg/m²": 1},
    "energy": {"J/kg": 1, "kJ/kg": 1e3, "MJ/kg": 1e6},
    "specific_volume": {"m3/kg": 1, "m³/kg": 1, "m3/t": 1e-3, "m³/t": 1e-3},
    "volumetric_energy": {"J/m3": 1, "MJ/m3": 1e6},
    "areal_energy": {"J/m2": 1, "MJ/m2": 1e6},
    "fireline": {"W/m": 1, "kW/m": 1e3},
    "flux": {"W/m2": 1, "kW/m2": 1e3, "kW/m²": 1e3},
    "growth": {"W/s2": 1, "kW/s2": 1e3},
    "burning": {"kg/m2/s": 1},
    "temperature": {"degC": 1, "°C": 1, "℃": 1, "C": 1},
    "density": {"kg/m3": 1, "kg/m³": 1, "g/L": 1, "mg/L": 1e-3, "mg/m3": 1e-6, "g/m3": 1e-3},
    "crowding": {"people/m2": 1, "人/m2": 1, "people/km2": 1e-6, "人/km2": 1e-6, "farms/km2": 1e-6},
    "wave": {"m2/s": 1, "m²/s": 1},
    "extinction": {"1/m": 1},
    "gradient": {"m/m": 1, "‰": 1e-3},
    "molar": {"kg/mol": 1, "g/mol": 1e-3},
    "heat_capacity": {"J/kg/K": 1, "kJ/kg/K": 1e3},
    "conductance": {"m2/s3": 1},
    "line_reactance": {"ohm/m": 1, "ohm/km": 1e-3},
    "fuel_use": {"m3/J": 1, "L/kWh": 1e-3 / 3.6e6},
    "melting": {"m/s/K": 1, "mm/h/K": 1e-3 / 3600},
    "mass_per_length": {"kg/m": 1},
    "current": {"A": 1, "Ah": 3600},
    "voltage": {"V": 1, "kV": 1e3},
    "acceleration": {"m/s2": 1, "m/s²": 1},
    "angle": {"deg": 1, "°": 1, "度": 1},
    "pressure": {"Pa": 1, "kPa": 1e3, "MPa": 1e6, "bar": 1e5},
    "ratio": {"1": 1, "%": 1e-2, "ppm": 1e-6},
    "work_each": {"crew-h/m3": 3600, "crew-h/m2": 3600, "crew-h/km": 3.6},
    "count": {
        **dict.fromkeys(("1", "人", "people", "辆", "vehicles", "个", "层", "points", "elements", "places"), 1),
        **dict.fromkeys(("crews", "pairs", "squads", "rigs", "sets", "slots", "cranes", "boats"), 1),
        **dict.fromkeys(
            ("customers", "户", "heads", "头", "farms", "场", "households", "bags", "sites", "lines", "beds"), 1
        ),
    },
}

_UNIT_DIMENSION = {unit: name for name, units in reversed(DIMENSIONS.items()) for unit in units}
_QUANTITY = re.compile(r"^\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?)\s*(\S.*?)?\s*$")
_CLOCK = re.compile(r"^\s*([+-]?)(?:(\d{1,4})[d天]\s*)?(\d{1,3}):([0-5]\d)(?::([0-5]\d(?:\.\d+)?))?\s*$")
_LONGEST = 1000  # characters of a quantity; no pattern is tried on more
LARGEST = 1e15  # beyond this no quantity of this subject is meant


class UnitError(ValueError):
    """A text that is no quantity of the wanted dimension; the message says what would be."""


def dimension_of(unit: str) -> str:
    """The dimension a unit belongs to; raises `UnitError` for an unknown one."""
    if unit not in _UNIT_DIMENSION:
        raise UnitError(f"unknown unit '{unit}'; {suggest(unit, sorted(_UNIT_DIMENSION))}")
    return _UNIT_DIMENSION[unit]


def parse_quantity(text: str, dimension: str, default_unit: str | None = None) -> float:
    """`text` ("450 m3/h", "90 min", "+01:30" for times) in the SI unit of `dimension`.

    A bare number is taken in `default_unit` where one is given; otherwise, except for ratios and counts, the unit must
    be written. Raises `UnitError`.
    """
    units = DIMENSIONS[dimension]
    if len(text) > _LONGEST:
        raise UnitError(f"expected {_named(dimension)} such as '{_example(dimension)}', got '{_short(text)}'")
    if dimension == "time" and (clock := _CLOCK.match(text)):
        sign, days, hours, minutes, seconds = clock.groups()
        span = int(days or 0) * DAY + int(hours) * HOUR + int(minutes) * MINUTE + float(seconds or 0)
        return -span if sign == "-" else span
    match = _QUANTITY.match(text)
    example = f"such as '{_example(dimension)}'"
    if match is None:
        raise UnitError(f"expected {_named(dimension)} {example}, got '{_short(text)}'")
    number, unit = float(match[1]), match[2] or default_unit or ("1" if "1" in units else "")
    if not math.isfinite(number) or abs(number) > LARGEST:
        raise UnitError(f"'{_short(text)}' is beyond any {dimension} that can be meant here")
    if not unit:
        raise UnitError(f"expected {_named(dimension)} with its unit {example}, got '{_short(text)}'")
    if unit not in units:
        raise UnitError(f"expected {_named(dimension)} {example}, got '{_short(text)}'")
    return number * units[unit]


def to_si(value: float, unit: str) -> float:
    """A figure in `unit` as a figure in the SI unit of its dimension."""
    return value * DIMENSIONS[dimension_of(unit)][unit]


def from_si(value: float, unit: str) -> float:
    """A figure in the SI unit as a figure in `unit`."""
    return value / DIMENSIONS[dimension_of(unit)][unit]


def show_span(seconds: float) -> str:
    """A span or offset as people write it: `01:30:00`, `2d 03:00:00`, `-00:05:00`."""
    sign, whole = ("-" if seconds < 0 else ""), round(abs(seconds))
    days, rest = divmod(whole, 86400)
    hours, rest = divmod(rest, 3600)
    text = f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"
    return f"{sign}{days}d {text}" if days else sign + text


def _named(dimension: str) -> str:
    return f"{'an' if dimension[0] in 'aeiou' else 'a'} {dimension}"


def _example(dimension: str) -> str:
    examples = {"time": "90 min", "flow": "450 m3/h", "ratio": "35 %", "count": "8", "speed": "40 km/h"}
    return examples.get(dimension, f"10 {next(iter(DIMENSIONS[dimension]))}")


def _short(text: str, most: int = 40) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
