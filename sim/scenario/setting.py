"""`--set PATH=VALUE`: one value of a case file changed before it is checked, with problems that name the setting."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sim.errors import InvalidInput, Problem
from sim.reader import Document, Loc, Mark, parse

_STEP = re.compile(r"\.?([^.\[\]]+)|\[([^\[\]]+)\]")
_EXAMPLE = "such as incidents[0].scope.people"
_WHOLE = ("rules", "releases")  # tables whose keys have dots in them


def patched(doc: Document, settings: Sequence[str]) -> Document:
    """The document with every setting applied in turn. Raises `InvalidInput` with all that cannot be."""
    problems: list[Problem] = []
    for setting in settings:
        try:
            doc = _set(doc, setting)
        except InvalidInput as mistakes:
            problems += mistakes.problems
    if problems:
        raise InvalidInput(problems)
    return doc


def _set(doc: Document, setting: str) -> Document:
    name = f"--set {setting}"
    path, equals, value = setting.partition("=")
    if not equals or not path.strip():
        raise InvalidInput([Problem(name, 1, 1, "", "expected PATH=VALUE", f"{_EXAMPLE}=12")])
    loc, columns = _location(doc.data, path, name)
    shift = len(path) + 1  # the value stands behind the path
    try:
        written = parse(value, name)
    except InvalidInput as error:
        raise InvalidInput(replace(p, column=p.column + shift) if p.line == 1 else p for p in error.problems) from None
    values, keys = (
        {at: mark._replace(column=mark.column + shift) if mark.line == 1 else mark for at, mark in places.items()}
        for places in (written.values, written.keys)
    )
    keys[()] = Mark(name, 1, columns[-1])
    return doc.with_value(loc, Document(name, written.data, values, keys))


def _location(data: Any, path: str, name: str) -> tuple[Loc, list[int]]:
    """The location a path means: `incidents[0].scope.people`, or `incidents[F1].scope.people` by the id of an entry."""
    loc: Loc = ()
    columns: list[int] = []
    here, at = data, 0
    while at < len(path):
        match = _STEP.match(path, at)
        if match is None:
            raise InvalidInput([Problem(name, 1, at + 1, "", "the path cannot be read from here", _EXAMPLE)])
        step: str | int = (match[1] or match[2]).strip()
        columns.append(match.start(1 if match[1] else 2) + 1)
        if isinstance(here, list):
            step = _entry(here, str(step), name, columns[-1])
        loc, at = (*loc, step), match.end()
        here = here[step] if isinstance(here, list) or (isinstance(here, dict) and step in here) else None  # type: ignore[index]
        if len(loc) == 1 and step in _WHOLE and at < len(path):
            columns.append(at + 2)
            return (*loc, path[at:].removeprefix(".").strip("[]'\" ")), columns
    return loc, columns


def _entry(entries: list[Any], step: str, name: str, column: int) -> int:
    if step.isdecimal() and len(step) < len(str(len(entries))) + 2 and int(step) < len(entries):
        return int(step)
    ids = [str(entry.get("id")) for entry in entries if isinstance(entry, dict)]
    if step in ids:
        return ids.index(step)
    known = f"entries are [0] to [{len(entries) - 1}]" + (f", or by id: {', '.join(ids[:8])}" if ids else "")
    raise InvalidInput(
        [Problem(name, 1, column, "", f"there is no entry [{step[:40]}]", known if entries else "the list is empty")]
    )
