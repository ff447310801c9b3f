"""What a release asks for: in truth, as people on the spot see it, and as a duty officer would order on the ground of that."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from models.hazards.toxic_release import cloud, leak
from models.hazards.toxic_release.parameters import Parameters
from models.hazards.toxic_release.state import State
from sim.domain.hazards import Demand, DemandKind, Need
from sim.streams import Stream

WORK, RATE, HOLD, SERVICE = DemandKind.WORK, DemandKind.RATE, DemandKind.HOLD, DemandKind.SERVICE


def to_warn(state: State) -> float:
    """People of the zone who have not been told."""
    return max(0.0, math.fsum(state.zone[state.warned :]) - state.told)


def to_move(state: State) -> float:
    """People of the core who have not been led out."""
    return max(0.0, math.fsum(state.core[state.moved :]) - state.led)


def next_ring(people: tuple[float, ...], done: int) -> int:
    """The ring that is served now: the nearest with people in it that is not done; as many as there are if none is."""
    return next((k for k in range(done, len(people)) if people[k] > 0.0), len(people))


def front(p: Parameters, state: State) -> float:
    """Seconds until the front of the cloud is in the next ring that it endangers; inf if there is none."""
    ring = state.reached
    if ring >= round(p.rings) or cloud.on_axis(p, state.air, ring) * state.to_air < state.place.danger:
        return math.inf
    return state.since + cloud.middles(p)[ring] / state.air.wind - state.age


def cleared(p: Parameters, state: State) -> bool:
    """Whether the tail of the cloud has passed everywhere it was, and will go nowhere else."""
    return not state.leaks and state.cleared >= state.farthest and front(p, state) == math.inf


def demands(p: Parameters, state: State) -> Iterator[Demand]:
    """Pairs in suits, sealing, the curtain, warning and moving people, rescue, decontamination, the cordon; last a survey."""
    leaks = state.leaks
    yield Demand("entry", HOLD, "HAZMAT", p.entry_pairs, priority=1)  # those who stand by whoever goes in
    if leaks:
        if state.seal < math.inf:
            yield Demand("sealing", WORK, "LEAK_STOP", state.seal, p.seal_face, p.seal_set_up, 1)
        if state.burn < math.inf and not state.burnt:
            yield Demand("burning_off", WORK, "HAZMAT", state.burn, 1.0, p.seal_set_up, 2)
        if p.curtain > 0.0:
            water = leak.wanted_water(p, state.rate)
            yield Demand("curtain", RATE, "FIRE_WATER", water, water, priority=3)
            if 0.0 < state.alkali < math.inf:
                yield Demand("alkali", WORK, "TRANSPORT", state.alkali, p.alkali_most, priority=4, wears=False)
    if state.collapsed:
        yield Demand("rescue", SERVICE, "HAZMAT", float(state.collapsed), p.rescue_face, p.seal_set_up, 2)
    if leaks or not cleared(p, state):
        yield Demand("cordon", HOLD, "CORDON", _cordon(p, _reach(p, state, state.place.harm)), priority=3, wears=False)
        if (people := to_warn(state)) > 0.0:
            yield Demand("warning", SERVICE, "EVAC", people, p.move_face, priority=2)
        if (people := to_move(state)) > 0.0:
            yield Demand("moving", SERVICE, "EVAC", people, p.move_face, priority=3)
    if state.washing > 0.0:
        yield Demand("decontamination", SERVICE, "DECON", state.washing, p.decon_face, p.decon_set_up, 2)
    if not leaks and state.transfer > 0.0:
        yield Demand("transfer", WORK, "LEAK_STOP", state.transfer, p.transfer_face, p.seal_set_up, 3)
    if cleared(p, state) and state.survey > 0.0:
        yield Demand("survey", WORK, "ENV_MON", state.survey, p.survey_face, priority=3)


def readings(p: Parameters, state: State) -> dict[str, float]:
    """What people would plot."""
    place, leaks = state.place, state.leaks
    return {
        "leak": state.rate if leaks else 0.0,
        "to_air": state.to_air if leaks else 0.0,
        "left": state.left,
        "released": state.released,
        "reach": _reach(p, state, place.danger),
        "harmful": _reach(p, state, place.harm),
        "stability": float(state.air.stability),
        "wind": state.air.wind,
        "in_danger": math.fsum(state.core),
        "in_zone": math.fsum(state.zone),
        "exposed": float(state.exposed),
        "collapsed": float(state.collapsed),
        "warned": state.heard + state.told,
        "moved": state.away + state.led,
        "to_wash": state.washing,
        "curtain_water": state.water,
        "unfollowed": state.unfollowed,
    }


def seen(p: Parameters, state: State, stream: Stream) -> dict[str, float]:
    """Instruments give the reach roughly; how much leaks is judged by the sound of it, wrong by the same factor each time."""
    rough = math.exp(p.seen_error * stream.normal())
    leaks = state.leaks
    return {
        "leak": state.rate * state.place.misjudged if leaks else 0.0,
        "reach": _reach(p, state, state.place.danger) * rough,
        "harmful": _reach(p, state, state.place.harm) * rough,
        "to_warn": to_warn(state) * rough if not cleared(p, state) else 0.0,
        "to_move": to_move(state) * rough if not cleared(p, state) else 0.0,
        "collapsed": float(round(state.collapsed * rough)),
        "to_wash": state.washing,
        "sealable": float(leaks and state.seal < math.inf),
        "aboard": 0.0 if leaks else state.transfer,
        "curtain": float(leaks and p.curtain > 0.0),
        "alkali": float(leaks and 0.0 < state.alkali < math.inf),
        "burnable": float(leaks and state.burn < math.inf and not state.burnt),
        "survey": state.survey,
        "cloud": float(not cleared(p, state)),
    }


def needs(p: Parameters, figures: Mapping[str, float]) -> Iterator[Need]:
    """What a duty officer would order who believes these figures."""
    leaking = figures["leak"] > 0.0
    pairs = leak.wanted_pairs(p, figures["leak"]) if leaking else p.entry_pairs
    rescue = min(p.rescue_face, figures["collapsed"])
    yield Need("HAZMAT", pairs + rescue + figures["burnable"], 1)
    if figures["sealable"] or figures["aboard"]:
        yield Need("LEAK_STOP", p.seal_face, 1 if leaking else 3)
    if figures["curtain"]:
        yield Need("FIRE_WATER", leak.wanted_water(p, figures["leak"]), 1)
    if figures["alkali"]:
        yield Need("TRANSPORT", 1.0, 4)
    people = figures["to_warn"] / p.warn_per_move / p.warn_within + figures["to_move"] / p.move_within
    if people > 0.0:
        yield Need("EVAC", min(p.people_most, people), 1)
    if figures["cloud"]:
        yield Need("CORDON", _cordon(p, figures["harmful"]), 2)
    if figures["to_wash"]:
        yield Need("DECON", max(p.decon_least, figures["to_wash"] / p.decon_within), 2)
    if figures["survey"]:
        yield Need("ENV_MON", p.survey_face, 3)


def _reach(p: Parameters, state: State, level: float) -> float:
    return 0.0 if cleared(p, state) else cloud.reach(p, state.air, state.to_air, level)


def _cordon(p: Parameters, harmful: float) -> float:
    return min(p.cordon_most, math.ceil(p.cordon + harmful / p.cordon_per))
