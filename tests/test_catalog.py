"""The catalogue finds plug-ins by the name of their file, suggests the near one, and says what is wrong with a bad one."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, make_dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from sim import catalog, statute
from sim.domain import events as ev
from sim.domain.command import Post, Tier
from sim.domain.parameters import fixed
from sim.doors.duties import read_duties
from sim.doors.law import read_scales
from sim.doors.plugins import misfits, unmatched
from sim.errors import InvalidInput, UnknownName
from sim.journal.law import Owed
from sim.ports import Hazard, Strategy
from tests.analysis.law_kit import judged

POSTS = {
    post.id: post
    for post in (
        Post("A", "甲县", "County A", Tier.COUNTY, "CITY"),
        Post("B", "乙县", "County B", Tier.COUNTY, "CITY"),
        Post("CITY", "市", "City", Tier.CITY, "PROVINCE"),
        Post("PROVINCE", "省", "Province", Tier.PROVINCE),
    )
}


@pytest.fixture(scope="module")
def numbers():
    return catalog.rules()


# ── finding ──


def test_hazards_are_folders_and_staged_files():
    """Every folder with a card and every staged file is there, by its name; nothing else is."""
    root = catalog.models_root() / "hazards"
    expected = {p.parent.name for p in root.glob("*/parameters.yaml")} | {p.stem for p in root.glob("staged/*.yaml")}

    assert list(catalog.hazards()) == sorted(expected)


@pytest.mark.parametrize("name", sorted(catalog.hazards()))
def test_every_hazard_fits_its_port_and_is_built_from_its_card(name):
    """Model has the methods of the port, Parameters the names of the card, and the scale is one of the law's."""
    plugin = catalog.hazard(name)
    model = plugin.build({key: p.spread().median for key, p in plugin.card.parameters.items()})

    assert not list(misfits(type(model), Hazard))


@pytest.mark.parametrize("name", sorted(catalog.strategies()))
def test_every_strategy_fits_its_port_and_says_what_it_is_blind_to(name, numbers):
    """A strategy is built from the numbers under its name, has titles, and owns up."""
    strategy = catalog.strategy(name, numbers)

    assert not list(misfits(type(strategy), Strategy))
    assert "Blind to" in (type(strategy).__doc__ or "")
    assert strategy.title_zh
    assert strategy.title_en


@pytest.mark.parametrize(
    ("ask", "near"),
    [
        (lambda: catalog.hazard("mine_inrsh"), "mine_inrush"),
        (lambda: catalog.strategy("nearest_capabel"), "nearest_capable"),
        (lambda: catalog.assessor({}, "by_statut"), "by_statute"),
        (lambda: catalog.list_plugins("hazard"), "hazards"),
    ],
)
def test_an_unknown_name_gets_the_near_one(ask, near):
    """Whatever is misspelt, the answer names what was probably meant."""
    with pytest.raises(UnknownName, match=near) as refused:
        ask()

    assert refused.value.near[0] == near


def test_shared_files_are_no_plug_ins():
    """What begins with an underscore is shared code."""
    assert not [name for name in catalog.strategies() if name.startswith("_")]


def test_a_case_may_change_the_numbers_of_a_strategy(numbers):
    """The strategy is built with the numbers it is given, not with those of the file."""
    name = "dispatch.jurisdiction_first.keep_per_county"
    changed = numbers | {name: replace(numbers[name], spread=fixed(4.0))}

    assert catalog.strategy("jurisdiction_first", changed)._keep == 4
    assert catalog.strategy("jurisdiction_first", numbers)._keep == 1


def test_other_packages_may_add_plug_ins(tmp_path, monkeypatch):
    """A module named in the entry-point group is a strategy like those of models/."""
    (tmp_path / "elsewhere.py").write_text(
        "class Strategy:\n    title_zh = title_en = 'x'\n    def decide(self, picture, incident, stream):\n        return ()\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    entry = SimpleNamespace(name="send_nobody", value="elsewhere", module="elsewhere")
    monkeypatch.setattr(catalog, "entry_points", lambda group: [entry] if group == "liandong.dispatch" else [])

    assert "send_nobody" in catalog.strategies()
    assert catalog.strategy("send_nobody").decide(None, "F1", None) == ()


def test_the_data_folder_can_be_elsewhere(monkeypatch, tmp_path):
    """LIANDONG_DATA names the folder of cities and cases; without it, what ships is used."""
    monkeypatch.setenv("LIANDONG_DATA", str(tmp_path))
    assert catalog.scenarios_root() == tmp_path

    monkeypatch.delenv("LIANDONG_DATA")
    assert (catalog.scenarios_root() / "cities").is_dir()


def test_importing_the_catalogue_costs_next_to_nothing():
    """No reader, no numpy, no pydantic before something is asked for."""
    heavy = "yaml pydantic numpy scipy msgspec networkx simpy"
    code = f"import sys, sim.catalog; print([m for m in '{heavy}'.split() if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")

    assert done.stdout.strip() == "[]"


# ── numbers ──


def test_numbers_are_called_by_file_or_folder(numbers):
    """`care.load` from casualties/care.yaml, `reporting.intake` from reporting/delays.yaml; SI inside."""
    assert numbers["care.load"].value == 300.0
    assert numbers["reporting.intake"].value == 120.0
    assert numbers["reporting.missing_error"].high == 1.0
    assert numbers["relief.loss"].value * 3600.0 == pytest.approx(0.05)
    assert not [name for name in numbers if name.split(".")[0] in ("parameters", "delays", "errors")]


def test_what_the_program_asks_for_is_there(numbers):
    """Every number that sim/ asks for by its name stands in a file of models/."""
    asked = set()
    for file in (Path(catalog.__file__).parent / "engine").glob("*.py"):
        text = file.read_text(encoding="utf-8")
        asked |= set(re.findall(r'"((?:reporting|relief|daylight|medical|care)\.[a-z_]+[a-z])"', text))

    assert asked
    assert not sorted(asked - set(numbers))


def test_law_is_that_of_the_day(tmp_path, monkeypatch):
    """A planted change of the law holds from its day on, the old text before it."""
    shutil.copytree(catalog.models_root() / "rules", tmp_path / "models" / "rules")
    file = tmp_path / "models" / "rules" / "deadlines.yaml"
    text = file.read_text(encoding="utf-8").replace("{2007-06-01: 1}", "{2007-06-01: 1, 2030-01-01: 0.5}", 1)
    file.write_text(text, encoding="utf-8")
    monkeypatch.setattr(catalog, "_BESIDE_SIM", tmp_path)

    assert catalog.rules(date(2024, 7, 19))["deadlines.first_report"].value == 3600.0
    assert catalog.rules(date(2030, 1, 1))["deadlines.first_report"].value == 1800.0


def test_two_numbers_of_one_name_are_refused(tmp_path, monkeypatch):
    """A second file that defines `reporting.intake` is told, by its path."""
    shutil.copytree(catalog.models_root() / "reporting", tmp_path / "models" / "reporting")
    shutil.copy(tmp_path / "models/reporting/delays.yaml", tmp_path / "models/reporting/reporting.yaml")
    monkeypatch.setattr(catalog, "_BESIDE_SIM", tmp_path)

    with pytest.raises(
        InvalidInput, match=r"models/reporting/reporting.yaml:1:1: 'reporting.intake' is a number of another"
    ):
        catalog.rules()


# ── bad plug-ins ──


def bad(tmp_path, monkeypatch, folder, name, text):
    """A plug-in file in a models folder of its own, found instead of the shipped ones."""
    (tmp_path / "models" / folder).mkdir(parents=True)
    file = tmp_path / "models" / folder / f"{name}.py"
    file.write_text(text, encoding="utf-8")
    module = f"planted_{name}"
    (tmp_path / f"{module}.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(catalog, "_BESIDE_SIM", tmp_path)
    monkeypatch.setattr(catalog, "strategies", lambda: {name: module})
    return f"{module}.py"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("lacks_class", "x = 1\n", "lacks_class.py:1:1: there is no class Strategy"),
        (
            "lacks_method",
            "\n\nclass Strategy:\n    pass\n",
            "lacks_method.py:3:1: class Strategy has no method 'decide'",
        ),
        (
            "other_words",
            "class Strategy:\n    def decide(self, view, incident, stream):\n        return ()\n",
            r"other_words.py:2:1: Strategy.decide takes \(self, view, incident, stream\); def decide\(self, picture",
        ),
        (
            "asks_more",
            "class Strategy:\n    def decide(self, picture, incident, stream, world):\n        return ()\n",
            "asks_more.py:2:1: Strategy.decide takes",
        ),
        ("no_python", "class Strategy\n    pass\n", "no_python.py:1:.*this is not valid Python"),
        ("no_import", "import no_such_package\n", "cannot be imported: No module named 'no_such_package'"),
    ],
)
def test_a_bad_plug_in_is_told_with_its_file(tmp_path, monkeypatch, name, text, said):
    """One sentence names the file, the line and what would be right."""
    bad(tmp_path, monkeypatch, "dispatch", name, text)

    with pytest.raises(InvalidInput, match=said):
        catalog.strategy(name, {})


def test_a_method_may_take_more_if_it_need_not_be_given():
    """Further arguments with defaults are a plug-in's own business."""

    class Fine:
        def decide(self, picture, incident, stream, depth=3, *others, **named):
            return ()

    assert not list(misfits(Fine, Strategy))


def test_parameters_and_yaml_have_the_same_names():
    """A field without a number, a number without a field: both are told, the near name with the first."""
    parameters = make_dataclass("Parameters", [("decay", float), ("inflow", float)])

    assert list(unmatched(parameters, {"decay": 1, "inflw": 2})) == [
        ("the number 'inflow' of Parameters is missing", "is 'inflw' meant?"),
        ("'inflw' is no field of Parameters", "remove it, or add the field"),
    ]
    assert not list(unmatched(parameters, {"decay": 1, "inflow": 2}))


def test_parameters_must_be_a_dataclass():
    """A plug-in without Parameters, or with a plain class of that name, is told."""
    assert list(unmatched(None, {}))
    assert list(unmatched(type("Parameters", (), {}), {}))
    assert not list(unmatched(dataclass(type("Parameters", (), {})), {}))


# ── law ──


def test_there_are_twenty_two_phases(numbers):
    """All phases of the closed loop are there; those that no event witnesses never fall due."""
    phases = statute.phases(numbers, POSTS)

    assert len(phases) == 22
    assert all(bool(phase.since) == bool(phase.done) for phase in phases)
    assert [p.id for p in phases if p.since][:3] == ["detection", "intake", "first_report"]


def test_tiers_become_the_posts_of_the_city(numbers):
    """The duty of each county to report to the city names this city's posts, and the law's two hours."""
    duty = {d.id: d for d in statute.obligations(numbers, POSTS)}["R3_county"]

    assert [sign.where for sign in duty.since] == [{"post": "A"}, {"post": "B"}]
    assert [sign.where for sign in duty.done] == [{"post": "CITY"}]
    assert duty.within == 7200.0


def test_a_duty_that_nobody_could_fulfil_never_falls_due(numbers):
    """A city without a province above it need not report there."""
    posts = {key: post for key, post in POSTS.items() if post.tier is not Tier.PROVINCE}

    assert {d.id: d for d in statute.obligations(numbers, posts)}["R3_city"].since == ()


def test_duties_are_judged_by_the_journal(numbers):
    """A call received in 50 minutes meets R2; one received after 70 is late; one never received is missed."""
    duties = [
        replace(duty, owed=Owed())  # whose law it is, a cast says
        for duty in statute.obligations(numbers, POSTS)
        if duty.id == "R2"
    ]

    def outcome(*events, ended=1e6):
        return judged(duties, events, ended).get(("R2", "F1"))

    found = ev.Discovered(0, 100.0, None, "F1", "witness")
    assert outcome(found, ev.ReportReceived(1, 100.0 + 3000.0, 0, "R1", "F1", "A")) == "met"
    assert outcome(found, ev.ReportReceived(1, 100.0 + 4200.0, 0, "R1", "F1", "A")) == "late"
    assert outcome(found) == "missed"
    assert outcome(found, ended=200.0) == "open"


def planted(tmp_path, text):
    file = tmp_path / "planted.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("d:\n  title: t\n  since: [{event: discoverd}]\n", "3:19: .*no event 'discoverd'; did you mean 'discovered'"),
        (
            "d:\n  title: t\n  since: [{event: graded, where: {pots: x}}]\n",
            "3:.*the event graded has no 'pots'",
        ),
        ("d:\n  title: t\n  since: [{event: graded, tier: {post: town}}]\n", "3:.*tier"),
        ("d:\n  title: t\n  within: deadlines.first_reprt\n", "3:11: .*did you mean 'deadlines.first_report'"),
    ],
)
def test_mistakes_in_duties_are_told_with_their_place(tmp_path, numbers, text, said):
    """Events, fields, tiers and numbers are checked, at their lines."""
    with pytest.raises(InvalidInput, match=said):
        read_duties(planted(tmp_path, text), numbers, POSTS)


SCALE = """\
s:
  title: t
  standing: config
  source: x
  criteria:
    c: {{zh: 甲, en: c, unit: people, confirmed: [{what}], classes: {{{classes}}}}}
"""


@pytest.mark.parametrize(
    ("what", "classes", "said"),
    [
        ("deed", "larger: 3", "6:.*no report has 'deed'; did you mean 'dead'"),
        ("dead", "larger: 3, major: 3", "6:.*each class must begin above the one before"),
        ("dead", "larger: 3 km", "6:"),
        ("dead", "largr: 3", "6:.*did you mean 'larger'"),
    ],
)
def test_mistakes_in_scales_are_told_with_their_place(tmp_path, what, classes, said):
    """What is counted, the order of the classes and their units are checked."""
    with pytest.raises(InvalidInput, match=said):
        read_scales(planted(tmp_path, SCALE.format(what=what, classes=classes)))


def test_a_card_names_a_scale_of_the_law(tmp_path, monkeypatch):
    """A staged accident with a scale that stands nowhere is told at its line."""
    source = catalog.hazard("small_incident").file
    text = source.read_text(encoding="utf-8").replace("severity_scale: ", "severity_scale: x")
    file = planted(tmp_path, text)

    with pytest.raises(InvalidInput, match=r":\d+:17: severity_scale: there is no scale 'x"):
        assert catalog.HazardPlugin("planted", file).card


def test_a_strategy_has_a_short_name_in_both_languages():
    """What a brief calls it: its title as far as the colon; a name that is none of ours has none."""
    assert catalog.strategy_name("nearest_capable") == ("就近调派", "Nearest capable set")
    assert catalog.strategy_name("no_response") == ("无响应（对照）", "No response (for comparison)")
    assert catalog.strategy_name("elsewhere") == ("", "")
