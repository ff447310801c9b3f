"""20,000 ordinary small incidents over the city: the product beside the leanest bare SimPy loop, interleaved in one run.

Both handle the same incidents (times, places, work) with the same forces and travel times, and send the nearest element that has
the one capability needed. The bare loop keeps no journal, draws nothing, reports to nobody: one generator process an incident,
a NumPy matrix of travel times, a masked argmin, four time-outs. The product runs its whole engine – reports, desks, the
strategy plug-in, sorties, hazards, journal events folded into counts as they come.

    python benchmarks/small_incidents.py [--incidents 20000] [--rounds 3] [--profile]
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import statistics
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import simpy

from sim.case import Case, IncidentSpec
from sim.domain.events import Event
from sim.domain.hazards import Scene
from sim.domain.places import Weather
from sim.engine.simulation import Simulation
from sim.scenario.compile import load_case
from sim.streams import Streams

TEMPLATE = Path(__file__).resolve().parent / "small_incident.yaml"
SPACING = 180.0  # mean seconds between incidents: about 480 a day


def year(incidents: int) -> Case:
    """The template's one incident, `incidents` times, at random times and townships."""
    case = load_case(TEMPLATE)
    streams, spec = Streams(11), case.incidents[0]
    model, towns = case.hazards[spec.id], sorted(case.city.towns.values(), key=lambda town: town.code)
    sites = []
    for town in towns:
        node = case.city.network.nodes[town.node]
        site = replace_site(spec, node.id, node.point, town.county, town.code)
        sites.append(site)
    specs, t = [], 0.0
    for i in range(incidents):
        t += SPACING * streams("gap", str(i)).exponential()
        site = sites[int(streams.uniform("town", str(i)) * len(sites))]
        specs.append(
            IncidentSpec(
                f"N{i:05d}", spec.nature, round(t, 3), site, spec.cause, spec.scope, "", "", spec.scale, spec.discovery
            )
        )
    return replace(case, incidents=tuple(specs), hazards={s.id: model for s in specs}, horizon=t + 10 * 86400.0)


def replace_site(spec: IncidentSpec, node: str, point: Any, county: str, town: str) -> Any:
    """The template's site moved to a node."""
    import msgspec

    return msgspec.structs.replace(
        spec.site, node=node, point=point, county=county, town=town, last_mile=0.0, access="road", link=""
    )


def product(case: Case) -> tuple[float, Counter[str]]:
    """CPU seconds of the engine, and the journal's events counted by kind."""
    counts: Counter[str] = Counter()

    def fold(event: Event) -> None:
        counts[type(event).__name__] += 1

    simulation = Simulation(case, fold)
    begin = time.process_time()
    simulation.run()
    return time.process_time() - begin, counts


def bare(case: Case, capability: str, work: float) -> tuple[float, int]:
    """CPU seconds of a bare SimPy loop over the same incidents, and how many it served."""
    simulation = Simulation(replace(case, incidents=()), lambda _: None)
    simulation.run()  # nothing happens; it sets weather and daylight, on which the travel times depend
    rows = [
        i
        for i, h in enumerate(case.city.holdings)
        for _ in h.elements
        if simulation.fleet.board.supply(capability)[i] > 0.0
    ]
    eta = {s.site.node: simulation.fleet.eta(s.site)[rows] for s in case.incidents}
    idle = np.ones(len(rows), dtype=bool)
    served, env = 0, simpy.Environment()
    never = np.inf

    def one(spec: IncidentSpec) -> Any:
        nonlocal served
        yield env.timeout(120.0)
        times = np.where(idle, eta[spec.site.node], never)
        unit = int(times.argmin())
        travel = float(times[unit])
        idle[unit] = False
        yield env.timeout(travel)
        yield env.timeout(work)
        served += 1
        yield env.timeout(travel)
        idle[unit] = True

    def source() -> Any:
        for spec in case.incidents:
            yield env.timeout(spec.occurs_at - env.now)
            env.process(one(spec))

    begin = time.process_time()
    env.process(source())
    env.run()
    return time.process_time() - begin, served


def main() -> None:
    """Run both in turn and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--incidents", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--profile", action="store_true", help="print where the product's time goes")
    wanted = parser.parse_args()
    case = year(wanted.incidents)
    capability = first_need(case)
    ratios = []
    for i in range(wanted.rounds):
        lean, served = bare(case, capability, 720.0)
        full, counts = product(case)
        ratios.append(full / lean)
        print(
            f"round {i + 1}: bare {lean:.3f} s ({lean / wanted.incidents * 1e6:.1f} µs an incident, {served} served), "
            f"product {full:.3f} s ({full / wanted.incidents * 1e6:.1f} µs, {counts.total()} events, "
            f"{counts['Arrived']} arrivals, {counts['IncidentClosed']} closed): {full / lean:.1f} ×"
        )
    print(f"product / bare, median of {wanted.rounds}: {statistics.median(ratios):.1f} ×")
    if wanted.profile:
        profile = cProfile.Profile()
        profile.runcall(product, case)
        pstats.Stats(profile).sort_stats("tottime").print_stats(30)


def first_need(case: Case) -> str:
    """The capability that the incidents need."""
    spec = case.incidents[0]
    model = case.hazards[spec.id]
    scene = Scene(spec.id, spec.cause, spec.scope, spec.site, case.calendar, 0.0, Weather())
    state, _ = model.start(scene, Streams(1)("hazard"))
    return model.demands(state)[0].capability


if __name__ == "__main__":
    main()
