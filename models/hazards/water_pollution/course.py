"""How it begins: the river, the spill, the intakes below and whoever drinks of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

from models.hazards.water_pollution.parameters import Parameters
from models.hazards.water_pollution.state import Drinker, Inflow, Intake, River, State
from models.physics import rivers
from sim.domain.hazards import Scene
from sim.domain.places import Reach, Weather
from sim.streams import Stream
from sim.units import to_si

_NAMES = "abcdef"
_NORMAL = NormalDist()


def begin(p: Parameters, scene: Scene, stream: Stream) -> State:
    """The moment it gets into the water."""
    misjudged = math.exp(p.mass_error * stream.normal())
    reaches = below(p, scene)
    river = _river(p, scene)
    flow = river.base * swollen(p, scene.weather)
    velocity = _velocity(p, river, flow)
    mass = scene.scope["mass"]
    slow = (1.0 - p.sudden) * mass
    leaking = slow / p.leak_for if slow > 0.0 else 0.0
    drawn = [
        (stream.exponential(), _drinkers(p, stream)) for _ in range(len(_NAMES))
    ]  # for all, so that luck keeps its place
    intakes = tuple(
        _intake(p, name, reach, scene, luck, drinkers)
        for name, reach, (luck, drinkers) in zip(_NAMES, reaches, drawn, strict=False)
    )
    first = intakes[0].x if intakes else math.inf
    return State(
        river,
        at_once=p.sudden * mass,
        leaking=leaking,
        left=slow,
        intakes=intakes,
        node=min(p.node_share * first, p.node_most) if intakes else math.inf,
        seal=p.seal if slow > 0.0 else 0.0,
        contain=p.contain if slow > 0.0 else 0.0,
        sample=p.sample,
        dam=p.dam,
        misjudged=misjudged,
        velocity=velocity,
        flow=flow,
        entered=p.sudden * mass,
        inflows=(Inflow(0.0, math.inf, leaking / velocity),) if leaking > 0.0 else (),
    )


def below(p: Parameters, scene: Scene) -> list[Reach]:
    """The intakes on the river, nearest first; one as the case says where nothing is known of any river."""
    around = scene.around
    if not around.river and around.stream is None:
        return [Reach("", p.default_intake, people=scene.scope["people"], intake=True, code=scene.site.town)]
    found = [reach for reach in around.river if reach.intake and reach.along <= p.far]
    return sorted(found, key=lambda reach: (reach.along, reach.code))[: len(_NAMES)]


def swollen(p: Parameters, weather: Weather) -> float:
    """Discharge while it rains per discharge of the season."""
    return min(p.flood_most, 1.0 + to_si(weather.rain, "mm/h") / p.rain_doubles)


def speed(p: Parameters, river: River, weather: Weather) -> tuple[float, float]:
    """(discharge, velocity) in this weather."""
    flow = river.base * swollen(p, weather)
    return flow, _velocity(p, river, flow)


def ahead(p: Parameters, people: float) -> float:
    """Work (crew·s) to flush the pipes of so many people."""
    return p.flush * math.ceil(people / p.flush_people)


# ── inside ──


def _river(p: Parameters, scene: Scene) -> River:
    """Width by discharge, slope by the lie of the reaches, depth by Manning, dispersion by Fischer."""
    stream, reaches = scene.around.stream, scene.around.river
    if stream is not None and stream.flow > 0.0:
        base = stream.flow
    else:
        season = min(p.season_most, max(p.season_least, to_si(scene.rain_month, "mm") / p.season_rain))
        base = next((reach.flow for reach in reaches if reach.flow > 0.0), p.flow * season)
    base = max(base, p.flow_least)
    last = reaches[-1] if reaches else None
    fall = last.drop / last.along if last is not None and last.along > 0.0 else p.slope
    slope = min(p.slope_most, max(p.slope_least, fall))
    width = p.width * math.sqrt(base)
    river = River(base, width, slope, 0.0, 0.0)
    velocity = _velocity(p, river, base)
    deep = rivers.depth(base, width, slope, p.roughness)
    spreads = rivers.dispersion(velocity, width, deep, slope, p.dispersion, p.gravity)
    return River(base, width, slope, spreads / velocity, p.decay / velocity)


def _velocity(p: Parameters, river: River, flow: float) -> float:
    return flow / (river.width * rivers.depth(flow, river.width, river.slope, p.roughness))


def _drinkers(p: Parameters, stream: Stream) -> tuple[tuple[float, float], ...]:
    """(how many per head of those who drink are more sensitive, luck) of the most sensitive ones, in order."""
    total, found = 0.0, []
    for _ in range(round(p.followed)):
        total += stream.exponential()
        found.append((total, stream.uniform()))
    return tuple(found)


def _intake(
    p: Parameters, name: str, reach: Reach, scene: Scene, luck: float, drinkers: Sequence[tuple[float, float]]
) -> Intake:
    stream = scene.around.stream
    here = stream.flow if stream is not None else 0.0
    heads = reach.people * p.drinking
    return Intake(
        name,
        max(p.nearest, reach.along),
        reach.people,
        reach.serves or ((reach.code,) if reach.code else ()),
        dilution=max(1.0, reach.flow / here) if here > 0.0 and reach.flow > 0.0 else 1.0,
        ready=p.ready,
        stores=reach.storage or p.storage,
        stored=reach.storage or p.storage,
        alarm=p.alarm_least + luck * p.alarm,
        drinkers=tuple(_drinker(p, rank / heads, fate) for rank, fate in drinkers if rank < heads),
        flush=ahead(p, reach.people),
    )


def _drinker(p: Parameters, share: float, luck: float) -> Drinker:
    """Of whom that share of all is more sensitive: the log-normal quantile."""
    u = -math.expm1(-share)
    return Drinker(p.ill_dose * math.exp(p.ill_spread * _NORMAL.inv_cdf(u)), luck)
