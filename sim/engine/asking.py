"""Whom to ask for how much, and how: what the lead post makes of its shortfalls, on what it believes."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import TYPE_CHECKING

from sim.domain.command import Believed
from sim.domain.forces import Force
from sim.domain.hazards import Need
from sim.domain.parameters import Spread
from sim.domain.places import Site
from sim.engine.requests import ASKED, REFUSED, URGENT

if TYPE_CHECKING:
    from sim.engine.forces import Forces
    from sim.engine.incidents import Incident


class Asking:
    """The considerations of a post that lacks something."""

    def __init__(self, forces: Forces) -> None:
        self.forces, self.sim, self.fleet = forces, forces.sim, forces.fleet
        self._able: dict[str, frozenset[str]] = {}

    def uncovered(self, key: str, believed: Believed) -> dict[str, float]:
        """What is short less what is asked for or allowed and not yet under way, most urgent need first."""
        lacks = self.forces.lacks.get(key, {})
        rest = {need.capability: lacks[need.capability] for need in believed.needs if need.capability in lacks}
        for request in self.forces.requests:
            if request.incident != key or request.state == REFUSED:
                continue
            for row, count in request.rows.items():
                waiting = count if request.state == ASKED else max(0, count - self.forces.there(key, row))
                supplies = self.supplies(row)
                main = next((c for c in rest if supplies.get(c, 0.0) > 0.0), "")
                if main:
                    rest[main] -= waiting * supplies[main]
        return {capability: amount for capability, amount in rest.items() if amount > 0.0}

    def supplies(self, row: int) -> Mapping[str, float]:
        """What one element of a row supplies."""
        city, board = self.sim.case.city, self.fleet.board
        return city.kinds[board.holdings[row].kind].supplies

    def asker(self, force: Force, lead: str, incident: Incident) -> str:
        """The post that asks: the lead, or the one above it that may and knows of it; "" for none."""
        posts, sim = self.sim.case.city.posts, self.sim
        name = lead
        while name and int(posts[name].tier) < force.asked_by:
            name = posts[name].parent
        if not name or (
            name != lead and (name not in sim.desks or incident.id not in sim.desks[name].picture.incidents)
        ):
            return ""
        if force.county and posts[name].county and posts[name].county != force.county:
            return ""
        return name

    def may_be_asked(self, force: Force, key: str) -> bool:
        """Whether what it waits for has happened, and it has neither a question open nor just said no."""
        if force.opens_level:
            posts, response = self.sim.case.city.posts, self.sim.response_of(key)
            levels = [
                v
                for (at, post), v in self.forces.levels.items()
                if at == response and posts[post].tier == force.opens_tier
            ]
            if not any(0 < level <= force.opens_level for level in levels):
                return False
        refused = [at for name, at in self.forces.refused if name == force.id]
        if refused and self.sim.night:
            return False  # once refused by weather or daylight, it is asked again when it is light
        if refused and self.sim.now < refused[-1] + self.sim.number("forces.again"):
            return False
        return not any(r.force is force and r.incident == key and r.state == ASKED for r in self.forces.requests)

    def left(self, force: Force, key: str) -> dict[int, int]:
        """Elements of a force by row that are at home and not yet promised to anybody; the soonest there first."""
        eta = self.fleet.eta(self.sim.incidents[key].spec.site)
        pending = [r.rows for r in self.forces.requests if r.force is force and r.state == ASKED]
        found = {}
        for row in sorted(self.forces.rows.get(force.id, ()), key=lambda r: (float(eta[r]), r)):
            promised = sum(
                max(0, rows.get(row, 0) - self.forces.there(at, row)) for at, rows in self.forces.allowed.items()
            )
            promised += sum(rows.get(row, 0) for rows in pending)
            if eta[row] < float("inf") and (left := self.fleet.at_home(row) - promised) > 0:
                found[row] = left
        return found

    def wanted(self, force: Force, rest: dict[str, float], key: str) -> dict[int, int]:
        """Elements by row that the force is asked for against what is short; lowers `rest` by what they supply."""
        able = self.able(force)
        if able.isdisjoint(rest):
            return {}
        left = self.left(force, key)
        rows: dict[int, int] = {}
        for capability in tuple(rest):
            for row in tuple(left):
                supply = self.supplies(row).get(capability, 0.0)
                if supply > 0.0 and rest[capability] > 0.0 and left[row]:
                    count = min(left[row], ceil(rest[capability] / supply))
                    rest[capability] -= count * supply
                    left[row] -= count
                    rows[row] = rows.get(row, 0) + count
        return rows

    def able(self, force: Force) -> frozenset[str]:
        """The capabilities that any of its elements supplies."""
        if force.id not in self._able:
            rows = self.forces.rows.get(force.id, ())
            self._able[force.id] = frozenset(c for row in rows for c in self.supplies(row))
        return self._able[force.id]

    def forward(self, force: Force, needs: tuple[Need, ...], key: str) -> dict[int, int]:
        """The first party of a force that a high level of response asks for, if it can do anything that is needed."""
        asked = any(r.force is force and (r.incident == key or r.state != REFUSED) for r in self.forces.requests)
        if asked or (force.county and self.sim.incidents[key].spec.site.county != force.county):
            return {}  # one such party at a time; a county's own are called up for their county
        wanted = [need.capability for need in needs]
        rows: dict[int, int] = {}
        room = force.first
        for row, left in self.left(force, key).items():
            if room and any(self.supplies(row).get(capability, 0.0) > 0.0 for capability in wanted):
                rows[row] = min(room, left)
                room -= rows[row]
        return rows

    def expected(self, force: Force, site: Site, channel: str) -> float:
        """When the first of a force is reckoned to be there if it is asked now: answer, turnout, roads."""
        eta = self.fleet.eta(site)
        return self.delay(force, channel).median + min(
            (float(eta[row]) for row in self.forces.rows.get(force.id, ())), default=float("inf")
        )

    def delay(self, force: Force, channel: str) -> Spread:
        """How long its answer takes through a channel; the urgent one only where there is one."""
        if channel == URGENT and force.urgent:
            rule, own = f"forces.urgent.{force.kind}", force.urgent
        else:
            rule, own = f"forces.approve.{force.kind}", force.normal
        return own if force.own_delay or rule not in self.sim.case.rules else self.sim.rule(rule)

    def is_urgent(self, believed: Believed, rows: Mapping[int, int]) -> bool:
        """Lives are at stake, and too little of what is needed is its own and there in time."""
        number, seen = self.sim.number, believed.sighting
        if seen.trapped + seen.waiting + seen.threatened < number("forces.urgent_people"):
            return False
        until = self.sim.now + number("forces.urgent_within")
        able = {capability for row in rows for capability in self.supplies(row)}
        for need in believed.needs:
            if need.capability in able:
                own = sum(
                    s.crew.supplies.get(need.capability, 0.0)
                    for s in self.fleet.sorties.values()
                    if s.incident.id == believed.incident and s.crew.task == need.capability
                    and s.expected <= until and s.element not in self.forces.row_of
                )  # fmt: skip
                if own < need.amount * number("forces.urgent_covered"):
                    return True
        return False

    def content(self, incident: Incident, believed: Believed, rows: Mapping[int, int]) -> dict[str, str]:
        """What a request must say by the regulation, as the lead believes it; facts and codes, words are for the reader."""
        seen, key, holdings = believed.sighting, incident.id, self.fleet.board.holdings
        sent = [s for s in self.fleet.sorties.values() if s.incident is incident]
        kinds: dict[str, int] = {}
        for row, count in rows.items():
            kinds[holdings[row].kind] = kinds.get(holdings[row].kind, 0) + count
        level = int(believed.level) if believed.level else 0
        return {
            "kind": believed.nature,
            "time": f"{self.forces.heard.get(key, self.sim.now):g}",
            "area": believed.site.town or believed.site.node,
            "danger": f"severity={int(believed.severity)} trapped={seen.trapped} threatened={seen.threatened} "
            f"waiting={seen.waiting} dead={seen.dead}",
            "measures": f"level={level} elements={len(sent)} people={sum(s.people for s in sent)}",
            "strength": " ".join(f"{kind}={count}" for kind, count in sorted(kinds.items())),
        }
