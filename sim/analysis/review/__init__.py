"""Review: what a run shows, in the form of the national evaluation practice – from the journal and the cast alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from sim.analysis.review.accept import measures_file as measures_file
from sim.analysis.review.blocks import Origin as Origin
from sim.analysis.review.blocks import Review as Review
from sim.analysis.review.build import Earlier as Earlier
from sim.analysis.review.build import build as build
from sim.analysis.review.document import document
from sim.analysis.review.ground import Ground
from sim.analysis.review.markdown import markdown
from sim.analysis.review.page import page
from sim.domain import events as ev
from sim.journal.cast import Cast

FORMS = ("html", "docx", "md", "json")


def render(
    review: Review,
    to: str,
    events: Sequence[ev.Event],
    cast: Cast,
    *,
    brief: bool = False,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """A review (or its brief alone) in one of `FORMS`; pictures are drawn of the journal where the form shows them."""
    if to == "json":
        return msgspec.json.format(msgspec.json.encode(review.brief if brief else review), indent=2) + b"\n"
    if to == "md":
        return markdown(review, brief=brief).encode()
    if pictures is None:
        pictures = {} if brief else draw(review, events, cast)
    return page(review, pictures, brief=brief).encode() if to == "html" else document(review, pictures, brief=brief)


def draw(review: Review, events: Sequence[ev.Event], cast: Cast) -> dict[str, bytes]:
    """The pictures of a review, PNG by name."""
    from sim.analysis.review.pictures import pictures

    return pictures(Ground(events, cast, review.lang), review)
