"""The parameters of the railway accident, by the names they have in `parameters.yaml`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameters:
    """The numbers of `parameters.yaml`, SI; shares as plain numbers, temperatures in °C."""

    mass: float
    seats: float
    slow: float
    fast: float
    slow_least: float
    slow_most: float
    fast_least: float
    fast_most: float
    crushed_more: float
    overturns: float
    crushed_dead: float
    crushed_red: float
    crushed_yellow: float
    crushed_green: float
    overturned_dead: float
    overturned_red: float
    overturned_yellow: float
    overturned_green: float
    derailed_dead: float
    derailed_red: float
    derailed_yellow: float
    derailed_green: float
    standing_green: float
    caught_crushed: float
    caught_overturned: float
    caught_derailed: float
    cold: float
    wired: float
    dead_least: float
    dead_most: float
    telecom_least: float
    unlinked: float
    danger: float
    way_least: float
    way_most: float
    way_basin: float
    way_hilly: float
    way_mountain: float
    way_gorge: float
    walking: float
    cut_least: float
    cut_most: float
    cut_set_up: float
    crews_car: float
    bearers: float
    bear_base: float
    bear_least: float
    bear_most: float
    bear_set_up: float
    leading_most: float
    bus: float
    search_each: float
    search_twice: float
    searchers: float
    darkness: float
    lights: float
    lights_set_up: float
    dawn: float
    dusk: float
    cordon: float
    guard: float
    debris: float
    debris_face: float
    lift: float
    cranes: float
    crane_set_up: float
    track_energy: float
    line_each: float
    line_least: float
    line_face: float
    line_set_up: float
    goods: float
    wagons_most: float
    leak: float
    goods_fuel: float
    goods_gas: float
    wagon_least: float
    wagon_most: float
    wagon_pairs: float
    seen_error: float
    crew_serves: float
    crews_most: float
    bearers_most: float
    lead_within: float
    searchers_most: float
