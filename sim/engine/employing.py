"""The command uses what it was granted: nobody who may go stands idle while others are further away or tired.

Strategies cover what is missing. What they have covered already, perhaps with elements that are hours away, a force that has
just been allowed may do sooner: it takes over, and those still on the road turn back. Or it relieves those on the spot who
are getting tired. If neither is to be done for a while, it is stood down, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from math import ceil, isfinite
from typing import TYPE_CHECKING, NamedTuple

from sim.domain import events as ev
from sim.domain.command import Recall, Send
from sim.engine.clock import Turn, grid
from sim.engine.requests import APPROVED, ASKED, STOOD_DOWN, Disaster, Request

if TYPE_CHECKING:
    from sim.engine.asking import Place
    from sim.engine.forces import Forces
    from sim.engine.sorties import Sortie

_WHOLE = 1e-9
Own = dict[tuple[str, str], list["Sortie"]]  # of the city's own crews: by incident and task


class _Job(NamedTuple):
    """Something that elements of a row could do: at a place, so many, and who of the others is free for it then."""

    order: tuple[float, ...]  # the more urgent first
    place: Place
    task: str
    number: int
    replaced: list[Sortie]
    relief: bool


class Employing:
    """What the command does with forces that may go and have not gone."""

    def __init__(self, forces: Forces) -> None:
        self.forces, self.sim, self.fleet = forces, forces.sim, forces.fleet
        self._relieves: dict[str, list[str]] = {}  # order -> orders of those who leave when it arrives
        self._watched: set[str] = set()  # disasters that will be looked at again

    # ── looking ──

    def watch(self, disaster: Disaster) -> None:
        """Look at what may go once strategies have taken their pick, and then from time to time."""
        self.sim.clock.at(self.sim.now, lambda _: self._look(disaster), Turn.POST)
        if disaster.id not in self._watched:
            self._watched.add(disaster.id)
            self._again(disaster)

    def _again(self, disaster: Disaster) -> None:
        when = grid(self.sim.now + self.sim.number("forces.look"))
        self.sim.clock.at(when, lambda _: self._routine(disaster), Turn.POST)

    def _routine(self, disaster: Disaster) -> None:
        if self.forces.disasters.get(disaster.id) is not disaster or not disaster.allowed:
            self._watched.discard(disaster.id)
            return
        self._look(disaster)
        self._again(disaster)

    def _look(self, disaster: Disaster) -> None:
        if self.forces.disasters.get(disaster.id) is disaster:
            places = self.forces.asking.places(disaster)
            self.use(disaster, places)
            self._stand_down_idle(disaster, places)

    # ── tasking ──

    def use(self, disaster: Disaster, places: Sequence[Place]) -> None:
        """Give a task to everybody who may go and can do something sooner or fresher than those who were sent.

        One order a task and moment: those who turn back for it must have heard before more is reckoned with.
        """
        given: set[tuple[str, str]] = set()
        own: Own = {}
        for sortie in self.fleet.sorties.values():
            if sortie.element not in self.forces.row_of:
                own.setdefault((sortie.incident.id, sortie.crew.task), []).append(sortie)
        for row in tuple(disaster.allowed):
            while disaster.still(row) and self.fleet.at_home(row) and (job := self._best(row, places, given, own)):
                self._give(row, job)
                given.add((job.place.key, job.task))
        if given:
            self.sim.clock.at(self.sim.now, lambda _: self._look(disaster), Turn.POST)

    def _best(self, row: int, places: Sequence[Place], given: set[tuple[str, str]], own: Own) -> _Job | None:
        found: list[_Job] = []
        for place in places:
            free = self.forces.ready(row, place.key)
            eta = float(self.fleet.eta(place.incident.spec.site)[row])
            if free and isfinite(eta):
                found.extend(j for j in self._jobs(row, place, free, eta, own) if (j.place.key, j.task) not in given)
        return min(found, key=lambda job: job.order, default=None)

    def _jobs(self, row: int, place: Place, free: int, eta: float, own: Own) -> Iterator[_Job]:
        """Taking over from those who would come later, or relieving those who tire."""
        supplies, now = self.forces.asking.supplies(row), self.sim.now
        margin = self.sim.number("forces.take_over")
        for need in place.believed.needs:
            supply = supplies.get(need.capability, 0.0)
            if supply <= 0.0 or need.capability in self.sim.care.tasks:
                continue
            here = [s for s in own.get((place.key, need.capability), ()) if s.counted]
            late = [s for s in here if s.journey.outbound and not s.on_spot and s.expected > now + eta + margin]
            late.sort(key=lambda s: (-s.expected, s.id))
            rank = (float(need.priority), -float(place.believed.severity))
            committed = place.believed.committed.get(need.capability, 0.0)
            count, replaced = _exchange(late, need.capability, supply, free, committed - need.amount)
            if count:
                yield _Job((0.0, *rank, eta), place, need.capability, count, replaced, relief=False)
            tired = self._tired(here, eta)
            if tired and not place.believed.over:
                takes = ceil(tired[0].crew.supplies.get(need.capability, 0.0) / supply - _WHOLE)
                if 0 < takes <= free:
                    yield _Job((1.0, *rank, eta), place, need.capability, takes, tired[:1], relief=True)

    def _tired(self, here: Sequence[Sortie], eta: float) -> list[Sortie]:
        """Those on the spot who will be past what leaves them fresh when relief is there; not thought of hours ahead."""
        sim = self.sim
        ahead = sim.now + min(eta, sim.relief_lead) - sim.number("relief.grace")
        found = [
            s for s in here
            if s.on_spot and 0.0 <= s.stint_from <= ahead
        ]  # fmt: skip
        return sorted(found, key=lambda s: (s.stint_from, s.id))

    def _give(self, row: int, job: _Job) -> None:
        sim, key = self.sim, job.place.key
        desk, holding = sim.desk(job.place.lead), self.fleet.board.holdings[row]
        self.forces.show(key)
        known = set(self.fleet.sorties)
        grounds = "relief" if job.relief else "sooner"
        desk.give(key, Send(holding.id, job.number, key, job.task, grounds))
        for sortie in job.replaced:
            if job.relief:
                order = next(name for name in self.fleet.sorties if name not in known)
                self._relieves.setdefault(order, []).append(sortie.id)
                desk.relief_due(sortie, desk.acts_on(key))
            else:
                desk.give(key, Recall(sortie.element, "taken_over"))

    def arrived(self, e: ev.Arrived) -> None:
        """Relief is on the spot: those whom it relieves go home to rest."""
        for name in self._relieves.pop(e.sortie, ()):
            sortie = self.fleet.sorties.get(name)
            if sortie is not None and sortie.on_spot and sortie.incident.id == e.incident:
                self.sim.clock.at(self.sim.now, partial(self._go_home, sortie), Turn.POST)

    def _go_home(self, sortie: Sortie, _: object) -> None:
        if sortie.on_spot:
            self.sim.desk_of(sortie.incident).give(sortie.incident.id, Recall(sortie.element, "relieved"))

    # ── standing down ──

    def _stand_down_idle(self, disaster: Disaster, places: Sequence[Place]) -> None:
        """Whoever may go and has had nothing to do for so long, nor will relieve anybody, is not needed."""
        sim = self.sim
        for request in disaster.requests:
            since = request.idle_since + sim.number("forces.standby")
            if request.state != APPROVED or sim.now < grid(since):
                continue
            relieves = sim.now < grid(since + sim.number("relief.grace"))  # by then somebody would have been tired
            idle = {row: min(disaster.still(row), request.standing(row)) for row in request.rows}
            unused = {r: count for r, count in idle.items() if count and not self._waits(r, places, relieves=relieves)}
            if unused:
                for row, count in unused.items():
                    disaster.allowed[row] -= count
                    request.stood_down[row] = request.stood_down.get(row, 0) + count
                why = "done" if request.tasks else "covered"
                self.stand_down(disaster, request, why, request.answered, sum(unused.values()))
                if not any(request.standing(row) for row in request.rows):
                    request.state = STOOD_DOWN

    def _waits(self, row: int, places: Sequence[Place], *, relieves: bool) -> bool:
        """Whether it is only waiting for light or better weather, or will have to relieve somebody."""
        forces = self.forces
        tasks = set(forces.asking.supplies(row))
        wanted = [p for p in places if not p.believed.over and any(n.capability in tasks for n in p.believed.needs)]
        if forces.force(row).flies:
            return any(forces.air.barred(row, p.incident.spec.site) for p in wanted)
        fought = {p.key for p in wanted}
        return relieves and any(
            s.incident.id in fought and s.crew.task in tasks and s.on_spot and s.stint_from >= 0.0
            for s in self.fleet.sorties.values()
        )

    def stand_down(self, disaster: Disaster, request: Request, why: str, cause: int, elements: int = 0) -> None:
        """A request is taken back, or so many of those who may go are told to stay at home."""
        if request.state == ASKED:
            request.state = STOOD_DOWN
            elements = sum(request.rows.values())
        sim = self.sim
        sim.record(ev.ForceStoodDown(0, sim.now, cause, request.id, disaster.id, request.force.id, elements, why))


def _exchange(late: Sequence[Sortie], task: str, supply: float, free: int, surplus: float) -> tuple[int, list[Sortie]]:
    """(how many take over, from whom): as much as those supply who turn back for them, no more than rounding asks for."""
    replaced: list[Sortie] = []
    turned = 0.0
    for sortie in late:
        theirs = sortie.crew.supplies.get(task, 0.0)
        if theirs > 0.0 and turned + theirs <= free * supply + surplus + _WHOLE:
            replaced.append(sortie)
            turned += theirs
    count = ceil((turned - surplus) / supply - _WHOLE) if replaced else 0
    return (count, replaced) if count > 0 else (0, [])
