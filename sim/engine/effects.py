"""What a hazard does to the world: its effects, applied one by one as it lets them happen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.domain import events as ev
from sim.domain.hazards import Cut, Effect, Found, Harm, Involve, Note, Over, Road, Roads, Shock, Strike
from sim.domain.people import Person, Status, Triage

if TYPE_CHECKING:
    from sim.engine.incidents import Incident
    from sim.engine.sorties import Sortie

RESPONDER = "responders"  # the group of people who came to help


def apply(incident: Incident, effects: Sequence[Effect]) -> None:
    """Let these effects happen, in their order."""
    sim, now = incident.sim, incident.sim.clock.now
    for effect in effects:
        match effect:
            case Involve():
                sim.record(ev.PersonsInvolved(0, now, incident.latest, incident.id, effect.persons))
                sim.care.involve(incident, effect.persons, incident.latest)
            case Harm():
                for person in effect.persons:
                    sim.care.change(
                        f"{incident.id}/{person}",
                        effect.status,
                        effect.triage,
                        effect.why,
                        incident.latest,
                        effect.hidden,
                    )
            case Found():
                sim.care.toll.find(incident.id, effect.why, effect.number, incident.latest)
            case Road():
                _road(incident, effect)
            case Roads():
                _roads(incident, effect)
            case Cut():
                sim.services.cut(incident, effect, incident.latest)
            case Shock():
                seq = sim.record(
                    ev.ShockFelt(0, now, incident.latest, incident.id, effect.name, effect.town, effect.values)
                )
                sim.cascades.struck(incident, effect.name, effect.values, seq, effect.town)
            case Strike():
                strike(incident, effect)
            case Note():
                seq = sim.record(ev.Milestone(0, now, incident.latest, incident.id, effect.name, effect.values))
                sim.cascades.struck(incident, effect.name, effect.values, seq)
            case Over():
                incident.over, incident.leaves = effect.reason, effect.leaves


# ── roads ──


def _road(incident: Incident, effect: Road) -> None:
    link = effect.link or _own_link(incident, effect.factor)
    if not link:
        return  # it does not lie on a road: there is none to close
    site = incident.spec.site
    at = "" if effect.link or not site.node.startswith("@") else site.node
    incident.roads[link] = None
    incident.sim.traffic.change(
        link, effect.factor, effect.why, incident.latest, at=at, known_after=0.0 if incident.present else math.inf
    )


def _own_link(incident: Incident, factor: float) -> str:
    """The link the incident lies on; what only slows it (a queue) stands on one side, and rescuers come by the other."""
    whole = incident.spec.site.link
    part = f"{whole}#1"
    slows = 0.0 < factor < 1.0 and incident.sim.traffic.has(part)
    return part if (factor > 0.0 and part in incident.roads) or slows else whole


def _roads(incident: Incident, effect: Roads) -> None:
    """Links in an area; what this incident did not shut it does not open, and those that end at its site stay ways to it."""
    sim = incident.sim
    known_after = 0.0 if incident.present else math.inf
    for link, length in sim.traffic.touching(
        incident.spec.site, effect.radius, effect.towns, at_site=effect.per_km > 0.0
    ):
        if effect.factor == 1.0:
            if link in incident.shut:
                del incident.shut[link]
                sim.traffic.change(link, 1.0, effect.why, incident.latest, known_after=known_after)
            continue
        if effect.per_km > 0.0:
            spared = (1.0 - effect.per_km) ** (length / 1000.0)
            if sim.streams.uniform("road_hit", incident.id, link) < spared:
                continue
        incident.shut[link] = incident.roads[link] = None
        sim.traffic.change(link, effect.factor, effect.why, incident.latest, known_after=known_after)


# ── responders ──


def strike(incident: Incident, effect: Strike) -> None:
    """Each responder in reach meets a luck of their own; an element that lost too many of its people goes home."""
    number = incident.strikes.get(effect.why, 0)
    incident.strikes[effect.why] = number + 1
    for sortie in tuple(incident.present.values()):
        if not sortie.can_work or (effect.demands and sortie.crew.demand not in effect.demands):
            continue
        _hit(incident, effect, sortie, f"{effect.why}/{number}")


def _hit(incident: Incident, effect: Strike, sortie: Sortie, blow: str) -> None:
    sim, now = incident.sim, incident.sim.clock.now
    dead: list[Person] = []
    hurt: list[Person] = []
    for k in range(sortie.fit):
        luck = sim.streams.uniform("responder", incident.id, blow, sortie.element, str(k))
        name = f"{sortie.element}-{blow}-{k + 1}".replace("/", "-")
        for share, colour in (
            (effect.dead, None), (effect.red, Triage.RED), (effect.yellow, Triage.YELLOW), (effect.green, Triage.GREEN),
        ):  # fmt: skip
            if luck < share:
                status = Status.EXPOSED if colour is None else Status.WAITING
                (hurt if colour else dead).append(Person(name, status, RESPONDER, colour))
                break
            luck -= share
    if not dead and not hurt:
        return
    seq = sim.record(
        ev.RespondersHit(
            0, now, incident.latest, incident.id, sortie.id, sortie.element, len(dead), len(hurt), effect.why
        )
    )
    persons = (*dead, *hurt)
    sim.record(ev.PersonsInvolved(0, now, seq, incident.id, persons))
    sim.care.involve(incident, persons, seq)
    for person in dead:
        sim.care.change(f"{incident.id}/{person.id}", Status.DEAD, None, effect.why, seq)
    sortie.struck(len(persons), seq)
