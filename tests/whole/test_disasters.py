"""One disaster, one picture: what followed an accident shares its toll, its class, its response and its bulletins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import msgspec
import pytest

from sim.case import Child, IncidentSpec, Town
from sim.domain import events as ev
from sim.domain.cascades import Edge, Form
from sim.domain.command import Level, Severity
from sim.domain.hazards import Effect, Inputs, Involve, Note, Scene, Sighting
from sim.domain.parameters import Standing, fixed
from sim.domain.people import Person, Status
from sim.domain.places import Site
from sim.domain.plans import PlanBook, Raise
from sim.streams import Stream
from tests.whole.offices import ACTIVATED, book, task, with_plans
from tests.whole.worlds import DAY, HOUR, Crew, Done, Job, Task, Told

DEAD = 2  # at each place: fewer than the law asks for, until they are added up
PLACES = ("F1", "F1.near", "F1.far")
EVERY = 1800.0  # between two statements of a toll, by tests.whole.offices


def _killed(count: int) -> Involve:
    return Involve(tuple(Person(f"P{i}", Status.DEAD, "", None) for i in range(count)))


@dataclass(frozen=True)
class Deadly(Job):
    """A job at which so many are dead from the first moment."""

    dead: int = DEAD

    def start(self, scene: Scene, stream: Stream) -> tuple[Done, Sequence[Effect]]:
        return Done(self.work), [_killed(self.dead)]


@dataclass(frozen=True)
class Nursery:
    """What follows: each edge at a node of its own, of the nature it leads to."""

    dead: int = DEAD

    def targets(self, edge: Edge, parent: IncidentSpec, town: str = "") -> Sequence[tuple[str, Site]]:
        return (("", parent.site),)

    def child(self, edge: Edge, id_: str, site: Site, t: float, values: Mapping[str, float]) -> Child:
        spec = IncidentSpec(id_, edge.to, t, site, "toil", {}, "子", "Child", "toy", fixed(30.0))
        return Child(spec, Deadly(HOUR, dead=self.dead), {})


@dataclass(frozen=True)
class ByTheDead:
    """Three dead are 较大, ten 重大, as the law has it."""

    def severity(self, scale: str, sighting: Sighting) -> tuple[Severity, Severity, str]:
        """By the dead; the trapped may yet be."""
        return _class(sighting.dead), _class(sighting.dead + sighting.trapped), "dead"

    def level(self, severity: Severity, nature: str) -> Level | None:
        """By the plan."""
        return None


def _class(dead: int) -> Severity:
    return Severity.MAJOR if dead >= 10 else Severity.LARGER if dead >= 3 else Severity.GENERAL


def edge(name: str, to: str) -> Edge:
    """Something that follows at once."""
    plain = Edge(name, "继发", name, "job", to, Form.BRANCH, Standing.CONFIG, "toy")
    return msgspec.structs.replace(plain, on="blow", chance=1.0)


def day(plans: PlanBook | None, *edges: Edge, dead: int = DEAD) -> Told:
    """A deadly job and what follows it, in a city with these plans."""
    crews = (Crew("T", "C", count=4),)
    case = with_plans(plans, *crews, tasks=[Task(job=Script(HOUR))], horizon=3 * DAY)
    spec = msgspec.structs.replace(case.incidents[0], site=msgspec.structs.replace(case.incidents[0].site, town="D"))
    city = replace(case.city, towns={"D": Town("D", "D", "D", "K", "D")})
    return Told(
        replace(
            case, city=city, incidents=(spec,), assessor=ByTheDead(), edges={"job": edges}, nursery=Nursery(dead),
        )
    )  # fmt: skip


@dataclass(frozen=True)
class Script(Deadly):
    """The first accident: it blows, and others follow."""

    def next_event(self, state: Done, inputs: Inputs) -> tuple[float, str]:
        return (0.0, "blow") if not state.blown else super().next_event(state, inputs)

    def start(self, scene: Scene, stream: Stream) -> tuple[Done, Sequence[Effect]]:
        return Blown(self.work), [_killed(self.dead)]

    def advance(self, state: Done, dt: float, inputs: Inputs) -> Done:
        left = max(0.0, state.left - dt * inputs.effort.get("job", 0.0))
        return msgspec.structs.replace(state, left=left)

    def fire(self, state: Done, name: str, inputs: Inputs) -> tuple[Done, Sequence[Effect]]:
        if name == "blow":
            return msgspec.structs.replace(state, blown=True), (Note("blow", {"size": 1.0}),)
        return super().fire(state, name, inputs)


class Blown(Done, frozen=True):
    """And whether what follows was brought about."""

    blown: bool = False


NEAR_AND_FAR = (edge("near", "kid"), edge("far", "kid"))


@pytest.fixture(scope="module")
def told() -> Told:
    """Three places with two dead each, one plan."""
    plans = book(
        task("notice", "OFF", ACTIVATED, 600.0, phase="publicity"),
        task("press", "OFF", ACTIVATED, 2 * HOUR, phase="publicity"),
        raises=[Raise("dead_or_missing", 5.0, "X 4.7.2", to=1)],
    )
    return day(plans, *NEAR_AND_FAR)


def city(told: Told, kind: type[ev.Event]) -> list[ev.Event]:
    """The events of a kind that are the city's."""
    return told.all(kind, post="CITY")


def test_the_law_counts_the_dead_of_a_disaster_and_not_of_a_place(told: Told) -> None:
    """Nowhere have three died, and all the same the accident is 较大: six have, in three places."""
    graded = city(told, ev.Graded)

    assert {e.incident for e in graded} == {"F1"}
    assert graded[-1].confirmed == Severity.LARGER


def test_one_disaster_has_one_response_one_command_and_one_series_of_bulletins(told: Told) -> None:
    """What followed is of the same plan: nothing is activated for it, and nothing published of it alone."""
    kinds = (
        ev.PlanActivated,
        ev.ResponseChanged,
        ev.CommandFormed,
        ev.Consulted,
        ev.Published,
        ev.TaskArose,
        ev.TollStated,
    )

    for kind in kinds:
        assert {e.incident for e in told.all(kind)} <= {"F1"}, kind
    assert len(told.all(ev.CommandFormed)) <= 2 and len(told.all(ev.Published)) == 2


def test_the_toll_is_the_sum_of_what_every_place_was_last_reported_with(told: Told) -> None:
    """Nobody is lost in the adding up: the last toll of the city has all the dead there are, from all places."""
    last = city(told, ev.TollStated)[-1]
    dead = sum(p.status is Status.DEAD for p in told.world.persons.values())

    assert (last.dead, last.places) == (dead, len(PLACES))
    assert dead == DEAD * len(PLACES)


def test_a_toll_is_stated_again_only_after_a_while(told: Told) -> None:
    """Half an hour lies between two statements of the same post, however many reports come."""
    for post in ("COUNTY", "CITY", "PROVINCE"):
        times = told.times(ev.TollStated, post=post)
        assert all(b - a >= EVERY for a, b in pairwise(times))


def test_a_bulletin_carries_what_was_reported_upward_of_all_places(told: Told) -> None:
    """Each bulletin: the dead of the latest report upward of every place, added up."""
    for published in told.all(ev.Published):
        reported: dict[str, int] = {}
        for sent in told.all(ev.ReportSent):
            if sent.seq < published.seq and sent.sender in ("COUNTY", "CITY"):
                reported[sent.incident] = sent.sighting.dead
        assert published.figures["dead"] == sum(reported.values()) > DEAD


def test_the_dead_of_all_places_raise_the_response(told: Told) -> None:
    """Five dead raise it to level I by the plan; two at each of three places are six."""
    (raised,) = told.all(ev.PlanActivated, post="CITY", level=1)

    assert raised.clause == "X 4.7.2"


def test_a_disaster_is_over_when_all_of_it_is(told: Told) -> None:
    """The first accident is closed last, and with it the response ends."""
    closed = {e.incident: e.seq for e in told.all(ev.IncidentClosed)}

    assert set(closed) == set(PLACES) and max(closed, key=lambda i: closed[i]) == "F1"
    assert all(e.seq > closed["F1"] for e in told.all(ev.ResponseChanged, level=0))


# ── what needs another plan ──


def two_plans(*, knows: tuple[str, ...]) -> PlanBook:
    """The plan of the place, which knows these capabilities, and one for leaks, which relies on two."""
    plans = book(task("notice", "OFF", ACTIVATED, 600.0, phase="publicity"), task("own", "OFF", ACTIVATED, 60.0))
    first = msgspec.structs.replace(plans.plans["X"], capabilities=knows)
    tasks = tuple(msgspec.structs.replace(t, clause=f"Y {t.id}") for t in first.tasks)
    leaks = msgspec.structs.replace(first, id="Y", natures=("leak",), capabilities=("LEAK_STOP", "HAZMAT"), tasks=tasks)
    return msgspec.structs.replace(plans, plans={"X": first, "Y": leaks})


LEAKS = (edge("near", "leak"), edge("far", "leak"))


def test_what_follows_gets_a_response_of_its_own_where_no_plan_at_work_knows_what_it_needs() -> None:
    """Two grave leaks: one response by the plan for leaks, and the bulletins stay with the disaster."""
    told = day(two_plans(knows=("LABOR",)), *LEAKS, dead=3)
    activated = {(e.incident, e.plan) for e in city(told, ev.PlanActivated)}
    own = [e for e in activated if e[1] == "Y"]

    assert ("F1", "X") in activated and len(own) == 1
    assert {e.incident for e in told.all(ev.Published)} == {"F1"}
    assert {e.task for e in told.all(ev.TaskArose) if e.incident != "F1"} == {"Y/own"}
    assert city(told, ev.TollStated)[-1].dead == 3 + 3 + DEAD


@pytest.mark.parametrize(("knows", "dead"), [(("LEAK_STOP", "HAZMAT"), 3), (("LABOR",), 2)])
def test_what_a_plan_at_work_knows_or_what_is_not_grave_is_handled_with_the_disaster(
    knows: tuple[str, ...], dead: int
) -> None:
    """A plan that relies on nothing new, or a leak that kills two: no second response."""
    told = day(two_plans(knows=knows), *LEAKS, dead=dead)

    assert {e.incident for e in told.all(ev.PlanActivated)} == {"F1"}


def test_without_plans_every_incident_is_graded_for_itself() -> None:
    """A city without plans keeps no picture of a disaster."""
    told = day(None, *NEAR_AND_FAR)

    assert {e.incident for e in told.all(ev.Graded)} == set(PLACES)
    assert not told.all(ev.TollStated)
