"""The parameters of the forest fire, by the names they have in `parameters.yaml`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameters:
    """The numbers of `parameters.yaml`, SI; angles in degrees, temperatures in °C."""

    rate_temperature: float
    rate_wind: float
    rate_dryness: float
    rate_offset: float
    rate_floor: float
    rate_cap: float
    beaufort_scale: float
    beaufort_power: float
    wind_exponent: float
    wind_cap: float
    slope_coefficient: float
    slope_power: float
    slope_cap: float
    fuel: float
    seats: float
    sectors: float
    upslope: float
    slope_basin: float
    slope_hilly: float
    slope_mountain: float
    slope_gorge: float
    small_hours_from: float
    morning_from: float
    midday_from: float
    evening_from: float
    small_hours: float
    morning: float
    midday: float
    evening: float
    rain_wet: float
    rain_slows: float
    rain_ends: float
    fuel_break: float
    heat: float
    load: float
    flame_coefficient: float
    flame_power: float
    attack_hand: float
    attack_water: float
    water: float
    line_share: float
    line_fuel: float
    beating: float
    line_basin: float
    line_hilly: float
    line_mountain: float
    line_gorge: float
    line_detour: float
    breach_rate: float
    breach_intensity: float
    breach_gap: float
    spot_wind: float
    spot_rate: float
    spot_distance: float
    mop_work: float
    watch_for: float
    watch_spacing: float
    villages: float
    village_near: float
    village_far: float
    warning: float
    evacuation_group: float
    caught_dead: float
    caught_red: float
    caught_yellow: float
    caught_green: float
    shape_coefficient: float
    shape_power: float
    seen_error: float
    line_within: float
    mop_within: float
    evacuation_within: float
