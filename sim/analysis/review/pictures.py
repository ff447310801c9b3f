"""The pictures of a review: those of the run, and what was believed against what was true."""

from __future__ import annotations

from sim.analysis import plots
from sim.analysis.figures import pictures as drawn
from sim.analysis.lines import Steps, steps_of
from sim.analysis.review.blocks import Figure, Review
from sim.analysis.review.ground import Ground

_COUNTED = ("trapped", "dead", "injured", "waiting")


def pictures(g: Ground, review: Review) -> dict[str, bytes]:
    """PNG by name, of every figure the review shows."""
    wanted = {block.picture for section in review.sections for block in section.blocks if isinstance(block, Figure)}
    if not wanted:
        return {}
    curves = _curves(g) if "known" in wanted else []
    labels = ("figure.reported", g.say("known.told"), g.say("known.true"))
    found = drawn(g.events, g.cast, g.lang, curves, labels)
    return {name: picture for name, picture in found.items() if name in wanted}


def _curves(g: Ground) -> list[tuple[str, Steps, Steps]]:
    """Counts of people of the main incident, as the post in the lead had them and as they were."""
    incident = plots.main_incident(g.line)
    told = sorted(
        (r for (_, i), rs in g.told.items() if i == incident for r in rs if r.event.sender not in g.cast.posts),
        key=lambda r: r.seq,
    )
    changes = sorted({t for p in g.people.get(incident, []) for t, _, _ in p.statuses})
    truths = [(t, g.truth(incident, t)) for t in changes]
    curves = []
    for name in _COUNTED:
        believed = steps_of((r.received, float(getattr(r.event.sighting, name))) for r in told)
        true = steps_of((t, float(counts[name])) for t, counts in truths)
        if plots.peak(believed) or plots.peak(true):
            curves.append((g.named("count", name), believed, true))
    return curves
