"""Injects and expected actions, resolved: roads, posts, incidents and conditions by the names people use."""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec

from sim.case import Action, City, Expectation, Following, Inject, Staffing, When
from sim.domain.command import Tier
from sim.domain.events import AnyEvent, Event
from sim.domain.places import Weather
from sim.doors import case as door
from sim.doors.hazard import HazardCard, MeasureEntry
from sim.doors.staffing import Delay, DelayEntry, Suspend, SuspendEntry
from sim.errors import suggest
from sim.reader import Loc
from sim.scenario.incidents import Compiled
from sim.scenario.issues import Issues, Names, Unknown
from sim.scenario.places import Gazetteer
from sim.units import UnitError, dimension_of, from_si, parse_quantity

EVENTS: Mapping[str, type[Event]] = {str(kind.__struct_config__.tag): kind for kind in get_args(AnyEvent)}
_BOOKKEEPING = ("seq", "t", "cause")  # of every event; no condition is about them
_YES = {"yes": "True", "true": "True", "是": "True", "no": "False", "false": "False", "否": "False"}


class Director:
    """Resolves what exercise control does and expects, for one case."""

    def __init__(
        self, city: City, names: Gazetteer, incidents: Mapping[str, HazardCard | None], weather: Mapping[str, Weather],
        issues: Issues, moment: Callable[[Loc, str], float],
    ) -> None:  # fmt: skip
        self.city, self.names, self.issues = city, names, issues
        self._cards = incidents
        self._incidents = Names("incident", ((id_, ()) for id_ in incidents))
        self._posts = Names("post", ((p.id, self._called(p)) for p in city.posts.values()))
        units = city.plans.units.values() if city.plans else ()
        self._units = Names("unit", ((u.id, (u.name_zh, u.name_en)) for u in units))
        self._weather, self._moment = weather, moment

    def inject(self, loc: Loc, entry: door.InjectEntry, begun: Mapping[int, Compiled]) -> Inject | None:
        """One inject; `begun` are the incidents described in its actions, by their position."""
        actions: list[Action] = []
        for i, action in enumerate(entry.do or ()):
            if action is not None:
                actions += self._action((*loc, "do", i), action, begun.get(i))
        when = self._when((*loc, "when"), entry.when) if entry.when else None
        at = self._moment((*loc, "at"), entry.at) if entry.at else None
        if entry.title is None:
            return None
        return Inject(entry.id, entry.title.zh, entry.title.en, tuple(actions), at, when)

    def expectation(self, loc: Loc, entry: door.ExpectEntry) -> Expectation | None:
        """One expected action."""
        done = self._when((*loc, "done"), entry.done)
        since = self._when((*loc, "since"), entry.since) if entry.since else None
        if done is None or entry.title is None or entry.within is None:
            return None
        return Expectation(entry.id, entry.title.zh, entry.title.en, done, entry.within, since)

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

    # ── conditions ──

    def _when(self, loc: Loc, entry: door.WhenEntry | None) -> When | None:
        if entry is None or not entry.event:
            return None
        kind = EVENTS.get(entry.event)
        if kind is None:
            self.issues.say(
                (*loc, "event"), f"there is no event '{entry.event[:40]}'", suggest(entry.event, sorted(EVENTS))
            )
            return None
        where = {name: self._wanted((*loc, name), kind, name, text) for name, text in (entry.model_extra or {}).items()}
        level = self._level(loc, entry, kind, where.get("incident", ""))
        return When(entry.event, where, entry.reading, level, entry.after or 0.0)

    def _wanted(self, loc: Loc, kind: type[Event], name: str, text: str) -> str:
        """The value a field must have, as the engine compares it."""
        hints = {f: h for f, h in get_type_hints(kind).items() if f not in _BOOKKEEPING and _is_plain(h)}
        if name not in hints:
            event = str(kind.__struct_config__.tag)
            self.issues.say(
                loc, f"the event {event} has no field '{name[:40]}'", suggest(name, sorted(hints)), key=True
            )
            return text
        named = {
            "incident": self._incidents,
            "post": self._posts,
            "county": self.names.counties,
            "link": self.names.links,
        }
        if name in named:
            return self._named(named[name], loc, text) or text
        if hints[name] is bool:
            if text.lower() not in _YES:
                self.issues.say(loc, f"expected yes or no, got '{text[:40]}'")
            return _YES.get(text.lower(), text)
        if hints[name] is int and not text.lstrip("-").isdecimal():
            self.issues.say(loc, f"expected a whole number, got '{text[:40]}'")
        return text

    def _level(self, loc: Loc, entry: door.WhenEntry, kind: type[Event], incident: str) -> float | None:
        """The value (SI) that a reading must have reached."""
        if (entry.at_least is None) != (not entry.reading):
            lacking = "at_least" if entry.at_least is None else "reading"
            self.issues.say(loc, "'reading' and 'at_least' go together", f"add '{lacking}: …'")
            return None
        if entry.at_least is None:
            return None
        fields = kind.__struct_fields__
        if "readings" not in fields and "values" not in fields:
            self.issues.say(
                (*loc, "reading"), f"the event {entry.event} has no readings", "hazard_changed and milestone have"
            )
            return None
        cards = [card for id_, card in self._cards.items() if card is not None and incident in ("", id_)]
        known: dict[str, MeasureEntry] = {
            name: m for card in cards for name, m in (card.readings | card.figures).items()
        }
        if entry.reading not in known and "readings" in fields and cards:
            self.issues.say(
                (*loc, "reading"), f"there is no reading '{entry.reading[:40]}'", suggest(entry.reading, sorted(known))
            )
            return None
        unit = known[entry.reading].unit if entry.reading in known else "1"
        try:
            return parse_quantity(entry.at_least, dimension_of(unit))
        except UnitError as error:
            self.issues.at((*loc, "at_least"), error)
            return None

    # ── names ──

    def _named(self, names: Names, loc: Loc, name: str) -> str | None:
        try:
            return names.one(name)
        except Unknown as error:
            self.issues.at(loc, error)
            return None

    def _called(self, post: Any) -> list[str]:
        """A post goes by its own names and by those of the county or town it is the post of."""
        called = [post.name_zh, post.name_en]
        if post.tier == Tier.COUNTY and (county := self.city.counties.get(post.county)):
            called += [county.code, county.name_zh, county.name_en]
        if post.tier == Tier.TOWNSHIP and (town := self.city.towns.get(post.town)):
            called += [town.code, town.name_zh, town.name_en]
        return called


def weather_of(entry: door.WeatherEntry, over: Weather) -> Weather:
    """The weather as said, and as it was where nothing is said. Rain in mm/h and humidity in percent, as `Weather` has them."""
    said: dict[str, Any] = {
        name: value for name in Weather.__struct_fields__ if (value := getattr(entry, name)) is not None
    }
    if "rain" in said:
        said["rain"] = round(from_si(said["rain"], "mm/h"), 9)
    if "humidity" in said:
        said["humidity"] = round(from_si(said["humidity"], "%"), 9)
    return msgspec.structs.replace(over, **said)


def _is_plain(hint: Any) -> bool:
    """Whether a field holds one text, number, yes or no, or name of a state: what a condition can ask for."""
    if get_origin(hint) in (Union, types.UnionType):
        return any(_is_plain(part) for part in get_args(hint) if part is not type(None))
    return isinstance(hint, type) and not get_args(hint) and not issubclass(hint, dict | tuple | list | msgspec.Struct)
