"""What happens in a staged accident: a stage begins, people are struck, freed, harmed, and at the end accounted for."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from models.hazards.staged.state import Member, State
from sim.domain.hazards import Cut, DemandKind, Effect, Harm, Note, Over, Road, Roads
from sim.domain.hazards import Strike as Blown
from sim.domain.people import Status
from sim.doors.stages import NONE, Addition, Area, Blow, Clock, Closure, Fate, Severed, Staged, Strike, Told

CONTINUOUS = (DemandKind.RATE, DemandKind.HOLD)


def enter(staged: Staged, state: State, number: int) -> tuple[State, Sequence[Effect]]:
    """A stage begins: its clocks start afresh, its effects come."""
    stage = staged.stages[number]
    left = tuple([0.0 if t.kind in CONTINUOUS else x for t, x in zip(staged.tasks, state.left, strict=True)])
    state = State(state.values, state.amounts, left, state.inside, state.hazards, number, 0.0, state.over, state.luck)
    effects: list[Effect] = []
    for entry in stage.entries:
        match entry:
            case Closure():
                effects.append(Road(entry.factor, entry.link, stage.id))
            case Told():
                effects.append(Note(entry.name))
            case Addition():
                q = entry.quantity
                more = state.amounts[q] + state.values[entry.amount]
                state = replace(state, amounts=(*state.amounts[:q], more, *state.amounts[q + 1 :]))
            case Strike():
                state, struck = _strike(state, entry)
                effects += struck
            case Severed():
                radius = 0.0 if entry.radius == NONE else state.values[entry.radius]
                effects.append(Cut(entry.service, state.values[entry.share], radius, why=stage.id))
            case Area():
                effects.append(Roads(entry.factor, state.values[entry.radius], why=stage.id))
            case Blow():
                effects.append(Blown(entry.why, entry.demands, **entry.chances))
    return state, effects


def _strike(state: State, strike: Strike) -> tuple[State, list[Effect]]:
    """Shares of a group meet their fates, each person by their own luck."""
    staying: list[Member] = []
    effects: list[Effect] = []
    for member in state.inside[strike.group]:
        fate = _meets(strike.fates, member.luck[strike.luck])
        if fate is None or (fate.status is Status.TRAPPED and member.trapped):
            staying.append(member)
            continue
        if fate.status is Status.TRAPPED:
            staying.append(replace(member, trapped=True))
        effects.append(Harm((member.id,), fate.status, fate.triage, strike.why))
    return _with_inside(state, strike.group, tuple(staying)), effects


def free(staged: Staged, state: State, i: int) -> tuple[State, Sequence[Effect]]:
    """The person in hand is out; the next is taken in hand."""
    task = staged.tasks[i]
    member, *others = state.inside[task.group]
    fate = _meets(task.gives, member.colour) or task.gives[-1]
    left = state.left[i] + state.values[task.amount]
    state = replace(state, left=(*state.left[:i], left, *state.left[i + 1 :]))
    return _with_inside(state, task.group, tuple(others)), (Harm((member.id,), fate.status, fate.triage, task.id),)


def harm(staged: Staged, state: State, number: int) -> tuple[State, Sequence[Effect]]:
    """The clock reaches whoever stands least of it."""
    clock: Clock = staged.stages[state.stage].clocks[number]
    members = state.inside[clock.group]
    member = min(members, key=lambda m: (m.tolerance, m.id))
    fate = _meets(clock.fates, member.colour) or clock.fates[-1]
    others = tuple(m for m in members if m is not member)
    return _with_inside(state, clock.group, others), (Harm((member.id,), fate.status, fate.triage, clock.why),)


def finish(state: State, reason: str) -> tuple[State, Sequence[Effect]]:
    """All over: who is unhurt is safe, who is still buried was not found."""
    free = tuple(m.id for members in state.inside for m in members if not m.trapped)
    lost = tuple(m.id for members in state.inside for m in members if m.trapped)
    harms = (Harm(free, Status.SAFE, why="over"), Harm(lost, Status.MISSING, why="over"))
    after = replace(state, inside=((),) * len(state.inside), over=True)
    return after, (*(h for h in harms if h.persons), Over(reason))


def _meets(fates: Sequence[Fate], luck: float) -> Fate | None:
    """The fate that a luck in (0, 1) falls on, none beyond their shares."""
    total = 0.0
    for fate in fates:
        total += fate.share
        if luck < total:
            return fate
    return None


def _with_inside(state: State, group: int, members: tuple[Member, ...]) -> State:
    return replace(state, inside=(*state.inside[:group], members, *state.inside[group + 1 :]))
