"""Together: the same finding in many places of one disaster is told once, by its worst case; then by what it cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from sim.analysis.review.blocks import HOURS, PEOPLE, Finding, Measure
from sim.analysis.review.maker import Maker, number

_SUMMED = ("responders", "waiting", "trapped")  # kinds whose size is people, that add up


def together(m: Maker, found: Iterable[Finding]) -> list[Finding]:
    """Findings with the same id as one, in the order in which they were first met."""
    groups: dict[str, list[Finding]] = {}
    for f in found:
        groups.setdefault(f.id, []).append(f)
    return [group[0] if len(group) == 1 else _one(m, group) for group in groups.values()]


def _one(m: Maker, group: Sequence[Finding]) -> Finding:
    """Several cases as one finding: the worst told, all of them listed, answered by what answers most of them."""
    order = sorted(group, key=lambda f: (not f.unfinished, -f.size, f.cases[0].incident))
    worst, cases = order[0], tuple(case for f in order for case in f.cases)
    total = sum(f.size for f in group)
    places = len(dict.fromkeys(case.incident for case in cases))
    if worst.kind in _SUMMED:
        facts = {"incident": m.incident(worst.incident), "places": number(places), "count": number(total)}
        facts["worst"] = m.both(lambda g: cases[0].problem_zh if g.lang == "zh" else cases[0].problem_en)
        zh, en = m.said(f"find.{worst.kind}_many", facts)
    else:
        say = "find.many" if places == 1 else "find.many_places" if places == len(cases) else "find.many_both"
        facts = {"count": number(len(cases)), "places": number(places)}
        after = m.said(say, facts)
        zh, en = worst.problem_zh + after[0], f"{worst.problem_en} {after[1]}"
    return msgspec.structs.replace(
        worst, problem_zh=zh, problem_en=en, size=total if worst.kind in _SUMMED else worst.size, cases=cases,
        evidence=tuple(dict.fromkeys(seq for case in cases for seq in case.evidence)),
        measure=_answer([f.measure for f in order if f.measure is not None], worst.matters == PEOPLE),
        weight=sum(f.weight for f in group) if worst.kind in _SUMMED else worst.weight,
        by_drill=all(f.by_drill for f in group),
    )  # fmt: skip


def _answer(measures: Sequence[Measure], worst_first: bool) -> Measure | None:
    """The measure that answers most of the cases (where people were lost: the worst of them).

    One about a task speaks of that task in all plans that were late with it.
    """
    if not measures:
        return None
    acting = [m for m in measures if m.acts] or list(measures)
    common = _about(acting[0]) if worst_first else Counter(_about(m) for m in acting).most_common(1)[0][0]
    alike = [m for m in acting if _about(m) == common]
    first, change = alike[0], dict(alike[0].change)
    if "faster" in change:
        change["faster"] = min(str(m.change["faster"]) for m in alike)
    plans = tuple(dict.fromkeys(str(m.change["plan"]) for m in alike if "plan" in m.change))
    if len(plans) > 1:
        change["plan"] = plans
    return msgspec.structs.replace(first, change=change)


def _about(measure: Measure) -> tuple[object, ...]:
    """What of a measure makes two the same in kind: its words leave the incident out."""
    change = {k: v for k, v in measure.change.items() if k not in ("plan", "faster", "amount", "elements")}
    return measure.kind, tuple(sorted(change.items(), key=str)), measure.unit_zh


def ranked(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """The gravest first: by people lost, then by hours, then what only the law asks for, reports before papers."""
    return tuple(sorted(found, key=_rank))


_BY_LAW = ("report", "public", "loop", "force", "supply", "road", "fund", "after", "rectify", "belief")


def _rank(f: Finding) -> tuple[object, ...]:
    if f.matters == PEOPLE:
        return 0, -(f.weight if f.kind == "responders" else f.size), -f.size, f.id
    if f.matters == HOURS:
        return 1, -f.size, 0.0, f.id
    return 2, _BY_LAW.index(f.kind) if f.kind in _BY_LAW else len(_BY_LAW), -f.weight, f.id
