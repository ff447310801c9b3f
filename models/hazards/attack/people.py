"""Who is there, who will be hit and how badly: everybody's luck, drawn once in an order that no response changes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from models.hazards.attack.parameters import Parameters
from models.hazards.attack.state import Bystander, Captive, Victim
from models.physics import blast, hurt
from sim.domain.hazards import Scene
from sim.domain.people import Status, Triage
from sim.streams import Stream


def victims(rate: float, tau: float, lasts: float) -> float:
    """How many one attacker hits in so long: rate·τ·(1 − e^(−T/τ)), people run away or hide."""
    return rate * tau * -math.expm1(-lasts / tau)


def present(p: Parameters, scene: Scene) -> int:
    """How many are there: fewer while people sleep, fewer outdoors in foul weather."""
    asleep = scene.around.presence.get("asleep", float(is_dark(p, scene)))
    share = p.night_share + (1 - p.night_share) * (1 - asleep)
    foul = scene.weather.rain > 0.0 or scene.weather.ice != "none"
    return round(scene.scope["people"] * share * (p.open_share if foul else 1.0))


def is_dark(p: Parameters, scene: Scene) -> bool:
    """Whether it begins by night."""
    return not p.dawn <= scene.calendar.hour_at(scene.begins) * 3600.0 < p.dusk


def crowded(p: Parameters, density: float) -> float:
    """How much faster than in a town of the reference density attackers find people, by how many are about."""
    return (
        min(p.crowded_most, max(p.crowded_least, (density / p.crowded_at) ** p.crowded_bend)) if density > 0.0 else 1.0
    )


def draw_victims(p: Parameters, number: int, stream: Stream) -> tuple[Victim, ...]:
    """The levels of the clock at which one more is hit (sums of unit exponentials), and how badly; the same for any number."""
    found, level = [], 0.0
    for i in range(round(p.followed)):
        level += stream.exponential()
        found.append(Victim(f"p{i + 1:04d}", level, wound(p, stream.uniform())))
    return tuple(found[: max(0, number)])


def wound(p: Parameters, luck: float) -> Triage | None:
    """How badly a blade or a vehicle hurts; None: killed at once."""
    return None if luck < p.dead else hurt.colour((luck - p.dead) / (1 - p.dead), p.red, p.yellow)


def draw_captives(p: Parameters, number: int, stream: Stream) -> tuple[tuple[Captive, ...], tuple[float, ...]]:
    """Hostages, and the levels of the clock of killings."""
    level, captives, kills = 0.0, [], []
    for i in range(round(p.hostages_most)):
        level += stream.exponential()
        captives.append(Captive(f"h{i + 1:03d}", stream.uniform()))
        kills.append(level)
    number = max(0, min(number, len(captives)))
    return tuple(captives[:number]), tuple(kills[:number])


def assaulted(p: Parameters, captive: Captive) -> tuple[bool, Triage | None]:
    """What an assault does to a hostage: (killed, hurt so badly)."""
    if captive.luck < p.assault_dead:
        return True, None
    share = captive.luck - p.assault_dead
    if share >= p.assault_hurt:
        return False, None
    return False, hurt.colour(share / p.assault_hurt, p.red, p.yellow)


# ── a device ──


@dataclass(frozen=True, slots=True)
class Luck:
    """What decides about somebody near a device."""

    bears: float  # standard normal
    blast: float  # 0–1, and so the next
    splinter: float


def shatter(p: Parameters, distance: float, charge: float, ambient: float, crowding: float, luck: Luck) -> hurt.Outcome:
    """What a device does to somebody in the open: blast, and fragments, which reach so many times as far.

    A fragment has to pass those who stand nearer: a way of r metres through a crowd is free with chance e^(−crowding·width·r).
    """
    curve = blast.Curve(p.kg_peak, p.kg_bend, p.kg_near, p.kg_middle, p.kg_far)
    opened = hurt.Open(p.blast_a, p.blast_b, p.psi, p.ear, p.ear_spread)
    outcomes = [opened.outcome(blast.overpressure(curve, distance, charge, ambient), luck.bears, luck.blast)]
    free = math.exp(-crowding * p.body * distance)
    chance = free * opened.chance(blast.overpressure(curve, distance / p.fragments, charge, ambient))
    if luck.splinter < chance:  # one who is struck is killed by a share of what strikes
        outcomes.append(wound(p, luck.splinter / chance) or Status.DEAD)
    return hurt.worst(outcomes)


def draw_device(p: Parameters, number: int, charge: float, ambient: float, stream: Stream) -> tuple[hurt.Outcome, ...]:
    """What becomes of those nearest to it, who stand as close as crowds stand; the innermost first."""
    found: list[hurt.Outcome] = []
    for _ in range(round(p.followed)):
        luck = Luck(stream.normal(), stream.uniform(), stream.uniform())
        if len(found) < number:
            distance = math.sqrt((len(found) + 1 / 2) / (math.pi * p.crowding))
            found.append(shatter(p, distance, charge, ambient, p.crowding, luck))
    return tuple(found)


def draw_bystanders(p: Parameters, number: int, charge: float, ambient: float, stream: Stream) -> tuple[Bystander, ...]:
    """Those who look on within reach of a second device."""
    found, ground = [], math.pi * p.onlook * p.onlook
    for i in range(round(p.onlookers_most)):
        place, luck = stream.uniform(), Luck(stream.normal(), stream.uniform(), stream.uniform())
        held = stream.uniform()
        outcome = shatter(p, p.onlook * math.sqrt(place), charge, ambient, number / ground, luck)
        colour = outcome if isinstance(outcome, Triage) else None
        found.append(Bystander(f"b{i + 1:03d}", colour, outcome is Status.DEAD, held))
    return tuple(found[: max(0, number)])
