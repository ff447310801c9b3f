"""Landslide, debris flow, rockfall (滑坡泥石流): a slope fails, buries houses, and may come down again on those who dig.

Rain drives the slope to failure by a clock whose luck is drawn once; signs may give time to leave. What comes down reaches as
far as regressions say; houses in its way are wrecked by a draw each; hands free those near the surface, machines dig for the
others, crews free whom they find, and all stop at an alarm. If it reaches a river, a note says what lake it may hold back.
Blind to slow slides, to single blocks on a road (see the staged road_landslide), and to waves in a reservoir. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.landslide import people, slope, tasks
from models.hazards.landslide.parameters import Parameters
from models.hazards.landslide.state import Held, House, Phase, State, Villager, Works
from sim.domain.hazards import (
    Demand,
    Effect,
    Footprint,
    Found,
    Harm,
    Inputs,
    Need,
    Note,
    Over,
    Road,
    Scene,
    Sighting,
    Strike,
)
from sim.domain.people import Status
from sim.domain.places import Site
from sim.streams import Stream

__all__ = ["Held", "House", "Model", "Parameters", "Phase", "State", "Villager", "Works"]

Due = tuple[float, str, int]  # seconds from now, event, index
Jump = tuple[State, Sequence[Effect]]

AT_WORK = ("dig", "extricate", "hands", "locate", "road")


class Model:
    """A landslide; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> Jump:
        """Cracks are seen, or the slope fails without a sign; who is at home, how lucky each house is."""
        p, residents = self.p, round(scene.scope["people"])
        volume, drop, steep = scene.scope["volume"], scene.scope["drop"], max(p.steep, scene.around.slope)
        signs, fails = stream.uniform() < p.signs, stream.exponential()
        misjudged = math.exp(p.seen_error * stream.normal())
        rings = [stream.exponential() for _ in range(round(p.again_most))]
        found, effects = people.houses(p, residents, scene, stream)
        length = slope.reach(p, volume, drop)
        beyond, width, gradient, flow = slope.valley(p, scene, length)
        if signs:
            found = people.warned(p, found, scene.around.presence.get("asleep", 0.0))
        state = State(
            volume, length, length / slope.speed(p, volume, drop, steep), slope.area(p, volume), fails if signs else 0.0,
            found, people.neighbours(p, scene, residents),
            tuple(rings), beyond, width, gradient, flow, misjudged, bool(scene.site.link), scene.weather,
            rained=p.rained_before if scene.weather.rain > 0.0 else 0.0,
        )  # fmt: skip
        if signs:
            return state, effects
        return replace(state, phase=Phase.MOVING, left=state.travel), effects

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """The slope `dt` seconds later: clocks run, people leave, work is done."""
        p, effort, weather = self.p, inputs.effort, inputs.weather
        state = replace(
            state,
            age=state.age + dt,
            weather=weather,
            judged=effort.get("judge", 0.0) >= p.experts,
            moved=state.moved + effort.get("evacuate", 0.0) * dt,
            rained=state.rained + dt if weather.rain > 0.0 else 0.0,
            clock=state.clock + self._ticks(state, inputs, dt),
            left=state.left - dt,
        )
        if state.phase is not Phase.LYING:
            return state
        works, hands = state.works, self._hands(state, effort)
        crews, dug = self._rate(state, effort, "extricate"), self._digging(state, effort) * dt
        return replace(
            state,
            since=state.since + dt,
            searched_from=min(state.searched_from, state.age - dt) if self._searched(effort) else state.searched_from,
            hands=tuple(
                replace(h, left=kernels.work_left(h.left, _share(hands, k, p.hand_face), dt))
                for k, h in enumerate(state.hands)
            ),
            found=tuple(
                replace(h, left=kernels.work_left(h.left, _share(crews, k, 1.0), dt)) for k, h in enumerate(state.found)
            ),
            deep=tuple(replace(h, depth=max(0.0, h.depth - dug)) for h in state.deep),
            bodies=tuple(max(0.0, depth - dug) for depth in state.bodies),
            works=Works(
                kernels.work_left(works.locate, self._rate(state, effort, "locate"), dt),
                max(0.0, works.dig - dug),
                kernels.work_left(works.road, self._rate(state, effort, "road"), dt),
                kernels.work_left(works.fence, effort.get("fence", 0.0), dt),
            ),
        )

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The soonest of all that may happen by itself."""
        if state.over:
            return math.inf, ""
        due = min(self._due(state, inputs), default=(math.inf, "", 0))
        return max(0.0, due[0]), due[1]

    def fire(self, state: State, name: str, inputs: Inputs) -> Jump:
        """The jump at that event."""
        k = min((due for due in self._due(state, inputs) if due[1] == name), default=(0.0, name, 0))[2]
        match name:
            case "slope_fails":
                jump: Jump = replace(state, phase=Phase.MOVING, left=state.travel, clock=state.fails), (Note(name),)
            case "arrives":
                jump = self._arrives(state)
            case "slide_again":
                jump = self._again(state, inputs)
            case "left_home" | "fetched":
                jump = self._leaves(state, name, k)
            case "dug_out":
                jump = replace(state, hands=_without(state.hands, k)), (people.dug_out(self.p, state.hands[k], name),)
            case "freed":
                jump = replace(state, found=_without(state.found, k)), (people.dug_out(self.p, state.found[k], name),)
            case "found":
                found = (*state.found, replace(state.deep[0], depth=0.0))
                jump = replace(state, deep=state.deep[1:], found=found), (Note(name, self._figures(state)),)
            case "body_found":
                jump = replace(state, bodies=state.bodies[1:]), (Found(name, 1),)
            case "accounted":
                jump = replace(state, over=True), (Over(name, leaves=bool(state.bodies)),)
            case "given_up":
                jump = self._gives_up(state)
            case _:
                jump = self._at_work(state, name)
        return jump

    def demands(self, state: State) -> Sequence[Demand]:
        """Move people; hands, dogs, machines and crews for the buried; a lookout and experts; cordon, road, fence."""
        return tasks.demands(self.p, state)

    def readings(self, state: State) -> dict[str, float]:
        """People in its way and under it, debris, how near the slope is to failing."""
        return {
            "threatened": float(state.inside),
            "buried": float(state.under),
            "over_houses": state.works.dig,
            "on_road": state.works.road,
            "failing": min(1.0, state.clock / state.fails) if state.phase is Phase.SIGNS and state.fails > 0.0 else 1.0,
            "slides": float(state.count),
        }

    def mode(self, state: State) -> str:
        """latent on signs, growing as it comes, steady while people are under it, declining while work is left, controlled."""
        if state.over:
            return "over"
        if state.phase is not Phase.LYING:
            return "latent" if state.phase is Phase.SIGNS else "growing"
        if state.under or state.inside:
            return "steady"
        return "declining" if state.works.dig or state.works.road else "controlled"

    def footprint(self, state: State) -> Footprint:
        """As far as it comes."""
        return Footprint(state.reach)

    def observe(self, state: State, stream: Stream) -> Sighting:  # noqa: ARG002 - what is judged is wrong alike each time
        """Doors are counted well, volumes badly and wrong alike each time."""
        return tasks.sighting(self.p, state)

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's; slopes need the same anywhere
        """Wardens and experts at once; people moved within the hour; hands, crews and machines by who is under it."""
        return tasks.needs(self.p, sighting)

    # ── what is due ──

    def _due(self, state: State, inputs: Inputs) -> Iterator[Due]:
        """Everything that will happen by itself under these inputs: (seconds, name, index)."""
        effort = inputs.effort
        yield from people.leaving(state)
        if (k := people.next_fetched(state)) >= 0:
            yield kernels.work_done_in(state.houses[k].door - state.moved, effort.get("evacuate", 0.0)), "fetched", k
        match state.phase:
            case Phase.SIGNS:
                left = state.fails - state.clock
                yield slope.fails_in(self.p, left, state.rained, inputs.weather.rain), "slope_fails", 0
            case Phase.MOVING:
                yield state.left, "arrives", 0
            case Phase.LYING:
                yield from self._lying(state, inputs)

    def _lying(self, state: State, inputs: Inputs) -> Iterator[Due]:
        p, effort, works = self.p, inputs.effort, state.works
        if not state.digging:
            yield p.neighbours_from - state.since, "neighbours_dig", 0
        if state.stopped:
            yield state.left, "resumed", 0
        if state.count - 1 < len(state.slides):
            left = state.slides[state.count - 1] - state.clock
            yield slope.again_in(p, left, inputs.weather, state.since), "slide_again", 0
        hands, crews, dug = (
            self._hands(state, effort),
            self._rate(state, effort, "extricate"),
            self._digging(state, effort),
        )
        for k, held in enumerate(state.hands):
            yield kernels.work_done_in(held.left, _share(hands, k, p.hand_face)), "dug_out", k
        for k, held in enumerate(state.found):
            yield kernels.work_done_in(held.left, _share(crews, k, 1.0)), "freed", k
        if state.deep:
            yield kernels.work_done_in(state.deep[0].depth, dug), "found", 0
        if state.bodies and works.dig > 0.0:
            yield kernels.work_done_in(state.bodies[0], dug), "body_found", 0
        elif not state.deep and works.dig > 0.0:
            yield kernels.work_done_in(works.dig, dug), "dug", 0
        for name, left, rate in (
            ("located", works.locate, self._rate(state, effort, "locate")),
            ("road_open", works.road, self._rate(state, effort, "road")),
            ("fenced", works.fence, effort.get("fence", 0.0)),
        ):
            if left > 0.0:
                yield kernels.work_done_in(left, rate), name, 0
        if state.under or works.dig > 0.0:
            yield state.searched_from + p.give_up - state.age, "given_up", 0
        elif not (state.inside or works.road > 0.0 or works.fence > 0.0):
            yield 0.0, "accounted", 0

    # ── rates ──

    def _ticks(self, state: State, inputs: Inputs, dt: float) -> float:
        """By how much the clock of the slope advances."""
        p = self.p
        if state.phase is Phase.SIGNS:
            return slope.driven(p, state.rained, inputs.weather.rain, dt)
        return slope.again(p, inputs.weather, dt, state.since) if state.phase is Phase.LYING else 0.0

    def _rate(self, state: State, effort: dict[str, float], name: str) -> float:
        """The effort at a place of work; none while an alarm keeps everybody off."""
        return 0.0 if state.stopped else effort.get(name, 0.0)

    def _hands(self, state: State, effort: dict[str, float]) -> float:
        """Hands that dig: rescuers, and neighbours who do less."""
        if state.stopped:
            return 0.0
        return effort.get("hands", 0.0) + (self.p.neighbour_worth * state.neighbours if state.digging else 0.0)

    def _digging(self, state: State, effort: dict[str, float]) -> float:
        """Debris (m³/s) that machines take away over houses: carefully, and at random where nobody has listened."""
        rate = self.p.careful * self._rate(state, effort, "dig")
        return rate if state.works.locate <= 0.0 else rate * self.p.unlocated

    def _searched(self, effort: dict[str, float]) -> bool:
        return any(effort.get(name, 0.0) > 0.0 for name in ("dig", "hands", "locate"))

    def _figures(self, state: State) -> dict[str, float]:
        return {"buried": float(state.under), "over_houses": state.works.dig, "threatened": float(state.inside)}

    # ── jumps ──

    def _arrives(self, state: State) -> Jump:
        """It reaches the houses, perhaps a road, perhaps a river."""
        p = self.p
        after, harmed = people.struck(p, state)
        road = slope.on_road(p, state) if state.on_road else 0.0
        works = replace(after.works, road=road, fence=slope.perimeter(p, state) / p.fence_work)
        after = replace(
            after, phase=Phase.LYING, works=works, count=1, clock=0.0, since=0.0, left=0.0,
            digging=p.neighbours_from <= 0.0,
        )  # fmt: skip
        values = {"volume": state.volume, "reach": state.reach, "houses_hit": float(people.hits(after))}
        effects: list[Effect] = [Note("arrives", values | self._figures(after)), *harmed]
        if road:
            effects += [Road(0.0, why="road_blocked"), Note("road_blocked", {"on_road": road})]
        if lake := slope.lake(p, state):
            effects.append(Note("reached_river", lake))
        return after, effects

    def _again(self, state: State, inputs: Inputs) -> Jump:
        """It comes down again: those at work run if somebody keeps a lookout, else they are struck; part of the work is lost."""
        p, more = self.p, 1 + self.p.again_size
        watched = inputs.effort.get("lookout", 0.0) >= p.lookouts
        busy = any(self._rate(state, inputs.effort, name) > 0.0 for name in AT_WORK)
        works = replace(state.works, dig=state.works.dig * more, road=state.works.road * more)
        deep = tuple(replace(held, depth=held.depth * more) for held in state.deep)
        bodies = tuple(depth * more for depth in state.bodies)
        clock = state.slides[state.count - 1]
        after, harmed = people.struck(p, replace(state, works=works, deep=deep, bodies=bodies))
        left = p.pause if state.judged and watched else p.pause_unjudged
        after = replace(after, count=state.count + 1, clock=0.0, since=0.0, stopped=True, left=left)
        effects: list[Effect] = [Note("slide_again", self._figures(after) | {"clock": clock}), *harmed]
        if busy and not watched:
            share = (
                1.0 if state.count == 1 else p.own_watch
            )  # who has seen it come down again keeps one of theirs on watch
            hit = (share * chance for chance in (p.struck_dead, p.struck_red, p.struck_yellow, p.struck_green))
            effects.append(Strike("slide_again", AT_WORK, *hit))
        return after, effects

    def _leaves(self, state: State, name: str, k: int) -> Jump:
        if name == "fetched":
            state = replace(state, moved=max(state.moved, state.houses[k].door))
        after, effects = people.left_home(state, k, "left_home" if name == "left_home" else "moved_out")
        return after, effects if after.inside else (*effects, Note("all_moved"))

    def _at_work(self, state: State, name: str) -> Jump:
        """A piece of work is done, or people begin, or go on."""
        works, effects = state.works, [Note(name, self._figures(state))]
        more: list[Effect] = []
        match name:
            case "neighbours_dig":
                state = replace(state, digging=True)
            case "resumed":
                state = replace(state, stopped=False, left=0.0)
            case "located":
                state = replace(state, works=replace(works, locate=0.0))
            case "dug":
                state = replace(state, works=replace(works, dig=0.0))
            case "road_open":
                state = replace(state, works=replace(works, road=0.0))
                more = [Road(1.0, why=name)]
            case "fenced":
                state = replace(state, works=replace(works, fence=0.0))
        return state, [*effects, *more]

    def _gives_up(self, state: State) -> Jump:
        """Whoever has not been found is missing; machines leave."""
        missing = tuple(held.who.id for held in (*state.hands, *state.found, *state.deep))
        lost = (Harm(missing, Status.MISSING, why="given_up"),) if missing else ()
        works = replace(state.works, dig=0.0, locate=0.0)
        after = replace(state, hands=(), found=(), deep=(), works=works, searched_from=math.inf)
        return after, (*lost, Note("given_up", {"missing": float(len(missing))}))


def _share(effort: float, k: int, face: float) -> float:
    """What of an effort the k-th place of work gets, served in order, each up to its face."""
    return min(face, max(0.0, effort - k * face))


def _without(held: tuple[Held, ...], k: int) -> tuple[Held, ...]:
    return (*held[:k], *held[k + 1 :])
