"""Work at a roof fall: one heading with one front, hands that haul and prop, a way round, a borehole, stretchers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.roof_fall.parameters import Parameters
from models.hazards.roof_fall.state import Carried, State
from models.physics import underground as ug
from sim.domain.hazards import Demand, DemandKind, Need, Sighting

WORK, RATE, HOLD, SERVICE = DemandKind.WORK, DemandKind.RATE, DemandKind.HOLD, DemandKind.SERVICE
Due = tuple[float, str, int]
INF = math.inf


# ── how fast ──


def squads(p: Parameters, effort: Mapping[str, float], task: str, face: float = 1.0) -> float:
    """Squads that count at a place: none without one standing by, less without a guide, no more than find room."""
    return ug.inside(dict(effort), p.unguided) * min(face, effort.get(task, 0.0))


def advance_rate(p: Parameters, effort: Mapping[str, float]) -> float:
    """Heading (m/s) of a squad: as fast as the rock it cuts is hauled away behind it."""
    hauled = min(1.0, effort.get("hauling", 0.0) / p.haulers)
    return p.heading_slow + (p.heading_fast - p.heading_slow) * hauled


def risk(p: Parameters, state: State, effort: Mapping[str, float]) -> float:
    """Rate at which the roof comes down again while somebody works under it: propped or not."""
    if not state.falls or not _cutting(state) or squads(p, effort, "heading") <= 0.0:
        return 0.0
    propped = min(1.0, effort.get("propping", 0.0) / p.proppers)
    return (p.fall_rate + (p.fall_rate_propped - p.fall_rate) * propped) * state.wet


def _cutting(state: State) -> bool:
    return bool(state.under) or state.front < state.goal


def _at_somebody(state: State) -> bool:
    """Whether the heading stands at somebody who is being freed."""
    return bool(state.under) and state.front >= state.under[0].at


# ── how it goes on ──


def later(p: Parameters, state: State, dt: float, effort: Mapping[str, float]) -> State:
    """All works `dt` seconds later."""
    heading = squads(p, effort, "heading")
    front, under = state.front, state.under
    if _at_somebody(state):
        first = under[0]
        under = (replace(first, left=kernels.work_left(first.left, heading, dt)), *under[1:])
    elif _cutting(state):
        stop = under[0].at if under else state.goal
        front = min(stop, front + heading * advance_rate(p, effort) * dt)
    return replace(
        state,
        front=front,
        under=under,
        bore=kernels.work_left(state.bore, effort.get("borehole", 0.0), dt) if state.bore < INF else INF,
        bypass=kernels.work_left(state.bypass, squads(p, effort, "bypass") * p.bypass_rate, dt)
        if state.bypass < INF
        else INF,
        carried=_carried(state, squads(p, effort, "carry", p.carry_face), dt),
    )


def _carried(state: State, crews: float, dt: float) -> tuple[Carried, ...]:
    return tuple(
        replace(who, left=kernels.work_left(who.left, min(1.0, crews - n), dt)) if crews > n else who
        for n, who in enumerate(state.carried)
    )


def due(p: Parameters, state: State, effort: Mapping[str, float]) -> Iterator[Due]:
    """When each work is done or comes to somebody."""
    heading = squads(p, effort, "heading")
    if _at_somebody(state):
        yield kernels.work_done_in(state.under[0].left, heading), "freed", 0
    elif state.under:
        yield kernels.work_done_in(state.under[0].at - state.front, heading * advance_rate(p, effort)), "reached", 0
    elif state.behind or state.bodies:
        yield kernels.work_done_in(state.length - state.front, heading * advance_rate(p, effort)), "through", 0
    if state.bypass < INF:
        rate = squads(p, effort, "bypass") * p.bypass_rate
        yield kernels.work_done_in(state.bypass, rate), "bypass_through", 0
    if state.bore < INF:
        yield kernels.work_done_in(state.bore, effort.get("borehole", 0.0)), "borehole_through", 0
    crews = squads(p, effort, "carry", p.carry_face)
    for n, who in enumerate(state.carried):
        yield kernels.work_done_in(who.left, min(1.0, max(0.0, crews - n))), "carried_out", n


# ── what is asked for ──


def demands(p: Parameters, state: State) -> Iterator[Demand]:
    """A squad standing by, guides, one squad at the front, hands behind it, a way round, a rig, stretchers."""
    yield Demand("standby", HOLD, "MINE_RESCUE", p.standby, priority=1, wears=False)
    yield Demand("guides", HOLD, "GUIDE", p.guides, priority=2)
    if _cutting(state):
        # whom workmates are digging out is not counted: that work goes without effort
        free = math.fsum(who.left for who in state.under if who.mates == INF)
        cut = (state.reach - state.front) / p.heading_fast + free
        yield Demand("heading", WORK, "MINE_RESCUE", cut, 1.0, p.heading_set_up, 2)
        yield Demand("hauling", RATE, "LABOR", p.haulers, p.haulers, p.heading_set_up, 3)
        yield Demand("propping", RATE, "LABOR", p.proppers, p.proppers, p.heading_set_up, 2)
    if state.bypass < INF:
        yield Demand("bypass", WORK, "MINE_RESCUE", state.bypass / p.bypass_rate, 1.0, p.heading_set_up, 4)
    if state.bore < INF and state.behind:
        yield Demand("borehole", WORK, "DRILL", state.bore, 1.0, p.bore_set_up, 3, wears=False)
    if state.carried:
        number = float(len(state.carried))
        yield Demand("carry", SERVICE, "MINE_RESCUE", number, min(p.carry_face, number), priority=2)


def needs(p: Parameters, sighting: Sighting) -> Sequence[Need]:
    """Squads for one front (two where people are behind) and as many standing by, hands, a rig where air is short."""
    seen = sighting.figures
    if not seen or not (seen["under"] or seen["behind"] or seen["to_carry"]):
        return ()
    fronts = 1.0 + bool(seen["behind"]) if seen["under"] or seen["behind"] else 0.0
    working = fronts + min(p.carry_face, math.ceil((seen["under"] + seen["to_carry"]) / p.squad_carries))
    found = [Need("MINE_RESCUE", working * (1 + p.squads_relief), 1), Need("GUIDE", p.guides, 2)]
    if fronts:
        found.append(Need("LABOR", p.haulers + p.proppers, 2))
    if seen["no_air"]:
        found.append(Need("DRILL", 1.0, 2))
    return found
