"""Believed and true: how many people reports said were trapped, dead and hurt, and how many there were."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sim.analysis import plots
from sim.analysis.figures.palette import BELIEF, INK
from sim.analysis.figures.sheet import clock_axis, head, legend
from sim.analysis.lines import Steps, Timeline
from sim.analysis.telling import Teller
from sim.journal.cast import Cast

Curve = tuple[str, Steps, Steps]  # what is counted, as believed, in truth


def draw_known(
    line: Timeline, cast: Cast, teller: Teller, curves: Sequence[Curve], labels: tuple[str, str, str]
) -> Figure:
    """One panel a count, the belief of the post in the lead over the truth; `labels` say title, belief and truth."""
    rows = max(1, math.ceil(len(curves) / 2))
    figure = Figure(figsize=(12.0, 1.9 + 1.9 * rows))
    high = figure.get_figheight()
    head(figure, line, cast, teller, labels[0])
    grid = figure.add_gridspec(
        rows, 2, left=0.06, right=0.975, top=1 - 1.05 / high, bottom=0.95 / high, hspace=0.6, wspace=0.14
    )
    cells = [figure.add_subplot(grid[i // 2, i % 2]) for i in range(len(curves))]
    for axes, (name, believed, true) in zip(cells, curves, strict=True):
        pairs: tuple[tuple[Steps, dict[str, Any]], ...] = (
            (true, {"color": INK, "lw": 1.6}),
            (believed, {"color": BELIEF, "lw": 1.8, "ls": (0, (4, 1.5))}),
        )
        for steps, style in pairs:
            times, values = plots.until(steps, 0.0, line.ended)
            axes.step(times, values, where="post", **style)
        axes.set_title(name, loc="left", fontsize=9.5, weight="bold")
        axes.set_ylim(bottom=0.0)
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    clock_axis(cells, line, cast, line.ended, most=8)
    legend(figure, [
        Line2D([], [], color=INK, lw=1.6, label=labels[2]),
        Line2D([], [], color=BELIEF, lw=1.8, ls=(0, (4, 1.5)), label=labels[1]),
    ])  # fmt: skip
    return figure
