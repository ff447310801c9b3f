"""The river at its banks and its dike: when it passes which mark, and what that means for the places beside and below."""

from __future__ import annotations

import math
from collections.abc import Iterator

from msgspec.structs import replace

from models import kernels
from models.hazards.flood import places, river, water
from models.hazards.flood.parameters import Parameters
from models.hazards.flood.state import Catchment, Place, River, State, Water
from sim.domain.hazards import Note

Due = tuple[float, str, int]


def due(p: Parameters, state: State, r: River, c: Catchment, effort: dict[str, float], horizon: float) -> Iterator[Due]:
    """What the river does by itself within the horizon: it passes marks, crests, tops or pipes its dike."""
    now = river.flow(c)
    if horizon <= 0.0:
        return
    if not r.warned:
        if now < r.warn or river.rising(c):  # not where it has just fallen to the mark
            yield river.reaches(c, r.warn, horizon) if now < r.warn else 0.0, "warning_stage", 0
    elif not r.over and not r.crested:
        yield river.reaches(c, r.channel.bank, horizon) if now < r.channel.bank else 0.0, "over_banks", 0
    if not r.crested and (r.over or not c.ticking):
        yield river.crest_in(c, horizon), "crest", 0
    if r.crested and r.over:
        yield river.reaches(c, r.channel.bank, horizon) if now > r.channel.bank else 0.0, "below_banks", 0
    elif r.crested and r.warned:
        yield river.reaches(c, r.warn, horizon) if now > r.warn else 0.0, "below_warning", 0
    yield from river.dike_due(p, c, r, effort, horizon)
    if r.topped_at < math.inf and not r.broken:
        yield r.topped_at + r.holds_for - state.age, "dike_breaks", 0
    if r.pooled > 0.0:
        drained, pumps = draining(p, state, effort)
        yield kernels.first_order_reaches(r.pooled, -pumps, drained, p.dry), "dry_behind_dike", 0


def draining(p: Parameters, state: State, effort: dict[str, float]) -> tuple[float, float]:
    """(share that drains by itself a second, pumps m³/s) behind the broken dike: none while the river stands above."""
    r = state.river
    if r is None or r.over:
        return 0.0, 0.0
    return 1 / p.drains_over, effort.get("pumping", 0.0)


def happens(p: Parameters, state: State, r: River, name: str) -> tuple[State, tuple[Note, ...]]:
    """The river passes a mark, or the dike fails or holds."""
    c = state.catchment
    assert c is not None, "every flood has a catchment"
    flow = river.flow(c)
    match name:
        case "warning_stage":
            state = places.warned(p, replace(state, river=replace(r, warned=True)), state.age + p.tells)
        case "over_banks":
            state = _spreads(p, replace(state, river=replace(r, over=True, crested=False)))
        case "crest":
            pooled = max(r.pooled, _behind(p, r, flow)) if r.pooled > 0.0 else 0.0
            r = replace(r, crested=True, highest=max(flow, r.highest), pooled=pooled)
            state = _crest(p, replace(state, river=r), flow)
        case "below_banks":
            state = _recedes(p, replace(state, river=replace(r, over=False)))
        case "below_warning":
            state = replace(state, river=replace(r, warned=False))
        case "dike_overtopped":
            state = replace(state, river=replace(r, topped_at=state.age))
        case "dike_clear":
            state = replace(state, river=replace(r, topped_at=math.inf))
        case "dike_breaks" | "dike_piped":
            state = _dike_fails(p, state, r, flow)
        case "dry_behind_dike":
            state = _dry(state, r)
    return state, (Note(name, {"flow": flow, "stage": water.stage(p, r.channel, flow)}),)


def _lag(p: Parameters, state: State, place: Place) -> float:
    """How much later than at the site it is so at a place below."""
    r = state.river
    assert r is not None, "only a river has a lag"
    return place.along / water.celerity(p, r.channel, water.stage(p, r.channel, r.channel.bank))


def _spreads(p: Parameters, state: State) -> State:
    """Water leaves the bed: at the site at once, below in its time; not behind a dike that stands."""
    full = tuple(
        x if x.behind or x.water is not Water.NONE else replace(x, floods_at=state.age + _lag(p, state, x))
        for x in state.places
    )
    return replace(state, places=full)


def _crest(p: Parameters, state: State, flow: float) -> State:
    """The river is at its highest: so it will be at the places below; where it had crested lower, it does so again."""

    def crested(x: Place) -> Place:
        if x.floods_at == math.inf or x.water is Water.GONE:
            return x
        at = state.age + (0.0 if x.behind else _lag(p, state, x))
        if x.water is Water.CRESTED:
            return replace(x, water=Water.RISING, flow=flow, crests_at=at) if flow > x.flow else x
        return replace(x, flow=max(x.flow, flow), crests_at=x.crests_at if x.behind else at)

    return replace(state, places=tuple(crested(x) for x in state.places))


def _recedes(p: Parameters, state: State) -> State:
    """The river is back in its bed; so it will be below. Behind a broken dike the water stays."""
    full = tuple(
        x if x.behind or x.floods_at == math.inf else replace(x, falls_at=state.age + _lag(p, state, x))
        for x in state.places
    )
    return replace(state, places=full)


def _dike_fails(p: Parameters, state: State, r: River, flow: float) -> State:
    """The dike breaks: behind it the water comes at once, as high as the river stands."""
    full = tuple(
        replace(x, floods_at=state.age, crests_at=state.age + p.rise_least, flow=max(flow, r.highest))
        if x.behind
        else x
        for x in state.places
    )
    return replace(state, places=full, river=replace(r, broken=True, pooled=_behind(p, r, max(flow, r.highest))))


def _behind(p: Parameters, r: River, flow: float) -> float:
    """Water (m³) behind the broken dike when the river stands so high."""
    return water.over_ground(p, r.channel, flow) * p.behind_area


def _dry(state: State, r: River) -> State:
    full = tuple(replace(x, falls_at=state.age) if x.behind else x for x in state.places)
    return replace(state, places=full, river=replace(r, pooled=0.0))
