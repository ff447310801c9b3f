"""Plans as a command works by them: who leads at which level, who is told, who owes what by when under which clause.

A city has one overall plan and special plans, each for some natures of accidents. What a plan says is the city's
(`scenarios/cities/<city>/plans/`); how it is carried out is the engine's. Times are seconds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import msgspec

from sim.domain.parameters import Spread


class Unit(msgspec.Struct, frozen=True):
    """A department, office or enterprise that can owe something (责任单位). Off the platform it is reached by telephone."""

    id: str
    name_zh: str
    name_en: str
    on_platform: bool = False
    tier: int = 3  # as posts: 1 township … 4 province; the same office exists once in every place of its tier
    desk: bool = False  # somebody is awake at night
    # what the one of a place is called, with {county}, {town} or {site} in it: by the township's ending, "" for any other
    local: dict[str, tuple[str, str]] = {}


class Command(msgspec.Struct, frozen=True):
    """A special command (专项指挥部): standing, with a duty desk, or formed when its plan is activated."""

    id: str
    name_zh: str
    name_en: str
    standing: bool
    office: str  # unit


class Moment(msgspec.Struct, frozen=True):
    """An event that begins or proves something: its kind, what its fields must be (as text; `>=1`: at least), whose it is.

    `tiers` are the tiers of the post named in the event's field `post`; empty: any.
    """

    kind: str
    where: dict[str, str] = {}
    tiers: tuple[int, ...] = ()


class Circumstance(msgspec.Struct, frozen=True):
    """A figure that must be at least so much and below so much, by what posts were told of an accident and what followed it.

    `of`: dead | injured | seriously_injured | missing (as told last) | casualties (the sum of dead, injured, missing) |
    trapped | threatened | people (the most ever told) | potential (severity) | counties | figures.<name>.
    """

    of: str
    at_least: float = 0.0
    below: float | None = None  # None: there is no such bound


class Task(msgspec.Struct, frozen=True):
    """What somebody owes in a response (任务): it arises with the first event of `since`, at a response level of at least `level`.

    It is owed only in accidents of `natures`, and where all of one of `when` holds by what posts were told.

    It is done `takes` after its debtor was told of it and, where `once` is given, not before one of those events has come.
    `within` counts from when it arose; None: no deadline. `phase` is one of the 22 of the closed loop (models/rules/phases.yaml).
    """

    id: str
    title_zh: str
    title_en: str
    debtor: str  # unit, or `lead`: the unit that leads the plan
    since: tuple[Moment, ...]
    takes: Spread
    clause: str  # of the plan: "CM 4.2"
    source: str  # where the duty comes from: a law's article, or our reference configuration
    creditor: str = ""
    group: str = ""
    phase: str = ""
    level: int = 4  # 1 (Ⅰ) … 4 (Ⅳ): arises from this level up; 0: at every severity, response or not
    severity: tuple[int, int] = (1, 4)  # confirmed severities it arises at, at the moment it arises
    once: tuple[Moment, ...] = ()
    within: float | None = None
    evidence_zh: str = ""
    evidence_en: str = ""
    verifier: str = ""  # unit; never the debtor
    deadline: str = ""  # the number of models/rules that `within` is, where it is one
    natures: tuple[str, ...] = ()  # of accidents; empty: all that the plan leads in, not those it is started along with
    when: tuple[tuple[Circumstance, ...], ...] = ()  # all of one of these; empty: always
    scale: str = ""  # the severity scale that `severity` goes by, on the figures as told last; "": as graded
    restates: tuple[str, ...] = ()  # statutory duties that it repeats: who does it has done these
    each_county: bool = False  # owed in every county that the accident and what followed it lie in


class PlanLevel(msgspec.Struct, frozen=True):
    """A response level of a plan: its chief, who is staffed and who is told."""

    level: int  # 1 … 4
    chief_zh: str
    chief_en: str
    clause: str
    severities: tuple[int, ...] = ()  # potential severities that start it
    groups: tuple[str, ...] = ()
    notify: tuple[str, ...] = ()  # units, in order


class Raise(msgspec.Struct, frozen=True):
    """Ground on which a response is raised beyond what severity asks for (扩大响应); `by` levels, or to `to`.

    `ground`: dead_or_missing | shortfall | counties | secondary | sensitive. `at_least` is the figure for it: people, seconds
    for which a need stays unmet, counties, severity of the secondary incident.
    """

    ground: str
    at_least: float
    clause: str
    by: int = 0
    to: int = 0


class Plan(msgspec.Struct, frozen=True):
    """The overall plan (`natures` empty: for what no special plan covers) or a special plan."""

    id: str
    title_zh: str
    title_en: str
    version: int
    natures: tuple[str, ...]
    lead: str  # unit
    command: str
    levels: tuple[PlanLevel, ...]  # Ⅰ first
    tasks: tuple[Task, ...]
    raises: tuple[Raise, ...] = ()
    start_clause: str = ""
    change_clause: str = ""
    suspend_clause: str = ""
    withdraws: bool = True  # the rescuers, as soon as some of them were hit
    end_clause: str = ""
    handover_clause: str = ""
    quiet: float = 0.0  # s that must pass after the end of the hazard before the response may end
    search_after: float = math.inf  # s without anybody being brought out, after which a rescue may become a search
    search_clause: str = ""
    capabilities: tuple[str, ...] = ()  # what the plan relies on
    teams: tuple[str, ...] = ()  # categories of teams it names
    supports: tuple[str, ...] = ()  # natures of other plans that it is started along with
    leads: dict[str, str] = {}  # group -> unit that leads it by this plan, where not as usual


class Group(msgspec.Struct, frozen=True):
    """A working group (工作组) of the command and the unit that leads it."""

    id: str
    name_zh: str
    name_en: str
    lead: str


class Clause(msgspec.Struct, frozen=True):
    """What a clause says, in short."""

    zh: str
    en: str


class PlanBook(msgspec.Struct, frozen=True):
    """All plans of a city with the units, commands and groups they name."""

    units: dict[str, Unit]
    commands: dict[str, Command]
    groups: dict[str, Group]
    plans: dict[str, Plan]  # by id; exactly one without natures, the overall plan
    clauses: dict[str, Clause] = {}  # by plan and number: "CM 4.2.1"

    def plan_for(self, nature: str) -> Plan:
        """The special plan for a nature; the overall plan where there is none."""
        special = (plan for plan in self.plans.values() if nature in plan.natures)
        return next(special, None) or next(plan for plan in self.plans.values() if not plan.natures)

    def lead_of(self, plan: Plan, group: str) -> str:
        """The unit that leads a group when it works by this plan."""
        return plan.leads.get(group) or self.groups[group].lead

    def with_numbers(self, numbers: Mapping[str, float]) -> PlanBook:
        """The same plans with the deadlines that are numbers of the models as they are on the day (s)."""
        plans = {id_: msgspec.structs.replace(p, tasks=_dated(p.tasks, numbers)) for id_, p in self.plans.items()}
        return msgspec.structs.replace(self, plans=plans)


def _dated(tasks: tuple[Task, ...], numbers: Mapping[str, float]) -> tuple[Task, ...]:
    return tuple(msgspec.structs.replace(t, within=numbers[t.deadline]) if t.deadline in numbers else t for t in tasks)
