"""The five elements: changing one alone – nature, time, place, cause or scope – changes the course as an expert expects."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml

from sim.domain import events as ev
from sim.runs import Run, run
from sim.scenario.compile import load_case

DAY, NIGHT = "2024-03-05T10:00:00", "2024-03-05T02:00:00"
NEAR, FAR = "C530325", "T530325108"  # the seat of Fuyuan; a township at the end of its roads
MORE = "especially_major"
USUAL = {
    "mine_inrush": "old_goaf",
    "forest_fire": "field_burning",
    "road_crash": "speeding",
    "road_landslide": "rain",
    "building_fire": "cooking",
}
ON_A_LINK = {"road_crash", "road_landslide"}  # these lie on a road, not in a town
LINKS = {"near": {"link": "R0182", "at": "1 km"}, "far": {"link": "R0301", "at": "0.5"}}
GRADE = {"mine_inrush": "major"}  # of fewer miners all may walk out before anybody is there


@cache
def course(nature: str, when: str = DAY, where: str = "near", cause: str = "", grade: str = "", seed: int = 3) -> Run:
    """A day in Qujing with one accident, its five elements as said."""
    link = nature in ON_A_LINK
    place = LINKS[where] if link else {"node": NEAR if where == "near" else FAR}
    accident = {
        "id": "F1", "nature": nature, "location": place, "cause": cause or USUAL[nature],
        "scope": {"grade": grade or GRADE.get(nature, "larger")},
    }  # fmt: skip
    case = {
        "name": "One element",
        "city": "qujing",
        "starts_at": when,
        "horizon": "48 h",
        "seed": seed,
        "incidents": [accident],
    }
    with TemporaryDirectory() as folder:
        file = Path(folder) / "one.yaml"
        file.write_text(yaml.safe_dump(case), encoding="utf-8")
        return run(load_case(file))


def first_arrival(found: Run) -> float:
    """Seconds from the beginning until the first crew is on the spot."""
    return float(found.summary["first_arrival"]["value"])


def tasks(found: Run) -> set[str]:
    """What was sent for, or asked for and not found."""
    return {e.task for e in found.events if isinstance(e, ev.OrderGiven)} | {
        e.capability for e in found.events if isinstance(e, ev.Shortfall)
    }


def readings(found: Run, name: str) -> list[tuple[float, float]]:
    """A figure of the accident over time."""
    return [(e.t, e.readings[name]) for e in found.events if isinstance(e, ev.HazardChanged) and name in e.readings]


def needed(found: Run) -> dict[str, float]:
    """The most that the post held to be needed of each capability."""
    most: dict[str, float] = {}
    for e in found.events:
        if isinstance(e, ev.NeedsStated):
            for need in e.needs:
                most[need.capability] = max(most.get(need.capability, 0.0), need.amount)
    return most


# ── 性质 nature ──


@pytest.mark.parametrize(
    ("nature", "signature"),
    [("mine_inrush", "DRAIN_UG"), ("forest_fire", "FIRE_LINE"), ("road_crash", "RESCUE_CUT"), ("road_landslide", "ROAD_CLEAR"),
     ("building_fire", "FIRE_WATER")],
)  # fmt: skip
def test_each_nature_calls_for_its_own_forces(nature: str, signature: str) -> None:
    """What marks one accident is not sent to the others at the same hour and of the same grade."""
    assert signature in tasks(course(nature))
    others = [n for n in USUAL if n != nature and {n, nature} != {"road_crash", "road_landslide"}]
    assert all(
        signature not in tasks(course(other)) for other in others if other != "road_crash" or signature != "ROAD_CLEAR"
    )


# ── 时间 time ──


@pytest.mark.parametrize("nature", sorted(USUAL.keys() - {"road_crash"}))
def test_help_comes_later_by_night(nature: str) -> None:
    """Noticed later, turned out later, driven slower: with the same luck, the first crew comes later."""
    assert first_arrival(course(nature, NIGHT)) > first_arrival(course(nature))


def test_a_crash_by_night_is_noticed_later_and_holds_up_fewer() -> None:
    """There is less traffic: fewer who could report it, fewer in the queue through which rescuers must pass."""
    night, day = course("road_crash", NIGHT), course("road_crash")

    def noticed(found: Run) -> float:
        return next(e.t for e in found.events if isinstance(e, ev.Discovered))

    assert noticed(night) > noticed(day)
    assert max(v for _, v in readings(night, "queue")) < max(v for _, v in readings(day, "queue"))


# ── 地域 location ──


@pytest.mark.parametrize("nature", sorted(USUAL))
def test_help_comes_later_to_a_place_far_off(nature: str) -> None:
    """The same accident beyond the mountains instead of at the seat of the county."""
    assert first_arrival(course(nature, where="far")) > first_arrival(course(nature))


# ── 原因 cause ──


def test_the_inflow_of_a_karst_conduit_does_not_die_away() -> None:
    """An old goaf empties itself, an aquifer does not."""

    def lasting(cause: str) -> float:
        inflow = dict(readings(course("mine_inrush", cause=cause), "inflow"))
        return min(v for t, v in inflow.items() if t < 40 * 3600) / max(inflow.values())

    assert lasting("karst") > lasting("old_goaf")


def test_arson_lights_more_than_one_seat() -> None:
    """Four seats instead of one: more is alight from the start and more line is asked for."""
    arson, burning = course("forest_fire", cause="arson"), course("forest_fire")
    assert needed(arson)["FIRE_LINE"] > needed(burning)["FIRE_LINE"]


def test_a_landslide_on_vehicles_brings_the_road_crews() -> None:
    """Debris must be cleared where a slope came down, not where someone drove too fast."""
    assert "ROAD_CLEAR" in tasks(course("road_crash", cause="landslide_hit"))
    assert "ROAD_CLEAR" not in tasks(course("road_crash"))


def test_the_slope_keeps_coming_after_an_earthquake() -> None:
    """More debris follows than after cutting into the slope: the road opens later."""

    def opened(cause: str) -> float:
        return next(
            e.t for e in course("road_landslide", cause=cause).events if isinstance(e, ev.RoadKnown) and e.factor == 1.0
        )

    assert opened("earthquake") > opened("excavation")


def test_arson_burns_faster_than_a_kitchen() -> None:
    """More is alight at the worst moment."""
    worst = {c: max(v for _, v in readings(course("building_fire", cause=c), "burning")) for c in ("arson", "cooking")}
    assert worst["arson"] > worst["cooking"]


# ── 范围 scope ──


@pytest.mark.parametrize("nature", sorted(USUAL))
@pytest.mark.parametrize(
    "measure", [lambda r: sum(needed(r).values()), lambda r: r.summary["people_dispatched"]["value"]]
)
def test_a_greater_accident_needs_and_moves_more(nature: str, measure: Callable[[Run], Any]) -> None:
    """From the ordinary grade to the greatest: more is held to be needed, and more people set out."""
    assert measure(course(nature, grade=MORE)) > measure(course(nature, grade="general"))


@pytest.mark.parametrize("nature", sorted(USUAL))
def test_a_greater_accident_puts_more_people_in_harm_s_way(nature: str) -> None:
    """The people of the scope are in the journal, one by one."""
    great, small = (course(nature, grade=g).summary["casualties"]["value"]["involved"] for g in (MORE, "general"))
    assert great > small
