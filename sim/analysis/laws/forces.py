"""Forces that others decide over: none moves without a yes, none says yes unasked, nobody is tasked after being let go."""

from __future__ import annotations

from collections.abc import Mapping

from sim.analysis.laws.base import Handler, Law
from sim.domain import events as ev
from sim.journal.cast import Cast
from sim.journal.families import Families

ASKED, APPROVED, REFUSED, RELEASED = "asked", "approved", "refused", "released"
STOOD_DOWN = "stood_down"


class Approval(Law):
    """Every request, what was answered, and who moved on it."""

    def __init__(self, cast: Cast | None) -> None:
        super().__init__(cast)
        forces = cast.forces if cast else {}
        self._force_of = {team: name for name, force in forces.items() for team in force.teams}
        self._state: dict[str, str] = {}  # request -> what became of it
        self._channel: dict[str, str] = {}
        self._asked: dict[str, tuple[str, str]] = {}  # request -> (force, disaster)
        self._left: dict[str, int] = {}  # request -> elements asked for and not stood down
        self._may: set[tuple[str, str]] = set()  # (force, disaster) that may move
        self._families = Families()
        self._went: dict[str, str] = {}  # sortie -> force

    def hears(self) -> Mapping[type[ev.Event], Handler]:
        """Requests, answers, tasks, releases, and every order."""
        return {
            ev.ForceAsked: self._ask, ev.ForceAnswered: self._answer, ev.ForceTasked: self._task,
            ev.ForceReleased: self._release, ev.OrderGiven: self._order, ev.Recalled: self._redirect,
            ev.ForceSetOut: self._set_out, ev.ForceStoodDown: self._stand_down, ev.IncidentOccurred: self._families.take,
            ev.IncidentClosed: self._families.take,
        }  # fmt: skip

    def _ask(self, e: ev.ForceAsked) -> None:
        self.hold(e.request not in self._state, e, "forces", f"{e.request} was asked before")
        lacking = {"kind", "time", "area", "danger", "measures", "strength"} - {k for k, v in e.content.items() if v}
        self.hold(not lacking, e, "forces", f"{e.request} does not say {', '.join(sorted(lacking))}")
        self._state[e.request], self._channel[e.request] = ASKED, e.channel
        self._asked[e.request] = (e.force, self._of(e.incident))
        self._left[e.request] = sum(int(part.rpartition("=")[2]) for part in e.content.get("strength", "").split())

    def _answer(self, e: ev.ForceAnswered) -> None:
        state = self._state.get(e.request)
        if not self._is_the_same(e):
            return
        if e.answer == "confirmed":
            fits = state == APPROVED and self._channel[e.request] == "urgent"
            self.hold(fits, e, "forces", f"{e.request} is confirmed but did not move on a direct request")
            return
        self.hold(state == ASKED, e, "forces", f"{e.request} is answered again")
        self.hold(e.answer != REFUSED or bool(e.why), e, "forces", f"{e.request} is refused without a reason")
        self._state[e.request] = e.answer
        if e.answer == APPROVED:
            self._may.add((e.force, self._of(e.incident)))

    def _task(self, e: ev.ForceTasked) -> None:
        if self._is_the_same(e):
            granted = self._state[e.request] == APPROVED
            self.hold(granted, e, "approval", f"{e.force} is tasked at {e.incident} without a yes")
            self.hold(bool(e.officer), e, "forces", f"nobody of its own commands {e.force}")

    def _release(self, e: ev.ForceReleased) -> None:
        if self._is_the_same(e):
            granted = self._state[e.request] == APPROVED
            self.hold(granted, e, "forces", f"{e.request} is let go but was never granted")
            self._let_go(e, RELEASED)

    def _stand_down(self, e: ev.ForceStoodDown) -> None:
        if not self._is_the_same(e):
            return
        state, left = self._state[e.request], self._left[e.request]
        self.hold(state in (ASKED, APPROVED), e, "forces", f"{e.request} is stood down but does not stand")
        self.hold(bool(e.why), e, "forces", f"{e.request} is stood down without a reason")
        what = f"{e.request}: {e.elements} are stood down of {left} that were asked for and still stood"
        self.hold(0 < e.elements <= left, e, "forces", what)
        self._left[e.request] = left - e.elements
        if e.elements >= left:
            self._let_go(e, STOOD_DOWN)

    def _let_go(self, e: ev.ForceReleased | ev.ForceStoodDown, state: str) -> None:
        """Nobody moves on this request any more."""
        self._state[e.request] = state
        pair = self._asked[e.request]
        if not any(self._state[r] == APPROVED for r, other in self._asked.items() if other == pair):
            self._may.discard(pair)

    def _order(self, e: ev.OrderGiven) -> None:
        force = self._force_of.get(e.team)
        if force is not None:
            self._went[e.order] = force
            self._moves(e, force, e.incident)

    def _redirect(self, e: ev.Recalled) -> None:
        if e.to and e.order in self._went:
            self._moves(e, self._went[e.order], e.to)

    def _set_out(self, e: ev.ForceSetOut) -> None:
        self.hold(e.due_at >= e.t, e, "forces", f"{e.sortie} is due before it sets out")

    def _moves(self, e: ev.Event, force: str, incident: str) -> None:
        self.hold(
            (force, self._of(incident)) in self._may, e, "approval", f"{force} moves for {incident} without a yes"
        )

    def _of(self, incident: str) -> str:
        """The disaster that an incident belongs to."""
        return self._families.root(incident)

    def _is_the_same(self, e: ev.ForceAnswered | ev.ForceTasked | ev.ForceReleased | ev.ForceStoodDown) -> bool:
        asked = self._asked.get(e.request)
        fits = asked == (e.force, self._of(e.incident))
        return self.hold(fits, e, "forces", f"{e.request} was not asked of {e.force}")
