"""Case: a compiled scenario, everything resolved and frozen. Scenario and engine meet here and nowhere else."""

# ruff: noqa: PLC0414 - what an exercise is made of is part of a case

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from sim.domain.cascades import Edge
from sim.domain.command import Conduct, Criterion, Post
from sim.domain.exercise import Action as Action
from sim.domain.exercise import Condition as Condition
from sim.domain.exercise import Expectation as Expectation
from sim.domain.exercise import Following as Following
from sim.domain.exercise import Inject as Inject
from sim.domain.exercise import Objective as Objective
from sim.domain.exercise import Several as Several
from sim.domain.exercise import Staffing as Staffing
from sim.domain.exercise import State as State
from sim.domain.exercise import When as When
from sim.domain.forces import ForceBook
from sim.domain.monitors import Monitors
from sim.domain.parameters import Parameter, Spread
from sim.domain.places import Calendar, Point, Site, Surroundings, Weather
from sim.domain.plans import PlanBook
from sim.domain.stores import Stores
from sim.domain.teams import Capability, Category, ElementKind, Holding, Team
from sim.domain.waters import Intake, Reservoir, River
from sim.journal.cast import CastHazard
from sim.ports import Assessor, Hazard, Mortality, Strategy
from sim.roads.network import Network
from sim.roads.travel import Speeds


class County(msgspec.Struct, frozen=True):
    """A county-level unit; `adjacent` are codes of the counties around it, nearest seat first."""

    code: str
    name_zh: str
    name_en: str
    seat: str  # node
    adjacent: tuple[str, ...] = ()
    area: float = 0.0  # m² within its outline; 0 if none is given


class Town(msgspec.Struct, frozen=True):
    """A township-level unit."""

    code: str
    name_zh: str
    name_en: str
    county: str
    node: str
    population: float = 0.0
    elevation: float = 0.0
    kind: str = ""  # subdistrict, town, township …
    area: float = 0.0  # m² as reported; 0 if not
    villages: float = 0.0  # village committees …
    communities: float = 0.0  # … and residents' committees, by which areas are shared out


class Facility(msgspec.Struct, frozen=True):
    """A place of interest of the city's register."""

    id: str
    category: str
    name_zh: str
    name_en: str
    point: Point
    county: str
    town: str
    node: str  # nearest network node


class Hospital(msgspec.Struct, frozen=True):
    """A hospital that takes casualties: `places` at once."""

    id: str
    name_zh: str
    name_en: str
    node: str
    county: str
    places: int


class Climate(msgspec.Struct, frozen=True):
    """One month of a county: mean temperature °C, rain mm a month, wind m/s."""

    temperature: float
    rain: float
    wind: float


@dataclass(frozen=True)
class City:
    """A city as the engine needs it. All sequences are sorted by id, so that the order of a file never matters."""

    id: str
    name_zh: str
    name_en: str
    timezone: str
    network: Network
    speeds: Speeds
    counties: Mapping[str, County]
    towns: Mapping[str, Town]
    facilities: Mapping[str, Facility]
    hospitals: tuple[Hospital, ...]
    climate: Mapping[tuple[str, int], Climate]  # (county code, month)
    capabilities: Mapping[str, Capability]
    kinds: Mapping[str, ElementKind]
    teams: Mapping[str, Team]
    holdings: tuple[Holding, ...]
    posts: Mapping[str, Post]
    levels: Mapping[str, Mapping[int, int | None]]  # nature ("default" for the rest) -> severity -> city response level
    credits_en: str = ""  # `credits` in English, where it is not for both
    credits: str = ""  # what must stand under a picture: reference configuration, licences
    categories: Mapping[str, Category] = field(default_factory=dict)
    outlines: Mapping[str, tuple[tuple[Point, ...], ...]] = field(
        default_factory=dict
    )  # county code -> rings, for maps
    rivers: Mapping[str, River] = field(default_factory=dict)
    intakes: Mapping[str, Intake] = field(default_factory=dict)
    reservoirs: Mapping[str, Reservoir] = field(default_factory=dict)
    plans: PlanBook | None = None  # None: nobody works by plans here
    depots: Stores | None = None  # None: nobody knows of any
    own_way: bool = False  # whether the lightly and moderately hurt find a doctor by themselves if nobody fetches them
    monitors: Monitors | None = None  # what watches over it
    forces: ForceBook | None = None  # forces that others decide over; None: nobody is asked for any
    force_numbers: Mapping[str, Parameter] = field(default_factory=dict)  # their delays and limits, by rule name


class Limit(msgspec.Struct, frozen=True):
    """Up to where a model's formula holds: `of` is a reading, a scale variable or `weather.<figure>`."""

    name: str
    of: str
    low: float
    high: float


class IncidentSpec(msgspec.Struct, frozen=True):
    """What will happen, before anyone knows: the five elements, resolved.

    Overrides and distributions of its parameters are settled in the model that `Case.hazards` has for it.
    """

    id: str
    nature: str
    occurs_at: float  # s since the scenario's start
    site: Site
    cause: str
    scope: dict[str, float]
    name_zh: str
    name_en: str
    scale: str  # severity scale of models/rules/severity.yaml
    discovery: Spread  # s from the beginning until someone reports it
    on_inject: bool = False  # begins when an inject releases it, not at `occurs_at`
    variant: str = ""  # the kind of thing concerned, where the model's card has such
    around: Surroundings = Surroundings()
    limits: tuple[Limit, ...] = ()
    scenes: float = 1.0  # places of work with room of their own; inf: spread over an area

    @property
    def ordinary(self) -> bool:
        """Whether it is below the statute: no grading, no reporting upward, no duties."""
        return self.scale == "ordinary"


@dataclass(frozen=True)
class Child:
    """An incident that followed another: what it is, its model, and the numbers that were drawn for it."""

    spec: IncidentSpec
    hazard: Hazard
    drawn: Mapping[str, float]


class Maker(Protocol):
    """What a model was made by: its card, and the way to make it again from other numbers."""

    @property
    def card(self) -> Any:
        """The hazard's card, with the passports of its parameters."""

    def build(self, values: Mapping[str, float]) -> Hazard:
        """The model with these parameters (SI)."""


class Nursery(Protocol):
    """Makes the incidents that follow others, while a run is under way."""

    def targets(self, edge: Edge, parent: IncidentSpec, town: str = "") -> Sequence[tuple[str, Site]]:
        """(label, site) of every place where an edge may strike, in an order of its own; `town` is where a shock arrived."""

    def child(self, edge: Edge, id_: str, site: Site, t: float, values: Mapping[str, float]) -> Child:
        """The incident that an edge brings about at a site; `values` are the figures of what brought it about."""


@dataclass(frozen=True)
class Case:
    """Everything a run needs, and a digest that says which."""

    id: str
    name_zh: str
    name_en: str
    city: City
    starts_at: str  # local, ISO 8601 with offset
    calendar: Calendar
    weather: Mapping[str, Weather]  # at the start, by county code; "" for the rest
    incidents: tuple[IncidentSpec, ...]
    hazards: Mapping[str, Hazard]  # by incident id: the model built with that incident's parameters
    injects: tuple[Inject, ...]
    expectations: tuple[Expectation, ...]
    rules: Mapping[str, Parameter]  # "reporting.intake", "care.load" …: the numbers of models/, overridden by the case
    strategy: str
    strategies: Callable[[str], Strategy]
    assessor: Assessor
    mortality: Mortality
    seed: int
    replication: int
    horizon: float  # s
    digest: str
    files: Mapping[str, str] = field(default_factory=dict)  # path -> SHA-256 of every input
    sources: Mapping[str, bytes] = field(
        default_factory=dict
    )  # the case file, then what lies beside it: name -> as read
    overrides: tuple[str, ...] = ()
    forecast: tuple[
        tuple[float, str, Weather], ...
    ] = ()  # (t, county code or "", what the weather then becomes), in order
    edges: Mapping[str, tuple[Edge, ...]] = field(default_factory=dict)  # what may follow what, by nature
    nursery: Nursery | None = None  # None: nothing follows anything
    words: Mapping[str, CastHazard] = field(default_factory=dict)  # of natures that only this case describes
    conduct: tuple[Conduct, ...] = ()  # who deals with reports otherwise than they should
    makers: Mapping[str, Maker] = field(default_factory=dict)  # by incident id: what its model was made by
    incident_parameters: Mapping[str, Mapping[str, Any]] = field(
        default_factory=dict
    )  # as drawn, for the journal and reports
    platform: str = "on"  # the command platform: on, off (never built), degraded
    sensitive: bool = False  # a time at which plans ask for more
    objectives: tuple[Objective, ...] = ()  # what a drill is to show
    scales: Mapping[str, tuple[Criterion, ...]] = field(default_factory=dict)  # severity scales, by name
