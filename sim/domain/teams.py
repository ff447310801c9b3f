"""Who can be sent: teams are administrative bodies; the pieces that go are elements (可调派单元)."""

from __future__ import annotations

import msgspec

from sim.domain.parameters import Spread

AMBULANCE, TREAT = "AMBULANCE", "TREAT"
MEDICAL = frozenset(
    {AMBULANCE, TREAT}
)  # for the hurt, wherever there are any: a post asks for them by itself, no hazard can


class Capability(msgspec.Struct, frozen=True):
    """What can be asked for; effort is counted in `unit` (e.g. `squads`, `m3/h`, `L/s`, `beds`)."""

    code: str
    name_zh: str
    name_en: str
    unit: str


class ElementKind(msgspec.Struct, frozen=True):
    """The piece that goes: size, vehicles, what it supplies, how fast it leaves, how long it lasts.

    `supplies` is effort by capability code in that capability's unit; an element spends itself on one task at a time.
    Shares and spreads are keyed by season where the source gives seasons; times are seconds.
    """

    code: str
    name_zh: str
    name_en: str
    people: int
    vehicles: int
    vehicle: str  # vehicle class of models/travel/speeds.yaml
    supplies: dict[str, float]
    on_duty: tuple[float, ...]  # share ready at once, by month 1…12
    turnout_day: Spread
    turnout_night: Spread
    recall: Spread  # what those off duty need before their turnout begins
    endurance: float  # s of work before relief
    rest: float  # s of rest that restores it
    rests_on_site: bool  # rotates at the scene (e.g. breathing-apparatus squads), else goes home to rest
    off_road: bool = False
    carries: int = 0  # patients lying it can take, 0 for none
    platform: bool = False  # reached over the command platform (seconds), else by phone (minutes)


class Category(msgspec.Struct, frozen=True):
    """What teams are of one sort called (队伍类别)."""

    code: str
    name_zh: str
    name_en: str


class Team(msgspec.Struct, frozen=True):
    """A rescue team of the roster (队伍): an administrative body with one home or a pool spread over townships."""

    id: str
    name_zh: str
    category: str
    tier: int  # 1 backbone, 2 basic, 3 auxiliary
    area: str  # area code of the roster (SJ, QL …)
    headcount: int
    name_en: str = ""


class Holding(msgspec.Struct, frozen=True):
    """Elements of one team that are alike: same kind, home and readiness. Strategies choose among holdings."""

    id: str
    team: str
    kind: str
    tier: int
    area: str
    county: str
    node: str
    on_duty: bool
    elements: tuple[str, ...]  # element ids, ascending
    people: tuple[int, ...]  # people of each element
