"""The annex: all findings, every expected action and its evaluation, and the chronicle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.analysis.review.blocks import BAD, GOOD, WARN, Block, Finding, Section, Table
from sim.analysis.review.decisions import ordered
from sim.analysis.review.findings import in_full
from sim.analysis.review.ground import Ground
from sim.analysis.telling import kind_of
from sim.domain import events as ev
from sim.journal.cast import Words

_MOST = 240
_UNTOLD = frozenset(
    {
        "hazard_changed",
        "demands_changed",
        "care_changed",
        "person_changed",
        "assigned",
        "departed",
        "alerted",
        "route_changed",
        "resting",
        "rested",
        "relief_due",
        "returned",
        "released",
        "needs_stated",
        "report_sent",
        "run_started",
        "loaded",
        "unit_acknowledged",
        "unit_notified",
        "queued",
        "service_changed",
        "shock_felt",
        "daylight",
        "hospital_changed",
        "fund_asked",
        "supply_loaded",
        "task_done",
        "task_arose",
        "task_lapsed",
        "item_listed",
        "item_closed",
        "group_staffed",
    }
)
_TONE = {"met": GOOD, "late": WARN, "missed": BAD}


def annex(g: Ground, found: Sequence[Finding]) -> Section:
    """The annex."""
    blocks: list[Block] = [*in_full(g, found), *(table for table in (expected(g), injects(g)) if table)]
    return Section("annex", g.say("annex"), (*blocks, chronicle(g)))


def expected(g: Ground) -> Table | None:
    """The expected actions of the drill, each evaluated."""
    rows, tones = [], []
    for e in g.of(ev.ExpectationSettled):
        title = g.pick(g.expectation(e.expectation))
        rows.append(
            (
                title,
                g.clock(e.due),
                g.clock(e.t) if e.outcome != "missed" else "–",
                g.named("outcome", e.outcome),
                f"#{e.seq}",
            )
        )
        tones.append(_TONE.get(e.outcome, ""))
    open_ = [name for name in g.cast.expectations if name not in {e.expectation for e in g.of(ev.ExpectationSettled)}]
    for name in open_:
        rows.append((g.cast.expectations[name].of(g.lang), "–", "–", g.say("annex.unsettled"), "–"))
        tones.append(WARN)
    head = tuple(g.say(f"annex.{k}") for k in ("action", "due", "done", "outcome", "event"))
    return Table(g.say("annex.expected"), head, tuple(rows), (7, 2, 2, 2, 1), tuple(tones), 3) if rows else None


def injects(g: Ground) -> Table | None:
    """The injects as they were released."""
    rows = tuple((g.clock(e.t), Words(e.title_zh, e.title_en).of(g.lang), f"#{e.seq}") for e in g.of(ev.InjectReleased))
    return (
        Table(
            g.say("annex.injects"), (g.say("annex.time"), g.say("annex.inject"), g.say("annex.event")), rows, (2, 9, 1)
        )
        if rows
        else None
    )


def chronicle(g: Ground) -> Table:
    """The events in order; movements and changes of single persons are left to the journal."""
    told = list(_told(g))
    rows = []
    for e, text in told[:_MOST]:
        incident = str(getattr(e, "incident", ""))
        rows.append(
            (
                f"#{e.seq}",
                g.clock(e.t),
                g.mark(incident) if incident else "–",
                text,
                f"#{e.cause}" if e.cause is not None else "–",
            )
        )
    head = tuple(g.say(f"annex.{k}") for k in ("event", "time", "incident", "what", "cause"))
    left = len(g.events) - len(rows)
    return Table(
        g.say("annex.chronicle"), head, tuple(rows), (1, 1.7, 2, 9, 1), note=g.say("annex.left_out", count=left)
    )


def _told(g: Ground) -> Iterator[tuple[ev.Event, str]]:
    """The events worth a line, with their sentences: reports once a post, orders of a moment together, arrivals once a team."""
    heard: set[tuple[object, ...]] = set()
    orders: dict[tuple[float, str, str], list[ev.OrderGiven]] = {}
    for order in g.of(ev.OrderGiven):
        orders.setdefault((order.t, order.post, order.incident), []).append(order)
    for e in g.events:
        if kind_of(e) in _UNTOLD:
            continue
        match e:
            case ev.ReportReceived(post=post, incident=incident):
                key: tuple[object, ...] = ("report", post, incident)
            case ev.OrderGiven(post=post, incident=incident):
                key = ("order", e.t, post, incident)
            case ev.Arrived(sortie=sortie, incident=incident):
                key = ("arrived", g.line.sorties[sortie].team, incident)
            case _:
                key = (e.seq,)
        if key not in heard:
            heard.add(key)
            together = orders.get((e.t, e.post, e.incident), []) if isinstance(e, ev.OrderGiven) else []
            yield (
                e,
                f"{g.teller.post(together[0].post)}{g.say('colon')}{ordered(g, together)}"
                if len(together) > 1
                else g.tell(e),
            )
