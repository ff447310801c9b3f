"""Work at the rubble: how many hands find room, how fast they are, what machines may take away, what may come down again."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from models import kernels
from models.hazards.collapse.parameters import Parameters
from models.hazards.collapse.state import Buried, Part, State
from sim.domain.hazards import Inputs
from sim.domain.places import Weather

_WHOLE = 1e-9  # a site short by rounding only is a whole one


def fallen(p: Parameters, volume: float) -> float:
    """m³ of rubble that a building of that volume (m³) leaves."""
    return p.rubble_share * volume


def faces(p: Parameters, rubble: float, sites: int) -> int:
    """Places to work at, all sites together: more around a bigger heap, but no more than find room around it."""
    each = max(1, min(round(p.faces_most), math.ceil(rubble / sites / p.rubble_per_face - _WHOLE)))
    return sites * each


def brightness(p: Parameters, state: State, effort: Mapping[str, float]) -> float:
    """How well people work: less in the dark, as far as nobody lights the sites."""
    if not state.dark:
        return 1.0
    lit = min(1.0, effort.get("lights", 0.0) / (p.lights * state.sites))
    return p.darkness + (1 - p.darkness) * lit


def hands(p: Parameters, state: State, effort: Mapping[str, float]) -> float:
    """Rescuers' worth of hands at those who are easy to get at."""
    own = p.neighbours_worth * state.neighbours * state.helping
    return (own + p.effective * effort.get("digging", 0.0)) * brightness(p, state, effort)


def easy_rates(p: Parameters, state: State, effort: Mapping[str, float]) -> Iterator[float]:
    """Hands at each of those who are easy to get at, the first served first: only so many find room at one person."""
    left = hands(p, state, effort)
    for _ in range(min(state.faces, len(state.easy))):
        if left <= 0.0:
            return
        yield min(p.hands_most, left)
        left -= p.hands_most


def deep_rates(p: Parameters, state: State, effort: Mapping[str, float]) -> Iterator[tuple[int, float]]:
    """(index, hands) at each of those in voids or entombed: one crew a person, at sites that have been searched."""
    crews = min(effort.get("voids", 0.0), float(state.faces))
    lifted = min(1.0, effort.get("cranes", 0.0) / cranes(p, state.sites))
    worth = p.hands_most * p.effective * brightness(p, state, effort) * (p.uncraned + (1 - p.uncraned) * lifted)
    for k in workable(state):
        if crews <= 0.0:
            return
        yield k, worth * min(1.0, crews)
        crews -= 1.0


def workable(state: State) -> list[int]:
    """Those of the deep who have been located."""
    return [k for k, who in enumerate(state.deep) if who.site < state.sites_searched]


def cranes(p: Parameters, sites: int) -> float:
    """Cranes that so many sites keep busy."""
    return float(math.ceil(sites / p.sites_per_crane))


def machine_limit(p: Parameters, state: State) -> float:
    """m³/s that machines may take away: little while anybody may be alive beneath, and only where it has been searched."""
    if state.trapped and not state.given_up:
        return state.sites_searched * p.machines_careful
    return state.sites * p.machines_free


def clearing(p: Parameters, state: State, effort: Mapping[str, float]) -> float:
    """m³/s that are taken away: by machines, which need an engineer's word while people may be alive, and by hand."""
    permitted = state.given_up or not state.trapped or effort.get("engineer", 0.0) > 0.0
    machines = min(effort.get("machines", 0.0), machine_limit(p, state)) if permitted else 0.0
    return machines + p.hand_clearing * effort.get("by_hand", 0.0) * brightness(p, state, effort)


def risk(p: Parameters, weather: Weather) -> float:
    """Rate (1/s) at which what still stands at a site comes down: more in rain and aftershocks."""
    wet = p.second_rain if weather.rain > p.heavy_rain else 0.0
    return p.second_risk + p.second_shaken + wet


def next_down(state: State) -> int:
    """The site with people in it where something comes down next; -1 if none."""
    threatened = [site for site in state.active if state.standing[site].strikes < math.inf]
    return min(threatened, key=lambda site: (state.standing[site].strikes, site), default=-1)


def shored(p: Parameters, state: State) -> State:
    """The site whose shoring is done: what is left of its clock runs so much slower."""
    site = next_shored(state)
    part = state.standing[site]
    return with_part(state, site, Part(state.clock + (part.strikes - state.clock) * p.shoring_divides, 0.0, True))


def next_shored(state: State) -> int:
    """The site with people in it whose shoring is done next."""
    return min(state.unshored, key=lambda site: (state.standing[site].shoring, site))


def shoring_rate(p: Parameters, state: State, effort: Mapping[str, float]) -> float:
    """Crews that shore at each site with people in it: those there are, shared out evenly, as many as find room."""
    return min(p.shoring_face, effort.get("shoring", 0.0) / len(state.unshored)) if state.unshored else 0.0


def with_part(state: State, site: int, part: Part) -> State:
    """The state with that part at a site."""
    return replace(state, standing=(*state.standing[:site], part, *state.standing[site + 1 :]))


def later(p: Parameters, state: State, dt: float, inputs: Inputs) -> State:
    """The work `dt` seconds later."""
    effort = inputs.effort
    easy = list(state.easy)
    for k, rate in enumerate(easy_rates(p, state, effort)):
        easy[k] = _worked(easy[k], rate, dt)
    deep = list(state.deep)
    for k, rate in deep_rates(p, state, effort):
        deep[k] = _worked(deep[k], rate, dt)
    standing = list(state.standing)
    if rate := shoring_rate(p, state, effort):
        for site in state.unshored:
            part = standing[site]
            standing[site] = replace(part, shoring=kernels.work_left(part.shoring, rate, dt))
    return replace(
        state,
        easy=tuple(easy),
        deep=tuple(deep),
        cleared=min(state.rubble, state.cleared + clearing(p, state, effort) * dt),
        searched=min(state.search * state.sites, state.searched + effort.get("search", 0.0) * dt),
        standing=tuple(standing),
        clock=state.clock + risk(p, inputs.weather) * dt,
    )


def due(p: Parameters, state: State, inputs: Inputs) -> Iterator[tuple[float, str, int]]:
    """When the next one is freed or found, a site is searched or shored, something comes down: (seconds, name, index)."""
    effort = inputs.effort
    for k, rate in enumerate(easy_rates(p, state, effort)):
        yield kernels.work_done_in(state.easy[k].left, rate), "dug_out", k
    for k, rate in deep_rates(p, state, effort):
        yield kernels.work_done_in(state.deep[k].left, rate), "got_out", k
    rate = clearing(p, state, effort)
    if state.deep:
        k = min(range(len(state.deep)), key=lambda k: (state.deep[k].depth, k))
        yield kernels.work_done_in(state.deep[k].depth * state.rubble - state.cleared, rate), "uncovered", k
    if state.bodies:
        yield kernels.work_done_in(state.bodies[0] * state.rubble - state.cleared, rate), "body_found", 0
    if state.sites_searched < state.sites:
        left = state.search * (state.sites_searched + 1) - state.searched
        yield kernels.work_done_in(left, effort.get("search", 0.0)), "site_searched", 0
    if state.unshored:
        left = state.standing[next_shored(state)].shoring
        yield kernels.work_done_in(left, shoring_rate(p, state, effort)), "shored", 0
    if (site := next_down(state)) >= 0:
        left = state.standing[site].strikes - state.clock
        yield kernels.work_done_in(left, risk(p, inputs.weather)), "second_collapse", site


def _worked(who: Buried, rate: float, dt: float) -> Buried:
    return replace(who, left=kernels.work_left(who.left, rate, dt))
