"""Tailings-pond failure (尾矿库溃坝): signs of danger, a race to lower the pond and clear the valley; then mud.

The dam's hazard rises with time, more slowly as its free water is drawn down and its toe is weighted, faster in rain; it gives way
when a threshold drawn once is used up, or stands and is declared safe. What comes down follows from volume and height; those
who were led out or flee in time are safe, the rest are killed, caught or hurt. Blind to where in the valley houses really stand,
to a second slide, and to mud that fills a reservoir. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.tailings_failure import valley
from models.hazards.tailings_failure.parameters import Parameters
from models.hazards.tailings_failure.state import Flow, State, Village, Villager
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
    Road,
    Roads,
    Scene,
    Sighting,
    Strike,
)
from sim.domain.people import Status
from sim.domain.places import Site
from sim.streams import Stream
from sim.units import HOUR, to_si

__all__ = ["Flow", "Model", "Parameters", "State", "Village", "Villager"]

Due = tuple[float, str, int]  # seconds from now, event, index of the village
Jump = tuple[State, Sequence[Effect]]

WORK, HOLD = DemandKind.WORK, DemandKind.HOLD
_THIRDS = 3


class Model:
    """A tailings pond in danger; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> Jump:
        """The first signs; when the dam would give way, who is below."""
        p = self.p
        nerve = stream.exponential()
        below, effects = valley.villages(p, scene, stream)
        volume, flow = scene.scope["volume"], valley.flow(p, scene)
        water = p.free_water * volume
        towns = tuple(dict.fromkeys(r.code for r in scene.around.river if r.code and r.along <= flow.runout))
        state = State(
            flow, nerve, below, water=water, full=water, toe=p.toe * scene.scope["height"],
            runoff=p.runoff * (flow.volume / p.runoff_volume) ** (2 / 3), towns=towns,
        )  # fmt: skip
        return self._under(state, Inputs({}, scene.weather)), effects

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """The dam and the valley `dt` seconds later."""
        p, effort = self.p, inputs.effort
        state = self._under(state, inputs)
        if state.failed:
            return replace(
                state,
                since=state.since + dt,
                freeing=kernels.work_left(state.freeing, effort.get("search", 0.0), dt),
                debris=kernels.work_left(state.debris, effort.get("dig", 0.0), dt),
                runoff=kernels.work_left(state.runoff, effort.get("runoff", 0.0), dt),
            )
        return replace(
            state,
            used=state.used + kernels.clock_used(state.age, dt, p.creep_shape, p.creep, self._hastens(state, inputs)),
            age=state.age + dt,
            water=kernels.work_left(state.water, state.pumped, dt, state.rain if state.water > 0.0 else 0.0),
            toe=kernels.work_left(state.toe, effort.get("toe", 0.0), dt),
            moved=state.moved + (effort.get("evacuate", 0.0) * dt if state.exposed else 0.0),
            sound_for=state.sound_for + dt if state.sound else 0.0,
        )

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The soonest of all that may happen by itself."""
        if state.over:
            return math.inf, ""
        due = min(self._due(self._under(state, inputs), inputs), default=(math.inf, "", 0))
        return max(0.0, due[0]), due[1]

    def fire(self, state: State, name: str, inputs: Inputs) -> Jump:
        """The jump at that event."""
        p = self.p
        match name:
            case "fails":
                return self._fails(state, inputs)
            case "front_arrives":
                k = min(due for due in self._due(self._under(state, inputs), inputs) if due[1] == name)[2]
                return valley.arrives(p, state, k)
            case "moved_out":
                return valley.led_out(state, 0.0, p.batch)
            case "freed":
                return self._freed(state)
            case "averted" | "accounted":
                return self._ends(state, name)
            case "pond_lower":
                thirds = state.thirds + 1
                state = replace(state, thirds=thirds, water=state.full * (1 - thirds / _THIRDS))
            case "toe_weighted":
                state = replace(state, toe=0.0)
            case "dug":
                state = replace(state, debris=0.0)
            case "runoff_held":
                state = replace(state, runoff=0.0)
        return state, (Note(name, {"water": state.water, "people": float(state.exposed)}),)

    def demands(self, state: State) -> Sequence[Demand]:
        """Before: lower the pond, weight the toe, clear the valley, watch; after: free, dig, hold what runs on."""
        p = self.p
        asked = [Demand("cordon", HOLD, "CORDON", p.cordon, priority=4, wears=False)]
        if not state.failed:
            asked.append(Demand("watch", HOLD, "GEO_MON", p.watchers, priority=2, wears=False))
            if state.exposed:
                people = max(0.0, state.exposed - state.moved)
                asked.append(Demand("evacuate", WORK, "EVAC", people, p.evacuate_face, priority=1))
            if state.water > 0.0:
                asked.append(Demand("lower", WORK, "DRAIN", state.water, p.drain_face, p.drain_set_up, 1, wears=False))
            if state.toe > 0.0:
                asked.append(Demand("toe", WORK, "LABOR", state.toe, p.toe_face, priority=2))
        else:
            if state.caught:
                asked.append(Demand("search", WORK, "USAR", self._to_free(state), p.search_face, priority=1))
            if state.debris > 0.0:
                asked.append(Demand("dig", WORK, "ROAD_CLEAR", state.debris, p.dig_face, priority=2))
            if state.runoff > 0.0:
                asked.append(Demand("runoff", WORK, "LABOR", state.runoff, p.runoff_face, priority=3))
            asked.append(Demand("sampling", HOLD, "ENV_MON", p.samplers, priority=5, wears=False))
        return sorted(asked, key=lambda demand: (demand.priority, demand.id))

    def readings(self, state: State) -> dict[str, float]:
        """The pond, its danger, who is below; the mud, who is in it."""
        return {
            "pond": 0.0 if state.failed else state.water,
            "rained": state.rain if state.water > 0.0 and not state.failed else 0.0,
            "pumped": state.pumped if state.water > 0.0 and not state.failed else 0.0,
            "strained": 0.0 if state.nerve <= 0.0 else min(1.0, state.used / state.nerve) if not state.failed else 1.0,
            "below": float(state.exposed),
            "released": state.flow.volume if state.failed else 0.0,
            "front": state.way,
            "caught": float(len(state.caught)),
            "debris": state.debris,
            "runoff": state.runoff if state.failed else 0.0,
        }

    def mode(self, state: State) -> str:
        """growing while it is in danger, controlled when all is done for it; after it failed declining."""
        if state.over:
            return "over"
        if state.failed:
            return "steady" if state.running else "declining"
        return "controlled" if state.sound else "growing"

    def footprint(self, state: State) -> Footprint:
        """As far as it would run."""
        return Footprint(state.flow.runout)

    def observe(self, state: State, stream: Stream) -> Sighting:
        """People below are known by the register; water and mud by eye."""
        p = self.p
        seen = math.exp(p.look_error * stream.normal())
        return Sighting(
            figures={
                "failed": float(state.failed),
                "threatened": float(state.exposed),
                "water": 0.0 if state.failed else state.water * seen,
                "toe": 0.0 if state.failed else state.toe * seen,
                "caught": float(len(state.caught)),
                "debris": state.debris * seen,
                "runoff": state.runoff * seen if state.failed else 0.0,
            }
        )

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's; ponds need the same anywhere
        """Pumps, hands and buses before; crews, machines and dams after."""
        p, seen = self.p, sighting.figures
        if not seen:
            return ()
        hands = _pace(seen["toe"], p.toe_within, p.hands_least, p.toe_face)
        hands += _pace(seen["runoff"], p.runoff_within, p.hands_least, p.runoff_face)
        crews = math.ceil(min(p.search_face, seen["caught"] / p.crew_frees))
        asked = [
            Need("CORDON", p.cordon, 3),
            Need("GEO_MON", 0.0 if seen["failed"] else p.watchers, 2),
            Need("EVAC", _pace(seen["threatened"], p.evacuate_within, p.buses_least, p.evacuate_face), 1),
            Need("DRAIN", _pace(seen["water"], p.drain_within, p.pumps_least, p.drain_face), 1),
            Need("LABOR", hands, 1),
            Need("USAR", crews, 1),
            Need("ROAD_CLEAR", _pace(seen["debris"], p.dig_within, p.machines_least, p.dig_face), 1),
            Need("ENV_MON", p.samplers * seen["failed"], 3),
        ]
        return [need for need in asked if need.amount > 0.0]

    # ── inputs ──

    def _under(self, state: State, inputs: Inputs) -> State:
        """The state with rain and pumps as they are."""
        p = self.p
        rain = p.catchment * p.rain_caught * to_si(inputs.weather.rain, "mm") / HOUR
        return replace(state, rain=rain, pumped=inputs.effort.get("lower", 0.0))

    def _hastens(self, state: State, inputs: Inputs) -> float:
        """How fast the dam's clock runs: slower for each third of water that is gone and with a weighted toe, faster in rain."""
        p = self.p
        eased = p.lower_eases**state.thirds * (p.toe_eases if state.toe <= 0.0 else 1.0)
        return eased * (1.0 + to_si(inputs.weather.rain, "mm/h") / p.rain_hastens)

    def _to_free(self, state: State) -> float:
        return state.freeing + math.fsum(who.dig for who in state.caught[1:])

    # ── what is due ──

    def _due(self, state: State, inputs: Inputs) -> Iterator[Due]:
        """Everything that will happen by itself under these inputs: (seconds, name, index of a village)."""
        yield from self._due_after(state, inputs) if state.failed else self._due_before(state, inputs)

    def _due_before(self, state: State, inputs: Inputs) -> Iterator[Due]:
        p, effort = self.p, inputs.effort
        left = state.nerve - state.used
        yield kernels.clock_rings_in(left, state.age, p.creep_shape, p.creep, self._hastens(state, inputs)), "fails", 0
        if state.water > 0.0:
            mark = state.full * (1 - (state.thirds + 1) / _THIRDS)
            yield kernels.work_done_in(state.water - mark, state.pumped, state.rain), "pond_lower", 0
        if state.toe > 0.0:
            yield kernels.work_done_in(state.toe, effort.get("toe", 0.0)), "toe_weighted", 0
        if state.exposed:
            batch = min(p.batch, float(state.exposed))
            yield kernels.work_done_in(batch - state.moved, effort.get("evacuate", 0.0)), "moved_out", 0
        if state.sound:
            yield p.stand - state.sound_for, "averted", 0

    def _due_after(self, state: State, inputs: Inputs) -> Iterator[Due]:
        p, effort = self.p, inputs.effort
        for k, village in enumerate(state.villages):
            if not village.reached and village.x <= state.flow.runout:
                yield village.x / state.flow.speed - state.since, "front_arrives", k
        if state.caught:
            yield kernels.work_done_in(state.freeing, effort.get("search", 0.0)), "freed", 0
        if state.debris > 0.0:
            yield kernels.work_done_in(state.debris, effort.get("dig", 0.0)), "dug", 0
        if state.runoff > 0.0:
            yield kernels.work_done_in(state.runoff, effort.get("runoff", 0.0)), "runoff_held", 0
        done = not (state.caught or state.debris > 0.0 or state.runoff > 0.0)
        if done and not state.running:
            yield p.search_again - (state.since - state.flow.runout / state.flow.speed), "accounted", 0

    # ── jumps ──

    def _fails(self, state: State, inputs: Inputs) -> Jump:
        """It gives way: whoever works on it is struck unless a lookout has warned them."""
        p, flow = self.p, state.flow
        watched = min(1.0, inputs.effort.get("watch", 0.0) / p.watchers) if p.watchers > 0.0 else 0.0
        dead, red = (unwatched + watched * (seen - unwatched) for unwatched, seen in (
            (p.strike_dead, p.warned_dead), (p.strike_red, p.warned_red)))  # fmt: skip
        values = {"volume": flow.volume, "runout": flow.runout, "toxic": flow.toxic, "people": float(state.exposed)}
        effects: list[Effect] = [
            Note("fails", values),
            Strike("fails", ("lower", "toe", "watch"), dead=dead, red=red),
            Road(0.0, why="fails"),
        ]
        if state.towns:
            effects.append(Roads(0.0, towns=state.towns, per_km=p.road_cut, why="fails"))
        return replace(state, failed=True, since=0.0, used=state.nerve, moved=0.0, sound_for=0.0), effects

    def _freed(self, state: State) -> Jump:
        """One more is out of the mud."""
        first, *others = state.caught
        after = replace(state, caught=tuple(others), freeing=others[0].dig if others else 0.0)
        return after, (Harm((first.id,), Status.WAITING, valley.colour_of(self.p, first), "freed"),)

    def _ends(self, state: State, name: str) -> Jump:
        """Whoever is still there is safe; roads open."""
        stay = tuple(who.id for village in state.villages if not village.reached for who in village.inside)
        effects: list[Effect] = [Harm(stay, Status.SAFE, why=name)] if stay else []
        if state.failed:
            effects.append(Road(1.0, why=name))
            if state.towns:
                effects.append(Roads(1.0, towns=state.towns, why=name))
        villages = tuple(replace(village, reached=True) for village in state.villages)
        return replace(state, over=True, villages=villages), (*effects, Over(name))


def _pace(left: float, within: float, least: float, face: float) -> float:
    """Effort that has it done in time, but no less than a gang while anything is left, and no more than finds room."""
    return min(face, max(least, left / within)) if left > 0.0 else 0.0
