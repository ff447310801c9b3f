"""Public information: what the public is told of a disaster, and never other figures than were reported upward before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from sim.domain import events as ev
from sim.domain.hazards import Sighting
from sim.engine.clock import Turn, grid
from sim.engine.tasks import Dossier

if TYPE_CHECKING:
    from sim.engine.headquarters import Headquarters

_PHASE = "publicity"  # of the closed loop
_UPDATE = "update"
_NEWS = ("dead", "missing")  # figures that are news when they change
_FIGURES = "figures."  # before the name of a figure of a report
_PLAIN = "1"  # the unit of what is no amount: a yes, a magnitude
_FORMS = {"notice": "notice", "press": "press", "final_notice": "final"}  # by the names that plans give these tasks


class Publicity:
    """The public's information on all incidents: the tasks of this phase that plans call notice, press and final_notice."""

    def __init__(self, headquarters: Headquarters) -> None:
        self.headquarters, self.sim = headquarters, headquarters.sim
        self._reported: dict[str, dict[str, Sighting]] = {}  # the latest passed upward, by disaster and place
        self._counted: dict[str, dict[str, float]] = {}  # by disaster: the highest reported of what its severity counts
        self._said: dict[str, ev.Published] = {}  # the latest bulletin, by disaster
        self._news: set[str] = set()  # disasters of which a bulletin is on the clock because figures have changed
        self._waiting: dict[str, list[str]] = {}  # forms to be published as soon as something was reported upward

    def sent(self, dossier: Dossier, event: ev.ReportSent) -> None:
        """A post passed a report upward: from now on its figures may be published."""
        posts = self.sim.case.city.posts
        upward = event.sender in posts and posts[event.sender].tier < posts[event.receiver].tier
        if upward and not dossier.head:
            self._reported.setdefault(dossier.id, {})[event.incident] = event.sighting
            if event.incident == dossier.id:
                self._count(dossier, event.sighting)
            for form in self._waiting.pop(dossier.id, ()):
                self._publish(dossier, form, event.seq)
            self._changed(dossier, event.seq)

    def corrected(self, dossier: Dossier, event: ev.CasualtiesCorrected) -> None:
        """Figures were corrected upward after the end (补报): from now on these are published.

        Where the last notice is out already, or none is to come, a bulletin corrects it.
        """
        reported = self._reported.get(dossier.id, {})
        if event.incident in reported:
            seen = reported[event.incident]
            reported[event.incident] = msgspec.structs.replace(seen, dead=event.dead, injured=event.injured, trapped=0)
            self._changed(dossier, event.seq)

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
        """One series of bulletins a disaster; while its response is high and work goes on, none is older than a day (滚动发布)."""
        sim = self.sim
        said = ev.Published(0, sim.now, cause, dossier.id, dossier.post, form, self._figures(dossier))
        sim.record(said)
        self._said[dossier.id] = said

        def again(_: object) -> None:
            goes_on = not sim.field_over and 0 < dossier.level <= sim.number("headquarters.update_from")
            if goes_on and self._said[dossier.id] is said:
                self._publish(dossier, _UPDATE, cause)

        sim.clock.at(grid(sim.now + sim.number("headquarters.update_every")), again, Turn.STAFF)

    def _changed(self, dossier: Dossier, cause: int) -> None:
        """Other dead or missing than the public was told of were reported upward: it is told in a while."""
        if dossier.id in self._news or not self._is_news(dossier):
            return
        self._news.add(dossier.id)

        def tell(_: object) -> None:
            self._news.discard(dossier.id)
            if (dossier.level or not self._final_to_come(dossier)) and self._is_news(dossier):
                self._publish(dossier, _UPDATE, cause)

        when = grid(self.sim.now + self.sim.number("headquarters.update_after"))
        if dossier.ended():
            when = self.headquarters.work.in_office(when, daily=True)
        self.sim.clock.at(when, tell, Turn.STAFF)

    @staticmethod
    def _final_to_come(dossier: Dossier) -> bool:
        """Whether a last notice is owed still, which will have the figures."""
        return any(_FORMS.get(o.task.id) == "final" and o.settled is None for o in dossier.owed.values())

    def _count(self, dossier: Dossier, seen: Sighting) -> None:
        """What the severity of the accident goes by besides the dead and hurt: cases, farms, people without water."""
        counted = self._counted.setdefault(dossier.id, {})
        for criterion in self.sim.case.scales.get(dossier.spec.scale, ()):
            names = [of.removeprefix(_FIGURES) for of in criterion.confirmed if of.startswith(_FIGURES)]
            if names and criterion.unit != _PLAIN:
                amount = sum(seen.figures.get(name, 0.0) for name in names)
                counted[criterion.name] = max(amount, counted.get(criterion.name, 0.0))

    def _is_news(self, dossier: Dossier) -> bool:
        said = self._said.get(dossier.id)
        if said is None:
            return False  # the first bulletin is a task of the plan
        figures = self._figures(dossier)
        return any(figures[name] != said.figures[name] for name in _NEWS)

    def _figures(self, dossier: Dossier) -> dict[str, float]:
        """All places of a disaster together, as they were reported upward, and the highest of what its severity counts."""
        seen = self._reported[dossier.id]
        lost = self.headquarters.disasters.lost  # whoever a search looks for is in no report as trapped any more
        return {
            "dead": float(sum(s.dead for s in seen.values())),
            "missing": float(sum(s.trapped + lost(place) for place, s in seen.items())),
            "injured": float(sum(s.injured for s in seen.values())),
            **{name: amount for name, amount in self._counted.get(dossier.id, {}).items() if amount},
        }
