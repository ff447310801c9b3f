"""Cast: the names of a compiled case, as they are written beside its journal."""

from __future__ import annotations

from collections.abc import Mapping

from sim import catalog
from sim.case import Case, City
from sim.domain.places import Point
from sim.doors.common import Named
from sim.doors.hazard import HazardCard, LimitEntry, MeasureEntry, ScopeEntry
from sim.journal.cast import (
    Balance,
    Cast,
    CastCapability,
    CastCounty,
    CastElement,
    CastHazard,
    CastHospital,
    CastKind,
    CastLink,
    CastNode,
    CastPost,
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
    known = catalog.hazards()
    following = {edge.to for edges in case.edges.values() for edge in edges}
    natures = sorted(({spec.nature for spec in case.incidents} | following) - case.words.keys())
    # A node made for an incident on a link is called by what happened there.
    sites = {
        i.site.node: Words(f"“{i.name_zh}”处", f"the site of “{i.name_en}”")
        for i in case.incidents
        if i.site.link and i.site.node not in city.towns
    }
    return Cast(
        case=Words(case.name_zh, case.name_en),
        city=Words(city.name_zh, city.name_en),
        starts_at=case.starts_at,
        credits=city.credits,
        teams={t.id: CastTeam(Words(t.name_zh, t.name_en), t.category, t.tier, t.area) for t in city.teams.values()},
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
        phases=catalog.phases(case.rules, city.posts),
        obligations=catalog.obligations(case.rules, city.posts),
    )


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
        balances=tuple(Balance(s, tuple(b.gains), tuple(b.losses)) for s, b in sorted(card.balances.items())),
    )


def _elements(city: City) -> dict[str, CastElement]:
    rows = {
        element: CastElement(holding.team, holding.kind, people, holding.node)
        for holding in city.holdings
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
    return {name: Scale(_words(entry), entry.unit) for name, entry in entries.items()}
