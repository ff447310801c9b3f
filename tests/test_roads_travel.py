"""Ways and times: closing, slowing, opening, and what those in the middle of a link do. Times by hand: a minute a km."""

from __future__ import annotations

import subprocess
import sys
from math import inf

import numpy as np
import pytest

from sim.domain.places import Weather
from sim.roads.network import Network
from sim.roads.travel import Conditions, Router
from tests.roads_kit import ROOT, link, node, ring, router, shipped

MIN = 60.0


@pytest.fixture
def roads():
    """The ring, its router, and its conditions."""
    network = ring()
    return network, router(network), Conditions(network)


def test_times_are_to_the_destination_from_every_node(roads):
    """A is 10 minutes from its neighbours, 20 from the far corner, 25 from the end of the spur."""
    network, travel, cond = roads
    times = travel.times(cond, "light", "A")

    assert dict(zip(network.node_ids, times / MIN, strict=True)) == {"A": 0, "B": 10, "C": 20, "D": 10, "E": 25}


def test_times_cannot_be_written_to(roads):
    """What is shared is not changed by who reads it."""
    _, travel, cond = roads
    with pytest.raises(ValueError, match="read-only"):
        travel.times(cond, "light", "A")[0] = 1.0


def test_a_route_lists_nodes_links_and_cumulative_seconds(roads):
    """E to A by C and B: of the two equal ways round the ring the lower link id at C wins (R2 before R3)."""
    _, travel, cond = roads
    route = travel.route(cond, "light", "E", "A")

    assert route.nodes == ("E", "C", "B", "A")
    assert route.links == ("R5", "R2", "R1")
    assert route.legs == (5 * MIN, 15 * MIN, 25 * MIN)
    assert (route.seconds, route.metres) == (25 * MIN, 25_000.0)


def test_the_way_to_where_one_is_has_no_links(roads):
    """Zero seconds, one node."""
    _, travel, cond = roads
    route = travel.route(cond, "light", "B", "B")

    assert (route.nodes, route.links, route.seconds, route.metres) == (("B",), (), 0.0, 0.0)


def test_a_closure_sends_traffic_the_other_way_round(roads):
    """With A-B closed, A to B takes the three other sides."""
    _, travel, cond = roads
    cond.set_link("R1", 0.0)

    assert travel.route(cond, "light", "A", "B").links == ("R4", "R3", "R2")
    assert travel.link_time(cond, "light", "R1") == inf
    assert travel.link_time_open(cond, "light", "R1") == 10 * MIN
    assert cond.closed() == {"R1"}


def test_a_slowed_link_takes_longer_by_its_factor(roads):
    """At a quarter of its speed R1 takes 40 minutes, so the 30 minutes round the ring are quicker."""
    _, travel, cond = roads
    cond.set_link("R1", 0.5)
    assert travel.route(cond, "light", "A", "B").legs == (20 * MIN,)
    cond.set_link("R1", 0.25)

    assert travel.link_time(cond, "light", "R1") == travel.link_time_open(cond, "light", "R1") == 40 * MIN
    assert travel.route(cond, "light", "A", "B").seconds == 30 * MIN


def test_opening_restores_what_was(roads):
    """Closed and opened again, every time is as before, and no tree need be grown anew."""
    _, travel, cond = roads
    before = travel.times(cond, "light", "B")
    cond.set_link("R1", 0.0)
    assert travel.times(cond, "light", "B")[0] == 30 * MIN
    cond.set_link("R1", 1.0)

    assert travel.times(cond, "light", "B") is before
    assert cond.closed() == frozenset()


def test_a_place_cut_off_has_no_route_and_infinite_times(roads):
    """With the spur closed, E is out of reach for all but itself; that is an answer, not an error."""
    network, travel, cond = roads
    cond.set_link("R5", 0.0)

    assert travel.route(cond, "light", "A", "E") is None
    assert dict(zip(network.node_ids, np.isinf(travel.times(cond, "light", "E")), strict=True)) == {
        "A": True,
        "B": True,
        "C": True,
        "D": True,
        "E": False,
    }


def test_a_change_far_away_keeps_the_trees_it_does_not_touch(roads):
    """Only to A does nobody take C-D (from C the tie goes to R2), so only the tree to A outlives its slowing."""
    network, travel, cond = roads
    times = {goal: travel.times(cond, "light", goal) for goal in network.node_ids}
    route = travel.route(cond, "light", "C", "A")
    cond.set_link("R3", 0.9)

    kept = {goal for goal in network.node_ids if travel.times(cond, "light", goal) is times[goal]}
    assert kept == {"A"}
    assert travel.route(cond, "light", "C", "A") is route


def test_a_link_that_becomes_just_as_quick_wins_the_tie_it_makes(roads):
    """While R2 is slow C goes to A by D; opened, both ways take 20 minutes and the lower link id is due its turn."""
    _, travel, cond = roads
    cond.set_link("R2", 0.5)
    assert travel.route(cond, "light", "C", "A").links == ("R3", "R4")
    cond.set_link("R2", 1.0)

    assert travel.route(cond, "light", "C", "A").links == ("R2", "R1")


def test_setting_what_already_is_changes_nothing(roads):
    """The version grows with changes only."""
    _, _, cond = roads
    cond.set_link("R1", 1.0)
    cond.set_night(False)
    assert cond.version == 0
    cond.set_link("R1", 0.0)
    cond.set_link("R1", 0.0)
    cond.set_weather("", Weather())

    assert cond.version == 2


def test_a_link_of_many_parts_is_closed_and_asked_by_its_own_name():
    """Closing the parent closes all parts; of parts that differ the worst counts."""
    network = ring().with_points({"X": ("R1", 0.2), "Y": ("R1", 0.6)})
    cond = Conditions(network)
    cond.set_link("R1", 0.0)
    assert cond.closed() == set(network.parts("R1"))
    cond.set_link("R1", 1.0)
    cond.set_link("R1#1", 0.5)

    assert cond.factor("R1") == 0.5
    assert [cond.factor(part) for part in network.parts("R1")] == [0.5, 1.0, 1.0]


def test_a_blockage_at_a_site_lets_in_those_bound_for_it_and_nobody_past():
    """A landslide at X on A-B: X is reached from both ends, A to B goes round."""
    network = ring().with_point("X", "R1", 0.5)
    travel, cond = router(network), Conditions(network)
    cond.set_link("R1", 0.0, at="X")

    assert travel.route(cond, "light", "A", "X").seconds == travel.route(cond, "light", "B", "X").seconds == 5 * MIN
    assert travel.route(cond, "light", "A", "B").links == ("R4", "R3", "R2")
    assert travel.route(cond, "light", "X", "B").seconds == 5 * MIN
    assert (cond.factor("R1"), cond.closed(), cond.barred()) == (0.0, frozenset(), {"X"})
    cond.set_link("R1", 1.0)
    assert travel.route(cond, "light", "A", "B").seconds == 10 * MIN


def test_an_obstacle_on_the_way_is_found_where_one_would_have_to_stop():
    """The first link that cannot be entered, whether it is closed or begins at a site that is barred."""
    network = ring().with_point("X", "R1", 0.5)
    cond = Conditions(network)
    way = (("D", "A", "X", "B", "C"), ("R4", "R1#1", "R1#2", "R2"))
    assert cond.obstacle(*way) == 4
    cond.set_link("R2", 0.0)
    assert cond.obstacle(*way) == 3
    cond.set_link("R1", 0.0, at="X")

    assert cond.obstacle(*way) == 2
    assert cond.obstacle(*way, first=2) == 3  # one who stands at X may leave on either side


def test_one_view_learns_from_the_other():
    """What is taken over is the whole state of a link: factors of parts and blockages."""
    network = ring().with_point("X", "R1", 0.5)
    truth, known = Conditions(network), Conditions(network)
    truth.set_link("R1", 0.0, at="X")
    truth.set_link("R2", 0.3)
    known.take("R1", truth)
    assert (known.barred(), known.factors()) == ({"X"}, frozenset())
    known.take("R2", truth)

    assert known.factors() == truth.factors()


# ── in the middle of a link ──


def test_one_who_is_nearly_through_finishes(roads):
    """From A towards B, 8 km done, now bound for D: turning (8 + 10) beats finishing (2 + 20)."""
    _, travel, cond = roads
    course = travel.onward(cond, "light", "R1", "A", 0.8, "D")
    assert (course.move, course.node, course.seconds_to_node, course.seconds) == ("turn", "A", 8 * MIN, 18 * MIN)
    course = travel.onward(cond, "light", "R1", "A", 0.8, "C")

    assert (course.move, course.node, course.seconds_to_node, course.seconds) == ("finish", "B", 2 * MIN, 12 * MIN)


def test_of_equal_courses_finishing_wins(roads):
    """Halfway from A to B, E is 25 minutes away either way: go on."""
    _, travel, cond = roads
    course = travel.onward(cond, "light", "R1", "A", 0.5, "E")

    assert (course.move, course.seconds) == ("finish", 20 * MIN)
    assert travel.onward(cond, "light", "R1", "B", 0.5, "E").move == "turn"
    assert travel.onward(cond, "light", "R2", "B", 0.5, "D").seconds == 15 * MIN
    assert travel.onward(cond, "light", "R2", "B", 0.0, "D").move == "finish"  # 20 minutes on by C as back by A


def test_a_link_entered_from_its_end_b_is_finished_at_its_end_a(roads):
    """Direction is told by the node one came from."""
    _, travel, cond = roads
    course = travel.onward(cond, "light", "R1", "B", 0.7, "A")

    assert (course.move, course.node, course.seconds_to_node) == ("finish", "A", 3 * MIN)
    assert course.route.links == ()


@pytest.mark.parametrize(
    ("done", "move", "node_", "seconds"),
    [(0.2, "turn", "A", (2 + 30) * MIN), (0.5, "turn", "A", (5 + 30) * MIN), (0.6, "finish", "B", 4 * MIN)],
)
def test_a_closure_in_the_middle_turns_back_those_before_it(roads, done, move, node_, seconds):
    """Bound for B on a link that closes: those up to the middle go back and round, those past it finish."""
    _, travel, cond = roads
    cond.set_link("R1", 0.0)
    course = travel.onward(cond, "light", "R1", "A", done, "B")

    assert (course.move, course.node, course.seconds) == (move, node_, pytest.approx(seconds))


def test_one_for_whom_no_way_is_left_gets_none(roads):
    """On the ring when the spur to E closes; and on the spur itself, before its middle."""
    _, travel, cond = roads
    cond.set_link("R5", 0.0)

    assert travel.onward(cond, "light", "R2", "B", 0.5, "E") is None
    assert travel.onward(cond, "light", "R5", "C", 0.4, "E") is None
    assert travel.onward(cond, "light", "R5", "C", 0.6, "E").seconds == 2 * MIN


def test_one_on_the_way_to_a_blockage_does_not_drive_through_it():
    """Bound for B by X, which is barred: turn to A and go round. Bound for X: finish."""
    network = ring().with_point("X", "R1", 0.5)
    travel, cond = router(network), Conditions(network)
    cond.set_link("R1", 0.0, at="X")
    round_it = travel.onward(cond, "light", "R1#1", "A", 0.8, "B")

    assert (round_it.move, round_it.node, round_it.seconds) == ("turn", "A", (4 + 30) * MIN)
    assert travel.onward(cond, "light", "R1#1", "A", 0.8, "X").move == "finish"
    assert travel.onward(cond, "light", "R1#1", "X", 0.1, "B").move == "finish"  # coming out of it: never back through


def test_the_same_way_is_timed_again_under_new_conditions(roads):
    """Half of R1 behind, then R2: 5 + 10 minutes; with R2 slowed to half, 5 + 20; with R1 closed behind one, unchanged."""
    _, travel, cond = roads
    assert travel.retime(cond, "light", ("R1", "R2"), 0.5) == (5 * MIN, 15 * MIN)
    cond.set_link("R2", 0.5)
    assert travel.retime(cond, "light", ("R1", "R2"), 0.5) == (5 * MIN, 25 * MIN)
    cond.set_link("R1", 0.0)

    assert travel.retime(cond, "light", ("R1", "R2"), 0.6) == (4 * MIN, 24 * MIN)
    assert travel.retime(cond, "light", ("R1", "R2"), 0.4) == (inf, inf)
    assert travel.retime(cond, "light", ("R1",)) == (inf,)
    assert travel.retime(cond, "light", ()) == ()


# ── speeds on the network ──


def test_night_rain_and_convoy_lengthen_a_trip_by_their_factors():
    """On one road the time is the length over the product."""
    network = Network.build([node("A"), node("B", 50)], [link("R", "A", "B", 55.0, road_class="national")])
    travel, cond = Router(network, shipped()), Conditions(network)
    hour = travel.route(cond, "light", "A", "B").seconds
    cond.set_night(True)
    night = travel.route(cond, "light", "A", "B").seconds
    cond.set_weather("", Weather(rain=20))

    assert hour == 3600
    assert night == pytest.approx(3600 / 0.85, abs=0.001)
    assert travel.route(cond, "light", "A", "B").seconds == pytest.approx(3600 / 0.85 / 0.6, abs=0.001)
    assert travel.route(cond, "light/convoy", "A", "B").seconds == pytest.approx(3600 / 0.85 / 0.6 / 0.85, abs=0.001)
    assert travel.route(cond, "4x4/off_road", "A", "B").seconds == travel.route(cond, "4x4", "A", "B").seconds


def test_weather_slows_only_the_county_it_is_over():
    """Glaze over county 2; county 1 and the rest stay dry."""
    nodes = [node("A"), node("B", 10), node("C", 20)]
    links = [
        link("R1", "A", "B", road_class="county", county="1"),
        link("R2", "B", "C", road_class="county", county="2"),
    ]
    network = Network.build(nodes, links)
    travel, cond = Router(network, shipped()), Conditions(network, weather={"1": Weather()})
    before = [travel.link_time(cond, "light", id_) for id_ in ("R1", "R2")]
    cond.set_weather("2", Weather(ice="glaze"))
    glazed = [travel.link_time(cond, "light", id_) for id_ in ("R1", "R2")]
    cond.set_weather("2", Weather())
    cond.set_weather("", Weather(ice="glaze"))

    assert glazed == [before[0], pytest.approx(before[1] / 0.25, abs=0.003)]
    assert [travel.link_time(cond, "light", id_) for id_ in ("R1", "R2")] == before  # both counties have their own


def test_the_shortest_way_may_not_be_the_quickest():
    """A quick road of 12 km beside a slow one of 10."""
    network = Network.build(
        [node("A"), node("B", 9)],
        [link("S", "A", "B", 10.0, road_class="township"), link("T", "A", "B", 12.0, road_class="national")],
    )
    travel = Router(network, shipped())

    assert (travel.metres("A", "B"), travel.metres("A", "B", by="length")) == (12_000.0, 10_000.0)


def test_parallel_links_are_not_added_up():
    """Two roads between the same towns: the quicker is taken, and of equals the lower id."""
    nodes = [node("A"), node("B", 9)]
    travel_of = {km: Network.build(nodes, [link("S", "A", "B", 10.0), link("T", "A", "B", km)]) for km in (9.5, 10.0)}

    assert {km: router(n).route(Conditions(n), "light", "A", "B").links for km, n in travel_of.items()} == {
        9.5: ("T",),
        10.0: ("S",),
    }


def test_importing_the_roads_does_not_load_the_heavy_packages():
    """SciPy and NetworkX are loaded when first needed: `--help` must stay quick."""
    code = (
        "import sys, sim.roads.network, sim.roads.travel; print([m for m in ('scipy', 'networkx') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)

    assert done.stdout.strip() == "[]"
