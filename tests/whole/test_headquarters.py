"""A headquarters carries its plan out in the small world: every time below is worked out by hand (see `offices`)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec
import pytest

from sim.analysis import timeline
from sim.case import Action, Inject, Staffing
from sim.domain import events as ev
from sim.domain.command import Criterion, Severity
from sim.domain.hazards import Effect, Inputs, Sighting, Strike
from sim.domain.monitors import Monitors, Signal, System
from sim.domain.parameters import fixed
from sim.domain.places import Weather
from sim.domain.plans import Moment, PlanBook, Raise
from sim.engine.clock import Turn
from sim.engine.simulation import Simulation
from tests.whole.offices import (
    ACTIVATED,
    AD_HOC,
    BED,
    CITY,
    COUNTY,
    COURIER,
    DESK,
    ENDED,
    LOWER,
    NOTICE,
    OFFICE,
    SATELLITE,
    STAFF,
    Grades,
    book,
    task,
    with_plans,
)  # fmt: skip
from tests.whole.worlds import DAY, HOUR, Crew, Done, Job, Task, Told, at

FIELD = 4970.0  # the crew is home
ARRIVED, OVER, HEARD = 760.0, 4360.0, 4370.0  # the crew on the spot, the job done, and the city told of it


class ByDeaths:
    """An incident is 较大 as soon as anybody has died."""

    def severity(self, scale: str, sighting: Sighting) -> tuple[Severity, Severity, str]:
        """By the dead alone."""
        found = Severity.LARGER if sighting.dead else Severity.GENERAL
        return found, found, "toy"

    def level(self, severity: Severity, nature: str) -> None:
        """By the plan."""


def told(plans: PlanBook | None, *crews: Crew, **how: object) -> Told:
    """Run the day with these plans."""
    return Told(with_plans(plans, *crews, **how))  # type: ignore[arg-type]


def by_seq(day: Told, seq: int | None) -> ev.Event:
    """The event with a number."""
    assert seq is not None, "it has a cause"
    return day.events[seq]


# ── nothing without plans ──


def test_a_city_without_plans_has_no_headquarters() -> None:
    """Not one event of a headquarters, and the run ends when the crew is home."""
    day = told(None)
    ours = [e for e in day.events if type(e).__module__.endswith(".headquarters")]

    assert not ours
    assert day.time(ev.RunEnded) == FIELD


def test_the_field_is_the_same_with_and_without_plans() -> None:
    """Who carries a plan out on paper moves no crew: all that crews and the accident do comes at the same times."""
    field = (ev.OrderGiven, ev.Departed, ev.Arrived, ev.HazardOver, ev.IncidentClosed, ev.Returned, ev.Graded)
    without, with_ = ([(type(e), e.t) for e in told(p).events if isinstance(e, field)] for p in (None, book()))

    assert without == with_


# ── activation, command, groups ──


def test_each_level_is_activated_with_its_clause_by_the_county_and_then_by_the_city() -> None:
    """The county responds with its grade, the city with its own; each activation is caused by the response."""
    day = told(book())
    county, city = day.all(ev.PlanActivated)
    assert isinstance(county, ev.PlanActivated) and isinstance(city, ev.PlanActivated)

    assert (county.t, county.post, city.t, city.post) == (COUNTY, "COUNTY", CITY, "CITY")
    assert (city.plan, city.version, city.level, city.clause) == ("X", 1, 2, "X 4.2")
    assert isinstance(by_seq(day, city.cause), ev.ResponseChanged)


def test_a_standing_command_is_there_at_once_and_another_after_a_while() -> None:
    """The city's response comes at 100 s; an ad-hoc command takes ten minutes more."""
    assert told(book(standing=True)).time(ev.CommandFormed) == CITY
    assert told(book()).time(ev.CommandFormed) == CITY + AD_HOC


def test_a_group_is_staffed_when_its_lead_is_at_work_and_has_gathered_it() -> None:
    """The notice takes 5 s, the office 300 s to set to work, gathering 900 s: later than the command's 600."""
    day = told(book())

    assert day.time(ev.GroupStaffed) == CITY + NOTICE + OFFICE + STAFF
    assert isinstance(by_seq(day, day.all(ev.GroupStaffed)[0].cause), ev.UnitAcknowledged)


def test_a_general_incident_goes_by_the_level_of_its_severity() -> None:
    """Severity 一般 starts level IV, at which no group works."""
    day = told(book(), severity=1)

    assert {e.level for e in day.all(ev.PlanActivated)} == {4}  # type: ignore[attr-defined]
    assert not day.all(ev.GroupStaffed)


# ── notices ──


def test_those_on_the_platform_hear_at_once_and_the_others_one_call_after_the_other() -> None:
    """DESK and OFF have terminals; FAR is told by telephone when its task arises."""
    day = told(book(task("far", "FAR", ACTIVATED, 100.0)))
    due = {e.unit: e.due_at for e in day.all(ev.UnitNotified)}  # type: ignore[attr-defined]
    awake = {e.unit: e.t for e in day.all(ev.UnitAcknowledged)}  # type: ignore[attr-defined]

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
    notices = [(e.unit, e.channel, e.due_at) for e in day.all(ev.UnitNotified)]  # type: ignore[attr-defined]

    assert notices == [("DESK", "phone", 190.0 + 120.0), ("OFF", "phone", 190.0 + 240.0)]


def test_a_degraded_platform_leaves_radio_and_couriers() -> None:
    """Everything takes three times as long: the call 180 s, the report by phone 300, a call by radio 360; FAR gets a courier."""
    day = told(book(task("far", "FAR", ACTIVATED, 100.0)), platform="degraded")
    notices = [(e.unit, e.channel, e.due_at) for e in day.all(ev.UnitNotified)]  # type: ignore[attr-defined]

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

    assert {e.channel for e in day.all(ev.UnitNotified)} == {"courier"}  # type: ignore[attr-defined]


def test_where_lines_are_down_units_on_the_platform_are_told_by_satellite_from_a_post_that_has_it() -> None:
    """A call by satellite takes 400 s instead of two minutes; FAR, off the platform, gets a courier all the same."""
    plans = book(task("far", "FAR", ACTIVATED, 100.0))
    cut = at(50.0, Action("comms", post="CITY", state="down"))
    day = told(plans, injects=[cut], rules={"reporting.satellite_tier": 3.0})
    ways = {e.unit: e.channel for e in day.all(ev.UnitNotified)}  # type: ignore[attr-defined]
    desk = next(e for e in day.all(ev.UnitNotified) if e.unit == "DESK")  # type: ignore[attr-defined]

    assert ways == {"DESK": "satellite", "OFF": "satellite", "FAR": "courier"}
    assert desk.due_at - desk.t == SATELLITE  # type: ignore[attr-defined]


def test_a_report_between_posts_with_satellite_needs_no_courier() -> None:
    """The county's report to a city without lines: an hour by courier, 400 s by satellite; the caller's way does not change."""
    cut = at(50.0, Action("comms", post="CITY", state="down"))
    courier, satellite = (
        told(book(), injects=[cut], rules={"reporting.satellite_tier": tier}) for tier in (9.0, 2.0)
    )  # fmt: skip
    heard = [next(e for e in day.all(ev.ReportSent) if e.receiver == "CITY") for day in (courier, satellite)]  # type: ignore[attr-defined]

    assert [e.channel for e in heard] == ["courier", "satellite"]  # type: ignore[attr-defined]
    assert heard[0].due_at - heard[0].t > heard[1].due_at - heard[1].t == SATELLITE  # type: ignore[attr-defined]


# ── tasks ──


def test_a_task_is_done_so_long_after_its_debtor_set_to_work() -> None:
    """The desk is awake at 165 s and needs a minute; it was due at 700 s."""
    day = told(book(task("log", "lead", ACTIVATED, 60.0, within=600.0)))
    (arose,) = day.all(ev.TaskArose)
    (done,) = day.all(ev.TaskDone)
    assert isinstance(arose, ev.TaskArose) and isinstance(done, ev.TaskDone)

    assert (arose.t, arose.unit, arose.post, arose.due_at) == (CITY, "DESK", "CITY", CITY + 600.0)
    assert (done.t, done.task) == (CITY + NOTICE + DESK + 60.0, "X/log")
    assert isinstance(by_seq(day, arose.cause), ev.PlanActivated)
    assert isinstance(by_seq(day, done.cause), ev.UnitAcknowledged)


def test_a_second_task_takes_only_a_message() -> None:
    """Once the desk is at work it is told of one more task in 20 s over the platform."""
    day = told(book(task("late", "DESK", Moment("arrived"), 60.0)))

    assert day.time(ev.TaskDone) == ARRIVED + 20.0 + 60.0


def test_a_task_waits_for_what_it_must_not_precede() -> None:
    """Done at 225 s it counts when the crew arrives, and the arrival is its cause."""
    day = told(book(task("log", "DESK", ACTIVATED, 60.0, once=(Moment("arrived"),))))

    assert day.time(ev.TaskDone) == ARRIVED
    assert isinstance(by_seq(day, day.all(ev.TaskDone)[0].cause), ev.Arrived)


def test_a_task_arises_only_from_its_level_and_severity_up() -> None:
    """Level I is not reached, severity 重大 not confirmed; what is owed without a response arises in any case."""
    tasks = (
        task("high", "DESK", ACTIVATED, 60.0, level=1),
        task("grave", "DESK", ACTIVATED, 60.0, severity=(3, 4)),
        task("always", "FAR", Moment("discovered"), 60.0, level=0),
    )
    day = told(book(*tasks))

    assert [(e.task, e.t) for e in day.all(ev.TaskArose)] == [("X/always", 30.0)]  # type: ignore[attr-defined]
    assert day.time(ev.TaskDone) == 90.0
    assert day.times(ev.UnitNotified, unit="FAR") == []


def test_one_task_follows_another() -> None:
    """The second is begun by the first one's end: it is told in 20 s and takes its own time."""
    tasks = (task("one", "DESK", ACTIVATED, 60.0), task("two", "DESK", Moment("task_done", {"task": "X/one"}), 100.0))
    day = told(book(*tasks))

    assert day.times(ev.TaskDone) == [225.0, 225.0 + 20.0 + 100.0]


def test_the_end_of_a_hazard_is_known_when_the_lead_hears_of_it() -> None:
    """The job is done at 4360 s, the city has the report ten seconds later, and only then the task arises."""
    day = told(book(task("end", "DESK", Moment("hazard_over"), 60.0)))

    assert day.time(ev.HazardOver) == OVER
    assert day.time(ev.TaskArose) == HEARD


def test_a_delayed_unit_is_late_with_just_its_own_tasks() -> None:
    """OFF does nothing for two hours from 300 s on: its task is two hours later and says why; nobody else's moves."""
    plans = book(task("log", "DESK", ACTIVATED, 60.0, within=600.0), task("own", "OFF", ACTIVATED, 60.0, within=600.0))
    delay = Inject("held", "受阻", "held", (Staffing("delay", unit="OFF", by=2 * HOUR),), at=300.0)
    before, after = told(plans), told(plans, injects=[delay])
    done = [{e.task: e.t for e in day.all(ev.TaskDone)} for day in (before, after)]  # type: ignore[attr-defined]

    assert done[0] == {"X/log": 225.0, "X/own": 465.0}
    assert done[1] == {"X/log": 225.0, "X/own": 465.0 + 2 * HOUR}
    (late,) = after.all(ev.UnitAcknowledged, unit="OFF")
    assert isinstance(by_seq(after, late.cause), ev.InjectReleased)


# ── consultation, raises, suspension ──


def test_a_consultation_is_held_by_video_where_there_is_a_platform_and_by_telephone_where_not() -> None:
    """It is gathered in 300 or 1200 s once the command has met, and takes 600."""
    (on,), (off,) = (told(book(), platform=state).all(ev.Consulted) for state in ("on", "off"))
    assert isinstance(on, ev.Consulted) and isinstance(off, ev.Consulted)

    assert (on.t, on.means, on.units) == (CITY + AD_HOC + 900.0, "video", ("DESK", "OFF"))
    assert (off.t, off.means) == (190.0 + AD_HOC + 1800.0, "phone")


def test_those_who_consult_call_in_the_scene_which_reports_at_once() -> None:
    """A crew is there at 760 s; the consultation sits 300 s after the command met, and hears how it stands."""
    day = told(book())
    (called,) = day.all(ev.SceneCalled)
    answers = [e for e in day.all(ev.ReportSent) if e.cause == called.seq]
    assert isinstance(called, ev.SceneCalled)

    assert (called.t, called.means, called.post) == (CITY + AD_HOC + 300.0, "video", "CITY")
    assert [(e.t, e.sender) for e in answers] == [(called.t, "scene")]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("platform", "span"), [("on", 10.0), ("off", 100.0)])
def test_the_county_hears_from_the_city_that_leads_what_the_scene_reports(platform: str, span: float) -> None:
    """10 s later over the platform, 100 by telephone; the county does not send it up again, and knows all in the end."""
    day = told(book(), platform=platform)
    heard = [e for e in day.all(ev.ReportReceived) if e.post == "CITY"]  # type: ignore[attr-defined]
    sent = {e.report: e for e in day.all(ev.ReportSent)}  # type: ignore[attr-defined]
    scene = [e for e in heard if sent[e.report].sender == "scene"]  # type: ignore[attr-defined]
    down = [e for e in sent.values() if (e.sender, e.receiver) == ("CITY", "COUNTY")]  # type: ignore[attr-defined]
    up = [(e.number, e.t) for e in sent.values() if (e.sender, e.receiver) == ("COUNTY", "CITY")]  # type: ignore[attr-defined]

    assert scene and len(down) == len(scene)
    assert [(e.t, e.due_at) for e in down] == [(e.t, e.t + span) for e in scene]  # type: ignore[attr-defined]
    assert len(up) == len({number for number, _ in up}) == 1


def test_nobody_is_called_in_where_no_crew_is_on_the_spot() -> None:
    """No team can do the work: those who consult have the papers, and nobody to ask."""
    day = told(book(), Crew("T", "C", supplies="MUSIC"))

    assert day.all(ev.Consulted) and not day.all(ev.SceneCalled)


def test_a_shortfall_that_lasts_raises_the_response_with_its_clause() -> None:
    """Two crews are wanted, one is there: after an hour the ground is met, after ten minutes more it is decided."""
    plans = book(raises=[Raise("shortfall", HOUR, "X 4.7.3", by=1)])
    day = told(plans, tasks=[Task(job=Job(work=2 * HOUR, wanted=2.0))])
    raised = day.all(ev.PlanActivated)[-1]
    assert isinstance(raised, ev.PlanActivated)

    assert (raised.t, raised.level, raised.clause) == (COUNTY + HOUR + 600.0, 1, "X 4.7.3")
    assert day.all(ev.CommandFormed)[-1].chief_en == "governor"  # type: ignore[attr-defined]


def test_the_dead_and_missing_raise_the_response() -> None:
    """Three are waiting, none dead: no ground. A sensitive time is ground enough by itself."""
    plans = book(raises=[Raise("dead_or_missing", 1.0, "X 4.7.2", to=1), Raise("sensitive", 1.0, "X 4.7.6", by=1)])

    assert {e.level for e in told(plans).all(ev.PlanActivated)} == {2}  # type: ignore[attr-defined]
    (raised,) = told(plans, sensitive=True).all(ev.PlanActivated, level=1)
    assert isinstance(raised, ev.PlanActivated)
    assert (raised.t, raised.clause) == (CITY + 600.0, "X 4.7.6")


def test_rescuers_withdraw_and_go_in_again() -> None:
    """From 1000 s on nobody works for an hour: the job ends just that hour later."""
    stop = Inject("stop", "撤", "stop", (Staffing("suspend", incident="F1", by=HOUR),), at=1000.0)
    day = told(book(), injects=[stop])
    (suspended,) = day.all(ev.ResponseSuspended)
    assert isinstance(suspended, ev.ResponseSuspended)

    assert (suspended.t, suspended.post, suspended.clause) == (1000.0, "CITY", "X 5.3")
    assert day.time(ev.ResponseResumed) == 1000.0 + HOUR
    assert day.times(ev.Assigned, demand="") == [1000.0]
    assert day.time(ev.HazardOver) == OVER + HOUR


# ── publicity, end, aftermath ──


def test_the_public_is_told_only_what_was_reported_upward() -> None:
    """The notice is ready at 1405 s; the figures are those of the city's own report to the province."""
    day = told(book(task("notice", "OFF", ACTIVATED, 1000.0, phase="publicity", within=5 * HOUR)))
    (published,) = day.all(ev.Published)
    assert isinstance(published, ev.Published)

    assert (published.t, published.form) == (CITY + NOTICE + OFFICE + 1000.0, "notice")
    assert published.figures == {"dead": 0.0, "missing": 0.0, "injured": 0.0}


def test_the_public_is_told_what_the_severity_goes_by() -> None:
    """Besides the dead and hurt a bulletin says how many are ill, as was reported upward; a yes or no it does not count."""
    ill = Criterion("ill", ("figures.left",), (), ((Severity.LARGER, 5.0),), "病例数", "Cases", "people")
    burst = Criterion("burst", ("figures.left",), (), ((Severity.LARGER, 1.0),), "爆炸", "Burst", "1")
    notice = task("notice", "OFF", ACTIVATED, 1000.0, phase="publicity", within=5 * HOUR)
    day = Told(replace(with_plans(book(notice)), scales={"toy": (ill, burst)}))
    (published,) = day.all(ev.Published)
    assert isinstance(published, ev.Published)
    reported = max(
        e.sighting.figures["left"]  # type: ignore[attr-defined]
        for e in day.all(ev.ReportSent, incident="F1")
        if e.t <= published.t and e.sender in ("COUNTY", "CITY")  # type: ignore[attr-defined]
    )

    assert reported > 0.0
    assert published.figures == {"dead": 0.0, "missing": 0.0, "injured": 0.0, "ill": reported}


@pytest.mark.parametrize("out", [True, False])
def test_a_death_known_after_the_last_notice_is_told_and_one_before_it_with_it(out: bool) -> None:
    """The figures are corrected twenty days after: a bulletin says so, unless the last notice is still to come and has them."""
    notice = task("notice", "OFF", ACTIVATED, 1000.0, phase="publicity")
    final = task("final_notice", "OFF", ENDED, DAY if out else 25 * DAY, phase="publicity")
    events: list[ev.Event] = []
    sim = Simulation(with_plans(book(notice, final)), events.append)
    corrected = 20 * DAY
    sim.clock.at(
        corrected,
        lambda _: sim.record(ev.CasualtiesCorrected(0, sim.now, None, "F1", "CITY", 1, 0, 0)) and None,
        Turn.STAFF,
    )
    sim.run()
    said = [e for e in events if isinstance(e, ev.Published)]

    assert [e.form for e in said] == (["notice", "final", "update"] if out else ["notice", "final"])
    assert [e.figures["dead"] for e in said] == ([0.0, 0.0, 1.0] if out else [0.0, 1.0])
    assert not out or said[-1].t == corrected + 2 * HOUR


def test_while_the_response_is_high_no_bulletin_is_older_than_a_day() -> None:
    """The job takes two and a half days: after the notice two updates follow, and none once the response has ended."""
    notice = task("notice", "OFF", ACTIVATED, 1000.0, phase="publicity", within=5 * HOUR)
    day = told(book(notice), tasks=[Task(job=Job(work=60 * HOUR))], horizon=4 * DAY)
    first = CITY + NOTICE + OFFICE + 1000.0
    said = [(e.t, e.form) for e in day.all(ev.Published)]  # type: ignore[attr-defined]

    assert said == [(first, "notice"), (first + DAY, "update"), (first + 2 * DAY, "update")]


def test_no_bulletin_follows_the_horizon_that_cut_the_work_off() -> None:
    """Two years of daily bulletins with the figures of the third day were told once of an earthquake cut off at five."""
    notice = task("notice", "OFF", ACTIVATED, 1000.0, phase="publicity", within=5 * HOUR)
    day = told(book(notice), tasks=[Task(job=Job(work=600 * HOUR))], horizon=2 * DAY)
    (field,) = day.all(ev.FieldEnded)

    assert field.reason == "horizon"  # type: ignore[attr-defined]
    assert [e.t for e in day.all(ev.Published) if e.t > 2 * DAY] == []
    assert len(day.all(ev.Published)) == 2


class Feared(Grades):
    """Larger is feared of every incident, general is what it turns out to be."""

    def severity(self, scale: str, sighting: Sighting) -> tuple[Severity, Severity, str]:
        """Always the same."""
        return Severity.GENERAL, Severity.LARGER, "toy"


def test_a_response_is_lowered_when_the_hazard_is_over_and_what_was_feared_has_not_come() -> None:
    """The city hears at 4370 s that it is over; the experts take 1500; city and county go to IV, not the province."""
    day = Told(replace(with_plans(book(quiet=2 * HOUR)), assessor=Feared()))
    changes = [(e.t, e.post, e.level) for e in day.all(ev.ResponseChanged) if e.t > OVER]  # type: ignore[attr-defined]
    lowered, ended = HEARD + LOWER, HEARD + 2 * HOUR

    assert changes[:2] == [(lowered, "CITY", 4), (lowered, "COUNTY", 4)]
    assert changes[2:] == [(ended, post, 0) for post in ("CITY", "COUNTY", "PROV")]
    assert not [e for e in day.all(ev.PlanActivated) if e.t > OVER]


def test_a_response_is_not_lowered_for_its_last_minutes() -> None:
    """It ends ten minutes after the experts have spoken: nobody signs an order for those."""
    day = Told(replace(with_plans(book(quiet=LOWER + 600.0)), assessor=Feared()))

    assert not [e for e in day.all(ev.ResponseChanged) if e.t > OVER and e.level]  # type: ignore[attr-defined]
    assert [e.post for e in day.all(ev.ResponseChanged, level=0)] == ["CITY", "COUNTY", "PROV"]  # type: ignore[attr-defined]


def test_a_response_to_what_it_turned_out_to_be_is_not_lowered() -> None:
    """Larger was feared and larger it is: II until the end."""
    day = told(book(quiet=2 * HOUR))

    assert not [e for e in day.all(ev.ResponseChanged) if e.t > OVER and e.level]  # type: ignore[attr-defined]


def test_a_response_ends_when_its_quiet_time_has_passed() -> None:
    """Two hours after the city heard that the hazard is over – long after the field – all posts end it by the clause."""
    day = told(book(quiet=2 * HOUR))
    ended = [(e.t, e.post, e.basis) for e in day.all(ev.ResponseChanged, level=0)]  # type: ignore[attr-defined]

    assert ended == [(HEARD + 2 * HOUR, post, "X 6.1") for post in ("CITY", "COUNTY", "PROV")]
    assert day.time(ev.FieldEnded) == FIELD
    assert day.time(ev.RunEnded) == HEARD + 2 * HOUR


def test_what_went_late_is_listed_put_right_and_revises_the_plan() -> None:
    """An inquiry of 30 days, the lists five days later, struck off after 45 + 7 days, the plan revised after 40."""
    plans = book(
        task("far", "FAR", ACTIVATED, 100.0, within=300.0), task("log", "DESK", ACTIVATED, 60.0, within=600.0),
        task("inquiry", "DESK", ENDED, 30 * DAY, phase="inquiry"),
    )  # fmt: skip
    day = told(plans)
    inquiry = HEARD + 20.0 + 30 * DAY
    lists = inquiry + 5 * DAY

    assert day.times(ev.ItemListed) == [lists, lists]
    assert {(e.table, e.unit) for e in day.all(ev.ItemListed)} == {("problems", "FAR"), ("measures", "FAR")}  # type: ignore[attr-defined]
    assert by_seq(day, day.all(ev.ItemListed)[0].cause).task == "X/far"  # type: ignore[attr-defined]
    assert day.times(ev.ItemClosed) == [lists + 52 * DAY] * 2
    assert (day.time(ev.PlanRevised), day.all(ev.PlanRevised)[0].version) == (lists + 40 * DAY, 2)  # type: ignore[attr-defined]


def test_where_nothing_went_wrong_nothing_is_listed() -> None:
    """No finding is a finding, too: no lists, and the plan stays as it is."""
    day = told(
        book(task("log", "DESK", ACTIVATED, 60.0, within=600.0), task("inquiry", "DESK", ENDED, DAY, phase="inquiry"))
    )

    assert not day.all(ev.ItemListed)
    assert not day.all(ev.PlanRevised)


def test_a_failed_check_opens_rectification_again() -> None:
    """If every check failed there would be no end: with none failing there is one closing an item, none reopened."""
    plans = book(task("far", "FAR", ACTIVATED, 100.0, within=300.0))
    day = told(plans, rules={"aftermath.check_fails": 1.0, "aftermath.longest": 200 * DAY})

    assert not day.all(ev.ItemClosed)
    assert len(day.all(ev.PhaseReopened, phase="rectification", why="check_failed")) == 3  # 195 days, 52 each


def test_what_is_not_over_at_the_horizon_has_no_aftermath() -> None:
    """The field stops at its horizon, the response is open, and nothing that follows an end arises."""
    day = told(book(task("inquiry", "DESK", ENDED, DAY)), horizon=HOUR)

    assert day.time(ev.FieldEnded, reason="horizon") == HOUR
    assert day.all(ev.ResponseChanged, level=0) == []
    assert day.time(ev.RunEnded, reason="horizon") == HOUR


# ── monitoring ──


def watched(system: System | None = None, *signals: Signal) -> Monitors:
    """One system that sees jobs within ten seconds, wherever they are."""
    seen = system or System("eye", "眼", "eye", ("job",), fixed(10.0), {"*": 1.0})
    return Monitors({seen.id: seen}, signals)


def monitored(monitors: Monitors, **how: object) -> Told:
    """The day in a city with these monitoring systems."""
    case = with_plans(book(), **how)  # type: ignore[arg-type]
    return Told(replace(case, city=replace(case.city, monitors=monitors)))


def test_a_system_that_sees_an_accident_first_discovers_it() -> None:
    """The alarm comes at 10 s and is with the county at 20, where a caller's call would be at 90."""
    day = monitored(watched())

    assert day.time(ev.Discovered, by="eye") == 10.0
    assert day.times(ev.ReportReceived, post="COUNTY")[0] == 20.0


def test_without_the_platform_an_alarm_must_be_telephoned_on() -> None:
    """400 s more: the caller is first."""
    assert monitored(watched(), platform="off").time(ev.Discovered, by="witness") == 30.0


@pytest.mark.parametrize("blind", [{"*": 0.0}, {"K": 0.0, "*": 1.0}, {"hilly": 0.0, "*": 1.0}])
def test_a_system_that_does_not_look_there_sees_nothing(blind: dict[str, float]) -> None:
    """Coverage goes by county, then by terrain, then by the rest."""
    day = monitored(watched(System("eye", "眼", "eye", ("job",), fixed(10.0), blind)))

    assert day.time(ev.Discovered, by="witness") == 30.0


def test_weather_to_come_is_warned_of_in_the_colour_it_calls_for() -> None:
    """Rain of 20 mm/h is forecast for four hours on: orange, two hours before; then red, two hours before that."""
    signal = Signal("storm", "暴雨", "storm", "eye", "rain", ((4, 4.0), (3, 8.0), (2, 16.0), (1, 33.0)), ("job",))
    case = with_plans(book(), tasks=[Task(job=Job(work=10 * HOUR))])
    sky = ((4 * HOUR, "", Weather(rain=20.0)), (5 * HOUR, "", Weather(rain=40.0)), (6 * HOUR, "", Weather()))
    day = Told(replace(case, city=replace(case.city, monitors=watched(None, signal)), forecast=sky))
    warnings = [(e.t, e.colour, e.begins) for e in day.all(ev.WarningIssued)]  # type: ignore[attr-defined]

    assert warnings == [(2 * HOUR, 2, 4 * HOUR), (3 * HOUR, 1, 5 * HOUR)]


def test_an_order_of_events_is_the_same_on_every_run() -> None:
    """Twice the same case, twice the same journal."""
    plans = book(task("log", "DESK", ACTIVATED, 60.0), task("far", "FAR", ACTIVATED, 100.0))

    assert told(plans).events == told(plans).events


@dataclass(frozen=True)
class Blast(Job):
    """A job at which rescuers are hit once 3,000 s of it are done."""

    def next_event(self, state: Done, inputs: Inputs) -> tuple[float, str]:
        """The blow, unless the job is done before."""
        span, name = super().next_event(state, inputs)
        left = 3000.0 - (self.work - state.left) if state.left > self.work - 3000.0 else math.inf
        effort = inputs.effort.get("job", 0.0)
        return (left / effort, "blast") if effort and left / effort < span else (span, name)

    def fire(self, state: Done, name: str, inputs: Inputs) -> tuple[Done, Sequence[Effect]]:
        """Three in ten of those at work are hurt."""
        if name == "blast":
            return Done(self.work - 3000.0), [Strike("blast", yellow=0.3)]
        return super().fire(state, name, inputs)


def test_after_a_blow_at_rescuers_the_rest_withdraw_until_the_experts_allow() -> None:
    """The order comes two minutes after the blow, and they go in again an hour later."""
    crews = (Crew("T", "C", count=3),)
    day = told(book(), *crews, tasks=[Task(job=Blast(work=4 * HOUR, wanted=3.0))])
    hit = day.times(ev.RespondersHit)
    (suspended,) = day.all(ev.ResponseSuspended)
    assert isinstance(suspended, ev.ResponseSuspended)

    assert hit
    assert (suspended.t, suspended.why) == (hit[0] + 120.0, "blast")
    assert isinstance(by_seq(day, suspended.cause), ev.RespondersHit)
    assert day.time(ev.ResponseResumed) == suspended.t + HOUR


def test_those_who_face_an_attack_are_not_withdrawn_for_being_hit() -> None:
    """Where a plan says so, a blow at them stops nobody."""
    plans = book()
    stays = {n: msgspec.structs.replace(p, withdraws=False) for n, p in plans.plans.items()}
    plans = msgspec.structs.replace(plans, plans=stays)
    day = told(plans, Crew("T", "C", count=3), tasks=[Task(job=Blast(work=4 * HOUR, wanted=3.0))])

    assert day.times(ev.RespondersHit) and not day.all(ev.ResponseSuspended)


def test_a_second_response_to_what_follows_raises_the_first() -> None:
    """Two incidents that are no family of each other leave each other's response alone."""
    plans = book(raises=[Raise("counties", 2.0, "X 4.7.4", to=1), Raise("secondary", 2.0, "X 4.7.5", by=1)])
    day = told(plans, Crew("T", "C", count=2), tasks=[Task(), Task("F2", node="E")])

    assert {e.level for e in day.all(ev.PlanActivated)} == {2}  # type: ignore[attr-defined]


def test_offices_hear_of_the_hurt_with_the_report_of_it() -> None:
    """Two wait from the first moment on; the task for them arises when the county has the call, not before."""
    hurt = task("hurt", "DESK", Moment("persons_involved"), 60.0, level=0)
    day = told(book(hurt), tasks=[Task(job=Job(people="YY"))])

    assert day.time(ev.PersonsInvolved) == 0.0
    assert day.time(ev.TaskArose, task="X/hurt") == COUNTY


def test_new_victims_open_phases_again_and_the_inquiry_is_owed_once_more() -> None:
    """The figures are corrected twenty days after: grading, follow-up and inquiry are open again."""
    events: list[ev.Event] = []
    sim = Simulation(with_plans(book(task("inquiry", "DESK", ENDED, DAY, phase="inquiry"))), events.append)
    corrected = 20 * DAY
    sim.clock.at(
        corrected,
        lambda _: sim.record(ev.CasualtiesCorrected(0, sim.now, None, "F1", "CITY", 1, 0, 0)) and None,
        Turn.STAFF,
    )
    sim.run()
    reopened = [(e.t, e.phase, e.why) for e in events if isinstance(e, ev.PhaseReopened)]
    inquiries = [e.t for e in events if isinstance(e, ev.TaskDone)]

    assert reopened == [(corrected, phase, "new_victims") for phase in ("grading", "follow_up", "inquiry")]
    assert inquiries == [HEARD + 20.0 + DAY, corrected + 20.0 + DAY]


def test_an_inquiry_of_a_lower_class_passes_up_with_a_late_death() -> None:
    """One accident, one inquiry: the county's lapses when the corrected figures make it the city's; only that one is done."""
    low, high = (
        task(f"inquiry.{name}", unit, ENDED, 30 * DAY, phase="inquiry", severity=(n, n), scale="toy", level=0)
        for name, unit, n in (("general", "OFF", 1), ("larger", "DESK", 2))
    )
    events: list[ev.Event] = []
    sim = Simulation(replace(with_plans(book(low, high)), assessor=ByDeaths()), events.append)
    corrected = 20 * DAY
    sim.clock.at(
        corrected,
        lambda _: sim.record(ev.CasualtiesCorrected(0, sim.now, None, "F1", "CITY", 1, 0, 0)) and None,
        Turn.STAFF,
    )
    sim.run()
    (lapsed,) = (e for e in events if isinstance(e, ev.TaskLapsed))
    arose = next(e for e in events if isinstance(e, ev.TaskArose) and e.task == "X/inquiry.larger")

    assert (lapsed.t, lapsed.task, lapsed.unit, lapsed.why) == (corrected, "X/inquiry.general", "OFF", "passed_up")
    assert lapsed.cause == arose.seq
    assert [e.task for e in events if isinstance(e, ev.TaskDone)] == ["X/inquiry.larger"]


def test_what_was_for_the_work_on_the_spot_is_not_owed_once_that_is_done() -> None:
    """A cordon that would take a day lapses when the lead closes; the paper, and the proof that it is over, are still owed."""
    over = Moment("hazard_over")
    tasks = (
        task("cordon", "DESK", ACTIVATED, DAY, phase="rescue"),
        task("proof", "DESK", ACTIVATED, DAY, phase="rescue", once=(over,)),
        task("after", "DESK", over, DAY, phase="rescue"),
        task("paper", "DESK", ACTIVATED, DAY, phase="medical"),
    )
    day = told(book(*tasks))
    (lapsed,) = day.all(ev.TaskLapsed)
    assert isinstance(lapsed, ev.TaskLapsed)

    assert (lapsed.t, lapsed.task, lapsed.why) == (day.time(ev.IncidentClosed), "X/cordon", "over")
    assert {e.task for e in day.all(ev.TaskDone)} == {"X/proof", "X/after", "X/paper"}  # type: ignore[attr-defined]


def test_a_command_does_not_form_after_the_work_it_was_called_for() -> None:
    """Gathered in two hours it would meet when the job is done and closed: neither it nor its consultation comes about."""
    sit = task("consultation", "DESK", ACTIVATED, 0.0, phase="grading", once=(Moment("consulted"),))
    day = told(book(sit), rules={"headquarters.ad_hoc": 2 * HOUR})

    assert not day.all(ev.CommandFormed) and not day.all(ev.GroupStaffed) and not day.all(ev.Consulted)
    assert day.time(ev.TaskLapsed, task="X/consultation") == day.time(ev.IncidentClosed)


def test_the_field_s_measures_end_with_the_field_and_the_journal_with_the_archive() -> None:
    """A timeline ends when the crew is home and closes with the last task, thirty days later."""
    day = told(book(task("archive", "DESK", ENDED, 30 * DAY, phase="archive")))
    line = timeline.build(day.events)

    assert (line.ended, line.closed, line.end_reason) == (FIELD, HEARD + 20.0 + 30 * DAY, "settled")


def test_the_last_report_before_the_end_is_heard_above_and_below() -> None:
    """The lead tells the posts above and below how it ended and ends its response: what was on the wire arrives."""
    day = Told(with_plans(book()))
    closed = day.time(ev.IncidentClosed)
    sent = {e.report for e in day.events if isinstance(e, ev.ReportSent) and e.sender in ("CITY", "COUNTY")}
    came = {e.report: e.t for e in day.events if isinstance(e, ev.ReportReceived)}

    assert sent <= set(came)
    assert any(came[report] > closed for report in sent)
