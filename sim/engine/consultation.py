"""Joint consultation (会商): those who are at work sit together, by video, by telephone or in person, and say what they find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.domain import events as ev
from sim.domain.plans import PlanLevel
from sim.engine.clock import Turn, grid
from sim.engine.tasks import Dossier

if TYPE_CHECKING:
    from sim.engine.headquarters import Headquarters


_CALLS = ("video", "phone")  # means by which the scene is called in (连线现场)
_TASK = "consultation"  # the name of its task in plans; from that task's level up it is held


class Consultation:
    """The consultations of all incidents, one at each level a response reaches."""

    def __init__(self, headquarters: Headquarters) -> None:
        self.headquarters, self.sim = headquarters, headquarters.sim
        self._held: set[tuple[str, int]] = set()

    def called(self, dossier: Dossier, step: PlanLevel, cause: int) -> None:
        """A response reached a level: from a certain one up, those who are told consult as soon as the command has met."""
        if dossier.head:
            return  # those of the disaster consult once, for all of it
        key = (dossier.id, step.level)
        said = (task.level for task in dossier.plan.tasks if task.id == _TASK)
        lowest = next(said, self.sim.number("headquarters.consult_from"))
        if step.level <= lowest and key not in self._held:
            self._held.add(key)
            self.headquarters.when_formed(dossier.id, lambda formed: self._gather(dossier, step, max(cause, formed)))

    # ── inside ──

    def _gather(self, dossier: Dossier, step: PlanLevel, cause: int) -> None:
        sim = self.sim
        means = self._means(dossier.post)
        gathered = sim.draw(f"headquarters.gather_{means}", dossier.id, str(step.level))
        span = gathered + sim.draw("headquarters.consult", dossier.id, str(step.level))

        def sit(_: object) -> None:
            incident = sim.incidents.get(dossier.id)  # gone, if its response is over
            if means in _CALLS and incident is not None and sim.reporter(incident).answers:
                called = sim.record(ev.SceneCalled(0, sim.now, cause, dossier.id, dossier.post, means))
                sim.reporter(incident).asked(called)

        def end(_: object) -> None:
            invited = dict.fromkeys((dossier.plan.lead, *step.notify))
            units = tuple(u for u in invited if self.headquarters.notices.awake(dossier.id, u))
            finding = self._finding(dossier)
            sim.record(ev.Consulted(0, sim.now, cause, dossier.id, dossier.post, units, means, finding))

        sim.clock.at(grid(sim.now + gathered), sit, Turn.STAFF)
        sim.clock.at(grid(sim.now + span), end, Turn.STAFF)

    def _means(self, post: str) -> str:
        match self.sim.wires.state(post):
            case "down":
                return "on_site"
            case "degraded":
                return "phone"
            case _:
                return "video" if self.sim.case.platform == "on" else "phone"

    def _finding(self, dossier: Dossier) -> str:
        """What they advise on the picture of the post in the lead: over, reinforce, evacuate, or go on as planned."""
        desk = self.sim.desks.get(dossier.lead or dossier.post)
        believed = desk.picture.incidents.get(dossier.id) if desk is not None else None
        if believed is None or dossier.over is not None:
            return "over"
        known = desk.picture.incidents if desk is not None else {}
        places = [i for i in self.sim.families.members(dossier.id) if i in known]
        if desk is not None and any(desk.picture.unmet(place) for place in places):
            return "reinforce"
        return "evacuate" if any(known[place].sighting.threatened for place in places) else "go_on"
