"""An earthquake at a moment: towns as they were shaken, work still to be done by zones, aftershocks to come."""

from __future__ import annotations

import math

import msgspec

from sim.domain.places import Surroundings

FIRST, WORST = 7, 9  # zones for which the card has figures


class Town(msgspec.Struct, frozen=True):
    """A town as it was shaken. `luck` are its draws: ignition, size and people of a slide."""

    code: str
    distance: float
    bearing: float
    people: float
    urban: float  # share of town buildings, 0–1
    ground: float  # what its ground adds to the intensity
    luck: tuple[float, float, float]
    intensity: float = 0.0
    fallen: float = 0.0  # share of its houses that collapsed
    under: float = 0.0  # people in them

    @property
    def zone(self) -> int:
        """7, 8, 9 (and more), or 0 below."""
        degree = math.floor(self.intensity)
        return min(WORST, degree) if degree >= FIRST else 0


class Part(msgspec.Struct, frozen=True):
    """Work in one zone, and what it is worth when done."""

    zone: int
    left: float
    towns: tuple[str, ...]


class Job(msgspec.Struct, frozen=True):
    """A kind of work, zone by zone in this order; `face` is the effort that finds room in the zone that is being worked on."""

    name: str
    parts: tuple[Part, ...] = ()
    face: float = math.inf  # per town

    @property
    def left(self) -> float:
        """All that is still to be done."""
        return math.fsum(part.left for part in self.parts)

    @property
    def room(self) -> float:
        """The effort that finds room now."""
        return self.face * max(1, len(self.parts[0].towns)) if self.parts else 0.0


class Aftershock(msgspec.Struct, frozen=True):
    """A shock to come: seconds after the main shock, magnitude, and what it is above or below the curves."""

    at: float
    magnitude: float
    term: float


class State(msgspec.Struct, frozen=True):
    """The region at a moment; SI. `age` counts from the main shock; `term` is what this earthquake is above the curves."""

    magnitude: float
    term: float
    strike: float
    towns: tuple[Town, ...]  # the worst hit first
    jobs: tuple[Job, ...]
    to_come: tuple[Aftershock, ...]
    misjudged: float
    misread: float  # error of the first magnitude
    ends: float  # age
    recon_all: float  # person·s of reconnaissance there were
    around: Surroundings  # who is where, at the hour of the main shock
    estimate: tuple[float, float, float]  # deaths by PAGER: low, middle, high
    by_collapse: float  # deaths by the share of houses that fell
    age: float = 0.0
    assessed: bool = False
    felt: int = 0
    over: bool = False

    def job(self, name: str) -> Job:
        """A kind of work; an empty one if there is none of it."""
        return next((job for job in self.jobs if job.name == name), Job(name))

    @property
    def under(self) -> float:
        """People in collapsed buildings, in all towns."""
        return math.fsum(town.under for town in self.towns)

    def hit(self, zone: int = FIRST) -> int:
        """How many towns lie in this zone or a worse one."""
        return sum(town.zone >= zone for town in self.towns)
