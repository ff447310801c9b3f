"""A headquarters carries plans out: activation, command, working groups, notices, tasks, raises, the end of a response.

It acts on what posts believe and decide (their grades, responses, leads, reports), never on the truth, and always after the
posts of the same instant. A city without plans has none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim.domain import events as ev
from sim.domain.command import Level, Severity, Tier
from sim.domain.plans import PlanBook, PlanLevel
from sim.engine.aftermath import Aftermath
from sim.engine.clock import Turn, grid
from sim.engine.consultation import Consultation
from sim.engine.errands import Errands
from sim.engine.hearsay import Hearsay
from sim.engine.notices import Notices
from sim.engine.publicity import Publicity
from sim.engine.raises import Raises
from sim.engine.safety import Safety
from sim.engine.search import Search
from sim.engine.tasks import Dossier, Tasks

if TYPE_CHECKING:
    from sim.engine.simulation import Simulation

_ENDED = "closed"


class Headquarters:
    """The headquarters (指挥部) of a city for all incidents of a run."""

    def __init__(self, sim: Simulation, book: PlanBook) -> None:
        self.sim, self.book = sim, book
        self.dossiers: dict[str, Dossier] = {}
        self._within: dict[str, ev.IncidentOccurred] = {}  # what followed another accident, and is handled with it
        self.followed: dict[str, str] = {}  # what an accident followed; asked only of those that a post has heard of
        self.city = next(p.id for p in sim.case.city.posts.values() if p.tier is Tier.CITY)
        self.work = Errands(sim)
        self.notices = Notices(sim, book.units, self.work)
        self.tasks = Tasks(sim, book.units, self.notices, self.work)
        self.safety = Safety(self)
        self.consultation = Consultation(self)
        self.publicity = Publicity(self)
        self.raises = Raises(self)
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
            ev.CasualtiesCorrected: (self.aftermath.corrected,),
        }
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

    def when_formed(self, incident: str, then: Callable[[int], None]) -> None:
        """Call back when the command of an incident meets; at once if it does."""
        if incident in self._formed:
            then(self._formed[incident])
        else:
            self._forming.setdefault(incident, []).append(then)

    # ── what happens ──

    def hear(self, event: ev.Event) -> None:
        """Something happened; it is looked at when the posts of this instant have done."""
        if isinstance(event, ev.IncidentOccurred):
            if event.parent:
                self.followed[event.incident] = event.parent
            if event.parent in self.dossiers or event.parent in self._within:
                self._within[event.incident] = event
            else:
                self._open(event)
        elif isinstance(event, ev.Graded) and event.incident in self._within and self._is_grave(event):
            self._open(self._within.pop(event.incident))
        elif isinstance(event, ev.ReportReceived) and event.incident in self._within and event.post == self.city:
            self.sim.clock.at(self.sim.now, lambda _: self.raises.counties(event.incident, event.seq), Turn.STAFF)
        name = getattr(event, "incident", None)
        if type(event) in self._kinds and (name is None or name in self.dossiers):
            if not self._inbox:
                self.sim.clock.at(max(event.t, self.sim.now), self._look, Turn.STAFF)
            self._inbox.append(event)

    def _is_grave(self, event: ev.Graded) -> bool:
        """Whether what followed an accident is of no lesser class than that one itself."""
        parent = self._within[event.incident].parent
        while parent in self._within:
            parent = self._within[parent].parent
        return event.potential >= max(Severity.LARGER, self.dossiers[parent].potential)

    def _look(self, _: object) -> None:
        events, self._inbox = self._inbox, []
        for event in (known for happened in events for known in self._hearsay.told(happened)):
            kind = self._kinds[type(event)]
            name = getattr(event, "incident", None)
            for dossier in [self.dossiers[name]] if name is not None else list(self.dossiers.values()):
                for act in self._own.get(type(event), ()):
                    act(dossier, event)
                self.tasks.take(dossier, event, kind)

    def _open(self, event: ev.IncidentOccurred) -> None:
        if not event.ordinary:
            plan = self.book.plan_for(event.nature)
            along = [p for p in self.book.plans.values() if event.nature in p.supports and p is not plan]
            self.dossiers[event.incident] = Dossier(self.sim.incidents[event.incident].spec, plan, tuple(along))

    def _graded(self, dossier: Dossier, event: ev.Graded) -> None:
        if event.confirmed > dossier.severity or event.potential > dossier.potential:
            dossier.severity = max(dossier.severity, event.confirmed)
            dossier.potential = max(dossier.potential, event.potential)
            self.tasks.reconsider(dossier, event.seq)

    def _lead(self, dossier: Dossier, event: ev.LeadTaken) -> None:
        dossier.lead = event.post

    def _received(self, dossier: Dossier, event: ev.ReportReceived) -> None:
        """The lead hears that the hazard is over: from then on those who wait for that act on it."""
        believed = self.sim.desk(event.post).picture.incidents.get(dossier.id)
        if event.post == dossier.lead and believed is not None and believed.over:
            self._over(dossier, event)

    def _over(self, dossier: Dossier, event: ev.Event) -> None:
        """From now on the hazard is believed to be over."""
        if dossier.over is None:
            dossier.over = self.sim.now
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
        dossier.levels[event.post] = event.level
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
        when = grid(max(sim.now, (dossier.over or 0.0) + plan.quiet))

        def end(_: object) -> None:
            for post in sorted(dossier.levels):
                basis = (plan.search_clause if dossier.missing else plan.end_clause) or _ENDED
                sim.record(ev.ResponseChanged(0, sim.now, event.seq, post, dossier.id, 0, basis))

        sim.clock.at(when, end, Turn.STAFF)
