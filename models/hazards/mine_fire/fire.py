"""The fire itself: heat that grows until air or fuel limits it, what water takes, where smoke goes, what seals do."""

from __future__ import annotations

import math
from collections.abc import Iterator

from msgspec.structs import replace

from models import kernels
from models.hazards.mine_fire.parameters import Parameters
from models.hazards.mine_fire.state import Region, State, Sums
from models.physics import underground as ug
from sim.domain.hazards import Inputs
from sim.domain.places import Weather

INF = math.inf
Due = tuple[float, str, int]


# ── air ──


def density(p: Parameters, region: Region) -> float:
    """kg/m³ of the air in the mine."""
    return ug.air_density(p.air_density, p.pressure_scale, region.elevation)


def flow(p: Parameters, state: State, inputs: Inputs) -> float:
    """Airflow (m³/s) past the fire: by the fan as far as it has power, at least the draught; seals let little through."""
    if state.sealed:
        return p.seal_leak
    return max(_natural(p, state.region, inputs.weather), ug.fan_flow(state.region.fan, supply(p, inputs)))


def supply(p: Parameters, inputs: Inputs) -> float:
    """The share of its power that the fan gets: from the grid, or from generators."""
    if inputs.service("power") >= p.power_needed:
        return 1.0
    return min(1.0, inputs.effort.get("power", 0.0) / p.fan_power)


def _natural(p: Parameters, region: Region, weather: Weather) -> float:
    pressure = ug.draught(density(p, region), p.gravity, region.relief, p.rock_temperature, weather.temperature)
    return ug.natural_flow(p.natural_flow, p.natural_draught, pressure, p.natural_least)


def gallery(p: Parameters) -> ug.Gallery:
    """The gallery in which it burns."""
    return ug.Gallery(p.gallery, p.gallery_height, p.froude, p.gravity, p.air_heat)


# ── heat ──


def peak(p: Parameters, state: State, moved: float) -> float:
    """Most heat (W) there can be: what the air feeds, or the fuel gives."""
    return min(state.fuel_peak, ug.air_limited(density(p, state.region), moved * p.gallery_air, p.air_energy))


def cooling(p: Parameters, state: State, inputs: Inputs) -> float:
    """Heat (W) that water takes away: by those on the spot at first, by squads while they can come near."""
    if state.out or not state.near or state.backs:
        return 0.0
    squads = ug.inside(dict(inputs.effort), p.unguided) * min(inputs.effort.get("attack", 0.0), p.attack_face)
    water = min(squads * p.squad_water + state.own, p.main * inputs.service("water"))
    return water * p.water_density * p.water_takes * p.water_used


def held(p: Parameters, state: State, moved: float) -> float:
    """The largest fire (W) whose smoke the air holds downstream; the convected share of it drives the smoke."""
    air = moved * p.gallery_air / p.gallery
    return ug.heat_held(gallery(p), air, density(p, state.region), p.rock_temperature) / p.convective


def turning(p: Parameters, state: State, moved: float) -> float:
    """Heat (W) whose buoyancy in a gallery with downward air beats the fan: p = ρ g H ΔT/T, ΔT = Q_c/(ρ c Q)."""
    if not state.downhill:
        return INF
    kelvin = p.rock_temperature + _KELVIN
    return p.fan_pressure * p.air_heat * moved * p.gallery_air * kelvin / (p.gravity * p.downhill_height * p.convective)


def monoxide(p: Parameters, state: State, moved: float) -> float:
    """Carbon monoxide in the smoke (share of volume) per watt: more where air is short."""
    share = p.monoxide_short if state.limited and state.heat < state.fuel_peak else p.monoxide_rich
    return share / (p.heat_of_fuel * density(p, state.region) * p.monoxide_density * max(moved, p.natural_least))


def poison(p: Parameters, state: State, moved: float) -> float:
    """What smoke does to those in it, as carbon monoxide (share of volume) per watt: other gases count with it."""
    return p.toxic * monoxide(p, state, moved)


def later(p: Parameters, state: State, dt: float, inputs: Inputs) -> State:
    """The fire `dt` seconds later."""
    moved = flow(p, state, inputs)
    gain, loss = mixes(state, moved)
    methane = kernels.first_order(state.methane, gain, loss, dt)
    if state.explosive:
        state = replace(state, clock=state.clock + p.ignition * dt)
    if state.sealed:
        quiet = math.exp(-dt / p.seal_tau)
        return replace(
            state,
            heat=state.heat * quiet,
            monoxide=state.monoxide * math.exp(-dt / p.monoxide_tau),
            oxygen=state.oxygen * quiet,
            methane=methane,
        )
    if state.out:
        return replace(state, methane=methane)
    most, taken = peak(p, state, moved), cooling(p, state, inputs)
    heat = min(state.heat, most)
    given = released(heat, most, state.growth, taken, dt)
    after = heat if heat >= most and taken < heat else min(most, kernels.fire_heat(heat, state.growth, taken, dt))
    breathed = state.sums.breathed + poison(p, replace(state, heat=heat), moved) * given
    return replace(state, heat=after, fuel=state.fuel - given, sums=Sums(breathed), methane=methane)


def released(heat: float, most: float, growth: float, taken: float, dt: float) -> float:
    """∫ heat (J): constant at the limit, else by the fire's own law."""
    if heat >= most and taken < heat:
        return heat * dt
    return kernels.fire_released(heat, growth, taken, dt)


def releases(heat: float, most: float, growth: float, taken: float, total: float) -> float:
    """When ∫ heat has come to a total."""
    if heat >= most and taken < heat:
        return max(0.0, total) / heat
    return kernels.fire_released_reaches(heat, growth, taken, total)


# ── gas ──


def mixes(state: State, moved: float) -> tuple[float, float]:
    """Gain and loss (1/s) of methane in the region (K2)."""
    return state.emission / state.region.void, (moved + state.emission) / state.region.void


def feeds(p: Parameters, state: State) -> bool:
    """Whether there is a fire, and oxygen enough for methane to explode with."""
    return not state.out and state.oxygen > _spent(p) * (1 + _HAIR)


def _spent(p: Parameters) -> float:
    """Share of its usual oxygen below which methane does not explode."""
    return p.oxygen_explosive / p.oxygen_air


def _lasts(p: Parameters, state: State) -> float:
    """How long oxygen is enough: without end before it is sealed."""
    return p.seal_tau * math.log(max(1.0, state.oxygen / _spent(p))) if state.sealed else INF


def gas_due(p: Parameters, state: State, moved: float) -> Iterator[Due]:
    """When methane comes into or leaves its explosive range, oxygen behind seals is spent, or it explodes."""
    gain, loss = mixes(state, moved)
    c, rising = state.methane, gain - loss * state.methane > 0.0
    if not state.explosive:
        mark = p.explosive_from if rising and c <= p.explosive_from else p.explosive_to
        ahead = rising if mark == p.explosive_from else not rising and c >= mark
        span = kernels.first_order_reaches(c, gain, loss, mark) if ahead and feeds(p, state) else INF
        if span < _lasts(p, state):
            yield span, "gas_explosive", 0
        return
    mark = p.explosive_to if rising else p.explosive_from
    yield kernels.first_order_reaches(min(c, mark) if rising else max(c, mark), gain, loss, mark), "gas_safe", 0
    if state.sealed:
        yield _lasts(p, state), "oxygen_spent", 0
    if state.rings:
        yield kernels.work_done_in(state.rings[0] - state.clock, p.ignition), "gas_explodes", 0


def gas_turned(p: Parameters, state: State, name: str, moved: float) -> State:
    """Methane set onto the end of the range that it passes, or oxygen onto the least that explodes."""
    if name == "oxygen_spent":
        return replace(state, explosive=False, oxygen=min(state.oxygen, _spent(p)))
    gain, loss = mixes(state, moved)
    rising, explosive = gain - loss * state.methane > 0.0, name == "gas_explosive"
    return replace(state, explosive=explosive, methane=p.explosive_from if rising is explosive else p.explosive_to)


def explodes(p: Parameters, state: State) -> State:
    """Gas is burnt, seals are blown out, the fire has air again."""
    blown = state.sealed or state.seals < p.seals
    return replace(
        state,
        methane=0.0,
        explosive=False,
        clock=state.rings[0],
        rings=state.rings[1:],
        explosions=state.explosions + 1,
        sealed=False,
        oxygen=1.0,
        monoxide=0.0,
        seals=p.seals if blown else state.seals,
        near=state.heat <= p.workable,
    )


# ── what it does by itself ──


def due(p: Parameters, state: State, inputs: Inputs) -> Iterator[Due]:
    """When it is limited, too hot, runs back, turns the air, is out; behind seals, when their air is good enough."""
    if state.sealed:
        if state.monoxide > p.monoxide_work:
            yield p.monoxide_tau * math.log(state.monoxide / p.monoxide_work), "sealed_quiet", 0
        else:
            yield 0.0, "sealed_quiet", 0
        return
    if state.out:
        return
    moved = flow(p, state, inputs)
    most, taken, growth = peak(p, state, moved), cooling(p, state, inputs), state.growth
    heat = min(state.heat, most)
    if state.fuel < INF:
        yield releases(heat, most, growth, taken, state.fuel), "burnt_out", 0
    if state.limited is not (heat >= most and taken <= heat):
        yield 0.0, "limit", 0
    elif not state.limited:
        yield kernels.fire_reaches(heat, growth, taken, most) if heat < most else INF, "limit", 0
    back, turn = held(p, state, moved), turning(p, state, moved)
    for mark, beyond, over, under in (
        (p.workable, not state.near, "too_hot", "cool_enough"),
        (back, state.backs, "smoke_back", "smoke_held"),
        (turn, state.reversed, "air_turned", ""),  # it does not turn back
    ):
        if beyond and not under:
            continue
        yield _passes(heat, most, growth, taken, mark, beyond=beyond), (under if beyond else over), 0
    if taken > heat:
        yield kernels.fire_out_in(heat, growth, taken), "fire_out", 0


def _passes(heat: float, most: float, growth: float, taken: float, mark: float, *, beyond: bool) -> float:
    """When the heat passes a mark to the other side; inf if it will not."""
    if beyond:  # back below it
        if heat < mark:
            return 0.0
        return kernels.fire_reaches(heat, growth, taken, mark) if taken > heat else INF
    if heat > mark:
        return 0.0
    if mark >= most or taken >= heat:
        return INF
    return 0.0 if heat == mark else kernels.fire_reaches(heat, growth, taken, mark)


def happened(p: Parameters, state: State, name: str, inputs: Inputs) -> State:
    """The jump at one of its events; heat is set onto the mark it passes."""
    moved = flow(p, state, inputs)
    most = peak(p, state, moved)
    heat = min(state.heat, most)
    match name:
        case "limit":
            heat, state = heat if state.limited else most, replace(state, limited=not state.limited)
        case "too_hot":
            heat, state = max(heat, p.workable), replace(state, near=False, own=0.0)
        case "cool_enough":
            heat, state = min(heat, math.nextafter(p.workable, 0.0)), replace(state, near=True)
        case "smoke_back":
            heat, state = max(heat, held(p, state, moved)), replace(state, backs=True, own=0.0)
        case "smoke_held":
            heat, state = min(heat, math.nextafter(held(p, state, moved), 0.0)), replace(state, backs=False)
        case "air_turned":
            heat, state = max(heat, turning(p, state, moved)), replace(state, reversed=True)
        case "fire_out" | "burnt_out":
            heat, state = 0.0, replace(state, out=True, near=True, backs=False, limited=False, explosive=False)
    return replace(state, heat=heat)


def seal(p: Parameters, state: State, inputs: Inputs) -> State:
    """Both seals are closed: what burns uses up its air; what was in the smoke stays behind them."""
    inside = monoxide(p, state, flow(p, state, inputs)) * state.heat
    return replace(state, sealed=True, monoxide=min(1.0, max(inside, p.sealed_monoxide)), near=False, backs=False)


_KELVIN = 273.15  # 0 °C
_HAIR = 1e-9  # relative: oxygen that has just been spent is spent
