"""What changes in the grid at an event: elements in and out, the grid solved anew, and what that means to towns and users."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec.structs import replace

from models.hazards.blackout import flow, users
from models.hazards.blackout.parameters import Parameters
from models.hazards.blackout.state import Condition, State, Use
from models.physics import monoxide
from sim.domain.hazards import Cut, Effect, Harm, Involve, Note
from sim.domain.people import Person, Status

Jump = tuple[State, Sequence[Effect]]

_ALL = 1 - 1e-6  # shares beyond it are all
_TOLD = 2  # decimals of the shares that towns are told
_TELLS = 0.01  # a change of the served share that is worth a word


def solve(p: Parameters, state: State, factor: float) -> flow.Found:
    """The grid as it is switched, at a load of `factor` times the peak."""
    first = [False] * len(state.grid.loads)
    for user in state.users:
        first[user.load] = True
    up = [c is Condition.IN for c in state.condition]
    return flow.solve(p, state.grid, up, factor, state.supply, first, shed=state.managed)


def settle(p: Parameters, state: State, factor: float, peak: float) -> Jump:
    """The grid solved; who gains or loses power is told. `factor` is the load now, `peak` that of this evening."""
    found = solve(p, state, factor)
    if state.managed and math.isinf(state.recloses_left):
        state, found = _closed(p, state, found, factor)
    needed = p.mains_needed
    after = replace(
        state,
        served=found.served,
        loading=found.loading,
        dark=tuple(0.0 if s >= needed else d for s, d in zip(found.served, state.dark, strict=True)),
    )
    after = replace(after, secure=_secure(p, after, peak))
    effects: list[Effect] = list(_cuts(state, after))
    if abs(after.share - state.told) >= _TELLS:
        name = "load_lost" if after.share < state.told else "load_back"
        effects.append(Note(name, figures(p, after, factor)))
        after = replace(after, told=after.share)
    return after, effects


def figures(p: Parameters, state: State, factor: float) -> dict[str, float]:
    """What is told of the grid at an event: load lost (W), its share, customers without power."""
    people = math.fsum(load.people * (1 - s) for load, s in zip(state.grid.loads, state.served, strict=True))
    lost = 1 - state.share
    return {"load": state.grid.power * factor * lost, "share": lost, "customers": people / p.people_per_customer}


def _secure(p: Parameters, state: State, peak: float) -> bool:
    """Whether dispatchers can serve everybody through the evening with what is in."""
    if not state.managed or not math.isinf(state.supply_left):
        return False
    if state.share < _ALL:
        return False
    return all(s >= _ALL for s in solve(p, state, peak).served)


def _closed(p: Parameters, state: State, found: flow.Found, factor: float) -> tuple[State, flow.Found]:
    """Sound elements that are out are closed, unless fewer would then be served: a line may draw more than it carries."""
    for k in (k for k, c in enumerate(state.condition) if c is Condition.TRIPPED):
        tried = condition(state, k, Condition.IN)
        better = solve(p, tried, factor)
        if _watts(tried, better.served) >= _watts(state, found.served) * _ALL:
            state, found = tried, better
    return state, found


def _watts(state: State, served: Sequence[float]) -> float:
    return math.fsum(s * load.power for s, load in zip(served, state.grid.loads, strict=True))


def condition(state: State, k: int, how: Condition) -> State:
    """An element is switched, breaks, or is mended."""
    return replace(state, condition=(*state.condition[:k], how, *state.condition[k + 1 :]))


def switched(state: State, name: str, k: int) -> State:
    """An overloaded element trips, another comes down, or one is mended; then it is switched in if that serves."""
    match name:
        case "line_tripped":
            return condition(state, k, Condition.TRIPPED)
        case "line_down":
            work = (*state.work[:k], state.repairs[k], *state.work[k + 1 :])
            return replace(condition(state, k, Condition.BROKEN), work=work)
        case _:  # mended: what has been renewed stands this storm
            work = (*state.work[:k], 0.0, *state.work[k + 1 :])
            strength = (*state.strength[:k], math.inf, *state.strength[k + 1 :])
            how = Condition.TRIPPED if state.managed and math.isinf(state.recloses_left) else Condition.IN
            return replace(condition(state, k, how), work=work, strength=strength)


def reclosed(state: State) -> State:
    """Dispatchers begin to close what only tripped; `settle` tries each of them."""
    return replace(state, recloses_left=math.inf, strain=(0.0,) * len(state.strain))


def _cuts(before: State, after: State) -> list[Effect]:
    """What each town gets from now on, where that has changed: towns with the same share together."""
    old = users.served_by(before) if before.started else {}
    groups: dict[float, list[str]] = {}
    for town, share in users.served_by(after).items():
        now = round(share, _TOLD)
        if now != round(old.get(town, 1.0), _TOLD):
            groups.setdefault(now, []).append(town)
    effects: list[Effect] = []
    for share, towns in sorted(groups.items()):
        why = "load_back" if share >= 1.0 else "load_lost"
        effects.append(Cut("power", share, towns=tuple(town for town in towns if town), why=why))
    return effects


# ── users and people ──


def at_user(state: State, name: str, k: int) -> Jump:
    """A critical user has nothing left, runs again, or a patient of its dies."""
    user = state.users[k]
    town = state.grid.loads[user.load].town
    area = (town,) if town else ()
    effects: list[Effect] = []
    match name:
        case "patient_lost":
            gone = min(user.patients, key=lambda who: (who.bears, who.id))
            left = tuple(who for who in user.patients if who is not gone)
            user = replace(user, patients=left, bagged=max(user.bagged, gone.bears))
            effects.append(Harm((gone.id,), Status.DEAD, why=name))
        case "hospital_out":
            persons = tuple(Person(who.id, Status.EXPOSED, "hospital") for who in user.patients)
            if persons:
                effects.append(Involve(persons))
            effects.append(Note(name, {"patients": float(len(persons))}))
            user = replace(user, out=True, left=0.0)
        case "hospital_back":
            if user.patients:
                effects.append(Harm(tuple(who.id for who in user.patients), Status.SAFE, why="moved_on"))
            effects.append(Note(name, {"patients": float(len(user.patients))}))
            user = replace(user, out=False, patients=())
        case "water_out" | "water_back":
            out = name == "water_out"
            effects += [Cut("water", 0.0 if out else 1.0, towns=area, why=name), Note(name)]
            user = replace(user, out=out, left=0.0 if out else user.left)
        case _:
            out = name in ("hub_out", "mine_dark")
            user = replace(user, out=out, left=0.0 if out else user.left)
            alike = users.count(state.users, user.use) + (1 if out else -1)
            effects.append(Note(name, {"number": float(alike), "share": _alike(state, user.use, alike)}))
    return replace(state, users=(*state.users[:k], user, *state.users[k + 1 :])), effects


def _alike(state: State, use: Use, number: int) -> float:
    """That number as a share of all users of a kind."""
    return number / max(1, sum(user.use is use for user in state.users))


def poisoned(state: State) -> Jump:
    """The next one is found poisoned in a shut room; the clock is set onto it."""
    who, *rest = state.poisoned
    return replace(state, poisoned=tuple(rest), co=who.due, found=state.found + 1), monoxide.found(who)
