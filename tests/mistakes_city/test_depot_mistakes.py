"""A city's depots: how they are shared out when they are right, and how their mistakes are told."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import pytest

from sim import catalog
from sim.doors.city import check_city, load_city
from sim.doors.stores import read_supplies, shared

ROOT = Path(__file__).resolve().parents[2]
TOYTOWN, QUJING = (ROOT / "scenarios" / "cities" / name for name in ("toytown", "qujing"))
DEPOTS = """standing: config
source: our assumption
vehicle: heavy
city:
  name: 市库
  node: {node}
  stock: {{tent: 20, quilt: 7}}
counties:
  name: "{{area}}库"
  stock: {{tent: 11}}
townships:
  name: "{{area}}点"
  stock: {{quilt: 10}}
reserves: {{source: our assumption, province: 3e6, city: 2e6, county: 1e6}}
"""


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Toytown with depots."""
    folder = Path(shutil.copytree(TOYTOWN, tmp_path / "town"))
    node = (folder / "nodes.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[0]
    (folder / "depots.yaml").write_text(DEPOTS.format(node=node), encoding="utf-8")
    return folder


def spoilt(town: Path, old: str, new: str) -> str:
    """What is told of the depots with one thing changed."""
    file = town / "depots.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return "\n".join(str(problem) for problem in check_city(town))


def test_depots_share_the_stock_and_lose_none(town: Path) -> None:
    """Eleven tents over the counties and ten quilts over the townships are eleven and ten."""
    assert check_city(town) == []
    stores = load_city(town).depots
    assert stores is not None
    whole = {tier: [d for d in stores.depots.values() if d.tier == tier] for tier in (1, 2, 3)}
    assert math.fsum(d.stock.get("tent", 0.0) for d in whole[2]) == 11
    assert math.fsum(d.stock.get("quilt", 0.0) for d in whole[1]) == 10
    assert [d.stock for d in whole[3]] == [{"quilt": 7.0, "tent": 20.0}]


def test_what_is_left_over_goes_to_the_largest_remainder() -> None:
    """Ten by 5 : 3 : 1 are 5.6, 3.3 and 1.1: 6, 3 and 1."""
    assert shared(10, {"a": 5, "b": 3, "c": 1}) == {"a": 6, "b": 3, "c": 1}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("tent: 20", "tnet: 20", "no item 'tnet' in the catalogue; did you mean 'tent'?"),
        ("node: ", "node: X", "no node 'X"),
        ("vehicle: heavy", "vehicle: heavi", "no vehicle class 'heavi'"),
        ('name: "{area}库"', 'name: "{area}库"\n  node: A', "these depots are many"),
        ("quilt: 7", "quilt: -7", "depots.yaml:7"),
        ("city: 2e6", "city: much", "depots.yaml:14"),
        ("reserves:", "reserve:", "reserves"),
    ],
)
def test_a_mistake_is_told_with_its_place(town: Path, old: str, new: str, told: str) -> None:
    """Wrong names have the right ones beside them, wrong figures their line."""
    assert told in spoilt(town, old, new)


def test_the_real_city_has_the_reference_stock() -> None:
    """City, nine counties and township points hold what the reference says, to the last unit."""
    stores = load_city(QUJING).depots
    assert stores is not None
    for item, figures in {
        "tent": (2000, 3600, 1000),
        "quilt": (12000, 27000, 6000),
        "ration": (20000, 40000, 10000),
    }.items():
        held = [
            math.fsum(d.stock.get(item, 0.0) for d in stores.depots.values() if d.tier == tier) for tier in (3, 2, 1)
        ]
        assert tuple(held) == figures
    assert sum(d.tier == 2 for d in stores.depots.values()) == 9


def test_what_is_asked_for_is_what_reports_can_say() -> None:
    """Every figure of the catalogue of supplies stands on the card of its accident."""
    supplies = read_supplies(ROOT / "models" / "response" / "supplies.yaml")
    cards = catalog.hazards()
    for nature, groups in supplies.believed.items():
        known = {f"figures.{name}" for name in cards[nature].card.figures}
        for terms in groups.values():
            assert set(terms) <= known, nature
