"""The master event list by hand: in a world whose every time can be worked out, each way of releasing an inject and judging it."""

from __future__ import annotations

import pytest

from sim.analysis.msel import inject_lines
from sim.case import Action, Expectation, Inject, Several, State, When
from sim.domain import events as ev
from tests.whole.worlds import HOUR, LINK, MIN, ROLLING, Crew, Fate, Job, Task, Told, told

ARRIVES = ROLLING + 2 * LINK  # 1360: T1 from B to the job at D
TELL = (Action("tell", text_zh="话", text_en="words"),)
ARRIVAL = When("arrived", {"incident": "F1"})


def inject(name: str = "i", **how: object) -> Inject:
    """An inject that only tells."""
    return Inject(name, "导调", "inject", TELL, **how)  # type: ignore[arg-type]


def expected(within: float, done: object = ARRIVAL, of: str = "i", **how: object) -> Expectation:
    """An action expected after an inject."""
    return Expectation("x", "期望", "expected", done, within, None, of, overdue=True, **how)  # type: ignore[arg-type]


def day(*injects: Inject, expect: tuple[Expectation, ...] = (), **how: object) -> Told:
    """T1 goes from B to the job at D while these are released."""
    return told(Crew("T1", "B"), injects=injects, expect=expect, **how)


def line(day: Told, name: str = "i"):
    """What became of an inject."""
    return {found.id: found for found in inject_lines(day.events, day.cast)}[name]


# ── when ──


def test_a_chained_inject_comes_its_wait_after_the_other() -> None:
    """At 10 minutes the first, 20 minutes later the second, because of the first."""
    after = When("inject_released", {"inject": "first"}, after=20 * MIN)
    run = day(inject("first", at=600.0), inject(when=after))

    second = run.all(ev.InjectReleased, inject="i")[0]
    assert second.t == 1800.0 and second.cause == run.all(ev.InjectReleased, inject="first")[0].seq


def test_a_manual_inject_is_not_released_by_itself_and_does_not_keep_the_run_going() -> None:
    """Nobody gave it a time."""
    run = day(inject(manual=True))

    assert run.times(ev.InjectReleased) == [] and run.events[-1].t == run.time(ev.Returned)
    assert line(run).outcome == "not_released"


def test_a_contingent_inject_comes_when_the_time_of_an_action_is_up() -> None:
    """The arrival (1360 s) was expected by 600 + 300 s: at 900 s it is overdue, the inject follows at once, the action is late."""
    run = day(
        inject(at=600.0),
        inject("push", when=When("expectation_overdue", {"expectation": "x"})),
        expect=(expected(300.0),),
    )

    assert run.time(ev.ExpectationOverdue) == 900.0
    assert run.time(ev.InjectReleased, inject="push") == 900.0
    assert run.all(ev.ExpectationSettled)[0].outcome == "late" and run.time(ev.ExpectationSettled) == ARRIVES


def test_a_contingent_inject_is_left_out_if_the_action_comes_in_time() -> None:
    """Due at 600 + 760 s, done at just that moment: in time."""
    run = day(
        inject(at=600.0),
        inject("push", when=When("expectation_overdue", {"expectation": "x"})),
        expect=(expected(760.0),),
    )

    assert run.times(ev.ExpectationOverdue) == [] and run.times(ev.InjectReleased, inject="push") == []
    assert run.all(ev.ExpectationSettled)[0].outcome == "met"


def test_an_inject_is_withheld_if_what_it_provokes_was_done_before() -> None:
    """At 1400 s the crew has been there for 40 s; at 1300 s it had not."""
    late, early = day(inject(at=1400.0, unless=ARRIVAL)), day(inject(at=1300.0, unless=ARRIVAL))

    assert late.times(ev.InjectReleased) == [] and late.time(ev.InjectWithheld) == 1400.0
    assert early.time(ev.InjectReleased) == 1300.0 and early.times(ev.InjectWithheld) == []


def test_a_reading_that_stays_low_for_ten_minutes_releases() -> None:
    """One unit works the hour off from 1360 s: at most a quarter is left from 1360 + 2700 s on, ten minutes later it is told."""
    low = State("reading", "F1", name="left", high=900.0, lasting=10 * MIN)
    run = day(inject(when=low))

    assert run.time(ev.InjectReleased) == pytest.approx(ARRIVES + 2700 + 600, abs=0.002)


def test_a_reading_that_stays_high_counts_from_when_it_is_known() -> None:
    """It is above from the start: told after its ten minutes."""
    assert (
        day(inject(when=State("reading", "F1", name="left", low=10.0, lasting=600.0))).time(ev.InjectReleased) == 600.0
    )


def test_a_reading_that_ceases_in_between_does_not_count() -> None:
    """Above 1800 until 1360 + 1800 = 3160 s: 53 minutes are not an hour."""
    lasting = State("reading", "F1", name="left", low=1800.0, lasting=HOUR)
    assert day(inject(when=lasting)).times(ev.InjectReleased) == []


def test_all_of_several_wait_for_the_last_and_any_for_the_first() -> None:
    """A clock at 500 s and an arrival at 1360 s."""
    clock = State("clock", low=500.0)
    both = day(inject(when=Several((clock, ARRIVAL), 2)))
    one = day(inject(when=Several((clock, ARRIVAL), 1, after=60.0)))

    assert both.time(ev.InjectReleased) == ARRIVES and one.time(ev.InjectReleased) == 560.0


def test_the_dead_are_counted() -> None:
    """Two wait and die after half an hour without care: the second makes two."""
    run = told(
        Crew("T1", "B"), tasks=[Task(job=Job(people="RR", work=10 * HOUR))], fate=Fate(1800.0),
        injects=[inject(when=State("dead", "F1", low=2.0))], horizon=4 * HOUR,
    )  # fmt: skip

    deaths = [e.t for e in run.events if isinstance(e, ev.PersonChanged) and e.status.value == "dead"]
    assert run.times(ev.InjectReleased) == deaths[1:2]


# ── what is expected ──


@pytest.mark.parametrize(
    ("at", "within", "earlier", "outcome"),
    [
        (600.0, 760.0, False, "met"),
        (600.0, 759.0, False, "late"),
        (1400.0, 60.0, True, "met"),
        (1400.0, 60.0, False, "missed"),
    ],
)
def test_the_time_to_respond_counts_from_the_release(at: float, within: float, earlier: bool, outcome: str) -> None:
    """The only arrival is at 1360 s; what was done before counts only where that is said."""
    run = day(inject(at=at, weight=8.0), expect=(expected(within, earlier=earlier),))

    assert line(run).expected[0].outcome == outcome
    assert line(run).points == (8.0 if outcome == "met" else 0.0) and line(run).worth == 8.0


def test_a_late_action_earns_the_share_that_is_said_and_points_are_shared_evenly() -> None:
    """Half of 4 points are for the arrival, of which a late one keeps a half; the return (in time) has the other two."""
    home = Expectation("y", "回", "home", When("returned"), 3 * HOUR, None, "i", overdue=True)
    run = day(inject(at=600.0, weight=4.0), expect=(expected(300.0, late=0.5), home))

    assert line(run).points == 1.0 + 2.0


def test_what_was_never_asked_for_is_not_judged() -> None:
    """An inject that was not released costs nobody points."""
    run = day(inject(manual=True, weight=5.0), expect=(expected(60.0),))

    assert line(run).worth is None and line(run).expected[0].outcome == "not_due"


def test_what_is_not_yet_due_at_the_horizon_is_open() -> None:
    """Ten hours to respond, one hour of time."""
    run = day(inject(at=600.0, weight=5.0), expect=(expected(10 * HOUR, When("returned")),), horizon=HOUR)

    assert line(run).expected[0].outcome == "open" and line(run).worth is None


def test_the_run_waits_for_the_time_to_be_up_only_if_somebody_does() -> None:
    """Everybody is home at 1360 + 3600 + … s; a time that runs out after ten hours matters only to a contingent inject."""
    long = expected(10 * HOUR, When("plan_activated"))
    alone = day(inject(at=600.0), expect=(long,))
    awaited = day(
        inject(at=600.0), inject("push", when=When("expectation_overdue", {"expectation": "x"})), expect=(long,)
    )

    assert alone.events[-1].t == alone.time(ev.Returned)
    assert awaited.time(ev.InjectReleased, inject="push") == 600.0 + 10 * HOUR


def test_every_line_points_at_the_events_that_prove_it() -> None:
    """Release, what was done, what settled it."""
    run = day(inject(at=600.0), expect=(expected(HOUR),))
    found = line(run)

    assert [type(run.events[n]) for n in found.events] == [ev.InjectReleased]
    assert type(run.events[found.expected[0].done_by]) is ev.Arrived
    assert type(run.events[found.expected[0].event]) is ev.ExpectationSettled
