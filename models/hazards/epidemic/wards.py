"""Those who need a bed: who has one, who is sent for by a designated hospital, who recovers, whose clock of danger runs out.

Beds go by who came first. The clock runs three times as fast without a bed, so that of those whom no bed is found for the share
that dies is the fatality times (1 + 2 · overflow share), as long as both are small. All luck was drawn at the start. The ill never
run the engine's clocks of the injured, which are far too fast for a disease.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from msgspec.structs import replace

from models import kernels
from models.hazards.epidemic.parameters import Parameters
from models.hazards.epidemic.spread import given, identified
from models.hazards.epidemic.state import Course, Patient, State
from sim.domain.hazards import Effect, Harm, Involve
from sim.domain.people import Person, Status


def fatality(cfr: float, overflow: float, shortage: float) -> float:
    """Share of those in need of a bed who die when so large a share of them finds none: CFR · (1 + shortage · overflow)."""
    return cfr * (1 + shortage * overflow)


def danger(p: Parameters, course: Course) -> float:
    """Rate (1/s) of the clock of somebody in a bed: over the whole stay it takes the share `fatality`."""
    return -math.log1p(-min(p.fatality, p.fatality_most)) / course.stay


def beds(p: Parameters, state: State) -> int:
    """Beds for the followed: local ones and those of a makeshift ward, less what the crowd beyond them takes."""
    here = float(len(state.patients) - referred(state))
    share = here / (here + state.crowd) if here else 1.0
    return math.floor(full(p, state) * share)


def referred(state: State) -> int:
    """How many are in designated hospitals now."""
    return sum(who.referred for who in state.patients)


def without_bed(p: Parameters, state: State) -> float:
    """How many need a bed and have none."""
    return max(0.0, len(state.patients) - referred(state) + state.crowd - math.floor(full(p, state)))


def factors(p: Parameters, state: State) -> Iterator[tuple[Patient, float]]:
    """Every patient and how fast their clock runs: first come, first served; slower in a designated hospital."""
    room, place = beds(p, state), 0
    for who in state.patients:
        if who.referred:
            yield who, who.rate * p.designated
        else:
            yield who, fatality(who.rate, float(place >= room), p.shortage)
            place += 1


def nurse(p: Parameters, state: State, dt: float) -> State:
    """The clocks of all of them `dt` later."""
    if not state.patients or dt <= 0.0:
        return state
    return replace(
        state,
        patients=tuple(replace(who, used=who.used + rate * dt) for who, rate in factors(p, state)),
    )


def next_of_them(p: Parameters, state: State) -> Iterator[tuple[float, str]]:
    """When somebody dies, recovers, or comes to need a bed: (seconds, event)."""
    for who, rate in factors(p, state):
        yield kernels.work_done_in(who.doom - who.used, rate), "dies"
        yield who.leaves - state.age, "recovers"
    for who in _to_send(p, state):
        yield max(0.0, who.since + p.assess - state.age), "transferred"
    if state.due:
        yield state.due[0].at - state.age, "needs_bed"


def falls(p: Parameters, state: State, name: str, course: Course, at: float) -> tuple[State, tuple[Effect, ...]]:
    """Somebody comes to need a bed."""
    who = Patient(name, at, at + course.stay, danger(p, course), course.doom, course.grave)
    state = replace(state, fallen=state.fallen + 1, patients=(*state.patients, who))
    return state, (Involve((Person(name, Status.EXPOSED, "patients"),)),)


def dies(p: Parameters, state: State) -> tuple[State, tuple[Effect, ...]]:
    """The clock of one has run out."""
    _, place = min(
        (kernels.work_done_in(who.doom - who.used, rate), place) for place, (who, rate) in enumerate(factors(p, state))
    )
    who, left = state.patients[place], (*state.patients[:place], *state.patients[place + 1 :])
    return replace(state, patients=left, dead=state.dead + 1), (
        Harm((who.id,), Status.DEAD, None, "dies", hidden=False),
    )


def recovers(state: State) -> tuple[State, tuple[Effect, ...]]:
    """The stay of one is over."""
    place = min(range(len(state.patients)), key=lambda k: state.patients[k].leaves)
    who, left = state.patients[place], (*state.patients[:place], *state.patients[place + 1 :])
    return replace(state, patients=left, recovered=state.recovered + 1), (
        Harm((who.id,), Status.SAFE, None, "recovers"),
    )


def send(p: Parameters, state: State) -> tuple[State, tuple[Effect, ...]]:
    """The gravest who has been there longest is sent for by a designated hospital."""
    who = min(_to_send(p, state), key=lambda who: (who.since, who.id))
    sent = tuple(replace(one, referred=True) if one is who else one for one in state.patients)
    return replace(state, patients=sent, transferred=state.transferred + 1), ()


def crowd_after(p: Parameters, state: State, more: float, dt: float) -> State:
    """Those beyond the followed, a day later: so many more need a bed, some recover, some die."""
    everybody = len(state.patients) + state.crowd + more
    overflow = max(0.0, 1 - full(p, state) / everybody) if everybody > 0.0 else 0.0
    now = state.crowd + more
    left = now * math.exp(-dt / p.stay)
    lost = (now - left) * min(1.0, fatality(p.fatality, overflow, p.shortage))
    return replace(state, crowd=left if left >= 1 / 2 else 0.0, crowd_dead=state.crowd_dead + lost)


def full(p: Parameters, state: State) -> float:
    """All beds there are for it: local ones and those of a makeshift ward."""
    return state.beds + min(p.ward_most, given(state, "ward")) * p.ward_beds


def _to_send(p: Parameters, state: State) -> Iterator[Patient]:
    """The gravest, once it is known what they have and while there is room for them."""
    if identified(state) and referred(state) < p.transfers_most:
        yield from (who for who in state.patients if who.grave < p.critical and not who.referred)
