"""The fleet: which elements are free, how soon they could be somewhere, and how they are sent and called back."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.domain import events as ev
from sim.domain.command import Recall, Redirect, Send
from sim.domain.forces import ForceBook
from sim.domain.hazards import Need
from sim.domain.places import Site
from sim.domain.teams import Holding
from sim.engine.clock import grid
from sim.engine.sorties import Sortie, Told
from sim.journal.picture import Board, Floats, Ints

if TYPE_CHECKING:
    from sim.engine.incidents import Incident
    from sim.engine.posts import Desk
    from sim.engine.simulation import Simulation

_MOST_ETAS = 4096  # remembered at a time


def _flying(book: ForceBook | None, holdings: Sequence[Holding]) -> frozenset[int]:
    """The rows of those that fly."""
    forces = book.forces.values() if book else ()
    teams = {team for force in forces if force.flies for team in force.teams}
    return frozenset(row for row, holding in enumerate(holdings) if holding.team in teams)


class Fleet:
    """All elements of the city, and the sorties they are on."""

    def __init__(self, sim: Simulation) -> None:
        city = self._city = sim.case.city
        self.sim = sim
        outside = city.forces.holdings if city.forces else ()
        holdings = self._holdings = (*city.holdings, *outside)
        self.board = Board(holdings, city.kinds)
        self.profiles = {k.code: city.speeds.profile(k.vehicle, k.vehicles, k.off_road) for k in city.kinds.values()}
        self.sorties: dict[str, Sortie] = {}
        self._free = [list(range(len(h.elements))) for h in holdings]  # heaps: the lowest element goes first
        self._etas: dict[tuple[object, ...], Floats] = {}
        self._flying = _flying(city.forces, holdings)
        self._columns = self._profile_columns()
        self._orders = 0

    def is_cut_off(self, site: Site, needs: Sequence[Need]) -> bool:
        """Whether something is needed at a site that somebody has, but nobody who has it knows a way."""
        ways = np.isfinite(self.eta(site))
        have = (self.board.supply(need.capability) > 0.0 for need in needs)
        return any(h.any() and not (h & ways).any() for h in have)

    def eta(self, site: Site) -> Floats:
        """Expected seconds from an order now until arrival, by holding, as far as is known."""
        key = (site.node, site.last_mile, site.access, self.sim.traffic.view)
        eta = self._etas.get(key)
        if eta is None:
            if len(self._etas) > _MOST_ETAS:
                self._etas.clear()
            eta = self._etas[key] = self._eta(site)
        return eta

    def _eta(self, site: Site) -> Floats:
        eta = self._ready_in(night=self.sim.night).copy()
        known, weather = self.sim.traffic.known, self.sim.weather_at(site.county)
        for profile, (rows, nodes) in self._columns.items():
            walk = self._city.speeds.last_mile(site, profile, self.sim.night, weather) if site.last_mile > 0.0 else 0.0
            eta[rows] += self.sim.traffic.router.times(known, profile, site.node)[nodes] + walk
        for row in self._flying:
            eta[row] += self.sim.forces.air.span(self._holdings[row].node, site)
        eta.setflags(write=False)
        return eta

    def _ready_in(self, *, night: bool) -> Floats:
        """Expected seconds from an order to wheels rolling, by holding."""
        key = ("ready", night)
        if key not in self._etas:
            kinds = self._city.kinds
            self._etas[key] = np.array(
                [
                    self.sim.wires.order_latency(kinds[h.kind].platform, None)
                    + (kinds[h.kind].turnout_night if night else kinds[h.kind].turnout_day).median
                    + (0.0 if h.on_duty else kinds[h.kind].recall.median)
                    for h in self._holdings
                ]
            )
            if self._city.forces:
                self._etas[key] += np.array([self.sim.forces.beyond(row) for row in range(len(self._holdings))])
        return self._etas[key]

    def _profile_columns(self) -> dict[str, tuple[Ints, Ints]]:
        city = self._city
        rows: dict[str, list[int]] = {}
        for i, holding in enumerate(self._holdings):
            if i in self._flying:
                continue
            rows.setdefault(self.profiles[holding.kind], []).append(i)
        index = city.network.node_index
        return {
            profile: (np.array(r), np.array([index[self._holdings[i].node] for i in r]))
            for profile, r in sorted(rows.items())
        }

    def at_home(self, row: int) -> int:
        """How many elements of a row are at home and ready, whoever decides over them."""
        return len(self._free[row])

    def adjacent(self, county: str) -> Sequence[str]:
        """The counties around one, nearest first."""
        known = self._city.counties.get(county)
        return known.adjacent if known else ()

    def turnout(self, sortie: Sortie) -> float:
        """Seconds from the order reaching the element to wheels rolling; drawn once for element and incident."""
        kind, incident = sortie.kind, sortie.incident.id
        luck = self.sim.streams.uniform("turnout", sortie.element, incident)
        span = (kind.turnout_night if self.sim.night else kind.turnout_day).at(luck)
        if not sortie.holding.on_duty:
            span += kind.recall.at(self.sim.streams.uniform("recall", sortie.element, incident))
        return grid(span)

    def send(self, desk: Desk, incident: Incident, order: Send, cause: int) -> float:
        """Order one element of a holding out; returns what it supplies of the task."""
        city, now = self._city, self.sim.now
        row = self.board.row[order.holding]
        if not self._free[row]:  # a strategy may be wrong; the run says so and goes on
            self.sim.record(ev.OrderRefused(0, now, cause, "", order.holding, "none_free"))
            return 0.0
        index = heapq.heappop(self._free[row])
        self.board.free[row] -= 1
        holding = self._holdings[row]
        kind = city.kinds[holding.kind]
        element = holding.elements[index]
        self._orders += 1
        name = f"S{self._orders}"
        supplies = kind.supplies.get(order.task, 0.0)
        expected = grid(now + float(self.eta(incident.spec.site)[row]))
        seq = self.sim.record(
            ev.OrderGiven(
                0,
                now,
                cause,
                name,
                desk.post.id,
                element,
                holding.team,
                incident.id,
                order.task,
                supplies,
                order.grounds,
                expected,
            )
        )
        sortie = self.sorties[name] = Sortie(
            self.sim, name, element, holding, kind, holding.people[index], incident, order.task, seq
        )
        sortie.slot, sortie.expected, sortie.flies = (row, index), expected, row in self._flying
        alert = grid(now + self.sim.wires.order_latency(kind.platform, desk.post.id, element, incident.id))
        self.sim.clock.begin(sortie.story(alert))
        return supplies

    def call_back(self, desk: Desk, order: Recall | Redirect, cause: int) -> None:
        """Call an element home, or to another incident."""
        name = self.sim.world.elements.get(order.element)
        if name is None or name not in self.sorties:
            return
        sortie = self.sorties[name]
        to = order.incident if isinstance(order, Redirect) else ""
        seq = self.sim.record(ev.Recalled(0, self.sim.now, cause, name, desk.post.id, order.element, to, order.grounds))
        if isinstance(order, Redirect):
            sortie.tell(Told("redirect", seq, order.grounds, self.sim.incidents[to], order.task))
        else:
            sortie.tell(Told("recall", seq, order.grounds))

    def spare(self, incident: Incident, task: str) -> list[Sortie]:
        """Sorties on a task that could be let go: those on their way, the last to arrive first, then reserve on the spot."""
        here = [s for s in self.sorties.values() if s.incident is incident and s.crew.task == task]
        coming = sorted((s for s in here if s.journey.outbound and not s.on_spot), key=lambda s: (-s.expected, s.id))
        reserve = [s for s in here if s.on_spot and not s.resting and not s.crew.demand]
        return coming + sorted(reserve, key=lambda s: s.id)

    def dismiss(self, incident: Incident, cause: int) -> None:
        """The response is over: those on their way turn round, those on the spot go home."""
        post = self.sim.leads.pop(incident.id)
        for sortie in tuple(self.sorties.values()):
            if sortie.incident is incident and not sortie.patients:
                if sortie.on_spot:
                    sortie.tell(Told("release", cause, "closed"))
                elif sortie.journey.outbound:
                    seq = self.sim.record(
                        ev.Recalled(0, self.sim.now, cause, sortie.id, post, sortie.element, "", "closed")
                    )
                    sortie.tell(Told("recall", seq, "closed"))
        self.sim.forget(incident)

    def ready(self, sortie: Sortie, when: float) -> None:
        """An element is home; it can be sent again from `when` on."""
        del self.sorties[sortie.id]
        row, index = sortie.slot

        def back(_: object) -> None:
            heapq.heappush(self._free[row], index)
            self.board.free[row] += (
                1  # of those that others decide over, the board shows what it may before each decision
            )
            self.sim.reconsider()

        if when > self.sim.now:
            self.sim.clock.at(when, back)
        else:
            back(None)
