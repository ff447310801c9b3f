"""Mine fire (矿井火灾): a fire that grows until its air limits it, smoke that goes where the air goes, people in it, seals at last.

Water fights it while it is small and the smoke does not run back; else it is sealed, but never with anybody alive inside. Behind
the seals its air is used up and gas rises, perhaps through the explosive range. Downstream people walk in smoke on their
self-rescuers, to the return or a refuge; squads search and carry, one standing by. Blind to how heat throttles the air, to foam and
inert gas, to fires that jump, to reopening. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import accumulate

from msgspec.structs import replace

from models.hazards.mine_fire import fire, rescue
from models.hazards.mine_fire.parameters import Parameters
from models.hazards.mine_fire.state import Region, State, Sums
from models.physics import escape
from models.physics import underground as ug
from models.physics.escape import INF, Bad, Miner
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
    Strike,
)
from sim.domain.people import Person, Status, Triage
from sim.domain.places import Site
from sim.streams import Stream
from sim.units import to_si

__all__ = ["Model", "Parameters", "Region", "State", "Sums"]

Due = tuple[float, str, int]  # seconds from now, event, index of the miner
Jump = tuple[State, Sequence[Effect]]
INSIDE = ("recon", "carry", "attack", "sealing", "damping", "bodies")  # what squads do in reach of an explosion
_OF_FIRE = (
    "limit", "too_hot", "cool_enough", "smoke_back", "smoke_held", "fire_out", "burnt_out",
)  # fmt: skip


class Model:
    """A mine fire; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> Jump:
        """The moment it is noticed: where it burns, who is on which side of it, which way they go."""
        p, number = self.p, round(scene.scope["people"])
        region = self._region(scene, number, stream)
        misjudged = math.exp(p.seen_error * stream.normal())
        downhill, owned = stream.uniform() < p.downhill, stream.uniform() < p.own_there
        hour = scene.calendar.hour_at(scene.begins) * to_si(1.0, "h")
        rings = tuple(accumulate(stream.exponential() for _ in range(round(p.explosions_most))))
        miners = self._miners(region, night=not p.night_ends <= hour < p.night_begins, stream=stream)
        heat = min(scene.scope["heat"], p.fuel_peak)
        state = State(
            region,
            heat,
            p.growth_heat / p.growth_time**2,
            p.fuel_peak,
            p.fuel if p.burns_out else INF,
            miners,
            base=region.way_in / p.recon_rate,
            recon=region.netted / p.recon_rate,
            seals=p.seals,
            emission=region.fan * p.gas_normal / (1 - p.gas_normal),
            downhill=downhill,
            own=p.own_water if owned else 0.0,
            methane=p.gas_normal,
            rings=rings,
            misjudged=misjudged,
        )
        inputs = Inputs({}, scene.weather)
        state = self._flee(self._seen(state, inputs), region.seat, region.seat)
        effects: list[Effect] = []
        if miners:
            effects.append(Involve(tuple(self._person(who, region) for who in miners)))
        effects.append(Note("noticed", {"heat": heat, "people": float(number), "airflow": state.flow}))
        return state, effects

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """The fire `dt` seconds later, and all work."""
        after = fire.later(self.p, state, dt, inputs)
        after = rescue.later(self.p, after, dt, inputs.effort)
        return self._seen(replace(after, age=state.age + dt), inputs)

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
            case "accounted" | "sealed_quiet":
                jump: Jump = replace(state, over=True), (Over(name, leaves=state.sealed),)
            case "air_turned":
                jump = self._turned(state, inputs)
            case "gas_explodes":
                jump = self._explodes(state)
            case "gas_explosive" | "gas_safe" | "oxygen_spent":
                after = fire.gas_turned(self.p, state, name, state.flow)
                jump = after, (Note(name, {"methane": after.methane, "oxygen": after.oxygen}),)
            case "seals_closed":
                after = fire.seal(self.p, replace(state, seals=0.0), inputs)
                jump = after, (Note(name, {"methane": after.methane, "monoxide": after.monoxide}),)
            case "rescuer_empty" | "fresh_air" | "walked_out":
                miners, met = escape.on_the_way(self.p, state.miners, name, state.sums, state.age)
                jump = replace(state, miners=miners), met
            case "poisoned":
                jump = self._dies(state, k)
            case "found" | "carried_out":
                jump = self._found(state, k) if name == "found" else self._out(state, k)
            case _ if name in _OF_FIRE:
                after = fire.happened(self.p, state, name, inputs)
                if after.out:
                    after = replace(after, damping=self.p.damping)
                jump = after, (Note(name, {"heat": after.heat, "airflow": after.flow}),)
            case _:
                found = (Found(name),) if name == "bodies_out" else ()
                jump = self._worked(state, name), (Note(name, {"heat": state.heat}), *found)
        after, effects = jump
        return self._seen(after, inputs), effects

    def demands(self, state: State) -> Sequence[Demand]:
        """See `rescue.demands`; most urgent first."""
        return sorted(rescue.demands(self.p, state), key=lambda demand: (demand.priority, demand.id))

    def readings(self, state: State) -> dict[str, float]:
        """Heat, air, gas, people, seals."""
        p, smoke = self.p, state.heat * fire.monoxide(self.p, state, state.flow)
        return {
            "heat": state.heat,
            "airflow": state.flow,
            "monoxide": state.monoxide if state.sealed else 0.0 if state.out else min(1.0, smoke),
            "methane": state.methane,
            "explosive": state.methane if fire.feeds(p, state) else 0.0,
            "inside": float(state.inside),
            "unprotected": float(sum(who.exposed for who in state.miners)),
            "bodies": float(state.bodies),
            "seals": 1 - state.seals / p.seals,
        }

    def mode(self, state: State) -> str:
        """growing until air or fuel limits it, steady then, declining when sealed or out, controlled when nobody is inside."""
        if state.over:
            return "over"
        if state.sealed or state.out:
            return "declining" if state.miners or state.bodies or state.sealed else "controlled"
        return "steady" if state.limited else "growing"

    def footprint(self, state: State) -> Footprint:  # noqa: ARG002 - the port's; all of it is underground
        """Nothing is dangerous or closed above ground."""
        return Footprint()

    def observe(self, state: State, stream: Stream) -> Sighting:
        """How much burns is guessed from the return, wrong alike each time; gas is sampled."""
        p = self.p
        shown = self.readings(state)
        return Sighting(
            figures={
                "heat": state.heat * state.misjudged,
                "monoxide": min(1.0, shown["monoxide"] * math.exp(p.gas_error * stream.normal())),
                "methane": min(1.0, state.methane * math.exp(p.gas_error * stream.normal())),
                "bodies": float(state.bodies) if not state.sealed else 0.0,
                "burning": float(not state.sealed and (not state.out or state.damping > 0.0)),
                "dark": float(state.grid < p.power_needed and not state.sealed),
            }
        )

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's; mines need the same anywhere
        """See `rescue.needs`."""
        return rescue.needs(self.p, sighting)

    # ── beginning ──

    def _region(self, scene: Scene, number: int, stream: Stream) -> Region:
        p, slope = self.p, scene.around.slope
        void = max(p.void_least, p.void_per_person * number)
        length = p.length_least * (void / p.void_least) ** p.length_power
        seat = p.way_in + length * (p.seat_first + (p.seat_last - p.seat_first) * stream.uniform())
        climb, cage = (
            (0.0, p.cage_adit) if slope >= p.adit_from else (p.way_in / p.walking * (1 / p.incline - 1), p.cage)
        )
        netted = max(length, p.netted * void / p.gallery)
        fan = p.fan_least + p.fan_per_void * void
        relief = p.portals_apart * math.tan(math.radians(slope))
        return Region(void, p.way_in, length, seat, netted, fan, relief, scene.site.elevation, climb, cage, number)

    def _miners(self, region: Region, *, night: bool, stream: Stream) -> tuple[Miner, ...]:
        """Everybody in the region; the same number of draws for each."""
        p, miners = self.p, []
        for i in range(1, region.people + 1):
            at = region.way_in + region.length * stream.uniform()
            late = p.alarm * math.exp(p.alarm_spread * stream.normal()) * (p.alarm_night if night else 1.0)
            bears = ug.probit_dose(p.probit_a, p.probit_b, p.probit_base, stream.normal())
            guard, shelter = escape.guard(p, stream), stream.uniform() < p.refuge
            blasts = tuple(stream.uniform() for _ in range(max(1, round(p.explosions_most))))
            miners.append(Miner(f"m{i:04d}", at, bears, INF, INF, blasts, walks=late, guard=guard, shelter=shelter))
        return tuple(miners)

    def _person(self, who: Miner, region: Region) -> Person:
        return Person(who.id, Status.TRAPPED, "intake" if who.at < region.seat else "return")

    def _flee(self, state: State, low: float, high: float) -> State:
        """Everybody inside takes the way that is open to them from now on."""
        bad, sums = Bad(low, high, state.flow / state.region.section), state.sums

        def moves(who: Miner) -> Miner:
            after = escape.flees(self.p, state.region, escape.covered(sums, who), bad, state.age, passable=False)
            return escape.uncovered(sums, after) if after.bare <= state.age else after

        return replace(state, miners=tuple(who if who.found else moves(who) for who in state.miners))

    # ── what is due ──

    def _due(self, state: State, inputs: Inputs) -> Iterator[Due]:
        """Everything that will happen by itself under these inputs: (seconds, name, index)."""
        p, age, miners = self.p, state.age, state.miners
        if not (miners or state.bodies or state.damping) and state.out:
            yield 0.0, "accounted", 0
        yield from fire.due(p, state, inputs)
        yield from fire.gas_due(p, state, fire.flow(p, state, inputs))
        yield from rescue.due(p, state, inputs.effort)
        for name, moment in escape.MOMENTS.items():
            when = min((getattr(who, moment) for who in miners), default=INF)
            if when < INF:
                yield when - age, name, 0
        exposed = [k for k, who in enumerate(miners) if who.exposed]
        if exposed and not state.out:
            k = min(exposed, key=lambda k: (miners[k].monoxide_from + miners[k].monoxide, k))
            yield self._poisons(state, miners[k], inputs), "poisoned", k

    def _poisons(self, state: State, who: Miner, inputs: Inputs) -> float:
        """When the smoke has given somebody their deadly dose."""
        p, moved = self.p, fire.flow(self.p, state, inputs)
        most, taken = fire.peak(p, state, moved), fire.cooling(p, state, inputs)
        heat = min(state.heat, most)
        left = who.monoxide_from + who.monoxide - state.sums.breathed
        return fire.releases(heat, most, state.growth, taken, left / fire.poison(p, replace(state, heat=heat), moved))

    def _seen(self, state: State, inputs: Inputs) -> State:
        """Figures that follow what acts from outside."""
        moved = fire.flow(self.p, state, inputs)
        heat = state.heat if state.sealed else min(state.heat, fire.peak(self.p, state, moved))
        return replace(state, flow=moved, grid=inputs.service("power"), heat=heat)

    # ── jumps ──

    def _explodes(self, state: State) -> Jump:
        """Gas explodes at the fire: people in the region and squads are hit, seals blown out."""
        p, number = self.p, state.explosions
        volume = state.methane * state.region.void
        dead = [who for who in state.miners if who.blasts[min(number, len(who.blasts) - 1)] < p.flame_dead]
        work = len(dead) * state.region.seat / p.carrying
        state = replace(
            fire.explodes(p, state),
            miners=tuple(who for who in state.miners if who not in dead),
            bodies=state.bodies + len(dead),
            bodies_work=state.bodies_work + work,
        )
        effects: list[Effect] = [Note("gas_explodes", {"methane": volume, "people": float(len(dead))})]
        if dead:
            effects.append(Harm(tuple(who.id for who in dead), Status.DEAD, why="gas_explodes"))
        effects.append(Strike("gas_explodes", INSIDE, p.squad_dead, p.squad_red, p.squad_yellow))
        return state, effects

    def _turned(self, state: State, inputs: Inputs) -> Jump:
        """The air turns: smoke now goes to the side it came from, onto those who thought they were safe."""
        state = fire.happened(self.p, state, "air_turned", inputs)
        region = state.region
        mirrored = replace(state, miners=tuple(self._cut_off(who, state) for who in state.miners))
        caught = sum(a is not b for a, b in zip(mirrored.miners, state.miners, strict=True))
        return mirrored, (Note("air_turned", {"people": float(caught), "reach": region.seat - region.way_in}),)

    def _cut_off(self, who: Miner, state: State) -> Miner:
        """Somebody between the fire and the portal: in smoke from when it overtakes them until they are out."""
        region, age = state.region, state.age
        at = escape.place(who, age)
        if who.found or who.by_return or at >= region.seat or who.out == INF:
            return who
        begins = age + (region.seat - at) / max(state.flow / region.section, self.p.walking_smoke)
        starts = max(age, who.walks)
        out = escape.up(region, starts + at / self.p.walking_smoke)
        return escape.through(self.p, replace(who, at=at, walks=starts), begins, out, out) if begins < out else who

    def _worked(self, state: State, name: str) -> State:
        """Work for all that is done."""
        match name:
            case "base_set":
                return replace(state, base=0.0)
            case "recon_done":
                return replace(state, recon=0.0)
            case "cooled":
                return replace(state, damping=0.0)
        return replace(state, bodies=0, bodies_work=0.0)  # bodies_out

    def _dies(self, state: State, k: int) -> Jump:
        """The one whose dose is reached; the sum is set onto it."""
        who = state.miners[k]
        work = state.region.seat / self.p.carrying
        state = replace(
            state,
            sums=Sums(who.monoxide_from + who.monoxide),
            miners=(*state.miners[:k], *state.miners[k + 1 :]),
            bodies=state.bodies + 1,
            bodies_work=state.bodies_work + work,
        )
        return state, (Harm((who.id,), Status.DEAD, why="poisoned"),)

    def _found(self, state: State, k: int) -> Jump:
        """Squads come to somebody; the state of their work is set onto the place."""
        p, who = self.p, state.miners[k]
        state = replace(state, recon=min(state.recon, rescue.left_at(p, state, who.at)))
        who = escape.found(p, state.region, state.sums, who, state.age)
        return replace(state, miners=(*state.miners[:k], who, *state.miners[k + 1 :])), (Note("found", {"at": who.at}),)

    def _out(self, state: State, k: int) -> Jump:
        """One more is at the surface."""
        who = state.miners[k]
        colour = escape.condition(self.p, who) or Triage.GREEN
        left = (*state.miners[:k], *state.miners[k + 1 :])
        return replace(state, miners=left), (Harm((who.id,), Status.WAITING, colour, "carried_out"),)
