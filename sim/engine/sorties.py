"""One process per sortie: an element on one order – turn out, travel, work, rest, carry, return.

After every wait the sortie looks at the world again: it may have been recalled, redirected, or told of a road.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.domain import events as ev
from sim.domain.teams import ElementKind, Holding
from sim.engine.clock import Alarm, Bell, Story, Turn, grid
from sim.engine.travel import Journey
from sim.engine.workface import Crew

if TYPE_CHECKING:
    from sim.engine.incidents import Incident
    from sim.engine.simulation import Simulation


@dataclass(frozen=True, slots=True)
class Told:
    """News for a sortie: `what` is recall, redirect, release, rest, load, roads or blocked."""

    what: str
    cause: int | None = None
    why: str = ""
    incident: Incident | None = None
    task: str = ""
    persons: tuple[str, ...] = ()
    hospital: str = ""


class Sortie:
    """An element under an order. Its id is the order's."""

    def __init__(
        self,
        sim: Simulation,
        order: str,
        element: str,
        holding: Holding,
        kind: ElementKind,
        people: int,
        incident: Incident,
        task: str,
        cause: int,
    ) -> None:
        self.sim, self.id, self.element, self.holding, self.kind, self.people = (
            sim,
            order,
            element,
            holding,
            kind,
            people,
        )
        self.incident, self.cause = incident, cause
        self.crew = Crew(order, task, kind.supplies)
        self.bell = Bell(sim.clock, Turn.MOVE)
        self.profile = sim.fleet.profiles[kind.code]
        self.journey = Journey(self)
        self.slot = (0, 0)  # row of its holding on the board, and which element of it
        self.expected = 0.0  # when the post that sent it believes it arrives
        self.counted = True  # whether its post counts on what it supplies
        self.flies = False
        self.on_spot = False
        self.resting = False
        self.patients: tuple[str, ...] = ()
        self.lost = 0  # of its people, dead or hurt
        self.away = 0.0  # s on roads outside the network
        self.worked = 0.0  # s of work in this sortie, for the rest it needs at home
        self.stint_from = -1.0  # when the present stint of work began; -1: not working
        self._relief_told = False
        self._leaving = ""

    # ── what others may ask and say ──

    @property
    def can_work(self) -> bool:
        """Whether the work face may count on it now."""
        return self.on_spot and not self.resting and not self._leaving and self.crew.task not in self.sim.care.tasks

    @property
    def fit(self) -> int:
        """People of it who are neither dead nor hurt."""
        return self.people - self.lost

    def struck(self, number: int, cause: int) -> None:
        """So many of its people were hit: it can do less, and goes home if too few are left."""
        sim, before = self.sim, self.crew.supplies
        self.lost += number
        share = self.fit / self.people
        after = {capability: effort * share for capability, effort in self.kind.supplies.items()}
        sim.desk_of(self.incident).weakened(self, before, after)
        self.crew.supplies = after
        if share < sim.number("relief.fit_least"):
            self.tell(Told("release", cause, "struck"))
        self.incident.bell.ring()

    def tell(self, news: Told) -> None:
        """Leave it news; it answers within this instant."""
        self.bell.ring(news)

    def assigned(self, demand: str, effective: float) -> None:
        """The work face gives it a demand to serve ("" is reserve)."""
        crew, now = self.crew, self.sim.clock.now
        self._stop_stint()
        crew.demand, crew.effective = demand, effective
        if demand:
            crew.since = effective
            self.stint_from = effective if self.incident.wears(demand) else -1.0
        self.cause = self.sim.record(ev.Assigned(0, now, self.cause, self.id, self.incident.id, demand, effective))
        self.bell.move(self._next_limit(-1.0))

    def nothing_left(self) -> None:
        """Its incident has nothing for it any more; whoever commands on the spot lets it go after a moment."""
        if self.crew.task in self.sim.care.tasks and not self.sim.care.finished(self.incident.id):
            return
        if not self._leaving:
            self._leaving = "done"
            wait = self.sim.draw("reporting.release", self.incident.id)
            self.sim.clock.at(
                grid(self.sim.clock.now + wait), lambda _: self.tell(Told("release", self.incident.latest, "done"))
            )

    # ── the story ──

    def story(self, alert_at: float) -> Story:
        """From the order given to home again."""
        sim, clock = self.sim, self.sim.clock
        if not (yield from self._until(alert_at)):
            return self._stand_down()
        turnout = sim.fleet.turnout(self)
        self.cause = sim.record(ev.Alerted(0, clock.now, self.cause, self.id, self.element, self.incident.id, turnout))
        if not (yield from self._until(grid(clock.now + turnout))):
            return self._stand_down()
        away = sim.forces.march(self.element, self.incident.id)
        if away and not (yield from self._march(away)):
            return None
        bound = "site"
        while bound != "home":
            reached = yield from self.journey.go(bound)
            if reached == "site":
                bound = yield from self._on_the_spot()
            elif reached == "hospital":
                bound = yield from self._hand_over()
            else:
                break
        else:
            yield from self.journey.go("home")
        self._home()
        return None

    def _march(self, away: float) -> Generator[Alarm, bool, bool]:
        """Drive on roads outside the network, to where they enter it; False if it was called back on the way."""
        sim, set_out = self.sim, self.sim.clock.now
        due = grid(set_out + away)
        self.away = away
        force = sim.forces.force_of(self.element)
        self.cause = sim.record(
            ev.ForceSetOut(0, set_out, self.cause, self.id, self.element, self.incident.id, force, self.people, due)
        )
        if not (yield from self._until(due)):
            self._stand_down(back=sim.clock.now - set_out)
            return False
        return True

    def _until(self, when: float) -> Generator[Alarm, bool, bool]:
        """Wait until `when` at home; False if the order was taken back before."""
        while True:
            yield self.bell.wait(when)
            for news in self.bell.take():
                if news.what == "recall":
                    self.cause = news.cause
                    return False
                if news.what == "redirect":
                    self.redirect(news)
            if self.sim.clock.now >= when:
                return True

    def redirect(self, news: Told) -> None:
        """Take over another incident (the order was recorded by the post)."""
        assert news.incident is not None, "a redirection names its incident"
        self.sim.desk_of(self.incident).released(self, "redirected")
        self.incident, self.cause = news.incident, news.cause if news.cause is not None else self.cause
        self.crew.task = news.task
        self.crew.demand = ""
        self.sim.desk_of(self.incident).again(self)

    def _on_the_spot(self) -> Generator[Alarm, bool, str]:
        """Work, rest, wait; returns where it is bound next."""
        sim, clock = self.sim, self.sim.clock
        admitted = sim.crowding.admit(self)
        if admitted > clock.now:
            bound = yield from self._at_the_gate(admitted)
            if bound:
                return bound
        self.on_spot, self.resting, self._leaving = True, False, ""
        task = self.crew.task
        self.cause = sim.record(ev.Arrived(0, clock.now, self.cause, self.id, self.element, self.incident.id, task))
        sim.on_arrival(self)
        self.incident.arrive(self)
        if self.crew.task in sim.care.tasks:
            sim.care.arrived(self)
        rest_until = -1.0
        while True:
            yield self.bell.wait(self._next_limit(rest_until))
            now = clock.now
            for news in self.bell.take():
                if news.what in ("recall", "release", "redirect"):
                    return self._leave(news)
                if news.what == "load":
                    self._leave_spot("carry")
                    yield from self._load(news)
                    return "hospital"
            if self.resting and now >= rest_until:
                self.resting = False
                rest_until = -1.0
                self.cause = sim.record(ev.Rested(0, now, self.cause, self.id, self.incident.id))
                sim.desk_of(self.incident).again(self)
                self.incident.arrive(self)
            elif self.stint_from >= 0.0 and now >= self.stint_from + self.kind.endurance:
                self._stop_stint()
                if not self.kind.rests_on_site:
                    return self._leave(Told("release", self.cause, "relieved"))
                self.resting, self.crew.demand = True, ""
                rest_until = grid(now + self.kind.rest)
                self.cause = sim.record(ev.Resting(0, now, self.cause, self.id, self.incident.id, rest_until))
                self._relief_told = False
                self.incident.bell.ring()
            elif self.stint_from >= 0.0 and not self._relief_told and now >= self._relief_at():
                self._relief_told = True
                ends = grid(self.stint_from + self.kind.endurance)
                said = sim.record(ev.ReliefDue(0, now, self.cause, self.id, self.incident.id, self.crew.task, ends))
                sim.desk_of(self.incident).relief_due(self, said)

    def _at_the_gate(self, admitted: float) -> Generator[Alarm, bool, str]:
        """Wait on the access road; returns where it is bound if it is called elsewhere meanwhile, else ""."""
        sim, clock = self.sim, self.sim.clock
        self.cause = sim.record(ev.Queued(0, clock.now, self.cause, self.id, self.element, self.incident.id, admitted))
        while clock.now < admitted:
            yield self.bell.wait(admitted)
            for news in self.bell.take():
                if news.what in ("recall", "redirect"):
                    if news.what == "recall":
                        sim.desk_of(self.incident).released(self, "recalled")
                        return "home"
                    self.redirect(news)
                    return "site"
        return ""

    def _next_limit(self, rest_until: float) -> float:
        if self.resting:
            return rest_until
        if self.stint_from < 0.0:
            return float("inf")
        return self.stint_from + self.kind.endurance if self._relief_told else self._relief_at()

    def _relief_at(self) -> float:
        return max(self.stint_from, grid(self.stint_from + self.kind.endurance - self.sim.relief_lead))

    def _stop_stint(self) -> None:
        if self.stint_from >= 0.0:
            self.worked += max(0.0, self.sim.clock.now - self.stint_from)
            self.stint_from = -1.0

    def _leave(self, news: Told) -> str:
        """Leave the spot for home, or for another incident."""
        why = news.why if news.what == "release" else news.what + "ed" if news.what == "recall" else "redirected"
        self._leave_spot(why, news.cause)
        if news.what == "redirect":
            self.redirect(news)
            return "site"
        return "home"

    def _leave_spot(self, why: str, cause: int | None = None) -> None:
        sim, now = self.sim, self.sim.clock.now
        self._stop_stint()
        self.on_spot, self._leaving, self.crew.demand = False, why, ""
        self.incident.leave(self)
        if why != "carry":
            because = self.cause if cause is None else cause
            self.cause = sim.record(ev.Released(0, now, because, self.id, self.element, self.incident.id, why))
            sim.care.left(self)
            sim.desk_of(self.incident).released(self, why)

    def _load(self, news: Told) -> Story:
        sim, clock = self.sim, self.sim.clock
        self.patients = news.persons
        triage = sim.number("care.triage") * len(news.persons)
        yield clock.until(grid(clock.now + triage + sim.draw("care.load", news.persons[0])))
        self.journey.hospital = news.hospital
        self.cause = sim.record(
            ev.Loaded(0, clock.now, news.cause, self.id, self.incident.id, news.persons, news.hospital)
        )
        sim.care.loaded(self)

    def _hand_over(self) -> Generator[Alarm, bool, str]:
        sim, clock = self.sim, self.sim.clock
        yield clock.until(grid(clock.now + sim.draw("care.handover", self.patients[0])))
        patients, self.patients = self.patients, ()
        self.cause = sim.record(
            ev.HandedOver(0, clock.now, self.cause, self.id, self.incident.id, patients, self.journey.hospital)
        )
        sim.care.handed_over(self, patients)
        told = [news.what for news in self.bell.take()]
        if "recall" in told or sim.care.finished(self.incident.id):
            sim.record(ev.Released(0, clock.now, self.cause, self.id, self.element, self.incident.id, "done"))
            sim.desk_of(self.incident).released(self, "done")
            return "home"
        return "site"

    def _stand_down(self, back: float = 0.0) -> None:
        """Called off before it left: ready again at once, or as soon as it has driven back."""
        sim, now = self.sim, self.sim.clock.now
        ready = grid(now + back)
        sim.desk_of(self.incident).released(self, "recalled")
        sim.record(ev.Returned(0, now, self.cause, self.id, self.element, ready))
        sim.fleet.ready(self, ready)

    def _home(self) -> None:
        sim, now = self.sim, self.sim.clock.now
        tired = self.worked >= self.kind.endurance
        ready = grid(now + self.kind.rest) if tired else now
        if self.away:
            ready = grid(ready + self.away)  # its way home goes on outside the network
        sim.record(ev.Returned(0, now, self.cause, self.id, self.element, ready))
        sim.fleet.ready(self, ready)
