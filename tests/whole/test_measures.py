"""Measures: what a review asks for is a change of data that the next run goes by; what a run's review says of itself."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from sim.analysis import review as reviewing
from sim.analysis.review.blocks import Origin, Review
from sim.case import Case
from sim.domain import events as ev
from sim.errors import InvalidInput
from sim.reviews import terms
from sim.runs import Run, run
from sim.scenario.compile import load_case
from tests.whole.shipped import FLAGSHIP, shipped

CONCEALED = "shizong_concealed_outburst"


@cache
def plain() -> Case:
    """The flagship as it is."""
    return load_case(FLAGSHIP)


def with_(folder: Path, *measures: str) -> Case:
    """The flagship with measures, each written as the inside of a mapping."""
    file = folder / "measures.yaml"
    file.write_text("".join(f"- {{{m}}}\n" for m in measures), encoding="utf-8")
    return load_case(FLAGSHIP, measures=file)


@cache
def reviewed(name: str, lang: str = "zh") -> Review:
    """The review of a shipped drill."""
    return of(shipped(name), lang)


def of(made: Run, lang: str = "zh") -> Review:
    """The review of a run."""
    return reviewing.build(made.events, made.cast, lang, Origin(digest="0" * 64, carried=()), terms())


def test_what_is_trained_is_a_number_of_the_models_and_never_leaves_its_range(tmp_path: Path) -> None:
    """A fifth quicker is four fifths of every figure; asked for twice it is the same; no factor leads out of the range."""
    name = "headquarters.consult"
    once = f"id: a, kind: practice, numbers: [{name}], times: 0.8"
    before, after = plain().rules[name], with_(tmp_path, once, once.replace("id: a", "id: b")).rules[name]
    assert after.spread.figures == pytest.approx(tuple(0.8 * figure for figure in before.spread.figures))

    least = with_(tmp_path, f"id: a, kind: practice, numbers: [{name}], times: 0.001").rules[name]
    assert least.spread.median == pytest.approx(before.low)
    assert all(rule == plain().rules[k] for k, rule in with_(tmp_path, once).rules.items() if k != name)


def test_a_team_gets_more_elements_stands_by_or_sends_some_forward(tmp_path: Path) -> None:
    """More of its own kind; on duty instead of being called in; so many at another place, nobody made or lost by it."""
    team = next(h.team for h in plain().city.holdings if not h.on_duty and len(h.elements) > 2)

    def elements(case: Case, **where: object) -> int:
        return sum(
            len(h.elements) for h in case.city.holdings
            if h.team == team and all(getattr(h, k) == v for k, v in where.items())
        )  # fmt: skip

    now, names = plain(), [e for h in plain().city.holdings for e in h.elements]
    more = with_(tmp_path, f"id: a, kind: stock, team: {team}, elements: 2")
    assert (
        elements(more) == elements(now) + 2
        and len({e for h in more.city.holdings for e in h.elements}) == len(names) + 2
    )
    assert elements(with_(tmp_path, f"id: a, kind: team_home, team: {team}, standby: yes"), on_duty=False) == 0
    town = next(t for t in now.city.towns.values() if not elements(now, node=t.node))
    moved = with_(tmp_path, f'id: a, kind: team_home, team: {team}, home: "{town.code}", elements: 1')
    assert elements(moved, node=town.node) == 1 and elements(moved) == elements(now)


def test_more_of_the_places_are_watched_in_one_county_only(tmp_path: Path) -> None:
    """Where such accidents are seen at all; the rest of the city stays as it is."""
    systems = plain().city.monitors
    assert systems is not None
    nature = "forest_fire"
    made = with_(tmp_path, f'id: a, kind: monitor, nature: {nature}, county: "530326", coverage: 0.25').city.monitors
    assert made is not None
    for name, system in made.systems.items():
        before = systems.systems[name].coverage
        grown = {k for k, share in system.coverage.items() if share > before.get(k, 0.0)}
        assert grown == ({"530326"} if nature in system.sees else set()), name


def test_one_measure_revises_every_plan_it_names_once(tmp_path: Path) -> None:
    """The task takes so much less in each, and each has a new version."""
    book = plain().city.plans
    made = with_(tmp_path, "id: a, kind: plan_version, plan: [CM, GH], task: command_post, faster: 0.5").city.plans
    assert book is not None and made is not None
    for id_ in ("CM", "GH"):
        old, new = ({t.id: t for t in b.plans[id_].tasks}["command_post"] for b in (book, made))
        assert new.takes.median == pytest.approx(old.takes.median / 2)
    assert {k for k, p in made.plans.items() if p.version != book.plans[k].version} == {"CM", "GH"}


@pytest.mark.parametrize(
    ("measure", "wrong"),
    [
        ("kind: practice, numbers: [headquarters.consul], times: 0.8", "there is no number 'headquarters.consul'"),
        ("kind: practice, numbers: [headquarters.consult]", "'numbers' says nothing without 'times'"),
        ("kind: monitor, nature: forest_fir, coverage: 0.2", "there is no nature 'forest_fir'"),
        ("kind: stock, team: T9999, elements: 2", "there is no team 'T9999'"),
        ("kind: team_home, standby: yes", "'standby' says nothing without 'team'"),
    ],
)
def test_a_measure_that_names_nothing_is_told(measure: str, wrong: str, tmp_path: Path) -> None:
    """With the place in the file and the way out."""
    with pytest.raises(InvalidInput) as told:
        with_(tmp_path, f"id: a, {measure}")

    assert any(wrong in str(problem) for problem in told.value.problems)


def test_the_plan_that_is_revised_is_the_one_its_item_names() -> None:
    """Plan and clause follow the item; every plan with an item gets its new version, and no other."""
    for name in (FLAGSHIP.stem, CONCEALED):
        events = shipped(name).events
        listed = {e.item: e for e in events if isinstance(e, ev.ItemListed)}
        revised = [e for e in events if isinstance(e, ev.PlanRevised)]
        assert revised
        for e in revised:
            assert e.clause == listed[e.item].clause and e.clause.split()[0] == e.plan
        wanted = {(e.incident, e.clause.split()[0]) for e in listed.values() if e.clause}
        assert {(e.incident, e.plan) for e in revised} == wanted


def test_an_item_of_the_two_lists_says_who_what_by_when_and_is_struck_off_by_somebody_else() -> None:
    """Debtor, clause, day, by how much – and nothing that was late by no minute at all."""
    made = shipped(FLAGSHIP.stem)
    names = made.cast.units
    listed = [e for e in made.events if isinstance(e, ev.ItemListed)]
    for e in listed:
        assert e.clause and e.due_at > e.t
        if e.table == "problems" and "不足" not in e.text_zh:
            assert e.text_zh.startswith(names[e.unit].zh) and e.clause in e.text_zh and "逾期0分" not in e.text_zh
    for end in (e for e in made.events if isinstance(e, ev.ItemClosed)):
        assert end.verifier and end.verifier != end.unit and end.evidence and end.evidence_en


def test_a_review_says_on_its_front_what_the_drill_had_set() -> None:
    """Platform, seed, strategy, and who was told to report falsely."""
    front = " ".join(f"{k} {v}" for k, v in reviewed(CONCEALED, "en").cover)

    assert "command platform: there" in front and "seed 4" in front and "strategy" in front
    assert "reports late" in front and "reports falsely" in front
    assert "none set" in " ".join(v for _, v in reviewed(FLAGSHIP.stem, "en").cover)


def test_what_the_drill_set_itself_is_marked_as_such() -> None:
    """A report that somebody was told to keep back is a finding, and no fault of the plans."""
    found = {f.id: f for f in reviewed(CONCEALED).findings}
    set_so = [f for f in found.values() if f.kind == "report"]

    assert set_so and all(f.by_drill and "由推演设定" in f.problem_zh for f in set_so)
    assert not any(f.by_drill for f in reviewed(FLAGSHIP.stem).findings)


def test_where_there_is_no_platform_nobody_is_told_to_join_it() -> None:
    """A drill without it does not advise what it has switched off itself; nobody gets a night desk twice."""
    off = run(load_case(FLAGSHIP, settings=("platform=off",)))
    for made in (off, shipped(FLAGSHIP.stem)):
        changes = [f.measure.change for f in of(made).findings if f.measure is not None]
        assert not any("on_platform" in c for c in changes) or made is not off
        assert not {c["unit"] for c in changes if "desk" in c} & set(made.cast.desks)
        assert not {c["unit"] for c in changes if "on_platform" in c} & set(made.cast.joined)
    assert "platform: not built" in " ".join(v for _, v in of(off, "en").cover)


@pytest.mark.parametrize("name", [FLAGSHIP.stem, CONCEALED])
def test_most_measures_are_something_the_next_run_goes_by(name: str) -> None:
    """Those of a review as it stands compile, and at least half of them act (what a drill set is left apart)."""
    measures = [f.measure for f in reviewed(name).findings if f.measure is not None and not f.by_drill]

    assert sum(m.acts for m in measures) >= len(measures) / 2


@pytest.mark.parametrize("name", [FLAGSHIP.stem, CONCEALED])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_key_no_doubled_word_and_no_empty_lateness_is_shown_to_people(name: str, lang: str) -> None:
    """Findings and measures are sentences: no ids of persons or incidents, no '0 min late', no key of a file."""
    for f in reviewed(name, lang).findings:
        for zh, en in ((f.problem_zh, f.problem_en), (f.measure.text_zh, f.measure.text_en) if f.measure else ("", "")):
            assert not re.search(r"/p\d+|[a-z]\w*\.\w+\.\w|_[a-z]|超时 0|逾期0|公路公路|超时 不足", zh), zh
            assert not re.search(r"/p\d+|[a-z]\.[a-z]+_|[一-鿿]|by 0 |\b1 (were|died and 0)", en), en
