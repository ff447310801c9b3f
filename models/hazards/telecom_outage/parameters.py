"""The parameters of the telecom outage, by the names they have in `parameters.yaml`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameters:
    """The numbers of `parameters.yaml`, SI; shares and yes/no (1/0) as plain numbers."""

    people_per_station: float
    cell_stations: float
    cells_most: float
    made_towns: float
    made_apart: float
    ring_size: float
    spurs: float
    spurs_mountain: float
    volts: float
    charge: float
    depth: float
    ageing: float
    draw: float
    battery_spread: float
    drained: float
    recharges: float
    mains: float
    cuts: float
    destroyed: float
    core: float
    mains_work: float
    mains_per: float
    mains_face: float
    outage_for: float
    trunks: float
    offered: float
    night_offered: float
    night_from: float
    night_until: float
    surge: float
    surge_fades: float
    splice: float
    splice_spread: float
    splice_face: float
    rebuild: float
    rebuild_face: float
    core_work: float
    core_face: float
    repair_set_up: float
    set_people: float
    set_up: float
    sets_most: float
    runners: float
    generator_set_up: float
    generator_share: float
    power_most: float
    crews_most: float
    line_crews_most: float
    done_within: float
    enough: float
    bad: float
    tick: float
    tick_idle: float
    told_step: float
    work_error: float
