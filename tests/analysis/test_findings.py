"""Findings: what is the same in many places is one, the gravest come first, and each has a measure somebody can be held to."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from sim import catalog
from sim.analysis import indicators
from sim.analysis.facts import Facts
from sim.analysis.indicators import MEASURES, Run
from sim.analysis.review.against import BETTER, OPEN, WORSE, state_of
from sim.analysis.review.blocks import HOURS, LAW, PEOPLE, Finding, Instance, Origin
from sim.analysis.review.ground import both
from sim.analysis.review.maker import Maker, Remedy, number
from sim.analysis.review.problems import people
from sim.analysis.review.problems_of_duty import duties
from sim.analysis.review.together import ranked, together
from sim.analysis.review.words import WORDS
from sim.analysis.scoring import score
from sim.domain import events as ev
from sim.domain.hazards import Sighting
from sim.domain.people import Person, Status
from sim.journal.cast import Cast, CastHospital, Words
from sim.journal.law import Band, Indicator, Rubric, RubricDimension
from sim.reader import load
from tests.analysis.conftest import SITE, Book

TERMS = {"due_duty": 30 * 86_400.0, "page": 12.0, "late_from": 60.0}


def maker(events: list[ev.Event], cast: Cast) -> Maker:
    """Makes findings of a journal."""
    return Maker(*both(events, cast, Origin(), TERMS))


def shaken(places: int) -> list[ev.Event]:
    """An accident and what followed from it in so many places."""
    book = Book()
    said: dict[str, Any] = {"nature": "x", "origin": "", "site": SITE, "scope": {}}
    book.add(ev.IncidentOccurred, 0.0, -1, incident="E1", name_zh="地震", name_en="Quake", **said)
    for n in range(places):
        book.add(
            ev.IncidentOccurred, 1.0, 0, incident=f"E1.{n}", name_zh="坍塌", name_en="Collapse", parent="E1", **said
        )
    book.add(ev.RunEnded, 9e5, -1, reason="settled")
    return book.events


def late(m: Maker, incident: str, by: float, **more: Any) -> Finding:
    """A duty that was so late in an incident."""
    facts = {"title": number(by), "late": m.span(by), "incident": m.incident(incident)}
    then = Remedy("duty", "expect", m.lead(""), {"expectation": "x"})
    return m.make("duty", "notice", incident, by, [0], facts, "expect_late", then, matters=HOURS, **more)


def test_thirty_places_of_an_earthquake_are_one_finding_told_by_the_worst_of_them(cast: Cast) -> None:
    """Count, worst case and list; the id names the accident they go back to, and is the same however many there are."""
    m = maker(shaken(30), cast)
    found = together(m, [late(m, f"E1.{n}", 60.0 * (n + 1)) for n in range(30)])

    assert [f.id for f in found] == ["duty/notice/E1"] == [together(m, [late(m, "E1.7", 60.0)])[0].id]
    assert len(found[0].cases) == 30 and found[0].size == 1800.0 and "30" in found[0].problem_en
    assert found[0].problem_en.startswith(late(m, "E1.29", 1800.0).problem_en) and found[0].total == sum(
        60.0 * n for n in range(1, 31)
    )


def test_two_disasters_are_two_findings(cast: Cast) -> None:
    """What does not go back to the same accident is not the same finding."""
    m = maker(shaken(1), cast)

    assert len(together(m, [late(m, "E1.0", 60.0), late(m, "F9", 60.0)])) == 2


def test_the_gravest_come_first_people_then_hours_then_the_law() -> None:
    """One life before a month's delay, an hour before a paper; among people the most, among hours the longest."""

    def of(name: str, matters: str, size: float, kind: str = "duty") -> Finding:
        return Finding(name, kind, "", "", "", size, (0,), matters=matters, weight=size)

    found = ranked([
        of("paper", LAW, 1e9, "fund"), of("report", LAW, 1.0, "report"), of("hour", HOURS, 3600.0), of("month", HOURS, 2.6e6),
        of("one", PEOPLE, 1.0, "waiting"), of("ten", PEOPLE, 10.0, "trapped"),
    ])  # fmt: skip

    assert [f.id for f in found] == ["ten", "one", "month", "hour", "report", "paper"]


def test_what_was_never_done_is_not_measured_against_what_was_done_late(cast: Cast) -> None:
    """A span that was only broken off is no span: done late is better, not done again is as bad, whatever the clocks say."""
    m = maker(shaken(1), cast)
    missed, again, done = late(m, "E1", 100.0, unfinished=True), late(m, "E1", 9e5, unfinished=True), late(m, "E1", 5e5)

    assert state_of(m.g, missed, done) == BETTER and state_of(m.g, done, missed) == WORSE
    assert state_of(m.g, missed, again) == OPEN
    assert state_of(m.g, done, late(m, "E1", 5e5 + 30.0)) == OPEN, "half a minute is nothing that anybody would say"
    fewer = msgspec.structs.replace(done, cases=(Instance("E1", "", "", 4e5, (0,)),))
    assert state_of(m.g, done, fewer) == BETTER


def test_a_measure_falls_due_long_before_the_archive_is_closed(journal: list[ev.Event], cast: Cast) -> None:
    """Counted from the end of the last response, not from the last line of a journal that runs on for a year."""
    book = Book()
    book.events = journal[:-1]
    end = book.add(ev.RunEnded, journal[-1].t + 400 * 86_400.0, -1, reason="settled")
    m = maker(book.events, cast)
    due = late(m, "F1", 60.0).measure
    assert due is not None

    assert due.due < m.g.date(book.events[end].t).isoformat() and due.due >= m.g.date(journal[-1].t).isoformat()


def test_an_item_has_debtor_clause_proof_and_a_verifier_who_is_not_its_debtor(
    journal: list[ev.Event], cast: Cast
) -> None:
    """Of every finding about a duty that was late."""
    for f in duties(maker(journal, cast)):
        assert f.measure is not None and f.measure.clause.zh and f.measure.proof.zh and f.measure.verifier.zh, f.id
        assert f.measure.verifier.zh != f.measure.unit_zh


def test_every_criterion_of_the_statute_has_words_in_both_languages() -> None:
    """A grading is told by what decided it, never by the key of a file."""
    scales = load(catalog.models_root() / "rules" / "severity.yaml").data
    names = {name for scale in scales.values() for name in (scale.get("criteria") or {})}

    assert names and {f"count.{name}" for name in names} <= WORDS.keys()


# ── indicators that used to have no evidence ──


def run_of(events: list[ev.Event], cast: Cast) -> Run:
    """A run as read."""
    return Run(Facts(events, cast))


def test_no_indicator_of_the_shipped_rubric_is_without_evidence_by_design() -> None:
    """Each of the hundred marks can be earned: a run without fault has no gap."""
    rows = [i for d in load(catalog.models_root() / "scoring" / "reference.yaml").data["dimensions"].values()
            for i in d["indicators"].values()]  # fmt: skip

    assert sum(float(i["weight"]) for i in rows) == 100 and {i["measure"] for i in rows} <= MEASURES.keys()


def test_a_count_left_out_of_one_report_in_two_is_half(journal: list[ev.Event], cast: Cast) -> None:
    """Reports from post to post; those from the spot do not count here."""
    book = Book()
    for n in range(2):
        book.add(ev.ReportSent, 60.0, -1, report=f"r{n}", incident="F1", sender="county", receiver="city", number=n,
                 sighting=Sighting(), channel="phone", due_at=70.0)  # fmt: skip
    book.add(ev.ReportFalsified, 60.0, -1, report="r1", incident="F1", sender="county", believed={"dead": 2.0}, told={},
             why="missed")  # fmt: skip

    assert indicators.left_out(run_of(book.events, cast), ()).value == 0.5
    assert not indicators.left_out(run_of([], cast), ()).called


def test_patients_beyond_a_hospital_s_places_are_counted(cast: Cast) -> None:
    """Two places, three patients: one in three; a place that became free again is a place."""
    place = msgspec.structs.replace(cast, hospitals={"H": CastHospital(Words("医院", "Hospital"), "A", 2)})
    book = Book()
    book.add(ev.HandedOver, 1.0, -1, sortie="S", incident="F1", persons=("a", "b"), hospital="H")
    book.add(ev.HandedOver, 2.0, -1, sortie="S", incident="F1", persons=("c",), hospital="H")
    assert indicators.over_places(run_of(book.events, place), ()).value == pytest.approx(1 / 3)

    book.add(ev.PersonChanged, 3.0, -1, incident="F1", person="a", status=Status.SAVED)
    book.add(ev.PersonChanged, 3.0, -1, incident="F1", person="b", status=Status.SAVED)
    book.add(ev.HandedOver, 4.0, -1, sortie="S", incident="F1", persons=("d",), hospital="H")
    assert indicators.over_places(run_of(book.events, place), ()).value == 0.25


def test_a_rubric_that_names_an_older_measure_counts_it_as_a_gap(journal: list[ev.Event], cast: Cast) -> None:
    """A run folder keeps the rubric it was run with; what this program no longer measures is a gap, not a crash."""
    old = Indicator("old", Words("旧", "old"), "no_longer_there", 5.0, "1", 1.0, 0.0, "config")
    dimension = RubricDimension("d", Words("维", "dim"), 5.0, (old,))
    card = score(journal, cast, Rubric("r", Words("表", "card"), (dimension,), (), (Band(Words("差", "poor"), 0.0),)))

    assert card is not None and [i.id for i in card.gaps] == ["old"]


def dies_at_home(after: float) -> list[ev.Event]:
    """Somebody poisoned at home dies so long after they were last well; nobody knew."""
    book = Book()
    book.add(ev.IncidentOccurred, 0.0, -1, incident="F1", nature="x", origin="", site=SITE, scope={}, name_zh="甲",
             name_en="A")  # fmt: skip
    book.add(ev.PersonsInvolved, 10.0, incident="F1", persons=(Person("c", Status.EXPOSED),))
    book.add(ev.PersonChanged, 10.0, incident="F1", person="F1/c", status=Status.WAITING, why="co_poisoned")
    book.add(ev.PersonChanged, 10.0 + after, incident="F1", person="F1/c", status=Status.DEAD, why="co_poisoned")
    book.add(ev.RunEnded, 9e5, -1, reason="settled")
    return book.events


@pytest.mark.parametrize(("after", "measure"), [(60.0, "do.prevention"), (7200.0, "do.waiting")])
def test_who_died_before_anybody_could_come_asks_for_prevention(cast: Cast, after: float, measure: str) -> None:
    """Nobody is asked to watch more places, or to drive faster, for somebody who died within a minute."""
    m = Maker(*both(dies_at_home(after), cast, Origin(), TERMS | {"too_soon": 180.0}))
    found = next(f for f in people(m) if f.id.startswith("waiting/"))

    assert found.measure is not None
    assert (found.measure.text_en == WORDS["do.prevention"][1]) is (measure == "do.prevention")
