"""The linter of circumstances: a task whose conditions can never hold, or that waits for one that cannot arise beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sim.domain.command import Criterion
from sim.domain.plans import Circumstance, Plan, PlanBook, Task
from sim.doors.plans_files import Draft
from sim.doors.plans_language import SEVERITIES
from sim.doors.plans_tasks import ALL, FIGURES
from sim.errors import Problem, suggest

if TYPE_CHECKING:
    from sim.doors.plan_checks import Around

_SEVERITY = {number: name for name, number in SEVERITIES.items()}


def circumstances(draft: Draft, plan: Plan, _: PlanBook, around: Around) -> Iterator[Problem]:
    """Every condition can come true, says something, and goes with what the task waits for."""
    tasks = {task.id: task for task in plan.tasks}
    seen: set[tuple[str, int, str]] = set()
    yield from _unsaid(draft, plan)
    yield from _unknown(draft, plan)
    for task in plan.tasks:
        base = task.id.partition(".")[0]
        written = draft.task(base, "when")
        for i, every in enumerate(task.when):
            for c in every:
                if (c.of, i, base) in seen:
                    continue
                seen.add((c.of, i, base))  # a task split by severity is written once
                loc = (*written.loc, *((i,) if isinstance(_at(written), list) else ()), c.of)
                for what, remedy in _wrong(task, c, plan, around):
                    yield written.document.problem(loc, what, remedy, key=True)
        yield from _beside(draft, task, base, tasks, plan)


def _unsaid(draft: Draft, plan: Plan) -> Iterator[Problem]:
    """A plan for several kinds of accidents says of each task of its own for which of them it is."""
    if len({*plan.natures, *plan.supports}) > 1:
        for name in draft.entry.tasks:
            if name in draft.tasks and "natures" not in draft.tasks[name] and _is_own(draft, name):
                what = f"the plan is for several kinds of accidents, and '{name}' does not say for which"
                yield draft.task(name).problem(what, "write 'natures: […]', or 'natures: all'", key=True)


def _unknown(draft: Draft, plan: Plan) -> Iterator[Problem]:
    """The kinds of accidents that a task names are the plan's own, or those it is started along with."""
    natures = [ALL, *plan.natures, *plan.supports]
    for fields in draft.tasks.values():
        for nature, at in fields["natures"].items() if "natures" in fields else ():
            if nature not in natures:
                yield at.unknown("nature of this plan", nature, natures)


def _is_own(draft: Draft, name: str) -> bool:
    """Whether all of a task is written in the plan itself."""
    return all(at.document is draft.document for at in draft.tasks[name].values())


def _at(written: object) -> object:
    value = written.document.data  # type: ignore[attr-defined]
    for step in written.loc:  # type: ignore[attr-defined]
        value = value[step]
    return value


def _wrong(task: Task, c: Circumstance, plan: Plan, around: Around) -> Iterator[tuple[str, str]]:
    """(what is wrong with a condition, the way out)."""
    if c.at_least <= 0.0 and c.below is None:
        yield f"'{c.of}' of at least 0 always holds", "leave it out, or write 1"
    natures = task.natures or plan.natures
    name = c.of.removeprefix(FIGURES)
    reported = {f for nature in natures for f in around.figures.get(nature, ())}
    if name != c.of and natures and around.figures and name not in reported:
        yield (
            f"no report of {', '.join(natures)} carries the figure '{name}': it never holds",
            suggest(name, sorted(reported)),
        )
    least = _least(c, around.scales.get(task.scale, ()))
    if least > task.severity[1]:
        makes, most = _SEVERITY[least], _SEVERITY[task.severity[1]]
        what = f"at least {c.at_least:g} '{c.of}' make it '{makes}', and it is owed up to '{most}': it never holds"
        yield what, "correct 'when' or 'severity'"


def _least(c: Circumstance, scale: tuple[Criterion, ...]) -> int:
    """The class that a figure makes at least, on the scale by which the task's severities are read."""
    reached = (
        int(s)
        for criterion in scale
        if criterion.confirmed == (c.of,)
        for s, at in criterion.classes
        if c.at_least >= at
    )
    return max(reached, default=1)


def _beside(draft: Draft, task: Task, base: str, tasks: Mapping[str, Task], plan: Plan) -> Iterator[Problem]:
    """What it waits for is owed in the same kinds of accidents."""
    own = {*(task.natures or plan.natures)}
    for role in ("since", "once"):
        waits = [m.where.get("task", "").partition("/")[2] for m in getattr(task, role) if m.kind == "task_done"]
        known = [tasks[name] for name in waits if name in tasks]
        if not known or not plan.natures or len(known) < len(getattr(task, role)):
            continue
        if not any(own & {*(other.natures or plan.natures)} for other in known):
            what = f"it waits for '{known[0].id.partition('.')[0]}', which no accident of its natures brings"
            yield draft.task(base, role).problem(what, "correct 'natures' of one of them")
