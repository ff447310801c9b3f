"""Whatever happens, nothing comes from nowhere and nothing is lost: on every shipped case and on random days."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest

from sim.analysis import invariants
from sim.case import Action, When
from sim.domain import events as ev
from sim.domain.people import FINAL, Status
from sim.domain.places import Weather
from tests.cases.sentences import happens
from tests.whole.shipped import CASES, shipped
from tests.whole.worlds import DAY, HOUR, MIN, NEVER, Bed, Crew, Fate, Job, Task, Told, at, close, make_case, on, reopen


@pytest.mark.parametrize("name", sorted(CASES))
def test_no_law_is_broken_in_a_shipped_case(name: str) -> None:
    """People, sorties, roads, effort, orders, Little's law: see sim.analysis.invariants."""
    run = shipped(name)
    assert [str(v) for v in invariants.check(run.events, run.cast)] == []


@pytest.mark.parametrize("name", sorted(CASES))
def test_everybody_is_accounted_for_in_a_shipped_case(name: str) -> None:
    """Those who came into harm's way are those whose fate the summary tells, and one body lies in one place."""
    run = shipped(name)
    people = run.summary["casualties"]["value"]
    involved = [f"{e.incident}/{p.id}" for e in run.events if isinstance(e, ev.PersonsInvolved) for p in e.persons]

    assert len(involved) == len(set(involved)) == people["involved"]
    assert (
        people["involved"]
        == people["saved"] + people["safe"] + people["dead"]["total"] + people["missing"] + people["open"]
    )


@pytest.mark.parametrize(
    "name", sorted(n for n, f in CASES.items() if "nature: mine_inrush" in f.read_text(encoding="utf-8"))
)
def test_water_in_a_mine_is_what_flowed_in_less_what_was_pumped(name: str) -> None:
    """Between two readings the water grows by no more than the greater inflow and falls by no more than the pumps take."""
    last: dict[str, ev.HazardChanged] = {}
    seen = 0
    for event in shipped(name).events:
        if isinstance(event, ev.HazardChanged) and "water" in event.readings:
            before = last.get(event.incident)
            if before is not None and event.t > before.t:
                gained, dt = event.readings["water"] - before.readings["water"], event.t - before.t
                inflow = max(before.readings["inflow"], event.readings["inflow"])
                assert gained <= inflow * dt + 1.0, event
                assert gained >= -(before.readings["pumped"] + sum(before.effort.values())) * dt - 1.0, event
                seen += 1
            last[event.incident] = event
    assert seen > 0


# ── random days of the small world ───────────────────────────────────────────────────────────────────────────────────

ROADS = ("R1", "R2", "R3", "R4", "R5", "R6", "R7")  # of Toytown
LINKS, NODES = ("AB", "BC", "CD", "DE", "DF", "AC"), "ABCDEF"


def random_day(seed: int) -> Told:
    """Some teams, some jobs, some of them hurting people and closing roads; roads, weather, wires and crowds that change."""
    luck = random.Random(seed)
    crews = [
        Crew(
            f"T{i}", luck.choice(NODES), luck.choice(["LABOR", "LABOR", "ROAD_CLEAR"]), luck.randint(1, 3),
            on_duty=luck.random() < 0.7, endurance=luck.choice([HOUR, 4 * HOUR, DAY]), rest=luck.choice([30 * MIN, 2 * HOUR]),
            rests_on_site=luck.random() < 0.5, platform=luck.random() < 0.5, off_road=luck.random() < 0.5,
        )
        for i in range(luck.randint(2, 5))
    ]  # fmt: skip
    crews += [Crew("M1", luck.choice(NODES), "AMBULANCE", luck.randint(1, 3), carries=luck.randint(1, 2))]
    crews += [Crew("D1", luck.choice(NODES), "TREAT", 1)]
    tasks = [_job(luck, i) for i in range(luck.randint(1, 4))]
    injects = [at(luck.uniform(0, 4 * HOUR), _action(luck, tasks), name=f"i{i}") for i in range(luck.randint(0, 8))]
    injects += [at(5 * HOUR, *(reopen(link) for link in LINKS), name="all open")]
    injects += [on(When("arrived", after=luck.uniform(0, HOUR)), close(luck.choice(LINKS)), name="on arrival")]
    injects += [at(6 * HOUR, *(reopen(link) for link in LINKS), name="open again")]
    return Told(
        make_case(
            crews, tasks, injects=injects, hospitals=[Bed("H1", "A", luck.randint(1, 3)), Bed("H2", "E", 20)],
            fate=Fate(luck.choice([math.inf, HOUR, 5 * HOUR])), starts=luck.choice([3, 8, 17]) * HOUR,
        )
    )  # fmt: skip


def _job(luck: random.Random, number: int) -> Task:
    clears = luck.random() < 0.3
    job = Job(
        luck.uniform(0.2, 6) * HOUR, "ROAD_CLEAR" if clears else "LABOR", luck.randint(1, 3), luck.choice([1.0, 2.0, math.inf]),
        luck.choice([0.0, 10 * MIN]), "".join(luck.choice("RYG") for _ in range(luck.randint(0, 6))),
        luck.choice(LINKS) if clears else "",
    )  # fmt: skip
    walk = luck.choice([0.0, 0.0, 1500.0])
    return Task(f"F{number}", job, luck.choice(NODES), luck.uniform(0, 3 * HOUR), walk, luck.choice(["foot", "track"]))


def _action(luck: random.Random, tasks: list[Task]) -> Action:
    link, known = luck.choice(LINKS), luck.choice([0.0, 20 * MIN, NEVER])
    return luck.choice([
        close(link, known), close(link, known), reopen(link, known),
        Action("slow_road", link=link, factor=luck.uniform(0.2, 0.9), known_after=known),
        Action("weather", weather=Weather(rain=luck.choice([0.0, 3.0]))),
        Action("comms", post="COUNTY", state=luck.choice(["up", "degraded", "down"])),
        Action("casualties", incident=luck.choice(tasks).id, persons=luck.randint(1, 4), status="waiting", triage="yellow"),
    ])  # fmt: skip


RARE = (133, 157, 212, 216, 386, 478)  # days on which something once went wrong


@pytest.mark.parametrize("seed", [*range(40), *RARE])
def test_no_law_is_broken_on_a_random_day(seed: int) -> None:
    """The run ends by itself or at its horizon, all laws hold, everybody is somewhere, whoever is home is free."""
    day = random_day(seed)
    end: Any = day.events[-1]

    assert isinstance(end, ev.RunEnded)
    assert [str(v) for v in invariants.check(day.events, day.cast)] == []
    involved = sum(len(e.persons) for e in day.events if isinstance(e, ev.PersonsInvolved))
    assert involved == len(day.world.persons)
    if end.reason == "settled":
        assert day.world.sorties == {} and day.world.elements == {}
        assert all(p.status in FINAL or p.status is Status.HOSPITAL for p in day.world.persons.values())


@pytest.mark.parametrize("seed", range(40))
def test_the_work_done_is_the_effort_there_was(seed: int) -> None:
    """What is left of a job falls by effort × time, from each change to the next."""
    last: dict[str, ev.HazardChanged] = {}
    for event in random_day(seed).events:
        if isinstance(event, ev.HazardChanged):
            if (before := last.get(event.incident)) is not None:
                done = before.effort.get("job", 0.0) * (event.t - before.t)
                assert event.readings["left"] == pytest.approx(max(0.0, before.readings["left"] - done), abs=0.1)
            last[event.incident] = event


MODELS = {
    "cut.yaml": ("toil", "work", "crew-min"),
    "squad.yaml": ("toil", "work", "crew-min"),
    "slide.yaml": ("rain", "debris", "m3"),
}


@pytest.mark.parametrize("seed", range(12))
def test_no_law_is_broken_on_a_random_day_of_toytown(seed: int) -> None:
    """The same from case files: accidents of three natures, roads that close and open, people hurt, wires that fail."""
    luck = random.Random(seed)
    incidents, injects = [], []
    for i in range(luck.randint(1, 4)):
        model = luck.choice(sorted(MODELS))
        cause, scope, unit = MODELS[model]
        place = {"link": luck.choice(ROADS[:5]), "at": 0.5} if model == "slide.yaml" else {"node": luck.choice(NODES)}
        incidents.append(
            {"id": f"F{i}", "nature": "staged", "model": model, "time": f"+00:{luck.randint(0, 59):02d}", "location": place,
             "cause": cause, "scope": {scope: f"{luck.randint(5, 400)} {unit}"}}
        )  # fmt: skip
    for i in range(luck.randint(1, 8)):
        road = luck.choice(ROADS)
        do = luck.choice([
            {"close_road": road, "known_after": luck.choice(["0 min", "20 min", "never"])}, {"slow_road": road, "factor": 0.4},
            {"open_road": road}, {"comms": luck.choice(["down", "degraded"])}, {"weather": {"rain": "20 mm/h"}},
            {"casualties": {"incident": "F0", "count": luck.randint(1, 5), "triage": luck.choice(["red", "yellow", "green"])}},
        ])  # fmt: skip
        injects.append(
            {"id": f"i{i}", "title": "导调", "at": f"+0{luck.randint(0, 2)}:{luck.randint(0, 59):02d}", "do": [do]}
        )
    events = happens({"incidents": incidents, "injects": injects, "seed": seed, "horizon": "30 h"})

    assert isinstance(events[-1], ev.RunEnded)
    assert [str(v) for v in invariants.check(events)] == []


def test_little_s_law_holds_of_a_day() -> None:
    """The elements away, averaged over the day, are the rate at which they leave times how long they stay away."""
    day = random_day(11)
    out = {e.order: e.t for e in day.events if isinstance(e, ev.OrderGiven)}
    back = {e.sortie: e.t for e in day.events if isinstance(e, ev.Returned)}
    ends, area, away, since = day.events[-1].t, 0.0, 0, 0.0
    for event in day.events:
        area, since = area + away * (event.t - since), event.t
        away += isinstance(event, ev.OrderGiven) - isinstance(event, ev.Returned)
    stays = [back.get(sortie, ends) - left for sortie, left in out.items()]

    assert len(out) > 3
    assert area / ends == pytest.approx((len(stays) / ends) * (sum(stays) / len(stays)))
