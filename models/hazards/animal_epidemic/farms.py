"""What becomes of the farms: reached or spared, shedding, found, condemned, culled, and when nothing is left to do."""

from __future__ import annotations

import math

from msgspec.structs import replace

from models.hazards.animal_epidemic import culling
from models.hazards.animal_epidemic.parameters import Parameters
from models.hazards.animal_epidemic.state import ENDED, HIDDEN, KNOWN, Arrival, Job, Phase, State
from sim.domain.hazards import Effect, Note

Jump = tuple[State, list[Effect]]


def confirmed(p: Parameters, state: State) -> Jump:
    """From now on: cull, close, visit. Farms that shed already get their turn in the round."""
    after = replace(state, confirmed=True, reference=0.0)
    known = [i for i, phase in enumerate(after.phases) if phase is Phase.FOUND]
    for i, phase in enumerate(after.phases):
        if phase is Phase.SHEDDING:
            after = sheds(p, after, i)
    for i in known:
        after = condemned(p, after, i)
    return after, [Note("confirmed", {"farms": float(len(known))})]


def contact(p: Parameters, state: State) -> Jump:
    """The disease comes to another farm, or the measures stop it on its way."""
    arrival, *others = state.to_come
    after, what = replace(state, to_come=tuple(others)), arrival.what
    heads = state.farms[what.target].heads
    if what.luck < stops(p, state, arrival):
        return after, [Note("spread_stopped", {"heads": heads})]
    told = Note("farm_infected", {"heads": heads, "moved": float(what.moved)})
    return infected(p, after, what.target, arrival.at), [told]


def infected(p: Parameters, state: State, i: int, at: float) -> State:
    """A farm has it from that moment on; what it will pass on is under way, and its people are in reach of it."""
    sheds_at = at + p.latent
    new = [Arrival(sheds_at + what.age, i, what) for what in state.farms[i].passes]
    hands = [hand for hand in state.at_risk if hand.farm == i]
    moments = [
        replace(h, caught=sheds_at + h.caught, ill=sheds_at + h.ill, ends=sheds_at + h.ends) for h in hands
    ]  # fmt: skip
    return replace(
        turned(state, i, Phase.INCUBATING),
        since=(*state.since[:i], at, *state.since[i + 1 :]),
        to_come=tuple(sorted((*state.to_come, *new), key=lambda a: (a.at, a.source, a.what.target))),
        hands=state.hands + tuple(h for h in moments if h.caught > 0.0),
        at_risk=tuple(hand for hand in state.at_risk if hand.farm != i),
    )


def begins_to_shed(p: Parameters, state: State) -> Jump:
    """The next of those that incubate sheds."""
    hidden = (i for i, phase in enumerate(state.phases) if phase is Phase.INCUBATING)
    return sheds(p, state, min(hidden, key=lambda i: (state.since[i], i))), []


def sheds(p: Parameters, state: State, i: int) -> State:
    """It sheds; once visits go round, its turn comes somewhere in the next round."""
    round_ = p.visit * len(state.farms)
    mark = state.visited + state.farms[i].visit * round_ if state.confirmed else math.inf
    marks = (*state.marks[:i], mark, *state.marks[i + 1 :])
    return replace(turned(state, i, Phase.SHEDDING), marks=marks)


def found(p: Parameters, state: State, name: str) -> Jump:
    """One more farm is known to have it: by its owner, or by a visit."""
    shedding = [i for i, phase in enumerate(state.phases) if phase is Phase.SHEDDING]
    due = [reports_at(p, state, i) for i in range(len(state.farms))] if name == "reported" else list(state.marks)
    i = min(shedding, key=lambda i: (due[i], i))
    after = turned(state, i, Phase.FOUND)
    if state.confirmed:
        after = condemned(p, after, i)
    return after, [Note(name, {"heads": state.farms[i].heads})]


def reports_at(p: Parameters, state: State, i: int) -> float:
    """When a farm's owner reports it (s since the beginning): not before the first farm has been suspected."""
    return max(0.0, state.since[i] + p.latent + state.farms[i].delay)


def condemned(p: Parameters, state: State, i: int) -> State:
    """Its animals are to be killed, and those of the ring around it; pits are dug for all of them."""
    first = [job for job in state.jobs if job.farm == i] or [to_kill(p, state, i)]
    others = [job for job in state.jobs if job.farm != i]
    ahead, ring = [job for job in others if not job.ring], [job for job in others if job.ring]
    after = replace(state, jobs=(*ahead, *(replace(job, ring=False) for job in first), *ring))
    if len(others) == len(state.jobs):  # it was not on the list yet
        after = replace(after, condemned=after.condemned + volume(p, state.farms[i].heads))
    return ringed(p, after, i)


def ringed(p: Parameters, state: State, i: int) -> State:
    """The farms around it are to be culled, too, behind those that have it."""
    taken = {job.farm for job in state.jobs}
    ring = tuple(
        to_kill(p, state, j, ring=True) for j in state.farms[i].ring
        if j not in taken and state.phases[j] in (Phase.FREE, *HIDDEN)
    )  # fmt: skip
    room = math.fsum(volume(p, state.farms[job.farm].heads) for job in ring)
    return replace(state, jobs=state.jobs + ring, condemned=state.condemned + room)


def to_kill(p: Parameters, state: State, i: int, *, ring: bool = False) -> Job:
    """The work of killing a farm's animals."""
    work = p.per_farm + state.farms[i].heads / (p.head_rate * p.heads_times)
    return Job(i, work, work, ring)


def farm_culled(p: Parameters, state: State) -> Jump:
    """The last animal of a farm is dead; what is left there is cleaned."""
    _, k = culling.next_done(state.jobs, state.crews, p.farm_face)
    job = state.jobs[k]
    heads = state.farms[job.farm].heads
    rest = heads * job.left / job.work
    cleaning = p.clean_farm + heads / (p.clean_rate * p.heads_times)
    free = state.phases[job.farm] is Phase.FREE
    after = replace(
        turned(state, job.farm, Phase.PRECAUTION if free else Phase.CULLED),
        jobs=(*state.jobs[:k], *state.jobs[k + 1 :]), culled=state.culled + rest, cleaning=state.cleaning + cleaning,
    )  # fmt: skip
    if not free:
        after = ringed(p, after, job.farm)  # one that nobody knew of is found when its animals are killed
    name = "ring_culled" if free else "farm_culled"
    return after, [Note(name, {"heads": heads, "carcasses": carcasses(p, after)})]


def settled(state: State) -> State:
    """Whether all is done, and since when."""
    open_ = (
        not state.confirmed or state.jobs or state.cleaning > 0.0 or state.dug < state.condemned
        or any(phase in (*HIDDEN, Phase.FOUND) for phase in state.phases) or state.hands
    )  # fmt: skip
    if open_:
        return replace(state, clear_from=math.inf)
    return replace(state, clear_from=state.age) if math.isinf(state.clear_from) else state


def carcasses(p: Parameters, state: State) -> float:
    """Volume (m³) killed and not yet in a pit."""
    return max(0.0, volume(p, state.culled) - state.dug)


def volume(p: Parameters, heads: float) -> float:
    """The room (m³) that so many animals take in a pit."""
    return heads * p.carcass / p.heads_times


def immunity(p: Parameters, state: State) -> float:
    """The share of farms that vaccine protects by now."""
    return p.vaccine if state.age >= state.immune_from else 0.0


def stops(p: Parameters, state: State, arrival: Arrival) -> float:
    """The share of such infections that the measures stop now."""
    known = state.phases[arrival.source] is Phase.FOUND
    road = p.ban if arrival.what.moved else p.sealed * known
    return 1 - (1 - road * state.held * state.confirmed) * (1 - immunity(p, state))


def shedding(p: Parameters, state: State) -> int:
    """How many farms shed now, known or not; one that nobody ends does so for a time only."""
    return sum(
        phase in (Phase.SHEDDING, Phase.FOUND) and state.age < at + p.latent + p.shedding
        for phase, at in zip(state.phases, state.since, strict=True)
    )


def watched(state: State) -> int:
    """How many people work on the farms that are known to have had it."""
    return sum(many for many, phase in zip(state.staff, state.phases, strict=True) if phase in KNOWN)


def turned(state: State, i: int, phase: Phase) -> State:
    """The state with that farm in that phase."""
    return replace(state, phases=(*state.phases[:i], phase, *state.phases[i + 1 :]))


def pruned(state: State) -> State:
    """Without what can do nothing any more: from farms that were culled, to farms that have it or are empty; people of those."""
    phases = state.phases
    to_come = tuple(
        a for a in state.to_come if phases[a.source] not in ENDED and phases[a.what.target] is Phase.FREE
    )  # fmt: skip
    hands = tuple(hand for hand in state.hands if hand.stage or phases[hand.farm] not in ENDED)
    return replace(state, to_come=to_come, hands=hands)
