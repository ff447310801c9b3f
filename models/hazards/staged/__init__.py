"""An accident written wholly in YAML: stages, what they ask for, what ends them (分阶段事故，全部用 YAML 描述).

`compile_staged(path)` gives the card and a function that builds the model from its parameters (SI, by name); every file of
this folder is a nature of its own. Exact: work and clocks are linear in time, quantities linear or of first order. README.md
describes the language. Blind to space, and to quantities that feed one another: write a model for that.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from models.hazards.staged import flows, happenings
from models.hazards.staged.happenings import CONTINUOUS
from models.hazards.staged.state import Member, State
from models.kernels import work_done_in
from sim import reader
from sim.domain.hazards import (
    Demand,
    DemandKind,
    Effect,
    Footprint,
    Inputs,
    Involve,
    Need,
    Scene,
    Sighting,
)
from sim.domain.people import Person, Status
from sim.domain.places import Site
from sim.doors.hazard import HazardCard
from sim.doors.staged import read_staged
from sim.doors.stages import (
    NONE,
    OVER,
    End,
    Past,
    Staged,
    Task,
)
from sim.streams import Stream

_ENOUGH = 1 - 1e-9  # of a rate: shares missing below this are rounding
_CAPABILITIES = Path(__file__).parents[2] / "response" / "capabilities.yaml"
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
        terrain, presence = scene.site.terrain, scene.around.share
        values = tuple([n.settle(figures, night=night, terrain=terrain, presence=presence) for n in staged.numbers])
        luck = tuple(stream.uniform() for _ in range(staged.draws))
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
            tuple(0.0 if t.kind in CONTINUOUS else values[t.amount] for t in staged.tasks),
            inside,
            (0.0,) * len(inside),
            luck=luck,
        )
        people = tuple(
            Person(m.id, Status.TRAPPED if m.trapped else Status.EXPOSED, group.id, entrapment=group.entrapment)
            for group, members in zip(staged.groups, inside, strict=True)
            for m in members
        )
        state, effects = happenings.enter(self.staged, state, 0)
        return state, (Involve(people), *effects) if people else effects

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """Quantities, work, clocks `dt` seconds later, all in proportion to time."""
        effort, stage = inputs.effort, self._stages[state.stage]
        amounts, left, hazards = state.amounts, state.left, state.hazards
        if stage.tasks:
            now = list(left)
            for i in stage.tasks:
                task = self._tasks[i]
                if task.kind in CONTINUOUS:
                    now[i] = self._met_for(state, task, left[i], effort, dt)
                elif task.quantity == NONE:
                    now[i] -= effort.get(task.id, 0.0) * dt
            left = tuple(now)
        if amounts:
            net = self._net(state, effort)
            amounts = tuple([flows.later(a, net[q], self._loss(state, q), dt) for q, a in enumerate(amounts)])
        if stage.clocks:
            used = list(hazards)
            for clock in stage.clocks:
                used[clock.group] += state.values[clock.rate] * dt
            hazards = tuple(used)
        return State(
            state.values, amounts, left, state.inside, hazards, state.stage, state.since + dt, state.over, state.luck
        )

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The soonest end of the stage, the next person freed or harmed."""
        if state.over:
            return math.inf, ""
        soonest, name = math.inf, ""
        for end in self._stages[state.stage].ends:
            span = self._until(state, end, inputs)
            if span < soonest:
                soonest, name = span, self._leads(state, end)[1]
        if any(state.inside):
            for span, what, _ in self._fates_due(state, inputs.effort):
                if span < soonest:
                    soonest, name = span, what
        return (soonest if soonest > 0.0 else 0.0), name

    def fire(self, state: State, name: str, inputs: Inputs) -> tuple[State, Sequence[Effect]]:
        """The jump: a person freed or harmed, or the stage that follows."""
        if name == "freed":
            return happenings.free(
                self.staged, state, min(d for d in self._fates_due(state, inputs.effort) if d[1] == name)[2]
            )
        if name == "harmed":
            return happenings.harm(
                self.staged, state, min(d for d in self._fates_due(state, inputs.effort) if d[1] == name)[2]
            )
        end = min(
            (e for e in self._stages[state.stage].ends if self._leads(state, e)[1] == name),
            key=lambda e: self._until(state, e, inputs),
        )
        if end.quantity != NONE:
            at = state.values[end.threshold]
            state = replace(state, amounts=(*state.amounts[: end.quantity], at, *state.amounts[end.quantity + 1 :]))
        to, _ = self._leads(state, end)
        return happenings.finish(state, end.reason) if to == OVER else happenings.enter(self.staged, state, to)

    def demands(self, state: State) -> Sequence[Demand]:
        """What the stage asks for, less what is done."""
        demands = []
        for i in self._stages[state.stage].tasks:
            task, amount = self._tasks[i], self._amount(state, i)
            if amount > 0.0:
                demands.append(
                    Demand(
                        task.id,
                        task.kind,
                        task.capability,
                        amount,
                        task.face,
                        task.set_up,
                        task.priority,
                        wears=task.kind is not DemandKind.HOLD,
                    )
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
                wanted = amount if task.kind in CONTINUOUS else amount / task.within
                needs.append(Need(task.capability, min(wanted, task.face), task.priority))
        return needs

    # ── what is due ──

    def _leads(self, state: State, end: End) -> tuple[int, str]:
        """Where an end leads in this accident, by its luck, and what that is called."""
        if end.chance == NONE or state.luck[end.luck] < state.values[end.chance]:
            return end.to, end.name
        return end.otherwise, self._stages[end.otherwise].id

    def _until(self, state: State, end: End, inputs: Inputs) -> float:
        """Seconds until this end of the stage comes, inf if it will not."""
        if end.weather is not None:
            return _past(end.weather, float(getattr(inputs.weather, end.weather.name)))
        if end.service is not None:
            return _past(end.service, inputs.service(end.service.name))
        if end.after != NONE or end.at_rate != NONE:
            return _moment(state, end) - state.since
        return self._by_effort(state, end, inputs.effort)

    def _by_effort(self, state: State, end: End, effort: Efforts) -> float:
        """Seconds until what effort decides: work done, a rate held, a quantity past a value."""
        if end.done:
            return max([self._done_in(state, i, effort) for i in end.done])
        if end.met != NONE:
            return self._held_in(state, end.met, state.values[end.span], effort)
        q, level = end.quantity, state.values[end.threshold]
        if (state.amounts[q] >= level) if end.above else (state.amounts[q] <= level):
            return 0.0
        return flows.reaches(state.amounts[q], self._net(state, effort)[q], self._loss(state, q), level)

    def _done_in(self, state: State, i: int, effort: Efforts) -> float:
        task = self._tasks[i]
        if task.group != NONE:
            return math.inf if state.inside[task.group] else 0.0
        if task.quantity != NONE:
            q = task.quantity
            return flows.reaches(state.amounts[q], self._net(state, effort)[q], self._loss(state, q), 0.0)
        return work_done_in(state.left[i], effort.get(task.id, 0.0))

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

    def _loss(self, state: State, quantity: int) -> float:
        """The share of a quantity that goes by itself, a second."""
        loses = self.staged.quantities[quantity].loses
        return 0.0 if loses == NONE else state.values[loses]

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
        if task.kind in CONTINUOUS:
            return value
        if task.group != NONE:
            members = len(state.inside[task.group])
            return value * (members - 1) + max(0.0, state.left[i]) if members else 0.0
        return max(0.0, state.left[i])

    def _met_for(self, state: State, task: Task, clock: float, effort: Efforts, dt: float) -> float:
        """For how long a rate will have been met without a break, `dt` seconds from now."""
        return flows.met_for(clock, *self._matched(state, task, effort), dt)

    def _held_in(self, state: State, i: int, span: float, effort: Efforts) -> float:
        """Seconds until a rate has been met for `span`, inf if it will not."""
        return flows.met_in(state.left[i], *self._matched(state, self._tasks[i], effort), span)

    def _matched(self, state: State, task: Task, effort: Efforts) -> tuple[float, float, float, float]:
        """What a rate must match – an amount with its gain and loss – and up to where the effort given matches it."""
        value, given = state.values[task.amount], effort.get(task.id, 0.0) / _ENOUGH
        if task.quantity == NONE:
            return value, 0.0, 0.0, given
        q = task.quantity
        level = given / value if value > 0.0 else math.inf
        return state.amounts[q], self._net(state, effort)[q], self._loss(state, q), level


def _moment(state: State, end: End) -> float:
    """Seconds from the beginning of the stage until an end that nothing outside decides."""
    if end.after != NONE:
        return state.values[end.after]
    rate = state.values[end.at_rate]
    return -math.log(state.luck[end.luck]) / rate if rate > 0.0 else math.inf


def _past(past: Past, value: float) -> float:
    """0 if a figure from outside is past its value, inf if it is not: nobody knows when it will be."""
    return 0.0 if (value > past.value if past.above else value < past.value) else math.inf


def _urgency(demand: Demand) -> int:
    return demand.priority
