"""Coal-mine gas (煤矿瓦斯): explosion, coal-and-gas outburst, a fan that stops; people flee through afterdamp, squads search.

Gas and carbon monoxide mix in the affected airways by first order; the bad air drifts at airflow speed. Whoever is in it lives
as long as the self-rescuer isolates, then until their own dose; the hurt wait for squads, who go in only with one standing by,
find people as far as they have come, and clear what lies on the one way. Gas that passes the explosive range may explode, again
and again, and hits squads. Blind to dust beyond its cause, to the network of airways, to reversal of the fan. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.mine_gas import air, begin, people, rescue
from models.hazards.mine_gas.parameters import Parameters
from models.hazards.mine_gas.state import Air, Later, Mine, Source, State, Zone
from models.physics import escape
from models.physics.escape import INF, Miner
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
)
from sim.domain.people import Status, Triage
from sim.domain.places import Site
from sim.streams import Stream

__all__ = ["Air", "Later", "Mine", "Miner", "Model", "Parameters", "Source", "State", "Zone"]

Due = tuple[float, str, int]  # seconds from now, event, index of the miner
Jump = tuple[State, Sequence[Effect]]


class Model:
    """A gas accident in a mine; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> Jump:
        """The first moment: who is where, what burns or bursts, who lives and which way they go."""
        p = self.p
        region = begin.mine(p, scene, stream)
        misjudged = math.exp(p.seen_error * stream.normal())
        lucks = begin.lucks(p, stream)
        hour = scene.calendar.hour_at(scene.begins) * 3600.0
        miners = people.settle(p, region, night=not p.night_ends <= hour < p.night_begins, stream=stream)
        depths = [stream.uniform() for _ in miners]
        methane, (burst, coal) = scene.scope["methane"], begin.amounts(p, scene.scope)
        state = State(
            region,
            begin.source(p, region, burst),
            Air(p.gas_normal),
            air.zone(p, p.gas_normal),
            miners,
            lucks,
            base=region.way_in / p.recon_rate,
            recon=region.netted / p.recon_rate,
            sealing=p.sealing,
            misjudged=misjudged,
        )
        inputs = Inputs({}, scene.weather)
        effects: list[Effect] = []
        if p.stops:
            state = replace(state, fan=p.feeder)
            effects = [Note("fan_stopped", {"people": float(len(miners))})]
        elif p.bursts:
            state, effects = begin.bursts(p, state, burst, coal, inputs, depths)
        else:
            state, effects = begin.explodes(p, state, methane, inputs, of_region=False)
        state = self._seen(state, inputs)
        if miners:
            buried = {who.id: who for who in state.miners if who.depth >= 0.0}
            effects = [Involve(people.persons([buried.get(who.id, who) for who in miners], region)), *effects]
        return state, effects

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """The mine `dt` seconds later: its air, the clock of the next explosion, all work."""
        p = self.p
        moved = air.flow(p, state, inputs)
        after = rescue.later(p, state, dt, inputs.effort)
        after = replace(
            after, air=air.later(p, state, moved, dt), clock=state.clock + self._risk(state) * dt, age=state.age + dt
        )
        return self._seen(after, inputs)

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The soonest of all that may happen by itself."""
        if state.over:
            return INF, ""
        soonest = min(self._due(state, inputs), default=(INF, "", 0))
        return max(0.0, soonest[0]), soonest[1]

    def fire(self, state: State, name: str, inputs: Inputs) -> Jump:
        """The jump at that event, for the miner who is due."""
        k = min((due for due in self._due(state, inputs) if due[1] == name), default=(0.0, name, 0))[2]
        match name:
            case "accounted":
                jump: Jump = replace(state, over=True), (Over(name),)
            case "sealed":
                left = tuple(who.id for who in state.miners)
                given_up = (Harm(left, Status.MISSING, why=name),) if left else ()
                jump = replace(state, over=True, miners=()), (*given_up, Over(name, leaves=True))
            case "explodes":
                jump = begin.explodes(self.p, state, state.air.methane * state.mine.box, inputs, of_region=True)
            case "rescuer_empty" | "fresh_air" | "walked_out":
                miners, met = escape.on_the_way(self.p, state.miners, name, state.air, state.age)
                jump = replace(state, miners=miners), met
            case "poisoned" | "asphyxiated" | "died_of_wounds":
                jump = self._dies(state, name, k)
            case "found" | "dug_out":
                jump = self._found(state, name, k)
            case "carried_out":
                jump = self._out(state, k)
            case _:
                jump = self._in_mine(state, name)
        after, effects = jump
        return self._seen(after, inputs), effects

    def demands(self, state: State) -> Sequence[Demand]:
        """See `rescue.demands`; most urgent first."""
        return sorted(rescue.demands(self.p, state), key=lambda demand: (demand.priority, demand.id))

    def readings(self, state: State) -> dict[str, float]:
        """Air, people, what lies on the way."""
        return {
            "methane": state.air.methane,
            "monoxide": state.air.monoxide,
            "airflow": state.flow,
            "inside": float(len(state.miners)),
            "unprotected": float(sum(who.exposed for who in state.miners)),
            "bodies": float(state.bodies),
            "heap": state.heap,
            "searched": 1
            - (state.base + state.recon) / (state.mine.way_in / self.p.recon_rate + rescue.recon_all(self.p, state)),
            "explosions": float(state.explosions),
            "near_heat": state.air.methane if state.heat else 0.0,
        }

    def mode(self, state: State) -> str:
        """growing while gas may explode or kills, steady until air moves, declining, controlled when all are out."""
        if state.over:
            return "over"
        if state.zone is Zone.EXPLOSIVE or any(who.exposed for who in state.miners):
            return "growing"
        if not (state.miners or state.bodies):
            return "controlled"
        return "steady" if state.doors > 0.0 or state.supply < 1.0 else "declining"

    def footprint(self, state: State) -> Footprint:  # noqa: ARG002 - the port's; all of it is underground
        """Nothing is dangerous or closed above ground."""
        return Footprint()

    def observe(self, state: State, stream: Stream) -> Sighting:
        """Gas is sampled, roughly until analysts are there; how much lies on the way is guessed, wrong alike each time."""
        p = self.p
        error = p.sample_error if state.analysed else p.gas_error
        methane, monoxide = (
            min(1.0, value * math.exp(error * stream.normal())) for value in (state.air.methane, state.air.monoxide)
        )
        unsafe = not (state.zone is Zone.LEAN and state.clear and state.doors <= 0.0 and state.supply >= 1.0)
        return Sighting(
            figures={
                "methane": methane,
                "monoxide": monoxide,
                "bodies": float(state.bodies),
                "unsearched": float(state.mine.people) if state.base + state.recon > 0.0 else 0.0,
                "heap": state.heap * state.misjudged,
                "unsafe": float(unsafe or state.heat),
                "fan_off": float(state.fan > 0.0),
                "dark": float(not state.fan_broken and (state.fan > 0.0 or state.grid < p.power_needed)),
            }
        )

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's; mines need the same anywhere
        """See `rescue.needs`."""
        return rescue.needs(self.p, sighting)

    # ── what is due ──

    def _due(self, state: State, inputs: Inputs) -> Iterator[Due]:
        """Everything that will happen by itself under these inputs: (seconds, name, index)."""
        p = self.p
        moved = air.flow(p, state, inputs)
        if not state.clear:
            yield air.clears(p, state, moved), "monoxide_cleared", 0
        yield (*air.turns(p, state, moved), 0)
        if (risk := self._risk(state)) > 0.0 and state.lucks:
            yield kernels.work_done_in(state.lucks[0].rings - state.clock, risk), "explodes", 0
        yield from self._people_due(state, moved)
        yield from rescue.due(p, state, inputs.effort)
        if self._at_rest(state, inputs):
            yield 0.0, "accounted", 0

    def _people_due(self, state: State, moved: float) -> Iterator[Due]:
        """Who loses protection, comes to good air, is out, is killed by the air or by wounds."""
        p, age, miners = self.p, state.age, state.miners
        for name, moment in escape.MOMENTS.items():
            when = min((getattr(who, moment) for who in miners), default=INF)
            if when < INF:
                yield when - age, name, 0
        exposed = [k for k, who in enumerate(miners) if who.exposed]
        if exposed:
            k = min(exposed, key=lambda k: (miners[k].monoxide_from + miners[k].monoxide, k))
            yield air.breathes(p, state, moved, miners[k].monoxide_from + miners[k].monoxide), "poisoned", k
            k = min(exposed, key=lambda k: (miners[k].stifled_from + miners[k].stifled, k))
            yield air.stifles(p, state, moved, miners[k].stifled_from + miners[k].stifled), "asphyxiated", k
        for k, who in enumerate(miners):
            if who.chokes < INF:
                yield who.chokes - age, "asphyxiated", k
            if (span := escape.dies_of_wounds(p, who, age)) < INF:
                yield span, "died_of_wounds", k

    def _risk(self, state: State) -> float:
        """Rate at which gas in the explosive range meets a source of ignition."""
        if state.zone is not Zone.EXPLOSIVE or not state.lucks:
            return 0.0
        return self.p.ignition_heat if state.heat else self.p.ignition

    def _at_rest(self, state: State, inputs: Inputs) -> bool:
        """Everyone accounted for, air good and moved by the fan, nothing glowing."""
        p = self.p
        moved = state.doors <= 0.0 and state.fan <= 0.0 and air.supply(p, state, inputs) >= 1.0
        return moved and not (state.miners or state.bodies or state.heat) and state.zone is Zone.LEAN and state.clear

    def _seen(self, state: State, inputs: Inputs) -> State:
        """Figures that follow what acts from outside."""
        return replace(
            state,
            flow=air.flow(self.p, state, inputs),
            supply=air.supply(self.p, state, inputs),
            grid=inputs.service("power"),
            analysed=inputs.effort.get("analysis", 0.0) > 0.0,
        )

    # ── jumps ──

    def _in_mine(self, state: State, name: str) -> Jump:
        """What happens to the air as a whole, or to work for all; a threshold is set onto its mark."""
        figures = {"methane": state.air.methane, "monoxide": state.air.monoxide, "airflow": state.flow}
        match name:
            case "monoxide_cleared":
                state = replace(state, clear=True, air=replace(state.air, monoxide=self.p.monoxide_work))
            case "base_set":
                state = replace(state, base=0.0)
            case "recon_done":
                state = replace(state, recon=0.0)
            case "heat_found":
                state = replace(state, heat_known=True)
            case "heap_cleared":
                state = replace(state, heap=0.0, heap_at=INF)
            case "ventilated":
                state = replace(state, doors=0.0)
            case "fan_ready":
                state = replace(state, fan=0.0, fan_broken=False)
            case "heat_out":
                state = replace(state, heat=False, heat_known=False, cooling=0.0)
            case "bodies_out":
                state = replace(state, bodies=0, bodies_work=0.0)
                return state, (Note(name, figures), Found(name))
            case _:
                state = air.turned(self.p, state, name)
        return state, (Note(name, figures),)

    def _dies(self, state: State, name: str, k: int) -> Jump:
        """The one whose threshold is reached; the air's sums are set onto it."""
        p, who = self.p, state.miners[k]
        if name == "poisoned":
            state = replace(state, air=replace(state.air, breathed=who.monoxide_from + who.monoxide))
        elif name == "asphyxiated" and who.chokes > state.age:
            state = replace(state, air=replace(state.air, stifled=who.stifled_from + who.stifled))
        state = people.fallen(p, replace(state, miners=_without(state.miners, k)), 1)
        return state, (Harm((who.id,), Status.DEAD, why=name),)

    def _found(self, state: State, name: str, k: int) -> Jump:
        """Squads come to somebody; the state of their work is set onto the place."""
        p, who = self.p, state.miners[k]
        if name == "found":
            state = replace(state, recon=min(state.recon, rescue.left_at(p, state, who.at)))
        else:
            state = replace(state, heap=min(state.heap, state.heap_all * (1 - who.depth)))
            who = escape.hurt(who, Triage.RED, state.age)
        who = escape.found(p, state.mine, state.air, who, state.age)
        miners = (*state.miners[:k], who, *state.miners[k + 1 :])
        return replace(state, miners=miners), (Note(name, {"people": 1.0, "at": who.at}),)

    def _out(self, state: State, k: int) -> Jump:
        """One more is at the surface."""
        who = escape.aged(self.p, state.miners[k], state.age)
        colour = escape.condition(self.p, who) or Triage.GREEN
        return replace(state, miners=_without(state.miners, k)), (
            Harm((who.id,), Status.WAITING, colour, "carried_out"),
        )


def _without(miners: tuple[Miner, ...], k: int) -> tuple[Miner, ...]:
    return (*miners[:k], *miners[k + 1 :])
