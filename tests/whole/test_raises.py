"""Consultation, raises, suspension: what changes a response, in the small world (see `offices`)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import pytest

from sim.case import Inject, Staffing
from sim.domain import events as ev
from sim.domain.hazards import Effect, Inputs, Strike
from sim.domain.plans import Raise
from tests.whole.offices import (
    AD_HOC,
    CITY,
    COUNTY,
    OVER,
    book,
    by_seq,
    told,
)  # fmt: skip
from tests.whole.worlds import HOUR, Crew, Done, Job, Task


def test_a_consultation_is_held_by_video_where_there_is_a_platform_and_by_telephone_where_not() -> None:
    """It is gathered in 300 or 1200 s once the command has met, and takes 600."""
    (on,), (off,) = (told(book(), platform=state).all(ev.Consulted) for state in ("on", "off"))
    assert isinstance(on, ev.Consulted) and isinstance(off, ev.Consulted)

    assert (on.t, on.means, on.units) == (CITY + AD_HOC + 900.0, "video", ("DESK", "OFF"))
    assert (off.t, off.means) == (190.0 + AD_HOC + 1800.0, "phone")


def test_those_who_consult_call_in_the_scene_which_reports_at_once() -> None:
    """A crew is there at 760 s; the consultation sits 300 s after the command met, and hears how it stands."""
    day = told(book())
    (called,) = day.all(ev.SceneCalled)
    answers = [e for e in day.all(ev.ReportSent) if e.cause == called.seq]
    assert isinstance(called, ev.SceneCalled)

    assert (called.t, called.means, called.post) == (CITY + AD_HOC + 300.0, "video", "CITY")
    assert [(e.t, e.sender) for e in answers] == [(called.t, "scene")]


@pytest.mark.parametrize(("platform", "span"), [("on", 10.0), ("off", 100.0)])
def test_the_county_hears_from_the_city_that_leads_what_the_scene_reports(platform: str, span: float) -> None:
    """10 s later over the platform, 100 by telephone; the county does not send it up again, and knows all in the end."""
    day = told(book(), platform=platform)
    heard = [e for e in day.all(ev.ReportReceived) if e.post == "CITY"]
    sent = {e.report: e for e in day.all(ev.ReportSent)}
    scene = [e for e in heard if sent[e.report].sender == "scene"]
    down = [e for e in sent.values() if (e.sender, e.receiver) == ("CITY", "COUNTY")]
    up = [(e.number, e.t) for e in sent.values() if (e.sender, e.receiver) == ("COUNTY", "CITY")]

    assert scene and len(down) == len(scene)
    assert [(e.t, e.due_at) for e in down] == [(e.t, e.t + span) for e in scene]
    assert len(up) == len({number for number, _ in up}) == 1


def test_nobody_is_called_in_where_no_crew_is_on_the_spot() -> None:
    """No team can do the work: those who consult have the papers, and nobody to ask."""
    day = told(book(), Crew("T", "C", supplies="MUSIC"))

    assert day.all(ev.Consulted) and not day.all(ev.SceneCalled)


def test_a_shortfall_that_lasts_raises_the_response_with_its_clause() -> None:
    """Two crews are wanted, one is there: after an hour the ground is met, after ten minutes more it is decided."""
    plans = book(raises=[Raise("shortfall", HOUR, "X 4.7.3", by=1)])
    day = told(plans, tasks=[Task(job=Job(work=2 * HOUR, wanted=2.0))])
    raised = day.all(ev.PlanActivated)[-1]
    assert isinstance(raised, ev.PlanActivated)

    assert (raised.t, raised.level, raised.clause) == (COUNTY + HOUR + 600.0, 1, "X 4.7.3")
    assert day.all(ev.CommandFormed)[-1].chief_en == "governor"


def test_the_dead_and_missing_raise_the_response() -> None:
    """Three are waiting, none dead: no ground. A sensitive time is ground enough by itself."""
    plans = book(raises=[Raise("dead_or_missing", 1.0, "X 4.7.2", to=1), Raise("sensitive", 1.0, "X 4.7.6", by=1)])

    assert {e.level for e in told(plans).all(ev.PlanActivated)} == {2}
    (raised,) = told(plans, sensitive=True).all(ev.PlanActivated, level=1)
    assert isinstance(raised, ev.PlanActivated)
    assert (raised.t, raised.clause) == (CITY + 600.0, "X 4.7.6")


def test_rescuers_withdraw_and_go_in_again() -> None:
    """From 1000 s on nobody works for an hour: the job ends just that hour later."""
    stop = Inject("stop", "撤", "stop", (Staffing("suspend", incident="F1", by=HOUR),), at=1000.0)
    day = told(book(), injects=[stop])
    (suspended,) = day.all(ev.ResponseSuspended)
    assert isinstance(suspended, ev.ResponseSuspended)

    assert (suspended.t, suspended.post, suspended.clause) == (1000.0, "CITY", "X 5.3")
    assert day.time(ev.ResponseResumed) == 1000.0 + HOUR
    assert day.times(ev.Assigned, demand="") == [1000.0]
    assert day.time(ev.HazardOver) == OVER + HOUR


@dataclass(frozen=True)
class Blast(Job):
    """A job at which rescuers are hit once 3,000 s of it are done."""

    def next_event(self, state: Done, inputs: Inputs) -> tuple[float, str]:
        """The blow, unless the job is done before."""
        span, name = super().next_event(state, inputs)
        left = 3000.0 - (self.work - state.left) if state.left > self.work - 3000.0 else math.inf
        effort = inputs.effort.get("job", 0.0)
        return (left / effort, "blast") if effort and left / effort < span else (span, name)

    def fire(self, state: Done, name: str, inputs: Inputs) -> tuple[Done, Sequence[Effect]]:
        """Three in ten of those at work are hurt."""
        if name == "blast":
            return Done(self.work - 3000.0), [Strike("blast", yellow=0.3)]
        return super().fire(state, name, inputs)


def test_after_a_blow_at_rescuers_the_rest_withdraw_until_the_experts_allow() -> None:
    """The order comes two minutes after the blow, and they go in again an hour later."""
    crews = (Crew("T", "C", count=3),)
    day = told(book(), *crews, tasks=[Task(job=Blast(work=4 * HOUR, wanted=3.0))])
    hit = day.times(ev.RespondersHit)
    (suspended,) = day.all(ev.ResponseSuspended)
    assert isinstance(suspended, ev.ResponseSuspended)

    assert hit
    assert (suspended.t, suspended.why) == (hit[0] + 120.0, "blast")
    assert isinstance(by_seq(day, suspended.cause), ev.RespondersHit)
    assert day.time(ev.ResponseResumed) == suspended.t + HOUR


def test_those_who_face_an_attack_are_not_withdrawn_for_being_hit() -> None:
    """Where a plan says so, a blow at them stops nobody."""
    plans = book()
    stays = {n: msgspec.structs.replace(p, withdraws=False) for n, p in plans.plans.items()}
    plans = msgspec.structs.replace(plans, plans=stays)
    day = told(plans, Crew("T", "C", count=3), tasks=[Task(job=Blast(work=4 * HOUR, wanted=3.0))])

    assert day.times(ev.RespondersHit) and not day.all(ev.ResponseSuspended)


def test_a_second_response_to_what_follows_raises_the_first() -> None:
    """Two incidents that are no family of each other leave each other's response alone."""
    plans = book(raises=[Raise("counties", 2.0, "X 4.7.4", to=1), Raise("secondary", 2.0, "X 4.7.5", by=1)])
    day = told(plans, Crew("T", "C", count=2), tasks=[Task(), Task("F2", node="E")])

    assert {e.level for e in day.all(ev.PlanActivated)} == {2}
