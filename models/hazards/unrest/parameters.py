"""The parameters of unrest, by the names they have in `parameters.yaml`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameters:
    """The numbers of `parameters.yaml`, SI; shares and yes/no (1/0) as plain numbers."""

    begins: float
    growth: float
    night_growth: float
    join: float
    join_within: float
    join_most: float
    wet: float
    cold: float
    foul_share: float
    foul_leaves: float
    stands: float
    mood_times: float
    mood_spread: float
    mood_least: float
    mood_most: float
    provocation: float
    talk: float
    talk_face: float
    talk_set_up: float
    violent_at: float
    violence: float
    outbreaks_most: float
    hurt_mean: float
    hurt_most: float
    hurt_crowd: float
    dead: float
    red: float
    yellow: float
    arson: float
    police_dead: float
    police_red: float
    police_yellow: float
    police_green: float
    per_point: float
    order_set_up: float
    order_holds: float
    per_crew: float
    riot_set_up: float
    riot_holds: float
    expected: float
    calm_at: float
    cools: float
    leaves: float
    half: float
    ends: float
    block_at: float
    wide_at: float
    road_left: float
    detour: float
    seen_error: float
    seen_step: float
    mood_error: float
