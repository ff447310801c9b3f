"""The train: which cars are crushed, overturned, off the rails, and what became of the people in them; drawn once."""

from __future__ import annotations

import math
from collections.abc import Iterable

from models.hazards.rail_accident.parameters import Parameters
from models.hazards.rail_accident.state import Damage, Goods, Held
from sim.domain.hazards import Effect, Harm, Involve, Scene
from sim.domain.people import Person, Status, Triage
from sim.domain.places import Weather
from sim.streams import Stream

RED, YELLOW, GREEN = Triage.RED, Triage.YELLOW, Triage.GREEN
_WORST_FIRST = {RED: 0, YELLOW: 1, GREEN: 2}
_CLASSES = ("crushed", "overturned", "derailed", "standing")
_FATES = ("dead", "red", "yellow", "green")


def energy(mass: float, speed: float) -> float:
    """J of motion of a train: ½ m v²."""
    return mass * speed**2 / 2


def crushed(p: Parameters, speed: float, luck: float) -> int:
    """Cars that are crushed: 1–2 below 120 km/h, 2–4 above 200, in between by the speed; more or fewer by cause."""
    share = min(1.0, max(0.0, (speed - p.slow) / (p.fast - p.slow)))
    least = p.slow_least + (p.fast_least - p.slow_least) * share
    most = p.slow_most + (p.fast_most - p.slow_most) * share
    return max(0, math.floor(least + (most - least + 1) * luck) + round(p.crushed_more))


def damage(p: Parameters, scene: Scene, stream: Stream) -> tuple[int, int, int, int]:
    """How many cars are crushed, overturned, derailed but upright, and stand on the rails."""
    many, tipped = stream.uniform(), stream.uniform()
    hit = round(scene.scope["derailed"])
    total = max(hit, math.ceil(scene.scope["people"] / p.seats))
    worst = min(hit, crushed(p, scene.scope["speed"], many))
    over = math.floor((hit - worst) * min(1.0, p.overturns * 2 * tipped) + 1 / 2)
    return worst, over, hit - worst - over, total - hit


def shares(p: Parameters, what: Damage) -> tuple[float, float, float, float]:
    """Shares killed, badly, moderately and slightly hurt of the people in a car."""
    name = _CLASSES[what]
    if what is Damage.STANDING:
        return 0.0, 0.0, 0.0, p.standing_green
    dead, red, yellow, green = (float(getattr(p, f"{name}_{fate}")) for fate in _FATES)
    return dead, red, yellow, green


def expected(p: Parameters, cars: tuple[int, ...], aboard: float) -> tuple[float, float, float, float]:
    """People killed, badly, moderately and slightly hurt to be expected: Σ cars × people in one × share."""
    found = [0.0] * len(_FATES)
    for what, number in zip(Damage, cars, strict=True):
        for k, share in enumerate(shares(p, what)):
            found[k] += number * aboard * share
    dead, red, yellow, green = found
    return dead, red, yellow, green


def entrapment(p: Parameters, weather: Weather) -> str:
    """The survival curve of those who are caught or lie hurt: in the cold it is a worse one."""
    return "vehicle_cold" if weather.temperature < p.cold else "vehicle"


class Aboard:
    """The people on a train, told apart by what became of them."""

    def __init__(self) -> None:
        self.persons: list[Person] = []
        self.dead: list[str] = []
        self.cut: list[Held] = []
        self.bear: list[Held] = []
        self.walking: list[str] = []
        self.unhurt: list[str] = []

    def effects(self) -> list[Effect]:
        """What happens to them at the first moment."""
        effects: list[Effect] = [Involve(tuple(self.persons))] if self.persons else []
        if self.dead:
            effects.append(Harm(tuple(self.dead), Status.DEAD, why="crash", hidden=True))
        for held, why in ((self.cut, "caught"), (self.bear, "lies_hurt")):
            for colour in (RED, YELLOW, GREEN):
                if names := tuple(who.id for who in held if who.triage is colour):
                    effects.append(Harm(names, Status.TRAPPED, colour, why))
        return effects


def settle(
    p: Parameters, people: int, cars: tuple[int, int, int, int], bearing: float, curve: str, stream: Stream
) -> Aboard:
    """Everybody aboard, spread over the cars, the worst car first."""
    found, total = Aboard(), sum(cars)
    kinds = [what for what, number in zip(Damage, cars, strict=True) for _ in range(number)]
    for i in range(people):
        fate, caught, toil = stream.uniform(), stream.uniform(), stream.uniform()
        who, car = f"p{i + 1:04d}", i % total
        what = kinds[car]
        found.persons.append(Person(who, Status.EXPOSED, f"car-{car + 1}", entrapment=curve))
        colour, killed = _injury(shares(p, what), fate)
        if killed:
            found.dead.append(who)
        elif colour is not None and caught < _caught(p, what):
            found.cut.append(Held(who, colour, p.cut_least + (p.cut_most - p.cut_least) * toil))
        elif colour in (RED, YELLOW):
            found.bear.append(Held(who, colour, bearing))
        elif colour is GREEN:
            found.walking.append(who)
        else:
            found.unhurt.append(who)
    return found


def wagons(p: Parameters, hit: int, stream: Stream) -> tuple[Goods, ...]:
    """Wagons with dangerous goods among those off the rails that leak; luck is drawn for as many as are followed at most."""
    found = []
    for k in range(round(p.wagons_most)):
        there, hole, filled = stream.uniform(), stream.uniform(), stream.uniform()
        kind = stream.index((p.goods_fuel, p.goods_gas, max(0.0, 1 - p.goods_fuel - p.goods_gas)))
        if k < hit and there < p.goods and hole < p.leak:
            found.append(Goods(("fuel", "gas", "toxic")[kind], p.wagon_least + (p.wagon_most - p.wagon_least) * filled))
    return tuple(found)


def in_order(held: Iterable[Held]) -> tuple[Held, ...]:
    """The order in which crews turn to them: the worst hurt first."""
    return tuple(sorted(held, key=lambda who: (_WORST_FIRST[who.triage], who.id)))


def _caught(p: Parameters, what: Damage) -> float:
    return (p.caught_crushed, p.caught_overturned, p.caught_derailed, 0.0)[what]


def _injury(parts: tuple[float, ...], fate: float) -> tuple[Triage | None, bool]:
    total = 0.0
    for share, colour in zip(parts, (None, RED, YELLOW, GREEN), strict=True):
        total += share
        if fate < total:
            return colour, colour is None
    return None, False
