"""The reference network: towns on fibre rings round the core, some on spurs; who is still joined when fibres are cut."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec

from models.hazards.telecom_outage.parameters import Parameters
from sim.domain.hazards import Scene
from sim.domain.places import Settlement
from sim.streams import Stream

_TURN = 360.0
_GOLDEN = _TURN * (math.sqrt(5) - 1) / 2  # places that nobody described lie in this angle one after another


class Cell(msgspec.Struct, frozen=True):
    """A town's base stations: where on which ring they hang; a spur is a fibre of their own from there."""

    town: str
    people: float
    stations: float
    ring: int
    place: int  # on the ring, from 0; the core lies before the first and after the last
    spur: bool


class Fibre(msgspec.Struct, frozen=True):
    """A stretch of fibre: of a ring, before the town at `place`; or a town's spur."""

    ring: int
    place: int
    cell: int = -1  # the town whose spur it is; -1: a stretch of the ring
    cut: bool = False
    work: float = 0.0  # crew·s until it is spliced
    spliced_in: float = 0.0  # crew·s that splicing takes if it is cut


def cells(p: Parameters, scene: Scene, stream: Stream) -> tuple[Cell, ...]:
    """The towns whose stations make up the area, on rings by direction; the luck of all that may be counted is drawn."""
    luck = [stream.uniform() for _ in range(round(p.cells_most) * 2)]
    parts = _parts(p, scene)[: len(luck)]
    steep = scene.site.terrain in ("mountain", "gorge")
    spurs = p.spurs_mountain if steep else p.spurs
    order = sorted(range(len(parts)), key=lambda i: (parts[i][0].bearing, parts[i][0].code, i))
    rings = max(1, math.ceil(len(parts) / round(p.ring_size)))
    found: list[Cell] = []
    for n, i in enumerate(order):
        town, people, stations = parts[i]
        ring = n * rings // len(parts)
        place = sum(cell.ring == ring for cell in found)
        found.append(Cell(town.code, people, stations, ring, place, luck[i] < spurs))
    return tuple(found)


def _parts(p: Parameters, scene: Scene) -> list[tuple[Settlement, float, float]]:
    """(town, people, stations) nearest first, until the area has as many stations as the case says; large towns in parts."""
    wanted = scene.scope["stations"]
    around = [s for s in scene.around.settlements if s.people > 0.0]
    if not around:
        around = _made_up(p, wanted * p.people_per_station)
    piece = max(p.cell_stations, wanted / p.cells_most)
    found, left = [], wanted
    for town in around:
        stations = min(left, town.people / p.people_per_station)
        if stations <= 0.0:
            break
        count = max(1, round(stations / piece))
        found += [(town, stations * p.people_per_station / count, stations / count)] * count
        left -= stations
    return found


def _made_up(p: Parameters, people: float) -> list[Settlement]:
    """Towns that nobody described: the first at the site, each smaller than the one before."""
    weights = [1 / (k + 1) for k in range(round(p.made_towns))]
    whole = math.fsum(weights)
    return [
        Settlement("", p.made_apart * math.sqrt(k), (k * _GOLDEN) % _TURN, people * w / whole)
        for k, w in enumerate(weights)
    ]


def fibres(p: Parameters, towns: Sequence[Cell], stream: Stream) -> tuple[tuple[Fibre, ...], tuple[float, ...]]:
    """All stretches, and how soon by luck each is cut."""
    found = []
    for ring in range(1 + max((cell.ring for cell in towns), default=-1)):
        length = sum(cell.ring == ring for cell in towns)
        found += [Fibre(ring, place) for place in range(length + 1)]
    found += [Fibre(cell.ring, cell.place, k) for k, cell in enumerate(towns) if cell.spur]
    luck = [(stream.exponential(), math.exp(p.splice_spread * stream.normal())) for _ in found]
    stretches = tuple(
        msgspec.structs.replace(f, spliced_in=p.splice * slow) for f, (_, slow) in zip(found, luck, strict=True)
    )
    return stretches, tuple(soon for soon, _ in luck)


def joined(towns: Sequence[Cell], stretches: Sequence[Fibre]) -> tuple[bool, ...]:
    """Which towns still reach the core: a ring survives one cut; between two, and beyond a cut spur, it is silent."""
    cuts: dict[int, list[int]] = {}
    silent = set()
    for fibre in stretches:
        if not fibre.cut:
            continue
        if fibre.cell >= 0:
            silent.add(fibre.cell)
        else:
            cuts.setdefault(fibre.ring, []).append(fibre.place)
    return tuple(
        k not in silent and not (cell.ring in cuts and min(cuts[cell.ring]) <= cell.place < max(cuts[cell.ring]))
        for k, cell in enumerate(towns)
    )


def cut(towns: Sequence[Cell], stretches: Sequence[Fibre], soon: Sequence[float], share: float) -> tuple[Fibre, ...]:
    """Fibres are cut in the order of luck until this share of the stations is off, or as near as another would bring it."""
    total = math.fsum(cell.stations for cell in towns)
    now, off = list(stretches), 0.0
    for k in sorted(range(len(now)), key=lambda k: (soon[k], k)):
        if share <= 0.0 or off >= share:
            break
        tried = [*now[:k], msgspec.structs.replace(now[k], cut=True, work=now[k].spliced_in), *now[k + 1 :]]
        there = joined(towns, tried)
        after = math.fsum(c.stations for c, on in zip(towns, there, strict=True) if not on) / total
        if after - share > share - off > 0.0:
            continue
        now, off = tried, after
    return tuple(now)


def order(towns: Sequence[Cell], stretches: Sequence[Fibre]) -> tuple[int, ...]:
    """Cuts as crews take them: each time the one that brings most people back for its work; the list is made once."""
    left, listed = list(stretches), list[int]()
    while broken := [k for k, fibre in enumerate(left) if fibre.cut]:

        def gain(k: int, now: Sequence[Fibre] = tuple(left)) -> tuple[float, float, int]:
            mended = [*now[:k], msgspec.structs.replace(now[k], cut=False), *now[k + 1 :]]
            back = math.fsum(c.people for c, on in zip(towns, joined(towns, mended), strict=True) if on)
            return -back / now[k].work, now[k].work, k

        best = min(broken, key=gain)
        listed.append(best)
        left[best] = msgspec.structs.replace(left[best], cut=False)
    return tuple(listed)
