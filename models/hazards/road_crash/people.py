"""The people in a crash: who is killed, hurt, caught in a wreck or down a slope; drawn once per person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from models.hazards.road_crash.parameters import Parameters
from models.hazards.road_crash.state import Held, Occupant
from sim.domain.hazards import Effect, Harm, Involve
from sim.domain.people import Person, Status, Triage
from sim.domain.places import Weather
from sim.streams import Stream

RED, YELLOW, GREEN = Triage.RED, Triage.YELLOW, Triage.GREEN

_WORST_FIRST = {RED: 0, YELLOW: 1, GREEN: 2}


def occupants(prefix: str, people: int, vehicles: int, stream: Stream) -> tuple[Occupant, ...]:
    """The people of a crash, spread over its vehicles, with their luck."""
    return tuple(
        Occupant(f"{prefix}{i + 1:03d}", i % vehicles, stream.uniform(), stream.uniform(), stream.uniform())
        for i in range(people)
    )


def entrapment(p: Parameters, weather: Weather) -> str:
    """The survival curve of those who are caught: in the cold it is a worse one."""
    return "vehicle_cold" if weather.temperature < p.cold else "vehicle"


def crash(
    p: Parameters, people: Sequence[Occupant], off_road: int, cars: int, curve: str
) -> tuple[tuple[Held, ...], tuple[Held, ...], list[Effect]]:
    """Who must be cut out, who must be hauled up, and what happens to everybody.

    The first `off_road` vehicles left the road; those from `cars` on are heavy.
    """
    persons, cut, haul = [], [], []
    dead: list[str] = []
    safe: list[str] = []
    hurt: dict[Triage, list[str]] = {RED: [], YELLOW: [], GREEN: []}
    caught: dict[Triage, list[str]] = {RED: [], YELLOW: [], GREEN: []}
    for who in people:
        below = who.vehicle < off_road
        persons.append(Person(who.id, Status.EXPOSED, f"vehicle-{who.vehicle + 1}", entrapment=curve))
        colour, killed = _injury(p, who.fate, below)
        if killed:
            dead.append(who.id)
        elif below:
            held = colour or GREEN  # whoever is unhurt down there is shaken and cold
            caught[held].append(who.id)
            haul.append(Held(who.id, held, p.haul))
        elif colour is None:
            safe.append(who.id)
        elif who.caught < p.entrapped:
            caught[colour].append(who.id)
            toil = p.cut_least + (p.cut_most - p.cut_least) * who.toil
            cut.append(Held(who.id, colour, toil if who.vehicle < cars else p.cut_heavy))
        else:
            hurt[colour].append(who.id)
    effects: list[Effect] = [Involve(tuple(persons))] if persons else []
    if dead:
        effects.append(Harm(tuple(dead), Status.DEAD, why="crash"))
    for colour in (RED, YELLOW, GREEN):
        if caught[colour]:
            effects.append(Harm(tuple(caught[colour]), Status.TRAPPED, colour, "caught"))
        if hurt[colour]:
            effects.append(Harm(tuple(hurt[colour]), Status.WAITING, colour, "crash"))
    if safe:
        effects.append(Harm(tuple(safe), Status.SAFE, why="unhurt"))
    return in_order(cut), in_order(haul), effects


def in_order(held: Iterable[Held]) -> tuple[Held, ...]:
    """The order in which crews turn to them: the worst hurt first."""
    return tuple(sorted(held, key=lambda who: (_WORST_FIRST[who.triage], who.id)))


def _injury(p: Parameters, fate: float, below: bool) -> tuple[Triage | None, bool]:
    """(colour or None, killed) by the shares of the kind of crash; without seat belts all of them are larger."""
    on_road = (p.dead, p.red, p.yellow, p.green)
    shares = (p.cliff_dead, p.cliff_red, p.cliff_yellow, p.cliff_green) if below else on_road
    total = 0.0
    for share, colour in zip(shares, (None, RED, YELLOW, GREEN), strict=True):
        total += share * p.unbelted
        if fate < total:
            return colour, colour is None
    return None, False
