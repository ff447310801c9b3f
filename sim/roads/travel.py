"""Travel: how long a link takes now, the quickest way, and what to do in the middle of a link when things change."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from math import fsum, inf
from weakref import WeakKeyDictionary

import msgspec
import numpy as np

from sim.roads.conditions import Conditions
from sim.roads.network import Link, Network
from sim.roads.speeds import Speeds
from sim.roads.trees import Arcs, Flags, Floats, Forest, Route, Tree

__all__ = ["Conditions", "Course", "Route", "Router", "Speeds"]

_FORESTS_KEPT = 64  # states of the roads remembered: some ten profiles by day and night, before and after closures
_Scene = tuple[str, bool, tuple[str, ...]]  # profile, night, state of the roads by county


class Course(msgspec.Struct, frozen=True):
    """What someone in the middle of a link does: `finish` it or `turn` back, and from that `node` the route."""

    move: str
    seconds_to_node: float
    node: str
    route: Route

    @property
    def seconds(self) -> float:
        """Time to the destination."""
        return round(self.seconds_to_node + self.route.seconds, 3)


class Router:
    """Times and ways on a network. Everything asked before is a look-up until a change of the roads touches it."""

    def __init__(self, network: Network, speeds: Speeds) -> None:
        self._network, self._speeds = network, speeds
        self._links = tuple(network.links[id_] for id_ in network.link_ids)
        self._metres = np.array([link.length for link in self._links])
        self._counties = tuple(sorted({link.county for link in self._links}))
        self._arcs = Arcs(network)
        self._now: WeakKeyDictionary[Conditions, tuple[int, dict[str, Forest]]] = WeakKeyDictionary()
        self._known: dict[tuple[_Scene, frozenset[tuple[str, float]], frozenset[str]], Forest] = {}  # latest last
        self._fair = Conditions(network)

    # ── questions ──

    def times(self, cond: Conditions, profile: str, dest: str) -> Floats:
        """Seconds to a node from every node, in the order of `network.node_ids`; inf where no way leads. Read-only."""
        return self._tree(cond, profile, dest).seconds

    def route(self, cond: Conditions, profile: str, origin: str, dest: str) -> Route | None:
        """The quickest way, ties going to the lower link id at each node; None if no way is open: cut off."""
        tree = self._tree(cond, profile, dest)
        if origin not in tree.routes:
            tree.routes[origin] = self._written(tree, origin)
        return tree.routes[origin]

    def link_time(self, cond: Conditions, profile: str, link: str) -> float:
        """Seconds to drive a link from end to end; inf if it is closed."""
        return float(self._forest(cond, profile).link_ms[self._network.link_index[link]]) / 1000.0

    def link_time_open(self, cond: Conditions, profile: str, link: str) -> float:
        """Seconds to drive a link as if it were not closed: for those whom a closure finds on it."""
        return float(self._forest(cond, profile).open_ms[self._network.link_index[link]]) / 1000.0

    def retime(self, cond: Conditions, profile: str, links: Sequence[str], done: float = 0.0) -> tuple[float, ...]:
        """Cumulative seconds over the links of a way still ahead, of the first of which the share `done` lies behind.

        A closed link takes for ever, except that one closed while driven is finished by those past its middle.
        """
        steps = [self.link_time(cond, profile, link) for link in links]
        if links and done > 0.0:
            can_finish = cond.factor(links[0]) > 0.0 or _past_middle(done)
            steps[0] = (1.0 - done) * self.link_time_open(cond, profile, links[0]) if can_finish else inf
        return tuple(round(leg, 3) for leg in accumulate(steps))

    def onward(self, cond: Conditions, profile: str, link: str, entered: str, done: float, dest: str) -> Course | None:
        """The quicker of finishing a link, the share `done` of which lies behind, and turning; None if neither helps.

        A closed link is taken to be blocked in its middle: those before it must turn, those past it must finish. A
        barred site is not driven through, unless it is the destination. Of equals, finishing wins.
        """
        way = self._network.links[link]
        far = way.b if entered == way.a else way.a
        moves = [("finish", far, 1.0 - done), ("turn", entered, done)]
        if cond.factor(link) == 0.0:
            moves = moves[:1] if _past_middle(done) else moves[1:]
        whole, barred = self.link_time_open(cond, profile, link), cond.barred()
        courses = [
            Course(move, round(share * whole, 3), node, route)
            for move, node, share in moves
            if (node == dest or node not in barred) and (route := self.route(cond, profile, node, dest)) is not None
        ]
        return min(courses, key=lambda course: course.seconds, default=None)

    def metres(self, origin: str, dest: str, by: str = "time", profile: str = "light") -> float:
        """Metres of the quickest way on a dry day (`by` time) or of the shortest (`length`), all open; inf if none."""
        if by == "time":
            route = self.route(self._fair, profile, origin, dest)
        else:
            goal = self._network.node_index[dest]
            route = self._written(self._lengths.tree(goal), origin)
        return inf if route is None else route.metres

    # ── inside ──

    def _tree(self, cond: Conditions, profile: str, dest: str) -> Tree:
        return self._forest(cond, profile).tree(self._network.node_index[dest])

    def _forest(self, cond: Conditions, profile: str) -> Forest:
        """The trees under the present conditions: known at once while these do not change."""
        seen = self._now.get(cond)
        if seen is None or seen[0] != cond.version:
            seen = self._now[cond] = (cond.version, {})
        forest = seen[1].get(profile)
        if forest is None:
            forest = seen[1][profile] = self._enter(cond, profile)
        return forest

    def _enter(self, cond: Conditions, profile: str) -> Forest:
        """The forest of these conditions, with what is still true of the one last used in this weather and light."""
        road = profile.removesuffix("/off_road")
        states = tuple(self._speeds.road_state(cond.weather_at(county)) for county in self._counties)
        scene = (road, cond.night, states)
        key = (scene, cond.factors(), cond.barred())
        forest = self._known.pop(key, None)
        latest = next((kept for (other, _, _), kept in reversed(self._known.items()) if other == scene), None)
        if forest is None:
            speed = latest.speed if latest is not None else self._speed(scene)
            forest = Forest(self._arcs, self._metres, speed, self._factors(cond), self._barred(cond))
        if latest is not None:
            forest.inherit(latest)
        self._known[key] = forest
        if len(self._known) > _FORESTS_KEPT:
            del self._known[next(iter(self._known))]
        return forest

    def _speed(self, scene: _Scene) -> Floats:
        """Metres a second on each link when it is neither closed nor slowed."""
        profile, night, states = scene
        state = dict(zip(self._counties, states, strict=True))
        kinds = [(link.road_class, link.terrain, state[link.county]) for link in self._links]
        found = {
            kind: self._speeds.on_road(profile, kind[0], kind[1], night=night, state=kind[2])
            for kind in dict.fromkeys(kinds)
        }
        return np.array([found[kind] for kind in kinds])

    def _factors(self, cond: Conditions) -> Floats:
        factors = np.ones(len(self._links))
        for link, factor in cond.factors():
            factors[self._network.link_index[link]] = factor
        return factors

    def _barred(self, cond: Conditions) -> Flags:
        barred = np.zeros(len(self._network.nodes), dtype=bool)
        for node in cond.barred():
            barred[self._network.node_index[node]] = True
        return barred

    @cached_property
    def _lengths(self) -> Forest:
        """Trees of shortest ways: a metre takes a second, all is open."""
        return Forest(
            self._arcs, self._metres, np.ones(len(self._links)), self._factors(self._fair), self._barred(self._fair)
        )

    def _written(self, tree: Tree, origin: str) -> Route | None:
        node = self._network.node_index[origin]
        start = tree.ms[node]
        if not np.isfinite(start):
            return None
        nodes: list[str] = [origin]
        links: list[Link] = []
        legs: list[float] = []
        while (arc := int(tree.arc[node])) >= 0:
            node = int(self._arcs.head[arc])
            link = self._links[self._arcs.link[arc]]
            nodes.append(self._network.node_ids[node])
            links.append(link)
            legs.append(round(float(start - tree.ms[node]) / 1000.0, 3))
        metres = round(fsum(link.length for link in links), 3)
        return Route(tuple(nodes), tuple(link.id for link in links), tuple(legs), metres)


def _past_middle(done: float) -> bool:
    return done > 1.0 - done
