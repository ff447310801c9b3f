"""A review as one HTML page that needs nothing beside it: no network, no script, its pictures inside."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.analysis.review.blocks import Block, Bullets, Facts, Figure, Review, Section, Table, Text
from sim.analysis.review.words import WORDS
from sim.errors import RunFailed

SHORT = 8  # rows up to which a table stays on one page
NEEDED = "pip install 'liandong[report]'"


def page(review: Review, pictures: Mapping[str, bytes], *, brief: bool = False) -> str:
    """The whole review, or the mayor's page alone; RunFailed with the remedy where Jinja2 is not installed."""
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError as error:
        raise RunFailed(f"HTML needs the package jinja2: {NEEDED}; md and json need nothing") from error
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    names = review.signatures
    text: str = environment.get_template("page.html.j2").render(
        lang=review.lang,
        title=review.title,
        case=review.case,
        credits=review.credits,
        contents=review.contents,
        brief_only=brief,
        cover=_block(Facts(review.cover), review, pictures),
        brief=_section(review.brief, review, pictures),
        sections=[_section(s, review, pictures) for s in review.sections],
        dated=review.dated[:16].replace("T", " "),
        digest=review.digest,
        signatures=[names[n : n + 2] for n in range(0, len(names), 2)],
    )
    return text


def heading(section: Section, lang: str) -> str:
    """The number and the title of a section, as the language writes them."""
    if not section.number:
        return section.title
    return f"{section.number}、{section.title}" if lang == "zh" else f"{section.number}  {section.title}"


def label(block: Table | Figure, lang: str) -> str:
    """Table 3, 图 2; nothing where it has no number."""
    what = "table" if isinstance(block, Table) else "figure"
    return WORDS[what][lang != "zh"].format(number=block.number) if block.number else ""


def _section(section: Section, review: Review, pictures: Mapping[str, bytes]) -> dict[str, Any]:
    return {
        "key": section.key,
        "title": section.title,
        "heading": heading(section, review.lang),
        "blocks": [_block(b, review, pictures) for b in section.blocks],
        "parts": [_section(p, review, pictures) for p in section.parts],
    }


def _block(block: Block, review: Review, pictures: Mapping[str, bytes]) -> dict[str, Any]:
    match block:
        case Text(text=text, tone=tone):
            return {"kind": "text", "text": text, "tone": tone}
        case Bullets(items=items):
            return {"kind": "bullets", "rows": items}
        case Facts(rows=rows):
            return {"kind": "facts", "rows": rows}
        case Table():
            total = sum(block.widths)
            tones = block.tones or ("",) * len(block.rows)
            return {
                "kind": "table",
                "label": label(block, review.lang),
                "caption": block.caption,
                "head": block.head,
                "note": block.note,
                "rows": [{"cells": row, "tone": tone} for row, tone in zip(block.rows, tones, strict=True)],
                "toned": block.toned,
                "short": len(block.rows) <= SHORT,
                "widths": [f"{100 * w / total:.2f}" for w in block.widths],
            }
        case Figure():
            data = base64.b64encode(pictures.get(block.picture, b"")).decode()
            return {
                "kind": "figure",
                "label": label(block, review.lang),
                "caption": block.caption,
                "data": data,
                "wide": block.wide,
            }
