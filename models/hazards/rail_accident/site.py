"""The site of a railway accident: the wire above, the way on foot, darkness, and how fast work goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from models import kernels
from models.hazards.rail_accident.parameters import Parameters
from models.hazards.rail_accident.state import Held, State
from sim.domain.hazards import Inputs, Scene
from sim.streams import Stream
from sim.units import DAY


def way(p: Parameters, scene: Scene, stream: Stream) -> float:
    """Metres on foot between cars and ambulances: as the site has it, else drawn; longer in steep country."""
    drawn = p.way_least + (p.way_most - p.way_least) * stream.uniform()
    steep = getattr(p, f"way_{scene.site.terrain}")
    return float(scene.site.last_mile or min(p.way_most, drawn * steep))


def bearing(p: Parameters, metres: float) -> float:
    """Seconds that a team needs to bear one patient that far and come back: .3 h for half a kilometre, 1 h for two."""
    share = (metres - p.bear_near) / (p.bear_far - p.bear_near)
    return max(p.bear_base, p.bear_least + (p.bear_most - p.bear_least) * share)


def brightness(p: Parameters, state: State, effort: Mapping[str, float]) -> float:
    """How well people work: less in the dark, as far as nobody lights the site."""
    if not state.dark:
        return 1.0
    return p.darkness + (1 - p.darkness) * min(1.0, effort.get("lights", 0.0) / p.lights)


def light(p: Parameters, clock: float) -> tuple[bool, float]:
    """Whether it is dark at a local clock (s), and how long it stays so."""
    if p.dawn <= clock < p.dusk:
        return False, p.dusk - clock
    return True, (p.dawn - clock) % DAY


def light_for(p: Parameters, name: str) -> float:
    """How long the night that falls, or the day that breaks, lasts."""
    day = p.dusk - p.dawn
    return DAY - day if name == "dusk" else day


def linked(p: Parameters, inputs: Inputs) -> bool:
    """Whether the railway's telephones work: without them it takes longer until the wire is known to be dead."""
    return inputs.service("telecom") >= p.telecom_least


def isolating(p: Parameters, state: State) -> float:
    """How fast the wire above comes to be known dead."""
    return 1.0 if state.linked else p.unlinked


def rates(p: Parameters, state: State, effort: Mapping[str, float]) -> dict[str, float]:
    """Crews that cut, teams that bear, people a second that are led away, and all other work, as it counts now."""
    if state.live > 0.0:
        return {}
    bright = brightness(p, state, effort)
    faces = p.crews_car * max(1, state.cars[0] + state.cars[1])
    return {
        "cutting": min(effort.get("cutting", 0.0), faces) * bright,
        "bearing": (effort.get("bearing", 0.0) + state.helpers) / p.bearers * bright,
        "leading": min(effort.get("leading", 0.0), p.leading_most) + p.crew_leads,
        "search": effort.get("search", 0.0) * bright,
        "debris": effort.get("debris", 0.0),
        "lifting": effort.get("lifting", 0.0),
        "line": effort.get("line", 0.0),
    }


def later(p: Parameters, state: State, dt: float, inputs: Inputs) -> State:
    """The site `dt` seconds later."""
    at = rates(p, state, inputs.effort)
    if not at:
        return replace(state, live=max(0.0, state.live - isolating(p, state) * dt))
    return replace(
        state,
        cut=_worked(state.cut, at["cutting"], dt),
        bear=_worked(state.bear, at["bearing"], dt),
        led=state.led + (at["leading"] * dt if state.unhurt else 0.0),
        walk=max(0.0, state.walk - dt),
        search=kernels.work_left(state.search, at["search"], dt),
        debris=kernels.work_left(state.debris, at["debris"], dt),
        lift=kernels.work_left(state.lift, at["lifting"] if clear_to_lift(state) else 0.0, dt),
        line=kernels.work_left(state.line, at["line"] if clear_to_mend(state) else 0.0, dt),
    )


def due(p: Parameters, state: State, inputs: Inputs) -> Iterator[tuple[float, str, int]]:
    """What happens next at the site: (seconds, name, index of the person)."""
    at = rates(p, state, inputs.effort)
    if not at:
        yield kernels.work_done_in(state.live, isolating(p, state)), "wire_dead", 0
        return
    for held, name, crews in ((state.cut, "cut_free", at["cutting"]), (state.bear, "borne_out", at["bearing"])):
        for k, who in enumerate(held):
            if crews <= k:
                break
            yield kernels.work_done_in(who.left, min(1.0, crews - k)), name, k
    if state.walking:
        yield state.walk, "walked_out", 0
    if state.unhurt:
        yield kernels.work_done_in(bus(p, state) - state.led, at["leading"]), "led_away", 0
    for left, rate, name in (
        (state.search, at["search"], "searched"),
        (state.debris, at["debris"], "debris_cleared"),
        (state.lift, at["lifting"] if clear_to_lift(state) else 0.0, "cars_lifted"),
        (state.line, at["line"] if clear_to_mend(state) else 0.0, "line_restored"),
    ):
        if left > 0.0:
            yield kernels.work_done_in(left, rate), name, 0


def bus(p: Parameters, state: State) -> float:
    """People whom the next bus takes."""
    return float(min(len(state.unhurt), round(p.bus)))


def clear_to_lift(state: State) -> bool:
    """Whether cars may be lifted: nobody is in them, and they have been searched."""
    return not (state.cut or state.bear) and state.search <= 0.0


def clear_to_mend(state: State) -> bool:
    """Whether the track may be mended: nothing stands or lies on it."""
    return clear_to_lift(state) and state.lift <= 0.0 and state.debris <= 0.0


def _worked(held: tuple[Held, ...], crews: float, dt: float) -> tuple[Held, ...]:
    """One crew each for as many as there are crews; a part of one for the next."""
    if crews <= 0.0:
        return held
    return tuple(
        replace(who, left=kernels.work_left(who.left, min(1.0, crews - k), dt)) if crews > k else who
        for k, who in enumerate(held)
    )
