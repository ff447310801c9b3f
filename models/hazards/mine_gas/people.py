"""The people inside: where they are, which way they go and when they are out, what gas and injuries do to them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.mine_gas.parameters import Parameters
from models.hazards.mine_gas.state import Air, Mine, Miner, State
from models.physics import underground as ug
from sim.domain.people import Person, Status, Triage
from sim.streams import Stream

INF = math.inf
_SEVERITY = (Triage.RED, Triage.YELLOW, Triage.GREEN)


class Bad:
    """Where the air stands bad at first, `low` to `high` metres from the portal, and how fast it drifts downstream."""

    __slots__ = ("high", "low", "speed")

    def __init__(self, low: float, high: float, speed: float) -> None:
        self.low, self.high, self.speed = low, high, speed


def settle(p: Parameters, mine: Mine, *, night: bool, stream: Stream) -> tuple[Miner, ...]:
    """Everybody inside, walking out as if nothing stood in their way; the same number of draws for each."""
    miners = []
    blasts = round(p.explosions_most)
    for i in range(1, mine.people + 1):
        where, near = stream.uniform(), stream.uniform()
        at = mine.way_in + mine.length * where
        if near < p.share_near:  # the crew of the face or heading where it begins
            at = mine.seat
        late = p.alarm * math.exp(p.alarm_spread * stream.normal()) * (p.alarm_night if night else 1.0)
        monoxide = ug.probit_dose(p.probit_a, p.probit_b, p.probit_base, stream.normal())
        stifled = p.stifled * math.exp(p.stifled_spread * stream.normal())
        bears = stream.exponential()
        luck = tuple(stream.uniform() for _ in range(blasts))
        guard = _guard(p, stream)
        shelter = stream.uniform() < p.refuge
        miner = Miner(f"m{i:04d}", at, monoxide, stifled, bears, luck, walks=late, guard=guard, shelter=shelter)
        miners.append(replace(miner, out=_up(mine, late + at / p.walking)))
    return tuple(miners)


def _guard(p: Parameters, stream: Stream) -> float:
    """How long somebody's self-rescuer isolates; 0 where there is none at hand."""
    has, lasts = stream.uniform() < p.rescuers, stream.uniform()
    return p.rescuer_least + (p.rescuer_most - p.rescuer_least) * lasts if has else 0.0


def persons(miners: Sequence[Miner], mine: Mine) -> tuple[Person, ...]:
    """Everybody as the engine knows them."""
    return tuple(
        Person(
            who.id, Status.TRAPPED, "seat" if who.at == mine.seat else "intake" if who.at < mine.seat else "return",
            entrapment="burial" if who.depth >= 0.0 else "",
        )
        for who in miners
    )  # fmt: skip


def place(who: Miner, age: float) -> float:
    """Metres from the portal at which somebody is; those who leave by the return are taken to be where they were."""
    if who.out == INF or age <= who.walks or who.by_return:
        return who.at
    return who.at * max(0.0, (who.out - age) / (who.out - who.walks))


def flees(p: Parameters, mine: Mine, who: Miner, bad: Bad, age: float, *, passable: bool) -> Miner:
    """Their way out from now on: through bad air with a self-rescuer, ahead of it by the return, or not at all."""
    at = place(who, age)
    who = replace(who, at=at)
    inside = bad.low <= at <= bad.high
    begins = age if inside else age + (at - bad.high) / bad.speed if at > bad.high and bad.speed > 0.0 else INF
    if who.colour is Triage.RED:
        return _stays(who, begins, 0.0)
    pace = 1.0 if who.colour is None else p.hurt_pace
    slow, quick, starts = p.walking_smoke * pace, p.walking * pace, max(who.walks, age)
    if at < bad.low:
        return replace(
            who, walks=starts, out=_up(mine, starts + at / quick, pace), bare=INF, fresh=INF, by_return=False
        )
    if inside and (at <= mine.seat or passable):
        fresh = starts + (at - bad.low) / slow
        out = _up(mine, fresh + bad.low / quick, pace)
        return _through(p, replace(who, walks=starts, by_return=False), begins, fresh, out)
    return _by_return(p, mine, who, bad, begins, starts, pace)


def _by_return(p: Parameters, mine: Mine, who: Miner, bad: Bad, begins: float, starts: float, pace: float) -> Miner:
    """Out by the return airway: ahead of the bad air as long as it does not overtake, in it from then on."""
    left, slow, quick = mine.end - who.at + p.way_return, p.walking_smoke * pace, p.walking * pace
    who = replace(who, walks=starts, by_return=True)
    if begins <= starts:  # it is there before they set out
        out = starts + left / slow
        return _through(p, who, begins, out, _up(mine, out, pace))
    clear = starts + left / quick
    meets = INF
    if bad.speed > quick:  # front: begins + (x − at) / speed; walker: starts + (x − at) / quick
        meets = starts + (begins - starts) * bad.speed / (bad.speed - quick)
    if meets >= clear:
        return replace(who, out=_up(mine, clear, pace), bare=INF, fresh=INF)
    out = meets + (left - (meets - starts) * quick) / slow
    return _through(p, who, meets, out, _up(mine, out, pace))


def _through(p: Parameters, who: Miner, begins: float, fresh: float, out: float) -> Miner:
    """Somebody who gets through bad air while the self-rescuer isolates; where that is too far, to a refuge if there is one."""
    bare = begins + who.guard
    if bare >= fresh:
        return replace(who, bare=INF, fresh=INF, out=out)
    if who.shelter and who.guard > 0.0:
        return _stays(who, begins, p.refuge_lasts)
    return replace(who, bare=bare, fresh=fresh, out=out)


def _stays(who: Miner, begins: float, guard: float) -> Miner:
    """Somebody who cannot walk."""
    return replace(who, out=INF, fresh=INF, bare=begins + guard, by_return=False)


def uncovered(air: Air, who: Miner) -> Miner:
    """Gas works on somebody from now on."""
    return replace(who, exposed=True, bare=INF, monoxide_from=air.breathed, stifled_from=air.stifled)


def covered(air: Air, who: Miner) -> Miner:
    """Somebody breathes good air again; what they took up stays with them."""
    if not who.exposed:
        return replace(who, bare=INF, fresh=INF)
    dose = max(who.dose, (air.breathed - who.monoxide_from) / who.monoxide)
    return replace(who, exposed=False, bare=INF, fresh=INF, dose=dose)


def condition(p: Parameters, who: Miner) -> Triage | None:
    """How somebody comes out: by their wound, grown worse with time, and by the gas they took up, whichever is worse."""
    found = []
    if who.dose >= p.dose_red:
        found.append(Triage.RED)
    elif who.dose >= p.dose_yellow:
        found.append(Triage.YELLOW)
    elif who.dose > 0.0:
        found.append(Triage.GREEN)
    if who.colour is not None:
        found.append(Triage.RED if who.used >= p.worsens * who.bears else who.colour)
    return min(found, key=_SEVERITY.index) if found else None


def dies_of_wounds(p: Parameters, who: Miner, age: float) -> float:
    """Seconds until somebody's injury kills them."""
    if who.colour is None or who.colour is Triage.GREEN or who.depth >= 0.0:
        return INF
    shape, scale = _clock(p, who)
    since = who.used_at - who.hurt_at
    return kernels.clock_rings_in(who.bears - who.used, since, shape, scale, who.pace) - (age - who.used_at)


def aged(p: Parameters, who: Miner, age: float) -> Miner:
    """Their injury clock brought up to this age."""
    if who.colour is None or who.depth >= 0.0 or age <= who.used_at:
        return who
    shape, scale = _clock(p, who)
    used = kernels.clock_used(who.used_at - who.hurt_at, age - who.used_at, shape, scale, who.pace)
    return replace(who, used=who.used + used, used_at=age)


def _clock(p: Parameters, who: Miner) -> tuple[float, float]:
    if who.colour is Triage.RED:
        return p.red_shape, p.red_scale
    return p.yellow_shape, p.yellow_scale


def hurt(who: Miner, colour: Triage, age: float) -> Miner:
    """Somebody is hurt now; a worse wound than they had sets the clock going anew."""
    if who.colour is not None and _SEVERITY.index(who.colour) <= _SEVERITY.index(colour):
        return who
    return replace(who, colour=colour, hurt_at=age, used=0.0, used_at=age)


def found(p: Parameters, state: State, who: Miner) -> Miner:
    """A squad is with somebody: air from the squad's set, first aid, then a stretcher."""
    who = covered(state.air, aged(p, who, state.age))
    return replace(who, found=True, out=INF, pace=p.first_aid, carry=who.at / p.carrying + state.mine.climb)


def fallen(p: Parameters, state: State, number: int) -> State:
    """So many more lie dead inside, to be carried out."""
    work = number * state.mine.seat / p.carrying
    return replace(state, bodies=state.bodies + number, bodies_work=state.bodies_work + work)


def colour_of(p: Parameters, luck: float) -> Triage:
    """The colour of somebody hurt by a blast."""
    if luck < p.blast_red:
        return Triage.RED
    return Triage.YELLOW if luck < p.blast_red + p.blast_yellow else Triage.GREEN


def queue(state: State) -> list[int]:
    """Those found, the worst first, as stretchers are given out."""
    seen = [k for k, who in enumerate(state.miners) if who.found]
    none = len(_SEVERITY)
    return sorted(
        seen, key=lambda k: (_SEVERITY.index(c) if (c := state.miners[k].colour) else none, state.miners[k].id)
    )


def _up(mine: Mine, out: float, pace: float = 1.0) -> float:
    """When somebody who has come so far is at the surface: inclines are slow, and people are wound up together."""
    return math.ceil((out + mine.climb / pace) / mine.cage) * mine.cage
