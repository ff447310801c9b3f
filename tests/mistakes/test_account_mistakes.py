"""Mistakes in the tables that accounts are settled by are told at their place, with the near name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim import catalog, statute
from sim.doors import accounts
from sim.errors import InvalidInput

NEGATIVE = "N1:\n  title: t\n  standing: config\n  source: s\n"
RUBRIC = """\
title: t
standing: config
source: s
dimensions:
  d:
    title: t
    weight: 100
    indicators:
      i: {{zh: 甲, en: i, measure: {measure}, weight: {weight}, unit: min, full: "{full}", none: "60"}}
bands: [{{zh: 甲, en: a, least: {least}}}]
"""


def rubric(**changed: str) -> str:
    """A rubric of one indicator."""
    return RUBRIC.format(**{"measure": "phase_time", "weight": "100", "full": "10", "least": "0"} | changed)


def negative(file: Path) -> object:
    """Read a negative list."""
    return accounts.read_negative_list(file, {**catalog.rules(), **statute.terms()}, {})


@pytest.mark.parametrize(
    ("read", "text", "said"),
    [
        (negative, NEGATIVE, "2:.*an entry says what a breach of it is|1:.*an entry says"),
        (negative, NEGATIVE + "  duties: [reports]\n", "say which outcomes are a breach"),
        (negative, NEGATIVE + "  signs: [{event: fund_audted}]\n", "5:19: .*did you mean 'fund_audited'"),
        (negative, NEGATIVE + "  signs: [{event: fund_audited}]\n  party_is: whom\n", "6:13: .*has 'whom'"),
        (negative, NEGATIVE + "  figures: [dead]\n  grace: terms.figures_hld\n", "6:10: .*did you mean 'terms.figures_hold'"),
        (accounts.read_rubric, rubric(measure="phase_tme"), "9:.*did you mean 'phase_time'"),
        (accounts.read_rubric, rubric(weight="90"), "its indicators weigh 90, not 100"),
        (accounts.read_rubric, rubric(full="60"), "full and none must differ"),
        (accounts.read_rubric, rubric(full="10 km"), "9:"),
        (accounts.read_rubric, rubric(least="10"), "the last begins at 0"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(tmp_path: Path, read: Callable[[Path], object], text: str, said: str) -> None:
    """Whatever is wrong, and what would be right."""
    file = tmp_path / "planted.yaml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(InvalidInput, match=said):
        read(file)


def test_the_tables_that_ship_are_clean() -> None:
    """All of them, with every duty of the negative list known."""
    law = statute.law(catalog.rules(), {})
    ids = {d.id for d in statute.obligations(catalog.rules(), {})}
    phases = {f"phase:{p.id}" for p in statute.phases(catalog.rules(), {})}

    assert len(phases) == 22 and len(law.mechanisms) == 11
    assert law.rubric is not None and len(law.rubric.dimensions) == 10
    named = {d for entry in law.negative_list for d in entry.duties} - {"reports"}
    measured = {d for dim in law.rubric.dimensions for i in dim.indicators if i.measure == "share_met" for d in i.of}
    assert named | measured <= ids | phases | {"reports", "plan"}
    assert {e for row in law.consequences for e in row.entries} <= {n.id for n in law.negative_list}
