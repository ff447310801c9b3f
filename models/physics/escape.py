"""People in a mine whose air is bad: which way they go and when they are out, what air and wounds do to them, how squads find them.

Places are metres of way from the portal (`at`): the intake first, then the region to its downstream end. Moments are seconds since
the accident began (`age`). Several hazards share this; each has the numbers in its own card, under the names of `Habits`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import msgspec
from msgspec.structs import replace

from models import kernels
from sim.domain.hazards import Effect, Harm, Note
from sim.domain.people import Status, Triage
from sim.streams import Stream

INF = math.inf
MOMENTS = {"rescuer_empty": "bare", "fresh_air": "fresh", "walked_out": "out"}  # events of a miner on the way out
_SEVERITY = (Triage.RED, Triage.YELLOW, Triage.GREEN)


class Ways(Protocol):
    """The ways of a region: where it begins and ends, where the trouble sits, how people come up."""

    @property
    def way_in(self) -> float:
        """m from the portal to the region."""

    @property
    def end(self) -> float:
        """m from the portal to its downstream end."""

    @property
    def seat(self) -> float:
        """m from the portal to the trouble."""

    @property
    def climb(self) -> float:
        """s more that the way out takes because it rises."""

    @property
    def cage(self) -> float:
        """s between those who come up together."""


class Sums(Protocol):
    """What somebody in the bad air without protection has taken up since age 0 (share of volume × s)."""

    @property
    def breathed(self) -> float:
        """∫ carbon monoxide."""

    @property
    def stifled(self) -> float:
        """∫ lack of oxygen."""


class Habits(Protocol):
    """The numbers of a card that this needs."""

    @property
    def walking(self) -> float:
        """Walking speed in clear air, m/s."""

    @property
    def walking_smoke(self) -> float:
        """Walking speed in smoke, m/s."""

    @property
    def hurt_pace(self) -> float:
        """Share of that speed at which the hurt go."""

    @property
    def way_return(self) -> float:
        """Length of the way by the return, m."""

    @property
    def refuge_lasts(self) -> float:
        """How long a refuge keeps people, s."""

    @property
    def rescuers(self) -> float:
        """Share of people who carry a self-rescuer."""

    @property
    def rescuer_least(self) -> float:
        """Least time a self-rescuer protects, s."""

    @property
    def rescuer_most(self) -> float:
        """Most time a self-rescuer protects, s."""

    @property
    def dose_red(self) -> float:
        """Share of the dose borne from which somebody is red."""

    @property
    def dose_yellow(self) -> float:
        """Share of the dose borne from which somebody is yellow."""

    @property
    def worsens(self) -> float:
        """Share of their clock after which somebody comes out red."""

    @property
    def red_shape(self) -> float:
        """Shape of the clock of the red."""

    @property
    def red_scale(self) -> float:
        """Scale of the clock of the red, s."""

    @property
    def yellow_shape(self) -> float:
        """Shape of the clock of the yellow."""

    @property
    def yellow_scale(self) -> float:
        """Scale of the clock of the yellow, s."""

    @property
    def first_aid(self) -> float:
        """Factor of that clock with first aid."""

    @property
    def carrying(self) -> float:
        """Speed on the way out with a stretcher, m/s."""


class Miner(msgspec.Struct, frozen=True):
    """Somebody alive inside. Gas works on them from `bare` to `fresh`; they are up at `out` (inf: not by themselves)."""

    id: str
    at: float
    monoxide: float  # doses that kill them
    stifled: float
    bears: float  # what their injury clock may use up
    blasts: tuple[float, ...]  # luck in each explosion
    walks: float  # age at which they set out
    guard: float  # s that their self-rescuer isolates
    shelter: bool = False  # a refuge or a compressed-air line is within their reach
    by_return: bool = False  # they leave downstream, by the return airway
    out: float = math.inf
    bare: float = math.inf
    fresh: float = math.inf
    chokes: float = math.inf  # age at which the gas of the heading itself kills them
    exposed: bool = False  # gas works on them now
    monoxide_from: float = 0.0  # the sums of the air when it began
    stifled_from: float = 0.0
    dose: float = 0.0  # share of their own deadly dose when it ended
    colour: Triage | None = None
    hurt_at: float = 0.0
    used: float = 0.0  # of the injury clock
    used_at: float = 0.0  # the age up to which
    pace: float = 1.0  # how fast it runs
    depth: float = -1.0  # buried so deep in the heap (share of it); their survival curve decides
    found: bool = False
    carry: float = math.inf  # squad·s until they are at the surface, once found


class Bad:
    """Where the air stands bad at first, `low` to `high` metres from the portal, and how fast it drifts downstream."""

    __slots__ = ("high", "low", "speed")

    def __init__(self, low: float, high: float, speed: float) -> None:
        self.low, self.high, self.speed = low, high, speed


def guard(p: Habits, stream: Stream) -> float:
    """How long somebody's self-rescuer isolates; 0 where there is none at hand."""
    has, lasts = stream.uniform() < p.rescuers, stream.uniform()
    return p.rescuer_least + (p.rescuer_most - p.rescuer_least) * lasts if has else 0.0


def place(who: Miner, age: float) -> float:
    """Metres from the portal at which somebody is; those who leave by the return are taken to be where they were."""
    if who.out == INF or age <= who.walks or who.by_return:
        return who.at
    return who.at * max(0.0, (who.out - age) / (who.out - who.walks))


def flees(p: Habits, mine: Ways, who: Miner, bad: Bad, age: float, *, passable: bool) -> Miner:
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
        return replace(who, walks=starts, out=up(mine, starts + at / quick, pace), bare=INF, fresh=INF, by_return=False)
    if inside and (at <= mine.seat or passable):
        fresh = starts + (at - bad.low) / slow
        out = up(mine, fresh + bad.low / quick, pace)
        return through(p, replace(who, walks=starts, by_return=False), begins, fresh, out)
    return _by_return(p, mine, who, bad, begins, starts, pace)


def _by_return(p: Habits, mine: Ways, who: Miner, bad: Bad, begins: float, starts: float, pace: float) -> Miner:
    """Out by the return airway: ahead of the bad air as long as it does not overtake, in it from then on."""
    left, slow, quick = mine.end - who.at + p.way_return, p.walking_smoke * pace, p.walking * pace
    who = replace(who, walks=starts, by_return=True)
    if begins <= starts:  # it is there before they set out
        out = starts + left / slow
        return through(p, who, begins, out, up(mine, out, pace))
    clear = starts + left / quick
    meets = INF
    if bad.speed > quick:  # front: begins + (x − at) / speed; walker: starts + (x − at) / quick
        meets = starts + (begins - starts) * bad.speed / (bad.speed - quick)
    if meets >= clear:
        return replace(who, out=up(mine, clear, pace), bare=INF, fresh=INF)
    out = meets + (left - (meets - starts) * quick) / slow
    return through(p, who, meets, out, up(mine, out, pace))


def through(p: Habits, who: Miner, begins: float, fresh: float, out: float) -> Miner:
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


def uncovered(air: Sums, who: Miner) -> Miner:
    """Gas works on somebody from now on."""
    return replace(who, exposed=True, bare=INF, monoxide_from=air.breathed, stifled_from=air.stifled)


def covered(air: Sums, who: Miner) -> Miner:
    """Somebody breathes good air again; what they took up stays with them."""
    if not who.exposed:
        return replace(who, bare=INF, fresh=INF)
    dose = max(who.dose, (air.breathed - who.monoxide_from) / who.monoxide)
    return replace(who, exposed=False, bare=INF, fresh=INF, dose=dose)


def condition(p: Habits, who: Miner) -> Triage | None:
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


def on_the_way(
    p: Habits, miners: tuple[Miner, ...], name: str, air: Sums, age: float
) -> tuple[tuple[Miner, ...], list[Effect]]:
    """A self-rescuer is spent, somebody comes to good air, people are at the surface: those who are due, and what follows."""
    when = min(getattr(who, MOMENTS[name]) for who in miners)
    now = [who for who in miners if getattr(who, MOMENTS[name]) == when]
    if name != "walked_out":
        change = uncovered if name == "rescuer_empty" else covered
        told = Note(name, {"people": float(len(now))})
        return tuple(change(air, who) if who in now else who for who in miners), [told]
    effects: list[Effect] = []
    out = [(who.id, condition(p, aged(p, covered(air, who), age))) for who in now]
    for colour in (None, *Triage):
        if names := tuple(who for who, found in out if found is colour):
            effects.append(Harm(names, Status.WAITING if colour else Status.SAFE, colour, name))
    return tuple(who for who in miners if who not in now), effects


def dies_of_wounds(p: Habits, who: Miner, age: float) -> float:
    """Seconds until somebody's injury kills them."""
    if who.colour is None or who.colour is Triage.GREEN or who.depth >= 0.0:
        return INF
    shape, scale = _clock(p, who)
    since = who.used_at - who.hurt_at
    return kernels.clock_rings_in(who.bears - who.used, since, shape, scale, who.pace) - (age - who.used_at)


def aged(p: Habits, who: Miner, age: float) -> Miner:
    """Their injury clock brought up to this age."""
    if who.colour is None or who.depth >= 0.0 or age <= who.used_at:
        return who
    shape, scale = _clock(p, who)
    used = kernels.clock_used(who.used_at - who.hurt_at, age - who.used_at, shape, scale, who.pace)
    return replace(who, used=who.used + used, used_at=age)


def _clock(p: Habits, who: Miner) -> tuple[float, float]:
    if who.colour is Triage.RED:
        return p.red_shape, p.red_scale
    return p.yellow_shape, p.yellow_scale


def hurt(who: Miner, colour: Triage, age: float) -> Miner:
    """Somebody is hurt now; a worse wound than they had sets the clock going anew."""
    if who.colour is not None and _SEVERITY.index(who.colour) <= _SEVERITY.index(colour):
        return who
    return replace(who, colour=colour, hurt_at=age, used=0.0, used_at=age)


def found(p: Habits, mine: Ways, air: Sums, who: Miner, age: float) -> Miner:
    """A squad is with somebody: air from the squad's set, first aid, then a stretcher."""
    who = covered(air, aged(p, who, age))
    return replace(who, found=True, out=INF, pace=p.first_aid, carry=who.at / p.carrying + mine.climb)


def queue(miners: Sequence[Miner]) -> list[int]:
    """Those found, the worst first, as stretchers are given out."""
    seen, none = [k for k, who in enumerate(miners) if who.found], len(_SEVERITY)
    return sorted(seen, key=lambda k: (_SEVERITY.index(c) if (c := miners[k].colour) else none, miners[k].id))


def carried(miners: tuple[Miner, ...], squads: float, dt: float) -> tuple[Miner, ...]:
    """Those found, so far on their way out `dt` seconds later: a squad each, as many as there are."""
    if squads <= 0.0:
        return miners
    after = list(miners)
    for n, k in enumerate(queue(miners)):
        if squads <= n:
            break
        after[k] = replace(after[k], carry=kernels.work_left(after[k].carry, min(1.0, squads - n), dt))
    return tuple(after)


def up(mine: Ways, out: float, pace: float = 1.0) -> float:
    """When somebody who has come so far is at the surface: inclines are slow, and people are wound up together."""
    return math.ceil((out + mine.climb / pace) / mine.cage) * mine.cage
