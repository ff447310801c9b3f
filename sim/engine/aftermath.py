"""After the response: the two lists out of what went late or short, rectification, plan revision, phases that open again.

Aftercare, inquiry, approval, archive are tasks of the plans themselves; what is here follows from what happened in the run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sim.domain import events as ev
from sim.domain.plans import Plan
from sim.engine.clock import Turn, grid
from sim.engine.tasks import Dossier, late

if TYPE_CHECKING:
    from sim.engine.headquarters import Headquarters

_INQUIRY, _RECTIFICATION = "inquiry", "rectification"  # phases of the closed loop
_LISTS, _REVISION = (
    "lists",
    "plan_revision",
)  # names that plans give the tasks which draw up the lists, and revise the plan
_NEW_VICTIMS = ("grading", "follow_up", "inquiry")  # phases that new victims open again


@dataclass(frozen=True)
class _Finding:
    """Something that went wrong: whose it is, the event that shows it, under which clause of which plan, in words."""

    unit: str
    verifier: str
    plan: str
    clause: str
    cause: int
    zh: str
    en: str
    measure_zh: str
    measure_en: str


class Aftermath:
    """What follows the responses of all incidents."""

    def __init__(self, headquarters: Headquarters) -> None:
        self.headquarters, self.sim = headquarters, headquarters.sim
        # by incident: the first measure listed about each plan – the item, its seq, its clause
        self._first: dict[str, dict[str, tuple[str, int, str]]] = {}
        self._versions: dict[str, int] = {}  # of the plans that were revised in this run

    def version(self, plan: Plan) -> int:
        """The version of a plan that holds now."""
        return self._versions.get(plan.id, plan.version)

    def ended(self, dossier: Dossier, event: ev.ResponseChanged) -> None:
        """A response ended; where the plan knows no inquiry, the lists are drawn up from here."""
        known = any(t.phase == _INQUIRY or t.id == _LISTS for t in dossier.plan.tasks)
        if event.post == dossier.post and not known and not dossier.head:
            self._list_after(dossier)

    def done(self, dossier: Dossier, event: ev.TaskDone) -> None:
        """A task was done; with that of the lists, or the inquiry's last one where there is none, what it found is listed."""
        owed = dossier.owed.get(event.task)
        if owed is None:
            return
        if owed.task.id == _LISTS and not dossier.lists:
            dossier.lists = True
            self._list(dossier)
        elif owed.task.id == _REVISION:
            self._revised(dossier, event.seq)
        elif owed.task.phase == _INQUIRY and not self._has(dossier, _LISTS):
            self._list_after(dossier)

    def corrected(self, dossier: Dossier, event: ev.CasualtiesCorrected) -> None:
        """The figures were corrected: new victims open phases again that were closed."""
        if dossier.head:
            return  # the disaster's dossier has it too
        before = dossier.dead
        dossier.dead, _, _, _ = self.headquarters.disasters.figures(dossier.id, event.post)
        going_on = dossier.id in self.headquarters.sim.incidents  # then it is one more figure, no victim after the end
        if dossier.dead > before and not going_on:
            for phase in _NEW_VICTIMS:
                seq = self._reopen(dossier, phase, "new_victims", event.seq)
                if phase == _INQUIRY:
                    self.headquarters.tasks.again(dossier, phase, seq)

    # ── inside ──

    @staticmethod
    def _has(dossier: Dossier, task: str) -> bool:
        return any(t.id == task for t in dossier.plan.tasks)

    def _reopen(self, dossier: Dossier, phase: str, why: str, cause: int) -> int:
        return self.sim.record(ev.PhaseReopened(0, self.sim.now, cause, dossier.id, phase, why))

    def _list_after(self, dossier: Dossier) -> None:
        """Where the plan has no task for it: the lists follow some time after the inquiry's last task, or the response's end."""
        asked = all(o.settled is not None for o in dossier.owed.values() if o.task.phase == _INQUIRY)
        if asked and not dossier.lists and next(self._findings(dossier), None) is not None:
            dossier.lists = True
            wait = self.sim.draw("aftermath.listing", dossier.id)
            when = self.headquarters.work.in_office(grid(self.sim.now + wait))
            self.sim.clock.at(when, lambda _: self._list(dossier), Turn.STAFF)

    def _list(self, dossier: Dossier) -> None:
        """Draw up both lists; each problem gets its measure, with a day it is due."""
        sim, now = self.sim, self.sim.now
        due = grid(now + sim.number("aftermath.item_due"))
        for number, found in enumerate(self._findings(dossier), 1):
            problem, measure = f"{dossier.id}-P{number}", f"{dossier.id}-M{number}"
            listed = sim.record(
                ev.ItemListed(
                    0,
                    now,
                    found.cause,
                    dossier.id,
                    problem,
                    "problems",
                    found.unit,
                    due,
                    found.zh,
                    found.en,
                    found.clause,
                )
            )
            seq = sim.record(
                ev.ItemListed(
                    0, now, listed, dossier.id, measure, "measures", found.unit, due, found.measure_zh,
                    found.measure_en, found.clause,
                )
            )  # fmt: skip
            self._rectify(dossier, found, (problem, measure), seq, 1)
            self._first.setdefault(dossier.id, {}).setdefault(found.plan, (measure, seq, found.clause))
        if dossier.id in self._first and not self._has(dossier, _REVISION):
            self._revise(dossier, next(iter(self._first[dossier.id].values()))[1])

    def _findings(self, dossier: Dossier) -> Iterator[_Finding]:
        least = self.sim.number("aftermath.item_from")
        for owed in late(dossier, self.sim.now):
            task = owed.task
            assert owed.due is not None, "what is late had a deadline"
            over = (self.sim.now if owed.settled is None else owed.settled) - owed.due
            if over < least:
                continue
            who, by = self._named(owed.unit), self._clock(owed.due)
            zh, en = (
                (f"逾期{_zh(over)}", f"{_en(over)} late") if owed.done is not None else ("至今未办", "not done yet")
            )
            yield _Finding(
                owed.unit, self._checker(dossier, owed.unit, task.verifier, task.creditor), owed.plan.id, task.clause,
                owed.seq, f"{who[0]}“{task.title_zh}”应于{by}前完成（{task.clause}），{zh}",
                f"{who[1]}: “{task.title_en}” was due by {by} ({task.clause}), {en}",
                f"修订{task.clause}：明确“{task.title_zh}”的责任人、替补人和提前办理的条件",
                f"Revise {task.clause}: name who does “{task.title_en}”, who stands in, and what is prepared beforehand",
            )  # fmt: skip
        lead, clause = dossier.plan.lead, self._of_shortfalls(dossier.plan)
        for capability, (seq, amount) in self.headquarters.raises.worst.get(dossier.id, {}).items():
            known = self.sim.case.city.capabilities.get(capability)
            zh, en = (known.name_zh, known.name_en) if known else (capability, capability)
            yield _Finding(
                lead, self._checker(dossier, lead), dossier.plan.id, clause, seq,
                f"{zh}不足，最多缺{amount:g}", f"{en} fell short by up to {amount:g}",
                f"补充{zh}，或与邻近地区约定支援", f"Add {en}, or agree on help with the neighbours",
            )  # fmt: skip

    @staticmethod
    def _of_shortfalls(plan: Plan) -> str:
        """The clause that speaks of forces that fall short; that of the change of response where none does."""
        return next((r.clause for r in plan.raises if r.ground == "shortfall"), plan.change_clause)

    def _checker(self, dossier: Dossier, unit: str, *proposed: str) -> str:
        """Who checks what a unit puts right: never the unit itself."""
        commands = self.headquarters.book.commands.values()
        offices = (dossier.plan.lead, *(c.office for c in commands if c.standing))
        known = self.headquarters.book.units
        return next((u for u in (*proposed, *offices) if u in known and u != unit), "")

    def _named(self, unit: str) -> tuple[str, str]:
        known = self.headquarters.book.units.get(unit)
        return (known.name_zh, known.name_en) if known else (unit, unit)

    def _clock(self, t: float) -> str:
        return f"{datetime.fromisoformat(self.sim.case.starts_at) + timedelta(seconds=t):%Y-%m-%d %H:%M}"

    def _rectify(self, dossier: Dossier, found: _Finding, items: tuple[str, ...], cause: int, attempt: int) -> None:
        """The unit puts it right, somebody else checks; what fails is done again."""
        sim, unit, name = self.sim, found.unit, (*items, str(attempt))

        def checked(_: object, because: int) -> None:
            if sim.streams.uniform("check_fails", *name) < sim.number("aftermath.check_fails"):
                seq = self._reopen(dossier, _RECTIFICATION, "check_failed", because)
                self._rectify(dossier, found, items, seq, attempt + 1)
                return
            for item in items:
                sim.record(
                    ev.ItemClosed(
                        0,
                        sim.now,
                        because,
                        dossier.id,
                        item,
                        unit,
                        "复查合格",
                        "checked and found right",
                        found.verifier,
                    )
                )

        def put_right(delay: int | None) -> None:
            because = cause if delay is None else delay
            wait = sim.draw("aftermath.check", *name)
            when = self.headquarters.work.in_office(grid(sim.now + wait))
            sim.clock.at(when, lambda alarm: checked(alarm, because), Turn.STAFF)

        self.headquarters.work.do(unit, sim.draw("aftermath.rectify", *name), put_right, dossier.ended)

    def _revise(self, dossier: Dossier, cause: int) -> None:
        span = self.sim.draw("aftermath.revise", dossier.id, dossier.plan.id)
        self.headquarters.work.do(
            dossier.plan.lead,
            span,
            lambda delay: self._revised(dossier, cause if delay is None else delay),
            dossier.ended,
        )

    def _revised(self, dossier: Dossier, cause: int) -> None:
        """Every plan that a measure is about gets a new version; where nothing was found, all stay as they are."""
        for id_, (item, _, clause) in self._first.get(dossier.id, {}).items():
            plan = self.headquarters.book.plans[id_]
            version = self._versions[id_] = self.version(plan) + 1
            self.sim.record(ev.PlanRevised(0, self.sim.now, cause, dossier.id, id_, version, item, clause))


_HOUR, _DAY = 3600.0, 86400.0


def _zh(span: float) -> str:
    return (
        f"{span / _DAY:.1f}天"
        if span >= _DAY
        else f"{span / _HOUR:.1f}小时"
        if span >= _HOUR
        else f"{span / 60:.0f}分钟"
    )


def _en(span: float) -> str:
    return (
        f"{span / _DAY:.1f} d" if span >= _DAY else f"{span / _HOUR:.1f} h" if span >= _HOUR else f"{span / 60:.0f} min"
    )
