"""The road behind the wrecks: how much gets through, how the queue grows and goes, how rescuers get past it."""

from __future__ import annotations

import math

from models import kernels
from models.hazards.road_crash.parameters import Parameters
from models.hazards.road_crash.state import Access, Blocked, State
from sim.domain.hazards import Inputs


def parts(p: Parameters) -> tuple[tuple[float, float], ...]:
    """The day's traffic: (local clock in s when it begins, vehicles per s)."""
    return tuple(
        sorted(
            [
                (p.morning_from, p.flow_peak),
                (p.day_from, p.flow_day),
                (p.evening_from, p.flow_peak),
                (p.late_from, p.flow_day),
                (p.night_from, p.flow_night),
            ]
        )
    )


def capacity(p: Parameters, blocked: Blocked) -> float:
    """Vehicles per s that get past the wrecks (Highway Capacity Manual: less than the lanes that are left)."""
    kept = {
        Blocked.NOTHING: 1.0,
        Blocked.SHOULDER: getattr(p, f"shoulder_{round(p.lanes)}"),
        Blocked.ONE_LANE: getattr(p, f"one_lane_{round(p.lanes)}"),
        Blocked.TWO_LANES: getattr(p, f"two_lanes_{round(p.lanes)}"),
    }[blocked]
    return float(kept * p.lanes * p.lane_capacity)


def covered(p: Parameters, inputs: Inputs) -> float:
    """The share of the traffic points that are held."""
    return min(1.0, inputs.effort.get("traffic", 0.0) / p.points)


def joins(p: Parameters, state: State, flow: float, inputs: Inputs) -> float:
    """Vehicles per s that run up on the queue, less those diverted before; at its longest everybody else turns away."""
    arrive = flow * state.busy * (1 - p.diverted * covered(p, inputs))
    return arrive if state.queue < p.queue_most else min(arrive, capacity(p, state.blocked))


def growth(p: Parameters, state: State, flow: float, inputs: Inputs) -> float:
    """How fast the queue grows (vehicles per s); an empty one does not shrink."""
    rate = joins(p, state, flow, inputs) - capacity(p, state.blocked)
    return rate if state.queue > 0.0 else max(0.0, rate)


def risk(p: Parameters, state: State, flow: float, inputs: Inputs) -> float:
    """Rate of the clock of a second crash: while there is a queue, by who runs up on it; warned drivers brake in time."""
    if not state.seconds or (state.queue <= 0.0 and growth(p, state, flow, inputs) <= 0.0):
        return 0.0
    unseen = p.unseen if p.blind or inputs.weather.fog or inputs.weather.ice != "none" else 1.0
    warned = 1 - p.warned * covered(p, inputs)
    return p.second_risk * unseen * warned * joins(p, state, flow, inputs)


def access(p: Parameters, state: State, inputs: Inputs) -> Access:
    """How rescuers get through now: escorted against the traffic, on the shoulder, or hardly at all."""
    if state.queue < p.queue_long or state.blocked is Blocked.NOTHING:
        return Access.FREE
    if covered(p, inputs) >= 1.0:
        return Access.ESCORTED
    return Access.STUCK if state.blocked is Blocked.TWO_LANES else Access.SHOULDER


def speed_factor(p: Parameters, way: Access) -> float:
    """The share of the open road's speed that rescuers keep."""
    speeds = {
        Access.FREE: p.speed_free,
        Access.ESCORTED: p.speed_escorted,
        Access.SHOULDER: p.speed_shoulder,
        Access.STUCK: p.speed_stuck,
    }
    return speeds[way] / p.speed_free


def length(p: Parameters, queue: float) -> float:
    """Metres of road that the queue stands on."""
    return queue * p.spacing / p.lanes


def queue_reaches(queue: float, rate: float, target: float) -> float:
    """Seconds until the queue has grown or shrunk to `target`; inf if it goes the other way."""
    if rate > 0.0:
        return kernels.work_done_in(target - queue, rate) if target > queue else math.inf
    return kernels.work_done_in(queue - target, -rate) if target < queue else math.inf
