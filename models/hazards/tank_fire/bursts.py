"""What bursts: a pressure vessel, a store, a cloud, a tank that boils over; and whom it hits, near by, at work and in towns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from msgspec.structs import replace

from models.hazards.tank_fire import people as near
from models.hazards.tank_fire.parameters import Parameters
from models.hazards.tank_fire.state import Fire, Group, Lying, Soul, State, Vessel
from models.physics import blast, heat, hurt
from sim.domain.hazards import Effect, Harm, Shock, Strike
from sim.domain.people import Status, Triage


@dataclass(frozen=True, slots=True)
class Burst:
    """How strong: TNT equivalent (kg), what burns in the fireball (kg), how far burning vapour covers the ground (m)."""

    tnt: float = 0.0
    ball: float = 0.0
    cloud: float = 0.0


def of_vessel(p: Parameters, vessel: Vessel, ambient: float) -> Burst:
    """A vessel that heat has used up: a pressure vessel with all it still holds, or a store."""
    if p.explosive:
        return Burst(p.ground * p.explosive_yield * vessel.mass, p.ball_share * vessel.mass)
    liquid = vessel.mass / p.density
    gas = blast.flashed_volume(max(0.0, vessel.volume - liquid), liquid, p.flashes, p.dense_ratio)
    energy = p.burst_share * blast.burst_isentropic(p.burst_pressure, ambient, gas, p.gamma)
    return Burst(blast.tnt_of(energy, p.tnt), p.ball_share * vessel.mass)


def of_cloud(p: Parameters, fire: Fire) -> Burst:
    """Vapour that catches fire: some of its heat drives a blast, the rest burns whoever is inside."""
    return Burst(
        blast.cloud_tnt(fire.cloud, p.heat, p.efficiency, p.tnt),
        cloud=math.sqrt(fire.cloud / p.cloud_lean / math.pi),
    )


def of_boil_over(p: Parameters, vessel: Vessel) -> Burst:
    """Burning oil thrown up by steam from the bottom."""
    return Burst(ball=p.boil_share * vessel.mass)


def can_burst(p: Parameters) -> bool:
    """Whether vessels of this kind can burst at all, or only catch fire."""
    return bool(p.pressurised or p.explosive)


def danger(p: Parameters, vessels: Sequence[Vessel], ambient: float) -> float:
    """How far (m) the worst that may happen would hurt people."""
    if can_burst(p):
        burst = of_vessel(p, vessels[0], ambient)
    elif p.boils_over:
        burst = of_boil_over(p, vessels[0])
    else:
        return p.danger_flash
    glass = blast.reach(_curve(p), p.roof, burst.tnt, ambient)
    return min(p.danger_most, max(p.danger_flash, glass, near.danger(p, _ball(p), burst.ball)))


# ── whom it hits ──


def hits(p: Parameters, state: State, burst: Burst) -> tuple[State, list[Effect]]:
    """The people near by after a burst: each by where they are and their own luck; the rest get away soon."""
    found: dict[tuple[Status | Triage, str], list[str]] = {}
    buried: list[Lying] = []
    groups: list[Group] = []
    for group in state.groups:
        stay = []
        for soul in group.people:
            outcome, why = _fate(p, soul, burst, state.ambient)
            if outcome is None:
                stay.append(soul)
                continue
            found.setdefault((outcome, why), []).append(soul.id)
            if outcome is Status.TRAPPED:
                buried.append(Lying(soul.id, p.dig_out))
        if stay:
            groups.append(replace(group, people=tuple(stay), leaves=min(group.leaves, state.age + p.flees_after)))
    down = []
    for lying in state.down:
        if lying.soul is not None and _fate(p, lying.soul, burst, state.ambient)[0] is Status.DEAD:
            found.setdefault((Status.DEAD, "fireball" if burst.ball else "blast"), []).append(lying.id)
        else:
            down.append(lying)
    effects: list[Effect] = [_harm(outcome, why, who) for (outcome, why), who in found.items()]
    first = next((group for group in groups if group.resident), None)
    state = replace(
        state,
        groups=tuple(groups),
        down=tuple(down),
        buried=(*state.buried, *buried),
        evac_left=min(state.evac_left, float(len(first.people))) if first else 0.0,
    )
    return state, effects


def strikes(p: Parameters, burst: Burst, ambient: float, why: str, demands: Sequence[str]) -> list[Effect]:
    """The crews who work at these demands, at their stand-off, in their clothing."""
    if not demands:
        return []
    taken = p.clothing * _dose(p, burst, p.stand_off)
    marks = [near.burns(p).chance(taken, share) for share in (1.0, p.burns_red, p.burns_yellow, p.burns_green)]
    pressure = blast.overpressure(_curve(p), p.stand_off, burst.tnt, ambient)
    thrown = 1 - (1 - near.in_the_open(p).chance(pressure)) * (1 - p.fragment_dead)
    dead = 1 - (1 - marks[0]) * (1 - thrown)
    left = 1 - thrown
    red, yellow, green = (left * (below - above) for above, below in pairwise(marks))
    return [Strike(why, tuple(demands), dead, red, yellow, green)]


def roof_lifts(p: Parameters, demands: Sequence[str]) -> list[Effect]:
    """A tank near by catches fire: its roof lifts over those who cool it."""
    return [Strike("domino", tuple(demands), p.roof_dead, p.roof_red, p.roof_yellow)] if demands else []


def shocks(p: Parameters, state: State, burst: Burst) -> list[Effect]:
    """The blast as it reaches the towns near by."""
    found: list[Effect] = []
    for town, distance in state.towns:
        pressure = blast.overpressure(_curve(p), max(distance, p.home_nearest), burst.tnt, state.ambient)
        if pressure >= p.shock_least:
            found.append(Shock("blast", town, {"overpressure": pressure, "distance": distance}))
    return found


# ── inside ──


def _curve(p: Parameters) -> blast.Curve:
    return blast.Curve(p.kg_peak, p.kg_bend, p.kg_near, p.kg_middle, p.kg_far)


def _ball(p: Parameters) -> heat.Fireball:
    return heat.Fireball(p.ball_size, p.ball_short, p.ball_long, p.ball_large, p.ball_emits)


def _dose(p: Parameters, burst: Burst, distance: float) -> float:
    if burst.ball <= 0.0:
        return 0.0
    ball = _ball(p)
    return heat.dose(ball.flux(burst.ball, distance), min(p.heat_cap, ball.lasts(burst.ball)), p.heat_power)


def _fate(p: Parameters, soul: Soul, burst: Burst, ambient: float) -> tuple[hurt.Outcome, str]:
    pressure = blast.overpressure(_curve(p), soul.distance, burst.tnt, ambient)
    return near.fate(p, soul, pressure, _dose(p, burst, soul.distance), in_cloud=soul.distance <= burst.cloud)


def _harm(outcome: Status | Triage, why: str, who: list[str]) -> Harm:
    if isinstance(outcome, Triage):
        return Harm(tuple(who), Status.WAITING, outcome, why)
    return Harm(tuple(who), outcome, why="buried" if outcome is Status.TRAPPED else why)
