"""Smoke in the building: when a floor is lost to it, when the stairs are, and whom it then reaches."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from models import kernels
from models.hazards.building_fire.state import Floor, Occupant, Phase, State


def later(state: State, dt: float) -> tuple[Floor, ...]:
    """The floors `dt` seconds later: the clock of one runs while a room on it is flashed over."""
    fed = {room.floor for room in state.rooms if room.flashed and not room.next}
    return tuple(
        replace(floor, clock=floor.clock + dt) if floor.number in fed and not floor.lost else floor
        for floor in state.floors
    )


def stairs_rate(state: State) -> float:
    """How fast smoke gets into the stairs: while something burns on a lost floor."""
    lost = {floor.number for floor in state.floors if floor.lost}
    return float(
        not state.stairs_lost and any(room.burns and room.floor in lost and not room.next for room in state.rooms)
    )


def due(state: State) -> Iterator[tuple[float, str, int]]:
    """When the next floor, or the stairs, are lost: (seconds, name, index of the floor)."""
    fed = {room.floor for room in state.rooms if room.flashed and not room.next}
    for k, floor in enumerate(state.floors):
        if floor.number in fed and not floor.lost:
            yield floor.delay - floor.clock, "floor_lost", k
    if rate := stairs_rate(state):
        yield kernels.work_done_in(state.stairs_delay - state.stairs, rate), "stairs_lost", 0


def reached(state: State, floor: int) -> tuple[Occupant, ...]:
    """Everybody cut off, now that a floor is full of smoke: there only a shut door helps."""
    return tuple(replace(who, in_smoke=True) if who.floor == floor and not who.door else who for who in state.trapped)


def fled(state: State, k: int) -> tuple[Occupant, ...]:
    """Everybody cut off, now that nobody lives in a room any more: who was awake in it is in the next one not alight."""
    room = state.rooms[k]
    others = [r.column for r in state.rooms if r.floor == room.floor and r.phase is Phase.LATENT and not r.next]
    if not others:
        return state.trapped
    nearest = min(others, key=lambda column: (abs(column - room.column), column))
    return tuple(
        replace(who, room=nearest) if who.floor == room.floor and who.room == room.column else who
        for who in state.trapped
    )
