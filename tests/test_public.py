"""The public surface: what `import sim` promises is there, typed and said, and costs nothing until it is used."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.errors import FolderRefused, InvalidInput

ROOT = Path(__file__).resolve().parents[1]
CASE = ROOT / "scenarios" / "drills" / "toytown_detour.yaml"


def test_what_is_promised_is_there_and_sorted() -> None:
    """`__all__` is true: every name resolves, is listed by `dir`, says what it is and is typed throughout."""
    assert sim.__all__ == sorted(sim.__all__) == ["check", "list_plugins", "load_case", "read_run", "review", "run"]
    for name in sim.__all__:
        function = getattr(sim, name)
        signature = inspect.signature(function)
        assert function.__doc__ and name in dir(sim)
        assert signature.return_annotation is not inspect.Signature.empty
        assert all(p.annotation is not inspect.Parameter.empty for p in signature.parameters.values())


def test_what_is_not_there_says_what_is() -> None:
    """A name of a later version, or a slip, is an AttributeError that lists the names."""
    with pytest.raises(AttributeError, match="load_case"):
        sim.compare  # noqa: B018


def test_importing_costs_nothing() -> None:
    """`import sim` alone brings none of the heavy packages."""
    heavy = ("simpy", "numpy", "scipy", "networkx", "matplotlib", "pydantic", "msgspec", "yaml")
    program = f"import sys, sim; dir(sim); print([m for m in {heavy!r} if m in sys.modules])"

    assert subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, encoding="utf-8") == "[]\n"


def test_a_case_is_run_in_memory_and_into_a_folder_alike(tmp_path: Path) -> None:
    """Events and figures are the same, with a folder or without; read back, it is the same run."""
    case = sim.load_case(CASE, seed=3)
    times: list[float] = []
    free, kept = sim.run(case, watch=times.append), sim.run(case, tmp_path / "kept")

    assert free.summary == kept.summary == sim.read_run(tmp_path / "kept").summary
    assert times == [event.t for event in kept.events] and free.folder is None and kept.folder == tmp_path / "kept"
    assert sim.run(CASE).events[0].seq == 0


def test_mistakes_are_exceptions_of_the_programs_own(tmp_path: Path) -> None:
    """A wrong file is InvalidInput with all its problems, a wrong folder FolderRefused; `check` returns what the first raises."""
    (tmp_path / "x.yaml").write_text("name: X\ncitty: toytown\nincidents: []\n", encoding="utf-8")
    with pytest.raises(InvalidInput) as found:
        sim.load_case(tmp_path / "x.yaml")
    with pytest.raises(FolderRefused):
        sim.read_run(tmp_path)

    assert sim.check(tmp_path / "x.yaml") == list(found.value.problems) and len(found.value.problems) > 1
    assert sim.check(CASE) == []


def test_plugins_are_listed_by_name() -> None:
    """Rows of text, the same as `run_sim.py list` prints."""
    assert "nearest_capable" in {row["name"] for row in sim.list_plugins("strategies")}
    assert "road_crash" in {row["name"] for row in sim.list_plugins("hazards")}
