"""The journey of a sortie: under way by what is known of the roads, stopped by what is true of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING

from sim.domain import events as ev
from sim.engine.clock import Alarm, grid
from sim.roads.travel import Route

if TYPE_CHECKING:
    from sim.engine.sorties import Sortie, Told

_NO_ROUTE = Route((), (), ())


class Journey:
    """Where a sortie is on the road, and where it is bound.

    The course: `lead` seconds from `began` bring it to `nodes[0]` (leaving a link it was on, or a track); then the links, the
    node times being absolute; then `walk`, the last mile, if it is bound for a site off the network.
    """

    __slots__ = (
        "_bound",
        "_legs",
        "_node",
        "_sortie",
        "_target",
        "_walk",
        "_walked_out",
        "arrives",
        "began",
        "hospital",
        "lead",
        "lead_done",
        "lead_entered",
        "lead_link",
        "lead_move",
        "links",
        "nodes",
        "start",
    )

    def __init__(self, sortie: Sortie) -> None:
        self._sortie = sortie
        self._node = sortie.holding.node  # the node it stands at when it does not move
        self._walked_out = 0.0  # last mile between it and that node
        self.hospital = ""
        self._bound, self._target, self._walk = "home", self._node, 0.0
        self.nodes: tuple[str, ...] = ()
        self.links: tuple[str, ...] = ()
        self._legs: Sequence[float] = ()  # cumulative seconds from `start` to the end of each link
        self.began = self.start = self.arrives = 0.0
        self.lead, self.lead_link, self.lead_entered, self.lead_move, self.lead_done = 0.0, "", "", "node", 0.0

    def go(self, bound: str) -> Generator[Alarm, bool, str]:
        """Travel to the site, a hospital or home; returns what was reached (another, if called elsewhere on the way)."""
        sortie, sim = self._sortie, self._sortie.sim
        clock, bell = sim.clock, sortie.bell
        self._aim(bound)
        self._depart()
        sim.under_way[sortie.id] = sortie
        while True:
            stop, blocked = self._next_stop()
            yield bell.wait(stop)
            news = bell.take()
            if clock.now >= stop and not blocked:
                if self.nodes and self._target == self.nodes[-1]:
                    if told := next((n for n in news if n.what in ("recall", "redirect")), None):
                        bell.ring(told)
                    break
                self._stand_at(self.nodes[-1])
                yield from self._held()
                continue
            if blocked and clock.now >= stop:
                found = sim.record(ev.RoadFound(0, clock.now, sortie.cause, sortie.id, blocked))
                sim.traffic.learn(blocked, found)
                self._reroute("closed", found)
            for item in news:
                self._hear(item)
        del sim.under_way[sortie.id]
        self._node = self._target
        self._walked_out = self._walk if self._bound == "site" else 0.0
        return self._bound

    @property
    def outbound(self) -> bool:
        """Whether it is on its way to its incident, or about to be."""
        return self._bound == "site" or not self.nodes

    def position(self, now: float) -> tuple[str, str, float]:
        """(link, node it entered it by, share of it behind): link "" at a node or off the network."""
        if now < self.start:
            if not self.lead_link:
                return "", "", 0.0
            share = (now - self.began) / self.lead
            done = (
                self.lead_done + (1 - self.lead_done) * share
                if self.lead_move == "finish"
                else self.lead_done * (1 - share)
            )
            return self.lead_link, self.lead_entered, done
        times = self.times
        i = bisect_right(times, now)
        if i >= len(self.links):
            return "", "", 0.0
        entered_at = self.start if i == 0 else times[i - 1]
        if now <= entered_at:
            return "", "", 0.0
        return self.links[i], self.nodes[i], (now - entered_at) / (times[i] - entered_at)

    @property
    def times(self) -> tuple[float, ...]:
        """When it reaches, or reached, the end of each link."""
        return tuple(grid(self.start + leg) for leg in self._legs)

    # ── inside ──

    def _legs_from(self, now: float) -> tuple[float, ...]:
        """Cumulative seconds from `now`, when the course is set, to the end of each link."""
        lead = grid(self.start - now)
        return tuple(grid(lead + leg) for leg in self._legs) if lead else tuple(self._legs)

    def _aim(self, bound: str) -> None:
        sim, sortie = self._sortie.sim, self._sortie
        self._bound, self._walk = bound, 0.0
        if bound == "site":
            site = sortie.incident.spec.site
            if sortie.flies:  # its last mile begins where it stands
                self._target, self._walk = self._node, sim.forces.air.span(self._node, site)
            else:
                self._target, self._walk = site.node, sim.traffic.last_mile(site, sortie)
        elif bound == "hospital":
            self._target = sim.hospitals[self.hospital].node
        else:
            self._target = sortie.holding.node

    def _depart(self) -> None:
        """Set out from where it stands; held there if no way is known."""
        sortie, sim = self._sortie, self._sortie.sim
        now = sim.clock.now
        route = sim.traffic.route(sortie, self._node, self._target)
        self._set(
            now, self._walked_out, "", "", "node", 0.0, route if route is not None else Route((self._node,), (), ())
        )
        legs = self._legs_from(now)
        to = self._target if route is not None else self._node
        sortie.cause = sim.record(
            ev.Departed(
                0,
                now,
                sortie.cause,
                sortie.id,
                sortie.element,
                sortie.holding.team,
                sortie.people,
                sortie.incident.id,
                self._bound,
                to,
                self.nodes,
                self.links,
                legs,
                self.arrives,
                self._walk if self._bound == "site" and route is not None else self._walked_out,
            )
        )

    def _set(self, now: float, lead: float, link: str, entered: str, move: str, done: float, route: Route) -> None:
        self.began, self.lead, self.lead_link, self.lead_entered, self.lead_move, self.lead_done = (
            now,
            lead,
            link,
            entered,
            move,
            done,
        )
        self.start = grid(now + lead)
        self.nodes, self.links = route.nodes, route.links
        legs = self._legs = self._sortie.sim.traffic.legs_in_truth(self._sortie, route)
        at_end = grid(self.start + legs[-1]) if legs else self.start
        self.arrives = grid(at_end + self._walk) if self._bound == "site" and self.nodes[-1] == self._target else at_end

    def _next_stop(self) -> tuple[float, str]:
        """When it must stop next, and the link that stops it ("" when it is the end of the course)."""
        traffic = self._sortie.sim.traffic
        if traffic.obstructed:
            now, truth = self._sortie.sim.clock.now, traffic.truth
            barred, entry = truth.barred(), self.start
            for i, (link, left) in enumerate(zip(self.links, self.times, strict=True)):
                if entry >= now and (truth.factor(link) == 0.0 or (i and self.nodes[i] in barred)):
                    return entry, link
                entry = left
        return self.arrives, ""

    def _hear(self, news: Told) -> None:
        sortie, sim = self._sortie, self._sortie.sim
        if sortie.flies and news.what in ("roads", "blocked"):
            return
        if news.what == "recall" and self._bound == "site":
            sim.desk_of(sortie.incident).released(sortie, "recalled")
            self._turn_to("home", "recalled", news.cause)
        elif news.what == "redirect" and self._bound in ("site", "home"):
            sortie.redirect(news)
            self._turn_to("site", "redirected", news.cause)
        elif news.what == "roads":
            self._reroute(news.why, news.cause)
        elif news.what == "blocked":
            link, _, _ = self.position(sim.clock.now)
            if link and sim.traffic.is_closed(link):
                found = sim.record(ev.RoadFound(0, sim.clock.now, news.cause, sortie.id, link))
                sim.traffic.learn(link, found)
                self._reroute("closed", found)
            elif any(sim.traffic.is_misjudged(ahead) for ahead in self.links):
                self._reroute("slowed", news.cause)  # felt by those who drive it, whoever else knows

    def _turn_to(self, bound: str, why: str, cause: int | None) -> None:
        """Take another destination from where it is."""
        self._reroute(why, cause, bound)

    def _reroute(self, why: str, cause: int | None, bound: str = "") -> None:
        """Choose the way again from where it is: finish the link or turn back, whichever is quicker."""
        sortie, sim = self._sortie, self._sortie.sim
        now = sim.clock.now
        link, entered, done = self.position(now)
        node, lead, move = self._exit(now)
        before = (self.links, self.times, self.arrives, self._target)
        ahead = (self.nodes, self.links)
        if bound:
            self._aim(bound)
        route: Route | None
        if link:
            course = sim.traffic.router.onward(sim.traffic.known, sortie.profile, link, entered, done, self._target)
            if course is None:
                node, lead, move = sim.traffic.way_off(sortie, link, entered, done)
                route = None
            else:
                node, move, route = course.node, course.move, course.route
                lead = course.seconds_to_node * sim.traffic.stretch(sortie, link)
        else:
            route = sim.traffic.route(sortie, node, self._target)
        shown = route if route is not None else self._as_far_as_open(node, *ahead)
        self._set(now, grid(lead), link, entered, move, done, shown)
        if not bound and not self._differs(before):
            return
        legs = self._legs_from(now)
        sortie.cause = sim.record(
            ev.RouteChanged(
                0,
                now,
                cause if cause is not None else sortie.cause,
                sortie.id,
                why,
                move,
                link,
                entered,
                round(done, 9),
                self.lead,
                self.nodes,
                self.links,
                legs,
                self.arrives,
                sortie.incident.id,
                self._bound,
                self.nodes[-1],
                self._walk if self._bound == "site" else 0.0,
            )
        )

    def _exit(self, now: float) -> tuple[str, float, str]:
        """(node, seconds to it, move) for one that is at a node or off the network."""
        if now < self.start:
            return self.nodes[0], self.start - now, "node"
        times = self.times
        i = bisect_right(times, now)
        if i >= len(times):
            back = now - (times[-1] if times else self.start)  # on the track: back the way it came
            return self.nodes[-1], back, "turn" if back else "node"
        return self.nodes[i], 0.0, "node"

    def _as_far_as_open(self, node: str, nodes: tuple[str, ...], links: tuple[str, ...]) -> Route:
        """No way is known: the old course from `node` on, to the last place before it is closed."""
        known = self._sortie.sim.traffic.known
        if node not in nodes:  # it turns back to where it came from
            return Route((node,), (), ())
        first = nodes.index(node)
        last = known.obstacle(nodes, links, first)
        kept = links[first:last]
        legs = self._sortie.sim.traffic.router.retime(known, self._sortie.profile, kept)
        return Route(nodes[first : last + 1], kept, legs)

    def _differs(self, before: tuple[tuple[str, ...], tuple[float, ...], float, str]) -> bool:
        links, times, arrives, target = before
        own = self.times
        return (
            abs(self.arrives - arrives) > 0.0015
            or target != self._target
            or self.links != links[len(links) - len(self.links) :]
            or bool(own and times and abs(own[-1] - times[-1]) > 0.0015)
        )

    def _stand_at(self, node: str) -> None:
        self._node, self._walked_out = node, 0.0

    def _held(self) -> Generator[Alarm, bool, None]:
        """Wait at a node until a way is known again, or other orders come."""
        sortie, sim = self._sortie, self._sortie.sim
        sortie.cause = sim.record(ev.Held(0, sim.clock.now, sortie.cause, sortie.id, self._node, "no_way"))
        sim.held[sortie.id] = sortie
        if self._bound == "site":
            sim.desk_of(sortie.incident).held(sortie)
        while True:
            yield sortie.bell.wait()
            for news in sortie.bell.take():
                if news.what == "recall" and self._bound == "site":
                    sim.desk_of(sortie.incident).released(sortie, "recalled")
                    self._aim("home")
                elif news.what == "redirect":
                    sortie.redirect(news)
                    self._aim("site")
            if sim.traffic.route(sortie, self._node, self._target) is not None:
                del sim.held[sortie.id]
                if self._bound == "site":
                    sim.desk_of(sortie.incident).again(sortie)
                self._depart()
                return
