"""The people in a burning tunnel: who walks out when, whom the smoke overtakes, how they come out."""

from __future__ import annotations

import math

from msgspec.structs import replace

from models.hazards.road_crash.parameters import Parameters
from models.hazards.road_crash.state import Fire, Held, Walker
from sim.domain.hazards import Effect, Harm, Involve
from sim.domain.people import Person, Status, Triage
from sim.streams import Stream


def inside(
    p: Parameters, people: int, air: float, stream: Stream
) -> tuple[tuple[Walker, ...], tuple[Held, ...], tuple[Held, ...]]:
    """People in stopped vehicles: everybody, and who cannot walk up- and downstream of the fire."""
    walkers: list[Walker] = []
    up: list[Held] = []
    down: list[Held] = []
    for i in range(people):
        upstream = stream.uniform() >= p.downstream
        at = p.stopped_over * stream.uniform()
        starts = p.alert_least + (p.alert_most - p.alert_least) * stream.uniform()
        able = stream.uniform() >= p.unable
        way = p.passage * math.ceil(at / p.passage) - at
        who = Walker(
            f"s{i + 1:03d}", upstream, at, starts if able else math.inf,
            starts + way / p.walking if able else math.inf, p.toxic * stream.exponential(),
        )  # fmt: skip
        if not upstream:
            who = replace(who, reached=_reached(p, who, 0.0, max(air, p.smoke_least)))
        walkers.append(who)
        if not able:
            (up if upstream else down).append(Held(who.id, Triage.GREEN, p.bring_out))
    return tuple(walkers), tuple(up), tuple(down)


def involve(fire: Fire, caught: frozenset[str]) -> list[Effect]:
    """Those in stopped vehicles come into harm's way; whoever is caught in a wreck already was."""
    persons = tuple(
        Person(
            who.id,
            Status.TRAPPED if math.isinf(who.out) else Status.EXPOSED,
            "upstream" if who.upstream else "downstream",
        )
        for who in fire.walkers
        if who.id not in caught
    )
    return [Involve(persons)] if persons else []


def runs_back(p: Parameters, fire: Fire) -> Fire:
    """Smoke begins to run upstream, so far and no farther."""

    def overtaken(who: Walker) -> Walker:
        reached = _reached(p, who, fire.age, p.smoke_back)
        return replace(who, reached=reached if (reached - fire.age) * p.smoke_back <= p.back_reach else math.inf)

    walkers = tuple(overtaken(who) if who.upstream else who for who in fire.walkers)
    return replace(fire, back=True, walkers=walkers)


def clears(fire: Fire, *, everywhere: bool) -> Fire:
    """The smoke is gone upstream, or everywhere; what was breathed stays breathed."""

    def freed(who: Walker) -> Walker:
        return replace(who, breathed=who.breathed + max(0.0, fire.age - who.reached), reached=math.inf)

    return replace(fire, walkers=tuple(freed(who) if who.upstream or everywhere else who for who in fire.walkers))


def leaves(p: Parameters, fire: Fire, who: Walker, how: str) -> tuple[Fire, list[Effect]]:
    """Somebody walks out, with as much smoke in them as they had; or is overcome, and must still be brought out."""
    after = _without(fire, who.id)
    if how == "walked_out":
        colour = colour_of(p, who.dose(fire.age))
        return after, [Harm((who.id,), Status.WAITING if colour else Status.SAFE, colour, how)]
    if who.out < math.inf:  # the others are in a queue already
        body = Held(who.id, Triage.GREEN, p.bring_out)
        after = replace(after, up=(*after.up, body)) if who.upstream else replace(after, down=(*after.down, body))
    return after, [Harm((who.id,), Status.DEAD, why=how, hidden=True)]


def got_out(p: Parameters, fire: Fire, held: Held, how: str) -> tuple[Fire, list[Effect]]:
    """Somebody is cut or brought out, hurt by the crash or by smoke, whichever is worse; or their body is."""
    alive = [who for who in fire.walkers if who.id == held.id]
    colours = [held.triage, *(colour for who in alive if (colour := colour_of(p, who.dose(fire.age))))]
    worst = min(colours, key=(Triage.RED, Triage.YELLOW, Triage.GREEN).index)
    return _without(fire, held.id), [Harm((who.id,), Status.WAITING, worst, how) for who in alive]


def colour_of(p: Parameters, dose: float) -> Triage | None:
    """How badly somebody is hurt who had this share of the smoke they bear."""
    if dose >= p.smoke_red:
        return Triage.RED
    if dose >= p.smoke_yellow:
        return Triage.YELLOW
    return Triage.GREEN if dose > 0.0 else None


def _reached(p: Parameters, who: Walker, since: float, speed: float) -> float:
    """When smoke that sets out from the fire at `since` is where they are; inf if they walk out before it."""
    seated = since + who.at / speed
    if seated <= who.starts:
        return seated if seated < who.out else math.inf
    if speed <= p.walking:
        return math.inf
    walking = (who.at - p.walking * who.starts + speed * since) / (speed - p.walking)
    return walking if walking < who.out else math.inf


def _without(fire: Fire, who: str) -> Fire:
    return replace(
        fire,
        walkers=tuple(other for other in fire.walkers if other.id != who),
        up=tuple(held for held in fire.up if held.id != who),
        down=tuple(held for held in fire.down if held.id != who),
    )
