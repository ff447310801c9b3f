"""Words in both languages for everything that can be told."""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from sim import catalog
from sim.analysis import lines, plots, words
from sim.analysis.telling import Teller
from sim.analysis.words import TABLE, amount, clock, figure, shown, span, unit_name
from sim.domain import events as ev
from sim.domain.people import Status, Triage
from sim.journal.cast import Cast, CastHazard, Scale, Words
from tests.analysis.conftest import SITE

KINDS = get_args(ev.AnyEvent)


def fields(text: str) -> set[str]:
    """The places a text leaves open."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_say_every_key_with_the_same_facts() -> None:
    """No key lacks a language, and no fact is told in one language only."""
    for key, (zh, en) in TABLE.items():
        assert zh and en, key
        assert fields(zh) == fields(en), key


def test_no_chinese_stands_in_the_english() -> None:
    """The English column is English."""
    assert [key for key, (_, en) in TABLE.items() if re.search(r"[一-鿿]", en)] == []


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (1, "First orders: 1 team, 1 element, 1 person"),
        (21, "First orders: 21 teams, 21 elements, 21 people"),
        (0.1, "First orders: 0.1 teams, 0.1 elements, 0.1 people"),
    ],
)
def test_one_of_them_is_told_in_the_singular(number: float, told: str) -> None:
    """1 team, but 21 teams and 0.1 of them."""
    count = dict.fromkeys(("teams", "elements", "people"), number)

    assert words.say("moment.first_orders", "en", **count) == told


def test_a_toll_of_one_place_is_not_added_up_and_a_conference_is_held() -> None:
    """What followed is told where something followed; a press conference is held, a notice published; money has no number."""
    teller = Teller(Cast("c", "t", "2024-07-19T02:40:00+08:00"), "zh")
    alone, two = (
        teller.tell(ev.TollStated(1, 0.0, None, "F1", "post", 2, 0, 13, places)) for places in (1, 2)
    )  # fmt: skip
    press = teller.tell(
        ev.Published(2, 0.0, None, "F1", "post", "press", {"dead": 2.0, "missing": 0.0, "injured": 1.0})
    )
    audit = teller.tell(ev.FundAudited(3, 0.0, None, "F1/F1", "F1", 1.0, 2.0))

    assert "含次生" not in alone and "含次生，2处" in two
    assert "召开新闻发布会" in press and "发布新闻发布会" not in press
    assert "F1/F1" not in audit


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", "无人员伤亡，病例数（至今最高）45 人"), ("en", "no casualties; Cases, at most so far: 45 people")],
)
def test_a_bulletin_says_in_its_unit_what_the_severity_goes_by(lang: str, words: str) -> None:
    """Cases by name and unit; a figure that the cast has no name for is not told."""
    hazard = CastHazard(Words("病", "disease"), counted={"cases": Scale(Words("病例数", "Cases"), "people")})
    teller = Teller(Cast(Words("", ""), Words("", ""), "", hazards={"disease": hazard}), lang)
    teller.hear(ev.IncidentOccurred(0, 0.0, None, "F1", "disease", "", SITE, {}))
    figures = {"dead": 0.0, "missing": 0.0, "injured": 0.0, "cases": 45.0, "unheard": 1.0}
    said = teller.tell(ev.Published(1, 0.0, None, "F1", "post", "notice", figures))

    assert words in said and "unheard" not in said


def test_every_kind_of_event_has_words() -> None:
    """A new kind of event is told, or this test says which is not."""
    missing = [kind for kind in KINDS if f"event.{kind.__struct_config__.tag}" not in TABLE]

    assert missing == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_event_of_a_day_is_told_in_one_sentence(lang: str, journal: list[ev.Event], cast: Cast) -> None:
    """No sentence is left with an open place, a code or an empty name."""
    teller = Teller(cast, lang)
    for event in journal:
        text = teller.tell(event)
        assert text and not re.search(r"[{}]|S\d|T\d/|None", text), text


def test_names_come_from_the_cast_and_fall_back_to_themselves(journal: list[ev.Event], cast: Cast) -> None:
    """What the cast knows has its name; what it does not is called what the journal calls it."""
    known, bare = Teller(cast, "en"), Teller(Cast(cast.case, cast.city, cast.starts_at), "en")
    for event in journal:
        known.hear(event)
        bare.hear(event)

    assert (known.team("S3"), bare.team("S3")) == ("Pump Team", "T2")
    assert (known.link("BD"), bare.link("BD")) == ("B town–D town", "BD")
    assert (known.link("BD#1"), known.post("caller")) == ("B town–D town", "a caller")
    assert known.happening("F1", "turning_point") == "Pumps overtake the inflow"
    assert bare.happening("F1", "turning_point") == "turning point"


def test_a_service_that_comes_back_is_not_told_as_a_loss(cast: Cast) -> None:
    """Some of it is down to a share; all of it is back."""
    teller = Teller(cast, "en")
    told = [teller.tell(ev.ServiceChanged(1, 0.0, None, "F1", "power", {"D": share})) for share in (0.2, 1.0)]

    assert told == ["Power: down to 20 % in 1 townships", "Power: back in 1 townships"]


def test_no_unit_that_a_panel_reads_is_an_english_word_in_chinese() -> None:
    """What is read, asked for or limited: SI signs stay as they are, everything counted or worked has a Chinese name."""
    read = (
        t
        for plugin in catalog.hazards().values()
        for t in (plugin.card.scope, plugin.card.readings, plugin.card.figures)
    )
    units = {item.unit for table in read for item in table.values()}
    signs = {"min", "mm", "cm", "km", "kg", "kW", "MW", "ha", "ppm", "Mm³"}
    said = {unit: unit_name(unit, "zh") for unit in units}

    assert {u for u, zh in said.items() for word in re.findall(r"[A-Za-z]{2,}³?", zh) if word not in signs} == set()


def test_every_state_status_and_colour_has_words() -> None:
    """Families of names are whole."""
    assert all(f"state.{state}" in TABLE for state in lines.STATES)
    assert all(f"status.{status.value}" in TABLE for status in Status)
    assert all(f"triage.{triage.value}" in TABLE for triage in Triage)
    assert set(plots.STATUS_ORDER) == set(Status)


def test_figures_are_shown_in_the_unit_people_read_them_in() -> None:
    """SI inside, cubic metres an hour and people outside; counted things are as they are."""
    assert amount(0.125, "m3/h", "en") == "450 m³/h"
    assert amount(8.0, "people", "zh") == "8 人"
    assert amount(0.5, "1", "en") == "0.5"
    assert shown(0.1, "persons/h") == pytest.approx(360.0)
    assert [figure(x) for x in (0.0, 0.049, 3.0, 12.5, 12.0, 1234.5)] == ["0", "0.049", "3", "12.5", "12", "1,234"]


def test_spans_and_clock_times_read_as_people_say_them() -> None:
    """Minutes below an hour, hours below a day; the date only on later days."""
    assert [span(s, "en") for s in (59.0, 2700.0, 3600.0, 12_000.0, 187_200.0)] == [
        "1 min",
        "45 min",
        "1 h",
        "3 h 20 min",
        "2 d 4 h",
    ]
    assert span(12_000.0, "zh") == "3 小时 20 分"
    assert clock("2024-07-19T02:40:00+08:00", 300.0) == "02:45"
    assert clock("2024-07-19T02:40:00+08:00", 86_400.0) == "07-20 02:40"


def test_every_word_of_the_pictures_and_the_brief_is_used() -> None:
    """A key nobody asks for is a leftover."""
    folder = Path(words.__file__).parent
    code = "".join(f.read_text(encoding="utf-8") for f in folder.rglob("*.py") if f.name != "words.py")
    asked = [key for key in TABLE if key.split(".")[0] in ("brief", "figure", "moment")]

    assert [key for key in asked if f'"{key}"' not in code and f"'{key}'" not in code] == []


def test_people_come_down_and_stores_are_no_tanks() -> None:
    """Words that were taken from another kind of accident stand on no card."""
    cards = [plugin.card for plugin in catalog.hazards().values()]
    said = [str(entry) for card in cards for entry in card.events.values()]

    assert [text for text in said if "获释" in text or "击穿邻罐" in text] == []
    assert [s.zh for card in cards for s in card.scope.values() if "折合猪" in s.zh] == []


def test_an_entry_of_the_lists_names_the_office_of_its_place(cast: Cast) -> None:
    """Every county has such an office: a list that says “the county's” leaves open who has to put it right."""
    units = cast.units | {"police": Words("县（市、区）公安局", "County Police")}
    local = {"police": {"": Words("{county}公安局", "{county} Police")}}
    known = msgspec.structs.replace(cast, units=units, local=local)
    entry = ev.ItemListed(
        9,
        60.0,
        0,
        "F1",
        "P1",
        "problems",
        "police",
        90.0,
        "县（市、区）公安局“封控”逾期2分钟",
        "County Police: late",
        "X 1",
    )
    told = []
    for lang in ("zh", "en"):
        teller = Teller(known, lang)
        teller.hear(
            ev.IncidentOccurred(
                0, 0.0, None, incident="F1", nature="x", origin="", name_zh="甲", name_en="A", site=SITE, scope={}
            )
        )
        told.append(teller.entered(entry))

    county = cast.counties[SITE.county].name
    assert told == [f"{county.zh}公安局“封控”逾期2分钟", f"{county.en} Police: late"]
