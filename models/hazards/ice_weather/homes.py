"""At home: stoves in shut rooms, pipes that burst, customers on lines that are down."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from models.hazards.ice_weather.parameters import Parameters
from models.hazards.ice_weather.state import Poisoned, State
from sim.domain.hazards import Effect, Harm, Involve
from sim.domain.people import Person, Status, Triage
from sim.streams import Stream


def to_be_poisoned(p: Parameters, stream: Stream) -> tuple[Poisoned, ...]:
    """Who would be poisoned one after another, as the clock goes on; drawn for all that are followed."""
    found, due = [], 0.0
    for k in range(round(p.stoves_most)):
        due += stream.exponential()
        luck = stream.uniform()
        colour: Triage | None = Triage.GREEN
        if luck < p.stoves_dead:
            colour = None
        elif luck < p.stoves_dead + p.stoves_red:
            colour = Triage.RED
        elif luck < p.stoves_dead + p.stoves_red + p.stoves_yellow:
            colour = Triage.YELLOW
        found.append(Poisoned(f"c{k + 1:03d}", due, colour))
    return tuple(found)


def cold_people(p: Parameters, state: State) -> float:
    """Residents who heat with stoves in such cold."""
    return state.people if state.temperature < p.stoves_below else 0.0


def poisoning(p: Parameters, state: State, wardens: float) -> float:
    """The rate of poisoning, 1/s; who goes from door to door prevents a part."""
    people = cold_people(p, state)
    if people <= 0.0:
        return 0.0
    reached = min(1.0, wardens * p.warden_people / people)
    return p.stoves / p.stoves_per * people * (1 - p.warned * reached)


def found_poisoned(state: State) -> tuple[State, Sequence[Effect]]:
    """The next one is found; the clock is set onto it. Slight poisoning passes in fresh air and is nobody's casualty."""
    who, *rest = state.poisoned
    hurt = who.colour in (Triage.RED, Triage.YELLOW)
    person = Person(who.id, Status.WAITING if hurt else Status.EXPOSED, "home", who.colour if hurt else None)
    effects: list[Effect] = [Involve((person,))]
    if not hurt:
        effects.append(Harm((who.id,), Status.DEAD if who.colour is None else Status.SAFE, why="co_poisoned"))
    return replace(state, poisoned=tuple(rest), co=who.due, found=state.found + 1), effects


def bursting(p: Parameters, state: State) -> float:
    """Work on pipes that comes up by the second (crew·s/s) in a hard frost."""
    degrees = max(0.0, p.pipes_below - state.temperature)
    homes = state.people / p.people_per_customer / p.stoves_per  # thousands
    return p.pipe_rate * degrees * homes * p.pipe_work


def customers_down(p: Parameters, state: State) -> float:
    """Customers on lines that are down."""
    return state.people / p.people_per_customer * state.down / len(state.lines) if state.lines else 0.0
