"""Telling: one sentence for every kind of event, in Chinese or English, with the names of the cast."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import count

from sim.analysis import told_headquarters, told_stores
from sim.analysis.facts import called
from sim.analysis.sayings import forces
from sim.analysis.words import TABLE, amount, either, named, say
from sim.domain import events as ev
from sim.journal.cast import Cast, CastHazard, Words

_NO_HAZARD = CastHazard(Words("", ""))


class Teller:
    """Puts events into words. It learns from the events it is told (`hear`) which names stand for what."""

    def __init__(self, cast: Cast, lang: str) -> None:
        self.cast, self.lang = cast, lang
        self._incidents: dict[str, ev.IncidentOccurred] = {}
        self._teams: dict[str, str] = {}  # sortie -> team
        self._marks: dict[str, str] = {}  # incident -> the short mark it is told by

    def hear(self, event: ev.Event) -> None:
        """Take in the names an event brings."""
        if isinstance(event, ev.IncidentOccurred):
            self._incidents[event.incident] = event
            if event.incident not in self._marks:
                self._marks[event.incident] = self._new_mark(event)
        elif isinstance(event, ev.OrderGiven):
            self._teams[event.order] = event.team

    # ── names ──

    def incident(self, name: str) -> str:
        """What an incident is called."""
        known = self._incidents.get(name)
        return (Words(known.name_zh, known.name_en).of(self.lang) if known else "") or name

    def mark(self, incident: str) -> str:
        """The short mark of an incident in brackets, where there are several to tell apart: `[F1-2] ` is the second that
        followed F1, at whatever remove."""
        return f"[{self._marks.get(incident, incident)}] " if incident and len(self._incidents) > 1 else ""

    def marked(self, incident: str) -> str:
        """What an incident is called, after its mark."""
        return self.mark(incident) + self.incident(incident)

    def _new_mark(self, event: ev.IncidentOccurred) -> str:
        if event.parent not in self._marks:
            return event.incident
        root, taken = event.parent, {*self._incidents, *self._marks.values()}
        while (above := self._incidents[root].parent) in self._marks:
            root = above
        return next(mark for n in count(1) if (mark := f"{self._marks[root]}-{n}") not in taken)

    def strategy(self, name: str) -> str:
        """What a strategy is called."""
        return either({name: self.cast.strategy} if self.cast.strategy.zh else {}, name, self.lang)

    def hazard(self, incident: str) -> CastHazard:
        """The words of an incident's hazard card; an empty card where there is none."""
        known = self._incidents.get(incident)
        return self.cast.hazards.get(known.nature, _NO_HAZARD) if known else _NO_HAZARD

    def team(self, sortie: str) -> str:
        """What the team of a sortie is called."""
        return self.team_name(self._teams.get(sortie, ""))

    def team_name(self, team: str) -> str:
        """What a team is called."""
        known = self.cast.teams.get(team)
        return known.name.of(self.lang) if known else team

    def post(self, name: str) -> str:
        """What a post, or a role on the spot, is called."""
        known = self.cast.posts.get(name)
        return known.name.of(self.lang) if known else named("sender", name, self.lang)

    def office(self, unit: str, incident: str = "", county: str = "") -> str:
        """What a unit is called; of an office that every place has, the one that answers for an incident's site."""
        known, local, begun = self.cast.units.get(unit), self.cast.local.get(unit), self._incidents.get(incident)
        if known is None or local is None or begun is None:
            return either(self.cast.units, unit, self.lang)
        return called(local, known, begun.site, self.cast, county)[0].of(self.lang)

    def entered(self, item: ev.ItemListed) -> str:
        """What an entry of the two lists says; an office that every place has is named as the one it means."""
        text, known = Words(item.text_zh, item.text_en).of(self.lang), self.cast.units.get(item.unit)
        return text.replace(known.of(self.lang), self.office(item.unit, item.incident), 1) if known else text

    def node(self, name: str) -> str:
        """What a place on the network is called."""
        known = self.cast.nodes.get(name)
        return (known.name.of(self.lang) if known else "") or name

    def link(self, name: str) -> str:
        """What a road link is called: its road, and the places it joins."""
        known = self.cast.links.get(name) or self.cast.links.get(name.split("#", 1)[0])
        if known is None:
            return name
        ends = f"{self.node(known.a)}–{self.node(known.b)}"
        said = known.name in (name, name.split("#", 1)[0]) or known.name in ends
        return ends if said else f"{known.name} {ends}"

    def capability(self, code: str) -> str:
        """What a capability is called."""
        known = self.cast.capabilities.get(code)
        return known.name.of(self.lang) if known else code

    def effort(self, capability: str, value: float) -> str:
        """An amount of a capability in its own unit."""
        return amount(value, self.cast.unit(capability), self.lang)

    def hospital(self, name: str) -> str:
        """What a hospital is called."""
        known = self.cast.hospitals.get(name)
        return known.name.of(self.lang) if known else name

    def listed(self, parts: Iterable[str]) -> str:
        """Parts in a row, as the language writes them."""
        return ("、" if self.lang == "zh" else ", ").join(parts)

    def road_state(self, factor: float) -> str:
        """closed, slowed or open again."""
        return self.named("road", "closed" if factor == 0.0 else "open" if factor == 1.0 else "slowed")

    def demand(self, incident: str, demand: str) -> str:
        """What a demand is called; no demand is reserve."""
        return either(self.hazard(incident).demands, demand, self.lang) if demand else self.named("state", "reserve")

    def happening(self, incident: str, what: str) -> str:
        """What an own event of a hazard is called."""
        if (key := f"what.{what}") in TABLE and what not in self.hazard(incident).events:
            return self.say(key)
        return either(self.hazard(incident).events, what, self.lang)

    # ── sentences ──

    def say(self, key: str, **facts: object) -> str:
        """The words of a key in this teller's language."""
        return say(key, self.lang, **facts)

    def named(self, family: str, name: object) -> str:
        """The words for one of a family of names."""
        return named(family, str(getattr(name, "value", name)), self.lang)

    def tell(self, event: ev.Event) -> str:
        """One sentence for an event."""
        self.hear(event)
        text = say(_key(event), self.lang, **(self._names(event) | self._special(event)))
        return text[:1].upper() + text[1:]

    def _names(self, event: ev.Event) -> dict[str, object]:
        """The fields of an event by the names people know; every field's name says what kind of name it holds."""
        facts: dict[str, object] = {}
        for field in event.__struct_fields__:
            value = getattr(event, field)
            if field in _NAMES:
                facts[field] = _NAMES[field](self, value)
            elif field in _FAMILIES:
                facts[field] = self.named(_FAMILIES[field], value)
            elif field == "sortie":
                facts["team"] = self.team(value)
            elif field == "persons":
                facts["count"] = len(value)
            else:
                facts[field] = value
        return facts

    def _counts(self, figures: Mapping[str, float]) -> str:
        """People counted, by what they are."""
        return self.listed(f"{self.named('count', name)} {n:g}" for name, n in figures.items())

    def _special(self, event: ev.Event) -> dict[str, object]:  # noqa: PLR0911, PLR0912 - a case a kind is the plainest
        """Facts that are more than one field, or that a kind of event uses in a way of its own."""
        match event:
            case ev.HazardChanged(incident=incident, what=what):
                return {"what": self.happening(incident, what)}
            case ev.Milestone(incident=incident, name=name):
                return {"name": self.happening(incident, name)}
            case ev.Discovered(incident=incident, by="witness"):
                noticed = self.hazard(incident).noticed_by.of(self.lang)
                return {"by": noticed} if noticed else {}
            case ev.DemandsChanged(incident=incident, demands=demands):
                return {"demands": self.listed(self.demand(incident, d.id) for d in demands) or "–"}
            case ev.Assigned(incident=incident, demand=demand):
                return {"demand": self.demand(incident, demand)}
            case ev.NeedsStated(needs=needs):
                told = (f"{self.capability(n.capability)} {self.effort(n.capability, n.amount)}" for n in needs)
                return {"needs": self.listed(told) or "–"}
            case ev.Shortfall(capability=capability, amount=missing, reason=reason):
                return {"amount": self.effort(capability, missing), "reason": self.named("short", reason)}
            case ev.SupportRequested(to=to):
                return {"to": self.post(to)}
            case ev.Recalled(order=order):
                return {"team": self.team(order)}
            case ev.RunEnded(reason=reason):
                return {"reason": self.named("end", reason)}
            case ev.RoadChanged(factor=factor) | ev.RoadKnown(factor=factor):
                return {"state": self.road_state(factor)}
            case ev.LimitPassed(incident=incident, limit=limit, value=value, low=low, high=high):
                known = self.hazard(incident).limits.get(limit)
                unit = known.unit if known else ""
                bounds = {"low": amount(low, unit, self.lang), "high": amount(high, unit, self.lang)}
                name = known.name.of(self.lang) if known else limit
                return {"limit": name, "value": amount(value, unit, self.lang), **bounds}
            case ev.ShockFelt(incident=incident, name=name, town=town):
                return {"name": self.happening(incident, name), "town": either(self.cast.towns, town, self.lang)}
            case ev.DeadFound(incident=incident, persons=persons, why=why):
                return {"count": len(persons), "why": self.happening(incident, why)}
            case ev.RespondersHit(incident=incident, why=why, dead=dead, hurt=hurt):
                toll = [self.say(f"toll.{what}", count=n) for what, n in (("dead", dead), ("hurt", hurt)) if n]
                return {"why": self.happening(incident, why), "toll": self.listed(toll)}
            case ev.Cascaded(edge=edge) | ev.CascadeHeld(edge=edge):
                why = self.named("held", event.why) if isinstance(event, ev.CascadeHeld) else ""
                return {"edge": either(self.cast.edges, edge, self.lang), "why": why}
            case ev.ServiceChanged(service=service, shares=shares):
                least = amount(min(shares.values(), default=1.0), "%", self.lang)
                return {"service": self.named("service", service), "count": len(shares), "share": least}
            case ev.ReportWithheld(why=why):
                return {"why": self.named("conduct", why)}
            case ev.ReportFalsified(believed=believed, told=told):
                return {"believed": self._counts(believed), "told": self._counts(told)}
            case ev.ConductExposed(by=by, how=how):
                return {"by": self.post(by), "how": self.named("conduct", how)}
            case ev.HospitalChanged(why=why):
                return {"why": self.named("places", why)}
            case ev.Daylight(night=night):
                return {"state": self.named("light", "night" if night else "day")}
            case ev.WeatherChanged(weather=w):
                facts = {"rain": f"{w.rain:g}", "wind": f"{w.wind:g}", "temperature": f"{w.temperature:g}"}
                return {"weather": self.say("weather.text", **facts)}
            case (
                ev.ForceAsked()
                | ev.ForceAnswered()
                | ev.ForceTasked()
                | ev.ForceSetOut()
                | ev.ForceReleased()
                | ev.ForceStoodDown()
            ):
                return forces.facts(self, event)
            case ev.InjectReleased(title_zh=zh, title_en=en):
                return {"title": Words(zh, en).of(self.lang)}
            case ev.InjectWithheld(title_zh=zh, title_en=en):
                return {"title": Words(zh, en).of(self.lang)}
            case ev.ExpectationSettled(expectation=name) | ev.ExpectationOverdue(expectation=name):
                return {"title": either(self.cast.expectations, name, self.lang)}
            case _:
                return told_headquarters.facts(self, event) | told_stores.facts(self, event)


def kind_of(event: ev.Event) -> str:
    """The kind of an event as the journal writes it."""
    return str(event.__struct_config__.tag)


def _key(event: ev.Event) -> str:
    if isinstance(event, ev.ResponseChanged) and not event.level:
        return "event.response_ended"
    if isinstance(event, ev.Graded) and event.confirmed == event.potential:
        return "event.graded_same"
    if isinstance(event, ev.Shortfall) and event.amount <= 0.0:
        return "event.covered"
    if isinstance(event, ev.ServiceChanged) and min(event.shares.values(), default=1.0) >= 1.0:
        return "event.service_back"
    return told_stores.key(event) or f"event.{kind_of(event)}"


_NAMES: dict[str, Callable[[Teller, str], str]] = {
    "incident": Teller.incident,
    "post": Teller.post,
    "sender": Teller.post,
    "receiver": Teller.post,
    "team": Teller.team_name,
    "node": Teller.node,
    "link": Teller.link,
    "hospital": Teller.hospital,
    "capability": Teller.capability,
}
_FAMILIES = {
    "by": "by",
    "status": "status",
    "level": "level",
    "confirmed": "severity",
    "potential": "severity",
    "state": "channel",
    "outcome": "outcome",
    "care": "care",
    "triage": "triage",
}
