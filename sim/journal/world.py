"""World: the state of everything, as a fold of events. `apply` only assigns; whoever decides does so elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from sim.domain import events as ev
from sim.domain.hazards import Demand
from sim.domain.people import Person, Status
from sim.domain.places import Site, Weather


class IncidentState(msgspec.Struct):
    """One incident in truth."""

    nature: str
    origin: str
    site: Site
    began: float
    parent: str = ""
    discovered: float | None = None
    mode: str = "latent"
    readings: dict[str, float] = {}
    effort: dict[str, float] = {}
    demands: tuple[Demand, ...] = ()
    over: str = ""
    closed: bool = False
    lead: str = ""
    levels: dict[str, int] = {}  # response level by post
    present: dict[str, None] = {}  # sorties on the spot, in order of arrival
    persons: tuple[str, ...] = ()


class SortieState(msgspec.Struct):
    """One sortie in truth. `phase`: ordered, alerted, travelling, held, queued, present, resting, carrying, home."""

    element: str
    incident: str
    task: str = ""
    phase: str = "ordered"
    bound: str = "site"
    to: str = ""
    arrives: float = 0.0
    demand: str = ""
    effective: float = 0.0
    patients: tuple[str, ...] = ()


class PersonState(msgspec.Struct):
    """One person in truth."""

    incident: str
    status: Status
    group: str = ""
    triage: str = ""
    care: str = "none"
    where: str = ""
    entrapment: str = ""


_RESPONSE: tuple[type[ev.Event], ...] = (
    ev.CommandFormed,
    ev.Consulted,
    ev.SceneCalled,
    ev.FieldEnded,
    ev.GroupStaffed,
    ev.ItemClosed,
    ev.ItemListed,
    ev.PhaseReopened,
    ev.PlanActivated,
    ev.PlanRevised,
    ev.Published,
    ev.RescueBecameSearch,
    ev.ResponseResumed,
    ev.ResponseSuspended,
    ev.TaskArose,
    ev.TaskDone,
    ev.TaskLapsed,
    ev.TollStated,
    ev.UnitAcknowledged,
    ev.UnitNotified,
    ev.WarningIssued,
    ev.FundApproved,
    ev.FundAsked,
    ev.FundAudited,
    ev.FundPaid,
    ev.SupplyAllotted,
    ev.SupplyAsked,
    ev.SupplyHandedOut,
    ev.SupplyLoaded,
    ev.SupplySigned,
    ev.SupplyRefused,
    ev.ConvoyDeparted,
    ev.ConvoyHeld,
    ev.ConvoyArrived,
    ev.ForceAnswered,
    ev.ForceAsked,
    ev.ForceReleased,
    ev.ForceStoodDown,
    ev.ForceSetOut,
    ev.ForceTasked,
    ev.CasualtiesCorrected,
    ev.ConductExposed,
    ev.ReportFalsified,
    ev.ReportWithheld,
    ev.ExpectationOverdue,
    ev.InjectWithheld,
)
"""What a command, its stores and its forces do: told, not state of the field."""


class World:
    """The truth, a fold of events: `apply` each in order and this is what is."""

    __slots__ = (
        "_apply",
        "channels",
        "daylight_night",
        "elements",
        "incidents",
        "known_roads",
        "now",
        "patients",
        "persons",
        "ready",
        "roads",
        "seq",
        "services",
        "sorties",
        "support",
        "weather",
    )

    def __init__(self) -> None:
        self.now = 0.0
        self.seq = -1
        self.incidents: dict[str, IncidentState] = {}
        self.sorties: dict[str, SortieState] = {}  # under way or on the spot; gone when home
        self.elements: dict[str, str] = {}  # element -> its sortie, while it has one
        self.ready: dict[str, float] = {}  # element -> when it can go again, if that lies after its return
        self.persons: dict[str, PersonState] = {}
        self.patients: dict[str, int] = {}  # hospital -> places taken
        self.roads: dict[str, float] = {}  # link -> factor, where it is not 1
        self.known_roads: dict[str, float] = {}
        self.weather: dict[str, Weather] = {}
        self.channels: dict[str, str] = {}
        self.services: dict[str, dict[str, float]] = {}  # service -> town -> share left, where it is not 1
        self.support: dict[str, float] = {}  # "incident/capability" -> asked of the post above
        self.daylight_night = False
        self._apply: dict[type[ev.Event], Callable[[Any], None]] = {
            ev.IncidentOccurred: self._incident_occurred,
            ev.Discovered: self._discovered,
            ev.HazardChanged: self._hazard_changed,
            ev.DemandsChanged: self._demands_changed,
            ev.HazardOver: self._hazard_over,
            ev.IncidentClosed: self._incident_closed,
            ev.PersonsInvolved: self._persons_involved,
            ev.PersonChanged: self._person_changed,
            ev.CareChanged: self._care_changed,
            ev.ResponseChanged: self._response_changed,
            ev.LeadTaken: self._lead_taken,
            ev.SupportRequested: self._support_requested,
            ev.OrderGiven: self._order_given,
            ev.OrderRefused: self._order_refused,
            ev.Recalled: self._recalled,
            ev.Alerted: self._alerted,
            ev.Departed: self._departed,
            ev.RouteChanged: self._route_changed,
            ev.Held: self._held,
            ev.Arrived: self._arrived,
            ev.Assigned: self._assigned,
            ev.Resting: self._resting,
            ev.Rested: self._rested,
            ev.Released: self._released,
            ev.Loaded: self._loaded,
            ev.HandedOver: self._handed_over,
            ev.Returned: self._returned,
            ev.RoadChanged: self._road_changed,
            ev.RoadKnown: self._road_known,
            ev.WeatherChanged: self._weather_changed,
            ev.Daylight: self._daylight,
            ev.ChannelChanged: self._channel_changed,
            ev.ServiceChanged: self._service_changed,
            ev.Queued: self._queued,
            # told, not state:
            ev.RunStarted: _nothing, ev.RunEnded: _nothing, ev.Milestone: _nothing, ev.ReportSent: _nothing,
            ev.ReportReceived: _nothing, ev.Graded: _nothing, ev.NeedsStated: _nothing, ev.Shortfall: _nothing,
            ev.CutOff: _nothing, ev.Reachable: _nothing, ev.RoadFound: _nothing, ev.ReliefDue: _nothing,
            ev.InjectReleased: _nothing, ev.ExpectationSettled: _nothing, ev.LimitPassed: _nothing, ev.ShockFelt: _nothing,
            ev.RespondersHit: _nothing, ev.DeadFound: _nothing, ev.AlarmRaised: _nothing, ev.AlarmDismissed: _nothing,
            ev.Cascaded: _nothing, ev.CascadeHeld: _nothing, ev.HospitalChanged: _nothing,
            **dict.fromkeys(_RESPONSE, _nothing),
        }  # fmt: skip

    def apply(self, event: ev.Event) -> None:
        """The one way in which anything changes."""
        self.now = event.t
        self.seq = event.seq
        self._apply[type(event)](event)

    @property
    def kinds(self) -> frozenset[type[ev.Event]]:
        """The event kinds this fold knows."""
        return frozenset(self._apply)

    def snapshot(self) -> dict[str, Any]:
        """The whole state in plain values, for comparison."""
        return {
            name: msgspec.to_builtins(getattr(self, name), str_keys=True) for name in self.__slots__ if name != "_apply"
        }

    # ── incidents and people ──

    def _incident_occurred(self, e: ev.IncidentOccurred) -> None:
        self.incidents[e.incident] = IncidentState(e.nature, e.origin, e.site, e.t, e.parent)

    def _discovered(self, e: ev.Discovered) -> None:
        self.incidents[e.incident].discovered = e.t

    def _hazard_changed(self, e: ev.HazardChanged) -> None:
        incident = self.incidents[e.incident]
        incident.mode, incident.readings, incident.effort = e.mode, e.readings, e.effort

    def _demands_changed(self, e: ev.DemandsChanged) -> None:
        self.incidents[e.incident].demands = e.demands

    def _hazard_over(self, e: ev.HazardOver) -> None:
        self.incidents[e.incident].over = e.reason

    def _incident_closed(self, e: ev.IncidentClosed) -> None:
        self.incidents[e.incident].closed = True

    def _persons_involved(self, e: ev.PersonsInvolved) -> None:
        incident = self.incidents[e.incident]
        incident.persons += tuple(self._person(e.incident, p) for p in e.persons)

    def _person(self, incident: str, p: Person) -> str:
        name = f"{incident}/{p.id}"
        triage = p.triage.value if p.triage else ""
        self.persons[name] = PersonState(incident, p.status, p.group, triage, entrapment=p.entrapment)
        return name

    def _person_changed(self, e: ev.PersonChanged) -> None:
        person = self.persons[e.person]
        if person.status is Status.HOSPITAL and e.status is not Status.HOSPITAL:
            self.patients[person.where] -= 1
        if e.status is Status.HOSPITAL and person.status is not Status.HOSPITAL:
            self.patients[e.where] = self.patients.get(e.where, 0) + 1
        person.status = e.status
        if e.triage:
            person.triage = e.triage.value
        if e.where:
            person.where = e.where

    def _care_changed(self, e: ev.CareChanged) -> None:
        self.persons[e.person].care = e.care

    # ── command ──

    def _response_changed(self, e: ev.ResponseChanged) -> None:
        levels = self.incidents[e.incident].levels
        if e.level:
            levels[e.post] = e.level
        else:
            levels.pop(e.post, None)

    def _lead_taken(self, e: ev.LeadTaken) -> None:
        self.incidents[e.incident].lead = e.post

    def _support_requested(self, e: ev.SupportRequested) -> None:
        self.support[f"{e.incident}/{e.capability}"] = e.amount

    def _order_given(self, e: ev.OrderGiven) -> None:
        self.sorties[e.order] = SortieState(e.element, e.incident, e.task)
        self.elements[e.element] = e.order
        self.ready.pop(e.element, None)

    def _order_refused(self, e: ev.OrderRefused) -> None:
        if e.order in self.sorties:
            del self.sorties[e.order], self.elements[e.element]

    def _recalled(self, e: ev.Recalled) -> None:
        if e.to:
            sortie = self.sorties[e.order]
            sortie.incident = e.to

    # ── sorties (a sortie bears the number of its order) ──

    def _alerted(self, e: ev.Alerted) -> None:
        self.sorties[e.sortie].phase = "alerted"

    def _departed(self, e: ev.Departed) -> None:
        sortie = self.sorties[e.sortie]
        if sortie.phase in ("present", "resting") and e.bound != "site":
            self.incidents[sortie.incident].present.pop(e.sortie, None)
        sortie.phase, sortie.bound, sortie.to, sortie.arrives = "travelling", e.bound, e.to, e.arrives

    def _route_changed(self, e: ev.RouteChanged) -> None:
        sortie = self.sorties[e.sortie]
        sortie.phase, sortie.bound, sortie.to, sortie.arrives = "travelling", e.bound, e.to, e.arrives

    def _held(self, e: ev.Held) -> None:
        self.sorties[e.sortie].phase = "held"

    def _queued(self, e: ev.Queued) -> None:
        self.sorties[e.sortie].phase = "queued"

    def _arrived(self, e: ev.Arrived) -> None:
        self.sorties[e.sortie].phase = "present"
        self.incidents[e.incident].present[e.sortie] = None

    def _assigned(self, e: ev.Assigned) -> None:
        sortie = self.sorties[e.sortie]
        sortie.demand, sortie.effective = e.demand, e.effective

    def _resting(self, e: ev.Resting) -> None:
        sortie = self.sorties[e.sortie]
        sortie.phase, sortie.demand = "resting", ""

    def _rested(self, e: ev.Rested) -> None:
        self.sorties[e.sortie].phase = "present"

    def _released(self, e: ev.Released) -> None:
        sortie = self.sorties[e.sortie]
        sortie.demand = ""
        self.incidents[e.incident].present.pop(e.sortie, None)

    def _loaded(self, e: ev.Loaded) -> None:
        self.sorties[e.sortie].patients = e.persons

    def _handed_over(self, e: ev.HandedOver) -> None:
        self.sorties[e.sortie].patients = ()

    def _returned(self, e: ev.Returned) -> None:
        del self.sorties[e.sortie], self.elements[e.element]
        if e.ready > e.t:
            self.ready[e.element] = e.ready

    # ── the world around ──

    def _road_changed(self, e: ev.RoadChanged) -> None:
        _set_factor(self.roads, e.link, e.factor)

    def _road_known(self, e: ev.RoadKnown) -> None:
        _set_factor(self.known_roads, e.link, e.factor)

    def _weather_changed(self, e: ev.WeatherChanged) -> None:
        if not e.county:
            self.weather.clear()
        self.weather[e.county] = e.weather

    def _daylight(self, e: ev.Daylight) -> None:
        self.daylight_night = e.night

    def _channel_changed(self, e: ev.ChannelChanged) -> None:
        self.channels[e.post] = e.state

    def _service_changed(self, e: ev.ServiceChanged) -> None:
        for town, share in e.shares.items():
            left = self.services.setdefault(e.service, {})
            _set_factor(left, town, share)


def fold(events: Iterable[ev.Event]) -> World:
    """The world after these events."""
    world = World()
    for event in events:
        world.apply(event)
    return world


def _nothing(event: ev.Event) -> None:
    """What is told but changes no state."""


def _set_factor(roads: dict[str, float], link: str, factor: float) -> None:
    if factor == 1.0:
        roads.pop(link, None)
    else:
        roads[link] = factor
