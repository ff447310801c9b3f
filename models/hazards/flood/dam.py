"""A reservoir or a lake behind a natural dam: it fills, spills, is drawn down, dug down, works through, is overtopped, breaks."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from msgspec.structs import replace

from models import kernels
from models.hazards.flood import water
from models.hazards.flood.parameters import Parameters
from models.hazards.flood.state import Catchment, Dam, Place
from sim.domain.hazards import Inputs
from sim.units import HOUR

_ROOT = 60
_FAR = 60 * 24 * HOUR
Due = tuple[float, str, int]


def level(p: Parameters, dam: Dam, volume: float) -> float:
    """How deep (m) it stands with so much in it: V = full · (h/H)^m."""
    return float(dam.height * max(0.0, volume / dam.full) ** (1 / p.lake_power))


def notch_depth(p: Parameters, dam: Dam, dug: float) -> float:
    """How deep (m) the notch is: a trapezoid is dug from the top, its volume grows with the square of its depth."""
    return p.notch_share * dam.height * math.sqrt(min(1.0, dug / dam.notch)) if dam.notch > 0.0 else 0.0


def sill(p: Parameters, dam: Dam, dug: float, bags: float) -> float:
    """Where water runs over (m): the crest with its sandbags, or a natural dam's notch."""
    if dam.natural:
        return dam.height - notch_depth(p, dam, dug)
    return dam.height + water.raised(p, bags, p.crest_length)


def rates_of(p: Parameters, dam: Dam, inputs: Inputs) -> tuple[float, float, float]:
    """(drained m³/s, dug m³/s, bags/s) under these inputs: outlets pass the river's flow and a share of the lake a day."""
    effort = inputs.effort
    open_ = p.gates_dark + (1 - p.gates_dark) * inputs.service("power")
    gates = 0.0 if dam.natural else dam.inflow + p.gates * dam.full * open_
    return effort.get("drain", 0.0) + gates, effort.get("notch", 0.0), water.bagging(p, effort)


def ahead(
    p: Parameters, dam: Dam, c: Catchment, rates: tuple[float, float, float], dt: float
) -> tuple[float, float, float]:
    """(volume, dug, bags) `dt` seconds from now under these rates: one Runge-Kutta step from where they last changed.

    Reckoned from there, not from now, it is the same however often somebody looks. Where the outflow depends on the level a
    tick comes soon (see `ticks`); where nothing does, the step is exact however long.
    """
    if rates != dam.rates or not dam.stores0:
        dam = rebased(dam, c, rates)
    span = dam.since + dt
    dug, bags = dam.dug0 + rates[1] * span, dam.bags + rates[2] * dt
    if dam.broken:
        return dam.volume, dug, bags
    chain = replace(c, stores=dam.stores0)

    def slope(values: tuple[float, ...]) -> tuple[float, ...]:
        volume, t = values
        gained = kernels.reservoir_chain(chain.stores, chain.gained, chain.lag, t)[-1] / chain.lag
        return gained + dam.inflow - rates[0] - _spilt(p, dam, volume, rates[1] * t), 1.0

    volume = kernels.runge_kutta(slope, (dam.volume0, 0.0), span)[0] if span > 0.0 else dam.volume0
    return min(dam.full * p.fullest, max(0.0, volume)), dug, bags


def rebased(dam: Dam, c: Catchment, rates: tuple[float, float, float]) -> Dam:
    """The dam reckoned from now."""
    return replace(dam, volume0=dam.volume, stores0=c.stores, since=0.0, rates=rates, dug0=dam.dug)


def ticks(p: Parameters, dam: Dam, c: Catchment) -> bool:
    """Whether something in it changes with its level or its catchment, so that it is looked at every tick."""
    if dam.broken or dam.safe:
        return False
    feeds = c.stores[-1] / c.lag >= p.feeds * max(dam.inflow, 1.0)
    spills = not dam.natural and level(p, dam, dam.volume) >= p.near_spill * dam.spill
    return c.ticking or feeds or spills or p.dam_piping > 0.0 or (dam.dug > 0.0 and not dam.natural)


def later(p: Parameters, dam: Dam, c: Catchment, dt: float, inputs: Inputs) -> Dam:
    """The dam `dt` seconds later; `c` is its catchment before that."""
    rates = rates_of(p, dam, inputs)
    volume, dug, bags = ahead(p, dam, c, rates, dt)
    if rates != dam.rates or not dam.stores0:
        dam = rebased(dam, c, rates)
    used = _seeps(p, dam, inputs.effort) * dt
    return replace(
        dam, volume=volume, dug=min(dug, dam.notch), bags=bags, since=dam.since + dt, piping=dam.piping + used
    )


def due(p: Parameters, dam: Dam, c: Catchment, inputs: Inputs, horizon: float) -> Iterator[Due]:
    """What happens to it by itself within the horizon: it is overtopped, works through, is low enough."""
    if dam.broken or dam.safe:
        return
    rates, high = rates_of(p, dam, inputs), min(horizon, _FAR)

    def over(t: float) -> bool:
        volume, dug, bags = ahead(p, dam, c, rates, t)
        return level(p, dam, volume) >= sill(p, dam, dug, bags)

    def low(t: float) -> bool:
        return ahead(p, dam, c, rates, t)[0] <= p.safe_share * dam.full

    if dam.topped_at == math.inf:
        if over(high):
            yield first(over, high), "overtopped", 0
    elif not dam.natural and not over(high):
        yield first(lambda t: not over(t), high), "no_longer_overtopped", 0
    if not dam.natural and low(high):
        yield first(low, high), "lowered", 0
    yield kernels.work_done_in(dam.pipes_at - dam.piping, _seeps(p, dam, inputs.effort)), "dam_piped", 0


def broken(p: Parameters, dam: Dam, age: float, *, topped: bool) -> tuple[Dam, dict[str, float]]:
    """It breaks: how fast, how wide, how soon it is empty."""
    depth = level(p, dam, dam.volume)
    raw = water.natural_peak(p, dam.volume, depth) if dam.natural else water.breach_peak(p, dam.volume, depth)
    peak = raw * dam.luck
    forms = water.breach_time(p, dam.volume, depth)
    width = water.breach_width(p, dam.volume, depth, topped=topped)
    values = {
        "peak": peak, "volume": dam.volume, "depth": depth, "forms_in": forms, "width": width,
        "by_weir": water.weir_peak(p, p.crest_length, min(width, p.crest_length), depth), "empties_in": 2 * dam.volume / peak,
    }  # fmt: skip
    return replace(dam, broken=True, empties_at=age + 2 * dam.volume / peak), values


def reached(p: Parameters, place: Place, values: dict[str, float], age: float) -> Place:
    """When the wave of a broken dam reaches a place, how big it is there, when it is gone."""
    speed, shape = water.wave(p, place.channel.slope)
    flow = water.downstream(values["volume"], values["peak"], place.along, speed, shape)
    if water.over_ground(p, place.channel, flow) <= 0.0:
        return place
    floods = age + place.along / (p.front * speed)
    crests = floods + values["forms_in"] * p.rises_in
    return replace(place, flow=flow, floods_at=floods, crests_at=crests, falls_at=crests + 2 * values["volume"] / flow)


def first(met: Callable[[float], bool], high: float) -> float:
    """The first time up to `high`, where it is met, at which it is: by halving."""
    low = 0.0
    for _ in range(_ROOT):
        middle = (low + high) / 2
        low, high = (low, middle) if met(middle) else (middle, high)
    return high


# ── inside ──


def _spilt(p: Parameters, dam: Dam, volume: float, dug: float) -> float:
    """What runs over the spillway and through an emergency notch (m³/s): weirs. A natural dam has neither."""
    if dam.natural:
        return 0.0
    depth, cut = level(p, dam, volume), notch_depth(p, dam, dam.dug0 + dug)
    spill = max(0.0, depth - dam.spill) ** p.weir_height * dam.spill_width
    notch = max(0.0, depth - dam.height + cut) ** p.weir_height * p.notch_width if cut > 0.0 else 0.0
    return float(p.weir * (spill + notch))


def _seeps(p: Parameters, dam: Dam, effort: dict[str, float]) -> float:
    """How fast water works through: by what stood in it when this was last reckoned, and slower once it is plugged."""
    plugged = p.plugged if effort.get("plug", 0.0) >= p.plug else 1.0
    return p.dam_piping * plugged * dam.volume0 / dam.full
