"""Nearest capable set (就近派出能胜任的力量组合)."""

from __future__ import annotations

from collections.abc import Sequence

from models.dispatch._cover import Index, asks, cover
from sim.domain.command import Order, Send
from sim.ports import Picture
from sim.streams import Stream


class Strategy:
    """Send the set of elements that covers everything missing and whose last arrives soonest; among such sets the one with
    the smallest sum of arrival times; the lower holding id on a tie.

    An element serves one capability at a time. What nobody free can cover is asked for from the post above. Those off duty
    are slower to come, hence the last to be sent.

    Blind to coverage: it will empty a county that borders on a big accident. Blind to whose they are, to fatigue and to what
    may happen next; an accident decided earlier takes what a worse one a minute later would need. One scarce capability far
    away loosens the hurry for the others: only the last arrival of the whole set and the sum count.
    """

    title_zh = "就近调派：最快到齐的能力组合"
    title_en = "Nearest capable set: the one that is complete soonest"

    def __init__(self) -> None:
        self._index: Index | None = None

    def decide(self, picture: Picture, incident: str, stream: Stream) -> Sequence[Order]:  # noqa: ARG002 - the port's
        """Orders that cover what is missing at the incident, the most urgent need first."""
        needs, forces = picture.unmet(incident), picture.forces
        if not needs:
            return ()
        index = self._index
        if index is None or index.forces is not forces:
            index = self._index = Index(forces)
        free, eta = forces.free, picture.eta(picture.incidents[incident].site)
        takes = cover(index, needs, free, eta)
        holdings = forces.holdings
        orders: list[Order] = [
            Send(holdings[t.row].id, t.number, incident, needs[t.need].capability, f"nearest {t.minutes}")
            for t in takes
        ]
        orders += asks(index, incident, needs, takes, free, eta)
        return orders
