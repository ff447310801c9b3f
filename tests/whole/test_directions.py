"""What must not get worse does not: more teams, open roads, earlier help."""

from __future__ import annotations

import random

import pytest

from sim.domain import events as ev
from tests.whole.worlds import HOUR, Bed, Crew, Fate, Job, Task, Told, at, close, told

NODES, LINKS = "ABCDEF", ("AB", "BC", "CD", "DE", "DF", "AC")


def first(day: Told) -> float:
    """When the first crew is on the spot; inf if none ever is."""
    return min(day.times(ev.Arrived), default=float("inf"))


@pytest.mark.parametrize("seed", range(12))
def test_one_more_team_never_makes_the_first_arrival_later(seed: int) -> None:
    """Wherever it stands and wherever the job is."""
    luck = random.Random(seed)
    crews = [Crew(f"T{i}", luck.choice(NODES), on_duty=luck.random() < 0.5) for i in range(luck.randint(1, 3))]
    task = Task(node=luck.choice(NODES), job=Job(wanted=luck.randint(1, 3)))
    more = Crew("T9", luck.choice(NODES))
    assert first(told(*crews, more, tasks=[task])) <= first(told(*crews, tasks=[task]))


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("home", NODES)
def test_a_closed_road_never_shortens_a_trip(link: str, home: str) -> None:
    """Known before anybody leaves, or found on the way."""
    free = first(told(Crew("T1", home)))
    known = first(told(Crew("T1", home), injects=[at(50, close(link))], horizon=6 * HOUR))
    found = first(told(Crew("T1", home), injects=[at(50, close(link, float("inf")))], horizon=6 * HOUR))
    assert free <= known <= found or known == found == float("inf")


@pytest.mark.parametrize("wanted", [1, 2, 3])
def test_more_hands_never_end_the_work_later(wanted: int) -> None:
    """Each further crew that is asked for ends it sooner, as long as there is room."""
    crews = [Crew(f"T{n}", n) for n in "ABCE"]
    fewer = told(*crews, tasks=[Task(job=Job(work=3 * HOUR, wanted=wanted))])
    more = told(*crews, tasks=[Task(job=Job(work=3 * HOUR, wanted=wanted + 1))])
    assert more.time(ev.HazardOver) < fewer.time(ev.HazardOver)


@pytest.mark.parametrize("homes", [("A", "C"), ("B", "D"), ("E", "D")])
def test_help_that_is_nearer_never_costs_a_life(homes: tuple[str, str]) -> None:
    """The same ambulance nearer to the accident saves as many or more."""

    def dead(home: str) -> int:
        crews = [Crew("T1", "C"), Crew("M1", home, "AMBULANCE", carries=1)]
        task = Task(job=Job(work=9 * HOUR, people="RRYG"))
        day = told(*crews, tasks=[task], hospitals=[Bed("H1", "C", 9)], fate=Fate(waits=1.5 * HOUR))
        return sum(p.status.value == "dead" for p in day.world.persons.values())

    far, near = homes
    assert dead(near) <= dead(far)
    assert dead("A") > dead("C"), "distance does cost lives here"
