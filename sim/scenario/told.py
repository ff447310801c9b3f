"""The master event list as it is written beside a journal: every row by the names people use, every condition in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sim.analysis.words import TABLE, amount, clock, either, span
from sim.case import Case, Condition, Inject, Several, State, When
from sim.journal.cast import CastExpected, CastInject, CastObjective, Words

_BLANK = "…"
_LANGUAGES = ("zh", "en")


def exercise_cast(case: Case) -> dict[str, Any]:
    """The parts of a cast that tell of the exercise: injects in their order, what is expected after them, objectives."""
    teller = _Conditions(case)
    units = getattr(case.city, "plans", None)
    called = {p.id: Words(p.name_zh, p.name_en) for p in case.city.posts.values()}
    called |= {u.id: Words(u.name_zh, u.name_en) for u in units.units.values()} if units is not None else {}

    def names(ids: tuple[str, ...]) -> tuple[Words, ...]:
        return tuple(called.get(id_, Words(id_, id_)) for id_ in ids)

    return {
        "msel": {i.id: _row(i, teller, names(i.to)) for i in case.injects},
        "expected": {
            x.id: CastExpected(Words(x.title_zh, x.title_en), x.inject, x.within, names((x.by,))[0], x.late)
            for x in case.expectations
            if x.inject
        },
        "objectives": {
            o.id: CastObjective(
                Words(o.who_zh, o.who_en), Words(o.what_zh, o.what_en), Words(o.condition_zh, o.condition_en),
                Words(o.standard_zh, o.standard_en),
            )
            for o in case.objectives
        },
    }  # fmt: skip


def _row(inject: Inject, teller: _Conditions, to: tuple[Words, ...]) -> CastInject:
    texts = [a for a in inject.actions if a.do == "tell"]
    return CastInject(
        Words(inject.title_zh, inject.title_en), _how(inject), inject.at,
        Words(*(teller.told(inject, lang) for lang in _LANGUAGES)), inject.kind, inject.objective, inject.weight,
        Words(inject.sender_zh, inject.sender_en), to, inject.channel, tuple(dict.fromkeys(a.do for a in inject.actions)),
        Words("；".join(a.text_zh for a in texts), "; ".join(a.text_en for a in texts)),
    )  # fmt: skip


def _how(inject: Inject) -> str:
    when = inject.when
    if inject.manual or (inject.at is None and when is None):
        return "manual"
    if inject.at is not None:
        return "at"
    if isinstance(when, When) and when.kind in ("inject_released", "expectation_overdue"):
        return {"inject_released": "after", "expectation_overdue": "if_missed"}[when.kind]
    return "when"


class _Conditions:
    """Puts conditions into words."""

    def __init__(self, case: Case) -> None:
        self._incidents = {i.id: Words(i.name_zh, i.name_en) for i in case.incidents}
        self._nature = {i.id: i.nature for i in case.incidents}
        self._posts = {p.id: Words(p.name_zh, p.name_en) for p in case.city.posts.values()}
        self._injects = {i.id: Words(i.title_zh, i.title_en) for i in case.injects}
        self._expected = {x.id: Words(x.title_zh, x.title_en) for x in case.expectations}
        self._makers, self._starts_at = case.makers, case.starts_at

    def told(self, inject: Inject, lang: str) -> str:
        """On what condition an inject is released, and on what it is withheld; "" for a plain time."""
        parts = [self._say(inject.when, lang)] if inject.when is not None else []
        if inject.unless is not None:
            parts.append(_pick("msel.unless", lang).format(condition=self._say(inject.unless, lang)))
        return ("；" if lang == "zh" else "; ").join(parts)

    def _say(self, condition: Condition, lang: str) -> str:
        match condition:
            case When():
                text = self._event(condition, lang)
            case State():
                text = self._state(condition, lang)
            case Several(parts=parts, of=of):
                join = _pick("msel.and" if of == len(parts) else "msel.or", lang)
                text = join.join(self._inner(part, lang) for part in parts)
                if 1 < of < len(parts):
                    text = _pick("msel.some", lang).format(of=of, parts=text)
        if condition.after:
            text += _pick("msel.later", lang).format(span=span(condition.after, lang))
        return text

    def _inner(self, part: Condition, lang: str) -> str:
        """A part of several; in brackets if it has parts itself."""
        text = self._say(part, lang)
        return _pick("msel.within_brackets", lang).format(parts=text) if isinstance(part, Several) else text

    def _event(self, when: When, lang: str) -> str:
        facts: defaultdict[str, str] = defaultdict(lambda: _BLANK)
        for name, value in when.where.items():
            facts[name] = self._named(name, value, lang)
        facts["title"] = facts["inject"] if "inject" in when.where else facts.get("expectation", _BLANK)
        if when.kind == "expectation_settled" and "outcome" not in when.where:
            return _pick("msel.done", lang).format(title=facts["title"])
        text = _pick(f"event.{when.kind}", lang).format_map(facts)
        if when.reading and when.at_least is not None:
            text += _pick("msel.with", lang).format(
                reading=self._bound(when.where.get("incident", ""), when.reading, "≥", when.at_least, lang)
            )
        return text

    def _state(self, state: State, lang: str) -> str:
        where = self._incidents[state.incident].of(lang) if state.incident in self._incidents else ""
        match state.of:
            case "reading":
                sign, bound = ("≥", state.low) if state.low is not None else ("≤", state.high)
                text = self._bound(state.incident, state.name, sign, bound or 0.0, lang)
            case "response":
                post = self._posts[state.post].of(lang) if state.post in self._posts else ""
                text = (
                    _pick("msel.response", lang)
                    .format(level=either(_LEVELS, f"{state.high:g}", lang), post=post)
                    .strip()
                )
            case "dead":
                text = _pick("msel.dead", lang).format(count=f"{state.low:g}")
            case _:
                text = _pick("msel.clock", lang).format(time=clock(self._starts_at, state.low or 0.0))
        if where and state.of != "reading":
            text = _pick("msel.where", lang).format(where=where, what=text)
        if state.lasting:
            text += _pick("msel.lasting", lang).format(span=span(state.lasting, lang))
        return text

    def _bound(self, incident: str, reading: str, sign: str, value: float, lang: str) -> str:
        ids = [incident] if incident else list(self._makers)
        cards = [self._makers[id_].card for id_ in ids if id_ in self._makers]
        known = next((m for card in cards for n, m in {**card.figures, **card.readings}.items() if n == reading), None)
        name = (known.zh if lang == "zh" else known.en) if known is not None else reading
        return f"{name} {sign} {amount(value, known.unit if known is not None else '1', lang)}"

    def _named(self, field: str, value: str, lang: str) -> str:
        tables: Mapping[str, Mapping[str, Words]] = {
            "incident": self._incidents, "post": self._posts, "inject": self._injects, "expectation": self._expected,
        }  # fmt: skip
        found = tables.get(field, {}).get(value)
        family = {"level": "level", "status": "status", "outcome": "outcome"}.get(field, "")
        return found.of(lang) if found else _pick(f"{family}.{value}", lang) if f"{family}.{value}" in TABLE else value


_LEVELS = {str(n): Words(*TABLE[f"level.{n}"]) for n in range(1, 5) if f"level.{n}" in TABLE}


def _pick(key: str, lang: str) -> str:
    return TABLE[key][_LANGUAGES.index(lang)] if key in TABLE else key
