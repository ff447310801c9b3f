"""The parameters of the food poisoning, by the names they have in `parameters.yaml`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameters:
    """The numbers of `parameters.yaml`, SI; shares as plain numbers, temperatures in °C."""

    attack: float
    attack_most: float
    warm: float
    warm_from: float
    median: float
    dispersion: float
    expectant: float
    red: float
    yellow: float
    serving: float
    serving_basin: float
    serving_hilly: float
    serving_mountain: float
    serving_gorge: float
    followed: float
    closing: float
    inquiry: float
    sampling: float
    face: float
    lab_face: float
    lab_set_up: float
    crew_serves: float
    antidote_works: float
    antidote_crews: float
    antidote_set_up: float
    quiet: float
    seen_error: float
