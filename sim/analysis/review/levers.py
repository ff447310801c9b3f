"""Levers: what of the model answers a delay – so that a measure is not only written down, but the next drill goes by it.

Each step of a chain of causes waited for something. Where the model has a number, a home, a stock or a watch for that, the
measure changes it; by how much is said in models/rules/review.yaml (all of it our reference configuration).
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from sim.analysis.lines import SortieLine
from sim.analysis.review.blocks import Change
from sim.analysis.review.maker import Maker, Remedy, number
from sim.domain import events as ev
from sim.journal.cast import Words

ROOMS = tuple(f"scene.room_{terrain}" for terrain in ("basin", "hilly", "mountain", "gorge"))
_PHONED = ("phone", "radio", "courier")


def practice(m: Maker, words: str, who: Words, term: str, *numbers: str) -> Remedy | None:
    """Something trained or agreed, by which numbers of the models get other; None where nobody said by how much."""
    share = m.g.terms.get(term, 1.0)
    if share == 1.0:
        return None
    return Remedy("practice", words, who, {"numbers": numbers, "times": f"{share:g}"})


# What people train or agree on: by the event that ended the wait, the words, by how much (a term), which numbers.
_PRACTISED: dict[type[ev.Event], tuple[str, str, tuple[str, ...]]] = {
    ev.Graded: ("grading", "trained", ("reporting.grade", "reporting.verify")),
    ev.ReportSent: ("writing", "trained", ("reporting.situation", "reporting.size_up")),
    ev.ReportReceived: ("line", "line", ("reporting.report_phone",)),
    ev.CommandFormed: ("staffing", "trained", ("headquarters.ad_hoc",)),
    ev.GroupStaffed: ("staffing", "trained", ("headquarters.staff",)),
    ev.RescueBecameSearch: ("searching", "trained", ("headquarters.search",)),
    ev.ResponseChanged: ("raising", "trained", ("headquarters.raise",)),
    ev.SupplyAllotted: ("supplies", "agreed", ("stores.draft", "stores.approve", "stores.upward")),
    ev.SupplyLoaded: ("loading", "trained", ("stores.load",)),
    ev.SupplySigned: ("signing", "trained", ("stores.sign",)),
    ev.FundApproved: ("funds", "agreed", ("stores.fund_county", "stores.fund_city", "stores.fund_province")),
    ev.FundPaid: ("funds", "agreed", ("stores.fund_county", "stores.fund_city", "stores.fund_province")),
}


def of_step(m: Maker, event: ev.Event, who: Words) -> Remedy | None:  # noqa: PLR0911 - a case a kind is the plainest
    """What shortens the wait that an event ended; None where the model has nothing for it."""
    if (known := _PRACTISED.get(type(event))) is not None:
        words, term, numbers = known
        return practice(m, words, who, term, *numbers)
    match event:
        case ev.Consulted(means=means):
            return practice(m, "consulting", who, "trained", "headquarters.consult", f"headquarters.gather_{means}")
        case ev.ForceAnswered(force=force):
            return agreement(m, force, who)
        case ev.CareChanged(care="definitive"):
            return practice(m, "theatres", who, "surge", "care.theatres")
        case ev.Departed(sortie=name) | ev.Arrived(sortie=name):
            sortie = m.g.line.sorties.get(name)
            return None if sortie is None else sooner(m, sortie)
        case ev.Discovered(incident=incident):
            return watch(m, incident)
        case _:
            return None


def told_sooner(m: Maker, unit: str, incident: str, who: Words) -> Remedy | None:
    """What lets a unit know sooner: a terminal, somebody awake, more who telephone – whichever it has not got."""
    told = next((e for e in m.g.of(ev.UnitNotified) if (e.unit, e.incident) == (unit, incident)), None)
    heard = next((e for e in m.g.of(ev.UnitAcknowledged) if (e.unit, e.incident) == (unit, incident)), None)
    if told is None:
        return None
    queued, woke = told.due_at - told.t, (heard.t if heard is not None else m.g.field_ended) - told.due_at
    if queued >= woke and told.channel in _PHONED:
        if unit not in m.g.cast.joined and m.g.cast.platform == "on":
            return Remedy("plan_version", "platform", who, {"unit": unit, "on_platform": "true"})
        return practice(m, "callers", m.post(told.post), "callers", "notices.callers")
    if unit not in m.g.cast.desks:
        return Remedy("plan_version", "desk", who, {"unit": unit, "desk": "true"})
    return None  # it is told at once, and manned around the clock


def agreement(m: Maker, force: str, who: Words) -> Remedy | None:
    """What is agreed beforehand with the organ that decides over a force."""
    known = m.g.cast.forces.get(force)
    if known is None:
        return None
    then = practice(m, "agreement", who, "agreed", f"forces.approve.{known.kind}")
    return None if then is None else then._replace(facts={"organ": known.organ_name})


def watch(m: Maker, incident: str) -> Remedy | None:
    """More of the places are watched where such accidents are seen at all."""
    begun = m.g.facts.occurred.get(incident)
    more = m.g.terms.get("watched", 0.0)
    if begun is None or begun.nature not in m.g.cast.watched or not more:
        return None
    change: Change = {"nature": begun.nature, "coverage": f"{more:g}"}
    county = begun.site.county
    if county in m.g.cast.counties:
        change["county"] = county
    where = m.both(lambda g: g.pick(g.cast.counties[county].name) if county in g.cast.counties else g.say("whole"))
    what = m.both(
        lambda g: g.pick(g.cast.hazards[begun.nature].title) if begun.nature in g.cast.hazards else begun.nature
    )
    return Remedy("monitor", "watch", m.lead(incident), change, {"where": where, "what": what})


def sooner(m: Maker, sortie: SortieLine) -> Remedy | None:
    """What brings a team of our own sooner: to stand by, where calling it in took longest; else a station further forward."""
    if sortie.departed is None or _foreign(m, sortie.team) or sortie.element not in m.g.cast.elements:
        return None
    turnout = sortie.departed - sortie.ordered
    drive = (sortie.arrived if sortie.arrived is not None else m.g.field_ended) - sortie.departed
    if turnout >= drive:
        return standby(m, sortie)
    return forward(m, sortie)


def standby(m: Maker, sortie: SortieLine) -> Remedy | None:
    """Its people stand by; None where they do so already."""
    if sortie.element not in m.g.cast.off_duty:
        return None
    team = m.g.cast.teams[sortie.team].name
    return Remedy(
        "team_home", "standby", m.lead(sortie.incident), {"team": sortie.team, "standby": "true"}, {"team": team}
    )


def forward(m: Maker, sortie: SortieLine) -> Remedy | None:
    """Its station is moved to where it was needed; None where it is at home there already, or nobody knows a place."""
    begun = m.g.facts.occurred.get(sortie.incident)
    if begun is None:
        return None
    town, county = begun.site.town, begun.site.county
    home = town if town in m.g.cast.towns else county if county in m.g.cast.counties else ""
    if not home:
        return None
    place = m.g.cast.towns.get(home) or m.g.cast.counties[home].name
    team = m.g.cast.teams[sortie.team].name
    count, kind = round(m.g.terms.get("forward", 1.0)), _kind(m, sortie)
    change: Change = {"team": sortie.team, "home": home, "elements": str(count), "kind_of_element": kind}
    facts = {"team": team, "place": place, "count": number(count), "element": m.g.cast.kinds[kind].name}
    return Remedy("team_home", "forward", m.lead(sortie.incident), change, facts)


def more_of(m: Maker, sorties: Iterable[SortieLine], capability: str = "", amount: float = 0.0) -> Remedy | None:
    """More elements for the team of our own that came first, as many as were short; None where none of ours came."""
    came = [s for s in sorties if s.visits and not _foreign(m, s.team) and s.element in m.g.cast.elements]
    able = [s for s in came if not capability or capability in m.g.cast.kinds[_kind(m, s)].supplies]
    first = min(able, key=lambda s: (s.visits[0].arrived, s.id), default=None)
    most = round(m.g.terms.get("added", 0.0))
    if first is None or not most:
        return None
    kind = _kind(m, first)
    each = m.g.cast.kinds[kind].supplies.get(capability, 0.0)
    count = min(most, max(1, math.ceil(amount / each - 1e-9))) if each > 0.0 and amount > 0.0 else most
    team = m.g.cast.teams[first.team].name
    facts = {"team": team, "count": number(count), "element": m.g.cast.kinds[kind].name}
    change: Change = {"team": first.team, "elements": str(count), "kind_of_element": kind}
    return Remedy("stock", "more", m.lead(first.incident), change, facts)


def _kind(m: Maker, sortie: SortieLine) -> str:
    return m.g.cast.elements[sortie.element].kind


def _foreign(m: Maker, team: str) -> bool:
    """Whether others decide over a team, or it is none of ours."""
    return team not in m.g.cast.teams or any(team in force.teams for force in m.g.cast.forces.values())
