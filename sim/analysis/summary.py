"""Summary: the figures of a run, always under the same keys, each with its unit (`summary.json`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.analysis import duties, measures, phases, timeline
from sim.analysis.facts import Facts
from sim.analysis.lines import Timeline
from sim.domain import events as ev
from sim.journal.cast import Cast, Words

KEYS: dict[str, tuple[str, Words]] = {
    "teams_dispatched": ("teams", Words("出动队伍", "Teams dispatched")),
    "people_dispatched": ("people", Words("出动人数", "People dispatched")),
    "people_arrived": ("people", Words("到场人数", "People arrived")),
    "first_arrival": ("s since start", Words("首支力量到场", "First arrival")),
    "last_arrival": ("s since start", Words("最后力量到场", "Last arrival")),
    "incidents": ("incidents", Words("突发事件数", "Incidents")),
    "casualties": ("people", Words("人员情况", "People in harm's way")),
    "tolls": ("people, as the lead stated last", Words("灾情总账（一场灾害一本）", "Toll of each disaster")),
    "response_levels": ("level (1 highest)", Words("响应级别", "Response levels")),
    "phases_closed": ("phases", Words("已闭环环节", "Phases closed")),
    "phases_due": ("phases", Words("应闭环环节", "Phases due")),
    "obligations": ("obligations", Words("法定与预案时限", "Obligations")),
    "expectations": ("expected actions", Words("预期行动", "Expected actions")),
    "response_times": ("s since report received", Words("各能力响应时间", "Response times by capability")),
    "km_travelled": ("km", Words("行驶里程", "Distance driven")),
    "element_hours": ("h", Words("单元在外时长", "Element-hours away")),
    "working_hours": ("h", Words("单元作业时长", "Element-hours at work")),
    "shortfalls": ("effort in SI", Words("力量缺口", "Shortfalls")),
    "reroutes": ("reroutes", Words("绕行次数", "Reroutes")),
    "cut_offs": ("times", Words("道路中断孤立次数", "Times cut off")),
    "duration": ("s", Words("历时", "Duration")),
    "ended": ("reason", Words("结束原因", "How it ended")),
    "digest": ("sha256", Words("日志摘要", "Digest of the journal")),
}


def summarise(events: Sequence[ev.Event], cast: Cast, digest: str) -> dict[str, Any]:
    """The summary of a journal: every key of `KEYS`, each {"value", "unit"}; `digest` is the journal's SHA-256."""
    line = timeline.build(events)
    return {key: {"value": value, "unit": KEYS[key][0]} for key, value in _values(line, events, cast, digest).items()}


def _values(line: Timeline, events: Sequence[ev.Event], cast: Cast, digest: str) -> dict[str, Any]:
    arrivals = measures.arrivals(line)
    facts = Facts(events, cast)
    closed, due = phases.counted(phases.loops_of(facts))
    return {
        "teams_dispatched": measures.teams_dispatched(line),
        "people_dispatched": measures.people_dispatched(line),
        "people_arrived": measures.people_arrived(line),
        "first_arrival": arrivals[0] if arrivals else None,
        "last_arrival": arrivals[-1] if arrivals else None,
        "incidents": len(line.incidents),
        "casualties": measures.casualties(line.persons.values()),
        "tolls": measures.tolls(line),
        "response_levels": measures.response_levels(line),
        "phases_closed": closed,
        "phases_due": due,
        "obligations": duties.tally(duties.ledger_of(facts)),
        "expectations": measures.expectations(line),
        "response_times": measures.response_times(line),
        "km_travelled": measures.kilometres(line, cast),
        "element_hours": measures.element_hours(line),
        "working_hours": measures.hours_in_state(line, "working"),
        "shortfalls": measures.shortfalls(line),
        "reroutes": measures.reroutes(line),
        "cut_offs": sum(len(i.cut_off) for i in line.incidents.values()),
        "duration": line.ended,
        "ended": line.end_reason,
        "digest": digest,
    }
