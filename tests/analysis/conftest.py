"""A small day written by hand: six nodes ten kilometres apart, one accident, one road that closes, four sorties."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from sim.domain import events as ev
from sim.domain.hazards import Demand, DemandKind, Need, Sighting
from sim.domain.people import Person, Status, Triage
from sim.domain.places import Point, Site, Weather
from sim.journal import cast as c

W = c.Words
OUTLINE = ((103.7, 25.4), (104.1, 25.4), (104.1, 25.7), (103.7, 25.7), (103.7, 25.4))
SITE = Site(Point(103.9, 25.6), "D", "老井", "Old Pit", "X", "T1", population=20000.0)


class Book:
    """Writes a journal line by line: numbers the events, keeps the clock from running backwards."""

    def __init__(self) -> None:
        self.events: list[ev.Event] = []

    def add(self, kind: type[ev.Event], t: float, cause: int | None = None, **facts: Any) -> int:
        """Add an event; its cause is the line before unless one is given (-1: none)."""
        seq = len(self.events)
        because = None if cause == -1 or seq == 0 else seq - 1 if cause is None else cause
        self.events.append(kind(seq=seq, t=t, cause=because, **facts))
        return seq


def make_cast() -> c.Cast:
    """The names of the small day."""
    places = {
        "A": (103.8, 25.5),
        "B": (103.9, 25.5),
        "C": (104.0, 25.5),
        "D": (103.9, 25.6),
        "E": (103.8, 25.6),
        "F": (104.0, 25.6),
    }
    roads = {"AB": "AB", "BC": "BC", "BD": "BD", "AE": "AE", "ED": "ED", "CF": "CF", "FD": "FD"}
    return c.Cast(
        case=W("老井事故", "The Old Pit"),
        city=W("小城", "Smalltown"),
        starts_at="2024-07-19T02:40:00+08:00",
        credits="参考配置",
        credits_en="Reference configuration",
        strategy=W("就近调派", "Nearest capable set"),
        teams={
            "T1": c.CastTeam(W("一号救援队", "First Rescue Team"), "RES", 1, "X"),
            "T2": c.CastTeam(W("排水队", "Pump Team"), "PMP", 2, "X"),
            "T3": c.CastTeam(W("急救站", "Ambulance Station"), "EMS", 2, "Y"),
        },
        kinds={
            "squad": c.CastKind(W("救援小队", "Rescue squad"), {"RESCUE": 1.0}, 14400.0, 7200.0, True),
            "pump": c.CastKind(W("水泵组", "Pump group"), {"DRAIN": 0.125}, 43200.0, 28800.0, False),
            "ambulance": c.CastKind(W("救护车", "Ambulance"), {"AMBULANCE": 1.0}, 43200.0, 28800.0, False, 2),
        },
        elements={
            "T1/01": c.CastElement("T1", "squad", 9, "A"),
            "T1/02": c.CastElement("T1", "squad", 9, "A"),
            "T2/01": c.CastElement("T2", "pump", 10, "C"),
            "T3/01": c.CastElement("T3", "ambulance", 3, "B"),
        },
        posts={
            "county": c.CastPost(W("县应急指挥部", "County command"), 2, "city"),
            "city": c.CastPost(W("市应急指挥部", "City command"), 3),
        },
        nodes={n: c.CastNode(W(f"{n}镇", f"{n} town"), *at) for n, at in places.items()},
        links={
            name: c.CastLink(ends[0], ends[1], "county", 10_000.0, name, (places[ends[0]], places[ends[1]]))
            for name, ends in roads.items()
        },
        hospitals={"H1": c.CastHospital(W("县医院", "County hospital"), "A", 2)},
        capabilities={
            "RESCUE": c.CastCapability(W("井下救护", "Underground rescue"), "squads"),
            "DRAIN": c.CastCapability(W("排水", "Pumping"), "m3/h"),
            "AMBULANCE": c.CastCapability(W("救护车", "Ambulances"), "vehicles"),
        },
        hazards={
            "inrush": c.CastHazard(
                W("透水", "Water inrush"),
                causes={"old": W("老空水", "Old workings")},
                scope={"people": c.Scale(W("井下人数", "People below"), "people")},
                readings={"water": c.Scale(W("积水量", "Water stored"), "m3")},
                events={"start": W("透水", "Water breaks in"), "turning_point": W("排水超过涌水", "Pumps overtake the inflow")},
                demands={"pumping": W("排水", "Pumping"), "search": W("搜救", "Search")},
            )
        },
        counties={"X": c.CastCounty(W("甲县", "X County"), (OUTLINE,))},
        categories={"RES": W("救援", "Rescue"), "PMP": W("排水", "Pumping"), "EMS": W("急救", "Ambulance")},
        injects={"I1": W("道路中断", "Road lost")},
        expectations={"X1": W("一小时内到场", "On the spot within the hour")},
        obligations=(
            c.Duty("first_report", W("首报", "First report"), (c.Sign("discovered"),),
                   (c.Sign("report_received", {"post": "county"}),), 3600.0),
            c.Duty("to_city", W("报市", "Report to the city"), (c.Sign("report_received", {"post": "county"}),),
                   (c.Sign("report_received", {"post": "city"}),), 60.0),
            c.Duty("final", W("终报", "Final report"), (c.Sign("hazard_over"),),
                   (c.Sign("milestone", {"name": "final_report"}),), 60.0),
        ),
        phases=(
            c.Duty("detection", W("监测发现", "Detection"), (c.Sign("incident_occurred"),), (c.Sign("discovered"),)),
            c.Duty("dispatch", W("力量调派", "Dispatch"), (c.Sign("lead_taken"),), (c.Sign("order_given"),), 300.0),
            c.Duty("review", W("调查评估", "Review"), (c.Sign("incident_closed"),),
                   (c.Sign("milestone", {"name": "reviewed"}),)),
        ),
    )  # fmt: skip


def order(book: Book, t: float, name: str, element: str, team: str, task: str, supplies: float, turnout: float) -> None:
    """An order, and the alert ten seconds after it."""
    given = book.add(ev.OrderGiven, t, order=name, post="county", element=element, team=team, incident="F1", task=task,
                     supplies=supplies, grounds="nearest", expected=t + turnout + 1200)  # fmt: skip
    book.add(ev.Alerted, t, given, sortie=name, element=element, incident="F1", turnout=turnout)


def depart(
    book: Book, t: float, name: str, element: str, team: str, people: int, bound: str, nodes: str, walk: float = 0.0
) -> float:
    """A departure along `nodes`, ten minutes a link; returns the arrival."""
    links = tuple(a + b if a + b in ROADS else b + a for a, b in pairwise(nodes))
    legs = tuple(600.0 * (i + 1) for i in range(len(links)))
    arrives = t + (legs[-1] if legs else 0.0) + walk
    book.add(ev.Departed, t, sortie=name, element=element, team=team, people=people, incident="F1", bound=bound, to=nodes[-1],
             nodes=tuple(nodes), links=links, legs=legs, arrives=arrives, walk=walk)  # fmt: skip
    return arrives


ROADS = frozenset({"AB", "BC", "BD", "AE", "ED", "CF", "FD"})


def small_day() -> list[ev.Event]:
    """The journal of the small day. Every time can be checked by hand."""
    b = Book()
    add = b.add
    add(ev.RunStarted, 0.0, case="old_pit", case_digest="0" * 64, seed=1, replication=0, strategy="nearest_capable",
        starts_at="2024-07-19T02:40:00+08:00")  # fmt: skip
    add(ev.WeatherChanged, 0.0, -1, county="", weather=Weather(rain=5.0))
    add(ev.Daylight, 0.0, -1, night=True)
    began = add(ev.IncidentOccurred, 60.0, -1, incident="F1", nature="inrush", origin="old", site=SITE, scope={"people": 6.0},
                name_zh="老井透水", name_en="Old Pit inrush")  # fmt: skip
    add(ev.HazardChanged, 60.0, incident="F1", what="start", mode="growing", readings={"water": 1200.0}, effort={})
    add(ev.DemandsChanged, 60.0, incident="F1", demands=(
        Demand("pumping", DemandKind.RATE, "DRAIN", 0.2, 0.5, 300.0, 1),
        Demand("search", DemandKind.WORK, "RESCUE", 7200.0, 2.0, 0.0, 2),
    ))  # fmt: skip
    add(ev.PersonsInvolved, 60.0, incident="F1", persons=(
        Person("p1", Status.DEAD), Person("p2", Status.TRAPPED, entrapment="cut_off"),
        Person("p3", Status.TRAPPED, entrapment="cut_off"), Person("p4", Status.EXPOSED),
        Person("p5", Status.WAITING, triage=Triage.RED), Person("p6", Status.WAITING, triage=Triage.YELLOW),
    ))  # fmt: skip
    add(ev.Discovered, 300.0, began, incident="F1", by="witness")
    add(ev.ReportSent, 300.0, report="R1", incident="F1", sender="caller", receiver="county", number=0,
        sighting=Sighting(trapped=3, dead=1, injured=2), channel="phone", due_at=420.0)  # fmt: skip
    add(ev.ReportReceived, 420.0, report="R1", incident="F1", post="county")
    add(ev.LeadTaken, 420.0, incident="F1", post="county")
    add(ev.NeedsStated, 420.0, incident="F1", post="county",
        needs=(Need("RESCUE", 2.0, 1), Need("DRAIN", 0.25, 1), Need("AMBULANCE", 2.0, 2)))  # fmt: skip
    order(b, 420.0, "S1", "T1/01", "T1", "RESCUE", 1.0, 180.0)
    order(b, 420.0, "S2", "T1/02", "T1", "RESCUE", 1.0, 240.0)
    order(b, 420.0, "S3", "T2/01", "T2", "DRAIN", 0.125, 300.0)
    order(b, 420.0, "S4", "T3/01", "T3", "AMBULANCE", 1.0, 120.0)
    add(ev.Shortfall, 420.0, incident="F1", post="county", capability="DRAIN", amount=0.125, reason="none_exists")
    add(ev.SupportRequested, 420.0, incident="F1", post="county", to="city", capability="DRAIN", amount=0.125)
    depart(b, 540.0, "S4", "T3/01", "T3", 3, "site", "BD")
    depart(b, 600.0, "S1", "T1/01", "T1", 9, "site", "ABD")
    add(ev.Graded, 600.0, incident="F1", post="county", confirmed=1, potential=2, basis="dead+missing 4")
    add(ev.ResponseChanged, 600.0, incident="F1", post="county", level=3, basis="larger")
    depart(b, 660.0, "S2", "T1/02", "T1", 9, "site", "ABD")
    depart(b, 720.0, "S3", "T2/01", "T2", 10, "site", "CFD")
    add(ev.ReportSent, 900.0, -1, report="R2", incident="F1", sender="county", receiver="city", number=0,
        sighting=Sighting(trapped=3, dead=1, injured=2), channel="platform", due_at=905.0)  # fmt: skip
    add(ev.ReportReceived, 905.0, report="R2", incident="F1", post="city")
    told = add(
        ev.InjectReleased, 960.0, -1, inject="I1", action="close_road", title_zh="道路中断", title_en="Road lost"
    )
    shut = add(ev.RoadChanged, 960.0, told, link="BD", factor=0.0, why="I1")
    # S4 is past the middle of BD and finishes it; S1 and S2 are still on AB and turn to the other way.
    known = add(ev.RoadKnown, 1020.0, shut, link="BD", factor=0.0)
    for name, done in (("S1", 0.7), ("S2", 0.6)):
        lead = done * 600.0
        add(ev.RouteChanged, 1020.0, known, sortie=name, why="closed", move="turn", link="AB", entered="A", done=done, lead=lead,
            nodes=("A", "E", "D"), links=("AE", "ED"), legs=(lead + 600.0, lead + 1200.0), arrives=1020.0 + lead + 1200.0,
            incident="F1", bound="site", to="D")  # fmt: skip
    add(ev.Arrived, 1140.0, -1, sortie="S4", element="T3/01", incident="F1")
    add(ev.Loaded, 1200.0, sortie="S4", incident="F1", persons=("F1/p5", "F1/p6"), hospital="H1")
    add(ev.PersonChanged, 1200.0, incident="F1", person="F1/p5", status=Status.CARRIED, why="loaded", where="S4")
    add(ev.PersonChanged, 1200.0, incident="F1", person="F1/p6", status=Status.CARRIED, why="loaded", where="S4")
    depart(b, 1200.0, "S4", "T3/01", "T3", 3, "hospital", "DEA")
    add(ev.Arrived, 1920.0, -1, sortie="S3", element="T2/01", incident="F1")
    add(ev.Assigned, 1920.0, sortie="S3", incident="F1", demand="pumping", effective=2220.0)
    add(
        ev.HazardChanged,
        2220.0,
        -1,
        incident="F1",
        what="inputs",
        mode="growing",
        readings={"water": 1800.0},
        effort={"pumping": 0.125},
    )
    add(ev.HandedOver, 2400.0, -1, sortie="S4", incident="F1", persons=("F1/p5", "F1/p6"), hospital="H1")
    add(ev.PersonChanged, 2400.0, incident="F1", person="F1/p5", status=Status.HOSPITAL, why="admitted", where="H1")
    add(ev.PersonChanged, 2400.0, incident="F1", person="F1/p6", status=Status.HOSPITAL, why="admitted", where="H1")
    add(ev.Released, 2400.0, -1, sortie="S4", element="T3/01", incident="F1", why="done")
    depart(b, 2400.0, "S4", "T3/01", "T3", 3, "home", "AB")
    for t, name, element in ((2580.0, "S2", "T1/02"), (2640.0, "S1", "T1/01")):
        add(ev.Arrived, t, -1, sortie=name, element=element, incident="F1")
        add(ev.Assigned, t, sortie=name, incident="F1", demand="search", effective=t)
        add(ev.HazardChanged, t, -1, incident="F1", what="inputs", mode="growing", readings={"water": 2000.0},
            effort={"pumping": 0.125, "search": 1.0 if name == "S2" else 2.0})  # fmt: skip
    add(ev.Returned, 3000.0, -1, sortie="S4", element="T3/01", ready=3000.0)
    add(ev.PersonChanged, 3000.0, -1, incident="F1", person="F1/p5", status=Status.SAVED, why="definitive_care")
    add(ev.PersonChanged, 3100.0, -1, incident="F1", person="F1/p6", status=Status.DEAD, why="in_care")
    add(ev.PersonChanged, 4000.0, -1, incident="F1", person="F1/p3", status=Status.DEAD, why="trapped")
    add(ev.ExpectationSettled, 4020.0, -1, expectation="X1", outcome="met", due=4020.0)
    add(ev.Milestone, 4500.0, -1, incident="F1", name="turning_point", values={})
    over = add(
        ev.HazardChanged,
        6000.0,
        -1,
        incident="F1",
        what="turning_point",
        mode="over",
        readings={"water": 0.0},
        effort={},
    )
    add(ev.PersonChanged, 6000.0, over, incident="F1", person="F1/p2", status=Status.SAFE, why="freed")
    add(ev.PersonChanged, 6000.0, over, incident="F1", person="F1/p4", status=Status.SAFE, why="freed")
    add(ev.DemandsChanged, 6000.0, over, incident="F1", demands=())
    add(ev.HazardOver, 6000.0, over, incident="F1", reason="drained")
    add(ev.IncidentClosed, 6300.0, incident="F1", post="county", reason="drained")
    add(ev.ResponseChanged, 6300.0, incident="F1", post="county", level=0, basis="closed")
    for name, element, team, people, way in (
        ("S1", "T1/01", "T1", 9, "DEA"),
        ("S2", "T1/02", "T1", 9, "DEA"),
        ("S3", "T2/01", "T2", 10, "DFC"),
    ):
        add(ev.Released, 6300.0, sortie=name, element=element, incident="F1", why="closed")
        depart(b, 6300.0, name, element, team, people, "home", way)
    for name, element in (("S1", "T1/01"), ("S2", "T1/02"), ("S3", "T2/01")):
        add(ev.Returned, 7500.0, -1, sortie=name, element=element, ready=7500.0)
    add(ev.RunEnded, 7500.0, reason="settled")
    return b.events


@pytest.fixture
def journal() -> list[ev.Event]:
    """The small day, fresh for each test so that it may be doctored."""
    return small_day()


@pytest.fixture(scope="session")
def cast() -> c.Cast:
    """The names of the small day."""
    return make_cast()
