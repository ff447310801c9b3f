"""Posts at work: receive, believe, grade, respond, order. A desk sees its picture, never the world."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sim.domain import events as ev
from sim.domain.command import Ask, Believed, Level, Order, Post, Recall, Redirect, Send, Severity, Tier
from sim.domain.hazards import Need, Sighting
from sim.domain.teams import AMBULANCE, TREAT
from sim.engine.clock import Turn, grid
from sim.engine.passing_on import PassingOn
from sim.journal.picture import Picture

if TYPE_CHECKING:
    from sim.engine.incidents import Incident
    from sim.engine.simulation import Simulation
    from sim.engine.sorties import Sortie


class Desk:
    """The duty desk of one post."""

    def __init__(self, sim: Simulation, post: Post) -> None:
        self.sim, self.post = sim, post
        self.picture = Picture(post.id, sim.fleet.board, sim.fleet.eta, sim.fleet.adjacent)
        self._known: dict[str, Incident] = {}  # by id; what the desk knows of them is in the picture
        self._graded: dict[str, tuple[Severity, Severity]] = {}
        self._numbers: dict[str, int] = {}  # number of the latest report, by incident
        self._stated: dict[str, int] = {}  # number of the report on which the needs were last stated, by incident
        self._grading: set[str] = set()  # incidents being verified and graded for the first time
        self._causes: dict[str, int] = {}  # seq of what the desk acts on, by incident
        self._short: dict[str, dict[str, float]] = {}  # incidents that lack something: capability -> how much
        self._gone: dict[str, dict[str, float]] = {}  # supplied by medical crews that are done: counted on until told
        self._cut_off: set[str] = set()
        self._agenda: dict[str, None] = {}
        self._sitting = False
        self._passing_on = PassingOn(self)

    # ── what reaches the desk ──

    def receive(
        self, incident: Incident, sighting: Sighting, number: int, cause: int, sender: str, *, final: bool
    ) -> None:
        """A report arrived (already recorded)."""
        sim, now, key = self.sim, self.sim.clock.now, incident.id
        first = key not in self.picture.incidents
        if first:
            self._known[key] = incident
            incident.known_to.append(self)
            self.picture.incidents[key] = Believed(key, incident.spec.nature, incident.spec.site, sighting, now)
        elif number < self._numbers[key]:
            return  # overtaken by a newer one
        believed = self.picture.incidents[key]
        believed.sighting, believed.as_of, believed.reports = sighting, now, number + 1
        believed.over = believed.over or final
        self._numbers[key], self._causes[key] = number, cause
        self._passing_on.came_from(key, sender, number)
        ordinary = incident.spec.ordinary
        if sim.headquarters is not None and not ordinary:
            sim.headquarters.disasters.told(self.post.id, key, sighting, cause)
        if first and (ordinary or self.post.tier is Tier.COUNTY):
            self._lead(incident, cause)  # who hears of it first sends what is nearest; grading and response follow
        if first and not ordinary:
            wait = sim.draw("reporting.grade", key, self.post.id)
            if self.post.tier is Tier.COUNTY:  # the posts above get what the county has verified
                wait += sim.draw("reporting.verify", key)
            self._grading.add(key)
            sim.clock.at(grid(now + wait), lambda _: self._graded_first(incident), Turn.POST)
        elif key not in self._grading:
            self._consider(incident)
        self._consider_disaster(key, cause)

    def note(
        self, incident: Incident, sighting: Sighting, number: int, cause: int, sender: str, *, final: bool
    ) -> None:
        """The last report of what another post has ended came: its figures are taken over and passed on, nothing is ordered."""
        key = incident.id
        if self.sim.headquarters is not None and not incident.spec.ordinary:
            self.sim.headquarters.disasters.told(self.post.id, key, sighting, cause)
        believed = self.picture.incidents.get(key)
        if believed is None or number < self._numbers[key]:
            return
        believed.sighting, believed.as_of, believed.reports = sighting, self.sim.clock.now, number + 1
        believed.over = believed.over or final
        self._numbers[key], self._causes[key] = number, cause
        self._passing_on.came_from(key, sender, number)
        self._passing_on.up(incident, believed.severity, number, cause)

    def relief_due(self, sortie: Sortie, cause: int) -> None:
        """An element asks for relief: what it supplies will be missing."""
        self._uncommit(sortie, cause)

    def weakened(self, sortie: Sortie, before: Mapping[str, float], after: Mapping[str, float]) -> None:
        """An element lost people: it supplies less than the desk counts on, and says so at once."""
        believed = self.picture.incidents.get(sortie.incident.id)
        if believed is not None and sortie.counted:
            task = sortie.crew.task
            less = before.get(task, 0.0) - after.get(task, 0.0)
            self._uncount(sortie.incident.id, task, less)
            self._put_down(sortie.incident.id)

    def again(self, sortie: Sortie) -> None:
        """An element can be counted on again: it is rested, or its road is open."""
        believed = self.picture.incidents.get(sortie.incident.id)
        if believed is not None and not sortie.counted:
            sortie.counted = True
            task = sortie.crew.task
            believed.committed[task] = believed.committed.get(task, 0.0) + sortie.crew.supplies.get(task, 0.0)

    def released(self, sortie: Sortie, why: str) -> None:
        """An element left its incident; unless its work was done, what it supplied is missing again.

        Medical crews are done whenever nobody is left to care for; whether more are hurt later, the next report says.
        """
        if why in ("recalled", "redirected", "refused", "struck"):
            self._uncommit(sortie, sortie.cause)
        elif why == "done" and sortie.crew.task in self.sim.care.tasks and sortie.counted:
            sortie.counted = False
            gone = self._gone.setdefault(sortie.incident.id, {})
            gone[sortie.crew.task] = gone.get(sortie.crew.task, 0.0) + sortie.crew.supplies.get(sortie.crew.task, 0.0)

    def acts_on(self, key: str) -> int:
        """The number of the event by which the desk last acted on an incident."""
        return self._causes[key]

    def acted(self, key: str, cause: int) -> None:
        """An event made the desk act on an incident."""
        self._causes[key] = cause

    def forces_changed(self) -> None:
        """Elements came back, or roads opened: incidents that lack something are considered again."""
        if self._short or self._cut_off:
            for key in (*self._short, *sorted(self._cut_off)):
                self._put_down(key)

    def forget(self, key: str) -> None:
        """An incident's response is over: nothing of it is kept on the desk."""
        for table in (
            self.picture.incidents, self._known, self._graded, self._numbers, self._stated, self._causes,
            self._short, self._gone,
        ):  # fmt: skip
            table.pop(key, None)
        self._passing_on.forget(key)
        self._cut_off.discard(key)
        self._grading.discard(key)
        self._agenda.pop(key, None)

    def held(self, sortie: Sortie) -> None:
        """An element under way found no road on: others must do what it was sent for, until it can go on."""
        self._uncommit(sortie, sortie.cause)

    # ── grading, response, lead ──

    def _graded_first(self, incident: Incident) -> None:
        self._grading.discard(incident.id)
        self._consider(incident)

    def _consider(self, incident: Incident) -> None:
        """Grade what is believed, respond, report upward, state what is needed."""
        sim, key = self.sim, incident.id
        if incident.closed:
            return
        believed = self.picture.incidents[key]
        if not incident.spec.ordinary:
            self._grade(incident, self._causes[key])
            self._passing_on.up(incident, believed.severity, self._numbers[key], self._causes[key])
        if sim.leads.get(key) == self.post.id:
            self._passing_on.down(incident, self._numbers[key], self._causes[key])
            self._state_needs(incident)
            self._maybe_close(incident)

    def _consider_disaster(self, key: str, cause: int) -> None:
        """What was told of one place may make the disaster that it is part of another one."""
        root = self.sim.root_of(key)
        if root != key and root in self._graded and not self._known[root].closed:
            self._grade(self._known[root], cause)
            severity = self.picture.incidents[root].severity
            self._passing_on.up(self._known[root], severity, self._numbers[root], self._causes[root])

    def _grade(self, incident: Incident, cause: int) -> None:
        """Grade what is believed – of a disaster's first accident with the figures of all that followed – and respond."""
        sim, key = self.sim, incident.id
        believed, headquarters = self.picture.incidents[key], sim.headquarters
        seen = believed.sighting
        if headquarters is not None:
            seen = headquarters.disasters.joint(self.post.id, key, seen)
        confirmed, potential, basis = sim.case.assessor.severity(incident.spec.scale, seen)
        if key in self._graded:  # what has been confirmed is not unmade by a rougher estimate
            confirmed = max(confirmed, self._graded[key][0])
            potential = max(confirmed, potential)
        if self._graded.get(key) != (confirmed, potential):
            self._graded[key] = (confirmed, potential)
            believed.severity = potential
            if headquarters is None or headquarters.is_graded(key, potential):
                self._causes[key] = sim.record(
                    ev.Graded(0, sim.clock.now, cause, self.post.id, key, int(confirmed), int(potential), basis)
                )
            self._respond(incident, basis)

    def _respond(self, incident: Incident, basis: str) -> None:
        """Start or raise the response; a response is not lowered before the end."""
        sim, key = self.sim, incident.id
        believed = self.picture.incidents[key]
        headquarters = sim.headquarters
        level = headquarters.level(incident.spec.nature, believed.severity) if headquarters else None
        if level is None:
            level = sim.case.assessor.level(believed.severity, incident.spec.nature)
        if headquarters and not headquarters.carries(key):
            pass  # the response to the accident that it followed is for this place, too
        elif level is not None and (believed.level is None or level < believed.level):
            believed.level = level
            self._causes[key] = sim.record(
                ev.ResponseChanged(0, sim.clock.now, self._causes[key], self.post.id, key, int(level), basis)
            )
        if self.post.tier is Tier.CITY and believed.severity >= Severity.LARGER:
            self._lead(incident, self._causes[key])

    def raise_response(self, key: str, level: Level, basis: str, cause: int) -> None:
        """The command raises the response on a ground that its plan names, unless it is as high already."""
        believed = self.picture.incidents.get(key)
        if believed is not None and (believed.level is None or level < believed.level):
            believed.level = level
            self._causes[key] = self.sim.record(
                ev.ResponseChanged(0, self.sim.clock.now, cause, self.post.id, key, int(level), basis)
            )
            self.take_lead(key)

    def take_lead(self, key: str) -> None:
        """What the city's post has raised it leads, with what followed from it."""
        if self.post.tier is Tier.CITY and key in self._known:
            self._lead(self._known[key], self._causes[key])

    def _lead(self, incident: Incident, cause: int) -> None:
        """Take the lead: the county first, the city from 较大 on."""
        sim, key = self.sim, incident.id
        leader = sim.leads.get(key)
        if leader == self.post.id:
            return
        if leader is not None:
            former = sim.desks[leader]
            if former.post.tier >= self.post.tier:
                return
            self.picture.incidents[key].committed = dict(former.picture.incidents[key].committed)
            if key in former._gone:
                self._gone[key] = former._gone.pop(key)
            if key in former._short:
                self._short[key] = former._short.pop(key)
            if key in former._cut_off:
                self._cut_off.add(key)
        sim.leads[key] = self.post.id
        self._causes[key] = sim.record(ev.LeadTaken(0, sim.clock.now, cause, self.post.id, key))
        self._state_needs(incident)

    # ── needs and orders ──

    def _state_needs(self, incident: Incident) -> None:
        """State what is needed as the latest report has it, if that was not done yet; consider who is to go."""
        key = incident.id
        if self._stated.get(key) != self._numbers[key]:
            self._stated[key] = self._numbers[key]
            self._revise_needs(incident)
        self._put_down(key)

    def _revise_needs(self, incident: Incident) -> None:
        sim, key = self.sim, incident.id
        believed = self.picture.incidents[key]
        for task, supply in self._gone.pop(key, {}).items():
            self._uncount(key, task, supply)
        needs = () if believed.over and not believed.sighting.waiting else (
            *incident.model.needs(believed.sighting, incident.spec.site), *self._medical(believed.sighting)
        )  # fmt: skip
        needs = tuple(sorted((n for n in needs if n.amount > 0.0), key=lambda n: (n.priority, n.capability)))
        if needs != believed.needs:
            believed.needs = needs
            self._causes[key] = sim.record(
                ev.NeedsStated(0, sim.clock.now, self._causes[key], self.post.id, key, needs)
            )
            if not believed.over:
                self._trim(incident)

    def _trim(self, incident: Incident) -> None:
        """Turn back what is not needed any more: those furthest from arriving first, then those in reserve on the spot."""
        sim, key = self.sim, incident.id
        believed = self.picture.incidents[key]
        needed = {need.capability: need.amount for need in believed.needs}
        for task, committed in believed.committed.items():
            surplus = committed - needed.get(task, 0.0)
            if surplus <= 0.0 or task in sim.care.tasks:
                continue
            for sortie in sim.fleet.spare(incident, task):
                supply = sortie.crew.supplies.get(task, 0.0)
                if 0.0 < supply <= surplus:
                    surplus -= supply
                    sim.fleet.call_back(self, Recall(sortie.element, "not_needed"), self._causes[key])

    def _medical(self, sighting: Sighting) -> list[Need]:
        """Ambulances and treatment for those hurt, and a share on standby for those trapped."""
        if not (sighting.waiting or sighting.trapped or sighting.threatened):
            return []
        number = self.sim.number
        others = sighting.waiting - sighting.waiting_serious
        ambulances = (
            sighting.waiting_serious * number("medical.ambulance_per_serious")
            + others * number("medical.ambulance_per_other")
            + sighting.trapped * number("medical.ambulance_per_trapped")
            + sighting.threatened * number("medical.ambulance_per_threatened")
        )
        treat = sighting.waiting_serious + sighting.trapped * number("medical.treat_per_trapped")
        most = number("medical.ambulance_most")
        return [
            Need(AMBULANCE, float(math.ceil(min(ambulances, most))), 2),
            Need(TREAT, float(math.ceil(treat)), 3),
        ]

    def _put_down(self, key: str) -> None:
        """Put an incident on the agenda of this instant."""
        if self.sim.leads.get(key) != self.post.id:
            return
        self._agenda[key] = None
        if not self._sitting:
            self._sitting = True
            self.sim.clock.at(self.sim.clock.now, self._decide, Turn.POST)

    def _decide(self, _: object) -> None:
        """Ask the strategy for each incident on the agenda, worst and longest known first, and carry out what it orders."""
        sim, picture = self.sim, self.picture
        self._sitting = False
        agenda, self._agenda = self._agenda, {}
        picture.now, picture.night = sim.clock.now, sim.night
        order = [key for key in agenda if key in self._known and sim.leads.get(key) == self.post.id]
        if len(order) > 1:
            heard = {key: i for i, key in enumerate(self._known)}  # in the order of their first reports
            order.sort(key=lambda k: (-picture.incidents[k].severity, heard[k]))
        for key in order:
            incident = self._known[key]
            if not picture.unmet(key):
                self._account(incident, ())
                continue
            sim.forces.show(key)
            orders = sim.strategy.decide(
                picture, key, sim.streams("decide", self.post.id, key, str(picture.incidents[key].reports))
            )
            for item in orders:
                self._carry_out(incident, item)
            self._account(incident, [o for o in orders if isinstance(o, Ask)])

    def give(self, key: str, order: Order) -> None:
        """The command gives an order of its own, outside the strategy: to forces that were allowed, and for their sake."""
        if key in self._known:
            self._carry_out(self._known[key], order)

    def _carry_out(self, incident: Incident, order: Order) -> None:
        sim, believed = self.sim, self.picture.incidents
        match order:
            case Send():
                for _ in range(order.count):
                    supplies = sim.fleet.send(self, incident, order, self._causes[incident.id])
                    committed = believed[order.incident].committed
                    committed[order.task] = committed.get(order.task, 0.0) + supplies
            case Recall() | Redirect():
                sim.fleet.call_back(self, order, self._causes[incident.id])
            case Ask():
                pass  # accounted for by the shortfalls

    def _account(self, incident: Incident, asks: Sequence[Ask]) -> None:
        """Record what is short, what is no longer, and ask above for it; say when a place is cut off."""
        if not asks and incident.id not in self._short and incident.id not in self._cut_off:
            return
        sim, key, now = self.sim, incident.id, self.sim.clock.now
        before, short = (
            self._short.get(key, {}),
            {a.capability: Ask(key, a.capability, float(a.amount), a.reason) for a in asks},
        )
        for capability in sorted(before.keys() - short.keys()):
            sim.record(ev.Shortfall(0, now, self._causes[key], self.post.id, key, capability, 0.0, "covered"))
        for capability, ask in sorted(short.items()):
            if before.get(capability) != ask.amount:
                said = sim.record(
                    ev.Shortfall(0, now, self._causes[key], self.post.id, key, capability, ask.amount, ask.reason)
                )
                if self.post.parent and ask.reason != "none_reachable":
                    sim.record(
                        ev.SupportRequested(0, now, said, self.post.id, self.post.parent, key, capability, ask.amount)
                    )
        if short:
            self._short[key] = {c: a.amount for c, a in short.items()}
        else:
            self._short.pop(key, None)
        unreachable = any(a.reason == "none_reachable" for a in asks)
        if unreachable and key not in self._cut_off:
            self._cut_off.add(key)
            sim.record(ev.CutOff(0, now, self._causes[key], key, self.post.id))
        elif (
            key in self._cut_off
            and not unreachable
            and not sim.fleet.is_cut_off(incident.spec.site, self.picture.incidents[key].needs)
        ):
            self._cut_off.discard(key)
            sim.record(ev.Reachable(0, now, self._causes[key], key, self.post.id))

    def _uncommit(self, sortie: Sortie, cause: int) -> None:
        key, task = sortie.incident.id, sortie.crew.task
        if key not in self.picture.incidents or not sortie.counted:
            return
        sortie.counted = False
        self._uncount(key, task, sortie.crew.supplies.get(task, 0.0))
        self._causes[key] = cause
        self._put_down(key)

    def _uncount(self, key: str, task: str, supply: float) -> None:
        committed = self.picture.incidents[key].committed
        committed[task] = max(0.0, committed.get(task, 0.0) - supply)

    def close_if_done(self, incident: Incident) -> None:
        """What followed an accident is closed: its own response ends now, if nothing else keeps it."""
        if self.sim.leads.get(incident.id) == self.post.id and not incident.closed:
            self._maybe_close(incident)

    def _maybe_close(self, incident: Incident) -> None:
        """End the response when the final report says that the hazard is over and nobody is left on the spot."""
        sim, key = self.sim, incident.id
        believed = self.picture.incidents[key]
        seen = believed.sighting
        if not believed.over or seen.waiting or seen.trapped or seen.carried:
            return
        if sim.headquarters is not None and sim.headquarters.holds_open(key):
            return  # a disaster is over when all of it is
        incident.closed = True
        sim.record(ev.IncidentClosed(0, sim.clock.now, self._causes[key], key, self.post.id, incident.over))
        for post in sorted(incident.known_to, key=lambda desk: desk.post.id):
            if (here := post.picture.incidents.get(key)) is not None and here.level is not None:
                if sim.headquarters is None:  # a plan lets it go on for a while
                    sim.record(ev.ResponseChanged(0, sim.clock.now, self._causes[key], post.post.id, key, 0, "closed"))
                here.level = None
        sim.fleet.dismiss(incident, self._causes[key])
