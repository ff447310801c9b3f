"""Gas leak (燃气泄漏): gas gathers in rooms, cellars and drains until it is found, vented and shut off, or somebody lights it.

The pipe gives what its pressure and its hole allow and empties once its valves are shut; every space fills exactly towards its
own balance; above the explosive limit a clock of its own runs, faster with people and power in it. A rupture in the open may
burn at once or later. Detection and clearing before that moment are the response. Blind to wind over the open leak, to gas that
smells of nothing after long ways through the ground, to how buildings come down (an accident of its own). See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.gas_leak import blasts, flames, rooms, tasks
from models.hazards.gas_leak.parameters import Parameters
from models.hazards.gas_leak.state import Line, Luck, Soul, Space, State
from sim.domain.hazards import (
    Cut,
    Demand,
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
from sim.streams import Stream

__all__ = ["Line", "Luck", "Model", "Parameters", "Soul", "Space", "State"]

Due = tuple[float, str, int]  # seconds from now, event, index of the space
Jump = tuple[State, Sequence[Effect]]

_WHOLE = 1 - 1e-9  # of a rate or a mark: what is missing below this is rounding


class Model:
    """A gas leak; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> Jump:
        """The moment it begins to leak: the pipe, the spaces and people about, what luck everything has."""
        p, around = self.p, scene.around
        ambient = p.sea_level * math.exp(-scene.site.elevation / p.pressure_scale)
        at_once, bears, spares = stream.uniform(), stream.exponential(), stream.exponential()
        misjudged = math.exp(p.seen_error * 2 * stream.normal())
        home = max(p.present_least, around.presence.get("shop" if p.works else "dwelling", 1.0))
        asleep = 0.0 if p.works else around.presence.get("asleep", 0.0)
        spaces = rooms.spaces(p, round(scene.scope["people"] * home), asleep, stream)
        pool = tuple(
            Luck(stream.uniform(), stream.normal(), stream.uniform(), stream.uniform())
            for _ in range(round(p.followed))
        )
        line = rooms.line(p, scene.scope["hole"], scene.weather.temperature, ambient)
        households = scene.scope["households"] * p.cut_times
        there = scene.site.population / p.household
        persons = tuple(Person(soul.id, Status.EXPOSED, s.id) for s in spaces for soul in s.inside)
        state = State(
            line,
            spaces,
            pool,
            mass=line.full * line.tau,
            people_m2=around.density * home,
            outdoors=around.presence.get("outdoors", p.present_least),
            households=households,
            share_left=max(0.0, 1 - households / there) if there > 0.0 else 0.0,
            at_once=at_once < p.at_once,
            bears=bears,
            spares=spares,
            misjudged=misjudged,
            valve=p.valve,
            sampling=p.sampling if any(not s.found for s in spaces) else math.inf,
            venting=p.venting,
            dark=p.dark,
            repair=p.repair + p.relight * households,
            on_road=bool(scene.site.link),
        )
        return state, (Involve(persons),) if persons else ()

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """The leak `dt` seconds later: the line, gas in every space, clocks, work and people led away."""
        p, effort, line = self.p, inputs.effort, state.line
        feed = 0.0 if state.is_shut else line.feed
        mass = state.mass if state.dry else kernels.first_order(state.mass, feed, 1 / line.tau, dt)
        moving = effort.get("moving", 0.0)
        k = tasks.to_clear(state)
        zone = flames.in_danger(p, state) if k is None and not (state.burning or state.dry) else 0.0
        return replace(
            state,
            age=state.age + dt,
            mass=mass,
            released=state.released + (0.0 if state.dry else feed * dt + state.mass - mass),
            spaces=tuple(rooms.later(p, state, space, dt, inputs.weather) for space in state.spaces),
            used=state.used + self._open_clock(state, inputs) * dt,
            warmed=state.warmed + self._house_clock(state, inputs) * dt,
            valve=kernels.work_left(state.valve, effort.get("valve", 0.0), dt),
            sampling=kernels.work_left(state.sampling, effort.get("sampling", 0.0), dt),
            venting=kernels.work_left(state.venting, self._venting(state, inputs), dt),
            dark=kernels.work_left(state.dark, effort.get("power_off", 0.0), dt),
            repair=kernels.work_left(state.repair, self._repairing(state, inputs), dt),
            led=state.led + (moving * dt if k is not None else 0.0),
            zone_led=state.zone_led + min(zone, moving * dt),
        )

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The soonest of all that may happen by itself."""
        if state.over:
            return math.inf, ""
        due = min(self._due(state, inputs), default=(math.inf, "", 0))
        return max(0.0, due[0]), due[1]

    def fire(self, state: State, name: str, inputs: Inputs) -> Jump:
        """The jump at that event, in the space that is due."""
        k = min((due for due in self._due(state, inputs) if due[1] == name), default=(0.0, name, -1))[2]
        jump: Jump
        match name:
            case "gas_back":
                jump = self._ends(state)
            case "shut_off":
                cut = Cut("gas", state.share_left, why=name)
                jump = replace(state, valve=0.0, shut=state.age), (Note(name, {"released": state.released}), cut)
            case "line_empty":  # what is left in it has no pressure any more
                jump = replace(state, dry=True, burning=False), (Note(name, {"released": state.released}),)
            case "ignites":
                jump = self._ignites(state)
            case "explodes":
                jump = blasts.explodes(self.p, state, k)
            case "houses_alight":
                people = state.people_m2 * math.pi * flames.radius(state) ** 2
                jump = replace(state, alight=True, warmed=state.spares), (Note(name, {"people": people}),)
            case "building_cleared":
                jump = self._cleared(state, k)
            case _:
                jump = self._at_work(state, name, k)
        return jump

    def demands(self, state: State) -> Sequence[Demand]:
        """See `tasks.demands`; most urgent first."""
        return sorted(tasks.demands(self.p, state), key=lambda demand: (demand.priority, demand.id))

    def readings(self, state: State) -> dict[str, float]:
        """The leak, the worst concentration, spaces that may explode, people inside, how far it is dangerous."""
        return tasks.readings(self.p, state)

    def mode(self, state: State) -> str:
        """growing while it leaks unlit, steady while it burns, declining once shut, controlled when no gas is left."""
        if state.over:
            return "over"
        if tasks.clean(self.p, state):
            return "controlled"
        if state.is_shut:
            return "declining"
        return "steady" if state.burning else "growing"

    def footprint(self, state: State) -> Footprint:
        """As far as a fire of the present flow is deadly."""
        return Footprint(flames.radius(state))

    def observe(self, state: State, stream: Stream) -> Sighting:
        """See `tasks.seen`."""
        return Sighting(figures=tasks.seen(self.p, state, stream))

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's; the figures say it all
        """See `tasks.needs`."""
        return list(tasks.needs(self.p, sighting.figures)) if sighting.figures else []

    # ── effort ──

    def _venting(self, state: State, inputs: Inputs) -> float:
        return inputs.effort.get("venting", 0.0) if tasks.to_vent(self.p, state) is not None else 0.0

    def _repairing(self, state: State, inputs: Inputs) -> float:
        return inputs.effort.get("repair", 0.0) if tasks.clean(self.p, state) else 0.0

    def _open_clock(self, state: State, inputs: Inputs) -> float:
        """How fast the clock of ignition in the open runs: slower behind a cordon and under a curtain of water."""
        if state.burning or state.dry:
            return 0.0
        p, effort = self.p, inputs.effort
        cordoned = p.cordoned if effort.get("cordon", 0.0) > 0.0 else 1.0
        return p.open_clock * cordoned * (p.watered if effort.get("water", 0.0) > 0.0 else 1.0)

    def _house_clock(self, state: State, inputs: Inputs) -> float:
        """How fast the houses around a fire come to catch fire; not while they are cooled."""
        if not state.burning or state.alight or flames.radius(state) <= self.p.stay_far:
            return 0.0
        cooled = inputs.effort.get("water", 0.0) >= tasks.water(self.p, state) * _WHOLE
        return 0.0 if cooled else self.p.house_clock

    # ── what is due ──

    def _due(self, state: State, inputs: Inputs) -> Iterator[Due]:
        """Everything that will happen by itself under these inputs: (seconds, name, index)."""
        p, effort = self.p, inputs.effort
        if state.at_once and not state.dry:
            yield 0.0, "ignites", 0
        if (rate := self._open_clock(state, inputs)) > 0.0:
            yield kernels.work_done_in(state.bears - state.used, rate), "ignites", 0
        if (rate := self._house_clock(state, inputs)) > 0.0:
            yield kernels.work_done_in(state.spares - state.warmed, rate), "houses_alight", 0
        for k, space in enumerate(state.spaces):
            yield from self._space_due(state, k, space, inputs)
        yield from self._pipe_due(state, effort)
        if state.sampling < math.inf:
            yield kernels.work_done_in(state.sampling, effort.get("sampling", 0.0)), "space_found", 0
        if (k_vent := tasks.to_vent(p, state)) is not None:
            yield kernels.work_done_in(state.venting, self._venting(state, inputs)), "vented", k_vent
        if not state.powerless:
            yield kernels.work_done_in(state.dark, effort.get("power_off", 0.0)), "power_cut", 0
        if (k_clear := tasks.to_clear(state)) is not None:
            left = tasks.people_of(state.spaces[k_clear]) - state.led
            yield kernels.work_done_in(left, effort.get("moving", 0.0)), "building_cleared", k_clear
        elif not (state.burning or state.dry) and (left := flames.in_danger(p, state)) > 0.0:
            yield kernels.work_done_in(left, effort.get("moving", 0.0)), "zone_cleared", 0
        if tasks.clean(p, state):
            yield kernels.work_done_in(state.repair, self._repairing(state, inputs)), "gas_back", 0

    def _pipe_due(self, state: State, effort: dict[str, float]) -> Iterator[Due]:
        p, line = self.p, state.line
        if not state.is_shut:
            yield kernels.work_done_in(state.valve, effort.get("valve", 0.0)), "shut_off", 0
            return
        if not state.dry:
            rest = p.run_empty * line.full * line.tau
            gone = 0.0 if state.mass <= rest else kernels.first_order_reaches(state.mass, 0.0, 1 / line.tau, rest)
            yield gone, "line_empty", 0
        if state.seeps:
            yield state.shut + p.seeps_for - state.age, "seepage_over", 0

    def _space_due(self, state: State, k: int, space: Space, inputs: Inputs) -> Iterator[Due]:
        p = self.p
        if state.seeps and not (space.gone or space.there):
            yield space.arrives - state.age, "gas_arrives", k
        if (rate := rooms.ignition(p, state, space)) > 0.0:
            yield kernels.work_done_in(space.bears - space.used, rate), "explodes", k
        gain, loss = rooms.gain(state, space), rooms.exchange(p, space, inputs.weather)
        for mark, name in rooms.threshold(p, space):
            up = name != "below_limit"
            passed = space.gas >= mark if up else space.gas <= mark
            rises = gain > loss * mark if up else gain < loss * mark
            if rises:
                yield 0.0 if passed else kernels.first_order_reaches(space.gas, gain, loss, mark), name, k
        if space.gas > p.safe and gain < loss * p.safe:
            yield kernels.first_order_reaches(space.gas, gain, loss, p.safe), "space_clean", k

    # ── jumps ──

    def _ends(self, state: State) -> Jump:
        """Gas is back; whoever is still in a building may stay."""
        inside = tuple(soul.id for space in state.spaces for soul in space.inside)
        effects: list[Effect] = [Harm(inside, Status.SAFE, why="danger_past")] if inside else []
        if state.on_road and state.blasts:
            effects.append(Road(1.0, why="gas_back"))
        spaces = tuple(replace(space, inside=()) for space in state.spaces)
        return replace(state, over=True, repair=0.0, spaces=spaces), [
            *effects,
            Cut("gas", 1.0, why="gas_back"),
            Over("gas_back"),
        ]

    def _ignites(self, state: State) -> Jump:
        """The leak in the open catches fire: whoever is near is burnt, and nothing more goes into the ground."""
        hurt, homes = flames.strikes(self.p, state)
        figures = {"rate": state.rate, "radius": flames.radius(state)}
        effects: list[Effect] = [Note("ignites", figures), *hurt]
        if homes:
            effects.append(Note("houses_alight", {"people": homes}))
        state = replace(state, burning=True, at_once=False, used=state.bears, alight=state.alight or homes > 0.0)
        return state, effects

    def _cleared(self, state: State, k: int) -> Jump:
        """Nobody is left in a building."""
        space = state.spaces[k]
        names = tuple(soul.id for soul in space.inside)
        moved = state.moved + tasks.people_of(space)
        state = _with(state, k, replace(space, inside=(), others=0.0, emptied=True))
        return replace(state, led=0.0, moved=moved), (Harm(names, Status.SAFE, why="led_out"),) if names else ()

    def _at_work(self, state: State, name: str, k: int) -> Jump:
        """What happens to one space, or to work; a mark that is passed is set onto it."""
        p, effects = self.p, list[Effect]()
        space = state.spaces[k] if 0 <= k < len(state.spaces) else None
        match name:
            case "smelt" if space:
                goes = tuple(soul.id for soul in space.inside if soul.awake and soul.nose < p.goes)
                stays = tuple(soul for soul in space.inside if soul.id not in goes)
                state = _with(state, k, replace(space, smelt=True, gas=max(space.gas, p.smell), inside=stays))
                effects = [Harm(goes, Status.SAFE, why=name)] if goes else []
            case "above_limit" if space:
                state = _with(state, k, replace(space, rich=True, gas=max(space.gas, p.explosive)))
                effects = [Note(name, {"gas": p.explosive})]
            case "below_limit" if space:
                state = _with(state, k, replace(space, rich=False, gas=min(space.gas, p.explosive)))
            case "space_clean":
                there = p.safe / _WHOLE
                spaces = (replace(s, gas=min(s.gas, p.safe)) if s.gas <= there else s for s in state.spaces)
                state = replace(state, spaces=tuple(spaces))
            case "vented" if space:
                state = replace(_with(state, k, replace(space, vented=True)), venting=p.venting)
            case "gas_arrives" if space:
                state = _with(state, k, replace(space, there=True))
            case "space_found":
                k = next(k for k, s in enumerate(state.spaces) if not s.found)
                state = _with(state, k, replace(state.spaces[k], found=True))
                state = replace(state, sampling=p.sampling if tasks.hidden(state) else math.inf)
                effects = [Note(name, {"gas": state.spaces[k].gas, "distance": state.spaces[k].distance})]
            case "power_cut":
                state, effects = replace(state, powerless=True, dark=0.0), [Note(name)]
            case "seepage_over":
                state = replace(state, seeps=False)
            case "zone_cleared":
                state = replace(state, zone_led=state.zone_led + flames.in_danger(p, state))
        return state, effects


def _with(state: State, k: int, space: Space) -> State:
    return replace(state, spaces=(*state.spaces[:k], space, *state.spaces[k + 1 :]))
