# ruff: noqa: E501 - a sentence and its day stand in one line
"""Every deadline of the law, as a sentence: on a small journal written by hand, in time it is met, a minute late it is late,
and where nothing comes it is missed."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from sim.analysis import duties
from sim.analysis.owed import Obligation
from sim.domain import events as ev
from tests.analysis.law_kit import INQUIRIES, MIN, D, Day, H, cast, moved

Told = Callable[[float], Day]  # the day on which the thing was done at t
UNDATED = {"E92"}  # owed by law, which gives no time for it

SENTENCES: dict[str, tuple[str, float, Told]] = {
    # sentence: (duty, due at, the day)
    "R2 the head of the unit reports to the county within one hour of learning of it":
        ("R2", H, lambda t: Day().found(0).report(t, "county")),
    "R3 the county reports to the city within two hours of receiving it, whatever the class":
        ("R3_county", 2 * H, lambda t: Day().found(0).report(0, "county").report(t, "city", sender="county")),
    "R3 the city reports to the province within two hours of grading it 较大":
        ("R3_city", 2 * H, lambda t: Day().graded(0, "city", 2).report(t, "province", sender="city")),
    "R6 of a coal-mine accident the mine safety office is told at once, read as half an hour":
        ("R6", 30 * MIN, lambda t: Day("pit").found(0).arose(0, "CM/tell", "first_report").done(t, "CM/tell")),
    "R7 who finds a public-health event tells the county within two hours":
        ("R7_unit", 2 * H, lambda t: Day("disease").found(0).report(t, "county")),
    "R7 the county passes a public-health event on within two hours":
        ("R7_county", 2 * H, lambda t: Day("disease").report(0, "county").report(t, "city", sender="county")),
    "R7 the city passes a public-health event on to the province within two hours":
        ("R7_city", 2 * H, lambda t: Day("disease").graded(0, "city", 2).report(t, "province", sender="city")),
    "R8 disaster figures go up every day until they are stable":
        ("R8", 24 * H, lambda t: Day("slide").report(0, "county").report(t, "city", 1, "county").tell(60 * H, ev.HazardOver, reason="x")),
    "R9 a duty office tells the one above by phone within half an hour of 较大":
        ("R9", 30 * MIN, lambda t: Day().graded(0, "county", 2).report(t, "city", sender="county")),
    "R9 the city's duty office tells the province by phone within half an hour of 较大":
        ("R9_city", 30 * MIN, lambda t: Day().graded(0, "city", 2).report(t, "province", sender="city")),
    "The county reports a natural disaster to the city at once, read as half an hour":
        ("R61_county", 30 * MIN, lambda t: Day("slide").report(0, "county").report(t, "city", sender="county")),
    "R10 the first follow-up of 较大 and above comes within twelve hours":
        ("R10", 12 * H, lambda t: Day().graded(0, "county", 2).report(t, "city", 1, "county")),
    "R10 and another every twelve hours until the response ends":
        ("R10_next", 12 * H, lambda t: Day().graded(0, "county", 2).report(0, "city", 1, "county").report(t, "city", 2, "county").closed(36 * H)),
    "R11 casualties that change after the end are corrected within thirty days of the accident":
        ("R11", 30 * D, lambda t: Day().closed(D).dies(5 * D).tell(t, ev.CasualtiesCorrected, post="county", dead=1, missing=0, injured=0)),
    "R11 but within seven days in road traffic and fire":
        ("R11_short", 7 * D, lambda t: Day("road").closed(D).dies(5 * D).tell(t, ev.CasualtiesCorrected, post="county", dead=1, missing=0, injured=0)),
    "R12 the final report comes within a day of the end of handling":
        ("R12", 24 * H, lambda t: Day().graded(0, "city", 2).closed(0).report(0, "city", 3, "scene").arose(0, "HZ/final", "follow_up").done(t, "HZ/final")),
    "R14 a township tells the county at once, read as half an hour":
        ("R14", 30 * MIN, lambda t: Day().report(0, "town").report(t, "county", sender="town")),
    "P1 of 重大 and above the public is told within five hours":
        ("P1", 5 * H, lambda t: Day().graded(0, "city", 3).tell(t, ev.Published, post="city", form="notice", figures={})),
    "P2 of 重大 and above there is a press conference within twenty-four hours":
        ("P2", 24 * H, lambda t: Day().graded(0, "city", 3).tell(t, ev.Published, post="city", form="press", figures={})),
    "P3 of 较大 the public is told within forty-eight hours":
        ("P3", 48 * H, lambda t: Day().graded(0, "city", 2).activated(0).tell(t, ev.Published, post="city", form="notice", figures={})),
    "I1 the county reports on the inquiry into a 一般 accident within sixty days of it":
        ("I1", 60 * D, lambda t: Day().graded(0, "city", 1).hurt(H).closed(D).arose(D, "HZ/i", "inquiry").done(t, "HZ/i")),
    "I2 the city on a 较大 one":
        ("I2", 60 * D, lambda t: Day().graded(0, "city", 2, 2).hurt(H).closed(D).arose(D, "HZ/i", "inquiry").done(t, "HZ/i")),
    "I3 the province on a 重大 one":
        ("I3", 60 * D, lambda t: Day().graded(0, "city", 3, 3).hurt(H).closed(D).arose(D, "HZ/i", "inquiry").done(t, "HZ/i")),
    "I4 the State Council on a 特别重大 one":
        ("I4", 60 * D, lambda t: Day().graded(0, "city", 4, 4).hurt(H).closed(D).arose(D, "HZ/i", "inquiry").done(t, "HZ/i")),
    "I5 the mine safety administration on a coal mine's, 重大 included":
        ("I5", 60 * D, lambda t: Day("pit").graded(0, "city", 3, 3).hurt(H).closed(D).arose(D, "CM/i", "inquiry").done(t, "CM/i")),
    "A1 the report is approved within fifteen days":
        ("A1", 15 * D, lambda t: Day().graded(0, "city", 2, 2).arose(0, "HZ/a", "accountability").done(t, "HZ/a")),
    "A2 within thirty where the accident was 特别重大":
        ("A2", 30 * D, lambda t: Day().graded(0, "city", 4, 4).arose(0, "HZ/a", "accountability").done(t, "HZ/a")),
    "A3 within a year of the approval the rectification is reviewed":
        ("A3", 365 * D, lambda t: Day().graded(0, "city", 2, 2).arose(0, "HZ/review", "rectification_review").done(t, "HZ/review")),
}  # fmt: skip


def owed(day: Day, duty: str, until: float = 800 * D) -> Obligation | None:
    """The first round of a duty on that day."""
    found = [o for o in duties.ledger(day.events(until), cast()) if o.duty == duty and o.round == 1]
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_deadline_of_the_law_holds_to_the_second(sentence: str) -> None:
    """Done when it is due it is met; a minute later it is late by a minute; it names who owes it and under which clause."""
    duty, due, day = SENTENCES[sentence]
    met, late = owed(day(due), duty), owed(day(due + MIN), duty)

    assert met is not None and late is not None
    assert (met.outcome, met.lateness, met.due_at) == ("met", 0.0, due)
    assert (late.outcome, late.lateness) == ("late", MIN)
    assert met.debtor.name.zh and met.creditor.name.zh and met.clause.zh and met.standing


@pytest.mark.parametrize("sentence", SENTENCES)
def test_what_never_comes_is_missed_and_before_it_is_due_it_is_open(sentence: str) -> None:
    """Taken out of the journal, the same thing is missed; in a journal that ends before it is due it is open."""
    duty, due, day = SENTENCES[sentence]
    whole = day(due).events()
    done = owed(day(due), duty)
    assert done is not None and done.done is not None
    proof = whole[done.done]
    rest = [e for e in whole if e.t < due or e.seq > proof.seq or e.t < proof.t]

    assert [o.outcome for o in duties.ledger(rest, cast()) if o.duty == duty and o.round == 1] == ["missed"]
    early = [e for e in rest if e.t < due and not isinstance(e, ev.RunEnded | ev.FieldEnded)]
    assert [o.outcome for o in duties.ledger(early, cast()) if o.duty == duty and o.round == 1] == ["open"]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_done_event_that_moves_past_its_due_moves_the_outcome(sentence: str) -> None:
    """Shifting what was done in time by its lateness turns met into late and nothing else decides: only the journal does."""
    duty, due, day = SENTENCES[sentence]
    whole = day(due / 2).events() if duty not in ("R11", "R11_short") else day(6 * D).events()
    first = next(o for o in duties.ledger(whole, cast()) if o.duty == duty and o.round == 1)
    assert first.outcome == "met" and first.done is not None
    again = next(o for o in duties.ledger(list(whole), cast()) if o.duty == duty and o.round == 1)

    shifted = moved(whole, first.done, due + 2 * MIN)
    later = next(o for o in duties.ledger(shifted, cast()) if o.duty == duty and o.round == 1)

    assert again == first
    assert (later.outcome, later.lateness) == ("late", 2 * MIN)


def test_nobody_owes_an_inquiry_for_another_class() -> None:
    """一般 is the county's, and of a coal mine nobody's but the mine safety administration's."""
    general = duties.ledger(Day().graded(0, "city", 1).hurt(H).closed(D).events(), cast())
    pit = duties.ledger(Day("pit").graded(0, "city", 2, 2).hurt(H).closed(D).events(), cast())
    disaster = duties.ledger(Day("slide").graded(0, "city", 2, 2).hurt(H).closed(D).events(), cast())

    assert [o.duty for o in general if o.duty.startswith("I")] == ["I1"]
    assert [o.duty for o in pit if o.duty.startswith("I")] == ["I5"]
    assert not [o for o in disaster if o.duty.startswith("I")]


def test_a_death_after_the_correction_window_is_owed_by_nobody() -> None:
    """On the 31st day casualties are no longer corrected."""
    day = Day().closed(D).dies(31 * D)

    assert [o.outcome for o in duties.ledger(day.events(), cast()) if o.duty == "R11"] == ["not_owed"]


def test_follow_ups_are_judged_span_by_span() -> None:
    """Follow-ups at 0, 10, 30 and 34 h, ended after 40: the second span got its report six hours late, the third its own."""
    day = Day().graded(0, "county", 2).closed(40 * H)
    for number, hour in enumerate((0, 10, 30, 34), 1):
        day.report(hour * H, "city", number, "county")

    found = [(o.round, o.outcome, o.lateness) for o in duties.ledger(day.events(), cast()) if o.duty == "R10_next"]

    assert found == [(1, "met", 0.0), (2, "late", 6 * H), (3, "met", 0.0)]


def test_in_a_city_without_plans_only_the_old_four_are_owed() -> None:
    """Nothing that plans bring about falls due where there are none."""
    day = Day(planned=False).found(0).report(60, "county").graded(70, "city", 3, 3).closed(D).dies(2 * D)
    nobody = msgspec.structs.replace(cast(), units={})

    assert {o.duty for o in duties.ledger(day.events(), nobody)} == {"R2", "R3_county", "R3_city", "R10"}


def test_every_obligation_is_a_sentence_here_or_says_why_it_cannot_be() -> None:
    """No deadline of the table goes untested."""
    known = {duty for duty, _, _ in SENTENCES.values()}

    assert {d.id for d in cast().obligations} == known | UNDATED | {d.id for d in duties.unwitnessed(cast())}
    assert {d.id for d in duties.unwitnessed(cast())} == {"R1", "R4_state", "R7_province", "R13", "I_longer"}


# ── what is not owed: the law of another class ──

WORK_SAFETY = {
    "R2",
    "R3_county",
    "R3_city",
    "R11",
    "R11_short",
    *INQUIRIES,
    "A1",
    "A2",
    "A3",
}  # Order 493, Work Safety Law
NOT_OWED = {
    "A landslide is reported by the Emergency Response Law and surveyed; no accident law holds for it": ("slide", WORK_SAFETY | {"R6", "R7_unit"}),
    "A knife attack or a crush is the police's: no inquiry into an accident, no report of Order 493": ("crush", WORK_SAFETY | {"R7_unit", "R8"}),
    "An epidemic goes by the Public-health Regulations": ("disease", WORK_SAFETY | {"R8", "R61_county"}),
    "A poisoned meal goes by the Public-health Regulations, too": ("canteen", WORK_SAFETY | {"R8", "R61_county"}),
    "An animal disease is no accident and no disaster of nature": ("herd", WORK_SAFETY | {"R7_unit", "R8"}),
    "Order 493 leaves environmental pollution out": ("river", WORK_SAFETY | {"R8"}),
    "A blackout has an order of its own": ("blackout", WORK_SAFETY | {"R8"}),
    "A lift has an order of its own": ("lift", WORK_SAFETY | {"R8"}),
    "A coal mine's accident is inquired into by the mine safety administration alone": ("pit", {"I1", "I2", "I3", "R7_unit", "R8", "R61_county"}),
    "A works accident owes nothing of nature's and health's law": ("works", {"R6", "R7_unit", "R7_county", "R8", "R61_county", "I5"}),
}  # fmt: skip


@pytest.mark.parametrize("sentence", NOT_OWED)
def test_the_law_of_another_class_is_not_owed(sentence: str) -> None:
    """Through a whole day with dead, an inquiry, an approval and a review, nothing of that law arises."""
    nature, foreign = NOT_OWED[sentence]
    day = (
        Day(nature).found(0).report(0, "town").report(60, "county", sender="town").report(120, "city", sender="county")
    )
    day.graded(180, "county", 2, 2).graded(180, "city", 2, 2).activated(200).hurt(H, 4).closed(D).dies(2 * D)
    day.arose(D, "HZ/i", "inquiry").done(40 * D, "HZ/i").arose(40 * D, "HZ/a", "accountability").done(50 * D, "HZ/a")
    day.arose(50 * D, "HZ/review", "rectification_review").done(300 * D, "HZ/review")
    own = {"HZ"} if nature == "works" else set()
    cast_of = msgspec.structs.replace(cast(), law=msgspec.structs.replace(cast().law, families=_without_plan(own)))

    found = {o.duty for o in duties.ledger(day.events(), cast_of) if o.source == "law"}

    assert found and not found & foreign


def _without_plan(own: set[str]) -> dict[str, str]:
    """The families as they are, but for that of the plan that the kit activates, so that the hazard's card decides."""
    return {family: kind for family, kind in cast().law.families.items() if family not in {"HZ"} - own}


def test_nobody_inquires_by_the_accident_law_where_nobody_was_hurt() -> None:
    """An accident without dead or injured owes no report of an inquiry: the unit may be left to it (Order 493 art. 19)."""
    day = Day().graded(0, "city", 1).report(H, "county").closed(D)

    assert not [o for o in duties.ledger(day.events(), cast()) if o.duty in INQUIRIES]


def test_a_later_report_is_no_final_report() -> None:
    """R12 is done by the final report alone: what the scene goes on to say does not do it."""
    day = Day().graded(0, "city", 2).closed(0).report(H, "city", 4, "scene").report(2 * H, "province", 5, "city")

    assert [o.outcome for o in duties.ledger(day.events(), cast()) if o.duty == "R12"] == ["missed"]


def test_figures_corrected_upward_are_the_report_of_what_they_make_of_it() -> None:
    """Who dies in hospital makes it 较大 a day after the end: that was reported with the figure, nobody telephones as well."""
    day = Day().report(0, "county").report(60, "city", sender="county").graded(120, "county", 1).closed(H).dies(D)
    day.tell(2 * D, ev.CasualtiesCorrected, post="county", dead=3, missing=0, injured=0).graded(2 * D, "county", 2, 2)
    events = day.events()
    by = next(e.seq for e in events if isinstance(e, ev.CasualtiesCorrected))
    events = [
        msgspec.structs.replace(e, cause=by) if isinstance(e, ev.Graded) and e.potential > 1 else e for e in events
    ]

    assert {o.duty: o.outcome for o in duties.ledger(events, cast()) if o.duty in ("R9", "R10")} == {
        "R9": "met", "R10": "met",
    }  # fmt: skip


# ── once a disaster ──


def test_a_disaster_owes_its_reports_once_whatever_follows_in_it() -> None:
    """What follows an accident is no accident of its own to report: one R2, one R3, one R10, and it counts as a follow-up."""
    day = Day().found(0).report(60, "county").report(120, "city", sender="county").graded(180, "county", 2)
    day.occurs(H, "works", "F1-1", "F1").tell(H, ev.Discovered, incident="F1-1", by="crew")
    day.report(H + MIN, "county", incident="F1-1").report(2 * H, "city", sender="county", incident="F1-1")
    day.tell(2 * H, ev.Graded, incident="F1-1", post="county", confirmed=1, potential=2, basis="x")

    found = [o for o in duties.ledger(day.events(), cast()) if o.source == "law"]

    assert {o.incident for o in found} == {"F1"}
    assert [o.duty for o in found if o.duty in ("R2", "R3_county", "R10")] == ["R2", "R3_county", "R10"]
    assert next(o for o in found if o.duty == "R10").done_at == 2 * H


def test_what_opened_a_response_by_another_plan_owes_its_own() -> None:
    """A works on fire after a landslide, with a plan of its own, is reported as an accident."""
    day = Day("slide").found(0).report(60, "county").activated(90, "GH")
    day.occurs(H, "works", "F1-1", "F1").tell(H, ev.Discovered, incident="F1-1", by="crew")
    day.tell(H, ev.PlanActivated, incident="F1-1", post="city", plan="HZ", version=1, level=3, clause="4.3")
    day.report(H + MIN, "county", incident="F1-1")

    assert [o.incident for o in duties.ledger(day.events(), cast()) if o.duty == "R2"] == ["F1-1"]


# ── what a plan restates ──


def test_what_a_plan_restates_of_the_law_is_counted_once_with_both_clauses() -> None:
    """The inquiry of the plan is the inquiry of the law: one line, one count, two clauses, and what it left behind."""
    day = Day().graded(0, "city", 2, 2).hurt(H).closed(D).arose(D, "HZ/i", "inquiry").done(40 * D, "HZ/i")

    found = [o for o in duties.ledger(day.events(), cast()) if o.duty in ("I2", "HZ/i")]

    assert [(o.duty, o.outcome, o.restated) for o in found] == [("I2", "met", "HZ/i")]
    assert "第二十九条" in found[0].clause.zh and "HZ 4" in found[0].clause.zh and found[0].evidence == "凭据"
    assert duties.tally(found) == {"met": 1, "late": 0, "missed": 0}


def test_an_office_that_every_county_has_is_named_by_its_county() -> None:
    """The ledger names whom it means, and keeps the debtors of two counties apart."""
    found = next(o for o in duties.ledger(Day().found(0).report(H, "county").events(), cast()) if o.duty == "R2")

    assert (found.debtor.name.zh, found.debtor.id) == ("某县某单位", "enterprise")
    assert duties.key_of(found.debtor) == "enterprise@某县某单位"
