"""Passing on: what a desk tells the post above that has a right to know, and those below that answer for the place."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.domain.command import Post, Severity
from sim.engine.clock import Turn
from sim.engine.reporting import upward

if TYPE_CHECKING:
    from sim.engine.incidents import Incident
    from sim.engine.posts import Desk


class PassingOn:
    """The reports that leave one desk. Numbers are those of the reports from the spot."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.sim, self.post = desk, desk.sim, desk.post
        self._told_up: dict[str, int] = {}  # number of the latest that went up, by incident
        self._has: dict[str, dict[str, int]] = {}  # incident -> post -> number of the latest that it is known to have
        self._worst: dict[str, Severity] = {}  # the highest that was ever believed, by incident
        self._doubted: set[str] = set()  # incidents whose figures the post above will check

    def came_from(self, key: str, sender: str, number: int) -> None:
        """Whoever sent a report has it."""
        self._has.setdefault(key, {})[sender] = number

    def forget(self, key: str) -> None:
        """Nothing of an incident is kept."""
        for table in (self._told_up, self._has, self._worst):
            table.pop(key, None)

    def up(self, incident: Incident, severity: Severity, number: int, cause: int) -> None:
        """Pass on what is believed to the post above that has a right to it; who was told once is told what becomes of it."""
        sim, key, beliefs = self.sim, incident.id, self.desk.picture.incidents
        if (first := beliefs.get(sim.root_of(key))) is not None:
            severity = max(severity, first.severity)  # who must hear of a disaster hears of each of its places
        worst = self._worst[key] = max(severity, self._worst.get(key, severity))
        above = upward(sim, self.post, worst)
        if not above or max(self._told_up.get(key, -1), self._known(key, above)) >= number:
            return

        def again(cause: int) -> None:
            if key in beliefs:
                self._told_up.pop(key, None)
                self.desk.acted(key, cause)
                self.up(incident, beliefs[key].severity, beliefs[key].reports - 1, cause)

        candour, me = sim.candour, self.post.id
        if candour.withholds(key, me, above, cause, again):
            return
        self._told_up[key] = number
        believed = beliefs[key]
        told = candour.told(key, me, believed.sighting)
        report = sim.wires.send_report(
            incident, me, sim.case.city.posts[above], number, told, cause, _latency(self.post), final=believed.over
        )
        candour.sent(key, me, report, believed.sighting, told, cause)
        if (due := candour.due(key, me)) < math.inf and key not in self._doubted:
            self._doubted.add(key)  # the post above will look for itself

            def look(_: object) -> None:
                again(candour.checked(key, me, above, "inquiry", cause))

            sim.clock.at(max(due, sim.clock.now), look, Turn.POST)

    def down(self, incident: Incident, number: int, cause: int) -> None:
        """Who leads passes each new report on to the posts below that had it first: they still answer for the place."""
        if self.sim.headquarters is None:
            return
        believed = self.desk.picture.incidents[incident.id]
        for desk in incident.known_to:
            below = desk.post
            if below.tier < self.post.tier and self._known(incident.id, below.id) < number:
                self.came_from(incident.id, below.id, number)
                self.sim.wires.send_report(
                    incident,
                    self.post.id,
                    below,
                    number,
                    believed.sighting,
                    cause,
                    _latency(below),
                    final=believed.over,
                )

    def _known(self, key: str, post: str) -> int:
        return self._has.get(key, {}).get(post, -1)


def _latency(post: Post) -> str:
    return "reporting.report_platform" if post.on_platform else "reporting.report_phone"
