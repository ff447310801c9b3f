"""How a flood begins: the rain, the seepage or the lake, the river and its dike or the dam, the people below."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec.structs import replace

from models.hazards.flood import dam as dams
from models.hazards.flood import places, river, water
from models.hazards.flood.parameters import Parameters
from models.hazards.flood.state import Channel, Dam, River, State
from sim.domain.hazards import Effect, Scene
from sim.streams import Stream

_MM, _KM2 = 1e-3, 1e6


def begin(p: Parameters, scene: Scene, stream: Stream) -> tuple[State, Sequence[Effect]]:
    """The rain, the seepage or the lake is there; who lives below, how lucky each is."""
    scope, stream_of = scene.scope, scene.around.stream
    fails, holds, burst, stands = (stream.exponential(), stream.uniform(), stream.normal(), stream.uniform())
    misjudged = math.exp(p.seen_error * stream.normal())
    at_dam = p.at_dam > 0.0
    mean = stream_of.mean if stream_of is not None and stream_of.mean > 0.0 else scope["inflow"]
    base = scope["inflow"] if at_dam or stream_of is None or stream_of.flow <= 0.0 else stream_of.flow
    wet = min(1.0, scene.rain_month * _MM / p.season_rain)
    period = scope["return_period"] if p.storms else 0.0
    area = _area(p, scope, mean)
    catchment = river.catchment(p, area, base, wet, max(period, 2.0))
    calm = replace(catchment, storm_left=0.0, ticking=False)
    catchment = river.rained_on(p, catchment, p.begun) if period else calm
    dike = p.dike > 0.0
    found = places.found(p, scene, mean, dike)
    channel = _channel(p, scene, area, base, mean)
    found = [(replace(x, channel=channel) if x.along == 0.0 else x, number) for x, number in found]
    full, truth, effects = places.peopled(p, found, scene, stream)
    cold = p.roof_cold if scene.weather.temperature < p.cold_below else p.roof
    asleep = scene.around.presence.get("asleep", 0.0)
    state = State(scene.cause, full, scene.weather, misjudged, truth, asleep, cold, period, catchment)
    holds_for = p.holds_least + (p.holds_most - p.holds_least) * holds
    if at_dam:
        dam = _dam(p, scope, fails, holds_for, math.exp(p.breach_spread * burst), stands < p.stands)
        state = places.warned(p, replace(state, dam=dams.rebased(dam, catchment, dam.rates)), p.keeper)
    else:
        crest = math.inf
        if dike:
            design = river.design_peak(p, area, base, p.dike_for)
            crest = water.stage(p, channel, design) + p.freeboard
        state = replace(
            state, river=River(channel, base + p.warn_share * (channel.bank - base), crest, fails, holds_for)
        )
    return state, effects


def _area(p: Parameters, scope: dict[str, float], mean: float) -> float:
    """The catchment (m²): of a reservoir by what it holds, of a river by its mean flow, of a brook as the card says."""
    if p.at_dam:
        return p.catchment_per * scope["volume"] if p.storms else p.catchment
    return min(p.area_most, max(p.area_least, mean * p.by_flow * _KM2)) if p.by_flow else p.catchment


def _channel(p: Parameters, scene: Scene, area: float, base: float, mean: float) -> Channel:
    """The river at the site: between its banks it carries the flood of a few years."""
    terrain = scene.site.terrain
    slope = getattr(p, f"slope_{terrain}")
    if p.at_dam:
        return water.bed(p, mean, slope)
    bank = river.design_peak(p, area, base, p.bank_for)
    return Channel(max(p.width_least, p.regime * math.sqrt(bank)), slope, bank)


def _dam(p: Parameters, scope: dict[str, float], pipes_at: float, holds_for: float, luck: float, stands: bool) -> Dam:
    """The dam and what is in it."""
    volume, height = scope["volume"], scope["height"]
    natural = p.natural > 0.0
    depth = p.notch_share * height
    notch = (p.notch_width + p.notch_side * depth) * depth * (p.notch_long * height if natural else p.notch_length)
    spill = p.spill_share * height
    passed = p.spill_works * p.spill_design * volume / (p.weir * (height - spill) ** p.weir_height)
    held = p.filled * volume
    return Dam(
        natural, height, volume, scope["inflow"], luck, stands and natural, holds_for, pipes_at, spill, passed, notch, held, held,
    )  # fmt: skip
