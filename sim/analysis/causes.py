"""Chains of causes: from where a duty arose to where it was done, every step with how long it was waited for, in words.

The journal's `cause` is walked back from what was done; what the debtor did or suffered meanwhile (told late, withheld,
delayed on purpose, withdrawn) is put in between. So what held a duty up is the step that took longest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sim.analysis.facts import Facts
from sim.analysis.owed import Obligation, Step
from sim.analysis.telling import Teller
from sim.analysis.words import TABLE, clock, span
from sim.domain import events as ev
from sim.domain.people import Status
from sim.units import MINUTE

_WHY: dict[type[ev.Event], str] = {
    ev.ReportSent: "reporting", ev.ReportReceived: "on_the_wire", ev.ReportWithheld: "withheld",
    ev.ConductExposed: "withheld", ev.HandedOver: "under_way", ev.RescueBecameSearch: "deciding",
    ev.Discovered: "unnoticed", ev.Graded: "grading", ev.ResponseChanged: "deciding", ev.PlanActivated: "deciding",
    ev.CommandFormed: "staffing", ev.GroupStaffed: "staffing", ev.UnitNotified: "telling",
    ev.UnitAcknowledged: "acknowledging", ev.TaskDone: "at_work", ev.ItemClosed: "at_work", ev.Consulted: "consulting",
    ev.Published: "at_work", ev.OrderGiven: "deciding", ev.Departed: "turning_out", ev.Arrived: "under_way",
    ev.SupplyAllotted: "allotting", ev.SupplyLoaded: "loading", ev.SupplySigned: "under_way",
    ev.FundApproved: "allotting", ev.FundPaid: "allotting", ev.ForceAnswered: "allotting", ev.ForceTasked: "at_work",
    ev.ResponseSuspended: "suspended", ev.ResponseResumed: "suspended", ev.IncidentClosed: "closing",
    ev.HazardOver: "hazard",
}  # fmt: skip
# what moves some element, and is no reason for a report from the spot
_MOVES = (ev.OrderGiven, ev.Alerted, ev.Departed, ev.RouteChanged, ev.Released, ev.Returned, ev.Recalled)
# how an accident goes on by itself, or as work on it changes
_GOES_ON = (ev.HazardChanged, ev.DemandsChanged, ev.ReliefDue)
_MOST = 200  # steps of one chain: beyond, a cause goes in a ring


def chain(facts: Facts, arose: ev.Event, done: ev.Event | None, debtor: str, until: float) -> tuple[Step, ...]:
    """The steps from where a duty arose to where it was done, or of what kept it undone until then."""
    steps = {event.seq: event for event in _walked(facts, done, arose.seq)}
    steps[arose.seq] = arose
    last = done.seq if done is not None else None
    knew = isinstance(arose, ev.TaskArose) and done is not None and done.cause == arose.seq  # and set to work untold
    for event in _meanwhile(facts, arose, debtor, done):
        if knew and isinstance(event, ev.UnitNotified | ev.UnitAcknowledged):
            continue
        if last is None or event.seq < last:
            steps[event.seq] = event
    found: list[Step] = []
    for seq in sorted(steps):
        event = steps[seq]
        if isinstance(event, _GOES_ON) and event is not arose and event is not done:
            continue  # how the accident went on is what somebody waited through, and no reason
        waited = max(0.0, event.t - found[-1].t) if found and seq > arose.seq else 0.0
        held_up = isinstance(steps.get(-1 if event.cause is None else event.cause), ev.InjectReleased)
        found.append(Step(seq, event.t, waited, "inject" if held_up else _why(event)))
    if done is None and found:
        found.append(Step(found[-1].seq, until, max(0.0, until - found[-1].t), _undone(steps.values(), debtor)))
    return tuple(found)


def _why(event: ev.Event) -> str:
    """What kind of waiting came before an event."""
    match event:
        case ev.PersonChanged(status=Status.HOSPITAL):
            return "under_way"
        case ev.CareChanged(care="definitive"):
            return "in_hospital"
        case _:
            return _WHY.get(type(event), "")


def _walked(facts: Facts, event: ev.Event | None, start: int) -> Iterator[ev.Event]:
    """The event and what led to it, back to where the duty arose."""
    for _ in range(_MOST):
        if isinstance(event, ev.RouteChanged):  # why it took another way is not why it is on the road
            event = _departure(facts, event)
        if event is None or (event.seq < start and not isinstance(event, ev.InjectReleased)):
            return
        yield event  # exercise control may have held somebody up before anything was owed
        event = _cause(facts, event)


def _cause(facts: Facts, event: ev.Event) -> ev.Event | None:
    """What led to an event. A report from the spot is led to by who came there, not by what else moved at that moment."""
    cause = facts.by_seq.get(event.cause) if event.cause is not None and event.cause < event.seq else None
    if isinstance(event, ev.ReportSent) and isinstance(cause, _MOVES):
        came = _before(facts, event, lambda e: isinstance(e, ev.Arrived) and e.incident == event.incident)
        return came or _before(facts, event, lambda e: isinstance(e, ev.Discovered) and e.incident == event.incident)
    return cause


def _departure(facts: Facts, event: ev.RouteChanged) -> ev.Event | None:
    """How a sortie left for where it was going."""
    return _before(facts, event, lambda e: isinstance(e, ev.Departed) and e.sortie == event.sortie)


def _before(facts: Facts, event: ev.Event, is_it: Callable[[ev.Event], bool]) -> ev.Event | None:
    """The last event before another that is such a one."""
    earlier = (facts.by_seq.get(seq) for seq in range(event.seq - 1, -1, -1))
    return next((e for e in earlier if e is not None and is_it(e)), None)


def _meanwhile(facts: Facts, arose: ev.Event, debtor: str, done: ev.Event | None) -> Iterator[ev.Event]:
    """What the debtor did or suffered between the two that no `cause` leads back to.

    A task that was set to work on as soon as it arose waited for no notice: its debtor knew without being told.
    """
    incident = str(getattr(arose, "incident", ""))
    end = done.seq if done is not None else float("inf")
    sender = str(facts.value(done, "sender") or "") if done is not None else ""
    knew = isinstance(done, ev.TaskDone) and done.cause == arose.seq
    posts = facts.cast.posts.keys()
    for event in facts.of(incident):
        if not arose.seq < event.seq < end:
            continue
        match event:
            case ev.ReportWithheld() if event.sender in (debtor, sender) or not (posts & {event.sender, debtor}):
                yield event  # roles on the spot go by several names
            case ev.UnitNotified() | ev.UnitAcknowledged() if event.unit == debtor and not knew:
                yield event
            case ev.ResponseSuspended() | ev.ResponseResumed():
                yield event
            case _:
                pass


def _undone(steps: object, debtor: str) -> str:
    """Why nothing came of it, as far as the journal shows."""
    kinds = {type(step) for step in steps}  # type: ignore[attr-defined]
    if ev.ReportWithheld in kinds:
        return "withheld"
    if ev.TaskArose in kinds and debtor:
        if ev.UnitNotified not in kinds:
            return "never_told"
        if ev.UnitAcknowledged not in kinds:
            return "never_acknowledged"
    return "never_done"


def told(obligation: Obligation, facts: Facts, teller: Teller) -> list[str]:
    """The chain of an obligation in words, one line a step: when, what, how long it was waited for and why."""
    lines: list[str] = []
    for i, step in enumerate(obligation.chain):
        event = facts.by_seq[step.seq]
        kind = str(event.__struct_config__.tag)
        over = i > 0 and step.seq == obligation.chain[i - 1].seq  # what never came
        known = f"event.{kind}" in TABLE
        what = teller.say("chain.never") if over else teller.tell(event) if known else kind
        text = teller.say("chain.step", when=clock(facts.cast.starts_at, step.t), what=what)
        if step.waited >= MINUTE:
            why = teller.named("delay", step.why or "next")
            longest = step == obligation.held_by
            key = "chain.longest" if longest else "chain.waited"
            text += teller.say(key, span=span(step.waited, teller.lang), why=why)
        lines.append(text)
    return lines
