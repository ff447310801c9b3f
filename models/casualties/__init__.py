"""Casualties (伤亡): clocks for the trapped, the injured and the ill, and what hospital care can save; common to all hazards.

Each person has three numbers, drawn once: how much entrapment they endure, how much waiting they bear, and whether care can
save them. Deaths are crossings of those thresholds, found by inversion, so that earlier help can never hurt and one person's
fate under two plans is comparable. Colours do not change by themselves: a yellow who waits dies late, but never turns red.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from models import kernels
from models.casualties.parameters import Parameters
from sim.domain.people import Person, Triage
from sim.errors import UnknownName
from sim.streams import Stream

__all__ = ["Curve", "Latent", "Model", "Parameters"]

T = TypeVar("T")
TRAPPED = "trapped"  # the care of those who wait to be freed
AIDED = "trapped_aided"  # … and have first aid where they are caught


class Latent(msgspec.Struct, frozen=True):
    """A person's luck. `endures` and `bears` are thresholds of the two hazard clocks (exponential), `luck` is uniform."""

    endures: float
    bears: float
    luck: float


class Curve(msgspec.Struct, frozen=True):
    """A hazard clock (age / scale)^shape that starts after `grace` s, runs `factor` times as fast, and begins at `jump`."""

    shape: float
    scale: float
    grace: float = 0.0
    jump: float = 0.0
    factor: float = 1.0

    def used(self, age: float, dt: float, factor: float) -> float:
        """By how much the clock advances in `dt` more seconds; not at all before its age is 0."""
        begins = max(0.0, age - self.grace)
        ends = max(0.0, age + dt - self.grace)
        return kernels.clock_used(begins, ends - begins, self.shape, self.scale, factor * self.factor)

    def rings_in(self, left: float, age: float, factor: float) -> float:
        """Seconds until what is `left` of a person's threshold is used up."""
        wait = max(0.0, self.grace - age)
        left -= self.jump
        if left <= 0.0:
            return 0.0
        return wait + kernels.clock_rings_in(
            left, max(0.0, age - self.grace), self.shape, self.scale, factor * self.factor
        )


class Model:
    """What becomes of the hurt; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p
        by = {"": "", "illness": "ill_"}
        self._waiting: dict[str, dict[Triage, Curve]] = {
            harm: {t: Curve(getattr(p, f"{b}{t.value}_shape"), getattr(p, f"{b}{t.value}_scale")) for t in Triage}
            for harm, b in by.items()
        }
        self._saved: dict[str, dict[Triage, float]] = {
            harm: {t: getattr(p, f"{b}{t.value}_saved") for t in Triage} for harm, b in by.items()
        }
        injured = self._waiting[""]
        self._rates = {
            "": 1.0,
            TRAPPED: 1.0,
            AIDED: p.care_buddy,
            "waiting": p.care_waiting,
            "buddy": p.care_buddy,
            "paramedic": p.care_paramedic,
            "ambulance": p.care_ambulance,
            "emergency": p.care_emergency,
            "definitive": p.care_definitive,
        }
        self._trapped: dict[str, Curve | dict[Triage, Curve]] = {
            "masonry": Curve(p.masonry_shape, p.masonry_scale),
            "mixed_winter": Curve(p.mixed_winter_shape, p.mixed_winter_scale),
            "burial": Curve(p.burial_shape, p.burial_scale, jump=-math.log1p(-p.burial_at_once)),
            "mine_dry": Curve(p.mine_dry_shape, p.mine_dry_scale, p.mine_dry_grace),
            # in a wreck it is the injury that kills, faster in the cold
            "vehicle": injured,
            "vehicle_cold": {t: Curve(c.shape, c.scale, factor=p.vehicle_cold) for t, c in injured.items()},
        }

    def latent(self, person: Person, stream: Stream) -> Latent:  # noqa: ARG002 - the port's; luck is the same for all
        """A person's luck, drawn in a fixed order whatever happens to them."""
        return Latent(stream.exponential(), stream.exponential(), stream.uniform())

    def in_sight(self, person: Person) -> bool:
        """Whether whoever stands beside them sees how a trapped person is: in a wreck, where the injury is what kills."""
        return isinstance(self._trapped.get(person.entrapment), dict)

    def rate_factor(self, care: str) -> float:
        """By how much the injury clock runs under this care (1 waiting … 0 definitive)."""
        return self._rates[care]

    def dies_in(self, person: Person, latent: Latent, hazard: float, age: float, care: str) -> float:
        """Seconds until death if nothing changes; inf under definitive care."""
        threshold = latent.endures if care in (TRAPPED, AIDED) else latent.bears
        return self._curve(person, care).rings_in(threshold - hazard, age, self._rates[care])

    def used(
        self,
        person: Person,
        latent: Latent,  # noqa: ARG002 - the port's; a clock runs alike for the lucky and the unlucky
        hazard: float,
        age: float,
        dt: float,
        care: str,
    ) -> float:
        """What the clock has used after `dt` more seconds under this care."""
        return hazard + self._curve(person, care).used(age, dt, self._rates[care])

    def doomed(self, person: Person, latent: Latent) -> bool:
        """Whether even care at once would not save them: they die later, in hospital."""
        return latent.luck > self._of(self._saved, person)[person.triage or Triage.GREEN]

    @staticmethod
    def _of(table: Mapping[str, Mapping[Triage, T]], person: Person) -> Mapping[Triage, T]:
        if person.harm not in table:
            raise UnknownName("harm", person.harm, table)
        return table[person.harm]

    def _curve(self, person: Person, care: str) -> Curve:
        if care not in (TRAPPED, AIDED):
            return self._of(self._waiting, person)[person.triage or Triage.GREEN]
        curve = self._trapped.get(person.entrapment)
        if curve is None:
            raise UnknownName("entrapment", person.entrapment, self._trapped)
        return curve if isinstance(curve, Curve) else curve[person.triage or Triage.GREEN]
