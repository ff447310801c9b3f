"""Vessels and fires: how they stand, what burns how hot, how fast heat uses up a vessel, what water and foam do about it."""

from __future__ import annotations

import math

from msgspec.structs import replace

from models.hazards.tank_fire.parameters import Parameters
from models.hazards.tank_fire.state import Fire, Kind, State, Vessel
from models.physics import heat
from sim.domain.hazards import Inputs
from sim.domain.places import Weather
from sim.streams import Stream

MOST = 4  # vessels that are followed; luck is drawn for all of them whether they exist or not
_MM = 1e-3  # m
_NAMES = "abcd"
_ROUNDING = 1e-9  # shares below this are rounding


# ── how they stand ──


def vessels(p: Parameters, mass: float, stream: Stream) -> tuple[Vessel, ...]:
    """The row of vessels, the one where it begins first; all of one size, as the largest."""
    content = min(mass, p.vessel_most)
    volume = content / (p.density * p.filled)
    across, wall = _shape(p, volume)
    apart = across + max(p.gap_least, p.gap * across)
    spread = p.store_spread if p.explosive else p.endures_spread
    found = []
    for k in range(MOST):
        endures, fragment = math.exp(spread * stream.normal()), stream.uniform()
        found.append(Vessel(_NAMES[k], k * apart, volume, content, across, p.wetted * wall, endures, fragment))
    return tuple(found[: 1 + round(p.neighbours)])


def _shape(p: Parameters, volume: float) -> tuple[float, float]:
    """Diameter (m) and wall (m²) of a sphere, or of a cylinder so many times longer (higher) than wide."""
    if p.slender <= 0.0:
        across = math.cbrt(6 * volume / math.pi)
        return across, math.pi * across**2
    across = math.cbrt(4 * volume / (math.pi * p.slender))
    ends = math.pi * across**2 / 2 if p.pressurised else 0.0
    return across, math.pi * p.slender * across**2 + ends


def first_fires(p: Parameters, row: tuple[Vessel, ...], sparks: tuple[float, ...]) -> tuple[Fire, ...]:
    """What burns or leaks at the beginning, by cause."""
    if p.outside:
        return (Fire("outside", -1, Kind.OUTSIDE, row[0].at, 0.0, 0.0, 0.0, full_at=p.outside_for),)
    if p.spill or p.pressurised:
        return tuple(spill(p, row, k, sparks[k], lit=not p.latent) for k in range(min(len(row), round(p.leaks))))
    surface = tank_area(row[0])
    fire = tank(p, row, 0, surface * p.rim)
    return (replace(fire, full_at=p.rim_holds, full_area=surface) if p.rim < 1.0 else fire,)


def tank_area(vessel: Vessel) -> float:
    """Surface of an open tank, m²."""
    return math.pi * vessel.across**2 / 4


def spill(p: Parameters, row: tuple[Vessel, ...], k: int, spark: float = math.inf, *, lit: bool = True) -> Fire:
    """What leaks out of a vessel and burns as fast as it comes, or lies about unlit."""
    area = max(1.0, min(p.spill_most, p.leak / p.burning_most))
    vessel = row[k]
    return Fire(
        f"spill_{vessel.id}", k, Kind.SPILL, vessel.at, area, p.leak, p.leak * p.heat,
        isolate=math.inf if p.explosive else p.isolate, lit=lit, spark=spark,
    )  # fmt: skip


def tank(p: Parameters, row: tuple[Vessel, ...], k: int, area: float) -> Fire:
    """An open tank (or store) that burns over so much of its surface."""
    vessel = row[k]
    rate = heat.pool_burning(p.burning_most, p.burning_grows, heat.across(area)) * area
    depth = vessel.mass / p.density / tank_area(vessel)
    boils = vessel.endures * depth / p.boil_wave if p.boils_over else math.inf
    return Fire(f"tank_{vessel.id}", k, Kind.TANK, vessel.at, area, rate, rate * p.heat, boils=boils)


# ── heat on walls ──


def flux(p: Parameters, state: State, k: int, weather: Weather) -> float:
    """Heat (W/m²) on a vessel from all that burns."""
    vessel, total = state.vessels[k], 0.0
    for fire in state.lit:
        if fire.kind is Kind.OUTSIDE:
            total += p.impinging if k == 0 else 0.0
        elif fire.vessel == k:
            total += p.impinging if fire.kind is Kind.SPILL or p.explosive else 0.0
        else:
            large = heat.across(fire.area) > p.radiates_from
            share = p.radiates_large if large else p.radiates
            away = max(abs(vessel.at - fire.at), heat.across(fire.area))  # no nearer than the flames are wide
            received = heat.point_source(share, fire.heat, away)
            if fire.kind is Kind.SPILL:
                received = min(received, p.impinging)  # a neighbour gets no more than the vessel that leaks
            total += received * _tilt(p, state.row, vessel.at - fire.at, weather)
    return total


def _tilt(p: Parameters, row: float, along: float, weather: Weather) -> float:
    """More heat on what lies downwind, by how squarely it does."""
    towards = math.radians(weather.wind_from + math.degrees(math.pi) - row)
    squarely = max(0.0, math.cos(towards) * math.copysign(1.0, along))
    return 1 + p.wind_tilt * squarely * min(1.0, weather.wind / p.wind_full)


def stands(p: Parameters, vessel: Vessel, received: float) -> float:
    """How long (s) an uncooled vessel stands that heat; inf if for good."""
    if p.explosive:
        return vessel.endures * p.store_ttf if received > 0.0 else math.inf
    if received < p.harmless:
        return math.inf
    if p.pressurised:
        time = heat.failure_time_pressurised(received, vessel.volume, p.ves_slope, p.ves_base, p.ves_power)
    else:
        time = heat.failure_time_atmospheric(received, vessel.volume, p.atm_slope, p.atm_size, p.atm_base)
    return vessel.endures * time


def heats(p: Parameters, state: State, k: int, inputs: Inputs) -> float:
    """Rate (1/s) at which heat uses up a vessel; water on part of the wall takes its share, on all of it stops the clock."""
    vessel = state.vessels[k]
    if vessel.gone:
        return 0.0
    time = stands(p, vessel, flux(p, state, k, inputs.weather))
    return (1 - cover(p, state, k, inputs)) / time if time < math.inf else 0.0


def cover(p: Parameters, state: State, k: int, inputs: Inputs) -> float:
    """Share of the water that a wall needs which it gets, from fixed cooling and crews."""
    need = wall_water(p, state.vessels[k])
    flow = inputs.effort.get(f"cool_{state.vessels[k].id}", 0.0) * supply(p, inputs)
    return min(1.0, fixed(p, state, inputs) + flow / need)


def fixed(p: Parameters, state: State, inputs: Inputs) -> float:
    """Share of the need that fixed cooling gives; its pumps hang on the mains or on the site's own power."""
    return state.fixed * max(p.own_water, min(inputs.service("power"), p.mains * inputs.service("water")))


def wall_water(p: Parameters, vessel: Vessel) -> float:
    """Water (m³/s) that a vessel's wall needs."""
    return p.cool_rate * _MM * vessel.wall


def supply(p: Parameters, inputs: Inputs) -> float:
    """Share of the flow that crews can bring which there is water for."""
    return p.own_water + (1 - p.own_water) * p.mains * inputs.service("water")


def cools_at(p: Parameters, state: State, k: int, inputs: Inputs) -> float:
    """Rate (1/s) at which a vessel that heat has left cools down; 0 while it is heated."""
    vessel = state.vessels[k]
    if vessel.gone or vessel.used <= 0.0 or stands(p, vessel, flux(p, state, k, inputs.weather)) < math.inf:
        return 0.0
    return p.cools + p.cools_water * cover(p, state, k, inputs)


def wall_temperature(p: Parameters, state: State, vessel: Vessel) -> float:
    """Wall temperature (°C): it has risen in proportion to what heat has used up."""
    return state.weather.temperature + p.wall_rise * vessel.used


def cool_enough(p: Parameters, state: State) -> float:
    """What share may be used up for a wall to count as cool."""
    return max(0.0, p.wall_cool - state.weather.temperature) / p.wall_rise


def under_heat(p: Parameters, state: State, k: int) -> bool:
    """Whether a vessel must be cooled: heat uses it up, or it is still hot."""
    vessel = state.vessels[k]
    if vessel.gone:
        return False
    return hot(p, state, vessel) or stands(p, vessel, flux(p, state, k, state.weather)) < math.inf


def hot(p: Parameters, state: State, vessel: Vessel) -> bool:
    """Whether a standing vessel's wall is hotter than is safe; stores have no such wall."""
    return not (vessel.gone or p.explosive) and vessel.used > cool_enough(p, state)


# ── foam, water, vapour ──


def agent_wanted(p: Parameters, fire: Fire) -> float:
    """Foam solution or water (m³/s) that a fire needs; 0 where it cannot be put out so."""
    if not fire.lit or fire.kind is Kind.OUTSIDE:
        return 0.0
    rate = p.foam_rate if p.foam_works else p.quench_rate if p.water_works else 0.0
    return rate * _MM * fire.area


def agent_holds(p: Parameters, fire: Fire) -> float:
    """How long (s) it must be kept on without a break."""
    if p.water_works:
        return p.quench_for
    return p.foam_spill if fire.kind is Kind.SPILL else p.foam_tank


def agent_on(p: Parameters, state: State, fire: Fire, inputs: Inputs) -> float:
    """Foam solution or water (m³/s) that is on a fire."""
    if fire.vessel < 0:
        return 0.0
    name = state.vessels[fire.vessel].id
    crews = inputs.effort.get(f"foam_{name}", 0.0) * p.foam_crew
    return (crews if p.foam_works else inputs.effort.get(f"quench_{name}", 0.0)) * supply(p, inputs)


def enough(p: Parameters, state: State, fire: Fire, inputs: Inputs) -> bool:
    """Whether as much is on it as it needs."""
    wanted = agent_wanted(p, fire)
    return wanted > 0.0 and agent_on(p, state, fire, inputs) >= wanted * (1 - _ROUNDING)


def curtain_share(p: Parameters, state: State, fire: Fire, inputs: Inputs) -> float:
    """How much of a full curtain stands at a leak."""
    flow = inputs.effort.get(f"curtain_{state.vessels[fire.vessel].id}", 0.0) * supply(p, inputs)
    return min(1.0, flow / curtain_wanted(p, fire))


def curtain_wanted(p: Parameters, fire: Fire) -> float:
    """Water (m³/s) for a curtain at a leak."""
    return min(p.curtain_most, p.curtain * fire.burns)


def cloud_flows(p: Parameters, state: State, fire: Fire, inputs: Inputs) -> tuple[float, float]:
    """What feeds a cloud of vapour (kg/s) and the rate (1/s) at which the wind carries it off."""
    gain = p.cloud_share * fire.burns * (1 - p.cloud_takes * curtain_share(p, state, fire, inputs))
    return gain, max(p.cloud_calm, inputs.weather.wind) / (p.cloud_wind * p.cloud_stays)


def sparks_at(p: Parameters, state: State, fire: Fire, inputs: Inputs) -> float:
    """Rate (1/s) of the clock of ignition of a leak that does not burn; put out once, it is under foam."""
    if fire.lit or math.isinf(fire.spark):
        return 0.0
    covered = p.reignites if fire.held > 0.0 else 1.0
    return p.ignites * covered * (1 - p.cloud_takes * curtain_share(p, state, fire, inputs))


def isolating(p: Parameters, state: State, fire: Fire, inputs: Inputs) -> float:
    """Pairs at work on a leak, as good as they can be: beside a vessel that is heated uncooled they work badly."""
    pairs = inputs.effort.get(f"isolate_{state.vessels[fire.vessel].id}", 0.0)
    if not fire.lit:
        return pairs
    return pairs * (p.isolate_hot + (1 - p.isolate_hot) * cover(p, state, fire.vessel, inputs))


def flows(p: Parameters, state: State, inputs: Inputs) -> tuple[float, float]:
    """Water on walls and in curtains, and foam or water on fires, m³/s."""
    share = supply(p, inputs)
    cooled = math.fsum(
        inputs.effort.get(f"cool_{vessel.id}", 0.0) * share
        + (fixed(p, state, inputs) * wall_water(p, vessel) if under_heat(p, state, k) else 0.0)
        for k, vessel in enumerate(state.vessels)
    )
    curtains = math.fsum(flow for name, flow in inputs.effort.items() if name.startswith("curtain_")) * share
    return cooled + curtains, math.fsum(agent_on(p, state, fire, inputs) for fire in state.fires)


def fuel(state: State) -> float:
    """What is left in vessels that stand or burn, kg."""
    return math.fsum(vessel.mass for vessel in state.vessels)
