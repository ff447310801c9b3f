"""A master event list in a spreadsheet ⇄ the same list as a drill file has it; every mistake with its sheet and cell."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.doors.common import portable
from sim.doors.msel_columns import EXPLAINED, SHEETS, Head
from sim.errors import InvalidInput, Problem, nearest, suggest
from sim.reader import Document, Loc, Mark, parse
from sim.sheets import Column, Grid, Sheet, Value, read_workbook

_WIDE = str.maketrans({"：": ": ", "，": ", ", "；": "; ", "｛": "{", "｝": "}", "【": "[", "】": "]"})
_QUOTED = re.compile(r'("(?:[^"\\]|\\.)*"|\'[^\']*\')')
_PLAIN = re.compile(r"[\w\u4e00-\u9fff+.][\w\u4e00-\u9fff .+%/²³-]*(?<! )")
_GUESSED = ("", "~", "null")  # plain, these would say that nothing stands there
_CLOCK = re.compile(r"([01]?\d|2[0-3]):[0-5]\d(:00)?")
_RELEASES = {"at", "when", "after", "if_missed", "manual"}  # what may say when an inject comes
_SPARE = 60  # rows below the last that take part in the choices


# ── reading ──


def with_list(doc: Document, folder: Path, told: list[Problem] | None = None) -> tuple[Document, tuple[Path, ...]]:
    """The document with its list of injects, if that stands in a spreadsheet beside it; and that file.

    Raises `InvalidInput` with every cell that cannot be read; where there is somebody to be `told` of them, the rest is
    given all the same, so that the mistakes of the other cells can be told with them.
    """
    named = doc.data.get("injects") if isinstance(doc.data, dict) else None
    if not isinstance(named, dict) or not isinstance(file := named.get("file"), str):
        return doc, ()
    loc: Loc = ("injects", "file")
    try:
        portable(file)
    except ValueError as error:
        what, _, _ = str(error).partition("; ")
        raise InvalidInput([doc.problem(loc, what, "name a file in the same folder")]) from None
    if len(named) > 1:
        other = next(key for key in named if key != "file")
        raise InvalidInput([doc.problem(("injects", other), "'file' stands alone", "take this away", key=True)])
    if not file.lower().endswith(".xlsx"):
        raise InvalidInput([doc.problem(loc, f"'{file[:40]}' is no spreadsheet", "name a file that ends in .xlsx")])
    if not (folder / file).is_file():
        near = nearest(file, sorted(p.name for p in folder.glob("*.xlsx")), 1)
        remedy = f"did you mean '{near[0]}'?" if near else "it must lie beside this file"
        raise InvalidInput([doc.problem(loc, f"there is no file '{file}'", remedy)])
    listed = read_list(folder / file, file, told)
    doc = doc.with_value(("injects",), _part(listed, "injects"))
    if listed.data["objectives"]:
        if doc.data.get("objectives"):
            what = f"objectives stand here and in {file}"
            raise InvalidInput([doc.problem(("objectives",), what, "keep one of them", key=True)])
        doc = doc.with_value(("objectives",), _part(listed, "objectives"))
    return doc, (folder / file,)


def read_list(path: Path, name: str, told: list[Problem] | None = None) -> Document:
    """The spreadsheet as a document with `injects` and `objectives`; every part has the place of its cell.

    Cells that cannot be read are `told`, or raised if nobody is there to be told.
    """
    grids = read_workbook(path, name)
    reading = _Reading(name)
    tables = {key: reading.table(key, _sheet(grids, key, name)) for key in SHEETS}
    reading.events(tables["injects"], tables["expects"])
    reading.put(("objectives",), [row for _, _, row in tables["objectives"]])
    for i, (grid, number, _) in enumerate(tables["objectives"]):
        reading.placed(("objectives", i), grid, number)
    if reading.problems and told is None:
        raise InvalidInput(reading.problems)
    if told is not None:
        told += reading.problems
    return Document(name, reading.data, reading.values, reading.keys)


_Row = tuple[Grid, int, dict[str, Any]]


class _Reading:
    """Makes nested texts of the rows of a list, and keeps where each stands."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.data: dict[str, Any] = {}
        self.values: dict[Loc, Mark] = {(): Mark(name, 1, 1)}
        self.keys: dict[Loc, Mark] = {}
        self._cells: dict[tuple[str, int], list[tuple[Loc, Mark]]] = {}  # by sheet and row

    def put(self, loc: Loc, value: Any) -> None:
        """Sets a top-level part."""
        self.data[str(loc[0])] = value

    def placed(self, loc: Loc, grid: Grid, row: int) -> None:
        """The parts of a row stand at this location."""
        self.values[loc] = grid.mark(row, 1)
        for at, mark in self._cells.get((grid.title, row), ()):
            self.values[loc + at] = self.keys[loc + at] = mark

    def events(self, injects: Sequence[_Row], expects: Sequence[_Row]) -> None:
        """Injects, each with what is expected after it."""
        first: dict[str, int] = {}
        for i, (grid, number, row) in enumerate(injects):
            first.setdefault(str(row.get("id", "")), i)
            self.placed(("injects", i), grid, number)
        self.put(("injects",), [row for _, _, row in injects])
        for grid, number, row in expects:
            inject = row.pop("inject", "")
            at = first.get(str(inject))
            if at is None:
                mark = grid.mark(number, _column(grid, "expects", "inject"))
                what = f"there is no inject '{str(inject)[:40]}'" if inject else "of which inject is this expected?"
                self.problems.append(mark.problem("", what, suggest(str(inject), sorted(filter(None, first)))))
                if not injects:
                    continue
                at = 0  # it goes on with some inject, so that what names it is not told to be wrong as well
            listed = injects[at][2].setdefault("expects", [])
            self.placed(("injects", at, "expects", len(listed)), grid, number)
            listed.append(row)

    def table(self, key: str, grid: Grid | None) -> list[_Row]:
        """The rows of a sheet."""
        if grid is None:
            return []
        heads = self._heads(key, grid)
        for line, column in grid.merged:
            self.problems.append(
                grid.mark(line, column).problem("", "merged cells", "take the cells apart; one row, one entry")
            )
        found = []
        for number in grid.rows:
            if number > 1 and (row := self._row(heads, grid, number)):
                found.append((grid, number, row))
        return found

    def _heads(self, key: str, grid: Grid) -> dict[int, Head]:
        """The columns by their number; what is no column of ours is told."""
        known = {name.casefold(): h for h in SHEETS[key][2] for name in (h.key, h.zh, h.en)}
        found: dict[int, Head] = {}
        for column in sorted({column for _, column in grid.cells}):
            text = " ".join(grid.cells.get((1, column), "").split())
            head, mark = known.get(text.casefold()), grid.mark(1, column)
            if head is None:
                what = f"unknown column '{text[:40]}'" if text else "a column without a head"
                shown = [h.zh if any(ord(c) > 0x2E80 for c in text) else h.en for h in SHEETS[key][2]]
                self.problems.append(mark.problem("", what, suggest(text, shown)))
            elif head in found.values():
                self.problems.append(mark.problem("", f"the column '{text}' was already given", "keep one of them"))
            else:
                found[column] = head
        return found

    def _row(self, heads: Mapping[int, Head], grid: Grid, number: int) -> dict[str, Any]:
        row: dict[str, Any] = {}
        places: list[tuple[Loc, Mark]] = []
        tell: dict[str, str] = {}
        written = {head.key: text for c, head in heads.items() if (text := grid.cells.get((number, c), ""))}
        released = {key.partition(".")[0] for key in written} & _RELEASES
        for column, head in heads.items():
            text = grid.cells.get((number, column), "")
            if head.key == "clock" and text:
                if not released:  # somebody wrote when it comes where the list shows it
                    row["at"] = text
                    places.append((("at",), grid.mark(number, column)))
                elif _is_clock(text) and _is_clock(written.get("at", "")) and _hour(text) != _hour(written["at"]):
                    what = f"the clock says {text}, the time {written['at']}"
                    self.problems.append(
                        grid.mark(number, column).problem("", what, "correct one of them, or empty the clock")
                    )
            if not text or head.shown_only:
                continue
            mark = grid.mark(number, column)
            steps: Loc = tuple(head.key.split("."))
            if steps[0] == "tell":
                tell[str(steps[1])] = text
                places += [(("do", 0), mark), (("do", 0, "tell"), mark), (("do", 0, *steps), mark)]
            elif head.key == "do":
                lines = [self._flow(line, mark) for line in text.splitlines() if line.strip()]
                row["do"] = lines
                places += [(("do", i + bool(tell)), mark) for i in range(len(lines))]
            else:
                _set(row, steps, self._value(head, text, mark))
                places += [(steps[:end], mark) for end in range(1, len(steps) + 1)]
        if tell:
            row["do"] = [{"tell": tell}, *row.get("do", [])]
        self._cells[grid.title, number] = places
        return row

    def _value(self, head: Head, text: str, mark: Mark) -> Any:
        if head.key == "to":
            return [part.strip() for part in re.split(r"[;；\n]", text) if part.strip()]
        if head.words:
            return {zh: name for name, zh in head.words}.get(text, text)
        if head.key == "unless" and not re.search(r"[:：{]", text):
            return text
        return self._flow(text, mark) if head.condition else text.translate(_WIDE).strip() if head.key == "at" else text

    def _flow(self, text: str, mark: Mark) -> Any:
        """What stands between the braces of a drill file, braces or not; signs of a Chinese keyboard are taken for ours."""
        parts = _QUOTED.split(text.strip())
        plain = "".join(part if i % 2 else part.translate(_WIDE) for i, part in enumerate(parts)).strip()
        try:
            return parse(plain if plain.startswith(("{", "[")) else f"{{{plain}}}", self.name).data
        except InvalidInput as error:
            for problem in error.problems:
                self.problems.append(mark.problem("", problem.what, problem.remedy or "write 'key: value, key: value'"))
            return {}


def _sheet(grids: Mapping[str, Grid], key: str, name: str) -> Grid | None:
    """The sheet of a table, by either of its titles; the first one for the list itself if there is only one."""
    zh, en, _ = SHEETS[key]
    found = next((grid for title, grid in grids.items() if title.strip().casefold() in (zh, en.casefold())), None)
    if found is not None or key != "injects":
        return found
    others = {title for zh, en, _ in SHEETS.values() for title in (zh, en.casefold())} | {
        EXPLAINED[0],
        EXPLAINED[1].casefold(),
    }
    free = [grid for title, grid in grids.items() if title.strip().casefold() not in others and grid.cells]
    if len(free) == 1:
        return free[0]
    raise InvalidInput(
        [Problem(name, 1, 1, "", f"there is no sheet '{zh}'", f"call the sheet of the list '{zh}' or '{en}'")]
    )


def _column(grid: Grid, key: str, name: str) -> int:
    head = next(h for h in SHEETS[key][2] if h.key == name)
    return next(
        (c for (r, c), text in sorted(grid.cells.items()) if r == 1 and text in (head.key, head.zh, head.en)), 1
    )


def _is_clock(text: str) -> bool:
    """Whether a text is a time of day and nothing else."""
    return _CLOCK.fullmatch(text) is not None


def _hour(text: str) -> str:
    hour, minute = text.split(":")[:2]
    return f"{hour:0>2}:{minute}"


def _set(row: dict[str, Any], steps: Loc, value: Any) -> None:
    inner = row
    for step in steps[:-1]:
        inner = inner.setdefault(str(step), {})
    inner[str(steps[-1])] = value


def _part(doc: Document, key: str) -> Document:
    """One part of a document as a document of its own."""
    values = {at[1:]: mark for at, mark in doc.values.items() if at[:1] == (key,)}
    keys = {at[1:]: mark for at, mark in doc.keys.items() if at[:1] == (key,) and len(at) > 1}
    return Document(doc.file, doc.data[key], {(): Mark(doc.file, 1, 1), **values}, keys)


# ── writing ──


def sheets(data: Mapping[str, Any], lang: str, clock: Callable[[str], str]) -> list[Sheet]:
    """The list of a drill, as written, as sheets to fill in; `clock` gives the clock time of a time as written."""
    injects = [row for row in data.get("injects") or () if isinstance(row, dict)]
    expects = [
        {"inject": row.get("id"), **x} for row in injects for x in row.get("expects") or () if isinstance(x, dict)
    ]
    objectives = [row for row in data.get("objectives") or () if isinstance(row, dict)]
    ids = [str(row.get("id", "")) for row in injects]
    rows = {
        "injects": [_event(row, clock) for row in injects],
        "expects": expects,
        "objectives": objectives,
    }
    choices = {"objective": [str(row.get("id", "")) for row in objectives], "inject": ids, "after.inject": ids}
    return [
        *(
            Sheet(
                zh if lang == "zh" else en, [_as_column(head, lang, choices) for head in heads],
                [[_cell(head, row, lang) for head in heads] for row in rows[key]], _SPARE,
            )
            for key, (zh, en, heads) in SHEETS.items()
        ),
        _explained(lang),
    ]  # fmt: skip


def _event(row: Mapping[str, Any], clock: Callable[[str], str]) -> dict[str, Any]:
    """An inject with the text it tells in columns of its own."""
    done = list(row.get("do") or ())
    made = dict(row)
    if done and isinstance(done[0], dict) and list(done[0]) == ["tell"]:
        made["tell"], done = done[0]["tell"], done[1:]
    made["do"] = done
    made["clock"] = clock(row["at"]) if isinstance(row.get("at"), str) else None
    return made


def _as_column(head: Head, lang: str, choices: Mapping[str, Sequence[str]]) -> Column:
    words = [zh if lang == "zh" else name for name, zh in head.words] or choices.get(head.key, ())
    return Column(head.head(lang), head.width, head.note_zh if lang == "zh" else head.note_en, words, head.shown_only)


def _cell(head: Head, row: Mapping[str, Any], lang: str) -> Value:
    first, _, part = head.key.partition(".")
    value = row.get(first)
    if part:  # one text for both languages stands in the first of the two columns
        value = value.get(part) if isinstance(value, dict) else value if part == "zh" else None
    if value is None:
        return None
    if head.words and isinstance(value, str):
        names = dict(head.words) if lang == "zh" else {zh: name for name, zh in head.words}
        return names.get(value, value)
    if head.key == "do":
        return "\n".join(flow(action) for action in value)
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return flow(value) if isinstance(value, dict) else str(value)


def flow(value: Any) -> str:
    """A mapping as it stands between the braces of a drill file, on one line."""
    return ", ".join(_pairs(value)) if isinstance(value, dict) else _flow(value)


def _pairs(value: Mapping[str, Any]) -> Iterator[str]:
    for key, part in value.items():
        yield f"{_flow(key)}: {_flow(part)}"


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(_pairs(value))}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    if value is None:
        return "null"
    text = str(value)
    plain = _PLAIN.fullmatch(text) and text.lower() not in _GUESSED
    return text if plain else json.dumps(text, ensure_ascii=False)


def _explained(lang: str) -> Sheet:
    """The sheet of words: every column with what it means and the words it takes."""
    rows: list[Sequence[Value]] = []
    for zh, en, heads in SHEETS.values():
        for head in heads:
            words = "、".join(z for _, z in head.words) if lang == "zh" else ", ".join(n for n, _ in head.words)
            note = head.note_zh if lang == "zh" else head.note_en
            rows.append([zh if lang == "zh" else en, head.head(lang), head.key, note, words])
    heads_zh, heads_en = (
        ("表", "列", "演练文件中的键", "含义", "可用的词"),
        ("Sheet", "Column", "Key in a drill file", "Meaning", "Words"),
    )
    widths = (14, 20, 22, 70, 50)
    columns = [Column(h, w) for h, w in zip(heads_zh if lang == "zh" else heads_en, widths, strict=True)]
    return Sheet(EXPLAINED[0] if lang == "zh" else EXPLAINED[1], columns, rows)
