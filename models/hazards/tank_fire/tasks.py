"""What must be done at a tank fire, in truth; what can be seen of it, and what a duty officer asks for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from models.hazards.tank_fire import people as near
from models.hazards.tank_fire import tanks
from models.hazards.tank_fire.parameters import Parameters
from models.hazards.tank_fire.state import Kind, State
from sim.domain.hazards import Demand, DemandKind, Need
from sim.streams import Stream

WORK, RATE, HOLD, SERVICE = DemandKind.WORK, DemandKind.RATE, DemandKind.HOLD, DemandKind.SERVICE
_HOUR = 3600.0


def hot(p: Parameters, state: State) -> Iterator[Demand]:
    """What is done within reach of a burst; nobody does it once crews are withdrawn."""
    for k, vessel in enumerate(state.vessels):
        if tanks.under_heat(p, state, k):
            need = tanks.wall_water(p, vessel)
            face = p.cool_face * need
            yield Demand(f"cool_{vessel.id}", RATE, "FIRE_WATER", need, face, p.cool_set_up, 1, wears=False)
    for fire in state.fires:
        if fire.kind is Kind.OUTSIDE:
            continue
        name = state.vessels[fire.vessel].id
        wanted = tanks.agent_wanted(p, fire)
        if wanted > 0.0 and p.foam_works:
            need = wanted / p.foam_crew
            face = math.ceil(p.foam_face * need)
            yield Demand(f"foam_{name}", RATE, "FOAM", need, face, p.foam_set_up, 2, wears=False)
        elif wanted > 0.0:
            yield Demand(
                f"quench_{name}", RATE, "FIRE_WATER", wanted, p.foam_face * wanted, p.cool_set_up, 2, wears=False
            )
        if fire.isolate < math.inf:
            yield Demand(f"isolate_{name}", WORK, "HAZMAT", fire.isolate, p.isolate_face, p.isolate_set_up, 1)
        if not fire.lit and p.cloud_share > 0.0:
            need = tanks.curtain_wanted(p, fire)
            yield Demand(f"curtain_{name}", RATE, "FIRE_WATER", need, need, p.cool_set_up, 2, wears=False)
    if state.down:
        waiting = float(len(state.down))  # a queue, not an amount of work: some die before their turn
        yield Demand("bring_out", SERVICE, "USAR", waiting, min(p.bring_out_face, waiting), priority=1)


def demands(p: Parameters, state: State) -> list[Demand]:
    """All of it, most urgent first."""
    found = [] if state.withdrawn else list(hot(p, state))
    if state.buried:
        work = math.fsum(lying.left for lying in state.buried)
        found.append(Demand("dig_out", WORK, "USAR", work, min(p.dig_out_face, float(len(state.buried))), priority=2))
    in_danger = bool(state.fires or state.withdrawn)
    if in_danger and (to_move := near.count(g for g in state.groups if g.resident)):
        left = to_move - len(_first(state)) + state.evac_left
        found.append(Demand("evacuation", SERVICE, "EVAC", left, p.evac_face, priority=2))
    if in_danger:
        found.append(Demand("cordon", HOLD, "CORDON", points(p, state.danger), priority=4, wears=False))
        found.append(Demand("air", HOLD, "ENV_MON", 1.0, priority=5, wears=False))
    if diking(p, state):
        found.append(Demand("dike", WORK, "LABOR", state.dike, p.dike_face, priority=4))
    if not in_danger:
        if state.search < math.inf:
            found.append(Demand("search", WORK, "USAR", state.search, p.search_face, priority=3))
        if state.secure < math.inf:
            found.append(Demand("secure", WORK, "HAZMAT", state.secure, p.secure_face, priority=3))
    return sorted(found, key=_urgency)


def points(p: Parameters, radius: float) -> float:
    """Points of a cordon of that radius."""
    return min(p.points_most, max(p.points_least, math.ceil(math.tau * radius / p.point_every)))


def diking(p: Parameters, state: State) -> bool:
    """Whether run-off must be dammed: it carries what pollutes, and there will be more of it."""
    return state.dike < math.inf and p.pollutes > 0.0 and bool(state.fires) and not state.escaped


def seen(p: Parameters, state: State, stream: Stream) -> dict[str, float]:
    """What somebody on the spot makes out: sizes by eye, the state of a vessel by its signs."""
    eye = math.exp(p.seen_error * stream.normal())
    walls = math.fsum(
        tanks.wall_water(p, vessel) for k, vessel in enumerate(state.vessels) if tanks.under_heat(p, state, k)
    )
    agent = math.fsum(tanks.agent_wanted(p, fire) for fire in state.fires)
    unlit = [fire for fire in state.fires if not fire.lit and p.cloud_share > 0.0]
    worst = max((vessel.used for vessel in state.vessels if not vessel.gone), default=0.0)
    open_work = bool(state.fires or state.withdrawn)
    return {
        "walls": walls * eye,
        "foam": agent * eye if p.foam_works else 0.0,
        "quench": agent * eye if p.water_works else 0.0,
        "curtain": math.fsum(tanks.curtain_wanted(p, fire) for fire in unlit),
        "leaks": float(sum(fire.isolate < math.inf for fire in state.fires)),
        "danger": state.danger if open_work else 0.0,
        "to_move": float(near.count(g for g in state.groups if g.resident)) if open_work else 0.0,
        "down": float(len(state.down)),
        "buried": float(len(state.buried)),
        "to_search": state.search if state.search < math.inf else 0.0,
        "to_secure": state.secure if state.secure < math.inf else 0.0,
        "dike": float(diking(p, state)),
        "at_stake": math.fsum(
            p.density * p.filled * vessel.volume
            for k, vessel in enumerate(state.vessels)
            if vessel.gone or tanks.under_heat(p, state, k) or any(fire.vessel == k for fire in state.fires)
        ),
        "heated": min(1.0, worst * state.misjudged),
        "withdrawn": float(state.withdrawn),
    }


def needs(p: Parameters, figures: Mapping[str, float]) -> Iterator[Need]:
    """Water for walls, curtains and goods, foam crews, pairs for leaks, crews for people, ways out, a cordon."""
    water = p.reserve * (figures["walls"] + figures["quench"] + figures["curtain"])
    if water > 0.0:
        yield Need("FIRE_WATER", min(p.water_most, water), 1)
    if figures["foam"] > 0.0:
        yield Need("FOAM", math.ceil(p.reserve * figures["foam"] / p.foam_crew), 1)
    if figures["leaks"] > 0.0 or figures["to_secure"] > 0.0:
        securing = min(p.secure_face, math.ceil(figures["to_secure"] / p.secure_within))
        yield Need("HAZMAT", max(p.pairs_least, securing, p.pairs_per_leak * figures["leaks"]), 1)
    if caught := figures["down"] + figures["buried"]:
        yield Need("USAR", min(p.dig_out_face, math.ceil(caught / p.crew_serves)), 1)
    elif figures["to_search"] > 0.0:
        yield Need("USAR", math.ceil(min(p.search_face, figures["to_search"] / _HOUR)), 3)
    if figures["to_move"] > 0.0:
        yield Need("EVAC", min(p.evac_face, figures["to_move"] / p.evac_within), 2)
    if figures["danger"] > 0.0:
        yield Need("CORDON", points(p, figures["danger"]), 3)
        yield Need("ENV_MON", 1.0, 4)
    if figures["dike"] > 0.0:
        yield Need("LABOR", p.dike_face, 4)


def _first(state: State) -> tuple[object, ...]:
    return next((group.people for group in state.groups if group.resident), ())


def _urgency(demand: Demand) -> tuple[int, str]:
    return demand.priority, demand.id
