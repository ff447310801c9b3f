"""Who is in it, about it, under it: where everybody is, what the first moment does to each, what cold and time do later."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from models.hazards.special_equipment.bursting import Burst
from models.hazards.special_equipment.parameters import Parameters
from models.hazards.special_equipment.state import Caught, Rider, Unit
from models.physics import blast, hurt
from sim.domain.hazards import Effect, Harm, Involve, Scene
from sim.domain.people import Person, Status, Triage
from sim.domain.places import Weather
from sim.streams import Stream

_RIGHT_ANGLE_HALF = 45.0  # degrees


@dataclass(slots=True)
class Muster:
    """Everybody, sorted by what the first moment did to them."""

    persons: list[Person] = field(default_factory=list)
    harms: dict[tuple[Status, Triage | None, str], list[str]] = field(default_factory=dict)
    riders: list[Rider] = field(default_factory=list)
    pinned: list[Caught] = field(default_factory=list)
    buried: list[Caught] = field(default_factory=list)

    def effects(self) -> list[Effect]:
        """What the engine is told of them."""
        told: list[Effect] = [Involve(tuple(self.persons))] if self.persons else []
        for (status, triage, why), who in self.harms.items():
            told.append(Harm(tuple(who), status, triage, why))
        return told

    def killed(self) -> int:
        """Killed at once."""
        return sum(len(who) for (status, _, _), who in self.harms.items() if status is Status.DEAD)


@dataclass(frozen=True, slots=True)
class Luck:
    """What decides about somebody; drawn for everybody alike, whatever the equipment is."""

    place: float
    near: float
    inside: float
    fate: float
    steam: float
    fragment: float
    bears: float
    cold: float
    wear: float


def draw(stream: Stream) -> Luck:
    """The luck of one person."""
    place, near, inside, fate, steam, fragment = (stream.uniform() for _ in range(6))
    return Luck(place, near, inside, fate, steam, fragment, stream.normal(), stream.exponential(), stream.exponential())


def present(p: Parameters, scene: Scene) -> int:
    """How many are there: fewer while people sleep, fewer outdoors in foul weather."""
    hour = scene.calendar.hour_at(scene.begins) * 3600.0
    asleep = scene.around.presence.get("asleep", float(not p.dawn <= hour < p.dusk))
    share = p.night_share + (1 - p.night_share) * (1 - asleep)
    foul = scene.weather.rain > 0.0 or scene.weather.ice != "none"
    if foul and (p.aloft or p.falls):
        share *= p.open_share
    return round(scene.scope["people"] * share)


def muster(p: Parameters, scene: Scene, burst: Burst | None, ambient: float, stream: Stream) -> Muster:
    """Everybody who is there after the first moment."""
    found = Muster()
    number = present(p, scene)
    for i in range(number):
        luck, who = draw(stream), f"p{i + 1:04d}"
        if burst is not None:
            _by_blast(p, found, who, luck, burst, ambient)
        elif p.falls:
            reach = math.sqrt(luck.place) * p.site_radius
            under = reach <= scene.scope["height"] and luck.near < p.sector
            _by_share(p, found, who, luck, concerned=under, held=False)
        else:
            _by_share(p, found, who, luck, concerned=True, held=luck.inside < p.held)
    return found


def _by_share(p: Parameters, found: Muster, who: str, luck: Luck, *, concerned: bool, held: bool) -> None:
    """What a stop, a jolt or a fall does, by shares; whoever is hurt in a car comes out only with the others."""
    marks = [p.first_dead, p.first_caught, p.first_red, p.first_yellow, p.first_green]
    at, k = 0.0, 0
    for k, share in enumerate(marks):  # noqa: B007 - where it stops is what is wanted
        at += share
        if concerned and luck.fate < at:
            break
    else:
        k = len(marks)
    colour = (Triage.RED, Triage.YELLOW, Triage.GREEN, None)[k - 2] if k >= 2 else None
    if k == 0:
        _told(found, who, Status.DEAD, None, "first_moment")
    elif k == 1:
        found.persons.append(Person(who, Status.TRAPPED, "under", Triage.RED, "vehicle"))
        found.pinned.append(Caught(who, p.free, Triage.RED))
    elif held:
        pace = p.hurt_pace if colour in (Triage.RED, Triage.YELLOW) else 1.0
        status = Status.TRAPPED if colour else Status.EXPOSED  # held up, unhurt: in danger, but not lost
        found.persons.append(Person(who, status, "aloft" if p.aloft else "car", colour))
        found.riders.append(Rider(who, luck.cold / pace, luck.wear / pace, colour))
    elif colour is not None:
        _told(found, who, Status.WAITING, colour, "first_moment")
    else:
        _told(found, who, Status.SAFE, None, "walked_off")


def _by_blast(p: Parameters, found: Muster, who: str, luck: Luck, burst: Burst, ambient: float) -> None:
    """Blast by distance, steam within its reach, fragments in the open: the worst of them."""
    beside = luck.near < p.attended
    distance = (p.attended_within if beside else p.plant) * math.sqrt(luck.place)
    indoors = luck.inside < p.plant_indoors
    curve = blast.Curve(p.kg_peak, p.kg_bend, p.kg_near, p.kg_middle, p.kg_far)
    pressure = blast.overpressure(curve, distance, burst.tnt, ambient)
    outcomes: list[tuple[hurt.Outcome, str]] = []
    if indoors:
        outcomes.append((houses(p).outcome(pressure, luck.fate), "blast"))
    else:
        outcomes.append((in_the_open(p).outcome(pressure, luck.bears, luck.fate), "blast"))
        hit = struck(p, distance)
        if luck.fragment < hit * (1 + p.fragment_hurt):
            outcomes.append((Status.DEAD if luck.fragment < hit else Triage.YELLOW, "fragment"))
    reached = distance <= burst.steam and (beside or not indoors)  # the walls of other buildings keep it out
    if reached and luck.steam < p.steam_dead + p.steam_red:
        outcomes.append((Status.DEAD if luck.steam < p.steam_dead else Triage.RED, "steam"))
    outcome, why = min(outcomes, key=lambda pair: hurt.rank(pair[0]))
    if outcome is Status.TRAPPED:
        found.persons.append(Person(who, Status.TRAPPED, "house", Triage.RED, "masonry"))
        found.buried.append(Caught(who, p.dig_out, Triage.RED if luck.steam < 1 / 2 else Triage.YELLOW))
    elif isinstance(outcome, Status):
        _told(found, who, outcome, None, why)
    elif outcome is not None:
        _told(found, who, Status.WAITING, outcome, why)
    else:
        _told(found, who, Status.SAFE, None, "walked_off")


def _told(found: Muster, who: str, status: Status, triage: Triage | None, why: str) -> None:
    found.persons.append(Person(who, Status.EXPOSED, "about"))
    found.harms.setdefault((status, triage, why), []).append(who)


def struck(p: Parameters, distance: float) -> float:
    """Chance that fragments kill somebody in the open: hits per area on the area of a body, within their reach."""
    return -math.expm1(-p.fragment_dense * p.fragment_body) if distance <= p.fragment_reach else 0.0


def units(p: Parameters, riders: list[Rider], scene: Scene) -> tuple[Unit, ...]:
    """Riders by cars or cabins, those with hurt people first."""
    size = max(1, round(p.unit))
    work = rope_work(p, scene.scope["height"], scene.around.slope) if p.roped else p.release
    parts = [Unit(tuple(riders[k : k + size]), work) for k in range(0, len(riders), size)]
    return tuple(sorted(parts, key=lambda unit: not any(rider.hurt for rider in unit.riders)))


def rope_work(p: Parameters, height: float, slope: float) -> float:
    """Work (crew·s) of bringing a cabin down: half of it grows with the height, and steep ground is slow."""
    return p.rope * (1 + height / p.rope_height) / 2 * (1 + p.rope_steep * slope / _RIGHT_ANGLE_HALF)


# ── what cold and time do ──


def chill(p: Parameters, weather: Weather) -> float:
    """Pace of the clock of cold against that at 0 °C in a dry wind; 0 where nobody is out in it."""
    if not p.aloft:
        return 0.0
    wet = p.wet_chill if weather.rain > 0.0 else 0.0
    felt = weather.temperature - p.wind_chill * (weather.wind - p.cold_wind) - wet
    return float(2.0 ** (-felt / p.cold_doubles))


def comes_down(p: Parameters, rider: Rider, cold: float, wear: float) -> Triage | None:
    """In what state somebody comes down: by what of their endurance is used up, and not better than they were hurt."""
    share = max(cold / rider.bears_cold, wear / rider.bears_wear)
    found: hurt.Outcome = None
    for mark, colour in ((p.down_red, Triage.RED), (p.down_yellow, Triage.YELLOW), (p.down_green, Triage.GREEN)):
        if share >= mark:
            found = colour
            break
    outcome = hurt.worst((found, rider.hurt))
    return outcome if isinstance(outcome, Triage) else None


def down(p: Parameters, riders: tuple[Rider, ...], cold: float, wear: float, why: str) -> Iterator[Harm]:
    """What is told of people who come down together."""
    found: dict[Triage | None, list[str]] = {}
    for rider in riders:
        found.setdefault(comes_down(p, rider, cold, wear), []).append(rider.id)
    for colour, who in found.items():
        yield Harm(tuple(who), Status.WAITING if colour else Status.SAFE, colour, why)


def houses(p: Parameters) -> hurt.Houses:
    """What blast does to people in houses."""
    return hurt.Houses(
        p.collapse, p.partial, p.roof, p.glass, p.collapse_dead, p.collapse_buried, p.partial_dead, p.partial_buried,
        p.roof_hurt, p.glass_hurt, p.hurt_red, p.hurt_yellow,
    )  # fmt: skip


def in_the_open(p: Parameters) -> hurt.Open:
    """What blast does in the open."""
    return hurt.Open(p.blast_a, p.blast_b, p.psi, p.ear, p.ear_spread)
