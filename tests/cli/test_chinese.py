"""Every problem that a door, a run folder or a journal can tell has Chinese words: read off the text of the program."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from sim.cli import chinese

SIM = Path(__file__).resolve().parents[2] / "sim"
SAY = {"problem", "Problem", "say", "_nowhere", "_problem", "refused", "FolderRefused", "JournalRefused"}
TOLD = {"what", "remedy", "why"}  # names under which a text is kept until it is said
ELSEWHERE = ("analysis",)  # laws of the world: broken only by our own code


def texts(tree: ast.AST) -> Iterator[str]:
    """What is said by calls and kept under the names, with an X for what is filled in."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            parts: list[ast.expr] = [*node.args, *(k.value for k in node.keywords)] if name in SAY else []
        elif isinstance(node, ast.Assign):
            names, values = node.targets[0], node.value
            both = isinstance(names, ast.Tuple) and isinstance(values, ast.Tuple)
            pairs = zip(names.elts, values.elts, strict=True) if both else [(names, values)]
            parts = [value for target, value in pairs if isinstance(target, ast.Name) and target.id in TOLD]
        else:
            continue
        for part in parts:
            for leaf in (part.body, part.orelse) if isinstance(part, ast.IfExp) else (part,):
                if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str):
                    yield leaf.value
                elif isinstance(leaf, ast.JoinedStr):
                    yield "".join(str(v.value) if isinstance(v, ast.Constant) else "X" for v in leaf.values)


def in_chinese(text: str) -> bool:
    """Whether a sentence has words; a single word is a name, and stands for itself."""
    return " " not in text.strip("X ") or any("\u4e00" <= sign <= "\u9fff" for sign in chinese.sentence(text))


def test_every_problem_has_words_in_chinese() -> None:
    """A sentence (with a blank in it) that no template fits would be shown in English to those who read Chinese."""
    bare = {
        (file.name, text)
        for file in SIM.rglob("*.py") if file.parent.name not in ELSEWHERE and "analysis" not in file.parts
        for text in texts(ast.parse(file.read_text(encoding="utf-8")))
        if not (in_chinese(text) or all(map(in_chinese, text.split("; "))))
    }  # fmt: skip
    assert bare == set()


def test_every_kind_of_thing_that_may_be_misnamed_has_a_word() -> None:
    """“没有inject…” is neither language: what `there is no {kind} '…'` is said of has words, wherever the kind is given."""
    calls = [
        (node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""), node.args)
        for file in SIM.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]
    kinds = {
        arg.value
        for name, args in calls if (at := {"Names": 0, "_name": 0, "unknown": 0, "_unknown": 3}.get(name, 9)) < len(args)
        for arg in [args[at]] if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
    }  # fmt: skip

    assert "inject" in kinds and len(kinds) > 20
    assert sorted(kind for kind in kinds if f"没有{kind}" in chinese.sentence(f"there is no {kind} 'x'")) == []
