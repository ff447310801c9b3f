"""Conditions of a drill, resolved: events and their fields, readings of accidents, posts, injects and expected actions by name."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec

from sim.case import Condition, Several, State, When
from sim.domain.events import AnyEvent, Event
from sim.doors import injects as door
from sim.doors.hazard import HazardCard, MeasureEntry
from sim.errors import suggest
from sim.reader import Loc
from sim.scenario.issues import Issues, Names, Unknown
from sim.scenario.places import Gazetteer
from sim.units import UnitError, dimension_of, parse_quantity

EVENTS: Mapping[str, type[Event]] = {str(kind.__struct_config__.tag): kind for kind in get_args(AnyEvent)}
_BOOKKEEPING = ("seq", "t", "cause")  # of every event; no condition is about them
_YES = {"yes": "True", "true": "True", "是": "True", "no": "False", "false": "False", "否": "False"}


class Resolver:
    """Resolves conditions for one case. `injects` and `expected` are the ids there are."""

    def __init__(
        self, names: Gazetteer, incidents: Mapping[str, HazardCard | None], injects: Sequence[str],
        expected: Sequence[str], issues: Issues, moment: Callable[[Loc, str], float],
    ) -> None:  # fmt: skip
        self.names, self.issues = names, issues
        self._cards, self.moment = incidents, moment
        self.incidents = Names("incident", ((id_, ()) for id_ in incidents))
        self.posts = names.posts
        self.injects = Names("inject", ((id_, ()) for id_ in injects))
        self.expected = Names("expected action", ((id_, ()) for id_ in expected))

    def condition(self, loc: Loc, entry: Any) -> Condition | None:  # noqa: PLR0911 - a condition a line is the plainest
        """A condition, or None where it cannot be one; problems are told."""
        match entry:
            case door.WhenEntry():
                return self.event(loc, entry)
            case door.ReadingEntry():
                return self._reading(loc, entry)
            case door.ResponseEntry(response=int() as level):
                incident, post = self._place(loc, entry)
                return State(
                    "response", incident, post, high=float(level), lasting=entry.for_ or 0.0, after=entry.after or 0.0
                )
            case door.DeadEntry(dead=int() as dead):
                incident, _ = self._place(loc, entry)
                return State("dead", incident, low=float(dead), lasting=entry.for_ or 0.0, after=entry.after or 0.0)
            case door.ClockEntry(clock=str() as clock):
                return State("clock", low=self.moment((*loc, "clock"), clock))
            case door.InjectEvent(inject=str() as inject):
                return self.released((*loc, "inject"), inject, entry.after or 0.0)
            case door.MetEntry(met=str() as action):
                return self.done((*loc, "met"), action, entry.after or 0.0)
            case door.MissedEntry(missed=str() as action):
                return self.missed((*loc, "missed"), action, entry.after or 0.0)
            case door.AllOf(all_=list() as parts):
                return self._several((*loc, "all"), parts, len(parts), entry.after or 0.0)
            case door.AnyOf(any_=list() as parts):
                if (entry.at_least or 1) > len(parts):
                    what = f"at least {entry.at_least} of {len(parts)} can never hold"
                    self.issues.say((*loc, "at_least"), what, f"write {len(parts)} or less")
                return self._several((*loc, "any"), parts, entry.at_least or 1, entry.after or 0.0)
            case _:
                return None

    def released(self, loc: Loc, inject: str, after: float) -> When | None:
        """An inject was released."""
        name = self.named(self.injects, loc, inject)
        return When("inject_released", {"inject": name}, after=after) if name else None

    def done(self, loc: Loc, action: str, after: float = 0.0) -> When | None:
        """An expected action was done, in time or late: what is missed is settled only when all is over."""
        name = self.named(self.expected, loc, action)
        return When("expectation_settled", {"expectation": name}, after=after) if name else None

    def missed(self, loc: Loc, action: str, after: float = 0.0) -> When | None:
        """The time for an expected action ran out."""
        name = self.named(self.expected, loc, action)
        return When("expectation_overdue", {"expectation": name}, after=after) if name else None

    def event(self, loc: Loc, entry: door.WhenEntry | None) -> When | None:
        """An event of a kind, with what its fields must be."""
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

    def named(self, names: Names, loc: Loc, name: str) -> str | None:
        """The one id that is meant by a name; None, and a problem, if there is none."""
        try:
            return names.one(name)
        except Unknown as error:
            self.issues.at(loc, error)
            return None

    # ── inside ──

    def _several(self, loc: Loc, entries: Sequence[Any], of: int, after: float) -> Several | None:
        parts = [self.condition((*loc, i), entry) for i, entry in enumerate(entries) if entry is not None]
        known = tuple(part for part in parts if part is not None)
        return Several(known, of, after) if known else None

    def _place(self, loc: Loc, entry: Any) -> tuple[str, str]:
        incident = self.named(self.incidents, (*loc, "incident"), entry.incident) if entry.incident else ""
        post = getattr(entry, "post", "")
        return incident or "", (self.named(self.posts, (*loc, "post"), post) or "" if post else "")

    def _reading(self, loc: Loc, entry: door.ReadingEntry) -> State | None:
        if not entry.reading:
            return None
        incident, _ = self._place(loc, entry)
        known = self._measures(incident)
        if known and entry.reading not in known:
            self._no_reading(loc, entry.reading, known)
            return None
        unit = known[entry.reading].unit if entry.reading in known else "1"
        bounds = {
            name: self._figure((*loc, name), text, unit) if (text := getattr(entry, name)) is not None else None
            for name in ("at_least", "at_most")
        }
        return State(
            "reading", incident, name=entry.reading, low=bounds["at_least"], high=bounds["at_most"],
            lasting=entry.for_ or 0.0, after=entry.after or 0.0,
        )  # fmt: skip

    def _measures(self, incident: str, *, figures: bool = False) -> dict[str, MeasureEntry]:
        cards = [card for id_, card in self._cards.items() if card is not None and incident in ("", id_)]
        return {n: m for c in cards for n, m in (c.readings | (c.figures if figures else {})).items()}

    def _no_reading(self, loc: Loc, name: str, known: Mapping[str, MeasureEntry]) -> None:
        self.issues.say((*loc, "reading"), f"there is no reading '{name[:40]}'", suggest(name, sorted(known)))

    def _figure(self, loc: Loc, text: str, unit: str) -> float | None:
        try:
            return parse_quantity(text, dimension_of(unit))
        except UnitError as error:
            self.issues.at(loc, error)
            return None

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
            "incident": self.incidents,
            "post": self.posts,
            "county": self.names.counties,
            "link": self.names.links,
            "inject": self.injects,
            "expectation": self.expected,
        }
        if name in named:
            return self.named(named[name], loc, text) or text
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
        known = self._measures(incident, figures=True)
        if entry.reading not in known and "readings" in fields and known:
            self._no_reading(loc, entry.reading, known)
            return None
        unit = known[entry.reading].unit if entry.reading in known else "1"
        return self._figure((*loc, "at_least"), entry.at_least, unit)


def _is_plain(hint: Any) -> bool:
    """Whether a field holds one text, number, yes or no, or name of a state: what a condition can ask for."""
    if get_origin(hint) in (Union, types.UnionType):
        return any(_is_plain(part) for part in get_args(hint) if part is not type(None))
    return isinstance(hint, type) and not get_args(hint) and not issubclass(hint, dict | tuple | list | msgspec.Struct)
