"""Exercise control, resolved: what its injects do, by the names people use, when, to whom, and what is expected then."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from sim.case import Action, City, Condition, Expectation, Following, Inject, Objective, Staffing, When
from sim.domain.places import Weather
from sim.domain.plans import Unit
from sim.doors import actions as door
from sim.doors.common import Named
from sim.doors.incident import WeatherEntry
from sim.doors.injects import ExpectEntry, InjectEntry, ObjectiveEntry, ResponseExpected
from sim.doors.staffing import Delay, DelayEntry, Suspend, SuspendEntry
from sim.reader import Loc
from sim.scenario.conditions import Resolver
from sim.scenario.incidents import Compiled
from sim.scenario.issues import Names, Unknown
from sim.scenario.places import Gazetteer
from sim.units import from_si


class Director:
    """Resolves what exercise control does and expects, for one case."""

    def __init__(
        self, city: City, names: Gazetteer, weather: Mapping[str, Weather], conditions: Resolver,
        objectives: Sequence[str], releases: Mapping[str, float],
    ) -> None:  # fmt: skip
        self.city, self.names, self.issues = city, names, conditions.issues
        self._conditions, self._named = conditions, conditions.named
        self._incidents, self._posts, self._weather = conditions.incidents, conditions.posts, weather
        self._objectives = Names("objective", ((id_, ()) for id_ in objectives))
        self._units = Names("unit", _units(city))
        self._releases = releases

    def inject(self, loc: Loc, entry: InjectEntry, begun: Mapping[int, Compiled]) -> list[Inject]:
        """One inject, as often as it is released; `begun` are the incidents described in its actions, by their position."""
        actions: list[Action] = []
        for i, action in enumerate(entry.do or ()):
            if action is not None:
                actions += self._action((*loc, "do", i), action, begun.get(i))
        when, unless = self._trigger(loc, entry), self._unless((*loc, "unless"), entry.unless)
        at = self._conditions.moment((*loc, "at"), entry.at) if entry.at else self._releases.get(entry.id)
        sender = self._sender(entry.from_)
        objective = self._named(self._objectives, (*loc, "objective"), entry.objective) if entry.objective else ""
        to = tuple(
            found for i, name in enumerate(entry.to or ()) if name and (found := self._who((*loc, "to", i), name))
        )
        if entry.title is None:
            return []
        first = Inject(
            entry.id, entry.title.zh, entry.title.en, tuple(actions), at, when, unless, bool(entry.manual), entry.kind or "",
            objective or "", entry.weight or 0.0, *sender, to, entry.channel or "",
        )  # fmt: skip
        return [first, *_again(first, entry.every or 0.0, entry.times or 1)]

    def expectation(self, loc: Loc, entry: ExpectEntry, overdue: frozenset[str]) -> Expectation | None:
        """One expected action that counts from the start or an event."""
        done = self._conditions.event((*loc, "done"), entry.done)
        since = self._conditions.event((*loc, "since"), entry.since) if entry.since else None
        if done is None or entry.title is None or entry.within is None:
            return None
        return Expectation(
            entry.id, entry.title.zh, entry.title.en, done, entry.within, since, overdue=entry.id in overdue
        )

    def expected(self, loc: Loc, inject: InjectEntry) -> list[Expectation]:
        """What is expected after an inject, each time it is released."""
        found = []
        for i, entry in enumerate(inject.expects or ()):
            if entry is None:
                continue
            done = self._conditions.condition((*loc, "expects", i, "done"), entry.done)
            by = self._who((*loc, "expects", i, "by"), entry.by) if entry.by else ""
            if done is not None and entry.title is not None and entry.within is not None:
                id_, of = expected_id(inject, entry, i), inject.id
                found += [
                    Expectation(
                        repeated(id_, k), entry.title.zh, entry.title.en, done, entry.within, None, repeated(of, k), by or "",
                        bool(entry.earlier), entry.late or 0.0, overdue=True,
                    )
                    for k in range(1, (inject.times or 1) + 1)
                ]  # fmt: skip
        return found

    def objective(self, entry: ObjectiveEntry) -> Objective | None:
        """One objective."""
        if entry.who is None or entry.what is None:
            return None
        parts = [text for part in (entry.who, entry.what, entry.condition, entry.standard) for text in _both(part)]
        return Objective(entry.id, *parts)

    # ── when, from whom, to whom ──

    def _trigger(self, loc: Loc, entry: InjectEntry) -> Condition | None:
        if entry.when is not None:
            return self._conditions.condition((*loc, "when"), entry.when)
        if entry.after is not None and entry.after.inject:
            if entry.after.inject == entry.id:
                self.issues.say((*loc, "after", "inject"), "an inject cannot come after itself", "name another inject")
            return self._conditions.released((*loc, "after", "inject"), entry.after.inject, entry.after.wait or 0.0)
        if entry.if_missed:
            return self._conditions.missed((*loc, "if_missed"), entry.if_missed)
        return None

    def _unless(self, loc: Loc, entry: Any) -> Condition | None:
        return self._conditions.done(loc, entry) if isinstance(entry, str) else self._conditions.condition(loc, entry)

    def _sender(self, entry: Named | None) -> tuple[str, str]:
        """Whom the controller plays: in the names of the post or unit if it is one, else as written."""
        if entry is None:
            return "", ""
        for names in (self._posts, self._units):
            try:
                known = names.one(entry.zh)
            except Unknown:
                continue
            called = self.city.posts.get(known) or self._unit(known)
            return (called.name_zh, called.name_en) if called is not None else (entry.zh, entry.en)
        return entry.zh, entry.en

    def _unit(self, id_: str) -> Any:
        plans = getattr(self.city, "plans", None)
        return plans.units.get(id_) if plans is not None else None

    def _who(self, loc: Loc, name: str) -> str | None:
        """The post or unit that is meant."""
        try:
            return self._units.one(name)
        except Unknown:
            return self._named(self._posts, loc, name)

    # ── actions ──

    def _action(self, loc: Loc, entry: Any, begun: Compiled | None) -> Sequence[Action]:
        match entry:
            case door.CloseRoad() | door.SlowRoad() | door.OpenRoad():
                return self._road(loc, entry)
            case door.ChangeWeather():
                county = self._named(self.names.counties, (*loc, "county"), entry.county) if entry.county else ""
                over = self._weather.get(county or "") or self._weather[""]
                action = Action("weather", county=county or "", weather=weather_of(entry.weather, over))
            case door.Comms():
                post = self._named(self._posts, (*loc, "post"), entry.post) if entry.post else ""
                action = Action("comms", post=post or "", state=entry.comms)
            case door.Casualties():
                action = self._hurt((*loc, "casualties"), entry.casualties)
            case door.Begin():
                return self._begin(loc, entry, begun)
            case Delay():
                action = self._delay((*loc, "delay"), entry.delay)
            case Suspend():
                action = self._suspend((*loc, "suspend"), entry.suspend)
            case door.Tell():
                action = Action("tell", text_zh=entry.tell.zh, text_en=entry.tell.en)
            case _:
                return []
        return [action]

    def _begin(self, loc: Loc, entry: door.Begin, begun: Compiled | None) -> list[Action]:
        if isinstance(entry.incident, str):
            name = self._named(self._incidents, (*loc, "incident"), entry.incident) or ""
        elif begun is None:
            return []
        else:
            name = begun.spec.id
        if entry.follows is None:
            return [Action("incident", incident=name)]
        parent = self._named(self._incidents, (*loc, "follows"), entry.follows) or ""
        if parent and parent == name:
            self.issues.say((*loc, "follows"), f"'{name}' cannot follow itself", "name the accident that led to it")
        return [Following("incident", incident=name, follows=parent)]

    def _hurt(self, loc: Loc, hurt: door.Hurt) -> Action:
        if hurt.status == "waiting" and hurt.triage is None:
            self.issues.say(loc, "the injured have a triage colour", "add 'triage: yellow'")
        incident = self._named(self._incidents, (*loc, "incident"), hurt.incident) or ""
        return Action("casualties", incident=incident, persons=hurt.count, status=hurt.status, triage=hurt.triage or "")

    def _delay(self, loc: Loc, entry: DelayEntry) -> Action:
        self._planned(loc)
        unit = self._named(self._units, (*loc, "unit"), entry.unit) if self.city.plans else ""
        return Staffing("delay", unit=unit or "", by=entry.by or 0.0)

    def _suspend(self, loc: Loc, entry: SuspendEntry) -> Action:
        self._planned(loc)
        incident = self._named(self._incidents, (*loc, "incident"), entry.incident) or ""
        return Staffing("suspend", incident=incident, by=entry.lasting or 0.0)

    def _planned(self, loc: Loc) -> None:
        if self.city.plans is None:
            self.issues.say(loc, f"the city {self.city.name_en} has no plans that anybody would carry out", key=True)

    def _road(self, loc: Loc, entry: door.CloseRoad | door.SlowRoad | door.OpenRoad) -> list[Action]:
        verb = next(v for v in ("close_road", "slow_road", "open_road") if hasattr(entry, v))
        where, known = getattr(entry, verb), math.inf if entry.known_after == "never" else float(entry.known_after)
        factor = entry.factor if isinstance(entry, door.SlowRoad) else 1.0
        if isinstance(where, str):
            link = self._named(self.names.links, (*loc, verb), where)
            links = [link] if link else []
        else:
            links = self._between((*loc, verb), where) if where else []
        return [Action(verb, link=link, factor=factor, known_after=known) for link in links]

    def _between(self, loc: Loc, entry: door.Between) -> list[str]:
        ends = [self._town_node((*loc, key), name) for key, name in (("from", entry.from_), ("to", entry.to))]
        if not all(ends):
            return []
        roads = self.city.network.links
        found = sorted(id_ for id_, link in roads.items() if {link.a, link.b} == set(ends))
        if not found:
            other = (link.b if link.a == ends[0] else link.a for link in roads.values() if ends[0] in (link.a, link.b))
            nodes = self.city.network.nodes
            near = ", ".join(sorted({nodes[n].name_zh or n for n in other}))
            what = f"no road joins '{entry.from_}' and '{entry.to}' directly"
            self.issues.say(loc, what, f"from '{entry.from_}' roads lead to {near}; or write the link's id")
        return found

    def _town_node(self, loc: Loc, name: str) -> str:
        """The node of a town, or a node by its own id."""
        if name in self.city.network.nodes:
            return name
        town = self._named(self.names.towns, loc, name) if name else None
        return self.city.towns[town].node if town else ""


def weather_of(entry: WeatherEntry, over: Weather) -> Weather:
    """The weather as said, and as it was where nothing is said. Rain in mm/h and humidity in percent, as `Weather` has them."""
    said: dict[str, Any] = {
        name: value for name in Weather.__struct_fields__ if (value := getattr(entry, name)) is not None
    }
    if "rain" in said:
        said["rain"] = round(from_si(said["rain"], "mm/h"), 9)
    if "humidity" in said:
        said["humidity"] = round(from_si(said["humidity"], "%"), 9)
    return msgspec.structs.replace(over, **said)


def expected_id(inject: InjectEntry, entry: ResponseExpected, position: int) -> str:
    """The id of what is expected after an inject: its own, or the inject's with a number."""
    return entry.id or f"{inject.id}.{position + 1}"


def repeated(id_: str, number: int) -> str:
    """The id of an inject, or of what is expected after it, the so-manieth time it is released."""
    return id_ if number == 1 else f"{id_}#{number}"


def _again(first: Inject, every: float, times: int) -> list[Inject]:
    """The further releases of an inject: each so long after the one before."""
    found = []
    for number in range(2, times + 1):
        when = When("inject_released", {"inject": repeated(first.id, number - 1)}, after=every)
        changes = {"id": repeated(first.id, number), "at": None, "when": when}
        titles = {"title_zh": f"{first.title_zh}（第{number}次）", "title_en": f"{first.title_en} ({number})"}
        found.append(msgspec.structs.replace(first, **changes, **titles))
    return found


def _units(city: City) -> list[tuple[str, Sequence[str]]]:
    """Departments and offices that can be told something, where the city has them; those of a county by its name, too."""
    if city.plans is None:
        return []
    return [(u.id, (u.name_zh, u.name_en, *_of_counties(u, city))) for u in city.plans.units.values()]


def _of_counties(unit: Unit, city: City) -> list[str]:
    """What the office is called in each county, as a review names it: there is one of it in the model, and it is meant."""
    patterns = [p for p in unit.local.get("", ()) if "{county}" in p and "{" not in p.replace("{county}", "")]
    counties = [name for county in city.counties.values() for name in (county.name_zh, county.name_en)]
    return [pattern.format(county=county) for pattern in patterns for county in counties]


def _both(named: Named | None) -> tuple[str, str]:
    return (named.zh, named.en) if named is not None else ("", "")
