"""The parameters of the epidemic, by the names they have in `parameters.yaml`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameters:
    """The numbers of `parameters.yaml`, SI; shares as plain numbers, temperatures in °C, months by their number."""

    latent: float
    infectious: float
    incubation: float
    by_water: float
    water_lasts: float
    treated: float
    winter: float
    winter_from: float
    winter_to: float
    warm: float
    warm_from: float
    summer_from: float
    summer_to: float
    festival_month: float
    holidays: float
    festival: float
    crowding: float
    density_usual: float
    density_power: float
    dense_least: float
    dense_most: float
    wet: float
    wet_rain: float
    reach: float
    group_most: float
    source_cases: float
    source_lasts: float
    severe: float
    altitude: float
    altitude_from: float
    severe_after: float
    severe_spread: float
    stay: float
    stay_spread: float
    fatality: float
    fatality_most: float
    shortage: float
    critical: float
    assess: float
    transfers_most: float
    beds_least: float
    beds_a_person: float
    hospital_near: float
    beds_far: float
    advice: float
    closed: float
    trace_fastest: float
    traceable: float
    contacts_a_case: float
    contacts_a_day: float
    crew_people: float
    tracers_most: float
    trace_set_up: float
    samples_a_day: float
    samples_a_case: float
    clinical: float
    lab_face: float
    lab_set_up: float
    inquiry: float
    inquiry_face: float
    testing: float
    source: float
    source_face: float
    source_set_up: float
    people_a_case: float
    household: float
    households_a_staff: float
    staff_most: float
    staff_set_up: float
    doses_a_day: float
    vaccine_lag: float
    vaccine_works: float
    vaccine_cover: float
    vaccinators: float
    vaccine_set_up: float
    ward_beds: float
    ward_most: float
    ward_set_up: float
    reported: float
    reported_before: float
    seen_error: float
    quiet: float
    few: float
    drawn: float
    followed: float
    tick: float
    steps: float
