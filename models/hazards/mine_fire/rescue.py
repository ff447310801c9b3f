"""What squads do at a mine fire: search in smoke, carry, fight it while they can come near, seal it when nobody is left inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.mine_fire.parameters import Parameters
from models.hazards.mine_fire.state import State
from models.physics import escape
from models.physics import underground as ug
from models.physics.escape import INF
from sim.domain.hazards import Demand, DemandKind, Need, Sighting

WORK, RATE, HOLD, SERVICE = DemandKind.WORK, DemandKind.RATE, DemandKind.HOLD, DemandKind.SERVICE
Due = tuple[float, str, int]


def sought(state: State) -> list[int]:
    """Those alive who can only be brought out and are not found yet."""
    return [k for k, who in enumerate(state.miners) if not who.found and who.out == INF]


def sealable(state: State) -> bool:
    """Seals are built once it cannot be fought from near, and never while anybody is alive inside (里面还有人，不得封闭)."""
    return not (state.out or state.sealed or state.miners) and not (state.near and not state.backs)


def smoky(state: State) -> bool:
    """Whether the galleries that are searched stand in smoke."""
    return not state.out


def recon_pace(p: Parameters, state: State) -> float:
    """Reconnaissance per squad, as a share of that in clear air."""
    return p.recon_smoke / p.recon_rate if smoky(state) else 1.0


def left_at(p: Parameters, state: State, at: float) -> float:
    """Reconnaissance still to do (squad·s) when it has come to a place: on both sides outward from the fire."""
    region = state.region
    reach = max(region.end - region.seat, region.seat - region.way_in, 1.0)
    return region.netted / p.recon_rate * (1 - min(1.0, abs(at - region.seat) / reach))


def later(p: Parameters, state: State, dt: float, effort: Mapping[str, float]) -> State:
    """All works `dt` seconds later."""
    well = ug.inside(dict(effort), p.unguided)
    recon, base, ahead = well * effort.get("recon", 0.0), state.base, state.recon
    if base > 0.0:
        base = kernels.work_left(base, recon, dt)
    else:
        ahead = kernels.work_left(ahead, recon * recon_pace(p, state), dt)
    sealing = well * effort.get("sealing", 0.0) if sealable(state) else 0.0
    return replace(
        state,
        base=base,
        recon=ahead,
        seals=kernels.work_left(state.seals, sealing, dt),
        bodies_work=kernels.work_left(state.bodies_work, well * effort.get("bodies", 0.0), dt),
        damping=kernels.work_left(state.damping, well * effort.get("damping", 0.0), dt),
        miners=escape.carried(state.miners, well * effort.get("carry", 0.0), dt),
    )


def due(p: Parameters, state: State, effort: Mapping[str, float]) -> Iterator[Due]:
    """When each work is done, or comes to somebody: (seconds, event, index of the miner)."""
    well = ug.inside(dict(effort), p.unguided)
    recon = well * effort.get("recon", 0.0)
    if state.base > 0.0:
        yield kernels.work_done_in(state.base, recon), "base_set", 0
    elif state.recon > 0.0:
        rate = recon * recon_pace(p, state)
        for k in sought(state):
            yield kernels.work_done_in(state.recon - left_at(p, state, state.miners[k].at), rate), "found", k
        yield kernels.work_done_in(state.recon, rate), "recon_done", 0
    for n, k in enumerate(escape.queue(state.miners)):
        rate = min(1.0, max(0.0, well * effort.get("carry", 0.0) - n))
        yield kernels.work_done_in(state.miners[k].carry, rate), "carried_out", k
    if sealable(state):
        yield kernels.work_done_in(state.seals, well * effort.get("sealing", 0.0)), "seals_closed", 0
    if state.damping > 0.0:
        yield kernels.work_done_in(state.damping, well * effort.get("damping", 0.0)), "cooled", 0
    if fetches(state):
        yield kernels.work_done_in(state.bodies_work, well * effort.get("bodies", 0.0)), "bodies_out", 0


def fetches(state: State) -> bool:
    """Whether it is time to fetch the dead: the galleries are searched and nobody alive is looked for."""
    return bool(state.bodies) and not state.sealed and state.base <= 0.0 and state.recon <= 0.0 and not sought(state)


def demands(p: Parameters, state: State) -> Iterator[Demand]:
    """A squad standing by, guides, search, stretchers, water on the fire or seals, power for the fan."""
    yield Demand("standby", HOLD, "MINE_RESCUE", p.standby, priority=1, wears=False)
    yield Demand("guides", HOLD, "GUIDE", p.guides, priority=2)
    if state.sealed:
        yield Demand("watching", HOLD, "ENV_MON", p.analysts, priority=4, wears=False)
        return
    if waiting := escape.queue(state.miners):
        number = float(len(waiting))
        yield Demand("carry", SERVICE, "MINE_RESCUE", number, min(number, p.carry_face), priority=2)
    if state.base > 0.0 or state.recon > 0.0:
        squads = ug.squads_for(
            max(1.0, state.region.people), p.squads_factor, p.squads_power, p.squads_least, p.squads_most
        )
        yield Demand("recon", WORK, "MINE_RESCUE", state.base + state.recon, squads, p.recon_set_up, 2)
    if not state.out and state.near and not state.backs:
        yield Demand("attack", RATE, "MINE_RESCUE", p.attack_face, p.attack_face, p.recon_set_up, 2)
    if state.damping > 0.0:
        yield Demand("damping", WORK, "MINE_RESCUE", state.damping, p.attack_face, priority=3)
    if sealable(state):
        yield Demand("sealing", WORK, "MINE_RESCUE", state.seals, p.seal_face, p.seal_set_up, 2)
    if fetches(state):
        yield Demand("bodies", WORK, "MINE_RESCUE", state.bodies_work, p.bodies_face, priority=5)
    if state.grid < p.power_needed:
        yield Demand("power", RATE, "POWER", p.fan_power, p.fan_power, p.power_set_up, 2, wears=False)


def needs(p: Parameters, sighting: Sighting) -> Sequence[Need]:
    """Squads by how many are missing, for the fire and for seals, and as many standing by; power for the fan."""
    seen = sighting.figures
    missing = sighting.trapped + seen.get("bodies", 0.0)
    if not seen or not (missing or seen["burning"]):
        return ()
    squads = ug.squads_for(missing, p.squads_factor, p.squads_power, 0.0, p.squads_most)
    if seen["burning"]:
        squads = max(squads, p.seal_face if seen["heat"] > p.workable else p.attack_face + p.squads_least)
    found = [Need("MINE_RESCUE", squads * (1 + p.squads_relief), 1), Need("GUIDE", p.guides, 2)]
    if seen["burning"]:
        found.append(Need("ENV_MON", p.analysts, 4))
    if seen["dark"]:
        found.append(Need("POWER", p.fan_power, 2))
    return found
