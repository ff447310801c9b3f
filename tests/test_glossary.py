"""The glossary speaks of the program as it is: what it calls an identifier stands somewhere in the code or its files."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def rows():
    """(中文, English, in the code) of every line of every table."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and cells[0] not in ("中文", "---"):
            yield tuple(cells)


def test_every_term_has_both_languages_and_is_given_once():
    """Three columns each; no Chinese term stands twice."""
    found = list(rows())
    terms = [term for zh, *_ in found for term in re.split("、", zh)]

    assert all(len(row) == 3 and all(row) for row in found)
    assert len(terms) == len(set(terms)), sorted(t for t in terms if terms.count(t) > 1)


def test_every_identifier_stands_in_the_program():
    """What the third column names is a word of sim/, models/ or the shipped cities."""
    files = [
        f
        for folder in ("sim", "models", "scenarios")
        for f in (ROOT / folder).rglob("*")
        if f.suffix in (".py", ".yaml", ".csv")
    ]
    words = {word for file in files for word in re.findall(r"\w+", file.stem + " " + file.read_text(encoding="utf-8"))}
    folders = {file.parent.name for file in files}
    named = {name for *_, code in rows() for name in re.findall(r"`(\w+)`", code)}

    assert named
    assert sorted(named - words - folders) == []
