"""One run of a case: builds the processes, owns `record`, runs to the end."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sim.case import Case, Child, Hospital, IncidentSpec
from sim.domain import events as ev
from sim.domain.command import Tier
from sim.domain.places import Weather
from sim.engine.care import Care
from sim.engine.cascades import Cascades
from sim.engine.clock import Clock, Turn, grid
from sim.engine.conduct import Candour, Corrections
from sim.engine.crowding import Crowding
from sim.engine.doctors import Doctors
from sim.engine.fleet import Fleet
from sim.engine.forces import Forces
from sim.engine.headquarters import Headquarters
from sim.engine.incidents import Incident
from sim.engine.injects import Director
from sim.engine.luck import Luck
from sim.engine.monitoring import Monitoring
from sim.engine.posts import Desk
from sim.engine.reporting import Reporter
from sim.engine.services import Services
from sim.engine.sorties import Sortie
from sim.engine.stores import StoreRoom
from sim.engine.traffic import Traffic
from sim.engine.wires import Wires
from sim.engine.workface import Fatigue
from sim.journal.families import Families
from sim.journal.world import World
from sim.ports import Hazard
from sim.streams import Streams

_HOURS = 3600.0


def simulate(case: Case, sink: Callable[[ev.Event], None]) -> World:
    """Run a case; every event goes to `sink` in order of its `seq`. Returns the world at the end."""
    return Simulation(case, sink).run()


class Simulation:
    """A run under way. Processes share it; what they change in the world they `record`."""

    def __init__(self, case: Case, sink: Callable[[ev.Event], None]) -> None:
        self.case, self._sink = case, sink
        city = case.city
        self.clock = Clock()
        self.streams = Streams(case.seed, case.replication)
        luck = Luck(case.rules, self.streams)
        self.rule, self.number, self.draw = luck.rule, luck.number, luck.draw
        self.world = World()
        self.families = Families()
        self._apply = self.world.apply
        self._seq = 0
        self.fatigue = Fatigue(
            self.number("relief.grace") / _HOURS, self.number("relief.loss") * _HOURS, self.number("relief.floor")
        )
        self.relief_lead = self.number("relief.lead")
        self.traffic = Traffic(self)
        self.hospitals: dict[str, Hospital] = {h.id: h for h in city.hospitals}
        self.wires = Wires(self)
        self.fleet = Fleet(self)
        self.listeners: list[Callable[[ev.Event], None]] = []  # told of every event after it happened
        self.forces = Forces(self)
        self.strategy = case.strategies(case.strategy)
        self.incidents: dict[str, Incident] = {}
        self.under_way: dict[str, Sortie] = {}
        self.held: dict[str, Sortie] = {}
        self.leads: dict[str, str] = {}
        self.desks: dict[str, Desk] = {}
        self._county_posts = {p.county: p.id for p in city.posts.values() if p.tier is Tier.COUNTY}
        self._city_post = next(p.id for p in city.posts.values() if p.tier is Tier.CITY)
        self.care = Care(self)
        self.candour = Candour(self)
        self.doctors = Doctors(self)
        self.services = Services(self)
        self.cascades = Cascades(self)
        self.crowding = Crowding(self)
        self._reporters: dict[str, Reporter] = {}
        self.director = Director(self)
        self.monitoring = Monitoring(self)
        self.headquarters = Headquarters(self, city.plans) if city.plans is not None else None
        if self.headquarters is not None:
            self.listeners.append(Corrections(self).hear)
        self.stores = StoreRoom(self, city.depots) if city.depots is not None else None
        if self.stores is not None:
            self.listeners.append(self.stores.hear)
        self.field_over = False  # nobody is on the spot any more: only offices and hospitals go on
        self._unended = 0  # incidents begun or still to begin by the clock, whose response has not ended

    # ── the run ──

    def run(self) -> World:
        """From the start to the horizon, or until nothing more can happen."""
        case, clock = self.case, self.clock
        self.record(
            ev.RunStarted(
                0, 0.0, None, case.id, case.digest, case.seed, case.replication, case.strategy, case.starts_at
            )
        )
        for county in sorted(case.weather):
            self.traffic.weather(county, case.weather[county], None)
        self._daylight()
        self._skies()
        self.director.begin()
        self.monitoring.begin()
        self._begin_incidents()
        with _standing_memory():
            ended = clock.play(case.horizon, lambda: self._unended == 0 and self.settled)
        reason = "settled" if ended else "horizon"
        if self.headquarters is None:
            self.director.end()
            self.record(ev.RunEnded(0, self.now if ended else case.horizon, None, reason))
        else:
            self._afterwards(reason, self.now if ended else case.horizon)
        return self.world

    def _afterwards(self, reason: str, t: float) -> None:
        """The field is over: the clock plays on with what offices and hospitals do, up to the archive."""
        self.director.field_ends()
        self.field_over = True
        self.record(ev.FieldEnded(0, t, None, reason))
        self.clock.keep(Turn.STAFF)
        limit = t + self.number("aftermath.longest")
        self.clock.play(limit, lambda: False)
        self.director.end()
        self.record(ev.RunEnded(0, max(t, self.now), None, reason))

    @property
    def now(self) -> float:
        """Seconds since the scenario's start, on the grid of milliseconds."""
        return self.clock.now

    @property
    def night(self) -> bool:
        """Whether it is night."""
        return self.world.daylight_night

    @property
    def settled(self) -> bool:
        """Nothing more can happen that anybody would tell: all incidents ended, everybody home, nobody's fate open.

        Where there are offices behind the posts, those in hospital are not waited for: they and the offices go on.
        """
        over = self._unended == 0 and not self.fleet.sorties and self.director.idle
        return over and self.wires.idle and self.care.settled

    def record(self, event: ev.Event) -> int:
        """Let an event happen: number it, apply it to the world, hand it on. Returns its number."""
        seq = event.seq = self._seq
        self._seq = seq + 1
        self._apply(event)
        self.families.take(event)
        self._sink(event)
        if self.director.listens:
            self.director.hear(event)
        for hear in self.listeners:
            hear(event)
        return seq

    def _begin_incidents(self) -> None:
        """One source lets the incidents begin one after the other: a year of them never lies on the heap at once."""
        specs = sorted((s for s in self.case.incidents if not s.on_inject), key=lambda s: (s.occurs_at, s.id))
        self._unended = len(specs)
        upcoming = iter(specs)

        def plan() -> None:
            spec = next(upcoming, None)
            if spec is not None:
                self.clock.at(grid(spec.occurs_at), lambda _: begin(spec))

        def begin(spec: IncidentSpec) -> None:
            plan()
            self._occur(spec, None, "")

        plan()

    def _occur(self, spec: IncidentSpec, cause: int | None, parent: str, model: Hazard | None = None) -> None:
        incident = self.incidents[spec.id] = Incident(self, spec, model or self.case.hazards[spec.id])
        self.clock.begin(incident.story(cause, parent))

    def occur(self, spec: IncidentSpec, cause: int, parent: str = "") -> None:
        """An incident released by exercise control begins now."""
        self._unended += 1
        self._occur(spec, cause, parent)

    def expect(self, child: Child, begins: float, cause: int, parent: str) -> None:
        """An incident that follows another will begin then."""
        self._unended += 1
        self.clock.at(begins, lambda _: self._occur(child.spec, cause, parent, child.hazard))

    def forget(self, incident: Incident) -> None:
        """An incident's response was closed: a year of them must not pile up."""
        self._unended -= 1
        del self.incidents[incident.id]
        self._reporters.pop(incident.id, None)
        for desk in incident.known_to:
            desk.forget(incident.id)

    # ── weather and daylight ──

    def weather_at(self, county: str) -> Weather:
        """The weather over a county now."""
        weather = self.world.weather
        return weather.get(county) or weather[""]

    def rain_of_month(self, county: str) -> float:
        """Mean rain (mm) of the scenario's month over a county."""
        climate = self.case.city.climate.get((county, self.case.calendar.month))
        return climate.rain if climate else 0.0

    def _daylight(self) -> None:
        """Set day or night now, and change it at every dawn and dusk."""
        dawn, dusk = self.number("daylight.dawn") / _HOURS, self.number("daylight.dusk") / _HOURS
        hour = self.case.calendar.hour_at(self.now)
        self.traffic.daylight(night=not dawn <= hour < dusk)
        until = min((edge - hour) % 24.0 or 24.0 for edge in (dawn, dusk))
        self.clock.at(grid(self.now + until * _HOURS), lambda _: None if self.settled else self._daylight())

    def _skies(self) -> None:
        """Let the weather become what the case says it will: one source, so that a season of it never lies on the heap at once."""
        changes = iter(self.case.forecast)

        def plan() -> None:
            change = next(changes, None)
            if change is not None:
                self.clock.at(grid(change[0]), lambda _: None if self.settled else turn(*change))

        def turn(_t: float, county: str, weather: Weather) -> None:
            plan()
            self.change_weather(county, weather, None)

        plan()

    def change_weather(self, county: str, weather: Weather, cause: int | None) -> None:
        """The weather changes: on the roads, and for every hazard under it."""
        self.traffic.weather(county, weather, cause)
        for incident in self.incidents.values():
            incident.bell.ring()

    # ── command ──

    def desk(self, post: str) -> Desk:
        """The desk of a post, opened on first use."""
        desk = self.desks.get(post)
        if desk is None:
            desk = self.desks[post] = Desk(self, self.case.city.posts[post])
        return desk

    def desk_of(self, incident: Incident) -> Desk:
        """The desk that leads an incident; before anyone does, the duty desk of its county."""
        leader = self.leads.get(incident.id)
        return self.desk(leader if leader is not None else self.county_post(incident.spec.site.county))

    def county_post(self, county: str) -> str:
        """The post whose duty desk a county has."""
        return self._county_posts.get(county, self._city_post)

    def root_of(self, incident: str) -> str:
        """The accident whose disaster an incident is part of, where a headquarters keeps one picture of it; else itself."""
        return incident if self.headquarters is None else self.families.root(incident)

    def response_of(self, incident: str) -> str:
        """The incident whose response is for this one, too; itself, unless it followed another."""
        return incident if self.headquarters is None else self.headquarters.response_of(incident)

    def reporter(self, incident: Incident) -> Reporter:
        """Whoever reports from an incident."""
        reporter = self._reporters.get(incident.id)
        if reporter is None:
            reporter = self._reporters[incident.id] = Reporter(self, incident)
        return reporter

    def on_arrival(self, sortie: Sortie) -> None:
        """An element is on the spot: the first one sizes up and gives first aid."""
        self.reporter(sortie.incident).arrived(sortie.cause)
        self.care.first_help(sortie.incident)

    def reconsider(self) -> None:
        """Tell every desk that elements came back or roads changed."""
        for desk in self.desks.values():
            desk.forces_changed()


@contextmanager
def _standing_memory() -> Iterator[None]:
    """The city and the case stay to the end: Python's collector need not look through them again and again."""
    ours = gc.get_freeze_count() == 0  # otherwise somebody around us has frozen more, and will let it go
    if ours:
        gc.freeze()
    try:
        yield
    finally:
        if ours:
            gc.unfreeze()
