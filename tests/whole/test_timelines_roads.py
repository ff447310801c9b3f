"""Toy timelines on roads that close, slow and open: every time worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.case import Action
from sim.domain import events as ev
from sim.domain.places import Weather
from tests.whole.worlds import (
    HOUR,
    LINK,
    NEVER,
    ORDERED,
    ROLLING,
    ROUND,
    Crew,
    Job,
    Task,
    Told,
    at,
    close,
    make_case,
    reopen,
    told,
)

ARRIVES = ROLLING + 2 * LINK  # 1360: from B to D
FROM_A = ROLLING + 3 * LINK  # 1960: from A to D


def one_from_b(*injects: object, **how: object):
    """T1 goes from B to the job at D."""
    return told(Crew("T1", "B"), injects=injects, **how)


def one_from_a(*injects: object, **how: object):
    """T1 goes from A to the job at D, over B and C if nothing is in the way."""
    return told(Crew("T1", "A"), injects=injects, **how)


# ── the last mile ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("access", "off_road", "walk"),
    [("foot", False, 2000 / 6000 * HOUR), ("foot", True, 2000 / 6000 * HOUR), ("track", True, 2000 / 12000 * HOUR),
     ("track", False, 2000 / 6000 * HOUR)],
)  # fmt: skip
def test_the_last_two_kilometres_are_walked_or_driven_both_ways(access: str, off_road: bool, walk: float) -> None:
    """6 km/h on foot; 12 on a track for those who can drive one. And back again after the work."""
    day = told(Crew("T1", "B", off_road=off_road), tasks=[Task(last_mile=2000, access=access)])

    assert day.time(ev.Arrived) == ARRIVES + walk
    assert day.time(ev.Returned) == ARRIVES + walk + 3600 + 10 + walk + 1200


def test_one_called_back_on_foot_walks_back_what_it_walked() -> None:
    """T1 ends the job when T2 has walked a little more than five minutes: as long back, then the road."""
    crews = [Crew("T1", "D"), Crew("T2", "B")]
    # T1 is at the node: it walks 160 → 1360 and works 300 → 1660; reported 1670. T2 walks from 1360: 310 s so far.
    day = told(*crews, tasks=[Task(job=Job(work=300, wanted=2), last_mile=2000, access="foot")])
    assert day.time(ev.Recalled) == 1670
    assert day.time(ev.Returned, element="T2/1") == 1670 + 310 + 1200


# ── roads that close ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_closure_known_before_leaving_sends_everybody_round() -> None:
    """A–C takes forty minutes, then C–D ten."""
    assert one_from_a(at(100, close("BC"))).time(ev.Arrived) == ROLLING + ROUND + LINK


def test_a_closure_ahead_makes_one_turn_where_that_is_quicker() -> None:
    """At 460, half-way to B: back 300 + 2400 + 600 against on 300 + 600 + 2400 + 600."""
    day = one_from_a(at(460, close("BC")))
    (change,) = day.all(ev.RouteChanged)

    assert (change.t, change.move, change.link, change.done) == (460, "turn", "AB", 0.5)
    assert day.time(ev.Arrived) == 460 + 300 + 2400 + 600


def test_a_closure_ahead_makes_one_finish_the_link_where_that_is_quicker() -> None:
    """From D to B with C–B closed at 460: on to C 300, then round by A 2400 + 600."""
    day = told(Crew("T1", "D"), tasks=[Task(node="B")], injects=[at(460, close("BC"))])
    (change,) = day.all(ev.RouteChanged)

    assert (change.move, change.nodes) == ("finish", ("C", "A", "B"))
    assert day.time(ev.Arrived) == 460 + 300 + 2400 + 600


def test_a_closure_nobody_knows_of_is_found_at_its_end() -> None:
    """At B (760) the road is shut: back to A 600, round 2400, on 600."""
    day = one_from_a(at(100, close("BC", NEVER)))

    assert day.time(ev.RoadFound) == ROLLING + LINK == day.time(ev.RoadKnown)
    assert day.time(ev.Arrived) == 760 + 600 + 2400 + 600


def test_one_that_found_a_closure_spares_the_others() -> None:
    """T1 finds B–C shut as it leaves B at 160; T2, leaving A in that moment, goes the long way at once."""
    day = told(Crew("T1", "B"), Crew("T2", "A"), tasks=[Task(job=Job(wanted=2))], injects=[at(100, close("BC", NEVER))])
    assert day.time(ev.RoadFound) == ROLLING
    assert day.time(ev.Arrived, element="T2/1") == ROLLING + 2400 + 600
    assert day.time(ev.Arrived, element="T1/1") == ROLLING + 600 + 2400 + 600


def test_a_closure_that_becomes_known_later_counts_from_then() -> None:
    """Closed at 100, known at 400 when 240 s of A–B are driven: back 240 + 2400 + 600."""
    assert one_from_a(at(100, close("BC", 300))).time(ev.Arrived) == 400 + 240 + 2400 + 600


def test_a_closure_behind_changes_nothing_but_the_way_home() -> None:
    """A–B closes at 800 when T1 is past B; home is D–C 600 and the long way 2400."""
    day = one_from_a(at(800, close("AB")))

    assert day.time(ev.Arrived) == FROM_A
    assert not [e for e in day.all(ev.RouteChanged) if e.bound == "site"]
    assert day.time(ev.Returned) == FROM_A + 3600 + 10 + 600 + 2400


@pytest.mark.parametrize("known_after", [0.0, NEVER])
def test_a_link_that_closes_under_the_wheels_is_left_by_the_nearer_end(known_after: float) -> None:
    """It is blocked in the middle. At 360 a third of B–C is driven: back 200 and round 3600; at 560 two thirds: on."""
    before, past = one_from_b(at(360, close("BC", known_after))), one_from_b(at(560, close("BC", known_after)))

    assert before.time(ev.Arrived) == 360 + 200 + 600 + 2400 + 600
    assert past.time(ev.Arrived) == ARRIVES


def test_one_that_must_turn_back_with_no_way_on_is_held_where_it_came_from() -> None:
    """A–B shut at 300, so A–C is the only way left; it shuts under T2 at 1160, 1000 s out: back to C, held there at 2160."""
    day = told(
        Crew("T2", "C"),
        tasks=[Task(node="A")],
        injects=[at(100, close("BC")), at(300, close("AB")), at(1160, close("AC"))],
    )
    assert day.time(ev.Held) == 1160 + 1000
    assert day.all(ev.Held)[0].node == "C"
    assert not day.times(ev.Arrived)


def test_a_road_that_opens_again_is_used_at_once() -> None:
    """Sent round by A–C at 160; at 300 B–C is open: 140 s back to A, then 1800."""
    assert one_from_a(at(100, close("BC")), at(300, reopen("BC"))).time(ev.Arrived) == 300 + 140 + 1800


def test_a_place_cut_off_is_reached_when_its_road_opens() -> None:
    """On the way when C–D closes: on to C (760), held there until 2000, then ten minutes."""
    day = one_from_b(at(300, close("CD")), at(2000, reopen("CD")))

    assert day.time(ev.Held) == 760
    assert day.time(ev.CutOff) == 760
    assert day.time(ev.Reachable) == 2000
    assert day.time(ev.Arrived) == 2000 + 600


def test_nobody_is_sent_to_a_place_cut_off_until_its_road_opens() -> None:
    """Closed at 10: when the report comes at 90 no road is known; ordered at 2000, there 70 + 1200 later."""
    day = one_from_b(at(10, close("CD")), at(2000, reopen("CD")))

    assert day.time(ev.CutOff) == ORDERED
    assert [e.reason for e in day.all(ev.Shortfall)] == ["none_reachable", "covered"]
    assert day.time(ev.OrderGiven) == day.time(ev.Reachable) == 2000
    assert day.time(ev.Arrived) == 2000 + 70 + 1200


@pytest.mark.parametrize(
    ("when", "arrives"),
    [(400, 760 + 1200),  # ahead: C–D takes twice as long
     (1000, 1000 + 0.6 * 1200),  # on it since 760: 0.4 driven
     (1400, ARRIVES)],  # past it
)  # fmt: skip
@pytest.mark.parametrize("known_after", [0.0, NEVER])
def test_a_slowed_link_slows_whoever_drives_it_told_or_not(when: float, arrives: float, known_after: float) -> None:
    """Half speed on C–D is felt whether or not the command system knows of it."""
    slow = Action("slow_road", link="CD", factor=0.5, known_after=known_after)
    assert one_from_b(at(when, slow)).time(ev.Arrived) == pytest.approx(arrives, abs=0.002)


# ── an accident that closes its own road ─────────────────────────────────────────────────────────────────────────────


def test_a_slide_is_cleared_and_those_it_held_go_on() -> None:
    """The slide at 300 is known at 390; R1 is at C at 460 + 600, clears 1800 s; T1, held at C, goes on at 2860."""
    slide = Task("L1", Job(work=1800, capability="ROAD_CLEAR", closes="CD"), node="C", at=300)
    day = told(Crew("T1", "B"), Crew("R1", "B", "ROAD_CLEAR"), tasks=[Task(), slide])

    assert day.time(ev.RoadKnown, factor=0.0) == 300 + 90
    assert day.time(ev.Held) == 760
    assert day.time(ev.Arrived, incident="L1") == 390 + 70 + 600
    assert day.time(ev.RoadChanged, factor=1.0) == day.time(ev.RoadKnown, factor=1.0) == 1060 + 1800
    assert day.time(ev.Arrived, incident="F1") == 2860 + 600


def test_weather_everywhere_is_weather_in_every_county() -> None:
    """Rain over K at the start; at 10 it is fair everywhere: T1 from B drives the two links to D at full speed."""
    case = make_case([Crew("T1", "B")], [Task()], injects=[at(10, Action("weather", weather=Weather()))])
    day = Told(replace(case, weather={"": Weather(), "K": Weather(rain=2.0)}))

    assert day.time(ev.Arrived) == ROLLING + 2 * LINK
