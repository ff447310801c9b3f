"""How much quicker the router answers than NetworkX does: run `python benchmarks/roads.py [towns]`.

One run, one process, on a square grid of roads like those of a prefecture. Times are processor seconds; the ratios are what
counts. It asks what a run asks: seconds from everywhere to a place, the way between two places, and both again while roads
close and open.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import count
from math import isqrt
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[1]))

import networkx as nx

from sim.domain.places import Point
from sim.roads.network import Link, Network, Node
from sim.roads.speeds import STATES
from sim.roads.travel import Conditions, Router, Speeds
from sim.streams import Streams

PROFILE = "light"


def grid(towns: int) -> Network:
    """A square grid with links of 2 to 20 km."""
    side, stream = isqrt(towns), Streams(1)("benchmark")
    nodes = [Node(f"N{i:06d}", "town", "", "", Point(i % side / 100, i // side / 100)) for i in range(side * side)]
    pairs = [(i, i + 1) for i in range(side * side) if (i + 1) % side] + [
        (i, i + side) for i in range(side * (side - 1))
    ]
    return Network.build(
        nodes,
        [
            Link(f"R{n:06d}", nodes[a].id, nodes[b].id, "main", round(2000 + 18000 * stream.uniform()), "basin")
            for n, (a, b) in enumerate(pairs)
        ],
    )


def speeds() -> Speeds:
    """36 km/h, whatever happens."""
    flat = dict.fromkeys([f"{kind}.{state}" for kind in ("weather", "foot") for state in STATES], 1.0)
    rest = dict.fromkeys(("night", "convoy", "convoy.from", "rain_heavy.from", "track.4x4", "foot", "foot.night"), 1.0)
    return Speeds(flat | rest | {"road.main": 10.0, "vehicle.light": 1.0})


def cost(work: Callable[[], object], least: float = 0.3) -> float:
    """Processor seconds of one `work`, over as many as fill `least` seconds."""
    begun, done = process_time(), 0
    while (spent := process_time() - begun) < least:
        work()
        done += 1
    return spent / done


def main(towns: int) -> None:
    """Measure and print."""
    network = grid(towns)
    router, cond = Router(network, speeds()), Conditions(network)
    seconds = {id_: router.link_time(cond, PROFILE, id_) for id_ in network.link_ids}
    graph = nx.Graph()
    graph.add_edges_from((way.a, way.b, {"s": seconds[id_]}) for id_, way in network.links.items())
    ids = network.node_ids
    place, far = ids[len(ids) // 2], ids[0]

    route = router.route(cond, PROFILE, far, place)
    assert route is not None
    assert abs(route.seconds - nx.dijkstra_path_length(graph, far, place, "s")) < 1e-6

    def every_place() -> None:
        fresh, open_ = Router(network, speeds()), Conditions(network)
        for id_ in ids[:: max(1, len(ids) // 171)]:
            fresh.times(open_, PROFILE, id_)

    changes = count(1)

    def slow_down() -> None:
        cond.set_link(route.links[len(route.links) // 2], 1 / next(changes))
        router.route(cond, PROFILE, far, place)

    places = len(ids[:: max(1, len(ids) // 171)])
    rows = [
        (
            "all times to a place",
            lambda: nx.single_source_dijkstra_path_length(graph, place, weight="s"),
            [
                (f"never asked before (a new router, {places} places)", every_place, places),
                ("asked before", lambda: router.times(cond, PROFILE, place), 1),
            ],
        ),
        (
            "the way between two",
            lambda: nx.dijkstra_path(graph, far, place, "s"),
            [
                ("asked before", lambda: router.route(cond, PROFILE, far, place), 1),
                ("after a road on it becomes slower than ever", slow_down, 1),
            ],
        ),
    ]
    print(f"{len(network.nodes)} nodes, {len(network.links)} links")
    for question, by_networkx, ours in rows:
        other = cost(by_networkx)
        print(f"{question}: networkx {other * 1e6:,.0f} µs")
        for name, work, answers in ours:
            mine = cost(work) / answers
            print(f"  {name}: {mine * 1e6:,.1f} µs, networkx takes {other / mine:,.1f} times as long")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
