"""The parameters of the gas leak, by the names they have in `parameters.yaml`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameters:
    """The numbers of `parameters.yaml`, SI; shares and yes/no (1/0) as plain numbers."""

    # gas and pipe
    molar: float
    gamma: float
    discharge: float
    gas_constant: float
    freezing: float
    sea_level: float
    pressure_scale: float
    pressure: float
    pipe: float
    length: float
    hole_times: float
    feed_most: float
    run_empty: float
    cut_times: float
    # spaces
    spaces: float
    spaces_most: float
    near_share: float
    far_share: float
    volume: float
    volume_spread: float
    exchange: float
    exchange_open: float
    open_above: float
    vented_exchange: float
    reach: float
    arrives_least: float
    arrives_most: float
    known: float
    inside: float
    inside_most: float
    building: float
    drain_first: float
    seeps_for: float
    explosive: float
    safe: float
    smell: float
    goes: float
    # ignition and what follows
    occupied: float
    unoccupied: float
    power_off: float
    chain: float
    at_once: float
    open_clock: float
    cordoned: float
    watered: float
    energy: float
    vented_energy: float
    tnt: float
    blast_peak: float
    blast_bend: float
    blast_near: float
    blast_middle: float
    blast_far: float
    glass: float
    strong: float
    strong_most: float
    strong_gas: float
    strong_dead: float
    strong_red: float
    strong_yellow: float
    strong_green: float
    weak_dead: float
    weak_red: float
    weak_yellow: float
    weak_green: float
    glass_yellow: float
    glass_green: float
    crew_dead: float
    crew_red: float
    crew_yellow: float
    crew_strong: float
    road_left: float
    # fire in the open
    radius: float
    edge_flux: float
    clear_times: float
    stay_far: float
    probit_a: float
    probit_b: float
    dose_power: float
    exposed_for: float
    burns_red: float
    burns_yellow: float
    burns_green: float
    house_flux: float
    house_dead: float
    house_red: float
    house_yellow: float
    house_clock: float
    followed: float
    # people and response
    works: float
    present_least: float
    household: float
    valve: float
    valve_face: float
    valve_set_up: float
    sampling: float
    sampling_face: float
    venting: float
    venting_face: float
    dark: float
    repair: float
    repair_blast: float
    relight: float
    repair_face: float
    move_face: float
    move_walk: float
    water_least: float
    water_per: float
    water_most: float
    cordon: float
    cordon_per: float
    cordon_most: float
    crews_least: float
    crews_per: float
    crews_most: float
    seen_error: float
    move_within: float
    people_most: float
