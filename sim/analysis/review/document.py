"""A review as DOCX, in the type that offices use: 小标宋 title, 黑体 headings, 仿宋 text, A4, tables whose rows do not break."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from sim.analysis.review.blocks import BAD, GOOD, WARN, Block, Bullets, Facts, Figure, Review, Section, Table, Text
from sim.analysis.review.office import borders, clean, dots, field, fixed, grid, repeated, shaded, unbroken
from sim.analysis.review.page import NEEDED, SHORT, heading, label
from sim.errors import RunFailed

_BODY, _HEAD, _TITLE = ("FangSong", "仿宋"), ("SimHei", "黑体"), ("FZXiaoBiaoSong-B05S", "方正小标宋简体")
_ENGLISH = ("Times New Roman", "Arial", "Times New Roman")
_LONGEST_TITLE = 255  # of a document, in its properties
_COLOUR = {GOOD: "1D6B3A", WARN: "8A5A00", BAD: "A51D1D"}
_TEXT_WIDTH, _WIDE = 16.6, 26.0  # cm between the margins of a page, upright and on its side


def document(review: Review, pictures: Mapping[str, bytes], *, brief: bool = False) -> bytes:
    """The whole review, or the mayor's page alone; RunFailed with the remedy where python-docx is not installed."""
    try:
        import docx
    except ImportError as error:
        raise RunFailed(f"DOCX needs the package python-docx: {NEEDED}; md and json need nothing") from error
    return _Writer(docx.Document(), review, pictures).write(brief)


class _Writer:
    def __init__(self, doc: Any, review: Review, pictures: Mapping[str, bytes]) -> None:
        self.doc, self.review, self.pictures = doc, review, pictures
        self.zh = review.lang == "zh"
        self.lying = False  # the present sheet

    def write(self, brief: bool) -> bytes:
        self._set_up()
        if brief:
            self._one_page(f"{self.review.case} · {self.review.brief.title}")
        else:
            self._cover()
            self._one_page(self.review.brief.title)
            self._contents()
            for section in self.review.sections:
                self._section(section)
        return fixed(self.doc)

    # ── the sheet ──

    def _set_up(self) -> None:
        from docx.shared import Cm, Pt, RGBColor

        sheet = self.doc.sections[0]
        sheet.page_width, sheet.page_height = Cm(21.0), Cm(29.7)
        sheet.top_margin, sheet.bottom_margin, sheet.left_margin, sheet.right_margin = (
            Cm(2.4),
            Cm(2.2),
            Cm(2.3),
            Cm(2.1),
        )
        sheet.different_first_page_header_footer = True
        normal = self.doc.styles["Normal"]
        self._face(normal, _BODY, 0)
        normal.font.size = Pt(11)
        normal.paragraph_format.line_spacing = 1.35
        normal.paragraph_format.space_after = Pt(4)
        for name, size in (("Heading 1", 15), ("Heading 2", 12)):
            style = self.doc.styles[name]
            self._face(style, _HEAD, 1)
            style.font.size, style.font.bold, style.font.color.rgb = Pt(size), True, RGBColor(0x16, 0x19, 0x1D)
            style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(14), Pt(6)
            style.paragraph_format.keep_with_next = True
        core = self.doc.core_properties
        core.title, core.author, core.comments = (
            clean(f"{self.review.case} · {self.review.title}")[:_LONGEST_TITLE],
            "liandong",
            self.review.digest,
        )
        core.created = core.modified = datetime.fromisoformat(self.review.dated).replace(tzinfo=None)
        core.last_modified_by, core.revision = "liandong", 1
        self._page_number(sheet)

    def _face(self, style: Any, fonts: tuple[str, str], which: int) -> None:
        from docx.oxml.ns import qn

        style.font.name = _ENGLISH[which]
        faces = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            faces.attrib.pop(qn(f"w:{theme}"), None)
        faces.set(qn("w:eastAsia"), fonts[1])

    def _page_number(self, sheet: Any) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        paragraph = sheet.footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run()
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            run._r.append(field(kind, text))

    # ── parts ──

    def _cover(self) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt, RGBColor

        for text, size, before in ((self.review.title, 26, 90), (self.review.case, 17, 18)):
            paragraph = self.doc.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(14)
            run = paragraph.add_run(clean(text))
            self._run_face(run, _TITLE)
            run.font.size, run.bold = Pt(size), True
            if text == self.review.title:
                run.font.color.rgb = RGBColor(0xA5, 0x1D, 0x1D)
        self.doc.add_paragraph()
        self._facts(Facts(self.review.cover))
        self._signatures()
        if self.review.credits:
            self._small(self.review.credits)
        self.doc.add_page_break()

    def _signatures(self) -> None:
        from docx.shared import Pt

        names = self.review.signatures
        rows = [names[n : n + 2] for n in range(0, len(names), 2)]
        table = self.doc.add_table(len(rows), 2)
        for row, pair in zip(table.rows, rows, strict=True):
            for cell, name in zip(row.cells, pair, strict=False):
                cell.paragraphs[0].paragraph_format.space_before = Pt(16)
                cell.paragraphs[0].add_run(f"{name}  ____________")

    def _one_page(self, title: str) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        top = self.doc.add_heading(clean(title), 1)
        top.alignment = WD_ALIGN_PARAGRAPH.CENTER
        top.paragraph_format.space_before = Pt(0)
        before = len(self.doc.paragraphs)
        self._inside(self.review.brief)
        for paragraph in self.doc.paragraphs[before:]:  # one page is one page
            paragraph.paragraph_format.space_after = Pt(2)
            paragraph.paragraph_format.line_spacing = 1.15
            if paragraph.style.name == "Heading 2":
                paragraph.paragraph_format.space_before = Pt(7)
            for run in paragraph.runs:
                run.font.size = run.font.size or Pt(10.5)

    def _contents(self) -> None:
        self.doc.add_page_break()
        self.doc.add_heading(self.review.contents, 1)
        for section in self.review.sections:
            self.doc.add_paragraph(heading(section, self.review.lang))
        self.doc.add_page_break()

    def _stand_up(self) -> None:
        from docx.enum.section import WD_ORIENT, WD_SECTION

        self._turn(WD_SECTION.NEW_PAGE, WD_ORIENT.PORTRAIT)

    def _section(self, section: Section) -> None:
        if self.lying:
            self._stand_up()
        self.doc.add_heading(heading(section, self.review.lang), 1)
        self._inside(section)

    def _inside(self, section: Section) -> None:
        for block in section.blocks:
            self._block(block)
        for part in section.parts:
            self.doc.add_heading(part.title, 2)
            self._inside(part)

    # ── blocks ──

    def _block(self, block: Block) -> None:
        if self.lying and not (isinstance(block, Figure) and block.wide):
            self._stand_up()
        match block:
            case Text():
                self._text(block)
            case Bullets(items=items):
                for item in items:
                    self.doc.add_paragraph(clean(item), style="List Bullet")
            case Facts():
                self._facts(block)
            case Table():
                self._table(block)
            case Figure():
                self._figure(block)

    def _text(self, block: Text) -> None:
        from docx.shared import Pt, RGBColor

        paragraph = self.doc.add_paragraph()
        run = paragraph.add_run(clean(block.text))
        if block.tone:
            run.font.color.rgb = RGBColor.from_string(_COLOUR[block.tone])
        elif self.zh:
            paragraph.paragraph_format.first_line_indent = Pt(22)

    def _facts(self, block: Facts) -> None:
        if not block.rows:
            return
        table = self.doc.add_table(len(block.rows), 2)
        table.autofit = False
        widths = (_TEXT_WIDTH * 0.26, _TEXT_WIDTH * 0.74)
        for row, pair in zip(table.rows, block.rows, strict=True):
            unbroken(row)
            for n, (cell, text) in enumerate(zip(row.cells, pair, strict=True)):
                self._fill(cell, text, widths[n], 10, bold=n == 0)
        grid(table, widths)
        self._gap()

    def _table(self, block: Table) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        caption = self.doc.add_paragraph()
        caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
        caption.paragraph_format.keep_with_next = True
        caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(8), Pt(3)
        run = caption.add_run(f"{label(block, self.review.lang)}  {clean(block.caption)}")
        self._run_face(run, _HEAD)
        run.font.size = Pt(10)
        widths = tuple(_TEXT_WIDTH * w / sum(block.widths) for w in block.widths)
        table = self.doc.add_table(1, len(block.head))
        table.autofit = False
        borders(table)
        repeated(table.rows[0])
        unbroken(table.rows[0])
        for cell, text, width in zip(table.rows[0].cells, block.head, widths, strict=True):
            self._fill(cell, text, width, 8.5, bold=True, shade="EEF1F4", face=_HEAD, ahead=True)
        tones = block.tones or ("",) * len(block.rows)
        last = len(block.rows) - 1
        for number, (cells, tone) in enumerate(zip(block.rows, tones, strict=True)):
            row = table.add_row()
            unbroken(row)
            together = number != last and (last < SHORT or number == 0)
            for n, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
                colour = _COLOUR.get(tone, "") if n == block.toned else ""
                self._fill(cell, text, widths[n], 8.5, colour=colour, ahead=together)
        grid(table, widths)
        if block.note:
            self._small(block.note)
        else:
            self._gap()

    def _figure(self, block: Figure) -> None:
        from docx.enum.section import WD_ORIENT, WD_SECTION
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Cm, Pt

        picture = self.pictures.get(block.picture)
        if picture is None:
            return
        if block.wide and not self.lying:
            self._turn(WD_SECTION.NEW_PAGE, WD_ORIENT.LANDSCAPE)
        paragraph = self.doc.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = True
        width, height = dots(picture)
        wide, high = (_WIDE, 15.0) if block.wide else (_TEXT_WIDTH, 21.0)
        scale = min(wide / width, high / height)
        paragraph.add_run().add_picture(BytesIO(picture), width=Cm(width * scale), height=Cm(height * scale))
        below = self.doc.add_paragraph()
        below.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = below.add_run(f"{label(block, self.review.lang)}  {clean(block.caption)}")
        self._run_face(run, _HEAD)
        run.font.size = Pt(10)

    def _turn(self, start: Any, orientation: Any) -> None:
        """From here on the sheet lies on its side, or stands up again."""
        old = self.doc.sections[-1]
        width, height = sorted((old.page_width, old.page_height))
        new = self.doc.add_section(start)
        new.orientation = orientation
        upright = int(orientation) == 0
        self.lying = not upright
        new.page_width, new.page_height = (width, height) if upright else (height, width)
        new.different_first_page_header_footer = False

    # ── small things ──

    def _fill(
        self,
        cell: Any,
        text: str,
        width: float,
        size: float,
        *,
        bold: bool = False,
        shade: str = "",
        colour: str = "",
        face: tuple[str, str] | None = None,
        ahead: bool = False,
    ) -> None:
        from docx.shared import Cm, Pt, RGBColor

        cell.width = Cm(width)
        paragraph = cell.paragraphs[0]
        form = paragraph.paragraph_format
        form.space_after, form.line_spacing, form.keep_with_next = Pt(1), 1.05, ahead or None
        run = paragraph.add_run(clean(text))
        run.font.size, run.bold = Pt(size), bold or None
        if face:
            self._run_face(run, face)
        if colour:
            run.font.color.rgb = RGBColor.from_string(colour)
        if shade:
            shaded(cell, shade)

    def _run_face(self, run: Any, fonts: tuple[str, str]) -> None:
        from docx.oxml.ns import qn

        which = (_BODY, _HEAD, _TITLE).index(fonts)
        run.font.name = _ENGLISH[which]
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), fonts[1])

    def _small(self, text: str) -> None:
        from docx.shared import Pt, RGBColor

        paragraph = self.doc.add_paragraph()
        paragraph.paragraph_format.line_spacing = 1.1
        run = paragraph.add_run(clean(text))
        run.font.size, run.font.color.rgb = Pt(8), RGBColor(0x5B, 0x65, 0x70)

    def _gap(self) -> None:
        from docx.shared import Pt

        gap = self.doc.add_paragraph()
        gap.paragraph_format.space_after, gap.paragraph_format.line_spacing = Pt(0), Pt(6)
