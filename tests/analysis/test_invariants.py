"""Each law finds the journal that was doctored against it, and none finds fault with an honest one."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
import pytest

from sim.analysis.invariants import Violation, check
from sim.domain import events as ev
from sim.domain.people import Person, Status
from sim.journal.cast import Cast

Events = list[ev.Event]


def first(events: Events, kind: type[ev.Event], **facts: object) -> ev.Event:
    """The first event of a kind with these facts."""
    return next(e for e in events if type(e) is kind and all(getattr(e, k) == v for k, v in facts.items()))


def change(kind: type[ev.Event], found_by: dict[str, object], /, **facts: object) -> Callable[[Events], Events]:
    """A doctor that rewrites one event."""

    def doctor(events: Events) -> Events:
        found = first(events, kind, **found_by)
        for name, value in facts.items():
            setattr(found, name, value)
        return events

    return doctor


def add(event: ev.Event) -> Callable[[Events], Events]:
    """A doctor that slips an event in at its time, after what happened then."""

    def doctor(events: Events) -> Events:
        at = next((i for i, e in enumerate(events) if e.t > event.t), len(events))
        return renumbered([*events[:at], event, *events[at:]])

    return doctor


def drop(kind: type[ev.Event], **where: object) -> Callable[[Events], Events]:
    """A doctor that tears one line out and hides the gap."""

    def doctor(events: Events) -> Events:
        gone = first(events, kind, **where)
        return renumbered([e for e in events if e is not gone])

    return doctor


def renumbered(events: Events) -> Events:
    """The same events numbered anew, their causes forgotten."""
    for i, event in enumerate(events):
        event.seq, event.cause = i, None
    return events


def tear(events: Events) -> Events:
    """A line torn out and not hidden."""
    return events[:30] + events[31:]


def swap(events: Events) -> Events:
    """Two moments told in the wrong order, with their right numbers."""
    a, b = events[30], events[-1]
    a.t, b.t = b.t, a.t
    return events


@dataclass(frozen=True)
class Doctored:
    """A planted violation: how it is planted, and the law that must find it."""

    name: str
    law: str
    plant: Callable[[Events], Events]


def changed(**facts: object) -> ev.PersonChanged:
    """A change of a person's standing."""
    return ev.PersonChanged(
        0, facts.pop("t", 5000.0), None, "F1", **({"person": "F1/p2", "status": Status.DEAD} | facts)
    )  # type: ignore[arg-type]


PLANTED = [
    Doctored("a line is missing", "numbering", tear),
    Doctored("time runs back", "clock", swap),
    Doctored("a cause comes later", "cause", change(ev.Discovered, {}, cause=70)),
    Doctored("a cause is its own", "cause", change(ev.Discovered, {}, cause=7)),
    Doctored("an incident occurs twice", "incident", lambda es: renumbered([*es[:4], msgspec.structs.replace(es[3]), *es[4:]])),
    Doctored("something happens at an incident that did not occur", "incident", change(ev.Discovered, {}, incident="F9")),
    Doctored("a hazard goes on after its end", "incident",
             add(ev.HazardChanged(0, 6500.0, None, "F1", "inputs", "growing", {}, {}))),
    Doctored("an incident closes while the hazard goes on", "incident", drop(ev.HazardOver)),
    Doctored("an order for a closed incident", "incident",
             add(ev.OrderGiven(0, 7500.0, None, "S9", "county", "T3/01", "T3", "F1", "AMBULANCE", 1.0, "", 0.0))),
    Doctored("a figure that is no number", "figures", change(ev.HazardChanged, {}, readings={"water": float("nan")})),
    Doctored("a report before anyone noticed", "reports", drop(ev.Discovered)),
    Doctored("a report that was never sent", "reports", drop(ev.ReportSent, report="R2")),
    Doctored("a report that arrives too soon", "reports", change(ev.ReportSent, {"report": "R1"}, due_at=5000.0)),
    Doctored("a person is involved twice", "people",
             add(ev.PersonsInvolved(0, 5000.0, None, "F1", (Person("p2", Status.TRAPPED),)))),
    Doctored("the dead rise", "people", add(changed(person="F1/p1", status=Status.SAFE))),
    Doctored("the saved die after all", "people", add(changed(person="F1/p5"))),
    Doctored("a person nobody counted", "people", add(changed(person="F1/p99"))),
    Doctored("a person of another incident", "people", add(changed(person="F2/p2"))),
    Doctored("from shut in straight to saved", "people", add(changed(status=Status.SAVED))),
    Doctored("the shut in go to a doctor by themselves", "people", add(changed(status=Status.SAVED, why="own_way"))),
    Doctored("back from hospital to the scene", "people", add(changed(t=2500.0, person="F1/p5", status=Status.WAITING))),
    Doctored("care for the dead", "people", add(ev.CareChanged(0, 5000.0, None, "F1", "F1/p1", "paramedic"))),
    Doctored("carried by a vehicle that did not load them", "loading",
             change(ev.PersonChanged, {"person": "F1/p5", "status": Status.CARRIED}, where="S1")),
    Doctored("loaded twice", "loading", add(ev.Loaded(0, 5000.0, None, "S1", "F1", ("F1/p5",), "H1"))),
    Doctored("admitted where nobody took them", "loading",
             change(ev.PersonChanged, {"person": "F1/p5", "status": Status.HOSPITAL}, where="H9")),
    Doctored("handed over by one that did not bring them", "loading", change(ev.HandedOver, {}, persons=("F1/p2",))),
    Doctored("an order given twice", "orders", lambda es: renumbered(
        [*es[:13], msgspec.structs.replace(first(es, ev.OrderGiven, order="S1")), *es[13:]])),
    Doctored("an element of another team", "orders", change(ev.OrderGiven, {"order": "S3"}, team="T1")),
    Doctored("an element in two places", "one place",
             add(ev.OrderGiven(0, 2000.0, None, "S9", "county", "T1/01", "T1", "F1", "RESCUE", 1.0, "", 0.0))),
    Doctored("an element sent before it is ready", "rest", lambda es: add(
        ev.OrderGiven(0, 3100.0, None, "S9", "county", "T3/01", "T3", "F1", "AMBULANCE", 1.0, "", 0.0))(
        change(ev.Returned, {"sortie": "S4"}, ready=9000.0)(es))),
    Doctored("a departure without an alert", "steps", drop(ev.Alerted, sortie="S1")),
    Doctored("a departure without an order", "steps", drop(ev.OrderGiven, order="S1")),
    Doctored("a departure before the turnout is over", "steps", change(ev.Alerted, {"sortie": "S1"}, turnout=200.0)),
    Doctored("an arrival without a departure", "steps", drop(ev.Departed, sortie="S3", bound="site")),
    Doctored("work without an arrival", "steps", drop(ev.Arrived, sortie="S3")),
    Doctored("an arrival before the road allows", "arrival",
             change(ev.Departed, {"sortie": "S3", "bound": "site"}, arrives=2000.0)),
    Doctored("an arrival at another incident", "steps", change(ev.OrderGiven, {"order": "S3"}, incident="F2")),
    Doctored("home without leaving the scene", "steps", drop(ev.Released, sortie="S3")),
    Doctored("handed over on the way to the scene", "steps",
             change(ev.Departed, {"sortie": "S4", "bound": "hospital"}, bound="site")),
    Doctored("more people leave than the element has", "crew", change(ev.Departed, {"sortie": "S3", "bound": "site"}, people=11)),
    Doctored("ready before it is home", "rest", change(ev.Returned, {"sortie": "S3"}, ready=7000.0)),
    Doctored("back after it was back", "steps", add(ev.Returned(0, 7500.0, None, "S3", "T2/01", 7500.0))),
    Doctored("a way with a gap", "way", change(ev.Departed, {"sortie": "S3", "bound": "site"}, nodes=("C", "A", "D"))),
    Doctored("a way with too few times", "way", change(ev.Departed, {"sortie": "S3", "bound": "site"}, legs=(600.0,))),
    Doctored("a way that runs back in time", "way", change(ev.Departed, {"sortie": "S3", "bound": "site"}, legs=(1200.0, 600.0))),
    Doctored("a way that begins where the element is not", "way",
             change(ev.Departed, {"sortie": "S3", "bound": "site"}, nodes=("A", "E", "D"), links=("AE", "ED"))),
    Doctored("turning off a link it is not on", "way", change(ev.RouteChanged, {"sortie": "S1"}, link="CF", entered="C")),
    Doctored("turning round where it is not", "way", change(ev.RouteChanged, {"sortie": "S1"}, done=0.2)),
    Doctored("coming off a link at the wrong end", "way", change(ev.RouteChanged, {"sortie": "S1"}, move="finish")),
    Doctored("entering a link that is closed", "closed road", drop(ev.RouteChanged, sortie="S1")),
    Doctored("being sent over a link known to be closed", "closed road",
             change(ev.RoadKnown, {}, link="AE")),
    Doctored("working before the set-up is over", "set-up", change(ev.Assigned, {"sortie": "S3"}, effective=1920.0)),
    Doctored("more effort than is there", "effort", change(ev.HazardChanged, {"t": 2220.0}, effort={"pumping": 0.2})),
    Doctored("effort before the set-up is over", "effort",
             add(ev.HazardChanged(0, 2000.0, None, "F1", "inputs", "growing", {}, {"pumping": 0.125}))),
    Doctored("rest cut short", "rest", lambda es: add(ev.Rested(0, 5100.0, None, "S1", "F1"))(
        add(ev.Resting(0, 5000.0, None, "S1", "F1", 5000.0 + 7200.0))(es))),
    Doctored("a rest shorter than the kind needs", "rest", add(ev.Resting(0, 5000.0, None, "S1", "F1", 5100.0))),
]  # fmt: skip


def test_an_honest_journal_breaks_no_law(journal: Events, cast: Cast) -> None:
    """The small day is in order, with its names and without them."""
    assert check(journal, cast) == []
    assert check(journal) == []


@pytest.mark.parametrize("case", PLANTED, ids=lambda case: case.name)
def test_a_doctored_journal_is_found_out(case: Doctored, journal: Events, cast: Cast) -> None:
    """Every planted violation is named by the law it breaks."""
    found = check(case.plant(journal), cast)

    assert case.law in {v.law for v in found}, found


def test_every_law_has_a_doctored_journal() -> None:
    """No law is without its test: the names in the code and in the table are the same."""
    import re
    from pathlib import Path

    folder = Path(check.__code__.co_filename).parent / "laws"
    code = "".join(file.read_text(encoding="utf-8") for file in folder.glob("*.py"))
    named = set(re.findall(r'(?:self\.say\(e, |, e, )"([A-Za-z -]+)"', code))

    planted = {case.law for case in PLANTED} | {"hospital places", "endurance", "Little"}
    planted |= {"stock", "supplies", "ledger"}  # tests/whole/test_stores.py
    planted |= {"approval", "forces"}  # tests/whole/test_forces.py
    assert named == planted


def test_a_hospital_that_takes_too_many_is_found(journal: Events, cast: Cast) -> None:
    """With one place, the second patient is one too many; the place of one who dies is free again."""
    small = msgspec.structs.replace(cast, hospitals={"H1": msgspec.structs.replace(cast.hospitals["H1"], places=1)})

    assert [v.law for v in check(journal, small)] == ["hospital places"]


def test_work_beyond_endurance_is_found(journal: Events, cast: Cast) -> None:
    """Squads that can work an hour did so for longer."""
    kinds = cast.kinds | {"squad": msgspec.structs.replace(cast.kinds["squad"], endurance=3600.0)}

    found = check(journal, msgspec.structs.replace(cast, kinds=kinds))
    assert [v.law for v in found] == ["endurance", "endurance"]


def test_littles_law_notices_a_stay_that_was_counted_twice(journal: Events, cast: Cast) -> None:
    """An element that arrives twice without leaving counts twice in L and once in W."""
    found = check(add(ev.Arrived(0, 2000.0, None, "S3", "T2/01", "F1"))(journal), cast)

    assert "Little" in {v.law for v in found}


def test_a_violation_points_at_its_line(journal: Events, cast: Cast) -> None:
    """The line is that of journal.jsonl, counted from one."""
    discovered = first(journal, ev.Discovered)
    discovered.cause = 70

    assert [(v.seq, v.line) for v in check(journal, cast)] == [(discovered.seq, discovered.seq + 1)]
    assert str(Violation(7, 8, "cause", "too late")) == "journal.jsonl:8: cause: too late"


def test_a_site_that_closes_its_road_is_reached_but_not_passed(journal: Events, cast: Cast) -> None:
    """Those bound for a blockage drive up to it, those on the way past it do not."""
    shut = next(e for e in journal if isinstance(e, ev.RoadChanged))
    known = next(e for e in journal if isinstance(e, ev.RoadKnown))
    for site, laws in (("D", set()), ("E", {"closed road"})):
        shut.at, known.at = site, site
        assert {v.law for v in check(journal, cast)} == laws


def test_a_road_that_opens_is_open(journal: Events, cast: Cast) -> None:
    """Once its closure is over a link may be driven again, and one that closes anew is closed."""
    home = first(journal, ev.Departed, sortie="S1", bound="home")
    home.nodes, home.links, home.legs = ("D", "B", "A"), ("BD", "AB"), (600.0, 1200.0)
    assert {v.law for v in check(journal, cast)} == {"closed road"}

    opened = add(ev.RoadChanged(0, 4000.0, None, "BD", 1.0, "cleared"))(journal)
    opened = add(ev.RoadKnown(0, 4000.0, None, "BD", 1.0))(opened)
    assert check(opened, cast) == []

    again = add(ev.RoadChanged(0, 6200.0, None, "BD", 0.0, "again"))(opened)
    assert {v.law for v in check(again, cast)} == {"closed road"}


@pytest.mark.slow
def test_a_hundred_thousand_events_are_checked_in_seconds(journal: Events, cast: Cast) -> None:
    """The check grows with the journal and not with its square: sixteen times the events take about as many times as long."""

    def days(n: int) -> Events:
        many: Events = []
        for day in range(n):
            for e in journal[1:-1]:
                copy = msgspec.convert(msgspec.to_builtins(e) | {"t": e.t + 10_000.0 * day}, type(e))
                for name in ("incident", "order", "sortie", "report"):
                    if getattr(copy, name, ""):
                        setattr(copy, name, f"{getattr(copy, name)}.{day}")
                if isinstance(copy, ev.PersonChanged):
                    copy.person = copy.person.replace("F1/", f"F1.{day}/")
                many.append(copy)
        return renumbered(many)

    def seconds(events: Events) -> float:
        began = time.process_time()
        check(events, cast)
        return time.process_time() - began

    small, large = days(80), days(1280)
    assert len(large) > 90_000
    assert seconds(large) < 40 * max(seconds(small), 0.01)
