"""Special-equipment accident (特种设备事故): lifts, cableways, rides, boilers, pressure vessels, cranes.

People held up are released car by car, by mechanics, by an auxiliary drive that may or may not run, or by rope, while cold and
time use up what each endures. What bursts harms by blast, steam and fragments in its first moment; what falls pins people, who are
freed faster with a crane. Blind to fires that follow (cascades), to the rescuers' own risk at height. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.special_equipment import bursting
from models.hazards.special_equipment import people as crowd
from models.hazards.special_equipment.bursting import Burst
from models.hazards.special_equipment.parameters import Parameters
from models.hazards.special_equipment.state import Caught, Rider, State, Unit
from models.physics import blast
from sim.domain.hazards import (
    Demand,
    DemandKind,
    Effect,
    Footprint,
    Harm,
    Inputs,
    Need,
    Note,
    Over,
    Scene,
    Shock,
    Sighting,
)
from sim.domain.people import Status
from sim.domain.places import Site, Weather
from sim.streams import Stream
from sim.units import DAY

__all__ = ["Burst", "Caught", "Model", "Parameters", "Rider", "State", "Unit"]

Due = tuple[float, str, int]  # seconds from now, event, index of the unit or person
Jump = tuple[State, Sequence[Effect]]

WORK, HOLD, SERVICE = DemandKind.WORK, DemandKind.HOLD, DemandKind.SERVICE


class Model:
    """A special-equipment accident; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> Jump:
        """The first moment: who is hurt, who is held up, what must be made safe."""
        p = self.p
        drive_luck = stream.uniform()
        ambient = blast.air_pressure(p.sea_level, p.pressure_scale, scene.site.elevation)
        burst = bursting.burst(p, scene.scope["volume"], ambient) if p.bursts else None
        found = crowd.muster(p, scene, burst, ambient, stream)
        units = crowd.units(p, found.riders, scene)
        wrecked = bool(p.bursts or p.falls)
        isolate = p.isolate_wreck if wrecked else p.isolate
        second = scene.calendar.hour_at(scene.begins) * 3600.0
        state = State(
            units, tuple(found.pinned), tuple(found.buried),
            p.drive if p.driven and units else math.inf, drive_luck < p.drive_works, p.search if wrecked else math.inf,
            isolate, isolate, p.line_time / max(1, len(units)), not p.dawn <= second < p.dusk, self._light(second),
            burst.tnt if burst else 0.0, wrecked, found.killed(), scene.weather,
        )  # fmt: skip
        name = "burst" if p.bursts else "falls" if p.falls else "stopped"
        values = {"people": float(len(found.persons)), "tnt": state.tnt, "held": float(len(state.riders))}
        if burst:
            values |= {"steam": burst.steam, "flashed": burst.flashed}
        return state, [*found.effects(), Note(name, values), *self._shocks(scene, burst, ambient)]

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """Work and the clocks of cold and time `dt` seconds later."""
        p, effort = self.p, inputs.effort
        cold = kernels.clock_used(state.age, dt, p.cold_shape, p.cold_scale, self._cold_factor(inputs.weather))
        return replace(
            state,
            units=tuple(
                replace(unit, left=kernels.work_left(unit.left, self._emptying(state, inputs, k), dt))
                for k, unit in enumerate(state.units)
            ),
            pinned=tuple(_worked(who, self._freeing(effort, k), dt) for k, who in enumerate(state.pinned)),
            buried=tuple(_worked(who, _share(effort.get("dig_out", 0.0), k), dt) for k, who in enumerate(state.buried)),
            drive=kernels.work_left(state.drive, self._driving(inputs), dt),
            search=kernels.work_left(state.search, effort.get("search", 0.0), dt),
            isolate=kernels.work_left(state.isolate, effort.get("isolate", 0.0), dt),
            light_left=state.light_left - dt,
            comes_in=state.comes_in - dt,
            cold=state.cold + cold,
            wear=state.wear + kernels.clock_used(state.age, dt, p.worn_shape, p.worn_scale, 1.0),
            age=state.age + dt,
            weather=inputs.weather,
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
            case "released" | "lowered" | "driven_in":
                jump: Jump = self._emptied(state, k, name)
            case "froze" | "worn_out":
                jump = self._dies(state, k, name)
            case "freed":
                who, pinned = state.pinned[k], state.pinned[:k] + state.pinned[k + 1 :]
                jump = replace(state, pinned=pinned), (Harm((who.id,), Status.WAITING, who.triage, name),)
            case "dug_out":
                who, buried = state.buried[k], state.buried[:k] + state.buried[k + 1 :]
                jump = replace(state, buried=buried), (Harm((who.id,), Status.WAITING, who.triage, name),)
            case "safe_again":
                jump = replace(state, over=True), (Over(name),)
            case _:
                jump = self._at_large(state, name)
        return jump

    def demands(self, state: State) -> Sequence[Demand]:
        """Releasing cars, the drive, ropes; freeing, lifting, digging; search, making safe, a cordon."""
        p = self.p
        found = []
        if state.units:
            number = float(len(state.units))  # a queue, not an amount of work: the drive may bring some in
            if p.roped:
                face = min(p.rope_face, number)
                found.append(Demand("ropes", SERVICE, "ROPE", number, face, p.rope_set_up, 2))
            else:
                found.append(Demand("release", SERVICE, "LIFT", number, number, p.release_set_up, 1))
            if state.drive < math.inf:
                found.append(Demand("drive", WORK, "LIFT", state.drive, 1.0, p.release_set_up, 1))
        if state.pinned:
            work = math.fsum(caught.left for caught in state.pinned)
            face = min(p.free_face, float(len(state.pinned)))
            found.append(Demand("free", WORK, "RESCUE_CUT", work, face, priority=1))
            if p.falls:
                found.append(Demand("lift", HOLD, "CRANE", p.cranes, p.cranes, p.crane_set_up, 1, wears=False))
        if state.buried:
            work = math.fsum(caught.left for caught in state.buried)
            face = min(p.dig_out_face, float(len(state.buried)))
            found.append(Demand("dig_out", WORK, "USAR", work, face, priority=1))
        if state.search < math.inf:
            found.append(Demand("search", WORK, "USAR", state.search, p.search_face, priority=3))
        if state.isolate < math.inf:
            found.append(Demand("isolate", WORK, "LIFT", state.isolate, p.isolate_face, priority=3))
        if state.wrecked or p.aloft:
            points = p.points_wreck if state.wrecked else p.points
            found.append(Demand("cordon", HOLD, "CORDON", points, priority=5, wears=False))
        return sorted(found, key=_urgency)

    def readings(self, state: State) -> dict[str, float]:
        """People and cars held up, people under it, what cold has used, what is to be done."""
        p = self.p
        used = max((state.cold / rider.bears_cold for rider in state.riders), default=0.0)
        return {
            "held": float(len(state.riders)),
            "units": float(len(state.units)),
            "caught": float(len(state.pinned) + len(state.buried)),
            "cold": used,
            "pace": crowd.chill(p, state.weather),
            "tnt": state.tnt,
            "lost": float(state.killed),
            "to_do": _open(state.isolate) / state.isolate_all,
        }

    def mode(self, state: State) -> str:
        """steady while people are held or caught, declining while it is made safe, over."""
        if state.over:
            return "over"
        return "steady" if state.units or state.pinned or state.buried else "declining"

    def footprint(self, state: State) -> Footprint:
        """Fragments fly no farther once it has burst; the place itself is shut."""
        return Footprint(self.p.attended_within if state.wrecked else 0.0)

    def observe(self, state: State, stream: Stream) -> Sighting:
        """Cars and cabins are counted exactly, the people in them roughly; who is under it is guessed."""
        p = self.p
        error = math.exp(p.seen_error * stream.normal())
        held = len(state.riders)
        buried = len(state.buried)
        return Sighting(
            figures={
                "held": max(float(min(1, held)), round(held * error)),
                "units": float(len(state.units)),
                "roped": float(bool(p.roped and state.units)),
                "driven": float(state.drive < math.inf and bool(state.units)),
                "pinned": float(len(state.pinned)),
                "buried": max(float(min(1, buried)), round(buried * error)),
                "lifts": float(bool(p.falls and state.pinned)),
                "to_search": _open(state.search),
                "to_secure": _open(state.isolate),
                "radius": p.points_wreck if state.wrecked else p.points if p.aloft and state.units else 0.0,
                "aloft_for": state.age if p.aloft and state.units else 0.0,
                "burst": p.bursts,
                "overturned": p.falls,
            }
        )

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's; equipment needs the same anywhere
        """Mechanics by cars, rope crews by cabins, cutting crews and a crane for those pinned, crews for the buried."""
        p, seen = self.p, sighting.figures
        if not seen:
            return ()
        crews = math.ceil(seen["units"] / p.units_per_crew)
        by_car = 0.0 if seen["roped"] else crews
        mechanics = max(by_car, seen["driven"], float(seen["to_secure"] > 0.0))
        caught = math.ceil(seen["buried"] / p.crew_serves)
        wanted = {
            ("LIFT", 1): mechanics,
            ("ROPE", 1): min(p.rope_face, crews) if seen["roped"] else 0.0,
            ("RESCUE_CUT", 1): min(p.free_face, math.ceil(seen["pinned"] / p.crew_serves)),
            ("CRANE", 1): p.cranes * seen["lifts"],
            ("USAR", 1): min(p.dig_out_face, max(caught, float(seen["to_search"] > 0.0))),
            ("CORDON", 4): seen["radius"] if seen["to_secure"] or seen["units"] else 0.0,
        }
        return tuple(Need(what, float(amount), first) for (what, first), amount in wanted.items() if amount > 0.0)

    # ── what is due ──

    def _due(self, state: State, inputs: Inputs) -> Iterator[Due]:
        """Everything that will happen by itself under these inputs: (seconds, name, index)."""
        p, effort = self.p, inputs.effort
        emptied = "lowered" if p.roped else "released"
        for k, unit in enumerate(state.units):
            yield kernels.work_done_in(unit.left, self._emptying(state, inputs, k)), emptied, k
        yield from self._dying(state, inputs)
        for k, caught in enumerate(state.pinned):
            yield kernels.work_done_in(caught.left, self._freeing(effort, k)), "freed", k
        for k, caught in enumerate(state.buried):
            yield kernels.work_done_in(caught.left, _share(effort.get("dig_out", 0.0), k)), "dug_out", k
        if state.units:
            if state.drive < math.inf:
                name = "drive_runs" if state.drive_runs else "drive_fails"
                yield kernels.work_done_in(state.drive, self._driving(inputs)), name, 0
            yield state.comes_in, "driven_in", len(state.units) - 1
            if p.roped:
                yield state.light_left, "light_changes", 0
        if state.search < math.inf:
            yield kernels.work_done_in(state.search, effort.get("search", 0.0)), "searched", 0
        if state.isolate < math.inf:
            yield kernels.work_done_in(state.isolate, effort.get("isolate", 0.0)), "isolated", 0
        if not (state.units or state.pinned or state.buried) and state.search == state.isolate == math.inf:
            yield 0.0, "safe_again", 0

    def _dying(self, state: State, inputs: Inputs) -> Iterator[Due]:
        """When cold, or thirst and heat, have used up what the weakest endures."""
        p, riders = self.p, state.riders
        if not riders:
            return
        factor = self._cold_factor(inputs.weather)
        k = min(range(len(riders)), key=lambda k: riders[k].bears_cold)
        left = riders[k].bears_cold - state.cold
        yield kernels.clock_rings_in(left, state.age, p.cold_shape, p.cold_scale, factor), "froze", k
        k = min(range(len(riders)), key=lambda k: riders[k].bears_wear)
        left = riders[k].bears_wear - state.wear
        yield kernels.clock_rings_in(left, state.age, p.worn_shape, p.worn_scale, 1.0), "worn_out", k

    # ── how work goes ──

    def _emptying(self, state: State, inputs: Inputs, k: int) -> float:
        """The crew at the k-th car: mechanics, or a rope crew as fast as wind and darkness let it be."""
        p = self.p
        if not p.roped:
            return _share(inputs.effort.get("release", 0.0), k)
        windy = (p.rope_gale - inputs.weather.wind) / (p.rope_gale - p.rope_calm)
        seen = p.rope_dark if state.dark else 1.0
        return _share(inputs.effort.get("ropes", 0.0), k) * min(1.0, max(0.0, windy)) * seen

    def _driving(self, inputs: Inputs) -> float:
        """Mechanics at the auxiliary drive, the operator's own at least; without outside power it is slower to start."""
        power = max(self.p.drive_own, inputs.service("power")) if not self.p.dead_drive else self.p.drive_own
        return max(self.p.staff, inputs.effort.get("drive", 0.0)) * power

    def _freeing(self, effort: dict[str, float], k: int) -> float:
        """The crew at the k-th who is pinned; slower under a load that no crane holds."""
        p, crew = self.p, _share(effort.get("free", 0.0), k)
        if not p.falls:
            return crew
        lifted = min(1.0, effort.get("lift", 0.0) / p.cranes)
        return crew * (p.free_bare + (1 - p.free_bare) * lifted)

    def _cold_factor(self, weather: Weather) -> float:
        """The clock of cold runs `chill` times as fast: its hazard by that to the power of its shape."""
        return float(crowd.chill(self.p, weather) ** self.p.cold_shape)

    def _light(self, second: float) -> float:
        """Seconds until it grows light or dark."""
        p = self.p
        return min((p.dawn - second) % DAY or DAY, (p.dusk - second) % DAY or DAY)

    def _shocks(self, scene: Scene, burst: Burst | None, ambient: float) -> Iterator[Shock]:
        """The blast as it reaches the towns near by."""
        p = self.p
        curve = blast.Curve(p.kg_peak, p.kg_bend, p.kg_near, p.kg_middle, p.kg_far)
        for town in scene.around.settlements if burst else ():
            pressure = blast.overpressure(curve, max(town.distance, p.plant), burst.tnt if burst else 0.0, ambient)
            if pressure >= p.shock_least:
                yield Shock("blast", town.code, {"overpressure": pressure, "distance": town.distance})

    # ── jumps ──

    def _emptied(self, state: State, k: int, name: str) -> Jump:
        """A car is empty; the last one is told."""
        units = state.units[:k] + state.units[k + 1 :]
        effects: list[Effect] = list(crowd.down(self.p, state.units[k].riders, state.cold, state.wear, name))
        comes_in = state.apart if name == "driven_in" else state.comes_in
        if not units:
            effects.append(Note("all_down", {"after": state.age}))
        return replace(state, units=units, comes_in=comes_in if units else math.inf), effects

    def _dies(self, state: State, k: int, name: str) -> Jump:
        """Somebody's endurance is used up; the clock is set onto it."""
        gone = state.riders[k]
        units = tuple(
            replace(unit, riders=tuple(rider for rider in unit.riders if rider is not gone)) for unit in state.units
        )
        if name == "froze":
            state = replace(state, cold=max(state.cold, gone.bears_cold))
        else:
            state = replace(state, wear=max(state.wear, gone.bears_wear))
        state = replace(state, units=units, killed=state.killed + 1)
        return state, (Harm((gone.id,), Status.DEAD, why=name),)

    def _at_large(self, state: State, name: str) -> Jump:
        """What concerns the equipment as a whole."""
        match name:
            case "drive_runs":
                state = replace(state, drive=math.inf, comes_in=state.apart)
            case "drive_fails":
                state = replace(state, drive=math.inf)
            case "light_changes":
                dark = not state.dark
                left = (self.p.dawn - self.p.dusk) % DAY if dark else (self.p.dusk - self.p.dawn) % DAY
                return replace(state, dark=dark, light_left=left + state.light_left), ()
            case "searched":
                state = replace(state, search=math.inf)
            case "isolated":
                state = replace(state, isolate=math.inf)
        return state, (Note(name, {"held": float(len(state.riders))}),)


def _share(crews: float, k: int) -> float:
    """What of the crews falls to the k-th: one each, the first served first."""
    return min(1.0, max(0.0, crews - k))


def _open(work: float) -> float:
    """Work that is left; none where it is done or there never was any."""
    return work if work < math.inf else 0.0


def _worked(who: Caught, crew: float, dt: float) -> Caught:
    return replace(who, left=kernels.work_left(who.left, crew, dt)) if crew > 0.0 else who


def _urgency(demand: Demand) -> tuple[int, str]:
    return demand.priority, demand.id
