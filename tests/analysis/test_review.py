"""The review: what stands in it, in both languages and four forms, for a day written by hand."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
import yaml

from sim.analysis import review as reviewing
from sim.analysis.owed import Obligation, Party, PhaseLine
from sim.analysis.review import decisions, due, known
from sim.analysis.review.blocks import Bullets, Facts, Figure, Finding, Origin, Review, Section, Table, Text
from sim.analysis.review.columns import fitted
from sim.analysis.review.decisions import CRITERION_UNITS, basis_text
from sim.analysis.review.due import _between, _state
from sim.analysis.review.ground import Ground
from sim.analysis.review.words import WORDS
from sim.domain import events as ev
from sim.domain.hazards import Sighting
from sim.domain.people import Person, Status
from sim.journal.cast import Cast, Words
from tests.analysis.conftest import SITE, Book

TERMS = {"due_duty": 30 * 86_400.0, "due_stock": 180 * 86_400.0, "due_deadline": 86_400.0, "due_team_home": 86_400.0,
         "due_plan_version": 86_400.0, "page": 12.0, "queue": 60.0, "staffed": 0.8, "fastest": 0.25}  # fmt: skip
ROOT = Path(__file__).parents[2]
HOSTILE = '<script>alert("&")</script>|*x*'


def reviewed(events: list[ev.Event], cast: Cast, lang: str = "en", earlier: reviewing.Earlier | None = None) -> Review:
    """The review of a journal."""
    return reviewing.build(events, cast, lang, Origin(run="x", digest="d" * 64), TERMS, earlier)


def texts(review: Review) -> list[str]:
    """Every text of a review, as people read it."""
    found: list[str] = [review.title, review.case, review.contents, *review.signatures]
    found += [text for pair in review.cover for text in pair]

    def take(section: Section) -> None:
        found.append(section.title)
        for block in section.blocks:
            match block:
                case Text(text=text):
                    found.append(text)
                case Bullets(items=items):
                    found.extend(items)
                case Facts(rows=rows):
                    found.extend(text for row in rows for text in row)
                case Table():
                    found.extend(
                        (block.caption, block.note, *block.head, *(cell for row in block.rows for cell in row))
                    )
                case Figure(caption=caption):
                    found.append(caption)
        for part in section.parts:
            take(part)

    for section in (review.brief, *review.sections):
        take(section)
    return [text for text in found if text]


def section(review: Review, key: str) -> Section:
    """One section by its key."""
    return next(s for s in review.sections if s.key == key)


def table(review: Review, key: str, caption: str) -> Table:
    """The table of a section with words in its caption."""
    tables = [b for b in section(review, key).blocks if isinstance(b, Table) and caption in b.caption]
    assert len(tables) == 1, [b.caption for b in section(review, key).blocks if isinstance(b, Table)]
    return tables[0]


def test_both_languages_say_every_key_with_the_same_facts() -> None:
    """No word of the review is missing in a language, none is Chinese in the English, and both tell the same facts."""
    for key, (zh, en) in WORDS.items():
        assert zh and en, key
        assert not re.search(r"[一-鿿]", en), key
        assert set(re.findall(r"{(\w+)}", zh)) == set(re.findall(r"{(\w+)}", en)), key


def test_english_holds_no_chinese_and_chinese_no_english(journal: list[ev.Event], cast: Cast) -> None:
    """Names aside each language keeps to itself."""
    english = [text for text in texts(reviewed(journal, cast, "en")) if re.search(r"[一-鿿]", text)]
    known = re.compile(r"nearest_capable|journal\.jsonl|measures\.yaml|models/rules/review\.yaml|--\w+|SHA-256|AQ/T|GB/T|"
                       r"(run|review|list) |numbers|d{64}|0{64}|\w+/\w+(/\w+)?|[A-F]镇|p\d|m³|km|min|"
                       r"dead\+missing 4|drained|larger")  # fmt: skip
    chinese = [t for t in texts(reviewed(journal, cast, "zh")) if re.search(r"[A-Za-z]{4,}", known.sub("", t))]

    assert english == []
    assert chinese == []


def test_sections_follow_each_other_numbered_and_none_is_empty(journal: list[ev.Event], cast: Cast) -> None:
    """What happened comes first, the annex last; what has nothing to say has no heading."""
    review = reviewed(journal, cast)

    keys = ["course", "known", "due", "decisions", "means", "losses", "loop", "scores", "limits", "findings", "annex"]
    assert [s.key for s in review.sections] == keys
    assert [s.number for s in review.sections] == [str(n) for n in range(1, 12)]
    assert [s.number for s in reviewed(journal, cast, "zh").sections][9:] == ["十", "十一"]
    assert all(s.blocks for s in review.sections)
    tables = [b for s in review.sections for b in s.blocks if isinstance(b, Table)]
    assert [t.number for t in tables] == list(range(1, len(tables) + 1))
    assert all(t.rows and len(t.head) == len(t.widths) == len(row) for t in tables for row in t.rows)


def test_a_day_on_which_nothing_was_owed_sent_or_hurt_has_no_such_headings(cast: Cast) -> None:
    """A journal of one event still makes a review, of what there is to say."""
    bare = Cast(cast.case, cast.city, cast.starts_at)
    book = Book()
    book.add(
        ev.RunStarted,
        0.0,
        case="x",
        case_digest="0" * 64,
        seed=1,
        replication=0,
        strategy="s",
        starts_at=cast.starts_at,
    )
    book.add(ev.RunEnded, 60.0, reason="settled")
    review = reviewed(book.events, bare)

    assert {"known", "due", "means", "losses", "loop"} & {s.key for s in review.sections} == set()
    assert review.findings == () and "No fault found" in " ".join(texts(review))
    for to in ("md", "json"):
        assert reviewing.render(review, to, book.events, bare)


def test_what_was_believed_stands_beside_what_was_true(journal: list[ev.Event], cast: Cast) -> None:
    """The caller spoke of three trapped where there were two: wrong in the table, and a finding with its event."""
    review = reviewed(journal, cast)
    row = table(review, "known", "Reports from the spot").rows[0]

    assert row[4] == "3 / 2" and "wrong" in row
    found = next(f for f in review.findings if f.id == "belief/F1")
    assert found.size == 1 and found.evidence[0] in [e.seq for e in journal if isinstance(e, ev.ReportSent)]


def test_a_decision_is_shown_with_the_report_its_maker_had(journal: list[ev.Event], cast: Cast) -> None:
    """The county graded on a report of three trapped, five minutes old, while two were."""
    rows = {row[2]: row for row in table(reviewed(journal, cast), "decisions", "Decision points").rows}
    graded = next(row for what, row in rows.items() if what.startswith("Grades it"))

    assert "trapped 3" in graded[4] and "5 min old" in graded[4] and "trapped 2" in graded[5]


def test_truth_counts_people_as_a_report_would(journal: list[ev.Event], cast: Cast) -> None:
    """At the beginning: one dead, two trapped, one in danger, two hurt and waiting."""
    ground = Ground(journal, cast, "en")

    assert ground.truth("F1", 60.0) == {
        "trapped": 2,
        "threatened": 1,
        "dead": 1,
        "injured": 2,
        "waiting": 2,
        "missing": 2,
    }
    assert ground.truth("F1", 0.0)["trapped"] == 0
    assert ground.known("county", "F1", 419.0) is None and ground.known("county", "F1", 420.0) is not None


def test_every_finding_cites_events_that_are_there(journal: list[ev.Event], cast: Cast) -> None:
    """No finding without evidence, ids are one of a kind, and each measure has a debtor and a day after the journal's last."""
    review = reviewed(journal, cast)

    assert review.findings and len({f.id for f in review.findings}) == len(review.findings)
    for f in review.findings:
        assert f.evidence and all(0 <= seq < len(journal) for seq in f.evidence), f.id
        assert f.problem_zh and f.problem_en and "{" not in f.problem_zh + f.problem_en
        if f.measure is not None:
            assert f.measure.unit_zh and f.measure.due > "2024-07-19", f.id


def test_what_was_short_and_late_is_found(journal: list[ev.Event], cast: Cast) -> None:
    """Pumps were short; the final report is missing."""
    ids = {f.id for f in reviewed(journal, cast).findings}

    assert {"short/DRAIN/F1", "duty/final/F1"} <= ids | {
        f"duty/{i.split('/')[1]}/F1" for i in ids if i.startswith("after/final")
    }


@pytest.mark.parametrize("to", ["html", "docx", "md", "json"])
@pytest.mark.parametrize("brief", [False, True])
def test_the_same_review_is_the_same_file(journal: list[ev.Event], cast: Cast, to: str, *, brief: bool) -> None:
    """Byte by byte, pictures and office files too."""
    if to in ("html", "docx"):
        pytest.importorskip("jinja2" if to == "html" else "docx")
    once, again = (reviewing.render(reviewed(journal, cast, "zh"), to, journal, cast, brief=brief) for _ in "12")

    assert once == again


def test_html_needs_nothing_beside_it_and_lets_nothing_in(journal: list[ev.Event], cast: Cast) -> None:
    """No address, no script; names from a case are text, whatever signs are in them."""
    pytest.importorskip("jinja2")
    hostile = msgspec.structs.replace(cast, case=Words(HOSTILE, HOSTILE), credits=HOSTILE)
    html = reviewing.render(reviewed(journal, hostile), "html", journal, hostile, pictures={}).decode()

    assert "<script" not in html and "&lt;script&gt;" in html
    assert not re.search(r"(src|href)=\"(?!data:|#)", html) and "url(" not in html and "default-src 'none'" in html


def test_docx_is_well_formed_whatever_stands_in_a_name(journal: list[ev.Event], cast: Cast) -> None:
    """Signs of XML are escaped, signs it does not know are left out, the date is the journal's."""
    pytest.importorskip("docx")
    hostile = msgspec.structs.replace(cast, case=Words("", HOSTILE + "\x07"))
    content = reviewing.render(reviewed(journal, hostile), "docx", journal, hostile, pictures={})
    with zipfile.ZipFile(BytesIO(content)) as file:
        assert {entry.date_time[:3] for entry in file.infolist()} == {(1980, 1, 1)}
        body, core = file.read("word/document.xml").decode(), file.read("docProps/core.xml").decode()

    assert "&lt;script&gt;" in body and "\x07" not in body and "2024-07-19" in core


def test_markdown_shows_hostile_signs_as_they_are(journal: list[ev.Event], cast: Cast) -> None:
    """Neither a table nor a heading is broken by a name."""
    hostile = msgspec.structs.replace(cast, case=Words("", HOSTILE))
    first = reviewing.render(reviewed(journal, hostile), "md", journal, hostile).decode().splitlines()[0]

    assert "\\<script\\>" in first and "\\|" in first


def test_json_holds_the_review_and_can_be_read_back(journal: list[ev.Event], cast: Cast) -> None:
    """The structure itself, with its format."""
    review = reviewed(journal, cast)
    again = msgspec.json.decode(reviewing.render(review, "json", journal, cast), type=Review)

    assert again == review


def test_against_the_same_run_everything_is_still_open(journal: list[ev.Event], cast: Cast) -> None:
    """Looked for in itself a run has closed nothing."""
    earlier = reviewing.Earlier(journal, cast, Origin(digest="e" * 64))
    rows = table(reviewed(journal, cast, "en", earlier), "against", "One by one").rows

    assert rows and {row[-1] for row in rows} == {"open"}


def test_against_a_better_run_a_finding_is_closed_and_another_is_not_tested(
    journal: list[ev.Event], cast: Cast
) -> None:
    """The caller counts right this time; what had an expectation is not judged in a journal without it."""
    better = [
        msgspec.structs.replace(e, sighting=msgspec.structs.replace(e.sighting, trapped=2))
        if isinstance(e, ev.ReportSent) and e.sighting == Sighting(trapped=3, dead=1, injured=2) else e
        for e in journal
    ]  # fmt: skip
    earlier = reviewing.Earlier(journal, cast, Origin(digest="e" * 64), frozenset({"belief/F1"}))
    rows = table(reviewed(better, cast, "en", earlier), "against", "One by one").rows

    assert [(row[0], row[-1]) for row in rows] == [("belief/F1", "closed")]


def test_measures_are_written_so_that_nothing_is_guessed(journal: list[ev.Event], cast: Cast) -> None:
    """Every scalar in quotes; ids that of the findings; none accepted is an empty list."""
    review = reviewed(journal, cast)
    text = reviewing.measures_file(review.findings, review.digest)

    assert [m[1] for m in re.finditer(r'^- id: "(.*)"$', text, re.M)] == [f.id for f in review.findings if f.measure]
    assert reviewing.measures_file((), "").endswith("[]\n")


def test_what_a_response_adds_stands_in_its_tables(journal: list[ev.Event], cast: Cast) -> None:
    """Plan, publicity, conduct, supplies, money and forces: each event is cited where it belongs, and what went wrong is found."""
    book = Book()
    book.events = journal[:-1]
    add, at = book.add, journal[-1].t
    add(ev.PlanActivated, at, -1, incident="F1", post="county", plan="P", version=1, level=2, clause="P 4.3")
    add(
        ev.Published,
        at,
        -1,
        incident="F1",
        post="county",
        form="notice",
        figures={"dead": 9.0, "missing": 0.0, "injured": 2.0},
    )
    add(ev.ReportWithheld, at, -1, incident="F1", sender="county", receiver="city", why="concealed", until=None)
    add(ev.SupplyAsked, at, -1, request="Q1", incident="F1", post="county", item="tents", amount=10.0, to="D")
    add(ev.SupplySigned, at, -1, request="Q1", incident="F1", item="tents", amount=7.0, why="short", sent=10.0)
    add(ev.FundAsked, at, -1, voucher="V1", incident="F1", post="county", amount=1e6, purpose="rescue")
    add(ev.FundAudited, at, -1, voucher="V1", incident="F1", unaccounted=500.0)
    add(ev.ForceAsked, at, -1, request="A1", incident="F1", post="county", force="guards", channel="normal", content={})
    add(ev.ForceAnswered, at, -1, request="A1", incident="F1", force="guards", by="organ", answer="refused", why="")
    add(ev.RunEnded, at, -1, reason="settled")
    review = reviewed(book.events, cast)

    assert {"public/F1", "supply/delivery/F1", "fund/F1", "force/guards/F1"} <= {f.id for f in review.findings}
    assert table(review, "means", "Supplies").rows[0][5:8:2] == ("7", "short")
    assert table(review, "means", "Money").rows[0][5] == "500"
    assert table(review, "means", "Forces from outside").tones == ("bad",)
    assert table(review, "known", "What the public was told").tones == ("bad",)
    assert table(review, "known", "Reports late").rows[0][3] == "concealed"
    assert any("P 4.3" in row for row in table(review, "decisions", "Decision points").rows)


def test_columns_take_what_their_texts_need() -> None:
    """A column of short marks gives its room to the one with a long text."""
    narrow = Table("", ("a", "b"), (("x", "word " * 40),), (1.0, 1.0))
    widths = fitted(narrow)

    assert widths[0] < 5 and widths[1] > 90
    assert sum(fitted(replace_rows(narrow, (("x", "y"),)))) < 10


def replace_rows(table_: Table, rows: tuple[tuple[str, ...], ...]) -> Table:
    """The same table with other rows."""
    return msgspec.structs.replace(table_, rows=rows)


def test_a_finding_without_measure_asks_for_nothing() -> None:
    """It is left out of the measures file."""
    found = Finding("x", "duty", "", "问题", "problem", 1.0, (0,))

    assert "- id" not in reviewing.measures_file((found,), "")


def test_the_dead_whom_nobody_has_found_are_rightly_told_as_trapped(cast: Cast) -> None:
    """Killed under the rubble, reached two hours later: until then a report that calls them trapped is right."""
    book = Book()
    book.add(ev.IncidentOccurred, 0.0, -1, incident="F1", nature="x", origin="", site=SITE, scope={}, name_zh="甲",
             name_en="A")  # fmt: skip
    book.add(ev.PersonsInvolved, 0.0, incident="F1", persons=(Person("p", Status.TRAPPED),))
    book.add(ev.PersonChanged, 1.0, incident="F1", person="F1/p", status=Status.DEAD, why="killed")
    for t, seen in ((3600.0, Sighting(trapped=1)), (9000.0, Sighting(dead=1))):
        if seen.dead:
            book.add(ev.DeadFound, 7200.0, incident="F1", persons=("F1/p",), why="dug")
        way = {"sender": "scene", "receiver": "county", "channel": "phone", "due_at": t}
        book.add(ev.ReportSent, t, report=f"R{t}", incident="F1", number=1, sighting=seen, **way)
        book.add(ev.ReportReceived, t, report=f"R{t}", incident="F1", post="county")
    book.add(ev.RunEnded, 9e5, -1, reason="settled")
    ground = Ground(book.events, cast, "en")

    assert [ground.sight("F1", t)["trapped"] for t in (3600.0, 9000.0)] == [1, 0]
    assert [ground.truth("F1", t)["trapped"] for t in (3600.0, 9000.0)] == [0, 0]
    table = known.reports(ground, "F1")
    assert table is not None
    assert [row[7] for row in table.rows] == ["right", "right"]


def test_rounds_that_were_met_one_after_another_are_one_row() -> None:
    """Six daily figures, the third late: two rows of those met, one of the late one."""
    words, who = Words("每日", "Daily"), Party("county", Words("县", "County"))

    def one(n: int) -> Obligation:
        outcome = "late" if n == 3 else "met"
        return Obligation("R8", n, "law", words, who, who, words, "", "F1", n, float(n), n + 1.0, n, n + 0.5, outcome)

    kept, last = due.in_one([one(n) for n in range(1, 7)])

    assert [(o.round, last.get(o, o).round) for o in kept] == [(1, 2), (3, 3), (4, 6)]


def test_a_grade_that_counts_the_missing_with_the_dead_says_possibly(cast: Cast) -> None:
    """Nobody is reported dead, eight are shut in: a grade by eight dead is one that may become true."""
    book = Book()
    book.add(ev.IncidentOccurred, 0.0, -1, incident="F1", nature="x", origin="", site=SITE, scope={}, name_zh="甲",
             name_en="A")  # fmt: skip
    book.add(ev.Graded, 60.0, incident="F1", post="county", confirmed=4, potential=4, basis="x.dead 8 >= 3")
    book.add(ev.RunEnded, 9e5, -1, reason="settled")
    section = decisions.decisions(Ground(book.events, cast, "en"))

    assert section is not None
    table = next(b for b in section.blocks if isinstance(b, Table))
    assert table.rows[0][3].startswith("possibly ")


@pytest.mark.parametrize("why", ["new_victims", "check_failed"])
def test_why_a_phase_is_open_again_is_said_in_chinese_on_a_chinese_page(why: str, cast: Cast) -> None:
    """No English word, no id."""
    said = Ground([], cast, "zh").named("reopened", why)

    assert re.search("[a-z]", said) is None
    assert Ground([], cast, "zh").named("grounds", "taken_over") == WORDS["grounds.taken_over"][0]


def test_nobody_is_blamed_for_not_telling_of_the_dead_whom_nobody_had_found(
    journal: list[ev.Event], cast: Cast
) -> None:
    """Who was killed out of sight is missing until they are reached: a notice that says so is right, and so is a report."""
    book = Book()
    book.events = journal[:-1]
    at = journal[-1].t

    def findings(*, found: bool) -> set[str]:
        told = Book()
        told.events = list(book.events)
        true = Ground(told.events, cast, "en", Origin(run="x", digest="d" * 64), TERMS).truth("F1", at)
        figures = {"dead": true["dead"] - 1.0, "missing": true["missing"] + 1.0, "injured": float(true["injured"])}
        told.add(ev.Published, at, -1, incident="F1", post="county", form="notice", figures=figures)
        told.add(ev.DeadFound, at if found else at + 60.0, -1, incident="F1", persons=("F1/p1",), why="dug")
        told.add(ev.RunEnded, at + 60.0, -1, reason="settled")
        return {f.id for f in reviewed(told.events, cast).findings}

    assert "public/F1" in findings(found=True)
    assert "public/F1" not in findings(found=False)


def test_a_criterion_is_told_in_the_unit_of_its_scale(journal: list[ev.Event], cast: Cast) -> None:
    """600 t against 20 t, not 600000 against 20000; every unit is that of the scales."""
    g = Ground(journal, cast, "en", Origin(run="x", digest="d" * 64), TERMS)
    scales = yaml.safe_load((ROOT / "models" / "rules" / "severity.yaml").read_text(encoding="utf-8"))
    units = {
        name: criterion["unit"]
        for scale in scales.values()
        for name, criterion in scale["criteria"].items()
        if criterion.get("unit") in ("t", "ha", "h", "%")
    }

    assert basis_text(g, "hazmat.at_stake 600000 >= 20000").endswith(" 600 t (bound 20 t)")
    assert units == CRITERION_UNITS


def test_the_dead_and_what_opened_a_phase_again_are_told_in_words(journal: list[ev.Event], cast: Cast) -> None:
    """No id of the journal and no English key stands in a Chinese table."""
    book = Book()
    book.events = journal[:-1]
    at = journal[-1].t
    book.add(ev.PhaseReopened, at, -1, incident="F1", phase="review", why="new_victims")
    book.add(ev.RunEnded, at, -1, reason="settled")
    said = texts(reviewed(book.events, cast, "zh"))

    assert "伤亡数字补报" in said and not any("victims" in text for text in said)
    assert not any(re.search(r"F1/p\d", text) for text in said)


def test_what_is_only_possible_is_told_as_possible(journal: list[ev.Event], cast: Cast) -> None:
    """Three dead and four trapped make it a class that is certain by the three: the seven are called possibly dead."""
    book = Book()
    book.events = journal[:-1]
    at = journal[-1].t
    book.add(ev.Graded, at, -1, incident="F1", post="county", confirmed=2, potential=2, basis="production.dead 99 >= 3")
    book.add(ev.RunEnded, at, -1, reason="settled")

    grounds = [row[3] for row in table(reviewed(book.events, cast), "decisions", "Decision points").rows]
    assert "possibly dead 99 (bound 3)" in grounds


def test_nobody_owes_something_to_themselves() -> None:
    """Who owes it to themselves is named once."""
    assert (_between("a", "a"), _between("a", "b"), _between("a", "–")) == ("a", "a → b", "a")


def test_no_neighbour_checks_what_is_put_right(journal: list[ev.Event], cast: Cast) -> None:
    """A measure of the county in the lead is checked by the city above it, never by the county next to it."""
    neighbour = msgspec.structs.replace(cast.posts["county"], name=Words("邻县应急指挥部", "Neighbour command"))
    beside = msgspec.structs.replace(cast, posts={"a_neighbour": neighbour} | dict(cast.posts))
    checks = {f.measure.verifier.en for f in reviewed(journal, beside).findings if f.measure is not None}

    assert "City command" in checks and "Neighbour command" not in checks


def test_a_phase_closed_in_time_with_a_late_task_is_not_called_closed_late(journal: list[ev.Event], cast: Cast) -> None:
    """Closed before its deadline, but not without delay on the way: it says which."""
    g = Ground(journal, cast, "en", Origin(run="x", digest="d" * 64), TERMS)
    line = PhaseLine("F1", "inquiry", *[Words("x", "x")] * 3, "closed", "late", due_at=200.0, done=1, done_at=100.0)

    assert _state(g, line) == "closed, a task of it late"
    assert _state(g, replace(line, done_at=300.0)) == "closed late"
