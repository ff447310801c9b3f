"""A vehicle burns in a tunnel: how much heat, whether the air holds the smoke downstream, what water does, who can work where."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from models import kernels
from models.hazards.road_crash import smoke
from models.hazards.road_crash.parameters import Parameters
from models.hazards.road_crash.state import Fire, Held, Walker
from sim.domain.hazards import Demand, DemandKind, Inputs, Need
from sim.domain.places import Site
from sim.streams import Stream
from sim.units import from_si

ZERO_CELSIUS = 273.15  # K
OWN = (
    "air_changes",
    "smoke_back",
    "smoke_held",
    "too_hot",
    "cool_enough",
    "cabin_burnt",
    "full_heat",
    "fire_out",
    "burnt_out",
)
_LASTING = ("fire_out", "burnt_out")  # events after which nothing burns


# ── smoke against air ──


def air_density(p: Parameters, elevation: float) -> float:
    """kg/m³ of the fresh air at that height above the sea (m)."""
    return p.air_density * math.exp(-elevation / p.pressure_scale)


def critical_velocity(p: Parameters, heat: float, density: float) -> float:
    """The air speed (m/s) that just keeps the smoke of a fire of `heat` W from running upstream (Kennedy).

    V = K₁K_g (g H q / T_f)^⅓ with T_f = q/V + T and q = Q_c/(ρ c_p A) is the root of T V³ + q V² = (K₁K_g)³ g H q.
    """
    q, drive = _plume(p, heat, density), _drive(p)
    low, high = 0.0, math.sqrt(drive)  # the speed that holds an endless fire
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if (_kelvin(p) * middle + q) * middle**2 < drive * q else (low, middle)
    return high


def heat_held(p: Parameters, air: float, density: float) -> float:
    """The largest fire (W) whose smoke this air speed holds: the inverse of `critical_velocity`; inf if it holds any."""
    drive = _drive(p)
    if air**2 >= drive:
        return math.inf
    return air**3 * _kelvin(p) / (drive - air**2) / _plume(p, 1.0, density)


def air_speed(p: Parameters, running: float) -> float:
    """m/s with that share of the fans: their thrust is balanced by drag, so air goes with its root; never below the draught."""
    return max(p.air_natural, p.air_fans * math.sqrt(running))


def powered(p: Parameters, inputs: Inputs) -> float:
    """The share of the fans that run: as much as the grid gives, and generators beside it."""
    return min(1.0, inputs.service("power") + inputs.effort.get("fans", 0.0) / p.fans_power) if p.fans else 0.0


def _plume(p: Parameters, heat: float, density: float) -> float:
    """q, m·K/s: what the convected heat would make of a metre a second of air."""
    return p.convective * heat / (density * p.air_heat * p.tunnel_area)


def _drive(p: Parameters) -> float:
    grade = 1 + p.grade_factor * float(max(0.0, from_si(p.downgrade, "%")) ** p.grade_power)
    return float((p.froude * grade) ** 3) * p.gravity * p.tunnel_height


def _kelvin(p: Parameters) -> float:
    return p.air_temperature + ZERO_CELSIUS


# ── the fire ──


def ignite(
    p: Parameters, site: Site, people: int, cut: tuple[Held, ...], burning: frozenset[str], stream: Stream
) -> Fire:
    """The first moment: what burns, who stands in the tunnel on either side; those `burning` sit in what burns."""
    shares = (p.fire_bus, p.fire_heavy, p.fire_tanker)
    kind = stream.index((max(0.0, 1 - math.fsum(shares)), *shares))
    laden = stream.uniform()
    heavy = p.heat_heavy_least + (p.heat_heavy_most - p.heat_heavy_least) * laden
    peak = (p.heat_car, p.heat_bus, heavy, p.heat_tanker)[kind]
    lasts = (p.lasts_car, p.lasts_bus, p.lasts_heavy, p.lasts_tanker)[kind]
    growth = p.growth_heat / (p.growth_fast, p.growth_fast, p.growth_ultra, p.growth_ultra)[kind] ** 2
    running = 1.0 if p.fans else 0.0
    air = air_speed(p, running)
    density = air_density(p, site.elevation)
    walkers, up, down = smoke.inside(p, people, air, stream)
    caught = tuple(
        Walker(who.id, True, 0.0, math.inf, math.inf, p.toxic * stream.exponential(), burns=who.id in burning)
        for who in cut
    )
    fire = Fire(
        kind == len(shares), growth, peak, kernels.fire_reaches(p.seat, growth, 0.0, peak) + lasts,
        heat_held(p, air, density), air, running, 1.0, density, p.seat, walkers + caught, up, down, near=p.seat <= p.workable,
    )  # fmt: skip
    return smoke.runs_back(p, fire) if fire.heat > fire.holds else fire


def cooling(p: Parameters, effort: Mapping[str, float]) -> float:
    """Heat (W) that the water and foam on it take away."""
    return effort.get("water", 0.0) * _per_flow(p) + effort.get("foam", 0.0) * p.foam_takes


def later(p: Parameters, fire: Fire, dt: float, effort: Mapping[str, float]) -> Fire:
    """The fire `dt` seconds later: it grows to its peak, or shrinks where more is taken away than it gives."""
    if not fire.out:
        heat = kernels.fire_heat(fire.heat, fire.growth, cooling(p, effort), dt)
        fire = replace(fire, heat=min(fire.peak, heat))
    reach = len(fire.within_reach)
    crews = min(effort.get("bringing_out", 0.0), float(reach))
    first = len(fire.up)
    return replace(
        fire, age=fire.age + dt, up=worked(fire.up, crews, dt), down=worked(fire.down, max(0.0, crews - first), dt)
    )


def due(p: Parameters, fire: Fire, inputs: Inputs) -> Iterator[tuple[float, str, int]]:
    """What the fire and the people in the tunnel will do by themselves: (seconds, name, index)."""
    effort = inputs.effort
    for k, who in enumerate(fire.walkers):
        yield (who.out - fire.age, "walked_out", k) if who.out <= who.dies else (who.dies - fire.age, "overcome", k)
    for k, held in enumerate(fire.within_reach):
        yield kernels.work_done_in(held.left, min(1.0, effort.get("bringing_out", 0.0) - k)), "brought_out", k
    if fire.out:
        return
    heat, growth, taken = fire.heat, fire.growth, cooling(p, effort)
    if (inputs.service("power"), powered(p, inputs)) != (fire.grid, fire.running):
        yield 0.0, "air_changes", 0
    yield fire.ends - fire.age, "burnt_out", 0
    if heat > taken:  # it grows, if it can
        for mark, ahead, name in (
            (fire.holds, not fire.back, "smoke_back"),
            (p.workable, fire.near, "too_hot"),
            (p.cabin_burns, not fire.burnt, "cabin_burnt"),
            (fire.peak, heat < fire.peak, "full_heat"),
        ):
            if ahead and mark <= fire.peak:
                yield kernels.fire_reaches(min(heat, mark), growth, taken, mark), name, 0
    elif heat < taken:
        yield kernels.fire_out_in(heat, growth, taken), "fire_out", 0
        for mark, ahead, name in ((fire.holds, fire.back, "smoke_held"), (p.workable, not fire.near, "cool_enough")):
            if ahead:
                yield kernels.fire_reaches(max(heat, mark), growth, taken, mark), name, 0


def happens(p: Parameters, fire: Fire, name: str, inputs: Inputs) -> Fire:
    """The jump at one of the fire's own events; the heat is set onto its mark."""
    if name == "air_changes":
        return _ventilated(p, replace(fire, grid=inputs.service("power")), powered(p, inputs))
    if name in _LASTING:
        return smoke.clears(replace(fire, heat=0.0, near=True, out=True, back=False), everywhere=True)
    match name:
        case "smoke_back":
            fire = smoke.runs_back(p, replace(fire, heat=max(fire.heat, fire.holds)))
        case "smoke_held":
            fire = smoke.clears(replace(fire, heat=min(fire.heat, fire.holds), back=False), everywhere=False)
        case "too_hot":
            fire = replace(fire, heat=max(fire.heat, p.workable), near=False)
        case "cool_enough":
            fire = replace(fire, heat=min(fire.heat, p.workable), near=True)
        case "cabin_burnt":
            fire = replace(fire, heat=max(fire.heat, p.cabin_burns), burnt=True)
            fire = replace(fire, walkers=tuple(who for who in fire.walkers if not who.burns))
        case "full_heat":
            fire = replace(fire, heat=fire.peak)
    return fire


def _ventilated(p: Parameters, fire: Fire, running: float) -> Fire:
    """Fans stop or start again: the same fire may now send smoke upstream, or no longer.

    Smoke that runs downstream keeps the speed it had when the fire began: it is through before any generator comes.
    """
    air = air_speed(p, running)
    fire = replace(fire, running=running, air=air, holds=heat_held(p, air, fire.density))
    if fire.back and fire.heat < fire.holds:
        return smoke.clears(replace(fire, back=False), everywhere=False)
    return smoke.runs_back(p, fire) if not fire.back and fire.heat > fire.holds else fire


# ── crews ──


def demands(p: Parameters, fire: Fire) -> Iterator[Demand]:
    """Water that matches the fire, foam on a tanker, crews in breathing sets for those who cannot walk."""
    if not fire.out:
        amount = min(p.water_face, p.water_margin * fire.heat / _per_flow(p))
        yield Demand("water", DemandKind.RATE, "FIRE_WATER", amount, p.water_face, p.water_set_up, 1)
        if fire.tanker:
            yield Demand("foam", DemandKind.RATE, "FOAM", p.foam_face, p.foam_face, p.water_set_up, 1)
        if p.fans and fire.grid < 1.0:
            power = p.fans_power * (1 - fire.grid)
            yield Demand("fans", DemandKind.RATE, "POWER", power, power, p.fans_set_up, 2, wears=False)
    if reach := fire.within_reach:
        work = math.fsum(held.left for held in fire.up + fire.down)
        face = min(p.bring_out_face, float(len(reach)))
        yield Demand("bringing_out", DemandKind.WORK, "USAR", work, face, p.bring_out_set_up, 1)


def readings(p: Parameters, fire: Fire | None) -> dict[str, float]:
    """Heat, the air speed it would take to hold the smoke, the air there is; people inside, people in smoke."""
    if fire is None:
        return dict.fromkeys(("heat", "critical", "air", "inside", "in_smoke", "to_bring_out"), 0.0)
    return {
        "heat": fire.heat,
        "critical": critical_velocity(p, fire.heat, fire.density),
        "air": fire.air,
        "inside": float(len(fire.walkers)),
        "in_smoke": float(sum(who.reached <= fire.age for who in fire.walkers)),
        "to_bring_out": float(len(fire.up) + len(fire.down)),
    }


def seen(p: Parameters, fire: Fire | None, stream: Stream) -> dict[str, float]:
    """What burns is seen, and so roughly how much heat it will give; who did not come out is asked at the portals."""
    if fire is None:
        return dict.fromkeys(("will_burn", "tanker", "fans_off", "left_inside"), 0.0)
    left = len(fire.up) + len(fire.down)
    return {
        "will_burn": 0.0 if fire.out else fire.peak * math.exp(p.seen_error * stream.normal()),
        "tanker": float(fire.tanker),
        "fans_off": 0.0 if fire.out else 1 - fire.grid,
        "left_inside": max(float(min(1, left)), round(left * math.exp(p.seen_error * stream.normal()))),
    }


def needs(p: Parameters, figures: Mapping[str, float]) -> Iterator[Need]:
    """Water for the heat that is to come, foam for a tanker, crews for those who did not come out."""
    if figures["will_burn"] > 0.0:
        water = p.water_margin * figures["will_burn"] / _per_flow(p)
        yield Need("FIRE_WATER", min(p.water_face, water), 1)
        if figures["tanker"]:
            yield Need("FOAM", p.foam_face, 1)
        if p.fans and figures["fans_off"]:
            yield Need("POWER", p.fans_power * figures["fans_off"], 2)
    if figures["left_inside"] > 0.0:
        yield Need("USAR", min(p.bring_out_face, math.ceil(figures["left_inside"] / p.crew_serves)), 1)


def worked(held: tuple[Held, ...], crews: float, dt: float) -> tuple[Held, ...]:
    """One crew each for as many as there are crews; a part of one for the next."""
    if crews <= 0.0:
        return held
    return tuple(
        Held(who.id, who.triage, kernels.work_left(who.left, min(1.0, crews - k), dt)) if crews > k else who
        for k, who in enumerate(held)
    )


def _per_flow(p: Parameters) -> float:
    """Heat (W) that a flow of 1 m³/s takes away."""
    return p.water_used * p.water_takes * p.water_density
