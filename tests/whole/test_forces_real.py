"""Forces that others decide over in the shipped cases: who moved was allowed, and help grew in waves."""

from __future__ import annotations

import pytest

from sim.analysis import forces as measures
from sim.analysis.invariants import check
from sim.domain import events as ev
from sim.units import HOUR
from tests.whole.shipped import shipped

CASE = "military_urgent"


@pytest.mark.parametrize("name", [CASE, "huize_m66_night", "huize_forest_fire", "luliang_flood_july"])
def test_whoever_moved_had_a_yes(name: str) -> None:
    """No law is broken, that of approval among them."""
    run = shipped(name)

    assert check(run.events, run.cast) == []


def test_troops_are_asked_directly_and_their_organ_confirms() -> None:
    """Lives at stake and too few of its own: the army says yes within the half hour, the sub-district some hours later."""
    run = shipped(CASE)
    asked = [a for a in measures.requests(run.events, run.cast) if a.kind == "army" and a.channel == "urgent"]

    assert asked
    for one in asked:
        assert one.answer_took is not None and one.answer_took <= HOUR
        assert one.answered_by == one.force
        assert one.confirmed_at is None or one.confirmed_at > one.asked_at + one.answer_took


def test_help_grows_in_waves() -> None:
    """First the city's own with militia and armed police; army, neighbours, province hours later; then the nation."""
    run = shipped(CASE)
    first, second, third, fourth, _ = measures.waves(run.events, run.cast)

    assert set(first.people) <= {measures.OWN, "militia", "armed_police"}
    assert first.people[measures.OWN] > sum(first.people.values()) / 2
    assert second.people[measures.OWN] > first.people[measures.OWN]
    assert {"army", "neighbour", "province"} & third.people.keys()
    assert fourth.people["national"] > third.people.get("national", 0)


def test_by_night_no_helicopter_flies() -> None:
    """The shock is at three in the morning: the helicopters are refused, and nobody took off in the dark."""
    run = shipped("huize_m66_night")
    flown = {team for force in run.cast.forces.values() if force.flies for team in force.teams}
    answers = [a for a in measures.requests(run.events, run.cast) if a.kind == "helicopter"]

    assert answers[0].answer == "refused" and answers[0].why == "night"
    dark = True
    for event in run.events:
        if isinstance(event, ev.Daylight):
            dark = event.night
        elif isinstance(event, ev.Departed) and event.team in flown and event.bound == "site":
            assert not dark


def test_militia_and_armed_police_of_the_roster_wait_for_their_organ() -> None:
    """They are among the 171 teams, and every one of them belongs to exactly one force."""
    cast = shipped(CASE).cast
    owned = [team for force in cast.forces.values() for team in force.teams if team in cast.teams]
    theirs = [t for t, team in cast.teams.items() if team.category in {"MILA", "MILT", "MILS", "PAP"}]

    assert sorted(set(owned) & set(theirs)) == sorted(theirs)
    assert len(owned) == len(set(owned))


def test_an_earthquake_is_one_matter() -> None:
    """One paper for a force at a time, for all places of the disaster; supplies on one list, money in one estimate."""
    run = shipped(CASE)
    root = {e.incident: e.parent for e in run.events if isinstance(e, ev.IncidentOccurred)}
    open_now: set[str] = set()
    for e in run.events:
        if isinstance(e, ev.ForceAsked):
            assert e.incident == "E1" and e.force not in open_now
            assert all("=" in place for place in e.content["area"].split())
            open_now.add(e.force)
        elif isinstance(e, ev.ForceAnswered):
            open_now.discard(e.force)
        elif isinstance(e, ev.FundAsked):
            assert not root[e.incident]
    lists = {(e.post, e.t) for e in run.events if isinstance(e, ev.SupplyAsked) and not e.parent}
    numbers = {e.request.split("/")[1].split(".")[0] for e in run.events if isinstance(e, ev.SupplyAsked)}
    assert len(lists) == len(numbers)


def test_granted_forces_do_something_or_are_stood_down() -> None:
    """Of what was granted, everything was ordered out, or told in the journal that it need not come, or the run ended first."""
    run = shipped(CASE)
    granted = [a for a in measures.requests(run.events, run.cast) if a.answer == "approved"]

    assert sum(a.first_order_at is not None for a in granted) > len(granted) / 2
    assert all(a.first_order_at is not None or a.stood_down or a.released_at is not None for a in granted)


def test_by_day_and_in_fit_weather_helicopters_fly() -> None:
    """In the morning of a dry day: they are granted, take off in the light, work and are home by dark."""
    run = shipped(CASE)
    asked = next(a for a in measures.requests(run.events, run.cast) if a.kind == "helicopter")
    flown = {team for force in run.cast.forces.values() if force.flies for team in force.teams}
    out = [e for e in run.events if isinstance(e, ev.Departed) and e.team in flown and e.bound == "site"]

    assert asked.answer == "approved" and asked.elements > 0
    assert out and all(e.links == () for e in out)
    dark = False
    for event in run.events:
        if isinstance(event, ev.Daylight):
            dark = event.night
        elif isinstance(event, ev.Departed) and event.team in flown and event.bound == "site":
            assert not dark
