"""Everything that can have happened, one class each: past tense, one fact, the number of its cause.

Every event carries `seq` (its number in the run, from 0), `t` (seconds since the scenario's start) and `cause` (the `seq` of
the event that led to it, or None). Quantities are SI. The journal holds nothing else, and nothing is shown, scored or
replayed but what stands here: if a measure needs a fact, it is added to an event.
"""

from __future__ import annotations

from typing import get_args

from sim.domain.events.accidents import (
    CareChanged,
    Cascaded,
    CascadeHeld,
    DeadFound,
    DemandsChanged,
    Discovered,
    HazardChanged,
    HazardOver,
    IncidentClosed,
    IncidentOccurred,
    LimitPassed,
    Milestone,
    PersonChanged,
    PersonsInvolved,
    RespondersHit,
    ShockFelt,
)
from sim.domain.events.base import Event, RunEnded, RunStarted
from sim.domain.events.command import (
    CutOff,
    Graded,
    LeadTaken,
    NeedsStated,
    OrderGiven,
    OrderRefused,
    Reachable,
    Recalled,
    ReportReceived,
    ReportSent,
    ResponseChanged,
    Shortfall,
    SupportRequested,
)
from sim.domain.events.conduct import (
    CasualtiesCorrected,
    ConductExposed,
    ReportFalsified,
    ReportWithheld,
)
from sim.domain.events.exercise import (
    ExpectationOverdue,
    InjectWithheld,
)
from sim.domain.events.forces import (
    ForceAnswered,
    ForceAsked,
    ForceReleased,
    ForceSetOut,
    ForceStoodDown,
    ForceTasked,
)
from sim.domain.events.headquarters import (
    CommandFormed,
    Consulted,
    FieldEnded,
    GroupStaffed,
    ItemClosed,
    ItemListed,
    PhaseReopened,
    PlanActivated,
    PlanRevised,
    Published,
    RescueBecameSearch,
    ResponseResumed,
    ResponseSuspended,
    SceneCalled,
    TaskArose,
    TaskDone,
    TaskLapsed,
    TollStated,
    UnitAcknowledged,
    UnitNotified,
    WarningIssued,
)
from sim.domain.events.sorties import (
    Alerted,
    Arrived,
    Assigned,
    Departed,
    HandedOver,
    Held,
    Loaded,
    Queued,
    Released,
    ReliefDue,
    Rested,
    Resting,
    Returned,
    RoadFound,
    RouteChanged,
)
from sim.domain.events.stores import (
    ConvoyArrived,
    ConvoyDeparted,
    ConvoyHeld,
    FundApproved,
    FundAsked,
    FundAudited,
    FundPaid,
    SupplyAllotted,
    SupplyAsked,
    SupplyHandedOut,
    SupplyLoaded,
    SupplyRefused,
    SupplySigned,
)
from sim.domain.events.surroundings import (
    AlarmDismissed,
    AlarmRaised,
    ChannelChanged,
    Daylight,
    ExpectationSettled,
    HospitalChanged,
    InjectReleased,
    RoadChanged,
    RoadKnown,
    ServiceChanged,
    WeatherChanged,
)

__all__ = [
    "EVENTS",
    "AlarmDismissed",
    "AlarmRaised",
    "Alerted",
    "AnyEvent",
    "Arrived",
    "Assigned",
    "CareChanged",
    "CascadeHeld",
    "Cascaded",
    "CasualtiesCorrected",
    "ChannelChanged",
    "CommandFormed",
    "ConductExposed",
    "Consulted",
    "ConvoyArrived",
    "ConvoyDeparted",
    "ConvoyHeld",
    "CutOff",
    "Daylight",
    "DeadFound",
    "DemandsChanged",
    "Departed",
    "Discovered",
    "Event",
    "ExpectationOverdue",
    "ExpectationSettled",
    "FieldEnded",
    "ForceAnswered",
    "ForceAsked",
    "ForceReleased",
    "ForceSetOut",
    "ForceStoodDown",
    "ForceTasked",
    "FundApproved",
    "FundAsked",
    "FundAudited",
    "FundPaid",
    "Graded",
    "GroupStaffed",
    "HandedOver",
    "HazardChanged",
    "HazardOver",
    "Held",
    "HospitalChanged",
    "IncidentClosed",
    "IncidentOccurred",
    "InjectReleased",
    "InjectWithheld",
    "ItemClosed",
    "ItemListed",
    "LeadTaken",
    "LimitPassed",
    "Loaded",
    "Milestone",
    "NeedsStated",
    "OrderGiven",
    "OrderRefused",
    "PersonChanged",
    "PersonsInvolved",
    "PhaseReopened",
    "PlanActivated",
    "PlanRevised",
    "Published",
    "Queued",
    "Reachable",
    "Recalled",
    "Released",
    "ReliefDue",
    "ReportFalsified",
    "ReportReceived",
    "ReportSent",
    "ReportWithheld",
    "RescueBecameSearch",
    "RespondersHit",
    "ResponseChanged",
    "ResponseResumed",
    "ResponseSuspended",
    "Rested",
    "Resting",
    "Returned",
    "RoadChanged",
    "RoadFound",
    "RoadKnown",
    "RouteChanged",
    "RunEnded",
    "RunStarted",
    "SceneCalled",
    "ServiceChanged",
    "ShockFelt",
    "Shortfall",
    "SupplyAllotted",
    "SupplyAsked",
    "SupplyHandedOut",
    "SupplyLoaded",
    "SupplyRefused",
    "SupplySigned",
    "SupportRequested",
    "TaskArose",
    "TaskDone",
    "TaskLapsed",
    "TollStated",
    "UnitAcknowledged",
    "UnitNotified",
    "WarningIssued",
    "WeatherChanged",
]

AnyEvent = (
    RunStarted
    | RunEnded
    | IncidentOccurred
    | Discovered
    | HazardChanged
    | DemandsChanged
    | Milestone
    | HazardOver
    | IncidentClosed
    | PersonsInvolved
    | PersonChanged
    | CareChanged
    | DeadFound
    | ReportSent
    | ReportReceived
    | Graded
    | ResponseChanged
    | LeadTaken
    | NeedsStated
    | Shortfall
    | SupportRequested
    | OrderGiven
    | OrderRefused
    | Recalled
    | CutOff
    | Reachable
    | Alerted
    | Departed
    | RouteChanged
    | Held
    | RoadFound
    | Arrived
    | Assigned
    | ReliefDue
    | Resting
    | Rested
    | Released
    | Loaded
    | HandedOver
    | Returned
    | RoadChanged
    | RoadKnown
    | WeatherChanged
    | Daylight
    | ChannelChanged
    | InjectReleased
    | ExpectationSettled
    | LimitPassed
    | ShockFelt
    | RespondersHit
    | Cascaded
    | CascadeHeld
    | ServiceChanged
    | HospitalChanged
    | AlarmRaised
    | AlarmDismissed
    | Queued
    | CommandFormed
    | Consulted
    | FieldEnded
    | GroupStaffed
    | ItemClosed
    | ItemListed
    | PhaseReopened
    | PlanActivated
    | PlanRevised
    | Published
    | ResponseResumed
    | RescueBecameSearch
    | ResponseSuspended
    | SceneCalled
    | TaskArose
    | TaskDone
    | TaskLapsed
    | TollStated
    | UnitAcknowledged
    | UnitNotified
    | WarningIssued
    | FundApproved
    | FundAsked
    | FundAudited
    | FundPaid
    | SupplyAllotted
    | SupplyAsked
    | SupplyHandedOut
    | SupplyLoaded
    | SupplySigned
    | SupplyRefused
    | ConvoyDeparted
    | ConvoyHeld
    | ConvoyArrived
    | ForceAnswered
    | ForceAsked
    | ForceReleased
    | ForceSetOut
    | ForceStoodDown
    | ForceTasked
    | CasualtiesCorrected
    | ConductExposed
    | ReportFalsified
    | ReportWithheld
    | ExpectationOverdue
    | InjectWithheld
)

EVENTS: tuple[type[Event], ...] = get_args(AnyEvent)

# Adding an event: a class in its room, a line in AnyEvent, a method in `journal.world.World`; tests/test_events.py walks them all.
