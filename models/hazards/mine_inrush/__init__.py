"""Mine water inrush (矿井透水): water rises in the workings against the pumps; people walk out, are cut off, are got out.

The stored volume follows from a first surge, a source that runs dry (or not), recharge, rain and pumps, exactly; whoever has
not passed the low point of the way out before the water stands there sits in a pocket of air. Pumps open the way again,
boreholes make the pocket safe, squads search and carry, but never without one squad standing by. Blind to gas coming with the
water, to roofs falling, to squads getting hurt, and to parts of the mine filling one after another. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.mine_inrush import people as crew
from models.hazards.mine_inrush import water
from models.hazards.mine_inrush.parameters import Parameters
from models.hazards.mine_inrush.state import Miner, Party, Pocket, State, Workings
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
)
from sim.domain.people import Status
from sim.domain.places import Site
from sim.streams import Stream

__all__ = ["Miner", "Model", "Parameters", "Party", "Pocket", "State", "Workings"]

Due = tuple[float, str, int]  # seconds from now, event, index of the pocket
Jump = tuple[State, Sequence[Effect]]

WORK, RATE, HOLD = DemandKind.WORK, DemandKind.RATE, DemandKind.HOLD


class Model:
    """A mine water inrush; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> Jump:
        """The moment the water breaks in: who is where, who is swept away, what the source holds."""
        p = self.p
        misjudged = math.exp(p.source_error * stream.normal())
        people, total = round(scene.scope["people"]), scene.scope["water"]
        workings = water.workings(p, people)
        pockets = crew.pockets(p, workings, people, scene.site, stream)
        hour = scene.calendar.hour_at(scene.begins) * 3600.0
        night = not p.night_ends <= hour < p.night_begins
        parties, swept, effects = crew.settle(p, people, len(pockets), night=night, stream=stream)
        peak = water.peak(p, total)
        state = State(
            workings,
            source=(1 - p.surge) * total,
            peak=peak,
            tau=math.inf if p.endless else (1 - p.surge) * total / peak,
            recharge=water.recharge(p, scene.rain_month),
            lowest=workings.volume(p.lowest),
            misjudged=misjudged,
            parties=parties,
            pockets=pockets,
            recon=p.recon_way / p.recon_rate,
            search=p.search_way / p.recon_rate,
            grout=p.grout if p.groutable else math.inf,
            bodies=swept,
            inflow=p.surge * total / p.surge_for,
            weather=scene.weather,
            surge_left=p.surge_for,
        )
        return state, effects

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """The mine `dt` seconds later: water, air, cold and work."""
        p, effort = self.p, inputs.effort
        share = inputs.service("power")
        pumped = water.pumped(p, effort, share)
        inside = self._inside(effort)
        inflow = state.inflow if math.isinf(state.decays_over) else state.inflow * math.exp(-dt / state.tau)
        return replace(
            state,
            volume=water.volume_after(p, state, dt, pumped, inputs.weather),
            inflow=inflow,
            surge_left=state.surge_left - dt,
            age=state.age + dt,
            pumped=pumped,
            grid=share,
            weather=inputs.weather,
            recon=kernels.work_left(state.recon, inside * effort.get("recon", 0.0), dt),
            search=kernels.work_left(state.search, inside * effort.get("search", 0.0), dt),
            grout=kernels.work_left(state.grout, effort.get("grouting", 0.0), dt),
            pockets=tuple(self._later(pocket, dt, effort, inside) for pocket in state.pockets),
        )

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The soonest of all that may happen by itself."""
        if state.over:
            return math.inf, ""
        due = min(self._due(state, inputs), default=(math.inf, "", 0))
        return max(0.0, due[0]), due[1]

    def fire(self, state: State, name: str, inputs: Inputs) -> Jump:
        """The jump at that event, in the pocket or party that is due."""
        figures = {"volume": state.volume, "inflow": state.inflow, "pumped": state.pumped}
        match name:
            case "accounted":
                jump: Jump = replace(state, over=True), (Over(name),)
            case "walked_out":
                jump = self._walked_out(state)
            case "cut_off":
                jump = self._cut_off(state, water.next_cut(state))
            case "pocket_open" | "pocket_lost":
                k = water.next_open(state) if name == "pocket_open" else water.next_lost(state)
                jump = self._in_pocket(state, name, k)
            case "borehole_through" | "carried_out" | "suffocated" | "exhausted":
                k = min(due for due in self._due(state, inputs) if due[1] == name)[2]
                jump = self._in_pocket(state, name, k)
            case _:
                found = (Found(name),) if name == "searched" else ()
                jump = self._in_mine(state, name, inputs), (Note(name, figures), *found)
        return jump

    def demands(self, state: State) -> Sequence[Demand]:
        """A squad standing by, guides, carrying, reconnaissance, boreholes, search, pumps and their power, grouting."""
        p, face = self.p, water.pump_face(self.p, state.workings.full)
        pumps = min(face, self._pumps_wanted(state.inflow + state.recharge, state.volume))
        demands = [
            Demand("standby", HOLD, "MINE_RESCUE", p.standby, priority=1, wears=False),
            Demand("guides", HOLD, "GUIDE", p.guides, priority=2),
            Demand("pumping", RATE, "DRAIN_UG", pumps, face, p.pump_set_up, 4, wears=False),
        ]
        if (power := water.power_wanted(p, pumps, state.grid)) > 0.0:
            demands.append(Demand("power", RATE, "POWER", power, set_up=p.power_set_up, priority=3, wears=False))
        if state.recon > 0.0:
            demands.append(Demand("recon", WORK, "MINE_RESCUE", state.recon, p.recon_face, priority=3))
        for pocket in state.pockets:
            if not pocket.miners:
                continue
            if pocket.cut and not pocket.safe:
                demands.append(
                    Demand(f"bore_{pocket.id}", WORK, "DRILL", pocket.bore, 1.0, p.bore_set_up, 2, wears=False)
                )
            if not pocket.cut and state.recon <= 0.0:
                work = pocket.carry + (len(pocket.miners) - 1) * p.carry
                demands.append(Demand(f"carry_{pocket.id}", WORK, "MINE_RESCUE", work, p.carry_face, priority=2))
        if state.low and state.bodies and state.search > 0.0:
            demands.append(Demand("search", WORK, "MINE_RESCUE", state.search, p.search_face, priority=3))
        if state.grout < math.inf:
            demands.append(Demand("grouting", WORK, "DRILL", state.grout, p.grout_face, p.bore_set_up, 5, wears=False))
        return sorted(demands, key=_urgency)

    def readings(self, state: State) -> dict[str, float]:
        """Water and its level, flows, people cut off, the worst air."""
        waiting = [pocket for pocket in state.pockets if pocket.miners]
        return {
            "water": state.volume,
            "level": state.workings.level(state.volume),
            "inflow": state.inflow + state.recharge + water.rained(self.p, state.weather),
            "pumped": state.pumped,
            "cut_off": float(state.trapped),
            "safe_pockets": float(sum(pocket.safe for pocket in waiting)),
            "carbon_dioxide": max((crew.carbon_dioxide(self.p, pocket) for pocket in waiting), default=0.0),
        }

    def mode(self, state: State) -> str:
        """growing while the water rises, declining once pumps have overtaken it, controlled when nobody alive is cut off."""
        if state.over:
            return "over"
        if not state.falling:
            return "growing"
        return "declining" if state.trapped or state.parties else "controlled"

    def footprint(self, state: State) -> Footprint:  # noqa: ARG002 - the port's; all of it is underground
        """Nothing is dangerous or closed above ground."""
        return Footprint()

    def observe(self, state: State, stream: Stream) -> Sighting:
        """Level and inflow are measured, roughly; what the source still holds is guessed, wrong by the same factor each time."""
        p, truth = self.p, self.readings(state)
        to_come = state.inflow * (p.endless_view if math.isinf(state.tau) else state.tau)
        return Sighting(
            figures={
                "inflow": truth["inflow"] * math.exp(p.flow_error * stream.normal()),
                "water": truth["water"] * math.exp(p.flow_error * stream.normal()),
                "to_come": to_come * state.misjudged,
                "pump_face": water.pump_face(p, state.workings.full),
                "pockets": float(sum(1 for pocket in state.pockets if pocket.miners)),
                "bodies": float(state.bodies),
                "grid": state.grid,
            }
        )

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's; mines need the same anywhere
        """Pumps for 1.3 times the believed inflow or to be dry in time, their power, squads and as many standing by, rigs."""
        p, seen = self.p, sighting.figures
        if not seen or not (sighting.trapped or seen["bodies"] or seen["pockets"]):
            return ()
        pumps = min(self._pumps_wanted(seen["inflow"], seen["water"] + seen["to_come"]), seen["pump_face"])
        squads = min(p.squads_most, max(p.squads_least, math.ceil(sighting.trapped / p.squad_serves)))
        needs = [
            Need("MINE_RESCUE", squads * (1 + p.squads_relief), 1),
            Need("DRAIN_UG", pumps, 1),
            Need("GUIDE", p.guides, 2),
        ]
        if (power := water.power_wanted(p, pumps, seen.get("grid", 1.0))) > 0.0:
            needs.append(Need("POWER", power, 2))
        if seen["pockets"]:
            needs.append(Need("DRILL", min(p.rigs_most, seen["pockets"]), 2))
        return needs

    # ── what is due ──

    def _due(self, state: State, inputs: Inputs) -> Iterator[Due]:
        """Everything that will happen by itself under these inputs: (seconds, name, index)."""
        p, effort = self.p, inputs.effort
        inside = self._inside(effort)
        if not (state.parties or state.trapped or state.bodies):
            yield 0.0, "accounted", 0
        if state.surging:
            yield state.surge_left, "surge_over", 0
        yield from water.due(p, state, inputs)
        if state.parties:
            yield state.parties[0].out - state.age, "walked_out", 0
        if state.recon > 0.0:
            yield kernels.work_done_in(state.recon, inside * effort.get("recon", 0.0)), "recon_done", 0
        if state.low and state.bodies and state.search > 0.0:
            yield kernels.work_done_in(state.search, inside * effort.get("search", 0.0)), "searched", 0
        if state.grout < math.inf:
            yield kernels.work_done_in(state.grout, effort.get("grouting", 0.0)), "grouted", 0
        for k, pocket in enumerate(state.pockets):
            if not pocket.miners:
                continue
            if not pocket.cut and state.recon <= 0.0:
                rate = inside * effort.get(f"carry_{pocket.id}", 0.0)
                yield kernels.work_done_in(pocket.carry, rate), "carried_out", k
            if pocket.safe:
                continue
            first = min(miner.bears for miner in pocket.miners) - pocket.cold
            yield kernels.clock_rings_in(first, pocket.waited, p.cold_shape, p.cold_scale, 1.0), "exhausted", k
            if pocket.cut:
                yield kernels.work_done_in(pocket.bore, effort.get(f"bore_{pocket.id}", 0.0)), "borehole_through", k
                first = min(miner.breath for miner in pocket.miners) - pocket.spent
                yield kernels.work_done_in(first, crew.breathing(p, pocket)), "suffocated", k

    def _inside(self, effort: dict[str, float]) -> float:
        """How well squads work inside: not at all with none standing by, slower without a guide."""
        if effort.get("standby", 0.0) <= 0.0:
            return 0.0
        return 1.0 if effort.get("guides", 0.0) > 0.0 else self.p.unguided

    def _later(self, pocket: Pocket, dt: float, effort: dict[str, float], inside: float) -> Pocket:
        if not pocket.miners:
            return pocket
        p = self.p
        if not pocket.cut:
            pocket = replace(
                pocket, carry=kernels.work_left(pocket.carry, inside * effort.get(f"carry_{pocket.id}", 0.0), dt)
            )
        elif not pocket.safe:
            pocket = replace(
                pocket,
                bore=kernels.work_left(pocket.bore, effort.get(f"bore_{pocket.id}", 0.0), dt),
                spent=pocket.spent + crew.breathing(p, pocket) * dt,
            )
        if pocket.safe:
            return pocket
        used = kernels.clock_used(pocket.waited, dt, p.cold_shape, p.cold_scale, 1.0)
        return replace(pocket, cold=pocket.cold + used, waited=pocket.waited + dt)

    def _pumps_wanted(self, inflow: float, stored: float) -> float:
        """Pumps (m³/s) that beat the inflow with a margin and empty the workings in time."""
        return max(self.p.margin * inflow, inflow + stored / self.p.drain_within)

    # ── jumps ──

    def _in_mine(self, state: State, name: str, inputs: Inputs) -> State:
        """What happens to the water as a whole, or to work for all; a threshold is set onto its mark."""
        match name:
            case "surge_over":
                state = replace(state, surging=False, surge_left=0.0, inflow=state.peak)
            case "turning_point":  # where the inflow decayed to the balance it is set onto it
                balance = -water.steady(self.p, state, inputs)
                state = replace(state, falling=True, inflow=min(state.inflow, balance))
            case "rising_again":
                state = replace(state, falling=False)
            case "full":
                state = replace(state, volume=state.workings.full)
            case "drained":
                state = replace(state, volume=0.0)
            case "lowest_free":
                state = replace(state, low=True, volume=min(state.volume, state.lowest))
            case "lowest_lost":
                state = replace(state, low=False, volume=state.lowest)
            case "recon_done":
                state = replace(state, recon=0.0)
            case "searched":
                state = replace(state, search=0.0, bodies=0)
            case "grouted":
                open_still = 1 - self.p.grout_seals
                state = replace(
                    state,
                    grout=math.inf,
                    inflow=state.inflow * open_still,
                    peak=state.peak * open_still,
                    recharge=0.0,
                )
        return state

    def _walked_out(self, state: State) -> Jump:
        """The first party is at the surface: safe, or waiting for an ambulance."""
        party, *others = state.parties
        status = Status.WAITING if party.hurt else Status.SAFE
        return replace(state, parties=tuple(others)), (Harm(_names(party.people), status, party.hurt, "walked_out"),)

    def _in_pocket(self, state: State, name: str, k: int) -> Jump:
        """What happens in one pocket that was cut off."""
        if name == "carried_out":
            return self._carried_out(state, k)
        if name in ("suffocated", "exhausted"):
            return self._dies(state, name, k)
        pocket = state.pockets[k]
        level = state.workings.level(state.volume)
        effects: list[Effect] = [Note(name, {"people": float(len(pocket.miners)), "level": level})]
        if name == "pocket_open":
            state = _with(replace(state, volume=pocket.access), k, replace(pocket, cut=False))
        elif name == "borehole_through":
            state = _with(state, k, replace(pocket, safe=True, bore=0.0))
        else:
            effects.append(Harm(_names(pocket.miners), Status.DEAD, why="drowned"))
            state = replace(state, volume=pocket.floods, bodies=state.bodies + len(pocket.miners))
            state = _with(state, k, replace(pocket, miners=()))
        return state, effects

    def _dies(self, state: State, name: str, k: int) -> Jump:
        """The one whose threshold is reached; the clock is set onto it."""
        pocket = state.pockets[k]
        if name == "suffocated":
            gone = min(pocket.miners, key=lambda miner: (miner.breath, miner.id))
            pocket = replace(pocket, spent=gone.breath)
        else:
            gone = min(pocket.miners, key=lambda miner: (miner.bears, miner.id))
            pocket = replace(pocket, cold=gone.bears)
        pocket = replace(pocket, miners=tuple(miner for miner in pocket.miners if miner is not gone))
        return _with(replace(state, bodies=state.bodies + 1), k, pocket), (Harm((gone.id,), Status.DEAD, why=name),)

    def _cut_off(self, state: State, k: int) -> Jump:
        """The low point is under water: whoever has not passed it must stay."""
        pocket = state.pockets[k]
        late = [party for party in state.parties if party.pocket == k and party.passes > state.age]
        parties = tuple(party for party in state.parties if party not in late)
        miners = tuple(miner for party in late for miner in party.people)
        state = replace(state, volume=pocket.access, parties=parties)
        state = _with(state, k, replace(pocket, cut=True, miners=pocket.miners + miners))
        effects: list[Effect] = [Note("cut_off", {"people": float(len(miners))})] if miners else []
        if miners:
            effects.append(Harm(_names(miners), Status.TRAPPED, why="cut_off"))
        return state, effects

    def _carried_out(self, state: State, k: int) -> Jump:
        """One more is at the surface; the first of a pocket is told."""
        pocket = state.pockets[k]
        first, *others = sorted(pocket.miners, key=lambda miner: miner.id)
        colour = crew.condition(self.p, first, pocket)
        effects: list[Effect] = [Harm((first.id,), Status.WAITING, colour, "carried_out")]
        if not pocket.reached:
            effects.insert(0, Note("pocket_reached", {"people": float(len(pocket.miners))}))
        after = replace(pocket, miners=tuple(others), carry=self.p.carry, reached=True)
        return _with(state, k, after), effects


def _urgency(demand: Demand) -> tuple[int, str]:
    return demand.priority, demand.id


def _with(state: State, k: int, pocket: Pocket) -> State:
    return replace(state, pockets=(*state.pockets[:k], pocket, *state.pockets[k + 1 :]))


def _names(miners: Sequence[Miner]) -> tuple[str, ...]:
    return tuple(miner.id for miner in miners)
