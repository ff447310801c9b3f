"""What a command does by its plan, from the activation to the archive."""

from __future__ import annotations

from sim.domain.events.base import Event


class PlanActivated(Event):
    """A post began to work by a plan, or at another level of it; `clause` is the one that fired."""

    incident: str
    post: str
    plan: str
    version: int
    level: int
    clause: str


class CommandFormed(Event):
    """The command of a plan met: a standing one took it up, or one was formed for it; `chief` leads it."""

    incident: str
    post: str
    command: str
    chief: str  # office, as the plan names it (zh)
    chief_en: str
    standing: bool
    clause: str


class GroupStaffed(Event):
    """A working group is complete and at work."""

    incident: str
    post: str
    group: str
    lead: str  # unit


class UnitNotified(Event):
    """A post told a unit; it hears of it at `due_at`."""

    incident: str
    post: str
    unit: str
    channel: str  # platform | phone | radio | satellite | courier
    due_at: float


class UnitAcknowledged(Event):
    """A unit has it and set to work."""

    incident: str
    unit: str


class TaskArose(Event):
    """Somebody owes something from now on (by `due_at`, or without a deadline)."""

    task: str  # plan/task
    incident: str
    post: str
    unit: str  # the debtor
    creditor: str
    phase: str
    clause: str
    due_at: float | None
    title_zh: str = ""
    title_en: str = ""
    source: str = ""  # the law's article, or our reference configuration
    county: str = ""  # whose office owes it, where it is not that of the accident's own county


class TaskDone(Event):
    """It was done, with this evidence; `verifier` is not the debtor."""

    task: str
    incident: str
    unit: str
    evidence: str  # zh
    verifier: str
    evidence_en: str = ""
    county: str = ""  # as it arose


class TaskLapsed(Event):
    """A task became pointless before it was done: from now on nobody owes it."""

    task: str
    incident: str
    unit: str
    why: str  # passed_up: another owes it since the class was raised | over: the work on the spot is done
    county: str = ""  # as it arose


class Consulted(Event):
    """A joint consultation (会商) ended: who took part, by which means, and what it advised."""

    incident: str
    post: str
    units: tuple[str, ...]
    means: str  # video | phone | on_site
    finding: str


class SceneCalled(Event):
    """Those who consult have the scene on the line (视频调度、连线现场): it reports at once, out of turn."""

    incident: str
    post: str
    means: str  # video | phone


class Published(Event):
    """The public was told; `figures` are what was said, which may differ from what is true."""

    incident: str
    post: str
    form: str  # notice | press | update | refutation | final
    figures: dict[str, float]


class ResponseSuspended(Event):
    """The command withdrew the rescuers because their lives were in danger."""

    incident: str
    post: str
    why: str  # what hit them, or `ordered`
    clause: str


class ResponseResumed(Event):
    """The danger is past: the rescuers go in again."""

    incident: str
    post: str
    clause: str


class TollStated(Event):
    """A post stated the toll of a disaster as it was told of it: `incident` and all that followed it, in so many places."""

    incident: str
    post: str
    dead: int
    missing: int  # trapped or missing
    injured: int
    places: int


class RescueBecameSearch(Event):
    """The command found no hope any more: the rescue became a search (救援转搜寻). `missing` are those it believes inside."""

    incident: str
    post: str
    missing: int
    clause: str


class WarningIssued(Event):
    """A warning before the event: by which monitoring system, of what, where; `colour` 1 red … 4 blue."""

    system: str
    nature: str  # what is warned of, by its name in the city's monitoring
    county: str  # "" everywhere
    colour: int
    incident: str = ""  # that it was about, where it had come
    natures: tuple[str, ...] = ()  # accidents that it may bring
    begins: float = 0.0  # when it is expected to come


class ItemListed(Event):
    """A problem, or a measure against one, was entered in one of the two lists (两个清单)."""

    incident: str
    item: str
    table: str  # problems | measures
    unit: str
    due_at: float
    text_zh: str
    text_en: str
    clause: str = ""  # of the plan that it is about


class ItemClosed(Event):
    """An item of the lists was done, checked and struck off (销号)."""

    incident: str
    item: str
    unit: str
    evidence: str
    evidence_en: str = ""
    verifier: str = ""  # unit that checked it; never the one that put it right


class PlanRevised(Event):
    """A plan got a new version out of an item of the lists."""

    incident: str
    plan: str
    version: int
    item: str
    clause: str = ""  # that was changed


class PhaseReopened(Event):
    """A phase of the closed loop is open again, and why."""

    incident: str
    phase: str
    why: str


class FieldEnded(Event):
    """Everybody is home or the horizon of the field was reached; what follows is aftercare, inquiry, rectification, archive."""

    reason: str
