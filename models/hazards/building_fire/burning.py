"""What burns in a room: t² growth, what air and fuel allow, flashover, water, and how its fuel runs out.

Before a room is fully alight water and growth race as in kernel K4; from then on growth is nought and water takes heat off at
ζC, or ζC·C/Q while it is less than the fire gives. Our own closure of sourced facts (hazards.md K4, H06).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from msgspec.structs import replace

from models import kernels
from models.hazards.building_fire.parameters import Parameters
from models.hazards.building_fire.state import Phase, Room

_FELT = 1e3  # W; less cooling than this is rounding

# ── what a room allows ──


def flashover(p: Parameters, length: float, width: float, height: float, opening: float, tall: float) -> float:
    """Heat (W) at which a room of these metres with one opening flashes over: 7.8 A_T + 378 A_v√H_v kW (Thomas)."""
    walls = 2 * (length * width + length * height + width * height) - opening
    return p.flash_walls * walls + p.flash_opening * opening * math.sqrt(tall)


def ventilation(p: Parameters, opening: float, tall: float) -> float:
    """Heat (W) that the air through an opening feeds: 1 500 A_v√H_v kW."""
    return p.air_heat * opening * math.sqrt(tall)


def lost_at(p: Parameters, room: Room) -> Room:
    """The room with the heat that a fire growing freely has so long before it flashes over: then nobody lives in it any more."""
    early = math.sqrt(room.flash) - math.sqrt(room.growth) * p.lost_before
    return replace(room, lost=max(math.sqrt(p.seat), early) ** 2)


def reach(p: Parameters, flames: float) -> float:
    """Metres at which flames of that heat (W) set wood alight in the next building: χQ/4πr² = 12.5 kW/m²."""
    return math.sqrt(p.radiated * flames / (4 * math.pi * p.ignites))


def flames_across(p: Parameters, gap: float) -> float:
    """Heat (W) of flames that does so across a gap (m)."""
    return 4 * math.pi * gap**2 * p.ignites / p.radiated


# ── its course under so much water ──


def grows(room: Room, cooling: float) -> bool:
    """Whether it follows t²: not yet fully alight, or beaten down and left alone."""
    return room.phase is Phase.GROWING or (room.phase is Phase.FULL and cooling < _FELT and room.heat < room.cap)


def later(p: Parameters, room: Room, dt: float, cooling: float, lick: float) -> Room:
    """The room `dt` seconds later; `cooling` (W) is what water on it can absorb, `lick` how fast flames climb."""
    if not room.burns:
        return room
    cooling = cooling if cooling >= _FELT else 0.0
    if room.flashed:
        room = replace(room, hot=room.hot + dt, licked=room.licked + lick * dt)
    if room.phase is Phase.DECAYING:
        return replace(room, heat=max(0.0, room.heat - _decays(p, room, cooling) * dt))
    if grows(room, cooling):
        heat = min(room.cap, kernels.fire_heat(room.heat, room.growth, cooling, dt))
        gained = kernels.fire_released(room.heat, room.growth, cooling, dt)
    else:
        heat, gained = _beaten(p, room, cooling, dt)
    return replace(room, heat=heat, burnt=room.burnt + gained)


def due(p: Parameters, room: Room, cooling: float) -> Iterator[tuple[float, str]]:
    """When its fire passes a mark under so much water."""
    cooling = cooling if cooling >= _FELT else 0.0
    falling = not grows(room, cooling)
    if room.phase is Phase.DECAYING:
        rate = _decays(p, room, cooling)
        if room.flashed:
            yield kernels.work_done_in(room.heat - room.flash, rate), "dies_down"
        yield kernels.work_done_in(room.heat, rate), "room_out"
        return
    if falling:
        yield _burns_in(p, room, cooling, room.load - room.burnt), "fuel_low"
        if room.flashed:
            yield _beaten_to(p, room, cooling, room.flash), "dies_down"
        yield _beaten_to(p, room, cooling, 0.0), "room_out"
        return
    yield kernels.fire_released_reaches(room.heat, room.growth, cooling, room.load - room.burnt), "fuel_low"
    if cooling > room.heat:
        if room.flashed:
            yield kernels.fire_reaches(max(room.heat, room.flash), room.growth, cooling, room.flash), "dies_down"
        yield kernels.fire_out_in(room.heat, room.growth, cooling), "room_out"
        return
    for mark, ahead, name in (
        (room.lost, not room.gone, "room_lost"),
        (room.flash, not room.flashed, "flashover"),
        (room.cap, room.heat < room.cap or room.phase is Phase.GROWING, "fully_alight"),
    ):
        if ahead and mark <= room.cap:
            yield kernels.fire_reaches(min(room.heat, mark), room.growth, cooling, mark), name


def happens(room: Room, name: str) -> Room:
    """The room after that mark, set onto it."""
    match name:
        case "room_lost":
            room = replace(room, heat=max(room.heat, room.lost), gone=True)
        case "flashover":
            room = replace(room, heat=max(room.heat, room.flash), flashed=True, gone=True)
        case "fully_alight":
            room = replace(room, heat=room.cap, phase=Phase.FULL)
        case "dies_down":
            room = replace(room, heat=min(room.heat, room.flash), flashed=False)
        case "fuel_low":
            falls = room.heat**2 / (2 * room.rest)
            room = replace(room, burnt=room.load, phase=Phase.DECAYING, falls=falls)
        case "room_out":
            room = replace(room, heat=0.0, phase=Phase.OUT, flashed=False)
    return room


def alight(p: Parameters, room: Room) -> Room:
    """A room that catches fire."""
    return replace(room, phase=Phase.GROWING, heat=min(p.seat, room.cap))


def burning_area(p: Parameters, room: Room) -> float:
    """m² of it on fire: all of it once fully alight, else what gives so much heat."""
    if room.phase is Phase.FULL or room.flashed:
        return room.area
    return min(room.area, room.heat / p.fuel_heat)


# ── beaten down from fully alight: Q' = −ζC·min(1, C/Q) ──


def _beaten(p: Parameters, room: Room, cooling: float, dt: float) -> tuple[float, float]:
    """(heat after `dt`, energy released meanwhile)."""
    heat, rate = room.heat, p.knocks * cooling
    if rate <= 0.0:
        return heat, heat * dt
    gained = 0.0
    if heat > cooling:  # Q² falls in proportion to time
        first = min(dt, (heat**2 - cooling**2) / (2 * rate * cooling))
        after = math.sqrt(max(cooling**2, heat**2 - 2 * rate * cooling * first))
        gained = (heat**3 - after**3) / (3 * rate * cooling)
        heat, dt = after, dt - first
    if dt > 0.0:  # then Q itself
        spent = min(dt, heat / rate)
        gained += heat * spent - rate * spent**2 / 2
        heat = max(0.0, heat - rate * dt)
    return heat, gained


def _beaten_to(p: Parameters, room: Room, cooling: float, target: float) -> float:
    """Time until water has beaten it down to `target`; inf without water."""
    heat, rate = room.heat, p.knocks * cooling
    if rate <= 0.0:
        return math.inf
    if heat <= target:
        return 0.0
    span = 0.0
    if heat > cooling:
        low = max(cooling, target)
        span = (heat**2 - low**2) / (2 * rate * cooling)
        heat = low
    return span + max(0.0, heat - target) / rate


def _burns_in(p: Parameters, room: Room, cooling: float, energy: float) -> float:
    """Time until it has released so much energy while it is beaten down; inf if it is out before."""
    heat, rate = room.heat, p.knocks * cooling
    if energy <= 0.0:
        return 0.0
    if rate <= 0.0:
        return energy / heat if heat > 0.0 else math.inf
    span = 0.0
    if heat > cooling:
        cube = heat**3 - 3 * rate * cooling * energy
        if cube >= cooling**3:
            after = float(cube ** (1 / 3))
            return (heat**2 - after**2) / (2 * rate * cooling)
        energy -= (heat**3 - cooling**3) / (3 * rate * cooling)
        span = (heat**2 - cooling**2) / (2 * rate * cooling)
        heat = cooling
    rest = heat**2 - 2 * rate * energy
    return span + (heat - math.sqrt(rest)) / rate if rest >= 0.0 else math.inf


def _decays(p: Parameters, room: Room, cooling: float) -> float:
    """W/s by which it falls once its fuel runs low, and water helps (as if it still gave what it gave when that began)."""
    began = math.sqrt(2 * room.falls * room.rest)
    return room.falls + p.knocks * cooling * min(1.0, cooling / began) if began > 0.0 else math.inf
