"""The same case and seed give the same journal, byte for byte; luck belongs to people and things, not to the order of events."""

from __future__ import annotations

import csv
import random
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from sim.domain import events as ev
from sim.runs import run
from sim.scenario.compile import load_case
from tests.whole.shipped import CASES, FLAGSHIP, ROOT, SCENARIOS, shipped

PROGRAM = """
import sys
from sim.runs import run
from sim.scenario.compile import load_case
sys.stdout.write(run(load_case(sys.argv[1])).summary["digest"]["value"])
"""
WORLDS = {
    "plain": {},
    "another hash": {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "UTC"},
    "any hash": {"PYTHONHASHSEED": "random", "LC_ALL": "zh_CN.UTF-8", "TZ": "Asia/Shanghai", "OMP_NUM_THREADS": "1"},
    "far away": {
        "PYTHONHASHSEED": "0",
        "LANG": "de_DE.ISO-8859-1",
        "TZ": "America/St_Johns",
        "PYTHONUTF8": "0",
        "PYTHONOPTIMIZE": "1",
    },
}


def digest(python: str, env: dict[str, str], case: Path = FLAGSHIP) -> str:
    """The digest of the flagship's journal, made by a process of its own."""
    bare = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **env}
    done = subprocess.run(
        [python, "-c", PROGRAM, str(case)], cwd=ROOT, env=bare, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(WORLDS))
def test_the_journal_is_the_same_in_every_process(name: str) -> None:
    """Whatever the hash seed, the locale, the time zone and the folder; asserts switched off or not."""
    assert digest(sys.executable, WORLDS[name]) == shipped("fuyuan_inrush").summary["digest"]["value"]


@pytest.mark.slow
@pytest.mark.parametrize("version", ["3.12", "3.13"])
def test_the_journal_is_the_same_on_other_pythons(version: str) -> None:
    """Where a newer Python with the packages is at hand."""
    found = [shutil.which(f"python{version}"), *Path.home().glob(f".pyenv/versions/{version}.*/bin/python")]
    needed = "import simpy, msgspec, pydantic, scipy, networkx, yaml"
    for python in [str(f) for f in found if f]:
        if subprocess.run([python, "-c", needed], capture_output=True, check=False).returncode == 0:
            assert digest(python, {}) == shipped("fuyuan_inrush").summary["digest"]["value"]
            return
    pytest.skip(f"no Python {version} with the packages here")


def test_the_order_of_the_rows_of_a_city_does_not_matter(tmp_path: Path) -> None:
    """Teams, places, roads, towns in any order: the same journal, but for nothing."""
    city = tmp_path / "cities" / "qujing"
    shutil.copytree(SCENARIOS / "cities" / "qujing", city)
    for file in sorted(city.glob("*.csv")):
        text = file.read_text(encoding="utf-8-sig")
        head, *rows = csv.reader(text.splitlines())
        random.Random(file.name).shuffle(rows)
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows([head, *rows])
    again = run(load_case(FLAGSHIP, data=tmp_path))
    assert again.events == shipped("fuyuan_inrush").events


# ── luck ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def fate(events: Sequence[Any], incident: str = "F1") -> dict[str, Any]:
    """What is drawn for an accident before anybody answers it: its beginning, its people, and when it is noticed."""
    of = [e for e in events if getattr(e, "incident", "") == incident]
    return {
        "began": next((e.t, e.scope) for e in of if isinstance(e, ev.IncidentOccurred)),
        "readings": next(e.readings for e in of if isinstance(e, ev.HazardChanged) and e.what == "start"),
        "people": [e.persons for e in of if isinstance(e, ev.PersonsInvolved)][:1],
        "noticed": next(e.t for e in of if isinstance(e, ev.Discovered)),
        "called": next(e.due_at for e in of if isinstance(e, ev.ReportSent) and e.sender == "caller"),
    }


def turnouts(events: Sequence[Any]) -> dict[tuple[str, str], float]:
    """How long each element took to turn out for each accident, the first time."""
    found: dict[tuple[str, str], float] = {}
    for e in events:
        if isinstance(e, ev.Alerted):
            found.setdefault((e.element, e.incident), e.turnout)
    return found


@pytest.mark.parametrize("name", ["fog_pileup_g60", "coach_off_road_night", "xuanwei_inrush_day"])
def test_another_strategy_meets_the_same_luck(name: str) -> None:
    """Same accident, same people with the same injuries, same discovery; whoever is sent by both turns out alike."""
    mine, other = shipped(name).events, run(load_case(CASES[name], strategy="jurisdiction_first")).events

    assert fate(mine) == fate(other)
    ours, theirs = turnouts(mine), turnouts(other)
    assert {k: ours[k] for k in ours.keys() & theirs.keys()} == {k: theirs[k] for k in ours.keys() & theirs.keys()}


def test_strategies_do_differ() -> None:
    """The guard for the test above: the other strategy sends somebody else."""
    other = run(load_case(CASES["fog_pileup_g60"], strategy="jurisdiction_first"))
    assert turnouts(other.events).keys() != turnouts(shipped("fog_pileup_g60").events).keys()


def test_another_accident_moves_nobody_else_s_luck(tmp_path: Path) -> None:
    """A pile-up far away on the same morning: what befalls the first is drawn as before."""
    file = CASES["xuanwei_inrush_day"]
    case = yaml.safe_load(file.read_text(encoding="utf-8"))
    second = yaml.safe_load(CASES["coach_off_road_night"].read_text(encoding="utf-8"))["incidents"][0]
    case["starts_at"] = load_case(file).starts_at
    case["incidents"].append(second | {"id": "Z9"})
    (tmp_path / file.name).write_text(yaml.safe_dump(case, allow_unicode=True), encoding="utf-8")
    alone, both = shipped("xuanwei_inrush_day").events, run(load_case(tmp_path / file.name)).events

    assert any(getattr(e, "incident", "") == "Z9" for e in both)
    assert fate(both) == fate(alone)
    ours, theirs = turnouts(alone), turnouts(both)
    common = ours.keys() & theirs.keys()
    assert common and all(ours[k] == theirs[k] for k in common)


def test_another_seed_is_another_day() -> None:
    """Six seeds, six different fates; the same seed again, the same one."""
    fates = [repr(fate(run(load_case(CASES["coach_off_road_night"], seed=seed)).events)) for seed in (1, 2, 3, 4, 5, 6)]
    assert len(set(fates)) == 6
    assert fates[0] == repr(fate(shipped("coach_off_road_night").events))
