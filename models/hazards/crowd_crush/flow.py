"""How a crowd flows through a narrow place: Weidmann's curve, and the way the number of people there takes in time, exactly.

A way out that more people want to use than it lets pass works at its largest flow, however dense the queue before it; only a
crush clogs it. Between two densities of a fine table the outflow is taken as linear, so that N' = inflow − outflow(N) − pulled is
a drift (K2) in each piece; halving the table's step changes outcomes by far less than the curve is known.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from models import kernels
from models.hazards.crowd_crush.parameters import Parameters

_EXACT = 1e-9


def walking_speed(p: Parameters, density: float) -> float:
    """Speed (m/s) at a density (people/m²): v0·(1 − e^(−γ(1/ρ − 1/ρ_jam))), Weidmann 1993; nobody moves beyond the jam."""
    if density <= 0.0:
        return p.free_speed
    if density >= p.jam:
        return 0.0
    return -p.free_speed * math.expm1(-p.shape * (1 / density - 1 / p.jam))


def specific_flow(p: Parameters, density: float) -> float:
    """People who pass a metre of width each second: speed times density."""
    return density * walking_speed(p, density)


def passes(p: Parameters, density: float) -> float:
    """People who get out at each metre of the way out, each second, from a place of that density.

    Below the density of the largest flow it is Weidmann's; a queue passes at the largest; arches clog it in a crush, the
    more the denser.
    """
    best = best_density(p)
    if density <= best:
        return specific_flow(p, density)
    clogged = min(1.0, max(0.0, (density - p.crushing) / (p.packed - p.crushing)))
    return specific_flow(p, best) * (1 - (1 - p.clogged) * clogged)


def best_density(p: Parameters) -> float:
    """The density at which most people pass, by golden section."""
    golden = (math.sqrt(1 + 2 * 2) - 1) / 2
    low, high = 0.0, p.jam
    while high - low > _EXACT * p.jam:
        left, right = high - golden * (high - low), low + golden * (high - low)
        low, high = (left, high) if specific_flow(p, left) < specific_flow(p, right) else (low, right)
    return (low + high) / 2


def suffocates_in(p: Parameters, density: float) -> float:
    """The scale (s) of the clock of those who are pressed: it falls with a power of the density through two known points."""
    power = math.log(p.press_slow / p.press_fast) / math.log(p.press_high / p.press_low)
    return float(p.press_slow * (p.press_low / density) ** power)


@dataclass(frozen=True, slots=True)
class Stay:
    """The time that the crowd spends within one piece of the table, from `people` on."""

    piece: int
    span: float  # s; inf if it comes to rest there
    people: float
    rate: float
    slope: float

    def after(self, dt: float) -> float:
        """People there `dt` after the stay began."""
        return kernels.drift(self.people, self.rate, self.slope, dt)


class Table:
    """Specific flow at evenly spaced densities from 0 to the densest packing, and what is felt in each piece between them."""

    def __init__(self, p: Parameters, step: float = 0.0) -> None:
        self.step = step or p.table_step
        self.pieces = round(p.packed / self.step)
        self.flows = tuple(passes(p, k * self.step) for k in range(self.pieces + 1))
        self.peak = max(self.flows)
        middles = [(k + 1 / 2) * self.step for k in range(self.pieces)]
        self.pressing = tuple(1 / suffocates_in(p, d) if d > p.crushing else 0.0 for d in middles)  # 1/s, of the dose
        self.unsteady = tuple(float(d > p.unstable) for d in middles)  # where somebody may fall
        self._thins = p.thin

    def people_at(self, density: float, area: float) -> float:
        """How many people that density is, on so much ground; densities between the steps of the table are rounded to one."""
        return round(density / self.step) * (area * self.step)

    def most(self, area: float) -> float:
        """How many find room at all."""
        return self.pieces * (area * self.step)

    def flow(self, density: float) -> float:
        """Specific flow by the table."""
        k = min(self.pieces - 1, int(density / self.step))
        share = density / self.step - k
        return self.flows[k] * (1 - share) + self.flows[k + 1] * share

    def course(self, people: float, area: float, gain: float, width: float, pull: float) -> Iterator[Stay]:
        """The stays in the pieces one after another, until the number of people comes to rest or cannot rise any more.

        `gain` comes in (people/s), `width` metres let people out, `pull` are taken out at the rear.
        """
        unit = area * self.step

        def rate_at(k: int) -> float:
            thinning = min(1.0, k * self.step / self._thins)  # who is to be pulled out must be there
            return gain - width * self.flows[k] - pull * thinning

        k = min(self.pieces - 1, max(0, int(people / unit)))
        low, high = rate_at(k), rate_at(k + 1)
        while True:
            begins, ends = k * unit, (k + 1) * unit
            slope = (high - low) / unit
            rate = low if people <= begins else high if people >= ends else low + slope * (people - begins)
            if rate == 0.0 or (rate > 0.0 and people >= self.pieces * unit) or (rate < 0.0 and people <= 0.0):
                yield Stay(k, math.inf, people, 0.0, 0.0)
                return
            if rate > 0.0:
                if people < ends:
                    span = kernels.drift_reaches(people, rate, slope, ends)
                    yield Stay(k, span, people, rate, slope)
                    if span == math.inf:
                        return
                    people = ends
                if k + 1 < self.pieces:
                    k, low, high = k + 1, high, rate_at(k + 2)
            else:
                if people > begins:
                    span = kernels.drift_reaches(people, rate, slope, begins)
                    yield Stay(k, span, people, rate, slope)
                    if span == math.inf:
                        return
                    people = begins
                if k > 0:
                    k, low, high = k - 1, rate_at(k - 1), low

    def fills_in(
        self, people: float, target: float, area: float, gain: float, width: float, pull: float = 0.0
    ) -> float:
        """Seconds until so many people stand there (a whole number of steps); inf if never."""
        passed = 0.0
        for stay in self.course(people, area, gain, width, pull):
            passed += stay.span
            if passed == math.inf:
                return math.inf
            if math.isclose(stay.after(stay.span), target):
                return passed
        return math.inf
