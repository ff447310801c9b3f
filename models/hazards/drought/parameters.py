"""The parameters of the drought, by the names they have in `parameters.yaml`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameters:
    """The numbers of `parameters.yaml`, SI; shares as plain numbers, temperatures in °C."""

    home: float
    works: float
    farms: float
    beside: float
    reach: float
    usual_supply: float
    season: float
    season_rain: float
    full_for: float
    stored: float
    dry_share: float
    lasts_spread: float
    evaporation: float
    depth: float
    mild: float
    warm: float
    farms_at: float
    works_at: float
    homes_at: float
    back: float
    rationed: float
    relieved_at: float
    ration: float
    least: float
    ill: float
    ill_serious: float
    followed: float
    tanker_set_up: float
    well: float
    wells_most: float
    wells_face: float
    well_set_up: float
    well_yield: float
    pump_face: float
    pump_set_up: float
    seeding: float
    clouds: float
    rain_gives: float
    rain_most: float
    crop_loss: float
    gauge_error: float
    count_error: float
