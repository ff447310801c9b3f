"""Who owes what fits what happened: nature, circumstances that posts were told, the legal class – on plans and shipped cases."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from sim.analysis.duties import ledger_of
from sim.analysis.facts import Facts
from sim.analysis.owed import Obligation
from sim.domain import events as ev
from sim.domain.plans import Plan, PlanBook, Task
from sim.doors.city import load_city
from sim.reader import load
from sim.units import DAY
from tests.whole.shipped import SCENARIOS, shipped

QUJING = SCENARIOS / "cities" / "qujing"
SMALL = "qilin_lifts_power_cut"
DIFFERENT = (
    "luoping_spring_drought", "luliang_flood_july", "huize_foot_and_mouth", "qilin_school_canteen", "huize_forest_fire",
    "qilin_station_knives", "yiche_dysentery_july", SMALL, "huashan_phenol_february", "fuyuan_ice_week",
)  # fmt: skip


@cache
def book() -> PlanBook:
    found = load_city(QUJING).plans
    assert found is not None
    return found


NATURES = sorted({nature for plan in book().plans.values() for nature in plan.natures})


def of(nature: str) -> Iterator[tuple[Plan, Task]]:
    """What may be owed in an accident of this nature: by the plan that leads, and by those started along with it."""
    leads = book().plan_for(nature)
    for plan in book().plans.values():
        if plan is leads or nature in plan.supports:
            yield from ((plan, t) for t in plan.tasks if nature in (t.natures or plan.natures))


def own(plan: str) -> dict[str, object]:
    """The tasks that a plan's own file writes whole, with what it says of them."""
    tasks = load(QUJING / "plans" / f"{plan}.yaml").data.get("tasks", {})
    return {name: task for name, task in tasks.items() if "phase" in task}


def arisen(name: str) -> list[ev.TaskArose]:
    """The tasks of a shipped case."""
    return [e for e in shipped(name).events if isinstance(e, ev.TaskArose)]


def ids(name: str) -> set[str]:
    """What arose in a shipped case, by plan and task."""
    return {e.task.partition(".")[0] for e in arisen(name)}


@cache
def ledger(name: str) -> tuple[Obligation, ...]:
    """The ledger of a shipped case."""
    made = shipped(name)
    return tuple(ledger_of(Facts(made.events, made.cast)))


# ── nature ──


@pytest.mark.parametrize("plan", sorted(p.id for p in book().plans.values() if len({*p.natures, *p.supports}) > 1))
def test_a_plan_for_several_natures_says_of_each_of_its_tasks_for_which(plan: str) -> None:
    """Nothing of a plan's own is for all its accidents because nobody thought of it."""
    assert not [name for name, task in own(plan).items() if "natures" not in task]  # type: ignore[operator]


@pytest.mark.parametrize("nature", NATURES)
def test_no_task_of_another_nature_is_owed(nature: str) -> None:
    """What arises is the leading plan's, or says that it is for this nature, too; each of the 22 phases has a task."""
    leads = book().plan_for(nature)
    owed = list(of(nature))

    assert owed
    for plan, task in owed:
        assert not task.natures or nature in task.natures
        assert plan is leads or nature in task.natures
    assert len({task.phase for plan, task in owed if plan is leads}) == 22


@pytest.mark.parametrize("name", DIFFERENT)
def test_what_arose_is_for_what_happened(name: str) -> None:
    """In a run no task arises that its plan does not owe in an accident of this nature."""
    natures = {e.incident: e.nature for e in shipped(name).events if isinstance(e, ev.IncidentOccurred)}

    for arose in arisen(name):
        plan, _, task = arose.task.partition("/")
        assert (plan, task) in {(p.id, t.id) for p, t in of(natures[arose.incident])}, arose.task


def test_a_drought_owes_no_clause_of_floods_or_of_ice() -> None:
    """No dykes, gates, cordon or de-icing; but tankers where homes are rationed, and rain-making."""
    found = ids("luoping_spring_drought")

    assert not found & {
        f"FL/{t}" for t in ("gates", "dyke_patrol", "move_first", "cordon", "corridor", "handover", "ledger")
    }
    assert not {t for t in found if t.startswith("MT/")} - {"MT/warning"}
    assert {"FL/water_trucks", "FL/supply_plan", "FL/rain_making"} <= found


def test_neither_sick_cattle_nor_a_canteen_owes_what_a_rescue_does() -> None:
    """No register of persons for foot-and-mouth, no cleared hospital for a staphylococcus."""
    assert not ids("huize_foot_and_mouth") & {"AN/ledger", "AN/cordon", "AN/compensation", "AN/evacuation"}
    assert not ids("qilin_school_canteen") & {"PH/designated", "PH/neighbourhoods", "PH/contacts", "FD/ledger"}
    assert "PH/case_inquiry" in ids("qilin_school_canteen")


def test_a_forest_fire_owes_nothing_of_snow() -> None:
    """The weather plan is started along with it for its warnings alone."""
    assert {t for t in ids("huize_forest_fire") if t.startswith("MT/")} == {"MT/warning"}


# ── circumstances ──


def test_a_small_accident_without_losses_is_over_in_weeks() -> None:
    """People held up in lifts and let out: the unit looks into it, nobody is paid, punished or reviewed for sixteen months."""
    found = ids(SMALL)
    last = max(e.t for e in shipped(SMALL).events if isinstance(e, ev.TaskDone | ev.ItemClosed))

    assert "SE/unit_inquiry" in found and "SE/plain_archive" in found
    assert not found & {
        f"SE/{t}"
        for t in ("compensation", "penalties", "inquiry", "rectification_review", "returns", "ledger", "fan_out")
    }
    assert last < 9 * 7 * DAY


def test_the_records_of_an_accident_are_handed_over_once() -> None:
    """Where there is an inquiry the file is closed after it; the short way is for what hurt nobody."""
    found = ids("xuanwei_ammonia_suspended")

    assert "HZ/archive" in found and "HZ/plain_archive" not in found


def test_closing_a_road_moves_nobody_out() -> None:
    """A slide on a road with nobody in its way owes no shelter, whatever is done about the traffic."""
    slide = [e for e in arisen("fuyuan_inrush") if e.incident == "L1"]

    assert "GH/detour" in {e.task for e in slide}
    assert "evacuation" not in {e.phase for e in slide}


@pytest.mark.parametrize("name", ["fuyuan_inrush", "xuanwei_ammonia_suspended"])
def test_no_place_is_told_twice_what_it_is(name: str) -> None:
    """Laochang Town Government, not Laochang Town Township Government; Hongqiao Subdistrict Office."""
    said = {owed.debtor.name.en for owed in ledger(name)}

    assert any(en.endswith((" Town Government", " Subdistrict Office")) for en in said)
    assert not any("Town Township" in en or "Subdistrict Subdistrict" in en for en in said)


def test_a_laboratory_is_done_when_the_tests_are_and_a_blockade_comes_after_the_finding() -> None:
    """Nothing is confirmed before it is tested, nothing is closed off or culled by order before it is confirmed."""
    for name, task, milestone in (
        ("yiche_dysentery_july", "PH/laboratory", "tested"),
        ("qilin_school_canteen", "FD/agent", "sampled"),
        ("huize_foot_and_mouth", "AN/confirm", "confirmed"),
    ):
        events = shipped(name).events
        tested = next(e.t for e in events if isinstance(e, ev.Milestone) and e.name == milestone)
        done = next(e.t for e in events if isinstance(e, ev.TaskDone) and e.task == task)
        assert done >= tested, name
    confirmed = next(
        e.t for e in shipped("huize_foot_and_mouth").events if isinstance(e, ev.Milestone) and e.name == "confirmed"
    )
    for arose in arisen("huize_foot_and_mouth"):
        if arose.task in ("AN/blockade", "AN/cull", "AN/market_close", "AN/check_points"):
            assert arose.t >= confirmed


# ── who inquires ──


def test_a_flood_is_surveyed_by_what_it_cost_not_by_how_high_it_was() -> None:
    """Graded 重大 by its water and with one or two dead it is the county's to survey."""
    made = shipped("luliang_flood_july")
    grades = [e for e in made.events if isinstance(e, ev.Graded)]
    groups = [e for e in arisen("luliang_flood_july") if "/inquiry_group" in e.task]

    assert max(g.confirmed for g in grades) >= 3
    assert {e.unit for e in groups} <= {"county_government"}


def test_an_attack_is_the_polices_case_and_nobodys_inquiry() -> None:
    """The police investigate; no production-safety inquiry, no approval, no review of rectification."""
    found = ids("qilin_station_knives")

    assert "CR/case" in found and "CR/prosecution" in found and "CR/archive" in found
    assert not found & {"CR/inquiry", "CR/inquiry_group", "CR/approval", "CR/rectification_review"}
    assert not [o for o in ledger("qilin_station_knives") if o.duty[:2] in ("I1", "I2", "I3", "I4", "A1", "R2")]


def test_health_is_inquired_into_by_the_health_administration() -> None:
    """An epidemic by the health commission, a mine's accident by the mine safety administration."""
    by = {e.unit for e in arisen("yiche_dysentery_july") if "/inquiry." in e.task}
    mine = {e.unit for e in arisen("fuyuan_inrush") if "/inquiry." in e.task}

    assert by <= {"county_health", "health", "province_health"} and by
    assert mine <= {"mine_safety", "province_mine_safety", "state_council"} and mine


# ── names ──


@pytest.mark.parametrize("name", DIFFERENT)
def test_no_debtor_is_a_template(name: str) -> None:
    """The ledger names the county concerned, not every county of the land."""
    assert not [o for o in ledger(name) if "县（市、区）" in o.debtor.name.zh + o.creditor.name.zh]
