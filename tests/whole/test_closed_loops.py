"""The closed loop on the real city: drills that close, and drills in which it is shown what went wrong, where and by whom."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sim.analysis import faults, invariants, phases
from sim.analysis import review as reviewing
from sim.analysis.duties import ledger_of
from sim.analysis.facts import Facts
from sim.analysis.owed import LATE, MET, MISSED, Loop, Obligation
from sim.analysis.review.blocks import Origin, Review, Table
from sim.domain import events as ev
from sim.domain.people import Status
from sim.redrill import redrill
from sim.reviews import review, terms
from sim.runs import Run, run
from sim.scenario.compile import load_case
from tests.whole.shipped import CASES, FLAGSHIP, shipped

HOUR = 3600.0


def all_of(made: Run, kind: type[ev.Event], **fields: object) -> list[Any]:
    """The events of a kind with these fields."""
    return [e for e in made.events if isinstance(e, kind) and all(getattr(e, k) == v for k, v in fields.items())]


def loops(made: Run) -> dict[str, Loop]:
    """The loops of a run by incident."""
    return {loop.incident: loop for loop in phases.loops(made.events, made.cast)}


def broken(made: Run) -> dict[str, list[str]]:
    """The phases that are broken, by incident; empty if all is closed."""
    found = {
        name: [p.phase for p in loop.phases if p.state in ("open", "broken")] for name, loop in loops(made).items()
    }
    return {name: lines for name, lines in found.items() if lines}


@cache
def reviewed(name: str, lang: str = "zh") -> Review:
    """The review of a shipped drill."""
    made = shipped(name)
    return reviewing.build(made.events, made.cast, lang, Origin(run=name, digest="0" * 64), terms())


def text(name: str, lang: str = "zh") -> str:
    """All a reader of the review of a drill is told."""
    made = shipped(name)
    return reviewing.render(reviewed(name, lang), "md", made.events, made.cast).decode()


def lawful(made: Run) -> None:
    """No law of the journal is broken."""
    assert [str(v) for v in invariants.check(made.events, made.cast)] == []


# ── two counties ──


def test_what_lies_in_two_counties_is_led_by_the_city() -> None:
    """One county leads; when the city hears of the second it raises the response under 4.7.4 and leads both parts."""
    made = shipped("two_counties_river")
    lawful(made)
    raised = all_of(made, ev.PlanActivated, incident="W1", post="CITY", level=3)
    told = next(e for e in made.events if isinstance(e, ev.ReportReceived) and (e.incident, e.post) == ("W2", "CITY"))

    assert [e.post for e in all_of(made, ev.LeadTaken, incident="W1")] == ["530325", "CITY"]
    assert [e.post for e in all_of(made, ev.LeadTaken, incident="W2")] == ["530324", "CITY"]
    assert [e.clause for e in raised] == ["EV 4.7.4"]
    assert made.events[made.events[raised[0].cause].cause].seq == told.seq, (
        "the city acts on what it heard, not on the river"
    )
    assert broken(made) == {}
    assert "EV 4.7.4" in text("two_counties_river")
    assert all(e.outcome == "met" for e in all_of(made, ev.ExpectationSettled))


# ── raised twice ──


def test_a_response_is_raised_twice_each_time_under_its_clause_and_by_another_chief() -> None:
    """Signs: IV; a sensitive time: III under 4.7.6; six and more missing: II under 4.7.2."""
    made = shipped("huize_slide_raised_twice")
    lawful(made)
    steps = [(e.level, e.clause) for e in all_of(made, ev.PlanActivated, post="CITY", plan="GH")]
    chiefs = [e.chief for e in all_of(made, ev.CommandFormed)]

    assert steps == [(4, "GH 4.3.4"), (3, "GH 4.7.6"), (2, "GH 4.7.2")]
    assert chiefs == ["分管副市长", "常务副市长"], "who is replaced before the command meets never leads it"
    assert broken(made) == {}
    assert all(clause in text("huize_slide_raised_twice") for clause in ("GH 4.7.6", "GH 4.7.2"))


# ── suspended and resumed ──


def test_a_rescue_is_suspended_for_the_rescuers_and_goes_on_when_experts_allow() -> None:
    """A man is hurt: all come out under HZ 4.8; checked, they go in; the tank makes noises: out again for half an hour."""
    made = shipped("xuanwei_ammonia_suspended")
    lawful(made)
    out, back = all_of(made, ev.ResponseSuspended), all_of(made, ev.ResponseResumed)
    hit = all_of(made, ev.RespondersHit)[0]

    assert [(e.why, e.clause) for e in out] == [("wind_turned", "HZ 4.8"), ("ordered", "HZ 4.8")]
    assert out[0].cause == hit.seq and [e.cause for e in back] == [e.seq for e in out]
    assert back[1].t - out[1].t == 1800.0
    for begun, ended in zip(out, back, strict=True):
        at_the_face = [e for e in all_of(made, ev.Assigned) if e.demand and begun.t < e.t < ended.t]
        assert at_the_face == [], "nobody works at the face meanwhile"
    checks = [e for e in all_of(made, ev.TaskDone) if e.task == "HZ/safety_watch"]
    assert [e.t for e in checks] == [back[0].t], "the experts' word and the resumption are one"
    assert broken(made) == {}
    assert "responders/F1" in [f.id for f in reviewed("xuanwei_ammonia_suspended").findings]


# ── a search ──


@pytest.mark.slow
def test_a_rescue_that_finds_no_one_becomes_a_search_and_ends_on_that_ground() -> None:
    """Three in no register: ten days after the figure last changed the command gives up hope, and only then it can end."""
    made = shipped("xuanwei_slide_search")
    lawful(made)
    (search,) = all_of(made, ev.RescueBecameSearch)
    lost = [e for e in all_of(made, ev.PersonChanged) if e.status is Status.MISSING]
    (closed,) = all_of(made, ev.IncidentClosed)
    told = [e for e in made.events if isinstance(e, ev.ReportReceived) and e.post == "CITY" and e.seq < search.seq]

    assert (search.post, search.missing, search.clause) == ("CITY", 3, "GH 4.9.6")
    assert 10 * 24 * HOUR < search.t < 15 * 24 * HOUR
    assert search.cause in [e.seq for e in told] or isinstance(
        made.events[search.cause], (ev.Graded, ev.NeedsStated, ev.ResponseChanged)
    )
    assert len(lost) == 3 and {e.cause for e in lost} == {search.seq} and {e.why for e in lost} == {"search"}
    assert closed.reason == "search" and closed.t >= search.t
    assert {e.basis for e in all_of(made, ev.ResponseChanged, level=0)} == {"GH 4.9.6"}
    final = all_of(made, ev.Published, form="final")[-1]
    assert final.figures["missing"] == 3.0, "the missing are not forgotten in the last notice"
    assert [e.task for e in all_of(made, ev.TaskDone) if e.task.endswith("/search")] == ["GH/search"]
    assert broken(made) == {}
    assert "转入搜寻" in text("xuanwei_slide_search")


@pytest.mark.slow
def test_nobody_is_given_up_by_a_search_that_nobody_decided_on() -> None:
    """Without the decision the ledger of people says of each of the three that something is wrong."""
    made = shipped("xuanwei_slide_search")
    told = invariants.check([e for e in made.events if not isinstance(e, ev.RescueBecameSearch)], made.cast)

    assert sum("a search that nobody decided on" in v.what for v in told) == 3


@pytest.mark.slow
def test_the_search_is_decided_on_what_is_believed() -> None:
    """Told that nobody is missing, the command sees no reason to search, whoever lies there."""
    case = load_case(CASES["xuanwei_slide_search"])
    day = run(case)
    until = next(e.t for e in day.events if isinstance(e, ev.RescueBecameSearch))
    seen = [
        e.sighting.trapped for e in day.events if isinstance(e, ev.ReportSent) and until - 9 * 24 * HOUR < e.t < until
    ]

    assert set(seen) == {3}, "all reports of those days say three"


# ── the flagship: a coal mine ──


def test_a_coal_mine_is_inquired_into_by_the_mine_safety_administration() -> None:
    """Below 特别重大 not the government: the local office's inquiry passes up to the provincial one when a third man dies."""
    made = shipped("fuyuan_inrush")
    lawful(made)
    units = {e.unit for e in all_of(made, ev.TaskDone) if e.task.startswith("CM/inquiry")}
    corrected = all_of(made, ev.CasualtiesCorrected)[0]
    later = [e for e in all_of(made, ev.TaskArose) if e.task == "CM/inquiry.larger"]

    passed_up = {(e.unit, e.t) for e in all_of(made, ev.TaskLapsed, why="passed_up")}

    assert units == {"province_mine_safety"}
    assert passed_up == {("mine_safety", corrected.t)}
    assert later[0].t == corrected.t, "three dead are 较大: the inquiry goes up"
    assert not [e for e in all_of(made, ev.TaskArose) if e.task.startswith("GH/inquiry")], "a slide that hurt nobody"
    assert broken(made) == {}


def test_the_two_lists_name_the_office_of_the_place() -> None:
    """The health bureau that was late is that of Fuyuan, not one of any county, city or district."""
    lists = next(
        b
        for s in reviewed("fuyuan_inrush").sections
        for b in s.blocks
        if isinstance(b, Table) and "两个清单" in b.caption
    )
    cells = [cell for row in lists.rows for cell in row]

    assert any("富源县卫生健康局" in cell for cell in cells)
    assert not any("县（市、区）" in cell for cell in cells)


# ── conduct ──


def test_figures_kept_low_come_out_and_each_who_kept_them_low_is_named() -> None:
    """The mine reports three hours late, the county tells of a third: 迟报 of the one, 谎报 of the other, both proven."""
    made = shipped("shizong_concealed_outburst")
    lawful(made)
    facts = Facts(made.events, made.cast)
    found = {(f.kind, f.sender.id): f.proven for f in faults.faults_of(facts, ledger_of(facts))}
    told = {f.id: f.problem_en for f in reviewed("shizong_concealed_outburst").findings}

    assert found == {("late", "enterprise"): True, ("false", "530323"): True}
    assert (
        "Unit where it happened (Xiongbi Town) – late" in told["report/late/R2/F1"]
        and "County" in told["report/false/F1"]
    )
    assert "expect/county_knows" in told and "duty/unit_report/F1" not in told, "one late report is one finding"
    assert broken(made) == {}


@pytest.mark.slow
def test_troops_asked_directly_move_at_once_and_are_confirmed_afterwards() -> None:
    """A great shock: militia, armed police and garrison go before the papers, the sub-district confirms; laws hold."""
    made = shipped("military_urgent")
    lawful(made)
    moved = {e.force: e.t for e in reversed(all_of(made, ev.ForceSetOut))}
    confirmed = {e.force: e.t for e in all_of(made, ev.ForceAnswered, answer="confirmed")}
    (field,) = all_of(made, ev.FieldEnded)

    assert confirmed and all(moved[force] <= t for force, t in confirmed.items() if force in moved)
    assert field.reason == "settled" and broken(made) == {}, (
        "the rescue phase lasts a week, then one command ends it all"
    )
    assert any(e.expectation == "asked" and e.outcome == "met" for e in all_of(made, ev.ExpectationSettled))


# ── a delay is found again ──

HELD = {  # unit -> (a task of its own on the flagship that then goes late, hours)
    "propaganda": ("CM/notice", 6),
    "finance": ("CM/funds", 60),
    "experts": ("CM/consultation", 4),
    "county_police": ("CM/cordon", 4),
}


WAITING: dict[str, tuple[str, ...]] = {}


@pytest.mark.slow
@pytest.mark.parametrize("unit", HELD)
def test_a_delay_anywhere_is_lateness_of_the_right_debtor_with_the_delay_in_its_chain(unit: str) -> None:
    """Whoever is held up on the flagship is late, and nobody whose work does not wait for theirs; the inject is in the chain."""
    task, hours = HELD[unit]
    inject = f'{{"id": "held", "title": "受阻", "at": "+00:30", "do": [{{"delay": {{"unit": "{unit}", "by": "{hours} h"}}}}]}}'
    (_, plain), (facts, owed) = (_ledger(run(load_case(FLAGSHIP, settings=(f"injects=[{i}]",)))) for i in ("", inject))
    held = owed[task, "F1"]
    worse = {o.debtor.id for k, o in owed.items() if o.outcome in (LATE, MISSED) and plain.get(k, o).outcome == MET}

    assert plain[task, "F1"].outcome == MET
    assert held.debtor.id == unit and held.outcome in (LATE, MISSED)
    assert any(isinstance(facts.by_seq[step.seq], ev.InjectReleased) for step in held.chain)
    assert held.held_by is not None and held.held_by.why == "inject"
    assert worse <= {unit, *WAITING.get(unit, ())}, "nobody else's work suffers but theirs who wait for it"


def _ledger(made: Run) -> tuple[Facts, dict[tuple[str, str], Obligation]]:
    facts = Facts(made.events, made.cast)
    return facts, {(o.restated or o.duty, o.incident): o for o in ledger_of(facts) if o.round == 1}


# ── what the platform buys ──

MOMENTS = {
    "activation": lambda e: isinstance(e, ev.PlanActivated) and e.post == "CITY",
    "command": lambda e: isinstance(e, ev.CommandFormed),
    "consultation": lambda e: isinstance(e, ev.Consulted),
    "notice": lambda e: isinstance(e, ev.Published),
    "crew": lambda e: isinstance(e, ev.Arrived),
}


@pytest.mark.slow
@pytest.mark.parametrize("replication", range(8))
def test_on_off_and_degraded_come_in_this_order_with_the_same_luck(replication: int) -> None:
    """On the flagship nothing that headquarters do comes sooner without the platform, nor sooner degraded than without."""
    times = []
    for state in ("on", "off", "degraded"):
        made = run(load_case(FLAGSHIP, settings=(f"platform={state}",), replication=replication))
        first = {k: next(e.t for e in made.events if of(e) and e.incident == "F1") for k, of in MOMENTS.items()}
        times.append(first)
    on, off, degraded = times

    for moment in MOMENTS:
        assert on[moment] <= off[moment] <= degraded[moment], moment
    assert on["activation"] < off["activation"] < degraded["activation"]


# ── re-drill ──


@pytest.mark.slow
def test_the_accepted_measures_of_a_review_make_the_next_drills_better_for_the_reason_stated(tmp_path: Path) -> None:
    """Six seeds of the flagship: never worse; the interval of the paired difference lies above nothing; what helps is data."""
    first = run(FLAGSHIP, tmp_path / "first").folder
    assert first is not None
    accepted = tmp_path / "measures.yaml"
    accepted.write_text(review(first).measures(), encoding="utf-8")
    found = redrill(FLAGSHIP, accepted, range(1, 7))
    low, high = found.interval()
    energy = next(e for e in found.effects if e.measure.unit == "energy")

    assert all(t.gain >= 0.0 for t in found.trials) and 0.0 < low <= found.gain <= high
    assert sum(t.late[1] for t in found.trials) < sum(t.late[0] for t in found.trials)
    assert energy.found and energy.gone + energy.smaller == energy.found and energy.helps, "who is awake is told"
    assert all(e.smaller + e.gone == 0 for e in found.effects if e.measure.kind == "deadline"), (
        "what is only recorded does nothing"
    )
    assert [t.dead[0] for t in found.trials] == [t.dead[1] for t in found.trials], (
        "offices that are quicker save nobody here"
    )


def test_without_measures_nothing_is_better(tmp_path: Path) -> None:
    """The same drill twice: the difference is nothing at all, and so is its interval."""
    none = tmp_path / "none.yaml"
    none.write_text("[]\n", encoding="utf-8")
    found = redrill(CASES["toytown_detour"], none, range(1, 4))

    assert [t.gain for t in found.trials] == [0.0, 0.0, 0.0] and found.interval() == (0.0, 0.0)
    assert found.effects == ()
