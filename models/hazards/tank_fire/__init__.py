"""Tank fire and explosion (危化品储罐火灾爆炸): a race between heat on the walls of vessels and the water that reaches them.

Leaks lie unlit or burn, tanks burn, all by exact rates; every vessel under heat uses up Landucci's time to failure, each with a
luck of its own, unless its wall is cooled; foam puts out what foam can, if it is kept on long enough without a break. What fails
bursts or catches fire and heats the rest. Crews are withdrawn when a vessel is judged to be near its end; who stays is struck.
Blind to the plume of smoke, to pipes inside the works, to tanks floating up in their bunds. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.tank_fire import bursts, failing, tanks, tasks
from models.hazards.tank_fire import people as near
from models.hazards.tank_fire.parameters import Parameters
from models.hazards.tank_fire.state import Fire, Group, Kind, Lying, Soul, State, Vessel
from models.physics import blast
from sim.domain.hazards import (
    Demand,
    Effect,
    Footprint,
    Harm,
    Inputs,
    Need,
    Note,
    Over,
    Road,
    Scene,
    Sighting,
)
from sim.domain.people import Status
from sim.domain.places import Site
from sim.streams import Stream
from sim.units import DAY

__all__ = ["Fire", "Group", "Kind", "Lying", "Model", "Parameters", "Soul", "State", "Vessel"]

Due = tuple[float, str, int]  # seconds from now, event, index of the vessel, fire or group
Jump = tuple[State, Sequence[Effect]]

_NEVER = 30 * DAY  # what "it will not fail" looks like in a reading


class Model:
    """A tank fire; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> Jump:
        """The first moment: the vessels, what burns or leaks, who is hit, who is near, what luck everything has."""
        p = self.p
        row = math.degrees(math.tau * stream.uniform())
        misjudged, lucky = math.exp(p.misjudged * stream.normal()), stream.uniform()
        sparks = tuple(stream.exponential() for _ in range(tanks.MOST))
        vessels = tanks.vessels(p, scene.scope["mass"], stream)
        fires = tanks.first_fires(p, vessels, sparks)
        vessels = tuple(failing.alight(p, vessel, k, fires) for k, vessel in enumerate(vessels))
        ambient = blast.air_pressure(p.sea_level, p.pressure_scale, scene.site.elevation)
        danger = bursts.danger(p, vessels, ambient)
        staff, down, effects = near.workers(p, scene, stream)
        reach = danger if danger > p.danger_flash else 0.0
        around, more = near.residents(p, scene, reach, stream)
        on_road = bool(scene.site.link and p.blocks_road)
        state = State(
            vessels, fires, (*staff, *around), tuple(down), (), p.search, p.secure, p.dike, row, ambient, danger, misjudged,
            tuple((town.code, town.distance) for town in scene.around.settlements),
            max(p.bund_least, p.bund * vessels[0].volume), p.fixed_after, scene.weather,
            fixed_due=lucky < p.fixed_works, on_road=on_road, around=near.living(p, scene, reach),
            evac_left=float(len(around[0].people)) if around else 0.0,
        )  # fmt: skip
        effects += more
        effects.append(Note("first_moment", {"content": tanks.fuel(state), "danger": danger}))
        if on_road:
            effects.append(Road(p.road_slowed, why="tank_fire"))
        return state, effects

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """The works `dt` seconds later: heat on walls, foam on fires, vapour, water, people on their way out."""
        p, effort = self.p, inputs.effort
        water, agent = tanks.flows(p, state, inputs)
        draining = (1 - p.evaporates) * (water + agent)
        return replace(
            state,
            vessels=tuple(self._heated(state, k, dt, inputs) for k in range(len(state.vessels))),
            fires=tuple(self._burning(state, fire, dt, inputs) for fire in state.fires),
            down=_worked(state.down, effort.get("bring_out", 0.0), dt),
            buried=_worked(state.buried, effort.get("dig_out", 0.0), dt),
            search=kernels.work_left(state.search, effort.get("search", 0.0), dt),
            secure=kernels.work_left(state.secure, effort.get("secure", 0.0), dt),
            dike=kernels.work_left(state.dike, effort.get("dike", 0.0), dt),
            evac_left=kernels.work_left(state.evac_left, effort.get("evacuation", 0.0), dt),
            fixed_next=state.fixed_next - dt,
            weather=inputs.weather,
            age=state.age + dt,
            water=draining,
            cooling=water,
            agent=agent,
            runoff=state.runoff + draining * dt,
        )

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The soonest of all that may happen by itself."""
        if state.over:
            return math.inf, ""
        due = min(self._due(state, inputs), default=(math.inf, "", 0))
        return max(0.0, due[0]), due[1]

    def fire(self, state: State, name: str, inputs: Inputs) -> Jump:
        """The jump at that event, at the vessel, fire or group that is due."""
        p = self.p
        k = min((due for due in self._due(state, inputs) if due[1] == name), default=(0.0, name, 0))[2]
        match name:
            case "bleve" | "store_explodes" | "domino":
                jump: Jump = failing.fails(p, state, k, name)
            case "ignition":
                jump = failing.ignites(p, state, k)
            case "boil_over":
                jump = failing.boils_over(p, state, k)
            case "isolated" | "extinguished" | "burnt_out" | "outside_over" | "full_surface" | "foam_broken":
                jump = failing.of_fire(p, state, k, name)
            case "left" | "fled" | "moved":
                jump = self._goes(state, k, name)
            case "brought_out" | "burns" | "dug_out":
                jump = self._lying(state, k, name)
            case "withdraw":
                jump = failing.withdraws(p, state, k)
            case "walls_cool":
                jump = failing.cooled(p, state)
            case "all_clear":
                souls = tuple(soul.id for group in state.groups for soul in group.people)
                jump = replace(state, groups=(), evac_left=0.0), (Note(name), Harm(souls, Status.SAFE, why=name))
            case "secured" | "end_of_danger":
                open_again = (Road(1.0, why="tank_fire_over"),) if state.on_road else ()
                jump = replace(state, over=True, fires=(), water=0.0, cooling=0.0, agent=0.0), (*open_again, Over(name))
            case _:
                jump = self._at_large(state, name)
        return jump

    def demands(self, state: State) -> Sequence[Demand]:
        """Water on walls, foam, leaks to be shut, people to be got out and moved, run-off, search, making safe."""
        return tasks.demands(self.p, state)

    def readings(self, state: State) -> dict[str, float]:
        """Heat, the race of the worst vessel, water and foam, what is left, people."""
        p = self.p
        standing = [(k, v) for k, v in enumerate(state.vessels) if not v.gone]
        idle = Inputs({}, state.weather)
        fails = [(1 - v.used) / rate for k, v in standing if (rate := tanks.heats(p, state, k, idle)) > 0.0]
        return {
            "heat": math.fsum(fire.heat for fire in state.lit),
            "area": math.fsum(fire.area for fire in state.lit),
            "heated": max((v.used for _, v in standing), default=0.0),
            "wall": max((tanks.wall_temperature(p, state, v) for _, v in standing), default=state.weather.temperature),
            "fails_in": min(_NEVER, min(fails, default=_NEVER)),
            "fuel": tanks.fuel(state),
            "cloud": math.fsum(fire.cloud for fire in state.fires),
            "cooling": state.cooling,
            "cooling_wanted": math.fsum(tanks.wall_water(p, v) for k, v in standing if tanks.under_heat(p, state, k)),
            "agent": state.agent,
            "held": max((fire.held for fire in state.lit), default=0.0),
            "draining": state.water,
            "runoff": state.runoff,
            "lost": float(state.lost),
            "around": state.around,
            "in_danger": float(near.count(state.groups)),
            "caught": float(len(state.down) + len(state.buried)),
            "withdrawn": float(state.withdrawn),
        }

    def mode(self, state: State) -> str:
        """latent while a leak lies unlit, growing while heat uses up a vessel, steady while it burns, controlled, over."""
        if state.over:
            return "over"
        if not state.lit:
            return "latent" if state.fires else "controlled"
        idle = Inputs({}, state.weather)
        threatened = any(tanks.heats(self.p, state, k, idle) > 0.0 for k in range(len(state.vessels)))
        return "growing" if threatened and not state.cooling else "steady"

    def footprint(self, state: State) -> Footprint:
        """The danger radius while anything burns or leaks."""
        return Footprint(state.danger if state.fires else 0.0)

    def observe(self, state: State, stream: Stream) -> Sighting:
        """Sizes are judged by eye, how far a vessel has gone by its signs; people moved are counted."""
        return Sighting(figures=tasks.seen(self.p, state, stream))

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's; tanks need the same anywhere
        """What a duty officer asks for who believes this sighting."""
        return tuple(tasks.needs(self.p, sighting.figures)) if sighting.figures else ()

    # ── what is due ──

    def _due(self, state: State, inputs: Inputs) -> Iterator[Due]:
        """Everything that will happen by itself under these inputs: (seconds, name, index)."""
        p, effort = self.p, inputs.effort
        yield from failing.due(p, state, inputs)
        if state.fixed_due:
            yield state.fixed_next, "fixed_ends" if state.fixed else "fixed_on", 0
        first = next((k for k, group in enumerate(state.groups) if group.resident), -1)
        for k, group in enumerate(state.groups):
            yield group.leaves - state.age, "fled" if group.resident else "left", k
            if k == first:
                yield kernels.work_done_in(state.evac_left, effort.get("evacuation", 0.0)), "moved", k
        for k, lying in enumerate(state.down):
            yield lying.dies - state.age, "burns", k
            yield kernels.work_done_in(lying.left, _crew(effort.get("bring_out", 0.0), k)), "brought_out", k
        for k, lying in enumerate(state.buried):
            yield kernels.work_done_in(lying.left, _crew(effort.get("dig_out", 0.0), k)), "dug_out", k
        if p.pollutes > 0.0 and not state.escaped:
            room = state.bund + (p.pool if math.isinf(state.dike) else 0.0)
            draining = (1 - p.evaporates) * math.fsum(tanks.flows(p, state, inputs))
            yield kernels.work_done_in(room - state.runoff, draining), "runoff_escapes", 0
        if tasks.diking(p, state):
            yield kernels.work_done_in(state.dike, effort.get("dike", 0.0)), "dammed", 0
        if state.fires or state.withdrawn:
            return
        if state.groups:
            yield 0.0, "all_clear", 0
        for left, name in ((state.search, "searched"), (state.secure, "made_safe")):
            if left < math.inf:
                yield kernels.work_done_in(left, effort.get(_TASK[name], 0.0)), name, 0
        hot = any(tanks.under_heat(p, state, k) for k in range(len(state.vessels)))
        if not (hot or state.down or state.buried or state.groups) and state.search == state.secure == math.inf:
            yield 0.0, "secured" if state.lost or state.runoff > 0.0 else "end_of_danger", 0

    # ── the state later ──

    def _heated(self, state: State, k: int, dt: float, inputs: Inputs) -> Vessel:
        """A vessel that heat uses up, that cools down, that feeds a fire."""
        p, vessel = self.p, state.vessels[k]
        burns = math.fsum(fire.burns for fire in state.fires if fire.vessel == k)
        rate = tanks.heats(p, state, k, inputs)
        used = vessel.used + rate * dt if rate > 0.0 else vessel.used
        if (cools := tanks.cools_at(p, state, k, inputs)) > 0.0:
            used = kernels.first_order(vessel.used, 0.0, cools, dt)
        return replace(vessel, used=used, mass=max(0.0, vessel.mass - burns * dt))

    def _burning(self, state: State, fire: Fire, dt: float, inputs: Inputs) -> Fire:
        """A fire or leak: foam holds or breaks off, what feeds it is being shut, vapour gathers, a spark comes nearer."""
        if fire.kind is Kind.OUTSIDE:
            return fire
        p = self.p
        held, gap = fire.held, fire.gap
        if fire.lit and tanks.enough(p, state, fire, inputs):
            held, gap = held + dt, 0.0
        elif fire.lit and held > 0.0:
            gap += dt
        isolate, cloud = fire.isolate, fire.cloud
        if isolate < math.inf:
            isolate = kernels.work_left(isolate, tanks.isolating(p, state, fire, inputs), dt)
        if not fire.lit:
            cloud = kernels.first_order(cloud, *tanks.cloud_flows(p, state, fire, inputs), dt)
        boiled = fire.boiled + dt / fire.boils if fire.boils < math.inf else fire.boiled
        ticked = fire.ticked + tanks.sparks_at(p, state, fire, inputs) * dt
        return replace(fire, held=held, gap=gap, isolate=isolate, cloud=cloud, boiled=boiled, ticked=ticked)

    # ── jumps ──

    def _at_large(self, state: State, name: str) -> Jump:
        """What concerns the works as a whole."""
        p = self.p
        values: dict[str, float] = {"runoff": state.runoff}
        match name:
            case "fixed_on":
                state = replace(state, fixed=p.fixed_cover, fixed_next=p.fixed_lasts)
            case "fixed_ends":
                state = replace(state, fixed=0.0, fixed_due=False)
            case "back_to_work":
                state = replace(state, withdrawn=False)
            case "runoff_escapes":
                values = {"mass": p.pollutes * state.runoff, "volume": state.runoff}
                state = replace(state, escaped=True)
            case "dammed":
                state = replace(state, dike=math.inf)
            case "searched":
                state = replace(state, search=math.inf)
            case "made_safe":
                state = replace(state, secure=math.inf)
        return state, (Note(name, values),)

    def _goes(self, state: State, k: int, name: str) -> Jump:
        """A group is away: by itself, or moved; the next one is then the first to be moved."""
        group = state.groups[k]
        groups = state.groups[:k] + state.groups[k + 1 :]
        first = next((other for other in state.groups if other.resident), None)
        left = state.evac_left
        if group is first:
            left = next((float(len(other.people)) for other in groups if other.resident), 0.0)
        gone = Harm(tuple(soul.id for soul in group.people), Status.SAFE, why=name)
        return replace(state, groups=groups, evac_left=left), (gone,)

    def _lying(self, state: State, k: int, name: str) -> Jump:
        """Somebody is brought out of the fire or dug out of a house, or dies where they lay."""
        if name == "dug_out":
            lying, buried = state.buried[k], state.buried[:k] + state.buried[k + 1 :]
            return replace(state, buried=buried), (Harm((lying.id,), Status.WAITING, near.out_of(lying), name),)
        lying, down = state.down[k], state.down[:k] + state.down[k + 1 :]
        state = replace(state, down=down)
        if name == "burns":
            return state, (Harm((lying.id,), Status.DEAD, why=name),)
        return state, (Harm((lying.id,), Status.WAITING, near.out_of(lying), name),)


_TASK = {"searched": "search", "made_safe": "secure"}


def _crew(effort: float, k: int) -> float:
    """What of the crews falls to the k-th: one each, the first served first."""
    return min(1.0, max(0.0, effort - k))


def _worked(lying: tuple[Lying, ...], effort: float, dt: float) -> tuple[Lying, ...]:
    if effort <= 0.0:
        return lying
    return tuple(replace(who, left=kernels.work_left(who.left, _crew(effort, k), dt)) for k, who in enumerate(lying))
