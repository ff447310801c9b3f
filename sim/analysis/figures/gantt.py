"""The timeline: incidents and teams as bars of what they were doing."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.analysis import plots
from sim.analysis.figures.palette import DIM, INK, MARK, PHASE, STATE, TIER
from sim.analysis.figures.sheet import clock_axis, head, legend, sign, tier_name
from sim.analysis.lines import Span, Timeline
from sim.analysis.telling import Teller
from sim.analysis.words import named
from sim.journal.cast import Cast, Words

_LABEL = 34  # characters of a team's name in a line; Chinese names are shorter
_MOST_LANES, _MOST_INJECTS = 26, 9
_NEAR = 0.02  # share of the axis within which numbers of injects would touch


def draw_timeline(line: Timeline, cast: Cast, teller: Teller) -> Figure:
    """Incidents and teams as bars of what they were doing, nights shaded, injects marked."""
    rows, left_out = plots.team_rows(line, cast, _MOST_LANES)
    incidents = list(line.incidents.values())[:8]
    heights = [0.8 * len(incidents) + 0.2, *([0.42 * sum(r.height for r in rows) + 0.2] if rows else [])]
    figure = Figure(figsize=(12.0, max(4.6, 2.3 + 0.52 * sum(heights))))
    grid = figure.add_gridspec(len(heights), 1, height_ratios=heights, left=0.2, right=0.975, hspace=0.05,
                               top=1 - 0.95 / figure.get_figheight(), bottom=1.15 / figure.get_figheight())  # fmt: skip
    top = figure.add_subplot(grid[0])
    head(figure, line, cast, teller, "figure.timeline")
    for n, incident in enumerate(incidents):
        _bars(top, incident.phases, n, 0.34, PHASE, line.ended)
        for t in (t for t, _ in incident.milestones):
            top.plot(t, n, marker="D", ms=4.5, mfc="white", mec=INK, mew=0.9, zorder=6, clip_on=t > line.acted_until)
        if incident.over is not None:
            top.plot([incident.over] * 2, [n - 0.34, n + 0.34], color=INK, lw=1.4, zorder=6)
    _rows(
        top,
        [fill(teller.marked(i.id), _LABEL) for i in incidents],
        [float(i) for i in range(len(incidents))],
        len(incidents) - 0.4,
    )
    all_axes = [top]
    if rows:
        below = figure.add_subplot(grid[1], sharex=top)
        all_axes.append(below)
        centres, y = [], 0.0
        for row in rows:
            lanes = list(dict.fromkeys(s.element for s in row.lanes))
            for sortie in row.lanes:
                lane = y + lanes.index(sortie.element)
                _bars(below, plots.merged([s for s in sortie.spans if s.what in STATE]), lane, 0.36, STATE, line.ended)
            centres.append(y + (len(lanes) - 1) / 2)
            y += row.height + 0.25
        _rows(below, [_team(row, teller) for row in rows], centres, y - 0.75)
        for centre, row in zip(centres, rows, strict=True):
            beside = below.get_yaxis_transform()
            below.plot(-0.008, centre, marker="o", ms=5, color=TIER[row.tier], transform=beside, clip_on=False)
        below.tick_params(axis="y", pad=11)
        top.tick_params(labelbottom=False)
    clock_axis(all_axes, line, cast, line.acted_until)
    _injects(figure, all_axes, line, teller)
    if left_out:
        more = teller.say("figure.more", count=left_out)
        figure.text(0.975, 1 - 0.6 / figure.get_figheight(), more, fontsize=9, color=DIM, ha="right", va="center")
    states = [s for s in STATE if any(x.what == s for r in rows for sortie in r.lanes for x in sortie.spans)]
    phases = [p for p in PHASE if any(x.what == p for i in incidents for x in i.phases)]
    keys: list[Any] = [Patch(fc=PHASE[p], label=named("phase", p, teller.lang)) for p in phases]
    keys += [Patch(fc=STATE[s], label=named("state", s, teller.lang)) for s in states]
    keys += [sign("o", TIER[t], 7, tier_name(t, teller)) for t in sorted({r.tier for r in rows})]
    legend(figure, keys)
    return figure


def _bars(axes: Axes, spans: Sequence[Span], y: float, half: float, colours: dict[str, str], end: float) -> None:
    for span in spans:
        width = min(span.end, end) - span.start
        axes.barh(y, width, left=span.start, height=2 * half, color=colours[span.what], lw=0, zorder=4)


def _rows(axes: Axes, names: Sequence[str], centres: Sequence[float], bottom: float) -> None:
    axes.set_yticks(list(centres), names, fontsize=8.5, color=INK)
    axes.set_ylim(bottom, -0.6)


def _team(row: plots.TeamRow, teller: Teller) -> str:
    name = teller.team_name(row.team)
    return fill(f"{name} ×{row.elements}" if row.elements > 1 else name, _LABEL)


def _injects(figure: Figure, all_axes: Sequence[Axes], line: Timeline, teller: Teller) -> None:
    """A number at the top of each inject's line, and what the numbers stand for at the foot."""
    texts: dict[float, list[str]] = {}
    for t, _, zh, en in line.injects:
        if (text := Words(zh, en).of(teller.lang)) not in texts.setdefault(t, []):
            texts[t].append(text)
    told = list(texts.items())[:_MOST_INJECTS]
    for axes in all_axes:
        for t, _ in told:
            axes.axvline(t, color=MARK, lw=0.9, ls=(0, (4, 2)), zorder=5)
    for label, t in plots.numbered([t for t, _ in told], line.acted_until * _NEAR):
        all_axes[0].annotate(label, (t, 1.0), xycoords=("data", "axes fraction"), xytext=(0, 5), textcoords="offset points",
                             ha="center", va="bottom", fontsize=8, color="white", weight="bold",
                             bbox={"boxstyle": "round,pad=0.25,rounding_size=0.6", "fc": MARK, "ec": "none"})  # fmt: skip
    if told:
        key = "   ".join(f"{n} {teller.listed(said)}" for n, (_, said) in enumerate(told, 1))
        foot = teller.say("figure.injects", injects=key)
        figure.text(0.2, 0.66 / figure.get_figheight(), foot, fontsize=8, color=MARK)
