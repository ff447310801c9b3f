"""A list of injects goes out to a spreadsheet and comes back as it was: for every shipped case, and for any texts at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from sim import catalog
from sim.doors.case import CaseFile
from sim.doors.injects import InjectEntry, ObjectiveEntry
from sim.doors.msel import flow, read_list, sheets
from sim.reader import load, parse
from sim.sheets import write_workbook

pytest.importorskip("openpyxl")
INJECTS, OBJECTIVES = TypeAdapter(list[InjectEntry]), TypeAdapter(list[ObjectiveEntry])
LISTED = [
    path
    for folder in ("cases", "drills")
    for path in sorted((catalog.scenarios_root() / folder).glob("*.yaml"))
    if "\ninjects:" in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", LISTED, ids=lambda path: path.stem)
def test_a_shipped_list_comes_back_as_it_was(path: Path, lang: str, tmp_path: Path) -> None:
    """As the door understands it: the same injects, in the same order, with the same objectives."""
    doc = load(path)
    file = doc.as_(CaseFile)
    write_workbook(tmp_path / "list.xlsx", sheets(doc.data, lang, lambda at: at))

    again = read_list(tmp_path / "list.xlsx", "list.xlsx").data
    assert INJECTS.validate_python(again["injects"]) == file.injects
    assert OBJECTIVES.validate_python(again["objectives"]) == file.objectives


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=30) | st.sampled_from(
    [
        "=1+1",
        "null",
        "~",
        "a: b",
        "a, b",
        "{x}",
        "[y]",
        "：，",
        '"',
        "'",
        "no",
        "+05:00",
        "-",
        "#",
        "a #b",
        "\\n",
        "%",
        "@",
        "文：字",
    ]
)
VALUES = st.recursive(
    TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=8
)


@given(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=4))
def test_a_mapping_on_one_line_is_read_as_it_was(written: dict[str, Any]) -> None:
    """Whatever stands in it: signs of YAML, of spreadsheets, of a Chinese keyboard."""
    assert parse("{" + flow(written) + "}").data == written
