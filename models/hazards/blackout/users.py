"""Critical users and people at risk: diesel, batteries and water towers, ventilated patients, stoves in dark and cold homes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.blackout.grid import Grid
from models.hazards.blackout.parameters import Parameters
from models.hazards.blackout.state import Patient, State, Use, User
from sim.domain.hazards import Scene
from sim.streams import Stream

_RUNS_OUT = {Use.HOSPITAL: "hospital_out", Use.HUB: "hub_out", Use.WATER: "water_out"}
_COMES_BACK = {Use.HOSPITAL: "hospital_back", Use.HUB: "hub_back", Use.WATER: "water_back"}


def diesel(p: Parameters) -> float:
    """How long (s) the diesel of a hospital lasts: litres / (kW · load · litres a kWh)."""
    return p.set_fuel / (p.set_power * p.set_load * p.set_uses)


def connected(p: Parameters, scene: Scene, grid: Grid, stream: Stream) -> tuple[User, ...]:
    """The critical users of the towns: what they need, how long they last; luck is drawn town by town."""
    users: list[User] = []
    residents: dict[str, float] = {}
    for load in grid.loads:
        residents[load.town] = residents.get(load.town, 0.0) + load.people
    firsts = [i for i, load in enumerate(grid.loads) if load.first]
    for i in sorted(firsts, key=lambda i: (grid.loads[i].distance, grid.loads[i].town, i)):
        people = residents[grid.loads[i].town] if grid.loads[i].town else grid.loads[i].people
        fuel, battery, tank = (math.exp(p.fuel_spread * stream.normal()) for _ in range(3))
        bears = [stream.exponential() for _ in range(round(p.patients_most))]
        if people >= p.hospital_people:
            count = min(len(bears), round(p.patients * people / p.patients_per))
            patients = tuple(Patient(f"h{i:03d}p{k + 1:02d}", bears[k]) for k in range(count))
            users.append(User(Use.HOSPITAL, i, p.hospital_power, fuel * diesel(p), fuel * diesel(p), patients))
        if people >= p.hub_people:
            users.append(User(Use.HUB, i, p.hub_power, battery * p.hub_lasts, battery * p.hub_lasts))
        users.append(User(Use.WATER, i, p.tower_power, tank * p.tower_lasts, tank * p.tower_lasts))
    coal = scene.around.near.get("coal_area", math.inf)
    if coal <= p.supply_radius:
        nearest = sorted(
            range(len(grid.loads)), key=lambda i: (abs(grid.loads[i].distance - coal), grid.loads[i].town, i)
        )
        users += [User(Use.MINE, i, p.mine_power, 0.0, 0.0) for i in nearest[: round(p.mines)]]
    ranks = {use: r for r, use in enumerate(Use)}
    return tuple(sorted(users, key=lambda u: (ranks[u.use], -grid.loads[u.load].people, u.load)))


# ── who runs on what ──


def on_mains(p: Parameters, state: State, user: User) -> bool:
    """Whether the grid serves its feeders enough."""
    return state.served[user.load] >= p.mains_needed


def fed(p: Parameters, state: State, generators: float) -> list[float]:
    """Share of each user's need that generators give: hospitals first, down the list, the last in part."""
    given = []
    for user in state.users:
        if on_mains(p, state, user):
            given.append(0.0)
            continue
        watts = min(generators, user.power)
        generators -= watts
        given.append(watts / user.power)
    return given


def powered(p: Parameters, state: State, generators: float) -> list[bool]:
    """Which users run, on the mains or on generators."""
    return [
        on_mains(p, state, user) or share >= p.mains_needed
        for user, share in zip(state.users, fed(p, state, generators), strict=True)
    ]


def rates(p: Parameters, state: State, generators: float) -> list[float]:
    """How fast each user's store fills (running) or is used up, s a second."""
    return [
        1 / p.refills if runs else share - 1.0
        for share, runs in zip(fed(p, state, generators), powered(p, state, generators), strict=True)
    ]


def later(p: Parameters, state: State, dt: float, generators: float) -> tuple[User, ...]:
    """The users `dt` later: stores, and the clock of hand ventilation where a hospital has nothing."""
    found = []
    for user, rate in zip(state.users, rates(p, state, generators), strict=True):
        changed = replace(user, left=min(user.full, max(0.0, user.left + rate * dt)))
        if user.out and user.patients:
            used = kernels.clock_used(user.bagging, dt, p.bagging_shape, _scale(p), 1.0)
            changed = replace(changed, bagged=user.bagged + used, bagging=user.bagging + dt)
        found.append(changed)
    return tuple(found)


def due(p: Parameters, state: State, generators: float) -> Iterator[tuple[float, str, int]]:
    """When a store is used up, a user runs again, a patient dies: (seconds, event, index of the user)."""
    runs, rate = powered(p, state, generators), rates(p, state, generators)
    for k, user in enumerate(state.users):
        if user.use is Use.MINE:
            if runs[k] is user.out:
                yield 0.0, "mine_runs" if runs[k] else "mine_dark", k
        elif user.out and runs[k]:
            yield 0.0, _COMES_BACK[user.use], k
        elif not user.out and not runs[k]:
            yield kernels.work_done_in(user.left, -rate[k]), _RUNS_OUT[user.use], k
        elif user.out and user.patients:
            first = min(patient.bears for patient in user.patients) - user.bagged
            yield kernels.clock_rings_in(first, user.bagging, p.bagging_shape, _scale(p), 1.0), "patient_lost", k


def _scale(p: Parameters) -> float:
    """The scale of the clock whose median is known."""
    return float(p.bagging / math.log(2) ** (1 / p.bagging_shape))


# ── cold homes ──


def cold(p: Parameters, state: State, temperature: float) -> float:
    """People who have been without power for so long, in such cold, that they light stoves."""
    if temperature >= p.cold_below:
        return 0.0
    return math.fsum(
        load.people * (1 - served)
        for load, served, dark in zip(state.grid.loads, state.served, state.dark, strict=True)
        if dark >= p.cold_after
    )


def poisoning(p: Parameters, state: State, temperature: float, convoys: float) -> float:
    """The rate of poisoning, 1/s; warm places and warnings prevent a part."""
    people = cold(p, state, temperature)
    if people <= 0.0:
        return 0.0
    reached = min(1.0, convoys * p.warm_people / people)
    return p.co_rate / p.co_per * people * (1 - p.warned * reached)


def dry_towns(state: State) -> tuple[str, ...]:
    """Towns whose water tower is empty."""
    return tuple(sorted({state.grid.loads[u.load].town for u in state.users if u.use is Use.WATER and u.out}))


def dry_people(state: State) -> float:
    """People without water."""
    towns = set(dry_towns(state))
    return math.fsum(load.people for load in state.grid.loads if load.town in towns)


def served_by(state: State) -> dict[str, float]:
    """The share that each town gets of its load."""
    wanted: dict[str, float] = {}
    given: dict[str, float] = {}
    for load, served in zip(state.grid.loads, state.served, strict=True):
        wanted[load.town] = wanted.get(load.town, 0.0) + load.power
        given[load.town] = given.get(load.town, 0.0) + load.power * served
    return {town: given[town] / watts if watts > 0.0 else 1.0 for town, watts in sorted(wanted.items())}


def count(users: Sequence[User], use: Use) -> int:
    """Users of a kind that have nothing left."""
    return sum(user.use is use and user.out for user in users)
