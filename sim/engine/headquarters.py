"""A headquarters carries plans out: activation, command, working groups, notices, tasks, raises, the end of a response.

It acts on what posts believe and decide (their grades, responses, leads, reports), never on the truth, and always after the
posts of the same instant. A city without plans has none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim.domain import events as ev
from sim.domain.command import Level, Severity, Tier
from sim.domain.plans import Plan, PlanBook, PlanLevel
from sim.engine.aftermath import Aftermath
from sim.engine.clock import Turn, grid
from sim.engine.consultation import Consultation
from sim.engine.disasters import Disasters
from sim.engine.errands import Errands
from sim.engine.hearsay import Hearsay
from sim.engine.lowering import Lowering
from sim.engine.notices import Notices
from sim.engine.publicity import Publicity
from sim.engine.raises import Raises
from sim.engine.safety import Safety
from sim.engine.search import Search
from sim.engine.tasks import Dossier, Tasks

if TYPE_CHECKING:
    from sim.engine.simulation import Simulation

_ENDED = "closed"
_OF_ONE_PLACE = (
    ev.IncidentOccurred,
    ev.IncidentClosed,
    ev.HazardOver,
)  # of a disaster's first accident these mean the whole


class Headquarters:
    """The headquarters (指挥部) of a city for all incidents of a run."""

    def __init__(self, sim: Simulation, book: PlanBook) -> None:
        self.sim, self.book = sim, book
        self.dossiers: dict[str, Dossier] = {}
        self.disasters = Disasters(sim)
        self._within: dict[str, Plan] = {}  # what followed, is handled with the first accident; the plan for its like
        self._parts: dict[tuple[str, str], str] = {}  # (first accident, plan) -> what is handled by a plan of its own
        self.city = next(p.id for p in sim.case.city.posts.values() if p.tier is Tier.CITY)
        self.work = Errands(sim)
        self.notices = Notices(sim, book.units, self.work)
        self.tasks = Tasks(sim, book.units, self.notices, self.work, self.dossiers)
        self.safety = Safety(self)
        self.consultation = Consultation(self)
        self.publicity = Publicity(self)
        self.raises = Raises(self)
        self.lowering = Lowering(self)
        self.search = Search(self)
        self.aftermath = Aftermath(self)
        self._formed: dict[str, int] = {}  # incident -> seq of the command's first meeting
        self._chief: dict[str, str] = {}
        self._called: dict[str, tuple[PlanLevel, int]] = {}  # incident -> whose chief calls the meeting, and why
        self._forming: dict[str, list[Callable[[int], None]]] = {}  # incident -> who waits for the command
        self._staffed: set[tuple[str, str]] = set()
        self._inbox: list[ev.Event] = []
        self._hearsay = Hearsay(sim)
        self._own: dict[type[ev.Event], tuple[Callable[[Dossier, Any], None], ...]] = {
            ev.Graded: (self._graded, self.raises.graded),
            ev.LeadTaken: (self._lead,),
            ev.ResponseChanged: (self._response,),
            ev.ReportSent: (self.publicity.sent,),
            ev.ReportReceived: (self._received, self.raises.received, self.search.received),
            ev.Shortfall: (self.raises.short,),
            ev.RespondersHit: (self.safety.hit,),
            ev.IncidentClosed: (self._closed,),
            ev.TaskDone: (self.publicity.done, self.aftermath.done),
            ev.CasualtiesCorrected: (self.aftermath.corrected, self.publicity.corrected),
        }
        self._joint = {
            self.publicity.sent,
            self.raises.received,
            self.raises.short,
            self.search.received,
            self.safety.hit,
            self._received,
            self.aftermath.corrected,
            self.publicity.corrected,
        }  # what is done for any place of a disaster
        kinds = self.tasks.kinds(book.plans)
        self._kinds = {
            kind: str(kind.__struct_config__.tag)
            for kind in ev.EVENTS
            if str(kind.__struct_config__.tag) in kinds or kind in self._own or kind is ev.IncidentOccurred
        }
        sim.listeners.append(self.hear)

    # ── what others ask ──

    def level(self, nature: str, severity: Severity) -> Level | None:
        """The response level at which the plan for a nature meets a severity; None if it does not say."""
        for level in self.book.plan_for(nature).levels:
            if int(severity) in level.severities:
                return Level(level.level)
        return None

    def carries(self, incident: str) -> bool:
        """Whether an incident has a response of its own here; what followed another is part of that one's unless it is grave."""
        return incident in self.dossiers

    def response_of(self, incident: str) -> str:
        """The incident whose response is for this one too: of what followed another it is that one's, or its plan's."""
        if incident in self._within:
            root = self.disasters.root(incident)
            return self._parts.get((root, self._within[incident].id), root)
        return incident

    def holds_open(self, incident: str) -> bool:
        """Whether an accident is kept open: something that followed it and is handled with it goes on."""
        return incident in self.dossiers and any(
            self.response_of(i) == incident or self.disasters.root(i) == incident
            for i in self.disasters.going_on(self.disasters.root(incident))
            if i != incident
        )

    def is_graded(self, incident: str, potential: Severity) -> bool:
        """Whether a class by law is stated of an incident: of a disaster, or of what has a plan of its own, not of each place.

        What followed an accident gets a response of its own here, if it is grave enough and of another kind.
        """
        if incident in self._within and self._needs_its_own(incident, potential):
            self._open_part(incident, self._within.pop(incident))
        return self.carries(incident)

    def when_formed(self, incident: str, then: Callable[[int], None]) -> None:
        """Call back when the command of an incident meets; at once if it does."""
        if incident in self._formed:
            then(self._formed[incident])
        else:
            self._forming.setdefault(incident, []).append(then)

    # ── what happens ──

    def hear(self, event: ev.Event) -> None:
        """Something happened; it is looked at when the posts of this instant have done."""
        match event:
            case ev.IncidentOccurred(incident=incident):
                root = self.disasters.root(incident)
                if root != incident and not event.ordinary:
                    self._within[incident] = self.book.plan_for(event.nature)
                else:
                    self._open(event)
            case ev.CasualtiesCorrected():
                self.disasters.corrected(event)
            case ev.IncidentClosed(incident=incident):
                self.disasters.closed(incident)
                self._closed_place(incident)
            case _:
                pass
        name = getattr(event, "incident", None)
        if type(event) in self._kinds and (name is None or self._dossiers_of(name)):
            if not self._inbox:
                self.sim.clock.at(max(event.t, self.sim.now), self._look, Turn.STAFF)
            self._inbox.append(event)

    def _dossiers_of(self, incident: str) -> list[Dossier]:
        """Who keeps a file on an incident: the response it is handled in, and the one of the disaster."""
        own = self.dossiers.get(self.response_of(incident))
        if own is None:
            return []
        return [own, self.dossiers[own.head]] if own.head else [own]

    def _needs_its_own(self, incident: str, potential: Severity) -> bool:
        """Whether what followed an accident is grave, and asks for what no plan at work on the disaster knows."""
        if potential < Severity.LARGER:
            return False
        plan, root = self._within[incident], self.disasters.root(incident)
        at_work = [p for d in self.dossiers.values() if root in (d.id, d.head) for p in (d.plan, *d.along)]
        if plan in at_work or not plan.capabilities:
            return False
        known = {capability for p in at_work for capability in p.capabilities}
        share = sum(c in known for c in plan.capabilities) / len(plan.capabilities)
        return share < self.sim.number("headquarters.covered")

    def _look(self, _: object) -> None:
        events, self._inbox = self._inbox, []
        for event in (known for happened in events for known in self._hearsay.told(happened)):
            kind = self._kinds[type(event)]
            name = getattr(event, "incident", None)
            for dossier in list(self.dossiers.values()) if name is None else self._dossiers_of(name):
                own = name is None or name == dossier.id
                for act in self._own.get(type(event), ()):
                    if own or act in self._joint:
                        act(dossier, event)
                if own or not isinstance(event, _OF_ONE_PLACE):
                    self.tasks.take(dossier, event, kind)

    def _open(self, event: ev.IncidentOccurred) -> None:
        if not event.ordinary:
            self._file(event.incident, self.book.plan_for(event.nature), "")

    def _open_part(self, incident: str, plan: Plan) -> None:
        root = self.disasters.root(incident)
        self._parts[root, plan.id] = incident
        self._file(incident, plan, root)

    def _file(self, incident: str, plan: Plan, head: str) -> None:
        spec = self.sim.incidents[incident].spec
        along = [p for p in self.book.plans.values() if spec.nature in p.supports and p is not plan]
        self.dossiers[incident] = Dossier(spec, plan, tuple(along), head=head)

    def _closed_place(self, incident: str) -> None:
        """Something that followed an accident is closed: that one may be now, too."""
        for held in dict.fromkeys((self.response_of(incident), self.disasters.root(incident))):
            if held != incident and held in self.sim.incidents and held in self.dossiers and not self.holds_open(held):
                self.sim.clock.at(self.sim.now, self._close(held), Turn.POST)

    def _close(self, incident: str) -> Callable[[object], None]:
        def close(_: object) -> None:
            running = self.sim.incidents.get(incident)
            if running is not None and incident in self.sim.leads:
                self.sim.desk(self.sim.leads[incident]).close_if_done(running)

        return close

    def _graded(self, dossier: Dossier, event: ev.Graded) -> None:
        if event.confirmed > dossier.severity or event.potential > dossier.potential:
            dossier.severity = max(dossier.severity, event.confirmed)
            dossier.potential = max(dossier.potential, event.potential)
            self.tasks.reconsider(dossier, event.seq)

    def _lead(self, dossier: Dossier, event: ev.LeadTaken) -> None:
        dossier.lead = event.post

    def _received(self, dossier: Dossier, event: ev.ReportReceived) -> None:
        """The lead hears that the hazard is over, with all that followed: from then on those who wait for that act on it."""
        believed = self.sim.desk(event.post).picture.incidents.get(dossier.id)
        if event.post != dossier.lead or believed is None or not believed.over:
            return
        if all(self._believed_over(i) for i in self.disasters.going_on(dossier.id)):
            self._over(dossier, event)
            self.lowering.consider(dossier, event.seq)

    def _believed_over(self, incident: str) -> bool:
        desk = self.sim.desks.get(self.sim.leads.get(incident, ""))
        believed = desk.picture.incidents.get(incident) if desk is not None else None
        return believed is None or believed.over

    def _over(self, dossier: Dossier, event: ev.Event) -> None:
        """From now on the hazard is believed to be over."""
        if dossier.over is None:
            dossier.over, dossier.over_by = self.sim.now, event.seq
            over = ev.HazardOver(event.seq, self.sim.now, event.cause, dossier.id, "")
            self.tasks.take(dossier, over, "hazard_over")

    # ── the response ──

    def _response(self, dossier: Dossier, event: ev.ResponseChanged) -> None:
        tier = self.sim.case.city.posts[event.post].tier
        if not event.level:
            dossier.levels.pop(event.post, None)
            if tier is Tier.CITY:
                dossier.level = 0
            self.aftermath.ended(dossier, event)
            return
        before, dossier.levels[event.post] = dossier.levels.get(event.post, 0), event.level
        if 0 < before < event.level:  # lowered
            dossier.level = event.level if tier is Tier.CITY else dossier.level
            return
        if tier not in (Tier.COUNTY, Tier.CITY):
            return  # the province works by its own plan
        plan = dossier.plan
        step = next((x for x in plan.levels if x.level == event.level), None)
        if step is None:
            return
        clause = self.raises.clause(dossier, event) or step.clause
        seq = self.sim.record(
            ev.PlanActivated(
                0, self.sim.now, event.seq, dossier.id, event.post, plan.id, self.aftermath.version(plan), step.level, clause
            )
        )  # fmt: skip
        dossier.peak = min(dossier.peak or step.level, step.level)
        if tier is Tier.CITY:
            dossier.level, dossier.post = step.level, event.post
            self._carry_out(dossier, step, seq)
            self._along(dossier, event, seq)
        elif not dossier.post:
            dossier.post = event.post
        self.tasks.reconsider(dossier, seq)

    def _along(self, dossier: Dossier, event: ev.ResponseChanged, cause: int) -> None:
        """Plans that are started along with the one for this nature: their leads do what only those plans know."""
        for plan in dossier.along:
            step = next((x for x in plan.levels if x.level == event.level), None)
            if step is not None:
                self.sim.record(
                    ev.PlanActivated(
                        0, self.sim.now, cause, dossier.id, event.post, plan.id, self.aftermath.version(plan), step.level,
                        step.clause,
                    )
                )  # fmt: skip
                self.notices.tell(dossier.id, event.post, plan.lead, cause)

    def _carry_out(self, dossier: Dossier, step: PlanLevel, cause: int) -> None:
        """What a level of the plan asks of the city's headquarters itself."""
        plan, notices = dossier.plan, self.notices
        self._form(dossier, step, cause)
        for unit in dict.fromkeys((plan.lead, *step.notify)):
            notices.tell(dossier.id, dossier.post, unit, cause)
        for group in step.groups:
            if (dossier.id, group) not in self._staffed:
                self._staffed.add((dossier.id, group))
                self._staff(dossier, group, cause)
        self.consultation.called(dossier, step, cause)

    def _form(self, dossier: Dossier, step: PlanLevel, cause: int) -> None:
        """The command meets: a standing one at once, another after a while; at another level another chief takes over.

        Who becomes chief before the command has met calls the meeting that was called already.
        """
        if self._chief.get(dossier.id) == step.chief_zh:
            return
        sim, first = self.sim, dossier.id not in self._chief
        self._chief[dossier.id] = step.chief_zh
        self._called[dossier.id] = (step, cause)
        if not first and dossier.id not in self._formed:
            return
        command = self.book.commands[dossier.plan.command]
        name = "headquarters.ad_hoc" if first else "headquarters.takeover"
        span = 0.0 if first and command.standing else sim.draw(name, dossier.id, f"{step.level}")

        def meet(delay: int | None) -> None:
            now_step, because = self._called[dossier.id]
            if dossier.closed:
                return  # the work it was called for is done
            if not first and now_step is not step:
                return  # another chief has been named meanwhile
            seq = sim.record(
                ev.CommandFormed(
                    0, sim.now, because if delay is None else delay, dossier.id, dossier.post, command.id,
                    now_step.chief_zh, now_step.chief_en, command.standing, now_step.clause,
                )
            )  # fmt: skip
            if dossier.id not in self._formed:
                self._formed[dossier.id] = seq
                for then in self._forming.pop(dossier.id, ()):
                    then(seq)

        if span:
            self.work.do(command.office, span, meet)
        else:
            meet(None)

    def _staff(self, dossier: Dossier, group: str, cause: int) -> None:
        """A working group is there when its lead has set to work and gathered it, and the command has met."""
        sim, unit = self.sim, self.book.lead_of(dossier.plan, group)
        self.notices.tell(dossier.id, dossier.post, unit, cause)

        def staffed(because: int) -> None:
            sim.record(ev.GroupStaffed(0, sim.now, because, dossier.id, dossier.post, group, unit))

        def gathered(because: int) -> None:
            if dossier.id in self._formed:
                staffed(because)
            else:
                self.when_formed(dossier.id, staffed)

        def heard(because: int) -> None:
            span = sim.draw("headquarters.staff", group, dossier.id)
            self.work.do(unit, span, lambda delay: gathered(because if delay is None else delay))

        self.notices.when_awake(dossier.id, unit, heard)

    def _closed(self, dossier: Dossier, event: ev.IncidentClosed) -> None:
        """The post in the lead has done; the response ends when the plan's quiet time after the hazard has passed."""
        plan, sim = dossier.plan, self.sim
        self._over(dossier, event)  # a response that closes with its last report is gone from the desk by now
        dossier.closed = True
        self.tasks.work_done(dossier, dossier.id in self._formed, event.seq)
        self.lowering.consider(dossier, event.seq)
        when = dossier.ends = grid(max(sim.now, (dossier.over or 0.0) + plan.quiet))

        def end(_: object) -> None:
            for post in sorted(dossier.levels):
                basis = (plan.search_clause if dossier.searched else plan.end_clause) or _ENDED
                sim.record(ev.ResponseChanged(0, sim.now, event.seq, post, dossier.id, 0, basis))

        sim.clock.at(when, end, Turn.STAFF)
