"""After a response offices keep office hours; while one lasts, and at the duty desk, somebody is always at work."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from sim.domain import events as ev
from sim.domain.plans import Moment
from sim.engine.simulation import Simulation
from tests.whole.offices import DAY, HOUR, book, task, with_plans
from tests.whole.shipped import shipped
from tests.whole.worlds import Told

WEEK = {"notices.opens": 9 * HOUR, "notices.closes": 17 * HOUR, "notices.workdays": 5.0}
ENDED = Moment("response_changed", {"level": "0"}, (3,))
FRIDAY = 16 * HOUR  # the case starts on Friday 19 July 2024; its second of the day


def office() -> Simulation:
    """A city whose offices are open from nine to five, Monday to Friday; the clock starts on Friday at 16:00."""
    return Simulation(with_plans(book(), rules=WEEK, starts=FRIDAY), lambda _: None)


def at(t: float) -> datetime.datetime:
    """The local time so many seconds after the start."""
    return datetime.datetime(2024, 7, 19, 16) + datetime.timedelta(seconds=t)


def test_whatever_is_ready_is_signed_when_somebody_is_there() -> None:
    """Over three weeks: never before it is ready, always in office hours, after a night in the order in which it was ready."""
    signed = office().headquarters.work.in_office  # type: ignore[union-attr]
    ready = [600.0 * i for i in range(21 * 144)]
    done = [signed(t) for t in ready]

    assert all(t <= s for t, s in zip(ready, done, strict=True))
    waited = [s for t, s in zip(ready, done, strict=True) if s > t]
    assert waited == sorted(waited)
    assert all((at(s).weekday() < 5 and 9 <= at(s).hour < 17) or (at(s).hour == 17 and at(s).minute == 0) for s in done)
    assert [signed(s) for s in done] == done
    assert max(s - t for t, s in zip(ready, done, strict=True)) <= 3 * DAY


def test_what_is_ready_by_day_is_signed_at_once() -> None:
    """Half past four on a Friday is not too late; half past five is: then it is Monday."""
    signed = office().headquarters.work.in_office  # type: ignore[union-attr]

    assert signed(HOUR / 2) == HOUR / 2
    assert at(signed(1.5 * HOUR)).weekday() == 0


@pytest.mark.parametrize(("unit", "night"), [("FAR", False), ("DESK", True)])
def test_only_the_watch_works_at_night_after_the_end(unit: str, night: bool) -> None:
    """What a duty desk must do within a day it does on Saturday; an office without one on Monday."""
    plans = book(task("paper", unit, ENDED, 10 * HOUR, within=20 * HOUR, level=0))
    day = Told(with_plans(plans, rules=WEEK, starts=FRIDAY))
    done = at(day.time(ev.TaskDone, task="X/paper"))

    assert (done.weekday() in (5, 6)) is night


@pytest.mark.parametrize(("within", "weekday"), [(2 * DAY, 5), (10 * DAY, 0)])
def test_what_is_due_within_days_does_not_wait_for_monday(within: float, weekday: int) -> None:
    """A press conference due within two days is held on Saturday by day; an account due within ten is signed on Monday."""
    plans = book(task("paper", "FAR", ENDED, 10 * HOUR, within=within, level=0))
    day = Told(with_plans(plans, rules=WEEK | {"notices.pressing": 3 * DAY}, starts=FRIDAY))
    done = at(day.time(ev.TaskDone, task="X/paper"))

    assert done.weekday() == weekday and 9 <= done.hour < 17


def test_while_a_response_lasts_nobody_goes_home() -> None:
    """A task that is begun with the response and takes six hours is done at night."""
    plans = book(task("paper", "FAR", Moment("plan_activated", tiers=(3,)), 6 * HOUR, level=0))
    case = with_plans(plans, rules=WEEK, starts=FRIDAY)
    job = replace(case.hazards["F1"], work=12 * HOUR)
    day = Told(replace(case, hazards={"F1": job}))

    assert not 9 <= at(day.time(ev.TaskDone, task="X/paper")).hour < 17


@pytest.mark.parametrize(("within", "weekend"), [(20 * HOUR, True), (3 * DAY, False)])
def test_who_is_at_work_already_does_what_is_due_within_the_day(within: float, weekend: bool) -> None:
    """An office that had a part in the response tells of its outcome on Saturday, and accounts for it on Monday."""
    part = task("part", "FAR", Moment("plan_activated", tiers=(3,)), 60.0, level=4)
    plans = book(part, task("paper", "FAR", ENDED, 10 * HOUR, within=within, level=0))
    day = Told(with_plans(plans, rules=WEEK, starts=FRIDAY))

    assert (at(day.time(ev.TaskDone, task="X/paper")).weekday() in (5, 6)) is weekend


@pytest.mark.parametrize("name", ["shizong_concealed_outburst", "huize_slide_raised_twice"])
def test_no_archive_is_signed_on_a_sunday_morning(name: str) -> None:
    """On the real city: after all responses have ended what takes days is done by day, from Monday to Friday."""
    events = shipped(name).events
    start = datetime.datetime.fromisoformat(next(e.starts_at for e in events if isinstance(e, ev.RunStarted)))
    ended = max(e.t for e in events if isinstance(e, ev.ResponseChanged) and e.level == 0)
    papers = (ev.ItemListed, ev.ItemClosed, ev.PlanRevised)
    done = [
        e
        for e in events
        if e.t > ended and (isinstance(e, papers) or (isinstance(e, ev.TaskDone) and e.t > ended + 2 * DAY))
    ]
    assert done
    for e in done:
        when = start + datetime.timedelta(seconds=e.t)
        assert when.weekday() < 5 and 8 <= when.hour <= 18, e
