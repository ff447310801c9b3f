"""Roof fall in a mine (矿井冒顶): rock shuts a gallery, some lie under it, some are cut off behind it.

One heading, one squad at its front: metre by metre to whoever lies in the heap, then through to those behind, whose air gives out
unless a pipe held, air leaks in or a borehole comes. Hands carry the rock away and prop the roof; where they do not, it comes down
again and hits those at the front. A heading round the heap is a second front, where there is a gallery for it. Blind to gas that
explodes (a cascade), to several falls at once, to large boreholes through which people are raised. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.roof_fall import people, work
from models.hazards.roof_fall.parameters import Parameters
from models.hazards.roof_fall.state import Behind, Carried, Fall, State, Under
from sim.domain.hazards import (
    Demand,
    Effect,
    Footprint,
    Found,
    Harm,
    Inputs,
    Involve,
    Need,
    Note,
    Over,
    Scene,
    Sighting,
    Strike,
)
from sim.domain.people import Status
from sim.domain.places import Site
from sim.streams import Stream
from sim.units import to_si

__all__ = ["Behind", "Carried", "Fall", "Model", "Parameters", "State", "Under"]

INF = math.inf
Due = tuple[float, str, int]  # seconds from now, event, index of the person
Jump = tuple[State, Sequence[Effect]]


class Model:
    """A roof fall; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> Jump:
        """The moment the roof comes down: who is killed, lies under it, is cut off; what air there is."""
        p, number, length = self.p, round(scene.scope["people"]), scene.scope["length"]
        misjudged = math.exp(p.seen_error * stream.normal())
        falls = people.falls(p, stream)
        volume = p.air_behind * math.exp(p.air_spread * stream.normal())
        pipe, gallery = stream.uniform() < p.pipe_holds, stream.uniform() < p.gallery_beside
        hour = scene.calendar.hour_at(scene.begins) * to_si(1.0, "h")
        night = not p.night_ends <= hour < p.night_begins
        under, behind, persons, killed = people.settle(p, number, length, night=night, stream=stream)
        month = scene.rain_month * to_si(1.0, "mm")
        depth = p.cover + p.cover_run * math.tan(math.radians(scene.around.slope))
        reach = length if behind else max((who.at for who in under), default=0.0)
        state = State(
            length,
            reach,
            depth,
            under,
            behind,
            falls,
            volume,
            p.leak,
            p.emission,
            wet=1 + (p.wet_most - 1) * min(1.0, month / p.wet_rain),
            bore=INF if pipe or not behind else depth / p.bore_rate,
            bypass=p.bypass_over + p.bypass_per * length if gallery and behind else INF,
            supplied=pipe or not behind,
            misjudged=misjudged,
        )
        effects: list[Effect] = [Involve(persons)] if persons else []
        effects.append(Note("fallen", {"length": length, "under": float(len(under)), "behind": float(len(behind))}))
        if killed:
            effects.append(Harm(killed, Status.DEAD, why="crushed"))
        return state, effects

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """The mine `dt` seconds later: headings, air behind the heap, the clock of the next fall."""
        p, effort = self.p, inputs.effort
        loss = state.leak / state.volume
        lack, methane = state.lack, kernels.first_order(state.methane, state.emission / state.volume, loss, dt)
        if not state.supplied and state.behind:
            lack = kernels.first_order(lack, people.uses(p, state), loss, dt)
        clock = state.clock + work.risk(p, state, effort) * dt  # while it was worked, not as it is afterwards
        state = work.later(p, state, dt, effort)
        return replace(state, lack=lack, methane=methane, clock=clock, age=state.age + dt)

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The soonest of all that may happen by itself."""
        if state.over:
            return INF, ""
        soonest = min(self._due(state, inputs), default=(INF, "", 0))
        return max(0.0, soonest[0]), soonest[1]

    def fire(self, state: State, name: str, inputs: Inputs) -> Jump:
        """The jump at that event, for the person who is due."""
        k = min((due for due in self._due(state, inputs) if due[1] == name), default=(0.0, name, 0))[2]
        match name:
            case "accounted":
                jump: Jump = replace(state, over=True), (Over(name),)
            case "freed" | "freed_by_mates":
                jump = self._freed(state, name, k)
            case "carried_out":
                jump = self._out(state, k)
            case "suffocated":
                jump = self._suffocates(state, k)
            case "falls_again":
                jump = self._falls(state)
            case "through" | "bypass_through":
                jump = self._reached(state, name)
            case _:  # borehole_through, reached
                figures = {"front": state.front, "lack": state.lack}
                if name == "borehole_through":
                    state = replace(state, supplied=True, bore=INF)
                else:
                    state = replace(state, front=max(state.front, state.under[0].at))
                jump = state, (Note(name, figures),)
        return jump

    def demands(self, state: State) -> Sequence[Demand]:
        """See `work.demands`; most urgent first."""
        return sorted(work.demands(self.p, state), key=lambda demand: (demand.priority, demand.id))

    def readings(self, state: State) -> dict[str, float]:
        """How far the heading is, who is still in it or behind it, the air there, roof falls since."""
        return {
            "front": state.front,
            "blocked": state.length - state.front,
            "under": float(sum(who.alive for who in state.under)),
            "behind": float(len(state.behind)),
            "lack": state.lack,
            "methane": state.methane,
            "falls": float(state.fallen),
        }

    def mode(self, state: State) -> str:
        """growing while air gives out behind the heap, steady while anybody is caught, declining on the way out."""
        if state.over:
            return "over"
        if state.behind and not state.supplied:
            return "growing"
        return "steady" if state.under or state.behind else "declining"

    def footprint(self, state: State) -> Footprint:  # noqa: ARG002 - the port's; all of it is underground
        """Nothing is dangerous or closed above ground."""
        return Footprint()

    def observe(self, state: State, stream: Stream) -> Sighting:
        """The length of the heap is guessed, wrong alike each time; who is missing is known from the lamp room."""
        under = float(len(state.under))
        return Sighting(
            figures={
                "length": max(0.0, state.goal - state.front)
                * state.misjudged
                * math.exp(self.p.look_error * stream.normal()),
                "under": under,
                "behind": float(len(state.behind) + state.bodies),
                "no_air": float(bool(state.behind) and not state.supplied),
                "depth": state.depth,
                "to_carry": float(len(state.carried)),
            }
        )

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's; mines need the same anywhere
        """See `work.needs`."""
        return work.needs(self.p, sighting)

    # ── what is due ──

    def _due(self, state: State, inputs: Inputs) -> Iterator[Due]:
        """Everything that will happen by itself under these inputs: (seconds, name, index)."""
        p, effort = self.p, inputs.effort
        if not (state.under or state.behind or state.bodies or state.carried):
            yield 0.0, "accounted", 0
        yield from work.due(p, state, effort)
        for k, who in enumerate(state.under):
            if who.mates < INF:
                yield who.mates - state.age, "freed_by_mates", k
        if state.behind and not state.supplied:
            k = min(range(len(state.behind)), key=lambda k: (state.behind[k].breath, k))
            breath, loss = state.behind[k].breath, state.leak / state.volume
            span = kernels.first_order_reaches(min(state.lack, breath), people.uses(p, state), loss, breath)
            yield span, "suffocated", k
        if state.falls and (risk := work.risk(p, state, effort)) > 0.0:
            yield kernels.work_done_in(state.falls[0].rings - state.clock, risk), "falls_again", 0

    # ── jumps ──

    def _freed(self, state: State, name: str, k: int) -> Jump:
        """Somebody is out of the heap, and carried from there; workmates bring theirs along at once."""
        p, who = self.p, state.under[k]
        state = replace(state, under=(*state.under[:k], *state.under[k + 1 :]))
        colour = people.condition(p, who.luck, state.age)
        if name == "freed_by_mates":
            return state, (Harm((who.id,), Status.WAITING, colour, name),)
        carried = Carried(who.id, colour, p.way_out / p.carrying, who.alive)
        return replace(state, carried=(*state.carried, carried)), (Note(name, {"at": who.at}),)

    def _out(self, state: State, k: int) -> Jump:
        """One more is at the surface."""
        who = state.carried[k]
        state = replace(state, carried=(*state.carried[:k], *state.carried[k + 1 :]))
        out: Effect = (
            Harm((who.id,), Status.WAITING, who.colour, "carried_out") if who.alive else Found("carried_out", 1)
        )
        return state, (out,)

    def _suffocates(self, state: State, k: int) -> Jump:
        """The one whose limit is reached; the air is set onto it."""
        who, left = state.behind[k], (*state.behind[:k], *state.behind[k + 1 :])
        state = replace(state, behind=left, bodies=state.bodies + 1, lack=max(state.lack, who.breath))
        return state, (Harm((who.id,), Status.DEAD, why="suffocated"),)

    def _falls(self, state: State) -> Jump:
        """The roof comes down again: on the heading, and on those at its front."""
        p, (fall, *later) = self.p, state.falls
        lost = min(fall.length, state.front)
        state = replace(
            state,
            falls=tuple(later),
            clock=fall.rings,
            fallen=state.fallen + 1,
            front=state.front - lost,
            refilled=state.refilled + lost,
        )
        hit = Strike(
            "falls_again", ("heading", "propping", "hauling"), p.front_dead, p.front_red, p.front_yellow, p.front_green
        )
        return state, (Note("falls_again", {"length": lost}), hit)

    def _reached(self, state: State, name: str) -> Jump:
        """Those behind are reached: they are led out, as well as their air has left them; the dead with them."""
        p = self.p
        if name == "through":
            state = replace(state, front=state.length)
        effects: list[Effect] = [Note(name, {"people": float(len(state.behind))})]
        for colour, names in people.led_out(p, state).items():
            effects.append(Harm(names, Status.WAITING, colour, "led_out"))
        effects.append(Found(name))
        bore = INF if state.bore < INF else state.bore
        return replace(state, behind=(), bodies=0, supplied=True, bore=bore, bypass=INF), effects
