"""Build: from a journal to a review – the sections in the order of the national practice, all of them numbered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from sim.analysis.review.against import against
from sim.analysis.review.annex import annex
from sim.analysis.review.blocks import NO_ORIGIN, Block, Figure, Origin, Review, Section, Table
from sim.analysis.review.columns import fitted
from sim.analysis.review.course import course
from sim.analysis.review.decisions import decisions
from sim.analysis.review.due import due, loop
from sim.analysis.review.findings import findings
from sim.analysis.review.ground import Ground, both
from sim.analysis.review.known import known
from sim.analysis.review.limits import limits
from sim.analysis.review.losses import losses
from sim.analysis.review.mayor import brief
from sim.analysis.review.means import means
from sim.analysis.review.problems import findings_of
from sim.analysis.review.scores import scores
from sim.domain import events as ev
from sim.journal.cast import Cast, Words

_TEN = "一二三四五六七八九十"


@dataclass(frozen=True)
class Earlier:
    """The run that a review answers, and the findings whose measures were accepted after it (None: all are looked for)."""

    events: Sequence[ev.Event]
    cast: Cast
    origin: Origin
    accepted: frozenset[str] | None = None


def build(
    events: Sequence[ev.Event],
    cast: Cast,
    lang: str,
    origin: Origin = NO_ORIGIN,
    terms: Mapping[str, float] | None = None,
    earlier: Earlier | None = None,
) -> Review:
    """The review of a journal in Chinese (`zh`) or English (`en`). `terms` are the numbers of models/rules/review.yaml, SI."""
    zh, en = both(events, cast, origin, dict(terms or {}))
    g = zh if lang == "zh" else en
    found = findings_of(zh, en)

    def answer(g: Ground) -> Section | None:
        if earlier is None:
            return None
        zh, en = both(earlier.events, earlier.cast, earlier.origin, dict(terms or {}))
        return against(g, zh if lang == "zh" else en, findings_of(zh, en), found, earlier.accepted)

    parts: list[Callable[[Ground], Section | None]] = [
        course,
        known,
        due,
        decisions,
        means,
        losses,
        loop,
        scores,
        limits,
        lambda g: findings(g, found),
        answer,
        lambda g: annex(g, found),
    ]
    sections = [section for part in parts if (section := part(g)) is not None]
    return Review(
        lang=lang,
        title=g.say("title"),
        case=g.pick(cast.case),
        cover=_cover(g),
        credits=Words(cast.credits, cast.credits_en).of(g.lang),
        brief=brief(g, found),
        sections=tuple(_numbered(sections, g)),
        findings=found,
        digest=origin.digest,
        dated=_dated(g),
        signatures=tuple(g.say(f"sign.{k}") for k in ("evaluator", "reviewer", "approver", "date")),
        contents=g.say("contents"),
    )


def _cover(g: Ground) -> tuple[tuple[str, str], ...]:
    start = g.line.started
    began = datetime.fromisoformat(g.cast.starts_at)
    ended = began + timedelta(seconds=g.events[-1].t)
    rows = [
        (g.say("cover.case"), g.pick(g.cast.case)),
        (g.say("cover.city"), g.pick(g.cast.city)),
        (g.say("cover.time"), f"{began:%Y-%m-%d %H:%M} – {ended:%Y-%m-%d %H:%M}"),
    ]
    if start:
        rows.append(
            (
                g.say("cover.run"),
                g.say(
                    "cover.run_is",
                    strategy=g.cast.strategy.of(g.lang) or start.strategy,
                    seed=start.seed,
                    number=start.replication + 1,
                ),
            )
        )
    if setting := _setting(g):
        rows.append((g.say("cover.setting"), setting))
    if g.origin.digest:
        rows.append((g.say("cover.digest"), g.origin.digest))
    if start:
        rows.append((g.say("cover.case_digest"), start.case_digest))
    if g.origin.version:
        rows.append((g.say("cover.version"), g.origin.version))
    rows += [(g.say("cover.form"), g.say("cover.form_is")), (g.say("cover.standing"), g.say("cover.standing_is"))]
    return tuple(rows)


def _setting(g: Ground) -> str:
    """What the drill had set besides the accidents: the platform, who deals with reports how, measures it goes by."""
    parts = []
    if g.cast.platform:
        parts.append(g.say("cover.platform", state=g.say(f"platform.{g.cast.platform}")))
        what = g.listed(g.pick(words) for words in g.cast.conduct)
        parts.append(g.say("cover.conduct", what=what) if what else g.say("cover.no_conduct"))
    if g.origin.carried is not None:
        parts.append(g.say("cover.carried", count=len(g.origin.carried)))
    return " · ".join(parts)


def _dated(g: Ground) -> str:
    return (datetime.fromisoformat(g.cast.starts_at) + timedelta(seconds=g.events[-1].t)).isoformat(timespec="seconds")


def _numbered(sections: Sequence[Section], g: Ground) -> list[Section]:
    """Sections, tables and figures with their numbers."""
    tables = figures = 0
    numbered = []
    for n, section in enumerate(sections, 1):
        blocks: list[Block] = []
        for block in section.blocks:
            match block:
                case Table():
                    tables += 1
                    blocks.append(msgspec.structs.replace(block, number=tables, widths=fitted(block)))
                case Figure():
                    figures += 1
                    blocks.append(msgspec.structs.replace(block, number=figures))
                case _:
                    blocks.append(block)
        numbered.append(
            msgspec.structs.replace(section, blocks=tuple(blocks), number=_ordinal(n) if g.lang == "zh" else str(n))
        )
    return numbered


def _ordinal(n: int) -> str:
    """一 … 十九: the way a Chinese document counts its chapters."""
    return _TEN[n - 1] if n <= len(_TEN) else f"十{_TEN[n - 11]}"
