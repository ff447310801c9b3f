"""Money in a response: the command's estimate, the governments' reserves from below upward, vouchers, the audit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.domain import events as ev
from sim.domain.command import Tier
from sim.engine.clock import Turn, grid

if TYPE_CHECKING:
    from sim.engine.stores import Relief, StoreRoom

AID, RESCUE = "aid", "rescue"
URGENT = 2  # response level Ⅱ and above: by phone, and to the highest level at once


class Funds:
    """The reserves of the governments in one run, and every voucher drawn on them."""

    def __init__(self, room: StoreRoom) -> None:
        self.room, self.sim = room, room.sim
        self.left = {post: reserve.amount for post, reserve in room.book.reserves.items()}
        self.open = 0  # vouchers that are not paid yet
        self._planned: set[str] = set()  # disasters whose first estimate is being made, or was
        self._asked: dict[tuple[str, str], float] = {}  # yuan, by disaster and purpose
        self._numbers: dict[str, int] = {}

    # ── estimates ──

    def estimate(self, relief: Relief, cause: int) -> None:
        """A response is on: the command works out what the disaster needs, all its places together."""
        if relief.root in self._planned:
            return
        self._planned.add(relief.root)
        after = self.sim.draw("stores.estimate", relief.root)
        self.sim.clock.at(grid(self.sim.now + after), lambda _: self._ask_all(relief.root, cause), Turn.STAFF)

    def grown(self, relief: Relief) -> None:
        """More people are in need than before: what the first estimate left out is asked for, too."""
        if any(root == relief.root for root, _ in self._asked):
            self._ask_all(relief.root, relief.cause)

    def _ask_all(self, root: str, cause: int | None) -> None:
        places = [relief for relief in self.room.reliefs.values() if relief.root == root and relief.responding]
        if not places:
            return
        posts = self.sim.case.city.posts
        main = max(
            places, key=lambda relief: (posts[relief.lead].tier, relief.id == root)
        )  # the highest post asks for all
        number, least, growth = self.sim.number, self.sim.number("stores.least"), self.sim.number("stores.growth")
        shares = self.room.book.aid
        in_need = math.fsum(
            share * relief.believed.get(group, 0.0) for relief in places for group, share in sorted(shares.items())
        )
        wanted = {
            AID: in_need * number("stores.aid_day") * number("stores.aid_days"),
            RESCUE: sum(relief.sent for relief in places) * number("stores.rescue_day") * number("stores.rescue_days"),
        }
        for purpose, amount in wanted.items():
            asked = self._asked.get((root, purpose), 0.0)
            more = _to_thousand(amount - asked)
            if more >= least and amount > asked * (1.0 + growth):
                self._asked[root, purpose] = asked + more
                for of, part in self._shared(main, purpose, more):
                    count = self._numbers[root] = self._numbers.get(root, 0) + 1
                    self._ask(main, f"{root}/F{count}", purpose, part, of, "", cause)

    def _shared(self, relief: Relief, purpose: str, amount: float) -> list[tuple[str, float]]:
        """(government, amount): the lead's own, and in the gravest cases the highest at once for a part of the living aid."""
        highest = max(self.left, key=lambda post: (self.sim.case.city.posts[post].tier, post))
        part = _to_thousand(amount * self.sim.number("stores.from_province"))
        if purpose != AID or relief.level > URGENT or not 0.0 < part < amount or highest == relief.lead:
            return [(relief.lead, amount)]
        return [(relief.lead, amount - part), (highest, part)]

    # ── reserves ──

    def _ask(
        self, relief: Relief, voucher: str, purpose: str, amount: float, of: str, parent: str, cause: int | None
    ) -> None:  # fmt: skip
        """A government is asked: it approves what its reserve still holds, and the bank pays."""
        sim = self.sim
        back = purpose == RESCUE and relief.scale in self.room.book.unit_pays
        asked = sim.record(
            ev.FundAsked(0, sim.now, cause, voucher, relief.root, relief.lead, amount, purpose, of, parent, back)
        )
        tier = Tier(sim.case.city.posts[of].tier).name.lower()
        span = sim.draw(f"stores.fund_{tier}", voucher)
        approved = grid(sim.now + span * sim.number("stores.approved_at"))
        self.open += 1
        paid = grid(sim.now + span)
        sim.clock.at(approved, lambda _: self._approve(relief, voucher, purpose, amount, of, asked, paid), Turn.STAFF)

    def _approve(
        self, relief: Relief, voucher: str, purpose: str, amount: float, of: str, cause: int, paid: float
    ) -> None:  # fmt: skip
        sim = self.sim
        given = min(amount, self.left.get(of, 0.0))
        self.left[of] = self.left.get(of, 0.0) - given
        seq = sim.record(ev.FundApproved(0, sim.now, cause, voucher, relief.root, of, given, self.left[of]))
        if given > 0.0:
            sim.clock.at(paid, lambda _: self._pay(relief, voucher, given, seq), Turn.STAFF)
        else:
            self.open -= 1
        above = sim.case.city.posts[of].parent
        if given < amount and above in self.left:
            self._ask(relief, f"{voucher}/{above}", purpose, amount - given, above, voucher, seq)

    def _pay(self, relief: Relief, voucher: str, amount: float, cause: int) -> None:
        sim, site = self.sim, relief.spec.site
        self.open -= 1
        to = site.town if site.town in sim.case.city.posts else relief.lead
        seq = sim.record(ev.FundPaid(0, sim.now, cause, voucher, relief.root, to, amount))
        after = sim.draw("stores.audit", voucher)
        sim.clock.at(grid(sim.now + after), lambda _: self._audit(relief, voucher, amount, seq), Turn.STAFF)

    def _audit(self, relief: Relief, voucher: str, amount: float, cause: int) -> None:
        share = min(1.0, max(0.0, self.sim.draw("stores.unaccounted", voucher)))
        without = round(amount * share, 2)
        self.sim.record(
            ev.FundAudited(0, self.sim.now, cause, voucher, relief.root, without, round(amount - without, 2))
        )


def _to_thousand(yuan: float) -> float:
    """Rounded up to whole thousands, as papers have it."""
    return math.ceil(yuan / 1000.0) * 1000.0
