"""The brief for the mayor: one page, to be read in two minutes."""

from __future__ import annotations

from collections.abc import Sequence

from sim.analysis.disasters import kinds_of, told_first, told_toll
from sim.analysis.owed import LATE, MET, MISSED
from sim.analysis.review.blocks import GOOD, Block, Bullets, Facts, Finding, Section, Text
from sim.analysis.review.course import in_short, nature
from sim.analysis.review.ground import Ground

_MOST_INCIDENTS, _MOST_PLACES, _MOST_FINDINGS, _MOST_WENT_WELL = 3, 5, 4, 4


def brief(g: Ground, found: Sequence[Finding]) -> Section:
    """What happened, how it stands, what went well, what did not, what is asked of the mayor."""
    blocks: list[Block] = [Text(in_short(g).text), Facts(tuple(_facts(g)))]
    parts = [Section("brief_well", g.say("brief.well"), (Bullets(well),))] if (well := _well(g)) else []
    zh = g.lang == "zh"
    if found:
        groups = grouped(found)
        worst = tuple(_said(g, group) for group in groups[:_MOST_FINDINGS])
        parts.append(Section("brief_ill", g.say("brief.ill"), (Bullets(worst),)))
        wanted = [f.measure for group in groups for f in group if f.measure is not None]
        asked = tuple(
            dict.fromkeys(
                g.say("brief.ask", what=m.text_zh if zh else m.text_en, unit=m.unit_zh if zh else m.unit_en, due=m.due)
                for m in wanted
            )
        )[:_MOST_FINDINGS]
        left = len(groups) - len(worst)
        asked += (g.say("brief.rest", count=left),) if left else ()
        parts.append(Section("brief_asked", g.say("brief.asked"), (Bullets(asked),)))
    else:
        parts.append(Section("brief_ill", g.say("brief.ill"), (Text(g.say("findings.none"), GOOD),)))
    parts.append(Section("brief_caution", g.say("brief.caution"), (Text(g.say("brief.honest")),)))
    return Section("brief", g.say("brief"), tuple(blocks), tuple(parts))


def grouped(found: Sequence[Finding]) -> list[list[Finding]]:
    """Findings of the same kind and name, over however many places: one each, the worst place first, in order of weight."""
    groups: dict[str, list[Finding]] = {}
    for f in found:
        groups.setdefault(f.id.removesuffix(f"/{f.incident}") if f.incident else f.id, []).append(f)
    for group in groups.values():
        group.sort(key=lambda f: -f.weight)
    return list(groups.values())


def _said(g: Ground, group: Sequence[Finding]) -> str:
    """The worst of a group in its own words, and at how many places there is the same."""
    worst = group[0].problem_zh if g.lang == "zh" else group[0].problem_en
    return worst if len(group) == 1 else g.say("brief.same", worst=worst, count=len(group))


def _facts(g: Ground) -> list[tuple[str, str]]:
    rows = []
    for d in g.disasters[:_MOST_INCIDENTS]:
        i = d.root
        end = g.say("brief.closed", at=g.clock(i.closed)) if i.closed is not None else g.say("brief.open")
        rows.append((g.incident(i.id), f"{g.clock(i.occurred)} · {nature(g, i)} · {end}"))
        if d.toll is not None:
            rows.append((g.say("brief.toll"), told_toll(d.toll, g.teller)))
        if d.followed:
            rows.append((g.say("brief.followed"), kinds_of(d.followed, g.teller)))
            rows.append((g.say("brief.first"), told_first(d, g.teller) or g.say("short.nobody")))
            worst = [p for p in d.places if p.harmed][:_MOST_PLACES]
            if worst:
                rows.append((g.say("brief.places"), g.listed(f"{g.incident(p.incident.id)} {p.harmed}" for p in worst)))
    levels = [
        (level, g.teller.post(post)) for posts in g.summary["response_levels"].values() for post, level in posts.items()
    ]
    if levels:
        highest = min(level for level, _ in levels)
        who = g.listed(dict.fromkeys(post for level, post in levels if level == highest))
        rows.append((g.say("brief.level"), f"{g.named('level', highest)} · {who}"))
    count = {kind: sum(o.outcome == kind for o in g.settled.obligations) for kind in (MET, LATE, MISSED)}
    if any(count.values()):
        rows.append((g.say("brief.duties"), g.listed(f"{g.named('outcome', kind)} {n}" for kind, n in count.items())))
    firsts = {d.id for d in g.disasters}
    loops = [loop for loop in g.settled.loops if loop.incident in firsts]
    if loops:
        states = g.listed(f"{g.incident(loop.incident)} {g.say(f'brief.loop_{loop.state}')}" for loop in loops)
        rows.append((g.say("brief.loop"), states))
    if (card := g.settled.scorecard) is not None:
        rows.append((g.say("brief.score"), f"{card.score:.1f} · {g.pick(card.band)}"))
    return rows


def _well(g: Ground) -> tuple[str, ...]:
    """What went as it should: duties and expected actions met, nothing that ran short, nobody lost for want of help."""
    said = []
    met = [o for o in g.settled.obligations if o.outcome == MET and o.due_at is not None]
    if met:
        tightest = min(met, key=lambda o: (o.due_at or 0.0) - (o.done_at or 0.0))
        said.append(
            g.say(
                "brief.met",
                count=len(met),
                tightest=g.pick(tightest.title),
                spare=g.span((tightest.due_at or 0.0) - (tightest.done_at or 0.0)),
            )
        )
    expected = g.summary["expectations"]
    if expected["met"]:
        said.append(g.say("brief.expected", met=expected["met"], all=sum(expected.values())))
    if g.line.sorties and not g.line.shortfalls:
        said.append(g.say("means.no_short"))
    people = g.summary["casualties"]
    if people["involved"] and not people["dead"]["waiting"] and not people["dead"]["trapped"] and not people["open"]:
        said.append(g.say("brief.nobody_lost"))
    if g.line.sorties and not people["dead"]["responders"]:
        said.append(g.say("brief.no_responder"))
    return tuple(said[:_MOST_WENT_WELL])
