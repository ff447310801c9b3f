"""Lorries with supplies on the road: by what is known of it, stopped by what is true of it; then counted, signed, handed out."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from sim.domain import events as ev
from sim.domain.stores import Depot
from sim.engine.clock import Alarm, Story, Turn, grid
from sim.roads.travel import Route

if TYPE_CHECKING:
    from sim.engine.stores import Relief, StoreRoom

Cargo = Sequence[tuple[str, str, float, int]]  # request, item, amount, number of the event that allotted it


class Convoy:
    """A few lorries from a depot to where the supplies are wanted."""

    def __init__(
        self,
        room: StoreRoom,
        relief: Relief,
        depot: Depot,
        id_: str,
        whose: tuple[str, ...],
        trucks: int,
        cargo: Cargo,
    ) -> None:
        self.room, self.relief, self.depot, self.id, self.trucks, self.cargo = room, relief, depot, id_, trucks, cargo
        self.sim, self._whose = room.sim, whose  # luck is named after incident, depot and which convoy of it this is
        self.node = depot.node
        self.cause: int | None = None
        self._profile = room.profile(trucks)

    def leave(self, _: object) -> None:
        """It is loaded and sets out."""
        for request, item, amount, cause in self.cargo:
            self.cause = self.sim.record(
                ev.SupplyLoaded(
                    0, self.sim.now, cause, request, self.relief.id, self.depot.id, item, amount, self.id
                )
            )  # fmt: skip
        self.sim.clock.begin(self._story())

    def _story(self) -> Story:
        sim, to = self.sim, self.relief.to
        wrong = self._wrong_place()
        if wrong:
            yield from self._drive(wrong, "")
            self._arrived(astray=True)
            yield self._after(sim.draw("stores.sign", *self._whose, "astray"))
        there = yield from self._drive(to, "astray" if wrong else "")
        if there:
            self._arrived(astray=False)
        yield self._after(sim.draw("stores.sign", *self._whose))
        signed = self._sign("" if there and not wrong else "wrong_address" if there else "carried")
        last = grid(
            sim.now
            + max(
                self._hand_out(signed, "stores.to_crews", basic=False),
                self._hand_out(signed, "stores.hand_out", basic=True),
            )
        )
        yield sim.clock.until(last, Turn.STAFF)
        self.room.under_way -= 1

    def _after(self, span: float) -> Alarm:
        """So many seconds later; lorries drive on when nobody else is in the field any more."""
        return self.sim.clock.until(grid(self.sim.now + span), Turn.STAFF)

    # ── on the road ──

    def _wrong_place(self) -> str:
        """The node it is sent to by mistake: another township of the county; "" for most."""
        sim, site = self.sim, self.relief.spec.site
        if sim.streams.uniform("stores.astray", *self._whose) >= sim.number("stores.astray"):
            return ""
        towns = sim.case.city.towns
        others = sorted({t.node for t in towns.values() if t.county == site.county} - {self.relief.to, self.node})
        return others[int(sim.streams.uniform("stores.astray.to", *self._whose) * len(others))] if others else ""

    def _drive(self, to: str, why: str) -> Generator[Alarm, bool, bool]:
        """Drive to a node by the quickest way that is known; False if it had to give up and unload where it stands."""
        sim = self.sim
        traffic = sim.traffic
        held_since = math.inf
        ahead: tuple[str, ...] = ()
        while self.node != to:
            route = traffic.router.route(traffic.known, self._profile, self.node, to)
            if route is None:
                if held_since == math.inf:
                    held_since = sim.now
                    self.cause = sim.record(ev.ConvoyHeld(0, sim.now, self.cause, self.id, self.relief.id, self.node))
                elif sim.now - held_since >= sim.number("stores.patience"):
                    return False
                yield self._after(sim.number("stores.recheck"))
                continue
            held_since = math.inf
            if route.links != ahead:
                self._set_out(route, to, why)
            ahead, why = yield from self._follow(route)
        return True

    def _set_out(self, route: Route, to: str, why: str) -> None:
        now = self.sim.now
        self.cause = self.sim.record(
            ev.ConvoyDeparted(
                0, now, self.cause, self.id, self.relief.id, self.depot.id, self.trucks, to, route.nodes, route.links,
                tuple(route.legs), grid(now + route.seconds), why,
            )
        )  # fmt: skip

    def _follow(self, route: Route) -> Generator[Alarm, bool, tuple[tuple[str, ...], str]]:
        """Link by link, until it is there, stands before a closed road, or what is known has changed.

        Returns the links that were still ahead, and why it stopped.
        """
        sim, traffic = self.sim, self.sim.traffic
        view = traffic.view
        for i, link in enumerate(route.links):
            if traffic.is_closed(link) or (i and self.node in traffic.truth.barred()):
                found = ev.ConvoyHeld(0, sim.now, self.cause, self.id, self.relief.id, self.node, link)
                self.cause = sim.record(found)
                traffic.learn(link, self.cause)
                return (), "closed"
            if i and traffic.view != view:
                return route.links[i:], "roads"
            takes = traffic.router.link_time(traffic.truth, self._profile, link)
            yield self._after(takes)
            self.node = route.nodes[i + 1]
        return (), ""

    def _arrived(self, *, astray: bool) -> None:
        arrived = ev.ConvoyArrived(0, self.sim.now, self.cause, self.id, self.relief.id, self.node, astray)
        self.cause = self.sim.record(arrived)

    # ── counted ──

    def _hand_out(self, signed: Sequence[tuple[int, str, str, float]], span: str, *, basic: bool) -> float:
        """Living aid goes to families, gear to the crews that use it; returns the seconds until that is done."""
        sim, items = self.sim, self.room.book.items
        rows = [row for row in signed if items[row[2]].basic is basic and row[3] > 0.0]
        if not rows:
            return 0.0
        after = sim.draw(span, *self._whose)
        rounds = int(sim.number("stores.rounds")) if basic else 1
        for k in range(1, rounds + 1):
            part = partial(self._handed_out, rows, k, rounds)
            sim.clock.at(grid(sim.now + after * k / rounds), part, Turn.STAFF)
        return after

    def _handed_out(self, rows: Sequence[tuple[int, str, str, float]], k: int, rounds: int, _: object) -> None:
        """The k-th of so many equal parts is in somebody's hands."""
        sim = self.sim
        for cause, request, item, amount in rows:
            part = float(math.floor(amount * k / rounds) - math.floor(amount * (k - 1) / rounds))
            if part > 0.0:
                sim.record(ev.SupplyHandedOut(0, sim.now, cause, request, self.relief.id, item, part, self.id))

    def _sign(self, why: str) -> list[tuple[int, str, str, float]]:
        """(number of the event, request, item, amount) of what was there; what is missing may be asked for again."""
        sim, found = self.sim, []
        missing: list[tuple[str, float]] = []
        for request, item, sent, _ in self.cargo:
            there, how = sent, why
            if sim.streams.uniform("stores.short", *self._whose, request) < sim.number("stores.short"):
                there = float(math.floor(sent * (1.0 - sim.draw("stores.short_by", *self._whose, request))))
                how = "short" if there < sent else why
                missing.append((item, sent - there))
            signed = ev.SupplySigned(0, sim.now, self.cause, request, self.relief.id, item, there, how, self.id, sent)
            found.append((sim.record(signed), request, item, there))
        for item, amount in missing:
            self.room.missing(self.relief, item, amount)
        return found
