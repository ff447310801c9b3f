"""Towns under shaking: how each is hit, what reaches it as a shock, what fails there, what is to be done."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models.hazards.earthquake import losses, shaking
from models.hazards.earthquake.parameters import Parameters
from models.hazards.earthquake.state import FIRST, WORST, Job, Part, State, Town
from sim.domain.hazards import Cut, Effect, Harm, Involve, Roads, Scene, Shock
from sim.domain.people import Person, Status, Triage
from sim.domain.places import Settlement, Surroundings
from sim.streams import Stream

SERVICES = ("power", "telecom", "water")


def shaken(
    p: Parameters, scene: Scene, magnitude: float, term: float, strike: float, stream: Stream
) -> tuple[Town, ...]:
    """Every town around as the main shock hits it, the worst first; where no town is known, the site's own."""
    site, around = scene.site, scene.around
    places = around.settlements or (Settlement(site.town, 0.0, 0.0, site.population),)
    found = []
    for place in places:
        ground = p.site_spread * (2 * stream.uniform() - 1)
        luck = (stream.uniform(), stream.normal(), stream.normal())
        town = Town(
            place.code, place.distance, place.bearing, place.people, losses.urban(p, place.people), ground, luck
        )
        at = shaking.intensity(p, magnitude, place.distance, place.bearing - strike, term) + ground
        weak = at + p.weakened
        found.append(
            replace(
                town, intensity=at, fallen=losses.fallen(p, town.urban, weak),
                under=losses.under(p, town.people, town.urban, weak, around, p.indoors),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda town: (-town.under, -town.intensity, town.code)))


def shock(p: Parameters, name: str, town: Town, at: float, under: float, fallen: float, slope: float) -> Shock:
    """What reaches a town: how strong, who is under what, what may slide and burn."""
    households = town.people / p.household
    occupants = math.floor(min(p.followed, under) + 1 / 2)
    told = occupants / under if under > 0.0 else 0.0
    houses = math.ceil(households * fallen * min(1.0, told)) if occupants else 0
    return Shock(
        name,
        town.code,
        {
            "intensity": at,
            "pga": shaking.acceleration(p, at),
            "people": town.people,
            "households": households,
            "occupants": float(occupants),
            "trapped": occupants * p.pinned,
            "sites": float(houses),
            "volume": houses * p.rubble,
            "fires": losses.fires(p, households, at, town.luck[0]),
            "gas_intensity": at * float(town.urban > 0.0),
            "steep_intensity": losses.on_slopes(p, at, slope),
        }
        | losses.slide(p, at, town.luck[1], town.luck[2]),
    )


def shocks(p: Parameters, towns: Sequence[Town], slope: float) -> Iterator[Shock]:
    """The main shock in every town that feels it, the worst first."""
    for town in towns:
        if town.intensity >= p.felt:
            yield shock(p, "shaking", town, town.intensity, town.under, town.fallen, slope)


# ── what fails, and what is to be done about it ──


def per_km(p: Parameters, zone: int, terrain: str) -> float:
    """The chance that a kilometre of road is cut in a zone: slides and rocks by terrain, and bridges."""
    bridge = float(getattr(p, f"bridge_{zone}", 0.0)) * p.bridges
    return min(1.0, losses.by_zone(p, "road", zone) * float(getattr(p, f"road_{terrain}")) + bridge)


def failed(p: Parameters, towns: Sequence[Town], terrain: str) -> list[Effect]:
    """Roads cut and services lost, zone by zone, the mildest first.

    Whoever must gets past a block, on foot or behind machines that clear their way in: as slowly as people walk.
    """
    effects: list[Effect] = []
    for zone in range(FIRST, WORST + 1):
        codes = _codes(towns, zone)
        if not codes:
            continue
        effects.append(
            Roads(
                losses.by_zone(p, "road_passes", zone), towns=codes, per_km=per_km(p, zone, terrain), why="road_blocked"
            )
        )
        effects += [Cut(name, losses.by_zone(p, name, zone), towns=codes, why="shaken") for name in SERVICES]
    return effects


def jobs(p: Parameters, towns: Sequence[Town], terrain: str) -> tuple[Job, ...]:
    """The work there is: roads from the worst zone outwards, services from the mildest inwards, towns to be looked at."""
    hit = tuple(town.code for town in towns if town.zone)
    felt = tuple(town.code for town in towns if town.intensity >= p.recon_from)
    zones = [zone for zone in range(FIRST, WORST + 1) if _codes(towns, zone)]
    debris = {zone: p.road_km * per_km(p, zone, terrain) * p.block for zone in zones}
    found = [
        Job("roads", tuple(_part(towns, zone, debris[zone]) for zone in reversed(zones)), p.road_face),
        *(
            Job(name, tuple(_part(towns, z, losses.by_zone(p, f"{name}_work", z)) for z in zones), p.repair_face)
            for name in SERVICES
        ),
        Job("recon", (Part(0, p.recon_each * len(felt), felt),) if felt else (), p.recon_team),
        Job("inspect", (Part(0, p.inspect_each * len(hit), hit),) if hit else (), p.inspect_face / max(1, len(hit))),
        Job("shelter", (Part(0, homeless(p, towns) / p.sheltered_each, hit),) if hit else (), p.shelter_face),
    ]
    return tuple(replace(job, parts=tuple(part for part in job.parts if part.left > 0.0)) for job in found)


def homeless(p: Parameters, towns: Sequence[Town]) -> float:
    """People who need a roof."""
    return math.fsum(town.people * losses.by_zone(p, "homeless", town.zone) for town in towns if town.zone)


def done(part: Part, job: str) -> list[Effect]:
    """What comes back when a zone's part of a kind of work is done."""
    if job == "roads":
        return [Roads(1.0, towns=part.towns, why="road_open")]
    return [Cut(job, 1.0, towns=part.towns, why=f"{job}_back")] if job in SERVICES else []


# ── people at the epicentre, aftershocks ──


def hurt(p: Parameters, towns: Sequence[Town], around: Surroundings, stream: Stream) -> list[Effect]:
    """Those hurt at the town nearest to the epicentre by what falls on them outside of collapsed buildings.

    The lightly hurt are seen to in the town; only the others need beds.
    """
    town = min(towns, key=lambda t: (t.distance, t.code))
    sleeping = 1 + (p.hurt_asleep - 1) * around.presence.get("asleep", 0.0)
    share = sleeping * losses.by_degree(p, "hurt_", town.intensity, 6)
    number = min(round(p.hurt_most), math.floor(town.people * share + stream.uniform()))
    persons, dead = [], []
    colours: dict[Triage, list[str]] = {Triage.RED: [], Triage.YELLOW: [], Triage.GREEN: []}
    for i in range(number):
        fate, depth = stream.uniform(), stream.uniform()
        who = f"p{i + 1:03d}"
        persons.append(Person(who, Status.EXPOSED, town.code))
        if fate < p.hurt_dead:
            dead.append(who)
        elif depth < p.hurt_red:
            colours[Triage.RED].append(who)
        else:
            colours[Triage.YELLOW if depth < p.hurt_red + p.hurt_yellow else Triage.GREEN].append(who)
    effects: list[Effect] = [Involve(tuple(persons))] if persons else []
    if dead:
        effects.append(Harm(tuple(dead), Status.DEAD, why="killed"))
    lightly = colours.pop(Triage.GREEN)
    if lightly:
        effects.append(Harm(tuple(lightly), Status.SAFE, why="lightly_hurt"))
    return effects + [Harm(tuple(ids), Status.WAITING, colour, "hurt") for colour, ids in colours.items() if ids]


def shaken_again(
    p: Parameters, state: State, magnitude: float, term: float, around: Surroundings
) -> tuple[tuple[Town, ...], list[Shock], float]:
    """An aftershock on damaged houses: the towns after it, the shocks that bring more of them down, the worst share that falls."""
    towns, found, worst = [], [], 0.0
    for town in state.towns:
        at = shaking.intensity(p, magnitude, town.distance, town.bearing - state.strike, term) + town.ground
        weak = at + (p.after_weakened if town.zone else 0.0)
        fallen = max(town.fallen, losses.fallen(p, town.urban, weak))
        worst = max(worst, losses.fallen(p, 0.0, weak))
        more = losses.under(p, town.people, town.urban, weak, around, p.indoors_after) if fallen > town.fallen else 0.0
        if more >= 1.0:
            found.append(shock(p, "aftershock", town, at, more, fallen - town.fallen, around.slope))
        towns.append(replace(town, fallen=fallen, under=town.under + more))
    found.sort(key=lambda s: (-s.values["occupants"], s.town))
    return tuple(towns), found, worst


def _codes(towns: Sequence[Town], zone: int) -> tuple[str, ...]:
    return tuple(sorted(town.code for town in towns if town.zone == zone))


def _part(towns: Sequence[Town], zone: int, each: float) -> Part:
    codes = _codes(towns, zone)
    return Part(zone, each * len(codes), codes)
