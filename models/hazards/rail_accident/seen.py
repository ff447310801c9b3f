"""What people see of a railway accident, and what a duty officer asks for who believes it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from models.hazards.rail_accident.parameters import Parameters
from models.hazards.rail_accident.state import Damage, State
from sim.domain.hazards import Need, Sighting
from sim.streams import Stream


def sighting(p: Parameters, state: State, stream: Stream) -> Sighting:
    """Cars are counted; people caught or lying hurt are guessed."""

    def guessed(number: int) -> float:
        return max(float(min(1, number)), round(number * state.seen * math.exp(p.seen_error / 2 * stream.normal())))

    return Sighting(
        figures={
            "cars": float(state.hit),
            "crushed": float(state.cars[Damage.CRUSHED]),
            "caught": guessed(len(state.cut)),
            "stretchers": guessed(len(state.bear)),
            "unhurt": guessed(len(state.unhurt)),
            "not_searched": state.search,
            "lift": state.lift,
            "line": state.line,
            "debris": state.debris,
            "wagons": float(len(state.goods)),
            "dark": float(state.dark),
        }
    )


def needs(p: Parameters, sight: Sighting) -> Iterator[Need]:
    """As many as find room at what is seen; those who mend the line once it may be mended."""
    seen = sight.figures
    if not seen:
        return
    inside = seen["caught"] or seen["stretchers"] or seen["unhurt"] or seen["not_searched"]
    if seen["caught"]:
        crews = min(p.crews_car * seen["cars"], math.ceil(seen["caught"] / p.crew_serves))
        yield Need("RESCUE_CUT", min(p.crews_most, crews), 1)
    if seen["stretchers"] or seen["caught"]:
        bearers = p.bearers * (seen["stretchers"] + seen["caught"] / 2)
        yield Need("LABOR", min(p.bearers_most, max(p.bearers * 2, bearers)), 1)
    if seen["unhurt"]:
        yield Need("EVAC", min(p.leading_most, seen["unhurt"] / p.lead_within), 3)
    if seen["not_searched"]:
        yield Need("SEARCH", min(p.searchers_most, p.searchers * max(1.0, seen["cars"])), 2)
    if inside and seen["dark"]:
        yield Need("POWER", p.lights, 3)
    if seen["debris"]:
        yield Need("ROAD_CLEAR", p.debris_face, 3)
    if seen["wagons"]:
        yield Need("HAZMAT", p.wagon_pairs, 1)
    if inside:
        yield Need("CORDON", p.cordon, 4)
    if seen["lift"]:
        yield Need("CRANE", p.cranes, 4)
    yield Need("RAIL", p.guard + (0.0 if inside or seen["lift"] else p.line_face), 2)
