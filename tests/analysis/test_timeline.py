"""Intervals and ways, against times worked out by hand."""

from __future__ import annotations

import pytest

from sim.analysis import timeline, tracks
from sim.analysis.lines import Span, value_at
from sim.domain import events as ev
from sim.domain.hazards import Demand, DemandKind
from sim.domain.people import Status
from sim.journal.cast import Cast


def test_a_sortie_is_told_from_turnout_to_home(journal: list[ev.Event]) -> None:
    """The pump group turns out, travels, sets up, works, returns: each span begins where the last ended."""
    pump = timeline.build(journal).sorties["S3"]

    assert pump.spans == [
        Span("turnout", 420.0, 720.0),
        Span("travelling", 720.0, 1920.0),
        Span("setting_up", 1920.0, 2220.0),
        Span("working", 2220.0, 6300.0),
        Span("returning", 6300.0, 7500.0),
    ]


def test_spans_of_a_sortie_fill_its_time_without_gap_or_overlap(journal: list[ev.Event]) -> None:
    """Whatever happens to a sortie, it is in one state at a time."""
    for sortie in timeline.build(journal).sorties.values():
        assert sortie.spans[0].start == sortie.ordered
        assert sortie.spans[-1].end == sortie.returned
        assert all(a.end == b.start for a, b in zip(sortie.spans, sortie.spans[1:], strict=False))


def test_a_set_up_broken_off_never_becomes_work(journal: list[ev.Event]) -> None:
    """Released during set-up, an element has worked no second."""
    cut = [e for e in journal if e.t <= 2000.0]
    cut.append(ev.Released(len(cut), 2000.0, None, "S3", "T2/01", "F1", "recalled"))
    cut.append(
        ev.Departed(
            len(cut),
            2000.0,
            None,
            "S3",
            "T2/01",
            "T2",
            10,
            "F1",
            "home",
            "C",
            ("D", "F", "C"),
            ("FD", "CF"),
            (600.0, 1200.0),
            3200.0,
        )
    )
    spans = timeline.build(cut).sorties["S3"].spans

    assert spans[-1] == Span("setting_up", 1920.0, 2000.0)
    assert not any(s.what == "working" for s in spans)


def test_what_is_not_over_ends_with_the_journal(journal: list[ev.Event]) -> None:
    """A journal that stops half-way leaves nothing open and invents nothing."""
    line = timeline.build([e for e in journal if e.t <= 3000.0])

    assert line.ended == 3000.0
    assert max(s.end for sortie in line.sorties.values() for s in sortie.spans) == 3000.0
    assert line.incidents["F1"].modes == [Span("growing", 60.0, 3000.0)]
    assert [s.what for s in line.closures] == ["BD"]


def test_an_incident_is_undiscovered_reported_awaited_then_responded_to(journal: list[ev.Event]) -> None:
    """The parts of an incident's time meet at discovery, first order, first arrival and close."""
    phases = timeline.build(journal).incidents["F1"].phases

    assert [(p.what, p.start, p.end) for p in phases] == [
        ("undiscovered", 60.0, 300.0),
        ("reported", 300.0, 420.0),
        ("awaited", 420.0, 1140.0),
        ("responding", 1140.0, 6300.0),
    ]


def test_effort_at_work_is_what_the_hazard_felt(journal: list[ev.Event]) -> None:
    """Pumping counts from the end of the set-up, and stops with the hazard."""
    line = timeline.build(journal)

    assert line.working("F1", "DRAIN") == [(60.0, 0.0), (2220.0, 0.125), (6000.0, 0.0)]
    assert line.working("F1", "RESCUE") == [(60.0, 0.0), (2580.0, 1.0), (2640.0, 2.0), (6000.0, 0.0)]


def test_who_is_there_counts_while_on_the_spot(journal: list[ev.Event]) -> None:
    """The ambulance is there for one minute, until it carries its patients off; two squads come one after the other."""
    line = timeline.build(journal)

    assert line.present("F1", "AMBULANCE") == [(1140.0, 1.0), (1200.0, 0.0)]
    assert line.present("F1", "RESCUE") == [(2580.0, 1.0), (2640.0, 2.0), (6300.0, 0.0)]
    assert line.in_state("resting") == []


def test_a_hazard_that_is_over_feels_no_effort(journal: list[ev.Event]) -> None:
    """Even if its last line still speaks of effort, nobody works on it from then on."""
    last = next(e for e in journal if isinstance(e, ev.HazardChanged) and e.mode == "over")
    last.effort = {"pumping": 0.125}

    assert timeline.build(journal).working("F1", "DRAIN")[-1] == (6000.0, 0.0)


def test_need_in_truth_is_rate_or_face_and_need_as_believed_is_what_was_stated(journal: list[ev.Event]) -> None:
    """A rate is needed as it stands; of work as much is useful as the face takes; when demands go, need goes."""
    incident = timeline.build(journal).incidents["F1"]

    assert incident.needed == {"DRAIN": [(60.0, 0.2), (6000.0, 0.0)], "RESCUE": [(60.0, 2.0), (6000.0, 0.0)]}
    assert value_at(incident.believed["DRAIN"], 500.0) == 0.25
    assert timeline.useful(Demand("d", DemandKind.WORK, "X", 100.0)) == 0.0


def test_persons_keep_every_status_with_its_time(journal: list[ev.Event]) -> None:
    """One who waited, was carried, admitted and saved has four moments."""
    person = timeline.build(journal).persons["F1/p5"]

    assert [(t, s) for t, s, _ in person.statuses] == [
        (60.0, Status.WAITING), (1200.0, Status.CARRIED), (2400.0, Status.HOSPITAL), (3000.0, Status.SAVED),
    ]  # fmt: skip
    assert person.hospital == "H1"


def test_the_way_is_as_long_as_it_was_driven(journal: list[ev.Event], cast: Cast) -> None:
    """Seven kilometres out, seven back, twenty round the other way: a sortie that turned round drove them all."""
    line = timeline.build(journal)
    out = line.sorties["S1"].trips[0]

    assert out.metres(cast.links, line.ended) == pytest.approx(34_000.0)
    assert out.reroutes == 1
    assert line.sorties["S3"].trips[0].reroutes == 0


def test_a_way_is_drawn_to_the_turning_point_and_back(journal: list[ev.Event], cast: Cast) -> None:
    """Seven tenths along the link the line turns, and the times of its points rise."""
    line = timeline.build(journal)
    nodes = {name: (node.lon, node.lat) for name, node in cast.nodes.items()}
    way = tracks.path(line.sorties["S1"].trips[0], cast.links, nodes, line.ended)

    assert way[0] == (600.0, (103.8, 25.5))
    assert way[1][1] == pytest.approx((103.87, 25.5)) and way[1][0] == 1020.0
    assert way[2][1] == pytest.approx((103.8, 25.5))
    assert way[-1] == (2640.0, (103.9, 25.6))
    assert [t for t, _ in way] == sorted(t for t, _ in way)


def test_a_way_half_driven_ends_where_the_sortie_is(journal: list[ev.Event], cast: Cast) -> None:
    """At half the time of a link half of it is behind."""
    line = timeline.build(journal)
    nodes = {name: (node.lon, node.lat) for name, node in cast.nodes.items()}
    trip = line.sorties["S3"].trips[0]

    assert tracks.path(trip, cast.links, nodes, 1020.0)[-1][1] == pytest.approx((104.0, 25.55))
    assert trip.metres(cast.links, 1020.0) == pytest.approx(5_000.0)


def test_the_last_mile_counts_in_time_but_not_on_the_road(journal: list[ev.Event], cast: Cast) -> None:
    """A walk after the last node, and before the first on the way home, makes legs without a link."""
    out = ev.Departed(0, 0.0, None, "S9", "e", "t", 1, "F1", "site", "B", ("A", "B"), ("AB",), (600.0,), 900.0, 300.0)
    home = ev.Departed(
        1, 5000.0, None, "S9", "e", "t", 1, "F1", "home", "A", ("B", "A"), ("AB",), (900.0,), 5900.0, 300.0
    )
    there, back = tracks.departed(out), tracks.departed(home)

    assert [(x.link, x.start, x.end) for x in there.legs] == [("AB", 0.0, 600.0), ("", 600.0, 900.0)]
    assert [(x.link, x.start, x.end) for x in back.legs] == [("", 5000.0, 5300.0), ("AB", 5300.0, 5900.0)]
    assert there.metres(cast.links, 1e9) == back.metres(cast.links, 1e9) == 10_000.0


def test_shortfalls_and_closures_end_when_they_are_over(journal: list[ev.Event]) -> None:
    """A gap filled and a road opened have an end; the most that was missing is kept."""
    cut = [e for e in journal if e.t <= 960.0]
    cut.append(ev.Shortfall(len(cut), 1000.0, None, "county", "F1", "DRAIN", 0.25, "none_free"))
    cut.append(ev.Shortfall(len(cut), 2000.0, None, "county", "F1", "DRAIN", 0.0, "covered"))
    cut.append(ev.RoadChanged(len(cut), 3000.0, None, "BD", 1.0, "cleared"))
    line = timeline.build(cut)

    assert [(s.start, s.end, s.amount) for s in line.shortfalls] == [(420.0, 2000.0, 0.25)]
    assert line.closures == [Span("BD", 960.0, 3000.0)]


def test_nothing_is_short_any_more_where_the_response_has_ended(journal: list[ev.Event]) -> None:
    """A shortfall that was never covered ends with the incident, not with the journal."""
    cut = [e for e in journal if e.t <= 900.0]
    cut.append(ev.IncidentClosed(len(cut), 1500.0, None, "F1", "county", "done"))
    cut.append(ev.RunEnded(len(cut), 9000.0, None, "settled"))

    assert [s.end for s in timeline.build(cut).shortfalls] == [1500.0]
