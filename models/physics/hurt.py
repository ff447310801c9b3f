"""What blast, falling houses and heat do to somebody whose luck is drawn (hazards.md H05): an outcome, or the chance of it.

Plain functions of pressure (Pa), dose (s·(kW/m²)^(4/3)) and luck; their constants stand in the cards of the hazards that use them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from models import kernels
from models.chances import normal_cdf
from sim.domain.people import Status, Triage

Outcome = Status | Triage | None  # DEAD, TRAPPED, hurt so badly, or nothing

_BASE = 5.0  # of a probit, by definition
_WORST: tuple[Outcome, ...] = (
    Status.DEAD, Status.TRAPPED, Triage.EXPECTANT, Triage.RED, Triage.YELLOW, Triage.GREEN, None,
)  # fmt: skip


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The worst of several."""
    return min(outcomes, key=_WORST.index, default=None)


def rank(outcome: Outcome) -> int:
    """Place of an outcome among all, the worst first."""
    return _WORST.index(outcome)


@dataclass(frozen=True, slots=True)
class Open:
    """Blast in the open: death by the probit a + b·ln(psi); else a broken eardrum, log-normal about `ear` Pa."""

    a: float
    b: float
    psi: float  # Pa
    ear: float
    ear_spread: float

    def chance(self, pressure: float) -> float:
        """Chance of death."""
        return normal_cdf(self.a + self.b * math.log(pressure / self.psi) - _BASE) if pressure > 0.0 else 0.0

    def outcome(self, pressure: float, bears: float, luck: float) -> Outcome:
        """What becomes of somebody who bears so much (standard normal) and has that luck (0–1)."""
        if pressure <= 0.0:
            return None
        if bears <= self.a + self.b * math.log(pressure / self.psi) - _BASE:
            return Status.DEAD
        return Triage.YELLOW if luck < normal_cdf(math.log(pressure / self.ear) / self.ear_spread) else None


@dataclass(frozen=True, slots=True)
class Houses:
    """People in houses under blast, by bands of pressure: collapse, partial collapse, roofs and windows, glass alone."""

    collapse: float  # Pa, and so the next three
    partial: float
    roof: float
    glass: float
    collapse_dead: float
    collapse_buried: float
    partial_dead: float
    partial_buried: float
    roof_hurt: float
    glass_hurt: float
    red: float  # shares of the hurt
    yellow: float

    def outcome(self, pressure: float, luck: float) -> Outcome:
        """What becomes of somebody of that luck (0–1): killed, buried, hurt by what comes down or in."""
        dead, buried, hurt = 0.0, 0.0, 0.0
        if pressure >= self.collapse:
            dead, buried, hurt = self.collapse_dead, self.collapse_buried, self.roof_hurt
        elif pressure >= self.partial:
            dead, buried, hurt = self.partial_dead, self.partial_buried, self.roof_hurt
        elif pressure >= self.roof:
            hurt = self.roof_hurt
        elif pressure >= self.glass:
            hurt = self.glass_hurt
        if luck < dead:
            return Status.DEAD
        if luck < dead + buried:
            return Status.TRAPPED
        return colour((luck - dead - buried) / hurt, self.red, self.yellow) if luck < dead + buried + hurt else None


@dataclass(frozen=True, slots=True)
class Burns:
    """Heat on skin: death by the probit a + b·ln(dose), grave to light burns at shares of one's own deadly dose."""

    a: float
    b: float
    red: float
    yellow: float
    green: float

    def deadly(self, bears: float) -> float:
        """The dose that kills somebody who bears so much (standard normal)."""
        return kernels.dose_threshold(self.a, self.b, bears, _BASE)

    def chance(self, dose: float, share: float = 1.0) -> float:
        """Chance that a dose is more than so large a share of what would kill."""
        return normal_cdf(self.a + self.b * math.log(dose / share) - _BASE) if dose > 0.0 else 0.0

    def outcome(self, dose: float, bears: float) -> Outcome:
        """What becomes of somebody who bears so much."""
        share = dose / self.deadly(bears)
        for mark, found in ((1.0, Status.DEAD), (self.red, Triage.RED), (self.yellow, Triage.YELLOW)):
            if share >= mark:
                return found
        return Triage.GREEN if share >= self.green else None


def colour(luck: float, red: float, yellow: float) -> Triage:
    """Which colour luck (0–1) gives somebody hurt."""
    if luck < red:
        return Triage.RED
    return Triage.YELLOW if luck < red + yellow else Triage.GREEN
