"""What a case was made of: a SHA-256 for every file read, and one for the case itself.

Line ends do not count (a checkout on another platform may change them). The digest of the case is taken over what was
resolved, not over files: the order of rows or keys, comments and spaces do not change it, any fact that matters does. Seed,
replication and strategy are not in it; they stand beside it wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from sim.case import City

CITY_FILES = (".yaml", ".yml", ".csv", ".geojson")


def of_bytes(content: bytes) -> str:
    """SHA-256 of a text file's bytes, whatever its line ends."""
    return sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def of_files(files: Iterable[Path], root: Path, prefix: str) -> dict[str, str]:
    """SHA-256 by name: the path below `root`, with forward slashes, after `prefix`."""
    return {f"{prefix}{file.relative_to(root).as_posix()}": of_bytes(file.read_bytes()) for file in sorted(files)}


def city_files(folder: Path) -> list[Path]:
    """The files of a city that can make a difference."""
    return [file for file in folder.rglob("*") if file.suffix in CITY_FILES and file.is_file()]


INJECT = frozenset(("id", "title_zh", "title_en", "actions", "at", "when"))
EXPECTATION = frozenset(("id", "title_zh", "title_en", "done", "within", "since"))


def lean(struct: msgspec.Struct, always: frozenset[str]) -> dict[str, Any]:
    """The fields named, and of the others those that say anything: what a new field leaves unsaid changes no digest."""
    fields = msgspec.structs.fields(struct)
    return {f.name: value for f in fields if (value := getattr(struct, f.name)) != f.default or f.name in always}


def of_case(city: City, facts: Mapping[str, Any]) -> str:
    """The digest of a case: its city and its own facts, as resolved."""
    whole = {"city": city_facts(city), **facts}
    return sha256(msgspec.json.encode(whole, order="sorted", enc_hook=_plain)).hexdigest()


def city_facts(city: City) -> dict[str, Any]:
    """All of a city that a run may depend on, in an order of its own."""
    return {
        "id": city.id,
        "timezone": city.timezone,
        "nodes": dict(city.network.nodes),
        "links": dict(city.network.links),
        "counties": dict(city.counties),
        "towns": dict(city.towns),
        "facilities": dict(city.facilities),
        "hospitals": sorted(city.hospitals, key=lambda hospital: hospital.id),
        "climate": [[*key, value] for key, value in sorted(city.climate.items())],
        "capabilities": dict(city.capabilities),
        "kinds": dict(city.kinds),
        "teams": dict(city.teams),
        "holdings": sorted(city.holdings, key=lambda holding: holding.id),
        "posts": dict(city.posts),
        "rivers": dict(city.rivers),
        "intakes": dict(city.intakes),
        "reservoirs": dict(city.reservoirs),
        "levels": {nature: sorted(levels.items()) for nature, levels in city.levels.items()},
        **({"own_way": True} if city.own_way else {}),
        **({"plans": city.plans} if city.plans is not None else {}),
        **({"monitors": city.monitors} if city.monitors else {}),
        **({"depots": city.depots} if city.depots is not None else {}),
        **({"forces": city.forces} if city.forces else {}),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a case holds plain facts, not {type(value).__name__}")
