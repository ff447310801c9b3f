"""The river at the site: rain becomes flow through a chain of reservoirs, the flow passes marks, a dike is overtopped or piped."""

from __future__ import annotations

import math
from collections.abc import Iterator

from msgspec.structs import replace

from models import kernels
from models.hazards.flood import water
from models.hazards.flood.dam import first
from models.hazards.flood.parameters import Parameters
from models.hazards.flood.state import Catchment, River
from sim.domain.places import Weather
from sim.units import HOUR

_MM = 1e-3
Due = tuple[float, str, int]

# ── the catchment ──


def catchment(p: Parameters, area: float, base: float, wet: float, period: float) -> Catchment:
    """A catchment before its storm; `wet` from 0 (dry) to 1 is how full its ground is."""
    length = p.channel_length * (area / p.channel_area) ** p.channel_power
    lag = water.chain_lag(p, area, water.concentration(p, length, p.channel_slope))
    number = p.curve_dry + (p.curve_wet - p.curve_dry) * wet
    rate = water.rain_of(p, period, p.storm, area) / p.storm
    return Catchment(
        (0.0,) * round(p.chain), lag, area, base, water.retention(p, number), rate, p.storm, tick_left=p.tick
    )


def flow(c: Catchment) -> float:
    """What the river carries now, m³/s."""
    return c.stores[-1] / c.lag + c.base


def flow_after(c: Catchment, dt: float) -> float:
    """What it carries `dt` seconds later, as long as it rains as in this tick."""
    return kernels.reservoir_chain(c.stores, c.gained, c.lag, dt)[-1] / c.lag + c.base


def rising(c: Catchment, dt: float = 0.0) -> bool:
    """Whether the flow rises then: the reservoir above the last is fuller."""
    stores = kernels.reservoir_chain(c.stores, c.gained, c.lag, dt)
    above = stores[-2] if len(stores) > 1 else c.gained * c.lag
    return above > stores[-1]


def later(c: Catchment, dt: float) -> Catchment:
    """The catchment `dt` seconds later within a tick."""
    if dt <= 0.0:
        return c
    stores = kernels.reservoir_chain(c.stores, c.gained, c.lag, dt)
    return replace(c, stores=stores, tick_left=c.tick_left - dt)


def next_tick(p: Parameters, c: Catchment, weather: Weather) -> Catchment:
    """A new tick: the rain that falls in it becomes a steady effective rain by the curve number; none, and ticks cease."""
    rain = max(c.design if c.storm_left > 0.0 else 0.0, weather.rain * _MM / HOUR)
    before, after = (water.runoff(p, depth, c.retention) for depth in (c.fallen, c.fallen + rain * p.tick))
    return replace(
        c, gained=(after - before) / p.tick * c.area, fallen=c.fallen + rain * p.tick, storm_left=c.storm_left - p.tick,
        tick_left=p.tick, ticking=rain > 0.0,
    )  # fmt: skip


def rained_on(p: Parameters, c: Catchment, span: float) -> Catchment:
    """The catchment after so many whole ticks of its storm."""
    c = next_tick(p, c, Weather(rain=0.0))
    for _ in range(round(span / p.tick)):
        c = next_tick(p, later(c, p.tick), Weather(rain=0.0))
    return c


def design_peak(p: Parameters, area: float, base: float, period: float) -> float:
    """Peak flow (m³/s) of the storm of a return period on ground of middling wetness: what banks and dikes are made for."""
    c = catchment(p, area, base, 1 / 2, period)
    c = rained_on(p, c, p.storm)
    c = replace(c, gained=0.0)
    span = crest_in(c, math.inf)
    return flow_after(c, span if span < math.inf else 0.0)


def crest_in(c: Catchment, horizon: float) -> float:
    """Time until the flow stops rising; inf if it rises beyond the horizon, 0 if it falls already."""
    if not rising(c):
        return 0.0
    high = horizon
    if math.isinf(high):
        high = c.lag
        while rising(c, high):
            high *= 2
            if high > far(c):
                return math.inf
    elif rising(c, high):
        return math.inf
    return first(lambda t: not rising(c, t), high)


def far(c: Catchment) -> float:
    """A span (s) by which a chain has come to rest: hundreds of lags."""
    return c.lag * 2**10


def reaches(c: Catchment, target: float, horizon: float) -> float:
    """Time until the flow passes a mark, above or below; inf if it does not within the horizon."""
    now = flow(c)
    if now < target:
        top = crest_in(c, horizon)
        high = min(top if top < math.inf else horizon, far(c))
        return first(lambda t: flow_after(c, t) >= target, high) if flow_after(c, high) >= target else math.inf
    if rising(c):
        return math.inf
    high = min(horizon, far(c))
    return first(lambda t: flow_after(c, t) <= target, high) if flow_after(c, high) <= target else math.inf


# ── the dike ──


def top(p: Parameters, r: River, bags: float) -> float:
    """How high (m) the dike stands with so many sandbags on it."""
    return r.crest + water.raised(p, bags, p.dike_length)


def dike_due(p: Parameters, c: Catchment, r: River, effort: dict[str, float], horizon: float) -> Iterator[Due]:
    """The race of sandbags and stage, and water that works through the dike while the river is over its banks."""
    if math.isinf(r.crest) or r.broken:
        return
    rate = water.bagging(p, effort)
    ahead = crest_in(c, horizon)
    high = min(ahead if ahead < math.inf else horizon, far(c))

    def over(t: float) -> bool:
        return flow_after(c, t) >= water.carried(p, r.channel, top(p, r, r.bags + rate * t))

    if r.topped_at == math.inf:
        if rising(c) and over(high) and not over(0.0):
            yield first(over, high), "dike_overtopped", 0
        elif rising(c) and over(0.0):
            yield 0.0, "dike_overtopped", 0
    elif not over(horizon if horizon < math.inf else far(c)):
        yield first(lambda t: not over(t), horizon if horizon < math.inf else far(c)), "dike_clear", 0
    if r.over:
        yield kernels.work_done_in(r.pipes_at - r.piping, piping(p, effort)), "dike_piped", 0


def piping(p: Parameters, effort: dict[str, float]) -> float:
    """How fast water works through the dike: slower where it is walked and boils are ringed at once."""
    watched = effort.get("patrol", 0.0) >= p.patrol
    return p.dike_piping * (p.patrolled if watched else 1.0)
