"""The brief for the mayor: one page, to be read in two minutes."""

from __future__ import annotations

from collections.abc import Sequence

from sim.analysis.owed import LATE, MET, MISSED
from sim.analysis.review.blocks import GOOD, Block, Bullets, Facts, Finding, Section, Text
from sim.analysis.review.course import in_short, nature
from sim.analysis.review.ground import Ground

_MOST_INCIDENTS, _MOST_FINDINGS, _MOST_WENT_WELL = 3, 4, 4


def brief(g: Ground, found: Sequence[Finding]) -> Section:
    """What happened, how it stands, what went well, what did not, what is asked of the mayor."""
    blocks: list[Block] = [Text(in_short(g).text), Facts(tuple(_facts(g)))]
    parts = [Section("brief_well", g.say("brief.well"), (Bullets(well),))] if (well := _well(g)) else []
    zh = g.lang == "zh"
    if found:
        worst = tuple(f.problem_zh if zh else f.problem_en for f in found[:_MOST_FINDINGS])
        parts.append(Section("brief_ill", g.say("brief.ill"), (Bullets(worst),)))
        wanted = [f.measure for f in found if f.measure is not None][:_MOST_FINDINGS]
        asked = tuple(
            g.say("brief.ask", what=m.text_zh if zh else m.text_en, unit=m.unit_zh if zh else m.unit_en, due=m.due)
            for m in wanted
        )
        left = len(found) - len(worst)
        asked += (g.say("brief.rest", count=left),) if left else ()
        parts.append(Section("brief_asked", g.say("brief.asked"), (Bullets(asked),)))
    else:
        parts.append(Section("brief_ill", g.say("brief.ill"), (Text(g.say("findings.none"), GOOD),)))
    parts.append(Section("brief_caution", g.say("brief.caution"), (Text(g.say("brief.honest")),)))
    return Section("brief", g.say("brief"), tuple(blocks), tuple(parts))


def _facts(g: Ground) -> list[tuple[str, str]]:
    rows = []
    for i in list(g.line.incidents.values())[:_MOST_INCIDENTS]:
        end = g.say("brief.closed", at=g.clock(i.closed)) if i.closed is not None else g.say("brief.open")
        rows.append((g.incident(i.id), f"{g.clock(i.occurred)} · {nature(g, i)} · {end}"))
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
    if g.settled.loops:
        rows.append(
            (
                g.say("brief.loop"),
                g.listed(
                    f"{g.incident(loop.incident)} {g.say(f'brief.loop_{loop.state}')}" for loop in g.settled.loops
                ),
            )
        )
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
