"""Spreadsheets that mean no good, or are merely broken: refused in a sentence, before they cost anything."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from time import monotonic

import pytest

from sim.errors import InvalidInput
from sim.sheets import MOST_ROWS, MOST_UNPACKED, Column, Sheet, read_workbook, write_workbook

openpyxl = pytest.importorskip("openpyxl")


def book(tmp_path: Path, *rows: list[object]) -> Path:
    """A workbook of one sheet."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    made.save(tmp_path / "list.xlsx")
    return tmp_path / "list.xlsx"


def repacked(file: Path, change: dict[str, bytes]) -> Path:
    """The workbook with parts replaced or added."""
    with zipfile.ZipFile(file) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()} | change
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return file


def refused(file: Path) -> str:
    """What is said of it, within a few seconds."""
    began = monotonic()
    with pytest.raises(InvalidInput) as error:
        read_workbook(file, "list.xlsx")
    assert monotonic() - began < 10
    return str(error.value)


SHEET = "xl/worksheets/sheet1.xml"
HEAD = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a workbook"), (b"PK\x03\x04 broken", "not a workbook"), (b"id,title\n1,a\n", "not a workbook"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "an old or a protected workbook"), (b"\0" * 4_000_001, "at most"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    """Empty, torn, a text, an old format, too big."""
    (tmp_path / "list.xlsx").write_bytes(content)

    assert words in refused(tmp_path / "list.xlsx")


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    """A few kilobytes that would be more than may be."""
    bomb = repacked(book(tmp_path, ["a"]), {"xl/media/big.bin": b"\0" * (MOST_UNPACKED + 1)})

    assert bomb.stat().st_size < 1_000_000 and "unpacked it would be more" in refused(bomb)


def test_entities_macros_and_doubled_parts_are_refused(tmp_path: Path) -> None:
    """What no list needs."""
    laughs = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>'
    assert "entities of its own" in refused(repacked(book(tmp_path, ["a"]), {SHEET: laughs}))
    assert "entities of its own" in refused(repacked(book(tmp_path, ["a"]), {SHEET: laughs.decode().encode("utf-16")}))
    assert "a program (macros)" in refused(repacked(book(tmp_path, ["a"]), {"xl/vbaProject.bin": b"x"}))


def test_merged_cells_over_the_whole_sheet_cost_nothing_and_are_seen(tmp_path: Path) -> None:
    """Seventeen thousand million cells in sixty letters."""
    rows = b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row></sheetData>'
    merged = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    file = repacked(book(tmp_path, ["a"]), {SHEET: HEAD + rows + merged + b"</worksheet>"})

    began = monotonic()
    grid = next(iter(read_workbook(file, "list.xlsx").values()))
    assert grid.merged == ((1, 1),) and monotonic() - began < 5


@pytest.mark.parametrize("cell", ["A1048576", "XFD1"])
def test_a_cell_at_the_far_end_is_refused_or_costs_nothing(tmp_path: Path, cell: str) -> None:
    """A sheet as wide or as long as it can be, with one cell."""
    row = cell.lstrip("XFDA")
    rows = f'<sheetData><row r="{row}"><c r="{cell}" t="inlineStr"><is><t>a</t></is></c></row></sheetData>'.encode()
    file = repacked(book(tmp_path, ["a"]), {SHEET: HEAD + rows + b"</worksheet>"})

    began = monotonic()
    grid = next(iter(read_workbook(file, "list.xlsx").values()))
    assert not grid.cells and monotonic() - began < 5


def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    """One more than may be."""
    assert f"more than {MOST_ROWS} rows" in refused(book(tmp_path, *([["a"]] * (MOST_ROWS + 1))))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (dt.time(7, 40), "07:40"), (dt.time(7, 40, 30), "07:40:30"), (dt.timedelta(hours=29), "+29:00"),
        (dt.datetime(2024, 7, 19, 3, 10), "2024-07-19T03:10:00"), (5, "5"), (0.5, "0.5"), (True, "yes"), (" 文 ", "文"),
        ("07:40", "07:40"), (1e300, "1e+300"),
    ],
)  # fmt: skip
def test_cells_are_read_as_what_they_show(tmp_path: Path, value: object, text: str) -> None:
    """Times of day, hours beyond a day, dates with times, numbers, flags, texts."""
    assert next(iter(read_workbook(book(tmp_path, [value]), "list.xlsx").values())).cells == {(1, 1): text}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("=1+1", "a formula"), ('=HYPERLINK("http://x")', "a formula"), (dt.datetime(2024, 7, 19), "a date without a time"),
        ("a\u200bb", "an invisible character"), ("x" * 20_001, "at most 20000"), (dt.timedelta(hours=-1), ""),
    ],
)  # fmt: skip
def test_cells_that_cannot_be_meant_are_told(tmp_path: Path, value: object, words: str) -> None:
    """With sheet and cell."""
    said = refused(book(tmp_path, ["a", value]))

    assert words in said and "list.xlsx:Sheet!B1: " in said


def test_what_is_written_is_never_a_formula(tmp_path: Path) -> None:
    """Text of a drill that begins with = stays text, and comes back as it was."""
    write_workbook(
        tmp_path / "out.xlsx", [Sheet("表", [Column("列", choices=("是", "否"))], [["=1+1"], ["+05:00"], [None]], 3)]
    )

    cells = openpyxl.load_workbook(tmp_path / "out.xlsx")["表"]
    assert cells["A2"].data_type == "s" and cells["A2"].value == "=1+1"
    assert read_workbook(tmp_path / "out.xlsx", "out")["表"].cells[3, 1] == "+05:00"


def test_a_cell_changed_at_random_never_breaks_the_reader(tmp_path: Path) -> None:
    """Every ninety-seventh byte of the packed file turned over in turn: read, or refused in a sentence."""
    good = book(tmp_path, ["编号", "标题"], ["a", "b"]).read_bytes()
    for at in range(0, len(good), 97):
        broken = bytearray(good)
        broken[at] ^= 0xFF
        (tmp_path / "list.xlsx").write_bytes(bytes(broken))
        try:
            read_workbook(tmp_path / "list.xlsx", "list.xlsx")
        except InvalidInput as error:
            assert str(error)
