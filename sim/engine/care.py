"""Casualties: one clock per person, care on the spot, ambulances in triage order, hospitals with places.

Common to all hazards: a hazard hurts and frees people, what becomes of them depends on when help reaches them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.domain import events as ev
from sim.domain.people import FINAL, Person, Status, Triage
from sim.domain.teams import AMBULANCE, MEDICAL, TREAT
from sim.engine.clock import Turn, grid, not_before
from sim.engine.patients import Patient, Ward, as_now
from sim.engine.sorties import Told
from sim.engine.toll import Toll

if TYPE_CHECKING:
    from sim.engine.incidents import Incident
    from sim.engine.simulation import Simulation
    from sim.engine.sorties import Sortie

ORDER = {Triage.RED: 0, Triage.YELLOW: 1, Triage.GREEN: 2, Triage.EXPECTANT: 3}
AIDED = "trapped_aided"  # care of somebody in a wreck who was given first aid there
_MOVABLE = frozenset({Triage.GREEN, Triage.YELLOW})


class Care:
    """All casualties of a run."""

    tasks = MEDICAL

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self.toll = Toll(sim)
        self.wards: dict[str, Ward] = {}
        self.taken: dict[str, int] = dict.fromkeys(sim.hospitals, 0)  # places taken or promised
        self.places = {hospital.id: hospital.places for hospital in sim.hospitals.values()}  # as long as it has power
        self._theatres: dict[str, list[float]] = {}  # by hospital: when each operating theatre is free

    def ward(self, incident: Incident) -> Ward:
        """The ward of an incident, opened on first use."""
        if incident.id not in self.wards:
            self.wards[incident.id] = Ward(incident)
        return self.wards[incident.id]

    # ── what hazards and injects do to people ──

    def involve(self, incident: Incident, persons: tuple[Person, ...], cause: int) -> None:
        """People come into harm's way (already recorded); those hurt or trapped get their clocks."""
        ward, now = self.ward(incident), self.sim.clock.now
        for person in persons:
            name = f"{incident.id}/{person.id}"
            latent = self.sim.case.mortality.latent(person, self.sim.streams("casualty", incident.id, person.id))
            patient = ward.patients[name] = Patient(name, incident, person, now, latent)
            ward.counts[person.status] += 1
            ward.news = max(ward.news, cause)
            self._count_injury(ward, None, patient)
            self._begin(patient, cause)
        self._dispose(ward)

    def change(
        self, name: str, status: Status, triage: Triage | None, why: str, cause: int, hidden: bool | None = None
    ) -> None:
        """A hazard or a clock moves a person on; the dead stay dead, and are found where the living would be freed."""
        patient = self._patient(name)
        if patient.status is Status.DEAD:
            if status is Status.MISSING:
                self.toll.give_up(patient)
            else:
                self.toll.freed(patient, why, cause)
        if patient.status in FINAL:
            return
        before = patient.triage
        if triage is not None:
            patient.triage = triage
        self._move(patient, status, why, cause, hidden=hidden)
        ward = self.ward(patient.incident)
        self._count_injury(ward, before, patient)
        self._begin(patient, cause)
        self._dispose(ward)

    def finished(self, incident: str) -> bool:
        """Whether nobody of an incident can need an ambulance any more."""
        ward = self.wards.get(incident)
        if ward is None:
            return True
        left = sum(ward.counts[status] for status in (Status.EXPOSED, Status.TRAPPED, Status.WAITING))
        return left + self.toll.missing(incident) == 0

    def awaited(self, incident: str) -> bool:
        """Whether somebody is still to be freed, found or fetched."""
        ward = self.wards.get(incident)
        if ward is None:
            return False
        return ward.counts[Status.TRAPPED] + ward.counts[Status.WAITING] + self.toll.missing(incident) > 0

    def outstanding(self, incident: str) -> int:
        """People of an incident who are not yet in hospital, safe, dead or given up."""
        ward = self.wards.get(incident)
        return ward.unaccounted + self.toll.missing(incident) if ward else 0

    @property
    def settled(self) -> bool:
        """Whether nobody's fate is open; who lies in hospital is not waited for where the offices go on after the field."""
        goes_on = self.sim.headquarters is not None
        return all(not w.unaccounted and (goes_on or not w.counts[Status.HOSPITAL]) for w in self.wards.values())

    # ── who comes and goes ──

    def arrived(self, sortie: Sortie) -> None:
        """An ambulance or a medical crew is on the spot."""
        ward, sim = self.ward(sortie.incident), self.sim
        if sortie.crew.task == AMBULANCE:
            ward.ambulances[sortie.id] = sortie
        else:
            ward.carers[sortie.id] = sortie
            sortie.crew.effective = grid(
                sim.clock.now + sim.draw("care.treat_setup", sortie.element, sortie.incident.id)
            )
            sim.clock.at(sortie.crew.effective, lambda _: self._dispose(ward), Turn.PERSON)
        self._dispose(ward)

    def left(self, sortie: Sortie) -> None:
        """It is gone again."""
        ward = self.wards.get(sortie.incident.id)
        if ward is not None:
            ward.ambulances.pop(sortie.id, None)
            carer = ward.carers.pop(sortie.id, None)
            if not sortie.incident.present:
                ward.helped_from = math.inf  # nobody is left who could help
            if carer is not None or not sortie.incident.present:
                self._dispose(ward)

    def first_help(self, incident: Incident) -> None:
        """The first rescuers are on the spot: after a moment whoever is hurt gets first aid."""
        ward = self.wards.get(incident.id)
        if ward is None or ward.helped_from < math.inf:
            return
        ward.helped_from = grid(self.sim.clock.now + self.sim.draw("care.first_aid_after", incident.id))
        self.sim.clock.at(ward.helped_from, lambda _: self._dispose(ward), Turn.PERSON)

    def loaded(self, sortie: Sortie) -> None:
        """Casualties are on board."""
        for name in sortie.patients:
            patient = self._patient(name)
            if patient.status is Status.WAITING:
                self._move(patient, Status.CARRIED, "loaded", sortie.cause, sortie.id)
                self._set_care(patient, "ambulance", sortie.cause)

    def handed_over(self, sortie: Sortie, persons: tuple[str, ...]) -> None:
        """Casualties reach the emergency department; definitive care follows."""
        hospital, sim = sortie.journey.hospital, self.sim
        assert persons, "an ambulance hands over whom it carries"
        for name in persons:
            patient = self._patient(name)
            if patient.status is not Status.CARRIED:
                self.taken[hospital] -= 1  # died on the way: the place is free
                continue
            self._move(patient, Status.HOSPITAL, "admitted", sortie.cause, hospital)
            self._set_care(patient, "emergency", sortie.cause)
            wait = sim.draw("care.emergency_to_definitive", name)
            begins = self._theatre(hospital, patient, sim.clock.now + wait)
            sim.clock.at(grid(begins), self._definitive(patient, sortie.cause), self._turn(patient))
        self._settled(sortie.incident)

    def resize(self, hospital: str, share: float, why: str, cause: int) -> None:
        """A hospital takes another share of its casualties than before; those it has stay."""
        places = round(self.sim.hospitals[hospital].places * share)
        if places == self.places[hospital]:
            return
        self.places[hospital] = places
        self.sim.record(ev.HospitalChanged(0, self.sim.clock.now, cause, hospital, places, why))
        for ward in self.wards.values():
            if ward.ambulances:
                self._dispose(ward)

    def _theatre(self, hospital: str, patient: Patient, ready: float) -> float:
        """When definitive care begins of somebody who is ready for it then: the red wait for an operating theatre."""
        if not patient.is_serious:
            return ready
        sim = self.sim
        free = self._theatres.get(hospital)
        if free is None:
            number = max(1, round(sim.hospitals[hospital].places * sim.number("care.theatres")))
            free = self._theatres[hospital] = [0.0] * number
        first = min(range(len(free)), key=free.__getitem__)
        begins = max(ready, free[first])
        free[first] = begins + sim.draw("care.operation", patient.name)
        return begins

    # ── clocks ──

    def _turn(self, patient: Patient) -> Turn:
        """When in an instant somebody's fate comes: hospitals go on after the field, as the offices do, where there are such."""
        indoors = patient.status is Status.HOSPITAL and self.sim.headquarters is not None
        return Turn.STAFF if indoors else Turn.PERSON

    def _begin(self, patient: Patient, cause: int) -> None:
        """Start, restart or stop the clock that belongs to the person's status."""
        now = self.sim.clock.now
        patient.turn += 1
        if patient.status is Status.TRAPPED and patient.person.entrapment:
            patient.age_from, patient.used = now, 0.0
            self._set_care(patient, "trapped", cause)
            self._mates(patient, cause)
        elif patient.status is Status.WAITING:
            # the injury's own clock begins: nothing of the entrapment's is carried over
            if patient.care in ("", "trapped", AIDED):
                patient.care, patient.age_from, patient.used = "", now, 0.0
            helped = self.sim.clock.now >= self.ward(patient.incident).helped_from
            self._set_care(patient, "buddy" if helped else "waiting", cause)
            self._own_way(patient, cause)
            self._mates(patient, cause)

    def _mates(self, patient: Patient, cause: int) -> None:
        """Before anybody comes the unhurt help those hurt beside them (自救互救), where they can get at them."""
        sim = self.sim
        if sim.headquarters is None or patient.aided or not self._at_hand(patient):
            return

        def help_(_: object) -> None:
            beside = self.ward(patient.incident).patients.values()
            if self._at_hand(patient) and any(
                p.status is Status.EXPOSED and p.person.group == patient.person.group for p in beside
            ):
                patient.aided = True
                self._aid(patient, cause)

        sim.clock.at(grid(sim.clock.now + sim.draw("care.mates_after", patient.name)), help_, Turn.PERSON)

    def _at_hand(self, patient: Patient) -> bool:
        """Whether first aid can be given: to who lies there, and in a wreck that one can see into."""
        if patient.status is Status.TRAPPED:
            return bool(patient.person.entrapment) and self.sim.case.mortality.in_sight(patient.person)
        return patient.status is Status.WAITING

    def _aid(self, patient: Patient, cause: int) -> None:
        """First aid, to who has had none."""
        better = {"trapped": AIDED, "waiting": "buddy"}.get(patient.care)
        if better is not None:
            self._set_care(patient, better, cause)

    def _own_way(self, patient: Patient, cause: int) -> None:
        """Who can walk, or has somebody to carry them, finds a doctor in the end, unless an ambulance comes first.

        Those who look better than they are stay: they are the ones that only a hospital could have told apart.
        """
        sim, colour, begun = self.sim, patient.triage, patient.age_from
        if not sim.case.city.own_way or colour is None or colour not in _MOVABLE:
            return
        if sim.case.mortality.doomed(as_now(patient), patient.latent):
            return

        def arrive(_: object) -> None:
            as_before = patient.age_from == begun and patient.triage is colour
            if patient.status is Status.WAITING and as_before and not patient.claimed:
                self._move(patient, Status.SAVED, "own_way", cause)
                sim.doctors.treated(patient.incident, self.ward(patient.incident).news)
                self._dispose(self.ward(patient.incident))

        sim.clock.at(grid(sim.clock.now + sim.draw(f"care.own_way_{colour.value}", patient.name)), arrive, Turn.PERSON)

    def _set_care(self, patient: Patient, care: str, cause: int) -> None:
        sim, now = self.sim, self.sim.clock.now
        mortality = sim.case.mortality
        if patient.care and patient.care != care:
            patient.used = mortality.used(
                patient.person,
                patient.latent,
                patient.used,
                patient.since - patient.age_from,
                now - patient.since,
                patient.care,
            )
        if patient.care != care:
            patient.care = care
            sim.record(ev.CareChanged(0, now, cause, patient.incident.id, patient.name, care))
        patient.since = now
        patient.turn += 1
        span = mortality.dies_in(as_now(patient), patient.latent, patient.used, now - patient.age_from, care)
        if span < math.inf:
            turn = patient.turn

            def die(_: object) -> None:
                if patient.turn == turn and patient.status not in FINAL:
                    why = "trapped" if care in ("trapped", AIDED) else "in_care" if care == "emergency" else "waiting"
                    self._die(patient, why, cause)

            sim.clock.at(not_before(now + span), die, self._turn(patient))

    def _die(self, patient: Patient, why: str, cause: int) -> None:
        in_hospital = patient.status is Status.HOSPITAL
        if in_hospital:
            self.taken[self.sim.world.persons[patient.name].where] -= 1
        self._move(patient, Status.DEAD, why, cause)
        patient.turn += 1
        if not in_hospital:
            self._dispose(self.ward(patient.incident))

    def _definitive(self, patient: Patient, cause: int) -> Callable[[object], None]:
        sim = self.sim

        def reach(_: object) -> None:
            if patient.status is not Status.HOSPITAL:
                return
            self._set_care(patient, "definitive", cause)
            if sim.case.mortality.doomed(as_now(patient), patient.latent):
                after = sim.draw("care.doomed_after", patient.name)
                sim.clock.at(grid(sim.clock.now + after), lambda _: self._lose(patient, cause), self._turn(patient))
            else:
                self._move(patient, Status.SAVED, "definitive_care", cause)  # the place stays taken

        return reach

    def _lose(self, patient: Patient, cause: int) -> None:
        if patient.status is Status.HOSPITAL:
            self._die(patient, "in_care", cause)

    # ── disposal: who is treated, who is carried ──

    def _dispose(self, ward: Ward) -> None:
        """Give what help there is to those on the spot, in triage order."""
        waiting = sorted(
            (p for p in ward.patients.values() if p.status is Status.WAITING and not p.claimed),
            key=lambda p: (ORDER[p.triage or Triage.GREEN], p.name),
        )
        self._treat(ward, waiting)
        for sortie in tuple(ward.ambulances.values()):
            load = self._load_for(sortie, waiting)
            if not load:
                break
            hospital = self._hospital_for(sortie, load)
            if hospital is None:
                break
            load = load[: self.places[hospital] - self.taken[hospital]]
            del ward.ambulances[sortie.id]
            for patient in load:
                patient.claimed = True
            self.taken[hospital] += len(load)
            waiting = [p for p in waiting if not p.claimed]
            sortie.tell(Told("load", sortie.cause, persons=tuple(p.name for p in load), hospital=hospital))
        self._settled(ward.incident)

    def _treat(self, ward: Ward, waiting: list[Patient]) -> None:
        now = self.sim.clock.now
        slots = sum(int(s.crew.supplies.get(TREAT, 0.0)) for s in ward.carers.values() if s.crew.effective <= now)
        helped = now >= ward.helped_from
        for i, patient in enumerate(waiting):
            care = "paramedic" if i < slots else "buddy" if helped or patient.aided else "waiting"
            if patient.care != care:
                self._set_care(patient, care, self._last_cause(ward))
        if helped and self.sim.headquarters is not None:
            for patient in ward.patients.values():
                if patient.status is Status.TRAPPED and patient.care == "trapped" and self._at_hand(patient):
                    self._aid(patient, self._last_cause(ward))

    def _load_for(self, sortie: Sortie, waiting: list[Patient]) -> list[Patient]:
        """The next load in triage order: as many of one colour as a vehicle takes."""
        if not waiting:
            return []
        colour = waiting[0].triage or Triage.GREEN
        name = "care.ambulance_" + ("green" if colour is Triage.EXPECTANT else colour.value)
        most = int(self.sim.number(name)) * max(1, sortie.kind.carries)
        return [p for p in waiting[:most] if (p.triage or Triage.GREEN) is colour]

    def _hospital_for(self, sortie: Sortie, load: list[Patient]) -> str | None:
        """The hospital soonest reached that has places; the one with most room if none has enough."""
        sim = self.sim
        node = sortie.incident.spec.site.node
        found: list[tuple[int, float, str]] = []
        for hospital in sim.hospitals.values():
            room = self.places[hospital.id] - self.taken[hospital.id]
            seconds = sim.traffic.seconds_known(sortie, node, hospital.node)
            if room > 0 and seconds < math.inf:
                found.append((max(0, len(load) - room), seconds, hospital.id))
        return min(found)[2] if found else None

    def _settled(self, incident: Incident) -> None:
        """When nobody is left on the spot or under way, medical crews are let go and the reporter is told."""
        ward = self.wards[incident.id]
        if incident.closed:
            return
        if self.finished(incident.id):
            for sortie in (*ward.ambulances.values(), *ward.carers.values()):
                sortie.nothing_left()
        if self.sim.headquarters is None:
            self.sim.reporter(incident).people_changed(self.sim.world.seq)
        elif ward.news > ward.told:
            ward.told = ward.news
            self.sim.reporter(incident).people_changed(ward.news)

    # ── book-keeping ──

    def _move(
        self, patient: Patient, status: Status, why: str, cause: int, where: str = "", *, hidden: bool | None = None
    ) -> None:
        if patient.status is status:
            return
        before = patient.status
        ward = self.ward(patient.incident)
        ward.counts[patient.status] -= 1
        ward.counts[status] += 1
        patient.status = status
        ward.news = self.sim.record(
            ev.PersonChanged(
                0, self.sim.clock.now, cause, patient.incident.id, patient.name, status, patient.triage, why, where
            )
        )
        if status is Status.DEAD:
            self.toll.died(patient, before, hidden)
        if status in FINAL:
            patient.turn += 1

    def _count_injury(self, ward: Ward, before: Triage | None, patient: Patient) -> None:
        if before is None and patient.triage is not None:
            ward.injured += 1
            ward.serious += patient.is_serious
            patient.counted_serious = patient.is_serious

    def _patient(self, name: str) -> Patient:
        return self.wards[name.split("/", 1)[0]].patients[name]

    def _last_cause(self, ward: Ward) -> int:
        carers = list(ward.carers.values())
        return carers[-1].cause if carers else ward.incident.latest
