"""A review as Markdown: for mail, for version control, for whoever has no word processor."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sim.analysis.review.blocks import Block, Bullets, Facts, Figure, Review, Section, Table, Text
from sim.analysis.review.words import WORDS

_SIGNS = re.compile(r"([\\`*_\[\]<>|#])")


def markdown(review: Review, *, brief: bool = False) -> str:
    """The whole review, or the mayor's page alone."""
    lines = [f"# {_safe(review.case)} · {_safe(review.title if not brief else review.brief.title)}", ""]
    if not brief:
        lines += [*_facts(review.cover), ""]
    lines += list(_section(review.brief, review, 2)) if not brief else list(_inside(review.brief, review, 2))
    for section in () if brief else review.sections:
        lines += list(_section(section, review, 2))
    lines += [f"{_safe(name)}: ________________  " for name in review.signatures]
    if review.credits:
        lines += ["", f"*{_safe(review.credits)}*"]
    return "\n".join(lines) + "\n"


def _section(section: Section, review: Review, depth: int) -> Iterator[str]:
    number = f"{section.number}{'、' if review.lang == 'zh' else '.'} " if section.number else ""
    yield f"{'#' * depth} {number.strip()}{' ' if number and review.lang == 'en' else ''}{_safe(section.title)}"
    yield ""
    yield from _inside(section, review, depth)


def _inside(section: Section, review: Review, depth: int) -> Iterator[str]:
    for block in section.blocks:
        yield from _block(block, review)
        yield ""
    for part in section.parts:
        yield from _section(part, review, depth + 1)


def _block(block: Block, review: Review) -> Iterator[str]:
    match block:
        case Text(text=text):
            yield _safe(text)
        case Bullets(items=items):
            yield from (f"- {_safe(item)}" for item in items)
        case Facts(rows=rows):
            yield from _facts(rows)
        case Table():
            yield f"**{_label('table', block.number, review.lang)} {_safe(block.caption)}**"
            yield ""
            yield f"| {' | '.join(map(_safe, block.head))} |"
            yield f"|{'---|' * len(block.head)}"
            yield from (f"| {' | '.join(map(_safe, row))} |" for row in block.rows)
            if block.note:
                yield ""
                yield _safe(block.note)
        case Figure():
            yield f"*{_label('figure', block.number, review.lang)} {_safe(block.caption)}*"


def _facts(rows: tuple[tuple[str, str], ...]) -> list[str]:
    return [f"- **{_safe(name)}**: {_safe(value)}" for name, value in rows]


def _label(what: str, number: int, lang: str) -> str:
    return WORDS[what][lang != "zh"].format(number=number)


def _safe(text: str) -> str:
    """Text in which no sign means anything to Markdown or HTML, on one line."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))
