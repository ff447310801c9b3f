"""Planting mistakes: a good file, an edit, and the place where the problem must be told."""

from __future__ import annotations

from pathlib import Path

from sim.cli import chinese
from sim.errors import Problem

HERE = Path(__file__).parent
MARK = "§"  # in the new text: the problem must point here


def planted(base: str, old: str, new: str) -> tuple[str, tuple[int, int]]:
    """The good file with `old` replaced by `new`, and the line and column where `new` has its mark."""
    good = (HERE / base).read_text(encoding="utf-8")
    assert good.count(old) == 1, f"'{old}' stands once in {base}"
    marked = good.replace(old, new)
    assert marked.count(MARK) == 1, "the edit says where the problem is"
    before = marked[: marked.index(MARK)]
    return marked.replace(MARK, ""), (before.count("\n") + 1, len(before) - before.rfind("\n"))


def told(problems: list[Problem], place: tuple[int, int], words: tuple[str, ...]) -> None:
    """Asserts that exactly one problem was found, at that place, with those words."""
    lines = "\n".join(map(str, problems))
    assert len(problems) == 1, f"one mistake, one problem:\n{lines}"
    assert (problems[0].line, problems[0].column) == place, lines
    for word in words:
        assert word in str(problems[0]), lines
    for jargon in ("Input should", "pydantic", "https://", "type=", "validation error"):
        assert jargon not in lines
    for said in filter(None, (problems[0].what, problems[0].remedy)):
        assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese.sentence(said)), f"not in Chinese: {said}"
