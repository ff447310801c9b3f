"""What can be plugged in: the protocols that models fulfil. A plug-in is a file; its name there is its name everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from sim.domain.command import Believed, Level, Order, Severity
from sim.domain.hazards import Demand, Effect, Footprint, Inputs, Need, Scene, Sighting
from sim.domain.people import Person
from sim.domain.places import Site
from sim.domain.teams import Holding
from sim.streams import Stream

State = Any  # each model's own frozen struct of plain numbers; nobody else looks inside


class Hazard(Protocol):
    """A dynamic model of an accident (models/hazards/<name>: class Model), built from its parameters by name.

    A pure function of time and effort: it knows no clock, no queue, no dispatcher. Between events its state changes
    exactly under constant inputs. The caller always advances first, then sets new inputs, then asks for the next event.
    """

    def start(self, scene: Scene, stream: Stream) -> tuple[State, Sequence[Effect]]:
        """The state at the moment the accident begins, and what it does at once. Latent luck is drawn here, once."""

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """The state `dt` seconds later; exact while inputs stay as they are: advance(a) then advance(b) = advance(a+b)."""

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """Seconds until the next thing that happens by itself, and its name; (inf, "") if nothing will."""

    def fire(self, state: State, name: str, inputs: Inputs) -> tuple[State, Sequence[Effect]]:
        """The jump at that event: the state set onto the threshold and moved on, and its effects."""

    def demands(self, state: State) -> Sequence[Demand]:
        """What the incident needs now, in truth, most urgent first."""

    def readings(self, state: State) -> dict[str, float]:
        """The figures people would plot (SI), under the names in the model's `readings` table."""

    def mode(self, state: State) -> str:
        """latent, growing, steady, declining, controlled or over."""

    def footprint(self, state: State) -> Footprint:
        """How far it is dangerous and what it closes."""

    def observe(self, state: State, stream: Stream) -> Sighting:
        """What someone on the spot would say: rounded, biased, never the truth by right."""

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:
        """What a duty officer would ask for who believes this sighting."""


class Forces(Protocol):
    """The board of forces as the post sees it: one row a holding, in the order of `holdings`."""

    @property
    def holdings(self) -> Sequence[Holding]:
        """The rows."""

    @property
    def free(self) -> npt.NDArray[np.int64]:
        """Elements believed ready to be sent, by holding."""

    @property
    def county_index(self) -> npt.NDArray[np.int64]:
        """A number for the county of each holding; `county_row` says which county that is."""

    @property
    def county_row(self) -> Mapping[str, int]:
        """The number of each county code."""

    def supply(self, capability: str) -> npt.NDArray[np.float64]:
        """Effort one element of each holding supplies of a capability, in its unit (zero where it cannot)."""


class Picture(Protocol):
    """All that a post, and a strategy deciding for it, may know. Never the truth."""

    @property
    def post(self) -> str:
        """The post whose picture it is."""

    @property
    def now(self) -> float:
        """Seconds since the scenario's start."""

    @property
    def night(self) -> bool:
        """Whether it is night."""

    @property
    def forces(self) -> Forces:
        """The board of forces."""

    @property
    def incidents(self) -> dict[str, Believed]:
        """What is believed of each open incident that this post leads."""

    def eta(self, site: Site) -> npt.NDArray[np.float64]:
        """Expected seconds from an order now until arrival at the site, by holding; inf where no road is known."""

    def adjacent(self, county: str) -> Sequence[str]:
        """County codes around a county, nearest first, itself excluded."""

    def unmet(self, incident: str) -> Sequence[Need]:
        """The needs of an incident less what is already committed to it, most urgent first; empty when covered."""


class Strategy(Protocol):
    """A dispatch strategy (models/dispatch/<name>.py: class Strategy). Pure: picture in, orders out."""

    def decide(self, picture: Picture, incident: str, stream: Stream) -> Sequence[Order]:
        """Orders for one incident whose needs, forces or roads have changed."""


class Assessor(Protocol):
    """How a duty officer grades an incident from what is believed (models/assessment/<name>.py: class Assessor)."""

    def severity(self, scale: str, sighting: Sighting) -> tuple[Severity, Severity, str]:
        """(confirmed, potential, the criterion that decided)."""

    def level(self, severity: Severity, nature: str) -> Level | None:
        """The response level the city's plan attaches to a severity."""


class Mortality(Protocol):
    """What becomes of the hurt (models/casualties: class Model). Latent luck is drawn once per person."""

    def latent(self, person: Person, stream: Stream) -> Any:
        """A person's luck: threshold, tolerance, whether care can save them."""

    def in_sight(self, person: Person) -> bool:
        """Whether whoever stands beside them sees how a trapped person is (in a wreck), or has to reach them first."""

    def rate_factor(self, care: str) -> float:
        """By how much the injury clock runs under this care (1 waiting … 0 definitive)."""

    def doomed(self, person: Person, latent: Any) -> bool:
        """Whether definitive care comes in vain: the person dies in hospital."""

    def dies_in(self, person: Person, latent: Any, hazard: float, age: float, care: str) -> float:
        """Seconds until death if nothing changes; inf if it never comes. `hazard` is what the clock has used, `age` since hurt."""

    def used(self, person: Person, latent: Any, hazard: float, age: float, dt: float, care: str) -> float:
        """What the clock has used after `dt` more seconds under this care."""
