"""Too many at one place: vehicles beyond the room at the scene wait on the way in, and those on the spot hinder each other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.engine.clock import grid

if TYPE_CHECKING:
    from sim.engine.incidents import Incident
    from sim.engine.simulation import Simulation
    from sim.engine.sorties import Sortie


class Crowding:
    """The room at each scene, and who waits for it. What is spread over a whole area has room for all."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self._gates: dict[str, float] = {}  # incident -> when the next vehicle can be let through

    def admit(self, sortie: Sortie) -> float:
        """When a sortie that has come to the scene is let in: now, or after those before it have found room."""
        incident, now = sortie.incident, self.sim.clock.now
        if self._vehicles(incident) + sortie.kind.vehicles <= self._room(incident):
            return now
        gate = max(now, self._gates.get(incident.id, 0.0))
        gate = grid(gate + self.sim.number("scene.squeeze") * max(1, sortie.kind.vehicles))
        self._gates[incident.id] = gate
        return gate

    def ease(self, incident: Incident, efforts: dict[str, float]) -> dict[str, float]:
        """What the efforts come to where the scene is fuller than it should be."""
        room = self._room(incident)
        if not efforts or room == math.inf:
            return efforts
        over = self._vehicles(incident) / room - 1.0
        if over <= 0.0:
            return efforts
        share = max(self.sim.number("scene.floor"), 1.0 - self.sim.number("scene.loss") * over)
        return {demand: effort * share for demand, effort in efforts.items()}

    def _room(self, incident: Incident) -> float:
        """Vehicles that find room, by the terrain and the way in."""
        spec = incident.spec
        if spec.scenes == math.inf:
            return math.inf
        room = self.sim.number(f"scene.room_{spec.site.terrain}")
        if spec.site.access != "road":
            room *= self.sim.number("scene.off_road")
        return room * max(1.0, spec.scenes)

    @staticmethod
    def _vehicles(incident: Incident) -> int:
        return sum(sortie.kind.vehicles for sortie in incident.present.values())
