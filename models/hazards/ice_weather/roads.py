"""Roads of a kind: from wet to frozen and back, ploughs and salt that must hold what they clear, crashes, closing and opening."""

from __future__ import annotations

import math
from collections.abc import Iterator

from msgspec.structs import replace

from models import kernels
from models.hazards.ice_weather.parameters import Parameters
from models.hazards.ice_weather.state import Road, State, Surface
from sim.domain.hazards import Scene
from sim.domain.places import Weather
from sim.streams import Stream
from sim.units import to_si

_ALL = 1 - 1e-9  # a treated share beyond it is all
_KM = to_si(1.0, "km")
_SNOWY = 0.5  # share of snow from which it is snow that lies, not glaze


def kinds(p: Parameters, scene: Scene, stream: Stream) -> tuple[Road, ...]:
    """Bridges, main roads, others; the luck of crashes is drawn for each."""
    terrain = scene.site.terrain
    towns = sum(s.distance <= p.radius for s in scene.around.settlements)
    lanes = max(p.lanes_least, towns * p.lanes_each)
    steep = p.main_steeper if terrain in ("mountain", "gorge") else 0.0
    others = 1 - p.share_bridge - p.share_main
    found = []
    for name, share, grade, freezes_at, lag, flow in (
        ("bridges", p.share_bridge, p.grade_bridge, p.freezes_bridge, p.lag_bridge, 0.0),
        ("main", p.share_main, p.grade_main + steep, p.freezes_road, p.lag_road, p.flow_main),
        ("others", others, getattr(p, f"grade_{terrain}"), p.freezes_road, p.lag_road, p.flow_other),
    ):
        strikes, due = [], 0.0
        for _ in range(round(p.crashes_most)):
            due += stream.exponential()
            strikes.append(due)
        found.append(Road(name, share * lanes, grade, freezes_at, lag, flow, strikes=tuple(strikes)))
    return tuple(found)


# ── what lies on them ──


def freezing(road: Road, state: State) -> bool:
    """Whether it is on its way to freeze: cold enough, and wet or being wetted."""
    return state.temperature < road.freezes_at and (state.falls > 0.0 or road.surface >= Surface.WET)


def hold_rate(p: Parameters, road: Road, state: State) -> float:
    """How fast it freezes (above 0) or thaws, 1/s; in proportion to the degrees above the thaw."""
    if freezing(road, state):
        return 1 / road.lag
    degrees = thawing(p, road, state)
    return -degrees / p.thaw_hours if road.hold > 0.0 else 0.0


def thawing(p: Parameters, road: Road, state: State) -> float:
    """By how many degrees it is too warm for ice on it; 0 if it is not."""
    return max(0.0, state.temperature - max(p.thaws_above, road.freezes_at))


def snowing(state: State, snow_share: float) -> bool:
    """Whether what falls lies as snow."""
    return state.falls > 0.0 and snow_share >= _SNOWY


def slowing(p: Parameters, surface: Surface) -> float:
    """Share of the usual speed."""
    return {
        Surface.DRY: 1.0, Surface.WET: p.slow_wet, Surface.SNOW: p.slow_snow, Surface.PACKED: p.slow_packed,
        Surface.GLAZE: p.slow_glaze,
    }[surface]  # fmt: skip


def friction(p: Parameters, surface: Surface) -> float:
    """Friction of tyres on it."""
    if surface is Surface.GLAZE:
        return p.friction_glaze
    if surface.frozen:
        return p.friction_snow
    return p.friction_wet if surface is Surface.WET else p.friction_dry


def stopping(p: Parameters, speed: float, grip: float) -> float:
    """Stopping distance, m: reaction, then v²/2μg."""
    return speed * p.reaction + speed * speed / (2 * grip * p.gravity)


def factor(p: Parameters, grip: float) -> float:
    """Crashes over those on a dry road."""
    return float((p.friction_dry / grip) ** p.crash_power)


def overall(p: Parameters, state: State) -> float:
    """Speed on all roads together, as a share of the usual."""
    if not state.lanes:
        return 1.0
    return math.fsum(
        road.length
        * ((1 - road.seen) * slowing(p, road.surface) + road.seen * slowing(p, Surface.WET) if road.surface.frozen
           else slowing(p, road.surface))
        for road in state.roads
    ) / state.lanes  # fmt: skip


def by_weather(p: Parameters, weather: Weather) -> float:
    """What the weather alone, as the case says it, makes of the speed."""
    return {"snow": p.slow_snow, "packed": p.slow_packed, "glaze": p.slow_glaze}.get(weather.ice, 1.0)


# ── ploughs and salt: x' = E/(passes·L) − x/holds ──


def fading(p: Parameters, state: State) -> float:
    """The rate at which treatment is undone, 1/s: soon while it goes on falling, slowly by frost alone."""
    return 1 / (p.holds if state.falls > 0.0 else p.holds_after)


def shares(p: Parameters, state: State, ploughs: float) -> list[float]:
    """Ploughing (m of lane a second) by kind, bridges and main roads first; what is treated gets what holds it."""
    given = [0.0] * len(state.roads)
    for full in (True, False):  # first hold what is clear, then clear more
        for k, road in enumerate(state.roads):
            if not road.surface.frozen or (road.treated >= _ALL) is not full:
                continue
            wanted = fading(p, state) * p.passes * road.length if full else ploughs
            given[k] = min(ploughs, wanted)
            ploughs -= given[k]
    return given


def treated_after(p: Parameters, road: Road, state: State, ploughs: float, dt: float) -> float:
    """The treated share `dt` later; never more than all."""
    if not road.surface.frozen:
        return 0.0
    return min(1.0, kernels.first_order(road.treated, ploughs / (p.passes * road.length), fading(p, state), dt))


def need(p: Parameters, state: State) -> float:
    """Ploughing that has the frozen roads treated in time, and holds them."""
    lanes = math.fsum(road.length for road in state.roads if road.surface.frozen)
    left = math.fsum(road.length * road.untreated for road in state.roads)
    return p.passes * (left / p.clear_within + lanes * fading(p, state))


# ── what is due ──


def due(p: Parameters, state: State, ploughs: float) -> Iterator[tuple[float, str, int]]:
    """When a road freezes, packs, thaws, is treated, opens, shuts, or is blocked by a crash: (seconds, event, index)."""
    given = shares(p, state, ploughs)
    loss = fading(p, state)
    for k, road in enumerate(state.roads):
        rate = hold_rate(p, road, state)
        if rate > 0.0 and not road.surface.frozen:
            yield (1 - road.hold) / rate, "road_freezes", k
        elif road.surface.frozen and thawing(p, road, state) > 0.0:
            yield (road.hold / -rate if rate < 0.0 else 0.0), "road_thaws", k
        if road.surface is Surface.SNOW:
            yield p.packs_after - road.snowed, "road_packs", k
        if road.surface.frozen:
            gain = given[k] / (p.passes * road.length)
            if road.treated < _ALL:
                yield kernels.first_order_reaches(road.treated, gain, loss, 1.0), "road_clear", k
            if not road.good and gain / loss > p.opens:
                passed = road.treated >= p.opens
                yield 0.0 if passed else kernels.first_order_reaches(road.treated, gain, loss, p.opens), "road_opens", k
            if road.good and gain / loss < p.shuts:
                passed = road.treated <= p.shuts
                yield 0.0 if passed else kernels.first_order_reaches(road.treated, gain, loss, p.shuts), "road_shuts", k
        if road.strikes:
            yield kernels.work_done_in(road.strikes[0] - road.risk, risk(p, road, state)), "crash_blocks", k


def risk(p: Parameters, road: Road, state: State) -> float:
    """Rate (1/s) of crashes that block it, by its lanes, traffic and friction; a road that is treated enough is as a wet one.

    Those who are on a closed road slide as well: help never brings a crash about by opening it.
    """
    grip = p.friction_wet if road.good else friction(p, road.surface)
    return p.crash_rate * road.length / _KM * traffic(p, state) * factor(p, grip)


def traffic(p: Parameters, state: State) -> float:
    """Traffic over that of an ordinary day."""
    return state.festival * (1.0 if state.day else p.night_traffic)


# ── jumps ──


def happens(p: Parameters, road: Road, name: str, frozen: Surface) -> Road:
    """The jump of one kind of road, `frozen` being what it freezes to; whether it is then closed is judged by `judged`."""
    if name == "road_freezes":
        road = replace(road, hold=1.0, surface=frozen, snowed=0.0)
    elif name == "road_packs":
        road = replace(road, surface=Surface.PACKED, snowed=p.packs_after)
    elif name == "road_thaws":
        road = replace(road, hold=0.0, surface=Surface.WET, treated=0.0, good=False)
    elif name == "road_opens":
        road = replace(road, treated=max(road.treated, p.opens), good=True)
    elif name == "road_shuts":
        road = replace(road, treated=min(road.treated, p.shuts), good=False)
    elif name == "crash_blocks":
        first, *later = road.strikes
        road = replace(road, wrecks=road.wrecks + 1, risk=first, strikes=tuple(later))
    return road


def judged(p: Parameters, state: State) -> State:
    """Roads are closed that are too steep for glaze or blocked by wrecks, and opened again."""
    found = []
    for road in state.roads:
        slippery = road.surface is Surface.GLAZE and not road.good and road.grade > p.grade_most
        strewn = road.surface.frozen and road.wrecks >= p.crashes_close  # once it has thawed, traffic gets by
        found.append(replace(road, closed=slippery or strewn))
    return replace(state, roads=tuple(found))


def one_wreck_less(state: State) -> State:
    """The wreck that has been there longest is towed away."""
    if not state.queue:
        return state
    k, *rest = state.queue
    road = replace(state.roads[k], wrecks=state.roads[k].wrecks - 1)
    return replace(state, queue=tuple(rest), roads=(*state.roads[:k], road, *state.roads[k + 1 :]))
