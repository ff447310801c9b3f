"""An accident written wholly in YAML: stages, what they ask for, what ends them (分阶段事故，全部用 YAML 描述).

`compile_staged(path)` gives the card and a function that builds the model from its parameters (SI, by name); every file of
this folder is a nature of its own. Exact: quantities, work and clocks are linear in time under constant effort. README.md
describes the language. Blind to anything that is not linear between events: write a model for that.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec
from msgspec.structs import replace

from models.kernels import work_done_in
from sim import reader
from sim.domain.hazards import (
    Demand,
    DemandKind,
    Effect,
    Footprint,
    Harm,
    Inputs,
    Involve,
    Need,
    Note,
    Over,
    Road,
    Scene,
    Sighting,
)
from sim.domain.people import Person, Status
from sim.domain.places import Site
from sim.doors.hazard import HazardCard
from sim.doors.staged import read_staged
from sim.doors.stages import NONE, OVER, Addition, Clock, Closure, End, Fate, Staged, Strike, Task, Told
from sim.streams import Stream

_ENOUGH = 1 - 1e-9  # of a rate: shares missing below this are rounding
_CAPABILITIES = Path(__file__).parents[2] / "response" / "capabilities.yaml"
_CONTINUOUS = (DemandKind.RATE, DemandKind.HOLD)
Efforts = Mapping[str, float]


def compile_staged(
    path: Path, capabilities: Mapping[str, str] | None = None, *, root: Path | None = None
) -> tuple[HazardCard, Callable[[Mapping[str, float]], Model]]:
    """The card of the accident in the file at `path`, and what builds its model from parameters by name (SI).

    `capabilities` are the codes that may be asked for with their units; those of models/response unless given. Raises
    `InvalidInput` with every mistake in the file.
    """
    card, staged = read_staged(path, known_capabilities() if capabilities is None else capabilities, root=root)
    return card, partial(Model, staged)


def known_capabilities() -> dict[str, str]:
    """The capability codes of models/response/capabilities.yaml with their units."""
    return {code: entry["unit"] for code, entry in reader.load(_CAPABILITIES).data.items()}


class Member(msgspec.Struct, frozen=True):
    """Someone still in harm's way, with all their luck drawn: how much of a clock they stand, which fates they meet."""

    id: str
    trapped: bool
    tolerance: float
    colour: float
    luck: tuple[float, ...]


class State(msgspec.Struct, frozen=True):
    """Where a staged accident stands.

    `values` are the incident's numbers; `left` is by task: work left (on the person in hand where it frees people), or
    seconds for which a rate has been met; `hazards` is what each group's harm clock has used.
    """

    values: tuple[float, ...]
    amounts: tuple[float, ...]
    left: tuple[float, ...]
    inside: tuple[tuple[Member, ...], ...]
    hazards: tuple[float, ...]
    stage: int = 0
    since: float = 0.0
    over: bool = False


class Model:
    """A staged accident; see the module's docstring."""

    def __init__(self, staged: Staged, parameters: Mapping[str, float]) -> None:
        self.staged = staged
        self.parameters = dict(parameters)
        self._tasks = staged.tasks
        self._stages = staged.stages

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> tuple[State, Sequence[Effect]]:
        """The first stage is entered; every number of the incident is settled and every person's luck drawn."""
        staged = self.staged
        figures = {**self.parameters, **scene.scope}
        hour = scene.calendar.hour_at(scene.begins) * 3600.0
        begins, ends = staged.night_from, staged.night_to
        night = (begins <= hour < ends) if begins <= ends else (hour >= begins or hour < ends)
        values = tuple([n.settle(figures, night=night, terrain=scene.site.terrain) for n in staged.numbers])
        inside = tuple(
            tuple(
                Member(
                    f"{group.id}-{n:03d}",
                    group.trapped,
                    stream.exponential(),
                    stream.uniform(),
                    tuple(stream.uniform() for _ in range(staged.strikes)),
                )
                for n in range(1, round(values[group.count]) + 1)
            )
            for group in staged.groups
        )
        state = State(
            values,
            tuple(values[q.initial] for q in staged.quantities),
            tuple(0.0 if t.kind in _CONTINUOUS else values[t.amount] for t in staged.tasks),
            inside,
            (0.0,) * len(inside),
        )
        people = tuple(
            Person(m.id, Status.TRAPPED if m.trapped else Status.EXPOSED, group.id, entrapment=group.entrapment)
            for group, members in zip(staged.groups, inside, strict=True)
            for m in members
        )
        state, effects = self._enter(state, 0)
        return state, (Involve(people), *effects) if people else effects

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """Quantities, work, clocks `dt` seconds later, all in proportion to time."""
        effort, stage = inputs.effort, self._stages[state.stage]
        amounts, left, hazards = state.amounts, state.left, state.hazards
        if stage.tasks:
            now = list(left)
            for i in stage.tasks:
                task = self._tasks[i]
                if task.kind in _CONTINUOUS:
                    now[i] = self._met_for(state, task, left[i], effort, dt)
                elif task.quantity == NONE:
                    now[i] -= effort.get(task.id, 0.0) * dt
            left = tuple(now)
        if amounts:
            amounts = tuple(max(0.0, a + n * dt) for a, n in zip(amounts, self._net(state, effort), strict=True))
        if stage.clocks:
            used = list(hazards)
            for clock in stage.clocks:
                used[clock.group] += state.values[clock.rate] * dt
            hazards = tuple(used)
        return State(state.values, amounts, left, state.inside, hazards, state.stage, state.since + dt, state.over)

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The soonest end of the stage, the next person freed or harmed."""
        if state.over:
            return math.inf, ""
        soonest, name = math.inf, ""
        for end in self._stages[state.stage].ends:
            span = self._until(state, end, inputs.effort)
            if span < soonest:
                soonest, name = span, end.name
        if any(state.inside):
            for span, what, _ in self._fates_due(state, inputs.effort):
                if span < soonest:
                    soonest, name = span, what
        return (soonest if soonest > 0.0 else 0.0), name

    def fire(self, state: State, name: str, inputs: Inputs) -> tuple[State, Sequence[Effect]]:
        """The jump: a person freed or harmed, or the stage that follows."""
        if name == "freed":
            return self._free(state, min(d for d in self._fates_due(state, inputs.effort) if d[1] == name)[2])
        if name == "harmed":
            return self._harm(state, min(d for d in self._fates_due(state, inputs.effort) if d[1] == name)[2])
        end = min(
            (e for e in self._stages[state.stage].ends if e.name == name),
            key=lambda e: self._until(state, e, inputs.effort),
        )
        if end.quantity != NONE:
            at = state.values[end.threshold]
            state = replace(state, amounts=(*state.amounts[: end.quantity], at, *state.amounts[end.quantity + 1 :]))
        if end.to == OVER:
            return self._finish(state, end.reason)
        return self._enter(state, end.to)

    def demands(self, state: State) -> Sequence[Demand]:
        """What the stage asks for, less what is done."""
        demands = []
        for i in self._stages[state.stage].tasks:
            task, amount = self._tasks[i], self._amount(state, i)
            if amount > 0.0:
                demands.append(
                    Demand(task.id, task.kind, task.capability, amount, task.face, task.set_up, task.priority)
                )
        demands.sort(key=_urgency)
        return demands

    def readings(self, state: State) -> dict[str, float]:
        """Every quantity, and how many of each group are still in harm's way."""
        readings = {q.id: a for q, a in zip(self.staged.quantities, state.amounts, strict=True)}
        for group, members in zip(self.staged.groups, state.inside, strict=True):
            readings[group.id] = float(len(members))
        return readings

    def mode(self, state: State) -> str:
        """The mode that the file gives the stage."""
        return "over" if state.over else self._stages[state.stage].mode

    def footprint(self, state: State) -> Footprint:
        """The radius that the file gives the stage; closed links are told as they close."""
        radius = self._stages[state.stage].radius
        return Footprint() if radius == NONE or state.over else Footprint(state.values[radius])

    def observe(self, state: State, stream: Stream) -> Sighting:
        """What is asked for, by task, as seen: with the file's log-normal error, nothing invented or overlooked."""
        spread = 0.0 if self.staged.seen_error == NONE else state.values[self.staged.seen_error]
        figures = {}
        for i in () if state.over else self._stages[state.stage].tasks:
            if (amount := self._amount(state, i)) > 0.0:
                figures[self._tasks[i].id] = amount * math.exp(spread * stream.normal()) if spread else amount
        return Sighting(figures=figures)

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's arguments
        """Work to be done in the time the file wants it done, rates and posts in full; no more than the face takes."""
        needs = []
        for task in self._tasks:
            if task.id in sighting.figures:
                amount = sighting.figures[task.id]
                wanted = amount if task.kind in _CONTINUOUS else amount / task.within
                needs.append(Need(task.capability, min(wanted, task.face), task.priority))
        return needs

    # ── what is due ──

    def _until(self, state: State, end: End, effort: Efforts) -> float:
        """Seconds until this end of the stage comes, inf if it will not."""
        if end.after != NONE:
            return state.values[end.after] - state.since
        if end.done:
            return max([self._done_in(state, i, effort) for i in end.done])
        if end.met != NONE:
            return self._held_in(state, end.met, state.values[end.span], effort)
        missing = state.values[end.threshold] - state.amounts[end.quantity]
        net = self._net(state, effort)[end.quantity]
        if (missing <= 0.0) if end.above else (missing >= 0.0):
            return 0.0
        return missing / net if missing * net > 0.0 else math.inf

    def _done_in(self, state: State, i: int, effort: Efforts) -> float:
        task = self._tasks[i]
        if task.group != NONE:
            return math.inf if state.inside[task.group] else 0.0
        if task.quantity != NONE:
            left, speed = state.amounts[task.quantity], -self._net(state, effort)[task.quantity]
        else:
            left, speed = state.left[i], effort.get(task.id, 0.0)
        return work_done_in(left, speed)

    def _fates_due(self, state: State, effort: Efforts) -> Iterator[tuple[float, str, int]]:
        """(seconds, freed or harmed, task or clock) for the people still inside."""
        stage = self._stages[state.stage]
        for i in stage.tasks:
            task = self._tasks[i]
            if task.group != NONE and state.inside[task.group] and (speed := effort.get(task.id, 0.0)) > 0.0:
                yield state.left[i] / speed, "freed", i
        for i, clock in enumerate(stage.clocks):
            members, rate = state.inside[clock.group], state.values[clock.rate]
            if members and rate > 0.0:
                yield (min(m.tolerance for m in members) - state.hazards[clock.group]) / rate, "harmed", i

    # ── rates ──

    def _net(self, state: State, effort: Efforts) -> list[float]:
        """By quantity: the rate of the stage less the work done on it."""
        stage = self._stages[state.stage]
        net = [0.0 if r == NONE else state.values[r] for r in stage.rates]
        for i in stage.tasks:
            task = self._tasks[i]
            if task.quantity != NONE and task.kind is DemandKind.WORK:
                net[task.quantity] -= effort.get(task.id, 0.0) / state.values[task.amount]
        return net

    def _amount(self, state: State, i: int) -> float:
        """What a task asks for now."""
        task = self._tasks[i]
        value = state.values[task.amount]
        if task.quantity != NONE:
            return value * state.amounts[task.quantity]
        if task.kind in _CONTINUOUS:
            return value
        if task.group != NONE:
            members = len(state.inside[task.group])
            return value * (members - 1) + max(0.0, state.left[i]) if members else 0.0
        return max(0.0, state.left[i])

    def _surplus(self, state: State, task: Task, effort: Efforts) -> tuple[float, float]:
        """(effort above what the rate asks for, how fast that changes)."""
        value, given = state.values[task.amount], effort.get(task.id, 0.0) / _ENOUGH
        if task.quantity == NONE:
            return given - value, 0.0
        return given - value * state.amounts[task.quantity], -value * self._net(state, effort)[task.quantity]

    def _met_for(self, state: State, task: Task, clock: float, effort: Efforts, dt: float) -> float:
        """For how long a rate will have been met without a break, `dt` seconds from now."""
        surplus, change = self._surplus(state, task, effort)
        if surplus + change * dt < 0.0:
            return 0.0
        return clock + dt if surplus >= 0.0 else dt + surplus / change

    def _held_in(self, state: State, i: int, span: float, effort: Efforts) -> float:
        """Seconds until a rate has been met for `span`, inf if it will not."""
        surplus, change = self._surplus(state, self._tasks[i], effort)
        if surplus >= 0.0:
            waits = span - state.left[i]
            return waits if surplus + change * waits >= 0.0 else math.inf
        return span - surplus / change if change > 0.0 else math.inf

    # ── what happens ──

    def _enter(self, state: State, number: int) -> tuple[State, Sequence[Effect]]:
        """A stage begins: its clocks start afresh, its effects come."""
        stage = self._stages[number]
        left = tuple([0.0 if t.kind in _CONTINUOUS else x for t, x in zip(self._tasks, state.left, strict=True)])
        state = State(state.values, state.amounts, left, state.inside, state.hazards, number, 0.0, state.over)
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
                    state, struck = self._strike(state, entry)
                    effects += struck
        return state, effects

    def _strike(self, state: State, strike: Strike) -> tuple[State, list[Effect]]:
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

    def _free(self, state: State, i: int) -> tuple[State, Sequence[Effect]]:
        """The person in hand is out; the next is taken in hand."""
        task = self._tasks[i]
        member, *others = state.inside[task.group]
        fate = _meets(task.gives, member.colour) or task.gives[-1]
        left = state.left[i] + state.values[task.amount]
        state = replace(state, left=(*state.left[:i], left, *state.left[i + 1 :]))
        return _with_inside(state, task.group, tuple(others)), (Harm((member.id,), fate.status, fate.triage, task.id),)

    def _harm(self, state: State, number: int) -> tuple[State, Sequence[Effect]]:
        """The clock reaches whoever stands least of it."""
        clock: Clock = self._stages[state.stage].clocks[number]
        members = state.inside[clock.group]
        member = min(members, key=lambda m: (m.tolerance, m.id))
        fate = _meets(clock.fates, member.colour) or clock.fates[-1]
        others = tuple(m for m in members if m is not member)
        return _with_inside(state, clock.group, others), (Harm((member.id,), fate.status, fate.triage, clock.why),)

    def _finish(self, state: State, reason: str) -> tuple[State, Sequence[Effect]]:
        """All over: who is unhurt is safe, who is still buried was not found."""
        free = tuple(m.id for members in state.inside for m in members if not m.trapped)
        lost = tuple(m.id for members in state.inside for m in members if m.trapped)
        harms = (Harm(free, Status.SAFE, why="over"), Harm(lost, Status.MISSING, why="over"))
        after = replace(state, inside=((),) * len(state.inside), over=True)
        return after, (*(h for h in harms if h.persons), Over(reason))


def _urgency(demand: Demand) -> int:
    return demand.priority


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
