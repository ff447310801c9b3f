"""Figures: a map, a timeline and curves of a run as PNG. The only user of matplotlib; no state outside a figure.

The pictures bring their own font, so that Chinese is there on every machine and the same run gives the same picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from sim.analysis import timeline
from sim.analysis.figures.chain import draw_chain, has_chain
from sim.analysis.figures.curves import draw_curves
from sim.analysis.figures.gantt import draw_timeline
from sim.analysis.figures.known import Curve, draw_known
from sim.analysis.figures.map import draw_map
from sim.analysis.figures.pair import draw_pair
from sim.analysis.figures.sheet import DPI, STYLE, load_fonts
from sim.analysis.figures.tornado import Row, draw_tornado
from sim.analysis.telling import Teller
from sim.domain import events as ev
from sim.journal.cast import Cast

_SMALL = 80  # dots an inch in a gallery


def draw(events: Sequence[ev.Event], cast: Cast, to: Path, lang: str) -> list[Path]:
    """Draw map.png, timeline.png and curves.png of a journal into a folder – and chain.png, where anything followed anything.

    Words in Chinese or English; returns the files.
    """
    made = []
    for name, picture in pictures(events, cast, lang).items():
        path = to / f"{name}.png"
        path.write_bytes(picture)
        made.append(path)
    return made


def pictures(
    events: Sequence[ev.Event], cast: Cast, lang: str, known: Sequence[Curve] = (), labels: tuple[str, str, str] = ("", "", "")
) -> dict[str, bytes]:  # fmt: skip
    """The same as PNG in memory, by name; with `known`, the curves of what was believed and what was true, as well."""
    load_fonts()
    line, teller = timeline.build(events), Teller(cast, lang)
    for event in events:
        teller.hear(event)
    with mpl.rc_context(STYLE):
        drawings = [("map", draw_map), ("timeline", draw_timeline), ("curves", draw_curves)]
        sheets = [(name, drawing(line, cast, teller)) for name, drawing in drawings]
        if has_chain(events):
            sheets.append(("chain", draw_chain(events, line, cast, teller)))
        if known:
            sheets.append(("known", draw_known(line, cast, teller, known, labels)))
        return {name: _png(figure) for name, figure in sheets}


def _png(figure: Figure) -> bytes:
    """A figure as PNG: without the writer's version in it, it is the same wherever it is made."""
    target = BytesIO()
    figure.savefig(target, dpi=DPI, format="png", metadata={"Software": None})
    return target.getvalue()


def draw_tornado_to(path: Path, title: str, outcome: str, base: float, rows: Sequence[Row], lang: str) -> None:
    """Draw a tornado into a file: the outcome's name, its value in the case itself, and a bar a number."""
    load_fonts()
    with mpl.rc_context(STYLE):
        figure = draw_tornado(title, outcome, base, rows, lang)
        figure.savefig(path, dpi=DPI, metadata={"Software": None})


def draw_pair_to(
    path: Path, with_help: Sequence[ev.Event], without: Sequence[ev.Event], cast: Cast, incident: str, lang: str
) -> None:
    """Draw one accident with a response and without into a file; both runs have the same case and seed."""
    load_fonts()
    teller = Teller(cast, lang)
    for event in with_help:
        teller.hear(event)
    with mpl.rc_context(STYLE):
        figure = draw_pair(timeline.build(with_help), timeline.build(without), cast, teller, incident)
        figure.savefig(path, dpi=_SMALL, metadata={"Software": None})
