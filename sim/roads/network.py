"""The road network: nodes, two-way links, places on them. Immutable; a site on a link makes a new network."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from sim.domain.places import Point
from sim.errors import InvariantBroken, UnknownName, suggest
from sim.roads import geometry

if TYPE_CHECKING:
    import networkx as nx

SITE = "site"  # kind of the nodes made for incidents on a link
PART = "#"  # `R1#2` is the second part of `R1`
GRAIN = 100.0  # m; road tables give tenths of a kilometre
CLEARANCE = 1.0  # m that a site keeps from the ends of its link, so that no part is without length


class Node(msgspec.Struct, frozen=True):
    """Where links meet: a town, a junction, an interchange, or a site. `elevation` is metres above sea."""

    id: str
    kind: str
    name_zh: str
    name_en: str
    point: Point
    county: str = ""
    town: str = ""
    elevation: float = 0.0


class Link(msgspec.Struct, frozen=True):
    """A stretch of road between nodes `a` and `b`, driven both ways.

    `length` is metres along the road; `shape` runs from a to b and may be just the two ends, hence shorter. `parent` is
    the link of the city's files that it is a part of. On a `fast` link (limited access) nobody joins between its ends.
    """

    id: str
    a: str
    b: str
    road_class: str
    length: float
    terrain: str
    county: str = ""
    road_no: str = ""
    name: str = ""
    parent: str = ""
    shape: tuple[Point, ...] = ()
    bridge: bool = False
    fast: bool = False


class Snap(msgspec.Struct, frozen=True):
    """The nearest place on a road: `fraction` of the link lies between its end a and there, `distance` metres off."""

    link: str
    fraction: float
    distance: float


class Network:
    """Nodes and links by id, in ascending order of ids whatever the order they came in."""

    def __init__(self, nodes: Mapping[str, Node], links: Mapping[str, Link]) -> None:
        self.nodes, self.links = MappingProxyType(nodes), MappingProxyType(links)

    @classmethod
    def build(cls, nodes: Iterable[Node], links: Iterable[Link]) -> Network:
        """A network of rows that `faults` finds nothing in; links without a shape get a straight one."""
        rows, ways = tuple(nodes), tuple(links)
        if wrong := faults(rows, ways):
            raise InvariantBroken(f"a network was built of unchecked rows: {'; '.join(wrong)}")
        by_id = {node.id: node for node in sorted(rows, key=lambda node: node.id)}
        straight = {link.id: (by_id[link.a].point, by_id[link.b].point) for link in ways if len(link.shape) < 2}
        ways = tuple(msgspec.structs.replace(link, shape=straight.get(link.id, link.shape)) for link in ways)
        return cls(by_id, {link.id: link for link in sorted(ways, key=lambda link: link.id)})

    # ── order ──

    @cached_property
    def node_ids(self) -> tuple[str, ...]:
        """Node ids, ascending: the order of every array over nodes."""
        return tuple(sorted(self.nodes))

    @cached_property
    def link_ids(self) -> tuple[str, ...]:
        """Link ids, ascending: the order of every array over links."""
        return tuple(sorted(self.links))

    @cached_property
    def node_index(self) -> Mapping[str, int]:
        """Position of each node in `node_ids`."""
        return MappingProxyType({id_: i for i, id_ in enumerate(self.node_ids)})

    @cached_property
    def link_index(self) -> Mapping[str, int]:
        """Position of each link in `link_ids`."""
        return MappingProxyType({id_: i for i, id_ in enumerate(self.link_ids)})

    # ── places on it ──

    def snap(self, point: Point) -> Snap:
        """The nearest place on a link that can be joined between its ends; the lower link id wins a tie."""
        ids, lines = self._joinable
        nearest, fraction, metres = lines.nearest(point)
        return Snap(ids[nearest], fraction, metres)

    def links_near(self, point: Point, radius: float) -> tuple[str, ...]:
        """Links that come within so many metres of a point, ascending."""
        ids, lines = self._all_lines
        return tuple(ids[i] for i in lines.within(point, radius))

    def nearest_node(self, point: Point) -> tuple[str, float]:
        """The nearest node of the city's own (no site), and metres to it; the lower id wins a tie."""
        ids, places = self._places
        metres = geometry.distances(places, point)
        i = int(np.argmin(metres))
        return ids[i], float(metres[i])

    def parts(self, link_id: str) -> tuple[str, ...]:
        """The links that now make up a link, from its end a to its end b: itself, or its parts if sites split it."""
        if link_id in self.links:
            return (link_id,)
        if found := _within(self._pieces.get(_whole(link_id), ()), link_id):
            return tuple(found)
        raise UnknownName("link", link_id, self.links)

    def inner_nodes(self, link_id: str) -> tuple[str, ...]:
        """The sites on a link, from a to b."""
        return tuple(self.links[part].b for part in self.parts(link_id)[:-1])

    def with_point(self, node_id: str, link_id: str, fraction: float) -> Network:
        """This network with a site on a link, where `fraction` of it lies between its end a and the site.

        The link gives way to two parts, `<link>#1` and `<link>#2`, whose lengths sum to its own exactly. A link split
        before may be named as it was: the right part of it is then split. The site keeps a metre from the ends.
        """
        return self.with_points({node_id: (link_id, fraction)})

    def with_points(self, places: Mapping[str, tuple[str, float]]) -> Network:
        """This network with many sites (node id → link, fraction), placed in ascending order of their ids."""
        nodes, links = dict(self.nodes), dict(self.links)
        pieces: dict[str, list[str]] = {}
        for node_id, (link_id, fraction) in sorted(places.items()):
            assert node_id not in nodes, f"node '{node_id}' is already there"
            assert 0 <= fraction <= 1, f"a site lies on its link: fraction {fraction}"
            self.parts(link_id)  # refuses an unknown name
            present = pieces.setdefault(_whole(link_id), list(self._pieces[_whole(link_id)]))
            part, left = _locate(links, _within(present, link_id), fraction)
            link = links.pop(part)
            nodes[node_id], one, two = _split(nodes, link, node_id, left)
            links[one.id], links[two.id] = one, two
            i = present.index(part)
            present[i : i + 1] = [one.id, two.id]
        return Network(nodes, links)

    # ── as a graph ──

    def graph(self) -> nx.MultiGraph:
        """The network for NetworkX: nodes with their structs, edges keyed by link id with `length` and `link`."""
        import networkx as nx  # here, because only checks and analyses need it

        graph = nx.MultiGraph()
        graph.add_nodes_from((id_, {"node": self.nodes[id_]}) for id_ in self.node_ids)
        graph.add_edges_from(
            (link.a, link.b, id_, {"length": link.length, "link": link}) for id_, link in sorted(self.links.items())
        )
        return graph

    def components(self) -> tuple[tuple[str, ...], ...]:
        """The connected pieces, largest first, each as its node ids ascending."""
        return _components(self.node_ids, self.links.values())

    @property
    def is_connected(self) -> bool:
        """Whether every node can be reached from every other when all links are open."""
        return len(self.components()) == 1

    # ── inside ──

    @cached_property
    def _all_lines(self) -> tuple[tuple[str, ...], geometry.Lines]:
        return self.link_ids, geometry.Lines([self.links[id_].shape for id_ in self.link_ids])

    @cached_property
    def _joinable(self) -> tuple[tuple[str, ...], geometry.Lines]:
        ids = tuple(id_ for id_ in self.link_ids if not self.links[id_].fast)
        assert ids, "a network has a link that can be joined between its ends"
        return ids, geometry.Lines([self.links[id_].shape for id_ in ids])

    @cached_property
    def _places(self) -> tuple[tuple[str, ...], geometry.Floats]:
        ids = tuple(id_ for id_ in self.node_ids if self.nodes[id_].kind != SITE)
        return ids, np.array([(self.nodes[id_].point.lon, self.nodes[id_].point.lat) for id_ in ids])

    @cached_property
    def _pieces(self) -> dict[str, tuple[str, ...]]:
        """The present ids of each link of the city's files; ascending is the order along it: R1#1, R1#2#1, R1#2#2."""
        found: dict[str, list[str]] = {}
        for id_ in self.link_ids:
            found.setdefault(_whole(id_), []).append(id_)
        return {whole: tuple(ids) for whole, ids in found.items()}


# ── findings ──


def faults(nodes: Sequence[Node], links: Sequence[Link]) -> list[str]:
    """What makes rows no network at all, one sentence each, beginning with the id it is about."""
    known = {node.id for node in nodes}
    found = [f"{id_}: the node id is given {count} times" for id_, count in _repeated(node.id for node in nodes)]
    found += [f"{id_}: the link id is given {count} times" for id_, count in _repeated(link.id for link in links)]
    for link in sorted(links, key=lambda link: link.id):
        for end in (link.a, link.b):
            if end not in known:
                found.append(f"{link.id}: its end '{end}' is no node; {suggest(end, sorted(known))}")
        if link.a == link.b:
            found.append(f"{link.id}: both its ends are '{link.a}'")
        if not 0 < link.length < math.inf:
            found.append(f"{link.id}: its length is {link.length:g} m; a link has a positive length")
        if PART in link.id and not link.parent:
            found.append(f"{link.id}: '{PART}' in a link id is kept for the parts of a link")
    return found


def problems(nodes: Iterable[Node], links: Iterable[Link], grain: float = GRAIN) -> list[str]:
    """What a city's author should know of a network: faults, impossible lengths, parts that do not hang together.

    Lengths are taken to be rounded to `grain` metres. Each finding begins with the id it is about.
    """
    rows, ways = sorted(nodes, key=lambda node: node.id), sorted(links, key=lambda link: link.id)
    found = faults(rows, ways)
    points = {node.id: node.point for node in rows}
    sound = [link for link in ways if link.a in points and link.b in points]
    for link in sound:
        straight = points[link.a].distance(points[link.b])
        if 0 < link.length < straight - grain / 2:
            found.append(f"{link.id}: {link.length:.0f} m long, but its ends lie {straight:.0f} m apart (great circle)")
    for piece in _components(tuple(points), sound)[1:]:
        shown = ", ".join(piece[:6]) + (" …" if len(piece) > 6 else "")
        found.append(f"{piece[0]}: cut off from the rest even with every link open ({len(piece)} nodes: {shown})")
    return found


def _repeated(ids: Iterable[str]) -> list[tuple[str, int]]:
    return sorted((id_, count) for id_, count in Counter(ids).items() if count > 1)


def _components(node_ids: Iterable[str], links: Iterable[Link]) -> tuple[tuple[str, ...], ...]:
    """Union of ends, without NetworkX: `check` should not have to load it."""
    leader = {id_: id_ for id_ in node_ids}

    def find(id_: str) -> str:
        while leader[id_] != id_:
            leader[id_] = leader[leader[id_]]
            id_ = leader[id_]
        return id_

    for link in links:
        leader[find(link.a)] = find(link.b)
    pieces: dict[str, list[str]] = {}
    for id_ in sorted(leader):
        pieces.setdefault(find(id_), []).append(id_)
    return tuple(sorted(map(tuple, pieces.values()), key=lambda piece: (-len(piece), piece)))


# ── splitting ──


def _whole(link_id: str) -> str:
    """The link of the city's files that a part belongs to."""
    return link_id.partition(PART)[0]


def _within(pieces: Iterable[str], link_id: str) -> list[str]:
    return [id_ for id_ in pieces if id_ == link_id or id_.startswith(link_id + PART)]


def _locate(links: Mapping[str, Link], pieces: Sequence[str], fraction: float) -> tuple[str, float]:
    """Which piece of a link the place lies on, and the metres of that piece before it."""
    left = fraction * math.fsum(links[id_].length for id_ in pieces)
    for id_ in pieces[:-1]:
        if left <= links[id_].length:
            return id_, left
        left -= links[id_].length
    return pieces[-1], left


def _split(nodes: Mapping[str, Node], link: Link, node_id: str, left: float) -> tuple[Node, Link, Link]:
    """A site `left` metres along a link, and the two parts."""
    margin = min(CLEARANCE, link.length / 2)
    left = min(max(left, margin), link.length - margin)
    longer = max(left, link.length - left)
    shorter = link.length - longer  # exact, as the longer is at least half: the two sum to the whole to the last bit
    first, second = (longer, shorter) if left * 2 > link.length else (shorter, longer)
    share = first / link.length
    before, after = geometry.cut(link.shape, share)
    a, b = nodes[link.a], nodes[link.b]
    site = Node(
        id=node_id,
        kind=SITE,
        name_zh="",
        name_en="",
        point=after[0],
        county=link.county,
        elevation=round(a.elevation + share * (b.elevation - a.elevation), 1),
    )
    whole = link.parent or link.id
    one = msgspec.structs.replace(link, id=f"{link.id}{PART}1", b=node_id, length=first, parent=whole, shape=before)
    two = msgspec.structs.replace(link, id=f"{link.id}{PART}2", a=node_id, length=second, parent=whole, shape=after)
    return site, one, two
