"""The papers are true: what the README tells people to type works, and its links lead somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from sim.cli.exits import Exit
from sim.cli.main import main

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAPERS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")


@pytest.mark.slow
def test_the_tour_can_be_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command of the five minutes works, one after the other, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    lines = re.findall(r"^\.venv/bin/liandong (.*?)(?:\s+#.*)?$", README, re.MULTILINE)
    assert len(lines) >= 6

    for line in lines:
        assert main(shlex.split(line)) in {Exit.FINE, Exit.TARGET_MISSED}, line


def test_the_python_of_the_readme_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What stands under “In Python” can be pasted."""
    monkeypatch.chdir(ROOT)
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(compile(code, "README.md", "exec"), {})

    assert "involved" in capsys.readouterr().out


def test_make_knows_what_the_papers_name() -> None:
    """Every `make …` of the papers is a target of the Makefile."""
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        name
        for paper in PAPERS
        for name in re.findall(r"(?m)(?:^|`)make (\w+)", (ROOT / paper).read_text(encoding="utf-8"))
    }

    assert {"run", "test"} <= named <= targets


@pytest.mark.parametrize("paper", PAPERS)
def test_links_lead_somewhere(paper: str) -> None:
    """No link of the papers points at a file that is not there."""
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / paper).read_text(encoding="utf-8"))

    assert [link for link in links if not (ROOT / link).exists()] == []
