"""Who is near: workers who get away, those who cannot, residents around; what heat, blast and falling houses do to each."""

from __future__ import annotations

import math
from collections.abc import Iterable

from models.hazards.tank_fire.parameters import Parameters
from models.hazards.tank_fire.state import Group, Lying, Soul
from models.physics import heat, hurt
from sim.domain.hazards import Effect, Harm, Involve, Scene
from sim.domain.people import Person, Status, Triage
from sim.streams import Stream

_PASCALS = 1000.0


def workers(p: Parameters, scene: Scene, stream: Stream) -> tuple[list[Group], list[Lying], list[Effect]]:
    """The people of the works: who is hit in the first moment, who cannot get away, who leaves when."""
    hour = scene.calendar.hour_at(scene.begins) * 3600.0
    share = 1.0 if p.day_begins <= hour < p.day_ends else p.night_share
    number = round(scene.scope["people"] * share * p.people_there)
    away: list[Soul] = []
    down: list[Lying] = []
    dead: list[str] = []
    walked: dict[Triage, list[str]] = {}
    persons: list[Person] = []
    for i in range(number):
        place, fate, how, far, lives = (stream.uniform() for _ in range(5))
        near = place < p.first_near
        reach = p.works_radius * math.sqrt(far) * (p.first_near if near else 1.0)
        soul = Soul(f"p{i + 1:04d}", reach, False, stream.normal(), stream.normal(), stream.uniform())
        marks = (p.first_dead, p.first_dead + p.first_down, p.first_dead + p.first_down + p.first_hurt)
        status = Status.EXPOSED
        if near and fate < marks[0]:
            dead.append(soul.id)
        elif near and fate < marks[1]:
            down.append(Lying(soul.id, p.bring_out, -p.down_lives * math.log(lives), soul))
            status = Status.TRAPPED
        elif near and fate < marks[2]:
            walked.setdefault(hurt.colour(how, p.first_red, p.first_yellow), []).append(soul.id)
        else:
            away.append(soul)
        persons.append(Person(soul.id, status, "works"))
    groups = []
    size = round(p.party)
    for k in range(0, len(away), size):
        leaves = p.leaves * math.exp(p.leaves_spread * stream.normal())
        groups.append(Group(f"w{k // size + 1}", tuple(away[k : k + size]), leaves, resident=False))
    effects: list[Effect] = [Involve(tuple(persons))] if persons else []
    if dead:
        effects.append(Harm(tuple(dead), Status.DEAD, why="first_moment"))
    effects += [Harm(tuple(who), Status.WAITING, colour, "first_moment") for colour, who in walked.items()]
    return groups, down, effects


def residents(p: Parameters, scene: Scene, reach: float, stream: Stream) -> tuple[list[Group], list[Effect]]:
    """Those who live within reach, nearest first, in blocks that are moved together; no more than can be followed."""
    around = scene.around
    outdoors = around.presence.get("outdoors", p.outdoors)
    number = living(p, scene, reach)
    followed = round(min(number, p.people_most))
    scale = p.flees * (1 + (p.flees_asleep - 1) * around.presence.get("asleep", 0.0))
    souls = []
    for i in range(followed):
        within = p.home_nearest**2 + (i + 1 / 2) / max(number, 1.0) * (reach**2 - p.home_nearest**2)
        inside, heat_luck, blast_luck = stream.uniform() >= outdoors, stream.normal(), stream.normal()
        souls.append(Soul(f"r{i + 1:04d}", math.sqrt(within), inside, heat_luck, blast_luck, stream.uniform()))
    size = round(p.block)
    groups = [
        Group(f"r{k // size + 1}", tuple(souls[k : k + size]), scale * stream.exponential(), resident=True)
        for k in range(0, len(souls), size)
    ]
    persons = tuple(Person(soul.id, Status.EXPOSED, "around", entrapment="masonry") for soul in souls)
    return groups, [Involve(persons)] if persons else []


def living(p: Parameters, scene: Scene, reach: float) -> float:
    """Residents at home within reach, from the nearest homes outwards."""
    ground = math.pi * max(0.0, reach**2 - p.home_nearest**2) * p.built
    return ground * scene.around.density * scene.around.presence.get("dwelling", p.at_home)


# ── what a burst does to somebody ──


def fate(p: Parameters, soul: Soul, pressure: float, taken: float, *, in_cloud: bool) -> tuple[hurt.Outcome, str]:
    """The worst of what a burst does to somebody, and which part of it did it."""
    found: list[tuple[hurt.Outcome, str]]
    if soul.indoors:
        found = [
            (houses(p).outcome(pressure, soul.luck), "blast"),
            (burns(p).outcome(taken * p.indoors_dose, soul.bears_heat), "fireball"),
        ]
    else:
        found = [
            (in_the_open(p).outcome(pressure, soul.bears_blast, soul.luck), "blast"),
            (burns(p).outcome(taken, soul.bears_heat), "fireball"),
        ]
        if in_cloud and soul.luck < p.flash_dead + p.flash_red:
            found.append((Status.DEAD if soul.luck < p.flash_dead else Triage.RED, "flash_fire"))
    return min(found, key=lambda outcome: hurt.rank(outcome[0]))


def burns(p: Parameters) -> hurt.Burns:
    """How heat burns people."""
    return hurt.Burns(p.heat_a, p.heat_b, p.burns_red, p.burns_yellow, p.burns_green)


def in_the_open(p: Parameters) -> hurt.Open:
    """What blast does in the open."""
    return hurt.Open(p.blast_a, p.blast_b, p.psi, p.ear, p.ear_spread)


def houses(p: Parameters) -> hurt.Houses:
    """What blast does to people in houses."""
    return hurt.Houses(
        p.collapse, p.partial, p.roof, p.glass, p.collapse_dead, p.collapse_buried, p.partial_dead, p.partial_buried,
        p.roof_hurt, p.glass_hurt, p.hurt_red, p.hurt_yellow,
    )  # fmt: skip


def out_of(lying: Lying) -> Triage:
    """In what state somebody comes out: those who lay at the fire are burnt, those in houses are hurt as it happens."""
    luck = lying.soul.luck if lying.soul else 0.0
    return Triage.RED if lying.soul is None or luck < 1 / 2 else Triage.YELLOW


def count(groups: Iterable[Group]) -> int:
    """People in these groups."""
    return sum(len(group.people) for group in groups)


def danger(p: Parameters, ball: heat.Fireball, mass: float) -> float:
    """Distance (m) at which a fireball still burns skin lightly."""
    if mass <= 0.0:
        return 0.0
    taken = p.burns_green * burns(p).deadly(0.0)
    span = min(p.heat_cap, ball.lasts(mass))
    wanted = _PASCALS * float((taken / span) ** (1 / p.heat_power))  # W/m²: the dose is written in kW/m²
    low, high = ball.diameter(mass) / 2, p.danger_most
    while high - low > 1.0:
        middle = (low + high) / 2
        low, high = (middle, high) if ball.flux(mass, middle) > wanted else (low, middle)
    return high
