"""The people of a gas accident: where they are, how much each bears, who lies where."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec.structs import replace

from models.hazards.mine_gas.parameters import Parameters
from models.hazards.mine_gas.state import Mine, State
from models.physics import escape
from models.physics import underground as ug
from models.physics.escape import Miner
from sim.domain.people import Person, Status, Triage
from sim.streams import Stream


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
        guard = escape.guard(p, stream)
        shelter = stream.uniform() < p.refuge
        miner = Miner(f"m{i:04d}", at, monoxide, stifled, bears, luck, walks=late, guard=guard, shelter=shelter)
        miners.append(replace(miner, out=escape.up(mine, late + at / p.walking)))
    return tuple(miners)


def persons(miners: Sequence[Miner], mine: Mine) -> tuple[Person, ...]:
    """Everybody as the engine knows them."""
    return tuple(
        Person(
            who.id, Status.TRAPPED, "seat" if who.at == mine.seat else "intake" if who.at < mine.seat else "return",
            entrapment="burial" if who.depth >= 0.0 else "",
        )
        for who in miners
    )  # fmt: skip


def fallen(p: Parameters, state: State, number: int) -> State:
    """So many more lie dead inside, to be carried out."""
    work = number * state.mine.seat / p.carrying
    return replace(state, bodies=state.bodies + number, bodies_work=state.bodies_work + work)


def colour_of(p: Parameters, luck: float) -> Triage:
    """The colour of somebody hurt by a blast."""
    if luck < p.blast_red:
        return Triage.RED
    return Triage.YELLOW if luck < p.blast_red + p.blast_yellow else Triage.GREEN
