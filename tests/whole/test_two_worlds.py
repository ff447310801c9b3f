"""Two worlds alike in all that anybody was told, and unlike in truth: every office decides the same, until it is told.

Each pair is run whole. Where the first report differs, comparing ends; before it, the truth must differ (or the pair shows
nothing) and every decision must not: grades, levels, orders, requests, notices, tasks, consultations, publications.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sim.domain import events as ev
from sim.engine.simulation import Simulation, simulate
from sim.scenario.compile import load_case
from tests.whole.shipped import CASES

TOLD = (
    ev.ReportSent, ev.ReportReceived, ev.RoadKnown, ev.Arrived, ev.Returned, ev.Released, ev.Departed, ev.WeatherChanged,
    ev.HandedOver, ev.Loaded, ev.RespondersHit, ev.InjectReleased, ev.ChannelChanged, ev.Held, ev.RouteChanged,
)  # fmt: skip
DECIDED = (
    ev.Graded, ev.ResponseChanged, ev.LeadTaken, ev.NeedsStated, ev.Shortfall, ev.SupportRequested, ev.OrderGiven, ev.Recalled,
    ev.ForceAsked, ev.ForceAnswered, ev.ForceTasked, ev.ForceReleased, ev.PlanActivated, ev.CommandFormed, ev.GroupStaffed,
    ev.UnitNotified, ev.UnitAcknowledged, ev.TaskArose, ev.TaskDone, ev.Consulted, ev.Published, ev.ResponseSuspended,
    ev.ResponseResumed, ev.RescueBecameSearch, ev.WarningIssued, ev.SupplyAsked, ev.SupplyAllotted, ev.FundAsked,
    ev.FundApproved, ev.IncidentClosed,
)  # fmt: skip
HIDDEN = "hidden"  # the accident or the inject that makes the other world another

SECRET = f"{{id: {HIDDEN}, nature: building_fire, location: {{town: %s, county: %s}}, discovery: 3 d}}"
PAIRS = {  # what differs -> (case, settings of both worlds, settings of the other one)
    "a fire in the same county that nobody sees for three days": (
        "roof_fall_luoping", ["cascades=no"], ["incidents[1]=" + SECRET % ("板桥镇", "罗平县")],
    ),
    "what followed the accident, and nobody has seen yet": (
        "roof_fall_luoping", ["cascades=no"],
        [f"incidents[1]={SECRET % ('板桥镇', '罗平县')}", f"injects=[{{id: it, at: +00:20, do: [{{incident: {HIDDEN}, follows: F1}}]}}]"],
    ),
}  # fmt: skip


@cache
def day(case: str, *settings: str) -> tuple[ev.Event, ...]:
    """All events of a case."""
    events: list[ev.Event] = []
    simulate(load_case(CASES[case], settings=settings), events.append)
    return tuple(events)


def said(event: ev.Event) -> dict[str, Any]:
    """An event without the numbers that count other events along."""
    facts = {"kind": type(event).__name__, **msgspec.to_builtins(event)}
    return {name: value for name, value in facts.items() if name not in ("seq", "cause")}


def of(events: Sequence[ev.Event], kinds: tuple[type, ...]) -> list[dict[str, Any]]:
    """What is said by events of these kinds, but for the one by which the pair differs."""
    return [said(e) for e in events if isinstance(e, kinds) and not (isinstance(e, ev.InjectReleased) and e.inject == "it")]


@pytest.mark.parametrize("what", list(PAIRS))
def test_what_nobody_was_told_changes_no_decision(what: str) -> None:
    """Up to the first report that differs, both worlds decide the same."""
    case, both, other = PAIRS[what]
    one, two = day(case, *both), day(case, *both, *other)
    until = next(
        (a["t"] for a, b in zip(of(one, TOLD), of(two, TOLD), strict=False) if a != b), min(one[-1].t, two[-1].t)
    )
    differs = next((b["t"] for a, b in zip(map(said, one[1:]), map(said, two[1:]), strict=False) if a != b), until)
    decided = [[d for d in of(world, DECIDED) if d["t"] < until] for world in (one, two)]

    assert differs < until, "the two worlds are not unlike while nobody knows: the pair shows nothing"
    assert decided[0] == decided[1]
    print(what, until, differs, len(decided[0]))
    assert len(decided[0]) > 40
