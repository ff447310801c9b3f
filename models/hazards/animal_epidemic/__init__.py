"""Animal epidemic (重大动物疫情): a disease that goes from farm to farm until the chain is cut by culling, closed roads and visits.

What the disease would do by itself is worked out once, farm by farm, from a kernel of distance and from movements; the response cuts
branches of that tree. Blind to farms beyond the area, to restocking, to prices, and to a second chance of a farm once spared. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.animal_epidemic import culling
from models.hazards.animal_epidemic.beginning import begin
from models.hazards.animal_epidemic.parameters import Parameters
from models.hazards.animal_epidemic.people import at_an_end, caught, falls_ill, found_ill, next_of
from models.hazards.animal_epidemic.spread import (
    daily_chance, doubling, force, free_course, growth, kernel, throughput,
)  # fmt: skip
from models.hazards.animal_epidemic.state import Farm, Hand, Job, Phase, State
from sim.domain.hazards import (
    Demand, DemandKind, Effect, Footprint, Harm, Inputs, Involve, Need, Note, Over, Roads, Scene, Sighting,
)  # fmt: skip
from sim.domain.people import Person, Status
from sim.domain.places import Site
from sim.streams import Stream
from sim.units import from_si

__all__ = [
    "Farm", "Hand", "Job", "Model", "Parameters", "Phase", "State", "daily_chance", "doubling", "force", "free_course",
    "growth", "kernel", "throughput",
]  # fmt: skip

Jump = tuple[State, list[Effect]]
WORK, HOLD = DemandKind.WORK, DemandKind.HOLD
HIDDEN, KNOWN = (Phase.INCUBATING, Phase.SHEDDING), (Phase.FOUND, Phase.CULLED)
ENDED = (Phase.CULLED, Phase.PRECAUTION, Phase.SPARED)


class Model:
    """An animal epidemic; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> tuple[State, Sequence[Effect]]:
        """The first farm is suspected; others may have it already."""
        state = begin(self.p, scene, stream)
        people = tuple(Person(who, Status.EXPOSED, "farm_hands") for who in state.exposed)
        return state, (Involve(people),) if people else ()

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
        return self._settled(_pruned(state)), effects

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
            demands.append(Demand("cleaning", WORK, "DISINFECT", state.cleaning, p.clean_face, priority=3))
        demands.append(Demand("visits", HOLD, "VET", p.visitors, p.visitors, priority=4, wears=False))
        if state.vaccinating > 0.0:
            demands.append(Demand("vaccinating", WORK, "VET", state.vaccinating, p.vaccine_face, priority=5))
        if state.exposed:
            demands.append(Demand("health_watch", HOLD, "EPI", p.watchers, p.watchers, priority=3, wears=False))
        return demands

    def readings(self, state: State) -> dict[str, float]:
        """Farms by what has become of them, animals killed and to be buried, how it grows, who is ill."""
        at = [state.phases.count(phase) for phase in Phase]
        infected = sum(at[phase] for phase in (*HIDDEN, *KNOWN))
        carcasses = self._carcasses(state)
        return {
            "farms": float(infected),
            "shedding": float(at[Phase.SHEDDING] + at[Phase.FOUND]),
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
        """Farms that are known are counted; animals and pits are judged; how fast it grows is the epidemiologists' guess."""
        p = self.p
        heads = math.exp(p.count_error * stream.normal())
        left = math.fsum(job.left for job in state.jobs)
        known = sum(map(state.phases.count, KNOWN))
        rate = self.growth(state)
        return Sighting(
            figures={
                "farms": float(known),
                "confirmed": float(state.confirmed),
                "sampled": float(state.sampled),
                "waiting": float(len(state.jobs)),
                "work": left * heads,
                "to_bury": (state.condemned - state.dug) * heads,
                "to_clean": state.cleaning,
                "to_vaccinate": state.vaccinating,
                "doubling": doubling(math.exp(rate * p.generation), p.generation) if rate > 0.0 else 0.0,
                "watched": float(len(state.exposed)),
            }
        )

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's
        """Veterinary crews so that no farm waits longer than the rule, no more than a city has; points, diggers, cleaners."""
        p, seen = self.p, sighting.figures
        if not seen:
            return ()
        if not seen["confirmed"]:
            return () if seen["sampled"] else (Need("VET", p.sampling_face, 1),)
        cull = math.ceil(throughput(seen["work"], p.cull_within)) if seen["waiting"] else 0.0
        cull = min(p.farm_face * seen["waiting"], max(1.0, cull)) if seen["waiting"] else 0.0
        vaccine = p.vaccine_face if seen["to_vaccinate"] > 0.0 else 0.0
        needs = [Need("VET", min(p.crews_most, cull + p.visitors + vaccine), 1), Need("TRAFFIC", p.points, 2)]
        if seen["to_bury"] > 0.0:
            pace = throughput(seen["to_bury"], p.bury_within)
            needs.append(Need("ROAD_CLEAR", min(p.dig_face, max(p.dig_least, pace)), 2))
        if seen["to_clean"] > 0.0:
            needs.append(
                Need("DISINFECT", min(p.clean_face, math.ceil(throughput(seen["to_clean"], p.cull_within))), 3)
            )
        if seen["watched"]:
            needs.append(Need("EPI", p.watchers, 3))
        return needs

    # ── figures ──

    def growth(self, state: State) -> float:
        """Rate (1/s) at which farms with it multiply under the measures as they stand; 0 where nothing could pass it on."""
        p = self.p
        near = state.near_rate * (1 - p.sealed * state.held)
        moved = state.moved_rate * (1 - p.ban * state.held)
        r = (near + moved) * (1 - self._immunity(state)) * (p.delay + p.cull_within)
        return growth(r, p.generation) if r > 0.0 else 0.0

    # ── inside ──

    def _carcasses(self, state: State) -> float:
        """Volume (m³) killed and not yet in a pit."""
        return max(0.0, state.culled * self.p.carcass / self.p.heads_times - state.dug)

    def _volume(self, heads: float) -> float:
        return heads * self.p.carcass / self.p.heads_times

    def _immunity(self, state: State) -> float:
        return self.p.vaccine if state.age >= state.immune_from else 0.0

    def _stops(self, state: State, farm: Farm) -> float:
        """The share of such infections that the measures stop now."""
        p = self.p
        known = state.phases[farm.source] is Phase.FOUND
        road = p.ban if farm.moved else p.sealed * known
        return 1 - (1 - road * state.held * state.confirmed) * (1 - self._immunity(state))

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
            yield state.farms[state.to_come[0]].at - state.age, "contact"
        yield from self._of_farms(state, effort.get("visits", 0.0))
        yield culling.next_done(state.jobs, state.crews, p.farm_face)[0], "farm_culled"
        if state.dug < state.condemned:
            yield kernels.work_done_in(state.condemned - state.dug, state.digging), "buried"
        if state.cleaning > 0.0:
            yield kernels.work_done_in(state.cleaning, effort.get("cleaning", 0.0)), "cleaned"
        if state.vaccinating > 0.0:
            yield kernels.work_done_in(state.vaccinating, effort.get("vaccinating", 0.0)), "vaccinated"
        yield next_of(state, effort.get("health_watch", 0.0) > 0.0)
        yield state.clear_from + p.clear - state.age, "released"

    def _of_farms(self, state: State, visitors: float) -> Iterator[tuple[float, str]]:
        for i, phase in enumerate(state.phases):
            if phase is Phase.INCUBATING:
                yield state.farms[i].at + self.p.latent - state.age, "sheds"
            elif phase is Phase.SHEDDING:
                yield state.farms[i].reports - state.age, "reported"
                if state.confirmed:
                    yield kernels.work_done_in(state.marks[i] - state.visited, visitors), "found_by_visit"

    def _jump(self, state: State, name: str, inputs: Inputs) -> Jump:
        match name:
            case "sampled":
                return replace(state, sampling=0.0, sampled=True), [Note(name)]
            case "confirmed":
                return self._confirmed(state)
            case "roads_checked":
                return replace(state, closed=True), [Roads(self.p.checked_flow, self.p.ring, why=name), Note(name)]
            case "contact":
                return self._contact(state)
            case "sheds":
                i = min(
                    (i for i, phase in enumerate(state.phases) if phase is Phase.INCUBATING),
                    key=lambda i: (state.farms[i].at, i),
                )
                return self._sheds(state, i), []
            case "reported" | "found_by_visit":
                return self._found(state, name)
            case "farm_culled":
                return self._farm_culled(state)
            case "buried":
                return replace(state, dug=state.condemned), [Note(name, {"volume": state.condemned})]
            case "cleaned":
                return replace(state, cleaning=0.0), [Note(name)]
            case "vaccinated":
                return replace(state, vaccinating=0.0, immune_from=state.age + self.p.immune_after), [Note(name)]
            case "hand_caught":
                return caught(state, watched=inputs.effort.get("health_watch", 0.0) > 0.0), []
            case "hand_ill":
                return falls_ill(state, watched=inputs.effort.get("health_watch", 0.0) > 0.0)
            case "patient_found":
                return found_ill(state)
            case "patient_ends":
                return at_an_end(state)
            case _:
                return self._released(state, name)

    def _confirmed(self, state: State) -> Jump:
        """From now on the law of animal epidemics applies: cull, close, visit. Those who shed already get their turn in the round."""
        after = replace(state, confirmed=True, reference=0.0)
        known = [i for i, phase in enumerate(after.phases) if phase is Phase.FOUND]
        for i, phase in enumerate(after.phases):
            if phase is Phase.SHEDDING:
                after = self._sheds(after, i)
        for i in known:
            after = self._condemned(after, i)
        return after, [Note("confirmed", {"farms": float(len(known))})]

    def _contact(self, state: State) -> Jump:
        """The disease comes to the next farm, or the measures stop it there."""
        i, *others = state.to_come
        farm, after = state.farms[i], replace(state, to_come=tuple(others))
        if farm.luck < self._stops(state, farm):
            return _turned(after, i, Phase.SPARED), [Note("spread_stopped", {"heads": farm.heads})]
        people = state.staff[i]
        after = replace(_turned(after, i, Phase.INCUBATING), exposed=state.exposed + people)
        effects: list[Effect] = [Note("farm_infected", {"heads": farm.heads, "moved": float(farm.moved)})]
        if people:
            effects.append(Involve(tuple(Person(who, Status.EXPOSED, "farm_hands") for who in people)))
        return after, effects

    def _sheds(self, state: State, i: int) -> State:
        """It sheds; once visits go round, its turn comes somewhere in the next round."""
        round_ = self.p.visit * len(state.farms)
        mark = state.visited + state.farms[i].visit * round_ if state.confirmed else math.inf
        marks = (*state.marks[:i], mark, *state.marks[i + 1 :])
        return replace(_turned(state, i, Phase.SHEDDING), marks=marks)

    def _found(self, state: State, name: str) -> Jump:
        """One more farm is known to have it: by its owner, or by a visit."""
        shedding = [i for i, phase in enumerate(state.phases) if phase is Phase.SHEDDING]
        by = (lambda i: state.farms[i].reports) if name == "reported" else (lambda i: state.marks[i])
        i = min(shedding, key=lambda i: (by(i), i))
        after = _turned(state, i, Phase.FOUND)
        if state.confirmed:
            after = self._condemned(after, i)
        return after, [Note(name, {"heads": state.farms[i].heads})]

    def _condemned(self, state: State, i: int) -> State:
        """Its animals are to be killed, and those of the ring around it; pits are dug for all of them."""
        p, taken = self.p, {job.farm for job in state.jobs}
        first = [job for job in state.jobs if job.farm == i]
        jobs = [job for job in state.jobs if job.farm != i]
        new = first or [self._job(state, i)]
        ring = [
            self._job(state, j, ring=True) for j in state.farms[i].ring
            if j not in taken and state.phases[j] in (Phase.FREE, Phase.SPARED, *HIDDEN)
        ]  # fmt: skip
        kept = [job for job in jobs if not job.ring] + [replace(job, ring=False) for job in new]
        jobs = kept + [job for job in jobs if job.ring] + ring
        added = [*(() if first else new), *ring]
        volume = math.fsum(self._volume(state.farms[job.farm].heads) for job in added)
        return replace(state, jobs=tuple(jobs), condemned=state.condemned + volume)

    def _job(self, state: State, i: int, *, ring: bool = False) -> Job:
        work = self.p.per_farm + state.farms[i].heads / (self.p.head_rate * self.p.heads_times)
        return Job(i, work, work, ring)

    def _farm_culled(self, state: State) -> Jump:
        """The last animal of a farm is dead; what is left there is cleaned."""
        p = self.p
        _, k = culling.next_done(state.jobs, state.crews, p.farm_face)
        job = state.jobs[k]
        heads = state.farms[job.farm].heads
        rest = heads * job.left / job.work
        cleaning = p.clean_farm + heads / (p.clean_rate * p.heads_times)
        free = state.phases[job.farm] in (Phase.FREE, Phase.SPARED)
        after = replace(
            _turned(state, job.farm, Phase.PRECAUTION if free else Phase.CULLED),
            jobs=(*state.jobs[:k], *state.jobs[k + 1 :]), culled=state.culled + rest, cleaning=state.cleaning + cleaning,
        )  # fmt: skip
        name = "ring_culled" if free else "farm_culled"
        return after, [Note(name, {"heads": heads, "carcasses": self._carcasses(after)})]

    def _released(self, state: State, name: str) -> Jump:
        """Nothing new for as long as the rule says: the zone is opened."""
        effects: list[Effect] = [Harm(state.exposed, Status.SAFE, why=name)] if state.exposed else []
        if state.closed:
            effects.append(Roads(1.0, self.p.ring, why=name))
        return replace(state, over=True, exposed=()), [*effects, Over(name)]

    def _settled(self, state: State) -> State:
        """Whether all is done, and since when."""
        open_ = (
            not state.confirmed or state.jobs or state.cleaning > 0.0 or state.dug < state.condemned
            or any(phase in (*HIDDEN, Phase.FOUND) for phase in state.phases) or state.hands
        )  # fmt: skip
        if open_:
            return replace(state, clear_from=math.inf)
        return replace(state, clear_from=state.age) if math.isinf(state.clear_from) else state


def _turned(state: State, i: int, phase: Phase) -> State:
    return replace(state, phases=(*state.phases[:i], phase, *state.phases[i + 1 :]))


def _pruned(state: State) -> State:
    """Without what cannot come any more: infections from farms that were culled or spared, and of farms without animals."""
    phases, kept = list(state.phases), []
    for i in state.to_come:  # whoever infects stands before whom it infects
        source = state.farms[i].source
        if phases[i] in ENDED:
            continue
        if phases[source] in ENDED:
            phases[i] = Phase.SPARED
            continue
        kept.append(i)
    hands = tuple(hand for hand in state.hands if hand.stage or phases[hand.farm] not in ENDED)
    return replace(state, phases=tuple(phases), to_come=tuple(kept), hands=hands)
