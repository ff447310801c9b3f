"""The table of what may follow what: every edge reads, says whose it is, and the chains that experts know are there."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from sim import catalog
from sim.domain.cascades import Edge, Form
from sim.errors import InvalidInput

FOLDER = catalog.models_root() / "cascades"
KNOWN_CHAINS = (
    ("earthquake", "landslide", "flood"),
    ("earthquake", "collapse"),
    ("ice_weather", "road_crash"),
    ("ice_weather", "blackout", "mine_gas"),
    ("blackout", "mine_inrush"),
    ("blackout", "telecom_outage"),
    ("gas_leak", "collapse"),
    ("gas_leak", "building_fire"),
    ("tailings_failure", "water_pollution"),
)


@cache
def edges() -> dict[str, tuple[Edge, ...]]:
    """The edges of every hazard, by nature."""
    return {name: plugin.edges for name, plugin in catalog.hazards().items() if plugin.edges}


def test_every_file_is_read_and_named_after_a_hazard() -> None:
    """No file lies there unread."""
    assert sorted(f.stem for f in FOLDER.glob("*.yaml")) == sorted(n for n in edges() if catalog.hazard(n).module)


def test_every_edge_has_a_name_of_its_own_and_a_source() -> None:
    """Ids are unique over all files, begin with the nature they leave, and say where they come from."""
    ids = [edge.id for some in edges().values() for edge in some]

    assert len(ids) == len(set(ids))
    assert [e.id for some in edges().values() for e in some if not e.id.startswith(e.source)] == []
    assert all(e.reference and e.zh and e.en for some in edges().values() for e in some)


def test_all_four_forms_are_in_use() -> None:
    """Branch, fragility, clock and race."""
    assert {edge.form for some in edges().values() for edge in some} == set(Form)


@pytest.mark.parametrize("chain", KNOWN_CHAINS, ids="-".join)
def test_a_known_chain_is_in_the_table(chain: tuple[str, ...]) -> None:
    """Each link of it is an edge."""
    for one, next_ in pairwise(chain):
        assert next_ in {edge.to for edge in edges().get(one, ())}, f"{one} leads to nothing like {next_}"


def test_no_edge_leads_back_to_its_own_nature_at_once() -> None:
    """What repeats itself does so inside its model: a chain of one nature would only spend the budget."""
    assert [e.id for some in edges().values() for e in some if e.to == e.source] == []


def test_mistakes_of_an_edge_are_told_all_at_once(tmp_path: Path) -> None:
    """A wrong nature, cause, event, scale variable and form, each at its line."""
    file = tmp_path / "road_crash.yaml"
    text = """\
one:
  {zh: 一, en: One, to: mine_gass, form: branch, on: start, chance: 10 %, standing: config, source: test}
two:
  zh: 二
  en: Two
  to: mine_inrush
  form: branch
  on: begins
  chance: 10 %
  cause: rain
  scope: {persons: 3, water: 5 min}
  standing: config
  source: test
"""
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput) as found:
        catalog.edges_in(file)

    told = {(p.line, p.what) for p in found.value.problems}
    assert {line for line, _ in told} == {2, 8, 10, 11} and len(told) == 5
    file.write_text(text.replace("form: branch\n  on: begins\n", "form: clock\n  on: start\n"), encoding="utf-8")
    with pytest.raises(InvalidInput) as found:
        catalog.edges_in(file)
    assert {"'on' is not for the form clock", "the form clock needs 'while'"} <= {p.what for p in found.value.problems}
