"""The ledger of duties: everything that was owed, by whom to whom under which clause, and what became of it.

From the journal and the cast alone. Two sources: the statutory obligations of the cast (models/rules/obligations.yaml) and what
plans asked for (`TaskArose`, `TaskDone`; items of the two lists). What it says is reference (参考), no legal judgement.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sim.analysis import judging
from sim.analysis.causes import chain
from sim.analysis.facts import Facts
from sim.analysis.owed import LATE, MISSED, NOT_OWED, OPEN, Obligation, Party, Step
from sim.domain import events as ev
from sim.journal.cast import Cast, Duty, Words
from sim.journal.law import NOBODY

_RECTIFICATION = "rectification"
ITEM = "item/"  # before the number of an item of the two lists


def ledger(events: Iterable[ev.Event], cast: Cast) -> list[Obligation]:
    """Every obligation of a journal, in the order in which they arose."""
    return ledger_of(Facts(events, cast))


def ledger_of(facts: Facts) -> list[Obligation]:
    """The same, of a journal that was read already."""
    statutory = (_statutory(case, facts) for case in judging.cases(facts.cast.obligations, facts))
    found = [*_once(list(statutory), list(_tasks(facts)), facts), *_items(facts)]
    return sorted(found, key=lambda o: (o.arose, o.source, o.duty, o.round))


def _once(law: list[Obligation], plan: list[Obligation], facts: Facts) -> Iterator[Obligation]:
    """What a plan's task restates of the law is owed once: the law's line tells both clauses, and what the task left behind.

    Where the plan's own term is shorter and was not kept, that is a deadline of its own and stays.
    """
    own = {(o.incident, o.duty): i for i, o in enumerate(law) if o.round == 1 and o.outcome != NOT_OWED}
    for task in plan:
        lapsed = task.outcome == NOT_OWED  # the law's line is for whoever owes it now
        named = [] if lapsed else [(task.incident, duty) for duty in facts.cast.restates.get(task.duty, ())]
        restated = [own.pop(key) for key in named if key in own and not _is_stricter(task, law[own[key]])]
        if not restated:
            yield task
            continue
        for i in restated:
            said = law[i].clause
            both = Words(f"{said.zh}；{task.clause.zh}", f"{said.en}; {task.clause.en}")
            law[i] = replace(
                law[i], clause=both, phase=task.phase, evidence=law[i].evidence or task.evidence, restated=task.duty
            )
    yield from law


def _is_stricter(task: Obligation, law: Obligation) -> bool:
    """Whether a plan's term was broken though the law's was kept."""
    return task.outcome in (LATE, MISSED) and law.outcome not in (LATE, MISSED)


def tally(owed: Iterable[Obligation]) -> dict[str, int]:
    """How many obligations were met, met late, missed."""
    return judging.tally(o.outcome for o in owed)


def unwitnessed(cast: Cast) -> list[Duty]:
    """The obligations of the law that no journal can show, with why: gaps of the review, not of the debtors."""
    return [duty for duty in cast.obligations if duty.unwitnessed.zh]


def by_debtor(owed: Sequence[Obligation]) -> dict[str, list[Obligation]]:
    """The ledger by debtor, each in the order of arising; roles without an id go by their Chinese name."""
    found: dict[str, list[Obligation]] = {}
    for obligation in owed:
        found.setdefault(key_of(obligation.debtor), []).append(obligation)
    return dict(sorted(found.items()))


def key_of(party: Party) -> str:
    """What a debtor goes by: the id, with its place where every place has such an office, or the words of a role."""
    return f"{party.id}@{party.place}" if party.place else party.id or party.name.zh


def _statutory(case: judging.Case, facts: Facts) -> Obligation:
    duty = case.duty
    debtor = _who(duty.debtor_is, Party(duty.debtor_id, duty.debtor), case, facts)
    creditor = _who(duty.creditor_is, Party(duty.creditor_id, duty.creditor), case, facts)
    due = case.due_at if math.isfinite(case.due_at) else None
    return Obligation(
        duty.id, case.round, "law", duty.title, debtor, creditor, duty.clause, duty.standing, case.incident,
        case.since.seq, case.arose_at, due,
        case.done.seq if case.done else None, case.done.t if case.done else None, case.outcome,
        chain=() if case.outcome in (OPEN, NOT_OWED) else _steps(case, debtor, facts),
        reports=duty.reports,
    )  # fmt: skip


def _steps(case: judging.Case, debtor: Party, facts: Facts) -> tuple[Step, ...]:
    until = min(case.due_at, facts.ended)
    return chain(facts, case.since, case.done, debtor.id, until)


def _who(field: str, role: Party, case: judging.Case, facts: Facts) -> Party:
    """Who an obligation names: by a field of what began or did it, else by a role in words."""
    side, _, name = field.partition(".")
    event = case.since if side == "since" else case.done
    if field == "done.post" and isinstance(event, ev.TaskDone):
        name = "creditor"  # a report tells the post it reached, a task the one it was owed to
    value = facts.value(event, name) if field and event is not None else None
    if value not in (None, ""):
        return facts.party(value, role.name, case.incident)
    return facts.party(role.id, NOBODY, case.incident) if role.id in facts.cast.units else role


def _tasks(facts: Facts) -> Iterator[Obligation]:
    for arose in facts.events:
        if not isinstance(arose, ev.TaskArose) or facts.ordinary(arose.incident):
            continue
        done = facts.answered.get(arose.seq)
        due = math.inf if arose.due_at is None else arose.due_at
        outcome = judging.outcome_of(due, done, facts, arose.incident, arose)
        plan = arose.task.partition("/")[0]
        written = Words(getattr(arose, "title_zh", ""), getattr(arose, "title_en", ""))
        number = arose.clause if arose.clause.startswith(plan) else f"{plan} {arose.clause}"
        said = facts.cast.clauses.get(number, NOBODY)
        until = min(due, facts.ended)
        yield Obligation(
            arose.task, 1, "plan", facts.cast.tasks.get(arose.task) or (written if written.zh else Words(arose.task, arose.task)),
            facts.party(arose.unit, NOBODY, arose.incident, arose.county),
            facts.party(arose.creditor, NOBODY, arose.incident, arose.county) if arose.creditor else Party("", NOBODY),
            Words(f"{number} {said.zh}".strip(), f"{number} {said.en}".strip()), "", arose.incident,
            arose.seq, arose.t, arose.due_at, done.seq if done else None, done.t if done else None, outcome,
            chain=() if outcome in (OPEN, NOT_OWED) else chain(facts, arose, done, arose.unit, until),
            phase=arose.phase, evidence=done.evidence if done else "",
        )  # fmt: skip


def _items(facts: Facts) -> Iterator[Obligation]:
    """The items of the two lists: each is owed by its unit until it is struck off."""
    closings: dict[tuple[str, str], list[ev.ItemClosed]] = {}
    for event in facts.events:
        if isinstance(event, ev.ItemClosed):
            closings.setdefault((event.incident, event.item), []).append(event)
    for listed in facts.events:
        if not isinstance(listed, ev.ItemListed):
            continue
        later = (c for c in closings.get((listed.incident, listed.item), ()) if c.seq > listed.seq)
        done = next(later, None)
        outcome = judging.outcome_of(listed.due_at, done, facts, listed.incident)
        until = min(listed.due_at, facts.ended)
        yield Obligation(
            f"{ITEM}{listed.item}", 1, "plan", Words(listed.text_zh, listed.text_en),
            facts.party(listed.unit, NOBODY, listed.incident),
            Party("", NOBODY), NOBODY, "", listed.incident, listed.seq, listed.t, listed.due_at,
            done.seq if done else None, done.t if done else None, outcome,
            chain=() if outcome == OPEN else chain(facts, listed, done, listed.unit, until),
            phase=_RECTIFICATION, evidence=done.evidence if done else "",
        )  # fmt: skip
