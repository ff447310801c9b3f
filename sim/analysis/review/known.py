"""Section 2: who knew what when – what reports said, and what was true when they were sent and when they came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from sim.analysis.disasters import Disaster
from sim.analysis.review.blocks import BAD, WARN, Block, Figure, Section, Table, Text
from sim.analysis.review.ground import Ground, Told
from sim.analysis.words import amount
from sim.domain import events as ev
from sim.journal.cast import Scale

T = TypeVar("T")
_COUNTED = ("trapped", "dead", "injured")
_MOST_PLACES = 5  # of one disaster, whose reports are compared one by one
_MOST = 14  # reports of one incident in the table: those in which something changed


def known(g: Ground) -> Section | None:
    """Believed against true; None where nobody reported anything."""
    if not g.told:
        return None
    blocks: list[Block] = [Text(g.say("known.about")), latencies(g)]
    blocks += [table for disaster in g.disasters if (table := tolls(g, disaster))]
    for disaster in g.disasters:  # of many places the worst
        places = [place.incident.id for place in disaster.places if _ever_counted(g, place.incident.id)]
        shown = [i.id for i in disaster.members if i.id in places[:_MOST_PLACES]]
        blocks += [table for incident in shown if (table := reports(g, incident))]
        if len(places) > len(shown):
            blocks.append(
                Text(g.say("known.more_places", count=len(places) - len(shown), incident=g.incident(disaster.id)))
            )
    if any(_ever_counted(g, incident) for incident in g.line.incidents):
        blocks.append(Figure("known", g.say("figure.known")))
    blocks += [table for table in (figures(g), public(g), bent(g)) if table]
    return Section("known", g.say("known"), tuple(blocks))


def latencies(g: Ground) -> Table:
    """When each post first heard of each incident, from whom and by which way."""
    rows = []
    for (post, incident), told in g.told.items():
        first, began = told[0], g.line.incidents[incident].occurred
        rows.append(
            (
                first.received,
                (
                    g.mark(incident),
                    g.teller.post(post),
                    g.clock(first.received),
                    g.span(first.received - began),
                    g.unit(first.event.sender),
                    g.named("way", first.event.channel),
                    g.span(first.received - first.event.t),
                    f"#{first.seq}",
                ),
            )
        )
    head = tuple(
        g.say(f"known.{k}") for k in ("incident", "post", "heard", "after", "from", "way", "under_way", "event")
    )
    return Table(
        g.say("known.latency"), head, tuple(row for _, row in sorted(rows)), (3, 3, 1.7, 1.8, 2.2, 1.3, 1.6, 1)
    )


def tolls(g: Ground, disaster: Disaster) -> Table | None:
    """The toll of a disaster as the post in the lead stated it, against what was true then in all its places."""
    if not disaster.followed or not disaster.tolls:
        return None
    rows, tones = [], []
    shown = _spread(disaster.tolls)
    for toll in shown:
        true = g.joint_sight(disaster.id, toll.t)
        said = {"dead": toll.dead, "missing": toll.missing, "injured": toll.injured}
        rows.append(
            (
                g.clock(toll.t),
                g.teller.post(toll.post),
                str(toll.places),
                *(f"{value} / {true[name]}" for name, value in said.items()),
                f"#{toll.seq}",
            )
        )
        tones.append(WARN if any(value != true[name] for name, value in said.items()) else "")
    head = (
        *(g.say(f"known.{k}") for k in ("time", "post", "places")),
        *(g.named("count", n) for n in ("dead", "missing", "injured")),
        g.say("known.event"),
    )
    note = g.say("known.tolls_note", count=len(disaster.tolls), shown=len(shown))
    title = g.say("known.tolls", incident=g.incident(disaster.id))
    return Table(title, head, tuple(rows), (1.7, 3, 1.2, 2, 2, 2, 1), tuple(tones), 3, note)


def reports(g: Ground, incident: str) -> Table | None:
    """The reports of one incident that the post in the lead had: people as told, as they were, and how far apart."""
    if not _ever_counted(g, incident):
        return None
    told = sorted(
        (r for (_, i), rs in g.told.items() if i == incident for r in rs if _from_the_spot(g, r)), key=lambda r: r.seq
    )
    changed, before = [], None
    for report in told:
        said = tuple(getattr(report.event.sighting, n) for n in _COUNTED)
        true = tuple(g.sight(incident, report.received)[n] for n in _COUNTED)
        if (said, true) != before:
            changed.append((report, said, true))
        before = (said, true)
    rows, tones = [], []
    for report, said, true in _spread(changed):
        then = g.sight(incident, report.event.t)
        wrong = [a != b for a, b in zip(said, (then[n] for n in _COUNTED), strict=True)]
        stale = said != true
        rows.append(
            (
                g.clock(report.event.t),
                g.clock(report.received),
                g.unit(report.event.sender),
                str(report.event.number),
                *(f"{a} / {b}" for a, b in zip(said, true, strict=True)),
                g.say("known.wrong" if any(wrong) else "known.stale" if stale else "known.right"),
                f"#{report.seq}",
            )
        )
        tones.append(BAD if any(wrong) else WARN if stale else "")
    head = (
        *(g.say(f"known.{k}") for k in ("sent", "received", "from", "number")),
        *(g.named("count", n) for n in _COUNTED),
        *(g.say(f"known.{k}") for k in ("match", "event")),
    )
    note = g.say("known.note", count=len(told), changed=len(changed), shown=len(rows))
    return Table(
        g.say("known.reports", incident=g.incident(incident)),
        head,
        tuple(rows),
        (1.8, 1.8, 2.2, 1, 1.4, 1.4, 1.4, 2, 1),
        tuple(tones),
        7,
        note,
    )


def figures(g: Ground) -> Table | None:
    """The first figures of an accident as reported, against the reading of the same name at that moment."""
    rows = []
    for key, incident in g.line.incidents.items():
        card = g.teller.hazard(key)
        first = next((r for (_, i), rs in g.told.items() if i == key for r in rs if _from_the_spot(g, r)), None)
        if first is None:
            continue
        readings = [values for t, values in incident.readings if t <= first.event.t]
        for name, value in first.event.sighting.figures.items():
            scale: Scale | None = card.figures.get(name) or card.readings.get(name)
            if scale is None or not readings or name not in readings[-1]:
                continue
            true = readings[-1][name]
            gap = "–" if not true else f"{(value - true) / abs(true):+.0%}"
            rows.append(
                (
                    g.mark(key),
                    scale.name.of(g.lang),
                    amount(value, scale.unit, g.lang),
                    amount(true, scale.unit, g.lang),
                    gap,
                    f"#{first.event.seq}",
                )
            )
    if not rows:
        return None
    head = tuple(g.say(f"known.{k}") for k in ("incident", "figure", "told", "true", "gap", "event"))
    return Table(g.say("known.figures"), head, tuple(rows), (3, 3.4, 2, 2, 1.4, 1), note=g.say("known.figures_note"))


def public(g: Ground) -> Table | None:
    """What the public was told, against what was true at that moment."""
    rows, tones = [], []
    for e in g.of(ev.Published):
        true = g.joint_sight(e.incident, e.t)
        said = {n: v for n, v in e.figures.items() if n in true}
        wrong = any(v != true[n] for n, v in said.items())
        rows.append(
            (
                g.clock(e.t),
                g.mark(e.incident),
                g.teller.post(e.post),
                g.named("form", e.form),
                g.counts(said, tuple(said)) or "–",
                g.counts(true, tuple(said)) or "–",
                f"#{e.seq}",
            )
        )
        tones.append(BAD if wrong else "")
    if not rows:
        return None
    head = tuple(g.say(f"known.{k}") for k in ("time", "incident", "post", "form", "told", "true", "event"))
    return Table(g.say("known.public"), head, tuple(rows), (1.7, 2.6, 2.6, 1.6, 3, 3, 1), tuple(tones), 4)


def bent(g: Ground) -> Table | None:
    """Reports that were withheld or bent, and what came out."""
    rows = []
    for e in g.events:
        match e:
            case ev.ReportWithheld(sender=sender, why=why):
                rows.append(
                    (g.clock(e.t), g.mark(e.incident), g.unit(sender), g.named("conduct", why), "–", f"#{e.seq}")
                )
            case ev.ReportFalsified(sender=sender, believed=believed, told=told):
                what = g.say("known.bent", told=_plain(g, told), believed=_plain(g, believed))
                rows.append(
                    (
                        g.clock(e.t),
                        g.mark(e.incident),
                        g.unit(sender),
                        g.named("conduct", "false"),
                        what,
                        f"#{e.seq}",
                    )
                )
            case ev.ConductExposed(sender=sender, by=by, how=how):
                what = g.say("known.exposed", by=g.unit(by), how=g.named("conduct", how))
                rows.append(
                    (
                        g.clock(e.t),
                        g.mark(e.incident),
                        g.unit(sender),
                        g.named("conduct", "exposed"),
                        what,
                        f"#{e.seq}",
                    )
                )
            case ev.CasualtiesCorrected(post=post, dead=dead, missing=missing, injured=injured):
                what = g.counts({"dead": dead, "missing": missing, "injured": injured}, ("dead", "missing", "injured"))
                rows.append(
                    (
                        g.clock(e.t),
                        g.mark(e.incident),
                        g.teller.post(post),
                        g.named("conduct", "corrected"),
                        what,
                        f"#{e.seq}",
                    )
                )
            case _:
                pass
    if not rows:
        return None
    head = tuple(g.say(f"known.{k}") for k in ("time", "incident", "who", "what", "detail", "event"))
    return Table(g.say("known.conduct"), head, tuple(rows), (1.7, 2.6, 2.6, 1.8, 4.6, 1), tuple(BAD for _ in rows), 3)


def _plain(g: Ground, values: dict[str, float]) -> str:
    return g.listed(f"{g.named('count', name)} {value:g}" for name, value in values.items())


def _from_the_spot(g: Ground, report: Told) -> bool:
    return report.event.sender not in g.cast.posts


def _ever_counted(g: Ground, incident: str) -> bool:
    return bool(g.people.get(incident)) and any(i == incident for _, i in g.told)


def _spread(items: Sequence[T]) -> Sequence[T]:
    """At most so many of them, the first and the last among them, evenly between."""
    if len(items) <= _MOST:
        return items
    return [items[round(n * (len(items) - 1) / (_MOST - 1))] for n in range(_MOST)]
