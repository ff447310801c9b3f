"""Collapse (建筑与施工坍塌): people under rubble at one site or many; neighbours, rescuers and machines against time.

Everybody's fate is drawn once: killed, trapped behind so much work, hurt, or out in time. Neighbours free those at the surface,
rescuers dig for those lightly trapped and break into voids that have been searched, as many as find room at the faces; machines
take rubble away, carefully while anybody may be alive. What still stands may come down until it is shored. The trapped run the
survival curve of the casualty model; with the head under soil they smother. Blind to fire and gas in the ruin. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models.hazards.collapse import people as crew
from models.hazards.collapse import rubble as heap
from models.hazards.collapse import seen
from models.hazards.collapse.parameters import Parameters
from models.hazards.collapse.state import Buried, Part, Reach, State
from sim.domain.hazards import (
    Demand,
    DemandKind,
    Effect,
    Footprint,
    Found,
    Harm,
    Inputs,
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
from sim.units import DAY

__all__ = ["Buried", "Model", "Parameters", "Part", "Reach", "State"]

Due = tuple[float, str, int]  # seconds from now, event, index of the person
Jump = tuple[State, Sequence[Effect]]

WORK, HOLD, SERVICE = DemandKind.WORK, DemandKind.HOLD, DemandKind.SERVICE


class Model:
    """A collapse; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> Jump:
        """The moment after it came down: who lies where, how much rubble, who is there to dig."""
        p = self.p
        misjudged = math.exp(p.seen_error * stream.normal())
        hardens = p.hardens_least + (p.hardens_most - p.hardens_least) * stream.uniform()
        sites, number = max(1, round(scene.scope["sites"])), round(scene.scope["people"])
        volume = heap.fallen(p, scene.scope["volume"])
        easy, deep, bodies, effects = crew.settle(p, scene, number, sites, stream)
        standing = tuple(Part(stream.exponential(), p.shoring) for _ in range(sites))
        dark, light_left = self._light(scene.calendar.hour_at(scene.begins) * 3600.0)
        sleepy = crew.asleep(p, scene)
        state = State(
            sites, heap.faces(p, volume, sites), volume, easy, deep, bodies,
            search=p.search_for * p.search_team * p.search_sensors,
            neighbours=sites * crew.diggers(p, scene),
            neighbours_from=p.neighbours_from + sleepy * p.neighbours_wake,
            neighbours_until=p.neighbours_from + sleepy * p.neighbours_wake + p.neighbours_for,
            hardens=hardens if p.pours else math.inf, hope=p.hope, standing=standing, misjudged=misjudged, dark=dark,
            light_left=light_left, weather=scene.weather,
        )  # fmt: skip
        figures = {
            "people": float(number),
            "volume": scene.scope["volume"],
            "sites": float(sites),
            "trapped": float(state.trapped),
        }
        return state, [*effects, Note("collapsed", figures)]

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """The sites `dt` seconds later."""
        after = heap.later(self.p, state, dt, inputs)
        return replace(after, age=state.age + dt, light_left=state.light_left - dt, weather=inputs.weather)

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The soonest of all that may happen by itself."""
        if state.over:
            return math.inf, ""
        due = min(self._due(state, inputs))
        return max(0.0, due[0]), due[1]

    def fire(self, state: State, name: str, inputs: Inputs) -> Jump:
        """The jump at that event."""
        match name:
            case "dug_out" | "got_out" | "uncovered" | "smothered":
                k = min(due for due in self._due(state, inputs) if due[1] == name)[2]
                jump: Jump = self._leaves(state, name, k, inputs)
            case "second_collapse":
                jump = self._comes_down(state, inputs)
            case "accounted":
                jump = replace(state, over=True), (Over(name),)
            case "dusk" | "dawn":
                jump = replace(state, dark=name == "dusk", light_left=self._light_for(name)), ()
            case _:
                jump = self._goes_on(state, name)
        return jump

    def demands(self, state: State) -> Sequence[Demand]:
        """Hands for those at the surface, crews for the voids, search, shoring, cranes, machines, an engineer, light, fluids."""
        p = self.p
        demands = [Demand("cordon", HOLD, "CORDON", p.cordon * state.sites, priority=3, wears=False)]
        located = heap.workable(state)
        if state.easy:
            face = p.hands_most * min(state.faces, len(state.easy))
            demands.append(Demand("digging", SERVICE, "LABOR", float(len(state.easy)), face, priority=1))
        if located:
            face = float(min(state.faces, len(located)))
            demands.append(Demand("voids", SERVICE, "USAR", float(len(located)), face, p.void_set_up, 1))
        if state.sites_searched < state.sites:
            left = state.search * state.sites - state.searched
            demands.append(Demand("search", WORK, "SEARCH", left, p.search_team * state.sites, priority=2))
        if state.trapped:
            demands.append(
                Demand(
                    "engineer", HOLD, "STRUCT", math.ceil(state.sites / p.sites_per_engineer), priority=2, wears=False
                )
            )
            if state.dark:
                power = p.lights * state.sites
                demands.append(Demand("lights", HOLD, "POWER", power, power, p.lights_set_up, 3, wears=False))
            if unshored := len(state.unshored):
                face = p.shoring_face * unshored
                demands.append(Demand("shoring", SERVICE, "USAR", float(unshored), face, p.shoring_set_up, 3))
        if state.deep:
            demands.append(Demand("infusion", HOLD, "FIRST_AID", p.infusion, priority=2, wears=False))
            demands.append(
                Demand(
                    "cranes", HOLD, "CRANE", heap.cranes(p, state.sites), set_up=p.crane_set_up, priority=3, wears=False
                )
            )
        if (state.deep or state.bodies) and state.cleared < state.rubble:
            missing = float(len(state.deep) + len(state.bodies))
            careful = state.trapped and not state.given_up
            face = state.sites * (p.machines_careful if careful else p.machines_free)
            demands.append(Demand("machines", SERVICE, "ROAD_CLEAR", missing, face, p.machine_set_up, 4, wears=False))
            if not careful:  # until then hands are wanted where people lie
                demands.append(Demand("by_hand", SERVICE, "LABOR", missing, p.hands_most * state.faces, priority=5))
        return demands

    def readings(self, state: State) -> dict[str, float]:
        """People still under it, the dead not found, rubble, search, shoring, what may yet come down."""
        return {
            "trapped": float(state.trapped),
            "deep": float(len(state.deep)),
            "bodies": float(len(state.bodies)),
            "rubble": state.rubble - state.cleared,
            "searched": state.searched / (state.search * state.sites),
            "unshored": float(len(state.unshored)),
            "risk": heap.risk(self.p, state.weather),
            "digging": state.neighbours * (state.helping and bool(state.easy)),
        }

    def mode(self, state: State) -> str:
        """growing until help has an overview, steady while people are trapped, declining as the dead are looked for, over."""
        if state.over:
            return "over"
        if state.trapped:
            return "steady" if state.sites_searched else "growing"
        return "declining"

    def footprint(self, state: State) -> Footprint:
        """What may still come down."""
        return Footprint(self.p.danger if state.trapped else 0.0)

    def observe(self, state: State, stream: Stream) -> Sighting:
        """The heap is misjudged once; who is deep in it is a guess."""
        return seen.sighting(self.p, state, stream)

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's; ruins need the same anywhere
        """Rescuers for those believed under it, as many as find room; search, machines, cranes, light, an engineer."""
        return tuple(seen.needs(self.p, sighting))

    # ── what is due ──

    def _due(self, state: State, inputs: Inputs) -> Iterator[Due]:
        """Everything that will happen by itself under these inputs: (seconds, name, index)."""
        yield from heap.due(self.p, state, inputs)
        yield state.light_left, "dawn" if state.dark else "dusk", 0
        if not state.helping and state.age < state.neighbours_until:
            yield state.neighbours_from - state.age, "neighbours_dig", 0
        elif state.helping:
            yield state.neighbours_until - state.age, "neighbours_tire", 0
        if not state.hard and state.hardens < math.inf and state.trapped:
            yield state.hardens - state.age, "hardened", 0
        if not state.given_up and state.trapped:
            yield state.hope - state.age, "hope_over", 0
        if self.p.head_covered > 0.0:
            for k, who in enumerate((*state.easy, *state.deep)):
                yield who.smothers - state.age, "smothered", k
        if not (state.trapped or state.bodies) and state.sites_searched >= state.sites:
            yield 0.0, "accounted", 0

    # ── jumps ──

    def _goes_on(self, state: State, name: str) -> Jump:
        """What changes the work as a whole; a threshold is set onto its mark."""
        effects: list[Effect] = []
        match name:
            case "site_searched":
                n = state.sites_searched + 1
                state = replace(state, sites_searched=n, searched=max(state.searched, n * state.search))
            case "shored":
                state = heap.shored(self.p, state)
            case "body_found":
                mark = state.bodies[0] * state.rubble
                state = replace(state, bodies=state.bodies[1:], cleared=max(state.cleared, mark))
                effects.append(Found(name, 1))
            case "neighbours_dig":
                state = replace(state, helping=True)
                effects.append(Note(name, {"people": state.neighbours}))
            case "neighbours_tire":
                state = replace(state, helping=False, neighbours_until=-math.inf)
            case "hardened":
                state = replace(
                    state, hard=True, easy=_harder(state.easy, self.p.hard), deep=_harder(state.deep, self.p.hard)
                )
                effects.append(Note(name, {"people": float(state.trapped)}))
            case "hope_over":
                state = replace(state, given_up=True)
                effects.append(Note(name, {"people": float(state.trapped)}))
        return state, effects

    def _leaves(self, state: State, name: str, k: int, inputs: Inputs) -> Jump:
        """Somebody is free; or dead for want of air, and still to be found."""
        if name == "smothered":
            who = (*state.easy, *state.deep)[k]
            state = _without(state, who.id)
            found: list[Effect] = [Harm((who.id,), Status.DEAD, why=name)]
            state = replace(state, bodies=tuple(sorted((*state.bodies, max(who.depth, self._share(state))))))
        else:
            who = state.easy[k] if name == "dug_out" else state.deep[k]
            if name == "uncovered":
                state = replace(state, cleared=max(state.cleared, who.depth * state.rubble))
            state = _without(state, who.id)
            infused = inputs.effort.get("infusion", 0.0) > 0.0
            found = [Harm((who.id,), Status.WAITING, crew.comes_out(self.p, who, state.age, infused), name)]
        return state, found if state.trapped else [*found, Note("all_out")]

    def _comes_down(self, state: State, inputs: Inputs) -> Jump:
        """Part of a ruin comes down on those in it and on those at work there."""
        p, site = self.p, heap.next_down(state)
        state = replace(state, clock=max(state.clock, state.standing[site].strikes))
        state = heap.with_part(state, site, Part(math.inf, 0.0, True))
        struck = [who for who in (*state.easy, *state.deep) if who.site == site]
        killed = [who for who in struck if who.blow < p.second_kills]
        for who in killed:
            state = _without(state, who.id)
        depths = (max(who.depth, self._share(state)) for who in killed)
        state = replace(
            state,
            bodies=tuple(sorted((*state.bodies, *depths))),
            easy=_buried_again(state.easy, site, p.second_toil),
            deep=_buried_again(state.deep, site, p.second_toil),
        )
        warned = p.warned if inputs.effort.get("engineer", 0.0) > 0.0 else 1.0
        share = warned / state.sites  # they are spread over the sites
        effects: list[Effect] = [Note("second_collapse", {"people": float(len(struck)), "site": float(site + 1)})]
        if killed:
            effects.append(Harm(tuple(who.id for who in killed), Status.DEAD, why="struck_again"))
        effects.append(
            Strike(
                "second_collapse",
                ("digging", "voids", "shoring", "search"),
                p.strike_dead * share,
                p.strike_red * share,
                p.strike_yellow * share,
                p.strike_green * share,
            )
        )
        return state, effects if state.trapped else [*effects, Note("all_out")]

    def _share(self, state: State) -> float:
        """The share of the rubble that is gone: nobody is found in what has been taken away already."""
        return state.cleared / state.rubble if state.rubble > 0.0 else 0.0

    # ── day and night ──

    def _light(self, clock: float) -> tuple[bool, float]:
        """Whether it is dark at a local clock (s), and how long it stays so."""
        p = self.p
        if p.dawn <= clock < p.dusk:
            return False, p.dusk - clock
        return True, (p.dawn - clock) % DAY

    def _light_for(self, name: str) -> float:
        """How long night (dusk) or day (dawn) lasts."""
        day = self.p.dusk - self.p.dawn
        return DAY - day if name == "dusk" else day


def _harder(buried: tuple[Buried, ...], times: float) -> tuple[Buried, ...]:
    return tuple(replace(who, left=who.left * times) for who in buried)


def _buried_again(buried: tuple[Buried, ...], site: int, share: float) -> tuple[Buried, ...]:
    return tuple(replace(who, left=who.left + share * who.toil) if who.site == site else who for who in buried)


def _without(state: State, name: str) -> State:
    return replace(
        state,
        easy=tuple(who for who in state.easy if who.id != name),
        deep=tuple(who for who in state.deep if who.id != name),
    )
