"""What rescuers do inside and at the fan: how fast each work goes, what it opens, what is asked for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.mine_gas.parameters import Parameters
from models.hazards.mine_gas.state import State, Zone
from models.physics import escape
from models.physics import underground as ug
from models.physics.escape import INF
from sim.domain.hazards import Demand, DemandKind, Need, Sighting

WORK, RATE, HOLD, SERVICE = DemandKind.WORK, DemandKind.RATE, DemandKind.HOLD, DemandKind.SERVICE
Due = tuple[float, str, int]


# ── what can be done ──


def feared(state: State) -> bool:
    """Whether the next explosion is expected: something is known to glow in gas that may explode, or it exploded twice."""
    return (state.heat_known or state.explosions > 1) and state.zone >= Zone.EXPLOSIVE


def withdrawn(state: State) -> bool:
    """Squads leave the region: the next explosion is feared, or gas may explode and nobody is left to be looked for or carried."""
    searched = state.base + state.recon <= 0.0 and not any(who.found or who.depth < 0.0 for who in state.miners)
    return feared(state) or (state.zone is Zone.EXPLOSIVE and searched)


def inside(p: Parameters, state: State, effort: Mapping[str, float]) -> float:
    """How well squads work in the region."""
    return 0.0 if withdrawn(state) else ug.inside(dict(effort), p.unguided)


def at_doors(p: Parameters, state: State, effort: Mapping[str, float]) -> float:
    """How well squads work on the air circuit: from its fresh side, so in explosive gas too unless the next explosion is feared."""
    return 0.0 if feared(state) else ug.inside(dict(effort), p.unguided)


def respirable(state: State) -> bool:
    """Whether people without breathing sets may work in the region."""
    return state.zone is Zone.LEAN and state.clear


def sought(state: State) -> list[int]:
    """Those alive who can only be brought out and are not found yet, except the buried."""
    return [k for k, who in enumerate(state.miners) if not who.found and who.out == INF and who.depth < 0.0]


def sealable(state: State) -> bool:
    """Whether sealing is the way: it glows, the gas may explode, and nobody alive can be reached inside."""
    return feared(state) and all(who.depth >= 0.0 and not who.found for who in state.miners)


def recon_all(p: Parameters, state: State) -> float:
    """Squad·s in clear air for the whole region."""
    return state.mine.netted / p.recon_rate


def left_at(p: Parameters, state: State, at: float) -> float:
    """Reconnaissance of the region still to do (squad·s) when it has come to a place."""
    region = state.mine
    return recon_all(p, state) * (1 - (region.along(max(at, region.way_in)) - region.way_in) / region.netted)


def stops_at(p: Parameters, state: State) -> float:
    """Reconnaissance that must wait until the way is cleared (squad·s)."""
    return left_at(p, state, state.heap_at) if state.heap > 0.0 and state.heap_at < INF else 0.0


def recon_pace(p: Parameters, state: State) -> float:
    """Reconnaissance per squad, as a share of that in clear air."""
    return 1.0 if state.clear else p.recon_smoke / p.recon_rate


def clearing(p: Parameters, state: State, effort: Mapping[str, float]) -> float:
    """Coal or rock (kg/s) that is cleared at the one front there is: by machine where air and power allow, else by hand."""
    if state.heap <= 0.0:
        return 0.0
    if respirable(state):
        rate = p.clear_machine if state.supply >= 1.0 and state.doors <= 0.0 else p.clear_hand
        return rate * min(1.0, effort.get("clearing", 0.0) / p.gang)
    squads = inside(p, state, effort) * min(effort.get("clearing_squads", 0.0), p.clear_squads)
    return p.clear_hand * squads / p.clear_squads


# ── how it goes on ──


def later(p: Parameters, state: State, dt: float, effort: Mapping[str, float]) -> State:
    """All works `dt` seconds later."""
    well = inside(p, state, effort)
    recon = well * effort.get("recon", 0.0)
    base, ahead = state.base, state.recon
    if base > 0.0:
        base = kernels.work_left(base, recon, dt)
    else:
        ahead = max(kernels.work_left(ahead, recon * recon_pace(p, state), dt), min(ahead, stops_at(p, state)))
    outside = ug.inside(dict(effort), p.unguided)
    return replace(
        state,
        base=base,
        recon=ahead,
        heap=kernels.work_left(state.heap, clearing(p, state, effort), dt),
        doors=kernels.work_left(state.doors, at_doors(p, state, effort) * effort.get("ventilation", 0.0), dt),
        fan=kernels.work_left(state.fan, effort.get("fan", 0.0), dt),
        cooling=kernels.work_left(state.cooling, well * effort.get("cooling", 0.0), dt)
        if state.heat_known
        else state.cooling,
        sealing=kernels.work_left(state.sealing, outside * effort.get("sealing", 0.0), dt)
        if sealable(state)
        else state.sealing,
        bodies_work=kernels.work_left(state.bodies_work, well * effort.get("bodies", 0.0), dt),
        miners=escape.carried(state.miners, well * effort.get("carry", 0.0), dt),
    )


def due(p: Parameters, state: State, effort: Mapping[str, float]) -> Iterator[Due]:
    """When each work is done, or comes to somebody: (seconds, event, index of the miner)."""
    well = inside(p, state, effort)
    recon = well * effort.get("recon", 0.0)
    if state.base > 0.0:
        yield kernels.work_done_in(state.base, recon), "base_set", 0
    else:
        yield from _ahead(p, state, recon * recon_pace(p, state))
    yield from _through_heap(state, clearing(p, state, effort))
    for n, k in enumerate(escape.queue(state.miners)):
        rate = min(1.0, max(0.0, well * effort.get("carry", 0.0) - n))
        yield kernels.work_done_in(state.miners[k].carry, rate), "carried_out", k
    if state.doors > 0.0:
        rate = at_doors(p, state, effort) * effort.get("ventilation", 0.0)
        yield kernels.work_done_in(state.doors, rate), "ventilated", 0
    if state.fan > 0.0:
        yield kernels.work_done_in(state.fan, effort.get("fan", 0.0)), "fan_ready", 0
    if state.heat_known:
        yield kernels.work_done_in(state.cooling, well * effort.get("cooling", 0.0)), "heat_out", 0
    if sealable(state):
        outside = ug.inside(dict(effort), p.unguided)
        yield kernels.work_done_in(state.sealing, outside * effort.get("sealing", 0.0)), "sealed", 0
    if _fetches(state):
        yield kernels.work_done_in(state.bodies_work, well * effort.get("bodies", 0.0)), "bodies_out", 0


def _ahead(p: Parameters, state: State, rate: float) -> Iterator[Due]:
    """Reconnaissance comes to people, to what glows, to the end; to nothing beyond a heap on the way."""
    stop = stops_at(p, state)

    def comes(at: float) -> float:
        mark = left_at(p, state, at)
        return kernels.work_done_in(state.recon - mark, rate) if mark >= stop else INF

    for k in sought(state):
        yield comes(state.miners[k].at), "found", k
    if state.heat and not state.heat_known:
        yield comes(state.mine.seat), "heat_found", 0
    if state.recon > 0.0 and stop <= 0.0:
        yield kernels.work_done_in(state.recon, rate), "recon_done", 0


def _through_heap(state: State, rate: float) -> Iterator[Due]:
    for k, who in enumerate(state.miners):
        if who.depth >= 0.0 and not who.found:
            yield kernels.work_done_in(state.heap - state.heap_all * (1 - who.depth), rate), "dug_out", k
    if state.heap > 0.0:
        yield kernels.work_done_in(state.heap, rate), "heap_cleared", 0


def _fetches(state: State) -> bool:
    """Whether it is time to fetch the dead: the region is searched and nobody alive is looked for."""
    return bool(state.bodies) and state.base <= 0.0 and state.recon <= 0.0 and state.heap <= 0.0 and not sought(state)


# ── what is asked for ──


def demands(p: Parameters, state: State) -> list[Demand]:
    """Squads for each work and one standing by, guides, analysts, hands at the front, what the fan needs."""
    squads = ug.squads_for(max(1.0, state.mine.people), p.squads_factor, p.squads_power, p.squads_least, p.squads_most)
    wanted = [
        Demand("standby", HOLD, "MINE_RESCUE", p.standby, priority=1, wears=False),
        Demand("guides", HOLD, "GUIDE", p.guides, priority=2),
        Demand("analysis", HOLD, "ENV_MON", p.analysts, priority=4, wears=False),
    ]
    if state.fan > 0.0:
        wanted.append(Demand("fan", WORK, "LINE_REPAIR", state.fan, p.fan_face, priority=1))
    if not state.fan_broken and (state.fan > 0.0 or state.grid < p.power_needed):
        wanted.append(Demand("power", RATE, "POWER", p.fan_power, p.fan_power, p.power_set_up, 2, wears=False))
    if sealable(state):
        wanted.append(Demand("sealing", WORK, "MINE_RESCUE", state.sealing, p.seal_face, p.seal_set_up, 2))
    if state.doors > 0.0 and not feared(state):
        wanted.append(Demand("ventilation", WORK, "MINE_RESCUE", state.doors, p.doors_face, priority=2))
    if not withdrawn(state):
        wanted += _inside(p, state, squads)
    return wanted


def _inside(p: Parameters, state: State, squads: float) -> Iterator[Demand]:
    """Work in the region."""
    if waiting := escape.queue(state.miners):
        number = float(len(waiting))
        yield Demand("carry", SERVICE, "MINE_RESCUE", number, min(number, p.carry_face), priority=2)
    if state.base > 0.0 or state.recon > stops_at(p, state):
        face = float(math.ceil(squads / 2)) if state.doors > 0.0 else squads  # the others restore the air meanwhile
        yield Demand("recon", WORK, "MINE_RESCUE", state.base + state.recon, face, p.recon_set_up, 2)
    if state.heap > 0.0 and state.base <= 0.0:
        if respirable(state):
            seconds = state.heap / p.clear_machine  # what is left at best
            yield Demand("clearing", WORK, "LABOR", seconds * p.gang, p.gang, p.clear_set_up, 3)
        else:
            work = state.heap / p.clear_hand * p.clear_squads
            yield Demand("clearing_squads", WORK, "MINE_RESCUE", work, p.clear_squads, priority=3)
    if state.heat_known:
        yield Demand("cooling", WORK, "MINE_RESCUE", state.cooling, p.cool_face, priority=3)
    if _fetches(state):
        yield Demand("bodies", WORK, "MINE_RESCUE", state.bodies_work, p.bodies_face, priority=5)


def needs(p: Parameters, sighting: Sighting) -> Sequence[Need]:
    """Squads by how many are missing and as many standing by, guides, an analyst, hands for the heap, electricians.

    Until the region is searched, counts of who is missing are not trusted: some squads stay whatever they say.
    """
    seen = sighting.figures
    missing = sighting.trapped + seen.get("bodies", 0.0)
    if not seen or not (missing or seen["unsafe"]):
        return ()
    trusted = max(1.0, missing, p.unsearched * seen.get("unsearched", 0.0))
    squads = ug.squads_for(trusted, p.squads_factor, p.squads_power, p.squads_least, p.squads_most)
    found = [
        Need("MINE_RESCUE", squads * (1 + p.squads_relief), 1),
        Need("GUIDE", p.guides, 2),
        Need("ENV_MON", p.analysts, 4),
    ]
    if seen["heap"]:
        found.append(Need("LABOR", p.gang, 3))
    if seen["fan_off"]:
        found.append(Need("LINE_REPAIR", p.fan_face, 1))
    if seen["dark"]:
        found.append(Need("POWER", p.fan_power, 2))
    return found
