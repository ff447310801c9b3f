"""Measures: one function each, from a timeline (and the cast, where names or lengths are needed) to a value.

Times are seconds since the scenario's start unless a name says otherwise; what did not happen is None.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from sim.analysis.disasters import disasters
from sim.analysis.lines import PersonLine, SortieLine, Timeline
from sim.analysis.owed import LATE, MET, MISSED
from sim.domain.people import FINAL, Status
from sim.journal.cast import Cast
from sim.units import HOUR

# Reasons by which models say that an illness or a poison killed somebody who was still where it began: nobody had to free them.
_ILL = frozenset({"dies", "died", "untreated", "co_poisoned"})
# … and that what surrounded them killed little by little, while they were on their way out: help could have reached them.
_SLOW = frozenset({"overcome", "flashed_over"})
_FAILED = "patient_lost"  # a hospital without power lost a patient
RESPONDERS = "responders"  # group of people who were hurt while helping


def dispatched(line: Timeline) -> list[SortieLine]:
    """The sorties that left: ordered out, not refused, not called off at home."""
    return [s for s in line.sorties.values() if s.departed is not None]


def teams_dispatched(line: Timeline) -> int:
    """Teams of which at least one element left."""
    return len({s.team for s in dispatched(line)})


def people_dispatched(line: Timeline) -> int:
    """People who left, each counted once however often they were sent."""
    return sum({s.element: s.people for s in dispatched(line)}.values())


def people_arrived(line: Timeline) -> int:
    """People who reached an incident, each counted once."""
    return sum({s.element: s.people for s in line.sorties.values() if s.arrived is not None}.values())


def arrivals(line: Timeline) -> list[float]:
    """Times at which sorties first reached an incident, ascending."""
    return sorted(s.arrived for s in line.sorties.values() if s.arrived is not None)


def response_times(line: Timeline) -> dict[str, dict[str, float]]:
    """By incident and capability: seconds from the report's receipt to the first element that came for it."""
    found: dict[str, dict[str, float]] = {}
    for sortie in line.sorties.values():
        for visit in sortie.visits:
            received = line.incidents[visit.incident].received
            if received is not None:
                times = found.setdefault(visit.incident, {})
                times[visit.task] = min(times.get(visit.task, math.inf), round(visit.arrived - received, 3))
    return {i: dict(sorted(times.items())) for i, times in sorted(found.items())}


def cause_of_death(person: PersonLine) -> str:
    """What the person died for want of: at_once, trapped, waiting, in_care – or responders, for those who came to help.

    At once (当场): killed by the blow itself, whenever it came; no help could have come between. Trapped: shut in, or in a danger
    that killed little by little. Waiting: reachable, not yet carried off, and those whom an illness or a poison killed at home or
    on the spot, before anybody treated them.
    """
    if person.group == RESPONDERS:
        return RESPONDERS
    _, before, _ = person.statuses[-2] if len(person.statuses) > 1 else person.statuses[-1]
    why = person.statuses[-1][2]
    if before is Status.EXPOSED and (why in _ILL or why == _FAILED):
        return "in_care" if why == _FAILED else "waiting"
    if len(person.statuses) == 1 or person.statuses[-1][0] == person.statuses[0][0]:
        return "at_once"
    if before is Status.EXPOSED:
        return "trapped" if why in _SLOW else "at_once"
    if before is Status.TRAPPED:
        return "trapped"
    return "waiting" if before is Status.WAITING else "in_care"


def casualties(persons: Iterable[PersonLine]) -> dict[str, Any]:
    """People in harm's way and what became of them; `open` are those whose fate the journal does not tell."""
    people = list(persons)
    count = {status: sum(p.status is status for p in people) for status in Status}
    dead = dict.fromkeys(("at_once", "trapped", "waiting", "in_care", RESPONDERS), 0)
    for person in people:
        if person.status is Status.DEAD:
            dead[cause_of_death(person)] += 1
    return {
        "involved": len(people),
        "saved": count[Status.SAVED],
        "safe": count[Status.SAFE],
        "dead": {"total": count[Status.DEAD], **dead},
        "missing": count[Status.MISSING],
        "open": sum(n for status, n in count.items() if status not in FINAL),
    }


def tolls(line: Timeline) -> dict[str, dict[str, Any]]:
    """By the accident that a disaster began with: dead, missing, injured and places, as the post in the lead stated them last."""
    found = ((d.id, d.toll) for d in disasters(line))
    return {
        i: {"dead": t.dead, "missing": t.missing, "injured": t.injured, "places": t.places, "post": t.post, "at": t.t}
        for i, t in found
        if t is not None
    }


def response_levels(line: Timeline) -> dict[str, dict[str, int]]:
    """By incident and post: the highest response level reached (1 is the highest)."""
    found: dict[str, dict[str, int]] = {}
    for key, incident in sorted(line.incidents.items()):
        highest = found.setdefault(key, {})
        for _, post, level in sorted(incident.levels, key=lambda change: change[1]):
            if level:
                highest[post] = min(level, highest.get(post, level))
    return found


def kilometres(line: Timeline, cast: Cast) -> float:
    """Kilometres driven on the network by all sorties."""
    metres = math.fsum(t.metres(cast.links, line.ended) for s in line.sorties.values() for t in s.trips)
    return round(metres / 1000.0, 3)


def element_hours(line: Timeline) -> float:
    """Hours between departure and return, summed over sorties."""
    away = [(s.departed, s.returned) for s in dispatched(line)]
    return round(math.fsum((line.ended if end is None else end) - (start or 0.0) for start, end in away) / HOUR, 3)


def hours_in_state(line: Timeline, state: str) -> float:
    """Element-hours spent in a state."""
    return round(math.fsum(x.seconds for s in line.sorties.values() for x in s.spans if x.what == state) / HOUR, 3)


def shortfalls(line: Timeline) -> list[dict[str, Any]]:
    """What ran short, how much at most (SI), from when to when and why."""
    return [
        {"incident": short.incident, "capability": short.capability, "amount": short.amount, "reason": short.reason,
         "from": short.start, "to": short.end}
        for short in line.shortfalls
    ]  # fmt: skip


def reroutes(line: Timeline) -> int:
    """How often a sortie under way took another road to the same place."""
    return sum(t.reroutes for s in line.sorties.values() for t in s.trips)


def expectations(line: Timeline) -> dict[str, int]:
    """Expected actions met in time, met late, missed."""
    return {kind: sum(outcome == kind for _, outcome, _, _ in line.expectations) for kind in (MET, LATE, MISSED)}
