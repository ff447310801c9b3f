"""Office: the parts of a DOCX that python-docx has no words for, and the same bytes for the same review."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

_EPOCH = (1980, 1, 1, 0, 0, 0)  # of every entry of the file, so that the same review is the same file
_CM = 360_000  # EMU in a centimetre


def element(name: str, **values: str) -> Any:
    """An element with its attributes, all of the word processor's own kind."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(name)
    for key, value in values.items():
        made.set(qn(f"w:{key}"), value)
    return made


def field(kind: str, text: str) -> Any:
    """A part of a field: where it begins or ends, or what it asks for."""
    if kind:
        return element("w:fldChar", fldCharType=kind)
    code = element("w:instrText")
    code.text = text
    return code


def unbroken(row: Any) -> None:
    """Keep a row on one page."""
    row._tr.get_or_add_trPr().append(element("w:cantSplit"))


def repeated(row: Any) -> None:
    """Show a row at the head of every page of its table."""
    row._tr.get_or_add_trPr().append(element("w:tblHeader"))


def shaded(cell: Any, colour: str) -> None:
    """Give a cell a ground."""
    cell._tc.get_or_add_tcPr().append(element("w:shd", val="clear", color="auto", fill=colour))


def borders(table: Any) -> None:
    """Rules above, below and between the rows, none between the columns; cells with narrow rims."""
    rules = element("w:tblBorders")
    for side, size, colour in (("top", "12", "16191D"), ("bottom", "12", "16191D"), ("insideH", "4", "9AA4AE")):
        rules.append(element(f"w:{side}", val="single", sz=size, space="0", color=colour))
    rims = element("w:tblCellMar")
    for side in ("left", "right"):
        rims.append(element(f"w:{side}", w="57", type="dxa"))  # a millimetre
    _placed(table._tbl.tblPr, rules, ("shd", "tblLayout", "tblCellMar", "tblLook"))
    _placed(table._tbl.tblPr, rims, ("tblLook",))


def _placed(parent: Any, child: Any, before: tuple[str, ...]) -> None:
    """Put a child before the first of these that is there: the format prescribes their order."""
    after = [x for x in parent if x.tag.rpartition("}")[2] in before]
    parent.insert(parent.index(after[0]) if after else len(parent), child)


def grid(table: Any, widths: tuple[float, ...]) -> None:
    """The grid of a table: what LibreOffice goes by."""
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = int(width * _CM)


def dots(picture: bytes) -> tuple[int, int]:
    """Width and height of a PNG in dots."""
    return int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")


def clean(text: str) -> str:
    """Text without the signs that XML does not know: controls, halves of a pair, and the two that are none."""
    return "".join(
        c for c in text if (c >= " " or c in "\t\n") and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff"
    )


def fixed(doc: Any) -> bytes:
    """The file, with the same bytes every time: entries in order, all of one date."""
    written = BytesIO()
    doc.save(written)
    target = BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as out:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            out.writestr(entry, source.read(name))
    return target.getvalue()
