"""Dangerous goods on a lorry in the crash (危险货物): what it carries, whether it leaks, and the work until it can be lifted.

What the substance then does to people and water is an accident of its own: the notes of a leak are what cascades look at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from models import kernels
from models.hazards.road_crash.parameters import Parameters
from models.hazards.road_crash.state import Goods
from sim.domain.hazards import Demand, DemandKind, Effect, Need, Note
from sim.streams import Stream

KINDS = ("fuel", "gas", "toxic")  # the leak of each is a note called leaks_<kind>
OWN = ("sealed", "transferred")


def aboard(p: Parameters, heavy: int, tipped: float, stream: Stream) -> Goods | None:
    """The tanker among `heavy` lorries, if there is one; `tipped` is the share of vehicles that left the road.

    One of them is followed at most. Its luck is drawn whether it exists or not.
    """
    there, falls, hole, filled = (stream.uniform() for _ in range(4))
    kind = stream.index((p.goods_fuel, p.goods_gas, max(0.0, 1 - p.goods_fuel - p.goods_gas)))
    if there >= 1 - (1 - p.goods) ** heavy:
        return None
    leaks = hole < (p.leak_tipped if falls < tipped else p.leak)
    mass = p.goods_least + (p.goods_most - p.goods_least) * filled
    # what is poisonous is sealed in the accident that its leak sets off
    seal = p.seal if leaks and KINDS[kind] != "toxic" else 0.0
    return Goods(KINDS[kind], mass, leaks, seal, p.transfer * mass / p.goods_most)


def aboard_still(p: Parameters, goods: Goods) -> float:
    """kg still to be pumped over."""
    return goods.transfer / p.transfer * p.goods_most


def told(goods: Goods | None) -> list[Effect]:
    """That it leaks, with what is in it: the moment at which other accidents may follow."""
    return [Note(f"leaks_{goods.kind}", {"mass": goods.mass})] if goods and goods.leaks else []


def later(goods: Goods, dt: float, effort: Mapping[str, float]) -> Goods:
    """The work `dt` seconds later: a leak is sealed first, then all is pumped over."""
    guarded = effort.get("goods_guard", 0.0) > 0.0
    if goods.seal > 0.0:
        return replace(goods, seal=kernels.work_left(goods.seal, effort.get("sealing", 0.0) * guarded, dt))
    return replace(goods, transfer=kernels.work_left(goods.transfer, effort.get("transfer", 0.0) * guarded, dt))


def due(goods: Goods, effort: Mapping[str, float]) -> Iterator[tuple[float, str, int]]:
    """When the leak is sealed, then when the tank is empty; nobody works at it unguarded."""
    guarded = effort.get("goods_guard", 0.0) > 0.0
    if goods.seal > 0.0:
        yield kernels.work_done_in(goods.seal, effort.get("sealing", 0.0) * guarded), "sealed", 0
    else:
        yield kernels.work_done_in(goods.transfer, effort.get("transfer", 0.0) * guarded), "transferred", 0


def happens(goods: Goods, name: str) -> Goods | None:
    """The jump at one of these events; an empty tank is a wreck like another."""
    return None if name == "transferred" else replace(goods, seal=0.0)


def demands(p: Parameters, goods: Goods) -> Iterator[Demand]:
    """Pairs in protective suits who stay, a cordon, and the crew that seals or pumps over."""
    yield Demand("goods_guard", DemandKind.HOLD, "HAZMAT", p.goods_pairs, priority=1)
    yield Demand("goods_cordon", DemandKind.HOLD, "CORDON", p.goods_cordon, priority=2)
    name, work = ("sealing", goods.seal) if goods.seal > 0.0 else ("transfer", goods.transfer)
    yield Demand(name, DemandKind.WORK, "LEAK_STOP", work, 1.0, p.seal_set_up, 2)


def needs(p: Parameters, figures: Mapping[str, float]) -> Iterator[Need]:
    """What its placard calls for."""
    if figures["placards"]:
        yield Need("HAZMAT", p.goods_pairs, 1)
        yield Need("LEAK_STOP", 1.0, 1 if figures["leaking"] else 3)
        yield Need("CORDON", p.goods_cordon, 2)
