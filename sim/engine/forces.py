"""Forces that others decide over: asked for, allowed or not, tasked by the command, let go.

Nothing here sees more than the lead post believes: what it lacks (its shortfalls), what it holds to be needed, when it
reckons its own with. Strategies see the board only; until the organ of a force has said yes, nobody of it is free there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sim.domain import events as ev
from sim.domain.command import Believed
from sim.domain.forces import Force
from sim.engine.asking import Asking
from sim.engine.aviation import Aviation
from sim.engine.clock import Turn, grid
from sim.engine.requests import APPROVED, CONFIRMED, NORMAL, REFUSED, URGENT, Request
from sim.engine.sorties import Told

if TYPE_CHECKING:
    from sim.engine.incidents import Incident
    from sim.engine.simulation import Simulation


class Forces:
    """All requests of a run. Does nothing in a city without such forces."""

    def __init__(self, sim: Simulation) -> None:
        self.sim, self.fleet = sim, sim.fleet
        book = sim.case.city.forces
        self.book = book
        self.requests: list[Request] = []
        self.lacks: dict[str, dict[str, float]] = {}  # incident -> capability -> what its lead is short of
        self.levels: dict[tuple[str, str], int] = {}  # (incident, post) -> level it responds at
        self.heard: dict[str, float] = {}  # incident -> when the first report of it was in
        self._agenda: dict[str, int] = {}  # incident -> seq of what made it worth considering
        self.allowed: dict[str, dict[int, int]] = {}  # incident -> row -> elements of it that may be there at a time
        self.refused: list[tuple[str, float]] = []  # (force, when it had to say no)
        self._count: dict[tuple[str, int], int] = {}  # (incident, row) -> how many of it are out for it
        self._out: dict[str, tuple[str, int]] = {}  # sortie -> (incident, row)
        if book is None:
            return
        of_team = book.of_team()
        holdings = self.fleet.board.holdings
        self._force_of = {row: of_team[h.team] for row, h in enumerate(holdings) if h.team in of_team}
        self.rows: dict[str, list[int]] = {}
        for row, force in self._force_of.items():
            self.rows.setdefault(force, []).append(row)
        self.row_of = {element: row for row in self._force_of for element in holdings[row].elements}
        self._gated = sorted(self._force_of)
        self.fleet.board.free[self._gated] = 0
        self.air, self.asking = Aviation(sim), Asking(self)
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
        allowed = self.allowed.get(incident)
        if not allowed:
            return
        site = self.sim.incidents[incident].spec.site
        for row, most in allowed.items():
            force = self.book.forces[self._force_of[row]]
            if not force.flies or not self.air.barred(row, site):
                free[row] = max(0, min(self.fleet.at_home(row), most - self.there(incident, row)))

    def there(self, incident: str, row: int) -> int:
        """Elements of a row that are out for an incident."""
        return self._count.get((incident, row), 0)

    def beyond(self, row: int) -> float:
        """Expected seconds on roads outside the network, for a row of the board."""
        force = self._of_row(row)
        return force.beyond.median if force and force.beyond else 0.0

    def march(self, element: str, incident: str) -> float:
        """Seconds on roads outside the network as they fall: a force drives them together."""
        force = self._of_row(self.row_of.get(element, -1)) if self.book else None
        if force is None or force.beyond is None:
            return 0.0
        return grid(force.beyond.at(self.sim.streams.uniform("beyond", force.id, incident)))

    def force_of(self, element: str) -> str:
        """The force an element is of."""
        return self._force_of[self.row_of[element]]

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
        self.heard.setdefault(e.incident, e.t)

    def _stirred(self, e: ev.LeadTaken | ev.NeedsStated) -> None:
        self._put_down(e.incident, e.seq)

    def _responded(self, e: ev.ResponseChanged) -> None:
        self.levels[e.incident, e.post] = e.level
        self._put_down(e.incident, e.seq)
        for key in self.lacks:  # what is handled in the same response
            if key != e.incident and self.sim.response_of(key) == e.incident:
                self._put_down(key, e.seq)

    def _short(self, e: ev.Shortfall) -> None:
        lacks = self.lacks.setdefault(e.incident, {})
        if e.amount > 0.0:
            lacks[e.capability] = e.amount
            self._put_down(e.incident, e.seq)
        else:
            lacks.pop(e.capability, None)

    def _ordered(self, e: ev.OrderGiven) -> None:
        row = self.row_of.get(e.element)
        if row is None:
            return
        self._away(e.order, e.incident, row)
        request = self._approved(e.incident, self._force_of[row])
        if request is not None and e.task not in request.tasks:
            request.tasks.add(e.task)
            force = request.force
            self.sim.record(ev.ForceTasked(0, e.t, e.seq, request.id, e.incident, force.id, e.task, force.officer_zh))

    def _away(self, sortie: str, incident: str, row: int) -> None:
        self._out[sortie] = (incident, row)
        self._count[incident, row] = self._count.get((incident, row), 0) + 1

    def _home(self, sortie: str) -> tuple[str, int] | None:
        """One that is out no longer; where it was out for, None if it is none of theirs."""
        place = self._out.pop(sortie, None)
        if place is not None:
            self._count[place] -= 1
        return place

    def _recalled(self, e: ev.Recalled) -> None:
        if e.to and (place := self._home(e.order)) is not None:
            self._away(e.order, e.to, place[1])

    def _returned(self, e: ev.Returned) -> None:
        self._home(e.sortie)

    def _turned_down(self, e: ev.OrderRefused) -> None:
        self._home(e.order)

    def _closed(self, e: ev.IncidentClosed) -> None:
        """The response is over: whoever was allowed is let go, whoever was asked need not come."""
        for request in self.requests:
            if request.incident == e.incident and request.state == APPROVED:
                self.sim.record(ev.ForceReleased(0, e.t, e.seq, request.id, e.incident, request.force.id))
        self.requests = [r for r in self.requests if r.incident != e.incident]
        self.allowed.pop(e.incident, None)
        self.lacks.pop(e.incident, None)
        self.heard.pop(e.incident, None)

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
            for incident in (*self.lacks, *(key for key in self.allowed if key not in self.lacks)):
                self._put_down(incident, e.seq)
                if incident in self.allowed:
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
        rest = self.asking.uncovered(key, believed)
        site = incident.spec.site
        for force in sorted(self.book.forces.values(), key=lambda f: (self.asking.expected(f, site, URGENT), f.id)):
            asker = self.asking.asker(force, lead, incident)
            if not asker or not self.asking.may_be_asked(force, key):
                continue
            rows = self.asking.wanted(force, rest, key)
            if not rows and force.at_level and 0 < self.levels.get((sim.response_of(key), asker), 0) <= force.at_level:
                rows = self.asking.forward(force, believed.needs, key)
            if rows:
                self._ask(force, incident, asker, rows, believed, cause)

    def _ask(
        self, force: Force, incident: Incident, asker: str, rows: dict[int, int], believed: Believed, cause: int
    ) -> None:
        """Ask through the channel that the case demands."""
        sim, key = self.sim, incident.id
        channel = URGENT if force.urgent and self.asking.is_urgent(believed, rows) else NORMAL
        count = sum(r.force is force and r.incident == key for r in self.requests)
        name = f"{key}/{force.id}/{count + 1}"
        seq = sim.record(
            ev.ForceAsked(
                0, sim.now, cause, name, key, asker, force.id, channel, self.asking.content(incident, believed, rows)
            )
        )
        request = Request(name, force, key, asker, channel, rows, seq)
        self.requests.append(request)
        luck = sim.streams.uniform("force_answer", force.id, key, str(count + 1))
        normal = grid(self.asking.delay(force, NORMAL).at(luck))
        if channel == URGENT and force.urgent:
            sim.clock.at(
                grid(sim.now + self.asking.delay(force, URGENT).at(luck)), lambda _: self._answer(request), Turn.POST
            )
            sim.clock.at(grid(sim.now + normal), lambda _: self._confirm(request), Turn.POST)
        else:
            sim.clock.at(grid(sim.now + normal), lambda _: self._answer(request), Turn.POST)

    # ── answers ──

    def _answer(self, request: Request) -> None:
        """The organ says yes or no; in the urgent case the force itself, which moves and reports up."""
        sim, key, force = self.sim, request.incident, request.force
        incident = sim.incidents.get(key)
        if incident is None or incident.closed or request not in self.requests:
            return
        by = force.organ if request.channel == NORMAL else force.id
        why = self.air.barred(min(request.rows), incident.spec.site) if force.flies else ""
        answer = REFUSED if why else APPROVED
        request.answered = sim.record(
            ev.ForceAnswered(0, sim.now, request.asked, request.id, key, force.id, by, answer, why)
        )
        request.state = answer
        if why:
            self.refused.append((force.id, sim.now))
            again = grid(sim.now + sim.number("forces.again"))
            sim.clock.at(again, lambda _: self._put_down(key, request.answered), Turn.POST)
            return
        allowed = self.allowed.setdefault(key, {})
        for row, count in request.rows.items():
            allowed[row] = allowed.get(row, 0) + count
        sim.reconsider()

    def _confirm(self, request: Request) -> None:
        """What moved on a direct request is confirmed by its organ."""
        sim = self.sim
        if request.state == APPROVED and request in self.requests:
            force = request.force
            sim.record(
                ev.ForceAnswered(
                    0, sim.now, request.answered, request.id, request.incident, force.id, force.organ, CONFIRMED
                )
            )

    def _approved(self, incident: str, force: str) -> Request | None:
        """The latest request for a force at an incident that was granted."""
        found = (
            r for r in reversed(self.requests)
            if r.state == APPROVED and r.incident == incident and r.force.id == force
        )  # fmt: skip
        return next(found, None)
