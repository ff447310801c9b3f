"""Cast: who and what the journal's names stand for – the one thing beside the journal that reading a run needs.

It is written into the run folder once (`cast.json`), so that a run can be read, shown and judged without the city, the
models or the program that made it. Quantities are SI, positions degrees WGS84.
"""

from __future__ import annotations

import msgspec

from sim.domain.places import Point
from sim.journal.law import Duty, Law, Sign, Words

__all__ = [
    "LANGUAGES",
    "Balance",
    "Cast",
    "CastCapability",
    "CastCounty",
    "CastElement",
    "CastHazard",
    "CastHospital",
    "CastKind",
    "CastLink",
    "CastNode",
    "CastPost",
    "CastTeam",
    "Duty",
    "Law",
    "Scale",
    "Sign",
    "Words",
    "decode",
    "encode",
]

LANGUAGES = ("zh", "en")


class CastTeam(msgspec.Struct, frozen=True):
    """A rescue team: its name, category and tier (1 backbone … 3 auxiliary), its area of the roster."""

    name: Words
    category: str
    tier: int
    area: str


class CastKind(msgspec.Struct, frozen=True):
    """A kind of element: its name, what one supplies by capability, how long it works (s) and rests (s)."""

    name: Words
    supplies: dict[str, float]
    endurance: float
    rest: float
    rests_on_site: bool
    carries: int = 0


class CastElement(msgspec.Struct, frozen=True, array_like=True):
    """An element: the team it is of, its kind, its people and the node it is at home."""

    team: str
    kind: str
    people: int
    node: str


class CastForce(msgspec.Struct, frozen=True):
    """A force that others decide over: its kind, the organ that does, its own officer, and its teams."""

    name: Words
    kind: str
    kind_name: Words
    organ: str
    organ_name: Words
    officer: Words
    teams: tuple[str, ...]
    flies: bool = False


class CastPost(msgspec.Struct, frozen=True):
    """A place where decisions are made; `tier` 1 township … 4 province."""

    name: Words
    tier: int
    parent: str = ""


class CastNode(msgspec.Struct, frozen=True, array_like=True):
    """A node of the road network."""

    name: Words
    lon: float
    lat: float
    kind: str = ""


class CastLink(msgspec.Struct, frozen=True, array_like=True):
    """A road link from node `a` to node `b`: class, length (m) and the points it passes, both ends included."""

    a: str
    b: str
    road_class: str
    length: float
    name: str = ""
    shape: tuple[tuple[float, float], ...] = ()


class CastHospital(msgspec.Struct, frozen=True):
    """A hospital: its node and how many patients it takes at once."""

    name: Words
    node: str
    places: int


class CastCapability(msgspec.Struct, frozen=True):
    """What can be asked for, and the unit its effort is counted in."""

    name: Words
    unit: str


class Scale(msgspec.Struct, frozen=True):
    """A figure that is read: its name, and the unit people read it in."""

    name: Words
    unit: str = ""
    variants: tuple[str, ...] = ()  # that it is about; empty: all of them


class Balance(msgspec.Struct, frozen=True):
    """A reading that is a stock, and the readings (rates) by which it grows and falls."""

    stock: str
    gains: tuple[str, ...]
    losses: tuple[str, ...] = ()


class CastHazard(msgspec.Struct, frozen=True):
    """The words of a hazard card, by the names its model uses."""

    title: Words
    causes: dict[str, Words] = {}
    variants: dict[str, Words] = {}
    scope: dict[str, Scale] = {}
    readings: dict[str, Scale] = {}
    figures: dict[str, Scale] = {}
    events: dict[str, Words] = {}
    demands: dict[str, Words] = {}
    balances: tuple[Balance, ...] = ()
    limits: dict[str, Scale] = {}
    noticed_by: Words = Words("", "")
    plans: tuple[str, ...] = ()  # families of special plans
    counted: dict[str, Scale] = {}  # what its severity scale counts


class CastItem(msgspec.Struct, frozen=True):
    """A kind of supplies: its name, its unit, yuan each; `basic` is basic living aid; one of it `serves` so many people."""

    name: Words
    unit: Words
    price: float = 0.0
    basic: bool = False
    serves: float = 1.0


class CastDepot(msgspec.Struct, frozen=True):
    """A depot: its tier as posts have it, the node it is at, its stock when the run begins."""

    name: Words
    tier: int
    node: str
    stock: dict[str, float]


class CastStores(msgspec.Struct, frozen=True):
    """Supplies and money of the city: items, depots, what each government (by post) has in reserve (yuan).

    `basic_within` is how soon after the event basic living aid must be with people (s).
    """

    items: dict[str, CastItem]
    depots: dict[str, CastDepot]
    reserves: dict[str, float]
    basic_within: float


class CastCounty(msgspec.Struct, frozen=True):
    """A county-level unit and the rings of its outline."""

    name: Words
    rings: tuple[tuple[tuple[float, float], ...], ...] = ()


class CastInject(msgspec.Struct, frozen=True):
    """A row of the master event list: whom the controller plays, who gets it how, what for, and how it is released.

    `how` is at, when, after, if_missed or manual; `planned` is its time (s), where it has one; `told` says the condition.
    """

    title: Words
    how: str
    planned: float | None = None
    told: Words = Words("", "")
    kind: str = ""
    objective: str = ""
    weight: float = 0.0
    sender: Words = Words("", "")
    to: tuple[Words, ...] = ()
    channel: str = ""
    does: tuple[str, ...] = ()
    text: Words = Words("", "")


class CastExpected(msgspec.Struct, frozen=True):
    """An expected action that counts from the release of an inject, of whom, within how long (s)."""

    title: Words
    inject: str
    within: float
    by: Words = Words("", "")
    late: float = 0.0  # share of its points that it earns when late


class CastObjective(msgspec.Struct, frozen=True):
    """What a drill is to show."""

    who: Words
    what: Words
    condition: Words = Words("", "")
    standard: Words = Words("", "")


class Cast(msgspec.Struct, frozen=True):
    """Every name that may stand in a journal, and what a picture of the run needs besides."""

    case: Words
    city: Words
    starts_at: str  # local, ISO 8601 with offset
    format: int = 1
    credits: str = ""
    credits_en: str = ""  # the same in English, where it is not for both
    strategy: Words = Words("", "")  # what the run's dispatch strategy is called
    teams: dict[str, CastTeam] = {}
    kinds: dict[str, CastKind] = {}
    elements: dict[str, CastElement] = {}
    posts: dict[str, CastPost] = {}
    nodes: dict[str, CastNode] = {}
    links: dict[str, CastLink] = {}
    hospitals: dict[str, CastHospital] = {}
    capabilities: dict[str, CastCapability] = {}
    hazards: dict[str, CastHazard] = {}  # by nature
    counties: dict[str, CastCounty] = {}
    categories: dict[str, Words] = {}  # categories of teams
    towns: dict[str, Words] = {}  # by township code
    edges: dict[str, Words] = {}  # what may follow what
    injects: dict[str, Words] = {}
    expectations: dict[str, Words] = {}
    units: dict[str, Words] = {}  # who can owe something by the city's plans
    plans: dict[str, Words] = {}
    tasks: dict[str, Words] = {}  # by plan/task
    restates: dict[str, tuple[str, ...]] = {}  # the statutory duties that a task repeats, by plan/task
    # units that every place has, and what each is called: with {county}, {town} or {site} in it, by the township's ending
    local: dict[str, dict[str, Words]] = {}
    groups: dict[str, Words] = {}
    commands: dict[str, Words] = {}
    monitors: dict[str, Words] = {}  # monitoring systems, and the signals they give
    clauses: dict[str, Words] = {}  # by plan and number: "CM 4.2.1"
    forces: dict[str, CastForce] = {}
    msel: dict[str, CastInject] = {}  # the master event list, in its order
    expected: dict[str, CastExpected] = {}  # after an inject
    objectives: dict[str, CastObjective] = {}
    phases: tuple[Duty, ...] = ()
    obligations: tuple[Duty, ...] = ()
    law: Law = Law()
    stores: CastStores | None = None  # None: nobody knows of any
    platform: str = ""  # the command platform: on, off, degraded; "" where nobody works by plans
    conduct: tuple[Words, ...] = ()  # how the drill has somebody deal with reports, in words
    desks: tuple[str, ...] = ()  # units in which somebody is awake at night
    above: tuple[str, ...] = ()  # units of the province and the State, over which nobody here has a say
    joined: tuple[str, ...] = ()  # units with a terminal of the platform
    off_duty: tuple[str, ...] = ()  # elements whose people have to be called in
    watched: dict[str, tuple[str, ...]] = {}  # by nature: the monitoring systems that see it

    def point(self, node: str) -> Point | None:
        """Where a node is, if it is known."""
        found = self.nodes.get(node)
        return Point(found.lon, found.lat) if found else None

    def credit(self, lang: str) -> str:
        """What must stand under a picture, in a language."""
        return self.credits if lang == "zh" else self.credits_en or self.credits

    def unit(self, capability: str) -> str:
        """The unit a capability's effort is counted in; "" for one that is not known."""
        found = self.capabilities.get(capability)
        return found.unit if found else ""


def encode(cast: Cast) -> bytes:
    """The cast as it stands in `cast.json`."""
    return msgspec.json.encode(cast) + b"\n"


def decode(text: bytes) -> Cast:
    """The cast read back; raises `msgspec.ValidationError` or `DecodeError` where it is none."""
    return msgspec.json.decode(text, type=Cast)
