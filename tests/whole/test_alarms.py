"""False alarms: a price of monitoring that a desk pays, never an accident; and a system that is out says nothing at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.domain import events as ev
from sim.domain.monitors import Monitors, System
from sim.domain.parameters import fixed
from tests.whole.offices import DAY, HOUR, book, with_plans
from tests.whole.shipped import shipped
from tests.whole.worlds import Job, Task, Told

DAYS = 60


def watched(rate: float, *, blind: float = 0.0, seed: int = 1, starts: float = 0.0, at: float = 0.0) -> Told:
    """Sixty days under a system that cries wolf so often a day; an endless job keeps the field open."""
    eye = System("eye", "眼", "eye", ("job",), fixed(10.0), {"*": 1.0}, blind, rate)
    case = with_plans(book(), tasks=[Task(job=Job(work=1e9), at=at)], horizon=DAYS * DAY, starts=starts)
    return Told(replace(case, seed=seed, city=replace(case.city, monitors=Monitors({"eye": eye}))))


def test_as_many_come_as_the_system_is_said_to_give() -> None:
    """Poisson: the number lies within four standard deviations of rate × days."""
    count = len(watched(2.0).all(ev.AlarmRaised))

    assert abs(count - 2.0 * DAYS) <= 4 * (2.0 * DAYS) ** 0.5


def test_each_is_checked_and_none_becomes_an_accident() -> None:
    """Its check follows it, takes its time, and nobody is sent for it."""
    day = watched(1.0)
    raised = day.all(ev.AlarmRaised)
    checked = {e.cause: e for e in day.all(ev.AlarmDismissed)}

    assert {e.seq for e in raised} == set(checked)
    assert all(checked[e.seq].t - e.t == pytest.approx(480.0) for e in raised)
    assert len(day.all(ev.IncidentOccurred)) == 1
    causes = {e.seq for e in (*raised, *checked.values())}
    assert not [e for e in day.events if e.cause in causes and not isinstance(e, ev.AlarmDismissed)]


def test_a_day_s_alarms_are_its_own() -> None:
    """Whatever else happens on it: with the accident a day later the same alarms come at the same times."""
    early, late = watched(1.0), watched(1.0, at=DAY)

    assert early.times(ev.AlarmRaised) == late.times(ev.AlarmRaised) != watched(1.0, seed=2).times(ev.AlarmRaised)


def test_a_system_that_is_out_neither_sees_nor_cries() -> None:
    """Out of order every day it gives no alarm, and a caller is first; out on some days, it cries on the others only."""
    out = watched(2.0, blind=1.0)
    assert not out.all(ev.AlarmRaised) and out.time(ev.Discovered, by="witness") == 30.0

    half = watched(4.0, blind=0.5)
    days = {int(t // DAY) for t in half.times(ev.AlarmRaised)}
    assert DAYS * 0.25 < len(days) < DAYS * 0.75


def test_no_alarms_where_none_are_said() -> None:
    """Made-up cities without a rate have none."""
    assert not watched(0.0).all(ev.AlarmRaised)


def test_a_day_of_the_real_city_stays_readable() -> None:
    """A dozen lines a day at most on average, over weeks."""
    events = shipped("yiche_dysentery_july").events
    alarms = [e for e in events if isinstance(e, (ev.AlarmRaised, ev.AlarmDismissed))]
    field = next(e.t for e in events if isinstance(e, ev.FieldEnded))

    assert 0 < len(alarms) / (field / DAY) <= 12 and field > 20 * DAY
    assert all(HOUR > e.took > 0 for e in alarms if isinstance(e, ev.AlarmDismissed) and e.took < HOUR)
