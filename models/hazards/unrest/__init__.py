"""Unrest (群体性事件): a crowd that gathers, its mood, outbreaks of violence, and how it goes home.

The crowd grows logistically; its mood rises by provocation and falls by talks; above a mark outbreaks come by a clock that a
sufficient force slows down. Once the mood is low the crowd disperses. Blind to how hard police act (force never angers), to what is
granted in the talks, to several places at once. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.unrest import people
from models.hazards.unrest.parameters import Parameters
from models.hazards.unrest.state import Hurt, Outbreak, State
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
    Roads,
    Scene,
    Sighting,
    Strike,
)
from sim.domain.people import Person, Status, Triage
from sim.domain.places import Site, Weather
from sim.streams import Stream

__all__ = ["Hurt", "Model", "Outbreak", "Parameters", "State"]

Due = tuple[float, str]  # seconds from now, event
Jump = tuple[State, Sequence[Effect]]
HOLD, RATE = DemandKind.HOLD, DemandKind.RATE


class Model:
    """Unrest; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> Jump:
        """The first who gather, and all luck."""
        p = self.p
        most = people.most(p, scene)
        mood = min(
            p.mood_most, max(p.mood_least, scene.scope["anger"] * p.mood_times + p.mood_spread * stream.normal())
        )
        outbreaks = people.draw_outbreaks(p, most, stream)
        state = State(
            p.begins * most, most, people.growth(p, scene), mood, p.provocation, outbreaks,
            violent=mood >= p.violent_at, on_road=bool(scene.site.link),
        )  # fmt: skip
        return state, (Note("gathers", self._told(state)),)

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """The crowd, its mood and the clock of violence `dt` seconds later."""
        slope = self._slope(state, inputs)
        return replace(
            state,
            crowd=self._crowd(state, dt, inputs.weather),
            mood=min(1.0, max(0.0, state.mood + slope * dt)),
            violence=state.violence + kernels.ramp_used(*self._violence(state, slope, inputs), dt),
            age=state.age + dt,
        )

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The soonest of all that may happen by itself."""
        if state.over:
            return math.inf, ""
        span, name = min(self._due(state, inputs), default=(math.inf, ""))
        return max(0.0, span), name

    def fire(self, state: State, name: str, inputs: Inputs) -> Jump:  # noqa: ARG002 - the port's; luck is in the state
        """The jump at that event, a threshold being set onto its mark."""
        p = self.p
        effects: list[Effect] = []
        match name:
            case "outbreak":
                return self._breaks_out(state)
            case "dispersed":
                if state.blocks:
                    effects = self._roads(state, 1.0, "reopens")
                return replace(state, over=True, blocks=False), [*effects, Over(name)]
            case "turns_violent" | "calms":
                state = replace(state, mood=p.violent_at, violent=name == "turns_violent")
            case "boils_over":
                state = replace(state, mood=1.0)
            case "breaks_up":
                state = replace(state, mood=min(state.mood, p.calm_at), disperses=True, peak=state.crowd)
            case "half_gone":
                state = replace(state, crowd=min(state.crowd, p.half * state.peak), halved=True)
            case "blocks":
                state = replace(state, crowd=max(state.crowd, p.block_at), blocks=True)
            case "reopens":
                state = replace(state, crowd=min(state.crowd, p.block_at), blocks=False)
        if name in ("blocks", "reopens"):
            effects = self._roads(state, p.road_left if state.blocks else 1.0, name)
        return state, [Note(name, self._told(state)), *effects]

    def demands(self, state: State) -> Sequence[Demand]:
        """Police by the size of the crowd, riot police once it is violent, those who talk, traffic."""
        p = self.p
        if state.over:
            return ()
        points = self._points(state)
        found = [Demand("order", HOLD, "CORDON", points, points, p.order_set_up, 1, wears=False)]
        if not state.disperses:
            found.append(Demand("mediate", RATE, "NEGOTIATE", p.talk_face, p.talk_face, p.talk_set_up, 1))
        if state.violent:
            crews = self._crews(state)
            found.append(Demand("riot", HOLD, "TACTICAL", crews, crews, p.riot_set_up, 1))
        if state.blocks:
            found.append(Demand("detour", HOLD, "TRAFFIC", p.detour, p.detour, priority=3, wears=False))
        return sorted(found, key=lambda demand: (demand.priority, demand.id))

    def readings(self, state: State) -> dict[str, float]:
        """How many, in what mood, what it came to."""
        return {
            "crowd": state.crowd,
            "mood": state.mood,
            "outbreaks": float(state.broken_out),
            "harmed": float(state.harmed),
            "blocked": float(state.blocks),
            "force": self._points(state),
        }

    def mode(self, state: State) -> str:
        """latent while it is peaceful, growing while violent, declining once it goes home."""
        if state.over:
            return "over"
        if state.disperses:
            return "declining"
        return "growing" if state.violent else "latent"

    def footprint(self, state: State) -> Footprint:
        """The ground the crowd stands on."""
        return Footprint(0.0 if state.over else self._radius(state))

    def observe(self, state: State, stream: Stream) -> Sighting:
        """The crowd is counted in rough figures, the mood judged by those who talk."""
        p = self.p
        seen = state.crowd * math.exp(p.seen_error * stream.normal())
        return Sighting(
            figures={
                "crowd": round(seen / p.seen_step) * p.seen_step,
                "mood": min(1.0, state.mood * math.exp(p.mood_error * stream.normal())),
                "violent": float(state.violent),
                "blocked": float(state.blocks),
                "leaving": float(state.disperses),
            }
        )

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's; the same anywhere
        """Police for the crowd as it is seen and may become, those who talk, riot police if it is violent."""
        p, seen = self.p, sighting.figures
        if not seen or seen["crowd"] <= 0.0:
            return ()
        expected = seen["crowd"] * (1.0 if seen["leaving"] else p.expected)
        wanted = (
            ("CORDON", math.ceil(expected / p.per_point), 1),
            ("NEGOTIATE", 0.0 if seen["leaving"] else p.talk_face, 1),
            ("TACTICAL", math.ceil(expected / p.per_crew) if seen["violent"] else 0.0, 1),
            ("TRAFFIC", p.detour * seen["blocked"], 3),
        )
        return [Need(what, float(amount), first) for what, amount, first in wanted if amount > 0.0]

    # ── rates ──

    def _crowd(self, state: State, dt: float, weather: Weather) -> float:
        if state.disperses:
            return kernels.first_order(state.crowd, 0.0, self._leaving(weather), dt)
        return kernels.logistic(state.crowd, state.growth, state.most, dt)

    def _leaving(self, weather: Weather) -> float:
        """Rate at which a calm crowd goes home: sooner in foul weather."""
        p = self.p
        foul = weather.rain > p.wet or weather.temperature < p.cold
        return (p.foul_leaves if foul else 1.0) / p.leaves

    def _slope(self, state: State, inputs: Inputs) -> float:
        """How the mood changes: provocation less talks; nowhere beyond its bounds."""
        talks = 0.0 if state.disperses else self.p.talk * min(self.p.talk_face, inputs.effort.get("mediate", 0.0))
        slope = -self.p.cools if state.disperses else state.provocation - talks
        stuck = (state.mood >= 1.0 and slope > 0.0) or (state.mood <= 0.0 and slope < 0.0)
        return 0.0 if stuck else slope

    def _violence(self, state: State, slope: float, inputs: Inputs) -> tuple[float, float]:
        """Level and slope of the clock of outbreaks: anger above its mark, slowed by a force that is enough."""
        p, effort = self.p, inputs.effort
        points, crews = self._points(state), self._crews(state)
        ratio = min(1.0, effort.get("order", 0.0) / points) if points else 0.0
        riot = min(1.0, effort.get("riot", 0.0) / crews) if crews else 0.0
        rate = p.violence * (1 - p.order_holds * ratio) * (1 - p.riot_holds * riot)
        return rate * (state.mood - p.violent_at), rate * slope

    def _size(self, state: State) -> float:
        """The crowd that police are for: the one to be expected, half of it once half is gone."""
        return state.most * (self.p.half if state.halved else 1.0)

    def _points(self, state: State) -> float:
        return math.ceil(self._size(state) / self.p.per_point)

    def _crews(self, state: State) -> float:
        return math.ceil(self._size(state) / self.p.per_crew)

    def _radius(self, state: State) -> float:
        return math.sqrt(state.most / (math.pi * self.p.stands))

    # ── what is due ──

    def _due(self, state: State, inputs: Inputs) -> Iterator[Due]:
        p, slope = self.p, self._slope(state, inputs)
        if state.broken_out < len(state.outbreaks):
            left = state.outbreaks[state.broken_out].mark - state.violence
            yield kernels.ramp_rings_in(left, *self._violence(state, slope, inputs)), "outbreak"
        if slope > 0.0:
            yield (1 - state.mood) / slope, "boils_over"
        if (slope > 0.0) is not state.violent and slope != 0.0:
            yield max(0.0, (p.violent_at - state.mood) / slope), "turns_violent" if slope > 0.0 else "calms"
        if slope < 0.0 and not state.disperses:
            yield max(0.0, (p.calm_at - state.mood) / slope), "breaks_up"
        if state.most <= 0.0:
            yield 0.0, "dispersed"
        elif state.disperses:
            yield from self._due_home(state, self._leaving(inputs.weather))
        elif not state.blocks and state.crowd < p.block_at:
            yield kernels.logistic_reaches(state.crowd, state.growth, state.most, p.block_at), "blocks"
        elif not state.blocks:
            yield 0.0, "blocks"

    def _due_home(self, state: State, leaving: float) -> Iterator[Due]:
        p = self.p

        def falls_to(mark: float) -> float:
            return 0.0 if state.crowd <= mark else kernels.first_order_reaches(state.crowd, 0.0, leaving, mark)

        if state.blocks:
            yield falls_to(p.block_at), "reopens"
        if not state.halved:
            yield falls_to(p.half * state.peak), "half_gone"
        yield falls_to(p.ends * state.most), "dispersed"

    # ── jumps ──

    def _breaks_out(self, state: State) -> Jump:
        """Stones, blows, a fire: those whom it hurts, some of the police too."""
        p, outbreak = self.p, state.outbreaks[state.broken_out]
        state = replace(
            state, broken_out=state.broken_out + 1, harmed=state.harmed + len(outbreak.hurt),
            violence=max(state.violence, outbreak.mark),
        )  # fmt: skip
        effects: list[Effect] = [Note("outbreak", self._told(state))]
        if outbreak.fire:
            effects.append(Note("arson", self._told(state)))
        if outbreak.hurt:
            effects.append(Involve(tuple(Person(who.id, Status.EXPOSED, "crowd") for who in outbreak.hurt)))
        for colour in (None, *Triage):
            if names := tuple(who.id for who in outbreak.hurt if who.colour is colour):
                effects.append(Harm(names, Status.WAITING if colour else Status.DEAD, colour, "outbreak"))
        served = ("order", "riot", "mediate")
        effects.append(Strike("outbreak", served, p.police_dead, p.police_red, p.police_yellow, p.police_green))
        return state, effects

    def _roads(self, state: State, factor: float, why: str) -> list[Effect]:
        """The crowd stands in the road, and in those about it if it is large."""
        effects: list[Effect] = [Road(factor, why=why)] if state.on_road else []
        if state.most >= self.p.wide_at:
            effects.append(Roads(factor, self._radius(state), why=why))
        return effects

    def _told(self, state: State) -> dict[str, float]:
        return {"crowd": state.crowd, "mood": state.mood, "outbreaks": float(state.broken_out)}
