"""The tornado: which assumed number decides, each bar from the low to the high end of its range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill

from matplotlib.figure import Figure

from sim.analysis.figures.palette import DIM, GRID, INK, PALE, TIER
from sim.analysis.words import say

_ROW = 0.34  # inches
_LETTERS = 52  # of a name in a line; a Chinese sign is as wide as two


@dataclass(frozen=True)
class Row:
    """A bar: what it is called, the range in words, and the outcome at its ends."""

    name: str
    ends: str
    low: float
    high: float
    directed: bool = True  # both ends on one side of the base are luck, not influence


def draw_tornado(title: str, outcome: str, base: float, rows: Sequence[Row], lang: str) -> Figure:
    """Bars around the outcome of the case itself, the longest on top; blue is the low end of a range, orange the high."""
    figure = Figure(figsize=(11.0, 1.7 + _ROW * max(1, len(rows))))
    high = figure.get_figheight()
    axes = figure.add_axes((0.5, 0.75 / high, 0.47, 1 - 1.6 / high))
    figure.text(0.02, 1 - 0.38 / high, title, fontsize=13, color=INK, weight="bold")
    figure.text(0.02, 1 - 0.66 / high, say("tornado.about", lang, outcome=outcome), fontsize=9, color=DIM)
    beside = axes.get_yaxis_transform()
    for i, row in enumerate(rows):
        ends = sorted(((row.low, TIER[1]), (row.high, TIER[3])), key=lambda end: -abs(end[0] - base))
        for n, (value, colour) in enumerate(ends):  # where both lie on one side the shorter is the narrower
            shade = colour if row.directed else PALE
            axes.barh(i, value - base, left=base, height=0.62 - 0.2 * n, color=shade, zorder=3)
        if not row.directed:
            axes.text(base, i, " " + say("tornado.luck", lang), va="center", fontsize=7, color=DIM, zorder=5)
        name = fill(row.name, _LETTERS if row.name.isascii() else _LETTERS // 2)
        axes.text(-0.36, i, name, transform=beside, ha="right", va="center", fontsize=8.5 if "\n" not in name else 7)
        axes.text(-0.02, i, row.ends, transform=beside, ha="right", va="center", fontsize=7.5, color=DIM)
    axes.axvline(base, color=INK, lw=1.1, zorder=4)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_yticks([])
    axes.grid(axis="x", color=GRID, lw=0.8)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.set_xlabel(outcome, fontsize=9)
    return figure
