"""Forces that others decide over: asked for, allowed or not, tasked by the command, let go.

Nothing here sees more than the lead post believes: what it lacks (its shortfalls), what it holds to be needed, when it
reckons its own with. Strategies see the board only; until the organ of a force has said yes, nobody of it is free there.
A disaster is one matter: whatever followed from an accident is asked for with it, in one paper for each force.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sim.domain import events as ev
from sim.domain.forces import Force
from sim.engine.asking import Asking, Place
from sim.engine.aviation import Aviation
from sim.engine.clock import Turn, grid
from sim.engine.employing import Employing
from sim.engine.requests import APPROVED, ASKED, CONFIRMED, NORMAL, REFUSED, URGENT, Disaster, Request
from sim.engine.sorties import Told

if TYPE_CHECKING:
    from sim.engine.simulation import Simulation


class Forces:
    """All requests of a run. Does nothing in a city without such forces."""

    def __init__(self, sim: Simulation) -> None:
        self.sim, self.fleet = sim, sim.fleet
        book = sim.case.city.forces
        self.book = book
        self.disasters: dict[str, Disaster] = {}
        self.refused: dict[str, tuple[float, str]] = {}  # force -> when it last had to say no, and why
        self.dawn_at = 0.0  # when it last grew light
        self._count: dict[tuple[str, str], int] = {}  # (disaster, force) -> how often it was asked
        self._agenda: dict[str, int] = {}  # disaster -> seq of what made it worth considering
        self._out: dict[str, tuple[Disaster, int, str]] = {}  # sortie -> (disaster, row, incident)
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
        self.air, self.asking, self.employing = Aviation(sim), Asking(self), Employing(self)
        self._hears: Mapping[type[ev.Event], Callable[[Any], None]] = {
            ev.ReportReceived: self._reported, ev.LeadTaken: self._led,
            ev.NeedsStated: self._stirred, ev.ResponseChanged: self._responded, ev.Shortfall: self._short,
            ev.OrderGiven: self._ordered, ev.Recalled: self._recalled, ev.Returned: self._returned,
            ev.Arrived: self.employing.arrived, ev.OrderRefused: self._turned_down, ev.IncidentClosed: self._closed,
            ev.Daylight: self._light,
        }  # fmt: skip
        sim.listeners.append(self.hear)

    # ── what the board shows ──

    def show(self, incident: str) -> None:
        """Let the board show those of them who may go to this incident now."""
        if self.book is None:
            return
        free = self.fleet.board.free
        free[self._gated] = 0
        disaster = self.of(incident)
        if disaster is None:
            return
        meant = disaster.meant(incident)
        for row in disaster.allowed:
            if (still := disaster.still(row) - meant.get(row, 0)) > 0:
                free[row] = min(self.ready(row, incident), still)

    def ready(self, row: int, incident: str) -> int:
        """Elements of a row that are at home and may go to an incident now."""
        disaster, spec = self.of(incident), self.sim.incidents[incident].spec
        force = self.force(row)
        if disaster is None or (force.flies and self.air.barred(row, spec.site)):
            return 0
        lead = self.sim.leads.get(incident, "")
        if not lead or not self.serves(force, lead):
            return 0
        return min(self.fleet.at_home(row), disaster.still(row))

    def serves(self, force: Force, post: str) -> bool:
        """Whether a post may have a force at all: a county's own serves no other county, though it serves the city."""
        county = self.sim.case.city.posts[post].county
        return not force.county or not county or county == force.county

    def of(self, incident: str) -> Disaster | None:
        """The disaster that an incident belongs to, once it was heard of."""
        return self.disasters.get(self.sim.families.root(incident))

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

    def force(self, row: int) -> Force:
        """The force whose row on the board this is."""
        found = self._of_row(row)
        assert found is not None, "only rows of forces are asked about"
        return found

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
        root = self.sim.families.root(e.incident)
        self.disasters.setdefault(root, Disaster(root, e.t))

    def _led(self, e: ev.LeadTaken) -> None:
        if (disaster := self.of(e.incident)) is not None:
            disaster.open[e.incident] = None
            self._put_down(disaster.id, e.seq)

    def _stirred(self, e: ev.NeedsStated) -> None:
        if (disaster := self.of(e.incident)) is not None:
            self._put_down(disaster.id, e.seq)

    def _responded(self, e: ev.ResponseChanged) -> None:
        if (disaster := self.of(e.incident)) is not None:
            disaster.levels[e.incident, e.post] = e.level
            self._put_down(disaster.id, e.seq)

    def _short(self, e: ev.Shortfall) -> None:
        disaster = self.of(e.incident)
        if disaster is None:
            return
        lacks = disaster.lacks.setdefault(e.incident, {})
        if e.amount > 0.0:
            lacks[e.capability] = e.amount
            self._put_down(disaster.id, e.seq)
        else:
            lacks.pop(e.capability, None)

    def _ordered(self, e: ev.OrderGiven) -> None:
        row, disaster = self.row_of.get(e.element), self.of(e.incident)
        if row is None or disaster is None:
            return
        self._away(e.order, disaster, row, e.incident)
        request = disaster.approved(self._force_of[row], row)
        if request is not None and (e.incident, e.task) not in request.tasks:
            request.tasks.add((e.incident, e.task))
            force = request.force
            self.sim.record(ev.ForceTasked(0, e.t, e.seq, request.id, e.incident, force.id, e.task, force.officer_zh))

    def _away(self, sortie: str, disaster: Disaster, row: int, incident: str) -> None:
        self._out[sortie] = (disaster, row, incident)
        disaster.out[row] = disaster.out.get(row, 0) + 1
        disaster.out_at[incident, row] = disaster.out_at.get((incident, row), 0) + 1

    def _home(self, sortie: str) -> int | None:
        """One that is out no longer; its row, None if it is none of theirs."""
        place = self._out.pop(sortie, None)
        if place is None:
            return None
        disaster, row, incident = place
        disaster.out[row] -= 1
        disaster.out_at[incident, row] -= 1
        if (request := disaster.approved(self._force_of[row], row)) is not None:
            request.idle_since = self.sim.now
        return row

    def _recalled(self, e: ev.Recalled) -> None:
        if e.to and (row := self._home(e.order)) is not None and (disaster := self.of(e.to)) is not None:
            self._away(e.order, disaster, row, e.to)

    def _returned(self, e: ev.Returned) -> None:
        self._home(e.sortie)

    def _turned_down(self, e: ev.OrderRefused) -> None:
        self._home(e.order)

    def _closed(self, e: ev.IncidentClosed) -> None:
        """A response is over; with the last of a disaster whoever was allowed is let go, whoever was asked need not come."""
        disaster = self.of(e.incident)
        if disaster is None:
            return
        disaster.open.pop(e.incident, None)
        disaster.lacks.pop(e.incident, None)
        disaster.levels = {key: level for key, level in disaster.levels.items() if key[0] != e.incident}
        if disaster.open:
            return
        for request in disaster.requests:
            if request.state == APPROVED:
                self.sim.record(ev.ForceReleased(0, e.t, e.seq, request.id, disaster.id, request.force.id))
            elif request.state == ASKED:
                self.employing.stand_down(disaster, request, "closed", e.seq)
        del self.disasters[disaster.id]

    def _light(self, e: ev.Daylight) -> None:
        """At dusk whoever flies goes home; at dawn what was refused by night is asked for again."""
        for name in self._out if e.night else ():
            sortie = self.fleet.sorties[name]
            if self.force(self._out[name][1]).flies and sortie.on_spot:
                post = self.sim.desk_of(sortie.incident).post.id
                said = self.sim.record(ev.Recalled(0, e.t, e.seq, name, post, sortie.element, "", "dark"))
                sortie.tell(Told("recall", said, "dark"))
        if not e.night:
            self.dawn_at = e.t
            for disaster in tuple(self.disasters.values()):
                if disaster.lacks or disaster.requests:
                    self._put_down(disaster.id, e.seq)
                if disaster.allowed:
                    self.sim.reconsider()

    # ── asking ──

    def _put_down(self, disaster: str, cause: int) -> None:
        """Consider this disaster at the end of this instant, once."""
        if disaster not in self._agenda:
            self.sim.clock.at(self.sim.now, lambda _: self._consider(disaster), Turn.POST)
        self._agenda[disaster] = cause

    def _consider(self, root: str) -> None:
        """Task who may go already; then ask for what the lead posts lack, nearest help first."""
        cause, disaster = self._agenda.pop(root), self.disasters.get(root)
        places = self.asking.places(disaster) if disaster else []
        if disaster is None or self.book is None or not places:
            return
        self.employing.use(disaster, places)
        rest = self.asking.uncovered(disaster, places)
        sites = [p.incident.spec.site for p in places if p.key in rest] or [p.incident.spec.site for p in places]
        for force in sorted(self.book.forces.values(), key=lambda f: (self.asking.expected(f, sites, URGENT), f.id)):
            if self.asking.may_be_asked(force, disaster):
                for asker, theirs in self.asking.askers(force, places):
                    wanted = self.asking.wanted(force, rest, theirs)
                    if not wanted and self.asking.is_called_up(force, disaster, asker, theirs):
                        wanted = self.asking.forward(force, theirs, disaster)
                    if wanted:
                        self._ask(force, disaster, asker, wanted, places, cause)
                        break

    def _ask(
        self, force: Force, disaster: Disaster, asker: str, wanted: dict[str, dict[int, int]], places: list[Place],
        cause: int,
    ) -> None:  # fmt: skip
        """Ask through the channel that the case demands."""
        sim, root = self.sim, disaster.id
        urgent = force.urgent and any(
            self.asking.is_urgent(p.believed, wanted[p.key]) for p in places if p.key in wanted
        )
        channel = URGENT if urgent else NORMAL
        count = self._count[root, force.id] = self._count.get((root, force.id), 0) + 1
        name, content = f"{root}/{force.id}/{count}", self.asking.content(disaster, places, wanted)
        seq = sim.record(ev.ForceAsked(0, sim.now, cause, name, root, asker, force.id, channel, content))
        request = Request(name, force, root, asker, channel, wanted, seq)
        disaster.requests.append(request)
        luck = sim.streams.uniform("force_answer", force.id, root, str(count))
        normal = grid(self.asking.delay(force, NORMAL).at(luck))
        if channel == URGENT:
            sim.clock.at(
                grid(sim.now + self.asking.delay(force, URGENT).at(luck)), lambda _: self._answer(request), Turn.POST
            )
            sim.clock.at(grid(sim.now + normal), lambda _: self._confirm(request), Turn.POST)
        else:
            sim.clock.at(grid(sim.now + normal), lambda _: self._answer(request), Turn.POST)

    # ── answers ──

    def _answer(self, request: Request) -> None:
        """The organ says yes or no; in the urgent case the force itself, which moves and reports up."""
        sim, root, force = self.sim, request.disaster, request.force
        disaster = self.disasters.get(root)
        if disaster is None or request not in disaster.requests:
            return
        by = force.organ if request.channel == NORMAL else force.id
        why = self._barred(request) if force.flies else ""
        answer = REFUSED if why else APPROVED
        request.answered = sim.record(
            ev.ForceAnswered(0, sim.now, request.asked, request.id, root, force.id, by, answer, why)
        )
        request.state, request.idle_since = answer, sim.now
        if why:
            self.refused[force.id] = (sim.now, why)
            disaster.called.discard(force.id)
            again = grid(sim.now + sim.number("forces.again"))
            sim.clock.at(again, lambda _: self._put_down(root, request.answered), Turn.POST)
            return
        for row, count in request.rows.items():
            disaster.allowed[row] = disaster.allowed.get(row, 0) + count
        sim.reconsider()
        self.employing.watch(disaster)

    def _barred(self, request: Request) -> str:
        """Why no flight of a request can go to any of its places now; "" if one can."""
        whys = [
            self.air.barred(min(rows), incident.spec.site)
            for key, rows in request.places.items() if (incident := self.sim.incidents.get(key)) is not None
        ]  # fmt: skip
        return "" if "" in whys or not whys else whys[0]

    def _confirm(self, request: Request) -> None:
        """What moved on a direct request is confirmed by its organ."""
        sim, disaster = self.sim, self.disasters.get(request.disaster)
        if disaster is not None and request in disaster.requests and request.state == APPROVED:
            force = request.force
            sim.record(
                ev.ForceAnswered(
                    0, sim.now, request.answered, request.id, request.disaster, force.id, force.organ, CONFIRMED
                )
            )

    def granted(self) -> Iterator[Request]:
        """Every request that is still standing, of whatever disaster."""
        for disaster in self.disasters.values():
            yield from disaster.requests
