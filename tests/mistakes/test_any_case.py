"""Any case at all, however mangled: it compiles, or its problems are told; never a traceback."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import InvalidInput
from sim.scenario.compile import check_case, load_case
from tests.mistakes.kit import HERE
from tests.scenario.town import settle

GOOD = (HERE / "case.yaml").read_text(encoding="utf-8")
TOKENS = [match.span() for match in re.finditer(r"[^\s,{}\[\]:]+", GOOD)]
JUNK = [
    "", "~", "[]", "{}", "[1, [2]]", "{a: {b: c}}", "-1", "0", "1e9", "nan", "-inf", "x" * 300, "'", "+", "12:60", "东镇", "F1",
    "R1", "5 min", "-5 min", "9999 d", "3 m3", "50 %", "yes", "2024-07-19", "9999-12-31T23:59:59", "..", "%", "@", "'#'",
]  # fmt: skip
edits = st.lists(st.tuples(st.sampled_from(TOKENS), st.sampled_from(JUNK)), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the small city, for the whole module."""
    patch = pytest.MonkeyPatch()
    yield settle(tmp_path_factory.mktemp("any"), patch)  # type: ignore[misc]
    patch.undo()


@settings(max_examples=120, deadline=None)
@given(edits)
def test_a_mangled_case_is_compiled_or_its_problems_are_told(
    folder: Path, changes: list[tuple[tuple[int, int], str]]
) -> None:
    """Any words of a good case replaced by any others: what `check` says is what `load_case` refuses."""
    text = GOOD
    for (begin, end), junk in sorted(changes, reverse=True):
        text = text[:begin] + junk + text[end:]
    file = folder / "case.yaml"
    file.write_text(text, encoding="utf-8")

    problems = check_case(file, data=folder)
    if problems:
        with pytest.raises(InvalidInput) as refused:
            load_case(file, data=folder)
        assert refused.value.problems == tuple(problems)
        assert all(p.line >= 1 and p.what for p in problems)
    else:
        assert load_case(file, data=folder).digest


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, GOOD.count("\n") - 1), min_size=1, max_size=6, unique=True))
def test_a_case_with_lines_missing_is_compiled_or_its_problems_are_told(folder: Path, missing: list[int]) -> None:
    """Any lines cut out of a good case."""
    lines = [line for number, line in enumerate(GOOD.splitlines()) if number not in missing]
    (folder / "case.yaml").write_text("\n".join(lines), encoding="utf-8")

    for problem in check_case(folder / "case.yaml", data=folder):
        assert problem.line >= 1 and problem.what
