"""The chain: which accident brought about which, when, by what kind of chance, and who died of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from sim.analysis.figures.palette import DIM, HAZARD, INK, LAND, MARK, PALE
from sim.analysis.figures.sheet import head
from sim.analysis.lines import Timeline
from sim.analysis.telling import Teller
from sim.analysis.words import clock, either
from sim.domain import events as ev
from sim.domain.people import Status
from sim.journal.cast import Cast

_WIDE, _HIGH = 3.3, 0.62  # inches of a box
_FEW = 4  # siblings by one edge that each have a box of their own
_WIDEST = 6.4  # inches of a box whose words are long
_LETTER, _LETTER_BELOW = 13.3, 17.0  # letters an inch at either size; a Chinese sign is as wide as two


@dataclass
class _Box:
    """One accident, or several that followed the same one by the same edge."""

    name: str
    when: float
    edge: str = ""
    count: int = 1
    dead: int = 0
    left_out: bool = False
    below: list[_Box] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return max(1, sum(box.rows for box in self.below))


def has_chain(events: Sequence[ev.Event]) -> bool:
    """Whether anything followed anything."""
    return any(isinstance(e, ev.Cascaded | ev.CascadeHeld) for e in events)


def draw_chain(events: Sequence[ev.Event], line: Timeline, cast: Cast, teller: Teller) -> Figure:
    """Accidents from left to right by generation; what was left out of the run stands there in grey."""
    roots = _tree(events, line, cast, teller)
    rows, depth = sum(box.rows for box in roots), max((_depth(box) for box in roots), default=1)
    box = _width(roots, cast, teller)
    figure = Figure(figsize=(max(9.0, 0.6 + depth * (box + 1.0)), 1.7 + rows * (_HIGH + 0.34)))
    high, wide = figure.get_figheight(), figure.get_figwidth()
    head(figure, line, cast, teller, "figure.chain")
    axes = figure.add_axes((0.0, 0.0, 1.0, 1 - 1.05 / high))
    axes.set_xlim(0.0, wide)
    axes.set_ylim(rows * (_HIGH + 0.34) + 0.3, -0.1)
    axes.axis("off")
    top = 0.0
    for root in roots:
        _draw(axes, root, 0.3, top, box, cast, teller)
        top += root.rows * (_HIGH + 0.34)
    return figure


def _width(boxes: Sequence[_Box], cast: Cast, teller: Teller) -> float:
    """Inches of a box in which the longest words have room, within reason."""
    widest = _WIDE
    for box in boxes:
        name, told = _words(box, cast, teller)
        widest = max(widest, _letters(name) / _LETTER + 0.3, _letters(told) / _LETTER_BELOW + 0.3)
        widest = max(widest, _width(box.below, cast, teller))
    return min(_WIDEST, widest)


def _words(box: _Box, cast: Cast, teller: Teller) -> tuple[str, str]:
    """What stands in a box: its name, and when, with what, by what."""
    told = [teller.say("figure.left_out")] if box.left_out else [clock(cast.starts_at, box.when)]
    if box.dead:
        told.append(teller.say("figure.dead", count=box.dead))
    if box.edge and not box.left_out:
        told.append(either(cast.edges, box.edge, teller.lang))
    return box.name + (f" ×{box.count}" if box.count > 1 else ""), " · ".join(told)


def _letters(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _fit(text: str, room: int) -> str:
    """As much of a text as has room, with a sign that there was more."""
    used = 0
    for i, sign in enumerate(text):
        used += 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        if used > room:
            return text[: i - 1] + "…"
    return text


def _depth(box: _Box) -> int:
    return 1 + max((_depth(child) for child in box.below), default=0)


def _tree(events: Sequence[ev.Event], line: Timeline, cast: Cast, teller: Teller) -> list[_Box]:
    """The accidents as boxes; many siblings by one edge share one."""
    edges = {e.child: e.edge for e in events if isinstance(e, ev.Cascaded)}
    held: dict[str, dict[str, int]] = {}
    for e in events:
        if isinstance(e, ev.CascadeHeld):
            by_edge = held.setdefault(e.incident, {})
            by_edge[e.edge] = by_edge.get(e.edge, 0) + 1
    dead: dict[str, int] = {}
    for person in line.persons.values():
        dead[person.incident] = dead.get(person.incident, 0) + (person.status is Status.DEAD)
    boxes = {
        i.id: _Box(teller.marked(i.id), i.occurred, edges.get(i.id, ""), dead=dead.get(i.id, 0))
        for i in line.incidents.values()
    }
    for incident in line.incidents.values():
        if incident.parent in boxes:
            boxes[incident.parent].below.append(boxes[incident.id])
    for parent, by_edge in held.items():
        for edge, count in by_edge.items():
            name = either(cast.edges, edge, teller.lang)
            boxes[parent].below.append(_Box(name, boxes[parent].when, edge, count, left_out=True))
    for box in boxes.values():
        box.below = _gathered(box.below)
    return [boxes[i.id] for i in line.incidents.values() if i.parent not in boxes]


def _gathered(siblings: Sequence[_Box]) -> list[_Box]:
    by_edge: dict[str, list[_Box]] = {}
    for box in siblings:
        by_edge.setdefault(f"{box.edge}{box.left_out}", []).append(box)
    found: list[_Box] = []
    for group in by_edge.values():
        if len(group) <= _FEW:
            found += group
            continue
        whole = _Box(group[0].name, min(b.when for b in group), group[0].edge, len(group), sum(b.dead for b in group))
        whole.below = _gathered([child for box in group for child in box.below])
        found.append(whole)
    return sorted(found, key=lambda b: (b.left_out, b.when, b.name))


def _draw(axes: Axes, box: _Box, left: float, top: float, wide: float, cast: Cast, teller: Teller) -> float:
    """A box and all below it; returns the height of its middle."""
    middle = top + box.rows * (_HIGH + 0.34) / 2 - 0.17
    face = LAND if box.left_out else "white"
    edge = PALE if box.left_out else HAZARD if not box.edge else MARK
    axes.add_patch(FancyBboxPatch((left, middle - _HIGH / 2), wide, _HIGH, boxstyle="round,pad=0,rounding_size=0.08", fc=face,
                                  ec=edge, lw=1.4, zorder=3))  # fmt: skip
    name, told = _words(box, cast, teller)
    axes.text(
        left + 0.12, middle - 0.1, _fit(name, int((wide - 0.24) * _LETTER)),
        fontsize=9, color=DIM if box.left_out else INK, va="center",
        zorder=4,
    )  # fmt: skip
    axes.text(
        left + 0.12,
        middle + 0.16,
        _fit(told, int((wide - 0.24) * _LETTER_BELOW)),
        fontsize=7.5,
        color=DIM,
        va="center",
        zorder=4,
    )
    below = top
    for child in box.below:
        y = _draw(axes, child, left + wide + 1.0, below, wide, cast, teller)
        style = {"color": PALE if child.left_out else INK, "lw": 1.1}
        axes.annotate("", (left + wide + 1.0, y), (left + wide, middle),
                      arrowprops={"arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0, **style}, zorder=2)  # fmt: skip
        below += child.rows * (_HIGH + 0.34)
    return middle
