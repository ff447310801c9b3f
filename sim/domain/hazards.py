"""What passes between a hazard and the rest of the world: demands and inputs, effects and sightings."""

from __future__ import annotations

import enum
import math

import msgspec

from sim.domain.people import Person, Status, Triage
from sim.domain.places import Calendar, Site, Weather


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
    """What acts on a hazard from outside, constant until the next event: effort by demand id, and the weather."""

    effort: dict[str, float]
    weather: Weather


class Scene(msgspec.Struct, frozen=True):
    """The five elements as a model meets them, besides its own parameters.

    `cause` is one of the model's causes; `scope` its scale variables in SI; `begins` is seconds since the scenario's start,
    so that `calendar.hour_at(begins)` is the local hour. `rain_month` is the place's mean rain of the month (mm).
    """

    incident: str
    cause: str
    scope: dict[str, float]
    site: Site
    calendar: Calendar
    begins: float
    weather: Weather
    rain_month: float = 0.0


class Involve(msgspec.Struct, frozen=True, tag="involve"):
    """Effect: people come into harm's way (or are found hurt)."""

    persons: tuple[Person, ...]


class Harm(msgspec.Struct, frozen=True, tag="harm"):
    """Effect: these people change by the hazard itself: killed, hurt, trapped, freed (WAITING with a colour) or safe."""

    persons: tuple[str, ...]
    status: Status
    triage: Triage | None = None
    why: str = ""


class Road(msgspec.Struct, frozen=True, tag="road"):
    """Effect: a link closes (factor 0), slows (0 < factor < 1) or opens again (1). `link` "" is the link it lies on."""

    factor: float
    link: str = ""
    why: str = ""


class Note(msgspec.Struct, frozen=True, tag="note"):
    """Effect: a moment worth telling ("pumps overtake inflow"); `values` in SI."""

    name: str
    values: dict[str, float] = {}


class Over(msgspec.Struct, frozen=True, tag="over"):
    """Effect: the hazard has come to its end, for this reason."""

    reason: str


Effect = Involve | Harm | Road | Note | Over


class Sighting(msgspec.Struct, frozen=True):
    """What someone on the spot would say: believed figures, never the truth.

    `figures` are the model's own observables (SI) under their parameter-file names. The counts of people are filled in by
    the engine from the people on the spot, with the errors of models/reporting; a model leaves them 0.
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


class Need(msgspec.Struct, frozen=True):
    """What a post asks for on the ground of what it believes: so much of a capability, this urgently (1 first)."""

    capability: str
    amount: float
    priority: int = 5


class Footprint(msgspec.Struct, frozen=True):
    """How far it is dangerous around the site, metres, and what it closes."""

    radius: float = 0.0
    links: tuple[str, ...] = ()
