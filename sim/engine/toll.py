"""The toll: which of the dead anybody knows of. Who lies out of sight is missing until they are found, whatever their state.

Of the accident's truth nothing goes into a report but what eyes have met: a crew on the spot sees who lies in the open, a doctor
declares who dies in care, searchers find the rest. At the end all are told, but those whom a search never found.
Nobody is told of twice: whoever is counted among the dead is no longer counted among the hurt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from sim.domain import events as ev
from sim.domain.hazards import IN_PLACE, Sighting
from sim.domain.people import Status

if TYPE_CHECKING:
    from sim.engine.patients import Patient
    from sim.engine.simulation import Simulation

_IN_THE_OPEN = frozenset({Status.EXPOSED, Status.WAITING})


class _Dead:
    """The dead of one incident, by who knows of them."""

    __slots__ = ("given_up", "hurt", "lying", "unreached")

    def __init__(self) -> None:
        self.lying: dict[str, tuple[bool, bool]] = {}  # in the open: counted as hurt, as badly hurt
        self.unreached: dict[str, bool] = {}  # out of sight: whether the hazard killed them, not the time they waited
        self.given_up: set[str] = set()  # never found
        self.hurt: dict[str, bool] = {}  # who had been counted as hurt, and whether as badly hurt

    def were_hurt(self, *, seen: bool) -> list[bool]:
        """Of the dead that are told of, those who were counted as hurt before: whether as badly hurt."""
        untold = self.unreached.keys() | self.given_up | (set() if seen else self.lying.keys())
        return [badly for name, badly in self.hurt.items() if name not in untold]


class Toll:
    """The dead of all incidents. Where nobody works by plans, every death is known at once."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self._dead: dict[str, _Dead] = {}

    def died(self, patient: Patient, before: Status, hidden: bool | None) -> None:
        """Somebody has died (already recorded)."""
        if self.sim.headquarters is None:
            return
        dead = self._dead.setdefault(patient.incident.id, _Dead())
        if patient.triage is not None:
            counted = patient.counted_serious
            dead.hurt[patient.name] = patient.is_serious if counted is None else counted
        out_of_sight = before is Status.TRAPPED and not self.sim.case.mortality.in_sight(patient.person)
        if out_of_sight if hidden is None else hidden:
            dead.unreached[patient.name] = hidden is not None or not patient.person.entrapment
        elif before in _IN_THE_OPEN or before is Status.TRAPPED:
            dead.lying[patient.name] = (patient.triage is not None, patient.is_serious)

    def freed(self, patient: Patient, why: str, cause: int) -> None:
        """Rescuers get out somebody who has died meanwhile."""
        dead = self._dead.get(patient.incident.id)
        if dead is not None and dead.unreached.pop(patient.name, None) is not None:
            self._say(patient.incident.id, (patient.name,), why, cause)

    def find(self, incident: str, why: str, number: int, cause: int) -> None:
        """So many of those out of sight are reached (0: all), first those whom the hazard killed."""
        dead = self._dead.get(incident)
        if dead is None or not dead.unreached:
            return
        order = sorted(dead.unreached, key=lambda name: (not dead.unreached[name], name))
        names = tuple(order[:number] if number else order)
        for name in names:
            del dead.unreached[name]
        self._say(incident, names, why, cause)

    def give_up(self, patient: Patient) -> None:
        """The search for somebody ends without them."""
        dead = self._dead.get(patient.incident.id)
        if dead is not None and dead.unreached.pop(patient.name, None) is not None:
            dead.given_up.add(patient.name)

    def over(self, incident: str, cause: int, *, leaves: bool) -> None:
        """It is over: whoever lay where it was is reached; or left, as where the living were given up as missing."""
        dead = self._dead.get(incident)
        if dead is None:
            return
        if leaves or self.sim.care.wards[incident].counts[Status.MISSING]:
            dead.given_up.update(dead.unreached)
            dead.unreached.clear()
        else:
            self.find(incident, "over", 0, cause)

    def told(self, incident: str, sighting: Sighting, *, seen: bool) -> Sighting:
        """What is said of people, of whom the truth is counted: `seen` if somebody of ours has looked round."""
        dead = self._dead.get(incident)
        if dead is None:
            return sighting
        lying = () if seen else tuple(dead.lying.values())
        unreached, given_up = len(dead.unreached), len(dead.given_up)
        hidden = unreached + given_up
        were_hurt = dead.were_hurt(seen=seen)
        figures = {k: max(0.0, v - hidden) if k in IN_PLACE else v for k, v in sighting.figures.items()}
        return replace(
            sighting,
            dead=sighting.dead - hidden - len(lying),
            trapped=sighting.trapped + unreached,
            # who lies still in the open is taken for badly hurt until somebody has bent over them
            injured=sighting.injured - len(were_hurt) + sum(not hurt for hurt, _ in lying),
            seriously_injured=sighting.seriously_injured - sum(were_hurt) + sum(not badly for _, badly in lying),
            waiting=sighting.waiting + len(lying),
            waiting_serious=sighting.waiting_serious + len(lying),
            figures=figures,
        )

    def missing(self, incident: str) -> int:
        """How many of the dead are still looked for: to everybody they are people who may need help."""
        dead = self._dead.get(incident)
        return len(dead.unreached) if dead is not None else 0

    def never_found(self, incident: str) -> int:
        """How many of the dead nobody has reached: to those who count they are missing."""
        dead = self._dead.get(incident)
        return len(dead.unreached) + len(dead.given_up) if dead is not None else 0

    def _say(self, incident: str, names: tuple[str, ...], why: str, cause: int) -> None:
        seq = self.sim.record(ev.DeadFound(0, self.sim.now, cause, incident, names, why))
        if (running := self.sim.incidents.get(incident)) is not None:
            self.sim.reporter(running).people_changed(seq)
