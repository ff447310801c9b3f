"""Forces that others decide over: asked for, allowed or not, tasked by the command, let go.

Nothing here sees more than the lead post believes: what it lacks (its shortfalls), what it holds to be needed, when it
reckons its own with. Strategies see the board only; until the organ of a force has said yes, nobody of it is free there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING, Any

from sim.domain import events as ev
from sim.domain.command import Believed
from sim.domain.forces import Force
from sim.domain.hazards import Need
from sim.domain.places import Site
from sim.engine.aviation import Aviation
from sim.engine.clock import Turn, grid
from sim.engine.sorties import Told

if TYPE_CHECKING:
    from sim.engine.incidents import Incident
    from sim.engine.simulation import Simulation

NORMAL, URGENT = "normal", "urgent"
APPROVED, REFUSED, CONFIRMED = "approved", "refused", "confirmed"


@dataclass
class Request:
    """One request for one force: what was asked, and what became of it."""

    id: str
    force: Force
    incident: str
    post: str
    channel: str
    rows: dict[int, int]  # row on the board -> elements asked for
    asked: int  # seq
    state: str = "asked"
    answered: int = -1  # seq
    tasks: set[str] = field(default_factory=set)


class Forces:
    """All requests of a run. Does nothing in a city without such forces."""

    def __init__(self, sim: Simulation) -> None:
        self.sim, self.fleet = sim, sim.fleet
        book = sim.case.city.forces
        self.book = book
        self._requests: list[Request] = []
        self._lacks: dict[str, dict[str, float]] = {}  # incident -> capability -> what its lead is short of
        self._levels: dict[tuple[str, str], int] = {}  # (incident, post) -> level it responds at
        self._heard: dict[str, float] = {}  # incident -> when the first report of it was in
        self._agenda: dict[str, int] = {}  # incident -> seq of what made it worth considering
        self._allowed: dict[str, dict[int, int]] = {}  # incident -> row -> elements of it that may be there at a time
        self._refused: list[tuple[str, float]] = []  # (force, when it had to say no)
        self._out: dict[str, tuple[str, int]] = {}  # sortie -> (incident, row)
        if book is None:
            return
        of_team = book.of_team()
        holdings = self.fleet.board.holdings
        self._force_of = {row: of_team[h.team] for row, h in enumerate(holdings) if h.team in of_team}
        self._rows: dict[str, list[int]] = {}
        for row, force in self._force_of.items():
            self._rows.setdefault(force, []).append(row)
        self._row_of = {element: row for row in self._force_of for element in holdings[row].elements}
        self._gated = sorted(self._force_of)
        self.fleet.board.free[self._gated] = 0
        self.air = Aviation(sim)
        self._hears: Mapping[type[ev.Event], Callable[[Any], None]] = {
            ev.ReportReceived: self._reported, ev.LeadTaken: self._stirred, ev.NeedsStated: self._stirred,
            ev.ResponseChanged: self._responded, ev.Shortfall: self._short, ev.OrderGiven: self._ordered,
            ev.Recalled: self._recalled, ev.Returned: self._returned, ev.OrderRefused: self._turned_down,
            ev.IncidentClosed: self._closed, ev.Daylight: self._light,
        }  # fmt: skip
        sim.listeners.append(self.hear)

    # ── what the board shows ──

    def show(self, incident: str) -> None:
        """Let the board show those of them who may go to this incident now."""
        if self.book is None:
            return
        free = self.fleet.board.free
        free[self._gated] = 0
        allowed = self._allowed.get(incident)
        if not allowed:
            return
        site = self.sim.incidents[incident].spec.site
        for row, most in allowed.items():
            force = self.book.forces[self._force_of[row]]
            if not force.flies or not self.air.barred(row, site):
                free[row] = max(0, min(self.fleet.at_home(row), most - self._there(incident, row)))

    def _there(self, incident: str, row: int) -> int:
        return sum(place == (incident, row) for place in self._out.values())

    def beyond(self, row: int) -> float:
        """Expected seconds on roads outside the network, for a row of the board."""
        force = self._of_row(row)
        return force.beyond.median if force and force.beyond else 0.0

    def march(self, element: str, incident: str) -> float:
        """Seconds on roads outside the network as they fall: a force drives them together."""
        force = self._of_row(self._row_of.get(element, -1)) if self.book else None
        if force is None or force.beyond is None:
            return 0.0
        return grid(force.beyond.at(self.sim.streams.uniform("beyond", force.id, incident)))

    def force_of(self, element: str) -> str:
        """The force an element is of."""
        return self._force_of[self._row_of[element]]

    def _of_row(self, row: int) -> Force | None:
        if self.book is None:
            return None
        name = self._force_of.get(row)
        return self.book.forces[name] if name else None

    # ── what is heard ──

    def hear(self, event: ev.Event) -> None:
        """An event has happened."""
        heard = self._hears.get(type(event))
        if heard is not None:
            heard(event)

    def _reported(self, e: ev.ReportReceived) -> None:
        self._heard.setdefault(e.incident, e.t)

    def _stirred(self, e: ev.LeadTaken | ev.NeedsStated) -> None:
        self._put_down(e.incident, e.seq)

    def _responded(self, e: ev.ResponseChanged) -> None:
        self._levels[e.incident, e.post] = e.level
        self._put_down(e.incident, e.seq)

    def _short(self, e: ev.Shortfall) -> None:
        lacks = self._lacks.setdefault(e.incident, {})
        if e.amount > 0.0:
            lacks[e.capability] = e.amount
            self._put_down(e.incident, e.seq)
        else:
            lacks.pop(e.capability, None)

    def _ordered(self, e: ev.OrderGiven) -> None:
        row = self._row_of.get(e.element)
        if row is None:
            return
        self._out[e.order] = (e.incident, row)
        request = self._approved(e.incident, self._force_of[row])
        if request is not None and e.task not in request.tasks:
            request.tasks.add(e.task)
            force = request.force
            self.sim.record(ev.ForceTasked(0, e.t, e.seq, request.id, e.incident, force.id, e.task, force.officer_zh))

    def _recalled(self, e: ev.Recalled) -> None:
        if e.to and e.order in self._out:
            self._out[e.order] = (e.to, self._out[e.order][1])

    def _returned(self, e: ev.Returned) -> None:
        self._out.pop(e.sortie, None)

    def _turned_down(self, e: ev.OrderRefused) -> None:
        self._out.pop(e.order, None)

    def _closed(self, e: ev.IncidentClosed) -> None:
        """The response is over: whoever was allowed is let go, whoever was asked need not come."""
        for request in self._requests:
            if request.incident == e.incident and request.state == APPROVED:
                self.sim.record(ev.ForceReleased(0, e.t, e.seq, request.id, e.incident, request.force.id))
        self._requests = [r for r in self._requests if r.incident != e.incident]
        self._allowed.pop(e.incident, None)
        self._lacks.pop(e.incident, None)
        self._heard.pop(e.incident, None)

    def _light(self, e: ev.Daylight) -> None:
        """At dusk whoever flies goes home; at dawn what was refused by night is asked for again."""
        for name in self._out if e.night else ():
            sortie = self.fleet.sorties[name]
            force = self.book.forces[self._force_of[self._out[name][1]]] if self.book else None
            if force and force.flies and sortie.on_spot:
                post = self.sim.desk_of(sortie.incident).post.id
                said = self.sim.record(ev.Recalled(0, e.t, e.seq, name, post, sortie.element, "", "dark"))
                sortie.tell(Told("recall", said, "dark"))
        if not e.night:
            for incident in (*self._lacks, *(key for key in self._allowed if key not in self._lacks)):
                self._put_down(incident, e.seq)
                if incident in self._allowed:
                    self.sim.reconsider()

    # ── asking ──

    def _put_down(self, incident: str, cause: int) -> None:
        """Consider this incident at the end of this instant, once."""
        if incident not in self._agenda:
            self.sim.clock.at(self.sim.now, lambda _: self._consider(incident), Turn.POST)
        self._agenda[incident] = cause

    def _consider(self, key: str) -> None:
        """Ask for what the lead post lacks, nearest help first."""
        cause, sim = self._agenda.pop(key), self.sim
        lead, incident = sim.leads.get(key), sim.incidents.get(key)
        if lead is None or incident is None or incident.closed or self.book is None:
            return
        believed = sim.desk(lead).picture.incidents[key]
        rest = self._uncovered(key, believed)
        site = incident.spec.site
        for force in sorted(self.book.forces.values(), key=lambda f: (self._expected(f, site, URGENT), f.id)):
            asker = self._asker(force, lead, incident)
            if not asker or not self._may_be_asked(force, key):
                continue
            rows = self._wanted(force, rest, key)
            if not rows and force.at_level and 0 < self._levels.get((key, asker), 0) <= force.at_level:
                rows = self._forward(force, believed.needs, key)
            if rows:
                self._ask(force, incident, asker, rows, believed, cause)

    def _uncovered(self, key: str, believed: Believed) -> dict[str, float]:
        """What is short less what is asked for or allowed and not yet under way, most urgent need first."""
        lacks = self._lacks.get(key, {})
        rest = {need.capability: lacks[need.capability] for need in believed.needs if need.capability in lacks}
        for request in self._requests:
            if request.incident != key or request.state == REFUSED:
                continue
            for row, count in request.rows.items():
                waiting = count if request.state == "asked" else max(0, count - self._there(key, row))
                supplies = self._supplies(row)
                main = next((c for c in rest if supplies.get(c, 0.0) > 0.0), "")
                if main:
                    rest[main] -= waiting * supplies[main]
        return {capability: amount for capability, amount in rest.items() if amount > 0.0}

    def _supplies(self, row: int) -> Mapping[str, float]:
        city, board = self.sim.case.city, self.fleet.board
        return city.kinds[board.holdings[row].kind].supplies

    def _asker(self, force: Force, lead: str, incident: Incident) -> str:
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

    def _may_be_asked(self, force: Force, key: str) -> bool:
        if force.opens_level:
            posts = self.sim.case.city.posts
            levels = [v for (at, post), v in self._levels.items() if at == key and posts[post].tier == force.opens_tier]
            if not any(0 < level <= force.opens_level for level in levels):
                return False
        refused = [at for name, at in self._refused if name == force.id]
        if refused and self.sim.night:
            return False  # once refused by weather or daylight, it is asked again when it is light
        if refused and self.sim.now < refused[-1] + self.sim.number("forces.again"):
            return False
        return not any(r.force is force and r.incident == key and r.state == "asked" for r in self._requests)

    def _left(self, force: Force, key: str) -> dict[int, int]:
        """Elements of a force by row that are at home and not yet promised to anybody; the soonest there first."""
        eta = self.fleet.eta(self.sim.incidents[key].spec.site)
        pending = [r.rows for r in self._requests if r.force is force and r.state == "asked"]
        found = {}
        for row in sorted(self._rows.get(force.id, ()), key=lambda r: (float(eta[r]), r)):
            promised = sum(max(0, rows.get(row, 0) - self._there(at, row)) for at, rows in self._allowed.items())
            promised += sum(rows.get(row, 0) for rows in pending)
            if eta[row] < float("inf") and (left := self.fleet.at_home(row) - promised) > 0:
                found[row] = left
        return found

    def _wanted(self, force: Force, rest: dict[str, float], key: str) -> dict[int, int]:
        """Elements by row that the force is asked for against what is short; lowers `rest` by what they supply."""
        left, rows = self._left(force, key) if rest else {}, {}
        for capability in rest:
            for row in left:
                supply = self._supplies(row).get(capability, 0.0)
                if supply > 0.0 and rest[capability] > 0.0 and left[row]:
                    count = min(left[row], ceil(rest[capability] / supply))
                    rest[capability] -= count * supply
                    left[row] -= count
                    rows[row] = rows.get(row, 0) + count
        return rows

    def _forward(self, force: Force, needs: tuple[Need, ...], key: str) -> dict[int, int]:
        """The first party of a force that a high level of response asks for, if it can do anything that is needed."""
        asked = any(r.force is force and (r.incident == key or r.state != REFUSED) for r in self._requests)
        if asked or (force.county and self.sim.incidents[key].spec.site.county != force.county):
            return {}  # one such party at a time; a county's own are called up for their county
        wanted = [need.capability for need in needs]
        rows: dict[int, int] = {}
        room = force.first
        for row, left in self._left(force, key).items():
            if room and any(self._supplies(row).get(capability, 0.0) > 0.0 for capability in wanted):
                rows[row] = min(room, left)
                room -= rows[row]
        return rows

    def _expected(self, force: Force, site: Site, channel: str) -> float:
        """When the first of a force is reckoned to be there if it is asked now: answer, turnout, roads."""
        eta = self.fleet.eta(site)
        answer = force.urgent if channel == URGENT and force.urgent else force.normal
        return answer.median + min((float(eta[row]) for row in self._rows.get(force.id, ())), default=float("inf"))

    def _ask(
        self, force: Force, incident: Incident, asker: str, rows: dict[int, int], believed: Believed, cause: int
    ) -> None:
        """Ask through the channel that the case demands."""
        sim, key = self.sim, incident.id
        channel = URGENT if force.urgent and self._is_urgent(force, believed, rows) else NORMAL
        count = sum(r.force is force and r.incident == key for r in self._requests)
        name = f"{key}/{force.id}/{count + 1}"
        seq = sim.record(
            ev.ForceAsked(
                0, sim.now, cause, name, key, asker, force.id, channel, self._content(incident, believed, rows)
            )
        )
        request = Request(name, force, key, asker, channel, rows, seq)
        self._requests.append(request)
        luck = sim.streams.uniform("force_answer", force.id, key, str(count + 1))
        normal = grid(force.normal.at(luck))
        if channel == URGENT and force.urgent:
            sim.clock.at(grid(sim.now + force.urgent.at(luck)), lambda _: self._answer(request), Turn.POST)
            sim.clock.at(grid(sim.now + normal), lambda _: self._confirm(request), Turn.POST)
        else:
            sim.clock.at(grid(sim.now + normal), lambda _: self._answer(request), Turn.POST)

    def _is_urgent(self, force: Force, believed: Believed, rows: Mapping[int, int]) -> bool:
        """Lives are at stake, and too little of what is needed is its own and there in time."""
        number, seen = self.sim.number, believed.sighting
        if seen.trapped + seen.waiting + seen.threatened < number("forces.urgent_people"):
            return False
        until = self.sim.now + number("forces.urgent_within")
        able = {capability for row in rows for capability in self._supplies(row)}
        for need in believed.needs:
            if need.capability in able:
                own = sum(
                    s.crew.supplies.get(need.capability, 0.0)
                    for s in self.fleet.sorties.values()
                    if s.incident.id == believed.incident and s.crew.task == need.capability
                    and s.expected <= until and s.element not in self._row_of
                )  # fmt: skip
                if own < need.amount * number("forces.urgent_covered"):
                    return True
        return False

    def _content(self, incident: Incident, believed: Believed, rows: Mapping[int, int]) -> dict[str, str]:
        """What a request must say by the regulation, as the lead believes it; facts and codes, words are for the reader."""
        seen, key, holdings = believed.sighting, incident.id, self.fleet.board.holdings
        sent = [s for s in self.fleet.sorties.values() if s.incident is incident]
        kinds: dict[str, int] = {}
        for row, count in rows.items():
            kinds[holdings[row].kind] = kinds.get(holdings[row].kind, 0) + count
        level = int(believed.level) if believed.level else 0
        return {
            "kind": believed.nature,
            "time": f"{self._heard.get(key, self.sim.now):g}",
            "area": believed.site.town or believed.site.node,
            "danger": f"severity={int(believed.severity)} trapped={seen.trapped} threatened={seen.threatened} "
            f"waiting={seen.waiting} dead={seen.dead}",
            "measures": f"level={level} elements={len(sent)} people={sum(s.people for s in sent)}",
            "strength": " ".join(f"{kind}={count}" for kind, count in sorted(kinds.items())),
        }

    # ── answers ──

    def _answer(self, request: Request) -> None:
        """The organ says yes or no; in the urgent case the force itself, which moves and reports up."""
        sim, key, force = self.sim, request.incident, request.force
        incident = sim.incidents.get(key)
        if incident is None or incident.closed or request not in self._requests:
            return
        by = force.organ if request.channel == NORMAL else force.id
        why = self.air.barred(min(request.rows), incident.spec.site) if force.flies else ""
        answer = REFUSED if why else APPROVED
        request.answered = sim.record(
            ev.ForceAnswered(0, sim.now, request.asked, request.id, key, force.id, by, answer, why)
        )
        request.state = answer
        if why:
            self._refused.append((force.id, sim.now))
            again = grid(sim.now + sim.number("forces.again"))
            sim.clock.at(again, lambda _: self._put_down(key, request.answered), Turn.POST)
            return
        allowed = self._allowed.setdefault(key, {})
        for row, count in request.rows.items():
            allowed[row] = allowed.get(row, 0) + count
        sim.reconsider()

    def _confirm(self, request: Request) -> None:
        """What moved on a direct request is confirmed by its organ."""
        sim = self.sim
        if request.state == APPROVED and request in self._requests:
            force = request.force
            sim.record(
                ev.ForceAnswered(
                    0, sim.now, request.answered, request.id, request.incident, force.id, force.organ, CONFIRMED
                )
            )

    def _approved(self, incident: str, force: str) -> Request | None:
        """The latest request for a force at an incident that was granted."""
        found = (
            r for r in reversed(self._requests)
            if r.state == APPROVED and r.incident == incident and r.force.id == force
        )  # fmt: skip
        return next(found, None)
