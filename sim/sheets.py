"""Spreadsheets (.xlsx) as people fill them in: read as texts with the place of every cell, and written. The only user of openpyxl.

Nothing in a file is trusted: what would grow too big is refused before it is opened, formulas are never taken for values, and
text that looks like a formula is written as text.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from sim.errors import InvalidInput, Problem, RunFailed
from sim.reader import Mark
from sim.texts import read_bytes, unwanted

MOST_UNPACKED = 40_000_000  # bytes of all parts; packed, a file may have as many as any file of ours
MOST_PARTS = 400
MOST_ROWS, MOST_COLUMNS = 2_000, 60
MOST_LETTERS = 20_000  # of one cell; a spreadsheet itself holds 32,767
_OLD = b"\xd0\xcf\x11\xe0"  # how a file of the old format, or a protected one, begins
_FIRST_YEAR = 1970  # a date before it is a count of hours that a spreadsheet takes for a date
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7})(?::[A-Z]{1,3}\d{1,7})?"')
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Value = str | float | None


@dataclass(frozen=True)
class Grid:
    """A sheet as read: the texts of its cells by (row, column) from 1; `merged` are the first cells of merged ones."""

    file: str
    title: str
    cells: Mapping[tuple[int, int], str]
    merged: tuple[tuple[int, int], ...] = ()

    def mark(self, row: int, column: int) -> Mark:
        """The place of a cell."""
        return Mark(self.file, row, column, self.title)

    @property
    def rows(self) -> list[int]:
        """The rows that hold anything."""
        return sorted({row for row, _ in self.cells})


@dataclass(frozen=True)
class Column:
    """A column of a sheet to be written: its head, width in letters, a note on its head, the words that may stand in it."""

    head: str
    width: float = 14.0
    note: str = ""
    choices: Sequence[str] = ()
    shown_only: bool = False  # calculated: what is written here is not read back


@dataclass(frozen=True)
class Sheet:
    """A sheet to be written."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    spare: int = field(default=0)  # empty rows below that take part in the choices


# ── reading ──


def read_workbook(path: Path, name: str) -> dict[str, Grid]:
    """Every sheet of the file by its title; raises `InvalidInput` with every cell that cannot be taken as it is."""
    content = read_bytes(path, name)
    _refuse_hostile(content, name)
    openpyxl = _openpyxl()
    problems: list[Problem] = []
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        try:
            grids = {str(s.title): _grid(s, content, name, problems) for s in book.worksheets}
        finally:
            book.close()
    except InvalidInput:
        raise
    except Exception as error:  # whatever a damaged file makes of the library, people get a sentence
        _refuse(
            name, f"this is not a workbook that can be read ({type(error).__name__})", "save it as .xlsx again", error
        )
    if problems:
        raise InvalidInput(problems)
    return grids


def _refuse_hostile(content: bytes, name: str) -> None:
    """Look at the packed parts without unpacking them, then at what none of them may hold."""
    if content.startswith(_OLD):
        _refuse(name, "an old or a protected workbook", "save it as .xlsx, without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _look_into(packed, name)
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError, ValueError, zlib.error) as error:
        _refuse(name, "this is not a workbook of the kind .xlsx", "save it as .xlsx", error)


def _look_into(packed: zipfile.ZipFile, name: str) -> None:
    parts = packed.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        _refuse(name, f"unpacked it would be more than {MOST_UNPACKED:,} bytes", "leave out what is no table")
    if len({part.filename for part in parts}) < len(parts):
        _refuse(name, "two parts of the workbook have one name", "save it as .xlsx again")
    for part in parts:
        if part.flag_bits & 1:
            _refuse(name, "the workbook is protected by a password", "save it without one")
        if part.filename.lower().endswith("vbaproject.bin"):
            _refuse(name, "the workbook holds a program (macros)", "save it as .xlsx")
        if part.filename.lower().endswith((".xml", ".rels")):
            content = packed.read(part).replace(b"\x00", b"")  # at most as long as it says, or it is refused
            if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                _refuse(name, "the workbook defines entities of its own", "save it as .xlsx again")


def _grid(sheet: Any, content: bytes, name: str, problems: list[Problem]) -> Grid:
    title = str(sheet.title)
    cells: dict[tuple[int, int], str] = {}
    last = MOST_ROWS + 1
    for row in sheet.iter_rows(max_row=last, max_col=MOST_COLUMNS + 1):
        for cell in row:
            if cell.value is None or cell.value == "":
                continue
            mark = Mark(name, cell.row, cell.column, title)
            if cell.row >= last or cell.column > MOST_COLUMNS:
                what = f"more than {MOST_ROWS} rows or {MOST_COLUMNS} columns"
                raise InvalidInput([*problems, mark.problem("", what, "remove what is no part of the table")])
            text = _text(cell, mark, problems)
            if text:
                cells[cell.row, cell.column] = text
    return Grid(name, title, cells, _merged(content, getattr(sheet, "_worksheet_path", "")))


def _text(cell: Any, mark: Mark, problems: list[Problem]) -> str:  # noqa: PLR0911, PLR0912 - a kind of value a line
    """What stands in a cell, as text; "" and a problem where it is nothing that can be meant."""
    value = cell.value

    def wrong(what: str, remedy: str) -> str:
        problems.append(mark.problem("", what, remedy))
        return ""

    if cell.data_type == "f":
        return wrong("a formula; formulas are not calculated here", "write the value itself")
    if cell.data_type == "e":
        return wrong(f"the error value {str(value)[:20]}", "write the value itself")
    match value:
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return f"{value:g}" if abs(value) < 1e15 and float(f"{value:g}") == value else repr(value)
        case dt.datetime() if value.year < _FIRST_YEAR or (value.hour, value.minute, value.second) == (0, 0, 0):
            return wrong("a date without a time of day", "write a time such as 07:40 or +05:00, or a date with a time")
        case dt.datetime():
            return value.replace(microsecond=0).isoformat()
        case dt.time():
            return value.strftime("%H:%M:%S" if value.second else "%H:%M")
        case dt.timedelta():
            seconds = round(value.total_seconds())
            if seconds < 0:
                return wrong("a negative time", "nothing can happen before the start")
            return f"+{seconds // 3600:02d}:{seconds // 60 % 60:02d}" + (f":{seconds % 60:02d}" if seconds % 60 else "")
        case str():
            if len(value) > MOST_LETTERS:
                return wrong(f"a text of {len(value)} characters; at most {MOST_LETTERS} are read", "shorten it")
            if (hidden := unwanted(value)) is not None:
                return wrong(f"an invisible character (U+{ord(hidden):04X})", "remove it")
            return value.replace("\r\n", "\n").replace("\xa0", " ").strip()
        case _:
            return wrong(f"a value of a kind that is not read ({type(value).__name__})", "write text")


def _merged(content: bytes, part: str) -> tuple[tuple[int, int], ...]:
    if not part:
        return ()
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        found = _MERGED.findall(packed.read(part.lstrip("/")))
    return tuple((int(row), _number(letters.decode())) for letters, row in found[:MOST_ROWS])


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _refuse(name: str, what: str, remedy: str = "", error: Exception | None = None) -> NoReturn:
    raise InvalidInput([Problem(name, 1, 1, "", what, remedy)]) from error


def _openpyxl() -> Any:
    try:
        import openpyxl
    except ImportError as error:
        raise RunFailed("spreadsheets need the package openpyxl: pip install 'liandong[xlsx]'") from error
    return openpyxl


# ── writing ──


def write_workbook(path: Path, sheets: Sequence[Sheet]) -> Path:
    """Write the sheets: heads that stay in sight, notes on them, choices to pick from."""
    openpyxl = _openpyxl()
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in sheets:
        _write(book.create_sheet(sheet.title[:31]), sheet)
    book.save(path)
    return path


def _write(target: Any, sheet: Sheet) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    for number, column in enumerate(sheet.columns, 1):
        cell = target.cell(1, number, column.head)
        cell.font, cell.fill = (
            Font(bold=True),
            PatternFill("solid", fgColor="D9E1F2" if not column.shown_only else "DDDDDD"),
        )
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        if column.note:
            cell.comment = Comment(column.note, "liandong", width=320, height=120)
        target.column_dimensions[get_column_letter(number)].width = column.width
    for row, values in enumerate(sheet.rows, 2):
        for number, value in enumerate(values, 1):
            if value is None or value == "":
                continue
            cell = target.cell(row, number)
            if isinstance(value, str):
                cell.value = _CONTROL.sub("", value)[:32_000]
                cell.data_type = "s"  # never a formula, whatever it begins with
                cell.number_format = "@"
            else:
                cell.value = value
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if sheet.columns[number - 1].shown_only:
                cell.font = Font(color="808080")
    target.freeze_panes = "B2"
    _choices(target, sheet)


def _choices(target: Any, sheet: Sheet) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    last = len(sheet.rows) + 1 + sheet.spare
    for number, column in enumerate(sheet.columns, 1):
        listed = ",".join(column.choices)
        if not listed or len(listed) > 250 or last < 2:  # a spreadsheet takes no longer list than that
            continue
        rule = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=True)
        rule.error = listed
        letter = get_column_letter(number)
        rule.add(f"{letter}2:{letter}{last}")
        target.add_data_validation(rule)
