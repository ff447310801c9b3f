"""Jurisdiction first: the own county, then its neighbours one by one, then the whole city; worked by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.dispatch.jurisdiction_first import Parameters, Strategy
from tests.models.dispatch_kit import STREAM, asked, sent, world

MINUTES = 60.0


def decide(picture, within=90.0, keep=0.0):
    return Strategy(Parameters(within * MINUTES, keep)).decide(picture, "F1", STREAM)


def city(needs, **free):
    """County A (where it is), its neighbours B and C, and D beyond; minutes away, elements free."""
    rows = [
        ("a", 40, free.get("a", 1), {"X": 1}, "A"),
        ("b", 20, free.get("b", 2), {"X": 1}, "B"),
        ("c", 10, free.get("c", 2), {"X": 1}, "C"),
        ("d", 100, free.get("d", 2), {"X": 1}, "D"),
    ]
    return world(rows, needs, "A", ("B", "C"))


def test_the_own_county_goes_first_even_if_a_neighbour_is_nearer():
    """One is wanted: the own one at 40 min goes, not the neighbour's at 10."""
    (order,) = decide(city([("X", 1.0)]))

    assert (order.holding, order.grounds) == ("a", "own county 40.0 min")


def test_neighbours_are_asked_one_by_one_in_their_order():
    """Two are wanted: the second comes from B, the first neighbour, though C is nearer by road."""
    orders = decide(city([("X", 2.0)]))

    assert sent(orders) == {("a", "X"): 1, ("b", "X"): 1}
    assert orders[1].grounds == "adjacent county B 20.0 min"


def test_then_the_whole_city():
    """Seven are wanted: all of A, B, C go, and D's two, beyond the deadline, in the last step."""
    orders = decide(city([("X", 7.0)]))

    assert sent(orders) == {("a", "X"): 1, ("b", "X"): 2, ("c", "X"): 2, ("d", "X"): 2}
    assert orders[-1].grounds == "whole city 100.0 min"


def test_who_would_come_too_late_is_not_taken_before_it_is_widened():
    """Within 30 min the own county's crew is too late: the neighbours go first, and it is taken only with the whole city."""
    assert sent(decide(city([("X", 4.0)]), within=30.0)) == {("b", "X"): 2, ("c", "X"): 2}
    assert decide(city([("X", 5.0)]), within=30.0)[-1].grounds == "whole city 40.0 min"


def test_a_county_that_helps_keeps_a_reserve():
    """Neighbours keep one crew each: of B's two one goes, of C's two one, of D's two one."""
    assert sent(decide(city([("X", 4.0)]), keep=1.0)) == {("a", "X"): 1, ("b", "X"): 1, ("c", "X"): 1, ("d", "X"): 1}


def test_the_reserve_goes_if_nobody_else_can():
    """Five are wanted: the last reserve opens, its nearest first."""
    orders = decide(city([("X", 5.0)]), keep=1.0)

    assert sum(o.count for o in orders) == 5
    assert (orders[-1].holding, orders[-1].grounds) == ("c", "last reserve 10.0 min")


def test_the_own_county_keeps_no_reserve_from_its_own_accident():
    """The reserve is for helping others."""
    assert sent(decide(city([("X", 3.0)], a=3), keep=1.0)) == {("a", "X"): 3}


def test_what_the_city_lacks_is_asked_for():
    """Nine are wanted, seven there: two are asked for once, after all steps."""
    assert asked(decide(city([("X", 9.0)]))) == {"X": (2.0, "none_free")}


def test_an_accident_in_a_county_without_forces_goes_to_its_neighbours():
    """A county of which no holding is on the board is no mistake."""
    picture = world([("b", 20, 1, {"X": 1}, "B")], [("X", 1.0)], "Nowhere", ("B", "Also nowhere"))

    assert sent(decide(picture)) == {("b", "X"): 1}


def test_steps_share_the_elements_that_can_do_several_things():
    """A's crew can do both; it serves the urgent need, and only the other one goes to B."""
    rows = [("a", 10, 1, {"X": 1, "Y": 1}, "A"), ("b", 20, 3, {"X": 1, "Y": 1}, "B")]
    orders = decide(world(rows, [("X", 1.0, 1), ("Y", 1.0, 2)], "A", ("B",)))

    assert sent(orders) == {("a", "X"): 1, ("b", "Y"): 1}


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("ABCD"), st.sampled_from([5.0, 40.0, 95.0, math.inf]), st.integers(0, 3), st.sampled_from([1.0, 2.0])
        ),
        min_size=1, max_size=8,
    ),
    st.integers(1, 9),
    st.sampled_from([0.0, 1.0, 2.0]),
)  # fmt: skip
def test_never_more_than_are_free_and_everything_possible_is_covered(rows, amount, keep):
    """Whatever the steps: nobody is sent twice or from where no road leads, and what is asked for is truly not there."""
    rows = [(f"h{i}", eta, free, {"X": supply}, county) for i, (county, eta, free, supply) in enumerate(rows)]
    orders = decide(world(rows, [("X", float(amount))], "A", ("B", "C")), keep=keep)
    table = {row[0]: row for row in rows}

    gone = {}
    for (name, _), count in [((o.holding, o.task), o.count) for o in orders if hasattr(o, "holding")]:
        gone[name] = gone.get(name, 0) + count
    assert all(0 < count <= table[name][2] and table[name][1] < math.inf for name, count in gone.items())
    there = sum(row[2] * row[3]["X"] for row in rows if row[1] < math.inf)
    covered = sum(count * table[name][3]["X"] for name, count in gone.items())
    assert covered >= min(amount, there)
    assert asked(orders).get("X", (0.0, ""))[0] == pytest.approx(max(0.0, amount - there))
    assert orders == decide(world(rows[::-1], [("X", float(amount))], "A", ("B", "C")), keep=keep)
