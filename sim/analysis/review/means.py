"""Section 5: forces, supplies and money – who came, what ran short, and where it stuck."""

from __future__ import annotations

from sim.analysis.lines import SortieLine
from sim.analysis.review.blocks import BAD, WARN, Block, Facts, Section, Table, Text
from sim.analysis.review.goods import supplies, waiting
from sim.analysis.review.ground import Ground
from sim.analysis.review.strength import load, outside, unmet, waves
from sim.analysis.words import amount, figure
from sim.domain import events as ev

_MOST_TEAMS, _MOST_ROWS, _MOST_TIMES = 20, 16, 24


def means(g: Ground) -> Section | None:
    """Forces, resources, bottlenecks; None where nobody was sent, nothing asked for and nothing ran short."""
    tables = (
        forces(g), times(g), short(g), unmet(g), load(g), roads(g), crowding(g), hospitals(g), outside(g), waves(g),
        supplies(g), waiting(g), money(g),
    )  # fmt: skip
    parts: list[Block] = [table for table in tables if table]
    if not parts:
        return None
    if not g.line.shortfalls:
        parts.append(Text(g.say("means.no_short")))
    return Section("means", g.say("means"), (totals(g), *parts))


def totals(g: Ground) -> Facts:
    """What was sent in all."""
    s = g.summary
    return Facts(
        (
            (
                g.say("means.sent"),
                g.say(
                    "means.sent_is",
                    teams=s["teams_dispatched"],
                    people=figure(s["people_dispatched"]),
                    arrived=figure(s["people_arrived"]),
                ),
            ),
            (
                g.say("means.driven"),
                g.say(
                    "means.driven_is",
                    km=figure(s["km_travelled"]),
                    hours=figure(s["element_hours"]),
                    working=figure(s["working_hours"]),
                ),
            ),
            (g.say("means.roads"), g.say("means.roads_is", reroutes=s["reroutes"], cut_offs=s["cut_offs"])),
        )
    )


def forces(g: Ground) -> Table | None:
    """The teams in the order they came."""
    teams: dict[str, list[SortieLine]] = {}
    for sortie in g.line.sorties.values():
        if sortie.visits:
            teams.setdefault(sortie.team, []).append(sortie)
    if not teams:
        return None
    order = sorted(teams.items(), key=lambda item: (min(s.visits[0].arrived for s in item[1]), item[0]))
    rows = []
    for team, sorties in order[:_MOST_TEAMS]:
        known = g.cast.teams.get(team)
        first = min(sorties, key=lambda s: s.visits[0].arrived)
        people = sum({s.element: s.people for s in sorties}.values())
        away = [s.visits[0].arrived - s.ordered for s in sorties]
        rows.append(
            (
                g.clock(first.visits[0].arrived),
                g.named("tier", known.tier) if known else "–",
                g.teller.team_name(team),
                g.listed(dict.fromkeys(g.teller.capability(s.task) for s in sorties)),
                str(len({s.element for s in sorties})),
                str(people),
                g.span(min(away)),
            )
        )
    head = tuple(g.say(f"means.{k}") for k in ("arrived", "tier", "team", "task", "elements", "people", "took"))
    left = len(order) - len(rows)
    return Table(
        g.say("means.forces"),
        head,
        tuple(rows),
        (1.6, 1.3, 4.4, 4, 1, 1, 1.8),
        note=g.say("means.more_teams", count=left) if left else "",
    )


def times(g: Ground) -> Table | None:
    """From the report to the first element, by capability."""
    found = [(took, key, code) for key, times in g.summary["response_times"].items() for code, took in times.items()]
    if not found:
        return None
    shown = found if len(found) <= _MOST_TIMES else sorted(found, key=lambda x: (-x[0], x[1], x[2]))[:_MOST_TIMES]
    rows = tuple((g.mark(incident), g.teller.capability(code), g.span(took)) for took, incident, code in shown)
    head = tuple(g.say(f"means.{k}") for k in ("incident", "capability", "first"))
    left = len(found) - len(shown)
    note = g.say("means.slowest", count=left) if left else ""
    return Table(g.say("means.times"), head, rows, (4, 5, 3), note=note)


def short(g: Ground) -> Table | None:
    """Needs that were not covered for a while."""
    shorts = sorted(g.line.shortfalls, key=lambda s: (s.start - s.end, s.capability))
    rows = tuple(
        (
            g.mark(s.incident),
            g.teller.capability(s.capability),
            g.teller.effort(s.capability, s.amount),
            g.clock(s.start),
            g.say("means.to_end") if s.end >= g.line.ended else g.clock(s.end),
            g.span(s.end - s.start),
            g.named("short", s.reason),
        )
        for s in shorts[:_MOST_ROWS]
    )
    if not rows:
        return None
    head = tuple(g.say(f"means.{k}") for k in ("incident", "capability", "missing", "from", "to", "for", "why"))
    return Table(g.say("means.short"), head, rows, (3, 3, 2, 1.6, 1.6, 1.8, 2), tuple(BAD for _ in rows), 5)


def roads(g: Ground) -> Table | None:
    """Roads that were lost, and how command learned of it: told, or found out by those who drove there."""
    changed: dict[str, ev.RoadChanged] = {}
    for e in g.of(ev.RoadChanged):
        if e.factor < 1.0:
            changed.setdefault(e.link, e)
    found = {e.link: e for e in reversed(g.of(ev.RoadFound))}
    known = {e.link: e for e in reversed(g.of(ev.RoadKnown)) if e.factor < 1.0}
    if not (changed or found):
        return None
    rows, tones = [], []
    for link in dict.fromkeys((*changed, *found)):
        at, told, met = changed.get(link), known.get(link), found.get(link)
        lag = g.span(told.t - at.t) if at and told else "–"
        rows.append(
            (
                g.teller.link(link),
                g.teller.road_state(at.factor) if at else "–",
                g.clock(at.t) if at else "–",
                g.clock(told.t) if told else g.say("means.never"),
                lag,
                g.clock(met.t) if met else "–",
                g.events_text([e.seq for e in (at, told, met) if e]),
            )
        )
        tones.append(BAD if met else "")
    head = tuple(g.say(f"means.{k}") for k in ("road", "state", "since", "known", "lag", "driven_into", "event"))
    return Table(
        g.say("means.lost_roads"),
        head,
        tuple(rows[:_MOST_ROWS]),
        (4, 1.6, 1.6, 1.6, 1.6, 1.8, 1.6),
        tuple(tones[:_MOST_ROWS]),
        5,
    )


def crowding(g: Ground) -> Table | None:
    """Waiting on the way in, and being held up on the road, by incident."""
    spans: dict[tuple[str, str], list[float]] = {}
    for s in g.line.sorties.values():
        for x in s.spans:
            if x.what in ("queued", "held"):
                spans.setdefault((s.incident, x.what), []).append(x.seconds)
    if not spans:
        return None
    rows = tuple(
        (g.mark(i), g.named("state", what), str(len(found)), g.span(max(found)), g.span(sum(found)))
        for (i, what), found in sorted(spans.items())
    )
    head = tuple(g.say(f"means.{k}") for k in ("incident", "stuck", "times_stuck", "longest", "in_all"))
    return Table(g.say("means.crowding"), head, rows, (4, 2.4, 1.4, 2, 2), tuple(WARN for _ in rows), 3)


def hospitals(g: Ground) -> Table | None:
    """How many hurt each hospital took, against what it takes at once."""
    taken: dict[str, list[tuple[float, int]]] = {}
    for e in g.of(ev.HandedOver):
        taken.setdefault(e.hospital, []).append((e.t, len(e.persons)))
    places = {name: known.places for name, known in g.cast.hospitals.items()}
    changes = {e.hospital: e for e in g.of(ev.HospitalChanged)}
    if not taken and not changes:
        return None
    rows = tuple(
        (
            g.teller.hospital(name),
            str(sum(n for _, n in taken.get(name, []))),
            str(changes[name].places if name in changes else places.get(name, "–")),
            g.clock(taken[name][0][0]) if name in taken else "–",
            g.clock(taken[name][-1][0]) if name in taken else "–",
        )
        for name in dict.fromkeys((*taken, *changes))
    )
    head = tuple(g.say(f"means.{k}") for k in ("hospital", "patients", "places", "first_in", "last_in"))
    return Table(g.say("means.hospitals"), head, rows, (5, 1.6, 2.2, 1.8, 1.8))


def money(g: Ground) -> Table | None:
    """Vouchers, one a row, from the estimate to the audit."""
    approved = {e.voucher: e for e in g.of(ev.FundApproved)}
    paid = {e.voucher: e for e in g.of(ev.FundPaid)}
    audited = {e.voucher: e for e in g.of(ev.FundAudited)}
    rows = []
    for e in g.of(ev.FundAsked):
        yes, out, end = approved.get(e.voucher), paid.get(e.voucher), audited.get(e.voucher)
        rows.append(
            (
                g.clock(e.t),
                g.teller.post(e.post),
                figure(e.amount),
                f"{figure(yes.amount)} {g.clock(yes.t)}" if yes else "–",
                f"{figure(out.amount)} {g.clock(out.t)}" if out else "–",
                amount(end.unaccounted, "", g.lang) if end else "–",
                g.events_text([x.seq for x in (e, yes, out, end) if x]),
            )
        )
    if not rows:
        return None
    head = tuple(
        g.say(f"means.{k}") for k in ("asked", "post", "wanted_yuan", "approved", "paid", "unaccounted", "event")
    )
    return Table(g.say("means.money"), head, tuple(rows), (1.5, 3, 1.8, 2.6, 2.6, 1.8, 1.6))
