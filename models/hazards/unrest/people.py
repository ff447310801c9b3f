"""Who comes, and whom outbreaks will hurt: luck drawn once, the same for every response."""

from __future__ import annotations

from models.hazards.unrest.parameters import Parameters
from models.hazards.unrest.state import Hurt, Outbreak
from models.physics import hurt
from sim.domain.hazards import Scene
from sim.domain.people import Triage
from sim.streams import Stream


def most(p: Parameters, scene: Scene) -> float:
    """How many it will be if nothing calms them: those it concerns and those who join, fewer in foul weather."""
    concerned = scene.scope["people"]
    if concerned <= 0.0:
        return 0.0
    joining = min(p.join_most * concerned, p.join * scene.around.residents(p.join_within))
    foul = scene.weather.rain > p.wet or scene.weather.temperature < p.cold or scene.weather.ice != "none"
    return (concerned + joining) * (p.foul_share if foul else 1.0)


def growth(p: Parameters, scene: Scene) -> float:
    """Rate (1/s) at which it grows: slowly while people sleep."""
    asleep = scene.around.presence.get("asleep", 0.0)
    return p.growth * (1 - (1 - p.night_growth) * asleep)


def draw_outbreaks(p: Parameters, crowd: float, stream: Stream) -> tuple[Outbreak, ...]:
    """Levels of the clock, whom each hurts, whether it sets fire; as many are drawn whatever the crowd is."""
    found, level = [], 0.0
    share = min(1.0, crowd / p.hurt_crowd)  # small crowds hurt fewer
    for k in range(round(p.outbreaks_most)):
        level += stream.exponential()
        size, fire = stream.exponential(), stream.uniform() < p.arson
        fates = [stream.uniform() for _ in range(round(p.hurt_most))]
        number = min(len(fates), int(p.hurt_mean * share * size + 1 / 2)) if crowd > 0.0 else 0
        people = tuple(Hurt(f"p{k + 1:02d}{i + 1:02d}", wound(p, luck)) for i, luck in enumerate(fates[:number]))
        found.append(Outbreak(level, people, fire))
    return tuple(found)


def wound(p: Parameters, luck: float) -> Triage | None:
    """How badly somebody is hurt; None: killed."""
    return None if luck < p.dead else hurt.colour((luck - p.dead) / (1 - p.dead), p.red, p.yellow)
