"""Invariants: what must hold in every journal, whatever the case, the strategy and the luck.

`check` names each line that breaks a law. What a hazard stores is judged by the flows that its card
declares; from here nothing else of its inside is.
"""

from __future__ import annotations

from collections.abc import Iterable

from sim.analysis.laws.balance import Balances
from sim.analysis.laws.base import Handler, Law, Violation
from sim.analysis.laws.forces import Approval
from sim.analysis.laws.order import Incidents, Order
from sim.analysis.laws.people import People
from sim.analysis.laws.roads import Roads
from sim.analysis.laws.sorties import Sorties
from sim.analysis.laws.work import Work
from sim.domain import events as ev
from sim.journal.cast import Cast

__all__ = ["Violation", "check"]


def check(events: Iterable[ev.Event], cast: Cast | None = None) -> list[Violation]:
    """Every broken law, by line; without a cast, laws that need names (places, supplies, endurance) are passed over."""
    order = Order(cast)
    laws: tuple[Law, ...] = (
        Incidents(cast),
        People(cast),
        Sorties(cast),
        Roads(cast),
        Work(cast),
        Balances(cast),
        Approval(cast),
    )
    handlers: dict[type[ev.Event], list[tuple[Law, Handler]]] = {}
    for law in laws:
        for kind, handler in law.hears().items():
            handlers.setdefault(kind, []).append((law, handler))
    for index, event in enumerate(events):
        order.index = index
        order.every(event)
        for law, handler in handlers.get(type(event), ()):
            law.index = index
            handler(event)
    return sorted(violation for law in (order, *laws) for violation in law.broken)
