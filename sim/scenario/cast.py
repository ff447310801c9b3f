"""Cast: the names of a compiled case, as they are written beside its journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import msgspec

from sim import catalog, statute
from sim.case import Case, City
from sim.domain.command import Tier
from sim.domain.forces import Force, ForceBook
from sim.domain.places import Point
from sim.domain.plans import PlanBook
from sim.doors.common import Named
from sim.doors.hazard import HazardCard, LimitEntry, MeasureEntry, ScopeEntry
from sim.journal.cast import (
    Balance,
    Cast,
    CastCapability,
    CastCounty,
    CastDepot,
    CastElement,
    CastForce,
    CastHazard,
    CastHospital,
    CastItem,
    CastKind,
    CastLink,
    CastNode,
    CastPost,
    CastStores,
    CastTeam,
    Scale,
    Words,
)
from sim.roads.network import Link, Network
from sim.scenario.told import exercise_cast

_DIGITS = 5  # decimals of a degree in the shapes: about a metre
_LONGEST_NUMBER = 6  # characters of a road's number; what is longer describes the road


def cast_of(case: Case) -> Cast:
    """Every name that may stand in a journal of this case, and what its pictures need."""
    city = case.city
    book = city.forces
    teams = (*city.teams.values(), *(book.teams.values() if book else ()))
    known = catalog.hazards()
    following = {edge.to for edges in case.edges.values() for edge in edges}
    natures = sorted(({spec.nature for spec in case.incidents} | following) - case.words.keys())
    # A node made for an incident on a link is called by what happened there.
    sites = {
        i.site.node: Words(f"“{i.name_zh}”处", f"the site of “{i.name_en}”")
        for i in case.incidents
        if i.site.link and i.site.node not in city.towns
    }
    cast = Cast(
        case=Words(case.name_zh, case.name_en),
        city=Words(city.name_zh, city.name_en),
        starts_at=case.starts_at,
        credits=city.credits,
        credits_en=city.credits_en,
        strategy=Words(*catalog.strategy_name(case.strategy)),
        teams={t.id: CastTeam(Words(t.name_zh, t.name_en), t.category, t.tier, t.area) for t in teams},
        kinds={
            k.code: CastKind(
                Words(k.name_zh, k.name_en), dict(k.supplies), k.endurance, k.rest, k.rests_on_site, k.carries
            )
            for k in city.kinds.values()
        },
        elements=_elements(city),
        posts={p.id: CastPost(Words(p.name_zh, p.name_en), int(p.tier), p.parent) for p in city.posts.values()},
        nodes={
            n.id: CastNode(sites.get(n.id, Words(n.name_zh, n.name_en)), n.point.lon, n.point.lat, n.kind)
            for n in city.network.nodes.values()
        },
        links=_links(city.network),
        hospitals={h.id: CastHospital(Words(h.name_zh, h.name_en), h.node, h.places) for h in city.hospitals},
        capabilities={c.code: CastCapability(Words(c.name_zh, c.name_en), c.unit) for c in city.capabilities.values()},
        hazards=dict(case.words) | {nature: words_of(known[nature].card) for nature in natures if nature in known},
        counties={
            c.code: CastCounty(Words(c.name_zh, c.name_en), tuple(map(_rounded, city.outlines.get(c.code, ()))))
            for c in city.counties.values()
        },
        categories={c.code: Words(c.name_zh, c.name_en) for c in city.categories.values()},
        towns={t.code: Words(t.name_zh, t.name_en) for t in city.towns.values()},
        edges={edge.id: Words(edge.zh, edge.en) for edges in case.edges.values() for edge in edges},
        injects={i.id: Words(i.title_zh, i.title_en) for i in case.injects},
        expectations={x.id: Words(x.title_zh, x.title_en) for x in case.expectations},
        **exercise_cast(case),
        forces={f.id: _force(f, book) for f in book.forces.values()} if book else {},
        monitors=_monitors(city),
        phases=statute.phases(case.rules, city.posts, _day(case)),
        obligations=statute.obligations(case.rules, city.posts, _day(case)),
        law=statute.law(case.rules, city.posts, _day(case)),
        stores=_stores(case),
        conduct=_conduct(case),
        off_duty=tuple(sorted(e for h in city.holdings if not h.on_duty for e in h.elements)),
        watched=_watched(city),
    )
    cast = msgspec.structs.replace(cast, platform=case.platform if city.plans is not None else "")
    return cast if city.plans is None else _with_plans(cast, city.plans)


def _monitors(city: City) -> dict[str, Words]:
    """The words of the monitoring systems and of their signals; nothing where there are none."""
    known = city.monitors
    if known is None:
        return {}
    systems = {s.id: Words(s.name_zh, s.name_en) for s in known.systems.values()}
    return systems | {s.id: Words(s.name_zh, s.name_en) for s in known.signals}


def _watched(city: City) -> dict[str, tuple[str, ...]]:
    """Which monitoring systems see which accidents."""
    systems = city.monitors.systems.values() if city.monitors is not None else ()
    natures = sorted({nature for system in systems for nature in system.sees})
    return {nature: tuple(sorted(s.id for s in systems if nature in s.sees)) for nature in natures}


def _conduct(case: Case) -> tuple[Words, ...]:
    """Who deals with reports otherwise than they should in this drill: by name, and how."""
    posts, incidents = case.city.posts, {i.id: i for i in case.incidents}
    found = []
    for c in case.conduct:
        who = (
            Words(posts[c.who].name_zh, posts[c.who].name_en)
            if c.who in posts
            else Words("事发单位", "the unit concerned")
        )
        where = incidents.get(c.incident)
        zh, en = _DOES[c.does]
        found.append(
            Words(f"{where.name_zh}：{who.zh}{zh}", f"{where.name_en}: {who.en} {en}")
            if where
            else Words(who.zh + zh, f"{who.en} {en}")
        )
    return tuple(dict.fromkeys(found))


_DOES = {
    "late": ("迟报", "reports late"),
    "missed": ("漏报", "leaves something out"),
    "false": ("谎报", "reports falsely"),
    "concealed": ("瞒报", "conceals"),
}


def _with_plans(cast: Cast, book: PlanBook) -> Cast:
    """The cast with the words of the city's plans."""
    plans = book.plans.values()
    return msgspec.structs.replace(
        cast,
        units={u.id: Words(u.name_zh, u.name_en) for u in book.units.values()},
        desks=tuple(sorted(u.id for u in book.units.values() if u.desk)),
        above=tuple(sorted(u.id for u in book.units.values() if u.tier >= Tier.PROVINCE)),
        joined=tuple(sorted(u.id for u in book.units.values() if u.on_platform)),
        plans={p.id: Words(p.title_zh, p.title_en) for p in plans},
        tasks={f"{p.id}/{t.id}": Words(t.title_zh, t.title_en) for p in plans for t in p.tasks},
        restates={f"{p.id}/{t.id}": t.restates for p in plans for t in p.tasks if t.restates},
        local={u.id: {end: Words(*w) for end, w in u.local.items()} for u in book.units.values() if u.local},
        groups={g.id: Words(g.name_zh, g.name_en) for g in book.groups.values()},
        commands={c.id: Words(c.name_zh, c.name_en) for c in book.commands.values()},
        clauses={number: Words(c.zh, c.en) for number, c in book.clauses.items()},
    )


def _day(case: Case) -> date:
    """The day whose law holds."""
    return datetime.fromisoformat(case.starts_at).date()


def words_of(card: HazardCard) -> CastHazard:
    """The words of a hazard card, without its numbers."""
    return CastHazard(
        _words(card.title),
        causes={name: _words(entry) for name, entry in card.causes.items()},
        variants={name: _words(entry) for name, entry in card.variants.items()},
        scope=_scales(card.scope),
        readings=_scales(card.readings),
        figures=_scales(card.figures),
        events={name: _words(entry) for name, entry in card.events.items()},
        demands={name: _words(entry) for name, entry in card.demands.items()},
        limits=_scales(card.limits),
        noticed_by=Words(card.discovery.by.zh, card.discovery.by.en) if card.discovery.by else Words("", ""),
        plans=tuple(card.plans),
        counted={
            c.name: Scale(Words(c.name_zh, c.name_en), c.unit) for c in catalog.scales().get(card.severity_scale, ())
        },
        balances=tuple(Balance(s, tuple(b.gains), tuple(b.losses)) for s, b in sorted(card.balances.items())),
    )


def _stores(case: Case) -> CastStores | None:
    book = case.city.depots
    if book is None:
        return None
    return CastStores(
        items={
            i.id: CastItem(Words(i.name_zh, i.name_en), Words(i.unit_zh, i.unit_en), i.price, i.basic, i.serves)
            for i in book.items.values()
        },
        depots={
            d.id: CastDepot(Words(d.name_zh, d.name_en), d.tier, d.node, dict(d.stock)) for d in book.depots.values()
        },
        reserves={r.post: r.amount for r in book.reserves.values()},
        basic_within=case.rules["stores.basic_aid"].value,
    )


def _force(force: Force, book: ForceBook) -> CastForce:
    organ = book.organs[force.organ]
    return CastForce(
        Words(force.name_zh, force.name_en), force.kind, Words(*book.kinds[force.kind]), force.organ,
        Words(organ.name_zh, organ.name_en), Words(force.officer_zh, force.officer_en), force.teams, force.flies,
    )  # fmt: skip


def _elements(city: City) -> dict[str, CastElement]:
    rows = {
        element: CastElement(holding.team, holding.kind, people, holding.node)
        for holding in (*city.holdings, *(city.forces.holdings if city.forces else ()))
        for element, people in zip(holding.elements, holding.people, strict=True)
    }
    return dict(sorted(rows.items()))


def _links(network: Network) -> dict[str, CastLink]:
    """All links; one that sites have split stands there both in its parts and, since roads close as a whole, as a whole."""
    found = {link.id: _link(link) for link in network.links.values()}
    for whole in sorted({link.parent for link in network.links.values() if link.parent}):
        parts = [found[part] for part in network.parts(whole)]
        shape = (*(point for part in parts for point in part.shape[:-1]), *parts[-1].shape[-1:])
        length = sum(part.length for part in parts)
        found[whole] = CastLink(parts[0].a, parts[-1].b, parts[0].road_class, length, parts[0].name, shape)
    return dict(sorted(found.items()))


def _link(link: Link) -> CastLink:
    name = link.road_no if 0 < len(link.road_no) <= _LONGEST_NUMBER else ""
    return CastLink(link.a, link.b, link.road_class, link.length, name, _rounded(link.shape))


def _rounded(line: tuple[Point, ...]) -> tuple[tuple[float, float], ...]:
    return tuple((round(p.lon, _DIGITS), round(p.lat, _DIGITS)) for p in line)


def _words(entry: Named) -> Words:
    return Words(entry.zh, entry.en)


def _scales(
    entries: Mapping[str, MeasureEntry] | Mapping[str, ScopeEntry] | Mapping[str, LimitEntry],
) -> dict[str, Scale]:
    return {name: Scale(_words(e), e.unit, tuple(getattr(e, "variants", ()))) for name, e in entries.items()}
