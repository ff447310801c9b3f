"""A condition on a reading is met when the hazard passes it, not when somebody next looks."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim import runs
from sim.domain import events as ev
from sim.scenario.compile import load_case

CASE = """
name: a mark
city: qujing
starts_at: 2024-07-19T02:40
incidents:
  - {id: F1, nature: mine_inrush, location: {facility: P027}, scope: {people: 21, water: 28000 m3}}
injects:
  - id: high
    title: high water
    when: {event: hazard_changed, incident: F1, reading: water, at_least: LEVEL m3}
    do: [{tell: look}]
"""


@pytest.mark.parametrize("level", [1234.5, 5000.0, 9000.0])
def test_an_inject_comes_when_the_water_passes_its_mark(tmp_path: Path, level: float) -> None:
    """Released at the very millisecond, whatever else is going on; before it the water stood lower."""
    path = tmp_path / "mark.yaml"
    path.write_text(CASE.replace("LEVEL", str(level)), encoding="utf-8")

    events = runs.run(load_case(path)).events
    released = next(e for e in events if isinstance(e, ev.InjectReleased))
    seen = [e for e in events if isinstance(e, ev.HazardChanged) and e.t <= released.t]

    assert all(e.readings["water"] < level for e in seen[:-1])
    assert 0.0 <= seen[-1].readings["water"] - level <= 2e-3 * (1.0 + seen[-1].readings["inflow"])
