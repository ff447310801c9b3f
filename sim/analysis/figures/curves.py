"""The curves: how the hazard went, effort against need, and what became of the people."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from sim.analysis import plots
from sim.analysis.figures.palette import BELIEF, GRID, HAZARD, INK, STATUS, WORK
from sim.analysis.figures.sheet import clock_axis, head, legend
from sim.analysis.lines import Steps, Timeline
from sim.analysis.telling import Teller
from sim.analysis.words import named, shown, unit_name
from sim.journal.cast import Cast, Scale, Words

_MOST_PANELS = 5  # beside the one of people, so that the picture stays a page


def draw_curves(line: Timeline, cast: Cast, teller: Teller) -> Figure:
    """How the main incident's hazard went, effort against need, and what became of the people."""
    key = plots.main_incident(line)
    incident = line.incidents.get(key)
    readings = [
        r for r in (teller.hazard(key).readings or {}) if incident and any(v.get(r) for _, v in incident.readings)
    ][:2]
    capabilities = plots.capabilities_to_show(line, key, _MOST_PANELS - len(readings)) if incident else []
    panels = len(readings) + len(capabilities) + bool(line.persons)
    figure = Figure(figsize=(12.0, 1.9 + 2.05 * max(1, math.ceil(panels / 2))))
    high = figure.get_figheight()
    head(figure, line, cast, teller, "figure.curves", teller.marked(key) if len(line.incidents) > 1 else "")
    grid = figure.add_gridspec(max(1, math.ceil(panels / 2)), 2, left=0.06, right=0.975, top=1 - 1.05 / high, bottom=0.95 / high,
                               hspace=0.55, wspace=0.14)  # fmt: skip
    cells = [figure.add_subplot(grid[i // 2, i % 2]) for i in range(panels)]
    for axes, reading in zip(cells, readings, strict=False):
        assert incident is not None, "readings are an incident's"
        scale = teller.hazard(key).readings.get(reading, Scale(Words(reading, reading)))
        times = [t for t, v in incident.readings if reading in v]
        values = [shown(v[reading], scale.unit) for _, v in incident.readings if reading in v]
        axes.plot(times, values, color=HAZARD, lw=1.8)
        axes.fill_between(times, values, color=HAZARD, alpha=0.12, lw=0)
        panel(axes, scale.name.of(teller.lang), scale.unit, teller)
    for axes, code in zip(cells[len(readings) :], capabilities, strict=False):
        _effort(axes, line, key, code, cast, teller)
    if line.persons:
        times, rows = plots.people_by_status(line)
        _people(cells[-1], times, rows, line.ended)
        panel(cells[-1], teller.say("figure.people"), "", teller)
        order = [Patch(fc=STATUS[s.value], label=named("status", s.value, teller.lang)) for s in rows]
        cells[-1].legend(handles=order, ncols=min(5, len(order)), loc="lower right", bbox_to_anchor=(1.0, 0.99), fontsize=7.5,
                         handlelength=1.0, columnspacing=0.9, borderaxespad=0.2)  # fmt: skip
    clock_axis(cells, line, cast, line.ended, most=9)
    if capabilities:
        legend(figure, [
            Line2D([], [], color=INK, lw=1.3, ls=(0, (4, 2)), label=teller.say("figure.truth")),
            Line2D([], [], color=BELIEF, lw=1.6, label=teller.say("figure.believed")),
            Patch(fc=WORK, alpha=0.45, label=teller.say("figure.on_spot")),
        ])  # fmt: skip
    return figure


def _effort(axes: Axes, line: Timeline, key: str, code: str, cast: Cast, teller: Teller) -> None:
    incident, unit = line.incidents[key], cast.unit(code)
    start, end = incident.occurred, line.ended
    lines: tuple[tuple[Steps, dict[str, Any]], ...] = (
        (incident.needed.get(code, []), {"color": INK, "lw": 1.3, "ls": (0, (4, 2)), "zorder": 5}),
        (incident.believed.get(code, []), {"color": BELIEF, "lw": 1.6, "zorder": 4}),
    )
    for steps, style in lines:
        if plots.peak(steps):
            times, values = plots.until(steps, start, end)
            axes.step(times, [shown(v, unit) for v in values], where="post", **style)
    served = any(d.capability == code for d in incident.demands.values())
    # What no demand of the hazard asks for, such as transport of the hurt, is counted by who is there for it.
    times, values = plots.until(line.working(key, code) if served else line.present(key, code), start, end)
    axes.fill_between(times, [shown(v, unit) for v in values], step="post", color=WORK, alpha=0.45, lw=0, zorder=3)
    panel(axes, teller.capability(code), unit, teller)


def _people(axes: Axes, times: Sequence[float], rows: dict[Any, list[int]], end: float) -> None:
    base = [0.0] * len(times)
    for status, counts in rows.items():
        top = [b + n for b, n in zip(base, counts, strict=True)]
        colour = STATUS[status.value]
        axes.fill_between([*times, end], [*base, base[-1]], [*top, top[-1]], step="post", color=colour, lw=0, zorder=3)
        base = top


def panel(axes: Axes, name: str, unit: str, teller: Teller) -> None:
    """Name and unit over a panel, a grid behind it, figures with commas at its side."""
    unit = unit_name(unit, teller.lang) if unit not in ("", "1") else ""
    unit = "" if unit.lower() in name.lower().split() else unit  # "Cranes (cranes)" says nothing more
    label = (f"{name}（{unit}）" if teller.lang == "zh" else f"{name} ({unit})") if unit else name
    axes.set_title(label, loc="left", fontsize=9.5, color=INK, pad=6)
    axes.set_ylim(0.0, 1.12 * axes.dataLim.y1 or 1.0)
    axes.grid(axis="y", color=GRID, lw=0.8)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=axes.get_ylim()[1] > 2.0))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
