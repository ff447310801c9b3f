"""When a vessel, a leak or a fire comes to its turn, and the jump then: bursts, ignition, boil-over, the end of a fire."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.tank_fire import bursts, tanks, tasks
from models.hazards.tank_fire.parameters import Parameters
from models.hazards.tank_fire.state import Fire, Kind, State, Vessel
from sim.domain.hazards import Effect, Inputs, Note

Due = tuple[float, str, int]
Jump = tuple[State, Sequence[Effect]]


def alight(p: Parameters, vessel: Vessel, k: int, fires: tuple[Fire, ...]) -> Vessel:
    """A tank that burns itself can no longer be set alight; a store that burns may still explode."""
    burns = any(fire.kind is Kind.TANK and fire.vessel == k for fire in fires)
    return replace(vessel, gone=True) if burns and not p.explosive else vessel


def due(p: Parameters, state: State, inputs: Inputs) -> Iterator[Due]:
    """What vessels, leaks and fires will do by themselves: (seconds, name, index)."""
    failing = "bleve" if p.pressurised else "store_explodes" if p.explosive else "domino"
    near_end = False
    for k, vessel in enumerate(state.vessels):
        rate = tanks.heats(p, state, k, inputs)
        if rate > 0.0:
            yield kernels.work_done_in(1.0 - vessel.used, rate), failing, k
            if bursts.can_burst(p):
                left = p.withdraws_at / state.misjudged - vessel.used
                near_end = near_end or left <= 0.0
                if not state.withdrawn:
                    yield kernels.work_done_in(left, rate), "withdraw", k
        elif tanks.hot(p, state, vessel) and (cools := tanks.cools_at(p, state, k, inputs)) > 0.0:
            yield kernels.first_order_reaches(vessel.used, 0.0, cools, tanks.cool_enough(p, state)), "walls_cool", k
    for k, fire in enumerate(state.fires):
        yield from _of_fire(p, state, k, inputs)
        if fire.boils < math.inf:
            left = p.withdraws_at / state.misjudged - fire.boiled
            near_end = near_end or left <= 0.0
            if not state.withdrawn:
                yield max(0.0, left) * fire.boils, "withdraw", -1 - k
    if state.withdrawn and not near_end:
        yield 0.0, "back_to_work", 0


def _of_fire(p: Parameters, state: State, k: int, inputs: Inputs) -> Iterator[Due]:
    fire = state.fires[k]
    if fire.full_at < math.inf:
        yield fire.full_at - state.age, "outside_over" if fire.kind is Kind.OUTSIDE else "full_surface", k
    if fire.kind is Kind.OUTSIDE:
        return
    if fire.isolate < math.inf:
        yield kernels.work_done_in(fire.isolate, tanks.isolating(p, state, fire, inputs)), "isolated", k
    yield kernels.work_done_in(state.vessels[fire.vessel].mass, fire.burns), "burnt_out", k
    if not fire.lit:
        yield kernels.work_done_in(fire.spark - fire.ticked, tanks.sparks_at(p, state, fire, inputs)), "ignition", k
    elif tanks.enough(p, state, fire, inputs):
        yield max(0.0, tanks.agent_holds(p, fire) - fire.held), "extinguished", k
    elif fire.held > 0.0:
        yield max(0.0, p.foam_break - fire.gap), "foam_broken", k
    if fire.boils < math.inf:
        yield (1 - fire.boiled) * fire.boils, "boil_over", k


# ── jumps ──


def withdraws(p: Parameters, state: State, k: int) -> Jump:
    """Crews are called back from a vessel (k), or a tank that will boil over (−1 − k), set onto the mark it has come to."""
    mark = p.withdraws_at / state.misjudged
    if k >= 0:
        share = max(mark, state.vessels[k].used)
        state = _with(state, k, replace(state.vessels[k], used=share))
    else:
        k = -1 - k
        share = max(mark, state.fires[k].boiled)
        state = replace(state, fires=(*state.fires[:k], replace(state.fires[k], boiled=share), *state.fires[k + 1 :]))
    return replace(state, withdrawn=True), (Note("withdraw", {"heated": share, "judged": share * state.misjudged}),)


def cooled(p: Parameters, state: State) -> Jump:
    """A wall, the one nearest to it, has come down to what is safe and is set onto the mark."""
    mark = tanks.cool_enough(p, state)
    standing = [k for k, vessel in enumerate(state.vessels) if not vessel.gone]
    k = min(standing, key=lambda k: abs(state.vessels[k].used - mark))
    used = min(state.vessels[k].used, mark)
    return _with(state, k, replace(state.vessels[k], used=used)), (Note("walls_cool", {"heated": used}),)


def fails(p: Parameters, state: State, k: int, name: str) -> Jump:
    """Heat has used up a vessel: it bursts, or it catches fire; who works within reach is struck unless withdrawn."""
    vessel = state.vessels[k]
    at_work = [demand.id for demand in tasks.hot(p, state)] if not state.withdrawn else []
    fires = tuple(fire for fire in state.fires if fire.vessel != k)
    state = replace(state, lost=state.lost + 1)
    if name == "domino":
        spilling = math.fsum(fire.area for fire in state.fires if fire.vessel == k and fire.kind is Kind.SPILL)
        burning = tanks.tank(p, state.vessels, k, tanks.tank_area(vessel) + spilling)
        state = _with(replace(state, fires=(*fires, burning)), k, replace(vessel, used=1.0, gone=True))
        note = Note(name, {"content": vessel.mass, "area": burning.area})
        return replace(state, secure=_more(state.secure, p.secure)), (note, *bursts.roof_lifts(p, at_work))
    burst = bursts.of_vessel(p, vessel, state.ambient)
    note = Note(name, {"content": vessel.mass, "tnt": burst.tnt, "danger": state.danger})
    effects: list[Effect] = [note, *bursts.strikes(p, burst, state.ambient, name, at_work)]
    effects += bursts.shocks(p, state, burst)
    state = _with(replace(state, fires=fires), k, replace(vessel, used=1.0, mass=0.0, gone=True))
    state, harmed = bursts.hits(p, state, burst)
    state, breached = _fragments(p, state, k)
    return _after_burst(p, state), (*effects, *harmed, *breached)


def ignites(p: Parameters, state: State, k: int) -> Jump:
    """A leak catches fire; the vapour that had gathered burns at once and may drive a blast."""
    fire = state.fires[k]
    burst = bursts.of_cloud(p, fire)
    note = Note("cloud_explodes" if fire.cloud > 0.0 else "ignition", {"cloud": fire.cloud, "tnt": burst.tnt})
    at_work = [demand.id for demand in tasks.hot(p, state)] if fire.cloud > 0.0 and burst.cloud > p.stand_off else []
    strikes = bursts.strikes(p, burst, state.ambient, "cloud_explodes", at_work)
    shocks = bursts.shocks(p, state, burst)
    lit = replace(fire, lit=True, spark=math.inf, ticked=0.0, cloud=0.0, held=0.0, gap=0.0)
    state = replace(state, fires=(*state.fires[:k], lit, *state.fires[k + 1 :]))
    state, harmed = bursts.hits(p, state, burst)
    return state, (note, *strikes, *shocks, *harmed)


def boils_over(p: Parameters, state: State, k: int) -> Jump:
    """The hot layer meets water at the bottom: burning oil is thrown up and spreads."""
    fire = state.fires[k]
    vessel = state.vessels[fire.vessel]
    at_work = [demand.id for demand in tasks.hot(p, state)] if not state.withdrawn else []
    burst = bursts.of_boil_over(p, vessel)
    strikes = bursts.strikes(p, burst, state.ambient, "boil_over", at_work)
    vessel = replace(vessel, mass=(1 - p.boil_share) * vessel.mass)
    spread = tanks.tank(p, state.vessels, fire.vessel, p.boil_spreads * fire.area)
    spread = replace(spread, boils=math.inf, boiled=1.0)
    state = _with(replace(state, fires=(*state.fires[:k], spread, *state.fires[k + 1 :])), fire.vessel, vessel)
    note = Note("boil_over", {"content": vessel.mass, "area": spread.area})
    state, harmed = bursts.hits(p, state, burst)
    return _after_burst(p, state), (note, *strikes, *harmed)


def of_fire(p: Parameters, state: State, k: int, name: str) -> Jump:
    """A fire is put out, burns out, grows to its full surface, is shut off; its foam breaks off."""
    fire = state.fires[k]
    after: tuple[Fire, ...] = ()
    match name:
        case "full_surface":
            after = (tanks.tank(p, state.vessels, fire.vessel, fire.full_area),)
        case "foam_broken":
            after = (replace(fire, held=0.0, gap=0.0),)
        case "extinguished" if fire.isolate < math.inf:  # what leaks on lies under foam until it is shut
            after = (replace(fire, lit=False, held=tanks.agent_holds(p, fire), gap=0.0),)
        case "burnt_out":
            state = _with(state, fire.vessel, replace(state.vessels[fire.vessel], mass=0.0, gone=True))
    note = Note(name, {"heat": fire.heat, "area": fire.area})
    return replace(state, fires=(*state.fires[:k], *after, *state.fires[k + 1 :])), (note,)


# ── inside ──


def _fragments(p: Parameters, state: State, k: int) -> tuple[State, list[Effect]]:
    """Fragments breach a neighbour that stands and does not leak yet; what leaks burns at once."""
    effects: list[Effect] = []
    for j, vessel in enumerate(state.vessels):
        leaks = any(fire.vessel == j for fire in state.fires)
        if j != k and not vessel.gone and not leaks and vessel.fragment < p.fragment_hits:
            state = replace(state, fires=(*state.fires, tanks.spill(p, state.vessels, j)))
            effects.append(Note("fragments", {"content": vessel.mass}))
    return state, effects


def _after_burst(p: Parameters, state: State) -> State:
    """There is more to search and to make safe, and nothing of the fixed cooling is left."""
    search, secure = _more(state.search, p.search_burst), _more(state.secure, p.secure_burst)
    return replace(state, search=search, secure=secure, fixed=0.0, fixed_due=False)


def _more(left: float, work: float) -> float:
    """More work on top of what is left; inf is none left."""
    return work if math.isinf(left) else left + work


def _with(state: State, k: int, vessel: Vessel) -> State:
    return replace(state, vessels=(*state.vessels[:k], vessel, *state.vessels[k + 1 :]))
