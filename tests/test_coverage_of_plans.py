"""Every special plan has its accident, every accident its case, and the papers say so."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from sim import catalog

ROOT = Path(__file__).parents[1]
CARDS = {name: plugin.card for name, plugin in catalog.hazards().items()}


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    """docs/make.py, which writes the papers."""
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "docs" / "make.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_all_22_plans_and_four_classes_have_an_accident() -> None:
    """1 + 22 plans: each special one is the subject of a model; so is each legal class of emergencies."""
    plans, classes = catalog.plans()
    covered = {plan for card in CARDS.values() for plan in card.plans}

    assert len(plans) == 22 and sorted(set(plans) - covered) == []
    assert {plans[plan].legal_class for plan in covered} == set(classes)


def test_every_accident_but_the_everyday_call_belongs_to_a_plan() -> None:
    """A model that no plan is about would have no command."""
    assert [n for n, card in CARDS.items() if not card.plans and card.severity_scale != "ordinary"] == []


def test_every_accident_has_a_case_and_there_are_forty(maker: ModuleType) -> None:
    """At least one per model, forty and more in all."""
    found = maker.cases()

    assert [n for n, c in CARDS.items() if n not in found and c.severity_scale != "ordinary"] == []
    assert sum(map(len, found.values())) >= 40


def test_the_coverage_table_is_as_the_cards_say(maker: ModuleType) -> None:
    """`python docs/make.py coverage` makes it again."""
    assert (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8") == maker.coverage()


def test_the_gallery_shows_every_accident(maker: ModuleType) -> None:
    """`python docs/make.py` makes it again; a picture and a paragraph for each."""
    page = (ROOT / "docs" / "gallery" / "README.md").read_text(encoding="utf-8")
    shown = [n for n, c in CARDS.items() if c.severity_scale != "ordinary"]

    assert [n for n in shown if f"![{n}]({n}.png)" not in page] == []
    assert [n for n in shown if not (ROOT / "docs" / "gallery" / f"{n}.png").is_file()] == []
    assert [n for n in shown if CARDS[n].description.zh not in page] == []
