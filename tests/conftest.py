"""What every room of tests shares: sentences in YAML become tests, golden digests can be written anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.whole.shipped import shelf

settings.register_profile("same", derandomize=True)  # what was green stays green until the code changes
settings.register_profile("search", derandomize=False, print_blob=True)
settings.load_profile("same")

CASES = Path(__file__).parent / "cases"


@pytest.fixture(scope="session", autouse=True)
def _runs_are_shared(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where several processes share the tests, a shipped case that one of them has run is run for all."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        shelf.append(tmp_path_factory.getbasetemp().parent / "runs")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-golden`: take what the program does now as what it should do, and show what changed."""
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite tests/golden/digests.json and show the difference"
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Every YAML file of tests/cases is a list of sentences to hold true."""
    if file_path.suffix != ".yaml" or file_path.parent != CASES or file_path.name == "given.yaml":
        return None
    from tests.cases.sentences import SentenceFile

    return SentenceFile.from_parent(parent, path=file_path)
