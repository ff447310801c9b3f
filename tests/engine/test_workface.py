"""The work face takes what it can, who was sent for it first, and more people do not beat the bottleneck."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sim.domain.hazards import Demand, DemandKind
from sim.engine.workface import Crew, Fatigue, assign, effort

FRESH = Fatigue(grace=6.0, loss=0.05, floor=0.5)


def crews(count, task="DIG", **supplies):
    return [Crew(f"S{i}", task, supplies or {"DIG": 1.0}) for i in range(count)]


def put_to_work(demands, people, now=0.0):
    for crew, demand, effective in assign(demands, people, now):
        crew.demand, crew.effective, crew.since = demand, effective, effective


def test_a_face_for_two_takes_two_and_the_third_waits():
    """The third crew is reserve, and effort is that of two."""
    heading = Demand("heading", DemandKind.WORK, "DIG", 100.0, face=2.0)
    people = crews(3)
    put_to_work([heading], people)

    assert [c.demand for c in people] == ["heading", "heading", ""]
    assert effort([heading], people, 0.0, FRESH)[0] == {"heading": 2.0}


def test_reserve_takes_over_when_one_leaves():
    """The third crew goes in when the first has gone."""
    heading = Demand("heading", DemandKind.WORK, "DIG", 100.0, face=2.0)
    people = crews(3)
    put_to_work([heading], people)
    put_to_work([heading], people[1:], now=50.0)

    assert [c.demand for c in people[1:]] == ["heading", "heading"]


def test_holding_takes_no_more_than_it_needs():
    """Two points are held by two, however many stand around."""
    points = Demand("points", DemandKind.HOLD, "DIG", 2.0)
    people = crews(5)
    put_to_work([points], people)

    assert sum(c.demand == "points" for c in people) == 2


def test_who_was_lent_goes_back_to_their_own_work_as_soon_as_the_right_ones_have_come():
    """A repair crew stands in at the radio; when a radio crew is there it repairs, and does not before."""
    radio = Demand("radio", DemandKind.HOLD, "RADIO", 1.0, priority=1)
    repair = Demand("repair", DemandKind.WORK, "REPAIR", 100.0, face=2.0, priority=3)
    lent = Crew("S1", "REPAIR", {"RADIO": 1.0, "REPAIR": 1.0})
    put_to_work([radio, repair], [lent])
    assert lent.demand == "radio"

    own = Crew("S2", "RADIO", {"RADIO": 1.0})
    put_to_work([radio, repair], [lent, own], now=50.0)

    assert (lent.demand, own.demand) == ("repair", "radio")


def test_pumps_beyond_the_rate_needed_still_pump():
    """A RATE takes more than its amount as long as the face lets it."""
    pumping = Demand("pumping", DemandKind.RATE, "PUMP", 3.0, face=5.0)
    people = [Crew(f"S{i}", "PUMP", {"PUMP": 1.0}) for i in range(7)]
    put_to_work([pumping], people)

    assert effort([pumping], people, 0.0, FRESH)[0] == {"pumping": 5.0}


def test_more_urgent_demands_are_served_first_by_those_sent_for_them():
    """Who was sent for a task does it; a generalist fills the other gap."""
    water = Demand("water", DemandKind.RATE, "WATER", 1.0, priority=2, face=1.0)
    rescue = Demand("rescue", DemandKind.WORK, "RESCUE", 9.0, priority=1, face=1.0)
    both = {"WATER": 1.0, "RESCUE": 1.0}
    first, second = Crew("S1", "WATER", both), Crew("S2", "RESCUE", both)
    put_to_work([water, rescue], [first, second])

    assert (first.demand, second.demand) == ("water", "rescue")


def test_effort_counts_from_the_end_of_set_up():
    """A pump that takes an hour to set up pumps nothing for an hour."""
    pumping = Demand("pumping", DemandKind.RATE, "DIG", 1.0, set_up=3600.0)
    people = crews(1)
    put_to_work([pumping], people, now=100.0)

    assert effort([pumping], people, 100.0, FRESH) == ({"pumping": 0.0}, 3700.0)
    assert effort([pumping], people, 3700.0, FRESH)[0] == {"pumping": 1.0}


def test_fatigue_falls_hourly_after_six_hours_to_half():
    """hazards.md 3.1: effort × max(0.5, 1 − 0.05·max(0, h − 6))."""
    factors = [FRESH.factor(h * 3600.0) for h in (0, 6, 7, 10, 16, 30)]

    assert [round(f, 9) for f in factors] == [1.0, 1.0, 0.95, 0.8, 0.5, 0.5]
    assert FRESH.next_step(0.0) == 7 * 3600.0
    assert FRESH.next_step(7.5 * 3600.0) == 0.5 * 3600.0
    assert FRESH.next_step(20 * 3600.0) == float("inf")


@given(st.integers(0, 12), st.floats(0.5, 6.0), st.sampled_from(list(DemandKind)))
def test_one_more_crew_never_lowers_the_effort_nor_lifts_it_over_the_face(count, face, kind):
    """Monotone in people, bounded by the face."""
    demand = Demand("d", kind, "DIG", 3.0, face=face)
    efforts = []
    for n in (count, count + 1):
        people = crews(n)
        put_to_work([demand], people)
        efforts.append(effort([demand], people, 0.0, FRESH)[0]["d"])

    assert efforts[0] <= efforts[1] <= face


@given(st.integers(1, 10), st.integers(1, 4))
def test_assignment_does_not_depend_on_the_order_of_crews(count, face):
    """The same crews, listed backwards, do the same."""
    demand = Demand("d", DemandKind.WORK, "DIG", 3.0, face=float(face))
    there, back = crews(count), crews(count)
    put_to_work([demand], there)
    put_to_work([demand], back[::-1])

    assert [c.demand for c in there] == [c.demand for c in back]
