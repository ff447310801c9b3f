"""Public information: what the public is told of a disaster, and never other figures than were reported upward before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from sim.domain import events as ev
from sim.domain.hazards import Sighting
from sim.engine.tasks import Dossier

if TYPE_CHECKING:
    from sim.engine.headquarters import Headquarters

_PHASE = "publicity"  # of the closed loop
_FORMS = {"notice": "notice", "press": "press", "final_notice": "final"}  # by the names that plans give these tasks


class Publicity:
    """The public's information on all incidents: the tasks of this phase that plans call notice, press and final_notice."""

    def __init__(self, headquarters: Headquarters) -> None:
        self.headquarters, self.sim = headquarters, headquarters.sim
        self._reported: dict[
            str, dict[str, Sighting]
        ] = {}  # the latest that a post passed upward, by disaster and place
        self._waiting: dict[str, list[str]] = {}  # forms to be published as soon as something was reported upward

    def sent(self, dossier: Dossier, event: ev.ReportSent) -> None:
        """A post passed a report upward: from now on its figures may be published."""
        if event.sender in self.sim.case.city.posts and not dossier.head:
            self._reported.setdefault(dossier.id, {})[event.incident] = event.sighting
            for form in self._waiting.pop(dossier.id, ()):
                self._publish(dossier, form, event.seq)

    def corrected(self, dossier: Dossier, event: ev.CasualtiesCorrected) -> None:
        """Figures were corrected upward after the end (补报): from now on these are published."""
        reported = self._reported.get(dossier.id, {})
        if event.incident in reported:
            seen = reported[event.incident]
            reported[event.incident] = msgspec.structs.replace(seen, dead=event.dead, trapped=0)

    def done(self, dossier: Dossier, event: ev.TaskDone) -> None:
        """A task of public information was done."""
        owed = dossier.owed.get(event.task)
        if owed is None or owed.task.phase != _PHASE:
            return
        form = _FORMS.get(owed.task.id, "")
        if form and dossier.id in self._reported:
            self._publish(dossier, form, event.seq)
        elif form:
            self._waiting.setdefault(dossier.id, []).append(form)

    def _publish(self, dossier: Dossier, form: str, cause: int) -> None:
        """One series of bulletins a disaster: the figures of all its places together, as they were reported upward."""
        seen = self._reported[dossier.id]
        lost = self.headquarters.disasters.lost  # whoever a search looks for is in no report as trapped any more
        figures = {
            "dead": float(sum(s.dead for s in seen.values())),
            "missing": float(sum(s.trapped + lost(place) for place, s in seen.items())),
            "injured": float(sum(s.injured for s in seen.values())),
        }
        self.sim.record(ev.Published(0, self.sim.now, cause, dossier.id, dossier.post, form, figures))
