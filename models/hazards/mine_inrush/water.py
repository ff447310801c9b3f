"""Water in a flooded mine: what flows in, what pumps take out, when it reaches which mark."""

from __future__ import annotations

from collections.abc import Iterator

from models import kernels
from models.hazards.mine_inrush.parameters import Parameters
from models.hazards.mine_inrush.state import State, Workings
from sim.domain.hazards import Inputs
from sim.domain.places import Weather

_MM = 1e-3  # m
_MM_PER_HOUR = _MM / 3600.0  # m/s


def workings(p: Parameters, people: int) -> Workings:
    """The stage table: lowest horizon, the rise with its faces, upper horizon, shaft; sized by how many work there."""
    void = max(p.void_least, p.void_per_person * people)
    rest = 1 - p.lower_share - p.rise_share
    parts = (p.lower_height, p.lower_share), (p.rise_height, p.rise_share), (p.upper_height, rest)
    levels, volumes = [0.0], [0.0]
    for height, share in parts:
        levels.append(levels[-1] + height)
        volumes.append(volumes[-1] + share * void)
    shaft = max(0.0, p.lift - levels[-1])
    return Workings((*levels, levels[-1] + shaft), (*volumes, volumes[-1] + p.shaft_area * shaft))


def peak(p: Parameters, total: float) -> float:
    """Inflow (m³/s) right after the surge: a larger source breaks in faster, but less than in proportion."""
    return float(p.peak_flow * (total / p.peak_source) ** p.peak_power)


def recharge(p: Parameters, rain_month: float) -> float:
    """What keeps flowing into the source (m³/s): more in the rainy season, by the month's mean rain (mm)."""
    return p.recharge * (1 + (p.season_most - 1) * min(1.0, rain_month * _MM / p.season_rain))


def rained(p: Parameters, weather: Weather) -> float:
    """What rain adds (m³/s) from ground that drains into the workings."""
    return p.catchment * p.runoff * weather.rain * _MM_PER_HOUR


def grid(p: Parameters, share: float) -> float:
    """Power (W) for pumps from the mine's own supply: none where the area gets too small a share of its power."""
    return p.grid if share >= p.power_needed else 0.0


def pumped(p: Parameters, effort: dict[str, float], share: float = 1.0) -> float:
    """What is really pumped (m³/s): the pumps there are, as far as there is power; `share` of its power the area gets."""
    power = grid(p, share) + effort.get("power", 0.0) * p.power_load
    return min(effort.get("pumping", 0.0), power / _lift(p))


def power_wanted(p: Parameters, pumps: float, share: float = 1.0) -> float:
    """Generators (W) that so many pumps (m³/s) need beyond what the mine's own supply gives."""
    return max(0.0, pumps * _lift(p) - grid(p, share)) / p.power_load


def pump_face(p: Parameters, full: float) -> float:
    """Most pumps (m³/s) whose pipes and cables find room in the shafts of a mine of this size."""
    return p.pipes_least + full * p.pipes_per_void


def steady(p: Parameters, state: State, inputs: Inputs) -> float:
    """The part of the net flow (m³/s) that does not decay: recharge and rain less pumps."""
    return state.recharge + rained(p, inputs.weather) - pumped(p, inputs.effort, inputs.service("power"))


def volume_after(p: Parameters, state: State, dt: float, pumps: float, weather: Weather) -> float:
    """The volume `dt` seconds later; full workings give back what they cannot hold, dry ones have nothing to give."""
    flow = state.recharge + rained(p, weather) - pumps
    full = state.workings.full
    if state.volume >= full and state.inflow + flow >= 0.0:
        return full
    if state.volume <= 0.0 and state.inflow + flow <= 0.0:
        return 0.0
    return min(full, max(0.0, kernels.sink_level(state.volume, state.inflow, state.decays_over, flow, dt)))


def due(p: Parameters, state: State, inputs: Inputs) -> Iterator[tuple[float, str, int]]:
    """When the water turns, and when it reaches the next mark above and below."""
    flow = steady(p, state, inputs)
    net, volume, full = state.inflow + flow, state.volume, state.workings.full
    current = (volume, state.inflow, state.decays_over, flow)
    if state.falling and net > 0.0:
        yield 0.0, "rising_again", 0
    elif not state.falling and volume > 0.0:
        yield kernels.sink_turning(state.inflow, state.decays_over, flow), "turning_point", 0
    if net > 0.0 and volume < full:
        marks = [(full, "full")]
        if state.low:
            marks.append((state.lowest, "lowest_lost"))
        if (k := next_cut(state)) >= 0:
            marks.append((state.pockets[k].access, "cut_off"))
        if (k := next_lost(state)) >= 0:
            marks.append((state.pockets[k].floods, "pocket_lost"))
        mark, name = min(marks)
        yield kernels.sink_rises_to(*current, mark), name, 0
    elif net <= 0.0:
        marks = [(0.0, "drained")] if volume > 0.0 else []
        if not state.low and state.bodies:
            marks.append((state.lowest, "lowest_free"))
        if (k := next_open(state)) >= 0:
            marks.append((state.pockets[k].access, "pocket_open"))
        if marks:
            mark, name = max(marks)
            yield kernels.sink_falls_to(*current, mark), name, 0


def next_cut(state: State) -> int:
    """The pocket with people in it or on their way past whose way out rising water floods next; -1 if none."""
    pockets, coming = state.pockets, [party.pocket for party in state.parties]
    concerned = (k for k, q in enumerate(pockets) if not q.cut and (q.miners or k in coming))
    return min(concerned, key=lambda k: pockets[k].access, default=-1)


def next_lost(state: State) -> int:
    """The pocket in which rising water drowns people next; -1 if none."""
    pockets, full = state.pockets, state.workings.full
    threatened = (k for k, q in enumerate(pockets) if q.cut and q.miners and not q.safe and q.floods < full)
    return min(threatened, key=lambda k: pockets[k].floods, default=-1)


def next_open(state: State) -> int:
    """The pocket with people in it whose way out falling water frees next; -1 if none."""
    pockets = state.pockets
    concerned = (k for k, q in enumerate(pockets) if q.cut and q.miners)
    return max(concerned, key=lambda k: (pockets[k].access, -k), default=-1)


def _lift(p: Parameters) -> float:
    """Power per flow, W per m³/s: ρ g H / η."""
    return p.density * p.gravity * p.lift / p.pump_efficiency
