"""The network as a thing: order, places on it, splitting, findings."""

from __future__ import annotations

import msgspec
import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.domain.places import Point
from sim.errors import InvariantBroken, UnknownName
from sim.roads.network import Network, problems
from tests.roads_kit import KM, link, node, ring


def test_order_of_input_rows_is_irrelevant():
    """Rows the other way round give the same network, in the same order."""
    one = ring()
    two = Network.build(reversed(one.nodes.values()), reversed(one.links.values()))

    assert list(one.nodes.items()) == list(two.nodes.items())
    assert list(one.links.items()) == list(two.links.items())
    assert one.node_ids == two.node_ids == ("A", "B", "C", "D", "E")


def test_a_point_beside_a_road_snaps_to_its_foot():
    """A point 300 m beside A-B, 2.5 km from A, lies at a quarter of the link."""
    snap = ring().snap(Point(2.5 * KM, -0.3 * KM))

    assert (snap.link, snap.distance) == ("R1", pytest.approx(300, abs=0.1))
    assert snap.fraction == pytest.approx(0.25, abs=1e-6)


def test_a_point_at_a_crossing_snaps_to_the_lower_link_id():
    """B ends both R1 and R2; the tie goes to R1."""
    snap = ring().snap(Point(10 * KM, 0))

    assert (snap.link, snap.fraction, snap.distance) == ("R1", 1.0, 0.0)


def test_nobody_joins_a_fast_link_between_its_ends():
    """A point on an expressway snaps to the ordinary road beyond."""
    network = Network.build(
        [node("A"), node("B", 10), node("C", 0, 1), node("D", 10, 1)],
        [link("F", "A", "B", fast=True), link("G", "C", "D")],
    )

    assert network.snap(Point(5 * KM, 0.1 * KM)).link == "G"


def test_a_bent_link_is_snapped_by_its_shape():
    """On a road that goes round a corner, the fraction counts along the bend."""
    bend = (Point(0, 0), Point(0, 10 * KM), Point(10 * KM, 10 * KM))
    network = Network.build([node("A"), node("C", 10, 10)], [link("R", "A", "C", 20.0, shape=bend)])

    assert network.snap(Point(0.0, 10 * KM)).fraction == pytest.approx(0.5, abs=1e-4)
    assert network.snap(Point(5 * KM, 10 * KM)).fraction == pytest.approx(0.75, abs=1e-4)


def test_the_nearest_node_is_the_nearest_by_great_circle():
    """A point between D and C, nearer to D."""
    id_, metres = ring().nearest_node(Point(1 * KM, 9 * KM))

    assert id_ == "D"
    assert metres == pytest.approx(Point(1 * KM, 9 * KM).distance(Point(0, 10 * KM)), rel=1e-5)


def test_a_site_is_no_nearest_node():
    """An incident is not a place by which another one is found."""
    network = ring().with_point("X", "R1", 0.5)

    assert network.nearest_node(Point(5 * KM, 0))[0] in ("A", "B")


def test_a_site_splits_its_link_in_two():
    """Children carry the parent's id, road and terrain; the site lies where it should."""
    network = ring().with_point("X", "R1", 0.25)
    one, two = network.links["R1#1"], network.links["R1#2"]

    assert "R1" not in network.links
    assert (one.a, one.b, two.a, two.b) == ("A", "X", "X", "B")
    assert (one.length, two.length) == (2500.0, 7500.0)
    assert one.parent == two.parent == "R1"
    assert network.parts("R1") == ("R1#1", "R1#2")
    assert network.nodes["X"].point.lon == pytest.approx(2.5 * KM, abs=1e-6)
    assert one.shape[-1] == two.shape[0] == network.nodes["X"].point


@given(length=st.floats(0.5, 1e6, allow_nan=False), places=st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_lengths_of_parts_sum_exactly(length, places):
    """However often a link is split, a part and its sibling give their parent's length to the last bit."""
    network = Network.build([node("A"), node("B", 1)], [msgspec.structs.replace(link("R", "A", "B"), length=length)])
    for n, fraction in enumerate(places):
        before = network
        network = network.with_point(f"X{n}", "R", fraction)
        gone = (set(before.links) - set(network.links)).pop()

        assert network.links[f"{gone}#1"].length + network.links[f"{gone}#2"].length == before.links[gone].length
        assert min(part.length for part in network.links.values()) > 0
    ids = network.parts("R")
    assert [network.links[id_].b for id_ in ids[:-1]] == [network.links[id_].a for id_ in ids[1:]]
    assert network.inner_nodes("R") == tuple(network.links[id_].b for id_ in ids[:-1])
    assert (network.links[ids[0]].a, network.links[ids[-1]].b) == ("A", "B")


def test_a_split_link_is_split_again_where_it_was_meant():
    """A second site at three quarters of the original lands in the second part, two thirds along."""
    network = ring().with_point("X", "R1", 0.25).with_point("Y", "R1", 0.75)

    assert network.parts("R1") == ("R1#1", "R1#2#1", "R1#2#2")
    assert network.parts("R1#2") == ("R1#2#1", "R1#2#2")
    assert [network.links[id_].length for id_ in network.parts("R1")] == [2500.0, 5000.0, 2500.0]
    assert {network.links[id_].parent for id_ in network.parts("R1")} == {"R1"}


def test_many_sites_at_once_are_as_one_after_the_other():
    """`with_points` in any order equals `with_point` in ascending order of ids."""
    places = {"Z": ("R1", 0.9), "X": ("R1", 0.2), "Y": ("R1", 0.5), "W": ("R5", 0.5)}
    one = ring().with_points(places)
    two = ring()
    for id_ in sorted(places):
        two = two.with_point(id_, *places[id_])

    assert (one.nodes, one.links) == (two.nodes, two.links)
    assert ring().with_points(dict(reversed(places.items()))).links == one.links


def test_an_unknown_link_is_refused_with_the_nearest_name():
    """`parts` and whatever rests on it name what would be right."""
    with pytest.raises(UnknownName, match="no link 'R11'; did you mean 'R1'"):
        ring().parts("R11")
    with pytest.raises(UnknownName):
        ring().with_point("X", "R9", 0.5)


def test_the_graph_keeps_every_link():
    """NetworkX sees parallel links too, with their lengths."""
    whole = ring()
    graph = Network.build(whole.nodes.values(), [*whole.links.values(), link("R6", "A", "B", 12.0)]).graph()

    assert graph.number_of_edges() == 6
    assert sorted(graph["A"]["B"]) == ["R1", "R6"]
    assert nx.shortest_path_length(graph, "A", "E", "length") == 25_000


def test_a_sound_network_has_no_problems():
    """Nothing is found in the ring."""
    network = ring()

    assert problems(network.nodes.values(), network.links.values()) == []
    assert network.is_connected


@pytest.mark.parametrize(
    ("nodes", "links", "said"),
    [
        ([node("A"), node("A", 1), node("B", 10)], [link("R", "A", "B")], "A: the node id is given 2 times"),
        ([node("A"), node("B", 10)], [link("R", "A", "B")] * 2, "R: the link id is given 2 times"),
        ([node("TA"), node("TB", 10)], [link("R", "TA", "TBB")], "R: its end 'TBB' is no node; did you mean 'TB'?"),
        ([node("A"), node("B", 10)], [link("R", "A", "B", 0.0)], "R: its length is 0 m; a link has a positive length"),
        ([node("A"), node("B", 10)], [link("R", "A", "B"), link("S", "A", "A")], "S: both its ends are 'A'"),
        ([node("A"), node("B", 10)], [link("R#1", "A", "B")], "R#1: '#' in a link id is kept for the parts of a link"),
    ],
)
def test_a_fault_is_found_and_no_network_built_of_it(nodes, links, said):
    """Each kind of fault is named, and `build` refuses it."""
    assert said in problems(nodes, links)
    with pytest.raises(InvariantBroken):
        Network.build(nodes, links)


def test_a_road_shorter_than_the_great_circle_is_found():
    """No road is shorter than the straight line."""
    found = problems([node("A"), node("B", 10)], [link("R", "A", "B", 9.0)])

    assert found == ["R: 9000 m long, but its ends lie 10000 m apart (great circle)"]


def test_a_disconnected_part_is_found():
    """Two towns without a road to the rest are reported as one finding, with their names."""
    network = ring()
    nodes, links = (
        [*network.nodes.values(), node("P", 50), node("Q", 51)],
        [*network.links.values(), link("RX", "P", "Q")],
    )

    assert problems(nodes, links) == ["P: cut off from the rest even with every link open (2 nodes: P, Q)"]
    assert Network.build(nodes, links).components() == (("A", "B", "C", "D", "E"), ("P", "Q"))
