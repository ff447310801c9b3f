"""What people see of a collapse, and what a duty officer asks for who believes it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from models.hazards.collapse import people as crew
from models.hazards.collapse.parameters import Parameters
from models.hazards.collapse.state import State
from sim.domain.hazards import Need, Sighting
from sim.streams import Stream


def sighting(p: Parameters, state: State, stream: Stream) -> Sighting:
    """Sites and the size of the heaps are seen; how many lie deep is guessed."""
    deep = len(state.deep) * math.exp(p.seen_error * stream.normal())
    return Sighting(
        figures={
            "sites": float(state.sites),
            "faces": float(state.faces),
            "rubble": (state.rubble - state.cleared) * state.misjudged,
            "deep": max(float(min(1, len(state.deep))), round(deep)),
            "missing_dead": float(len(state.bodies)),
            "unsearched": float(state.sites - state.sites_searched),
            "unshored": float(len(state.unshored)),
            "dark": float(state.dark),
        }
    )


def needs(p: Parameters, sight: Sighting) -> Iterator[Need]:
    """Crews that free the believed number in time, as many as find room; whoever is under it is looked for until found."""
    seen, trapped = sight.figures, sight.trapped
    if not seen:
        return
    sites, unsearched = seen["sites"], seen["unsearched"]
    if trapped or unsearched:
        together = trapped * crew.mean_toil(p) / (p.hands_most * p.effective * p.free_within)
        crews = min(seen["faces"], max(sites, math.ceil(together)))
        shoring = math.ceil(min(sites, seen["unshored"]) / p.sites_per_team) if trapped else 0
        yield Need("USAR", min(p.crews_most, crews + shoring), 1)
        yield Need("CORDON", min(p.cordon_most, p.cordon * sites), 3)
    if unsearched:
        yield Need("SEARCH", min(p.search_most, p.search_team * unsearched), 1)
    if trapped or seen["missing_dead"]:
        yield Need("LABOR", min(p.labor_most, p.hands_most * min(seen["faces"], max(1.0, trapped))), 2)
        if seen["rubble"] > 0.0:
            yield Need("ROAD_CLEAR", min(p.machines_most, sites * p.machines_careful), 3)
    if trapped:
        yield Need("STRUCT", min(p.engineers_most, math.ceil(sites / p.sites_per_engineer)), 2)
        if seen["dark"]:
            yield Need("POWER", min(p.power_most, p.lights * sites), 3)
    if seen["deep"]:
        yield Need("CRANE", min(p.cranes_most, math.ceil(sites / p.sites_per_crane)), 2)
        yield Need("FIRST_AID", p.infusion, 2)
