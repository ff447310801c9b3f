"""The parameters of the animal epidemic, by the names they have in `parameters.yaml`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameters:
    """The numbers of `parameters.yaml`, SI; shares as plain numbers, temperatures in °C; animals in pigs but for `heads_times`."""

    area: float
    density: float
    density_basin: float
    density_hilly: float
    density_mountain: float
    density_gorge: float
    urban: float
    farms_most: float
    herd: float
    herd_spread: float
    heads_times: float
    near: float
    scale: float
    power: float
    infectivity: float
    herd_power: float
    herd_least: float
    herd_most: float
    carried: float
    festive: float
    festive_from: float
    festive_months: float
    cold: float
    mild: float
    season_least: float
    season_most: float
    latent: float
    passes_most: float
    shedding: float
    delay: float
    delay_spread: float
    generation: float
    sampling: float
    sampling_face: float
    reference: float
    head_rate: float
    per_farm: float
    farm_face: float
    set_up: float
    ring: float
    ring_share: float
    cull_within: float
    on_duty: float
    crews_most: float
    carcass: float
    dig_face: float
    digger: float
    bury_within: float
    dig_set_up: float
    rain_half: float
    clean_farm: float
    clean_rate: float
    clean_face: float
    points: float
    ban: float
    sealed: float
    checked_flow: float
    standby: float
    visitors: float
    visit: float
    vaccine: float
    vaccinate: float
    vaccine_face: float
    immune_after: float
    clear: float
    catches: float
    exposed_within: float
    incubation: float
    red: float
    dies: float
    dies_after: float
    recovers_after: float
    heads_a_hand: float
    hands_most: float
    watchers: float
    count_error: float
