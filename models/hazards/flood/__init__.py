"""Flood (洪水): rain, rivers, dikes, reservoirs and natural dams; people below who leave in time, or are caught by the water.

Rain runs off by curve numbers and comes through a chain of reservoirs; a dike is overtopped in a race with sandbags, or piped; a
dam fills, spills, is dug and drawn down, or breaks, and its wave runs to the places on the river. Whoever has not left when the
water comes drowns by its depth, speed and rise, or waits on a roof for a boat. Luck is drawn once for each person.
Blind to backwater, ice, debris in the water, karst that swallows or spits it, and floods between the places. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.flood import banks, begins, places, river, tasks, water
from models.hazards.flood import dam as dams
from models.hazards.flood.parameters import Parameters
from models.hazards.flood.state import Catchment, Channel, Dam, Dweller, Place, River, State, Water, Works
from sim.domain.hazards import Cut, Demand, Effect, Footprint, Harm, Inputs, Need, Note, Over, Roads, Scene, Sighting
from sim.domain.people import Status
from sim.domain.places import Site
from sim.streams import Stream

__all__ = ["Catchment", "Channel", "Dam", "Dweller", "Model", "Parameters", "Place", "River", "State", "Water", "Works"]

Due = tuple[float, str, int]
Jump = tuple[State, Sequence[Effect]]


class Model:
    """A flood; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> Jump:
        """The rain, the seepage or the lake is there; who lives below, how lucky each is."""
        return begins.begin(self.p, scene, stream)

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """The flood `dt` seconds later: water runs, people leave, boats and machines work."""
        p, effort, before = self.p, inputs.effort, state.catchment
        boats = places.shares(p, state, places.afloat(effort))
        works = Works(
            kernels.work_left(state.works.roads, effort.get("roads", 0.0), dt),
            kernels.work_left(state.works.power, effort.get("power", 0.0), dt),
            kernels.work_left(state.works.search, effort.get("search", 0.0), dt),
        )
        full = tuple(places.later(p, x, dt, boats[k], state.roof_scale) for k, x in enumerate(state.places))
        state = replace(
            state, age=state.age + dt, weather=inputs.weather, places=full, works=works,
            moved=state.moved + effort.get("evacuate", 0.0) * dt,
        )  # fmt: skip
        assert before is not None, "every flood has a catchment, be it without rain"
        state = replace(state, catchment=river.later(before, dt))
        if state.dam is not None:
            state = replace(state, dam=dams.later(p, state.dam, before, dt, inputs))
        if (r := state.river) is not None:
            bags = r.bags + water.bagging(p, effort) * dt
            used = river.piping(p, effort) * dt if r.over and not r.broken else 0.0
            drained, pumps = banks.draining(p, state, effort)
            pooled = max(0.0, kernels.first_order(r.pooled, -pumps, drained, dt)) if r.pooled > 0.0 else 0.0
            state = replace(state, river=replace(r, bags=bags, piping=r.piping + used, pooled=pooled))
        return state

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The soonest of all that may happen by itself."""
        if state.over:
            return math.inf, ""
        due = min(self._due(state, inputs), default=(math.inf, "", 0))
        return max(0.0, due[0]), due[1]

    def fire(self, state: State, name: str, inputs: Inputs) -> Jump:
        """The jump at that event."""
        p = self.p
        k = min((due for due in self._due(state, inputs) if due[1] == name), default=(0.0, name, 0))[2]
        match name:
            case "tick":
                jump: Jump = self._tick(state, inputs), ()
            case "leave_by_themselves" | "fetched":
                jump = places.left(p, state, k, name)
            case "water_arrives":
                after, effects = places.arrives(p, state, k)
                jump = after, [*effects, Note(name, {"along": after.places[k].along})]
            case "water_crests":
                jump = self._crests(state, k)
            case "water_falls":
                jump = places.falls(p, state, k)
            case "boat_load":
                jump = places.boated(p, state, k)
            case "exhausted":
                jump = places.exhausted(state, k)
            case "roads_open" | "power_back" | "searched":
                jump = self._worked(state, name)
            case "all_safe" | "lowered_and_safe" | "stands":
                jump = self._ends(state, name)
            case _ if state.dam is not None:
                jump = self._at_dam(state, state.dam, name)
            case _:
                assert state.river is not None, "a flood has a river or a dam"
                jump = banks.happens(p, state, state.river, name)
        return jump

    def demands(self, state: State) -> Sequence[Demand]:
        """What the flood needs now."""
        return tasks.demands(self.p, state)

    def readings(self, state: State) -> dict[str, float]:
        """Rain, flow and stage, what stands behind the dam, people in danger."""
        p, c, r, dam = self.p, state.catchment, state.river, state.dam
        assert c is not None, "every flood has a catchment"
        deepest = max((x.depth for x in state.places if x.water in (Water.RISING, Water.CRESTED)), default=0.0)
        return {
            "rain": c.fallen,
            "flow": river.flow(c),
            "stage": water.stage(p, r.channel, river.flow(c)) if r is not None else 0.0,
            "dike": river.top(p, r, r.bags) if r is not None and r.crest < math.inf else 0.0,
            "lake": 0.0 if dam is None or dam.broken else dam.volume,
            "lake_level": 0.0 if dam is None or dam.broken else dams.level(p, dam, dam.volume),
            "in_danger": float(state.exposed),
            "stranded": float(state.stranded),
            "drowned": float(state.drowned),
            "depth": deepest,
            "pooled": r.pooled if r is not None else 0.0,
            "at_risk": state.at_risk,
        }

    def mode(self, state: State) -> str:
        """latent before water leaves its bed, growing while it rises, steady while people are caught, declining, controlled."""
        if state.over:
            return "over"
        if state.stranded:
            return "steady"
        live = state.dam is not None and not state.dam.broken and not state.dam.safe
        rises = any(x.water is Water.RISING or _coming(x) for x in state.places)
        if rises or (state.river is not None and state.river.over and not state.river.crested):
            return "growing"
        if live or (state.river is not None and not state.river.crested):
            return "latent"
        return "declining" if tasks.wet(state) or any(self._left(state)) else "controlled"

    def footprint(self, state: State) -> Footprint:
        """As far as the last place that water stands in."""
        reach = max((x.along for x in state.places if x.water in (Water.RISING, Water.CRESTED)), default=0.0)
        return Footprint(reach)

    def observe(self, state: State, stream: Stream) -> Sighting:  # noqa: ARG002 - what is judged is wrong alike each time
        """What is seen of it; see `tasks.sighting`."""
        return tasks.sighting(self.p, state)

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's; rivers need the same anywhere
        """What a duty officer would ask for who believes this sighting."""
        return tasks.needs(self.p, sighting)

    # ── what is due ──

    def _due(self, state: State, inputs: Inputs) -> Iterator[Due]:
        """Everything that will happen by itself under these inputs: (seconds, name, index)."""
        p, effort, c = self.p, inputs.effort, state.catchment
        assert c is not None, "every flood has a catchment"
        ticking = c.ticking if state.dam is None else dams.ticks(p, state.dam, c)
        wakes = inputs.weather.rain > 0.0 and not c.ticking
        horizon = 0.0 if wakes else max(0.0, c.tick_left) if ticking else math.inf
        if wakes or ticking:
            yield horizon, "tick", 0
        yield from places.leaving(state, effort.get("evacuate", 0.0))
        yield from places.arriving(state)
        yield from places.on_roofs(p, state, places.shares(p, state, places.afloat(effort)))
        if state.river is not None:
            yield from banks.due(p, state, state.river, c, effort, horizon)
        if (dam := state.dam) is not None:
            if horizon > 0.0:
                yield from dams.due(p, dam, c, inputs, horizon)
            if dam.topped_at < math.inf and not dam.broken:
                held = p.watched_for if dam.stands else dam.holds_for
                yield dam.topped_at + held - state.age, "stands" if dam.stands else "gives_way", 0
            if dam.broken and not dam.empty:
                yield dam.empties_at - state.age, "emptied", 0
        for name, left, rate in self._jobs(state, effort):
            if left > 0.0 and rate < math.inf:
                yield kernels.work_done_in(left, rate), name, 0
        if self._finished(state):
            yield 0.0, "lowered_and_safe" if state.dam is not None and state.dam.safe else "all_safe", 0

    def _jobs(self, state: State, effort: dict[str, float]) -> Iterator[tuple[str, float, float]]:
        works = state.works
        yield "roads_open", works.roads, effort.get("roads", 0.0)
        yield "power_back", works.power, effort.get("power", 0.0)
        yield "searched", works.search, effort.get("search", 0.0)

    def _left(self, state: State) -> Iterator[bool]:
        works = state.works
        yield works.roads > 0.0 or works.power > 0.0 or works.search > 0.0
        yield tasks.pooled(state) > 0.0
        yield bool(state.stranded)

    def _finished(self, state: State) -> bool:
        """Whether no water is to come or stands, nobody is caught, and what it left is cleared."""
        if any(self._left(state)):
            return False
        if any(x.water in (Water.RISING, Water.CRESTED) for x in state.places):
            return False
        c, r, dam = state.catchment, state.river, state.dam
        if any(_coming(x) for x in state.places):
            return False
        if dam is not None:
            return dam.safe or dam.empty
        return c is not None and not c.ticking and r is not None and r.crested and not r.warned and not r.over

    # ── jumps ──

    def _tick(self, state: State, inputs: Inputs) -> State:
        """A tick of rain; the dam is reckoned from here."""
        assert state.catchment is not None, "every flood has a catchment"
        c = river.next_tick(self.p, state.catchment, inputs.weather)
        if state.dam is not None:
            state = replace(state, dam=dams.rebased(state.dam, c, state.dam.rates))
        r = state.river
        if r is not None and r.crested and river.rising(c):
            state = replace(state, river=replace(r, crested=False))
        return replace(state, catchment=c)

    def _at_dam(self, state: State, dam: Dam, name: str) -> Jump:
        """The dam is overtopped, holds, breaks, is empty or low enough."""
        p = self.p
        values = {"volume": dam.volume, "level": dams.level(p, dam, dam.volume)}
        match name:
            case "overtopped":
                state = replace(state, dam=replace(dam, topped_at=state.age))
            case "no_longer_overtopped":
                state = replace(state, dam=replace(dam, topped_at=math.inf))
            case "gives_way" | "dam_piped":
                after, values = dams.broken(p, dam, state.age, topped=name == "gives_way")
                full = tuple(dams.reached(p, x, values, state.age) for x in state.places)
                state = replace(state, dam=after, places=full)
                warned = max(0.0, min((x.floods_at for x in full), default=state.age) - p.keeper) / 3600.0
                low, high = (water.loss_of_life(p, state.at_risk, warned, force) for force in (0.0, 1.0))
                values |= {"expected_low": low, "expected_high": high}
            case "lowered":
                state = replace(state, dam=replace(dam, safe=True))
            case "emptied":
                state = replace(state, dam=replace(dam, empty=True, volume=0.0))
        return state, (Note(name, values),)

    def _crests(self, state: State, k: int) -> Jump:
        """The water is at its highest in a place: people drown, roads and power go; what must be worked off."""
        p, place = self.p, state.places[k]
        state, effects = places.crests(p, state, k, sudden=place.behind or state.dam is not None)
        after = state.places[k]
        if after.depth < p.wade or not after.code or after.code in state.cut:
            return state, effects
        works = state.works
        works = Works(
            works.roads + p.mud, works.power + p.power_each, works.search + (p.search_each if place.roofs else 0.0)
        )
        return replace(state, works=works, cut=tuple(sorted({*state.cut, after.code}))), effects

    def _worked(self, state: State, name: str) -> Jump:
        works = state.works
        match name:
            case "roads_open":
                effects: list[Effect] = [Roads(1.0, towns=state.cut, why=name)]
                works = replace(works, roads=0.0)
            case "power_back":
                effects = [Cut("power", 1.0, towns=state.cut, why=name)]
                works = replace(works, power=0.0)
            case _:
                effects, works = [], replace(works, search=0.0)
        return replace(state, works=works), [Note(name), *effects]

    def _ends(self, state: State, name: str) -> Jump:
        """It is over: whoever stayed at home and dry was lucky."""
        dry = tuple(who.id for x in state.places for who in x.people)
        effects: list[Effect] = [Harm(dry, Status.SAFE, why="stayed_dry")] if dry else []
        full = tuple(replace(x, people=()) for x in state.places)
        return replace(state, places=full, over=True), [*effects, Over(name)]


def _coming(place: Place) -> bool:
    """Whether water is on its way to a place."""
    return place.water is Water.NONE and place.floods_at < math.inf
