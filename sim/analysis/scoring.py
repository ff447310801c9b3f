"""Scoring: a rubric applied to a journal – marks by indicator, each with the events that earned it (参考 reference).

A gap – what ought to have left a trace and did not – earns nothing and counts; what the day never called for counts neither
way. A red line caps the score, whatever was earned.
"""

from __future__ import annotations

from collections.abc import Iterable

from sim.analysis.facts import Facts
from sim.analysis.indicators import GAP, MEASURES, RED_LINES, Run
from sim.analysis.owed import Dimension, Item, RedLine, Scorecard
from sim.domain import events as ev
from sim.journal.cast import Cast
from sim.journal.law import Indicator, Rubric

_HUNDRED = 100.0


def score(events: Iterable[ev.Event], cast: Cast, rubric: Rubric | None = None) -> Scorecard | None:
    """The scorecard of a journal by a rubric, or by the one of the cast; None where there is none."""
    chosen = rubric or cast.law.rubric
    return None if chosen is None else score_of(Run(Facts(events, cast)), chosen)


def score_of(run: Run, rubric: Rubric) -> Scorecard:
    """The same, of a journal that was read already."""
    dimensions = tuple(
        Dimension(d.id, d.title, d.weight, tuple(_item(i, run) for i in d.indicators)) for d in rubric.dimensions
    )
    crossed = ((line, RED_LINES[line.measure](run)) for line in rubric.red_lines)
    red = tuple(RedLine(line.id, line.title, line.cap, seqs) for line, seqs in crossed if seqs)
    called = sum(d.out_of for d in dimensions)
    earned = sum(d.marks for d in dimensions)
    uncapped = round(_HUNDRED * earned / called, 1) if called else 0.0
    total = min([uncapped, *(line.cap for line in red)])
    band = next(band for band in rubric.bands if total >= band.least)
    return Scorecard(rubric.id, dimensions, red, total, uncapped, band.title)


def _item(indicator: Indicator, run: Run) -> Item:
    known = MEASURES.get(
        indicator.measure
    )  # a rubric that was written down with an older run may name one that is no more
    measured = GAP if known is None else known(run, indicator.of)
    state = "not_called" if not measured.called else "gap" if measured.value is None else "scored"
    marks = 0.0 if measured.value is None else indicator.weight * reached(indicator, measured.value)
    return Item(
        indicator.id, indicator.title, indicator.weight,
        state,  # type: ignore[arg-type]  # one of the three
        measured.value, indicator.unit, indicator.full, indicator.none, round(marks, 3), measured.seqs,
        indicator.standing, indicator.source,
    )  # fmt: skip


def reached(indicator: Indicator, value: float) -> float:
    """How much of an indicator a value earns, 0 to 1: in a straight line from `none` to `full`."""
    part = (value - indicator.none) / (indicator.full - indicator.none)
    return min(1.0, max(0.0, part))
