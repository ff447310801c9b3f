"""People stuck on closed roads: they come until the road is closed upstream or the word is out, grow cold, are taken away."""

from __future__ import annotations

import math
from collections.abc import Iterator

from msgspec.structs import replace

from models import kernels
from models.hazards.ice_weather import roads
from models.hazards.ice_weather.parameters import Parameters
from models.hazards.ice_weather.state import Batch, Frail, State
from sim.streams import Stream


def batches(p: Parameters, stream: Stream) -> tuple[Batch, ...]:
    """Those who would be stranded one after another, with the frail among them; luck is drawn for all that are followed."""
    frail = round(p.batch * p.frail)
    found = []
    for k in range(round(p.batches)):
        who = tuple(
            Frail(
                f"s{k + 1:02d}{i + 1:02d}",
                p.fuel * math.exp(p.fuel_spread * stream.normal()),
                math.exp(p.cold_spread * stream.normal()),
                stream.uniform() < p.cold_red,
            )
            for i in range(frail)
        )
        found.append(Batch((k + 1) * p.batch, who))
    return tuple(found)


def coming(p: Parameters, state: State, points: float) -> float:
    """People who arrive per second at closed roads; police upstream turn their share of them away.

    Fewer and fewer set out as the word of the ice spreads, from its beginning on and whatever is done.
    """
    shut = [road for road in state.roads if road.closed]
    turned = min(1.0, points / (p.points * len(shut))) if shut else 0.0
    word = roads.traffic(p, state) * math.exp(-state.age / p.news)
    return p.aboard * (1 - turned) * word * math.fsum(road.flow for road in shut)


def arrived(p: Parameters, state: State, points: float, dt: float) -> float:
    """People stranded so far, `dt` later: fewer and fewer drive up as the word spreads."""
    return state.arrived + coming(p, state, points) * p.news * -math.expm1(-dt / p.news)


def going(p: Parameters, state: State, evacuation: float) -> float:
    """People who get away per second: taken away, and in convoys once no road is closed."""
    return evacuation + (0.0 if state.closed else p.convoy * p.aboard)


def chill(p: Parameters, state: State, convoys: float) -> float:
    """How fast the clock of cold runs in a car without fuel, 1/s; food, blankets and fuel reach a share of the crowd.

    The crowd is as large as it was at the last event, so that the clock goes evenly between events.
    """
    depth = max(0.0, (p.cold_none - state.temperature) / (p.cold_none - p.cold_at))
    reached = min(1.0, convoys * p.convoy_feeds / state.crowd) if state.crowd > 0.0 else 0.0
    return depth * (1 - reached) / p.cold_lasts


def later(p: Parameters, state: State, dt: float, convoys: float) -> tuple[Batch, ...]:
    """The batches `dt` later; the clock of each who is frail runs once their fuel is gone."""
    rate = chill(p, state, convoys)
    found = []
    for batch in state.batches:
        if batch.there and batch.frail:
            frail = tuple(
                replace(w, cold=w.cold + rate * max(0.0, batch.waited + dt - max(w.fuel, batch.waited)))
                for w in batch.frail
            )
            batch = replace(batch, frail=frail, waited=batch.waited + dt)  # noqa: PLW2901 - the same batch, later
        found.append(batch)
    return tuple(found)


def due(
    p: Parameters, state: State, points: float, evacuation: float, convoys: float
) -> Iterator[tuple[float, str, int]]:
    """When the next batch is stranded, gets away, or one who is frail suffers: (seconds, event, index of the batch)."""
    rate = coming(p, state, points)
    leaving = going(p, state, evacuation)
    for k, batch in enumerate(state.batches):
        if not batch.there and batch.last > state.left:
            if batch.last <= state.arrived:
                yield 0.0, "more_stranded", k
            elif rate > 0.0 and (share := (batch.last - state.arrived) / (rate * p.news)) < 1.0:
                yield -p.news * math.log1p(-share), "more_stranded", k
            break
    for k, batch in enumerate(state.batches):
        if batch.there:
            yield kernels.work_done_in(batch.last - state.left, leaving), "brought_away", k
            break
    if rate <= 0.0 and state.stranded > 0.0:
        yield kernels.work_done_in(state.stranded, leaving), "all_away", -1
    cooling = chill(p, state, convoys)
    for k, batch in enumerate(state.batches):
        if batch.there and cooling > 0.0:
            for who in batch.frail:
                warm = max(0.0, who.fuel - batch.waited)
                yield warm + max(0.0, who.bears - who.cold) / cooling, "hypothermia", k
