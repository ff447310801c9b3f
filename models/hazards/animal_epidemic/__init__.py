"""Animal epidemic (重大动物疫情): a disease that goes from farm to farm until the chain is cut by culling, closed roads and visits.

What each farm would pass on while it sheds is drawn once, from a kernel of distance and from movements; the response ends its
shedding and stops what is on the way. Blind to farms beyond the area, to restocking and to prices. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.animal_epidemic import culling, farms, people
from models.hazards.animal_epidemic.beginning import begin
from models.hazards.animal_epidemic.parameters import Parameters
from models.hazards.animal_epidemic.spread import (
    Contact,
    contacts,
    daily_chance,
    doubling,
    force,
    growth,
    kernel,
    throughput,
    unseen,
)  # fmt: skip
from models.hazards.animal_epidemic.state import HIDDEN, KNOWN, Arrival, Farm, Hand, Job, Phase, State
from sim.domain.hazards import (
    Demand,
    DemandKind,
    Effect,
    Footprint,
    Inputs,
    Need,
    Note,
    Over,
    Roads,
    Scene,
    Sighting,
)  # fmt: skip
from sim.domain.places import Site
from sim.streams import Stream
from sim.units import from_si

__all__ = [
    "Arrival",
    "Contact",
    "Farm",
    "Hand",
    "Job",
    "Model",
    "Parameters",
    "Phase",
    "State",
    "contacts",
    "daily_chance",
    "doubling",
    "force",
    "free_course",
    "growth",
    "kernel",
    "throughput",
    "unseen",
]  # fmt: skip

Jump = tuple[State, list[Effect]]
WORK, HOLD = DemandKind.WORK, DemandKind.HOLD


class Model:
    """An animal epidemic; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> tuple[State, Sequence[Effect]]:
        """The first farm is suspected; others may have it already."""
        return begin(self.p, scene, stream), ()

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """Animals killed, pits dug, farms cleaned and visited `dt` later."""
        p, effort = self.p, inputs.effort
        state = self._fed(state, inputs)
        jobs = culling.worked(state.jobs, state.crews, p.farm_face, dt)
        killed = culling.killed(state.jobs, jobs, state.farms)
        return replace(
            state,
            jobs=jobs,
            culled=state.culled + killed,
            dug=min(state.condemned, state.dug + state.digging * dt),
            sampling=kernels.work_left(state.sampling, effort.get("sampling", 0.0), dt),
            reference=kernels.work_left(state.reference, float(state.sampled and not state.confirmed), dt),
            vaccinating=kernels.work_left(state.vaccinating, effort.get("vaccinating", 0.0), dt),
            cleaning=kernels.work_left(state.cleaning, effort.get("cleaning", 0.0), dt),
            visited=state.visited + (effort.get("visits", 0.0) * dt if state.confirmed else 0.0),
            age=state.age + dt,
        )

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The soonest of all that may happen by itself."""
        if state.over:
            return math.inf, ""
        span, name = min(self._due(self._fed(state, inputs), inputs), default=(math.inf, ""))
        return max(0.0, span), name

    def fire(self, state: State, name: str, inputs: Inputs) -> tuple[State, Sequence[Effect]]:
        """The jump at that event; then whatever can no longer come is struck off, and it is seen whether all is done."""
        state, effects = self._jump(self._fed(state, inputs), name, inputs)
        return farms.settled(farms.pruned(state)), effects

    def demands(self, state: State) -> Sequence[Demand]:
        """Samples; then culling, closed roads, pits, cleaning, visits, vaccine; an eye on those who work there."""
        p = self.p
        if not state.confirmed:
            if state.sampled:
                return ()
            return (Demand("sampling", WORK, "VET", state.sampling, p.sampling_face, priority=1),)
        demands = []
        if state.jobs:
            left, face = math.fsum(job.left for job in state.jobs), p.farm_face * len(state.jobs)
            demands.append(Demand("culling", WORK, "VET", left, face, p.set_up, 1))
        demands.append(Demand("points", HOLD, "TRAFFIC", p.points, p.points, priority=2, wears=False))
        if state.dug < state.condemned:
            demands.append(Demand("pits", WORK, "ROAD_CLEAR", state.condemned - state.dug, p.dig_face, p.dig_set_up, 2))
        if state.cleaning > 0.0:
            demands.append(Demand("cleaning", WORK, "FARM_CLEAN", state.cleaning, p.clean_face, priority=3))
        demands.append(Demand("visits", HOLD, "VET", p.visitors, p.visitors, priority=4, wears=False))
        if state.vaccinating > 0.0:
            demands.append(Demand("vaccinating", WORK, "VET", state.vaccinating, p.vaccine_face, priority=5))
        if farms.watched(state):
            demands.append(Demand("health_watch", HOLD, "EPI", p.watchers, p.watchers, priority=3, wears=False))
        return demands

    def readings(self, state: State) -> dict[str, float]:
        """Farms by what has become of them, animals killed and to be buried, how it grows, who is ill."""
        at = [state.phases.count(phase) for phase in Phase]
        infected = sum(at[phase] for phase in (*HIDDEN, *KNOWN))
        carcasses = farms.carcasses(self.p, state)
        return {
            "farms": float(infected),
            "shedding": float(farms.shedding(self.p, state)),
            "unknown": float(at[Phase.INCUBATING] + at[Phase.SHEDDING]),
            "waiting": float(len(state.jobs)),
            "culled": state.culled,
            "culling": culling.rate(state.jobs, state.crews, self.p.farm_face, state.farms),
            "culled_share": state.culled / state.all_heads if state.all_heads > 0.0 else 0.0,
            "attacked": infected / len(state.farms),
            "carcasses": carcasses,
            "pits": state.dug,
            "digging": state.digging if state.dug < state.condemned else 0.0,
            "growth": self.growth(state),
            "held": state.held,
            "ill": float(state.ill),
        }

    def mode(self, state: State) -> str:
        """latent until it is confirmed, growing while farms have it unknown, declining while work is left, controlled, over."""
        if state.over:
            return "over"
        if not state.confirmed:
            return "latent"
        if not math.isinf(state.clear_from):
            return "controlled"
        return "growing" if any(phase in HIDDEN for phase in state.phases) else "declining"

    def footprint(self, state: State) -> Footprint:  # noqa: ARG002 - the port's
        """Nothing is dangerous to come near to: who goes in, changes clothes."""
        return Footprint()

    def observe(self, state: State, stream: Stream) -> Sighting:
        """Farms that are known and their animals are counted; pits are judged; how fast it grows is the epidemiologists' guess."""
        p = self.p
        judged = math.exp(p.count_error * stream.normal())
        left = math.fsum(job.left for job in state.jobs)
        known = sum(map(state.phases.count, KNOWN))
        rate = self.growth(state)
        return Sighting(
            figures={
                "farms": float(known * state.confirmed),  # what a report may count; before that they are suspected
                "suspected": float(known * (not state.confirmed)),
                "confirmed": float(state.confirmed),
                "sampled": float(state.sampled),
                "waiting": float(len(state.jobs)),
                "work": left,
                "to_bury": (state.condemned - state.dug) * judged,
                "to_clean": state.cleaning,
                "to_vaccinate": state.vaccinating,
                "doubling": doubling(math.exp(rate * p.generation), p.generation) * judged if rate > 0.0 else 0.0,
                "watched": float(farms.watched(state)),
            }
        )

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's
        """Veterinary crews so that no farm waits longer than the rule, no more than a city has; points, diggers, cleaners."""
        p, seen = self.p, sighting.figures
        if not seen:
            return ()
        if not seen["confirmed"]:
            return () if seen["sampled"] else (Need("VET", p.sampling_face, 1),)
        cull = 0.0
        if seen["waiting"]:
            cull = math.ceil(throughput(seen["work"], p.cull_within) / p.on_duty)
            cull = min(p.farm_face * seen["waiting"], max(1.0, cull))
        vaccine = p.vaccine_face if seen["to_vaccinate"] > 0.0 else 0.0
        others = max(p.standby, cull + vaccine)  # whoever stands by cleans meanwhile
        needs = [Need("VET", min(p.crews_most, p.visitors + others), 1), Need("TRAFFIC", p.points, 2)]
        if seen["to_bury"] > 0.0 or seen["waiting"]:  # the first digger stays until the last farm is culled
            machines = max(1, math.ceil(throughput(seen["to_bury"], p.bury_within) / p.digger))
            needs.append(Need("ROAD_CLEAR", min(p.dig_face, machines * p.digger), 2))
        if (cleaners := math.floor(throughput(seen["to_clean"], p.cull_within))) > 0:
            needs.append(Need("FARM_CLEAN", min(p.clean_face, cleaners), 3))
        if seen["watched"]:
            needs.append(Need("EPI", p.watchers, 3))
        return needs

    # ── figures ──

    def growth(self, state: State) -> float:
        """Rate (1/s) at which farms with it multiply under the measures as they stand; 0 where nothing could pass it on."""
        p = self.p
        near = state.near_rate * (1 - p.sealed * state.held)
        moved = state.moved_rate * (1 - p.ban * state.held)
        r = (near + moved) * (1 - farms.immunity(self.p, state)) * (p.delay + p.cull_within)
        return growth(r, p.generation) if r > 0.0 else 0.0

    # ── inside ──

    def _fed(self, state: State, inputs: Inputs) -> State:
        """The state with what the efforts bring; rain slows the diggers."""
        p, effort = self.p, inputs.effort
        dry = 1 / (1 + inputs.weather.rain / from_si(p.rain_half, "mm/h"))
        return replace(
            state,
            crews=effort.get("culling", 0.0),
            digging=effort.get("pits", 0.0) * dry if state.dug < state.condemned else 0.0,
            held=min(1.0, effort.get("points", 0.0) / p.points) if state.confirmed else 0.0,
        )

    def _due(self, state: State, inputs: Inputs) -> Iterator[tuple[float, str]]:
        """Everything that will happen by itself under these inputs: (seconds, name)."""
        p, effort = self.p, inputs.effort
        if not state.confirmed:
            if state.sampled:
                yield state.reference, "confirmed"
            else:
                yield kernels.work_done_in(state.sampling, effort.get("sampling", 0.0)), "sampled"
        elif state.held > 0.0 and not state.closed:
            yield 0.0, "roads_checked"
        if state.to_come:
            yield state.to_come[0].at - state.age, "contact"
        yield from self._of_farms(state, effort.get("visits", 0.0))
        yield culling.next_done(state.jobs, state.crews, p.farm_face)[0], "farm_culled"
        if state.dug < state.condemned:
            yield kernels.work_done_in(state.condemned - state.dug, state.digging), "buried"
        if state.cleaning > 0.0:
            yield kernels.work_done_in(state.cleaning, effort.get("cleaning", 0.0)), "cleaned"
        if state.vaccinating > 0.0:
            yield kernels.work_done_in(state.vaccinating, effort.get("vaccinating", 0.0)), "vaccinated"
        yield people.next_of(state, effort.get("health_watch", 0.0) > 0.0)
        yield state.clear_from + p.clear - state.age, "released"

    def _of_farms(self, state: State, visitors: float) -> Iterator[tuple[float, str]]:
        for i, phase in enumerate(state.phases):
            if phase is Phase.INCUBATING:
                yield state.since[i] + self.p.latent - state.age, "sheds"
            elif phase is Phase.SHEDDING:
                yield farms.reports_at(self.p, state, i) - state.age, "reported"
                if state.confirmed:
                    yield kernels.work_done_in(state.marks[i] - state.visited, visitors), "found_by_visit"

    def _jump(self, state: State, name: str, inputs: Inputs) -> Jump:
        p = self.p
        match name:
            case "confirmed":
                jump = farms.confirmed(p, state)
            case "contact":
                jump = farms.contact(p, state)
            case "sheds":
                jump = farms.begins_to_shed(p, state)
            case "reported" | "found_by_visit":
                jump = farms.found(p, state, name)
            case "farm_culled":
                jump = farms.farm_culled(p, state)
            case "released":
                jump = self._released(state, name)
            case _ if name in people.NAMES:
                jump = people.jump(state, name, watched=inputs.effort.get("health_watch", 0.0) > 0.0)
            case _:
                jump = self._work_done(state, name)
        return jump

    def _work_done(self, state: State, name: str) -> Jump:
        """One of the works is at its end, or the points on the roads are first manned."""
        p, effects = self.p, list[Effect]([Note(name)])
        match name:
            case "sampled":
                after = replace(state, sampling=0.0, sampled=True)
            case "buried":
                after = replace(state, dug=state.condemned, filled=state.condemned)
                effects = [Note(name, {"volume": state.condemned - state.filled})]
            case "cleaned":
                after = replace(state, cleaning=0.0)
            case "vaccinated":
                after = replace(state, vaccinating=0.0, immune_from=state.age + p.immune_after)
            case _:  # roads_checked
                after = replace(state, closed=True)
                effects.insert(0, Roads(p.checked_flow, p.ring, why=name))
        return after, effects

    def _released(self, state: State, name: str) -> Jump:
        """Nothing new for as long as the rule says: the zone is opened."""
        opened: list[Effect] = [Roads(1.0, self.p.ring, why=name)] if state.closed else []
        return replace(state, over=True), [*opened, Over(name)]
