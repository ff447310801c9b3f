"""Days of the small world worked out by hand: the arithmetic stands beside each time. See worlds.py for the map."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from sim.case import Action, Expectation, When
from sim.domain import events as ev
from sim.domain.command import Order, Redirect
from sim.domain.hazards import Need, Sighting
from sim.domain.people import Status
from sim.domain.places import Site, Weather
from sim.ports import Picture
from sim.streams import Stream
from tests.whole.worlds import (
    HOUR,
    LINK,
    MIN,
    ORDERED,
    RELEASE,
    ROLLING,
    Bed,
    Crew,
    Fate,
    Job,
    Nearest,
    Task,
    Told,
    at,
    close,
    make_case,
    on,
    told,
)

ARRIVES = ROLLING + 2 * LINK  # 1360: from B to D


def one_from_b(*injects: object, **how: object):
    """T1 goes from B to the job at D."""
    return told(Crew("T1", "B"), injects=injects, **how)


# ── a plain day ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_plain_dispatch_takes_its_steps_one_after_the_other() -> None:
    """Noticed, taken in, ordered, turned out, driven, worked, reported, driven home."""
    day = one_from_b()

    assert day.time(ev.Discovered) == 30
    assert day.time(ev.ReportReceived, report="R1") == 30 + 60
    assert day.time(ev.OrderGiven) == ORDERED == 90
    assert day.time(ev.Alerted) == 90 + 10
    assert day.times(ev.Departed, bound="site") == [100 + 60]
    assert day.time(ev.Arrived) == ARRIVES == 160 + 600 + 600
    assert day.time(ev.HazardOver) == ARRIVES + 3600
    assert day.time(ev.IncidentClosed) == ARRIVES + 3600 + 10  # the report of it, over the platform
    assert day.time(ev.Returned) == ARRIVES + 3600 + 10 + 1200
    assert day.time(ev.RunEnded) == day.time(ev.Returned)


def test_the_expected_arrival_of_an_order_is_what_comes_if_nothing_happens() -> None:
    """Ten seconds for the order, sixty to turn out, twenty minutes' drive."""
    (order,) = one_from_b().all(ev.OrderGiven)
    assert order.expected == ORDERED + 10 + 60 + 1200 == ARRIVES


def test_those_off_duty_come_in_first() -> None:
    """Ten minutes' recall before the turnout."""
    assert told(Crew("T1", "B", on_duty=False)).time(ev.Arrived) == ARRIVES + 600


def test_a_team_without_the_platform_is_ordered_by_phone() -> None:
    """100 s instead of 10."""
    assert told(Crew("T1", "B", platform=False)).time(ev.Arrived) == ARRIVES + 90


def test_two_crews_halve_the_work_and_a_narrow_face_takes_one() -> None:
    """From C: there at 160 + 600 = 760, from B at 1360. Where one fits, the other waits in reserve."""
    wide = told(Crew("T1", "C"), Crew("T2", "B"), tasks=[Task(job=Job(work=HOUR, wanted=2, face=2))])
    narrow = told(Crew("T1", "C"), Crew("T2", "B"), tasks=[Task(job=Job(work=HOUR, wanted=2, face=1))])

    assert wide.time(ev.HazardOver) == 1360 + (3600 - (1360 - 760)) / 2 == 2860
    assert narrow.time(ev.HazardOver) == 760 + 3600
    assert [e.sortie for e in narrow.all(ev.Assigned)] == ["S1"], "the second is never given the face"


def test_effort_counts_only_after_the_set_up() -> None:
    """Ten minutes to set up at the face."""
    day = one_from_b(tasks=[Task(job=Job(work=HOUR, set_up=600))])
    assert day.time(ev.HazardOver) == ARRIVES + 600 + 3600


def test_rain_halves_the_speed_of_what_is_left_of_the_way() -> None:
    """At 460 half of B–C is left: 600 s in the rain, and C–D takes 1200."""
    day = one_from_b(at(460, Action("weather", weather=Weather(rain=2.0))))
    assert day.time(ev.Arrived) == 460 + 600 + 1200


# ── relief and queues ────────────────────────────────────────────────────────────────────────────────────────────────


def test_relief_is_asked_for_in_time_and_the_tired_rest_on_the_spot() -> None:
    """Two hours' stint from 1360: asked at 6760, over at 8560. T2 from A is there at 6760 + 70 + 1800 and ends the job."""
    crews = [Crew("T1", "B", endurance=2 * HOUR), Crew("T2", "A")]
    day = told(*crews, tasks=[Task(job=Job(work=4 * HOUR, face=1))])

    assert day.time(ev.ReliefDue) == 1360 + 7200 - 1800
    assert day.time(ev.OrderGiven, element="T2/1") == 6760
    (resting,) = day.all(ev.Resting)
    assert (resting.t, resting.until) == (8560, 8560 + 7200)
    assert day.time(ev.Arrived, element="T2/1") == 8630
    assert day.time(ev.HazardOver) == 8630 + 7200  # seventy seconds stood still


def test_those_who_rest_at_home_are_ready_only_after_it() -> None:
    """Relieved at 8560, home 1200 later, fit again two hours after that; nobody else is there: it goes again itself."""
    day = told(Crew("T1", "B", endurance=2 * HOUR, rests_on_site=False), tasks=[Task(job=Job(work=3 * HOUR))])
    first, second = day.all(ev.Returned)

    assert day.all(ev.Released)[0].why == "relieved"
    assert (first.t, first.ready) == (8560 + 1200, 8560 + 1200 + 7200)
    assert day.times(ev.OrderGiven) == [90, 16960]
    assert day.time(ev.HazardOver) == 16960 + 70 + 1200 + 3600
    assert second.ready == second.t, "an hour's work needs no rest"


def test_a_second_incident_waits_for_the_only_crew() -> None:
    """F2 is known at 690. T1 is done at D at 4360, closed 4370, back at C 4970: only then it can go to F."""
    day = told(Crew("T1", "C"), tasks=[Task(), Task("F2", node="F", at=600)])

    assert [(e.t, e.amount) for e in day.all(ev.Shortfall, incident="F2")] == [(690, 1.0), (4970, 0.0)]
    assert day.time(ev.OrderGiven, incident="F2") == 760 + 3600 + 10 + 600 == 4970
    assert day.time(ev.Arrived, incident="F2") == 4970 + 70 + 1200


def test_one_on_the_road_is_called_back_when_the_work_is_done() -> None:
    """T1 does it in a minute at 820; the report comes at 830. T2 has driven 70 s of B–C: back 70 + 600."""
    day = told(Crew("T1", "C"), Crew("T2", "A"), tasks=[Task(job=Job(work=60, wanted=2))])

    assert day.time(ev.Recalled, element="T2/1") == 760 + 60 + 10
    assert day.time(ev.Returned, element="T2/1") == 830 + 70 + 600
    assert not day.all(ev.Arrived, element="T2/1")


def test_one_not_yet_gone_stays_at_home_when_called_off() -> None:
    """T1 stands at the spot: done at 160 + 10, reported 180. T2 is still coming in from home."""
    crews = [Crew("T1", "D"), Crew("T2", "A", on_duty=False)]
    day = told(*crews, tasks=[Task(job=Job(work=10, wanted=2))])

    assert day.time(ev.Recalled) == day.time(ev.Returned, element="T2/1") == 160 + 10 + 10
    assert not day.all(ev.Departed, element="T2/1")


@dataclass(frozen=True)
class Wavering(Job):
    """Two are wanted at first and in the second half of the work, one is enough in between."""

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:
        """By what is seen to be left."""
        left = sighting.figures.get("left", self.work)
        return [Need(self.capability, 1.0 if self.work / 2 < left < self.work else 2.0, 3)]


def test_one_called_off_before_it_left_is_sent_again_when_it_is_wanted_again() -> None:
    """T1 works from 160 on; at 470 one seems enough, T2 is still coming in. Half is done at 7360: the report of 7670 asks again."""
    crews = [Crew("T1", "D"), Crew("T2", "A", on_duty=False)]
    day = told(*crews, tasks=[Task(job=Wavering(work=4 * HOUR))], rules={"reporting.follow_up": 2 * HOUR})

    assert day.time(ev.Recalled) == day.times(ev.Returned, element="T2/1")[0] == 160 + 5 * MIN + 10
    assert day.times(ev.OrderGiven, element="T2/1") == [90, 470 + 2 * HOUR]


class Diverting(Nearest):
    """Sends the nearest, and takes T1 from F1 for F2 as soon as that is known."""

    def decide(self, picture: Picture, incident: str, stream: Stream) -> Sequence[Order]:
        """T1 goes over to F2 instead of anybody new."""
        if incident == "F2" and picture.unmet("F2"):
            return [Redirect("T1/1", "F2", "LABOR", "nearer")]
        return super().decide(picture, incident, stream)


@pytest.mark.parametrize("known", [20, 400])
def test_who_is_redirected_counts_for_the_new_place_and_is_missing_at_the_old(known: int) -> None:
    """T1 goes to F2 from home (still turning out) or from the road; T2 is sent to F1 in its stead at once."""
    tasks = [Task(), Task("F2", node="B", at=float(known))]
    case = make_case([Crew("T1", "A"), Crew("T2", "A", on_duty=False)], tasks)
    day = Told(replace(case, strategies=lambda _: Diverting()))

    turned = day.time(ev.Recalled, element="T1/1")
    assert turned == known + ORDERED
    assert [(e.t, e.element) for e in day.all(ev.OrderGiven)] == [(ORDERED, "T1/1"), (turned, "T2/1")]
    assert len(day.all(ev.Arrived, element="T1/1", incident="F2")) == 1


def test_an_ambulance_comes_again_for_one_who_is_hurt_later() -> None:
    """The first is in hospital at 1900 and M1 is done; another is hurt at 14400. The report of 14410 sends it again, once."""
    crews = [Crew("T1", "B"), Crew("M1", "C", "AMBULANCE", carries=1)]
    more = Action("casualties", incident="F1", persons=1, status="waiting", triage="red")
    task = Task(job=Job(work=9 * HOUR, people="R"))
    day = told(*crews, tasks=[task], injects=[at(4 * HOUR, more)], hospitals=[Bed("H1", "C", 5)])

    assert day.times(ev.OrderGiven, task="AMBULANCE") == [90, 4 * HOUR + 10]
    assert day.times(ev.Loaded) == [160 + 600 + 240, 4 * HOUR + 10 + 70 + 600 + 240]


def test_a_released_crew_leaves_after_a_moment_if_the_response_goes_on() -> None:
    """Someone still waits for an ambulance when the work is done: the crew is let go 120 s after the end."""
    crews = [Crew("T1", "C"), Crew("M1", "A", "AMBULANCE", carries=1)]
    day = told(*crews, tasks=[Task(job=Job(work=60, people="G"))], hospitals=[Bed("H1", "A", 5)])
    assert day.time(ev.Released, element="T1/1") == 760 + 60 + RELEASE


# ── casualties ───────────────────────────────────────────────────────────────────────────────────────────────────────


def carried(fate: Fate | None = None):
    """A red, a yellow and a green at D; one ambulance at C; two places in H1 at C, ten in H2 at A."""
    crews = [Crew("T1", "C"), Crew("M1", "C", "AMBULANCE", carries=1)]
    beds = [Bed("H1", "C", 2), Bed("H2", "A", 10)]
    return told(*crews, tasks=[Task(job=Job(work=9 * HOUR, people="GYR"))], hospitals=beds, fate=fate)


def test_an_ambulance_goes_round_in_triage_order_and_passes_a_full_hospital() -> None:
    """Triage 60 + loading 180, ten minutes to H1, five to hand over, ten back; the third finds H1 full and goes to H2."""
    day = carried()
    trips = [(e.t, e.persons, e.hospital) for e in day.all(ev.Loaded)]
    red, yellow, green = ("F1/P3",), ("F1/P2",), ("F1/P1",)

    assert trips == [
        (760 + 240, red, "H1"),
        (1000 + 600 + 300 + 600 + 240, yellow, "H1"),
        (2740 + 600 + 300 + 600 + 240, green, "H2"),
    ]
    assert day.times(ev.HandedOver) == [1000 + 900, 2740 + 900, 4480 + 1800 + 300]
    assert day.times(ev.PersonChanged, status=Status.SAVED) == [1900 + 1800, 3640 + 1800, 6580 + 1800]
    assert day.time(ev.Returned, element="M1/1") == 6580 + 1200


def test_whoever_waits_too_long_dies_and_frees_the_ambulance() -> None:
    """Fifty minutes without care: red (1000) and yellow (2740) are fetched in time, green dies at 3000."""
    day = carried(Fate(waits=50 * MIN))

    assert [(e.t, e.person, e.why) for e in day.all(ev.PersonChanged, status=Status.DEAD)] == [
        (3000, "F1/P1", "waiting")
    ]
    assert day.times(ev.Loaded) == [1000, 2740]
    assert day.time(ev.Returned, element="M1/1") == 3640, "it is at home in C when it has handed over"


OWN_WAY = {"care.own_way_green": 20 * MIN, "care.own_way_yellow": 40 * MIN}


def test_who_is_not_fetched_finds_a_doctor_where_there_is_one() -> None:
    """Nobody comes: green walks (1200), yellow is carried by neighbours (2400), red waits and dies (3000)."""
    task, fate = Task(job=Job(work=9 * HOUR, people="GYR")), Fate(waits=50 * MIN)
    alone = told(tasks=[task], fate=fate, rules=OWN_WAY, own_way=True, horizon=3 * HOUR)
    stay = told(tasks=[task], fate=fate, horizon=3 * HOUR)

    assert [(e.t, e.person, e.status.value, e.why) for e in alone.all(ev.PersonChanged)] == [
        (1200, "F1/P1", "saved", "own_way"), (2400, "F1/P2", "saved", "own_way"), (3000, "F1/P3", "dead", "waiting")
    ]  # fmt: skip
    assert [(e.t, e.status.value) for e in stay.all(ev.PersonChanged)] == [(3000, "dead")] * 3


def test_who_is_fetched_first_goes_with_the_ambulance() -> None:
    """Red is loaded at 1000; green has gone (1200) and yellow, too (2400), before it is back at 2740."""
    crews, beds = [Crew("T1", "C"), Crew("M1", "C", "AMBULANCE", carries=1)], [Bed("H1", "C", 2)]
    task = Task(job=Job(work=9 * HOUR, people="GYR"))
    day = told(*crews, tasks=[task], hospitals=beds, rules=OWN_WAY, own_way=True)
    late = told(*crews, tasks=[task], hospitals=beds, rules=dict.fromkeys(OWN_WAY, 2 * HOUR), own_way=True)

    assert [e.persons for e in day.all(ev.Loaded)] == [("F1/P3",)]
    assert [e.t for e in day.all(ev.PersonChanged, why="own_way")] == [1200, 2400]
    assert [e.persons for e in late.all(ev.Loaded)] == [("F1/P3",), ("F1/P2",)], "the hospital has two places"
    assert [e.person for e in late.all(ev.PersonChanged, why="own_way")] == ["F1/P1"]


def test_medical_crews_stop_the_clock_of_as_many_as_they_have_places() -> None:
    """One place, set up at 760 + 300: it goes to the red, who is then safe though no ambulance ever comes."""
    crews = [Crew("T1", "C"), Crew("D1", "C", "TREAT")]
    day = told(*crews, tasks=[Task(job=Job(work=HOUR, people="YR"))], fate=Fate(waits=50 * MIN), horizon=6 * HOUR)

    assert day.times(ev.CareChanged, person="F1/P2", care="paramedic") == [1060]
    assert [(e.t, e.person) for e in day.all(ev.PersonChanged, status=Status.DEAD)] == [(3000, "F1/P1")]


def test_four_lightly_hurt_share_a_vehicle() -> None:
    """Greens sit: triage 4 × 60 + loading 180."""
    crews = [Crew("T1", "C"), Crew("M1", "C", "AMBULANCE", carries=1)]
    day = told(*crews, tasks=[Task(job=Job(work=HOUR, people="GGGG"))], hospitals=[Bed("H1", "C", 9)])
    (loaded,) = day.all(ev.Loaded)
    assert (loaded.t, len(loaded.persons)) == (760 + 240 + 180, 4)


# ── communications and exercise control ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("state", "received", "alerted"),
    [("down", 30 + 3600, 3600), ("degraded", 30 + 3 * 60, 3 * 10)],
)
def test_bad_communications_delay_the_report_and_the_order(state: str, received: float, alerted: float) -> None:
    """By courier an hour each way; degraded, three times as long."""
    day = one_from_b(at(0, Action("comms", post="COUNTY", state=state)))

    assert day.time(ev.ReportReceived, report="R1") == received
    assert day.time(ev.Alerted) == received + alerted
    assert day.time(ev.Arrived) == received + alerted + 60 + 1200


def test_an_inject_on_a_condition_comes_when_it_is_met() -> None:
    """Five minutes after wheels roll (160) B–C closes: half driven and no more, so T1 must turn: 300 + 3600."""
    inject = on(When("departed", {"incident": "F1", "bound": "site"}, after=300), close("BC"))
    day = one_from_b(inject)

    assert day.time(ev.InjectReleased) == 460
    assert day.time(ev.Arrived) == 460 + 300 + 3600


def test_a_condition_on_a_reading_waits_for_the_figure() -> None:
    """The job says how much is left whenever its inputs change: 3600 at the start, so a limit of 3600 is met at once."""
    seen = When("hazard_changed", {"incident": "F1"}, reading="left", at_least=3600)
    never = When("hazard_changed", {"incident": "F1"}, reading="left", at_least=3601)
    day = one_from_b(on(seen, Action("tell"), name="seen"), on(never, Action("tell"), name="never"))
    assert [(e.inject, e.t) for e in day.all(ev.InjectReleased)] == [("seen", 0)]


def test_an_inject_begins_an_accident() -> None:
    """At 500 the second job begins: noticed 530, taken in 590."""
    tasks = [Task(), Task("F2", on_inject=True)]
    day = told(Crew("T1", "B", count=2), tasks=tasks, injects=[at(500, Action("incident", incident="F2"))])

    assert day.time(ev.IncidentOccurred, incident="F2") == 500
    assert day.time(ev.Arrived, incident="F2") == 500 + ARRIVES


@pytest.mark.parametrize(
    ("within", "since", "outcome", "settled", "due"),
    [
        (ARRIVES, None, "met", ARRIVES, ARRIVES),
        (1000.0, None, "late", ARRIVES, 1000.0),
        (ARRIVES - ORDERED, When("order_given"), "met", ARRIVES, ARRIVES),
        (600.0, When("departed"), "late", ARRIVES, 760.0),
    ],
)
def test_an_expected_action_is_met_or_late(
    within: float, since: When | None, outcome: str, settled: float, due: float
) -> None:
    """The crew is expected on the spot, counted from the start or from another event."""
    wish = Expectation("x", "期望", "wish", When("arrived", {"incident": "F1"}), within, since)
    (said,) = one_from_b(expect=[wish]).all(ev.ExpectationSettled)
    assert (said.outcome, said.t, said.due) == (outcome, settled, due)


def test_an_expected_action_that_never_comes_is_missed_at_the_end() -> None:
    """Nobody asked for support; the day ends at 6170."""
    wish = Expectation("x", "期望", "wish", When("support_requested"), 600.0)
    (said,) = one_from_b(expect=[wish]).all(ev.ExpectationSettled)
    assert (said.outcome, said.t, said.due) == ("missed", ARRIVES + 3600 + 10 + 1200, 600.0)


def test_casualties_of_an_inject_are_counted_and_fetched() -> None:
    """One red more at 2000: seen in the report of 2000, ordered 2010, M1 from A is there 70 + 1800 later."""
    crews = [Crew("T1", "B"), Crew("M1", "A", "AMBULANCE", carries=1)]
    more = Action("casualties", incident="F1", persons=1, status="waiting", triage="red")
    day = told(*crews, tasks=[Task(job=Job(work=9 * HOUR))], injects=[at(2000, more)], hospitals=[Bed("H1", "A", 5)])

    assert day.time(ev.OrderGiven, task="AMBULANCE") == 2260 + 10  # 1660, the first proper report, plus ten minutes
    assert day.time(ev.Loaded) == 2270 + 70 + 1800 + 240


def test_the_run_stops_at_its_horizon() -> None:
    """What is under way stays so."""
    day = one_from_b(horizon=1000.0)
    (end,) = day.all(ev.RunEnded)
    assert (end.t, end.reason) == (1000.0, "horizon")
    assert day.world.sorties["S1"].phase == "travelling" and not math.isinf(end.t)
