"""The parameters of the casualty model, by the names they have in `parameters.yaml`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameters:
    """The numbers of `parameters.yaml`, SI."""

    # injured, by colour: share that care at once saves; Weibull shape and scale of the clock that waiting runs
    red_saved: float
    red_shape: float
    red_scale: float
    yellow_saved: float
    yellow_shape: float
    yellow_scale: float
    green_saved: float
    green_shape: float
    green_scale: float
    expectant_saved: float
    expectant_shape: float
    expectant_scale: float
    # the same for the ill and the poisoned
    ill_red_saved: float
    ill_red_shape: float
    ill_red_scale: float
    ill_yellow_saved: float
    ill_yellow_shape: float
    ill_yellow_scale: float
    ill_green_saved: float
    ill_green_shape: float
    ill_green_scale: float
    ill_expectant_saved: float
    ill_expectant_shape: float
    ill_expectant_scale: float
    # how fast that clock runs under care
    care_waiting: float
    care_buddy: float
    care_paramedic: float
    care_ambulance: float
    care_emergency: float
    care_definitive: float
    # trapped: share dead at once, time without danger, Weibull shape and scale afterwards
    masonry_shape: float
    masonry_scale: float
    mixed_winter_shape: float
    mixed_winter_scale: float
    burial_at_once: float
    burial_shape: float
    burial_scale: float
    mine_dry_grace: float
    mine_dry_shape: float
    mine_dry_scale: float
    vehicle_cold: float
