"""What an attack asks for: in truth, as seen from the spot, and as a duty officer would order it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from models.hazards.attack.parameters import Parameters
from models.hazards.attack.state import State
from sim.domain.hazards import Demand, DemandKind, Need, Sighting
from sim.streams import Stream

WORK, HOLD, RATE = DemandKind.WORK, DemandKind.HOLD, DemandKind.RATE


def shield_points(p: Parameters, state: State) -> float:
    """Points that stand between the attackers and the people."""
    return p.shield_each * state.attackers


def demands(p: Parameters, state: State) -> Sequence[Demand]:
    """The tasks, the most urgent first."""
    if state.over:
        return ()
    found = [Demand("traffic", HOLD, "TRAFFIC", p.traffic, p.traffic, priority=5, wears=False)]
    if state.attackers:
        points = shield_points(p, state)
        work = state.neutralise + (state.attackers - 1) * p.neutralise
        face = p.neutralise_face * state.attackers
        found.append(Demand("neutralise", WORK, "TACTICAL", work, face, p.neutralise_set_up, 1))
        found.append(Demand("shield", HOLD, "CORDON", points, points, p.shield_set_up, 1))
    if state.captives:
        found.append(Demand("negotiate", RATE, "NEGOTIATE", p.talk_face, p.talk_face, p.talk_set_up, 1))
        if state.prepare > 0.0:
            found.append(Demand("prepare", WORK, "TACTICAL", state.prepare, p.prepare_face, p.prepare_set_up, 1))
        else:  # they stay in place: whoever is ready goes in when it has to be
            found.append(Demand("prepare", HOLD, "TACTICAL", p.prepare_face, p.prepare_face, 0.0, 1, wears=False))
    if state.at_large:
        found.append(Demand("search", WORK, "SEARCH", state.search, p.search_face, priority=2))
        found.append(Demand("ring", HOLD, "CORDON", p.ring, p.ring, priority=2, wears=False))
    if state.clear and state.sweep > 0.0:
        found.append(Demand("sweep", WORK, "TACTICAL", state.sweep, p.sweep_face, p.sweep_set_up, 2))
    if state.bomb and state.sweep > 0.0:
        found.append(Demand("stand_off", HOLD, "CORDON", p.stand_off, p.stand_off, priority=1, wears=False))
        if state.onlookers > 0.0:
            found.append(Demand("move_away", WORK, "EVAC", state.onlookers, p.move_face, priority=2))
    else:
        found.append(Demand("cordon", HOLD, "CORDON", p.cordon, p.cordon, priority=3, wears=False))
    return sorted(found, key=lambda demand: (demand.priority, demand.id))


def observe(p: Parameters, state: State, stream: Stream) -> Sighting:
    """Counts with errors; tension as the negotiators read it."""
    error = math.exp(p.seen_error * stream.normal())
    return Sighting(
        figures={
            "attackers": max(float(min(1, state.attackers)), round(state.attackers * error)),
            "held": float(bool(state.captives)),
            "tension": min(1.0, state.tension * math.exp(p.seen_error * stream.normal())),
            "at_large": float(state.at_large),
            "device": float(state.bomb and state.sweep > 0.0),
            "onlookers": round(state.onlookers * error) if state.bomb else 0.0,
            "to_sweep": float(state.sweep > 0.0),
        }
    )


def needs(p: Parameters, sighting: Sighting) -> Sequence[Need]:
    """By what is believed to go on."""
    seen = sighting.figures
    if not seen:
        return ()
    points = p.stand_off if seen["device"] else p.cordon
    points += p.shield_each * seen["attackers"] + p.ring * seen["at_large"]
    crews = max(p.neutralise_face * seen["attackers"], p.prepare_face * seen["held"], p.sweep_face * seen["to_sweep"])
    wanted = (
        ("TACTICAL", math.ceil(crews), 1),
        ("CORDON", points, 1),
        ("NEGOTIATE", p.talk_face * seen["held"], 1),
        ("SEARCH", p.search_face * seen["at_large"], 2),
        ("EVAC", min(p.move_face, seen["onlookers"] / p.move_within), 2),
        ("TRAFFIC", p.traffic, 4),
    )
    busy = bool(seen["to_sweep"] or seen["at_large"] or seen["held"] or seen["attackers"])
    return [Need(what, float(amount), first) for what, amount, first in wanted if busy and amount > 0.0]
