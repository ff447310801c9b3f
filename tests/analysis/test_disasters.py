"""A disaster told as one: its places in order of need, who was there first, one finding where many places have the same."""

from __future__ import annotations

import math

import pytest

from sim.analysis.disasters import disasters, told_toll
from sim.analysis.lines import IncidentLine, PersonLine, Timeline, TollLine
from sim.analysis.review.blocks import Finding
from sim.analysis.review.mayor import grouped
from sim.analysis.telling import Teller
from sim.domain.people import Status
from sim.domain.places import Point, Site
from sim.journal.cast import Cast


def place(name: str, parent: str, town: str, arrived: float | None) -> IncidentLine:
    """An incident of a town, reached at a time."""
    site = Site(Point(0.0, 0.0), town, town, town, "K", town, 0.0, "road")
    line = IncidentLine(name, "job", "", name, name, site, {}, parent, 0.0)
    line.received, line.first_arrival, line.root = 60.0, arrived, name.partition(".")[0]
    return line


def person(incident: str, number: int, *statuses: Status) -> PersonLine:
    """Somebody who went through these."""
    steps = [(float(t), status, "") for t, status in enumerate(statuses)]
    return PersonLine(f"{incident}/{number}", incident, "", "", steps)


@pytest.fixture
def quake() -> Timeline:
    """A shock in A that is reached late, houses in A and B, a slide after those of B; and an accident of another kind."""
    incidents = [
        place("E", "", "A", 9000.0), place("E.a", "E", "A", 4000.0), place("E.b", "E", "B", 900.0),
        place("E.b.c", "E.b", "C", None), place("F", "", "A", 100.0),
    ]  # fmt: skip
    people = [
        person("E.a", 1, Status.TRAPPED, Status.DEAD), person("E.a", 2, Status.WAITING), person("E.b", 1, Status.EXPOSED),
        person("E.b.c", 1, Status.TRAPPED), person("E.b.c", 2, Status.DEAD), person("E.b.c", 3, Status.DEAD),
    ]  # fmt: skip
    incidents[0].tolls = [TollLine(10.0, "COUNTY", 1, 0, 0, 1, 1), TollLine(20.0, "CITY", 3, 1, 1, 4, 2)]
    incidents[0].tolls.append(TollLine(30.0, "PROVINCE", 2, 2, 1, 3, 3))
    incidents[0].lead = "CITY"
    return Timeline(incidents={i.id: i for i in incidents}, persons={p.id: p for p in people}, ended=math.inf)


def test_what_followed_belongs_to_the_accident_it_goes_back_to(quake: Timeline) -> None:
    """However many steps lie between them; what followed nothing is a disaster of its own."""
    assert [[i.id for i in d.members] for d in disasters(quake)] == [["E", "E.a", "E.b", "E.b.c"], ["F"]]


def test_first_on_the_spot_is_said_of_any_place_and_of_where_it_began(quake: Timeline) -> None:
    """The houses of B were reached first; in the town of the shock the houses of A, long before its own work was."""
    shock, other = disasters(quake)

    assert shock.first is not None and shock.first.id == "E.b"
    assert shock.first_at_origin is not None and shock.first_at_origin.id == "E.a"
    assert other.first is other.first_at_origin


def test_places_stand_in_the_order_of_need(quake: Timeline) -> None:
    """Most people ever shut in, hurt or dead first; who was merely in danger is not counted."""
    shock, _ = disasters(quake)

    assert [(p.incident.id, p.harmed, p.dead) for p in shock.places] == [
        ("E.b.c", 3, 2), ("E.a", 2, 1), ("E", 0, 0), ("E.b", 0, 0),
    ]  # fmt: skip


def test_the_toll_is_that_of_the_post_in_the_lead(quake: Timeline) -> None:
    """The province knows later and the county knew less."""
    shock, other = disasters(quake)

    assert shock.toll is not None and (shock.toll.post, shock.toll.dead) == ("CITY", 3)
    assert other.toll is None


def finding(kind: str, name: str, incident: str, weight: float) -> Finding:
    """A finding with the id that the review gives it."""
    ident = "/".join(filter(None, (kind, name, incident)))
    return Finding(ident, kind, incident, incident, incident, weight, (), None, weight)


def test_the_same_finding_over_many_places_is_one_told_by_the_worst() -> None:
    """Three places where rescuers were hit, two late duties of one name: two findings for a mayor."""
    found = [
        finding("responders", "", "E.a", 1.0), finding("responders", "", "E.b", 5.0), finding("responders", "", "E", 2.0),
        finding("duty", "X/notice", "E", 3.0), finding("duty", "X/notice", "F", 1.0), finding("duty", "X/press", "E", 1.0),
    ]  # fmt: skip

    assert [[f.incident for f in group] for group in grouped(found)] == [["E.b", "E", "E.a"], ["E", "F"], ["E"]]


def test_a_toll_of_one_place_adds_nothing_up(cast: Cast) -> None:
    """“(1 places together)” is said of no accident that stayed one."""
    teller = Teller(cast, "en")
    one, several = (told_toll(TollLine(0.0, "CITY", 4, 0, 24, n, 1), teller) for n in (1, 3))

    assert "places" not in one and one.startswith("4 dead, 0 missing or trapped, 24 injured (as ")
    assert "3 places together" in several
