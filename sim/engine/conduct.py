"""Conduct: reports that are late, incomplete, false or concealed, until somebody finds out (迟报、漏报、谎报、瞒报).

The case says whose conduct it is; how long it lasts is luck by their name. Posts see what reaches them and nothing else: what
was withheld or bent is recorded for the review alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from sim.domain import events as ev
from sim.domain.command import Conduct, Severity
from sim.domain.hazards import Sighting
from sim.domain.people import Status
from sim.engine.clock import Turn, grid

if TYPE_CHECKING:
    from sim.case import IncidentSpec
    from sim.engine.simulation import Simulation

UNIT = "unit"
PEOPLE = ("dead", "trapped", "threatened", "injured", "seriously_injured")


class Candour:
    """Who says what they know, and who does not."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self._ways = {(way.incident, way.who): way for way in sim.case.conduct}
        self._begun: dict[tuple[str, str], float] = {}  # when they knew it first
        self._found: set[tuple[str, str]] = set()  # whose conduct has come out
        self._waits: dict[tuple[str, str], Callable[[int], None]] = {}  # what is still withheld

    # ── reports that do not go out ──

    def withholds(self, incident: str, who: str, receiver: str, cause: int, send: Callable[[int], None]) -> bool:
        """Whether somebody keeps a first report back; `send` is called with a cause once it goes out after all."""
        key, way = (incident, who), self._ways.get((incident, who))
        if way is None or way.does not in ("late", "concealed") or key in self._found:
            return False
        if key in self._begun:  # what comes after the first report waits with it
            return key in self._waits
        sim, now = self.sim, self.sim.clock.now
        self._begun[key], self._waits[key] = now, send
        lasts, found = self._comes_out(way)
        ends = grid(now + lasts)
        sim.record(ev.ReportWithheld(0, now, cause, incident, who, receiver, way.does, ends))

        def end(_: object) -> None:
            held = self._waits.pop(key, None)
            if held is None:
                return
            seq = cause
            if way.does == "concealed":
                seq = self._expose(key, receiver, found, cause)
            held(seq)

        # it comes out after the field too, as long as there are offices to hear of it
        sim.clock.at(ends, end, Turn.POST if sim.headquarters is None else Turn.STAFF)
        return True

    def seen(self, incident: str, by: str, cause: int, how: str = "seen") -> None:
        """Somebody else has seen the place with their own eyes, or those who were there: what the unit keeps back is known."""
        self._out((incident, UNIT), by, how, cause)

    def line(self, incident: str, by: str, cause: int) -> None:
        """It has gone up by another line: what the posts keep back is known above them."""
        for key in [key for key in self._waits if key[0] == incident and key[1] != UNIT]:
            self._out(key, by, by, cause)

    # ── reports that say something else ──

    def told(self, incident: str, who: str, believed: Sighting) -> Sighting:
        """What somebody says of what they believe."""
        key, way = (incident, who), self._ways.get((incident, who))
        if way is None or way.does not in ("false", "missed") or key in self._found:
            return believed
        begun = self._begun.setdefault(key, self.sim.clock.now)
        if self.sim.clock.now >= begun + self._holds(way):
            return believed
        if way.does == "missed":
            return msgspec.structs.replace(believed, **dict.fromkeys(way.omits, 0))
        share = way.share if way.share is not None else self.sim.number("conduct.share")
        return msgspec.structs.replace(
            believed, **{name: math.floor(getattr(believed, name) * share) for name in PEOPLE}
        )

    def sent(self, incident: str, who: str, report: str, believed: Sighting, told: Sighting, cause: int) -> None:
        """A report has gone out: record where it differs from what its sender believed."""
        if told is believed:
            return
        differs = [name for name in PEOPLE if getattr(believed, name) != getattr(told, name)]
        if differs:
            knew, said = ({name: float(getattr(s, name)) for name in differs} for s in (believed, told))
            why = self._ways[incident, who].does
            self.sim.record(ev.ReportFalsified(0, self.sim.clock.now, cause, report, incident, who, knew, said, why))

    def checked(self, incident: str, who: str, by: str, how: str, cause: int) -> int:
        """Somebody who counted for themselves compares: false figures come out. Returns what whoever acts on it goes by."""
        key, way = (incident, who), self._ways.get((incident, who))
        if way is not None and way.does in ("false", "missed") and key in self._begun and key not in self._found:
            return self._expose(key, by, how, cause)
        return cause

    def due(self, incident: str, who: str) -> float:
        """When false figures of somebody come out by themselves, seconds since the start; inf if they have none."""
        key, way = (incident, who), self._ways.get((incident, who))
        if way is None or way.does not in ("false", "missed") or key not in self._begun or key in self._found:
            return math.inf
        return grid(self._begun[key] + self._holds(way))

    # ── inside ──

    def _out(self, key: tuple[str, str], by: str, how: str, cause: int) -> None:
        held = self._waits.pop(key, None)
        if held is not None:
            self._begun.setdefault(key, self.sim.clock.now)
            held(self._expose(key, by, how, cause))

    def _comes_out(self, way: Conduct) -> tuple[float, str]:
        """(until it comes out, by whom): a unit cannot silence those who wait at home for somebody who does not come."""
        lasts, by = self._lasts(way), "tip" if way.who == UNIT else "inquiry"
        sim = self.sim
        ward = sim.care.wards.get(way.incident)
        if sim.headquarters is None or way.who != UNIT or way.does != "concealed" or ward is None:
            return lasts, by
        lost = [p.name for p in ward.patients.values() if p.status in (Status.TRAPPED, Status.DEAD)]
        families = min((sim.draw("conduct.family_asks", name) for name in lost), default=math.inf)
        return (families, "family") if families < lasts else (lasts, by)

    def _lasts(self, way: Conduct) -> float:
        sim = self.sim
        if way.does == "late":
            return way.by if way.by is not None else sim.draw("conduct.late", way.incident, way.who)
        if way.until is not None:
            return way.until
        if way.does == "concealed":
            name = "conduct.found_unit" if way.who == UNIT else "conduct.found_post"
            return sim.draw(name, way.incident, way.who)
        return math.inf

    def _holds(self, way: Conduct) -> float:
        """How long false figures hold; a unit's until somebody counts on the spot, a post's until the one above has checked."""
        if way.until is not None:
            return way.until
        return math.inf if way.who == UNIT else self.sim.draw("conduct.verified_above", way.incident, way.who)

    def _expose(self, key: tuple[str, str], by: str, how: str, cause: int) -> int:
        self._found.add(key)
        incident, who = key
        return self.sim.record(ev.ConductExposed(0, self.sim.clock.now, cause, incident, who, by, how))


class Corrections:
    """Who dies in hospital after the response or the field has ended is added to the figures (伤亡补报)."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self._specs: dict[str, IncidentSpec] = {}
        self._leads: dict[str, str] = {}
        self._closed: dict[str, str] = {}  # incident -> the post that led it, and reports of it
        self._pending: set[str] = set()
        self._graded: dict[tuple[str, str], Severity] = {}  # (incident, post) -> confirmed

    def hear(self, event: ev.Event) -> None:
        """An incident was closed, or somebody of a closed one has died."""
        sim = self.sim
        match event:
            case ev.IncidentOccurred(incident=incident) if incident in sim.incidents:
                self._specs[incident] = sim.incidents[incident].spec
            case ev.LeadTaken(incident=incident, post=post):
                self._leads[incident] = post
            case ev.Graded(incident=incident, post=post, confirmed=confirmed):
                self._graded[incident, post] = Severity(confirmed)
            case ev.IncidentClosed(incident=incident):
                self._closed[incident] = self._leads.get(incident, "")
            case ev.PersonChanged(incident=incident, person=person, status=Status.DEAD) if self._reported(incident):
                if incident not in self._pending:
                    self._pending.add(incident)
                    after = sim.draw("conduct.correction_after", person)
                    sim.clock.at(grid(sim.clock.now + after), self._correct(incident, event.seq), Turn.STAFF)
            case _:
                pass

    def _reported(self, incident: str) -> bool:
        """Whether no report will have it by itself: the response was closed, or cut short by the end of the field."""
        return incident in self._closed or (self.sim.field_over and incident in self._leads)

    def _correct(self, incident: str, cause: int) -> Callable[[object], None]:
        def correct(_: object) -> None:
            sim = self.sim
            self._pending.discard(incident)
            people = [sim.world.persons[name] for name in sim.world.incidents[incident].persons]
            unfound = sim.care.toll.never_found(incident)
            dead = sum(p.status is Status.DEAD for p in people) - unfound
            missing = sum(p.status is Status.MISSING for p in people) + unfound
            hurt = sum(bool(p.triage) and p.status is not Status.DEAD for p in people)
            post = self._closed.get(incident) or self._leads.get(incident, "")
            seq = sim.record(ev.CasualtiesCorrected(0, sim.clock.now, cause, incident, post, dead, missing, hurt))
            self._grade_again(incident, post, Sighting(dead=dead, injured=hurt), seq)

        return correct

    def _grade_again(self, incident: str, post: str, known: Sighting, cause: int) -> None:
        """What the new figures make of the severity, if that is more than was confirmed."""
        if self.sim.headquarters is not None:  # the law counts the dead of a disaster
            incident = self.sim.root_of(incident)
            known = self.sim.headquarters.disasters.joint(post, incident, known)
        spec = self._specs.get(incident)
        if spec is None or spec.ordinary:
            return
        confirmed, _, basis = self.sim.case.assessor.severity(spec.scale, known)
        if confirmed > self._graded.get((incident, post), Severity.GENERAL):
            grade = int(confirmed)
            self.sim.record(ev.Graded(0, self.sim.clock.now, cause, post, incident, grade, grade, basis))
