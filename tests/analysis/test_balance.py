"""What is stored is what came in less what went out, and no work is done without effort; a doctored figure is found."""

from __future__ import annotations

import pytest

from sim.analysis.laws.balance import Balances
from sim.domain import events as ev
from sim.domain.hazards import Demand, DemandKind
from sim.domain.places import Point, Site
from sim.journal.cast import Balance, Cast, CastHazard, Words

SITE = Site(Point(0, 0), "A", "", "", "", "")


def judged(cast_with_balances: Cast, events: list[ev.Event]) -> list[str]:
    """The laws that these events break."""
    law = Balances(cast_with_balances)
    handlers = law.hears()
    for index, event in enumerate(events):
        law.index = index
        if type(event) in handlers:
            handlers[type(event)](event)
    return [violation.law for violation in law.broken]


@pytest.fixture
def mine(cast: Cast) -> Cast:
    """A cast whose hazard declares that its water balances."""
    hazard = CastHazard(Words("", ""), balances=(Balance("water", ("inflow",), ("pumped",)),))
    return Cast(**{f: getattr(cast, f) for f in cast.__struct_fields__} | {"hazards": {"inrush": hazard}})


def reading(t: float, water: float, inflow: float, pumped: float, effort: float = 0.0) -> ev.HazardChanged:
    return ev.HazardChanged(
        0, t, None, "F1", "inputs", "growing", {"water": water, "inflow": inflow, "pumped": pumped}, {"dig": effort}
    )


def occurred() -> ev.IncidentOccurred:
    return ev.IncidentOccurred(0, 0.0, None, "F1", "inrush", "", SITE, {})


@pytest.mark.parametrize(
    ("water", "broken"),
    [(500.0, []), (1000.0, []), (1000.1, ["balance"]), (-300.0, []), (-300.1, ["balance"])],
)
def test_a_stock_changes_within_what_its_flows_allow(mine: Cast, water: float, broken: list[str]) -> None:
    """In 100 s at up to 10 in and up to 3 out it may gain 1000 and lose 300, not more."""
    assert judged(mine, [occurred(), reading(0.0, 0.0, 10.0, 0.0), reading(100.0, water, 4.0, 3.0)]) == broken


@pytest.mark.parametrize(("left", "broken"), [(400.0, []), (500.0, []), (399.0, ["work balance"])])
def test_work_is_done_by_effort_alone(mine: Cast, left: float, broken: list[str]) -> None:
    """Two for 300 s are 600 of 1000: 400 are left at least, more if more came to be done."""

    def told(t: float, amount: float) -> ev.DemandsChanged:
        return ev.DemandsChanged(0, t, None, "F1", (Demand("dig", DemandKind.WORK, "DIG", amount),))

    events = [occurred(), reading(0.0, 0.0, 0.0, 0.0, effort=2.0), told(0.0, 1000.0)]

    assert judged(mine, [*events, reading(300.0, 0.0, 0.0, 0.0), told(300.0, left)]) == broken
