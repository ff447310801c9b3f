"""Offices for the small world of `worlds`: a plan by hand, whose every time can be worked out on paper.

A caller notices the job at 30 s, the county has it at 90; nobody verifies, so it grades and responds at 90, and over the
platform (10 s) the city does at 100. A notice takes 5 s over the platform, and a call 120 s, one after the other; a desk sets
to work after 60 s, an office after 300, from bed after 1,800. An ad-hoc command meets after 600 s, a group gathers in 900.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from sim.case import Case, Inject
from sim.domain import events as ev
from sim.domain.command import Level, Severity
from sim.domain.hazards import Sighting
from sim.domain.parameters import Parameter, Standing, fixed
from sim.domain.plans import Command, Group, Moment, Plan, PlanBook, PlanLevel, Raise, Task, Unit
from tests.whole import worlds
from tests.whole.worlds import DAY, HOUR, MIN

FIELD = 4970.0  # the crew is home
ARRIVED, OVER, HEARD = 760.0, 4360.0, 4370.0  # the crew on the spot, the job done, and the city told of it
COUNTY, CITY = 90.0, 100.0  # when the county, and when the city, has graded and responds
NOTICE, CALL, COURIER, SATELLITE = 5.0, 120.0, 1000.0, 400.0
DESK, OFFICE, BED = 60.0, 300.0, 1800.0
AD_HOC, STAFF, LOWER = 600.0, 900.0, 1500.0

NUMBERS = {
    "notices.platform": NOTICE, "notices.call": CALL, "notices.callers": 1.0, "notices.courier": COURIER,
    "notices.desk": DESK, "notices.office": OFFICE, "notices.home": BED, "notices.joined": 20.0, "notices.apart": 200.0,
    "notices.alarm": 400.0, "notices.opens": 0.0, "notices.closes": DAY, "notices.workdays": 7.0, "notices.watch": DAY,
    "notices.pressing": 0.0,
    "notices.check": 480.0, "care.mates_after": 600.0, "reporting.stable_after": 3 * DAY, "reporting.follow_up_stable": DAY,
    "reporting.satellite": SATELLITE, "reporting.satellite_tier": 9.0,
    "conduct.hospital_cluster": 3.0, "conduct.hospital_tells": 2 * HOUR, "conduct.hospital_line": 2 * HOUR,
    "conduct.family_asks": 30 * HOUR,
    "headquarters.ad_hoc": AD_HOC, "headquarters.takeover": 240.0, "headquarters.staff": STAFF,
    "headquarters.gather_video": 300.0, "headquarters.gather_phone": 1200.0, "headquarters.gather_on_site": 3600.0,
    "headquarters.consult": 600.0, "headquarters.consult_from": 3.0, "headquarters.raise": 600.0,
    "headquarters.covered": 0.5, "headquarters.toll_every": 1800.0,
    "headquarters.lower": LOWER, "headquarters.lower_worth": LOWER,
    "headquarters.update_after": 2 * HOUR, "headquarters.update_every": DAY,
    "headquarters.update_from": 2.0, "headquarters.suspend": 120.0, "headquarters.resume": HOUR, "headquarters.lead": 2 * HOUR,
    "headquarters.lag_degraded": 3.0,
    "aftermath.longest": 730 * DAY, "aftermath.listing": 5 * DAY, "aftermath.item_due": 90 * DAY, "aftermath.item_from": 60.0,
    "aftermath.rectify": 45 * DAY, "aftermath.check": 7 * DAY, "aftermath.check_fails": 0.0, "aftermath.revise": 40 * DAY,
}  # fmt: skip


def task(id_: str, debtor: str, since: Moment, takes: float, **how: object) -> Task:
    """A task whose time is fixed."""
    return Task(id_, id_, id_, debtor, (since,), fixed(takes), f"X {id_}", "toy", **how)  # type: ignore[arg-type]


ACTIVATED = Moment("plan_activated", tiers=(3,))
ENDED = Moment("response_changed", {"level": "0"}, (3,))


def book(
    *tasks: Task,
    standing: bool = False,
    quiet: float = 0.0,
    raises: Sequence[Raise] = (),
    notify: Sequence[str] = ("DESK", "OFF"),
) -> PlanBook:
    """A plan in which DESK (a desk, on the platform) leads, OFF and FAR are offices on and off it; level II from larger on."""
    units = [Unit("DESK", "值班", "desk", True, 3, True), Unit("OFF", "处", "office", True), Unit("FAR", "远", "far")]
    levels = (
        PlanLevel(1, "省长", "governor", "X 4.1", (4,), ("G",), tuple(notify)),
        PlanLevel(2, "市长", "mayor", "X 4.2", (2, 3), ("G",), tuple(notify)),
        PlanLevel(4, "局长", "head", "X 4.4", (1,), (), ("DESK",)),
    )
    plan = Plan(
        "X",
        "预案",
        "plan",
        1,
        (),
        "DESK",
        "C",
        levels,
        tasks,
        tuple(raises),
        suspend_clause="X 5.3",
        end_clause="X 6.1",
        quiet=quiet,
    )
    return PlanBook(
        {u.id: u for u in units}, {"C": Command("C", "指挥部", "command", standing, "DESK")},
        {"G": Group("G", "组", "group", "OFF")}, {"X": plan},
    )  # fmt: skip


@dataclass(frozen=True)
class Grades:
    """Every incident is of this severity, whatever is seen."""

    severity_: Severity = Severity.LARGER

    def severity(self, scale: str, sighting: Sighting) -> tuple[Severity, Severity, str]:
        """Always the same."""
        return self.severity_, self.severity_, "toy"

    def level(self, severity: Severity, nature: str) -> Level | None:
        """By the plan."""
        return None


def with_plans(
    plans: PlanBook | None, *crews: worlds.Crew, tasks: Sequence[worlds.Task] = (worlds.Task(),), severity: int = 2,
    platform: str = "on", injects: Sequence[Inject] = (), sensitive: bool = False, rules: dict[str, float] | None = None,
    horizon: float = 3 * DAY, starts: float = 8 * HOUR,
) -> Case:  # fmt: skip
    """The day of `worlds` with incidents that are graded, in a city with these plans."""
    case = worlds.make_case(
        crews or (worlds.Crew("T", "C"),),
        tasks,
        injects=injects,
        rules=NUMBERS | (rules or {}),
        horizon=horizon,
        starts=starts,
    )
    specs = tuple(msgspec.structs.replace(s, scale="toy") for s in case.incidents)
    numbers = {
        k: Parameter(k, fixed(v), "1", "toy", Standing.CONFIG)
        for k, v in (worlds.RULES | NUMBERS | (rules or {})).items()
    }
    return replace(
        case, city=replace(case.city, plans=plans), incidents=specs, assessor=Grades(Severity(severity)), platform=platform,
        sensitive=sensitive, rules=numbers,
    )  # fmt: skip


class ByDeaths:
    """An incident is 较大 as soon as anybody has died."""

    def severity(self, scale: str, sighting: Sighting) -> tuple[Severity, Severity, str]:
        """By the dead alone."""
        found = Severity.LARGER if sighting.dead else Severity.GENERAL
        return found, found, "toy"

    def level(self, severity: Severity, nature: str) -> None:
        """By the plan."""


def told(plans: PlanBook | None, *crews: worlds.Crew, **how: object) -> worlds.Told:
    """Run the day with these plans."""
    return worlds.Told(with_plans(plans, *crews, **how))  # type: ignore[arg-type]


def by_seq(day: worlds.Told, seq: int | None) -> ev.Event:
    """The event with a number."""
    assert seq is not None, "it has a cause"
    return day.events[seq]


__all__ = ["DAY", "HOUR", "MIN", "book", "task", "with_plans"]
