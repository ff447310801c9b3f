"""A headquarters carries its plan out in the small world: every time below is worked out by hand (see `offices`)."""

from __future__ import annotations

from sim.case import Inject, Staffing
from sim.domain import events as ev
from sim.domain.plans import Moment
from tests.whole.offices import (
    ACTIVATED,
    AD_HOC,
    ARRIVED,
    CITY,
    COUNTY,
    DESK,
    FIELD,
    HEARD,
    NOTICE,
    OFFICE,
    OVER,
    STAFF,
    book,
    by_seq,
    task,
    told,
)  # fmt: skip
from tests.whole.worlds import HOUR

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

    assert {e.level for e in day.all(ev.PlanActivated)} == {4}
    assert not day.all(ev.GroupStaffed)


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

    assert [(e.task, e.t) for e in day.all(ev.TaskArose)] == [("X/always", 30.0)]
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
    done = [{e.task: e.t for e in day.all(ev.TaskDone)} for day in (before, after)]

    assert done[0] == {"X/log": 225.0, "X/own": 465.0}
    assert done[1] == {"X/log": 225.0, "X/own": 465.0 + 2 * HOUR}
    (late,) = after.all(ev.UnitAcknowledged, unit="OFF")
    assert isinstance(by_seq(after, late.cause), ev.InjectReleased)
