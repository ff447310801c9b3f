"""An exercise: what its director releases and on what condition, what the players should do then, and what it is to show."""

from __future__ import annotations

import msgspec

from sim.domain.places import Weather


class When(msgspec.Struct, frozen=True):
    """A condition on what has happened: the first event of `kind` whose fields equal `where`.

    With a `reading`, the event's reading or milestone value of that name must also have reached `at_least` (SI).
    """

    kind: str
    where: dict[str, str] = {}
    reading: str = ""
    at_least: float | None = None
    after: float = 0.0  # further delay, s


class State(msgspec.Struct, frozen=True, tag=True):
    """A condition on how things stand, without a break for `lasting` seconds.

    `of` is reading (the one called `name` lies from `low` to `high`, SI), response (a level from 1 to `high` is under way), dead
    (at least `low` people are) or clock (`low` seconds since the start have passed).
    """

    of: str
    incident: str = ""  # "": any; of the dead, all
    post: str = ""
    name: str = ""
    low: float | None = None
    high: float | None = None
    lasting: float = 0.0
    after: float = 0.0  # further delay, s


class Several(msgspec.Struct, frozen=True, tag=True):
    """At least `of` of these hold at one time; what has happened holds from then on."""

    parts: tuple[Condition, ...]
    of: int
    after: float = 0.0  # further delay, s


Condition = When | State | Several


class Action(msgspec.Struct, frozen=True):
    """What an inject does to the world. `do`: close_road, open_road, slow_road, weather, comms, casualties, incident, tell."""

    do: str
    link: str = ""
    factor: float = 1.0
    known_after: float = 0.0  # s until the command system learns of it by itself; inf: only when a crew finds out
    county: str = ""
    weather: Weather | None = None
    post: str = ""
    state: str = ""
    incident: str = ""
    persons: int = 0
    status: str = ""
    triage: str = ""
    text_zh: str = ""
    text_en: str = ""


class Following(Action, frozen=True):
    """An accident begins that followed another. `do`: incident."""

    follows: str = ""


class Staffing(Action, frozen=True):
    """An action on those who carry plans out. `do`: delay (a unit does nothing for `by`), suspend (rescuers withdraw for `by`;
    0: until experts allow).
    """

    unit: str = ""
    by: float = 0.0  # s


class Inject(msgspec.Struct, frozen=True):
    """What exercise control releases (情景注入), at a time or on a condition; without either, only if the director says so.

    With `unless`, it is withheld if that holds when it would be released. What follows says whom the controller plays, who
    gets it by which means, and what it is worth.
    """

    id: str
    title_zh: str
    title_en: str
    actions: tuple[Action, ...]
    at: float | None = None
    when: Condition | None = None
    unless: Condition | None = None
    manual: bool = False
    kind: str = ""
    objective: str = ""
    weight: float = 0.0
    sender_zh: str = ""
    sender_en: str = ""
    to: tuple[str, ...] = ()
    channel: str = ""


class Expectation(msgspec.Struct, frozen=True):
    """An expected action: `done` must happen within `within` seconds after `since` (the start of the scenario if None).

    With an `inject`, the time counts from its release, and what was done before counts only if `earlier` says so. `late` is
    the share of its points that it still earns when late; `overdue` says that its time running out is recorded.
    """

    id: str
    title_zh: str
    title_en: str
    done: Condition
    within: float
    since: When | None = None
    inject: str = ""
    by: str = ""
    earlier: bool = False
    late: float = 0.0
    overdue: bool = False


class Objective(msgspec.Struct, frozen=True):
    """What a drill is to show (演练目标): who does what, under which condition, to what standard."""

    id: str
    who_zh: str
    who_en: str
    what_zh: str
    what_en: str
    condition_zh: str = ""
    condition_en: str = ""
    standard_zh: str = ""
    standard_en: str = ""
