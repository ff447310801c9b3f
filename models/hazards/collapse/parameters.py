"""The parameters of the collapse, by the names they have in `parameters.yaml`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameters:
    """The numbers of `parameters.yaml`, SI; shares as plain numbers, temperatures in °C."""

    dead: float
    trapped: float
    unhurt: float
    flees: float
    asleep_most: float
    wakes: float
    sleeps: float
    red: float
    yellow: float
    cold: float
    crush_after: float
    crush_share: float
    infusion: float
    head_covered: float
    smother_half: float
    share_surface: float
    share_light: float
    share_void: float
    toil_surface: float
    toil_light: float
    toil_void: float
    toil_entombed: float
    toil_spread: float
    effective: float
    hands_most: float
    faces_most: float
    rubble_per_face: float
    void_set_up: float
    neighbours_from: float
    neighbours_wake: float
    neighbours_for: float
    neighbours_worth: float
    neighbours_least: float
    neighbours_most: float
    neighbours_reach: float
    neighbours_able: float
    search_for: float
    search_team: float
    search_sensors: float
    rubble_share: float
    hand_clearing: float
    machines_careful: float
    machines_free: float
    machine_set_up: float
    hope: float
    uncraned: float
    sites_per_crane: float
    crane_set_up: float
    darkness: float
    lights: float
    lights_set_up: float
    dawn: float
    dusk: float
    pours: float
    hardens_least: float
    hardens_most: float
    hard: float
    second_risk: float
    second_rain: float
    second_shaken: float
    heavy_rain: float
    shoring: float
    shoring_divides: float
    shoring_face: float
    shoring_set_up: float
    second_kills: float
    second_toil: float
    strike_dead: float
    strike_red: float
    strike_yellow: float
    strike_green: float
    warned: float
    danger: float
    cordon: float
    sites_per_engineer: float
    seen_error: float
    free_within: float
    sites_per_team: float
    crews_most: float
    search_most: float
    labor_most: float
    machines_most: float
    cranes_most: float
    engineers_most: float
    power_most: float
    cordon_most: float
