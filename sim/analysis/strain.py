"""Where it stuck: what was stated as needed and was not on the spot, and how busy the elements of each tier were.

Committed is not there: a need that is covered on paper by crews four hours away is a need of four hours. From the journal
alone; times are seconds, amounts are in the unit of their capability.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sim.analysis.lines import SortieLine
from sim.domain import events as ev
from sim.domain.teams import AMBULANCE, TREAT
from sim.journal.cast import Cast

_COME_AND_GO = frozenset({AMBULANCE, TREAT})  # what they supply is not on the spot while they drive
_ENOUGH = 1e-9
ROAD, QUEUE, WORK, RESERVE = "road", "queue", "work", "reserve"
_IN = {
    "ordered": ROAD, "turnout": ROAD, "travelling": ROAD, "held": ROAD, "returning": ROAD, "queued": QUEUE,
    "setting_up": WORK, "working": WORK, "carrying": WORK, "reserve": RESERVE, "resting": "rest",
}  # fmt: skip


@dataclass
class Unmet:
    """What was stated as needed of a capability at an incident, against what was on the spot."""

    incident: str
    capability: str
    stated_at: float
    most: float  # the most that was stated
    there_at: float | None = None  # when all of it was on the spot for the first time
    owed: float = 0.0  # amount × seconds that were missing
    longest: float = 0.0  # s without a break


@dataclass
class Load:
    """What the elements of a tier did, in element-seconds, of those the city has of it."""

    tier: int
    elements: int
    sent: set[str] = field(default_factory=set)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def away(self) -> float:
        """Element-seconds under an order."""
        return sum(self.seconds.values())


def unmet(events: Iterable[ev.Event], sorties: Mapping[str, SortieLine], ended: float) -> list[Unmet]:
    """Every need that was stated, in the order in which it was."""
    needs: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for e in events:
        if isinstance(e, ev.NeedsStated):
            amounts = {need.capability: need.amount for need in e.needs}
            for key in [key for key in needs if key[0] == e.incident and key[1] not in amounts]:
                needs[key].append((e.t, 0.0))
            for capability, amount in amounts.items():
                if capability not in _COME_AND_GO:
                    needs.setdefault((e.incident, capability), []).append((e.t, amount))
        elif isinstance(e, ev.IncidentClosed):
            for key in [key for key in needs if key[0] == e.incident]:
                needs[key].append((e.t, 0.0))
    there = _there(sorties, ended)
    return [_unmet(*key, steps, there.get(key, []), ended) for key, steps in needs.items()]


def _there(sorties: Mapping[str, SortieLine], ended: float) -> dict[tuple[str, str], list[tuple[float, float]]]:
    """Changes of what is on the spot and not resting, by incident and capability."""
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for s in sorties.values():
        for visit in s.visits:
            if (visit.task or s.task) != s.task or not s.supplies:
                continue
            left = min(visit.left, ended)
            changes = found.setdefault((visit.incident, s.task), [])
            changes += [(visit.arrived, s.supplies), (left, -s.supplies)]
            for span in s.spans:
                if span.what == "resting" and visit.arrived <= span.start < left:
                    changes += [(span.start, -s.supplies), (min(span.end, left), s.supplies)]
    return found


def _unmet(
    incident: str, capability: str, steps: list[tuple[float, float]], changes: list[tuple[float, float]], ended: float
) -> Unmet:
    found = Unmet(incident, capability, steps[0][0], max(amount for _, amount in steps))
    marks = sorted([(t, 0, amount) for t, amount in steps] + [(t, 1, change) for t, change in changes])
    need = here = gap = 0.0
    last = steps[0][0]
    for t, what, value in [*marks, (ended, 1, 0.0)]:
        if t > last:
            missing = need - here
            if need > 0.0 and missing > _ENOUGH * need:
                found.owed += missing * (t - last)
                gap += t - last
                found.longest = max(found.longest, gap)
            else:
                gap = 0.0
                if need > 0.0 and found.there_at is None:
                    found.there_at = last
            last = t
        if what:
            here += value
        else:
            need = value
    return found


def load(sorties: Mapping[str, SortieLine], cast: Cast) -> list[Load]:
    """How busy each tier of the city's own was; forces that others decide over are told of elsewhere."""
    outside = {team for force in cast.forces.values() for team in force.teams}
    tier = {name: team.tier for name, team in cast.teams.items() if name not in outside}
    found: dict[int, Load] = {}
    for element in cast.elements.values():
        if element.team in tier:
            one = found.setdefault(tier[element.team], Load(tier[element.team], 0))
            one.elements += 1
    for s in sorties.values():
        if s.team in tier and (theirs := found.get(tier[s.team])) is not None:
            theirs.sent.add(s.element)
            for span in s.spans:
                name = _IN.get(span.what, ROAD)
                theirs.seconds[name] = theirs.seconds.get(name, 0.0) + span.seconds
    return [found[n] for n in sorted(found)]
