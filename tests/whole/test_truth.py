"""One truth: the world is the fold of the journal, and whoever reads the journal needs nothing else."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from sim import runs
from sim.domain.events import AnyEvent
from sim.engine.simulation import simulate
from sim.errors import FolderRefused, JournalRefused
from sim.journal.world import fold
from sim.scenario.compile import load_case
from tests.whole.shipped import CASES, ROOT, shipped

SMALL = CASES["xuanwei_inrush_day"]


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_journal_folded_is_the_world_as_it_was(name: str) -> None:
    """Written to text, read back and applied again, the events give the very state the engine ended in."""
    events: list[AnyEvent] = []
    world = simulate(load_case(CASES[name]), events.append)
    again = msgspec.json.decode(msgspec.json.encode(events), type=list[AnyEvent])
    assert fold(again).snapshot() == world.snapshot()


@pytest.mark.parametrize("name", sorted(CASES))
def test_every_event_names_a_cause_that_came_before(name: str) -> None:
    """Numbers run on without a gap, time never goes back, and whatever happens goes back to what began by itself."""
    events = shipped(name).events
    assert [e.seq for e in events] == list(range(len(events)))
    assert all(a.t <= b.t for a, b in itertools.pairwise(events))
    assert all(e.cause is None or 0 <= e.cause < e.seq for e in events)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A run folder of a small case."""
    return runs.run(SMALL, tmp_path / "run").folder  # type: ignore[return-value]


def test_a_run_can_be_read_where_no_simulator_can_be_imported(folder: Path) -> None:
    """Reading, summing up, telling and checking a journal need neither the engine nor the city."""
    program = f"""
import sys
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("simpy", "networkx", "scipy") or name in ("sim.engine", "sim.case", "sim.roads"):
            raise ImportError(name)
sys.meta_path.insert(0, Nothing())
from pathlib import Path
from sim.journal.run_folder import open_run
from sim.analysis import brief, export, invariants, summary, telling, timeline
run = open_run(Path({str(folder)!r}))
assert invariants.check(run.events, run.cast) == []
again = summary.summarise(run.events, run.cast, run.summary["digest"]["value"])
import json
print(json.dumps(again, ensure_ascii=True) == json.dumps(run.summary, ensure_ascii=True), len(timeline.build(run.events).incidents))
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (0, "True 1\n"), done.stderr


def test_a_run_read_back_is_the_run(folder: Path) -> None:
    """Nothing is lost between memory and disk."""
    assert runs.read_run(folder).events == shipped("xuanwei_inrush_day").events


def test_a_run_made_again_from_its_folder_is_the_same(folder: Path) -> None:
    """Byte for byte, from the copy of the case that lies in the folder."""
    recorded = runs.open_run(folder)
    case = runs.load_again(recorded)
    assert runs.changed_inputs(recorded, case) == []
    assert runs.first_difference(recorded, case) is None


@pytest.mark.parametrize("harm", ["cut", "torn", "edited", "swapped"])
def test_a_journal_that_was_harmed_is_refused(folder: Path, harm: str) -> None:
    """Lines missing at the end, half a line, one figure changed, two lines exchanged: none passes for the run."""
    file = folder / "journal.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    middle = len(lines) // 2
    match harm:
        case "cut":
            lines = lines[:middle]
        case "torn":
            lines[-1] = lines[-1][:-20]
        case "edited":
            lines[middle] = lines[middle].replace(b'"t":', b'"t":1', 1)
        case "swapped":
            lines[middle : middle + 2] = lines[middle + 1], lines[middle]
    file.write_bytes(b"".join(lines))
    with pytest.raises((JournalRefused, FolderRefused)):
        runs.read_run(folder)
