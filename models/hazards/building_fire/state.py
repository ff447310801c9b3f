"""A burning building at a moment: rooms and what burns in them, floors and their smoke, people inside, work left."""

from __future__ import annotations

import enum
import math

import msgspec

from sim.domain.places import Weather


class Phase(enum.IntEnum):
    """What a room's fire does."""

    LATENT = 0  # not alight
    GROWING = 1
    FULL = 2  # as large as air or fuel allow, or beaten down from there
    DECAYING = 3  # most of its fuel is gone
    OUT = 4


class Room(msgspec.Struct, frozen=True):
    """A compartment; SI. Its fire may pass to the rooms beside it and above it."""

    floor: int  # above the ground
    column: int
    area: float  # m²
    growth: float  # W/s², of the t² fire
    cap: float  # W that air and fuel allow
    flash: float  # W at which it flashes over
    lost: float  # W at which nobody lives in it any more
    load: float  # J of fuel that burn before it decays
    rest: float  # J that burn while it decays
    side: float  # s of flashover that the partition to the next room holds (inf: there is none)
    upward: float  # s of flashover until flames reach the floor above
    phase: Phase = Phase.LATENT
    heat: float = 0.0  # W
    burnt: float = 0.0  # J
    falls: float = 0.0  # W/s, while it decays
    flashed: bool = False
    hot: float = 0.0  # s of flashover so far
    licked: float = 0.0  # the same, faster in wind, for the way up
    gone: bool = False  # nobody lives in it any more
    next: bool = False  # it is in the next building, whose people have left

    @property
    def burns(self) -> bool:
        """Whether it is alight."""
        return self.phase in (Phase.GROWING, Phase.FULL, Phase.DECAYING)


class Floor(msgspec.Struct, frozen=True):
    """Smoke on a floor: it is lost once a room on it has been flashed over for `delay` s in all."""

    number: int
    delay: float
    clock: float = 0.0
    lost: bool = False


class Occupant(msgspec.Struct, frozen=True):
    """Somebody inside who is alive. Moments are seconds of the fire's age; `room` is a column on their floor.

    They are in the stairs from `stairs`, outside from `out`. Once cut off (`since`), smoke runs an exponential clock against
    `endures`, slowly behind a closed door; `left` is the share of bringing them out that is still to be done.
    """

    id: str
    floor: int
    room: int
    stairs: float
    out: float
    endures: float
    door: bool  # can shut a door behind them
    luck: float  # decides whether a failing structure kills them
    since: float = math.inf
    in_smoke: bool = False
    used: float = 0.0
    left: float = 1.0

    @property
    def cut_off(self) -> bool:
        """Whether they cannot get out by themselves."""
        return self.since < math.inf


class State(msgspec.Struct, frozen=True):
    """The building at a moment; SI. `age` counts from ignition."""

    rooms: tuple[Room, ...]  # by floor and column
    columns: int
    seat: int  # floor where it began
    storeys: int
    floors: tuple[Floor, ...]  # those that can burn, the lowest first
    moving: tuple[Occupant, ...]  # under way, the first to be out first
    trapped: tuple[Occupant, ...]  # in the order in which crews turn to them
    neighbour: tuple[Room, ...]  # the next building, which may catch fire; then its rooms stand behind the others
    stairs_delay: float  # s until smoke gets from a lost floor into the stairs
    hydrants: float  # m³/s
    bursts: tuple[float, ...]  # readings of the clock at which cylinders burst
    stands: float  # s of flashover that the structure bears
    gap: float  # W of flames that set the next building alight
    curtain: float  # s until it does
    gas: float  # crew·s until gas and power are shut off
    overhaul: float  # crew·s
    search: float  # person·s
    misjudged: float
    weather: Weather
    age: float = 0.0
    attack: float = 0.0  # m³/s of water on the fire
    stairs: float = 0.0  # clock of smoke getting into them
    stairs_lost: bool = False
    burst: float = 0.0  # clock of cylinders
    failed: bool = False  # the structure
    exposed: float = 0.0  # s that the next building has been exposed
    spread: bool = False  # the next building is alight
    out_at: float = math.inf  # when the last flame went out
    clear: bool = False  # of smoke
    over: bool = False

    @property
    def burning(self) -> tuple[int, ...]:
        """Rooms that are alight."""
        return tuple(k for k, room in enumerate(self.rooms) if room.burns)

    @property
    def out(self) -> bool:
        """Whether nothing burns."""
        return self.out_at < math.inf
