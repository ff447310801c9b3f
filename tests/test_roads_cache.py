"""What is remembered equals what would be computed afresh, whatever happens to the roads and in whatever order."""

from __future__ import annotations

from math import inf

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.domain.places import Weather
from sim.roads.network import Network
from sim.roads.travel import Conditions, Router
from tests.roads_kit import link, minute_a_kilometre, node, shipped

SPEEDS = shipped()
ROUND = minute_a_kilometre()  # times are whole minutes, so that ties are common
CLASSES = ("national", "county", "township")
PROFILES = ("light", "heavy/convoy", "foot")
WEATHERS = (Weather(), Weather(rain=20), Weather(ice="glaze"), Weather(fog=True))


@st.composite
def networks(draw, classes=CLASSES):
    """Up to eight towns, any links between them (parallel ones too), of round lengths, some sites."""
    count = draw(st.integers(2, 8))
    ids = [f"N{i}" for i in range(count)]
    pairs = st.tuples(st.sampled_from(ids), st.sampled_from(ids)).filter(lambda pair: pair[0] != pair[1])
    kinds = st.tuples(pairs, st.integers(1, 4), st.sampled_from(classes), st.sampled_from("12"))
    rows = draw(st.lists(kinds, min_size=1, max_size=16))
    links = [
        link(f"R{i:02d}", a, b, 5.0 * km, road_class=road_class, county=county)
        for i, ((a, b), km, road_class, county) in enumerate(rows)
    ]
    sites = draw(st.lists(st.tuples(st.sampled_from(range(len(links))), st.floats(0.1, 0.9)), max_size=3))
    network = Network.build([node(id_, i) for i, id_ in enumerate(ids)], links)
    return network.with_points({f"S{n}": (links[i].id, share) for n, (i, share) in enumerate(sites)})


@st.composite
def stories(draw, classes=CLASSES):
    """A network and what happens on it, change by change."""
    network = draw(networks(classes))
    whole = sorted({id_.partition("#")[0] for id_ in network.links})
    link_changes = st.tuples(
        st.just("link"),
        st.sampled_from([*whole, *network.link_ids]),
        st.sampled_from((0.0, 0.25, 0.5, 1.0)),
        st.booleans(),
    )
    weather_changes = st.tuples(st.just("weather"), st.sampled_from(("", "1", "2")), st.sampled_from(WEATHERS))
    changes = st.one_of(link_changes, link_changes, weather_changes, st.tuples(st.just("night"), st.booleans()))
    return network, draw(st.lists(changes, max_size=10))


def apply(cond: Conditions, network: Network, change) -> None:
    """One change of a story; a closure lies at the first site of its link where it is to lie at a site."""
    match change:
        case ("link", id_, factor, at_site):
            sites = network.inner_nodes(id_)
            cond.set_link(id_, factor, at=sites[0] if at_site and sites else "")
        case ("weather", county, weather):
            cond.set_weather(county, weather)
        case ("night", night):
            cond.set_night(night)


def by_networkx(network: Network, cond: Conditions, profile: str, dest: str) -> list[float]:
    """Seconds to a node by NetworkX, on a directed graph without what cannot be driven."""
    fresh = Router(network, SPEEDS)
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(network.node_ids)
    for id_, way in network.links.items():
        seconds = fresh.link_time(cond, profile, id_)
        for tail, head in ((way.a, way.b), (way.b, way.a)):
            if seconds < inf and (head == dest or head not in cond.barred()):
                graph.add_edge(head, tail, weight=round(seconds * 1000))
    found = nx.single_source_dijkstra_path_length(graph, dest)
    return [found[id_] / 1000 if id_ in found else inf for id_ in network.node_ids]


@settings(max_examples=60, deadline=None)
@given(story=stories())
def test_remembered_times_equal_networkx_after_any_changes(story):
    """After every change, times to every node equal those of NetworkX on the roads as they are then, to the last bit."""
    network, changes = story
    travel, cond = Router(network, SPEEDS), Conditions(network)
    for n, change in enumerate([("night", False), *changes]):
        apply(cond, network, change)
        profile = PROFILES[n % len(PROFILES)]
        for dest in network.node_ids:
            assert travel.times(cond, profile, dest).tolist() == by_networkx(network, cond, profile, dest)


@settings(max_examples=150, deadline=None)
@given(story=stories(classes=("main",)))
def test_remembered_routes_equal_those_of_a_router_that_remembers_nothing(story):
    """Routes too, link for link, ties included; and their legs are the times of their links."""
    network, changes = story
    travel, cond = Router(network, ROUND), Conditions(network)
    for change in [("night", False), *changes]:
        apply(cond, network, change)
        fresh = Router(network, ROUND)
        for dest in network.node_ids:
            for origin in network.node_ids:
                route = travel.route(cond, "light", origin, dest)
                assert route == fresh.route(cond, "light", origin, dest)
                if route is not None:
                    assert route.legs == travel.retime(cond, "light", route.links)
                    assert cond.obstacle(route.nodes, route.links) == len(route.links)


@settings(max_examples=40, deadline=None)
@given(story=stories())
def test_two_views_on_one_router_do_not_disturb_each_other(story):
    """Truth and knowledge share what is equal and nothing else; knowledge that takes all over becomes truth."""
    network, changes = story
    travel, truth, known = Router(network, SPEEDS), Conditions(network), Conditions(network)
    for n, change in enumerate(changes):
        apply(truth, network, change)
        if n % 2:
            apply(known, network, change)
        for view in (truth, known):
            for dest in network.node_ids:
                assert np.array_equal(
                    travel.times(view, "light", dest), Router(network, SPEEDS).times(view, "light", dest)
                )
    for id_ in network.link_ids:
        known.take(id_.partition("#")[0], truth)

    assert (known.factors(), known.barred()) == (truth.factors(), truth.barred())


@settings(max_examples=60, deadline=None)
@given(story=stories(), data=st.data())
def test_closing_or_slowing_never_shortens_a_trip(story, data):
    """In any state of the roads, one more closure or slowing makes no time shorter, anywhere."""
    network, changes = story
    travel, cond = Router(network, SPEEDS), Conditions(network)
    for change in changes:
        apply(cond, network, change)
    id_ = data.draw(st.sampled_from(network.link_ids))
    worse = cond.factor(id_) * data.draw(st.sampled_from((0.0, 0.1, 0.9)))
    before = [travel.times(cond, "light", dest) for dest in network.node_ids]
    cond.set_link(id_, worse)

    for dest, was in zip(network.node_ids, before, strict=True):
        assert (travel.times(cond, "light", dest) >= was).all()


@settings(max_examples=60, deadline=None)
@given(story=stories())
def test_the_roads_are_driven_both_ways_alike(story):
    """A trip and the trip back take equally long, except between places where one starts at a blockage."""
    network, changes = story
    travel, cond = Router(network, SPEEDS), Conditions(network)
    for change in changes:
        apply(cond, network, change)
    there = np.array([travel.times(cond, "light", dest) for dest in network.node_ids])
    free = [i for i, id_ in enumerate(network.node_ids) if id_ not in cond.barred()]

    assert np.array_equal(there[np.ix_(free, free)], there[np.ix_(free, free)].T)


@settings(max_examples=60, deadline=None)
@given(network=networks(), share=st.floats(0.0, 1.0), data=st.data())
def test_a_site_on_a_link_moves_nothing_else(network, share, data):
    """Splitting a link leaves all times between the old nodes as they were, but for the rounding of one part to 1 ms."""
    split = network.with_point("NEW", data.draw(st.sampled_from(network.link_ids)), share)
    old, new = Router(network, SPEEDS), Router(split, SPEEDS)
    at = [split.node_index[id_] for id_ in network.node_ids]

    for dest in network.node_ids:
        was = old.times(Conditions(network), "light", dest)
        now = new.times(Conditions(split), "light", dest)[at]
        assert np.allclose(was, now, rtol=0, atol=0.0011)


@settings(max_examples=40, deadline=None)
@given(network=networks(), share=st.floats(0.0, 1.0), data=st.data())
def test_nobody_does_better_in_the_middle_of_a_link_than_by_the_better_end(network, share, data):
    """`onward` is the lesser of finishing and turning, and keeps to what the two ends promise."""
    travel, cond = Router(network, SPEEDS), Conditions(network)
    id_, dest = data.draw(st.sampled_from(network.link_ids)), data.draw(st.sampled_from(network.node_ids))
    way, index = network.links[id_], network.node_index
    times, whole = travel.times(cond, "light", dest), travel.link_time(cond, "light", id_)
    course = travel.onward(cond, "light", id_, way.a, share, dest)
    best = min(share * whole + times[index[way.a]], (1 - share) * whole + times[index[way.b]])

    assert (course is None) == (best == inf)
    if course is not None:
        assert abs(course.seconds - best) <= 0.0011
        assert course.route.nodes[-1] == dest


@settings(max_examples=30, deadline=None)
@given(network=networks(), order=st.randoms())
def test_order_of_input_rows_changes_no_time_and_no_way(network, order):
    """Shuffled rows give the same arrays and the same routes."""
    nodes, links = list(network.nodes.values()), list(network.links.values())
    order.shuffle(nodes)
    order.shuffle(links)
    again = Network.build(nodes, links)
    one, two = Router(network, SPEEDS), Router(again, SPEEDS)

    for dest in network.node_ids:
        assert (
            one.times(Conditions(network), "light", dest).tolist()
            == two.times(Conditions(again), "light", dest).tolist()
        )
        for origin in network.node_ids:
            pair = ("light", origin, dest)
            assert one.route(Conditions(network), *pair) == two.route(Conditions(again), *pair)


def test_old_states_are_forgotten_in_the_end():
    """A router remembers a bounded number of states, the latest."""
    network = Network.build([node("A"), node("B", 10)], [link("R", "A", "B", road_class="county")])
    travel, cond = Router(network, SPEEDS), Conditions(network)
    for n in range(200):
        cond.set_link("R", 1 - n / 1000)
        travel.times(cond, "light", "A")

    assert len(travel._known) < 100
