"""Maker: makes findings in both languages at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.analysis.review.blocks import Finding, Measure
from sim.analysis.review.ground import Ground
from sim.analysis.review.words import WORDS
from sim.journal.cast import Words
from sim.units import DAY


class Maker:
    """Makes findings in both languages at once."""

    def __init__(self, zh: Ground, en: Ground) -> None:
        self.g, self.en = zh, en

    def make(
        self,
        kind: str,
        name: str,
        incident: str,
        size: float,
        evidence: Sequence[int],
        facts: dict[str, Words],
        say: str,
        then: tuple[str, str, Words, dict[str, str]] | None,
        weight: float | None = None,
    ) -> Finding:
        """A finding said by `find.<say>`; `then` is the kind, the words, the debtor and the change of its measure."""
        ident = "/".join(filter(None, (kind, name, incident)))
        zh, en = ({k: w.of(lang) for k, w in facts.items()} for lang in ("zh", "en"))
        problem = (WORDS[f"find.{say}"][0].format(**zh), WORDS[f"find.{say}"][1].format(**en))
        measure = None
        if then is not None:
            what, words, unit, change = then
            days = self.g.terms.get(f"due_{what}", 0.0) / DAY
            due = self.g.date(self.g.events[-1].t, days).isoformat()
            text = (WORDS[f"do.{words}"][0].format(**zh), WORDS[f"do.{words}"][1].format(**en))
            measure = Measure(ident, what, *text, unit.of("zh"), unit.of("en"), due, change)
        return Finding(
            ident,
            kind,
            incident,
            *problem,
            float(size),
            tuple(dict.fromkeys(evidence)),
            measure,
            size if weight is None else weight,
        )

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

    def lead(self, incident: str) -> Words:
        """Who led an incident: its post, else the highest post there is."""
        led = [self.g.leads[incident]] if incident in self.g.leads else list(self.g.leads.values())
        posts = self.g.cast.posts
        post = max(led, key=lambda p: (posts[p].tier if p in posts else 0, p), default="")
        return self.post(post) if post else self.both(lambda g: g.say("nobody"))


def number(value: float) -> Words:
    """A number as both languages write it."""
    return Words(f"{value:g}", f"{value:g}")
