"""Small networks whose times can be worked out by hand, and the speeds as shipped."""

from __future__ import annotations

from pathlib import Path

import yaml

from sim.domain.parameters import Parameter, Standing, fixed
from sim.domain.places import Point
from sim.roads.network import Link, Network, Node
from sim.roads.travel import Router, Speeds
from sim.units import to_si

ROOT = Path(__file__).parents[1]
KM = 0.008993203677616636  # degrees of latitude in a kilometre on the sphere of `Point.distance`


def passports(path: Path = ROOT / "models" / "travel" / "speeds.yaml") -> dict[str, Parameter]:
    """The numbers of a flat parameter file."""
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {
        name: Parameter(
            name=name,
            spread=fixed(to_si(row["value"], row["unit"])),
            unit=row["unit"],
            source=row["source"],
            standing=Standing(row["standing"]),
            description=row["description"],
            low=to_si(row["range"][0], row["unit"]),
            high=to_si(row["range"][1], row["unit"]),
            checked_on=str(row["checked_on"]),
        )
        for name, row in rows.items()
    }


def shipped() -> Speeds:
    """The speeds of models/travel."""
    return Speeds.from_parameters(passports())


def minute_a_kilometre() -> Speeds:
    """60 km/h for every vehicle on class `main`, whatever the light and the weather; a tenth of that on foot."""
    figures = dict.fromkeys(
        ["night", "convoy", "vehicle.light", "vehicle.heavy", "foot.night"]
        + [
            f"{kind}.{state}"
            for kind in ("weather", "foot")
            for state in ("wet", "rain_heavy", "fog", "snow", "packed", "glaze")
        ],
        1.0,
    )
    metres_a_second = 1000 / 60
    return Speeds(
        figures
        | {
            "road.main": metres_a_second,
            "track.4x4": metres_a_second,
            "foot": metres_a_second / 10,
            "convoy.from": 3,
            "rain_heavy.from": 6.4,
        }
    )


def node(id_: str, east: float = 0.0, north: float = 0.0, **other: object) -> Node:
    """A node so many kilometres east and north of (0°, 0°)."""
    return Node(id=id_, kind="town", name_zh=id_, name_en=id_, point=Point(east * KM, north * KM), **other)


def link(id_: str, a: str, b: str, km: float = 10.0, **other: object) -> Link:
    """A main road of so many kilometres."""
    return Link(**{"id": id_, "a": a, "b": b, "road_class": "main", "length": km * 1000, "terrain": "basin"} | other)


def ring() -> Network:
    """A square A B C D, ten kilometres a side (R1 A-B, R2 B-C, R3 C-D, R4 D-A), and a spur R5 of five from C to E."""
    nodes = [node("A"), node("B", 10), node("C", 10, 10), node("D", 0, 10), node("E", 15, 10)]
    sides = [link("R1", "A", "B"), link("R2", "B", "C"), link("R3", "C", "D"), link("R4", "D", "A")]
    return Network.build(nodes, [*sides, link("R5", "C", "E", 5.0)])


def router(network: Network) -> Router:
    """A router at a minute a kilometre."""
    return Router(network, minute_a_kilometre())
