"""Pictures: Chinese on any machine, the same bytes each time, nothing that raises or warns."""

from __future__ import annotations

import hashlib
from pathlib import Path

import matplotlib as mpl
import msgspec
import pytest
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font

from sim.analysis import figures, plots, timeline
from sim.analysis.figures.chain import _fit, draw_chain
from sim.analysis.figures.map import draw_map
from sim.analysis.figures.sheet import STYLE, legend, load_fonts, renderer_of, sign
from sim.analysis.lines import Span
from sim.analysis.telling import Teller
from sim.analysis.words import TABLE
from sim.domain import events as ev
from sim.domain.people import Person, Status
from sim.journal.cast import Cast

FONTS = Path(figures.__file__).parents[1] / "fonts"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_three_pictures_are_drawn(lang: str, journal: list[ev.Event], cast: Cast, tmp_path: Path) -> None:
    """Map, timeline and curves, as PNG, without a glyph that is missing (warnings are errors)."""
    made = figures.draw(journal, cast, tmp_path, lang)

    assert [file.name for file in made] == ["map.png", "timeline.png", "curves.png"]
    assert all(file.read_bytes().startswith(b"\x89PNG") and file.stat().st_size > 10_000 for file in made)


def test_the_same_run_gives_the_same_picture(journal: list[ev.Event], cast: Cast, tmp_path: Path) -> None:
    """Byte for byte, drawn twice."""
    digests = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        digests.append(
            [hashlib.sha256(f.read_bytes()).hexdigest() for f in figures.draw(journal, cast, tmp_path / name, "zh")]
        )

    assert digests[0] == digests[1]


@pytest.mark.parametrize("cut", [0, 1, 4, 20, 40])
def test_a_run_cut_short_is_drawn(cut: int, journal: list[ev.Event], cast: Cast, tmp_path: Path) -> None:
    """However little happened, there is a picture and no error."""
    assert len(figures.draw(journal[:cut], cast, tmp_path, "en")) == 3


def test_names_without_a_place_or_a_picture_do_no_harm(journal: list[ev.Event], cast: Cast, tmp_path: Path) -> None:
    """A cast that knows nothing but the case still makes pictures."""
    assert figures.draw(journal, msgspec.structs.replace(Cast(cast.case, cast.city, cast.starts_at)), tmp_path, "zh")


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_the_font_holds_every_character_of_our_words(weight: str) -> None:
    """All of GB 2312's characters, and every Chinese character that the program itself says."""
    held = set(FT2Font(str(FONTS / f"LiandongSans-{weight}.otf")).get_charmap())
    gb = {ord(bytes((row, cell)).decode("gb2312")) for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFF)}
    said = {ord(c) for zh, _ in TABLE.values() for c in zh if c > "\u2fff"}

    assert gb <= held and said <= held


def test_the_font_comes_with_its_licence_and_stays_small() -> None:
    """Both weights together are below four megabytes; the licence lies beside them; no reserved name is used."""
    files = sorted(FONTS.glob("*.otf"))

    assert sum(file.stat().st_size for file in files) < 4_000_000
    assert "SIL OPEN FONT LICENSE Version 1.1" in " ".join((FONTS / "OFL.txt").read_text(encoding="utf-8").split())
    assert not any(b"Source Han" in file.read_bytes() for file in files)


def test_people_by_status_add_up_at_every_moment(journal: list[ev.Event]) -> None:
    """The stack is as high as there are people, from the first moment on."""
    times, rows = plots.people_by_status(timeline.build(journal))

    assert times[0] == 60.0 and times[-1] == 7500.0
    assert {sum(row[i] for row in rows.values()) for i in range(len(times))} == {6}


def test_long_rosters_are_folded(journal: list[ev.Event], cast: Cast) -> None:
    """As many teams as fit, in order of arrival, and the number of the others."""
    line = timeline.build(journal)
    rows, left_out = plots.team_rows(line, cast, 2)

    assert ([row.team for row in rows], left_out) == (["T3", "T2"], 1)
    assert [row.team for row in plots.team_rows(line, cast, 9)[0]] == ["T3", "T2", "T1"]


def test_clock_ticks_stand_on_whole_hours_and_name_the_day_at_midnight() -> None:
    """From 02:40 on, every three hours of the clock for more than a day."""
    ticks, names = plots.clock_ticks("2024-07-19T02:40:00+08:00", 110_000.0, 12)

    assert names[:3] == ["03:00\n07-19", "06:00", "09:00"] and "00:00\n07-20" in names
    assert ticks[0] == 1200.0 and ticks[1] - ticks[0] == 10_800.0


def test_small_helpers_of_the_pictures() -> None:
    """Scale bars are 1, 2 or 5 times a power of ten; spans that touch are one; a square's middle is its middle."""
    assert [plots.round_length(x) for x in (0.7, 1.0, 4.9, 73.0)] == [0.5, 1.0, 2.0, 50.0]
    assert plots.numbered([0.0, 1.0, 50.0, 90.0, 91.0, 92.0], 5.0) == [("1–2", 0.5), ("3", 50.0), ("4–6", 91.0)]
    assert plots.merged([Span("a", 0, 1), Span("a", 1, 2), Span("b", 2, 3)]) == [Span("a", 0, 2), Span("b", 2, 3)]
    assert plots.middle([(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)]) == (1.0, 1.0)
    assert plots.area([(0.0, 2.0), (10.0, 0.0)], 30.0) == 20.0


def test_the_chain_says_by_what_an_accident_followed_another(journal: list[ev.Event], cast: Cast) -> None:
    """The edge stands in the box of the child; a name that is too long ends in a sign that there was more."""
    first = next(e for e in journal if isinstance(e, ev.IncidentOccurred))
    child = msgspec.structs.replace(first, seq=len(journal), t=first.t + 60.0, incident="F1.then", parent="F1")
    linked = ev.Cascaded(len(journal) + 1, first.t + 60.0, None, "F1", "sets_off", "clock", "F1.then", first.t + 60.0)
    events = [*journal[:-1], child, linked]
    line = timeline.build(events)
    load_fonts()
    with mpl.rc_context(STYLE):
        figure = draw_chain(events, line, cast, Teller(cast, "en"))

    assert any("sets off" in text.get_text() for text in figure.axes[0].texts)
    assert (_fit("abcdef", 6), _fit("abcdef", 5), _fit("停电起火", 7)) == ("abcdef", "abcd…", "停电…")


def test_curves_are_of_the_accident_that_was_first(journal: list[ev.Event]) -> None:
    """However many people come to harm in what follows it."""
    first = next(e for e in journal if isinstance(e, ev.IncidentOccurred))
    child = msgspec.structs.replace(first, seq=len(journal), incident="F1.then", parent="F1")
    crowd = tuple(Person(f"Q{i}", Status.EXPOSED) for i in range(500))
    line = timeline.build([*journal[:-1], child, ev.PersonsInvolved(len(journal), first.t, None, "F1.then", crowd)])

    assert plots.main_incident(line) == "F1"


def test_every_incident_of_one_place_is_named_on_the_map_and_whole_in_the_chain(
    journal: list[ev.Event], cast: Cast
) -> None:
    """Five accidents at the same spot: five names around one star, and boxes wide enough for them."""
    load_fonts()
    first = next(e for e in journal if isinstance(e, ev.IncidentOccurred))
    long = "Landslide on a road, road Luliang County – Sanchahe Town"
    more = [msgspec.structs.replace(first, incident=f"F1.x{n}", parent="F1", name_en=long) for n in range(4)]
    events = [*journal[:-1], *more, journal[-1]]
    teller = Teller(cast, "en")
    for event in events:
        teller.hear(event)
    with mpl.rc_context(STYLE):
        drawn = draw_map(timeline.build(events), cast, teller), draw_chain(events, timeline.build(events), cast, teller)

    wanted = {"[F1] Old Pit inrush", *(f"[F1-{n}] {long}" for n in range(1, 5))}
    for figure in drawn:
        assert wanted <= {text.get_text() for axes in figure.axes for text in axes.texts}


def test_a_key_of_many_signs_stays_on_the_sheet() -> None:
    """English words for every phase and state: two rows rather than a key that runs off."""
    load_fonts()
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(12.0, 5.0))
        legend(figure, [sign("o", "red", 7, "waiting to get in") for _ in range(16)])

    assert figure.legends[0].get_window_extent(renderer_of(figure)).width <= figure.bbox.width
