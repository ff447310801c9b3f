"""Figures: a map, a timeline and curves of a run as PNG. The only user of matplotlib; no state outside a figure.

The pictures bring their own font, so that Chinese is there on every machine and the same run gives the same picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl

from sim.analysis import timeline
from sim.analysis.figures.chain import draw_chain, has_chain
from sim.analysis.figures.curves import draw_curves
from sim.analysis.figures.gantt import draw_timeline
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
    load_fonts()
    line, teller = timeline.build(events), Teller(cast, lang)
    for event in events:
        teller.hear(event)
    made = []
    with mpl.rc_context(STYLE):
        pictures = [("map", draw_map), ("timeline", draw_timeline), ("curves", draw_curves)]
        sheets = [(name, picture(line, cast, teller)) for name, picture in pictures]
        if has_chain(events):
            sheets.append(("chain", draw_chain(events, line, cast, teller)))
        for name, figure in sheets:
            path = to / f"{name}.png"
            # Without the writer's version in it the file is the same wherever it is made.
            figure.savefig(path, dpi=DPI, metadata={"Software": None})
            made.append(path)
    return made


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
