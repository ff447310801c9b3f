"""The pair: one accident with a response and without, beside each other – hazard, effort, people."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.analysis import plots
from sim.analysis.figures.curves import panel
from sim.analysis.figures.palette import HAZARD, INK, STATUS, WORK
from sim.analysis.figures.sheet import clock_axis, head, legend
from sim.analysis.lines import IncidentLine, Timeline
from sim.analysis.telling import Teller
from sim.analysis.words import shown
from sim.domain.hazards import DemandKind
from sim.domain.people import FINAL, Status
from sim.journal.cast import Cast, Scale, Words

_READINGS = 2
_MOST = 20  # capabilities looked at


@dataclass(frozen=True)
class Side:
    """One of the two runs, and its end as far as it is shown."""

    line: Timeline
    incident: IncidentLine


def draw_pair(with_help: Timeline, without: Timeline, cast: Cast, teller: Teller, key: str) -> Figure:
    """Readings (two that move most), the effort that came, people in danger and dead; solid with a response, dashed without."""
    sides = (Side(with_help, with_help.incidents[key]), Side(without, without.incidents[key]))
    readings = _moving(sides, teller)
    codes = _telling(with_help, key)
    panels = len(readings) + len(codes) + 1
    figure = Figure(figsize=(12.0, 1.9 + 2.05 * ((panels + 1) // 2)))
    high = figure.get_figheight()
    head(figure, with_help, cast, teller, "figure.pair")
    grid = figure.add_gridspec((panels + 1) // 2, 2, left=0.06, right=0.975, top=1 - 1.05 / high, bottom=0.95 / high,
                               hspace=0.55, wspace=0.14)  # fmt: skip
    cells = [figure.add_subplot(grid[i // 2, i % 2]) for i in range(panels)]
    end = _end(sides)
    for axes, reading in zip(cells, readings, strict=False):
        scale = teller.hazard(key).readings.get(reading, Scale(Words(reading, reading)))
        for side, style in zip(sides, ("-", (0, (4, 2))), strict=True):
            points = [(t, v[reading]) for t, v in side.incident.readings if reading in v and t <= end]
            if points and points[-1][0] < end:
                points.append((end, points[-1][1]))
            axes.plot([t for t, _ in points], [shown(v, scale.unit) for _, v in points], color=HAZARD, lw=1.7, ls=style)
        panel(axes, scale.name.of(teller.lang), scale.unit, teller)
    for axes, code in zip(cells[len(readings) :], codes, strict=False):
        _effort(axes, sides[0], key, code, end, cast, teller)
    _people(cells[-1], sides, key, end, teller)
    clock_axis(cells, with_help, cast, end, most=9)
    legend(figure, [
        Line2D([], [], color=INK, lw=1.7, label=teller.say("figure.with")),
        Line2D([], [], color=INK, lw=1.7, ls=(0, (4, 2)), label=teller.say("figure.without")),
        Patch(fc=WORK, alpha=0.45, label=teller.say("figure.on_spot")),
        Patch(fc=STATUS["trapped"], label=teller.say("figure.in_danger")),
        Patch(fc=STATUS["dead"], label=teller.say("figure.dead_so_far")),
    ])  # fmt: skip
    return figure


def _moving(sides: tuple[Side, Side], teller: Teller) -> list[str]:
    """The readings that move most, in the order of the card: how far, over how large they are."""
    names = list(teller.hazard(sides[0].incident.id).readings)
    swing = {}
    for name in names:
        values = [v[name] for side in sides for _, v in side.incident.readings if name in v]
        top = max((abs(v) for v in values), default=0.0)
        swing[name] = (max(values) - min(values)) / top if top > 0.0 else 0.0
    most = sorted(names, key=lambda n: (-round(swing[n], 2), names.index(n)))[:_READINGS]
    return [name for name in names if name in most and swing[name] > 0.0]


def _telling(line: Timeline, key: str) -> list[str]:
    """The capability whose effort tells most: one that changes the hazard, rather than one that only stands by."""
    codes = plots.capabilities_to_show(line, key, _MOST)
    kinds: dict[str, set[DemandKind]] = {}
    for demand in line.incidents[key].demands.values():
        kinds.setdefault(demand.capability, set()).add(demand.kind)
    order = (DemandKind.RATE, DemandKind.WORK, DemandKind.SERVICE)
    for kind in order:
        if found := [code for code in codes if kind in kinds.get(code, ())]:
            return found[:1]
    return codes[:1]


def _end(sides: tuple[Side, Side]) -> float:
    """Until both are over, or a third longer than the one with a response, whichever is sooner."""
    over = sides[0].incident.over or sides[0].line.ended
    other = sides[1].incident.over or sides[1].line.ended
    began = sides[0].incident.occurred
    return began + max((over - began) * 1.33, min(other - began, 2.0 * (over - began)))


def _effort(axes: Axes, side: Side, key: str, code: str, end: float, cast: Cast, teller: Teller) -> None:
    unit = cast.unit(code)
    served = any(d.capability == code for d in side.incident.demands.values())
    steps = side.line.working(key, code) if served else side.line.present(key, code)
    times, values = plots.until(steps, side.incident.occurred, end)
    axes.fill_between(times, [shown(v, unit) for v in values], step="post", color=WORK, alpha=0.45, lw=0, zorder=3)
    panel(axes, teller.capability(code), unit, teller)


def _people(axes: Axes, sides: tuple[Side, Side], key: str, end: float, teller: Teller) -> None:
    for side, style in zip(sides, ("-", (0, (4, 2))), strict=True):
        people = [p for p in side.line.persons.values() if p.incident == key and p.group != "responders"]
        times = sorted({t for p in people for t, _, _ in p.statuses if t <= end} | {side.incident.occurred, end})
        danger, dead = [], []
        for t in times:
            now = [p.at(t) for p in people]
            danger.append(sum(s is not None and s not in FINAL and s is not Status.HOSPITAL for s in now))
            dead.append(sum(s is Status.DEAD for s in now))
        axes.step(times, danger, where="post", color=STATUS["trapped"], lw=1.7, ls=style)
        axes.step(times, dead, where="post", color=STATUS["dead"], lw=1.7, ls=style)
    panel(axes, teller.say("figure.people"), "", teller)
