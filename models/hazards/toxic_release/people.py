"""The people around: where they live, whom the cloud reaches, what they do by themselves, how they come out.

Cells are rings by slots of bearing around the site. Every cell and every person has luck of its own, drawn once; a cell's
people are followed one by one from the moment the cloud endangers it, the nearest first, as long as there is room for them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from models.hazards.toxic_release import cloud, doses
from models.hazards.toxic_release.parameters import Parameters
from models.hazards.toxic_release.state import Disc, Group, Luck, Place, State, Where
from sim.domain.hazards import Effect, Harm, Involve
from sim.domain.people import Person, Status, Triage
from sim.domain.places import Surroundings
from sim.streams import Stream

_TURN = 360.0


def discs(p: Parameters, around: Surroundings) -> tuple[Disc, ...]:
    """Who lives where: a part of each town close together, the rest scattered around it."""
    found = []
    for town in around.settlements:
        if town.people <= 0.0 or around.density <= 0.0:
            continue
        bearing = math.radians(town.bearing)
        east, north = town.distance * math.sin(bearing), town.distance * math.cos(bearing)
        core = math.sqrt(p.gathered * town.people / (math.pi * around.density))
        wide = p.scatter * core
        if town.distance - wide > p.farthest:
            continue
        found.append(Disc(east, north, core, around.density))
        found.append(Disc(east, north, wide, (1 - p.gathered) * town.people / (math.pi * wide * wide)))
    return tuple(disc for disc in found if disc.radius > 0.0)


def at_work(p: Parameters, hour: float, stream: Stream) -> tuple[float, ...]:
    """The bearing of each worker near the leak; fewer by night. Luck is drawn for the most there may be."""
    bearings = [stream.uniform() * _TURN for _ in range(round(p.workers_most))]
    night = not p.night_ends <= hour < p.night_begins
    count = round(p.workers * (p.workers_night if night else 1.0))
    return tuple(bearings[: min(count, len(bearings))])


def lucks(p: Parameters, stream: Stream) -> tuple[tuple[float, ...], tuple[Luck, ...]]:
    """The luck of every cell, and the pool from which its people take theirs."""
    cells = tuple(stream.uniform() for _ in range(round(p.rings) * round(p.slots)))
    pool = tuple(
        Luck(stream.normal(), stream.uniform(), stream.uniform(), stream.normal()) for _ in range(round(p.pool))
    )
    return cells, pool


def meets(p: Parameters, state: State, ring: int) -> tuple[State, Sequence[Effect]]:
    """The cloud has come to a ring: who is there and not followed yet is from now on; who was, breathes it again."""
    place, persons = state.place, []
    groups = [_in_cloud(p, state, g) if g.ring == ring else g for g in state.groups]
    slots, room, beyond, met = round(p.slots), round(p.followed) - state.involved, 0.0, set(state.met)
    for slot in range(slots):
        unit = cloud.per_rate(p, state.air, ring, _bearing(p, slot))
        if unit * state.to_air < place.danger or ring * slots + slot in met:
            continue
        met.add(ring * slots + slot)
        members = _members(p, place, ring, slot, led=ring < state.moved)
        if len(members) > room:
            beyond += len(members) - room
            members = members[:room]
        room -= len(members)
        for group in _grouped(p, state, ring, slot, unit, members):
            groups.append(group)
            persons += [Person(name, Status.EXPOSED, f"ring-{ring + 1}") for name in group.names]
    state = replace(
        state,
        groups=tuple(groups),
        involved=round(p.followed) - room,
        met=frozenset(met),
        unfollowed=state.unfollowed + beyond,
        reached=ring + 1,
        met_at=(*state.met_at[:ring], state.to_air),
        farthest=max(state.farthest, ring + 1),
    )
    return state, (Involve(tuple(persons)),) if persons else ()


def adapted(p: Parameters, state: State, groups: Iterable[Group]) -> tuple[Group, ...]:
    """The groups in the state's air and leak; where the cloud was not, it is not before its front has come."""
    found = []
    for group in groups:
        unit = cloud.per_rate(p, state.air, group.ring, _bearing(p, group.slot)) * state.place.scale
        outside = _outside(p, state, unit) if group.outside > 0.0 else 0.0
        group = replace(group, unit=unit)  # noqa: PLW2901 - the group as it is from now on
        found.append(_breathes(p, state, group, outside))
    return tuple(found)


def acts(p: Parameters, state: State, k: int) -> tuple[State, Sequence[Effect]]:
    """People do what they do by themselves: those outdoors leave the cloud, those indoors shut the windows or air the rooms.

    All whose time it is act together.
    """
    when, free, groups = state.groups[k].acts, [], list(state.groups)
    for i, group in enumerate(state.groups):
        if group.acts != when:
            continue
        if group.where is Where.OUTDOORS or group.ring < state.cleared:
            free.append(i)
        else:
            groups[i] = _breathes(p, state, replace(group, aware=True, acts=math.inf), group.outside)
    past = state.groups[k].ring < state.cleared
    why = "cloud_passed" if past else "left_cloud"
    return _out(p, replace(state, groups=tuple(groups)), free, why, fetched=past)


def falls(p: Parameters, state: State, k: int) -> tuple[State, Sequence[Effect]]:
    """The next of a group collapses or dies; the dose is set onto the threshold."""
    place, group = state.place, state.groups[k]
    mark = doses.next_mark(p, group)
    if group.dead < group.down and mark >= group.bears[group.dead]:
        effect = Harm((group.names[group.dead],), Status.DEAD, why="died")
        group = replace(group, dead=group.dead + 1)
    else:
        effect = Harm((group.names[group.down],), Status.TRAPPED, why="collapsed")
        group = replace(group, down=group.down + 1)
    group = doses.set_onto(p, place, group, state.age, mark)
    groups = (*state.groups[:k], *((group,) if group.alive else ()), *state.groups[k + 1 :])
    return replace(state, groups=groups), (effect,)


def warn(p: Parameters, state: State, ring: int) -> tuple[State, Sequence[Effect]]:
    """A ring has been told: those outdoors leave, those indoors shut the windows, and air them once it is cleaner outside."""
    groups = []
    for group in state.groups:
        if group.ring == ring and not group.warned:
            group = replace(group, warned=True, aware=True)  # noqa: PLW2901 - the group as it is from now on
            if group.where is Where.OUTDOORS:
                group = replace(group, acts=min(group.acts, state.age + _way_out(p, state, group)))  # noqa: PLW2901
            else:
                group = _breathes(p, state, replace(group, acts=math.inf), group.outside)  # noqa: PLW2901
        groups.append(group)
    state = replace(state, groups=tuple(groups))
    free = [k for k, g in enumerate(groups) if g.ring == ring < state.cleared]
    return _out(p, state, free, "cloud_passed", fetched=True)


def lead_out(p: Parameters, state: State, ring: int) -> tuple[State, Sequence[Effect]]:
    """A ring has been led out with masks on; who has collapsed is left to those in suits."""
    return _out(p, state, [k for k, g in enumerate(state.groups) if g.ring == ring], "led_out", fetched=False)


def clear(p: Parameters, state: State, ring: int) -> tuple[State, Sequence[Effect]]:
    """The tail of the cloud has passed a ring: whoever knows of it comes out, the others air their rooms later."""
    groups = []
    for group in state.groups:
        if group.ring == ring:
            group = _breathes(p, state, group, 0.0)  # noqa: PLW2901 - the group as it is from now on
            if not _knows(group):
                group = replace(group, acts=min(group.acts, state.age + p.stay))  # noqa: PLW2901
        groups.append(group)
    state = replace(state, groups=tuple(groups), cleared=ring + 1)
    free = [k for k, g in enumerate(state.groups) if g.ring <= ring and _knows(g)]
    return _out(p, state, free, "cloud_passed", fetched=True)


def bring_out(p: Parameters, state: State) -> tuple[State, Sequence[Effect]]:
    """The next of those who have collapsed is out: of the nearest ring, the one with the least time."""
    k = min((g.ring, g.slot, k) for k, g in enumerate(state.groups) if g.collapsed)[2]
    group = state.groups[k]
    who, i = group.names[group.dead], group.dead
    group = replace(
        group,
        names=group.names[:i] + group.names[i + 1 :],
        bears=group.bears[:i] + group.bears[i + 1 :],
        down=group.down - 1,
    )
    _, dose = doses.now(state.place, group, state.age)
    group = doses.set_onto(p, state.place, group, state.age, dose)
    groups = (*state.groups[:k], *((group,) if group.alive else ()), *state.groups[k + 1 :])
    state = replace(state, groups=groups, carry=p.rescue, washing=state.washing + 1)
    return state, (Harm((who,), Status.WAITING, Triage.RED, "brought_out"),)


def _out(
    p: Parameters, state: State, which: Sequence[int], why: str, *, fetched: bool
) -> tuple[State, Sequence[Effect]]:
    """These groups are out of it, each as hurt as they are; who has collapsed stays unless they can be fetched at once."""
    if not which:
        return state, ()
    by_fate: dict[tuple[Status, Triage | None], list[str]] = {}
    groups = list(state.groups)
    for k in which:
        group = groups[k]
        _, dose = doses.now(state.place, group, state.age)
        stays = group.dead if fetched else group.down
        for who, bears in zip(group.names[stays:], group.bears[stays:], strict=True):
            by_fate.setdefault(doses.harm(p, dose, bears), []).append(who)
        left = replace(
            group, names=group.names[:stays], bears=group.bears[:stays], down=min(group.down, stays), acts=math.inf
        )
        groups[k] = doses.set_onto(p, state.place, left, state.age, dose)
    hurt = sum(len(who) for (status, _), who in by_fate.items() if status is Status.WAITING)
    kept = tuple(group for group in groups if group.alive)
    order = sorted(by_fate.items(), key=lambda fate: (fate[0][0].value, fate[0][1].value if fate[0][1] else ""))
    effects = tuple(Harm(tuple(who), status, colour, why) for (status, colour), who in order)
    return replace(state, groups=kept, washing=state.washing + hurt), effects


def _breathes(p: Parameters, state: State, group: Group, outside: float) -> Group:
    """The group from now on with this level outside; shut windows if they know, and it is better inside."""
    if group.where is Where.OUTDOORS:
        tightness = math.inf
    else:
        level, _ = doses.now(state.place, group, state.age)
        shut = outside >= level if group.warned else group.aware
        open_ = state.air.warm and not shut
        if group.warned and not shut:
            open_ = True
        tightness = p.tightness_open if open_ else p.tightness_closed
    return doses.moved_to(p, state.place, group, state.age, outside, tightness)


def _in_cloud(p: Parameters, state: State, group: Group) -> Group:
    outside = _outside(p, state, group.unit)
    return _breathes(p, state, group, outside) if outside > 0.0 else group


def _outside(p: Parameters, state: State, unit: float) -> float:
    """The level of a place; less than a trace does not count."""
    level = unit * state.to_air
    return level if level >= p.trace * state.place.harm * state.place.scale else 0.0


def _knows(group: Group) -> bool:
    return group.where is Where.OUTDOORS or group.aware


def _members(p: Parameters, place: Place, ring: int, slot: int, *, led: bool) -> list[tuple[str, Luck, Where]]:
    """Who is in a cell, each with their luck: residents who are there, and workers near the leak; nobody once it was led out."""
    if led:
        return []
    marks = cloud.edges(p)
    bearing, slots = _bearing(p, slot), round(p.slots)
    area = math.pi * (marks[ring + 1] ** 2 - marks[ring] ** 2) / slots
    luck = place.cells[ring * slots + slot]
    residents = cloud.density(place, cloud.middles(p)[ring], bearing) * place.present * area
    count = math.floor(residents + luck)
    first, found = int(luck * len(place.pool)), []
    for i in range(count):
        own = place.pool[(first + i) % len(place.pool)]
        where = Where.OUTDOORS
        if own.place >= place.outdoors:
            asleep = own.place >= 1 - place.asleep * (1 - place.outdoors)
            where = Where.ASLEEP if asleep else Where.INDOORS
        found.append((f"r{ring + 1:02d}-{slot:03d}-{i + 1}", own, where))
    if ring == 0:
        found += [
            (f"w-{i + 1:02d}", place.pool[(first + count + i) % len(place.pool)], Where.OUTDOORS)
            for i, at in enumerate(place.workers)
            if int(at / _TURN * slots) == slot
        ]
    return found


def _grouped(
    p: Parameters, state: State, ring: int, slot: int, unit: float, members: Sequence[tuple[str, Luck, Where]]
) -> list[Group]:
    """The members of a cell by where they are: from now on they breathe what the cloud brings."""
    place, found = state.place, []
    for where in Where:
        mine = [(name, luck) for name, luck, at in members if at is where]
        if not mine:
            continue
        borne = sorted(
            (doses.lethal(p, place, luck.tolerance, vulnerable=luck.vulnerable < p.vulnerable), name)
            for name, luck in mine
        )
        group = Group(
            ring, slot, where, tuple(name for _, name in borne), tuple(dose for dose, _ in borne), unit * place.scale,
            state.age, 0.0, math.inf, math.inf, warned=ring < state.warned, aware=ring < state.warned,
        )  # fmt: skip
        group = _breathes(p, state, group, group.unit * state.to_air)
        spread = math.exp(p.notice_spread * place.pool[(len(Where) * ring + where) % len(place.pool)].quick)
        found.append(replace(group, acts=state.age + _notices(p, state, group, spread)))
    return found


def _notices(p: Parameters, state: State, group: Group, spread: float) -> float:
    """Seconds until a group does something: it has smelt the cloud, or been told before it came."""
    if group.where is Where.OUTDOORS:
        worker = any(name.startswith("w") for name in group.names)
        delay = 0.0 if group.warned else (p.notice_workers if worker else p.notice) * spread
        return (delay if p.smell or worker or group.warned else math.inf) + _way_out(p, state, group)
    if group.warned or not p.smell:
        return math.inf
    return (p.notice_asleep if group.where is Where.ASLEEP else p.notice) * spread


def _way_out(p: Parameters, state: State, group: Group) -> float:
    """Seconds to walk across the wind to where the level is no longer harmful."""
    r = cloud.middles(p)[group.ring]
    beside = math.radians((_bearing(p, group.slot) - state.air.towards + _TURN / 2) % _TURN - _TURN / 2) * r
    return max(0.0, cloud.half_width(state.air, state.to_air, r, state.place.harm) - abs(beside)) / p.walking


def _bearing(p: Parameters, slot: int) -> float:
    """Degrees from north of the middle of a slot."""
    return (slot + 1 / 2) * _TURN / round(p.slots)
