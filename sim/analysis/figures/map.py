"""The map: where the forces came from, and what they met on the way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from typing import Any

from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Bbox, ScaledTranslation

from sim.analysis import plots
from sim.analysis.figures.palette import COUNTY, HAZARD, INK, LAND, MARK, ROAD, SMALL_ROAD, TIER
from sim.analysis.figures.sheet import DPI, head, legend, renderer_of, sign, tier_name
from sim.analysis.lines import Timeline
from sim.analysis.telling import Teller
from sim.journal.cast import Cast

_HALO = patheffects.withStroke(linewidth=2.4, foreground="white")
_MOST_LABELS = 14
_AROUND = (
    (8, 0, "left", "center"), (-8, 0, "right", "center"), (0, 8, "center", "bottom"), (0, -8, "center", "top"),
    (7, 7, "left", "bottom"), (7, -7, "left", "top"), (-7, 7, "right", "bottom"), (-7, -7, "right", "top"),
)  # fmt: skip
_FAR = (1.0, 3.0, 6.0, 9.0, 12.0)  # times as far as beside the sign


def draw_map(line: Timeline, cast: Cast, teller: Teller) -> Figure:
    """Counties and roads, incidents, hospitals, and where the forces came from, coloured by tier."""
    nodes = {name: (node.lon, node.lat) for name, node in cast.nodes.items()}
    homes, used = plots.homes(line, cast), plots.roads_used(line, cast)
    sites = [(i.site.point.lon, i.site.point.lat) for i in line.incidents.values()]
    on_way = [p for counts in used.values() for link in counts for p in plots.shape_of(cast, link, nodes)]
    places = [*sites, *(h.place for h in homes), *on_way] or list(nodes.values()) or [(0.0, 0.0)]
    figure, axes = _map_sheet(plots.frame(places, 0.06))
    head(figure, line, cast, teller, "figure.map")
    _land(axes, cast, nodes)
    for tier in sorted(used, reverse=True):
        shift = ScaledTranslation((tier - 2) * 1.8 / 72, (2 - tier) * 1.8 / 72, figure.dpi_scale_trans)
        widths = [min(2.8, 1.1 + 0.4 * math.log2(n)) for n in used[tier].values()]
        shapes = [plots.shape_of(cast, link, nodes) for link in used[tier]]
        axes.add_collection(LineCollection(shapes, linewidths=widths, colors=TIER[tier], alpha=0.85, capstyle="round",
                                           transform=axes.transData + shift, zorder=4), autolim=False)  # fmt: skip
    closed = sorted({s.what for s in line.closures} & cast.links.keys())
    for link in closed:
        shape = plots.shape_of(cast, link, nodes)
        axes.plot(*zip(*shape, strict=True), color=INK, lw=2.2, ls=(0, (1, 1.2)), zorder=5)
        axes.plot(*shape[len(shape) // 2], marker="X", ms=9, mfc=INK, mec="white", mew=1.0, zorder=7)
    beds = {p.hospital for p in line.persons.values() if p.hospital}
    hospitals = [h for name, h in sorted(cast.hospitals.items()) if name in beds and h.node in nodes]
    for hospital in hospitals:
        axes.plot(*nodes[hospital.node], marker="P", ms=10, mfc="white", mec=MARK, mew=1.6, zorder=6)
    for home in homes:
        size = min(9.0, 3.5 + 1.1 * math.log2(1 + home.people / 10))
        axes.plot(*home.place, marker="o", ms=size, mfc=TIER[home.tier], mec="white",
                  mew=0.8, zorder=6)  # fmt: skip
    for site in sites:
        axes.plot(*site, marker="*", ms=19, mfc=HAZARD, mec="white", mew=1.2, zorder=8)
    _label_places(figure, axes, line, homes, hospitals, nodes, teller)
    _scale_bar(axes)
    tiers = [
        Line2D([], [], color=TIER[t], lw=2.5, marker="o", ms=6, mec="white", label=tier_name(t, teller))
        for t in sorted(used)
    ]
    signs = [sign("*", HAZARD, 14, teller.say("figure.incident"))]
    signs += [sign("P", "white", 9, teller.say("figure.hospital"), edge=MARK)] if hospitals else []
    signs += [sign("X", INK, 8, teller.say("figure.closed"))] if closed else []
    legend(figure, [*tiers, *signs])
    return figure


def _land(axes: Axes, cast: Cast, nodes: dict[str, Any]) -> None:
    for county in cast.counties.values():
        for ring in county.rings:
            axes.fill(*zip(*ring, strict=True), fc=LAND, ec="#c9c3b4", lw=0.9, zorder=1)
    for kind in sorted({link.road_class for link in cast.links.values()}):
        width, colour = ROAD.get(kind, SMALL_ROAD)
        shapes = [plots.shape_of(cast, name, nodes) for name, link in cast.links.items() if link.road_class == kind]
        axes.add_collection(LineCollection(shapes, linewidths=width, colors=colour, zorder=2.5), autolim=False)


def _label_places(figure: Figure, axes: Axes, line: Timeline, homes: Sequence[plots.Home], hospitals: Sequence[Any],
                  nodes: dict[str, Any], teller: Teller) -> None:  # fmt: skip
    """Names beside their signs, the most important first; one that finds no free place is left out."""
    labels = [
        ((i.site.point.lon, i.site.point.lat), teller.marked(i.id), "#a8431a", "bold") for i in line.incidents.values()
    ]
    labels += [(nodes[h.node], h.name.of(teller.lang), "#8c2f53", "normal") for h in hospitals]
    labels += [
        (h.place, teller.say("figure.place", place=teller.node(h.node), count=h.people), INK, "normal")
        for h in homes[:_MOST_LABELS]
    ]  # fmt: skip
    renderer = renderer_of(figure)
    at = axes.transData.transform
    taken = [Bbox.from_bounds(x - 7, y - 7, 14, 14) for x, y in (at(place) for place, *_ in labels)]
    inside = axes.get_window_extent()
    for place, name, colour, weight in labels:
        first = weight == "bold"  # an incident is named wherever there is room, with a line to its sign
        text = axes.annotate(name, place, xytext=(0, 0), textcoords="offset points", color=colour, fontsize=8.5, zorder=9,
                             weight=weight, path_effects=[_HALO], annotation_clip=False,
                             arrowprops={"arrowstyle": "-", "lw": 0.7, "color": colour} if first else None)  # fmt: skip
        if not _settle(text, taken, inside, renderer, _FAR if first else (1.0,)):
            text.remove()
    for county in teller.cast.counties.values():
        if county.rings:
            title = axes.text(*plots.middle(max(county.rings, key=len)), county.name.of(teller.lang), color=COUNTY, ha="center",
                             va="center", fontsize=10, zorder=3.5, path_effects=[_HALO])  # fmt: skip
            box = title.get_window_extent(renderer)
            if box.count_overlaps(taken) or not _holds(inside, box):
                title.remove()


def _settle(text: Any, taken: list[Bbox], inside: Bbox, renderer: Any, far: Sequence[float]) -> bool:
    """Move a label to the first free place around its sign; False if there is none."""
    for times, (dx, dy, across, up) in product(far, _AROUND):
        text.set_position((dx * times, dy * times))
        text.set_ha(across)
        text.set_va(up)
        text.update_positions(renderer)
        box = Text.get_window_extent(text, renderer).padded(1.0)  # of the words alone, without the line
        if _holds(inside, box) and not box.count_overlaps(taken):
            taken.append(box)
            return True
    return False


def _holds(outer: Bbox, inner: Bbox) -> bool:
    return bool(outer.x0 <= inner.x0 and inner.x1 <= outer.x1 and outer.y0 <= inner.y0 and inner.y1 <= outer.y1)


def _scale_bar(axes: Axes) -> None:
    west, east, south, north = *axes.get_xlim(), *axes.get_ylim()
    km_a_degree = 111.2 * math.cos(math.radians((south + north) / 2))
    length = plots.round_length((east - west) * km_a_degree * 0.22)
    x, y = west + (east - west) * 0.025, south + (north - south) * 0.035
    axes.plot([x, x + length / km_a_degree], [y, y], color=INK, lw=2.0, solid_capstyle="butt", zorder=9)
    axes.text(x, y + (north - south) * 0.012, f"{length:g} km", fontsize=8.5, va="bottom", zorder=9,
              path_effects=[_HALO])  # fmt: skip


def _map_sheet(box: tuple[float, float, float, float]) -> tuple[Figure, Axes]:
    """A sheet whose map shows a box of degrees without distortion; as wide as the box asks, within reason."""
    west, east, south, north = box
    stretch = math.cos(math.radians((south + north) / 2))
    high, foot, head = 8.4, 0.8, 0.9
    wide = min(12.0, max(8.4, (high - foot - head) * (east - west) * stretch / (north - south)))
    figure = Figure(figsize=(wide, high), dpi=DPI)
    axes = figure.add_axes((0.025, foot / high, 0.95, 1 - (foot + head) / high))
    size = axes.get_window_extent()
    more = (north - south) / stretch * size.width / size.height - (east - west)
    if more > 0:
        west, east = west - more / 2, east + more / 2
    else:
        more = (east - west) * stretch * size.height / size.width - (north - south)
        south, north = south - more / 2, north + more / 2
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_xticks([])
    axes.set_yticks([])
    return figure, axes
