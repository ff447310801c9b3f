"""The parameters of the roof fall, by the names they have in `parameters.yaml`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameters:
    """The numbers of `parameters.yaml`, SI; shares and yes/no (1/0) as plain numbers."""

    share_under: float
    dead: float
    mates: float
    mates_night: float
    mates_reach: float
    mates_least: float
    mates_most: float
    night_begins: float
    night_ends: float
    out_red: float
    out_yellow: float
    out_worsens: float
    short_red: float
    short_yellow: float
    air_behind: float
    air_spread: float
    leak: float
    emission: float
    oxygen: float
    oxygen_spread: float
    oxygen_use: float
    oxygen_air: float
    pipe_holds: float
    fall_rate: float
    fall_rate_propped: float
    falls_most: float
    fall_length: float
    fall_spread: float
    wet_most: float
    wet_rain: float
    front_dead: float
    front_red: float
    front_yellow: float
    front_green: float
    standby: float
    guides: float
    unguided: float
    heading_slow: float
    heading_fast: float
    haulers: float
    proppers: float
    heading_set_up: float
    free: float
    free_body: float
    free_spread: float
    gallery_beside: float
    bypass_over: float
    bypass_per: float
    bypass_rate: float
    cover: float
    cover_run: float
    bore_rate: float
    bore_set_up: float
    way_out: float
    carrying: float
    carry_face: float
    seen_error: float
    look_error: float
    squad_carries: float
    squads_relief: float
