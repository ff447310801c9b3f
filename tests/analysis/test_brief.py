"""The brief: what it says, and that it fits the terminal it is printed on."""

from __future__ import annotations

import io
import re

import msgspec
import pytest
from rich.cells import cell_len
from rich.console import Console

from sim.analysis import brief, timeline
from sim.analysis.moments import key_moments
from sim.analysis.telling import Teller
from sim.domain import events as ev
from sim.domain.people import Status
from sim.journal.cast import Cast, Words
from tests.analysis.law_kit import judged


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_line_is_wider_than_eighty_columns(lang: str, journal: list[ev.Event], cast: Cast) -> None:
    """Chinese characters count as two; long names fold rather than push the page out."""
    long = cast.teams["T1"].name.zh * 6
    teams = cast.teams | {"T1": msgspec.structs.replace(cast.teams["T1"], name=Words(long, "A very long name " * 6))}
    text = brief.text(journal, msgspec.structs.replace(cast, teams=teams), lang)

    assert max(cell_len(row) for row in text.splitlines()) <= 80
    assert long in re.sub(r"\s|（.*?）|1×.*?←.*?镇|18 人|2×.*", "", text) or lang == "en"


def test_the_brief_tells_the_day(journal: list[ev.Event], cast: Cast) -> None:
    """What, where, when, cause, scope, strategy and seed; who came first; what was lost and why; what ran short."""
    text = " ".join(brief.text(journal, cast, "en").split())

    for words in (
        "The Old Pit", "2024-07-19 02:40", "strategy Nearest capable set", "seed 1",
        "Old Pit inrush", "Water inrush", "cause: Old workings",
        "People below 6", "First on the spot: Ambulance Station",
        "elements that turn round and go another way: 2", "Pumps overtake the inflow",
        "6 in harm's way: saved 1, safe 2, dead 3, missing 0", "at once 1", "not got out in time 1", "450 m³/h", "none exists",
        "On the spot within the hour", "1 met, 1 late, 1 missed", "3 due, 2 closed", "Reference configuration",
    ):  # fmt: skip
        assert words in text, words


def test_the_chinese_brief_is_chinese(journal: list[ev.Event], cast: Cast) -> None:
    """Beside units, no English word is left: the strategy goes by its Chinese name."""
    text = brief.text(journal, msgspec.structs.replace(cast, credits=""), "zh")

    assert set(re.findall(r"[A-Za-z_]{2,}", text)) == {"km"}


def test_clock_times_run_in_order(journal: list[ev.Event], cast: Cast) -> None:
    """The course is told in the order it happened, each moment once."""
    course = brief.text(journal, cast, "en").split("What happened")[1].split("Who came")[0]
    rows = [row.strip() for row in course.splitlines() if row.strip()]

    assert [row[:5] for row in rows] == sorted(row[:5] for row in rows)
    assert len(rows) == len(set(rows))


def test_a_page_stays_a_page_however_much_happens(journal: list[ev.Event], cast: Cast) -> None:
    """Two hundred milestones do not drown the first arrival; the brief says how many it left out."""
    many = [*journal[:-1]]
    many += [ev.Milestone(0, 7500.0, None, "F1", f"note_{i}", {}) for i in range(200)]
    text = brief.text([*many, journal[-1]], cast, "en")

    assert len(text.splitlines()) < 70
    assert "First on the spot" in text and "lesser moments" in text


@pytest.mark.parametrize("cut", [0, 1, 4, 12, 40])
def test_a_run_cut_short_is_still_told(cut: int, journal: list[ev.Event], cast: Cast) -> None:
    """An empty or broken-off journal makes a brief, not an error."""
    assert "The Old Pit" in brief.text(journal[:cut], cast, "en")


def test_a_pipe_gets_plain_text(journal: list[ev.Event], cast: Cast) -> None:
    """Without a terminal no colour code is written."""
    target = io.StringIO()
    brief.show(journal, cast, "zh", Console(file=target))

    assert "\x1b" not in target.getvalue() and "老井" in target.getvalue()


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8"])
def test_chinese_terminals_can_print_it(encoding: str, journal: list[ev.Event], cast: Cast) -> None:
    """Code page 936 of a Chinese Windows has every character of the Chinese brief but the raised figures of units."""
    text = brief.text(journal, cast, "zh")

    assert text.replace("³", "3").encode(encoding)


def test_beginnings_and_ends_are_told_however_little_room_there_is(journal: list[ev.Event], cast: Cast) -> None:
    """With room for one moment, what occurred and how it ended still stand there."""
    teller = Teller(cast, "en")
    told, left_out = key_moments(journal, timeline.build(journal), teller, 1)
    always = [e for e in journal if isinstance(e, ev.IncidentOccurred | ev.HazardOver | ev.IncidentClosed)]

    assert always and {m.t for m in told} >= {e.t for e in always}
    assert left_out > 0


def test_a_run_stopped_at_its_horizon_says_what_is_still_open(journal: list[ev.Event], cast: Cast) -> None:
    """Without the end of the response, and with the horizon as the reason, the incident is named."""
    cut = [e for e in journal if not isinstance(e, ev.IncidentClosed | ev.HazardOver)]
    end = cut[-1]
    assert isinstance(end, ev.RunEnded)

    said = " ".join(brief.text([*cut[:-1], msgspec.structs.replace(end, reason="horizon")], cast, "en").split())

    assert "with these still open: Old Pit inrush" in said
    assert "still open: Old Pit" not in " ".join(brief.text(journal, cast, "en").split())


def test_a_duty_that_was_missed_is_named(journal: list[ev.Event], cast: Cast) -> None:
    """A count of missed duties is no help; their names are."""
    missed = [d for d in cast.obligations if judged([d], journal, journal[-1].t).get((d.id, "F1")) == "missed"]

    assert missed
    assert missed[0].title.en in brief.text(journal, cast, "en")


# ── moments: what must be told, and what must not be told ──


def told(events: list[ev.Event], cast: Cast, most: int = 60, lang: str = "en") -> list[str]:
    """The texts of the moments of a journal."""
    teller = Teller(cast, lang)
    return [m.text for m in key_moments(events, timeline.build(events), teller, most)[0]]


def without(events: list[ev.Event], *people: str) -> list[ev.Event]:
    """The journal in which nothing more becomes of these people."""
    return [e for e in events if not (isinstance(e, ev.PersonChanged) and e.person in people)]


def test_the_highest_level_and_the_worst_grading_stand_however_little_room_there_is(
    journal: list[ev.Event], cast: Cast
) -> None:
    """Each step of a post to a higher level is told, and the worst grading; milestones told before give way."""
    end = journal.pop()
    seq = len(journal)
    journal += [ev.Milestone(0, 6400.0 + i, None, "F1", "turning_point", {}) for i in range(40)]
    journal += [
        ev.ResponseChanged(seq, 7000.0, None, incident="F1", post="county", level=1, basis="especially major"),
        ev.ResponseChanged(seq + 1, 7000.0, None, incident="F1", post="city", level=1, basis="especially major"),
        ev.Graded(seq + 2, 7000.0, None, incident="F1", post="city", confirmed=3, potential=4, basis="dead+missing 40"),
        end,
    ]
    texts = told(journal, cast, most=1)

    assert {"County command starts response level III", "County command starts response level I"} < {*texts}
    assert {"City command starts response level I", "City command grades: major, may become especially major"} < {
        *texts
    }
    assert "Pumps overtake the inflow" not in texts


def test_the_last_of_the_trapped_is_out_only_if_nobody_is_left_in_there(journal: list[ev.Event], cast: Cast) -> None:
    """p2 comes out and p3 dies in there: the last who lived. With p3 still in there at the end it is not said."""
    everybody_lives = [
        msgspec.structs.replace(e, status=Status.SAFE) if isinstance(e, ev.PersonChanged) and e.person == "F1/p3" else e
        for e in journal
    ]

    assert "The last of the trapped who lived is out" in told(journal, cast)
    assert "The last of the trapped is out" in told(everybody_lives, cast)
    assert not [text for text in told(without(journal, "F1/p3"), cast) if text.startswith("The last of the trapped")]


def test_who_came_out_before_anybody_knew_was_not_rescued(journal: list[ev.Event], cast: Cast) -> None:
    """p2 and p3 walk out before the accident is discovered: nobody brought out the last of the trapped."""
    early = {"F1/p2", "F1/p3"}
    out = [
        ev.PersonChanged(0, 70.0, None, incident="F1", person=person, status=Status.SAFE, why="walked_out")
        for person in sorted(early)
    ]
    at = next(i for i, e in enumerate(journal) if isinstance(e, ev.PersonsInvolved)) + 1
    rest = without(journal, *early)

    assert not [
        text for text in told([*rest[:at], *out, *rest[at:]], cast) if text.startswith("The last of the trapped")
    ]


def test_the_last_of_the_hurt_is_in_care_only_if_nobodys_fate_is_open(journal: list[ev.Event], cast: Cast) -> None:
    """p5 is saved and p6 dies; with p6 still in hospital at the end it is not said."""
    assert "The last of the hurt is in definitive care" in told(journal, cast)
    assert "The last of the hurt is in definitive care" not in told(without(journal, "F1/p6"), cast)


def test_a_grade_that_may_become_nothing_worse_is_said_once(cast: Cast) -> None:
    """General, may become general: one of them is enough."""
    teller = Teller(cast, "zh")
    same, worse = (
        ev.Graded(1, 0.0, None, incident="F1", post="county", confirmed=1, potential=potential, basis="")
        for potential in (1, 2)
    )

    assert teller.tell(same) == "县应急指挥部研判为一般"
    assert teller.tell(worse) == "县应急指挥部研判：已确认一般，可能较大"


def test_what_followed_goes_by_a_short_mark(journal: list[ev.Event], cast: Cast) -> None:
    """F1.blackout_crash.R0426 is the second that followed F1: F1-2, also where it followed the first that followed."""
    first = next(e for e in journal if isinstance(e, ev.IncidentOccurred))
    teller = Teller(cast, "zh")
    assert teller.mark("F1") == ""  # alone it needs none
    teller.hear(first)
    for name, parent in (("F1.blackout", "F1"), ("F1.blackout_crash.R0426", "F1.blackout"), ("F2", "")):
        teller.hear(msgspec.structs.replace(first, incident=name, parent=parent))

    assert [teller.mark(n) for n in ("F1", "F1.blackout", "F1.blackout_crash.R0426", "F2")] == [
        "[F1] ", "[F1-1] ", "[F1-2] ", "[F2] ",
    ]  # fmt: skip
    assert teller.marked("F1.blackout") == "[F1-1] 老井透水"


def test_nobody_sent_is_not_praised(journal: list[ev.Event], cast: Cast) -> None:
    """Where nobody went, the brief does not say that there was somebody to send for everything."""
    idle = [e for e in journal if isinstance(e, ev.RunStarted | ev.IncidentOccurred | ev.RunEnded)]

    assert "Nobody was sent." in brief.text(idle, cast, "en")
    assert "For everything asked for" not in brief.text(idle, cast, "en")
