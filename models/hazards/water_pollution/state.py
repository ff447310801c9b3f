"""A polluted river at a moment: what was let in, where the water stands, what every intake below does."""

from __future__ import annotations

import math

import msgspec


class River(msgspec.Struct, frozen=True):
    """The reach below the spill, taken as uniform; what grows down the river is in each intake's `dilution`."""

    base: float  # m³/s, discharge at the spill without rain now
    width: float  # m
    slope: float  # m/m
    dispersivity: float  # m, dispersion per velocity
    loss: float  # 1/m, decay per metre of travel


class Inflow(msgspec.Struct, frozen=True):
    """So much (kg per metre of odometer) let in steadily while the odometer ran from `begins` to `ends`."""

    begins: float
    ends: float
    rate: float


class Treated(msgspec.Struct, frozen=True):
    """From this odometer on the carbon dam takes out a share of what passes it."""

    begins: float
    share: float


class Drinker(msgspec.Struct, frozen=True):
    """Somebody who would fall ill: the dose (multiples of the stop level × s) that does it, and the luck that says how badly."""

    dose: float
    luck: float


class Intake(msgspec.Struct, frozen=True):
    """An intake below. It shuts in time if it is ready; what has gone into the pipes must be flushed before it opens again."""

    id: str
    x: float  # m below the spill
    people: float
    towns: tuple[str, ...]
    dilution: float  # discharge here per discharge at the spill
    ready: float  # crew·s until it can be shut at a moment's notice
    stores: float  # s that its towns can live on stored water when it is full …
    stored: float  # … and now
    alarm: float  # s of bad water until its own laboratory notices
    drinkers: tuple[Drinker, ...]  # the most sensitive first
    flush: float  # crew·s of flushing, once it is fouled
    told: bool = False  # ready, by work or by order
    shut: bool = False
    above: bool = False  # what flows past is above the stop level
    fouled: bool = False
    dry: bool = False
    taken: float = 0.0  # dose that its drinkers have had
    bad: float = 0.0  # s that it has let bad water in
    clear: float = 0.0  # s that the water has been good since it was shut
    ill: int = 0


class State(msgspec.Struct, frozen=True):
    """The river and its intakes; SI. `s` is the odometer of the water since the spill."""

    river: River
    at_once: float  # kg let in at the beginning
    leaking: float  # kg/s that leaves the source
    left: float  # kg that will still come if nothing is done
    intakes: tuple[Intake, ...]
    node: float  # m below the spill where carbon dams can be built; inf if nobody lives on the river
    seal: float  # crew·s
    contain: float  # crew·s
    sample: float  # crew·s
    dam: float  # person·s
    misjudged: float  # factor by which the quantity is misjudged
    velocity: float  # m/s
    flow: float  # m³/s at the spill now
    order: float = math.inf  # s until the intakes have the order; inf: the substance is not known yet
    ordered: bool = False
    contained: bool = False
    s: float = 0.0
    entered: float = 0.0  # kg in the river so far
    caught: float = 0.0  # kg kept out of it
    inflows: tuple[Inflow, ...] = ()
    treated: tuple[Treated, ...] = (Treated(0.0, 0.0),)
    served: float = 0.0  # people who get water by tanker
    quiet: bool = False  # nothing more will come that closes an intake
    quiet_for: float = 0.0
    over: bool = False

    @property
    def short(self) -> float:
        """People whose taps are dry."""
        return math.fsum(intake.people for intake in self.intakes if intake.dry)
