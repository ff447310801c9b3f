"""Who is told by which way, and how reports go up and down, in the small world (see `offices`)."""

from __future__ import annotations

from sim.case import Action
from sim.domain import events as ev
from tests.whole.offices import (
    ACTIVATED,
    BED,
    CITY,
    COURIER,
    DESK,
    NOTICE,
    OFFICE,
    SATELLITE,
    book,
    task,
    told,
)  # fmt: skip
from tests.whole.worlds import HOUR, at


def test_those_on_the_platform_hear_at_once_and_the_others_one_call_after_the_other() -> None:
    """DESK and OFF have terminals; FAR is told by telephone when its task arises."""
    day = told(book(task("far", "FAR", ACTIVATED, 100.0)))
    due = {e.unit: e.due_at for e in day.all(ev.UnitNotified)}
    awake = {e.unit: e.t for e in day.all(ev.UnitAcknowledged)}

    assert due == {"DESK": 105.0, "OFF": 105.0, "FAR": 220.0}
    assert awake == {"DESK": 105.0 + DESK, "OFF": 105.0 + OFFICE, "FAR": 220.0 + OFFICE}


def test_an_office_without_a_desk_is_fetched_out_of_bed() -> None:
    """At eleven in the evening OFF needs half an hour where by day it needs five minutes; the desk is awake all the same."""
    day = told(book(), starts=23 * HOUR)

    assert day.time(ev.UnitAcknowledged, unit="OFF") == CITY + NOTICE + BED
    assert day.time(ev.UnitAcknowledged, unit="DESK") == CITY + NOTICE + DESK


def test_without_the_platform_everybody_is_told_by_telephone() -> None:
    """The county's report takes 100 s by phone instead of 10; then two calls of two minutes follow each other."""
    day = told(book(), platform="off")
    notices = [(e.unit, e.channel, e.due_at) for e in day.all(ev.UnitNotified)]

    assert notices == [("DESK", "phone", 190.0 + 120.0), ("OFF", "phone", 190.0 + 240.0)]


def test_a_degraded_platform_leaves_radio_and_couriers() -> None:
    """Everything takes three times as long: the call 180 s, the report by phone 300, a call by radio 360; FAR gets a courier."""
    day = told(book(task("far", "FAR", ACTIVATED, 100.0)), platform="degraded")
    notices = [(e.unit, e.channel, e.due_at) for e in day.all(ev.UnitNotified)]

    assert notices == [
        ("DESK", "radio", 510.0 + 360.0),
        ("OFF", "radio", 510.0 + 720.0),
        ("FAR", "courier", 510.0 + COURIER),
    ]


def test_on_off_and_degraded_come_in_this_order() -> None:
    """With the same luck nothing a headquarters does is earlier without the platform, nor earlier degraded than without."""
    plans = book(task("log", "DESK", ACTIVATED, 60.0), task("far", "FAR", ACTIVATED, 100.0))
    days = [told(plans, platform=state) for state in ("on", "off", "degraded")]
    for kind in (ev.PlanActivated, ev.UnitAcknowledged, ev.CommandFormed, ev.GroupStaffed, ev.TaskDone, ev.Consulted):
        on, off, degraded = (day.times(kind) for day in days)
        assert len(on) == len(off) == len(degraded)
        assert all(a <= b <= c for a, b, c in zip(on, off, degraded, strict=True)), kind
        assert on[-1] < off[-1] < degraded[-1]


def test_a_post_whose_lines_are_down_sends_couriers() -> None:
    """Exercise control takes the city's communications away before it responds."""
    day = told(book(), injects=[at(50.0, Action("comms", post="CITY", state="down"))])

    assert {e.channel for e in day.all(ev.UnitNotified)} == {"courier"}


def test_where_lines_are_down_units_on_the_platform_are_told_by_satellite_from_a_post_that_has_it() -> None:
    """A call by satellite takes 400 s instead of two minutes; FAR, off the platform, gets a courier all the same."""
    plans = book(task("far", "FAR", ACTIVATED, 100.0))
    cut = at(50.0, Action("comms", post="CITY", state="down"))
    day = told(plans, injects=[cut], rules={"reporting.satellite_tier": 3.0})
    ways = {e.unit: e.channel for e in day.all(ev.UnitNotified)}
    desk = next(e for e in day.all(ev.UnitNotified) if e.unit == "DESK")

    assert ways == {"DESK": "satellite", "OFF": "satellite", "FAR": "courier"}
    assert desk.due_at - desk.t == SATELLITE


def test_a_report_between_posts_with_satellite_needs_no_courier() -> None:
    """The county's report to a city without lines: an hour by courier, 400 s by satellite; the caller's way does not change."""
    cut = at(50.0, Action("comms", post="CITY", state="down"))
    courier, satellite = (
        told(book(), injects=[cut], rules={"reporting.satellite_tier": tier}) for tier in (9.0, 2.0)
    )  # fmt: skip
    heard = [next(e for e in day.all(ev.ReportSent) if e.receiver == "CITY") for day in (courier, satellite)]

    assert [e.channel for e in heard] == ["courier", "satellite"]
    assert heard[0].due_at - heard[0].t > heard[1].due_at - heard[1].t == SATELLITE
