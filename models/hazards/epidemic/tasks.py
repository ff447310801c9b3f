"""What an epidemic asks for – inquiry, tests, safe water, tracing, community staff, vaccination, a ward – and what is seen."""

from __future__ import annotations

import math
from collections.abc import Sequence

from models.hazards.epidemic.parameters import Parameters
from models.hazards.epidemic.spread import growth_rate, identified
from models.hazards.epidemic.state import State
from models.hazards.epidemic.wards import referred
from sim.domain.hazards import Demand, DemandKind, Need, Sighting
from sim.streams import Stream

WORK, RATE, HOLD = DemandKind.WORK, DemandKind.RATE, DemandKind.HOLD


def tracers(p: Parameters, cases_a_day: float) -> float:
    """Crews that follow so many new cases a day: cases · contacts / contacts a person and day, in whole crews, within reason."""
    persons = cases_a_day * p.contacts_a_case / (p.contacts_a_day * p.tick)
    return min(p.tracers_most, max(1.0, math.ceil(persons / p.crew_people)))


def staff(p: Parameters, people: float, cases: float) -> float:
    """Community staff for all neighbourhoods with cases: one in so many households."""
    return math.ceil(min(people, cases * p.people_a_case) / p.household / p.households_a_staff)


def ward_crews(p: Parameters, beyond: float) -> float:
    """Medical crews of a makeshift ward for so many people beyond the beds there are, within reason."""
    return min(p.ward_most, math.ceil(beyond / p.ward_beds))


def beyond_beds(state: State) -> float:
    """People in need of a bed beyond those that the place has by itself."""
    return max(0.0, len(state.patients) - referred(state) + state.crowd - math.floor(state.beds))


def demands(p: Parameters, state: State) -> Sequence[Demand]:
    """In truth, most urgent first."""
    found = []
    if state.inquiry > 0.0:
        found.append(Demand("inquiry", WORK, "EPI", state.inquiry, p.inquiry_face, priority=1))
    if state.testing > 0.0:
        found.append(Demand("testing", WORK, "LAB", state.testing, p.lab_face, p.lab_set_up, 1))
    if state.source > 0.0:
        found.append(Demand("source", WORK, "DISINFECT", state.source, p.source_face, p.source_set_up, 2))
    if not identified(state):
        return found
    crews = tracers(p, state.today)
    found.append(Demand("tracing", RATE, "EPI", crews, p.tracers_most, p.trace_set_up, 2, wears=False))
    if not state.clear:
        found.append(Demand("sampling", RATE, "LAB", p.lab_face, p.lab_face, p.lab_set_up, 3, wears=False))
        held = min(p.staff_most, state.staff)
        found.append(Demand("closure", HOLD, "WATCH", held, held, p.staff_set_up, 3, wears=False))
        if p.doses_a_day > 0.0 and _can_be_vaccinated(p, state):
            found.append(
                Demand("vaccination", RATE, "EPI", p.vaccinators, p.vaccinators, p.vaccine_set_up, 4, wears=False)
            )
    if (crews := ward_crews(p, beyond_beds(state))) > 0.0:
        found.append(Demand("ward", RATE, "TRIAGE", crews, p.ward_most, p.ward_set_up, 2, wears=False))
    return found


def observe(p: Parameters, state: State, onsets: float, stream: Stream) -> Sighting:
    """Cases that are reported; before it is known what it is many are missed. How many are infected, nobody sees."""
    share = p.reported if identified(state) else p.reported_before
    error = math.exp(p.seen_error * stream.normal())
    daily = max(0.0, state.today)
    return Sighting(
        figures={
            "cases": float(round(onsets * share * error)),
            "new_cases": float(round(daily * share * error)),
            "identified": float(identified(state)),
            "source_open": float(state.source > 0.0),
            "no_bed": float(round(beyond_beds(state))),
            "staff": 0.0 if state.clear else max(1.0, math.ceil(state.staff * share * error)),
            "under_watch": float(not state.over and (state.infected > 0.0)),
        }
    )


def needs(p: Parameters, sighting: Sighting) -> Sequence[Need]:
    """What a duty officer asks for: little, since the city has ten crews for all of it."""
    seen = sighting.figures
    if not seen or not seen["under_watch"] or not (seen["cases"] or seen["source_open"]):
        return ()
    found = []
    if seen["source_open"]:
        found.append(Need("DISINFECT", p.source_face, 2))
    if not seen["identified"]:
        return (Need("EPI", p.inquiry_face, 1), Need("LAB", p.lab_face, 1), *found)
    spreading = seen["staff"] > 0.0
    vaccinators = p.vaccinators if p.doses_a_day > 0.0 and spreading else 0.0
    found.append(Need("EPI", tracers(p, seen["new_cases"]) + vaccinators, 1))
    if spreading:
        found.append(Need("LAB", p.lab_face, 2))
        found.append(Need("WATCH", min(p.staff_most, seen["staff"]), 3))
    if (crews := ward_crews(p, seen["no_bed"])) > 0.0:
        found.append(Need("TRIAGE", crews, 2))
    return found


def growth(p: Parameters, reproduction: float) -> float:
    """The rate (1/s) at which it grows at this reproduction number."""
    gamma = 1 / p.infectious
    return growth_rate(max(0.0, reproduction) * gamma, 1 / p.latent, gamma)


def _can_be_vaccinated(p: Parameters, state: State) -> bool:
    return sum(state.given) + state.doses < p.vaccine_cover * state.people
