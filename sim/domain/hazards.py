"""What passes between a hazard and the rest of the world: demands and inputs, effects and sightings."""

from __future__ import annotations

import enum
import math

import msgspec

from sim.domain.people import Person, Status, Triage
from sim.domain.places import Calendar, Site, Surroundings, Weather


class DemandKind(enum.Enum):
    """How effort counts: an amount of WORK, a RATE at the same time, units to HOLD, or a SERVICE queue."""

    WORK = "work"
    RATE = "rate"
    HOLD = "hold"
    SERVICE = "service"


class Demand(msgspec.Struct, frozen=True, omit_defaults=True):  # JSON knows no infinity: no face is no entry
    """What an incident needs now, in truth.

    WORK: `amount` unit·seconds are left; effort e finishes it after amount/e. RATE: `amount` is the rate needed at once.
    HOLD: `amount` units must stay. SERVICE: `amount` customers wait. `face` is the most effort that the place of work can
    take: whatever comes beyond it waits in reserve. `set_up` passes between an element's arrival at this task and its
    effort counting.
    """

    id: str
    kind: DemandKind
    capability: str
    amount: float
    face: float = math.inf
    set_up: float = 0.0
    priority: int = 5  # 1 first
    wears: bool = (
        True  # serving it tires people; not where a machine does it and its crew takes turns, or they stand by
    )


class Inputs(msgspec.Struct, frozen=True):
    """What acts on a hazard from outside, constant until the next event: effort by demand id, the weather, services.

    `services` is the share of power, telecom, water … that the site still gets from outside, where it is not 1.
    """

    effort: dict[str, float]
    weather: Weather
    services: dict[str, float] = {}

    def service(self, name: str) -> float:
        """The share of a service that the site still gets."""
        return self.services.get(name, 1.0)


class Scene(msgspec.Struct, frozen=True):
    """The five elements as a model meets them, besides its own parameters.

    `cause` is one of the model's causes; `scope` its scale variables in SI; `begins` is seconds since the scenario's start,
    so that `calendar.hour_at(begins)` is the local hour. `rain_month` is the place's mean rain of the month (mm). `variant`
    is the kind of thing that is concerned (substance, building, disease), where the card has such; its values are in the
    parameters already.
    """

    incident: str
    cause: str
    scope: dict[str, float]
    site: Site
    calendar: Calendar
    begins: float
    weather: Weather
    rain_month: float = 0.0
    around: Surroundings = Surroundings()
    variant: str = ""


class Involve(msgspec.Struct, frozen=True, tag="involve"):
    """Effect: people come into harm's way (or are found hurt)."""

    persons: tuple[Person, ...]


class Harm(msgspec.Struct, frozen=True, tag="harm"):
    """Effect: these people change by the hazard itself: killed, hurt, trapped, freed (WAITING with a colour) or safe.

    `hidden`: whether somebody killed lies where nobody sees them before they are found (under debris, in a burning house,
    swept away); unsaid, those are hidden who were trapped. To free somebody who has died meanwhile is to find them.
    """

    persons: tuple[str, ...]
    status: Status
    triage: Triage | None = None
    why: str = ""
    hidden: bool | None = None


class Found(msgspec.Struct, frozen=True, tag="found"):
    """Effect: of those whom this hazard killed out of sight so many are reached (0: all who lie here), in this way."""

    why: str
    number: int = 0


class Road(msgspec.Struct, frozen=True, tag="road"):
    """Effect: a link closes (factor 0), slows (0 < factor < 1) or opens again (1). `link` "" is the link it lies on."""

    factor: float
    link: str = ""
    why: str = ""


class Roads(msgspec.Struct, frozen=True, tag="roads"):
    """Effect: what the hazard covers closes (factor 0), slows or opens again (1): links that touch it, not its own link alone.

    Links within `radius` metres of the site, and those that end in one of `towns` (codes). With `per_km` each of them
    is hit with that probability a kilometre, drawn once by its name; else all of them. Factor 1 opens what this incident shut.
    """

    factor: float
    radius: float = 0.0
    towns: tuple[str, ...] = ()
    per_km: float = 0.0
    why: str = ""


class Cut(msgspec.Struct, frozen=True, tag="cut"):
    """Effect: of a service (power, telecom, water, gas) this `share` is left in the area, until this incident says otherwise.

    The area is the towns within `radius` metres of the site, or `towns` (codes), or the site's own town if neither is given.
    """

    service: str
    share: float
    radius: float = 0.0
    towns: tuple[str, ...] = ()
    why: str = ""


class Shock(msgspec.Struct, frozen=True, tag="shock"):
    """Effect: something reaches a town at one blow (shaking, a wave, a blast); what may follow there looks at `values`."""

    name: str
    town: str
    values: dict[str, float]


class Strike(msgspec.Struct, frozen=True, tag="strike"):
    """Effect: responders are hit: those who serve one of these demands (all on the spot if none is named).

    Each of them, by a luck of their own, dies or is hurt with these probabilities; the rest stay fit.
    """

    why: str
    demands: tuple[str, ...] = ()
    dead: float = 0.0
    red: float = 0.0
    yellow: float = 0.0
    green: float = 0.0


class Note(msgspec.Struct, frozen=True, tag="note"):
    """Effect: a moment worth telling ("pumps overtake inflow"); `values` in SI."""

    name: str
    values: dict[str, float] = {}


class Over(msgspec.Struct, frozen=True, tag="over"):
    """Effect: the hazard has come to its end, for this reason; `leaves`: the dead whom nobody reached stay there (sealed)."""

    reason: str
    leaves: bool = False


Effect = Involve | Harm | Found | Road | Roads | Cut | Shock | Strike | Note | Over


class Sighting(msgspec.Struct, frozen=True):
    """What someone on the spot would say: believed figures, never the truth.

    `figures` are the model's own observables (SI) under their parameter-file names. The counts of people are filled in by
    the engine from the people on the spot, with the errors of models/reporting; a model leaves them 0. Of figures that count
    the dead where they lie (`IN_PLACE`) the engine takes off those whom nobody has reached: they are among the missing.
    """

    trapped: int = 0  # trapped or missing
    threatened: int = 0  # in the danger area, unhurt
    dead: int = 0
    injured: int = 0  # so far, wherever they are now
    seriously_injured: int = 0
    waiting: int = 0  # injured still on the spot
    waiting_serious: int = 0
    carried: int = 0  # on their way to hospital
    figures: dict[str, float] = {}


IN_PLACE = ("bodies", "missing_dead")


class Need(msgspec.Struct, frozen=True):
    """What a post asks for on the ground of what it believes: so much of a capability, this urgently (1 first)."""

    capability: str
    amount: float
    priority: int = 5


class Footprint(msgspec.Struct, frozen=True):
    """How far it is dangerous around the site, metres, and what it closes."""

    radius: float = 0.0
    links: tuple[str, ...] = ()
