"""Sheet: what all pictures share – font and style, title and credits, key, clock."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.analysis import plots
from sim.analysis.figures.palette import DIM, GRID, INK, NIGHT, PALE
from sim.analysis.lines import Timeline
from sim.analysis.telling import Teller
from sim.analysis.words import named
from sim.journal.cast import Cast

DPI = 130
_SMALLEST = 6.0  # points of the letters of a key
_FONTS = Path(__file__).parents[1] / "fonts"
STYLE: dict[Any, Any] = {
    "font.family": ["Liandong Sans", "DejaVu Sans"], "font.size": 9.0, "axes.edgecolor": PALE, "axes.labelcolor": DIM,
    "text.color": INK, "xtick.color": DIM, "ytick.color": DIM, "axes.unicode_minus": False, "axes.linewidth": 0.8,
    "legend.frameon": False, "legend.fontsize": 8.0, "xtick.labelsize": 8.0, "ytick.labelsize": 8.0,
}  # fmt: skip


@cache
def load_fonts() -> None:
    """Make our fonts known, once a process."""
    for path in sorted(_FONTS.glob("*.otf")):
        font_manager.fontManager.addfont(path)


def head(figure: Figure, line: Timeline, cast: Cast, teller: Teller, title: str, about: str = "") -> None:
    """Title, when and how the run was made, and at the foot whose data it stands on."""
    high = figure.get_figheight()
    left = 0.025
    figure.text(
        left,
        1 - 0.3 / high,
        f"{cast.case.of(teller.lang)} · {teller.say(title)}",
        fontsize=14,
        weight="bold",
        va="center",
    )
    parts = [cast.city.of(teller.lang), teller.say("brief.start", date=cast.starts_at[:16].replace("T", " "))]
    if line.started:
        run = line.started
        parts.append(
            teller.say("brief.run", strategy=teller.strategy(run.strategy), seed=run.seed, number=run.replication + 1)
        )
    figure.text(
        left, 1 - 0.6 / high, " · ".join([*([about] if about else []), *parts]), fontsize=9, color=DIM, va="center"
    )
    credit = cast.credit(teller.lang)
    foot = figure.text(left, 0.1 / high, credit, fontsize=6.5, color=DIM, va="bottom")
    if credit:  # long credits grow smaller rather than run off the sheet
        room = 0.95 * figure.bbox.width / foot.get_window_extent(renderer_of(figure)).width
        foot.set_fontsize(6.5 * min(1.0, room))


def renderer_of(figure: Figure) -> Any:
    """What can measure the texts of a figure before it is drawn."""
    return FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]


def legend(figure: Figure, handles: Sequence[Any]) -> None:
    """The key to the colours and signs above the credits, in one row; one too wide for the sheet goes into two, and smaller."""
    renderer = renderer_of(figure)
    for columns, size in (
        (max(1, len(handles)), 8.0),
        (max(1, (len(handles) + 1) // 2), 7.0),
        (max(1, (len(handles) + 1) // 2), 6.0),
    ):
        key = figure.legend(handles=list(handles), loc="center", bbox_to_anchor=(0.5, 0.42 / figure.get_figheight()),
                            ncols=columns, columnspacing=1.3, handlelength=1.3, handletextpad=0.5, fontsize=size,
                            labelspacing=0.25)  # fmt: skip
        if key.get_window_extent(renderer).width <= figure.bbox.width or size == _SMALLEST:
            return
        key.remove()


def sign(marker: str, face: str, size: float, label: str, edge: str = "white") -> Line2D:
    """A sign as it stands in the key."""
    return Line2D([], [], ls="", marker=marker, mfc=face, mec=edge, ms=size, label=label)


def tier_name(tier: int, teller: Teller) -> str:
    """What a tier is called."""
    return named("tier", str(tier), teller.lang)


def clock_axis(all_axes: Sequence[Axes], line: Timeline, cast: Cast, end: float, most: int = 16) -> None:
    """Clock times along the foot until `end`, nights shaded."""
    ticks, names = plots.clock_ticks(cast.starts_at, end, most)
    for axes in all_axes:
        axes.set_xlim(0.0, max(end, 1.0))
        axes.set_xticks(ticks, names)
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(axis="x", length=3, color=PALE)
        axes.tick_params(axis="y", length=0)
        axes.set_axisbelow(True)
        axes.grid(axis="x", color=GRID, lw=0.7)
        for night in line.nights:
            axes.axvspan(night.start, night.end, color=NIGHT, lw=0, zorder=0)
