"""A network at a moment: mains and batteries, fibres, stations destroyed, the core, who calls."""

from __future__ import annotations

import math

import msgspec

from models.hazards.telecom_outage.network import Cell, Fibre


class State(msgspec.Struct, frozen=True):
    """The network at a moment; SI."""

    cells: tuple[Cell, ...]
    fibres: tuple[Fibre, ...]
    order: tuple[int, ...]  # cut fibres as crews take them
    own_dark: float  # share of the stations whose own mains are out
    mains_work: float  # crew·s; inf where no crew mends them
    outage_left: float  # s until mains are back by themselves; inf where crews must mend them
    rebuild: float  # crew·s
    rebuild_all: float
    wrecked: float  # share of the stations destroyed at first
    core: float  # crew·s
    core_share: float  # share of the stations that do not reach the core until it is mended
    surge: float  # of the traffic at first, beyond the usual
    misjudged: float
    hour: float  # s, local clock
    tick_left: float
    dark: float = 0.0  # share of the stations without mains now
    drained: float = 0.0  # s of battery time used
    sets: float = 0.0  # mobile stations at work
    generators: float = 0.0  # W
    age: float = 0.0
    told: tuple[float, ...] = ()  # by cell, the share its town was last told
    word: float = 1.0  # the share of all people at the last word about it
    seen: tuple[float, float, float] = (0.0, 0.0, 0.0)  # dark, mobile stations, generators at the last look
    empty: bool = False
    done: bool = False
    over: bool = False

    @property
    def stations(self) -> float:
        """All base stations of the area."""
        return math.fsum(cell.stations for cell in self.cells)

    @property
    def people(self) -> float:
        """Everybody they serve."""
        return math.fsum(cell.people for cell in self.cells)

    @property
    def destroyed(self) -> float:
        """Share of the stations that is destroyed still."""
        return self.wrecked * self.rebuild / self.rebuild_all if self.rebuild_all > 0.0 else 0.0
