"""Conduct resolved: whose reports of which incident are late, missed, false or concealed."""

from __future__ import annotations

from collections.abc import Sequence

from sim.domain.command import Conduct
from sim.doors.conduct import ConductEntry
from sim.scenario.issues import Issues, Names, Unknown

UNIT = "unit"


def conduct(
    posts: Names, incidents: Sequence[str], entries: Sequence[ConductEntry | None], issues: Issues
) -> tuple[Conduct, ...]:
    """Every entry with its incident and post by id; who has two ways with one incident is told."""
    known = Names("incident", ((id_, ()) for id_ in incidents))
    found: dict[tuple[str, str], Conduct] = {}
    for i, entry in enumerate(entries):
        if entry is None or not entry.does:
            continue
        try:
            incident = known.one(entry.incident)
        except Unknown as error:
            issues.at(("conduct", i, "incident"), error)
            continue
        try:
            who = UNIT if entry.who == UNIT else posts.one(entry.who)
        except Unknown as error:
            issues.at(("conduct", i, "who"), error)
            continue
        if (incident, who) in found:
            issues.say(("conduct", i, "who"), f"'{entry.who}' has a way with {incident} already", "keep one of the two")
            continue
        found[incident, who] = Conduct(
            incident, who, entry.does, entry.by, entry.until, entry.share, tuple(entry.omits or ())
        )
    return tuple(found[key] for key in sorted(found))
