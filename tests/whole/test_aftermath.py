"""What the public is told, how a response ends and what follows it, in the small world (see `offices`)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.analysis import timeline
from sim.domain import events as ev
from sim.domain.command import Criterion, Severity
from sim.domain.hazards import Sighting
from sim.domain.plans import Moment
from sim.engine.clock import Turn
from sim.engine.simulation import Simulation
from tests.whole.offices import (
    ACTIVATED,
    CITY,
    COUNTY,
    ENDED,
    FIELD,
    HEARD,
    LOWER,
    NOTICE,
    OFFICE,
    OVER,
    ByDeaths,
    Grades,
    book,
    by_seq,
    task,
    told,
    with_plans,
)  # fmt: skip
from tests.whole.worlds import DAY, HOUR, Job, Task, Told


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
        e.sighting.figures["left"]
        for e in day.all(ev.ReportSent, incident="F1")
        if e.t <= published.t and e.sender in ("COUNTY", "CITY")
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
        lambda _: sim.record(ev.CasualtiesCorrected(0, sim.now, None, "F1", "CITY", 1, 0, 4)) and None,
        Turn.STAFF,
    )
    sim.run()
    said = [e for e in events if isinstance(e, ev.Published)]

    assert [e.form for e in said] == (["notice", "final", "update"] if out else ["notice", "final"])
    assert [e.figures["dead"] for e in said] == ([0.0, 0.0, 1.0] if out else [0.0, 1.0])
    assert said[-1].figures["injured"] == 4.0, "the dead among them are taken off"
    assert not out or said[-1].t == corrected + 2 * HOUR


def test_while_the_response_is_high_no_bulletin_is_older_than_a_day() -> None:
    """The job takes two and a half days: after the notice two updates follow, and none once the response has ended."""
    notice = task("notice", "OFF", ACTIVATED, 1000.0, phase="publicity", within=5 * HOUR)
    day = told(book(notice), tasks=[Task(job=Job(work=60 * HOUR))], horizon=4 * DAY)
    first = CITY + NOTICE + OFFICE + 1000.0
    said = [(e.t, e.form) for e in day.all(ev.Published)]

    assert said == [(first, "notice"), (first + DAY, "update"), (first + 2 * DAY, "update")]


def test_no_bulletin_follows_the_horizon_that_cut_the_work_off() -> None:
    """Two years of daily bulletins with the figures of the third day were told once of an earthquake cut off at five."""
    notice = task("notice", "OFF", ACTIVATED, 1000.0, phase="publicity", within=5 * HOUR)
    day = told(book(notice), tasks=[Task(job=Job(work=600 * HOUR))], horizon=2 * DAY)
    (field,) = day.all(ev.FieldEnded)

    assert field.reason == "horizon"
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
    changes = [(e.t, e.post, e.level) for e in day.all(ev.ResponseChanged) if e.t > OVER]
    lowered, ended = HEARD + LOWER, HEARD + 2 * HOUR

    assert changes[:2] == [(lowered, "CITY", 4), (lowered, "COUNTY", 4)]
    assert changes[2:] == [(ended, post, 0) for post in ("CITY", "COUNTY", "PROV")]
    assert not [e for e in day.all(ev.PlanActivated) if e.t > OVER]


def test_a_response_is_not_lowered_for_its_last_minutes() -> None:
    """It ends ten minutes after the experts have spoken: nobody signs an order for those."""
    day = Told(replace(with_plans(book(quiet=LOWER + 600.0)), assessor=Feared()))

    assert not [e for e in day.all(ev.ResponseChanged) if e.t > OVER and e.level]
    assert [e.post for e in day.all(ev.ResponseChanged, level=0)] == ["CITY", "COUNTY", "PROV"]


def test_a_response_to_what_it_turned_out_to_be_is_not_lowered() -> None:
    """Larger was feared and larger it is: II until the end."""
    day = told(book(quiet=2 * HOUR))

    assert not [e for e in day.all(ev.ResponseChanged) if e.t > OVER and e.level]


def test_a_response_ends_when_its_quiet_time_has_passed() -> None:
    """Two hours after the city heard that the hazard is over – long after the field – all posts end it by the clause."""
    day = told(book(quiet=2 * HOUR))
    ended = [(e.t, e.post, e.basis) for e in day.all(ev.ResponseChanged, level=0)]

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
    assert {(e.table, e.unit) for e in day.all(ev.ItemListed)} == {("problems", "FAR"), ("measures", "FAR")}
    assert by_seq(day, day.all(ev.ItemListed)[0].cause).task == "X/far"
    assert day.times(ev.ItemClosed) == [lists + 52 * DAY] * 2
    assert (day.time(ev.PlanRevised), day.all(ev.PlanRevised)[0].version) == (lists + 40 * DAY, 2)


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
    assert {e.task for e in day.all(ev.TaskDone)} == {"X/proof", "X/after", "X/paper"}


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
