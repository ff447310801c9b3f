"""The linter of plans: what a run would not stumble over, but an inspector of plans would.

Plans that are no plans at all (a unit that is not there, a severity that starts two levels) are mistakes, told by the reader.
Here stands what is sound in form and yet cannot work. Faults: a run would silently go otherwise than the plans say, or
something in them could never happen – a kind of accident in no plan, a level that is never reached, tasks that wait for one
another. No run begins with them. Advice: a run goes as it is written, and an inspector would still object – a duty that
nobody can keep, a unit that owes nothing. Whether the roster has what a plan relies on is asked in `plan_supply`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from sim.domain.command import Criterion
from sim.domain.plans import Plan, PlanBook, Task
from sim.doors.plan_circumstances import circumstances
from sim.doors.plans_files import At, Draft, Plans
from sim.doors.plans_language import LEVELS, SEVERITIES
from sim.errors import Problem, nearest, suggest
from sim.units import show_span

CITY = 3  # tier from which an office must be told, to know that it owes something
_CLAUSES = {
    "start": "start", "change": "change of level", "suspend": "suspension", "end": "end", "handover": "hand-over",
}  # fmt: skip
_SEVERITY = {number: name for name, number in SEVERITIES.items()}
_LEVEL = {number: name for name, number in LEVELS.items()}


@dataclass(frozen=True)
class Around:
    """What stands around the plans: kinds of accidents, families of plans, the law's deadlines by phase, who supplies what."""

    natures: tuple[str, ...] = ()
    families: Mapping[str, str] = field(default_factory=dict)  # id -> name
    law: Mapping[str, tuple[str, float]] = field(
        default_factory=dict
    )  # phase -> (number, s), of those that are verified
    phases: tuple[str, ...] = ()
    figures: Mapping[str, frozenset[str]] = field(default_factory=dict)  # nature -> figures that its reports carry
    scales: Mapping[str, tuple[Criterion, ...]] = field(default_factory=dict)  # of severity
    supplies: Mapping[str, frozenset[str]] = field(default_factory=dict)  # category of teams -> capabilities
    categories: tuple[str, ...] = ()  # of the roster
    capabilities: tuple[str, ...] = ()


_Check = Callable[[Draft, Plan, PlanBook, Around], Iterator[Problem]]


def plan_findings(plans: Plans, around: Around) -> Iterator[Problem]:
    """Everything that is wrong with plans which can be read; sorted by nothing, twice where two plans share it."""
    yield from plan_faults(plans, around)
    yield from (replace(problem, advice=True) for problem in _advice(plans, around))


def plan_faults(plans: Plans, around: Around) -> Iterator[Problem]:
    """For what no run begins: a part of the plans would never happen, or another plan than is meant would be used."""
    if plans.book is None:
        return
    yield from _natures(plans, plans.book, around)
    yield from _each(plans, plans.book, around, _FAULTS)


def _advice(plans: Plans, around: Around) -> Iterator[Problem]:
    if plans.book is None:
        return
    yield from _names(plans, plans.book, around)
    yield from _lists(plans, plans.book, around)
    yield from _idle(plans, plans.book)
    yield from _each(plans, plans.book, around, _ADVICE)


def _each(plans: Plans, book: PlanBook, around: Around, checks: Sequence[_Check]) -> Iterator[Problem]:
    for id_, plan in book.plans.items():
        for check in checks:
            yield from check(plans.drafts[id_], plan, book, around)


# ── the plans together ──


def _natures(plans: Plans, book: PlanBook, around: Around) -> Iterator[Problem]:
    """Every kind of accident is one plan's; every family has its plan."""
    overall = next(draft for draft in plans.drafts.values() if not draft.entry.natures)
    ours = {nature for plan in book.plans.values() for nature in plan.natures} | {*overall.entry.ordinary}
    for nature in around.natures:
        if nature not in ours:
            yield overall.at("id").problem(f"the nature '{nature}' is in no plan", "name it in `natures` of one")
    for draft in plans.drafts.values():
        for part in ("natures", "supports", "ordinary"):
            for i, nature in enumerate(getattr(draft.entry, part)):
                if around.natures and nature not in around.natures:
                    remedy = suggest(nature, around.natures)
                    yield draft.at(part, i).problem(
                        f"no accident model '{nature}': the plan is never reached by it", remedy
                    )
    for family, name in around.families.items():
        if family not in plans.drafts:
            yield overall.at("id").problem(f"there is no plan {family} ({name})", f"write {family}.yaml")


def _names(plans: Plans, _: PlanBook, around: Around) -> Iterator[Problem]:
    """A plan supports no kind of its own, and goes by the name of a family."""
    for id_, draft in plans.drafts.items():
        for i, nature in enumerate(draft.entry.supports):
            if nature in draft.entry.natures:
                yield draft.at("supports", i).problem(f"'{nature}' is its own nature", "leave it out here")
        if around.families and draft.entry.natures and id_ not in around.families:
            near = nearest(id_, around.families, 1)
            yield draft.at("id").problem(
                f"there is no family of plans '{id_}'",
                f"did you mean '{near[0]}'?" if near else "see models/rules/plans.yaml",
            )


def _lists(plans: Plans, book: PlanBook, around: Around) -> Iterator[Problem]:
    """Every capability and every category of teams is in some plan."""
    overall = next(draft for draft in plans.drafts.values() if not draft.entry.natures)
    relied = {code for plan in book.plans.values() for code in plan.capabilities}
    named = {category for plan in book.plans.values() for category in plan.teams}
    for code in around.capabilities:
        if code not in relied:
            yield overall.at("capabilities").problem(
                f"no plan relies on the capability {code}", "name it in a plan", key=True
            )
    for category in around.categories:
        if category not in named:
            yield overall.at("teams").problem(f"no plan names the teams {category}", "name them in a plan", key=True)


def _idle(plans: Plans, book: PlanBook) -> Iterator[Problem]:
    """Units, commands, groups, family files that nothing refers to; two units of one name."""
    assert plans.units_document is not None, "there is a book"
    file = At(None, plans.units_document, ())
    plan_list = book.plans.values()
    used = {unit for plan in plan_list for t in plan.tasks for unit in (t.debtor, t.creditor, t.verifier)}
    used |= {unit for plan in plan_list for level in plan.levels for unit in level.notify}
    used |= {c.office for c in book.commands.values()} | {g.lead for g in book.groups.values()}
    used |= {unit for plan in plan_list for unit in (plan.lead, *plan.leads.values())}
    staffed = {group for plan in plan_list for level in plan.levels for group in level.groups}
    commands = {plan.command for plan in plan_list}
    for noun, table, names, idle in (
        ("units", book.units, used, "it owes nothing and is told nothing"),
        ("commands", book.commands, commands, "no plan has this command"),
        ("groups", book.groups, staffed, "no level staffs this group"),
    ):
        for name in table:
            if name not in names:
                yield file.part(noun, name).problem(idle, "name it in a plan, or remove it", key=True)
    first: dict[str, str] = {}
    for name, entry in plans.units.units.items() if plans.units else ():
        if (before := first.setdefault(entry.zh, name)) != name:
            what = f"'{entry.zh}' is the unit '{before}', too"
            yield file.part("units", name).problem(what, "keep one of them", key=True)
    families = {draft.entry.family for draft in plans.drafts.values()}
    for family, (document, _) in plans.commons.items():
        if family and family not in families:
            yield At(None, document, ()).problem(
                "no plan follows this file", f"write 'family: {family}' in those that do"
            )


# ── one plan ──


def _levels(draft: Draft, plan: Plan, _: PlanBook, __: Around) -> Iterator[Problem]:
    """Every severity starts a level; a worse one never a milder level."""
    of = {severity: level.level for level in plan.levels for severity in level.severities}
    at = draft.at("levels") if draft.entry.levels else draft.at("id")
    if not of:
        yield at.problem(
            "no severity starts a level: the plan is never reached", "write 'severity: […]' in its levels", key=True
        )
        return
    for name, number in SEVERITIES.items():
        if number not in of and name not in draft.entry.no_response:
            yield at.problem(
                f"the severity '{name}' starts no level", "name it in a level, or in `no_response`", key=True
            )
    worse = sorted(of)
    for low, high in pairwise(worse):
        if of[high] > of[low]:
            what = (
                f"'{_SEVERITY[high]}' starts level {_LEVEL[of[high]]}, '{_SEVERITY[low]}' the higher {_LEVEL[of[low]]}"
            )
            yield at.problem(what, "exchange them", key=True)


def _clauses(draft: Draft, _: Plan, __: PlanBook, ___: Around) -> Iterator[Problem]:
    """How it starts, changes, stops, ends and is handed over stands in the plan."""
    for part, name in _CLAUSES.items():
        if part not in draft.clauses:
            yield draft.at("id").problem(
                f"the plan has no clause for its {name}", f"write '{part}: …' here or in common.yaml"
            )


def _clauses_once(draft: Draft, plan: Plan, _: PlanBook, __: Around) -> Iterator[Problem]:
    """A clause says one thing."""
    first = {level.clause: f"level {_LEVEL[level.level]}" for level in plan.levels}
    first |= {f"{plan.id} {at.value.clause}": name for name, at in draft.clauses.items()}
    for task in plan.tasks:
        base = _base(task)
        if first.setdefault(task.clause, base) != base:
            at = draft.task(base, "clause")
            yield at.problem(
                f"the clause {at.value} is also that of '{first[task.clause]}'", "give it a number of its own"
            )


def _phases(draft: Draft, plan: Plan, _: PlanBook, around: Around) -> Iterator[Problem]:
    """Every phase of the closed loop is somebody's task."""
    covered = {task.phase for task in plan.tasks}
    for phase in around.phases:
        if phase not in covered:
            yield draft.at("id").problem(
                f"no task covers the phase '{phase}'", "write one, or take it out of `without`"
            )


def _owners(draft: Draft, plan: Plan, _: PlanBook, __: Around) -> Iterator[Problem]:
    """Who owes does not check; who checks is there; something shows that it was done."""
    for task in plan.tasks:
        base = _base(task)
        if task.verifier == task.debtor:
            yield draft.task(base, "verifier").problem(f"'{task.debtor}' would check itself", "name another unit")
        if not task.verifier:
            yield draft.task(base).problem("nobody checks it", "write 'verifier: …'", key=True)
        if not task.evidence_zh:
            yield draft.task(base).problem("nothing would show that it was done", "write 'evidence: …'", key=True)


def _told(draft: Draft, plan: Plan, book: PlanBook, _: Around) -> Iterator[Problem]:
    """Who owes is told; the group it is in works."""
    for task in plan.tasks:
        base = _base(task)
        levels = [level for level in plan.levels if level.level <= task.level]
        told = {unit for level in levels for unit in level.notify}
        if task.level and book.units[task.debtor].tier == CITY and task.debtor not in told:
            yield draft.task(base, "debtor").problem(
                f"'{task.debtor}' owes it, but is told at no level", "name it in `notify`"
            )
        if task.group and levels and not any(task.group in level.groups for level in levels):
            yield draft.task(base, "group").problem(
                f"no level staffs the group '{task.group}'", "name it in `groups` of a level"
            )


def _reached(draft: Draft, plan: Plan, _: PlanBook, __: Around) -> Iterator[Problem]:
    """A task's level is one that a severity starts or a raise leads to."""
    starts = {level.level for level in plan.levels if level.severities}
    raised = {ground.to for ground in plan.raises if ground.to}
    raised |= {max(1, start - ground.by) for start in starts for ground in plan.raises if ground.by}
    highest = min(starts | raised, default=0)
    for task in plan.tasks:
        if highest and 0 < task.level < highest:
            at = draft.task(_base(task), "level")
            yield at.problem(
                f"it arises from level {_LEVEL[task.level]} on, which is never reached", "correct the level"
            )


def _raises(draft: Draft, plan: Plan, _: PlanBook, __: Around) -> Iterator[Problem]:
    """A raise leads to a level of the plan; one ground says one thing, and more of it never leads less high."""
    levels = {level.level for level in plan.levels}
    pairs = list(zip(draft.raises, plan.raises, strict=True))
    for i, (at, ground) in enumerate(pairs):
        if ground.to and ground.to not in levels:
            yield at.problem(f"the plan has no level {_LEVEL[ground.to]}", "correct 'to'")
        for _at, other in pairs[:i]:
            if other.ground != ground.ground:
                continue
            if other.at_least == ground.at_least:
                yield at.problem(f"the ground '{ground.ground}' at this figure was given before", "keep one of them")
            elif ground.to and other.to and (ground.to > other.to) == (ground.at_least > other.at_least):
                yield at.problem(f"more of '{ground.ground}' would lead to a lower level", "exchange the levels")


# ── times ──


def _times(draft: Draft, plan: Plan, _: PlanBook, around: Around) -> Iterator[Problem]:
    """Deadlines can be kept, are within the law's, and are one for each duty."""
    first: dict[tuple[object, ...], Task] = {}
    for task in plan.tasks:
        base = _base(task)
        if task.within is None:
            continue
        if task.takes.median > task.within:
            what = f"it takes {show_span(task.takes.median)} as a rule, and is due within {show_span(task.within)}"
            yield draft.task(base, "within").problem(what, "correct one of the two")
        number, most = around.law.get(task.phase, ("", task.within))
        if task.within > most and task.deadline != number:
            what = f"{show_span(task.within)} is later than the law allows: {number}, {show_span(most)}"
            yield draft.task(base, "within").problem(what, f"write '{number}' or less")
        key = (task.debtor, task.creditor, task.title_zh, tuple(map(str, task.since)))
        before = first.setdefault(key, task)
        if before is not task and before.within != task.within and _overlap(before, task):
            mark = draft.task(_base(before), "within")
            place = mark.document.mark(mark.loc)
            yield draft.task(base, "within").problem(
                f"the same duty is due at another time at {place}", "keep one of them"
            )


def _order(draft: Draft, plan: Plan, _: PlanBook, __: Around) -> Iterator[Problem]:
    """Nothing is due before what it waits for."""
    tasks = {task.id: task for task in plan.tasks}
    for task in plan.tasks:
        for name in _waits(task, once_only=True):
            other = tasks.get(name)
            if other is None or not _overlap(task, other) or {*map(str, other.since)} != {*map(str, task.since)}:
                continue
            if task.within is not None and other.within is not None and task.within < other.within:
                due, later = show_span(task.within), show_span(other.within)
                what = f"due within {due}, but it waits for '{_base(other)}', due within {later}"
                yield draft.task(_base(task), "within").problem(what, "correct one of the two")


def _circles(draft: Draft, plan: Plan, _: PlanBook, __: Around) -> Iterator[Problem]:
    """Tasks that wait for one another: none of them would ever be done."""
    tasks = {task.id: task for task in plan.tasks}
    waits: dict[str, list[str]] = {}
    for task in tasks.values():
        waits.setdefault(_base(task), []).extend(_base(tasks[n]) for n in _waits(task) if n in tasks)
    told: set[str] = set()
    for start in waits:
        if start not in told and (circle := _circle(start, waits)):
            told |= {*circle}
            held = (_base(tasks[n]) for t in tasks.values() if _base(t) == start for n in _waits(t, once_only=True))
            at = draft.task(start, "once" if circle[1] in held else "since")
            yield at.problem(f"they wait for one another: {' → '.join(circle)}", "let one of them begin")


def _circle(start: str, waits: Mapping[str, list[str]]) -> list[str]:
    """The way from a task back to itself; empty if there is none."""
    came: dict[str, str] = {}
    queue = [start]
    for name in queue:
        for other in waits.get(name, ()):
            if other == start:
                way = [name]
                while way[-1] != start:
                    way.append(came[way[-1]])
                return [*reversed(way), start]
            if other not in came and other != start:
                came[other] = name
                queue.append(other)
    return []


def _waits(task: Task, *, once_only: bool = False) -> Iterator[str]:
    """Ids of the tasks that must be done before it can arise or be done."""
    moments = task.once if once_only else (*task.since, *task.once)
    return (m.where["task"].partition("/")[2] for m in moments if m.kind == "task_done" and "task" in m.where)


def _teams(draft: Draft, plan: Plan, _: PlanBook, around: Around) -> Iterator[Problem]:
    """What the plan relies on is supplied by teams it names."""
    supplied = {code for category in plan.teams for code in around.supplies.get(category, ())}
    for code in plan.capabilities:
        if around.supplies and code not in supplied:
            able = sorted(category for category, codes in around.supplies.items() if code in codes)
            remedy = f"name {' or '.join(able[:4])} in `teams`" if able else "nobody here supplies it"
            yield draft.at("capabilities", code).problem(f"none of the plan's teams supplies {code}", remedy, key=True)


_FAULTS: Sequence[_Check] = (_levels, _clauses, _phases, _told, _reached, _raises, _circles, circumstances)
_ADVICE: Sequence[_Check] = (_clauses_once, _owners, _times, _order, _teams)


def _base(task: Task) -> str:
    """The name under which a task is written, whatever the severity."""
    return task.id.partition(".")[0]


def _overlap(a: Task, b: Task) -> bool:
    return a.severity[0] <= b.severity[1] and b.severity[0] <= a.severity[1]
