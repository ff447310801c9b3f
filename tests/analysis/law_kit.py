"""Small journals written by hand, and a cast that carries the law as it ships: a township, a county, a city, a province."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec

from sim import catalog, statute
from sim.analysis import judging
from sim.analysis.facts import Facts
from sim.domain import events as ev
from sim.domain.command import Post, Tier
from sim.domain.hazards import Sighting
from sim.domain.people import Person, Status
from sim.domain.places import Point, Site
from sim.journal.cast import Cast, CastCounty, CastHazard, CastPost, Duty, Words

MIN, H, D = 60.0, 3600.0, 86400.0
POSTS = {
    "town": Post("town", "镇", "Town", Tier.TOWNSHIP, "county"),
    "county": Post("county", "县", "County", Tier.COUNTY, "city"),
    "city": Post("city", "市", "City", Tier.CITY, "province"),
    "province": Post("province", "省", "Province", Tier.PROVINCE),
}
NATURES = {
    "pit": ("CM",), "works": ("HZ",), "road": ("RT",), "disease": ("PH",), "slide": ("GH",), "crush": ("CR",),
    "site": ("BD",), "lift": ("SE",), "river": ("EV",), "blackout": ("PW",), "herd": ("AN",), "canteen": ("FD",),
}  # fmt: skip
INQUIRIES = ("I1", "I2", "I3", "I4", "I5")
RESTATES = {
    "HZ/i": INQUIRIES,
    "CM/i": INQUIRIES,
    "HZ/a": ("A1", "A2"),
    "HZ/review": ("A3",),
    "HZ/final": ("R12",),
    "CM/tell": ("R6",),
    "HZ/sum": ("E92",),
}  # fmt: skip - what tasks of these journals repeat of the law


@cache
def cast() -> Cast:
    """The cast of these journals."""
    rules = catalog.rules()
    return Cast(
        Words("某事故", "Some accident"), Words("某市", "Some city"), "2024-07-19T02:40:00+08:00",
        posts={p.id: CastPost(Words(p.name_zh, p.name_en), int(p.tier), p.parent) for p in POSTS.values()},
        hazards={n: CastHazard(Words(n, n), plans=plans) for n, plans in NATURES.items()},
        units={u: Words(f"单位{u}", u) for u in ("enterprise", "bureau", "office", "mine_safety", "propaganda")},
        restates=RESTATES, counties={"county": CastCounty(Words("某县", "Some County"))},
        local={"enterprise": {"": Words("{county}某单位", "A unit in {county}")}},
        phases=statute.phases(rules, POSTS), obligations=statute.obligations(rules, POSTS), law=statute.law(rules, POSTS),
    )  # fmt: skip


def judged(owed: Iterable[Duty], events: Iterable[ev.Event], ended: float) -> dict[tuple[str, str], str]:
    """What became of the first round of each duty, by incident, in a journal that ends then."""
    facts = Facts(events, ended=ended)
    return {(c.duty.id, c.incident): c.outcome for c in judging.cases(tuple(owed), facts) if c.round == 1}


class Day:
    """Writes a journal of one accident, in whatever order its moments are told; the numbers follow the clock."""

    def __init__(self, nature: str = "works", *, planned: bool = True, at: float = 0.0) -> None:
        self._told: list[tuple[float, int, type[ev.Event], dict[str, Any]]] = []
        self._planned = planned
        self.occurs(at, nature)

    def occurs(self, t: float, nature: str, incident: str = "F1", parent: str = "") -> Day:
        """An accident begins, or another follows it."""
        site = Site(Point(103.9, 25.6), "D", "某处", "Somewhere", "county", "T1", population=100.0)
        words = {"name_zh": "甲", "name_en": "A"}
        return self.tell(
            t,
            ev.IncidentOccurred,
            incident=incident,
            nature=nature,
            origin="",
            site=site,
            scope={},
            parent=parent,
            **words,
        )

    def tell(self, t: float, kind: type[ev.Event], **facts: Any) -> Day:
        """Something happened to the accident at `t`."""
        if "incident" in kind.__struct_fields__:
            facts.setdefault("incident", "F1")
        self._told.append((t, len(self._told), kind, facts))
        return self

    def found(self, t: float) -> Day:
        """Somebody noticed."""
        return self.tell(t, ev.Discovered, by="witness")

    def report(
        self, t: float, to: str, number: int = 0, sender: str = "caller", dead: int = 0, trapped: int = 0, **more: Any
    ) -> Day:
        """A report was sent, and received at once."""
        name = f"R{len(self._told)}"
        seen = Sighting(dead=dead, trapped=trapped)
        way = {"sender": sender, "receiver": to, "channel": "phone", "due_at": t}
        self.tell(t, ev.ReportSent, report=name, number=number, sighting=seen, **way, **more)
        return self.tell(t, ev.ReportReceived, report=name, post=to, **more)

    def hurt(self, t: float, dead: int = 1) -> Day:
        """The county hears of dead."""
        return self.report(t, "county", 1, "scene", dead=dead)

    def graded(self, t: float, post: str, potential: int, confirmed: int = 1) -> Day:
        """A post graded it."""
        return self.tell(t, ev.Graded, post=post, confirmed=confirmed, potential=potential, basis="x")

    def activated(self, t: float, plan: str = "HZ", level: int = 3) -> Day:
        """The city works by a plan."""
        return self.tell(t, ev.PlanActivated, post="city", plan=plan, version=1, level=level, clause="4.3")

    def arose(self, t: float, task: str, phase: str, unit: str = "bureau", due: float | None = None) -> Day:
        """A unit owes something."""
        return self.tell(
            t, ev.TaskArose, task=task, post="city", unit=unit, creditor="", phase=phase, clause="4", due_at=due
        )

    def done(self, t: float, task: str, unit: str = "bureau", verifier: str = "office") -> Day:
        """It was done."""
        return self.tell(t, ev.TaskDone, task=task, unit=unit, evidence="凭据", verifier=verifier)

    def lapsed(self, t: float, task: str, unit: str = "bureau") -> Day:
        """It became pointless."""
        return self.tell(t, ev.TaskLapsed, task=task, unit=unit, why="over")

    def closed(self, t: float) -> Day:
        """The response was ended."""
        return self.tell(t, ev.IncidentClosed, post="county", reason="done")

    def dies(self, t: float, person: str = "F1/p") -> Day:
        """Somebody dies."""
        return self.tell(t, ev.PersonChanged, person=person, status=Status.DEAD, why="in_care")

    def involved(self, t: float, *statuses: Status) -> Day:
        """People are in harm's way."""
        people = tuple(Person(f"p{i}", s) for i, s in enumerate(statuses))
        return self.tell(t, ev.PersonsInvolved, persons=people)

    def events(self, until: float = 800 * D) -> list[ev.Event]:
        """The journal, ended at `until`; each event's cause is the one before it."""
        body = list(self._told)
        if self._planned and not any(kind is ev.FieldEnded for _, _, kind, _ in body):
            last = max(
                (t for t, _, kind, _ in body if kind in (ev.IncidentClosed, ev.HazardOver)), default=min(until, 30 * D)
            )
            body.append((last, 10**6, ev.FieldEnded, {"reason": "settled"}))
        body.sort(key=lambda told: told[:2])
        body.append((max(until, body[-1][0]), 10**7, ev.RunEnded, {"reason": "settled"}))
        return [kind(seq=i, t=t, cause=i - 1 if i else None, **facts) for i, (t, _, kind, facts) in enumerate(body)]


def without(events: list[ev.Event], gone: ev.Event) -> list[ev.Event]:
    """The journal as if an event had never come; the others keep their numbers."""
    return [e for e in events if e is not gone]


def moved(events: list[ev.Event], seq: int, t: float) -> list[ev.Event]:
    """The journal as if an event had come at another time; numbered anew, in order."""
    changed = [msgspec.structs.replace(e, t=t) if e.seq == seq else e for e in events]
    last = changed.pop()
    ordered = sorted(changed, key=lambda e: e.t)
    return [
        msgspec.structs.replace(e, seq=i)
        for i, e in enumerate([*ordered, msgspec.structs.replace(last, t=max(last.t, t))])
    ]
