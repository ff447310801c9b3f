"""The parameters of the tailings-pond failure, by the names they have in `parameters.yaml`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameters:
    """The numbers of `parameters.yaml`, SI."""

    release_factor: float
    release_power: float
    runout_factor: float
    runout_share: float
    runout_power: float
    reach: float
    valley: float
    speed: float
    slope: float
    slowest: float
    fastest: float
    toxic: float
    creep: float
    creep_shape: float
    free_water: float
    lower_eases: float
    toe: float
    toe_eases: float
    toe_face: float
    rain_hastens: float
    catchment: float
    rain_caught: float
    drain_face: float
    drain_set_up: float
    stand: float
    nearest: float
    followed: float
    low_share: float
    flee: float
    flee_spread: float
    asleep: float
    batch: float
    evacuate_face: float
    path_share: float
    path_dead: float
    path_caught: float
    path_hurt: float
    margin_dead: float
    margin_caught: float
    margin_hurt: float
    red: float
    yellow: float
    free: float
    search_face: float
    over_each: float
    dig_face: float
    search_again: float
    runoff: float
    runoff_volume: float
    runoff_face: float
    samplers: float
    road_cut: float
    cordon: float
    watchers: float
    strike_dead: float
    strike_red: float
    warned_dead: float
    warned_red: float
    look_error: float
    evacuate_within: float
    drain_within: float
    toe_within: float
    dig_within: float
    crew_frees: float
    runoff_within: float
    hands_least: float
    pumps_least: float
    machines_least: float
    buses_least: float
