"""The master event list as people read it: a table in Markdown, a document for programs, sheets of a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sim.analysis.msel import LATE, MET, MISSED, ExpectedLine, InjectLine, ObjectiveLine
from sim.analysis.words import clock, named, say
from sim.journal.cast import Cast, CastInject
from sim.sheets import Column, Sheet, Value
from sim.units import show_span

_NONE = "–"


def moment(t: float | None, cast: Cast) -> str:
    """A time as the clock showed it, and since the start: `07:40 (+05:00:00)`."""
    return _NONE if t is None else f"{clock(cast.starts_at, t)} (+{show_span(t)})"


def markdown(
    lines: Sequence[InjectLine], objectives: Sequence[ObjectiveLine], cast: Cast, lang: str, *, judged: bool
) -> str:
    """The list as Markdown; `judged` with what became of it, else as planned."""
    parts = [f"# {cast.case.of(lang)} · {say('msel.title', lang)}", ""]
    if objectives:
        parts += _objectives(objectives, lang, judged=judged)
    for line in lines:
        parts += _inject(line, cast, lang, judged=judged)
    if judged:
        parts += _sums(lines, lang)
    return "\n".join(parts) + "\n"


def document(lines: Sequence[InjectLine], objectives: Sequence[ObjectiveLine]) -> dict[str, Any]:
    """The list for programs: times in seconds since the start, points, the numbers of the events that prove it."""
    return {
        "objectives": [
            {"id": o.id, "who": _both(o.who), "what": _both(o.what), "condition": _both(o.condition),
             "standard": _both(o.standard), "injects": list(o.injects), "worth": o.worth, "points": o.points}
            for o in objectives
        ],
        "injects": [_as_document(line) for line in lines],
        "worth": sum(line.worth or 0.0 for line in lines),
        "points": sum(line.points for line in lines),
    }  # fmt: skip


def sheets(lines: Sequence[InjectLine], cast: Cast, lang: str) -> list[Sheet]:
    """Two sheets: injects with their points, and what was expected after them."""
    heads = ("id", "title", "kind", "objective", "sender", "to", "channel", "how", "planned", "outcome", "released", "weight",
             "points", "events")  # fmt: skip
    rows: list[Sequence[Value]] = [
        [
            line.id, line.row.title.of(lang), _kind(line.row, lang), line.row.objective, line.row.sender.of(lang),
            _to(line.row, lang), _channel(line.row, lang), named("inject_how", line.row.how, lang), planned(line.row, cast, lang),
            named("inject", line.outcome, lang), moment(line.released if line.released is not None else line.withheld, cast),
            line.row.weight, line.points, ", ".join(map(str, line.events)),
        ]
        for line in lines
    ]  # fmt: skip
    expected_heads = ("inject", "id", "title", "by", "within", "due", "settled", "outcome", "events")
    expected: list[Sequence[Value]] = [
        [line.id, x.id, x.title.of(lang), x.by.of(lang) or _to(line.row, lang), show_span(x.within), moment(x.due, cast),
         moment(x.settled, cast), named("outcome", x.outcome, lang),
         ", ".join(str(e) for e in (x.done_by, x.event) if e is not None)]
        for line in lines for x in line.expected
    ]  # fmt: skip
    return [
        Sheet(say("msel.sheet.injects", lang), _columns(heads, lang), rows),
        Sheet(say("msel.sheet.expected", lang), _columns(expected_heads, lang), expected),
    ]


def planned(row: CastInject, cast: Cast, lang: str) -> str:
    """When or on what condition an inject is to be released."""
    parts = [moment(row.planned, cast)] if row.planned is not None else []
    parts += [row.told.of(lang)] if row.told.of(lang) else []
    return ("；" if lang == "zh" else "; ").join(parts) or named("inject_how", row.how, lang)


# ── Markdown ──


def _objectives(objectives: Sequence[ObjectiveLine], lang: str, *, judged: bool) -> Iterator[str]:
    yield f"## {say('msel.objectives', lang)}"
    yield ""
    for o in objectives:
        told = [o.who.of(lang), o.condition.of(lang), o.what.of(lang), o.standard.of(lang)]
        points = (
            f" – {say('msel.points', lang, points=f'{o.points:g}', worth=f'{o.worth:g}')}" if judged and o.worth else ""
        )
        yield f"- **{o.id}** {('，' if lang == 'zh' else ', ').join(filter(None, told))}{points}"
    yield ""


def _inject(line: InjectLine, cast: Cast, lang: str, *, judged: bool) -> Iterator[str]:
    row = line.row
    yield f"## {line.id} · {row.title.of(lang)}"
    yield ""
    way = " → ".join(filter(None, (row.sender.of(lang), _to(row, lang))))
    about = [
        named("inject_how", row.how, lang),
        planned(row, cast, lang),
        _kind(row, lang),
        row.objective,
        way,
        _channel(row, lang),
    ]
    yield f"{' · '.join(filter(None, dict.fromkeys(about)))}"
    if row.text.of(lang) and row.text.of(lang) != row.title.of(lang):
        yield ""
        yield f"> {row.text.of(lang)}"
    yield ""
    if judged:
        t = line.released if line.released is not None else line.withheld
        when = f" {moment(t, cast)}" if t is not None else ""
        points = (
            ""
            if line.worth is None
            else f" – {say('msel.points', lang, points=f'{line.points:g}', worth=f'{line.worth:g}')}"
        )
        yield f"**{named('inject', line.outcome, lang)}**{when}{points}"
        yield ""
    for x in line.expected:
        yield f"- {_expected(x, line, cast, lang, judged=judged)}"
    if line.expected:
        yield ""


def _expected(x: ExpectedLine, line: InjectLine, cast: Cast, lang: str, *, judged: bool) -> str:
    by = x.by.of(lang) or _to(line.row, lang)
    within = say("msel.within", lang, span=show_span(x.within))
    about = f"{x.title.of(lang)} ({' · '.join(filter(None, (by, within)))})"
    if not judged:
        return about
    done = f" {moment(x.settled, cast)}" if x.settled is not None else ""
    due = "" if x.due is None else f" [{say('msel.due', lang, due=clock(cast.starts_at, x.due))}]"
    return f"**{named('outcome', x.outcome, lang)}**{done}{due} – {about}"


def _sums(lines: Sequence[InjectLine], lang: str) -> Iterator[str]:
    outcomes = [x.outcome for line in lines for x in line.expected]
    counts = (
        f"{named('outcome', kind, lang)} {outcomes.count(kind)}" for kind in (MET, LATE, MISSED, "open", "not_due")
    )
    released = sum(line.released is not None for line in lines)
    points, worth = sum(line.points for line in lines), sum(line.worth or 0.0 for line in lines)
    yield f"## {say('msel.sum', lang)}"
    yield ""
    yield f"- {say('msel.released', lang, released=released, injects=len(lines))}"
    yield f"- {' · '.join(counts)}"
    yield f"- {say('msel.points', lang, points=f'{points:g}', worth=f'{worth:g}')}"


# ── words ──


def _kind(row: CastInject, lang: str) -> str:
    return named("inject_kind", row.kind, lang) if row.kind else ""


def _channel(row: CastInject, lang: str) -> str:
    return named("inject_channel", row.channel, lang) if row.channel else ""


def _to(row: CastInject, lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(to.of(lang) for to in row.to)


def _columns(heads: Sequence[str], lang: str) -> list[Column]:
    wide = ("title", "planned")
    return [Column(say(f"msel.head.{head}", lang), 40 if head in wide else 16) for head in heads]


def _both(words: Any) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def _as_document(line: InjectLine) -> dict[str, Any]:
    row = line.row
    return {
        "id": line.id, "title": _both(row.title), "kind": row.kind, "objective": row.objective, "from": _both(row.sender),
        "to": [_both(to) for to in row.to], "channel": row.channel, "how": row.how, "planned": row.planned,
        "condition": _both(row.told), "outcome": line.outcome, "released": line.released, "withheld": line.withheld,
        "events": list(line.events), "cause": line.cause, "weight": row.weight, "worth": line.worth, "points": line.points,
        "expected": [
            {"id": x.id, "title": _both(x.title), "by": _both(x.by), "within": x.within, "due": x.due, "settled": x.settled,
             "outcome": x.outcome, "earns": x.earns, "overdue": x.overdue, "event": x.event, "done_by": x.done_by}
            for x in line.expected
        ],
    }  # fmt: skip
