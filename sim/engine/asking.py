"""Whom to ask for how much, and how: what the lead posts make of their shortfalls, on what they believe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from sim.domain.command import Believed
from sim.domain.forces import Force
from sim.domain.parameters import Spread
from sim.domain.places import Site
from sim.engine.aviation import NIGHT
from sim.engine.requests import ASKED, NORMAL, REFUSED, URGENT, Disaster
from sim.journal.picture import Floats

if TYPE_CHECKING:
    from sim.engine.forces import Forces
    from sim.engine.incidents import Incident

Rest = dict[str, dict[str, float]]  # incident -> capability -> what is still missing, the most urgent first
Wanted = dict[str, dict[int, int]]  # incident -> row -> elements


class Place(NamedTuple):
    """One incident of a disaster, as the post sees it that leads it."""

    key: str
    lead: str
    incident: Incident
    believed: Believed


class Asking:
    """The considerations of posts that lack something."""

    def __init__(self, forces: Forces) -> None:
        self.forces, self.sim, self.fleet = forces, forces.sim, forces.fleet
        self._able: dict[str, frozenset[str]] = {}

    def places(self, disaster: Disaster) -> list[Place]:
        """Where a disaster is being fought, the worst place first, then the one longest known."""
        sim, found = self.sim, []
        for key in disaster.open:
            lead, incident = sim.leads.get(key), sim.incidents.get(key)
            if lead is not None and incident is not None and not incident.closed:
                found.append(Place(key, lead, incident, sim.desk(lead).picture.incidents[key]))
        return sorted(found, key=lambda p: -p.believed.severity)

    def uncovered(self, disaster: Disaster, places: Sequence[Place]) -> Rest:
        """What is short less what is asked for or allowed and not yet under way, by place, most urgent need first."""
        rest: Rest = {}
        for place in places:
            lacks = disaster.lacks.get(place.key, {})
            here = {
                need.capability: lacks[need.capability] for need in place.believed.needs if need.capability in lacks
            }
            if here:
                rest[place.key] = here
        self._lower_by_promised(rest, disaster)
        left = {key: {c: amount for c, amount in here.items() if amount > 0.0} for key, here in rest.items()}
        return {key: here for key, here in left.items() if here}

    def _lower_by_promised(self, rest: Rest, disaster: Disaster) -> None:
        """What is asked for, or allowed and not yet out, will see to its part."""
        for request in disaster.requests:
            if request.state == ASKED:
                for key, rows in request.places.items():
                    for row, count in rows.items():
                        self._lower(rest, [key], row, count)
        for row in disaster.allowed:
            self._lower(rest, list(rest), row, disaster.still(row))

    def _lower(self, rest: Rest, keys: Sequence[str], row: int, count: int) -> None:
        """So many elements of a row will see to the first thing they can do at one of these places."""
        supplies = self.supplies(row)
        for key in keys:
            here = rest.get(key, {})
            main = next((c for c, amount in here.items() if amount > 0.0 and supplies.get(c, 0.0) > 0.0), "")
            while main and count > 0 and here[main] > 0.0:
                here[main] -= supplies[main]
                count -= 1

    def supplies(self, row: int) -> Mapping[str, float]:
        """What one element of a row supplies."""
        city, board = self.sim.case.city, self.fleet.board
        return city.kinds[board.holdings[row].kind].supplies

    def askers(self, force: Force, places: Sequence[Place]) -> Iterator[tuple[str, list[Place]]]:
        """The posts that may ask for a force, the highest first, each with the places it asks for."""
        found: dict[str, list[Place]] = {}
        for place in places:
            if name := self._asker(force, place):
                found.setdefault(name, []).append(place)
        tiers = self.sim.case.city.posts
        yield from sorted(found.items(), key=lambda item: (-int(tiers[item[0]].tier), item[0]))

    def _asker(self, force: Force, place: Place) -> str:
        """The post that asks: the lead, or the one above it that may and knows of it; "" for none."""
        posts, sim = self.sim.case.city.posts, self.sim
        name = place.lead
        while name and int(posts[name].tier) < force.asked_by:
            name = posts[name].parent
        if not name or (
            name != place.lead and (name not in sim.desks or place.key not in sim.desks[name].picture.incidents)
        ):
            return ""
        return name if self.forces.serves(force, name) else ""

    def may_be_asked(self, force: Force, disaster: Disaster) -> bool:
        """Whether what it waits for has happened, and it has neither a question open nor just said no."""
        if force.opens_level:
            posts = self.sim.case.city.posts
            levels = [v for (_, post), v in disaster.levels.items() if posts[post].tier == force.opens_tier]
            if not any(0 < level <= force.opens_level for level in levels):
                return False
        if force.id in self.forces.refused:
            at, why = self.forces.refused[force.id]
            if self.sim.night or (why == NIGHT and self.forces.dawn_at <= at):
                return False  # once refused by weather or daylight, it is asked again when it is light
            if self.sim.now < at + self.sim.number("forces.again"):
                return False
        return not any(r.force is force and r.state == ASKED for r in disaster.requests)

    def left(self, force: Force, sites: Sequence[Site]) -> dict[int, int]:
        """Elements of a force by row that are at home and not yet promised to anybody; the soonest there first."""
        pending = [r.rows for r in self.forces.granted() if r.force is force and r.state == ASKED]
        found = {}
        for row in sorted(self.forces.rows.get(force.id, ()), key=lambda r: (self._soonest(r, sites), r)):
            promised = sum(disaster.still(row) for disaster in self.forces.disasters.values())
            promised += sum(rows.get(row, 0) for rows in pending)
            if self._soonest(row, sites) < float("inf") and (left := self.fleet.at_home(row) - promised) > 0:
                found[row] = left
        return found

    def _soonest(self, row: int, sites: Sequence[Site]) -> float:
        return min(float(self.fleet.eta(site)[row]) for site in sites)

    def wanted(self, force: Force, rest: Rest, theirs: Sequence[Place]) -> Wanted:
        """Elements by place and row that the force is asked for against what is short; lowers `rest` by what they supply."""
        able = self.able(force)
        lacking = [p for p in theirs if not able.isdisjoint(c for c, a in rest.get(p.key, {}).items() if a > 0.0)]
        if not lacking:
            return {}
        left = self.left(force, [p.incident.spec.site for p in lacking])
        whole = {p.key: {n.capability: n.amount for n in p.believed.needs} for p in lacking}
        wanted: Wanted = {}
        while place := self._emptiest(lacking, rest, whole, left):
            here, eta = rest[place.key], self.fleet.eta(place.incident.spec.site)
            capability = next(c for c in here if here[c] > 0.0 and self._who(left, c, eta))
            row = min(self._who(left, capability, eta), key=lambda r: (float(eta[r]), r))
            here[capability] -= self.supplies(row)[capability]
            left[row] -= 1
            rows = wanted.setdefault(place.key, {})
            rows[row] = rows.get(row, 0) + 1
        return wanted

    def _emptiest(self, lacking: Sequence[Place], rest: Rest, whole: Rest, left: Mapping[int, int]) -> Place | None:
        """The place that lacks the largest share of its first need that these can do; none if nothing is left to ask for."""
        found: list[tuple[float, int]] = []
        for number, place in enumerate(lacking):
            eta = self.fleet.eta(place.incident.spec.site)
            for capability, amount in rest[place.key].items():
                if amount > 0.0 and self._who(left, capability, eta):
                    found.append((-amount / whole[place.key].get(capability, amount), number))
                    break
        return lacking[min(found)[1]] if found else None

    def _who(self, left: Mapping[int, int], capability: str, eta: Floats) -> list[int]:
        return [r for r, n in left.items() if n and capability in self.supplies(r) and eta[r] < float("inf")]

    def able(self, force: Force) -> frozenset[str]:
        """The capabilities that any of its elements supplies."""
        if force.id not in self._able:
            rows = self.forces.rows.get(force.id, ())
            self._able[force.id] = frozenset(c for row in rows for c in self.supplies(row))
        return self._able[force.id]

    def is_called_up(self, force: Force, disaster: Disaster, asker: str, theirs: Sequence[Place]) -> bool:
        """Whether the level of the response calls up a first party of a force, once a disaster; after a refusal, again."""
        levels = [disaster.levels.get((self.sim.response_of(place.key), asker), 0) for place in theirs]
        if force.id in disaster.called or not any(0 < level <= force.at_level for level in levels):
            return False
        return not any(r.force is force and r.state != REFUSED for r in self.forces.granted())

    def forward(self, force: Force, theirs: Sequence[Place], disaster: Disaster) -> Wanted:
        """The first party that a high level of response asks for: as many as do what others come too late for, or tire of."""
        for place in theirs:
            if force.county and place.incident.spec.site.county != force.county:
                continue  # a county's own are called up for their county
            rows: dict[int, int] = {}
            room = force.first
            for row, left in self.left(force, [place.incident.spec.site]).items():
                rest = {place.key: self._not_there(place, self._there_at(force, place, row))}
                self._lower_by_promised(rest, disaster)
                for other, count in rows.items():
                    self._lower(rest, [place.key], other, count)
                supplies, lacking = self.supplies(row), rest[place.key]
                wanted = max((ceil(lacking[c] / supplies[c]) for c in lacking if supplies.get(c, 0.0) > 0.0), default=0)
                if room and wanted > 0:
                    rows[row] = min(room, left, wanted)
                    room -= rows[row]
            if rows:
                disaster.called.add(force.id)
                return {place.key: rows}
        return {}

    def _there_at(self, force: Force, place: Place, row: int) -> float:
        """When a row of a force is reckoned to be at a place if it is asked now: answer, turnout, roads."""
        urgent = force.urgent and self.is_urgent(place.believed, {row: 1})
        answer = self.delay(force, URGENT if urgent else NORMAL).median
        return self.sim.now + answer + float(self.fleet.eta(place.incident.spec.site)[row])

    def _not_there(self, place: Place, by: float) -> dict[str, float]:
        """How much others do too late or too tired by then; what nobody was sent for is a shortfall, and asked for as such."""
        grace, margin = self.sim.number("relief.grace"), self.sim.number("forces.take_over")
        there: dict[str, float] = {}
        fails: set[str] = set()
        for s in self.fleet.sorties.values():
            coming = s.counted and s.journey.outbound and not s.on_spot
            if s.incident is not place.incident or not (coming or (s.on_spot and not s.resting)):
                continue
            tired = s.expected + grace <= by if coming else 0.0 <= s.stint_from <= by - grace
            if tired or (coming and s.expected > by + margin):
                fails.add(s.crew.task)
            else:
                there[s.crew.task] = there.get(s.crew.task, 0.0) + s.crew.supplies.get(s.crew.task, 0.0)
        needs = place.believed.needs
        missing = {n.capability: n.amount - there.get(n.capability, 0.0) for n in needs if n.capability in fails}
        return {capability: amount for capability, amount in missing.items() if amount > 0.0}

    def expected(self, force: Force, sites: Sequence[Site], channel: str) -> float:
        """When the first of a force is reckoned to be there if it is asked now: answer, turnout, roads."""
        rows = self.forces.rows.get(force.id, ())
        return self.delay(force, channel).median + min(
            (self._soonest(row, sites) for row in rows), default=float("inf")
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

    def content(self, disaster: Disaster, places: Sequence[Place], wanted: Wanted) -> dict[str, str]:
        """What a request must say by the regulation, as the leads believe it; facts and codes, words are for the reader."""
        holdings, inside = self.fleet.board.holdings, {p.key for p in places}
        asked = [p for p in places if p.key in wanted]
        main = next((p for p in places if p.key == disaster.id), asked[0])
        seen = [p.believed.sighting for p in places]
        sent = [s for s in self.fleet.sorties.values() if s.incident.id in inside]
        kinds: dict[str, int] = {}
        counts: dict[str, int] = {}
        for place in asked:
            where = place.believed.site.town or place.believed.site.node
            for row, count in wanted[place.key].items():
                kinds[holdings[row].kind] = kinds.get(holdings[row].kind, 0) + count
                counts[where] = counts.get(where, 0) + count
        level = min((int(p.believed.level) for p in places if p.believed.level), default=0)
        return {
            "kind": main.believed.nature,
            "time": f"{disaster.heard:g}",
            "area": " ".join(f"{where}={count}" for where, count in counts.items()),
            "danger": f"severity={max(int(p.believed.severity) for p in places)} trapped={sum(s.trapped for s in seen)} "
            f"threatened={sum(s.threatened for s in seen)} waiting={sum(s.waiting for s in seen)} "
            f"dead={sum(s.dead for s in seen)}",
            "measures": f"level={level} elements={len(sent)} people={sum(s.people for s in sent)}",
            "strength": " ".join(f"{kind}={count}" for kind, count in sorted(kinds.items())),
        }
