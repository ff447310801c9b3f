"""How it begins, and begins again: gas explodes, an outburst fills the ways with coal and gas, a fan stops."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from models.chances import fragility
from models.hazards.mine_gas import air, people
from models.hazards.mine_gas.parameters import Parameters
from models.hazards.mine_gas.state import Air, Later, Mine, Source, State
from models.physics import escape
from models.physics import underground as ug
from models.physics.escape import INF, Bad, Miner
from sim.domain.hazards import Effect, Harm, Inputs, Note, Scene, Strike
from sim.domain.people import Status, Triage
from sim.streams import Stream

INSIDE = ("recon", "carry", "clearing_squads", "cooling", "bodies")  # what squads do in the region
BESIDE = ("ventilation",)  # what they do at its fresh side
Jump = tuple[State, list[Effect]]


def mine(p: Parameters, scene: Scene, stream: Stream) -> Mine:
    """The affected airways: as large as the people who work in them, the trouble somewhere on the way through."""
    number = round(scene.scope["people"])
    void = max(p.void_least, p.void_per_person * number)
    length = p.length_least * (void / p.void_least) ** p.length_power
    seat = p.way_in + length * (p.seat_first + (p.seat_last - p.seat_first) * stream.uniform())
    relief = p.portals_apart * math.tan(math.radians(scene.around.slope))
    netted = max(length, p.netted * void / p.gallery)
    fan = p.fan_least + p.fan_per_void * void
    level = (
        scene.around.slope >= p.adit_from
    )  # steep ground is entered by an adit: level, and nobody waits to be wound up
    climb, cage = (0.0, p.cage_adit) if level else (p.way_in / p.walking * (1 / p.incline - 1), p.cage)
    return Mine(
        void, void * p.box, p.way_in, length, seat, netted, fan, relief, scene.site.elevation, climb, cage, number
    )


def lucks(p: Parameters, stream: Stream) -> tuple[Later, ...]:
    """What may come of each explosion, whether it comes or not."""
    rings, found = 0.0, []
    for _ in range(round(p.explosions_most)):
        rings += stream.exponential()
        found.append(Later(rings, *(stream.uniform() for _ in range(5))))
    return tuple(found)


def source(p: Parameters, region: Mine, methane: float) -> Source:
    """Gas that seeps in, so that the return holds what it usually holds; and what an outburst of `methane` will still give off."""
    steady = region.fan * p.gas_normal / (1 - p.gas_normal)
    if not p.bursts:
        return Source(steady)
    return Source(steady, (1 - p.burst) * methane, p.burst_tau)


# ── explosion ──


def burnt(p: Parameters, methane: float, void: float) -> float:
    """Volume (m³) that burns and is left full of afterdamp: so many times the gas zone, at most all airways."""
    just = ug.stoichiometric(p.oxygen_moles, p.air_moles)
    return min(void, p.flame * methane / just)


def explodes(p: Parameters, state: State, methane: float, inputs: Inputs, *, of_region: bool) -> Jump:
    """Flame and blast along the ways, doors and perhaps fan and roof gone, afterdamp where it burnt.

    What burns is gas that has mixed in the region (`of_region`), or an accumulation apart from it.
    """
    number, (luck, *others) = state.explosions, state.lucks
    region = replace(state.mine, box=state.mine.void)
    volume = burnt(p, methane, region.void)
    low, high = _centred(region.seat, volume / region.section, region)
    left = (state.air.methane * state.mine.box - methane * of_region) / region.box
    state = replace(
        state,
        mine=region,
        lucks=tuple(others),
        explosions=number + 1,
        clock=luck.rings,
        air=replace(
            state.air,
            methane=max(0.0, left),
            monoxide=min(
                1.0, state.air.monoxide + _between(p.monoxide_low, p.monoxide_high, luck.yields) * volume / region.box
            ),
        ),
        doors=p.doors if luck.doors < fragility(methane, p.doors_gas, p.doors_spread) else state.doors,
    )
    if luck.fan < fragility(methane, p.fan_gas, p.fan_spread):
        state = replace(state, fan=p.fan_repair, fan_broken=True)
    if luck.heat < p.heat_left:
        state = replace(state, heat=True, cooling=p.cooling)
    state = replace(state, heat_known=state.heat and number > 0)  # it exploded again: something must glow
    roof = luck.roof < p.roof_down
    if roof:
        state = replace(state, heap=state.heap + p.rock, heap_all=state.heap + p.rock, heap_at=region.seat)
    state = replace(state, zone=air.zone(p, state.air.methane), clear=state.air.monoxide <= p.monoxide_work)
    bad = Bad(low, high, air.flow(p, state, inputs) / region.section)
    state, effects = _blast(p, state, bad, number)
    name = "second_explosion" if number else "explosion"
    effects.insert(0, Note(name, {"methane": methane, "flame": high - low, "people": float(len(state.miners))}))
    if number or state.age > 0.0:
        effects.append(Strike("explosion_hit", INSIDE, p.squad_dead, p.squad_red, p.squad_yellow))
        far = (share * p.beside for share in (p.squad_dead, p.squad_red, p.squad_yellow))
        effects.append(Strike("explosion_hit", BESIDE, *far))
    if roof:
        effects.append(Note("roof_down", {"mass": p.rock}))
    return state, effects


def _blast(p: Parameters, state: State, bad: Bad, number: int) -> Jump:
    """Who is killed, who is hurt, and which way the others go now."""
    low, high, reach = bad.low, bad.high, bad.high - bad.low
    dead: list[str] = []
    left: list[Miner] = []
    for who in state.miners:
        if who.depth >= 0.0:
            left.append(who)
            continue
        at, luck = escape.place(who, state.age), who.blasts[min(number, len(who.blasts) - 1)]
        now = escape.aged(p, escape.covered(state.air, who), state.age)
        if low <= at <= high:
            if luck < p.flame_dead:
                dead.append(who.id)
                continue
            now = escape.hurt(now, people.colour_of(p, (luck - p.flame_dead) / (1 - p.flame_dead)), state.age)
        elif low - reach <= at <= high + reach and luck < p.near_hurt:
            now = escape.hurt(now, people.colour_of(p, luck / p.near_hurt), state.age)
        if who.found:  # squads see to them, in what air there is
            left.append(now)
            continue
        left.append(escape.flees(p, state.mine, now, bad, state.age, passable=state.heap <= 0.0))
    state = _met(people.fallen(p, replace(state, miners=tuple(left)), len(dead)))
    effects: list[Effect] = [Harm(tuple(dead), Status.DEAD, why="explosion_killed")] if dead else []
    for colour in (Triage.RED, Triage.YELLOW, Triage.GREEN):
        names = tuple(who.id for who in state.miners if who.colour is colour and who.hurt_at == state.age)
        if names:
            effects.append(Harm(names, Status.TRAPPED, colour, "explosion_hurt"))
    return state, effects


# ── outburst ──


def amounts(p: Parameters, scope: Mapping[str, float]) -> tuple[float, float]:
    """Gas (m³) and coal (kg) of an outburst: whichever of the two is said to be larger says how large the other is."""
    gas = max(scope["methane"], p.coal * scope["coal"] * p.gas_per_coal)
    return gas, p.coal * max(scope["coal"], gas / p.gas_per_coal)


def bursts(p: Parameters, state: State, methane: float, coal: float, inputs: Inputs, depths: Sequence[float]) -> Jump:
    """Coal fills the heading; the first gas drives the air back if it is more than the fan moves, and everything else mixes."""
    region = state.mine
    section = region.box / region.length
    heading = coal / (p.coal_density * p.gallery)
    before = air.flow(p, state, inputs)
    first, within = p.burst * methane, p.burst_for
    back = max(0.0, first - before * within) / (2 * section)
    low = max(0.0, region.seat - back)
    high = min(region.end, region.seat + first / section - (region.seat - low))
    reverses = first > before * within
    state = replace(
        state,
        heap=coal,
        heap_all=coal,
        doors=p.doors if reverses else 0.0,
        air=Air(methane=1 - (1 - state.air.methane) * math.exp(-first / region.box)),
    )
    state = replace(state, zone=air.zone(p, state.air.methane))
    bad = Bad(low, max(high, region.seat), air.flow(p, state, inputs) / section)
    dead, miners = [], []
    for who, depth in zip(state.miners, depths, strict=True):
        if who.at == region.seat and depth * p.heading < heading:
            if who.blasts[0] < p.buried_dead:
                dead.append(who.id)
                continue
            place = 1 - depth * p.heading / heading  # what lies outby is cleared first
            miners.append(replace(who, depth=place, walks=INF, out=INF))
            continue
        now = _in_heading(p, who, first, (1 - depth) * p.heading) if who.at == region.seat else who
        miners.append(escape.flees(p, region, now, bad, 0.0, passable=True))
    state = _met(people.fallen(p, replace(state, miners=tuple(miners)), len(dead)))
    effects: list[Effect] = [Note("outburst", {"coal": coal, "methane": methane, "people": float(len(miners))})]
    if reverses:
        effects.append(Note("air_reversed", {"reach": region.seat - low}))
    if dead:
        effects.append(Harm(tuple(dead), Status.DEAD, why="buried"))
    return state, effects


def _in_heading(p: Parameters, who: Miner, gas: float, way: float) -> Miner:
    """Somebody in the heading where it bursts: without a self-rescuer its gas kills them unless they are out of it first."""
    share = -math.expm1(-gas / (p.gallery * p.heading))
    if who.guard > 0.0 or share <= p.stifles:
        return who
    chokes = who.stifled / (share - p.stifles)
    return replace(who, chokes=chokes) if chokes < who.walks + way / p.walking_smoke else who


def _met(state: State) -> State:
    """Whoever is in bad air without protection from this moment on takes it up from now on."""
    miners = tuple(escape.uncovered(state.air, who) if who.bare <= state.age else who for who in state.miners)
    return replace(state, miners=miners)


def _centred(seat: float, reach: float, region: Mine) -> tuple[float, float]:
    """A stretch of that length about the seat, within the region."""
    reach = min(reach, region.length)
    low = min(max(seat - reach / 2, region.way_in), region.end - reach)
    return low, low + reach


def _between(low: float, high: float, luck: float) -> float:
    return low + (high - low) * luck
