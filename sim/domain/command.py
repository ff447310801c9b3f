"""Who decides: posts in four tiers, severity and response levels, orders."""

from __future__ import annotations

import enum

import msgspec

from sim.domain.hazards import Need, Sighting
from sim.domain.places import Site


class Tier(enum.IntEnum):
    """The four levels of command (乡镇、县、市、省)."""

    TOWNSHIP = 1
    COUNTY = 2
    CITY = 3
    PROVINCE = 4


class Severity(enum.IntEnum):
    """Severity of an event by statute (事件等级): a property of the outcome, not a decision."""

    GENERAL = 1  # 一般
    LARGER = 2  # 较大
    MAJOR = 3  # 重大
    ESPECIALLY_MAJOR = 4  # 特别重大


class Level(enum.IntEnum):
    """Response level (响应级别): a government's decision. I is the highest."""

    I = 1  # noqa: E741 - the name the law gives it
    II = 2
    III = 3
    IV = 4


class Post(msgspec.Struct, frozen=True):
    """A place where decisions are made (指挥机构): it receives, believes, orders."""

    id: str
    name_zh: str
    name_en: str
    tier: Tier
    parent: str = ""  # post above, "" for the highest
    county: str = ""
    town: str = ""
    on_platform: bool = True


class Believed(msgspec.Struct):
    """What a post believes of one incident; a fold of the reports that reached it and of its own orders."""

    incident: str
    nature: str
    site: Site
    sighting: Sighting
    as_of: float
    reports: int = 1
    severity: Severity = Severity.GENERAL
    level: Level | None = None
    needs: tuple[Need, ...] = ()
    committed: dict[str, float] = {}  # effort ordered and not yet released, by capability
    over: bool = False


class Send(msgspec.Struct, frozen=True, tag="send"):
    """Order: so many elements of a holding go to an incident for a task (a capability)."""

    holding: str
    count: int
    incident: str
    task: str
    grounds: str = ""


class Recall(msgspec.Struct, frozen=True, tag="recall"):
    """Order: an element breaks off and goes home, from wherever it is."""

    element: str
    grounds: str = ""


class Redirect(msgspec.Struct, frozen=True, tag="redirect"):
    """Order: an element under way goes to another incident instead."""

    element: str
    incident: str
    task: str
    grounds: str = ""


class Ask(msgspec.Struct, frozen=True, tag="ask"):
    """Order to no team of ours: the post above is asked for what this one cannot find."""

    incident: str
    capability: str
    amount: float
    reason: str  # none_exists | none_free | none_reachable


class Conduct(msgspec.Struct, frozen=True):
    """How somebody deals with the reports they owe in one incident (报送行为): late, missed, false or concealed.

    `who` is `unit` (whoever the accident happened to) or a post. `by` is how late (None: as usual); `until` seconds after they
    knew it comes out (None: as it happens); `share` of the people is told; `omits` are counts that are left out.
    """

    incident: str
    who: str
    does: str  # late | missed | false | concealed
    by: float | None = None
    until: float | None = None
    share: float | None = None
    omits: tuple[str, ...] = ()


Order = Send | Recall | Redirect | Ask


class Criterion(msgspec.Struct, frozen=True):
    """One criterion of a severity scale: what is counted, and from how much on (that figure included) which class is reached.

    What is counted are fields of a sighting, or its figures as `figures.<name>`, added up; SI. `confirmed` is certain,
    `potential` may yet come of it.
    """

    name: str
    confirmed: tuple[str, ...]
    potential: tuple[str, ...]
    classes: tuple[tuple[Severity, float], ...]  # ascending
    name_zh: str = ""
    name_en: str = ""
    unit: str = "1"  # that people read it in
