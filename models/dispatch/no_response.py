"""Nobody is sent: what happens if help never comes (无响应对照)."""

from __future__ import annotations

from collections.abc import Sequence

from sim.domain.command import Order
from sim.ports import Picture
from sim.streams import Stream


class Strategy:
    """Sends nobody, whatever is needed: the course of things without a response, against which every other is measured.

    Blind to everything. What people on the spot do for themselves still happens.
    """

    title_zh = "无响应（对照）"
    title_en = "No response (for comparison)"

    def decide(self, picture: Picture, incident: str, stream: Stream) -> Sequence[Order]:  # noqa: ARG002 - the port's
        """No orders."""
        return ()
