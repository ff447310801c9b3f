"""The state of the roads in two views: what is true, and what the command system knows and plans with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.domain import events as ev
from sim.domain.places import Site, Weather
from sim.engine.clock import Turn, grid
from sim.engine.sorties import Told
from sim.roads.travel import Conditions, Route, Router

if TYPE_CHECKING:
    from sim.engine.simulation import Simulation
    from sim.engine.sorties import Sortie


class Traffic:
    """Both views, kept in step by events."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        network = sim.case.city.network
        self.router = Router(network, sim.case.city.speeds)
        self.truth, self.known = Conditions(network), Conditions(network)
        self.obstructed = False  # something is closed in truth
        self.view = 0  # a number for what is known of roads, weather and daylight: equal states, equal numbers
        self._views: dict[object, int] = {}
        self._weather: dict[str, Weather] = {}
        self._differs: set[str] = set()  # original links whose two views differ

    def has(self, link: str) -> bool:
        """Whether there is such a link, or part of one."""
        return link in self.sim.case.city.network.links

    def is_closed(self, link: str) -> bool:
        """Whether a link cannot be entered in truth."""
        return self.truth.factor(link) == 0.0

    def is_misjudged(self, link: str) -> bool:
        """Whether a link is open but not as fast, or not as slow, as the command system believes."""
        return self.original(link) in self._differs and not self.is_closed(link)

    def stretch(self, sortie: Sortie, link: str) -> float:
        """How many times as long as believed a link takes in truth."""
        if not self.is_misjudged(link):
            return 1.0
        truth = self.router.link_time_open(self.truth, sortie.profile, link)
        return truth / self.router.link_time_open(self.known, sortie.profile, link)

    def change(
        self, link: str, factor: float, why: str, cause: int | None, *, at: str = "", known_after: float = 0.0
    ) -> None:
        """A link closes (0), slows or opens (1) in truth; the command system learns of it at once, later or by a crew (inf).

        `at` names a site on it where it is cut: those bound for the site still get there.
        """
        sim, now = self.sim, self.sim.clock.now
        if not link or self.truth.factor(link) == factor:
            return
        self.truth.set_link(link, factor, at if factor == 0.0 else "")
        self.obstructed = bool(self.truth.closed() or self.truth.barred())
        self._compare(link)
        seq = sim.record(ev.RoadChanged(0, now, cause, link, factor, why, at if factor == 0.0 else ""))
        for sortie in tuple(sim.under_way.values()):
            sortie.tell(Told("blocked", seq))
        if known_after <= 0.0:
            self.learn(link, seq)
        elif known_after < float("inf"):
            sim.clock.at(grid(now + known_after), lambda _: self.learn(link, seq), Turn.MOVE)

    def learn(self, link: str, cause: int) -> None:
        """The command system learns how a link really is; those under way are told."""
        sim = self.sim
        whole = self.original(link)
        link = whole if self.truth.factor(whole) == 0.0 else link
        factor = self.truth.factor(link)
        if self.known.factor(link) == factor:
            return
        opened = factor > self.known.factor(link)
        self.known.take(link, self.truth)
        self._compare(link)
        at = next(iter(self.truth.barred() & set(sim.case.city.network.inner_nodes(link))), "") if factor == 0.0 else ""
        seq = sim.record(ev.RoadKnown(0, sim.clock.now, cause, link, factor, at))
        self._tell_all("opened" if opened else "closed" if factor == 0.0 else "slowed", seq)

    def weather(self, county: str, weather: Weather, cause: int | None) -> None:
        """The weather over a county ("" for all) changes; everybody under way feels it."""
        for place in (county,) if county else ("", *self._weather):  # everywhere is also where it was another
            self._weather[place] = weather
            self.truth.set_weather(place, weather)
            self.known.set_weather(place, weather)
        self._tell_all("weather", self.sim.record(ev.WeatherChanged(0, self.sim.clock.now, cause, county, weather)))

    def daylight(self, *, night: bool) -> None:
        """Night falls or day breaks."""
        self.truth.set_night(night)
        self.known.set_night(night)
        self._tell_all("night" if night else "day", self.sim.record(ev.Daylight(0, self.sim.clock.now, None, night)))

    def original(self, link: str) -> str:
        """The link of the city a part belongs to."""
        return link.split("#", 1)[0]

    def touching(self, site: Site, radius: float, towns: Sequence[str], *, at_site: bool) -> list[tuple[str, float]]:
        """(link, length m) of the city's links that come within `radius` metres of a site or end at one of the towns.

        Those that end at the site itself are among them only with `at_site`: whoever is bound for it must get there.
        """
        city = self.sim.case.city
        nodes = {city.towns[code].node for code in towns if code in city.towns}
        near = set(city.network.links_near(site.point, radius)) if radius > 0.0 else set()
        found: dict[str, float] = {}
        for link in city.network.links.values():
            if link.id not in near and nodes.isdisjoint((link.a, link.b)):
                continue
            if not at_site and site.node in (link.a, link.b):
                continue
            whole = self.original(link.id)
            found[whole] = found.get(whole, 0.0) + link.length
        return sorted(found.items())

    # ── ways ──

    def route(self, sortie: Sortie, origin: str, to: str) -> Route | None:
        """The quickest way as far as is known; None if none is."""
        return self.router.route(self.known, sortie.profile, origin, to)

    def legs_in_truth(self, sortie: Sortie, route: Route) -> Sequence[float]:
        """Cumulative seconds along a route as it really is (a closed link as if it were open: nobody will drive it)."""
        if not self._differs:
            return route.legs
        total, legs = 0.0, []
        for link in route.links:
            view = self.known if self.is_closed(link) else self.truth
            total += self.router.link_time(view, sortie.profile, link)
            legs.append(grid(total))
        return legs

    def way_off(self, sortie: Sortie, link: str, entered: str, done: float) -> tuple[str, float, str]:
        """(node, seconds, move) by which one leaves a link from which no way on is known."""
        whole = self.sim.case.city.network.links[link]
        open_time = self.router.link_time_open(self.known, sortie.profile, link)
        if self.is_closed(link) and done <= 0.5:
            return entered, grid(done * open_time), "turn"
        other = whole.b if entered == whole.a else whole.a
        return other, grid((1.0 - done) * open_time), "finish"

    def seconds_known(self, sortie: Sortie, origin: str, to: str) -> float:
        """Travel time between two nodes as far as is known; inf if there is no way."""
        times = self.router.times(self.known, sortie.profile, to)
        return float(times[self.sim.case.city.network.node_index[origin]])

    def last_mile(self, site: Site, sortie: Sortie) -> float:
        """Seconds from the last node to the site."""
        if site.last_mile <= 0.0:
            return 0.0
        return grid(
            self.sim.case.city.speeds.last_mile(site, sortie.profile, self.sim.night, self.sim.weather_at(site.county))
        )

    # ── inside ──

    def _compare(self, link: str) -> None:
        link = self.original(link)
        if self.truth.factor(link) == self.known.factor(link):
            self._differs.discard(link)
        else:
            self._differs.add(link)

    def _tell_all(self, why: str, cause: int) -> None:
        known = self.known
        weather = tuple(sorted(self._weather.items(), key=lambda item: item[0]))
        state = (known.night, known.factors(), known.barred(), weather)
        self.view = self._views.setdefault(state, len(self._views))
        for sortie in tuple(self.sim.under_way.values()):
            sortie.tell(Told("roads", cause, why))
        for sortie in tuple(self.sim.held.values()):
            sortie.tell(Told("roads", cause, why))
        self.sim.reconsider()
