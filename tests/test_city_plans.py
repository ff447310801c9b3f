"""The plans of Qujing: one overall plan, twenty-two special ones, and what the law says in them."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from sim import catalog
from sim.case import City
from sim.domain.plans import Plan, PlanBook, Task
from sim.doors.city import load_city
from sim.scenario import digest
from sim.scenario.cast import cast_of
from sim.scenario.compile import load_case
from sim.units import DAY, HOUR, MINUTE

CITIES = Path(__file__).resolve().parents[1] / "scenarios" / "cities"
DRILL = CITIES.parent / "drills" / "fuyuan_inrush.yaml"
ACCIDENTS = {name for name, plugin in catalog.hazards().items() if plugin.card.severity_scale != "ordinary"}


@cache
def city() -> City:
    return load_city(CITIES / "qujing")


def book() -> PlanBook:
    found = city().plans
    assert found is not None
    return found


def task(plan: str, name: str) -> Task:
    """A task of a plan by its id."""
    return next(t for t in book().plans[plan].tasks if t.id == name)


# ── the whole ──


def test_there_are_one_and_twenty_two_plans():
    """One without natures; the others are the families of models/rules/plans.yaml."""
    special = {id_ for id_, plan in book().plans.items() if plan.natures}

    assert special == {*catalog.plans()[0]} and len(special) == 22
    assert [id_ for id_ in book().plans if id_ not in special] == ["OV"]


def test_every_accident_has_one_plan_that_its_card_names():
    """The plan that leads is one of those the hazard's card is about; the others support it."""
    for nature in ACCIDENTS:
        plan = book().plan_for(nature)
        assert plan.id in catalog.hazard(nature).card.plans, nature
    assert book().plan_for("small_incident").id == "OV"


@pytest.mark.parametrize("nature", ["blackout", "telecom_outage", "gas_leak", "landslide", "collapse"])
def test_what_follows_an_earthquake_is_handled_by_its_command(nature: str) -> None:
    """The earthquake plan reopens power, telephones, water and gas: one command for one disaster."""
    share = catalog.rules()["headquarters.covered"].value
    at_work = [book().plan_for("earthquake"), *(p for p in book().plans.values() if "earthquake" in p.supports)]
    known = {c for plan in at_work for c in plan.capabilities}
    wanted = book().plan_for(nature).capabilities

    assert sum(c in known for c in wanted) >= share * len(wanted)


def test_thirteen_departments_are_on_the_platform():
    """As domain.md C5 lists them; what else is on it are the duty offices of the four levels."""
    on = {unit.id for unit in book().units.values() if unit.on_platform and unit.tier == 3}

    assert len(on) == 13
    assert {"emergency", "police", "fire", "health", "water", "energy"} <= on and not {"finance", "propaganda"} & on


def test_three_commands_stand_and_eleven_groups_work():
    """Flood, forest fire and earthquake have a desk; all other commands are formed."""
    standing = {c.id for c in book().commands.values() if c.standing}

    assert standing == {"flood", "forest_fire", "earthquake"}
    assert {book().plans[p].command for p in ("FL", "FF", "EQ")} == standing
    assert len(book().groups) == 11


@pytest.mark.parametrize("plan", sorted(book().plans))
def test_every_plan_covers_the_twenty_two_phases(plan):
    """Each phase is somebody's task, under a clause, with evidence, checked by somebody else."""
    tasks = book().plans[plan].tasks

    assert len({t.phase for t in tasks}) == 22
    assert all(t.evidence_zh and t.evidence_en and t.verifier and t.verifier != t.debtor for t in tasks)
    assert all(t.clause in book().clauses for t in tasks)
    assert all(unit in book().units for t in tasks for unit in (t.debtor, t.verifier, *filter(None, [t.creditor])))


@pytest.mark.parametrize("plan", sorted(book().plans))
def test_levels_go_up_with_severity_and_grow(plan):
    """A worse severity never starts a milder level; who is told and who works at a level is so at every higher one."""
    levels = book().plans[plan].levels
    of = {s: level.level for level in levels for s in level.severities}

    assert [level.level for level in levels] == sorted(level.level for level in levels)
    assert {*of} == {1, 2, 3, 4} and [of[s] for s in (1, 2, 3, 4)] == sorted(of.values(), reverse=True)
    for higher, lower in pairwise(levels):
        assert {*lower.notify} <= {*higher.notify} and {*lower.groups} <= {*higher.groups}
    assert all(level.chief_zh and level.chief_en and level.clause for level in levels)


# ── the law, each as a sentence ──


@pytest.mark.parametrize(
    ("plan", "name", "debtor", "within"),
    [
        ("HZ", "unit_report", "enterprise", 1 * HOUR),  # R2, Order 493 art. 9
        ("HZ", "county_report", "county_duty", 2 * HOUR),  # R3, art. 10-11
        ("HZ", "correction", "county_emergency", 30 * DAY),  # R11, art. 13 …
        ("RT", "correction", "county_emergency", 7 * DAY),  # … road traffic
        ("FR", "correction", "county_emergency", 7 * DAY),  # … and fire
        ("PH", "unit_report", "health_institution", 2 * HOUR),  # R7, public health: 2/2/2/2/1
        ("PH", "county_report", "county_health", 2 * HOUR),
        ("PH", "government_report", "county_government", 2 * HOUR),
        ("FD", "province_report", "city_government", 2 * HOUR),
        ("FD", "ministry_report", "province_health", 1 * HOUR),
        ("FL", "statistics", "county_emergency", 24 * HOUR),  # R8
        ("GH", "statistics", "county_emergency", 24 * HOUR),
        ("CM", "mine_report", "enterprise", None),  # R6: at once, no figure
        ("FF", "province_fire", "forestry", None),  # R13: at once
        ("HZ", "notice", "propaganda", 5 * HOUR),  # B4
        ("HZ", "press", "propaganda", 24 * HOUR),
        ("HZ", "inquiry.general", "county_government", 60 * DAY),  # Order 493 art. 19, 29
        ("HZ", "inquiry.larger", "city_government", 60 * DAY),
        ("HZ", "inquiry.major", "province_government", 60 * DAY),
        ("HZ", "inquiry.especially_major", "state_council", 60 * DAY),
        ("HZ", "approval.major", "province_government", 15 * DAY),  # art. 32
        ("HZ", "approval.especially_major", "state_council", 30 * DAY),
        ("CM", "inquiry.general", "mine_safety", 60 * DAY),  # coal mines: the mine safety administration …
        ("CM", "inquiry.larger", "province_mine_safety", 60 * DAY),
        ("CM", "inquiry.major", "province_mine_safety", 60 * DAY),
        ("CM", "inquiry.especially_major", "state_council", 60 * DAY),  # … except 特别重大
        ("HZ", "rectification_review.larger", "city_government", 365 * DAY),  # Work Safety Law art. 86
        ("EQ", "hour_one", "emergency", 1 * HOUR),  # the province's 1-2-3 rule
        ("EQ", "hour_two", "fire", 2 * HOUR),
        ("EQ", "hour_three", "county_government", 3 * HOUR),
        ("RL", "ten_hours", "county_government", 10 * HOUR),
    ],
)
def test_a_deadline_is_its_debtors(plan, name, debtor, within):
    """Who owes it, and by when, as the law or the reference configuration has it."""
    found = task(plan, name)

    assert (found.debtor, found.within) == (debtor, within)
    assert found.source


def test_watchers_stay_after_a_forest_fire_and_the_ground_is_inspected():
    """Mopping up begins when the hazard is over; the inspection waits for it."""
    assert [m.kind for m in task("FF", "mopup").since] == ["hazard_over"]
    assert task("FF", "acceptance").once[0].where == {"task": "FF/mopup"}
    assert "L8 art. 39" in task("FF", "mopup").source


def test_what_a_source_says_carries_its_standing():
    """Law that was read is marked; what names no source is our reference configuration."""
    assert task("HZ", "unit_report").source.endswith("(verified)")
    assert task("HZ", "phone_report").source.endswith("(memory)")
    assert task("HZ", "intake").source == "参考配置 reference configuration"
    assert "verified" not in task("FL", "inquiry.larger").source  # another source than the common task's


def test_lead_is_whoever_leads_the_plan():
    """A common task of the leading department is owed by another unit in every plan."""
    plans = book().plans.values()

    assert [task(plan.id, "plan_revision").debtor for plan in plans] == [plan.lead for plan in plans]


def test_the_rescue_group_is_led_by_those_who_can():
    """Fire brigade as a rule, mine rescue in mines, the line's own people elsewhere."""
    plans = book().plans

    assert book().lead_of(plans["HZ"], "rescue") == "fire"
    assert book().lead_of(plans["CM"], "rescue") == "mine_rescue"


def test_raises_have_figures_and_clauses():
    """Six missing lift a mine accident to Ⅱ, twenty to Ⅰ; two hours of unmet need lift any response by one."""
    grounds = [(r.ground, r.at_least, r.by, r.to, r.clause) for r in book().plans["CM"].raises]

    assert ("dead_or_missing", 6, 0, 2, "CM 4.7.2") in grounds and ("dead_or_missing", 20, 0, 1, "CM 4.7.2") in grounds
    assert ("shortfall", 2 * HOUR, 1, 0, "CM 4.7.3") in grounds


# ── with the rest ──


def test_the_assessor_reads_the_levels_of_the_plans():
    """A city-wide default from the overall plan, each nature from its own; everyday calls start nothing."""
    levels = city().levels

    assert levels["default"] == {1: 4, 2: 3, 3: 2, 4: 1}
    assert levels["earthquake"] == {1: 3, 2: 2, 3: 1, 4: 1}
    assert levels["small_incident"][1] is None
    assert {*levels} >= ACCIDENTS


def test_a_deadline_that_is_a_number_follows_the_case():
    """`deadlines.activation: 10 min` in a case file is the plan's deadline in that case."""
    case = load_case(DRILL, settings=["rules={deadlines.activation: 10 min}"])
    plans = case.city.plans

    assert plans is not None
    assert next(t for t in plans.plans["CM"].tasks if t.id == "activation").within == 10 * MINUTE
    assert task("CM", "activation").within == 30 * MINUTE


def test_plans_are_in_the_digest_of_the_city_and_their_words_in_the_cast():
    """A plan that changes makes another case; a made-up city without plans is as it was."""
    kept = digest.city_facts(city())["plans"]
    toytown = load_city(CITIES / "toytown")
    cast = cast_of(load_case(DRILL))

    assert kept is not None and kept is city().plans
    assert toytown.plans is None and "plans" not in digest.city_facts(toytown)
    assert cast.units["emergency"].zh == "市应急管理局" and cast.plans["CM"].en.startswith("Coal-Mine")
    assert cast.tasks["CM/inquiry.larger"].zh.startswith("提交") and cast.groups["rescue"].en == "Rescue"
    assert cast.commands["flood"].zh == "市防汛抗旱指挥部" and cast.clauses["CM 4.3.2"].zh == "Ⅱ级响应"


def test_a_book_survives_being_written_down():
    """Plans are plain facts: what is read back is the same."""
    again = msgspec.json.decode(msgspec.json.encode(book()), type=PlanBook)

    assert again == book()


def test_the_order_of_files_and_keys_in_the_folder_does_not_matter():
    """Plans, units and commands stand in the order of their ids."""
    assert list(book().plans) == sorted(book().plans)
    assert list(book().units) == sorted(book().units)
    assert isinstance(book().plans["CM"], Plan)
