"""The waters of a city: rivers as lines from source to mouth, places that take water from them, reservoirs."""

from __future__ import annotations

import msgspec

from sim.domain.places import Point


class River(msgspec.Struct, frozen=True):
    """A river, drawn from its source (or where it enters) to its mouth (or where it leaves).

    `flow` is the mean discharge (m³/s) over the years at the lower end of the line, 0 if nobody said it; `into` is the
    river that it joins there.
    """

    id: str  # its Chinese name: lines have no other key
    name_en: str
    line: tuple[Point, ...]
    flow: float = 0.0
    into: str = ""


class Intake(msgspec.Struct, frozen=True):
    """Where water is taken for towns; `storage` is how long (s) they can live on what is treated and stored."""

    id: str
    name_zh: str
    name_en: str
    point: Point
    serves: tuple[str, ...]  # township codes
    storage: float = 0.0


class Reservoir(msgspec.Struct, frozen=True):
    """A reservoir of the city's register (`id`): volume at normal level (m³) and height of the dam (m), 0 if unknown."""

    id: str
    volume: float = 0.0
    height: float = 0.0
    supplies: tuple[str, ...] = ()  # township codes that drink of it
