"""The people of a roof fall: who is killed, who lies where under the heap, who is cut off, how they come out."""

from __future__ import annotations

import math

from models.hazards.roof_fall.parameters import Parameters
from models.hazards.roof_fall.state import Behind, Fall, State, Under
from sim.domain.people import Person, Status, Triage
from sim.streams import Stream

Settled = tuple[tuple[Under, ...], tuple[Behind, ...], tuple[Person, ...], tuple[str, ...]]


def falls(p: Parameters, stream: Stream) -> tuple[Fall, ...]:
    """Roof falls that may follow."""
    rings, found = 0.0, []
    for _ in range(round(p.falls_most)):
        rings += stream.exponential()
        found.append(Fall(rings, p.fall_length * math.exp(p.fall_spread * stream.normal())))
    return tuple(found)


def settle(p: Parameters, number: int, length: float, *, night: bool, stream: Stream) -> Settled:
    """Everybody who is concerned; the same number of draws for each, whatever becomes of them."""
    under: list[Under] = []
    behind: list[Behind] = []
    persons: list[Person] = []
    killed: list[str] = []
    helped = p.mates * (p.mates_night if night else 1.0)
    for i in range(1, number + 1):
        name = f"m{i:04d}"
        place, at, fate, luck = (stream.uniform() for _ in range(4))
        toil, breath = math.exp(p.free_spread * stream.normal()), p.oxygen * math.exp(p.oxygen_spread * stream.normal())
        mates, soon = stream.uniform(), stream.uniform()
        if place >= p.share_under:
            persons.append(Person(name, Status.TRAPPED, "behind", entrapment="mine_dry"))
            behind.append(Behind(name, breath, luck))
            continue
        persons.append(Person(name, Status.TRAPPED, "under", entrapment="masonry"))
        alive = fate >= p.dead
        if not alive:
            killed.append(name)
        # only near the edge can workmates do anything without cutting a way
        near = alive and at < p.mates_reach / length and mates < helped
        when = p.mates_least + (p.mates_most - p.mates_least) * soon if near else math.inf
        work = (p.free if alive else p.free_body) * toil
        under.append(Under(name, at * length, work, alive, luck, when))
    return tuple(sorted(under, key=lambda who: (who.at, who.id))), tuple(behind), tuple(persons), tuple(killed)


def uses(p: Parameters, state: State) -> float:
    """How fast oxygen goes behind the heap (share/s): breathed, and displaced by gas."""
    return (len(state.behind) * p.oxygen_use + p.oxygen_air * state.emission) / state.volume


def condition(p: Parameters, luck: float, waited: float) -> Triage:
    """How somebody comes out from under rock: worse the longer they were crushed."""
    red = p.out_red * (1 + waited / p.out_worsens)
    if luck < red:
        return Triage.RED
    return Triage.YELLOW if luck < red + p.out_yellow else Triage.GREEN


def led_out(p: Parameters, state: State) -> dict[Triage, tuple[str, ...]]:
    """Those behind by how they come out: short of air or not."""
    found: dict[Triage, list[str]] = {}
    for who in state.behind:
        short = state.lack / who.breath
        colour = Triage.RED if short >= p.short_red else Triage.YELLOW if short >= p.short_yellow else Triage.GREEN
        found.setdefault(colour, []).append(who.id)
    return {colour: tuple(names) for colour, names in found.items()}
