"""What comes down, how far and how fast; who is below; what it does to those whom it reaches."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec.structs import replace

from models.hazards.tailings_failure.parameters import Parameters
from models.hazards.tailings_failure.state import Flow, State, Village, Villager
from sim.domain.hazards import Effect, Harm, Involve, Note, Scene, Shock
from sim.domain.people import Person, Status, Triage
from sim.streams import Stream

CURVE = "burial"  # the survival curve of models/casualties
_MILLION = 1e6


# ── the mud ──


def released(p: Parameters, volume: float) -> float:
    """m³ that leave a pond of so many: factor · V_T^power in million m³ (Larrauri and Lall 2018)."""
    return float(min(volume, p.release_factor * (volume / _MILLION) ** p.release_power * _MILLION))


def furthest(p: Parameters, volume: float, height: float) -> float:
    """How far it may run, m: factor · (H (V_F/V_T)^share V_F)^power in km; an upper bound for small ponds."""
    out = released(p, volume)
    size = height * (out / volume) ** p.runout_share * out / _MILLION
    return float(p.runout_factor * size**p.runout_power) * 1e3


def flow(p: Parameters, scene: Scene) -> Flow:
    """What comes down here: the valley ends somewhere, and is as steep as it is."""
    volume, height = scene.scope["volume"], scene.scope["height"]
    out = released(p, volume) if volume > 0.0 else 0.0
    runout = min(p.valley, p.reach * furthest(p, volume, height)) if volume > 0.0 else 0.0
    steep = math.sqrt(math.tan(math.radians(max(scene.around.slope, 0.0))) / math.tan(math.radians(p.slope)))
    speed = min(p.fastest, max(p.slowest, p.speed * steep))
    return Flow(out, runout, speed, p.toxic * out)


# ── the people ──


def villages(p: Parameters, scene: Scene, stream: Stream) -> tuple[tuple[Village, ...], list[Effect]]:
    """The houses below the dam, then the towns on the river below; who is not at home is in no danger."""
    home, asleep = scene.around.share("dwelling"), scene.around.presence.get("asleep", 0.0)
    places = [("houses", p.nearest, "", scene.scope["people"])]
    places += [
        (f"reach-{k + 1}", reach.along, reach.code, reach.people * p.low_share)
        for k, reach in enumerate(r for r in scene.around.river if not r.intake and r.along <= p.valley)
    ]
    found: list[Village] = []
    persons: list[Person] = []
    left = round(p.followed)
    for name, x, code, residents in places:
        people = []
        for k in range(min(left, round(residents))):
            present = stream.uniform() < home
            slow = p.asleep if stream.uniform() < asleep else 1.0
            flees = slow * p.flee * math.exp(p.flee_spread * stream.normal())
            place, fate, badly, dig = (
                stream.uniform(),
                stream.uniform(),
                stream.uniform(),
                p.free * stream.exponential(),
            )
            who = Villager(f"{name}-{k + 1:04d}", flees, place, fate, badly, dig)
            if present:
                people.append(who)
                persons.append(Person(who.id, Status.EXPOSED, name, entrapment=CURVE))
        left -= min(left, round(residents))
        found.append(Village(name, x, code, tuple(people)))
    return tuple(found), [Involve(tuple(persons))] if persons else []


def led_out(state: State, moved: float, batch: float) -> tuple[State, list[Effect]]:
    """The next batch is out, nearest to the dam first."""
    effects: list[Effect] = []
    left = min(batch, state.exposed)
    after = []
    for village in state.villages:
        take = 0 if village.reached else min(round(left), len(village.inside))
        if take:
            effects.append(Harm(_names(village.inside[:take]), Status.SAFE, why="moved_out"))
        left -= take
        after.append(replace(village, out=village.out + take))
    return replace(state, villages=tuple(after), moved=moved), effects


def arrives(p: Parameters, state: State, k: int) -> tuple[State, list[Effect]]:
    """The front is at a village: some have fled, the rest it takes, in the middle of its path or at the margin."""
    village, after = state.villages[k], state.flow.volume
    took = village.x / state.flow.speed
    fled = [who for who in village.inside if who.flees <= took]
    met = [who for who in village.inside if who.flees > took]
    effects: list[Effect] = []
    if fled:
        effects.append(Harm(_names(fled), Status.SAFE, why="fled"))
    dead, caught, hurt, unhurt = _sorted(p, met)
    for some, status, colour in (
        (dead, Status.DEAD, None), (caught, Status.TRAPPED, None), (unhurt, Status.SAFE, None),
        *(([who], Status.WAITING, colour_of(p, who)) for who in hurt),
    ):  # fmt: skip
        if some:
            effects.append(Harm(_names(some), status, colour, "swept_away", hidden=True))
    values = {"people": float(len(met)), "along": village.x, "volume": after}
    effects.append(Note("front_arrives", values))
    if village.code:
        effects.append(Shock("mud_wave", village.code, values))
    begun, waiting = state.caught[:1], (*state.caught[1:], *caught)  # whoever is being freed stays the next
    order = (*begun, *sorted(waiting, key=lambda who: (who.dig, who.id)))
    state = replace(
        state,
        villages=(*state.villages[:k], replace(village, reached=True), *state.villages[k + 1 :]),
        caught=order,
        freeing=order[0].dig if order and not state.caught else state.freeing,
        debris=state.debris + p.over_each * (len(dead) + len(caught)),
        dead=state.dead + len(dead),
    )
    return state, effects


def colour_of(p: Parameters, who: Villager) -> Triage:
    """How badly somebody is hurt who got out or was freed."""
    if who.badly < p.red:
        return Triage.RED
    return Triage.YELLOW if who.badly < p.red + p.yellow else Triage.GREEN


def _sorted(
    p: Parameters, met: Sequence[Villager]
) -> tuple[list[Villager], list[Villager], list[Villager], list[Villager]]:
    """(dead, caught, hurt, unhurt) of those whom it met."""
    dead, caught, hurt, unhurt = [], [], [], []
    for who in met:
        middle = who.place < p.path_share
        kills, catches = (p.path_dead, p.path_caught) if middle else (p.margin_dead, p.margin_caught)
        hurts = p.path_hurt if middle else p.margin_hurt
        if who.fate < kills:
            dead.append(who)
        elif who.fate < kills + catches:
            caught.append(who)
        elif who.fate < kills + catches + hurts:
            hurt.append(who)
        else:
            unhurt.append(who)
    return dead, caught, hurt, unhurt


def _names(people: Sequence[Villager]) -> tuple[str, ...]:
    return tuple(who.id for who in people)
