"""The people underground: where they are, who is swept away, who walks out in time, who is cut off and how they fare."""

from __future__ import annotations

import math

from models.hazards.mine_inrush.parameters import Parameters
from models.hazards.mine_inrush.state import Miner, Party, Pocket, Workings
from sim.domain.hazards import Effect, Harm, Involve
from sim.domain.people import Person, Status, Triage
from sim.domain.places import Site
from sim.streams import Stream

MAIN = -1  # the main roadways


def pockets(p: Parameters, workings: Workings, people: int, site: Site, stream: Stream) -> tuple[Pocket, ...]:
    """The dead ends where people may be cut off, lowest first; luck is drawn for all of them whether they exist or not."""
    most = round(p.pockets_most)
    count = min(most, max(1, round(people * p.share_down / p.pocket_people)))
    compression = p.pressure * math.exp(-site.elevation / p.pressure_scale) / (p.density * p.gravity)  # m of water
    found = []
    for k in range(most):
        seat = p.pocket_low + (p.pocket_high - p.pocket_low) * (k + stream.uniform()) / most
        dip = p.dip_low + (p.dip_high - p.dip_low) * stream.uniform()
        closed = stream.uniform() < p.sealed_share
        air = p.pocket_air * math.exp(p.pocket_spread * stream.normal())
        head = compression * (1 / p.air_kept - 1) if closed else 0.0
        found.append(
            Pocket(
                "abcdefghi"[k],
                access=workings.volume(dip + p.wade),
                floods=workings.volume(seat + head) if seat + head < workings.levels[-1] else math.inf,
                air=air,
                bore=p.bore_depth / p.bore_rate,
                carry=p.carry + p.walk_in / p.recon_rate,
            )
        )
    return tuple(found[:count])


def settle(
    p: Parameters, people: int, areas: int, *, night: bool, stream: Stream
) -> tuple[tuple[Party, ...], int, list[Effect]]:
    """The parties that set out, how many were swept away, and the effects of the first moments."""
    groups: dict[int, list[Miner]] = {area: [] for area in range(MAIN, areas)}
    persons: list[Person] = []
    swept: list[str] = []
    hurt: list[tuple[Miner, Triage]] = []
    for i in range(1, people + 1):
        place, fate, deep = stream.uniform(), stream.uniform(), int(stream.uniform() * areas)
        breath = p.oxygen * math.exp(p.oxygen_spread * stream.normal())
        who = Miner(f"m{i:04d}", breath, stream.exponential(), stream.uniform())
        group = "main"
        if place < p.share_near:
            group = "inflow"
            if fate < p.near_dead:
                swept.append(who.id)
            elif fate < p.near_dead + p.near_hurt:
                red = fate < p.near_dead + p.near_hurt * p.near_red
                hurt.append((who, Triage.RED if red else Triage.YELLOW))
            else:
                groups[0].append(who)
        elif place < p.share_near + p.share_down:
            group = f"area-{deep + 1}"
            groups[deep].append(who)
        else:
            groups[MAIN].append(who)
        persons.append(Person(who.id, Status.TRAPPED, group))
    parties = _parties(p, groups, hurt, p.alarm * (p.alarm_night if night else 1.0), stream)
    effects: list[Effect] = []
    if persons:
        effects.append(Involve(tuple(persons)))
    if swept:
        effects.append(Harm(tuple(swept), Status.DEAD, why="swept_away"))
    return parties, len(swept), effects


def _parties(
    p: Parameters, groups: dict[int, list[Miner]], hurt: list[tuple[Miner, Triage]], alarm: float, stream: Stream
) -> tuple[Party, ...]:
    """Who walks out with whom and when, the first to be out first; the hurt are brought along slowly."""
    parties = []
    size = round(p.party)
    for area, members in groups.items():
        for i in range(0, len(members), size):
            starts = alarm * math.exp(p.alarm_spread * stream.normal())
            passes = starts + (p.way_near + (p.way_far - p.way_near) * stream.uniform()) / p.walking
            parties.append(Party(tuple(members[i : i + size]), area, passes, passes + p.way_out / p.walking))
    for who, colour in hurt:
        out = alarm + (p.way_far + p.way_out) / (p.walking * p.carried_walking)
        parties.append(Party((who,), MAIN, alarm, out, colour))
    return tuple(sorted(parties, key=lambda party: (party.out, party.people[0].id)))


def condition(p: Parameters, miner: Miner, pocket: Pocket) -> Triage:
    """How somebody comes out: worse the longer they sat wet, cold and hungry."""
    red = p.out_red * (1 + pocket.waited / p.out_worsens)
    if miner.luck < red:
        return Triage.RED
    return Triage.YELLOW if miner.luck < red + p.out_yellow else Triage.GREEN


def breathing(p: Parameters, pocket: Pocket) -> float:
    """Oxygen used up per second, as a share of the pocket's air."""
    return len(pocket.miners) * p.oxygen_use / pocket.air


def carbon_dioxide(p: Parameters, pocket: Pocket) -> float:
    """Share of carbon dioxide in the pocket's air; it comes with the oxygen used."""
    return pocket.spent * p.carbon_dioxide_use / p.oxygen_use
