"""Those in a building when it comes down: who runs out, is killed, buried, hurt; drawn once per person."""

from __future__ import annotations

import math

from models.hazards.collapse.parameters import Parameters
from models.hazards.collapse.state import Buried, Reach
from sim.domain.hazards import Effect, Harm, Involve, Scene
from sim.domain.people import Person, Status, Triage
from sim.domain.places import Weather
from sim.streams import Stream

RED, YELLOW, GREEN = Triage.RED, Triage.YELLOW, Triage.GREEN
SMOTHERING = ""  # no survival curve of the casualty model: the air they have decides


def entrapment(p: Parameters, weather: Weather) -> str:
    """The survival curve of those under the rubble: in the cold it is a worse one."""
    return "mixed_winter" if weather.temperature < p.cold else "masonry"


def asleep(p: Parameters, scene: Scene) -> float:
    """The share of those inside who sleep; by the clock where the surroundings do not say."""
    if "asleep" in scene.around.presence:
        return scene.around.presence["asleep"]
    hour = scene.calendar.hour_at(scene.begins) * 3600.0
    return 0.0 if p.wakes <= hour < p.sleeps else p.asleep_most


def mean_toil(p: Parameters) -> float:
    """Person·s that it takes on average to free one who is trapped."""
    return math.fsum(share * toil for share, toil in _classes(p))


def together(p: Parameters, trapped: float, rescuers: float) -> float:
    """Seconds until `trapped` people are free if the work could be divided at will: never sooner."""
    return trapped * mean_toil(p) / (rescuers * p.effective)


def settle(
    p: Parameters, scene: Scene, people: int, sites: int, stream: Stream
) -> tuple[tuple[Buried, ...], tuple[Buried, ...], tuple[float, ...], list[Effect]]:
    """Who is easy and who hard to get at, where the dead lie, and what happens to everybody at once."""
    runs = p.flees * (1 - asleep(p, scene))
    curve = entrapment(p, scene.weather)
    persons: list[Person] = []
    buried: list[Buried] = []
    bodies: list[float] = []
    gone: dict[str, list[str]] = {
        "ran_out": [],
        "killed": [],
        "buried": [],
        "hurt_red": [],
        "hurt_yellow": [],
        "hurt_green": [],
    }
    for i in range(people):
        flight, fate, place, toil, depth, luck, cover, mix, blow = (stream.uniform() for _ in range(9))
        breath = stream.exponential()
        who, site = f"p{i + 1:04d}", i % sites
        covered = cover < p.head_covered
        group = f"site-{site + 1}"
        trapped = p.dead <= fate < p.dead + p.trapped
        persons.append(Person(who, Status.EXPOSED, group, entrapment=SMOTHERING if trapped and covered else curve))
        if flight < runs:
            gone["ran_out"].append(who)
        elif fate < p.dead:
            gone["killed"].append(who)
            bodies.append(depth)
        elif trapped:
            gone["buried"].append(who)
            reach, mean = _reach(p, place)
            work = mean * (1 + p.toil_spread * (2 * toil - 1))
            smothers = p.smother_half / math.log(2) * breath if covered else math.inf
            buried.append(Buried(who, site, reach, work, work, depth, luck, blow, smothers))
        elif fate < p.dead + p.trapped + p.unhurt:
            gone["ran_out"].append(who)
        else:
            gone[f"hurt_{injury(p, mix).value}"].append(who)
    order = sorted(buried, key=lambda who: (who.reach, who.site, who.id))
    easy = tuple(who for who in order if who.reach <= Reach.LIGHT)
    deep = tuple(who for who in order if who.reach > Reach.LIGHT)
    effects: list[Effect] = [Involve(tuple(persons))] if persons else []
    for why, names in gone.items():
        if names:
            effects.append(_harm(tuple(names), why))
    return easy, deep, tuple(sorted(bodies)), effects


def injury(p: Parameters, luck: float) -> Triage:
    """The colour of somebody who is hurt."""
    if luck < p.red:
        return RED
    return YELLOW if luck < p.red + p.yellow else GREEN


def comes_out(p: Parameters, who: Buried, age: float, infused: bool) -> Triage:
    """The colour of somebody who is freed: limbs long crushed poison the blood unless fluids are given before release."""
    crushed = age > p.crush_after and who.reach >= Reach.LIGHT and not infused
    return RED if crushed and who.luck < p.red + p.crush_share else injury(p, who.luck)


def diggers(p: Parameters, scene: Scene) -> float:
    """Neighbours and passers-by who dig at one site: some always, more where people live close together and are at home."""
    around = scene.around
    near = around.density * math.pi * p.neighbours_reach**2 * around.share("dwelling")
    return min(p.neighbours_most, p.neighbours_least + p.neighbours_able * near)


def _reach(p: Parameters, place: float) -> tuple[Reach, float]:
    total = 0.0
    for reach, (share, toil) in zip(Reach, _classes(p), strict=True):
        total += share
        if place < total:
            return reach, toil
    return Reach.ENTOMBED, p.toil_entombed


def _classes(p: Parameters) -> tuple[tuple[float, float], ...]:
    """(share of the trapped, person·s to free one), by reach."""
    rest = max(0.0, 1 - p.share_surface - p.share_light - p.share_void)
    return (
        (p.share_surface, p.toil_surface),
        (p.share_light, p.toil_light),
        (p.share_void, p.toil_void),
        (rest, p.toil_entombed),
    )


def _harm(names: tuple[str, ...], why: str) -> Harm:
    match why:
        case "ran_out":
            return Harm(names, Status.SAFE, why=why)
        case "killed":
            return Harm(names, Status.DEAD, why=why, hidden=True)
        case "buried":
            return Harm(names, Status.TRAPPED, why=why)
    return Harm(names, Status.WAITING, Triage(why.removeprefix("hurt_")), "hurt")
