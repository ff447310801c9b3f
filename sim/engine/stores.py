"""Supplies in a response: the lead post asks for what it believes is needed, depots give, lorries carry, people sign and hand out.

Nobody here sees the truth: how many are in need is what reports say that have reached the post that leads.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sim.case import IncidentSpec
from sim.domain import events as ev
from sim.domain.command import Post, Tier
from sim.domain.hazards import Sighting
from sim.domain.stores import Depot, Stores
from sim.engine.clock import Turn, grid
from sim.engine.convoys import Convoy
from sim.engine.funds import URGENT, Funds

if TYPE_CHECKING:
    from sim.engine.simulation import Simulation

_WHOLE = 1e-9


class Relief:
    """What one incident's command believes of those in need, and what it has asked for."""

    def __init__(self, spec: IncidentSpec, to: str, scale: str, root: str) -> None:
        self.spec, self.to = spec, to
        self.root = root  # the accident that it goes back to: all its places are one matter, on one list
        self.scale = scale  # severity scale of the accident that it all began with
        self.lead = ""
        self.levels: dict[str, int] = {}  # response level by post, while there is one
        self.seen: dict[str, dict[str, float]] = {}  # most of each group that a report to this post spoke of
        self.asked: dict[str, float] = {}  # by item
        self.lost: dict[str, float] = {}  # by item: not there when it was counted, and not asked for again yet
        self.convoys: dict[str, int] = {}  # that a depot has sent here
        self.sent = 0  # people ordered out who have left
        self.closed = False
        self.cause: int | None = None

    @property
    def id(self) -> str:
        """The incident."""
        return self.spec.id

    @property
    def responding(self) -> bool:
        """Whether supplies may be drawn: a response is on, and somebody leads it."""
        return bool(self.levels) and bool(self.lead) and not self.closed

    @property
    def level(self) -> int:
        """The highest response level; 5 where there is none."""
        return min(self.levels.values(), default=len(Tier) + 1)

    @property
    def believed(self) -> Mapping[str, float]:
        """How many of each group the lead post holds to be in need."""
        return self.seen.get(self.lead, {})


class _Line:
    """One item of a list: its request, and how much of it is still to be found."""

    __slots__ = ("cause", "item", "left", "relief", "request")

    def __init__(self, relief: Relief, request: str, item: str, left: float, cause: int) -> None:
        self.relief, self.request, self.item, self.left, self.cause = relief, request, item, left, cause


class StoreRoom:
    """The supplies of a city in one run. It hears every event and answers on the clock, never at once."""

    def __init__(self, sim: Simulation, book: Stores) -> None:
        self.sim, self.book = sim, book
        self.stock = {depot.id: dict(depot.stock) for depot in book.depots.values()}
        self.reliefs: dict[str, Relief] = {}
        self.under_way = 0  # requests and convoys that are not done
        self._drafting: set[tuple[str, str]] = set()  # (disaster, post) whose list is being written
        self._lists: dict[str, int] = {}  # how many there were, by disaster
        self._said: dict[str, Sighting] = {}  # reports under way
        self._docks = {depot.id: [0.0] * depot.docks for depot in book.depots.values()}
        self._convoys: dict[str, int] = {}  # how many a depot has sent
        self.funds = Funds(self)

    @property
    def settled(self) -> bool:
        """Nothing that was asked for is still to be given, carried or handed out."""
        return self.under_way == 0

    # ── what it hears ──

    def hear(self, event: ev.Event) -> None:
        """Take in an event; whatever follows of it comes later."""
        match event:
            case ev.ReportSent(incident=incident, report=report, sighting=sighting):
                if self._concerns(incident):
                    self._said[report] = sighting
            case ev.ReportReceived(incident=incident, report=report, post=post):
                said = self._said.pop(report, None)
                if said is not None:
                    self._believe(self.reliefs[incident], post, said, event.seq)
            case ev.IncidentOccurred(incident=incident):
                self._begun(self.sim.incidents[incident].spec, event.parent)
            case ev.LeadTaken(incident=incident, post=post):
                relief = self.reliefs[incident]
                relief.lead = post
                self._consider(relief)
            case ev.ResponseChanged(incident=incident, post=post, level=level):
                self._respond(self.reliefs[incident], post, level, event.seq)
            case ev.Departed(incident=incident, people=people, bound="site") if incident in self.reliefs:
                self.reliefs[incident].sent += people
            case ev.IncidentClosed(incident=incident):
                self.reliefs[incident].closed = True

    def _concerns(self, incident: str) -> bool:
        relief = self.reliefs.get(incident)
        return relief is not None and relief.spec.nature in self.book.groups

    def _begun(self, spec: IncidentSpec, parent: str) -> None:
        town = self.sim.case.city.towns.get(spec.site.town)
        first = self.reliefs.get(parent)
        to = town.node if town is not None else spec.site.node
        scale = first.scale if first is not None else spec.scale
        relief = self.reliefs[spec.id] = Relief(spec, to, scale, self.sim.families.root(spec.id))
        response = self.sim.response_of(spec.id)
        if response != spec.id:
            relief.levels = self.reliefs[response].levels  # one response is for both

    def _believe(self, relief: Relief, post: str, said: Sighting, seq: int) -> None:
        """The most that was ever reported counts: who has been moved is in need of a bed, though not in danger any more."""
        most = relief.seen.setdefault(post, {})
        before = dict(most)
        for group, count in self.book.believed(relief.spec.nature, said).items():
            most[group] = max(count, most.get(group, 0.0))
        if post == relief.lead or not relief.lead:
            if relief.cause is None or most != before:
                relief.cause = seq  # the report that spoke of more, not one that only repeats it
            self._consider(relief)

    def _respond(self, relief: Relief, post: str, level: int, seq: int) -> None:
        if any(r.levels is relief.levels for r in self.reliefs.values() if self.sim.response_of(r.id) != relief.id):
            relief.levels = {}  # it was handled with another, and has a response of its own from now on
        if level:
            relief.levels[post] = level
            self.funds.estimate(relief, seq)
            for each in [r for r in self.reliefs.values() if r.levels is relief.levels]:
                self._consider(each)
        else:
            relief.levels.pop(post, None)

    # ── what is asked for ──

    def night_at(self, t: float) -> bool:
        """Whether it is night then, by the calendar: it goes on when nobody is in the field any more."""
        sim = self.sim
        return not sim.number("daylight.dawn") <= sim.case.calendar.hour_at(t) * _HOUR < sim.number("daylight.dusk")

    def _lacking(self, relief: Relief) -> dict[str, float]:
        """What is needed beyond what was asked for, where that is worth a paper."""
        growth, believed = self.sim.number("stores.growth"), relief.believed
        night = self.night_at(self.sim.now)
        temperature = self.sim.weather_at(relief.spec.site.county).temperature
        found: dict[str, float] = {}
        for item in self.book.items.values():
            needed = item.wanted(believed, night=night, temperature=temperature)
            asked = relief.asked.get(item.id, 0.0)
            if needed > asked * (1.0 + growth) or (needed > asked and self._is_missed(relief.root, item.id)):
                found[item.id] = needed - asked
        return found

    def _is_missed(self, root: str, item: str) -> bool:
        """Whether so much of an item was missing when loads were counted that it is worth a paper, over a whole disaster."""
        places = [relief for relief in self.reliefs.values() if relief.root == root]
        lost = math.fsum(relief.lost.get(item, 0.0) for relief in places)
        asked = math.fsum(relief.asked.get(item, 0.0) for relief in places)
        return lost > 0.0 and lost >= (asked + lost) * self.sim.number("stores.missed")

    def _consider(self, relief: Relief) -> None:
        """Begin to draft a list, unless one is being drafted or nothing is lacking."""
        matter = (relief.root, relief.lead)
        if not relief.responding or matter in self._drafting or not self._lacking(relief):
            return
        self._drafting.add(matter)
        self._lists[relief.root] = self._lists.get(relief.root, 0) + 1
        number = str(self._lists[relief.root])
        self.under_way += 1
        after = self.sim.draw("stores.draft", relief.root, number)
        self.sim.clock.at(grid(self.sim.now + after), lambda _: self._drafted(*matter, number), Turn.STAFF)

    def _drafted(self, root: str, post: str, number: str) -> None:
        """The list is written for all places of a disaster, on what is believed by now; the own depots are asked first."""
        self._drafting.discard((root, post))
        self.under_way -= 1
        sim, lines = self.sim, []
        for relief in self.reliefs.values():
            if relief.root != root or relief.lead != post or not relief.responding:
                continue
            for item, amount in self._in_order(self._lacking(relief)):
                request = f"{relief.id}/{number}.{item}"
                relief.asked[item] = relief.asked.get(item, 0.0) + amount
                again = min(amount, relief.lost.get(item, 0.0))
                relief.lost[item] = relief.lost.get(item, 0.0) - again
                asked = ev.SupplyAsked(
                    0, sim.now, relief.cause, request, relief.id, post, item, amount, relief.to, "", post, again=again
                )
                lines.append(_Line(relief, request, item, amount, sim.record(asked)))
            self.funds.grown(relief)
        if lines:
            self._answer_in(sim.draw("stores.approve", root, number), root, number, post, lines, "")

    def _in_order(self, amounts: Mapping[str, float]) -> list[tuple[str, float]]:
        """As they are loaded: the catalogue has what is most urgent first."""
        return sorted(amounts.items(), key=lambda pair: (self.book.items[pair[0]].rank, pair[0]))

    def _answer_in(
        self, after: float, root: str, number: str, post: str, lines: list[_Line], below: str
    ) -> None:  # fmt: skip
        self.under_way += 1
        self.sim.clock.at(
            grid(self.sim.now + after), lambda _: self._answer(root, number, post, lines, below), Turn.STAFF
        )

    # ── what is given ──

    def _answer(self, root: str, number: str, post: str, lines: list[_Line], below: str) -> None:
        """A post lets its depots give what they have, place by place; for the rest the post above is asked, once for all."""
        self.under_way -= 1
        city = self.sim.case.city
        for relief in dict.fromkeys(line.relief for line in lines):
            theirs = [line for line in lines if line.relief is relief]
            for depot, own in self._depots(relief, city.posts[post], below):
                loads: list[tuple[_Line, float]] = []
                for line in theirs:
                    given = min(line.left, self._free(depot, line.item, own=own))
                    if given > 0.0 or (own and line.left > 0.0 and depot.tier == city.posts[post].tier):
                        self._allot(relief, depot, line, given)
                        if given > 0.0:
                            loads.append((line, given))
                if loads:
                    self._load(relief, depot, loads)
        if short := [line for line in lines if line.left > 0.0]:
            self._pass_up(root, number, city.posts[post], short)

    def _depots(self, relief: Relief, post: Post, below: str) -> Iterator[tuple[Depot, bool]]:
        """(depot, whether it is for this place in the first place) in the order they are asked by a post.

        Its own stock first, with that of the levels below it at the place, unless those have been asked already; the city
        may draw on the depots of other counties, the nearest first, if they are nearer than those of the level above.
        """
        site = relief.spec.site
        depots = self.book.depots.values()
        beneath = int(self.sim.case.city.posts[below].tier) if below else 0
        for depot in sorted(depots, key=lambda depot: (depot.tier, depot.id)):
            if beneath < depot.tier <= post.tier and depot.area in ("", site.county, site.town):
                yield depot, True
        if post.tier == Tier.CITY:
            above = min((self._seconds(d.node, relief.to) for d in depots if d.tier > post.tier), default=math.inf)
            others = [
                (self._seconds(d.node, relief.to), d.id)
                for d in depots
                if d.tier == Tier.COUNTY and d.area != site.county
            ]
            yield from ((self.book.depots[id_], False) for seconds, id_ in sorted(others) if seconds < above)

    def _seconds(self, origin: str, to: str) -> float:
        """How far a depot is believed to be, in seconds."""
        traffic, profile = self.sim.traffic, self.profile(1)
        route = traffic.router.route(traffic.known, profile, origin, to)
        return math.inf if route is None else route.seconds

    def profile(self, trucks: int) -> str:
        """How so many lorries travel."""
        return self.sim.case.city.speeds.profile(self.book.vehicle, trucks)

    def _free(self, depot: Depot, item: str, *, own: bool) -> float:
        """What a depot can give of an item: all it has, or what it may be made to lend."""
        left = self.stock[depot.id].get(item, 0.0)
        if own:
            return left
        kept = math.ceil(depot.stock.get(item, 0.0) * (1.0 - self.sim.number("stores.lend")) - _WHOLE)
        return max(0.0, left - kept)

    def _allot(self, relief: Relief, depot: Depot, line: _Line, given: float) -> None:
        stock = self.stock[depot.id]
        left = stock.get(line.item, 0.0) - given
        stock[line.item] = left
        line.left -= given
        line.cause = self.sim.record(
            ev.SupplyAllotted(
                0, self.sim.now, line.cause, line.request, relief.id, depot.id, line.item, given, left
            )
        )  # fmt: skip

    def _pass_up(self, root: str, number: str, post: Post, lines: list[_Line]) -> None:
        """Ask the post above for what is still missing; where there is none with depots, it stays unfilled."""
        sim = self.sim
        above = post.parent
        if not above or not any(depot.tier > post.tier for depot in self.book.depots.values()):
            for line in lines:
                relief = line.relief
                sim.record(ev.SupplyRefused(0, sim.now, line.cause, line.request, relief.id, line.item, line.left))
            return
        by_phone = min(line.relief.level for line in lines) <= URGENT
        means = "phone" if by_phone else "written"
        upward = []
        for line in lines:
            request, relief = f"{line.request}/{above}", line.relief
            asked = ev.SupplyAsked(
                0, sim.now, line.cause, request, relief.id, post.id, line.item, line.left, relief.to, line.request, above, means
            )  # fmt: skip
            upward.append(_Line(relief, request, line.item, line.left, sim.record(asked)))
        after = sim.draw("stores.upward", root, number, post.id) * (sim.number("stores.phone") if by_phone else 1.0)
        self._answer_in(after, root, number, above, upward, post.id)

    # ── what is carried ──

    def _load(self, relief: Relief, depot: Depot, loads: list[tuple[_Line, float]]) -> None:
        """Lorries are filled with one item after the other, a few together; each few drive as soon as they are full."""
        sim = self.sim
        for cargo, trucks in self._convoys_of(loads, int(sim.number("stores.load_lorries"))):
            number = self._convoys[depot.id] = self._convoys.get(depot.id, 0) + 1
            own = relief.convoys[depot.id] = relief.convoys.get(depot.id, 0) + 1
            whose = (relief.id, depot.id, str(own))
            convoy = Convoy(self, relief, depot, f"{depot.id}#{number}", whose, trucks, cargo)
            docks = self._docks[depot.id]
            dock = docks.index(min(docks))
            begins = max(sim.now, docks[dock])
            takes = sim.draw("stores.load", *whose)
            leaves = grid(begins + takes * (sim.number("stores.load_night") if self.night_at(begins) else 1.0))
            docks[dock] = leaves
            self.under_way += 1
            sim.clock.at(leaves, convoy.leave, Turn.STAFF)

    def _convoys_of(
        self, loads: list[tuple[_Line, float]], most: int
    ) -> Iterator[tuple[list[tuple[str, str, float, int]], int]]:  # fmt: skip
        """(request, item, amount, cause) of each few lorries, and how many lorries they are."""
        cargo: list[tuple[str, str, float, int]] = []
        used = 0.0
        for line, amount in loads:
            truck, left = self.book.items[line.item].truck, amount
            while left > 0.0:
                taken = min(left, float(math.floor((most - used) * truck + _WHOLE)))
                if taken > 0.0:
                    cargo.append((line.request, line.item, taken, line.cause))
                    used, left = used + taken / truck, left - taken
                if left > 0.0:
                    yield cargo, math.ceil(used - _WHOLE)
                    cargo, used = [], 0.0
        if cargo:
            yield cargo, max(1, math.ceil(used - _WHOLE))

    def missing(self, relief: Relief, item: str, amount: float) -> None:
        """So much of a load was not there when it was counted: it may be asked for again."""
        relief.asked[item] -= amount
        relief.lost[item] = relief.lost.get(item, 0.0) + amount
        self._consider(relief)


_HOUR = 3600.0
