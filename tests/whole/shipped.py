"""The shipped cases, each run once for all who ask."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sim.runs import Run, run
from sim.scenario.compile import load_case

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "scenarios"
CASES = {f.stem: f for folder in ("drills", "cases") for f in sorted((SCENARIOS / folder).glob("*.yaml"))}
FLAGSHIP = SCENARIOS / "drills" / "fuyuan_inrush.yaml"


@cache
def shipped(name: str) -> Run:
    """The run of a shipped case with its own seed and strategy."""
    return run(load_case(CASES[name]))
