"""Public information: what the public is told, and never other figures than were reported upward before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.domain import events as ev
from sim.domain.hazards import Sighting
from sim.engine.tasks import Dossier

if TYPE_CHECKING:
    from sim.engine.headquarters import Headquarters

_PHASE = "publicity"  # of the closed loop
_FORMS = ("notice", "press", "refutation", "final")


class Publicity:
    """The public's information on all incidents. A task of this phase that is done is a publication."""

    def __init__(self, headquarters: Headquarters) -> None:
        self.headquarters, self.sim = headquarters, headquarters.sim
        self._reported: dict[str, Sighting] = {}  # the latest that a post passed upward, by incident
        self._waiting: dict[str, list[str]] = {}  # forms to be published as soon as something was reported upward
        self._published: dict[str, list[str]] = {}

    def sent(self, dossier: Dossier, event: ev.ReportSent) -> None:
        """A post passed a report upward: from now on its figures may be published."""
        if event.sender in self.sim.case.city.posts:
            self._reported[dossier.id] = event.sighting
            for form in self._waiting.pop(dossier.id, ()):
                self._publish(dossier, form, event.seq)

    def done(self, dossier: Dossier, event: ev.TaskDone) -> None:
        """A task of public information was done."""
        owed = dossier.owed.get(event.task.partition("/")[2])
        if owed is None or owed.task.phase != _PHASE:
            return
        already = self._published.setdefault(dossier.id, [])
        form = next((f for f in _FORMS if f in owed.task.id), "update" if already else "notice")
        if dossier.id in self._reported:
            self._publish(dossier, form, event.seq)
        else:
            self._waiting.setdefault(dossier.id, []).append(form)

    def ended(self, dossier: Dossier, event: ev.ResponseChanged) -> None:
        """The city's response ended: whoever told the public of it says so, once."""
        forms = self._published.get(dossier.id, ())
        if forms and "final" not in forms and event.post == dossier.post:
            self._publish(dossier, "final", event.seq)

    def _publish(self, dossier: Dossier, form: str, cause: int) -> None:
        seen = self._reported[dossier.id]
        figures = {"dead": float(seen.dead), "missing": float(seen.trapped), "injured": float(seen.injured)}
        self._published.setdefault(dossier.id, []).append(form)
        self.sim.record(ev.Published(0, self.sim.now, cause, dossier.id, dossier.post, form, figures))
