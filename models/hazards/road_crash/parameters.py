"""The parameters of the road crash, by the names they have in `parameters.yaml`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameters:
    """The numbers of `parameters.yaml`, SI; shares as plain numbers, temperatures in °C."""

    dead: float
    red: float
    yellow: float
    green: float
    cliff_dead: float
    cliff_red: float
    cliff_yellow: float
    cliff_green: float
    unbelted: float
    edge: float
    edge_basin: float
    edge_hilly: float
    edge_mountain: float
    edge_gorge: float
    entrapped: float
    cold: float
    cut_least: float
    cut_most: float
    cut_heavy: float
    cut_set_up: float
    haul: float
    haul_set_up: float
    ropes: float
    heavy_share: float
    lift_car: float
    lift_heavy: float
    cranes: float
    crane_set_up: float
    debris: float
    clear_face: float
    left_two: float
    left_one: float
    lanes: float
    lane_capacity: float
    shoulder_2: float
    shoulder_3: float
    shoulder_4: float
    one_lane_2: float
    one_lane_3: float
    one_lane_4: float
    two_lanes_2: float
    two_lanes_3: float
    two_lanes_4: float
    blocks_two: float
    flow_peak: float
    flow_day: float
    flow_night: float
    morning_from: float
    day_from: float
    evening_from: float
    late_from: float
    night_from: float
    busy_basin: float
    busy_hilly: float
    busy_mountain: float
    busy_gorge: float
    spacing: float
    queue_long: float
    queue_most: float
    points: float
    points_every: float
    points_most: float
    diverted: float
    speed_free: float
    speed_escorted: float
    speed_shoulder: float
    speed_stuck: float
    second_risk: float
    unseen: float
    blind: float
    warned: float
    second_most: float
    second_vehicles: float
    second_people: float
    seen_error: float
    seen_step: float
    crew_serves: float
    crane_serves: float
    clear_within: float
