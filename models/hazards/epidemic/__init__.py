"""Epidemic (传染病疫情): a disease goes from one to the next, through the air or by water; measures cut its branches.

The first infections are drawn as a tree of what would happen unchecked, and measures cut it; a wide spread goes on as a flow
(SEIR with water). Those who need a bed are followed one by one; beds, transfers and their own clocks decide who dies. Blind to
age, households and commuting, to variants of a disease, and to care that other patients go without. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.epidemic import spread, tasks, tree, wards
from models.hazards.epidemic.parameters import Parameters
from models.hazards.epidemic.state import Flow, State
from sim.domain.hazards import Demand, Effect, Footprint, Inputs, Need, Note, Over, Scene, Sighting
from sim.domain.places import Site
from sim.streams import Stream
from sim.units import to_si

__all__ = ["Flow", "Model", "Parameters", "State"]

Jump = tuple[State, Sequence[Effect]]
_GONE = 1 / 2  # a flow of fewer infected than this has none left: they are whole people


class Model:
    """An epidemic; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> Jump:
        """The first are infected; what would become of it unchecked is drawn."""
        p = self.p
        people = self._group(scene)
        seeds = min(round(scene.scope["seeds"]), math.floor(people))
        r0 = scene.scope["r0"] * self._season(scene) * self._place(scene)
        beta, severe = r0 / p.infectious, min(1.0, p.severe * self._height(scene))
        marks, courses = tree.courses(p, stream, round(p.followed))
        drawn = tree.begin(p, stream.uniform(), seeds, beta, p.by_water, severe)
        near = scene.around.near.get("hospital", 0.0) <= p.hospital_near
        beds = p.beds_least + people * p.beds_a_person * (1.0 if near else p.beds_far)
        waters = p.source_cases > 0.0 or p.by_water > 0.0
        none = (-1.0,) * len(drawn.nodes)
        state = State(
            people, float(seeds), r0, beta, severe, drawn, marks, courses, none, none, beds, p.inquiry, p.testing,
            p.source if waters else 0.0, p.tick, clear=not drawn.nodes,
        )  # fmt: skip
        return spread.sweep(p, state, 0.0), ()

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """Works, infections, the clocks of the ill `dt` later."""
        p = self.p
        state = _served(state, inputs)
        left = kernels.work_left
        works = {
            name: left(getattr(state, name), spread.given(state, name), dt) for name in ("inquiry", "testing", "source")
        }
        after = wards.nurse(p, state, dt)
        doses = state.doses + spread.given(state, "vaccination") * p.doses_a_day * dt
        after = spread.sweep(p, after, dt) if after.flow is None else spread.flows_on(p, after, dt, p.by_water)
        return replace(after, doses=doses, **works)

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The soonest of the day's count, work done, somebody who falls, dies or recovers, the end."""
        if state.over:
            return math.inf, ""
        span, name = min(self._due(_served(state, inputs)), default=(math.inf, ""))
        return max(0.0, span), name

    def fire(self, state: State, name: str, inputs: Inputs) -> Jump:
        """The jump at that event, its threshold set onto its mark."""
        p = self.p
        state = _served(state, inputs)
        match name:
            case "settled":
                jump: Jump = replace(state, over=True), (Over(name),)
            case "day":
                jump = self._day(state)
            case "as_a_whole":
                values = {"active": spread.active(state), "infected": state.infected}
                jump = replace(state, flow=spread.begin_flow(state), exposed=(), infectious=()), (Note(name, values),)
            case "needs_bed":
                first, *rest = state.due
                jump = wards.falls(p, replace(state, due=tuple(rest)), first.id, first.course, max(state.age, first.at))
            case "dies":
                jump = wards.dies(p, state)
            case "transferred":
                jump = wards.send(p, state)
            case "recovers":
                jump = wards.recovers(state)
            case "source_shut":
                jump = replace(state, source=0.0), (Note(name),)
            case "inquiry_done":
                jump = self._known(replace(state, inquiry=0.0), name)
            case _:
                jump = self._known(replace(state, testing=0.0), name)
        return jump

    def demands(self, state: State) -> Sequence[Demand]:
        """Inquiry and tests first; then tracing, closure, vaccination, a ward."""
        return () if state.over else tasks.demands(self.p, state)

    def readings(self, state: State) -> dict[str, float]:
        """How many are, were and will be ill, who needs a bed, what measures come to."""
        p, now = self.p, self._reproduction(state)
        flow = state.flow
        return {
            "infected": state.infected + (flow.infected if flow else 0.0),
            "infectious": flow.infectious + flow.hidden if flow else float(len(state.infectious)),
            "cases": self._onsets(state),
            "new_cases": state.today,
            "isolated": state.isolated,
            "severe": len(state.patients) + state.crowd,
            "no_bed": wards.without_bed(p, state),
            "referred": float(wards.referred(state)),
            "dead": state.dead + state.crowd_dead,
            "contact": spread.contact(p, state),
            "reproduction": now,
            "growth": tasks.growth(p, now),
            "immune": state.immune,
        }

    def mode(self, state: State) -> str:
        """latent until the first signs, growing or declining by the reproduction number, controlled once nobody can infect."""
        if state.over:
            return "over"
        if state.clear:
            return "controlled"
        if state.known <= 0.0:
            return "latent"
        return "growing" if self._reproduction(state) > 1.0 else "declining"

    def footprint(self, state: State) -> Footprint:  # noqa: ARG002 - the port's
        """Nothing is closed to those who come to help, and protected."""
        return Footprint()

    def observe(self, state: State, stream: Stream) -> Sighting:
        """What is reported, not what is."""
        return tasks.observe(self.p, state, self._onsets(state), stream)

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's
        """What a duty officer asks for on what is reported."""
        return tasks.needs(self.p, sighting)

    # ── the five elements ──

    def _group(self, scene: Scene) -> float:
        """People among whom it spreads: those the case names, but no more than live there or belong to the group."""
        p, said = self.p, scene.scope["people"]
        live = scene.around.residents(p.reach) or scene.site.population
        return min(said, p.group_most, live) if live > 0.0 else min(said, p.group_most)

    def _season(self, scene: Scene) -> float:
        """What month and warmth make of its spread."""
        p, month = self.p, scene.calendar.month
        factor = p.winter if month >= p.winter_from or month <= p.winter_to else 1.0
        if p.summer_from <= month <= p.summer_to or month == p.festival_month:
            factor *= p.holidays
        if month == p.festival_month:
            factor *= p.festival
        return factor * max(0.0, 1 + p.warm * max(0.0, scene.weather.temperature - p.warm_from))

    def _place(self, scene: Scene) -> float:
        """What crowding and a month's rain into wells make of it."""
        p = self.p
        dense = (scene.around.density / p.density_usual) ** p.density_power if scene.around.density > 0.0 else 1.0
        wet = 1 + p.by_water * p.wet * min(1.0, to_si(scene.rain_month, "mm") / p.wet_rain)
        return min(p.dense_most, max(p.dense_least, dense)) * wet * p.crowding

    def _height(self, scene: Scene) -> float:
        """What thin air makes of its severity."""
        return 1 + self.p.altitude * max(0.0, scene.site.elevation - self.p.altitude_from)

    # ── inside ──

    def _onsets(self, state: State) -> float:
        return state.onsets + (state.flow.onsets if state.flow else 0.0)

    def _reproduction(self, state: State) -> float:
        """How many each infectious person infects at these measures."""
        p, flow = self.p, state.flow
        people = max(1.0, state.people)
        can = flow.susceptible if flow else max(0.0, people * (1 - state.immune) - state.infected)
        ill = flow.infectious + flow.hidden if flow else float(len(state.infectious))
        speed = spread.tracing_speed(p, spread.capacity(p, state), ill)
        through = (1 - p.by_water) * spread.contact(p, state) + p.by_water * spread.treated(p, state)
        return spread.reproduction(p, state.beta * p.infectious * through * can / people, speed)

    def _due(self, state: State) -> Iterator[tuple[float, str]]:
        """Everything that will happen by itself under these inputs: (seconds, name)."""
        p = self.p
        yield state.next_tick - state.age, "day"
        for name, work in (("inquiry_done", "inquiry"), ("tested", "testing"), ("source_shut", "source")):
            if (left := getattr(state, work)) > 0.0:
                yield kernels.work_done_in(left, spread.given(state, work)), name
        yield from wards.next_of_them(p, state)
        if state.flow is None and not state.clear:
            yield state.tree.until - state.age, "as_a_whole"
        known = spread.identified(state) or not state.tree.nodes
        if known and state.clear and not state.patients and not state.due:
            yield state.last + p.quiet * p.incubation - state.age, "settled"

    def _known(self, state: State, name: str) -> Jump:
        """Inquiry or tests are done; after both it is known what it is, and measures begin."""
        if not spread.identified(state):
            return state, (Note(name),)
        state = replace(state, staff=self._staff(state, state.counts))
        values = {"cases": self._onsets(state), "r0": state.r0, "attack": spread.final_size(state.r0)}
        return state, (Note(name), Note("identified", values))

    def _day(self, state: State) -> Jump:
        """The daily count: what was new, who is protected by now, whom the flow brought to need a bed, whether it is over."""
        p, effects = self.p, list[Effect]()
        onsets, before = self._onsets(state), state.known
        counts = (*state.counts, onsets)[-math.ceil(p.incubation / p.tick) :]
        held = (*state.given, state.doses)
        days = max(0, len(held) - round(p.vaccine_lag / p.tick))
        works = p.vaccine_works * math.fsum(held[:days])
        immune = min(p.vaccine_works, works / state.people) if state.people > 0.0 else 0.0
        if (flow := state.flow) is not None:
            lost = (immune - state.immune) / max(1 - state.immune, 1 - p.vaccine_works)
            flow = replace(flow, susceptible=flow.susceptible * max(0.0, 1 - lost))
            state, effects = self._falls_in_flow(state, flow)
            fed = flow.source > 0.0 and state.source > 0.0 and state.age < flow.source_until
            if flow.exposed + flow.infectious + flow.hidden < _GONE and not fed:
                state = replace(
                    state,
                    flow=replace(flow, exposed=0.0, infectious=0.0, hidden=0.0, water=0.0, source=0.0),
                    clear=True,
                )
            if flow.onsets > 0.0 and onsets - before >= _GONE:
                state = replace(state, last=state.age)
        else:
            state = self._grown(replace(state, clear=not spread.open_branches(state)))
        return replace(
            state, next_tick=state.next_tick + p.tick, known=onsets, today=onsets - before, counts=counts,
            doses=0.0, given=held, immune=immune, staff=self._staff(state, counts),
        ), tuple(effects)  # fmt: skip

    def _staff(self, state: State, counts: tuple[float, ...]) -> float:
        """Community staff for the neighbourhoods with cases within one incubation; somebody as long as it is not over."""
        recent = self._onsets(state) - (counts[0] if len(counts) * self.p.tick >= self.p.incubation else 0.0)
        return max(1.0, tasks.staff(self.p, state.people, recent))

    def _grown(self, state: State) -> State:
        """While few are infected the tree is drawn on before it ends; with many it is reckoned as a whole from there."""
        p, old = self.p, state.tree
        if state.clear or old.until > state.next_tick + p.tick or spread.active(state) >= p.few:
            return state
        ended, source = state.ended, state.source
        on = tree.grow_on(
            p, old, lambda contact: spread.reaches(ended, source, contact), state.beta, p.by_water, state.severe
        )
        none = (-1.0,) * (len(on.nodes) - len(old.nodes))
        return replace(state, tree=on, ended=(*ended, *none), target=(*state.target, *none))

    def _falls_in_flow(self, state: State, flow: Flow) -> tuple[State, list[Effect]]:
        """Whom the flow brought to need a bed since the last count: the followed one by one, the others as a number."""
        p, effects = self.p, list[Effect]()
        state = replace(state, flow=flow)
        while state.spawned < len(state.marks) and state.marks[state.spawned] <= flow.fallen:
            k = state.spawned
            state, told = wards.falls(p, state, f"q{k + 1:04d}", state.courses[k], state.age)
            state, effects = replace(state, spawned=k + 1), [*effects, *told]
        more = 0.0
        if state.spawned == len(state.marks):
            counted = state.marks[-1] if state.marks else 0.0
            more = max(0.0, flow.fallen - counted - state.beyond)
        state = wards.crowd_after(p, state, more, p.tick)
        state = replace(state, beyond=state.beyond + more)
        return state, effects


def _served(state: State, inputs: Inputs) -> State:
    """The state with what the efforts bring."""
    effort = tuple(sorted(inputs.effort.items()))
    return state if effort == state.effort else replace(state, effort=effort)
