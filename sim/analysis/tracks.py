"""Tracks: where a sortie was when, from what its journal lines say of the way."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from sim.domain import events as ev
from sim.journal.cast import CastLink

Place = tuple[float, float]  # longitude, latitude


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch of one link, driven at even speed: from share `begins` of the way (seen from node `entered`) to `ends`.

    `link` is "" on the last mile off the network; then `entered` is the node the track joins the network at.
    """

    link: str
    entered: str
    start: float
    end: float
    begins: float = 0.0
    ends: float = 1.0

    def share_at(self, t: float) -> float:
        """How much of the link, seen from where it was entered, lies behind at time `t`."""
        if self.end <= self.start:
            return self.ends
        part = min(1.0, max(0.0, (t - self.start) / (self.end - self.start)))
        return self.begins + (self.ends - self.begins) * part


@dataclass(slots=True)
class Trip:
    """A way from departure to arrival (or to where it was broken off), bound for a site, a hospital or home."""

    bound: str
    to: str
    incident: str
    start: float
    arrives: float
    legs: list[Leg] = field(default_factory=list)
    reroutes: int = 0

    def metres(self, links: Mapping[str, CastLink], until: float) -> float:
        """Metres driven on the network until time `until`."""
        total = 0.0
        for leg in self.legs:
            if leg.link in links and leg.start < until:
                total += links[leg.link].length * abs(leg.share_at(until) - leg.begins)
        return total


def departed(e: ev.Departed) -> Trip:
    """The trip that a departure announces."""
    trip = Trip(e.bound, e.to, e.incident, e.t, e.arrives)
    start = e.t
    if e.bound != "site" and e.walk:
        trip.legs.append(Leg("", e.nodes[0], e.t, e.t + e.walk))
        start = e.t + e.walk
    trip.legs += _legs(e.t, start, e.nodes, e.links, e.legs)
    _walk_in(trip, e.nodes, e.walk if e.bound == "site" else 0.0)
    return trip


def rerouted(trip: Trip, e: ev.RouteChanged) -> None:
    """Let the trip go on by the new way from where the sortie was."""
    ahead = tuple(leg.link for leg in trip.legs if leg.link and leg.end > e.t)
    cut_off(trip, e.t)
    if e.link:
        onward = Leg(e.link, e.entered, e.t, e.t + e.lead, e.done, 1.0 if e.move == "finish" else 0.0)
        trip.legs.append(onward)
    elif e.lead:
        trip.legs.append(Leg("", e.nodes[0], e.t, e.t + e.lead))
    trip.legs += _legs(e.t, e.t + e.lead, e.nodes, e.links, e.legs)
    way = ((e.link,) if e.link else ()) + e.links
    if e.move == "turn" or way != ahead[len(ahead) - len(way) :]:
        trip.reroutes += e.bound == trip.bound and e.incident == trip.incident
    trip.bound, trip.to, trip.incident, trip.arrives = e.bound, e.to, e.incident, e.arrives
    _walk_in(trip, e.nodes, e.walk if e.bound == "site" else 0.0)


def cut_off(trip: Trip, t: float) -> None:
    """Forget what was still to come of a trip after time `t`."""
    kept = [leg for leg in trip.legs if leg.start < t]
    if kept and kept[-1].end > t:
        kept[-1] = replace(kept[-1], end=t, ends=kept[-1].share_at(t))
    trip.legs = kept


def path(
    trip: Trip, links: Mapping[str, CastLink], nodes: Mapping[str, Place], until: float
) -> list[tuple[float, Place]]:
    """The trip as (time, place) points until `until`; links whose shape is not known are drawn straight."""
    points: list[tuple[float, Place]] = []
    for leg in trip.legs:
        if leg.start >= until or not leg.link or leg.link not in links:
            continue
        shape = _seen_from(leg.entered, links[leg.link], nodes)
        last = min(until, leg.end)
        for share, place in _between(shape, leg.begins, leg.share_at(last)):
            span = leg.ends - leg.begins
            when = leg.start + (leg.end - leg.start) * ((share - leg.begins) / span if span else 1.0)
            if not points or points[-1][1] != place:
                points.append((round(when, 3), place))
    return points


def _legs(t: float, start: float, nodes: Sequence[str], links: Sequence[str], ends: Sequence[float]) -> list[Leg]:
    legs, begun = [], start
    for link, entered, end in zip(links, nodes, ends, strict=False):
        legs.append(Leg(link, entered, begun, t + end))
        begun = t + end
    return legs


def _walk_in(trip: Trip, nodes: Sequence[str], walk: float) -> None:
    if walk:
        begun = trip.legs[-1].end if trip.legs else trip.start
        trip.legs.append(Leg("", nodes[-1], begun, begun + walk))


def _seen_from(entered: str, link: CastLink, nodes: Mapping[str, Place]) -> list[Place]:
    shape = list(link.shape) or [nodes[n] for n in (link.a, link.b) if n in nodes]
    return shape if entered == link.a else shape[::-1]


def _between(shape: Sequence[Place], begins: float, ends: float) -> list[tuple[float, Place]]:
    """The points of a line between two shares of its length, in order of travel, with their shares."""
    if len(shape) < 2:
        return [(ends, shape[0])] if shape else []
    steps = [((q[0] - p[0]) ** 2 + (q[1] - p[1]) ** 2) ** 0.5 for p, q in pairwise(shape)]
    total = sum(steps) or 1.0
    shares = [0.0]
    for step in steps:
        shares.append(shares[-1] + step / total)
    low, high = min(begins, ends), max(begins, ends)
    inner = [(s, p) for s, p in zip(shares, shape, strict=True) if low < s < high]
    found = [(low, _at(shape, shares, low)), *inner, (high, _at(shape, shares, high))]
    return found if begins <= ends else found[::-1]


def _at(shape: Sequence[Place], shares: Sequence[float], share: float) -> Place:
    i = min(max(bisect_right(shares, share) - 1, 0), len(shape) - 2)
    width = shares[i + 1] - shares[i]
    part = (share - shares[i]) / width if width else 0.0
    (x, y), (u, v) = shape[i], shape[i + 1]
    return x + (u - x) * part, y + (v - y) * part
