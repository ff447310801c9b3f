"""At home: stoves in shut rooms, pipes that burst, customers on lines that are down."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from models.hazards.ice_weather.parameters import Parameters
from models.hazards.ice_weather.state import State
from models.physics import monoxide
from sim.domain.hazards import Effect


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
    """The next one is found; the clock is set onto it."""
    who, *rest = state.poisoned
    return replace(state, poisoned=tuple(rest), co=who.due, found=state.found + 1), monoxide.found(who)


def bursting(p: Parameters, state: State) -> float:
    """Work on pipes that comes up by the second (crew·s/s) in a hard frost."""
    degrees = max(0.0, p.pipes_below - state.temperature)
    homes = state.people / p.people_per_customer / p.stoves_per  # thousands
    return p.pipe_rate * degrees * homes * p.pipe_work


def customers_down(p: Parameters, state: State) -> float:
    """Customers on lines that are down."""
    return state.people / p.people_per_customer * state.down / len(state.lines) if state.lines else 0.0
