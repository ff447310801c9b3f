"""The master event list judged: each inject with when it was released, what was then expected, and the points it earned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sim.domain import events as ev
from sim.journal.cast import Cast, CastInject, Words

MET, LATE, MISSED = "met", "late", "missed"
OPEN, NOT_DUE = "open", "not_due"  # released, but its time had not run out when all ended; never asked for


@dataclass(frozen=True)
class ExpectedLine:
    """An expected action: of whom, when it fell due, what became of it, and the event that settled it."""

    id: str
    title: Words
    by: Words
    within: float
    due: float | None = None
    settled: float | None = None  # when it was done; None if it was not
    outcome: str = NOT_DUE
    earns: float = 0.0  # share of its points
    overdue: int | None = None  # event by which its time ran out
    event: int | None = None  # event that settled it
    done_by: int | None = None  # event that was the action


@dataclass(frozen=True)
class InjectLine:
    """An inject: how and when it was to be released, when it was, what was expected, and the points.

    `worth` is None where nothing of it can be judged: not released, nothing expected, or nothing settled.
    """

    id: str
    row: CastInject
    released: float | None = None
    withheld: float | None = None
    events: tuple[int, ...] = ()  # of the release, or that it was withheld
    cause: int | None = None  # the event that brought it about
    expected: tuple[ExpectedLine, ...] = ()
    worth: float | None = None
    points: float = 0.0

    @property
    def outcome(self) -> str:
        """released, withheld or not_released."""
        return "released" if self.released is not None else "withheld" if self.withheld is not None else "not_released"


@dataclass(frozen=True)
class ObjectiveLine:
    """An objective of the drill: its injects, and what of their points was earned."""

    id: str
    who: Words
    what: Words
    condition: Words
    standard: Words
    injects: tuple[str, ...]
    worth: float
    points: float


def inject_lines(events: Sequence[ev.Event], cast: Cast) -> list[InjectLine]:
    """Every inject of the list in the order of the list, judged by the journal."""
    released: dict[str, list[ev.InjectReleased]] = {}
    withheld: dict[str, ev.InjectWithheld] = {}
    settled: dict[str, ev.ExpectationSettled] = {}
    overdue: dict[str, ev.ExpectationOverdue] = {}
    for event in events:
        match event:
            case ev.InjectReleased():
                released.setdefault(event.inject, []).append(event)
            case ev.InjectWithheld():
                withheld[event.inject] = event
            case ev.ExpectationSettled():
                settled[event.expectation] = event
            case ev.ExpectationOverdue():
                overdue[event.expectation] = event
    lines = []
    for id_, row in cast.msel.items():
        first = released.get(id_, [None])[0]
        held = withheld.get(id_)
        expected = tuple(
            _expected(x, cast, first.t if first else None, settled.get(x), overdue.get(x))
            for x, about in cast.expected.items() if about.inject == id_
        )  # fmt: skip
        judged = [x for x in expected if x.outcome in (MET, LATE, MISSED)]
        worth = row.weight * len(judged) / len(expected) if judged else None
        points = row.weight * sum(x.earns for x in judged) / len(expected) if judged else 0.0
        one = first or held
        lines.append(
            InjectLine(
                id_, row, first.t if first else None, held.t if held else None,
                tuple(e.seq for e in (*released.get(id_, ()), *([held] if held else ()))), one.cause if one else None,
                expected, worth, points,
            )
        )  # fmt: skip
    return lines


def objective_lines(lines: Iterable[InjectLine], cast: Cast) -> list[ObjectiveLine]:
    """Every objective with what its injects earned."""
    rows = list(lines)
    found = []
    for id_, about in cast.objectives.items():
        own = [line for line in rows if line.row.objective == id_]
        found.append(
            ObjectiveLine(
                id_, about.who, about.what, about.condition, about.standard, tuple(line.id for line in own),
                sum(line.worth or 0.0 for line in own), sum(line.points for line in own),
            )
        )  # fmt: skip
    return found


def _expected(
    id_: str,
    cast: Cast,
    released: float | None,
    settled: ev.ExpectationSettled | None,
    overdue: ev.ExpectationOverdue | None,
) -> ExpectedLine:
    about = cast.expected[id_]
    if settled is None:
        due = None if released is None else round(released + about.within, 3)
        outcome = NOT_DUE if released is None else MISSED if overdue else OPEN
        return ExpectedLine(
            id_, about.title, about.by, about.within, due, outcome=outcome, overdue=overdue.seq if overdue else None
        )
    earns = {MET: 1.0, LATE: about.late}.get(settled.outcome, 0.0)
    done = settled.t if settled.outcome in (MET, LATE) else None
    return ExpectedLine(
        id_, about.title, about.by, about.within, settled.due, done, settled.outcome, earns,
        overdue.seq if overdue else None, settled.seq, settled.cause,
    )  # fmt: skip
