"""GeoJSON of a city: the shapes of its roads, the outlines of its counties and what follows from them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import msgspec
import numpy as np
import numpy.typing as npt

from sim.domain.places import EARTH_RADIUS, Point
from sim.errors import InvalidInput, Problem
from sim.texts import place_in, read_text_file, shown

Ring = tuple[Point, ...]
Rings = tuple[Ring, ...]
Bools = npt.NDArray[np.bool_]

_Position = tuple[Annotated[float, msgspec.Meta(ge=-180, le=180)], Annotated[float, msgspec.Meta(ge=-90, le=90)]]
_Line = Annotated[tuple[_Position, ...], msgspec.Meta(min_length=2)]
_Ring = Annotated[tuple[_Position, ...], msgspec.Meta(min_length=4)]
_BYTE = re.compile(r"\s*\(byte (\d+)\)")
_PATH = re.compile(r" - at `\$\.?(.*)`")


class LineString(msgspec.Struct, frozen=True, tag=True, tag_field="type"):
    """A line."""

    coordinates: _Line


class Polygon(msgspec.Struct, frozen=True, tag=True, tag_field="type"):
    """An outline with its holes."""

    coordinates: tuple[_Ring, ...]


class MultiPolygon(msgspec.Struct, frozen=True, tag=True, tag_field="type"):
    """Several outlines with their holes."""

    coordinates: tuple[tuple[_Ring, ...], ...]


class _Lines(msgspec.Struct, frozen=True):
    properties: dict[str, Any]
    geometry: LineString


class _Areas(msgspec.Struct, frozen=True):
    properties: dict[str, Any]
    geometry: Polygon | MultiPolygon


class _LineFile(msgspec.Struct, frozen=True):
    features: tuple[_Lines, ...]


class _AreaFile(msgspec.Struct, frozen=True):
    features: tuple[_Areas, ...]


def read_lines(path: Path, key: str, *, kind: str = "") -> dict[str, Ring]:
    """The lines of a GeoJSON file (those of that `kind`, if one is given) by a property of theirs. Raises `InvalidInput`."""
    file: _LineFile = _decode(path, _LineFile)
    return {
        _key(path, i, f.properties, key): tuple(Point(*at) for at in f.geometry.coordinates)
        for i, f in enumerate(file.features)
        if not kind or f.properties.get("kind") == kind
    }


def read_outlines(path: Path, key: str) -> dict[str, Rings]:
    """The rings of the polygons of a GeoJSON file by a property of theirs. Raises `InvalidInput`."""
    file: _AreaFile = _decode(path, _AreaFile)
    found: dict[str, Rings] = {}
    for i, feature in enumerate(file.features):
        shape = feature.geometry
        parts = shape.coordinates if isinstance(shape, MultiPolygon) else (shape.coordinates,)
        rings = tuple(tuple(Point(*at) for at in ring) for part in parts for ring in part)
        code = _key(path, i, feature.properties, key)
        found[code] = (*found.get(code, ()), *rings)
    return found


def inside(rings: Rings, points: Sequence[Point]) -> Bools:
    """Which points lie within the rings (in a hole they do not): an eastward ray crosses the rings an odd number of times."""
    x, y = (np.array([getattr(p, axis) for p in points], dtype=np.float64)[:, None] for axis in ("lon", "lat"))
    odd = np.zeros(len(points), dtype=np.bool_)
    for ring in rings:
        edges = np.array([(p.lon, p.lat, q.lon, q.lat) for p, q in pairwise((*ring, ring[0]))], dtype=np.float64).T
        x1, y1, x2, y2 = edges
        straddles = (y1 > y) != (y2 > y)
        rise = np.where(y2 == y1, 1.0, y2 - y1)  # level edges straddle nothing
        crosses = straddles & (x < x1 + (y - y1) * (x2 - x1) / rise)
        odd ^= (crosses.sum(axis=1) % 2).astype(np.bool_)
    return odd


def areas_of(outlines: Mapping[str, Rings], points: Sequence[Point]) -> list[str]:
    """The code of the area each point lies in; "" outside all. The lower code wins where outlines overlap."""
    found = [""] * len(points)
    for code, rings in sorted(outlines.items(), reverse=True):
        for i in np.flatnonzero(inside(rings, points)) if points else ():
            found[i] = code
    return found


def touching(outlines: Mapping[str, Rings]) -> dict[str, set[str]]:
    """For each area those that share a stretch of border with it: at least two corners."""
    corners = {code: {p for ring in rings for p in ring} for code, rings in outlines.items()}
    return {a: {b for b in corners if b != a and len(corners[a] & corners[b]) >= 2} for a in corners}


def area(rings: Rings) -> float:
    """Square metres within outlines that do not cross: rings inside others are holes.

    On the cylinder that touches the earth at the equator and keeps areas (Archimedes): x = longitude, y = sin latitude.
    """
    total = 0.0
    for i, ring in enumerate(rings):
        lon, lat = (np.radians([getattr(p, axis) for p in (*ring, ring[0])]) for axis in ("lon", "lat"))
        y = np.sin(lat)
        size = abs(float(np.sum(lon[:-1] * y[1:] - lon[1:] * y[:-1]))) / 2
        within = sum(bool(inside((other,), ring[:1])[0]) for j, other in enumerate(rings) if j != i) if rings[1:] else 0
        total += size if within % 2 == 0 else -size
    return round(total * EARTH_RADIUS**2)


def _key(path: Path, index: int, properties: Mapping[str, Any], key: str) -> str:
    value = properties.get(key)
    if not isinstance(value, str) or not value:
        what = f"the property '{key}' is missing"
        raise InvalidInput([Problem(shown(path), 1, 1, f"features[{index}].properties", what, "give it as text")])
    return value


def _decode(path: Path, model: Any) -> Any:
    text = read_text_file(path, shown(path))
    try:
        return msgspec.json.decode(text, type=model)
    except msgspec.ValidationError as error:
        at = _PATH.search(str(error))
        what = _PATH.sub("", str(error)).replace("`", "'")
        where = at[1] if at else ""
        raise InvalidInput([Problem(shown(path), 1, 1, where, f"not the GeoJSON wanted here ({what})")]) from None
    except msgspec.DecodeError as error:
        byte = _BYTE.search(str(error))
        line, column = place_in(text, len(text.encode()[: int(byte[1])].decode(errors="ignore"))) if byte else (1, 1)
        what = _BYTE.sub("", str(error)).replace("`", "'")
        raise InvalidInput([Problem(shown(path), line, column, "", f"not valid JSON ({what})")]) from None
