"""Plans: a city's folder of plans → `PlanBook`; or everything that keeps it from being one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.domain.plans import Command, Group, PlanBook, Unit
from sim.doors.plans_files import At, Known, Plans, read_plan_files
from sim.doors.plans_language import SEVERITIES, TIERS, UnitEntry, UnitsFile
from sim.doors.plans_making import PlanMaker
from sim.errors import Problem
from sim.texts import shown


def read_plans_of(folder: Path, known: Known) -> Plans:
    """The plans in a folder; where nothing is wrong, with their book."""
    plans = read_plan_files(folder)
    if plans.whole and plans.units is not None and plans.drafts:
        book = _book(plans, plans.units, known)
        plans.book = None if plans.problems else book
    elif not plans.problems:
        what = "there is no plan in this folder"
        plans.problems.append(Problem(shown(folder), 1, 1, "", what, "write the overall plan first"))
    plans.problems = sorted(set(plans.problems))
    return plans


def levels_of(plans: Plans) -> dict[str, dict[int, int | None]]:
    """Nature → severity → response level, as the assessor asks for it; `default` is the overall plan's."""
    assert plans.book is not None, "asked of plans without mistakes"
    table: dict[str, dict[int, int | None]] = {}
    for plan in plans.book.plans.values():
        of: dict[int, int | None] = dict.fromkeys(SEVERITIES.values())
        of |= {severity: level.level for level in plan.levels for severity in level.severities}
        table |= dict.fromkeys(plan.natures or ("default",), of)
        everyday = plans.drafts[plan.id].entry.ordinary
        table |= {nature: {**of, SEVERITIES["general"]: None} for nature in everyday}
    return dict(sorted(table.items()))


def _book(plans: Plans, units: UnitsFile, known: Known) -> PlanBook:
    plans.problems += [*_owners(plans, units), *_unset(plans), *_overall(plans), *_twice(plans)]
    made = {id_: PlanMaker(plans, draft, units, known) for id_, draft in sorted(plans.drafts.items())}
    return PlanBook(
        units={
            id_: Unit(id_, u.zh, u.en, u.platform, TIERS[u.tier], u.desk, _local(u))
            for id_, u in sorted(units.units.items())
        },
        commands={
            id_: Command(id_, c.zh, c.en, c.standing, c.office or "") for id_, c in sorted(units.commands.items())
        },
        groups={id_: Group(id_, g.zh, g.en, g.lead) for id_, g in units.groups.items()},
        plans={id_: maker.plan() for id_, maker in made.items()},
        clauses={number: clause for maker in made.values() for number, clause in maker.clauses.items()},
    )


def _local(unit: UnitEntry) -> dict[str, tuple[str, str]]:
    """What the office of a place is called, by the ending of the township's name."""
    plain = {"": (unit.local.zh, unit.local.en)} if unit.local else {}
    return plain | {ending: (words.zh, words.en) for ending, words in unit.local_ending.items()}


def _owners(plans: Plans, units: UnitsFile) -> Iterator[Problem]:
    """Offices of commands and leaders of groups are units."""
    assert plans.units_document is not None, "what was read has a document"
    file = At(None, plans.units_document, ())
    for name, command in units.commands.items():
        if command.office is not None and command.office not in units.units:
            yield file.part("commands", name, "office").unknown("unit", command.office, units.units)
        elif command.office is None and command.standing:
            yield file.part("commands", name).problem(
                "a standing command without an office", "write 'office: …', the unit that keeps its desk", key=True
            )
    for name, group in units.groups.items():
        if group.lead not in units.units:
            yield file.part("groups", name, "lead").unknown("unit", group.lead, units.units)


def _unset(plans: Plans) -> Iterator[Problem]:
    """Common tasks that a plan does without are there."""
    common = sorted({name for _, file in plans.commons.values() for name in file.tasks})
    said = [(draft.entry.without, draft.at("without")) for draft in plans.drafts.values()]
    said += [(file.without, At(None, document, ("without",))) for document, file in plans.commons.values()]
    for names, at in said:
        for i, name in enumerate(names):
            if name not in common:
                yield at.part(i).unknown("common task", name, common)


def _overall(plans: Plans) -> Iterator[Problem]:
    """Exactly one plan is the overall plan."""
    overall = [draft for draft in plans.drafts.values() if not draft.entry.natures]
    if not overall and not plans.unread:
        what, remedy = "no plan is for what no special plan covers", "one without `natures`: the overall plan"
        yield Problem(shown(plans.folder), 1, 1, "", what, remedy)
    for draft in overall if len(overall) > 1 else ():
        others = ", ".join(other.entry.id for other in overall if other is not draft)
        what = f"it has no natures, as {others}; only the overall plan has none"
        yield draft.at("id").problem(what, "name the kinds of accidents it is for")


def _twice(plans: Plans) -> Iterator[Problem]:
    """A nature is one plan's."""
    first: dict[str, At] = {}
    for draft in plans.drafts.values():
        for i, nature in enumerate(draft.entry.natures):
            at = draft.at("natures", i)
            if nature in first:
                mark = first[nature].document.mark(first[nature].loc)
                what = f"the nature '{nature}' is already that of {mark.file}:{mark.line}:{mark.column}"
                yield at.problem(what, "one plan leads; name it in `supports` of the other")
            first.setdefault(nature, at)
