"""The shipped cases, each run once for all who ask: within a process, and, where several share the tests, among them."""

from __future__ import annotations

import os
import pickle
from functools import cache
from pathlib import Path

from sim.runs import Run, run
from sim.scenario.compile import load_case

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "scenarios"
CASES = {f.stem: f for folder in ("drills", "cases") for f in sorted((SCENARIOS / folder).glob("*.yaml"))}
FLAGSHIP = SCENARIOS / "drills" / "fuyuan_inrush.yaml"

shelf: list[
    Path
] = []  # the folder in which the processes of one session leave their runs for each other, if there are several


@cache
def shipped(name: str) -> Run:
    """The run of a shipped case with its own seed and strategy."""
    if not shelf:
        return run(load_case(CASES[name]))
    kept = shelf[0] / f"{name}.pickle"
    if kept.exists():
        with kept.open("rb") as file:
            found: Run = pickle.load(file)
            return found
    made = run(load_case(CASES[name]))
    kept.parent.mkdir(exist_ok=True)
    half = kept.with_suffix(f".{os.getpid()}")
    half.write_bytes(pickle.dumps(made))
    half.replace(kept)
    return made
