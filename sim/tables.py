"""CSV tables with a header → rows of a model; every mistake at once, each with line and character."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from pydantic import BaseModel, TypeAdapter, ValidationError

from sim.errors import InvalidInput, Problem, nearest, suggest
from sim.sentences import MOST_TOLD, known_keys, mistakes, required_keys
from sim.texts import place_in, read_text_file, shown

M = TypeVar("M")
MOST_COLUMNS = 200


@dataclass(frozen=True)
class Table(Generic[M]):
    """The rows of a CSV file, each with its line; `fields` holds each row's text by column."""

    file: str
    header: tuple[str, ...]
    rows: tuple[M, ...]
    lines: tuple[int, ...]
    records: tuple[tuple[int, str], ...]  # where each row begins, and its text

    def problem(self, row: int, column: str, what: str, remedy: str = "") -> Problem:
        """A mistake in a row (counted from 0) and column: for checks between rows and with other files."""
        return _csv_problem(self.file, self.header, self.records[row], column, what, remedy)


def read_csv(path: Path, row_model: type[M], *, root: Path | None = None) -> list[tuple[M, int]]:
    """The rows of a CSV file with a header, each with its line. Raises `InvalidInput` with every mistake."""
    table = read_table(path, row_model, root=root)
    return list(zip(table.rows, table.lines, strict=True))


def read_table(path: Path, row_model: type[M], *, root: Path | None = None) -> Table[M]:
    """As `read_csv`, keeping what later checks need to point at a field. An empty field counts as not given."""
    name = shown(path, root)
    records = list(_records(read_text_file(path, name), name))
    if not records:
        raise InvalidInput([Problem(name, 1, 1, "", "the file is empty", "a first line with the column names")])
    (_, head, _), *body = records
    if len(head) > MOST_COLUMNS:
        raise InvalidInput(
            [Problem(name, records[0][0], 1, "", f"{len(head)} columns; at most {MOST_COLUMNS} are read")]
        )
    header = tuple(cell.strip() for cell in head)
    problems = _header_problems(name, header, records[0], row_model)
    if problems:
        raise InvalidInput(problems)
    adapter, rows = TypeAdapter(cast(Any, row_model)), []
    for line, cells, record in body:
        if len(problems) >= MOST_TOLD:
            break
        if len(cells) != len(header):
            what = f"{len(cells)} fields, but the header names {len(header)}"
            problems.append(Problem(name, line, 1, "", what, "a field that contains a comma stands in double quotes"))
            continue
        written = {column: cell.strip() for column, cell in zip(header, cells, strict=True) if cell.strip()}
        try:
            rows.append(adapter.validate_python(written))
        except ValidationError as error:
            problems += [
                _csv_problem(name, header, (line, record), str(m.loc[0]) if m.loc else m.column, m.what, m.remedy)
                for m in mistakes(error, row_model, written)
            ]
    if problems:
        raise InvalidInput(problems)
    return Table(name, header, tuple(rows), tuple(b[0] for b in body), tuple((b[0], b[2]) for b in body))


def _records(text: str, name: str) -> Iterator[tuple[int, list[str], str]]:
    """(line, fields, text) of each record that is not blank."""
    lines = text.splitlines(keepends=True)
    source = csv.reader(io.StringIO(text, newline=""), strict=True)
    done = 0
    while True:
        try:
            cells = next(source)
        except StopIteration:
            return
        except csv.Error as error:
            long = "limit" in str(error)
            what = (
                "a field that is too long" if long else "a double quote that is not closed or not followed by a comma"
            )
            remedy = "" if long else "double a quote inside a field"
            raise InvalidInput([Problem(name, done + 1, 1, "", what, remedy)]) from None
        begins, done = done, source.line_num
        if any(cell.strip() for cell in cells):
            yield begins + 1, cells, "".join(lines[begins:done])


def _header_problems(name: str, header: Sequence[str], record: tuple[int, list[str], str], model: Any) -> list[Problem]:
    known, where = known_keys(model, ()), (record[0], record[2])
    if not known:
        return []
    found = []
    for i, column in enumerate(header):
        if column in header[:i]:
            found.append(
                _csv_problem(name, header, where, i, f"the column '{column}' was already given", "keep one of them")
            )
        elif column not in known and _forbids(model):
            found.append(
                _csv_problem(name, header, where, i, f"unknown column '{column}'", suggest(column, sorted(known)))
            )
    for column in required_keys(model):
        if column not in header and not nearest(column, [c for c in header if c not in known], 1):
            found.append(Problem(name, record[0], 1, "", f"the column '{column}' is missing"))
    return found


def _forbids(model: Any) -> bool:
    return isinstance(model, type) and issubclass(model, BaseModel) and model.model_config.get("extra") == "forbid"


def _csv_problem(
    name: str, header: Sequence[str], record: tuple[int, str], column: str | int, what: str, remedy: str = ""
) -> Problem:
    index = column if isinstance(column, int) else header.index(column) if column in header else -1
    line, text = record
    before = _offset(text, index) if index >= 0 else 0
    down, across = place_in(text, before)
    return Problem(name, line + down - 1, across, column if isinstance(column, str) else "", what, remedy)


def _offset(record: str, index: int) -> int:
    """Where the field of that index begins in the text of a record."""
    quoted, fields = False, 0
    for i, character in enumerate(record):
        if fields == index:
            return i
        if character == '"':
            quoted = not quoted
        elif character == "," and not quoted:
            fields += 1
    return len(record.rstrip("\r\n"))
