"""Reports that are late, incomplete, false or concealed: what posts then know, when it comes out, what it costs."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.domain import events as ev
from sim.domain.command import Conduct
from sim.engine.simulation import simulate
from sim.scenario.compile import check_case, load_case
from tests.whole.worlds import HOUR, MIN, Crew, Fate, Job, Task, told

ROOT = Path(__file__).resolve().parents[2]
DETOUR = (ROOT / "scenarios" / "drills" / "toytown_detour.yaml").read_text(encoding="utf-8")


def unit(does: str, **how: object) -> Conduct:
    return Conduct("F1", "unit", does, **how)  # type: ignore[arg-type]


# ── the unit ──


def test_a_late_report_delays_all_that_follows_by_just_as_much() -> None:
    """Noticed at 30, told three hours later; the first order goes out three hours later, too."""
    late = told(Crew("T1", "B"), conduct=[unit("late", by=3 * HOUR)])

    (withheld,) = late.all(ev.ReportWithheld)
    assert (withheld.t, withheld.why, withheld.until) == (30, "late", 30 + 3 * HOUR)
    assert late.time(ev.Discovered) == 30
    assert late.time(ev.ReportReceived, report="R1") == 30 + 3 * HOUR + 60
    assert late.time(ev.OrderGiven) == 90 + 3 * HOUR
    assert late.all(ev.ConductExposed) == [], "late is not hidden: it stands in the report"


def test_what_is_concealed_is_not_acted_on_until_somebody_tells() -> None:
    """Fourteen hours; the first report then has the tip as its cause."""
    hidden = told(Crew("T1", "B"), conduct=[unit("concealed", until=14 * HOUR)])

    (exposed,) = hidden.all(ev.ConductExposed)
    first = hidden.all(ev.ReportSent)[0]
    assert (exposed.t, exposed.sender, exposed.how) == (30 + 14 * HOUR, "unit", "tip")
    assert first.t == exposed.t and first.cause == exposed.seq
    assert hidden.time(ev.OrderGiven) == 90 + 14 * HOUR


def test_concealment_kills_who_would_have_been_fetched() -> None:
    """A red who bears two hours: fetched at once they live, after a concealment of three hours they do not."""
    crews, task = [Crew("T1", "C")], Task(job=Job(work=9 * HOUR, people="R"))
    honest = told(*crews, Crew("D1", "C", "TREAT"), tasks=[task], fate=Fate(waits=2 * HOUR), horizon=12 * HOUR)
    hidden = told(*crews, Crew("D1", "C", "TREAT"), tasks=[task], fate=Fate(waits=2 * HOUR), horizon=12 * HOUR,
                  conduct=[unit("concealed", until=3 * HOUR)])  # fmt: skip

    assert "dead" not in [e.status.value for e in honest.all(ev.PersonChanged)]
    assert [(e.t, e.status.value) for e in hidden.all(ev.PersonChanged)] == [(2 * HOUR, "dead")]


def test_false_figures_hold_until_a_head_count() -> None:
    """Four trapped, half of them told of; the crew that sizes up at its arrival counts, and it comes out."""
    day = told(Crew("T1", "B"), tasks=[Task(job=Job(work=9 * HOUR, people="RRYG"))], conduct=[unit("false", share=0.5)])
    first, *later = day.all(ev.ReportSent, incident="F1")
    (bent,) = day.all(ev.ReportFalsified, report=first.report)

    assert bent.believed == {"injured": 4.0, "seriously_injured": 2.0} and bent.told == {
        "injured": 2.0,
        "seriously_injured": 1.0,
    }
    assert (first.sighting.injured, first.sighting.seriously_injured) == (2, 1)
    (exposed,) = day.all(ev.ConductExposed)
    assert exposed.how == "head_count"
    counted = next(e for e in later if e.sender == "scene")
    assert counted.t == exposed.t and counted.sighting.injured == 4


def test_what_is_left_out_is_nothing_in_the_report() -> None:
    """Missed by negligence: only the counts that are named."""
    day = told(
        Crew("T1", "B"),
        tasks=[Task(job=Job(work=9 * HOUR, people="RG"))],
        conduct=[unit("missed", omits=("seriously_injured",))],
    )
    first = day.all(ev.ReportSent)[0]

    assert (first.sighting.injured, first.sighting.seriously_injured) == (2, 0)


def test_without_conduct_nothing_of_it_is_recorded() -> None:
    """Nobody lies by chance."""
    day = told(Crew("T1", "B"))
    assert not day.all(ev.ReportWithheld) + day.all(ev.ReportFalsified) + day.all(ev.ConductExposed)


# ── a post ──


def graded(tmp_path: Path, conduct: str) -> list[ev.Event]:
    """The drill of Toytown in which a county deals with its reports in this way."""
    file = tmp_path / "case.yaml"
    file.write_text(DETOUR + ("\nconduct:\n" + conduct if conduct else ""), encoding="utf-8")
    events: list[ev.Event] = []
    simulate(load_case(file), events.append)
    return events


def city_knows(events: list[ev.Event]) -> float:
    return min((e.t for e in events if isinstance(e, ev.ReportReceived) and e.post == "CITY"), default=float("inf"))


def test_a_county_that_reports_late_keeps_the_city_waiting(tmp_path: Path) -> None:
    """By two hours; what the county does itself is as it was."""
    plain, late = graded(tmp_path, ""), graded(tmp_path, "  - {incident: F1, who: 东县, does: late, by: 2 h}")
    (withheld,) = [e for e in late if isinstance(e, ev.ReportWithheld)]

    assert (withheld.receiver, withheld.why) == ("CITY", "late")
    up = next(e for e in late if isinstance(e, ev.ReportSent) and e.receiver == "CITY")
    assert up.t == withheld.until == withheld.t + 2 * HOUR
    assert city_knows(plain) < withheld.until < city_knows(late)
    assert [e.t for e in plain if isinstance(e, ev.OrderGiven)] == [e.t for e in late if isinstance(e, ev.OrderGiven)]


def test_a_county_that_conceals_is_found_out_from_above(tmp_path: Path) -> None:
    """After half an hour the city asks, and the report goes up with that as its cause."""
    hidden = graded(tmp_path, "  - {incident: F1, who: 东县, does: concealed, until: 30 min}")
    (withheld,) = [e for e in hidden if isinstance(e, ev.ReportWithheld)]
    (exposed,) = [e for e in hidden if isinstance(e, ev.ConductExposed)]
    up = next(e for e in hidden if isinstance(e, ev.ReportSent) and e.receiver == "CITY")

    assert exposed.t == withheld.t + 30 * MIN and exposed.how == "inquiry" and exposed.by == "CITY"
    assert up.t == exposed.t and up.cause == exposed.seq


def test_a_county_that_tells_less_is_checked(tmp_path: Path) -> None:
    """The city believes half of what the county knows until it has looked for itself."""
    bent = graded(tmp_path, "  - {incident: F1, who: 东县, does: false, share: 0, until: 40 min}")
    (exposed,) = [e for e in bent if isinstance(e, ev.ConductExposed)]
    sent = [e for e in bent if isinstance(e, ev.ReportSent) and e.receiver == "CITY"]

    assert all(e.sighting.injured == e.sighting.trapped == 0 for e in sent if e.t < exposed.t)
    assert any(e.sighting.injured + e.sighting.trapped + e.sighting.dead > 0 for e in sent if e.t >= exposed.t)


@pytest.mark.parametrize(
    ("entry", "told_of"),
    [("{incident: F9, who: unit, does: late}", "F9"), ("{incident: ID, who: nobody, does: late}", "nobody"),
     ("{incident: ID, who: unit, does: missed}", "omits"), ("{incident: ID, who: unit, does: late, share: 0.5}", "share"),
     ("{incident: ID, who: unit, does: lying}", "lying"), ("{incident: ID, who: unit, does: false, share: 2}", "share")],
)  # fmt: skip
def test_mistakes_in_conduct_are_told(entry: str, told_of: str, tmp_path: Path) -> None:
    """Unknown incidents and posts, keys that do not belong, figures out of range."""
    file = tmp_path / "case.yaml"
    file.write_text(DETOUR + "\nconduct:\n  - " + entry.replace("ID", "F1") + "\n", encoding="utf-8")

    assert any(told_of in str(problem) for problem in check_case(file))
