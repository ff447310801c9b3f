"""Roads: ways hang together, take time, begin where the sortie stands, and never enter a closed link."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sim.analysis import tracks
from sim.analysis.laws.base import TICK, Handler, Law
from sim.analysis.tracks import Trip
from sim.domain import events as ev
from sim.journal.cast import Cast


class Roads(Law):
    """The ways of all sorties against the state of the roads."""

    def __init__(self, cast: Cast | None) -> None:
        super().__init__(cast)
        self._trips: dict[str, Trip] = {}
        self._stands: dict[str, str] = {}  # sortie -> node it stands at
        self._elements: dict[str, str] = {}  # sortie -> element
        self._driven: dict[str, int] = {}  # legs of the present trip already judged
        self._truth, self._knowledge = _Closures(), _Closures()

    def hears(self) -> Mapping[type[ev.Event], Handler]:
        """Every change of course, and every change of the roads."""
        return {
            ev.OrderGiven: self._ordered, ev.Departed: self._departed, ev.RouteChanged: self._rerouted,
            ev.Held: self._stopped, ev.Queued: self._stopped,
            ev.Arrived: self._stopped, ev.HandedOver: self._stopped, ev.Returned: self._returned,
            ev.RoadChanged: self._road, ev.RoadKnown: self._known,
        }  # fmt: skip

    def _ordered(self, e: ev.OrderGiven) -> None:
        self._elements[e.order] = e.element

    def _road(self, e: ev.RoadChanged) -> None:
        self._truth.change(e)

    def _known(self, e: ev.RoadKnown) -> None:
        self._knowledge.change(e)

    def _departed(self, e: ev.Departed) -> None:
        self._judge(e, e.sortie, e.t)
        self._shape(e)
        stands = self._stands.get(e.sortie) or self._home(e.sortie)
        if stands and e.nodes:
            self.hold(e.nodes[0] == stands, e, "way", f"{e.sortie} stands at {stands}, its way begins at {e.nodes[0]}")
        self._trips[e.sortie] = tracks.departed(e)
        self._driven[e.sortie] = 0

    def _rerouted(self, e: ev.RouteChanged) -> None:
        trip = self._trips.get(e.sortie)
        if trip is None:
            return
        self._judge(e, e.sortie, e.t)
        self._shape(e)
        if e.link:
            at, now = TICK, e.t
            here = next((x for x in trip.legs if x.link == e.link and x.start - at <= now <= x.end + at), None)
            if (
                self.hold(here is not None, e, "way", f"{e.sortie} turns off {e.link}, where it is not")
                and here is not None
            ):
                self._continues(e, here)
        done = len([leg for leg in trip.legs if leg.start < e.t])
        tracks.rerouted(trip, e)
        # The rest of the link it is on is no entering: that was judged when it drove on.
        self._driven[e.sortie] = done + (1 if e.link or e.lead else 0)

    def _continues(self, e: ev.RouteChanged, here: tracks.Leg) -> None:
        """The way on begins where this link leaves it: at its far end, or where it was entered."""
        link = self.cast.links.get(e.link) if self.cast else None
        if link is not None and e.nodes:
            far = link.b if e.entered == link.a else link.a
            ends = far if e.move == "finish" else e.entered
            self.hold(
                e.nodes[0] == ends, e, "way", f"{e.sortie} comes off {e.link} at {ends}, goes on from {e.nodes[0]}"
            )
        share = here.share_at(e.t) if here.entered == e.entered else 1.0 - here.share_at(e.t)
        long = max(here.end - here.start, 1.0)
        self.hold(abs(share - e.done) <= TICK * 2 / long + 1e-6, e, "way",
                  f"{e.sortie} is {share:.4f} of the way along {e.link}, not {e.done:.4f}")  # fmt: skip

    def _stopped(self, e: ev.Held | ev.Queued | ev.Arrived | ev.HandedOver) -> None:
        self._judge(e, e.sortie, e.t)
        trip = self._trips.pop(e.sortie, None)
        if trip is not None:  # whoever waited at the gate stands there already when it is let in
            self._stands[e.sortie] = e.node if isinstance(e, ev.Held) else trip.to

    def _returned(self, e: ev.Returned) -> None:
        self._judge(e, e.sortie, e.t)
        trip = self._trips.pop(e.sortie, None)
        home = self._home(e.sortie)
        if trip is not None and home:
            self.hold(trip.to == home, e, "way", f"{e.sortie} returns to {trip.to}, its home is {home}")
        for memory in (self._stands, self._elements, self._driven):
            memory.pop(e.sortie, None)

    # ── what is judged ──

    def _home(self, sortie: str) -> str:
        known = self.cast.elements.get(self._elements.get(sortie, "")) if self.cast else None
        return known.node if known else ""

    def _shape(self, e: ev.Departed | ev.RouteChanged) -> None:
        name, nodes, links, legs = e.sortie, e.nodes, e.links, e.legs
        fits = len(nodes) == len(links) + 1 and len(legs) == len(links)
        if not self.hold(fits, e, "way", f"{name} has {len(nodes)} nodes, {len(links)} links and {len(legs)} times"):
            return
        rising = all(b >= a for a, b in zip((0.0, *legs), legs, strict=False))
        in_time = not legs or e.t + legs[-1] <= e.arrives + TICK
        self.hold(rising and in_time, e, "way", f"the times of {name} do not rise")
        for n, (node, link) in enumerate(zip(nodes, links, strict=False)):
            if self._knowledge.stops(link, node if n else "", math.inf):
                self.say(e, "closed road", f"{name} is sent over {link} from {node}, known to be closed")
        if self.cast is None:
            return
        for link, a, b in zip(links, nodes, nodes[1:], strict=False):
            known = self.cast.links.get(link)
            if known is not None and {a, b} != {known.a, known.b}:
                self.say(e, "way", f"{name} takes {link} from {a} to {b}; it joins {known.a} and {known.b}")

    def _judge(self, e: ev.Event, name: str, until: float) -> None:
        """No leg that was driven until now was begun while its link was closed, or past a site that nobody passes."""
        trip = self._trips.get(name)
        if trip is None or not self._truth:
            return
        for n in range(self._driven.get(name, 0), len(trip.legs)):
            leg = trip.legs[n]
            if leg.start >= until - TICK:
                break
            if self._truth.stops(leg.link, leg.entered if n else "", leg.start):
                self.say(e, "closed road", f"{name} entered {leg.link} at {leg.start:.3f} s, when it was closed")


class _Closures:
    """When links were closed: as a whole, or at a site on them that is reached from both ends but not passed."""

    def __init__(self) -> None:
        self._spans: dict[str, list[list[float]]] = {}  # link, or site -> [from, until]
        self._site: dict[str, str] = {}  # link -> where its present closure lies, "" for all of it

    def __bool__(self) -> bool:
        return bool(self._spans)

    def change(self, e: ev.RoadChanged | ev.RoadKnown) -> None:
        """A link closed, slowed or opened."""
        shut = e.factor == 0.0
        before = self._site.get(e.link)
        if before is not None and not (shut and before == e.at):
            self._spans[self._site.pop(e.link) or e.link][-1][1] = e.t
            before = None
        if shut and before is None:
            self._site[e.link] = e.at
            self._spans.setdefault(e.at or e.link, []).append([e.t, math.inf])

    def stops(self, link: str, passing: str, t: float) -> bool:
        """Whether one entering a link at time `t`, coming by the node `passing` ("" if it starts there), is stopped.

        At inf: whether it is closed to the best of this knowledge. The very instant of a closure stops nobody.
        """
        keys = dict.fromkeys((link, link.split("#", 1)[0], passing))
        spans = (span for key in keys for span in self._spans.get(key, ()))
        return any(since < t and (t < until or until == math.inf) for since, until in spans)
