"""Problems with forces, roads, supplies, money and what the public was told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.analysis.deliveries import flows as deliveries_of
from sim.analysis.review.blocks import Finding
from sim.analysis.review.maker import Maker, number
from sim.domain import events as ev


def shortfalls(m: Maker) -> Iterator[Finding]:
    """What ran short, once a capability and incident."""
    groups: dict[tuple[str, str], list[Any]] = {}
    for s in m.g.line.shortfalls:
        groups.setdefault((s.incident, s.capability), []).append(s)
    for (incident, code), found in groups.items():
        worst = max(found, key=lambda s: s.amount)
        lasted = sum(s.end - s.start for s in found)
        facts = {
            "incident": m.incident(incident),
            "what": m.both(lambda g, c=code: g.teller.capability(c)),
            "span": m.span(lasted),
            "amount": m.both(lambda g, s=worst: g.teller.effort(s.capability, s.amount)),
            "why": m.both(lambda g, s=worst: g.named("short", s.reason)),
        }
        kind = "team_home" if worst.reason == "none_reachable" else "stock"
        seqs = [e.seq for e in m.g.of(ev.Shortfall) if e.incident == incident and e.capability == code]
        yield m.make(
            "short",
            code,
            incident,
            lasted,
            seqs,
            facts,
            "short",
            (kind, f"short_{worst.reason}", m.lead(incident), {"capability": code}),
        )


def roads(m: Maker) -> Iterator[Finding]:
    """Roads that command learned of by driving into them."""
    found: dict[str, list[int]] = {}
    for e in m.g.of(ev.RoadFound):
        found.setdefault(e.link, []).append(e.seq)
    for link, seqs in found.items():
        facts = {"road": m.both(lambda g, x=link: g.teller.link(x)), "count": number(len(seqs))}
        yield m.make(
            "road", link, "", len(seqs), seqs, facts, "road", ("duty", "road", m.lead(""), {"duty": "road_news"})
        )


def crowding(m: Maker) -> Iterator[Finding]:
    """Help that waited at the scene because there was no room, longer than the terms allow."""
    queued: dict[str, list[float]] = {}
    for s in m.g.line.sorties.values():
        queued.setdefault(s.incident, []).extend(x.seconds for x in s.spans if x.what == "queued")
    for incident, waits in queued.items():
        longest = max(waits, default=0.0)
        if longest > m.g.terms.get("queue", 0.0):
            facts = {"incident": m.incident(incident), "count": number(len(waits)), "span": m.span(longest)}
            seqs = [e.seq for e in m.g.of(ev.Queued) if e.incident == incident]
            yield m.make(
                "crowding",
                "",
                incident,
                longest,
                seqs,
                facts,
                "crowding",
                ("plan_version", "crowding", m.lead(incident), {"rule": "staging"}),
            )


def deliveries(m: Maker) -> Iterator[Finding]:
    """Supplies that came short, once an item and disaster; forces that were refused; money without voucher."""
    for flow in deliveries_of(m.g.events):
        if flow.unfilled > 0.0:
            first = next(e for e in m.g.of(ev.SupplyAsked) if e.seq == flow.evidence[0])
            whys = [why for why, is_so in (("short", flow.missing), ("wrong_address", flow.astray)) if is_so]
            facts = {
                "incident": m.incident(flow.disaster),
                "item": m.both(lambda g, i=flow.item: g.item(i)),
                "wanted": number(flow.needed),
                "got": number(flow.signed),
                "why": m.both(lambda g, w=whys or ["not_filled"]: g.listed(g.named("fault", x) for x in w)),
            }
            change = {"item": flow.item, "amount": f"{flow.unfilled:g}"}
            how = ("stock", "supply", m.post(first.post), change)
            yield m.make(
                "supply", flow.item, flow.disaster, flow.unfilled, flow.evidence, facts, "supply", how
            )  # fmt: skip
    for e in m.g.of(ev.ForceAnswered):
        if e.answer == "refused":
            facts = {
                "force": m.both(lambda g, f=e.force: g.force(f)),
                "why": m.both(lambda g, w=e.why: g.named("barred", w) if w else "–"),
            }
            yield m.make(
                "force",
                e.force,
                e.incident,
                1.0,
                [e.seq],
                facts,
                "force",
                ("duty", "force", m.lead(e.incident), {"force": e.force}),
            )
    for a in m.g.of(ev.FundAudited):
        if a.unaccounted > 0:
            facts = {"amount": number(a.unaccounted)}
            yield m.make(
                "fund",
                a.voucher,
                a.incident,
                a.unaccounted,
                [a.seq],
                facts,
                "fund",
                ("duty", "fund", m.lead(a.incident), {"duty": "ledger"}),
            )


def public(m: Maker) -> Iterator[Finding]:
    """Figures given to the public that were not true then."""
    for e in m.g.of(ev.Published):
        true = m.g.truth(e.incident, e.t)
        wrong = {n: v for n, v in e.figures.items() if n in true and v != true[n]}
        if wrong:
            facts = {
                "incident": m.incident(e.incident),
                "told": m.both(lambda g, f=wrong: g.counts(f, tuple(f))),
                "true": m.both(lambda g, f=wrong, t=true: g.counts(t, tuple(f))),
            }
            yield m.make(
                "public",
                e.form,
                e.incident,
                sum(abs(v - true[n]) for n, v in wrong.items()),
                [e.seq],
                facts,
                "public",
                ("duty", "public", m.post(e.post), {"duty": "one_figure"}),
            )
