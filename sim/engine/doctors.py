"""Doctors: whom nobody fetched comes by themselves, and several from one place must be reported, whoever wants it hidden.

A hospital tells the authorities of its county, whose duty desk here is the county's own; they tell those of their line above, so
that a county which keeps it back is found out from beside. What the doctors tell is what the hurt say who sit before them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.engine.clock import Turn, grid

if TYPE_CHECKING:
    from sim.engine.incidents import Incident
    from sim.engine.simulation import Simulation

HOSPITAL = "hospital"  # who discovers, reports and exposes


class Doctors:
    """What hospitals and clinics have noticed."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self._came: dict[str, int] = {}  # by incident: who has come by their own way

    def treated(self, incident: Incident, cause: int) -> None:
        """Somebody hurt in an accident has found a doctor without an ambulance."""
        sim, key = self.sim, incident.id
        if sim.headquarters is None:
            return
        came = self._came[key] = self._came.get(key, 0) + 1
        if came != round(sim.number("conduct.hospital_cluster")):
            return
        after = sim.draw("conduct.hospital_tells", key)
        sim.clock.at(grid(sim.now + after), lambda _: self._tell(incident, cause), Turn.STAFF)

    def _tell(self, incident: Incident, cause: int) -> None:
        """The county's desk is told if nobody has told it; the line above learns what a desk keeps back."""
        sim = self.sim
        if not incident.closed:
            reporter = sim.reporter(incident)
            reporter.voice = HOSPITAL
            reporter.noticed(HOSPITAL, cause)
        sim.candour.seen(incident.id, HOSPITAL, cause, HOSPITAL)
        after = sim.draw("conduct.hospital_line", incident.id)
        sim.clock.at(grid(sim.now + after), lambda _: sim.candour.line(incident.id, HOSPITAL, cause), Turn.STAFF)
