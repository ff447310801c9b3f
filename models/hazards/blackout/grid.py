"""The reference grid: a 220 kV ring, chains of 110 kV stations below it, ties between their ends, feeders to the towns around.

No register says how a real grid is built, so this one is made by rule, from who lives where: loads by people, stations where
the loads are, circuits so many that any one of them may fail at the peak. As is usual, the 110 kV chains run open: ties are
closed only when dispatchers shift load. Whoever knows the grid of a place changes the numbers.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from models.hazards.blackout.parameters import Parameters
from models.physics import dc_flow
from sim.domain.hazards import Scene
from sim.domain.places import Settlement

_ROUNDS = 4  # circuits change flows, and flows circuits: this often it settles
_TURN = 360.0
_GOLDEN = _TURN * (math.sqrt(5) - 1) / 2  # places that nobody described lie in this angle one after another


class Kind(enum.Enum):
    """What an element of the grid is."""

    RING = "ring"  # a line between two stations of the ring
    TRANSFORMER = "transformer"  # from the ring down to a chain
    CHAIN = "chain"  # a line from one station of a chain to the next
    TIE = "tie"  # a line between the ends of two chains, open in ordinary times
    FEEDER = "feeder"  # from a station to one load point


class Element(msgspec.Struct, frozen=True):
    """A line, transformer or group of feeders; `b` of a feeder is the index of its load point."""

    kind: Kind
    a: int
    b: int
    length: float  # m to be patrolled
    rating: float = math.inf  # W
    susceptance: float = 0.0  # W a radian


class Load(msgspec.Struct, frozen=True):
    """What hangs on one group of feeders: people of a town, and the power they take at the evening peak (W)."""

    town: str
    people: float
    power: float
    station: int
    first: bool  # the first of its town: what a town has once hangs here
    distance: float  # m from the site


class Grid(msgspec.Struct, frozen=True):
    """Stations are nodes, the ring's first; the feeders are the last elements, one for each load in its order."""

    nodes: int
    elements: tuple[Element, ...]
    loads: tuple[Load, ...]
    supplies: tuple[tuple[int, float], ...]  # (node, W)

    @property
    def bulk(self) -> int:
        """How many elements are not feeders."""
        return len(self.elements) - len(self.loads)

    @property
    def ties(self) -> tuple[int, ...]:
        """The elements that are open in ordinary times."""
        return tuple(k for k, e in enumerate(self.elements) if e.kind is Kind.TIE)

    @property
    def power(self) -> float:
        """All that is taken at the peak, W."""
        return math.fsum(load.power for load in self.loads)

    @property
    def people(self) -> float:
        """Everybody who lives on it."""
        return math.fsum(load.people for load in self.loads)


class _Spot(msgspec.Struct, frozen=True):
    town: str
    people: float
    power: float
    first: bool
    distance: float
    bearing: float

    @property
    def east(self) -> float:
        return self.distance * math.sin(math.radians(self.bearing))

    @property
    def north(self) -> float:
        return self.distance * math.cos(math.radians(self.bearing))


def reference(p: Parameters, scene: Scene) -> Grid:
    """The grid around a site, for so much lost load and so many customers behind it."""
    spots = _spots(p, scene)
    total = math.fsum(spot.power for spot in spots)
    hubs = round(min(p.hubs_most, max(p.hubs_least, math.ceil(total / p.hub_load))))
    sectors = _sectors(spots, hubs)
    stations: list[list[_Spot]] = []
    chains: list[list[int]] = []
    for sector in sectors:
        chain = []
        for members in _chunks(sector, p.station_load):
            chain.append(hubs + len(stations))
            stations.append(members)
        chains.append(chain)
    places = [_centre(sector) for sector in sectors] + [_centre(members) for members in stations]
    elements = _lines(p, scene, places, chains, hubs)
    loads = [
        Load(spot.town, spot.people, spot.power, hubs + k, spot.first, spot.distance)
        for k, members in enumerate(stations)
        for spot in members
    ]
    supplies = _supplies(p, scene, places[:hubs], total)
    bulk = _sized(p, hubs + len(stations), elements, loads, supplies)
    feeders = [Element(Kind.FEEDER, load.station, i, p.feeder_length) for i, load in enumerate(loads)]
    return Grid(hubs + len(stations), (*bulk, *feeders), tuple(loads), supplies)


# ── loads ──


def _spots(p: Parameters, scene: Scene) -> list[_Spot]:
    """Loads of a size that one group of feeders carries, by town."""
    lost, customers = scene.scope["load"], scene.scope["customers"]
    behind = customers * p.people_per_customer
    towns = [s for s in scene.around.settlements if s.distance <= p.supply_radius and s.people > 0.0]
    if not towns:
        towns = _made_up(p, max(behind, p.people_per_customer) / p.made_up)
    people = math.fsum(s.people for s in towns)
    each = lost / behind if behind > 0.0 and lost > 0.0 else p.feeder_load / p.hub_people
    each = max(each, lost / (p.lost_most * people))  # where few live, industry takes the rest
    piece = max(p.feeder_load, each * people / p.feeders_most)
    spots = []
    for town in towns:
        parts = max(1, round(town.people * each / piece))
        for k in range(parts):
            spots.append(
                _Spot(town.code, town.people / parts, town.people * each / parts, k == 0, town.distance, town.bearing)
            )
    return spots


def _made_up(p: Parameters, people: float) -> list[Settlement]:
    """Towns that nobody described: the first at the site, the others round about it, each smaller than the one before."""
    count = round(p.made_towns)
    weights = [1 / (k + 1) for k in range(count)]
    whole = math.fsum(weights)
    return [
        Settlement("", p.made_apart * math.sqrt(k), (k * _GOLDEN) % _TURN, people * w / whole)
        for k, w in enumerate(weights)
    ]


# ── stations and lines ──


def _sectors(spots: Sequence[_Spot], count: int) -> list[list[_Spot]]:
    """Loads by direction from the site, in so many sectors of about equal load; none is empty."""
    order = sorted(spots, key=lambda s: (s.bearing, s.distance, s.town))
    while len(order) < count:  # fewer loads than stations: the largest is split
        big = max(range(len(order)), key=lambda i: (order[i].power, -i))
        half = msgspec.structs.replace(order[big], people=order[big].people / 2, power=order[big].power / 2)
        order[big : big + 1] = [half, msgspec.structs.replace(half, first=False)]
    total, reached = math.fsum(s.power for s in order), 0.0
    sectors: list[list[_Spot]] = [[] for _ in range(count)]
    k = 0
    for i, spot in enumerate(order):
        left = len(order) - i
        full = reached >= total * (k + 1) / count and sectors[k]
        if sectors[k] and k < count - 1 and (full or left <= count - 1 - k):
            k += 1
        sectors[k].append(spot)
        reached += spot.power
    return sectors


def _chunks(sector: Sequence[_Spot], most: float) -> list[list[_Spot]]:
    """Loads of a sector from near to far, as many together as one station carries."""
    chunks: list[list[_Spot]] = [[]]
    for spot in sorted(sector, key=lambda s: (s.distance, s.town, not s.first)):
        if chunks[-1] and math.fsum(s.power for s in chunks[-1]) + spot.power > most:
            chunks.append([])
        chunks[-1].append(spot)
    return chunks


def _centre(spots: Sequence[_Spot]) -> tuple[float, float]:
    whole = math.fsum(s.power for s in spots)
    return (
        math.fsum(s.east * s.power for s in spots) / whole,
        math.fsum(s.north * s.power for s in spots) / whole,
    )


def _lines(
    p: Parameters, scene: Scene, places: Sequence[tuple[float, float]], chains: Sequence[Sequence[int]], hubs: int
) -> list[Element]:
    """The ring, a transformer under each of its stations, a chain of stations from there, and ties between the chains' ends."""
    steep = scene.site.terrain in ("mountain", "gorge")

    def length(a: int, b: int) -> float:
        metres = math.dist(places[a], places[b]) * (p.detour_mountain if steep else p.detour)
        return max(p.line_least, metres)

    elements = [Element(Kind.RING, k, (k + 1) % hubs, length(k, (k + 1) % hubs)) for k in range(hubs)]
    elements += [Element(Kind.TRANSFORMER, k, chain[0], 0.0) for k, chain in enumerate(chains)]
    for chain in chains:
        elements += [Element(Kind.CHAIN, a, b, length(a, b)) for a, b in pairwise(chain)]
    for k, chain in enumerate(chains):
        a, b = chain[-1], chains[(k + 1) % hubs][-1]
        elements.append(Element(Kind.TIE, a, b, length(a, b)))
    return elements


def _supplies(
    p: Parameters, scene: Scene, hubs: Sequence[tuple[float, float]], total: float
) -> tuple[tuple[int, float], ...]:
    """Two supplies from the grid above, at opposite stations, and the plant near by if there is one."""
    supplies = [(0, p.supply_share * total), (len(hubs) // 2, p.supply_share * total)]
    plant = scene.around.near.get("power_plant", math.inf)
    if plant <= p.supply_radius:
        nearest = min(range(len(hubs)), key=lambda k: (abs(math.hypot(*hubs[k]) - plant), k))
        supplies.append((nearest, p.plant_share * total))
    return tuple(supplies)


# ── ratings ──


def susceptance(p: Parameters, element: Element, circuits: float) -> float:
    """What it carries per radian, W: V²/x; a transformer's reactance is that of its rating."""
    if element.kind is Kind.TRANSFORMER:
        return circuits * p.carries_transformer / p.short_circuit
    volts = p.volts_high if element.kind is Kind.RING else p.volts_low
    return circuits * volts * volts / (p.reactance * element.length)


def _sized(
    p: Parameters,
    nodes: int,
    elements: Sequence[Element],
    loads: Sequence[Load],
    supplies: Sequence[tuple[int, float]],
) -> list[Element]:
    """As many circuits as carry the winter peak when any one element is out."""
    carries = {Kind.RING: p.carries_high, Kind.TRANSFORMER: p.carries_transformer}
    injected = [0.0] * nodes
    total, whole = math.fsum(load.power for load in loads) * p.winter, math.fsum(w for _, w in supplies)
    for load in loads:
        injected[load.station] -= load.power * p.winter
    for node, share in supplies:
        injected[node] += total * share / whole
    circuits = [1.0] * len(elements)
    for _ in range(_ROUNDS):
        b = [susceptance(p, e, n) for e, n in zip(elements, circuits, strict=True)]
        worst = _worst(nodes, elements, b, injected)
        need = [math.ceil(w / carries.get(e.kind, p.carries_low)) for e, w in zip(elements, worst, strict=True)]
        circuits = [max(have, float(n)) for have, n in zip(circuits, need, strict=True)]
    b = [susceptance(p, e, n) for e, n in zip(elements, circuits, strict=True)]
    own = _open(nodes, elements, b, injected)  # a weak grid still bears its own peak
    return [
        Element(e.kind, e.a, e.b, e.length, max(n * carries.get(e.kind, p.carries_low) * p.strength, flow), each)
        for e, n, flow, each in zip(elements, circuits, own, b, strict=True)
    ]


def _open(nodes: int, elements: Sequence[Element], b: Sequence[float], injected: Sequence[float]) -> list[float]:
    """What each element carries in ordinary times, ties open."""
    closed = [k for k, e in enumerate(elements) if e.kind is not Kind.TIE]
    found = dc_flow.flows(nodes, [(elements[k].a, elements[k].b) for k in closed], [b[k] for k in closed], injected)
    flows = dict(zip(closed, found.tolist(), strict=True))
    return [abs(flows.get(k, 0.0)) for k in range(len(elements))]


def _worst(nodes: int, elements: Sequence[Element], b: Sequence[float], injected: Sequence[float]) -> list[float]:
    """The largest flow on each element: in ordinary times, and with ties closed when any one that splits nothing is out."""
    ends = [(e.a, e.b) for e in elements]
    worst = _open(nodes, elements, b, injected)
    for k in range(len(ends)):
        rest = [*ends[:k], *ends[k + 1 :]]
        if len(set(dc_flow.islands(nodes, rest))) > 1:
            continue
        found = dc_flow.flows(nodes, rest, [*b[:k], *b[k + 1 :]], injected).tolist()
        for i, flow in enumerate((*found[:k], 0.0, *found[k:])):
            worst[i] = max(worst[i], abs(flow))
    return worst
