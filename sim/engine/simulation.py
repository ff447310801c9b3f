"""One run of a case: builds the processes, owns `record`, runs to the end."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Sequence

import numpy as np

from sim.case import Case, Hospital, IncidentSpec
from sim.domain import events as ev
from sim.domain.command import Post, Recall, Redirect, Send, Tier
from sim.domain.hazards import Sighting
from sim.domain.parameters import Spread, SpreadKind
from sim.domain.places import Site, Weather
from sim.engine.care import Care
from sim.engine.clock import Clock, Turn, grid
from sim.engine.incidents import Incident
from sim.engine.injects import Director
from sim.engine.posts import Desk
from sim.engine.reporting import Reporter
from sim.engine.sorties import Sortie, Told
from sim.engine.traffic import Traffic
from sim.engine.workface import Fatigue
from sim.journal.picture import Board, Floats
from sim.journal.world import World
from sim.roads.travel import Route, Router
from sim.streams import Streams

_HOURS = 3600.0


def simulate(case: Case, sink: Callable[[ev.Event], None]) -> World:
    """Run a case; every event goes to `sink` in order of its `seq`. Returns the world at the end."""
    return Simulation(case, sink).run()


class Simulation:
    """A run under way. Processes share it; what they change in the world they `record`."""

    def __init__(self, case: Case, sink: Callable[[ev.Event], None]) -> None:
        self.case, self._sink = case, sink
        city = case.city
        self.clock = Clock()
        self.streams = Streams(case.seed, case.replication)
        self.world = World()
        self._apply = self.world.apply
        self._seq = 0
        self._spreads: dict[str, Spread] = {name: p.spread for name, p in case.rules.items()}
        self.fatigue = Fatigue(
            self.number("relief.grace") / _HOURS, self.number("relief.loss") * _HOURS, self.number("relief.floor")
        )
        self.relief_lead = self.number("relief.lead")
        self.speeds = city.speeds
        self.router = Router(city.network, city.speeds)
        self.traffic = Traffic(self)
        self.profiles = {k.code: city.speeds.profile(k.vehicle, k.vehicles, k.off_road) for k in city.kinds.values()}
        self.hospitals: dict[str, Hospital] = {h.id: h for h in city.hospitals}
        self.board = Board(city.holdings, city.kinds)
        self._free = [list(range(len(h.elements))) for h in city.holdings]  # heaps: the lowest element goes first
        self._etas: dict[tuple[object, ...], Floats] = {}
        self._columns = self._profile_columns()
        self.strategy = case.strategies(case.strategy)
        self.incidents: dict[str, Incident] = {}
        self.sorties: dict[str, Sortie] = {}
        self.under_way: dict[str, Sortie] = {}
        self.held: dict[str, Sortie] = {}
        self.leads: dict[str, str] = {}
        self.desks: dict[str, Desk] = {}
        self.care = Care(self)
        self._reporters: dict[str, Reporter] = {}
        self._orders = 0
        self._reports = 0
        self.director = Director(self)
        self._unended = 0  # incidents begun or still to begin by the clock, whose response has not ended

    # ── the run ──

    def run(self) -> World:
        """From the start to the horizon, or until nothing more can happen."""
        case, clock = self.case, self.clock
        self.record(
            ev.RunStarted(
                0, 0.0, None, case.id, case.digest, case.seed, case.replication, case.strategy, case.starts_at
            )
        )
        for county in sorted(case.weather):
            self.traffic.weather(county, case.weather[county], None)
        self._daylight()
        self.director.begin()
        self._begin_incidents()
        reason = "settled"
        while True:
            upcoming = clock.peek()
            if upcoming == math.inf:
                break
            if upcoming > case.horizon:
                reason = "horizon"
                break
            if self.settled:
                break
            clock.step()
        self.director.end()
        self.record(ev.RunEnded(0, self.now if reason == "settled" else case.horizon, None, reason))
        return self.world

    @property
    def now(self) -> float:
        """Seconds since the scenario's start, on the grid of milliseconds."""
        return self.clock.now

    @property
    def night(self) -> bool:
        """Whether it is night."""
        return self.world.daylight_night

    @property
    def settled(self) -> bool:
        """Nothing more can happen that anybody would tell: all incidents ended, everybody home, nobody's fate open."""
        return self._unended == 0 and not self.sorties and self.director.idle and self.care.settled

    def record(self, event: ev.Event) -> int:
        """Let an event happen: number it, apply it to the world, hand it on. Returns its number."""
        seq = event.seq = self._seq
        self._seq = seq + 1
        self._apply(event)
        self._sink(event)
        if self.director.listens:
            self.director.hear(event)
        return seq

    def _begin_incidents(self) -> None:
        """One source lets the incidents begin one after the other: a year of them never lies on the heap at once."""
        specs = sorted((s for s in self.case.incidents if not s.on_inject), key=lambda s: (s.occurs_at, s.id))
        self._unended = len(specs)
        upcoming = iter(specs)

        def plan() -> None:
            spec = next(upcoming, None)
            if spec is not None:
                self.clock.at(spec.occurs_at, lambda _: begin(spec))

        def begin(spec: IncidentSpec) -> None:
            self._occur(spec, None, "")
            plan()

        plan()

    def _occur(self, spec: IncidentSpec, cause: int | None, parent: str) -> None:
        incident = self.incidents[spec.id] = Incident(self, spec)
        self.clock.process(incident.story(cause, parent))

    def occur(self, spec: IncidentSpec, cause: int, parent: str = "") -> None:
        """An incident released by exercise control begins now."""
        self._unended += 1
        self._occur(spec, cause, parent)

    def _forget(self, incident: Incident) -> None:
        """An incident's response was closed: a year of them must not pile up."""
        self._unended -= 1
        del self.incidents[incident.id]
        self._reporters.pop(incident.id, None)
        for desk in self.desks.values():
            desk.forget(incident.id)

    # ── numbers ──

    def rule(self, name: str) -> Spread:
        """A number of the models, with its spread."""
        return self._spreads[name]

    def number(self, name: str) -> float:
        """A number of the models that does not vary (its typical value)."""
        spread = self._spreads[name]
        return spread.figures[0] if spread.kind is SpreadKind.FIXED else spread.median

    def draw(self, name: str, *whose: str) -> float:
        """A number of the models as it falls for these entities."""
        spread = self._spreads[name]
        if spread.kind is SpreadKind.FIXED:
            return spread.figures[0]
        return grid(spread.at(self.streams.uniform(name, *whose)))

    def turnout(self, sortie: Sortie) -> float:
        """Seconds from the order reaching the element to wheels rolling; drawn once for element and incident."""
        kind, incident = sortie.kind, sortie.incident.id
        luck = self.streams.uniform("turnout", sortie.element, incident)
        span = (kind.turnout_night if self.night else kind.turnout_day).at(luck)
        if not sortie.holding.on_duty:
            span += kind.recall.at(self.streams.uniform("recall", sortie.element, incident))
        return grid(span)

    # ── weather and daylight ──

    def weather_at(self, county: str) -> Weather:
        """The weather over a county now."""
        weather = self.world.weather
        return weather.get(county) or weather[""]

    def rain_of_month(self, county: str) -> float:
        """Mean rain (mm) of the scenario's month over a county."""
        climate = self.case.city.climate.get((county, self.case.calendar.month))
        return climate.rain if climate else 0.0

    def _daylight(self) -> None:
        """Set day or night now, and change it at every dawn and dusk."""
        dawn, dusk = self.number("daylight.dawn") / _HOURS, self.number("daylight.dusk") / _HOURS
        hour = self.case.calendar.hour_at(self.now)
        self.traffic.daylight(night=not dawn <= hour < dusk)
        until = min((edge - hour) % 24.0 or 24.0 for edge in (dawn, dusk))
        self.clock.at(grid(self.now + until * _HOURS), lambda _: None if self.settled else self._daylight())

    def change_weather(self, county: str, weather: Weather, cause: int) -> None:
        """The weather changes: on the roads, and for every hazard under it."""
        self.traffic.weather(county, weather, cause)
        for incident in self.incidents.values():
            incident.bell.ring()

    # ── roads ──

    def route(self, sortie: Sortie, origin: str, to: str) -> Route | None:
        """The quickest way as far as is known; None if none is."""
        return self.router.route(self.traffic.known, sortie.profile, origin, to)

    def legs_in_truth(self, sortie: Sortie, route: Route) -> Sequence[float]:
        """Cumulative seconds along a route as it really is (a closed link as if it were open: nobody will drive it)."""
        traffic = self.traffic
        if traffic.agrees:
            return route.legs
        total, legs = 0.0, []
        for link in route.links:
            view = traffic.known if traffic.is_closed(link) else traffic.truth
            total += self.router.link_time(view, sortie.profile, link)
            legs.append(grid(total))
        return legs

    def way_off(self, sortie: Sortie, link: str, entered: str, done: float) -> tuple[str, float, str]:
        """(node, seconds, move) by which one leaves a link from which no way on is known."""
        whole = self.case.city.network.links[link]
        open_time = self.router.link_time_open(self.traffic.known, sortie.profile, link)
        if self.traffic.is_closed(link) and done <= 0.5:
            return entered, grid(done * open_time), "turn"
        other = whole.b if entered == whole.a else whole.a
        return other, grid((1.0 - done) * open_time), "finish"

    def seconds_known(self, sortie: Sortie, origin: str, to: str) -> float:
        """Travel time between two nodes as far as is known; inf if there is no way."""
        times = self.router.times(self.traffic.known, sortie.profile, to)
        return float(times[self.case.city.network.node_index[origin]])

    def last_mile(self, site: Site, sortie: Sortie) -> float:
        """Seconds from the last node to the site."""
        if site.last_mile <= 0.0:
            return 0.0
        return grid(self.speeds.last_mile(site, sortie.profile, self.night, self.weather_at(site.county)))

    def is_cut_off(self, incident: Incident) -> bool:
        """Whether no holding at all knows a way to the incident."""
        return not bool(np.isfinite(self.eta(incident.spec.site)).any())

    def eta(self, site: Site) -> Floats:
        """Expected seconds from an order now until arrival, by holding, as far as is known."""
        known = self.traffic.known
        key = (site.node, site.last_mile, site.access, known.version)
        eta = self._etas.get(key)
        if eta is None:
            if len(self._etas) > 4096:
                self._etas.clear()
            eta = self._etas[key] = self._eta(site)
        return eta

    def _eta(self, site: Site) -> Floats:
        eta = self._ready_in(night=self.night).copy()
        known, weather = self.traffic.known, self.weather_at(site.county)
        for profile, (rows, nodes) in self._columns.items():
            walk = self.speeds.last_mile(site, profile, self.night, weather) if site.last_mile > 0.0 else 0.0
            eta[rows] += self.router.times(known, profile, site.node)[nodes] + walk
        eta.setflags(write=False)
        return eta

    def _ready_in(self, *, night: bool) -> Floats:
        """Expected seconds from an order to wheels rolling, by holding."""
        key = ("ready", night)
        if key not in self._etas:
            kinds = self.case.city.kinds
            self._etas[key] = np.array(
                [
                    self.order_latency(kinds[h.kind].platform, None)
                    + (kinds[h.kind].turnout_night if night else kinds[h.kind].turnout_day).median
                    + (0.0 if h.on_duty else kinds[h.kind].recall.median)
                    for h in self.case.city.holdings
                ]
            )
        return self._etas[key]

    def _profile_columns(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        city = self.case.city
        rows: dict[str, list[int]] = {}
        for i, holding in enumerate(city.holdings):
            rows.setdefault(self.profiles[holding.kind], []).append(i)
        index = city.network.node_index
        return {
            profile: (np.array(r), np.array([index[city.holdings[i].node] for i in r]))
            for profile, r in sorted(rows.items())
        }

    def adjacent(self, county: str) -> Sequence[str]:
        """The counties around one, nearest first."""
        known = self.case.city.counties.get(county)
        return known.adjacent if known else ()

    # ── command ──

    def desk(self, post: str) -> Desk:
        """The desk of a post, opened on first use."""
        desk = self.desks.get(post)
        if desk is None:
            desk = self.desks[post] = Desk(self, self.case.city.posts[post])
        return desk

    def desk_of(self, incident: Incident) -> Desk:
        """The desk that leads an incident; before anyone does, the duty desk of its county."""
        leader = self.leads.get(incident.id)
        return self.desk(leader if leader is not None else self._county_post(incident.spec.site.county))

    def _county_post(self, county: str) -> str:
        return self._county_posts.get(county, self._city_post)

    @property
    def _county_posts(self) -> dict[str, str]:
        cached = self.__dict__.get("_county_post_table")
        if cached is None:
            posts = self.case.city.posts
            cached = self.__dict__["_county_post_table"] = {
                p.county: p.id for p in posts.values() if p.tier is Tier.COUNTY
            }
        return cached

    @property
    def _city_post(self) -> str:
        return next(p.id for p in self.case.city.posts.values() if p.tier is Tier.CITY)

    def reporter(self, incident: Incident) -> Reporter:
        """Whoever reports from an incident."""
        reporter = self._reporters.get(incident.id)
        if reporter is None:
            reporter = self._reporters[incident.id] = Reporter(self, incident)
        return reporter

    def send_report(
        self,
        incident: Incident,
        sender: str,
        post: Post,
        number: int,
        sighting: Sighting,
        cause: int,
        latency: str,
        *,
        final: bool,
    ) -> None:
        """A report leaves now and arrives after its channel's delay."""
        now = self.now
        self._reports += 1
        report = f"R{self._reports}"
        span, channel = self.channel(post.id, latency, self.draw(latency, incident.id, post.id, str(number)))
        due = grid(now + span)
        sent = self.record(
            ev.ReportSent(0, now, cause, report, incident.id, sender, post.id, number, sighting, channel, due)
        )

        def arrive(_: object) -> None:
            if incident.closed:
                return
            seq = self.record(ev.ReportReceived(0, self.now, sent, report, incident.id, post.id))
            for link in incident.roads:
                self.traffic.learn(link, seq)
            self.desk(post.id).receive(incident, sighting, number, seq, final=final)

        self.clock.at(due, arrive, Turn.POST)

    def channel(self, post: str, latency: str, span: float) -> tuple[float, str]:
        """(delay, channel) to or from a post: slower where communications are degraded, by courier where they are down."""
        state = self.world.channels.get(post) or self.world.channels.get("") or "up"
        if state == "down":
            return max(span, self.number("reporting.courier")), "courier"
        if state == "degraded":
            return span * self.number("reporting.degraded"), "radio"
        return span, "platform" if latency.endswith("platform") else "phone"

    def order_latency(self, on_platform: bool, post: str | None, *whose: str) -> float:
        """Seconds for an order to reach an element (expected, if no post is named)."""
        name = "reporting.order_platform" if on_platform else "reporting.order_phone"
        if post is None:
            return self.rule(name).median
        return grid(self.channel(post, name, self.draw(name, *whose))[0])

    def send(self, desk: Desk, incident: Incident, order: Send, cause: int) -> float:
        """Order one element of a holding out; returns what it supplies of the task."""
        city, now = self.case.city, self.now
        row = self.board.row[order.holding]
        if not self._free[row]:  # a strategy may be wrong; the run says so and goes on
            self.record(ev.OrderRefused(0, now, cause, "", order.holding, "none_free"))
            return 0.0
        index = heapq.heappop(self._free[row])
        self.board.free[row] -= 1
        holding = city.holdings[row]
        kind = city.kinds[holding.kind]
        element = holding.elements[index]
        self._orders += 1
        name = f"S{self._orders}"
        supplies = kind.supplies.get(order.task, 0.0)
        expected = grid(now + float(self.eta(incident.spec.site)[row]))
        seq = self.record(
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
            self, name, element, holding, kind, holding.people[index], incident, order.task, seq
        )
        sortie.slot = (row, index)
        alert = grid(now + self.order_latency(kind.platform, desk.post.id, element, incident.id))
        self.clock.process(sortie.story(alert))
        return supplies

    def call_back(self, desk: Desk, order: Recall | Redirect, cause: int) -> None:
        """Call an element home, or to another incident."""
        name = self.world.elements.get(order.element)
        if name is None or name not in self.sorties:
            return
        sortie = self.sorties[name]
        to = order.incident if isinstance(order, Redirect) else ""
        seq = self.record(ev.Recalled(0, self.now, cause, name, desk.post.id, order.element, to, order.grounds))
        if isinstance(order, Redirect):
            sortie.tell(Told("redirect", seq, order.grounds, self.incidents[to], order.task))
        else:
            sortie.tell(Told("recall", seq, order.grounds))

    def dismiss(self, incident: Incident, cause: int) -> None:
        """The response is over: those on their way turn round, those on the spot go home."""
        post = self.leads.pop(incident.id)
        for sortie in tuple(self.sorties.values()):
            if sortie.incident is incident and not sortie.patients:
                if sortie.on_spot:
                    sortie.tell(Told("release", cause, "closed"))
                elif sortie.journey.outbound:
                    seq = self.record(ev.Recalled(0, self.now, cause, sortie.id, post, sortie.element, "", "closed"))
                    sortie.tell(Told("recall", seq, "closed"))
        self._forget(incident)

    def on_arrival(self, sortie: Sortie) -> None:
        """An element is on the spot: the first one sizes up and gives first aid."""
        self.reporter(sortie.incident).arrived(sortie.cause)
        self.care.first_help(sortie.incident)

    def ready(self, sortie: Sortie, when: float) -> None:
        """An element is home; it can be sent again from `when` on."""
        del self.sorties[sortie.id]
        row, index = sortie.slot

        def back(_: object) -> None:
            heapq.heappush(self._free[row], index)
            self.board.free[row] += 1
            self.forces_changed()

        if when > self.now:
            self.clock.at(when, back)
        else:
            back(None)

    def forces_changed(self) -> None:
        """Tell every desk that elements came back or roads changed."""
        for desk in self.desks.values():
            desk.forces_changed()
