"""The day the first farm is suspected: which farms there are around, who has it already, and everybody's luck."""

from __future__ import annotations

import math

from models.hazards.animal_epidemic.farms import infected, pruned, turned
from models.hazards.animal_epidemic.parameters import Parameters
from models.hazards.animal_epidemic.spread import Pace, Place, contacts, pressure, unseen
from models.hazards.animal_epidemic.state import Farm, Hand, Phase, State
from sim.domain.hazards import Scene
from sim.streams import Stream

_YEAR = 12  # months


def begin(p: Parameters, scene: Scene, stream: Stream) -> State:
    """The state at the first suspicion; every luck is drawn here, as many draws whatever the scope."""
    most, several = round(p.farms_most), round(p.hands_most) if p.catches > 0.0 else 0
    own = [_luck(stream) for _ in range(most)]
    steps = [
        [(stream.exponential(), stream.uniform(), stream.uniform()) for _ in range(round(p.passes_most))]
        for _ in range(most)
    ]
    hand_luck = [[tuple(stream.uniform() for _ in range(4)) for _ in range(several)] for _ in range(most)]
    seeds = min(most, max(1, round(scene.scope["farms"])))
    count = max(seeds, min(most, round(_density(p, scene) * math.pi * p.area**2)))
    pace, places = pace_of(p, scene), [_place(p, scene, i, own[i]) for i in range(count)]
    passes = [contacts(i, places, pace, steps[i]) for i in range(count)]
    delays = [p.delay * math.exp(p.delay_spread * luck["delay"]) for luck in own]
    silent = p.latent + delays[0]  # how long the first farm has had it
    since = unseen(passes, [-silent, *(-silent * luck["age"] for luck in own[1:seeds])], p.latent, 0.0)
    farms = tuple(
        Farm(place.heads, delays[i], own[i]["visit"], passes[i], _ring(p, i, places, own) if since[i] <= 0.0 else ())
        for i, place in enumerate(places)
    )
    usual = Place(0.0, 0.0, pace.usual_herd)
    hands, staff = _hands(p, places, hand_luck)
    state = State(
        farms, tuple(Phase.FREE for _ in farms), tuple(math.inf for _ in farms), tuple(math.inf for _ in farms), (),
        all_heads=math.fsum(farm.heads for farm in farms),
        near_rate=math.fsum(pressure(usual, place, pace) for place in places[1:]),
        moved_rate=pace.carried * (count > 1),
        sampling=p.sampling, reference=p.reference,
        vaccinating=p.vaccinate * count if p.vaccine > 0.0 else 0.0,
        at_risk=hands, staff=staff,
    )  # fmt: skip
    for i in sorted((i for i, at in enumerate(since) if at <= 0.0), key=lambda i: (since[i], i)):
        state = infected(p, state, i, since[i])
        if since[i] + p.latent <= 0.0:
            state = turned(state, i, Phase.FOUND if i == 0 else Phase.SHEDDING)
    return pruned(state)


def pace_of(p: Parameters, scene: Scene) -> Pace:
    """How fast it spreads here and now: by the disease, the cold (it lives longer outside) and the traffic before the festival."""
    season = math.exp(-p.cold * (scene.weather.temperature - p.mild))
    season = min(p.season_most, max(p.season_least, season))
    months = (scene.calendar.month - round(p.festive_from)) % _YEAR
    festive = p.festive if months < round(p.festive_months) else 1.0
    return Pace(
        min(1.0, p.near * p.infectivity * season), p.scale, p.power, p.carried * festive, p.latent, p.shedding,
        p.herd * p.heads_times, p.herd_power, p.herd_least, p.herd_most,
    )  # fmt: skip


def _density(p: Parameters, scene: Scene) -> float:
    """Farms a square metre: by the terrain, fewer where many people live within the area."""
    crowd = scene.around.residents(p.area) / (math.pi * p.area**2)
    return float(p.density * getattr(p, f"density_{scene.site.terrain}") / (1 + crowd / p.urban))


def _luck(stream: Stream) -> dict[str, float]:
    drawn = {name: stream.uniform() for name in ("r", "angle", "age", "visit", "ring")}
    return drawn | {"size": stream.normal(), "delay": stream.normal()}


def _place(p: Parameters, scene: Scene, i: int, luck: dict[str, float]) -> Place:
    """The first farm is the one of the case; the others lie anywhere around it."""
    if i == 0:
        return Place(0.0, 0.0, max(1.0, scene.scope["heads"] * p.heads_times))
    r, angle = p.area * math.sqrt(luck["r"]), math.tau * luck["angle"]
    heads = max(1.0, float(round(p.herd * p.heads_times * math.exp(p.herd_spread * luck["size"]))))
    return Place(r * math.cos(angle), r * math.sin(angle), heads)


def _ring(p: Parameters, i: int, places: list[Place], own: list[dict[str, float]]) -> tuple[int, ...]:
    """The farms that are culled beside one of the first, whatever is done else."""
    here = places[i]
    return tuple(
        j for j, other in enumerate(places)
        if j != i and math.hypot(other.x - here.x, other.y - here.y) <= p.ring and own[j]["ring"] < p.ring_share
    )  # fmt: skip


def _hands(
    p: Parameters, places: list[Place], luck: list[list[tuple[float, ...]]]
) -> tuple[tuple[Hand, ...], tuple[int, ...]]:
    """Who works on the farms, if people can catch it, and who of them will, if nobody ends it in time."""
    hands: list[Hand] = []
    if p.catches <= 0.0:
        return (), tuple(0 for _ in places)
    each = p.heads_a_hand * p.heads_times
    staff = tuple(1 + min(round(p.hands_most) - 1, round(place.heads / each)) for place in places)
    for i, many in enumerate(staff):
        for k, (catches, when, red, dies) in enumerate(luck[i][:many], 1):
            if catches < p.catches:
                caught = when * p.exposed_within
                ill = caught + p.incubation
                dying = red < p.red and dies < p.dies
                ends = ill + (p.dies_after if dying else p.recovers_after)
                hands.append(Hand(f"p{i:03d}{k:02d}", i, caught, ill, ends, red < p.red, dying))
    return tuple(hands), staff
