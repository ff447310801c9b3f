"""The building: its rooms and floors, what they allow to burn, and where the fire passes next."""

from __future__ import annotations

import math
from collections.abc import Iterator

from msgspec.structs import replace

from models.hazards.building_fire import burning
from models.hazards.building_fire.parameters import Parameters
from models.hazards.building_fire.state import Floor, Phase, Room, State
from sim.domain.hazards import Scene
from sim.domain.places import Weather
from sim.streams import Stream

_WHOLE = 1e-9  # a room short by rounding only is a whole one


def plan(p: Parameters, area: float) -> tuple[int, int, int]:
    """(rooms, rooms on a floor, floors) of what can burn: wider than usual where it would not fit under the roof.

    Rooms are merged into larger ones where there would be too many to follow.
    """
    rooms = max(1, min(round(p.rooms_most), math.ceil(area / p.room_area - _WHOLE)))
    columns = max(min(rooms, round(p.rooms_floor)), math.ceil(rooms / round(p.storeys)))
    return rooms, columns, math.ceil(rooms / columns)


def laid_out(p: Parameters, scene: Scene, stream: Stream) -> tuple[tuple[Room, ...], tuple[Floor, ...], int, int, int]:
    """(rooms, floors, columns, seat, storeys), with the fire in its first rooms."""
    area = scene.scope["area"]
    number, columns, tall = plan(p, area)
    storeys = round(p.storeys)
    where, sprinkled, begins = stream.uniform(), stream.uniform(), stream.uniform()
    seat = 1 + int(where * (storeys - tall + 1))
    rooms = [_room(p, area / number, seat + k // columns, k % columns, stream) for k in range(number)]
    first = int(begins * min(columns, number))
    for n in range(min(number, round(p.seats))):
        k = (first + n) % number
        growth = max(p.begins_least, p.begins * rooms[k].growth)
        rooms[k] = burning.alight(p, burning.lost_at(p, replace(rooms[k], growth=growth)))
        if sprinkled < p.sprinklers:  # held at what opened the heads: it neither flashes over nor grows
            rooms[k] = replace(rooms[k], cap=min(rooms[k].cap, p.sprinkled), flash=math.inf, lost=math.inf)
    floors = tuple(
        Floor(seat + n, p.smoke_least + (p.smoke_most - p.smoke_least) * stream.uniform()) for n in range(tall)
    )
    return tuple(rooms), floors, columns, seat, storeys


def beside(p: Parameters, rooms: tuple[Room, ...], stream: Stream) -> tuple[Room, ...]:
    """The next building, one room above the other, as large a share of the first as is usual."""
    count = max(1, min(round(p.storeys), math.ceil(p.next_share * len(rooms) - _WHOLE)))
    return tuple(replace(_room(p, rooms[0].area, 1 + n, 0, stream), next=True) for n in range(count))


def hydrants(p: Parameters, scene: Scene) -> float:
    """Water (m³/s) that hydrants give there: towns have them."""
    town = scene.around.density >= p.town_density
    return p.hydrants * (p.hydrants_town if town else p.hydrants_country)


def gap(p: Parameters, scene: Scene) -> float:
    """Metres to the next building: less where people live close together."""
    return p.gap_dense if scene.around.density >= p.dense else p.gap


def climbs(p: Parameters, weather: Weather) -> float:
    """How fast flames climb the front: faster in a strong wind."""
    return p.wind_climbs if weather.wind > p.strong_wind else 1.0


def next_to(state: State, k: int, lick: float) -> Iterator[tuple[int, float]]:
    """(room not alight, s of its flashover that are left) beside and above a room, by the ways that fire takes from it."""
    room, ways = state.rooms[k], []
    up = k + (1 if room.next else state.columns)
    if not room.next and room.column + 1 < state.columns:
        ways.append((k + 1, room.side - room.hot))
    if not room.next and room.column > 0:
        ways.append((k - 1, state.rooms[k - 1].side - room.hot))
    ways.append((up, (room.upward - room.licked) / lick))
    for other, left in ways:
        if other >= len(state.rooms) or state.rooms[other].phase is not Phase.LATENT:
            continue
        if state.rooms[other].next is room.next and (other == up or state.rooms[other].floor == room.floor):
            yield other, left


def flames(state: State) -> float:
    """Heat (W) of the rooms that burn out of their windows."""
    return math.fsum(room.cap for room in state.rooms if room.flashed and not room.next)


def _room(p: Parameters, area: float, floor: int, column: int, stream: Stream) -> Room:
    side, upward, fuel = stream.uniform(), stream.uniform(), stream.uniform()
    width = math.sqrt(area)
    opening = p.opening_share * area
    heat = p.fuel_heat * area
    cap = min(burning.ventilation(p, opening, p.opening_tall), heat)
    flash = min(cap, burning.flashover(p, width, width, p.height, opening, p.opening_tall))
    load = p.load * (1 + p.load_spread * (2 * fuel - 1)) * area
    room = Room(
        floor, column, area, p.growth, cap, flash, 0.0, p.until_decay * load, (1 - p.until_decay) * load,
        p.side_least + (p.side_most - p.side_least) * side,
        p.upward_least + (p.upward_most - p.upward_least) * upward,
    )  # fmt: skip
    return burning.lost_at(p, room)
