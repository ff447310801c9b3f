"""What moves a crowd: the place it is in, who comes and goes, how unsteady it is, and what comes next on that way."""

from __future__ import annotations

import math
from collections.abc import Mapping

from msgspec.structs import replace

from models import kernels
from models.hazards.crowd_crush import people as front
from models.hazards.crowd_crush.flow import Table
from models.hazards.crowd_crush.parameters import Parameters
from models.hazards.crowd_crush.state import Place, State
from sim.domain.hazards import Inputs, Scene

_HAIR = 1e-9  # of a mark: what is less beyond it is rounding


def place(p: Parameters, table: Table, scene: Scene) -> Place:
    """The narrow place of a crowd on so much ground; slopes and steps let fewer out, and make people fall."""
    ground, slope = scene.scope["area"], scene.around.slope
    area = p.narrow_share * ground
    width = p.exit_ratio * math.sqrt(area) * max(0.0, 1 - p.slope_loss * slope)
    hour = scene.calendar.hour_at(scene.begins) * 3600.0
    dark = not p.day_begins <= hour < p.day_ends
    entries = max(2.0, float(round(4 * math.sqrt(ground) / p.entry_every)))
    return Place(
        area, width, math.sqrt(area), entries, p.drive * table.peak * width, scene.scope["crowd"] / p.leave_for,
        (p.dark if dark else 1.0) * (1 + p.slope_falls * slope), dark, math.sqrt(ground) / 2,
    )  # fmt: skip


# ── rates ──


def flows(p: Parameters, state: State, inputs: Inputs) -> tuple[float, float, float]:
    """(people/s that come in, metres that let people out, people/s led away behind) as long as it is not packed."""
    here, effort = state.place, inputs.effort
    stopped = min(1.0, effort.get("stop", 0.0) / here.entries)
    gain = here.heads * (1 - stopped) if state.outside > 0.0 else 0.0
    width = here.width
    if state.shut > 0.0:
        width *= p.shut_share
    if state.conflict:
        width *= 1 - p.conflict_share * (1 - min(1.0, effort.get("one_way", 0.0) / p.one_way))
    if state.pile:
        width *= p.pile_share
    pull = p.rear_flow * min(here.rear, p.rear_each * effort.get("rear", 0.0))
    if gain <= 0.0:  # nobody presses any more: the last ones turn round
        pull += p.retreat * here.rear
    return gain, width, pull


def is_held(table: Table, state: State, gain: float, width: float, pull: float) -> bool:
    """Whether it is so packed that only as many can come in as go out."""
    return state.people >= table.most(state.place.area) and gain - width * table.flows[-1] - pull >= 0.0


def falling(p: Parameters, state: State, inputs: Inputs) -> float:
    """Rate (1/s) of the clock of falls where the crowd is unsteady."""
    if not state.falls:
        return 0.0
    wet = p.wet if inputs.weather.rain > 0.0 or inputs.weather.ice != "none" else 1.0
    unlit = p.dark_unlit if state.place.dark and inputs.service("power") <= 0.0 else 1.0
    wanted = order(p, came(p, state))
    calm = min(1.0, inputs.effort.get("order", 0.0) / wanted) if wanted > 0.0 else 0.0
    return p.fall_rate * state.place.unsafe * unlit * wet * (1 - p.order_calms * calm)


def pulling(p: Parameters, state: State, effort: Mapping[str, float]) -> float:
    """Hands at the pile: none while the crowd stands on it."""
    if state.unstable or not state.pile:
        return 0.0
    return min(p.pull_face, p.bystanders + effort.get("extract", 0.0))


def came(p: Parameters, state: State) -> float:
    """All who came: order is wanted for the whole event, so that its need does not change between two looks."""
    return state.place.leave * p.leave_for


def order(p: Parameters, crowd: float) -> float:
    """Points of police that keep so many people in order."""
    return float(min(p.order_most, crowd / p.officers_each))


def figures(p: Parameters, table: Table, state: State, inputs: Inputs) -> State:
    """The state with what comes and goes now written down."""
    gain, width, pull = flows(p, state, inputs)
    density = state.place.density(state.people)
    out = width * table.flow(density) + pull * min(1.0, density / p.thin)
    return replace(state, inflow=out if is_held(table, state, gain, width, pull) else gain, outflow=out)


# ── what comes next ──


def on_the_way(
    p: Parameters, table: Table, state: State, inputs: Inputs, gain: float, width: float, pull: float
) -> tuple[float, str]:
    """The first that happens as the density changes: a mark is passed, somebody suffocates or falls."""
    area, passed = state.place.area, 0.0
    who = front.next_lost(state.standing)
    dose = who.bears - state.dose if who else math.inf
    fall = state.falls[0] - state.stumbles if state.falls else math.inf
    if fall <= 0.0:
        return 0.0, "fall"
    if mark := _missed(p, table, state):
        return 0.0, mark
    rate = falling(p, state, inputs)
    for stay in table.course(state.people, area, gain, width, pull):
        if passed <= 0.0 and (name := _mark(p, table, state, stay.people, up=stay.rate > 0.0)) and stay.rate:
            return 0.0, name
        presses, stumbles = table.pressing[stay.piece] * state.heat, rate * table.unsteady[stay.piece]
        soon = (kernels.work_done_in(fall, stumbles), "fall")
        if who:
            soon = min(soon, (kernels.work_done_in(dose, presses), "suffocated"))
        if soon[0] <= stay.span and soon[0] < math.inf:
            return passed + soon[0], soon[1]
        if stay.span == math.inf:
            break
        passed += stay.span
        dose -= presses * stay.span
        fall -= stumbles * stay.span
        if name := _mark(p, table, state, stay.after(stay.span), up=stay.rate > 0.0):
            return passed, name
    return math.inf, ""


def _mark(p: Parameters, table: Table, state: State, people: float, *, up: bool) -> str:
    """The mark that stands just here, if it concerns a crowd in this state that moves up or down."""
    area = state.place.area
    for density, name, concerns in _marks(p, state, up=up):
        mark = table.people_at(density, area)
        if concerns and abs(people - mark) <= _HAIR * mark:
            return name
    return ""


def _missed(p: Parameters, table: Table, state: State) -> str:
    """A mark that the crowd has passed by a hair, the clock being late."""
    area = state.place.area
    for up in (True, False):
        for density, name, concerns in _marks(p, state, up=up):
            mark = table.people_at(density, area)
            beyond = state.people - mark if up else mark - state.people
            if concerns and beyond > _HAIR * mark:
                return name
    return ""


def _marks(p: Parameters, state: State, *, up: bool) -> tuple[tuple[float, str, bool], ...]:
    """(density, what happens there, whether it is still to come) on the way up or down."""
    if up:
        return (
            (p.thin, "fills", state.thin),
            (p.unstable, "unstable", not state.unstable),
            (p.crushing, "crush", not state.crush),
            (p.packed, "packed", not state.packed),
        )
    return (
        (p.crushing, "crush_eases", state.crush),
        (p.unstable, "pressure_off", state.unstable),
        (p.thin, "thinned", not state.thin),
    )
