"""Maker: makes findings in both languages at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from sim.analysis.review.blocks import LAW, Change, Finding, Instance, Measure
from sim.analysis.review.ground import Ground
from sim.analysis.review.words import WORDS
from sim.journal.cast import Words
from sim.journal.law import NOBODY
from sim.units import DAY


class Remedy(NamedTuple):
    """What answers a finding: the kind of measure, its words (`do.<words>`), who owes it, the change as data."""

    kind: str
    words: str
    unit: Words
    change: Change
    facts: Mapping[str, Words] = MappingProxyType({})  # that its words need besides those of the finding


class Maker:
    """Makes findings in both languages at once."""

    def __init__(self, zh: Ground, en: Ground) -> None:
        self.g, self.en = zh, en
        self._dated_from = max((i.closed for i in zh.line.incidents.values() if i.closed is not None), default=None)

    def make(
        self,
        kind: str,
        name: str,
        incident: str,
        size: float,
        evidence: Sequence[int],
        facts: dict[str, Words],
        say: str,
        then: Remedy | None,
        weight: float | None = None,
        *,
        matters: str = LAW,
        clause: Words = NOBODY,
        unfinished: bool = False,
        by_drill: bool = False,
    ) -> Finding:
        """A finding said by `find.<say>` and what answers it; `matters` says what it cost."""
        root = self.g.facts.root(incident) if incident else ""
        ident = "/".join(filter(None, (kind, name, root)))
        zh, en = self.said(f"find.{say}", facts)
        if by_drill:
            zh, en = (f"{text} {WORDS['find.by_drill'][n]}" for n, text in enumerate((zh, en)))
        shown = tuple(dict.fromkeys(evidence))
        return Finding(
            ident, kind, root, zh, en, float(size), shown,
            measure=None if then is None else self.measure(ident, then, facts, clause),
            weight=size if weight is None else weight, matters=matters,
            cases=(Instance(incident, zh, en, float(size), shown, unfinished),), unfinished=unfinished, by_drill=by_drill,
        )  # fmt: skip

    def measure(self, ident: str, then: Remedy, facts: dict[str, Words], clause: Words) -> Measure:
        """A measure: in words, by whom, by when, on which clause, closed by what, verified by whom."""
        text = self.said(f"do.{then.words}", facts | {"who": then.unit} | dict(then.facts))
        return Measure(
            ident, then.kind, *text, then.unit.zh, then.unit.en,
            self._due(then.kind), then.change, clause, self.both(lambda g: g.say(f"proof.{then.kind}")),
            self._verifier(then.unit),
        )  # fmt: skip

    def said(self, key: str, facts: dict[str, Words]) -> tuple[str, str]:
        """The words of a key in both languages."""
        zh, en = ({k: w.of(lang) for k, w in facts.items()} for lang in ("zh", "en"))
        return WORDS[key][0].format(**zh), WORDS[key][1].format(**en)

    def _due(self, kind: str) -> str:
        """Counted from the end of the last response: what is decided then is done long before the archive is closed."""
        since = self.g.field_ended if self._dated_from is None else self._dated_from
        return self.g.date(since, self.g.terms.get(f"due_{kind}", 0.0) / DAY).isoformat()

    def _verifier(self, unit: Words) -> Words:
        """Somebody else than whoever owes it: the post in the lead, else one above it, and never its neighbour."""
        posts = sorted(self.g.cast.posts.values(), key=lambda p: p.tier)
        led = [self.g.cast.posts[p] for p in self.g.leads.values() if p in self.g.cast.posts]
        highest = max((p.tier for p in led), default=0)
        from_here = [p.name for p in posts if not led or p.tier > highest or (p.tier == highest and p in led)]
        return next((name for name in from_here if name != unit), self.both(lambda g: g.say("verifier")))

    # ── words ──

    def both(self, tell: Any) -> Words:
        """What a function of a ground says in Chinese and in English."""
        return Words(tell(self.g), tell(self.en))

    def incident(self, name: str) -> Words:
        """The name of an incident; the whole where none is named."""
        return self.both(lambda g: g.teller.incident(name) if name else g.say("whole"))

    def post(self, name: str) -> Words:
        """The name of a post or unit."""
        return self.both(lambda g: g.unit(name))

    def span(self, seconds: float) -> Words:
        """A duration."""
        return self.both(lambda g: g.span(seconds))

    def clock(self, t: float) -> Words:
        """A time on the case's clock."""
        return self.both(lambda g: g.clock(t))

    def lead(self, incident: str) -> Words:
        """Who led an incident: its post, else the highest post there is."""
        led = [self.g.leads[incident]] if incident in self.g.leads else list(self.g.leads.values())
        posts = self.g.cast.posts
        post = max(led, key=lambda p: (posts[p].tier if p in posts else 0, p), default="")
        return self.post(post) if post else self.both(lambda g: g.say("nobody"))


def number(value: float) -> Words:
    """A number as both languages write it."""
    text = f"{value:,.0f}" if abs(value) >= _LONG else f"{value:g}"
    return Words(text, text)


_LONG = 10_000.0  # from here on its thousands are set apart
