"""Problems with forces, roads, supplies, money and what the public was told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.analysis.deliveries import flows as deliveries_of
from sim.analysis.review import levers
from sim.analysis.review.blocks import HOURS, Finding
from sim.analysis.review.maker import Maker, Remedy, number
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
        seqs = [e.seq for e in m.g.of(ev.Shortfall) if e.incident == incident and e.capability == code]
        then = _for_the_short(m, incident, code, worst)
        yield m.make("short", code, incident, lasted, seqs, facts, "short", then, matters=HOURS)


def _for_the_short(m: Maker, incident: str, code: str, worst: Any) -> Remedy:
    """More elements for a team of ours that has the capability; a station further forward where the roads were the matter."""
    kept = Remedy(
        "team_home" if worst.reason == "none_reachable" else "stock", f"short_{worst.reason}", m.lead(incident),
        {"capability": code},
    )  # fmt: skip
    if worst.reason == "none_exists":
        return kept  # nobody of ours has it: to be built up, or agreed on
    came = sorted(
        (s for s in m.g.line.sorties.values() if s.visits),
        key=lambda s: (s.incident != incident, s.visits[0].arrived, s.id),
    )
    able = [
        s
        for s in came
        if s.element in m.g.cast.elements and code in m.g.cast.kinds[m.g.cast.elements[s.element].kind].supplies
    ]
    if worst.reason == "none_reachable":
        here = (levers.forward(m, s) for s in able if s.incident == incident and s.team in m.g.cast.teams)
        return next((then for then in here if then is not None), kept)
    return levers.more_of(m, able[:1], code, worst.amount) or kept


def roads(m: Maker) -> Iterator[Finding]:
    """Roads that command learned of by driving into them."""
    found: dict[str, list[int]] = {}
    for e in m.g.of(ev.RoadFound):
        found.setdefault(e.link, []).append(e.seq)
    for link, seqs in found.items():
        facts = {"road": m.both(lambda g, x=link: g.teller.link(x)), "count": number(len(seqs))}
        yield m.make(
            "road", link, "", len(seqs), seqs, facts, "road", Remedy("duty", "road", m.lead(""), {"duty": "road_news"})
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
            who = m.lead(incident)
            then = levers.practice(m, "entry", who, "entry", *levers.ROOMS)
            yield m.make(
                "crowding", "", incident, longest, seqs, facts, "crowding",
                then or Remedy("duty", "entry", who, {"rule": "staging"}), matters=HOURS,
            )  # fmt: skip


def deliveries(m: Maker) -> Iterator[Finding]:
    """Supplies that came short; forces that were refused; money without voucher."""
    yield from _supplies(m)
    for e in m.g.of(ev.ForceAnswered):
        if e.answer == "refused":
            known = m.g.cast.forces.get(e.force)
            facts = {
                "force": m.both(lambda g, f=e.force: g.force(f)),
                "why": m.both(lambda g, w=e.why: g.named("barred", w) if w else "–"),
            }
            words = "force_ground" if known is not None and known.flies and e.why else "force"
            said = Remedy("duty", words, m.lead(e.incident), {"force": e.force})
            name = "/".join(filter(None, (known.kind if known else e.force, e.why)))
            yield m.make("force", name, e.incident, 1.0, [e.seq], facts, "force", said)
    for a in m.g.of(ev.FundAudited):
        if a.unaccounted > 0:
            paid = sum(e.amount for e in m.g.of(ev.FundPaid) if e.voucher == a.voucher)
            if a.unaccounted <= m.g.terms.get("unaccounted", 0.0) * paid:
                continue  # less than an audit would ask about
            facts = {
                "amount": number(round(a.unaccounted)),
                "paid": number(round(paid)),
                "incident": m.incident(a.incident),
            }
            who = m.lead(a.incident)
            then = levers.practice(m, "fund", who, "vouched", "stores.unaccounted")
            yield m.make(
                "fund", "", a.incident, a.unaccounted, [a.seq], facts, "fund",
                then or Remedy("duty", "fund", who, {"duty": "ledger"}),
            )  # fmt: skip


def _supplies(m: Maker) -> Iterator[Finding]:
    """What was needed and did not come, once an item and disaster."""
    for flow in deliveries_of(m.g.events):
        if flow.unfilled <= 0.0:
            continue
        whys = [why for why, is_so in (("short", flow.missing), ("wrong_address", flow.astray)) if is_so] or [
            "not_filled"
        ]
        facts = {
            "incident": m.incident(flow.disaster),
            "item": m.both(lambda g, i=flow.item: g.item(i)),
            "wanted": number(flow.needed),
            "got": number(flow.signed),
            "why": m.both(lambda g, w=whys: g.listed(g.named("fault", x) for x in w)),
        }
        first = next(e for e in m.g.of(ev.SupplyAsked) if e.seq == flow.evidence[0])
        who = m.post(first.post)
        more: Remedy | None = Remedy("stock", "supply", who, {"item": flow.item, "amount": f"{flow.unfilled:g}"})
        then = more
        if "not_filled" not in whys:  # it was there, and lost or spoilt on the way
            then = levers.practice(m, "packing", who, "trained", "stores.short", "stores.astray") or more
        name = flow.item if "not_filled" in whys else "delivery"  # lost on the way is one finding, whatever it was
        share = flow.unfilled / flow.needed
        yield m.make("supply", name, flow.disaster, share, flow.evidence, facts, "supply", then)


def public(m: Maker) -> Iterator[Finding]:
    """Figures given to the public that were far from what was true then, as far as anybody could know it."""
    allowed = m.g.terms.get("miscounted", 0.0)
    for e in m.g.of(ev.Published):
        true = m.g.joint_sight(e.incident, e.t)
        wrong = {n: v for n, v in e.figures.items() if n in true and abs(v - true[n]) > allowed * max(1, true[n])}
        if wrong:
            facts = {
                "incident": m.incident(e.incident),
                "form": m.both(lambda g, f=e.form: g.named("form", f)),
                "told": m.both(lambda g, f=wrong: g.counts(f, tuple(f))),
                "true": m.both(lambda g, f=wrong, t=true: g.counts(t, tuple(f))),
            }
            gap = sum(abs(v - true[n]) for n, v in wrong.items())
            then = Remedy("duty", "public", m.post(e.post), {"duty": "one_figure"})
            yield m.make("public", "", e.incident, gap, [e.seq], facts, "public", then)
