"""What the monitoring systems see, and what they cry about, in the small world (see `offices`)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.domain import events as ev
from sim.domain.monitors import Monitors, Signal, System
from sim.domain.parameters import fixed
from sim.domain.places import Weather
from tests.whole.offices import (
    ACTIVATED,
    book,
    task,
    told,
    with_plans,
)  # fmt: skip
from tests.whole.worlds import HOUR, Job, Task, Told


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
    warnings = [(e.t, e.colour, e.begins) for e in day.all(ev.WarningIssued)]

    assert warnings == [(2 * HOUR, 2, 4 * HOUR), (3 * HOUR, 1, 5 * HOUR)]


def test_an_order_of_events_is_the_same_on_every_run() -> None:
    """Twice the same case, twice the same journal."""
    plans = book(task("log", "DESK", ACTIVATED, 60.0), task("far", "FAR", ACTIVATED, 100.0))

    assert told(plans).events == told(plans).events
