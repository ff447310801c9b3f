"""Section 10: findings and measures – each finding with the events that prove it, each measure with who owes it and by when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sim.analysis import measures
from sim.analysis.owed import LATE, MISSED, Obligation
from sim.analysis.review.blocks import BAD, Block, Finding, Measure, Section, Table, Text
from sim.analysis.review.due import cause, clause
from sim.analysis.review.ground import Ground
from sim.analysis.review.losses import BEFORE, parts_of
from sim.analysis.review.words import WORDS
from sim.domain import events as ev
from sim.domain.people import Status
from sim.journal.cast import Words
from sim.units import DAY

KINDS = ("plan_version", "deadline", "team_home", "stock", "duty")
_WEIGHT = {kind: n for n, kind in enumerate(("responders", "waiting", "trapped", "report", "duty", "belief", "short", "expect", "loop",
                                             "public", "road", "crowding", "supply", "force", "fund", "after", "rectify"))}  # fmt: skip


def findings_of(zh: Ground, en: Ground) -> tuple[Finding, ...]:
    """All findings of a run, the weightiest first; both grounds are of the same journal, one a language."""
    maker = _Maker(zh, en)
    found = [*maker.people(), *maker.reports(), *maker.duties(), *maker.beliefs(), *maker.shortfalls(), *maker.expectations(),
             *maker.loops(), *maker.roads(), *maker.crowding(), *maker.deliveries(), *maker.public()]  # fmt: skip
    return tuple(sorted(found, key=lambda f: (_WEIGHT.get(f.kind, len(_WEIGHT)), -f.size, f.id)))


def findings(g: Ground, found: Sequence[Finding]) -> Section:
    """The two lists; or that no fault was found."""
    if not found:
        return Section("findings", g.say("findings"), (Text(g.say("findings.none")),))
    zh = g.lang == "zh"
    problems = tuple((str(n), f.problem_zh if zh else f.problem_en, g.mark(f.incident), g.events_text(f.evidence), f.id)
                     for n, f in enumerate(found, 1))  # fmt: skip
    wanted = [(n, f.measure) for n, f in enumerate(found, 1) if f.measure is not None]
    rows = tuple(
        (str(n), m.text_zh if zh else m.text_en, g.say(f"kind.{m.kind}"), m.unit_zh if zh else m.unit_en, m.due)
        for n, m in wanted
    )
    heads = [tuple(g.say(f"findings.{k}") for k in keys) for keys in
             (("number", "problem", "incident", "event", "id"), ("against", "measure", "kind", "unit", "due"))]  # fmt: skip
    blocks: list[Block] = [
        Text(g.say("findings.about", count=len(found), measures=len(rows))),
        Table(g.say("findings.problems"), heads[0], problems, (0.7, 6.4, 2.4, 1.6, 2.6), tuple(BAD for _ in problems), 0),
        Table(g.say("findings.measures"), heads[1], rows, (0.9, 6.6, 2, 3, 1.8), note=g.say("findings.note")),
    ]  # fmt: skip
    if (listed := _listed(g)) is not None:
        blocks.append(listed)
    return Section("findings", g.say("findings"), tuple(blocks))


def _listed(g: Ground) -> Table | None:
    """What was entered in the two lists in the run itself, and struck off."""
    closed = {e.item: e for e in g.of(ev.ItemClosed)}
    revised = {e.item: e for e in g.of(ev.PlanRevised)}
    rows = []
    for e in g.of(ev.ItemListed):
        end, plan = closed.get(e.item), revised.get(e.item)
        rows.append((e.item, g.named("list", e.table), Words(e.text_zh, e.text_en).of(g.lang), g.unit(e.unit), g.clock(e.due_at),
                     g.clock(end.t) if end else g.say("findings.still"), g.events_text([x.seq for x in (e, end, plan) if x])))  # fmt: skip
    head = tuple(g.say(f"findings.{k}") for k in ("id", "list", "text", "unit", "due", "struck", "event"))
    return Table(g.say("findings.listed"), head, tuple(rows), (1.6, 1.4, 5, 2.4, 1.8, 1.8, 1.4)) if rows else None


class _Maker:
    """Makes findings in both languages at once."""

    def __init__(self, zh: Ground, en: Ground) -> None:
        self.g, self.en = zh, en

    def make(
        self, kind: str, name: str, incident: str, size: float, evidence: Sequence[int], facts: dict[str, Words], say: str,
        then: tuple[str, str, Words, dict[str, str]] | None,
    ) -> Finding:  # fmt: skip
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
        return Finding(ident, kind, incident, *problem, float(size), tuple(dict.fromkeys(evidence)), measure)

    # ── small words in both languages ──

    def both(self, tell: Any) -> Words:
        """What a function of a ground says in Chinese and in English."""
        return Words(tell(self.g), tell(self.en))

    def incident(self, name: str) -> Words:
        return self.both(lambda g: g.teller.incident(name) if name else g.say("whole"))

    def post(self, name: str) -> Words:
        return self.both(lambda g: g.unit(name))

    def span(self, seconds: float) -> Words:
        return self.both(lambda g: g.span(seconds))

    def lead(self, incident: str) -> Words:
        """Who led an incident: its post, else the highest post there is."""
        led = [self.g.leads[incident]] if incident in self.g.leads else list(self.g.leads.values())
        posts = self.g.cast.posts
        post = max(led, key=lambda p: (posts[p].tier if p in posts else 0, p), default="")
        return self.post(post) if post else self.both(lambda g: g.say("nobody"))

    # ── the findings ──

    def people(self) -> Iterator[Finding]:
        """Deaths that help came too late for, and responders lost."""
        for incident, people in self.g.people.items():
            dead = [p for p in people if p.status is Status.DEAD]
            for kind in ("waiting", "trapped"):
                lost = [p for p in dead if measures.cause_of_death(p) == kind]
                if not lost:
                    continue
                spent: dict[str, float] = {}
                for p in lost:
                    for name, seconds in parts_of(self.g, p, *BEFORE[kind]).items():
                        spent[name] = spent.get(name, 0.0) + seconds
                most = max(spent, key=lambda w: spent[w], default="unnoticed")
                facts = {"incident": self.incident(incident), "count": _number(len(lost)), "wait": self.both(lambda g, m=most: g.say(f"wait.{m}")),
                         "span": self.span(spent.get(most, 0.0) / len(lost))}  # fmt: skip
                changed = "team_home" if most == "on_its_way" else "stock" if most in ("at_work", "no_room") else "duty"
                yield self.make(kind, "", incident, len(lost), self._last(lost), facts, kind,
                                (changed, f"{kind}_{changed}", self.lead(incident), {"wait": most}))  # fmt: skip
            hit = [e for e in self.g.of(ev.RespondersHit) if e.incident == incident]
            if hit:
                facts = {
                    "incident": self.incident(incident),
                    "dead": _number(sum(e.dead for e in hit)),
                    "hurt": _number(sum(e.hurt for e in hit)),
                }
                yield self.make("responders", "", incident, sum(e.dead + e.hurt for e in hit), [e.seq for e in hit], facts, "responders",
                                ("plan_version", "responders", self.lead(incident), {"rule": "suspension"}))  # fmt: skip

    def reports(self) -> Iterator[Finding]:
        """Reports that were late, missed, false or concealed."""
        for f in self.g.settled.faults:
            facts = {
                "incident": self.incident(f.incident),
                "who": f.sender.name,
                "kind": self.both(lambda g, k=f.kind: g.named("fault_kind", k)),
            }
            yield self.make("report", f"{f.kind}/{f.sender.id}/{f.duty}", f.incident, max(1.0, f.lateness), f.seqs, facts, "report",
                            ("duty", "report", f.sender.name, {"duty": f.duty}))  # fmt: skip

    def duties(self) -> Iterator[Finding]:
        """What was late or not done; the debtor's own wait, or the step before it, says what has to change."""
        for o in self.g.settled.obligations:
            if o.outcome not in (LATE, MISSED) or (o.reports and self.g.settled.faults) or _listed_item(o):
                continue
            facts = {"incident": self.incident(o.incident), "duty": o.title, "who": o.debtor.name if o.debtor.name.zh else self.lead(o.incident),
                     "late": self.span(self._late(o)), "clause": self.both(lambda g, o=o: clause(g, o)),
                     "cause": self.both(lambda g, o=o: cause(g, o))}  # fmt: skip
            say = f"duty_{o.outcome}" if o.held_by is None or o.outcome == MISSED else "duty_late_why"
            name = o.duty if o.round <= 1 else f"{o.duty}.{o.round}"
            seqs = [*o.seqs, *([o.held_by.seq] if o.held_by else [])]
            yield self.make("duty" if o.arose_at <= self.g.field_ended else "after", name, o.incident, self._late(o), seqs, facts, say,
                            self._remedy(o, facts))  # fmt: skip
        yield from self._items()

    def _items(self) -> Iterator[Finding]:
        """Items of the two lists that were struck off late or not at all, together."""
        overdue: dict[str, list[Obligation]] = {}
        for o in self.g.settled.obligations:
            if o.outcome in (LATE, MISSED) and _listed_item(o):
                overdue.setdefault(o.incident, []).append(o)
        for incident, found in overdue.items():
            worst = max(found, key=self._late)
            facts = {"incident": self.incident(incident), "count": _number(len(found)), "who": worst.debtor.name, "late": self.span(self._late(worst))}
            yield self.make("rectify", "", incident, self._late(worst), [n for o in found for n in o.seqs], facts, "rectify",
                            ("duty", "rectify", worst.debtor.name, {"duty": "rectification"}))  # fmt: skip

    def _late(self, o: Obligation) -> float:
        return o.lateness if o.outcome == LATE else self.g.events[-1].t - (o.due_at if o.due_at is not None else o.arose_at)

    def _remedy(self, o: Obligation, facts: dict[str, Words]) -> tuple[str, str, Words, dict[str, str]]:
        why = o.held_by.why if o.held_by else ""
        if why in ("acknowledging", "never_acknowledged", "on_the_wire") and o.debtor.id and o.source == "plan":
            return "plan_version", "platform", facts["who"], {"unit": o.debtor.id, "on_platform": "true"}
        if o.source == "plan":
            plan, _, task = o.duty.partition("/")
            if why in ("at_work", "never_done", "next"):
                takes = "" if o.due_at is None else f"{(o.due_at - o.arose_at) * self.g.terms.get('staffed', 1.0):g} s"
                return "plan_version", "plan_takes", facts["who"], {"plan": plan, "task": task, "takes": takes}
            return (
                "plan_version",
                "plan_notify",
                facts["who"],
                {"plan": plan, "task": task, "unit": o.debtor.id, "notify": "first"},
            )
        return "duty", "duty", facts["who"], {"duty": o.duty}

    def beliefs(self) -> Iterator[Finding]:
        """The first report said other figures than were true when it was sent."""
        for incident in self.g.people:
            told = sorted((r for (_, i), rs in self.g.told.items() if i == incident for r in rs if r.event.sender not in self.g.cast.posts),
                          key=lambda r: r.seq)  # fmt: skip
            wrong = [(r, sum(abs(getattr(r.event.sighting, n) - true[n]) for n in ("trapped", "dead", "injured")))
                     for r in told if (true := self.g.truth(incident, r.event.t))]  # fmt: skip
            wrong = [(r, gap) for r, gap in wrong if gap]
            if wrong:
                first, gap = wrong[0]
                true = self.g.truth(incident, first.event.t)
                facts = {"incident": self.incident(incident), "count": _number(len(wrong)), "of": _number(len(told)),
                         "told": self.both(lambda g, s=first.event.sighting: g.counts(s)), "true": self.both(lambda g, t=true: g.counts(t))}  # fmt: skip
                yield self.make("belief", "", incident, gap, [first.event.seq, first.seq], facts, "belief",
                                ("duty", "belief", self.lead(incident), {"duty": "verification"}))  # fmt: skip

    def shortfalls(self) -> Iterator[Finding]:
        """What ran short, once a capability and incident."""
        groups: dict[tuple[str, str], list[Any]] = {}
        for s in self.g.line.shortfalls:
            groups.setdefault((s.incident, s.capability), []).append(s)
        for (incident, code), found in groups.items():
            worst = max(found, key=lambda s: s.amount)
            lasted = sum(s.end - s.start for s in found)
            facts = {"incident": self.incident(incident), "what": self.both(lambda g, c=code: g.teller.capability(c)), "span": self.span(lasted),
                     "amount": self.both(lambda g, s=worst: g.teller.effort(s.capability, s.amount)),
                     "why": self.both(lambda g, s=worst: g.named("short", s.reason))}  # fmt: skip
            kind = "team_home" if worst.reason == "none_reachable" else "stock"
            seqs = [e.seq for e in self.g.of(ev.Shortfall) if e.incident == incident and e.capability == code]
            yield self.make(
                "short",
                code,
                incident,
                lasted,
                seqs,
                facts,
                "short",
                (kind, f"short_{worst.reason}", self.lead(incident), {"capability": code}),
            )

    def expectations(self) -> Iterator[Finding]:
        """Expected actions that were late or missed."""
        for e in self.g.of(ev.ExpectationSettled):
            if e.outcome in (LATE, MISSED):
                title = self.g.cast.expectations.get(e.expectation, Words(e.expectation, e.expectation))
                facts = {"title": title, "late": self.span(max(0.0, e.t - e.due))}
                yield self.make("expect", e.expectation, "", max(1.0, e.t - e.due), [e.seq], facts, f"expect_{e.outcome}",
                                ("deadline", "expect", self.lead(""), {"expectation": e.expectation}))  # fmt: skip

    def loops(self) -> Iterator[Finding]:
        """Where a loop is broken."""
        for loop in self.g.settled.loops:
            for p in loop.phases:
                if p.state == "broken":
                    facts = {
                        "incident": self.incident(loop.incident),
                        "phase": p.title,
                        "why": self.both(lambda g, w=p.why: g.named("broken", w or "not_done")),
                    }
                    seqs = [n for n in (p.since, p.done, *p.reopened) if n is not None]
                    who = p.responsible if p.responsible.zh or p.responsible.en else self.lead(loop.incident)
                    yield self.make(
                        "loop",
                        p.phase,
                        loop.incident,
                        1.0,
                        seqs,
                        facts,
                        "loop",
                        ("duty", "loop", who, {"phase": p.phase}),
                    )

    def roads(self) -> Iterator[Finding]:
        """Roads that command learned of by driving into them."""
        found: dict[str, list[int]] = {}
        for e in self.g.of(ev.RoadFound):
            found.setdefault(e.link, []).append(e.seq)
        for link, seqs in found.items():
            facts = {"road": self.both(lambda g, x=link: g.teller.link(x)), "count": _number(len(seqs))}
            yield self.make(
                "road", link, "", len(seqs), seqs, facts, "road", ("duty", "road", self.lead(""), {"duty": "road_news"})
            )

    def crowding(self) -> Iterator[Finding]:
        """Help that waited at the scene because there was no room, longer than the terms allow."""
        queued: dict[str, list[float]] = {}
        for s in self.g.line.sorties.values():
            queued.setdefault(s.incident, []).extend(x.seconds for x in s.spans if x.what == "queued")
        for incident, waits in queued.items():
            longest = max(waits, default=0.0)
            if longest > self.g.terms.get("queue", 0.0):
                facts = {"incident": self.incident(incident), "count": _number(len(waits)), "span": self.span(longest)}
                seqs = [e.seq for e in self.g.of(ev.Queued) if e.incident == incident]
                yield self.make("crowding", "", incident, longest, seqs, facts, "crowding",
                                ("plan_version", "crowding", self.lead(incident), {"rule": "staging"}))  # fmt: skip

    def deliveries(self) -> Iterator[Finding]:
        """Supplies that came short or not at all, forces that were refused, money without voucher."""
        signed = {e.request: e for e in self.g.of(ev.SupplySigned)}
        asked = {e.request: e for e in self.g.of(ev.SupplyAsked)}
        passed_up = {e.parent for e in asked.values() if e.parent}
        for request, want in asked.items():
            got = signed.get(request)
            if (got is None and request not in passed_up) or (got is not None and got.why):
                facts = {"item": self.both(lambda g, i=want.item: g.item(i)), "wanted": _number(want.amount), "got": _number(got.amount if got else 0),
                         "why": self.both(lambda g, w=got.why if got else "not_filled": g.named("fault", w))}  # fmt: skip
                seqs = [want.seq, *([got.seq] if got else [])]
                yield self.make("supply", f"{want.item}/{request}", want.incident, want.amount - (got.amount if got else 0), seqs, facts, "supply",
                                ("stock", "supply", self.post(want.post), {"item": want.item}))  # fmt: skip
        for e in self.g.of(ev.ForceAnswered):
            if e.answer == "refused":
                facts = {
                    "force": self.both(lambda g, f=e.force: g.named("force", f)),
                    "why": self.both(lambda g, w=e.why: g.named("why", w) if w else "–"),
                }
                yield self.make(
                    "force",
                    e.force,
                    e.incident,
                    1.0,
                    [e.seq],
                    facts,
                    "force",
                    ("duty", "force", self.lead(e.incident), {"force": e.force}),
                )
        for a in self.g.of(ev.FundAudited):
            if a.unaccounted > 0:
                facts = {"amount": _number(a.unaccounted)}
                yield self.make(
                    "fund",
                    a.voucher,
                    a.incident,
                    a.unaccounted,
                    [a.seq],
                    facts,
                    "fund",
                    ("duty", "fund", self.lead(a.incident), {"duty": "ledger"}),
                )

    def public(self) -> Iterator[Finding]:
        """Figures given to the public that were not true then."""
        for e in self.g.of(ev.Published):
            true = self.g.truth(e.incident, e.t)
            wrong = {n: v for n, v in e.figures.items() if n in true and v != true[n]}
            if wrong:
                facts = {"incident": self.incident(e.incident), "told": self.both(lambda g, f=wrong: g.counts(f, tuple(f))),
                         "true": self.both(lambda g, f=wrong, t=true: g.counts(t, tuple(f)))}  # fmt: skip
                yield self.make("public", e.form, e.incident, sum(abs(v - true[n]) for n, v in wrong.items()), [e.seq], facts, "public",
                                ("duty", "public", self.post(e.post), {"duty": "one_figure"}))  # fmt: skip

    def _last(self, people: Sequence[Any]) -> list[int]:
        names = {p.id for p in people}
        return [e.seq for e in self.g.of(ev.PersonChanged) if e.person in names and e.status is Status.DEAD]


def _listed_item(o: Obligation) -> bool:
    return o.duty.startswith("item/")


def _number(value: float) -> Words:
    return Words(f"{value:g}", f"{value:g}")
