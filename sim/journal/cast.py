"""Cast: who and what the journal's names stand for – the one thing beside the journal that reading a run needs.

It is written into the run folder once (`cast.json`), so that a run can be read, shown and judged without the city, the
models or the program that made it. Quantities are SI, positions degrees WGS84.
"""

from __future__ import annotations

import msgspec

from sim.domain.places import Point

LANGUAGES = ("zh", "en")


class Words(msgspec.Struct, frozen=True, array_like=True):
    """The same words in Chinese and in English."""

    zh: str
    en: str

    def of(self, lang: str) -> str:
        """The words in `lang` (zh or en); in the other language where one is missing."""
        return (self.zh or self.en) if lang == "zh" else (self.en or self.zh)


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


class CastCounty(msgspec.Struct, frozen=True):
    """A county-level unit and the rings of its outline."""

    name: Words
    rings: tuple[tuple[tuple[float, float], ...], ...] = ()


class Sign(msgspec.Struct, frozen=True):
    """A kind of event that proves or begins something; `where` are field values it must have, as text; `>=1`: at least."""

    kind: str
    where: dict[str, str] = {}


class Duty(msgspec.Struct, frozen=True):
    """An obligation or a phase of the closed loop, judged once an incident.

    It falls due with the first event of `since`; one of `done` must follow within `within` seconds (inf: no deadline).
    """

    id: str
    title: Words
    since: tuple[Sign, ...]
    done: tuple[Sign, ...]
    within: float | None = None  # s; None: no deadline
    source: str = ""


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
    msel: dict[str, CastInject] = {}  # the master event list, in its order
    expected: dict[str, CastExpected] = {}  # after an inject
    objectives: dict[str, CastObjective] = {}
    phases: tuple[Duty, ...] = ()
    obligations: tuple[Duty, ...] = ()

    def point(self, node: str) -> Point | None:
        """Where a node is, if it is known."""
        found = self.nodes.get(node)
        return Point(found.lon, found.lat) if found else None

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
