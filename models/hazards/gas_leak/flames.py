"""A leak that burns in the open: who is hurt around it, how far it is dangerous, houses that catch fire (hazards.md H05, H17)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from models import kernels
from models.hazards.gas_leak.parameters import Parameters
from models.hazards.gas_leak.state import State
from models.physics import heat, probit
from sim.domain.hazards import Effect, Harm, Involve
from sim.domain.people import Person, Status, Triage


def radius(state: State) -> float:
    """Metres within which a fire of the present flow is deadly."""
    return state.line.radius * math.sqrt(state.rate / state.line.full) if state.line.full > 0.0 else 0.0


def in_danger(p: Parameters, state: State) -> float:
    """People to be led away from a leak in the open: as far as a fire would hurt, less those who have been."""
    if state.line.radius <= p.stay_far:
        return 0.0
    return max(0.0, state.people_m2 * math.pi * (p.clear_times * state.line.radius) ** 2 - state.zone_led)


def flux(p: Parameters, state: State, distance: float) -> float:
    """W/m² at a distance from the fire: that of the edge at the radius, falling with the square."""
    return p.edge_flux * (radius(state) / distance) ** 2


def strikes(p: Parameters, state: State) -> tuple[Sequence[Effect], float]:
    """Who is hurt when it lights up, and the people in houses that catch fire; the nearest have been led away first."""
    reach, whole = radius(state), state.people_m2 * math.pi * state.line.radius**2
    if reach <= p.stay_far or whole <= 0.0:
        return (), 0.0
    away = min(1.0, state.zone_led / whole)
    by_fate: dict[tuple[Status, Triage | None], list[str]] = {}
    homes = 0.0
    for i, luck in enumerate(state.pool[: round(whole)]):
        distance = state.line.radius * math.sqrt(luck.distance)
        if distance > reach or luck.distance < away:
            continue
        if luck.place < state.outdoors:
            fate = _burnt(p, flux(p, state, distance), luck.tolerance)
        elif flux(p, state, distance) >= p.house_flux:
            homes += 1.0
            fate = _housed(p, luck.fate)
        else:
            fate = Status.SAFE, None
        by_fate.setdefault(fate, []).append(f"z{i + 1:03d}")
    named = sorted(name for names in by_fate.values() for name in names)
    effects: list[Effect] = [Involve(tuple(Person(name, Status.EXPOSED, "near") for name in named))] if named else []
    order = sorted(by_fate.items(), key=lambda item: (item[0][0].value, item[0][1].value if item[0][1] else ""))
    for (status, colour), names in order:
        why = "sheltered" if status is Status.SAFE else "burnt"
        effects.append(Harm(tuple(names), status, colour, why))
    return effects, homes


def _burnt(p: Parameters, heat_flux: float, tolerance: float) -> tuple[Status, Triage | None]:
    """Somebody outdoors: the dose of the seconds until they are behind something, against what they bear."""
    bears = kernels.dose_threshold(p.probit_a, p.probit_b, tolerance, probit.MEDIAN)
    share = heat.dose(heat_flux, p.exposed_for, p.dose_power) / bears
    if share >= 1.0:
        return Status.DEAD, None
    for mark, colour in ((p.burns_red, Triage.RED), (p.burns_yellow, Triage.YELLOW), (p.burns_green, Triage.GREEN)):
        if share >= mark:
            return Status.WAITING, colour
    return Status.SAFE, None


def _housed(p: Parameters, luck: float) -> tuple[Status, Triage | None]:
    """Somebody in a house that catches fire at once."""
    for share, fate in ((p.house_dead, (Status.DEAD, None)), (p.house_red, (Status.WAITING, Triage.RED)),
                        (p.house_yellow, (Status.WAITING, Triage.YELLOW))):  # fmt: skip
        if luck < share:
            return fate
        luck -= share
    return Status.SAFE, None
