"""The wires: how long reports and orders take over platform, telephone, radio, satellite or by courier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.domain import events as ev
from sim.domain.command import Post
from sim.domain.hazards import Sighting
from sim.engine.clock import Turn, grid
from sim.engine.services import TELECOM

if TYPE_CHECKING:
    from sim.engine.incidents import Incident
    from sim.engine.simulation import Simulation


class Wires:
    """Communications between the spot, the posts and the elements."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self._reports = 0
        self._between_posts = 0  # reports from post to post that have not arrived

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
    ) -> str:
        """A report leaves now and arrives after its channel's delay. Returns its id."""
        now = self.sim.now
        self._reports += 1
        report = f"R{self._reports}"
        latency = self._means(latency)
        span = self.sim.draw(latency, incident.id, post.id, str(number))
        span, channel = self.channel(post.id, latency, span, sender)
        span *= self.slower(incident.spec.site.town)
        due = grid(now + span)
        sent = self.sim.record(
            ev.ReportSent(0, now, cause, report, incident.id, sender, post.id, number, sighting, channel, due)
        )

        told = self.sim.headquarters is not None and sender in self.sim.case.city.posts
        self._between_posts += told

        def arrive(_: object) -> None:
            self._between_posts -= told
            # what a post told another before it ended its response is heard all the same; calls from the spot are not
            late = incident.closed and told
            if incident.closed and not late:
                return
            seq = self.sim.record(ev.ReportReceived(0, self.sim.now, sent, report, incident.id, post.id))
            for link in incident.roads:
                self.sim.traffic.learn(link, seq)
            desk = self.sim.desk(post.id)
            (desk.note if late else desk.receive)(incident, sighting, number, seq, sender, final=final)

        self.sim.clock.at(due, arrive, Turn.POST)
        return report

    @property
    def idle(self) -> bool:
        """Whether nothing that one post told another by its plans is still on its way."""
        return not self._between_posts

    def slower(self, town: str) -> float:
        """How many times as long it takes to get word out of a town where the public network is down."""
        share = self.sim.services.share(TELECOM, town)
        return 1.0 if share >= 1.0 else 1.0 + (self.sim.number("reporting.telecom_lost") - 1.0) * (1.0 - share)

    def channel(self, post: str, latency: str, span: float, other: str = "") -> tuple[float, str]:
        """(delay, channel) between a post and another end: slower where communications are degraded; where they are down, by
        satellite if both ends are posts that have it, else by courier.
        """  # fmt: skip
        state = self.state(post)
        if state == "down":
            if other and self.has_satellite(post) and self.has_satellite(other):
                return max(span, self.sim.number("reporting.satellite")), "satellite"
            return max(span, self.sim.number("reporting.courier")), "courier"
        if state == "degraded":
            return span * self.sim.number("reporting.degraded"), "radio"
        return span, "platform" if latency.endswith("platform") else "phone"

    def has_satellite(self, post: str) -> bool:
        """Whether a post of a city with a command platform has satellite telephones."""
        known = self.sim.case.city.posts.get(post)
        if known is None or self.sim.headquarters is None:
            return False
        return int(known.tier) >= self.sim.number("reporting.satellite_tier")

    def state(self, post: str) -> str:
        """How communications of a post are: up, degraded or down."""
        state = self.sim.world.channels.get(post) or self.sim.world.channels.get("") or "up"
        return "degraded" if state == "up" and self.sim.case.platform == "degraded" else state

    def _means(self, latency: str) -> str:
        """The name of a latency, by telephone where there is no platform to send it over."""
        if self.sim.case.platform == "on" or not latency.endswith("_platform"):
            return latency
        return f"{latency.removesuffix('_platform')}_phone"

    def order_latency(self, on_platform: bool, post: str | None, *whose: str) -> float:
        """Seconds for an order to reach an element (expected, if no post is named)."""
        name = self._means("reporting.order_platform" if on_platform else "reporting.order_phone")
        if post is None:
            return self.sim.rule(name).median
        return grid(self.channel(post, name, self.sim.draw(name, *whose))[0])
