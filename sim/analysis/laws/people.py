"""People: each person once, one status at a time, no way back from the end; ambulances and hospitals hold what they can."""

from __future__ import annotations

from collections.abc import Mapping

from sim.analysis.laws.base import Handler, Law
from sim.domain import events as ev
from sim.domain.people import FINAL, SEARCH, Status, Triage
from sim.journal.cast import Cast

# Who may come to these statuses from where; to any other status one may come from anywhere on the spot.
_ONLY_FROM = {
    Status.CARRIED: frozenset({Status.WAITING}),
    Status.HOSPITAL: frozenset({Status.CARRIED}),
    Status.SAVED: frozenset({Status.HOSPITAL}),
}
_OWN_WAY = "own_way"  # to a doctor without an ambulance: from waiting to saved, with no hospital place of this ledger
_ON_THE_SPOT = frozenset({Status.EXPOSED, Status.TRAPPED, Status.WAITING})


class People(Law):
    """The ledger of people: in = out + found + missing, whoever is counted."""

    def __init__(self, cast: Cast | None) -> None:
        super().__init__(cast)
        self._status: dict[str, Status] = {}
        self._load: dict[str, tuple[str, str]] = {}  # person -> (sortie, hospital)
        self._where: dict[str, str] = {}  # person -> hospital that holds a place
        self._taken: dict[str, int] = {}
        self._searching: set[str] = set()  # incidents whose rescue became a search

    def hears(self) -> Mapping[type[ev.Event], Handler]:
        """Everything that moves a person."""
        return {
            ev.PersonsInvolved: self._involved, ev.PersonChanged: self._changed, ev.CareChanged: self._care,
            ev.Loaded: self._loaded, ev.HandedOver: self._handed_over, ev.RescueBecameSearch: self._search,
        }  # fmt: skip

    def _involved(self, e: ev.PersonsInvolved) -> None:
        for person in e.persons:
            name = f"{e.incident}/{person.id}"
            self.hold(name not in self._status, e, "people", f"{name} comes into harm's way a second time")
            self._status[name] = person.status

    def _search(self, e: ev.RescueBecameSearch) -> None:
        self._searching.add(e.incident)

    def _changed(self, e: ev.PersonChanged) -> None:
        before = self._status.get(e.person)
        if before is None or not e.person.startswith(f"{e.incident}/"):
            self.say(e, "people", f"{e.person} was never counted among the people of {e.incident}")
            return
        after = e.status
        if before in FINAL:
            self.say(e, "people", f"{e.person} was {before.value}, which is final, and becomes {after.value}")
        elif before is after:
            self.say(e, "people", f"{e.person} is {after.value} already")
        elif after is Status.SAVED and e.why == _OWN_WAY:
            self.hold(before is Status.WAITING and e.triage in (Triage.GREEN, Triage.YELLOW), e, "people",
                      f"{e.person}, {before.value}, finds a doctor alone")  # fmt: skip
        elif after is Status.MISSING and e.why == SEARCH:
            self.hold(before is Status.TRAPPED and e.incident in self._searching, e, "people",
                      f"{e.person}, {before.value}, is given up by a search that nobody decided on")  # fmt: skip
        elif before not in _ONLY_FROM.get(after, _ON_THE_SPOT if after not in FINAL else frozenset(Status)):
            self.say(e, "people", f"{e.person} cannot be {after.value} straight after {before.value}")
        self._status[e.person] = after
        if after is Status.CARRIED:
            sortie, _ = self._load.get(e.person, ("", ""))
            self.hold(sortie == e.where, e, "loading", f"{e.person} is carried by {e.where}, which did not load them")
        elif after is Status.HOSPITAL:
            self._admit(e)
        elif after is Status.DEAD and (hospital := self._where.pop(e.person, "")):
            self._taken[hospital] -= 1

    def _admit(self, e: ev.PersonChanged) -> None:
        _, hospital = self._load.get(e.person, ("", ""))
        self.hold(hospital == e.where, e, "loading", f"{e.person} is admitted at {e.where} but was taken to {hospital}")
        self._where[e.person] = e.where
        taken = self._taken[e.where] = self._taken.get(e.where, 0) + 1
        known = self.cast.hospitals.get(e.where) if self.cast else None
        if known is not None:
            self.hold(taken <= known.places, e, "hospital places", f"{e.where} holds {taken} of {known.places}")

    def _care(self, e: ev.CareChanged) -> None:
        self.hold(e.person in self._status, e, "people", f"{e.person} gets care but was never counted")
        self.hold(self._status.get(e.person) is not Status.DEAD, e, "people", f"{e.person} is dead and gets care")

    def _loaded(self, e: ev.Loaded) -> None:
        for person in e.persons:
            held = self._load.get(person)
            self.hold(held is None, e, "loading", f"{person} was loaded by {held[0] if held else ''} before")
            self.hold(person in self._status, e, "loading", f"{person} was never counted")
            self._load[person] = (e.sortie, e.hospital)

    def _handed_over(self, e: ev.HandedOver) -> None:
        for person in e.persons:
            self.hold(self._load.get(person) == (e.sortie, e.hospital), e, "loading",
                      f"{person} is handed over at {e.hospital} by {e.sortie}, which did not bring them")  # fmt: skip
