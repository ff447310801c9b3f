"""Concentration at an intake, when it passes a level, the dose of those who drink: all by the odometer of the water."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import pairwise

from models.hazards.water_pollution.parameters import Parameters
from models.hazards.water_pollution.state import Inflow, Intake, State
from models.physics import rivers

_CELLS = 48  # of the search for a crossing; what rises and falls within one is caught at the crests
_CREST = 12.0  # half widths of the cloud behind its crest, where nothing worth mentioning is left
_SLACK = 1e-6  # a level is passed for certain beyond this share of it


def density(state: State, x: float, s: float) -> float:
    """kg in a metre of river at `x` when the odometer shows `s`, without treatment."""
    alpha, loss = state.river.dispersivity, state.river.loss
    steady = math.fsum(
        i.rate * (rivers.passed(x, s - i.begins, alpha, loss) - rivers.passed(x, s - i.ends, alpha, loss))
        for i in coming(state)
    )
    return max(0.0, state.at_once * rivers.line_density(x, s, alpha, loss) + steady)


def gone_by(state: State, x: float, s: float) -> float:
    """∫ `density` over the odometer up to `s`: what has flowed past `x`, kg, without treatment."""
    alpha, loss = state.river.dispersivity, state.river.loss
    steady = math.fsum(
        i.rate * (rivers.passed_sum(x, s - i.begins, alpha, loss) - rivers.passed_sum(x, s - i.ends, alpha, loss))
        for i in coming(state)
    )
    return max(0.0, state.at_once * rivers.passed(x, s, alpha, loss) + steady)


def coming(state: State) -> Iterator[Inflow]:
    """All inflows; one that is going on ends where the source will be empty if nothing changes."""
    for inflow in state.inflows:
        if math.isinf(inflow.ends):
            runs = state.left / state.leaking * state.velocity if state.leaking > 0.0 else 0.0
            yield Inflow(inflow.begins, state.s + runs, inflow.rate)
        else:
            yield inflow


def passes(state: State, x: float, s: float) -> float:
    """The share that the carbon dam let pass of the water that is at `x` when the odometer shows `s`."""
    if x < state.node:
        return 1.0
    at_dam = s - (x - state.node)
    share = 0.0
    for record in state.treated:
        if record.begins <= at_dam:
            share = record.share
    return 1.0 - share


def ratio(p: Parameters, state: State, intake: Intake, s: float) -> float:
    """Concentration per stop level at an intake when the odometer shows `s`, with the discharge of now."""
    area = state.flow * intake.dilution / state.velocity
    return density(state, intake.x, s) * passes(state, intake.x, s) / (area * p.stop)


def dose_between(p: Parameters, state: State, intake: Intake, a: float, b: float) -> float:
    """∫ ratio dt (s) while the odometer runs from `a` to `b` with the discharge of now."""
    steps = [a, *(cut for cut in _cuts(state, intake.x) if a < cut < b), b]
    mass = math.fsum(
        passes(state, intake.x, (low + high) / 2) * (gone_by(state, intake.x, high) - gone_by(state, intake.x, low))
        for low, high in pairwise(steps)
    )
    return max(0.0, mass) / (state.flow * intake.dilution * p.stop)


def dose_reached(p: Parameters, state: State, intake: Intake, dose: float) -> float:
    """Odometer at which the dose from now on is `dose`; inf if all that will come is less."""
    end = _end(state, intake.x)
    if dose <= 0.0:
        return state.s
    if end <= state.s or dose_between(p, state, intake, state.s, end) < dose:
        return math.inf
    return _bisect(state.s, end, lambda s: dose_between(p, state, intake, state.s, s) >= dose)


def rises_above(p: Parameters, state: State, intake: Intake, level: float) -> float:
    """Odometer at which the ratio next comes to `level` from below; now, if it is above it; inf if it never will."""
    if ratio(p, state, intake, state.s) > level * (1 + _SLACK):
        return state.s
    before = state.s
    for s in _looks(state, intake.x):
        if ratio(p, state, intake, s) > level:
            return _bisect(before, s, lambda t: ratio(p, state, intake, t) > level)
        before = s
    return math.inf


def falls_below(p: Parameters, state: State, intake: Intake, level: float) -> float:
    """Odometer at which the ratio next comes to `level` from above; now, if it is below it."""
    if ratio(p, state, intake, state.s) < level * (1 - _SLACK):
        return state.s
    before = state.s
    for s in _looks(state, intake.x):
        if ratio(p, state, intake, s) < level:
            return _bisect(before, s, lambda t: ratio(p, state, intake, t) < level)
        before = s
    return before


def worst(p: Parameters, state: State, intake: Intake) -> float:
    """The highest ratio at an intake until now, with the discharge of now."""
    crest = rivers.peak_at(intake.x, state.river.dispersivity, state.river.loss)
    marks = [crest, *(end + crest for i in coming(state) for end in (i.begins, i.ends))]
    return max(ratio(p, state, intake, min(s, state.s)) for s in (*marks, state.s))


# ── inside ──


def _looks(state: State, x: float) -> list[float]:
    """Places of the odometer after now, ascending, between which the ratio at `x` goes one way only."""
    end, crest = _end(state, x), rivers.peak_at(x, state.river.dispersivity, state.river.loss)
    crests = [crest, *(i.begins + crest for i in coming(state)), *(i.ends + crest for i in coming(state))]
    if end <= state.s:
        return []
    cells = [state.s + (end - state.s) * (k + 1) / _CELLS for k in range(_CELLS)]
    cuts = [at for cut in _cuts(state, x) for at in (math.nextafter(cut, -math.inf), cut)]
    return sorted({s for s in (*cells, *crests, *cuts) if state.s < s <= end})


def _cuts(state: State, x: float) -> list[float]:
    """Odometers at which water treated otherwise comes by."""
    return [] if x < state.node else [record.begins + (x - state.node) for record in state.treated]


def _end(state: State, x: float) -> float:
    """The odometer by which all that was and will be let in has passed."""
    alpha = state.river.dispersivity
    crest = rivers.peak_at(x, alpha, state.river.loss)
    last = max((i.ends for i in coming(state)), default=0.0)
    return last + crest + _CREST * (math.sqrt(2 * alpha * crest) + 4 * alpha)


def _bisect(low: float, high: float, reached: Callable[[float], bool]) -> float:
    """The first place between them at which it is reached, to the last digit."""
    while low < (middle := (low + high) / 2) < high:
        if reached(middle):
            high = middle
        else:
            low = middle
    return high
