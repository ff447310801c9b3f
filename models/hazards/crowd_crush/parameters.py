"""The parameters of the crowd crush, by the names they have in `parameters.yaml`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameters:
    """The numbers of `parameters.yaml`, SI; shares and yes/no (1/0) as plain numbers."""

    free_speed: float
    shape: float
    jam: float
    table_step: float
    packed: float
    clogged: float
    thin: float
    unstable: float
    crushing: float
    press_low: float
    press_slow: float
    press_high: float
    press_fast: float
    press_shape: float
    press_spread: float
    press_depth: float
    hot: float
    hot_factor: float
    narrow_share: float
    exit_ratio: float
    slope_loss: float
    entry_every: float
    begins_at: float
    drive: float
    conflict: float
    conflict_share: float
    shut: float
    shut_share: float
    leave_for: float
    retreat: float
    rear_flow: float
    rear_each: float
    front_share: float
    followed: float
    fall_rate: float
    fall_people: float
    falls_most: float
    first_fall: float
    slope_falls: float
    dark: float
    dark_unlit: float
    day_begins: float
    day_ends: float
    wet: float
    pile_scale: float
    pile_share: float
    pull_each: float
    pull_face: float
    bystanders: float
    arrest: float
    red: float
    yellow: float
    green: float
    revive_for: float
    lay_help: float
    helpers_share: float
    helpers_most: float
    stop_set_up: float
    one_way: float
    gate_face: float
    crowd_speed: float
    walking: float
    officers_each: float
    order_most: float
    order_calms: float
    seen_error: float
    seen_step: float
