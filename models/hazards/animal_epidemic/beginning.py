"""The day the first farm is suspected: which farms there are around, who has it already, and everybody's luck."""

from __future__ import annotations

import math

from models.hazards.animal_epidemic.parameters import Parameters
from models.hazards.animal_epidemic.spread import Infection, Pace, Place, free_course, pressure
from models.hazards.animal_epidemic.state import Farm, Hand, Phase, State
from sim.domain.hazards import Scene
from sim.streams import Stream

_YEAR = 12  # months


def begin(p: Parameters, scene: Scene, stream: Stream) -> State:
    """The state at the first suspicion; every luck is drawn here, as many draws whatever the scope."""
    most = round(p.farms_most)
    own = [_luck(stream) for _ in range(most)]
    seed_ages = [stream.uniform() for _ in range(most)]
    several = round(p.hands_most) if p.catches > 0.0 else 0
    hand_luck = [[tuple(stream.uniform() for _ in range(4)) for _ in range(several)] for _ in range(most)]
    seeds = max(1, round(scene.scope["farms"]))
    count = max(seeds, min(most, round(_density(p, scene) * math.pi * p.area**2)))
    own = own[: min(count, most)]
    seeds = min(seeds, len(own))
    pace, places = pace_of(p, scene), [_place(p, scene, i, luck) for i, luck in enumerate(own)]
    delays = [p.delay * math.exp(p.delay_spread * luck["delay"]) for luck in own]
    silent = p.latent + delays[0]  # how long the first farm has had it
    begun = [-silent] + [-silent * age for age in seed_ages[1:seeds]]
    course = free_course(places, begun, pace)
    farms = tuple(
        _farm(p, i, places, course[i], max(0.0, course[i].at + p.latent + delays[i]), own) for i in range(len(own))
    )
    phases = tuple(_phase(farm, p) for farm in farms)
    phases = (Phase.FOUND, *phases[1:])
    order = sorted((i for i, farm in enumerate(farms) if 0.0 < farm.at < math.inf), key=lambda i: (farms[i].at, i))
    usual = Place(0.0, 0.0, pace.usual_herd, 0.0, 0.0)
    hands, staff = _hands(p, farms, hand_luck)
    return State(
        farms, phases, tuple(math.inf for _ in farms), tuple(order),
        all_heads=math.fsum(farm.heads for farm in farms),
        near_rate=math.fsum(pressure(usual, place, pace) for place in places[1:]),
        moved_rate=pace.carried * (len(farms) > 1),
        sampling=p.sampling, reference=p.reference,
        vaccinating=p.vaccinate * len(farms) if p.vaccine > 0.0 else 0.0,
        hands=hands, staff=staff,
    )  # fmt: skip


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
    names = ("r", "angle", "pick", "stops", "visit", "ring")
    return {name: stream.uniform() for name in names} | {
        "tolerance": stream.exponential(), "size": stream.normal(), "delay": stream.normal(),
    }  # fmt: skip


def _place(p: Parameters, scene: Scene, i: int, luck: dict[str, float]) -> Place:
    """The first farm is the one of the case; the others lie anywhere around it."""
    if i == 0:
        return Place(0.0, 0.0, max(1.0, scene.scope["heads"] * p.heads_times), luck["tolerance"], luck["pick"])
    r, angle = p.area * math.sqrt(luck["r"]), math.tau * luck["angle"]
    heads = max(1.0, float(round(p.herd * p.heads_times * math.exp(p.herd_spread * luck["size"]))))
    return Place(r * math.cos(angle), r * math.sin(angle), heads, luck["tolerance"], luck["pick"])


def _farm(
    p: Parameters, i: int, places: list[Place], fate: Infection, reports: float, own: list[dict[str, float]]
) -> Farm:
    here = places[i]
    ring: tuple[int, ...] = ()
    if fate.at <= 0.0:  # whatever is done, these are there
        ring = tuple(
            j for j, other in enumerate(places)
            if j != i and math.hypot(other.x - here.x, other.y - here.y) <= p.ring and own[j]["ring"] < p.ring_share
        )  # fmt: skip
    reports = 0.0 if i == 0 else reports
    return Farm(here.heads, fate.at, fate.source, fate.moved, own[i]["stops"], reports, own[i]["visit"], ring)


def _phase(farm: Farm, p: Parameters) -> Phase:
    if farm.at > 0.0:
        return Phase.FREE
    return Phase.SHEDDING if farm.at + p.latent <= 0.0 else Phase.INCUBATING


def _hands(
    p: Parameters, farms: tuple[Farm, ...], luck: list[list[tuple[float, ...]]]
) -> tuple[tuple[Hand, ...], tuple[int, ...]]:
    """Who works on the farms, if people can catch it, and who of them will, if nobody ends it in time."""
    hands: list[Hand] = []
    if p.catches <= 0.0:
        return (), tuple(0 for _ in farms)
    staff = tuple(1 + min(round(p.hands_most) - 1, round(f.heads / (p.heads_a_hand * p.heads_times))) for f in farms)
    for i in range(len(farms)):
        for k, (catches, when, red, dies) in enumerate(luck[i][: staff[i]], 1):
            caught = farms[i].at + p.latent + when * p.exposed_within
            if catches < p.catches and 0.0 < caught < math.inf:
                ill = caught + p.incubation
                dying = red < p.red and dies < p.dies
                ends = ill + (p.dies_after if dying else p.recovers_after)
                hands.append(Hand(f"p{i:03d}{k:02d}", i, caught, ill, ends, red < p.red, dying))
    return tuple(hands), staff
