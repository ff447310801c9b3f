"""Two worlds alike in all that anybody was told, and unlike in truth: every office decides the same, until it is told.

Each pair is run whole. Where the first report differs, comparing ends; before it, the truth must differ (or the pair shows
nothing) and every decision must not: grades, levels, orders, requests, notices, tasks, consultations, publications.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sim.domain import events as ev
from sim.engine.care import Care
from sim.engine.cascades import Cascades
from sim.engine.consultation import Consultation
from sim.engine.incidents import Incident
from sim.engine.services import Services
from sim.engine.simulation import Simulation, simulate
from sim.engine.tasks import Dossier
from sim.engine.traffic import Traffic
from sim.journal.world import World
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
CASE = """
name: {{zh: 两个世界, en: Two worlds}}
city: {city}
starts_at: 2024-06-21T{clock}:00+08:00
horizon: {horizon}
cascades: no
{rest}
incidents:
  - {first}
{more}
"""
ROOF = "{id: F1, nature: roof_fall, location: {facility: P039}, cause: poor_support, scope: {grade: larger}}"
GAS = "{id: F1, nature: toxic_release, location: {town: 板桥镇, county: 罗平县}, scope: {grade: larger}}"
HOUSE = "{id: F1, nature: building_fire, location: {town: 阿岗镇, county: 罗平县}, scope: {grade: larger}}"
FIRE = "{id: hidden, nature: building_fire, location: {town: %s}, scope: {grade: larger}, discovery: 3 d}"
FOLLOWS = "injects: [{id: it, title: 暗, at: +00:20, do: [{incident: hidden, follows: F1}]}]"
CUT = "injects: [{id: it, title: 暗, at: +00:20, do: [{close_road: R0301, known_after: never}]}]"

PAIRS = {  # what differs -> (the first accident, the hour, the rest of both worlds, what the other has besides: accident, rest)
    "another accident that nobody sees for three days": (ROOF, "15:40", "", FIRE % "富乐镇", ""),
    "the same by night": (GAS, "02:10", "sensitive: yes", FIRE % "富乐镇", ""),
    "what followed the accident, in its own county": (ROOF, "15:40", "", FIRE % "富乐镇", FOLLOWS),
    "what followed it in another county": (GAS, "09:00", "", FIRE % "竹基镇", FOLLOWS),
    "what followed it while the platform is down": (HOUSE, "09:00", "platform: degraded", FIRE % "竹基镇", FOLLOWS),
    "a road cut where nobody drives": (HOUSE, "09:00", "", "", CUT),
}  # fmt: skip


def day(folder: Path, first: str, clock: str, rest: str, more: str = "") -> tuple[ev.Event, ...]:
    """All events of a case; both worlds have one name."""
    file = folder / "world.yaml"
    text = CASE.format(
        city="qujing", clock=clock, horizon="8 d", rest=rest, first=first, more=f"  - {more}" if more else ""
    )
    file.write_text(text, encoding="utf-8")
    events: list[ev.Event] = []
    simulate(load_case(file), events.append)
    return tuple(events)


def said(event: ev.Event) -> dict[str, Any]:
    """An event without the numbers that count other events along."""
    facts = {"kind": type(event).__name__, **msgspec.to_builtins(event)}
    return {name: value for name, value in facts.items() if name not in ("seq", "cause")}


def of(events: Sequence[ev.Event], kinds: tuple[type, ...]) -> list[dict[str, Any]]:
    """What is said by events of these kinds, but for the one by which the pair differs."""
    return [
        said(e) for e in events if isinstance(e, kinds) and not (isinstance(e, ev.InjectReleased) and e.inject == "it")
    ]


def first_difference(one: Sequence[dict[str, Any]], two: Sequence[dict[str, Any]]) -> float:
    """When two days first differ; one that goes on when the other has ended differs there."""
    pairs = zip_longest(one, two)
    return next((min(float(e["t"]) for e in pair if e is not None) for pair in pairs if pair[0] != pair[1]), math.inf)


@pytest.mark.parametrize("what", list(PAIRS))
def test_what_nobody_was_told_changes_no_decision(tmp_path: Path, what: str) -> None:
    """Up to the first report that differs, both worlds decide the same."""
    first, clock, rest, more, besides = PAIRS[what]
    one, two = day(tmp_path, first, clock, rest), day(tmp_path, first, clock, f"{rest}\n{besides}", more)
    until = first_difference(of(one, TOLD), of(two, TOLD))
    differs = first_difference(of(one[1:], (ev.Event,)), of(two[1:], (ev.Event,)))
    decided = [[d for d in of(world, DECIDED) if d["t"] < until] for world in (one, two)]

    assert differs < until, "the two worlds are not unlike while nobody knows: the pair shows nothing"
    assert decided[0] == decided[1]
    assert len(decided[0]) > 40


class Nosy(Consultation):
    """A consultation that knows how many accidents there are."""

    def _finding(self, dossier: Dossier) -> str:
        return str(len(self.sim.incidents))


def test_an_office_that_looked_would_be_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard for the test above: it fails for one that counts what nobody has told."""
    monkeypatch.setattr("sim.engine.headquarters.Consultation", Nosy)
    with pytest.raises(AssertionError, match="consulted"):
        test_what_nobody_was_told_changes_no_decision(tmp_path, "the same by night")


# ── who looks at what ──

TRUTH = (Incident, Care, Traffic, Cascades, Services, World)
DECIDING = {
    f"sim.engine.{name}"
    for name in (
        "aftermath", "asking", "aviation", "consultation", "errands", "forces", "funds", "headquarters", "hearsay", "notices",
        "posts", "publicity", "raises", "requests", "safety", "search", "stores", "tasks",
    )
}  # fmt: skip
MAY_LOOK_AT = {  # and why that is no peeking
    "Incident.id", "Incident.spec",  # the name of the file, and where and what it is: what its first report says
    "Incident.closed", "Incident.known_to",  # the posts' own doing
    "Incident.suspended", "Incident.suspend", "Incident.turn_to_search",  # how those at the face are told
    "Incident.model",  # only .needs(sighting, site): see test_no_peeking
    "Incident.over",  # why it ended, for the record of a closing that the final report decided on
    "Incident.present",  # hearsay: whether any of ours is there who tells
    "Care.tasks",  # which capabilities are medical
    "World.channels",  # whether one's own line is dead
    "Traffic.known", "Traffic.router", "Traffic.view",  # roads as the command knows them
}  # fmt: skip


@pytest.mark.parametrize("case", ["two_counties_river", "xuanwei_ammonia_suspended"])
def test_offices_look_at_nothing_but_what_they_may(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every look of an office at what holds the truth is watched through a whole run."""
    seen: set[str] = set()
    for kind in TRUTH:
        monkeypatch.setattr(kind, "__getattribute__", watching(kind, seen), raising=False)
    Simulation(load_case(CASES[case]), lambda _: None).run()

    assert {look for look in seen if look.split()[-1] not in MAY_LOOK_AT} == set()
    assert len(seen) > 10, "offices look at files: the watch works"


def watching(kind: type, seen: set[str]) -> Callable[[Any, str], Any]:
    """How attributes of a kind are read, with a note of each office that does."""

    def read(self: object, name: str) -> Any:
        frame = sys._getframe(1)
        if (module := frame.f_globals.get("__name__", "")) in DECIDING or module.startswith("models.dispatch"):
            seen.add(f"{module}.{frame.f_code.co_name} looks at {kind.__name__}.{name}")
        return object.__getattribute__(self, name)

    return read
