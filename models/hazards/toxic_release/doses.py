"""Doses: what the people of a group have taken up, and when the next of them collapses or dies (hazards.md K9).

Outdoors the dose grows in proportion to time, indoors by the exact law of a room (`rooms.dose_after`). Whoever gets out is as
hurt as the share of their own lethal dose says.
"""

from __future__ import annotations

import math

from msgspec.structs import replace

from models.hazards.toxic_release.parameters import Parameters
from models.hazards.toxic_release.state import Group, Place
from models.physics import rooms
from models.physics.probit import Probit
from sim.domain.people import Status, Triage


def lethal(p: Parameters, place: Place, tolerance: float, *, vulnerable: bool) -> float:
    """The dose (unitⁿ·s) that kills somebody; the vulnerable bear less of the concentration."""
    minutes = Probit(place.a, place.b, place.n).bears(tolerance) * p.tolerance
    return minutes * 60.0 * (p.vulnerable_level**place.n if vulnerable else 1.0)


def now(place: Place, group: Group, age: float) -> tuple[float, float]:
    """The level they breathe and the dose they have, at an age."""
    span = age - group.since
    level = rooms.level_after(group.level, group.outside, group.exchange, span)
    return level, group.dose + rooms.dose_after(group.level, group.outside, group.exchange, place.n, span)


def moved_to(p: Parameters, place: Place, group: Group, age: float, outside: float, tightness: float) -> Group:
    """The group from an age on, with another level outside or other air changes."""
    level, dose = now(place, group, age)
    group = replace(group, since=age, level=level, dose=dose, outside=outside, exchange=tightness)
    return replace(group, due=due(p, place, group))


def set_onto(p: Parameters, place: Place, group: Group, age: float, dose: float) -> Group:
    """The group at an age with that dose: a threshold that has just been reached."""
    level, _ = now(place, group, age)
    group = replace(group, since=age, level=level, dose=dose)
    return replace(group, due=due(p, place, group))


def next_mark(p: Parameters, group: Group) -> float:
    """The dose at which the next of them collapses or dies; inf if all are dead."""
    falls = group.bears[group.down] * p.collapse if group.down < len(group.bears) else math.inf
    dies = group.bears[group.dead] if group.dead < group.down else math.inf
    return min(falls, dies)


def due(p: Parameters, place: Place, group: Group) -> float:
    """The age at which the next of them collapses or dies in this air; inf if never."""
    mark = next_mark(p, group)
    if mark == math.inf:
        return math.inf
    more = mark - group.dose
    return group.since + rooms.dose_reaches(group.level, group.outside, group.exchange, place.n, more)


def harm(p: Parameters, dose: float, bears: float) -> tuple[Status, Triage | None]:
    """How somebody is who comes out with that dose."""
    share = dose / bears
    if share >= p.collapse:
        return Status.WAITING, Triage.RED
    if share >= p.yellow:
        return Status.WAITING, Triage.YELLOW
    return (Status.WAITING, Triage.GREEN) if share >= p.green else (Status.SAFE, None)
