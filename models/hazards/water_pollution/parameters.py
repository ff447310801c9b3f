"""The parameters of water-source pollution, by the names they have in `parameters.yaml`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameters:
    """The numbers of `parameters.yaml`, SI."""

    flow: float
    flow_least: float
    season_rain: float
    season_least: float
    season_most: float
    rain_doubles: float
    flood_most: float
    width: float
    slope: float
    slope_least: float
    slope_most: float
    roughness: float
    dispersion: float
    gravity: float
    stop: float
    decay: float
    ill_dose: float
    ill_spread: float
    red: float
    yellow: float
    drinking: float
    followed: float
    sudden: float
    leak_for: float
    seal: float
    seal_face: float
    contain: float
    contain_face: float
    caught: float
    danger: float
    sample: float
    sample_face: float
    monitors: float
    order: float
    ready: float
    lead: float
    alarm_least: float
    alarm: float
    bank: float
    default_intake: float
    nearest: float
    far: float
    storage: float
    other_source: float
    settle: float
    flush: float
    flush_people: float
    flush_face: float
    own_flush: float
    flush_within: float
    crews_most: float
    node_share: float
    node_most: float
    dam: float
    dam_face: float
    dosing: float
    removal: float
    dam_until: float
    ration: float
    tanker_set_up: float
    watch: float
    mass_error: float
    look_error: float
