"""A small world built by hand, whose every time can be worked out on paper: no number of models/ or scenarios/ is in it.

    A ──10── B ──10── C ──10── D ──10── E        kilometres at 60 km/h: ten minutes a link
     ╲________40_____╱         │                 the long way round A–C: forty minutes
                               10
                               │
                               F                 a spur

Whoever is on duty leaves 60 s after the order reached them (10 s over the platform); a caller notices after 30 s, the call
is taken in 60 s. So a job that begins at t leads to orders at t + 90 and to wheels rolling at t + 160.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import msgspec

from sim.case import Action, Case, City, County, Expectation, Hospital, IncidentSpec, Inject, When
from sim.domain import events as ev
from sim.domain.command import Ask, Conduct, Level, Order, Post, Send, Severity, Tier
from sim.domain.hazards import Demand, DemandKind, Effect, Footprint, Inputs, Involve, Need, Over, Road, Scene, Sighting
from sim.domain.parameters import Parameter, Standing, fixed
from sim.domain.people import Person, Status, Triage
from sim.domain.places import Calendar, Point, Site, Weather
from sim.domain.teams import Capability, ElementKind, Holding, Team
from sim.engine.simulation import simulate
from sim.journal.cast import Cast
from sim.journal.world import World
from sim.ports import Picture
from sim.roads.network import Link, Network, Node
from sim.roads.speeds import Speeds
from sim.scenario.cast import cast_of
from sim.streams import Stream

MIN, HOUR, DAY = 60.0, 3600.0, 86400.0
E = TypeVar("E", bound=ev.Event)
NEVER = math.inf
LINK = 10 * MIN  # to drive a link of ten kilometres
ROUND = 40 * MIN  # to drive the long way round
ORDERED = 90.0  # from the beginning of a job to the orders: noticed after 30, taken in 60
ROLLING = 160.0  # … to wheels rolling: the order takes 10, turning out 60
RELEASE = 120.0  # from the end of the work to "you may go"

_PLACES = {"A": (0, 0), "B": (1, 0), "C": (2, 0), "D": (3, 0), "E": (4, 0), "F": (3, 1)}
_ROADS = {"AB": 10, "BC": 10, "CD": 10, "DE": 10, "DF": 10, "AC": 40}
_COLOURS = {"R": Triage.RED, "Y": Triage.YELLOW, "G": Triage.GREEN}


def network() -> Network:
    """The map above."""
    degree = 0.0898  # of longitude here: a little under ten kilometres
    nodes = [Node(n, "town", n, n, Point(x * degree, y * degree), "K") for n, (x, y) in _PLACES.items()]
    links = [Link(name, name[0], name[1], "road", km * 1000.0, "basin", "K") for name, km in _ROADS.items()]
    return Network.build(nodes, links)


def speeds() -> Speeds:
    """60 km/h on the road by day, night and in any weather but rain, which halves it; 6 km/h on foot, 12 on a track."""
    kmh = 1 / 3.6
    states = ("wet", "rain_heavy", "fog", "snow", "packed", "glaze")
    same = {f"{kind}.{state}": 1.0 for kind in ("weather", "foot") for state in states}
    return Speeds(
        same
        | {"road.road": 60 * kmh, "vehicle.light": 1.0, "vehicle.4x4": 1.0, "track.4x4": 12 * kmh, "foot": 6 * kmh}
        | {
            "convoy": 1.0,
            "convoy.from": 99.0,
            "night": 1.0,
            "foot.night": 1.0,
            "rain_heavy.from": 10.0,
            "weather.wet": 0.5,
        }
    )


# ── an accident that is nothing but work ─────────────────────────────────────────────────────────────────────────────


class Done(msgspec.Struct, frozen=True):
    """How much work is left (unit·s), and whether it is over."""

    left: float
    over: bool = False


@dataclass(frozen=True)
class Job:
    """A job of `work` unit·seconds of one capability that takes `face` units at a time; `people` are hurt from the start.

    With `closes`, the link is closed until the work is done.
    """

    work: float = HOUR
    capability: str = "LABOR"
    wanted: float = 1.0
    face: float = math.inf
    set_up: float = 0.0
    people: str = ""
    closes: str = ""

    def start(self, scene: Scene, stream: Stream) -> tuple[Done, Sequence[Effect]]:
        """All of it to do."""
        hurt = tuple(Person(f"P{i}", Status.WAITING, "", _COLOURS[c]) for i, c in enumerate(self.people, 1))
        effects: list[Effect] = [Involve(hurt)] if hurt else []
        return Done(self.work), effects + ([Road(0.0, self.closes, "job")] if self.closes else [])

    def advance(self, state: Done, dt: float, inputs: Inputs) -> Done:
        """What was done is done."""
        return Done(max(0.0, state.left - dt * inputs.effort.get("job", 0.0)), state.over)

    def next_event(self, state: Done, inputs: Inputs) -> tuple[float, str]:
        """When the rest is done at this pace."""
        effort = inputs.effort.get("job", 0.0)
        return (state.left / effort, "finished") if effort > 0.0 else (math.inf, "")

    def fire(self, state: Done, name: str, inputs: Inputs) -> tuple[Done, Sequence[Effect]]:
        """Over."""
        opened = [Road(1.0, self.closes, "cleared")] if self.closes else []
        return Done(0.0, True), [*opened, Over("done")]

    def demands(self, state: Done) -> Sequence[Demand]:
        """The work."""
        if state.over:
            return ()
        return (Demand("job", DemandKind.WORK, self.capability, state.left, face=self.face, set_up=self.set_up),)

    def readings(self, state: Done) -> dict[str, float]:
        """What is left."""
        return {"left": round(state.left, 6)}

    def mode(self, state: Done) -> str:
        """Steady, then over."""
        return "over" if state.over else "steady"

    def footprint(self, state: Done) -> Footprint:
        """No danger."""
        return Footprint()

    def observe(self, state: Done, stream: Stream) -> Sighting:
        """Seen just as it is."""
        return Sighting(figures={"left": state.left})

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:
        """What is wanted does not depend on what is left."""
        return [Need(self.capability, self.wanted, 3)]


# ── models without luck ──────────────────────────────────────────────────────────────────────────────────────────────


class Nearest:
    """The soonest there goes first, ties to the first on the board."""

    def decide(self, picture: Picture, incident: str, stream: Stream) -> Sequence[Order]:
        """Cover each need in turn."""
        eta, forces = picture.eta(picture.incidents[incident].site), picture.forces
        free, orders = forces.free.copy(), list[Order]()
        for need in picture.unmet(incident):
            left, supply = need.amount, forces.supply(need.capability)
            for row in sorted(range(len(eta)), key=lambda r: (eta[r], r)):
                while supply[row] > 0 and free[row] > 0 and left > 1e-9 and math.isfinite(eta[row]):
                    orders.append(Send(forces.holdings[row].id, 1, incident, need.capability))
                    free[row] -= 1
                    left -= supply[row]
            if left > 1e-9:
                there = math.isfinite(min((e for e, s in zip(eta, supply, strict=True) if s > 0), default=0.0))
                orders.append(Ask(incident, need.capability, float(left), "none_free" if there else "none_reachable"))
        return orders


class Ungraded:
    """Everything is ordinary and needs no response level."""

    def severity(self, scale: str, sighting: Sighting) -> tuple[Severity, Severity, str]:
        """Always the lowest."""
        return Severity.GENERAL, Severity.GENERAL, "toy"

    def level(self, severity: Severity, nature: str) -> Level | None:
        """None."""
        return None


@dataclass(frozen=True)
class Fate:
    """Whoever waits `waits` seconds without care dies; in care nobody does."""

    waits: float = math.inf

    def latent(self, person: Person, stream: Stream) -> None:
        """No luck."""

    def in_sight(self, person: Person) -> bool:
        """Who is caught in a wreck is seen, who is buried is not."""
        return person.entrapment == "wreck"

    def rate_factor(self, care: str) -> float:
        """The clock runs for those nobody helps."""
        return 1.0 if care in ("waiting", "buddy", "trapped") else 0.0

    def doomed(self, person: Person, latent: None) -> bool:
        """Care always saves."""
        return False

    def dies_in(self, person: Person, latent: None, hazard: float, age: float, care: str) -> float:
        """What is left of the wait."""
        return max(0.0, self.waits - hazard) if self.rate_factor(care) else math.inf

    def used(self, person: Person, latent: None, hazard: float, age: float, dt: float, care: str) -> float:
        """Seconds waited."""
        return hazard + dt * self.rate_factor(care)


RULES = {
    "relief.grace": DAY, "relief.loss": 0.0, "relief.floor": 1.0, "relief.lead": 30 * MIN,
    "daylight.dawn": 7 * HOUR, "daylight.dusk": 19 * HOUR,
    "reporting.intake": 60.0, "reporting.verify": 0.0, "reporting.grade": 0.0, "reporting.size_up": 5 * MIN,
    "reporting.report_platform": 10.0, "reporting.report_phone": 100.0, "reporting.order_platform": 10.0,
    "reporting.order_phone": 100.0, "reporting.follow_up": 12 * HOUR, "reporting.situation": 10 * MIN,
    "reporting.release": RELEASE, "reporting.courier": HOUR, "reporting.degraded": 3.0, "reporting.missing_error": 0.0,
    "care.first_aid_after": 60.0, "care.load": 180.0, "care.triage": 60.0, "care.treat_setup": 300.0, "care.handover": 300.0,
    "care.emergency_to_definitive": 30 * MIN, "care.doomed_after": 2 * HOUR,
    "care.theatres": 1.0, "care.operation": 0.0, "care.power_needed": 0.5, "care.generator_lasts": HOUR, "care.places_dark": 0.0,
    "relief.fit_least": 0.5, "reporting.telecom_lost": 3.0, "cascades.depth": 3.0, "cascades.budget": 10.0,
    **{f"scene.room_{terrain}": 1000.0 for terrain in ("basin", "hilly", "mountain", "gorge")},
    "scene.off_road": 1.0, "scene.squeeze": 60.0, "scene.loss": 0.1, "scene.floor": 0.5,
    "care.ambulance_red": 1.0, "care.ambulance_yellow": 2.0, "care.ambulance_green": 4.0,
    "medical.ambulance_per_serious": 1.0, "medical.ambulance_per_other": 0.5, "medical.ambulance_per_trapped": 0.0,
        "medical.ambulance_per_threatened": 0.0,
    "medical.ambulance_most": 10.0, "medical.treat_per_trapped": 0.0,
}  # fmt: skip


# ── the city and the day ─────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Crew:
    """A team of `count` elements of one sort at one place."""

    team: str
    node: str
    supplies: str = "LABOR"
    count: int = 1
    on_duty: bool = True
    carries: int = 0
    endurance: float = DAY
    rest: float = 2 * HOUR
    rests_on_site: bool = True
    platform: bool = True
    off_road: bool = False


@dataclass(frozen=True)
class Task:
    """A job at a place from a time on."""

    id: str = "F1"
    job: Job = field(default_factory=Job)
    node: str = "D"
    at: float = 0.0
    last_mile: float = 0.0
    access: str = "road"
    on_inject: bool = False


@dataclass(frozen=True)
class Bed:
    """A hospital."""

    id: str
    node: str
    places: int


def make_city(crews: Sequence[Crew], hospitals: Sequence[Bed] = ()) -> City:
    """The city with these teams and hospitals."""
    net = network()
    kinds = {c.team: _kind(c) for c in crews}
    holdings = tuple(
        Holding(c.team, c.team, c.team, 1, "X", "K", c.node, c.on_duty,
                tuple(f"{c.team}/{i + 1}" for i in range(c.count)), (5,) * c.count)
        for c in sorted(crews, key=lambda c: c.team)
    )  # fmt: skip
    posts = [
        Post("CITY", "市", "city", Tier.CITY, "PROV"),
        Post("PROV", "省", "province", Tier.PROVINCE),
        Post("COUNTY", "县", "county", Tier.COUNTY, "CITY", "K"),
    ]
    return City(
        "toy", "玩具", "Toy", "Asia/Shanghai", net, speeds(), {"K": County("K", "县", "county", "A")}, {}, {},
        tuple(Hospital(h.id, h.id, h.id, h.node, "K", h.places) for h in hospitals), {},
        {c: Capability(c, c, c, "people") for c in sorted({c.supplies for c in crews} | {"AMBULANCE", "TREAT"})},
        kinds, {c.team: Team(c.team, c.team, "X", 1, "X", 5 * c.count) for c in crews}, holdings,
        {p.id: p for p in posts}, {},
    )  # fmt: skip


def _kind(c: Crew) -> ElementKind:
    minute = fixed(60.0)
    return ElementKind(
        c.team, c.team, c.team, 5, 1, "4x4" if c.off_road else "light", {c.supplies: 1.0}, (1.0,) * 12, minute, minute,
        fixed(10 * MIN), c.endurance, c.rest, c.rests_on_site, c.off_road, c.carries, c.platform,
    )  # fmt: skip


def make_case(
    crews: Sequence[Crew], tasks: Sequence[Task] = (Task(),), *, injects: Sequence[Inject] = (),
    expect: Sequence[Expectation] = (), hospitals: Sequence[Bed] = (), fate: Fate | None = None,
    horizon: float = 3 * DAY, rules: dict[str, float] | None = None, starts: float = 8 * HOUR,
    own_way: bool = False, conduct: Sequence[Conduct] = (),
) -> Case:  # fmt: skip
    """The day that these make; `starts` is the second of the day."""
    city = replace(make_city(crews, hospitals), own_way=own_way)
    numbers = RULES | (rules or {})
    specs = tuple(_spec(t, city) for t in sorted(tasks, key=lambda t: t.id))
    return Case(
        "toy", "玩具", "Toy", city, f"2024-07-19T{int(starts // HOUR):02d}:00:00+08:00", Calendar(2024, 7, 19, 4, starts),
        {"": Weather()}, specs, {t.id: t.job for t in tasks}, tuple(injects), tuple(expect),
        {k: Parameter(k, fixed(v), "1", "toy", Standing.CONFIG) for k, v in numbers.items()},
        "nearest", lambda _: Nearest(), Ungraded(), fate or Fate(), 1, 0, horizon, "toy", conduct=tuple(conduct),
    )  # fmt: skip


def _spec(task: Task, city: City) -> IncidentSpec:
    site = Site(
        city.network.nodes[task.node].point, task.node, task.node, task.node, "K", "", task.last_mile, task.access
    )
    return IncidentSpec(
        task.id, "job", task.at, site, "toil", {}, "活", "Job", "ordinary", fixed(30.0), task.on_inject
    )  # fmt: skip


# ── running it and reading what happened ─────────────────────────────────────────────────────────────────────────────


class Told:
    """The journal of a run, and short questions to it."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.events: list[ev.Event] = []
        self.world: World = simulate(case, self.events.append)

    @property
    def cast(self) -> Cast:
        """The names of the case; titles of phases need the shipped numbers, nothing else does."""
        from sim import catalog

        return cast_of(replace(self.case, rules=catalog.rules() | dict(self.case.rules)))

    def all(self, kind: type[E], **wanted: object) -> list[E]:
        """The events of a kind whose fields have these values."""
        return [e for e in self.events if type(e) is kind and all(getattr(e, k) == v for k, v in wanted.items())]

    def times(self, kind: type[ev.Event], **wanted: object) -> list[float]:
        """When they happened."""
        return [e.t for e in self.all(kind, **wanted)]

    def time(self, kind: type[ev.Event], **wanted: object) -> float:
        """When the only such event happened."""
        found = self.times(kind, **wanted)
        assert len(found) == 1, f"expected one {kind.__name__} {wanted}, found them at {found}"
        return found[0]


def told(*crews: Crew, tasks: Iterable[Task] = (Task(),), **how: object) -> Told:
    """Run a day with these teams and jobs."""
    return Told(make_case(crews, tuple(tasks), **how))  # type: ignore[arg-type]


def at(t: float, *actions: Action, name: str = "") -> Inject:
    """An inject at a time."""
    return Inject(name or f"at{t:g}", "导调", "inject", actions, at=t)


def on(when: When, *actions: Action, name: str = "on") -> Inject:
    """An inject on a condition."""
    return Inject(name, "导调", "inject", actions, when=when)


def close(link: str, known_after: float = 0.0) -> Action:
    """A road closes."""
    return Action("close_road", link=link, known_after=known_after)


def reopen(link: str, known_after: float = 0.0) -> Action:
    """A road opens."""
    return Action("open_road", link=link, known_after=known_after)
