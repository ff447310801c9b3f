"""The state of the roads in one view: night, weather, links closed or slowed. A run keeps two: truth and knowledge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.domain.places import Weather
from sim.roads.network import Network

FAIR = Weather()


class Conditions:
    """What travel depends on besides the network. `version` grows with every change, so that caches know."""

    __slots__ = ("__weakref__", "_barred", "_factors", "_network", "_weather", "night", "version")

    def __init__(self, network: Network, *, night: bool = False, weather: Mapping[str, Weather] | None = None) -> None:
        self._network = network
        self._factors: dict[str, float] = {}  # present links, where it is not 1
        self._barred: set[str] = set()  # sites that nobody passes
        self._weather = dict(weather or {})
        self.night = night
        self.version = 0

    def set_night(self, night: bool) -> None:
        """Night falls or day breaks."""
        if night != self.night:
            self.night = night
            self.version += 1

    def set_weather(self, county: str, weather: Weather) -> None:
        """The weather over a county becomes this; "" stands for all counties of which nothing is said."""
        if self._weather.get(county) != weather:
            self._weather[county] = weather
            self.version += 1

    def set_link(self, link: str, factor: float, at: str = "") -> None:
        """A link opens (factor 1), slows (between) or closes (0), in all its parts.

        A closure may lie `at` a site on the link. Then both parts can still be driven as far as the site, by those
        bound for it, but nobody passes it: a blockage does not cut off those who come to clear it.
        """
        assert 0.0 <= factor <= 1.0, f"a link is driven at a share of its speed, not {factor}"
        parts, sites = self._network.parts(link), self._network.inner_nodes(link)
        assert not at or at in sites, f"'{at}' is no site on link '{link}'"
        barred = {at} if at and factor == 0.0 else set()
        self._assign(parts, dict.fromkeys(parts, 1.0 if barred else factor), sites, barred)

    def take(self, link: str, other: Conditions) -> None:
        """A link becomes what it is in another view: somebody learned the truth."""
        parts, sites = self._network.parts(link), self._network.inner_nodes(link)
        self._assign(parts, {part: other.factor(part) for part in parts}, sites, set(sites) & other.barred())

    def factor(self, link: str) -> float:
        """The share of its speed at which a link is driven from end to end; 0 closed. Of its parts the worst counts."""
        if link in self._network.links:
            return self._factors.get(link, 1.0)
        if not self._barred.isdisjoint(self._network.inner_nodes(link)):
            return 0.0
        return min(self._factors.get(part, 1.0) for part in self._network.parts(link))

    def closed(self) -> frozenset[str]:
        """The links that nobody can enter."""
        return frozenset(link for link, factor in self._factors.items() if factor == 0.0)

    def barred(self) -> frozenset[str]:
        """The sites that can be reached but not passed."""
        return frozenset(self._barred)

    def factors(self) -> frozenset[tuple[str, float]]:
        """All links that are not simply open, with their factors."""
        return frozenset(self._factors.items())

    def weather_at(self, county: str) -> Weather:
        """The weather over a county."""
        return self._weather.get(county) or self._weather.get("", FAIR)

    def obstacle(self, nodes: Sequence[str], links: Sequence[str], first: int = 0) -> int:
        """The position of the first link of a way, from `first` on, that cannot be entered; `len(links)` if none."""
        for i in range(first, len(links)):
            if self._factors.get(links[i]) == 0.0 or (i > first and nodes[i] in self._barred):
                return i
        return len(links)

    def _assign(
        self, parts: Sequence[str], factors: Mapping[str, float], sites: Sequence[str], barred: set[str]
    ) -> None:
        before = ([self._factors.get(part, 1.0) for part in parts], self._barred.intersection(sites))
        if before == ([factors[part] for part in parts], barred):
            return
        for part in parts:
            self._factors.pop(part, None)
            if factors[part] != 1.0:
                self._factors[part] = factors[part]
        self._barred.difference_update(sites)
        self._barred.update(barred)
        self.version += 1
