"""Measures against figures worked out by hand, and the keys of the summary."""

from __future__ import annotations

import json

import pytest

from sim.analysis import measures, timeline
from sim.analysis.summary import KEYS, summarise
from sim.domain import events as ev
from sim.domain.people import Status
from sim.journal.cast import Cast, Duty, Sign, Words
from tests.analysis.law_kit import judged

ALWAYS = {
    "teams_dispatched", "people_dispatched", "first_arrival", "last_arrival", "incidents", "casualties", "response_levels",
    "phases_closed", "phases_due", "obligations", "digest",
}  # fmt: skip


def value(journal: list[ev.Event], cast: Cast, key: str) -> object:
    """One figure of the summary."""
    return summarise(journal, cast, "d")[key]["value"]


def test_the_keys_are_the_same_whatever_happened(journal: list[ev.Event], cast: Cast) -> None:
    """A day, an empty journal and a journal cut short have the same keys, each with value and unit, and are JSON."""
    empty: list[ev.Event] = []
    for events in (journal, empty, journal[:20], journal[:1]):
        summary = summarise(events, cast, "d")
        assert summary.keys() == KEYS.keys() >= ALWAYS
        assert all(entry.keys() == {"value", "unit"} and entry["unit"] for entry in summary.values())
        assert json.loads(json.dumps(summary)) == summary


def test_teams_and_people_are_counted_once_and_only_if_they_left(journal: list[ev.Event], cast: Cast) -> None:
    """Three teams, 9 + 9 + 10 + 3 people; before anyone left, none."""
    assert (value(journal, cast, "teams_dispatched"), value(journal, cast, "people_dispatched")) == (3, 31)
    ordered = [e for e in journal if e.t <= 420.0]
    assert (value(ordered, cast, "teams_dispatched"), value(ordered, cast, "people_dispatched")) == (0, 0)


def test_arrivals_are_those_of_the_journal(journal: list[ev.Event], cast: Cast) -> None:
    """The ambulance is first, the squad that turned round is last; nobody is None, not zero."""
    assert value(journal, cast, "first_arrival") == 1140.0
    assert value(journal, cast, "last_arrival") == 2640.0
    assert value(journal[:10], cast, "first_arrival") is None


def test_the_ledger_of_people_balances(journal: list[ev.Event], cast: Cast) -> None:
    """At every moment of the day: involved = saved + safe + dead + missing + open, and the dead add up by cause."""
    for end in range(len(journal) + 1):
        count = measures.casualties(timeline.build(journal[:end]).persons.values())
        outcome = sum(count[key] for key in ("saved", "safe", "missing", "open")) + count["dead"]["total"]
        assert count["involved"] == outcome
        assert count["dead"]["total"] == sum(n for why, n in count["dead"].items() if why != "total")


def test_the_dead_are_told_apart_by_what_they_waited_for(journal: list[ev.Event], cast: Cast) -> None:
    """One at once, one shut in, one in hospital."""
    count = value(journal, cast, "casualties")
    assert isinstance(count, dict)
    assert count["dead"] == {"total": 3, "at_once": 1, "trapped": 1, "waiting": 0, "in_care": 1, "responders": 0}


def test_each_way_to_die_has_its_cause() -> None:
    """The status before death decides, for responders the group does."""

    def dead(before: list[Status], group: str = "") -> str:
        steps = [(60.0 * i, status, "") for i, status in enumerate([*before, Status.DEAD])]
        return measures.cause_of_death(measures.PersonLine("p", "F1", group, "", steps))

    assert dead([]) == "at_once"
    assert (
        dead([Status.EXPOSED]) == dead([Status.EXPOSED, Status.EXPOSED]) == "at_once"
    )  # by a blow, however late it came
    assert dead([Status.TRAPPED]) == "trapped"
    assert dead([Status.TRAPPED, Status.WAITING]) == "waiting"
    assert (
        dead([Status.WAITING, Status.CARRIED]) == dead([Status.WAITING, Status.CARRIED, Status.HOSPITAL]) == "in_care"
    )
    assert dead([Status.TRAPPED], measures.RESPONDERS) == "responders"


def test_an_illness_kills_before_care_not_for_want_of_being_got_out() -> None:
    """Who is ill at home, or poisoned where they are, was never trapped; nor is a patient of a hospital in the dark."""

    def dead(why: str, since: float = 0.0) -> str:
        steps = [(since, Status.EXPOSED, "involved"), (60.0, Status.DEAD, why)]
        return measures.cause_of_death(measures.PersonLine("p", "F1", "", "", steps))

    assert dead("dies") == dead("died") == dead("untreated") == dead("co_poisoned", since=60.0) == "waiting"
    assert dead("patient_lost") == "in_care"
    assert dead("drowned") == "at_once"
    assert dead("overcome") == "trapped"  # by smoke, on the way out


def test_response_times_run_from_the_report(journal: list[ev.Event], cast: Cast) -> None:
    """Report taken at 420 s; ambulance there at 1140, pumps at 1920, the first squad at 2580."""
    assert value(journal, cast, "response_times") == {"F1": {"AMBULANCE": 720.0, "DRAIN": 1500.0, "RESCUE": 2160.0}}


def test_kilometres_and_hours_add_up(journal: list[ev.Event], cast: Cast) -> None:
    """S1 34 + 20, S2 32 + 20, S3 20 + 20, S4 10 + 20 + 10 km; 6900 + 6840 + 6780 + 2460 s away."""
    assert value(journal, cast, "km_travelled") == 186.0
    assert value(journal, cast, "element_hours") == 6.383
    assert value(journal, cast, "working_hours") == round((3660 + 3720 + 4080) / 3600, 3)
    assert value(journal, cast, "reroutes") == 2


def test_the_highest_level_counts(journal: list[ev.Event], cast: Cast) -> None:
    """Raised from IV to III and ended: the summary says III."""
    journal.insert(21, ev.ResponseChanged(21, 500.0, None, "county", "F1", 4, "general"))
    assert value(journal, cast, "response_levels") == {"F1": {"county": 3}}


def test_obligations_are_met_late_or_missed(journal: list[ev.Event], cast: Cast) -> None:
    """First report in two minutes of sixty; to the city after 485 s of 60; a final report never."""
    assert value(journal, cast, "obligations") == {"met": 1, "late": 1, "missed": 1}


def test_a_duty_whose_time_is_not_up_is_open(journal: list[ev.Event]) -> None:
    """A deadline beyond the end of the journal is neither met nor missed; at the end it is missed."""
    duty = Duty("d", Words("某", "d"), (Sign("discovered"),), (Sign("cut_off"),), 10_000.0)

    assert judged([duty], journal, 7500.0) == {("d", "F1"): "open"}
    assert judged([duty], journal, 10_300.0) == {("d", "F1"): "missed"}


def test_phases_close_when_their_evidence_is_there(journal: list[ev.Event], cast: Cast) -> None:
    """Detected and dispatched, never reviewed: two of three."""
    assert (value(journal, cast, "phases_closed"), value(journal, cast, "phases_due")) == (2, 3)
    assert (value(journal[:9], cast, "phases_closed"), value(journal[:9], cast, "phases_due")) == (1, 1)


@pytest.mark.parametrize(("number", "outcome"), [(0, "missed"), (1, "met"), (2, "met"), (7, "met")])
def test_a_follow_up_is_any_report_after_the_first(number: int, outcome: str, journal: list[ev.Event]) -> None:
    """A duty whose sign is `>=1` is met by the second report as by the eighth."""
    sent = [e for e in journal if isinstance(e, ev.ReportSent)][-1]
    sent.number = number
    duty = Duty("follow_up", Words("", ""), (Sign("discovered"),), (Sign("report_sent", {"number": ">=1"}),), None)

    others = [e for e in journal if not isinstance(e, ev.ReportSent) or e is sent]

    assert judged([duty], others, journal[-1].t)["follow_up", "F1"] == outcome
