"""Tasks: what the plan of an incident asks of whom – arisen, told, done – each with what led to it as its cause."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.domain import events as ev
from sim.domain.command import Tier
from sim.domain.plans import Moment, Plan, Task, Unit
from sim.engine.circumstances import Circumstances
from sim.engine.clock import grid
from sim.engine.errands import Errands
from sim.engine.notices import Notices

if TYPE_CHECKING:
    from sim.case import IncidentSpec
    from sim.engine.simulation import Simulation

_AT_LEAST = ">="
_CLASS = "."  # in a task's name: before the class that it is for
# Of a disaster these phases are owed once, by the plan of the accident that it began with.
_ONCE_A_DISASTER = frozenset({
    "first_report", "follow_up", "publicity", "supplies", "aftercare", "inquiry", "accountability", "rectification",
    "rectification_review", "archive",
})  # fmt: skip
# What these phases ask for is for the work on the spot: pointless once that is done.
_ON_THE_SPOT = frozenset({"first_handling", "dispatch", "command_post", "rescue", "evacuation"})
_ENDS = frozenset({"hazard_over", "incident_closed"})  # what waits for one of these is the proof of it
_BY_COMMAND = frozenset({"command_formed", "group_staffed", "consulted"})  # no such thing where a command never met
_TOGETHER = "consultation"  # the name plans give the task of consulting together


@dataclass(eq=False)
class Owed:
    """A task that arose."""

    plan: Plan
    task: Task
    unit: str
    post: str
    seq: int
    due: float | None
    done: float | None = None
    lapsed: float | None = None  # when it became pointless
    waits: Callable[[int], None] | None = None  # for one of `once`
    county: str = ""  # whose office of that name owes it, where it is not that of the accident's own county

    @property
    def name(self) -> str:
        """As the journal has it."""
        return f"{self.plan.id}/{self.task.id}"

    @property
    def settled(self) -> float | None:
        """When it was done, or became pointless."""
        return self.lapsed if self.done is None else self.done


@dataclass(eq=False)
class Dossier:
    """What a headquarters keeps of one incident (卷宗)."""

    spec: IncidentSpec
    plan: Plan
    along: tuple[Plan, ...] = ()  # started along with it
    severity: int = 0  # confirmed, the highest that any post found
    potential: int = 0
    level: int = 0  # of the city's response; 0: none
    peak: int = 0  # the highest it had (the least number); 0: none
    levels: dict[str, int] = field(default_factory=dict)  # by post
    post: str = ""  # whose headquarters carries the plan out
    lead: str = ""
    since: dict[str, tuple[int, str]] = field(default_factory=dict)  # plan/task -> (seq, post) of what it arises with
    once: dict[str, int] = field(default_factory=dict)
    owed: dict[str, Owed] = field(default_factory=dict)
    dead: int = 0  # as the city's post had it last, of the whole disaster
    searched: bool = False  # a rescue became a search
    over: float | None = None  # when the lead believed the hazard over
    over_by: int = 0  # the seq of what told it so
    closed: bool = False  # the lead has declared the work on the spot done
    ends: float | None = None  # when the response ends, once that is settled
    lists: bool = False  # the two lists were drawn up
    head: str = ""  # the accident that this followed, whose disaster it is part of; "" for that one itself

    def ended(self) -> bool:
        """Whether its response has ended: from then on offices keep office hours."""
        return self.over is not None and self.level == 0 and not any(self.levels.values())

    @property
    def id(self) -> str:
        """The incident."""
        return self.spec.id


class Tasks:
    """What all plans at work ask for. Whoever owes something by a response is told; whoever owes it anyway knows."""

    def __init__(
        self, sim: Simulation, units: Mapping[str, Unit], notices: Notices, work: Errands, dossiers: dict[str, Dossier]
    ) -> None:
        self.sim, self._units, self._notices, self._work = sim, units, notices, work
        self.known = Circumstances(sim, dossiers, self.reconsider)
        self._watched: dict[str, dict[str, list[tuple[Moment, Task, str]]]] = {}  # plan -> kind -> who waits for it

    def kinds(self, plans: dict[str, Plan]) -> set[str]:
        """The kinds of events that tasks of these plans wait for."""
        for plan in plans.values():
            table = self._watched[plan.id] = {}
            for task in plan.tasks:
                for role in ("since", "once"):
                    for moment in getattr(task, role):
                        table.setdefault(moment.kind, []).append((moment, task, role))
        return {kind for table in self._watched.values() for kind in table}

    def take(self, dossier: Dossier, event: ev.Event, kind: str) -> None:
        """Something happened: tasks arise by it, or may now be done."""
        for plan in (dossier.plan, *dossier.along):
            for moment, task, role in self._watched[plan.id].get(kind, ()):
                if plan is not dossier.plan and any(t.id == task.id for t in dossier.plan.tasks):
                    continue  # the plan for this nature says how that is done
                if dossier.head and (task.phase in _ONCE_A_DISASTER or task.id == _TOGETHER):
                    continue
                if not self._is(event, moment) or not self._sets_to_work(plan, task, event):
                    continue
                name = f"{plan.id}/{task.id}"
                if role == "once":
                    self._may_be_done(dossier, name, event.seq)
                elif name not in dossier.since:
                    dossier.since[name] = (event.seq, getattr(event, "post", ""))
                    self._arise(dossier, plan, task, event.seq)

    def reconsider(self, dossier: Dossier, cause: int) -> None:
        """Severity or level changed: tasks that waited for it arise."""
        for plan in (dossier.plan, *dossier.along):
            for task in plan.tasks:
                if f"{plan.id}/{task.id}" in dossier.since:
                    self._arise(dossier, plan, task, cause)
        for owed in list(dossier.owed.values()):
            higher = self._passed_to(dossier, owed)
            if higher is not None:
                self._lapse(dossier, owed, "passed_up", higher.seq)

    def again(self, dossier: Dossier, phase: str, cause: int) -> None:
        """A phase is open again: its tasks that were done are owed once more."""
        done = [(n, o) for n, o in dossier.owed.items() if o.task.phase == phase and o.done is not None]
        for name, owed in done:
            del dossier.owed[name]
            if self._is_owed(dossier, owed.plan, owed.task):
                self._owe(dossier, owed.plan, owed.task, cause, name, owed.county, "again")

    def work_done(self, dossier: Dossier, met: bool, cause: int) -> None:
        """The work on the spot is done: what was still to be done for it is pointless, and what a command that never met was for.

        What is the proof that it is over, or arose with that, is still owed.
        """
        for owed in list(dossier.owed.values()):
            proofs = {moment.kind for moment in owed.task.once}
            before = dossier.since[owed.name][0] < dossier.over_by
            for_the_work = owed.task.phase in _ON_THE_SPOT and before and not proofs & _ENDS
            by_command = bool(proofs) and proofs <= _BY_COMMAND
            if for_the_work or (by_command and not met):
                self._lapse(dossier, owed, "over", cause)

    # ── inside ──

    def _passed_to(self, dossier: Dossier, owed: Owed) -> Owed | None:
        """The same task of the class that the accident is of now, if that one is another's to do."""
        if owed.task.severity[1] >= self._class(dossier, owed.task):
            return None
        stem = owed.task.id.partition(_CLASS)[0]
        return next(
            (
                o
                for o in dossier.owed.values()
                if o.plan is owed.plan and o.county == owed.county and o.unit != owed.unit
                and o.task.id.partition(_CLASS)[0] == stem and o.task.severity[0] > owed.task.severity[1]
            ),
            None,
        )  # fmt: skip

    def _lapse(self, dossier: Dossier, owed: Owed, why: str, cause: int) -> None:
        if owed.settled is None:
            owed.lapsed = self.sim.now
            self.sim.record(ev.TaskLapsed(0, self.sim.now, cause, owed.name, dossier.id, owed.unit, why, owed.county))

    def _is(self, event: ev.Event, moment: Moment) -> bool:
        for name, wanted in moment.where.items():
            value: Any = getattr(event, name, None)
            if wanted.startswith(_AT_LEAST):
                if value is None or value < float(wanted.removeprefix(_AT_LEAST)):
                    return False
            elif str(getattr(value, "value", value)) != wanted:
                return False
        if moment.tiers:
            post = self.sim.case.city.posts.get(getattr(event, "post", ""))
            return post is not None and int(post.tier) in moment.tiers
        return True

    def _sets_to_work(self, plan: Plan, task: Task, event: ev.Event) -> bool:
        """Whether the debtor is under the post that works by the plan: a county does not set the city's offices to work."""
        if not isinstance(event, ev.PlanActivated):
            return True
        post, unit = self.sim.case.city.posts[event.post], self._units.get(debtor_of(plan, task))
        return unit is None or unit.tier <= int(post.tier) or int(post.tier) == Tier.CITY

    def _arise(self, dossier: Dossier, plan: Plan, task: Task, cause: int) -> None:
        name = f"{plan.id}/{task.id}"
        if not self._is_owed(dossier, plan, task):
            return
        counties = self.known.counties(dossier) if task.each_county else ()
        for county in ("", *counties[1:]):
            key = f"{name}@{county}" if county else name
            if key not in dossier.owed:
                self._owe(dossier, plan, task, cause, key, county)

    def _is_owed(self, dossier: Dossier, plan: Plan, task: Task) -> bool:
        """Whether the level was reached, the severity fits, and so do nature and circumstances."""
        if dossier.spec.nature not in (task.natures or plan.natures or (dossier.spec.nature,)):
            return False
        if not (task.level == 0 or 0 < dossier.peak <= task.level):
            return False
        low, high = task.severity
        return low <= self._class(dossier, task) <= high and self.known.hold(dossier, task.when)

    def _class(self, dossier: Dossier, task: Task) -> int:
        """The class that an accident is of for a task."""
        return max(1, self.known.severity(dossier, task.scale) if task.scale else dossier.severity)

    def _owe(
        self, dossier: Dossier, plan: Plan, task: Task, cause: int, key: str, county: str, anew: str = ""
    ) -> None:  # fmt: skip
        name = f"{plan.id}/{task.id}"
        sim, now = self.sim, self.sim.now
        post = dossier.since[name][1] or dossier.post
        unit = debtor_of(plan, task)
        due = None if task.within is None else grid(now + task.within)
        seq = sim.record(
            ev.TaskArose(
                0, now, cause, name, dossier.id, post, unit, task.creditor, task.phase, task.clause, due,
                task.title_zh, task.title_en, task.source, county,
            )
        )  # fmt: skip
        owed = dossier.owed[key] = Owed(plan, task, unit, post, seq, due, county=county)
        takes = grid(task.takes.at(sim.streams.uniform("task", key, dossier.id, *([anew] if anew else []))))

        def told(because: int) -> None:
            self._work.do(
                unit, takes, lambda delay: self._ready(dossier, owed, because if delay is None else delay),
                lambda: dossier.ended() and not self._of_the_watch(dossier, unit, task),
                daily=task.within is not None and task.within <= self.sim.number("notices.pressing"),
            )  # fmt: skip

        if task.level == 0:
            told(seq)  # what is owed with or without a response, its debtor knows without being told
        else:
            self._notices.instruct(
                dossier.id, post, unit, key + anew, seq,
                lambda because: told(seq if because == seq else because),
            )  # fmt: skip

    def _of_the_watch(self, dossier: Dossier, unit: str, task: Task) -> bool:
        """Whether it is seen to by night too, being due before the watch changes: by a duty desk, or by who is at work already."""
        known = self._units.get(unit)
        on_duty = (known is not None and known.desk) or any(
            o.unit == unit and o.task.level and o.task is not task for o in dossier.owed.values()
        )
        return on_duty and task.within is not None and task.within <= self.sim.number("notices.watch")

    def _ready(self, dossier: Dossier, owed: Owed, cause: int) -> None:
        """The work is done; it counts as soon as what it must not precede has come."""
        if owed.task.once and owed.name not in dossier.once:
            owed.waits = lambda seq: self._work.do(
                owed.unit, 0.0, lambda delay: self._done(dossier, owed, seq if delay is None else delay)
            )
        else:
            self._done(dossier, owed, cause)

    def _may_be_done(self, dossier: Dossier, name: str, seq: int) -> None:
        if name in dossier.once:
            return
        dossier.once[name] = seq
        for owed in dossier.owed.values():
            if owed.name == name and owed.waits is not None:
                owed.waits(seq)

    def _done(self, dossier: Dossier, owed: Owed, cause: int) -> None:
        if owed.lapsed is not None:
            return
        task, now = owed.task, self.sim.now
        owed.done = now
        self.sim.record(
            ev.TaskDone(
                0, now, cause, owed.name, dossier.id, owed.unit, task.evidence_zh, task.verifier,
                task.evidence_en, owed.county,
            )
        )  # fmt: skip


def debtor_of(plan: Plan, task: Task) -> str:
    """The unit that owes a task."""
    return plan.lead if task.debtor == "lead" else task.debtor


def late(dossier: Dossier, now: float) -> Iterator[Owed]:
    """The tasks that were done late, or are overdue now (or were when they lapsed), in the order in which they arose."""
    for owed in dossier.owed.values():
        if owed.due is not None and (now if owed.settled is None else owed.settled) > owed.due:
            yield owed
