"""Ledger, phases, faults, accounts, mechanisms and marks, on small journals written by hand."""

from __future__ import annotations

import msgspec
import pytest

from sim.analysis import accountability, causes, duties, faults, mechanisms, phases, scoring, timeline, workbook
from sim.analysis.facts import Facts
from sim.analysis.owed import Account, Loop, Obligation, PhaseLine
from sim.analysis.review import due
from sim.analysis.review.blocks import Origin
from sim.analysis.review.ground import both
from sim.analysis.telling import Teller
from sim.domain import events as ev
from sim.domain.people import Status
from tests.analysis.law_kit import MIN, RESTATES, D, Day, H, cast, moved


def task(day: Day, name: str = "HZ/t") -> Obligation:
    """A task of a plan, as the ledger has it."""
    return next(o for o in duties.ledger(day.events(), cast()) if o.duty == name)


def phase(day: Day, name: str, until: float = 800 * D) -> PhaseLine:
    """A phase of the loop on that day."""
    return next(p for p in loop(day, until).phases if p.phase == name)


def loop(day: Day, until: float = 800 * D) -> Loop:
    """The loop on that day."""
    (found,) = phases.loops(day.events(until), cast())
    return found


def account(day: Day, who: str) -> Account:
    """Somebody's account on that day."""
    return next(
        a for a in accountability.accounts(day.events(), cast()) if (a.party.id or duties.key_of(a.party)) == who
    )


# ── the ledger and its chains ──


def test_what_a_plan_asks_for_is_in_the_ledger_with_its_evidence() -> None:
    """A task due in an hour, done after two by the bureau, checked by the office."""
    found = task(Day().arose(0, "HZ/t", "rescue", due=H).done(2 * H, "HZ/t"))

    assert (found.source, found.outcome, found.lateness, found.evidence) == ("plan", "late", H, "凭据")
    assert (found.debtor.id, found.debtor.name.en, found.phase) == ("bureau", "bureau", "rescue")


def test_a_delay_injected_anywhere_is_the_longest_step_of_the_chain() -> None:
    """The unit was told after a minute, acknowledged after three hours, and then needed twenty minutes."""
    day = (
        Day()
        .arose(0, "HZ/t", "rescue", due=H)
        .tell(MIN, ev.UnitNotified, post="city", unit="bureau", channel="phone", due_at=2 * MIN)
        .tell(3 * H, ev.UnitAcknowledged, unit="bureau")
        .done(3 * H + 20 * MIN, "HZ/t")
    )
    found = task(day)

    assert found.held_by is not None and found.held_by.why == "acknowledging"
    assert found.held_by.waited == 3 * H - MIN
    assert sum(step.waited for step in found.chain) == found.lateness + H


def test_a_notice_that_nobody_waited_for_is_no_step_of_the_chain() -> None:
    """The police knew at once and were told after twenty minutes what they were at already: it is their work that took so long."""
    day = Day().arose(0, "HZ/t", "rescue", due=20 * MIN)
    day.tell(20 * MIN, ev.UnitNotified, post="city", unit="bureau", channel="phone", due_at=20 * MIN)
    events = day.done(22 * MIN, "HZ/t").events()
    arose = next(e for e in events if isinstance(e, ev.TaskArose))
    events = [msgspec.structs.replace(e, cause=arose.seq) if isinstance(e, ev.TaskDone) else e for e in events]
    found = next(o for o in duties.ledger(events, cast()) if o.duty == "HZ/t")

    assert found.held_by is not None and (found.held_by.why, found.held_by.waited) == ("at_work", 22 * MIN)


@pytest.mark.parametrize(
    ("heard", "why"), [((), "never_told"), (("told",), "never_acknowledged"), (("told", "heard"), "never_done")]
)
def test_what_was_never_done_says_how_far_it_came(heard: tuple[str, ...], why: str) -> None:
    """Not told, not acknowledged, or just not done."""
    day = Day().arose(0, "HZ/t", "rescue", due=H)
    if "told" in heard:
        day.tell(MIN, ev.UnitNotified, post="city", unit="bureau", channel="phone", due_at=MIN)
    if "heard" in heard:
        day.tell(2 * MIN, ev.UnitAcknowledged, unit="bureau")
    found = task(day)

    assert found.outcome == "missed"
    assert found.chain[-1].why == why


def test_a_report_that_was_withheld_is_in_the_chain_of_the_one_that_came_late() -> None:
    """The county held its report back for four hours: that is what the chain shows."""
    day = Day().found(0).report(0, "county")
    day.tell(MIN, ev.ReportWithheld, sender="county", receiver="city", why="late", until=4 * H)
    day.report(4 * H, "city", sender="county")
    facts = Facts(day.events(), cast())
    found = next(o for o in duties.ledger_of(facts) if o.duty == "R3_county")

    assert found.outcome == "late"
    assert "report_withheld" in [str(facts.by_seq[s.seq].__struct_config__.tag) for s in found.chain]
    for lang, said in (("zh", "最久"), ("en", "the longest")):
        assert said in "\n".join(causes.told(found, facts, Teller(cast(), lang)))


def test_items_of_the_two_lists_are_owed_until_they_are_struck_off() -> None:
    """A measure due in ten days, closed after twelve."""
    day = Day().tell(
        D, ev.ItemListed, item="m1", table="measures", unit="bureau", due_at=11 * D, text_zh="修泵", text_en="Mend it"
    )
    day.tell(13 * D, ev.ItemClosed, item="m1", unit="bureau", evidence="x")
    found = task(day, "item/m1")

    assert (found.outcome, found.lateness, found.title.zh) == ("late", 2 * D, "修泵")


def test_the_order_in_which_others_did_theirs_does_not_matter() -> None:
    """An obligation depends on its own events only."""
    alone = Day().arose(0, "HZ/t", "rescue", due=H).done(2 * H, "HZ/t")
    crowd = Day().arose(0, "HZ/t", "rescue", due=H).arose(0, "HZ/u", "rescue", "office", H)
    crowd.done(30 * MIN, "HZ/u", "office", "bureau").done(2 * H, "HZ/t")

    assert (task(alone).outcome, task(alone).lateness) == (task(crowd).outcome, task(crowd).lateness)


def test_a_journal_cut_off_never_says_missed_of_what_is_not_yet_due() -> None:
    """At every moment of a journal, what is missed was due."""
    whole = (
        Day().found(0).report(H, "county").graded(2 * H, "city", 3).arose(2 * H, "HZ/t", "rescue", due=9 * H).events()
    )
    for end in range(2, len(whole)):
        for o in duties.ledger(whole[:end], cast()):
            if o.outcome == "missed" and o.due_at is not None:
                assert o.due_at <= whole[end - 1].t


@pytest.mark.parametrize(
    ("reason", "late_one", "open_ended"), [("horizon", "open", "open"), ("settled", "missed", "missed")]
)
def test_what_the_horizon_cut_off_is_missed_only_if_it_was_due_before(
    reason: str, late_one: str, open_ended: str
) -> None:
    """Offices play on for months after the field; of an accident whose work was cut off they cannot have owed anything more."""
    day = Day().found(0).arose(0, "HZ/early", "rescue", due=H).arose(0, "HZ/after", "office", due=9 * D)
    day.arose(0, "HZ/rescue", "rescue", due=None)
    day.tell(5 * D, ev.FieldEnded, reason=reason)

    assert [task(day, f"HZ/{name}").outcome for name in ("early", "after", "rescue")] == [
        "missed",
        late_one,
        open_ended,
    ]


def test_nobody_owes_anything_to_themselves() -> None:
    """“Rescue: the brigade → the brigade” is told as the brigade's; whom else it is owed to is named."""
    book = Day().found(0).arose(0, "HZ/own", "rescue", due=H).arose(0, "HZ/other", "rescue", due=H).events()
    creditors = {"HZ/own": "bureau", "HZ/other": "office"}
    book = [msgspec.structs.replace(e, creditor=creditors[e.task]) if isinstance(e, ev.TaskArose) else e for e in book]
    ground, _ = both(book, cast(), Origin(), {})
    owed = [o for o in ground.settled.obligations if o.source == "plan"]

    assert [row[2].count("→") for row in due.table(ground, "x", sorted(owed, key=lambda o: o.duty)).rows] == [1, 0]


def test_the_workbook_has_the_ledger_of_the_review() -> None:
    """Whose, by when, done when: the same lines as the review counts, those by plan among them."""
    events = Day().found(0).report(5 * MIN, "county").arose(0, "HZ/t", "rescue", due=H).done(2 * H, "HZ/t").events()
    (sheet,) = (s for s in workbook.sheets(events, timeline.build(events), cast(), "en") if s.title == "Duties")
    owed = [o for o in duties.ledger(events, cast()) if o.outcome != "not_owed"]

    assert len(sheet.rows) == len(owed) and {o.source for o in owed} == {"law", "plan"}
    (task_row,) = (row for row in sheet.rows if row[0] == "HZ/t")
    assert (task_row[2], task_row[6] is None, task_row[7] is None) == ("bureau", False, False)
    assert [c.head for c in sheet.columns][2:9] == ["Debtor", "Owed to", "Clause", "Arose", "Due", "Done", "Outcome"]


# ── the loop ──


def closed_day() -> Day:
    """An accident that goes all the way: found, reported, graded, answered, ended, looked into, put right, filed."""
    day = Day().found(0).report(5 * MIN, "county").report(10 * MIN, "city", sender="county").graded(20 * MIN, "city", 2)
    day.tell(
        21 * MIN,
        ev.OrderGiven,
        order="S",
        post="city",
        element="e",
        team="t",
        task="x",
        supplies=1.0,
        grounds="",
        expected=0.0,
    )
    day.tell(21 * MIN, ev.Alerted, sortie="S", element="e", turnout=0.0).tell(
        25 * MIN, ev.Arrived, sortie="S", element="e"
    )
    day.tell(20 * MIN, ev.ResponseChanged, post="city", level=3, basis="x").activated(20 * MIN)
    day.tell(
        30 * MIN, ev.CommandFormed, post="city", command="c", chief="市长", chief_en="Mayor", standing=False, clause="4"
    )
    day.tell(40 * MIN, ev.GroupStaffed, post="city", group="rescue", lead="bureau")
    day.report(H, "city", 1, "county").tell(2 * H, ev.HazardOver, reason="x").closed(3 * H)
    for i, name in enumerate(
        ("aftercare", "inquiry", "accountability", "rectification", "rectification_review", "archive")
    ):
        day.arose((4 + i) * H, f"HZ/{name}", name).done((4 + i) * H + MIN, f"HZ/{name}")
    return day.tell(H, ev.Published, post="city", form="notice", figures={})


def test_a_loop_is_closed_when_every_phase_that_fell_due_has_its_evidence() -> None:
    """Nobody was hurt, nothing was asked for: those phases never fell due."""
    found = loop(closed_day())

    assert (found.state, found.at) == ("closed", None)
    assert phase(closed_day(), "command_post").done_at == 40 * MIN
    assert phase(closed_day(), "medical").state == "not_due"
    assert len(found.phases) == 22


def test_the_first_phase_without_evidence_is_where_the_loop_is_broken() -> None:
    """Aftercare was asked for and never came; an archive that nobody asked for is not due."""
    command = {"command": "c", "chief": "", "chief_en": "", "standing": True, "clause": "4"}
    day = Day().found(0).activated(H).tell(H + MIN, ev.CommandFormed, post="city", **command)
    day.tell(H + MIN, ev.GroupStaffed, post="city", group="g", lead="bureau").closed(2 * H).arose(
        2 * H, "HZ/c", "aftercare"
    )
    found = loop(day)

    assert found.state == "broken" and found.at is not None
    assert (found.at.phase, found.at.why) == ("intake", "not_done")
    assert (phase(day, "aftercare").state, phase(day, "archive").state) == ("broken", "not_due")


def test_evidence_that_the_doer_checked_himself_closes_nothing() -> None:
    """The bureau verifies its own inquiry."""
    day = Day().activated(0).closed(H).arose(2 * H, "HZ/i", "inquiry").done(3 * H, "HZ/i", "bureau", "bureau")

    assert (phase(day, "inquiry").state, phase(day, "inquiry").why) == ("broken", "own_verifier")


def test_a_phase_of_several_tasks_is_closed_with_the_last_of_them() -> None:
    """The group is set up, then the report is made: only then is the inquiry done."""
    day = Day().activated(0).closed(H).arose(2 * H, "HZ/a", "inquiry").done(3 * H, "HZ/a")
    day.arose(4 * H, "HZ/b", "inquiry")

    assert phase(day, "inquiry").state == "broken"
    assert phase(day.done(9 * H, "HZ/b"), "inquiry").done_at == 9 * H


def test_what_is_opened_again_must_be_closed_again() -> None:
    """A review finds the rectification wanting; a second round closes it."""
    day = (
        Day()
        .arose(D, "HZ/r", "rectification")
        .done(2 * D, "HZ/r")
        .tell(3 * D, ev.PhaseReopened, phase="rectification", why="check")
    )

    assert (phase(day, "rectification").state, phase(day, "rectification").why) == ("broken", "not_closed_again")
    day.arose(3 * D, "HZ/r", "rectification").done(5 * D, "HZ/r")
    assert (phase(day, "rectification").state, phase(day, "rectification").done_at) == ("closed", 5 * D)
    assert len(phase(day, "rectification").reopened) == 1


@pytest.mark.parametrize(
    ("nature", "died", "state"),
    [("works", 20, "broken"), ("works", 31, "closed"), ("road", 20, "closed"), ("road", 6, "broken")],
)
def test_a_death_inside_the_correction_window_opens_the_grading_again(nature: str, died: int, state: str) -> None:
    """Thirty days, but seven in road traffic and fire; a new grading closes it."""
    day = Day(nature).found(0).report(0, "county").graded(MIN, "county", 1).closed(H).dies(died * D)

    assert phase(day, "grading").state == state
    assert phase(day.graded(died * D + H, "county", 1), "grading").state == "closed"


@pytest.mark.parametrize(("reason", "state"), [("horizon", "open"), ("settled", "broken")])
def test_what_waits_for_the_end_is_not_missed_where_the_time_of_the_run_was_up(reason: str, state: str) -> None:
    """Work still went on at the end of the time: the loop is open, nobody has missed it; else it is broken."""
    day = Day().report(0, "county").tell(H, ev.OrderGiven, order="S1", element="E", team="T", post="county", task="x",
                                         supplies=1.0, grounds="", expected=2 * H)  # fmt: skip
    events = [msgspec.structs.replace(e, reason=reason) if isinstance(e, ev.FieldEnded) else e for e in day.events()]

    assert next(p for p in phases.loops(events, cast())[0].phases if p.phase == "rescue").state == state


def test_the_city_s_call_is_owed_to_the_province_also_where_a_task_of_the_plan_was_done() -> None:
    """Whose post did the task is not to whom it was owed."""
    day = Day().report(0, "city").graded(H, "city", 3)
    day.tell(H, ev.TaskArose, task="HZ/tell", post="city", unit="office", creditor="province", phase="first_report",
             clause="4", due_at=2 * H).done(H, "HZ/tell")  # fmt: skip
    named = msgspec.structs.replace(cast(), restates={**RESTATES, "HZ/tell": ("R9_city",)})
    told = next(o for o in duties.ledger(day.events(), named) if o.duty == "R9_city")

    assert (told.outcome, told.creditor.id) == ("met", "province")


def test_what_is_corrected_of_one_place_closes_the_phase_of_the_disaster_again() -> None:
    """Somebody hurt in what followed dies in hospital: that place is corrected, and the grading of the whole with it."""
    day = Day().occurs(MIN, "blackout", "F1.cut", "F1").found(0).report(0, "county").graded(MIN, "county", 1).closed(H)
    figures = {"post": "county", "dead": 1, "missing": 0, "injured": 0}
    day.tell(D, ev.CasualtiesCorrected, incident="F1.cut", **figures)
    day.tell(D, ev.PhaseReopened, phase="grading", why="new_victims")

    assert phase(day, "grading").state == "closed"
    assert phase(day.tell(2 * D, ev.PhaseReopened, phase="grading", why="new_victims"), "grading").state == "broken"


def test_what_is_not_yet_due_leaves_the_loop_open() -> None:
    """A year after the accident the review of rectification may still come."""
    day = closed_day().arose(20 * D, "HZ/second", "rectification_review")
    events = [e for e in day.events() if e.t <= 20 * D and not isinstance(e, ev.RunEnded)]
    (found,) = phases.loops(events, cast())

    assert found.state in ("open", "closed") and all(p.state != "broken" for p in found.phases)


# ── late, missed, false, concealed ──


def withheld(why: str, until: float | None, *, exposed: bool) -> list[faults.Fault]:
    """The county withholds its report to the city."""
    day = (
        Day()
        .found(0)
        .report(0, "county")
        .tell(MIN, ev.ReportWithheld, sender="county", receiver="city", why=why, until=until)
    )
    if until is not None:
        day.report(until, "city", sender="county")
    if exposed:
        day.tell(9 * H, ev.ConductExposed, sender="county", by="city", how="call")
    return [f for f in faults.faults(day.events(), cast()) if f.duty == "R3_county"]


@pytest.mark.parametrize(
    ("why", "until", "exposed", "kind", "suspected"),
    [
        ("late", 3 * H, False, "late", False),
        ("missed", None, False, "missed", False),
        ("concealed", None, True, "concealed", False),
        ("concealed", None, False, "missed", True),
        ("concealed", 5 * H, True, "concealed", False),
    ],
)
def test_the_four_ways_to_fail_a_report(
    why: str, until: float | None, exposed: bool, kind: str, suspected: bool
) -> None:
    """Concealed is what was hidden, past its deadline, and found out; before that it is missed, and suspected."""
    (found,) = withheld(why, until, exposed=exposed)

    assert (found.kind, found.suspected, found.sender.id) == (kind, suspected, "county")


def test_a_report_held_back_and_still_in_time_is_no_fault() -> None:
    """An hour of two."""
    assert withheld("late", H, exposed=False) == []


def test_a_false_report_is_one_that_its_sender_did_not_believe() -> None:
    """Believed five dead, told two: a gap of minus three; an honest error is none."""
    day = Day().found(0).report(0, "county", dead=2)
    assert faults.faults(day.events(), cast())[0].kind != "false"

    day.tell(0, ev.ReportFalsified, report="R", sender="enterprise", believed={"dead": 5.0}, told={"dead": 2.0})
    found = [f for f in faults.faults(day.events(), cast()) if f.kind == "false"]

    assert [(f.gap, f.proven) for f in found] == [({"dead": -3.0}, False)]


def test_what_a_unit_keeps_back_is_its_first_report_whatever_the_caller_is_called() -> None:
    """The unit knows at once and tells after three hours: R2 is late, and the chain says that it was withheld."""
    day = Day().found(0).tell(0, ev.ReportWithheld, sender="unit", receiver="county", why="concealed", until=3 * H)
    day.tell(3 * H, ev.ConductExposed, sender="unit", by="county", how="tip").report(3 * H, "county")
    (found,) = (f for f in faults.faults(day.events(), cast()) if f.duty == "R2")
    first = next(o for o in duties.ledger(day.events(), cast()) if o.duty == "R2")

    assert (found.kind, found.sender.id, found.lateness) == ("concealed", "enterprise", 2 * H)
    assert "withheld" in {step.why for step in first.chain}


# ── accounts ──


def test_an_account_says_what_was_owed_what_came_of_it_and_what_the_law_attaches() -> None:
    """The county reports late: N1, with the articles on officials, none of those on enterprises."""
    day = Day().found(0).report(0, "county").report(3 * H, "city", sender="county")
    found = account(day, "county")

    assert (found.count("late"), [b.entry for b in found.breaches]) == (1, ["N1"])
    assert {c.id for c in found.consequences} == {"officials", "measures"}
    assert all(c.source and c.standing for c in found.consequences)
    assert {c.id for c in account(Day().found(0).report(2 * H, "county"), "enterprise").consequences} == {
        "principal_late"
    }


@pytest.mark.parametrize(
    ("entry", "day"),
    [
        ("N2", Day().graded(0, "city", 2)),
        ("N3", Day().activated(0)),
        ("N4", Day().tell(0, ev.ForceAnswered, request="r", force="f", by="bureau", answer="refused", why="")),
        ("N5", Day().report(0, "city", dead=4).tell(7 * H, ev.Published, post="city", form="notice", figures={"dead": 1.0})),
        ("N6", Day().arose(0, "HZ/r", "rectification", due=D).done(2 * D, "HZ/r")),
        ("N7", Day().tell(0, ev.ReportFalsified, report="R", sender="county", believed={"dead": 5.0}, told={"dead": 2.0})),
        ("N9", Day().graded(0, "city", 3)),
        ("N10", Day().graded(0, "city", 1).hurt(H).closed(D)),
        ("N11", Day().tell(0, ev.FundAudited, voucher="v", unaccounted=5000.0)),
        ("N12", Day().tell(0, ev.UnitNotified, post="city", unit="bureau", channel="phone", due_at=0.0)),
    ],
)  # fmt: skip
def test_every_entry_of_the_negative_list_is_found(entry: str, day: Day) -> None:
    """Each on the smallest journal that shows it."""
    found = [b for a in accountability.accounts(day.events(), cast()) for b in a.breaches if b.entry == entry]

    assert found and all(b.party.name.zh or b.party.id or entry == "N11" for b in found)
    assert all(b.seqs for b in found)


def test_a_figure_that_was_right_when_the_notice_was_drafted_is_no_breach() -> None:
    """Four dead were known an hour ago, five now: both may be read out; six hours on only five."""
    day = Day().report(0, "city", dead=4).report(H, "city", 1, dead=5)
    early = day.tell(2 * H, ev.Published, post="city", form="notice", figures={"dead": 4.0})
    facts = Facts(early.events(), cast())
    assert not list(accountability.contradictions(facts, ("dead",), 6 * H))

    late = Facts(early.tell(8 * H, ev.Published, post="city", form="update", figures={"dead": 4.0}).events(), cast())
    assert len(list(accountability.contradictions(late, ("dead",), 6 * H))) == 1


@pytest.mark.parametrize(("dead", "found"), [(6.0, 0), (4.0, 1), (9.0, 1)])
def test_what_the_public_is_told_of_a_disaster_is_held_against_all_its_places(dead: float, found: int) -> None:
    """Four dead where it began and two where it spread to: six is right, four or nine are not."""
    day = Day().occurs(MIN, "blackout", "F1.cut", "F1").report(H, "city", dead=4)
    day.report(H, "city", dead=2, incident="F1.cut")
    day.tell(9 * H, ev.Published, post="city", form="notice", figures={"dead": dead})

    assert len(list(accountability.contradictions(Facts(day.events(), cast()), ("dead",), 6 * H))) == found


def test_whom_a_search_looks_for_may_be_called_missing_though_no_report_says_so() -> None:
    """A search began: nobody is reported as trapped any more, the toll of the post has two missing."""
    day = Day().report(0, "city", trapped=2).report(H, "city", 1)
    day.tell(H, ev.TollStated, post="city", dead=0, missing=2, injured=0, places=1)
    day.tell(9 * H, ev.Published, post="city", form="update", figures={"missing": 2.0})

    assert not list(accountability.contradictions(Facts(day.events(), cast()), ("missing",), 6 * H))


@pytest.mark.parametrize(
    ("nature", "dead", "vetoes"),
    [
        ("pit", 9, []),
        ("pit", 10, ["major_in_four"]),
        ("site", 3, ["larger_in_others"]),
        ("crush", 30, []),
        ("slide", 30, []),
    ],
)
def test_the_one_vote_veto_goes_by_the_dead_and_the_trade(nature: str, dead: int, vetoes: list[str]) -> None:
    """Ten dead in mines, three in other trades; neither a disaster of nature nor an attack vetoes anybody."""
    day = Day(nature).involved(0, *[Status.DEAD] * dead)
    found = [v for a in accountability.accounts(day.events(), cast()) for v in a.vetoes]

    assert [v.ground for v in found] == vetoes
    assert all(v.party.id == "county" for v in found)


# ── mechanisms and marks ──


def test_there_are_eleven_mechanisms_and_each_says_what_shows_it() -> None:
    """On the day that went all the way: the command is shown, money and stores left no trace."""
    found = {m.id: m for m in mechanisms.mechanisms(closed_day().events(), cast())}

    assert len(found) == 11
    assert (found["accountability"].state, found["levels"].state) == ("shown", "shown")
    assert found["funds"].state == "absent"


def test_every_mark_points_at_the_events_that_earned_it() -> None:
    """And what left no trace counts as a gap."""
    card = scoring.score(closed_day().events(), cast())
    assert card is not None
    items = [i for d in card.dimensions for i in d.items]

    assert sum(i.weight for i in items) == 100
    assert all(i.seqs for i in items if i.marks and i.id not in ("secondary", "responders", "contradictions", "short"))
    assert {i.id for i in card.gaps} >= {"acknowledgement"}
    assert 0 < card.score < 100 and card.score == card.uncapped


def test_a_dead_responder_caps_the_score() -> None:
    """Whatever else was earned."""
    day = closed_day().tell(H, ev.RespondersHit, sortie="S", element="e", dead=1, hurt=0, why="x")
    card = scoring.score(day.events(), cast())

    assert card is not None and card.score <= 69
    assert [line.id for line in card.red_lines] == ["responder_dead"]


def test_doing_it_sooner_never_earns_less() -> None:
    """A command post after ten minutes against one after three hours."""
    events = closed_day().events()
    staffed = next(e.seq for e in events if isinstance(e, ev.GroupStaffed))
    soon, slow = scoring.score(events, cast()), scoring.score(moved(events, staffed, 3 * H), cast())

    assert soon is not None and slow is not None and soon.score > slow.score


def test_the_cast_is_read_back_as_it_was_written() -> None:
    """Law and all."""
    text = msgspec.json.encode(cast())

    assert msgspec.json.decode(text, type=type(cast())) == cast()


def test_whoever_set_to_work_untold_was_not_held_up_by_being_told_later() -> None:
    """The bureau that owes the warning anyway is told of the accident by the command in between: that is no step of it."""
    day = Day().tell(H, ev.TaskArose, task="EQ/report", post="city", unit="bureau", creditor="", phase="detection", clause="3",
                     due_at=2 * H)  # fmt: skip
    day.tell(2 * H, ev.UnitNotified, post="city", unit="bureau", channel="phone", due_at=2 * H).done(3 * H, "EQ/report")
    events = day.events()
    arose = next(e for e in events if isinstance(e, ev.TaskArose))
    events = [msgspec.structs.replace(e, cause=arose.seq) if isinstance(e, ev.TaskDone) else e for e in events]
    late = next(o for o in duties.ledger(events, cast()) if o.duty == "EQ/report")

    assert late.outcome == "late"
    assert [step.why for step in late.chain[1:]] == ["at_work"]


@pytest.mark.parametrize(("closed", "state"), [(H, "not_due"), (5 * H, "broken")])
def test_no_command_post_is_owed_where_all_was_over_before_it_fell_due(closed: float, state: str) -> None:
    """A response that ended within the hour needed none; one that lasted five hours did."""
    day = Day().activated(0).closed(closed)

    assert phase(day, "command_post").state == state
    charged = [b.entry for a in accountability.accounts(day.events(), cast()) for b in a.breaches]
    assert ("N3" in charged) is (state == "broken")


@pytest.mark.parametrize(("city", "owed"), [(30 * MIN, False), (90 * MIN, True)])
def test_nobody_phones_the_city_what_it_has_found_itself(city: float, owed: bool) -> None:
    """The city grades it larger before the county does: the county owes no call that says so."""
    day = Day().report(0, "county").report(0, "city").graded(H, "county", 2).graded(city, "city", 2)

    assert any(o.duty == "R9" for o in duties.ledger(day.events(), cast())) is owed


@pytest.mark.parametrize(("due", "outcome"), [(3 * H, "not_owed"), (None, "not_owed"), (H, "missed")])
def test_what_lapsed_is_owed_by_nobody_unless_it_was_overdue_by_then(due: float | None, outcome: str) -> None:
    """It counts neither way and has no chain; overdue at two hours it was missed."""
    day = Day().arose(0, "HZ/t", "evacuation", due=due).lapsed(2 * H, "HZ/t")
    found = task(day)

    assert (found.outcome, bool(found.chain)) == (outcome, outcome == "missed")
    assert duties.tally([found]) == {"met": 0, "late": 0, "missed": int(outcome == "missed")}


def test_a_phase_is_what_its_other_tasks_are_where_one_lapsed() -> None:
    """Of evacuation with one task done in time and one lapsed the phase is closed; with nothing but the lapsed it is not due."""
    both = Day().arose(0, "HZ/t", "evacuation", due=9 * H).arose(0, "HZ/u", "evacuation", due=9 * H)
    both.done(H, "HZ/t").lapsed(2 * H, "HZ/u")
    one = Day().arose(0, "HZ/u", "evacuation", due=9 * H).lapsed(2 * H, "HZ/u")
    states = [
        next(line.state for line in phases.loops(day.events(), cast())[0].phases if line.phase == "evacuation")
        for day in (both, one)
    ]

    assert states == ["closed", "not_due"]


def test_who_delivers_the_report_answers_for_the_inquiry() -> None:
    """The response is assessed by another office, and later: that is the last of the phase, but not whose inquiry it is."""
    day = Day().closed(H).arose(H, "CM/inquiry.larger", "inquiry").arose(H, "CM/assessment", "inquiry")
    day.done(40 * D, "CM/inquiry.larger", unit="mine_safety", verifier="court").done(
        50 * D, "CM/assessment", unit="bureau"
    )
    found = phase(day, "inquiry")

    assert (found.state, found.responsible.en, found.verifier.en) == ("closed", "mine_safety", "court")
    assert found.done_at == 50 * D


def test_a_phase_whose_overdue_task_passed_up_is_late_and_not_broken() -> None:
    """The inquiry was not set up in time by whoever owed it first; it passed up and its report was delivered."""
    day = Day().closed(H).arose(H, "CM/inquiry_group.general", "inquiry", due=2 * D)
    day.lapsed(3 * D, "CM/inquiry_group.general").arose(3 * D, "CM/inquiry.larger", "inquiry", due=60 * D)
    found = phase(day.done(40 * D, "CM/inquiry.larger"), "inquiry")

    assert (found.state, found.outcome, found.why) == ("closed", "late", "")
    assert task(day, "CM/inquiry_group.general").outcome == "missed"
